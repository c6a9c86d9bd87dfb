/*
 * attenuated_signal.c - attenuated signal test: a window whose spread is too small
 *
 * attenuated-signal takes the standard deviation, attenuated-range maximum minus minimum, over the values
 * after t - period_s up to t. period_s infinite: over the whole series, which only arrays have.
 */
#include <math.h>

#include "qc/op.h"
#include "qc/window.h"

enum { SUSPECT, FAIL, PERIOD, MIN_OBS };

static const sei_param params[] = {
    {"suspect", "value", NAN, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "a smaller spread is suspect", "要確認とする変動幅の下限"},
    {"fail", "value", 0, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "", "a smaller spread fails",
     "不合格とする変動幅の下限"},
    {"period_s", "s", NAN, 1e-6, INFINITY, SEI_LOG, SEI_ASSUMED, "", "length of the window",
     "窓の長さ"},
    {"min_obs", "", 0, 0, SEI_QC_WINDOW_MAX, SEI_LINEAR, SEI_ASSUMED, "",
     "values a window needs; 0: half of those due, at least 2", "窓に必要な値の数（0: 半数以上）"},
};

static sei_status check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    return sei_qc_check_pair(ctx, spec, FAIL, SUSPECT);
}

static int64_t history_us(const sei_qc_spec *spec)
{
    return sei_qc_us(spec->p[PERIOD]);
}

static size_t least(const sei_qc_spec *spec)
{
    const double *p = spec->p;

    if (p[MIN_OBS] > 0.0)
        return (size_t)ceil(p[MIN_OBS]);
    if (!(spec->interval_s > 0.0) || !isfinite(p[PERIOD]))
        return 2;
    const double half = ceil(0.5 * p[PERIOD] / spec->interval_s);
    return half < 2.0 ? 2 : half < SEI_QC_WINDOW_MAX ? (size_t)half : SEI_QC_WINDOW_MAX;
}

static uint8_t judge(const double p[], double spread)
{
    return (uint8_t)(spread < p[FAIL]      ? SEI_FLAG_FAIL
                     : spread < p[SUSPECT] ? SEI_FLAG_SUSPECT
                                           : SEI_FLAG_GOOD);
}

static sei_status push_spread(sei_ctx *ctx, const sei_qc_spec *spec, sei_qc_window *w,
                              const sei_qc_point *point, sei_qc_spread kind, uint8_t *ret_flag)
{
    double spread = 0.0;
    size_t n      = 0;

    if (!sei_qc_has(point)) {
        *ret_flag = SEI_FLAG_MISSING;
        return SEI_OK;
    }
    const int64_t    from_us = point->time_us - sei_qc_us(spec->p[PERIOD]);
    const sei_status st = sei_qc_window_push(ctx, spec->test->key, w, kind, from_us, point->time_us,
                                             point->value, &spread, &n);
    if (st != SEI_OK)
        return st;
    *ret_flag = n < least(spec) ? (uint8_t)SEI_FLAG_NOT_EVALUATED : judge(spec->p, spread);
    return SEI_OK;
}

static sei_status push_any(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                           const sei_qc_point *point, sei_qc_spread kind, uint8_t ret_flags[2],
                           size_t *ret_n)
{
    if (!isfinite(spec->p[PERIOD]))
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                        "%s: a whole series is not known record by record: give period_s",
                        spec->test->key);
    *ret_n = 1;
    return push_spread(ctx, spec, state, point, kind, &ret_flags[0]);
}

static sei_status push_std(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                           const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    return push_any(ctx, spec, state, point, SEI_QC_STD, ret_flags, ret_n);
}

static sei_status push_range(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                             const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    return push_any(ctx, spec, state, point, SEI_QC_RANGE, ret_flags, ret_n);
}

/* Mean and squares about it, or extremes, of all values (running mean and squares). */
static double spread_of(const sei_qc_series *s, sei_qc_spread kind, size_t *ret_n)
{
    double mean = 0.0, squares = 0.0, low = INFINITY, high = -INFINITY;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const sei_qc_point point = sei_qc_point_at(s, i);
        if (!sei_qc_has(&point))
            continue;
        const double step = point.value - mean;
        mean += step / (double)++n;
        squares += step * (point.value - mean);
        low  = fmin(low, point.value);
        high = fmax(high, point.value);
    }
    *ret_n = n;
    return kind == SEI_QC_RANGE ? high - low : n > 0 ? sqrt(squares / (double)n) : 0.0;
}

static sei_status run_any(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                          sei_qc_spread kind, uint8_t ret_flags[])
{
    if (isfinite(spec->p[PERIOD]))
        return sei_qc_run_pushing(ctx, spec, s, ret_flags);

    size_t        n      = 0;
    const double  spread = spread_of(s, kind, &n);
    const uint8_t flag = n < least(spec) ? (uint8_t)SEI_FLAG_NOT_EVALUATED : judge(spec->p, spread);
    for (size_t i = 0; i < s->n; i++) {
        const sei_qc_point point = sei_qc_point_at(s, i);
        ret_flags[i]             = sei_qc_has(&point) ? flag : (uint8_t)SEI_FLAG_MISSING;
    }
    return SEI_OK;
}

static sei_status run_std(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                          uint8_t ret_flags[])
{
    return run_any(ctx, spec, s, SEI_QC_STD, ret_flags);
}

static sei_status run_range(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                            uint8_t ret_flags[])
{
    return run_any(ctx, spec, s, SEI_QC_RANGE, ret_flags);
}

static void drop(sei_ctx *ctx, void *state)
{
    sei_qc_window *w = state;

    sei_release(ctx, w->queue.item);
    *w = (sei_qc_window){0};
}

#define OP(spread)                                                                     \
    {                                                                                  \
        .state_size = sizeof(sei_qc_window), .check = check, .history_us = history_us, \
        .push = push_##spread, .drop = drop, .run = run_##spread,                      \
    }
static const struct sei_qc_op op_std = OP(std), op_range = OP(range);

const sei_qc_test sei_qc_test_attenuated_signal = {
    .key      = "attenuated-signal",
    .title    = "Attenuated signal test",
    .title_ja = "変動低下の検査（標準偏差）",
    .source   = "qartod_ph2019",
    .other    = "",
    .other_ja = "",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op_std,
};

const sei_qc_test sei_qc_test_attenuated_range = {
    .key      = "attenuated-range",
    .title    = "Attenuated signal test by range",
    .title_ja = "変動低下の検査（最大−最小）",
    .source   = "ioos_qc",
    .other    = "",
    .other_ja = "",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op_range,
};
