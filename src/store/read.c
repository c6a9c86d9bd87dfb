/* read.c - points of a span from segments and from those not packed yet; bins for charts */
#include <string.h>

#include "store/block.h"
#include "store/store_impl.h"

/* ---- points ----------------------------------------------------------------------------------------- */

/* Calls with the points of each segment that overlaps [from_us, to_us), then with those outside. */
typedef sei_status (*points_visit)(void *user, const sei_points *points);

static sei_status visit_segments(sei_store *store, int64_t channel_id, int64_t from_us,
                                 int64_t to_us, points_visit visit, void *user)
{
    sei_points points;
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          store->db,
          "SELECT data FROM segment WHERE channel_id = $1 AND end_us >= $2 AND"
            " start_us < $3 ORDER BY start_us",
          SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(from_us), sei_bind_int(to_us)), &stmt);

    sei_points_init(&points, store->ctx);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        size_t      len   = 0;
        const void *bytes = sei_db_blob(stmt, 0, &len);
        points.n          = 0;
        st                = sei_block_unpack(store->ctx, bytes, len, &points);
        if (st == SEI_OK)
            st = visit(user, &points);
    }
    sei_db_finish(stmt);
    sei_points_done(&points);
    return st;
}

static sei_status visit_hot(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                            points_visit visit, void *user)
{
    sei_points points;
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          store->db,
          "SELECT time_us, epoch, seq, value, kind FROM point WHERE"
            " channel_id = $1 AND time_us >= $2 AND time_us < $3"
            " ORDER BY time_us, epoch, seq",
          SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(from_us), sei_bind_int(to_us)), &stmt);

    sei_points_init(&points, store->ctx);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = sei_points_add(&points, &(sei_point){sei_db_int(stmt, 0), sei_db_int(stmt, 1),
                                                  sei_db_int(stmt, 2), sei_db_real(stmt, 3),
                                                  sei_db_int(stmt, 4)});
    sei_db_finish(stmt);
    if (st == SEI_OK && points.n > 0)
        st = visit(user, &points);
    sei_points_done(&points);
    return st;
}

static sei_status visit_points(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                               points_visit visit, void *user)
{
    /* one snapshot: a point must not be seen twice, or never, while it is packed */
    sei_status st = sei_db_begin_read(store->db);

    if (st != SEI_OK)
        return st;
    st = visit_segments(store, channel_id, from_us, to_us, visit, user);
    if (st == SEI_OK)
        st = visit_hot(store, channel_id, from_us, to_us, visit, user);
    return sei_db_end(store->db, st);
}

typedef struct {
    int64_t     from_us, to_us;
    size_t      max;
    sei_points *points;
} gathering;

static sei_status gather(void *user, const sei_points *points)
{
    gathering *g  = user;
    sei_status st = SEI_OK;

    for (size_t i = 0; i < points->n && st == SEI_OK; i++) {
        if (points->at[i].time_us < g->from_us || points->at[i].time_us >= g->to_us)
            continue;
        if (g->points->n >= g->max)
            return sei_fail(g->points->ctx, SEI_E_TOO_LARGE, NULL,
                            "more than %zu points: ask for a shorter span", g->max);
        st = sei_points_add(g->points, &points->at[i]);
    }
    return st;
}

sei_status sei_store_read(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                          size_t max, sei_points *points)
{
    gathering        g  = {from_us, to_us, max, points};
    const sei_status st = visit_points(store, channel_id, from_us, to_us, gather, &g);

    if (st == SEI_OK)
        sei_points_sort(points);
    return st;
}

static sei_status keep_last(void *user, const sei_points *points)
{
    sei_point *last = user;

    for (size_t i = 0; i < points->n; i++)
        if (points->at[i].time_us >= last->time_us)
            *last = points->at[i];
    return SEI_OK;
}

sei_status sei_store_latest(sei_store *store, int64_t channel_id, bool *ret_found,
                            sei_point *ret_point)
{
    sei_point  last = {.time_us = INT64_MIN};
    int64_t    hot = INT64_MIN, sealed = INT64_MIN;
    bool       has_hot = false, has_sealed = false;
    sei_status st =
        sei_db_get_int(store->db, "SELECT max(time_us) FROM point WHERE channel_id = $1",
                       SEI_BINDS(sei_bind_int(channel_id)), &has_hot, &hot);

    if (st == SEI_OK)
        st = sei_db_get_int(store->db, "SELECT max(end_us) FROM segment WHERE channel_id = $1",
                            SEI_BINDS(sei_bind_int(channel_id)), &has_sealed, &sealed);
    const int64_t at = hot > sealed ? hot : sealed;
    if (st == SEI_OK && (has_hot || has_sealed) && at < INT64_MAX)
        st = at == hot ? visit_hot(store, channel_id, at, at + 1, keep_last, &last)
                       : visit_segments(store, channel_id, at, at + 1, keep_last, &last);
    *ret_found = st == SEI_OK && last.time_us != INT64_MIN;
    if (*ret_found)
        *ret_point = last;
    return st;
}

sei_status sei_store_span(sei_store *store, int64_t channel_id, bool *ret_found,
                          int64_t *ret_first_us, int64_t *ret_last_us)
{
    static const char *const queries[2][2] = {
        {"SELECT min(time_us) FROM point WHERE channel_id = $1",
         "SELECT min(start_us) FROM segment WHERE channel_id = $1"},
        {"SELECT max(time_us) FROM point WHERE channel_id = $1",
         "SELECT max(end_us) FROM segment WHERE channel_id = $1"}};
    int64_t    at[2] = {INT64_MAX, INT64_MIN};
    sei_status st    = SEI_OK;

    for (int end = 0; end < 2; end++)
        for (int from = 0; from < 2 && st == SEI_OK; from++) {
            int64_t us    = 0;
            bool    found = false;
            st = sei_db_get_int(store->db, queries[end][from], SEI_BINDS(sei_bind_int(channel_id)),
                                &found, &us);
            if (found && (end == 0 ? us < at[0] : us > at[1]))
                at[end] = us;
        }
    if (st != SEI_OK)
        return st;
    *ret_found    = at[0] <= at[1];
    *ret_first_us = at[0];
    *ret_last_us  = at[1];
    return SEI_OK;
}

/* ---- charts ----------------------------------------------------------------------------------------- */

void sei_chart_init(sei_chart *chart, sei_ctx *ctx)
{
    *chart = (sei_chart){0};
    sei_points_init(&chart->points, ctx);
}

void sei_chart_done(sei_chart *chart)
{
    sei_release(chart->points.ctx, chart->bins);
    sei_points_done(&chart->points);
}

static void put_bin(sei_bin *bin, size_t n, double min, double max, double sum)
{
    if (bin->n == 0 || min < bin->min)
        bin->min = min;
    if (bin->n == 0 || max > bin->max)
        bin->max = max;
    bin->sum += sum;
    bin->n += n;
}

typedef struct {
    int64_t  from_us, to_us, step_us;
    sei_bin *bins;
} binning;

static sei_status bin_points(void *user, const sei_points *points)
{
    const binning *b = user;

    for (size_t i = 0; i < points->n; i++) {
        const sei_point *p = &points->at[i];
        if (p->time_us < b->from_us || p->time_us >= b->to_us ||
            (p->kind != SEI_POINT_VALUE && p->kind != SEI_POINT_BELOW_LOQ))
            continue;
        put_bin(&b->bins[(p->time_us - b->from_us) / b->step_us], 1, p->value, p->value, p->value);
    }
    return SEI_OK;
}

static sei_status bin_rollups(sei_store *store, int64_t channel_id, const binning *b)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          store->db,
          "SELECT day_us, n, v_min, v_max, v_sum FROM rollup WHERE"
            " channel_id = $1 AND day_us >= $2 AND day_us < $3",
          SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(b->from_us), sei_bind_int(b->to_us)),
          &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        put_bin(&b->bins[(sei_db_int(stmt, 0) - b->from_us) / b->step_us],
                (size_t)sei_db_int(stmt, 1), sei_db_real(stmt, 2), sei_db_real(stmt, 3),
                sei_db_real(stmt, 4));
    sei_db_finish(stmt);
    return st;
}

/* The smallest width of the list, or whole number of days, with which at most n bins cover the span. */
static int64_t choose_step(int64_t span_us, size_t n)
{
    static const int64_t seconds[] = {1,   2,   5,    10,      15,   30,    60,    120,  300,
                                      600, 900, 1800, 60 * 60, 7200, 10800, 21600, 43200};
    const int64_t        least     = span_us / (int64_t)n + 1;

    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++)
        if (seconds[i] * SEI_US_PER_S >= least)
            return seconds[i] * SEI_US_PER_S;
    return (least + SEI_US_PER_DAY - 1) / SEI_US_PER_DAY * SEI_US_PER_DAY;
}

/* How many points a span touches, and from when on raw ones are there: in one look, since a chart of many channels on
 * PostgreSQL takes as long as its round trips. */
static sei_status look_at_span(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                               int64_t *ret_n, int64_t *ret_purged_before)
{
    const sei_bind channel = sei_bind_int(channel_id), from = sei_bind_int(from_us),
                   to = sei_bind_int(to_us);
    sei_stmt  *stmt   = NULL;
    bool       row    = false;
    sei_status st     = sei_db_start(
            store->db,
            "SELECT CAST(coalesce((SELECT sum(n) FROM segment WHERE channel_id = $1 AND end_us >= $2"
                " AND start_us < $3), 0) AS BIGINT) + (SELECT count(*) FROM point WHERE channel_id = $4"
                " AND time_us >= $5 AND time_us < $6), (SELECT max(before_us) FROM purge WHERE what ="
                " 'points' AND (channel_id IS NULL OR channel_id = $7))",
            SEI_BINDS(channel, from, to, channel, from, to, channel), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        *ret_n             = sei_db_int(stmt, 0);
        *ret_purged_before = sei_db_is_null(stmt, 1) ? INT64_MIN : sei_db_int(stmt, 1);
    }
    sei_db_finish(stmt);
    return st;
}

/* Bins begin at multiples of their width in Japan's time, so that they stay where they are. */
static int64_t start_of(int64_t from_us, int64_t step_us)
{
    const int64_t day = sei_store_day(from_us);

    return step_us >= SEI_US_PER_DAY ? day : day + (from_us - day) / step_us * step_us;
}

int64_t sei_chart_start(int64_t from_us, int64_t to_us, size_t n_max, int64_t *ret_step_us)
{
    *ret_step_us = choose_step(to_us - from_us, n_max);
    return start_of(from_us, *ret_step_us);
}

/* Those that are not empty; bins are the chart's from here on. */
static void take_bins(const binning *b, size_t n, sei_chart *chart)
{
    chart->bins    = b->bins;
    chart->step_us = b->step_us;
    for (size_t i = 0; i < n; i++)
        if (b->bins[i].n > 0) {
            b->bins[i].start_us = b->from_us + (int64_t)i * b->step_us;
            b->bins[chart->n++] = b->bins[i];
        }
}

static size_t count_between(const sei_points *points, int64_t from_us, int64_t to_us)
{
    size_t n = 0;

    for (size_t i = 0; i < points->n; i++)
        n += points->at[i].time_us >= from_us && points->at[i].time_us < to_us;
    return n;
}

sei_status sei_chart_of_points(int64_t from_us, int64_t to_us, int64_t start_us, int64_t step_us,
                               size_t n_max, sei_chart *chart)
{
    sei_points  *p = &chart->points;
    const size_t n = (size_t)((to_us - start_us + step_us - 1) / step_us);

    if (count_between(p, from_us, to_us) <= n_max) {
        size_t kept = 0;
        for (size_t i = 0; i < p->n; i++)
            if (p->at[i].time_us >= from_us && p->at[i].time_us < to_us)
                p->at[kept++] = p->at[i];
        p->n = kept;
        return SEI_OK;
    }
    binning b = {start_us, to_us, step_us, sei_alloc(p->ctx, n, sizeof *b.bins)};
    if (!b.bins)
        return SEI_E_NOMEM;
    const sei_status st = bin_points(&b, p);
    take_bins(&b, n, chart);
    p->n = 0;
    return st;
}

static sei_status make_bins(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                            size_t n_max, bool by_day, sei_chart *chart)
{
    const int64_t fine  = choose_step(to_us - from_us, n_max);
    const int64_t step  = by_day && fine < SEI_US_PER_DAY ? SEI_US_PER_DAY : fine;
    const int64_t start = start_of(from_us, step);
    const size_t  n     = (size_t)((to_us - start + step - 1) / step);
    binning       b     = {start, to_us, step, sei_alloc(store->ctx, n, sizeof *b.bins)};
    sei_status    st    = b.bins ? SEI_OK : SEI_E_NOMEM;

    if (st == SEI_OK && step >= SEI_US_PER_DAY) {
        st = bin_rollups(store, channel_id, &b);
        if (st == SEI_OK)
            st = visit_hot(store, channel_id, start, to_us, bin_points, &b);
    } else if (st == SEI_OK) {
        st = visit_points(store, channel_id, start, to_us, bin_points, &b);
    }
    if (st != SEI_OK) {
        sei_release(store->ctx, b.bins);
        return st;
    }
    take_bins(&b, n, chart);
    return SEI_OK;
}

sei_status sei_store_chart(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                           size_t n_max, sei_chart *chart)
{
    int64_t n = 0, purged_before = INT64_MIN;

    if (to_us <= from_us || n_max == 0 || from_us < -(INT64_MAX / 4) || to_us > INT64_MAX / 4)
        return sei_fail(store->ctx, SEI_E_RANGE, NULL, "a span ends after it begins");
    sei_status st = look_at_span(store, channel_id, from_us, to_us, &n, &purged_before);
    if (st != SEI_OK)
        return st;
    if (from_us < purged_before) /* of what is gone only the days are left */
        return make_bins(store, channel_id, from_us, to_us, n_max, true, chart);
    /* segments at the ends hold points outside of the span too: read, then count what is inside */
    if (n <= (int64_t)n_max + 2 * SEI_SEAL_POINTS) {
        st = sei_store_read(store, channel_id, from_us, to_us, (size_t)n + 1, &chart->points);
        if (st != SEI_OK || chart->points.n <= n_max)
            return st;
        chart->points.n = 0;
    }
    return make_bins(store, channel_id, from_us, to_us, n_max, false, chart);
}
