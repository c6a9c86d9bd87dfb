/*
 * unit_mn_contact_tank.c - contact oxidation of manganese on hanging string media
 *
 * Aerated tanks in series with media of a given surface for each m3 of tank, on which manganese-oxidising
 * bacteria and their oxides grow: mn2-oxidation over that surface, with the constant of a limestone bed
 * (amdtreat2019). The media take mass by their capture of suspended solids; they fill little of the tank.
 */
#include "plant/basin.h"
#include "plant/laws.h"

enum { SEI_SHAPE_PARAMS, P_CELLS, P_MEDIA, P_KLA, P_CAPTURE, SEI_HEAT_PARAMS, N_PARAMS };

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS]   = SEI_ROW("cells", "", 3, 1, 50, LINEAR, ASSUMED, "", "stirred volumes in series",
                          "直列完全混合槽の数"),
    [P_MEDIA]   = SEI_ROW("media_ratio", "", 100.0, 0.0, 2000.0, LINEAR, ASSUMED, "",
                          "surface of the media in m2 for each m3 of tank",
                          "槽 1 m³ あたりの接触材表面積(m²)"),
    [P_KLA]     = SEI_ROW("kla_o2_1_h", "1/h", 1.0, 0.0, 1000.0, LINEAR, ASSUMED, "",
                          "transfer coefficient of oxygen from the air", "酸素の総括物質移動容量係数"),
    [P_CAPTURE] = SEI_ROW("capture_1_h", "1/h", 0.5, 0.0, 100.0, LINEAR, ASSUMED, "",
                          "first-order capture of suspended solids by the media",
                          "接触材による懸濁物の捕捉速度定数(一次)"),
    SEI_HEAT_ROWS(10.0, 0.0, 0.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {0};

    sei_status st = sei_basin_open(ctx, spec, P_CELLS, p[P_KLA], builder, &basin);
    if (st == SEI_OK)
        st = sei_capacity_if(ctx, builder, basin.zone, SEI_LAW_MN2_OXIDATION, p[P_MEDIA]);
    return st == SEI_OK ? sei_basin_cells(ctx, builder, &basin, p[P_CAPTURE], &p[P_U_TOP], NULL)
                        : st;
}

const sei_unit_type sei_unit_type_mn_contact_tank = {
    .key        = "mn_contact_tank",
    .title      = "Manganese contact oxidation tank (string media)",
    .title_ja   = "マンガン接触酸化槽(ひも状接触材)",
    .source     = "amdtreat2019",
    .params     = params,
    .n_params   = N_PARAMS,
    .build      = build,
    .hrt_low_h  = 0.3,
    .hrt_high_h = 1000,
};
