/* sim_command.c - a simulated station that can be operated */
#include "sim_command.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "seiryu/command.h"

enum {
    READ_MS    = 100,
    MOVE_MS    = 200,
    STATUS_MS  = 500,
    SELECT_S   = 60,
    TRAVEL_S   = 2,
    VALIDITY_S = 600
};

struct sim_command {
    char               folder[400], name[80];
    sei_station_config config;
    sei_station        station;
    uint8_t            secret[64];
    int32_t            position[SEI_COMMAND_POINTS_MAX], target[SEI_COMMAND_POINTS_MAX];
    int64_t            arrives_ms[SEI_COMMAND_POINTS_MAX], read_ms, status_ms, now_ms;
    sim_answer         answer;
    void              *user;
};

static FILE *open_file(const sim_command *c, const char *suffix, const char *mode)
{
    char path[500];

    snprintf(path, sizeof path, "%s/%s.%s", c->folder, c->name, suffix);
    return fopen(path, mode);
}

static bool is_there(const sim_command *c, const char *suffix)
{
    FILE *f = open_file(c, suffix, "r");

    if (f)
        fclose(f);
    return f != NULL;
}

static bool read_hex(const json_t *json, uint8_t out[32])
{
    const char *text = json_string_value(json);
    size_t      len  = 0;

    return text && sodium_hex2bin(out, 32, text, strlen(text), NULL, &len, NULL) == 0 && len == 32;
}

static bool read_points(sim_command *c, const json_t *points)
{
    for (size_t i = 0; i < json_array_size(points) && i < SEI_COMMAND_POINTS_MAX; i++) {
        const json_t *p                        = json_array_get(points, i);
        c->config.points[c->config.n_points++] = (sei_station_point){
            .point       = (uint16_t)json_integer_value(json_object_get(p, "point")),
            .min         = (int32_t)json_integer_value(json_object_get(p, "min")),
            .max         = (int32_t)json_integer_value(json_object_get(p, "max")),
            .tolerance   = (int32_t)json_integer_value(json_object_get(p, "tolerance")),
            .select_s    = SELECT_S,
            .travel_s    = TRAVEL_S,
            .two_persons = json_is_true(json_object_get(p, "two_persons"))};
    }
    return c->config.n_points > 0;
}

static bool read_config(sim_command *c, const json_t *json)
{
    uint8_t       seed[32], public_key[32];
    const json_t *keys = json_object_get(json, "keys");

    c->config.station        = (uint32_t)json_integer_value(json_object_get(json, "address"));
    c->config.validity_max_s = VALIDITY_S;
    c->config.verify         = sei_ed25519_verify;
    c->config.sign           = sei_ed25519_sign;
    c->config.sign_user      = c->secret;
    if (!read_hex(json_object_get(json, "seed"), seed) ||
        sei_ed25519_keys(NULL, seed, public_key, c->secret) != SEI_OK)
        return false;
    for (size_t i = 0; i < json_array_size(keys) && i < SEI_COMMAND_KEYS_MAX; i++) {
        sei_station_key *k = &c->config.keys[c->config.n_keys++];
        if (!read_hex(json_array_get(keys, i), k->public_key))
            return false;
        k->select = k->operate = 0xffff;
    }
    return read_points(c, json_object_get(json, "points")) &&
           sei_station_check(NULL, &c->config) == SEI_OK;
}

static void load_image(sim_command *c)
{
    uint8_t image[SEI_STATION_IMAGE];
    FILE   *f = open_file(c, "image", "rb");
    size_t  n = f ? fread(image, 1, sizeof image, f) : 0;

    if (f)
        fclose(f);
    if (!sei_station_restore(image, n, &c->station))
        c->station = sei_station_start(1 + randombytes_uniform(UINT32_MAX - 1));
}

static void store_image(sim_command *c)
{
    uint8_t image[SEI_STATION_IMAGE];
    FILE   *f = open_file(c, "image.new", "wb");
    char    from[500], to[500];

    sei_station_image(&c->station, image);
    if (!f)
        return;
    fwrite(image, 1, sizeof image, f);
    fflush(f);
    fsync(fileno(f));
    fclose(f);
    snprintf(from, sizeof from, "%s/%s.image.new", c->folder, c->name);
    snprintf(to, sizeof to, "%s/%s.image", c->folder, c->name);
    rename(from, to);
}

sim_command *sim_command_open(const char *folder, const char *name, sim_answer answer, void *user)
{
    sim_command *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    snprintf(c->folder, sizeof c->folder, "%s", folder);
    snprintf(c->name, sizeof c->name, "%s", name);
    c->answer    = answer;
    c->user      = user;
    FILE   *f    = open_file(c, "command", "r");
    json_t *json = f ? json_loadf(f, 0, NULL) : NULL;
    if (f)
        fclose(f);
    const bool good = json && sodium_init() >= 0 && read_config(c, json);
    json_decref(json);
    if (!good) {
        free(c);
        return NULL;
    }
    load_image(c);
    return c;
}

void sim_command_close(sim_command *c)
{
    free(c);
}

static sei_station_world world_of(const sim_command *c)
{
    return (sei_station_world){.has_time = true,
                               .now_s    = (uint32_t)time(NULL),
                               .local    = is_there(c, "local"),
                               .healthy  = !is_there(c, "sick"),
                               .random   = 1 + randombytes_uniform(UINT32_MAX - 1)};
}

/* In the order that the core asks for: store, drive, answer. */
static void obey(sim_command *c, const sei_station_out *out)
{
    if (out->store)
        store_image(c);
    if (out->drive) {
        c->target[out->point]     = out->value;
        c->arrives_ms[out->point] = c->now_ms + MOVE_MS;
    }
    if (out->answer_len > 0)
        c->answer(c->user, out->answer, out->answer_len);
}

void sim_command_frame(sim_command *c, const uint8_t *frame, size_t len)
{
    const sei_station_world world = world_of(c);
    sei_station_out         out   = {0};

    sei_station_receive(&c->config, &c->station, &world, frame, len, &out);
    obey(c, &out);
}

void sim_command_step(sim_command *c, int64_t now_ms)
{
    sei_station_out out = {0};

    c->now_ms = now_ms;
    if (now_ms < c->read_ms)
        return;
    c->read_ms                    = now_ms + READ_MS;
    const sei_station_world world = world_of(c);
    while (sei_station_tick(&c->config, &c->station, &world, &out))
        obey(c, &out);
    obey(c, &out);
    for (size_t i = 0; i < c->config.n_points; i++) {
        if (now_ms >= c->arrives_ms[i] && !is_there(c, "stuck"))
            c->position[i] = c->target[i];
        out = (sei_station_out){0};
        sei_station_readback(&c->config, &c->station, &world, i, c->position[i], &out);
        obey(c, &out);
    }
    if (now_ms < c->status_ms)
        return;
    c->status_ms = now_ms + STATUS_MS;
    for (size_t i = 0; i < c->config.n_points; i++) {
        out = (sei_station_out){0};
        sei_station_status(&c->config, &c->station, &world, i, &out);
        obey(c, &out);
    }
}
