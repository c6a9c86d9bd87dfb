/*
 * rate_sulfide_oxidation.c - oxidation of dissolved sulfide by oxygen
 *
 *     r = k f(T) S(-II) O2
 *
 * k = 1.6e5 kgw/mol/y: Van Cappellen & Wang (1996).
 */
#include "kin/rate.h"

enum { P_K, P_EA, N_PARAMS };
enum { IN_SULFIDE, IN_O2, N_INPUTS };

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_K]  = {"k_pair", "kgw/(mol s)", 5.07e-3, 1e-4, 10.0,
              SEI_LOG, SEI_PUBLISHED, "vancappellen1996",
              "rate constant of sulfide and O2; metals and bacteria make it faster",
              "硫化物と O2 の反応速度定数。金属や細菌があると速くなる"},
    [P_EA] = SEI_PARAM_EA(57.0, 20.0, 100.0, SEI_ASSUMED, ""),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_SULFIDE] = {SEI_IN_TOTAL, "S(-2)"},
    [IN_O2]      = {SEI_IN_MOLALITY, "O2"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const sei_term term[N_INPUTS] = {
        [IN_SULFIDE] = sei_term_first(in[IN_SULFIDE]),
        [IN_O2]      = sei_term_first(in[IN_O2]),
    };

    sei_term_product(p[P_K] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K), N_INPUTS, term,
                     ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_sulfide_oxidation = {
    .key      = "sulfide-oxidation",
    .title    = "Oxidation of dissolved sulfide",
    .title_ja = "溶存硫化物の酸化",
    .source   = "vancappellen1996",
    .reaction = "HS- + 2 O2 = SO4-2 + H+",
    .ph       = {5.0, 9.0},
    .temp_c   = SEI_NOT_STATED,
    .params   = params,
    .n_params = N_PARAMS,
    .inputs   = inputs,
    .n_inputs = N_INPUTS,
    .eval     = eval,
};
