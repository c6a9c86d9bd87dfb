/*
 * rate_sulfate_reduction.c - sulfate reduction with acetate-like substrate
 *
 *     r = q_max f(T) Ac/(K_Ac + Ac) SO4/(K_SO4 + SO4) K_O2/(K_O2 + O2) K_S/(K_S + S(-II)) w(pH) N/(K_N + N) P/(K_P + P)
 *
 * q_max stands for the steady population per volume of pore water. Half-saturation and inhibition
 * constants of acetotrophic sulfate reducers: constructed wetland model CWM1 (Langergraber et al.
 * 2009) as written out by Boog et al. (2019): 24 mg COD/L, 19 mg S/L, 140 mg S/L. Nutrients: SEI_PARAM_NUTRIENTS.
 */
#include "kin/rate.h"

#define C_PER_ACETATE 2.0 /* srb counts as CH2O */

enum {
    P_Q,
    P_ACETATE,
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
enum { G_MU = N_PARAMS, G_DECAY, N_GROWTH_PARAMS };
enum { IN_ACETATE, IN_SO4, IN_O2, IN_SULFIDE, IN_H, IN_SRB, IN_N, IN_P, N_INPUTS };

/* clang-format off */
#define COMMON \
    [P_ACETATE] = {"k_acetate_mmol_kgw", "mmol/kgw", 0.375, 0.01, 1.0, \
                   SEI_LOG, SEI_PUBLISHED, "boog2019", \
                   "substrate at half of the highest rate", \
                   "最大速度の半分となる基質濃度"}, \
    [P_SO4]     = {"k_so4_mmol_kgw", "mmol/kgw", 0.593, 0.1, 5.0, \
                   SEI_LOG, SEI_PUBLISHED, "boog2019", \
                   "sulfate at half of the highest rate", \
                   "最大速度の半分となる硫酸濃度"}, \
    [P_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.001, 6e-6, 0.02, \
                   SEI_LOG, SEI_ASSUMED, "boog2019", \
                   "oxygen that halves the rate", \
                   "速度が半減する溶存酸素濃度"}, \
    [P_SULFIDE] = {"k_sulfide_mmol_kgw", "mmol/kgw", 4.37, 1.0, 50.0, \
                   SEI_LOG, SEI_PUBLISHED, "boog2019", \
                   "dissolved sulfide that halves the rate", \
                   "速度が半減する溶存硫化物濃度"}, \
    [P_PH_LOW]  = {"ph_low", "", 4.75, 3.5, 6.0, SEI_LINEAR, SEI_INFERRED, "aoyagi2017", \
                   "lower pH of half activity; a rice-bran column held 6 h at pH 6.3 but only 20 " \
                   "h at pH 3.0", \
                   "活性が半減する低 pH 側の値(米ぬかカラムの安定 HRT:pH 6.3 で 6 h、pH 3.0 で 20 h)"}, \
    [P_PH_HIGH] = {"ph_high", "", 9.5, 8.0, 11.0, SEI_LINEAR, SEI_ASSUMED, "", \
                   "upper pH of half activity", \
                   "活性が半減する高 pH 側の値"}, \
    [P_EA]      = SEI_PARAM_EA(65.0, 40.0, 100.0, SEI_ASSUMED, ""), \
    [P_FULL]    = {"full_population_mmol_kgw", "mmol/kgw", 0.0, 0.0, 100.0, SEI_LINEAR, SEI_ASSUMED, "", \
                   "bacteria (as CH2O) per pore water of a full population, at which the highest rate is " \
                   "reached; 0: the population is always full", \
                   "最大速度に達する菌体量(CH2O 換算)。0 は常に定常個体群"}, \
    SEI_PARAM_NUTRIENTS(P_N, P_P)

static const sei_param params[N_PARAMS] = {
    [P_Q]       = {"q_max_mol_m3_d", "mol/m³/d", 1.0, 0.0, 20.0,
                   SEI_LINEAR, SEI_INFERRED, "amdtreat2019",
                   "highest rate per volume of pore water at 15 °C; 0 in a unit without media. A "
                   "design figure for the whole bed is 0.3 mol/m3/d",
                   "15 ℃ における間隙水あたりの最大硫酸還元速度。充填材のない装置では 0。槽全体の設計値は 0.3 mol/m3/d"},
    COMMON,
};

static const sei_param growth_params[N_GROWTH_PARAMS] = {
    [P_Q]     = {"is_growing", "", 0.0, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "",
                 "1: the population grows and declines; 0: it stays as it is",
                 "1 は菌体の増殖・減衰を計算、0 は一定"},
    COMMON,
    [G_MU]    = {"mu_max_1_d", "1/d", 0.3, 0.02, 3.0, SEI_LOG, SEI_ASSUMED, "",
                 "highest growth at 15 °C; a bed fed with ethanol had its community after 20 to 30 days",
                 "15 ℃ における最大増殖速度(エタノール槽では 20~30 日で群集が形成)"},
    [G_DECAY] = {"decay_1_d", "1/d", 0.02, 0.0, 0.5, SEI_LINEAR, SEI_ASSUMED, "",
                 "decline of the population at 15 °C; what dies is substrate again",
                 "15 ℃ における減衰速度(死滅分は基質に戻る)"},
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_ACETATE] = {SEI_IN_TOTAL, "Acetate"}, [IN_SO4] = {SEI_IN_TOTAL, "S(6)"},
    [IN_O2] = {SEI_IN_MOLALITY, "O2"},        [IN_SULFIDE] = {SEI_IN_TOTAL, "S(-2)"},
    [IN_H] = {SEI_IN_ACTIVITY, "H+"},         [IN_SRB] = {SEI_IN_SOLID, "srb"},
    [IN_N] = {SEI_IN_TOTAL_IF, "N(-3)"},      [IN_P] = {SEI_IN_TOTAL_IF, "P"},
};

/* k times all terms of the water, and of the population when it is not always full. */
static void product(double k, sei_term population, const double p[], const double in[],
                    double *ret_rate, double ret_slope[])
{
    const sei_term term[N_INPUTS] = {
        [IN_ACETATE] = sei_term_monod(in[IN_ACETATE], p[P_ACETATE]),
        [IN_SO4]     = sei_term_monod(in[IN_SO4], p[P_SO4]),
        [IN_O2]      = sei_term_inhibit(in[IN_O2], p[P_O2]),
        [IN_SULFIDE] = sei_term_inhibit(in[IN_SULFIDE], p[P_SULFIDE]),
        [IN_H]       = sei_term_ph_window(in[IN_H], p[P_PH_LOW], p[P_PH_HIGH]),
        [IN_SRB]     = population,
        [IN_N]       = sei_term_monod(in[IN_N], p[P_N]),
        [IN_P]       = sei_term_monod(in[IN_P], p[P_P]),
    };

    sei_term_product(k, N_INPUTS, term, ret_rate, ret_slope);
}

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double q = p[P_Q] / SEI_KGW_PER_M3 * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K);

    product(q, sei_term_population(in[IN_SRB], p[P_FULL]), p, in, ret_rate, ret_slope);
}

/* r = (mu M (1 - X/full) - decay) X / 2: two carbons of an acetate; M the terms of the water. Above a
 * full population it shrinks. */
static void growth_eval(const sei_rate_env *env, const double p[], const double in[],
                        double *ret_rate, double ret_slope[])
{
    const double   f    = p[P_Q] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K) / C_PER_ACETATE;
    const sei_term x    = sei_term_first(in[IN_SRB]);
    const double   full = p[P_FULL] > 0.0 ? p[P_FULL] : 1.0, room = 1.0 - x.value / full;

    product(f * p[G_MU], (sei_term){x.value * room, x.slope * (1.0 - 2.0 * x.value / full)}, p, in,
            ret_rate, ret_slope);
    *ret_rate -= f * p[G_DECAY] * x.value;
    ret_slope[IN_SRB] -= f * p[G_DECAY] * x.slope;
}

const sei_rate_law sei_rate_law_srb_growth = {
    .key         = "srb-growth",
    .title       = "Growth and decline of sulfate reducers",
    .title_ja    = "硫酸還元菌の増殖と減衰",
    .source      = "",
    .reaction    = "Acetate- + H+ = 2 srb",
    .ph          = {3.0, 8.5},
    .temp_c      = {4.0, 30.0},
    .params      = growth_params,
    .n_params    = N_GROWTH_PARAMS,
    .inputs      = inputs,
    .n_inputs    = N_INPUTS,
    .media_param = "is_growing",
    .off_param   = "is_growing",
    .eval        = growth_eval,
};

const sei_rate_law sei_rate_law_sulfate_reduction = {
    .key         = "sulfate-reduction",
    .title       = "Microbial sulfate reduction",
    .title_ja    = "硫酸還元",
    .source      = "boog2019",
    .reaction    = "Acetate- + SO4-2 = 2 HCO3- + HS-",
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
