/*
 * rate_h2s_exchange.c - hydrogen sulfide from water to air (gas_exchange.h)
 *
 * Henry's constant: Thermoddem (Blanc et al. 2012), log K -1.01 at 25 °C, enthalpy -18.16 kJ/mol.
 */
#include "kin/gas_exchange.h"

/* clang-format off */
static const sei_param params[SEI_GAS_N_PARAMS] = {
    [SEI_GAS_KLA]      = SEI_PARAM_KLA,
    [SEI_GAS_AIR]      = SEI_PARAM_AIR(0.0, 0.0, 0.01, SEI_ASSUMED, ""),
    [SEI_GAS_ALTITUDE] = SEI_PARAM_ALTITUDE,
    [SEI_GAS_THETA]    = SEI_PARAM_THETA,
};
/* clang-format on */

static const sei_rate_input inputs[] = {{SEI_IN_LNSR, "H2S(g)"}};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double henry = sei_ten_to(-1.01) * sei_arrhenius(-18.16e3, env->temp_k, SEI_T25_K);

    sei_gas_exchange_eval(henry, env, p, in, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_h2s_exchange = {
    .key       = "h2s-exchange",
    .title     = "Hydrogen sulfide transfer between water and air",
    .title_ja  = "大気への硫化水素の放散",
    .source    = "blanc2012",
    .reaction  = "H2S(g) = H2S",
    .ph        = SEI_NOT_STATED,
    .temp_c    = {0.0, 40.0},
    .params    = params,
    .n_params  = SEI_GAS_N_PARAMS,
    .inputs    = inputs,
    .n_inputs  = SEI_KIN_COUNT(inputs),
    .off_param = "kla_1_h",
    .eval      = eval,
};
