/*
 * kinetics.c - implicit integration of kinetic reactants over an equilibrium system
 *
 * Unknowns are the moles xi_k that react in a step; every evaluation of the rates is an equilibrium with
 * xi added. The slopes of the rates are kept from step to step and renewed when Newton slows down.
 */
#include "react/kinetics.h"

#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/react_impl.h"

#define GAMMA 0.29289321881345247560 /* 1 - 1/sqrt 2 */

enum { NEWTON_MAX = 8, STEPS_MAX = 200000, N = SEI_KINETICS_MAX };

typedef struct {
    sei_ctx            *ctx;
    sei_react_work     *w;
    sei_react_system   *s;
    sei_react_state     state; /* of the last evaluation: warm start of the next */
    const sei_kinetics *k;
    sei_amounts         base; /* total without what reacts in this step */
    double              m[N]; /* at the start of the step */
    double              slopes[N * N];
    bool                has_slopes;
    sei_kinetic_rates   rates;
    void               *user;
    sei_kinetic_stats   stats;
    sei_mixture         mixtures[SEI_REACT_MIXTURES_MAX]; /* contents at the start of the call */
} integrator;

/* Rates with xi reacted since the start of the step. */
static sei_status evaluate(integrator *in, double time_s, const double xi[], double ret_rate[])
{
    double m[N];

    in->s->total = in->base;
    for (size_t k = 0; k < in->k->n; k++) {
        sei_react_add_amounts(in->w->react, &in->k->formula[k], xi[k], &in->s->total);
        m[k] = fmax(0.0, in->m[k] - xi[k]);
    }
    for (size_t x = 0; x < in->s->n_mixtures; x++)
        memcpy(in->s->mixtures[x].mol, in->mixtures[x].mol, sizeof in->mixtures[x].mol);
    in->stats.equilibria++;
    const sei_status st = sei_react_solve(in->ctx, in->w, in->s, &in->state);
    return st != SEI_OK ? st : in->rates(in->user, in->ctx, time_s, &in->state, m, ret_rate);
}

/* Rates beside the last equilibrium, with xi[c] greater by delta: along the slopes of the equilibrium. */
static sei_status rates_beside(integrator *in, double time_s, const double xi[], size_t c,
                               double delta, double other[])
{
    double          m[N], moved[N];
    sei_react_state state;

    if (!sei_react_move(in->w, in->s, &in->k->formula[c], delta, &state)) {
        memcpy(moved, xi, in->k->n * sizeof *moved);
        moved[c] += delta;
        return evaluate(in, time_s, moved, other);
    }
    for (size_t k = 0; k < in->k->n; k++)
        m[k] = fmax(0.0, in->m[k] - xi[k] - (k == c ? delta : 0.0));
    const sei_status st = in->rates(in->user, in->ctx, time_s, &state, m, other);
    sei_react_move_back(in->w, in->s);
    return st;
}

/* At the equilibrium that was evaluated last. */
static sei_status renew_slopes(integrator *in, double time_s, const double xi[],
                               const double rate[])
{
    double other[N];

    for (size_t c = 0; c < in->k->n; c++) {
        const double     delta = fmax(1e-4 * fabs(xi[c]), 10.0 * in->k->tol[c]);
        const sei_status st    = rates_beside(in, time_s, xi, c, delta, other);
        if (st != SEI_OK)
            return st;
        for (size_t r = 0; r < in->k->n; r++)
            in->slopes[r * in->k->n + c] = (other[r] - rate[r]) / delta;
    }
    in->has_slopes = true;
    return SEI_OK;
}

/* xi = base + tau R(xi); xi holds a start. */
static sei_status stage(integrator *in, double time_s, double tau, const double base[], double xi[],
                        double rate[], bool *ret_ok)
{
    const size_t n = in->k->n;
    double       a[N * N], f[N], last = INFINITY;
    size_t       pivot[N];

    *ret_ok = false;
    for (int it = 0; it < NEWTON_MAX; it++) {
        double     size = 0.0;
        sei_status st   = evaluate(in, time_s, xi, rate);
        if (st != SEI_OK)
            return st;
        for (size_t k = 0; k < n; k++) {
            f[k] = base[k] + tau * rate[k] - xi[k];
            size = fmax(size, fabs(f[k]) / in->k->tol[k]);
        }
        if (!isfinite(size))
            return SEI_OK;
        if (size <= 0.01) {
            *ret_ok = true;
            return SEI_OK;
        }
        if (!in->has_slopes || size > 0.3 * last) {
            st = renew_slopes(in, time_s, xi, rate);
            if (st != SEI_OK)
                return st;
        }
        last = size;
        for (size_t r = 0; r < n; r++)
            for (size_t c = 0; c < n; c++)
                a[r * n + c] = (r == c ? 1.0 : 0.0) - tau * in->slopes[r * n + c];
        if (!sei_lu_factor(n, a, pivot))
            return SEI_OK;
        sei_lu_solve(n, a, pivot, f);
        for (size_t k = 0; k < n; k++)
            xi[k] = fmin(xi[k] + f[k], in->m[k]);
    }
    return SEI_OK;
}

/* One step; *ret_error in units of the tolerance, INFINITY when it did not converge. */
static sei_status step(integrator *in, double time_s, double h, double xi[], double *ret_error)
{
    const size_t n       = in->k->n;
    double       base[N] = {0}, r1[N], r2[N], first[N] = {0};
    bool         ok;

    *ret_error    = INFINITY;
    sei_status st = stage(in, time_s + GAMMA * h, GAMMA * h, base, first, r1, &ok);
    if (st != SEI_OK || !ok)
        return st;
    for (size_t k = 0; k < n; k++) {
        base[k] = (1.0 - GAMMA) * h * r1[k];
        xi[k]   = fmin(base[k] + GAMMA * h * r1[k], in->m[k]);
    }
    st = stage(in, time_s + h, GAMMA * h, base, xi, r2, &ok);
    if (st != SEI_OK || !ok)
        return st;
    double error = 0.0;
    for (size_t k = 0; k < n; k++) {
        const bool used_up = xi[k] >= in->m[k];
        if (!used_up)
            error = fmax(error, fabs(h * GAMMA * (r2[k] - r1[k])) / in->k->tol[k]);
    }
    *ret_error = error;
    return SEI_OK;
}

static void accept(integrator *in, const double xi[])
{
    for (size_t k = 0; k < in->k->n; k++) {
        sei_react_add_amounts(in->w->react, &in->k->formula[k], xi[k], &in->base);
        in->m[k] = fmax(0.0, in->m[k] - xi[k]);
    }
    in->stats.steps++;
}

static sei_status march(integrator *in, double dt_s)
{
    double time_s = 0.0, h = dt_s;

    while (time_s < dt_s) {
        double       xi[N] = {0}, error;
        const double used  = fmin(h, dt_s - time_s);
        /* A failed equilibrium inside a step is no more than a step that is too long. */
        sei_ctx              *ctx    = in->ctx;
        const sei_react_state before = in->state;
        in->ctx                      = used > 1e-9 * dt_s ? NULL : ctx;
        sei_status st                = step(in, time_s, used, xi, &error);
        in->ctx                      = ctx;
        if (st != SEI_OK && used <= 1e-9 * dt_s)
            return st;
        if (in->stats.steps + in->stats.rejected > STEPS_MAX)
            return sei_fail(ctx, SEI_E_STEP, NULL, "kinetics: more than %d time steps in %g s",
                            (int)STEPS_MAX, dt_s);
        if (st == SEI_OK && (error <= 1.0 || used <= 1e-9 * dt_s)) {
            accept(in, xi);
            time_s = used >= dt_s - time_s ? dt_s : time_s + used;
            h      = used * fmin(4.0, fmax(0.3, 0.85 / sqrt(fmax(error, 1e-6))));
            continue;
        }
        in->stats.rejected++;
        in->state = before;
        h         = used * (st == SEI_OK && isfinite(error) ? fmax(0.1, 0.85 / sqrt(error)) : 0.2);
    }
    return SEI_OK;
}

sei_status sei_react_advance(sei_ctx *ctx, sei_react_work *work, sei_react_system *system,
                             sei_react_state *state, sei_kinetics *kinetics, double dt_s,
                             sei_kinetic_rates rates, void *user, sei_kinetic_stats *stats)
{
    integrator *in      = sei_alloc(ctx, 1, sizeof *in);
    double      none[N] = {0}, rate[N];

    if (!in)
        return SEI_E_NOMEM;
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
    sei_status st = march(in, dt_s);
    if (st == SEI_OK) /* the end state itself, for whoever reads it */
        st = evaluate(in, dt_s, none, rate);
    if (st == SEI_OK) {
        *state = in->state;
        memcpy(kinetics->m, in->m, sizeof kinetics->m);
        if (stats) {
            stats->steps += in->stats.steps;
            stats->rejected += in->stats.rejected;
            stats->equilibria += in->stats.equilibria;
        }
    }
    sei_release(ctx, in);
    return st;
}
