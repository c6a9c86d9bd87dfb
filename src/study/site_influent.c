/* site_influent.c - section influent: constants, a CSV file, and which fills what */
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "seiryu/units.h"
#include "study/site.h"

enum { ROWS_MAX = 128 };

typedef struct {
    const char *file, *point, *charge_balance;
    int         interpolation, below_loq;
    bool        hold_ends;
    double      max_gap_s, fe2_share;
} influent_rows;

static const sei_schema_word curve_words[] = {
    {"linear", SEI_CURVE_LINEAR}, {"step", SEI_CURVE_STEP}, {NULL, 0}};
static const sei_schema_word loq_words[] = {
    {"zero", SEI_LOQ_ZERO}, {"half", SEI_LOQ_HALF}, {"full", SEI_LOQ_FULL}, {NULL, 0}};

#define ROW_STRUCT influent_rows
static const sei_key_row rows[] = {
    SEI_PLAIN_ROW("file", PATH, false, file, "CSV file with a time column", "原水の時系列CSV"),
    SEI_PLAIN_ROW("point", TEXT, false, point, "rows of this sampling point only", "採水地点"),
    SEI_WORD_ROW("interpolation", curve_words, SEI_CURVE_LINEAR, interpolation,
                 "between two samples: linear or step", "補間方法"),
    SEI_NUMBER_ROW("max_gap_d", "d", 0, 0, 36600, false, max_gap_s,
                   "longest gap that is bridged; 0: any", "補間を許す最大欠測期間(0=制限なし)"),
    SEI_BOOL_ROW("hold_ends", 1, hold_ends,
                 "the first and the last sample hold before and after the file",
                 "期間外は端の値を用いる"),
    SEI_WORD_ROW("below_loq", loq_words, SEI_LOQ_HALF, below_loq,
                 "what \"<0.005\" counts as: zero, half or full", "定量下限未満の扱い"),
    SEI_NUMBER_ROW("fe2_share", "", SEI_NO_VALUE, 0, 1, false, fe2_share,
                   "share of total iron that is Fe(II), when only total iron is given",
                   "全鉄に占める二価鉄の割合"),
    SEI_PLAIN_ROW(
        "charge_balance", NAME, false, charge_balance,
        "quantity that is changed until the charges balance (so4, cl, na, ca, ph), or none",
        "電荷バランスを取る成分"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_influent = {"influent", rows, SEI_COUNT(rows)};

typedef struct {
    sei_site_reader  *r;
    sei_influent_row *rows;
    size_t            n;
} row_list;

static sei_influent_row *find_row(row_list *list, const sei_quantity_column *column)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->rows[i].column.quantity == column->quantity &&
            list->rows[i].column.fraction == column->fraction)
            return &list->rows[i];
    return NULL;
}

static sei_influent_row *add_row(row_list *list, const sei_quantity_column *column, size_t line)
{
    if (list->n >= ROWS_MAX) {
        sei_schema_problem(&list->r->s, SEI_E_TOO_LARGE, line, "influent: more than %d quantities",
                           (int)ROWS_MAX);
        return NULL;
    }
    sei_influent_row *row = &list->rows[list->n++];
    row->column           = *column;
    row->factor           = 1;
    row->where            = sei_schema_where(&list->r->s, line);
    return row;
}

/* ---- constants -------------------------------------------------------------------------------- */

/* What the section itself reads lies nearer to a typing error than a quantity does. */
static bool is_near_a_row(const char *key)
{
    const char *keys[SEI_COUNT(rows)];

    for (size_t i = 0; i < SEI_COUNT(rows); i++)
        keys[i] = rows[i].key;
    return sei_nearest(key, keys, SEI_COUNT(rows)) != NULL;
}

bool sei_site_quantity_key(sei_site_reader *r, const char *path, const sei_yaml *node,
                           bool (*is_near)(const char *key), bool *ret_is_near,
                           sei_quantity_column *ret_column)
{
    const sei_where  where = sei_schema_where(&r->s, node->key_line);
    const sei_status st    = sei_quantity_parse_column(r->s.ctx, &where, node->key, ret_column);

    if (st == SEI_OK)
        return true;
    if (st == SEI_E_KEY && is_near && is_near(node->key)) {
        *ret_is_near = true;
        return false;
    }
    if (st == SEI_E_NOMEM) {
        r->s.fatal = st;
        return false;
    }
    /* "site.yaml:3: column 'zn_gpl': unknown unit ...": to the user it is a key, not a column */
    const char *text = sei_schema_error_text(&r->s), *tail = strstr(text, "': ");
    sei_schema_problem(&r->s, st, node->key_line, "%s.%.100s: %s", path, node->key,
                       tail ? tail + 3 : text);
    return false;
}

/* Lowest or highest plausible value of a quantity in a unit that suits it. */
static double plausible(const sei_quantity_column *column, double bound)
{
    double si, value;

    if (!sei_quantity_to_si(column->quantity, sei_quantity_unit(column->quantity), bound, &si) ||
        !sei_quantity_from_si(column->quantity, column->unit, si, &value))
        return bound;
    return value;
}

/* In a table an odd value is flagged; in the site file it is a slip. True when node is a plain number
 * outside the plausible range. */
static bool is_implausible(sei_site_reader *r, const char *path, const sei_yaml *node,
                           const sei_quantity_column *column)
{
    const double low   = plausible(column, column->quantity->min);
    const double high  = plausible(column, column->quantity->max);
    const double slack = 1e-9 * fmax(fabs(low), fabs(high));
    char         low_text[SEI_NUMBER_MAX], high_text[SEI_NUMBER_MAX];
    double       value;

    if (!sei_parse_double(node->text, node->len, &value) ||
        (value >= low - slack && value <= high + slack))
        return false;
    sei_format_double(low_text, low, 6);
    sei_format_double(high_text, high, 6);
    sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s = %s is outside %s..%s%s%s", path,
                       node->text, low_text, high_text, column->unit ? " " : "",
                       column->unit ? column->unit->symbol : "");
    return true;
}

bool sei_site_read_water_value(sei_site_reader *r, const char *path, const sei_yaml *node,
                               const sei_quantity_column *column, sei_value *ret_value)
{
    const sei_where where = sei_schema_where(&r->s, node->line);

    const sei_key_row about = {
        .key = node->key, .help = column->quantity->name_en, .help_ja = column->quantity->name_ja};
    const sei_yaml *value =
        sei_schema_unwrap(&r->s, path, node, &about, column->unit ? column->unit->symbol : "");
    if (!value)
        return false;
    if (value->kind != SEI_YAML_SCALAR || sei_yaml_is_empty(value)) {
        sei_schema_problem(&r->s, SEI_E_TYPE, node->line,
                           "%s is no number; a series belongs into the CSV file", path);
        return false;
    }
    if (is_implausible(r, path, value, column))
        return false;
    const sei_status st =
        sei_quantity_parse_value(r->s.ctx, &where, column, value->text, ret_value);
    if (st != SEI_OK) {
        sei_schema_problem(&r->s, st, node->line, "influent.%s", sei_schema_error_text(&r->s));
        return false;
    }
    if (ret_value->qc == SEI_QC_MISSING) {
        sei_schema_problem(&r->s, SEI_E_MISSING, node->line,
                           "%s has no value; give one or leave the key out", path);
        return false;
    }
    return true;
}

static bool take_quantity(void *user, sei_schema *s, const char *path, const sei_yaml *child)
{
    row_list           *list    = user;
    bool                is_near = false;
    sei_quantity_column column;
    sei_value           value;

    if (!sei_site_quantity_key(list->r, path, child, is_near_a_row, &is_near, &column))
        return !is_near;
    const sei_influent_row *twin = find_row(list, &column);
    if (twin) {
        sei_schema_problem(s, SEI_E_DUPLICATE, child->key_line,
                           "\"%s\" gives again what line %zu gives", child->key, twin->where.line);
        return true;
    }
    sei_influent_row *row = add_row(list, &column, child->key_line);
    if (row && sei_site_read_water_value(list->r, sei_schema_key_path(s, path, child->key), child,
                                         &column, &value)) {
        row->has_constant = true;
        row->constant     = value;
    }
    return true;
}

/* ---- series ----------------------------------------------------------------------------------- */

static bool has_value(const sei_series *series)
{
    for (size_t i = 0; i < series->n; i++)
        if (series->qc[i] != SEI_QC_MISSING && series->qc[i] != SEI_QC_BAD)
            return true;
    return false;
}

static void take_series(row_list *list, const sei_series_set *set, const sei_curve_options *options,
                        size_t line)
{
    for (size_t i = 0; i < set->n; i++) {
        const sei_series *series = set->series[i];
        if (!has_value(series)) {
            char name[SEI_QUANTITY_NAME_MAX];
            sei_quantity_format_column(name, &series->column);
            sei_warn(list->r->s.ctx, &(sei_where){list->r->s.file, line, 0},
                     "influent: column %s holds no value and is not used", name);
            continue;
        }
        sei_site_check_plausible(list->r, "influent.file", line, list->r->site->influent.file,
                                 series);
        sei_influent_row *row = find_row(list, &series->column);
        if (!row)
            row = add_row(list, &series->column, line);
        if (!row)
            return;
        row->column.unit = series->column.unit;
        row->series      = series;
        row->curve       = sei_site_make_curve(list->r, series, options);
    }
}

/* ---- the whole -------------------------------------------------------------------------------- */

static void require(row_list *list, const sei_yaml *node, const char *key, const char *example)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->rows[i].column.quantity->key, key) == 0)
            return;
    sei_schema_problem(&list->r->s, SEI_E_MISSING, node->key_line,
                       "influent lacks \"%s\", as a number or as a column of its file", example);
}

static void check_flow(row_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const sei_influent_row *row = &list->rows[i];
        if (strcmp(row->column.quantity->key, "flow") == 0 && row->has_constant && !row->series &&
            !(row->constant.value_si > 0))
            sei_schema_problem(&list->r->s, SEI_E_RANGE, row->where.line,
                               "influent: the flow must be more than 0");
    }
}

static void check_iron(row_list *list, const sei_yaml *node, double fe2_share)
{
    const sei_yaml *child = sei_yaml_get(node, "fe2_share");

    for (size_t i = 0; !isnan(fe2_share) && i < list->n; i++) {
        const char *key = list->rows[i].column.quantity->key;
        if (strcmp(key, "fe2") == 0 || strcmp(key, "fe3") == 0) {
            sei_schema_problem(&list->r->s, SEI_E_DUPLICATE,
                               child ? child->key_line : node->key_line,
                               "influent: fe2_share splits total iron, but %s is given as well",
                               list->rows[i].column.quantity->symbol);
            return;
        }
    }
}

static const sei_quantity *find_balance(sei_site_reader *r, const sei_yaml *node, const char *key)
{
    if (key[0] == '\0' || strcmp(key, "none") == 0)
        return NULL;
    const sei_quantity *quantity = sei_quantity_find(key);
    const sei_yaml     *child    = sei_yaml_get(node, "charge_balance");
    if (!quantity || (strcmp(quantity->key, "ph") != 0 && !quantity->formula))
        sei_schema_problem(&r->s, SEI_E_KEY, child ? child->line : node->key_line,
                           "influent.charge_balance = \"%s\" is no ion; write so4, cl, na, ca, ph "
                           "or none",
                           key);
    return quantity;
}

void sei_site_read_influent(sei_site_reader *r, const sei_yaml *node)
{
    influent_rows      in   = {0};
    const sei_key_part part = {rows, SEI_COUNT(rows), &in};
    row_list           list = {r, sei_site_alloc(r, ROWS_MAX, sizeof *list.rows), 0};
    sei_influent      *out  = &r->site->influent;

    if (!list.rows || !sei_schema_map(&r->s, "influent", node, 1, &part, take_quantity, &list))
        return;
    out->file                 = in.file;
    out->curve                = (sei_curve_options){.kind       = (sei_curve_kind)in.interpolation,
                                                    .max_gap_us = (int64_t)(in.max_gap_s * 1e6),
                                                    .loq_rule   = (sei_loq_rule)in.below_loq,
                                                    .hold_ends  = in.hold_ends};
    out->has_fe2_share        = !isnan(in.fe2_share);
    out->fe2_share            = out->has_fe2_share ? in.fe2_share : 0;
    out->balance              = find_balance(r, node, in.charge_balance);
    const sei_series_set *set = NULL;
    if (in.file) {
        const sei_yaml *child = sei_yaml_get(node, "file");
        set                   = sei_site_read_series(r, "influent.file", child, in.file, in.point);
        if (set)
            take_series(&list, set, &out->curve, child->line);
    }
    if (!in.file || set) { /* after an unreadable file the rest would only repeat it */
        require(&list, node, "flow", "flow_l_min");
        require(&list, node, "ph", "ph");
        require(&list, node, "temp", "temp_c");
    }
    check_flow(&list);
    check_iron(&list, node, in.fe2_share);
    out->n_rows = list.n;
    out->rows   = list.rows;
}

const sei_influent_row *sei_influent_find(const sei_influent *influent, const char *quantity_key,
                                          sei_fraction fraction)
{
    for (size_t i = 0; i < influent->n_rows; i++)
        if (strcmp(influent->rows[i].column.quantity->key, quantity_key) == 0 &&
            influent->rows[i].column.fraction == fraction)
            return &influent->rows[i];
    return NULL;
}

static sei_value changed(const sei_influent_row *row, sei_value value)
{
    value.value_si = value.value_si * row->factor + row->shift;
    value.loq_si   = value.loq_si * row->factor;
    return value;
}

sei_value sei_influent_at(const sei_influent_row *row, sei_series_cursor *cursor, int64_t time_us)
{
    const sei_value missing = {0, 0, SEI_QC_MISSING};

    if (row->curve) {
        const sei_value value = sei_series_curve_at(row->curve, cursor, time_us);
        if (value.qc != SEI_QC_MISSING)
            return changed(row, value);
    }
    return row->has_constant ? changed(row, row->constant) : missing;
}
