/*
 * held.c - sites beside a water that is held
 *
 * Nothing of the water moves, so that no site hangs on those of another surface or exchanger: the free sites of each kind follow from
 * the potential they are at, and that is one equation in one number. Species that move alike are taken together.
 */
#include <math.h>

#include "num/root.h"
#include "react/react_impl.h"

enum { GROUPS_MAX = 96, TURNS_MAX = 60 };

#define MOL_MAX 1e120 /* an amount beyond it is none that was worked out */
#define STEP    1e-4  /* of a potential, for the slope of the charge law */

static const double tolerance = 1e-12; /* ln units, as of every balance */

/* Species of one kind of sites that a step of its unknown (by coef) and of the potential (by change) moves alike; mol where
 * they were looked at. */
typedef struct {
    size_t site, surface; /* SIZE_MAX: it feels no potential */
    double coef, change, charge, mol;
} group;

typedef struct {
    const sei_react_job *j;
    size_t               n;
    group                groups[GROUPS_MAX];
    double               by_site[SEI_REACT_SITES_MAX]; /* moved so far */
    double               by_potential[SEI_REACT_SITES_MAX];
} held;

static bool add_species(const sei_react_work *w, size_t k, held *h)
{
    const sei_react_sorbed_row *q   = &w->react->sorbed[k];
    const double                mol = w->terms.mol[w->terms.n_aqueous + k];
    const size_t surface = w->sorbed_surface[k] == UINT8_MAX ? SIZE_MAX : w->sorbed_surface[k];
    const group  own     = {.site    = q->site,
                            .surface = surface,
                            .coef    = q->def->site_coef,
                            .change  = surface == SIZE_MAX ? 0.0 : w->sorbed_change[k],
                            .charge  = q->def->charge};
    size_t       i       = 0;

    if (mol == 0.0)
        return true;
    while (i < h->n && (h->groups[i].site != own.site || h->groups[i].coef != own.coef ||
                        h->groups[i].change != own.change))
        i++;
    if (i == GROUPS_MAX || !(mol < MOL_MAX))
        return false;
    if (i == h->n)
        h->groups[h->n++] = own;
    h->groups[i].mol += mol;
    return true;
}

static double amount(const held *h, const group *g)
{
    const double by_potential = g->surface == SIZE_MAX ? 0.0 : h->by_potential[g->surface];

    return g->mol * exp(g->coef * h->by_site[g->site] - g->change * by_potential);
}

/* The free sites of one kind, of which there are total: ln of their sum is as good as straight. How they move with the potential. */
static bool fill_site(held *h, size_t site, double total, double *ret_slope)
{
    double missed = INFINITY;

    for (int turn = 0; turn < TURNS_MAX && fabs(missed) > 1e-15; turn++) {
        double sum = 0.0, by_site = 0.0, by_potential = 0.0;
        for (size_t i = 0; i < h->n; i++) {
            const group *g = &h->groups[i];
            if (g->site != site)
                continue;
            const double mol = g->coef * amount(h, g);
            sum += mol;
            by_site += g->coef * mol;
            by_potential += g->change * mol;
        }
        missed = log(total / sum);
        if (!isfinite(missed) || !(by_site > 0.0))
            return false;
        h->by_site[site] += missed * sum / by_site;
        *ret_slope = by_potential / by_site;
    }
    return true;
}

static bool is_of_surface(const sei_react_work *w, const sei_site_amount *site)
{
    return w->react->sorb->sites[w->react->site_def[site->site]].is_surface;
}

/* All kinds of a surface; surface SIZE_MAX: of exchangers. */
static bool fill_sites(const sei_react_work *w, held *h, size_t surface, double slope[])
{
    const sei_react_system *s = h->j->s;

    for (size_t i = 0; i < s->n_sites; i++) {
        const sei_site_amount *site = &s->sites[i];
        const size_t           of   = is_of_surface(w, site) ? site->surface : SIZE_MAX;
        if (site->mol > 0.0 && of == surface &&
            !fill_site(h, site->site, h->j->rhs_total[w->k_site + site->site], &slope[site->site]))
            return false;
    }
    return true;
}

/* Charge of a surface with its sites filled, less what the layer holds against it; falls as the potential rises. */
static bool charge_left(const sei_react_work *w, held *h, size_t surface, double at, double *ret,
                        double *ret_slope)
{
    double       site_slope[SEI_REACT_SITES_MAX];
    const double layer = sei_react_layer_charge(w, h->j->s, surface, at);

    h->by_potential[surface] = at - w->potential[surface];
    if (!fill_sites(w, h, surface, site_slope))
        return false;
    *ret       = -layer;
    *ret_slope = -(sei_react_layer_charge(w, h->j->s, surface, at + STEP) - layer) / STEP;
    for (size_t i = 0; i < h->n; i++) {
        const group *g = &h->groups[i];
        if (g->surface != surface)
            continue;
        const double charge = g->charge * amount(h, g);
        *ret += charge;
        *ret_slope += charge * (g->coef * site_slope[g->site] - g->change);
    }
    return true;
}

static bool find_potential(const sei_react_work *w, held *h, size_t surface)
{
    double low = -SEI_REACT_POTENTIAL_MAX, high = SEI_REACT_POTENTIAL_MAX,
           at = w->potential[surface];

    for (int turn = 0; turn < TURNS_MAX; turn++) {
        double left, slope;
        if (!charge_left(w, h, surface, at, &left, &slope))
            return false;
        if (left > 0.0)
            low = at;
        else
            high = at;
        const double next =
            sei_root_newton(at, slope < 0.0 ? -left / slope : (double)NAN, low, high);
        if (fabs(next - at) <= 1e-14 * fmax(1.0, fabs(at)))
            return true;
        at = next;
    }
    return true; /* whether that is good is looked at */
}

/* Everything as it was moved. */
static void move(sei_react_work *w, const held *h)
{
    const sei_react_system *s = h->j->s;

    for (size_t k = 0; k < w->react->n_sorbed; k++) {
        const sei_react_sorbed_row *q  = &w->react->sorbed[k];
        double                      by = q->def->site_coef * h->by_site[q->site];
        if (w->sorbed_surface[k] != UINT8_MAX)
            by -= w->sorbed_change[k] * h->by_potential[w->sorbed_surface[k]];
        if (w->terms.mol[w->terms.n_aqueous + k] != 0.0)
            w->terms.mol[w->terms.n_aqueous + k] *= exp(by);
    }
    for (size_t i = 0; i < s->n_sites; i++)
        w->x_site[s->sites[i].site] += h->by_site[s->sites[i].site];
    for (size_t i = 0; i < s->n_surfaces; i++)
        w->potential[i] += h->by_potential[i];
}

/* Balances of sites and charges of surfaces as the species add up to them. */
static bool holds(const sei_react_work *w, const sei_react_job *j)
{
    const sei_react_system *s                           = j->s;
    const double           *n                           = w->terms.mol + w->terms.n_aqueous;
    double                  sites[SEI_REACT_SITES_MAX]  = {0.0};
    double                  charge[SEI_REACT_SITES_MAX] = {0.0}, size[SEI_REACT_SITES_MAX] = {0.0};

    for (size_t k = 0; k < w->react->n_sorbed; k++) {
        const sei_sorb_species *d = w->react->sorbed[k].def;
        sites[w->react->sorbed[k].site] += d->site_coef * n[k];
        if (w->sorbed_surface[k] == UINT8_MAX)
            continue;
        charge[w->sorbed_surface[k]] += d->charge * n[k];
        size[w->sorbed_surface[k]] += fabs(d->charge * n[k]);
    }
    for (size_t i = 0; i < s->n_sites; i++) {
        const size_t site = s->sites[i].site;
        if (s->sites[i].mol > 0.0 &&
            !(fabs(log(sites[site] / j->rhs_total[w->k_site + site])) <= tolerance))
            return false;
    }
    for (size_t i = 0; i < s->n_surfaces; i++) {
        if (!sei_react_has_potential(&s->surfaces[i]))
            continue;
        const double layer = sei_react_layer_charge(w, s, i, w->potential[i]);
        if (!(fabs(w->potential[i]) < SEI_REACT_POTENTIAL_MAX) ||
            !(fabs(charge[i] - layer) <= tolerance * (size[i] + fabs(layer))))
            return false;
    }
    return true;
}

static bool is_plain(const sei_react_work *w, const sei_react_system *s)
{
    return s->water_is_fixed && s->n_sites > 0 && s->n_minerals == 0 && s->n_mixtures == 0 &&
           !w->has_layers && !w->planes;
}

static bool find_all(sei_react_work *w, held *h)
{
    const sei_react_system *s = h->j->s;
    double                  slope[SEI_REACT_SITES_MAX];

    if (!fill_sites(w, h, SIZE_MAX, slope))
        return false;
    for (size_t i = 0; i < s->n_surfaces; i++)
        if (sei_react_has_potential(&s->surfaces[i]) ? !find_potential(w, h, i)
                                                     : !fill_sites(w, h, i, slope))
            return false;
    return true;
}

static bool solve(sei_react_work *w, const sei_react_job *j)
{
    sei_react_snapshot before;
    held               h = {.j = j};

    sei_react_evaluate(w, j->s);
    for (size_t k = 0; k < w->react->n_sorbed; k++)
        if (!add_species(w, k, &h))
            return false;
    if (!find_all(w, &h))
        return false;
    sei_react_save(w, &before);
    move(w, &h);
    if (holds(w, j))
        return true;
    sei_react_restore(w, &before);
    return false;
}

bool sei_react_solve_held(sei_react_work *w, const sei_react_job *j)
{
    return is_plain(w, j->s) && solve(w, j);
}
