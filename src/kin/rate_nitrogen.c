/*
 * rate_nitrogen.c - ammonium is nitrified where there is oxygen, nitrate reduced where there is none
 *
 *     nitrification     r = q_max f(T) NH4/(K + NH4) O2/(K_O2 + O2) w(pH)      [mol of N/kgw/s]
 *     denitrification   r = q_max f(T) NO3/(K + NO3) Ac/(K_Ac + Ac) K_O2/(K_O2 + O2) w(pH)
 *                       [mol of the reaction/kgw/s, 8 of N]
 *
 * Half-saturation constants and temperature factors: constructed wetland model CWM1 as written out by Boog et al.
 * (2019). Its rates are per biomass; here they are capacities of a biofilm, as those of the other laws.
 */
#include "kin/rate.h"

enum { N_Q, N_NH4, N_O2, N_PH_LOW, N_PH_HIGH, N_EA, N_NITRIFICATION_PARAMS };
enum { IN_NH4, IN_O2, IN_H, N_NITRIFICATION_INPUTS };
enum { D_Q, D_NO3, D_ACETATE, D_O2, D_PH_LOW, D_PH_HIGH, D_EA, N_DENITRIFICATION_PARAMS };
enum { IN_NO3, IN_ACETATE, IN_NO_O2, IN_ACID, N_DENITRIFICATION_INPUTS };

/* Nitrogen in a mole of the reaction that reduces it. */
#define N_PER_REACTION 8.0

/* clang-format off */
static const sei_param nitrification_params[N_NITRIFICATION_PARAMS] = {
    [N_Q]       = {"q_max_mol_m3_d", "mol/m³/d", 1.0, 0.0, 50.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "highest rate per volume of pore water at 15 °C; 0 in a unit without media",
                   "15 ℃ における間隙水あたりの最大硝化速度。充填材のない装置では 0"},
    [N_NH4]     = {"k_nh4_mmol_kgw", "mmol/kgw", 0.0357, 0.005, 1.0,
                   SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "ammonium at half of the highest rate",
                   "最大速度の半分となるアンモニウム濃度"},
    [N_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.03125, 0.005, 0.2,
                   SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "oxygen at half of the highest rate",
                   "最大速度の半分となる溶存酸素濃度"},
    [N_PH_LOW]  = {"ph_low", "", 6.0, 4.0, 7.5, SEI_LINEAR, SEI_ASSUMED, "",
                   "lower pH of half activity",
                   "活性が半減する低 pH 側の値"},
    [N_PH_HIGH] = {"ph_high", "", 9.5, 8.0, 11.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "upper pH of half activity",
                   "活性が半減する高 pH 側の値"},
    [N_EA]      = SEI_PARAM_EA(72.0, 40.0, 110.0, SEI_INFERRED, "boog2019"),
};

static const sei_param denitrification_params[N_DENITRIFICATION_PARAMS] = {
    [D_Q]       = {"q_max_mol_m3_d", "mol/m³/d", 2.0, 0.0, 100.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "highest rate per volume of pore water at 15 °C, as nitrogen; 0 in a unit without media",
                   "15 ℃ における間隙水あたりの最大脱窒速度(窒素として)。充填材のない装置では 0"},
    [D_NO3]     = {"k_no3_mmol_kgw", "mmol/kgw", 0.0357, 0.005, 1.0,
                   SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "nitrate at half of the highest rate",
                   "最大速度の半分となる硝酸濃度"},
    [D_ACETATE] = {"k_acetate_mmol_kgw", "mmol/kgw", 0.0625, 0.005, 1.0,
                   SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "substrate at half of the highest rate",
                   "最大速度の半分となる基質濃度"},
    [D_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.00625, 0.0005, 0.3,
                   SEI_LOG, SEI_PUBLISHED, "boog2019",
                   "oxygen that halves the rate",
                   "速度が半減する溶存酸素濃度"},
    [D_PH_LOW]  = {"ph_low", "", 5.0, 3.0, 7.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "lower pH of half activity",
                   "活性が半減する低 pH 側の値"},
    [D_PH_HIGH] = {"ph_high", "", 9.5, 8.0, 11.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "upper pH of half activity",
                   "活性が半減する高 pH 側の値"},
    [D_EA]      = SEI_PARAM_EA(47.8, 20.0, 100.0, SEI_INFERRED, "boog2019"),
};
/* clang-format on */

static const sei_rate_input nitrification_inputs[N_NITRIFICATION_INPUTS] = {
    [IN_NH4] = {SEI_IN_TOTAL, "N(-3)"},
    [IN_O2]  = {SEI_IN_MOLALITY, "O2"},
    [IN_H]   = {SEI_IN_ACTIVITY, "H+"},
};
static const sei_rate_input denitrification_inputs[N_DENITRIFICATION_INPUTS] = {
    [IN_NO3]     = {SEI_IN_TOTAL, "N(5)"},
    [IN_ACETATE] = {SEI_IN_TOTAL, "Acetate"},
    [IN_NO_O2]   = {SEI_IN_MOLALITY, "O2"},
    [IN_ACID]    = {SEI_IN_ACTIVITY, "H+"},
};

static void nitrification_eval(const sei_rate_env *env, const double p[], const double in[],
                               double *ret_rate, double ret_slope[])
{
    const double   q = p[N_Q] / SEI_KGW_PER_M3 * sei_arrhenius(p[N_EA], env->temp_k, SEI_T15_K);
    const sei_term term[N_NITRIFICATION_INPUTS] = {
        [IN_NH4] = sei_term_monod(in[IN_NH4], p[N_NH4]),
        [IN_O2]  = sei_term_monod(in[IN_O2], p[N_O2]),
        [IN_H]   = sei_term_ph_window(in[IN_H], p[N_PH_LOW], p[N_PH_HIGH]),
    };

    sei_term_product(q, N_NITRIFICATION_INPUTS, term, ret_rate, ret_slope);
}

static void denitrification_eval(const sei_rate_env *env, const double p[], const double in[],
                                 double *ret_rate, double ret_slope[])
{
    const double   q = p[D_Q] / SEI_KGW_PER_M3 * sei_arrhenius(p[D_EA], env->temp_k, SEI_T15_K);
    const sei_term term[N_DENITRIFICATION_INPUTS] = {
        [IN_NO3]     = sei_term_monod(in[IN_NO3], p[D_NO3]),
        [IN_ACETATE] = sei_term_monod(in[IN_ACETATE], p[D_ACETATE]),
        [IN_NO_O2]   = sei_term_inhibit(in[IN_NO_O2], p[D_O2]),
        [IN_ACID]    = sei_term_ph_window(in[IN_ACID], p[D_PH_LOW], p[D_PH_HIGH]),
    };

    sei_term_product(q / N_PER_REACTION, N_DENITRIFICATION_INPUTS, term, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_nitrification = {
    .key         = "nitrification",
    .title       = "Nitrification of ammonium",
    .title_ja    = "アンモニウムの硝化",
    .source      = "boog2019",
    .reaction    = "NH4+ + 2 O2 = NO3- + 2 H+ + H2O",
    .ph          = {6.0, 9.0},
    .temp_c      = {4.0, 30.0},
    .params      = nitrification_params,
    .n_params    = N_NITRIFICATION_PARAMS,
    .inputs      = nitrification_inputs,
    .n_inputs    = N_NITRIFICATION_INPUTS,
    .media_param = "q_max_mol_m3_d",
    .off_param   = "q_max_mol_m3_d",
    .eval        = nitrification_eval,
};

const sei_rate_law sei_rate_law_denitrification = {
    .key         = "denitrification",
    .title       = "Reduction of nitrate to nitrogen gas",
    .title_ja    = "硝酸の脱窒",
    .source      = "boog2019",
    .reaction    = "5 Acetate- + 8 NO3- + 3 H+ = 10 HCO3- + 4 N2(g) + 4 H2O",
    .ph          = {5.0, 9.0},
    .temp_c      = {4.0, 30.0},
    .params      = denitrification_params,
    .n_params    = N_DENITRIFICATION_PARAMS,
    .inputs      = denitrification_inputs,
    .n_inputs    = N_DENITRIFICATION_INPUTS,
    .media_param = "q_max_mol_m3_d",
    .off_param   = "q_max_mol_m3_d",
    .eval        = denitrification_eval,
};
