/*
 * rate_gypsum.c - precipitation of gypsum
 *
 * First order in dissolved Ca times the affinity (precipitation.h).
 */
#include "kin/precipitation.h"
#include "kin/rate.h"

/* clang-format off */
static const sei_param params[SEI_PPT_N_PARAMS] = {
    [SEI_PPT_K]         = SEI_PARAM_GROWTH(1.0,
                                           "first-order rate constant of Ca far above saturation, "
                                           "25 °C",
                                           "過飽和が十分大きいときの Ca の沈殿速度定数(25 ℃)"),
    [SEI_PPT_DISSOLVE]  = SEI_PARAM_DISSOLVE(10.0),
    [SEI_PPT_EA]        = SEI_PARAM_EA(50.0, 0.0, 120.0, SEI_ASSUMED, ""),
    [SEI_PPT_SUSPENDED] = SEI_PARAM_SUSPENDED(0.0),
};
/* clang-format on */

static const sei_rate_input inputs[SEI_PPT_N_INPUTS] = {
    [SEI_PPT_METAL]    = {SEI_IN_TOTAL, "Ca"},
    [SEI_PPT_LN_RATIO] = {SEI_IN_LNSR, "Gypsum"},
    [SEI_PPT_SOLID]    = {SEI_IN_SOLID, "Gypsum"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    sei_precipitation_eval(1.0, env, p, in, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_gypsum = {
    .key             = "gypsum",
    .title           = "Precipitation of gypsum",
    .title_ja        = "石膏の沈殿",
    .source          = "",
    .reaction        = "Ca+2 + SO4-2 + 2 H2O = Gypsum",
    .ph              = SEI_NOT_STATED,
    .temp_c          = SEI_NOT_STATED,
    .params          = params,
    .n_params        = SEI_PPT_N_PARAMS,
    .inputs          = inputs,
    .n_inputs        = SEI_PPT_N_INPUTS,
    .suspended_param = "suspended_fraction",
    .eval            = eval,
};
