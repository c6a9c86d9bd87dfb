/*
 * rate_siderite.c - precipitation of siderite
 *
 * First order in dissolved Fe(II) times the affinity (precipitation.h). Slow: reduced waters stay
 * above saturation for days.
 */
#include "kin/precipitation.h"
#include "kin/rate.h"

/* clang-format off */
static const sei_param params[SEI_PPT_N_PARAMS] = {
    [SEI_PPT_K]         = SEI_PARAM_GROWTH(0.01,
                                           "first-order rate constant of Fe(II) far above "
                                           "saturation, 25 °C",
                                           "過飽和が十分大きいときの Fe(II) の沈殿速度定数(25 ℃)"),
    [SEI_PPT_DISSOLVE]  = SEI_PARAM_DISSOLVE(0.1),
    [SEI_PPT_EA]        = SEI_PARAM_EA(50.0, 0.0, 120.0, SEI_ASSUMED, ""),
    [SEI_PPT_SUSPENDED] = SEI_PARAM_SUSPENDED(0.0),
};
/* clang-format on */

static const sei_rate_input inputs[SEI_PPT_N_INPUTS] = {
    [SEI_PPT_METAL]    = {SEI_IN_TOTAL, "Fe(2)"},
    [SEI_PPT_LN_RATIO] = {SEI_IN_LNSR, "Siderite"},
    [SEI_PPT_SOLID]    = {SEI_IN_SOLID, "Siderite"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    sei_precipitation_eval(1.0, env, p, in, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_siderite = {
    .key             = "siderite",
    .title           = "Precipitation of siderite",
    .title_ja        = "菱鉄鉱の沈殿",
    .source          = "",
    .reaction        = "Fe+2 + CO3-2 = Siderite",
    .ph              = {5.5, 9.0},
    .temp_c          = SEI_NOT_STATED,
    .params          = params,
    .n_params        = SEI_PPT_N_PARAMS,
    .inputs          = inputs,
    .n_inputs        = SEI_PPT_N_INPUTS,
    .suspended_param = "suspended_fraction",
    .eval            = eval,
};
