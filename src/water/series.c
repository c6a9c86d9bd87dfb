/* series.c - time series: building them, and reading them from a table */
#include <string.h>

#include "base/clock.h"
#include "seiryu/water.h"

enum { FIRST_SIZE = 64 };

void sei_series_free(sei_series *series)
{
    if (!series)
        return;
    sei_ctx *ctx = series->ctx;
    sei_release(ctx, series->time_us);
    sei_release(ctx, series->value_si);
    sei_release(ctx, series->loq_si);
    sei_release(ctx, series->qc);
    sei_release(ctx, series);
}

static bool grow(sei_ctx *ctx, void **array, size_t size, size_t item)
{
    void *grown = sei_resize(ctx, *array, size, item);

    if (grown)
        *array = grown;
    return grown != NULL;
}

/* Each array grows by itself; size changes only when all of them have grown. */
static sei_status reserve(sei_series *s, size_t size)
{
    void *time = s->time_us, *value = s->value_si, *loq = s->loq_si, *qc = s->qc;

    const bool good = grow(s->ctx, &time, size, sizeof *s->time_us) &&
                      grow(s->ctx, &value, size, sizeof *s->value_si) &&
                      grow(s->ctx, &loq, size, sizeof *s->loq_si) &&
                      grow(s->ctx, &qc, size, sizeof *s->qc);
    s->time_us  = time;
    s->value_si = value;
    s->loq_si   = loq;
    s->qc       = qc;
    s->size     = good ? size : s->size;
    return good ? SEI_OK : SEI_E_NOMEM;
}

sei_status sei_series_create(sei_ctx *ctx, const sei_quantity_column *column,
                             sei_series **ret_series)
{
    sei_series *s = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    s->ctx              = ctx;
    s->column           = *column;
    const sei_status st = reserve(s, FIRST_SIZE);
    if (st != SEI_OK) {
        sei_series_free(s);
        return st;
    }
    *ret_series = s;
    return SEI_OK;
}

sei_status sei_series_append(sei_series *s, int64_t time_us, sei_value value)
{
    char name[SEI_QUANTITY_NAME_MAX], then[SEI_TIME_MAX];

    if (s->n > 0 && time_us <= s->time_us[s->n - 1]) {
        const bool same = time_us == s->time_us[s->n - 1];
        sei_quantity_format_column(name, &s->column);
        sei_format_time(then, time_us, SEI_JST_OFFSET);
        return sei_fail(s->ctx, same ? SEI_E_DUPLICATE : SEI_E_RANGE, NULL,
                        same ? "series %s: time %s is given twice"
                             : "series %s: time %s is not after the last one",
                        name, then);
    }
    if (s->n == s->size) {
        const sei_status st = reserve(s, 2 * s->size);
        if (st != SEI_OK)
            return st;
    }
    s->time_us[s->n]  = time_us;
    s->value_si[s->n] = value.value_si;
    s->loq_si[s->n]   = value.loq_si;
    s->qc[s->n]       = (uint8_t)value.qc;
    s->n++;
    return SEI_OK;
}

sei_value sei_series_value(const sei_series *series, size_t i)
{
    return (sei_value){series->value_si[i], series->loq_si[i], (sei_qc)series->qc[i]};
}

void sei_series_set_free(sei_series_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; set->series && i < set->n; i++)
        sei_series_free(set->series[i]);
    sei_release(set->ctx, set->series);
    sei_release(set->ctx, set);
}

const sei_series *sei_series_set_find(const sei_series_set *set, const char *quantity_key,
                                      sei_fraction fraction)
{
    const sei_quantity *quantity = sei_quantity_find(quantity_key);

    for (size_t i = 0; quantity && i < set->n; i++)
        if (set->series[i]->column.quantity == quantity &&
            set->series[i]->column.fraction == fraction)
            return set->series[i];
    return NULL;
}

/* ---- from a table ---- */

static sei_status check_order(sei_ctx *ctx, const sei_table *table, const sei_samples *samples,
                              int64_t offset_us)
{
    char now[SEI_TIME_MAX], before[SEI_TIME_MAX];

    for (size_t i = 1; i < sei_samples_count(samples); i++) {
        const sei_sample a = sei_samples_at(samples, i - 1), b = sei_samples_at(samples, i);
        const sei_where  where = {sei_table_file(table), b.line, 0};
        sei_format_time(now, b.time_us, offset_us);
        sei_format_time(before, a.time_us, offset_us);
        if (b.time_us > a.time_us)
            continue;
        if (strcmp(a.point, b.point) != 0)
            return sei_fail(ctx, SEI_E_DUPLICATE, &where,
                            "rows of several points ('%s', '%s') in one series; choose one point",
                            a.point, b.point);
        if (b.time_us == a.time_us)
            return sei_fail(ctx, SEI_E_DUPLICATE, &where, "time %s stands in line %zu already", now,
                            a.line);
        return sei_fail(ctx, SEI_E_RANGE, &where,
                        "time %s lies before %s of line %zu; sort the rows by time", now, before,
                        a.line);
    }
    return SEI_OK;
}

static sei_status fill_series(sei_ctx *ctx, const sei_samples *samples, size_t column,
                              sei_series **ret_series)
{
    sei_series *s  = NULL;
    sei_status  st = sei_series_create(ctx, sei_samples_column(samples, column), &s);

    for (size_t i = 0; i < sei_samples_count(samples) && st == SEI_OK; i++) {
        const sei_sample sample = sei_samples_at(samples, i);
        st                      = sei_series_append(s, sample.time_us, sample.values[column]);
    }
    if (st != SEI_OK) {
        sei_series_free(s);
        return st;
    }
    *ret_series = s;
    return SEI_OK;
}

static sei_status make_set(sei_ctx *ctx, const sei_samples *samples, sei_series_set **ret_set)
{
    const size_t    n   = sei_samples_n_columns(samples);
    sei_series_set *set = sei_alloc(ctx, 1, sizeof *set);
    sei_status      st  = SEI_OK;

    if (!set)
        return SEI_E_NOMEM;
    set->ctx    = ctx;
    set->series = sei_alloc(ctx, n, sizeof(sei_series *));
    if (!set->series)
        st = SEI_E_NOMEM;
    while (st == SEI_OK && set->n < n) {
        st = fill_series(ctx, samples, set->n, &set->series[set->n]);
        if (st == SEI_OK)
            set->n++;
    }
    if (st != SEI_OK) {
        sei_series_set_free(set);
        return st;
    }
    *ret_set = set;
    return SEI_OK;
}

sei_status sei_series_from_table(sei_ctx *ctx, const sei_table *table,
                                 const sei_read_options *options, sei_series_set **ret_set)
{
    const sei_read_options defaults = SEI_READ_DEFAULTS;
    sei_read_options       use      = options ? *options : defaults;
    sei_samples           *samples  = NULL;

    use.needs_time = true;
    sei_status st  = sei_samples_from_table(ctx, table, &use, &samples);
    if (st == SEI_OK)
        st = check_order(ctx, table, samples, use.offset_us);
    if (st == SEI_OK)
        st = make_set(ctx, samples, ret_set);
    sei_samples_free(samples);
    return st;
}

sei_status sei_series_read(sei_ctx *ctx, const char *path, const sei_read_options *options,
                           sei_series_set **ret_set)
{
    sei_table *table = NULL;
    sei_status st    = sei_table_read(ctx, path, &table);

    if (st == SEI_OK)
        st = sei_series_from_table(ctx, table, options, ret_set);
    sei_table_free(table);
    return st;
}
