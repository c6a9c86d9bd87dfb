/* hfo.c - surface of hydrous ferric oxide */
#include "kin/hfo.h"

#include <math.h>
#include <stdbool.h>

#include "base/constants.h"

static const double sites_mol[SEI_HFO_SITES] = {0.005, 0.2}; /* for a mole of iron */
/* F times sites over surface: C/m2 for a charge of one mole per mole of iron; 600 m2/g, 89 g/mol. */
static const double faraday_per_m2 = SEI_FARADAY / (600.0 * 89.0);
/* Gouy-Chapman, symmetrical 1:1 electrolyte: sigma = 0.1174 sqrt(I) sinh(y/2) at 25 degC; eps T changes
 * by 2 % down to 0 degC. */
static const double gouy_chapman = 0.1174;
static const double least_ionic = 1e-6, y_max = 20.0;

/* Water's own states of the sites. ligand: 0 none, else the input it is first order in. */
typedef struct {
    sei_hfo_species s;
    int             ligand; /* SEI_HFO_BY_SO4, SEI_HFO_BY_CA, or SEI_HFO_BY for none */
} own_species;

static const own_species own[] = {
    {{SEI_HFO_STRONG, 7.29, 1, 1}, SEI_HFO_BY},    {{SEI_HFO_STRONG, -8.93, -1, -1}, SEI_HFO_BY},
    {{SEI_HFO_STRONG, 4.97, 0, 2}, SEI_HFO_BY_CA}, {{SEI_HFO_WEAK, 7.29, 1, 1}, SEI_HFO_BY},
    {{SEI_HFO_WEAK, -8.93, -1, -1}, SEI_HFO_BY},   {{SEI_HFO_WEAK, -5.85, -1, 1}, SEI_HFO_BY_CA},
    {{SEI_HFO_WEAK, 7.78, 1, -1}, SEI_HFO_BY_SO4}, {{SEI_HFO_WEAK, 0.79, 0, -2}, SEI_HFO_BY_SO4},
};

enum { N_OWN = sizeof own / sizeof own[0] };

/* x to a small whole power. */
static double power(double x, int n)
{
    double p = 1.0;

    for (int i = 0; i < (n < 0 ? -n : n); i++)
        p *= x;
    return n < 0 ? 1.0 / p : p;
}

/* An activity of h, and e = exp(-y). By products: exponents of 60 would cost two digits. */
static double factor(const sei_hfo_species *s, double h, double e)
{
    return pow(10.0, s->log_k) * power(h, s->protons) * power(e, s->charge);
}

/* Sums over the states of each kind of site: 1, charge, charge squared. */
typedef struct {
    double value[N_OWN];
    double sum[SEI_HFO_SITES], charge[SEI_HFO_SITES], square[SEI_HFO_SITES];
} states;

static void fill(const double start[], double y, states *st)
{
    const double e = exp(-y);

    for (size_t k = 0; k < SEI_HFO_SITES; k++) {
        st->sum[k]    = 1.0;
        st->charge[k] = st->square[k] = 0.0;
    }
    for (size_t i = 0; i < N_OWN; i++) {
        const sei_hfo_species *s = &own[i].s;
        const double           v = start[i] * power(e, s->charge);
        st->value[i]             = v;
        st->sum[s->site] += v;
        st->charge[s->site] += s->charge * v;
        st->square[s->site] += s->charge * s->charge * v;
    }
}

/* Charge of the surface less that of the diffuse layer, C/m2, falls with y. */
static double excess(const states *st, double layer, double y, double *ret_slope)
{
    double charge = 0.0, slope = 0.0;

    for (size_t k = 0; k < SEI_HFO_SITES; k++) {
        const double mean = st->charge[k] / st->sum[k];
        charge += sites_mol[k] * mean;
        slope -= sites_mol[k] * (st->square[k] / st->sum[k] - mean * mean);
    }
    *ret_slope = faraday_per_m2 * slope - 0.5 * layer * cosh(0.5 * y);
    return faraday_per_m2 * charge - layer * sinh(0.5 * y);
}

/* Newton within a bracket, halved where a step is not half of the last one: always ends. */
static double solve_potential(const double start[], double layer, double guess, states *st,
                              double *ret_slope)
{
    double low = -y_max, high = y_max, y = guess, last = 2.0 * y_max;

    for (int k = 0; k < 100; k++) {
        fill(start, y, st);
        const double f = excess(st, layer, y, ret_slope);
        if (f > 0.0)
            low = y;
        else
            high = y;
        const double next    = y - f / *ret_slope;
        const bool   is_good = next >= low && next <= high && fabs(next - y) <= 0.5 * fabs(last);
        const double to      = is_good ? next : 0.5 * (low + high);
        const bool   is_last = fabs(to - y) <= 1e-9 * (1.0 + fabs(y)); /* the next one is exact */
        last                 = to - y;
        y                    = to;
        if (is_last)
            break;
    }
    fill(start, y, st);
    (void)excess(st, layer, y, ret_slope);
    return y;
}

/* How a state changes with ln of h, so4 or ca at a given potential. */
static double order(const own_species *s, int by)
{
    if (by == SEI_HFO_BY_H)
        return s->s.protons;
    return s->ligand == by ? 1.0 : 0.0;
}

/* Slopes along the solution: d excess/d ln t + (d excess/d y) dy/d ln t = 0. */
static void follow(const states *st, double slope, const double amount[], sei_hfo_surface *out)
{
    for (int by = 0; by < SEI_HFO_BY; by++) {
        double dsum[SEI_HFO_SITES] = {0}, dcharge[SEI_HFO_SITES] = {0}, f = 0.0;
        for (size_t i = 0; i < N_OWN; i++) {
            const double d = order(&own[i], by) * st->value[i];
            dsum[own[i].s.site] += d;
            dcharge[own[i].s.site] += own[i].s.charge * d;
        }
        for (size_t k = 0; k < SEI_HFO_SITES; k++)
            f += sites_mol[k] * (dcharge[k] - st->charge[k] / st->sum[k] * dsum[k]) / st->sum[k];
        const double dy = -faraday_per_m2 * f / slope;
        out->dy[by]     = dy / amount[by];
        for (size_t k = 0; k < SEI_HFO_SITES; k++)
            out->dsum[k][by] = (dsum[k] - st->charge[k] * dy) / amount[by];
    }
}

void sei_hfo_solve(const sei_hfo_water *water, sei_hfo_surface *ret_surface)
{
    const double amount[SEI_HFO_BY] = {water->h, water->so4, water->ca};
    const double layer              = gouy_chapman * sqrt(fmax(water->ionic_strength, least_ionic));
    double       start[N_OWN], slope;
    states       st;

    for (size_t i = 0; i < N_OWN; i++)
        start[i] = factor(&own[i].s, water->h, 1.0) *
                   (own[i].ligand < SEI_HFO_BY ? amount[own[i].ligand] : 1.0);
    ret_surface->y = solve_potential(start, layer, 0.0, &st, &slope);
    for (size_t k = 0; k < SEI_HFO_SITES; k++)
        ret_surface->sum[k] = st.sum[k];
    follow(&st, slope, amount, ret_surface);
}

sei_hfo_sorbed sei_hfo_sorb(const sei_hfo_surface *surface, const sei_hfo_water *water, size_t n,
                            const sei_hfo_species species[], double a)
{
    double         unit[SEI_HFO_SITES] = {0}, dunit[SEI_HFO_SITES][SEI_HFO_BY] = {{0}};
    sei_hfo_sorbed out = {0};
    const double   e   = exp(-surface->y);

    for (size_t i = 0; i < n; i++) { /* states of the metal for an activity of one */
        const sei_hfo_species *s = &species[i];
        const double           v = factor(s, water->h, e);
        unit[s->site] += v;
        for (int by = 0; by < SEI_HFO_BY; by++)
            dunit[s->site][by] += v * ((by == SEI_HFO_BY_H ? s->protons / water->h : 0.0) -
                                       s->charge * surface->dy[by]);
    }
    for (size_t k = 0; k < SEI_HFO_SITES; k++) {
        const double all = surface->sum[k] + unit[k] * a;
        const double w   = sites_mol[k] / (all * all);
        out.q += sites_mol[k] * unit[k] * a / all;
        out.by_a += w * unit[k] * surface->sum[k];
        for (int by = 0; by < SEI_HFO_BY; by++)
            out.by[by] += w * a * (dunit[k][by] * surface->sum[k] - unit[k] * surface->dsum[k][by]);
    }
    return out;
}
