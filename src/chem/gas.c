/*
 * gas.c - the equation of Peng and Robinson (peng1976)
 *
 *     p = R T / (V - b) - a alpha / (V^2 + 2 b V - b^2)
 * with mixing by sqrt(a_i a_j) (1 - k_ij) and mean b, as PHREEQC 3 has it (appelo2014).
 * R drops out: a = 0.457235 (R Tc)^2 / pc and b = 0.077796 R Tc / pc stand in A = a p / (R T)^2 and B = b p / R T.
 */
#include "chem/gas.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "base/text.h"

#define R_L_ATM (SEI_GAS_CONSTANT / 101.325)
/* Constants of the equation as PHREEQC rounds them. */
#define OMEGA_A 0.457235
#define OMEGA_B 0.077796

bool sei_gas_is_real(const sei_phase *phase)
{
    return phase->t_c_k > 0.0 && phase->p_c_atm > 0.0;
}

static double pair_of(const sei_db *db, const char *one, const char *two)
{
    for (size_t i = db->n_gas_pairs; i > 0; i--) {
        const sei_gas_pair *p = &db->gas_pairs[i - 1];
        if ((sei_equal_nocase(p->gas[0], one) && sei_equal_nocase(p->gas[1], two)) ||
            (sei_equal_nocase(p->gas[0], two) && sei_equal_nocase(p->gas[1], one)))
            return p->k;
    }
    return 0.0;
}

/* Peng and Robinson's parameters of a mixture at a temperature: A = a P, B = b P; part and own b of each gas. */
typedef struct {
    double a, b, part[SEI_GASES_MAX], own_b[SEI_GASES_MAX];
} mixture;

static mixture mix(const sei_db *db, size_t n, const size_t phase[], const double x[],
                   double temp_k)
{
    double  a[SEI_GASES_MAX];
    mixture m = {0};

    for (size_t i = 0; i < n; i++) {
        const sei_phase *p     = &db->phases[phase[i]];
        const double     t     = temp_k / p->t_c_k;
        const double     k     = 0.37464 + (1.54226 - 0.26992 * p->omega) * p->omega;
        const double     alpha = 1.0 + k * (1.0 - sqrt(t));
        a[i]                   = OMEGA_A * alpha * alpha / (p->p_c_atm * t * t);
        m.own_b[i]             = OMEGA_B / (p->p_c_atm * t);
        m.b += x[i] * m.own_b[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            const double both =
                sqrt(a[i] * a[k]) *
                (i == k ? 1.0
                        : 1.0 - pair_of(db, db->phases[phase[i]].name, db->phases[phase[k]].name));
            m.part[i] += x[k] * both;
            m.a += x[i] * x[k] * both;
        }
    return m;
}

static double cubic(double z, double a, double b)
{
    return ((z - (1.0 - b)) * z + (a - 3.0 * b * b - 2.0 * b)) * z - (a * b - b * b - b * b * b);
}

/* The root that Newton's method goes to: from above them all, where the cubic rises and is convex, the largest; from z = B,
 * where it is negative and concave, the smallest. */
static double root_of(double z, double a, double b)
{
    for (int k = 0; k < 200; k++) {
        const double slope = (3.0 * z - 2.0 * (1.0 - b)) * z + (a - 3.0 * b * b - 2.0 * b);
        const double step  = cubic(z, a, b) / slope;
        if (!(slope > 0.0) || fabs(step) < 1e-15 * z)
            break;
        z -= step;
    }
    return fmax(z, b * (1.0 + 1e-9));
}

static double largest_z(double a, double b)
{
    return root_of(1.0 + a + 2.0 * b + 1.0, a, b);
}

static double ln_phi_of(const mixture *m, size_t i, double z, double pressure_atm)
{
    const double root2 = sqrt(2.0), b = m->b * pressure_atm, share = m->own_b[i] / m->b;
    const double far = log((z + (1.0 + root2) * b) / (z + (1.0 - root2) * b));

    return share * (z - 1.0) - log(z - b) +
           m->a / (2.0 * root2 * m->b) * (share - 2.0 * m->part[i] / m->a) * far;
}

bool sei_gas_fugacity(const sei_db *db, size_t n, const size_t phase[], const double x[],
                      double pressure_atm, double temp_k, double ret_ln_phi[], double *ret_z)
{
    if (n > SEI_GASES_MAX)
        return false;
    memset(ret_ln_phi, 0, n * sizeof *ret_ln_phi);
    *ret_z = 1.0;
    if (!(pressure_atm > 0.0))
        return true;
    const mixture m = mix(db, n, phase, x, temp_k);
    *ret_z          = largest_z(m.a * pressure_atm, m.b * pressure_atm);
    for (size_t i = 0; i < n; i++)
        ret_ln_phi[i] = ln_phi_of(&m, i, *ret_z, pressure_atm);
    return true;
}

/* ---- at a volume ---- */

/* In v = V / RT (1/atm): P = 1 / (v - b) - a / (v^2 + 2 b v - b^2), and its slope. */
static double pressure_at(const mixture *m, double v, double *ret_slope)
{
    const double free = v - m->b, all = v * v + 2.0 * m->b * v - m->b * m->b;

    *ret_slope = -1.0 / (free * free) + m->a * 2.0 * (v + m->b) / (all * all);
    return 1.0 / free - m->a / all;
}

/* The volume at which vapour becomes unstable as it is compressed, in v; 0: at none. */
static double end_of_vapour(const mixture *m)
{
    enum { POINTS = 600, HALVINGS = 60 };
    double slope, above = 0.0, below = 0.0;

    for (int k = POINTS; k > 0 && below == 0.0; k--) {
        const double v = m->b * exp(7.0 * k / POINTS);
        (void)pressure_at(m, v, &slope);
        if (slope > 0.0)
            below = v;
        else
            above = v;
    }
    for (int k = 0; k < HALVINGS && below > 0.0; k++) {
        const double v = 0.5 * (above + below);
        (void)pressure_at(m, v, &slope);
        if (slope > 0.0)
            below = v;
        else
            above = v;
    }
    return below > 0.0 ? above : 0.0;
}

bool sei_gas_at_volume(const sei_db *db, size_t n, const size_t phase[], const double x[],
                       double volume_l_mol, double temp_k, double ret_ln_phi[], double *ret_z)
{
    const double v = volume_l_mol / (R_L_ATM * temp_k);
    double       slope, p;

    if (n > SEI_GASES_MAX || !(v > 0.0))
        return false;
    const mixture m = mix(db, n, phase, x, temp_k);
    if (!(v > m.b))
        return false;
    const double end  = end_of_vapour(&m);
    const double most = end > 0.0 ? pressure_at(&m, end, &slope) : 0.0;
    p                 = pressure_at(&m, v, &slope);
    const bool parts  = v < end && (p < most || slope > 0.0);
    if (parts)
        p = most;
    const double z = p * (parts ? end : v);
    if (!(p > 0.0) || !(z > m.b * p))
        return false;
    for (size_t i = 0; i < n; i++)
        ret_ln_phi[i] = ln_phi_of(&m, i, z, p);
    *ret_z = p * v;
    return true;
}
