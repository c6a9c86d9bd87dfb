/*
 * run_screening.c - results beside what practice sizes by, said as warnings
 *
 * Rules of thumb are no part of the equations; a result far beyond them rests on an assumption.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "seiryu/titrate.h"
#include "study/run.h"

/* Iron that aerobic wetlands are sized for, g/m2/d (amdtreat2019). */
static const double wetland_iron_g_m2_d = 10.0;
/* Share of a thickener that its sludge may fill before it has to be asked where clear water is. */
static const double sludge_share_max = 0.5;

/* Watch of the one water that a unit takes; SIZE_MAX: it takes several. */
static size_t feed_watch(const sei_recorder *r, size_t unit)
{
    const sei_unit_spec *spec = &r->result.site->units[unit];

    if (spec->n_feeds == 0)
        return unit; /* watches: raw water, then the units */
    return spec->n_feeds == 1 ? sei_result_watch(&r->result, spec->feeds[0].from) : SIZE_MAX;
}

/* Mean of the second half of the run. */
static double iron_removed_g_m2_d(const sei_recorder *r, size_t unit, size_t feed)
{
    const sei_result *o    = &r->result;
    const size_t      fe   = sei_result_column(o, "fe", SEI_FRACTION_TOTAL);
    const size_t      flow = sei_result_column(o, "flow", SEI_FRACTION_TOTAL);
    double            sum  = 0.0;
    size_t            n    = 0;

    for (size_t t = o->n_times / 2; t < o->n_times; t++, n++)
        sum += (sei_result_value(o, t, feed, fe) - sei_result_value(o, t, unit + 1, fe)) *
               sei_result_value(o, t, unit + 1, flow);
    return n > 0 ? 1e3 * SEI_DAY_S * sum / (double)n / r->units[unit].area_m2 : 0.0;
}

static void screen_wetland(sei_recorder *r, size_t unit)
{
    const sei_unit_spec *spec = &r->result.site->units[unit];
    const size_t         feed = feed_watch(r, unit);

    if (feed == SIZE_MAX || !(r->units[unit].area_m2 > 0.0) ||
        sei_result_column(&r->result, "fe", SEI_FRACTION_TOTAL) == SIZE_MAX)
        return;
    const double removed = iron_removed_g_m2_d(r, unit, feed);
    if (removed > wetland_iron_g_m2_d)
        sei_warn(
            r->ctx, &spec->where,
            "unit \"%s\" removes %.3g g of iron a m2 and day; wetlands are sized for %g: check "
            "what it rests on",
            spec->name, removed, wetland_iron_g_m2_d);
}

static void screen_thickener(sei_recorder *r, const sei_plant_pump *pump)
{
    const sei_unit_spec *spec = &r->result.site->units[pump->unit];
    const size_t         n = r->result.n_solids, last = r->result.n_times - 1;
    double               kg = 0.0, m3 = 0.0;

    for (size_t s = 0; s < n; s++) {
        const double solid_kg = r->solid_mol[(last * r->result.n_units + pump->unit) * n + s] *
                                r->result.solid_kg_mol[s];
        kg += solid_kg;
        m3 += solid_kg / (SEI_WATER_KG_M3 * sei_mineral_kg_l(r->result.solid_name[s]));
    }
    m3 += kg * (1.0 - pump->solids_fraction) / pump->solids_fraction / SEI_WATER_KG_M3;
    const double share = m3 / r->units[pump->unit].bed_m3;
    if (share > sludge_share_max)
        sei_warn(r->ctx, &spec->where,
                 "unit \"%s\": at the end its sludge fills %.0f %% of it (%.3g m3): shorten "
                 "sludge_age_d or make it larger",
                 spec->name, 100.0 * share, m3);
}

void sei_recorder_screen(sei_recorder *r)
{
    for (size_t u = 0; u < r->result.n_units && r->result.n_times > 0; u++)
        if (strcmp(r->result.site->units[u].type->key, "aerobic_wetland") == 0)
            screen_wetland(r, u);
    for (size_t p = 0; p < sei_plant_n_pumps(r->plant) && r->result.n_times > 0; p++)
        if (sei_plant_pump_at(r->plant, p)->to == SEI_SLUDGE_AWAY)
            screen_thickener(r, sei_plant_pump_at(r->plant, p));
}
