/* result_digest.c - means, loads and judgements of a result */
#include "study/result_digest.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "study/result_flow.h"

bool sei_digest_value(const sei_digest *d, size_t time, size_t watch, size_t column, double *ret_si)
{
    const sei_result *r   = d->result;
    const double     *row = r->value + (time * r->n_watches + watch) * r->n_columns;
    const double      v   = row[column];

    if (!isfinite(v))
        return false;
    if (watch == d->discharge && d->flow != SIZE_MAX && column != d->flow && row[d->flow] <= 0)
        return false;
    *ret_si = v;
    return true;
}

const sei_stat *sei_digest_stat(const sei_digest *d, size_t watch, size_t column)
{
    return &d->stats[watch * d->result->n_columns + column];
}

/* ---- wash-out ------------------------------------------------------------------------------- */

/* Retention time of pore water along the way to a unit. */
static double way_s(const sei_result *r, size_t unit, size_t path[])
{
    const size_t n   = sei_flow_path(r->site, unit, path);
    double       sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += r->units[path[i]].hrt_pore_s;
    return sum;
}

/* Three retention times leave a twentieth of what a stirred train held at the start, and less of a
 * bed's. A run that is not much longer than that is shown whole. */
static sei_status find_first(sei_digest *d)
{
    const sei_result *r       = d->result;
    const double      times   = 3;
    double            longest = 0;

    if (r->site->run.mode == SEI_RUN_STEADY || r->site->run.initial == SEI_INITIAL_STEADY)
        return SEI_OK;
    size_t *path = sei_alloc(d->ctx, r->n_units + 1, sizeof *path);
    if (!path)
        return SEI_E_NOMEM;
    for (size_t u = 0; u < r->n_units; u++)
        longest = fmax(longest, way_s(r, u, path));
    sei_release(d->ctx, path);
    const double wash_out_us = times * longest * (double)SEI_US_PER_S;
    for (size_t i = 0; i < r->n_times && wash_out_us > 0; i++)
        if ((double)(r->time_us[i] - r->time_us[0]) >= wash_out_us) {
            const double rest_us = (double)(r->time_us[r->n_times - 1] - r->time_us[i]);
            d->first             = rest_us >= wash_out_us ? i : 0;
            break;
        }
    d->wash_out_s = d->first > 0 ? times * longest : 0;
    return SEI_OK;
}

/* ---- means and loads -------------------------------------------------------------------------- */

/* Concentration times flow; false when one of them is missing. */
static bool load_at(const sei_digest *d, size_t time, size_t watch, size_t column, double *ret)
{
    double c, q;

    if (d->flow == SIZE_MAX || !sei_digest_value(d, time, watch, column, &c) ||
        !sei_digest_value(d, time, watch, d->flow, &q))
        return false;
    *ret = c * q;
    return true;
}

typedef bool (*value_fn)(const sei_digest *d, size_t time, size_t watch, size_t column,
                         double *ret);

/* Mean by straight lines between instants that both have a value; a lone one stands for itself. */
static bool mean_over_time(const sei_digest *d, size_t watch, size_t column, value_fn value,
                           double *ret_mean)
{
    const int64_t *t   = d->result->time_us;
    double         sum = 0, span = 0, last = 0, any = 0;
    bool           has_last = false, has_any = false;

    for (size_t i = d->first; i < d->result->n_times; i++) {
        double     v   = 0;
        const bool has = value(d, i, watch, column, &v);
        if (has && has_last) {
            const double dt = (double)(t[i] - t[i - 1]);
            sum += 0.5 * (v + last) * dt;
            span += dt;
        }
        if (has) {
            any     = v;
            has_any = true;
        }
        last     = v;
        has_last = has;
    }
    if (!has_any)
        return false;
    *ret_mean = span > 0 ? sum / span : any;
    return true;
}

static void take_extremes(const sei_digest *d, size_t watch, size_t column, sei_stat *stat)
{
    double v;

    for (size_t i = d->first; i < d->result->n_times; i++) {
        if (!sei_digest_value(d, i, watch, column, &v))
            continue;
        if (!stat->has || v < stat->min) {
            stat->min    = v;
            stat->min_us = d->result->time_us[i];
        }
        if (!stat->has || v > stat->max) {
            stat->max    = v;
            stat->max_us = d->result->time_us[i];
        }
        stat->has = true;
    }
}

static void find_stats(sei_digest *d)
{
    const sei_result *r = d->result;

    for (size_t w = 0; w < r->n_watches; w++)
        for (size_t c = 0; c < r->n_columns; c++) {
            sei_stat *stat = &d->stats[w * r->n_columns + c];
            take_extremes(d, w, c, stat);
            stat->has      = stat->has && mean_over_time(d, w, c, sei_digest_value, &stat->mean);
            stat->has_load = stat->has && r->columns[c].quantity->dimension == SEI_DIM_MASS_CONC &&
                             mean_over_time(d, w, c, load_at, &stat->load_kg_s);
        }
}

bool sei_digest_removal(const sei_digest *d, size_t column, double *ret_removal)
{
    const sei_quantity *q = d->result->columns[column].quantity;

    if (d->raw == SIZE_MAX || d->discharge == SIZE_MAX || q->signed_value)
        return false;
    const sei_stat *in  = sei_digest_stat(d, d->raw, column);
    const sei_stat *out = sei_digest_stat(d, d->discharge, column);
    if (!in->has_load || !out->has_load || !(in->load_kg_s > 0))
        return false;
    *ret_removal = 1 - out->load_kg_s / in->load_kg_s;
    return true;
}

/* ---- judgements ------------------------------------------------------------------------------- */

/* A run that ends at midnight ends a day: its last instant belongs to that day, month and year, not to one of which
 * it would be the only value. It stands a second earlier. */
static int64_t judged_time(const sei_result *r, size_t i)
{
    const int64_t local = r->time_us[i] + r->site->utc_offset_us;

    return i > 0 && i + 1 == r->n_times && local % SEI_US_PER_DAY == 0 ? r->time_us[i] - 1000000
                                                                       : r->time_us[i];
}

static sei_status discharge_series(const sei_digest *d, size_t column, sei_series **ret_series)
{
    const sei_result *r = d->result;
    sei_series       *s = NULL;

    sei_status st = sei_series_create(d->ctx, &r->columns[column], &s);
    for (size_t i = d->first; i < r->n_times && st == SEI_OK; i++) {
        sei_value v = {.qc = SEI_QC_MISSING};
        if (sei_digest_value(d, i, d->discharge, column, &v.value_si))
            v.qc = SEI_QC_GOOD;
        st = sei_series_append(s, judged_time(r, i), v);
    }
    if (st != SEI_OK) {
        sei_series_free(s);
        return st;
    }
    *ret_series = s;
    return SEI_OK;
}

static sei_status judge_period(const sei_digest *d, const sei_series *series, sei_period period,
                               sei_column_judged *ret_judged)
{
    sei_compliance_options options = SEI_COMPLIANCE_DEFAULTS;

    options.period    = period;
    options.offset_us = d->result->site->utc_offset_us;
    return sei_compliance_judge(d->ctx, series, d->result->site->limit_tables,
                                &d->result->site->limits, &options, &ret_judged->results,
                                &ret_judged->n);
}

static sei_status judge_column(sei_digest *d, size_t column)
{
    sei_series *series = NULL;

    d->fiscal[column].column   = column;
    d->calendar[column].column = column;
    sei_status st              = discharge_series(d, column, &series);
    if (st == SEI_OK)
        st = judge_period(d, series, SEI_PERIOD_FISCAL_YEAR, &d->fiscal[column]);
    if (st == SEI_OK)
        st = judge_period(d, series, SEI_PERIOD_YEAR, &d->calendar[column]);
    sei_series_free(series);
    return st;
}

static bool is_limit(const sei_limit *l)
{
    return l->has_min || l->has_max || l->statistic == SEI_LIMIT_NOT_DETECTED;
}

static bool is_same(double a, double b)
{
    return !(a < b) && !(a > b);
}

static bool is_same_limit(const sei_limit *a, const sei_limit *b)
{
    return a->has_min == b->has_min && a->has_max == b->has_max &&
           (!a->has_min || is_same(a->min_si, b->min_si)) &&
           (!a->has_max || is_same(a->max_si, b->max_si));
}

/* Distance inside the limit, negative beyond it. */
static double distance(const sei_limit *l, double value)
{
    double d = HUGE_VAL;

    if (l->has_max)
        d = l->max_si - value;
    if (l->has_min && value - l->min_si < d)
        d = value - l->min_si;
    return d;
}

/* What is held against the limit: the annual mean where the limit is one, else the worst value. */
static sei_judgement of_compliance(size_t column, const sei_compliance *c)
{
    const bool    annual = c->limit.statistic == SEI_LIMIT_ANNUAL_MEAN;
    sei_judgement j      = {.column   = column,
                            .limit    = c->limit,
                            .n        = annual ? 1 : c->n,
                            .n_exceed = annual ? !c->mean_ok : c->n_exceed,
                            .worst    = annual ? c->mean : c->worst,
                            .worst_us = annual ? c->start_us : c->worst_us};

    j.has_margin = c->limit.has_min || c->limit.has_max;
    j.margin     = j.has_margin ? distance(&c->limit, j.worst) : 0;
    j.verdict    = j.n_exceed > 0 ? SEI_VERDICT_FAIL : SEI_VERDICT_PASS;
    return j;
}

static void merge(sei_judgement *into, const sei_judgement *more)
{
    const size_t n = into->n + more->n, n_exceed = into->n_exceed + more->n_exceed;
    const bool   changes =
        into->changes || more->changes || !is_same_limit(&into->limit, &more->limit);

    if (more->margin < into->margin)
        *into = *more;
    into->n        = n;
    into->n_exceed = n_exceed;
    into->changes  = changes;
    into->verdict  = n_exceed > 0 ? SEI_VERDICT_FAIL : SEI_VERDICT_PASS;
}

static void put_judgement(sei_digest *d, size_t first, size_t column, const sei_compliance *c)
{
    if (!is_limit(&c->limit) || !c->has_mean)
        return;
    const sei_judgement j = of_compliance(column, c);
    for (size_t i = first; i < d->n_judgements; i++)
        if (d->judgements[i].limit.statistic == c->limit.statistic) {
            merge(&d->judgements[i], &j);
            return;
        }
    d->judgements[d->n_judgements++] = j;
}

/* One judgement a column and statistic, from the results by fiscal year. */
static void collect_judgements(sei_digest *d)
{
    for (size_t c = 0; c < d->result->n_columns; c++) {
        const size_t first = d->n_judgements;
        for (size_t i = 0; i < d->fiscal[c].n; i++)
            put_judgement(d, first, c, &d->fiscal[c].results[i]);
    }
    for (size_t i = 0; i < d->n_judgements; i++)
        if (d->verdict != SEI_VERDICT_FAIL)
            d->verdict = d->judgements[i].verdict;
}

static sei_status judge(sei_digest *d)
{
    const sei_result *r  = d->result;
    sei_status        st = SEI_OK;
    size_t            n  = 0;

    if (d->discharge == SIZE_MAX || !r->site->limit_tables)
        return SEI_OK;
    for (size_t c = 0; c < r->n_columns && st == SEI_OK; c++) {
        st = judge_column(d, c);
        n += d->fiscal[c].n;
    }
    if (st != SEI_OK)
        return st;
    d->judgements = sei_alloc(d->ctx, n + 1, sizeof *d->judgements);
    if (!d->judgements)
        return SEI_E_NOMEM;
    collect_judgements(d);
    return SEI_OK;
}

const sei_judgement *sei_digest_judgement(const sei_digest *d, size_t column)
{
    const sei_judgement *worst = NULL;

    for (size_t i = 0; i < d->n_judgements; i++) {
        const sei_judgement *j = &d->judgements[i];
        if (j->column == column &&
            (!worst || (j->verdict == SEI_VERDICT_FAIL && worst->verdict != SEI_VERDICT_FAIL)))
            worst = j;
    }
    return worst;
}

bool sei_digest_is_shown(const sei_digest *d, size_t column)
{
    const sei_quantity *q        = d->result->columns[column].quantity;
    const sei_influent *influent = &d->result->site->influent;

    if (sei_digest_judgement(d, column))
        return true;
    if (d->result->site->model.nutrients &&
        (strcmp(q->key, "tn") == 0 || strcmp(q->key, "tp") == 0))
        return true;
    for (size_t i = 0; i < influent->n_rows; i++)
        if (influent->rows[i].column.quantity == q)
            return true;
    return false;
}

double sei_solid_at(const sei_result *r, size_t time, size_t unit, size_t solid)
{
    return r->solid_mol[(time * r->n_units + unit) * r->n_solids + solid];
}

size_t sei_worst_book(const sei_result *r)
{
    size_t worst = r->n_books;

    for (size_t i = 0; i < r->n_books; i++)
        if (worst == r->n_books || fabs(r->books[i].imbalance) > fabs(r->books[worst].imbalance))
            worst = i;
    return worst;
}

double sei_day_s(void)
{
    return (double)(SEI_US_PER_DAY / SEI_US_PER_S);
}

bool sei_digest_is_metal(const sei_digest *d, size_t column)
{
    static const char *const treated[] = {"fe", "zn", "cu", "cd", "pb", "as", "mn", "al"};
    const sei_result        *r         = d->result;
    const sei_quantity      *q         = r->columns[column].quantity;
    const size_t             dissolved = sei_result_column(r, q->key, SEI_FRACTION_DISSOLVED);

    if (!q->fractions || !q->formula || r->columns[column].fraction != SEI_FRACTION_TOTAL)
        return false;
    if (sei_digest_judgement(d, column) ||
        (dissolved != SIZE_MAX && sei_digest_judgement(d, dissolved)))
        return true;
    for (size_t i = 0; i < sizeof treated / sizeof treated[0]; i++)
        if (strcmp(treated[i], q->key) == 0)
            return sei_digest_is_shown(d, column);
    return false;
}

/* ---- life ------------------------------------------------------------------------------------- */

static size_t find_watch(const sei_result *r, sei_watch_kind kind)
{
    for (size_t i = 0; i < r->n_watches; i++)
        if (r->watches[i].kind == kind)
            return i;
    return SIZE_MAX;
}

void sei_digest_free(sei_digest *d)
{
    if (!d)
        return;
    for (size_t c = 0; c < d->result->n_columns; c++) {
        if (d->fiscal)
            sei_release(d->ctx, d->fiscal[c].results);
        if (d->calendar)
            sei_release(d->ctx, d->calendar[c].results);
    }
    sei_release(d->ctx, d->fiscal);
    sei_release(d->ctx, d->calendar);
    sei_release(d->ctx, d->stats);
    sei_release(d->ctx, d->judgements);
    sei_release(d->ctx, d->breaches);
    sei_release(d->ctx, d);
}

sei_status sei_digest_create(sei_ctx *ctx, const sei_result *result, sei_digest **ret_digest)
{
    sei_digest *d  = sei_alloc(ctx, 1, sizeof *d);
    sei_status  st = SEI_E_NOMEM;

    if (!d)
        return SEI_E_NOMEM;
    d->ctx       = ctx;
    d->result    = result;
    d->raw       = find_watch(result, SEI_WATCH_RAW);
    d->discharge = find_watch(result, SEI_WATCH_DISCHARGE);
    d->flow      = sei_result_column(result, "flow", SEI_FRACTION_TOTAL);
    d->stats     = sei_alloc(ctx, result->n_watches * result->n_columns + 1, sizeof *d->stats);
    d->fiscal    = sei_alloc(ctx, result->n_columns + 1, sizeof *d->fiscal);
    d->calendar  = sei_alloc(ctx, result->n_columns + 1, sizeof *d->calendar);
    d->breaches  = sei_alloc(ctx, 2 * result->n_laws * result->n_units + 1, sizeof *d->breaches);
    if (d->stats && d->fiscal && d->calendar && d->breaches)
        st = find_first(d);
    if (st == SEI_OK) {
        find_stats(d);
        sei_digest_find_breaches(d);
        st = judge(d);
    }
    if (st != SEI_OK)
        goto done;

    *ret_digest = d;
    d           = NULL;
done:
    sei_digest_free(d);
    return st;
}
