/* table.c - access to a table that was read */
#include "water/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "water/date.h"
#include "water/value.h"

enum { MESSAGE_MAX = 512, SHOWN = 40 };

void sei_table_free(sei_table *table)
{
    if (!table)
        return;
    sei_ctx *ctx = table->ctx;
    sei_release(ctx, table->file);
    sei_release(ctx, table->pool);
    sei_release(ctx, table->headers);
    sei_release(ctx, table->cells);
    sei_release(ctx, table->lines);
    sei_release(ctx, table->comments);
    sei_release(ctx, table);
}

const char *sei_table_file(const sei_table *table)
{
    return table->file;
}

size_t sei_table_n_rows(const sei_table *table)
{
    return table->n_rows;
}

size_t sei_table_n_columns(const sei_table *table)
{
    return table->n_columns;
}

const char *sei_table_header(const sei_table *table, size_t column)
{
    return column < table->n_columns ? table->pool + table->headers[column] : "";
}

const char *sei_table_cell(const sei_table *table, size_t row, size_t column)
{
    if (row >= table->n_rows || column >= table->n_columns)
        return "";
    return table->pool + table->cells[row * table->n_columns + column];
}

const char *sei_table_encoding(const sei_table *table)
{
    return table->encoding;
}

size_t sei_table_n_comments(const sei_table *table)
{
    return table->n_comments;
}

const char *sei_table_comment(const sei_table *table, size_t i)
{
    return i < table->n_comments ? table->pool + table->comments[i] : "";
}

sei_where sei_table_where(const sei_table *table, size_t row)
{
    const size_t line = row < table->n_rows ? table->lines[row] : table->header_line;

    return (sei_where){table->file, line, 0};
}

bool sei_table_find(const sei_table *table, const char *header, size_t *ret_column)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (strcmp(sei_table_header(table, i), header) == 0) {
            *ret_column = i;
            return true;
        }
    }
    return false;
}

sei_status sei_table_require(sei_ctx *ctx, const sei_table *table, const char *header,
                             size_t *ret_column)
{
    const char     *words[SEI_TABLE_COLUMNS_MAX];
    const sei_where where = sei_table_where(table, SEI_TABLE_HEADER);

    if (sei_table_find(table, header, ret_column))
        return SEI_OK;
    for (size_t i = 0; i < table->n_columns; i++)
        words[i] = sei_table_header(table, i);
    const char *near = sei_nearest(header, words, table->n_columns);
    if (near && near[0])
        return sei_fail(ctx, SEI_E_MISSING, &where,
                        "column '%s' is missing; is it the column '%s'?", header, near);
    return sei_fail(ctx, SEI_E_MISSING, &where, "column '%s' is missing", header);
}

void sei_shown(char out[SEI_SHOWN_MAX], const char *text)
{
    size_t n = strlen(text);

    if (n > SHOWN) {
        n = SHOWN;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7F ? ' ' : text[i];
    memcpy(out + n, text[n] ? "..." : "", text[n] ? 4 : 1);
}

sei_status sei_table_fail(sei_ctx *ctx, const sei_table *table, sei_status status, size_t row,
                          size_t column, const char *fmt, ...)
{
    const sei_where where = sei_table_where(table, row);
    char            text[MESSAGE_MAX], header[SEI_SHOWN_MAX], value[SEI_SHOWN_MAX];
    va_list         args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    sei_shown(header, sei_table_header(table, column));
    sei_shown(value, sei_table_cell(table, row, column));
    if (row >= table->n_rows)
        return sei_fail(ctx, status, &where, "column '%s': %s", header, text);
    return sei_fail(ctx, status, &where, "column '%s', value '%s': %s", header, value, text);
}

sei_status sei_table_number(sei_ctx *ctx, const sei_table *table, size_t row, size_t column,
                            double *ret_value)
{
    double value = 0.0;

    switch (sei_cell_read(sei_table_cell(table, row, column), &value)) {
    case SEI_CELL_NUMBER: *ret_value = value; return SEI_OK;
    case SEI_CELL_MISSING:
        return sei_table_fail(ctx, table, SEI_E_MISSING, row, column, "a number is needed here");
    default: return sei_table_fail(ctx, table, SEI_E_TYPE, row, column, "not a number");
    }
}

sei_status sei_table_time(sei_ctx *ctx, const sei_table *table, size_t row, size_t column,
                          int64_t offset_us, int64_t *ret_time_us)
{
    const char *cell = sei_table_cell(table, row, column);

    if (sei_trim(sei_slice_of(cell)).len == 0)
        return sei_table_fail(ctx, table, SEI_E_MISSING, row, column, "a date is needed here");
    if (!sei_date_parse(cell, "", offset_us, ret_time_us))
        return sei_table_fail(ctx, table, SEI_E_TYPE, row, column, "%s", SEI_DATE_HELP);
    return SEI_OK;
}

sei_status sei_table_value(sei_ctx *ctx, const sei_table *table, size_t row, size_t column,
                           const sei_quantity_column *meaning, sei_value *ret_value)
{
    char             text[SEI_VALUE_MESSAGE_MAX], header[SEI_SHOWN_MAX], value[SEI_SHOWN_MAX];
    const sei_where  where = sei_table_where(table, row);
    const char      *cell  = sei_table_cell(table, row, column);
    const sei_status st    = sei_value_parse(meaning, cell, ret_value, text);

    if (st != SEI_OK)
        return sei_table_fail(ctx, table, st, row, column, "%s", text);
    if (text[0]) {
        sei_shown(header, sei_table_header(table, column));
        sei_shown(value, cell);
        sei_warn(ctx, &where, "column '%s', value '%s': %s", header, value, text);
    }
    return SEI_OK;
}
