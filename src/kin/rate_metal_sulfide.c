/*
 * rate_metal_sulfide.c - precipitation of metal sulfides: Zn, Cd, Cu, Pb, Fe
 *
 *     r = k M S(-II) S+(ratio) - k_d X S-(ratio)      [mol/kgw/s]
 *
 * M and S(-II) dissolved totals, X sulfide in the bed, S+ and S- the bounded affinities of term.h.
 * Laboratory precipitation is far faster than any bed (Rickard 1995: 10^7 kg/mol/s for FeS); k is
 * chosen so that it does not limit, in the order of the metals' water exchange (Morse & Luther
 * 1999). Solubility, not k, then decides which metal goes first.
 */
#include "kin/rate.h"

enum { P_K, P_DISSOLVE, P_EA, P_SUSPENDED, N_PARAMS };
enum { IN_METAL, IN_SULFIDE, IN_LN_RATIO, IN_SOLID, N_INPUTS };

#define PARAMS(name, k_def)                                                                      \
    static const sei_param name##_params[N_PARAMS] = {                                           \
        [P_K]         = {.key       = "k_pair",                                                  \
                         .unit      = "kgw/(mol s)",                                             \
                         .def       = (k_def),                                                   \
                         .lower     = 0.1,                                                       \
                         .upper     = 1e7,                                                       \
                         .transform = SEI_LOG,                                                   \
                         .evidence  = SEI_ASSUMED,                                               \
                         .source    = "morse1999",                                               \
                         .help      = "rate constant of metal and sulfide far above saturation", \
                         .help_ja = "過飽和が十分大きいときの金属と硫化物の反応速度定数"},       \
        [P_DISSOLVE]  = SEI_PARAM_DISSOLVE(0.1),                                                 \
        [P_EA]        = SEI_PARAM_EA(20.0, 0.0, 80.0, SEI_ASSUMED, ""),                          \
        [P_SUSPENDED] = SEI_PARAM_SUSPENDED(0.1),                                                \
    }

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   f = sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K);
    const double   k = f * p[P_K], k_d = f * p[P_DISSOLVE];
    const sei_term metal = sei_term_first(in[IN_METAL]), sulfide = sei_term_first(in[IN_SULFIDE]);
    const sei_term solid = sei_term_first(in[IN_SOLID]);
    const sei_term super = sei_term_super(in[IN_LN_RATIO], 1.0);
    const sei_term under = sei_term_under(in[IN_LN_RATIO], 1.0);

    *ret_rate = k * metal.value * sulfide.value * super.value - k_d * solid.value * under.value;
    ret_slope[IN_METAL]   = k * metal.slope * sulfide.value * super.value;
    ret_slope[IN_SULFIDE] = k * metal.value * sulfide.slope * super.value;
    ret_slope[IN_LN_RATIO] =
        k * metal.value * sulfide.value * super.slope - k_d * solid.value * under.slope;
    ret_slope[IN_SOLID] = -k_d * solid.slope * under.value;
}

#define LAW(name, key_, title_, title_ja_, metal, ion, phase, k_def) \
    PARAMS(name, k_def);                                             \
    static const sei_rate_input name##_inputs[N_INPUTS] = {          \
        [IN_METAL]    = {SEI_IN_TOTAL, metal},                       \
        [IN_SULFIDE]  = {SEI_IN_TOTAL, "S(-2)"},                     \
        [IN_LN_RATIO] = {SEI_IN_LNSR, phase},                        \
        [IN_SOLID]    = {SEI_IN_SOLID, phase},                       \
    };                                                               \
    const sei_rate_law sei_rate_law_##name = {                       \
        .key             = key_,                                     \
        .title           = title_,                                   \
        .title_ja        = title_ja_,                                \
        .source          = "morse1999",                              \
        .reaction        = ion " + HS- = " phase " + H+",            \
        .ph              = {3.0, 9.0},                               \
        .temp_c          = SEI_NOT_STATED,                           \
        .params          = name##_params,                            \
        .n_params        = N_PARAMS,                                 \
        .inputs          = name##_inputs,                            \
        .n_inputs        = N_INPUTS,                                 \
        .suspended_param = "suspended_fraction",                     \
        .eval            = eval,                                     \
    }

LAW(sulfide_zn, "sulfide-zn", "Precipitation of zinc sulfide", "硫化亜鉛の沈殿", "Zn", "Zn+2",
    "ZnS(a)", 100.0);
LAW(sulfide_cd, "sulfide-cd", "Precipitation of cadmium sulfide", "硫化カドミウムの沈殿", "Cd",
    "Cd+2", "Greenockite", 300.0);
LAW(sulfide_cu, "sulfide-cu", "Precipitation of copper sulfide", "硫化銅の沈殿", "Cu", "Cu+2",
    "Covellite", 1000.0);
LAW(sulfide_pb, "sulfide-pb", "Precipitation of lead sulfide", "硫化鉛の沈殿", "Pb", "Pb+2",
    "Galena", 1000.0);
LAW(sulfide_fe, "sulfide-fe", "Precipitation of iron sulfide", "硫化鉄の沈殿", "Fe(2)", "Fe+2",
    "Mackinawite", 30.0);
