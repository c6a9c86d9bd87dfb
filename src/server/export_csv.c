/* export_csv.c - UTF-8 with byte order mark and CR LF, as spreadsheets in Japan expect it */
#include <errno.h>
#include <stdio.h>

#include "seiryu/water.h"
#include "server/export.h"

struct sei_export {
    sei_ctx *ctx;
    FILE    *file;
    bool     is_corrected;
};

const char *const sei_export_columns[SEI_EXPORT_COLUMNS] = {
    "time", "station", "channel", "value",    "unit",      "kind",
    "flag", "flag_by", "grade",   "approval", "corrected", "corrected_kind"};

/* What the writer holds goes to the file, and the writer with it. */
static sei_status flush(sei_export *out, sei_table_writer *w)
{
    size_t      len  = 0;
    sei_status  st   = sei_table_writer_status(w);
    const char *text = sei_table_writer_text(w, &len);

    if (st == SEI_OK && fwrite(text, 1, len, out->file) != len)
        st = sei_fail(out->ctx, SEI_E_IO, NULL, "cannot write the export: is /tmp full?");
    sei_table_writer_free(w);
    return st;
}

static sei_status open_csv(sei_ctx *ctx, const char *path, bool is_corrected, sei_export **ret_out)
{
    const sei_table_format format = {.crlf = true, .bom = true};
    sei_table_writer      *w      = NULL;
    sei_export            *out    = sei_alloc(ctx, 1, sizeof *out);

    if (!out)
        return SEI_E_NOMEM;
    out->ctx          = ctx;
    out->is_corrected = is_corrected;
    out->file         = fopen(path, "wb");
    sei_status st     = out->file ? sei_table_writer_create(ctx, &format, &w)
                                  : sei_fail(ctx, SEI_E_IO, NULL, "cannot make %.200s", path);
    if (st == SEI_OK) {
        for (size_t i = 0; i < (is_corrected ? SEI_EXPORT_COLUMNS : SEI_EXPORT_RAW_COLUMNS); i++)
            sei_table_put_text(w, sei_export_columns[i]);
        sei_table_end_row(w);
        st = flush(out, w);
    }
    if (st == SEI_OK) {
        *ret_out = out;
        return SEI_OK;
    }
    if (out->file)
        fclose(out->file);
    sei_release(ctx, out);
    return st;
}

static void put_value(sei_table_writer *w, const sei_point *p)
{
    if (p->kind == SEI_POINT_MISSING)
        sei_table_put_empty(w);
    else
        sei_table_put_number(w, p->value, 0);
}

static void put_judgement(sei_table_writer *w, const sei_judgement *j, bool is_corrected)
{
    if (j->flag > 0)
        sei_table_put_int(w, j->flag);
    else
        sei_table_put_empty(w);
    sei_table_put_text(w, j->flag_by);
    sei_table_put_text(w, j->grade);
    sei_table_put_text(w, j->approval);
    if (!is_corrected)
        return;
    put_value(w, &j->corrected);
    sei_table_put_text(w, sei_point_kind_word(j->corrected.kind));
}

static sei_status put_csv(sei_export *out, const sei_export_label *l, const sei_points *points,
                          const sei_judgement judgements[])
{
    const sei_table_format format = {.crlf = true};
    sei_table_writer      *w      = NULL;
    const sei_status       st     = sei_table_writer_create(out->ctx, &format, &w);

    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < points->n; i++) {
        const sei_point *p = &points->at[i];
        sei_table_put_time(w, p->time_us, SEI_JST_OFFSET);
        sei_table_put_text(w, l->station);
        sei_table_put_text(w, l->key);
        put_value(w, p);
        sei_table_put_text(w, l->unit);
        sei_table_put_text(w, sei_point_kind_word(p->kind));
        put_judgement(w, &judgements[i], out->is_corrected);
        sei_table_end_row(w);
    }
    return flush(out, w);
}

static sei_status close_csv(sei_export *out)
{
    sei_ctx         *ctx  = out->ctx;
    const bool       good = fclose(out->file) == 0;
    const sei_status st =
        good ? SEI_OK : sei_fail(ctx, SEI_E_IO, NULL, "cannot write the export: is /tmp full?");

    sei_release(ctx, out);
    return st;
}

const sei_export_format sei_export_csv = {
    "csv", "observations.csv", "text/csv; charset=utf-8", open_csv, put_csv, close_csv};
