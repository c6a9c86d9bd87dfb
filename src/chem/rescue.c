/*
 * rescue.c - a solution without a good start
 *
 * For a held ionic strength and water activity the balances S_j(x) = T_j are the stationary point of
 *     phi(x) = sum_i m_i(x) - sum_j T_j x_j,
 * which is convex, because every m_i is the exponential of a linear function: a descent on phi finds
 * its one minimum from anywhere. The ionic strength is then the root of one function of one variable,
 * I_calc(I) - I, which is positive at 0 and negative at infinity: it is bracketed and cannot be lost,
 * whatever the slopes of the activity model do; so is the water activity for each ionic strength.
 *
 * Networks with -mole_balance species have no such phi. Their totals are first sought with the
 * coefficients of the reactions, the difference being taken off the totals as it was before.
 */
#include <math.h>
#include <string.h>

#include "chem/newton.h"
#include "num/root.h"
#include "num/v4.h"

#define STEP_MAX        4.0
#define MU_LOWEST       1e-12
#define MU_HIGHEST      1e4
#define INNER_TOLERANCE 2e-13

enum { DESCENTS_MAX = 300, HALVINGS_MAX = 30, ROOT_MAX = 200, ODD_MAX = 12 };

static double phi_of(const sei_equil *eq, const sei_balances *b)
{
    double phi = eq->sum_m;

    for (size_t u = 0; u < b->n; u++)
        phi -= b->w->total[b->index[u]] * eq->x[b->index[u]];
    return phi;
}

typedef struct {
    double     phi;
    sei_misfit misfit;
} state;

static state look(sei_equil *eq, const sei_balances *b, int *iterations)
{
    state s;

    sei_newton_evaluate(eq, b);
    (*iterations)++;
    s.misfit = sei_newton_misfits(eq, b);
    s.phi    = phi_of(eq, b);
    return s;
}

/* Gradient of phi: the plain balances, whatever form the right-hand sides have. */
static double slope_along(const sei_balances *b, const double direction[], const double gradient[])
{
    double slope = 0.0;

    for (size_t u = 0; u < b->n; u++)
        slope += direction[b->index[u]] * gradient[b->index[u]];
    return slope;
}

static bool is_better(state before, state after, double slope, double step)
{
    if (!isfinite(after.misfit.residual))
        return false;
    if (after.misfit.residual < 0.7 * before.misfit.residual && before.misfit.residual < 1.0)
        return true;
    return slope < 0.0 && after.phi <= before.phi + 1e-4 * step * slope && after.phi < before.phi;
}

/* Goes along direction with halved steps until the state is better. */
static bool search(sei_equil *eq, const sei_balances *b, const double from[],
                   const double direction[], const double gradient[], int halvings, int *iterations,
                   state *s)
{
    const double slope   = slope_along(b, direction, gradient);
    double       largest = 0.0;

    for (size_t u = 0; u < b->n; u++)
        largest = fmax(largest, fabs(direction[b->index[u]]));
    double step = largest > STEP_MAX ? STEP_MAX / largest : 1.0;
    if (!isfinite(largest))
        return false;
    for (int k = 0; k < halvings; k++, step *= 0.5) {
        for (size_t u = 0; u < b->n; u++)
            eq->x[b->index[u]] = from[b->index[u]] + step * direction[b->index[u]];
        const state trial = look(eq, b, iterations);
        if (is_better(*s, trial, slope, step)) {
            *s = trial;
            return true;
        }
    }
    return false;
}

/* Tries the Newton step of the logarithmic balances, then that of phi, then shorter mixtures of it with the
 * steepest descent. */
static bool descend(sei_equil *eq, const sei_balances *b, int *iterations, state *s)
{
    static const double extras[] = {0.0, 1e-6, 1e-2, 1.0, 100.0};
    const size_t        n        = eq->net->n_comp;
    double from[SEI_COMPONENTS_MAX], gradient[SEI_COMPONENTS_MAX], way[SEI_COMPONENTS_MAX];

    memcpy(from, eq->x, n * sizeof *from);
    for (size_t j = 0; j < n; j++)
        gradient[j] = eq->total[j] - b->w->total[j];
    for (size_t k = 0; k <= sizeof extras / sizeof extras[0]; k++) {
        if (k > 0) { /* back to the start of the step, with plain balances */
            memcpy(eq->x, from, n * sizeof *from);
            (void)look(eq, b, iterations);
            for (size_t j = 0; j < n; j++)
                eq->rhs[SEI_V4 * j] = -gradient[j];
        }
        if (!sei_newton_direction(eq, b, k > 0 ? extras[k - 1] : 0.0))
            continue;
        for (size_t j = 0; j < n; j++)
            way[j] = eq->rhs[SEI_V4 * j];
        if (search(eq, b, from, way, gradient, k == 0 ? 3 : HALVINGS_MAX, iterations, s))
            return true;
    }
    memcpy(eq->x, from, n * sizeof *from);
    return false;
}

/* x for the held ionic strength and water activity. */
static bool minimise(sei_equil *eq, const sei_balances *b, int *iterations, sei_misfit *ret_misfit)
{
    state s = look(eq, b, iterations);

    for (int k = 0; k < DESCENTS_MAX && s.misfit.residual > INNER_TOLERANCE; k++)
        if (!descend(eq, b, iterations, &s))
            break;
    *ret_misfit = s.misfit;
    return s.misfit.residual <= SEI_EQUIL_TOLERANCE;
}

/* --- one root after the other ------------------------------------------------------------------------ */

/* ln a_w(sum m) - ln a_w for the held ionic strength, at ln a_w = w. False when x cannot be found. */
static bool water_excess(sei_equil *eq, const sei_balances *b, double w, int *iterations,
                         sei_misfit *m, double *ret_f)
{
    double slope;

    eq->ln_aw = w;
    if (!minimise(eq, b, iterations, m))
        return false;
    *ret_f = sei_equil_ln_aw(eq, &slope) - w;
    return true;
}

/* x and water activity for the held ionic strength: by substitution, or where water is scarce between
 * the bounds that its activity has. */
static bool with_water(sei_equil *eq, const sei_balances *b, int *iterations, sei_misfit *m)
{
    sei_root root = sei_root_between(SEI_LN_AW_LOW, HUGE_VAL, 0.0, -HUGE_VAL);
    double   f = 0.0, w = eq->ln_aw;

    for (int k = 0; k < ROOT_MAX; k++) {
        if (!water_excess(eq, b, w, iterations, m, &f))
            return false;
        if (fabs(f) <= 1e-13 || sei_root_is_narrow(&root))
            return true;
        sei_root_narrow(&root, w, f);
        const bool substitute = k < 4 && w + f > root.at[0] && w + f < root.at[1];
        w                     = substitute ? w + f : sei_root_next(&root);
    }
    return false;
}

/* I_calc - I at I = mu. */
static bool excess(sei_equil *eq, const sei_balances *b, double mu, int *iterations, sei_misfit *m,
                   double *ret_f)
{
    eq->mu = mu;
    if (!with_water(eq, b, iterations, m))
        return false;
    *ret_f = eq->mu_calc - mu;
    return true;
}

/* Ionic strengths around the root, from the present one outwards. */
static bool enclose(sei_equil *eq, const sei_balances *b, int *iterations, sei_misfit *m,
                    sei_root *r)
{
    *r       = sei_root_between(0.0, 0.0, 0.0, 0.0);
    r->at[0] = r->at[1] = eq->mu;
    if (!excess(eq, b, eq->mu, iterations, m, &r->f[0]))
        return false;
    r->f[1] = r->f[0];
    while (r->f[0] < 0.0 && r->at[0] > MU_LOWEST) {
        r->at[1] = r->at[0];
        r->f[1]  = r->f[0];
        r->at[0] = fmax(0.5 * r->at[0], r->at[0] + r->f[0]);
        if (!excess(eq, b, r->at[0], iterations, m, &r->f[0]))
            return false;
    }
    while (r->f[1] > 0.0 && r->at[1] < MU_HIGHEST) {
        r->at[0] = r->at[1];
        r->f[0]  = r->f[1];
        r->at[1] = fmin(2.0 * r->at[1] + 1e-9, r->at[1] + 1.5 * r->f[1]);
        if (!excess(eq, b, r->at[1], iterations, m, &r->f[1]))
            return false;
    }
    return r->f[0] >= 0.0 && r->f[1] <= 0.0;
}

static bool find_ionic_strength(sei_equil *eq, const sei_balances *b, int *iterations,
                                sei_misfit *m)
{
    sei_root r;
    double   f = 0.0;

    if (!enclose(eq, b, iterations, m, &r))
        return false;
    for (int k = 0; k < ROOT_MAX; k++) {
        const double mu = sei_root_next(&r);
        if (!excess(eq, b, mu, iterations, m, &f))
            return false;
        if (fabs(f) <= 0.5 * SEI_EQUIL_TOLERANCE * mu || sei_root_is_narrow(&r))
            return true;
        sei_root_narrow(&r, mu, f);
    }
    return false;
}

/* --- species whose mole balance is not their reaction -------------------------------------------------- */

/* Totals less what those species count beyond their reaction; never below a hundredth. */
static void shift_totals(const sei_equil *eq, const sei_water *w, double total[])
{
    const sei_net *net = eq->net;

    memcpy(total, w->total, net->n_comp * sizeof *total);
    for (size_t k = 0; k < net->n_odd; k++) {
        const size_t i = net->odd[k];
        for (uint32_t a = net->beta.ptr[i]; a < net->beta.ptr[i + 1]; a++)
            total[net->beta.col[a]] -= net->beta.val[a] * eq->m[i];
        for (uint32_t a = net->nu.ptr[i]; a < net->nu.ptr[i + 1]; a++)
            total[net->nu.col[a]] += net->nu.val[a] * eq->m[i];
    }
    for (size_t j = 0; j + 1 < net->n_comp; j++)
        total[j] = fmax(total[j], 0.01 * w->total[j]);
}

static bool rescue_odd(sei_equil *eq, const sei_balances *b, int *iterations, sei_misfit *m)
{
    static const sei_newton_rule full = {true, 60, 1.0, 0.0}, slow = {true, 100, 0.4, 0.0};
    double                       total[SEI_COMPONENTS_MAX], mix[SEI_COMPONENTS_MAX];
    sei_water                    w = *b->w;
    sei_balances                 c;

    memcpy(total, w.total, eq->net->n_comp * sizeof *total);
    w.total = total;
    for (int k = 0; k < ODD_MAX; k++) {
        eq->by_nu = true;
        sei_balances_set_up(eq, &w, &c);
        const bool found = find_ionic_strength(eq, &c, iterations, m);
        eq->by_nu        = false;
        if (!found)
            return false;
        if (sei_newton(eq, b, &full, iterations, m) ||
            (k > 3 && sei_newton(eq, b, &slow, iterations, m)))
            return true;
        eq->by_nu = true;
        (void)find_ionic_strength(eq, &c, iterations, m); /* back from where Newton went astray */
        eq->by_nu = false;
        shift_totals(eq, b->w, mix);
        for (size_t j = 0; j + 1 < eq->net->n_comp; j++)
            total[j] = sqrt(total[j] * mix[j]);
    }
    return false;
}

bool sei_rescue(sei_equil *eq, const sei_balances *b, int *iterations, sei_misfit *ret_misfit)
{
    static const sei_newton_rule check = {true, 3, 1.0, 0.0};

    for (size_t j = 0; j < eq->net->n_comp; j++)
        if (b->kind[j] == SEI_EQ_CHARGE || b->kind[j] == SEI_EQ_ALKALINITY)
            return false;
    if (!eq->net->symmetric)
        return rescue_odd(eq, b, iterations, ret_misfit);
    if (!find_ionic_strength(eq, b, iterations, ret_misfit))
        return false;
    /* One more look at all of it, with the ionic strength among the balances. */
    return sei_newton(eq, b, &check, iterations, ret_misfit);
}
