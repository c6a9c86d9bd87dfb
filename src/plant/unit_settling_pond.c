/*
 * unit_settling_pond.c - pond in which precipitates settle
 *
 * Tanks in series side by side; suspended solids settle with a first-order constant, given as such
 * (2.1(+-0.7)e-2 1/h was measured for iron precipitates in pilot ponds, waterres2023) or as a
 * settling velocity v over the depth: k = v / depth, the ideal pond's overflow velocity rule.
 */
#include "plant/basin.h"

enum { SEI_SHAPE_PARAMS, P_CELLS, P_SETTLING, P_VELOCITY, P_KLA, SEI_HEAT_PARAMS, N_PARAMS };

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] = SEI_ROW("cells", "", 4, 1, 100, LINEAR, INFERRED, "",
                        "tanks in series that stand for the pond's mixing; 3 to 5 are usual",
                        "池内混合を表す直列槽数(通常 3〜5)"),
    [P_SETTLING] =
        SEI_ROW("settling_1_h", "1/h", 0.021, 0.0, 20.0, LINEAR, PUBLISHED, "waterres2023",
                "first-order settling of suspended solids", "懸濁物の沈降速度定数(一次)"),
    [P_VELOCITY] = SEI_ROW("settling_velocity_m_h", "m/h", 0.0, 0.0, 20.0, LINEAR, ASSUMED, "",
                           "settling velocity; above 0 it replaces settling_1_h by velocity over "
                           "depth",
                           "沈降速度。0 より大きいとき settling_1_h の代わりに 速度÷深さ を用いる"),
    [P_KLA]      = SEI_ROW("kla_o2_1_h", "1/h", 0.036, 0.0, 100.0, LINEAR, ASSUMED, "",
                           "transfer coefficient of oxygen through the surface, per volume",
                           "水面からの酸素の総括物質移動容量係数"),
    SEI_HEAT_ROWS(25.0, 0.0, 1.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};

    sei_status st = sei_basin_open(ctx, spec, P_CELLS, p[P_KLA], builder, &basin);
    if (st != SEI_OK)
        return st;
    const double settle = sei_settling_1_s(p[P_SETTLING], p[P_VELOCITY], basin.shape.depth_m);
    return sei_basin_cells(ctx, builder, &basin, settle, &p[P_U_TOP], NULL);
}

const sei_unit_type sei_unit_type_settling_pond = {
    .key        = "settling_pond",
    .title      = "Settling pond",
    .title_ja   = "沈殿池",
    .source     = "waterres2023",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = sei_floc_laws,
    .build      = build,
    .hrt_low_h  = 1,
    .hrt_high_h = 10000,
};
