/* rate.h - what every rate_*.c includes: the row types, the terms, common parameter rows */
#ifndef SEI_KIN_RATE_H
#define SEI_KIN_RATE_H

#include <math.h>

#include "kin/term.h"

#define SEI_RATE(name) extern const sei_rate_law sei_rate_law_##name;
#include "kin/rate_list.h"
#undef SEI_RATE

/* A range of validity that the source does not state. */
#define SEI_NOT_STATED           \
    {                            \
        (double)NAN, (double)NAN \
    }

/* Rows that several laws share. */
#define SEI_PARAM_EA(def_, lower_, upper_, evidence_, source_)                                        \
    {                                                                                                 \
        .key = "ea_kj_mol", .unit = "kJ/mol", .def = (def_), .lower = (lower_), .upper = (upper_),    \
        .transform = SEI_LINEAR, .evidence = (evidence_), .source = (source_),                        \
        .help = "activation energy of the rate", .help_ja = "反応速度の活性化エネルギー" \
    }

#define SEI_PARAM_SUSPENDED(def_)                                                                         \
    {                                                                                                     \
        .key = "suspended_fraction", .unit = "", .def = (def_), .lower = 0.0, .upper = 1.0,               \
        .transform = SEI_LINEAR, .evidence = SEI_ASSUMED, .source = "",                                   \
        .help = "share of the new solid that stays in suspension until it is caught or settles",          \
        .help_ja = "生成した固体のうち、捕捉・沈降するまで水中に懸濁する割合" \
    }

/* 0.01 mg N/L of acetotrophic sulfate reducers in CWM1, 0.01 mg P/L of heterotrophs in ASM2d. */
#define SEI_PARAM_NUTRIENTS(n_, p_)                                                             \
    [n_] = {.key       = "k_nh4_mmol_kgw",                                                      \
            .unit      = "mmol/kgw",                                                            \
            .def       = 0.000714,                                                              \
            .lower     = 0.00007,                                                               \
            .upper     = 0.007,                                                                 \
            .transform = SEI_LOG,                                                               \
            .evidence  = SEI_PUBLISHED,                                                         \
            .source    = "langergraber2009",                                                    \
            .help      = "ammonium at half of the highest rate; matters with model.nutrients",  \
            .help_ja = "最大速度の半分となるアンモニウム濃度(model.nutrients のとき)"},         \
    [p_] = {.key       = "k_p_mmol_kgw",                                                        \
            .unit      = "mmol/kgw",                                                            \
            .def       = 0.000323,                                                              \
            .lower     = 0.00003,                                                               \
            .upper     = 0.003,                                                                 \
            .transform = SEI_LOG,                                                               \
            .evidence  = SEI_PUBLISHED,                                                         \
            .source    = "henze1999",                                                           \
            .help      = "phosphate at half of the highest rate; matters with model.nutrients", \
            .help_ja   = "最大速度の半分となるりん酸濃度(model.nutrients のとき)"}

#define SEI_PARAM_DISSOLVE(def_)                                                            \
    {                                                                                       \
        .key = "k_dissolve_1_d", .unit = "1/d", .def = (def_), .lower = 1e-6, .upper = 1e3, \
        .transform = SEI_LOG, .evidence = SEI_ASSUMED, .source = "",                        \
        .help    = "first-order rate constant of the bed's solid far below saturation",     \
        .help_ja = "飽和より十分低いときの溶解速度定数(一次)"            \
    }

#endif
