/*
 * unit_iron_oxidation_bed.c - bed in which bacteria oxidise ferrous iron
 *
 * Water is aerated by a shower at the inlet, then flows down through rice husk or crushed stone
 * on which iron-oxidising bacteria grow; schwertmannite precipitates and is caught by the bed
 * (hayashi2019, mmij2021).
 *
 * The shower is one small cell whose transfer coefficient makes up the share E of the oxygen
 * deficit at design flow: kLa = E / (1 - E) / t. The biofilm's capacity is per volume of empty
 * bed and becomes the capacity per kg of pore water of the law fe2-microbial.
 */
#include "plant/bed.h"
#include "plant/laws.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CELLS,
    P_HUSK,
    P_POROSITY,
    P_CAPACITY,
    P_START,
    P_INLET_AERATION,
    P_INLET_HRT,
    P_KLA,
    P_CAPTURE,
    SEI_GRAIN_PARAMS(P),
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS]    = SEI_ROW("cells", "", 8, 1, 500, LINEAR, ASSUMED, "",
                           "stirred volumes in series that stand for dispersion in the bed",
                           "充填層内の分散を表す直列槽数"),
    [P_HUSK]     = SEI_ROW("husk_share", "", 1.0, 0.0, 1.0, LINEAR, INFERRED, "hayashi2019",
                           "share of the medium that is rice husk; the rest is crushed stone",
                           "充填材に占める籾殻の割合(残りは砕石)"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.0, 0.0, 0.95, LINEAR, INFERRED, "zhang2012",
                           "share of pores; 0: 0.66 for husk, 0.43 for stone, by husk_share",
                           "空隙率。0 のときは籾殻 0.66、砕石 0.43 を husk_share で按分"),
    [P_CAPACITY] = SEI_ROW(
        "biofilm_capacity_mol_m3_d", "mol/m³/d", 26.0, 0.0, 1000.0, LINEAR, INFERRED, "hayashi2019",
        "most Fe(II) that the biofilm oxidises per volume of empty bed at 15 degC",
        "15 ℃ における空塔容積あたりの微生物による最大鉄酸化速度"),
    [P_START] = SEI_START_IRON_ROW,
    [P_INLET_AERATION] =
        SEI_ROW("inlet_aeration", "", 0.6, 0.0, 0.95, LINEAR, INFERRED, "mmij2021",
                "share of the oxygen deficit that the inlet shower makes up at 20 degC; 0: no "
                "shower",
                "流入部シャワーで補われる酸素不足量の割合(0=シャワーなし)"),
    [P_INLET_HRT] = SEI_ROW("inlet_hrt_min", "min", 2.0, 0.1, 600.0, LINEAR, ASSUMED, "",
                            "retention time of the inlet head at design flow",
                            "流入水頭部の滞留時間(設計流量時)"),
    [P_KLA]       = SEI_ROW("kla_o2_1_h", "1/h", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                            "transfer coefficient of oxygen into the bed itself",
                            "充填層への酸素の総括物質移動容量係数"),
    [P_CAPTURE]   = SEI_ROW("capture_1_h", "1/h", 2.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                            "first-order capture of suspended precipitates by the medium",
                            "充填材による懸濁沈殿物の捕捉速度定数(一次)"),
    SEI_GRAIN_ROWS(P, 5.0),
    SEI_FLOW_ROWS,
    SEI_BED_HEAT_ROWS(10.0, 0.0, 0.0),
};

/* Rice husk of three continents had 0.64-0.69 (zhang2012); stone as in limestone_bed. */
static const double husk_porosity = 0.66, stone_porosity = 0.43;
/* Dry husk as filled. */
static const double husk_kg_m3 = 120.0;

static double bed_porosity(const double p[])
{
    return p[P_POROSITY] > 0.0 ? p[P_POROSITY]
                               : p[P_HUSK] * husk_porosity + (1.0 - p[P_HUSK]) * stone_porosity;
}

/* Dry medium's heat capacity per volume of bed, J/m3/K. */
static double media_j_m3_k(const double p[])
{
    return p[P_HUSK] * husk_kg_m3 * SEI_ORGANIC_J_KG_K +
           (1.0 - p[P_HUSK]) * (1.0 - bed_porosity(p)) * SEI_STONE_KG_M3 * SEI_STONE_J_KG_K;
}

static sei_status add_inlet(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p    = spec->params;
    const double  e    = p[P_INLET_AERATION];
    const double  flow = sei_builder_flow_m3_s(builder);
    size_t        zone = 0;

    if (e == 0.0)
        return SEI_OK;
    sei_status st = sei_builder_zone(ctx, builder, "inlet", &zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, zone, e / (1.0 - e) / p[P_INLET_HRT]);
    if (st != SEI_OK)
        return st;
    const sei_builder_cell cell = {
        .zone = zone, .layer = SEI_NO_LAYER, .water_m3 = flow * p[P_INLET_HRT]};
    return sei_builder_cell_add(ctx, builder, &cell, NULL);
}

static sei_status add_bed(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                          const sei_bed_shape *shape, size_t zone, size_t n)
{
    const double *p      = spec->params;
    const double  bed_m3 = shape->volume_m3 / (double)n;
    const double  dz     = shape->depth_m / (double)n;
    sei_status    st     = SEI_OK;

    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const sei_heat_ua      ua   = sei_heat_slice(shape, &p[P_U_TOP], dz * (double)i,
                                              i + 1 == n ? shape->depth_m : dz * (double)(i + 1));
        const sei_builder_cell cell = {.zone          = zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = bed_m3,
                                       .water_m3      = bed_m3 * bed_porosity(p),
                                       .length_m      = dz,
                                       .capture_1_s   = p[P_CAPTURE],
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k,
                                       .media_j_k     = bed_m3 * media_j_m3_k(p),
                                       .filter        = sei_filter(p[P_FILTER], dz),
                                       .flow_grain_m  = p[P_FLOW_GRAIN]};
        size_t                 c    = 0;
        st                          = sei_builder_cell_add(ctx, builder, &cell, &c);
        if (st == SEI_OK)
            st = sei_start_iron_bacteria(ctx, builder, c, cell.water_m3, p[P_START]);
    }
    return st;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_bed_shape shape = {0};
    size_t        n = 0, zone = 0;

    sei_status st = sei_bed_shape_of(ctx, spec, p, &shape);
    if (st == SEI_OK)
        st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    if (st == SEI_OK)
        st = add_inlet(ctx, spec, builder);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, spec->name, &zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, zone, p[P_KLA]);
    if (st == SEI_OK)
        st = sei_set_capacity(ctx, builder, zone, SEI_LAW_FE2_MICROBIAL, p[P_CAPACITY],
                              bed_porosity(p));
    if (st == SEI_OK)
        st = sei_set_iron_growth(ctx, builder, zone, p[P_START]);
    if (st == SEI_OK)
        st = add_bed(ctx, spec, builder, &shape, zone, n);
    sei_builder_head(builder, &p[P_HEAD]);
    sei_builder_footprint(builder, st == SEI_OK ? shape.area_m2 : 0.0);
    return st;
}

static bool wants(const sei_unit_spec *spec, const char *law)
{
    (void)law; /* the one there is */
    return spec->params[P_START] < 1.0;
}

const sei_unit_type sei_unit_type_iron_oxidation_bed = {
    .key        = "iron_oxidation_bed",
    .title      = "Iron-oxidation bed",
    .title_ja   = "鉄酸化槽",
    .source     = "hayashi2019",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = sei_iron_growth_laws,
    .wants      = wants,
    .build      = build,
    .hrt_low_h  = 0.25,
    .hrt_high_h = 240,
};
