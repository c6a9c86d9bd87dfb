/* on_desk.c - laboratory results and the operations logbook: entries that are replaced, never changed */
#include <string.h>

#include "seiryu/units.h"
#include "seiryu/water.h"
#include "server/handlers.h"
#include "server/table_answer.h"

static sei_status check_station(sei_request *req, const sei_bind *station)
{
    bool       found = true;
    int64_t    id    = 0;
    sei_status st    = SEI_OK;

    if (station->kind == SEI_BIND_INT)
        st = sei_db_get_int(sei_store_db(req->store),
                            "SELECT id FROM station WHERE id = $1 AND site_id = $2",
                            SEI_BINDS(*station, sei_bind_int(req->id)), &found, &id);
    return st == SEI_OK && !found
               ? sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL, "no such station at this site")
               : st;
}

/* ---- laboratory ----------------------------------------------------------------------------------------- */

#define LAB_COLUMNS                                                                          \
    "id:i station:i sampled_us:i quantity:t fraction:t value:r below_loq:b unit:t method:t " \
    "laboratory:t note:t replaces:i"                                                         \
    " author:t made_us:i station_key:t"
#define LAB_NAMES                                                                              \
    "station_id, sampled_us, quantity, fraction, value, below_loq, unit, method, laboratory, " \
    "note, replaces"

#define LAB_SELECT          \
    "SELECT id, " LAB_NAMES \
    ", author, made_us, (SELECT t.key FROM station t WHERE t.id = r.station_id) FROM lab_result r"

static const sei_table_column lab_columns[] = {
    {"sampled", "sampled_us", SEI_CELL_TIME},
    {"station", "station_key", SEI_CELL_TEXT},
    {"quantity", "quantity", SEI_CELL_TEXT},
    {"fraction", "fraction", SEI_CELL_TEXT},
    {"below_loq", "below", SEI_CELL_TEXT},
    {"value", "value", SEI_CELL_NUMBER},
    {"unit", "unit", SEI_CELL_TEXT},
    {"method", "method", SEI_CELL_TEXT},
    {"laboratory", "laboratory", SEI_CELL_TEXT},
    {"note", "note", SEI_CELL_TEXT},
    {"author", "author", SEI_CELL_TEXT},
    {"entered", "made_us", SEI_CELL_TIME},
};

static const char *const fractions[] = {"", "total", "dissolved", NULL};

static const sei_field lab_fields[] = {
    {"station", SEI_FIELD_INT, false, true, 1, 1e15, NULL},
    {"sampled_us", SEI_FIELD_INT, true, false, -1e17, 1e17, NULL},
    {"quantity", SEI_FIELD_TEXT, true, false, 1, 40, NULL},
    {"fraction", SEI_FIELD_TEXT, false, false, 0, 20, fractions},
    {"value", SEI_FIELD_REAL, true, false, -1e30, 1e30, NULL},
    {"below_loq", SEI_FIELD_BOOL, false, false, 0, 1, NULL},
    {"unit", SEI_FIELD_TEXT, true, false, 0, 15, NULL},
    {"method", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"laboratory", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"note", SEI_FIELD_TEXT, false, false, 0, 2000, NULL},
    {"replaces", SEI_FIELD_INT, false, true, 1, 1e15, NULL},
};

sei_status sei_on_laboratory(sei_request *req)
{
    json_t    *results = NULL, *result;
    size_t     i;
    sei_status st =
        sei_rows(req, LAB_COLUMNS,
                 LAB_SELECT " WHERE site_id = $1 AND NOT EXISTS("
                            "SELECT 1 FROM lab_result n WHERE n.replaces = r.id) ORDER BY "
                            "sampled_us, id",
                 SEI_BINDS(sei_bind_int(req->id)), &results);

    if (st == SEI_OK && sei_wants_table(req)) {
        json_array_foreach(results, i, result) json_object_set_new(
            result, "below",
            json_string(json_is_true(json_object_get(result, "below_loq")) ? "<" : ""));
        st = sei_answer_table(req, sizeof lab_columns / sizeof lab_columns[0], lab_columns, results,
                              "laboratory.csv");
        json_decref(results);
        return st;
    }
    if (st == SEI_OK)
        req->answer = json_pack("{s:o}", "results", results);
    return st;
}

static sei_status check_unit(sei_request *req, const char *key, const char *unit)
{
    const sei_quantity *quantity = sei_quantity_find(key);
    const sei_unit     *shown    = quantity ? sei_quantity_unit(quantity) : NULL;
    const sei_unit     *given    = unit[0] ? sei_unit_find(unit) : NULL;

    if (!quantity)
        return sei_fail(req->ctx, SEI_E_KEY, NULL,
                        "quantity \"%.40s\" is not in the list of quantities", key);
    if ((unit[0] && !given) || !shown != !given || (shown && given->dimension != shown->dimension))
        return sei_fail(req->ctx, SEI_E_UNIT, NULL, "unit \"%.20s\" does not suit %s%s%s", unit,
                        quantity->key, shown ? ": as in " : "", shown ? shown->key : "");
    return SEI_OK;
}

static sei_status check_lab(sei_request *req, const sei_bind b[])
{
    int64_t    id    = 0;
    bool       found = true;
    sei_status st    = check_unit(req, b[2].bytes, b[6].bytes);

    if (st == SEI_OK)
        st = check_station(req, &b[0]);
    if (st == SEI_OK && b[10].kind == SEI_BIND_INT)
        st = sei_db_get_int(sei_store_db(req->store),
                            "SELECT id FROM lab_result WHERE id = $1 AND site_id = $2",
                            SEI_BINDS(b[10], sei_bind_int(req->id)), &found, &id);
    return st == SEI_OK && !found
               ? sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL, "replaces: no such result at this site")
               : st;
}

sei_status sei_on_add_lab_result(sei_request *req)
{
    sei_bind   b[11];
    json_t    *texts = NULL;
    int64_t    id    = 0;
    sei_status st    = sei_fields_bind(req, 11, lab_fields, req->json, b, &texts);

    if (st == SEI_OK)
        st = check_lab(req, b);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_get_int(
            sei_store_db(req->store),
            "INSERT INTO lab_result(" LAB_NAMES ", site_id, author, made_us)"
            " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
                      sei_bind_int(req->id), sei_bind_text(req->actor.name),
                      sei_bind_int(req->now_us)),
            NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "lab-result", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    req->code = st == SEI_OK ? 201 : req->code;
    return st == SEI_OK ? sei_row(req, LAB_COLUMNS, LAB_SELECT " WHERE id = $1",
                                  SEI_BINDS(sei_bind_int(id)), &req->answer)
                        : st;
}

/* ---- logbook -------------------------------------------------------------------------------------------- */

#define LOG_COLUMNS                                                                          \
    "id:i station:i at_us:i kind:t text:t cost_yen:i hours:r replaces:i author:t made_us:i " \
    "station_key:t"
#define LOG_NAMES "station_id, at_us, kind, text, cost_yen, hours, replaces"

#define LOG_SELECT          \
    "SELECT id, " LOG_NAMES \
    ", author, made_us, (SELECT t.key FROM station t WHERE t.id = e.station_id) FROM log_entry e"

static const sei_table_column log_columns[] = {
    {"at", "at_us", SEI_CELL_TIME},
    {"station", "station_key", SEI_CELL_TEXT},
    {"kind", "kind", SEI_CELL_TEXT},
    {"text", "text", SEI_CELL_TEXT},
    {"cost_yen", "cost_yen", SEI_CELL_NUMBER},
    {"hours", "hours", SEI_CELL_NUMBER},
    {"author", "author", SEI_CELL_TEXT},
    {"entered", "made_us", SEI_CELL_TIME},
};

static const char *const log_kinds[] = {"visit", "maintenance", "fault", "calibration",
                                        "cost",  "weather",     "other", NULL};

static const sei_field log_fields[] = {
    {"station", SEI_FIELD_INT, false, true, 1, 1e15, NULL},
    {"at_us", SEI_FIELD_INT, true, false, -1e17, 1e17, NULL},
    {"kind", SEI_FIELD_TEXT, true, false, 1, 20, log_kinds},
    {"text", SEI_FIELD_TEXT, true, false, 1, 10000, NULL},
    {"cost_yen", SEI_FIELD_INT, false, true, 0, 1e13, NULL},
    {"hours", SEI_FIELD_REAL, false, true, 0, 1e5, NULL},
    {"replaces", SEI_FIELD_INT, false, true, 1, 1e15, NULL},
};

sei_status sei_on_logbook(sei_request *req)
{
    int64_t    from = 0, to = 0;
    json_t    *entries = NULL;
    sei_status st      = sei_query_time(req, "from", false, -(INT64_C(1) << 60), &from);

    if (st == SEI_OK)
        st = sei_query_time(req, "to", false, INT64_C(1) << 60, &to);
    if (st == SEI_OK)
        st = sei_rows(
            req, LOG_COLUMNS,
            LOG_SELECT
            " WHERE site_id = $1 AND at_us >= $2 AND at_us < $3"
            " AND NOT EXISTS(SELECT 1 FROM log_entry n WHERE n.replaces = e.id) ORDER BY at_us, id",
            SEI_BINDS(sei_bind_int(req->id), sei_bind_int(from), sei_bind_int(to)), &entries);
    if (st == SEI_OK && sei_wants_table(req)) {
        st = sei_answer_table(req, sizeof log_columns / sizeof log_columns[0], log_columns, entries,
                              "logbook.csv");
        json_decref(entries);
        return st;
    }
    if (st == SEI_OK)
        req->answer = json_pack("{s:o}", "entries", entries);
    return st;
}

static sei_status check_log(sei_request *req, const sei_bind b[])
{
    int64_t    id    = 0;
    bool       found = true;
    sei_status st    = check_station(req, &b[0]);

    if (st == SEI_OK && b[6].kind == SEI_BIND_INT)
        st = sei_db_get_int(sei_store_db(req->store),
                            "SELECT id FROM log_entry WHERE id = $1 AND site_id = $2",
                            SEI_BINDS(b[6], sei_bind_int(req->id)), &found, &id);
    return st == SEI_OK && !found
               ? sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL, "replaces: no such entry at this site")
               : st;
}

sei_status sei_on_add_log_entry(sei_request *req)
{
    sei_bind   b[7];
    json_t    *texts = NULL;
    int64_t    id    = 0;
    sei_status st    = sei_fields_bind(req, 7, log_fields, req->json, b, &texts);

    if (st == SEI_OK)
        st = check_log(req, b);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_get_int(sei_store_db(req->store),
                            "INSERT INTO log_entry(" LOG_NAMES ", site_id, author, made_us)"
                            " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
                            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], b[5], b[6],
                                      sei_bind_int(req->id), sei_bind_text(req->actor.name),
                                      sei_bind_int(req->now_us)),
                            NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "log-entry", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    req->code = st == SEI_OK ? 201 : req->code;
    return st == SEI_OK ? sei_row(req, LOG_COLUMNS, LOG_SELECT " WHERE id = $1",
                                  SEI_BINDS(sei_bind_int(id)), &req->answer)
                        : st;
}
