/* on_quality.c - settings of quality control, visits to sensors, sensors beside the laboratory; what can be chosen */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/command.h"
#include "seiryu/correct.h"
#include "seiryu/qc_water.h"
#include "seiryu/units.h"
#include "seiryu/water.h"
#include "server/corrected.h"
#include "server/handlers.h"
#include "server/quality.h"

enum { PAIR_POINTS = 2000000, SAMPLES_MAX = 10000, DAY_S = 24 * 60 * 60 };
#define AGAIN_US \
    (30 * SEI_US_PER_DAY) /* so far back tests are run anew when nothing else is asked for */

/* ---- what can be chosen ---------------------------------------------------------------------------------- */

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *test_json(const sei_qc_test *t)
{
    json_t *params = json_array();

    for (size_t i = 0; i < t->n_params; i++) {
        const sei_param *p = &t->params[i];
        json_array_append_new(params,
                              json_pack("{s:s, s:s, s:o, s:b, s:s, s:s}", "key", p->key, "unit",
                                        p->unit, "default", number_or_null(p->def), "needed",
                                        isnan(p->def), "help", p->help, "help_ja", p->help_ja));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "key", t->key, "title", t->title,
                     "title_ja", t->title_ja, "other", t->other, "other_ja", t->other_ja,
                     "needs_interval", t->needs_interval, "needs_spans", t->needs_spans, "params",
                     params);
}

static json_t *quantities_json(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sei_quantity_count(); i++) {
        const sei_quantity *q = sei_quantity_at(i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:b}", "key", q->key,
                                              "symbol", q->symbol, "title", q->name_en, "title_ja",
                                              q->name_ja, "unit", q->unit, "dimension",
                                              (int)q->dimension, "fractions", q->fractions));
    }
    return list;
}

static json_t *units_json(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sei_unit_count(); i++) {
        const sei_unit *u = sei_unit_at(i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:i}", "key", u->key, "symbol", u->symbol,
                                              "dimension", (int)u->dimension));
    }
    return list;
}

sei_status sei_on_catalogue(sei_request *req)
{
    json_t *kinds = json_array(), *tests = json_array(), *stands = json_array(),
           *causes = json_array();

    for (size_t i = 0; i < sei_alarm_kind_count(); i++) {
        const sei_alarm_kind *k = sei_alarm_kind_at(i);
        json_array_append_new(kinds,
                              json_pack("{s:s, s:s, s:s, s:s}", "key", k->key, "title", k->title,
                                        "title_ja", k->title_ja, "threshold", k->threshold));
    }
    for (int i = 0; i < SEI_ALARM_N_STATES; i++)
        json_array_append_new(
            stands, json_pack("{s:s, s:s}", "key", sei_alarm_stand_name((sei_alarm_stand)i),
                              "title_ja", sei_alarm_stand_name_ja((sei_alarm_stand)i)));
    for (size_t i = 0; i < sei_qc_test_count(); i++)
        json_array_append_new(tests, test_json(sei_qc_test_at(i)));
    for (int i = 0; i < SEI_CAUSE_COUNT; i++)
        json_array_append_new(causes, json_pack("{s:i, s:s, s:s}", "number", i, "text",
                                                sei_cause_name((uint8_t)i), "text_ja",
                                                sei_cause_name_ja((uint8_t)i)));
    req->answer = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "alarm_kinds", kinds, "alarm_states",
                            stands, "qc_tests", tests, "causes", causes, "quantities",
                            quantities_json(), "units", units_json());
    return req->answer ? SEI_OK : SEI_E_NOMEM;
}

/* ---- settings -------------------------------------------------------------------------------------------- */

sei_status sei_on_qc(sei_request *req)
{
    json_t    *rows = NULL;
    bool       due  = false;
    int64_t    from = 0;
    sei_status st   = sei_rows(req, "tests:j author:t made_us:i",
                               "SELECT tests, author, made_us FROM qc_setting WHERE channel_id = $1",
                               SEI_BINDS(sei_bind_int(req->id)), &rows);

    if (st == SEI_OK)
        st = sei_db_get_int(sei_store_db(req->store),
                            "SELECT from_us FROM qc_due WHERE channel_id = $1",
                            SEI_BINDS(sei_bind_int(req->id)), &due, &from);
    if (st == SEI_OK)
        req->answer = json_array_size(rows) > 0
                          ? json_incref(json_array_get(rows, 0))
                          : json_pack("{s:[], s:s, s:n}", "tests", "author", "", "made_us");
    json_decref(rows);
    if (st == SEI_OK)
        json_object_set_new(req->answer, "due", json_boolean(due));
    return st;
}

static sei_status check_tests(sei_request *req, const json_t *tests)
{
    sei_qc_setting setting  = {0};
    int64_t        interval = 0;
    sei_status     st       = sei_db_get_int(sei_store_db(req->store),
                                             "SELECT s.interval_s FROM channel c JOIN station s ON s.id ="
                                                       " c.station_id WHERE c.id = $1",
                                             SEI_BINDS(sei_bind_int(req->id)), NULL, &interval);

    if (st == SEI_OK)
        st = sei_qc_setting_read(req->ctx, tests, interval, &setting);
    for (size_t i = 0; i < setting.n && st == SEI_OK; i++) { /* second channels of the same site */
        int64_t id    = 0;
        bool    found = true;
        if (setting.others[i] > 0)
            st = sei_db_get_int(sei_store_db(req->store),
                                "SELECT o.id FROM channel o JOIN station t ON t.id = o.station_id "
                                "WHERE o.id = $1 AND"
                                " t.site_id = (SELECT s.site_id FROM channel c JOIN station s ON "
                                "s.id = c.station_id WHERE"
                                " c.id = $2)",
                                SEI_BINDS(sei_bind_int(setting.others[i]), sei_bind_int(req->id)),
                                &found, &id);
        if (st == SEI_OK && !found)
            st = sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL, "%s: no channel %lld at this site",
                          setting.specs[i].test->key, (long long)setting.others[i]);
    }
    sei_qc_setting_done(req->ctx, &setting);
    return st;
}

static sei_status write_tests(sei_request *req, const sei_bind b[2])
{
    sei_status st = sei_db_run(
        sei_store_db(req->store),
        "INSERT INTO qc_setting(channel_id, tests, author, made_us) VALUES($1, $2, $3, $4) ON "
        "CONFLICT"
        "(channel_id) DO UPDATE SET tests = excluded.tests, author = excluded.author, made_us ="
        " excluded.made_us",
        SEI_BINDS(sei_bind_int(req->id), b[0], sei_bind_text(req->actor.name),
                  sei_bind_int(req->now_us)),
        NULL);

    if (st == SEI_OK)
        st = sei_quality_again(req->store, req->id,
                               b[1].kind == SEI_BIND_INT ? b[1].integer : req->now_us - AGAIN_US);
    return st == SEI_OK ? sei_note_id(req, "quality-control", "channel", req->id, req->json) : st;
}

sei_status sei_on_set_qc(sei_request *req)
{
    static const sei_field fields[] = {
        {"tests", SEI_FIELD_JSON, true, false, 0, 30000, NULL},
        {"from_us", SEI_FIELD_INT, false, true, -1e17, 1e17, NULL},
    };
    sei_bind   b[2];
    json_t    *texts = NULL;
    sei_status st    = sei_fields_bind(req, 2, fields, req->json, b, &texts);

    if (st == SEI_OK)
        st = check_tests(req, json_object_get(req->json, "tests"));
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK)
        st = sei_store_end(req->store, write_tests(req, b));
    json_decref(texts);
    if (st == SEI_OK)
        sei_server_rules_changed(req->server);
    return st == SEI_OK ? sei_on_qc(req) : st;
}

/* ---- visits ---------------------------------------------------------------------------------------------- */

static const sei_field visit_fields[] = {
    {"from_us", SEI_FIELD_INT, true, false, -1e17, 1e17, NULL},
    {"to_us", SEI_FIELD_INT, true, false, -1e17, 1e17, NULL},
    {"before", SEI_FIELD_REAL, true, false, -1e30, 1e30, NULL},
    {"after", SEI_FIELD_REAL, true, false, -1e30, 1e30, NULL},
    {"beside_before", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    {"beside_after", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    {"standard_1", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    {"reading_1", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    {"standard_2", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    {"reading_2", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    {"apply", SEI_FIELD_BOOL, true, false, 0, 1, NULL},
    {"reason", SEI_FIELD_TEXT, true, false, 1, 900, NULL},
};
enum { N_VISIT = sizeof visit_fields / sizeof visit_fields[0] };

static sei_status take_visit(sei_request *req, const sei_bind b[N_VISIT], sei_visit *v)
{
    *v = (sei_visit){.before = b[2].real, .after = b[3].real};
    if ((b[4].kind == SEI_BIND_NULL) != (b[5].kind == SEI_BIND_NULL))
        return sei_fail(req->ctx, SEI_E_MISSING, NULL,
                        "beside_before and beside_after belong together");
    if (b[4].kind == SEI_BIND_REAL) {
        v->beside_before = b[4].real;
        v->beside_after  = b[5].real;
    }
    for (size_t i = 0; i < 2; i++) {
        const sei_bind *standard = &b[6 + 2 * i], *reading = &b[7 + 2 * i];
        if ((standard->kind == SEI_BIND_NULL) != (reading->kind == SEI_BIND_NULL))
            return sei_fail(req->ctx, SEI_E_MISSING, NULL,
                            "a standard and its reading belong together");
        if (standard->kind == SEI_BIND_REAL) {
            v->standard[v->n_standards]  = standard->real;
            v->reading[v->n_standards++] = reading->real;
        }
    }
    if (b[1].integer <= b[0].integer)
        return sei_fail(req->ctx, SEI_E_RANGE, NULL, "to_us must lie after from_us");
    return SEI_OK;
}

/* TM1-D3's rows are in degC, uS/cm, mg/L, pH, FNU: only a channel in that unit is judged. */
static const sei_rating_row *rating_of(sei_request *req)
{
    static const char *const units[][2] = {
        {"temp", "c"}, {"sc", "us_cm"}, {"do", "mg_l"}, {"ph", ""}};
    json_t               *row    = NULL;
    const sei_rating_row *rating = NULL;

    if (sei_row(req, "quantity:t unit:t", "SELECT quantity, unit FROM channel WHERE id = $1",
                SEI_BINDS(sei_bind_int(req->id)), &row) != SEI_OK)
        return NULL;
    const char *quantity = json_string_value(json_object_get(row, "quantity"));
    const char *unit     = json_string_value(json_object_get(row, "unit"));
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i][0], quantity) == 0 && strcmp(units[i][1], unit) == 0)
            rating = sei_rating_find(quantity);
    json_decref(row);
    return rating;
}

static json_t *params_of(const sei_correction *c)
{
    return c->kind == SEI_CORRECT_TWO_POINT ? json_pack("{s:f, s:f, s:f, s:f}", "a", c->a, "b",
                                                        c->b, "low", c->low, "high", c->high)
                                            : json_pack("{s:f, s:f}", "a", c->a, "b", c->b);
}

static sei_status add_rows(sei_request *req, size_t n, const sei_correction rows[],
                           const char *reason, json_t *ids)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        json_t *params = params_of(&rows[i]);
        char   *text   = params ? json_dumps(params, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
        int64_t id     = 0;
        st             = text ? sei_db_get_int(
                                    sei_store_db(req->store),
                                    "INSERT INTO layer(channel_id, kind, start_us, end_us, code, level, params,"
                                                " author, reason, made_us, undoes) VALUES($1, 'correction', $2, $3, $4, 0, "
                                                "$5, $6,"
                                                " $7, $8, NULL) RETURNING id",
                                    SEI_BINDS(sei_bind_int(req->id), sei_bind_int(rows[i].from_us),
                                              sei_bind_int(rows[i].to_us + 1),
                                              sei_bind_text(sei_correct_kind_name(rows[i].kind)),
                                              sei_bind_text(text), sei_bind_text(req->actor.name),
                                              sei_bind_text(reason), sei_bind_int(req->now_us)),
                                    NULL, &id)
                              : SEI_E_NOMEM;
        free(text);
        json_decref(params);
        if (st == SEI_OK)
            json_array_append_new(ids, json_integer(id));
    }
    return st;
}

static json_t *verdict_json(const sei_rating_row *rating, const sei_visit *v,
                            const sei_visit_error *error)
{
    json_t *json = json_pack("{s:f, s:[]}", "fouling", error->fouling, "drift");

    for (size_t i = 0; i < v->n_standards; i++)
        json_array_append_new(json_object_get(json, "drift"), json_real(error->drift[i]));
    if (rating) {
        const sei_visit_verdict verdict = sei_visit_judge(rating, error, v->after);
        json_object_set_new(json, "total", json_real(verdict.total));
        json_object_set_new(json, "rating", json_string(sei_rating_name(verdict.rating)));
        json_object_set_new(json, "needs_correction", json_boolean(verdict.needs_correction));
        json_object_set_new(json, "unusable", json_boolean(verdict.is_unusable));
    }
    return json;
}

sei_status sei_on_add_visit(sei_request *req)
{
    sei_bind        b[N_VISIT];
    json_t         *texts = NULL, *ids = json_array();
    sei_visit       visit;
    sei_visit_error error;
    sei_correction  rows[2];

    if (!json_object_get(req->json, "apply"))
        json_object_set_new(req->json, "apply", json_true());
    sei_status st = sei_fields_bind(req, N_VISIT, visit_fields, req->json, b, &texts);
    if (st == SEI_OK)
        st = take_visit(req, b, &visit);
    if (st == SEI_OK)
        st = sei_visit_errors(req->ctx, &visit, &error);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        const size_t n =
            b[10].integer ? sei_visit_corrections(&visit, &error, b[0].integer, b[1].integer, rows)
                          : 0;
        st = add_rows(req, n, rows, b[11].bytes, ids);
        if (st == SEI_OK)
            st = sei_note_id(req, "visit", "channel", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    if (st == SEI_OK) {
        req->answer = verdict_json(rating_of(req), &visit, &error);
        json_object_set(req->answer, "layers", ids);
        req->code = 201;
    }
    json_decref(ids);
    return st;
}

/* ---- sensor and laboratory ------------------------------------------------------------------------------- */

typedef struct {
    size_t   n;
    int64_t *time_us, *id;
    double  *value;
} samples;

static void samples_done(sei_ctx *ctx, samples *s)
{
    sei_release(ctx, s->time_us);
    sei_release(ctx, s->id);
    sei_release(ctx, s->value);
}

/* In the channel's unit; of two results of one moment the later entry counts. */
static sei_status take_sample(samples *s, sei_stmt *stmt, const sei_quantity *quantity,
                              const sei_unit *unit)
{
    const sei_unit *given = sei_unit_find(sei_db_text(stmt, 3));
    double          si = 0.0, value = 0.0;

    if (!sei_quantity_to_si(quantity, given, sei_db_real(stmt, 2), &si) ||
        !sei_quantity_from_si(quantity, unit, si, &value) || s->n >= SAMPLES_MAX)
        return SEI_OK;
    if (s->n > 0 && s->time_us[s->n - 1] == sei_db_int(stmt, 1))
        s->n--;
    s->id[s->n]      = sei_db_int(stmt, 0);
    s->time_us[s->n] = sei_db_int(stmt, 1);
    s->value[s->n++] = value;
    return SEI_OK;
}

static sei_status read_samples(sei_request *req, const sei_quantity *quantity, const sei_unit *unit,
                               samples *s)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st;

    s->time_us = sei_alloc(req->ctx, SAMPLES_MAX, sizeof *s->time_us);
    s->id      = sei_alloc(req->ctx, SAMPLES_MAX, sizeof *s->id);
    s->value   = sei_alloc(req->ctx, SAMPLES_MAX, sizeof *s->value);
    st         = s->time_us && s->id && s->value ? SEI_OK : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = sei_db_start(sei_store_db(req->store),
                          "SELECT r.id, r.sampled_us, r.value, r.unit FROM lab_result r JOIN "
                          "channel c ON c.id = $1 JOIN"
                          " station t ON t.id = c.station_id WHERE r.site_id = t.site_id AND "
                          "(r.station_id IS NULL OR"
                          " r.station_id = t.id) AND r.quantity = $2 AND r.below_loq = 0 AND NOT "
                          "EXISTS(SELECT 1 FROM"
                          " lab_result n WHERE n.replaces = r.id) ORDER BY r.sampled_us, r.id",
                          SEI_BINDS(sei_bind_int(req->id), sei_bind_text(quantity->key)), &stmt);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = take_sample(s, stmt, quantity, unit);
    sei_db_finish(stmt);
    return st;
}

/* The sensor around each sample: only there its points are read. */
static sei_status read_around(sei_request *req, const samples *s, int64_t window_us, bool corrected,
                              sei_points *points)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < s->n && st == SEI_OK; i++) {
        int64_t from = s->time_us[i] - window_us;
        if (points->n > 0 && from <= points->at[points->n - 1].time_us)
            from = points->at[points->n - 1].time_us + 1;
        if (from <= s->time_us[i] + window_us)
            st = corrected
                     ? sei_corrected_read(req->store, req->id, from, s->time_us[i] + window_us + 1,
                                          INT64_MAX, PAIR_POINTS, points)
                     : sei_store_read(req->store, req->id, from, s->time_us[i] + window_us + 1,
                                      PAIR_POINTS, points);
    }
    return st;
}

static sei_status pair_up(sei_request *req, const samples *s, const sei_points *points,
                          int64_t window_us, sei_pair pairs[], size_t *ret_n)
{
    int64_t   *time_us = sei_alloc(req->ctx, points->n + 1, sizeof *time_us);
    double    *value   = sei_alloc(req->ctx, points->n + 1, sizeof *value);
    uint8_t   *missing = sei_alloc(req->ctx, points->n + 1, 1);
    size_t     n       = 0;
    sei_status st      = time_us && value && missing ? SEI_OK : SEI_E_NOMEM;

    for (size_t i = 0; i < points->n && st == SEI_OK; i++) {
        const sei_point *p = &points->at[i];
        if (n > 0 && time_us[n - 1] == p->time_us)
            n--;
        time_us[n]   = p->time_us;
        value[n]     = p->value;
        missing[n++] = p->kind != SEI_POINT_VALUE && p->kind != SEI_POINT_BELOW_LOQ;
    }
    if (st == SEI_OK) {
        const sei_qc_series sensor = {
            .n = n, .time_us = time_us, .value = value, .missing = missing};
        st = sei_pair_samples(req->ctx, s->n, s->time_us, s->value, &sensor, window_us, pairs,
                              ret_n);
    }
    sei_release(req->ctx, time_us);
    sei_release(req->ctx, value);
    sei_release(req->ctx, missing);
    return st;
}

static json_t *pairs_json(sei_request *req, const samples *s, size_t n, const sei_pair pairs[])
{
    sei_pair_statistics t;
    json_t             *list = json_array(), *statistics = json_null();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_pack("{s:I, s:I, s:f, s:f}", "result",
                                              (json_int_t)s->id[pairs[i].sample], "time_us",
                                              (json_int_t)s->time_us[pairs[i].sample], "laboratory",
                                              pairs[i].laboratory, "sensor", pairs[i].sensor));
    if (sei_pair_compare(req->ctx, n, pairs, &t) == SEI_OK)
        statistics =
            json_pack("{s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "n", (json_int_t)t.n, "bias",
                      t.bias, "sd", t.sd, "t", t.t, "low", t.low, "high", t.high, "rmse", t.rmse,
                      "slope", t.slope, "intercept", t.intercept);
    return json_pack("{s:o, s:o}", "pairs", list, "statistics", statistics);
}

static sei_status answer_pairs(sei_request *req, const sei_quantity *quantity, const sei_unit *unit,
                               int64_t window_us, bool corrected)
{
    samples    s = {0};
    sei_points points;
    sei_pair  *pairs = sei_alloc(req->ctx, SAMPLES_MAX, sizeof *pairs);
    size_t     n     = 0;
    sei_status st    = pairs ? read_samples(req, quantity, unit, &s) : SEI_E_NOMEM;

    sei_points_init(&points, req->ctx);
    if (st == SEI_OK)
        st = read_around(req, &s, window_us, corrected, &points);
    if (st == SEI_OK)
        st = pair_up(req, &s, &points, window_us, pairs, &n);
    if (st == SEI_OK)
        req->answer = pairs_json(req, &s, n, pairs);
    sei_points_done(&points);
    samples_done(req->ctx, &s);
    sei_release(req->ctx, pairs);
    return st;
}

sei_status sei_on_pairs(sei_request *req)
{
    int64_t    window_s = 0, corrected = 0;
    json_t    *row = NULL;
    sei_status st  = sei_query_int(req, "window_s", 900, 1, DAY_S, &window_s);

    if (st == SEI_OK)
        st = sei_query_int(req, "corrected", 0, 0, 1, &corrected);
    if (st == SEI_OK)
        st = sei_row(req, "quantity:t unit:t", "SELECT quantity, unit FROM channel WHERE id = $1",
                     SEI_BINDS(sei_bind_int(req->id)), &row);
    if (st != SEI_OK)
        return st;
    const sei_quantity *quantity =
        sei_quantity_find(json_string_value(json_object_get(row, "quantity")));
    const sei_unit *unit = sei_unit_find(json_string_value(json_object_get(row, "unit")));
    json_decref(row);
    if (!quantity) {
        req->answer = json_pack("{s:[], s:n}", "pairs", "statistics");
        return SEI_OK;
    }
    return answer_pairs(req, quantity, unit, window_s * SEI_US_PER_S, corrected != 0);
}
