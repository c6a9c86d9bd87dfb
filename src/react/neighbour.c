/* neighbour.c - an equilibrium near one whose Jacobian is factorised: Newton's method with slopes that are kept */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/react_impl.h"

enum { CHORDS_MAX = 14, RENEWED_MAX = 4 };

#define SECANT_MAX 0.5 /* of the step before: more says that it was no straight way */

static const double stride_max = 1.0; /* ln units: farther away the slopes are others */
static const double near =
    2.0; /* ln units: of residuals that Newton's method alone may start from */
static const double slow = 0.03; /* a residual that falls less is better off with new slopes */
static const double good_end =
    1e-11; /* residual, ln units: what is left of it is beyond the digits of any result */

/* The factor at hand is one of these equations. */
static bool chord_fits(const sei_react_work *w)
{
    return w->has_chord && w->chord_version == w->basis.version && w->chord_nu == w->nu;
}

static bool is_short(const sei_react_work *w)
{
    for (size_t k = 0; k < w->k_mu; k++)
        if (!(fabs(w->rhs[k]) <= stride_max))
            return false;
    return isfinite(w->rhs[w->k_mu]) && isfinite(w->rhs[w->k_aw]);
}

/* The way so far: the last step, and what the factor alone would have made of it. */
typedef struct {
    bool   has_step;
    double step[SEI_REACT_UNKNOWNS_MAX], plain[SEI_REACT_UNKNOWNS_MAX];
    double last; /* residual before it */
    int    renewed;
} way;

/*
 * The step of the factor, made better by what it missed at the step before: Broyden's update of the inverse (broyden1965) by
 * that pair alone. seen: what the factor makes of the change in residuals that step brought about.
 */
static void correct_step(const sei_react_work *w, const way *y)
{
    double along = 0.0, by = 0.0;

    for (size_t k = 0; k < w->nu; k++) {
        along += y->step[k] * w->rhs[k];
        by += y->step[k] * (y->plain[k] - w->rhs[k]);
    }
    const double share = along / by;
    if (!(fabs(share) <= SECANT_MAX))
        return;
    for (size_t k = 0; k < w->nu; k++) {
        const double seen = y->plain[k] - w->rhs[k];
        w->rhs[k] += share * (y->step[k] - seen);
    }
}

/* One step from a look at the residuals: with new slopes where those at hand do not serve. */
static bool stride(sei_react_work *w, const sei_react_job *j, way *y)
{
    double plain[SEI_REACT_UNKNOWNS_MAX];

    if (!chord_fits(w) || j->residual > slow * y->last) {
        if (y->renewed++ == RENEWED_MAX || !sei_react_factor(w, j))
            return false;
        y->has_step = false;
    }
    sei_lu_solve(w->nu, w->lin, w->swap, w->rhs);
    memcpy(plain, w->rhs, w->nu * sizeof *plain);
    if (y->has_step)
        correct_step(w, y);
    if (!is_short(w))
        return false;
    memcpy(y->plain, plain, w->nu * sizeof *plain);
    memcpy(y->step, w->rhs, w->nu * sizeof *plain);
    y->has_step = true;
    y->last     = j->residual;
    sei_react_apply(w, j, 1.0);
    return true;
}

bool sei_react_approach(sei_react_work *w, sei_react_job *j, double good, int *iterations)
{
    way y = {.last = INFINITY};

    sei_react_count_unknowns(w, j->s);
    w->basis.has_totals = false;
    for (int k = 0; k < CHORDS_MAX; k++) {
        (*iterations)++;
        sei_react_evaluate_terms(w, j->s);
        if (k == 0) { /* so near, the balances that serve at the start serve to the end */
            sei_equil_totals(w->eq);
            if (!sei_react_basis_set(w, j))
                return false;
        }
        sei_react_sum(w, j->s);
        sei_react_residuals(w, j);
        if (j->excess <= 1.0 || j->residual <= good) {
            if (k > 0)
                sei_equil_totals(w->eq);
            return true;
        }
        if (!(j->residual < near) || !stride(w, j, &y))
            return false;
    }
    return false;
}

bool sei_react_neighbour(sei_react_work *w, sei_react_system *s, sei_react_state *state,
                         double good)
{
    const bool    is_exact = !(good > good_end);
    sei_react_job j;
    int           iterations = 0;

    if (!state->is_warm || s->n_mixtures > 0)
        return false;
    sei_react_set_up(w, s, state, &j);
    sei_react_warm_set(w, s, state);
    j.enough = fmax(good, good_end);
    if (!sei_react_approach(w, &j, j.enough, &iterations) ||
        !sei_react_find_set(w, &j, &iterations) ||
        (is_exact && sei_react_unsound_row(w, &j) != SIZE_MAX))
        return false;
    state->iterations = iterations;
    sei_react_collect(w, s, state);
    w->job        = j;
    w->has_factor = w->is_moved = false;
    return true;
}
