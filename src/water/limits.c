/* limits.c - dated limits from data/limits/ and from the user's file */
#include "water/limits.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "water/date.h"
#include "water/quantity_name.h"

enum { ROWS_MAX = 100000 };

static const char *const shipped[]    = {"limits/effluent.csv", "limits/environment.csv",
                                         "limits/farm_water.csv"};
static const char *const statistics[] = {"each_sample", "daily_mean", "annual_mean",
                                         "not_detected"};
static const char *const statuses[]   = {"sourced", "unverified", "site"};

enum {
    C_TABLE,
    C_ITEM,
    C_QUANTITY,
    C_FRACTION,
    C_MIN,
    C_MAX,
    C_UNIT,
    C_STATISTIC,
    C_FROM,
    C_TO,
    C_INDUSTRY,
    C_APPLIES_IF,
    C_SOURCE,
    C_STATUS,
    C_NOTE,
    N_COLUMNS
};
static const char *const column_names[N_COLUMNS] = {
    "table",      "item",     "quantity", "fraction",   "min",    "max",    "unit", "statistic",
    "valid_from", "valid_to", "industry", "applies_if", "source", "status", "note",
};

const char *sei_limit_statistic_name(sei_limit_statistic statistic)
{
    return (size_t)statistic < 4 ? statistics[statistic] : "";
}

const char *sei_limit_status_name(sei_limit_status status)
{
    return (size_t)status < 3 ? statuses[status] : "";
}

void sei_limits_free(sei_limits *limits)
{
    if (!limits)
        return;
    sei_ctx *ctx = limits->ctx;
    sei_release(ctx, limits->rows);
    sei_arena_done(&limits->arena);
    sei_release(ctx, limits);
}

size_t sei_limits_count(const sei_limits *limits)
{
    return limits->n;
}

const sei_limit *sei_limits_row(const sei_limits *limits, size_t i)
{
    return i < limits->n ? &limits->rows[i].limit : NULL;
}

bool sei_limits_has_table(const sei_limits *limits, const char *table)
{
    for (size_t i = 0; i < limits->n; i++)
        if (strcmp(limits->rows[i].limit.table, table) == 0)
            return true;
    return false;
}

/* One row being read. */
typedef struct {
    sei_ctx         *ctx;
    sei_limits      *limits;
    const sei_table *table;
    const size_t    *columns;
    size_t           row;
} place;

static const char *cell(const place *p, int column)
{
    return sei_table_cell(p->table, p->row, p->columns[column]);
}

static sei_status bad(const place *p, int column, sei_status status, const char *text)
{
    return sei_table_fail(p->ctx, p->table, status, p->row, p->columns[column], "%s", text);
}

static const char *keep(const place *p, int column)
{
    return sei_arena_strdup(&p->limits->arena, cell(p, column));
}

static sei_status read_texts(const place *p, sei_limit *limit)
{
    limit->table      = keep(p, C_TABLE);
    limit->item       = keep(p, C_ITEM);
    limit->industry   = keep(p, C_INDUSTRY);
    limit->applies_if = keep(p, C_APPLIES_IF);
    limit->source     = keep(p, C_SOURCE);
    limit->note       = keep(p, C_NOTE);
    if (!limit->table || !limit->item || !limit->industry || !limit->applies_if || !limit->source ||
        !limit->note)
        return SEI_E_NOMEM;
    return limit->table[0] ? SEI_OK : bad(p, C_TABLE, SEI_E_MISSING, "the table needs a name");
}

static sei_status read_quantity(const place *p, sei_limit *limit)
{
    const char *unit = cell(p, C_UNIT), *key = cell(p, C_QUANTITY);

    limit->quantity = sei_quantity_find(key);
    if (!limit->quantity) {
        const char *near = sei_name_nearest(key);
        return sei_table_fail(p->ctx, p->table, SEI_E_KEY, p->row, p->columns[C_QUANTITY],
                              "unknown quantity%s%s%s", near ? "; is it '" : "", near ? near : "",
                              near ? "'?" : "");
    }
    if (!sei_fraction_find(cell(p, C_FRACTION), &limit->fraction))
        return bad(p, C_FRACTION, SEI_E_KEY, "must be total, dissolved or suspended");
    limit->unit = unit[0] ? sei_unit_find(unit) : NULL;
    if ((unit[0] && !limit->unit) || !sei_name_unit_suits(limit->quantity, limit->unit))
        return sei_table_fail(p->ctx, p->table, SEI_E_UNIT, p->row, p->columns[C_UNIT],
                              "no unit of %s", limit->quantity->key);
    return SEI_OK;
}

static sei_status read_bound(const place *p, int column, const sei_limit *limit, bool *ret_has,
                             double *ret_si)
{
    const char *text = cell(p, column);
    double      value;

    *ret_has = text[0] != '\0';
    if (!*ret_has)
        return SEI_OK;
    if (!sei_parse_double(text, strlen(text), &value))
        return bad(p, column, SEI_E_TYPE, "not a number");
    sei_quantity_to_si(limit->quantity, limit->unit, value, ret_si);
    return SEI_OK;
}

static sei_status read_bounds(const place *p, sei_limit *limit)
{
    sei_status st = read_bound(p, C_MIN, limit, &limit->has_min, &limit->min_si);

    if (st == SEI_OK)
        st = read_bound(p, C_MAX, limit, &limit->has_max, &limit->max_si);
    if (st == SEI_OK && limit->has_min && limit->has_max && limit->min_si > limit->max_si)
        st = bad(p, C_MIN, SEI_E_RANGE, "the minimum lies above the maximum");
    return st;
}

static sei_status read_day(const place *p, int column, int64_t *time)
{
    const char *text = cell(p, column);

    if (text[0] && !sei_date_parse(text, "", SEI_JST_OFFSET, time))
        return bad(p, column, SEI_E_TYPE, SEI_DATE_HELP);
    return SEI_OK;
}

static sei_status read_days(const place *p, sei_limit *limit)
{
    limit->from_us = INT64_MIN;
    limit->to_us   = INT64_MAX;
    sei_status st  = read_day(p, C_FROM, &limit->from_us);
    if (st == SEI_OK)
        st = read_day(p, C_TO, &limit->to_us);
    if (st == SEI_OK && cell(p, C_TO)[0])
        limit->to_us += SEI_US_PER_DAY; /* the last day is included */
    if (st == SEI_OK && limit->from_us >= limit->to_us)
        st = bad(p, C_TO, SEI_E_RANGE, "lies before valid_from");
    return st;
}

static bool find_word(const char *const *words, size_t n, const char *word, int *ret_i)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(words[i], word) == 0) {
            *ret_i = (int)i;
            return true;
        }
    }
    return false;
}

static sei_status read_words(const place *p, sei_limit *limit)
{
    int statistic = 0, status = 0;

    if (!find_word(statistics, 4, cell(p, C_STATISTIC), &statistic))
        return bad(p, C_STATISTIC, SEI_E_KEY,
                   "must be each_sample, daily_mean, annual_mean or not_detected");
    if (!find_word(statuses, 3, cell(p, C_STATUS), &status))
        return bad(p, C_STATUS, SEI_E_KEY, "must be sourced, unverified or site");
    limit->statistic = (sei_limit_statistic)statistic;
    limit->status    = (sei_limit_status)status;
    return SEI_OK;
}

/* Conditions joined by ";": discharge_m3_d>=50, water=land, water=sea, designated_water. */
static sei_status read_conditions(const place *p, sei_limit_row *row)
{
    static const char discharge[] = "discharge_m3_d>=";
    const size_t      n           = sizeof discharge - 1;
    sei_slice         rest        = sei_slice_of(cell(p, C_APPLIES_IF)), word;

    while (sei_next_piece(&rest, ';', &word)) {
        word = sei_trim(word);
        if (sei_slice_is(word, "water=land"))
            row->water = SEI_WATER_LAND;
        else if (sei_slice_is(word, "water=sea"))
            row->water = SEI_WATER_SEA;
        else if (sei_slice_is(word, "designated_water"))
            row->designated = true;
        else if (word.len <= n || memcmp(word.at, discharge, n) != 0 ||
                 !sei_parse_double(word.at + n, word.len - n, &row->min_discharge_m3_d))
            return bad(p, C_APPLIES_IF, SEI_E_KEY,
                       "must be discharge_m3_d>=N, water=land, water=sea or designated_water, "
                       "joined by ';'");
    }
    return SEI_OK;
}

static sei_status read_row(const place *p, sei_limit_row *row)
{
    sei_limit *limit = &row->limit;
    sei_status st    = read_texts(p, limit);

    if (st == SEI_OK)
        st = read_quantity(p, limit);
    if (st == SEI_OK)
        st = read_bounds(p, limit);
    if (st == SEI_OK)
        st = read_days(p, limit);
    if (st == SEI_OK)
        st = read_words(p, limit);
    return st == SEI_OK ? read_conditions(p, row) : st;
}

sei_status sei_limits_add(sei_ctx *ctx, sei_limits *limits, const sei_table *table)
{
    size_t         columns[N_COLUMNS];
    const size_t   n     = sei_table_n_rows(table);
    sei_limit_row *grown = NULL;
    sei_status     st    = SEI_OK;

    for (int i = 0; i < N_COLUMNS && st == SEI_OK; i++)
        st = sei_table_require(ctx, table, column_names[i], &columns[i]);
    if (st != SEI_OK)
        return st;
    if (limits->n + n > ROWS_MAX) {
        const sei_where where = sei_table_where(table, SEI_TABLE_HEADER);
        return sei_fail(ctx, SEI_E_TOO_LARGE, &where, "more than %d limits", ROWS_MAX);
    }
    grown = sei_resize(ctx, limits->rows, limits->n + n + 1, sizeof *grown);
    if (!grown)
        return SEI_E_NOMEM;
    limits->rows = grown;
    for (size_t i = 0; i < n; i++) {
        const place   p   = {ctx, limits, table, columns, i};
        sei_limit_row row = {0};
        st                = read_row(&p, &row);
        if (st != SEI_OK)
            return st; /* nothing of the table counts */
        grown[limits->n + i] = row;
    }
    limits->n += n;
    return SEI_OK;
}

static sei_status add_file(sei_ctx *ctx, sei_limits *limits, const char *path)
{
    sei_table *table = NULL;
    sei_status st    = sei_table_read(ctx, path, &table);

    if (st == SEI_OK)
        st = sei_limits_add(ctx, limits, table);
    sei_table_free(table);
    return st;
}

sei_status sei_limits_load(sei_ctx *ctx, const char *user_path, sei_limits **ret_limits)
{
    sei_limits *limits = sei_alloc(ctx, 1, sizeof *limits);
    sei_status  st     = SEI_OK;

    if (!limits)
        return SEI_E_NOMEM;
    limits->ctx = ctx;
    sei_arena_init(&limits->arena, ctx);
    for (size_t i = 0; i < sizeof shipped / sizeof shipped[0] && st == SEI_OK; i++) {
        char *path = NULL;
        st         = sei_data_path(ctx, shipped[i], &path);
        if (st == SEI_OK)
            st = add_file(ctx, limits, path);
        sei_release(ctx, path);
    }
    if (st == SEI_OK && user_path)
        st = add_file(ctx, limits, user_path);
    if (st != SEI_OK)
        goto done;

    *ret_limits = limits;
    limits      = NULL;
done:
    sei_limits_free(limits);
    return st;
}
