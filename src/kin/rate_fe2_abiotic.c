/*
 * rate_fe2_abiotic.c - oxidation of dissolved ferrous iron by oxygen, without bacteria
 *
 *     r = (k_floor p/(p + p_min) + k_oh a_OH^2 p/(1 + (a_OH/a_half)^2)) m_Fe(II) f(T)      p: partial pressure of O2, atm
 *
 * Law and k_oh: Singer & Stumm (1970); both constants in these units: PHREEQC's example 9. The
 * floor holds without regard to O2 there; here it ends where the oxygen ends. The second order in OH- is that of
 * Fe(OH)2, which reacts: at a_half all of the iron is nearing it, and the rate rises no more.
 */
#include "kin/rate.h"

enum { P_FLOOR, P_OH, P_EA, N_PARAMS };
enum { IN_FE2, IN_OH, IN_LN_PO2, N_INPUTS };

#define P_MIN_ATM 1e-4 /* below it the floor fades; 0.05 % of the air's O2 */
#define A_OH_HALF \
    1.93e-4 /* half of Fe(II) is Fe(OH)2: pH 10.285 at 25 degC, by its log K of -20.57 in minewater.dat */
#define LN_PO2_KNEE 5.0 /* 148 atm: beyond any water; the exponential goes on as a line */

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_FLOOR] = {"k_floor_1_s", "1/s", 2.91e-9, 1e-12, 1e-6,
                 SEI_LOG, SEI_PUBLISHED, "parkhurst2013",
                 "path that does not depend on pH",
                 "pH に依存しない経路の速度定数"},
    [P_OH]    = {"k_oh", "1/(s atm)", 1.33e12, 1e11, 1e16, SEI_LOG, SEI_PUBLISHED, "parkhurst2013",
                 "path of second order in the activity of OH-; field waters are up to 1000 times "
                 "faster than the laboratory",
                 "OH- 活量の 2 次の経路の速度定数。現場水では実験室値の 1000 倍に達することがある"},
    [P_EA]    = {"ea_kj_mol", "kJ/mol", -15.6, -60.0, 60.0, SEI_LINEAR, SEI_ASSUMED, "",
                 "activation energy with the activity of OH- held: 96 kJ/mol at fixed pH less "
                 "twice the enthalpy of water's dissociation",
                 "OH- 活量一定での活性化エネルギー(pH 一定の値から水の解離熱の 2 倍を引いたもの)"},
};
/* clang-format on */

static const sei_rate_input inputs[N_INPUTS] = {
    [IN_FE2]    = {SEI_IN_TOTAL, "Fe(2)"},
    [IN_OH]     = {SEI_IN_ACTIVITY, "OH-"},
    [IN_LN_PO2] = {SEI_IN_LNSR, "O2(g)"},
};

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   f    = sei_arrhenius(p[P_EA], env->temp_k, SEI_T25_K);
    const sei_term fe2  = sei_term_first(in[IN_FE2]);
    const sei_term oh   = sei_term_first(in[IN_OH]);
    const sei_term po2  = sei_term_exp(in[IN_LN_PO2], LN_PO2_KNEE);
    const sei_term some = sei_term_monod(po2.value, P_MIN_ATM);

    const double share = 1.0 / (1.0 + oh.value * oh.value / (A_OH_HALF * A_OH_HALF));
    const double k_oh  = p[P_OH] * oh.value * oh.value * share;
    const double k     = f * (p[P_FLOOR] * some.value + k_oh * po2.value);
    const double d_p   = p[P_FLOOR] * some.slope + k_oh;

    *ret_rate         = k * fe2.value;
    ret_slope[IN_FE2] = k * fe2.slope;
    ret_slope[IN_OH] =
        2.0 * f * p[P_OH] * oh.value * oh.slope * share * share * po2.value * fe2.value;
    ret_slope[IN_LN_PO2] = f * d_p * po2.slope * fe2.value;
}

const sei_rate_law sei_rate_law_fe2_abiotic = {
    .key      = "fe2-abiotic",
    .title    = "Abiotic oxidation of ferrous iron",
    .title_ja = "二価鉄の化学的酸化",
    .source   = "singer1970",
    .reaction = "Fe+2 + 0.25 O2 + H+ = Fe+3 + 0.5 H2O",
    .ph       = {3.0, 8.0},
    .temp_c   = {5.0, 30.0},
    .params   = params,
    .n_params = N_PARAMS,
    .inputs   = inputs,
    .n_inputs = N_INPUTS,
    .eval     = eval,
};
