/*
 * cell.c - one implicit stage of one cell
 *
 * Unknowns are the log activities x of the components and the ionic strength I. With q = Q/W the
 * exchange rate of the water and tau the stage's share of the step, component j obeys
 *
 *     T_j(x) (1 + tau q) = base_j + tau q Cin_j + tau sum_r s_rj R_r(x)
 *
 * Loss terms L_j (left side and negative reaction terms) and gains P_j are positive, and as a rule the
 * Newton iteration is made on ln L_j - ln P_j: a concentration that falls by ten orders of magnitude
 * within a step (oxygen, substrate, sulfide) then takes a few iterations, not one per factor e. Where a
 * solid that dissolves makes the gain collapse within a hair of saturation, L_j - P_j itself is nearly
 * straight and gives the shorter step; that row is then taken as it stands. The proton condition may be
 * negative and is never put in logarithms.
 */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "transport/train_impl.h"

enum { ITERATIONS_MAX = 60 };

static const double tolerance = 1e-10;
/* mol/kgw; far below it a component's balance is closed less strictly: rounding sets the limit. */
static const double negligible_molal = 1e-15;
/* A gain this little below zero is rounding of what was used up; logarithms need a floor. */
static const double rounding_molal = 1e-17, floor_molal = 1e-24;
static const double step_max = 7.0; /* of ln activity per iteration */

typedef struct {
    double q_1_s, tau_s;
    double prod[SEI_COMPONENTS_MAX], loss[SEI_COMPONENTS_MAX];
    double dprod[SEI_COMPONENTS_MAX],
        dloss[SEI_COMPONENTS_MAX]; /* by the component's own ln activity */
    double last[SEI_COMPONENTS_MAX], damping[SEI_COMPONENTS_MAX]; /* of each component's step */
} balance;

/* Gains and losses of every component; false when a gain is not positive (the step is too long). */
static bool gains_and_losses(const sei_train *t, balance *b)
{
    const sei_equil *eq = t->eq;
    const size_t     n  = t->n_comp;

    for (size_t j = 0; j < n; j++) {
        b->loss[j]  = eq->total[j] * (1.0 + b->tau_s * b->q_1_s);
        b->prod[j]  = t->base[j] + b->tau_s * b->q_1_s * t->cin[j];
        b->dloss[j] = eq->jac[j * n + j] * (1.0 + b->tau_s * b->q_1_s);
        b->dprod[j] = 0.0;
    }
    for (size_t l = 0; l < t->model->n_laws; l++) {
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t k = 0; k < law->n_comp_terms && !t->rates.is_idle[l]; k++) {
            const size_t j = law->comp_index[k];
            const double c = b->tau_s * law->comp[j];
            if (c * t->rates.rate[l] > 0.0) {
                b->prod[j] += c * t->rates.rate[l];
                b->dprod[j] += c * t->rates.slope_x[l * n + j];
            } else {
                b->loss[j] -= c * t->rates.rate[l];
                b->dloss[j] -= c * t->rates.slope_x[l * n + j];
            }
        }
    }
    for (size_t j = 0; j + 1 < n; j++) {
        if (!(b->prod[j] > -rounding_molal))
            return false;
        b->prod[j] = fmax(b->prod[j], floor_molal);
    }
    return true;
}

/* Scale of the proton balance: the free and bound protons that it moves. */
static double proton_scale(const sei_train *t, const balance *b)
{
    const size_t n = t->n_comp, h = n - 1;

    return t->eq->jac[h * n + h] * (1.0 + b->tau_s * b->q_1_s) + fabs(b->prod[h]) * 1e-3 + 1e-12;
}

/* Does the balance of component j as it stands ask for a shorter step upwards than its logarithm? */
static bool is_plain_better(const balance *b, size_t j)
{
    const double gain = b->prod[j], loss = b->loss[j];
    const double plain       = b->dloss[j] - b->dprod[j],
                 logarithmic = b->dloss[j] / loss - b->dprod[j] / gain;

    return gain > loss && plain > 0.0 && logarithmic > 0.0 &&
           (gain - loss) / plain < log(gain / loss) / logarithmic;
}

/* Fills lin (row-major) with slopes of the scaled residuals, rhs = -residual, rhs_mu = -slope by I.
 * Returns the largest residual. */
static double linearise(sei_train *t, const balance *b)
{
    const sei_equil *eq = t->eq;
    const size_t     n = t->n_comp, h = n - 1;
    const double     keep = 1.0 + b->tau_s * b->q_1_s;
    double           inv_loss[SEI_COMPONENTS_MAX], inv_prod[SEI_COMPONENTS_MAX], worst = 0.0;

    for (size_t j = 0; j < n; j++) {
        const bool   plain = j == h || is_plain_better(b, j);
        const double scale = j == h ? 1.0 / proton_scale(t, b) : 1.0 / b->prod[j];
        inv_loss[j]        = plain ? scale : 1.0 / b->loss[j];
        inv_prod[j]        = scale;
        const double f = plain ? (b->loss[j] - b->prod[j]) * scale : log(b->loss[j] / b->prod[j]);
        t->rhs[j]      = -f;
        t->rhs_mu[j]   = -keep * eq->dtot_dmu[j] * inv_loss[j];
        const double weight = j == h ? 1.0 : b->prod[j] / (b->prod[j] + negligible_molal);
        worst               = fmax(worst, isfinite(f) ? weight * fabs(f) : (double)INFINITY);
        const double c      = keep * inv_loss[j];
        for (size_t k = 0; k < n; k++)
            t->lin[j * n + k] = c * eq->jac[j * n + k];
    }
    for (size_t l = 0; l < t->model->n_laws; l++) {
        const sei_compiled_law *law = &t->model->laws[l];
        const double           *row = &t->rates.slope_x[l * n];
        if (t->rates.is_idle[l])
            continue;
        for (size_t a = 0; a < law->n_comp_terms; a++) {
            const size_t j    = law->comp_index[a];
            const double s    = law->comp[j];
            const bool   gain = s * t->rates.rate[l] > 0.0;
            const double c    = -b->tau_s * s * (gain ? inv_prod[j] : inv_loss[j]);
            for (size_t k = 0; k < n; k++)
                t->lin[j * n + k] += c * row[k];
            t->rhs_mu[j] -= c * t->rates.slope_mu[l];
        }
    }
    const double f_mu = fabs(eq->mu_calc - eq->mu) / (eq->mu_calc + 1e-9);
    return fmax(worst, 0.01 * f_mu); /* the ionic strength matters through the activities only */
}

/* A trace metal whose solid begins to dissolve gains orders of magnitude within a hair of saturation, and
 * Newton would jump from one side to the other for ever: a component whose step turns back takes half. */
static void damp_turning_steps(balance *b, size_t n, double step[])
{
    for (size_t k = 0; k < n; k++) {
        const bool turns = step[k] * b->last[k] < 0.0 && fabs(step[k]) > 0.5;
        b->damping[k]    = turns ? fmax(0.1, 0.5 * b->damping[k]) : fmin(1.0, 1.5 * b->damping[k]);
        b->last[k]       = step[k];
        step[k] *= b->damping[k];
    }
}

/* One Newton step for x and I; false when the matrix is singular. */
static bool newton(sei_train *t, balance *b)
{
    sei_equil   *eq = t->eq;
    const size_t n  = t->n_comp;
    size_t       pivot[SEI_COMPONENTS_MAX];
    double       f = eq->mu - eq->mu_calc, slope = 1.0 - eq->dmu_calc_dmu, largest = 0.0;

    if (!sei_lu_factor(n, t->lin, pivot))
        return false;
    sei_lu_solve(n, t->lin, pivot, t->rhs);
    sei_lu_solve(n, t->lin, pivot, t->rhs_mu);
    for (size_t k = 0; k < n; k++) {
        f -= eq->mu_row[k] * t->rhs[k];
        slope -= eq->mu_row[k] * t->rhs_mu[k];
    }
    double dmu = slope > 0.05 ? -f / slope : eq->mu_calc - eq->mu;
    dmu        = fmax(-0.7 * eq->mu, fmin(2.0 * eq->mu + 1e-4, dmu));
    for (size_t k = 0; k < n; k++)
        t->rhs[k] += t->rhs_mu[k] * dmu;
    damp_turning_steps(b, n, t->rhs);
    for (size_t k = 0; k < n; k++)
        largest = fmax(largest, isfinite(t->rhs[k]) ? fabs(t->rhs[k]) : (double)INFINITY);
    if (!isfinite(largest))
        return false;
    const double damping = largest > step_max ? step_max / largest : 1.0;
    for (size_t k = 0; k < n; k++)
        eq->x[k] += damping * t->rhs[k];
    eq->mu = fmax(eq->mu + damping * dmu, 1e-12);
    return true;
}

static void evaluate(sei_train *t, size_t cell, double dt_s)
{
    sei_equil_activity(t->eq);
    sei_equil_species(t->eq);
    sei_equil_sums(t->eq, true);
    sei_rates_eval(t, cell, dt_s, true);
}

static sei_status fail(sei_ctx *ctx, sei_train *t, size_t cell, const char *why)
{
    return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL, "cell %zu of zone %s: %s", cell,
                    t->zones[t->cells[cell].zone].name, why);
}

sei_status sei_cell_solve(sei_ctx *ctx, sei_train *t, size_t cell, double tau_s, double dt_s)
{
    balance b = {.q_1_s = t->flow[cell] / t->cells[cell].water_kg, .tau_s = tau_s};

    for (size_t k = 0; k < t->n_comp; k++)
        b.damping[k] = 1.0;
    t->stats.cell_solves++;
    for (int k = 0; k < ITERATIONS_MAX; k++) {
        evaluate(t, cell, dt_s);
        t->stats.newton_iterations++;
        if (!gains_and_losses(t, &b))
            return fail(ctx, t, cell, "the step would make a concentration negative");
        const double worst = linearise(t, &b);
        if (worst <= tolerance)
            return SEI_OK;
        if (!isfinite(worst))
            return fail(ctx, t, cell, "a rate or concentration is not finite");
        /* Raoult's law as in speciation; followed while the iteration runs */
        t->eq->ln_aw = log(fmax(1.0 - 0.017 * t->eq->sum_m, 0.05));
        if (!newton(t, &b))
            return fail(ctx, t, cell, "the equations are singular");
    }
    return fail(ctx, t, cell, "the implicit step did not converge");
}
