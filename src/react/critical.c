/*
 * critical.c - systems with a solid solution near its critical point
 *
 * There the composition hangs on the cube root of what the water asks for, so that equations in the activities of the water
 * have no slope to go by. With the activity coefficients of the parts held, the solid is as good as ideal and solved easily;
 * that its composition agrees with the one that the coefficients belong to is one equation in one number, solved by halving
 * and secants. Between the two solids of a gap that has just opened both are there: each part is then as saturated as in
 * either, whatever their amounts.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

#define AGREES   1e-12 /* mole fractions */
#define SUFFICES 1e-9  /* where the solver's own digits end */
#define LN10     2.302585092994045684
#define NO_GAP   1e-7 /* narrower ones are none */

enum { ROUNDS_MAX = 80 };

typedef struct {
    sei_ctx          *ctx;
    sei_react_work   *w;
    sei_react_system *given;
    size_t            which; /* mixture */
    sei_react_system  inner;
    sei_mixture       mixtures[SEI_REACT_MIXTURES_MAX];
    sei_mineral       minerals[SEI_REACT_PHASES_MAX];
    sei_react_state   start, state;
    int               iterations;
} rescue;

/* The one of the solids that are not ideal whose mixture is closest to the end of its stability. */
static size_t nearest(const sei_react_system *s)
{
    size_t found = SIZE_MAX;
    double least = (double)INFINITY;

    for (size_t i = 0; i < s->n_mixtures; i++) {
        if (sei_solid_is_ideal(&s->mixtures[i]))
            continue;
        const double g = fabs(sei_solid_least_stiffness(&s->mixtures[i]));
        if (g < least) {
            least = g;
            found = i;
        }
    }
    return found;
}

static bool solve_inner(rescue *r)
{
    r->state            = r->start;
    const sei_status st = sei_react_solve(r->ctx, r->w, &r->inner, &r->state);

    r->iterations += r->state.iterations;
    return st == SEI_OK;
}

/* Composition less x of the solid whose coefficients are those at x; NAN without a solution. */
static double mismatch(rescue *r, double x)
{
    sei_mixture *m = &r->mixtures[r->which];
    double       a[2];

    memcpy(r->mixtures, r->given->mixtures, r->given->n_mixtures * sizeof *r->mixtures);
    sei_solid_ln_lambdas(m, x, m->ln_phi);
    m->a0 = m->a1 = 0.0;
    if (!solve_inner(r))
        return (double)NAN;
    for (size_t k = 0; k < 2; k++)
        a[k] = m->mol[0] + m->mol[1] > 0.0
                   ? m->mol[k]
                   : exp(sei_equil_ln_sr(r->w->eq, m->phase[k]) - m->ln_phi[k]);
    return a[0] / (a[0] + a[1]) - x;
}

/* f falls from low to high; regula falsi after Illinois, halved when it is slow. */
static bool find_composition(rescue *r, double low, double f_low, double high, double f_high)
{
    double f = (double)INFINITY;

    for (int k = 0; k < ROUNDS_MAX && high - low > 1e-16; k++) {
        const double x =
            k % 4 == 3 ? 0.5 * (low + high) : low + (high - low) * f_low / (f_low - f_high);
        f = mismatch(r, x);
        if (!isfinite(f) || fabs(f) < AGREES)
            break;
        if (f > 0.0) {
            low   = x;
            f_low = f;
            f_high *= 0.5;
        } else {
            high   = x;
            f_high = f;
            f_low *= 0.5;
        }
        r->start         = r->state;
        r->start.is_warm = false;
    }
    return fabs(f) < SUFFICES;
}

/* The parts as minerals of their own, each as saturated as in both solids. */
static bool solve_both(rescue *r, double x)
{
    const sei_mixture *m = &r->given->mixtures[r->which];
    const size_t       n = r->given->n_minerals, after = r->given->n_mixtures - r->which - 1;
    double             ln[2];

    if (n + 2 > SEI_REACT_PHASES_MAX)
        return false;
    sei_solid_ln_lambdas(m, x, ln);
    memcpy(r->mixtures, r->given->mixtures, r->which * sizeof *r->mixtures);
    memcpy(r->mixtures + r->which, m + 1, after * sizeof *r->mixtures);
    if (n)
        memcpy(r->minerals, r->given->minerals, n * sizeof *r->minerals);
    for (size_t k = 0; k < 2; k++)
        r->minerals[n + k] = (sei_mineral){.phase     = m->phase[k],
                                           .target_si = (log(k == 0 ? x : 1.0 - x) + ln[k]) / LN10,
                                           .mol       = m->mol[k]};
    r->inner.minerals   = r->minerals;
    r->inner.n_minerals = n + 2;
    r->inner.n_mixtures = r->given->n_mixtures - 1;
    return solve_inner(r);
}

/* Results of the inner system as those of the given one. */
static void take(rescue *r, bool are_both, sei_react_state *state)
{
    sei_mixture *to = r->given->mixtures;
    const size_t n  = r->given->n_minerals;

    for (size_t i = 0, k = 0; i < r->given->n_mixtures; i++) {
        if (are_both && i == r->which) {
            to[i].mol[0] = r->state.mineral_mol[n];
            to[i].mol[1] = r->state.mineral_mol[n + 1];
            continue;
        }
        memcpy(to[i].mol, r->mixtures[k++].mol, sizeof to[i].mol);
    }
    *state            = r->state;
    state->iterations = r->iterations;
    state->is_warm    = false; /* the set of another system */
}

static bool search(rescue *r, bool *ret_are_both)
{
    const sei_mixture *m       = &r->given->mixtures[r->which];
    const double       f_start = 1.0, f_end = -1.0; /* beyond the pure solids */
    double             low, high;

    *ret_are_both = false;
    if (!sei_react_miscibility_gap(m->a0, m->a1, &low, &high) || high - low < NO_GAP)
        return find_composition(r, 0.0, f_start, 1.0, f_end);
    const double f_low = mismatch(r, low);
    if (f_low < 0.0)
        return find_composition(r, 0.0, f_start, low, f_low);
    const double f_high = mismatch(r, high);
    if (f_high > 0.0)
        return find_composition(r, high, f_high, 1.0, f_end);
    *ret_are_both = true;
    return isfinite(f_low) && isfinite(f_high) && solve_both(r, low);
}

bool sei_react_solve_critical(sei_ctx *ctx, sei_react_work *w, sei_react_system *given,
                              sei_react_state *state)
{
    const size_t which = nearest(given);
    bool         are_both;

    if (which == SIZE_MAX)
        return false;
    rescue *r = sei_alloc(ctx, 1, sizeof *r);
    if (!r)
        return false;
    r->ctx            = ctx;
    r->w              = w;
    r->given          = given;
    r->which          = which;
    r->start          = *state;
    r->inner          = *given;
    r->inner.mixtures = r->mixtures;
    const bool ok     = search(r, &are_both);
    if (ok)
        take(r, are_both, state);
    sei_release(ctx, r);
    return ok;
}
