/*
 * run_flux.c - Nernst and Planck's flux of every species between two cells
 *
 *     J_i = -b_i (grad c_i f_i  -  z_i c_i  sum_k b_k z_k grad c_k f_k / sum_k b_k z_k^2 c_k),
 *
 * without a current; with one, its equivalents are added to the sum of the gradients. f = 1 + d ln gamma / d ln c and c_i is the mean of both cells (vinograd1941, appelo2007). b is the harmonic mean of
 * what conducts in the two cells: area over half a length times the species' coefficient there, for pores and diffuse layers
 * side by side (appelo2010gca, parkhurst2013). Limits of f, and the mean where only one of the cells has layers, are PHREEQC's.
 */
#include <math.h>
#include <string.h>

#include "phreeqc/multi.h"

enum { CHARGE_MAX = SEI_REACT_LAYER_CHARGE_MAX, CLASSES = SEI_REACT_LAYER_CLASSES };

#define LACKING_MOL 1e-12 /* as in PHREEQC */

/* f outside of these is taken as 1. */
static const double factor_min = 0.2, factor_max = 2.25;

size_t pq_charge_class(double charge)
{
    const long z = lround(charge);

    return (size_t)(z < -CHARGE_MAX ? 0 : z > CHARGE_MAX ? CLASSES - 1 : z + CHARGE_MAX);
}

/* Of the water of a cell: the share that is free, and what its layers stand for. */
typedef struct {
    double b, free, bound;
} side;

static side side_of(const pq_multi *m, int cell, double a, size_t species, double charge)
{
    const size_t c   = (size_t)cell;
    const double all = m->kg[c] + m->layer_kg[c];

    return (side){.b     = a * m->d_m2_s[c * m->n + species],
                  .free  = m->kg[c] / all,
                  .bound = m->in_layers[c * CLASSES + pq_charge_class(charge)] *
                           m->in_layer[c * m->n + species] / all};
}

double pq_multi_capacity(const pq_multi *m, int cell, size_t species, double charge)
{
    return m->kg[cell] + m->in_layers[(size_t)cell * CLASSES + pq_charge_class(charge)] *
                             m->in_layer[(size_t)cell * m->n + species];
}

static double whole(const side *s)
{
    return s->b * (s->free + s->bound);
}

static double harmonic(double a, double b)
{
    return a + b > 0.0 ? a * b / (a + b) : 0.0;
}

/* Ions step from the pores of a cell without layers into both waters of the one beside it. */
static double step_into(const side *plain, const side *layered)
{
    return layered->free * harmonic(plain->b, layered->b) +
           0.25 * (plain->b * (1.0 - layered->free) + layered->b * layered->bound);
}

double pq_conductance(const pq_multi *m, const pq_interface *at, size_t species, double charge)
{
    const side i      = side_of(m, at->from, at->a_from, species, charge),
               j      = side_of(m, at->to, at->a_to, species, charge);
    const bool enters = i.bound == 0.0 && j.bound > 0.0, leaves = i.bound > 0.0 && j.bound == 0.0;

    if (at->place == PQ_FIRST_END)
        return whole(&j);
    if (at->place == PQ_LAST_END)
        return whole(&i);
    if (at->may_halve && (enters || leaves))
        return 0.5 * (enters ? whole(&j) : whole(&i));
    if (charge != 0.0 && enters)
        return step_into(&i, &j);
    if (charge != 0.0 && leaves)
        return step_into(&j, &i);
    return harmonic(whole(&i), whole(&j));
}

static double activity_factor(double c_i, double c_j, double ln_gamma_i, double ln_gamma_j)
{
    if (!(c_i > 0.0 && c_j > 0.0) || c_i == c_j)
        return 1.0;
    const double f = 1.0 + (ln_gamma_j - ln_gamma_i) / log(c_j / c_i);
    return f > factor_min && f < factor_max ? f : 1.0;
}

/*
 * With given potentials an ion stays where it is if the field would take it out of a cell that has none, and would take more than
 * its gradient brings. That gradient is one of molalities, not by length, as PHREEQC 3.8.6 has it.
 */
static bool stays(const pq_multi *m, const pq_interface *at, double z, double c_i, double c_j)
{
    const double pull = 0.5 * at->pull_m * z * (c_i + c_j);

    return at->pull_m != 0.0 && z != 0.0 && fabs(c_j - c_i) < fabs(pull) &&
           (pull > 0.0 ? c_j * m->kg[at->to] : c_i * m->kg[at->from]) < LACKING_MOL;
}

bool pq_find_interface(const pq_multi *m, const sei_net *net, const pq_interface *at)
{
    const size_t  i = (size_t)at->from * m->n, j = (size_t)at->to * m->n;
    const double *c_i = m->molal + i, *c_j = m->molal + j;
    bool          has_ions = false;

    for (size_t k = 0; k < m->n; k++) {
        m->b[k]        = 0.0;
        const double z = net->charge[k];
        if ((c_i[k] == 0.0 && c_j[k] == 0.0) || stays(m, at, z, c_i[k], c_j[k]))
            continue;
        m->gradient[k] = (c_j[k] - c_i[k]) *
                         activity_factor(c_i[k], c_j[k], m->ln_gamma[i + k], m->ln_gamma[j + k]);
        m->zc[k] = 0.5 * z * (c_i[k] + c_j[k]);
        m->b[k]  = pq_conductance(m, at, k, z);
        has_ions = has_ions || (z != 0.0 && m->b[k] > 0.0);
    }
    return has_ions;
}

void pq_sum_charges(const pq_multi *m, const sei_net *net, double *ret_driven, double *ret_conducts)
{
    *ret_driven = *ret_conducts = 0.0;
    for (size_t k = 0; k < m->n; k++) {
        if (m->b[k] == 0.0)
            continue;
        *ret_driven += m->b[k] * net->charge[k] * m->gradient[k];
        *ret_conducts += m->b[k] * net->charge[k] * m->zc[k];
    }
}

void pq_add_flux(const pq_multi *m, const pq_runner *r, double current_eq_s, double factor,
                 sei_amounts *ret)
{
    const sei_net *net = r->net;
    double         driven, conducts;

    pq_sum_charges(m, net, &driven, &conducts);
    driven += current_eq_s;
    for (size_t k = 0; k < m->n; k++)
        if (m->b[k] != 0.0)
            (void)sei_react_add_species(
                r->react, net->db_index[k],
                factor * m->b[k] * (driven / conducts * m->zc[k] - m->gradient[k]), ret);
}
