/* additive.c - what a train may add to water: reagents of neutralisation, food of bacteria, oxidants */
#include "plant/additive.h"

#include <string.h>

/* Doses are counted as the pure substance. */
/* clang-format off */
static const sei_reagent_row rows[] = {
    {{SEI_ADDITIVE_ETHANOL, "ethanol", "エタノール", 0, 1.0, 1.0, false},
     {{"Ethanol", 1}}, 0, NULL, {"Ethanol", "Acetate"}},
    {{SEI_ADDITIVE_PEROXIDE, "hydrogen peroxide", "過酸化水素", 0, 1.0, 1.0, false},
     {{"Peroxide", 1}}, 0, NULL, {"Peroxide", "O(0)"}},
};
/* clang-format on */

const sei_reagent_row *sei_additive_find(const char *formula)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].about.key, formula) == 0)
            return &rows[i];
    const sei_reagent *reagent = sei_reagent_find(formula);
    return reagent ? sei_reagent_row_of(reagent) : NULL;
}

const sei_reagent_row *sei_unit_additive(const sei_unit_spec *spec)
{
    const char *formula = spec->type->additive ? spec->type->additive(spec) : spec->reagent;

    return formula ? sei_additive_find(formula) : NULL;
}
