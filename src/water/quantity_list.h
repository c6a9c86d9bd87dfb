/*
 * quantity_list.h - what water is measured for, one row each
 *
 * X(key, symbol, English name, Japanese name, dimension, unit shown, formula of one mole,
 *   equivalents a mole, plausible min, max (in that unit), decimals, may be negative, has fractions)
 *
 * The plausible range holds what mine drainage and its treatment show, acid brines included; it is
 * a check against slips of unit and decimal point, no limit. Rows stand in groups, each group in
 * alphabetical order of its keys.
 */
#ifndef SEI_WATER_QUANTITY_LIST_H
#define SEI_WATER_QUANTITY_LIST_H

/* clang-format off */
#define SEI_QUANTITY_PHYSICAL(X)                                                                              \
    X("air_temp",      "Ta",        "air temperature",              "気温",                 TEMPERATURE,  "c",      NULL,    1, -50, 50,     1, true,  false) \
    X("eh",            "Eh",        "redox potential against SHE",  "酸化還元電位(SHE基準)", POTENTIAL,    "mv",     NULL,    1, -1000, 1500, 0, true,  false) \
    X("flow",          "Q",         "flow",                         "流量",                 FLOW,         "l_min",  NULL,    1, 0, 1e6,      2, false, false) \
    X("ground_temp",   "Tg",        "ground temperature",           "地温",                 TEMPERATURE,  "c",      NULL,    1, -30, 50,     1, true,  false) \
    X("level",         "h",         "water level",                  "水位",                 LENGTH,       "m",      NULL,    1, -1000, 5000, 3, true,  false) \
    X("orp",           "ORP",       "oxidation-reduction potential as read", "ORP",         POTENTIAL,    "mv",     NULL,    1, -1000, 1500, 0, true,  false) \
    X("ph",            "pH",        "pH",                           "pH",                   NONE,         "",       NULL,    1, 0, 14,       2, true,  false) \
    X("precipitation", "P",         "precipitation",                "降水量",               LENGTH,       "mm",     NULL,    1, 0, 2000,     1, false, false) \
    X("sc",            "SC",        "specific conductance at 25 degC", "電気伝導率",        CONDUCTIVITY, "ms_m",   NULL,    1, 0, 20000,    1, false, false) \
    X("snow_depth",    "SD",        "snow depth",                   "積雪深",               LENGTH,       "cm",     NULL,    1, 0, 1000,     0, false, false) \
    X("sun",           "S",         "sun's radiation on level ground", "日射量",            HEAT_FLUX,    "mj_m2_d", NULL,   1, 0, 120,      2, false, false) \
    X("temp",          "T",         "water temperature",            "水温",                 TEMPERATURE,  "c",      NULL,    1, -2, 80,      1, true,  false) \
    X("turbidity",     "turbidity", "turbidity",                    "濁度",                 TURBIDITY,    "ntu",    NULL,    1, 0, 20000,    1, false, false)

#define SEI_QUANTITY_BULK(X)                                                                                  \
    X("acidity",       "acidity",   "acidity as CaCO3",             "酸度",                 MASS_CONC,    "mg_l",   "CaCO3", 2, 0, 1e5,      1, false, false) \
    X("alkalinity",    "alkalinity", "alkalinity as CaCO3",         "アルカリ度",           MASS_CONC,    "mg_l",   "CaCO3", 2, -1e5, 1e5,   1, true,  false) \
    X("bod",           "BOD",       "biochemical oxygen demand",    "生物化学的酸素要求量", MASS_CONC,    "mg_l",   NULL,    1, 0, 1e5,      1, false, true)  \
    X("cod",           "COD",       "chemical oxygen demand (permanganate, 100 degC)", "化学的酸素要求量", MASS_CONC, "mg_l", NULL, 1, 0, 1e5,  1, false, true)  \
    X("coliform",      "E. coli",   "Escherichia coli count",       "大腸菌数",             COUNT_CONC,   "cfu_ml", NULL,    1, 0, 1e8,      0, false, false) \
    X("do",            "DO",        "dissolved oxygen",             "溶存酸素",             MASS_CONC,    "mg_l",   "O2",    1, 0, 25,       2, false, false) \
    X("doc",           "DOC",       "dissolved organic carbon",     "溶存有機炭素",         MASS_CONC,    "mg_l",   "C",     1, 0, 1e5,      1, false, false) \
    X("net_acidity",   "net acidity", "net acidity as CaCO3, positive is acid", "正味酸度", MASS_CONC,    "mg_l",   "CaCO3", 2, -1e5, 1e5,   1, true,  false) \
    X("ss",            "SS",        "suspended solids",             "浮遊物質量",           MASS_CONC,    "mg_l",   NULL,    1, 0, 1e5,      1, false, false) \
    X("tds",           "TDS",       "total dissolved solids",       "溶解性物質",           MASS_CONC,    "mg_l",   NULL,    1, 0, 4e5,      0, false, false) \
    X("toc",           "TOC",       "total organic carbon",         "全有機炭素",           MASS_CONC,    "mg_l",   "C",     1, 0, 1e5,      1, false, true)

#define SEI_QUANTITY_ELEMENTS(X)                                                                              \
    X("ag",            "Ag",        "silver",                       "銀",                   MASS_CONC,    "mg_l",   "Ag",    1, 0, 1e3,      4, false, true)  \
    X("al",            "Al",        "aluminium",                    "アルミニウム",         MASS_CONC,    "mg_l",   "Al",    1, 0, 1e5,      3, false, true)  \
    X("as",            "As",        "arsenic",                      "ひ素",                 MASS_CONC,    "mg_l",   "As",    1, 0, 1e5,      4, false, true)  \
    X("b",             "B",         "boron",                        "ほう素",               MASS_CONC,    "mg_l",   "B",     1, 0, 1e4,      3, false, true)  \
    X("ba",            "Ba",        "barium",                       "バリウム",             MASS_CONC,    "mg_l",   "Ba",    1, 0, 1e3,      4, false, true)  \
    X("br",            "Br",        "bromide",                      "臭化物イオン",         MASS_CONC,    "mg_l",   "Br",    1, 0, 1e4,      3, false, false) \
    X("ca",            "Ca",        "calcium",                      "カルシウム",           MASS_CONC,    "mg_l",   "Ca",    1, 0, 1e5,      2, false, true)  \
    X("cd",            "Cd",        "cadmium",                      "カドミウム",           MASS_CONC,    "mg_l",   "Cd",    1, 0, 1e3,      4, false, true)  \
    X("cl",            "Cl",        "chloride",                     "塩化物イオン",         MASS_CONC,    "mg_l",   "Cl",    1, 0, 2e5,      2, false, false) \
    X("cn",            "CN",        "cyanide",                      "シアン",               MASS_CONC,    "mg_l",   "CN",    1, 0, 1e4,      3, false, false) \
    X("co",            "Co",        "cobalt",                       "コバルト",             MASS_CONC,    "mg_l",   "Co",    1, 0, 1e4,      4, false, true)  \
    X("co3",           "CO3",       "carbonate",                    "炭酸イオン",           MASS_CONC,    "mg_l",   "CO3",   1, 0, 1e5,      1, false, false) \
    X("cr",            "Cr",        "chromium",                     "クロム",               MASS_CONC,    "mg_l",   "Cr",    1, 0, 1e4,      3, false, true)  \
    X("cr6",           "Cr(VI)",    "hexavalent chromium",          "六価クロム",           MASS_CONC,    "mg_l",   "Cr",    1, 0, 1e4,      3, false, true)  \
    X("cu",            "Cu",        "copper",                       "銅",                   MASS_CONC,    "mg_l",   "Cu",    1, 0, 1e5,      3, false, true)  \
    X("f",             "F",         "fluoride",                     "ふっ素",               MASS_CONC,    "mg_l",   "F",     1, 0, 1e4,      2, false, true)  \
    X("fe",            "Fe",        "iron",                         "鉄",                   MASS_CONC,    "mg_l",   "Fe",    1, 0, 2e5,      2, false, true)  \
    X("fe2",           "Fe(II)",    "ferrous iron",                 "二価鉄",               MASS_CONC,    "mg_l",   "Fe",    1, 0, 2e5,      2, false, true)  \
    X("fe3",           "Fe(III)",   "ferric iron",                  "三価鉄",               MASS_CONC,    "mg_l",   "Fe",    1, 0, 2e5,      2, false, true)  \
    X("h2s",           "H2S",       "sulfide, as H2S",              "硫化水素",             MASS_CONC,    "mg_l",   "H2S",   1, 0, 5e3,      3, false, false) \
    X("hco3",          "HCO3",      "hydrogen carbonate",           "炭酸水素イオン",       MASS_CONC,    "mg_l",   "HCO3",  1, 0, 1e5,      1, false, false) \
    X("hg",            "Hg",        "mercury",                      "水銀",                 MASS_CONC,    "mg_l",   "Hg",    1, 0, 1e2,      5, false, true)  \
    X("k",             "K",         "potassium",                    "カリウム",             MASS_CONC,    "mg_l",   "K",     1, 0, 1e5,      2, false, true)  \
    X("li",            "Li",        "lithium",                      "リチウム",             MASS_CONC,    "mg_l",   "Li",    1, 0, 1e4,      4, false, true)  \
    X("mg",            "Mg",        "magnesium",                    "マグネシウム",         MASS_CONC,    "mg_l",   "Mg",    1, 0, 1e5,      2, false, true)  \
    X("mn",            "Mn",        "manganese",                    "マンガン",             MASS_CONC,    "mg_l",   "Mn",    1, 0, 1e5,      3, false, true)  \
    X("mo",            "Mo",        "molybdenum",                   "モリブデン",           MASS_CONC,    "mg_l",   "Mo",    1, 0, 1e3,      4, false, true)  \
    X("na",            "Na",        "sodium",                       "ナトリウム",           MASS_CONC,    "mg_l",   "Na",    1, 0, 2e5,      2, false, true)  \
    X("nh4_n",         "NH4-N",     "ammonium nitrogen",            "アンモニア性窒素",     MASS_CONC,    "mg_l",   "N",     1, 0, 1e4,      2, false, false) \
    X("ni",            "Ni",        "nickel",                       "ニッケル",             MASS_CONC,    "mg_l",   "Ni",    1, 0, 1e4,      4, false, true)  \
    X("no2_n",         "NO2-N",     "nitrite nitrogen",             "亜硝酸性窒素",         MASS_CONC,    "mg_l",   "N",     1, 0, 1e4,      3, false, false) \
    X("no3",           "NO3",       "nitrate",                      "硝酸イオン",           MASS_CONC,    "mg_l",   "NO3",   1, 0, 5e4,      2, false, false) \
    X("no3_n",         "NO3-N",     "nitrate nitrogen",             "硝酸性窒素",           MASS_CONC,    "mg_l",   "N",     1, 0, 1e4,      2, false, false) \
    X("p",             "P",         "phosphorus",                   "りん",                 MASS_CONC,    "mg_l",   "P",     1, 0, 1e4,      3, false, true)  \
    X("pb",            "Pb",        "lead",                         "鉛",                   MASS_CONC,    "mg_l",   "Pb",    1, 0, 1e3,      4, false, true)  \
    X("po4_p",         "PO4-P",     "phosphate phosphorus",         "りん酸性りん",         MASS_CONC,    "mg_l",   "P",     1, 0, 1e4,      3, false, false) \
    X("s2",            "S(-II)",    "sulfide, as S",                "硫化物",               MASS_CONC,    "mg_l",   "S",     1, 0, 5e3,      3, false, true)  \
    X("sb",            "Sb",        "antimony",                     "アンチモン",           MASS_CONC,    "mg_l",   "Sb",    1, 0, 1e3,      4, false, true)  \
    X("se",            "Se",        "selenium",                     "セレン",               MASS_CONC,    "mg_l",   "Se",    1, 0, 1e3,      4, false, true)  \
    X("si",            "Si",        "silicon",                      "けい素",               MASS_CONC,    "mg_l",   "Si",    1, 0, 1e4,      2, false, true)  \
    X("sio2",          "SiO2",      "silica",                       "シリカ",               MASS_CONC,    "mg_l",   "SiO2",  1, 0, 2e4,      1, false, true)  \
    X("so4",           "SO4",       "sulfate",                      "硫酸イオン",           MASS_CONC,    "mg_l",   "SO4",   1, 0, 8e5,      1, false, false) \
    X("sr",            "Sr",        "strontium",                    "ストロンチウム",       MASS_CONC,    "mg_l",   "Sr",    1, 0, 1e3,      3, false, true)  \
    X("tic",           "TIC",       "total inorganic carbon",       "全無機炭素",           MASS_CONC,    "mg_l",   "C",     1, 0, 1e5,      2, false, false) \
    X("tn",            "T-N",       "total nitrogen",               "全窒素",               MASS_CONC,    "mg_l",   "N",     1, 0, 1e4,      2, false, false) \
    X("tp",            "T-P",       "total phosphorus",             "全りん",               MASS_CONC,    "mg_l",   "P",     1, 0, 1e4,      3, false, false) \
    X("u",             "U",         "uranium",                      "ウラン",               MASS_CONC,    "mg_l",   "U",     1, 0, 1e3,      5, false, true)  \
    X("v",             "V",         "vanadium",                     "バナジウム",           MASS_CONC,    "mg_l",   "V",     1, 0, 1e4,      4, false, true)  \
    X("zn",            "Zn",        "zinc",                         "亜鉛",                 MASS_CONC,    "mg_l",   "Zn",    1, 0, 1e5,      3, false, true)

/* Items that the effluent standard names and a mine seldom measures. */
#define SEI_QUANTITY_STANDARD(X)                                                                              \
    X("alkyl_hg",      "alkyl Hg",  "alkyl mercury",                "アルキル水銀",         MASS_CONC,    "mg_l",   NULL,    1, 0, 10,       4, false, false) \
    X("benzene",       "benzene",   "benzene",                      "ベンゼン",             MASS_CONC,    "mg_l",   NULL,    1, 0, 2e3,      3, false, false) \
    X("ccl4",          "CCl4",      "carbon tetrachloride",         "四塩化炭素",           MASS_CONC,    "mg_l",   NULL,    1, 0, 1e3,      4, false, false) \
    X("dca12",         "1,2-DCA",   "1,2-dichloroethane",           "1,2-ジクロロエタン",   MASS_CONC,    "mg_l",   NULL,    1, 0, 1e4,      4, false, false) \
    X("dce11",         "1,1-DCE",   "1,1-dichloroethylene",         "1,1-ジクロロエチレン", MASS_CONC,    "mg_l",   NULL,    1, 0, 3e3,      3, false, false) \
    X("dce12_cis",     "cis-DCE",   "cis-1,2-dichloroethylene",     "シス-1,2-ジクロロエチレン", MASS_CONC, "mg_l", NULL,    1, 0, 4e3,      3, false, false) \
    X("dcm",           "DCM",       "dichloromethane",              "ジクロロメタン",       MASS_CONC,    "mg_l",   NULL,    1, 0, 2e4,      3, false, false) \
    X("dcp13",         "1,3-DCP",   "1,3-dichloropropene",          "1,3-ジクロロプロペン", MASS_CONC,    "mg_l",   NULL,    1, 0, 2e3,      4, false, false) \
    X("dioxane14",     "1,4-dioxane", "1,4-dioxane",                "1,4-ジオキサン",       MASS_CONC,    "mg_l",   NULL,    1, 0, 1e5,      3, false, false) \
    X("n_hexane_fat",  "n-hexane (fat)", "n-hexane extracts, animal and vegetable fat", "ノルマルヘキサン抽出物質(動植物油脂類)", MASS_CONC, "mg_l", NULL, 1, 0, 1e5, 1, false, false) \
    X("n_hexane_mineral", "n-hexane (mineral)", "n-hexane extracts, mineral oil", "ノルマルヘキサン抽出物質(鉱油類)", MASS_CONC, "mg_l", NULL, 1, 0, 1e5, 1, false, false) \
    X("n_inorganic",   "NH4-N*0.4+NO2-N+NO3-N", "ammonia nitrogen times 0.4 with nitrite and nitrate nitrogen", "アンモニア性窒素×0.4+亜硝酸性窒素+硝酸性窒素", MASS_CONC, "mg_l", "N", 1, 0, 1e4, 1, false, false) \
    X("organic_p",     "organic P", "organic phosphorus compounds", "有機りん",             MASS_CONC,    "mg_l",   NULL,    1, 0, 1e3,      3, false, false) \
    X("pcb",           "PCB",       "polychlorinated biphenyls",    "ポリ塩化ビフェニル",   MASS_CONC,    "mg_l",   NULL,    1, 0, 1e2,      5, false, false) \
    X("pce",           "PCE",       "tetrachloroethylene",          "テトラクロロエチレン", MASS_CONC,    "mg_l",   NULL,    1, 0, 1e3,      4, false, false) \
    X("phenols",       "phenols",   "phenols",                      "フェノール類",         MASS_CONC,    "mg_l",   NULL,    1, 0, 1e5,      2, false, false) \
    X("simazine",      "simazine",  "simazine",                     "シマジン",             MASS_CONC,    "mg_l",   NULL,    1, 0, 1e1,      4, false, false) \
    X("tca111",        "1,1,1-TCA", "1,1,1-trichloroethane",        "1,1,1-トリクロロエタン", MASS_CONC,  "mg_l",   NULL,    1, 0, 5e3,      3, false, false) \
    X("tca112",        "1,1,2-TCA", "1,1,2-trichloroethane",        "1,1,2-トリクロロエタン", MASS_CONC,  "mg_l",   NULL,    1, 0, 5e3,      4, false, false) \
    X("tce",           "TCE",       "trichloroethylene",            "トリクロロエチレン",   MASS_CONC,    "mg_l",   NULL,    1, 0, 2e3,      3, false, false) \
    X("thiobencarb",   "thiobencarb", "thiobencarb",                "チオベンカルブ",       MASS_CONC,    "mg_l",   NULL,    1, 0, 1e2,      3, false, false) \
    X("thiuram",       "thiuram",   "thiuram",                      "チウラム",             MASS_CONC,    "mg_l",   NULL,    1, 0, 1e2,      4, false, false)

#define SEI_QUANTITY_LIST(X)  \
    SEI_QUANTITY_PHYSICAL(X)  \
    SEI_QUANTITY_BULK(X)      \
    SEI_QUANTITY_ELEMENTS(X)  \
    SEI_QUANTITY_STANDARD(X)

/* Other names under which a column is accepted. */
#define SEI_QUANTITY_ALIASES(X)       \
    X("alk", "alkalinity")            \
    X("conductivity", "sc")           \
    X("ec", "sc")                     \
    X("fe_ii", "fe2")                 \
    X("fe_iii", "fe3")                \
    X("q", "flow")                    \
    X("rain", "precipitation")        \
    X("sulfate", "so4")               \
    X("sulfide", "s2")                \
    X("temperature", "temp")          \
    X("tss", "ss")                    \
    X("water_temp", "temp")
/* clang-format on */

#endif
