/*
 * rate_o2_exchange.c - oxygen between water and air (gas_exchange.h)
 *
 * Henry's constant: the fit that PHREEQC's llnl.dat gives for O2(g); 1.28e-3 mol/kgw/atm at 25 °C.
 */
#include "kin/gas_exchange.h"

/* clang-format off */
static const sei_param params[SEI_GAS_N_PARAMS] = {
    [SEI_GAS_KLA]      = SEI_PARAM_KLA,
    [SEI_GAS_AIR]      = SEI_PARAM_AIR(0.2095, 0.0, 1.0, SEI_ASSUMED, ""),
    [SEI_GAS_ALTITUDE] = SEI_PARAM_ALTITUDE,
    [SEI_GAS_THETA]    = SEI_PARAM_THETA,
};
/* clang-format on */

static const sei_rate_input inputs[] = {{SEI_IN_LNSR, "O2(g)"}};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double t       = env->temp_k;
    const double log10_h = -7.5001 + 0.0078981 * t + 200270.0 / (t * t);

    sei_gas_exchange_eval(sei_ten_to(log10_h), env, p, in, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_o2_exchange = {
    .key       = "o2-exchange",
    .title     = "Oxygen transfer between water and air",
    .title_ja  = "大気との酸素の授受",
    .source    = "boog2019",
    .reaction  = "O2(g) = O2",
    .ph        = SEI_NOT_STATED,
    .temp_c    = {0.0, 40.0},
    .params    = params,
    .n_params  = SEI_GAS_N_PARAMS,
    .inputs    = inputs,
    .n_inputs  = SEI_KIN_COUNT(inputs),
    .off_param = "kla_1_h",
    .eval      = eval,
};
