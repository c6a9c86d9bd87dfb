/*
 * rate_schwertmannite.c - precipitation of schwertmannite from ferric iron
 *
 * First order in dissolved Fe(III) times the affinity per iron atom (precipitation.h), switched
 * off above about pH 5, where ferrihydrite takes its place.
 */
#include "kin/precipitation.h"
#include "kin/rate.h"

enum { P_K, P_DISSOLVE, P_PH_HIGH, P_EA, P_SUSPENDED, N_PARAMS };
enum { IN_FE3, IN_LN_RATIO, IN_SOLID, IN_H, N_INPUTS };

#define IRON_ATOMS 8.0

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_K]         = SEI_PARAM_GROWTH(10.0,
                                     "first-order rate constant of Fe(III) far above saturation, "
                                     "25 °C",
                                     "過飽和が十分大きいときの Fe(III) の沈殿速度定数(25 ℃)"),
    [P_DISSOLVE]  = SEI_PARAM_DISSOLVE(0.1),
    [P_PH_HIGH]   = {"ph_high", "", 5.0, 4.0, 7.0, SEI_LINEAR, SEI_ASSUMED, "",
                     "pH at which half of the growth is left",
                     "成長速度が半減する pH"},
    [P_EA]        = SEI_PARAM_EA(50.0, 0.0, 120.0, SEI_ASSUMED, ""),
    [P_SUSPENDED] = SEI_PARAM_SUSPENDED(0.1),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_FE3]      = {SEI_IN_TOTAL, "Fe(3)"},
    [IN_LN_RATIO] = {SEI_IN_LNSR, "Schwertmannite"},
    [IN_SOLID]    = {SEI_IN_SOLID, "Schwertmannite"},
    [IN_H]        = {SEI_IN_ACTIVITY, "H+"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   f    = sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K);
    const sei_term acid = sei_term_monod(in[IN_H], sei_ten_to(-p[P_PH_HIGH]));

    const sei_precipitation      law = {f * p[P_K], f * p[P_DISSOLVE], IRON_ATOMS};
    const sei_precipitation_rate r =
        sei_precipitate(&law, in[IN_FE3], in[IN_LN_RATIO], in[IN_SOLID], acid.value);

    *ret_rate              = r.rate;
    ret_slope[IN_FE3]      = r.d_metal;
    ret_slope[IN_LN_RATIO] = r.d_ln_ratio;
    ret_slope[IN_SOLID]    = r.d_solid;
    ret_slope[IN_H]        = r.d_growth * acid.slope;
}

const sei_rate_law sei_rate_law_schwertmannite = {
    .key             = "schwertmannite",
    .title           = "Precipitation of schwertmannite",
    .title_ja        = "シュベルトマナイトの沈殿",
    .source          = "bigham1996",
    .reaction        = "8 Fe+3 + SO4-2 + 14 H2O = Schwertmannite + 22 H+",
    .ph              = {2.5, 5.0},
    .temp_c          = SEI_NOT_STATED,
    .params          = params,
    .n_params        = N_PARAMS,
    .inputs          = inputs,
    .n_inputs        = N_INPUTS,
    .suspended_param = "suspended_fraction",
    .eval            = eval,
};
