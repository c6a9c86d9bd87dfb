/*
 * conductance.c - specific conductance from the ions (Kohlrausch; lowered with ionic strength after appelo2010)
 *
 * kappa = sum |z| c lambda g,  log g = alpha log gamma,  alpha = 0.6 / sqrt|z| up to I = 0.36 |z| mol/L, sqrt(I) / |z|
 * beyond; gamma by Davies.
 */
#include <math.h>
#include <string.h>

#include "seiryu/qc_water.h"

/* Equivalent conductances at 25 degC, 1e-4 S m2/mol: cations and chloride, nitrate as read in vanysek2005 or in Lange's
 * table 8.32 (Na, Ni, Pb, Sr, Zn); the other anions are the usual figures and were not read there. */
static const sei_ion ions[] = {
    {"ag", 1, 61.9e-4, SEI_PUBLISHED},    {"al", 3, 61e-4, SEI_PUBLISHED},
    {"ba", 2, 63.6e-4, SEI_PUBLISHED},    {"ca", 2, 59.47e-4, SEI_PUBLISHED},
    {"cd", 2, 54e-4, SEI_PUBLISHED},      {"cl", -1, 76.35e-4, SEI_PUBLISHED},
    {"co", 2, 55e-4, SEI_PUBLISHED},      {"co3", -2, 69.3e-4, SEI_ASSUMED},
    {"cu", 2, 53.6e-4, SEI_PUBLISHED},    {"f", -1, 55.4e-4, SEI_ASSUMED},
    {"fe2", 2, 54e-4, SEI_PUBLISHED},     {"fe3", 3, 68e-4, SEI_PUBLISHED},
    {"h", 1, 349.65e-4, SEI_PUBLISHED},   {"hco3", -1, 44.5e-4, SEI_ASSUMED},
    {"hso4", -1, 50e-4, SEI_ASSUMED},     {"k", 1, 73.48e-4, SEI_PUBLISHED},
    {"li", 1, 38.66e-4, SEI_PUBLISHED},   {"mg", 2, 53.0e-4, SEI_PUBLISHED},
    {"mn", 2, 53.5e-4, SEI_PUBLISHED},    {"na", 1, 50.11e-4, SEI_PUBLISHED},
    {"nh4", 1, 73.5e-4, SEI_PUBLISHED},   {"ni", 2, 50e-4, SEI_PUBLISHED},
    {"no3", -1, 71.46e-4, SEI_PUBLISHED}, {"oh", -1, 198e-4, SEI_ASSUMED},
    {"pb", 2, 71e-4, SEI_PUBLISHED},      {"so4", -2, 80.0e-4, SEI_ASSUMED},
    {"sr", 2, 59.46e-4, SEI_PUBLISHED},   {"zn", 2, 52.8e-4, SEI_PUBLISHED},
};

enum { N_IONS = sizeof ions / sizeof ions[0] };

size_t sei_ion_count(void)
{
    return N_IONS;
}

const sei_ion *sei_ion_at(size_t i)
{
    return i < N_IONS ? &ions[i] : NULL;
}

const sei_ion *sei_ion_find(const char *key)
{
    for (size_t i = 0; i < N_IONS; i++)
        if (strcmp(ions[i].key, key) == 0)
            return &ions[i];
    return NULL;
}

static sei_status check(sei_ctx *ctx, size_t n, const char *const keys[], const double mol_m3[],
                        double *ret_strength)
{
    double strength = 0.0;

    for (size_t i = 0; i < n; i++) {
        const sei_ion *ion = sei_ion_find(keys[i]);
        if (!ion)
            return sei_fail(ctx, SEI_E_KEY, NULL, "no conductance is known for the ion %s",
                            keys[i]);
        if (!(mol_m3[i] >= 0.0) || !isfinite(mol_m3[i]))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "ion %s: %g mol/m3", keys[i], mol_m3[i]);
        strength += 0.5 * ion->charge * ion->charge * mol_m3[i];
    }
    if (strength > SEI_CONDUCTANCE_IONIC_MAX)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "ionic strength %g mol/m3 is beyond %d", strength,
                        SEI_CONDUCTANCE_IONIC_MAX);
    *ret_strength = strength;
    return SEI_OK;
}

/* How much less an ion conducts than at infinite dilution; strength in mol/L. */
static double lowered(double charge, double strength)
{
    const double root      = sqrt(strength);
    const double log_gamma = -0.509 * charge * charge * (root / (1.0 + root) - 0.3 * strength);
    const double alpha     = strength <= 0.36 * charge ? 0.6 / sqrt(charge) : root / charge;

    return pow(10.0, alpha * log_gamma);
}

sei_status sei_conductance_25c(sei_ctx *ctx, size_t n, const char *const ions_given[],
                               const double mol_m3[], double *ret_s_m)
{
    double           strength = 0.0, s_m = 0.0;
    const sei_status st = check(ctx, n, ions_given, mol_m3, &strength);

    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < n; i++) {
        const sei_ion *ion = sei_ion_find(ions_given[i]);
        if (!ion) /* check() has found it: this is for the compiler */
            return SEI_E_INTERNAL;
        const double charge = fabs((double)ion->charge);
        s_m += charge * mol_m3[i] * ion->equivalent * lowered(charge, 1e-3 * strength);
    }
    *ret_s_m = s_m;
    return SEI_OK;
}

uint8_t sei_conductance_flag(double measured, double computed, double suspect, double fail)
{
    if (!isfinite(measured))
        return SEI_FLAG_MISSING;
    if (!(computed > 0.0) || !isfinite(computed))
        return SEI_FLAG_NOT_EVALUATED;
    const double off = fabs(measured / computed - 1.0);
    return (uint8_t)(off > fail ? SEI_FLAG_FAIL : off > suspect ? SEI_FLAG_SUSPECT : SEI_FLAG_GOOD);
}
