/* on_session.c - logging in and out, first passwords, second factors */
#include <stdio.h>
#include <string.h>

#include "server/handlers.h"
#include "server/route.h"
#include "server/seal_secret.h"
#include "store/audit.h"

enum { COOKIE_S = 12 * 60 * 60 };

static const char *text_of(const sei_request *req, const char *key)
{
    const char *text = json_string_value(json_object_get(req->json, key));

    return text ? text : "";
}

/* ---- answers -------------------------------------------------------------------------------------------- */

static sei_status answer_session(sei_request *req)
{
    const sei_actor *a      = &req->actor;
    json_t          *grants = json_array();

    for (size_t i = 0; i < a->n_grants; i++)
        json_array_append_new(
            grants,
            json_pack("{s:s, s:o}", "role", sei_role_name(a->grants[i].role), "site",
                      a->grants[i].site_id ? json_integer(a->grants[i].site_id) : json_null()));
    req->answer =
        json_pack("{s:I, s:s, s:s, s:s, s:b, s:o, s:s, s:I}", "user", (json_int_t)a->person_id,
                  "name", a->name, "full_name", a->full_name, "lang", a->lang, "totp", a->totp_on,
                  "grants", grants, "csrf", a->csrf, "expires_us", (json_int_t)a->until_us);
    return req->answer ? SEI_OK : SEI_E_NOMEM;
}

static void set_cookie(sei_request *req, const char *text, int seconds)
{
    const sei_server_config *c = &req->server->config;

    snprintf(req->cookie, sizeof req->cookie,
             "seiryu_session=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s", text, seconds,
             c->http.certificate || c->http.behind_tls ? "; Secure" : "");
}

/* ---- logging in ----------------------------------------------------------------------------------------- */

typedef struct {
    int64_t id, totp_step;
    bool    totp_on;
    char    password[SEI_PASSWORD_HASH_MAX];
    uint8_t totp[SEI_TOTP_SECRET];
} person;

/* id 0: nobody of that name who may log in. */
static sei_status find_person(sei_request *req, const char *name, person *ret_person)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    person     p    = {0};
    sei_status st   = sei_db_start(
          sei_store_db(req->store),
          "SELECT id, password, totp_on, totp_step, totp FROM person WHERE name = $1 AND active = 1"
            " AND password IS NOT NULL",
          SEI_BINDS(sei_bind_text(name)), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        size_t      len   = 0;
        const void *bytes = sei_db_blob(stmt, 4, &len);
        p.id              = sei_db_int(stmt, 0);
        p.totp_on         = sei_db_int(stmt, 2) != 0;
        p.totp_step       = sei_db_int(stmt, 3);
        snprintf(p.password, sizeof p.password, "%s", sei_db_text(stmt, 1));
        if (p.totp_on && !sei_secret_open(req->server->secret, bytes, len, p.totp, sizeof p.totp))
            st = sei_fail(req->ctx, SEI_E_INTERNAL, NULL,
                          "the second factor of %s cannot be opened: wrong key file?", name);
    }
    sei_db_finish(stmt);
    *ret_person = p;
    return st;
}

/* A code counts once. */
static sei_status check_totp(sei_request *req, const person *p, bool *ret_good)
{
    const int64_t step = sei_totp_step(p->totp, text_of(req, "totp"), req->now_us, p->totp_step);
    int64_t       n    = 0;
    sei_status    st   = SEI_OK;

    if (step >= 0)
        st = sei_db_run(sei_store_db(req->store),
                        "UPDATE person SET totp_step = $1 WHERE id = $2 AND totp_step < $3",
                        SEI_BINDS(sei_bind_int(step), sei_bind_int(p->id), sei_bind_int(step)), &n);
    *ret_good = n > 0;
    return st;
}

static sei_status refuse_login(sei_request *req, const char *name, bool totp_wanted)
{
    char             object[80];
    const sei_status st = (snprintf(object, sizeof object, "user %.60s", name),
                           sei_note(req, "login-refused", object, req->client));

    if (st != SEI_OK)
        return st;
    req->code   = 401;
    req->answer = json_pack("{s:{s:s, s:s}, s:b}", "error", "status", "E_REFUSED", "message",
                            totp_wanted ? "the code of the second factor is missing or wrong"
                                        : "name or password is wrong",
                            "totp_required", totp_wanted);
    return SEI_OK;
}

static sei_status open_session(sei_request *req, int64_t person_id)
{
    char       text[SEI_TOKEN_TEXT_MAX];
    sei_status st = sei_store_begin(req->store);

    if (st != SEI_OK)
        return st;
    /* always a new one: what the browser brought along is worth nothing (session fixation) */
    if (req->session[0])
        st = sei_access_close_session(req->store, req->session);
    if (st == SEI_OK)
        st = sei_access_open_session(req->store, person_id, req->now_us, text);
    if (st == SEI_OK)
        st = sei_access_by_session(req->store, text, req->now_us, &req->actor);
    if (st == SEI_OK)
        st = sei_note(req, "login", "session", req->client);
    st = sei_store_end(req->store, st);
    if (st == SEI_OK)
        set_cookie(req, text, COOKIE_S);
    return st;
}

sei_status sei_on_login(sei_request *req)
{
    const char *name = text_of(req, "name"), *password = text_of(req, "password");
    person      p;
    char        key[100];
    bool        good = true;

    snprintf(key, sizeof key, "user %.80s", name);
    if (!sei_rates_take(req->server->logins, req->client, req->now_us) ||
        !sei_rates_take(req->server->logins, key, req->now_us)) {
        req->retry_after_s = 60;
        return sei_refuse(req, 429, "too many tries: wait a minute");
    }
    sei_status st = find_person(req, name, &p);
    if (st != SEI_OK)
        return st;
    if (!sei_password_is(p.id ? p.password : NULL, password))
        return refuse_login(req, name, false);
    if (p.totp_on)
        st = check_totp(req, &p, &good);
    sodium_memzero(&p.totp, sizeof p.totp);
    if (st == SEI_OK && !good)
        return refuse_login(req, name, true);
    if (st == SEI_OK)
        st = open_session(req, p.id);
    return st == SEI_OK ? answer_session(req) : st;
}

sei_status sei_on_session(sei_request *req)
{
    return answer_session(req);
}

sei_status sei_on_logout(sei_request *req)
{
    sei_status st = SEI_OK;

    if (req->session[0])
        st = sei_access_close_session(req->store, req->session);
    if (st == SEI_OK)
        st = sei_note(req, "logout", "session", NULL);
    set_cookie(req, "", 0);
    sei_live_rights_changed(req->server->live);
    return st;
}

/* ---- first passwords ------------------------------------------------------------------------------------ */

/* *ret_id 0: no such token. *ret_person 0: it makes the first administrator. */
static sei_status find_login_token(sei_request *req, const char *text, int64_t *ret_id,
                                   int64_t *ret_person)
{
    sei_stmt *stmt = NULL;
    bool      row  = false;
    uint8_t   hash[32];

    sei_token_hash(text, hash);
    *ret_id = *ret_person = 0;
    sei_status st         = sei_db_start(
                sei_store_db(req->store),
                "SELECT id, coalesce(person_id, 0) FROM token WHERE hash = $1 AND purpose = 'login' AND"
                        " gone_us IS NULL AND until_us > $2",
                SEI_BINDS(sei_bind_blob(hash, sizeof hash), sei_bind_int(req->now_us)), &stmt);
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        *ret_id     = sei_db_int(stmt, 0);
        *ret_person = sei_db_int(stmt, 1);
    }
    sei_db_finish(stmt);
    return st;
}

static sei_status make_administrator(sei_request *req, int64_t *ret_person)
{
    sei_status st = sei_db_get_int(
        sei_store_db(req->store),
        "INSERT INTO person(name, full_name, lang, active, totp_on, totp_step, made_us)"
        " VALUES($1, '', 'ja', 1, 0, 0, $2) RETURNING id",
        SEI_BINDS(sei_bind_text(text_of(req, "name")), sei_bind_int(req->now_us)), NULL,
        ret_person);

    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(req->store),
                        "INSERT INTO access(person_id, site_id, role) VALUES($1, 0, 4)",
                        SEI_BINDS(sei_bind_int(*ret_person)), NULL);
    return st;
}

static sei_status set_password(sei_request *req, int64_t person_id, const char *hash)
{
    sei_status st =
        sei_db_run(sei_store_db(req->store), "UPDATE person SET password = $1 WHERE id = $2",
                   SEI_BINDS(sei_bind_text(hash), sei_bind_int(person_id)), NULL);

    return st == SEI_OK ? sei_access_close_sessions(req->store, person_id,
                                                    req->session[0] ? req->session : NULL)
                        : st;
}

static bool is_name(const char *name)
{
    return name[0] && strlen(name) < SEI_PERSON_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-@") == strlen(name);
}

static sei_status use_login_token(sei_request *req, const char *hash)
{
    int64_t    id = 0, person_id = 0;
    sei_status st = find_login_token(req, text_of(req, "token"), &id, &person_id);

    if (st == SEI_OK && id == 0)
        return sei_refuse(req, 401, "the token is wrong, used or too old");
    if (st == SEI_OK && person_id == 0 && !is_name(text_of(req, "name")))
        return sei_fail(req->ctx, SEI_E_RANGE, NULL, "name: use up to 63 of a-z, 0-9, . _ - @");
    const bool first = person_id == 0;
    if (st == SEI_OK && first)
        st = make_administrator(req, &person_id);
    if (st == SEI_OK)
        st = set_password(req, person_id, hash);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(req->store), "UPDATE token SET gone_us = $1 WHERE id = $2",
                        SEI_BINDS(sei_bind_int(req->now_us), sei_bind_int(id)), NULL);
    return st == SEI_OK ? sei_note_id(req, first ? "first-administrator" : "first-password", "user",
                                      person_id, NULL)
                        : st;
}

sei_status sei_on_first_login(sei_request *req)
{
    char hash[SEI_PASSWORD_HASH_MAX];

    if (!sei_rates_take(req->server->logins, req->client, req->now_us)) {
        req->retry_after_s = 60;
        return sei_refuse(req, 429, "too many tries: wait a minute");
    }
    sei_status st = sei_password_hash(req->ctx, text_of(req, "password"), hash);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK)
        st = sei_store_end(req->store, use_login_token(req, hash));
    if (st == SEI_OK) {
        req->code   = 201;
        req->answer = json_object();
    }
    return st;
}

sei_status sei_on_password(sei_request *req)
{
    char       hash[SEI_PASSWORD_HASH_MAX];
    person     p;
    sei_status st = sei_rates_take(req->server->logins, req->client, req->now_us)
                        ? find_person(req, req->actor.name, &p)
                        : sei_refuse(req, 429, "too many tries: wait a minute");

    if (st != SEI_OK)
        return st;
    if (!sei_password_is(p.id ? p.password : NULL, text_of(req, "old")))
        return sei_refuse(req, 403, "the old password is wrong");
    st = sei_password_hash(req->ctx, text_of(req, "new"), hash);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st != SEI_OK)
        return st;
    st = set_password(req, p.id, hash);
    if (st == SEI_OK)
        st = sei_note_id(req, "password", "user", p.id, NULL);
    st = sei_store_end(req->store, st);
    sei_live_rights_changed(req->server->live);
    return st;
}

/* ---- second factor -------------------------------------------------------------------------------------- */

sei_status sei_on_totp_start(sei_request *req)
{
    uint8_t    secret[SEI_TOTP_SECRET], sealed[SEI_TOTP_SECRET + SEI_SECRET_MORE];
    char       base32[SEI_TOTP_BASE32], uri[300];
    sei_status st;

    if (req->actor.totp_on)
        return sei_fail(req->ctx, SEI_E_DUPLICATE, NULL,
                        "there is a second factor: give it up first");
    randombytes_buf(secret, sizeof secret);
    sei_secret_seal(req->server->secret, secret, sizeof secret, sealed);
    st = sei_db_run(
        sei_store_db(req->store), "UPDATE person SET totp = $1 WHERE id = $2 AND totp_on = 0",
        SEI_BINDS(sei_bind_blob(sealed, sizeof sealed), sei_bind_int(req->actor.person_id)), NULL);
    sei_base32(secret, sizeof secret, base32, sizeof base32);
    sodium_memzero(secret, sizeof secret);
    snprintf(uri, sizeof uri, "otpauth://totp/Seiryu:%s?secret=%s&issuer=Seiryu", req->actor.name,
             base32);
    if (st == SEI_OK)
        req->answer = json_pack("{s:s, s:s}", "secret", base32, "uri", uri);
    return st;
}

sei_status sei_on_totp_confirm(sei_request *req)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    uint8_t    secret[SEI_TOTP_SECRET];
    int64_t    step = -1;
    sei_status st   = sei_rates_take(req->server->logins, req->client, req->now_us)
                          ? sei_db_start(sei_store_db(req->store),
                                         "SELECT totp FROM person WHERE id = $1 AND totp_on = 0",
                                         SEI_BINDS(sei_bind_int(req->actor.person_id)), &stmt)
                          : sei_refuse(req, 429, "too many tries: wait a minute");

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        size_t      len   = 0;
        const void *bytes = sei_db_blob(stmt, 0, &len);
        if (sei_secret_open(req->server->secret, bytes, len, secret, sizeof secret))
            step = sei_totp_step(secret, text_of(req, "code"), req->now_us, -1);
        sodium_memzero(secret, sizeof secret);
    }
    sei_db_finish(stmt);
    if (st != SEI_OK)
        return st;
    if (step < 0)
        return sei_refuse(req, 403, "the code is wrong");
    st = sei_db_run(sei_store_db(req->store),
                    "UPDATE person SET totp_on = 1, totp_step = $1 WHERE id = $2",
                    SEI_BINDS(sei_bind_int(step), sei_bind_int(req->actor.person_id)), NULL);
    return st == SEI_OK ? sei_note_id(req, "totp-on", "user", req->actor.person_id, NULL) : st;
}

sei_status sei_on_totp_stop(sei_request *req)
{
    person     p;
    sei_status st = sei_rates_take(req->server->logins, req->client, req->now_us)
                        ? find_person(req, req->actor.name, &p)
                        : sei_refuse(req, 429, "too many tries: wait a minute");

    if (st != SEI_OK)
        return st;
    if (!sei_password_is(p.id ? p.password : NULL, text_of(req, "password")))
        return sei_refuse(req, 403, "the password is wrong");
    st = sei_db_run(sei_store_db(req->store),
                    "UPDATE person SET totp_on = 0, totp = NULL WHERE id = $1",
                    SEI_BINDS(sei_bind_int(p.id)), NULL);
    return st == SEI_OK ? sei_note_id(req, "totp-off", "user", p.id, NULL) : st;
}
