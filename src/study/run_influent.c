/*
 * run_influent.c - raw water and weather as boundary of a train
 *
 * At every time at which one of the influent's series has a sample the water is speciated: pH, metals,
 * sulfate, oxygen and carbon become component totals with the proton condition. Between those times
 * totals, flow and temperature follow straight lines (or steps), which is what mixing would do.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/constants.h"
#include "chem/equil.h"
#include "study/ground.h"
#include "study/run.h"
#include "study/snow.h"

enum { ROWS_MAX = 128 };

/* Dissolved CO2 that is assumed when the analysis has no carbon: in equilibrium with the air. */
static const double air_co2_atm = 4.2e-4; /* mean of about 2024 (NOAA GML) */

struct sei_run_inflow {
    sei_ctx          *ctx;
    const sei_site   *site;
    const sei_net    *net;
    size_t            n_comp, n_solids, n;              /* n: times */
    double           *t_s, *flow_kg_s, *temp_k, *total; /* [n], total [n * n_comp] */
    double           *now_total, *none;                 /* of the boundary handed out */
    double            now_flow, now_temp, mean_flow;
    size_t            at; /* segment of the last call */
    sei_series_cursor air, ground;
    double            ground_mean_k;
    bool              has_ground_mean, has_ground_wave;
    sei_ground_wave   ground_wave;
    sei_snow         *snow; /* NULL: none */
    sei_series_cursor sun;
};

/* ---- times ---- */

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Where a disturbance bends, inside the run; at most CORNERS. One that comes or goes at a blow has the second before
 * or after too: between times the water follows straight lines. */
enum { CORNERS = 6 };
static size_t add_corners(const sei_site *site, const sei_disturbance *d, int64_t ret_times[])
{
    const int64_t second          = 1000000;
    const int64_t corner[CORNERS] = {d->start_us < d->full_us ? d->start_us : d->start_us - second,
                                     d->start_us,
                                     d->full_us,
                                     d->fade_us,
                                     d->end_us,
                                     d->fade_us < d->end_us ? d->end_us : d->end_us + second};
    size_t n = 0;

    for (size_t i = 0; i < CORNERS; i++)
        if (corner[i] > site->run.start_us && corner[i] < site->run.end_us)
            ret_times[n++] = corner[i];
    return n;
}

/* Distinct times of all series inside the run, with its start and end. */
static sei_status collect_times(sei_run_inflow *in, int64_t **ret_times, size_t *ret_n)
{
    const sei_site *site = in->site;
    size_t          max = 2, n = 0;

    for (size_t i = 0; i < site->influent.n_rows; i++)
        max += site->influent.rows[i].series ? site->influent.rows[i].series->n : 0;
    max += CORNERS * site->n_disturbances;
    int64_t *times = sei_alloc(in->ctx, max, sizeof *times);
    if (!times)
        return SEI_E_NOMEM;
    times[n++] = site->run.start_us;
    times[n++] = site->run.end_us;
    for (size_t i = 0; i < site->influent.n_rows; i++) {
        const sei_series *s = site->influent.rows[i].series;
        for (size_t k = 0; s && k < s->n; k++)
            if (s->time_us[k] > site->run.start_us && s->time_us[k] < site->run.end_us)
                times[n++] = s->time_us[k];
    }
    for (size_t i = 0; i < site->n_disturbances; i++)
        n += add_corners(site, &site->disturbances[i], times + n);
    qsort(times, n, sizeof *times, compare_times);
    size_t kept = 0;
    for (size_t k = 0; k < n; k++)
        if (kept == 0 || times[k] != times[kept - 1])
            times[kept++] = times[k];
    *ret_times = times;
    *ret_n     = kept;
    return SEI_OK;
}

/* ---- one analysis ---- */

typedef struct {
    sei_run_inflow   *in;
    sei_equil        *eq;
    sei_series_cursor cursors[ROWS_MAX];
    double            total[SEI_COMPONENTS_MAX];
    double            ph;
    bool              has_alkalinity, has_carbon, is_warm;
    double            alk_eq_kgw;
} analysis;

/* What disturbances set a quantity to, or multiply it by. */
static void change(const sei_site *site, const sei_influent_row *row, int64_t time_us, double *si)
{
    for (size_t i = 0; i < site->n_disturbances; i++) {
        const sei_disturbance *d = &site->disturbances[i];
        for (size_t k = 0; k < d->n_changes; k++) {
            const sei_influent_change *c = &d->changes[k];
            if (c->column.quantity != row->column.quantity ||
                c->column.fraction != row->column.fraction)
                continue;
            const double w  = sei_disturbance_share(d, time_us);
            const double to = c->is_set ? sei_value_number(&c->value, site->influent.curve.loq_rule)
                                        : *si * c->factor;
            *si += w * (to - *si);
        }
    }
}

/* SI value of a quantity at a time, the dissolved fraction before the total one; false when the site does not
 * give it. */
static sei_status value_at(analysis *a, const char *key, int64_t time_us, bool *ret_has,
                           double *ret_si)
{
    const sei_influent     *influent = &a->in->site->influent;
    const sei_influent_row *row      = sei_influent_find(influent, key, SEI_FRACTION_DISSOLVED);
    char                    text[SEI_TIME_MAX];

    if (!row)
        row = sei_influent_find(influent, key, SEI_FRACTION_TOTAL);
    *ret_has = row != NULL;
    if (!row)
        return SEI_OK;
    const size_t    i = (size_t)(row - influent->rows);
    const sei_value v = sei_influent_at(row, &a->cursors[i], time_us);
    if (v.qc == SEI_QC_MISSING) {
        sei_format_time(text, time_us, a->in->site->utc_offset_us);
        return sei_fail(
            a->in->ctx, SEI_E_MISSING, &row->where,
            "influent: %s has no value at %s: give a constant for the gap, or a longer max_gap_d",
            row->column.quantity->symbol, text);
    }
    *ret_si = sei_value_number(&v, influent->curve.loq_rule);
    change(a->in->site, row, time_us, ret_si);
    return SEI_OK;
}

/* Sets the total of a component, mol/kgw from kg/m3 (1 kgw = 1e-3 m3 of water here). */
static void set_total(analysis *a, const char *component, const sei_quantity *q, double kg_m3)
{
    const size_t j = sei_net_component(a->in->net, component);
    double       mol_m3;

    if (j != SIZE_MAX && sei_quantity_to_molar(q, kg_m3, &mol_m3))
        a->total[j] = mol_m3 / SEI_WATER_KG_M3;
}

static sei_status take_plain(analysis *a, int64_t time_us)
{
    const sei_influent *influent = &a->in->site->influent;

    for (size_t i = 0; i < influent->n_rows; i++) {
        const sei_quantity *q         = influent->rows[i].column.quantity;
        const char         *component = sei_run_component_of(q->key);
        double              si        = 0.0;
        bool                has;
        if (!component)
            continue;
        const sei_status st = value_at(a, q->key, time_us, &has, &si);
        if (st != SEI_OK)
            return st;
        set_total(a, component, q, si);
    }
    return SEI_OK;
}

/* Total iron is split by fe2_share, or what Fe(II) or Fe(III) leave of it. */
static sei_status take_iron(analysis *a, int64_t time_us)
{
    const sei_influent *influent = &a->in->site->influent;
    bool                has_fe, has2, has3;
    double              fe = 0.0, fe2 = 0.0, fe3 = 0.0;

    sei_status st = value_at(a, "fe", time_us, &has_fe, &fe);
    if (st == SEI_OK)
        st = value_at(a, "fe2", time_us, &has2, &fe2);
    if (st == SEI_OK)
        st = value_at(a, "fe3", time_us, &has3, &fe3);
    if (st != SEI_OK || !has_fe || (has2 && has3))
        return st;
    if (!has2 && !has3) {
        if (!influent->has_fe2_share)
            sei_warn(a->in->ctx, NULL,
                     "influent: iron is taken as Fe(II); give fe2_share or fe2_mg_l");
        fe2 = fe * (influent->has_fe2_share ? influent->fe2_share : 1.0);
    } else if (has3)
        fe2 = fmax(0.0, fe - fe3);
    set_total(a, "Fe(2)", sei_quantity_find("fe2"), fe2);
    set_total(a, "Fe(3)", sei_quantity_find("fe3"), fmax(0.0, fe - fe2));
    return SEI_OK;
}

static sei_status take_carbon(analysis *a, int64_t time_us)
{
    double si = 0.0, mol_m3;
    bool   has;

    sei_status st = value_at(a, "tic", time_us, &has, &si);
    if (st != SEI_OK)
        return st;
    if (has) {
        a->has_carbon = true;
        set_total(a, "C(4)", sei_quantity_find("tic"), si);
        return SEI_OK;
    }
    st = value_at(a, "alkalinity", time_us, &has, &si);
    if (st == SEI_OK && has && si > 0.0 &&
        sei_quantity_to_molar(sei_quantity_find("alkalinity"), si, &mol_m3)) {
        a->has_alkalinity = true;
        a->alk_eq_kgw     = mol_m3 / SEI_WATER_KG_M3;
    }
    return st;
}

/* Total carbon at which CO2(g) has the air's partial pressure: ln p is nearly straight in ln C. */
static sei_status carbon_from_air(analysis *a, sei_water *w)
{
    const size_t j   = sei_net_component(a->in->net, "C(4)");
    const size_t co2 = sei_net_phase_index(a->in->net, "CO2(g)");

    if (j == SIZE_MAX || co2 == SIZE_MAX)
        return SEI_OK;
    sei_warn(a->in->ctx, NULL,
             "influent: no alkalinity and no inorganic carbon given; dissolved CO2 is taken in "
             "equilibrium with air");
    a->total[j] = 2e-5;
    for (int k = 0; k < 30; k++) {
        const sei_status st = sei_equil_solve(a->in->ctx, a->eq, w, NULL);
        if (st != SEI_OK)
            return st;
        const double off = log(air_co2_atm) - sei_equil_ln_sr(a->eq, co2);
        if (fabs(off) < 1e-10)
            break;
        a->total[j] *= exp(off);
        w->warm = true;
    }
    return SEI_OK;
}

static size_t balance_component(const sei_run_inflow *in)
{
    const sei_quantity *q = in->site->influent.balance;

    if (!q)
        return SIZE_MAX;
    if (strcmp(q->key, "ph") == 0)
        return in->n_comp - 1;
    const char *c = sei_run_component_of(q->key);
    return c ? sei_net_component(in->net, c) : SIZE_MAX;
}

static sei_status speciate(analysis *a, double temp_k)
{
    const size_t alk = a->has_alkalinity ? sei_net_component(a->in->net, "C(4)") : SIZE_MAX;
    sei_water    w   = {.temp_k        = temp_k,
                        .fix_ph        = true,
                        .ph            = a->ph,
                        .total         = a->total,
                        .balance       = SIZE_MAX,
                        .alk_component = alk,
                        .alk_eq_kgw    = a->alk_eq_kgw};

    if (!a->has_alkalinity && !a->has_carbon) {
        const sei_status st = carbon_from_air(a, &w);
        if (st != SEI_OK)
            return st;
    }
    w.balance = balance_component(a->in);
    w.warm    = false;
    if (w.balance == a->in->n_comp - 1)
        w.fix_ph = false;
    const sei_status st = sei_equil_solve(a->in->ctx, a->eq, &w, NULL);
    if (st == SEI_E_NOT_CONVERGED && w.balance != SIZE_MAX)
        return sei_fail(a->in->ctx, st, NULL,
                        "%s; charge_balance: %s may not be able to balance this water: choose "
                        "another ion (na for alkaline water), or check pH and analysis",
                        sei_ctx_error(a->in->ctx), a->in->site->influent.balance->key);
    return st;
}

/* The proton condition is the speciated total of H; the others follow the solution as well, because charge
 * or alkalinity may have changed them. */
static void keep_totals(const analysis *a, double total[])
{
    memcpy(total, a->eq->total, a->in->n_comp * sizeof *total);
    for (size_t j = 0; j + 1 < a->in->n_comp; j++)
        if (total[j] < 2e-16) /* traces put in for the solver are no water */
            total[j] = 0.0;
}

/* What disturbances make of a water: pH stays as the analysis has it. */
static void disturb(analysis *a, int64_t time_us, double *flow, double *temp)
{
    const sei_site *site   = a->in->site;
    double          factor = 1.0;

    for (size_t i = 0; i < site->n_disturbances; i++) {
        const sei_disturbance *d = &site->disturbances[i];
        const double           w = sei_disturbance_share(d, time_us);
        *flow *= 1.0 + w * (d->flow_factor - 1.0);
        *temp += w * d->water_shift_k;
        factor *= 1.0 + w * (d->concentration_factor - 1.0);
    }
    *temp = fmax(*temp, SEI_ZERO_CELSIUS);
    if (!(factor > 1.0) && !(factor < 1.0))
        return;
    for (size_t j = 0; j + 1 < a->in->n_comp; j++)
        a->total[j] *= factor;
    a->alk_eq_kgw *= factor;
}

static sei_status analyse(analysis *a, int64_t time_us, size_t k)
{
    sei_run_inflow *in   = a->in;
    double          flow = 0.0, temp = 0.0, ph = 0.0;
    bool            has;
    char            text[SEI_TIME_MAX];

    for (size_t j = 0; j < in->n_comp; j++)
        a->total[j] = 1e-16;
    a->has_alkalinity = a->has_carbon = false;
    sei_status st                     = value_at(a, "flow", time_us, &has, &flow);
    if (st == SEI_OK)
        st = value_at(a, "temp", time_us, &has, &temp);
    if (st == SEI_OK)
        st = value_at(a, "ph", time_us, &has, &ph);
    if (st == SEI_OK)
        st = take_plain(a, time_us);
    if (st == SEI_OK)
        st = take_iron(a, time_us);
    if (st == SEI_OK)
        st = take_carbon(a, time_us);
    if (st != SEI_OK)
        return st;
    a->ph = ph;
    disturb(a, time_us, &flow, &temp);
    for (size_t j = 0; j < in->n_comp; j++)
        if (!(a->total[j] > 1e-16))
            a->total[j] = 1e-16;
    st = speciate(a, temp);
    if (st != SEI_OK) {
        sei_format_time(text, time_us, in->site->utc_offset_us);
        return sei_fail(in->ctx, st, NULL, "influent at %s: %s", text, sei_ctx_error(in->ctx));
    }
    in->t_s[k]       = (double)(time_us - in->site->run.start_us) / 1e6;
    in->flow_kg_s[k] = flow * SEI_WATER_KG_M3;
    in->temp_k[k]    = temp;
    keep_totals(a, in->total + k * in->n_comp);
    return SEI_OK;
}

/* ---- weather ---- */

/* Mean of the air over the run, sampled daily: what the ground has at depth. */
static sei_status set_ground(sei_run_inflow *in)
{
    const sei_site   *site   = in->site;
    sei_series_cursor cursor = {0};
    double            sum    = 0.0, temp;
    size_t            n      = 0;

    if (site->climate.ground.kind != SEI_CLIMATE_NONE || site->climate.air.kind == SEI_CLIMATE_NONE)
        return SEI_OK;
    if (site->climate.ground_depth_m > 0.0 &&
        sei_ground_wave_of(&site->climate.air, site->run.start_us, site->utc_offset_us,
                           &in->ground_wave, &in->has_ground_wave) &&
        !in->has_ground_wave)
        sei_warn(
            in->ctx, NULL,
            "climate: ground_depth_m needs the air of nearly a year; the ground keeps the mean "
            "of what there is");
    for (int64_t t = site->run.start_us; t <= site->run.end_us; t += SEI_US_PER_DAY) {
        if (sei_climate_at(&site->climate.air, &cursor, t, site->utc_offset_us, &temp)) {
            sum += temp;
            n++;
        }
    }
    in->has_ground_mean = n > 0;
    in->ground_mean_k   = n > 0 ? sum / (double)n : 0.0;
    return SEI_OK;
}

static double air_shift(const sei_site *site, int64_t time_us)
{
    double shift = 0.0;

    for (size_t i = 0; i < site->n_disturbances; i++)
        shift += sei_disturbance_share(&site->disturbances[i], time_us) *
                 site->disturbances[i].air_shift_k;
    return shift;
}

static sei_status weather_at(sei_run_inflow *in, sei_ctx *ctx, double t_s, double *ret_air,
                             double *ret_ground)
{
    const sei_site *site = in->site;
    const int64_t   time = site->run.start_us + (int64_t)llround(t_s * 1e6);
    char            text[SEI_TIME_MAX];

    *ret_air    = in->now_temp; /* without a climate nothing is exchanged */
    *ret_ground = in->now_temp;
    if (site->climate.air.kind == SEI_CLIMATE_NONE)
        return SEI_OK;
    if (!sei_climate_at(&site->climate.air, &in->air, time, site->utc_offset_us, ret_air)) {
        sei_format_time(text, time, site->utc_offset_us);
        return sei_fail(ctx, SEI_E_MISSING, NULL, "climate: no air temperature at %s", text);
    }
    *ret_air += air_shift(site, time);
    if (in->has_ground_wave)
        *ret_ground = sei_ground_wave_at(&in->ground_wave, site->climate.ground_depth_m,
                                         site->climate.ground_damping_m, time);
    else if (in->has_ground_mean)
        *ret_ground = in->ground_mean_k;
    else if (!sei_climate_at(&site->climate.ground, &in->ground, time, site->utc_offset_us,
                             ret_ground)) {
        sei_format_time(text, time, site->utc_offset_us);
        return sei_fail(ctx, SEI_E_MISSING, NULL, "climate: no ground temperature at %s", text);
    }
    return SEI_OK;
}

/* Sun and snow; the site checks that there is an air temperature, without which neither counts. */
static void sky_at(sei_run_inflow *in, double t_s, sei_boundary *boundary)
{
    const sei_site *site = in->site;
    const int64_t   time = site->run.start_us + (int64_t)llround(t_s * 1e6);

    if (!sei_climate_at(&site->climate.sun, &in->sun, time, site->utc_offset_us,
                        &boundary->sun_w_m2))
        boundary->sun_w_m2 = 0.0;
    if (in->snow) {
        const double depth    = sei_snow_depth_m(in->snow, time);
        boundary->snow_m2_k_w = depth / site->climate.snow_w_m_k;
        boundary->snow_shade  = sei_snow_shade(depth);
    }
}

/* ---- public ---- */

/* Equal ends give that value to the bit, wherever the end lies. */
static double between(double a, double b, double w)
{
    return a + w * (b - a);
}

sei_status sei_run_boundary(void *user, sei_ctx *ctx, double t_s, sei_boundary *boundary)
{
    sei_run_inflow *in   = user;
    const bool      step = in->site->influent.curve.kind == SEI_CURVE_STEP;

    while (in->at + 1 < in->n && in->t_s[in->at + 1] <= t_s)
        in->at++;
    while (in->at > 0 && in->t_s[in->at] > t_s)
        in->at--;
    const size_t k = in->at, next = k + 1 < in->n && !step ? k + 1 : k;
    const double span = in->t_s[next] - in->t_s[k];
    const double w    = span > 0.0 ? fmin(1.0, fmax(0.0, (t_s - in->t_s[k]) / span)) : 0.0;
    in->now_flow      = between(in->flow_kg_s[k], in->flow_kg_s[next], w);
    in->now_temp      = between(in->temp_k[k], in->temp_k[next], w);
    for (size_t j = 0; j < in->n_comp; j++)
        in->now_total[j] =
            between(in->total[k * in->n_comp + j], in->total[next * in->n_comp + j], w);
    *boundary = (sei_boundary){.flow_kg_s       = &in->now_flow,
                               .temp_k          = &in->now_temp,
                               .total_molal     = in->now_total,
                               .suspended_molal = in->none};
    sky_at(in, t_s, boundary);
    return weather_at(in, ctx, t_s, &boundary->air_k, &boundary->ground_k);
}

double sei_run_inflow_mean_m3_s(const sei_run_inflow *in)
{
    return in->mean_flow;
}

double sei_run_inflow_ground_k(const sei_run_inflow *in)
{
    return in->has_ground_mean ? in->ground_mean_k : 0.0;
}

double sei_run_inflow_next_break(const sei_run_inflow *in, double t_s)
{
    for (size_t k = in->at; k < in->n; k++)
        if (in->t_s[k] > t_s)
            return in->t_s[k];
    return INFINITY;
}

static void set_mean_flow(sei_run_inflow *in)
{
    const bool step = in->site->influent.curve.kind == SEI_CURVE_STEP;
    double     sum  = 0.0;

    for (size_t k = 0; k + 1 < in->n; k++) {
        const double mean =
            step ? in->flow_kg_s[k] : 0.5 * (in->flow_kg_s[k] + in->flow_kg_s[k + 1]);
        sum += mean * (in->t_s[k + 1] - in->t_s[k]);
    }
    in->mean_flow = sum / in->t_s[in->n - 1] / SEI_WATER_KG_M3;
}

static sei_status fill(sei_run_inflow *in)
{
    int64_t   *times = NULL;
    analysis  *a     = sei_alloc(in->ctx, 1, sizeof *a);
    sei_status st    = a ? collect_times(in, &times, &in->n) : SEI_E_NOMEM;

    if (st != SEI_OK)
        goto done;
    in->t_s       = sei_alloc(in->ctx, in->n, sizeof *in->t_s);
    in->flow_kg_s = sei_alloc(in->ctx, in->n, sizeof *in->flow_kg_s);
    in->temp_k    = sei_alloc(in->ctx, in->n, sizeof *in->temp_k);
    in->total     = sei_alloc(in->ctx, in->n * in->n_comp, sizeof *in->total);
    in->now_total = sei_alloc(in->ctx, in->n_comp, sizeof *in->now_total);
    in->none      = sei_alloc(in->ctx, in->n_solids, sizeof *in->none);
    if (!in->t_s || !in->flow_kg_s || !in->temp_k || !in->total || !in->now_total || !in->none) {
        st = SEI_E_NOMEM;
        goto done;
    }
    a->in = in;
    st    = sei_equil_create(in->ctx, in->net, &a->eq);
    for (size_t k = 0; k < in->n && st == SEI_OK; k++)
        st = analyse(a, times[k], k);
    if (st == SEI_OK)
        set_mean_flow(in);
done:
    if (a)
        sei_equil_free(a->eq);
    sei_release(in->ctx, a);
    sei_release(in->ctx, times);
    return st;
}

static void tell_idle_disturbances(sei_ctx *ctx, const sei_site *site)
{
    for (size_t i = 0; i < site->n_disturbances; i++) {
        const sei_disturbance *d = &site->disturbances[i];
        if (d->end_us <= site->run.start_us || d->start_us >= site->run.end_us)
            sei_warn(ctx, &d->where, "the disturbance lies outside the run and changes nothing");
    }
}

sei_status sei_run_inflow_create(sei_ctx *ctx, const sei_site *site, const sei_run_model *model,
                                 sei_run_inflow **ret)
{
    if (site->influent.n_rows > ROWS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "influent: more than %d quantities",
                        (int)ROWS_MAX);
    sei_run_inflow *in = sei_alloc(ctx, 1, sizeof *in);
    if (!in)
        return SEI_E_NOMEM;
    in->ctx      = ctx;
    in->site     = site;
    in->net      = sei_model_net(model->model);
    in->n_comp   = sei_model_n_components(model->model);
    in->n_solids = sei_model_n_solids(model->model);
    tell_idle_disturbances(ctx, site);
    sei_status st = fill(in);
    if (st == SEI_OK)
        st = sei_snow_create(ctx, site, air_shift, &in->snow);
    if (st == SEI_OK)
        st = set_ground(in);
    if (st != SEI_OK) {
        sei_run_inflow_free(in);
        return st;
    }
    *ret = in;
    return SEI_OK;
}

void sei_run_inflow_free(sei_run_inflow *in)
{
    if (!in)
        return;
    double *const blocks[] = {in->t_s,   in->flow_kg_s, in->temp_k,
                              in->total, in->now_total, in->none};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        sei_release(in->ctx, blocks[i]);
    sei_snow_free(in->snow);
    sei_release(in->ctx, in);
}
