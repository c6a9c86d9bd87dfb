/* basin.c - open basins and stone beds: cells that several units make alike */
#include "plant/basin.h"

#include <math.h>

#include "plant/laws.h"

sei_status sei_capacity_if(sei_ctx *ctx, sei_plant_builder *builder, size_t zone, const char *law,
                           double value)
{
    return sei_builder_has_law(builder, law) ? sei_builder_capacity(ctx, builder, zone, law, value)
                                             : SEI_OK;
}

sei_status sei_basin_size(sei_ctx *ctx, const sei_unit_spec *spec, size_t cells_at, sei_basin *ret)
{
    *ret = (sei_basin){0};

    const sei_status st = sei_bed_shape_of(ctx, spec, spec->params, &ret->shape);
    return st == SEI_OK ? sei_count_param(ctx, spec, SEI_NO_LAYER, cells_at, &ret->n) : st;
}

sei_status sei_basin_begin(sei_ctx *ctx, const sei_unit_spec *spec, size_t cells_at,
                           sei_plant_builder *builder, sei_basin *ret)
{
    const sei_status st = sei_basin_size(ctx, spec, cells_at, ret);

    return st == SEI_OK ? sei_builder_zone(ctx, builder, spec->name, &ret->zone) : st;
}

sei_status sei_basin_open(sei_ctx *ctx, const sei_unit_spec *spec, size_t cells_at,
                          double kla_o2_1_s, sei_plant_builder *builder, sei_basin *ret)
{
    const sei_status st = sei_basin_begin(ctx, spec, cells_at, builder, ret);

    return st == SEI_OK ? sei_set_gas_exchange(ctx, builder, ret->zone, kla_o2_1_s) : st;
}

sei_status sei_basin_cells(sei_ctx *ctx, sei_plant_builder *builder, const sei_basin *basin,
                           double settle_1_s, const double heat[], size_t *ret_first)
{
    const sei_bed_shape *shape = &basin->shape;
    const size_t         n     = basin->n;

    const sei_heat_ua ua = sei_heat_nth(shape, heat, n);
    sei_status        st = SEI_OK;

    sei_builder_footprint(builder, shape->area_m2);
    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const sei_builder_cell cell = {.zone          = basin->zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = shape->volume_m3 / (double)n,
                                       .water_m3      = shape->volume_m3 / (double)n,
                                       .length_m      = sqrt(shape->area_m2) / (double)n,
                                       .capture_1_s   = settle_1_s,
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k};
        size_t                 c    = 0;
        st                          = sei_builder_cell_add(ctx, builder, &cell, &c);
        if (i == 0 && ret_first)
            *ret_first = c;
    }
    return st;
}

double sei_settling_1_s(double constant_1_s, double velocity_m_s, double depth_m)
{
    return velocity_m_s > 0.0 ? velocity_m_s / depth_m : constant_1_s;
}

const char *const sei_floc_laws[]  = {SEI_FLOC_LAWS, NULL};
const char *const sei_limed_laws[] = {"calcite-precipitation", "hydroxide-cd", "hydroxide-cu",
                                      "hydroxide-mg",          "hydroxide-mn", "hydroxide-pb",
                                      "hydroxide-zn",          SEI_FLOC_LAWS,  NULL};

sei_status sei_limed_zone(sei_ctx *ctx, sei_plant_builder *builder, const char *name,
                          double growth_1_s, double reactive, size_t *ret_zone)
{
    static const char *const hydroxides[] = {SEI_LAW_FERRIHYDRITE, SEI_LAW_AL_HYDROXIDE};
    size_t                   zone         = 0;

    sei_status st = sei_builder_zone(ctx, builder, name, &zone);
    for (const char *const *law = sei_limed_laws; *law && st == SEI_OK; law++)
        st = sei_builder_enable(ctx, builder, zone, *law);
    for (size_t i = 0; i < SEI_COUNT(hydroxides) && st == SEI_OK; i++)
        st = sei_builder_set_if(ctx, builder, zone, hydroxides[i], SEI_KEY_GROWTH, growth_1_s);
    if (st == SEI_OK)
        st = sei_builder_set_if(ctx, builder, zone, SEI_LAW_FE2_HETEROGENEOUS, SEI_KEY_REACTIVE,
                                reactive);
    if (st == SEI_OK)
        st = sei_builder_suspend(ctx, builder, zone, 1.0);
    *ret_zone = zone;
    return st;
}

double sei_stone_m2_m3(const sei_stone *stone)
{
    return sei_stone_m2_kg(stone->grain_m) * (1.0 - stone->porosity) * SEI_STONE_KG_M3;
}

static sei_status set_stone(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                            const sei_stone *stone, double calcite_mol_m3)
{
    sei_status st = sei_set_gas_exchange(ctx, builder, zone, stone->kla_o2_1_s);

    if (st == SEI_OK && stone->purity > 0.0)
        st = sei_set_limestone(ctx, builder, zone, stone->grain_m, stone->purity,
                               calcite_mol_m3 / (SEI_WATER_KG_M3 * stone->porosity));
    if (st == SEI_OK && stone->purity > 0.0)
        st = sei_builder_set_if(ctx, builder, zone, SEI_LAW_CALCITE, SEI_KEY_CALCITE_ACTIVE,
                                stone->active);
    if (st == SEI_OK && stone->has_stall)
        st = sei_set_stall(ctx, builder, zone, stone->stall_log);
    if (st == SEI_OK)
        st = sei_capacity_if(ctx, builder, zone, SEI_LAW_MN2_OXIDATION,
                             stone->mn_m2_m3 / stone->porosity);
    if (st == SEI_OK)
        st = sei_builder_enable(ctx, builder, zone, SEI_LAW_NITRIFICATION);
    return st;
}

sei_status sei_stone_bed(sei_ctx *ctx, sei_plant_builder *builder, const sei_bed_shape *shape,
                         const sei_stone *stone, size_t n, double length_m, const double heat[])
{
    const double      bed_m3   = shape->volume_m3 / (double)n;
    const double      stone_kg = (1.0 - stone->porosity) * SEI_STONE_KG_M3; /* in a m3 of bed */
    const double      calcite  = stone_kg * sei_limestone_mol_kg(builder, stone->purity);
    const sei_heat_ua ua       = sei_heat_nth(shape, heat, n);
    size_t            zone     = 0;

    sei_status st = sei_builder_zone(ctx, builder, "stone", &zone);
    if (st == SEI_OK)
        st = set_stone(ctx, builder, zone, stone, calcite);
    if (st == SEI_OK && stone->purity > 0.0)
        st = sei_builder_medium(ctx, builder, "Calcite",
                                sei_limestone_mol_kg(builder, stone->purity));
    sei_builder_footprint(builder, shape->area_m2);
    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const sei_builder_cell cell = {.zone          = zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = bed_m3,
                                       .water_m3      = bed_m3 * stone->porosity,
                                       .length_m      = length_m / (double)n,
                                       .capture_1_s   = stone->capture_1_s,
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k,
                                       .media_j_k     = stone_kg * bed_m3 * SEI_STONE_J_KG_K,
                                       .filter = sei_filter(stone->filter_m, length_m / (double)n),
                                       .flow_grain_m = stone->flow_grain_m};
        size_t                 c    = 0;
        st                          = sei_builder_cell_add(ctx, builder, &cell, &c);
        if (st == SEI_OK)
            st = sei_builder_solid(ctx, builder, c, "Calcite", calcite * bed_m3);
    }
    return st;
}
