/* gross_range.c - gross range test: what the sensor, and what the operator, takes for possible */
#include <math.h>

#include "qc/op.h"

enum { FAIL_MIN, FAIL_MAX, SUSPECT_MIN, SUSPECT_MAX };

static const sei_param params[] = {
    {"fail_min", "value", NAN, -INFINITY, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "lowest value the sensor can give", "センサーの測定下限"},
    {"fail_max", "value", NAN, -INFINITY, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "highest value the sensor can give", "センサーの測定上限"},
    {"suspect_min", "value", -INFINITY, -INFINITY, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "lowest value that the operator expects", "管理者が想定する下限"},
    {"suspect_max", "value", INFINITY, -INFINITY, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "highest value that the operator expects", "管理者が想定する上限"},
};

static sei_status check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    const double *p = spec->p;

    if (!(p[FAIL_MIN] <= p[FAIL_MAX]))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "gross-range: fail_min = %g lies above fail_max = %g", p[FAIL_MIN],
                        p[FAIL_MAX]);
    if (!(p[SUSPECT_MIN] <= p[SUSPECT_MAX]))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "gross-range: suspect_min = %g lies above suspect_max = %g", p[SUSPECT_MIN],
                        p[SUSPECT_MAX]);
    if ((isfinite(p[SUSPECT_MIN]) && p[SUSPECT_MIN] < p[FAIL_MIN]) ||
        (isfinite(p[SUSPECT_MAX]) && p[SUSPECT_MAX] > p[FAIL_MAX]))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "gross-range: suspect_min..suspect_max = %g..%g goes beyond "
                        "fail_min..fail_max = %g..%g",
                        p[SUSPECT_MIN], p[SUSPECT_MAX], p[FAIL_MIN], p[FAIL_MAX]);
    return SEI_OK;
}

static inline uint8_t judge(const double p[], double x)
{
    const bool fail    = x < p[FAIL_MIN] || x > p[FAIL_MAX];
    const bool suspect = x < p[SUSPECT_MIN] || x > p[SUSPECT_MAX];

    return (uint8_t)(fail ? SEI_FLAG_FAIL : suspect ? SEI_FLAG_SUSPECT : SEI_FLAG_GOOD);
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    (void)ctx;
    (void)state;
    ret_flags[0] = sei_qc_has(point) ? judge(spec->p, point->value) : (uint8_t)SEI_FLAG_MISSING;
    *ret_n       = 1;
    return SEI_OK;
}

static sei_status run(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                      uint8_t ret_flags[])
{
    if (!sei_qc_all_there(s))
        return sei_qc_run_pushing(ctx, spec, s, ret_flags);
    for (size_t i = 0; i < s->n; i++)
        ret_flags[i] = judge(spec->p, s->value[i]);
    return SEI_OK;
}

static const struct sei_qc_op op = {.check = check, .push = push, .run = run};

const sei_qc_test sei_qc_test_gross_range = {
    .key      = "gross-range",
    .title    = "Gross range test",
    .title_ja = "測定範囲の検査",
    .source   = "qartod_ph2019",
    .other    = "",
    .other_ja = "",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op,
};
