/* dielectric.h - properties of pure water that activity coefficients need */
#ifndef SEI_CHEM_DIELECTRIC_H
#define SEI_CHEM_DIELECTRIC_H

/* Debye-Hückel parameters of log10 gamma at 1 atm (at the vapour pressure above 100 degC):
 * a in (mol/kg)^-1/2, b in (mol/kg)^-1/2 / Angstrom. Valid 273..573 K. */
typedef struct {
    double a, b;
} sei_debye_hueckel;

sei_debye_hueckel sei_debye_hueckel_at(double temp_k);

double sei_water_density_kg_l(double temp_k); /* at 1 atm */
double sei_water_permittivity(double temp_k); /* relative, at 1 atm */

#endif
