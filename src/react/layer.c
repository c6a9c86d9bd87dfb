/*
 * layer.c - what the diffuse layers of surfaces hold
 *
 * A layer is water of its own, all of it at one potential (Donnan): a species is there by m exp(-z p), with p such that the charge of the
 * layer makes up for that of the surface. The surface's own potential follows the charge law as ever. Species count in the balances
 * with what is in the water and in the layers (parkhurst2013, SURFACE -donnan).
 */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "num/v4.h"
#include "react/react_impl.h"

enum { CHARGE_MAX = 10, CLASSES = 2 * CHARGE_MAX + 1, STEPS_MAX = 100 };

static const double potential_max = 40.0;
static const double at_rest       = 1e-15; /* of a potential */

bool sei_react_has_layers(const sei_react_system *s)
{
    for (size_t i = 0; i < s->n_surfaces; i++)
        if (s->surfaces[i].layer_kg > 0.0)
            return true;
    return false;
}

/* ---- one layer ---- */

static int class_of(double charge)
{
    const int z = (int)lround(charge);

    return z < -CHARGE_MAX ? 0 : z > CHARGE_MAX ? CLASSES - 1 : z + CHARGE_MAX;
}

/* How much more of a species with charge z there is in the layer than in as much water. */
static double enrichment(const sei_surface *f, double z, double potential, double surface_charge)
{
    if (f->only_counter_ions && z * surface_charge > 0.0)
        return 0.0;
    return exp(-z * potential);
}

double sei_react_layer_mol(const sei_surface *f, double molal, double z, double potential,
                           double surface_charge)
{
    return f->layer_kg * molal * enrichment(f, z, potential, surface_charge);
}

/* Of a water whose valences were given apart, no pe tells how much there is of a species. */
static double molal(const sei_react_work *w, const sei_react_system *s, size_t i)
{
    if (!w->sorbed_by_species)
        return w->eq->m[i];
    const double ln = s->fixed_ln_activity[i];
    return ln < -1e300 ? 0.0 : exp(ln - w->eq->class_lng[w->react->net->classes.of_species[i]]);
}

/* Charge in the water by charge of the species, eq/kg. */
static void sum_classes(const sei_react_work *w, const sei_react_system *s, double sum[CLASSES])
{
    const sei_net *net = w->react->net;

    memset(sum, 0, CLASSES * sizeof *sum);
    for (size_t i = 0; i < net->n_species; i++)
        if (net->charge[i] != 0.0)
            sum[class_of(net->charge[i])] += net->charge[i] * molal(w, s, i);
}

/* Charge of the layer and of the surface together, and its slope; falls as the potential rises. */
static double charge_left(const sei_surface *f, const double sum[CLASSES], double surface_charge,
                          double p, double *ret_slope)
{
    double left = surface_charge, slope = 0.0;

    for (int k = 0; k < CLASSES; k++) {
        const double z = k - CHARGE_MAX;
        if (sum[k] == 0.0)
            continue;
        const double q = f->layer_kg * sum[k] * enrichment(f, z, p, surface_charge);
        left += q;
        slope -= z * q;
    }
    *ret_slope = slope;
    return left;
}

/* By Newton's method between bounds, from where it was. */
static double find_potential(const sei_surface *f, const double sum[CLASSES], double surface_charge,
                             double start)
{
    double low = -potential_max, high = potential_max, slope;
    double at = fabs(start) < potential_max ? start : 0.0;

    for (int k = 0; k < STEPS_MAX; k++) {
        const double left = charge_left(f, sum, surface_charge, at, &slope);
        if (left == 0.0)
            break;
        if (left > 0.0)
            low = at;
        else
            high = at;
        double next = slope < 0.0 ? at - left / slope : 0.5 * (low + high);
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        const double by = fabs(next - at);
        at              = next;
        if (by <= at_rest * (1.0 + fabs(at)))
            break;
    }
    return at;
}

/* ---- amounts ---- */

void sei_react_fill_layers(sei_react_work *w, const sei_react_system *s)
{
    const sei_net *net = w->react->net;
    double         sum[CLASSES];

    sum_classes(w, s, sum);
    for (size_t k = 0; k < s->n_surfaces; k++) {
        const sei_surface *f = &s->surfaces[k];
        if (!(f->layer_kg > 0.0))
            continue;
        const double q        = sei_react_layer_charge(w, s, k, w->potential[k]);
        w->layer_charge[k]    = q;
        w->layer_potential[k] = find_potential(f, sum, q, w->layer_potential[k]);
        for (size_t i = 0; i < net->n_species; i++)
            w->terms.mol[i] +=
                sei_react_layer_mol(f, molal(w, s, i), net->charge[i], w->layer_potential[k], q);
    }
}

/* Moles of species i in layer k. */
static double held(const sei_react_work *w, const sei_react_system *s, size_t k, size_t i)
{
    return sei_react_layer_mol(&s->surfaces[k], molal(w, s, i), w->react->net->charge[i],
                               w->layer_potential[k], w->layer_charge[k]);
}

void sei_react_collect_layers(const sei_react_work *w, const sei_react_system *s,
                              sei_amounts *layer)
{
    const sei_react_terms *t = &w->terms;

    for (size_t k = 0; k < s->n_surfaces; k++) {
        if (!(s->surfaces[k].layer_kg > 0.0))
            continue;
        layer->water += s->surfaces[k].layer_kg / SEI_WATER_KG_MOL;
        for (size_t i = 0; i < t->n_aqueous; i++) {
            const double n = held(w, s, k, i);
            for (uint32_t c = t->c0_ptr[i]; c < t->c0_ptr[i + 1]; c++)
                layer->comp[t->c0_at[c]] += n * t->c0[c];
            layer->comp[w->react->net->n_comp - 1] += n * t->h0[i];
            layer->electron += n * t->e0[i];
            layer->water += n * t->w0[i];
        }
    }
}

double sei_react_layer_water_mol(const sei_react_system *s)
{
    double kg = 0.0;

    for (size_t k = 0; k < s->n_surfaces; k++)
        kg += s->surfaces[k].layer_kg;
    return kg / SEI_WATER_KG_MOL;
}

/* ---- slopes ---- */

/* Of ln mol by ln kg of water: only what is in the water grows with it. */
void sei_react_share_slopes(sei_react_work *w)
{
    const double kg    = exp(w->ln_kg);
    double      *slope = w->terms.slope + w->k_kg;

    for (size_t i = 0; i < w->terms.n_aqueous; i++)
        slope[i * w->terms.stride] =
            w->terms.mol[i] > 0.0 ? kg * w->eq->m[i] / w->terms.mol[i] : 1.0;
}

/* Slopes of the potential of layer k by all unknowns: as the charges of the surface and of what is beside it change. */
static void potential_slopes(sei_react_work *w, const sei_react_system *s, size_t k, double ret[])
{
    const sei_net *net = w->react->net;
    const double   p = w->potential[k], q = w->layer_charge[k];
    double         total = 0.0, sum[SEI_V4_PADDED(SEI_REACT_UNKNOWNS_MAX) + SEI_V8];

    for (size_t i = 0; i < net->n_species; i++)
        total += net->charge[i] * net->charge[i] * held(w, s, k, i);
    total = fmax(total, 1e-280);
    for (size_t i = 0; i < net->n_species; i++) {
        w->line_term[i] = (uint16_t)i;
        w->line[i]      = net->charge[i] * held(w, s, k, i) / total;
    }
    sei_sum_rows(net->n_species, w->line_term, w->line, w->terms.slope, w->terms.stride, sum);
    memset(ret, 0, w->nu * sizeof *ret);
    memcpy(ret, sum, (w->k_aw + 1) * sizeof *sum);
    ret[w->k_kg]      = 0.0;
    const double unit = sei_react_layer_charge(w, s, k, 2.0) / sinh(1.0); /* q = unit sinh(p / 2) */
    ret[w->k_potential + k] += 0.5 * unit * cosh(0.5 * p) / total;
    ret[w->k_mu] += 0.5 * q / fmax(w->eq->mu, 1e-12) / total;
}

/* What the balance of a list loses when the potential of layer k rises by 1, scaled as its row is. */
static double loss_of_list(const sei_react_work *w, const sei_react_system *s, size_t k,
                           size_t list)
{
    const sei_react_terms *t   = &w->terms;
    double                 sum = 0.0;

    for (uint32_t c = t->row_ptr[list]; c < t->row_ptr[list + 1]; c++)
        if (t->row_term[c] < t->n_aqueous)
            sum +=
                t->row_c[c] * held(w, s, k, t->row_term[c]) * w->react->net->charge[t->row_term[c]];
    return sum;
}

void sei_react_layer_slopes(sei_react_work *w, const sei_react_system *s)
{
    double by[SEI_REACT_UNKNOWNS_MAX];

    for (size_t k = 0; k < s->n_surfaces; k++) {
        if (!(s->surfaces[k].layer_kg > 0.0))
            continue;
        potential_slopes(w, s, k, by);
        for (size_t b = 0; b < w->nb; b++) {
            const double loss = w->gain[b] * loss_of_list(w, s, k, 2 * b) +
                                w->loss[b] * loss_of_list(w, s, k, 2 * b + 1);
            for (size_t u = 0; loss != 0.0 && u < w->nu; u++)
                w->lin[b * w->nu + u] -= loss * by[u];
        }
    }
}
