/*
 * unit_oxidation_pond.c - open pond in which the air oxidises iron and its precipitates settle
 *
 * Tanks in series of open water. Gas goes through the surface, kLa = transfer velocity / depth. Precipitates
 * form in suspension and settle with a first-order constant
 * (2.1(+-0.7)e-2 1/h in pilot ponds, waterres2023) or a velocity over the depth. Ferrous iron is oxidised on
 * them when reactive_fraction says so: the law counts mud on the bottom like solids in the water.
 */
#include "plant/basin.h"
#include "plant/laws.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_TRANSFER,
    P_SETTLING,
    P_VELOCITY,
    P_REACTIVE,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS]    = SEI_ROW("cells", "", 4, 1, 100, LINEAR, INFERRED, "",
                           "tanks in series that stand for the pond's mixing; 3 to 5 are usual",
                           "池内混合を表す直列槽数(通常 3〜5)"),
    [P_TRANSFER] = SEI_ROW("oxygen_transfer_m_d", "m/d", 0.9, 0.0, 50.0, LINEAR, ASSUMED, "",
                           "transfer velocity of oxygen through the surface; wind raises it",
                           "水面での酸素移動速度(風で増大)"),
    [P_SETTLING] =
        SEI_ROW("settling_1_h", "1/h", 0.021, 0.0, 20.0, LINEAR, PUBLISHED, "waterres2023",
                "first-order settling of suspended solids", "懸濁物の沈降速度定数(一次)"),
    [P_VELOCITY] = SEI_ROW("settling_velocity_m_h", "m/h", 0.0, 0.0, 20.0, LINEAR, ASSUMED, "",
                           "settling velocity; above 0 it replaces settling_1_h by velocity over "
                           "depth",
                           "沈降速度。0 より大きいとき settling_1_h の代わりに 速度÷深さ を用いる"),
    [P_REACTIVE] = SEI_ROW("reactive_fraction", "", 0.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                           "share of the ferric solids on which ferrous iron is oxidised",
                           "三価鉄沈殿物のうち二価鉄酸化の反応面となる割合"),
    SEI_HEAT_ROWS(25.0, 0.0, 1.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};

    sei_status st = sei_basin_begin(ctx, spec, P_CELLS, builder, &basin);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, basin.zone, p[P_TRANSFER] / basin.shape.depth_m);
    if (st == SEI_OK)
        st = sei_builder_set_if(ctx, builder, basin.zone, SEI_LAW_FE2_HETEROGENEOUS,
                                SEI_KEY_REACTIVE, p[P_REACTIVE]);
    if (st == SEI_OK)
        st = sei_builder_suspend(ctx, builder, basin.zone, 1.0);
    if (st != SEI_OK)
        return st;
    const double settle = sei_settling_1_s(p[P_SETTLING], p[P_VELOCITY], basin.shape.depth_m);
    return sei_basin_cells(ctx, builder, &basin, settle, &p[P_U_TOP], NULL);
}

const sei_unit_type sei_unit_type_oxidation_pond = {
    .key        = "oxidation_pond",
    .title      = "Oxidation and settling pond",
    .title_ja   = "酸化・沈殿池",
    .source     = "waterres2023",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = sei_floc_laws,
    .build      = build,
    .hrt_low_h  = 1,
    .hrt_high_h = 10000,
};
