/*
 * rate_mn2_oxidation.c - oxidation of dissolved manganese
 *
 *     r = (k_water a_OH^2 O2 f(T) + k_bed A O2/(K_O2 + O2) w(pH)) Mn(II)
 *
 * In water: the apparent constants of Morgan (2005), 8.6e-5 at pH 8.03 and 2.5e-2 kgw/mol/s at 9.30,
 * are k_water a_OH^2 within 10 %. On a bed with manganese oxides: AMDTreat's 4.39e-4 1/h for each
 * m2 of limestone in a m3 of bed. A is 0 by default.
 */
#include "kin/rate.h"

enum { P_WATER, P_BED, P_AREA, P_O2, P_PH_LOW, P_EA, N_PARAMS };
enum { IN_MN, IN_O2, IN_OH, IN_H, N_INPUTS };

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_WATER]  = {"k_water", "kgw3/(mol3 s)", 6.9e7, 1e6, 1e10,
                  SEI_LOG, SEI_INFERRED, "morgan2005",
                  "rate constant of Mn(II), O2 and twice OH-",
                  "Mn(II)、O2、OH-(2 次)の反応速度定数"},
    [P_BED]    = {"k_bed_m_h", "m/h", 4.39e-4, 1e-6, 1e-1, SEI_LOG, SEI_PUBLISHED, "amdtreat2019",
                  "rate constant per surface of a bed that carries manganese oxides",
                  "マンガン酸化物に覆われた充填材の表面積あたり速度定数"},
    [P_AREA]   = {"bed_area", "m2/m3", 0.0, 0.0, 1e4, SEI_LINEAR, SEI_ASSUMED, "",
                  "surface of the bed per volume of pore water; 0: none",
                  "間隙水あたりの充填材表面積。0 はなし"},
    [P_O2]     = {"k_o2_mmol_kgw", "mmol/kgw", 0.03, 0.001, 0.3, SEI_LOG, SEI_ASSUMED, "",
                  "oxygen at half of the bed's rate",
                  "充填材上の速度が半分となる溶存酸素濃度"},
    [P_PH_LOW] = {"ph_low", "", 6.0, 4.5, 8.0, SEI_LINEAR, SEI_ASSUMED, "",
                  "pH at half of the bed's rate",
                  "充填材上の速度が半分となる pH"},
    [P_EA]     = SEI_PARAM_EA(0.0, -60.0, 120.0, SEI_ASSUMED, ""),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_MN] = {SEI_IN_TOTAL, "Mn"},
    [IN_O2] = {SEI_IN_MOLALITY, "O2"},
    [IN_OH] = {SEI_IN_ACTIVITY, "OH-"},
    [IN_H]  = {SEI_IN_ACTIVITY, "H+"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   k_water = p[P_WATER] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K);
    const double   k_bed   = p[P_BED] * p[P_AREA];
    const sei_term mn = sei_term_first(in[IN_MN]), o2 = sei_term_first(in[IN_O2]);
    const sei_term oh   = sei_term_first(in[IN_OH]);
    const sei_term air  = sei_term_monod(in[IN_O2], p[P_O2]);
    const sei_term mild = sei_term_ph_above(in[IN_H], p[P_PH_LOW]);

    const double k    = k_water * oh.value * oh.value * o2.value + k_bed * air.value * mild.value;
    const double d_o2 = k_water * oh.value * oh.value * o2.slope + k_bed * air.slope * mild.value;

    *ret_rate        = k * mn.value;
    ret_slope[IN_MN] = k * mn.slope;
    ret_slope[IN_O2] = d_o2 * mn.value;
    ret_slope[IN_OH] = 2.0 * k_water * oh.value * oh.slope * o2.value * mn.value;
    ret_slope[IN_H]  = k_bed * air.value * mild.slope * mn.value;
}

const sei_rate_law sei_rate_law_mn2_oxidation = {
    .key         = "mn2-oxidation",
    .title       = "Oxidation of dissolved manganese",
    .title_ja    = "溶存マンガンの酸化",
    .source      = "morgan2005",
    .reaction    = "Mn+2 + 0.5 O2 + H2O = Birnessite + 2 H+",
    .ph          = {6.0, 9.5},
    .temp_c      = {25.0, 25.0},
    .params      = params,
    .n_params    = N_PARAMS,
    .inputs      = inputs,
    .n_inputs    = N_INPUTS,
    .media_param = "bed_area",
    .eval        = eval,
};
