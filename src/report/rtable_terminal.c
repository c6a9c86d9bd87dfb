/* rtable_terminal.c - a table in columns of a terminal, where a Han letter takes two */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "report/out.h"
#include "report/rtable.h"

#define RESET "\x1b[0m"

bool sei_terminal_has_colour(int fd)
{
    const char *no_colour = getenv("NO_COLOR"); /* NOLINT(concurrency-mt-unsafe): only read */
    const char *term      = getenv("TERM");     /* NOLINT(concurrency-mt-unsafe): only read */

    return isatty(fd) && !(no_colour && no_colour[0]) && term && strcmp(term, "dumb") != 0;
}

typedef struct {
    sei_buf          *out;
    const sei_rtable *table;
    sei_lang          lang;
    bool              colour;
    size_t            width[SEI_COLUMNS_MAX];
    bool              right[SEI_COLUMNS_MAX];
    size_t            blanks; /* due before the next text */
} screen;

static void cell_text(const screen *s, const sei_cell *cell, sei_buf *ret_text)
{
    char number[SEI_TICK_TEXT + 2];

    sei_buf_clear(ret_text);
    switch (cell->kind) {
    case SEI_CELL_EMPTY: sei_buf_putc(ret_text, '-'); break;
    case SEI_CELL_TEXT: sei_put_label(ret_text, cell->text, s->lang); break;
    case SEI_CELL_NUMBER:
    case SEI_CELL_BELOW:
        sei_cell_number_text(cell, true, number);
        sei_buf_puts(ret_text, number);
        break;
    case SEI_CELL_VERDICT:
        sei_buf_puts(ret_text, sei_verdict_text(cell->verdict, s->lang));
        if (s->lang == SEI_LANG_BOTH)
            sei_buf_printf(ret_text, " %s", sei_verdict_text(cell->verdict, SEI_LANG_EN));
        break;
    }
}

/* The lines above the rule: the names in each language that is asked for, then the units. */
enum { HEAD_LINES = 3 };

static const char *head_text(const screen *s, size_t line, size_t column)
{
    const sei_rcolumn *c = &s->table->column[column];

    switch (line) {
    case 0: return sei_label_in(c->label, s->lang);
    case 1: return s->lang == SEI_LANG_BOTH && !sei_label_is_same(c->label) ? c->label.en : "";
    default: return c->unit;
    }
}

static bool has_head_line(const screen *s, size_t line)
{
    for (size_t c = 0; c < s->table->n_columns; c++)
        if (head_text(s, line, c)[0])
            return true;
    return false;
}

static void widen(size_t *width, const char *text)
{
    const size_t columns = sei_text_columns(text);

    if (columns > *width)
        *width = columns;
}

static void find_widths(screen *s, sei_buf *text)
{
    for (size_t c = 0; c < s->table->n_columns; c++) {
        s->right[c] = sei_rtable_is_number(s->table, c);
        for (size_t line = 0; line < HEAD_LINES; line++)
            widen(&s->width[c], head_text(s, line, c));
        for (size_t row = 0; row < s->table->n_rows; row++) {
            const sei_cell cell = sei_rtable_cell(s->table, row, c);
            cell_text(s, &cell, text);
            widen(&s->width[c], text->text);
        }
    }
}

/* Blanks wait for the next text, so that no line ends with them. */
static void put(screen *s, size_t column, const char *text, const char *colour)
{
    const size_t used = sei_text_columns(text);
    const size_t rest = s->width[column] > used ? s->width[column] - used : 0;

    if (s->right[column])
        s->blanks += rest;
    for (; text[0] && s->blanks > 0; s->blanks--)
        sei_buf_putc(s->out, ' ');
    if (s->colour && colour)
        sei_buf_printf(s->out, "%s%s%s", colour, text, RESET);
    else
        sei_buf_puts(s->out, text);
    s->blanks += 2 + (s->right[column] ? 0 : rest);
    if (column + 1 == s->table->n_columns) {
        sei_buf_putc(s->out, '\n');
        s->blanks = 0;
    }
}

static const char *colour_of(const sei_cell *cell)
{
    if (cell->kind != SEI_CELL_VERDICT)
        return NULL;
    return cell->verdict == SEI_VERDICT_PASS   ? "\x1b[32m"
           : cell->verdict == SEI_VERDICT_FAIL ? "\x1b[1;31m"
                                               : "\x1b[2m";
}

static void put_head(screen *s)
{
    size_t total = 0;

    if (s->table->title.ja[0]) {
        sei_buf_puts(s->out, s->colour ? "\x1b[1m" : "");
        sei_put_label(s->out, s->table->title, s->lang);
        sei_buf_puts(s->out, s->colour ? RESET "\n" : "\n");
    }
    for (size_t line = 0; line < HEAD_LINES; line++)
        for (size_t c = 0; has_head_line(s, line) && c < s->table->n_columns; c++)
            put(s, c, head_text(s, line, c), NULL);
    for (size_t c = 0; c < s->table->n_columns; c++)
        total += s->width[c] + (c ? 2 : 0);
    for (size_t i = 0; i < total; i++)
        sei_buf_putc(s->out, '-');
    sei_buf_putc(s->out, '\n');
}

void sei_rtable_put_terminal(sei_buf *out, const sei_rtable *table, sei_lang lang, bool colour)
{
    screen  s = {.out = out, .table = table, .lang = lang, .colour = colour};
    sei_buf text;

    sei_buf_init(&text, out->ctx, 3 * (size_t)SEI_LABEL_MAX);
    find_widths(&s, &text);
    put_head(&s);
    for (size_t row = 0; row < table->n_rows; row++)
        for (size_t c = 0; c < table->n_columns; c++) {
            const sei_cell cell = sei_rtable_cell(table, row, c);
            cell_text(&s, &cell, &text);
            put(&s, c, text.text, colour_of(&cell));
        }
    for (size_t i = 0; i < table->n_notes; i++) {
        sei_put_label(out, table->note[i], lang);
        sei_buf_putc(out, '\n');
    }
    if (text.status != SEI_OK && out->status == SEI_OK)
        out->status = text.status;
    sei_buf_done(&text);
}
