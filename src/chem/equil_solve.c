/* equil_solve.c - from totals to a solution: the start, and what is tried when Newton fails */
#include <math.h>
#include <string.h>

#include "chem/newton.h"

#define LN10      2.302585092994045684
#define TOTAL_MAX 100.0 /* mol/kgw */
#define PH_MIN    (-3.0)
#define PH_MAX    17.0

enum { FOLLOW_MAX = 200 };

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
    static const sei_newton_rule quick = {true, 25, 1.0, 0.0}, full = {true, 50, 1.0, 0.0},
                                 slow = {true, 200, 0.5, 0.0};

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

/* A balance met by a total or a pH that no water has is no solution. */
static bool is_sound(const sei_equil *eq, const sei_balances *b)
{
    const size_t h  = eq->net->n_comp - 1;
    const double ph = -eq->x[h] / LN10;

    for (size_t j = 0; j < h; j++)
        if ((b->kind[j] == SEI_EQ_CHARGE || b->kind[j] == SEI_EQ_ALKALINITY) &&
            !(eq->total[j] < TOTAL_MAX))
            return false;
    return b->kind[h] == SEI_EQ_PROTON || (ph > PH_MIN && ph < PH_MAX);
}

/* Charge and alkalinity are solved from the water as given, so that Newton starts on the right branch; when it
 * leaves it or fails, by a scan of their unknown. */
static bool try_balanced(sei_equil *eq, const sei_water *w, const sei_balances *b,
                         sei_equil_report *r, sei_misfit *m)
{
    static const sei_newton_rule full  = {true, 60, 1.0, 0.0};
    const size_t                 h     = eq->net->n_comp - 1;
    sei_water                    plain = *w;
    double                       total[SEI_COMPONENTS_MAX];
    sei_balances                 q;

    memcpy(total, w->total, eq->net->n_comp * sizeof *total);
    plain.total   = total;
    plain.balance = SIZE_MAX;
    if (w->balance == h || w->alk_component == h)
        plain.fix_ph = true;
    if (w->alk_component != SIZE_MAX && w->alk_component != h)
        total[w->alk_component] = fmax(fabs(w->alk_eq_kgw), 1e-9);
    plain.alk_component = SIZE_MAX;
    sei_balances_set_up(eq, &plain, &q);
    if (attempt(eq, &plain, &q, w->warm, r, m) && sei_newton(eq, b, &full, &r->iterations, m) &&
        is_sound(eq, b))
        return true;
    r->attempts++;
    return sei_equil_scan(eq, w, r, m);
}

bool sei_equil_try(sei_equil *eq, const sei_water *w, sei_balances *b, sei_equil_report *r,
                   sei_misfit *m)
{
    sei_balances_set_up(eq, w, b);
    if (w->balance == SIZE_MAX && w->alk_component == SIZE_MAX)
        return attempt(eq, w, b, w->warm, r, m);
    return try_balanced(eq, w, b, r, m);
}

/* From the solution before, where other activity coefficients were in force; else all that is tried for a water. */
static bool try_next(sei_equil *eq, const sei_water *w, sei_balances *b, double good,
                     sei_equil_report *r, sei_misfit *m)
{
    const sei_newton_rule quick = {true, 25, 1.0, good};
    double                x[SEI_COMPONENTS_MAX];
    const double          mu = eq->mu, ln_aw = eq->ln_aw;

    memcpy(x, eq->x, eq->net->n_comp * sizeof *x);
    if (sei_newton(eq, b, &quick, &r->iterations, m) && is_sound(eq, b))
        return true;
    memcpy(eq->x, x, eq->net->n_comp * sizeof *x);
    eq->mu    = mu;
    eq->ln_aw = ln_aw;
    return sei_equil_try(eq, w, b, r, m);
}

/*
 * With specific interactions: as many solutions as it takes until the activity coefficients are their own. A solution whose
 * coefficients are off by more than it is need not be a better one.
 */
static bool try_followed(sei_equil *eq, const sei_water *w, sei_balances *b, sei_equil_report *r,
                         sei_misfit *m)
{
    sei_water next = *w;
    double    good = 0.0;

    for (int k = 0; k < FOLLOW_MAX; k++) {
        if (!(k == 0 ? sei_equil_try(eq, &next, b, r, m) : try_next(eq, &next, b, good, r, m)))
            return false;
        const bool agrees = sei_specific_follow(eq, SEI_SPECIFIC_AGREE);
        if (agrees && m->residual <= SEI_EQUIL_TOLERANCE)
            return true;
        good      = sei_specific_rough(eq->specific);
        next.warm = true;
        if (w->fix_ph)
            eq->x[eq->net->n_comp - 1] = -LN10 * w->ph;
    }
    m->worst = eq->net->n_comp;
    return false;
}

/* Activity coefficients to begin with; those of the last solution where it is close by. */
static void begin_specific(sei_equil *eq, const sei_water *w, bool is_close)
{
    if (is_close)
        sei_specific_again(eq);
    else if (w->warm)
        sei_specific_recover(eq);
    else
        sei_specific_begin(eq);
}

/* Balances that are kept leave the activity of water or the ionic strength, which a water of thousands of moles of salt has
 * outside all that activity models are made for. */
static sei_status tell_failure(sei_ctx *ctx, const sei_equil *eq, const sei_equil_report *r)
{
    if (r->residual <= SEI_EQUIL_TOLERANCE)
        return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                        "speciation did not converge in %d iterations: every balance is kept, but "
                        "not the activity of water at an ionic strength of %.3g mol/kgw; check the "
                        "concentrations and their units",
                        r->iterations, eq->mu);
    return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                    "speciation did not converge in %d iterations: the balance of %s is off by "
                    "%.3g of its total",
                    r->iterations, r->worst, r->residual);
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
    if (eq->specific)
        begin_specific(eq, w, warmer);
    if (w->fix_ph && w->warm)
        eq->x[h] = -LN10 * w->ph;
    const bool ok =
        eq->specific ? try_followed(eq, w, &b, &r, &m) : sei_equil_try(eq, w, &b, &r, &m);
    r.residual = m.residual;
    r.worst    = sei_balances_name(eq, &b, m.worst);
    if (report)
        *report = r;
    if (!ok)
        return tell_failure(ctx, eq, &r);
    sei_equil_activity(eq);
    sei_equil_alk_value(eq);
    remember(eq);
    return SEI_OK;
}
