/* neighbour.c - an equilibrium near one whose Jacobian is factorised: Newton's method with slopes that are kept */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/react_impl.h"

enum { CHORDS_MAX = 14, RENEWED_MAX = 4 };

static const double stride_max = 1.0; /* ln units: farther away the slopes are others */
static const double near =
    2.0; /* ln units: of residuals that Newton's method alone may start from */
static const double slow = 0.03; /* a residual that falls less is better off with new slopes */
static const double good_stage = 1e-8; /* residual of a stage, ln units */

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

bool sei_react_approach(sei_react_work *w, sei_react_job *j, double good, int *iterations)
{
    double last    = INFINITY;
    int    renewed = 0;

    sei_react_count_unknowns(w, j->s);
    w->basis.has_totals = false;
    for (int k = 0; k < CHORDS_MAX; k++) {
        (*iterations)++;
        sei_react_evaluate(w, j->s);
        if (!sei_react_basis_set(w, j))
            return false;
        sei_react_sum(w, j->s);
        sei_react_residuals(w, j);
        if (j->excess <= 1.0 || j->residual <= good)
            return true;
        if (!(j->residual < near))
            return false;
        if (!chord_fits(w) || j->residual > slow * last) {
            if (renewed++ == RENEWED_MAX || !sei_react_factor(w, j))
                return false;
        }
        last = j->residual;
        sei_lu_solve(w->nu, w->lin, w->swap, w->rhs);
        if (!is_short(w))
            return false;
        sei_react_apply(w, j, 1.0);
    }
    return false;
}

bool sei_react_neighbour(sei_react_work *w, sei_react_system *s, sei_react_state *state,
                         bool is_exact)
{
    sei_react_job j;
    int           iterations = 0;

    if (!state->is_warm || s->n_mixtures > 0)
        return false;
    sei_react_set_up(w, s, state, &j);
    sei_react_warm_set(w, s, state);
    j.enough = is_exact ? 0.0 : good_stage;
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
