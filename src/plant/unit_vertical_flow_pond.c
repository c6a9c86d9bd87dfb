/*
 * unit_vertical_flow_pond.c - pond over compost over limestone, with flow from top to bottom
 *
 * The water stands on a layer of compost, seeps through it and through limestone to an underdrain. Compost
 * takes the oxygen away, reduces ferric iron and some sulfate, so that the limestone stays free of iron crusts;
 * the limestone makes the alkalinity. Depths and stone as the vertical flow pond of amdtreat2019: limestone
 * 3 ft, compost 1 ft with a fifth of limestone fines, water 1 ft.
 *
 * Compost is the pool `compost` (hydrolysis-compost), counted as CH2O; its exchange sites are pools of their own
 * (compost-zn).
 */
#include "plant/assembly.h"
#include "plant/basin.h"
#include "plant/laws.h"
#include "plant/nutrients.h"

enum {
    P_AREA,
    P_POND,
    P_COMPOST,
    P_LIMESTONE,
    P_CELLS_COMPOST,
    P_CELLS_LIMESTONE,
    P_KLA,
    P_SETTLING,
    P_COMPOST_POROSITY,
    P_COMPOST_BULK,
    P_COMPOST_CARBON,
    P_COMPOST_NITROGEN,
    P_COMPOST_PHOSPHORUS,
    P_FINES,
    P_FINES_GRAIN,
    P_SULFATE,
    P_POROSITY,
    P_PURITY,
    P_GRAIN,
    P_STALL,
    P_CAPTURE,
    P_COMPOST_GRAIN,
    P_CALCIUM,
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    [P_AREA]      = SEI_ROW("area_m2", "m²", SEI_GIVE, 0.001, 1e6, LINEAR, ASSUMED, "",
                            "plan area of the layers", "各層の平面積"),
    [P_POND]      = SEI_ROW("pond_m", "m", 0.3, 0.01, 5.0, LINEAR, PUBLISHED, "amdtreat2019",
                            "water above the compost", "コンポスト上の湛水深"),
    [P_COMPOST]   = SEI_ROW("compost_m", "m", 0.3, 0.01, 3.0, LINEAR, PUBLISHED, "amdtreat2019",
                            "thickness of the compost", "コンポスト層厚"),
    [P_LIMESTONE] = SEI_ROW("limestone_m", "m", 0.9, 0.01, 5.0, LINEAR, PUBLISHED, "amdtreat2019",
                            "thickness of the limestone", "石灰石層厚"),
    [P_CELLS_COMPOST] =
        SEI_ROW("compost_cells", "", 2, 1, 100, LINEAR, ASSUMED, "",
                "stirred volumes in series that stand for dispersion in the compost",
                "コンポスト層の直列槽数"),
    [P_CELLS_LIMESTONE] =
        SEI_ROW("limestone_cells", "", 4, 1, 100, LINEAR, ASSUMED, "",
                "stirred volumes in series that stand for dispersion in the limestone",
                "石灰石層の直列槽数"),
    [P_KLA]      = SEI_ROW("kla_o2_1_h", "1/h", 0.036, 0.0, 100.0, LINEAR, ASSUMED, "",
                           "transfer coefficient of oxygen through the pond's surface, per volume of it",
                           "湛水面からの酸素の総括物質移動容量係数"),
    [P_SETTLING] = SEI_ROW(
        "settling_1_h", "1/h", 0.021, 0.0, 20.0, LINEAR, PUBLISHED, "waterres2023",
        "first-order settling of suspended solids on the compost", "懸濁物の沈降速度定数(一次)"),
    [P_COMPOST_POROSITY] = SEI_ROW("compost_porosity", "", 0.6, 0.1, 0.95, LINEAR, ASSUMED, "",
                                   "share of pores in the compost", "コンポストの空隙率"),
    [P_COMPOST_BULK] = SEI_ROW("compost_bulk_kg_m3", "kg/m³", 300.0, 50.0, 1000.0, LINEAR, ASSUMED,
                               "", "dry bulk density of the compost", "コンポストの乾燥かさ密度"),
    [P_COMPOST_CARBON] =
        SEI_ROW("compost_carbon_g_kg", "g/kg", 250.0, 10.0, 500.0, LINEAR, ASSUMED, "",
                "carbon that can be degraded in dry compost", "コンポスト中の分解可能炭素量"),
    [P_COMPOST_NITROGEN] =
        SEI_ROW("compost_nitrogen_g_kg", "g/kg", 12.3, 0.0, 60.0, LINEAR, INFERRED, "hirayama2006",
                "nitrogen that goes with this carbon; matters with model.nutrients",
                "上記炭素に伴う窒素量(model.nutrients のとき)"),
    [P_COMPOST_PHOSPHORUS] =
        SEI_ROW("compost_phosphorus_g_kg", "g/kg", 4.2, 0.0, 40.0, LINEAR, INFERRED, "hirayama2006",
                "phosphorus that goes with this carbon; matters with model.nutrients",
                "上記炭素に伴うりん量(model.nutrients のとき)"),
    [P_FINES] = SEI_ROW("fines_fraction", "", 0.2, 0.0, 0.6, LINEAR, PUBLISHED, "amdtreat2019",
                        "share of the compost layer's volume that is limestone fines",
                        "コンポスト層に混ぜる石灰石細粒の容積割合"),
    [P_FINES_GRAIN] =
        SEI_ROW("fines_grain_mm", "mm", 3.0, 0.05, 50.0, LOG, ASSUMED, "",
                "grain size that stands for the fines' reactive surface", "石灰石細粒の代表粒径"),
    [P_SULFATE] = SEI_ROW(
        "sulfate_capacity_mol_m3_d", "mol/m³/d", 2.0, 0.0, 20.0, LINEAR, INFERRED, "amdtreat2019",
        "most sulfate that bacteria reduce per volume of compost layer at 15 "
        "degC, before substrate limits them; whole beds are designed for 0.3",
        "15 ℃ におけるコンポスト層容積あたりの最大硫酸還元速度(基質律速前)。槽全体の設計値は 0.3"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.43, 0.05, 0.9, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of pores in the limestone", "石灰石層の空隙率"),
    [P_PURITY]   = SEI_ROW("purity", "", 0.90, 0.05, 1.0, LINEAR, PUBLISHED, "amdtreat2019",
                           "share of CaCO3 in the stone and the fines", "石灰石の CaCO3 純度"),
    [P_GRAIN]    = SEI_ROW("grain_mm", "mm", 60.0, 0.05, 500.0, LOG, ASSUMED, "",
                           "grain size that stands for the stone's reactive surface",
                           "石灰石の反応表面積を代表する粒径"),
    SEI_STALL_ROW,
    [P_CAPTURE] = SEI_ROW("capture_1_h", "1/h", 1.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                          "first-order capture of suspended solids in compost and stone",
                          "コンポスト・石灰石層による懸濁物の捕捉速度定数(一次)"),
    [P_COMPOST_GRAIN] =
        SEI_ROW("compost_flow_grain_mm", "mm", 0.2, 0.0, 50.0, LINEAR, ASSUMED, "",
                "grain size that stands for the compost's resistance to flow; 0: none",
                "コンポスト層の通水抵抗を代表する粒径(0=抵抗なし)"),
    [P_CALCIUM] = SEI_ROW(
        "compost_calcium_g_kg", "g/kg", 6.0, 0.0, 60.0, LINEAR, INFERRED, "harada1980",
        "calcium in the exchange sites of dry compost, which metals can take; 0: no exchange",
        "乾燥コンポストの交換性カルシウム(金属と交換する座。0=交換なし)"),
    SEI_FLOW_ROWS,
    SEI_HEAT_ROWS(25.0, 0.0, 1.0),
};

/* A layer of the bed: where it lies, what it holds, how it is cut into cells. */
typedef struct {
    size_t zone, n;
    double from_m, depth_m, porosity;
    double calcite_mol_m3, compost_kg_m3; /* per volume of layer */
    double media_j_m3_k;
    double flow_grain_m;
} layer;

/* Exchange sites are full of calcium at first. A model without a metal that could take its place has none. */
static const char sites_pool[] = "Ca_compost";

/* Sites of a kg of compost, mol of ions of two charges; 0 in a model without them. */
static double sites_mol_kg(const sei_plant_builder *builder, double calcium_kg_kg)
{
    const sei_model *model = builder->plant->spec.model;

    return sei_model_find_solid(model, sites_pool) < sei_model_n_solids(model)
               ? calcium_kg_kg / (sei_db_formula_g_mol(sei_builder_db(builder), "Ca") * 1e-3)
               : 0.0;
}

static sei_status add_layer(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                            const layer *l)
{
    const double              *p     = spec->params;
    const sei_bed_shape        shape = {.area_m2 = p[P_AREA],
                                        .depth_m = p[P_POND] + p[P_COMPOST] + p[P_LIMESTONE]};
    const double               dz = l->depth_m / (double)l->n, bed_m3 = dz * p[P_AREA];
    const sei_nutrient_content content = {p[P_COMPOST_NITROGEN], p[P_COMPOST_PHOSPHORUS]};
    sei_status                 st      = SEI_OK;

    for (size_t i = 0; st == SEI_OK && i < l->n; i++) {
        const double           top  = l->from_m + dz * (double)i;
        const sei_heat_ua      ua   = sei_heat_slice(&shape, &p[P_U_TOP], top, top + dz);
        const sei_builder_cell cell = {.zone          = l->zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = bed_m3,
                                       .water_m3      = bed_m3 * l->porosity,
                                       .length_m      = dz,
                                       .capture_1_s   = p[P_CAPTURE],
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k,
                                       .media_j_k     = bed_m3 * l->media_j_m3_k,
                                       .flow_grain_m  = l->flow_grain_m};
        size_t                 c    = 0;
        st                          = sei_builder_cell_add(ctx, builder, &cell, &c);
        if (st == SEI_OK)
            st = sei_builder_solid(ctx, builder, c, "Calcite", bed_m3 * l->calcite_mol_m3);
        if (st == SEI_OK)
            st = sei_builder_solid(ctx, builder, c, "compost",
                                   bed_m3 * l->compost_kg_m3 *
                                       sei_carbon_mol_kg(builder, p[P_COMPOST_CARBON]));
        if (st == SEI_OK)
            st = sei_nutrients_add(ctx, builder, c, "compost", &content, bed_m3 * l->compost_kg_m3);
        if (st == SEI_OK)
            st = sei_builder_solid(ctx, builder, c, sites_pool,
                                   bed_m3 * l->compost_kg_m3 * sites_mol_kg(builder, p[P_CALCIUM]));
    }
    return st;
}

static sei_status add_pond(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double       *p     = spec->params;
    const double        depth = p[P_POND] + p[P_COMPOST] + p[P_LIMESTONE];
    const sei_bed_shape shape = {.area_m2 = p[P_AREA], .depth_m = depth};
    const sei_heat_ua   ua    = sei_heat_slice(&shape, &p[P_U_TOP], 0.0, p[P_POND]);
    sei_builder_cell    cell  = {.layer         = SEI_NO_LAYER,
                                 .bed_m3        = p[P_AREA] * p[P_POND],
                                 .water_m3      = p[P_AREA] * p[P_POND],
                                 .length_m      = p[P_POND],
                                 .capture_1_s   = p[P_SETTLING],
                                 .ua_air_w_k    = ua.air_w_k,
                                 .top           = ua.top,
                                 .ua_ground_w_k = ua.ground_w_k};

    sei_status st = sei_builder_zone(ctx, builder, "pond", &cell.zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, cell.zone, p[P_KLA]);
    return st == SEI_OK ? sei_builder_cell_add(ctx, builder, &cell, NULL) : st;
}

static sei_status add_compost(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p        = spec->params;
    const double  stone_kg = p[P_FINES] * (1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3;
    const double  dry_kg   = (1.0 - p[P_FINES]) * p[P_COMPOST_BULK];
    layer         l        = {.from_m         = p[P_POND],
                              .depth_m        = p[P_COMPOST],
                              .porosity       = p[P_COMPOST_POROSITY],
                              .calcite_mol_m3 = stone_kg * sei_limestone_mol_kg(builder, p[P_PURITY]),
                              .compost_kg_m3  = dry_kg,
                              .media_j_m3_k   = stone_kg * SEI_STONE_J_KG_K + dry_kg * SEI_ORGANIC_J_KG_K,
                              .flow_grain_m   = p[P_COMPOST_GRAIN]};

    sei_status st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS_COMPOST, &l.n);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, "compost", &l.zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, l.zone, 0.0);
    if (st == SEI_OK)
        st = sei_set_reducing(ctx, builder, l.zone, p[P_SULFATE], l.porosity);
    if (st == SEI_OK)
        st = sei_set_limestone(ctx, builder, l.zone, p[P_FINES_GRAIN], p[P_PURITY],
                               l.calcite_mol_m3 / (SEI_WATER_KG_M3 * l.porosity));
    if (st == SEI_OK)
        st = sei_set_stall(ctx, builder, l.zone, p[P_STALL]);
    return st == SEI_OK ? add_layer(ctx, spec, builder, &l) : st;
}

static sei_status add_limestone(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p        = spec->params;
    const double  stone_kg = (1.0 - p[P_POROSITY]) * SEI_STONE_KG_M3;
    layer         l        = {.from_m         = p[P_POND] + p[P_COMPOST],
                              .depth_m        = p[P_LIMESTONE],
                              .porosity       = p[P_POROSITY],
                              .calcite_mol_m3 = stone_kg * sei_limestone_mol_kg(builder, p[P_PURITY]),
                              .media_j_m3_k   = stone_kg * SEI_STONE_J_KG_K,
                              .flow_grain_m   = p[P_GRAIN]};

    sei_status st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS_LIMESTONE, &l.n);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, "limestone", &l.zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, l.zone, 0.0);
    if (st == SEI_OK)
        st = sei_set_limestone(ctx, builder, l.zone, p[P_GRAIN], p[P_PURITY],
                               l.calcite_mol_m3 / (SEI_WATER_KG_M3 * l.porosity));
    if (st == SEI_OK)
        st = sei_set_stall(ctx, builder, l.zone, p[P_STALL]);
    return st == SEI_OK ? add_layer(ctx, spec, builder, &l) : st;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double              *p       = spec->params;
    const sei_nutrient_content content = {p[P_COMPOST_NITROGEN], p[P_COMPOST_PHOSPHORUS]};
    sei_status                 st      = sei_builder_medium(ctx, builder, "compost",
                                                            sei_carbon_mol_kg(builder, p[P_COMPOST_CARBON]));

    if (st == SEI_OK)
        st = sei_nutrients_medium(ctx, builder, "compost", &content);
    if (st == SEI_OK)
        st = sei_builder_medium(ctx, builder, sites_pool, sites_mol_kg(builder, p[P_CALCIUM]));
    if (st == SEI_OK)
        st =
            sei_builder_medium(ctx, builder, "Calcite", sei_limestone_mol_kg(builder, p[P_PURITY]));
    if (st == SEI_OK)
        st = add_pond(ctx, spec, builder);
    if (st == SEI_OK)
        st = add_compost(ctx, spec, builder);
    if (st == SEI_OK)
        st = add_limestone(ctx, spec, builder);
    sei_builder_head(builder, &p[P_HEAD]);
    sei_builder_footprint(builder, p[P_AREA]);
    return st;
}

static const char *const own_laws[] = {"hydrolysis-compost", SEI_COMPOST_NUTRIENT_LAWS,
                                       SEI_EXCHANGE_LAWS, SEI_FLOC_LAWS, NULL};

const sei_unit_type sei_unit_type_vertical_flow_pond = {
    .key        = "vertical_flow_pond",
    .title      = "Vertical flow pond (compost over limestone)",
    .title_ja   = "鉛直流池(コンポスト・石灰石)",
    .source     = "amdtreat2019",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = own_laws,
    .build      = build,
    .hrt_low_h  = 1.6,
    .hrt_high_h = 2000,
};
