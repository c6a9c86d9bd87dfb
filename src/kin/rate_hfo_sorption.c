/*
 * rate_hfo_sorption.c - sorption of trace metals and arsenate on ferric precipitates
 *
 *     r = k (q Fe - X)          [mol/kgw/s], > 0 onto the solid
 *
 * q moles for a mole of iron at equilibrium by the generalised two-layer model (hfo.h), Fe iron in
 * ferrihydrite, schwertmannite and goethite of the bed, X what is sorbed. Constants: Dzombak & Morel
 * (1990), as in the database. The sorbed metal is kept as an oxide (arsenic as its acid): the surface
 * stays neutral as a whole, so a divalent ion gives off two protons.
 */
#include "kin/hfo.h"
#include "kin/rate.h"

enum { P_K, P_SCHWERTMANNITE, P_GOETHITE, N_PARAMS };
enum {
    IN_METAL,
    IN_H,
    IN_SO4,
    IN_CA,
    IN_SORBED,
    IN_FERRIHYDRITE,
    IN_SCHWERTMANNITE,
    IN_GOETHITE,
    N_INPUTS
};

#define FE_PER_SCHWERTMANNITE 8.0
/* The surface is asked for waters between these activities; beyond them it stays as it is. */
#define LEAST_ACTIVITY 1e-14
#define MOST_ACTIVITY  10.0

/* clang-format off */
static const sei_param params[N_PARAMS] = {
    [P_K]              = {"k_1_d", "1/d", 1.0, 1e-3, 100.0, SEI_LOG, SEI_ASSUMED, "",
                          "rate constant of the approach to equilibrium: diffusion into the flocs",
                          "平衡への接近速度定数(フロック内拡散)"},
    [P_SCHWERTMANNITE] = {"schwertmannite_share", "", 1.0, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "",
                          "sites of schwertmannite's iron against those of ferrihydrite's",
                          "フェリハイドライトに対するシュベルトマナイトの吸着サイトの比"},
    [P_GOETHITE]       = {"goethite_share", "", 0.1, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "",
                          "sites of goethite's iron against those of ferrihydrite's",
                          "フェリハイドライトに対するゲーサイトの吸着サイトの比"},
};
/* clang-format on */

/* Smoothly within the bounds: the value that the surface sees, and its slope by the input. */
static sei_term bounded(double activity)
{
    const double q = 1.0 / (1.0 + activity / MOST_ACTIVITY);

    return (sei_term){activity * q + LEAST_ACTIVITY, q * q};
}

/* The surface in a water. The one that another law has just asked for is the same to the last bit. */
static void find_surface(const sei_hfo_water *water, sei_hfo_memory *memory,
                         sei_hfo_surface *ret_surface)
{
    const sei_hfo_water *last = memory ? &memory->water : NULL;

    if (last && last->h == water->h && last->so4 == water->so4 && last->ca == water->ca &&
        last->ionic_strength == water->ionic_strength) {
        *ret_surface = memory->surface;
        return;
    }
    sei_hfo_solve(water, ret_surface);
    if (memory)
        *memory = (sei_hfo_memory){*water, *ret_surface};
}

static void sorb(size_t n, const sei_hfo_species species[], const sei_rate_env *env,
                 const double p[], const double in[], double *ret_rate, double ret_slope[])
{
    const sei_term f = sei_term_first(in[IN_FERRIHYDRITE]), g = sei_term_first(in[IN_GOETHITE]),
                   s = sei_term_first(in[IN_SCHWERTMANNITE]), x = sei_term_first(in[IN_SORBED]);
    const double w_s = FE_PER_SCHWERTMANNITE * p[P_SCHWERTMANNITE], w_g = p[P_GOETHITE];
    const double iron = f.value + w_s * s.value + w_g * g.value;

    *ret_rate            = -p[P_K] * x.value;
    ret_slope[IN_SORBED] = -p[P_K] * x.slope;
    if (!(iron > 0.0))
        return;
    const sei_term a = sei_term_first(in[IN_METAL]), h = bounded(in[IN_H]),
                   so4 = bounded(in[IN_SO4]), ca = bounded(in[IN_CA]);
    const sei_hfo_water water = {h.value, so4.value, ca.value, env->ionic_strength};
    sei_hfo_surface     surface;
    find_surface(&water, env->hfo, &surface);
    const sei_hfo_sorbed q    = sei_hfo_sorb(&surface, &water, n, species, a.value);
    const double         full = p[P_K] * iron;

    *ret_rate += full * q.q;
    ret_slope[IN_METAL]          = full * q.by_a * a.slope;
    ret_slope[IN_H]              = full * q.by[SEI_HFO_BY_H] * h.slope;
    ret_slope[IN_SO4]            = full * q.by[SEI_HFO_BY_SO4] * so4.slope;
    ret_slope[IN_CA]             = full * q.by[SEI_HFO_BY_CA] * ca.slope;
    ret_slope[IN_FERRIHYDRITE]   = p[P_K] * q.q * f.slope;
    ret_slope[IN_SCHWERTMANNITE] = p[P_K] * q.q * w_s * s.slope;
    ret_slope[IN_GOETHITE]       = p[P_K] * q.q * w_g * g.slope;
}

#define INPUTS(ion, pool)                                                                       \
    {                                                                                           \
        [IN_METAL] = {SEI_IN_ACTIVITY, ion}, [IN_H] = {SEI_IN_ACTIVITY, "H+"},                  \
        [IN_SO4] = {SEI_IN_ACTIVITY, "SO4-2"}, [IN_CA] = {SEI_IN_ACTIVITY, "Ca+2"},             \
        [IN_SORBED] = {SEI_IN_SOLID, pool}, [IN_FERRIHYDRITE] = {SEI_IN_SOLID, "Ferrihydrite"}, \
        [IN_SCHWERTMANNITE] = {SEI_IN_SOLID, "Schwertmannite"},                                 \
        [IN_GOETHITE]       = {SEI_IN_SOLID, "Goethite"},                                       \
    }

#define LAW(id, key_, ion, pool, reaction_, title_, title_ja_, ...)                       \
    static const sei_hfo_species id##_species[]        = {__VA_ARGS__};                   \
    static const sei_rate_input  id##_inputs[N_INPUTS] = INPUTS(ion, pool);               \
    static void id##_eval(const sei_rate_env *env, const double p[], const double in[],   \
                          double *ret_rate, double ret_slope[])                           \
    {                                                                                     \
        for (size_t i = 0; i < N_INPUTS; i++)                                             \
            ret_slope[i] = 0.0;                                                           \
        sorb(SEI_KIN_COUNT(id##_species), id##_species, env, p, in, ret_rate, ret_slope); \
    }                                                                                     \
    const sei_rate_law sei_rate_law_##id = {                                              \
        .key        = key_,                                                               \
        .title      = title_,                                                             \
        .title_ja   = title_ja_,                                                          \
        .source     = "dzombak1990",                                                      \
        .reaction   = reaction_,                                                          \
        .ph         = {4.0, 9.0},                                                         \
        .temp_c     = {25.0, 25.0},                                                       \
        .params     = params,                                                             \
        .n_params   = N_PARAMS,                                                           \
        .inputs     = id##_inputs,                                                        \
        .n_inputs   = N_INPUTS,                                                           \
        .is_storage = true,                                                               \
        .eval       = id##_eval,                                                          \
    }

/* clang-format off */
LAW(hfo_as, "hfo-as", "AsO4-3", "As_hfo", "H2AsO4- + H+ = As_hfo",
    "Sorption of arsenate on ferric precipitates", "三価鉄沈殿物へのヒ酸の吸着",
    {SEI_HFO_WEAK, 29.31, 3, 0}, {SEI_HFO_WEAK, 23.51, 2, -1}, {SEI_HFO_WEAK, 10.58, 0, -3});
LAW(hfo_cd, "hfo-cd", "Cd+2", "Cd_hfo", "Cd+2 + H2O = Cd_hfo + 2 H+",
    "Sorption of cadmium on ferric precipitates", "三価鉄沈殿物へのカドミウムの吸着",
    {SEI_HFO_STRONG, 0.47, -1, 1}, {SEI_HFO_WEAK, -2.91, -1, 1});
LAW(hfo_cu, "hfo-cu", "Cu+2", "Cu_hfo", "Cu+2 + H2O = Cu_hfo + 2 H+",
    "Sorption of copper on ferric precipitates", "三価鉄沈殿物への銅の吸着",
    {SEI_HFO_STRONG, 2.89, -1, 1}, {SEI_HFO_WEAK, 0.60, -1, 1});
LAW(hfo_pb, "hfo-pb", "Pb+2", "Pb_hfo", "Pb+2 + H2O = Pb_hfo + 2 H+",
    "Sorption of lead on ferric precipitates", "三価鉄沈殿物への鉛の吸着",
    {SEI_HFO_STRONG, 4.65, -1, 1}, {SEI_HFO_WEAK, 0.30, -1, 1});
LAW(hfo_zn, "hfo-zn", "Zn+2", "Zn_hfo", "Zn+2 + H2O = Zn_hfo + 2 H+",
    "Sorption of zinc on ferric precipitates", "三価鉄沈殿物への亜鉛の吸着",
    {SEI_HFO_STRONG, 0.99, -1, 1}, {SEI_HFO_WEAK, -1.99, -1, 1});
/* clang-format on */
