/* json.c - labels and tables as JSON values */
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

#include "report/out.h"

/* jansson refuses a NULL value in a _new function: what is missing shows at the root. */

json_t *sei_json_label(sei_label label)
{
    if (sei_label_is_same(label))
        return json_string(label.ja);
    return json_pack("{s:s, s:s}", "ja", label.ja, "en", label.en);
}

static json_t *cell_value(const sei_cell *cell)
{
    switch (cell->kind) {
    case SEI_CELL_EMPTY: break;
    case SEI_CELL_TEXT: return sei_json_label(cell->text);
    case SEI_CELL_NUMBER: return json_real(cell->value);
    case SEI_CELL_BELOW: return json_pack("{s:f}", "below", cell->value);
    case SEI_CELL_VERDICT: return json_string(sei_verdict_key(cell->verdict));
    }
    return json_null();
}

static json_t *columns_of(const sei_rtable *table)
{
    json_t *list = json_array();

    for (size_t c = 0; list && c < table->n_columns; c++) {
        const sei_rcolumn *column = &table->column[c];
        if (json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "key", column->key, "label",
                                                  sei_json_label(column->label), "unit",
                                                  column->unit)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *row_of(const sei_rtable *table, size_t row)
{
    json_t *object = json_object();

    for (size_t c = 0; object && c < table->n_columns; c++) {
        const sei_cell cell = sei_rtable_cell(table, row, c);
        if (json_object_set_new(object, table->column[c].key, cell_value(&cell)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *rows_of(const sei_rtable *table)
{
    json_t *list = json_array();

    for (size_t row = 0; list && row < table->n_rows; row++)
        if (json_array_append_new(list, row_of(table, row)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *notes_of(const sei_rtable *table)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < table->n_notes; i++)
        if (json_array_append_new(list, sei_json_label(table->note[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *sei_json_table(const sei_rtable *table)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "name", table->name, "title",
                     sei_json_label(table->title), "columns", columns_of(table), "rows",
                     rows_of(table), "notes", notes_of(table));
}

sei_status sei_json_give(sei_ctx *ctx, json_t *root, char **ret_text, size_t *ret_len)
{
    char   *dump = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    sei_buf out;

    json_decref(root);
    if (!dump)
        return sei_fail(ctx, SEI_E_NOMEM, NULL, "out of memory while JSON was written");
    sei_buf_init(&out, ctx, SEI_REPORT_BYTES_MAX);
    sei_buf_puts(&out, dump);
    sei_buf_putc(&out, '\n');
    free(dump);
    return sei_give(&out, ret_text, ret_len);
}

sei_status sei_rtable_json(sei_ctx *ctx, const sei_rtable *table, char **ret_text, size_t *ret_len)
{
    return sei_json_give(ctx, sei_json_table(table), ret_text, ret_len);
}
