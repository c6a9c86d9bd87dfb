/* down.c - frames to stations */
#include "server/down.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { AT_ONCE = 50, TOKEN_AGAIN_S = 5, REQUEST_AGAIN_S = 300, LOST_AGAIN_S = 60 };

bool sei_down_path_of(const char *topic, sei_down_path *ret_path)
{
    static const struct {
        const char  *prefix, *suffix, *answer;
        sei_down_way way;
    } ways[] = {
        {"seiryu/v1/", "/rec", "", SEI_WAY_OWN},
        {"application/", "/event/up", "/command/down", SEI_WAY_CHIRPSTACK},
        {"v3/", "/up", "/down/push", SEI_WAY_TTS},
    };

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const size_t len = strlen(topic), suffix = strlen(ways[i].suffix);
        if (strncmp(topic, ways[i].prefix, strlen(ways[i].prefix)) != 0 || len <= suffix ||
            strcmp(topic + len - suffix, ways[i].suffix) != 0)
            continue;
        ret_path->way = ways[i].way;
        const int n   = snprintf(ret_path->topic, SEI_DOWN_TOPIC_MAX, "%.*s%s", (int)(len - suffix),
                                 topic, ways[i].answer);
        return n > 0 && n < SEI_DOWN_TOPIC_MAX - 10; /* the last word of the own way follows */
    }
    return false;
}

static void send_own(const sei_down_path *path, unsigned port, const uint8_t *bytes, size_t len,
                     uint32_t expiry_s, sei_down_publish publish, void *user)
{
    char topic[SEI_DOWN_TOPIC_MAX + 8];

    snprintf(topic, sizeof topic, "%s/%s", path->topic, port == SEI_PORT_TOKEN ? "cmd" : "down");
    publish(user, topic, bytes, len, expiry_s);
}

/* As the network server wants it: ChirpStack v4 command/down, The Things Stack v3 down/push. */
void sei_down_send(const sei_down_path *path, unsigned port, const uint8_t *bytes, size_t len,
                   uint32_t expiry_s, sei_down_publish publish, void *user)
{
    char base64[sodium_base64_ENCODED_LEN(SEI_DOWN_FRAME_MAX, sodium_base64_VARIANT_ORIGINAL)];
    char json[600], eui[64] = "";

    if (len > SEI_DOWN_FRAME_MAX)
        return;
    if (path->way == SEI_WAY_OWN) {
        send_own(path, port, bytes, len, expiry_s, publish, user);
        return;
    }
    sodium_bin2base64(base64, sizeof base64, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    if (path->way == SEI_WAY_TTS) {
        snprintf(json, sizeof json,
                 "{\"downlinks\":[{\"f_port\":%u,\"frm_payload\":\"%s\",\"priority\":\"%s\"}]}",
                 port, base64, port == SEI_PORT_TOKEN ? "HIGH" : "LOW");
    } else {
        const char *device = strstr(path->topic, "/device/");
        if (device)
            snprintf(eui, sizeof eui, "%.*s", (int)strcspn(device + 8, "/"), device + 8);
        snprintf(json, sizeof json,
                 "{\"devEui\":\"%s\",\"confirmed\":false,\"fPort\":%u,\"data\":\"%s\"}", eui, port,
                 base64);
    }
    publish(user, path->topic, json, strlen(json), expiry_s);
}

/* ---- the queue ------------------------------------------------------------------------------------------ */

sei_status sei_down_add(sei_store *store, int64_t station_id, unsigned port, const uint8_t *bytes,
                        size_t len, int64_t now_us, int64_t expires_us, int64_t *ret_id)
{
    return sei_db_get_int(sei_store_db(store),
                          "INSERT INTO downlink(station_id, port, payload, made_us, expires_us, "
                          "next_us) VALUES($1, $2,"
                          " $3, $4, $5, $6) RETURNING id",
                          SEI_BINDS(sei_bind_int(station_id), sei_bind_int(port),
                                    sei_bind_blob(bytes, len), sei_bind_int(now_us),
                                    sei_bind_int(expires_us), sei_bind_int(now_us)),
                          NULL, ret_id);
}

sei_status sei_down_settle(sei_store *store, int64_t id, int64_t now_us)
{
    return sei_db_run(sei_store_db(store),
                      "UPDATE downlink SET done_us = $1 WHERE id = $2 AND done_us IS NULL",
                      SEI_BINDS(sei_bind_int(now_us), sei_bind_int(id)), NULL);
}

typedef struct {
    int64_t  id, station_id, expires_us;
    unsigned port;
    size_t   len;
    uint8_t  bytes[SEI_DOWN_FRAME_MAX];
} queued;

static sei_status list_due(sei_store *store, int64_t now_us, queued list[AT_ONCE], size_t *ret_n)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    size_t     n    = 0;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT id, station_id, expires_us, port, payload FROM downlink WHERE done_us IS NULL AND"
            " next_us <= $1 ORDER BY id LIMIT $2",
          SEI_BINDS(sei_bind_int(now_us), sei_bind_int(AT_ONCE)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        size_t      len  = 0;
        const void *blob = sei_db_blob(stmt, 4, &len);
        queued     *q    = &list[n++];
        *q               = (queued){sei_db_int(stmt, 0),
                                    sei_db_int(stmt, 1),
                                    sei_db_int(stmt, 2),
                                    (unsigned)sei_db_int(stmt, 3),
                      len < SEI_DOWN_FRAME_MAX ? len : SEI_DOWN_FRAME_MAX,
                                    {0}};
        memcpy(q->bytes, blob, q->len);
    }
    sei_db_finish(stmt);
    *ret_n = n;
    return st;
}

/* Own topics are made of keys; of a network server's the newest uplink tells the application. */
static sei_status find_path(sei_store *store, int64_t station_id, sei_down_path *ret_path,
                            bool *ret_found)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT t.transport, i.key, t.key, (SELECT f.source FROM frame f WHERE f.station_id = t.id"
            " ORDER BY f.id DESC LIMIT 1) FROM station t JOIN site i ON i.id = t.site_id WHERE t.id = "
            "$1",
          SEI_BINDS(sei_bind_int(station_id)), &stmt);

    *ret_found = false;
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row && strcmp(sei_db_text(stmt, 0), "mqtt") == 0) {
        char site[64];
        snprintf(site, sizeof site, "%s", sei_db_text(stmt, 1));
        ret_path->way = SEI_WAY_OWN;
        snprintf(ret_path->topic, sizeof ret_path->topic, "seiryu/v1/%s/%.60s", site,
                 sei_db_text(stmt, 2));
        *ret_found = true;
    } else if (st == SEI_OK && row && !sei_db_is_null(stmt, 3)) {
        *ret_found = sei_down_path_of(sei_db_text(stmt, 3), ret_path);
    }
    sei_db_finish(stmt);
    return st;
}

static sei_status send_one(sei_store *store, const queued *q, int64_t now_us,
                           sei_down_publish publish, void *user)
{
    sei_down_path path  = {0};
    bool          found = false;

    if (q->expires_us <= now_us)
        return sei_down_settle(store, q->id, now_us);
    sei_status st = find_path(store, q->station_id, &path, &found);
    if (st != SEI_OK)
        return st;
    const int64_t pause_s = q->port == SEI_PORT_TOKEN ? TOKEN_AGAIN_S : REQUEST_AGAIN_S;
    const int64_t next    = !found                    ? now_us + LOST_AGAIN_S * SEI_US_PER_S
                            : path.way == SEI_WAY_OWN ? now_us + pause_s * SEI_US_PER_S
                                                      : q->expires_us;
    st                    = sei_db_run(
                           sei_store_db(store),
                           "UPDATE downlink SET next_us = $1, sent_us = coalesce(sent_us, $2) WHERE id = $3",
                           SEI_BINDS(sei_bind_int(next), sei_bind_int_or_null(found, now_us), sei_bind_int(q->id)),
                           NULL);
    if (st == SEI_OK && found)
        sei_down_send(&path, q->port, q->bytes, q->len,
                      (uint32_t)((q->expires_us - now_us) / SEI_US_PER_S + 1), publish, user);
    return st;
}

sei_status sei_down_run(sei_store *store, int64_t now_us, sei_down_publish publish, void *user)
{
    queued     list[AT_ONCE];
    size_t     n  = 0;
    sei_status st = list_due(store, now_us, list, &n);

    if (st != SEI_OK || n == 0)
        return st;
    st = sei_store_begin(store);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = send_one(store, &list[i], now_us, publish, user);
    return sei_store_end(store, st);
}
