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

#include "base/text.h"

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

static double cubic(double z, double a, double b)
{
    return ((z - (1.0 - b)) * z + (a - 3.0 * b * b - 2.0 * b)) * z - (a * b - b * b - b * b * b);
}

/* The largest root: from above it the cubic rises and is convex, so that Newton's method comes down to it. */
static double largest_z(double a, double b)
{
    double z = 1.0 + a + 2.0 * b + 1.0;

    for (int k = 0; k < 200; k++) {
        const double slope = (3.0 * z - 2.0 * (1.0 - b)) * z + (a - 3.0 * b * b - 2.0 * b);
        const double step  = cubic(z, a, b) / slope;
        if (!(slope > 0.0) || fabs(step) < 1e-15 * z)
            break;
        z -= step;
    }
    return fmax(z, b * (1.0 + 1e-9));
}

bool sei_gas_fugacity(const sei_db *db, size_t n, const size_t phase[], const double x[],
                      double pressure_atm, double temp_k, double ret_ln_phi[], double *ret_z)
{
    double a[SEI_GASES_MAX], b[SEI_GASES_MAX], part[SEI_GASES_MAX] = {0}, a_sum = 0.0, b_sum = 0.0;

    if (n > SEI_GASES_MAX)
        return false;
    memset(ret_ln_phi, 0, n * sizeof *ret_ln_phi);
    *ret_z = 1.0;
    if (!(pressure_atm > 0.0))
        return true;
    for (size_t i = 0; i < n; i++) {
        const sei_phase *p     = &db->phases[phase[i]];
        const double     t     = temp_k / p->t_c_k;
        const double     m     = 0.37464 + (1.54226 - 0.26992 * p->omega) * p->omega;
        const double     alpha = 1.0 + m * (1.0 - sqrt(t));
        a[i]                   = OMEGA_A * alpha * alpha * (pressure_atm / p->p_c_atm) / (t * t);
        b[i]                   = OMEGA_B * (pressure_atm / p->p_c_atm) / t;
        b_sum += x[i] * b[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            const double both =
                sqrt(a[i] * a[k]) *
                (i == k ? 1.0
                        : 1.0 - pair_of(db, db->phases[phase[i]].name, db->phases[phase[k]].name));
            part[i] += x[k] * both;
            a_sum += x[i] * x[k] * both;
        }
    const double z = largest_z(a_sum, b_sum), root2 = sqrt(2.0);
    const double far = log((z + (1.0 + root2) * b_sum) / (z + (1.0 - root2) * b_sum));
    for (size_t i = 0; i < n; i++) {
        const double share = b[i] / b_sum;
        ret_ln_phi[i]      = share * (z - 1.0) - log(z - b_sum) +
                        a_sum / (2.0 * root2 * b_sum) * (share - 2.0 * part[i] / a_sum) * far;
    }
    *ret_z = z;
    return true;
}
