/* operate.c - remote operation */
#include "server/operate.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/down.h"
#include "server/seal_secret.h"

/* The station's clock and ours may differ by so much, and an answer may be under way. */
enum { SLACK_S = 30, OPEN_MAX = 16 };

/* ---- a command as one line of the store ------------------------------------------------------------------ */

static char *write_command(const sei_command *c)
{
    json_t *json = json_pack(
        "{s:i, s:I, s:i, s:I, s:I, s:b, s:I, s:I, s:i, s:i, s:I, s:I, s:I, s:i, s:I, s:I, s:i, s:b,"
        " s:I}",
        "stand", (int)c->stand, "station", (json_int_t)c->station, "point", (int)c->point, "value",
        (json_int_t)c->value, "tolerance", (json_int_t)c->tolerance, "has_expected",
        c->has_expected, "expected", (json_int_t)c->expected, "not_after_s",
        (json_int_t)c->not_after_s, "select_key", (int)c->select_key, "operate_key",
        (int)c->operate_key, "select_counter", (json_int_t)c->select_counter, "operate_counter",
        (json_int_t)c->operate_counter, "nonce", (json_int_t)c->nonce, "base_key", (int)c->base_key,
        "base_counter", (json_int_t)c->base_counter, "life", (json_int_t)c->life, "cause",
        (int)c->cause, "has_position", c->has_position, "position", (json_int_t)c->position);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    return text;
}

static sei_status read_command(sei_ctx *ctx, const char *text, sei_command *ret_command)
{
    json_t    *json = json_loads(text, 0, NULL);
    json_int_t n[11];
    int        stand, point, select_key, operate_key, base_key, cause, has_expected, has_position;

    const int failed = json_unpack(
        json,
        "{s:i, s:I, s:i, s:I, s:I, s:b, s:I, s:I, s:i, s:i, s:I, s:I, s:I, s:i, s:I, s:I, s:i, s:b,"
        " s:I}",
        "stand", &stand, "station", &n[0], "point", &point, "value", &n[1], "tolerance", &n[2],
        "has_expected", &has_expected, "expected", &n[3], "not_after_s", &n[4], "select_key",
        &select_key, "operate_key", &operate_key, "select_counter", &n[5], "operate_counter", &n[6],
        "nonce", &n[7], "base_key", &base_key, "base_counter", &n[8], "life", &n[9], "cause",
        &cause, "has_position", &has_position, "position", &n[10]);
    json_decref(json);
    if (failed || stand < SEI_COMMAND_NEW || stand > SEI_COMMAND_NOT_DONE)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "a stored command cannot be read");
    *ret_command = (sei_command){.stand           = (sei_command_stand)stand,
                                 .station         = (uint32_t)n[0],
                                 .point           = (uint16_t)point,
                                 .value           = (int32_t)n[1],
                                 .tolerance       = (int32_t)n[2],
                                 .has_expected    = has_expected,
                                 .expected        = (int32_t)n[3],
                                 .not_after_s     = (uint32_t)n[4],
                                 .select_key      = (uint8_t)select_key,
                                 .operate_key     = (uint8_t)operate_key,
                                 .select_counter  = (uint32_t)n[5],
                                 .operate_counter = (uint32_t)n[6],
                                 .nonce           = (uint32_t)n[7],
                                 .base_key        = (uint8_t)base_key,
                                 .base_counter    = (uint32_t)n[8],
                                 .life            = (uint32_t)n[9],
                                 .cause           = (uint8_t)cause,
                                 .has_position    = has_position,
                                 .position        = (int32_t)n[10]};
    return SEI_OK;
}

/* Writing first keeps others away from the row until the transaction ends. */
static sei_status load(sei_store *store, int64_t id, sei_command *ret_command)
{
    sei_db    *db   = sei_store_db(store);
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_run(db, "UPDATE command SET value = value WHERE id = $1",
                                 SEI_BINDS(sei_bind_int(id)), NULL);

    if (st == SEI_OK)
        st = sei_db_start(db, "SELECT state FROM command WHERE id = $1",
                          SEI_BINDS(sei_bind_int(id)), &stmt);
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK)
        st = row ? read_command(sei_store_ctx(store), sei_db_text(stmt, 0), ret_command)
                 : sei_fail(sei_store_ctx(store), SEI_E_NOT_FOUND, NULL, "no command %lld",
                            (long long)id);
    sei_db_finish(stmt);
    return st;
}

static bool is_over(sei_command_stand stand)
{
    return stand == SEI_COMMAND_DONE || stand == SEI_COMMAND_FAILED ||
           stand == SEI_COMMAND_NOT_DONE;
}

/* downlink_id 0: the token that is under way stays. */
static sei_status keep(sei_store *store, int64_t id, const sei_command *c, const char *what,
                       const char *actor, int64_t now_us, int64_t downlink_id)
{
    char      *text = write_command(c);
    sei_status st =
        text
            ? sei_db_run(
                  sei_store_db(store),
                  "UPDATE command SET state = $1, stand = $2, cause = $3, ended_us = $4,"
                  " downlink_id = coalesce($5, downlink_id) WHERE id = $6",
                  SEI_BINDS(sei_bind_text(text), sei_bind_text(sei_command_stand_name(c->stand)),
                            sei_bind_int(c->cause), sei_bind_int_or_null(is_over(c->stand), now_us),
                            sei_bind_int_or_null(downlink_id > 0, downlink_id), sei_bind_int(id)),
                  NULL)
            : SEI_E_NOMEM;

    free(text);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(store),
                        "INSERT INTO command_event(command_id, time_us, what, stand, cause, actor)"
                        " VALUES($1, $2, $3, $4, $5, $6)",
                        SEI_BINDS(sei_bind_int(id), sei_bind_int(now_us), sei_bind_text(what),
                                  sei_bind_text(sei_command_stand_name(c->stand)),
                                  sei_bind_int(c->cause), sei_bind_text(actor)),
                        NULL);
    return st;
}

/* ---- points and keys ------------------------------------------------------------------------------------- */

sei_status sei_operate_find(sei_store *store, int64_t point_id, sei_operate_point *ret_point)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT p.station_id, c.address, p.point, p.low, p.high, p.tolerance, p.validity_s,"
            " p.two_persons, p.remote FROM command_point p JOIN command_station c ON c.station_id ="
            " p.station_id WHERE p.id = $1",
          SEI_BINDS(sei_bind_int(point_id)), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row)
        *ret_point = (sei_operate_point){.id          = point_id,
                                         .station_id  = sei_db_int(stmt, 0),
                                         .address     = sei_db_int(stmt, 1),
                                         .point       = sei_db_int(stmt, 2),
                                         .low         = sei_db_int(stmt, 3),
                                         .high        = sei_db_int(stmt, 4),
                                         .tolerance   = sei_db_int(stmt, 5),
                                         .validity_s  = sei_db_int(stmt, 6),
                                         .two_persons = sei_db_int(stmt, 7) != 0,
                                         .remote      = sei_db_int(stmt, 8) != 0};
    sei_db_finish(stmt);
    return st == SEI_OK && !row ? sei_fail(sei_store_ctx(store), SEI_E_NOT_FOUND, NULL,
                                           "the point, or the keys of its station, are not there")
                                : st;
}

static sei_status make_key(sei_store *store, const uint8_t *secret, int64_t station_id, int number)
{
    uint8_t    seed[32], public_key[32], key[64], sealed[sizeof key + SEI_SECRET_MORE];
    sei_status st;

    randombytes_buf(seed, sizeof seed);
    st = sei_ed25519_keys(sei_store_ctx(store), seed, public_key, key);
    sei_secret_seal(secret, key, sizeof key, sealed);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(key, sizeof key);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(store),
                        "INSERT INTO issuer_key(station_id, number, public_key, secret, counter)"
                        " VALUES($1, $2, $3, $4, 1) ON CONFLICT DO NOTHING",
                        SEI_BINDS(sei_bind_int(station_id), sei_bind_int(number),
                                  sei_bind_blob(public_key, sizeof public_key),
                                  sei_bind_blob(sealed, sizeof sealed)),
                        NULL);
    return st;
}

sei_status sei_operate_make_keys(sei_store *store, const uint8_t *secret, int64_t station_id)
{
    sei_status st = SEI_OK;

    for (int number = 0; number < SEI_KEYS && st == SEI_OK; number++)
        st = make_key(store, secret, station_id, number);
    return st;
}

/* The key, and a counter that no token had and none will have again, whatever becomes of this one. */
static sei_status take_key(sei_store *store, const uint8_t *secret, int64_t station_id, int number,
                           uint8_t ret_key[64], uint32_t *ret_counter)
{
    sei_db    *db      = sei_store_db(store);
    sei_stmt  *stmt    = NULL;
    bool       row     = false;
    int64_t    counter = 0;
    sei_status st      = sei_db_start(db,
                                      "UPDATE issuer_key SET counter = counter + 1 WHERE station_id = "
                                           "$1 AND number = $2 RETURNING"
                                           " counter - 1, secret",
                                      SEI_BINDS(sei_bind_int(station_id), sei_bind_int(number)), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        size_t      len    = 0;
        const void *sealed = sei_db_blob(stmt, 1, &len);
        counter            = sei_db_int(stmt, 0);
        if (!sei_secret_open(secret, sealed, len, ret_key, 64))
            st = sei_fail(sei_store_ctx(store), SEI_E_UNSUPPORTED, NULL,
                          "the station's key was sealed with another key file: make it anew");
    }
    if (st == SEI_OK && row) /* to its end, so that it counts */
        st = sei_db_step(stmt, &row);
    else if (st == SEI_OK)
        st = sei_fail(sei_store_ctx(store), SEI_E_NOT_FOUND, NULL, "the station has no key %d",
                      number);
    sei_db_finish(stmt);
    if (st == SEI_OK && (counter < 1 || counter > UINT32_MAX))
        st = sei_fail(sei_store_ctx(store), SEI_E_RANGE, NULL, "the key's counter is used up");
    *ret_counter = (uint32_t)counter;
    return st;
}

/* ---- tokens ---------------------------------------------------------------------------------------------- */

static sei_status send_token(sei_store *store, const sei_operate_by *by,
                             const sei_operate_point *point, const sei_command *c,
                             const uint8_t frame[SEI_TOKEN_SIZE], int64_t *ret_downlink)
{
    return sei_down_add(store, point->station_id, SEI_PORT_TOKEN, frame, SEI_TOKEN_SIZE, by->now_us,
                        (int64_t)c->not_after_s * SEI_US_PER_S, ret_downlink);
}

static sei_status settle_token(sei_store *store, int64_t command_id, int64_t now_us)
{
    int64_t          id    = 0;
    bool             found = false;
    const sei_status st =
        sei_db_get_int(sei_store_db(store), "SELECT downlink_id FROM command WHERE id = $1",
                       SEI_BINDS(sei_bind_int(command_id)), &found, &id);

    return st == SEI_OK && found ? sei_down_settle(store, id, now_us) : st;
}

static sei_status refuse_second(sei_store *store, int64_t point_id)
{
    int64_t    n = 0;
    sei_status st =
        sei_db_run(sei_store_db(store), "UPDATE command_point SET remote = remote WHERE id = $1",
                   SEI_BINDS(sei_bind_int(point_id)), NULL); /* one after the other */

    if (st == SEI_OK)
        st = sei_db_get_int(
            sei_store_db(store),
            "SELECT count(*) FROM command WHERE point_id = $1 AND ended_us IS NULL AND"
            " stand <> 'unknown'",
            SEI_BINDS(sei_bind_int(point_id)), NULL, &n);
    return st == SEI_OK && n > 0 ? sei_fail(sei_store_ctx(store), SEI_E_DUPLICATE, NULL,
                                            "another command of this point is under way")
                                 : st;
}

static sei_status insert_command(sei_store *store, const sei_operate_by *by,
                                 const sei_operate_point *point, const sei_command *c,
                                 const char *reason, int64_t *ret_id)
{
    return sei_db_get_int(
        sei_store_db(store),
        "INSERT INTO command(point_id, stand, state, value, reason, selected_by, operated_by, "
        "cause,"
        " made_us, until_us) VALUES($1, '', '', $2, $3, $4, '', 0, $5, $6) RETURNING id",
        SEI_BINDS(sei_bind_int(point->id), sei_bind_int(c->value), sei_bind_text(reason),
                  sei_bind_text(by->actor), sei_bind_int(by->now_us),
                  sei_bind_int((int64_t)c->not_after_s * SEI_US_PER_S)),
        NULL, ret_id);
}

sei_status sei_operate_select(sei_store *store, const sei_operate_by *by,
                              const sei_operate_point *point, int64_t value, bool has_expected,
                              int64_t expected, const char *reason, int64_t *ret_id)
{
    sei_command c = {.station      = (uint32_t)point->address,
                     .point        = (uint16_t)point->point,
                     .value        = (int32_t)value,
                     .tolerance    = (int32_t)point->tolerance,
                     .has_expected = has_expected,
                     .expected     = (int32_t)expected,
                     .not_after_s  = (uint32_t)(by->now_us / SEI_US_PER_S + point->validity_s),
                     .cause        = SEI_CAUSE_NONE};
    uint8_t     key[64], frame[SEI_TOKEN_SIZE];
    uint32_t    counter  = 0;
    int64_t     downlink = 0;
    sei_status  st       = refuse_second(store, point->id);

    if (st == SEI_OK)
        st = take_key(store, by->secret, point->station_id, SEI_KEY_FIRST, key, &counter);
    if (st == SEI_OK &&
        !sei_command_select(&c, SEI_KEY_FIRST, counter, sei_ed25519_sign, key, frame))
        st = sei_fail(sei_store_ctx(store), SEI_E_RANGE, NULL, "the token cannot be written");
    sodium_memzero(key, sizeof key);
    if (st == SEI_OK)
        st = insert_command(store, by, point, &c, reason, ret_id);
    if (st == SEI_OK)
        st = send_token(store, by, point, &c, frame, &downlink);
    return st == SEI_OK ? keep(store, *ret_id, &c, "select", by->actor, by->now_us, downlink) : st;
}

static sei_status misplaced(sei_store *store, const sei_command *c)
{
    return sei_fail(sei_store_ctx(store), SEI_E_ARG, NULL, "the command is %s",
                    sei_command_stand_name(c->stand));
}

sei_status sei_operate_go(sei_store *store, const sei_operate_by *by, int64_t command_id,
                          const sei_operate_point *point)
{
    const int   number = point->two_persons ? SEI_KEY_SECOND : SEI_KEY_FIRST;
    sei_command c;
    uint8_t     key[64], frame[SEI_TOKEN_SIZE];
    uint32_t    counter  = 0;
    int64_t     downlink = 0;
    sei_status  st       = load(store, command_id, &c);

    if (st == SEI_OK &&
        (c.stand != SEI_COMMAND_SELECTED || by->now_us / SEI_US_PER_S >= (int64_t)c.not_after_s))
        return misplaced(store, &c);
    if (st == SEI_OK)
        st = settle_token(store, command_id, by->now_us);
    if (st == SEI_OK)
        st = take_key(store, by->secret, point->station_id, number, key, &counter);
    if (st == SEI_OK &&
        !sei_command_operate(&c, (uint8_t)number, counter, sei_ed25519_sign, key, frame))
        st = misplaced(store, &c);
    sodium_memzero(key, sizeof key);
    if (st == SEI_OK)
        st = send_token(store, by, point, &c, frame, &downlink);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(store), "UPDATE command SET operated_by = $1 WHERE id = $2",
                        SEI_BINDS(sei_bind_text(by->actor), sei_bind_int(command_id)), NULL);
    return st == SEI_OK ? keep(store, command_id, &c, "operate", by->actor, by->now_us, downlink)
                        : st;
}

sei_status sei_operate_cancel(sei_store *store, const sei_operate_by *by, int64_t command_id,
                              const sei_operate_point *point)
{
    sei_command c;
    uint8_t     key[64], frame[SEI_TOKEN_SIZE];
    uint32_t    counter  = 0;
    int64_t     downlink = 0;
    sei_status  st       = load(store, command_id, &c);

    if (st == SEI_OK && c.stand != SEI_COMMAND_SELECTED)
        return misplaced(store, &c);
    if (st == SEI_OK)
        st = settle_token(store, command_id, by->now_us);
    if (st == SEI_OK)
        st = take_key(store, by->secret, point->station_id, c.select_key, key, &counter);
    if (st == SEI_OK && !sei_command_cancel(&c, counter, sei_ed25519_sign, key, frame))
        st = misplaced(store, &c);
    sodium_memzero(key, sizeof key);
    if (st == SEI_OK)
        st = send_token(store, by, point, &c, frame, &downlink);
    return st == SEI_OK ? keep(store, command_id, &c, "cancel", by->actor, by->now_us, downlink)
                        : st;
}

/* ---- answers --------------------------------------------------------------------------------------------- */

static sei_status find_station(sei_store *store, int64_t station_id, int64_t *ret_address,
                               uint8_t ret_key[32], bool *ret_found)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    size_t     len  = 0;
    sei_status st =
        sei_db_start(sei_store_db(store),
                     "SELECT address, answer_key FROM command_station WHERE station_id = $1",
                     SEI_BINDS(sei_bind_int(station_id)), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    *ret_found = false;
    if (st == SEI_OK && row) {
        const void *key = sei_db_blob(stmt, 1, &len);
        *ret_address    = sei_db_int(stmt, 0);
        *ret_found      = len == 32;
        if (len == 32)
            memcpy(ret_key, key, 32);
    }
    sei_db_finish(stmt);
    return st;
}

/* The newest word about the position counts; an old frame that comes again does not. */
static sei_status note_position(sei_store *store, int64_t point_id, const sei_answer *a,
                                int64_t now_us)
{
    return sei_db_run(sei_store_db(store),
                      "UPDATE command_point SET position = $1, proven = $2, heard_s = $3, life = "
                      "$4, heard_us = $5"
                      " WHERE id = $6 AND heard_s <= $7",
                      SEI_BINDS(sei_bind_int_or_null(a->proven, a->position),
                                sei_bind_int(a->proven), sei_bind_int(a->time_s),
                                sei_bind_int(a->life), sei_bind_int(now_us), sei_bind_int(point_id),
                                sei_bind_int(a->time_s)),
                      NULL);
}

static sei_status list_open(sei_store *store, const char *sql, const sei_bind *value,
                            int64_t ids[OPEN_MAX], size_t *ret_n)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    size_t     n    = 0;
    sei_status st   = sei_db_start(sei_store_db(store), sql, 1, value, &stmt);

    while (st == SEI_OK && n < OPEN_MAX && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        ids[n++] = sei_db_int(stmt, 0);
    sei_db_finish(stmt);
    *ret_n = n;
    return st;
}

static const char *answer_word(sei_answer_kind kind)
{
    switch (kind) {
    case SEI_ANSWER_SELECTED: return "selected";
    case SEI_ANSWER_REFUSED: return "refused";
    case SEI_ANSWER_ACCEPTED: return "accepted";
    case SEI_ANSWER_RESULT: return "result";
    case SEI_ANSWER_STATUS: break;
    }
    return "status";
}

static sei_status take_answer(sei_store *store, int64_t command_id, const sei_answer *a,
                              const uint8_t *bytes, size_t len, const uint8_t key[32],
                              int64_t now_us)
{
    sei_command c;
    sei_status  st = load(store, command_id, &c);

    if (st != SEI_OK || !sei_command_answer(&c, bytes, len, sei_ed25519_verify, key))
        return st;
    if (a->kind != SEI_ANSWER_STATUS || is_over(c.stand))
        st = settle_token(store, command_id, now_us);
    return st == SEI_OK ? keep(store, command_id, &c, answer_word(a->kind), "", now_us, 0) : st;
}

static sei_status take_answers(sei_store *store, int64_t point_id, const sei_answer *a,
                               const uint8_t *bytes, size_t len, const uint8_t key[32],
                               int64_t now_us)
{
    const sei_bind value = sei_bind_int(point_id);
    int64_t        ids[OPEN_MAX];
    size_t         n  = 0;
    sei_status     st = list_open(
            store, "SELECT id FROM command WHERE point_id = $1 AND ended_us IS NULL ORDER BY id DESC",
            &value, ids, &n);

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = take_answer(store, ids[i], a, bytes, len, key, now_us);
    return st == SEI_OK ? note_position(store, point_id, a, now_us) : st;
}

sei_status sei_operate_answer(sei_store *store, int64_t station_id, int64_t arrived_us,
                              const uint8_t *bytes, size_t len, bool *ret_is_good)
{
    uint8_t    key[32];
    int64_t    address = 0, point_id = 0;
    bool       found = false;
    sei_answer a;
    sei_status st = find_station(store, station_id, &address, key, &found);

    *ret_is_good = false;
    if (st != SEI_OK || !found || !sei_answer_read(bytes, len, &a) ||
        (int64_t)a.station != address || !sei_answer_is_signed(bytes, len, sei_ed25519_verify, key))
        return st;
    st = sei_db_get_int(
        sei_store_db(store), "SELECT id FROM command_point WHERE station_id = $1 AND point = $2",
        SEI_BINDS(sei_bind_int(station_id), sei_bind_int(a.point)), &found, &point_id);
    if (st != SEI_OK)
        return st;
    *ret_is_good = true;
    return found ? take_answers(store, point_id, &a, bytes, len, key, arrived_us) : SEI_OK;
}

/* ---- the clock ------------------------------------------------------------------------------------------- */

static sei_status tick_one(sei_store *store, int64_t id, int64_t now_us)
{
    sei_command c;
    sei_status  st = load(store, id, &c);

    if (st != SEI_OK)
        return st;
    const sei_command_stand before = c.stand;
    sei_command_tick(&c, (uint32_t)(now_us / SEI_US_PER_S), SLACK_S);
    return c.stand == before ? SEI_OK : keep(store, id, &c, "expired", "", now_us, 0);
}

sei_status sei_operate_tick(sei_store *store, int64_t now_us)
{
    const sei_bind value = sei_bind_int(now_us - SLACK_S * SEI_US_PER_S);
    int64_t        ids[OPEN_MAX];
    size_t         n  = 0;
    sei_status     st = list_open(
            store,
            "SELECT id FROM command WHERE ended_us IS NULL AND stand <> 'unknown' AND until_us <= $1",
            &value, ids, &n);

    if (st != SEI_OK || n == 0)
        return st;
    st = sei_store_begin(store);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = tick_one(store, ids[i], now_us);
    return sei_store_end(store, st);
}
