/* read_spread.c - SOLUTION_SPREAD: a table of waters with cells between tabs */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "phreeqc/reader.h"

enum { COLUMNS_MAX = 200, CELL_BYTES_MAX = 4000 };

typedef struct {
    size_t    n;
    sei_slice cells[COLUMNS_MAX];
} row;

typedef struct {
    bool            has_heading, has_units;
    row             heading, units;
    sei_pq_solution common; /* options of the block hold for every row */
} spread;

static sei_status split(sei_pq_reader *r, const sei_pq_line *line, row *ret)
{
    const char *at = line->text;

    ret->n = 0;
    for (;;) {
        const char  *tab = strchr(at, '\t');
        const size_t len = tab ? (size_t)(tab - at) : strlen(at);
        if (ret->n == COLUMNS_MAX)
            return sei_pq_fail(r, SEI_E_TOO_LARGE, line->where, "more than %d columns",
                               COLUMNS_MAX);
        ret->cells[ret->n++] = sei_trim((sei_slice){at, len});
        if (!tab)
            return SEI_OK;
        at = tab + 1;
    }
}

static bool has_number(const row *cells)
{
    double value;

    for (size_t i = 0; i < cells->n; i++) {
        sei_slice rest = cells->cells[i], word;
        if (sei_next_word(&rest, &word) && sei_pq_is_number(word, &value))
            return true;
    }
    return false;
}

/* "N(3)" after "N(5)": another valence of the same element. */
static bool is_valence_beside(sei_slice first, sei_slice word)
{
    const char  *open = memchr(first.at, '(', first.len);
    const size_t len  = open ? (size_t)(open - first.at) + 1 : 0;

    return open && word.len > len + 1 && memcmp(first.at, word.at, len) == 0 &&
           word.at[word.len - 1] == ')';
}

/* The name in a heading, and what follows it: "N(5) N(3)" is one name, with one total, as in SOLUTION. */
static bool heading_name(sei_slice heading, sei_slice *ret_name, sei_slice *ret_rest,
                         bool *ret_is_shared)
{
    sei_slice first, word, after;

    *ret_is_shared = false;
    *ret_rest      = heading;
    if (!sei_next_word(ret_rest, &first))
        return false;
    *ret_name = first;
    for (after = *ret_rest; sei_next_word(&after, &word) && is_valence_beside(first, word);) {
        ret_name->len  = (size_t)(word.at - first.at) + word.len;
        *ret_rest      = after;
        *ret_is_shared = true;
    }
    return true;
}

/* "13C": a number before an element. */
static bool is_isotope(sei_slice heading)
{
    return heading.len > 1 && heading.at[0] >= '0' && heading.at[0] <= '9';
}

static void warn_of_headings(const sei_pq_reader *r, sei_where where, const row *heading)
{
    sei_slice name, rest;
    bool      is_shared;

    for (size_t i = 0; i < heading->n; i++)
        if (heading_name(heading->cells[i], &name, &rest, &is_shared) && is_shared)
            sei_warn(
                r->ctx, &where,
                "SOLUTION_SPREAD: column %zu, \"%.*s\", is the total of these valences (PHREEQC "
                "takes it as 0)",
                i + 1, SEI_PQ_SHOWN(name));
}

static sei_status apply_cell(sei_pq_reader *r, const spread *s, size_t column, sei_slice cell,
                             sei_where where, sei_pq_solution *solution)
{
    sei_slice  name, heading;
    bool       done, is_shared;
    sei_buf    buf;
    sei_status st;

    if (!heading_name(s->heading.cells[column], &name, &heading, &is_shared))
        return sei_pq_fail(r, SEI_E_PARSE, where, "column %zu has a value but no heading",
                           column + 1);
    sei_buf_init(&buf, r->ctx, CELL_BYTES_MAX);
    sei_buf_put(&buf, name.at, name.len);
    sei_buf_putc(&buf, ' ');
    sei_buf_put(&buf, cell.at, cell.len);
    sei_buf_put(&buf, heading.at, heading.len);
    if (s->has_units && column < s->units.n) {
        sei_buf_putc(&buf, ' ');
        sei_buf_put(&buf, s->units.cells[column].at, s->units.cells[column].len);
    }
    st = buf.status;
    if (st == SEI_OK) {
        const sei_pq_line line = {where, buf.text};
        st                     = sei_pq_solution_option(r, solution, &line, &done);
        if (st == SEI_OK && !done)
            st = sei_pq_solution_line(r, solution, &line);
    }
    sei_buf_done(&buf);
    return st;
}

static bool is_column(sei_slice heading, const char *name)
{
    return heading.len >= 4 && heading.len <= strlen(name) &&
           strncasecmp(heading.at, name, heading.len) == 0;
}

static sei_status apply_row(sei_pq_reader *r, const spread *s, const row *cells, sei_where where,
                            sei_pq_solution *solution)
{
    sei_pq_block *block  = r->block;
    sei_pq_range  number = {r->solution_max + 1, r->solution_max + 1};
    sei_status    st     = SEI_OK;

    for (size_t i = 0; i < cells->n && st == SEI_OK; i++) {
        const sei_slice cell    = cells->cells[i];
        const sei_slice heading = i < s->heading.n ? s->heading.cells[i] : (sei_slice){"", 0};
        if (cell.len == 0 || is_isotope(heading))
            continue;
        if (is_column(heading, "number")) {
            st = sei_pq_range_of(r, where, cell, &number);
        } else if (is_column(heading, "description")) {
            block->description = sei_pq_keep(r, cell);
            st                 = block->description ? SEI_OK : SEI_E_NOMEM;
        } else if (i >= s->heading.n) {
            st = sei_pq_fail(r, SEI_E_PARSE, where, "the row has %zu cells but the heading has %zu",
                             cells->n, s->heading.n);
        } else {
            st = apply_cell(r, s, i, cell, where, solution);
        }
    }
    block->first = number.first;
    block->last  = number.last;
    if (number.last > r->solution_max)
        r->solution_max = number.last;
    return st == SEI_OK ? sei_pq_solution_close(r, solution) : st;
}

static sei_status add_row(sei_pq_reader *r, const spread *s, const row *cells, sei_where where,
                          bool *is_first)
{
    static const char     name[]   = "solution_spread";
    const sei_pq_keyword *keyword  = sei_pq_keyword_find(sei_slice_of(name));
    sei_pq_solution      *solution = sei_pq_new(r, sizeof *solution);
    sei_status            st       = solution ? SEI_OK : SEI_E_NOMEM;
    sei_pq_block         *block;

    /* The block that was opened by the keyword takes the first row. */
    if (st == SEI_OK && !*is_first)
        st = sei_pq_add_block(r, keyword, where, &block);
    if (st != SEI_OK)
        return st;
    *is_first             = false;
    *solution             = s->common;
    r->block->where       = where;
    r->block->as.solution = solution;
    return apply_row(r, s, cells, where, solution);
}

static sei_status read_row(sei_pq_reader *r, spread *s, const sei_pq_line *line, bool *is_first)
{
    row        cells;
    sei_status st = split(r, line, &cells);

    if (st != SEI_OK)
        return st;
    if (!s->has_heading) {
        s->heading     = cells;
        s->has_heading = true;
        warn_of_headings(r, line->where, &cells);
        return SEI_OK;
    }
    if (!s->has_units && *is_first && !has_number(&cells)) {
        s->units     = cells;
        s->has_units = true;
        return SEI_OK;
    }
    return add_row(r, s, &cells, line->where, is_first);
}

sei_status sei_pq_read_spread(sei_pq_reader *r)
{
    const sei_pq_line *line;
    bool               is_first = true, done;
    spread            *s        = sei_pq_new(r, sizeof *s);
    sei_status         st       = s ? SEI_OK : SEI_E_NOMEM;

    if (st != SEI_OK)
        return st;
    sei_pq_solution_default(&s->common);
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        /* A heading that starts with "pH" or "temp" is no option: it has a tab. */
        done = false;
        if (line->text[0] == '-' || !strchr(line->text, '\t'))
            st = sei_pq_solution_option(r, &s->common, line, &done);
        if (st == SEI_OK && !done)
            st = read_row(r, s, line, &is_first);
    }
    if (st == SEI_OK && is_first)
        st = sei_pq_fail(r, SEI_E_MISSING, r->block->where, "no row of values");
    return st;
}
