/* neighbour.c - neighbour test: a second sensor of the same quantity tells the same */
#include <math.h>

#include "qc/op.h"

enum { SUSPECT, FAIL, OFFSET };

static const sei_param params[] = {
    {"suspect", "value", NAN, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "difference above which a value is suspect", "要確認とする差"},
    {"fail", "value", INFINITY, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "difference above which a value fails", "不合格とする差"},
    {"offset", "value", 0, -INFINITY, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "usual difference: value minus neighbour", "通常の差（値−隣の値）"},
};

static sei_status check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    return sei_qc_check_pair(ctx, spec, SUSPECT, FAIL);
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    const double *p = spec->p;

    (void)ctx;
    (void)state;
    *ret_n = 1;
    if (!sei_qc_has(point))
        ret_flags[0] = SEI_FLAG_MISSING;
    else if (!sei_qc_has_other(point))
        ret_flags[0] = SEI_FLAG_NOT_EVALUATED;
    else
        ret_flags[0] =
            sei_qc_above(fabs(point->value - point->other - p[OFFSET]), p[SUSPECT], p[FAIL]);
    return SEI_OK;
}

static const struct sei_qc_op op = {.check = check, .push = push};

const sei_qc_test sei_qc_test_neighbour = {
    .key      = "neighbour",
    .title    = "Neighbour test",
    .title_ja = "隣接センサーとの比較",
    .source   = "qartod_ph2019",
    .other    = "the neighbour's value at the same time",
    .other_ja = "同じ時刻の隣のセンサーの値",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op,
};
