/* equil_solve.c - from totals to a solution: the start, and what is tried when Newton fails */
#include <math.h>
#include <string.h>

#include "chem/newton.h"

#define LN10 2.302585092994045684

static double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

static void start_cold(sei_equil *eq, const sei_water *w)
{
    const sei_net *net = eq->net;
    const size_t   h   = net->n_comp - 1;
    double         mu  = 0.0;

    for (size_t j = 0; j < h; j++) {
        const double z = net->comp_charge[j];
        double       t = j == w->alk_component ? fabs(w->alk_eq_kgw) : w->total[j];
        if (!(t > 0.0))
            t = 1e-6;
        eq->x[j] = log(0.1 * t);
        mu += 0.5 * z * z * t;
    }
    eq->x[h]  = -LN10 * (w->fix_ph || w->balance == h || w->alk_component == h ? w->ph : 7.0);
    eq->mu    = clamp(0.7 * mu, 1e-7, 1.0);
    eq->ln_aw = 0.0;
}

/* Positive totals by a few sweeps of x_j += ln(T_j / S_j) / (largest coefficient that matters): a
 * damped positive continued fraction (Carrayrou et al. 2002, AIChE J. 48, 894). */
static void sweep(sei_equil *eq, const sei_balances *b, int sweeps, int *iterations)
{
    for (int s = 0; s < sweeps; s++) {
        sei_equil_activity(eq);
        sei_equil_species(eq);
        sei_equil_balances(eq);
        sei_equil_packed(eq, false);
        (*iterations)++;
        for (size_t u = 0; u < b->n; u++) {
            const size_t j = b->index[u];
            if (b->kind[j] != SEI_EQ_MASS || !(eq->total[j] > 0.0))
                continue;
            const double slope = eq->packed[eq->net->ldl.position[j]] / eq->total[j];
            const double step  = log(b->w->total[j] / eq->total[j]) / (slope > 1.0 ? slope : 1.0);
            eq->x[j] += clamp(step, -20.0, 20.0);
        }
        eq->mu = clamp(eq->mu_calc, 0.3 * eq->mu, 3.0 * eq->mu);
        eq->mu = clamp(eq->mu, 1e-9, 4.0);
    }
}

/* The ionic strength as an outer fixed point with halved steps: slower, but not led astray by the
 * slopes of the activity model at high ionic strength. */
static bool fixed_point(sei_equil *eq, const sei_balances *b, int *iterations, sei_misfit *ret_misfit)
{
    double relax = 0.5;

    for (int outer = 0; outer < 400; outer++) {
        const double          before = eq->mu;
        const sei_newton_rule rule   = {false, 60, outer < 50 ? 1.0 : 0.5};
        if (!sei_newton(eq, b, &rule, iterations, ret_misfit))
            return false;
        const double target = clamp(eq->mu_calc, 0.2 * before, 2.0 * before);
        if (fabs(target - before) <= 1e-12 * target)
            return true;
        if (outer % 40 == 39)
            relax *= 0.6;
        eq->mu = before + relax * (target - before);
    }
    return false;
}

static bool attempt(sei_equil *eq, const sei_water *w, sei_balances *b, bool warm, sei_equil_report *r,
                    sei_misfit *m)
{
    static const sei_newton_rule quick = {true, 25, 1.0}, full = {true, 50, 1.0}, slow = {true, 200, 0.5};

    if (warm && sei_newton(eq, b, &quick, &r->iterations, m))
        return true;
    r->attempts++;
    start_cold(eq, w);
    sweep(eq, b, 3, &r->iterations);
    if (sei_newton(eq, b, &full, &r->iterations, m))
        return true;
    r->attempts++;
    start_cold(eq, w);
    sweep(eq, b, 12, &r->iterations);
    if (sei_newton(eq, b, &slow, &r->iterations, m))
        return true;
    r->attempts++;
    start_cold(eq, w);
    sweep(eq, b, 6, &r->iterations);
    return fixed_point(eq, b, &r->iterations, m);
}

/* Charge by an element or by the pH is solved from the water as given, so that Newton starts on the
 * right branch. */
static bool solve(sei_equil *eq, const sei_water *w, sei_equil_report *r, sei_misfit *m, sei_balances *b)
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
    return sei_newton(eq, b, &full, &r->iterations, m) || sei_newton(eq, b, &slow, &r->iterations, m);
}

sei_status sei_equil_solve(sei_ctx *ctx, sei_equil *eq, const sei_water *w, sei_equil_report *report)
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
    eq->ln_ae = -LN10 * w->pe;
    if (w->fix_ph && w->warm)
        eq->x[h] = -LN10 * w->ph;
    const bool ok = solve(eq, w, &r, &m, &b);
    r.residual    = m.residual;
    r.worst       = sei_balances_name(eq, &b, m.worst);
    if (report)
        *report = r;
    if (!ok)
        return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                        "speciation did not converge in %d iterations: the balance of %s is off by a "
                        "factor of %.3g",
                        r.iterations, r.worst, r.residual);
    sei_equil_alkalinity(eq);
    return SEI_OK;
}
