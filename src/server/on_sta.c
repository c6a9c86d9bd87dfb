/* on_sta.c - GET /sta/v1.1/…: paths of the OGC SensorThings API (sta11 sections 9.1 and 9.2) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/handlers.h"
#include "server/sta.h"

#define ROOT "/sta/v1.1"

static sei_status bad(sei_request *req, sei_status status)
{
    if (status == SEI_E_NOT_FOUND)
        req->code = 404;
    else if (status == SEI_E_TOO_LARGE)
        req->code = 413;
    else if (status == SEI_E_UNSUPPORTED)
        req->code = 501;
    else if (status != SEI_E_NOMEM && status != SEI_E_IO)
        req->code = 400;
    return status;
}

/* Links are absolute. A Host that is no host name is not repeated. */
static void find_base(const sei_request *req, char out[300])
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    const char *host = MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "Host");
    const bool  tls  = req->server->config.http.certificate || req->server->config.http.behind_tls;
    const bool  good =
        host && host[0] && strlen(host) < 200 && strspn(host, letters) == strlen(host);

    snprintf(out, 300, "%s%s%s" ROOT, good ? (tls ? "https://" : "http://") : "", good ? host : "",
             "");
}

/* ---- query options -------------------------------------------------------------------------------------- */

typedef struct {
    sta_world   *w;
    sta_options *options;
    sei_status   status;
    sei_buf      query; /* the same again but $skip, for the next page */
    size_t       n;
} reading;

static void put_encoded(sei_buf *out, const char *text)
{
    for (; *text; text++)
        if (strchr("&+%#=? ", *text) || (unsigned char)*text < ' ' || (unsigned char)*text > '~')
            sei_buf_printf(out, "%%%02X", (unsigned char)*text);
        else
            sei_buf_putc(out, *text);
}

static enum MHD_Result read_option(void *user, enum MHD_ValueKind kind, const char *name,
                                   const char *text)
{
    reading *r = user;

    (void)kind;
    if (r->status == SEI_OK && ++r->n > 20)
        r->status = sei_fail(r->w->req->ctx, SEI_E_TOO_LARGE, NULL, "too many query options");
    if (r->status == SEI_OK)
        r->status =
            sta_parse_option(r->w->req->ctx, &r->w->arena, name, text ? text : "", r->options);
    if (strcmp(name, "$skip") != 0) {
        sei_buf_puts(&r->query, name);
        sei_buf_putc(&r->query, '=');
        put_encoded(&r->query, text ? text : "");
        sei_buf_putc(&r->query, '&');
    }
    return r->status == SEI_OK ? MHD_YES : MHD_NO;
}

/* ---- the path ------------------------------------------------------------------------------------------- */

/* Where a path leads: a collection (of from, when has_from), an entity, or a property of it. */
typedef struct {
    bool        is_collection, has_from, is_value, is_ref;
    sta_set     set;
    sta_entity  from, entity;
    const char *property;
    size_t      property_len;
} target;

static sei_status lost(sta_world *w, const char *word, size_t len)
{
    return sei_fail(w->req->ctx, SEI_E_NOT_FOUND, NULL, "nothing here is called \"%.*s\"",
                    (int)(len < 60 ? len : 60), word);
}

static bool find_set(const char *name, size_t len, sta_set *ret_set)
{
    for (int i = 0; i < STA_N_SETS; i++)
        if (strlen(sta_sets[i].name) == len && strncmp(sta_sets[i].name, name, len) == 0) {
            *ret_set = (sta_set)i;
            return true;
        }
    return false;
}

/* "Things(1)" behind nothing, or "Datastreams(2)" behind an entity */
static sei_status walk_name(sta_world *w, const char *word, size_t len, bool first, target *t)
{
    const char    *open  = memchr(word, '(', len);
    const size_t   n     = open ? (size_t)(open - word) : len;
    const sta_nav *nav   = first ? NULL : sta_nav_find(t->entity.set, word, n);
    sta_entity     found = {0};

    if (first ? !find_set(word, n, &t->set) : !nav)
        return lost(w, word, len);
    if (nav && !nav->is_many) {
        found = t->entity;
        return !open && sta_follow(w, &found, nav, &t->entity) ? SEI_OK : lost(w, word, len);
    }
    if (nav)
        t->set = nav->set;
    t->has_from      = !first;
    t->from          = t->entity;
    t->is_collection = !open;
    if (!open)
        return SEI_OK;
    if (word[len - 1] != ')')
        return lost(w, word, len);
    const sei_status st = sta_find(w, t->set, open + 1, len - n - 2, &found);
    if (st == SEI_OK && t->has_from && !sta_is_related(w, &t->from, nav, &found))
        return lost(w, word, len);
    t->entity = found;
    return st;
}

static bool is_property(sta_set set, const char *word, size_t len)
{
    const char *const *names = sta_property_names(set);

    while (*names && (strlen(*names) != len || strncmp(*names, word, len) != 0))
        names++;
    return *names != NULL || (len == 2 && strncmp(word, "id", 2) == 0);
}

static bool is_word(const char *path, size_t len, const char *word)
{
    return strlen(word) == len && strncmp(path, word, len) == 0;
}

/* One part of a path behind those that t has seen. */
static sei_status step(sta_world *w, const char *path, size_t len, bool first, target *t)
{
    if (t->is_value || t->is_ref || len == 0)
        return lost(w, path, len); /* nothing comes behind these */
    if (t->is_collection) {
        t->is_ref = is_word(path, len, "$ref");
        return t->is_ref ? SEI_OK : lost(w, path, len);
    }
    if (t->property) {
        t->is_value = is_word(path, len, "$value");
        return t->is_value ? SEI_OK : lost(w, path, len);
    }
    if (first || !is_property(t->entity.set, path, len))
        return walk_name(w, path, len, first, t);
    t->property     = path;
    t->property_len = len;
    return SEI_OK;
}

static sei_status walk(sta_world *w, const char *path, target *t)
{
    sei_status st = SEI_OK;

    for (bool first = true; *path && st == SEI_OK; first = false) {
        const size_t len = strcspn(path, "/");
        st               = step(w, path, len, first, t);
        path += len + (path[len] == '/');
    }
    return st;
}

/* ---- answers -------------------------------------------------------------------------------------------- */

static const char *const conformance[] = {
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path/resource-path-to-entities",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/data-array/data-array",
};

static sei_status answer_root(sta_world *w)
{
    json_t *sets = json_array(), *classes = json_array();

    for (size_t i = 0; i < STA_N_SETS; i++)
        json_array_append_new(sets, json_pack("{s:s, s:o}", "name", sta_sets[i].name, "url",
                                              json_sprintf("%s/%s", w->base, sta_sets[i].name)));
    for (size_t i = 0; i < sizeof conformance / sizeof conformance[0]; i++)
        json_array_append_new(classes, json_string(conformance[i]));
    w->req->answer =
        json_pack("{s:o, s:{s:o}}", "value", sets, "serverSettings", "conformance", classes);
    return w->req->answer ? SEI_OK : SEI_E_NOMEM;
}

static sei_status render_refs(sta_world *w, const sta_page *page, json_t **ret_array)
{
    *ret_array = json_array();
    for (size_t i = 0; i < page->n; i++)
        json_array_append_new(*ret_array,
                              json_pack("{s:o}", "@iot.selfLink",
                                        sta_property(w, &page->entities[i], "@iot.selfLink",
                                                     strlen("@iot.selfLink"))));
    return *ret_array ? SEI_OK : SEI_E_NOMEM;
}

static sei_status answer_collection(sta_world *w, const target *t, const reading *r)
{
    const sta_collection c     = {t->has_from ? &t->from : NULL, t->set, r->options};
    sta_page             page  = {0};
    json_t              *array = NULL;
    sei_status           st    = sta_list(w, &c, &page);

    if (st == SEI_OK)
        st = t->is_ref ? render_refs(w, &page, &array)
                       : sta_render_page(w, &page, r->options, &array);
    if (st != SEI_OK)
        return st;
    json_t *answer = json_object();
    if (page.count >= 0)
        json_object_set_new(answer, "@iot.count", json_integer(page.count));
    if (page.more && r->options->top > 0)
        json_object_set_new(answer, "@iot.nextLink",
                            json_sprintf("%s%s?%s$skip=%lld", w->base, w->req->path + strlen(ROOT),
                                         r->query.text,
                                         (long long)r->options->skip + r->options->top));
    json_object_set_new(answer, "value", array);
    w->req->answer = answer;
    return answer ? SEI_OK : SEI_E_NOMEM;
}

static sei_status answer_property(sta_world *w, const target *t)
{
    char    name[40];
    json_t *value = sta_property(w, &t->entity, t->property, t->property_len);

    snprintf(name, sizeof name, "%.*s", (int)t->property_len, t->property);
    if (json_is_null(value)) { /* sta11 section 9.2.4: nothing to show */
        json_decref(value);
        w->req->code = 204;
        return SEI_OK;
    }
    if (!t->is_value) {
        w->req->answer = json_pack("{s:o}", name, value);
        return w->req->answer ? SEI_OK : SEI_E_NOMEM;
    }
    char *text = json_is_string(value) ? strdup(json_string_value(value))
                                       : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    json_decref(value);
    if (!text)
        return SEI_E_NOMEM;
    sei_answer_bytes(w->req, text, strlen(text), "text/plain; charset=utf-8");
    return SEI_OK;
}

static sei_status answer(sta_world *w, const reading *r)
{
    const char *path = w->req->path + strlen(ROOT);
    target      t    = {0};

    if (*path == '\0' || strcmp(path, "/") == 0)
        return answer_root(w);
    const sei_status st = walk(w, path + 1, &t);
    if (st != SEI_OK)
        return st;
    if (t.is_collection)
        return answer_collection(w, &t, r);
    return t.property ? answer_property(w, &t)
                      : sta_render(w, &t.entity, r->options, &w->req->answer);
}

sei_status sei_on_sta(sei_request *req)
{
    sta_world   w;
    sta_options options = sta_defaults();
    reading     r       = {.w = &w, .options = &options};
    sei_status  st      = sta_world_load(req, &w);

    sei_buf_init(&r.query, req->ctx, 20000);
    find_base(req, w.base);
    if (st == SEI_OK) {
        MHD_get_connection_values(req->connection, MHD_GET_ARGUMENT_KIND, read_option, &r);
        st = r.status;
    }
    if (st == SEI_OK)
        st = r.query.status;
    if (st == SEI_OK)
        st = answer(&w, &r);
    sei_buf_done(&r.query);
    sta_world_free(&w);
    return st == SEI_OK ? st : bad(req, st);
}
