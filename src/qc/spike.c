/*
 * spike.c - spike test: a value that leaves its two neighbours
 *
 * spike: distance from the straight line between the neighbours; with equal intervals that is their mean,
 * as the manuals have it. spike-differential: the smaller one of the two steps, when they go up and down.
 * The flag of a record waits for the next one.
 */
#include <math.h>

#include "qc/op.h"

enum { SUSPECT, FAIL, MAX_GAP };

static const sei_param params[] = {
    {"suspect", "value", INFINITY, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "spike height above which a value is suspect", "要確認とする突出の大きさ"},
    {"fail", "value", INFINITY, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "spike height above which a value fails", "不合格とする突出の大きさ"},
    {"max_gap_intervals", "", 3, 1, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "a neighbour farther away than so many sampling intervals is none",
     "隣の値とみなす最大間隔（測定間隔の倍数）"},
};

/* The last two records; one without a value is a neighbour without a value. */
typedef struct {
    unsigned n; /* 0, 1, 2 */
    int64_t  time_us[2];
    double   value[2];
    bool     has[2];
} spike_state;

static sei_status check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    if (!isfinite(spec->p[SUSPECT]) && !isfinite(spec->p[FAIL]))
        return sei_fail(ctx, SEI_E_MISSING, NULL, "%s: suspect or fail has to be given",
                        spec->test->key);
    if (!isfinite(spec->p[SUSPECT]))
        return SEI_OK;
    return sei_qc_check_pair(ctx, spec, SUSPECT, FAIL);
}

/* Of the middle one of three values, the outer ones dt before and after. */
typedef double spike_height(double before, double x, double after, double dt1, double dt2);

static inline double height_average(double before, double x, double after, double dt1, double dt2)
{
    const double w =
        dt1 / (dt1 + dt2); /* 0.5 with equal intervals: then both forms agree bit by bit */

    return fabs(x - (before * (1.0 - w) + after * w));
}

static inline double height_differential(double before, double x, double after, double dt1,
                                         double dt2)
{
    const double up = x - before, down = after - x;

    (void)dt1;
    (void)dt2;
    return up * down < 0.0 ? fmin(fabs(up), fabs(down)) : 0.0;
}

static inline uint8_t judge(spike_height *height, const double p[], int64_t max_gap_us,
                            const double x[3], const int64_t t[3])
{
    const int64_t dt1 = t[1] - t[0], dt2 = t[2] - t[1];

    if (dt1 > max_gap_us || dt2 > max_gap_us)
        return SEI_FLAG_NOT_EVALUATED;
    return sei_qc_above(height(x[0], x[1], x[2], (double)dt1, (double)dt2), p[SUSPECT], p[FAIL]);
}

static uint8_t judge_middle(spike_height *height, const sei_qc_spec *spec, const spike_state *s,
                            const sei_qc_point *next)
{
    if (!s->has[1])
        return SEI_FLAG_MISSING;
    if (s->n < 2 || !s->has[0] || !sei_qc_has(next))
        return SEI_FLAG_NOT_EVALUATED;
    return judge(height, spec->p, sei_qc_gap_us(spec, spec->p[MAX_GAP]),
                 (double[]){s->value[0], s->value[1], next->value},
                 (int64_t[]){s->time_us[0], s->time_us[1], next->time_us});
}

static void push_height(spike_height *height, const sei_qc_spec *spec, spike_state *s,
                        const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    *ret_n = 0;
    if (s->n > 0)
        ret_flags[(*ret_n)++] = judge_middle(height, spec, s, point);
    s->time_us[0] = s->time_us[1];
    s->value[0]   = s->value[1];
    s->has[0]     = s->has[1];
    s->time_us[1] = point->time_us;
    s->value[1]   = point->value;
    s->has[1]     = sei_qc_has(point);
    s->n += s->n < 2;
}

static size_t finish(const sei_qc_spec *spec, void *state, uint8_t ret_flags[1])
{
    const spike_state *s = state;

    (void)spec;
    if (s->n == 0)
        return 0;
    ret_flags[0] = (uint8_t)(s->has[1] ? SEI_FLAG_NOT_EVALUATED : SEI_FLAG_MISSING);
    return 1;
}

static inline void run_there(spike_height *height, const sei_qc_spec *spec, const sei_qc_series *s,
                             uint8_t ret_flags[])
{
    const int64_t  max_gap_us = sei_qc_gap_us(spec, spec->p[MAX_GAP]);
    const double  *x          = s->value;
    const int64_t *t          = s->time_us;

    for (size_t i = 1; i + 1 < s->n; i++)
        ret_flags[i] = judge(height, spec->p, max_gap_us, &x[i - 1], &t[i - 1]);
    if (s->n > 0)
        ret_flags[0] = ret_flags[s->n - 1] = SEI_FLAG_NOT_EVALUATED;
}

static sei_status push_average(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                               const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    (void)ctx;
    push_height(height_average, spec, state, point, ret_flags, ret_n);
    return SEI_OK;
}

static sei_status push_differential(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                                    const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    (void)ctx;
    push_height(height_differential, spec, state, point, ret_flags, ret_n);
    return SEI_OK;
}

static sei_status run_average(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                              uint8_t ret_flags[])
{
    if (!sei_qc_all_there(s))
        return sei_qc_run_pushing(ctx, spec, s, ret_flags);
    run_there(height_average, spec, s, ret_flags);
    return SEI_OK;
}

static sei_status run_differential(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                                   uint8_t ret_flags[])
{
    if (!sei_qc_all_there(s))
        return sei_qc_run_pushing(ctx, spec, s, ret_flags);
    run_there(height_differential, spec, s, ret_flags);
    return SEI_OK;
}

static const struct sei_qc_op op_average = {
    .state_size = sizeof(spike_state),
    .check      = check,
    .push       = push_average,
    .finish     = finish,
    .run        = run_average,
};

static const struct sei_qc_op op_differential = {
    .state_size = sizeof(spike_state),
    .check      = check,
    .push       = push_differential,
    .finish     = finish,
    .run        = run_differential,
};

const sei_qc_test sei_qc_test_spike = {
    .key      = "spike",
    .title    = "Spike test",
    .title_ja = "突出値の検査",
    .source   = "qartod_ph2019",
    .other    = "",
    .other_ja = "",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .lag      = 1,
    .op       = &op_average,
};

const sei_qc_test sei_qc_test_spike_differential = {
    .key      = "spike-differential",
    .title    = "Spike test by both steps",
    .title_ja = "突出値の検査（前後の差）",
    .source   = "ioos_qc",
    .other    = "",
    .other_ja = "",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .lag      = 1,
    .op       = &op_differential,
};
