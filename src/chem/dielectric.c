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

#define BAR_PER_ATM 1.01325
#define R_CM3_ATM   (SEI_GAS_CONSTANT / 0.101325)

/* Vapour pressure of water, atm; good enough for the small correction it makes. */
double sei_water_vapour_pressure_atm(double temp_k)
{
    return exp(11.6702 - 3816.44 / (temp_k - 46.13));
}

/* kg/m3 of the saturated liquid: 1, 2, 5, 16, 43 and 110 thirds of 1 - T / Tc */
static double saturated_density(double temp_k)
{
    const double t = cbrt(1.0 - temp_k / 647.096), t2 = t * t, t4 = t2 * t2, t8 = t4 * t4,
                 t16 = t8 * t8, t43 = t16 * t16 * t8 * t2 * t, t110 = t43 * t43 * t16 * t8;

    return 322.0 * (1.0 + 1.99274064 * t + 1.09965342 * t2 - 0.510839303 * t4 * t -
                    1.75493479 * t16 - 45.5170352 * t43 - 6.7469445e5 * t110);
}

/* Above the vapour pressure: rho = rho_sat + p (c0 + p (c1 + p (c2 + p^1/2 c3))) with polynomials of the temperature. */
static void compression(double temp_c, double ret_c[4])
{
    static const double poly[4][5] = {
        {5.1880000e-2, -4.1885519e-4, 6.6780748e-6, -3.6648699e-8, 8.3501912e-11},
        {-6.0251348e-6, 3.6696407e-7, -9.2056269e-9, 6.7024182e-11, -1.5947241e-13},
        {-2.2983596e-9, -4.0133819e-10, 1.2619821e-11, -9.8952363e-14, 2.3363281e-16},
        {7.0517647e-11, 6.8566831e-12, -2.2829750e-13, 1.8113313e-15, -4.2475324e-18},
    };

    for (int k = 0; k < 4; k++) {
        ret_c[k] = 0.0;
        for (int i = 5; i-- > 0;)
            ret_c[k] = ret_c[k] * temp_c + poly[k][i];
    }
}

double sei_water_density_kg_l(double temp_k)
{
    const double p_sat = sei_water_vapour_pressure_atm(temp_k);
    const double dp    = (p_sat > 1.0 ? p_sat : 1.0) - (p_sat - 1e-6);
    double       c[4];

    compression(temp_k - SEI_ZERO_CELSIUS, c);
    return (saturated_density(temp_k) + dp * c[0]) / 1e3;
}

/* Of the permittivity: eps = eps at 1000 bar + c ln((b + p) / (b + 1000)), p in bar. */
static double permittivity_at(double temp_k, double pressure_bar, double *ret_b, double *ret_c)
{
    static const double u[9]  = {3.4279e2,  -5.0866e-3, 9.4690e-7, -2.0525, 3.1159e3,
                                 -1.8289e2, -8.0325e3,  4.2142e6,  2.1417};
    const double        d1000 = u[0] * exp(temp_k * (u[1] + temp_k * u[2]));

    *ret_c = u[3] + u[4] / (u[5] + temp_k);
    *ret_b = u[6] + u[7] / temp_k + u[8] * temp_k;
    return d1000 + *ret_c * log((*ret_b + pressure_bar) / (*ret_b + 1e3));
}

double sei_water_permittivity(double temp_k)
{
    double b, c;

    return permittivity_at(temp_k, fmax(1.0, sei_water_vapour_pressure_atm(temp_k)) * BAR_PER_ATM,
                           &b, &c);
}

/* e^2 / (4 pi eps0 eps k T) in cm, and 1 / (Debye length x root of ionic strength) in 1/cm. */
static sei_debye_hueckel parameters(double temp_k, double permittivity, double density_kg_l)
{
    const double bjerrum = 1.671008e-3 / (permittivity * temp_k);
    const double kappa   = sqrt(8.0 * PI * AVOGADRO * bjerrum * density_kg_l / 1e3);

    return (sei_debye_hueckel){.a = kappa * bjerrum / (2.0 * LN10), .b = kappa * 1e-8};
}

sei_debye_hueckel sei_debye_hueckel_at(double temp_k)
{
    return parameters(temp_k, sei_water_permittivity(temp_k), sei_water_density_kg_l(temp_k));
}

sei_water_properties sei_water_at(double temp_k, double pressure_atm)
{
    const double         p_sat = sei_water_vapour_pressure_atm(temp_k);
    const double         p     = fmax(pressure_atm, p_sat);
    const double         dp    = p - (p_sat - 1e-6);
    sei_water_properties w     = {.temp_k = temp_k, .pressure_atm = p};
    double               k[4], b, c;

    compression(temp_k - SEI_ZERO_CELSIUS, k);
    const double rho =
        saturated_density(temp_k) + dp * (k[0] + dp * (k[1] + dp * (k[2] + sqrt(dp) * k[3])));
    w.density_kg_l = rho / 1e3;
    w.compressibility =
        (k[0] + dp * (2.0 * k[1] + dp * (3.0 * k[2] + sqrt(dp) * 3.5 * k[3]))) / rho;
    w.permittivity     = permittivity_at(temp_k, p * BAR_PER_ATM, &b, &c);
    w.dh               = parameters(temp_k, w.permittivity, w.density_kg_l);
    const double slope = c / (b + p * BAR_PER_ATM); /* d eps / d p, 1/bar */
    /* Bradley & Pitzer 1979, eq. 3: the slope of volumes that goes with a */
    w.av = 2.0 * LN10 * w.dh.a * R_CM3_ATM * temp_k *
           (slope * BAR_PER_ATM / w.permittivity - w.compressibility / 3.0);
    w.q_born = slope / (w.permittivity * w.permittivity);
    return w;
}
