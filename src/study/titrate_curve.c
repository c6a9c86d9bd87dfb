/* titrate_curve.c - doses one after the other, and the doses at which something is reached */
#include <math.h>
#include <string.h>

#include "study/titrate.h"

enum { STEPS_MAX = 1000, POINTS_MAX = 4000, HALVINGS_MAX = 200, DOUBLINGS_MAX = 14 };

static const double ph_jump = 0.1; /* between neighbouring points of a curve */
static const double dose_close =
    1e-10; /* relative width at which a search ends: unbuffered water is steep */
static const double much_mol = 1.0; /* of reagent per kg of water: a slurry */
static const double beyond   = 1.2; /* a curve goes on behind the pH asked for */

/* ---- searching ---------------------------------------------------------------------------------- */

typedef struct {
    size_t                     n; /* limits; 0: the pH */
    const sei_titration_limit *limits;
    double                     ph;
} goal;

static bool is_reached(const goal *g, const sei_titration_point *p)
{
    if (g->n == 0)
        return p->ph >= g->ph;
    for (size_t i = 0; i < g->n; i++)
        if (p->dissolved_mol[g->limits[i].element] > g->limits[i].mol_kgw)
            return false;
    return true;
}

/* Between two doses of which one reaches the goal: narrows them until they meet and returns the one that reaches it. */
static sei_status narrow(sei_titrator *t, const goal *g, sei_titration_point *off,
                         sei_titration_point *on)
{
    sei_status st = SEI_OK;

    for (int k = 0; k < HALVINGS_MAX && st == SEI_OK; k++) {
        if (fabs(on->dose_mol - off->dose_mol) <= dose_close * fmax(on->dose_mol, off->dose_mol))
            break;
        sei_titration_point mid;
        st = sei_titrator_at(t, 0.5 * (on->dose_mol + off->dose_mol), &mid);
        if (st == SEI_OK)
            *(is_reached(g, &mid) ? on : off) = mid;
    }
    return st;
}

/* Doubles the dose until the pH is reached; *off is the last dose that does not. False: it never is, because the
 * reagent no longer dissolves, the user's end is there, or there is no solution far beyond what a plant would add. */
static sei_status bracket_ph(sei_titrator *t, const goal *g, double max_dose,
                             sei_titration_point *off, sei_titration_point *on, bool *ret_reached)
{
    const double guess = sei_titrator_stoichiometric_mol(t);
    double       dose  = max_dose > 0.0 ? max_dose : fmax(guess, 1e-4);

    *ret_reached = false;
    for (int k = 0; k < DOUBLINGS_MAX; k++, dose *= 2.0) {
        const bool       is_much = dose > 4.0 * guess && !(max_dose > 0.0);
        const sei_status st      = sei_titrator_at(t, dose, on);
        if (st != SEI_OK)
            return st == SEI_E_NOT_CONVERGED && is_much ? SEI_OK : st;
        *ret_reached      = is_reached(g, on);
        const bool stalls = is_much && (on->ph - off->ph < 1e-3 || dose > much_mol);
        if (*ret_reached || max_dose > 0.0 || stalls)
            return SEI_OK;
        *off = *on;
    }
    return SEI_OK;
}

static sei_status find_ph(sei_titrator *t, double ph, double max_dose, bool *ret_found,
                          sei_titration_point *ret_point)
{
    const goal          g       = {.ph = ph};
    bool                reached = true;
    sei_titration_point off, on;

    sei_status st = sei_titrator_at(t, 0.0, &off);
    on            = off;
    if (st == SEI_OK && !is_reached(&g, &off)) {
        st = bracket_ph(t, &g, max_dose, &off, &on, &reached);
        if (st == SEI_OK && reached)
            st = narrow(t, &g, &off, &on);
    }
    if (st != SEI_OK)
        return st;
    *ret_found = reached;
    *ret_point = on;
    return SEI_OK;
}

/* ---- the curve ---------------------------------------------------------------------------------- */

static sei_status make_room(sei_titration *c)
{
    if (c->n >= POINTS_MAX)
        return sei_fail(c->ctx, SEI_E_TOO_LARGE, NULL, "a curve of more than %d points",
                        (int)POINTS_MAX);
    return SEI_OK;
}

static sei_status append(sei_titration *c, const sei_titration_point *p, bool is_step)
{
    const sei_status st = make_room(c);

    if (st != SEI_OK)
        return st;
    c->points[c->n]    = *p;
    c->is_step[c->n++] = is_step;
    return SEI_OK;
}

/* Points between the last one and p until the pH no longer jumps; the finest interval is 1/32 of a step. */
static sei_status append_smoothly(sei_titrator *t, sei_titration *c, const sei_titration_point *p,
                                  int depth, bool is_step)
{
    const sei_titration_point *last = &c->points[c->n - 1];
    sei_status                 st   = SEI_OK;

    if (depth < 5 && fabs(p->ph - last->ph) > ph_jump && c->n + 64 < POINTS_MAX) {
        sei_titration_point mid;
        st = sei_titrator_at(t, 0.5 * (p->dose_mol + last->dose_mol), &mid);
        if (st == SEI_OK)
            st = append_smoothly(t, c, &mid, depth + 1, false);
        if (st == SEI_OK)
            return append_smoothly(t, c, p, depth + 1, is_step);
    }
    return st == SEI_OK ? append(c, p, is_step) : st;
}

static sei_status fill(sei_titrator *t, sei_titration *c, double end, size_t steps)
{
    sei_titration_point p;
    bool                has_target = !c->has_target; /* one point fewer when there is none */

    sei_status st = sei_titrator_at(t, 0.0, &p);
    if (st == SEI_OK)
        st = append(c, &p, true);
    for (size_t k = 1; k <= steps && st == SEI_OK; k++) {
        const double dose = end * (double)k / (double)steps;
        if (!has_target && c->target.dose_mol < dose) {
            has_target = true;
            if (c->target.dose_mol > c->points[c->n - 1].dose_mol)
                st = append_smoothly(t, c, &c->target, 0, false);
        }
        if (st == SEI_OK)
            st = sei_titrator_at(t, dose, &p);
        if (st == SEI_OK)
            st = append_smoothly(t, c, &p, 0, true);
    }
    return st;
}

void sei_titration_free(sei_titration *c)
{
    if (!c)
        return;
    sei_release(c->ctx, c->points);
    sei_release(c->ctx, c->is_step);
    sei_release(c->ctx, c);
}

static sei_status check_range(sei_ctx *ctx, const sei_titration_range *r)
{
    if (r->steps < 1 || r->steps > STEPS_MAX)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "%zu steps are outside 1..%d", r->steps,
                        (int)STEPS_MAX);
    if (!isnan(r->to_ph) && !(r->to_ph >= 2.0 && r->to_ph <= 13.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "pH %g to titrate to is outside 2..13", r->to_ph);
    if (isnan(r->to_ph) && !(r->max_dose_mol > 0.0))
        return sei_fail(ctx, SEI_E_MISSING, NULL, "a titration needs a pH or a dose to go to");
    return SEI_OK;
}

/* The dose at which the curve ends when the user names none. */
static double end_of(const sei_titrator *t, const sei_titration_range *r, const sei_titration *c)
{
    const double guess = sei_titrator_stoichiometric_mol(t);

    if (r->max_dose_mol > 0.0)
        return r->max_dose_mol;
    if (c->has_target && c->target.dose_mol > 0.0)
        return beyond * c->target.dose_mol;
    return fmax(3.0 * guess, 1e-4); /* the pH is never reached, or already there */
}

sei_status sei_titration_run(sei_titrator *t, const sei_titration_range *r,
                             sei_titration **ret_titration)
{
    sei_status st = check_range(t->ctx, r);

    if (st != SEI_OK)
        return st;
    sei_titration *c = sei_alloc(t->ctx, 1, sizeof *c);
    if (!c)
        return SEI_E_NOMEM;
    c->ctx     = t->ctx;
    c->points  = sei_alloc(t->ctx, POINTS_MAX, sizeof *c->points);
    c->is_step = sei_alloc(t->ctx, POINTS_MAX, sizeof *c->is_step);
    st         = c->points && c->is_step ? SEI_OK : SEI_E_NOMEM;
    if (st == SEI_OK && !isnan(r->to_ph))
        st = find_ph(t, r->to_ph, r->max_dose_mol, &c->has_target, &c->target);
    if (st == SEI_OK)
        st = fill(t, c, end_of(t, r, c), r->steps);
    if (st != SEI_OK) {
        sei_titration_free(c);
        return st;
    }
    *ret_titration = c;
    return SEI_OK;
}

/* ---- limits ------------------------------------------------------------------------------------- */

sei_status sei_titration_keep(sei_titrator *t, const sei_titration *c, size_t n,
                              const sei_titration_limit limits[], bool *ret_found,
                              sei_titration_point *ret_from, sei_titration_point *ret_to)
{
    const goal g     = {.n = n, .limits = limits};
    size_t     first = 0, last;
    sei_status st    = SEI_OK;

    while (n > 0 && first < c->n && !is_reached(&g, &c->points[first]))
        first++;
    if (first == c->n) {
        *ret_found = false;
        return SEI_OK;
    }
    for (last = first; last + 1 < c->n; last++)
        if (n > 0 && !is_reached(&g, &c->points[last + 1]))
            break;
    sei_titration_point from = c->points[first], to = c->points[last], off;
    if (first > 0) {
        off = c->points[first - 1];
        st  = narrow(t, &g, &off, &from);
    }
    if (st == SEI_OK && last + 1 < c->n && n > 0) {
        off = c->points[last + 1];
        st  = narrow(t, &g, &off, &to);
    }
    if (st != SEI_OK)
        return st;
    *ret_found = true;
    *ret_from  = from;
    *ret_to    = to;
    return SEI_OK;
}
