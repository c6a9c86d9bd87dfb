/* watch.c - alarms of the store */
#include "server/watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "server/alarm_rule.h"
#include "server/quality.h"

enum { ALARMS_MAX = 200000, DUE_AT_ONCE = 200 };

typedef struct {
    int64_t           id, channel_id;
    sei_alarm_setting setting;
    bool              is_loaded, has_moved; /* state, in this transaction */
    sei_alarm_state   state;
} alarm;

/* Records of a channel with tests of quality control: from what time on they are to be run. */
typedef struct {
    int64_t       channel_id, from_us, to_us;
    bool          is_due;
    sei_qc_bounds bounds; /* values outside are no values for alarms */
} channel;

struct sei_watch {
    sei_ctx   *ctx;
    sei_store *store;
    bool       is_read, has_told;
    bool       is_stale; /* to be read anew, as soon as no transaction is under way */
    bool       is_open;  /* something of this transaction is to be written */
    size_t     n, n_channels;
    alarm     *alarms;   /* by channel, then id */
    channel   *channels; /* by id */
    size_t     n_touched;
    size_t    *touched; /* alarms with a state in this transaction; room for n */
};

sei_status sei_watch_create(sei_ctx *ctx, sei_store *store, sei_watch **ret_watch)
{
    sei_watch *w = sei_alloc(ctx, 1, sizeof *w);

    if (!w)
        return SEI_E_NOMEM;
    w->ctx     = ctx;
    w->store   = store;
    *ret_watch = w;
    return SEI_OK;
}

static void forget(sei_watch *w)
{
    sei_release(w->ctx, w->alarms);
    sei_release(w->ctx, w->channels);
    sei_release(w->ctx, w->touched);
    w->alarms   = NULL;
    w->channels = NULL;
    w->touched  = NULL;
    w->n = w->n_channels = w->n_touched = 0;
    w->is_read = w->is_stale = false;
}

void sei_watch_forget(sei_watch *w)
{
    w->is_stale = true;
}

void sei_watch_free(sei_watch *w)
{
    if (!w)
        return;
    forget(w);
    sei_release(w->ctx, w);
}

/* ---- rules ---------------------------------------------------------------------------------------------- */

static sei_status read_alarm(sei_watch *w, sei_stmt *stmt, alarm *ret_alarm)
{
    json_t          *rule = json_loads(sei_db_text(stmt, 2), 0, NULL);
    alarm            a    = {.id = sei_db_int(stmt, 0), .channel_id = sei_db_int(stmt, 1)};
    const sei_status st =
        sei_alarm_setting_read(w->ctx, rule, sei_db_text(stmt, 3), sei_db_int(stmt, 4), &a.setting);

    json_decref(rule);
    if (st == SEI_OK)
        *ret_alarm = a;
    return st;
}

static sei_status read_alarms(sei_watch *w)
{
    sei_db    *db   = sei_store_db(w->store);
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    int64_t    n    = 0;
    sei_status st =
        sei_db_get_int(db, "SELECT count(*) FROM alarm WHERE active = 1", 0, NULL, NULL, &n);

    if (st == SEI_OK && n > ALARMS_MAX)
        st = sei_fail(w->ctx, SEI_E_TOO_LARGE, NULL, "more than %d alarms", ALARMS_MAX);
    if (st == SEI_OK) {
        w->alarms  = sei_alloc(w->ctx, (size_t)n + 1, sizeof *w->alarms);
        w->touched = sei_alloc(w->ctx, (size_t)n + 1, sizeof *w->touched);
        st         = w->alarms && w->touched ? SEI_OK : SEI_E_NOMEM;
    }
    if (st == SEI_OK)
        st = sei_db_start(db,
                          "SELECT id, channel_id, rule, kind, priority FROM alarm WHERE active = 1"
                          " ORDER BY channel_id, id LIMIT $1",
                          SEI_BINDS(sei_bind_int(n)), &stmt);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        if (read_alarm(w, stmt, &w->alarms[w->n]) == SEI_OK) /* checked when it was written */
            w->n++;
    sei_db_finish(stmt);
    return st;
}

static sei_status read_channels(sei_watch *w)
{
    sei_db    *db   = sei_store_db(w->store);
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    int64_t    n    = 0;
    sei_status st   = sei_db_get_int(db, "SELECT count(*) FROM qc_setting", 0, NULL, NULL, &n);

    if (st == SEI_OK) {
        w->channels = sei_alloc(w->ctx, (size_t)n + 1, sizeof *w->channels);
        st          = w->channels ? SEI_OK : SEI_E_NOMEM;
    }
    if (st == SEI_OK)
        st = sei_db_start(db,
                          "SELECT channel_id, tests FROM qc_setting ORDER BY channel_id LIMIT $1",
                          SEI_BINDS(sei_bind_int(n)), &stmt);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        w->channels[w->n_channels++] = (channel){.channel_id = sei_db_int(stmt, 0),
                                                 .bounds = sei_qc_bounds_of(sei_db_text(stmt, 1))};
    sei_db_finish(stmt);
    return st;
}

static sei_status read_all(sei_watch *w)
{
    if (w->is_stale && !w->is_open)
        forget(w);
    if (w->is_read)
        return SEI_OK;
    sei_status st = read_alarms(w);
    if (st == SEI_OK)
        st = read_channels(w);
    if (st != SEI_OK)
        forget(w);
    w->is_read = st == SEI_OK;
    return st;
}

/* First alarm of the channel, or of one after it. */
static size_t first_of(const sei_watch *w, int64_t channel_id)
{
    size_t low = 0, high = w->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (w->alarms[middle].channel_id < channel_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static channel *find_channel(const sei_watch *w, int64_t channel_id)
{
    size_t low = 0, high = w->n_channels;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (w->channels[middle].channel_id < channel_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < w->n_channels && w->channels[low].channel_id == channel_id ? &w->channels[low]
                                                                            : NULL;
}

/* ---- states --------------------------------------------------------------------------------------------- */

/* Writing first keeps others away from the row until this transaction ends, then it is read as it is. */
static sei_status load_state(sei_watch *w, alarm *a)
{
    sei_db    *db   = sei_store_db(w->store);
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_run(db, "UPDATE alarm SET version = version + 1 WHERE id = $1",
                                 SEI_BINDS(sei_bind_int(a->id)), NULL);

    if (st == SEI_OK)
        st = sei_db_start(db, "SELECT state FROM alarm WHERE id = $1",
                          SEI_BINDS(sei_bind_int(a->id)), &stmt);
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    w->is_open = true;
    if (st == SEI_OK && row) {
        const char *text = sei_db_text(stmt, 0);
        st               = sei_alarm_state_read(w->ctx, text, strlen(text), &a->state);
    }
    sei_db_finish(stmt);
    if (st == SEI_OK && row) {
        a->is_loaded               = true;
        w->touched[w->n_touched++] = (size_t)(a - w->alarms);
    }
    return st == SEI_OK && !row ? SEI_E_NOT_FOUND : st;
}

static sei_status tell(sei_watch *w, int64_t target_id, int64_t event_id, int64_t now_us)
{
    w->has_told = true;
    return sei_db_run(
        sei_store_db(w->store),
        "INSERT INTO outbox(target_id, event_id, made_us, next_us, tries, error)"
        " SELECT id, CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), 0, '' FROM"
        " target WHERE id = $4 AND active = 1",
        SEI_BINDS(sei_bind_int(event_id), sei_bind_int(now_us), sei_bind_int(now_us),
                  sei_bind_int(target_id)),
        NULL);
}

static bool is_announced(const sei_alarm_event *e)
{
    return e->kind == SEI_ALARM_MOVED && !e->silent &&
           (e->action == SEI_ALARM_ACTIVATE || e->action == SEI_ALARM_CLEAR);
}

static const char *event_word(sei_alarm_event_kind kind)
{
    static const char *const words[] = {"moved", "escalate", "past", "clock"};

    return words[kind];
}

static sei_status keep_event(sei_watch *w, const alarm *a, const sei_alarm_event *e,
                             const char *actor, const char *note, int64_t now_us)
{
    int64_t    id = 0;
    sei_status st = sei_db_get_int(
        sei_store_db(w->store),
        "INSERT INTO alarm_event(alarm_id, time_us, kind, action, from_stand, to_stand, silent,"
        " step, value, actor, note, made_us) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
        " $12) RETURNING id",
        SEI_BINDS(sei_bind_int(a->id), sei_bind_int(e->time_us), sei_bind_text(event_word(e->kind)),
                  sei_bind_text(sei_alarm_action_name(e->action)),
                  sei_bind_text(sei_alarm_stand_name(e->from)),
                  sei_bind_text(sei_alarm_stand_name(e->to)), sei_bind_int(e->silent),
                  sei_bind_int(e->step), sei_bind_real_or_null(e->has_value, e->value),
                  sei_bind_text(actor), sei_bind_text(note), sei_bind_int(now_us)),
        NULL, &id);

    if (st == SEI_OK && e->kind == SEI_ALARM_ESCALATE)
        st = tell(w, e->target, id, now_us);
    for (size_t i = 0; i < a->setting.n_targets && st == SEI_OK && is_announced(e); i++)
        st = tell(w, a->setting.targets[i], id, now_us);
    return st;
}

static sei_status keep_events(sei_watch *w, alarm *a, size_t n, const sei_alarm_event events[],
                              int64_t now_us)
{
    sei_status st = SEI_OK;

    a->has_moved = true;
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = keep_event(w, a, &events[i], "", "", now_us);
    return st;
}

static sei_status write_state(sei_watch *w, alarm *a)
{
    char          text[SEI_ALARM_JSON_MAX];
    const int64_t due = sei_alarm_next_due_us(&a->setting.rule, &a->state);

    sei_alarm_state_write(&a->state, text);
    return sei_db_run(
        sei_store_db(w->store),
        "UPDATE alarm SET state = $1, stand = $2, breached = $3, due_us = $4 WHERE"
        " id = $5",
        SEI_BINDS(sei_bind_text(text), sei_bind_text(sei_alarm_stand_name(a->state.stand)),
                  sei_bind_int(a->state.breached), sei_bind_int(due), sei_bind_int(a->id)),
        NULL);
}

/* ---- records -------------------------------------------------------------------------------------------- */

static bool is_of_forecast(const alarm *a)
{
    return strncmp(a->setting.rule.kind->key, "forecast", 8) == 0;
}

static sei_status take_record(sei_watch *w, alarm *a, const sei_alarm_record *record)
{
    sei_alarm_event events[SEI_ALARM_EVENTS_MAX];
    sei_status      st = a->is_loaded ? SEI_OK : load_state(w, a);

    if (st != SEI_OK)
        return st;
    const size_t n = sei_alarm_record_in(&a->setting.rule, &a->state, record, events, NULL);
    return keep_events(w, a, n, events, record->arrived_us);
}

static void note_due(channel *c, int64_t time_us)
{
    if (!c->is_due || time_us < c->from_us)
        c->from_us = time_us;
    if (!c->is_due || time_us > c->to_us)
        c->to_us = time_us;
    c->is_due = true;
}

static sei_status take_reading(sei_watch *w, int64_t arrived_us, const sei_reading *r)
{
    channel               *c      = find_channel(w, r->channel_id);
    const sei_alarm_record record = {
        .time_us    = r->time_us,
        .arrived_us = arrived_us,
        .has_value  = (r->kind == SEI_POINT_VALUE || r->kind == SEI_POINT_BELOW_LOQ) &&
                     (!c || sei_qc_is_within(&c->bounds, r->value)),
        .value = r->value};
    sei_status st = SEI_OK;

    if (c) {
        note_due(c, r->time_us);
        w->is_open = true;
    }
    for (size_t i = first_of(w, r->channel_id);
         i < w->n && w->alarms[i].channel_id == r->channel_id && st == SEI_OK; i++)
        if (!is_of_forecast(&w->alarms[i]))
            st = take_record(w, &w->alarms[i], &record);
    return st;
}

sei_status sei_watch_points(sei_watch *w, int64_t arrived_us, size_t n,
                            const sei_reading readings[], const uint8_t is_new[])
{
    sei_status st = read_all(w);

    if (w->n == 0 && w->n_channels == 0)
        return st;
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        if (is_new[i])
            st = take_reading(w, arrived_us, &readings[i]);
    return st;
}

static sei_status write_due(sei_watch *w, const channel *c)
{
    return sei_db_run(
        sei_store_db(w->store),
        "INSERT INTO qc_due(channel_id, from_us, to_us) VALUES($1, $2, $3) ON CONFLICT"
        "(channel_id) DO UPDATE SET from_us = CASE WHEN excluded.from_us <"
        " qc_due.from_us THEN excluded.from_us ELSE qc_due.from_us END, to_us = CASE"
        " WHEN excluded.to_us > qc_due.to_us THEN excluded.to_us ELSE qc_due.to_us END",
        SEI_BINDS(sei_bind_int(c->channel_id), sei_bind_int(c->from_us), sei_bind_int(c->to_us)),
        NULL);
}

void sei_watch_drop(sei_watch *w)
{
    for (size_t i = 0; i < w->n_touched; i++)
        w->alarms[w->touched[i]].is_loaded = w->alarms[w->touched[i]].has_moved = false;
    for (size_t i = 0; i < w->n_channels; i++)
        w->channels[i].is_due = false;
    w->n_touched = 0;
    w->has_told = w->is_open = false;
}

sei_status sei_watch_flush(sei_watch *w, int64_t now_us, bool *ret_told)
{
    sei_status st   = SEI_OK;
    const bool told = w->has_told;

    (void)now_us;
    for (size_t i = 0; i < w->n_touched && st == SEI_OK; i++)
        if (w->alarms[w->touched[i]].has_moved)
            st = write_state(w, &w->alarms[w->touched[i]]);
    for (size_t i = 0; i < w->n_channels && st == SEI_OK; i++)
        if (w->channels[i].is_due)
            st = write_due(w, &w->channels[i]);
    sei_watch_drop(w);
    if (st == SEI_OK)
        *ret_told = told;
    return st;
}

/* ---- the clock and people ------------------------------------------------------------------------------- */

static alarm *find_alarm(sei_watch *w, int64_t id)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->alarms[i].id == id)
            return &w->alarms[i];
    return NULL;
}

static sei_status tick_one(sei_watch *w, int64_t id, int64_t now_us)
{
    sei_alarm_event events[SEI_ALARM_EVENTS_MAX];
    alarm          *a  = find_alarm(w, id);
    sei_status      st = a ? load_state(w, a) : SEI_OK;

    if (st != SEI_OK || !a)
        return st;
    return keep_events(w, a, sei_alarm_tick(&a->setting.rule, &a->state, now_us, events), events,
                       now_us);
}

static sei_status list_due(sei_watch *w, int64_t now_us, int64_t ids[DUE_AT_ONCE], size_t *ret_n)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    size_t     n    = 0;
    sei_status st   = sei_db_start(sei_store_db(w->store),
                                   "SELECT id FROM alarm WHERE active = 1 AND due_us <= $1 ORDER BY"
                                     " due_us LIMIT $2",
                                   SEI_BINDS(sei_bind_int(now_us), sei_bind_int(DUE_AT_ONCE)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        ids[n++] = sei_db_int(stmt, 0);
    sei_db_finish(stmt);
    *ret_n = n;
    return st;
}

/* Ends a transaction with what it moved. */
static sei_status end(sei_watch *w, sei_status status, int64_t now_us, bool *ret_told)
{
    bool told = false;

    if (status == SEI_OK)
        status = sei_watch_flush(w, now_us, &told);
    else
        sei_watch_drop(w);
    status = sei_store_end(w->store, status);
    if (status == SEI_OK && told)
        *ret_told = true;
    return status;
}

sei_status sei_watch_tick(sei_watch *w, int64_t now_us, bool *ret_told)
{
    int64_t    ids[DUE_AT_ONCE];
    size_t     n  = 0;
    sei_status st = read_all(w);

    if (st == SEI_OK)
        st = list_due(w, now_us, ids, &n);
    if (st != SEI_OK || n == 0)
        return st;
    st = sei_store_begin(w->store);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = tick_one(w, ids[i], now_us);
    return end(w, st, now_us, ret_told);
}

static sei_status operate(sei_watch *w, alarm *a, sei_alarm_action action, int64_t now_us,
                          int64_t until_us, const char *actor, const char *note)
{
    sei_alarm_event events[SEI_ALARM_EVENTS_MAX];
    size_t          n  = 0;
    sei_status      st = load_state(w, a);

    if (st != SEI_OK)
        return st;
    st = sei_alarm_operate(w->ctx, &a->setting.rule, &a->state, action, now_us, until_us, events,
                           &n);
    a->has_moved = true;
    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        const bool is_own = events[i].kind == SEI_ALARM_MOVED && events[i].action == action;
        st = keep_event(w, a, &events[i], is_own ? actor : "", is_own ? note : "", now_us);
    }
    return st;
}

sei_status sei_watch_operate(sei_watch *w, int64_t alarm_id, sei_alarm_action action,
                             int64_t now_us, int64_t until_us, const char *actor, const char *note,
                             bool *ret_told)
{
    sei_status st = read_all(w);
    alarm     *a  = st == SEI_OK ? find_alarm(w, alarm_id) : NULL;

    if (st == SEI_OK && !a)
        return sei_fail(w->ctx, SEI_E_NOT_FOUND, NULL, "no active alarm %lld", (long long)alarm_id);
    if (st == SEI_OK)
        st = sei_store_begin(w->store);
    if (st != SEI_OK)
        return st;
    return end(w, operate(w, a, action, now_us, until_us, actor, note), now_us, ret_told);
}

static sei_status take_forecast(sei_watch *w, int64_t channel_id, int64_t made_us, int64_t now_us,
                                double highest, double lowest)
{
    sei_status st = SEI_OK;

    for (size_t i = first_of(w, channel_id);
         i < w->n && w->alarms[i].channel_id == channel_id && st == SEI_OK; i++) {
        alarm       *a = &w->alarms[i];
        const double worst =
            strcmp(a->setting.rule.kind->key, "forecast-high") == 0 ? highest : lowest;
        if (is_of_forecast(a))
            st = take_record(w, a, &(sei_alarm_record){made_us, now_us, isfinite(worst), worst});
    }
    return st;
}

sei_status sei_watch_forecast(sei_watch *w, int64_t channel_id, int64_t made_us, int64_t now_us,
                              double highest, double lowest, bool *ret_told)
{
    sei_status st = read_all(w);

    if (st == SEI_OK)
        st = sei_store_begin(w->store);
    if (st != SEI_OK)
        return st;
    return end(w, take_forecast(w, channel_id, made_us, now_us, highest, lowest), now_us, ret_told);
}
