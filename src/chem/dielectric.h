/* dielectric.h - properties of pure water that activity coefficients need */
#ifndef SEI_CHEM_DIELECTRIC_H
#define SEI_CHEM_DIELECTRIC_H

/* Debye-Hückel parameters of log10 gamma at 1 atm (at the vapour pressure above 100 degC):
 * a in (mol/kg)^-1/2, b in (mol/kg)^-1/2 / Angstrom. Valid 273..573 K. */
typedef struct {
    double a, b;
} sei_debye_hueckel;

sei_debye_hueckel sei_debye_hueckel_at(double temp_k);

/* Water at a pressure: compressibility d ln rho / dP in 1/atm, av the Debye-Hückel slope of volumes in cm3/mol (mol/kg)^-1/2,
 * q_born the pressure derivative of Born's function. 0..300 degC, to 1000 atm. */
typedef struct {
    double            temp_k, pressure_atm, density_kg_l, compressibility, permittivity;
    sei_debye_hueckel dh;
    double            av, q_born;
} sei_water_properties;

sei_water_properties sei_water_at(double temp_k, double pressure_atm);

double sei_water_density_kg_l(double temp_k); /* at 1 atm */
double sei_water_vapour_pressure_atm(double temp_k);
double sei_water_permittivity(double temp_k); /* relative, at 1 atm */

#endif
