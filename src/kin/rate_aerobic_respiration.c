/*
 * rate_aerobic_respiration.c - oxygen is used up with dissolved substrate
 *
 *     r = q_max f(T) Ac/(K_Ac + Ac) O2/(K_O2 + O2) w(pH)      [mol of acetate/kgw/s]
 *
 * Half-saturation constants of heterotrophs: constructed wetland model CWM1 as written out by Boog
 * et al. (2019), 4 mg COD/L and 0.2 mg O2/L; its growth rate doubles from 10 to 20 °C.
 */
#include "kin/rate.h"

enum { P_Q, P_ACETATE, P_O2, P_PH_LOW, P_PH_HIGH, P_EA, N_PARAMS };
enum { IN_ACETATE, IN_O2, IN_H, N_INPUTS };

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_Q]       = {"q_max_mol_m3_d", "mol/m³/d", 5.0, 0.0, 500.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "highest rate per volume of pore water at 15 °C, two O2 each; 0 in a unit "
                   "without media",
                   "15 ℃ における間隙水あたりの最大速度(酸素はその 2 倍)。充填材のない装置では 0"},
    [P_ACETATE] = {"k_acetate_mmol_kgw", "mmol/kgw", 0.0625, 0.005, 1.0,
                   SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "substrate at half of the highest rate",
                   "最大速度の半分となる基質濃度"},
    [P_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.00625, 0.0005, 0.3,
                   SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "oxygen at half of the highest rate",
                   "最大速度の半分となる溶存酸素濃度"},
    [P_PH_LOW]  = {"ph_low", "", 3.0, 1.5, 6.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "lower pH of half activity",
                   "活性が半減する低 pH 側の値"},
    [P_PH_HIGH] = {"ph_high", "", 10.0, 8.0, 12.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "upper pH of half activity",
                   "活性が半減する高 pH 側の値"},
    [P_EA]      = SEI_PARAM_EA(47.8, 20.0, 100.0, SEI_INFERRED, "boog2019"),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_ACETATE] = {SEI_IN_TOTAL, "Acetate"},
    [IN_O2]      = {SEI_IN_MOLALITY, "O2"},
    [IN_H]       = {SEI_IN_ACTIVITY, "H+"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   q = p[P_Q] / SEI_KGW_PER_M3 * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K);
    const sei_term term[N_INPUTS] = {
        [IN_ACETATE] = sei_term_monod(in[IN_ACETATE], p[P_ACETATE]),
        [IN_O2]      = sei_term_monod(in[IN_O2], p[P_O2]),
        [IN_H]       = sei_term_ph_window(in[IN_H], p[P_PH_LOW], p[P_PH_HIGH]),
    };

    sei_term_product(q, N_INPUTS, term, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_aerobic_respiration = {
    .key         = "aerobic-respiration",
    .title       = "Aerobic respiration",
    .title_ja    = "好気呼吸",
    .source      = "boog2019",
    .reaction    = "Acetate- + 2 O2 = 2 HCO3- + H+",
    .ph          = {3.0, 9.0},
    .temp_c      = {4.0, 30.0},
    .params      = params,
    .n_params    = N_PARAMS,
    .inputs      = inputs,
    .n_inputs    = N_INPUTS,
    .media_param = "q_max_mol_m3_d",
    .off_param   = "q_max_mol_m3_d",
    .eval        = eval,
};
