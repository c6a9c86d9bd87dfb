/*
 * unit_equalisation_tank.c - basin that evens out what raw water brings
 *
 * Mixed and always full: it evens out concentrations, pH and temperature, not the flow. A pulse is damped as
 * a first-order lag does: a swing of period P comes out with 1/sqrt(1 + (2 pi tau/P)^2) of its height.
 */
#include "plant/basin.h"

enum { SEI_SHAPE_PARAMS, P_CELLS, P_KLA, P_SETTLING, SEI_HEAT_PARAMS, N_PARAMS };

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
    SEI_HEAT_ROWS(15.0, 0.0, 0.5),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};

    sei_status st = sei_basin_open(ctx, spec, P_CELLS, p[P_KLA], builder, &basin);
    if (st == SEI_OK)
        st = sei_builder_suspend(ctx, builder, basin.zone, 1.0);
    return st == SEI_OK ? sei_basin_cells(ctx, builder, &basin, p[P_SETTLING], &p[P_U_TOP], NULL)
                        : st;
}

const sei_unit_type sei_unit_type_equalisation_tank = {
    .key      = "equalisation_tank",
    .title    = "Equalisation tank",
    .title_ja = "調整槽(水質均一化)",
    .source   = "",
    .params   = params,
    .n_params = N_PARAMS,
    .build    = build,
};
