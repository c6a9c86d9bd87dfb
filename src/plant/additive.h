/* additive.h - what a train may add to water: reagents of neutralisation, food of bacteria, oxidants */
#ifndef SEI_PLANT_ADDITIVE_H
#define SEI_PLANT_ADDITIVE_H

#include "chem/reagent.h"
#include "seiryu/plant.h"

#define SEI_ADDITIVE_ETHANOL  "C2H5OH"
#define SEI_ADDITIVE_PEROXIDE "H2O2"

/* By formula, reagents of neutralisation among them; NULL when not known. */
const sei_reagent_row *sei_additive_find(const char *formula);
/* What a unit gets: by its type's own rule, or as the file says; NULL: nothing, or nothing known. */
const sei_reagent_row *sei_unit_additive(const sei_unit_spec *spec);

#endif
