/*
 * unit_tank.c - stirred tanks in series
 *
 * The plain reactor: n equal stirred volumes one after the other, with gas exchange, settling and
 * heat exchange as the user sets them. Its residence-time curve is that of n tanks in series.
 */
#include "plant/basin.h"

enum { SEI_SHAPE_PARAMS, P_CELLS, P_KLA, P_SETTLING, SEI_HEAT_PARAMS, N_PARAMS };

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] = SEI_ROW("cells", "", 1, 1, 500, LINEAR, ASSUMED, "",
                        "equal stirred volumes in series; 1 is fully mixed",
                        "直列完全混合槽の数(1=完全混合)"),
    [P_KLA]   = SEI_ROW("kla_o2_1_h", "1/h", 0.0, 0.0, 1000.0, LINEAR, ASSUMED, "",
                        "transfer coefficient of oxygen from the air; 0: closed",
                        "酸素の総括物質移動容量係数(0=密閉)"),
    [P_SETTLING] =
        SEI_ROW("settling_1_h", "1/h", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                "first-order settling of suspended solids", "懸濁物の沈降速度定数(一次)"),
    SEI_HEAT_ROWS(10.0, 0.0, 0.0),
};

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
    if (st != SEI_OK)
        return st;

    const sei_heat_ua ua = sei_heat_nth(&shape, &p[P_U_TOP], n);
    sei_builder_footprint(builder, shape.area_m2);
    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const sei_builder_cell cell = {.zone          = zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = shape.volume_m3 / (double)n,
                                       .water_m3      = shape.volume_m3 / (double)n,
                                       .length_m      = shape.depth_m / (double)n,
                                       .capture_1_s   = p[P_SETTLING],
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k};
        st                          = sei_builder_cell_add(ctx, builder, &cell, NULL);
    }
    return st;
}

const sei_unit_type sei_unit_type_tank = {
    .key      = "tank",
    .title    = "Stirred tanks in series",
    .title_ja = "直列完全混合槽",
    .source   = "",
    .params   = params,
    .n_params = N_PARAMS,
    .own_laws = sei_floc_laws,
    .build    = build,
};
