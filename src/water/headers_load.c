/* headers_load.c - the mapping files: header words, units, fractions, method codes */
#include <string.h>

#include "base/file.h"
#include "water/fold.h"
#include "water/headers.h"

enum { ROWS_MAX = 10000 };

static const char *const kind_words[] = {"quantity", "fraction", "unit", "time", "clock", "text"};

void sei_headers_free(sei_headers *headers)
{
    if (!headers)
        return;
    sei_ctx *ctx = headers->ctx;
    sei_release(ctx, headers->rows);
    sei_release(ctx, headers->methods);
    sei_arena_done(&headers->arena);
    sei_release(ctx, headers);
}

typedef struct {
    const sei_table *table;
    size_t           header, kind, key, fraction, unit;
} map_columns;

static sei_status find_columns(sei_ctx *ctx, const sei_table *table, map_columns *m)
{
    sei_status st = SEI_OK;
    struct {
        const char *name;
        size_t     *column;
    } need[] = {{"header", &m->header},
                {"kind", &m->kind},
                {"key", &m->key},
                {"fraction", &m->fraction},
                {"unit", &m->unit}};

    m->table = table;
    for (size_t i = 0; i < sizeof need / sizeof need[0] && st == SEI_OK; i++)
        st = sei_table_require(ctx, table, need[i].name, need[i].column);
    return st;
}

static sei_status kind_of(sei_ctx *ctx, const map_columns *m, size_t row, sei_word_kind *ret_kind)
{
    const char  *kind = sei_table_cell(m->table, row, m->kind);
    const size_t n    = sizeof kind_words / sizeof kind_words[0];

    for (size_t i = 0; i < n; i++) {
        if (strcmp(kind, kind_words[i]) == 0) {
            *ret_kind = (sei_word_kind)i;
            return SEI_OK;
        }
    }
    return sei_table_fail(ctx, m->table, SEI_E_KEY, row, m->kind,
                          "must be quantity, fraction, unit, time, clock or text");
}

static sei_status take_quantity(sei_ctx *ctx, const map_columns *m, size_t row, sei_header_word *r)
{
    const char *key      = sei_table_cell(m->table, row, m->key);
    const char *fraction = sei_table_cell(m->table, row, m->fraction);
    const char *unit     = sei_table_cell(m->table, row, m->unit);

    r->column.quantity = sei_quantity_find(key);
    if (!r->column.quantity) {
        const char *near = sei_name_nearest(key);
        return sei_table_fail(ctx, m->table, SEI_E_KEY, row, m->key, "unknown quantity%s%s%s",
                              near ? "; is it '" : "", near ? near : "", near ? "'?" : "");
    }
    if (fraction[0] &&
        (!sei_fraction_find(fraction, &r->column.fraction) || !r->column.quantity->fractions))
        return sei_table_fail(
            ctx, m->table, SEI_E_KEY, row, m->fraction,
            "must be total, dissolved or suspended, and the quantity one that has "
            "fractions");
    if (unit[0]) {
        r->column.unit = sei_unit_find(unit);
        if (!r->column.unit || !sei_name_unit_suits(r->column.quantity, r->column.unit))
            return sei_table_fail(ctx, m->table, SEI_E_UNIT, row, m->unit, "no unit of %s",
                                  r->column.quantity->key);
    }
    return SEI_OK;
}

static sei_status take_row(sei_ctx *ctx, sei_headers *h, const map_columns *m, size_t row,
                           sei_header_word *r)
{
    char        folded[SEI_FOLD_MAX];
    const char *key = sei_table_cell(m->table, row, m->key);

    if (!sei_fold(folded, sei_table_cell(m->table, row, m->header)) || !folded[0])
        return sei_table_fail(ctx, m->table, SEI_E_MISSING, row, m->header,
                              "a word of 1 to %d bytes is needed", SEI_FOLD_MAX - 1);
    sei_status st = kind_of(ctx, m, row, &r->kind);
    if (st != SEI_OK)
        return st;
    r->word = sei_arena_strdup(&h->arena, folded);
    if (!r->word)
        return SEI_E_NOMEM;
    switch (r->kind) {
    case SEI_WORD_QUANTITY: return take_quantity(ctx, m, row, r);
    case SEI_WORD_FRACTION:
        if (!sei_fraction_find(key, &r->column.fraction))
            return sei_table_fail(ctx, m->table, SEI_E_KEY, row, m->key,
                                  "must be total, dissolved or suspended");
        return SEI_OK;
    case SEI_WORD_UNIT:
        r->column.unit = sei_unit_find(key);
        return r->column.unit
                   ? SEI_OK
                   : sei_table_fail(ctx, m->table, SEI_E_UNIT, row, m->key, "unknown unit");
    case SEI_WORD_TEXT:
        r->text_key = sei_arena_strdup(&h->arena, key);
        return r->text_key ? SEI_OK : SEI_E_NOMEM;
    case SEI_WORD_TIME:
    case SEI_WORD_CLOCK: return SEI_OK;
    }
    return SEI_E_INTERNAL;
}

static sei_status add_rows(sei_ctx *ctx, sei_headers *h, const sei_table *table)
{
    map_columns  m;
    const size_t n  = sei_table_n_rows(table);
    sei_status   st = find_columns(ctx, table, &m);

    if (st != SEI_OK)
        return st;
    if (h->n_rows + n > ROWS_MAX) {
        const sei_where where = sei_table_where(table, SEI_TABLE_HEADER);
        return sei_fail(ctx, SEI_E_TOO_LARGE, &where, "more than %d header words", ROWS_MAX);
    }
    sei_header_word *grown = sei_resize(ctx, h->rows, h->n_rows + n + 1, sizeof *grown);
    if (!grown)
        return SEI_E_NOMEM;
    h->rows = grown;
    for (size_t i = 0; i < n; i++) {
        sei_header_word row = {.kind = SEI_WORD_TEXT, .text_key = ""};
        st                  = take_row(ctx, h, &m, i, &row);
        if (st != SEI_OK)
            return st;
        h->rows[h->n_rows++] = row;
    }
    return SEI_OK;
}

static sei_status add_methods(sei_ctx *ctx, sei_headers *h, const sei_table *table)
{
    size_t     clause, key, part, status;
    sei_status st = sei_table_require(ctx, table, "clause", &clause);

    if (st == SEI_OK)
        st = sei_table_require(ctx, table, "quantity", &key);
    if (st == SEI_OK)
        st = sei_table_require(ctx, table, "part", &part);
    if (st == SEI_OK)
        st = sei_table_require(ctx, table, "status", &status);
    if (st != SEI_OK)
        return st;
    h->methods = sei_alloc(ctx, sei_table_n_rows(table) + 1, sizeof *h->methods);
    if (!h->methods)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < sei_table_n_rows(table); i++) {
        const char *quantity = sei_table_cell(table, i, key);
        sei_clause *row      = &h->methods[h->n_methods++];
        row->quantity        = quantity[0] ? sei_quantity_find(quantity) : NULL;
        if (quantity[0] && !row->quantity)
            return sei_table_fail(ctx, table, SEI_E_KEY, i, key, "unknown quantity");
        row->clause   = sei_arena_strdup(&h->arena, sei_table_cell(table, i, clause));
        row->part     = sei_arena_strdup(&h->arena, sei_table_cell(table, i, part));
        row->verified = strcmp(sei_table_cell(table, i, status), "sourced") == 0;
        if (!row->clause || !row->part)
            return SEI_E_NOMEM;
    }
    return SEI_OK;
}

typedef sei_status (*adder)(sei_ctx *ctx, sei_headers *h, const sei_table *table);

static sei_status add_file(sei_ctx *ctx, sei_headers *h, const char *path, adder add)
{
    sei_table *table = NULL;
    sei_status st    = sei_table_read(ctx, path, &table);

    if (st == SEI_OK)
        st = add(ctx, h, table);
    sei_table_free(table);
    return st;
}

static sei_status add_shipped(sei_ctx *ctx, sei_headers *h, const char *name, adder add)
{
    char      *path = NULL;
    sei_status st   = sei_data_path(ctx, name, &path);

    if (st == SEI_OK)
        st = add_file(ctx, h, path, add);
    sei_release(ctx, path);
    return st;
}

sei_status sei_headers_load(sei_ctx *ctx, const char *user_path, sei_headers **ret_headers)
{
    sei_headers *h = sei_alloc(ctx, 1, sizeof *h);

    if (!h)
        return SEI_E_NOMEM;
    h->ctx = ctx;
    sei_arena_init(&h->arena, ctx);
    sei_status st = add_shipped(ctx, h, "headers/ja.csv", add_rows);
    if (st == SEI_OK)
        st = add_shipped(ctx, h, "headers/methods.csv", add_methods);
    if (st == SEI_OK && user_path)
        st = add_file(ctx, h, user_path, add_rows);
    if (st != SEI_OK)
        goto done;

    *ret_headers = h;
    h            = NULL;
done:
    sei_headers_free(h);
    return st;
}
