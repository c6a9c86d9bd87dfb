/*
 * rate_peroxide.c - hydrogen peroxide oxidises ferrous iron; what is left decays
 *
 *     r = k f(T) Fe(II) H2O2
 *     r = k f(T) H2O2
 *
 * The first (Fenton's reaction, of which the radicals oxidise a second iron) takes seconds where a tank takes
 * minutes: its constant hardly matters. Peroxide is a component of its own, kept apart from oxygen.
 */
#include "kin/rate.h"

enum { P_K, P_EA, N_PARAMS };
enum { IN_FE2, IN_PEROXIDE, N_INPUTS };
enum { D_IN_PEROXIDE, N_DECAY_INPUTS };

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_K]  = {"k_pair", "kgw/(mol s)", 60.0, 20.0, 1e5, SEI_LOG, SEI_ASSUMED, "",
              "rate constant of Fe(II) and H2O2 at 25 °C near pH 3; faster in neutral water",
              "Fe(II) と H2O2 の反応速度定数(25 ℃、pH 3 付近。中性ではより速い)"},
    [P_EA] = SEI_PARAM_EA(40.0, 20.0, 100.0, SEI_ASSUMED, ""),
};
static const sei_param decay_params[N_PARAMS] = {
    [P_K]  = {"k_1_d", "1/d", 0.5, 1e-3, 100.0, SEI_LOG, SEI_ASSUMED, "",
              "rate constant of the decay of peroxide to oxygen; solids and bacteria make it faster",
              "過酸化水素の分解速度定数。固体や細菌があると速くなる"},
    [P_EA] = SEI_PARAM_EA(50.0, 20.0, 100.0, SEI_ASSUMED, ""),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_FE2]      = {SEI_IN_TOTAL, "Fe(2)"},
    [IN_PEROXIDE] = {SEI_IN_TOTAL, "Peroxide"},
};
static const sei_rate_input decay_inputs[N_DECAY_INPUTS] = {
    [D_IN_PEROXIDE] = {SEI_IN_TOTAL, "Peroxide"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const sei_term term[N_INPUTS] = {
        [IN_FE2]      = sei_term_first(in[IN_FE2]),
        [IN_PEROXIDE] = sei_term_first(in[IN_PEROXIDE]),
    };

    sei_term_product(p[P_K] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K), N_INPUTS, term,
                     ret_rate, ret_slope);
}

static void decay_eval(const sei_rate_env *env, const double p[], const double in[],
                       double *ret_rate, double ret_slope[])
{
    const sei_term x = sei_term_first(in[D_IN_PEROXIDE]);

    sei_term_product(p[P_K] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K), N_DECAY_INPUTS, &x,
                     ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_peroxide_iron = {
    .key      = "peroxide-iron",
    .title    = "Oxidation of ferrous iron by hydrogen peroxide",
    .title_ja = "過酸化水素による二価鉄の酸化",
    .source   = "",
    .reaction = "2 Fe+2 + Peroxide + 2 H+ = 2 Fe+3 + 2 H2O",
    .ph       = SEI_NOT_STATED,
    .temp_c   = SEI_NOT_STATED,
    .params   = params,
    .n_params = N_PARAMS,
    .inputs   = inputs,
    .n_inputs = N_INPUTS,
    .eval     = eval,
};

const sei_rate_law sei_rate_law_peroxide_decay = {
    .key      = "peroxide-decay",
    .title    = "Decay of hydrogen peroxide",
    .title_ja = "過酸化水素の分解",
    .source   = "",
    .reaction = "Peroxide = H2O + 0.5 O2",
    .ph       = SEI_NOT_STATED,
    .temp_c   = SEI_NOT_STATED,
    .params   = decay_params,
    .n_params = N_PARAMS,
    .inputs   = decay_inputs,
    .n_inputs = N_DECAY_INPUTS,
    .eval     = decay_eval,
};
