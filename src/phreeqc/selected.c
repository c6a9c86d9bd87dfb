/* selected.c - tables of selected output in PHREEQC's layout, as CSV and as JSON */
#include "phreeqc/selected.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

enum {
    COLUMNS_MAX   = 10000,
    CELLS_MAX     = 100000000,
    WIDTH         = 12,
    WIDTH_INVERSE = 15,
    WIDTH_HIGH    = 20
};

sei_status sei_pq_table_create(sei_ctx *ctx, sei_pq_table **ret_table)
{
    sei_pq_table *t = sei_alloc(ctx, 1, sizeof *t);

    if (!t)
        return SEI_E_NOMEM;
    t->ctx = ctx;
    sei_arena_init(&t->arena, ctx);
    *ret_table = t;
    return SEI_OK;
}

void sei_pq_table_free(sei_pq_table *t)
{
    if (!t)
        return;
    sei_release(t->ctx, t->columns);
    sei_release(t->ctx, t->cells);
    sei_arena_done(&t->arena);
    sei_release(t->ctx, t);
}

sei_status sei_pq_table_add_column(sei_pq_table *t, const char *heading, const char *long_name,
                                   sei_pq_column_kind kind)
{
    if (t->n_columns == t->cap_columns) {
        const size_t cap = t->cap_columns ? 2 * t->cap_columns : 32;
        if (cap > COLUMNS_MAX)
            return sei_fail(t->ctx, SEI_E_TOO_LARGE, NULL,
                            "selected output has more than %d columns", COLUMNS_MAX);
        sei_pq_column *grown = sei_resize(t->ctx, t->columns, cap, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        t->columns     = grown;
        t->cap_columns = cap;
    }
    const char *a = sei_arena_strdup(&t->arena, heading);
    const char *b = long_name ? sei_arena_strdup(&t->arena, long_name) : a;
    if (!a || !b)
        return SEI_E_NOMEM;
    t->columns[t->n_columns++] = (sei_pq_column){a, b, kind, false};
    return SEI_OK;
}

sei_status sei_pq_table_widen(sei_pq_table *t, size_t n, size_t first)
{
    const size_t before = t->n_columns;
    sei_status   st     = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        char name[40];
        snprintf(name, sizeof name, "no_heading_%zu", first + i);
        st = sei_pq_table_add_column(t, name, NULL, SEI_PQ_COLUMN_SCIENTIFIC);
        if (st == SEI_OK)
            t->columns[t->n_columns - 1].has_no_heading = true;
    }
    if (st != SEI_OK || t->n_rows == 0)
        return st;
    if (t->n_rows > CELLS_MAX / t->n_columns)
        return sei_fail(t->ctx, SEI_E_TOO_LARGE, NULL, "selected output has more than %d values",
                        CELLS_MAX);
    sei_pq_cell *cells = sei_alloc(t->ctx, t->n_rows * t->n_columns, sizeof *cells);
    if (!cells)
        return SEI_E_NOMEM;
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            cells[r * t->n_columns + c] = c < before
                                              ? t->cells[r * before + c]
                                              : (sei_pq_cell){.text = "", .is_left_out = true};
    sei_release(t->ctx, t->cells);
    t->cells    = cells;
    t->cap_rows = t->n_rows;
    return SEI_OK;
}

sei_status sei_pq_table_add_row(sei_pq_table *t, sei_pq_cell **ret_cells)
{
    if (t->n_rows == t->cap_rows) {
        const size_t cap = t->cap_rows ? 2 * t->cap_rows : 64;
        if (cap > CELLS_MAX / (t->n_columns + 1))
            return sei_fail(t->ctx, SEI_E_TOO_LARGE, NULL, "selected output has more than %zu rows",
                            t->n_rows);
        sei_pq_cell *grown = sei_resize(t->ctx, t->cells, cap * (t->n_columns + 1), sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        t->cells    = grown;
        t->cap_rows = cap;
    }
    sei_pq_cell *row = t->cells + t->n_rows++ * t->n_columns;
    memset(row, 0, t->n_columns * sizeof *row);
    *ret_cells = row;
    return SEI_OK;
}

/* ------------------------------------------------------------------ PHREEQC's file */

static void put_padded(const char *text, size_t len, size_t width, sei_buf *out)
{
    static const char blanks[] = "                    ";

    if (len < width)
        sei_buf_put(out, blanks, width - len);
    sei_buf_put(out, text, len);
    sei_buf_putc(out, '\t');
}

static void put_scientific(double v, int digits, size_t width, sei_buf *out)
{
    char         text[SEI_NUMBER_MAX];
    const size_t len = sei_format_scientific(text, v, digits);

    put_padded(text, len, width, out);
}

static void put_number(const sei_pq_table *t, const sei_pq_column *c, double v, sei_buf *out)
{
    if (c->kind == SEI_PQ_COLUMN_INTEGER)
        sei_buf_printf(out, t->high_precision ? "%20.0f\t" : "%12.0f\t", v);
    else if (c->kind == SEI_PQ_COLUMN_PLACE)
        sei_buf_printf(out, t->high_precision ? "%20g\t" : "%12g\t", v);
    else if (t->high_precision)
        put_scientific(v, 12, WIDTH_HIGH, out);
    else if (c->kind == SEI_PQ_COLUMN_GENERAL)
        sei_buf_printf(out, "%12g\t", v);
    else if (c->kind == SEI_PQ_COLUMN_FIXED_3)
        sei_buf_printf(out, "%12.3f\t", v);
    else if (c->kind == SEI_PQ_COLUMN_FIXED_4)
        sei_buf_printf(out, "%12.4f\t", v);
    else
        put_scientific(v, 4, t->is_inverse ? WIDTH_INVERSE : WIDTH, out);
}

static void put_text(const sei_pq_table *t, const char *text, sei_buf *out)
{
    const size_t width = t->is_inverse ? WIDTH_INVERSE : WIDTH;

    put_padded(text, strlen(text), t->high_precision ? WIDTH_HIGH : width, out);
}

void sei_pq_table_put_phreeqc(const sei_pq_table *t, sei_buf *out)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (!t->columns[c].has_no_heading)
            put_text(t, t->columns[c].heading, out);
    sei_buf_putc(out, '\n');
    for (size_t r = 0; r < t->n_rows; r++) {
        const sei_pq_cell *cell = &t->cells[r * t->n_columns];
        for (size_t c = 0; c < t->n_columns && !cell->is_left_out; c++, cell++) {
            if (cell->text)
                put_text(t, cell->text, out);
            else if (cell->is_missing)
                put_text(t, "-99", out);
            else
                put_number(t, &t->columns[c], cell->number, out);
        }
        if (!t->no_new_line)
            sei_buf_putc(out, '\n');
    }
}

/* ------------------------------------------------------------------ CSV and JSON */

static void put_plain(const sei_pq_table *t, const sei_pq_cell *cell, sei_buf *out)
{
    if (cell->is_missing)
        sei_buf_puts(out, "-99");
    else
        sei_buf_number(out, cell->number, t->high_precision ? 13 : 7);
}

static void put_csv_text(const char *text, sei_buf *out)
{
    if (!strpbrk(text, ",\"\n\r")) {
        sei_buf_puts(out, text);
        return;
    }
    sei_buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            sei_buf_putc(out, '"');
        sei_buf_putc(out, *text);
    }
    sei_buf_putc(out, '"');
}

/* -totals Ca ... -totals Ca: PHREEQC's file has both columns, tables by name the first. */
static bool is_repeated(const sei_pq_table *t, size_t column)
{
    for (size_t c = 0; c < column; c++)
        if (strcmp(t->columns[c].long_name, t->columns[column].long_name) == 0)
            return true;
    return false;
}

void sei_pq_table_put_csv(const sei_pq_table *t, sei_buf *out)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (is_repeated(t, c))
            continue;
        if (c)
            sei_buf_putc(out, ',');
        put_csv_text(t->columns[c].long_name, out);
    }
    sei_buf_putc(out, '\n');
    for (size_t r = 0; r < t->n_rows; r++) {
        for (size_t c = 0; c < t->n_columns; c++) {
            const sei_pq_cell *cell = &t->cells[r * t->n_columns + c];
            if (is_repeated(t, c))
                continue;
            if (c)
                sei_buf_putc(out, ',');
            if (cell->text)
                put_csv_text(cell->text, out);
            else
                put_plain(t, cell, out);
        }
        sei_buf_putc(out, '\n');
    }
}

static void put_json_text(const char *text, sei_buf *out)
{
    sei_buf_putc(out, '"');
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            sei_buf_printf(out, "\\%c", c);
        else if (c < 0x20)
            sei_buf_printf(out, "\\u%04x", c);
        else
            sei_buf_putc(out, (char)c);
    }
    sei_buf_putc(out, '"');
}

void sei_pq_table_put_json(const sei_pq_table *t, sei_buf *out)
{
    sei_buf_printf(out, "{\"selected_output\": %d, \"columns\": [", t->number);
    for (size_t c = 0; c < t->n_columns; c++) {
        if (is_repeated(t, c))
            continue;
        sei_buf_puts(out, c ? ", " : "");
        put_json_text(t->columns[c].long_name, out);
    }
    sei_buf_puts(out, "], \"rows\": [");
    for (size_t r = 0; r < t->n_rows; r++) {
        sei_buf_puts(out, r ? ",\n  [" : "\n  [");
        for (size_t c = 0; c < t->n_columns; c++) {
            const sei_pq_cell *cell = &t->cells[r * t->n_columns + c];
            if (is_repeated(t, c))
                continue;
            sei_buf_puts(out, c ? ", " : "");
            if (cell->text)
                put_json_text(cell->text, out);
            else if (isfinite(cell->number))
                put_plain(t, cell, out);
            else
                sei_buf_puts(out, "null");
        }
        sei_buf_putc(out, ']');
    }
    sei_buf_puts(out, "\n]}\n");
}
