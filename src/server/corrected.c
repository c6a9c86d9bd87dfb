/* corrected.c - values after their corrections */
#include "server/corrected.h"

#include <string.h>

enum { ROWS_MAX = 1000, CHART_POINTS = 4000000, DAY_S = 24 * 60 * 60 };

/* ---- rows ----------------------------------------------------------------------------------------------- */

static sei_status read_number(sei_ctx *ctx, const json_t *params, const char *key, bool is_needed,
                              double *ret_value)
{
    const json_t *value = json_object_get(params, key);

    if (!value && is_needed)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "params: %s is missing", key);
    if (value && !json_is_number(value))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "params: %s is no number", key);
    *ret_value = json_number_value(value);
    return SEI_OK;
}

/* Which numbers a kind needs. */
static bool needs(sei_correct_kind kind, char which)
{
    const bool both =
        kind == SEI_CORRECT_DRIFT || kind == SEI_CORRECT_PERCENT || kind == SEI_CORRECT_TWO_POINT;

    switch (which) {
    case 'a': return both || kind == SEI_CORRECT_OFFSET || kind == SEI_CORRECT_SCALE;
    case 'b': return both;
    case 'g': return kind == SEI_CORRECT_FILL;
    default: return kind == SEI_CORRECT_TWO_POINT;
    }
}

static sei_status check_row(sei_ctx *ctx, const sei_correction *row, double gap_s)
{
    if (!(gap_s >= 0 && gap_s <= 366.0 * DAY_S))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "params: max_gap_s %g is outside 0..366 days",
                        gap_s);
    if (row->kind == SEI_CORRECT_TWO_POINT && row->low == row->high)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "params: low and high are the same");
    return SEI_OK;
}

sei_status sei_correction_read(sei_ctx *ctx, const char *code, const json_t *params,
                               int64_t start_us, int64_t end_us, sei_correction *ret_row)
{
    sei_correction row   = {.from_us = start_us, .to_us = end_us - 1};
    double         gap_s = 0.0;

    if (!sei_correct_kind_find(code, &row.kind))
        return sei_fail(ctx, SEI_E_KEY, NULL, "there is no correction \"%.40s\"", code);
    sei_status st = read_number(ctx, params, "a", needs(row.kind, 'a'), &row.a);
    if (st == SEI_OK)
        st = read_number(ctx, params, "b", needs(row.kind, 'b'), &row.b);
    if (st == SEI_OK)
        st = read_number(ctx, params, "low", needs(row.kind, 'l'), &row.low);
    if (st == SEI_OK)
        st = read_number(ctx, params, "high", needs(row.kind, 'h'), &row.high);
    if (st == SEI_OK)
        st = read_number(ctx, params, "max_gap_s", needs(row.kind, 'g'), &gap_s);
    if (st == SEI_OK)
        st = check_row(ctx, &row, gap_s);
    row.max_gap_us = (int64_t)(gap_s * 1e6);
    if (st == SEI_OK)
        *ret_row = row;
    return st;
}

typedef struct {
    size_t         n;
    sei_correction rows[ROWS_MAX];
} row_list;

static sei_status take_row(sei_ctx *ctx, sei_stmt *stmt, row_list *list)
{
    json_t          *params = json_loads(sei_db_text(stmt, 3), 0, NULL);
    const sei_status st =
        sei_correction_read(ctx, sei_db_text(stmt, 2), params, sei_db_int(stmt, 0),
                            sei_db_int(stmt, 1), &list->rows[list->n]);

    json_decref(params);
    list->n += st == SEI_OK;
    return st;
}

/* Corrections that held at as_of_us and touch the span, in the order in which they were made. */
static sei_status read_rows(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                            int64_t as_of_us, row_list *list)
{
    sei_ctx   *ctx  = sei_store_ctx(store);
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT l.start_us, l.end_us, l.code, l.params FROM layer l LEFT JOIN layer u ON u.undoes ="
            " l.id WHERE l.channel_id = $1 AND l.kind = 'correction' AND l.undoes IS NULL AND l.end_us "
            ">"
            " $2 AND l.start_us < $3 AND l.made_us <= $4 AND (u.made_us IS NULL OR u.made_us > $5)"
            " ORDER BY l.id",
          SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(from_us), sei_bind_int(to_us),
                    sei_bind_int(as_of_us), sei_bind_int(as_of_us)),
          &stmt);

    list->n = 0;
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = list->n >= ROWS_MAX ? sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                                            "more than %d corrections in this span", ROWS_MAX)
                                 : take_row(ctx, stmt, list);
    sei_db_finish(stmt);
    return st;
}

/* ---- values --------------------------------------------------------------------------------------------- */

static void put_back(sei_points *points, const double value[], const uint8_t origin[])
{
    for (size_t i = 0; i < points->n; i++) {
        sei_point *p = &points->at[i];
        if (origin[i] == SEI_VALUE_DELETED ||
            (origin[i] == SEI_VALUE_MISSING && p->kind != SEI_POINT_OVER_RANGE)) {
            p->kind  = SEI_POINT_MISSING;
            p->value = 0.0;
        } else if (origin[i] == SEI_VALUE_FILLED || origin[i] == SEI_VALUE_CORRECTED) {
            p->kind  = p->kind == SEI_POINT_BELOW_LOQ ? SEI_POINT_BELOW_LOQ : SEI_POINT_VALUE;
            p->value = value[i];
        }
    }
}

/* sei_correct wants increasing times: of points with one time the last one counts. */
static void drop_twins(sei_points *points)
{
    size_t n = 0;

    for (size_t i = 0; i < points->n; i++) {
        if (n > 0 && points->at[n - 1].time_us == points->at[i].time_us)
            n--;
        points->at[n++] = points->at[i];
    }
    points->n = n;
}

static sei_status apply(sei_ctx *ctx, const row_list *list, sei_points *points)
{
    drop_twins(points);
    const size_t size    = points->n + 1;
    int64_t     *time_us = sei_alloc(ctx, size, sizeof *time_us);
    double      *value   = sei_alloc(ctx, 2 * size, sizeof *value);
    uint8_t     *missing = sei_alloc(ctx, 2 * size, 1);
    sei_status   st      = time_us && value && missing ? SEI_OK : SEI_E_NOMEM;

    for (size_t i = 0; i < points->n && st == SEI_OK; i++) {
        const sei_point *p = &points->at[i];
        time_us[i]         = p->time_us;
        value[i]           = p->value;
        missing[i]         = p->kind == SEI_POINT_MISSING || p->kind == SEI_POINT_OVER_RANGE;
    }
    if (st == SEI_OK) {
        const sei_qc_series series = {
            .n = points->n, .time_us = time_us, .value = value, .missing = missing};
        st = sei_correct(ctx, &series, list->n, list->rows, value + size, missing + size);
    }
    if (st == SEI_OK)
        put_back(points, value + size, missing + size);
    sei_release(ctx, time_us);
    sei_release(ctx, value);
    sei_release(ctx, missing);
    return st;
}

/* Filling looks at the values around a gap. */
static int64_t margin_of(const row_list *list)
{
    int64_t margin = 0;

    for (size_t i = 0; i < list->n; i++)
        if (list->rows[i].max_gap_us > margin)
            margin = list->rows[i].max_gap_us;
    return margin;
}

static void cut(sei_points *points, int64_t from_us, int64_t to_us)
{
    size_t n = 0;

    for (size_t i = 0; i < points->n; i++)
        if (points->at[i].time_us >= from_us && points->at[i].time_us < to_us)
            points->at[n++] = points->at[i];
    points->n = n;
}

static sei_status read_with(sei_store *store, const row_list *list, int64_t channel_id,
                            int64_t from_us, int64_t to_us, size_t max, sei_points *points)
{
    const int64_t margin = margin_of(list);
    sei_status    st =
        sei_store_read(store, channel_id, from_us - margin, to_us + margin, max, points);

    if (st == SEI_OK && list->n > 0)
        st = apply(sei_store_ctx(store), list, points);
    if (st == SEI_OK)
        cut(points, from_us, to_us);
    return st;
}

static sei_status with_rows(sei_store *store, row_list **ret_list)
{
    *ret_list = sei_alloc(sei_store_ctx(store), 1, sizeof **ret_list);
    return *ret_list ? SEI_OK : SEI_E_NOMEM;
}

sei_status sei_corrected_read(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                              int64_t as_of_us, size_t max, sei_points *points)
{
    row_list  *list = NULL;
    sei_points own; /* what is in points already is of other spans */
    sei_status st = with_rows(store, &list);

    sei_points_init(&own, sei_store_ctx(store));
    if (st == SEI_OK)
        st = read_rows(store, channel_id, from_us, to_us, as_of_us, list);
    if (st == SEI_OK)
        st = read_with(store, list, channel_id, from_us, to_us, max, &own);
    for (size_t i = 0; i < own.n && st == SEI_OK; i++)
        st = sei_points_add(points, &own.at[i]);
    sei_points_done(&own);
    sei_release(sei_store_ctx(store), list);
    return st;
}

sei_status sei_corrected_chart(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                               int64_t as_of_us, size_t n_max, sei_chart *chart)
{
    row_list  *list = NULL;
    int64_t    step = 0;
    sei_status st   = with_rows(store, &list);

    if (st == SEI_OK)
        st = read_rows(store, channel_id, from_us, to_us, as_of_us, list);
    if (st == SEI_OK && list->n == 0) {
        sei_release(sei_store_ctx(store), list);
        return sei_store_chart(store, channel_id, from_us, to_us, n_max, chart);
    }
    if (st == SEI_OK && (to_us <= from_us || n_max == 0))
        st = sei_fail(sei_store_ctx(store), SEI_E_RANGE, NULL, "a span ends after it begins");
    if (st == SEI_OK) {
        const int64_t start = sei_chart_start(from_us, to_us, n_max, &step);
        st = read_with(store, list, channel_id, start, to_us, CHART_POINTS, &chart->points);
        if (st == SEI_OK)
            st = sei_chart_of_points(from_us, to_us, start, step, n_max, chart);
    }
    sei_release(sei_store_ctx(store), list);
    return st;
}
