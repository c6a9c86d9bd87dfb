/*
 * dielectric.c - density and permittivity of water, Debye-Hückel parameters
 *
 * Density: Wagner & Pruss 2002, J. Phys. Chem. Ref. Data 31, 387, eq. 2.6 (saturated liquid), raised to
 * 1 atm with the compressibility of water near room temperature. Permittivity: Bradley & Pitzer 1979,
 * J. Phys. Chem. 83, 1599. These are the equations that PHREEQC 3 uses, so that the same database
 * gives the same activity coefficients.
 */
#include "chem/dielectric.h"

#include <math.h>

#include "base/constants.h"

#define LN10     2.302585092994045684
#define AVOGADRO 6.02252e23 /* value that goes with e^2/kT below */
#define PI       3.14159265358979323846

/* Vapour pressure of water, atm; good enough for the small correction it makes. */
static double vapour_pressure_atm(double temp_k)
{
    return exp(11.6702 - 3816.44 / (temp_k - 46.13));
}

double sei_water_density_kg_l(double temp_k)
{
    static const double b[6]  = {1.99274064,  1.09965342,  -0.510839303,
                                 -1.75493479, -45.5170352, -6.7469445e5};
    static const double p[6]  = {1.0, 2.0, 5.0, 16.0, 43.0, 110.0}; /* thirds */
    const double        theta = cbrt(1.0 - temp_k / 647.096);
    double              sum   = 1.0;

    for (int i = 0; i < 6; i++)
        sum += b[i] * pow(theta, p[i]);
    const double tc    = temp_k - SEI_ZERO_CELSIUS;
    const double p_sat = vapour_pressure_atm(temp_k);
    const double dp    = (p_sat > 1.0 ? p_sat : 1.0) - (p_sat - 1e-6);
    const double rho   = 322.0 * sum;
    /* d rho / d p in kg/m3/atm, 0..100 degC */
    const double slope =
        5.188e-2 +
        tc * (-4.1885519e-4 + tc * (6.6780748e-6 + tc * (-3.6648699e-8 + tc * 8.3501912e-11)));
    return (rho + dp * slope) / 1e3;
}

double sei_water_permittivity(double temp_k)
{
    static const double u[9]         = {3.4279e2,  -5.0866e-3, 9.4690e-7, -2.0525, 3.1159e3,
                                        -1.8289e2, -8.0325e3,  4.2142e6,  2.1417};
    const double        pressure_bar = fmax(1.0, vapour_pressure_atm(temp_k)) * 1.01325;
    const double        d1000        = u[0] * exp(temp_k * (u[1] + temp_k * u[2]));
    const double        c            = u[3] + u[4] / (u[5] + temp_k);
    const double        b            = u[6] + u[7] / temp_k + u[8] * temp_k;

    return d1000 + c * log((b + pressure_bar) / (b + 1e3));
}

sei_debye_hueckel sei_debye_hueckel_at(double temp_k)
{
    const double rho = sei_water_density_kg_l(temp_k);
    /* e^2 / (4 pi eps0 eps k T) in cm: 1.671008e-3 / (eps T) */
    const double      bjerrum = 1.671008e-3 / (sei_water_permittivity(temp_k) * temp_k);
    const double      kappa   = sqrt(8.0 * PI * AVOGADRO * bjerrum * rho / 1e3); /* 1/cm */
    sei_debye_hueckel dh;

    dh.a = kappa * bjerrum / (2.0 * LN10);
    dh.b = kappa * 1e-8;
    return dh;
}
