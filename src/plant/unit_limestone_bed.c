/*
 * unit_limestone_bed.c - bed of crushed limestone, open or as an anoxic drain
 *
 * The stone that the pores leave is limestone: mass = (1 - porosity) 2650 kg/m3 volume, of which
 * `purity` is calcite (the sizing rule of amdtreat2019). Calcite dissolves by the PWP law over the
 * geometric surface of the stone, 6 / (density grain). With kla_o2_1_h = 0 the bed is closed: an
 * anoxic limestone drain that keeps its carbon dioxide. A bed that is covered with manganese oxides
 * oxidises manganese on the covered share of that surface.
 */
#include "plant/bed.h"
#include "plant/laws.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_POROSITY,
    P_PURITY,
    P_GRAIN,
    P_KLA,
    P_CAPTURE,
    P_MN_COATED,
    SEI_GRAIN_PARAMS(P),
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] =
        SEI_ROW("cells", "", 8, 1, 500, LINEAR, ASSUMED, "",
                "stirred volumes in series that stand for dispersion", "分散を表す直列槽数"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.43, 0.05, 0.9, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of pores in the bed", "空隙率"),
    [P_PURITY]   = SEI_ROW("purity", "", 0.90, 0.05, 1.0, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of CaCO3 in the stone", "石灰石の CaCO3 純度"),
    [P_GRAIN] =
        SEI_ROW("grain_mm", "mm", 30.0, 0.05, 500.0, LOG, ASSUMED, "",
                "grain size that stands for the reactive surface", "反応表面積を代表する粒径"),
    [P_KLA]       = SEI_ROW("kla_o2_1_h", "1/h", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                            "transfer coefficient of oxygen; 0: anoxic drain, closed to the air",
                            "酸素の総括物質移動容量係数(0=密閉した無酸素石灰石水路)"),
    [P_CAPTURE]   = SEI_ROW("capture_1_h", "1/h", 0.1, 0.0, 100.0, LINEAR, ASSUMED, "",
                            "first-order capture of suspended solids in the bed",
                            "充填層による懸濁物の捕捉速度定数(一次)"),
    [P_MN_COATED] = SEI_ROW("mn_coated", "", 0.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                            "share of the stone's surface that manganese oxides cover and on "
                            "which dissolved manganese is oxidised",
                            "マンガン酸化物に覆われ、溶存マンガンを酸化する石表面の割合"),
    SEI_GRAIN_ROWS(P, 0.0),
    SEI_FLOW_ROWS,
    SEI_BED_HEAT_ROWS(10.0, 1.0, 1.0),
};

/* Calcite per volume of bed. */
static double calcite_mol_m3(const sei_plant_builder *builder, const double p[])
{
    return (1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3 * sei_limestone_mol_kg(builder, p[P_PURITY]);
}

/* Surface of the stone per volume of pore water, m2/m3. */
static double stone_m2_m3(const double p[])
{
    return sei_stone_m2_kg(p[P_GRAIN]) * (1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3 / p[P_POROSITY];
}

static sei_status add_cells(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                            const sei_bed_shape *shape, size_t zone, size_t n)
{
    const double     *p      = spec->params;
    const double      bed_m3 = shape->volume_m3 / (double)n;
    const double      kg     = (1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3 * bed_m3;
    const double      mol    = calcite_mol_m3(builder, p) * bed_m3;
    const sei_heat_ua ua     = sei_heat_nth(shape, &p[P_U_TOP], n);
    sei_status        st     = SEI_OK;

    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const sei_builder_cell cell = {
            .zone          = zone,
            .layer         = SEI_NO_LAYER,
            .bed_m3        = bed_m3,
            .water_m3      = bed_m3 * p[P_POROSITY],
            .length_m      = shape->depth_m / (double)n,
            .capture_1_s   = p[P_CAPTURE],
            .ua_air_w_k    = ua.air_w_k,
            .top           = ua.top,
            .ua_ground_w_k = ua.ground_w_k,
            .media_j_k     = kg * SEI_STONE_J_KG_K,
            .filter        = sei_filter(p[P_FILTER], shape->depth_m / (double)n),
            .flow_grain_m  = sei_flow_grain_m(p[P_FLOW_GRAIN], p[P_GRAIN])};
        size_t c = 0;
        st       = sei_builder_cell_add(ctx, builder, &cell, &c);
        if (st == SEI_OK)
            st = sei_builder_solid(ctx, builder, c, "Calcite", mol);
    }
    return st;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_bed_shape shape = {0};
    size_t        n = 0, zone = 0;

    sei_status st = sei_bed_shape_of(ctx, spec, p, &shape);
    if (st == SEI_OK)
        st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, spec->name, &zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, zone, p[P_KLA]);
    if (st == SEI_OK)
        st = sei_set_limestone(ctx, builder, zone, p[P_GRAIN], p[P_PURITY],
                               calcite_mol_m3(builder, p) / (SEI_WATER_KG_M3 * p[P_POROSITY]));
    if (st == SEI_OK)
        st = sei_builder_capacity(ctx, builder, zone, SEI_LAW_MN2_OXIDATION,
                                  p[P_MN_COATED] * stone_m2_m3(p));
    if (st == SEI_OK)
        st = add_cells(ctx, spec, builder, &shape, zone, n);
    sei_builder_head(builder, &p[P_HEAD]);
    sei_builder_footprint(builder, st == SEI_OK ? shape.area_m2 : 0.0);
    return st;
}

const sei_unit_type sei_unit_type_limestone_bed = {
    .key        = "limestone_bed",
    .title      = "Limestone bed (open or anoxic drain)",
    .title_ja   = "石灰石充填槽(開放型・無酸素型)",
    .source     = "amdtreat2019",
    .params     = params,
    .n_params   = N_PARAMS,
    .build      = build,
    .hrt_low_h  = 0.05,
    .hrt_high_h = 2000,
};
