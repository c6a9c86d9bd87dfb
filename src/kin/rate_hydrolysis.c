/*
 * rate_hydrolysis.c - rice bran, husk and compost turn into dissolved substrate, ammonium and phosphate
 *
 *     r = 1/2 k f(T) X K_x/(K_x + X) w(pH) K_i/(K_i + acetate)      [mol of acetate/kgw/s]
 *
 * X: organic matter counted as CH2O. The saturation in X is Contois' law with the hydrolysing
 * biomass at its steady value; Hemsi et al. (2005) found it to fit where first order did not. The
 * constants of bran and husk are not published: see docs/rates/hydrolysis-bran.md.
 *
 * Nitrogen and phosphorus of the same matter are pools of their own, N and P, which go into solution at the
 * specific rate of the carbon,
 *
 *     r = k f(T) N K_x/(K_x + X) w(pH) K_i/(K_i + acetate)          [mol of N or P/kgw/s]
 *
 * so that what is left keeps its C:N:P. See docs/rates/release-bran-n.md.
 */
#include "kin/rate.h"

enum { P_K, P_X, P_ACETATE, P_PH_LOW, P_PH_HIGH, P_EA, N_PARAMS };
enum { IN_SOLID, IN_ACETATE, IN_H, N_INPUTS };

#define CH2O_PER_ACETATE 2.0

#define K_HELP    "first-order rate constant of the pool at 15 °C"
#define K_HELP_JA "15 ℃ における加水分解速度定数"

#define PARAMS(k_def, k_lower, k_upper, k_source)                                                  \
    [P_K]       = {.key       = "k_1_d",                                                           \
                   .unit      = "1/d",                                                             \
                   .def       = (k_def),                                                           \
                   .lower     = (k_lower),                                                         \
                   .upper     = (k_upper),                                                         \
                   .transform = SEI_LOG,                                                           \
                   .evidence  = SEI_INFERRED,                                                      \
                   .source    = (k_source),                                                        \
                   .help      = K_HELP,                                                            \
                   .help_ja   = K_HELP_JA},                                                          \
    [P_X]       = {.key       = "k_x_mol_kgw",                                                     \
                   .unit      = "mol/kgw",                                                         \
                   .def       = 100.0,                                                             \
                   .lower     = 0.1,                                                               \
                   .upper     = 1e4,                                                               \
                   .transform = SEI_LOG,                                                           \
                   .evidence  = SEI_ASSUMED,                                                       \
                   .source    = "",                                                                \
                   .help      = "organic matter per pore water at which crowding halves the rate", \
                   .help_ja = "間隙水あたりの有機物量のうち、単位量あたり速度が半減する値"},       \
    [P_ACETATE] = {.key       = "k_acetate_mmol_kgw",                                              \
                   .unit      = "mmol/kgw",                                                        \
                   .def       = 50.0,                                                              \
                   .lower     = 1.0,                                                               \
                   .upper     = 1e3,                                                               \
                   .transform = SEI_LOG,                                                           \
                   .evidence  = SEI_ASSUMED,                                                       \
                   .source    = "",                                                                \
                   .help      = "product that halves the rate",                                    \
                   .help_ja   = "生成物阻害により速度が半減する酢酸濃度"},                           \
    [P_PH_LOW]  = {.key       = "ph_low",                                                          \
                   .unit      = "",                                                                \
                   .def       = 2.5,                                                               \
                   .lower     = 1.0,                                                               \
                   .upper     = 6.0,                                                               \
                   .transform = SEI_LINEAR,                                                        \
                   .evidence  = SEI_ASSUMED,                                                       \
                   .source    = "aoyagi2017",                                                      \
                   .help      = "lower pH of half activity; columns of bran ran at pH 3.0",        \
                   .help_ja = "活性が半減する低 pH 側の値(pH 3.0 の米ぬかカラムが稼働)"},          \
    [P_PH_HIGH] = {.key       = "ph_high",                                                         \
                   .unit      = "",                                                                \
                   .def       = 10.0,                                                              \
                   .lower     = 8.0,                                                               \
                   .upper     = 12.0,                                                              \
                   .transform = SEI_LINEAR,                                                        \
                   .evidence  = SEI_ASSUMED,                                                       \
                   .source    = "",                                                                \
                   .help      = "upper pH of half activity",                                       \
                   .help_ja   = "活性が半減する高 pH 側の値"},                                       \
    [P_EA]      = SEI_PARAM_EA(50.0, 20.0, 100.0, SEI_ASSUMED, "boog2019")

static const sei_param bran_params[N_PARAMS]    = {PARAMS(1e-3, 1e-4, 1e-1, "hemsi2005")};
static const sei_param compost_params[N_PARAMS] = {PARAMS(1.2e-4, 1e-6, 1e-2, "watzlaf2000")};
static const sei_param husk_params[N_PARAMS]    = {PARAMS(3e-5, 1e-6, 1e-3, "hemsi2005")};

#define INPUTS(pool)                                                                 \
    {                                                                                \
        [IN_SOLID] = {SEI_IN_SOLID, pool}, [IN_ACETATE] = {SEI_IN_TOTAL, "Acetate"}, \
        [IN_H] = {SEI_IN_ACTIVITY, "H+"},                                            \
    }
static const sei_rate_input bran_inputs[N_INPUTS]    = INPUTS("bran");
static const sei_rate_input compost_inputs[N_INPUTS] = INPUTS("compost");
static const sei_rate_input husk_inputs[N_INPUTS]    = INPUTS("husk");

static void eval(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[])
{
    const double   k = p[P_K] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K) / CH2O_PER_ACETATE;
    const sei_term term[N_INPUTS] = {
        [IN_SOLID]   = sei_term_monod(in[IN_SOLID], p[P_X]),
        [IN_ACETATE] = sei_term_inhibit(in[IN_ACETATE], p[P_ACETATE]),
        [IN_H]       = sei_term_ph_window(in[IN_H], p[P_PH_LOW], p[P_PH_HIGH]),
    };

    /* X K_x/(K_x + X) = K_x times the Monod term */
    sei_term_product(k * p[P_X], N_INPUTS, term, ret_rate, ret_slope);
}

/* Of the matter X and one of its nutrients. */
enum { OF_NUTRIENT = N_INPUTS, N_RELEASE_INPUTS };
#define RELEASE_INPUTS(pool, nutrient)                                               \
    {                                                                                \
        [IN_SOLID] = {SEI_IN_SOLID, pool}, [IN_ACETATE] = {SEI_IN_TOTAL, "Acetate"}, \
        [IN_H] = {SEI_IN_ACTIVITY, "H+"}, [OF_NUTRIENT] = {SEI_IN_SOLID, nutrient},  \
    }

static void release_eval(const sei_rate_env *env, const double p[], const double in[],
                         double *ret_rate, double ret_slope[])
{
    const double   k                      = p[P_K] * sei_arrhenius(p[P_EA], env->temp_k, SEI_T15_K);
    const sei_term term[N_RELEASE_INPUTS] = {
        [IN_SOLID]    = sei_term_inhibit(in[IN_SOLID], p[P_X]),
        [IN_ACETATE]  = sei_term_inhibit(in[IN_ACETATE], p[P_ACETATE]),
        [IN_H]        = sei_term_ph_window(in[IN_H], p[P_PH_LOW], p[P_PH_HIGH]),
        [OF_NUTRIENT] = sei_term_first(in[OF_NUTRIENT]),
    };

    sei_term_product(k, N_RELEASE_INPUTS, term, ret_rate, ret_slope);
}

const sei_rate_law sei_rate_law_hydrolysis_bran = {
    .key      = "hydrolysis-bran",
    .title    = "Hydrolysis of rice bran",
    .title_ja = "米ぬかの加水分解",
    .source   = "hemsi2005",
    .reaction = "2 bran = Acetate- + H+",
    .ph       = {3.0, 8.0},
    .temp_c   = {4.0, 25.0},
    .params   = bran_params,
    .n_params = N_PARAMS,
    .inputs   = bran_inputs,
    .n_inputs = N_INPUTS,
    .of_bed   = true,
    .eval     = eval,
};

const sei_rate_law sei_rate_law_hydrolysis_compost = {
    .key      = "hydrolysis-compost",
    .title    = "Hydrolysis of compost",
    .title_ja = "コンポストの加水分解",
    .source   = "hemsi2005",
    .reaction = "2 compost = Acetate- + H+",
    .ph       = {3.0, 8.0},
    .temp_c   = {4.0, 25.0},
    .params   = compost_params,
    .n_params = N_PARAMS,
    .inputs   = compost_inputs,
    .n_inputs = N_INPUTS,
    .of_bed   = true,
    .eval     = eval,
};

const sei_rate_law sei_rate_law_hydrolysis_husk = {
    .key      = "hydrolysis-husk",
    .title    = "Hydrolysis of rice husk",
    .title_ja = "もみ殻の加水分解",
    .source   = "hemsi2005",
    .reaction = "2 husk = Acetate- + H+",
    .ph       = {3.0, 8.0},
    .temp_c   = {4.0, 25.0},
    .params   = husk_params,
    .n_params = N_PARAMS,
    .inputs   = husk_inputs,
    .n_inputs = N_INPUTS,
    .of_bed   = true,
    .eval     = eval,
};

/* pool: the matter; element: the pool of its nutrient. Rates and parameters are those of the pool's hydrolysis. */
#define RELEASE(pool, element, key_, title_, title_ja_, reaction_)            \
    static const sei_rate_input pool##_##element##_inputs[N_RELEASE_INPUTS] = \
        RELEASE_INPUTS(#pool, #pool "_" #element);                            \
    const sei_rate_law sei_rate_law_release_##pool##_##element = {            \
        .key      = key_,                                                     \
        .title    = title_,                                                   \
        .title_ja = title_ja_,                                                \
        .source   = "",                                                       \
        .reaction = reaction_,                                                \
        .ph       = {3.0, 8.0},                                               \
        .temp_c   = {4.0, 25.0},                                              \
        .params   = pool##_params,                                            \
        .n_params = N_PARAMS,                                                 \
        .inputs   = pool##_##element##_inputs,                                \
        .n_inputs = N_RELEASE_INPUTS,                                         \
        .of_bed   = true,                                                     \
        .follows  = "hydrolysis-" #pool,                                      \
        .eval     = release_eval,                                             \
    }

/* clang-format off */
RELEASE(bran, n, "release-bran-n", "Nitrogen out of rice bran", "米ぬかからの窒素溶出",
        "bran_n + H+ = NH4+");
RELEASE(bran, p, "release-bran-p", "Phosphorus out of rice bran", "米ぬかからのりん溶出",
        "bran_p = PO4-3 + 3 H+");
RELEASE(compost, n, "release-compost-n", "Nitrogen out of compost", "コンポストからの窒素溶出",
        "compost_n + H+ = NH4+");
RELEASE(compost, p, "release-compost-p", "Phosphorus out of compost", "コンポストからのりん溶出",
        "compost_p = PO4-3 + 3 H+");
RELEASE(husk, n, "release-husk-n", "Nitrogen out of rice husk", "もみ殻からの窒素溶出",
        "husk_n + H+ = NH4+");
RELEASE(husk, p, "release-husk-p", "Phosphorus out of rice husk", "もみ殻からのりん溶出",
        "husk_p = PO4-3 + 3 H+");
/* clang-format on */
