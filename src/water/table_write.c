/* table_write.c - rows to CSV text */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "seiryu/water.h"

static const size_t text_max = (size_t)1024 * 1024 * 1024;

struct sei_table_writer {
    sei_ctx         *ctx;
    sei_table_format format;
    sei_buf          buf;
    size_t           n_columns, n_cells, n_rows;
    sei_status       status; /* besides buf.status */
};

sei_status sei_table_writer_create(sei_ctx *ctx, const sei_table_format *format,
                                   sei_table_writer **ret_writer)
{
    sei_table_writer *w = sei_alloc(ctx, 1, sizeof *w);

    if (!w)
        return SEI_E_NOMEM;
    w->ctx = ctx;
    if (format)
        w->format = *format;
    sei_buf_init(&w->buf, ctx, text_max);
    if (w->format.bom)
        sei_buf_puts(&w->buf, "\xEF\xBB\xBF");
    *ret_writer = w;
    return SEI_OK;
}

void sei_table_writer_free(sei_table_writer *writer)
{
    if (!writer)
        return;
    sei_ctx *ctx = writer->ctx;
    sei_buf_done(&writer->buf);
    sei_release(ctx, writer);
}

sei_status sei_table_writer_status(const sei_table_writer *writer)
{
    return writer->status != SEI_OK ? writer->status : writer->buf.status;
}

static void next_cell(sei_table_writer *w)
{
    if (w->n_cells++ > 0)
        sei_buf_putc(&w->buf, ',');
}

/* Text that spreadsheets would take for a formula (OWASP, CSV injection); numbers stay. Apostrophes
 * before such text get one more, so that the reader gives back what was written. */
static bool is_formula(const char *text)
{
    const size_t marks = strspn(text, "'");
    double       value;

    if (text[marks] == '\0' || !strchr("=+-@\t\r", text[marks]))
        return false;
    return marks > 0 || !sei_parse_double(text, strlen(text), &value);
}

void sei_table_put_text(sei_table_writer *w, const char *text)
{
    const bool formula = is_formula(text);
    const bool blanks =
        text[0] == ' ' || text[0] == '\t' || (text[0] && strchr(" \t", text[strlen(text) - 1]));
    /* A "#" at the start of the first line would read as a comment. */
    const bool comment = text[0] == '#' && w->n_rows == 0 && w->n_cells == 0;
    const bool quoted  = comment || blanks || strpbrk(text, ",\"\r\n");

    next_cell(w);
    if (quoted)
        sei_buf_putc(&w->buf, '"');
    if (formula)
        sei_buf_putc(&w->buf, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            sei_buf_putc(&w->buf, '"');
        sei_buf_putc(&w->buf, *c);
    }
    if (quoted)
        sei_buf_putc(&w->buf, '"');
}

static bool is_writable(sei_table_writer *w, double value)
{
    if (!isinf(value))
        return true;
    if (w->status == SEI_OK)
        w->status =
            sei_fail(w->ctx, SEI_E_RANGE, NULL, "an infinite number cannot be written to a table");
    return false;
}

void sei_table_put_number(sei_table_writer *w, double value, int digits)
{
    next_cell(w);
    if (is_writable(w, value))
        sei_buf_number(&w->buf, value, digits);
}

void sei_table_put_fixed(sei_table_writer *w, double value, int decimals)
{
    char text[SEI_NUMBER_MAX];

    next_cell(w);
    if (!is_writable(w, value))
        return;
    sei_format_fixed(text, value, decimals);
    sei_buf_puts(&w->buf, text);
}

void sei_table_put_int(sei_table_writer *w, int64_t value)
{
    next_cell(w);
    sei_buf_printf(&w->buf, "%lld", (long long)value);
}

void sei_table_put_time(sei_table_writer *w, int64_t time_us, int64_t offset_us)
{
    char text[SEI_TIME_MAX];

    next_cell(w);
    sei_format_time(text, time_us, offset_us);
    sei_buf_puts(&w->buf, text);
}

void sei_table_put_empty(sei_table_writer *w)
{
    next_cell(w);
}

static void end_line(sei_table_writer *w)
{
    sei_buf_puts(&w->buf, w->format.crlf ? "\r\n" : "\n");
}

void sei_table_put_comment(sei_table_writer *w, const char *text)
{
    if (w->n_rows > 0 || w->n_cells > 0) {
        if (w->status == SEI_OK)
            w->status = sei_fail(w->ctx, SEI_E_INTERNAL, NULL,
                                 "a comment must stand before the header of a table");
        return;
    }
    sei_buf_puts(&w->buf, "# ");
    for (const char *c = text; *c; c++)
        sei_buf_putc(&w->buf, *c == '\r' || *c == '\n' ? ' ' : *c);
    end_line(w);
}

void sei_table_end_row(sei_table_writer *w)
{
    if (w->n_rows == 0)
        w->n_columns = w->n_cells;
    else if (w->n_cells != w->n_columns && w->status == SEI_OK)
        w->status = sei_fail(w->ctx, SEI_E_INTERNAL, NULL,
                             "table row %zu has %zu cells, the header has %zu", w->n_rows,
                             w->n_cells, w->n_columns);
    w->n_cells = 0;
    w->n_rows++;
    end_line(w);
}

const char *sei_table_writer_text(const sei_table_writer *writer, size_t *ret_len)
{
    *ret_len = writer->buf.len;
    return writer->buf.text;
}

sei_status sei_table_writer_save(sei_table_writer *writer, const char *path)
{
    const sei_status st = sei_table_writer_status(writer);

    return st == SEI_OK ? sei_file_write(writer->ctx, path, writer->buf.text, writer->buf.len) : st;
}
