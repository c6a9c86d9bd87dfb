/*
 * equations.c - residuals of all equations and their slopes
 *
 * Balances are written as ln(gains / losses), with what is wanted on the side where it is positive. An
 * equation that subtracts large numbers cannot be better than their last digits: such a floor is part of
 * what is asked.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

#define FARADAY_C_MOL \
    96493.5 /* PHREEQC's constants, so that the same file gives the same numbers */
#define R_J_MOL_K  8.31470
#define EPSILON_0  8.854e-12 /* F/m */
#define ROUNDING   4e-16
#define NOTHING    1e-280
#define NEGLIGIBLE 1e-19 /* of a row, whose largest entries are of the order of 1 */

static const double tolerance = 1e-12;

static void note(sei_react_job *j, double f, double asked, size_t row)
{
    const double size = isfinite(f) ? fabs(f) : (double)INFINITY;

    if (size > asked) /* what holds as well as it can says nothing about the way that is left */
        j->residual = fmax(size, j->residual);
    if (size / asked > j->excess) {
        j->excess = size / asked;
        j->worst  = row;
    }
}

/* ---- balances ---- */

static void identity_row(sei_react_work *w, size_t row)
{
    w->lin[row * w->nu + row] = 1.0;
}

static void set_factors(sei_react_work *w, size_t b, double gain, double loss, double rhs)
{
    w->gain[b] = gain;
    w->loss[b] = loss;
    w->rhs[b]  = rhs;
}

/* Residual, and the factors that turn amounts of gains and losses into slopes of it. wanted: of the balance;
 * size: of the numbers that it is made of. */
static void balance(sei_react_work *w, sei_react_job *job, size_t b, double wanted, double size)
{
    const double gain = fmax(w->plus[b] + (wanted < 0.0 ? -wanted : 0.0), NOTHING);
    const double loss = fmax(w->minus[b] + (wanted > 0.0 ? wanted : 0.0), NOTHING);
    const double f    = log(gain / loss);

    set_factors(w, b, 1.0 / gain, 1.0 / loss, -f);
    note(job, f, tolerance + w->solid_noise + ROUNDING * size / fmax(gain, loss), b);
}

static void balances(sei_react_work *w, sei_react_job *job)
{
    for (size_t b = 0; b < w->k_site; b++) {
        if (job->is_fixed[b] || job->s->water_is_fixed)
            set_factors(w, b, 0.0, 0.0, 0.0);
        else if (w->basis.mineral[b] == SIZE_MAX)
            balance(w, job, b, w->basis.total[b], w->basis.size[b]);
        else { /* the mineral makes up for any difference */
            const double scale =
                1.0 / (w->plus[b] + w->minus[b] + fabs(w->basis.total[b]) + NOTHING);
            set_factors(w, b, scale, scale, 0.0);
        }
    }
    for (size_t b = w->k_site; b < w->nb; b++) {
        if (job->is_fixed[b])
            set_factors(w, b, 0.0, 0.0, 0.0);
        else
            balance(w, job, b, job->rhs_total[b], job->rhs_total[b]);
    }
}

typedef struct {
    size_t n, at[SEI_REACT_BALANCES_MAX];
    double value[SEI_REACT_BALANCES_MAX];
} weights;

static void add_weight(const sei_react_work *w, weights *q, size_t b, double amount)
{
    const double value = amount * (amount > 0.0 ? w->gain[b] : w->loss[b]);

    if (fabs(value) < NEGLIGIBLE)
        return;
    q->at[q->n]      = b;
    q->value[q->n++] = value;
}

/* The slopes of term i in the rows of its weights. */
static void add_slopes(sei_react_work *w, size_t i, const weights *q, size_t extra,
                       double extra_slope, double by_kg, double by_mu)
{
    const sei_react_terms *t = &w->terms;

    for (size_t b = 0; b < q->n; b++) {
        double      *row   = w->lin + q->at[b] * w->nu;
        const double value = q->value[b];
        for (uint32_t k = t->v_ptr[i]; k < t->v_ptr[i + 1]; k++)
            row[t->v_at[k]] += value * t->v[k];
        row[w->k_kg] += value * by_kg;
        row[w->k_mu] += value * by_mu;
        row[w->k_aw] += value * t->nu_w[i];
        if (extra != SIZE_MAX)
            row[extra] += value * extra_slope;
    }
}

static void weigh(const sei_react_work *w, size_t i, weights *q)
{
    const sei_react_terms *t = &w->terms;

    q->n = 0;
    for (uint32_t k = t->c_ptr[i]; k < t->c_ptr[i + 1]; k++)
        add_weight(w, q, t->c_at[k], t->c[k] * t->mol[i]);
}

double sei_react_change_of_charge(const sei_react_work *w, size_t k)
{
    const sei_sorb_species *d = w->react->sorbed[k].def;

    return d->charge - d->site_coef * w->react->sorb->sites[d->site].charge;
}

static void balance_slopes(sei_react_work *w, const sei_react_system *s)
{
    const sei_react_terms *t = &w->terms;
    const int32_t *class     = w->react->net->classes.of_species;
    size_t  i = 0, at = w->k_aw + 1;
    weights q;

    for (; i < t->n_aqueous; i++) {
        weigh(w, i, &q);
        if (q.n)
            add_slopes(w, i, &q, SIZE_MAX, 0.0, 1.0, -w->eq->class_dlng[class[i]]);
    }
    for (size_t k = 0; k < t->n_sorbed; k++, i++) {
        if (t->mol[i] == 0.0)
            continue;
        const bool layer = w->sorbed_surface[k] != UINT8_MAX;
        weigh(w, i, &q);
        add_slopes(w, i, &q, layer ? w->k_potential + w->sorbed_surface[k] : SIZE_MAX,
                   layer ? -sei_react_change_of_charge(w, k) : 0.0, 0.0, 0.0);
    }
    for (size_t x = 0; x < s->n_mixtures; x++) {
        const bool own = s->mixtures[x].kind != SEI_MIXTURE_GAS_VOLUME && w->mixture_active[x];
        for (size_t k = 0; k < s->mixtures[x].n; k++, i++) {
            weigh(w, i, &q);
            add_slopes(w, i, &q, own ? at : SIZE_MAX, 1.0, 0.0, 0.0);
        }
        at += own;
    }
}

/* ---- surfaces ---- */

/* sqrt(8 eps eps0 R T 1000 I), C/m2 */
static double layer_scale(const sei_react_work *w)
{
    const double eps = sei_water_permittivity(w->eq->temp_k) * EPSILON_0;

    return sqrt(8.0 * eps * R_J_MOL_K * w->eq->temp_k * 1000.0 * fmax(w->eq->mu, 1e-12));
}

/* Charge that the diffuse layer holds at potential F psi / RT, mol. */
double sei_react_layer_charge(const sei_react_work *w, const sei_react_system *s, size_t surface,
                              double potential)
{
    return layer_scale(w) * sinh(0.5 * potential) * s->surfaces[surface].area_m2 / FARADAY_C_MOL;
}

static bool has_layer(const sei_react_system *s, size_t surface)
{
    return !s->surfaces[surface].no_edl && s->surfaces[surface].area_m2 > 0.0;
}

/* Charge of the surface against the diffuse layer: F/A sum z n = sqrt(8 eps eps0 R T 1000 I) sinh(F psi / 2RT)
 * (Dzombak & Morel 1990, eq. 2.9), in C/m2, divided by the size of its terms. */
static void surface(sei_react_work *w, sei_react_job *job, size_t i)
{
    const sei_react_terms *t      = &w->terms;
    const double           half   = 0.5 * w->potential[i];
    double                 charge = 0.0, size = 0.0;

    w->rhs[w->k_potential + i] = 0.0;
    if (!has_layer(job->s, i))
        return;
    const double k = layer_scale(w), f = FARADAY_C_MOL / job->s->surfaces[i].area_m2;
    for (size_t s = 0; s < t->n_sorbed; s++) {
        if (w->sorbed_surface[s] != i)
            continue;
        const double zn = w->react->sorbed[s].def->charge * t->mol[t->n_aqueous + s];
        charge += zn;
        size += fabs(zn);
    }
    w->surface_scale[i]        = 1.0 / (f * size + k * cosh(half));
    w->rhs[w->k_potential + i] = -(f * charge - k * sinh(half)) * w->surface_scale[i];
    note(job, w->rhs[w->k_potential + i], tolerance, w->k_potential + i);
}

static void surface_slopes(sei_react_work *w, const sei_react_job *job, size_t i)
{
    const sei_react_terms *t    = &w->terms;
    const size_t           row_ = w->k_potential + i;
    const double           half = 0.5 * w->potential[i], scale = w->surface_scale[i];
    double                *row = w->lin + row_ * w->nu;

    if (!has_layer(job->s, i)) {
        identity_row(w, row_);
        return;
    }
    const double k = layer_scale(w), f = FARADAY_C_MOL / job->s->surfaces[i].area_m2;
    for (size_t s = 0; s < t->n_sorbed; s++) {
        const size_t at = t->n_aqueous + s;
        if (w->sorbed_surface[s] != i || w->react->sorbed[s].def->charge == 0.0)
            continue;
        const double value = f * scale * w->react->sorbed[s].def->charge * t->mol[at];
        for (uint32_t v = t->v_ptr[at]; v < t->v_ptr[at + 1]; v++)
            row[t->v_at[v]] += value * t->v[v];
        row[row_] -= value * sei_react_change_of_charge(w, s);
        row[w->k_aw] += value * t->nu_w[at];
    }
    row[row_] -= 0.5 * k * cosh(half) * scale;
    row[w->k_mu] -= 0.5 * k * sinh(half) / fmax(w->eq->mu, 1e-12) * scale;
}

/* ---- water, ionic strength, activity of water ---- */

static double mineral_water(const sei_react_work *w, const sei_mineral *m)
{
    return m->has_formula ? m->formula.water : w->react->net->phases[m->phase].nu_w;
}

static void water(sei_react_work *w, sei_react_job *job)
{
    const double free_mol = exp(w->ln_kg) / SEI_WATER_KG_MOL;
    double       r        = job->water;

    for (size_t i = 0; i < job->s->n_minerals; i++)
        r += mineral_water(w, &job->s->minerals[i]) * w->mineral_transfer[i];
    const double f  = (free_mol + w->water_terms - r) / free_mol;
    w->rhs[w->k_kg] = -f;
    note(job, f, tolerance, w->k_kg);
}

/* What a mineral gives brings its water; how much that is its pivot's row tells, which stands scaled by gain. */
static void water_slopes(sei_react_work *w, const sei_react_job *job)
{
    const double free_mol = exp(w->ln_kg) / SEI_WATER_KG_MOL;
    double      *row      = w->lin + w->k_kg * w->nu;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        const double amount = mineral_water(w, &job->s->minerals[i]);
        const size_t p      = w->basis.pivot[i];
        if (!w->is_active[i] || amount == 0.0)
            continue;
        const double by = -amount / (free_mol * w->basis.count[i] * w->gain[p]);
        for (size_t k = 0; k < w->nu; k++)
            row[k] += by * w->lin[p * w->nu + k];
    }
    row[w->k_kg] += 1.0;
}

static double strength_scale(const sei_react_work *w)
{
    return 1.0 / (w->eq->mu_calc + 1e-9);
}

/* It matters through the activities only: a thousandth of its misfit counts. */
static void strength(sei_react_work *w, sei_react_job *job)
{
    const double f = (w->eq->mu - w->eq->mu_calc) * strength_scale(w);

    w->rhs[w->k_mu] = -f;
    note(job, 1e-3 * f, tolerance, w->k_mu);
}

static void strength_slopes(sei_react_work *w)
{
    const sei_net *net = w->react->net;
    double        *row = w->lin + w->k_mu * w->nu, by_electron = 0.0;
    const double   scale = strength_scale(w), slope = 1.0 - w->eq->dmu_calc_dmu;

    for (size_t i = 0; i < net->n_species; i++)
        by_electron += 0.5 * net->charge[i] * net->charge[i] * net->nu_e[i] * w->eq->m[i];
    for (size_t k = 0; k < net->n_comp; k++)
        row[k] = -w->eq->mu_row[k] * scale;
    row[w->k_electron] = -by_electron * scale;
    row[w->k_mu]       = (slope > 0.05 ? slope : 1.0) * scale;
    row[w->k_aw]       = -w->eq->scalars.mu_water * scale;
}

/* ln a_w = ln(1 - 0.017 sum m), as PHREEQC has it. */
static double free_share(const sei_react_work *w)
{
    return 1.0 - 0.017 * w->eq->sum_m;
}

static void activity(sei_react_work *w, sei_react_job *job)
{
    const double f = w->eq->ln_aw - log(fmax(free_share(w), 0.05));

    w->rhs[w->k_aw] = -f;
    note(job, f, 10.0 * tolerance, w->k_aw);
}

static void activity_slopes(sei_react_work *w)
{
    const sei_net *net = w->react->net;
    double        *row = w->lin + w->k_aw * w->nu, by_electron = 0.0;
    const double   by = free_share(w) > 0.05 ? 0.017 / free_share(w) : 0.0;

    for (size_t i = 0; i < net->n_species; i++)
        by_electron += net->nu_e[i] * w->eq->m[i];
    for (size_t k = 0; k < net->n_comp; k++)
        row[k] = by * w->eq->sums[(size_t)SEI_TERMS * k + SEI_TERM_M];
    row[w->k_electron] = by * by_electron;
    row[w->k_mu]       = by * w->eq->scalars.sum_m_mu;
    row[w->k_aw]       = 1.0 + by * w->eq->scalars.sum_m_water;
}

/* ---- minerals, mixtures ---- */

static void phase_slopes(const sei_react_work *w, const sei_net_phase *p, double weight,
                         double *row)
{
    for (size_t k = 0; k < w->react->net->n_comp; k++)
        row[k] += weight * p->nu[k];
    row[w->k_electron] += weight * p->nu_e;
    row[w->k_aw] += weight * p->nu_w;
}

static bool has_own_unknown(const sei_react_work *w, const sei_react_system *s, size_t mixture)
{
    return s->mixtures[mixture].kind != SEI_MIXTURE_GAS_VOLUME && w->mixture_active[mixture];
}

static void phases(sei_react_work *w, sei_react_job *job)
{
    size_t at = w->k_aw + 1;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        if (!w->is_active[i])
            continue;
        const size_t p = w->basis.pivot[i];
        const double f = sei_equil_ln_sr(w->eq, job->s->minerals[i].phase) - job->target[i];
        w->rhs[p]      = -f;
        note(job, 1e-2 * f, tolerance, p);
    }
    for (size_t x = 0; x < job->s->n_mixtures; x++) {
        const sei_mixture *mix  = &job->s->mixtures[x];
        const double       unit = mix->kind == SEI_MIXTURE_GAS_PRESSURE ? mix->pressure_atm : 1.0;
        if (!has_own_unknown(w, job->s, x))
            continue;
        const double f = log(w->mixture_sum[x] / unit) - w->mixture_target[x];
        w->rhs[at++]   = -f;
        note(job, 1e-2 * f, tolerance, at - 1);
    }
}

static void phases_slopes(sei_react_work *w, const sei_react_job *job)
{
    size_t at = w->k_aw + 1, part = 0;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        double *row = w->lin + w->basis.pivot[i] * w->nu;
        if (!w->is_active[i])
            continue;
        memset(row, 0, w->nu * sizeof *row);
        phase_slopes(w, &w->react->net->phases[job->s->minerals[i].phase], 1.0, row);
    }
    for (size_t x = 0; x < job->s->n_mixtures; x++) {
        const sei_mixture *mix = &job->s->mixtures[x];
        if (!has_own_unknown(w, job->s, x)) {
            part += mix->n;
            continue;
        }
        for (size_t k = 0; k < mix->n; k++, part++)
            phase_slopes(w, &w->react->net->phases[mix->phase[k]],
                         exp(w->part_ln[part]) / w->mixture_sum[x], w->lin + at * w->nu);
        at++;
    }
}

/* ---- all ---- */

void sei_react_residuals(sei_react_work *w, sei_react_job *job)
{
    job->residual = job->excess = 0.0;
    job->worst                  = 0;
    balances(w, job);
    for (size_t i = 0; i < job->s->n_surfaces; i++)
        surface(w, job, i);
    w->rhs[w->k_kg] = w->rhs[w->k_mu] = w->rhs[w->k_aw] = 0.0;
    if (!job->s->water_is_fixed) {
        water(w, job);
        strength(w, job);
        activity(w, job);
    }
    phases(w, job);
}

void sei_react_slopes(sei_react_work *w, const sei_react_job *job)
{
    memset(w->lin, 0, w->nu * w->nu * sizeof *w->lin);
    balance_slopes(w, job->s);
    for (size_t b = 0; b < w->nb; b++)
        if (w->gain[b] == 0.0)
            identity_row(w, b);
    for (size_t i = 0; i < job->s->n_surfaces; i++)
        surface_slopes(w, job, i);
    if (job->s->water_is_fixed) {
        identity_row(w, w->k_kg);
        identity_row(w, w->k_mu);
        identity_row(w, w->k_aw);
    } else {
        water_slopes(w, job);
        strength_slopes(w);
        activity_slopes(w);
    }
    phases_slopes(w, job);
    for (size_t b = 0; b < w->nb; b++) { /* a held unknown does not move */
        if (!job->is_fixed[b])
            continue;
        for (size_t r = 0; r < w->nu; r++)
            if (r != b)
                w->lin[r * w->nu + b] = 0.0;
    }
}
