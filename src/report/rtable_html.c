/* rtable_html.c - a table as an HTML element that is well-formed XML too */
#include <stdio.h>

#include "base/text.h"
#include "report/out.h"
#include "report/rtable.h"

/* Names and keys up to this width (letters; a Han letter counts two) stay on one line, sentences are broken. */
enum { ONE_LINE_COLUMNS = 28 };

static bool is_one_line(const sei_rtable *table, size_t column)
{
    for (size_t row = 0; row < table->n_rows; row++) {
        const sei_cell cell = sei_rtable_cell(table, row, column);
        if (cell.kind == SEI_CELL_TEXT && (sei_text_columns(cell.text.ja) > ONE_LINE_COLUMNS ||
                                           sei_text_columns(cell.text.en) > ONE_LINE_COLUMNS))
            return false;
    }
    return true;
}

static void put_caption(sei_buf *out, const sei_rtable *table, sei_lang lang, size_t number)
{
    if (!table->title.ja[0] && !number)
        return;
    sei_buf_puts(out, "<caption>");
    if (number) {
        char ja[40], en[40];
        snprintf(ja, sizeof ja, "表 %zu", number);
        snprintf(en, sizeof en, "Table %zu", number);
        sei_buf_puts(out, "<b>");
        sei_html_label(out, (sei_label){ja, en}, lang);
        sei_buf_puts(out, "</b> ");
    }
    sei_html_label(out, table->title, lang);
    sei_buf_puts(out, "</caption>\n");
}

static void put_head(sei_buf *out, const sei_rtable *table, sei_lang lang)
{
    sei_buf_puts(out, "<thead><tr>");
    for (size_t c = 0; c < table->n_columns; c++) {
        const sei_rcolumn *column = &table->column[c];
        sei_buf_printf(out, "<th scope=\"col\"%s>",
                       sei_rtable_is_number(table, c) ? " class=\"n\"" : "");
        sei_html_label(out, column->label, lang);
        if (column->unit[0]) {
            sei_buf_puts(out, " <small>(");
            sei_html_text(out, column->unit);
            sei_buf_puts(out, ")</small>");
        }
        sei_buf_puts(out, "</th>");
    }
    sei_buf_puts(out, "</tr></thead>\n");
}

static void put_verdict(sei_buf *out, sei_verdict verdict, sei_lang lang)
{
    const sei_label words = {sei_verdict_text(verdict, SEI_LANG_JA),
                             sei_verdict_text(verdict, SEI_LANG_EN)};

    sei_buf_printf(out, "<td class=\"v %s\">", sei_verdict_key(verdict));
    sei_html_label(out, words, lang);
    sei_buf_puts(out, "</td>");
}

/* How a column's cells are set. */
typedef struct {
    bool is_first, is_number, is_one_line;
} cell_look;

static void put_text(sei_buf *out, sei_label text, sei_lang lang, const cell_look *look)
{
    const char *tag = look->is_first ? "th" : "td";

    sei_buf_printf(out, "<%s%s class=\"%s\">", tag, look->is_first ? " scope=\"row\"" : "",
                   look->is_one_line ? "s" : "l");
    sei_html_label(out, text, lang);
    sei_buf_printf(out, "</%s>", tag);
}

static void put_cell(sei_buf *out, const sei_cell *cell, sei_lang lang, const cell_look *look)
{
    char number[SEI_TICK_TEXT + 2];

    switch (cell->kind) {
    case SEI_CELL_EMPTY:
        sei_buf_puts(out, look->is_number ? "<td class=\"n\">–</td>" : "<td>–</td>");
        break;
    case SEI_CELL_TEXT: put_text(out, cell->text, lang, look); break;
    case SEI_CELL_NUMBER:
    case SEI_CELL_BELOW:
        sei_cell_number_text(cell, false, number);
        sei_buf_puts(out, "<td class=\"n\">");
        sei_html_text(out, number);
        sei_buf_puts(out, "</td>");
        break;
    case SEI_CELL_VERDICT: put_verdict(out, cell->verdict, lang); break;
    }
}

void sei_rtable_put_html(sei_buf *out, const sei_rtable *table, sei_lang lang, size_t number)
{
    cell_look looks[SEI_COLUMNS_MAX] = {{0}};

    for (size_t c = 0; c < table->n_columns; c++)
        looks[c] = (cell_look){c == 0, sei_rtable_is_number(table, c), is_one_line(table, c)};
    sei_buf_printf(out, "<table id=\"table-%s\">\n", table->name);
    put_caption(out, table, lang, number);
    put_head(out, table, lang);
    sei_buf_puts(out, "<tbody>\n");
    for (size_t row = 0; row < table->n_rows; row++) {
        sei_buf_puts(out, "<tr>");
        for (size_t c = 0; c < table->n_columns; c++) {
            const sei_cell cell = sei_rtable_cell(table, row, c);
            put_cell(out, &cell, lang, &looks[c]);
        }
        sei_buf_puts(out, "</tr>\n");
    }
    sei_buf_puts(out, "</tbody>\n</table>\n");
    for (size_t i = 0; i < table->n_notes; i++) {
        sei_buf_puts(out, "<p class=\"note\">");
        sei_html_label(out, table->note[i], lang);
        sei_buf_puts(out, "</p>\n");
    }
}
