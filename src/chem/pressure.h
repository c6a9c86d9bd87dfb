/* pressure.h - molar volumes, and what pressure makes of constants by them */
#ifndef SEI_CHEM_PRESSURE_H
#define SEI_CHEM_PRESSURE_H

#include "chem/equil.h"

/* Of an aqueous species at an ionic strength, cm3/mol; 0 without -Vm in the database. */
double sei_species_volume_cm3(const sei_db *db, size_t species, const sei_water_properties *water,
                              double mu);

/*
 * Constants of eq at a pressure, volumes at the ionic strength mu: ln K(P) = ln K(1 atm) - dV (P - 1 atm) / RT. Before
 * sei_equil_set_temp or in its place; 1 atm takes them back. True when constants have been set.
 */
bool sei_equil_set_pressure(sei_equil *eq, double temp_k, double pressure_atm, double mu);

/* ln of what pressure makes of the constant of something that is formed from the components by nu and nu_w and takes up
 * volume_cm3 a mole itself; 0 at 1 atm. */
double sei_equil_pressure_shift(const sei_equil *eq, const double nu[], double nu_w,
                                double volume_cm3);

/* coef times the volume of an aqueous species as a shift of ln: (P - 1 atm) V coef / RT; 0 at 1 atm. */
double sei_equil_volume_shift(const sei_equil *eq, size_t db_species, double coef);

#endif
