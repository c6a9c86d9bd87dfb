/* hfo.c - surface of hydrous ferric oxide */
#include "kin/hfo.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"

static const double sites_mol[SEI_HFO_SITES] = {0.005, 0.2}; /* for a mole of iron */
/* F times sites over surface: C/m2 for a charge of one mole per mole of iron; 600 m2/g, 89 g/mol. */
static const double faraday_per_m2 = SEI_FARADAY / (600.0 * 89.0);
/* Gouy-Chapman, symmetrical 1:1 electrolyte: sigma = 0.1174 sqrt(I) sinh(y/2) at 25 degC; eps T changes
 * by 2 % down to 0 degC. */
static const double gouy_chapman = 0.1174;
static const double least_ionic = 1e-6, y_max = 20.0;

enum { NO_LIGAND = SEI_HFO_AMOUNTS };

/* What a state of a site is made of beside it: k h^protons ligand e^(-charge y). k and not its logarithm: a power
 * for each state and evaluation would cost most of the time. */
typedef struct {
    sei_hfo_site site;
    double       k;
    int          protons; /* taken up; < 0: given off */
    int          charge;
    int          ligand; /* amount that it is first order in */
} state;

/* log k of dzombak1990 behind each, as in data/thermo/minewater.dat. */
/* clang-format off */
static const state states[SEI_HFO_STATES] = {
    {SEI_HFO_STRONG, 1.949844599758045e7, 1, 1, NO_LIGAND}, /* 7.29 */
    {SEI_HFO_STRONG, 1.174897554939530e-9, -1, -1, NO_LIGAND}, /* -8.93 */
    {SEI_HFO_WEAK, 1.949844599758045e7, 1, 1, NO_LIGAND}, /* 7.29 */
    {SEI_HFO_WEAK, 1.174897554939530e-9, -1, -1, NO_LIGAND}, /* -8.93 */
    {SEI_HFO_WEAK, 6.025595860743581e7, 1, -1, SEI_HFO_SO4}, /* 7.78 */
    {SEI_HFO_WEAK, 6.165950018614822e0, 0, -2, SEI_HFO_SO4}, /* 0.79 */
    {SEI_HFO_STRONG, 9.332543007969906e4, 0, 2, SEI_HFO_CA}, /* 4.97 */
    {SEI_HFO_WEAK, 1.412537544622755e-6, -1, 1, SEI_HFO_CA}, /* -5.85 */
    {SEI_HFO_STRONG, 2.951209226666386e0, -1, 1, SEI_HFO_CD}, /* 0.47 */
    {SEI_HFO_WEAK, 1.230268770812381e-3, -1, 1, SEI_HFO_CD}, /* -2.91 */
    {SEI_HFO_STRONG, 7.762471166286920e2, -1, 1, SEI_HFO_CU}, /* 2.89 */
    {SEI_HFO_WEAK, 3.981071705534972e0, -1, 1, SEI_HFO_CU}, /* 0.6 */
    {SEI_HFO_STRONG, 4.466835921509634e4, -1, 1, SEI_HFO_PB}, /* 4.65 */
    {SEI_HFO_WEAK, 1.995262314968880e0, -1, 1, SEI_HFO_PB}, /* 0.3 */
    {SEI_HFO_STRONG, 9.772372209558107e0, -1, 1, SEI_HFO_ZN}, /* 0.99 */
    {SEI_HFO_WEAK, 1.023292992280754e-2, -1, 1, SEI_HFO_ZN}, /* -1.99 */
    {SEI_HFO_WEAK, 2.041737944669523e29, 3, 0, SEI_HFO_AS}, /* 29.31 */
    {SEI_HFO_WEAK, 3.235936569296294e23, 2, -1, SEI_HFO_AS}, /* 23.51 */
    {SEI_HFO_WEAK, 3.801893963205613e10, 0, -3, SEI_HFO_AS}, /* 10.58 */
    {SEI_HFO_WEAK, 1.949844599758046e31, 3, 0, SEI_HFO_P}, /* 31.29 */
    {SEI_HFO_WEAK, 2.454708915685031e25, 2, -1, SEI_HFO_P}, /* 25.39 */
    {SEI_HFO_WEAK, 5.248074602497723e17, 1, -2, SEI_HFO_P}, /* 17.72 */
};
/* clang-format on */

enum { WITHOUT_P = SEI_HFO_STATES - 3 };

/* x to a small whole power. */
static double power(double x, int n)
{
    double p = 1.0;

    for (int i = 0; i < (n < 0 ? -n : n); i++)
        p *= x;
    return n < 0 ? 1.0 / p : p;
}

enum { CHARGE_MAX = 3 };

static void fill(const double start[], double y, sei_hfo_surface *s)
{
    const double e = exp(-y), e2 = e * e, e3 = e2 * e;
    const double factor[2 * CHARGE_MAX + 1] = {1.0 / e3, 1.0 / e2, 1.0 / e, 1.0, e, e2, e3};

    for (size_t k = 0; k < SEI_HFO_SITES; k++) {
        s->sum[k]    = 1.0;
        s->charge[k] = s->square[k] = 0.0;
    }
    for (size_t i = 0; i < s->n_states;
         i++) { /* by products: exponents of 60 would cost two digits */
        const int    z = states[i].charge;
        const size_t k = states[i].site;
        const double v = start[i] * factor[CHARGE_MAX + z];
        s->value[i]    = v;
        s->sum[k] += v;
        s->charge[k] += z * v;
        s->square[k] += z * z * v;
    }
}

/* Charge of the surface less that of the diffuse layer, C/m2, falls with y. */
static double excess(const sei_hfo_surface *s, double layer, double y, double *ret_slope)
{
    double charge = 0.0, slope = 0.0;

    for (size_t k = 0; k < SEI_HFO_SITES; k++) {
        const double mean = s->charge[k] / s->sum[k];
        charge += sites_mol[k] * mean;
        slope -= sites_mol[k] * (s->square[k] / s->sum[k] - mean * mean);
    }
    *ret_slope = faraday_per_m2 * slope - 0.5 * layer * cosh(0.5 * y);
    return faraday_per_m2 * charge - layer * sinh(0.5 * y);
}

/* Newton within a bracket, halved where a step is not half of the last one: always ends. */
static double solve_potential(const double start[], double layer, double guess, sei_hfo_surface *s,
                              double *ret_slope)
{
    double low = -y_max, high = y_max, y = guess, last = 2.0 * y_max;

    for (int k = 0; k < 100; k++) {
        fill(start, y, s);
        const double f = excess(s, layer, y, ret_slope);
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
    fill(start, y, s);
    (void)excess(s, layer, y, ret_slope);
    return y;
}

/* How a state changes with the logarithm of an amount at a given potential. */
static double order(const state *s, int by)
{
    if (by == SEI_HFO_H)
        return s->protons;
    return s->ligand == by ? 1.0 : 0.0;
}

/* d excess/d ln t + (d excess/d y) dy/d ln t = 0 along the solution. */
static void follow(double slope, sei_hfo_surface *s)
{
    double f[SEI_HFO_AMOUNTS] = {0};

    for (size_t i = 0; i < s->n_states; i++) {
        const size_t k = states[i].site;
        const double share =
            sites_mol[k] * s->value[i] / s->sum[k] * (states[i].charge - s->charge[k] / s->sum[k]);
        f[SEI_HFO_H] += share * states[i].protons;
        if (states[i].ligand != NO_LIGAND)
            f[states[i].ligand] += share;
    }
    for (int by = 0; by < SEI_HFO_AMOUNTS; by++)
        s->dy[by] = -faraday_per_m2 * f[by] / slope;
}

/* d ln(sum of a kind of site)/d ln t. */
static void follow_sums(sei_hfo_surface *s)
{
    memset(s->dsum, 0, sizeof s->dsum);
    for (size_t i = 0; i < s->n_states; i++) {
        const size_t k     = states[i].site;
        const double share = s->value[i] / s->sum[k];
        s->dsum[k][SEI_HFO_H] += share * states[i].protons;
        if (states[i].ligand != NO_LIGAND)
            s->dsum[k][states[i].ligand] += share;
    }
    for (size_t k = 0; k < SEI_HFO_SITES; k++)
        for (int by = 0; by < SEI_HFO_AMOUNTS; by++)
            s->dsum[k][by] -= s->charge[k] / s->sum[k] * s->dy[by];
}

void sei_hfo_solve(const double amount[SEI_HFO_AMOUNTS], double ionic_strength, double guess,
                   sei_hfo_surface *ret_surface)
{
    const double layer = gouy_chapman * sqrt(fmax(ionic_strength, least_ionic));
    double       start[SEI_HFO_STATES], slope;

    ret_surface->n_states = amount[SEI_HFO_P] > SEI_HFO_TRACE ? SEI_HFO_STATES : WITHOUT_P;
    for (size_t i = 0; i < ret_surface->n_states; i++)
        start[i] = states[i].k * power(amount[SEI_HFO_H], states[i].protons) *
                   (states[i].ligand == NO_LIGAND ? 1.0 : amount[states[i].ligand]);
    ret_surface->y = solve_potential(start, layer, guess, ret_surface, &slope);
    follow(slope, ret_surface);
    follow_sums(ret_surface);
}

sei_hfo_sorbed sei_hfo_sorb(const sei_hfo_surface *surface, const double amount[SEI_HFO_AMOUNTS],
                            sei_hfo_amount which)
{
    sei_hfo_sorbed out = {0};

    for (size_t i = 0; i < surface->n_states; i++) {
        const state *s = &states[i];
        if (s->ligand != (int)which)
            continue;
        const double q = sites_mol[s->site] * surface->value[i] / surface->sum[s->site];
        out.q += q;
        for (int by = 0; by < SEI_HFO_AMOUNTS; by++)
            out.by[by] +=
                q * (order(s, by) - s->charge * surface->dy[by] - surface->dsum[s->site][by]);
    }
    for (int by = 0; by < SEI_HFO_AMOUNTS; by++)
        out.by[by] /= amount[by];
    return out;
}
