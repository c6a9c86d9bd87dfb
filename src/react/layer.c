/*
 * layer.c - what the diffuse layers of surfaces hold
 *
 * A layer has water of its own. In the first of two ways (Donnan) all of it is at one potential p: a species is there by
 * m exp(-z p), with p such that the charge of the layer makes up for that of the surface, which follows the charge law as ever.
 * In the other (borkovec1983) the potential falls from that of the surface, psi, to nothing: beside m in that water a species is
 * there by what Poisson and Boltzmann's equation has in excess,
 *
 *     K sign(psi) integral from 0 to psi of m (exp(-z y) - 1) / sqrt(S(y)) dy,   S(y) = sum of m (exp(-z y) - 1 + z y),
 *
 * K = A sqrt(1000 eps eps0 R T / 2) / F; their charges add up to -2 K sign(psi) sqrt(S(psi)), the charge law of any mixture of salts.
 * In S the term z y adds up to nothing in a neutral water; with it the root is one of a positive number in any other too.
 * Species count in the balances with what is in the water and in the layers (parkhurst2013, SURFACE).
 */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "num/root.h"
#include "num/v4.h"
#include "react/react_impl.h"

enum {
    CHARGE_MAX = SEI_REACT_LAYER_CHARGE_MAX,
    CLASSES    = SEI_REACT_LAYER_CLASSES,
    STEPS_MAX  = 100
};

#define POTENTIAL_MAX 40.0
#define AT_REST       1e-15 /* of a potential */
#define PANEL         0.5   /* of y, integrated by eight points */
#define LEAST         1e-12 /* a potential that stands for none */
#define NOTHING       1e-280

bool sei_react_has_layers(const sei_react_system *s)
{
    for (size_t i = 0; i < s->n_surfaces; i++)
        if (s->surfaces[i].layer_kg > 0.0)
            return true;
    return false;
}

static size_t class_of(double charge)
{
    const long z = lround(charge);

    return (size_t)(z < -CHARGE_MAX ? 0 : z > CHARGE_MAX ? CLASSES - 1 : z + CHARGE_MAX);
}

double sei_react_layer_mol(const sei_react_layer *layer, double molal, double charge)
{
    return molal * layer->kg[class_of(charge)];
}

double sei_react_layer_erm(const sei_net *net, const sei_surface *surface, size_t species)
{
    const sei_species *s = &net->db->species[net->db_index[species]];

    return s->has_erm && !surface->layer_is_integral ? s->erm_ddl : 1.0;
}

static double charge_of(size_t class)
{
    return (double)class - CHARGE_MAX;
}

static bool is_left_out(const sei_surface *f, double z, double surface_charge)
{
    return f->only_counter_ions && z * surface_charge > 0.0;
}

/* ---- one potential ---- */

/* ln(positive charges / negative ones) of the layer and of the surface together, and its slope; falls as the potential rises. The logarithm is
 * all but straight: where a trace of an ion of high charge outgrows all others, Newton's method on the charges themselves gets nowhere. */
static double ln_charges(const sei_surface *f, const double m[CLASSES], double surface_charge,
                         double p, double *ret_slope)
{
    double plus = fmax(surface_charge, 0.0) + NOTHING, minus = fmax(-surface_charge, 0.0) + NOTHING,
           dplus = 0.0, dminus = 0.0;

    for (size_t k = 0; k < CLASSES; k++) {
        const double z = charge_of(k);
        if (m[k] == 0.0 || z == 0.0 || is_left_out(f, z, surface_charge))
            continue;
        const double q = f->layer_kg * fabs(z) * m[k] * exp(-z * p);
        *(z > 0.0 ? &plus : &minus) += q;
        *(z > 0.0 ? &dplus : &dminus) -= z * q;
    }
    *ret_slope = dplus / plus - dminus / minus;
    return log(plus / minus);
}

/* By Newton's method between bounds. */
static double find_potential(const sei_surface *f, const double m[CLASSES], double surface_charge)
{
    double low = -POTENTIAL_MAX, high = POTENTIAL_MAX, at = 0.0, slope;

    for (int k = 0; k < STEPS_MAX; k++) {
        const double left = ln_charges(f, m, surface_charge, at, &slope);
        if (left == 0.0)
            break;
        if (left > 0.0)
            low = at;
        else
            high = at;
        const double next =
            sei_root_newton(at, slope < 0.0 ? -left / slope : (double)NAN, low, high);
        const double by = fabs(next - at);
        at              = next;
        if (by <= AT_REST * (1.0 + fabs(at)))
            break;
    }
    return at;
}

static void fill_donnan(const sei_surface *f, const double m[CLASSES], sei_react_layer *layer)
{
    const double p = find_potential(f, m, layer->charge);

    for (size_t k = 0; k < CLASSES; k++) {
        const double z = charge_of(k);
        layer->kg[k]   = is_left_out(f, z, layer->charge) ? 0.0 : f->layer_kg * exp(-z * p);
    }
}

/* ---- falling potential ---- */

/* Of K, for one square metre, times F: C/m2 by the root of a molality. */
static double unit_charge(const sei_equil *eq)
{
    return sei_react_layer_scale(eq, 1.0) / 4.0; /* sqrt(500 eps eps0 R T) */
}

/* S at y, and its slope. */
static double excess_at(const double m[CLASSES], double y, double *ret_slope)
{
    double sum = 0.0, slope = 0.0;

    for (size_t k = 0; k < CLASSES; k++) {
        const double z = charge_of(k), e = m[k] == 0.0 ? 0.0 : expm1(-z * y);
        sum += m[k] * (e + z * y);
        slope -= m[k] * z * e;
    }
    *ret_slope = slope;
    return fmax(sum, NOTHING);
}

static int count_panels(double y)
{
    return 1 + (int)(fabs(y) / PANEL);
}

/* Point i of a panel from 0 to y, of eight of Gauss and Legendre, and its weight. */
static double point_of(double y, int panel, int i, double *ret_weight)
{
    static const double at[4]     = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                     0.9602898564975363};
    static const double weight[4] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                     0.1012285362903763};
    const double        half      = 0.5 * y / count_panels(y);

    *ret_weight = half * weight[i % 4];
    return half * (2 * panel + 1 + (i < 4 ? -at[i] : at[i - 4]));
}

/* Integrals of all classes from 0 to y. */
static void integrate(const double m[CLASSES], double y, double ret[CLASSES])
{
    double weight, slope;

    memset(ret, 0, CLASSES * sizeof *ret);
    for (int p = 0; p < count_panels(y); p++)
        for (int i = 0; i < 8; i++) {
            const double u = point_of(y, p, i, &weight);
            const double w = weight / sqrt(excess_at(m, u, &slope));
            for (size_t k = 0; k < CLASSES; k++)
                ret[k] += w * expm1(-charge_of(k) * u);
        }
}

/* Slopes of the same by the molalities of all classes: that of class k by class c in place k CLASSES + c. */
static void integrate_slopes(const double m[CLASSES], double y, double ret[CLASSES * CLASSES])
{
    double weight, slope, e[CLASSES];

    memset(ret, 0, CLASSES * CLASSES * sizeof *ret);
    for (int p = 0; p < count_panels(y); p++)
        for (int i = 0; i < 8; i++) {
            const double u      = point_of(y, p, i, &weight);
            const double excess = excess_at(m, u, &slope);
            const double w      = -0.5 * weight / (excess * sqrt(excess));
            for (size_t k = 0; k < CLASSES; k++)
                e[k] = expm1(-charge_of(k) * u);
            for (size_t c = 0; c < CLASSES; c++)
                for (size_t k = 0; k < CLASSES && m[c] != 0.0; k++)
                    ret[k * CLASSES + c] += w * e[k] * (e[c] + charge_of(c) * u);
        }
}

static void fill_integral(const sei_equil *eq, const sei_surface *f, const double m[CLASSES],
                          double psi, sei_react_layer *layer)
{
    const double y  = fabs(psi) > LEAST ? psi : copysign(LEAST, psi);
    const double by = copysign(f->area_m2 * unit_charge(eq) / SEI_PHREEQC_FARADAY, y);
    double       slope;
    const double root = sqrt(excess_at(m, y, &slope));

    integrate(m, y, layer->kg);
    for (size_t k = 0; k < CLASSES; k++) {
        const double excess    = by * layer->kg[k];
        layer->kg[k]           = f->layer_kg + excess;
        layer->by_potential[k] = by * expm1(-charge_of(k) * y) / root;
    }
}

/* ---- a layer ---- */

bool sei_react_has_potential(const sei_surface *f)
{
    return !f->no_edl && f->area_m2 > 0.0;
}

bool sei_react_is_ccm(const sei_surface *f)
{
    return !f->has_planes && f->capacitance_f_m2 > 0.0;
}

double sei_react_condenser(const sei_equil *eq, const sei_surface *f)
{
    const double volt = SEI_PHREEQC_GAS_CONSTANT * eq->temp_k / SEI_PHREEQC_FARADAY;

    return f->capacitance_f_m2 * volt * f->area_m2 / SEI_PHREEQC_FARADAY;
}

static double charge_by_law(const sei_equil *eq, const sei_surface *f, const double m[CLASSES],
                            double psi)
{
    double slope, charge = 0.0;

    if (sei_react_is_ccm(f))
        return sei_react_condenser(eq, f) * psi;
    if (!f->layer_is_integral || !(f->layer_kg > 0.0))
        return sei_react_layer_scale(eq, eq->mu) * sinh(0.5 * psi) * f->area_m2 /
               SEI_PHREEQC_FARADAY;
    for (size_t k = 0; k < CLASSES; k++)
        charge -= f->layer_kg * charge_of(k) * m[k];
    return charge + copysign(2.0 * f->area_m2 * unit_charge(eq) / SEI_PHREEQC_FARADAY, psi) *
                        sqrt(excess_at(m, psi, &slope));
}

static void fill(const sei_equil *eq, const sei_surface *f, const double m[CLASSES], double psi,
                 sei_react_layer *layer)
{
    layer->charge = charge_by_law(eq, f, m, psi);
    if (f->layer_is_integral)
        fill_integral(eq, f, m, psi, layer);
    else
        fill_donnan(f, m, layer);
}

void sei_react_layer_at(const sei_equil *eq, const sei_surface *f, double psi,
                        sei_react_layer *ret_layer)
{
    double m[CLASSES] = {0.0};

    for (size_t i = 0; i < eq->net->n_species; i++)
        m[class_of(eq->net->charge[i])] += eq->m[i] * sei_react_layer_erm(eq->net, f, i);
    fill(eq, f, m, psi, ret_layer);
}

/* ---- amounts ---- */

/* Of a water whose valences were given apart, no pe tells how much there is of a species. All surfaces have layers of one
 * kind. */
static double molal(const sei_react_work *w, const sei_react_system *s, size_t i)
{
    const double erm = sei_react_layer_erm(w->react->net, &s->surfaces[0], i);

    if (!w->sorbed_by_species)
        return erm * w->eq->m[i];
    const double ln = s->fixed_ln_activity[i];
    return ln < -1e300 ? 0.0
                       : erm * exp(ln - w->eq->class_lng[w->react->net->classes.of_species[i]]);
}

double sei_react_layer_charge(const sei_react_work *w, const sei_react_system *s, size_t surface,
                              double potential)
{
    return charge_by_law(w->eq, &s->surfaces[surface], w->layer_m, potential);
}

/*
 * Ions of a water and one of a single charge that makes up for what they lack: K (see above) at which the excess S of all is
 * one of a neutral solution (as PHREEQC has it in planes).
 */
static double excess_of_all(const double m[CLASSES], double y, double *ret_slope)
{
    double q = 0.0;

    for (size_t k = 0; k < CLASSES; k++)
        q += charge_of(k) * m[k];
    const double sign = q < 0.0 ? -1.0 : 1.0, e = expm1(sign * y);
    const double sum = excess_at(m, y, ret_slope) + fabs(q) * (e - sign * y);
    *ret_slope += q * e;
    return fmax(sum, NOTHING);
}

double sei_react_ions_charge(const sei_react_work *w, const sei_surface *f, double psi,
                             double *ret_slope)
{
    const double y    = fabs(psi) > LEAST ? psi : copysign(LEAST, psi);
    const double by   = copysign(f->area_m2 * unit_charge(w->eq) / SEI_PHREEQC_FARADAY, y);
    const double root = sqrt(excess_of_all(w->layer_m, y, ret_slope));

    *ret_slope *= by / root;
    return 2.0 * by * root * (psi / y);
}

/* Moles of species i in layer k. */
static double held(const sei_react_work *w, const sei_react_system *s, size_t k, size_t i)
{
    return sei_react_layer_mol(&w->layers[k], molal(w, s, i), w->react->net->charge[i]);
}

void sei_react_fill_layers(sei_react_work *w, const sei_react_system *s)
{
    const sei_net *net = w->react->net;

    memset(w->layer_m, 0, sizeof w->layer_m);
    for (size_t i = 0; i < net->n_species; i++)
        w->layer_m[class_of(net->charge[i])] += molal(w, s, i);
    for (size_t k = 0; k < s->n_surfaces; k++) {
        if (!(s->surfaces[k].layer_kg > 0.0))
            continue;
        fill(w->eq, &s->surfaces[k], w->layer_m, w->potential[k], &w->layers[k]);
        for (size_t i = 0; i < net->n_species; i++)
            w->terms.mol[i] += held(w, s, k, i);
    }
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

/* Weights of all species as one row of slopes; of what is in the water alone, so that its mass does not matter. */
static void put_weights(sei_react_work *w, double row[])
{
    double sum[SEI_V4_PADDED(SEI_REACT_UNKNOWNS_MAX) + SEI_V8];

    for (size_t i = 0; i < w->terms.n_aqueous; i++)
        w->line_term[i] = (uint16_t)i;
    sei_sum_rows(w->terms.n_aqueous, w->line_term, w->line, w->terms.slope, w->terms.stride, sum);
    sum[w->k_kg] = 0.0;
    for (size_t u = 0; u <= w->k_aw; u++)
        row[u] += sum[u];
}

void sei_react_ions_charge_slopes(sei_react_work *w, const sei_react_system *s, size_t k,
                                  double factor, double row[])
{
    const sei_net *net = w->react->net;
    const double   psi = w->potential[k], y = fabs(psi) > LEAST ? psi : copysign(LEAST, psi);
    double         slope, q                 = 0.0;

    (void)sei_react_ions_charge(w, &s->surfaces[k], psi, &slope);
    row[w->k_potential + k] += factor * slope;
    const double root = sqrt(excess_of_all(w->layer_m, y, &slope));
    const double by =
        copysign(s->surfaces[k].area_m2 * unit_charge(w->eq) / SEI_PHREEQC_FARADAY, y) / root;
    for (size_t c = 0; c < CLASSES; c++)
        q += charge_of(c) * w->layer_m[c];
    const double sign = q < 0.0 ? -1.0 : 1.0;
    for (size_t i = 0; i < net->n_species; i++) {
        const double z = net->charge[i];
        w->line[i] = factor * molal(w, s, i) * by * (expm1(-z * y) + sign * z * expm1(sign * y));
    }
    put_weights(w, row);
}

/* Slopes of the one potential of layer k by all unknowns: as the charges of the surface and of what is beside it change. */
static void potential_slopes(sei_react_work *w, const sei_react_system *s, size_t k, double ret[])
{
    const sei_net *net   = w->react->net;
    double         total = 0.0;

    for (size_t i = 0; i < net->n_species; i++)
        total += net->charge[i] * net->charge[i] * held(w, s, k, i);
    total = fmax(total, NOTHING);
    for (size_t i = 0; i < net->n_species; i++)
        w->line[i] = net->charge[i] * held(w, s, k, i) / total;
    memset(ret, 0, w->nu * sizeof *ret);
    put_weights(w, ret);
    sei_react_layer_charge_slopes(w, s, k, 1.0 / total, ret);
}

/* What the balance of a list has of its species, by classes. */
static void sum_list(const sei_react_work *w, const sei_react_system *s, size_t list, double by,
                     double m[CLASSES])
{
    const sei_react_terms *t = &w->terms;

    for (uint32_t c = t->row_ptr[list]; c < t->row_ptr[list + 1]; c++)
        if (t->row_term[c] < t->n_aqueous)
            m[class_of(w->react->net->charge[t->row_term[c]])] +=
                by * t->row_c[c] * molal(w, s, t->row_term[c]);
}

/* With the slopes of the one potential; NULL: the potential falls. */
static void add_to_balance(sei_react_work *w, size_t k, const double m[CLASSES],
                           const double potential[], double *row)
{
    const sei_react_layer *layer = &w->layers[k];
    double                 loss  = 0.0;

    for (size_t c = 0; c < CLASSES && potential; c++)
        loss += charge_of(c) * m[c] * layer->kg[c];
    for (size_t u = 0; u < w->nu && loss != 0.0; u++)
        row[u] -= loss * potential[u];
    for (size_t c = 0; c < CLASSES && !potential; c++)
        row[w->k_potential + k] += m[c] * layer->by_potential[c];
}

/* Slopes of the molalities of all classes by all unknowns but the mass of water: row c of class c. */
static void class_slopes(sei_react_work *w, const sei_react_system *s, double ret_rows[])
{
    double sum[SEI_V4_PADDED(SEI_REACT_UNKNOWNS_MAX) + SEI_V8];

    memset(ret_rows, 0, CLASSES * w->nu * sizeof *ret_rows);
    for (size_t c = 0; c < CLASSES; c++) {
        size_t n = 0;
        for (size_t i = 0; i < w->terms.n_aqueous && w->layer_m[c] != 0.0; i++)
            if (class_of(w->react->net->charge[i]) == c) {
                w->line_term[n] = (uint16_t)i;
                w->line[n++]    = molal(w, s, i);
            }
        if (n == 0)
            continue;
        sei_sum_rows(n, w->line_term, w->line, w->terms.slope, w->terms.stride, sum);
        sum[w->k_kg] = 0.0;
        memcpy(ret_rows + c * w->nu, sum, (w->k_aw + 1) * sizeof *sum);
    }
}

/* What layer k holds of each class by the molalities of all. */
static void composition_slopes(const sei_react_work *w, const sei_surface *f, size_t k,
                               double ret[CLASSES * CLASSES])
{
    const double psi = w->potential[k], y = fabs(psi) > LEAST ? psi : copysign(LEAST, psi);
    const double by = copysign(f->area_m2 * unit_charge(w->eq) / SEI_PHREEQC_FARADAY, y);

    integrate_slopes(w->layer_m, y, ret);
    for (size_t i = 0; i < CLASSES * CLASSES; i++)
        ret[i] *= by;
}

/* Of a falling potential's integrals, as they change with the composition of the water. */
static void add_composition(const sei_react_work *w, const double m[CLASSES],
                            const double by_class[CLASSES * CLASSES], const double rows[],
                            double *row)
{
    for (size_t c = 0; c < CLASSES; c++) {
        double sum = 0.0;
        for (size_t k = 0; k < CLASSES; k++)
            sum += m[k] * by_class[k * CLASSES + c];
        for (size_t u = 0; u <= w->k_aw && sum != 0.0; u++)
            row[u] += sum * rows[c * w->nu + u];
    }
}

void sei_react_layer_slopes(sei_react_work *w, const sei_react_system *s)
{
    double by[SEI_REACT_UNKNOWNS_MAX], m[CLASSES], by_class[CLASSES * CLASSES];
    double rows[CLASSES * SEI_REACT_UNKNOWNS_MAX];

    for (size_t k = 0; k < s->n_surfaces; k++)
        if (s->surfaces[k].layer_kg > 0.0 && s->surfaces[k].layer_is_integral) {
            class_slopes(w, s, rows);
            break;
        }
    for (size_t k = 0; k < s->n_surfaces; k++) {
        const bool falls = s->surfaces[k].layer_is_integral;
        if (!(s->surfaces[k].layer_kg > 0.0))
            continue;
        if (falls)
            composition_slopes(w, &s->surfaces[k], k, by_class);
        else
            potential_slopes(w, s, k, by);
        for (size_t b = 0; b < w->nb; b++) {
            memset(m, 0, sizeof m);
            sum_list(w, s, 2 * b, w->gain[b], m);
            sum_list(w, s, 2 * b + 1, w->loss[b], m);
            add_to_balance(w, k, m, falls ? NULL : by, w->lin + b * w->nu);
            if (falls)
                add_composition(w, m, by_class, rows, w->lin + b * w->nu);
        }
    }
}

/* Slopes of the charge that surface k has by the charge law, times a factor, added to a row. */
void sei_react_layer_charge_slopes(sei_react_work *w, const sei_react_system *s, size_t k,
                                   double factor, double row[])
{
    const sei_net     *net = w->react->net;
    const sei_surface *f   = &s->surfaces[k];
    const double       psi = w->potential[k];
    double             slope;

    if (sei_react_is_ccm(f)) {
        row[w->k_potential + k] += factor * sei_react_condenser(w->eq, f);
        return;
    }
    if (!f->layer_is_integral || !(f->layer_kg > 0.0)) {
        const double unit =
            sei_react_layer_scale(w->eq, w->eq->mu) * f->area_m2 / SEI_PHREEQC_FARADAY;
        row[w->k_potential + k] += factor * 0.5 * unit * cosh(0.5 * psi);
        row[w->k_mu] += factor * 0.5 * unit * sinh(0.5 * psi) / fmax(w->eq->mu, 1e-12);
        return;
    }
    const double y    = fabs(psi) > LEAST ? psi : copysign(LEAST, psi);
    const double root = sqrt(excess_at(w->layer_m, y, &slope));
    const double by   = copysign(f->area_m2 * unit_charge(w->eq) / SEI_PHREEQC_FARADAY, y) / root;
    row[w->k_potential + k] += factor * by * slope;
    for (size_t i = 0; i < net->n_species; i++) {
        const double z = net->charge[i];
        w->line[i]     = factor * molal(w, s, i) * (by * (expm1(-z * y) + z * y) - f->layer_kg * z);
    }
    put_weights(w, row);
}
