/* table_answer.c - rows of JSON as a CSV file */
#include "server/table_answer.h"

#include <stdlib.h>
#include <string.h>

#include "seiryu/water.h"

bool sei_wants_table(const sei_request *req)
{
    const char *format = sei_query(req, "format");

    return format && strcmp(format, "csv") == 0;
}

static void put_cell(sei_table_writer *w, sei_cell_kind kind, const json_t *value)
{
    if (!value || json_is_null(value))
        sei_table_put_empty(w);
    else if (kind == SEI_CELL_TIME)
        sei_table_put_time(w, json_integer_value(value), SEI_JST_OFFSET);
    else if (kind == SEI_CELL_NUMBER)
        sei_table_put_number(w, json_number_value(value), 0);
    else
        sei_table_put_text(w, json_string_value(value) ? json_string_value(value) : "");
}

static void put_rows(sei_table_writer *w, size_t n, const sei_table_column columns[],
                     const json_t *rows)
{
    json_t *row;
    size_t  i;

    for (i = 0; i < n; i++)
        sei_table_put_text(w, columns[i].head);
    sei_table_end_row(w);
    json_array_foreach((json_t *)(uintptr_t)rows, i, row)
    {
        for (size_t k = 0; k < n; k++)
            put_cell(w, columns[k].kind, json_object_get(row, columns[k].key));
        sei_table_end_row(w);
    }
}

sei_status sei_answer_table(sei_request *req, size_t n, const sei_table_column columns[],
                            const json_t *rows, const char *file_name)
{
    const sei_table_format format = {.crlf = true, .bom = true};
    sei_table_writer      *w      = NULL;
    size_t                 len    = 0;
    sei_status             st     = sei_table_writer_create(req->ctx, &format, &w);

    if (st != SEI_OK)
        return st;
    put_rows(w, n, columns, rows);
    st               = sei_table_writer_status(w);
    const char *text = st == SEI_OK ? sei_table_writer_text(w, &len) : "";
    char       *copy = malloc(len + 1);
    if (st == SEI_OK && copy) {
        memcpy(copy, text, len);
        sei_answer_bytes(req, copy, len, "text/csv; charset=utf-8");
        req->file_name = file_name;
    } else {
        free(copy);
        st = st == SEI_OK ? SEI_E_NOMEM : st;
    }
    sei_table_writer_free(w);
    return st;
}
