/*
 * unit_equalisation_tank.c - basin that evens out what raw water brings
 *
 * Mixed; without a draw always full: it evens out concentrations, pH and temperature. A pulse is damped as
 * a first-order lag does: a swing of period P comes out with 1/sqrt(1 + (2 pi tau/P)^2) of its height. With a draw the
 * level moves between its bounds and the flow is evened out too (sei_store).
 */
#include "plant/basin.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_KLA,
    P_SETTLING,
    P_DRAW,
    P_MIN,
    P_START,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS]    = SEI_ROW("cells", "", 1, 1, 50, LINEAR, ASSUMED, "",
                           "stirred volumes in series; 1 is fully mixed, which evens out most",
                           "直列完全混合槽の数(1=完全混合で平準化効果が最大)"),
    [P_KLA]      = SEI_ROW("kla_o2_1_h", "1/h", 0.1, 0.0, 1000.0, LINEAR, ASSUMED, "",
                           "transfer coefficient of oxygen through the stirred surface, per volume",
                           "撹拌水面からの酸素の総括物質移動容量係数"),
    [P_SETTLING] = SEI_ROW("settling_1_h", "1/h", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                           "first-order settling of suspended solids; 0: the mixer keeps them up",
                           "懸濁物の沈降速度定数(一次)。0=撹拌により沈降しない"),
    [P_DRAW] =
        SEI_ROW("draw_m3_d", "m³/d", 0.0, 0.0, 1e6, LINEAR, ASSUMED, "",
                "what is drawn from the tank while its level is above lowest_level, whatever flows "
                "in; 0: the tank is always full",
                "流入量によらない一定の引抜き流量(0=常に満水)"),
    [P_MIN]   = SEI_ROW("lowest_level", "", 0.1, 0.01, 0.9, LINEAR, ASSUMED, "",
                        "share of the volume below which nothing is drawn", "引抜きを停止する貯水率"),
    [P_START] = SEI_ROW("start_level", "", 0.5, 0.01, 1.0, LINEAR, ASSUMED, "",
                        "share of the volume that is full at the start", "開始時の貯水率"),
    SEI_HEAT_ROWS(15.0, 0.0, 0.5),
};

static sei_status add_draw(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                           const sei_basin *basin, size_t cell)
{
    const double *p = spec->params, volume = basin->shape.volume_m3;

    if (p[P_DRAW] == 0.0)
        return SEI_OK;
    if (basin->n != 1)
        return sei_fail(ctx, SEI_E_ARG, &spec->where,
                        "unit \"%s\": a tank with draw_m3_d is one mixed volume: set cells to 1",
                        spec->name);
    if (p[P_START] < p[P_MIN])
        return sei_fail(ctx, SEI_E_RANGE, &spec->where,
                        "unit \"%s\": start_level = %g is below lowest_level = %g", spec->name,
                        p[P_START], p[P_MIN]);
    sei_builder_store(builder, cell, p[P_DRAW], p[P_MIN] * volume, volume, p[P_START] * volume);
    return SEI_OK;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};
    size_t        first = 0;

    sei_status st = sei_basin_open(ctx, spec, P_CELLS, p[P_KLA], builder, &basin);
    if (st == SEI_OK)
        st = sei_builder_suspend(ctx, builder, basin.zone, 1.0);
    if (st == SEI_OK)
        st = sei_basin_cells(ctx, builder, &basin, p[P_SETTLING], &p[P_U_TOP], &first);
    return st == SEI_OK ? add_draw(ctx, spec, builder, &basin, first) : st;
}

const sei_unit_type sei_unit_type_equalisation_tank = {
    .key      = "equalisation_tank",
    .title    = "Equalisation tank",
    .title_ja = "調整槽(水質・水量の均一化)",
    .source   = "",
    .params   = params,
    .n_params = N_PARAMS,
    .own_laws = sei_floc_laws,
    .build    = build,
};
