/*
 * export_xlsx.c - Excel workbooks by libxlsxwriter, which keeps one row in memory (constant_memory)
 *
 * Times are Excel's day numbers in Japan's time; texts are never formulas. A sheet holds 2^20 rows; the rest goes on in
 * the next sheet.
 */
#include <stdio.h>
#include <xlsxwriter.h>

#include "server/export.h"

enum { ROWS_MAX = 1 << 20 };

struct sei_export {
    sei_ctx       *ctx;
    lxw_workbook  *book;
    lxw_worksheet *sheet;
    lxw_format    *head, *time;
    lxw_row_t      row;
    int            n_sheets;
    bool           is_corrected;
};

static sei_status failed(const sei_export *out, lxw_error code)
{
    return sei_fail(out->ctx, SEI_E_IO, NULL, "cannot write the workbook: %s", lxw_strerror(code));
}

static sei_status add_sheet(sei_export *out)
{
    char name[32];

    out->n_sheets++;
    snprintf(name, sizeof name, out->n_sheets == 1 ? "observations" : "observations %d",
             out->n_sheets);
    out->sheet = workbook_add_worksheet(out->book, name);
    if (!out->sheet)
        return SEI_E_NOMEM;
    worksheet_set_column(out->sheet, 0, 0, 19, NULL);
    worksheet_freeze_panes(out->sheet, 1, 0);
    lxw_error       code = LXW_NO_ERROR;
    const lxw_col_t n    = out->is_corrected ? SEI_EXPORT_COLUMNS : SEI_EXPORT_RAW_COLUMNS;
    for (lxw_col_t i = 0; i < n && code == LXW_NO_ERROR; i++)
        code = worksheet_write_string(out->sheet, 0, i, sei_export_columns[i], out->head);
    out->row = 1;
    return code == LXW_NO_ERROR ? SEI_OK : failed(out, code);
}

static sei_status open_xlsx(sei_ctx *ctx, const char *path, bool is_corrected, sei_export **ret_out)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    sei_export          *out     = sei_alloc(ctx, 1, sizeof *out);

    if (!out)
        return SEI_E_NOMEM;
    out->ctx          = ctx;
    out->is_corrected = is_corrected;
    out->book         = workbook_new_opt(path, &options);
    if (!out->book) {
        sei_release(ctx, out);
        return SEI_E_NOMEM;
    }
    out->head = workbook_add_format(out->book);
    out->time = workbook_add_format(out->book);
    format_set_bold(out->head);
    format_set_num_format(out->time, "yyyy-mm-dd hh:mm:ss");
    const sei_status st = add_sheet(out);
    if (st != SEI_OK) {
        lxw_workbook_free(out->book);
        sei_release(ctx, out);
        return st;
    }
    *ret_out = out;
    return SEI_OK;
}

/* Days since 1899-12-30 (Excel's 1900 system from March 1900 on) in Japan's time. */
static double day_number(int64_t time_us)
{
    return 25569.0 + (double)(time_us + SEI_JST_OFFSET) / (double)SEI_US_PER_DAY;
}

static lxw_error put_text(const sei_export *out, lxw_col_t column, const char *text)
{
    return text[0] ? worksheet_write_string(out->sheet, out->row, column, text, NULL)
                   : LXW_NO_ERROR;
}

static lxw_error put_value(const sei_export *out, lxw_col_t column, const sei_point *p)
{
    return p->kind != SEI_POINT_MISSING
               ? worksheet_write_number(out->sheet, out->row, column, p->value, NULL)
               : LXW_NO_ERROR;
}

static lxw_error put_judgement(const sei_export *out, const sei_judgement *j)
{
    lxw_error code =
        j->flag > 0 ? worksheet_write_number(out->sheet, out->row, 6, j->flag, NULL) : LXW_NO_ERROR;

    if (code == LXW_NO_ERROR)
        code = put_text(out, 7, j->flag_by);
    if (code == LXW_NO_ERROR)
        code = put_text(out, 8, j->grade);
    if (code == LXW_NO_ERROR)
        code = put_text(out, 9, j->approval);
    if (code == LXW_NO_ERROR && out->is_corrected)
        code = put_value(out, 10, &j->corrected);
    if (code == LXW_NO_ERROR && out->is_corrected)
        code = put_text(out, 11, sei_point_kind_word(j->corrected.kind));
    return code;
}

static lxw_error put_row(sei_export *out, const sei_export_label *l, const sei_point *p,
                         const sei_judgement *j)
{
    lxw_worksheet *s    = out->sheet;
    lxw_error      code = worksheet_write_number(s, out->row, 0, day_number(p->time_us), out->time);

    if (code == LXW_NO_ERROR)
        code = put_text(out, 1, l->station);
    if (code == LXW_NO_ERROR)
        code = put_text(out, 2, l->key);
    if (code == LXW_NO_ERROR)
        code = put_value(out, 3, p);
    if (code == LXW_NO_ERROR)
        code = put_text(out, 4, l->unit);
    if (code == LXW_NO_ERROR)
        code = put_text(out, 5, sei_point_kind_word(p->kind));
    if (code == LXW_NO_ERROR)
        code = put_judgement(out, j);
    out->row++;
    return code;
}

static sei_status put_xlsx(sei_export *out, const sei_export_label *l, const sei_points *points,
                           const sei_judgement judgements[])
{
    for (size_t i = 0; i < points->n; i++) {
        const sei_status st = out->row < ROWS_MAX ? SEI_OK : add_sheet(out);
        if (st != SEI_OK)
            return st;
        const lxw_error code = put_row(out, l, &points->at[i], &judgements[i]);
        if (code != LXW_NO_ERROR)
            return failed(out, code);
    }
    return SEI_OK;
}

static sei_status close_xlsx(sei_export *out)
{
    sei_ctx         *ctx  = out->ctx;
    const lxw_error  code = workbook_close(out->book);
    const sei_status st   = code == LXW_NO_ERROR ? SEI_OK : failed(out, code);

    sei_release(ctx, out);
    return st;
}

const sei_export_format sei_export_xlsx = {
    "xlsx",
    "observations.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    open_xlsx,
    put_xlsx,
    close_xlsx};
