/*
 * rate_fe2_microbial.c - oxidation of ferrous iron by the bacteria of a biofilm
 *
 *     r = q_max f(T) Fe2/(K (1 + Fe3/K_Fe3) + Fe2) O2/(K_O2 + O2) w(pH)
 *
 * q_max stands for the whole steady biofilm per volume of pore water, which is what one flow
 * through one bed can tell. Form of the Fe terms: Molchanov et al. (2007), batch tests with
 * Acidithiobacillus ferrooxidans (K 31 mg/L, competitive inhibition by Fe(III), 139 mg/L). Where a population
 * grows (full_population_mmol_kgw) the rate is its share of a full one.
 */
#include "kin/rate.h"

enum { P_Q, P_FE, P_FE3, P_O2, P_PH_LOW, P_PH_HIGH, P_EA, P_FULL, N_PARAMS };
enum { G_IS, G_FULL, G_MU, G_FE, G_O2, G_PH_LOW, G_PH_HIGH, G_EA, N_GROWTH_PARAMS };
enum { IN_FE2, IN_FE3, IN_O2, IN_H, IN_FEB, N_INPUTS };
enum { GIN_FE2, GIN_O2, GIN_H, GIN_FEB, N_GROWTH_INPUTS };

/* clang-format off */
#define PARAM_FULL {"full_population_mmol_kgw", "mmol/kgw", 0.0, 0.0, 100.0, SEI_LINEAR, SEI_ASSUMED, "", \
                    "bacteria (as CH2O) per pore water of a full population, at which the highest rate " \
                    "is reached; 0: the population is always full", \
                    "最大速度に達する菌体量(CH2O 換算)。0 は常に定常個体群"}

static const sei_param params[N_PARAMS] = {
    [P_Q]       = {"q_max_mol_m3_d", "mol/m³/d", 26.0, 0.0, 1000.0,
                   SEI_LINEAR, SEI_INFERRED, "hayashi2019",
                   "highest rate of the biofilm per volume of pore water at 15 °C; 0 in a unit "
                   "without media. From a pilot, 30-40 to below 10 mg/L in 2.5 h nominal, taken as "
                   "35 to 9 mg/L at a porosity of 0.5",
                   "15 ℃ における間隙水あたりの生物膜の最大酸化速度。充填材のない装置では 0。パイロットの 30~40→10 mg/L 未満(公称 2.5 h)を 35→9 mg/L、間隙率 0.5 として算定"},
    [P_FE]      = {"k_fe2_mmol_kgw", "mmol/kgw", 0.555, 0.1, 2.0,
                   SEI_LOG, SEI_PUBLISHED, "molchanov2007",
                   "Fe(II) at half of the highest rate",
                   "最大速度の半分となる Fe(II) 濃度"},
    [P_FE3]     = {"k_fe3_mmol_kgw", "mmol/kgw", 2.49, 0.5, 100.0,
                   SEI_LOG, SEI_PUBLISHED, "molchanov2007",
                   "dissolved Fe(III) that doubles the half-rate Fe(II)",
                   "Fe(II) の半飽和濃度を 2 倍にする溶存 Fe(III) 濃度"},
    [P_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.01, 0.001, 0.1, SEI_LOG, SEI_INFERRED, "liu1988",
                   "oxygen at half of the highest rate; growth was limited below 0.3-0.7 mg/L",
                   "最大速度の半分となる溶存酸素(0.3~0.7 mg/L 以下で律速との報告から)"},
    [P_PH_LOW]  = {"ph_low", "", 1.5, 0.5, 3.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "lower pH of half activity",
                   "活性が半減する低 pH 側の値"},
    [P_PH_HIGH] = {"ph_high", "", 5.0, 4.0, 8.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "upper pH of half activity",
                   "活性が半減する高 pH 側の値"},
    [P_EA]      = SEI_PARAM_EA(58.8, 20.0, 110.0, SEI_ASSUMED, "kirby1999"),
    [P_FULL]    = PARAM_FULL,
};

static const sei_param growth_params[N_GROWTH_PARAMS] = {
    [G_IS]      = {"is_growing", "", 0.0, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "1: the population grows; 0: it stays as it is",
                   "1 は菌体の増殖を計算、0 は一定"},
    [G_FULL]    = PARAM_FULL,
    [G_MU]      = {"mu_max_1_d", "1/d", 0.5, 0.02, 27.0, SEI_LOG, SEI_ASSUMED, "",
                   "highest growth at 15 °C; attached cells of a rotating contactor grew with 27 1/d, "
                   "natural enrichments took months",
                   "15 ℃ における最大増殖速度(回転円板付着菌の最大値は 27 1/d、自然集積には数か月)"},
    [G_FE]      = {"k_fe2_mmol_kgw", "mmol/kgw", 0.983, 0.1, 2.0, SEI_LOG, SEI_PUBLISHED, "wichlacz1985",
                   "Fe(II) at half of the highest growth, 54.9 mg/L",
                   "最大増殖速度の半分となる Fe(II) 濃度(54.9 mg/L)"},
    [G_O2]      = {"k_o2_mmol_kgw", "mmol/kgw", 0.01, 0.001, 0.1, SEI_LOG, SEI_INFERRED, "liu1988",
                   "oxygen at half of the highest growth",
                   "最大増殖速度の半分となる溶存酸素"},
    [G_PH_LOW]  = {"ph_low", "", 1.5, 0.5, 3.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "lower pH of half activity",
                   "活性が半減する低 pH 側の値"},
    [G_PH_HIGH] = {"ph_high", "", 5.0, 4.0, 8.0, SEI_LINEAR, SEI_ASSUMED, "",
                   "upper pH of half activity",
                   "活性が半減する高 pH 側の値"},
    [G_EA]      = SEI_PARAM_EA(58.8, 20.0, 110.0, SEI_ASSUMED, "kirby1999"),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_FE2] = {SEI_IN_TOTAL, "Fe(2)"}, [IN_FE3] = {SEI_IN_TOTAL, "Fe(3)"},
    [IN_O2] = {SEI_IN_MOLALITY, "O2"},  [IN_H] = {SEI_IN_ACTIVITY, "H+"},
    [IN_FEB] = {SEI_IN_SOLID, "feb"},
};
static const sei_rate_input growth_inputs[N_GROWTH_INPUTS] = {
    [GIN_FE2] = {SEI_IN_TOTAL, "Fe(2)"},
    [GIN_O2]  = {SEI_IN_MOLALITY, "O2"},
    [GIN_H]   = {SEI_IN_ACTIVITY, "H+"},
    [GIN_FEB] = {SEI_IN_SOLID, "feb"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    double         q    = p[P_Q] / SEI_KGW_PER_M3 * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K);
    const sei_term fe3  = sei_term_first(in[IN_FE3]);
    const double   half = p[P_FE] * (1.0 + fe3.value / p[P_FE3]);
    const sei_term fe2  = sei_term_monod(in[IN_FE2], half);
    /* d/d half of Fe2/(half + Fe2) */
    const double   d_half = -fe2.value * (half / (half + in[IN_FE2])) / half;
    const sei_term term[] = {
        fe2,
        sei_term_monod(in[IN_O2], p[P_O2]),
        sei_term_ph_window(in[IN_H], p[P_PH_LOW], p[P_PH_HIGH]),
    };
    double slope[SEI_KIN_COUNT(term)];

    ret_slope[IN_FEB] = 0.0;
    if (p[P_FULL] > 0.0) { /* of the full population's rate, the share that is there */
        const sei_term x = sei_term_first(in[IN_FEB]);
        sei_term_product(q / p[P_FULL], SEI_KIN_COUNT(term), term, ret_rate, slope);
        ret_slope[IN_FEB] = *ret_rate * x.slope;
        q *= x.value / p[P_FULL];
    }
    sei_term_product(q, SEI_KIN_COUNT(term), term, ret_rate, slope);
    ret_slope[IN_FE2] = slope[0];
    ret_slope[IN_FE3] = q * d_half * p[P_FE] / p[P_FE3] * fe3.slope * term[1].value * term[2].value;
    ret_slope[IN_O2]  = slope[1];
    ret_slope[IN_H]   = slope[2];
}

/* r = mu X (1 - X/full) times the terms of the water; above a full population nothing grows. */
static void growth_eval(const sei_rate_env *env, const double p[], const double in[],
                        double *ret_rate, double ret_slope[])
{
    const double   mu   = p[G_IS] * p[G_MU] * sei_arrhenius(p[G_EA], env->temp_k, SEI_T15_K);
    const double   full = p[G_FULL] > 0.0 ? p[G_FULL] : 1.0;
    const sei_term x    = sei_term_first(in[GIN_FEB]);
    const double   room = 1.0 - x.value / full;
    const sei_term grow = room > 0.0
                              ? (sei_term){x.value * room, x.slope * (1.0 - 2.0 * x.value / full)}
                              : (sei_term){0.0, 0.0};
    const sei_term term[N_GROWTH_INPUTS] = {
        [GIN_FE2] = sei_term_monod(in[GIN_FE2], p[G_FE]),
        [GIN_O2]  = sei_term_monod(in[GIN_O2], p[G_O2]),
        [GIN_H]   = sei_term_ph_window(in[GIN_H], p[G_PH_LOW], p[G_PH_HIGH]),
        [GIN_FEB] = grow,
    };

    sei_term_product(mu, N_GROWTH_INPUTS, term, ret_rate, ret_slope);
}

/* Cells of bacteria that live on iron: carbon from carbon dioxide, four electrons a carbon from Fe(II). */
const sei_rate_law sei_rate_law_fe2_growth = {
    .key         = "fe2-growth",
    .title       = "Growth of iron bacteria",
    .title_ja    = "鉄酸化細菌の増殖",
    .source      = "",
    .reaction    = "CO2 + 4 Fe+2 + 4 H+ = feb + 4 Fe+3 + H2O",
    .ph          = {2.0, 6.8},
    .temp_c      = {5.0, 30.0},
    .params      = growth_params,
    .n_params    = N_GROWTH_PARAMS,
    .inputs      = growth_inputs,
    .n_inputs    = N_GROWTH_INPUTS,
    .media_param = "is_growing",
    .off_param   = "is_growing",
    .eval        = growth_eval,
};

const sei_rate_law sei_rate_law_fe2_microbial = {
    .key         = "fe2-microbial",
    .title       = "Microbial oxidation of ferrous iron",
    .title_ja    = "鉄酸化細菌による二価鉄の酸化",
    .source      = "molchanov2007",
    .reaction    = "Fe+2 + 0.25 O2 + H+ = Fe+3 + 0.5 H2O",
    .ph          = {2.0, 6.8},
    .temp_c      = {5.0, 30.0},
    .params      = params,
    .n_params    = N_PARAMS,
    .inputs      = inputs,
    .n_inputs    = N_INPUTS,
    .media_param = "q_max_mol_m3_d",
    .off_param   = "q_max_mol_m3_d",
    .eval        = eval,
};
