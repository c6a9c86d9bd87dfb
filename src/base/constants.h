/* constants.h - the one home of physical constants; SI */
#ifndef SEI_BASE_CONSTANTS_H
#define SEI_BASE_CONSTANTS_H

#define SEI_GAS_CONSTANT 8.31446261815324  /* J/mol/K, exact since 2019 */
#define SEI_FARADAY      96485.33212331002 /* C/mol, exact since 2019 */
#define SEI_ZERO_CELSIUS 273.15            /* K, exact */
#define SEI_WATER_G_MOL  18.016   /* as the molar volumes of PHREEQC databases reckon with */
#define SEI_WATER_KG_MOL 0.018016 /* the same; as PHREEQC counts a kilogram of water */
/* A mole of water, by which the activity of its other isotopes is their mole fraction: where there are any, PHREEQC counts a
 * kilogram of water so. */
#define SEI_ISOTOPE_WATER_KG_MOL 0.018
#define SEI_DAY_S                86400.0 /* s */
#define SEI_JULIAN_YEAR_D        365.25  /* d */

/* PHREEQC's own, so that the same file gives the same numbers */
#define SEI_PHREEQC_FARADAY      96493.5   /* C/mol */
#define SEI_PHREEQC_GAS_CONSTANT 8.31470   /* J/mol/K */
#define SEI_PHREEQC_VACUUM       8.854e-12 /* permittivity, F/m */

#endif
