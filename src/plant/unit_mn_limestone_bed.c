/*
 * unit_mn_limestone_bed.c - aerobic limestone bed on whose stone bacteria oxidise manganese
 *
 * Stone and dissolution as in limestone_bed, open to the air. Manganese is taken by mn2-oxidation on the
 * share mn_coated of the stone's surface: dMn/dt = k A Mn with 4.39e-4 1/h for each m2 in a m3 of bed
 * (amdtreat2019). A bed whose bacteria have not covered it yet has less of it.
 */
#include "plant/basin.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_POROSITY,
    P_PURITY,
    P_GRAIN,
    P_COATED,
    P_KLA,
    P_CAPTURE,
    SEI_GRAIN_PARAMS(P),
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS] =
        SEI_ROW("cells", "", 8, 1, 500, LINEAR, ASSUMED, "",
                "stirred volumes in series that stand for dispersion", "分散を表す直列槽数"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.43, 0.05, 0.9, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of pores in the bed", "空隙率"),
    [P_PURITY]   = SEI_ROW("purity", "", 0.90, 0.0, 1.0, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of CaCO3 in the stone; 0: gravel", "石灰石の CaCO3 純度(0=砂利)"),
    [P_GRAIN]    = SEI_ROW("grain_mm", "mm", 30.0, 0.05, 500.0, LOG, ASSUMED, "",
                           "grain size that stands for the surface", "表面積を代表する粒径"),
    [P_COATED]   = SEI_ROW("mn_coated", "", 1.0, 0.0, 20.0, LINEAR, ASSUMED, "",
                           "surface with manganese oxides over the stone's geometric surface; 0 "
                             "for new stone, above 1 for a rough coat",
                           "幾何学的表面積に対するマンガン酸化物被覆面の比(新品=0、粗い被膜で 1 超)"),
    [P_KLA]      = SEI_ROW("kla_o2_1_h", "1/h", 0.5, 0.0, 100.0, LINEAR, ASSUMED, "",
                           "transfer coefficient of oxygen from the air", "酸素の総括物質移動容量係数"),
    [P_CAPTURE]  = SEI_ROW("capture_1_h", "1/h", 0.5, 0.0, 100.0, LINEAR, ASSUMED, "",
                           "first-order capture of suspended solids in the bed",
                           "充填層による懸濁物の捕捉速度定数(一次)"),
    SEI_GRAIN_ROWS(P, 0.0),
    SEI_FLOW_ROWS,
    SEI_BED_HEAT_ROWS(10.0, 0.0, 1.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_bed_shape shape = {0};
    size_t        n     = 0;
    sei_stone     stone = {.porosity     = p[P_POROSITY],
                           .purity       = p[P_PURITY],
                           .grain_m      = p[P_GRAIN],
                           .active       = 1.0,
                           .kla_o2_1_s   = p[P_KLA],
                           .capture_1_s  = p[P_CAPTURE],
                           .flow_grain_m = sei_flow_grain_m(p[P_FLOW_GRAIN], p[P_GRAIN]),
                           .filter_m     = p[P_FILTER]};

    stone.mn_m2_m3 = p[P_COATED] * sei_stone_m2_m3(&stone);
    sei_builder_head(builder, &p[P_HEAD]);
    sei_status st = sei_bed_shape_of(ctx, spec, p, &shape);
    if (st == SEI_OK)
        st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    return st == SEI_OK
               ? sei_stone_bed(ctx, builder, &shape, &stone, n, sqrt(shape.area_m2), &p[P_U_TOP])
               : st;
}

const sei_unit_type sei_unit_type_mn_limestone_bed = {
    .key        = "mn_limestone_bed",
    .title      = "Limestone bed with manganese oxidisers",
    .title_ja   = "マンガン酸化石灰石槽",
    .source     = "amdtreat2019",
    .params     = params,
    .n_params   = N_PARAMS,
    .build      = build,
    .hrt_low_h  = 0.2,
    .hrt_high_h = 2000,
};
