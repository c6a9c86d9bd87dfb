/*
 * kinetics.c - implicit integration of kinetic reactants over an equilibrium system
 *
 * Unknowns are the moles xi that have reacted since the start of a step. A step is one of a Rosenbrock method
 * (linearly implicit, L-stable, stiffly accurate): no iteration over the rates, one matrix of slopes a step. The
 * slopes of the equilibrium by xi come from the factorised Jacobian of the solution at the start of the step
 * (sei_react_move), those of a rate from its difference along that direction; the same direction predicts the
 * equilibria of the stages.
 */
#include "react/kinetics.h"

#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/kinetics_impl.h"

#define LN_MAX 40.0 /* that an activity may fall in a step */

enum { STEPS_MAX = 200000, STAGES_MAX = 6 };

/*
 * Stage i: (1 / (gamma h) - J) K_i = R(t + alpha_i h, sum a_ij K_j) + sum c_ij K_j / h + h drift_i dR/dt.
 * The step is sum weight_i K_i, its error K of the last stage. is_same: stage i has the rates of the one before.
 */
struct sei_scheme {
    size_t stages;
    double order; /* of the error, plus 1 */
    double gamma, a[STAGES_MAX][STAGES_MAX], c[STAGES_MAX][STAGES_MAX];
    double weight[STAGES_MAX], alpha[STAGES_MAX], drift[STAGES_MAX];
    bool   is_same[STAGES_MAX];
};
typedef struct sei_scheme scheme;

/* RODAS, order 4(3), stiffly accurate (hairer1996, section VI.4 and the program that goes with it). */
static const scheme rodas4 = {
    .stages = 6,
    .order  = 4.0,
    .gamma  = 0.25,
    .a      = {{0},
               {1.544},
               {0.9466785280815826, 0.2557011698983284},
               {3.314825187068521, 2.896124015972201, 0.9986419139977817},
               {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
               {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0}},
    .c      = {{0},
               {-5.6688},
               {-2.430093356833875, -0.2063599157091915},
               {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
               {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
               {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136,
                -6.058818238834054}},
    .weight = {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0,
               1.0},
    .alpha  = {0.0, 0.386, 0.21, 0.63, 1.0, 1.0},
    .drift  = {0.25, -0.1043, 0.1035, -0.03620000000000023, 0.0, 0.0},
};

/* RODAS3, order 3(2), stiffly accurate (sandu1997, as written in sandu2006): half of the equilibria. */
static const scheme rodas3 = {
    .stages  = 4,
    .order   = 3.0,
    .gamma   = 0.5,
    .a       = {{0}, {0.0}, {2.0, 0.0}, {2.0, 0.0, 1.0}},
    .c       = {{0}, {4.0}, {1.0, -1.0}, {1.0, -1.0, -8.0 / 3.0}},
    .weight  = {2.0, 0.0, 1.0, 1.0},
    .alpha   = {0.0, 0.0, 1.0, 1.0},
    .drift   = {0.5, 1.5, 0.0, 0.0},
    .is_same = {false, true, false, false},
};

static const double cautious = 0.1; /* units of the tolerance: what the lower order may err by */
static const double nothing =
    0.02; /* units of the tolerance: a step that all of is less than its error */
static const double inside =
    0.05; /* units of the tolerance: what a balance may be off by inside a step */
static const double trace = 1e-6; /* of what was there, left where a step would have taken more */

/* ---- equilibria ---- */

/* Rates at the present equilibrium; a reactant that is used up can only form. */
sei_status sei_kinetic_rates_at(integrator *in, double time_s, const sei_react_state *state,
                                const double xi[], double ret_rate[])
{
    double m[N];

    for (size_t k = 0; k < in->k->n; k++)
        m[k] = fmax(0.0, in->m[k] - xi[k]);
    const sei_status st = in->rates(in->user, in->ctx, time_s, state, m, ret_rate);
    for (size_t k = 0; k < in->k->n && st == SEI_OK; k++)
        if (m[k] <= 0.0 && ret_rate[k] > 0.0)
            ret_rate[k] = 0.0;
    return st;
}

static double moved(double from, double by)
{
    return from + fmax(-2.0, fmin(2.0, by));
}

/* Of an element, when xi has reacted since the start of the step; what stands for it where there is none. */
double sei_kinetic_amount_at(const integrator *in, size_t j, const double xi[])
{
    double mol = in->base.comp[j];

    for (size_t k = 0; k < in->k->n; k++)
        mol += xi[k] * in->k->formula[k].comp[j];
    return mol > 1e-25 ? mol : 1e-18;
}

/*
 * Beyond the straight line: the activity of an element goes with its amount. Where the line says change / T (T at the start
 * of the step, where the slopes are from) its logarithm moves by that of the amounts' ratio. Exact for traces, which a step
 * may take away altogether; an element that a mineral holds since stays where it is.
 */
static void follow_amounts(const integrator *in, const double xi[], double by[])
{
    const sei_react_work *w       = in->w;
    const double          none[N] = {0.0};

    for (size_t j = 0; j + 1 < w->react->net->n_comp; j++) {
        double change = 0.0;
        for (size_t k = 0; k < in->k->n; k++)
            change += (xi[k] - in->at[k]) * in->k->formula[k].comp[j];
        if (w->basis.mineral[j] != SIZE_MAX)
            by[j] = in->was_held[j] ? by[j] : 0.0;
        else if (change != 0.0 && !in->was_held[j])
            by[j] += log(sei_kinetic_amount_at(in, j, xi) / sei_kinetic_amount_at(in, j, in->at)) -
                     change / sei_kinetic_amount_at(in, j, none);
    }
}

/* The last equilibrium, brought to xi along its slopes. */
void sei_kinetic_predict(const integrator *in, const double xi[], sei_react_state *guess)
{
    const sei_react_work *w                          = in->w;
    double                by[SEI_REACT_UNKNOWNS_MAX] = {0.0};
    bool                  is_same                    = true;

    for (size_t k = 0; k < in->k->n; k++) {
        const double step = xi[k] - in->at[k];
        is_same           = is_same && step == 0.0;
        for (size_t u = 0; step != 0.0 && u <= w->k_aw; u++)
            by[u] += step * in->by_xi[k].unknown[u];
    }
    if (is_same)
        return;
    follow_amounts(in, xi, by);
    for (size_t j = 0; j < w->k_electron; j++)
        guess->x[j] += fmax(-LN_MAX, fmin(LN_MAX, by[j]));
    for (size_t j = 0; j < w->react->n_sites; j++)
        guess->x_site[j] = moved(guess->x_site[j], by[w->k_site + j]);
    for (size_t j = 0; w->k_potential + j < w->k_kg; j++)
        guess->potential[j] = moved(guess->potential[j], by[w->k_potential + j]);
    guess->ln_ae    = moved(guess->ln_ae, by[w->k_electron]);
    guess->ln_aw    = fmin(0.0, guess->ln_aw + by[w->k_aw]);
    guess->mu       = fmax(0.3 * guess->mu, guess->mu + by[w->k_mu]);
    guess->water_kg = fmax(0.5, 1.0 + by[w->k_kg]) * guess->water_kg;
}

/* Equilibrium with xi reacted since the start of the step; is_stage: on the way to its end. */
sei_status sei_kinetic_solve(integrator *in, const double xi[], const sei_react_state *guess,
                             bool is_stage)
{
    const sei_react_state last = in->state;

    in->s->total = in->base;
    for (size_t k = 0; k < in->k->n; k++)
        sei_react_add_amounts(in->w->react, &in->k->formula[k], xi[k], &in->s->total);
    for (size_t x = 0; x < in->s->n_mixtures; x++)
        memcpy(in->s->mixtures[x].mol, in->mixtures[x].mol, sizeof in->mixtures[x].mol);
    if (guess)
        in->state = *guess;
    else
        sei_kinetic_predict(in, xi, &in->state);
    in->stats.equilibria++;
    sei_status st = SEI_OK;
    if (!sei_react_neighbour(in->w, in->s, &in->state, is_stage ? in->good_stage : 0.0))
        st = sei_react_solve(in->ctx, in->w, in->s, &in->state);
    if (st == SEI_E_NOT_CONVERGED) {
        in->state = last;
        st        = sei_react_solve(in->ctx, in->w, in->s, &in->state);
    }
    if (st == SEI_OK)
        memcpy(in->at, xi, in->k->n * sizeof *xi);
    return st;
}

static sei_status evaluate(integrator *in, double time_s, const double xi[], bool is_stage,
                           double ret_rate[])
{
    double held[N];

    for (size_t k = 0; k < in->k->n; k++)
        held[k] = fmin(xi[k], in->m[k]);
    const sei_status st = sei_kinetic_solve(in, held, NULL, is_stage);
    return st != SEI_OK ? st : sei_kinetic_rates_at(in, time_s, &in->state, held, ret_rate);
}

/* ---- slopes ---- */

/* ln units that a difference may reach over, and that it should keep within */
static const double far = 0.01, near = 1e-5;

/* A share of the tolerance may be lost in the digits of what there is much of; where a difference is made greater for
 * that, it changes the water by little. */
static double reach(const integrator *in, size_t c, double steepest)
{
    const double least = 0.1 * in->k->tol[c], digits = fmax(least, 1e-8 * in->m[c]);

    if (!(steepest > 0.0))
        return digits;
    return fmin(fmin(digits, far / steepest), fmax(least, near / steepest));
}

/* Rates beside the last equilibrium, with xi[c] greater by as much as may be taken for a straight line. False where
 * the equilibrium has no slopes. */
static sei_status column_of_slopes(integrator *in, double time_s, size_t c, bool *ret_ok)
{
    double           xi[N], other[N], steepest = 0.0;
    sei_react_state  state;
    sei_react_slope *slope = &in->by_xi[c];

    memcpy(xi, in->at, in->k->n * sizeof *xi);
    *ret_ok = sei_react_slope_of(in->w, in->s, &in->k->formula[c], slope);
    if (!*ret_ok) {
        memset(slope, 0, sizeof *slope);
        return SEI_OK;
    }
    for (size_t u = 0; u <= in->w->k_electron; u++)
        steepest = fmax(steepest, fabs(slope->unknown[u]));
    const double delta = reach(in, c, steepest);
    xi[c] += delta;
    sei_react_go(in->w, in->s, slope, delta, &state);
    const sei_status st = sei_kinetic_rates_at(in, time_s, &state, xi, other);
    sei_react_undo(in->w);
    for (size_t r = 0; r < in->k->n; r++)
        in->slopes[r * in->k->n + c] = (other[r] - in->rate[r]) / delta;
    return st;
}

sei_status sei_kinetic_slopes(integrator *in, double time_s)
{
    double     none[N] = {0}, later[N];
    sei_status st      = SEI_OK;

    memset(in->by_time, 0, sizeof in->by_time);
    if (in->k->is_timed) { /* rates alone, no equilibrium */
        const double dt = 1e-3 * fmax(1.0, 1e-3 * time_s);
        st              = sei_kinetic_rates_at(in, time_s + dt, &in->state, none, later);
        for (size_t k = 0; k < in->k->n && st == SEI_OK; k++)
            in->by_time[k] = (later[k] - in->rate[k]) / dt;
    }
    memset(in->by_xi, 0, in->k->n * sizeof *in->by_xi);
    for (size_t j = 0; j < in->w->react->net->n_comp; j++)
        in->was_held[j] = in->w->basis.mineral[j] != SIZE_MAX;
    for (size_t c = 0; c < in->k->n && st == SEI_OK; c++) {
        bool ok;
        st = column_of_slopes(in, time_s, c, &ok);
        for (size_t r = 0; r < in->k->n && !ok; r++)
            in->slopes[r * in->k->n + c] =
                0.0; /* an explicit step; its error says how good it is */
    }
    return st;
}

/* ---- a step ---- */

typedef struct {
    double a[N * N], k[STAGES_MAX][N];
    size_t swap[N];
} stages;

static bool factor(const integrator *in, double h, stages *s)
{
    const size_t n = in->k->n;

    for (size_t r = 0; r < n; r++)
        for (size_t c = 0; c < n; c++)
            s->a[r * n + c] = (r == c ? 1.0 / (in->how->gamma * h) : 0.0) - in->slopes[r * n + c];
    return sei_lu_factor(n, s->a, s->swap);
}

static sei_status stage(integrator *in, double time_s, double h, size_t i, double rate[], stages *s)
{
    const scheme *how = in->how;
    const size_t  n   = in->k->n;
    double        xi[N];
    sei_status    st = SEI_OK;

    for (size_t k = 0; k < n; k++) {
        xi[k] = 0.0;
        for (size_t j = 0; j < i; j++)
            xi[k] += how->a[i][j] * s->k[j][k];
    }
    if (i > 0 && !how->is_same[i])
        st = evaluate(in, time_s + how->alpha[i] * h, xi, true, rate);
    if (st != SEI_OK)
        return st;
    for (size_t k = 0; k < n; k++) {
        double sum = rate[k] + h * how->drift[i] * in->by_time[k];
        for (size_t j = 0; j < i; j++)
            sum += how->c[i][j] * s->k[j][k] / h;
        s->k[i][k] = sum;
    }
    sei_lu_solve(n, s->a, s->swap, s->k[i]);
    return SEI_OK;
}

/* One step from the start: xi and, in units of the tolerance, its error. INFINITY: no step of this length. */
static sei_status try_scheme(integrator *in, const scheme *how, double time_s, double h,
                             double xi[], double *ret_error)
{
    double     rate[N];
    stages     s;
    sei_status st = SEI_OK;

    in->how    = how;
    *ret_error = INFINITY;
    memcpy(rate, in->rate, sizeof rate);
    if (!factor(in, h, &s))
        return SEI_OK;
    for (size_t i = 0; i < how->stages && st == SEI_OK; i++)
        st = stage(in, time_s, h, i, rate, &s);
    if (st != SEI_OK)
        return st;
    *ret_error = 0.0;
    for (size_t k = 0; k < in->k->n; k++) {
        xi[k] = 0.0;
        for (size_t i = 0; i < how->stages; i++)
            xi[k] += how->weight[i] * s.k[i][k];
        const double error = fabs(s.k[how->stages - 1][k]) / in->k->tol[k];
        *ret_error         = isfinite(xi[k]) ? fmax(*ret_error, error) : (double)INFINITY;
    }
    return SEI_OK;
}

/* Where nothing worth a part of the tolerance reacts, one linearly implicit step of Euler's says so. */
static bool is_at_rest(const integrator *in, double h, double xi[])
{
    const size_t n = in->k->n;
    double       a[N * N];
    size_t       swap[N];

    for (size_t r = 0; r < n; r++) {
        xi[r] = in->rate[r];
        if (in->k->is_timed || !(fabs(h * in->rate[r]) < nothing * in->k->tol[r]))
            return false;
        for (size_t c = 0; c < n; c++)
            a[r * n + c] = (r == c ? 1.0 / h : 0.0) - in->slopes[r * n + c];
    }
    if (!sei_lu_factor(n, a, swap))
        return false;
    sei_lu_solve(n, a, swap, xi);
    for (size_t r = 0; r < n; r++)
        if (!(fabs(xi[r]) < nothing * in->k->tol[r]))
            return false;
    return true;
}

/* The cheapest way that is good enough: order 3 where it has been good before or was not tried for long. */
static sei_status try_step(integrator *in, double time_s, double h, double xi[], double *ret_error)
{
    sei_status st = SEI_OK;

    in->how    = &rodas3;
    *ret_error = nothing;
    if (is_at_rest(in, h, xi))
        return SEI_OK;
    double *good_s = &in->k->low_order_s;
    if (!(*good_s > 0.0) || h <= *good_s) {
        st = try_scheme(in, &rodas3, time_s, h, xi, ret_error);
        if (st != SEI_OK)
            return st;
        const double by = cautious / fmax(*ret_error, 1e-8);
        *good_s         = isfinite(*ret_error) ? 0.9 * h * cbrt(fmin(by, 1e3)) : 0.1 * h;
        if (*ret_error <= cautious)
            return SEI_OK;
        in->state = in->start;
        memset(in->at, 0, sizeof in->at);
    } else {
        *good_s *= 1.2;
    }
    return try_scheme(in, &rodas4, time_s, h, xi, ret_error);
}

/* Share of the step after which the first reactant has run out; one that is over by less than the tolerance stops
 * where it ends. */
static double until_used_up(const integrator *in, double xi[])
{
    double share = 1.0;

    for (size_t k = 0; k < in->k->n; k++) {
        if (xi[k] > in->m[k] + in->k->tol[k])
            share = fmin(share, fmax(0.1, 0.98 * in->m[k] / xi[k]));
        else
            xi[k] = fmin(xi[k], in->m[k]);
    }
    return share;
}

/* What a step has taken beyond the last of an element is given back: no more than its error. What minerals and
 * mixtures hold may be taken too. */
static void keep_above_nothing(const integrator *in, double xi[])
{
    const size_t nc = in->w->react->net->n_comp;

    for (size_t j = 0; j + 1 < nc; j++) {
        const double there = in->base.comp[j];
        double       left = there, taken = 0.0;
        if (!(there > 0.0) || in->is_in_solids[j])
            continue;
        for (size_t k = 0; k < in->k->n; k++) {
            left += xi[k] * in->k->formula[k].comp[j];
            taken -= fmin(0.0, xi[k] * in->k->formula[k].comp[j]);
        }
        if (left >= 0.0 || !(taken > 0.0))
            continue;
        const double share = fmax(0.0, 1.0 + (left - trace * there) / taken);
        for (size_t k = 0; k < in->k->n; k++)
            if (xi[k] * in->k->formula[k].comp[j] < 0.0)
                xi[k] *= share;
    }
}

/* ---- through time ---- */

/* Inside a step balances may be off by a share of the tolerance: what is left over weighs like as much that has reacted. */
static double residual_inside(const integrator *in)
{
    double least = INFINITY, most = 0.0;

    for (size_t k = 0; k < in->k->n; k++) {
        least = fmin(least, in->k->tol[k]);
        for (size_t j = 0; j + 1 < in->w->react->net->n_comp; j++)
            if (in->k->formula[k].comp[j] != 0.0)
                most = fmax(most, in->base.comp[j]);
    }
    return fmax(1e-11, fmin(1e-6, inside * least / most));
}

static void take_start(integrator *in)
{
    memset(in->at, 0, sizeof in->at);
    in->start      = in->state;
    in->good_stage = residual_inside(in);
}

/* The step becomes what was there before; its end is the equilibrium that the next one starts from. */
sei_status sei_kinetic_accept(integrator *in, double time_s, const double xi[],
                              const sei_react_state *guess, bool is_last)
{
    const double none[N] = {0};
    sei_status   st      = sei_kinetic_solve(in, xi, guess, false);

    if (st != SEI_OK)
        return st;
    for (size_t k = 0; k < in->k->n; k++) {
        sei_react_add_amounts(in->w->react, &in->k->formula[k], xi[k], &in->base);
        in->m[k] = fmax(0.0, in->m[k] - xi[k]);
    }
    in->stats.steps++;
    take_start(in);
    return is_last ? SEI_OK : sei_kinetic_rates_at(in, time_s, &in->state, none, in->rate);
}

/* What the next step may be, by the error of this one. */
static double factor_by(const integrator *in, double error)
{
    return isfinite(error) ? 0.9 * pow(fmax(error, 1e-8), -1.0 / in->how->order) : 0.2;
}

/* A failed equilibrium inside a step is no more than a step that is too long. */
static sei_status step(integrator *in, double time_s, double h, bool is_last, bool is_last_resort,
                       double *ret_factor)
{
    sei_ctx *ctx = in->ctx;
    double   xi[N], error = INFINITY, share = 1.0;

    *ret_factor   = 0.0;
    in->ctx       = is_last_resort ? ctx : NULL;
    sei_status st = try_step(in, time_s, h, xi, &error);
    if (st == SEI_OK && isfinite(error))
        share = until_used_up(in, xi);
    const double factor = factor_by(in, error);
    const bool   good   = st == SEI_OK && isfinite(error) && share == 1.0 && error <= 1.0;
    if (good || (is_last_resort && st == SEI_OK && isfinite(error))) {
        keep_above_nothing(in, xi);
        st = sei_kinetic_accept(in, time_s + h, xi, NULL, is_last);
        if (st == SEI_OK)
            *ret_factor = fmin(6.0, fmax(0.5, factor));
    }
    in->ctx = ctx;
    if (*ret_factor > 0.0)
        return SEI_OK;
    in->stats.rejected++;
    in->state = in->start;
    memset(in->at, 0, sizeof in->at);
    *ret_factor = -(st == SEI_OK ? fmin(share, fmax(0.1, fmin(0.9, factor))) : 0.2);
    return is_last_resort ? st : SEI_OK;
}

static sei_status march(integrator *in, double dt_s)
{
    double     time_s = 0.0, h = in->k->step_s > 0.0 ? fmin(in->k->step_s, dt_s) : dt_s;
    bool       has_slopes = false;
    sei_status st         = sei_kinetic_along(in, dt_s, &time_s);

    h = fmin(h, dt_s - time_s);
    while (time_s < dt_s && st == SEI_OK) {
        double       factor;
        const bool   ends = h >= 0.999 * (dt_s - time_s);
        const double used = ends ? dt_s - time_s : h;
        if (in->stats.steps + in->stats.rejected > STEPS_MAX)
            return sei_fail(in->ctx, SEI_E_STEP, NULL, "kinetics: more than %d time steps in %g s",
                            (int)STEPS_MAX, dt_s);
        if (!has_slopes)
            st = sei_kinetic_slopes(in, time_s);
        has_slopes = true;
        if (st == SEI_OK)
            st = step(in, time_s, used, ends, used <= 1e-9 * dt_s, &factor);
        if (st != SEI_OK)
            return st;
        if (factor > 0.0) {
            has_slopes = false;
            time_s     = ends ? dt_s : time_s + used;
            if (!ends || factor < 1.0)
                in->k->step_s = used * factor;
            else
                in->k->step_s = fmax(in->k->step_s, used * factor);
        }
        h = used * fabs(factor);
    }
    return st;
}

static void mark_solids(integrator *in)
{
    const sei_net *net = in->w->react->net;

    for (size_t j = 0; j < net->n_comp; j++) {
        in->is_in_solids[j] = false;
        for (size_t i = 0; i < in->s->n_minerals; i++)
            in->is_in_solids[j] |= sei_react_mineral_count(in->w, &in->s->minerals[i], j) != 0.0 &&
                                   in->s->minerals[i].mol > 0.0;
        for (size_t x = 0; x < in->s->n_mixtures; x++)
            for (size_t p = 0; p < in->s->mixtures[x].n; p++)
                in->is_in_solids[j] |= net->phases[in->s->mixtures[x].phase[p]].nu[j] != 0.0;
    }
}

sei_status sei_react_advance(sei_ctx *ctx, sei_react_work *work, sei_react_system *system,
                             sei_react_state *state, sei_kinetics *kinetics, double dt_s,
                             sei_kinetic_rates rates, void *user, sei_kinetic_stats *stats)
{
    const double none[N] = {0};

    if (!work->integrator)
        work->integrator = sei_alloc(work->ctx, 1, sizeof *work->integrator);
    integrator *in = work->integrator;
    if (!in)
        return SEI_E_NOMEM;
    memset(&in->stats, 0, sizeof in->stats);
    memset(in->at, 0, sizeof in->at);
    memset(in->by_xi, 0, kinetics->n * sizeof *in->by_xi);
    in->ctx   = ctx;
    in->w     = work;
    in->s     = system;
    in->state = *state;
    in->k     = kinetics;
    in->base  = system->total;
    in->rates = rates;
    in->user  = user;
    memcpy(in->m, kinetics->m, sizeof in->m);
    for (size_t x = 0; x < system->n_mixtures; x++)
        in->mixtures[x] = system->mixtures[x];
    mark_solids(in);
    work->goes_on = false;
    sei_status st = evaluate(in, 0.0, none, false, in->rate);
    take_start(in);
    if (st == SEI_OK)
        st = march(in, dt_s);
    if (st == SEI_OK) {
        *state = in->state;
        memcpy(kinetics->m, in->m, sizeof kinetics->m);
        if (stats) {
            stats->steps += in->stats.steps;
            stats->rejected += in->stats.rejected;
            stats->equilibria += in->stats.equilibria;
        }
    }
    return st;
}
