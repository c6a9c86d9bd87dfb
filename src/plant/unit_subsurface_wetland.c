/*
 * unit_subsurface_wetland.c - wetland whose water runs in the pores of stone under the plants' roots
 *
 * A bed of gravel and limestone (limestone_share of the stone) with little oxygen through soil and roots.
 * Limestone raises the pH, manganese is oxidised on the stone that its oxides cover, metals that
 * precipitate are caught between the stones; the laws are those of limestone beds.
 */
#include "plant/basin.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_POROSITY,
    P_SHARE,
    P_PURITY,
    P_GRAIN,
    P_COATED,
    P_TRANSFER,
    P_CAPTURE,
    SEI_GRAIN_PARAMS(P),
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] =
        SEI_ROW("cells", "", 10, 1, 500, LINEAR, ASSUMED, "",
                "stirred volumes in series that stand for dispersion", "分散を表す直列槽数"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.40, 0.05, 0.9, LINEAR, ASSUMED, "",
                           "share of pores in the bed", "空隙率"),
    [P_SHARE]    = SEI_ROW("limestone_share", "", 1.0, 0.0, 1.0, LINEAR, ASSUMED, "",
                           "share of the stone that is limestone; the rest is inert gravel",
                           "石のうち石灰石の割合(残りは砂利)"),
    [P_PURITY]   = SEI_ROW("purity", "", 0.90, 0.05, 1.0, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of CaCO3 in the limestone", "石灰石の CaCO3 純度"),
    [P_GRAIN]    = SEI_ROW("grain_mm", "mm", 30.0, 0.05, 500.0, LOG, ASSUMED, "",
                           "grain size that stands for the surface", "表面積を代表する粒径"),
    [P_COATED]   = SEI_ROW("mn_coated", "", 1.0, 0.0, 20.0, LINEAR, ASSUMED, "",
                           "surface with manganese oxides over the stone's geometric surface",
                           "幾何学的表面積に対するマンガン酸化物被覆面の比"),
    [P_TRANSFER] = SEI_ROW("oxygen_transfer_m_d", "m/d", 0.1, 0.0, 20.0, LINEAR, ASSUMED, "",
                           "transfer velocity of oxygen through cover and roots, per plan area",
                           "被覆土・根を通じた酸素移動速度(平面積あたり)"),
    [P_CAPTURE]  = SEI_ROW("capture_1_h", "1/h", 0.5, 0.0, 100.0, LINEAR, ASSUMED, "",
                           "first-order capture of suspended solids in the bed",
                           "充填層による懸濁物の捕捉速度定数(一次)"),
    SEI_GRAIN_ROWS(P, 0.0),
    SEI_FLOW_ROWS,
    SEI_BED_HEAT_ROWS(3.0, 0.0, 1.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_bed_shape shape = {0};
    size_t        n     = 0;
    sei_stone     stone = {.porosity     = p[P_POROSITY],
                           .purity       = p[P_SHARE] * p[P_PURITY],
                           .grain_m      = p[P_GRAIN],
                           .active       = 1.0,
                           .capture_1_s  = p[P_CAPTURE],
                           .flow_grain_m = sei_flow_grain_m(p[P_FLOW_GRAIN], p[P_GRAIN]),
                           .filter_m     = p[P_FILTER]};

    sei_status st = sei_bed_shape_of(ctx, spec, p, &shape);
    if (st == SEI_OK)
        st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    if (st != SEI_OK)
        return st;
    stone.mn_m2_m3   = p[P_COATED] * sei_stone_m2_m3(&stone);
    stone.kla_o2_1_s = p[P_TRANSFER] / (shape.depth_m * p[P_POROSITY]);
    sei_builder_head(builder, &p[P_HEAD]);
    return sei_stone_bed(ctx, builder, &shape, &stone, n, sqrt(shape.area_m2), &p[P_U_TOP]);
}

const sei_unit_type sei_unit_type_subsurface_wetland = {
    .key        = "subsurface_wetland",
    .title      = "Subsurface wetland (stone bed under plants)",
    .title_ja   = "浸透流式人工湿地(地下流)",
    .source     = "amdtreat2019",
    .params     = params,
    .n_params   = N_PARAMS,
    .build      = build,
    .hrt_low_h  = 1,
    .hrt_high_h = 2000,
};
