/*
 * unit_iron_bacteria_tank.c - aerated tank in which iron bacteria oxidise ferrous iron
 *
 * Japanese practice before a carbonate stage (former Matsuo mine: bacteria grow from 25e4 to 1e8 cells/mL
 * in aerated tanks; limestone then takes the ferric iron): returned sludge or carriers hold the bacteria in
 * the tank, so that the population does not wash out with the water. Their capacity is a figure per volume of tank;
 * below start_population 1 they grow towards it (fe2-growth). Precipitates stay in suspension.
 */
#include <string.h>

#include "plant/basin.h"
#include "plant/laws.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_KLA,
    SEI_AERATOR_PARAMS,
    P_CAPACITY,
    P_START,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] = SEI_ROW("cells", "", 2, 1, 50, LINEAR, ASSUMED, "", "stirred volumes in series",
                        "直列完全混合槽の数"),
    [P_KLA]   = SEI_ROW("kla_o2_1_h", "1/h", 10.0, 0.0, 1000.0, LINEAR, ASSUMED, "",
                        "transfer coefficient of oxygen at 20 degC; aerator_kw above 0 replaces it",
                        "酸素の総括物質移動容量係数(20 ℃)。aerator_kw > 0 のときは動力から計算"),
    SEI_AERATOR_ROWS,
    [P_CAPACITY] = SEI_ROW(
        "bacteria_capacity_mol_m3_d", "mol/m³/d", 74.0, 0.0, 5000.0, LINEAR, INFERRED, "larson2014",
        "most Fe(II) that a full population oxidises per volume of tank at 15 degC: "
        "the slowest of eight natural iron terraces, 8.6e-7 mol/L/s",
        "15 ℃ における槽容積あたりの最大鉄酸化速度(天然鉄テラス 8 地点の最小値)"),
    [P_START] = SEI_START_IRON_ROW,
    SEI_HEAT_ROWS(15.0, 0.0, 0.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};
    size_t        first = 0;

    sei_status st = sei_basin_begin(ctx, spec, P_CELLS, builder, &basin);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, basin.zone,
                                  sei_aerator_kla_1_s(&p[P_KLA], basin.shape.volume_m3));
    if (st == SEI_OK)
        st = sei_set_capacity(ctx, builder, basin.zone, SEI_LAW_FE2_MICROBIAL, p[P_CAPACITY], 1.0);
    if (st == SEI_OK)
        st = sei_set_iron_growth(ctx, builder, basin.zone, p[P_START]);
    if (st == SEI_OK)
        st = sei_builder_suspend(ctx, builder, basin.zone, 1.0);
    if (st == SEI_OK)
        st = sei_basin_cells(ctx, builder, &basin, 0.0, &p[P_U_TOP], &first);
    for (size_t i = 0; st == SEI_OK && i < basin.n; i++)
        st = sei_start_iron_bacteria(ctx, builder, first + i,
                                     basin.shape.volume_m3 / (double)basin.n, p[P_START]);
    return st;
}

static const char *const own_laws[] = {SEI_LAW_FE2_GROWTH, SEI_FLOC_LAWS, NULL};

static bool wants(const sei_unit_spec *spec, const char *law)
{
    return strcmp(law, SEI_LAW_FE2_GROWTH) != 0 || spec->params[P_START] < 1.0;
}

const sei_unit_type sei_unit_type_iron_bacteria_tank = {
    .key        = "iron_bacteria_tank",
    .title      = "Aerated tank with iron bacteria",
    .title_ja   = "鉄酸化細菌ばっ気槽",
    .source     = "larson2014",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = own_laws,
    .wants      = wants,
    .build      = build,
    .hrt_low_h  = 0.05,
    .hrt_high_h = 500,
};
