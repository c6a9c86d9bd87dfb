/*
 * evaluate.c - amounts of all terms, and the sums of the balances
 *
 * Sorbed species: ln n = ln K + sum nu x + c x_site - dz F psi/RT + ln(N/c) - ln gamma, with the equivalent
 * (mole) fraction as activity, as PHREEQC has it for exchangers (Gaines-Thomas) and surfaces.
 */
#include <math.h>
#include <string.h>

#include "chem/kernel.h"
#include "num/dense.h"
#include "react/react_impl.h"

#define LN10     2.302585092994045684
#define R_L_ATM  0.0820597 /* PHREEQC's, so that the same file gives the same numbers; L atm/mol/K */
#define LN_MAX   300.0     /* sites of 1e100 mol stand for a linear isotherm */
#define LN_NOISE 2e-14     /* of a sum of logarithms */

/* ln gamma of an exchange species beside its equivalent fraction. */
static double sorbed_gamma(const sei_react_work *w, const sei_sorb_species *d)
{
    const double mu = w->eq->mu > 1e-30 ? w->eq->mu : 1e-30, root = sqrt(mu);
    const double z2 = d->site_coef * d->site_coef;

    switch (d->gamma) {
    case SEI_GAMMA_DAVIES: return -LN10 * w->eq->dh.a * z2 * (root / (1.0 + root) - 0.3 * mu);
    case SEI_GAMMA_WATEQ:
        return LN10 *
               (-w->eq->dh.a * z2 * root / (1.0 + w->eq->dh.b * d->dha * root) + d->dhb * mu);
    case SEI_GAMMA_LLNL: {
        const sei_gamma g = sei_gamma_llnl(w->eq->net, w->eq->temp_k, d->site_coef, d->dha);
        return -g.az2 * root / (1.0 + g.den * root) + g.bi * mu;
    }
    default: return 0.0;
    }
}

/* With specific interactions the database has no activity coefficients for the exchanger: those of the ions serve, as in
 * PHREEQC's -pitzer_exchange_gammas. */
static double gamma_of_ions(const sei_react_work *w, const sei_react_sorbed_row *q)
{
    double sum = 0.0;

    for (size_t t = 0; t < q->def->n_terms; t++)
        if (q->term[t] < w->react->net->n_species)
            sum +=
                q->def->coef[t] * w->eq->class_lng[w->react->net->classes.of_species[q->term[t]]];
    return sum;
}

static double gamma_of_row(const sei_react_work *w, const sei_react_sorbed_row *q)
{
    if (w->exchanged_as_ions && !w->react->sorb->sites[q->def->site].is_surface)
        return gamma_of_ions(w, q);
    return sorbed_gamma(w, q->def);
}

static double log_sum(const sei_react_terms *t, const double u[], size_t i)
{
    double ln = 0.0;

    for (uint32_t k = t->v_ptr[i]; k < t->v_ptr[i + 1]; k++)
        ln += t->v[k] * u[t->v_at[k]];
    return ln;
}

/* Masters, electron and free sites in the order of the balances. */
static void list_unknowns(const sei_react_work *w, double u[])
{
    const size_t nc = w->react->net->n_comp;

    memcpy(u, w->eq->x, nc * sizeof *u);
    u[nc] = w->eq->ln_ae;
    memcpy(u + nc + 1, w->x_site, w->react->n_sites * sizeof *u);
}

static void sorbed_amounts(sei_react_work *w)
{
    sei_react_terms *t = &w->terms;
    double          *n = w->line, u[SEI_REACT_BALANCES_MAX];

    list_unknowns(w, u);
    for (size_t k = 0; k < t->n_sorbed; k++) {
        const sei_react_sorbed_row *q = &w->react->sorbed[k];
        const size_t                i = t->n_aqueous + k;
        n[k]                          = 0.0;
        if (w->sorbed_ln0[k] < -1e300)
            continue;
        double ln = w->sorbed_ln0[k];
        if (q->def->gamma != SEI_GAMMA_NEUTRAL || w->exchanged_as_ions)
            ln -= gamma_of_row(w, q);
        if (w->sorbed_by_species)
            ln += q->def->site_coef * w->x_site[q->site];
        else
            ln += q->nu_w * w->eq->ln_aw + log_sum(t, u, i);
        if (w->sorbed_surface[k] != UINT8_MAX)
            ln -= w->planes ? sei_react_plane_potential(w, k)
                            : w->sorbed_change[k] * w->potential[w->sorbed_surface[k]];
        n[k] = ln;
    }
    sei_kernel_exp_to(t->n_sorbed, n, LN_MAX);
    for (size_t k = 0; k < t->n_sorbed; k++)
        t->mol[t->n_aqueous + k] = w->sorbed_ln0[k] < -1e300 ? 0.0 : n[k];
}

/* Slopes of both parts by all unknowns: d ln(x S) = x1 d ln W1 + x2 d ln W2 -/+ (1 - x) / g d ln(W1 / W2). */
static void solid_slopes(sei_react_work *w, const sei_mixture *mix, const sei_solid *solid,
                         size_t i)
{
    const sei_net_phase *p = &w->react->net->phases[mix->phase[0]],
                        *q = &w->react->net->phases[mix->phase[1]];
    sei_react_terms *t     = &w->terms;
    const size_t     nc    = w->react->net->n_comp;

    for (size_t k = 0; k < 2; k++) {
        const double turn = solid->is_outside ? 0.0 : 1.0 / solid->g; /* held at the edge */
        const double more = (k == 0 ? solid->x[1] : -solid->x[0]) * turn;
        const double a = solid->x[0] + more, b = solid->x[1] - more;
        for (uint32_t v = t->v_ptr[i + k]; v < t->v_ptr[i + k + 1]; v++) {
            const size_t u = t->v_at[v];
            t->v[v]        = u < nc ? a * p->nu[u] + b * q->nu[u] : a * p->nu_e + b * q->nu_e;
        }
        t->nu_w[i + k] = a * p->nu_w + b * q->nu_w;
    }
}

static void solid_amounts(sei_react_work *w, const sei_react_system *s, size_t x, size_t i)
{
    const sei_mixture *mix     = &s->mixtures[x];
    const size_t       at      = i - w->terms.n_aqueous - w->terms.n_sorbed;
    const double       ln_w[2] = {sei_equil_ln_sr(w->eq, mix->phase[0]),
                                  sei_equil_ln_sr(w->eq, mix->phase[1])};
    sei_solid          solid;

    sei_react_solid_at(mix, ln_w, &solid);
    solid_slopes(w, mix, &solid, i);
    w->is_outside[x] = solid.is_outside;
    if (w->mixture_active[x])
        w->solid_noise = fmax(w->solid_noise, LN_NOISE / solid.g);
    w->mixture_sum[x] = exp(fmin(solid.ln_s, LN_MAX));
    for (size_t k = 0; k < 2; k++) {
        const double ln     = solid.ln_part[k] + w->mixture_ln[x] - w->mixture_target[x];
        w->part_ln[at + k]  = solid.ln_part[k];
        w->terms.mol[i + k] = w->mixture_active[x] ? exp(fmin(ln, LN_MAX)) : 0.0;
    }
}

/* Gas at fixed volume: n = p V / RT, always there. Others: n = N p / P while they are. */
static void mixture_amounts(sei_react_work *w, const sei_react_system *s)
{
    sei_react_terms *t    = &w->terms;
    const size_t     zero = t->n_aqueous + t->n_sorbed;
    size_t           i    = zero;

    w->solid_noise = 0.0;
    for (size_t x = 0; x < s->n_mixtures; x++) {
        const sei_mixture *mix = &s->mixtures[x];
        double             sum = 0.0, factor = 0.0;
        if (w->soft && mix->kind != SEI_MIXTURE_GAS_VOLUME) {
            sei_react_soft_amounts(w, s, x, i);
            i += mix->n;
            continue;
        }
        if (!sei_solid_is_ideal(mix)) {
            solid_amounts(w, s, x, i);
            i += mix->n;
            continue;
        }
        if (mix->kind == SEI_MIXTURE_GAS_VOLUME)
            factor = mix->volume_l / (R_L_ATM * w->eq->temp_k);
        else if (w->mixture_active[x])
            factor = exp(w->mixture_ln[x] - w->mixture_target[x]) /
                     (mix->kind == SEI_MIXTURE_GAS_PRESSURE ? mix->pressure_atm : 1.0);
        for (size_t k = 0; k < mix->n; k++, i++) {
            const double ln      = sei_equil_ln_sr(w->eq, mix->phase[k]) - mix->ln_phi[k];
            const double a       = exp(ln < LN_MAX ? ln : LN_MAX);
            w->part_ln[i - zero] = ln;
            sum += a;
            t->mol[i] = factor * a;
        }
        w->mixture_sum[x] = sum;
    }
}

void sei_react_evaluate_terms(sei_react_work *w, const sei_react_system *s)
{
    const double kg = exp(w->ln_kg);

    sei_equil_class_activity(w->eq);
    sei_equil_species(w->eq);
    sei_equil_scalars(w->eq);
    sei_multiply(w->terms.n_aqueous, kg, w->eq->m, w->terms.mol);
    if (w->terms.n_sorbed > 0)
        sorbed_amounts(w);
    if (w->has_layers || w->planes)
        sei_react_fill_layers(w, s);
    mixture_amounts(w, s);
    w->is_totalled = false;
}

void sei_react_total(sei_react_work *w)
{
    if (!w->is_totalled)
        sei_equil_totals(w->eq);
    w->is_totalled = true;
}

void sei_react_evaluate(sei_react_work *w, const sei_react_system *s)
{
    sei_react_evaluate_terms(w, s);
    sei_react_total(w);
}

/* Four sums side by side: one alone would wait for every addition. */
SEI_V4_INLINE double list_sum(const sei_react_terms *t, size_t list)
{
    double         s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
    uint32_t       k   = t->row_ptr[list];
    const uint32_t end = t->row_ptr[list + 1];

    for (; k + 3 < end; k += 4) {
        s0 += t->row_c[k] * t->mol[t->row_term[k]];
        s1 += t->row_c[k + 1] * t->mol[t->row_term[k + 1]];
        s2 += t->row_c[k + 2] * t->mol[t->row_term[k + 2]];
        s3 += t->row_c[k + 3] * t->mol[t->row_term[k + 3]];
    }
    for (; k < end; k++)
        s0 += t->row_c[k] * t->mol[t->row_term[k]];
    return (s0 + s2) + (s1 + s3);
}

/* What the minerals that are there have given is what their pivots' balances lack. */
void sei_react_draw_minerals(sei_react_work *w, const sei_react_system *s)
{
    const sei_react_basis_state *basis = &w->basis;

    for (size_t i = 0; i < s->n_minerals; i++) {
        const size_t p = basis->pivot[i];
        if (w->is_active[i])
            w->mineral_transfer[i] = (w->plus[p] - w->minus[p] - basis->total[p]) / basis->count[i];
    }
}

/* The same from the present terms, and the water that is bound in them. */
void sei_react_sum_minerals(sei_react_work *w, const sei_react_system *s)
{
    for (size_t i = 0; i < s->n_minerals; i++) {
        const size_t p = w->basis.pivot[i];
        if (!w->is_active[i])
            continue;
        w->plus[p]  = list_sum(&w->terms, 2 * p);
        w->minus[p] = -list_sum(&w->terms, 2 * p + 1);
    }
    w->water_terms = sei_dot(w->terms.n, w->terms.w0, w->terms.mol);
    sei_react_draw_minerals(w, s);
}

double sei_react_list_sum(const sei_react_terms *t, size_t list)
{
    return list_sum(t, list);
}

void sei_react_sum(sei_react_work *w, const sei_react_system *s)
{
    const sei_react_terms *t = &w->terms;
    double                 sum[2 * SEI_REACT_BALANCES_MAX];

    sei_sum_fours(2 * w->nb, t->four_ptr, t->four_at, t->four_c, t->mol, sum);
    for (size_t b = 0; b < w->nb; b++) {
        w->plus[b]  = sum[2 * b];
        w->minus[b] = -sum[2 * b + 1];
    }
    w->water_terms = sei_dot(w->terms.n, w->terms.w0, w->terms.mol);
    sei_react_draw_minerals(w, s);
}
