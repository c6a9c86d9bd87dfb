/* rates.c - rates of all laws in one cell and their slopes by the solver's unknowns */
#include <float.h>
#include <math.h>
#include <string.h>

#include "transport/train_impl.h"

#define LN_10 2.302585092994045684

/* A bed solid may lose at most this share of itself in one time step, so that it is never overdrawn;
 * it matters only while a solid is running out. */
static const double solid_share_max = 0.4;

/* What is undecided of a rate that is a small difference between what a solid could hold and what it holds, as a share
 * of these: the unknowns are logarithms down to -60 or so, and an activity is known to their rounding. */
static const double rounding_share = 64.0 * DBL_EPSILON;

/* What is foretold of a solid that others fill or empty within a stage, as a share of what the bed holds: a forecast that goes far
 * says little. */
static const double foretold_share_max = 0.2;

/* The same of what the last rates take from a solid that is no store, or bring to one that a law only reads. What comes to a solid
 * that a law uses up has no such bound: the rate is found at the end of the stage, and grows with what is there. */
static const double ahead_share_max = 0.5;

/* Steps, in times of a store's own decay, that the two stages keep positive. */
static const double positive_steps = 2.4;

/* --- what the laws read of the water -------------------------------------------------------------------- */

static void set_ln_k(sei_train *t)
{
    const sei_equil *eq = t->eq;

    if (t->rates.ln_k_temp_k == eq->temp_k)
        return;
    for (size_t i = 0; i < t->model->n_probes; i++) {
        const sei_probe *p = &t->model->probes[i];
        double           k = 0.0;
        for (size_t c = 0; p->kind == SEI_IN_LNSR && c < SEI_LOGK_TERMS; c++)
            k += eq->net->phases[p->index].logk.c[c] * eq->basis[c];
        t->rates.ln_k[i] = LN_10 * k;
    }
    t->rates.ln_k_temp_k = eq->temp_k;
}

static double ln_saturation(const sei_equil *eq, const sei_probe *p, double ln_k)
{
    const sei_net_phase *phase = &eq->net->phases[p->index];
    double               ln    = ln_k + phase->nu_e * eq->ln_ae + phase->nu_w * eq->ln_aw;

    for (size_t k = 0; k < p->n_terms; k++)
        ln += p->nu[p->term[k]] * eq->x[p->term[k]];
    return ln;
}

static void read_probes(sei_train *t)
{
    const sei_equil *eq = t->eq;

    set_ln_k(t);
    for (size_t i = 0; i < t->model->n_probes; i++) {
        const sei_probe *p = &t->model->probes[i];
        switch (p->kind) {
        case SEI_IN_TOTAL_IF: /* compiled to plain ones, as are activities */
        case SEI_IN_TOTAL: t->rates.value[i] = eq->total[p->index]; break;
        case SEI_IN_MOLALITY: t->rates.value[i] = eq->m[p->index]; break;
        case SEI_IN_ACTIVITY_IF:
        case SEI_IN_ACTIVITY:
            t->rates.value[i] =
                eq->m[p->index] * exp(eq->class_lng[eq->net->classes.of_species[p->index]]);
            break;
        case SEI_IN_LNSR: t->rates.value[i] = ln_saturation(eq, p, t->rates.ln_k[i]); break;
        case SEI_IN_SOLID:
        case SEI_IN_SUSPENDED: break; /* no probes */
        }
    }
}

/* What the water would carry of a solid at the end of the stage, were none made: the implicit value but for that. */
static double carried(const sei_train *t, size_t cell, size_t solid)
{
    const double tau = t->water_tau_s, w = t->cells[cell].water_kg;
    const double brought = t->flow[cell] / w * t->pin[solid] + sei_pumped_in(t, cell, solid);

    return (t->base_susp[solid] + tau * brought) /
           (1.0 + tau * (t->out[cell] / w + sei_capture_1_s(t, cell)));
}

/* Solids of a law that belongs to the bed count by the water of the clean bed. */
static double bed_value(const sei_train *t, size_t cell, const sei_compiled_law *law, double mol)
{
    return fmax(0.0, mol) / (t->cells[cell].water_kg * (law->of_bed ? t->rates.bed_share : 1.0));
}

static double solid_value(const sei_train *t, size_t cell, const sei_compiled_law *law,
                          const sei_input *in, const double solid[])
{
    if (in->kind == SEI_IN_SOLID)
        return bed_value(t, cell, law, solid[in->index]);
    return fmax(0.0, t->state.suspended[cell * t->n_solids + in->index]);
}

/* d probe / d x_k; what is read of solids is not among the unknowns. */
static double probe_slope(const sei_train *t, size_t probe, size_t k)
{
    const sei_probe *p = &t->model->probes[probe];

    switch (p->kind) {
    case SEI_IN_TOTAL_IF:
    case SEI_IN_TOTAL: return t->eq->jac[p->index * t->n_comp + k];
    case SEI_IN_MOLALITY:
    case SEI_IN_ACTIVITY_IF:
    case SEI_IN_ACTIVITY: return t->rates.value[probe] * p->nu[k];
    case SEI_IN_LNSR: return p->nu[k];
    case SEI_IN_SOLID:
    case SEI_IN_SUSPENDED: break;
    }
    return 0.0;
}

/* row[k] += v * d probe / d x_k; returns v * d probe / d I. */
static double add_probe_slopes(const sei_train *t, size_t probe, double v, double row[])
{
    const sei_equil *eq = t->eq;
    const sei_probe *p  = &t->model->probes[probe];

    if (p->kind == SEI_IN_TOTAL) {
        const double *total = &eq->jac[p->index * t->n_comp];
        for (size_t k = 0; k < t->n_comp; k++)
            row[k] += v * total[k];
        return v * eq->dtot_dmu[p->index];
    }
    const double by_ln = p->kind == SEI_IN_LNSR ? v : v * t->rates.value[probe];
    for (size_t k = 0; k < p->n_terms; k++)
        row[p->term[k]] += by_ln * p->nu[p->term[k]];
    return p->kind == SEI_IN_MOLALITY
               ? -by_ln * eq->class_dlng[eq->net->classes.of_species[p->index]]
               : 0.0;
}

/* --- rates ------------------------------------------------------------------------------------------------ */

/* What others than a law bring to a bed solid, mol/s, as the last stage had it. */
static double brought_mol_s(const sei_train *t, size_t cell, const sei_compiled_law *law,
                            size_t solid)
{
    if (!t->gaining)
        return 0.0;
    const double made = law->solid[solid] * t->own_rate[law - t->model->laws];

    return t->gaining[solid] -
           t->cells[cell].water_kg * made * (1.0 - sei_carried_share(t, cell, law, made));
}

/* The same to be reckoned with; after a cleaning, say, nothing may come any more. */
static double others_mol_s(const sei_train *t, size_t cell, const sei_compiled_law *law,
                           size_t solid)
{
    const double brought = brought_mol_s(t, cell, law, solid);

    return t->is_wary ? fmin(0.0, brought) : brought;
}

/* Largest rate that leaves every bed solid which the law consumes; +inf when it consumes none. What comes within the step may go
 * in it. */
static double rate_cap(const sei_train *t, size_t cell, const sei_compiled_law *law, double sign,
                       double dt_s)
{
    double cap = INFINITY;

    for (size_t k = 0; k < law->n_solid_terms; k++) {
        const size_t s    = law->solid_index[k];
        const double used = -sign * law->solid[s] * t->cells[cell].water_kg;
        if (used > 0.0) {
            const double left  = fmax(0.0, t->state.solid[cell * t->n_solids + s]);
            const double comes = fmax(0.0, others_mol_s(t, cell, law, s));
            cap                = fmin(cap, (solid_share_max * left / dt_s + comes) / used);
        }
    }
    return cap;
}

/* Does the law make what it reads in suspension? Then it is read as it will be, without what the law makes, which
 * own_solid_slope brings in. */
static bool is_own_load(const sei_compiled_law *law, const sei_input *in)
{
    return in->kind == SEI_IN_SUSPENDED && law->solid[in->index] != 0.0;
}

/*
 * A rate that falls as its own solid grows, or as it is used up, is taken at the end of the stage: with
 * g = tau s dr/dX < 0 the implicit rate is r/(1 - g) to first order, whatever the step. A store (sorption) may
 * be far faster than a step is long; then it goes by implicit Euler over the whole step in both stages,
 * which never overdraws it (the two stages keep a decay positive up to k h = 1 + sqrt 2). What
 * the water carries of the law's own is taken at the end of the stage too, with what comes and goes. What solids do to
 * each other is left to the next stage.
 */
static double own_solid_slope(const sei_train *t, size_t cell, const sei_compiled_law *law,
                              double tau_s, const double slope[])
{
    double g = 0.0;

    for (size_t k = 0; k < law->n_solid_inputs; k++) {
        const size_t     i  = law->solid_input[k];
        const sei_input *in = &law->inputs[i];
        if (in->kind == SEI_IN_SOLID)
            g += tau_s * slope[i] * law->solid[in->index];
        if (is_own_load(law, in)) {
            const double out_1_s =
                t->out[cell] / t->cells[cell].water_kg + sei_capture_1_s(t, cell);
            g += t->water_tau_s / (1.0 + t->water_tau_s * out_1_s) * slope[i] *
                 law->solid[in->index];
        }
    }
    return fmin(0.0, g);
}

/* A solid that a store reads but does not change: a sorbent, which may grow within the step. */
static bool is_foreign(const sei_compiled_law *law, const sei_input *in)
{
    return law->law->is_storage && in->kind == SEI_IN_SOLID && law->solid[in->index] == 0.0;
}

/*
 * What a store holds at the end of tau_s, mol, but for what it takes or gives itself: flocs settle into a bed with what they have
 * sorbed. A stage that left that out would see the store emptier than it is by what settles meanwhile, and fill it too far: by
 * gamma h times that for dX/dt = k (F - X) + c, beside the c/k that are due.
 */
static double stored(const sei_train *t, size_t cell, const sei_compiled_law *law, size_t solid,
                     double held, double tau_s)
{
    const double most = foretold_share_max * fmax(0.0, held);

    return held + fmin(most, fmax(-most, tau_s * brought_mol_s(t, cell, law, solid)));
}

/*
 * The same of a solid that any other law reads: what settles and what other laws make or use up of it, without what the law itself
 * does (own_solid_slope). Schwertmannite that gathers and ages would else be seen without a stage's growth, and less would age.
 */
static double foreseen(const sei_train *t, size_t cell, const sei_compiled_law *law, size_t solid,
                       double held)
{
    const double most = ahead_share_max * fmax(0.0, held);
    const double move = t->solid_tau_s * others_mol_s(t, cell, law, solid);

    return held + fmax(-most, law->solid[solid] != 0.0 ? move : fmin(most, move));
}

/* The load of a law's own as it will be without the law; sorbents that come with it at least as they come. */
static double read_solid(const sei_train *t, size_t cell, const sei_compiled_law *law,
                         const sei_input *in, const double solid[], double tau_s)
{
    if (law->law->is_storage && in->kind == SEI_IN_SOLID && !is_foreign(law, in))
        return bed_value(t, cell, law, stored(t, cell, law, in->index, solid[in->index], tau_s));
    if (!law->law->is_storage && in->kind == SEI_IN_SOLID)
        return bed_value(t, cell, law, foreseen(t, cell, law, in->index, solid[in->index]));
    const double value =
        solid_value(t, cell, law, in, is_foreign(law, in) ? t->ahead_solid : solid);

    if (!law->of_load || in->kind != SEI_IN_SUSPENDED)
        return value;
    const double load = fmax(0.0, carried(t, cell, in->index));
    return is_own_load(law, in) ? load : fmax(value, load);
}

static double own_rounding(const sei_compiled_law *law, const double in[], const double slope[])
{
    double sum = 0.0;

    for (size_t k = 0; k < law->n_solid_inputs; k++)
        sum += fabs(slope[law->solid_input[k]] * in[law->solid_input[k]]);
    return rounding_share * sum;
}

/* Rate and slopes of a law taken at the end of tau_s. The solids stand among its inputs. */
static double rate_for(sei_train *t, size_t cell, const sei_compiled_law *law, double in[],
                       double tau_s, double slope[], double *ret_own)
{
    const sei_rate_env env  = {t->eq->temp_k, t->eq->mu, &t->rates.hfo};
    const double      *p    = t->zones[t->cells[cell].zone].law_params + law->param_offset;
    double             rate = 0.0;

    for (size_t k = 0; k < law->n_water_inputs; k++)
        in[law->water_input[k]] = t->rates.value[law->inputs[law->water_input[k]].probe];
    law->law->eval(&env, p, in, &rate, slope);
    *ret_own = 1.0;
    if (!law->of_itself || (rate == 0.0 && !law->law->is_storage))
        return rate;
    const double own = 1.0 - own_solid_slope(t, cell, law, tau_s, slope);
    *ret_own         = own;
    for (size_t i = 0; own > 1.0 && i < law->law->n_inputs; i++)
        slope[i] /= own;
    t->rates.rounding[law - t->model->laws] = own_rounding(law, in, slope);
    return rate / own;
}

static double implicit_rate(sei_train *t, size_t cell, const sei_compiled_law *law, double dt_s,
                            double slope[])
{
    const size_t at = (size_t)(law - t->model->laws) * SEI_RATE_INPUTS_MAX;
    double       own;

    if (law->law->is_storage && t->at_rest)
        return 0.0;
    const double rate = rate_for(t, cell, law, t->rates.in + at, t->solid_tau_s, slope, &own);
    if (!law->law->is_storage || (own - 1.0) * dt_s <= positive_steps * t->solid_tau_s)
        return rate;
    return rate_for(t, cell, law, t->rates.in_whole + at, dt_s, slope, &own);
}

/* A rate of the whole bed, found for each kg of water of the clean one, for the water that is there. */
static double spread_over_water(sei_train *t, size_t l, double rate, double slope[])
{
    const double share = t->rates.bed_share;

    for (size_t i = 0; i < t->model->laws[l].law->n_inputs; i++)
        slope[i] *= share;
    t->rates.rounding[l] *= share;
    return rate * share;
}

static void eval_law(sei_train *t, size_t cell, size_t l, double dt_s)
{
    const sei_compiled_law *law   = &t->model->laws[l];
    double                 *slope = &t->rates.slope[l * SEI_RATE_INPUTS_MAX];
    bool                    idle  = true;

    for (size_t i = 0; i < law->law->n_inputs; i++)
        slope[i] = 0.0;
    t->rates.rounding[l] = 0.0;
    double rate          = implicit_rate(t, cell, law, dt_s, slope);
    if (law->of_bed && rate != 0.0)
        rate = spread_over_water(t, l, rate, slope);
    const double cap = rate == 0.0 || law->law->is_storage || law->of_load
                           ? (double)INFINITY
                           : rate_cap(t, cell, law, rate < 0.0 ? -1.0 : 1.0, dt_s);
    if (fabs(rate) > cap) {
        rate = rate < 0.0 ? -cap : cap;
        for (size_t i = 0; i < law->law->n_inputs; i++)
            slope[i] = 0.0;
    }
    for (size_t k = 0; k < law->n_water_inputs; k++)
        idle = idle && slope[law->water_input[k]] == 0.0;
    t->rates.rate[l]    = rate;
    t->rates.is_idle[l] = idle && rate == 0.0 && t->rates.rounding[l] == 0.0;
}

/* Ions that the model does not have. */
void sei_rates_fill_absent(sei_train *t)
{
    for (size_t l = 0; l < t->model->n_laws; l++) {
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t i = 0; i < law->law->n_inputs; i++)
            if (law->inputs[i].probe == SIZE_MAX && law->inputs[i].index == SIZE_MAX)
                t->rates.in[l * SEI_RATE_INPUTS_MAX + i] =
                    t->rates.in_whole[l * SEI_RATE_INPUTS_MAX + i] = law->inputs[i].absent;
    }
}

static void read_solids(sei_train *t, size_t cell, size_t l)
{
    const sei_compiled_law *law   = &t->model->laws[l];
    const size_t            at    = l * SEI_RATE_INPUTS_MAX;
    const double           *whole = t->state.solid + cell * t->n_solids;

    for (size_t k = 0; k < law->n_solid_inputs; k++) {
        const size_t     i  = law->solid_input[k];
        const sei_input *in = &law->inputs[i];
        t->rates.in[at + i] = read_solid(t, cell, law, in, t->base_solid, t->solid_tau_s);
        if (law->law->is_storage)
            t->rates.in_whole[at + i] = read_solid(t, cell, law, in, whole, t->room_step_s);
    }
}

static bool is_off(const sei_train *t, size_t cell, size_t l)
{
    const sei_compiled_law *law = &t->model->laws[l];
    const double           *p   = t->zones[t->cells[cell].zone].law_params + law->param_offset;

    return law->off_param != SIZE_MAX && p[law->off_param] == 0.0;
}

void sei_rates_begin(sei_train *train, size_t cell)
{
    train->rates.bed_share          = sei_store_bed_share(train, cell);
    train->rates.hfo.ionic_strength = -1.0;
    train->rates.hfo.surface.y      = 0.0;
    train->rates.n_active           = 0;
    for (size_t l = 0; l < train->model->n_laws; l++) {
        train->rates.rate[l] = train->rates.rounding[l] = 0.0;
        train->rates.is_idle[l]                         = is_off(train, cell, l);
        if (train->rates.is_idle[l])
            continue;
        read_solids(train, cell, l);
        train->rates.active[train->rates.n_active++] = l;
    }
}

void sei_rates_eval(sei_train *train, size_t cell, double dt_s)
{
    read_probes(train);
    for (size_t k = 0; k < train->rates.n_active; k++)
        eval_law(train, cell, train->rates.active[k], dt_s);
}

/* --- slopes ------------------------------------------------------------------------------------------------- */

double sei_rate_slope(const sei_train *t, size_t law, size_t comp)
{
    const sei_compiled_law *c     = &t->model->laws[law];
    const double           *slope = &t->rates.slope[law * SEI_RATE_INPUTS_MAX];
    double                  sum   = 0.0;

    for (size_t k = 0; k < c->n_water_inputs; k++) {
        const size_t i = c->water_input[k];
        if (slope[i] != 0.0)
            sum += slope[i] * probe_slope(t, c->inputs[i].probe, comp);
    }
    return sum;
}

void sei_rates_follow(sei_train *t, const double dx[], const double dtotal[], double dmu)
{
    const sei_equil *eq = t->eq;

    for (size_t i = 0; i < t->model->n_probes; i++) {
        const sei_probe *p    = &t->model->probes[i];
        double           move = 0.0;
        for (size_t k = 0; k < p->n_terms; k++)
            move += p->nu[p->term[k]] * dx[p->term[k]];
        if (p->kind == SEI_IN_MOLALITY)
            move -= eq->class_dlng[eq->net->classes.of_species[p->index]] * dmu;
        t->rates.move[i] = p->kind == SEI_IN_TOTAL  ? dtotal[p->index]
                           : p->kind == SEI_IN_LNSR ? move
                                                    : move * t->rates.value[i];
    }
    for (size_t a = 0; a < t->rates.n_active; a++) {
        const size_t            l   = t->rates.active[a];
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t k = 0; k < law->n_water_inputs && !t->rates.is_idle[l]; k++) {
            const size_t i = law->water_input[k];
            t->rates.rate[l] +=
                t->rates.slope[l * SEI_RATE_INPUTS_MAX + i] * t->rates.move[law->inputs[i].probe];
        }
    }
}

/* Slopes of each balance by what the laws read: many laws read the same. */
static void collect_pulls(sei_train *t, double tau_s, const double gain[], const double loss[])
{
    const sei_model *m = t->model;
    const size_t     n = m->n_probes;

    for (size_t i = 0; i < m->n_pulls; i++)
        t->rates.pull[m->pulls[i]] = 0.0;
    for (size_t b = 0; b < t->rates.n_active; b++) {
        const size_t            l     = t->rates.active[b];
        const sei_compiled_law *law   = &t->model->laws[l];
        const double           *slope = &t->rates.slope[l * SEI_RATE_INPUTS_MAX];
        for (size_t a = 0; a < law->n_comp_terms && !t->rates.is_idle[l]; a++) {
            const size_t j = law->comp_index[a];
            const double s = law->comp[j];
            const double c = -tau_s * s * (s * t->rates.rate[l] > 0.0 ? gain[j] : loss[j]);
            for (size_t k = 0; k < law->n_water_inputs; k++)
                t->rates.pull[j * n + law->inputs[law->water_input[k]].probe] +=
                    c * slope[law->water_input[k]];
        }
    }
}

void sei_rates_add_slopes(sei_train *t, double tau_s, const double gain[], const double loss[],
                          double lin[], double rhs_mu[])
{
    const sei_model *m = t->model;

    collect_pulls(t, tau_s, gain, loss);
    for (size_t i = 0; i < m->n_pulls; i++) {
        const size_t j = m->pulls[i] / m->n_probes, p = m->pulls[i] % m->n_probes;
        const double v = t->rates.pull[m->pulls[i]];
        if (v != 0.0)
            rhs_mu[j] -= add_probe_slopes(t, p, v, lin + j * t->n_comp);
    }
}
