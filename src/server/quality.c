/* quality.c - runs the tests over what came and lays their flags over it */
#include "server/quality.h"

#include <math.h>
#include <string.h>

enum { PIECE_POINTS = 100000 };
#define PIECE_US     (60 * SEI_US_PER_DAY)
#define FAR_BACK_US  (400 * SEI_US_PER_DAY) /* a value from longer before bears upon nothing */
#define TIME_LAST_US (INT64_C(1) << 60)

/* Records of a channel around the span that is judged. */
typedef struct {
    sei_ctx   *ctx;
    sei_store *store;
    int64_t    channel_id, now_us;
    int64_t    from_us, to_us; /* records to be judged, both included */
    int64_t    newest_us;      /* of the channel: nothing is to be looked for after it */
    sei_points points;
    int64_t   *time_us;
    double    *value, *other;
    uint8_t   *missing, *other_missing, *flags;
    size_t     n;
} run;

static void run_done(run *r)
{
    sei_release(r->ctx, r->time_us);
    sei_release(r->ctx, r->value);
    sei_release(r->ctx, r->other);
    sei_release(r->ctx, r->missing);
    sei_release(r->ctx, r->other_missing);
    sei_release(r->ctx, r->flags);
    r->time_us = NULL;
    r->value = r->other = NULL;
    r->missing = r->other_missing = r->flags = NULL;
    sei_points_done(&r->points);
}

static bool has_value(const sei_point *p)
{
    return p->kind == SEI_POINT_VALUE || p->kind == SEI_POINT_BELOW_LOQ;
}

/* ---- what to read --------------------------------------------------------------------------------------- */

static size_t values_before(const sei_points *points, int64_t time_us)
{
    size_t n = 0;

    for (size_t i = 0; i < points->n && points->at[i].time_us < time_us; i++)
        n += has_value(&points->at[i]);
    return n;
}

static size_t values_after(const sei_points *points, int64_t time_us)
{
    size_t n = 0;

    for (size_t i = points->n; i > 0 && points->at[i - 1].time_us > time_us; i--)
        n += has_value(&points->at[i - 1]);
    return n;
}

static sei_status read_span(run *r, int64_t from_us, int64_t to_us)
{
    r->points.n = 0;
    return sei_store_read(r->store, r->channel_id, from_us, to_us, PIECE_POINTS * 4, &r->points);
}

/* The span, the history that the tests ask for, and a value or two beyond at either end: a wider look while there is none. */
static sei_status read_points(run *r, int64_t history_us)
{
    int64_t       back = SEI_US_PER_HOUR, ahead = SEI_US_PER_HOUR;
    const int64_t last = r->to_us + history_us;
    sei_status    st;

    for (;;) {
        st = read_span(r, r->from_us - history_us - back, last + ahead + 1);
        if (st != SEI_OK)
            return st;
        const bool enough_back =
            back > FAR_BACK_US || values_before(&r->points, r->from_us - history_us) >= 2;
        const bool enough_ahead =
            last >= r->newest_us || ahead > FAR_BACK_US || values_after(&r->points, last) >= 1;
        if (enough_back && enough_ahead)
            return SEI_OK;
        back  = enough_back ? back : back * 8;
        ahead = enough_ahead ? ahead : ahead * 8;
    }
}

/* Times that several senders gave count once, the last one. */
static sei_status make_arrays(run *r)
{
    const size_t size = r->points.n + 1;

    r->time_us       = sei_alloc(r->ctx, size, sizeof *r->time_us);
    r->value         = sei_alloc(r->ctx, size, sizeof *r->value);
    r->other         = sei_alloc(r->ctx, size, sizeof *r->other);
    r->missing       = sei_alloc(r->ctx, size, 1);
    r->other_missing = sei_alloc(r->ctx, size, 1);
    r->flags         = sei_alloc(r->ctx, size, 1);
    if (!r->time_us || !r->value || !r->other || !r->missing || !r->other_missing || !r->flags)
        return SEI_E_NOMEM;
    r->n = 0;
    for (size_t i = 0; i < r->points.n; i++) {
        const sei_point *p = &r->points.at[i];
        if (r->n > 0 && r->time_us[r->n - 1] == p->time_us)
            r->n--;
        r->time_us[r->n] = p->time_us;
        r->value[r->n]   = p->value;
        r->missing[r->n] = !has_value(p);
        r->n++;
    }
    return SEI_OK;
}

/* The second channel's values at the same times. */
static sei_status read_other(run *r, int64_t channel_id)
{
    sei_points points;
    size_t     k = 0;

    sei_points_init(&points, r->ctx);
    sei_status st = r->n == 0 ? SEI_OK
                              : sei_store_read(r->store, channel_id, r->time_us[0],
                                               r->time_us[r->n - 1] + 1, PIECE_POINTS * 8, &points);
    for (size_t i = 0; i < r->n && st == SEI_OK; i++) {
        while (k < points.n && points.at[k].time_us < r->time_us[i])
            k++;
        const bool found =
            k < points.n && points.at[k].time_us == r->time_us[i] && has_value(&points.at[k]);
        r->other[i]         = found ? points.at[k].value : 0.0;
        r->other_missing[i] = !found;
    }
    sei_points_done(&points);
    return st;
}

/* ---- flags as layers ------------------------------------------------------------------------------------ */

typedef struct {
    int64_t id, start_us, end_us, level;
    bool    is_undone, holds; /* undone: by a person, so not to be set again */
} layer;

typedef struct {
    size_t n;
    layer *at;
} layers;

/* The layers of one test that touch the span. Those that qc undid itself are of no interest. */
static sei_status read_layers(const run *r, const char *code, layers *ret_layers)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    layers     l    = {0};
    sei_status st   = sei_db_start(
          sei_store_db(r->store),
          "SELECT l.id, l.start_us, l.end_us, l.level, u.id IS NOT NULL FROM layer l LEFT JOIN layer "
            "u"
            " ON u.undoes = l.id WHERE l.channel_id = $1 AND l.kind = 'flag' AND l.author = 'qc' AND"
            " l.code = $2 AND l.undoes IS NULL AND l.end_us > $3 AND l.start_us <= $4 AND"
            " (u.id IS NULL OR u.author <> 'qc') ORDER BY l.id",
          SEI_BINDS(sei_bind_int(r->channel_id), sei_bind_text(code), sei_bind_int(r->from_us),
                    sei_bind_int(r->to_us)),
          &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        layer *at = sei_resize(r->ctx, l.at, l.n + 1, sizeof *at);
        if (!at) {
            st = SEI_E_NOMEM;
            break;
        }
        l.at        = at;
        l.at[l.n++] = (layer){.id        = sei_db_int(stmt, 0),
                              .start_us  = sei_db_int(stmt, 1),
                              .end_us    = sei_db_int(stmt, 2),
                              .level     = sei_db_int(stmt, 3),
                              .is_undone = sei_db_int(stmt, 4) != 0,
                              .holds     = true};
    }
    sei_db_finish(stmt);
    if (st != SEI_OK)
        sei_release(r->ctx, l.at);
    else
        *ret_layers = l;
    return st;
}

static sei_status add_layer(const run *r, const char *code, int64_t start_us, int64_t end_us,
                            int64_t level, int64_t undoes, const char *reason)
{
    return sei_db_run(
        sei_store_db(r->store),
        "INSERT INTO layer(channel_id, kind, start_us, end_us, code, level, params, author, reason,"
        " made_us, undoes) VALUES($1, 'flag', $2, $3, $4, $5, '{}', 'qc', $6, $7, $8)",
        SEI_BINDS(sei_bind_int(r->channel_id), sei_bind_int(start_us), sei_bind_int(end_us),
                  sei_bind_text(code), sei_bind_int(level), sei_bind_text(reason),
                  sei_bind_int(r->now_us), sei_bind_int_or_null(undoes > 0, undoes)),
        NULL);
}

static bool is_flag(uint8_t flag)
{
    return flag == SEI_FLAG_SUSPECT || flag == SEI_FLAG_FAIL;
}

static bool is_judged(const run *r, size_t i)
{
    return r->time_us[i] >= r->from_us && r->time_us[i] <= r->to_us;
}

/* Says every record under the layer what the layer says? */
static bool still_holds(const run *r, const layer *l)
{
    bool has_any = l->start_us < r->from_us || l->end_us > r->to_us + 1;

    for (size_t i = 0; i < r->n; i++) {
        if (!is_judged(r, i) || r->time_us[i] < l->start_us || r->time_us[i] >= l->end_us)
            continue;
        if (r->flags[i] != l->level)
            return false;
        has_any = true;
    }
    return has_any;
}

/* What lies outside of the span that is judged stays as it was said. */
static sei_status replace_layer(const run *r, const char *code, const layer *l)
{
    sei_status st =
        add_layer(r, "undo", l->start_us, l->end_us, 0, l->id, "later records or other settings");

    if (st == SEI_OK && l->start_us < r->from_us)
        st = add_layer(r, code, l->start_us, r->from_us, l->level, 0, "quality control");
    if (st == SEI_OK && l->end_us > r->to_us + 1)
        st = add_layer(r, code, r->to_us + 1, l->end_us, l->level, 0, "quality control");
    return st;
}

static bool is_covered(const layers *l, int64_t time_us, uint8_t level)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].holds && l->at[i].level == level && time_us >= l->at[i].start_us &&
            time_us < l->at[i].end_us)
            return true;
    return false;
}

/* Runs of records with the same flag that no layer tells of yet. */
static sei_status add_missing(const run *r, const char *code, const layers *l)
{
    sei_status st = SEI_OK;
    size_t     i  = 0;

    while (i < r->n && st == SEI_OK) {
        const uint8_t level = r->flags[i];
        if (!is_judged(r, i) || !is_flag(level) || is_covered(l, r->time_us[i], level)) {
            i++;
            continue;
        }
        const size_t first = i;
        while (i + 1 < r->n && is_judged(r, i + 1) && r->flags[i + 1] == level &&
               !is_covered(l, r->time_us[i + 1], level))
            i++;
        st = add_layer(r, code, r->time_us[first], r->time_us[i] + 1, level, 0, "quality control");
        i++;
    }
    return st;
}

static sei_status lay_flags(const run *r, const char *code)
{
    layers     l  = {0};
    sei_status st = read_layers(r, code, &l);

    for (size_t i = 0; i < l.n && st == SEI_OK; i++)
        if (!l.at[i].is_undone && !still_holds(r, &l.at[i])) {
            l.at[i].holds = false;
            st            = replace_layer(r, code, &l.at[i]);
        }
    if (st == SEI_OK)
        st = add_missing(r, code, &l);
    sei_release(r->ctx, l.at);
    return st;
}

/* Of tests that the settings no longer have. */
static sei_status undo_others(const run *r, const sei_qc_setting *setting)
{
    sei_status st = SEI_OK;

    for (size_t t = 0; t < sei_qc_test_count() && st == SEI_OK; t++) {
        const char *key = sei_qc_test_at(t)->key;
        bool        has = false;
        layers      l   = {0};
        for (size_t i = 0; i < setting->n; i++)
            has = has || strcmp(setting->specs[i].test->key, key) == 0;
        if (has)
            continue;
        st = read_layers(r, key, &l);
        for (size_t i = 0; i < l.n && st == SEI_OK; i++)
            if (!l.at[i].is_undone)
                st = replace_layer(r, key, &l.at[i]);
        sei_release(r->ctx, l.at);
    }
    return st;
}

/* ---- runs ----------------------------------------------------------------------------------------------- */

static sei_status run_test(run *r, const sei_qc_setting *setting, size_t i)
{
    const sei_qc_series series = {.n             = r->n,
                                  .time_us       = r->time_us,
                                  .value         = r->value,
                                  .missing       = r->missing,
                                  .other         = r->other,
                                  .other_missing = r->other_missing};
    sei_status          st     = SEI_OK;

    if (setting->others[i] > 0)
        st = read_other(r, setting->others[i]);
    else
        memset(r->other_missing, 1, r->n);
    if (st == SEI_OK)
        st = sei_qc_run(r->ctx, &setting->specs[i], &series, r->flags);
    return st == SEI_OK ? lay_flags(r, setting->specs[i].test->key) : st;
}

/* Where the effect of records of [from, to] ends: the records before and after them, and the history. */
static void widen(run *r, int64_t history_us)
{
    int64_t before = r->from_us, after = r->to_us + history_us;

    for (size_t i = 0; i < r->points.n; i++)
        if (r->points.at[i].time_us < r->from_us)
            before = r->points.at[i].time_us; /* a spike test waits for the record after */
    for (size_t i = r->points.n; i > 0 && r->points.at[i - 1].time_us > after; i--)
        if (i == 1 || r->points.at[i - 2].time_us <= after) {
            after = r->points.at[i - 1].time_us;
            break;
        }
    r->from_us = before;
    r->to_us   = after;
}

static sei_status judge(run *r, const sei_qc_setting *setting)
{
    int64_t    history = 0;
    sei_status st;

    for (size_t i = 0; i < setting->n; i++) {
        const int64_t h = sei_qc_history_us(&setting->specs[i]);
        history         = h > history ? h : history;
    }
    st = read_points(r, history);
    if (st == SEI_OK)
        widen(r, history);
    if (st == SEI_OK) /* the records before the widened span have a history, too */
        st = read_points(r, history);
    if (st == SEI_OK)
        st = make_arrays(r);
    for (size_t i = 0; i < setting->n && st == SEI_OK; i++)
        st = run_test(r, setting, i);
    return st == SEI_OK ? undo_others(r, setting) : st;
}

typedef struct {
    int64_t channel_id, from_us, to_us, interval_s;
    json_t *tests; /* owned */
} due;

#define DUE_SELECT                                                                               \
    "SELECT d.channel_id, d.from_us, d.to_us, s.interval_s, coalesce(q.tests, '[]') FROM qc_due" \
    " d JOIN channel c ON c.id = d.channel_id JOIN station s ON s.id = c.station_id LEFT JOIN"   \
    " qc_setting q ON q.channel_id = d.channel_id"

/* The newest records; after: instead, the channel that follows this one. */
static sei_status find_due(sei_store *store, const int64_t *after, due *ret_due, bool *ret_found)
{
    sei_db    *db   = sei_store_db(store);
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st =
        after
            ? sei_db_start(db, DUE_SELECT " WHERE d.channel_id > $1 ORDER BY d.channel_id LIMIT 1",
                           SEI_BINDS(sei_bind_int(*after)), &stmt)
            : sei_db_start(db, DUE_SELECT " ORDER BY d.to_us DESC LIMIT 1", 0, NULL, &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row)
        *ret_due = (due){sei_db_int(stmt, 0), sei_db_int(stmt, 1), sei_db_int(stmt, 2),
                         sei_db_int(stmt, 3), json_loads(sei_db_text(stmt, 4), 0, NULL)};
    sei_db_finish(stmt);
    *ret_found = st == SEI_OK && row;
    return st;
}

static sei_status next_due(sei_store *store, const sei_qc_turn *turn, due *ret_due, bool *ret_found)
{
    const int64_t before_all = INT64_MIN;

    if (turn->n % SEI_QC_SHARE != SEI_QC_SHARE - 1)
        return find_due(store, NULL, ret_due, ret_found);
    const sei_status st = find_due(store, &turn->channel_id, ret_due, ret_found);
    return st == SEI_OK && !*ret_found ? find_due(store, &before_all, ret_due, ret_found) : st;
}

/* Empty time is passed over in one step. */
static sei_status first_record(sei_store *store, int64_t channel_id, int64_t from_us,
                               int64_t *ret_from_us)
{
    int64_t    hot = INT64_MAX, sealed = INT64_MAX;
    sei_status st = sei_db_get_int(
        sei_store_db(store),
        "SELECT min(time_us) FROM point WHERE channel_id = $1 AND time_us >= $2",
        SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(from_us)), &(bool){false}, &hot);

    if (st == SEI_OK)
        st = sei_db_get_int(
            sei_store_db(store),
            "SELECT min(start_us) FROM segment WHERE channel_id = $1 AND end_us >= $2",
            SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(from_us)), &(bool){false}, &sealed);
    const int64_t first = hot < sealed ? hot : sealed;
    *ret_from_us        = first > from_us ? first : from_us;
    return st;
}

static sei_status settle(sei_store *store, const due *d, int64_t done_us)
{
    if (done_us >= d->to_us)
        return sei_db_run(sei_store_db(store), "DELETE FROM qc_due WHERE channel_id = $1",
                          SEI_BINDS(sei_bind_int(d->channel_id)), NULL);
    return sei_db_run(sei_store_db(store), "UPDATE qc_due SET from_us = $1 WHERE channel_id = $2",
                      SEI_BINDS(sei_bind_int(done_us + 1), sei_bind_int(d->channel_id)), NULL);
}

/* A piece with more records than one look takes is halved. */
static sei_status judge_piece(run *r, const due *d, const sei_qc_setting *setting)
{
    int64_t    width = PIECE_US;
    sei_status st    = SEI_E_TOO_LARGE;

    for (int tries = 0; st == SEI_E_TOO_LARGE && tries < 20; tries++, width /= 2) {
        r->from_us = d->from_us;
        r->to_us   = d->to_us - d->from_us > width ? d->from_us + width : d->to_us;
        sei_points_init(&r->points, r->ctx);
        const int64_t end = r->to_us;
        st                = judge(r, setting);
        run_done(r);
        if (st == SEI_OK)
            st = settle(r->store, d, end);
    }
    return st;
}

static sei_status find_newest(run *r)
{
    sei_point last  = {0};
    bool      found = false;

    const sei_status st = sei_store_latest(r->store, r->channel_id, &found, &last);
    r->newest_us        = found ? last.time_us : INT64_MIN;
    return st;
}

/* Settings that do not hold any more (a station's interval was changed) say nothing; it is told once. */
static sei_status step(sei_ctx *ctx, sei_store *store, int64_t now_us, due *d)
{
    run            r = {.ctx = ctx, .store = store, .channel_id = d->channel_id, .now_us = now_us};
    sei_qc_setting setting = {0};
    sei_status     st      = first_record(store, d->channel_id, d->from_us, &d->from_us);

    if (st != SEI_OK)
        return st;
    if (d->from_us > d->to_us ||
        sei_qc_setting_read(ctx, d->tests, d->interval_s, &setting) != SEI_OK)
        return settle(store, d, d->to_us);
    st = find_newest(&r);
    if (st == SEI_OK)
        st = judge_piece(&r, d, &setting);
    sei_qc_setting_done(ctx, &setting);
    return st;
}

sei_status sei_quality_step(sei_ctx *ctx, sei_store *store, int64_t now_us, sei_qc_turn *turn,
                            bool *ret_more)
{
    due        d     = {0};
    bool       found = false;
    sei_status st    = next_due(store, turn, &d, &found);

    *ret_more = found;
    json_decref(d.tests);
    if (st != SEI_OK || !found)
        return st;
    st = sei_store_begin(store);
    if (st != SEI_OK)
        return st;
    st = next_due(store, turn, &d, &found); /* as it is now, in the transaction */
    if (st == SEI_OK && found)
        st = step(ctx, store, now_us, &d);
    if (found) {
        json_decref(d.tests);
        if (turn->n % SEI_QC_SHARE == SEI_QC_SHARE - 1)
            turn->channel_id = d.channel_id;
        turn->n++;
    }
    return sei_store_end(store, st);
}

sei_status sei_quality_again(sei_store *store, int64_t channel_id, int64_t from_us)
{
    return sei_db_run(
        sei_store_db(store),
        "INSERT INTO qc_due(channel_id, from_us, to_us) VALUES($1, $2, $3) ON CONFLICT"
        "(channel_id) DO UPDATE SET from_us = CASE WHEN excluded.from_us <"
        " qc_due.from_us THEN excluded.from_us ELSE qc_due.from_us END, to_us ="
        " excluded.to_us",
        SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(from_us), sei_bind_int(TIME_LAST_US)),
        NULL);
}
