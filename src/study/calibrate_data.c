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

/* Values that are neither bad nor missing; one below an unknown limit tells nothing. */
static bool take_value(const sei_series *s, size_t i, sei_datum *ret)
{
    const bool is_below = s->qc[i] == SEI_QC_BELOW_LOQ;

    if (s->qc[i] == SEI_QC_BAD || s->qc[i] == SEI_QC_MISSING)
        return false;
    *ret = (sei_datum){.time_us  = s->time_us[i],
                       .is_below = is_below,
                       .value    = is_below ? s->loq_si[i] : s->value_si[i]};
    return is_below ? s->loq_si[i] > 0.0 : isfinite(ret->value);
}

static void take_series(const sei_result *r, const sei_observation *o, const sei_series *s,
                        const sei_calibration_options *options, sei_data *data)
{
    const size_t watch  = sei_result_watch(r, o->unit);
    const size_t column = sei_result_column(r, s->column.quantity->key, s->column.fraction);
    const size_t before = data->n;

    if (watch == SIZE_MAX || column == SIZE_MAX || r->watches[watch].kind == SEI_WATCH_RAW ||
        r->n_times == 0)
        return;
    for (size_t i = 0; i < s->n; i++) {
        sei_datum d;
        if (!take_value(s, i, &d) || d.time_us < r->time_us[0] ||
            d.time_us > r->time_us[r->n_times - 1])
            continue;
        d.series               = data->n_series;
        data->datum[data->n++] = d;
    }
    if (data->n == before)
        return;
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
    if (!ret->series || !ret->datum) {
        sei_data_done(ctx, ret);
        return SEI_E_NOMEM;
    }
    for (size_t i = 0; i < site->n_observations; i++)
        for (size_t k = 0; k < site->observations[i].series->n; k++)
            take_series(r, &site->observations[i], site->observations[i].series->series[k], options,
                        ret);
    if (ret->n == 0) {
        const sei_where where = {site->path, 0, 0};
        sei_data_done(ctx, ret);
        return sei_fail(ctx, SEI_E_MISSING, &where,
                        "no measured value to compare with: observations must name a unit of the "
                        "train and a file with "
                        "values within the run");
    }
    hold_out(ret, options->held_out);
    return SEI_OK;
}

void sei_data_done(sei_ctx *ctx, sei_data *data)
{
    sei_release(ctx, data->series);
    sei_release(ctx, data->datum);
    *data = (sei_data){0};
}
