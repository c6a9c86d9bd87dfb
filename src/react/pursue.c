/* pursue.c - with specific interactions: solutions until the activity coefficients are their own */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

enum { FOLLOW_MAX = 400 };

/* mol of a mineral and mol/kgw of all together that a start may hold */
#define DISSOLVED_MAX  10.0
#define MOLALITIES_MAX 20.0
#define GROWTH         4.0
#define GROWTH_AFTER   1.2   /* one was not found */
#define SHARE_LEAST    0.002 /* of the way of activity coefficients to the next solution */

static void keep_mixtures(const sei_react_system *s, double mol[])
{
    for (size_t x = 0; x < s->n_mixtures; x++)
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            *mol++ = s->mixtures[x].mol[k];
}

static void give_mixtures(sei_react_system *s, const double mol[])
{
    for (size_t x = 0; x < s->n_mixtures; x++)
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            s->mixtures[x].mol[k] = *mol++;
}

void sei_react_begin_specific(sei_react_work *w, const sei_react_system *s,
                              const sei_react_state *state)
{
    sei_react_job j;

    sei_react_set_up(w, s, state, &j);
    sei_specific_recover(w->eq);
}

void sei_react_take_activities(const sei_react_work *w, sei_react_state *state)
{
    memcpy(state->x, w->eq->x, w->react->net->n_comp * sizeof *state->x);
    state->ln_aw = w->eq->ln_aw;
}

/* All that the system holds, minerals too, as one water of free ions: its composition says more of a water that minerals make
 * than the one before did. */
static void start_dissolved(sei_react_work *w, const sei_react_system *s, sei_react_state *state)
{
    const sei_net *net = w->react->net;
    sei_amounts    all = s->total;
    double         sum = 0.0, slope;

    for (size_t i = 0; i < s->n_minerals; i++) {
        const sei_mineral *m   = &s->minerals[i];
        const double       mol = fmin(m->mol, DISSOLVED_MAX);
        if (m->has_formula)
            sei_react_add_amounts(w->react, &m->formula, mol, &all);
        else
            sei_react_add_phase(w->react, m->phase, mol, &all);
    }
    w->eq->water_kg_mol = sei_react_water_kg_mol(w->react, &all);
    const double kg     = fmax(all.water * w->eq->water_kg_mol, 1e-3);
    for (size_t j = 0; j + 1 < net->n_comp; j++)
        sum += fabs(all.comp[j]) / kg;
    memset(w->eq->m, 0, net->n_species * sizeof *w->eq->m);
    for (size_t j = 0; j + 1 < net->n_comp; j++)
        w->eq->m[net->comp_species[j]] =
            fabs(all.comp[j]) / kg * fmin(1.0, MOLALITIES_MAX / sum) + 1e-12;
    sei_specific_along(w->eq);
    for (size_t j = 0; j + 1 < net->n_comp; j++)
        state->x[j] = log(w->eq->m[net->comp_species[j]]) +
                      w->eq->class_lng[net->classes.of_species[net->comp_species[j]]];
    w->eq->sum_m    = fmin(sum, MOLALITIES_MAX);
    state->ln_aw    = sei_equil_ln_aw(w->eq, &slope);
    state->mu       = w->eq->mu;
    state->water_kg = kg;
    state->is_warm  = false;
}

/* The first solution may lie far away from the composition that was in force. */
static sei_status solve_first(sei_ctx *ctx, sei_react_work *w, sei_react_system *s,
                              sei_react_state *state)
{
    sei_react_state before = *state;
    sei_status      st     = sei_react_solve_once(ctx, w, s, state);

    if (st != SEI_E_NOT_CONVERGED)
        return st;
    *state = before;
    start_dissolved(w, s, state);
    st = sei_react_solve_once(ctx, w, s, state);
    if (st != SEI_E_NOT_CONVERGED)
        return st;
    *state = before;
    sei_specific_begin(w->eq);
    return sei_react_solve_once(ctx, w, s, state);
}

/* Solutions on the way to one whose activity coefficients are its own. */
typedef struct {
    sei_react_state solved;   /* the last one that was found */
    double          share;    /* of the way of the coefficients to the next */
    double          growth;   /* of the share from one that was found to the next */
    bool            is_whole; /* solved as well as an answer has to be */
} pursuit;

/* Is the solution that was found one of the full equations? What is in force moves on to it. */
static bool is_answer(sei_react_work *w, const pursuit *p)
{
    const bool agrees = sei_specific_follow(w->eq, SEI_SPECIFIC_AGREE);

    w->follow_good = sei_specific_rough(w->eq->specific);
    return agrees && p->is_whole;
}

/* Where the next one sets out from, after one was found or not; false: there is no way on. */
static bool set_out(sei_react_work *w, bool is_found, sei_react_state *state, pursuit *p)
{
    if (is_found) {
        p->solved = *state;
        p->share  = fmin(1.0, p->growth * p->share);
        sei_react_take_activities(w, state);
    } else if (w->is_following) {
        p->share *= 0.25;
        p->growth      = GROWTH_AFTER;
        w->follow_good = 0.0;
    } else {
        return false;
    }
    if (p->share < 1.0) {
        *state = p->solved;
        sei_specific_shorten(w->eq, p->share, state->x, &state->ln_aw);
    }
    return true;
}

static sei_status pursue(sei_ctx *ctx, sei_react_work *w, sei_react_system *s,
                         sei_react_state *state)
{
    double  mol[SEI_REACT_PARTS_MAX]; /* a solution takes it, the next one starts from it too */
    pursuit p          = {.share = 1.0, .growth = GROWTH};
    int     iterations = 0;

    keep_mixtures(s, mol);
    for (int k = 0; k < FOLLOW_MAX; k++) {
        w->is_following = k > 0 && p.share > SHARE_LEAST;
        p.is_whole      = !w->is_following || !(w->follow_good > 0.0);
        const sei_status st =
            k == 0 ? solve_first(ctx, w, s, state) : sei_react_solve_once(ctx, w, s, state);
        iterations += state->iterations;
        state->iterations = iterations;
        if (st == SEI_OK && is_answer(w, &p))
            return SEI_OK;
        if ((st != SEI_OK && st != SEI_E_NOT_CONVERGED) || !set_out(w, st == SEI_OK, state, &p))
            return st;
        give_mixtures(s, mol);
    }
    return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                    "equilibrium was not found in %d iterations: activity coefficients and "
                    "composition do not come to rest",
                    iterations);
}

sei_status sei_react_solve(sei_ctx *ctx, sei_react_work *w, sei_react_system *s,
                           sei_react_state *state)
{
    if (!w->eq->specific || s->n_minerals > SEI_REACT_PHASES_MAX ||
        s->n_mixtures > SEI_REACT_MIXTURES_MAX)
        return sei_react_solve_once(ctx, w, s, state);
    sei_react_begin_specific(w, s, state);
    if (s->water_is_fixed) /* so are its activity coefficients */
        return sei_react_solve_once(ctx, w, s, state);
    w->follow_good      = 0.0;
    const sei_status st = pursue(ctx, w, s, state);
    w->is_following     = false;
    return st;
}
