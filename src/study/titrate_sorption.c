/*
 * titrate_sorption.c - what the fresh ferric hydroxide holds on its surface
 *
 * Two-layer model of Dzombak & Morel 1990: 0.005 mol of strong and 0.2 mol of weak sites and 600 m2/g, that is
 * 53,300 m2 per mol of iron (their recommended values for hydrous ferric oxide, 89 g per mol of iron). The sites grow with
 * the hydroxide that has formed; how much forms depends, a little, on what the sites hold. Both agree at a fixed point.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "study/titrate.h"

static const double strong_mol_mol = 0.005, weak_mol_mol = 0.2; /* per mol of iron: dzombak1990 */
static const double area_m2_mol = 5.33e4;                       /* 600 m2/g x 88.8 g/mol */

/* Less than this (mol of iron per kg of water) is no surface. */
static const double least_fe_mol = 1e-9;

/* Solids that are hydrous ferric oxide, by the names that databases have. One iron each. */
static const char *const hydroxides[] = {"Ferrihydrite", "Ferrihydrite(2L)", "Fe(OH)3(a)",
                                         "Ferrihydrite(am)", "Fe(OH)3(am)"};

bool sei_is_ferric_hydroxide(const char *mineral)
{
    for (size_t i = 0; i < sizeof hydroxides / sizeof hydroxides[0]; i++)
        if (strcmp(hydroxides[i], mineral) == 0)
            return true;
    return false;
}

static bool has_hfo(const sei_sorb *sorb)
{
    return sei_sorb_find_site(sorb, "Hfo_s") != SIZE_MAX &&
           sei_sorb_find_site(sorb, "Hfo_w") != SIZE_MAX;
}

sei_status sei_titrator_read_surface(sei_titrator *t, const char *path, bool is_needed)
{
    char      *text = NULL;
    size_t     len  = 0;
    sei_status st   = sei_file_read(t->ctx, path, SEI_DB_BYTES_MAX, &text, &len);

    if (st == SEI_OK)
        st = sei_sorb_create(t->ctx, &t->sorb);
    if (st == SEI_OK)
        t->sorb->db = t->db;
    if (st == SEI_OK)
        st = sei_sorb_read(t->ctx, t->sorb, path, 1, text, len);
    sei_release(t->ctx, text);
    if (st != SEI_OK || has_hfo(t->sorb))
        return st;
    if (is_needed)
        return sei_fail(t->ctx, SEI_E_NOT_FOUND, NULL,
                        "database %s has no surface Hfo_s and Hfo_w: use another, or "
                        "--sorption none",
                        sei_db_name(t->db));
    sei_warn(t->ctx, NULL, "database %s has no surface Hfo: nothing is sorbed on ferric hydroxide",
             sei_db_name(t->db));
    sei_sorb_free(t->sorb);
    t->sorb = NULL;
    return SEI_OK;
}

static double iron_of(const sei_titrator *t, const sei_react_state *state)
{
    double fe = 0.0;

    for (size_t i = 0; i < t->n_minerals; i++)
        if (t->is_hydroxide[i] && state->mineral_mol[i] > 0.0)
            fe += state->mineral_mol[i];
    return fe;
}

/* Equilibrium with the sites of so much hydroxide; *ret_excess: what forms beyond it. */
static sei_status with_sites(sei_titrator *t, double fe_mol, sei_react_state *state,
                             double *ret_excess)
{
    const size_t      s = sei_react_site(t->react, "Hfo_s"), w = sei_react_site(t->react, "Hfo_w");
    sei_react_system *system = &t->system;
    const size_t      before = system->n_sites;

    system->n_sites = system->n_surfaces = 0;
    system->total.site[s] = system->total.site[w] = 0.0;
    if (fe_mol > least_fe_mol) {
        system->n_sites       = 2;
        system->n_surfaces    = 1;
        system->sites[0]      = (sei_site_amount){s, strong_mol_mol * fe_mol, 0};
        system->sites[1]      = (sei_site_amount){w, weak_mol_mol * fe_mol, 0};
        system->surfaces[0]   = (sei_surface){.area_m2 = area_m2_mol * fe_mol};
        system->total.site[s] = strong_mol_mol * fe_mol;
        system->total.site[w] = weak_mol_mol * fe_mol;
    }
    if (system->n_sites != before)
        state->is_warm = false;
    const sei_status st = sei_react_solve(t->ctx, t->work, system, state);
    if (st == SEI_OK)
        *ret_excess = iron_of(t, state) - fe_mol;
    return st;
}

enum { ROUNDS_MAX = 40 };

sei_status sei_titrator_solve_sorbing(sei_titrator *t, sei_react_state *state)
{
    double     at = t->last_fe_mol, excess = 0.0, at_before = 0.0, excess_before = 0.0;
    sei_status st = with_sites(t, at, state, &excess);

    for (int round = 0; round < ROUNDS_MAX && st == SEI_OK; round++) {
        const double formed = at + excess;
        if (fabs(excess) <= 1e-10 * formed + 1e-15 ||
            (at <= least_fe_mol && formed <= least_fe_mol)) {
            t->last_fe_mol = formed;
            return SEI_OK;
        }
        /* The secant's step while it is a modest correction of the plain one. */
        const double slope = round > 0 ? (excess - excess_before) / (at - at_before) : -1.0;
        const double next  = slope < -0.2 && slope > -5.0 ? at - excess / slope : formed;
        at_before          = at;
        excess_before      = excess;
        at                 = fmax(next, 0.0);
        st                 = with_sites(t, at, state, &excess);
    }
    return st != SEI_OK ? st
                        : sei_fail(t->ctx, SEI_E_NOT_CONVERGED, NULL,
                                   "ferric hydroxide and what it holds were not found together");
}
