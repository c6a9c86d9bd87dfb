/*
 * down.h - frames to stations: how each is reached, and a queue in the store
 *
 * A frame of the queue is published until it is settled or void; the own way again and again (frames that a station
 * takes twice do no harm), a network server once, since it keeps a queue of its own.
 */
#ifndef SEI_SERVER_DOWN_H
#define SEI_SERVER_DOWN_H

#include "store/store.h"

enum { SEI_DOWN_TOPIC_MAX = 300, SEI_DOWN_FRAME_MAX = 222 };

/* Ports of LoRaWAN; by the own way they are topics. */
enum { SEI_PORT_REQUEST = 3, SEI_PORT_TOKEN = 4, SEI_PORT_ANSWER = 5 };

typedef enum { SEI_WAY_OWN, SEI_WAY_CHIRPSTACK, SEI_WAY_TTS } sei_down_way;

typedef struct {
    sei_down_way way;
    char         topic[SEI_DOWN_TOPIC_MAX]; /* own way: without its last word */
} sei_down_path;

/* The way back of an uplink's topic; false when there is none. */
bool sei_down_path_of(const char *topic, sei_down_path *ret_path);

/* expiry_s: void after so long; 0: never. */
typedef void (*sei_down_publish)(void *user, const char *topic, const void *payload, size_t len,
                                 uint32_t expiry_s);
void sei_down_send(const sei_down_path *path, unsigned port, const uint8_t *bytes, size_t len,
                   uint32_t expiry_s, sei_down_publish publish, void *user);

SEI_CHECKED sei_status sei_down_add(sei_store *store, int64_t station_id, unsigned port,
                                    const uint8_t *bytes, size_t len, int64_t now_us,
                                    int64_t expires_us, int64_t *ret_id);
/* It was answered, or another one took its place. */
SEI_CHECKED sei_status sei_down_settle(sei_store *store, int64_t id, int64_t now_us);
/* Publishes what is due. */
SEI_CHECKED sei_status sei_down_run(sei_store *store, int64_t now_us, sei_down_publish publish,
                                    void *user);

#endif
