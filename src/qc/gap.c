/* gap.c - gap test: a value that comes after a longer pause than the channel may make */
#include <math.h>

#include "qc/op.h"

enum { MAX_GAP };

static const sei_param params[] = {
    {"max_gap_s", "s", NAN, 1e-6, 1e9, SEI_LOG, SEI_ASSUMED, "", "longest pause between two values",
     "値と値の間隔の上限"},
};

typedef struct {
    bool    any;
    int64_t last_us;
} gap_state;

static int64_t history_us(const sei_qc_spec *spec)
{
    return sei_qc_us(spec->p[MAX_GAP]);
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    gap_state    *s      = state;
    const int64_t max_us = sei_qc_us(spec->p[MAX_GAP]);

    (void)ctx;
    *ret_n = 1;
    if (!sei_qc_has(point)) {
        ret_flags[0] = SEI_FLAG_MISSING;
        return SEI_OK;
    }
    ret_flags[0] = (uint8_t)(!s->any                                ? SEI_FLAG_NOT_EVALUATED
                             : point->time_us - s->last_us > max_us ? SEI_FLAG_FAIL
                                                                    : SEI_FLAG_GOOD);
    *s           = (gap_state){true, point->time_us};
    return SEI_OK;
}

static const struct sei_qc_op op = {
    .state_size = sizeof(gap_state),
    .history_us = history_us,
    .push       = push,
};

const sei_qc_test sei_qc_test_gap = {
    .key      = "gap",
    .title    = "Gap test",
    .title_ja = "欠測間隔の検査",
    .source   = "qartod_ph2019",
    .other    = "",
    .other_ja = "",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op,
};
