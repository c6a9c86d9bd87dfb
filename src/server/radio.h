/* radio.h - how well a station is heard, from what its network server says beside the last frame */
#ifndef SEI_SERVER_RADIO_H
#define SEI_SERVER_RADIO_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double rssi_dbm; /* of the gateway that hears it best */
    bool   has_snr;
    double snr_db; /* of the same */
    size_t n_gateways;
} sei_radio;

/* format: "chirpstack" (rxInfo) or "tts" (uplink_message.rx_metadata). False when nothing is said of it. */
bool sei_radio_read(const char *format, const char *json, size_t len, sei_radio *ret_radio);

#endif
