/* on_data.c - observations, layers, frames */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "server/channels.h"
#include "server/corrected.h"
#include "server/handlers.h"
#include "server/post.h"

enum {
    SERIES_MAX     = 50,
    POINTS_DEFAULT = 1000,
    POINTS_MAX     = 20000,
    FRAMES_SHOWN   = 100,
    MEAN_DIGITS    = 10 /* of a sum of sensors' values more are noise */
};

/* ---- latest --------------------------------------------------------------------------------------------- */

sei_status sei_on_latest(sei_request *req)
{
    json_t    *channels = NULL, *channel;
    size_t     i;
    sei_status st = sei_rows(req, "channel:i",
                             "SELECT c.id FROM channel c JOIN station s ON s.id = c.station_id "
                             "WHERE s.site_id = $1 ORDER BY c.id",
                             SEI_BINDS(sei_bind_int(req->id)), &channels);

    if (st != SEI_OK)
        return st;
    json_array_foreach(channels, i, channel)
    {
        sei_point last  = {0};
        bool      found = false;
        if (st == SEI_OK)
            st = sei_store_latest(
                req->store, json_integer_value(json_object_get(channel, "channel")), &found, &last);
        json_object_set_new(channel, "time_us", found ? json_integer(last.time_us) : json_null());
        json_object_set_new(channel, "value",
                            found && last.kind != SEI_POINT_MISSING ? json_real(last.value)
                                                                    : json_null());
        json_object_set_new(channel, "kind",
                            json_string(found ? sei_point_kind_word(last.kind) : "missing"));
    }
    req->answer = json_pack("{s:I, s:o}", "now_us", (json_int_t)req->now_us, "channels", channels);
    return st;
}

/* ---- observations --------------------------------------------------------------------------------------- */

/* Written as text by hand: 50 series of 20,000 numbers would be a million JSON objects. */
static void put_numbers(sei_buf *out, const char *key, const sei_chart *c,
                        double (*get)(const sei_bin *), int digits, const char *end)
{
    sei_buf_printf(out, "\"%s\":[", key);
    for (size_t i = 0; i < c->n; i++) {
        if (i)
            sei_buf_putc(out, ',');
        sei_buf_number(out, get(&c->bins[i]), digits);
    }
    sei_buf_printf(out, "]%s", end);
}

static double bin_mean(const sei_bin *b)
{
    return b->sum / (double)b->n;
}
static double bin_min(const sei_bin *b)
{
    return b->min;
}
static double bin_max(const sei_bin *b)
{
    return b->max;
}
static double bin_n(const sei_bin *b)
{
    return (double)b->n;
}

static void put_bins(sei_buf *out, const sei_chart *c)
{
    sei_buf_puts(out, "\"time_us\":[");
    for (size_t i = 0; i < c->n; i++)
        sei_buf_printf(out, "%s%lld", i ? "," : "", (long long)c->bins[i].start_us);
    sei_buf_puts(out, "],");
    put_numbers(out, "value", c, bin_mean, MEAN_DIGITS, ",");
    put_numbers(out, "min", c, bin_min, 0, ",");
    put_numbers(out, "max", c, bin_max, 0, ",");
    put_numbers(out, "n", c, bin_n, 0, "");
}

static void put_points(sei_buf *out, const sei_points *p)
{
    sei_buf_puts(out, "\"time_us\":[");
    for (size_t i = 0; i < p->n; i++)
        sei_buf_printf(out, "%s%lld", i ? "," : "", (long long)p->at[i].time_us);
    sei_buf_puts(out, "],\"value\":[");
    for (size_t i = 0; i < p->n; i++) {
        if (i)
            sei_buf_putc(out, ',');
        if (p->at[i].kind == SEI_POINT_MISSING)
            sei_buf_puts(out, "null");
        else
            sei_buf_number(out, p->at[i].value, 0);
    }
    sei_buf_puts(out, "],\"kind\":[");
    for (size_t i = 0; i < p->n; i++)
        sei_buf_printf(out, "%s%d", i ? "," : "", (int)p->at[i].kind);
    sei_buf_puts(out, "]");
}

typedef struct {
    int64_t from, to, points, corrected, as_of;
} span;

static sei_status put_series(sei_request *req, int64_t channel, const span *s, sei_buf *out)
{
    sei_chart chart;

    sei_chart_init(&chart, req->ctx);
    const sei_status st = s->corrected ? sei_corrected_chart(req->store, channel, s->from, s->to,
                                                             s->as_of, (size_t)s->points, &chart)
                                       : sei_store_chart(req->store, channel, s->from, s->to,
                                                         (size_t)s->points, &chart);
    if (st == SEI_OK) {
        sei_buf_printf(out, "{\"channel\":%lld,\"mode\":\"%s\",\"step_us\":%lld,",
                       (long long)channel, chart.step_us ? "bins" : "points",
                       (long long)chart.step_us);
        if (chart.step_us)
            put_bins(out, &chart);
        else
            put_points(out, &chart.points);
        sei_buf_putc(out, '}');
    }
    sei_chart_done(&chart);
    return st == SEI_OK ? out->status : st;
}

static sei_status read_span(sei_request *req, span *s)
{
    sei_status st = sei_query_time(req, "from", true, 0, &s->from);

    if (st == SEI_OK)
        st = sei_query_time(req, "to", true, 0, &s->to);
    if (st == SEI_OK)
        st = sei_query_int(req, "points", POINTS_DEFAULT, 10, POINTS_MAX, &s->points);
    if (st == SEI_OK)
        st = sei_query_int(req, "corrected", 0, 0, 1, &s->corrected);
    return st == SEI_OK ? sei_query_time(req, "as_of", false, INT64_MAX, &s->as_of) : st;
}

/* All channels as they are at one moment. */
static sei_status put_all(sei_request *req, const span *s, size_t n, const int64_t ids[],
                          sei_buf *out)
{
    sei_status st = sei_db_begin_read(sei_store_db(req->store));

    if (st != SEI_OK)
        return st;
    sei_buf_printf(out, "{\"from_us\":%lld,\"to_us\":%lld,\"series\":[", (long long)s->from,
                   (long long)s->to);
    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        if (i)
            sei_buf_putc(out, ',');
        st = put_series(req, ids[i], s, out);
    }
    sei_buf_puts(out, "]}");
    st = sei_db_end(sei_store_db(req->store), st);
    return st == SEI_OK ? out->status : st;
}

sei_status sei_on_observations(sei_request *req)
{
    int64_t    ids[SERIES_MAX];
    span       s = {0};
    size_t     n = 0;
    sei_buf    out;
    sei_status st = read_span(req, &s);

    if (st == SEI_OK)
        st = sei_channels_of_query(req, 0, SERIES_MAX, ids, &n);
    if (st != SEI_OK)
        return st;
    sei_buf_init(&out, req->ctx, 256u << 20);
    st          = put_all(req, &s, n, ids, &out);
    char *bytes = st == SEI_OK ? strdup(out.text) : NULL;
    if (bytes)
        sei_answer_bytes(req, bytes, out.len, "application/json");
    else if (st == SEI_OK)
        st = SEI_E_NOMEM;
    sei_buf_done(&out);
    return st;
}

/* ---- layers --------------------------------------------------------------------------------------------- */

#define LAYER_COLUMNS                                                                      \
    "id:i kind:t start_us:i end_us:i code:t level:i params:j author:t reason:t made_us:i " \
    "undone_us:i undone_by:t undone_reason:t"
#define LAYER_SELECT                                                                             \
    "SELECT l.id, l.kind, l.start_us, l.end_us, l.code, l.level, l.params, l.author, l.reason, " \
    "l.made_us, u.made_us, u.author, u.reason FROM"                                              \
    " layer l LEFT JOIN layer u ON u.undoes = l.id"

/* The state as of a moment: made until then, and not undone until then. */
sei_status sei_on_layers(sei_request *req)
{
    int64_t    as_of = 0, all = 0;
    json_t    *layers = NULL;
    sei_status st     = sei_query_time(req, "as_of", false, INT64_MAX, &as_of);

    if (st == SEI_OK)
        st = sei_query_int(req, "all", 0, 0, 1, &all);
    if (st == SEI_OK)
        st = sei_rows(req, LAYER_COLUMNS,
                      LAYER_SELECT
                      " WHERE l.channel_id = $1 AND l.undoes IS NULL AND l.made_us <= $2 AND"
                      " ($3 = 1 OR u.made_us IS NULL OR u.made_us > $4) ORDER BY l.id",
                      SEI_BINDS(sei_bind_int(req->id), sei_bind_int(as_of), sei_bind_int(all),
                                sei_bind_int(as_of)),
                      &layers);
    if (st == SEI_OK)
        req->answer = json_pack("{s:o}", "layers", layers);
    return st;
}

static const char *const layer_kinds[] = {"flag", "correction", "grade", "approval", NULL};

static const sei_field layer_fields[] = {
    {"kind", SEI_FIELD_TEXT, true, false, 1, 20, layer_kinds},
    {"start_us", SEI_FIELD_INT, true, false, -1e18, 1e18, NULL},
    {"end_us", SEI_FIELD_INT, true, false, -1e18, 1e18, NULL},
    {"code", SEI_FIELD_TEXT, false, false, 0, 40, NULL},
    {"level", SEI_FIELD_INT, false, false, 0, 9, NULL},
    {"params", SEI_FIELD_JSON, false, false, 0, 4000, NULL},
    {"reason", SEI_FIELD_TEXT, true, false, 1, 1000, NULL},
};

static sei_status insert_layer(sei_request *req, int64_t channel_id, const sei_bind b[],
                               int64_t undoes, int64_t *ret_id)
{
    sei_status st = sei_db_get_int(
        sei_store_db(req->store),
        "INSERT INTO layer(channel_id, kind, start_us, end_us, code, level, params, author, reason,"
        " made_us, undoes) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        SEI_BINDS(sei_bind_int(channel_id), b[0], b[1], b[2], b[3], b[4], b[5],
                  sei_bind_text(req->actor.name), b[6], sei_bind_int(req->now_us),
                  sei_bind_int_or_null(undoes > 0, undoes)),
        NULL, ret_id);

    return st == SEI_OK ? sei_note_id(req, undoes ? "undo" : "add", "layer",
                                      undoes ? undoes : *ret_id, req->json)
                        : st;
}

static sei_status answer_layer(sei_request *req, int64_t id)
{
    req->code = 201;
    return sei_row(req, LAYER_COLUMNS, LAYER_SELECT " WHERE l.id = $1", SEI_BINDS(sei_bind_int(id)),
                   &req->answer);
}

sei_status sei_on_add_layer(sei_request *req)
{
    sei_bind       b[7];
    json_t        *texts = NULL;
    int64_t        id    = 0;
    sei_correction row;
    sei_status     st = sei_fields_bind(req, 7, layer_fields, req->json, b, &texts);

    if (st == SEI_OK && b[2].integer <= b[1].integer)
        st = sei_fail(req->ctx, SEI_E_RANGE, NULL, "end_us must lie after start_us");
    if (st == SEI_OK && strcmp(b[0].bytes, "correction") == 0)
        st = sei_correction_read(req->ctx, b[3].bytes, json_object_get(req->json, "params"),
                                 b[1].integer, b[2].integer, &row);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK)
        st = sei_store_end(req->store, insert_layer(req, req->id, b, 0, &id));
    json_decref(texts);
    return st == SEI_OK ? answer_layer(req, id) : st;
}

sei_status sei_on_undo_layer(sei_request *req)
{
    static const sei_field reason[] = {{"reason", SEI_FIELD_TEXT, true, false, 1, 1000, NULL}};
    sei_bind               r;
    json_t                *texts = NULL, *old = NULL;
    int64_t                channel = 0, id = 0;
    bool                   is_undo = false;
    sei_status             st      = sei_fields_bind(req, 1, reason, req->json, &r, &texts);

    if (st == SEI_OK)
        st = sei_row(req, LAYER_COLUMNS, LAYER_SELECT " WHERE l.id = $1",
                     SEI_BINDS(sei_bind_int(req->id)), &old);
    if (st == SEI_OK)
        st = sei_db_get_int(sei_store_db(req->store), "SELECT channel_id FROM layer WHERE id = $1",
                            SEI_BINDS(sei_bind_int(req->id)), NULL, &channel);
    if (st == SEI_OK)
        st = sei_db_get_int(sei_store_db(req->store), "SELECT undoes FROM layer WHERE id = $1",
                            SEI_BINDS(sei_bind_int(req->id)), &is_undo, &id);
    if (st == SEI_OK && (is_undo || !json_is_null(json_object_get(old, "undone_us"))))
        st = sei_refuse(req, 409, "it is undone already, or undoes another: add it anew");
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        const sei_bind b[7] = {sei_bind_text(json_string_value(json_object_get(old, "kind"))),
                               sei_bind_int(json_integer_value(json_object_get(old, "start_us"))),
                               sei_bind_int(json_integer_value(json_object_get(old, "end_us"))),
                               sei_bind_text("undo"),
                               sei_bind_int(0),
                               sei_bind_text("{}"),
                               r};
        st = sei_store_end(req->store, insert_layer(req, channel, b, req->id, &id));
    }
    json_decref(texts);
    json_decref(old);
    return st == SEI_OK ? answer_layer(req, id) : st;
}

/* ---- frames --------------------------------------------------------------------------------------------- */

static const char *const states[] = {"new", "done", "refused", "stranger", "conflict"};

sei_status sei_on_frames(sei_request *req)
{
    json_t    *frames = NULL, *frame;
    size_t     i;
    sei_status st = sei_rows(req, "id:i received_us:i source:t format:t bytes:i state:i detail:t",
                             "SELECT id, received_us, source, format, length(payload), state, "
                             "detail FROM frame WHERE station_id = $1"
                             " ORDER BY id DESC LIMIT $2",
                             SEI_BINDS(sei_bind_int(req->id), sei_bind_int(FRAMES_SHOWN)), &frames);

    if (st != SEI_OK)
        return st;
    json_array_foreach(frames, i, frame)
    {
        const json_int_t state = json_integer_value(json_object_get(frame, "state"));
        json_object_set_new(frame, "state",
                            json_string(state >= 0 && state <= 4 ? states[state] : "new"));
    }
    req->answer = json_pack("{s:o}", "frames", frames);
    return SEI_OK;
}

static const char *format_of_type(const char *type)
{
    static const char *const types[][2] = {
        {"application/octet-stream", "seiryu"},      {"application/senml+json", "senml-json"},
        {"application/senml+cbor", "senml-cbor"},    {"text/csv", "csv"},
        {"application/vnd.seiryu.answer", "answer"},
    };

    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++)
        if (strncmp(type, types[i][0], strlen(types[i][0])) == 0)
            return types[i][1];
    return NULL;
}

static const char by_http[] = "http"; /* where a frame came from */

static sei_status keep_and_decode(sei_request *req, const char *format, sei_decoded *ret_decoded)
{
    const sei_frame frame = {.received_us = req->now_us,
                             .source      = by_http,
                             .format      = format,
                             .station_id  = req->id,
                             .payload     = req->body ? req->body : "",
                             .len         = req->body_len};

    return sei_posts_add(req->server->posts, req->server, req->desk, &frame, ret_decoded);
}

sei_status sei_on_post_frame(sei_request *req)
{
    const char *format = format_of_type(
        MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "Content-Type"));
    sei_decoded decoded = {0};

    if (!format)
        return sei_refuse(req, 415,
                          "Content-Type: application/octet-stream, application/senml+json, "
                          "application/senml+cbor or text/csv is expected");
    const sei_status st = keep_and_decode(req, format, &decoded);
    if (st != SEI_OK)
        return st;
    sei_server_count(req->server, &decoded);
    if (decoded.state == SEI_FRAME_REFUSED)
        return sei_fail(req->ctx, SEI_E_PARSE, NULL, "%s", decoded.detail);
    req->answer = json_pack(
        "{s:I, s:I, s:I, s:s, s:s}", "added", (json_int_t)decoded.points.n_added, "known",
        (json_int_t)decoded.points.n_known, "conflicts", (json_int_t)decoded.points.n_conflict,
        "state", states[decoded.state], "detail", decoded.detail);
    return SEI_OK;
}
