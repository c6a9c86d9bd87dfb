/* site_uncertainty.c - section uncertainty: which numbers may be others, and which go together */
#include <string.h>

#include "study/site.h"

enum { NUMBERS_MAX = 500, CORRELATIONS_MAX = 500 };

typedef struct {
    const sei_yaml *parameters, *rank_correlation;
    int             vary;
} uncertainty_rows;

enum { VARY_CATALOGUE, VARY_LISTED };

static const sei_schema_word vary_words[] = {
    {"catalogue", VARY_CATALOGUE}, {"listed", VARY_LISTED}, {NULL, 0}};

#define ROW_STRUCT uncertainty_rows
static const sei_key_row rows[] = {
    SEI_WORD_ROW("vary", vary_words, VARY_CATALOGUE, vary,
                 "catalogue: every parameter by its prior; listed: those below alone",
                 "変動させる範囲(catalogue=全パラメータ、listed=下記のみ)"),
    SEI_PLAIN_ROW(
        "parameters", NODE, false, parameters,
        "path of a number and its distribution; seiryu simulate --ensemble lists the paths",
        "数値のパスとその分布"),
    SEI_PLAIN_ROW("rank_correlation", NODE, false, rank_correlation,
                  "list of pairs: {of: influent.zn_mg_l, with: influent.cd_mg_l, rho: 0.8}",
                  "順位相関を与える組"),
};
#undef ROW_STRUCT

typedef struct {
    int         distribution;
    double      p10, p90, lower, mode, upper;
    const char *source, *assumed;
} number_rows;

static const sei_schema_word kind_words[] = {{"fixed", SEI_PRIOR_FIXED},
                                             {"uniform", SEI_PRIOR_UNIFORM},
                                             {"log_uniform", SEI_PRIOR_LOG_UNIFORM},
                                             {"normal", SEI_PRIOR_NORMAL},
                                             {"log_normal", SEI_PRIOR_LOG_NORMAL},
                                             {"triangular", SEI_PRIOR_TRIANGULAR},
                                             {"logit_normal", SEI_PRIOR_LOGIT_NORMAL},
                                             {NULL, 0}};

#define ROW_STRUCT number_rows
static const sei_key_row number_row_list[] = {
    SEI_WORD_ROW("distribution", kind_words, SEI_PRIOR_LOG_NORMAL, distribution,
                 "fixed, uniform, log_uniform, normal, log_normal, logit_normal or triangular",
                 "分布の形"),
    SEI_NUMBER_ROW("p10", "", SEI_NO_VALUE, -1e12, 1e12, false, p10,
                   "one of ten lies below: normal, log_normal and logit_normal",
                   "10パーセンタイル"),
    SEI_NUMBER_ROW("p90", "", SEI_NO_VALUE, -1e12, 1e12, false, p90,
                   "one of ten lies above: normal, log_normal and logit_normal",
                   "90パーセンタイル"),
    SEI_NUMBER_ROW("lower", "", SEI_NO_VALUE, -1e12, 1e12, false, lower,
                   "lowest value; cuts normal and log_normal, an end of logit_normal", "下限"),
    SEI_NUMBER_ROW("mode", "", SEI_NO_VALUE, -1e12, 1e12, false, mode,
                   "most likely value of a triangular distribution", "最頻値(三角分布)"),
    SEI_NUMBER_ROW("upper", "", SEI_NO_VALUE, -1e12, 1e12, false, upper,
                   "highest value; cuts normal and log_normal, an end of logit_normal", "上限"),
    SEI_PLAIN_ROW("source", TEXT, false, source, "where the distribution comes from", "分布の出典"),
    SEI_PLAIN_ROW("assumed", TEXT, false, assumed, "why it is assumed", "仮定の理由"),
};
#undef ROW_STRUCT

typedef struct {
    const char *of, *with;
    double      rho;
} pair_rows;

#define ROW_STRUCT pair_rows
static const sei_key_row pair_row_list[] = {
    SEI_PLAIN_ROW("of", TEXT, true, of, "path of a number", "数値のパス"),
    SEI_PLAIN_ROW("with", TEXT, true, with, "path of the other", "もう一方のパス"),
    SEI_NUMBER_ROW("rho", "", SEI_NO_VALUE, -0.999, 0.999, true, rho, "rank correlation (Spearman)",
                   "順位相関係数(スピアマン)"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_uncertainty      = {"uncertainty", rows, SEI_COUNT(rows)};
const sei_key_section sei_section_uncertain_number = {"uncertainty.parameters.PATH",
                                                      number_row_list, SEI_COUNT(number_row_list)};
const sei_key_section sei_section_rank_correlation = {"uncertainty.rank_correlation[]",
                                                      pair_row_list, SEI_COUNT(pair_row_list)};

/* ---- one number ------------------------------------------------------------------------------- */

/* The keys that a distribution needs; what others it may have cuts it. */
static void check_given(sei_site_reader *r, const char *path, const sei_yaml *node,
                        const sei_uncertain_number *u)
{
    const bool  by_ends  = !isnan(u->lower) && !isnan(u->upper);
    const bool  by_share = !isnan(u->p10) && !isnan(u->p90);
    const char *lacks    = NULL;

    switch (u->kind) {
    case SEI_PRIOR_FIXED: break;
    case SEI_PRIOR_UNIFORM:
    case SEI_PRIOR_LOG_UNIFORM: lacks = by_ends ? NULL : "lower and upper"; break;
    case SEI_PRIOR_NORMAL:
    case SEI_PRIOR_LOG_NORMAL:
    case SEI_PRIOR_LOGIT_NORMAL: lacks = by_share ? NULL : "p10 and p90"; break;
    case SEI_PRIOR_TRIANGULAR:
        lacks = by_ends && !isnan(u->mode) ? NULL : "lower, mode and upper";
        break;
    }
    if (lacks)
        sei_schema_problem(&r->s, SEI_E_MISSING, node->line, "%s: this distribution needs %s", path,
                           lacks);
    else if (by_share && !(u->p10 < u->p90))
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s: p10 must be below p90", path);
    else if (by_ends && !(u->lower < u->upper))
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s: lower must be below upper", path);
}

static void read_number(sei_site_reader *r, const char *path, const sei_yaml *node,
                        sei_uncertain_number *out)
{
    number_rows        in   = {0};
    const sei_key_part part = {number_row_list, SEI_COUNT(number_row_list), &in};

    *out = (sei_uncertain_number){.path  = node->key,
                                  .kind  = SEI_PRIOR_FIXED,
                                  .where = sei_schema_where(&r->s, node->key_line)};
    if (node->kind == SEI_YAML_SCALAR && node->text && strcmp(node->text, "fixed") == 0)
        return;
    if (!sei_schema_map(&r->s, path, node, 1, &part, NULL, NULL))
        return;
    out->kind    = (sei_prior_kind)in.distribution;
    out->p10     = in.p10;
    out->p90     = in.p90;
    out->lower   = in.lower;
    out->mode    = in.mode;
    out->upper   = in.upper;
    out->source  = in.source;
    out->assumed = in.assumed;
    check_given(r, path, node, out);
}

static void read_numbers(sei_site_reader *r, const sei_yaml *node)
{
    char shown[SEI_VALUE_TEXT_MAX];

    if (node->kind != SEI_YAML_MAP) {
        sei_schema_show(shown, node);
        sei_schema_problem(&r->s, SEI_E_TYPE, node->line,
                           "uncertainty.parameters is %s, not a map of paths and distributions",
                           shown);
        return;
    }
    sei_uncertain_number *list = sei_site_alloc(r, node->n + 1, sizeof *list);
    size_t                n    = 0;
    if (node->n > NUMBERS_MAX)
        sei_schema_problem(&r->s, SEI_E_TOO_LARGE, node->line, "more than %d uncertain numbers",
                           (int)NUMBERS_MAX);
    for (const sei_yaml *c = node->first; list && c && n < NUMBERS_MAX && sei_schema_goes_on(&r->s);
         c                 = c->next)
        read_number(r, sei_schema_key_path(&r->s, "uncertainty.parameters", c->key), c, &list[n++]);
    r->site->uncertainty.n_numbers = n;
    r->site->uncertainty.numbers   = list;
}

/* ---- pairs ------------------------------------------------------------------------------------ */

static void read_pairs(sei_site_reader *r, const sei_yaml *node)
{
    size_t n = 0;

    if (!sei_schema_is_list(&r->s, "uncertainty.rank_correlation", node))
        return;
    if (node->n > CORRELATIONS_MAX)
        sei_schema_problem(&r->s, SEI_E_TOO_LARGE, node->line, "more than %d correlations",
                           (int)CORRELATIONS_MAX);
    sei_rank_correlation *list = sei_site_alloc(r, node->n + 1, sizeof *list);
    for (const sei_yaml *c                                                 = node->first;
         list && c && n < CORRELATIONS_MAX && sei_schema_goes_on(&r->s); c = c->next) {
        pair_rows          in   = {0};
        const sei_key_part part = {pair_row_list, SEI_COUNT(pair_row_list), &in};
        const char *path = sei_schema_item_path(&r->s, "uncertainty.rank_correlation", n + 1);
        if (!sei_schema_map(&r->s, path, c, 1, &part, NULL, NULL))
            continue;
        list[n++] =
            (sei_rank_correlation){in.of, in.with, in.rho, sei_schema_where(&r->s, c->line)};
    }
    r->site->uncertainty.n_correlations = n;
    r->site->uncertainty.correlations   = list;
}

void sei_site_read_uncertainty(sei_site_reader *r, const sei_yaml *node)
{
    uncertainty_rows   in   = {0};
    const sei_key_part part = {rows, SEI_COUNT(rows), &in};

    if (!sei_schema_map(&r->s, "uncertainty", node, 1, &part, NULL, NULL))
        return;
    r->site->uncertainty.only_listed = in.vary == VARY_LISTED;
    if (in.parameters)
        read_numbers(r, in.parameters);
    if (in.rank_correlation)
        read_pairs(r, in.rank_correlation);
}
