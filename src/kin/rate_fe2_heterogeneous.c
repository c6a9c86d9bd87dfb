/*
 * rate_fe2_heterogeneous.c - oxidation of ferrous iron on the surface of ferric precipitates
 *
 *     r = (k_f X_f + k_s X_s) O2 f(T)
 *     X = share * sites * Fe(III) in the solid * K Fe2/(a_H + K Fe2)
 *
 * The constants per adsorbed Fe(II): Jones et al. (2014), pH 4.5 to 5.5. What is adsorbed comes
 * from one weak site without the surface's electric field, >OH + Fe+2 = >OFe+ + H+, log K -2.98,
 * 0.2 sites per Fe, as PHREEQC's databases have it; the field would lower it below pH 8. Off by
 * default: share = 0.
 */
#include "kin/rate.h"

enum { P_SHARE, P_FERRIHYDRITE, P_SCHWERTMANNITE, P_SITES, P_LOG_K, P_EA, N_PARAMS };
enum {
    IN_FE2,
    IN_O2,
    IN_H,
    IN_FERRIHYDRITE,
    IN_FERRIHYDRITE_SUSPENDED,
    IN_SCHWERTMANNITE,
    IN_SCHWERTMANNITE_SUSPENDED,
    N_INPUTS
};

#define SCHWERTMANNITE_IRON 8.0
#define NO_IRON             1e-30 /* keeps 0/0 away when there is neither acid nor iron */

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_SHARE]          = {"reactive_fraction", "", 0.0, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "",
                          "share of the precipitate that the water reaches; 0: off",
                          "沈殿物のうち水と接する割合。0 で無効"},
    [P_FERRIHYDRITE]   = {"k_ferrihydrite", "kgw/(mol s)", 2.12, 0.1, 50.0,
                          SEI_LOG, SEI_PUBLISHED, "jones2014",
                          "rate constant of Fe(II) adsorbed on ferrihydrite and O2",
                          "フェリハイドライトに吸着した Fe(II) と O2 の反応速度定数"},
    [P_SCHWERTMANNITE] = {"k_schwertmannite", "kgw/(mol s)", 1.20, 0.1, 50.0,
                          SEI_LOG, SEI_PUBLISHED, "jones2014",
                          "rate constant of Fe(II) adsorbed on schwertmannite and O2",
                          "シュベルトマナイトに吸着した Fe(II) と O2 の反応速度定数"},
    [P_SITES]          = {"sites", "mol/mol", 0.2, 0.01, 1.0,
                          SEI_LOG, SEI_ASSUMED, "parkhurst2013",
                          "weak sites per Fe(III) of the precipitate",
                          "沈殿物の Fe(III) あたりの弱い吸着サイト数"},
    [P_LOG_K]          = {"log10_k_ads", "", -2.98, -6.0, 0.0,
                          SEI_LINEAR, SEI_ASSUMED, "parkhurst2013",
                          "of >OH + Fe+2 = >OFe+ + H+, electric field left out",
                          ">OH + Fe+2 = >OFe+ + H+ の平衡定数の対数(表面電位は無視)"},
    [P_EA]             = SEI_PARAM_EA(60.0, 0.0, 120.0, SEI_ASSUMED, ""),
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_FE2]                      = {SEI_IN_TOTAL, "Fe(2)"},
    [IN_O2]                       = {SEI_IN_MOLALITY, "O2"},
    [IN_H]                        = {SEI_IN_ACTIVITY, "H+"},
    [IN_FERRIHYDRITE]             = {SEI_IN_SOLID, "Ferrihydrite"},
    [IN_FERRIHYDRITE_SUSPENDED]   = {SEI_IN_SUSPENDED, "Ferrihydrite"},
    [IN_SCHWERTMANNITE]           = {SEI_IN_SOLID, "Schwertmannite"},
    [IN_SCHWERTMANNITE_SUSPENDED] = {SEI_IN_SUSPENDED, "Schwertmannite"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    *ret_rate = 0.0;
    for (size_t i = 0; i < N_INPUTS; i++)
        ret_slope[i] = 0.0;
    if (p[P_SHARE] == 0.0)
        return;
    const double   f  = sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K) * p[P_SHARE] * p[P_SITES];
    const double   kf = f * p[P_FERRIHYDRITE], ks = f * p[P_SCHWERTMANNITE] * SCHWERTMANNITE_IRON;
    const sei_term solid[N_INPUTS] = {
        [IN_FERRIHYDRITE]             = sei_term_first(in[IN_FERRIHYDRITE]),
        [IN_FERRIHYDRITE_SUSPENDED]   = sei_term_first(in[IN_FERRIHYDRITE_SUSPENDED]),
        [IN_SCHWERTMANNITE]           = sei_term_first(in[IN_SCHWERTMANNITE]),
        [IN_SCHWERTMANNITE_SUSPENDED] = sei_term_first(in[IN_SCHWERTMANNITE_SUSPENDED]),
    };
    const double sites =
        kf * (solid[IN_FERRIHYDRITE].value + solid[IN_FERRIHYDRITE_SUSPENDED].value) +
        ks * (solid[IN_SCHWERTMANNITE].value + solid[IN_SCHWERTMANNITE_SUSPENDED].value);

    const sei_term fe2 = sei_term_first(in[IN_FE2]), h = sei_term_first(in[IN_H]);
    const sei_term o2    = sei_term_first(in[IN_O2]);
    const double   k_ads = sei_ten_to(p[P_LOG_K]), sum = h.value + k_ads * fe2.value + NO_IRON;
    const double   covered = k_ads * fe2.value / sum;

    *ret_rate         = sites * covered * o2.value;
    ret_slope[IN_FE2] = sites * o2.value * k_ads * (1.0 - covered) / sum * fe2.slope;
    ret_slope[IN_H]   = -sites * o2.value * covered / sum * h.slope;
    ret_slope[IN_O2]  = sites * covered * o2.slope;
    for (size_t i = IN_FERRIHYDRITE; i < N_INPUTS; i++)
        ret_slope[i] = (i < IN_SCHWERTMANNITE ? kf : ks) * covered * o2.value * solid[i].slope;
}

const sei_rate_law sei_rate_law_fe2_heterogeneous = {
    .key       = "fe2-heterogeneous",
    .title     = "Oxidation of ferrous iron on ferric precipitates",
    .title_ja  = "三価鉄沈殿物表面での二価鉄の酸化",
    .source    = "jones2014",
    .reaction  = "Fe+2 + 0.25 O2 + H+ = Fe+3 + 0.5 H2O",
    .ph        = {4.0, 7.0},
    .temp_c    = SEI_NOT_STATED,
    .params    = params,
    .n_params  = N_PARAMS,
    .inputs    = inputs,
    .n_inputs  = N_INPUTS,
    .off_param = "reactive_fraction",
    .eval      = eval,
};
