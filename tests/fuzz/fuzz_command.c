/*
 * fuzz_command.c - hostile bytes as tokens, answers and station images
 *
 * First byte: what the rest is. Signatures always hold here, so that the bytes get as far as they can.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

static bool believe(const uint8_t signature[64], const uint8_t *message, size_t len,
                    const uint8_t public_key[32])
{
    (void)signature, (void)message, (void)len, (void)public_key;
    return true;
}

static bool sign(void *user, const uint8_t *message, size_t len, uint8_t ret_signature[64])
{
    (void)user, (void)message, (void)len;
    memset(ret_signature, 0x5A, 64);
    return true;
}

static void read_token(const uint8_t *bytes, size_t len)
{
    sei_token t;
    uint8_t   again[SEI_TOKEN_SIZE];

    if (!sei_token_read(bytes, len, &t))
        return;
    require(sei_token_write(&t, sign, NULL, again) && memcmp(again, bytes, SEI_TOKEN_BODY) == 0);
}

static void read_answer(const uint8_t *bytes, size_t len)
{
    sei_answer  a;
    uint8_t     again[SEI_ANSWER_SIZE], key[32] = {0};
    sei_command c = {.stand = SEI_COMMAND_UNKNOWN, .station = 1, .point = 1};

    if (!sei_answer_read(bytes, len, &a))
        return;
    require(sei_answer_write(&a, sign, NULL, again) && memcmp(again, bytes, SEI_ANSWER_BODY) == 0);
    (void)sei_command_answer(&c, bytes, len, believe, key);
    require(c.stand <= SEI_COMMAND_NOT_DONE);
}

/* Frames of a token's size one after another to a station of one valve; the clock goes on by each. */
static void run_station(const uint8_t *bytes, size_t len)
{
    sei_station_config config  = {.station        = 1,
                                  .n_points       = 1,
                                  .n_keys         = 2,
                                  .validity_max_s = 1000,
                                  .verify         = believe,
                                  .sign           = sign};
    sei_station        station = sei_station_start(1);
    sei_station_world  world   = {.has_time = true, .healthy = true, .random = 1};
    sei_station_out    out;
    uint8_t            image[SEI_STATION_IMAGE];
    uint32_t           last = 0;

    config.points[0] = (sei_station_point){.point = 1, .max = 255, .select_s = 10, .travel_s = 5};
    config.keys[0].select = config.keys[0].operate = config.keys[1].operate = 1;
    for (; len >= SEI_TOKEN_SIZE; bytes += SEI_TOKEN_SIZE, len -= SEI_TOKEN_SIZE) {
        sei_station_receive(&config, &station, &world, bytes, SEI_TOKEN_SIZE, &out);
        if (out.drive) {
            require(out.store && station.counter[0] + station.counter[1] > last);
            last = station.counter[0] + station.counter[1];
        }
        sei_station_readback(&config, &station, &world, 0, bytes[15], &out);
        (void)sei_station_tick(&config, &station, &world, &out);
        world.now_s++;
        sei_station_image(&station, image);
        require(sei_station_restore(image, sizeof image, &station));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_station station;

    if (size == 0)
        return 0;
    switch (data[0] & 3) {
    case 0: read_token(data + 1, size - 1); break;
    case 1: read_answer(data + 1, size - 1); break;
    case 2: run_station(data + 1, size - 1); break;
    default:
        if (sei_station_restore(data + 1, size - 1, &station)) {
            uint8_t image[SEI_STATION_IMAGE];
            sei_station_image(&station, image);
            require(memcmp(image, data + 1, sizeof image) == 0);
        }
    }
    return 0;
}
