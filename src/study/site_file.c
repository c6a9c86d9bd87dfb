/* site_file.c - the CSV files that a site file names */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "study/site.h"

enum { FILES_MAX = 1000 };

void sei_site_keep_file(sei_site_reader *r, const char *path, const char *bytes, size_t len)
{
    sei_site *site = r->site;

    for (size_t i = 0; i < site->n_files; i++)
        if (strcmp(r->files[i].path, path) == 0)
            return;
    if (site->n_files == r->files_size) {
        const size_t   size  = r->files_size ? 2 * r->files_size : 8;
        sei_site_file *grown = size <= FILES_MAX ? sei_site_alloc(r, size, sizeof *grown) : NULL;
        if (!grown)
            return;
        if (site->n_files)
            memcpy(grown, r->files, site->n_files * sizeof *grown);
        r->files      = grown;
        r->files_size = size;
    }
    char *hex = sei_site_alloc(r, SEI_SHA256_HEX, 1);
    if (!hex)
        return;
    sei_sha256_hex(bytes, len, hex);
    r->files[site->n_files++] = (sei_site_file){path, hex};
}

static sei_status load(sei_site_reader *r, const char *path, const char *point,
                       sei_series_set **ret_set)
{
    sei_ctx         *ctx     = r->s.ctx;
    sei_read_options options = SEI_READ_DEFAULTS;
    char            *bytes   = NULL;
    size_t           len     = 0;
    sei_table       *table   = NULL;
    sei_status       st      = SEI_OK;

    if (!r->headers)
        st = sei_headers_load(ctx, NULL, &r->headers);
    if (st == SEI_OK)
        st = sei_file_read(ctx, path, SEI_TABLE_BYTES_MAX, &bytes, &len);
    if (st != SEI_OK)
        goto done;
    sei_site_keep_file(r, path, bytes, len);
    st = sei_table_parse(ctx, path, bytes, len, &table);
    if (st != SEI_OK)
        goto done;
    options.headers   = r->headers;
    options.offset_us = r->s.utc_offset_us;
    options.point     = point[0] ? point : NULL;
    st                = sei_series_from_table(ctx, table, &options, ret_set);
done:
    sei_table_free(table);
    sei_release(ctx, bytes);
    return st;
}

const sei_series_set *sei_site_read_series(sei_site_reader *r, const char *key_path,
                                           const sei_yaml *node, const char *path,
                                           const char *point)
{
    sei_owned  *owned = sei_site_own(r);
    struct stat info;

    if (!owned)
        return NULL;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) { /* a device or a pipe might never end */
        sei_schema_problem(&r->s, SEI_E_IO, node->line, "%s: %s is not a file", key_path, path);
        return NULL;
    }
    const sei_status st = load(r, path, point, &owned->set);
    if (st == SEI_OK)
        return owned->set;
    if (st == SEI_E_NOT_FOUND && strstr(sei_ctx_error(r->s.ctx), path))
        sei_schema_problem(&r->s, st, node->line, "%s: %s", key_path, sei_ctx_error(r->s.ctx));
    else
        sei_schema_take_error(&r->s, st);
    return NULL;
}

/* Value i of a series, in the unit of the quantity's range. */
static bool is_plausible(const sei_series *s, size_t i, double *ret_value)
{
    const sei_quantity *q     = s->column.quantity;
    const double        slack = 1e-9 * fmax(fabs(q->min), fabs(q->max));

    return s->qc[i] == SEI_QC_MISSING || s->qc[i] == SEI_QC_BAD ||
           !sei_quantity_from_si(q, sei_quantity_unit(q), s->value_si[i], ret_value) ||
           (*ret_value >= q->min - slack && *ret_value <= q->max + slack);
}

void sei_site_check_plausible(sei_site_reader *r, const char *key_path, size_t line,
                              const char *file, const sei_series *series)
{
    const sei_quantity *q    = series->column.quantity;
    const sei_unit     *unit = sei_quantity_unit(q);
    const char         *mark = unit ? unit->symbol : "";
    char                when[SEI_TIME_MAX], low[SEI_NUMBER_MAX], high[SEI_NUMBER_MAX];
    double              value = 0;

    for (size_t i = 0; i < series->n; i++) {
        if (is_plausible(series, i, &value))
            continue;
        sei_format_time(when, series->time_us[i], r->s.utc_offset_us);
        sei_format_double(low, q->min, 6);
        sei_format_double(high, q->max, 6);
        sei_schema_problem(
            &r->s, SEI_E_RANGE, line,
            "%s: %s: %s of %.6g%s%s at %s is outside %s..%s%s%s; correct it or leave "
            "the cell empty",
            key_path, file, q->key, value, mark[0] ? " " : "", mark, when, low, high,
            mark[0] ? " " : "", mark);
        return; /* one tells what is wrong with a column; the table's warnings name the others */
    }
}

const sei_series_curve *sei_site_make_curve(sei_site_reader *r, const sei_series *series,
                                            const sei_curve_options *options)
{
    sei_owned *owned = sei_site_own(r);

    if (!owned)
        return NULL;
    const sei_status st = sei_series_curve_create(r->s.ctx, series, options, &owned->curve);
    if (st != SEI_OK)
        sei_schema_take_error(&r->s, st);
    return owned->curve;
}
