/* on_water.c - what belongs together in mine water: conductivity and ions, redox potential and iron, flow and rain */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/qc_water.h"
#include "seiryu/units.h"
#include "server/handlers.h"

enum { IONS_MAX = 40, ROWS_MAX = 5000, LAG_STEPS = 240, RAIN_POINTS = 200000 };
/* Measured conductance off the ions' sum by more: an assumption after the usual aims of balance in laboratories. */
#define SC_SUSPECT 0.15
#define SC_FAIL    0.30
#define REDOX_V    0.1 /* as wide as field readings of ORP scatter: an assumption */
#define RAIN_DAYS  30

/* One water sample: what the laboratory and the field found at one moment. */
typedef struct {
    int64_t     station_id, time_us;
    size_t      n_ions;
    const char *ions[IONS_MAX];
    double      mol_m3[IONS_MAX];
    bool        has_sc, has_ph, has_orp, has_eh, has_temp, has_fe2, has_fe3;
    double      sc_s_m, ph, orp_v, eh_v, temp_k, fe2, fe3;
} sample;

static void take_ion(sample *s, const sei_quantity *q, double si)
{
    double         mol = 0.0;
    const sei_ion *ion = sei_ion_find(q->key);

    if (!ion || s->n_ions >= IONS_MAX || !sei_quantity_to_molar(q, si, &mol) || mol < 0)
        return;
    s->ions[s->n_ions]     = ion->key;
    s->mol_m3[s->n_ions++] = mol;
}

/* Alkalinity of mine water is hydrogen carbonate, in equivalents; the hydrogen ion comes by pH. */
static void take_value(sample *s, const sei_quantity *q, double si)
{
    const struct {
        const char *key;
        bool       *has;
        double     *value;
    } fields[] = {{"sc", &s->has_sc, &s->sc_s_m},     {"ph", &s->has_ph, &s->ph},
                  {"orp", &s->has_orp, &s->orp_v},    {"eh", &s->has_eh, &s->eh_v},
                  {"temp", &s->has_temp, &s->temp_k}, {"fe2", &s->has_fe2, &s->fe2},
                  {"fe3", &s->has_fe3, &s->fe3}};
    double mol = 0.0;

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(fields[i].key, q->key) == 0) {
            *fields[i].has   = true;
            *fields[i].value = si;
        }
    if (strcmp(q->key, "alkalinity") == 0 && sei_quantity_to_molar(q, si, &mol) && mol > 0 &&
        s->n_ions < IONS_MAX) {
        s->ions[s->n_ions]     = "hco3";
        s->mol_m3[s->n_ions++] = mol;
    } else {
        take_ion(s, q, si);
    }
    if (s->has_ph && strcmp(q->key, "ph") == 0 && s->n_ions < IONS_MAX) {
        s->ions[s->n_ions]     = "h";
        s->mol_m3[s->n_ions++] = pow(10.0, 3.0 - si);
    }
}

static json_t *check_sc(sei_request *req, const sample *s)
{
    double computed = 0.0;

    if (!s->has_sc || s->n_ions < 3 ||
        sei_conductance_25c(req->ctx, s->n_ions, s->ions, s->mol_m3, &computed) != SEI_OK ||
        !(computed > 0))
        return NULL;
    const uint8_t flag = sei_conductance_flag(s->sc_s_m, computed, SC_SUSPECT, SC_FAIL);
    return json_pack("{s:s, s:I, s:I, s:f, s:f, s:I, s:i}", "check", "conductance", "station",
                     (json_int_t)s->station_id, "time_us", (json_int_t)s->time_us, "measured_s_m",
                     s->sc_s_m, "computed_s_m", computed, "ions", (json_int_t)s->n_ions, "flag",
                     flag);
}

static json_t *check_redox(sei_request *req, const sample *s)
{
    const double temp_c = s->has_temp ? sei_from_si(sei_unit_find("c"), s->temp_k)
                                      : 15.0; /* of mine water, when it was not measured */
    double       eh     = s->eh_v;

    if (!s->has_ph || (!s->has_orp && !s->has_eh) || !s->has_fe2 || !s->has_fe3 || !(s->fe2 > 0) ||
        !(s->fe3 > 0))
        return NULL;
    if (!s->has_eh && sei_eh_from_orp(req->ctx, s->orp_v, SEI_AG_AGCL_3M, temp_c, &eh) != SEI_OK)
        return NULL;
    const uint8_t flag = sei_redox_flag(eh, s->ph, temp_c, s->fe2, s->fe3, REDOX_V);
    return json_pack("{s:s, s:I, s:I, s:f, s:f, s:i}", "check", "redox", "station",
                     (json_int_t)s->station_id, "time_us", (json_int_t)s->time_us, "measured_v", eh,
                     "computed_v", sei_eh_of_iron(s->fe2, s->fe3, temp_c), "flag", flag);
}

static void add_checks(sei_request *req, const sample *s, json_t *checks)
{
    json_t *const found[] = {check_sc(req, s), check_redox(req, s)};

    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++)
        if (found[i])
            json_array_append_new(checks, found[i]);
}

static sei_status check_samples(sei_request *req, json_t *checks)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sample     s    = {0};
    sei_status st   = sei_db_start(
          sei_store_db(req->store),
          "SELECT coalesce(station_id, 0), sampled_us, quantity, value, unit FROM lab_result r WHERE "
            "site_id"
            " = $1 AND below_loq = 0 AND fraction <> 'total' AND NOT EXISTS(SELECT 1 FROM lab_result n "
            "WHERE"
            " n.replaces = r.id) ORDER BY sampled_us DESC, coalesce(station_id, 0) LIMIT $2",
          SEI_BINDS(sei_bind_int(req->id), sei_bind_int(ROWS_MAX)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        const sei_quantity *q  = sei_quantity_find(sei_db_text(stmt, 2));
        double              si = 0.0;
        if (sei_db_int(stmt, 0) != s.station_id || sei_db_int(stmt, 1) != s.time_us) {
            add_checks(req, &s, checks);
            s = (sample){.station_id = sei_db_int(stmt, 0), .time_us = sei_db_int(stmt, 1)};
        }
        if (q &&
            sei_quantity_to_si(q, sei_unit_find(sei_db_text(stmt, 4)), sei_db_real(stmt, 3), &si))
            take_value(&s, q, si);
    }
    sei_db_finish(stmt);
    if (st == SEI_OK)
        add_checks(req, &s, checks);
    return st;
}

/* ---- flow and rain --------------------------------------------------------------------------------------- */

typedef struct {
    size_t n;
    double value[24 * RAIN_DAYS];
    bool   has[24 * RAIN_DAYS];
} hourly;

/* Sums of rain, means of flow. */
static sei_status read_hours(sei_request *req, int64_t channel_id, int64_t from_us, bool is_sum,
                             hourly *h)
{
    size_t     count[24 * RAIN_DAYS] = {0};
    sei_points points;

    sei_points_init(&points, req->ctx);
    *h            = (hourly){.n = 24 * RAIN_DAYS};
    sei_status st = sei_store_read(req->store, channel_id, from_us,
                                   from_us + (int64_t)h->n * SEI_US_PER_HOUR, RAIN_POINTS, &points);
    for (size_t i = 0; i < points.n && st == SEI_OK; i++) {
        const sei_point *p = &points.at[i];
        const size_t     k = (size_t)((p->time_us - from_us) / SEI_US_PER_HOUR);
        if (p->kind != SEI_POINT_VALUE)
            continue;
        h->value[k] += p->value;
        h->has[k] = true;
        count[k]++;
    }
    for (size_t k = 0; k < h->n && !is_sum; k++)
        h->value[k] = count[k] ? h->value[k] / (double)count[k] : 0.0;
    sei_points_done(&points);
    return st;
}

/* The longest stretch in which both are there at every hour. */
static size_t common_stretch(const hourly *a, const hourly *b, size_t *ret_first)
{
    size_t best = 0, run = 0;

    for (size_t k = 0; k < a->n; k++) {
        run = a->has[k] && b->has[k] ? run + 1 : 0;
        if (run > best) {
            best       = run;
            *ret_first = k + 1 - run;
        }
    }
    return best;
}

static sei_status check_pair(sei_request *req, int64_t station_id, int64_t rain_id, int64_t flow_id,
                             json_t *checks)
{
    const int64_t from = (req->now_us / SEI_US_PER_HOUR - 24 * RAIN_DAYS) * SEI_US_PER_HOUR;
    hourly       *h    = sei_alloc(req->ctx, 2, sizeof *h);
    double        r[LAG_STEPS + 1];
    size_t        best = 0, first = 0, n = 0;
    sei_status    st = h ? read_hours(req, rain_id, from, true, &h[0]) : SEI_E_NOMEM;

    if (st == SEI_OK)
        st = read_hours(req, flow_id, from, false, &h[1]);
    if (st == SEI_OK)
        n = common_stretch(&h[0], &h[1], &first);
    if (st == SEI_OK && n >= 72 && /* less than three days tell nothing */
        sei_lag_correlation(req->ctx, n, h[0].value + first, h[1].value + first,
                            n / 3 < LAG_STEPS ? n / 3 : LAG_STEPS, r, &best) == SEI_OK)
        json_array_append_new(checks, json_pack("{s:s, s:I, s:I, s:I, s:f, s:I}", "check", "rain",
                                                "station", (json_int_t)station_id, "time_us",
                                                (json_int_t)from, "lag_h", (json_int_t)best,
                                                "correlation", r[best], "hours", (json_int_t)n));
    sei_release(req->ctx, h);
    return st;
}

static sei_status check_rain(sei_request *req, json_t *checks)
{
    json_t    *rows = NULL, *row;
    size_t     i;
    sei_status st = sei_rows(req, "station:i rain:i flow:i",
                             "SELECT s.id, r.id, f.id FROM station s JOIN channel r ON "
                             "r.station_id = s.id AND (r.key = 'rain'"
                             " OR r.quantity IN ('rain', 'precipitation')) JOIN channel f ON "
                             "f.station_id = s.id AND f.quantity"
                             " = 'flow' WHERE s.site_id = $1 ORDER BY s.id LIMIT 20",
                             SEI_BINDS(sei_bind_int(req->id)), &rows);

    json_array_foreach(rows, i, row) if (st == SEI_OK) st =
        check_pair(req, json_integer_value(json_object_get(row, "station")),
                   json_integer_value(json_object_get(row, "rain")),
                   json_integer_value(json_object_get(row, "flow")), checks);
    json_decref(rows);
    return st;
}

sei_status sei_on_water_checks(sei_request *req)
{
    json_t    *checks = json_array();
    sei_status st     = check_samples(req, checks);

    if (st == SEI_OK)
        st = check_rain(req, checks);
    if (st == SEI_OK)
        req->answer = json_pack("{s:O}", "checks", checks);
    json_decref(checks);
    return st;
}
