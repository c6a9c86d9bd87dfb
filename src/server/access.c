/* access.c - roles; sessions and tokens in the store */
#include "server/access.h"

#include <stdio.h>
#include <string.h>

#include "store/audit.h"

#define SESSION_US    (12 * SEI_US_PER_HOUR) /* of a working day */
#define IDLE_US       (2 * SEI_US_PER_HOUR)
#define SEEN_EVERY_US (60 * SEI_US_PER_S)
#define LOGIN_US      (24 * SEI_US_PER_HOUR)

static const char *const role_names[] = {"none",     "viewer",        "operator",
                                         "engineer", "administrator", "auditor"};

const char *sei_role_name(sei_role role)
{
    return (unsigned)role < sizeof role_names / sizeof role_names[0] ? role_names[role] : "none";
}

sei_role sei_role_find(const char *name)
{
    for (unsigned i = 1; i < sizeof role_names / sizeof role_names[0]; i++)
        if (strcmp(role_names[i], name) == 0)
            return (sei_role)i;
    return SEI_ROLE_NONE;
}

static bool covers(sei_role has, sei_role wanted)
{
    if (has == SEI_ROLE_AUDITOR)
        return wanted == SEI_ROLE_AUDITOR || wanted == SEI_ROLE_VIEWER;
    if (wanted == SEI_ROLE_AUDITOR)
        return has == SEI_ROLE_ADMINISTRATOR;
    return has >= wanted;
}

bool sei_actor_may(const sei_actor *actor, int64_t site_id, sei_role role)
{
    for (size_t i = 0; i < actor->n_grants; i++)
        if ((actor->grants[i].site_id == 0 || actor->grants[i].site_id == site_id) &&
            covers(actor->grants[i].role, role))
            return true;
    return false;
}

bool sei_actor_may_somewhere(const sei_actor *actor, sei_role role)
{
    for (size_t i = 0; i < actor->n_grants; i++)
        if (covers(actor->grants[i].role, role))
            return true;
    return false;
}

sei_status sei_access_load_grants(sei_store *store, sei_actor *actor)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT site_id, role FROM access WHERE person_id = $1 ORDER BY site_id LIMIT $2",
          SEI_BINDS(sei_bind_int(actor->person_id), sei_bind_int(SEI_GRANTS_MAX)), &stmt);

    actor->n_grants = 0;
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        actor->grants[actor->n_grants++] =
            (sei_grant){sei_db_int(stmt, 0), (sei_role)sei_db_int(stmt, 1)};
    sei_db_finish(stmt);
    return st;
}

/* Columns: id, name, full_name, lang, totp_on */
static void take_person(sei_stmt *stmt, sei_actor *actor)
{
    actor->person_id = sei_db_int(stmt, 0);
    snprintf(actor->name, sizeof actor->name, "%s", sei_db_text(stmt, 1));
    snprintf(actor->full_name, sizeof actor->full_name, "%s", sei_db_text(stmt, 2));
    snprintf(actor->lang, sizeof actor->lang, "%s", sei_db_text(stmt, 3));
    actor->totp_on = sei_db_int(stmt, 4) != 0;
}

sei_status sei_access_by_session(sei_store *store, const char *text, int64_t now_us,
                                 sei_actor *actor)
{
    sei_db   *db   = sei_store_db(store);
    sei_stmt *stmt = NULL;
    bool      row  = false;
    int64_t   seen = 0;
    uint8_t   hash[32];

    *actor = (sei_actor){0};
    sei_token_hash(text, hash);
    sei_status st = sei_db_start(
        db,
        "SELECT p.id, p.name, p.full_name, p.lang, p.totp_on, s.csrf, s.until_us, s.seen_us FROM"
        " session s JOIN person p ON p.id = s.person_id WHERE s.hash = $1 AND s.until_us > $2 AND"
        " s.seen_us > $3 AND p.active = 1",
        SEI_BINDS(sei_bind_blob(hash, sizeof hash), sei_bind_int(now_us),
                  sei_bind_int(now_us - IDLE_US)),
        &stmt);
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        take_person(stmt, actor);
        snprintf(actor->csrf, sizeof actor->csrf, "%s", sei_db_text(stmt, 5));
        actor->until_us = sei_db_int(stmt, 6);
        seen            = sei_db_int(stmt, 7);
    }
    sei_db_finish(stmt);
    if (st != SEI_OK || !row)
        return st;
    if (now_us - seen > SEEN_EVERY_US)
        st = sei_db_run(db, "UPDATE session SET seen_us = $1 WHERE hash = $2",
                        SEI_BINDS(sei_bind_int(now_us), sei_bind_blob(hash, sizeof hash)), NULL);
    return st == SEI_OK ? sei_access_load_grants(store, actor) : st;
}

/* A token gives at most its own role, and never more than its owner has now. */
static void cap(sei_actor *actor, sei_role role)
{
    for (size_t i = 0; i < actor->n_grants; i++)
        if (!covers(role, actor->grants[i].role))
            actor->grants[i].role = covers(actor->grants[i].role, role) ? role : SEI_ROLE_NONE;
}

sei_status sei_access_by_token(sei_store *store, const char *text, int64_t now_us, sei_actor *actor)
{
    sei_db   *db   = sei_store_db(store);
    sei_stmt *stmt = NULL;
    bool      row  = false;
    sei_role  role = SEI_ROLE_NONE;
    int64_t   id = 0, used = 0;
    uint8_t   hash[32];

    *actor = (sei_actor){0};
    sei_token_hash(text, hash);
    sei_status st = sei_db_start(
        db,
        "SELECT p.id, p.name, p.full_name, p.lang, p.totp_on, t.role, t.id, coalesce(t.used_us, 0),"
        " t.until_us FROM token t JOIN person p ON p.id = t.person_id WHERE t.hash = $1 AND"
        " t.purpose = 'api' AND t.until_us > $2 AND t.gone_us IS NULL AND p.active = 1",
        SEI_BINDS(sei_bind_blob(hash, sizeof hash), sei_bind_int(now_us)), &stmt);
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        take_person(stmt, actor);
        actor->by_token = true;
        role            = (sei_role)sei_db_int(stmt, 5);
        id              = sei_db_int(stmt, 6);
        used            = sei_db_int(stmt, 7);
        actor->until_us = sei_db_int(stmt, 8);
    }
    sei_db_finish(stmt);
    if (st != SEI_OK || !row)
        return st;
    if (now_us - used > SEEN_EVERY_US)
        st = sei_db_run(db, "UPDATE token SET used_us = $1 WHERE id = $2",
                        SEI_BINDS(sei_bind_int(now_us), sei_bind_int(id)), NULL);
    if (st == SEI_OK)
        st = sei_access_load_grants(store, actor);
    cap(actor, role);
    return st;
}

sei_status sei_access_open_session(sei_store *store, int64_t person_id, int64_t now_us,
                                   char ret_text[SEI_TOKEN_TEXT_MAX])
{
    char       csrf[SEI_TOKEN_TEXT_MAX];
    uint8_t    hash[32], ignored[32];
    sei_status st = sei_db_run(sei_store_db(store), "DELETE FROM session WHERE until_us < $1",
                               SEI_BINDS(sei_bind_int(now_us)), NULL);

    sei_token_make(ret_text, hash);
    sei_token_make(csrf, ignored);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(store),
                        "INSERT INTO session(hash, person_id, csrf, made_us, seen_us, until_us)"
                        " VALUES($1, $2, $3, $4, $5, $6)",
                        SEI_BINDS(sei_bind_blob(hash, sizeof hash), sei_bind_int(person_id),
                                  sei_bind_text(csrf), sei_bind_int(now_us), sei_bind_int(now_us),
                                  sei_bind_int(now_us + SESSION_US)),
                        NULL);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(store), "UPDATE person SET last_login_us = $1 WHERE id = $2",
                        SEI_BINDS(sei_bind_int(now_us), sei_bind_int(person_id)), NULL);
    return st;
}

sei_status sei_access_close_session(sei_store *store, const char *text)
{
    uint8_t hash[32];

    sei_token_hash(text, hash);
    return sei_db_run(sei_store_db(store), "DELETE FROM session WHERE hash = $1",
                      SEI_BINDS(sei_bind_blob(hash, sizeof hash)), NULL);
}

sei_status sei_access_close_sessions(sei_store *store, int64_t person_id, const char *but)
{
    uint8_t hash[32] = {0};

    if (but)
        sei_token_hash(but, hash);
    return sei_db_run(sei_store_db(store),
                      "DELETE FROM session WHERE person_id = $1 AND hash <> $2",
                      SEI_BINDS(sei_bind_int(person_id), sei_bind_blob(hash, sizeof hash)), NULL);
}

/* ---- first logins -------------------------------------------------------------------------------------- */

sei_status sei_access_login_token(sei_store *store, int64_t person_id, int64_t now_us,
                                  char ret_text[SEI_TOKEN_TEXT_MAX])
{
    uint8_t    hash[32];
    sei_status st = sei_store_begin(store);

    if (st != SEI_OK)
        return st;
    sei_token_make(ret_text, hash);
    st = sei_db_run(sei_store_db(store),
                    "UPDATE token SET gone_us = $1 WHERE purpose = 'login' AND gone_us IS NULL AND"
                    " coalesce(person_id, 0) = $2",
                    SEI_BINDS(sei_bind_int(now_us), sei_bind_int(person_id)), NULL);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(store),
                        "INSERT INTO token(hash, person_id, purpose, name, role, made_us, until_us)"
                        " VALUES($1, $2, 'login', '', 0, $3, $4)",
                        SEI_BINDS(sei_bind_blob(hash, sizeof hash),
                                  sei_bind_int_or_null(person_id > 0, person_id),
                                  sei_bind_int(now_us), sei_bind_int(now_us + LOGIN_US)),
                        NULL);
    return sei_store_end(store, st);
}

sei_status sei_access_first_token(sei_store *store, const char *user_name, int64_t now_us,
                                  char ret_text[SEI_TOKEN_TEXT_MAX])
{
    sei_ctx   *ctx   = sei_store_ctx(store);
    bool       found = false;
    int64_t    id = 0, n = 0;
    sei_status st = SEI_OK;

    if (user_name) {
        st = sei_db_get_int(sei_store_db(store), "SELECT id FROM person WHERE name = $1",
                            SEI_BINDS(sei_bind_text(user_name)), &found, &id);
        if (st == SEI_OK && !found)
            return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no user \"%.60s\"", user_name);
    } else {
        st = sei_db_get_int(
            sei_store_db(store),
            "SELECT count(*) FROM access a JOIN person p ON p.id = a.person_id WHERE a.role = 4 AND"
            " a.site_id = 0 AND p.active = 1 AND p.password IS NOT NULL",
            0, NULL, NULL, &n);
        if (st == SEI_OK && n > 0)
            return sei_fail(
                ctx, SEI_E_DUPLICATE, NULL,
                "there is an administrator already: name the user that needs a new password");
    }
    if (st == SEI_OK)
        st = sei_access_login_token(store, id, now_us, ret_text);
    if (st == SEI_OK)
        st = sei_audit_add(store, now_us, "seiryud", "login-token",
                           user_name ? user_name : "first administrator",
                           "made on the server's command line");
    return st;
}
