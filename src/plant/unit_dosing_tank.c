/*
 * unit_dosing_tank.c - neutralisation: a stirred tank that gets a reagent
 *
 * The reagent (Ca(OH)2, CaO, CaCO3, NaOH, Na2CO3, MgO) goes into the first of the tank's cells. Under pH
 * control the dose is what gives that cell set_ph, solved together with the reactions of the tank
 * (transport/dose.c); without (set_ph 0) it is max_dose_mg_l for every litre that flows in. The share
 * `dissolution` of the reagent dissolves; the rest is carried on as a solid that does not react.
 */
#include "plant/basin.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_PH,
    P_MAX,
    P_PURITY,
    P_DISSOLUTION,
    P_KLA,
    P_GROWTH,
    P_REACTIVE,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] = SEI_ROW("cells", "", 1, 1, 50, LINEAR, ASSUMED, "",
                        "stirred volumes in series; the reagent goes into the first",
                        "直列完全混合槽の数(薬剤は第1槽に添加)"),
    [P_PH]    = SEI_ROW("set_ph", "", 8.5, 0.0, 12.5, LINEAR, ASSUMED, "",
                        "pH that the controller holds; 0: no control, always max_dose_mg_l",
                        "制御設定 pH。0 のときは制御せず常に max_dose_mg_l を添加"),
    [P_MAX]   = SEI_ROW("max_dose_mg_l", "mg/L", 2000.0, 0.0, 1e5, LINEAR, ASSUMED, "",
                        "most of the product that the feeder gives to a litre of inflow",
                        "流入水 1 L あたりの薬剤(製品)添加量の上限"),
    [P_PURITY] =
        SEI_ROW("purity", "", 0.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                "reagent in the product; 0: as usual for the reagent (Ca(OH)2 0.96, CaO 0.93, "
                "CaCO3 0.90, NaOH 0.99, others 1)",
                "製品の純度。0 のときは薬剤ごとの通常値"),
    [P_DISSOLUTION] =
        SEI_ROW("dissolution", "", 0.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                "share of the reagent that dissolves; 0: as usual (dry lime 0.80, CaCO3 0.85, "
                "others 1; lime slurry is 0.95)",
                "溶解率。0 のときは薬剤ごとの通常値(乾式消石灰 0.80、石灰乳は 0.95 を指定)"),
    [P_KLA]      = SEI_ROW("kla_o2_1_h", "1/h", 0.5, 0.0, 1000.0, LINEAR, ASSUMED, "",
                           "transfer coefficient of oxygen from the air at the stirred surface",
                           "撹拌水面からの酸素の総括物質移動容量係数"),
    [P_GROWTH]   = SEI_ROW("precipitation_1_h", "1/h", 100.0, 0.1, 10000.0, LOG, ASSUMED, "",
                           "rate constant at which hydroxides of iron and aluminium form",
                           "鉄・アルミニウム水酸化物の沈殿速度定数"),
    [P_REACTIVE] = SEI_ROW("reactive_fraction", "", 1.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                           "share of the suspended ferric solids on which ferrous iron is oxidised",
                           "懸濁三価鉄沈殿物のうち二価鉄酸化の反応面となる割合"),
    SEI_HEAT_ROWS(10.0, 0.0, 0.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};
    size_t        first = 0;

    const sei_builder_dose dose = {.set_ph      = p[P_PH] > 0.0 ? p[P_PH] : (double)NAN,
                                   .max_kg_m3   = p[P_MAX],
                                   .purity      = p[P_PURITY],
                                   .dissolution = p[P_DISSOLUTION]};

    sei_status st = sei_basin_size(ctx, spec, P_CELLS, &basin);
    if (st == SEI_OK)
        st = sei_limed_zone(ctx, builder, spec->name, p[P_GROWTH], p[P_REACTIVE], &basin.zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, basin.zone, p[P_KLA]);
    if (st == SEI_OK)
        st = sei_basin_cells(ctx, builder, &basin, 0.0, &p[P_U_TOP], &first);
    return st == SEI_OK ? sei_builder_dose_add(ctx, builder, first, &dose) : st;
}

const sei_unit_type sei_unit_type_dosing_tank = {
    .key           = "dosing_tank",
    .title         = "Dosing tank (neutralisation with pH control)",
    .title_ja      = "中和槽(薬剤添加・pH制御)",
    .source        = "amdtreat2019",
    .params        = params,
    .n_params      = N_PARAMS,
    .own_laws      = sei_limed_laws,
    .needs_reagent = true,
    .build         = build,
    .hrt_low_h     = 0.01,
    .hrt_high_h    = 100,
};
