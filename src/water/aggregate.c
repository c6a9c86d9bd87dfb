/* aggregate.c - hourly to yearly figures of a series */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "seiryu/water.h"

static const char *const period_names[] = {"all", "hour", "day", "month", "year", "fiscal_year"};

const char *sei_period_name(sei_period period)
{
    return (size_t)period < 6 ? period_names[period] : "";
}

/* Days, months and years count by the local calendar; month 13 is January of the next year. */
static int64_t local_start(int year, int month, int day, int hour, int64_t offset_us)
{
    const sei_civil c = {
        .year = year + (month - 1) / 12, .month = (month - 1) % 12 + 1, .day = day, .hour = hour};

    return sei_time_from_civil(&c, offset_us);
}

void sei_period_bounds(sei_period period, int64_t time_us, int64_t offset_us, int64_t *ret_start_us,
                       int64_t *ret_end_us)
{
    const sei_civil c = sei_time_to_civil(time_us, offset_us);
    /* The Japanese fiscal year begins on 1 April. */
    const int fiscal = c.month >= 4 ? c.year : c.year - 1;

    switch (period) {
    case SEI_PERIOD_ALL:
        *ret_start_us = INT64_MIN;
        *ret_end_us   = INT64_MAX;
        return;
    case SEI_PERIOD_HOUR:
        *ret_start_us = local_start(c.year, c.month, c.day, c.hour, offset_us);
        *ret_end_us   = *ret_start_us + SEI_US_PER_DAY / 24;
        return;
    case SEI_PERIOD_DAY:
        *ret_start_us = local_start(c.year, c.month, c.day, 0, offset_us);
        *ret_end_us   = *ret_start_us + SEI_US_PER_DAY;
        return;
    case SEI_PERIOD_MONTH:
        *ret_start_us = local_start(c.year, c.month, 1, 0, offset_us);
        *ret_end_us   = local_start(c.year, c.month + 1, 1, 0, offset_us);
        return;
    case SEI_PERIOD_YEAR:
        *ret_start_us = local_start(c.year, 1, 1, 0, offset_us);
        *ret_end_us   = local_start(c.year + 1, 1, 1, 0, offset_us);
        return;
    case SEI_PERIOD_FISCAL_YEAR:
        *ret_start_us = local_start(fiscal, 4, 1, 0, offset_us);
        *ret_end_us   = local_start(fiscal + 1, 4, 1, 0, offset_us);
        return;
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Type 7 of Hyndman & Fan (1996), as spreadsheets' PERCENTILE: linear between the ranks. */
static double percentile(size_t n, const double sorted[], double p)
{
    const double rank  = (p < 0 ? 0 : p > 1 ? 1 : p) * (double)(n - 1);
    const size_t below = (size_t)rank;

    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (rank - (double)below) * (sorted[below + 1] - sorted[below]);
}

typedef struct {
    const sei_series            *series;
    const sei_aggregate_options *options;
    sei_series_curve            *flow, *curve; /* NULL = not asked for */
    sei_series_cursor            flow_cursor;
    double                      *values; /* of the open bin */
    double                       flow_sum, load_sum;
} worker;

static void count_value(worker *w, sei_series_bin *bin, size_t i)
{
    const sei_value value  = sei_series_value(w->series, i);
    const double    number = sei_value_number(&value, w->options->loq_rule);

    if (value.qc == SEI_QC_MISSING || value.qc == SEI_QC_BAD ||
        (value.qc == SEI_QC_SUSPECT && w->options->without_suspect)) {
        bin->n_left_out++;
        return;
    }
    bin->n_below_loq += value.qc == SEI_QC_BELOW_LOQ;
    bin->n_unknown_loq += value.qc == SEI_QC_BELOW_LOQ && value.loq_si <= 0;
    bin->n_suspect += value.qc == SEI_QC_SUSPECT;
    w->values[bin->n++] = number;
    if (!w->flow)
        return;
    const sei_value flow = sei_series_curve_at(w->flow, &w->flow_cursor, w->series->time_us[i]);
    if (flow.qc == SEI_QC_MISSING)
        return;
    bin->n_flow++;
    w->flow_sum += flow.value_si;
    w->load_sum += flow.value_si * number;
}

static void close_bin(worker *w, sei_series_bin *bin)
{
    double sum = 0;

    if (w->curve)
        bin->time_coverage =
            sei_series_curve_mean(w->curve, bin->start_us, bin->end_us, &bin->time_mean);
    if (bin->n == 0)
        return;
    qsort(w->values, bin->n, sizeof *w->values, by_value);
    for (size_t i = 0; i < bin->n; i++)
        sum += w->values[i];
    bin->mean          = sum / (double)bin->n;
    bin->min           = w->values[0];
    bin->max           = w->values[bin->n - 1];
    bin->percentile    = percentile(bin->n, w->values, w->options->percentile);
    bin->has_flow_mean = bin->n_flow > 0 && w->flow_sum > 0;
    if (bin->has_flow_mean)
        bin->flow_mean = w->load_sum / w->flow_sum;
}

static void bounds(const worker *w, int64_t time, sei_series_bin *bin)
{
    const sei_series *s = w->series;

    sei_period_bounds(w->options->period, time, w->options->offset_us, &bin->start_us,
                      &bin->end_us);
    if (w->options->period == SEI_PERIOD_ALL) { /* a mean over time needs ends */
        bin->start_us = s->time_us[0];
        bin->end_us   = s->time_us[s->n - 1];
    }
}

/* One pass; bins may be NULL to count them only. */
static size_t run(worker *w, sei_series_bin *bins)
{
    const sei_series *s   = w->series;
    size_t            n   = 0;
    sei_series_bin    bin = {0};

    for (size_t i = 0; i < s->n; i++) {
        const bool same =
            i > 0 && (w->options->period == SEI_PERIOD_ALL || s->time_us[i] < bin.end_us);
        if (!same) {
            if (i > 0 && bins) {
                close_bin(w, &bin);
                bins[n - 1] = bin;
            }
            bin = (sei_series_bin){0};
            bounds(w, s->time_us[i], &bin);
            w->flow_sum = w->load_sum = 0;
            n++;
        }
        if (bins)
            count_value(w, &bin, i);
    }
    if (bins && n > 0) {
        close_bin(w, &bin);
        bins[n - 1] = bin;
    }
    return n;
}

/* A curve, or none when the series has no usable value. */
static sei_status optional_curve(sei_ctx *ctx, const sei_series *series,
                                 const sei_curve_options *options, sei_series_curve **ret_curve)
{
    bool usable = false;

    for (size_t i = 0; i < series->n && !usable; i++)
        usable = series->qc[i] != SEI_QC_MISSING && series->qc[i] != SEI_QC_BAD &&
                 !(options->without_suspect && series->qc[i] == SEI_QC_SUSPECT);
    *ret_curve = NULL;
    return usable ? sei_series_curve_create(ctx, series, options, ret_curve) : SEI_OK;
}

sei_status sei_series_aggregate(sei_ctx *ctx, const sei_series *series,
                                const sei_aggregate_options *options, sei_series_bin **ret_bins,
                                size_t *ret_n)
{
    worker          w    = {.series = series, .options = options};
    sei_series_bin *bins = NULL;
    sei_status      st   = SEI_OK;

    const sei_curve_options flow = {SEI_CURVE_LINEAR, options->flow_gap_us, SEI_LOQ_HALF, false,
                                    options->without_suspect};
    const sei_curve_options mean = {SEI_CURVE_LINEAR, options->max_gap_us, options->loq_rule, false,
                                    options->without_suspect};
    if (options->flow)
        st = optional_curve(ctx, options->flow, &flow, &w.flow);
    if (st == SEI_OK && options->time_weighted)
        st = optional_curve(ctx, series, &mean, &w.curve);
    if (st != SEI_OK)
        goto done;
    const size_t n = run(&w, NULL);
    bins           = sei_alloc(ctx, n + 1, sizeof *bins);
    w.values       = sei_alloc(ctx, series->n + 1, sizeof *w.values);
    if (!bins || !w.values) {
        st = SEI_E_NOMEM;
        goto done;
    }
    run(&w, bins);

    *ret_bins = bins;
    *ret_n    = n;
    bins      = NULL;
done:
    sei_series_curve_free(w.flow);
    sei_series_curve_free(w.curve);
    sei_release(ctx, w.values);
    sei_release(ctx, bins);
    return st;
}
