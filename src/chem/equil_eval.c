/*
 * equil_eval.c - species, activity coefficients, totals and their derivatives
 *
 * Activity coefficients as PHREEQC applies them:
 *   Davies    log g = -A z^2 (sqrt(I) / (1 + sqrt(I)) - 0.3 I)
 *   WATEQ     log g = -A z^2 sqrt(I) / (1 + B a sqrt(I)) + b I     (Truesdell & Jones 1974)
 *   neutral   log g = 0.1 I
 */
#include <math.h>
#include <string.h>

#include "chem/equil.h"

#define LN10 2.302585092994045684

static double *vector(sei_equil *eq, size_t n, sei_status *st)
{
    double *v = sei_alloc(eq->ctx, n, sizeof *v);

    if (!v)
        *st = SEI_E_NOMEM;
    return v;
}

sei_status sei_equil_create(sei_ctx *ctx, const sei_net *net, sei_equil **ret_eq)
{
    sei_equil *eq = sei_alloc(ctx, 1, sizeof *eq);
    sei_status st = SEI_OK;

    if (!eq)
        return SEI_E_NOMEM;
    const size_t n = net->n_species, c = net->n_comp;
    eq->net        = net;
    eq->ctx        = ctx;
    eq->lnk        = vector(eq, n, &st);
    eq->lng        = vector(eq, n, &st);
    eq->dlng       = vector(eq, n, &st);
    eq->m          = vector(eq, n, &st);
    eq->x          = vector(eq, c, &st);
    eq->total      = vector(eq, c, &st);
    eq->jac        = vector(eq, c * c, &st);
    eq->dtot_dmu   = vector(eq, c, &st);
    eq->mu_row     = vector(eq, c, &st);
    eq->charge_row = vector(eq, c, &st);
    eq->alk_row    = vector(eq, c, &st);
    eq->lin        = vector(eq, c * c, &st);
    eq->rhs        = vector(eq, c, &st);
    eq->rhs_mu     = vector(eq, c, &st);
    eq->best_x     = vector(eq, c, &st);
    eq->unknown    = sei_alloc(ctx, c, sizeof *eq->unknown);
    if (st != SEI_OK || !eq->unknown) {
        sei_equil_free(eq);
        return SEI_E_NOMEM;
    }
    *ret_eq = eq;
    return SEI_OK;
}

void sei_equil_free(sei_equil *eq)
{
    if (!eq)
        return;
    double *const vectors[] = {eq->lnk,  eq->lng,        eq->dlng,    eq->m,       eq->x,
                               eq->total, eq->jac,       eq->dtot_dmu, eq->mu_row, eq->charge_row,
                               eq->alk_row, eq->lin,     eq->rhs,     eq->rhs_mu,  eq->best_x};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        sei_release(eq->ctx, vectors[i]);
    sei_release(eq->ctx, eq->unknown);
    sei_release(eq->ctx, eq);
}

void sei_equil_set_temp(sei_equil *eq, double temp_k)
{
    const size_t n = eq->net->n_species;

    if (temp_k == eq->temp_k)
        return;
    const double *restrict c = eq->net->lnk_coef;
    double *restrict lnk     = eq->lnk;
    const double basis[SEI_LOGK_TERMS] = {1.0, temp_k, 1.0 / temp_k, log10(temp_k),
                                          1.0 / (temp_k * temp_k), temp_k * temp_k};
    for (size_t i = 0; i < n; i++)
        lnk[i] = c[i] + c[n + i] * basis[1] + c[2 * n + i] * basis[2] + c[3 * n + i] * basis[3] +
                 c[4 * n + i] * basis[4] + c[5 * n + i] * basis[5];
    eq->dh           = sei_debye_hueckel_at(temp_k);
    eq->temp_k       = temp_k;
    eq->gamma_temp_k = 0.0;
}

void sei_equil_activity(sei_equil *eq)
{
    const sei_net *net  = eq->net;
    const double   mu   = eq->mu > 1e-30 ? eq->mu : 1e-30;
    const double   root = sqrt(mu), d = 1.0 + root;
    const double   a    = LN10 * eq->dh.a;
    /* Davies for z = 1, and its slope */
    const double davies  = -a * (root / d - 0.3 * mu);
    const double ddavies = -a * (0.5 / (root * d * d) - 0.3);

    if (eq->gamma_mu == mu && eq->gamma_temp_k == eq->temp_k)
        return;
    for (size_t i = 0; i < net->n_species; i++) {
        const double z2 = net->charge[i] * net->charge[i];
        switch ((sei_gamma_kind)net->gamma_kind[i]) {
        case SEI_GAMMA_DAVIES:
            eq->lng[i]  = z2 * davies;
            eq->dlng[i] = z2 * ddavies;
            break;
        case SEI_GAMMA_NEUTRAL:
            eq->lng[i]  = LN10 * 0.1 * mu;
            eq->dlng[i] = LN10 * 0.1;
            break;
        case SEI_GAMMA_WATEQ: {
            const double q = 1.0 / (1.0 + eq->dh.b * net->dha[i] * root);
            eq->lng[i]     = -a * z2 * root * q + LN10 * net->dhb[i] * mu;
            eq->dlng[i]    = -a * z2 * 0.5 / root * q * q + LN10 * net->dhb[i];
            break;
        }
        case SEI_GAMMA_ONE:
            eq->lng[i]  = 0.0;
            eq->dlng[i] = 0.0;
            break;
        }
    }
    eq->gamma_mu     = mu;
    eq->gamma_temp_k = eq->temp_k;
}

void sei_equil_species(sei_equil *eq)
{
    const sei_net *net = eq->net;
    const double *restrict x   = eq->x;
    const double *restrict val = net->nu.val;
    const uint8_t *restrict col = net->nu.col;
    double *restrict m         = eq->m;

    for (size_t i = 0; i < net->n_species; i++) {
        double s = eq->lnk[i] - eq->lng[i] + net->nu_w[i] * eq->ln_aw;
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
            s += val[k] * x[col[k]];
        m[i] = s;
    }
    if (net->with_electron)
        for (size_t i = 0; i < net->n_species; i++)
            m[i] += net->nu_e[i] * eq->ln_ae;
    for (size_t i = 0; i < net->n_species; i++) /* bounded: e^230 mol/kgw is far outside any water */
        m[i] = exp(m[i] < 230.0 ? m[i] : 230.0);
}

/* The sums over species that every equation needs. */
static void sum_scalars(sei_equil *eq)
{
    const sei_net *net = eq->net;
    double sum = 0.0, mu = 0.0, dmu = 0.0, q = 0.0, dq = 0.0, qs = 0.0;

    for (size_t i = 0; i < net->n_species; i++) {
        const double m = eq->m[i], zm = net->charge[i] * m;
        sum += m;
        q += zm;
        qs += fabs(zm);
        dq -= zm * eq->dlng[i];
        mu += net->charge[i] * zm;
        dmu -= net->charge[i] * zm * eq->dlng[i];
    }
    eq->sum_m        = sum;
    eq->mu_calc      = 0.5 * mu;
    eq->dmu_calc_dmu = 0.5 * dmu;
    eq->charge       = q;
    eq->charge_scale = qs;
    eq->dcharge_dmu  = dq;
    double alk = 0.0, dalk = 0.0, as = 0.0;
    for (size_t i = 0; i < net->n_species; i++) {
        const double am = net->alk[i] * eq->m[i];
        alk += am;
        as += fabs(am);
        dalk -= am * eq->dlng[i];
    }
    eq->alk       = alk;
    eq->alk_scale = as;
    eq->dalk_dmu  = dalk;
}

static void sum_totals(sei_equil *eq)
{
    const sei_net *net = eq->net;

    memset(eq->total, 0, net->n_comp * sizeof *eq->total);
    for (size_t i = 0; i < net->n_species; i++)
        for (uint32_t k = net->beta.ptr[i]; k < net->beta.ptr[i + 1]; k++)
            eq->total[net->beta.col[k]] += net->beta.val[k] * eq->m[i];
}

static void sum_jacobian(sei_equil *eq)
{
    const sei_net *net = eq->net;
    const size_t   n   = net->n_comp;
    double *restrict jac        = eq->jac;
    double *restrict dtot       = eq->dtot_dmu;
    double *restrict mu_row     = eq->mu_row;
    double *restrict charge_row = eq->charge_row;
    double *restrict alk_row    = eq->alk_row;

    memset(jac, 0, n * n * sizeof *jac);
    memset(dtot, 0, n * sizeof *dtot);
    memset(mu_row, 0, n * sizeof *mu_row);
    memset(charge_row, 0, n * sizeof *charge_row);
    memset(alk_row, 0, n * sizeof *alk_row);
    for (size_t i = 0; i < net->n_species; i++) {
        const double m = eq->m[i], z = net->charge[i], a = net->alk[i];
        for (uint32_t k = net->pair_ptr[i]; k < net->pair_ptr[i + 1]; k++)
            jac[net->pair_dest[k]] += net->pair_val[k] * m;
        for (uint32_t k = net->beta.ptr[i]; k < net->beta.ptr[i + 1]; k++)
            dtot[net->beta.col[k]] -= net->beta.val[k] * m * eq->dlng[i];
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++) {
            const double      vm = net->nu.val[k] * m;
            const unsigned    j  = net->nu.col[k];
            mu_row[j] += 0.5 * z * z * vm;
            charge_row[j] += z * vm;
            alk_row[j] += a * vm;
        }
    }
}

void sei_equil_sums(sei_equil *eq, bool with_jacobian)
{
    sum_scalars(eq);
    sum_totals(eq);
    if (with_jacobian)
        sum_jacobian(eq);
}

double sei_equil_ln_sr(const sei_equil *eq, size_t phase)
{
    const sei_net_phase *p  = &eq->net->phases[phase];
    double               ln = LN10 * sei_logk_at(&p->logk, eq->temp_k) + p->nu_e * eq->ln_ae +
                p->nu_w * eq->ln_aw;

    for (size_t j = 0; j < eq->net->n_comp; j++)
        ln += p->nu[j] * eq->x[j];
    return ln;
}

double sei_equil_si(const sei_equil *eq, size_t phase)
{
    return sei_equil_ln_sr(eq, phase) / LN10;
}
