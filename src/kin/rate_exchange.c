/*
 * rate_exchange.c - metals in the exchange sites of compost, in place of calcium
 *
 *     r = k (Y m - X a_Ca) / (a_Ca + m),  m = s w a,  w = 1/(1 + a_H 10^ph_half)       [mol/kgw/s]
 *
 * Y sites with calcium, X sites with the metal, a its activity, s its preference over calcium. At rest X/Y = m/a_Ca, the law
 * of mass action of two ions of one charge, whatever other metals hold: they share the same calcium. The sites are a finite
 * store that a bed starts with (compost_calcium_g_kg); what they hold comes back when the water turns.
 */
#include "kin/rate.h"

enum { P_K, P_PREFERENCE, P_PH, N_PARAMS };
enum { IN_METAL, IN_CA, IN_H, IN_HELD, IN_FREE, N_INPUTS };

/* Below this activity of both ions, mol/kgw, nothing moves: no water is so pure. */
static const double trace = 1e-12;

/* clang-format off */
#define PARAMS(preference, evidence, source)                                                                  \
    {                                                                                                         \
        [P_K]          = {"k_1_d", "1/d", 0.1, 1e-3, 1.0, SEI_LOG, SEI_ASSUMED, "",                           \
                          "rate constant of the approach to equilibrium", "平衡への接近速度定数"},            \
        [P_PREFERENCE] = {"preference", "", preference, 0.01, 100.0, SEI_LOG, evidence, source,               \
                          "ratio of metal to calcium in the sites for equal activities in the water",         \
                          "溶液中の活量が等しいときの吸着座における金属/カルシウム比"},                       \
        [P_PH]         = {"ph_half", "", 4.5, 1.0, 8.0, SEI_LINEAR, SEI_ASSUMED, "",                          \
                          "pH at which protons halve the preference", "選択性が半減する pH"},                 \
    }
/* clang-format on */

/* Zinc and calcium in soils: +41 cal/mol of standard free energy, exp(-41/(1.987 298)) = 0.93 (zncaexchange). */
static const sei_param zinc_params[N_PARAMS]  = PARAMS(1.0, SEI_INFERRED, "zncaexchange");
static const sei_param other_params[N_PARAMS] = PARAMS(1.0, SEI_ASSUMED, "");

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const sei_term held = sei_term_first(in[IN_HELD]), free = sei_term_first(in[IN_FREE]);
    const sei_term metal = sei_term_first(in[IN_METAL]), ca = sei_term_first(in[IN_CA]);
    const sei_term ph   = sei_term_ph_above(in[IN_H], p[P_PH]);
    const double   m    = p[P_PREFERENCE] * ph.value * metal.value;
    const double   sum  = ca.value + m + trace;
    const double   rate = (free.value * (m / sum) - held.value * (ca.value / sum));
    const double   by_m = (free.value - rate) / sum; /* d rate / d m */

    (void)env;
    *ret_rate           = p[P_K] * rate;
    ret_slope[IN_METAL] = p[P_K] * by_m * p[P_PREFERENCE] * ph.value * metal.slope;
    ret_slope[IN_H]     = p[P_K] * by_m * p[P_PREFERENCE] * metal.value * ph.slope;
    ret_slope[IN_CA]    = -p[P_K] * (held.value + rate) / sum * ca.slope;
    ret_slope[IN_HELD]  = -p[P_K] * (ca.value / sum) * held.slope;
    ret_slope[IN_FREE]  = p[P_K] * (m / sum) * free.slope;
}

#define LAW(id, key_, params_, ion, pool, metal, metal_ja)                             \
    static const sei_rate_input id##_inputs[N_INPUTS] = {                              \
        [IN_METAL] = {SEI_IN_ACTIVITY, ion},      [IN_CA] = {SEI_IN_ACTIVITY, "Ca+2"}, \
        [IN_H] = {SEI_IN_ACTIVITY, "H+"},         [IN_HELD] = {SEI_IN_SOLID, pool},    \
        [IN_FREE] = {SEI_IN_SOLID, "Ca_compost"},                                      \
    };                                                                                 \
    const sei_rate_law sei_rate_law_##id = {                                           \
        .key        = key_,                                                            \
        .title      = "Exchange of " metal " for calcium in compost",                  \
        .title_ja   = "コンポストの" metal_ja "・カルシウムイオン交換",                \
        .source     = "",                                                              \
        .reaction   = "Ca_compost + " ion " = " pool " + Ca+2",                        \
        .ph         = {3.0, 9.0},                                                      \
        .temp_c     = {4.0, 30.0},                                                     \
        .params     = params_,                                                         \
        .n_params   = N_PARAMS,                                                        \
        .inputs     = id##_inputs,                                                     \
        .n_inputs   = N_INPUTS,                                                        \
        .is_storage = true,                                                            \
        .eval       = eval,                                                            \
    }

LAW(compost_cd, "compost-cd", other_params, "Cd+2", "Cd_compost", "cadmium", "カドミウム");
LAW(compost_cu, "compost-cu", other_params, "Cu+2", "Cu_compost", "copper", "銅");
LAW(compost_pb, "compost-pb", other_params, "Pb+2", "Pb_compost", "lead", "鉛");
LAW(compost_zn, "compost-zn", zinc_params, "Zn+2", "Zn_compost", "zinc", "亜鉛");
