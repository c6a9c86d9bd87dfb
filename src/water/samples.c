/* samples.c - rows of a table to analyses: meaning of the columns, times, values, flags */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "water/date.h"
#include "water/headers.h"
#include "water/table.h"

#define NO_COLUMN ((size_t)-1)

typedef struct {
    sei_quantity_column what;
    size_t              value, loq, qc; /* columns of the table */
    sei_quantity_column loq_what;       /* the LOQ may stand in another unit */
} measured_column;

struct sei_samples {
    sei_ctx             *ctx;
    sei_arena            arena;
    size_t               n, n_columns;
    bool                 has_time;
    sei_quantity_column *columns;
    sei_value           *values; /* values[i * n_columns + column] */
    int64_t             *time_us;
    size_t              *line;
    const char         **point;
};

/* What the header row means. */
typedef struct {
    const sei_table        *table;
    const sei_read_options *options;
    measured_column        *measured;
    size_t                  n_measured;
    size_t                  date, clock, point;
} plan;

void sei_samples_free(sei_samples *samples)
{
    if (!samples)
        return;
    sei_ctx *ctx = samples->ctx;
    sei_release(ctx, samples->columns);
    sei_release(ctx, samples->values);
    sei_release(ctx, samples->time_us);
    sei_release(ctx, samples->line);
    sei_release(ctx, samples->point);
    sei_arena_done(&samples->arena);
    sei_release(ctx, samples);
}

size_t sei_samples_count(const sei_samples *samples)
{
    return samples->n;
}

size_t sei_samples_n_columns(const sei_samples *samples)
{
    return samples->n_columns;
}

const sei_quantity_column *sei_samples_column(const sei_samples *samples, size_t column)
{
    return column < samples->n_columns ? &samples->columns[column] : NULL;
}

sei_sample sei_samples_at(const sei_samples *samples, size_t i)
{
    return (sei_sample){
        .time_us  = samples->time_us[i],
        .has_time = samples->has_time,
        .point    = samples->point[i],
        .line     = samples->line[i],
        .values   = samples->values + i * samples->n_columns,
    };
}

bool sei_samples_find(const sei_samples *samples, const char *quantity_key, sei_fraction fraction,
                      size_t *ret_column)
{
    const sei_quantity *quantity = sei_quantity_find(quantity_key);

    for (size_t i = 0; quantity && i < samples->n_columns; i++) {
        if (samples->columns[i].quantity == quantity && samples->columns[i].fraction == fraction) {
            *ret_column = i;
            return true;
        }
    }
    return false;
}

/* ---- the header row ---- */

static measured_column *find_measured(plan *p, const sei_quantity_column *what)
{
    for (size_t i = 0; i < p->n_measured; i++)
        if (p->measured[i].what.quantity == what->quantity &&
            p->measured[i].what.fraction == what->fraction)
            return &p->measured[i];
    return NULL;
}

static sei_status given_twice(sei_ctx *ctx, const plan *p, size_t first, size_t second)
{
    return sei_table_fail(ctx, p->table, SEI_E_DUPLICATE, SEI_TABLE_HEADER, second,
                          "means the same as column '%s'; keep one of them",
                          sei_table_header(p->table, first));
}

static sei_status take_value(sei_ctx *ctx, plan *p, size_t column, const sei_column *meaning)
{
    const measured_column *same = find_measured(p, &meaning->measured);

    if (same)
        return given_twice(ctx, p, same->value, column);
    p->measured[p->n_measured++] =
        (measured_column){meaning->measured, column, NO_COLUMN, NO_COLUMN, meaning->measured};
    return SEI_OK;
}

/* "date" beside "time": the second is the time of day. */
static sei_status take_time(sei_ctx *ctx, plan *p, size_t column)
{
    if (p->date == NO_COLUMN) {
        p->date = column;
        return SEI_OK;
    }
    const bool old_is_date = sei_equal_nocase(sei_table_header(p->table, p->date), "date");
    const bool new_is_date = sei_equal_nocase(sei_table_header(p->table, column), "date");
    if (old_is_date == new_is_date || p->clock != NO_COLUMN)
        return given_twice(ctx, p, p->date, column);
    p->clock = old_is_date ? column : p->date;
    p->date  = old_is_date ? p->date : column;
    return SEI_OK;
}

static sei_status take_clock(sei_ctx *ctx, plan *p, size_t column)
{
    if (p->clock != NO_COLUMN)
        return given_twice(ctx, p, p->clock, column);
    p->clock = column;
    return SEI_OK;
}

static sei_status take_text(sei_ctx *ctx, plan *p, size_t column, const sei_column *meaning)
{
    const bool point = strcmp(meaning->text_key, "point") == 0;

    if (!point && strcmp(meaning->text_key, "station") != 0)
        return SEI_OK;
    if (p->point != NO_COLUMN && point)
        return given_twice(ctx, p, p->point, column);
    if (p->point == NO_COLUMN)
        p->point = column;
    return SEI_OK;
}

/* Ties LOQ and QC columns to that of the values; they may stand before it. */
static sei_status take_companion(sei_ctx *ctx, plan *p, size_t column, const sei_column *meaning)
{
    measured_column *m = find_measured(p, &meaning->measured);

    if (!m)
        return sei_table_fail(ctx, p->table, SEI_E_MISSING, SEI_TABLE_HEADER, column,
                              "no column holds the values that it belongs to");
    size_t *slot = meaning->kind == SEI_COLUMN_QC ? &m->qc : &m->loq;
    if (*slot != NO_COLUMN)
        return given_twice(ctx, p, *slot, column);
    *slot = column;
    if (meaning->kind == SEI_COLUMN_LOQ)
        m->loq_what = meaning->measured;
    return SEI_OK;
}

static sei_status resolve(sei_ctx *ctx, const plan *p, size_t column, sei_column *ret_meaning)
{
    const sei_where where  = sei_table_where(p->table, SEI_TABLE_HEADER);
    const char     *header = sei_table_header(p->table, column);
    char            message[SEI_NAME_MESSAGE_MAX], shown[SEI_SHOWN_MAX];

    const sei_status st = sei_headers_meaning(p->options->headers, header, ret_meaning, message);
    if (st == SEI_E_KEY && p->options->skip_unknown) {
        sei_shown(shown, header);
        sei_warn(ctx, &where, "column '%s' is left out: %s", shown, message);
        *ret_meaning = (sei_column){.kind = SEI_COLUMN_TEXT, .text_key = ""};
        return SEI_OK;
    }
    return st == SEI_OK
               ? SEI_OK
               : sei_table_fail(ctx, p->table, st, SEI_TABLE_HEADER, column, "%s", message);
}

/* pass 0 takes what stands for itself, pass 1 the companions. */
static sei_status take_column(sei_ctx *ctx, plan *p, size_t column, int pass)
{
    sei_column meaning;
    sei_status st = resolve(ctx, p, column, &meaning);

    if (st != SEI_OK)
        return st;
    const bool companion = meaning.kind == SEI_COLUMN_LOQ || meaning.kind == SEI_COLUMN_QC;
    if (companion != (pass == 1))
        return SEI_OK;
    switch (meaning.kind) {
    case SEI_COLUMN_VALUE: return take_value(ctx, p, column, &meaning);
    case SEI_COLUMN_TIME: return take_time(ctx, p, column);
    case SEI_COLUMN_CLOCK: return take_clock(ctx, p, column);
    case SEI_COLUMN_TEXT: return take_text(ctx, p, column, &meaning);
    case SEI_COLUMN_LOQ:
    case SEI_COLUMN_QC: return take_companion(ctx, p, column, &meaning);
    }
    return SEI_E_INTERNAL;
}

static sei_status read_header(sei_ctx *ctx, plan *p)
{
    const size_t n  = sei_table_n_columns(p->table);
    sei_status   st = SEI_OK;

    p->date = p->clock = p->point = NO_COLUMN;
    p->measured                   = sei_alloc(ctx, n, sizeof *p->measured);
    if (!p->measured)
        return SEI_E_NOMEM;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n && st == SEI_OK; i++)
            st = take_column(ctx, p, i, pass);
    if (st != SEI_OK)
        return st;
    const sei_where where = sei_table_where(p->table, SEI_TABLE_HEADER);
    if (p->date == NO_COLUMN && p->clock != NO_COLUMN)
        return sei_fail(ctx, SEI_E_MISSING, &where, "there is a time of day but no date column");
    if (p->date == NO_COLUMN && p->options->needs_time)
        return sei_fail(ctx, SEI_E_MISSING, &where, "no time column; name it 'time' or 'date'");
    if (p->n_measured == 0)
        return sei_fail(ctx, SEI_E_MISSING, &where, "no column of a quantity, such as 'zn_mg_l'");
    return SEI_OK;
}

/* ---- the rows ---- */

static sei_status read_time(sei_ctx *ctx, const plan *p, size_t row, int64_t *ret_time_us)
{
    const char *date  = sei_table_cell(p->table, row, p->date);
    const char *clock = p->clock == NO_COLUMN ? "" : sei_table_cell(p->table, row, p->clock);

    if (p->clock == NO_COLUMN || sei_trim(sei_slice_of(date)).len == 0)
        return sei_table_time(ctx, p->table, row, p->date, p->options->offset_us, ret_time_us);
    if (sei_date_parse(date, clock, p->options->offset_us, ret_time_us))
        return SEI_OK;
    if (sei_date_parse(date, "", p->options->offset_us, ret_time_us))
        return sei_table_fail(ctx, p->table, SEI_E_TYPE, row, p->clock,
                              "not a time of day; write 9:30 or 9時30分");
    return sei_table_fail(ctx, p->table, SEI_E_TYPE, row, p->date, "%s", SEI_DATE_HELP);
}

/* A LOQ cell says what "ND" means, and that smaller numbers are below it. */
static sei_status apply_loq(sei_ctx *ctx, const plan *p, const measured_column *m, size_t row,
                            sei_value *value)
{
    sei_value  loq;
    sei_status st = sei_table_value(ctx, p->table, row, m->loq, &m->loq_what, &loq);

    if (st != SEI_OK || loq.qc == SEI_QC_MISSING || value->qc == SEI_QC_MISSING)
        return st;
    if (loq.value_si <= 0 || loq.qc == SEI_QC_BELOW_LOQ)
        return sei_table_fail(ctx, p->table, SEI_E_RANGE, row, m->loq,
                              "the limit of quantification must be a number above 0");
    if (value->loq_si > 0)
        return SEI_OK; /* "<0.005" says it itself */
    value->loq_si = loq.value_si;
    if (value->qc == SEI_QC_BELOW_LOQ || value->value_si < loq.value_si)
        *value = (sei_value){loq.value_si, loq.value_si, SEI_QC_BELOW_LOQ};
    return SEI_OK;
}

static sei_status apply_qc(sei_ctx *ctx, const plan *p, const measured_column *m, size_t row,
                           sei_value *value)
{
    const sei_slice cell = sei_trim(sei_slice_of(sei_table_cell(p->table, row, m->qc)));
    sei_qc          qc;

    if (cell.len == 0 || value->qc == SEI_QC_MISSING)
        return SEI_OK;
    if (!sei_qc_find(sei_table_cell(p->table, row, m->qc), &qc))
        return sei_table_fail(ctx, p->table, SEI_E_KEY, row, m->qc,
                              "must be GOOD, SUSPECT, BAD, ESTIMATED, BELOW_LOQ or MISSING");
    if (qc == SEI_QC_MISSING)
        *value = (sei_value){0, 0, SEI_QC_MISSING};
    else if (qc == SEI_QC_BELOW_LOQ && value->qc != SEI_QC_BELOW_LOQ)
        *value = (sei_value){value->value_si, value->value_si, qc};
    else if (value->qc != SEI_QC_BELOW_LOQ || qc == SEI_QC_BAD)
        value->qc = qc; /* GOOD beside "<0.005" says nothing new */
    return SEI_OK;
}

static sei_status read_values(sei_ctx *ctx, const plan *p, size_t row, sei_value *values)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < p->n_measured && st == SEI_OK; i++) {
        const measured_column *m = &p->measured[i];
        st = sei_table_value(ctx, p->table, row, m->value, &m->what, &values[i]);
        if (st == SEI_OK && m->loq != NO_COLUMN)
            st = apply_loq(ctx, p, m, row, &values[i]);
        if (st == SEI_OK && m->qc != NO_COLUMN)
            st = apply_qc(ctx, p, m, row, &values[i]);
    }
    return st;
}

static const char *point_of(sei_samples *s, const plan *p, size_t row)
{
    const char *point = p->point == NO_COLUMN ? "" : sei_table_cell(p->table, row, p->point);

    if (s->n > 0 && strcmp(s->point[s->n - 1], point) == 0)
        return s->point[s->n - 1];
    return sei_arena_strdup(&s->arena, point);
}

static sei_status read_rows(sei_ctx *ctx, const plan *p, sei_samples *s)
{
    for (size_t row = 0; row < sei_table_n_rows(p->table); row++) {
        const char *point = point_of(s, p, row);
        if (!point)
            return SEI_E_NOMEM;
        if (p->options->point && strcmp(point, p->options->point) != 0)
            continue;
        s->point[s->n] = point;
        s->line[s->n]  = sei_table_where(p->table, row).line;
        sei_status st  = s->has_time ? read_time(ctx, p, row, &s->time_us[s->n]) : SEI_OK;
        if (st == SEI_OK)
            st = read_values(ctx, p, row, s->values + s->n * s->n_columns);
        if (st != SEI_OK)
            return st;
        s->n++;
    }
    return SEI_OK;
}

static sei_status check_point(sei_ctx *ctx, const plan *p, const sei_samples *s)
{
    const sei_where where = sei_table_where(p->table, SEI_TABLE_HEADER);

    if (!p->options->point)
        return SEI_OK;
    if (p->point == NO_COLUMN)
        return sei_fail(ctx, SEI_E_MISSING, &where,
                        "point '%s' is asked for, but there is no column "
                        "'point'",
                        p->options->point);
    if (s->n == 0)
        return sei_fail(ctx, SEI_E_NOT_FOUND, &where, "no row of the point '%s'",
                        p->options->point);
    return SEI_OK;
}

static sei_status make_room(sei_ctx *ctx, const plan *p, sei_samples *s)
{
    const size_t n = sei_table_n_rows(p->table) + 1;

    s->n_columns = p->n_measured;
    s->has_time  = p->date != NO_COLUMN;
    s->columns   = sei_alloc(ctx, s->n_columns, sizeof *s->columns);
    s->values    = sei_alloc(ctx, n, s->n_columns * sizeof *s->values);
    s->time_us   = sei_alloc(ctx, n, sizeof *s->time_us);
    s->line      = sei_alloc(ctx, n, sizeof *s->line);
    s->point     = sei_alloc(ctx, n, sizeof *s->point);
    if (!s->columns || !s->values || !s->time_us || !s->line || !s->point)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < s->n_columns; i++)
        s->columns[i] = p->measured[i].what;
    return SEI_OK;
}

sei_status sei_samples_from_table(sei_ctx *ctx, const sei_table *table,
                                  const sei_read_options *options, sei_samples **ret_samples)
{
    const sei_read_options defaults = SEI_READ_DEFAULTS;
    plan                   p        = {.table = table, .options = options ? options : &defaults};
    sei_samples           *s        = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    s->ctx = ctx;
    sei_arena_init(&s->arena, ctx);
    sei_status st = read_header(ctx, &p);
    if (st == SEI_OK)
        st = make_room(ctx, &p, s);
    if (st == SEI_OK)
        st = read_rows(ctx, &p, s);
    if (st == SEI_OK)
        st = check_point(ctx, &p, s);
    sei_release(ctx, p.measured);
    if (st != SEI_OK)
        goto done;

    *ret_samples = s;
    s            = NULL;
done:
    sei_samples_free(s);
    return st;
}
