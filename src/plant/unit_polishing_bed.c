/*
 * unit_polishing_bed.c - open bed of gravel or limestone behind a sulfate-reducing bed
 *
 * What leaves a sulfate-reducing bed holds fine sulfides, hydrogen sulfide and substrate (the BOD). An aerated
 * bed of stone filters the sulfides, lets bacteria of its surface use up the substrate, and gives sulfide to
 * the air or oxidises it.
 */
#include "plant/basin.h"
#include "plant/laws.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_POROSITY,
    P_LIMESTONE,
    P_GRAIN,
    P_KLA,
    P_RESPIRATION,
    P_CAPTURE,
    SEI_GRAIN_PARAMS(P),
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] =
        SEI_ROW("cells", "", 6, 1, 500, LINEAR, ASSUMED, "",
                "stirred volumes in series that stand for dispersion", "分散を表す直列槽数"),
    [P_POROSITY]  = SEI_ROW("porosity", "", 0.43, 0.05, 0.95, LINEAR, PUBLISHED, "amdtreat2019",
                            "share of pores in the bed", "空隙率"),
    [P_LIMESTONE] = SEI_ROW("limestone_purity", "", 0.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                            "share of CaCO3 in the stone; 0: gravel", "石の CaCO3 純度(0=礫)"),
    [P_GRAIN] =
        SEI_ROW("grain_mm", "mm", 10.0, 0.05, 500.0, LOG, ASSUMED, "",
                "grain size that stands for the reactive surface", "反応表面積を代表する粒径"),
    [P_KLA]         = SEI_ROW("kla_o2_1_h", "1/h", 0.5, 0.0, 100.0, LINEAR, ASSUMED, "",
                              "transfer coefficient of oxygen into the water of the bed",
                              "充填層内の水への酸素の総括物質移動容量係数"),
    [P_RESPIRATION] = SEI_ROW(
        "respiration_capacity_mol_m3_d", "mol/m³/d", 5.0, 0.0, 500.0, LINEAR, ASSUMED, "",
        "most substrate (as acetate) that the biofilm uses per volume of empty bed at 15 degC, two "
        "O2 each",
        "15 ℃ における空塔容積あたりの基質(酢酸換算)の最大好気分解速度"),
    [P_CAPTURE] = SEI_ROW("capture_1_h", "1/h", 0.2, 0.0, 100.0, LINEAR, ASSUMED, "",
                          "first-order capture of suspended solids (fine sulfides) by the bed",
                          "充填層による懸濁物(微細硫化物)の捕捉速度定数(一次)"),
    SEI_GRAIN_ROWS(P, 0.0),
    SEI_FLOW_ROWS,
    SEI_BED_HEAT_ROWS(10.0, 0.0, 1.0),
};

static sei_status set_zone(sei_ctx *ctx, sei_plant_builder *builder, const double p[],
                           double calcite_mol_m3, size_t zone)
{
    sei_status st = sei_set_gas_exchange(ctx, builder, zone, p[P_KLA]);

    if (st == SEI_OK)
        st = sei_set_capacity(ctx, builder, zone, SEI_LAW_AEROBIC_RESPIRATION, p[P_RESPIRATION],
                              p[P_POROSITY]);
    if (st == SEI_OK)
        st = sei_builder_enable(ctx, builder, zone, SEI_LAW_NITRIFICATION);
    if (st == SEI_OK && p[P_LIMESTONE] > 0.0)
        st = sei_set_limestone(ctx, builder, zone, p[P_GRAIN], p[P_LIMESTONE],
                               calcite_mol_m3 / (SEI_WATER_KG_M3 * p[P_POROSITY]));
    return st;
}

static sei_status add_cells(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                            const sei_bed_shape *shape, size_t zone, size_t n)
{
    const double *p      = spec->params;
    const double  bed_m3 = shape->volume_m3 / (double)n, dz = shape->depth_m / (double)n;
    const double  stone_kg = (1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3 * bed_m3;
    sei_status    st       = SEI_OK;

    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const double      top = dz * (double)i;
        const sei_heat_ua ua =
            sei_heat_slice(shape, &p[P_U_TOP], top, i + 1 == n ? shape->depth_m : top + dz);
        const sei_builder_cell cell = {.zone          = zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = bed_m3,
                                       .water_m3      = bed_m3 * p[P_POROSITY],
                                       .length_m      = dz,
                                       .capture_1_s   = p[P_CAPTURE],
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k,
                                       .media_j_k     = stone_kg * SEI_STONE_J_KG_K,
                                       .filter        = sei_filter(p[P_FILTER], dz),
                                       .flow_grain_m =
                                           sei_flow_grain_m(p[P_FLOW_GRAIN], p[P_GRAIN])};
        size_t                 c    = 0;
        st                          = sei_builder_cell_add(ctx, builder, &cell, &c);
        if (st == SEI_OK)
            st = sei_builder_solid(ctx, builder, c, "Calcite",
                                   stone_kg * sei_limestone_mol_kg(builder, p[P_LIMESTONE]));
    }
    return st;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    const double  stone = (1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3; /* kg in a m3 of bed */
    sei_bed_shape shape = {0};
    size_t        n = 0, zone = 0;

    sei_status st = sei_bed_shape_of(ctx, spec, p, &shape);
    if (st == SEI_OK)
        st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, spec->name, &zone);
    if (st == SEI_OK)
        st = set_zone(ctx, builder, p, stone * sei_limestone_mol_kg(builder, p[P_LIMESTONE]), zone);
    if (st == SEI_OK && p[P_LIMESTONE] > 0.0)
        st = sei_builder_medium(ctx, builder, "Calcite",
                                sei_limestone_mol_kg(builder, p[P_LIMESTONE]));
    if (st == SEI_OK)
        st = add_cells(ctx, spec, builder, &shape, zone, n);
    sei_builder_head(builder, &p[P_HEAD]);
    sei_builder_footprint(builder, st == SEI_OK ? shape.area_m2 : 0.0);
    return st;
}

const sei_unit_type sei_unit_type_polishing_bed = {
    .key      = "polishing_bed",
    .title    = "Polishing bed (open stone bed)",
    .title_ja = "仕上げ槽(好気ろ床)",
    .source   = "",
    .params   = params,
    .n_params = N_PARAMS,
    .build    = build,
};
