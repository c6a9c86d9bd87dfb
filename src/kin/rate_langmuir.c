/*
 * rate_langmuir.c - sorption of metals on rice husk and on manganese oxides, until they are full
 *
 *     r = k (C S a/(K_half + a) w(pH) - X),  w = 1/(1 + a_H 10^ph_half)       [mol/kgw/s]
 *
 * S husk (as CH2O) or birnessite in the bed, C the most that a mole of it holds, a activity of the
 * metal, X what is held. A finite store: it takes metal while a bed is young and gives it back when the
 * water turns. Each metal has sites of its own; what one takes from another is left to C.
 */
#include "kin/rate.h"

enum { P_K, P_CAPACITY, P_HALF, P_PH, N_PARAMS };
enum { IN_METAL, IN_H, IN_SORBED, IN_SORBENT, N_INPUTS };

/* clang-format off */
#define PARAMS(capacity, capacity_max, evidence, source, half, ph)                                                     \
    {                                                                                                   \
        [P_K]        = {"k_1_d", "1/d", 1.0, 1e-3, 100.0, SEI_LOG, SEI_ASSUMED, "",                     \
                        "rate constant of the approach to equilibrium", "平衡への接近速度定数"},        \
        [P_CAPACITY] = {"capacity", "mol/mol", capacity, 0.0, capacity_max, SEI_LINEAR,       \
                        evidence, source, "most that a mole of the sorbent holds; 0: none",              \
                        "吸着材 1 mol あたりの最大吸着量(0=吸着なし)"},                               \
        [P_HALF]     = {"half_umol_kgw", "µmol/kgw", half, 0.01, 1e4, SEI_LOG, SEI_ASSUMED, "",         \
                        "activity of the metal at which half of the store is full",                     \
                        "吸着量が最大値の半分となる金属イオン活量"},                                    \
        [P_PH]       = {"ph_half", "", ph, 1.0, 8.0, SEI_LINEAR, SEI_ASSUMED, "",                       \
                        "pH at which protons leave half of the store to the metal",                     \
                        "吸着容量が半減する pH"},                                                       \
    }
/* clang-format on */

/* Husk: raw rice husk is said to hold some 5 to 20 mg of a divalent metal a gram; 0.001 mol/mol is 2 mg/g of
 * zinc, a metal's share when several compete. Manganese oxides bind harder and at lower pH. */
static const sei_param husk_params[N_PARAMS] = PARAMS(1e-3, 0.02, SEI_ASSUMED, "", 50.0, 4.5);
static const sei_param mnox_params[N_PARAMS] = PARAMS(0.03, 0.5, SEI_ASSUMED, "", 1.0, 4.0);
/* Zinc is built into the oxide: in tanks fed with manganese and zinc it was like woodruffite (miyata2022), which has 0.20 mol
 * of zinc for a mole of manganese (ZnO 13.89, MnO 7.88, MnO2 64.27 % of its mass). */
static const sei_param mnox_zn_params[N_PARAMS] =
    PARAMS(0.2, 0.5, SEI_INFERRED, "fomsnj", 1.0, 4.0);

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const sei_term term[] = {sei_term_first(in[IN_SORBENT]),
                             sei_term_monod(in[IN_METAL], p[P_HALF]),
                             sei_term_ph_above(in[IN_H], p[P_PH])};
    const sei_term x      = sei_term_first(in[IN_SORBED]);
    double         slope[SEI_KIN_COUNT(term)], taken;

    (void)env;
    sei_term_product(p[P_K] * p[P_CAPACITY], SEI_KIN_COUNT(term), term, &taken, slope);
    *ret_rate             = taken - p[P_K] * x.value;
    ret_slope[IN_SORBENT] = slope[0];
    ret_slope[IN_METAL]   = slope[1];
    ret_slope[IN_H]       = slope[2];
    ret_slope[IN_SORBED]  = -p[P_K] * x.slope;
}

#define LAW(id, key_, sorbent, params_, ion, pool, title_, title_ja_) \
    static const sei_rate_input id##_inputs[N_INPUTS] = {             \
        [IN_METAL]   = {SEI_IN_ACTIVITY, ion},                        \
        [IN_H]       = {SEI_IN_ACTIVITY, "H+"},                       \
        [IN_SORBED]  = {SEI_IN_SOLID, pool},                          \
        [IN_SORBENT] = {SEI_IN_SOLID, sorbent},                       \
    };                                                                \
    const sei_rate_law sei_rate_law_##id = {                          \
        .key        = key_,                                           \
        .title      = title_,                                         \
        .title_ja   = title_ja_,                                      \
        .source     = "",                                             \
        .reaction   = ion " + H2O = " pool " + 2 H+",                 \
        .ph         = {3.0, 9.0},                                     \
        .temp_c     = {4.0, 30.0},                                    \
        .params     = params_,                                        \
        .n_params   = N_PARAMS,                                       \
        .inputs     = id##_inputs,                                    \
        .n_inputs   = N_INPUTS,                                       \
        .is_storage = true,                                           \
        .eval       = eval,                                           \
    }

#define HUSK(id, key, ion, pool, metal, metal_ja)                                      \
    LAW(id, key, "husk", husk_params, ion, pool, "Sorption of " metal " on rice husk", \
        "もみ殻への" metal_ja "の吸着")
#define MNOX(id, key, params_, ion, pool, metal, metal_ja)                                      \
    LAW(id, key, "Birnessite", params_, ion, pool, "Sorption of " metal " on manganese oxides", \
        "マンガン酸化物への" metal_ja "の吸着")

HUSK(husk_cd, "husk-cd", "Cd+2", "Cd_husk", "cadmium", "カドミウム");
HUSK(husk_cu, "husk-cu", "Cu+2", "Cu_husk", "copper", "銅");
HUSK(husk_pb, "husk-pb", "Pb+2", "Pb_husk", "lead", "鉛");
HUSK(husk_zn, "husk-zn", "Zn+2", "Zn_husk", "zinc", "亜鉛");
MNOX(mnox_cd, "mnox-cd", mnox_params, "Cd+2", "Cd_mnox", "cadmium", "カドミウム");
MNOX(mnox_cu, "mnox-cu", mnox_params, "Cu+2", "Cu_mnox", "copper", "銅");
MNOX(mnox_pb, "mnox-pb", mnox_params, "Pb+2", "Pb_mnox", "lead", "鉛");
MNOX(mnox_zn, "mnox-zn", mnox_zn_params, "Zn+2", "Zn_mnox", "zinc", "亜鉛");
