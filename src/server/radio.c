/* radio.c - strength of a station's signal in events of ChirpStack v4 and The Things Stack v3 */
#include "server/radio.h"

#include <jansson.h>
#include <string.h>

enum { GATEWAYS_MAX = 1000 };

/* proto3 JSON omits numbers that are 0, so that a gateway without a strength says nothing, and a missing snr is 0. */
static void hear(const json_t *gateways, sei_radio *radio)
{
    const json_t *gateway;
    size_t        i;

    json_array_foreach((json_t *)(size_t)gateways, i, gateway)
    {
        const json_t *rssi = json_object_get(gateway, "rssi"),
                     *snr  = json_object_get(gateway, "snr");
        if (i >= GATEWAYS_MAX)
            break;
        if (!json_is_number(rssi))
            continue;
        if (radio->n_gateways++ > 0 && json_number_value(rssi) <= radio->rssi_dbm)
            continue;
        radio->rssi_dbm = json_number_value(rssi);
        radio->has_snr  = !snr || json_is_number(snr);
        radio->snr_db   = json_number_value(snr);
    }
}

bool sei_radio_read(const char *format, const char *json, size_t len, sei_radio *ret_radio)
{
    const bool is_chirpstack = strcmp(format, "chirpstack") == 0;
    json_t    *root =
        is_chirpstack || strcmp(format, "tts") == 0 ? json_loadb(json, len, 0, NULL) : NULL;
    sei_radio radio = {0};

    hear(is_chirpstack ? json_object_get(root, "rxInfo")
                       : json_object_get(json_object_get(root, "uplink_message"), "rx_metadata"),
         &radio);
    json_decref(root);
    if (radio.n_gateways > 0)
        *ret_radio = radio;
    return radio.n_gateways > 0;
}
