/*
 * unit_cascade.c - steps over which water falls, takes up oxygen and loses carbon dioxide
 *
 * Each step is a stirred pool. A fall of height h lowers the oxygen deficit by the ratio
 *     r = 1 + 0.361 ab (1 + 0.046 T) h        h in m, T in degC   (metcalf2003)
 * and a pool with transfer coefficient kLa and retention time t has r = 1 + kLa t, so that
 *     kLa = (r - 1) / t                       t at design flow.
 */
#include "plant/basin.h"

enum { P_STEPS, P_DROP, P_FACTOR, P_POOL_VOLUME, P_POOL_DEPTH, P_KLA, SEI_HEAT_PARAMS, N_PARAMS };

static const sei_param params[N_PARAMS] = {
    [P_STEPS]  = SEI_ROW("steps", "", 5, 1, 100, LINEAR, ASSUMED, "", "number of steps", "段数"),
    [P_DROP]   = SEI_ROW("drop_m", "m", 0.3, 0.0, 3.0, LINEAR, ASSUMED, "",
                         "fall from one step to the next", "一段の落差"),
    [P_FACTOR] = SEI_ROW("weir_factor", "", 0.88, 0.1, 2.5, LINEAR, INFERRED, "metcalf2003",
                         "water quality factor a times weir factor b of the deficit ratio",
                         "不足比式の水質係数 a と堰係数 b の積"),
    [P_POOL_VOLUME] = SEI_ROW("pool_volume_m3", "m³", 0.0, 0.0, 1000.0, LINEAR, ASSUMED, "",
                              "water on one step; 0: one minute of the design flow",
                              "一段の水量。0 のときは設計流量の 1 分間分"),
    [P_POOL_DEPTH]  = SEI_ROW("pool_depth_m", "m", 0.2, 0.01, 3.0, LINEAR, ASSUMED, "",
                              "depth of water on a step", "一段の水深"),
    [P_KLA]         = SEI_ROW("kla_o2_1_h", "1/h", 0.0, 0.0, 10000.0, LINEAR, ASSUMED, "",
                              "transfer coefficient of oxygen in a pool; above 0 it replaces the "
                                      "formula with drop_m and weir_factor",
                              "酸素の総括物質移動容量係数。0 より大きいとき落差の式の代わりに用いる"),
    SEI_HEAT_ROWS(25.0, 0.0, 1.0),
};

static double fall_kla_1_s(const double p[], double pool_m3, double flow_m3_s)
{
    const double excess = 0.361 * p[P_FACTOR] * (1.0 + 0.046 * SEI_KLA_REF_C) * p[P_DROP];

    return excess * flow_m3_s / pool_m3;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p    = spec->params;
    const double  pool = p[P_POOL_VOLUME] > 0.0 ? p[P_POOL_VOLUME] : sei_chamber_m3(builder);
    const double  kla =
        p[P_KLA] > 0.0 ? p[P_KLA] : fall_kla_1_s(p, pool, sei_builder_flow_m3_s(builder));
    const sei_bed_shape shape = {
        .volume_m3 = pool, .area_m2 = pool / p[P_POOL_DEPTH], .depth_m = p[P_POOL_DEPTH]};
    const sei_heat_ua ua = sei_heat_nth(&shape, &p[P_U_TOP], 1);
    size_t            n = 0, zone = 0;

    sei_status st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_STEPS, &n);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, spec->name, &zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, zone, kla);
    if (st != SEI_OK)
        return st;

    sei_builder_footprint(builder, shape.area_m2 * (double)n);
    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const sei_builder_cell cell = {.zone          = zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = pool,
                                       .water_m3      = pool,
                                       .length_m      = p[P_DROP],
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k};
        st                          = sei_builder_cell_add(ctx, builder, &cell, NULL);
    }
    return st;
}

const sei_unit_type sei_unit_type_cascade = {
    .key      = "cascade",
    .title    = "Cascade aerator",
    .title_ja = "階段式曝気水路",
    .source   = "metcalf2003",
    .params   = params,
    .n_params = N_PARAMS,
    .own_laws = sei_floc_laws,
    .build    = build,
};
