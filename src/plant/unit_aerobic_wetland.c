/*
 * unit_aerobic_wetland.c - surface-flow wetland: shallow open water among reeds
 *
 * Shallow tanks in series. Oxygen comes and carbon dioxide leaves through the surface, kLa = transfer
 * velocity / depth. Ferrous iron is oxidised by the laws of water and, in acid water, by a biofilm on plants
 * and bottom whose capacity is given per plan area (hedin1990); manganese on the surfaces that its oxides
 * cover, mn_area_ratio times the plan area. Precipitates form in the water and settle or are strained by
 * the plants, which a velocity over the depth stands for. Areal removals of practice (10 g Fe, 0.5 g Mn /m2/d, amdtreat2019) are no part of the
 * equations; compare with them what comes out.
 */
#include "plant/basin.h"
#include "plant/laws.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_TRANSFER,
    P_VELOCITY,
    P_SETTLING,
    P_IRON,
    P_MN,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] = SEI_ROW("cells", "", 5, 1, 100, LINEAR, ASSUMED, "", "stirred volumes in series",
                        "直列完全混合槽の数"),
    [P_TRANSFER] =
        SEI_ROW("oxygen_transfer_m_d", "m/d", 0.5, 0.0, 20.0, LINEAR, ASSUMED, "",
                "transfer velocity of oxygen through the surface", "水面での酸素移動速度"),
    [P_VELOCITY] =
        SEI_ROW("settling_velocity_m_h", "m/h", 0.054, 0.0, 20.0, LINEAR, INFERRED, "hedin2008",
                "settling and straining of suspended solids among plants, as a velocity over the "
                "depth; from a wetland that took 12 mg/L of flocs to 0.8 at 0.37 m/d of load",
                "植生内での懸濁物の沈降・捕捉速度(水深で除して一次速度となる)"),
    [P_SETTLING] = SEI_ROW("settling_1_h", "1/h", 0.0, 0.0, 20.0, LINEAR, ASSUMED, "",
                           "first-order settling; above 0 it replaces the velocity over the depth",
                           "沈降速度定数(一次)。0 より大きければ沈降速度に代わる"),
    [P_IRON] =
        SEI_ROW("fe_capacity_g_m2_d", "g/m²/d", 11.0, 0.0, 100.0, LINEAR, INFERRED, "hedin1990",
                "most Fe(II) that bacteria oxidise in acid water, per plan area",
                "酸性水での微生物による最大鉄酸化速度(平面積あたり)"),
    [P_MN] =
        SEI_ROW("mn_area_ratio", "", 10.0, 0.0, 1000.0, LINEAR, INFERRED, "amdtreat2019",
                "surface of plants and litter that carries manganese oxides over the plan area",
                "マンガン酸化物が付着する植生・リター表面積の平面積に対する比"),
    SEI_HEAT_ROWS(15.0, 0.0, 1.0),
};

static sei_status set_rates(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                            size_t zone, double depth_m)
{
    const double *p      = spec->params;
    const double  fe_mol = sei_db_formula_g_mol(sei_builder_db(builder), "Fe") * 1e-3; /* kg/mol */

    sei_status st = sei_set_gas_exchange(ctx, builder, zone, p[P_TRANSFER] / depth_m);
    if (st == SEI_OK)
        st = sei_capacity_if(ctx, builder, zone, SEI_LAW_FE2_MICROBIAL,
                             p[P_IRON] / fe_mol / depth_m);
    if (st == SEI_OK)
        st = sei_capacity_if(ctx, builder, zone, SEI_LAW_MN2_OXIDATION, p[P_MN] / depth_m);
    if (st == SEI_OK)
        st = sei_builder_enable(ctx, builder, zone, SEI_LAW_NITRIFICATION);
    return st == SEI_OK ? sei_builder_suspend(ctx, builder, zone, 1.0) : st;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};

    sei_status st = sei_basin_begin(ctx, spec, P_CELLS, builder, &basin);
    if (st == SEI_OK)
        st = set_rates(ctx, spec, builder, basin.zone, basin.shape.depth_m);
    if (st != SEI_OK)
        return st;
    const double settle = p[P_SETTLING] > 0.0 ? p[P_SETTLING] : p[P_VELOCITY] / basin.shape.depth_m;
    return sei_basin_cells(ctx, builder, &basin, settle, &p[P_U_TOP], NULL);
}

const sei_unit_type sei_unit_type_aerobic_wetland = {
    .key        = "aerobic_wetland",
    .title      = "Aerobic wetland (surface flow)",
    .title_ja   = "好気性人工湿地(表面流)",
    .source     = "hedin1990",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = sei_floc_laws,
    .build      = build,
    .hrt_low_h  = 1,
    .hrt_high_h = 10000,
};
