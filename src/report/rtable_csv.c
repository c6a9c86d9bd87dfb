/* rtable_csv.c - a table as CSV: keys as header, full values, words that do not depend on the
 * language for verdicts */
#include "report/out.h"
#include "report/rtable.h"

#include "base/number.h"

static void put_cell(sei_table_writer *csv, const sei_cell *cell, sei_lang lang, sei_buf *text)
{
    sei_buf_clear(text);
    switch (cell->kind) {
    case SEI_CELL_EMPTY: sei_table_put_empty(csv); return;
    case SEI_CELL_NUMBER: sei_table_put_number(csv, cell->value, 0); return;
    case SEI_CELL_TEXT: sei_put_label(text, cell->text, lang); break;
    case SEI_CELL_VERDICT: sei_buf_puts(text, sei_verdict_key(cell->verdict)); break;
    case SEI_CELL_BELOW:
        sei_buf_putc(text, '<');
        sei_buf_number(text, cell->value, 0);
        break;
    }
    sei_table_put_text(csv, text->text);
}

sei_status sei_rtable_csv(sei_ctx *ctx, const sei_rtable *table, sei_lang lang, char **ret_text,
                          size_t *ret_len)
{
    const sei_table_format format = {.crlf = false, .bom = true};
    sei_table_writer      *csv    = NULL;
    sei_buf                text;
    sei_status             st = sei_table_writer_create(ctx, &format, &csv);

    if (st != SEI_OK)
        return st;
    for (size_t c = 0; c < table->n_columns; c++)
        sei_table_put_text(csv, table->column[c].key);
    sei_table_end_row(csv);
    sei_buf_init(&text, ctx, 3 * (size_t)SEI_LABEL_MAX);
    for (size_t row = 0; row < table->n_rows; row++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            const sei_cell cell = sei_rtable_cell(table, row, c);
            put_cell(csv, &cell, lang, &text);
        }
        sei_table_end_row(csv);
    }
    st = text.status;
    sei_buf_done(&text);
    if (st != SEI_OK) {
        sei_table_writer_free(csv);
        return st;
    }
    return sei_give_csv(ctx, csv, ret_text, ret_len);
}
