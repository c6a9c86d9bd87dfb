/* calibrate_data.c - measured values beside computed ones */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "num/philox.h"
#include "study/calibrate.h"

/* Without a limit of quantification a hundredth of the mean keeps the logarithm of small values in bounds. */
#define FLOOR_SHARE 0.01
/* A chance below this has no logarithm worth counting: the residual stops at 37 standard errors. */
#define LEAST_CHANCE 1e-300

/* ---- residuals -------------------------------------------------------------------------------- */

static double measure(const sei_measured *s, double si)
{
    return s->is_log ? log(fmax(si, 0.0) + s->floor) : si;
}

double sei_data_residual(const sei_measured *s, const sei_datum *d, double computed)
{
    const double z = (measure(s, computed) - measure(s, d->value)) / s->sigma;

    if (!d->is_below)
        return z;
    return sqrt(-2.0 * log(fmax(sei_normal_cdf(-z), LEAST_CHANCE)));
}

double sei_data_softened(double residual, double beyond)
{
    const double size = fabs(residual);

    if (!(beyond > 0.0) || size <= beyond)
        return residual;
    return copysign(sqrt(beyond * (2.0 * size - beyond)), residual);
}

double sei_data_computed(const sei_result *r, const sei_measured *s, const sei_datum *d)
{
    size_t low = 0, high = r->n_times;

    if (r->n_times == 0 || d->time_us < r->time_us[0] || d->time_us > r->time_us[r->n_times - 1])
        return SEI_NO_NUMBER;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (r->time_us[middle] <= d->time_us)
            low = middle;
        else
            high = middle;
    }
    const double a = sei_result_value(r, low, s->watch, s->result_column);
    if (r->time_us[low] == d->time_us || low + 1 == r->n_times)
        return a;
    const double b = sei_result_value(r, low + 1, s->watch, s->result_column);
    const double share =
        (double)(d->time_us - r->time_us[low]) / (double)(r->time_us[low + 1] - r->time_us[low]);
    return a + share * (b - a);
}

/* ---- collecting ------------------------------------------------------------------------------- */

static void set_error(sei_measured *m, const sei_series *s, const sei_calibration_options *o)
{
    const char *key = m->column->quantity->key;
    double      sum = 0.0, loq = 0.0;
    size_t      n = 0;

    m->is_log =
        !m->column->quantity->signed_value && strcmp(key, "ph") != 0 && strcmp(key, "temp") != 0;
    m->sigma = m->is_log ? o->error_ln : strcmp(key, "ph") == 0 ? o->error_ph : o->error_temp_k;
    for (size_t i = 0; i < s->n; i++) {
        if (s->qc[i] == SEI_QC_BELOW_LOQ)
            loq = fmax(loq, s->loq_si[i]);
        else if (isfinite(s->value_si[i])) {
            sum += s->value_si[i];
            n++;
        }
    }
    m->floor = loq > 0.0 ? loq : n > 0 ? FLOOR_SHARE * fabs(sum) / (double)n : 0.0;
}

static sei_fate fate_of(const sei_result *r, const sei_series *s, size_t i, sei_datum *ret)
{
    const bool is_below = s->qc[i] == SEI_QC_BELOW_LOQ;

    *ret = (sei_datum){.time_us  = s->time_us[i],
                       .is_below = is_below,
                       .value    = is_below ? s->loq_si[i] : s->value_si[i]};
    if (s->qc[i] == SEI_QC_MISSING)
        return SEI_FATE_MISSING;
    if (s->qc[i] == SEI_QC_BAD)
        return SEI_FATE_BAD;
    if (r->n_times == 0 || ret->time_us < r->time_us[0] ||
        ret->time_us > r->time_us[r->n_times - 1])
        return SEI_FATE_OUTSIDE;
    if (is_below)
        return s->loq_si[i] > 0.0 ? SEI_FATE_TAKEN : SEI_FATE_UNKNOWN_LIMIT;
    return isfinite(ret->value) ? SEI_FATE_TAKEN : SEI_FATE_MISSING;
}

static void take_series(const sei_result *r, const sei_observation *o, const sei_series *s,
                        const sei_calibration_options *options, sei_data *data)
{
    const size_t watch  = sei_result_watch(r, o->unit);
    const size_t column = sei_result_column(r, s->column.quantity->key, s->column.fraction);
    sei_use     *use    = &data->uses[data->n_uses++];

    *use = (sei_use){.observation = o, .values = s, .series = SIZE_MAX};
    if (watch == SIZE_MAX || column == SIZE_MAX || r->watches[watch].kind == SEI_WATCH_RAW) {
        const bool is_raw = watch != SIZE_MAX && r->watches[watch].kind == SEI_WATCH_RAW;
        use->fate[is_raw ? SEI_FATE_INPUT : SEI_FATE_NOT_COMPUTED] = s->n;
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        sei_datum      d;
        const sei_fate fate = fate_of(r, s, i, &d);
        use->fate[fate]++;
        if (fate != SEI_FATE_TAKEN)
            continue;
        d.series               = data->n_series;
        data->datum[data->n++] = d;
    }
    if (use->fate[SEI_FATE_TAKEN] == 0)
        return;
    use->series     = data->n_series;
    sei_measured *m = &data->series[data->n_series++];
    *m              = (sei_measured){.column = &s->column, .watch = watch, .result_column = column};
    set_error(m, s, options);
}

/* Fitted ones first, each part by series and time. */
static int compare(const void *a, const void *b)
{
    const sei_datum *x = a, *y = b;

    if (x->is_held_out != y->is_held_out)
        return x->is_held_out ? 1 : -1;
    if (x->series != y->series)
        return x->series < y->series ? -1 : 1;
    return x->time_us < y->time_us ? -1 : x->time_us > y->time_us;
}

static void hold_out(sei_data *data, double share)
{
    int64_t first = INT64_MAX, last = INT64_MIN;

    for (size_t i = 0; i < data->n; i++) {
        first = data->datum[i].time_us < first ? data->datum[i].time_us : first;
        last  = data->datum[i].time_us > last ? data->datum[i].time_us : last;
    }
    data->held_out_from_us = last - (int64_t)(share * (double)(last - first));
    data->n_fitted         = 0;
    for (size_t i = 0; i < data->n; i++) {
        data->datum[i].is_held_out = share > 0.0 && data->datum[i].time_us > data->held_out_from_us;
        data->n_fitted += !data->datum[i].is_held_out;
    }
    qsort(data->datum, data->n, sizeof *data->datum, compare);
}

static sei_status refuse_empty(sei_ctx *ctx, const sei_site *site, sei_data *data)
{
    const sei_where where          = {site->path, 0, 0};
    size_t          n[SEI_N_FATES] = {0};

    for (size_t i = 0; i < data->n_uses; i++)
        for (size_t f = 0; f < SEI_N_FATES; f++)
            n[f] += data->uses[i].fate[f];
    sei_data_done(ctx, data);
    return sei_fail(ctx, SEI_E_MISSING, &where,
                    "no measured value to compare with: observations must name a unit of the train "
                    "and a file with values within the run (outside of its period: %zu; missing or "
                    "bad: %zu; below an unknown limit: %zu; quantities that the model does not "
                    "compute there: %zu; of the raw water: %zu)",
                    n[SEI_FATE_OUTSIDE], n[SEI_FATE_MISSING] + n[SEI_FATE_BAD],
                    n[SEI_FATE_UNKNOWN_LIMIT], n[SEI_FATE_NOT_COMPUTED], n[SEI_FATE_INPUT]);
}

sei_status sei_data_collect(sei_ctx *ctx, const sei_result *r,
                            const sei_calibration_options *options, sei_data *ret)
{
    const sei_site *site     = r->site;
    size_t          n_series = 0, n = 0;

    for (size_t i = 0; i < site->n_observations; i++)
        for (size_t k = 0; k < site->observations[i].series->n; k++) {
            n_series++;
            n += site->observations[i].series->series[k]->n;
        }
    *ret        = (sei_data){0};
    ret->series = sei_alloc(ctx, n_series + 1, sizeof *ret->series);
    ret->datum  = sei_alloc(ctx, n + 1, sizeof *ret->datum);
    ret->uses   = sei_alloc(ctx, n_series + 1, sizeof *ret->uses);
    if (!ret->series || !ret->datum || !ret->uses) {
        sei_data_done(ctx, ret);
        return SEI_E_NOMEM;
    }
    for (size_t i = 0; i < site->n_observations; i++)
        for (size_t k = 0; k < site->observations[i].series->n; k++)
            take_series(r, &site->observations[i], site->observations[i].series->series[k], options,
                        ret);
    if (ret->n == 0)
        return refuse_empty(ctx, site, ret);
    hold_out(ret, options->held_out);
    return SEI_OK;
}

void sei_data_done(sei_ctx *ctx, sei_data *data)
{
    sei_release(ctx, data->series);
    sei_release(ctx, data->datum);
    sei_release(ctx, data->uses);
    *data = (sei_data){0};
}
