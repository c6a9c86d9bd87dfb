/* bed.c - shape, heat exchange, gas exchange and limestone of units */
#include "plant/bed.h"

#include <math.h>

#include "plant/assembly.h"
#include "plant/laws.h"

/* Transfer of a gas against that of oxygen, square root of the diffusivities in water at 25 degC
 * (1.92, 1.61 and 2.10e-9 m2/s; general values). */
static const double co2_to_o2 = 0.956, h2s_to_o2 = 0.876;

sei_status sei_count_param(sei_ctx *ctx, const sei_unit_spec *spec, size_t layer, size_t i,
                           size_t *ret_count)
{
    const bool       of_layer = layer != SEI_NO_LAYER;
    const sei_param *row      = of_layer ? &spec->type->layer_params[i] : &spec->type->params[i];
    const double     value    = of_layer ? spec->layers[layer].params[i] : spec->params[i];

    if (value != floor(value))
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(spec),
                        "unit \"%s\"%s%s: %s = %g must be a whole number", spec->name,
                        of_layer ? " layer " : "", of_layer ? spec->layers[layer].name : "",
                        row->key, value);
    *ret_count = (size_t)value;
    return SEI_OK;
}

sei_status sei_bed_shape_of(sei_ctx *ctx, const sei_unit_spec *spec, const double p[],
                            sei_bed_shape *ret_shape)
{
    double volume = p[0], area = p[1], depth = p[2];

    if (volume == 0.0 && area == 0.0)
        return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec),
                        "unit \"%s\": give volume_m3, or area_m2 and depth_m", spec->name);
    if (volume > 0.0 && area > 0.0 && depth > 0.0 && fabs(area * depth - volume) > 0.01 * volume)
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(spec),
                        "unit \"%s\": volume_m3 = %g, but area_m2 x depth_m = %g x %g = %g: give "
                        "two of the three",
                        spec->name, volume, area, depth, area * depth);
    if (depth == 0.0)
        depth = volume > 0.0 && area > 0.0 ? volume / area : 1.0;
    if (area == 0.0)
        area = volume / depth;
    if (volume == 0.0)
        volume = area * depth;
    *ret_shape = (sei_bed_shape){.volume_m3 = volume, .area_m2 = area, .depth_m = volume / area};
    return SEI_OK;
}

/* Top, walls and bottom in the order of SEI_HEAT_ROWS. */
static sei_heat_ua exchange(const double p[], double top_m2, double wall_m2, double bottom_m2)
{
    const double u_top = p[0], u_wall = p[1], u_ground = p[2], covered = p[3], buried = p[4],
                 sun = p[5], snow = p[6];

    const double open_m2 = top_m2 * (1.0 - covered);

    return (sei_heat_ua){
        .air_w_k    = u_top * open_m2 + u_wall * wall_m2 * (1.0 - buried),
        .ground_w_k = u_ground * (top_m2 * covered + wall_m2 * buried + bottom_m2),
        .top = {.w_k = u_top * open_m2, .m2 = open_m2, .sun_m2 = open_m2 * sun, .snow = snow},
    };
}

sei_heat_ua sei_heat_slice(const sei_bed_shape *shape, const double p[], double from_m, double to_m)
{
    const double slack     = 1e-9 * shape->depth_m;
    const double perimeter = 4.0 * sqrt(shape->area_m2);

    return exchange(p, from_m <= slack ? shape->area_m2 : 0.0, perimeter * (to_m - from_m),
                    to_m >= shape->depth_m - slack ? shape->area_m2 : 0.0);
}

sei_heat_ua sei_heat_nth(const sei_bed_shape *shape, const double p[], size_t n)
{
    const double share = 1.0 / (double)n;

    return exchange(p, share * shape->area_m2, share * 4.0 * sqrt(shape->area_m2) * shape->depth_m,
                    share * shape->area_m2);
}

double sei_filter(double filter_length_m, double cell_m)
{
    return filter_length_m > 0.0 ? cell_m / filter_length_m : 0.0;
}

double sei_flow_grain_m(double flow_grain_m, double grain_m)
{
    return flow_grain_m > 0.0 ? flow_grain_m : grain_m;
}

double sei_chamber_m3(const sei_plant_builder *builder)
{
    return sei_builder_flow_m3_s(builder) * 60.0;
}

sei_status sei_set_gas_exchange(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                double kla_o2_1_s)
{
    sei_status st =
        sei_builder_set_if(ctx, builder, zone, SEI_LAW_O2_EXCHANGE, SEI_KEY_KLA, kla_o2_1_s);

    if (st == SEI_OK)
        st = sei_builder_set_if(ctx, builder, zone, SEI_LAW_CO2_EXCHANGE, SEI_KEY_KLA,
                                kla_o2_1_s * co2_to_o2);
    if (st == SEI_OK)
        st = sei_builder_set_if(ctx, builder, zone, SEI_LAW_H2S_EXCHANGE, SEI_KEY_KLA,
                                kla_o2_1_s * h2s_to_o2);
    return st;
}

sei_status sei_set_capacity(sei_ctx *ctx, sei_plant_builder *builder, size_t zone, const char *law,
                            double bed_mol_m3_s, double porosity)
{
    return sei_builder_capacity(ctx, builder, zone, law, bed_mol_m3_s / porosity);
}

sei_status sei_set_reducing(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                            double sulfate_mol_m3_s, double porosity)
{
    static const char *const others[] = {SEI_LAW_AEROBIC_RESPIRATION, SEI_LAW_FE3_DISSOLVED,
                                         SEI_LAW_FE3_SOLID,           SEI_LAW_ETHANOL_OXIDATION,
                                         SEI_LAW_NITRIFICATION,       SEI_LAW_DENITRIFICATION};
    sei_status               st =
        sei_set_capacity(ctx, builder, zone, SEI_LAW_SULFATE_REDUCTION, sulfate_mol_m3_s, porosity);

    if (st == SEI_OK && sei_builder_has_law(builder, SEI_LAW_ETHANOL_SULFATE))
        st = sei_set_capacity(ctx, builder, zone, SEI_LAW_ETHANOL_SULFATE, sulfate_mol_m3_s,
                              porosity);
    for (size_t i = 0; i < SEI_COUNT(others) && st == SEI_OK; i++)
        st = sei_builder_enable(ctx, builder, zone, others[i]);
    return st;
}

double sei_carbon_mol_kg(const sei_plant_builder *builder, double carbon_kg_kg)
{
    return carbon_kg_kg / (sei_db_formula_g_mol(sei_builder_db(builder), "C") * 1e-3);
}

/* Oxygen that water at 20 degC holds under 1 atm of air, kg/m3 (metcalf2003). */
static const double saturation_kg_m3 = 9.09e-3;
static const double kwh_w_s          = 3.6e6;

double sei_aerator_kla_1_s(const double p[], double volume_m3)
{
    const double oxygen_kg_s = p[1] * p[2] / kwh_w_s;

    return p[1] > 0.0 ? oxygen_kg_s / (saturation_kg_m3 * volume_m3) : p[0];
}

/* Iron bacteria of a full population per water, mol/kgw as CH2O: an assumption that decides only how much iron
 * their own growth uses up, four moles each; oxidation goes by the share of it. */
static const double full_iron_mol_kgw = 5e-4;

const char *const sei_iron_growth_laws[] = {SEI_LAW_FE2_GROWTH, NULL};

sei_status sei_set_iron_growth(sei_ctx *ctx, sei_plant_builder *builder, size_t zone, double share)
{
    static const char *const laws[] = {SEI_LAW_FE2_MICROBIAL, SEI_LAW_FE2_GROWTH};
    sei_status               st     = SEI_OK;

    for (size_t i = 0; share < 1.0 && i < SEI_COUNT(laws) && st == SEI_OK; i++)
        st = sei_builder_set(ctx, builder, zone, laws[i], SEI_KEY_FULL_POPULATION,
                             full_iron_mol_kgw);
    if (share < 1.0 && st == SEI_OK)
        st = sei_builder_capacity(ctx, builder, zone, SEI_LAW_FE2_GROWTH, 1.0);
    return st;
}

sei_status sei_start_iron_bacteria(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                                   double water_m3, double share)
{
    return share < 1.0 ? sei_builder_solid(ctx, builder, cell, "feb",
                                           share * full_iron_mol_kgw * water_m3 * SEI_WATER_KG_M3)
                       : SEI_OK;
}

double sei_stone_m2_kg(double grain_m)
{
    return 6.0 / (SEI_STONE_KG_M3 * grain_m);
}

double sei_limestone_mol_kg(const sei_plant_builder *builder, double purity)
{
    return purity / (sei_db_formula_g_mol(sei_builder_db(builder), "CaCO3") * 1e-3);
}

sei_status sei_set_limestone(sei_ctx *ctx, sei_plant_builder *builder, size_t zone, double grain_m,
                             double purity, double calcite_mol_kgw)
{
    sei_status st =
        sei_builder_set_if(ctx, builder, zone, SEI_LAW_CALCITE, SEI_KEY_CALCITE_AREA,
                           sei_stone_m2_kg(grain_m) / sei_limestone_mol_kg(builder, purity));
    if (st == SEI_OK)
        st = sei_builder_set_if(ctx, builder, zone, SEI_LAW_CALCITE, SEI_KEY_CALCITE_M0,
                                calcite_mol_kgw);
    return st;
}

sei_status sei_set_stall(sei_ctx *ctx, sei_plant_builder *builder, size_t zone, double stall_log)
{
    return sei_builder_set_if(ctx, builder, zone, SEI_LAW_CALCITE, SEI_KEY_CALCITE_STALL,
                              stall_log);
}
