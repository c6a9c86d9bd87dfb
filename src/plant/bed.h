/* bed.h - what several units share: shape, heat exchange, gas exchange, limestone */
#ifndef SEI_PLANT_BED_H
#define SEI_PLANT_BED_H

#include "plant/builder.h"
#include "plant/unit_type.h"

/* ---- whole numbers ---- */

/* params[i] of the unit (layer SEI_NO_LAYER) or of a layer as a count. */
SEI_CHECKED sei_status sei_count_param(sei_ctx *ctx, const sei_unit_spec *spec, size_t layer,
                                       size_t i, size_t *ret_count);

/* ---- shape ---- */

typedef struct {
    double volume_m3, area_m2, depth_m;
} sei_bed_shape;

/* Three rows that open a unit's parameters: two of them say all. */
#define SEI_SHAPE_PARAMS P_VOLUME, P_AREA, P_DEPTH
#define SEI_SHAPE_ROWS                                                                            \
    [P_VOLUME] = SEI_ROW("volume_m3", "m³", 0.0, 0.0, 1e5, LINEAR, ASSUMED, "",                   \
                         "empty-bed volume, media and water together; 0: area times depth",       \
                         "空塔容積(充填材と水の合計)。0 のときは面積×深さ"),                      \
    [P_AREA]   = SEI_ROW("area_m2", "m²", 0.0, 0.0, 1e6, LINEAR, ASSUMED, "",                     \
                         "plan area; 0: volume divided by depth", "平面積。0 のときは容積÷深さ"), \
    [P_DEPTH]  = SEI_ROW("depth_m", "m", 0.0, 0.0, 20.0, LINEAR, ASSUMED, "",                     \
                         "depth; 0: volume divided by area, or 1 m when there is no area either", \
                         "深さ。0 のときは容積÷面積(面積も 0 なら 1 m)")

/* From p[0..2] = volume, area, depth, 0 for what is not given. */
SEI_CHECKED sei_status sei_bed_shape_of(sei_ctx *ctx, const sei_unit_spec *spec, const double p[],
                                        sei_bed_shape *ret_shape);

/* ---- heat ---- */

/* Seven rows of faces; the first is P_U_TOP. Of free water, which the sun reaches and on which no snow lies, and of
 * beds, where it is the other way round. */
#define SEI_HEAT_PARAMS                           P_U_TOP, P_U_WALL, P_U_GROUND, P_COVERED, P_BURIED, P_SUN, P_SNOW
#define SEI_HEAT_ROWS(u_top, covered, buried)     SEI_FACE_ROWS(u_top, covered, buried, 0.93, 0.0)
#define SEI_BED_HEAT_ROWS(u_top, covered, buried) SEI_FACE_ROWS(u_top, covered, buried, 0.0, 1.0)
#define SEI_FACE_ROWS(u_top, covered, buried, sun, snow)                                          \
    [P_U_TOP]  = SEI_ROW("u_top_w_m2_k", "W/m²/K", u_top, 0.0, 200.0, LINEAR, ASSUMED, "",        \
                         "heat transfer of the open top to the air, with radiation and "          \
                          "evaporation",                                                           \
                         "開放上面から大気への熱通過率(放射・蒸発を含む)"),                       \
    [P_U_WALL] = SEI_ROW("u_wall_w_m2_k", "W/m²/K", 3.0, 0.0, 200.0, LINEAR, ASSUMED, "",         \
                         "heat transfer of side walls in the air", "大気に面する側壁の熱通過率"), \
    [P_U_GROUND] =                                                                                \
        SEI_ROW("u_ground_w_m2_k", "W/m²/K", 0.8, 0.0, 50.0, LINEAR, ASSUMED, "",                 \
                "heat transfer of faces that touch the ground", "地盤に接する面の熱通過率"),      \
    [P_COVERED] = SEI_ROW("covered", "", covered, 0.0, 1.0, LINEAR, ASSUMED, "",                  \
                          "share of the top that is covered with soil (it exchanges heat with "   \
                          "the ground)",                                                          \
                          "上面のうち覆土された割合(地盤と熱交換)"),                              \
    [P_BURIED]  = SEI_ROW("buried", "", buried, 0.0, 1.0, LINEAR, ASSUMED, "",                    \
                          "share of the side walls below ground; the bottom always is",           \
                          "側壁のうち地中にある割合(底面は常に地中)"),                            \
    [P_SUN]     = SEI_ROW("sun_absorbed", "", sun, 0.0, 1.0, LINEAR, ASSUMED, "",                 \
                          "share of the sun's radiation on the open top that the water takes up", \
                          "開放上面に達する日射のうち吸収される割合"),                            \
    [P_SNOW]    = SEI_ROW("snow_covered", "", snow, 0.0, 1.0, LINEAR, ASSUMED, "",                \
                          "share of the open top on which snow stays while there is any",         \
                          "開放上面のうち積雪で覆われる割合(積雪期間中)")

/* Rows of a bed that water is pressed through; the first is P_HEAD. */
#define SEI_FLOW_PARAMS P_HEAD, P_DEPOSIT, P_AL_DEPOSIT, P_DEPOSIT_SHEAR
#define SEI_FLOW_ROWS                                                                             \
    [P_HEAD]       = SEI_ROW("head_max_m", "m", 0.0, 0.0, 20.0, LINEAR, ASSUMED, "",              \
                             "head over the bed at which water overflows and goes around it; 0: " \
                                   "never",                                                             \
                             "越流が始まる損失水頭(0=越流なし)"),                                 \
    [P_DEPOSIT]    = SEI_ROW("deposit_kg_m3", "kg/m³", 200.0, 0.0, 3000.0, LINEAR, ASSUMED, "",   \
                             "dry mass of precipitates in a volume of deposit, which takes room " \
                                "from the pores; 0: no room",                                        \
                             "堆積物の体積あたり乾燥質量(空隙を減らす。0=影響なし)"),             \
    [P_AL_DEPOSIT] = SEI_ROW(                                                                     \
        "al_deposit_kg_m3", "kg/m³", 50.0, 0.0, 3000.0, LINEAR, INFERRED, "amdtreat2019",         \
        "the same of aluminium hydroxides, voluminous flocs: sludge of 5 % solids; 0: as "        \
        "deposit_kg_m3",                                                                          \
        "水酸化アルミニウム(かさ高い凝集物。固形分5 %のスラッジ)の同値。0=deposit_kg_m3 と同じ"), \
    [P_DEPOSIT_SHEAR] = SEI_ROW(                                                                  \
        "deposit_shear_pa", "Pa", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",                           \
        "shear of the water from which deposits no longer stay, so that pores close no "          \
        "further than to it; 0: they close to nothing",                                           \
        "堆積物が留まれなくなる水のせん断応力(間隙はそこまでしか閉じない。0=完全に閉じる)")

/* Rows of what the water flows through: a bed without layers, or each layer. */
#define SEI_GRAIN_PARAMS(prefix) prefix##_FLOW_GRAIN, prefix##_FILTER
#define SEI_GRAIN_ROWS(prefix, grain_mm)                                                     \
    [prefix##_FLOW_GRAIN] =                                                                  \
        SEI_ROW("flow_grain_mm", "mm", grain_mm, 0.0, 500.0, LINEAR, ASSUMED, "",            \
                "grain size that stands for the resistance to flow; 0: grain_mm of stone "   \
                "beds, none in others",                                                      \
                "通水抵抗を代表する粒径(0=石の槽では grain_mm、他では抵抗なし)"),            \
    [prefix##_FILTER] =                                                                      \
        SEI_ROW("filter_length_m", "m", 0.0, 0.0, 1000.0, LINEAR, ASSUMED, "iwasaki1937",    \
                "way in which the bed catches 63 % of suspended solids, whatever the flow, " \
                "beside capture_1_h; 0: none",                                               \
                "懸濁物の 63 % を捕捉する流下距離(0=なし)")

typedef struct {
    double       air_w_k, ground_w_k;
    sei_open_top top;
} sei_heat_ua;

/*
 * Heat exchange of the slice between depths from_m and to_m of a bed of square plan: the top face
 * belongs to the slice that begins at 0, the bottom to the one that ends at depth_m. p[0..6] are
 * the values of SEI_HEAT_ROWS.
 */
sei_heat_ua sei_heat_slice(const sei_bed_shape *shape, const double p[], double from_m,
                           double to_m);
/* Of one of n equal tanks side by side. */
sei_heat_ua sei_heat_nth(const sei_bed_shape *shape, const double p[], size_t n);

/* Specific heat of dry media, J/kg/K; general values. */
enum { SEI_STONE_J_KG_K = 850, SEI_ORGANIC_J_KG_K = 1500 };
/* Density of solid stone, kg/m3, as sizing programs take it for limestone (amdtreat2019). */
enum { SEI_STONE_KG_M3 = 2650 };

/* Filter coefficient times the length of a cell, from the row filter_length_m. */
double sei_filter(double filter_length_m, double cell_m);
/* Grain that stands for the resistance of stones: its own, or that of their surface where none is given (0). */
double sei_flow_grain_m(double flow_grain_m, double grain_m);

/* ---- processes ---- */

/* Water in a chamber whose size does not matter: one minute of the unit's design flow. */
double sei_chamber_m3(const sei_plant_builder *builder);

/* Temperature at which the transfer coefficients of units hold, degC. */
#define SEI_KLA_REF_C 20.0
/* Transfer coefficients for O2 and, by the ratio of their diffusivities, for CO2 and H2S. */
SEI_CHECKED sei_status sei_set_gas_exchange(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                            double kla_o2_1_s);

/* Capacity of a microbial law: mol per m3 of empty bed and second over the pore water in it. */
SEI_CHECKED sei_status sei_set_capacity(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                        const char *law, double bed_mol_m3_s, double porosity);

/* Bacteria of a bed of organic matter: sulfate and iron reducers, and those that use up oxygen. capacity as
 * in sei_set_capacity. */
SEI_CHECKED sei_status sei_set_reducing(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                        double sulfate_mol_m3_s, double porosity);
/* mol of CH2O, which has one carbon, in 1 kg of dry matter. */
double sei_carbon_mol_kg(const sei_plant_builder *builder, double carbon_kg_kg);

/* ---- aerators: three rows, of which the first is kla_o2_1_h ---- */

#define SEI_AERATOR_PARAMS P_POWER, P_EFFICIENCY
#define SEI_AERATOR_ROWS                                                                      \
    [P_POWER]      = SEI_ROW("aerator_kw", "kW", 0.0, 0.0, 10000.0, LINEAR, ASSUMED, "",      \
                             "power of the aerators; 0: kla_o2_1_h holds", "曝気装置の動力"), \
    [P_EFFICIENCY] = SEI_ROW("oxygen_yield", "", 1.2, 0.1, 6.0, LINEAR, ASSUMED, "",          \
                             "standard oxygen transfer of the aerators, kg O2 for a kWh",     \
                             "曝気装置の標準酸素移動効率(kg-O2/kWh)")
/* Transfer coefficient of a tank; p[0..2] are kla_o2_1_h, aerator_kw, oxygen_yield. */
double sei_aerator_kla_1_s(const double p[], double volume_m3);

/* ---- iron bacteria that grow ---- */

#define SEI_START_IRON_ROW                                                                         \
    SEI_ROW("start_population", "", 1.0, 0.0001, 1.0, LINEAR, ASSUMED, "",                         \
            "iron bacteria at the start over a full population; below 1 they grow (start-up), at " \
            "1 the population is always full",                                                     \
            "開始時の鉄酸化細菌量(定常個体群に対する比)。1 未満では増殖(立上げ期間)を計算")
extern const char *const sei_iron_growth_laws[]; /* own_laws of a unit with that row */
/* Of a zone; nothing happens at a share of 1. */
SEI_CHECKED sei_status sei_set_iron_growth(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                           double share);
/* Puts them into a cell with that much water. */
SEI_CHECKED sei_status sei_start_iron_bacteria(sei_ctx *ctx, sei_plant_builder *builder,
                                               size_t cell, double water_m3, double share);

/* Geometric surface of stone of one size, a sphere's 6 / (density grain), m2 per kg. */
double sei_stone_m2_kg(double grain_m);
/* mol of CaCO3 in 1 kg of limestone. */
double sei_limestone_mol_kg(const sei_plant_builder *builder, double purity);
/* Reactive surface of a zone's calcite; calcite_mol_kgw is what the pores hold at first, from which
 * the surface shrinks. */
SEI_CHECKED sei_status sei_set_limestone(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                         double grain_m, double purity, double calcite_mol_kgw);

/*
 * Where limestone stalls in anoxic water that carries metals: drains for iron-bearing water kept to 0.8 and 1.2 log units below
 * saturation with half of their stone still to come (hedin1994). Beds that are open to the air or treat neutral
 * water have no such row: limestone columns of the laboratory reach saturation (docs/validation/wetlands.md).
 */
#define SEI_STALL_ROW                                                    \
    [P_STALL] = SEI_ROW(                                                 \
        "stall_log", "", 1.0, 0.0, 2.5, LINEAR, INFERRED, "hedin1994",   \
        "log units below calcite's saturation at which limestone stops " \
        "dissolving; between the 0.8 and 1.2 of two anoxic drains",      \
        "石灰石の溶解が止まる未飽和度(飽和指数の絶対値)。無酸素暗渠の実測 0.8 と 1.2 の間")
SEI_CHECKED sei_status sei_set_stall(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                     double stall_log);

#endif
