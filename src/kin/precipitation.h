/*
 * precipitation.h - growth and dissolution of a solid, shared by many laws
 *
 *     r = k g m S+(ratio) / nu - k_d X S-(ratio)      [mol of solid/kgw/s]
 *
 * m dissolved metal, X solid in the bed, nu metal atoms in the formula, g a further factor of
 * growth, S+ and S- the bounded affinities of term.h per metal atom. Zero at saturation, first
 * order in the metal far above it, first order in the solid far below.
 */
#ifndef SEI_KIN_PRECIPITATION_H
#define SEI_KIN_PRECIPITATION_H

#include "kin/term.h"

typedef struct {
    double k_1_s, k_dissolve_1_s;
    double nu;
} sei_precipitation;

typedef struct {
    double rate, d_metal, d_ln_ratio, d_solid, d_growth;
} sei_precipitation_rate;

sei_precipitation_rate sei_precipitate(const sei_precipitation *law, double metal, double ln_ratio,
                                       double solid, double growth);

/* Parameters and inputs of a law that is nothing but this. */
enum { SEI_PPT_K, SEI_PPT_DISSOLVE, SEI_PPT_EA, SEI_PPT_SUSPENDED, SEI_PPT_N_PARAMS };
enum { SEI_PPT_METAL, SEI_PPT_LN_RATIO, SEI_PPT_SOLID, SEI_PPT_N_INPUTS };

/* eval of such a law with nu metal atoms in the formula. */
void sei_precipitation_eval(double nu, const sei_rate_env *env, const double p[], const double in[],
                            double *ret_rate, double ret_slope[]);

#define SEI_PARAM_GROWTH(def_, help_, help_ja_)                                       \
    {                                                                                 \
        .key = "k_1_h", .unit = "1/h", .def = (def_), .lower = 1e-6, .upper = 1e4,    \
        .transform = SEI_LOG, .evidence = SEI_ASSUMED, .source = "", .help = (help_), \
        .help_ja = (help_ja_)                                                         \
    }

/* Inputs of such a law. */
#define SEI_PPT_INPUT_ROWS(component, phase)                                                    \
    {                                                                                           \
        [SEI_PPT_METAL] = {SEI_IN_TOTAL, component}, [SEI_PPT_LN_RATIO] = {SEI_IN_LNSR, phase}, \
        [SEI_PPT_SOLID] = {SEI_IN_SOLID, phase},                                                \
    }

/* What the rows of such laws share; name_params and name_inputs stand above them. */
#define SEI_PPT_FIELDS(name)                                                                       \
    .source = "", .temp_c = SEI_NOT_STATED, .params = name##_params, .n_params = SEI_PPT_N_PARAMS, \
    .inputs = name##_inputs, .n_inputs = SEI_PPT_N_INPUTS, .suspended_param = "suspended_fraction"

#endif
