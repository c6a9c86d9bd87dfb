/*
 * new_template.c - skeleton of a rate law; not part of the library, but compiled by the tests
 *
 * 1. Copy to rate_<name>.c, give name and formula here, and say where every constant comes from.
 * 2. Add SEI_RATE(<name>) to rate_list.h in its place, and the file to CMakeLists.txt.
 * 3. Write docs/rates/<key>.md (a row for each parameter) and the sources in docs/references.bib.
 * 4. Compare with numbers from outside in tests/unit/test_kin_laws.c. What holds for every law -
 *    slopes, finite values, bounds, balance - is tested without a line of yours.
 *
 *     r = k f(T) Fe2/(K + Fe2) O2      [mol/kgw/s]
 */
#include "kin/rate.h"

/* One row each, in the order of the tables below. */
enum { P_K, P_HALF, P_EA, N_PARAMS };
enum { IN_FE2, IN_O2, N_INPUTS };

/* Key with its unit at the end, unit as printed, default, lower, upper (the range of the prior),
 * scale of calibration, how well the default is known, where it was read, help in two languages.
 * eval receives the values in SI when the unit is one of base/unit_list.h. */
/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_K]    = {"k_pair", "kgw/(mol s)", 1.0, 1e-3, 1e3, SEI_LOG, SEI_ASSUMED, "",
                "what a larger value does",
                "値を大きくすると何が起こるか"},
    [P_HALF] = {"k_fe2_mmol_kgw", "mmol/kgw", 0.5, 0.05, 5.0, SEI_LOG, SEI_ASSUMED, "",
                "Fe(II) at half of the highest rate",
                "最大速度の半分となる Fe(II) 濃度"},
    [P_EA]   = SEI_PARAM_EA(50.0, 20.0, 100.0, SEI_ASSUMED, ""),
};
/* clang-format on */

/* Names are those of the thermodynamic database. */
static const sei_rate_input inputs[N_INPUTS] = {
    [IN_FE2] = {SEI_IN_TOTAL, "Fe(2)"},
    [IN_O2]  = {SEI_IN_MOLALITY, "O2"},
};

/* Build the rate from the terms of term.h: they are finite and smooth for any input, and
 * sei_term_product() gives the slopes. */
static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   k              = p[P_K] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K);
    const sei_term term[N_INPUTS] = {
        [IN_FE2] = sei_term_monod(in[IN_FE2], p[P_HALF]),
        [IN_O2]  = sei_term_first(in[IN_O2]),
    };

    sei_term_product(k, N_INPUTS, term, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_new_template = {
    .key      = "new-template",
    .title    = "What it is",
    .title_ja = "何の反応か",
    .source   = "",
    .reaction = "Fe+2 + 0.25 O2 + H+ = Fe+3 + 0.5 H2O",
    .ph       = SEI_NOT_STATED,
    .temp_c   = SEI_NOT_STATED,
    .params   = params,
    .n_params = N_PARAMS,
    .inputs   = inputs,
    .n_inputs = N_INPUTS,
    .eval     = eval,
};
