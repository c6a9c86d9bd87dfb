/*
 * equations.c - residuals of all equations and their slopes
 *
 * Balances are written as ln(gains / losses), with what is wanted on the side where it is positive. An
 * equation that subtracts large numbers cannot be better than their last digits: such a floor is part of
 * what is asked.
 */
#include <math.h>
#include <string.h>

#include "num/clones.h"
#include "num/dense.h"
#include "num/log.h"
#include "num/v4.h"
#include "react/react_impl.h"

#define ROUNDING  4e-16
#define NOTHING   1e-280
#define RATIO_MAX 1e300 /* of gains and losses: it stays a number whose logarithm is one */
#define NEGLIGIBLE \
    1e-12 /* of a row, whose largest entries are of the order of 1: slopes may be that much off */

static const double tolerance = 1e-12;

static void note(sei_react_job *j, double f, double asked, size_t row)
{
    const double size = isfinite(f) ? fabs(f) : (double)INFINITY;

    if (size > asked && size > j->residual)
        j->residual =
            size; /* what holds as well as it can says nothing about the way that is left */
    if (size > j->excess * asked) {
        j->excess = size / asked;
        j->worst  = row;
    }
}

/* ---- balances ---- */

static void identity_row(sei_react_work *w, size_t row)
{
    w->lin[row * w->nu + row] = 1.0;
}

/* The two sides of all balances, in whole vectors. size: of the numbers that each is made of; a held one has sides alike. */
enum { SIDES_MAX = SEI_V4_PADDED(SEI_REACT_BALANCES_MAX) };
typedef struct {
    double gain[SIDES_MAX], loss[SIDES_MAX], size[SIDES_MAX], ln[SIDES_MAX], excess[SIDES_MAX];
} sides;

SEI_V4_INLINE void set_sides(sides *q, size_t b, double gain, double loss, double size)
{
    q->gain[b] = gain;
    q->loss[b] = loss;
    q->size[b] = size;
}

/* With what is wanted on the side where it is positive. */
SEI_CLONES
void sei_react_sides(size_t n, const double plus[], const double minus[], const double wanted[],
                     double ret_gain[], double ret_loss[])
{
    const sei_v4 zero = {0.0}, least = zero + NOTHING;
    sei_v4       p, m, t;
    size_t       b = 0;

    for (; b + SEI_V4 <= n; b += SEI_V4) {
        SEI_V4_LOAD(p, plus + b);
        SEI_V4_LOAD(m, minus + b);
        SEI_V4_LOAD(t, wanted + b);
        p -= SEI_V4_PICK(t < zero, t, zero);
        m += SEI_V4_PICK(t < zero, zero, t);
        p = SEI_V4_PICK(p > least, p, least);
        m = SEI_V4_PICK(m > least, m, least);
        SEI_V4_STORE(ret_gain + b, p);
        SEI_V4_STORE(ret_loss + b, m);
    }
    for (; b < n; b++) {
        const double gain = plus[b] - (wanted[b] < 0.0 ? wanted[b] : 0.0),
                     loss = minus[b] + (wanted[b] < 0.0 ? 0.0 : wanted[b]);
        ret_gain[b]       = gain > NOTHING ? gain : NOTHING;
        ret_loss[b]       = loss > NOTHING ? loss : NOTHING;
    }
}

SEI_V4_INLINE double largest_of(const sei_v4 *v)
{
    const double a = (*v)[0] > (*v)[1] ? (*v)[0] : (*v)[1],
                 b = (*v)[2] > (*v)[3] ? (*v)[2] : (*v)[3];

    return a > b ? a : b;
}

/*
 * Factors that turn amounts of gains and losses into slopes of the residuals, which are the logarithms of their ratios; what is
 * asked of these, tolerance and the rounding of size, and how far beyond it they are. ret_most: the largest residual that is
 * more than what is asked, and the largest excess.
 */
SEI_CLONES
void sei_react_ratios(size_t n, double noise, const double gain[], const double loss[],
                      const double size[], double ret_by_gain[], double ret_by_loss[],
                      double ret_ln[], double ret_excess[], double ret_most[2])
{
    const sei_v4 zero = {0.0}, least = zero + 1.0 / RATIO_MAX, most = zero + RATIO_MAX;
    sei_v4       residual = zero, excess = zero;

    for (size_t b = 0; b < n; b += SEI_V4) {
        sei_v4 g, l, s;
        SEI_V4_LOAD(g, gain + b);
        SEI_V4_LOAD(l, loss + b);
        SEI_V4_LOAD(s, size + b);
        const sei_v4 by_g = 1.0 / g, by_l = 1.0 / l;
        sei_v4       ln = g * by_l;
        ln              = SEI_V4_PICK(ln > most, most, ln);
        ln              = SEI_V4_PICK(ln > least, ln, least);
        sei_v4_log(&ln);
        const sei_v4 asked = noise + ROUNDING * s * SEI_V4_PICK(by_g < by_l, by_g, by_l),
                     far = SEI_V4_PICK(ln < zero, -ln, ln), over = far / asked;
        residual = SEI_V4_PICK((far > asked) & (far > residual), far, residual);
        excess   = SEI_V4_PICK(over > excess, over, excess);
        SEI_V4_STORE(ret_by_gain + b, by_g);
        SEI_V4_STORE(ret_by_loss + b, by_l);
        SEI_V4_STORE(ret_ln + b, ln);
        SEI_V4_STORE(ret_excess + b, over);
    }
    ret_most[0] = largest_of(&residual);
    ret_most[1] = largest_of(&excess);
}

/* Of the balances, the first equations that are looked at. */
static void note_balances(const sei_react_work *w, sei_react_job *job, const sides *q,
                          const double most[2])
{
    job->residual = most[0];
    job->excess   = most[1];
    job->worst    = 0;
    while (job->worst + 1 < w->nb && q->excess[job->worst] != most[1])
        job->worst++;
}

static void balances(sei_react_work *w, sei_react_job *job)
{
    const bool   is_held = job->s->water_is_fixed;
    const size_t n       = SEI_V4_PADDED(w->nb);
    double       most[2];
    sides        q;

    sei_react_sides(w->k_site, w->plus, w->minus, w->basis.total, q.gain, q.loss);
    sei_react_sides(w->nb - w->k_site, w->plus + w->k_site, w->minus + w->k_site,
                    job->rhs_total + w->k_site, q.gain + w->k_site, q.loss + w->k_site);
    memcpy(q.size, w->basis.size, w->k_site * sizeof *q.size);
    memcpy(q.size + w->k_site, job->rhs_total + w->k_site, (w->nb - w->k_site) * sizeof *q.size);
    for (size_t i = 0; i < job->s->n_minerals; i++)
        if (w->is_active[i]) { /* it makes up for any difference */
            const size_t b    = w->basis.pivot[i];
            const double size = w->plus[b] + w->minus[b] + fabs(w->basis.total[b]) + NOTHING;
            set_sides(&q, b, size, size, 0.0);
        }
    for (size_t k = 0; k < job->n_fixed; k++)
        set_sides(&q, job->fixed[k], 1.0, 1.0, 0.0);
    for (size_t b = 0; b < w->k_site && is_held; b++)
        set_sides(&q, b, 1.0, 1.0, 0.0);
    for (size_t b = w->nb; b < n; b++)
        set_sides(&q, b, 1.0, 1.0, 0.0);
    sei_react_ratios(n, tolerance + w->solid_noise, q.gain, q.loss, q.size, w->gain, w->loss, q.ln,
                     q.excess, most);
    note_balances(w, job, &q, most);
    for (size_t b = 0; b < w->nb; b++)
        w->rhs[b] = -q.ln[b];
    for (size_t k = 0; k < job->n_fixed; k++)
        w->gain[job->fixed[k]] = w->loss[job->fixed[k]] = 0.0;
    for (size_t b = 0; b < w->k_site && is_held; b++)
        w->gain[b] = w->loss[b] = 0.0;
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

/* The slopes of term i of a mixture in the rows of its weights; own: the unknown of the mixture. */
static void add_slopes(sei_react_work *w, size_t i, const weights *q, size_t own)
{
    const sei_react_terms *t = &w->terms;

    for (size_t b = 0; b < q->n; b++) {
        double      *row   = w->lin + q->at[b] * w->nu;
        const double value = q->value[b];
        for (uint32_t k = t->v_ptr[i]; k < t->v_ptr[i + 1]; k++)
            row[t->v_at[k]] += value * t->v[k];
        row[w->k_aw] += value * t->nu_w[i];
        if (own != SIZE_MAX)
            row[own] += value;
    }
}

static void weigh(const sei_react_work *w, size_t i, weights *q)
{
    const sei_react_terms *t = &w->terms;

    q->n = 0;
    for (uint32_t k = t->c_ptr[i]; k < t->c_ptr[i + 1]; k++)
        add_weight(w, q, t->c_at[k], t->c[k] * t->mol[i]);
}

/* The terms of a row and what each weighs in it. */
typedef struct {
    size_t    n;
    uint16_t *term;
    double   *weight;
} row_terms;

static row_terms no_terms(sei_react_work *w)
{
    return (row_terms){.term = w->line_term, .weight = w->line};
}

/* One list of the row of a balance; what is beside nothing in it is left out, and mixtures. Without a branch: which stay is
 * as good as chance. */
static void take_list(const sei_react_work *w, size_t list, double factor, row_terms *row)
{
    const sei_react_terms *t    = &w->terms;
    const size_t           n    = t->n_aqueous + t->n_sorbed;
    const uint32_t         from = t->row_ptr[list], size = t->row_ptr[list + 1] - from;
    const uint16_t        *at = t->row_term + from;
    const double          *c = t->row_c + from, *mol = t->mol;
    uint16_t              *term   = row->term;
    double                *weight = row->weight;
    size_t                 kept   = row->n;

    for (uint32_t k = 0; k < size; k++) {
        const size_t i     = at[k];
        const double value = factor * c[k] * mol[i];
        term[kept]         = (uint16_t)i;
        weight[kept]       = value;
        kept += (size_t)((i < n) & !(fabs(value) < NEGLIGIBLE));
    }
    row->n = kept;
}

/* Slopes of the row into the matrix. */
static void put_row(sei_react_work *w, const row_terms *row, size_t at)
{
    double sum[SEI_V4_PADDED(SEI_REACT_UNKNOWNS_MAX) + SEI_V8];

    sei_sum_rows(row->n, row->term, row->weight, w->terms.slope, w->terms.stride, sum);
    memcpy(w->lin + at * w->nu, sum, (w->k_aw + 1) * sizeof *sum);
}

/* ln m of dissolved species falls with ionic strength as ln gamma rises. */
static void set_slopes_by_mu(sei_react_work *w)
{
    const int32_t *class = w->react->net->classes.of_species;
    double *slope        = w->terms.slope + w->k_mu;

    for (size_t i = 0; i < w->terms.n_aqueous; i++)
        slope[i * w->terms.stride] = -w->eq->class_dlng[class[i]];
    if (w->has_layers)
        sei_react_share_slopes(w);
}

double sei_react_mineral_water(const sei_react_work *w, const sei_mineral *m)
{
    return m->has_formula ? m->formula.water : w->react->net->phases[m->phase].nu_w;
}

/* The row of a pivot is needed only where its mineral brings water: it tells how much. */
static bool is_needed(const sei_react_work *w, const sei_react_system *s, size_t b)
{
    const size_t mineral = b < w->k_site ? w->basis.mineral[b] : SIZE_MAX;

    if (w->gain[b] == 0.0)
        return false;
    return mineral == SIZE_MAX ||
           (!s->water_is_fixed && sei_react_mineral_water(w, &s->minerals[mineral]) != 0.0);
}

static void balance_slopes(sei_react_work *w, const sei_react_system *s)
{
    const sei_react_terms *t = &w->terms;
    size_t                 i = t->n_aqueous + t->n_sorbed, at = w->k_aw + 1;
    weights                q;

    for (size_t b = 0; b < w->nb; b++) {
        row_terms row = no_terms(w);
        if (!is_needed(w, s, b))
            continue;
        take_list(w, 2 * b, w->gain[b], &row);
        take_list(w, 2 * b + 1, w->loss[b], &row);
        put_row(w, &row, b);
    }
    for (size_t x = 0; x < s->n_mixtures; x++) {
        const bool own = sei_react_has_unknown(w, s, x);
        for (size_t k = 0; k < s->mixtures[x].n; k++, i++) {
            weigh(w, i, &q);
            add_slopes(w, i, &q, own ? at : SIZE_MAX);
        }
        at += own;
    }
}

/* ---- surfaces ---- */

/* sqrt(8 eps eps0 R T 1000 I), C/m2 */
double sei_react_layer_scale(const sei_equil *eq, double mu)
{
    const double eps_r =
        eq->is_pressed ? eq->water_at.permittivity : sei_water_permittivity(eq->temp_k);

    return sqrt(8.0 * eps_r * SEI_PHREEQC_VACUUM * SEI_PHREEQC_GAS_CONSTANT * eq->temp_k * 1000.0 *
                fmax(mu, 1e-12));
}

/* The first of the planes that surface i is one of; itself, when it has none. */
static size_t first_plane(const sei_react_system *s, size_t i)
{
    return s->surfaces[i].has_planes ? i - s->surfaces[i].plane : i;
}

/* Charge that a mole of a sorbed species has in a surface, or in a plane of it and all planes before. */
static double charge_in(const sei_react_work *w, const sei_react_system *s, size_t i, size_t sorbed)
{
    return s->surfaces[i].has_planes ? sei_react_plane_charge_to(w, sorbed, s->surfaces[i].plane)
                                     : w->react->sorbed[sorbed].def->charge;
}

/* What stands against the charge of a surface, eq; size in C/m2. */
static double opposing(const sei_react_work *w, const sei_react_system *s, size_t i,
                       double *ret_size)
{
    if (s->surfaces[i].has_planes)
        return sei_react_plane_opposing(w, s, i, ret_size);
    *ret_size = sei_react_is_ccm(&s->surfaces[i])
                    ? sei_react_condenser(w->eq, &s->surfaces[i]) * (1.0 + fabs(w->potential[i])) *
                          SEI_PHREEQC_FARADAY / s->surfaces[i].area_m2
                    : sei_react_layer_scale(w->eq, w->eq->mu) * cosh(0.5 * w->potential[i]);
    return sei_react_layer_charge(w, s, i, w->potential[i]);
}

/* Charge of the surface against the diffuse layer: F/A sum z n = sqrt(8 eps eps0 R T 1000 I) sinh(F psi / 2RT)
 * (Dzombak & Morel 1990, eq. 2.9), in C/m2, divided by the size of its terms; of planes see planes.c. */
static void surface(sei_react_work *w, sei_react_job *job, size_t i)
{
    const sei_react_terms *t      = &w->terms;
    double                 charge = 0.0, size = 0.0, against;

    w->rhs[w->k_potential + i] = 0.0;
    if (!sei_react_has_potential(&job->s->surfaces[i]))
        return;
    const double f    = SEI_PHREEQC_FARADAY / job->s->surfaces[i].area_m2;
    const double left = opposing(w, job->s, i, &against);
    for (size_t s = 0; s < t->n_sorbed; s++) {
        if (w->sorbed_surface[s] != first_plane(job->s, i))
            continue;
        const double zn = charge_in(w, job->s, i, s) * t->mol[t->n_aqueous + s];
        charge += zn;
        size += fabs(zn);
    }
    w->surface_scale[i]        = 1.0 / (f * size + against);
    w->rhs[w->k_potential + i] = -f * (charge - left) * w->surface_scale[i];
    note(job, w->rhs[w->k_potential + i], tolerance, w->k_potential + i);
}

static void surface_slopes(sei_react_work *w, const sei_react_job *job, size_t i)
{
    const sei_react_terms *t     = &w->terms;
    const size_t           row_  = w->k_potential + i;
    const double           scale = w->surface_scale[i];
    double                *row   = w->lin + row_ * w->nu;

    if (!sei_react_has_potential(&job->s->surfaces[i])) {
        identity_row(w, row_);
        return;
    }
    const double f = SEI_PHREEQC_FARADAY / job->s->surfaces[i].area_m2;
    row_terms    q = no_terms(w);
    for (size_t s = 0; s < t->n_sorbed; s++) {
        const size_t at = t->n_aqueous + s;
        if (w->sorbed_surface[s] != first_plane(job->s, i))
            continue;
        const double value = f * scale * charge_in(w, job->s, i, s) * t->mol[at];
        if (fabs(value) < NEGLIGIBLE)
            continue;
        q.term[q.n]     = (uint16_t)at;
        q.weight[q.n++] = value;
    }
    put_row(w, &q, row_);
    if (job->s->surfaces[i].has_planes)
        sei_react_plane_opposing_slopes(w, job->s, i, -f * scale, row);
    else
        sei_react_layer_charge_slopes(w, job->s, i, -f * scale, row);
}

/* ---- water, ionic strength, activity of water ---- */

static void water(sei_react_work *w, sei_react_job *job)
{
    const double free_mol = exp(w->ln_kg) / w->eq->water_kg_mol;
    double       r        = job->water;

    for (size_t i = 0; i < job->s->n_minerals; i++)
        r += sei_react_mineral_water(w, &job->s->minerals[i]) * w->mineral_transfer[i];
    if (w->has_layers)
        r -= sei_react_layer_water_mol(job->s);
    const double f  = (free_mol + w->water_terms - r) / free_mol;
    w->rhs[w->k_kg] = -f;
    note(job, f, tolerance, w->k_kg);
}

/* What a mineral gives brings its water; how much that is its pivot's row tells, which stands scaled by gain. */
static void water_slopes(sei_react_work *w, const sei_react_job *job)
{
    const double free_mol = exp(w->ln_kg) / w->eq->water_kg_mol;
    double      *row      = w->lin + w->k_kg * w->nu;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        const double amount = sei_react_mineral_water(w, &job->s->minerals[i]);
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

static void strength(sei_react_work *w, sei_react_job *job)
{
    const double f = (w->eq->mu - w->eq->mu_calc) * strength_scale(w);

    w->rhs[w->k_mu] = -f;
    note(job, SEI_REACT_STRENGTH_WEIGHT * f, tolerance, w->k_mu);
}

/* factor times what each species weighs by the square of its charge (by_charge) or by itself, in row at. */
static void put_water_row(sei_react_work *w, double factor, bool by_charge, size_t at)
{
    const size_t  n      = w->react->net->n_species;
    const double *charge = w->react->net->charge, *m = w->eq->m;
    const double  least  = 1e-7 * (by_charge ? 2.0 * w->eq->mu_calc : w->eq->sum_m);
    row_terms     q      = no_terms(w);
    uint16_t     *term   = q.term;
    double       *weight = q.weight;
    size_t        kept   = 0;

    for (size_t i = 0; i < n; i++) {
        const double size = by_charge ? charge[i] * charge[i] * m[i] : m[i];
        term[kept]        = (uint16_t)i;
        weight[kept]      = size;
        kept += (size_t)(size > least);
    }
    q.n = kept;
    sei_multiply(kept, by_charge ? 0.5 * factor : factor, weight, weight);
    put_row(w, &q, at);
    w->lin[at * w->nu + w->k_kg] = 0.0;
}

static void strength_slopes(sei_react_work *w, bool is_exact)
{
    const double scale = strength_scale(w), slope = is_exact ? 1.0 : 1.0 - w->eq->dmu_calc_dmu;

    put_water_row(w, -scale, true, w->k_mu);
    w->lin[w->k_mu * w->nu + w->k_mu] = (slope > 0.05 ? slope : 1.0) * scale;
}

static void activity(sei_react_work *w, sei_react_job *job)
{
    double       slope;
    const double f = w->eq->ln_aw - sei_equil_ln_aw(w->eq, &slope);

    w->rhs[w->k_aw] = -f;
    note(job, f, 10.0 * tolerance, w->k_aw);
}

static void activity_slopes(sei_react_work *w)
{
    double *row = w->lin + w->k_aw * w->nu, slope;

    (void)sei_equil_ln_aw(w->eq, &slope);
    const double by = -slope;
    put_water_row(w, by, false, w->k_aw);
    row[w->k_mu] = by * w->eq->scalars.sum_m_mu;
    row[w->k_aw] += 1.0;
}

/*
 * With specific interactions ln gamma moves with the composition: slopes of ln m in place of those of ln (m gamma). Of water's
 * activity d ln a_w = -sum m d ln (m gamma) / 55.508 (Gibbs and Duhem).
 */
static bool set_exact_slopes(sei_react_work *w)
{
    size_t column[SEI_REACT_UNKNOWNS_MAX], n = 0;

    for (size_t k = 0; k <= w->k_electron; k++)
        column[n++] = k;
    column[n++] = w->k_aw;
    for (size_t i = 0; i < w->terms.n_aqueous; i++)
        w->terms.slope[i * w->terms.stride + w->k_mu] = 0.0;
    put_water_row(w, 1.0 / 55.50837, false, w->k_aw);
    w->lin[w->k_aw * w->nu + w->k_aw] += 1.0;
    if (sei_specific_slopes_of(w->eq, n, column, w->terms.slope, w->terms.stride))
        return true;
    memset(w->lin + w->k_aw * w->nu, 0, w->nu * sizeof *w->lin);
    set_slopes_by_mu(w);
    return false;
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
        if (!sei_react_has_unknown(w, job->s, x))
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
        if (!sei_react_has_unknown(w, job->s, x)) {
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
    sei_equil_scalar_slopes(w->eq);
    set_slopes_by_mu(w);
    const bool is_exact = w->is_exact && !w->has_layers && set_exact_slopes(w);
    balance_slopes(w, job->s);
    if (w->has_layers)
        sei_react_layer_slopes(w, job->s);
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
        strength_slopes(w, is_exact);
        if (!is_exact)
            activity_slopes(w);
    }
    phases_slopes(w, job);
    if (is_exact)
        sei_react_plain_slopes(w, w->terms.n_aqueous);
    for (size_t b = 0; b < w->nb; b++) { /* a held unknown does not move */
        if (!job->is_fixed[b])
            continue;
        for (size_t r = 0; r < w->nu; r++)
            if (r != b)
                w->lin[r * w->nu + b] = 0.0;
    }
}
