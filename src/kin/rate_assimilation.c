/*
 * rate_assimilation.c - growing bacteria take up nitrogen and phosphorus, dying ones give them back
 *
 *     e = share X - N
 *     r = k (e+ C/(K + C) - e-)      [mol of N or P/kgw/s]
 *
 * X: sulfate reducers counted as CH2O, N: what they hold of the nutrient, C: what is dissolved of it, e+ and e- the
 * positive and negative parts of what they lack. It follows the growth law whatever that law is: with k much
 * faster than growth, uptake is the growth times the share. A population that is always full takes up what its
 * dead give back, and nothing is reckoned.
 */
#include "kin/rate.h"

enum { P_K, P_SHARE, P_HALF, N_PARAMS };
enum { IN_DISSOLVED, IN_SRB, IN_HELD, N_INPUTS };

/* Softens the corner at e = 0, mol/kgw: a ten-thousandth of what a full population holds. */
static const double soft_molal = 1e-8;

/* clang-format off */
#define PARAMS(share, low, high, half_key, half, evidence, source)                                                        \
    [P_K]     = {"k_1_d", "1/d", 5.0, 0.1, 100.0, SEI_LOG, SEI_ASSUMED, "",                              \
                 "how fast the bacteria come to their share of the nutrient",                            \
                 "菌体の含有率に達する速さ"},                                                            \
    [P_SHARE] = {"per_carbon", "", share, low, high, SEI_LINEAR, SEI_PUBLISHED, "metcalf2003",           \
                 "moles of the nutrient for one of carbon in the bacteria",                              \
                 "菌体の炭素 1 mol あたりの含有量"},                                                     \
    [P_HALF]  = {half_key, "mmol/kgw", half, half / 100.0, half * 100.0, SEI_LOG, evidence, source,      \
                 "dissolved nutrient that halves the uptake",                                \
                 "取込みが半減する溶存濃度"}

static const sei_param n_params[N_PARAMS] = {PARAMS(0.2, 0.05, 0.3, "k_nh4_mmol_kgw", 0.00357, SEI_PUBLISHED, "boog2019")};
static const sei_param p_params[N_PARAMS] = {PARAMS(0.0167, 0.005, 0.05, "k_p_mmol_kgw", 0.000323, SEI_PUBLISHED, "henze1999")};
/* clang-format on */

#define INPUTS(component, held)                                                       \
    {                                                                                 \
        [IN_DISSOLVED] = {SEI_IN_TOTAL, component}, [IN_SRB] = {SEI_IN_SOLID, "srb"}, \
        [IN_HELD] = {SEI_IN_SOLID, held},                                             \
    }
static const sei_rate_input n_inputs[N_INPUTS] = INPUTS("N(-3)", "srb_n");
static const sei_rate_input p_inputs[N_INPUTS] = INPUTS("P", "srb_p");

/* x for x >> 0, 0 for x <= 0, with a slope that does not jump. */
static sei_term positive(double x)
{
    if (!(x > 0.0))
        return (sei_term){0.0, 0.0};
    const double share = x / (x + soft_molal);
    return (sei_term){x * share, share * (2.0 - share)};
}

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const sei_term srb = sei_term_first(in[IN_SRB]), held = sei_term_first(in[IN_HELD]);
    const sei_term water   = sei_term_monod(in[IN_DISSOLVED], p[P_HALF]);
    const double   lacking = p[P_SHARE] * srb.value - held.value;
    const sei_term want = positive(lacking), spare = positive(-lacking);
    const double   by_lack = p[P_K] * (want.slope * water.value + spare.slope);

    (void)env;
    *ret_rate               = p[P_K] * (want.value * water.value - spare.value);
    ret_slope[IN_DISSOLVED] = p[P_K] * want.value * water.slope;
    ret_slope[IN_SRB]       = by_lack * p[P_SHARE] * srb.slope;
    ret_slope[IN_HELD]      = -by_lack * held.slope;
}

const sei_rate_law sei_rate_law_assimilation_n = {
    .key      = "assimilation-n",
    .title    = "Uptake of ammonium by growing sulfate reducers",
    .title_ja = "硫酸還元菌の増殖に伴うアンモニウムの取込み",
    .source   = "metcalf2003",
    .reaction = "NH4+ = srb_n + H+",
    .ph       = SEI_NOT_STATED,
    .temp_c   = SEI_NOT_STATED,
    .params   = n_params,
    .n_params = N_PARAMS,
    .inputs   = n_inputs,
    .n_inputs = N_INPUTS,
    .eval     = eval,
};

const sei_rate_law sei_rate_law_assimilation_p = {
    .key      = "assimilation-p",
    .title    = "Uptake of phosphate by growing sulfate reducers",
    .title_ja = "硫酸還元菌の増殖に伴うりん酸の取込み",
    .source   = "metcalf2003",
    .reaction = "PO4-3 + 3 H+ = srb_p",
    .ph       = SEI_NOT_STATED,
    .temp_c   = SEI_NOT_STATED,
    .params   = p_params,
    .n_params = N_PARAMS,
    .inputs   = p_inputs,
    .n_inputs = N_INPUTS,
    .eval     = eval,
};
