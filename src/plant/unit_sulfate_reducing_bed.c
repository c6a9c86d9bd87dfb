/*
 * unit_sulfate_reducing_bed.c - layered bed in which sulfate-reducing bacteria make sulfide
 *
 * Layers in the direction of flow (from the top in a down-flow bed), each a mixture of rice bran,
 * rice husk, limestone, soil and gravel. Bran and husk feed the bacteria, limestone holds the pH,
 * husk and gravel catch the fine sulfides. A layer's medium is given by its share of the layer's
 * volume (as poured, times its bulk density) or by its mass; what the shares leave is gravel.
 *
 * The capacity of sulfate reduction is per volume of empty bed and becomes the capacity per kg of
 * pore water of the law sulfate-reduction.
 */
#include <math.h>
#include <string.h>

#include "plant/additive.h"
#include "plant/assembly.h"
#include "plant/bed.h"
#include "plant/laws.h"
#include "plant/nutrients.h"

enum {
    P_VOLUME,
    P_AREA,
    P_BRAN_BULK,
    P_HUSK_BULK,
    P_LIMESTONE_BULK,
    P_SOIL_BULK,
    P_GRAVEL_BULK,
    P_BRAN_CARBON,
    P_HUSK_CARBON,
    P_BRAN_NITROGEN,
    P_BRAN_PHOSPHORUS,
    P_HUSK_NITROGEN,
    P_HUSK_PHOSPHORUS,
    P_PURITY,
    P_GRAIN,
    P_STALL,
    P_KLA,
    P_START,
    P_ETHANOL,
    SEI_FLOW_PARAMS,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

/* Shares stand in the order of the bulk densities above. */
enum { BRAN, HUSK, LIMESTONE, SOIL, GRAVEL, N_MEDIA };

enum {
    L_DEPTH,
    L_CELLS,
    L_POROSITY,
    L_SHARES,
    L_MASSES   = L_SHARES + N_MEDIA, /* of bran, husk, limestone */
    L_CAPACITY = L_MASSES + LIMESTONE + 1,
    L_CAPTURE,
    SEI_GRAIN_PARAMS(L),
    N_LAYER_PARAMS
};

#define NUTRIENT(key, g_kg, source, help, ja)                       \
    SEI_ROW(key, "g/kg", g_kg, 0.0, 60.0, LINEAR, INFERRED, source, \
            help "; matters with model.nutrients", ja "(model.nutrients のとき)")

static const sei_param params[N_PARAMS] = {
    [P_VOLUME]    = SEI_ROW("volume_m3", "m³", 0.0, 0.0, 1e5, LINEAR, ASSUMED, "",
                            "empty-bed volume of all layers; 0: area times their depths",
                            "全層の空塔容積。0 のときは面積×層厚の合計"),
    [P_AREA]      = SEI_ROW("area_m2", "m²", 0.0, 0.0, 1e6, LINEAR, ASSUMED, "",
                            "plan area; 0: volume divided by the layers' depths",
                            "平面積。0 のときは容積÷層厚の合計"),
    [P_BRAN_BULK] = SEI_ROW("bran_bulk_kg_m3", "kg/m³", 350.0, 100.0, 800.0, LINEAR, ASSUMED, "",
                            "bulk density of rice bran as poured", "米ぬかのかさ密度"),
    [P_HUSK_BULK] = SEI_ROW("husk_bulk_kg_m3", "kg/m³", 120.0, 60.0, 400.0, LINEAR, ASSUMED, "",
                            "bulk density of rice husk as poured", "籾殻のかさ密度"),
    [P_LIMESTONE_BULK] =
        SEI_ROW("limestone_bulk_kg_m3", "kg/m³", 1510.0, 800.0, 2000.0, LINEAR, INFERRED,
                "amdtreat2019", "bulk density of crushed limestone: (1 - 0.43) 2650",
                "砕石石灰石のかさ密度((1−0.43)×2650)"),
    [P_SOIL_BULK] = SEI_ROW("soil_bulk_kg_m3", "kg/m³", 1200.0, 500.0, 2000.0, LINEAR, ASSUMED, "",
                            "dry bulk density of soil", "土壌の乾燥かさ密度"),
    [P_GRAVEL_BULK] = SEI_ROW("gravel_bulk_kg_m3", "kg/m³", 1510.0, 800.0, 2200.0, LINEAR, ASSUMED,
                              "", "bulk density of gravel", "礫のかさ密度"),
    [P_BRAN_CARBON] =
        SEI_ROW("bran_carbon_g_kg", "g/kg", 440.0, 100.0, 600.0, LINEAR, ASSUMED, "",
                "carbon that can be degraded in dry rice bran", "米ぬか中の分解可能炭素量"),
    [P_HUSK_CARBON] =
        SEI_ROW("husk_carbon_g_kg", "g/kg", 370.0, 50.0, 500.0, LINEAR, ASSUMED, "",
                "carbon that can be degraded in dry rice husk", "籾殻中の分解可能炭素量"),
    [P_BRAN_NITROGEN]   = NUTRIENT("bran_nitrogen_g_kg", 22.5, "food_tables2015",
                                   "nitrogen in dry rice bran", "米ぬか中の窒素量"),
    [P_BRAN_PHOSPHORUS] = NUTRIENT("bran_phosphorus_g_kg", 20.0, "food_tables2015",
                                   "phosphorus in dry rice bran", "米ぬか中のりん量"),
    [P_HUSK_NITROGEN]   = NUTRIENT("husk_nitrogen_g_kg", 3.6, "chikusan_momigara",
                                   "nitrogen in dry rice husk", "籾殻中の窒素量"),
    [P_HUSK_PHOSPHORUS] = NUTRIENT("husk_phosphorus_g_kg", 0.69, "chikusan_momigara",
                                   "phosphorus in dry rice husk", "籾殻中のりん量"),
    [P_PURITY]          = SEI_ROW("purity", "", 0.90, 0.05, 1.0, LINEAR, PUBLISHED, "amdtreat2019",
                                  "share of CaCO3 in the limestone", "石灰石の CaCO3 純度"),
    [P_GRAIN]           = SEI_ROW("grain_mm", "mm", 10.0, 0.05, 500.0, LOG, ASSUMED, "",
                                  "grain size that stands for the limestone's reactive surface",
                                  "石灰石の反応表面積を代表する粒径"),
    SEI_STALL_ROW,
    [P_KLA] = SEI_ROW("kla_o2_1_h", "1/h", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                      "transfer coefficient of oxygen into the first layer; 0: sealed "
                      "by water",
                      "最初の層への酸素の総括物質移動容量係数(0=水封)"),
    [P_START] =
        SEI_ROW("start_population", "", 1.0, 0.0001, 1.0, LINEAR, ASSUMED, "",
                "sulfate reducers at the start over a full population; below 1 they grow and "
                "decline (start-up), at 1 the population is always full",
                "開始時の硫酸還元菌量(定常個体群に対する比)。1 未満では増殖・減衰を計算"),
    [P_ETHANOL] =
        SEI_ROW("ethanol_mg_l", "mg/L", 0.0, 0.0, 5000.0, LINEAR, ASSUMED, "",
                "ethanol fed for each litre of inflow, counted as 100 %, beside or in "
                "place of bran; 0: none",
                "流入水 1 L あたりのエタノール添加量(100 % 換算、米ぬかと併用可。0=なし)"),
    SEI_FLOW_ROWS,
    SEI_BED_HEAT_ROWS(5.0, 0.0, 1.0),
};

#define SHARE(word, ja)                                               \
    SEI_ROW(word "_fraction", "", 0.0, 0.0, 1.0, LINEAR, ASSUMED, "", \
            "share of the layer's volume that is " word, ja "の容積割合")
#define MASS(word, ja)                                                    \
    SEI_ROW(word "_kg", "kg", 0.0, 0.0, 1e7, LINEAR, ASSUMED, "",         \
            "dry mass of " word " in the layer, instead of its fraction", \
            ja "の乾燥質量(容積割合の代わりに指定)")

static const sei_param layer_params[N_LAYER_PARAMS] = {
    [L_DEPTH]              = SEI_ROW("depth_m", "m", SEI_GIVE, 0.001, 10.0, LINEAR, ASSUMED, "",
                                     "thickness of the layer along the flow", "流れ方向の層厚"),
    [L_CELLS]              = SEI_ROW("cells", "", 4, 1, 200, LINEAR, ASSUMED, "",
                                     "stirred volumes in series that stand for dispersion in the layer",
                                     "層内の分散を表す直列槽数"),
    [L_POROSITY]           = SEI_ROW("porosity", "", 0.5, 0.05, 0.95, LINEAR, ASSUMED, "",
                                     "share of pores in the layer", "空隙率"),
    [L_SHARES + BRAN]      = SHARE("bran", "米ぬか"),
    [L_SHARES + HUSK]      = SHARE("husk", "籾殻"),
    [L_SHARES + LIMESTONE] = SHARE("limestone", "石灰石"),
    [L_SHARES + SOIL]      = SHARE("soil", "土壌"),
    [L_SHARES + GRAVEL]    = SHARE("gravel", "礫"),
    [L_MASSES + BRAN]      = MASS("bran", "米ぬか"),
    [L_MASSES + HUSK]      = MASS("husk", "籾殻"),
    [L_MASSES + LIMESTONE] = MASS("limestone", "石灰石"),
    [L_CAPACITY]           = SEI_ROW(
                  "sulfate_capacity_mol_m3_d", "mol/m³/d", 2.0, 0.0, 20.0, LINEAR, INFERRED, "amdtreat2019",
                  "most sulfate that the bacteria reduce per volume of empty bed at 15 degC, before "
                            "substrate limits them; whole beds are designed for 0.3, and a published "
                            "one of 25 h needs 0.5",
                  "15 ℃ における空塔容積あたりの最大硫酸還元速度(基質律速前)。槽全体の設計値は 0.3、"
                            "公表された 25 h の槽では 0.5 が必要"),
    [L_CAPTURE] = SEI_ROW("capture_1_h", "1/h", 0.2, 0.0, 100.0, LINEAR, ASSUMED, "",
                          "first-order capture of suspended solids (fine sulfides) by the layer",
                          "層による懸濁物(微細硫化物)の捕捉速度定数(一次)"),
    SEI_GRAIN_ROWS(L, 3.0),
};

static sei_nutrient_content of_bran(const double p[])
{
    return (sei_nutrient_content){p[P_BRAN_NITROGEN], p[P_BRAN_PHOSPHORUS]};
}

static sei_nutrient_content of_husk(const double p[])
{
    return (sei_nutrient_content){p[P_HUSK_NITROGEN], p[P_HUSK_PHOSPHORUS]};
}

/* A layer with its media in kg. */
typedef struct {
    size_t layer;
    double from_m, volume_m3;
    double kg[N_MEDIA];
} layer_fill;

static sei_status fill_layer(sei_ctx *ctx, const sei_unit_spec *spec, size_t k, double area_m2,
                             layer_fill *ret_fill)
{
    const double *p    = spec->params;
    const double *q    = spec->layers[k].params;
    layer_fill    fill = {.layer = k, .volume_m3 = area_m2 * q[L_DEPTH]};
    double        sum  = 0.0;

    for (size_t m = 0; m < N_MEDIA; m++) {
        const double mass = m <= LIMESTONE ? q[L_MASSES + m] : 0.0;
        if (mass > 0.0 && q[L_SHARES + m] > 0.0)
            return sei_fail(ctx, SEI_E_ARG, sei_unit_where(spec),
                            "unit \"%s\" layer %s: give %s or %s, not both", spec->name,
                            spec->layers[k].name, layer_params[L_SHARES + m].key,
                            layer_params[L_MASSES + m].key);
        const double bulk = p[P_BRAN_BULK + m];
        fill.kg[m]        = mass > 0.0 ? mass : q[L_SHARES + m] * fill.volume_m3 * bulk;
        sum += fill.kg[m] / (bulk * fill.volume_m3);
    }
    if (sum > 1.01)
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(spec),
                        "unit \"%s\" layer %s: the media fill %.3g times the layer's %.3g m3; "
                        "reduce them or make the layer deeper",
                        spec->name, spec->layers[k].name, sum, fill.volume_m3);
    fill.kg[GRAVEL] += fmax(0.0, 1.0 - sum) * fill.volume_m3 * p[P_GRAVEL_BULK];
    *ret_fill = fill;
    return SEI_OK;
}

/* Bacteria of a full population per pore water, mol/kgw as CH2O: a twelfth of the substrate goes into
 * cells (CrunchFlow's exercise on acetate: 0.08), 1 mol/m3/d of it is used, growth is 0.3 1/d. */
static const double full_population_mol_kgw = 5e-4;

/* A bed at its start: reducers that grow. Nothing to do for a mature one. */
static sei_status start_population(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                   double share)
{
    static const char *const laws[] = {SEI_LAW_SULFATE_REDUCTION, SEI_LAW_SRB_GROWTH,
                                       SEI_LAW_ETHANOL_SULFATE};
    sei_status               st     = SEI_OK;

    for (size_t i = 0; share < 1.0 && i < SEI_COUNT(laws) && st == SEI_OK; i++)
        st = sei_builder_set_if(ctx, builder, zone, laws[i], SEI_KEY_FULL_POPULATION,
                                full_population_mol_kgw);
    if (share < 1.0 && st == SEI_OK)
        st = sei_builder_capacity(ctx, builder, zone, SEI_LAW_SRB_GROWTH, 1.0);
    return st;
}

static sei_status add_nutrients(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                                size_t cell, const layer_fill *fill, double share)
{
    const sei_nutrient_content bran = of_bran(spec->params), husk = of_husk(spec->params);

    const sei_status st =
        sei_nutrients_add(ctx, builder, cell, "bran", &bran, share * fill->kg[BRAN]);
    return st == SEI_OK
               ? sei_nutrients_add(ctx, builder, cell, "husk", &husk, share * fill->kg[HUSK])
               : st;
}

static sei_status add_bacteria(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                               size_t cell, const layer_fill *fill, double share)
{
    const double water_kg =
        share * fill->volume_m3 * spec->layers[fill->layer].params[L_POROSITY] * SEI_WATER_KG_M3;
    const double mol = water_kg * full_population_mol_kgw * spec->params[P_START];

    if (!(spec->params[P_START] < 1.0))
        return SEI_OK;
    const sei_status st = sei_builder_solid(ctx, builder, cell, "srb", mol);
    return st == SEI_OK ? sei_nutrients_of_bacteria(ctx, builder, cell, mol) : st;
}

static sei_status add_solids(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                             size_t cell, const layer_fill *fill, double share)
{
    const double *p = spec->params;
    sei_status    st =
        sei_builder_solid(ctx, builder, cell, "bran",
                          share * fill->kg[BRAN] * sei_carbon_mol_kg(builder, p[P_BRAN_CARBON]));
    if (st == SEI_OK)
        st = sei_builder_solid(ctx, builder, cell, "husk",
                               share * fill->kg[HUSK] *
                                   sei_carbon_mol_kg(builder, p[P_HUSK_CARBON]));
    if (st == SEI_OK)
        st = sei_builder_solid(ctx, builder, cell, "Calcite",
                               share * fill->kg[LIMESTONE] *
                                   sei_limestone_mol_kg(builder, p[P_PURITY]));
    if (st == SEI_OK)
        st = add_nutrients(ctx, spec, builder, cell, fill, share);
    return st == SEI_OK ? add_bacteria(ctx, spec, builder, cell, fill, share) : st;
}

static double media_j_k(const layer_fill *fill)
{
    return (fill->kg[BRAN] + fill->kg[HUSK]) * SEI_ORGANIC_J_KG_K +
           (fill->kg[LIMESTONE] + fill->kg[SOIL] + fill->kg[GRAVEL]) * SEI_STONE_J_KG_K;
}

static sei_status add_cells(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                            const sei_bed_shape *shape, const layer_fill *fill, size_t zone)
{
    const double *q  = spec->layers[fill->layer].params;
    sei_status    st = SEI_OK;
    size_t        n = 0, c = 0;

    st = sei_count_param(ctx, spec, fill->layer, L_CELLS, &n);
    if (st != SEI_OK)
        return st;
    const double share = 1.0 / (double)n, dz = q[L_DEPTH] * share;
    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const double           top  = fill->from_m + dz * (double)i;
        const sei_heat_ua      ua   = sei_heat_slice(shape, &spec->params[P_U_TOP], top, top + dz);
        const sei_builder_cell cell = {.zone          = zone,
                                       .layer         = fill->layer,
                                       .bed_m3        = share * fill->volume_m3,
                                       .water_m3      = share * fill->volume_m3 * q[L_POROSITY],
                                       .length_m      = dz,
                                       .capture_1_s   = q[L_CAPTURE],
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k,
                                       .media_j_k     = share * media_j_k(fill),
                                       .filter        = sei_filter(q[L_FILTER], dz),
                                       .flow_grain_m  = q[L_FLOW_GRAIN]};
        st                          = sei_builder_cell_add(ctx, builder, &cell, &c);
        if (st == SEI_OK)
            st = add_solids(ctx, spec, builder, c, fill, share);
    }
    return st;
}

static sei_status add_layer(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder,
                            const sei_bed_shape *shape, size_t k, double from_m)
{
    const double         *p     = spec->params;
    const sei_layer_spec *layer = &spec->layers[k];
    layer_fill            fill  = {0};
    size_t                zone  = 0;

    sei_status st = fill_layer(ctx, spec, k, shape->area_m2, &fill);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, layer->name, &zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, zone, k == 0 ? p[P_KLA] : 0.0);
    if (st == SEI_OK)
        st = sei_set_reducing(ctx, builder, zone, layer->params[L_CAPACITY],
                              layer->params[L_POROSITY]);
    if (st == SEI_OK)
        st = start_population(ctx, builder, zone, p[P_START]);
    if (st != SEI_OK)
        return st;

    const double pore_kg = fill.volume_m3 * layer->params[L_POROSITY] * SEI_WATER_KG_M3;
    fill.from_m          = from_m;
    st                   = sei_set_limestone(ctx, builder, zone, p[P_GRAIN], p[P_PURITY],
                                             fill.kg[LIMESTONE] * sei_limestone_mol_kg(builder, p[P_PURITY]) /
                                                 pore_kg);
    if (st == SEI_OK)
        st = sei_set_stall(ctx, builder, zone, p[P_STALL]);
    return st == SEI_OK ? add_cells(ctx, spec, builder, shape, &fill, zone) : st;
}

static sei_status declare_media(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double              *p    = spec->params;
    const sei_nutrient_content bran = of_bran(p), husk = of_husk(p);

    sei_status st =
        sei_builder_medium(ctx, builder, "bran", sei_carbon_mol_kg(builder, p[P_BRAN_CARBON]));
    if (st == SEI_OK)
        st = sei_nutrients_medium(ctx, builder, "bran", &bran);
    if (st == SEI_OK)
        st = sei_nutrients_medium(ctx, builder, "husk", &husk);
    if (st == SEI_OK)
        st = sei_builder_medium(ctx, builder, "husk", sei_carbon_mol_kg(builder, p[P_HUSK_CARBON]));
    if (st == SEI_OK)
        st =
            sei_builder_medium(ctx, builder, "Calcite", sei_limestone_mol_kg(builder, p[P_PURITY]));
    return st;
}

/* The layers' depths and either volume or area say all; both must agree. */
static sei_status find_shape(sei_ctx *ctx, const sei_unit_spec *spec, sei_bed_shape *ret_shape)
{
    const double volume = spec->params[P_VOLUME], area = spec->params[P_AREA];
    double       depth = 0.0;

    for (size_t k = 0; k < spec->n_layers; k++)
        depth += spec->layers[k].params[L_DEPTH];
    if (volume == 0.0 && area == 0.0)
        return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec),
                        "unit \"%s\": give volume_m3 or area_m2", spec->name);
    if (volume > 0.0 && area > 0.0 && fabs(area * depth - volume) > 0.01 * volume)
        return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(spec),
                        "unit \"%s\": volume_m3 = %g, but area_m2 = %g times the layers' depth of "
                        "%g m is %g: give volume or area, or correct the depths",
                        spec->name, volume, area, depth, area * depth);
    const double plan = area > 0.0 ? area : volume / depth;
    *ret_shape = (sei_bed_shape){.volume_m3 = plan * depth, .area_m2 = plan, .depth_m = depth};
    return SEI_OK;
}

/* Into the layer that the water comes to first. */
static sei_status feed_ethanol(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const sei_builder_dose dose  = {.set_ph = (double)NAN, .max_kg_m3 = spec->params[P_ETHANOL]};
    const size_t           first = builder->plant->units[builder->unit].first_cell;

    return spec->params[P_ETHANOL] > 0.0 ? sei_builder_dose_add(ctx, builder, first, &dose)
                                         : SEI_OK;
}

static const char *additive(const sei_unit_spec *spec)
{
    return spec->params[P_ETHANOL] > 0.0 ? SEI_ADDITIVE_ETHANOL : NULL;
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    double        from_m = 0.0;
    sei_bed_shape shape  = {0};

    sei_status st = find_shape(ctx, spec, &shape);
    if (st == SEI_OK)
        st = declare_media(ctx, spec, builder);
    for (size_t k = 0; st == SEI_OK && k < spec->n_layers; k++) {
        st = add_layer(ctx, spec, builder, &shape, k, from_m);
        from_m += spec->layers[k].params[L_DEPTH];
    }
    if (st == SEI_OK)
        st = feed_ethanol(ctx, spec, builder);
    sei_builder_head(builder, &spec->params[P_HEAD]);
    sei_builder_footprint(builder, st == SEI_OK ? shape.area_m2 : 0.0);
    return st;
}

static const char *const own_laws[]    = {SEI_LAW_SRB_GROWTH, SEI_GROWTH_NUTRIENT_LAWS,
                                          SEI_BED_NUTRIENT_LAWS, NULL};
static const char *const growth_laws[] = {SEI_LAW_SRB_GROWTH, SEI_GROWTH_NUTRIENT_LAWS};

static bool wants(const sei_unit_spec *spec, const char *law)
{
    for (size_t i = 0; i < SEI_COUNT(growth_laws); i++)
        if (strcmp(growth_laws[i], law) == 0)
            return spec->params[P_START] < 1.0;
    return true; /* that of nutrients is the site's choice */
}

const sei_unit_type sei_unit_type_sulfate_reducing_bed = {
    .key            = "sulfate_reducing_bed",
    .title          = "Sulfate-reducing bed",
    .title_ja       = "硫酸還元槽(嫌気反応槽)",
    .source         = "sato2018",
    .params         = params,
    .n_params       = N_PARAMS,
    .layer_params   = layer_params,
    .n_layer_params = N_LAYER_PARAMS,
    .own_laws       = own_laws,
    .wants          = wants,
    .additive       = additive,
    .build          = build,
    .hrt_low_h      = 0.5,
    .hrt_high_h     = 2000,
};
