/*
 * rate_hfo_sorption.c - sorption of trace metals, arsenate and phosphate on ferric precipitates
 *
 *     r = k (q Fe - X)          [mol/kgw/s], > 0 onto the solid, < 0 back into the water; in the bed, and on the flocs that the water carries.
 *
 * q moles for a mole of iron at equilibrium by the generalised two-layer model (hfo.h), Fe iron in
 * ferrihydrite, schwertmannite and goethite of the bed, X what is sorbed. Constants: Dzombak & Morel
 * (1990), as in the database. All that sorbs competes for the sites and
 * charges the surface. The sorbed metal is kept as an oxide (arsenic and phosphorus as their acids): the surface
 * stays neutral as a whole, so a divalent ion gives off two protons.
 */
#include <stdbool.h>
#include <string.h>

#include "kin/hfo.h"
#include "kin/rate.h"

enum { P_K, P_SCHWERTMANNITE, P_GOETHITE, N_PARAMS };
enum { P_SUSPENDED = N_PARAMS, N_FLOC_PARAMS };
/* The amounts of hfo.h come first, in their order; what the model lacks reads 0. */
enum { IN_SORBED = SEI_HFO_AMOUNTS, IN_FERRIHYDRITE, IN_SCHWERTMANNITE, IN_GOETHITE, N_INPUTS };

#define FE_PER_SCHWERTMANNITE 8.0
/* The surface is asked for waters between these activities; beyond them it stays as it is. */
#define LEAST_ACTIVITY 1e-14
#define MOST_ACTIVITY  10.0

/* clang-format off */
#define SHARES \
    [P_SCHWERTMANNITE] = {"schwertmannite_share", "", 1.0, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "", \
                          "sites of schwertmannite's iron against those of ferrihydrite's", \
                          "フェリハイドライトに対するシュベルトマナイトの吸着サイトの比"}, \
    [P_GOETHITE]       = {"goethite_share", "", 0.1, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "", \
                          "sites of goethite's iron against those of ferrihydrite's", \
                          "フェリハイドライトに対するゲーサイトの吸着サイトの比"}

static const sei_param params[N_PARAMS] = {
    [P_K] = {"k_1_d", "1/d", 1.0, 1e-3, 100.0, SEI_LOG, SEI_ASSUMED, "",
             "rate constant of the approach to equilibrium: diffusion into the flocs",
             "平衡への接近速度定数(フロック内拡散)"},
    SHARES,
};
static const sei_param floc_params[N_FLOC_PARAMS] = {
    [P_K] = {"k_1_h", "1/h", 10.0, 0.1, 1000.0, SEI_LOG, SEI_ASSUMED, "",
             "rate constant of the approach to equilibrium on stirred, fresh flocs: minutes",
             "撹拌された新しいフロックでの平衡への接近速度定数(数分程度)"},
    SHARES,
    [P_SUSPENDED] = {"suspended_fraction", "", 1.0, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "",
                     "share that stays with the flocs in suspension; 1",
                     "懸濁フロックとともに水中に留まる割合(1)"},
};
/* clang-format on */

/* Smoothly within the bounds: the value that the surface sees, and its slope by the input. */
static sei_term bounded(double activity)
{
    const double q = 1.0 / (1.0 + activity / MOST_ACTIVITY);

    return (sei_term){activity * q + LEAST_ACTIVITY, q * q};
}

/* The water as the surface sees it, with slopes by the inputs. Traces that are not there count as next to nothing, for
 * slopes divide by them. */
static void see(const double in[], double amount[], double slope[])
{
    for (int i = 0; i < SEI_HFO_AMOUNTS; i++) {
        const bool     is_trace = i > SEI_HFO_CA;
        const sei_term a        = is_trace ? sei_term_first(in[i]) : bounded(in[i]);
        amount[i]               = is_trace ? a.value + SEI_HFO_TRACE : a.value;
        slope[i]                = a.slope;
    }
}

static bool is_same(const double a[], const double b[])
{
    for (int i = 0; i < SEI_HFO_AMOUNTS; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* What sorbs of `which` in a water. The surface that another law has just asked for is the same to the last bit; the
 * last potential is where the search for the next one begins. */
static const sei_hfo_sorbed *find_sorbed(const double in[], double ionic_strength,
                                         sei_hfo_amount which, sei_hfo_memory *memory)
{
    if (memory->ionic_strength != ionic_strength || !is_same(memory->activity, in)) {
        memcpy(memory->activity, in, sizeof memory->activity);
        see(in, memory->amount, memory->seen);
        sei_hfo_solve(memory->amount, ionic_strength, memory->surface.y, &memory->surface);
        memory->ionic_strength = ionic_strength;
        memset(memory->is_known, 0, sizeof memory->is_known);
    }
    if (!memory->is_known[which])
        memory->sorbed[which] = sei_hfo_sorb(&memory->surface, memory->amount, which);
    memory->is_known[which] = true;
    return &memory->sorbed[which];
}

/* What the iron holds at equilibrium, mol/kgw, with its slopes (none by what it holds); 0 without iron. */
static double equilibrium(sei_hfo_amount which, const sei_rate_env *env, const double p[],
                          const double in[], double slope[])
{
    const sei_term f = sei_term_first(in[IN_FERRIHYDRITE]), g = sei_term_first(in[IN_GOETHITE]),
                   s = sei_term_first(in[IN_SCHWERTMANNITE]);
    const double w_s = FE_PER_SCHWERTMANNITE * p[P_SCHWERTMANNITE], w_g = p[P_GOETHITE];
    const double iron = f.value + w_s * s.value + w_g * g.value;

    for (size_t i = 0; i < N_INPUTS; i++)
        slope[i] = 0.0;
    if (!(iron > 0.0))
        return 0.0;
    sei_hfo_memory        alone  = {.ionic_strength = -1.0};
    sei_hfo_memory       *memory = env->hfo ? env->hfo : &alone;
    const sei_hfo_sorbed *q      = find_sorbed(in, env->ionic_strength, which, memory);
    for (int i = 0; i < SEI_HFO_AMOUNTS; i++)
        slope[i] = iron * q->by[i] * memory->seen[i];
    slope[IN_FERRIHYDRITE]   = q->q * f.slope;
    slope[IN_SCHWERTMANNITE] = q->q * w_s * s.slope;
    slope[IN_GOETHITE]       = q->q * w_g * g.slope;
    return iron * q->q;
}

static void sorb(sei_hfo_amount which, const sei_rate_env *env, const double p[], const double in[],
                 double *ret_rate, double ret_slope[])
{
    const sei_term x    = sei_term_first(in[IN_SORBED]);
    const double   full = equilibrium(which, env, p, in, ret_slope);

    *ret_rate = p[P_K] * (full - x.value);
    for (size_t i = 0; i < N_INPUTS; i++)
        ret_slope[i] *= p[P_K];
    ret_slope[IN_SORBED] = -p[P_K] * x.slope;
}

#define INPUTS(kind, pool)                                                                        \
    {                                                                                             \
        [SEI_HFO_H] = {SEI_IN_ACTIVITY, "H+"}, [SEI_HFO_SO4] = {SEI_IN_ACTIVITY_IF, "SO4-2"},     \
        [SEI_HFO_CA] = {SEI_IN_ACTIVITY_IF, "Ca+2"}, [SEI_HFO_CD] = {SEI_IN_ACTIVITY_IF, "Cd+2"}, \
        [SEI_HFO_CU] = {SEI_IN_ACTIVITY_IF, "Cu+2"}, [SEI_HFO_PB] = {SEI_IN_ACTIVITY_IF, "Pb+2"}, \
        [SEI_HFO_ZN] = {SEI_IN_ACTIVITY_IF, "Zn+2"},                                              \
        [SEI_HFO_AS] = {SEI_IN_ACTIVITY_IF, "AsO4-3"},                                            \
        [SEI_HFO_P] = {SEI_IN_ACTIVITY_IF, "PO4-3"}, [IN_SORBED] = {kind, pool},                  \
        [IN_FERRIHYDRITE]   = {kind, "Ferrihydrite"},                                             \
        [IN_SCHWERTMANNITE] = {kind, "Schwertmannite"}, [IN_GOETHITE] = {kind, "Goethite"},       \
    }

/* The law of the bed and that of the flocs. */
#define LAW(id, which_, key_, pool, reaction_, title_, title_ja_)                            \
    static const sei_rate_input id##_inputs[N_INPUTS]      = INPUTS(SEI_IN_SOLID, pool);     \
    static const sei_rate_input id##_floc_inputs[N_INPUTS] = INPUTS(SEI_IN_SUSPENDED, pool); \
    static void id##_eval(const sei_rate_env *env, const double p[], const double in[],      \
                          double *ret_rate, double ret_slope[])                              \
    {                                                                                        \
        sorb(which_, env, p, in, ret_rate, ret_slope);                                       \
    }                                                                                        \
    const sei_rate_law sei_rate_law_##id = {                                                 \
        .key        = key_,                                                                  \
        .title      = title_ " on ferric precipitates",                                      \
        .title_ja   = "三価鉄沈殿物への" title_ja_ "の吸着",                                 \
        .source     = "dzombak1990",                                                         \
        .reaction   = reaction_,                                                             \
        .ph         = {4.0, 9.0},                                                            \
        .temp_c     = {25.0, 25.0},                                                          \
        .params     = params,                                                                \
        .n_params   = N_PARAMS,                                                              \
        .inputs     = id##_inputs,                                                           \
        .n_inputs   = N_INPUTS,                                                              \
        .is_storage = true,                                                                  \
        .eval       = id##_eval,                                                             \
    };                                                                                       \
    const sei_rate_law sei_rate_law_##id##_floc = {                                          \
        .key             = key_ "-floc",                                                     \
        .title           = title_ " on ferric flocs in suspension",                          \
        .title_ja        = "懸濁三価鉄フロックへの" title_ja_ "の吸着",                      \
        .source          = "dzombak1990",                                                    \
        .reaction        = reaction_,                                                        \
        .ph              = {4.0, 9.0},                                                       \
        .temp_c          = {25.0, 25.0},                                                     \
        .params          = floc_params,                                                      \
        .n_params        = N_FLOC_PARAMS,                                                    \
        .inputs          = id##_floc_inputs,                                                 \
        .n_inputs        = N_INPUTS,                                                         \
        .suspended_param = "suspended_fraction",                                             \
        .eval            = id##_eval,                                                        \
    }

/* clang-format off */
LAW(hfo_as, SEI_HFO_AS, "hfo-as", "As_hfo", "H2AsO4- + H+ = As_hfo", "Sorption of arsenate", "ヒ酸");
LAW(hfo_cd, SEI_HFO_CD, "hfo-cd", "Cd_hfo", "Cd+2 + H2O = Cd_hfo + 2 H+", "Sorption of cadmium", "カドミウム");
LAW(hfo_cu, SEI_HFO_CU, "hfo-cu", "Cu_hfo", "Cu+2 + H2O = Cu_hfo + 2 H+", "Sorption of copper", "銅");
LAW(hfo_p, SEI_HFO_P, "hfo-p", "P_hfo", "H2PO4- + H+ = P_hfo", "Sorption of phosphate", "りん酸");
LAW(hfo_pb, SEI_HFO_PB, "hfo-pb", "Pb_hfo", "Pb+2 + H2O = Pb_hfo + 2 H+", "Sorption of lead", "鉛");
LAW(hfo_zn, SEI_HFO_ZN, "hfo-zn", "Zn_hfo", "Zn+2 + H2O = Zn_hfo + 2 H+", "Sorption of zinc", "亜鉛");
/* clang-format on */
