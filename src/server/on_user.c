/* on_user.c - users and their grants, API tokens */
#include <stdio.h>
#include <string.h>

#include "server/handlers.h"

static const char *const langs[] = {"ja", "en", NULL};

/* ---- users ---------------------------------------------------------------------------------------------- */

static sei_status add_grants_of(sei_request *req, json_t *user)
{
    json_t    *grants = NULL;
    sei_status st =
        sei_rows(req, "site:i role:i",
                 "SELECT CASE WHEN site_id = 0 THEN NULL ELSE site_id END, role FROM access WHERE "
                 "person_id = $1"
                 " ORDER BY site_id",
                 SEI_BINDS(sei_bind_int(json_integer_value(json_object_get(user, "id")))), &grants);
    size_t  i;
    json_t *grant;

    if (st != SEI_OK)
        return st;
    json_array_foreach(grants, i, grant)
    {
        const sei_role role = (sei_role)json_integer_value(json_object_get(grant, "role"));
        json_object_set_new(grant, "role", json_string(sei_role_name(role)));
    }
    json_object_set_new(user, "grants", grants);
    return SEI_OK;
}

#define USER_COLUMNS "id:i name:t full_name:t lang:t active:b totp:b last_login_us:i"
#define USER_SELECT  "SELECT id, name, full_name, lang, active, totp_on, last_login_us FROM person"

sei_status sei_on_users(sei_request *req)
{
    json_t    *users = NULL, *user;
    size_t     i;
    sei_status st = sei_rows(req, USER_COLUMNS, USER_SELECT " ORDER BY name", 0, NULL, &users);

    if (st != SEI_OK)
        return st;
    json_array_foreach(users, i, user)
    {
        if (st == SEI_OK)
            st = add_grants_of(req, user);
    }
    req->answer = json_pack("{s:o}", "users", users);
    return st;
}

static sei_status one_user(sei_request *req, int64_t id, json_t **ret_user)
{
    sei_status st = sei_row(req, USER_COLUMNS, USER_SELECT " WHERE id = $1",
                            SEI_BINDS(sei_bind_int(id)), ret_user);

    if (st == SEI_OK && (st = add_grants_of(req, *ret_user)) != SEI_OK) {
        json_decref(*ret_user);
        *ret_user = NULL;
    }
    return st;
}

static sei_status add_grant(sei_request *req, int64_t person_id, const json_t *grant)
{
    const char   *name    = json_string_value(json_object_get(grant, "role"));
    const json_t *site    = json_object_get(grant, "site");
    const int64_t site_id = json_is_integer(site) ? json_integer_value(site) : 0;
    bool          found   = true;
    int64_t       id      = 0;
    sei_status    st      = SEI_OK;

    if (!name || sei_role_find(name) == SEI_ROLE_NONE)
        return sei_fail(
            req->ctx, SEI_E_RANGE, NULL,
            "grants: role is none of viewer, operator, engineer, administrator, auditor");
    if (site && !json_is_null(site) && (!json_is_integer(site) || site_id < 1))
        return sei_fail(req->ctx, SEI_E_TYPE, NULL, "grants: site is neither a number nor null");
    if (site_id > 0)
        st = sei_db_get_int(sei_store_db(req->store), "SELECT id FROM site WHERE id = $1",
                            SEI_BINDS(sei_bind_int(site_id)), &found, &id);
    if (st == SEI_OK && !found)
        return sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL, "grants: no site %lld",
                        (long long)site_id);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(req->store),
                        "INSERT INTO access(person_id, site_id, role) VALUES($1, $2, $3)",
                        SEI_BINDS(sei_bind_int(person_id), sei_bind_int(site_id),
                                  sei_bind_int(sei_role_find(name))),
                        NULL);
    return st;
}

static sei_status set_grants(sei_request *req, int64_t person_id, const json_t *grants)
{
    sei_status st = SEI_OK;

    if (!grants)
        return SEI_OK;
    if (!json_is_array(grants) || json_array_size(grants) > SEI_GRANTS_MAX)
        return sei_fail(req->ctx, SEI_E_TYPE, NULL, "grants is no list of at most %d",
                        SEI_GRANTS_MAX);
    st = sei_db_run(sei_store_db(req->store), "DELETE FROM access WHERE person_id = $1",
                    SEI_BINDS(sei_bind_int(person_id)), NULL);
    for (size_t i = 0; i < json_array_size(grants) && st == SEI_OK; i++)
        st = add_grant(req, person_id, json_array_get(grants, i));
    return st;
}

/* Somebody must be left who can manage users. */
static sei_status check_administrator_left(sei_request *req)
{
    int64_t    n  = 0;
    sei_status st = sei_db_get_int(
        sei_store_db(req->store),
        "SELECT count(*) FROM access a JOIN person p ON p.id = a.person_id WHERE a.site_id = 0 AND"
        " a.role = 4 AND p.active = 1 AND p.password IS NOT NULL",
        0, NULL, NULL, &n);

    if (st == SEI_OK && n == 0)
        return sei_refuse(req, 409, "this would leave no administrator");
    return st;
}

static const sei_field new_user[] = {
    {"name", SEI_FIELD_KEY, true, false, 1, SEI_PERSON_NAME_MAX - 1, NULL},
    {"full_name", SEI_FIELD_TEXT, false, false, 0, 190, NULL},
    {"lang", SEI_FIELD_TEXT, false, false, 0, 2, langs},
    {"grants", SEI_FIELD_JSON, false, true, 0, 10000, NULL},
};

static sei_status insert_user(sei_request *req, const sei_bind b[], int64_t *ret_id,
                              char token[SEI_TOKEN_TEXT_MAX])
{
    const bool has_lang = b[2].len > 0;
    sei_status st       = sei_db_get_int(
              sei_store_db(req->store),
              "INSERT INTO person(name, full_name, lang, active, totp_on, totp_step, made_us)"
                    " VALUES($1, $2, $3, 1, 0, 0, $4) RETURNING id",
              SEI_BINDS(b[0], b[1], has_lang ? b[2] : sei_bind_text("ja"), sei_bind_int(req->now_us)),
              NULL, ret_id);

    if (st == SEI_OK)
        st = set_grants(req, *ret_id, json_object_get(req->json, "grants"));
    if (st == SEI_OK)
        st = sei_access_login_token(req->store, *ret_id, req->now_us, token);
    return st == SEI_OK ? sei_note_id(req, "add", "user", *ret_id, req->json) : st;
}

sei_status sei_on_add_user(sei_request *req)
{
    sei_bind   binds[4];
    json_t    *texts = NULL;
    int64_t    id    = 0;
    char       token[SEI_TOKEN_TEXT_MAX];
    sei_status st = sei_fields_bind(req, 4, new_user, req->json, binds, &texts);

    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK)
        st = sei_store_end(req->store, insert_user(req, binds, &id, token));
    json_decref(texts);
    if (st == SEI_OK) {
        req->code   = 201;
        req->answer = json_pack("{s:I, s:s}", "id", (json_int_t)id, "token", token);
    }
    return st;
}

static const sei_field user_fields[] = {
    {"full_name", SEI_FIELD_TEXT, false, false, 0, 190, NULL},
    {"lang", SEI_FIELD_TEXT, true, false, 2, 2, langs},
    {"active", SEI_FIELD_BOOL, true, false, 0, 1, NULL},
};

static sei_status update_user(sei_request *req, const json_t *grants, json_t *user)
{
    sei_bind   b[3];
    json_t    *texts = NULL;
    sei_status st    = sei_fields_bind(req, 3, user_fields, user, b, &texts);

    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(req->store),
                        "UPDATE person SET full_name = $1, lang = $2, active = $3 WHERE id = $4",
                        SEI_BINDS(b[0], b[1], b[2], sei_bind_int(req->id)), NULL);
    json_decref(texts);
    if (st == SEI_OK)
        st = set_grants(req, req->id, grants);
    if (st == SEI_OK)
        st = check_administrator_left(req);
    if (st == SEI_OK && b[2].integer == 0)
        st = sei_access_close_sessions(req->store, req->id, NULL);
    return st == SEI_OK ? sei_note_id(req, "change", "user", req->id, req->json) : st;
}

sei_status sei_on_change_user(sei_request *req)
{
    static const char *const fixed[] = {"id", "name", "totp", "last_login_us", "grants"};
    json_t    *user = NULL, *grants = json_incref(json_object_get(req->json, "grants"));
    sei_status st = one_user(req, req->id, &user);

    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
            json_object_del(user, fixed[i]);
        json_t *changes = json_copy(req->json);
        json_object_del(changes, "grants");
        json_object_update(user, changes);
        json_decref(changes);
        st = sei_store_end(req->store, update_user(req, grants, user));
    }
    json_decref(user);
    json_decref(grants);
    sei_live_rights_changed(req->server->live);
    return st == SEI_OK ? one_user(req, req->id, &req->answer) : st;
}

sei_status sei_on_reset_user(sei_request *req)
{
    json_t    *user = NULL;
    char       token[SEI_TOKEN_TEXT_MAX];
    sei_status st = one_user(req, req->id, &user);

    json_decref(user);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st != SEI_OK)
        return st;
    st = sei_access_close_sessions(req->store, req->id, NULL);
    if (st == SEI_OK) /* whoever lost the password may have lost the second factor too */
        st = sei_db_run(sei_store_db(req->store),
                        "UPDATE person SET totp_on = 0, totp = NULL WHERE id = $1",
                        SEI_BINDS(sei_bind_int(req->id)), NULL);
    if (st == SEI_OK)
        st = sei_access_login_token(req->store, req->id, req->now_us, token);
    if (st == SEI_OK)
        st = sei_note_id(req, "reset", "user", req->id, NULL);
    st = sei_store_end(req->store, st);
    sei_live_rights_changed(req->server->live);
    if (st == SEI_OK)
        req->answer = json_pack("{s:s}", "token", token);
    return st;
}

/* ---- API tokens ----------------------------------------------------------------------------------------- */

sei_status sei_on_tokens(sei_request *req)
{
    json_t    *tokens = NULL, *token;
    size_t     i;
    sei_status st =
        sei_rows(req, "id:i name:t role:i made_us:i until_us:i used_us:i",
                 "SELECT id, name, role, made_us, until_us, used_us FROM token WHERE person_id = "
                 "$1 AND purpose = 'api'"
                 " AND gone_us IS NULL AND until_us > $2 ORDER BY id",
                 SEI_BINDS(sei_bind_int(req->actor.person_id), sei_bind_int(req->now_us)), &tokens);

    if (st != SEI_OK)
        return st;
    json_array_foreach(tokens, i, token)
    {
        json_object_set_new(token, "role",
                            json_string(sei_role_name(
                                (sei_role)json_integer_value(json_object_get(token, "role")))));
    }
    req->answer = json_pack("{s:o}", "tokens", tokens);
    return SEI_OK;
}

sei_status sei_on_add_token(sei_request *req)
{
    static const char *const roles[]  = {"viewer",        "operator", "engineer",
                                         "administrator", "auditor",  NULL};
    static const sei_field   fields[] = {
          {"name", SEI_FIELD_TEXT, true, false, 1, 100, NULL},
          {"role", SEI_FIELD_TEXT, false, false, 1, 20, roles},
          {"days", SEI_FIELD_INT, false, true, 1, 3650, NULL},
    };
    sei_bind   b[3];
    json_t    *texts = NULL;
    char       text[SEI_TOKEN_TEXT_MAX];
    uint8_t    hash[32];
    int64_t    id = 0;
    sei_status st = sei_fields_bind(req, 3, fields, req->json, b, &texts);

    json_decref(texts);
    if (st == SEI_OK && req->actor.by_token)
        return sei_refuse(req, 403, "a token makes no tokens");
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st != SEI_OK)
        return st;
    const int64_t  days = b[2].kind == SEI_BIND_INT ? b[2].integer : 365;
    const sei_role role = b[1].len ? sei_role_find(b[1].bytes) : SEI_ROLE_VIEWER;
    sei_token_make(text, hash);
    st = sei_db_get_int(sei_store_db(req->store),
                        "INSERT INTO token(hash, person_id, purpose, name, role, made_us, until_us)"
                        " VALUES($1, $2, 'api', $3, $4, $5, $6) RETURNING id",
                        SEI_BINDS(sei_bind_blob(hash, sizeof hash),
                                  sei_bind_int(req->actor.person_id), b[0], sei_bind_int(role),
                                  sei_bind_int(req->now_us),
                                  sei_bind_int(req->now_us + days * SEI_US_PER_DAY)),
                        NULL, &id);
    if (st == SEI_OK)
        st = sei_note_id(req, "add", "token", id, req->json);
    st = sei_store_end(req->store, st);
    if (st == SEI_OK) {
        req->code   = 201;
        req->answer = json_pack("{s:I, s:s}", "id", (json_int_t)id, "token", text);
    }
    return st;
}

sei_status sei_on_drop_token(sei_request *req)
{
    int64_t    n  = 0;
    sei_status st = sei_db_run(sei_store_db(req->store),
                               "UPDATE token SET gone_us = $1 WHERE id = $2 AND person_id = $3 AND "
                               "purpose = 'api' AND gone_us IS NULL",
                               SEI_BINDS(sei_bind_int(req->now_us), sei_bind_int(req->id),
                                         sei_bind_int(req->actor.person_id)),
                               &n);

    if (st == SEI_OK && n == 0)
        return sei_refuse(req, 404, "not found");
    sei_live_rights_changed(req->server->live);
    return st == SEI_OK ? sei_note_id(req, "drop", "token", req->id, NULL) : st;
}
