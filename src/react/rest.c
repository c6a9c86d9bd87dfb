/*
 * rest.c - a water that is at equilibrium as it stands
 *
 * What flows from one cell of a column into the next has left the first one at equilibrium. Where the next one holds the same
 * minerals nothing happens to it there, and that can be told from the saturation indices that the solution has left.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

#define SI_SLACK 4e-10 /* 1e-9 ln units, as in minerals.c */

static bool is_same_water(const sei_react *r, const sei_amounts *a, const sei_amounts *b)
{
    return memcmp(a->comp, b->comp, r->net->n_comp * sizeof *a->comp) == 0 &&
           a->electron == b->electron && a->water == b->water;
}

static bool is_plain(const sei_react_system *s)
{
    return s->n_mixtures == 0 && s->n_sites == 0 && s->n_surfaces == 0 && !s->water_is_fixed;
}

/* Place of a phase among the minerals of a solution; SIZE_MAX: it was found without it. */
static size_t find_mineral(const sei_react_state *state, size_t phase)
{
    for (size_t k = 0; k < state->n_minerals; k++)
        if (state->mineral_phase[k] == phase)
            return k;
    return SIZE_MAX;
}

/* Neither more nor less of it is wanted: saturated, or undersaturated and not there. */
static bool is_content(const sei_mineral *m, double si)
{
    const double over = si - m->target_si;

    return !m->has_formula && !m->dissolve_only && !m->precipitate_only &&
           (fabs(over) <= SI_SLACK || (over < 0.0 && m->mol == 0.0));
}

bool sei_react_rests(const sei_react *r, const sei_react_system *s, sei_react_state *state)
{
    size_t at[SEI_REACT_PHASES_MAX];
    double si[SEI_REACT_PHASES_MAX];
    bool   active[SEI_REACT_PHASES_MAX];

    if (!state->is_warm || !is_plain(s) || !is_same_water(r, &s->total, &state->water))
        return false;
    for (size_t i = 0; i < s->n_minerals; i++) {
        at[i] = find_mineral(state, s->minerals[i].phase);
        if (at[i] == SIZE_MAX || !is_content(&s->minerals[i], state->mineral_si[at[i]]))
            return false;
        si[i]     = state->mineral_si[at[i]];
        active[i] = state->mineral_active[at[i]];
    }
    state->n_minerals = s->n_minerals;
    for (size_t i = 0; i < s->n_minerals; i++) {
        state->mineral_mol[i]    = s->minerals[i].mol;
        state->mineral_si[i]     = si[i];
        state->mineral_active[i] = active[i];
        state->mineral_phase[i]  = (uint16_t)s->minerals[i].phase;
    }
    state->iterations = 0;
    state->has_inflow = false;
    return true;
}
