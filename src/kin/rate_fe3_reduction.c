/*
 * rate_fe3_reduction.c - reduction of ferric iron with acetate-like substrate, dissolved and as ferrihydrite
 *
 *     dissolved:     r = q_max f(T) Fe3/(K_Fe3 + Fe3) Ac/(K_Ac + Ac) K_O2/(K_O2 + O2)
 *     ferrihydrite:  r = k f(T) X/8             Ac/(K_Ac + Ac) K_O2/(K_O2 + O2)
 *
 * Eight irons for an acetate. Iron reducers go before sulfate reducers: no inhibition by sulfide.
 * Half-saturation of acetate and oxygen as in sulfate-reduction; rates are assumptions.
 */
#include "kin/rate.h"

enum { P_RATE, P_ACETATE, P_O2, P_EA, P_FE3, N_PARAMS };
enum { IN_ACETATE, IN_O2, IN_IRON, N_INPUTS };

#define FE_PER_ACETATE 8.0

/* clang-format off */
#define COMMON                                                                                             \
    [P_ACETATE] = {"k_acetate_mmol_kgw", "mmol/kgw", 0.375, 0.01, 1.0, SEI_LOG, SEI_ASSUMED, "boog2019",     \
                   "substrate at half of the highest rate", "最大速度の半分となる基質濃度"},                 \
    [P_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.001, 6e-6, 0.02, SEI_LOG, SEI_ASSUMED, "boog2019",         \
                   "oxygen that halves the rate", "速度が半減する溶存酸素濃度"},                             \
    [P_EA]      = SEI_PARAM_EA(65.0, 40.0, 100.0, SEI_ASSUMED, "")

static const sei_param dissolved_params[N_PARAMS] = {
    [P_RATE] = {"q_max_mol_m3_d", "mol/m³/d", 0.1, 0.0, 5.0, SEI_LINEAR, SEI_ASSUMED, "",
                "highest rate per volume of pore water at 15 °C, acetate; 0 in a unit without media",
                "15 ℃ における間隙水あたりの最大速度(酢酸)。充填材のない装置では 0"},
    COMMON,
    [P_FE3]  = {"k_fe3_mmol_kgw", "mmol/kgw", 0.02, 1e-4, 1.0, SEI_LOG, SEI_ASSUMED, "",
                "dissolved Fe(III) at half of the highest rate", "最大速度の半分となる溶存三価鉄濃度"},
};
static const sei_param solid_params[N_PARAMS - 1] = {
    [P_RATE] = {"k_1_d", "1/d", 0.03, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "",
                "share of the ferrihydrite that is reduced in a day at 15 °C; 0 in a unit without media",
                "15 ℃ におけるフェリハイドライトの還元速度定数。充填材のない装置では 0"},
    COMMON,
};
/* clang-format on */

static const sei_rate_input dissolved_inputs[N_INPUTS] = {
    [IN_ACETATE] = {SEI_IN_TOTAL, "Acetate"},
    [IN_O2]      = {SEI_IN_MOLALITY, "O2"},
    [IN_IRON]    = {SEI_IN_TOTAL, "Fe(3)"},
};
static const sei_rate_input solid_inputs[N_INPUTS] = {
    [IN_ACETATE] = {SEI_IN_TOTAL, "Acetate"},
    [IN_O2]      = {SEI_IN_MOLALITY, "O2"},
    [IN_IRON]    = {SEI_IN_SOLID, "Ferrihydrite"},
};

static void product(double k, sei_term iron, const double p[], const double in[], double *ret_rate,
                    double ret_slope[])
{
    const sei_term term[N_INPUTS] = {
        [IN_ACETATE] = sei_term_monod(in[IN_ACETATE], p[P_ACETATE]),
        [IN_O2]      = sei_term_inhibit(in[IN_O2], p[P_O2]),
        [IN_IRON]    = iron,
    };

    sei_term_product(k, N_INPUTS, term, ret_rate, ret_slope);
}

static void dissolved_eval(const sei_rate_env *env, const double p[], const double in[],
                           double *ret_rate, double ret_slope[])
{
    const double q = p[P_RATE] / SEI_KGW_PER_M3 * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K);

    product(q, sei_term_monod(in[IN_IRON], p[P_FE3]), p, in, ret_rate, ret_slope);
}

static void solid_eval(const sei_rate_env *env, const double p[], const double in[],
                       double *ret_rate, double ret_slope[])
{
    const double k = p[P_RATE] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K) / FE_PER_ACETATE;

    product(k, sei_term_first(in[IN_IRON]), p, in, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_fe3_reduction_dissolved = {
    .key         = "fe3-reduction-dissolved",
    .title       = "Microbial reduction of dissolved ferric iron",
    .title_ja    = "溶存三価鉄の微生物還元",
    .source      = "",
    .reaction    = "Acetate- + 8 Fe+3 + 4 H2O = 2 HCO3- + 8 Fe+2 + 9 H+",
    .ph          = {3.0, 8.0},
    .temp_c      = {4.0, 30.0},
    .params      = dissolved_params,
    .n_params    = N_PARAMS,
    .inputs      = dissolved_inputs,
    .n_inputs    = N_INPUTS,
    .media_param = "q_max_mol_m3_d",
    .off_param   = "q_max_mol_m3_d",
    .eval        = dissolved_eval,
};

const sei_rate_law sei_rate_law_fe3_reduction_solid = {
    .key         = "fe3-reduction-solid",
    .title       = "Microbial reduction of ferrihydrite",
    .title_ja    = "フェリハイドライトの微生物還元",
    .source      = "",
    .reaction    = "Acetate- + 8 Ferrihydrite + 15 H+ = 2 HCO3- + 8 Fe+2 + 20 H2O",
    .ph          = {3.0, 8.0},
    .temp_c      = {4.0, 30.0},
    .params      = solid_params,
    .n_params    = N_PARAMS - 1,
    .inputs      = solid_inputs,
    .n_inputs    = N_INPUTS,
    .media_param = "k_1_d",
    .off_param   = "k_1_d",
    .eval        = solid_eval,
};
