/* table_answer.c - rows of JSON as a CSV file */
#include "server/table_answer.h"

#include <stdlib.h>
#include <string.h>

#include "server/table_cell.h"

bool sei_wants_table(const sei_request *req)
{
    const char *format = sei_query(req, "format");

    return format && strcmp(format, "csv") == 0;
}

sei_status sei_put_safe_text(sei_ctx *ctx, sei_table_writer *w, const char *text)
{
    sei_buf safe;

    if (!text[0] || !strchr("=+-@\t\r", text[0])) {
        sei_table_put_text(w, text);
        return SEI_OK;
    }
    sei_buf_init(&safe, ctx, strlen(text) + 16);
    sei_buf_putc(&safe, '\'');
    sei_buf_puts(&safe, text);
    if (safe.status == SEI_OK)
        sei_table_put_text(w, safe.text);
    const sei_status st = safe.status;
    sei_buf_done(&safe);
    return st;
}

static sei_status put_cell(sei_request *req, sei_table_writer *w, sei_cell_kind kind,
                           const json_t *value)
{
    sei_status st = SEI_OK;

    if (!value || json_is_null(value))
        sei_table_put_empty(w);
    else if (kind == SEI_CELL_TIME)
        sei_table_put_time(w, json_integer_value(value), SEI_JST_OFFSET);
    else if (kind == SEI_CELL_NUMBER)
        sei_table_put_number(w, json_number_value(value), 0);
    else
        st = sei_put_safe_text(req->ctx, w,
                               json_string_value(value) ? json_string_value(value) : "");
    return st;
}

static sei_status put_rows(sei_request *req, sei_table_writer *w, size_t n,
                           const sei_table_column columns[], const json_t *rows)
{
    json_t    *row;
    size_t     i;
    sei_status st = SEI_OK;

    for (i = 0; i < n; i++)
        sei_table_put_text(w, columns[i].head);
    sei_table_end_row(w);
    json_array_foreach((json_t *)(uintptr_t)rows, i, row)
    {
        for (size_t k = 0; k < n && st == SEI_OK; k++)
            st = put_cell(req, w, columns[k].kind, json_object_get(row, columns[k].key));
        sei_table_end_row(w);
    }
    return st == SEI_OK ? sei_table_writer_status(w) : st;
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
    st               = put_rows(req, w, n, columns, rows);
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
