/* precipitation.c - growth and dissolution of a solid, shared by many laws */
#include "kin/precipitation.h"

sei_precipitation_rate sei_precipitate(const sei_precipitation *law, double metal, double ln_ratio,
                                       double solid, double growth)
{
    const sei_term m     = sei_term_first(metal);
    const sei_term x     = sei_term_first(solid);
    const sei_term super = sei_term_super(ln_ratio, law->nu);
    const sei_term under = sei_term_under(ln_ratio, law->nu);
    const double   k     = law->k_1_s / law->nu;
    const double   k_d   = law->k_dissolve_1_s;

    return (sei_precipitation_rate){
        .rate       = k * growth * m.value * super.value - k_d * x.value * under.value,
        .d_metal    = k * growth * m.slope * super.value,
        .d_ln_ratio = k * growth * m.value * super.slope - k_d * x.value * under.slope,
        .d_solid    = -k_d * x.slope * under.value,
        .d_growth   = k * m.value * super.value,
    };
}

void sei_precipitation_eval(double nu, const sei_rate_env *env, const double p[], const double in[],
                            double *ret_rate, double ret_slope[])
{
    const double f = sei_arrhenius(p[SEI_PPT_EA], env->temp_k, SEI_T25_K);

    const sei_precipitation      law = {f * p[SEI_PPT_K], f * p[SEI_PPT_DISSOLVE], nu};
    const sei_precipitation_rate r =
        sei_precipitate(&law, in[SEI_PPT_METAL], in[SEI_PPT_LN_RATIO], in[SEI_PPT_SOLID], 1.0);

    *ret_rate                   = r.rate;
    ret_slope[SEI_PPT_METAL]    = r.d_metal;
    ret_slope[SEI_PPT_LN_RATIO] = r.d_ln_ratio;
    ret_slope[SEI_PPT_SOLID]    = r.d_solid;
}
