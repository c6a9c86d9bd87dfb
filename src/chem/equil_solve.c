/*
 * equil_solve.c - Newton on log activities with the ionic strength as one more unknown
 *
 * A balance of a positive total is solved as ln(S_j / T_j) = 0: its Newton step is that of the plain
 * balance near the solution and stays useful when the start is off by orders of magnitude. The
 * other balances (protons, charge, alkalinity) may be negative and are solved as they stand, scaled
 * by the sum of the magnitudes of their terms. The activity of water follows the solution.
 */
#include <math.h>
#include <string.h>

#include "chem/equil.h"
#include "num/dense.h"

#define LN10 2.302585092994045684

enum { ITERATIONS_MAX = 200 };

static const double tolerance = 1e-12; /* relative residual of every balance */
static const double step_max  = 6.0;   /* of ln activity per iteration */

typedef enum { EQ_FIXED, EQ_MASS, EQ_PROTON, EQ_CHARGE, EQ_ALKALINITY } equation;

typedef struct {
    const sei_water *w;
    equation         kind[SEI_COMPONENTS_MAX];
    size_t           n;                        /* unknowns */
    size_t           index[SEI_COMPONENTS_MAX]; /* unknown -> component */
} problem;

static void set_up(const sei_equil *eq, const sei_water *w, problem *p)
{
    const size_t n = eq->net->n_comp, h = n - 1;

    *p = (problem){.w = w};
    for (size_t j = 0; j < n; j++) {
        p->kind[j] = j == h ? (w->fix_ph ? EQ_FIXED : EQ_PROTON) : EQ_MASS;
        if (j == w->alk_component)
            p->kind[j] = EQ_ALKALINITY;
        if (j == w->balance)
            p->kind[j] = EQ_CHARGE;
        if (p->kind[j] != EQ_FIXED)
            p->index[p->n++] = j;
    }
}

/* a_w = 1 - 0.017 sum m, as PHREEQC takes Raoult's law; never below 0.05. */
static void update_water_activity(sei_equil *eq)
{
    const double aw = 1.0 - 0.017 * eq->sum_m;

    eq->ln_aw = log(aw > 0.05 ? aw : 0.05);
}

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
    eq->x[h]  = -LN10 * (w->fix_ph || w->balance == h ? w->ph : 7.0);
    eq->mu    = clamp(0.7 * mu, 1e-7, 1.0);
    eq->ln_aw = 0.0;
}

/* Positive totals by a few sweeps of x_j += ln(T_j / S_j) / (largest coefficient that matters): a
 * damped positive continued fraction (Carrayrou et al. 2002, AIChE J. 48, 894). */
static void sweep(sei_equil *eq, const problem *p, int sweeps)
{
    const sei_net *net = eq->net;

    for (int s = 0; s < sweeps; s++) {
        sei_equil_activity(eq);
        sei_equil_species(eq);
        sei_equil_sums(eq, true);
        for (size_t u = 0; u < p->n; u++) {
            const size_t j = p->index[u];
            if (p->kind[j] != EQ_MASS || !(eq->total[j] > 0.0))
                continue;
            const double slope = eq->jac[j * net->n_comp + j] / eq->total[j]; /* mean coefficient */
            const double step  = log(p->w->total[j] / eq->total[j]) / (slope > 1.0 ? slope : 1.0);
            eq->x[j] += clamp(step, -20.0, 20.0);
        }
        eq->mu = clamp(eq->mu_calc, 0.3 * eq->mu, 3.0 * eq->mu);
        eq->mu = clamp(eq->mu, 1e-9, 4.0);
    }
}

/* Row u of the linear system: residual, slopes by x, slope by the ionic strength, all scaled. */
static double residual_row(const sei_equil *eq, const problem *p, size_t u, double row[], double *ret_mu)
{
    const size_t  n = eq->net->n_comp, j = p->index[u];
    const double *slopes;
    double        f, scale, dmu;

    switch (p->kind[j]) {
    case EQ_CHARGE:
        f      = eq->charge - p->w->charge_eq_kgw;
        scale  = eq->charge_scale;
        slopes = eq->charge_row;
        dmu    = eq->dcharge_dmu;
        break;
    case EQ_ALKALINITY:
        f      = eq->alk - p->w->alk_eq_kgw;
        scale  = eq->alk_scale;
        slopes = eq->alk_row;
        dmu    = eq->dalk_dmu;
        break;
    case EQ_PROTON: {
        f      = eq->total[j] - p->w->total[j];
        scale  = fabs(p->w->total[j]) + eq->jac[j * n + j];
        slopes = &eq->jac[j * n];
        dmu    = eq->dtot_dmu[j];
        break;
    }
    default:
        scale  = eq->total[j] > 1e-300 ? eq->total[j] : 1e-300;
        f      = scale * log(scale / p->w->total[j]);
        slopes = &eq->jac[j * n];
        dmu    = eq->dtot_dmu[j];
        break;
    }
    const double inv = 1.0 / (scale > 1e-300 ? scale : 1e-300);
    for (size_t v = 0; v < p->n; v++)
        row[v] = slopes[p->index[v]] * inv;
    *ret_mu = dmu * inv;
    return f * inv;
}

typedef struct {
    double residual;
    size_t worst; /* component, n_comp for the ionic strength */
} misfit;

/* Fills lin, rhs (minus residuals) and rhs_mu (minus slopes by mu). */
static misfit linearise(sei_equil *eq, const problem *p)
{
    misfit worst = {0.0, eq->net->n_comp};

    for (size_t u = 0; u < p->n; u++) {
        double       dmu;
        const double f = residual_row(eq, p, u, &eq->lin[u * p->n], &dmu);
        eq->rhs[u]     = -f;
        eq->rhs_mu[u]  = -dmu;
        if (!(fabs(f) <= worst.residual)) {
            worst.residual = fabs(f);
            worst.worst    = p->index[u];
        }
    }
    const double f_mu = fabs(eq->mu_calc - eq->mu) / (eq->mu_calc + 1e-12);
    if (!(f_mu <= worst.residual)) {
        worst.residual = f_mu;
        worst.worst    = eq->net->n_comp;
    }
    return worst;
}

/* Solves for dx and dmu; false when the matrix is singular. */
static bool newton_step(sei_equil *eq, const problem *p, bool couple_mu, double *ret_dmu)
{
    size_t pivot[SEI_COMPONENTS_MAX];

    if (!sei_lu_factor(p->n, eq->lin, pivot))
        return false;
    sei_lu_solve(p->n, eq->lin, pivot, eq->rhs);
    *ret_dmu = 0.0;
    if (!couple_mu)
        return true;
    sei_lu_solve(p->n, eq->lin, pivot, eq->rhs_mu);
    double slope = 1.0 - eq->dmu_calc_dmu, f = eq->mu - eq->mu_calc;
    for (size_t u = 0; u < p->n; u++) {
        f -= eq->mu_row[p->index[u]] * eq->rhs[u];
        slope -= eq->mu_row[p->index[u]] * eq->rhs_mu[u];
    }
    if (!(slope > 0.05)) /* past a fold of the activity model: leave it to the fixed point */
        return true;
    *ret_dmu = clamp(-f / slope, -0.7 * eq->mu, 2.0 * eq->mu);
    for (size_t u = 0; u < p->n; u++)
        eq->rhs[u] += eq->rhs_mu[u] * *ret_dmu;
    return true;
}

static void apply_step(sei_equil *eq, const problem *p, double dmu, double damping, bool couple_mu)
{
    double largest = 0.0;

    for (size_t u = 0; u < p->n; u++)
        largest = fmax(largest, fabs(eq->rhs[u]));
    const double f = damping * (largest > step_max ? step_max / largest : 1.0);
    for (size_t u = 0; u < p->n; u++)
        eq->x[p->index[u]] += f * eq->rhs[u];
    if (couple_mu)
        eq->mu = clamp(eq->mu + f * dmu, 1e-12, 50.0);
}

static const char *worst_name(const sei_equil *eq, const problem *p, size_t worst)
{
    if (worst >= eq->net->n_comp)
        return "ionic strength";
    switch (p->kind[worst]) {
    case EQ_CHARGE: return "charge";
    case EQ_ALKALINITY: return "alkalinity";
    default: return eq->net->comp_name[worst];
    }
}

static void evaluate(sei_equil *eq)
{
    sei_equil_activity(eq);
    sei_equil_species(eq);
    sei_equil_sums(eq, true);
}

/* Newton with the ionic strength coupled in. Returns true when converged. */
static bool iterate(sei_equil *eq, const problem *p, bool couple_mu, int max, double damping,
                    int *iterations, misfit *ret_misfit)
{
    for (int k = 0; k < max; k++) {
        double dmu;
        evaluate(eq);
        const double old_aw = eq->ln_aw;
        update_water_activity(eq);
        misfit m = linearise(eq, p);
        if (!couple_mu && m.worst == eq->net->n_comp) {
            m.residual = 0.0; /* the ionic strength is held: only the balances count */
            for (size_t u = 0; u < p->n; u++)
                m.residual = fmax(m.residual, fabs(eq->rhs[u]));
        }
        *ret_misfit = m;
        (*iterations)++;
        if (m.residual <= tolerance && fabs(eq->ln_aw - old_aw) <= 1e-12) {
            eq->ln_aw = old_aw; /* what the species were computed with */
            return true;
        }
        if (!isfinite(m.residual) || !newton_step(eq, p, couple_mu, &dmu))
            return false;
        apply_step(eq, p, dmu, damping, couple_mu);
    }
    return false;
}

/* The ionic strength as an outer fixed point with halved steps: slower, but not led astray by the
 * slopes of the activity model at high ionic strength. */
static bool fixed_point(sei_equil *eq, const problem *p, int *iterations, misfit *ret_misfit)
{
    double relax = 0.5;

    for (int outer = 0; outer < 400; outer++) {
        const double before = eq->mu;
        if (!iterate(eq, p, false, 60, outer < 50 ? 1.0 : 0.5, iterations, ret_misfit))
            return false;
        const double target = clamp(eq->mu_calc, 0.2 * before, 2.0 * before);
        if (fabs(target - before) <= 1e-12 * target) {
            *ret_misfit = linearise(eq, p);
            return ret_misfit->residual <= 1e-11;
        }
        if (outer % 40 == 39)
            relax *= 0.6;
        eq->mu = before + relax * (target - before);
    }
    return false;
}

static bool attempt(sei_equil *eq, const sei_water *w, problem *p, bool warm, int *iterations,
                    misfit *m)
{
    if (warm && iterate(eq, p, true, 25, 1.0, iterations, m))
        return true;
    start_cold(eq, w);
    sweep(eq, p, 3);
    if (iterate(eq, p, true, ITERATIONS_MAX / 4, 1.0, iterations, m))
        return true;
    start_cold(eq, w);
    sweep(eq, p, 12);
    if (iterate(eq, p, true, ITERATIONS_MAX, 0.5, iterations, m))
        return true;
    start_cold(eq, w);
    sweep(eq, p, 6);
    return fixed_point(eq, p, iterations, m);
}

/* Charge by an element or by the pH is solved from the water as given, so that Newton starts on the
 * right branch. */
static bool solve(sei_equil *eq, const sei_water *w, int *iterations, misfit *m, problem *p)
{
    sei_water plain = *w;

    set_up(eq, w, p);
    if (w->balance == SIZE_MAX || w->warm)
        return attempt(eq, w, p, w->warm, iterations, m);
    plain.balance = SIZE_MAX;
    if (w->balance == eq->net->n_comp - 1)
        plain.fix_ph = true;
    problem q;
    set_up(eq, &plain, &q);
    if (!attempt(eq, &plain, &q, false, iterations, m))
        return false;
    return iterate(eq, p, true, ITERATIONS_MAX, 1.0, iterations, m) ||
           iterate(eq, p, true, ITERATIONS_MAX, 0.3, iterations, m);
}

sei_status sei_equil_solve(sei_ctx *ctx, sei_equil *eq, const sei_water *w, sei_equil_report *report)
{
    problem p;
    misfit  m          = {0.0, 0};
    int     iterations = 0;

    for (size_t j = 0; j + 1 < eq->net->n_comp; j++)
        if (j != w->alk_component && !(w->total[j] > 0.0 && isfinite(w->total[j])))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "total of %s is %g mol/kgw; it must be above 0",
                            eq->net->comp_name[j], w->total[j]);
    sei_equil_set_temp(eq, w->temp_k);
    eq->ln_ae = -LN10 * w->pe;
    if (w->fix_ph && w->warm)
        eq->x[eq->net->n_comp - 1] = -LN10 * w->ph;
    const bool ok = solve(eq, w, &iterations, &m, &p);
    if (report)
        *report = (sei_equil_report){iterations, m.residual, worst_name(eq, &p, m.worst)};
    if (ok)
        return SEI_OK;
    return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                    "speciation did not converge in %d iterations: the balance of %s is off by a factor of %.3g",
                    iterations, worst_name(eq, &p, m.worst), m.residual);
}
