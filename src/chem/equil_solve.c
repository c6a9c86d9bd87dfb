/* equil_solve.c - from totals to a solution: the start, and what is tried when Newton fails */
#include <math.h>
#include <string.h>

#include "chem/newton.h"

#define LN10 2.302585092994045684

/* Does eq still hold the last solution, at the conditions of this water? */
static bool is_neighbour(const sei_equil *eq, const sei_water *w)
{
    return w->warm && eq->is_solved && eq->solved_temp_k == w->temp_k && eq->solved_mu == eq->mu &&
           eq->solved_ln_aw == eq->ln_aw && eq->solved_ln_ae == eq->ln_ae &&
           memcmp(eq->solved_x, eq->x, eq->net->n_comp * sizeof *eq->x) == 0;
}

static void remember(sei_equil *eq)
{
    eq->is_solved     = true;
    eq->solved_temp_k = eq->temp_k;
    eq->solved_mu     = eq->mu;
    eq->solved_ln_aw  = eq->ln_aw;
    eq->solved_ln_ae  = eq->ln_ae;
    memcpy(eq->solved_x, eq->x, eq->net->n_comp * sizeof *eq->x);
}

static bool attempt(sei_equil *eq, const sei_water *w, sei_balances *b, bool warm,
                    sei_equil_report *r, sei_misfit *m)
{
    static const sei_newton_rule quick = {true, 25, 1.0}, full = {true, 50, 1.0},
                                 slow = {true, 200, 0.5};

    if (warm && sei_newton(eq, b, &quick, &r->iterations, m))
        return true;
    r->attempts++;
    sei_start(eq, w);
    sei_start_sweep(eq, b, 1, &r->iterations);
    if (sei_newton(eq, b, &full, &r->iterations, m))
        return true;
    r->attempts++;
    sei_start(eq, w);
    sei_start_sweep(eq, b, 12, &r->iterations);
    if (sei_newton(eq, b, &slow, &r->iterations, m))
        return true;
    r->attempts++;
    sei_start(eq, w);
    sei_start_sweep(eq, b, 6, &r->iterations);
    return sei_rescue(eq, b, &r->iterations, m);
}

/* Charge by an element or by the pH is solved from the water as given, so that Newton starts on the
 * right branch. */
static bool solve(sei_equil *eq, const sei_water *w, sei_equil_report *r, sei_misfit *m,
                  sei_balances *b)
{
    const size_t h     = eq->net->n_comp - 1;
    sei_water    plain = *w;

    sei_balances_set_up(eq, w, b);
    if (w->warm || (w->balance == SIZE_MAX && w->alk_component != h))
        return attempt(eq, w, b, w->warm, r, m);
    plain.balance = SIZE_MAX;
    if (w->balance == h || w->alk_component == h)
        plain.fix_ph = true;
    if (w->alk_component == h)
        plain.alk_component = SIZE_MAX;
    sei_balances q;
    sei_balances_set_up(eq, &plain, &q);
    if (!attempt(eq, &plain, &q, false, r, m))
        return false;
    static const sei_newton_rule full = {true, 200, 1.0}, slow = {true, 200, 0.3};
    return sei_newton(eq, b, &full, &r->iterations, m) ||
           sei_newton(eq, b, &slow, &r->iterations, m);
}

sei_status sei_equil_solve(sei_ctx *ctx, sei_equil *eq, const sei_water *w,
                           sei_equil_report *report)
{
    const size_t     h = eq->net->n_comp - 1;
    sei_balances     b;
    sei_misfit       m = {0.0, 0};
    sei_equil_report r = {0, 0, 0.0, NULL};

    for (size_t j = 0; j < h; j++)
        if (j != w->alk_component && !(w->total[j] > 0.0 && isfinite(w->total[j])))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "total of %s is %g mol/kgw; it must be above 0",
                            eq->net->comp_name[j], w->total[j]);
    sei_equil_set_temp(eq, w->temp_k);
    eq->ln_ae         = -LN10 * w->pe;
    const bool warmer = is_neighbour(eq, w);
    eq->is_solved     = false;
    if (warmer) {
        sei_balances_set_up(eq, w, &b);
        sei_newton_predict(eq, &b, w->fix_ph ? -LN10 * w->ph - eq->x[h] : 0.0);
    }
    if (w->fix_ph && w->warm)
        eq->x[h] = -LN10 * w->ph;
    const bool ok = solve(eq, w, &r, &m, &b);
    r.residual    = m.residual;
    r.worst       = sei_balances_name(eq, &b, m.worst);
    if (report)
        *report = r;
    if (!ok)
        return sei_fail(
            ctx, SEI_E_NOT_CONVERGED, NULL,
            "speciation did not converge in %d iterations: the balance of %s is off by a "
            "factor of %.3g",
            r.iterations, r.worst, r.residual);
    sei_equil_activity(eq);
    sei_equil_alk_value(eq);
    remember(eq);
    return SEI_OK;
}
