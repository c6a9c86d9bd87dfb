/*
 * rate_goethite_ageing.c - schwertmannite in the bed turns into goethite and gives back its acid
 *
 *     r = k f(T) X 2^((pH - 4)/step)      [mol of schwertmannite/kgw/s]
 *
 * Schwertmann & Carlson (2005): complete within about 100 days at 25 °C, twice as fast at pH 7.2 as
 * at 4.0. Complete is taken as 95 %, at pH 4: k = ln 20 / 100 d.
 */
#include "kin/rate.h"

enum { P_K, P_STEP, P_EA, N_PARAMS };
enum { IN_SOLID, IN_H, N_INPUTS };

#define REFERENCE_A_H 1e-4
#define LEAST_A_H     1e-12 /* the law levels off at pH 12 */

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_K]    = {"k_1_d", "1/d", 0.030, 1e-4, 0.5, SEI_LOG, SEI_INFERRED, "schwertmann2005",
                "share that turns in a day at pH 4 and 25 °C",
                "pH 4、25 ℃ における転化速度定数"},
    [P_STEP] = {"doubling_ph", "", 3.2, 1.0, 20.0, SEI_LOG, SEI_PUBLISHED, "schwertmann2005",
                "rise of pH that doubles the rate",
                "速度が 2 倍になる pH の増分"},
    [P_EA]   = SEI_PARAM_EA(80.0, 20.0, 140.0, SEI_ASSUMED, ""),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_SOLID] = {SEI_IN_SOLID, "Schwertmannite"},
    [IN_H]     = {SEI_IN_ACTIVITY, "H+"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   k        = p[P_K] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K);
    const double   exponent = log10(2.0) / p[P_STEP];
    const double   a_h      = in[IN_H] + LEAST_A_H;
    const double   faster   = pow(REFERENCE_A_H / a_h, exponent);
    const sei_term solid    = sei_term_first(in[IN_SOLID]);

    *ret_rate           = k * solid.value * faster;
    ret_slope[IN_SOLID] = k * solid.slope * faster;
    ret_slope[IN_H]     = -k * solid.value * faster * exponent / a_h;
}

const sei_rate_law sei_rate_law_goethite_ageing = {
    .key      = "goethite-ageing",
    .title    = "Ageing of schwertmannite to goethite",
    .title_ja = "シュベルトマナイトのゲーサイトへの転化",
    .source   = "schwertmann2005",
    .reaction = "Schwertmannite + 2 H2O = 8 Goethite + SO4-2 + 2 H+",
    .ph       = {4.0, 7.2},
    .temp_c   = {25.0, 25.0},
    .params   = params,
    .n_params = N_PARAMS,
    .inputs   = inputs,
    .n_inputs = N_INPUTS,
    .eval     = eval,
};
