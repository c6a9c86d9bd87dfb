/* on_export.c - the points of a span as CSV */
#include <stdlib.h>
#include <string.h>

#include "seiryu/water.h"
#include "server/channels.h"
#include "server/handlers.h"

enum { CHANNELS_MAX = 500, POINTS_MAX = 2000000 };

typedef struct {
    char station[64], key[64], unit[16];
} label;

static sei_status find_label(sei_request *req, int64_t id, label *ret_label)
{
    json_t    *row = NULL;
    sei_status st  = sei_row(req, "station:t key:t unit:t",
                             "SELECT s.key, c.key, c.unit FROM channel c JOIN station s ON s.id = "
                              "c.station_id WHERE c.id = $1",
                             SEI_BINDS(sei_bind_int(id)), &row);

    if (st == SEI_OK) {
        snprintf(ret_label->station, sizeof ret_label->station, "%s",
                 json_string_value(json_object_get(row, "station")));
        snprintf(ret_label->key, sizeof ret_label->key, "%s",
                 json_string_value(json_object_get(row, "key")));
        snprintf(ret_label->unit, sizeof ret_label->unit, "%s",
                 json_string_value(json_object_get(row, "unit")));
    }
    json_decref(row);
    return st;
}

static void put_point(sei_table_writer *w, const label *l, const sei_point *p)
{
    static const char *const kinds[] = {"value", "below_loq", "missing", "over_range"};

    sei_table_put_time(w, p->time_us, SEI_JST_OFFSET);
    sei_table_put_text(w, l->station);
    sei_table_put_text(w, l->key);
    if (p->kind == SEI_POINT_MISSING)
        sei_table_put_empty(w);
    else
        sei_table_put_number(w, p->value, 0);
    sei_table_put_text(w, l->unit);
    sei_table_put_text(w, kinds[p->kind & 3]);
    sei_table_end_row(w);
}

static sei_status put_channel(sei_request *req, sei_table_writer *w, int64_t id, int64_t from,
                              int64_t to, size_t *n)
{
    sei_points points;
    label      l;
    sei_status st = find_label(req, id, &l);

    sei_points_init(&points, req->ctx);
    if (st == SEI_OK)
        st = sei_store_read(req->store, id, from, to, POINTS_MAX - *n, &points);
    for (size_t i = 0; i < points.n && st == SEI_OK; i++)
        put_point(w, &l, &points.at[i]);
    *n += points.n;
    sei_points_done(&points);
    return st;
}

static sei_status write_all(sei_request *req, sei_table_writer *w, size_t n, const int64_t ids[],
                            int64_t from, int64_t to)
{
    static const char *const heads[] = {"time", "station", "channel", "value", "unit", "kind"};
    size_t                   points  = 0;
    sei_status               st      = SEI_OK;

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        sei_table_put_text(w, heads[i]);
    sei_table_end_row(w);
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = put_channel(req, w, ids[i], from, to, &points);
    return st == SEI_OK ? sei_table_writer_status(w) : st;
}

sei_status sei_on_export_site(sei_request *req)
{
    const sei_table_format format = {.crlf = true, .bom = true};
    sei_table_writer      *w      = NULL;
    int64_t                from = 0, to = 0, ids[CHANNELS_MAX];
    size_t                 n = 0, len = 0;
    sei_status             st = sei_query_time(req, "from", true, 0, &from);

    if (st == SEI_OK)
        st = sei_query_time(req, "to", true, 0, &to);
    if (st == SEI_OK)
        st = sei_channels_of_query(req, req->id, CHANNELS_MAX, ids, &n);
    if (st == SEI_OK)
        st = sei_table_writer_create(req->ctx, &format, &w);
    if (st == SEI_OK)
        st = write_all(req, w, n, ids, from, to);
    if (st == SEI_OK)
        st = sei_note_id(req, "export", "site", req->id, NULL);
    if (st == SEI_OK) {
        const char *text = sei_table_writer_text(w, &len);
        char       *copy = malloc(len + 1);
        if (copy) {
            memcpy(copy, text, len);
            sei_answer_bytes(req, copy, len, "text/csv; charset=utf-8");
            req->file_name = "observations.csv";
        } else {
            st = SEI_E_NOMEM;
        }
    }
    sei_table_writer_free(w);
    return st;
}
