/* analysis.h - a water as a laboratory writes it down, and its molalities */
#ifndef SEI_CHEM_ANALYSIS_H
#define SEI_CHEM_ANALYSIS_H

#include <stddef.h>

#include "seiryu/chem.h"
#include "seiryu/units.h"

/* Unit of a component by the key of its unit ("mg_l"; NULL = mg/L). E_UNIT when concentrations cannot
 * have it; where may be NULL. */
SEI_CHECKED sei_status sei_analyte_check_unit(sei_ctx *ctx, const sei_where *where,
                                              const char *component, const sei_unit *unit);

/*
 * mol (eq for Alkalinity) per kg of water of every analyte, as PHREEQC converts them: a litre weighs
 * density kg, and of a kg of solution what is not solute (by the masses that the analytes are
 * reported in, plus 1 g per mol of H+ by the pH) is water. Per kg of water is taken as it is.
 */
SEI_CHECKED sei_status sei_analysis_molalities(sei_ctx *ctx, const sei_db *db,
                                               const sei_analysis *analysis, double molal[]);

#endif
