/*
 * last.c - the solution of a system of the same build as the start of one that has none
 *
 * A water as it was speciated does not know its minerals yet, and is far from what they make of it; the last water with
 * these minerals is nearer, unless it was quite another one.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

static const double alike = 100.0; /* ratio of the totals of an element */

static bool is_alike(double a, double b)
{
    return a == b || (a < alike * b && b < alike * a);
}

static bool has_same_build(const sei_react_last *l, const sei_react_system *s)
{
    if (!l->is_set || s->water_is_fixed || s->n_mixtures > 0 || s->n_minerals != l->n_minerals ||
        s->n_sites != l->n_sites || s->n_surfaces != l->n_surfaces)
        return false;
    for (size_t i = 0; i < s->n_minerals; i++)
        if (s->minerals[i].phase != l->phase[i])
            return false;
    for (size_t i = 0; i < s->n_sites; i++)
        if (s->sites[i].site != l->sites[i].site || !is_alike(s->sites[i].mol, l->sites[i].mol))
            return false;
    return true;
}

bool sei_react_last_serves(const sei_react_work *w, const sei_react_system *s)
{
    const sei_react_last *l = w->last;

    if (!has_same_build(l, s) || !is_alike(s->total.water, l->total.water))
        return false;
    for (size_t b = 0; b + 1 < w->react->net->n_comp; b++)
        if (!is_alike(s->total.comp[b], l->total.comp[b]))
            return false;
    return true;
}

static bool is_in_minerals(const sei_react_work *w, const sei_react_system *s, size_t b)
{
    for (size_t i = 0; i < s->n_minerals; i++)
        if (sei_react_mineral_count(w, &s->minerals[i], b) != 0.0)
            return true;
    return false;
}

/* The activity of an element that no mineral holds goes with its amount. */
void sei_react_last_start(const sei_react_work *w, const sei_react_system *s,
                          sei_react_state *ret_state)
{
    const sei_react_last *l  = w->last;
    const double          kg = ret_state->water_kg;

    *ret_state          = l->state;
    ret_state->water_kg = kg;
    for (size_t b = 0; b + 1 < w->react->net->n_comp; b++)
        if (s->total.comp[b] > 0.0 && l->total.comp[b] > 0.0 && !is_in_minerals(w, s, b))
            ret_state->x[b] +=
                log(s->total.comp[b] / l->total.comp[b] * l->total.water / s->total.water);
}

void sei_react_last_keep(sei_react_work *w, const sei_react_system *s, const sei_react_state *state)
{
    sei_react_last *l = w->last;

    if (l->is_held || s->n_minerals == 0 || s->n_mixtures > 0 || s->water_is_fixed)
        return;
    l->is_set     = true;
    l->n_minerals = s->n_minerals;
    l->n_sites    = s->n_sites;
    l->n_surfaces = s->n_surfaces;
    for (size_t i = 0; i < s->n_minerals; i++)
        l->phase[i] = s->minerals[i].phase;
    memcpy(l->sites, s->sites, s->n_sites * sizeof *s->sites);
    l->total = s->total;
    l->state = *state;
}
