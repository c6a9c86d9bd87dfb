/*
 * multivariate.c - multi-variate test in its simple form: two rates of change side by side
 *
 * A fast change is suspect when a quantity that has to move with it stays where it is, and good when both
 * move: that is an event in the water.
 */
#include <math.h>

#include "base/clock.h"
#include "qc/op.h"

enum { SUSPECT, OTHER_MIN, MAX_GAP };

static const sei_param params[] = {
    {"suspect_per_s", "value/s", NAN, 0, INFINITY, SEI_LOG, SEI_ASSUMED, "",
     "rate above which the second quantity is asked", "第2の項目と照合する変化速度"},
    {"other_per_s", "other/s", NAN, 0, INFINITY, SEI_LOG, SEI_ASSUMED, "",
     "rate that the second quantity then has to reach", "第2の項目に期待する変化速度"},
    {"max_gap_intervals", "", 3, 1, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "after a pause of more sampling intervals nothing is said",
     "判定しない欠測の長さ（測定間隔の倍数）"},
};

typedef struct {
    bool    any;
    int64_t time_us;
    double  value, other;
} pair_state;

static int64_t history_us(const sei_qc_spec *spec)
{
    return sei_qc_gap_us(spec, spec->p[MAX_GAP]);
}

static uint8_t judge(const sei_qc_spec *spec, const pair_state *last, const sei_qc_point *point)
{
    const int64_t dt_us = point->time_us - last->time_us;
    const double  dt_s  = (double)dt_us / (double)SEI_US_PER_S;

    if (!last->any || dt_us > sei_qc_gap_us(spec, spec->p[MAX_GAP]))
        return SEI_FLAG_NOT_EVALUATED;
    return (uint8_t)(fabs(point->value - last->value) / dt_s > spec->p[SUSPECT] &&
                             fabs(point->other - last->other) / dt_s < spec->p[OTHER_MIN]
                         ? SEI_FLAG_SUSPECT
                         : SEI_FLAG_GOOD);
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    pair_state *last = state;

    (void)ctx;
    *ret_n = 1;
    if (!sei_qc_has(point)) {
        ret_flags[0] = SEI_FLAG_MISSING;
    } else if (!sei_qc_has_other(point)) {
        ret_flags[0] = SEI_FLAG_NOT_EVALUATED;
    } else {
        ret_flags[0] = judge(spec, last, point);
        *last        = (pair_state){true, point->time_us, point->value, point->other};
    }
    return SEI_OK;
}

static const struct sei_qc_op op = {
    .state_size = sizeof(pair_state),
    .history_us = history_us,
    .push       = push,
};

const sei_qc_test sei_qc_test_multivariate = {
    .key      = "multi-variate",
    .title    = "Multi-variate test",
    .title_ja = "多項目の照合",
    .source   = "qartod_ph2019",
    .other    = "a quantity that moves with this one, at the same time",
    .other_ja = "同じ時刻の、連動する項目の値",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op,
};
