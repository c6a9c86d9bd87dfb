/* rates.c - rates of all laws in one cell and their slopes by the solver's unknowns */
#include <math.h>
#include <string.h>

#include "transport/train_impl.h"

/* A bed solid may lose at most this share of itself in one time step, so that it is never overdrawn;
 * it matters only while a solid is running out. */
static const double solid_share_max = 0.4;

/* Steps, in times of a store's own decay, that the two stages keep positive. */
static const double positive_steps = 2.4;

static double input_value(const sei_train *t, size_t cell, const sei_input *in,
                          const double solid[])
{
    const sei_equil *eq = t->eq;

    if (in->index == SIZE_MAX)
        return 0.0;
    switch (in->kind) {
    case SEI_IN_TOTAL: return eq->total[in->index];
    case SEI_IN_MOLALITY: return eq->m[in->index];
    case SEI_IN_ACTIVITY: return eq->m[in->index] * exp(eq->lng[in->index]);
    case SEI_IN_LNSR: return sei_equil_ln_sr(eq, in->index);
    case SEI_IN_SOLID: return fmax(0.0, solid[in->index]) / t->cells[cell].water_kg;
    case SEI_IN_SUSPENDED: return fmax(0.0, t->state.suspended[cell * t->n_solids + in->index]);
    }
    return 0.0;
}

/* row[k] += slope * d input / d x_k; *mu likewise by the ionic strength. */
static void add_input_slope(const sei_equil *eq, const sei_input *in, double value, double slope,
                            double row[], double *mu)
{
    const sei_net *net = eq->net;
    const size_t   n   = net->n_comp;

    switch (in->kind) {
    case SEI_IN_TOTAL:
        for (size_t k = 0; k < n; k++)
            row[k] += slope * eq->jac[in->index * n + k];
        *mu += slope * eq->dtot_dmu[in->index];
        break;
    case SEI_IN_MOLALITY:
    case SEI_IN_ACTIVITY:
        for (uint32_t k = net->nu.ptr[in->index]; k < net->nu.ptr[in->index + 1]; k++)
            row[net->nu.col[k]] += slope * value * net->nu.val[k];
        if (in->kind == SEI_IN_MOLALITY)
            *mu -= slope * value * eq->dlng[in->index];
        break;
    case SEI_IN_LNSR:
        for (size_t k = 0; k < n; k++)
            row[k] += slope * net->phases[in->index].nu[k];
        break;
    case SEI_IN_SOLID:
    case SEI_IN_SUSPENDED: break; /* not among the unknowns */
    }
}

/* Largest rate that leaves every bed solid which the law consumes; +inf when it consumes none. */
static double rate_cap(const sei_train *t, size_t cell, const sei_compiled_law *law, double sign,
                       double dt_s)
{
    double cap = INFINITY;

    for (size_t k = 0; k < law->n_solid_terms; k++) {
        const size_t s    = law->solid_index[k];
        const double used = -sign * law->solid[s] * t->cells[cell].water_kg;
        if (used > 0.0) {
            const double left = fmax(0.0, t->state.solid[cell * t->n_solids + s]);
            cap               = fmin(cap, solid_share_max * left / (used * dt_s));
        }
    }
    return cap;
}

/*
 * A rate that falls as its own solid grows, or as it is used up, is taken at the end of the stage: with
 * g = tau s dr/dX < 0 the implicit rate is r/(1 - g) to first order, whatever the step. A store (sorption) may
 * be far faster than a step is long; then it goes by implicit Euler over the whole step in both stages,
 * which never overdraws it (the two stages keep a decay positive up to k h = 1 + sqrt 2). What solids do to each other is left to the next stage.
 */
static double own_solid_slope(const sei_compiled_law *law, double tau_s, const double slope[])
{
    double g = 0.0;

    for (size_t i = 0; i < law->law->n_inputs; i++)
        if (law->inputs[i].kind == SEI_IN_SOLID && law->inputs[i].index != SIZE_MAX)
            g += tau_s * slope[i] * law->solid[law->inputs[i].index];
    return fmin(0.0, g);
}

/* A solid that a store reads but does not change: a sorbent, which may grow within the step. */
static bool is_foreign(const sei_compiled_law *law, const sei_input *in)
{
    return law->law->is_storage && in->kind == SEI_IN_SOLID && in->index != SIZE_MAX &&
           law->solid[in->index] == 0.0;
}

/* Inputs, rate and slopes of a law with the bed's solids as given, taken at the end of tau_s. */
static double rate_for(const sei_train *t, size_t cell, const sei_compiled_law *law,
                       const double solid[], double tau_s, double in[], double slope[],
                       double *ret_own)
{
    const sei_rate_env env  = {t->eq->temp_k, t->eq->mu};
    const double      *p    = t->zones[t->cells[cell].zone].law_params + law->param_offset;
    double             rate = 0.0;

    for (size_t i = 0; i < law->law->n_inputs; i++)
        in[i] = input_value(t, cell, &law->inputs[i],
                            is_foreign(law, &law->inputs[i]) ? t->ahead_solid : solid);
    law->law->eval(&env, p, in, &rate, slope);
    *ret_own = 1.0 - own_solid_slope(law, tau_s, slope);
    for (size_t i = 0; i < law->law->n_inputs; i++)
        slope[i] /= *ret_own;
    return rate / *ret_own;
}

static double implicit_rate(const sei_train *t, size_t cell, const sei_compiled_law *law,
                            double dt_s, double in[], double slope[])
{
    double own;

    if (law->law->is_storage && t->at_rest)
        return 0.0;
    const double rate = rate_for(t, cell, law, t->base_solid, t->solid_tau_s, in, slope, &own);
    if (!law->law->is_storage || (own - 1.0) * dt_s <= positive_steps * t->solid_tau_s)
        return rate;
    return rate_for(t, cell, law, t->state.solid + cell * t->n_solids, dt_s, in, slope, &own);
}

static void eval_law(sei_train *t, size_t cell, size_t l, double dt_s, bool with_slopes)
{
    const sei_compiled_law *law = &t->model->laws[l];
    const sei_equil        *eq  = t->eq;
    double                  in[SEI_RATE_INPUTS_MAX], slope[SEI_RATE_INPUTS_MAX] = {0};
    double                 *row  = &t->rates.slope_x[l * t->n_comp];
    bool                    idle = true;

    double       rate = implicit_rate(t, cell, law, dt_s, in, slope);
    const double cap = rate_cap(t, cell, law, rate < 0.0 ? -1.0 : 1.0, dt_s);
    if (fabs(rate) > cap && !law->law->is_storage) {
        rate = rate < 0.0 ? -cap : cap;
        memset(slope, 0, sizeof slope);
    }
    t->rates.rate[l]     = rate;
    t->rates.slope_mu[l] = 0.0;
    for (size_t i = 0; i < law->law->n_inputs; i++)
        idle = idle && slope[i] == 0.0;
    t->rates.is_idle[l] = idle && rate == 0.0;
    if (!with_slopes || t->rates.is_idle[l])
        return;
    memset(row, 0, t->n_comp * sizeof *row);
    for (size_t i = 0; i < law->law->n_inputs; i++)
        if (slope[i] != 0.0)
            add_input_slope(eq, &law->inputs[i], in[i], slope[i], row, &t->rates.slope_mu[l]);
}

void sei_rates_eval(sei_train *train, size_t cell, double dt_s, bool with_slopes)
{
    for (size_t l = 0; l < train->model->n_laws; l++)
        eval_law(train, cell, l, dt_s, with_slopes);
}
