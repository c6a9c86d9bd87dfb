/*
 * rate_ethanol.c - ethanol becomes acetate, with sulfate or with oxygen
 *
 *     r = q_max f(T) Et/(K + Et) SO4/(K_SO4 + SO4) K_O2/(K_O2 + O2) K_S/(K_S + S(-II)) w(pH) X/X_full N/(K_N + N) P/(K_P + P)
 *     r = q_max f(T) Et/(K + Et) O2/(K_O2 + O2) w(pH)
 *
 * Many sulfate reducers use ethanol only as far as acetate; the acetate then is substrate like that of bran
 * (sulfate-reduction, aerobic-respiration), so that a mole of ethanol reduces one and a half of sulfate in the
 * end. Terms of the water as for acetate (boog2019).
 */
#include "kin/rate.h"

enum {
    P_Q,
    P_ETHANOL,
    P_SO4,
    P_O2,
    P_SULFIDE,
    P_PH_LOW,
    P_PH_HIGH,
    P_EA,
    P_FULL,
    P_N,
    P_P,
    N_PARAMS
};
enum { A_Q, A_ETHANOL, A_O2, A_PH_LOW, A_PH_HIGH, A_EA, N_AIR_PARAMS };
enum { IN_ETHANOL, IN_SO4, IN_O2, IN_SULFIDE, IN_H, IN_SRB, IN_N, IN_P, N_INPUTS };
enum { AIN_ETHANOL, AIN_O2, AIN_H, N_AIR_INPUTS };

/* clang-format off */
#define K_ETHANOL {"k_ethanol_mmol_kgw", "mmol/kgw", 0.1, 0.01, 5.0, SEI_LOG, SEI_ASSUMED, "", \
                   "ethanol at half of the highest rate; what models of columns take for acetate", \
                   "最大速度の半分となるエタノール濃度"}

static const sei_param params[N_PARAMS] = {
    [P_Q]       = {"q_max_mol_m3_d", "mol/m³/d", 1.0, 0.0, 20.0, SEI_LINEAR, SEI_INFERRED, "amdtreat2019",
                   "highest rate of sulfate reduction on ethanol per volume of pore water at 15 °C; 0 in a "
                   "unit without media",
                   "15 ℃ における間隙水あたりのエタノールによる最大硫酸還元速度。充填材のない装置では 0"},
    [P_ETHANOL] = K_ETHANOL,
    [P_SO4]     = {"k_so4_mmol_kgw", "mmol/kgw", 0.593, 0.1, 5.0, SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "sulfate at half of the highest rate",
                   "最大速度の半分となる硫酸濃度"},
    [P_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.001, 6e-6, 0.02, SEI_LOG, SEI_ASSUMED, "boog2019",
                   "oxygen that halves the rate",
                   "速度が半減する溶存酸素濃度"},
    [P_SULFIDE] = {"k_sulfide_mmol_kgw", "mmol/kgw", 4.37, 1.0, 50.0, SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "dissolved sulfide that halves the rate",
                   "速度が半減する溶存硫化物濃度"},
    [P_PH_LOW]  = {"ph_low", "", 4.75, 3.5, 6.0, SEI_LINEAR, SEI_INFERRED, "aoyagi2017",
                   "lower pH of half activity, as with bran",
                   "活性が半減する低 pH 側の値"},
    [P_PH_HIGH] = {"ph_high", "", 9.5, 8.0, 11.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "upper pH of half activity",
                   "活性が半減する高 pH 側の値"},
    [P_EA]      = SEI_PARAM_EA(65.0, 40.0, 100.0, SEI_ASSUMED, ""),
    [P_FULL]    = {"full_population_mmol_kgw", "mmol/kgw", 0.0, 0.0, 100.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "bacteria (as CH2O) per pore water of a full population, at which the highest rate is "
                   "reached; 0: the population is always full",
                   "最大速度に達する菌体量(CH2O 換算)。0 は常に定常個体群"},
    SEI_PARAM_NUTRIENTS(P_N, P_P),
};

static const sei_param air_params[N_AIR_PARAMS] = {
    [A_Q]       = {"q_max_mol_m3_d", "mol/m³/d", 10.0, 0.0, 500.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "highest rate per volume of pore water at 15 °C, one O2 each; 0 in a unit without media. As "
                   "much oxygen as aerobic-respiration takes",
                   "15 ℃ における間隙水あたりの最大速度(酸素は同モル)。充填材のない装置では 0"},
    [A_ETHANOL] = K_ETHANOL,
    [A_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.00625, 0.0005, 0.3, SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "oxygen at half of the highest rate",
                   "最大速度の半分となる溶存酸素濃度"},
    [A_PH_LOW]  = {"ph_low", "", 3.0, 1.5, 6.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "lower pH of half activity",
                   "活性が半減する低 pH 側の値"},
    [A_PH_HIGH] = {"ph_high", "", 10.0, 8.0, 12.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "upper pH of half activity",
                   "活性が半減する高 pH 側の値"},
    [A_EA]      = SEI_PARAM_EA(47.8, 20.0, 100.0, SEI_INFERRED, "boog2019"),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_ETHANOL] = {SEI_IN_TOTAL, "Ethanol"}, [IN_SO4] = {SEI_IN_TOTAL, "S(6)"},
    [IN_O2] = {SEI_IN_MOLALITY, "O2"},        [IN_SULFIDE] = {SEI_IN_TOTAL, "S(-2)"},
    [IN_H] = {SEI_IN_ACTIVITY, "H+"},         [IN_SRB] = {SEI_IN_SOLID, "srb"},
    [IN_N] = {SEI_IN_TOTAL_IF, "N(-3)"},      [IN_P] = {SEI_IN_TOTAL_IF, "P"},
};
static const sei_rate_input air_inputs[N_AIR_INPUTS] = {
    [AIN_ETHANOL] = {SEI_IN_TOTAL, "Ethanol"},
    [AIN_O2]      = {SEI_IN_MOLALITY, "O2"},
    [AIN_H]       = {SEI_IN_ACTIVITY, "H+"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   q = p[P_Q] / SEI_KGW_PER_M3 * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K);
    const sei_term term[N_INPUTS] = {
        [IN_ETHANOL] = sei_term_monod(in[IN_ETHANOL], p[P_ETHANOL]),
        [IN_SO4]     = sei_term_monod(in[IN_SO4], p[P_SO4]),
        [IN_O2]      = sei_term_inhibit(in[IN_O2], p[P_O2]),
        [IN_SULFIDE] = sei_term_inhibit(in[IN_SULFIDE], p[P_SULFIDE]),
        [IN_H]       = sei_term_ph_window(in[IN_H], p[P_PH_LOW], p[P_PH_HIGH]),
        [IN_SRB]     = sei_term_population(in[IN_SRB], p[P_FULL]),
        [IN_N]       = sei_term_monod(in[IN_N], p[P_N]),
        [IN_P]       = sei_term_monod(in[IN_P], p[P_P]),
    };

    sei_term_product(q, N_INPUTS, term, ret_rate, ret_slope);
}

static void air_eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                     double ret_slope[])
{
    const double   q = p[A_Q] / SEI_KGW_PER_M3 * sei_arrhenius(p[A_EA], env->temp_k, SEI_T15_K);
    const sei_term term[N_AIR_INPUTS] = {
        [AIN_ETHANOL] = sei_term_monod(in[AIN_ETHANOL], p[A_ETHANOL]),
        [AIN_O2]      = sei_term_monod(in[AIN_O2], p[A_O2]),
        [AIN_H]       = sei_term_ph_window(in[AIN_H], p[A_PH_LOW], p[A_PH_HIGH]),
    };

    sei_term_product(q, N_AIR_INPUTS, term, ret_rate, ret_slope);
}

/* Of a mole of sulfate. */
const sei_rate_law sei_rate_law_ethanol_sulfate = {
    .key         = "ethanol-sulfate",
    .title       = "Sulfate reduction with ethanol",
    .title_ja    = "エタノールによる硫酸還元",
    .source      = "boog2019",
    .reaction    = "2 Ethanol + SO4-2 = 2 Acetate- + HS- + H+ + 2 H2O",
    .ph          = {3.0, 8.5},
    .temp_c      = {4.0, 30.0},
    .params      = params,
    .n_params    = N_PARAMS,
    .inputs      = inputs,
    .n_inputs    = N_INPUTS,
    .media_param = "q_max_mol_m3_d",
    .off_param   = "q_max_mol_m3_d",
    .eval        = eval,
};

const sei_rate_law sei_rate_law_ethanol_oxidation = {
    .key         = "ethanol-oxidation",
    .title       = "Aerobic oxidation of ethanol",
    .title_ja    = "エタノールの好気分解",
    .source      = "boog2019",
    .reaction    = "Ethanol + O2 = Acetate- + H+ + H2O",
    .ph          = {3.0, 9.0},
    .temp_c      = {4.0, 30.0},
    .params      = air_params,
    .n_params    = N_AIR_PARAMS,
    .inputs      = air_inputs,
    .n_inputs    = N_AIR_INPUTS,
    .media_param = "q_max_mol_m3_d",
    .off_param   = "q_max_mol_m3_d",
    .eval        = air_eval,
};
