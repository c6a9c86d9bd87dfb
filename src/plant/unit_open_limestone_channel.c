/*
 * unit_open_limestone_channel.c - ditch lined with limestone, open to the air
 *
 * Water runs in the pores of the stone, water_depth_m deep. The air takes carbon dioxide away and brings
 * oxygen: a fall raises the transfer as over the steps of a cascade (metcalf2003), spread evenly along the
 * slope,
 *     kLa t = 0.361 ab (1 + 0.046 T) H,   H = length slope.
 * Iron armours the stone: only active_fraction of its surface takes part.
 */
#include "plant/basin.h"

enum {
    P_LENGTH,
    P_WIDTH,
    P_WATER_DEPTH,
    P_SLOPE,
    P_CELLS,
    P_POROSITY,
    P_PURITY,
    P_GRAIN,
    P_ACTIVE,
    P_WEIR,
    P_CAPTURE,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    [P_LENGTH]      = SEI_ROW("length_m", "m", 100.0, 0.1, 10000.0, LINEAR, ASSUMED, "",
                              "length of the channel", "水路長"),
    [P_WIDTH]       = SEI_ROW("width_m", "m", 1.0, 0.05, 50.0, LINEAR, ASSUMED, "",
                              "mean width of the water in the stone", "水面幅(平均)"),
    [P_WATER_DEPTH] = SEI_ROW("water_depth_m", "m", 0.2, 0.01, 5.0, LINEAR, ASSUMED, "",
                              "depth of water in the stone", "石灰石中の水深"),
    [P_SLOPE]       = SEI_ROW("slope_pct", "%", 10.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                              "fall over length; steep ones keep their stone clean",
                              "勾配(急勾配ほど被覆されにくい)"),
    [P_CELLS] = SEI_ROW("cells", "", 10, 1, 500, LINEAR, ASSUMED, "", "stirred volumes in series",
                        "直列完全混合槽の数"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.43, 0.05, 0.9, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of pores between the stones", "空隙率"),
    [P_PURITY]   = SEI_ROW("purity", "", 0.90, 0.05, 1.0, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of CaCO3 in the stone", "石灰石の CaCO3 純度"),
    [P_GRAIN] =
        SEI_ROW("grain_mm", "mm", 150.0, 1.0, 1000.0, LOG, ASSUMED, "",
                "grain size that stands for the reactive surface", "反応表面積を代表する粒径"),
    [P_ACTIVE]  = SEI_ROW("active_fraction", "", 0.3, 0.001, 20.0, LOG, ASSUMED, "",
                          "surface that takes part over the geometric one; 1 for clean stone",
                          "幾何学的表面積に対する有効割合(被覆なし=1)"),
    [P_WEIR]    = SEI_ROW("weir_factor", "", 0.88, 0.0, 2.5, LINEAR, INFERRED, "metcalf2003",
                          "water quality factor times weir factor of the reaeration by fall",
                          "落差による再曝気式の水質係数と堰係数の積"),
    [P_CAPTURE] = SEI_ROW("capture_1_h", "1/h", 0.1, 0.0, 100.0, LINEAR, ASSUMED, "",
                          "first-order capture of suspended solids between the stones",
                          "石間での懸濁物の捕捉速度定数(一次)"),
    SEI_HEAT_ROWS(25.0, 0.0, 1.0),
};

static double fall_kla_1_s(const double p[], double pore_m3, double flow_m3_s)
{
    const double drop = p[P_LENGTH] * p[P_SLOPE];

    return 0.361 * p[P_WEIR] * (1.0 + 0.046 * SEI_KLA_REF_C) * drop * flow_m3_s / pore_m3;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double       *p      = spec->params;
    const double        area   = p[P_LENGTH] * p[P_WIDTH];
    const double        volume = area * p[P_WATER_DEPTH];
    const sei_bed_shape shape = {.volume_m3 = volume, .area_m2 = area, .depth_m = p[P_WATER_DEPTH]};
    const sei_stone     stone = {
            .porosity    = p[P_POROSITY],
            .purity      = p[P_PURITY],
            .grain_m     = p[P_GRAIN],
            .active      = p[P_ACTIVE],
            .kla_o2_1_s  = fall_kla_1_s(p, volume * p[P_POROSITY], sei_builder_flow_m3_s(builder)),
            .capture_1_s = p[P_CAPTURE]};
    size_t n = 0;

    const sei_status st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    return st == SEI_OK ? sei_stone_bed(ctx, builder, &shape, &stone, n, p[P_LENGTH], &p[P_U_TOP])
                        : st;
}

const sei_unit_type sei_unit_type_open_limestone_channel = {
    .key      = "open_limestone_channel",
    .title    = "Open limestone channel",
    .title_ja = "開放型石灰石水路",
    .source   = "metcalf2003",
    .params   = params,
    .n_params = N_PARAMS,
    .own_laws = sei_floc_laws,
    .build    = build,
};
