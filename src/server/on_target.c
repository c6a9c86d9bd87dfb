/* on_target.c - whom alarms of a site tell */
#include <string.h>

#include "server/handlers.h"
#include "server/notify.h"

static const char *const kinds[] = {"mail", "webhook", NULL};
static const char *const langs[] = {"ja", "en", NULL};

static const sei_field target_fields[] = {
    {"kind", SEI_FIELD_TEXT, true, false, 1, 10, kinds},
    {"name", SEI_FIELD_TEXT, true, false, 1, 200, NULL},
    {"address", SEI_FIELD_TEXT, true, false, 3, 450, NULL},
    {"lang", SEI_FIELD_TEXT, true, false, 2, 2, langs},
    {"active", SEI_FIELD_BOOL, true, false, 0, 1, NULL},
};

#define TARGET_COLUMNS "id:i site:i kind:t name:t address:t lang:t active:b"
#define TARGET_SELECT  "SELECT id, site_id, kind, name, address, lang, active FROM target"

/* The ways that are switched on, so that a form need not offer others; and what could not be told of late. */
sei_status sei_on_targets(sei_request *req)
{
    const sei_server_config *c       = &req->server->config;
    json_t                  *targets = NULL, *failed = NULL;
    sei_status st = sei_rows(req, TARGET_COLUMNS, TARGET_SELECT " WHERE site_id = $1 ORDER BY id",
                             SEI_BINDS(sei_bind_int(req->id)), &targets);

    if (st == SEI_OK)
        st = sei_rows(
            req, "target:i made_us:i tries:i error:t",
            "SELECT o.target_id, o.made_us, o.tries, o.error FROM outbox o JOIN target t ON"
            " t.id = o.target_id WHERE t.site_id = $1 AND o.done_us IS NULL AND o.tries > 0"
            " ORDER BY o.id DESC LIMIT 20",
            SEI_BINDS(sei_bind_int(req->id)), &failed);
    if (st != SEI_OK)
        json_decref(targets);
    else
        req->answer = json_pack("{s:o, s:o, s:b, s:b}", "targets", targets, "failed", failed,
                                "mail", c->smtp.host != NULL, "webhook", c->webhook.hosts != NULL);
    return st;
}

static sei_status check_address(sei_request *req, const sei_bind b[])
{
    return strcmp(b[0].bytes, "mail") == 0
               ? sei_notify_check_mail(req->ctx, &req->server->config, b[2].bytes)
               : sei_notify_check_url(req->ctx, &req->server->config, b[2].bytes);
}

static sei_status answer_target(sei_request *req, int64_t id, int code)
{
    req->code = code;
    return sei_row(req, TARGET_COLUMNS, TARGET_SELECT " WHERE id = $1", SEI_BINDS(sei_bind_int(id)),
                   &req->answer);
}

sei_status sei_on_add_target(sei_request *req)
{
    sei_bind b[5];
    json_t  *texts = NULL;
    int64_t  id    = 0;

    if (!json_object_get(req->json, "lang"))
        json_object_set_new(req->json, "lang", json_string("ja"));
    if (!json_object_get(req->json, "active"))
        json_object_set_new(req->json, "active", json_true());
    sei_status st = sei_fields_bind(req, 5, target_fields, req->json, b, &texts);
    if (st == SEI_OK)
        st = check_address(req, b);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st =
            sei_db_get_int(sei_store_db(req->store),
                           "INSERT INTO target(kind, name, address, lang, active, site_id, made_us)"
                           " VALUES($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                           SEI_BINDS(b[0], b[1], b[2], b[3], b[4], sei_bind_int(req->id),
                                     sei_bind_int(req->now_us)),
                           NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "target", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    return st == SEI_OK ? answer_target(req, id, 201) : st;
}

sei_status sei_on_change_target(sei_request *req)
{
    sei_bind   b[5];
    json_t    *texts = NULL, *object = NULL;
    sei_status st = sei_row(req, "kind:t name:t address:t lang:t active:b",
                            "SELECT kind, name, address, lang, active FROM target WHERE id = $1",
                            SEI_BINDS(sei_bind_int(req->id)), &object);

    if (st == SEI_OK) {
        json_object_update(object, req->json);
        st = sei_fields_bind(req, 5, target_fields, object, b, &texts);
    }
    if (st == SEI_OK && b[4].integer) /* what is switched off may be what is not allowed any more */
        st = check_address(req, b);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_run(
            sei_store_db(req->store),
            "UPDATE target SET kind = $1, name = $2, address = $3, lang = $4, active = $5"
            " WHERE id = $6",
            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], sei_bind_int(req->id)), NULL);
        if (st == SEI_OK)
            st = sei_note_id(req, "change", "target", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    json_decref(object);
    return st == SEI_OK ? answer_target(req, req->id, 200) : st;
}
