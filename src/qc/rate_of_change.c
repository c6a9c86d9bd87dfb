/* rate_of_change.c - rate of change test: the step from the last value over the time it took */
#include <math.h>

#include "base/clock.h"
#include "qc/op.h"

enum { SUSPECT, FAIL, MAX_GAP };

static const sei_param params[] = {
    {"suspect_per_s", "value/s", NAN, 0, INFINITY, SEI_LOG, SEI_ASSUMED, "",
     "rate above which a value is suspect", "要確認とする変化速度"},
    {"fail_per_s", "value/s", INFINITY, 0, INFINITY, SEI_LOG, SEI_ASSUMED, "",
     "rate above which a value fails", "不合格とする変化速度"},
    {"max_gap_intervals", "", 3, 1, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "after a pause of more sampling intervals nothing is said",
     "判定しない欠測の長さ（測定間隔の倍数）"},
};

typedef struct {
    bool    any;
    int64_t time_us; /* of the last value, not of the last record */
    double  value;
} rate_state;

static sei_status check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    return sei_qc_check_pair(ctx, spec, SUSPECT, FAIL);
}

static int64_t history_us(const sei_qc_spec *spec)
{
    return sei_qc_gap_us(spec, spec->p[MAX_GAP]);
}

static inline uint8_t judge(const double p[], int64_t max_gap_us, int64_t dt_us, double dx)
{
    if (dt_us > max_gap_us)
        return SEI_FLAG_NOT_EVALUATED;
    /* quotient as ioos_qc forms it: threshold and rate are compared in the same rounding */
    return sei_qc_above(fabs(dx / ((double)dt_us / (double)SEI_US_PER_S)), p[SUSPECT], p[FAIL]);
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    rate_state *s = state;

    (void)ctx;
    *ret_n = 1;
    if (!sei_qc_has(point)) {
        ret_flags[0] = SEI_FLAG_MISSING;
        return SEI_OK;
    }
    /* the first value of all is good, as in ioos_qc: nothing speaks against it */
    ret_flags[0] = s->any ? judge(spec->p, sei_qc_gap_us(spec, spec->p[MAX_GAP]),
                                  point->time_us - s->time_us, point->value - s->value)
                          : (uint8_t)SEI_FLAG_GOOD;
    *s           = (rate_state){true, point->time_us, point->value};
    return SEI_OK;
}

static sei_status run(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                      uint8_t ret_flags[])
{
    const int64_t max_gap_us = sei_qc_gap_us(spec, spec->p[MAX_GAP]);

    if (!sei_qc_all_there(s))
        return sei_qc_run_pushing(ctx, spec, s, ret_flags);
    if (s->n > 0)
        ret_flags[0] = SEI_FLAG_GOOD;
    for (size_t i = 1; i < s->n; i++)
        ret_flags[i] = judge(spec->p, max_gap_us, s->time_us[i] - s->time_us[i - 1],
                             s->value[i] - s->value[i - 1]);
    return SEI_OK;
}

static const struct sei_qc_op op = {
    .state_size = sizeof(rate_state),
    .check      = check,
    .history_us = history_us,
    .push       = push,
    .run        = run,
};

const sei_qc_test sei_qc_test_rate_of_change = {
    .key      = "rate-of-change",
    .title    = "Rate of change test",
    .title_ja = "変化速度の検査",
    .source   = "qartod_ph2019",
    .other    = "",
    .other_ja = "",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op,
};
