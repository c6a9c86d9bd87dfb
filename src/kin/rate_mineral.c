/*
 * rate_mineral.c - precipitation of single minerals: Al(OH)3(a), basaluminite, carbonates of metals, gypsum
 *
 * First order in the dissolved metal times the affinity per metal atom (precipitation.h). The constants of the
 * aluminium solids and of gypsum are fast against any bed: they keep the water near saturation and decide
 * nothing else. Basaluminite forms in sulfate waters instead of the hydroxide; use one of the two laws.
 * Siderite is slow: reduced waters stay above saturation with it for days. Copper and lead leave limestone beds as carbonates
 * within hours; basic copper carbonate was found where drainage enters a sulfate-reducing column too (oyama2023).
 */
#include "kin/precipitation.h"
#include "kin/rate.h"

static void eval_one(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                     double ret_slope[])
{
    sei_precipitation_eval(1.0, env, p, in, ret_rate, ret_slope);
}

static void eval_two(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                     double ret_slope[])
{
    sei_precipitation_eval(2.0, env, p, in, ret_rate, ret_slope);
}

static void eval_four(const sei_rate_env *env, const double p[], const double in[],
                      double *ret_rate, double ret_slope[])
{
    sei_precipitation_eval(4.0, env, p, in, ret_rate, ret_slope);
}

/* ... is the range of pH. Constants in 1/h at 25 °C, activation energy in kJ/mol. */
#define LAW(name, key_, title_, title_ja_, reaction_, phase, metal, component, k, k_dissolve, ea, \
            suspended, eval_, ...)                                                                \
    static const sei_param name##_params[SEI_PPT_N_PARAMS] = {                                    \
        [SEI_PPT_K] = SEI_PARAM_GROWTH(                                                           \
            k, "first-order rate constant of " metal " far above saturation, 25 °C",              \
            "過飽和が十分大きいときの " metal " の沈殿速度定数(25 ℃)"),                           \
        [SEI_PPT_DISSOLVE]  = SEI_PARAM_DISSOLVE(k_dissolve),                                     \
        [SEI_PPT_EA]        = SEI_PARAM_EA(ea, 0.0, 120.0, SEI_ASSUMED, ""),                      \
        [SEI_PPT_SUSPENDED] = SEI_PARAM_SUSPENDED(suspended),                                     \
    };                                                                                            \
    static const sei_rate_input name##_inputs[SEI_PPT_N_INPUTS] =                                 \
        SEI_PPT_INPUT_ROWS(component, phase);                                                     \
    const sei_rate_law sei_rate_law_##name = {                                                    \
        .key      = key_,                                                                         \
        .title    = title_,                                                                       \
        .title_ja = title_ja_,                                                                    \
        .reaction = reaction_,                                                                    \
        .ph       = __VA_ARGS__,                                                                  \
        SEI_PPT_FIELDS(name),                                                                     \
        .eval = eval_,                                                                            \
    }

/* clang-format off */
LAW(al_hydroxide, "al-hydroxide", "Precipitation of amorphous aluminium hydroxide", "非晶質水酸化アルミニウムの沈殿",
    "Al+3 + 3 H2O = Al(OH)3(a) + 3 H+", "Al(OH)3(a)", "Al", "Al", 100.0, 10.0, 30.0, 0.2, eval_one, {4.0, 9.0});
LAW(basaluminite, "basaluminite", "Precipitation of basaluminite", "バサルミナイトの沈殿",
    "4 Al+3 + SO4-2 + 10 H2O = Basaluminite + 10 H+", "Basaluminite", "Al", "Al", 100.0, 10.0, 30.0, 0.2, eval_four,
    {4.0, 6.0});
LAW(cerussite, "cerussite", "Precipitation of lead carbonate", "炭酸鉛の沈殿",
    "Pb+2 + CO3-2 = Cerussite", "Cerussite", "Pb", "Pb", 1.0, 1.0, 50.0, 0.1, eval_one, {6.0, 9.5});
LAW(gypsum, "gypsum", "Precipitation of gypsum", "石膏の沈殿",
    "Ca+2 + SO4-2 + 2 H2O = Gypsum", "Gypsum", "Ca", "Ca", 1.0, 10.0, 50.0, 0.0, eval_one, SEI_NOT_STATED);
LAW(malachite, "malachite", "Precipitation of basic copper carbonate", "塩基性炭酸銅の沈殿",
    "2 Cu+2 + 2 H2O + CO3-2 = Malachite + 2 H+", "Malachite", "Cu", "Cu", 1.0, 1.0, 50.0, 0.1, eval_two, {5.5, 9.5});
LAW(siderite, "siderite", "Precipitation of siderite", "菱鉄鉱の沈殿",
    "Fe+2 + CO3-2 = Siderite", "Siderite", "Fe(II)", "Fe(2)", 0.01, 0.1, 50.0, 0.0, eval_one, {5.5, 9.0});
LAW(smithsonite, "smithsonite", "Precipitation of zinc carbonate", "炭酸亜鉛の沈殿",
    "Zn+2 + CO3-2 = Smithsonite", "Smithsonite", "Zn", "Zn", 0.1, 1.0, 50.0, 0.1, eval_one, {6.0, 9.5});
/* clang-format on */
