/* csv.c - files of data loggers: Campbell TOA5, and plain CSV with a time column */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "msg/msg.h"
#include "seiryu/water.h"

typedef struct {
    const sei_table *table;
    size_t           time_column, record_column; /* record_column: n_columns when there is none */
    size_t           unit_row, first_row;        /* unit_row: n_rows when there is none */
    int64_t          offset_us;
} layout;

static bool cell_is(const sei_table *t, size_t row, size_t column, const char *text)
{
    const char *cell =
        row == SEI_TABLE_HEADER ? sei_table_header(t, column) : sei_table_cell(t, row, column);

    return sei_equal_nocase(cell, text);
}

static sei_status read_value(const layout *l, size_t row, size_t column, const char *channel,
                             int64_t time_us, sei_msg *msg)
{
    sei_slice    cell  = sei_trim(sei_slice_of(sei_table_cell(l->table, row, column)));
    sei_msg_kind kind  = SEI_MSG_VALUE;
    double       value = 0.0;

    if (cell.len == 0 || sei_slice_is_nocase(cell, "nan") || sei_slice_is_nocase(cell, "-nan"))
        kind = SEI_MSG_MISSING;
    else if (sei_slice_is_nocase(cell, "inf") || sei_slice_is_nocase(cell, "-inf"))
        kind = SEI_MSG_OVER_RANGE; /* what a Campbell logger writes for it */
    if (kind == SEI_MSG_VALUE && cell.at[0] == '<') {
        kind = SEI_MSG_BELOW_LOQ;
        cell = sei_trim((sei_slice){cell.at + 1, cell.len - 1});
    }
    if ((kind == SEI_MSG_VALUE || kind == SEI_MSG_BELOW_LOQ) &&
        !sei_parse_double(cell.at, cell.len, &value)) {
        return sei_fail(msg->ctx, SEI_E_PARSE, NULL, "row %zu, column %s: \"%.*s\" is no number",
                        row + 1, channel, (int)(cell.len < 40 ? cell.len : 40), cell.at);
    }
    const char *unit = l->unit_row < sei_table_n_rows(l->table)
                           ? sei_table_cell(l->table, l->unit_row, column)
                           : NULL;
    return sei_msg_add(msg, channel, strlen(channel), unit, time_us, value, kind);
}

/* TOA5 names of arrays, "Temp_Avg(1)", become "temp_avg_1". */
static void channel_name(const char *header, char out[SEI_MSG_NAME_MAX])
{
    size_t n = 0;

    for (; *header && n + 1 < SEI_MSG_NAME_MAX; header++) {
        const char c = *header;
        if (c >= 'A' && c <= 'Z')
            out[n++] = (char)(c + 32);
        else if (c == '(' || c == ',' || c == ' ' || c == '.')
            out[n++] = '_';
        else if (c != ')')
            out[n++] = c;
    }
    out[n] = '\0';
}

static sei_status read_row(const layout *l, size_t row, size_t header_row, sei_msg *msg)
{
    const char *text    = sei_table_cell(l->table, row, l->time_column);
    int64_t     time_us = 0;

    if (!sei_parse_time(text, strlen(text), l->offset_us, &time_us))
        return sei_fail(msg->ctx, SEI_E_PARSE, NULL, "row %zu: \"%.40s\" is no time", row + 1,
                        text);
    sei_status st = sei_msg_begin(msg, false, 0, 0);
    for (size_t i = 0; i < sei_table_n_columns(l->table) && st == SEI_OK; i++) {
        char name[SEI_MSG_NAME_MAX];
        if (i == l->time_column || i == l->record_column)
            continue;
        channel_name(header_row == SEI_TABLE_HEADER ? sei_table_header(l->table, i)
                                                    : sei_table_cell(l->table, header_row, i),
                     name);
        if (!name[0])
            st = sei_fail(msg->ctx, SEI_E_MISSING, NULL, "column %zu has no name", i + 1);
        else
            st = read_value(l, row, i, name, time_us, msg);
    }
    return st;
}

static sei_status read_rows(layout *l, size_t header_row, sei_msg *msg)
{
    const size_t n  = sei_table_n_columns(l->table);
    sei_status   st = SEI_OK;

    l->time_column = l->record_column = n;
    for (size_t i = 0; i < n; i++) {
        if (cell_is(l->table, header_row, i, "timestamp") ||
            cell_is(l->table, header_row, i, "time"))
            l->time_column = i;
        if (cell_is(l->table, header_row, i, "record"))
            l->record_column = i;
    }
    if (l->time_column == n)
        return sei_fail(msg->ctx, SEI_E_MISSING, NULL, "no column \"time\" or \"TIMESTAMP\"");
    for (size_t row = l->first_row; row < sei_table_n_rows(l->table) && st == SEI_OK; row++)
        st = read_row(l, row, header_row, msg);
    return st;
}

/* TOA5: a line about the file, names, units, kinds of processing, rows. The first line has its own number
 * of cells, which a CSV reader refuses: it is cut off. */
sei_status sei_msg_read_csv(const char *text, size_t len, int64_t offset_us, sei_msg *msg)
{
    sei_slice  rest  = {text, len}, line;
    sei_table *table = NULL;
    bool       toa5  = false;

    if (len > SEI_MSG_BYTES_MAX * 16u)
        return sei_fail(msg->ctx, SEI_E_TOO_LARGE, NULL, "%zu bytes of CSV", len);
    if (sei_next_line(&rest, &line)) {
        toa5 = line.len >= 6 && strncmp(line.at, "\"TOA5\"", 6) == 0;
        toa5 |= line.len >= 5 && strncmp(line.at, "TOA5,", 5) == 0;
    }
    if (!toa5)
        rest = (sei_slice){text, len};
    sei_status st = sei_table_parse(msg->ctx, toa5 ? "TOA5" : "CSV", rest.at, rest.len, &table);
    if (st != SEI_OK)
        return st;
    layout l = {.table = table, .offset_us = offset_us, .unit_row = SIZE_MAX};
    if (toa5) {
        l.unit_row  = 0;
        l.first_row = 2;
    }
    st = read_rows(&l, SEI_TABLE_HEADER, msg);
    sei_table_free(table);
    return st;
}
