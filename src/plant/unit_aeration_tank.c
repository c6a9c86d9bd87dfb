/*
 * unit_aeration_tank.c - stirred, aerated tank in which precipitates stay in suspension
 *
 * The transfer coefficient is given, or follows from the aerator's power: W aerators of P kW that bring E
 * kg O2 per kWh into clean water at 20 degC without oxygen make
 *     kLa = P E / (Cs V),   Cs = 9.09e-3 kg/m3
 * (the definition of the standard oxygen transfer rate, metcalf2003). Carbon dioxide leaves with the
 * same bubbles. With kla_o2_1_h = 0 and no power it is a plain reaction tank under lime.
 */
#include "plant/basin.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_KLA,
    SEI_AERATOR_PARAMS,
    P_GROWTH,
    P_REACTIVE,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] = SEI_ROW("cells", "", 1, 1, 50, LINEAR, ASSUMED, "", "stirred volumes in series",
                        "直列完全混合槽の数"),
    [P_KLA]   = SEI_ROW("kla_o2_1_h", "1/h", 10.0, 0.0, 1000.0, LINEAR, ASSUMED, "",
                        "transfer coefficient of oxygen at 20 degC; aerator_kw above 0 replaces it",
                        "酸素の総括物質移動容量係数(20 ℃)。aerator_kw > 0 のときは動力から計算"),
    SEI_AERATOR_ROWS,
    [P_GROWTH]   = SEI_ROW("precipitation_1_h", "1/h", 100.0, 0.1, 10000.0, LOG, ASSUMED, "",
                           "rate constant at which hydroxides of iron and aluminium form",
                           "鉄・アルミニウム水酸化物の沈殿速度定数"),
    [P_REACTIVE] = SEI_ROW("reactive_fraction", "", 1.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                           "share of the suspended ferric solids on which ferrous iron is oxidised",
                           "懸濁三価鉄沈殿物のうち二価鉄酸化の反応面となる割合"),
    SEI_HEAT_ROWS(15.0, 0.0, 0.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};

    sei_status st = sei_basin_size(ctx, spec, P_CELLS, &basin);
    if (st == SEI_OK)
        st = sei_limed_zone(ctx, builder, spec->name, p[P_GROWTH], p[P_REACTIVE], &basin.zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, basin.zone,
                                  sei_aerator_kla_1_s(&p[P_KLA], basin.shape.volume_m3));
    if (st == SEI_OK)
        st = sei_basin_cells(ctx, builder, &basin, 0.0, &p[P_U_TOP], NULL);
    return st;
}

const sei_unit_type sei_unit_type_aeration_tank = {
    .key        = "aeration_tank",
    .title      = "Aeration or reaction tank",
    .title_ja   = "曝気槽・反応槽",
    .source     = "metcalf2003",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = sei_limed_laws,
    .build      = build,
    .hrt_low_h  = 0.02,
    .hrt_high_h = 500,
};
