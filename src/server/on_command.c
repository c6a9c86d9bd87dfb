/* on_command.c - points that can be operated, and the desk from which they are */
#include <stdlib.h>
#include <string.h>

#include "seiryu/units.h"
#include "server/handlers.h"
#include "server/operate.h"

enum { COMMANDS_SHOWN = 100, DAY_S = 24 * 60 * 60 };

/* ---- keys ------------------------------------------------------------------------------------------------ */

sei_status sei_on_command_keys(sei_request *req)
{
    json_t    *station = NULL, *keys = NULL;
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st =
        sei_row(req, "address:i", "SELECT address FROM command_station WHERE station_id = $1",
                SEI_BINDS(sei_bind_int(req->id)), &station);

    if (st != SEI_OK)
        return st;
    keys = json_array();
    st   = sei_db_start(
          sei_store_db(req->store),
          "SELECT number, public_key FROM issuer_key WHERE station_id = $1 ORDER BY number",
          SEI_BINDS(sei_bind_int(req->id)), &stmt);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        char        hex[65] = "";
        size_t      len     = 0;
        const void *key     = sei_db_blob(stmt, 1, &len);
        if (len == 32)
            sodium_bin2hex(hex, sizeof hex, key, len);
        json_array_append_new(keys, json_pack("{s:I, s:s}", "number",
                                              (json_int_t)sei_db_int(stmt, 0), "public_key", hex));
    }
    sei_db_finish(stmt);
    json_object_set_new(station, "keys", keys);
    if (st == SEI_OK)
        req->answer = station;
    else
        json_decref(station);
    return st;
}

static sei_status store_keys(sei_request *req, const sei_bind b[2], const uint8_t answer_key[32])
{
    sei_status st =
        sei_db_run(sei_store_db(req->store),
                   "INSERT INTO command_station(station_id, address, answer_key, made_us) "
                   "VALUES($1, $2, $3, $4) ON"
                   " CONFLICT(station_id) DO UPDATE SET address = excluded.address, answer_key ="
                   " excluded.answer_key",
                   SEI_BINDS(sei_bind_int(req->id), b[0], sei_bind_blob(answer_key, 32),
                             sei_bind_int(req->now_us)),
                   NULL);

    if (st == SEI_OK)
        st = sei_operate_make_keys(req->store, req->server->secret, req->id);
    return st == SEI_OK ? sei_note_id(req, "command-keys", "station", req->id, req->json) : st;
}

sei_status sei_on_set_command_keys(sei_request *req)
{
    static const sei_field fields[] = {
        {"address", SEI_FIELD_INT, true, false, 1, 4294967295.0, NULL},
        {"answer_key", SEI_FIELD_TEXT, true, false, 64, 64, NULL},
    };
    sei_bind   b[2];
    json_t    *texts = NULL;
    uint8_t    key[32];
    size_t     len = 0;
    sei_status st  = sei_fields_bind(req, 2, fields, req->json, b, &texts);

    if (st == SEI_OK &&
        (sodium_hex2bin(key, sizeof key, b[1].bytes, 64, NULL, &len, NULL) != 0 || len != 32))
        st = sei_fail(req->ctx, SEI_E_PARSE, NULL,
                      "answer_key is no public key of 64 hexadecimal digits");
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK)
        st = sei_store_end(req->store, store_keys(req, b, key));
    json_decref(texts);
    return st == SEI_OK ? sei_on_command_keys(req) : st;
}

/* ---- points ---------------------------------------------------------------------------------------------- */

#define POINT_COLUMNS                                                                            \
    "id:i station:i site:i point:i name:t name_ja:t unit:t decimals:i low:i high:i tolerance:i " \
    "validity_s:i two_persons:b remote:b position:i proven:b heard_us:i"
#define POINT_SELECT                                                                               \
    "SELECT p.id, p.station_id, s.site_id, p.point, p.name, p.name_ja, p.unit, p.decimals, p.low," \
    " p.high, p.tolerance, p.validity_s, p.two_persons, p.remote, p.position, p.proven, "          \
    "p.heard_us"                                                                                   \
    " FROM command_point p JOIN station s ON s.id = p.station_id"

static const sei_field point_fields[] = {
    {"point", SEI_FIELD_INT, true, false, 0, 65535, NULL},
    {"name", SEI_FIELD_TEXT, true, false, 1, 200, NULL},
    {"name_ja", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"unit", SEI_FIELD_TEXT, false, false, 0, 15, NULL},
    {"decimals", SEI_FIELD_INT, false, false, 0, 6, NULL},
    {"low", SEI_FIELD_INT, true, false, -2147483648.0, 2147483647.0, NULL},
    {"high", SEI_FIELD_INT, true, false, -2147483648.0, 2147483647.0, NULL},
    {"tolerance", SEI_FIELD_INT, false, false, 0, 2147483647.0, NULL},
    {"validity_s", SEI_FIELD_INT, true, false, 10, DAY_S, NULL},
    {"two_persons", SEI_FIELD_BOOL, false, false, 0, 1, NULL},
    {"remote", SEI_FIELD_BOOL, true, false, 0, 1, NULL},
};
enum { N_POINT = sizeof point_fields / sizeof point_fields[0] };

static void add_symbols(json_t *points)
{
    json_t *point;
    size_t  i;

    json_array_foreach(points, i, point)
    {
        const sei_unit *unit = sei_unit_find(json_string_value(json_object_get(point, "unit")));
        json_object_set_new(point, "symbol", json_string(unit ? unit->symbol : ""));
    }
}

static sei_status answer_point(sei_request *req, int64_t id, int code)
{
    req->code = code;
    return sei_row(req, POINT_COLUMNS, POINT_SELECT " WHERE p.id = $1", SEI_BINDS(sei_bind_int(id)),
                   &req->answer);
}

static sei_status check_point(sei_request *req, const sei_bind b[N_POINT])
{
    const char *unit = b[3].bytes;

    if (b[5].integer >= b[6].integer)
        return sei_fail(req->ctx, SEI_E_RANGE, NULL, "low must be less than high");
    if (unit[0] && !sei_unit_find(unit))
        return sei_fail(req->ctx, SEI_E_UNIT, NULL, "unit \"%.20s\" is not in the list of units",
                        unit);
    return SEI_OK;
}

sei_status sei_on_add_command_point(sei_request *req)
{
    sei_bind b[N_POINT];
    json_t  *texts = NULL;
    int64_t  id    = 0;

    if (!json_object_get(req->json, "remote"))
        json_object_set_new(req->json, "remote", json_true());
    if (!json_object_get(req->json, "validity_s"))
        json_object_set_new(req->json, "validity_s", json_integer(120));
    sei_status st = sei_fields_bind(req, N_POINT, point_fields, req->json, b, &texts);
    if (st == SEI_OK)
        st = check_point(req, b);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_get_int(
            sei_store_db(req->store),
            "INSERT INTO command_point(point, name, name_ja, unit, decimals, low, high, tolerance,"
            " validity_s, two_persons, remote, station_id, proven, heard_s, life, made_us) "
            "VALUES($1, $2,"
            " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, $13) RETURNING id",
            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
                      sei_bind_int(req->id), sei_bind_int(req->now_us)),
            NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "command-point", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    return st == SEI_OK ? answer_point(req, id, 201) : st;
}

/* The number stays: the station has it, too. */
sei_status sei_on_change_command_point(sei_request *req)
{
    sei_bind   b[N_POINT];
    json_t    *texts = NULL, *object = NULL;
    sei_status st =
        sei_row(req,
                "point:i name:t name_ja:t unit:t decimals:i low:i high:i tolerance:i validity_s:i"
                " two_persons:b remote:b",
                "SELECT point, name, name_ja, unit, decimals, low, high, tolerance, validity_s,"
                " two_persons, remote FROM command_point WHERE id = $1",
                SEI_BINDS(sei_bind_int(req->id)), &object);

    if (st == SEI_OK && json_object_get(req->json, "point"))
        st = sei_fail(req->ctx, SEI_E_ARG, NULL, "the number of a point stays: make a new one");
    if (st == SEI_OK) {
        json_object_update(object, req->json);
        st = sei_fields_bind(req, N_POINT, point_fields, object, b, &texts);
    }
    if (st == SEI_OK)
        st = check_point(req, b);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_run(
            sei_store_db(req->store),
            "UPDATE command_point SET name = $1, name_ja = $2, unit = $3, decimals = $4, low ="
            " $5, high = $6, tolerance = $7, validity_s = $8, two_persons = $9, remote = $10"
            " WHERE id = $11",
            SEI_BINDS(b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
                      sei_bind_int(req->id)),
            NULL);
        if (st == SEI_OK)
            st = sei_note_id(req, "change", "command-point", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    json_decref(object);
    return st == SEI_OK ? answer_point(req, req->id, 200) : st;
}

/* ---- the desk -------------------------------------------------------------------------------------------- */

#define COMMAND_COLUMNS                                                                    \
    "id:i point:i stand:t value:i reason:t selected_by:t operated_by:t cause:i made_us:i " \
    "until_us:i "                                                                          \
    "ended_us:i"
#define COMMAND_SELECT                                                                            \
    "SELECT c.id, c.point_id, c.stand, c.value, c.reason, c.selected_by, c.operated_by, c.cause," \
    " c.made_us, c.until_us, c.ended_us FROM command c"

/* What a cause and a stand mean, in both languages. */
static void add_words(json_t *command)
{
    const json_int_t cause = json_integer_value(json_object_get(command, "cause"));

    json_object_set_new(command, "cause_text", json_string(sei_cause_name((uint8_t)cause)));
    json_object_set_new(command, "cause_text_ja", json_string(sei_cause_name_ja((uint8_t)cause)));
}

sei_status sei_on_commands(sei_request *req)
{
    json_t    *points = NULL, *commands = NULL, *command;
    size_t     i;
    sei_status st = sei_rows(req, POINT_COLUMNS, POINT_SELECT " WHERE s.site_id = $1 ORDER BY p.id",
                             SEI_BINDS(sei_bind_int(req->id)), &points);

    if (st == SEI_OK)
        st = sei_rows(req, COMMAND_COLUMNS,
                      COMMAND_SELECT
                      " JOIN command_point p ON p.id = c.point_id JOIN station s ON s.id ="
                      " p.station_id WHERE s.site_id = $1 ORDER BY c.id DESC LIMIT $2",
                      SEI_BINDS(sei_bind_int(req->id), sei_bind_int(COMMANDS_SHOWN)), &commands);
    if (st != SEI_OK) {
        json_decref(points);
        return st;
    }
    add_symbols(points);
    json_array_foreach(commands, i, command) add_words(command);
    req->answer = json_pack("{s:I, s:o, s:o}", "now_us", (json_int_t)req->now_us, "points", points,
                            "commands", commands);
    return SEI_OK;
}

static sei_status answer_command(sei_request *req, int64_t id, int code)
{
    json_t          *events = NULL, *event;
    size_t           i;
    const sei_status st = sei_row(req, COMMAND_COLUMNS, COMMAND_SELECT " WHERE c.id = $1",
                                  SEI_BINDS(sei_bind_int(id)), &req->answer);

    if (st != SEI_OK ||
        sei_rows(req, "time_us:i what:t stand:t cause:i actor:t",
                 "SELECT time_us, what, stand, cause, actor FROM command_event WHERE"
                 " command_id = $1 ORDER BY id",
                 SEI_BINDS(sei_bind_int(id)), &events) != SEI_OK)
        return st;
    json_array_foreach(events, i, event) add_words(event);
    add_words(req->answer);
    json_object_set_new(req->answer, "now_us", json_integer(req->now_us));
    json_object_set_new(req->answer, "events", events);
    req->code = code;
    return SEI_OK;
}

sei_status sei_on_command(sei_request *req)
{
    return answer_command(req, req->id, 200);
}

static sei_operate_by actor_of(const sei_request *req)
{
    return (sei_operate_by){req->server->secret, req->actor.name, req->now_us};
}

static sei_status end_and_send(sei_request *req, sei_status status)
{
    status = sei_store_end(req->store, status);
    if (status == SEI_OK)
        sei_server_wake(req->server);
    if (status == SEI_E_ARG || status == SEI_E_DUPLICATE)
        req->code = 409;
    return status;
}

sei_status sei_on_select(sei_request *req)
{
    static const sei_field fields[] = {
        {"value", SEI_FIELD_INT, true, false, -2147483648.0, 2147483647.0, NULL},
        {"expected", SEI_FIELD_INT, false, true, -2147483648.0, 2147483647.0, NULL},
        {"reason", SEI_FIELD_TEXT, true, false, 1, 1000, NULL},
    };
    const sei_operate_by by = actor_of(req);
    sei_bind             b[3];
    json_t              *texts = NULL;
    int64_t              id    = 0;
    sei_operate_point    point;
    sei_status           st = sei_fields_bind(req, 3, fields, req->json, b, &texts);

    if (st == SEI_OK)
        st = sei_operate_find(req->store, req->id, &point);
    if (st == SEI_OK && !point.remote)
        st = sei_refuse(req, 409, "the point stands on local: switch it to remote first");
    if (st == SEI_OK && (b[0].integer < point.low || b[0].integer > point.high))
        st = sei_fail(req->ctx, SEI_E_RANGE, NULL, "value %lld is outside %lld..%lld",
                      (long long)b[0].integer, (long long)point.low, (long long)point.high);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_operate_select(req->store, &by, &point, b[0].integer, b[1].kind == SEI_BIND_INT,
                                b[1].integer, b[2].bytes, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "select", "command", id, req->json);
        st = end_and_send(req, st);
    }
    json_decref(texts);
    return st == SEI_OK ? answer_command(req, id, 201) : st;
}

static sei_status find_of_command(sei_request *req, sei_operate_point *ret_point, bool *ret_is_own)
{
    json_t    *row = NULL;
    sei_status st  = sei_row(req, "point:i selected_by:t",
                             "SELECT point_id, selected_by FROM command WHERE id = $1",
                             SEI_BINDS(sei_bind_int(req->id)), &row);

    if (st != SEI_OK)
        return st;
    *ret_is_own =
        strcmp(json_string_value(json_object_get(row, "selected_by")), req->actor.name) == 0;
    st = sei_operate_find(req->store, json_integer_value(json_object_get(row, "point")), ret_point);
    json_decref(row);
    return st;
}

sei_status sei_on_operate(sei_request *req)
{
    const sei_operate_by by     = actor_of(req);
    bool                 is_own = false;
    sei_operate_point    point;
    sei_status           st = find_of_command(req, &point, &is_own);

    if (st == SEI_OK && !point.remote)
        st = sei_refuse(req, 409, "the point stands on local: switch it to remote first");
    if (st == SEI_OK && point.two_persons && is_own)
        st = sei_refuse(req, 403, "a second person has to operate this point");
    if (st == SEI_OK && !point.two_persons && !is_own)
        st = sei_refuse(req, 403, "somebody else selected it: who selects operates");
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st != SEI_OK)
        return st;
    st = sei_operate_go(req->store, &by, req->id, &point);
    if (st == SEI_OK)
        st = sei_note_id(req, "operate", "command", req->id, NULL);
    st = end_and_send(req, st);
    return st == SEI_OK ? answer_command(req, req->id, 200) : st;
}

sei_status sei_on_cancel(sei_request *req)
{
    const sei_operate_by by     = actor_of(req);
    bool                 is_own = false;
    sei_operate_point    point;
    sei_status           st = find_of_command(req, &point, &is_own);

    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st != SEI_OK)
        return st;
    st = sei_operate_cancel(req->store, &by, req->id, &point);
    if (st == SEI_OK)
        st = sei_note_id(req, "cancel", "command", req->id, NULL);
    st = end_and_send(req, st);
    return st == SEI_OK ? answer_command(req, req->id, 200) : st;
}
