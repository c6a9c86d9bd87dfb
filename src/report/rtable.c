/* rtable.c - filling a report table */
#include "report/rtable.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/out.h"

sei_rtable *sei_rtable_create(sei_ctx *ctx, const char *name, sei_label title)
{
    sei_rtable *table = sei_alloc(ctx, 1, sizeof *table);

    if (!table)
        return NULL;
    sei_fill_init(&table->fill, ctx);
    sei_fill_name(&table->fill, name, table->name);
    table->title = sei_fill_label(&table->fill, title);
    return table;
}

void sei_rtable_free(sei_rtable *table)
{
    if (!table)
        return;
    sei_ctx *ctx = table->fill.ctx;
    sei_release(ctx, table->cell);
    sei_release(ctx, table->note);
    sei_fill_done(&table->fill);
    sei_release(ctx, table);
}

const char *sei_rtable_name(const sei_rtable *table)
{
    return table ? table->name : "";
}

static bool is_open(const sei_rtable *table)
{
    return table && table->fill.status == SEI_OK;
}

void sei_rtable_add_column(sei_rtable *table, const char *key, sei_label label, const char *unit)
{
    char checked[SEI_NAME_MAX + 1];

    if (!is_open(table))
        return;
    if (table->n_rows > 0 || table->n_columns >= SEI_COLUMNS_MAX) {
        sei_fill_fail(&table->fill, SEI_E_ARG, "table %s: columns come before rows, at most %d",
                      table->name, SEI_COLUMNS_MAX);
        return;
    }
    sei_fill_name(&table->fill, key, checked);
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->column[i].key, checked) == 0)
            sei_fill_fail(&table->fill, SEI_E_DUPLICATE, "table %s: column %s is there twice",
                          table->name, checked);
    sei_rcolumn *column = &table->column[table->n_columns++];
    column->key         = sei_fill_text(&table->fill, checked);
    column->label       = sei_fill_label(&table->fill, label);
    column->unit        = sei_fill_text(&table->fill, unit);
}

static void add_cell(sei_rtable *table, sei_cell cell)
{
    const size_t max = (size_t)SEI_ROWS_MAX * SEI_COLUMNS_MAX;

    if (!is_open(table))
        return;
    if (table->n_cells >= table->n_rows * table->n_columns) {
        sei_fill_fail(&table->fill, SEI_E_ARG, "table %s: row %zu has more than %zu cells",
                      table->name, table->n_rows, table->n_columns);
        return;
    }
    sei_cell *grown = sei_fill_room(&table->fill, table->cell, &table->cells_size, table->n_cells,
                                    sizeof *grown, max, "cells in a table");
    if (!grown)
        return;
    table->cell                   = grown;
    table->cell[table->n_cells++] = cell;
}

void sei_rtable_add_row(sei_rtable *table)
{
    if (!is_open(table))
        return;
    if (table->n_columns == 0 || table->n_rows >= SEI_ROWS_MAX) {
        sei_fill_fail(&table->fill, SEI_E_ARG, "table %s: a row needs columns; at most %d rows",
                      table->name, SEI_ROWS_MAX);
        return;
    }
    while (is_open(table) && table->n_cells < table->n_rows * table->n_columns)
        sei_rtable_add_empty(table);
    table->n_rows++;
}

void sei_rtable_add_empty(sei_rtable *table)
{
    add_cell(table, (sei_cell){.kind = SEI_CELL_EMPTY, .text = {"", ""}});
}

void sei_rtable_add_text(sei_rtable *table, sei_label text)
{
    if (is_open(table))
        add_cell(table,
                 (sei_cell){.kind = SEI_CELL_TEXT, .text = sei_fill_label(&table->fill, text)});
}

static void add_number(sei_rtable *table, sei_cell_kind kind, double value, int decimals)
{
    if (!is_open(table))
        return;
    if (!isfinite(value) || decimals < -15 || decimals > 15) {
        sei_fill_fail(&table->fill, SEI_E_RANGE,
                      "table %s: row %zu: value %g with %d decimals cannot be shown", table->name,
                      table->n_rows, value, decimals);
        return;
    }
    add_cell(table,
             (sei_cell){.kind = kind, .value = value, .decimals = decimals, .text = {"", ""}});
}

void sei_rtable_add_number(sei_rtable *table, double value, int decimals)
{
    add_number(table, SEI_CELL_NUMBER, value, decimals);
}

void sei_rtable_add_below(sei_rtable *table, double limit, int decimals)
{
    add_number(table, SEI_CELL_BELOW, limit, decimals);
}

void sei_rtable_add_verdict(sei_rtable *table, sei_verdict verdict)
{
    add_cell(table, (sei_cell){.kind = SEI_CELL_VERDICT, .verdict = verdict, .text = {"", ""}});
}

void sei_rtable_add_note(sei_rtable *table, sei_label note)
{
    if (!is_open(table))
        return;
    sei_label *grown = sei_fill_room(&table->fill, table->note, &table->notes_size, table->n_notes,
                                     sizeof *grown, 200, "notes below a table");
    if (!grown)
        return;
    table->note                   = grown;
    table->note[table->n_notes++] = sei_fill_label(&table->fill, note);
}

sei_cell sei_rtable_cell(const sei_rtable *table, size_t row, size_t column)
{
    const size_t i = row * table->n_columns + column;

    return i < table->n_cells ? table->cell[i]
                              : (sei_cell){.kind = SEI_CELL_EMPTY, .text = {"", ""}};
}

bool sei_rtable_is_number(const sei_rtable *table, size_t column)
{
    for (size_t row = 0; row < table->n_rows; row++) {
        const sei_cell_kind kind = sei_rtable_cell(table, row, column).kind;
        if (kind != SEI_CELL_EMPTY)
            return kind == SEI_CELL_NUMBER || kind == SEI_CELL_BELOW;
    }
    return false;
}

bool sei_rtable_has_units(const sei_rtable *table)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (table->column[i].unit[0])
            return true;
    return false;
}

/* "−1.2×10⁻⁵" has no place on a terminal that counts columns. */
static void plain_number(char text[SEI_TICK_TEXT], double value, int decimals)
{
    static const char minus[] = "\xE2\x88\x92";

    if (strstr(text, "10\xE2\x81\xBB") || strstr(text, "\xC3\x97")) {
        char digits[SEI_NUMBER_MAX];
        sei_format_double(digits, value, decimals < 0 ? -decimals : 3);
        snprintf(text, SEI_TICK_TEXT, "%s", digits);
    } else if (strncmp(text, minus, sizeof minus - 1) == 0) {
        text[0] = '-';
        memmove(text + 1, text + sizeof minus - 1, strlen(text) - (sizeof minus - 1) + 1);
    }
}

void sei_cell_number_text(const sei_cell *cell, bool plain, char out[SEI_TICK_TEXT + 2])
{
    char text[SEI_TICK_TEXT];

    sei_number_text(text, cell->value, cell->decimals);
    if (plain)
        plain_number(text, cell->value, cell->decimals);
    snprintf(out, SEI_TICK_TEXT + 2, "%s%s", cell->kind == SEI_CELL_BELOW ? "<" : "", text);
}

const char *sei_verdict_text(sei_verdict verdict, sei_lang lang)
{
    const bool en = lang == SEI_LANG_EN;

    switch (verdict) {
    case SEI_VERDICT_PASS: return en ? "pass" : "適合";
    case SEI_VERDICT_FAIL: return en ? "fail" : "不適合";
    case SEI_VERDICT_NONE: break;
    }
    return en ? "no verdict" : "判定なし";
}

const char *sei_verdict_key(sei_verdict verdict)
{
    return verdict == SEI_VERDICT_PASS ? "pass" : verdict == SEI_VERDICT_FAIL ? "fail" : "none";
}

sei_status sei_rtable_check(sei_ctx *ctx, const sei_rtable *table)
{
    if (!table)
        return sei_fail(ctx, SEI_E_NOMEM, NULL, "there is no table to write");
    const sei_status st = sei_fill_status(&table->fill, ctx);
    if (st == SEI_OK && table->n_columns == 0)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "table %s has no column", table->name);
    return st;
}

sei_status sei_rtable_write(sei_ctx *ctx, const sei_rtable *table, sei_rtable_form form,
                            sei_lang lang, bool colour, char **ret_text, size_t *ret_len)
{
    const sei_status st = sei_rtable_check(ctx, table);
    sei_buf          out;

    if (st != SEI_OK)
        return st;
    if (form == SEI_RTABLE_CSV)
        return sei_rtable_csv(ctx, table, lang, ret_text, ret_len);
    if (form == SEI_RTABLE_JSON)
        return sei_rtable_json(ctx, table, ret_text, ret_len);
    sei_buf_init(&out, ctx, SEI_REPORT_BYTES_MAX);
    if (form == SEI_RTABLE_HTML)
        sei_rtable_put_html(&out, table, lang, 0);
    else
        sei_rtable_put_terminal(&out, table, lang, colour);
    return sei_give(&out, ret_text, ret_len);
}
