/*
 * solve.c - Newton for a closed system, and the choice of minerals that are present
 *
 * Minerals: a set of present ones is solved as equations; then those that would be overdrawn are used up,
 * those that are supersaturated are added, until nothing changes. When all at once does not work they are
 * added one at a time, each led from where the water is to its target.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/react_impl.h"

#define LN10 2.302585092994045684

enum { ITERATIONS_MAX = 120, ROUNDS_MAX = 60 };

static const double tolerance = 1e-10;
static const double si_slack  = 1e-9; /* in ln units: a mineral within it is at equilibrium */

typedef struct {
    const sei_react_system *s;
    double  rhs_total[SEI_REACT_BALANCES_MAX]; /* what must be found in the balances, without transfers */
    bool    is_fixed[SEI_REACT_BALANCES_MAX];  /* unknown held: nothing of it is there */
    double  target[SEI_REACT_PHASES_MAX];      /* ln units, in force now */
    double  water;
    size_t  worst;
    double  residual;
} job;

/* --- workspace ---------------------------------------------------------------------------------- */

sei_status sei_react_work_create(sei_ctx *ctx, const sei_react *react, sei_react_work **ret_work)
{
    sei_react_work *w = sei_alloc(ctx, 1, sizeof *w);

    if (!w)
        return SEI_E_NOMEM;
    w->ctx   = ctx;
    w->react = react;
    w->nb    = react->net->n_comp + 1 + react->n_sites;
    const size_t max = SEI_REACT_UNKNOWNS_MAX;
    w->sorbed_mol    = sei_alloc(ctx, react->n_sorbed, sizeof(double));
    w->sorbed_lnk    = sei_alloc(ctx, react->n_sorbed, sizeof(double));
    w->plus          = sei_alloc(ctx, w->nb, sizeof(double));
    w->minus         = sei_alloc(ctx, w->nb, sizeof(double));
    w->dplus         = sei_alloc(ctx, w->nb * max, sizeof(double));
    w->dminus        = sei_alloc(ctx, w->nb * max, sizeof(double));
    w->lin           = sei_alloc(ctx, max * max, sizeof(double));
    w->rhs           = sei_alloc(ctx, max, sizeof(double));
    sei_status st    = sei_equil_create(ctx, react->net, &w->eq);
    if (st != SEI_OK || !w->sorbed_mol || !w->sorbed_lnk || !w->plus || !w->minus || !w->dplus || !w->dminus ||
        !w->lin || !w->rhs) {
        sei_react_work_free(w);
        return SEI_E_NOMEM;
    }
    *ret_work = w;
    return SEI_OK;
}

void sei_react_work_free(sei_react_work *w)
{
    if (!w)
        return;
    double *const blocks[] = {w->sorbed_mol, w->sorbed_lnk, w->plus, w->minus, w->dplus, w->dminus, w->lin, w->rhs};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        sei_release(w->ctx, blocks[i]);
    sei_equil_free(w->eq);
    sei_release(w->ctx, w);
}

const sei_equil *sei_react_equil(const sei_react_work *work)
{
    return work->eq;
}

/* --- layout ---------------------------------------------------------------------------------------- */

static void lay_out(sei_react_work *w, const sei_react_system *s)
{
    const size_t nc = w->react->net->n_comp;

    w->k_electron  = nc;
    w->k_site      = nc + 1;
    w->k_potential = w->k_site + w->react->n_sites;
    w->k_kg        = w->k_potential + s->n_surfaces;
    w->k_mu        = w->k_kg + 1;
    w->nu          = w->k_mu + 1;
    for (size_t i = 0; i < s->n_minerals; i++)
        w->nu += w->is_active[i];
    for (size_t x = 0; x < s->n_mixtures; x++)
        w->nu += s->mixtures[x].kind != SEI_MIXTURE_GAS_VOLUME && w->mixture_active[x];
}

static double mineral_coef(const sei_react_work *w, const sei_mineral *m, size_t balance)
{
    const size_t         nc = w->react->net->n_comp;
    const sei_net_phase *p  = &w->react->net->phases[m->phase];

    if (m->has_formula)
        return sei_react_basis(&m->formula, nc, balance);
    return balance < nc ? p->nu[balance] : balance == nc ? p->nu_e : 0.0;
}

static double mineral_water(const sei_react_work *w, const sei_mineral *m)
{
    return m->has_formula ? m->formula.water : w->react->net->phases[m->phase].nu_w;
}

/* Total of a balance with what the minerals have given so far. */
static double balance_total(const sei_react_work *w, const job *j, size_t b)
{
    double r = j->rhs_total[b];

    for (size_t i = 0; i < j->s->n_minerals; i++)
        if (w->mineral_transfer[i] != 0.0)
            r += mineral_coef(w, &j->s->minerals[i], b) * w->mineral_transfer[i];
    return r;
}

static double *unknown(sei_react_work *w, size_t k)
{
    if (k < w->k_electron)
        return &w->eq->x[k];
    if (k == w->k_electron)
        return &w->eq->ln_ae;
    if (k < w->k_potential)
        return &w->x_site[k - w->k_site];
    if (k < w->k_kg)
        return &w->potential[k - w->k_potential];
    if (k == w->k_kg)
        return &w->ln_kg;
    return &w->eq->mu;
}

/* --- equations --------------------------------------------------------------------------------------- */

static void note_residual(job *j, double f, size_t row)
{
    if (!(fabs(f) <= j->residual)) {
        j->residual = isfinite(f) ? fabs(f) : (double)INFINITY;
        j->worst    = row;
    }
}

static void identity_row(sei_react_work *w, size_t row)
{
    memset(w->lin + row * w->nu, 0, w->nu * sizeof *w->lin);
    w->lin[row * w->nu + row] = 1.0;
    w->rhs[row]               = 0.0;
}

/* Rounding of a balance: of the total and of what the minerals have given and taken. */
static double rounding(const sei_react_work *w, const job *j, size_t b)
{
    double size = fabs(j->rhs_total[b]);

    for (size_t i = 0; i < j->s->n_minerals; i++)
        if (w->mineral_transfer[i] != 0.0)
            size += fabs(mineral_coef(w, &j->s->minerals[i], b) * w->mineral_transfer[i]);
    return 4.0 * DBL_EPSILON * size;
}

static void balance_row(sei_react_work *w, job *j, size_t b)
{
    const double r    = balance_total(w, j, b);
    const double gain = w->plus[b] + (r < 0.0 ? -r : 0.0), loss = w->minus[b] + (r > 0.0 ? r : 0.0);
    const double ig = 1.0 / fmax(gain, 1e-280), il = 1.0 / fmax(loss, 1e-280);
    double      *row = w->lin + b * w->nu;
    const double f   = log(fmax(gain, 1e-280) * il);

    for (size_t k = 0; k <= w->k_mu; k++)
        row[k] = w->dplus[b * w->nu + k] * ig - w->dminus[b * w->nu + k] * il;
    size_t at = w->k_mu + 1;
    for (size_t i = 0; i < j->s->n_minerals; i++)
        if (w->is_active[i])
            row[at++] = -mineral_coef(w, &j->s->minerals[i], b) * (r < 0.0 ? ig : il);
    for (; at < w->nu; at++)
        row[at] = w->dplus[b * w->nu + at] * ig - w->dminus[b * w->nu + at] * il;
    w->rhs[b] = -f;
    if (!(fabs(gain - loss) <= rounding(w, j, b))) /* what minerals hold may leave few digits for the water */
        note_residual(j, f, b);
}

static void surface_rows(sei_react_work *w, job *j)
{
    for (size_t i = 0; i < j->s->n_surfaces; i++) {
        const size_t row = w->k_potential + i;
        if (j->s->surfaces[i].no_edl || !(j->s->surfaces[i].area_m2 > 0.0)) {
            identity_row(w, row);
            continue;
        }
        memcpy(w->lin + row * w->nu, w->surface_slope + i * w->nu, w->nu * sizeof *w->lin);
        w->rhs[row] = -w->surface_charge[i];
        note_residual(j, w->surface_charge[i], row);
    }
}

static void water_row(sei_react_work *w, job *j)
{
    const double free_mol = exp(w->ln_kg) / SEI_WATER_KG_MOL;
    double       r        = j->water;
    double      *row      = w->lin + w->k_kg * w->nu;

    memset(row, 0, w->nu * sizeof *row);
    for (size_t i = 0; i < j->s->n_minerals; i++)
        r += mineral_water(w, &j->s->minerals[i]) * w->mineral_transfer[i];
    const double f = (free_mol + w->water_terms - r) / free_mol;
    row[w->k_kg]   = 1.0;
    size_t at      = w->k_mu + 1;
    for (size_t i = 0; i < j->s->n_minerals; i++)
        if (w->is_active[i])
            row[at++] = -mineral_water(w, &j->s->minerals[i]) / free_mol;
    w->rhs[w->k_kg] = -f;
    note_residual(j, f, w->k_kg);
}

static void strength_row(sei_react_work *w, job *j)
{
    const sei_net *net   = w->react->net;
    double        *row   = w->lin + w->k_mu * w->nu, by_electron = 0.0;
    const double   scale = 1.0 / (w->eq->mu_calc + 1e-9);

    memset(row, 0, w->nu * sizeof *row);
    for (size_t i = 0; i < net->n_species; i++)
        by_electron += 0.5 * net->charge[i] * net->charge[i] * net->nu_e[i] * w->eq->m[i];
    for (size_t k = 0; k < net->n_comp; k++)
        row[k] = -w->eq->mu_row[k] * scale;
    row[w->k_electron] = -by_electron * scale;
    const double slope = 1.0 - w->eq->dmu_calc_dmu;
    row[w->k_mu]       = (slope > 0.05 ? slope : 1.0) * scale;
    const double f     = (w->eq->mu - w->eq->mu_calc) * scale;
    w->rhs[w->k_mu]    = -f;
    note_residual(j, 1e-3 * f, w->k_mu); /* it matters through the activities only */
}

static void phase_row(sei_react_work *w, const sei_net_phase *p, double weight, double *row)
{
    for (size_t k = 0; k < w->react->net->n_comp; k++)
        row[k] += weight * p->nu[k];
    row[w->k_electron] += weight * p->nu_e;
}

static void mineral_rows(sei_react_work *w, job *j)
{
    size_t at = w->k_mu + 1;

    for (size_t i = 0; i < j->s->n_minerals; i++) {
        if (!w->is_active[i])
            continue;
        double *row = w->lin + at * w->nu;
        memset(row, 0, w->nu * sizeof *row);
        phase_row(w, &w->react->net->phases[j->s->minerals[i].phase], 1.0, row);
        const double f = sei_equil_ln_sr(w->eq, j->s->minerals[i].phase) - j->target[i];
        w->rhs[at++]   = -f;
        note_residual(j, 1e-2 * f, at - 1);
    }
    for (size_t x = 0; x < j->s->n_mixtures; x++) {
        const sei_mixture *mix = &j->s->mixtures[x];
        if (mix->kind == SEI_MIXTURE_GAS_VOLUME || !w->mixture_active[x])
            continue;
        double *row = w->lin + at * w->nu;
        memset(row, 0, w->nu * sizeof *row);
        for (size_t k = 0; k < mix->n; k++)
            phase_row(w, &w->react->net->phases[mix->phase[k]],
                      exp(sei_equil_ln_sr(w->eq, mix->phase[k])) / w->mixture_sum[x], row);
        const double unit = mix->kind == SEI_MIXTURE_GAS_PRESSURE ? mix->pressure_atm : 1.0;
        const double f    = log(w->mixture_sum[x] / unit);
        w->rhs[at++]      = -f;
        note_residual(j, 1e-2 * f, at - 1);
    }
}

static void linearise(sei_react_work *w, job *j)
{
    j->residual = 0.0;
    j->worst    = 0;
    for (size_t b = 0; b < w->nb; b++) {
        const bool held = j->is_fixed[b] || (j->s->water_is_fixed && b < w->k_site);
        if (held)
            identity_row(w, b);
        else
            balance_row(w, j, b);
    }
    surface_rows(w, j);
    if (j->s->water_is_fixed) {
        identity_row(w, w->k_kg);
        identity_row(w, w->k_mu);
    } else {
        water_row(w, j);
        strength_row(w, j);
    }
    mineral_rows(w, j);
    for (size_t b = 0; b < w->nb; b++) { /* a held unknown does not move */
        if (!j->is_fixed[b])
            continue;
        for (size_t r = 0; r < w->nu; r++)
            if (r != b)
                w->lin[r * w->nu + b] = 0.0;
    }
}

/* --- steps --------------------------------------------------------------------------------------------- */

static double step_limit(const sei_react_work *w, size_t k)
{
    if (k < w->k_electron)
        return 5.0;
    if (k == w->k_electron)
        return 12.0;
    if (k < w->k_potential)
        return 6.0;
    if (k < w->k_kg)
        return 2.0;
    return k == w->k_kg ? 0.3 : (double)INFINITY;
}

/* Largest share of the step that keeps every total positive which has nothing to set against it. */
static double transfer_limit(const sei_react_work *w, const job *j)
{
    double f = 1.0;

    for (size_t b = 0; b < w->react->net->n_comp; b++) {
        const double now = balance_total(w, j, b);
        double       change = 0.0;
        size_t       at     = w->k_mu + 1;
        for (size_t i = 0; i < j->s->n_minerals; i++)
            if (w->is_active[i])
                change += mineral_coef(w, &j->s->minerals[i], b) * w->rhs[at++];
        if (now > 0.0 && w->minus[b] < 0.1 * now && change < -0.9 * now)
            f = fmin(f, -0.9 * now / change);
    }
    return f;
}

typedef struct {
    double x[SEI_COMPONENTS_MAX], x_site[SEI_REACT_SITES_MAX], potential[SEI_REACT_SITES_MAX];
    double ln_ae, ln_aw, mu, ln_kg, transfer[SEI_REACT_PHASES_MAX], mixture_ln[SEI_REACT_MIXTURES_MAX];
} snapshot;

static void save(const sei_react_work *w, snapshot *s)
{
    memcpy(s->x, w->eq->x, w->react->net->n_comp * sizeof *s->x);
    memcpy(s->x_site, w->x_site, sizeof s->x_site);
    memcpy(s->potential, w->potential, sizeof s->potential);
    memcpy(s->transfer, w->mineral_transfer, sizeof s->transfer);
    memcpy(s->mixture_ln, w->mixture_ln, sizeof s->mixture_ln);
    s->ln_ae = w->eq->ln_ae;
    s->ln_aw = w->eq->ln_aw;
    s->mu    = w->eq->mu;
    s->ln_kg = w->ln_kg;
}

static void restore(sei_react_work *w, const snapshot *s)
{
    memcpy(w->eq->x, s->x, w->react->net->n_comp * sizeof *s->x);
    memcpy(w->x_site, s->x_site, sizeof s->x_site);
    memcpy(w->potential, s->potential, sizeof s->potential);
    memcpy(w->mineral_transfer, s->transfer, sizeof s->transfer);
    memcpy(w->mixture_ln, s->mixture_ln, sizeof s->mixture_ln);
    w->eq->ln_ae = s->ln_ae;
    w->eq->ln_aw = s->ln_aw;
    w->eq->mu    = s->mu;
    w->ln_kg     = s->ln_kg;
}

/* Share of the full step that the limits allow. */
static double step_share(const sei_react_work *w, const job *j)
{
    double f = transfer_limit(w, j);

    for (size_t k = 0; k < w->k_mu; k++)
        f = fmin(f, step_limit(w, k) / fmax(fabs(w->rhs[k]), 1e-300));
    return f;
}

static void apply(sei_react_work *w, const job *j, double f)
{
    for (size_t k = 0; k < w->k_mu; k++)
        *unknown(w, k) += f * w->rhs[k];
    const double dmu = f * w->rhs[w->k_mu], mu = w->eq->mu;
    w->eq->mu        = fmax(1e-12, mu + fmax(-0.7 * mu, fmin(2.0 * mu + 1e-5, dmu)));
    size_t at        = w->k_mu + 1;
    for (size_t i = 0; i < j->s->n_minerals; i++)
        if (w->is_active[i])
            w->mineral_transfer[i] += f * w->rhs[at++];
    for (size_t x = 0; x < j->s->n_mixtures; x++)
        if (j->s->mixtures[x].kind != SEI_MIXTURE_GAS_VOLUME && w->mixture_active[x])
            w->mixture_ln[x] += fmax(-5.0, fmin(5.0, f * w->rhs[at++]));
}

static bool solve_linear(sei_react_work *w)
{
    size_t pivot[SEI_REACT_UNKNOWNS_MAX];

    if (!sei_lu_factor(w->nu, w->lin, pivot))
        return false;
    sei_lu_solve(w->nu, w->lin, pivot, w->rhs);
    for (size_t u = 0; u < w->nu; u++)
        if (!isfinite(w->rhs[u]))
            return false;
    return true;
}

/* Evaluates and linearises at the present unknowns; true when they are the solution. */
static bool is_solved(sei_react_work *w, job *j, double allowed)
{
    sei_react_evaluate(w, j->s, true);
    const double old_aw = w->eq->ln_aw;
    const double new_aw = j->s->water_is_fixed ? old_aw : log(fmax(1.0 - 0.017 * w->eq->sum_m, 0.05));
    linearise(w, j);
    if (j->residual <= allowed && fabs(new_aw - old_aw) <= 1e-12)
        return true;
    w->eq->ln_aw = new_aw;
    return false;
}

/* One step of some unknowns by their own balances alone, in turn the elements (twice), the protons and the
 * electrons. ln(gains / losses) rises with the unknown, so that this finds the neighbourhood of the solution
 * from anywhere. */
static void sweep(sei_react_work *w, const job *j, int turn)
{
    const size_t h = w->k_electron - 1;

    for (size_t b = 0; b < w->nb; b++) {
        const double slope = w->lin[b * w->nu + b];
        const bool   held  = j->is_fixed[b] || (j->s->water_is_fixed && b < w->k_site);
        const bool   mine  = b == h ? turn % 4 == 2 : b == w->k_electron ? turn % 4 == 3 : turn % 4 < 2;
        if (!held && mine && slope > 1e-12)
            *unknown(w, b) += fmax(-4.0, fmin(4.0, w->rhs[b] / slope));
    }
    if (!j->s->water_is_fixed && isfinite(w->eq->mu_calc))
        w->eq->mu = fmax(1e-6, fmin(3.0, fmax(0.9 * w->eq->mu, fmin(1.1 * w->eq->mu, w->eq->mu_calc))));
}

static bool has_minerals(const sei_react_work *w)
{
    return w->nu > w->k_mu + 1;
}

/* A step that makes things much worse is taken back and shortened. */
static bool newton(sei_react_work *w, job *j, int max, int *iterations)
{
    snapshot before;
    double   step[SEI_REACT_UNKNOWNS_MAX], share = 1.0, last = INFINITY;
    int      shortened = 0;

    lay_out(w, j->s);
    for (int k = 0; k < max; k++) {
        (*iterations)++;
        if (is_solved(w, j, k < 40 ? tolerance : 100.0 * tolerance)) /* rounding may not allow more */
            return true;
        if (j->residual > 2.0 && !has_minerals(w) && k < 160) {
            sweep(w, j, k);
            last = INFINITY;
            continue;
        }
        const bool worse = !isfinite(j->residual) || (j->residual > 2.0 * last && j->residual > 2.0);
        if (worse && isfinite(last) && shortened < 8) {
            restore(w, &before);
            memcpy(w->rhs, step, w->nu * sizeof *step);
            share *= 0.3;
            shortened++;
            apply(w, j, share);
            continue;
        }
        if (!isfinite(j->residual) || !solve_linear(w))
            return false;
        save(w, &before);
        memcpy(step, w->rhs, w->nu * sizeof *step);
        last      = j->residual;
        shortened = 0;
        share     = step_share(w, j);
        apply(w, j, share);
    }
    return false;
}

/* --- which minerals ------------------------------------------------------------------------------------- */

static double excess(const sei_react_work *w, const job *j, size_t i)
{
    return sei_equil_ln_sr(w->eq, j->s->minerals[i].phase) - LN10 * j->s->minerals[i].target_si;
}

static bool may_enter(const sei_react_work *w, const job *j, size_t i)
{
    const sei_mineral *m    = &j->s->minerals[i];
    const double       over = excess(w, j, i), left = m->mol - w->mineral_transfer[i];

    if (w->is_active[i])
        return false;
    if (over > si_slack)
        return !m->dissolve_only || w->mineral_transfer[i] > 0.0;
    return over < -si_slack && left > 0.0 && !m->precipitate_only;
}

static void set_targets(job *j)
{
    for (size_t i = 0; i < j->s->n_minerals; i++)
        j->target[i] = LN10 * j->s->minerals[i].target_si;
}

/* Leads the target of mineral i from where the water is to where it should be. */
static bool lead(sei_react_work *w, job *j, size_t i, int *iterations)
{
    double       at = sei_equil_ln_sr(w->eq, j->s->minerals[i].phase), stride = 2.0;
    const double end = j->target[i];

    for (int k = 0; k < 300; k++) {
        snapshot     before;
        const double left = end - at, next = fabs(left) <= stride ? end : at + copysign(stride, left);
        save(w, &before);
        j->target[i] = next;
        if (newton(w, j, 30, iterations)) {
            at = next;
            if (at == end)
                return true;
            stride *= 1.7;
        } else {
            restore(w, &before);
            stride *= 0.3;
            if (stride < 1e-6)
                break;
        }
    }
    j->target[i] = end;
    return false;
}

static bool is_mixture_wrong(sei_react_work *w, const job *j)
{
    bool changed = false;

    for (size_t x = 0; x < j->s->n_mixtures; x++) {
        const sei_mixture *mix  = &j->s->mixtures[x];
        const double       unit = mix->kind == SEI_MIXTURE_GAS_PRESSURE ? mix->pressure_atm : 1.0;
        if (mix->kind == SEI_MIXTURE_GAS_VOLUME)
            continue;
        if (!w->mixture_active[x] && w->mixture_sum[x] > unit * (1.0 + 1e-9)) {
            w->mixture_active[x] = true;
            w->mixture_ln[x]     = log(1e-8);
            changed              = true;
        } else if (w->mixture_active[x] && w->mixture_ln[x] < log(1e-20)) {
            w->mixture_active[x] = false;
            changed              = true;
        }
    }
    return changed;
}

/* Minerals that gave more than they had are used up; those that may enter do, one or all. */
static bool change_set(sei_react_work *w, job *j, bool all)
{
    size_t best    = SIZE_MAX;
    bool   changed = false;

    for (size_t i = 0; i < j->s->n_minerals; i++) {
        const sei_mineral *m = &j->s->minerals[i];
        if (w->is_active[i] && w->mineral_transfer[i] > m->mol * (1.0 + 1e-12)) {
            w->is_active[i]        = false;
            w->mineral_transfer[i] = m->mol;
            changed                = true;
        } else if (w->is_active[i] && ((m->dissolve_only && w->mineral_transfer[i] < -1e-15) ||
                                       (m->precipitate_only && w->mineral_transfer[i] > 1e-15))) {
            w->is_active[i]        = false;
            w->mineral_transfer[i] = 0.0;
            changed                = true;
        }
    }
    if (changed)
        return true;
    for (size_t i = 0; i < j->s->n_minerals; i++) {
        if (!may_enter(w, j, i))
            continue;
        if (all) {
            w->is_active[i] = true;
            changed         = true;
        } else if (best == SIZE_MAX || fabs(excess(w, j, i)) > fabs(excess(w, j, best)))
            best = i;
    }
    if (best != SIZE_MAX) {
        w->is_active[best] = true;
        changed            = true;
    }
    return changed || is_mixture_wrong(w, j);
}

static bool all_at_once(sei_react_work *w, job *j, int *iterations)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        if (!change_set(w, j, round < 4))
            return true;
        if (!newton(w, j, ITERATIONS_MAX, iterations))
            return false;
    }
    return false;
}

/* One mineral after the other, each led to its target. */
static bool one_by_one(sei_react_work *w, job *j, int *iterations)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        bool   before[SEI_REACT_PHASES_MAX];
        size_t entered = SIZE_MAX;
        memcpy(before, w->is_active, sizeof before);
        if (!change_set(w, j, false))
            return true;
        for (size_t i = 0; i < j->s->n_minerals; i++)
            if (w->is_active[i] && !before[i])
                entered = i;
        if (entered == SIZE_MAX) {
            if (!newton(w, j, ITERATIONS_MAX, iterations))
                return false;
        } else if (!lead(w, j, entered, iterations)) {
            const sei_mineral *m = &j->s->minerals[entered];
            if (!(isfinite(m->mol) && excess(w, j, entered) < 0.0))
                return false;
            /* It cannot stand beside the others and is the less stable: it dissolves */
            w->is_active[entered]        = false;
            w->mineral_transfer[entered] = m->mol;
            if (!newton(w, j, ITERATIONS_MAX, iterations))
                return false;
        }
    }
    return false;
}

/* --- whole ------------------------------------------------------------------------------------------------ */

static bool is_in_minerals(const sei_react_work *w, const sei_react_system *s, size_t b)
{
    for (size_t i = 0; i < s->n_minerals; i++)
        if (mineral_coef(w, &s->minerals[i], b) != 0.0)
            return true;
    return false;
}

static bool is_in_mixtures(const sei_react_work *w, const sei_react_system *s, size_t b)
{
    for (size_t x = 0; x < s->n_mixtures; x++)
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            if (b < w->react->net->n_comp && w->react->net->phases[s->mixtures[x].phase[k]].nu[b] != 0.0)
                return true;
    return false;
}

/* Mixtures give their contents to the system; equilibrium takes them back. */
static void add_mixture_contents(const sei_react_work *w, const sei_react_system *s, sei_amounts *total)
{
    for (size_t x = 0; x < s->n_mixtures; x++) {
        for (size_t k = 0; k < s->mixtures[x].n; k++) {
            const sei_net_phase *p = &w->react->net->phases[s->mixtures[x].phase[k]];
            for (size_t j = 0; j < w->react->net->n_comp; j++)
                total->comp[j] += s->mixtures[x].mol[k] * p->nu[j];
            total->electron += s->mixtures[x].mol[k] * p->nu_e;
            total->water += s->mixtures[x].mol[k] * p->nu_w;
        }
    }
}

static void set_up(sei_react_work *w, const sei_react_system *s, const sei_react_state *state, job *j)
{
    const size_t nc    = w->react->net->n_comp;
    sei_amounts  total = s->total;

    memset(j, 0, sizeof *j);
    j->s = s;
    add_mixture_contents(w, s, &total);
    j->water = total.water;
    for (size_t b = 0; b < w->nb; b++) {
        j->rhs_total[b] = sei_react_basis(&total, nc, b);
        const bool element = b + 1 < nc, site = b > nc;
        if (element && !(j->rhs_total[b] > 1e-25)) {
            j->is_fixed[b]  = !is_in_minerals(w, s, b) && !is_in_mixtures(w, s, b);
            j->rhs_total[b] = 1e-18;
        }
        if (site && !(j->rhs_total[b] > 0.0))
            j->is_fixed[b] = true;
    }
    memcpy(w->eq->x, state->x, nc * sizeof *w->eq->x);
    for (size_t b = 0; b + 1 < nc; b++)
        if (j->is_fixed[b])
            w->eq->x[b] = -300.0;
        else if (!(w->eq->x[b] > -100.0))
            w->eq->x[b] = log(1e-12);
    w->eq->ln_ae = state->ln_ae;
    w->eq->ln_aw = state->ln_aw;
    w->eq->mu    = fmax(state->mu, 1e-9);
    w->ln_kg     = log(state->water_kg > 0.0 ? state->water_kg : 1.0);
    memcpy(w->x_site, state->x_site, sizeof w->x_site);
    memcpy(w->potential, state->potential, sizeof w->potential);
    memset(w->mineral_transfer, 0, sizeof w->mineral_transfer);
    memset(w->is_active, 0, sizeof w->is_active);
    memset(w->mixture_active, 0, sizeof w->mixture_active);
    for (size_t x = 0; x < s->n_mixtures; x++) {
        double sum = 0.0;
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            sum += s->mixtures[x].mol[k];
        w->mixture_active[x] = sum > 0.0;
        w->mixture_ln[x]     = log(fmax(sum, 1e-8));
    }
    sei_equil_set_temp(w->eq, s->temp_k);
    set_targets(j);
}

/* Sites at rest: each gets its share of the whole before anything else is known. */
static void start_sites(sei_react_work *w, const sei_react_system *s)
{
    for (size_t i = 0; i < s->n_sites; i++)
        if (w->x_site[s->sites[i].site] == 0.0)
            w->x_site[s->sites[i].site] = log(0.1);
}

static void collect(sei_react_work *w, const sei_react_system *s, sei_react_state *state)
{
    const sei_net *net = w->react->net;
    const size_t   nc  = net->n_comp;
    const double   kg  = exp(w->ln_kg);

    memcpy(state->x, w->eq->x, nc * sizeof *state->x);
    state->ln_ae    = w->eq->ln_ae;
    state->ln_aw    = w->eq->ln_aw;
    state->mu       = w->eq->mu;
    state->water_kg = kg;
    memcpy(state->x_site, w->x_site, sizeof state->x_site);
    memcpy(state->potential, w->potential, sizeof state->potential);
    for (size_t i = 0; i < s->n_minerals; i++) {
        state->mineral_mol[i] = fmax(0.0, s->minerals[i].mol - w->mineral_transfer[i]);
        state->mineral_si[i]  = sei_equil_si(w->eq, s->minerals[i].phase);
    }
    memset(&state->water, 0, sizeof state->water);
    for (size_t j = 0; j + 1 < nc; j++)
        state->water.comp[j] = kg * w->eq->total[j];
    state->water.water = kg / SEI_WATER_KG_MOL;
    for (size_t i = 0; i < net->n_species; i++) {
        const double n = kg * w->eq->m[i];
        state->water.comp[nc - 1] += n * w->react->count_h[i];
        state->water.electron += n * w->react->count_e[i];
        state->water.water += n * w->react->count_w[i];
    }
    memset(&state->sorbed, 0, sizeof state->sorbed);
    for (size_t k = 0; k < w->react->n_sorbed; k++) {
        const sei_react_sorbed_row *q = &w->react->sorbed[k];
        const double                n = w->sorbed_mol[k];
        for (size_t j = 0; j < nc; j++)
            state->sorbed.comp[j] += n * q->comp[j];
        state->sorbed.electron += n * q->nu_e;
        state->sorbed.water += n * q->nu_w;
        state->sorbed.site[q->site] += n * q->def->site_coef;
    }
    memcpy(state->mineral_active, w->is_active, sizeof state->mineral_active);
    state->is_warm       = true;
    state->species_molal = w->eq->m;
    state->sorbed_mol    = w->sorbed_mol;
}

static const char *worst_name(const sei_react_work *w, const job *j)
{
    const size_t nc = w->react->net->n_comp;

    if (j->worst < nc)
        return w->react->net->comp_name[j->worst];
    if (j->worst == nc)
        return "electrons (redox)";
    if (j->worst < w->nb)
        return w->react->sorb->sites[w->react->site_def[j->worst - nc - 1]].name;
    if (j->worst < w->k_kg)
        return "surface charge";
    return j->worst == w->k_kg ? "water" : j->worst == w->k_mu ? "ionic strength" : "a mineral";
}

/* From the solution before, with the minerals that were present then. */
static bool warm_start(sei_react_work *w, job *j, const sei_react_state *state, int *iterations)
{
    for (size_t i = 0; i < j->s->n_minerals; i++) {
        const sei_mineral *m = &j->s->minerals[i];
        w->is_active[i]      = state->mineral_active[i];
        if (!w->is_active[i] && m->mol > 0.0 && isfinite(m->mol) && state->mineral_mol[i] == 0.0)
            w->mineral_transfer[i] = m->mol; /* it was used up */
    }
    return newton(w, j, 40, iterations) && all_at_once(w, j, iterations);
}

sei_status sei_react_solve(sei_ctx *ctx, sei_react_work *w, sei_react_system *s, sei_react_state *state)
{
    job      j;
    snapshot water;
    int      iterations = 0;

    if (s->n_minerals > SEI_REACT_PHASES_MAX || s->n_mixtures > SEI_REACT_MIXTURES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d minerals or %d mixtures in one system",
                        (int)SEI_REACT_PHASES_MAX, (int)SEI_REACT_MIXTURES_MAX);
    set_up(w, s, state, &j);
    start_sites(w, s);
    bool ok = state->is_warm && warm_start(w, &j, state, &iterations);
    if (!ok) {
        set_up(w, s, state, &j);
        start_sites(w, s);
        ok = newton(w, &j, 3 * ITERATIONS_MAX, &iterations);
        save(w, &water);
        ok = ok && all_at_once(w, &j, &iterations);
        if (!ok) {
            restore(w, &water);
            memset(w->is_active, 0, sizeof w->is_active);
            set_targets(&j);
            ok = newton(w, &j, 2 * ITERATIONS_MAX, &iterations) && one_by_one(w, &j, &iterations);
        }
    }
    state->iterations = iterations;
    if (!ok)
        return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                        "equilibrium was not found in %d iterations: %s is off by a factor of e^%.3g", iterations,
                        worst_name(w, &j), j.residual);
    collect(w, s, state);
    return SEI_OK;
}
