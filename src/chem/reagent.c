/* reagent.c - the reagents of neutralisation */
#include "chem/reagent.h"

#include <string.h>

#include "seiryu/water.h"

/*
 * purity, dissolution: of the usual product. Quicklime, hydrated lime (dry feed), limestone and caustic soda as
 * in the defaults of AMDTreat's modules (amdtreat2019). Soda ash and magnesia have none there: pure. Quicklime is
 * slaked before it is fed: what is left of it undissolved is hydrated lime; of magnesia, brucite.
 */
/* clang-format off */
static const sei_reagent_row rows[] = {
    {{"Ca(OH)2", "hydrated lime", "消石灰", 2, 0.96, 0.80, true},
     {{"Ca+2", 1}, {"OH-", 2}}, 0, "Portlandite", {"Ca"}},
    {{"CaO", "quicklime", "生石灰", 2, 0.93, 0.80, true},
     {{"Ca+2", 1}, {"OH-", 2}}, -1, "Portlandite", {"Ca"}},
    {{"CaCO3", "limestone", "石灰石(炭酸カルシウム)", 2, 0.90, 0.85, true},
     {{"Ca+2", 1}, {"CO3-2", 1}}, 0, "Calcite", {"Ca", "C(4)"}},
    {{"NaOH", "caustic soda", "苛性ソーダ", 1, 0.99, 1.00, false},
     {{"Na+", 1}, {"OH-", 1}}, 0, NULL, {"Na"}},
    {{"Na2CO3", "soda ash", "ソーダ灰", 2, 1.00, 1.00, false},
     {{"Na+", 2}, {"CO3-2", 1}}, 0, NULL, {"Na", "C(4)"}},
    {{"MgO", "magnesia", "酸化マグネシウム", 2, 1.00, 1.00, true},
     {{"Mg+2", 1}, {"OH-", 2}}, -1, "Brucite", {"Mg"}},
};
/* clang-format on */

enum { N_ROWS = sizeof rows / sizeof rows[0] };

size_t sei_reagent_count(void)
{
    return N_ROWS;
}

const sei_reagent *sei_reagent_at(size_t i)
{
    return i < N_ROWS ? &rows[i].about : NULL;
}

const sei_reagent *sei_reagent_find(const char *key)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].about.key, key) == 0)
            return &rows[i].about;
    return NULL;
}

double sei_reagent_g_mol(const sei_reagent *reagent)
{
    return 1e3 * sei_molar_mass(reagent->key);
}

const sei_reagent_row *sei_reagent_row_of(const sei_reagent *reagent)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].about.key, reagent->key) == 0)
            return &rows[i];
    return NULL;
}
