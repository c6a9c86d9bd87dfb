/*
 * equil_eval.c - species, activity coefficients, totals and their derivatives
 *
 * Activity coefficients as PHREEQC applies them:
 *   Davies    log g = -A z^2 (sqrt(I) / (1 + sqrt(I)) - 0.3 I)
 *   WATEQ     log g = -A z^2 sqrt(I) / (1 + B a sqrt(I)) + b I     (Truesdell & Jones 1974)
 *   neutral   log g = 0.1 I
 *   LLNL      as WATEQ with A, B and B-dot from tables of the database (Helgeson 1969); 1 without charge
 *   LLNL CO2  ln g = (c0 + c1 T + c2/T) I - (c3 + c4 T) I / (I + 1)           (Drummond 1981)
 * Specific interactions (Pitzer, SIT) are in specific.c. All others are -az2 sqrt(I) / (1 + den sqrt(I)) + bi I - sat I / (1 + I) with
 * az2, den, bi, sat of the class and temperature.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/equil.h"
#include "chem/pressure.h"
#include "num/dense.h"
#include "num/exp.h"

#define LN10      2.302585092994045684
#define NEUTRAL_B 0.1
#define DAVIES_B  0.3
#define MU_MIN    1e-30

#define WATER_SLOPE 0.017 /* a_w = 1 - 0.017 sum m, as PHREEQC takes Raoult's law */

typedef struct {
    double **vector;
    size_t   n;
} request;

static void list_requests(sei_equil *eq, request list[], size_t *ret_n)
{
    const size_t n = SEI_BLOCK_PADDED(eq->net->n_species), c = eq->net->n_comp,
                 g      = SEI_V4_PADDED(eq->net->classes.n);
    const request all[] = {
        {&eq->lnk, n},
        {&eq->lng, n},
        {&eq->m, n},
        {&eq->x, c},
        {&eq->total, c},
        {&eq->jac, c * c},
        {&eq->dtot_dmu, c},
        {&eq->mu_row, c},
        {&eq->charge_row, c},
        {&eq->alk_row, c},
        {&eq->class_az2, g},
        {&eq->class_den, g},
        {&eq->class_bi, g},
        {&eq->class_lng, g},
        {&eq->class_dlng, g},
        {&eq->shift, g},
        {&eq->class_sat, g},
        {&eq->lines, 5 * g},
        {&eq->factors, g * SEI_FACTORS},
        {&eq->terms, n * SEI_TERMS},
        {&eq->sums, c * SEI_TERMS},
        {&eq->sums_beta, c * SEI_TERMS},
        {&eq->packed, eq->net->ldl.n_slots},
        {&eq->lin, c * c},
        {&eq->rhs, c * SEI_V4},
        {&eq->solved_x, c},
        {&eq->comp_volume, c},
        {&eq->lnk_shift, n},
    };

    *ret_n = sizeof all / sizeof all[0];
    memcpy(list, all, sizeof all);
}

enum { REQUESTS_MAX = 32 };

/* Debye and Hueckel's A and B move the coefficients of a class along a line, but for those of LLNL's tables. */
static void find_lines(sei_equil *eq)
{
    const sei_debye_hueckel none = {0}, only_a = {.a = 1.0}, only_b = {.b = 1.0};
    const size_t            n = eq->net->classes.n, stride = SEI_V4_PADDED(n);

    eq->has_lines = true;
    for (size_t c = 0; c < n; c++) {
        const sei_gamma_kind kind = (sei_gamma_kind)eq->net->classes.kind[c];
        const sei_gamma      k    = sei_gamma_of_class(eq->net, &none, SEI_ZERO_CELSIUS, c),
                        a         = sei_gamma_of_class(eq->net, &only_a, SEI_ZERO_CELSIUS, c),
                        b         = sei_gamma_of_class(eq->net, &only_b, SEI_ZERO_CELSIUS, c);
        double *line              = eq->lines + c;
        eq->has_lines    = eq->has_lines && kind != SEI_GAMMA_LLNL && kind != SEI_GAMMA_LLNL_CO2;
        line[0]          = a.az2;
        line[stride]     = k.den;
        line[2 * stride] = b.den - k.den;
        line[3 * stride] = k.bi;
        line[4 * stride] = a.bi - k.bi;
    }
}

sei_status sei_equil_create(sei_ctx *ctx, const sei_net *net, sei_equil **ret_eq)
{
    request    list[REQUESTS_MAX];
    size_t     n_lists;
    sei_equil *eq = sei_alloc(ctx, 1, sizeof *eq);

    if (!eq)
        return SEI_E_NOMEM;
    eq->net = net;
    eq->ctx = ctx;
    list_requests(eq, list, &n_lists);
    for (size_t i = 0; i < n_lists; i++) {
        *list[i].vector = sei_alloc(ctx, list[i].n, sizeof **list[i].vector);
        if (!*list[i].vector) {
            sei_equil_free(eq);
            return SEI_E_NOMEM;
        }
    }
    if (sei_specific_create(ctx, net, &eq->specific) != SEI_OK) {
        sei_equil_free(eq);
        return SEI_E_NOMEM;
    }
    for (size_t i = net->n_species; i < SEI_BLOCK_PADDED(net->n_species); i++)
        eq->lnk[i] = 2.0 * SEI_EXP_MIN; /* what fills the last vector is nothing */
    sei_kernel_factors(&net->classes, eq->factors);
    find_lines(eq);
    eq->water_kg_mol = SEI_WATER_KG_MOL;
    *ret_eq          = eq;
    return SEI_OK;
}

void sei_equil_free(sei_equil *eq)
{
    request list[REQUESTS_MAX];
    size_t  n_lists;

    if (!eq)
        return;
    list_requests(eq, list, &n_lists);
    for (size_t i = 0; i < n_lists; i++)
        sei_release(eq->ctx, *list[i].vector);
    sei_specific_free(eq->specific);
    sei_release(eq->ctx, eq);
}

/* --- temperature ----------------------------------------------------------------------------------- */

/* Value of a table of the database at temp_c; held at its ends. */
static double interpolate(const sei_llnl *l, const double values[], double temp_c)
{
    size_t k = 1;

    if (l->n < 2 || temp_c <= l->temp_c[0])
        return values[0];
    if (temp_c >= l->temp_c[l->n - 1])
        return values[l->n - 1];
    while (l->temp_c[k] < temp_c)
        k++;
    const double share = (temp_c - l->temp_c[k - 1]) / (l->temp_c[k] - l->temp_c[k - 1]);
    return values[k - 1] + share * (values[k] - values[k - 1]);
}

sei_gamma sei_gamma_llnl(const sei_net *net, double temp_k, double charge, double dha)
{
    const sei_llnl *l      = &net->db->llnl;
    const double    temp_c = temp_k - SEI_ZERO_CELSIUS;

    if (charge == 0.0)
        return (sei_gamma){0};
    return (sei_gamma){.az2 = LN10 * interpolate(l, l->a, temp_c) * charge * charge,
                       .den = dha * interpolate(l, l->b, temp_c),
                       .bi  = LN10 * interpolate(l, l->bdot, temp_c)};
}

sei_gamma sei_gamma_of_class(const sei_net *net, const sei_debye_hueckel *dh, double t, size_t c)
{
    const sei_classes *g   = &net->classes;
    const double       a   = LN10 * dh->a * g->charge[c] * g->charge[c];
    const double      *co2 = net->db->llnl.co2;

    switch ((sei_gamma_kind)g->kind[c]) {
    case SEI_GAMMA_DAVIES: return (sei_gamma){.az2 = a, .den = 1.0, .bi = DAVIES_B * a};
    case SEI_GAMMA_WATEQ:
        return (sei_gamma){.az2 = a, .den = dh->b * g->dha[c], .bi = LN10 * g->dhb[c]};
    case SEI_GAMMA_NEUTRAL: return (sei_gamma){.bi = LN10 * NEUTRAL_B};
    case SEI_GAMMA_LLNL: return sei_gamma_llnl(net, t, g->charge[c], g->dha[c]);
    case SEI_GAMMA_LLNL_CO2:
        return (sei_gamma){.bi = co2[0] + co2[1] * t + co2[2] / t, .sat = co2[3] + co2[4] * t};
    case SEI_GAMMA_ONE: break;
    }
    return (sei_gamma){0};
}

static void set_classes(sei_equil *eq)
{
    const size_t n = eq->net->classes.n;

    eq->has_sat = false;
    if (eq->has_lines) {
        sei_kernel_lines(SEI_V4_PADDED(n), eq->lines, eq->dh.a, eq->dh.b, eq->class_az2,
                         eq->class_den, eq->class_bi);
        return;
    }
    for (size_t c = 0; c < n; c++) {
        const sei_gamma k = sei_gamma_of_class(eq->net, &eq->dh, eq->temp_k, c);
        eq->class_az2[c]  = k.az2;
        eq->class_den[c]  = k.den;
        eq->class_bi[c]   = k.bi;
        eq->class_sat[c]  = k.sat;
        eq->has_sat       = eq->has_sat || k.sat != 0.0;
    }
}

void sei_equil_set_temp(sei_equil *eq, double temp_k)
{
    const size_t n = eq->net->n_species;

    if (temp_k == eq->temp_k)
        return;
    const double t = temp_k, inv = 1.0 / temp_k;
    const double basis[SEI_LOGK_TERMS] = {1.0, t, inv, log10(temp_k), inv * inv, t * t};
    memcpy(eq->basis, basis, sizeof basis);
    sei_kernel_constants(n, eq->net->lnk_coef, basis, eq->lnk);
    eq->dh = sei_debye_hueckel_at(temp_k);
    if (eq->is_pressed) {
        for (size_t i = 0; i < n; i++)
            eq->lnk[i] += eq->lnk_shift[i];
        eq->dh = eq->water_at.dh;
    }
    eq->temp_k       = temp_k;
    eq->gamma_temp_k = 0.0;
    eq->has_factor   = false;
    if (eq->specific)
        sei_specific_set_temp(eq->specific, temp_k, LN10 * eq->dh.a);
    else
        set_classes(eq);
}

/* --- species --------------------------------------------------------------------------------------- */

void sei_equil_class_activity(sei_equil *eq)
{
    const double mu = eq->mu > MU_MIN ? eq->mu : MU_MIN;

    if (eq->gamma_mu == mu && eq->gamma_temp_k == eq->temp_k)
        return;
    if (eq->specific)
        sei_specific_activity(eq->specific, mu, eq->class_lng, eq->class_dlng);
    else
        sei_kernel_classes(eq->net->classes.n, eq->class_az2, eq->class_den, eq->class_bi, mu,
                           eq->class_lng, eq->class_dlng);
    for (size_t c = 0; eq->has_sat && c < eq->net->classes.n; c++) {
        eq->class_lng[c] -= eq->class_sat[c] * mu / (1.0 + mu);
        eq->class_dlng[c] -= eq->class_sat[c] / ((1.0 + mu) * (1.0 + mu));
    }
    eq->has_factors  = false;
    eq->gamma_mu     = mu;
    eq->gamma_temp_k = eq->temp_k;
}

/* Slopes by ionic strength are wanted much less often than the coefficients themselves. */
static void renew_factors(sei_equil *eq)
{
    if (!eq->has_factors)
        sei_kernel_update(&eq->net->classes, eq->class_dlng, eq->factors);
    eq->has_factors = true;
}

void sei_equil_activity(sei_equil *eq)
{
    sei_equil_class_activity(eq);
    sei_kernel_pick(eq->net->n_species, eq->class_lng, eq->net->classes.of_species, eq->lng);
    for (size_t k = 0; k < eq->net->n_waters; k++)
        eq->lng[eq->net->waters[k]] = eq->ln_aw + SEI_LN_ISOTOPE_WATER;
}

void sei_equil_species(sei_equil *eq)
{
    const sei_classes *g = &eq->net->classes;

    sei_kernel_shift(g->n, g->nu_w, eq->ln_aw, eq->class_lng, eq->shift);
    sei_kernel_molalities(eq->net, eq->lnk, eq->shift, eq->net->with_electron ? eq->ln_ae : 0.0,
                          eq->x, eq->m);
}

double sei_ln_aw_by_raoult(double sum_m, double *ret_slope)
{
    const double aw = 1.0 - WATER_SLOPE * sum_m;

    *ret_slope = aw > SEI_AW_LOW ? -WATER_SLOPE / aw : 0.0;
    return log(aw > SEI_AW_LOW ? aw : SEI_AW_LOW);
}

double sei_equil_ln_aw(const sei_equil *eq, double *ret_slope)
{
    return eq->specific ? sei_specific_ln_aw(eq->specific, eq->sum_m, ret_slope)
                        : sei_ln_aw_by_raoult(eq->sum_m, ret_slope);
}

/* --- sums ------------------------------------------------------------------------------------------ */

static void take_scalars(sei_equil *eq)
{
    const sei_scalars *s = &eq->scalars;

    eq->sum_m        = s->sum_m;
    eq->mu_calc      = s->mu;
    eq->dmu_calc_dmu = s->mu_mu;
    eq->charge       = s->charge;
    eq->dcharge_dmu  = s->charge_mu;
}

void sei_equil_scalars(sei_equil *eq)
{
    sei_kernel_plain_scalars(eq->net->n_species, eq->net->charge, eq->m, &eq->sum_m, &eq->mu_calc,
                             &eq->charge);
}

void sei_equil_scalar_slopes(sei_equil *eq)
{
    const sei_net *net = eq->net;

    renew_factors(eq);
    sei_kernel_scalars(net->n_species, net->classes.of_species, eq->factors, eq->m, &eq->scalars);
    eq->dmu_calc_dmu = eq->scalars.mu_mu;
    eq->dcharge_dmu  = eq->scalars.charge_mu;
}

void sei_equil_totals(sei_equil *eq)
{
    const sei_net *net = eq->net;

    if (net->symmetric || !eq->by_nu)
        sei_sum_fours(net->n_comp, net->totals.ptr, net->totals.at, net->totals.c, eq->m,
                      eq->total);
    else
        sei_kernel_totals(&net->by_comp, net->n_comp, eq->m, eq->total);
}

void sei_equil_balances(sei_equil *eq)
{
    const sei_net *net = eq->net;
    sei_scalars   *s   = &eq->scalars;

    renew_factors(eq);
    sei_kernel_terms(net->n_species, net->classes.of_species, eq->factors, eq->m, eq->terms, s);
    take_scalars(eq);
    sei_kernel_sum_terms(&net->by_comp, net->n_comp, eq->terms, eq->sums);
    const double *of_totals = eq->sums;
    if (!net->symmetric && !eq->by_nu) {
        sei_kernel_sum_terms(&net->by_comp_beta, net->n_comp, eq->terms, eq->sums_beta);
        of_totals = eq->sums_beta;
    }
    for (size_t j = 0; j < net->n_comp; j++) {
        eq->total[j]    = of_totals[SEI_TERMS * j + SEI_TERM_M];
        eq->dtot_dmu[j] = -of_totals[SEI_TERMS * j + SEI_TERM_DLNG];
        eq->mu_row[j]   = eq->sums[SEI_TERMS * j + SEI_TERM_MU];
    }
}

void sei_equil_charge(sei_equil *eq)
{
    const sei_lists *l     = &eq->net->by_comp;
    double           scale = 0.0;

    for (size_t j = 0; j < eq->net->n_comp; j++) {
        double sum = 0.0;
        for (size_t k = l->ptr[j]; k < l->ptr[j + 1]; k++)
            sum += l->weight[k] * eq->net->charge[l->species[k]] * eq->m[l->species[k]];
        eq->charge_row[j] = sum;
    }
    for (size_t i = 0; i < eq->net->n_species; i++)
        scale += fabs(eq->net->charge[i]) * eq->m[i];
    eq->charge_scale = scale;
}

void sei_equil_alkalinity(sei_equil *eq)
{
    const sei_net *net = eq->net;
    double         alk = 0.0, scale = 0.0, slope = 0.0;

    memset(eq->alk_row, 0, net->n_comp * sizeof *eq->alk_row);
    for (size_t i = 0; i < net->n_species; i++) {
        const double am = net->alk[i] * eq->m[i];
        if (am == 0.0)
            continue;
        alk += am;
        scale += fabs(am);
        slope -= am * eq->class_dlng[net->classes.of_species[i]];
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
            eq->alk_row[net->nu.col[k]] += net->nu.val[k] * am;
    }
    eq->alk       = alk;
    eq->alk_scale = scale;
    eq->dalk_dmu  = slope;
}

void sei_equil_alk_value(sei_equil *eq)
{
    eq->alk = sei_dot(eq->net->n_species, eq->net->alk, eq->m);
}

void sei_equil_packed(sei_equil *eq, bool with_h)
{
    const sei_net *net = eq->net;

    sei_kernel_sum_slots(&net->jac, with_h ? net->n_jac : net->n_jac_free, net->jac_slot, eq->m,
                         eq->packed);
    eq->has_factor = false;
}

/* Species whose mole balance is not their reaction: row b takes beta instead of nu. */
static void correct_odd(sei_equil *eq)
{
    const sei_net *net = eq->net;
    const size_t   n   = net->n_comp;

    for (size_t k = 0; k < net->n_odd; k++) {
        const size_t i                        = net->odd[k];
        double       beta[SEI_COMPONENTS_MAX] = {0};
        for (uint32_t b = net->beta.ptr[i]; b < net->beta.ptr[i + 1]; b++)
            beta[net->beta.col[b]] += net->beta.val[b];
        for (uint32_t b = net->nu.ptr[i]; b < net->nu.ptr[i + 1]; b++)
            beta[net->nu.col[b]] -= net->nu.val[b];
        for (size_t b = 0; b < n; b++)
            for (uint32_t a = net->nu.ptr[i]; beta[b] != 0.0 && a < net->nu.ptr[i + 1]; a++)
                eq->jac[b * n + net->nu.col[a]] += beta[b] * net->nu.val[a] * eq->m[i];
    }
}

void sei_equil_full_jacobian(sei_equil *eq)
{
    const sei_net *net = eq->net;

    memset(eq->jac, 0, net->n_comp * net->n_comp * sizeof *eq->jac);
    for (size_t k = 0; k < net->n_jac; k++) {
        const double value              = eq->packed[net->jac_slot[k]];
        eq->jac[net->jac_at[2 * k]]     = value;
        eq->jac[net->jac_at[2 * k + 1]] = value;
    }
    if (!net->symmetric)
        correct_odd(eq);
}

void sei_equil_sums(sei_equil *eq, bool with_jacobian)
{
    sei_equil_balances(eq);
    sei_equil_charge(eq);
    sei_equil_alkalinity(eq);
    if (!with_jacobian)
        return;
    sei_equil_packed(eq, true);
    sei_equil_full_jacobian(eq);
}

/* --- phases ---------------------------------------------------------------------------------------- */

double sei_equil_ln_sr(const sei_equil *eq, size_t phase)
{
    const sei_net_phase *p    = &eq->net->phases[phase];
    double               logk = 0.0;

    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        logk += p->logk.c[t] * eq->basis[t];
    double ln = LN10 * logk + p->nu_e * eq->ln_ae + p->nu_w * eq->ln_aw;
    ln += sei_dot(eq->net->n_comp, p->nu, eq->x);
    if (eq->volume_factor != 0.0)
        ln +=
            sei_equil_pressure_shift(eq, p->nu, p->nu_w, eq->net->db->phases[p->index].vm_cm3_mol);
    return ln;
}

double sei_equil_si(const sei_equil *eq, size_t phase)
{
    return sei_equil_ln_sr(eq, phase) / LN10;
}
