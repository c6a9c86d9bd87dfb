/*
 * run_tied.c - surfaces and exchangers whose sites (and area) are tied to a mineral or a kinetic reactant
 *
 * "Hfo_wOH Fe(OH)3(a) equilibrium_phase 0.2 5.33e4": sites and area grow and shrink with the mineral, whose amount
 * in turn depends on what the sites hold. Both agree at a fixed point, which a secant for each site finds. Sites
 * come and go as the neutral master (Hfo_wOH), whose atoms are the mineral's own, as PHREEQC counts them; what a
 * site held when it went is back in the water. An exchanger comes and goes with all of its formula (NaX). Sites of a
 * kinetic reactant follow it at the end of every step.
 */
#include <math.h>
#include <string.h>

#include "phreeqc/run_impl.h"

enum { ROUNDS_MAX = 60 };

static const double least_mol = 1e-14; /* of a mineral; less is no surface */

/* Sites of a cell that may be tied: those of its surface, then those of its exchanger. */
static size_t n_sites(const pq_cell *cell)
{
    return (cell->surface ? cell->surface->def->n : 0) +
           (cell->exchange ? cell->exchange->def->n : 0);
}

static const sei_pq_sites *site_at(const pq_cell *cell, size_t i)
{
    const size_t n = cell->surface ? cell->surface->def->n : 0;

    return i < n ? &cell->surface->def->sites[i] : &cell->exchange->def->sites[i - n];
}

bool pq_is_tied(const pq_cell *cell)
{
    for (size_t i = 0; i < n_sites(cell); i++)
        if (site_at(cell, i)->kind != SEI_PQ_SITES_MOL)
            return true;
    return false;
}

/* Moles of what a site is tied to. */
static sei_status related_mol(const pq_runner *r, const pq_cell *cell, size_t at, double *ret_mol)
{
    const sei_pq_sites   *s          = site_at(cell, at);
    const bool            is_surface = cell->surface && at < cell->surface->def->n;
    const pq_equilibrium *e          = cell->equilibrium;
    const pq_kinetics    *k          = cell->kinetics;

    for (size_t i = 0; s->kind == SEI_PQ_SITES_MINERAL && e && i < e->n; i++)
        if (sei_equal_nocase(e->minerals[i].def->name, s->related)) {
            *ret_mol = e->minerals[i].mol;
            return SEI_OK;
        }
    for (size_t i = 0; s->kind == SEI_PQ_SITES_KINETIC && k && i < k->def->n; i++)
        if (sei_equal_nocase(k->def->reactants[i].name, s->related)) {
            *ret_mol = k->m[i];
            return SEI_OK;
        }
    return sei_fail(r->ctx, SEI_E_NOT_FOUND, &s->where,
                    "%s: %s is tied to %s, which is not among the %s in use",
                    is_surface ? "SURFACE" : "EXCHANGE", s->formula, s->related,
                    s->kind == SEI_PQ_SITES_MINERAL ? "EQUILIBRIUM_PHASES" : "KINETICS");
}

/* The site of a formula such as Hfo_wOH in the system; SIZE_MAX: none. */
static size_t site_of(const pq_runner *r, const char *formula)
{
    sei_amounts one = {0};

    if (!sei_react_add_formula(r->react, formula, 1.0, &one))
        return SIZE_MAX;
    for (size_t s = 0; s < SEI_REACT_SITES_MAX; s++)
        if (one.site[s] > 0.0)
            return s;
    return SIZE_MAX;
}

static double site_charge(const pq_runner *r, size_t site)
{
    return r->sorb->sites[sei_react_site_def(r->react, site)].charge;
}

static double sites_in(const pq_runner *r, const char *formula, size_t site)
{
    sei_amounts one = {0};

    (void)sei_react_add_formula(r->react, formula, 1.0, &one);
    return one.site[site];
}

static sei_status set_surface(const pq_runner *r, pq_surface *surface, const sei_pq_sites *s,
                              double mol)
{
    const size_t at = site_of(r, s->formula);

    if (at == SIZE_MAX)
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, &s->where,
                        "\"%s\" is no formula with a site of %s", s->formula, sei_db_name(r->db));
    const double more = s->value * mol - surface->held.site[at];
    if (site_charge(r, at) != 0.0) /* of a charged master its formula tells what makes up for it */
        (void)sei_react_add_formula(r->react, s->formula, more / sites_in(r, s->formula, at),
                                    &surface->held);
    surface->held.site[at]          = s->value * mol;
    surface->related_mol[s->charge] = mol;
    return SEI_OK;
}

static sei_status set_exchanger(const pq_runner *r, pq_exchange *exchange, size_t i, double mol)
{
    const sei_pq_sites *s  = &exchange->def->sites[i];
    const size_t        at = site_of(r, s->formula);

    if (at == SIZE_MAX ||
        !sei_react_add_formula(r->react, s->formula, s->value * (mol - exchange->tied_mol[i]),
                               &exchange->held))
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, &s->where,
                        "\"%s\" is no formula with a site of %s", s->formula, sei_db_name(r->db));
    exchange->tied_mol[i] = mol;
    if (mol == 0.0 && fabs(exchange->held.site[at]) < least_mol) /* but for rounding */
        exchange->held.site[at] = 0.0;
    return SEI_OK;
}

/* Sites number i of a cell as moles of what they are tied to have them. */
static sei_status set_site(const pq_runner *r, const pq_cell *cell, size_t i, double mol)
{
    const size_t n = cell->surface ? cell->surface->def->n : 0;

    if (!(mol > least_mol))
        mol = 0.0;
    return i < n ? set_surface(r, cell->surface, &cell->surface->def->sites[i], mol)
                 : set_exchanger(r, cell->exchange, i - n, mol);
}

sei_status pq_tie_sites(const pq_runner *r, const pq_cell *cell)
{
    sei_status st  = SEI_OK;
    double     mol = 0.0;

    for (size_t i = 0; i < n_sites(cell) && st == SEI_OK; i++) {
        if (site_at(cell, i)->kind == SEI_PQ_SITES_MOL)
            continue;
        st = related_mol(r, cell, i, &mol);
        if (st == SEI_OK)
            st = set_site(r, cell, i, mol);
    }
    return st;
}

/* ------------------------------------------------------------------ the fixed point */

typedef struct {
    double at, excess, before, excess_before;
} tie;

/* The secant's step while its slope is that of a mineral that depends a little on its surface. */
static double next_of(const tie *t, int round)
{
    const double formed = t->at + t->excess;
    const double moved  = t->at - t->before;
    const double slope  = round > 0 && moved != 0.0 ? (t->excess - t->excess_before) / moved : -1.0;

    return fmax(0.0, slope < -0.2 && slope > -5.0 ? t->at - t->excess / slope : formed);
}

static double mineral_mol(const pq_runner *r, const pq_cell *cell, const sei_pq_sites *s,
                          const sei_react_state *state)
{
    const pq_equilibrium *e = cell->equilibrium;

    for (size_t i = 0; e && i < e->n; i++)
        if (sei_equal_nocase(e->minerals[i].def->name, s->related))
            return r->mineral_at[i] == SIZE_MAX ? 0.0 : state->mineral_mol[r->mineral_at[i]];
    return 0.0;
}

/* How far the minerals are from what the sites were made for; true when all agree. */
static bool compare(const pq_runner *r, const pq_cell *cell, const sei_react_state *state,
                    tie ties[])
{
    bool agree = true;

    for (size_t i = 0; i < n_sites(cell); i++) {
        if (site_at(cell, i)->kind != SEI_PQ_SITES_MINERAL)
            continue;
        ties[i].excess = mineral_mol(r, cell, site_at(cell, i), state) - ties[i].at;
        agree          = agree && fabs(ties[i].excess) <= 1e-10 * fabs(ties[i].at) + 1e-15;
    }
    return agree;
}

static sei_status move_sites(const pq_runner *r, const pq_cell *cell, int round, tie ties[])
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n_sites(cell) && st == SEI_OK; i++) {
        if (site_at(cell, i)->kind != SEI_PQ_SITES_MINERAL)
            continue;
        const double next     = next_of(&ties[i], round);
        ties[i].before        = ties[i].at;
        ties[i].excess_before = ties[i].excess;
        ties[i].at            = next;
        st                    = set_site(r, cell, i, next);
    }
    return st;
}

sei_status pq_solve_tied(pq_runner *r, const pq_cell *cell, const sei_react_state *state,
                         pq_tied_solve *solve, void *user)
{
    tie        ties[2 * SEI_REACT_SITES_MAX] = {0};
    sei_status st                            = SEI_OK;

    if (n_sites(cell) > sizeof ties / sizeof *ties)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &site_at(cell, 0)->where,
                        "more than %d kinds of sites in one cell", 2 * (int)SEI_REACT_SITES_MAX);
    for (size_t i = 0; i < n_sites(cell) && st == SEI_OK; i++)
        if (site_at(cell, i)->kind == SEI_PQ_SITES_MINERAL)
            st = related_mol(r, cell, i, &ties[i].at);
    for (int round = 0; round < ROUNDS_MAX && st == SEI_OK; round++) {
        st = solve(user);
        if (st != SEI_OK || compare(r, cell, state, ties))
            return st;
        st = move_sites(r, cell, round, ties);
    }
    return st != SEI_OK ? st
                        : sei_fail(r->ctx, SEI_E_NOT_CONVERGED, NULL,
                                   "a mineral and the sites tied to it were not found together");
}
