/*
 * grow.c - surfaces that grow: another way to a system whose layers take up most of the ions there are
 *
 * A layer that wants more of an ion than there is leaves Newton's method no slope to go by: what it holds hangs on the charge of its surface
 * alone, and no longer on the water. Beside little of the surface the water is what it would be without it; from there the
 * surface with its sites, its area and the water of its layer grows to what it is, each solution the start of the next one.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

enum { STEPS_MAX = 200, ITERATIONS_MAX = 40, FIRST_MAX = 240 };

static const double ln_first  = -9.0; /* of the share of a surface that is there to begin with */
static const double step_most = 3.0, step_least = 1e-3; /* of its logarithm */
static const double near = 1e-7;                        /* ln units: of a solution on the way */

static bool is_of_surface(const sei_react_work *w, size_t site)
{
    return w->react->sorb->sites[w->react->site_def[site]].is_surface;
}

static void take_share(const sei_react_work *w, const sei_react_system *whole, double share,
                       sei_react_system *part)
{
    for (size_t i = 0; i < whole->n_surfaces; i++) {
        part->surfaces[i].area_m2  = share * whole->surfaces[i].area_m2;
        part->surfaces[i].layer_kg = share * whole->surfaces[i].layer_kg;
    }
    for (size_t i = 0; i < whole->n_sites; i++)
        if (is_of_surface(w, whole->sites[i].site))
            part->sites[i].mol = share * whole->sites[i].mol;
}

/* The job goes on with another share of its surfaces. */
static void set_share(sei_react_work *w, sei_react_job *j, const sei_react_system *whole,
                      double share, sei_react_system *part)
{
    const size_t first = w->react->net->n_comp + 1;

    take_share(w, whole, share, part);
    for (size_t i = 0; i < part->n_sites; i++)
        j->rhs_total[first + part->sites[i].site] = part->sites[i].mol;
    sei_react_terms_set(w, part);
}

static bool solve(sei_react_work *w, sei_react_job *j, bool is_last, int *iterations)
{
    j->good = j->enough = is_last ? 0.0 : near;
    const bool ok       = sei_react_newton(w, j, ITERATIONS_MAX, iterations);
    j->good             = 0.0;
    return ok && sei_react_find_set(w, j, iterations);
}

/* The way so far, straight on: from the last solution, and the one before it, to a share. */
static void go_on(sei_react_work *w, const sei_react_snapshot *last,
                  const sei_react_snapshot *before, double by)
{
    const size_t nc = w->react->net->n_comp;

    for (size_t b = 0; b < nc; b++)
        w->eq->x[b] += by * (last->x[b] - before->x[b]);
    for (size_t k = 0; k < SEI_REACT_SITES_MAX; k++) {
        w->x_site[k] += by * (last->x_site[k] - before->x_site[k]);
        w->potential[k] += by * (last->potential[k] - before->potential[k]);
    }
    for (size_t x = 0; x < SEI_REACT_MIXTURES_MAX; x++)
        w->mixture_ln[x] += by * (last->mixture_ln[x] - before->mixture_ln[x]);
    w->eq->ln_ae += by * (last->ln_ae - before->ln_ae);
    w->eq->ln_aw += by * (last->ln_aw - before->ln_aw);
    w->eq->mu *= pow(last->mu / before->mu, by);
    w->ln_kg += by * (last->ln_kg - before->ln_kg);
}

static bool is_same_set(const sei_react_set_snapshot *a, const sei_react_set_snapshot *b)
{
    return memcmp(a->active, b->active, sizeof a->active) == 0 &&
           memcmp(a->mixture, b->mixture, sizeof a->mixture) == 0;
}

static bool grow(sei_react_work *w, sei_react_job *j, const sei_react_system *whole,
                 sei_react_system *part, int *iterations)
{
    double                 at = ln_first, step = step_most, was = NAN;
    sei_react_set_snapshot last, before = {0};

    sei_react_save_set(w, &last);
    for (int k = 0; k < STEPS_MAX; k++) {
        const double next = fmin(0.0, at + step);
        set_share(w, j, whole, exp(next), part);
        if (was < at && is_same_set(&last, &before))
            go_on(w, &last.unknowns, &before.unknowns, (next - at) / (at - was));
        if (solve(w, j, next == 0.0, iterations)) {
            was    = at;
            before = last;
            at     = next;
            sei_react_save_set(w, &last);
            if (at == 0.0)
                return true;
            step = fmin(step_most, 2.0 * step);
            continue;
        }
        sei_react_restore_set(w, &last);
        step *= 0.3;
        if (step < step_least)
            return false;
    }
    return false;
}

bool sei_react_grow_surfaces(sei_react_work *w, sei_react_job *j, const sei_react_state *start,
                             int *iterations)
{
    const sei_react_system *whole = j->s;
    sei_react_system        part  = *whole;
    sei_react_state         from  = *start;

    if (!w->has_layers || whole->water_is_fixed)
        return false;
    take_share(w, whole, exp(ln_first), &part);
    memset(from.x_site, 0, sizeof from.x_site);
    memset(from.potential, 0, sizeof from.potential);
    for (size_t i = 0; i < part.n_sites; i++)
        from.x_site[part.sites[i].site] = log(0.1);
    sei_react_set_up(w, &part, &from, j);
    j->good   = SEI_REACT_ROUGH;
    bool ok   = sei_react_newton(w, j, FIRST_MAX, iterations);
    j->good   = 0.0;
    ok        = ok && sei_react_find_set(w, j, iterations) && grow(w, j, whole, &part, iterations);
    j->enough = 0.0;
    j->s      = whole;
    return ok;
}
