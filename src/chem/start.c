/*
 * start.c - the first guess of the unknowns
 *
 * First every component by itself: its total spread over its own hydroxides and protonated forms,
 * which the pH decides. Then a few sweeps x_j += ln(T_j / S_j) / (mean coefficient) over all species,
 * a damped positive continued fraction (Carrayrou et al. 2002, AIChE J. 48, 894).
 */
#include <math.h>
#include <string.h>

#include "chem/newton.h"
#include "num/v4.h"

#define LN10 2.302585092994045684

static double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

static double first_total(const sei_water *w, size_t j)
{
    const double t = j == w->alk_component ? fabs(w->alk_eq_kgw) : w->total[j];

    return t > 0.0 ? t : 1e-6;
}

static void take_logs(size_t n, double x[])
{
    double v[SEI_V4_PADDED(SEI_COMPONENTS_MAX)];

    for (size_t j = 0; j < SEI_V4_PADDED(n); j++)
        v[j] = j < n ? x[j] : 1.0;
    sei_kernel_log(n, v);
    memcpy(x, v, n * sizeof *x);
}

/* x_j = ln T_j - ln sum K a_H^nu over the component's own species. */
static void spread_alone(sei_equil *eq, const sei_water *w)
{
    const sei_lists *own = &eq->net->own;
    const int32_t *class = eq->net->classes.of_species;
    const size_t n = own->ptr[eq->net->n_comp], h = eq->net->n_comp - 1;
    const double ln_ae = eq->net->with_electron ? eq->ln_ae : 0.0;
    double      *share = eq->terms; /* not in use before the species are evaluated */

    for (size_t k = 0; k < n; k++) {
        const size_t i = own->species[k];
        share[k]       = eq->lnk[i] - eq->class_lng[class[i]] + eq->net->nu_e[i] * ln_ae +
                   own->weight[k] * eq->x[h];
    }
    for (size_t k = n; k < SEI_V4_PADDED(n); k++)
        share[k] = 0.0;
    sei_kernel_exp(n, share);
    for (size_t j = 0; j < h; j++) {
        double sum = 0.0;
        for (size_t k = own->ptr[j]; k < own->ptr[j + 1]; k++)
            sum += share[k];
        eq->x[j] = first_total(w, j) / sum;
    }
    take_logs(h, eq->x);
}

void sei_start(sei_equil *eq, const sei_water *w)
{
    const sei_net *net = eq->net;
    const size_t   h   = net->n_comp - 1;
    double         mu  = 0.0;

    for (size_t j = 0; j < h; j++)
        mu += 0.5 * net->comp_charge[j] * net->comp_charge[j] * first_total(w, j);
    eq->x[h]  = -LN10 * (w->fix_ph || w->balance == h || w->alk_component == h ? w->ph : 7.0);
    eq->mu    = clamp(0.7 * mu, 1e-7, 1.0);
    eq->ln_aw = 0.0;
    sei_equil_class_activity(eq);
    spread_alone(eq, w);
}

/* Mean coefficient of component j in its species: sum nu^2 m / sum nu m. */
static double mean_coefficient(const sei_equil *eq, size_t j)
{
    const sei_lists *l   = &eq->net->by_comp;
    double           sum = 0.0;

    for (size_t k = l->ptr[j]; k < l->ptr[j + 1]; k++)
        sum += l->weight[k] * l->weight[k] * eq->m[l->species[k]];
    return sum / eq->total[j];
}

void sei_start_sweep(sei_equil *eq, const sei_balances *b, int sweeps, int *iterations)
{
    const size_t h = eq->net->n_comp - 1;
    double       step[SEI_COMPONENTS_MAX];

    for (int s = 0; s < sweeps; s++) {
        sei_equil_class_activity(eq);
        sei_equil_species(eq);
        sei_equil_balances(eq);
        (*iterations)++;
        for (size_t j = 0; j < h; j++)
            step[j] = b->kind[j] == SEI_EQ_MASS && eq->total[j] > 1e-300
                          ? b->w->total[j] / eq->total[j]
                          : 1.0;
        take_logs(h, step);
        for (size_t j = 0; j < h; j++) {
            if (step[j] == 0.0)
                continue;
            const double slope = mean_coefficient(eq, j);
            eq->x[j] += clamp(step[j] / (slope > 1.0 ? slope : 1.0), -20.0, 20.0);
        }
        eq->mu = clamp(eq->mu_calc, 0.3 * eq->mu, 3.0 * eq->mu);
        eq->mu = clamp(eq->mu, 1e-9, 4.0);
    }
}
