/* result_series.c - series.csv and compliance.csv: the water at the watched points */
#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "study/result_parts.h"
#include "study/result_words.h"

sei_status sei_save_csv(sei_ctx *ctx, sei_table_writer *writer, const char *folder,
                        const char *name)
{
    char      *path = sei_path_join(ctx, folder, name);
    sei_status st   = path ? sei_table_writer_save(writer, path) : SEI_E_NOMEM;

    sei_release(ctx, path);
    sei_table_writer_free(writer);
    return st;
}

sei_status sei_remove_csv(sei_ctx *ctx, const char *folder, const char *name)
{
    char      *path = sei_path_join(ctx, folder, name);
    sei_status st   = path ? SEI_OK : SEI_E_NOMEM;

    if (path && unlink(path) != 0 && errno != ENOENT)
        st = sei_fail(ctx, SEI_E_IO, NULL, "%s is of an earlier run and cannot be removed", path);
    sei_release(ctx, path);
    return st;
}

static void put_header(sei_table_writer *w)
{
    static const char *const headers[] = {"time", "point", "quantity", "fraction", "value", "unit"};

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        sei_table_put_text(w, headers[i]);
    sei_table_end_row(w);
}

static void put_row(sei_table_writer *w, const sei_digest *d, size_t time, size_t watch,
                    size_t column)
{
    const sei_result          *r = d->result;
    const sei_quantity_column *c = &r->columns[column];
    double                     si;

    sei_table_put_time(w, r->time_us[time], r->site->utc_offset_us);
    sei_table_put_text(w, r->watches[watch].key);
    sei_table_put_text(w, c->quantity->key);
    sei_table_put_text(w, c->quantity->fractions ? sei_fraction_key(c->fraction) : "");
    if (sei_digest_value(d, time, watch, column, &si))
        sei_table_put_number(w, sei_column_shown(c, si), SEI_CSV_DIGITS);
    else
        sei_table_put_empty(w);
    sei_table_put_text(w, sei_column_unit(c));
    sei_table_end_row(w);
}

sei_status sei_save_series(const sei_digest *d, const char *folder)
{
    const sei_result *r  = d->result;
    sei_table_writer *w  = NULL;
    const sei_status  st = sei_table_writer_create(d->ctx, NULL, &w);

    if (st != SEI_OK)
        return st;
    put_header(w);
    for (size_t t = 0; t < r->n_times && sei_table_writer_status(w) == SEI_OK; t++)
        for (size_t p = 0; p < r->n_watches; p++)
            for (size_t c = 0; c < r->n_columns; c++)
                put_row(w, d, t, p, c);
    return sei_save_csv(d->ctx, w, folder, "series.csv");
}

/* Fiscal years first: by them the discharge is judged in Japan. */
sei_status sei_save_compliance(const sei_digest *d, const char *folder)
{
    sei_table_writer *w  = NULL;
    const sei_status  st = sei_table_writer_create(d->ctx, NULL, &w);

    if (st != SEI_OK)
        return st;
    sei_compliance_put_header(w);
    for (size_t c = 0; c < d->result->n_columns; c++) {
        sei_compliance_put(w, d->fiscal[c].n, d->fiscal[c].results);
        sei_compliance_put(w, d->calendar[c].n, d->calendar[c].results);
    }
    return sei_save_csv(d->ctx, w, folder, "compliance.csv");
}
