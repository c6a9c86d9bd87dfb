/* writer_csv.c - all tables of a document in one tidy sheet: one row a cell */
#include "base/number.h"
#include "report/doc.h"
#include "report/out.h"

static void put_value(sei_table_writer *csv, const sei_cell *cell, sei_lang lang, sei_buf *text)
{
    sei_buf_clear(text);
    switch (cell->kind) {
    case SEI_CELL_EMPTY: break;
    case SEI_CELL_NUMBER: sei_buf_number(text, cell->value, 0); break;
    case SEI_CELL_TEXT: sei_put_label(text, cell->text, lang); break;
    case SEI_CELL_VERDICT: sei_buf_puts(text, sei_verdict_key(cell->verdict)); break;
    case SEI_CELL_BELOW:
        sei_buf_putc(text, '<');
        sei_buf_number(text, cell->value, 0);
        break;
    }
    sei_table_put_text(csv, text->text);
}

static void put_table(sei_table_writer *csv, const sei_rtable *table, sei_lang lang, sei_buf *text)
{
    for (size_t row = 0; row < table->n_rows; row++)
        for (size_t c = 0; c < table->n_columns; c++) {
            const sei_cell cell = sei_rtable_cell(table, row, c);

            sei_table_put_text(csv, table->name);
            sei_table_put_int(csv, (int64_t)row + 1);
            sei_table_put_text(csv, table->column[c].key);
            put_value(csv, &cell, lang, text);
            sei_table_put_text(csv, table->column[c].unit);
            sei_table_end_row(csv);
        }
}

static sei_status write_csv(sei_ctx *ctx, const sei_doc *doc, sei_lang lang, char **ret_text,
                            size_t *ret_len)
{
    static const char *const header[] = {"table", "row", "column", "value", "unit"};
    const sei_table_format   format   = {.crlf = false, .bom = true};
    sei_table_writer        *csv      = NULL;
    sei_buf                  text;
    sei_status               st = sei_table_writer_create(ctx, &format, &csv);

    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
        sei_table_put_text(csv, header[i]);
    sei_table_end_row(csv);
    sei_buf_init(&text, ctx, 3 * (size_t)SEI_LABEL_MAX);
    for (size_t i = 0; i < doc->n_blocks; i++)
        if (doc->block[i].kind == SEI_BLOCK_TABLE)
            put_table(csv, doc->block[i].table, lang, &text);
    st = text.status;
    sei_buf_done(&text);
    if (st != SEI_OK) {
        sei_table_writer_free(csv);
        return st;
    }
    return sei_give_csv(ctx, csv, ret_text, ret_len);
}

const sei_writer sei_writer_csv = {
    .key        = "csv",
    .media_type = "text/csv; charset=utf-8",
    .title      = {"CSV（すべての表）", "CSV, all tables"},
    .write      = write_csv,
};
