/* analysis.c - from what a laboratory reports to mol per kg of water */
#include "chem/analysis.h"

#include <math.h>
#include <string.h>

#include "chem/db.h"

sei_analysis sei_analysis_default(void)
{
    return (sei_analysis){.temp_c = 25.0, .ph = 7.0, .pe = 4.0, .density_kg_l = 1.0};
}

sei_status sei_analyte_check_unit(sei_ctx *ctx, const sei_where *where, const char *component,
                                  const sei_unit *unit)
{
    if (!unit)
        return SEI_OK;
    switch (unit->dimension) {
    case SEI_DIM_MASS_CONC:
    case SEI_DIM_MOLAR_CONC:
    case SEI_DIM_MOLALITY:
    case SEI_DIM_MASS_FRACTION: return SEI_OK;
    default:
        return sei_fail(ctx, SEI_E_UNIT, where,
                        "%s is given in %s; a concentration is needed: mg_l, ug_l, g_l, mg_kg, "
                        "mmol_l, mol_l, mmol_kgw or mol_kgw",
                        component, unit->symbol);
    }
}

/* An analyte per kg of solution, in grams and in moles; of_water: per kg of water instead. */
typedef struct {
    double g, mol;
    bool   of_water;
} share;

static sei_status share_of(sei_ctx *ctx, const sei_db *db, const sei_analyte *a,
                           double density_kg_l, share *ret_share)
{
    const double g_mol = sei_db_component_g_mol(db, a->component);
    double       si    = a->unit ? sei_to_si(a->unit, a->value) : a->value * 1e-3; /* kg/m3 */
    share        s     = {0};

    switch (a->unit ? a->unit->dimension : SEI_DIM_MASS_CONC) {
    case SEI_DIM_MASS_CONC: s.g = si / density_kg_l; break; /* kg/m3 = g/L */
    case SEI_DIM_MASS_FRACTION: s.g = si * 1e3; break;      /* kg/kg */
    case SEI_DIM_MOLAR_CONC: s.mol = si * 1e-3 / density_kg_l; break;
    default:
        s.mol      = si;
        s.of_water = true;
        break;
    }
    if (s.g > 0.0 && !(g_mol > 0.0))
        return sei_fail(ctx, SEI_E_MISSING, NULL,
                        "database %s has no molar mass for %s; give it in mol_l or mol_kgw",
                        sei_db_name(db), a->component);
    if (s.mol > 0.0)
        s.g = s.mol * g_mol;
    else if (s.g > 0.0)
        s.mol = s.g / g_mol;
    *ret_share = s;
    return SEI_OK;
}

static sei_status check_analyte(sei_ctx *ctx, const sei_db *db, const sei_analyte *a)
{
    const size_t m = sei_db_component_master(db, a->component);

    if (m == SIZE_MAX)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "database %s has no component \"%s\"",
                        sei_db_name(db), a->component);
    if (!(a->value > 0.0) || !isfinite(a->value))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "%s is %g; it must be above 0", a->component,
                        a->value);
    return sei_analyte_check_unit(ctx, NULL, a->component, a->unit);
}

static sei_status check_conditions(sei_ctx *ctx, const sei_analysis *a)
{
    if (!(a->temp_c >= 0.0 && a->temp_c <= 100.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "temperature %g degC is outside 0..100", a->temp_c);
    if (!(a->ph >= -2.0 && a->ph <= 16.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "pH %g is outside -2..16", a->ph);
    if (!(a->pe >= -20.0 && a->pe <= 25.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "pe %g is outside -20..25", a->pe);
    if (!(a->density_kg_l == 0.0 || (a->density_kg_l >= 0.5 && a->density_kg_l <= 3.0)))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "density %g kg/L is outside 0.5..3",
                        a->density_kg_l);
    if (a->n > SEI_ANALYTES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "%zu analytes; at most %d are possible", a->n,
                        SEI_ANALYTES_MAX);
    return SEI_OK;
}

sei_status sei_analysis_molalities(sei_ctx *ctx, const sei_db *db, const sei_analysis *a,
                                   double molal[])
{
    share        shares[SEI_ANALYTES_MAX];
    const double density = a->density_kg_l > 0.0 ? a->density_kg_l : 1.0;
    double       g_kg    = pow(10.0, -a->ph); /* solutes, g per kg of solution */

    sei_status st = check_conditions(ctx, a);
    for (size_t i = 0; i < a->n && st == SEI_OK; i++) {
        st = check_analyte(ctx, db, &a->analytes[i]);
        if (st == SEI_OK)
            st = share_of(ctx, db, &a->analytes[i], density, &shares[i]);
        if (st == SEI_OK && !shares[i].of_water)
            g_kg += shares[i].g;
    }
    if (st != SEI_OK)
        return st;
    const double water = 1.0 - 1e-3 * g_kg;
    if (!(water > 0.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "the solutes weigh %g g per kg of solution: no water is left", g_kg);
    for (size_t i = 0; i < a->n; i++)
        molal[i] = shares[i].of_water ? shares[i].mol : shares[i].mol / water;
    return SEI_OK;
}
