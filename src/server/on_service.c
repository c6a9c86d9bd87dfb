/* on_service.c - health, metrics, status, the description of the API, the audit log */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "seiryu/version.h"
#include "server/handlers.h"
#include "server/openapi_text.h"
#include "store/audit.h"

sei_status sei_on_health(sei_request *req)
{
    int64_t    one = 0;
    sei_status st  = sei_db_get_int(sei_store_db(req->store), "SELECT 1", 0, NULL, NULL, &one);

    if (st == SEI_OK && !atomic_load(&req->server->counts.store_ok))
        st = SEI_E_IO;
    req->code   = st == SEI_OK ? 200 : 503;
    req->answer = json_pack("{s:s}", "status", st == SEI_OK ? "ok" : "failing");
    return SEI_OK;
}

typedef struct {
    const char *name, *help, *type;
    long long   value;
} metric;

sei_status sei_on_metrics(sei_request *req)
{
    sei_counts  *c     = &req->server->counts;
    const metric all[] = {
        {"seiryu_frames_total", "raw frames decoded", "counter", atomic_load(&c->frames)},
        {"seiryu_frames_refused_total", "frames that could not be decoded", "counter",
         atomic_load(&c->frames_refused)},
        {"seiryu_frames_stranger_total", "frames of unknown stations or channels", "counter",
         atomic_load(&c->frames_stranger)},
        {"seiryu_frames_conflict_total", "frames that contradict what is stored", "counter",
         atomic_load(&c->frames_conflict)},
        {"seiryu_points_total", "points stored", "counter", atomic_load(&c->points_added)},
        {"seiryu_points_repeated_total", "points that were there already", "counter",
         atomic_load(&c->points_known)},
        {"seiryu_messages_total", "messages of alarms delivered", "counter", atomic_load(&c->told)},
        {"seiryu_messages_failed_total", "tries to deliver a message that failed", "counter",
         atomic_load(&c->not_told)},
        {"seiryu_observations_total", "new points published by MQTT", "counter",
         atomic_load(&c->observed)},
        {"seiryu_observations_dropped_total",
         "new points that the way to the broker had no room for", "counter",
         atomic_load(&c->not_observed)},
        {"seiryu_downlinks_total", "requests sent to stations", "counter", atomic_load(&c->asks)},
        {"seiryu_http_requests_total", "HTTP requests", "counter", atomic_load(&c->requests)},
        {"seiryu_http_refused_total", "HTTP requests refused", "counter",
         atomic_load(&c->requests_refused)},
        {"seiryu_live_streams", "pages that are told what changes", "gauge",
         sei_live_count(req->server->live)},
        {"seiryu_broker_connected", "1 when the broker is there", "gauge",
         atomic_load(&c->broker_connected)},
        {"seiryu_store_ok", "1 when the last write went well", "gauge", atomic_load(&c->store_ok)},
        {"seiryu_start_time_seconds", "start of the server", "gauge",
         req->server->started_us / SEI_US_PER_S},
    };
    sei_buf text;

    sei_buf_init(&text, req->ctx, 1 << 16);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        sei_buf_printf(&text, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", all[i].name, all[i].help,
                       all[i].name, all[i].type, all[i].name, all[i].value);
    const sei_status st = text.status;
    if (st == SEI_OK)
        sei_answer_bytes(req, strdup(text.text), text.len,
                         "text/plain; version=0.0.4; charset=utf-8");
    sei_buf_done(&text);
    return st;
}

sei_status sei_on_live(sei_request *req)
{
    return sei_live_open(req, &req->stream);
}

sei_status sei_on_openapi(sei_request *req)
{
    char *copy = malloc(sei_openapi_size);

    if (!copy)
        return SEI_E_NOMEM;
    memcpy(copy, sei_openapi_text, sei_openapi_size);
    sei_answer_bytes(req, copy, sei_openapi_size, "application/yaml");
    return SEI_OK;
}

static int64_t store_bytes(const sei_request *req)
{
    static const char *const ends[] = {"", "-wal"};
    const char              *path   = sei_db_file(req->server->config.store);
    const char              *query  = sei_store_db(req->store)->ops->size;
    int64_t                  sum    = 0;

    if (query) { /* it is shown, and nothing hangs on it */
        const sei_status ignored =
            sei_db_get_int(sei_store_db(req->store), query, 0, NULL, NULL, &sum);
        (void)ignored;
        return sum;
    }
    for (size_t i = 0; path && i < 2; i++) {
        char        name[1000];
        struct stat info;
        snprintf(name, sizeof name, "%.900s%s", path, ends[i]);
        if (stat(name, &info) == 0)
            sum += info.st_size;
    }
    return sum;
}

sei_status sei_on_status(sei_request *req)
{
    sei_counts *c = &req->server->counts;

    req->answer = json_pack("{s:s, s:I, s:I, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
                            "version", SEI_VERSION, "now_us", (json_int_t)req->now_us, "started_us",
                            (json_int_t)req->server->started_us, "broker_connected",
                            atomic_load(&c->broker_connected), "store_ok",
                            atomic_load(&c->store_ok), "store_bytes", (json_int_t)store_bytes(req),
                            "frames", (json_int_t)atomic_load(&c->frames), "frames_refused",
                            (json_int_t)atomic_load(&c->frames_refused), "frames_stranger",
                            (json_int_t)atomic_load(&c->frames_stranger), "frames_conflict",
                            (json_int_t)atomic_load(&c->frames_conflict), "points_added",
                            (json_int_t)atomic_load(&c->points_added), "points_repeated",
                            (json_int_t)atomic_load(&c->points_known));
    return req->answer ? SEI_OK : SEI_E_NOMEM;
}

sei_status sei_on_audit(sei_request *req)
{
    int64_t    before = 0, limit = 0, n = 0, bad = 0;
    uint8_t    last[SEI_AUDIT_HASH];
    char       hex[2 * SEI_AUDIT_HASH + 1];
    json_t    *entries = NULL;
    sei_status st      = sei_query_int(req, "before", INT64_MAX, 1, INT64_MAX, &before);

    if (st == SEI_OK)
        st = sei_query_int(req, "limit", 100, 1, 1000, &limit);
    if (st == SEI_OK)
        st = sei_rows(req, "id:i time_us:i actor:t action:t object:t detail:t",
                      "SELECT id, time_us, actor, action, object, detail FROM audit WHERE id < $1 "
                      "ORDER BY id DESC LIMIT $2",
                      SEI_BINDS(sei_bind_int(before), sei_bind_int(limit)), &entries);
    if (st == SEI_OK)
        st = sei_audit_verify(req->store, &n, &bad, last);
    if (st != SEI_OK) {
        json_decref(entries);
        return st;
    }
    sodium_bin2hex(hex, sizeof hex, last, sizeof last);
    req->answer =
        json_pack("{s:o, s:{s:I, s:b, s:I, s:s}}", "entries", entries, "chain", "n", (json_int_t)n,
                  "holds", bad == 0, "first_bad", (json_int_t)bad, "last_hash", hex);
    return req->answer ? SEI_OK : SEI_E_NOMEM;
}
