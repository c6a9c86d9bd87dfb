/* image.c - what a station keeps through a restart: the counters that were taken, the operations that were begun */
#include <string.h>

#include "command/bytes.h"
#include "seiryu/command.h"

enum { VERSION = 1, BODY = SEI_STATION_IMAGE - 4 };

/* CRC-32 of IEEE 802.3, bit by bit: the image is small and a table would cost a microcontroller 1 kB. */
static uint32_t crc32(const uint8_t *p, size_t len)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < len; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xEDB88320) : 0);
    }
    return ~crc;
}

/* 2 bytes of version and length, life, 4 counters of 4, 8 points of 1 + 4, CRC. */
void sei_station_image(const sei_station *s, uint8_t ret_image[SEI_STATION_IMAGE])
{
    uint8_t *p = ret_image;

    memset(ret_image, 0, SEI_STATION_IMAGE);
    *p++ = VERSION;
    *p++ = SEI_STATION_IMAGE;
    put32(p, s->life);
    p += 4;
    for (size_t i = 0; i < SEI_COMMAND_KEYS_MAX; i++, p += 4)
        put32(p, s->counter[i]);
    for (size_t i = 0; i < SEI_COMMAND_POINTS_MAX; i++, p += 5) {
        p[0] = s->points[i].done_key;
        put32(p + 1, s->points[i].done_counter);
    }
    put32(ret_image + BODY, crc32(ret_image, BODY));
}

bool sei_station_restore(const uint8_t *image, size_t len, sei_station *ret_station)
{
    if (len != SEI_STATION_IMAGE || image[0] != VERSION || image[1] != SEI_STATION_IMAGE ||
        get32(image + BODY) != crc32(image, BODY))
        return false;

    const uint8_t *p = image + 6;
    sei_station    s = sei_station_start(get32(image + 2));
    for (size_t i = 0; i < SEI_COMMAND_KEYS_MAX; i++, p += 4)
        s.counter[i] = get32(p);
    for (size_t i = 0; i < SEI_COMMAND_POINTS_MAX; i++, p += 5) {
        s.points[i].done_key     = p[0];
        s.points[i].done_counter = get32(p + 1);
    }
    *ret_station = s;
    return true;
}
