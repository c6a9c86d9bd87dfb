/*
 * unit_anoxic_limestone_drain.c - buried limestone through which anoxic water flows, closed to the air
 *
 * Carbon dioxide cannot leave, so that the water dissolves limestone up to the alkalinity that its own
 * carbon and acidity allow, less the stall: drains have kept to about one log unit below saturation with half of
 * their stone still to come (hedin1994). Dissolution is the law calcite-pwp over the stone's geometric surface. Size by
 * volume or by stone_t: volume = mass / ((1 - porosity) 2650 kg/m3). Aluminium that precipitates between the stones takes
 * their room; with head_max_m the water then goes around the drain.
 */
#include "plant/assembly.h"
#include "plant/basin.h"

enum {
    SEI_SHAPE_PARAMS,
    P_STONE,
    P_CELLS,
    P_POROSITY,
    P_PURITY,
    P_GRAIN,
    P_ACTIVE,
    P_STALL,
    P_KLA,
    P_CAPTURE,
    SEI_GRAIN_PARAMS(P),
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_STONE] = SEI_ROW("stone_t", "t", 0.0, 0.0, 1e5, LINEAR, ASSUMED, "",
                        "mass of limestone in place of volume_m3; 0: by volume",
                        "volume_m3 の代わりに与える石灰石質量。0 のときは容積による"),
    [P_CELLS] =
        SEI_ROW("cells", "", 10, 1, 500, LINEAR, ASSUMED, "",
                "stirred volumes in series that stand for dispersion", "分散を表す直列槽数"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.49, 0.05, 0.9, LINEAR, PUBLISHED, "cravotta2003",
                           "share of pores in the bed", "空隙率"),
    [P_PURITY]   = SEI_ROW("purity", "", 0.90, 0.05, 1.0, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of CaCO3 in the stone", "石灰石の CaCO3 純度"),
    [P_GRAIN] =
        SEI_ROW("grain_mm", "mm", 60.0, 0.05, 500.0, LOG, ASSUMED, "",
                "grain size that stands for the reactive surface", "反応表面積を代表する粒径"),
    [P_ACTIVE] = SEI_ROW("active_fraction", "", 1.0, 0.001, 20.0, LOG, ASSUMED, "",
                         "surface that takes part over the geometric one; armour lowers it",
                         "幾何学的表面積に対する有効割合(被覆で低下)"),
    SEI_STALL_ROW,
    [P_KLA]     = SEI_ROW("kla_o2_1_h", "1/h", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                          "transfer coefficient of oxygen; 0: tight cover",
                          "酸素の総括物質移動容量係数(0=密閉)"),
    [P_CAPTURE] = SEI_ROW("capture_1_h", "1/h", 3.5, 0.0, 100.0, LINEAR, INFERRED, "cravotta1998",
                          "first-order capture of suspended solids in the bed; from drains that "
                          "held more than 95 % of iron and aluminium in 1 to 3 h",
                          "充填層による懸濁物の捕捉速度定数(一次)"),
    SEI_GRAIN_ROWS(P, 0.0),
    SEI_FLOW_ROWS,
    SEI_BED_HEAT_ROWS(0.8, 1.0, 1.0),
};

static sei_status shape_of(sei_ctx *ctx, const sei_unit_spec *spec, sei_bed_shape *ret)
{
    const double *p        = spec->params;
    double        given[3] = {p[P_VOLUME], p[P_AREA], p[P_DEPTH]};

    if (p[P_STONE] > 0.0 && p[P_VOLUME] > 0.0)
        return sei_fail(ctx, SEI_E_ARG, sei_unit_where(spec),
                        "unit \"%s\": give volume_m3 or stone_t, not both", spec->name);
    if (p[P_STONE] > 0.0)
        given[0] = p[P_STONE] / ((1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3);
    return sei_bed_shape_of(ctx, spec, given, ret);
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double   *p     = spec->params;
    sei_bed_shape   shape = {0};
    size_t          n     = 0;
    const sei_stone stone = {.porosity     = p[P_POROSITY],
                             .purity       = p[P_PURITY],
                             .grain_m      = p[P_GRAIN],
                             .active       = p[P_ACTIVE],
                             .has_stall    = true,
                             .stall_log    = p[P_STALL],
                             .kla_o2_1_s   = p[P_KLA],
                             .capture_1_s  = p[P_CAPTURE],
                             .filter_m     = p[P_FILTER],
                             .flow_grain_m = sei_flow_grain_m(p[P_FLOW_GRAIN], p[P_GRAIN])};

    sei_status st = shape_of(ctx, spec, &shape);
    if (st == SEI_OK)
        st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    if (st == SEI_OK)
        st = sei_stone_bed(ctx, builder, &shape, &stone, n, sqrt(shape.area_m2), &p[P_U_TOP]);
    sei_builder_head(builder, &p[P_HEAD]);
    return st;
}

const sei_unit_type sei_unit_type_anoxic_limestone_drain = {
    .key        = "anoxic_limestone_drain",
    .title      = "Anoxic limestone drain",
    .title_ja   = "無酸素石灰石暗渠(ALD)",
    .source     = "cravotta2003",
    .params     = params,
    .n_params   = N_PARAMS,
    .build      = build,
    .hrt_low_h  = 1.5,
    .hrt_high_h = 2000,
};
