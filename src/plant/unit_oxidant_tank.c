/*
 * unit_oxidant_tank.c - stirred tank that gets hydrogen peroxide
 *
 * A fixed dose for every litre that flows in oxidises ferrous iron within seconds (peroxide-iron): half a mole of H2O2 for
 * each of iron, 0.305 mg a mg. What is left decays to oxygen. Precipitates stay in suspension.
 */
#include <math.h>

#include "plant/additive.h"
#include "plant/basin.h"

enum { SEI_SHAPE_PARAMS, P_CELLS, P_DOSE, P_KLA, SEI_HEAT_PARAMS, N_PARAMS };

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] = SEI_ROW("cells", "", 1, 1, 50, LINEAR, ASSUMED, "",
                        "stirred volumes in series; the oxidant goes into the first",
                        "直列完全混合槽の数(酸化剤は第1槽に添加)"),
    [P_DOSE] =
        SEI_ROW("peroxide_mg_l", "mg/L", SEI_GIVE, 0.0, 1e4, LINEAR, ASSUMED, "",
                "H2O2, counted as 100 %, for each litre of inflow; 0.305 mg oxidise 1 mg of Fe(II)",
                "流入水 1 L あたりの過酸化水素(100 % 換算)。Fe(II) 1 mg に 0.305 mg"),
    [P_KLA] = SEI_ROW("kla_o2_1_h", "1/h", 0.5, 0.0, 1000.0, LINEAR, ASSUMED, "",
                      "transfer coefficient of oxygen from the air at the stirred surface",
                      "撹拌水面からの酸素の総括物質移動容量係数"),
    SEI_HEAT_ROWS(10.0, 0.0, 0.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double          *p     = spec->params;
    const sei_builder_dose dose  = {.set_ph = (double)NAN, .max_kg_m3 = p[P_DOSE]};
    sei_basin              basin = {0};
    size_t                 first = 0;

    sei_status st = sei_basin_open(ctx, spec, P_CELLS, p[P_KLA], builder, &basin);
    if (st == SEI_OK)
        st = sei_builder_suspend(ctx, builder, basin.zone, 1.0);
    if (st == SEI_OK)
        st = sei_basin_cells(ctx, builder, &basin, 0.0, &p[P_U_TOP], &first);
    return st == SEI_OK ? sei_builder_dose_add(ctx, builder, first, &dose) : st;
}

static const char *additive(const sei_unit_spec *spec)
{
    (void)spec;
    return SEI_ADDITIVE_PEROXIDE;
}

const sei_unit_type sei_unit_type_oxidant_tank = {
    .key      = "oxidant_tank",
    .title    = "Oxidant dosing tank (hydrogen peroxide)",
    .title_ja = "酸化剤(過酸化水素)添加槽",
    .source   = "",
    .params   = params,
    .n_params = N_PARAMS,
    .own_laws = sei_floc_laws,
    .additive = additive,
    .build    = build,
};
