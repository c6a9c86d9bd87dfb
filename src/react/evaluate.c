/*
 * evaluate.c - amounts of every species and the sums of the balances, with slopes
 *
 * Sorbed species: ln n = ln K + sum nu x + c x_site - dz F psi/RT + ln(N/c) - ln gamma, with the equivalent
 * (mole) fraction as activity, as PHREEQC has it for exchangers (Gaines-Thomas) and surfaces.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

#define LN10 2.302585092994045684
#define FARADAY_C_MOL 96493.5  /* PHREEQC's constants, so that the same file gives the same numbers */
#define R_J_MOL_K 8.31470
#define EPSILON_0 8.854e-12 /* F/m */
#define R_L_ATM 0.0820597 /* L atm/mol/K */

double sei_react_basis(const sei_amounts *a, size_t n_comp, size_t balance)
{
    if (balance < n_comp)
        return a->comp[balance];
    return balance == n_comp ? a->electron : a->site[balance - n_comp - 1];
}

/* One species: amount n, its coefficients in the balances (c) and its slopes by the unknowns (v), sparse. */
typedef struct {
    size_t n_c, n_v;
    size_t c_at[SEI_REACT_BALANCES_MAX], v_at[SEI_REACT_UNKNOWNS_MAX];
    double c[SEI_REACT_BALANCES_MAX], v[SEI_REACT_UNKNOWNS_MAX];
} row;

static void add_row(sei_react_work *w, double n, const row *r, bool with_slopes)
{
    for (size_t i = 0; i < r->n_c; i++) {
        const size_t b    = r->c_at[i];
        const double size = fabs(r->c[i]) * n;
        double      *side = r->c[i] > 0.0 ? w->plus : w->minus;
        side[b] += size;
        if (!with_slopes)
            continue;
        double *slopes = (r->c[i] > 0.0 ? w->dplus : w->dminus) + b * w->nu;
        for (size_t k = 0; k < r->n_v; k++)
            slopes[r->v_at[k]] += size * r->v[k];
    }
}

static void add_aqueous(sei_react_work *w, bool with_slopes)
{
    const sei_net *net = w->react->net;
    const double   kg  = exp(w->ln_kg);
    row            r;

    w->water_terms = 0.0;
    for (size_t i = 0; i < net->n_species; i++) {
        const double n = kg * w->eq->m[i];
        r.n_c = r.n_v = 0;
        for (uint32_t k = net->beta.ptr[i]; k < net->beta.ptr[i + 1]; k++) {
            if (net->beta.col[k] + 1u == net->n_comp)
                continue;
            r.c_at[r.n_c] = net->beta.col[k];
            r.c[r.n_c++]  = net->beta.val[k];
        }
        if (w->react->count_h[i] != 0.0) {
            r.c_at[r.n_c] = net->n_comp - 1;
            r.c[r.n_c++]  = w->react->count_h[i];
        }
        if (w->react->count_e[i] != 0.0) {
            r.c_at[r.n_c] = w->k_electron;
            r.c[r.n_c++]  = w->react->count_e[i];
        }
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++) {
            r.v_at[r.n_v] = net->nu.col[k];
            r.v[r.n_v++]  = net->nu.val[k];
        }
        if (net->nu_e[i] != 0.0) {
            r.v_at[r.n_v] = w->k_electron;
            r.v[r.n_v++]  = net->nu_e[i];
        }
        r.v_at[r.n_v] = w->k_kg;
        r.v[r.n_v++]  = 1.0;
        r.v_at[r.n_v] = w->k_mu;
        r.v[r.n_v++]  = -w->eq->dlng[i];
        add_row(w, n, &r, with_slopes);
        w->water_terms += n * w->react->count_w[i];
    }
}

static double sorbed_gamma(const sei_react_work *w, const sei_sorb_species *d)
{
    const double mu = w->eq->mu > 1e-30 ? w->eq->mu : 1e-30, root = sqrt(mu);
    const double z2 = d->site_coef * d->site_coef;

    switch (d->gamma) {
    case SEI_GAMMA_DAVIES: return -LN10 * w->eq->dh.a * z2 * (root / (1.0 + root) - 0.3 * mu);
    case SEI_GAMMA_WATEQ:
        return LN10 * (-w->eq->dh.a * z2 * root / (1.0 + w->eq->dh.b * d->dha * root) + d->dhb * mu);
    default: return 0.0;
    }
}

static const sei_site_amount *site_in_use(const sei_react_system *s, size_t site)
{
    for (size_t i = 0; i < s->n_sites; i++)
        if (s->sites[i].site == site)
            return &s->sites[i];
    return NULL;
}

static void set_sorbed_temperature(sei_react_work *w)
{
    if (w->sorbed_temp_k == w->eq->temp_k)
        return;
    for (size_t k = 0; k < w->react->n_sorbed; k++)
        w->sorbed_lnk[k] = LN10 * sei_logk_at(&w->react->sorbed[k].logk, w->eq->temp_k);
    w->sorbed_temp_k = w->eq->temp_k;
}

static void add_charge(sei_react_work *w, size_t surface, double z, double n, const row *r)
{
    w->surface_charge[surface] += z * n;
    w->surface_scale[surface] += fabs(z) * n;
    for (size_t k = 0; k < r->n_v; k++)
        w->surface_slope[surface * w->nu + r->v_at[k]] += z * n * r->v[k];
}

static void add_sorbed(sei_react_work *w, const sei_react_system *s, bool with_slopes)
{
    const size_t nc = w->react->net->n_comp;
    row          r;

    memset(w->surface_charge, 0, sizeof w->surface_charge);
    memset(w->surface_scale, 0, sizeof w->surface_scale);
    memset(w->surface_slope, 0, s->n_surfaces * w->nu * sizeof *w->surface_slope);
    set_sorbed_temperature(w);
    for (size_t k = 0; k < w->react->n_sorbed; k++) {
        const sei_react_sorbed_row *q    = &w->react->sorbed[k];
        const sei_site_amount      *site = site_in_use(s, q->site);
        const sei_sorb_site        *def  = &w->react->sorb->sites[q->def->site];
        w->sorbed_mol[k]                 = 0.0;
        if (!site || !(site->mol > 0.0))
            continue;
        double ln = w->sorbed_lnk[k] + q->nu_w * w->eq->ln_aw + q->nu_e * w->eq->ln_ae +
                    q->def->site_coef * w->x_site[q->site] + log(site->mol / q->def->site_coef) -
                    sorbed_gamma(w, q->def);
        r.n_c = r.n_v = 0;
        for (size_t j = 0; j < nc; j++) {
            if (q->comp[j] == 0.0)
                continue;
            ln += q->comp[j] * w->eq->x[j];
            r.c_at[r.n_c] = r.v_at[r.n_v] = j;
            r.c[r.n_c++] = r.v[r.n_v++] = q->comp[j];
        }
        if (q->nu_e != 0.0) {
            r.c_at[r.n_c] = r.v_at[r.n_v] = w->k_electron;
            r.c[r.n_c++] = r.v[r.n_v++] = q->nu_e;
        }
        r.c_at[r.n_c] = r.v_at[r.n_v] = w->k_site + q->site;
        r.c[r.n_c++] = r.v[r.n_v++] = q->def->site_coef;
        const bool layer = def->is_surface && !s->surfaces[site->surface].no_edl;
        if (layer) {
            const double dz = q->def->charge - q->def->site_coef * def->charge;
            ln -= dz * w->potential[site->surface];
            r.v_at[r.n_v] = w->k_potential + site->surface;
            r.v[r.n_v++]  = -dz;
        }
        const double n   = exp(ln < 200.0 ? ln : 200.0);
        w->sorbed_mol[k] = n;
        add_row(w, n, &r, with_slopes);
        w->water_terms += n * q->nu_w;
        if (layer)
            add_charge(w, site->surface, q->def->charge, n, &r);
    }
}

/* Gas at fixed volume: n = p V / RT, always there. Others: n = N p / P while they are. */
static void add_mixtures(sei_react_work *w, const sei_react_system *s, bool with_slopes)
{
    const sei_net *net = w->react->net;
    size_t         at  = w->k_mu + 1; /* unknowns of minerals come first */
    row            r;

    for (size_t i = 0; i < s->n_minerals; i++)
        at += w->is_active[i];
    for (size_t x = 0; x < s->n_mixtures; x++) {
        sei_mixture *mix = &s->mixtures[x];
        w->mixture_sum[x] = 0.0;
        for (size_t i = 0; i < mix->n; i++) {
            const sei_net_phase *p  = &net->phases[mix->phase[i]];
            const double         ln = sei_equil_ln_sr(w->eq, mix->phase[i]);
            const double         a  = exp(ln < 200.0 ? ln : 200.0);
            w->mixture_sum[x] += a;
            mix->mol[i]        = 0.0;
            if (mix->kind != SEI_MIXTURE_GAS_VOLUME && !w->mixture_active[x])
                continue;
            const double unit = mix->kind == SEI_MIXTURE_GAS_PRESSURE ? mix->pressure_atm : 1.0;
            mix->mol[i] = mix->kind == SEI_MIXTURE_GAS_VOLUME ? a * mix->volume_l / (R_L_ATM * w->eq->temp_k)
                                                              : exp(w->mixture_ln[x]) * a / unit;
            r.n_c = r.n_v = 0;
            for (size_t j = 0; j < net->n_comp; j++) {
                if (p->nu[j] == 0.0)
                    continue;
                r.c_at[r.n_c] = r.v_at[r.n_v] = j;
                r.c[r.n_c++] = r.v[r.n_v++] = p->nu[j];
            }
            if (p->nu_e != 0.0) {
                r.c_at[r.n_c] = r.v_at[r.n_v] = w->k_electron;
                r.c[r.n_c++] = r.v[r.n_v++] = p->nu_e;
            }
            if (mix->kind != SEI_MIXTURE_GAS_VOLUME) {
                r.v_at[r.n_v] = at;
                r.v[r.n_v++]  = 1.0;
            }
            add_row(w, mix->mol[i], &r, with_slopes);
            w->water_terms += mix->mol[i] * p->nu_w;
        }
        at += mix->kind != SEI_MIXTURE_GAS_VOLUME && w->mixture_active[x];
    }
}

/* Charge of the surface against the diffuse layer: F/A sum z n = sqrt(8 eps eps0 R T 1000 I) sinh(F psi / 2RT)
 * (Dzombak & Morel 1990, eq. 2.9), in C/m2. */
static void close_surfaces(sei_react_work *w, const sei_react_system *s)
{
    const double eps = sei_water_permittivity(w->eq->temp_k) * EPSILON_0;
    const double k   = sqrt(8.0 * eps * R_J_MOL_K * w->eq->temp_k * 1000.0 * fmax(w->eq->mu, 1e-12));

    for (size_t i = 0; i < s->n_surfaces; i++) {
        const double area = s->surfaces[i].area_m2, half = 0.5 * w->potential[i];
        double      *row_ = &w->surface_slope[i * w->nu];
        if (s->surfaces[i].no_edl || !(area > 0.0))
            continue;
        const double f     = FARADAY_C_MOL / area;
        const double layer = k * sinh(half);
        const double scale = f * w->surface_scale[i] + k * cosh(half);
        w->surface_charge[i] = (f * w->surface_charge[i] - layer) / scale;
        for (size_t u = 0; u < w->nu; u++)
            row_[u] *= f / scale;
        row_[w->k_potential + i] -= 0.5 * k * cosh(half) / scale;
        row_[w->k_mu] -= 0.5 * layer / fmax(w->eq->mu, 1e-12) / scale;
    }
}

void sei_react_evaluate(sei_react_work *w, const sei_react_system *s, bool with_slopes)
{
    sei_equil_activity(w->eq);
    sei_equil_species(w->eq);
    sei_equil_sums(w->eq, with_slopes);
    memset(w->plus, 0, w->nb * sizeof *w->plus);
    memset(w->minus, 0, w->nb * sizeof *w->minus);
    if (with_slopes) {
        memset(w->dplus, 0, w->nb * w->nu * sizeof *w->dplus);
        memset(w->dminus, 0, w->nb * w->nu * sizeof *w->dminus);
    }
    add_aqueous(w, with_slopes);
    add_sorbed(w, s, with_slopes);
    add_mixtures(w, s, with_slopes);
    close_surfaces(w, s);
}
