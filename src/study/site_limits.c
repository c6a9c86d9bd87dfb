/* site_limits.c - section limits: the dated table, and what the site changes in it */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "seiryu/units.h"
#include "study/site.h"

enum { RULES_MAX = 200 };

typedef struct {
    const char     *table, *industry, *file;
    double          discharge; /* m3/s */
    bool            to_sea, designated_water;
    const sei_yaml *overrides, *exemptions, *targets;
} limits_rows;

#define ROW_STRUCT limits_rows
static const sei_key_row rows[] = {
    SEI_PLAIN_ROW("table", NAME, false, table,
                  "effluent (the default), environment, farm_water, one of your file, or none",
                  "基準表"),
    SEI_PLAIN_ROW("file", PATH, false, file, "CSV file with limits of your own", "独自の基準表"),
    SEI_PLAIN_ROW("industry", NAME, false, industry,
                  "metal_mining, sulfur_mining: for provisional limits", "暫定排水基準の業種"),
    SEI_NUMBER_ROW("discharge_m3_d", "m³/d", SEI_NO_VALUE, 0, 1e7, false, discharge,
                   "mean daily discharge; some limits hold from 50 m³/d on", "日平均排水量"),
    SEI_BOOL_ROW("to_sea", 0, to_sea, "true when the water goes to the sea", "海域への放流"),
    SEI_BOOL_ROW("designated_water", 0, designated_water,
                 "true when nitrogen and phosphorus are limited in the water below",
                 "窒素・りんの規制対象水域"),
    SEI_PLAIN_ROW("overrides", NODE, false, overrides, "stricter limits by ordinance or agreement",
                  "上乗せ基準・協定値"),
    SEI_PLAIN_ROW("exemptions", NODE, false, exemptions, "limits that do not apply here",
                  "適用除外"),
    SEI_PLAIN_ROW("targets", NODE, false, targets, "aims that stand in place of the law",
                  "管理目標値"),
};
#undef ROW_STRUCT

typedef struct {
    const sei_yaml *min, *max;
    int64_t         from_us, to_us;
    const char     *reason;
} rule_rows;

#define ROW_STRUCT rule_rows
static const sei_key_row rule_row_list[] = {
    SEI_PLAIN_ROW("max", NODE, false, max, "highest value, in the unit of the key above", "上限値"),
    SEI_PLAIN_ROW("min", NODE, false, min, "lowest value, in the unit of the key above", "下限値"),
    SEI_PLAIN_ROW("from", DATE, false, from_us, "first day", "適用開始日"),
    SEI_PLAIN_ROW("to", DATE, false, to_us, "first day on which it no longer holds",
                  "適用終了日(当日を含まない)"),
    SEI_PLAIN_ROW("reason", TEXT, true, reason, "why; shown with every result", "理由・根拠"),
};
static const sei_key_row exemption_row_list[] = {
    SEI_PLAIN_ROW("from", DATE, false, from_us, "first day", "適用開始日"),
    SEI_PLAIN_ROW("to", DATE, false, to_us, "first day on which it no longer holds",
                  "適用終了日(当日を含まない)"),
    SEI_PLAIN_ROW("reason", TEXT, true, reason, "why; shown with every result", "理由・根拠"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_limits    = {"limits", rows, SEI_COUNT(rows)};
const sei_key_section sei_section_override  = {"limits.overrides.*", rule_row_list,
                                               SEI_COUNT(rule_row_list)};
const sei_key_section sei_section_target    = {"limits.targets.*", rule_row_list,
                                               SEI_COUNT(rule_row_list)};
const sei_key_section sei_section_exemption = {"limits.exemptions.*", exemption_row_list,
                                               SEI_COUNT(exemption_row_list)};

/* ---- rules ------------------------------------------------------------------------------------ */

typedef struct {
    sei_limit_rule *rules;
    size_t          n;
} rule_list;

/* "all", "zn", "zn_dissolved": a quantity without its unit. */
static bool find_quantity(const char *key, sei_limit_rule *rule)
{
    char stem[SEI_QUANTITY_NAME_MAX];

    rule->fraction = SEI_FRACTION_TOTAL;
    rule->quantity = NULL;
    if (strcmp(key, "all") == 0)
        return true;
    rule->quantity = sei_quantity_find(key);
    if (rule->quantity)
        return true;
    const char *last = strrchr(key, '_');
    if (!last || (size_t)(last - key) >= sizeof stem ||
        !sei_fraction_find(last + 1, &rule->fraction))
        return false;
    memcpy(stem, key, (size_t)(last - key));
    stem[last - key] = '\0';
    rule->quantity   = sei_quantity_find(stem);
    return rule->quantity != NULL;
}

/* One side of a rule into SI; false when absent or wrong. */
static bool read_side(sei_site_reader *r, const char *path, const sei_yaml *node,
                      const sei_quantity_column *column, double *ret_si)
{
    static const sei_key_row any = {
        .key = "", .kind = SEI_KEY_NUMBER, .lower = -1e12, .upper = 1e12};
    double value;

    if (!node || !column->quantity)
        return false;
    const char *key_path = sei_schema_key_path(&r->s, path, node->key);
    if (!sei_schema_number(&r->s, key_path, node, &any, NULL, &value))
        return false;
    if (sei_quantity_to_si(column->quantity, column->unit, value, ret_si))
        return true;
    sei_schema_problem(&r->s, SEI_E_UNIT, node->line, "%s: the unit does not suit %s", key_path,
                       column->quantity->name_en);
    return false;
}

static void read_rule(sei_site_reader *r, const char *path, const sei_yaml *node,
                      const sei_quantity_column *column, sei_limit_rule rule, rule_list *list)
{
    const bool         exempts = rule.kind == SEI_RULE_EXEMPT;
    rule_rows          in      = {.from_us = SEI_NO_DATE, .to_us = SEI_NO_DATE};
    const sei_key_part part    = {exempts ? exemption_row_list : rule_row_list,
                               exempts ? SEI_COUNT(exemption_row_list) : SEI_COUNT(rule_row_list),
                               &in};

    if (!sei_schema_map(&r->s, path, node, 1, &part, NULL, NULL))
        return;
    rule.has_min = !exempts && read_side(r, path, in.min, column, &rule.min_si);
    rule.has_max = !exempts && read_side(r, path, in.max, column, &rule.max_si);
    rule.from_us = in.from_us;
    rule.to_us   = in.to_us == SEI_NO_DATE ? INT64_MAX : in.to_us;
    rule.reason  = in.reason;
    if (!exempts && !in.min && !in.max)
        sei_schema_problem(&r->s, SEI_E_MISSING, node->line, "%s needs max or min", path);
    if (rule.has_min && rule.has_max && rule.min_si > rule.max_si)
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s: min lies above max", path);
    if (rule.to_us <= rule.from_us)
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s: \"to\" must lie after \"from\"",
                           path);
    if (list->n >= RULES_MAX)
        sei_schema_problem(&r->s, SEI_E_TOO_LARGE, node->line, "limits: more than %d rules",
                           (int)RULES_MAX);
    else
        list->rules[list->n++] = rule;
}

static void read_key(sei_site_reader *r, const char *section, const sei_yaml *node,
                     sei_rule_kind kind, rule_list *list)
{
    const char         *path   = sei_schema_key_path(&r->s, section, node->key);
    sei_limit_rule      rule   = {.kind = kind};
    sei_quantity_column column = {0};

    if (kind == SEI_RULE_EXEMPT && !find_quantity(node->key, &rule)) {
        sei_schema_problem(&r->s, SEI_E_KEY, node->key_line,
                           "unknown quantity \"%s\" in %s; write it without a unit (zn, "
                           "zn_dissolved), or all",
                           node->key, section);
        return;
    }
    if (kind != SEI_RULE_EXEMPT) {
        if (!sei_site_quantity_key(r, section, node, NULL, NULL, &column))
            return;
        rule.quantity = column.quantity;
        rule.fraction = column.fraction;
    }
    if (node->kind != SEI_YAML_LIST) {
        read_rule(r, path, node, &column, rule, list);
        return;
    }
    size_t number = 0;
    for (const sei_yaml *item = node->first; item && sei_schema_goes_on(&r->s); item = item->next)
        read_rule(r, sei_schema_item_path(&r->s, path, ++number), item, &column, rule, list);
}

static void read_rules(sei_site_reader *r, const char *section, const sei_yaml *node,
                       sei_rule_kind kind, rule_list *list)
{
    if (!node)
        return;
    if (node->kind != SEI_YAML_MAP) {
        sei_schema_problem(&r->s, SEI_E_TYPE, node->line,
                           "%s is not a map; write %s: {max: 2, reason: \"…\"}", section,
                           kind == SEI_RULE_EXEMPT ? "zn" : "zn_mg_l");
        return;
    }
    for (const sei_yaml *child = node->first; child && sei_schema_goes_on(&r->s);
         child                 = child->next)
        read_key(r, section, child, kind, list);
}

/* ---- the section ------------------------------------------------------------------------------ */

typedef const char *(*word_of_limit)(const sei_limit *limit);

static const char *table_of(const sei_limit *limit)
{
    return limit->table;
}

static const char *industry_of(const sei_limit *limit)
{
    return limit->industry;
}

enum { KNOWN_MAX = 64 };

/* Different words of the limit tables; known[0..n) is filled. */
static size_t collect(const sei_limits *limits, word_of_limit of, const char *known[KNOWN_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < sei_limits_count(limits) && n < KNOWN_MAX; i++) {
        const char *word = of(sei_limits_row(limits, i));
        bool        have = word[0] == '\0';
        for (size_t k = 0; k < n; k++)
            have = have || strcmp(known[k], word) == 0;
        if (!have)
            known[n++] = word;
    }
    return n;
}

/* A word that no row of the tables has would silently mean no limit at all. */
static void check_word(sei_site_reader *r, const sei_yaml *child, const char *word,
                       word_of_limit of)
{
    const sei_limits *limits = r->site->limit_tables;
    const char       *known[KNOWN_MAX];
    char              all[300] = "";
    size_t            used     = 0;

    if (!child || word[0] == '\0' || strcmp(word, "none") == 0 || !limits)
        return;
    const size_t n = collect(limits, of, known);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(known[i], word) == 0)
            return;
        if (used + 70 < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, "%.64s, ", known[i]);
    }
    const char *near = sei_nearest(word, known, n);
    if (near)
        sei_schema_problem(&r->s, SEI_E_NOT_FOUND, child->line,
                           "limits.%s = \"%.64s\" is unknown; did you mean \"%s\"?", child->key,
                           word, near);
    else
        sei_schema_problem(&r->s, SEI_E_NOT_FOUND, child->line,
                           "limits.%s = \"%.64s\" is none of %snone", child->key, word, all);
}

static void load_tables(sei_site_reader *r, const char *file)
{
    sei_owned *owned = sei_site_own(r);

    if (!owned)
        return;
    const sei_status st = sei_limits_load(r->s.ctx, file, &owned->limits);
    if (st != SEI_OK)
        sei_schema_take_error(&r->s, st);
    r->site->limit_tables = owned->limits;
}

void sei_site_read_limits(sei_site_reader *r, const sei_yaml *node)
{
    static const sei_yaml nothing = {.kind = SEI_YAML_MAP};
    limits_rows           in      = {0};
    const sei_key_part    part    = {rows, SEI_COUNT(rows), &in};
    const sei_unit       *m3_d    = sei_unit_find("m3_d");
    rule_list             list    = {sei_site_alloc(r, RULES_MAX, sizeof *list.rules), 0};

    if (!list.rules ||
        !sei_schema_map(&r->s, "limits", node ? node : &nothing, 1, &part, NULL, NULL))
        return;
    load_tables(r, in.file);
    read_rules(r, "limits.overrides", in.overrides, SEI_RULE_OVERRIDE, &list);
    read_rules(r, "limits.exemptions", in.exemptions, SEI_RULE_EXEMPT, &list);
    read_rules(r, "limits.targets", in.targets, SEI_RULE_TARGET, &list);
    r->site->limits = (sei_limits_site){
        .table            = in.table[0] ? in.table : "effluent",
        .industry         = in.industry[0] && strcmp(in.industry, "none") != 0 ? in.industry : NULL,
        .discharge_m3_d   = isnan(in.discharge) ? -1 : sei_from_si(m3_d, in.discharge),
        .to_sea           = in.to_sea,
        .designated_water = in.designated_water,
        .n_rules          = list.n,
        .rules            = list.rules,
    };
    check_word(r, sei_yaml_get(node, "table"), in.table, table_of);
    check_word(r, sei_yaml_get(node, "industry"), in.industry, industry_of);
}
