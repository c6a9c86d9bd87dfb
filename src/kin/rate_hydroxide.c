/*
 * rate_hydroxide.c - precipitates of neutralisation: hydroxides of Zn, Cu, Cd, Pb, Mn and Mg, and calcite
 *
 * First order in the dissolved metal times the affinity (precipitation.h). Solids of the first minutes
 * of a neutralisation, so that they form in units that lime treats and nowhere else: elsewhere water is
 * found well above saturation with calcite, and slower, less soluble solids (hydrozincite, oxides) rule.
 * Solubility decides which metal goes at which pH; the constants only say within which minutes.
 */
#include "kin/precipitation.h"
#include "kin/rate.h"

/* Off, growth and dissolution both, where the growth constant is 0. */
static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    if (p[SEI_PPT_K] > 0.0) {
        sei_precipitation_eval(1.0, env, p, in, ret_rate, ret_slope);
        return;
    }
    *ret_rate = 0.0;
    for (size_t i = 0; i < SEI_PPT_N_INPUTS; i++)
        ret_slope[i] = 0.0;
}

#define LAW(name, key_, title_, title_ja_, component, reaction_, phase, metal, k_def)                     \
    static const sei_param name##_params[SEI_PPT_N_PARAMS] = {                                            \
        [SEI_PPT_K]         = SEI_PARAM_GROWTH(k_def,                                                     \
                                               "first-order rate constant of " metal                      \
                                               " far above saturation, 25 °C, in units that lime treats", \
                                               "過飽和が十分大きいときの " metal                          \
                                               " の沈殿速度定数(25 ℃、中和処理装置内)"),                  \
        [SEI_PPT_DISSOLVE]  = SEI_PARAM_DISSOLVE(10.0),                                                   \
        [SEI_PPT_EA]        = SEI_PARAM_EA(30.0, 0.0, 120.0, SEI_ASSUMED, ""),                            \
        [SEI_PPT_SUSPENDED] = SEI_PARAM_SUSPENDED(1.0),                                                   \
    };                                                                                                    \
    static const sei_rate_input name##_inputs[SEI_PPT_N_INPUTS] =                                         \
        SEI_PPT_INPUT_ROWS(component, phase);                                                             \
    const sei_rate_law sei_rate_law_##name = {                                                            \
        .key         = key_,                                                                              \
        .title       = title_,                                                                            \
        .title_ja    = title_ja_,                                                                         \
        .reaction    = reaction_,                                                                         \
        .ph          = SEI_NOT_STATED,                                                                    \
        .media_param = "k_1_h",                                                                           \
        .off_param   = "k_1_h",                                                                           \
        SEI_PPT_FIELDS(name),                                                                             \
        .eval = eval,                                                                                     \
    }

/* clang-format off */
LAW(calcite_precipitation, "calcite-precipitation", "Precipitation of calcite under lime",
    "石灰添加による炭酸カルシウムの沈殿", "Ca", "Ca+2 + CO3-2 = Calcite", "Calcite", "Ca", 2.0);
LAW(hydroxide_cd, "hydroxide-cd", "Precipitation of cadmium hydroxide", "水酸化カドミウムの沈殿", "Cd",
    "Cd+2 + 2 H2O = Cd(OH)2 + 2 H+", "Cd(OH)2", "Cd", 100.0);
LAW(hydroxide_cu, "hydroxide-cu", "Precipitation of copper hydroxide", "水酸化銅の沈殿", "Cu",
    "Cu+2 + 2 H2O = Cu(OH)2 + 2 H+", "Cu(OH)2", "Cu", 100.0);
LAW(hydroxide_mg, "hydroxide-mg", "Precipitation of brucite", "水酸化マグネシウムの沈殿", "Mg",
    "Mg+2 + 2 H2O = Brucite + 2 H+", "Brucite", "Mg", 10.0);
LAW(hydroxide_mn, "hydroxide-mn", "Precipitation of manganese(II) hydroxide", "水酸化マンガンの沈殿",
    "Mn", "Mn+2 + 2 H2O = Pyrochroite + 2 H+", "Pyrochroite", "Mn", 100.0);
LAW(hydroxide_pb, "hydroxide-pb", "Precipitation of lead hydroxide", "水酸化鉛の沈殿", "Pb",
    "Pb+2 + 2 H2O = Pb(OH)2 + 2 H+", "Pb(OH)2", "Pb", 100.0);
LAW(hydroxide_zn, "hydroxide-zn", "Precipitation of zinc hydroxide", "水酸化亜鉛の沈殿", "Zn",
    "Zn+2 + 2 H2O = Zn(OH)2(a) + 2 H+", "Zn(OH)2(a)", "Zn", 100.0);
/* clang-format on */
