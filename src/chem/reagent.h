/* reagent.h - what a reagent of neutralisation becomes in water */
#ifndef SEI_CHEM_REAGENT_H
#define SEI_CHEM_REAGENT_H

#include "seiryu/chem.h"

enum { SEI_REAGENT_SPECIES = 3, SEI_REAGENT_COMPONENTS = 3 };

/* A reagent as dissolved species: every database has them, whatever its elements are called. */
typedef struct {
    sei_reagent about;
    struct {
        const char *species;
        double      coef;
    } parts[SEI_REAGENT_SPECIES];
    double      water; /* mol of H2O: CaO takes one up */
    const char *solid; /* phase that what does not dissolve stays as, one mole a mole; NULL: none */
    const char *components[SEI_REAGENT_COMPONENTS]; /* that a model needs for it, besides H */
} sei_reagent_row;

const sei_reagent_row *sei_reagent_row_of(const sei_reagent *reagent);

#endif
