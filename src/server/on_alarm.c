/* on_alarm.c - alarms: their rules, what people do about them, what happened, forecasts, storm mode */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/units.h"
#include "seiryu/water.h"
#include "server/alarm_rule.h"
#include "server/handlers.h"
#include "server/table_answer.h"
#include "server/watch.h"

enum { EVENTS_DEFAULT = 200, EVENTS_MAX = 5000, HOUR_S = 60 * 60 };

#define ALARM_COLUMNS                                                                     \
    "id:i channel:i station:i site:i name:t name_ja:t kind:t priority:i active:b rule:j " \
    "stand:t breached:b state:j unit:t site_name:t site_name_ja:t station_name:t "        \
    "station_name_ja:t "                                                                  \
    "channel_name:t channel_name_ja:t"
#define ALARM_SELECT                                                                               \
    "SELECT a.id, a.channel_id, s.id, s.site_id, a.name, a.name_ja, a.kind, a.priority, a.active," \
    " a.rule, a.stand, a.breached, a.state, c.unit, i.name, i.name_ja, s.name, s.name_ja, CASE"    \
    " WHEN c.name = '' THEN c.key ELSE c.name END, c.name_ja FROM alarm a JOIN channel c ON c.id " \
    "="                                                                                            \
    " a.channel_id JOIN station s ON s.id = c.station_id JOIN site i ON i.id = s.site_id"

/* The unit as it is printed. */
static void add_symbol(json_t *alarm)
{
    const sei_unit *unit = sei_unit_find(json_string_value(json_object_get(alarm, "unit")));

    json_object_set_new(alarm, "symbol", json_string(unit ? unit->symbol : ""));
}

/* ---- rules ---------------------------------------------------------------------------------------------- */

static const sei_field alarm_fields[] = {
    {"name", SEI_FIELD_TEXT, true, false, 1, 200, NULL},
    {"name_ja", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"kind", SEI_FIELD_TEXT, true, false, 1, 40, NULL},
    {"priority", SEI_FIELD_INT, true, false, 1, 4, NULL},
    {"active", SEI_FIELD_BOOL, true, false, 0, 1, NULL},
    {"rule", SEI_FIELD_JSON, true, false, 2, 4000, NULL},
};
enum { N_FIELDS = sizeof alarm_fields / sizeof alarm_fields[0] };

static sei_status answer_alarm(sei_request *req, int64_t id, int code)
{
    const sei_status st = sei_row(req, ALARM_COLUMNS, ALARM_SELECT " WHERE a.id = $1",
                                  SEI_BINDS(sei_bind_int(id)), &req->answer);

    if (st != SEI_OK)
        return st;
    add_symbol(req->answer);
    req->code = code;
    return SEI_OK;
}

/* Everybody who is told must be a target of the same site. */
static sei_status check_target(sei_request *req, int64_t site_id, int64_t target_id)
{
    int64_t          id    = 0;
    bool             found = false;
    const sei_status st    = sei_db_get_int(
           sei_store_db(req->store), "SELECT id FROM target WHERE id = $1 AND site_id = $2",
           SEI_BINDS(sei_bind_int(target_id), sei_bind_int(site_id)), &found, &id);

    return st == SEI_OK && !found ? sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL,
                                             "no target %lld at this site", (long long)target_id)
                                  : st;
}

static sei_status check_setting(sei_request *req, int64_t channel_id, const json_t *object,
                                sei_alarm_setting *ret_setting)
{
    int64_t    site = 0;
    sei_status st   = sei_alarm_setting_read(req->ctx, json_object_get(object, "rule"),
                                             json_string_value(json_object_get(object, "kind")),
                                             json_integer_value(json_object_get(object, "priority")),
                                             ret_setting);

    if (st == SEI_OK)
        st = sei_db_get_int(
            sei_store_db(req->store),
            "SELECT s.site_id FROM channel c JOIN station s ON s.id = c.station_id WHERE c.id = $1",
            SEI_BINDS(sei_bind_int(channel_id)), NULL, &site);
    for (size_t i = 0; i < ret_setting->n_targets && st == SEI_OK; i++)
        st = check_target(req, site, ret_setting->targets[i]);
    for (size_t i = 0; i < ret_setting->rule.n_steps && st == SEI_OK; i++)
        st = check_target(req, site, ret_setting->rule.steps[i].target);
    return st;
}

sei_status sei_on_add_alarm(sei_request *req)
{
    sei_bind          b[N_FIELDS];
    json_t           *texts   = NULL;
    int64_t           id      = 0;
    sei_alarm_setting setting = {0};
    char              state[SEI_ALARM_JSON_MAX];

    if (!json_object_get(req->json, "active"))
        json_object_set_new(req->json, "active", json_true());
    sei_status st = sei_fields_bind(req, N_FIELDS, alarm_fields, req->json, b, &texts);
    if (st == SEI_OK)
        st = check_setting(req, req->id, req->json, &setting);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        const sei_alarm_state start = sei_alarm_start(req->now_us);
        sei_alarm_state_write(&start, state);
        st = sei_db_get_int(sei_store_db(req->store),
                            "INSERT INTO alarm(name, name_ja, kind, priority, active, rule, "
                            "channel_id, state, stand,"
                            " breached, due_us, version, made_us, storm) VALUES($1, $2, $3, $4, "
                            "$5, $6, $7, $8, $9, 0,"
                            " $10, 0, $11, $12) RETURNING id",
                            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], b[5], sei_bind_int(req->id),
                                      sei_bind_text(state),
                                      sei_bind_text(sei_alarm_stand_name(start.stand)),
                                      sei_bind_int(sei_alarm_next_due_us(&setting.rule, &start)),
                                      sei_bind_int(req->now_us), sei_bind_int(setting.rule.storm)),
                            NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "alarm", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    if (st == SEI_OK)
        sei_server_rules_changed(req->server);
    return st == SEI_OK ? answer_alarm(req, id, 201) : st;
}

/* A rule that is taken up again begins anew. */
static sei_status write_alarm(sei_request *req, const sei_bind b[N_FIELDS],
                              const sei_alarm_setting *setting)
{
    sei_db         *db = sei_store_db(req->store);
    sei_alarm_state state;
    json_t         *row = NULL;
    char            text[SEI_ALARM_JSON_MAX];
    sei_status      st = sei_db_run(db, "UPDATE alarm SET version = version + 1 WHERE id = $1",
                                    SEI_BINDS(sei_bind_int(req->id)), NULL);

    if (st == SEI_OK)
        st = sei_row(req, "active:b state:t", "SELECT active, state FROM alarm WHERE id = $1",
                     SEI_BINDS(sei_bind_int(req->id)), &row);
    if (st != SEI_OK)
        return st;
    const char *old = json_string_value(json_object_get(row, "state"));
    st              = sei_alarm_state_read(req->ctx, old, strlen(old), &state);
    if (st == SEI_OK && !json_is_true(json_object_get(row, "active")) && b[4].integer)
        state = sei_alarm_start(req->now_us);
    json_decref(row);
    if (st != SEI_OK)
        return st;
    sei_alarm_state_write(&state, text);
    return sei_db_run(db,
                      "UPDATE alarm SET name = $1, name_ja = $2, priority = $3, active = $4, rule "
                      "= $5, state = $6,"
                      " stand = $7, breached = $8, due_us = $9, storm = $10 WHERE id = $11",
                      SEI_BINDS(b[0], b[1], b[3], b[4], b[5], sei_bind_text(text),
                                sei_bind_text(sei_alarm_stand_name(state.stand)),
                                sei_bind_int(state.breached),
                                sei_bind_int(sei_alarm_next_due_us(&setting->rule, &state)),
                                sei_bind_int(setting->rule.storm), sei_bind_int(req->id)),
                      NULL);
}

sei_status sei_on_change_alarm(sei_request *req)
{
    sei_bind          b[N_FIELDS];
    json_t           *texts = NULL, *object = NULL;
    sei_alarm_setting setting = {0};
    int64_t           channel = 0;
    sei_status        st =
        sei_db_get_int(sei_store_db(req->store), "SELECT channel_id FROM alarm WHERE id = $1",
                       SEI_BINDS(sei_bind_int(req->id)), NULL, &channel);

    if (st == SEI_OK && json_object_get(req->json, "kind"))
        st = sei_fail(req->ctx, SEI_E_ARG, NULL,
                      "the kind of an alarm stays: make a new one and switch this one off");
    if (st == SEI_OK)
        st = sei_row(req, "name:t name_ja:t kind:t priority:i active:b rule:j",
                     "SELECT name, name_ja, kind, priority, active, rule FROM alarm WHERE id = $1",
                     SEI_BINDS(sei_bind_int(req->id)), &object);
    if (st == SEI_OK) {
        json_object_update(object, req->json);
        st = sei_fields_bind(req, N_FIELDS, alarm_fields, object, b, &texts);
    }
    if (st == SEI_OK)
        st = check_setting(req, channel, object, &setting);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = write_alarm(req, b, &setting);
        if (st == SEI_OK)
            st = sei_note_id(req, "change", "alarm", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    json_decref(object);
    if (st == SEI_OK)
        sei_server_rules_changed(req->server);
    return st == SEI_OK ? answer_alarm(req, req->id, 200) : st;
}

/* ---- the desk ------------------------------------------------------------------------------------------- */

sei_status sei_on_alarms(sei_request *req)
{
    json_t    *alarms = NULL, *storms = NULL, *alarm;
    size_t     k;
    sei_status st =
        sei_rows(req, ALARM_COLUMNS, ALARM_SELECT " ORDER BY a.priority, a.id", 0, NULL, &alarms);

    if (st == SEI_OK)
        st = sei_rows(req, "station:i site:i interval_s:i hold_s:i on:b",
                      "SELECT m.station_id, s.site_id, m.interval_s, m.hold_s, m.is_on FROM storm m"
                      " JOIN station s ON s.id = m.station_id ORDER BY m.station_id",
                      0, NULL, &storms);
    json_t *const lists[] = {alarms, storms};
    for (k = 0; k < 2; k++)
        for (size_t i = json_array_size(lists[k]); i-- > 0;) {
            const json_t *site = json_object_get(json_array_get(lists[k], i), "site");
            if (!sei_actor_may(&req->actor, json_integer_value(site), SEI_ROLE_VIEWER))
                json_array_remove(lists[k], i);
        }
    json_array_foreach(alarms, k, alarm) add_symbol(alarm);
    if (st != SEI_OK)
        json_decref(alarms);
    else
        req->answer = json_pack("{s:I, s:o, s:o}", "now_us", (json_int_t)req->now_us, "alarms",
                                alarms, "storms", storms);
    return st;
}

/* What belongs to the design of an alarm is asked of an engineer, what belongs to a shift of an operator. */
static bool is_of_design(sei_alarm_action action)
{
    return action == SEI_ALARM_SUPPRESS || action == SEI_ALARM_UNSUPPRESS ||
           action == SEI_ALARM_REMOVE || action == SEI_ALARM_RETURN;
}

static sei_status check_action(sei_request *req, const char *name, sei_alarm_action *ret_action)
{
    int64_t    site = 0;
    sei_status st;

    if (!sei_alarm_action_find(name, ret_action) || *ret_action == SEI_ALARM_ACTIVATE ||
        *ret_action == SEI_ALARM_CLEAR)
        return sei_fail(req->ctx, SEI_E_KEY, NULL, "\"%.40s\" is nothing that a person does", name);
    st = sei_db_get_int(sei_store_db(req->store),
                        "SELECT s.site_id FROM alarm a JOIN channel c ON c.id = a.channel_id JOIN"
                        " station s ON s.id = c.station_id WHERE a.id = $1",
                        SEI_BINDS(sei_bind_int(req->id)), NULL, &site);
    if (st == SEI_OK && is_of_design(*ret_action) &&
        !sei_actor_may(&req->actor, site, SEI_ROLE_ENGINEER))
        return sei_refuse(req, 403, "your role does not allow this");
    return st;
}

sei_status sei_on_act_on_alarm(sei_request *req)
{
    static const sei_field fields[] = {
        {"action", SEI_FIELD_TEXT, true, false, 1, 40, NULL},
        {"until_us", SEI_FIELD_INT, false, false, 0, 1e18, NULL},
        {"note", SEI_FIELD_TEXT, false, false, 0, 1000, NULL},
    };
    sei_bind         b[3];
    json_t          *texts = NULL;
    sei_alarm_action action;
    sei_status       st = sei_fields_bind(req, 3, fields, req->json, b, &texts);

    if (st == SEI_OK)
        st = check_action(req, b[0].bytes, &action);
    if (st == SEI_OK && action == SEI_ALARM_SHELVE && ((const char *)b[2].bytes)[0] == '\0')
        st = sei_fail(req->ctx, SEI_E_MISSING, NULL, "note is missing: why it is shelved");
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        bool told = false;
        st = sei_watch_operate(sei_desk_watch(req->server, req->desk), req->id, action, req->now_us,
                               b[1].integer, req->actor.name, b[2].bytes, &told);
        if (st == SEI_OK)
            st = sei_note_id(req, sei_alarm_action_name(action), "alarm", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    if (st == SEI_E_ARG && req->code < 400)
        req->code = 409;
    return st == SEI_OK ? answer_alarm(req, req->id, 200) : st;
}

/* ---- what happened -------------------------------------------------------------------------------------- */

#define EVENT_COLUMNS                                                                            \
    "id:i alarm:i time_us:i kind:t action:t from:t to:t silent:b step:i value:r actor:t note:t " \
    "made_us:i"
#define EVENT_NAMES                                                                              \
    "e.id, e.alarm_id, e.time_us, e.kind, e.action, e.from_stand, e.to_stand, e.silent, e.step," \
    " e.value, e.actor, e.note, e.made_us"

sei_status sei_on_alarm_events(sei_request *req)
{
    int64_t    before = 0, limit = 0;
    json_t    *events = NULL;
    sei_status st     = sei_query_int(req, "before", INT64_MAX, 1, INT64_MAX, &before);

    if (st == SEI_OK)
        st = sei_query_int(req, "limit", EVENTS_DEFAULT, 1, EVENTS_MAX, &limit);
    if (st == SEI_OK)
        st = sei_rows(
            req, EVENT_COLUMNS,
            "SELECT " EVENT_NAMES " FROM alarm_event e WHERE e.alarm_id = $1 AND e.id < $2"
            " ORDER BY e.id DESC LIMIT $3",
            SEI_BINDS(sei_bind_int(req->id), sei_bind_int(before), sei_bind_int(limit)), &events);
    if (st == SEI_OK)
        req->answer = json_pack("{s:o}", "events", events);
    return st;
}

static const sei_table_column event_columns[] = {
    {"time", "time_us", SEI_CELL_TIME},    {"priority", "priority", SEI_CELL_NUMBER},
    {"value", "value", SEI_CELL_NUMBER},   {"station", "station", SEI_CELL_TEXT},
    {"channel", "channel", SEI_CELL_TEXT}, {"alarm", "alarm", SEI_CELL_TEXT},
    {"kind", "kind", SEI_CELL_TEXT},       {"event", "event", SEI_CELL_TEXT},
    {"action", "action", SEI_CELL_TEXT},   {"from", "from", SEI_CELL_TEXT},
    {"to", "to", SEI_CELL_TEXT},           {"unit", "unit", SEI_CELL_TEXT},
    {"actor", "actor", SEI_CELL_TEXT},     {"note", "note", SEI_CELL_TEXT},
};

sei_status sei_on_site_alarm_events(sei_request *req)
{
    int64_t    from = 0, to = 0;
    json_t    *events = NULL;
    sei_status st     = sei_query_time(req, "from", true, 0, &from);

    if (st == SEI_OK)
        st = sei_query_time(req, "to", true, 0, &to);
    if (st == SEI_OK)
        st = sei_rows(
            req,
            "id:i time_us:i event:t action:t from:t to:t silent:b value:r actor:t note:t alarm:t"
            " alarm_ja:t kind:t priority:i channel:t unit:t station:t",
            "SELECT e.id, e.time_us, e.kind, e.action, e.from_stand, e.to_stand, e.silent, e.value,"
            " e.actor, e.note, a.name, a.name_ja, a.kind, a.priority, c.key, c.unit, s.key FROM "
            "alarm_event e"
            " JOIN alarm a ON a.id = e.alarm_id JOIN channel c ON c.id = a.channel_id JOIN station "
            "s"
            " ON s.id = c.station_id WHERE s.site_id = $1 AND e.time_us >= $2 AND e.time_us < $3"
            " ORDER BY e.time_us, e.id",
            SEI_BINDS(sei_bind_int(req->id), sei_bind_int(from), sei_bind_int(to)), &events);
    if (st == SEI_OK && sei_wants_table(req)) {
        st = sei_answer_table(req, sizeof event_columns / sizeof event_columns[0], event_columns,
                              events, "alarms.csv");
        json_decref(events);
        return st;
    }
    if (st == SEI_OK)
        req->answer = json_pack("{s:o}", "events", events);
    return st;
}

/* ---- forecasts ------------------------------------------------------------------------------------------ */

sei_status sei_on_forecast(sei_request *req)
{
    static const sei_field fields[] = {
        {"made_us", SEI_FIELD_INT, true, false, 0, 1e18, NULL},
        {"highest", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
        {"lowest", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    };
    sei_bind   b[3];
    json_t    *texts = NULL;
    bool       told  = false;
    sei_status st    = sei_fields_bind(req, 3, fields, req->json, b, &texts);

    if (st == SEI_OK)
        st = sei_watch_forecast(sei_desk_watch(req->server, req->desk), req->id, b[0].integer,
                                req->now_us, b[1].kind == SEI_BIND_NULL ? (double)NAN : b[1].real,
                                b[2].kind == SEI_BIND_NULL ? (double)NAN : b[2].real, &told);
    json_decref(texts);
    req->code = st == SEI_OK ? 204 : req->code;
    return st;
}

/* ---- storm mode ----------------------------------------------------------------------------------------- */

#define STORM_COLUMNS "station:i interval_s:i hold_s:i on:b"
#define STORM_SELECT  "SELECT station_id, interval_s, hold_s, is_on FROM storm WHERE station_id = $1"

sei_status sei_on_storm(sei_request *req)
{
    json_t          *rows = NULL;
    const sei_status st =
        sei_rows(req, STORM_COLUMNS, STORM_SELECT, SEI_BINDS(sei_bind_int(req->id)), &rows);

    if (st != SEI_OK)
        return st;
    req->answer = json_array_size(rows) > 0
                      ? json_incref(json_array_get(rows, 0))
                      : json_pack("{s:I, s:i, s:i, s:b}", "station", (json_int_t)req->id,
                                  "interval_s", 0, "hold_s", 0, "on", 0);
    json_decref(rows);
    return SEI_OK;
}

/* interval_s 0: the station has no storm mode. */
sei_status sei_on_set_storm(sei_request *req)
{
    static const sei_field fields[] = {
        {"interval_s", SEI_FIELD_INT, true, false, 0, HOUR_S, NULL},
        {"hold_s", SEI_FIELD_INT, false, false, 0, 7 * 24 * HOUR_S, NULL},
    };
    sei_bind   b[2];
    json_t    *texts = NULL;
    sei_status st    = sei_fields_bind(req, 2, fields, req->json, b, &texts);

    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st =
            b[0].integer == 0
                ? sei_db_run(sei_store_db(req->store), "DELETE FROM storm WHERE station_id = $1",
                             SEI_BINDS(sei_bind_int(req->id)), NULL)
                : sei_db_run(sei_store_db(req->store),
                             "INSERT INTO storm(station_id, interval_s, hold_s, is_on, has_seen,"
                             " seen_us, told_us) VALUES($1, $2, $3, 0, 0, 0, 0) ON CONFLICT"
                             "(station_id) DO UPDATE SET interval_s = excluded.interval_s, hold_s ="
                             " excluded.hold_s, told_us = 0",
                             SEI_BINDS(sei_bind_int(req->id), b[0], b[1]), NULL);
        if (st == SEI_OK)
            st = sei_note_id(req, "storm", "station", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    return st == SEI_OK ? sei_on_storm(req) : st;
}
