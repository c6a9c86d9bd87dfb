/*
 * rate_basaluminite.c - precipitation of basaluminite
 *
 * The hydroxysulfate that forms in sulfate waters instead of the hydroxide; use one of the two laws.
 * First order in dissolved Al times the affinity per Al atom (precipitation.h).
 */
#include "kin/precipitation.h"
#include "kin/rate.h"

/* clang-format off */
static const sei_param params[SEI_PPT_N_PARAMS] = {
    [SEI_PPT_K]         = SEI_PARAM_GROWTH(100.0,
                                           "first-order rate constant of Al far above saturation, "
                                           "25 °C",
                                           "過飽和が十分大きいときの Al の沈殿速度定数(25 ℃)"),
    [SEI_PPT_DISSOLVE]  = SEI_PARAM_DISSOLVE(10.0),
    [SEI_PPT_EA]        = SEI_PARAM_EA(30.0, 0.0, 120.0, SEI_ASSUMED, ""),
    [SEI_PPT_SUSPENDED] = SEI_PARAM_SUSPENDED(0.2),
};
/* clang-format on */

static const sei_rate_input inputs[SEI_PPT_N_INPUTS] = {
    [SEI_PPT_METAL]    = {SEI_IN_TOTAL, "Al"},
    [SEI_PPT_LN_RATIO] = {SEI_IN_LNSR, "Basaluminite"},
    [SEI_PPT_SOLID]    = {SEI_IN_SOLID, "Basaluminite"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    sei_precipitation_eval(4.0, env, p, in, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_basaluminite = {
    .key             = "basaluminite",
    .title           = "Precipitation of basaluminite",
    .title_ja        = "バサルミナイトの沈殿",
    .source          = "",
    .reaction        = "4 Al+3 + SO4-2 + 10 H2O = Basaluminite + 10 H+",
    .ph              = {4.0, 6.0},
    .temp_c          = SEI_NOT_STATED,
    .params          = params,
    .n_params        = SEI_PPT_N_PARAMS,
    .inputs          = inputs,
    .n_inputs        = SEI_PPT_N_INPUTS,
    .suspended_param = "suspended_fraction",
    .eval            = eval,
};
