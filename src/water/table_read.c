/* table_read.c - CSV text to a table; libcsv splits the cells, this file counts lines and checks */
#include <csv.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "water/decode.h"
#include "water/table.h"

/* libcsv gets the text in pieces no longer than this, so that an unclosed quote cannot make it
 * collect a whole file. */
enum { PIECE = SEI_TABLE_CELL_MAX + 1, CELLS_FIRST = 4096, ROWS_FIRST = 256 };

typedef struct {
    sei_ctx   *ctx;
    sei_table *t;
    size_t     line;      /* being fed to libcsv */
    size_t     row_line;  /* on which the open row began */
    size_t     cell_line; /* on which the open cell began */
    size_t     cells_size, rows_size, comments_size;
    size_t     pool_len, row_pool; /* row_pool: length before the open row */
    size_t     n_cells;            /* of the open row */
    bool       row_ended, row_has_text, has_header;
    sei_status status;
} reader;

static sei_where at_line(const reader *r, size_t line)
{
    return (sei_where){r->t->file, line, 0};
}

/* Makes room for one more item in an array of offsets. */
static bool grow(reader *r, uint32_t **array, size_t *size, size_t n, size_t first)
{
    if (n < *size)
        return true;
    const size_t more  = *size ? 2 * *size : first;
    uint32_t    *grown = sei_resize(r->ctx, *array, more, sizeof **array);
    if (!grown) {
        r->status = SEI_E_NOMEM;
        return false;
    }
    *array = grown;
    *size  = more;
    return true;
}

static uint32_t put_text(reader *r, const char *text, size_t len)
{
    const uint32_t at = (uint32_t)r->pool_len;

    if (len)
        memcpy(r->t->pool + at, text, len);
    r->t->pool[at + len] = '\0';
    r->pool_len += len + 1;
    return at;
}

/* The writer puts an apostrophe before text that a spreadsheet would run as a formula. */
static size_t formula_mark(const char *text, size_t len)
{
    size_t marks = 0;

    while (marks < len && text[marks] == '\'')
        marks++;
    return marks > 0 && marks < len && strchr("=+-@\t\r", text[marks]) ? 1 : 0;
}

static void take_header(reader *r, const char *text, size_t len)
{
    const sei_where where = at_line(r, r->cell_line);

    if (r->n_cells >= SEI_TABLE_COLUMNS_MAX) {
        r->status = sei_fail(r->ctx, SEI_E_TOO_LARGE, &where, "more than %d columns",
                             SEI_TABLE_COLUMNS_MAX);
        return;
    }
    const sei_slice s         = sei_trim((sei_slice){text, len});
    const size_t    skip      = formula_mark(s.at, s.len);
    r->t->headers[r->n_cells] = put_text(r, s.at + skip, s.len - skip);
}

static void take_cell(reader *r, const char *text, size_t len)
{
    sei_table      *t     = r->t;
    const sei_where where = at_line(r, r->cell_line);

    if (r->n_cells >= t->n_columns)
        return; /* a ragged row, refused at its end */
    if (len && t->pool[t->headers[r->n_cells]] == '\0') {
        char shown[SEI_SHOWN_MAX];
        sei_shown(shown, t->pool + put_text(r, text, len));
        r->status = sei_fail(r->ctx, SEI_E_PARSE, &where,
                             "column %zu holds '%s' but has no name in the header (line %u)",
                             r->n_cells + 1, shown, t->header_line);
        return;
    }
    const size_t at = t->n_rows * t->n_columns + r->n_cells;
    if (!grow(r, &t->cells, &r->cells_size, at, CELLS_FIRST))
        return;
    const size_t skip = formula_mark(text, len);
    t->cells[at]      = put_text(r, text + skip, len - skip);
}

static void on_cell(void *s, size_t len, void *user)
{
    reader         *r     = user;
    const sei_where where = at_line(r, r->cell_line);

    if (r->status != SEI_OK)
        return;
    if (len > SEI_TABLE_CELL_MAX)
        r->status = sei_fail(r->ctx, SEI_E_TOO_LARGE, &where, "cell of %zu bytes, more than %d",
                             len, SEI_TABLE_CELL_MAX);
    else if (r->has_header)
        take_cell(r, s, len);
    else
        take_header(r, s, len);
    r->n_cells++;
    r->row_has_text = r->row_has_text || len > 0;
    r->cell_line    = r->line;
}

static sei_status check_headers(reader *r)
{
    const sei_table *t     = r->t;
    const sei_where  where = at_line(r, t->header_line);

    const char *only = sei_table_header(t, 0);
    if (t->n_columns == 1 && (strchr(only, ';') || strchr(only, '\t')))
        return sei_fail(r->ctx, SEI_E_PARSE, &where,
                        "columns are separated by %s; use commas (tabs in a file named .tsv)",
                        strchr(only, ';') ? "';'" : "tabs");
    for (size_t i = 0; i < t->n_columns; i++) {
        const char *header = sei_table_header(t, i);
        for (size_t j = 0; header[0] && j < i; j++)
            if (strcmp(header, sei_table_header(t, j)) == 0)
                return sei_fail(r->ctx, SEI_E_DUPLICATE, &where,
                                "column '%s' is given twice (columns %zu and %zu)", header, j + 1,
                                i + 1);
    }
    return SEI_OK;
}

static void end_header(reader *r)
{
    r->t->n_columns   = r->n_cells;
    r->t->header_line = (uint32_t)r->row_line;
    r->has_header     = true;
    r->status         = check_headers(r);
}

static void end_data_row(reader *r)
{
    sei_table      *t     = r->t;
    const sei_where where = at_line(r, r->row_line);

    if (r->n_cells < t->n_columns)
        r->status =
            sei_fail(r->ctx, SEI_E_PARSE, &where,
                     "row has %zu cells, the header has %zu; '%s' is the first without a cell",
                     r->n_cells, t->n_columns, sei_table_header(t, r->n_cells));
    else if (r->n_cells > t->n_columns)
        r->status =
            sei_fail(r->ctx, SEI_E_PARSE, &where,
                     "row has %zu cells, the header has %zu; enclose text with commas in quotes",
                     r->n_cells, t->n_columns);
    else if (t->n_rows >= SEI_TABLE_ROWS_MAX)
        r->status =
            sei_fail(r->ctx, SEI_E_TOO_LARGE, &where, "more than %d rows", SEI_TABLE_ROWS_MAX);
    else if (grow(r, &t->lines, &r->rows_size, t->n_rows, ROWS_FIRST))
        t->lines[t->n_rows++] = (uint32_t)r->row_line;
}

static void on_row(int end, void *user)
{
    reader *r = user;

    (void)end;
    if (r->status != SEI_OK)
        return;
    if (!r->row_has_text)
        r->pool_len = r->row_pool; /* empty row: forgotten */
    else if (r->has_header)
        end_data_row(r);
    else
        end_header(r);
    r->row_pool     = r->pool_len;
    r->n_cells      = 0;
    r->row_has_text = false;
    r->row_ended    = true;
}

static sei_status quote_error(reader *r, const struct csv_parser *p)
{
    const sei_where where = at_line(r, r->line);

    return sei_fail(r->ctx, SEI_E_PARSE, &where,
                    p->quoted ? "column %zu: text after the closing quote; write a quote inside a "
                                "quoted cell twice"
                              : "column %zu: quote inside an unquoted cell; enclose the cell in "
                                "quotes and write the inner quote twice",
                    r->n_cells + 1);
}

/* One physical line with its end. */
static sei_status feed(reader *r, struct csv_parser *p, const char *text, size_t len)
{
    for (size_t done = 0; done < len && r->status == SEI_OK;) {
        const size_t n    = len - done < PIECE ? len - done : PIECE;
        const size_t used = csv_parse(p, text + done, n, on_cell, on_row, r);

        if (r->status != SEI_OK)
            break;
        if (used != n)
            return csv_error(p) == CSV_EPARSE
                       ? quote_error(r, p)
                       : sei_fail(r->ctx, SEI_E_NOMEM, NULL, "%s", sei_status_text(SEI_E_NOMEM));
        if (p->entry_pos > SEI_TABLE_CELL_MAX) {
            const sei_where where = at_line(r, r->cell_line);
            return sei_fail(r->ctx, SEI_E_TOO_LARGE, &where,
                            "cell of more than %d bytes; is a quote left open?",
                            SEI_TABLE_CELL_MAX);
        }
        done += n;
    }
    return r->status;
}

/* Length of the line at text with its end (LF, CR LF or CR). */
static size_t line_length(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n')
            return i + 1;
        if (text[i] == '\r')
            return i + 1 < len && text[i + 1] == '\n' ? i + 2 : i + 1;
    }
    return len;
}

static bool is_blank_line(const char *text, size_t len)
{
    return sei_trim((sei_slice){text, len}).len == 0;
}

static sei_status take_comment(reader *r, const char *text, size_t len)
{
    const sei_slice s = sei_trim((sei_slice){text, len});

    if (!grow(r, &r->t->comments, &r->comments_size, r->t->n_comments, 16))
        return r->status;
    r->t->comments[r->t->n_comments++] = put_text(r, s.at, s.len);
    r->row_pool                        = r->pool_len;
    return SEI_OK;
}

static sei_status finish(reader *r, struct csv_parser *p)
{
    const sei_where open = at_line(r, r->cell_line), top = at_line(r, 1);

    if (csv_fini(p, on_cell, on_row, r) != 0 && r->status == SEI_OK)
        return sei_fail(r->ctx, SEI_E_PARSE, &open,
                        "column %zu: the quote opened here is never closed", r->n_cells + 1);
    if (r->status == SEI_OK && !r->has_header)
        return sei_fail(r->ctx, SEI_E_MISSING, &top, "file is empty; a header row is needed");
    return r->status;
}

static sei_status feed_lines(reader *r, struct csv_parser *p, const char *text, size_t len)
{
    bool       row_open = false;
    sei_status st       = SEI_OK;

    for (size_t at = 0; at < len && st == SEI_OK;) {
        const size_t n = line_length(text + at, len - at);
        r->line++;
        if (!row_open)
            r->row_line = r->cell_line = r->line;
        r->row_ended = false;
        if (!row_open && !r->has_header && text[at] == '#') {
            st = take_comment(r, text + at + 1, n - 1);
        } else {
            const bool blank = is_blank_line(text + at, n);
            st               = feed(r, p, text + at, n);
            row_open         = !r->row_ended && (row_open || !blank);
        }
        at += n;
    }
    return st == SEI_OK ? finish(r, p) : st;
}

static bool ends_with(const char *name, const char *end)
{
    const size_t n = strlen(name), m = strlen(end);

    return n >= m && sei_equal_nocase(name + n - m, end);
}

static sei_status parse_text(sei_ctx *ctx, sei_table *t, const char *text, size_t len)
{
    reader            r = {.ctx = ctx, .t = t};
    struct csv_parser p;

    /* Cells are never longer than their text, and each of them but the last costs a separator. */
    t->pool    = sei_alloc(ctx, len + 2, 1);
    t->headers = sei_alloc(ctx, SEI_TABLE_COLUMNS_MAX, sizeof *t->headers);
    if (!t->pool || !t->headers)
        return SEI_E_NOMEM;
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return sei_fail(ctx, SEI_E_INTERNAL, NULL, "libcsv did not start");
    csv_set_blk_size(&p, 1024);
    if (ends_with(t->file, ".tsv"))
        csv_set_delim(&p, CSV_TAB);
    const sei_status st = feed_lines(&r, &p, text, len);
    csv_free(&p);
    return st;
}

sei_status sei_table_parse(sei_ctx *ctx, const char *name, const char *bytes, size_t len,
                           sei_table **ret_table)
{
    const sei_where where   = {name, 0, 0};
    sei_decoded     decoded = {0};

    if (len > SEI_TABLE_BYTES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, &where, "file is larger than %d bytes",
                        SEI_TABLE_BYTES_MAX);
    sei_table *t = sei_alloc(ctx, 1, sizeof *t);
    if (!t)
        return SEI_E_NOMEM;
    t->ctx        = ctx;
    t->file       = sei_strdup(ctx, name);
    sei_status st = t->file ? sei_decode(ctx, name, bytes, len, &decoded) : SEI_E_NOMEM;
    if (st != SEI_OK)
        goto done;
    t->encoding = decoded.encoding;
    st          = parse_text(ctx, t, decoded.text, decoded.len);
    sei_decoded_done(&decoded);
    if (st != SEI_OK)
        goto done;

    *ret_table = t;
    t          = NULL;
done:
    sei_table_free(t);
    return st;
}

sei_status sei_table_read(sei_ctx *ctx, const char *path, sei_table **ret_table)
{
    char            *bytes = NULL;
    size_t           len   = 0;
    const sei_status st    = sei_file_read(ctx, path, SEI_TABLE_BYTES_MAX, &bytes, &len);

    if (st != SEI_OK)
        return st;
    const sei_status parsed = sei_table_parse(ctx, strcmp(path, "-") == 0 ? "standard input" : path,
                                              bytes, len, ret_table);
    sei_release(ctx, bytes);
    return parsed;
}
