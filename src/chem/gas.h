/*
 * gas.h - real gases: the equation of state of Peng and Robinson
 */
#ifndef SEI_CHEM_GAS_H
#define SEI_CHEM_GAS_H

#include "chem/db.h"

enum { SEI_GASES_MAX = 32 };

/* Are critical temperature and pressure of the phase in the database? */
bool sei_gas_is_real(const sei_phase *phase);

/*
 * ln of the fugacity coefficients of n real gases of mole fractions x at a pressure, and Z = p V / n R T of the
 * mixture. The gas is meant where a liquid could be too. False when n is above SEI_GASES_MAX.
 */
bool sei_gas_fugacity(const sei_db *db, size_t n, const size_t phase[], const double x[],
                      double pressure_atm, double temp_k, double ret_ln_phi[], double *ret_z);

/*
 * The same for the volume of a mole. Vapour may be compressed to where it is stable no more; from there to the volume of a
 * liquid of that pressure its pressure and coefficients stay, as in PHREEQC (the pressure at which both are stable alike is
 * a few per cent lower). False for a volume that is too small.
 */
bool sei_gas_at_volume(const sei_db *db, size_t n, const size_t phase[], const double x[],
                       double volume_l_mol, double temp_k, double ret_ln_phi[], double *ret_z);

#endif
