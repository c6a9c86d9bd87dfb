/* titrate_reagent.c - a reagent as amounts of a system at equilibrium */
#include "react/react_impl.h"
#include "study/titrate.h"

sei_status sei_reagent_amounts(sei_ctx *ctx, const sei_db *db, const sei_react *react,
                               const sei_reagent_row *row, sei_amounts *ret_amounts)
{
    sei_amounts a = {0};

    for (size_t i = 0; i < SEI_REAGENT_SPECIES && row->parts[i].species; i++) {
        const size_t s = sei_db_find_species(db, row->parts[i].species);
        if (s == SIZE_MAX || !sei_react_add_species(react, s, row->parts[i].coef, &a))
            return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                            "database %s has no species %s, which %s consists of", sei_db_name(db),
                            row->parts[i].species, row->about.key);
    }
    sei_react_add_water_kg(row->water * SEI_WATER_KG_MOL, &a);
    *ret_amounts = a;
    return SEI_OK;
}
