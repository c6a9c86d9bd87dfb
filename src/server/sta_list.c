/* sta_list.c - collections of SensorThings entities and their JSON (sta11 sections 9.2, 9.3, 13) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/sta.h"

enum { RENDER_MAX = 50000, EXPAND_MAX = 4 };

/* ---- lists ---------------------------------------------------------------------------------------------- */

static sei_status list_points(sta_world *w, const sta_collection *c, sta_page *page)
{
    size_t *channels = sei_arena_alloc(&w->arena, w->n_channels + 1, sizeof *channels);
    size_t  n        = 0;

    page->entities =
        sei_arena_alloc(&w->arena, (size_t)c->options->top + 1, sizeof *page->entities);
    if (!channels || !page->entities)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < w->n_channels; i++) {
        const sta_entity e = {.set = STA_OBSERVATIONS, .at = i};
        if (!c->from || sta_is_related(w, c->from, NULL, &e))
            channels[n++] = i;
    }
    const sta_scan scan = {n, channels, c->options};
    return sta_scan_points(w, &scan, page->entities, &page->n, &page->count, &page->more);
}

static sei_status list_entities(sta_world *w, const sta_collection *c, sta_page *page)
{
    const sta_options *o     = c->options;
    const size_t       total = sta_count(w, c->set);
    sta_sorted        *items = NULL;
    size_t             n     = 0;
    sei_status         st    = SEI_OK;

    items = sei_arena_alloc(&w->arena, total + 1, sizeof *items);
    if (!items)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < total && st == SEI_OK; i++) {
        const sta_entity e     = {.set = c->set, .at = i};
        bool             holds = false;
        if (c->from && !sta_is_related(w, c->from, NULL, &e))
            continue;
        st = sta_holds(w, &e, o->filter, &holds);
        if (st != SEI_OK || !holds)
            continue;
        items[n].entity = e;
        st              = sta_sort_keys(w, o, &items[n++]);
    }
    if (st != SEI_OK)
        return st;
    sta_sort(n, items);
    page->entities = sei_arena_alloc(&w->arena, n + 1, sizeof *page->entities);
    if (!page->entities)
        return SEI_E_NOMEM;
    for (size_t i = (size_t)o->skip; i < n && page->n < (size_t)o->top; i++)
        page->entities[page->n++] = items[i].entity;
    page->more  = n > (size_t)o->skip + page->n && (int64_t)page->n == o->top;
    page->count = o->count ? (int64_t)n : -1;
    return SEI_OK;
}

sei_status sta_list(sta_world *w, const sta_collection *c, sta_page *page)
{
    const sei_status st = sta_check_orders(w, c->set, c->options);

    *page = (sta_page){.count = -1};
    if (st != SEI_OK)
        return st;
    return c->set == STA_OBSERVATIONS ? list_points(w, c, page) : list_entities(w, c, page);
}

/* ---- one entity ----------------------------------------------------------------------------------------- */

static bool is_selected(const sta_options *o, const char *name)
{
    for (size_t i = 0; i < o->n_select; i++)
        if (strcmp(o->select[i], name) == 0 ||
            (strcmp(name, "@iot.id") == 0 && strcmp(o->select[i], "id") == 0))
            return true;
    return o->n_select == 0;
}

static sei_status check_select(sta_world *w, sta_set set, const sta_options *o)
{
    for (size_t i = 0; i < o->n_select; i++) {
        const char *const *names = sta_property_names(set);
        while (*names && strcmp(*names, o->select[i]) != 0)
            names++;
        if (!*names && strcmp(o->select[i], "id") != 0 &&
            !sta_nav_find(set, o->select[i], strlen(o->select[i])))
            return sei_fail(w->req->ctx, SEI_E_KEY, NULL, "$select: %s has no property \"%.60s\"",
                            sta_sets[set].one, o->select[i]);
    }
    return SEI_OK;
}

/* "$top=5;$skip=10" as "?$top=5&$skip=15" */
static char *next_query(sta_world *w, const sta_expand *x)
{
    sei_buf     out;
    const char *at = x->raw ? x->raw : "", *end = at + x->raw_len;
    char       *text = NULL;

    sei_buf_init(&out, w->req->ctx, 20000);
    sei_buf_putc(&out, '?');
    while (at < end) {
        int         depth  = 0;
        bool        quoted = false;
        const char *to     = at;
        for (; to < end && (depth > 0 || quoted || *to != ';'); to++) {
            quoted ^= *to == '\'';
            depth += quoted ? 0 : (*to == '(') - (*to == ')');
        }
        if (strncmp(at, "$skip=", 6) != 0) {
            for (const char *c = at; c < to; c++)
                if (strchr("&+%# ", *c))
                    sei_buf_printf(&out, "%%%02X", (unsigned char)*c);
                else
                    sei_buf_putc(&out, *c);
            sei_buf_putc(&out, '&');
        }
        at = to + (to < end);
    }
    sei_buf_printf(&out, "$skip=%lld", (long long)x->options.skip + x->options.top);
    if (out.status == SEI_OK)
        text = sei_arena_strdup(&w->arena, out.text);
    sei_buf_done(&out);
    return text;
}

static void set_named(json_t *object, const char *name, const char *what, json_t *value)
{
    char key[80];

    snprintf(key, sizeof key, "%s@iot.%s", name, what);
    json_object_set_new(object, key, value);
}

static sei_status expand_many(sta_world *w, const sta_entity *e, const sta_nav *nav,
                              const sta_expand *x, json_t *object)
{
    const sta_collection c     = {e, nav->set, &x->options};
    sta_page             page  = {0};
    json_t              *array = NULL;
    char                 id[120];
    sei_status           st = sta_list(w, &c, &page);

    if (st == SEI_OK)
        st = sta_render_page(w, &page, &x->options, &array);
    if (st != SEI_OK)
        return st;
    json_object_set_new(object, nav->name, array);
    if (page.count >= 0)
        set_named(object, nav->name, "count", json_integer(page.count));
    const char *query = page.more && x->options.top > 0 ? next_query(w, x) : NULL;
    sta_id_text(w, e, id);
    if (query)
        set_named(
            object, nav->name, "nextLink",
            json_sprintf("%s/%s(%s)/%s%s", w->base, sta_sets[e->set].name, id, nav->name, query));
    return SEI_OK;
}

static sei_status expand(sta_world *w, const sta_entity *e, const sta_expand *x, json_t *object)
{
    const sta_nav *nav = sta_nav_find(e->set, x->name, strlen(x->name));
    sta_entity     to;
    json_t        *inner = NULL;

    if (!nav)
        return sei_fail(w->req->ctx, SEI_E_KEY, NULL, "$expand: %s leads to no \"%.60s\"",
                        sta_sets[e->set].one, x->name);
    if (!sta_follow(w, e, nav, &to))
        return expand_many(w, e, nav, x, object);
    if (x->options.filter || x->options.n_orders > 0 || x->options.count || x->options.skip > 0)
        return sei_fail(w->req->ctx, SEI_E_PARSE, NULL,
                        "$expand: %s is one entity: only $select and $expand apply to it",
                        nav->name);
    const sei_status st = sta_render(w, &to, &x->options, &inner);
    if (st == SEI_OK)
        json_object_set_new(object, nav->name, inner);
    return st;
}

static void put_links(sta_world *w, const sta_entity *e, const sta_options *o, json_t *object)
{
    char id[120];

    sta_id_text(w, e, id);
    for (size_t i = 0; i < STA_NAVS_MAX && sta_sets[e->set].navs[i].name; i++) {
        const char *name = sta_sets[e->set].navs[i].name;
        if (is_selected(o, name) && !json_object_get(object, name))
            set_named(object, name, "navigationLink",
                      json_sprintf("%s/%s(%s)/%s", w->base, sta_sets[e->set].name, id, name));
    }
}

sei_status sta_render(sta_world *w, const sta_entity *e, const sta_options *o, json_t **ret_json)
{
    json_t            *object = json_object();
    const char *const *names  = sta_property_names(e->set);
    sei_status         st     = object ? check_select(w, e->set, o) : SEI_E_NOMEM;

    if (st == SEI_OK && ++w->n_rendered > RENDER_MAX)
        st = sei_fail(w->req->ctx, SEI_E_TOO_LARGE, NULL,
                      "the answer would hold more than %d entities: ask for less", RENDER_MAX);
    for (; st == SEI_OK && *names; names++)
        if (is_selected(o, *names) &&
            json_object_set_new(object, *names, sta_property(w, e, *names, strlen(*names))) != 0)
            st = SEI_E_NOMEM;
    for (const sta_expand *x = o->expand; x && st == SEI_OK; x = x->next)
        st = expand(w, e, x, object);
    if (st != SEI_OK) {
        json_decref(object);
        return st;
    }
    put_links(w, e, o, object);
    *ret_json = object;
    return SEI_OK;
}

/* ---- pages ---------------------------------------------------------------------------------------------- */

static const char *const components[] = {"id", "phenomenonTime", "resultTime", "result",
                                         "parameters"};
enum { N_COMPONENTS = sizeof components / sizeof components[0] };

static json_t *new_group(sta_world *w, const sta_entity *e, const sta_options *o)
{
    json_t *names = json_array();

    for (size_t i = 0; i < N_COMPONENTS; i++)
        if (is_selected(o, components[i]))
            json_array_append_new(names, json_string(components[i]));
    return json_pack(
        "{s:o, s:o, s:i, s:[]}", "Datastream@iot.navigationLink",
        json_sprintf("%s/Datastreams(%lld)", w->base, (long long)w->channels[e->at].id),
        "components", names, "dataArray@iot.count", 0, "dataArray");
}

/* Observations in rows, one group a Datastream (sta11 section 13). */
static sei_status render_rows(sta_world *w, const sta_page *page, const sta_options *o,
                              json_t *array)
{
    json_t    *group = NULL;
    sei_status st    = check_select(w, STA_OBSERVATIONS, o);

    for (size_t i = 0; i < page->n && st == SEI_OK; i++) {
        const sta_entity *e   = &page->entities[i];
        json_t           *row = json_array();
        if (i == 0 || e->at != page->entities[i - 1].at) {
            group = new_group(w, e, o);
            json_array_append_new(array, group);
        }
        for (size_t k = 0; k < N_COMPONENTS; k++)
            if (is_selected(o, components[k]))
                json_array_append_new(row,
                                      sta_property(w, e, components[k], strlen(components[k])));
        json_t *rows = json_object_get(group, "dataArray");
        if (json_array_append_new(rows, row) != 0)
            st = SEI_E_NOMEM;
        json_object_set_new(group, "dataArray@iot.count",
                            json_integer((json_int_t)json_array_size(rows)));
    }
    return st;
}

sei_status sta_render_page(sta_world *w, const sta_page *page, const sta_options *o,
                           json_t **ret_array)
{
    json_t    *array = json_array(), *object = NULL;
    sei_status st = array ? SEI_OK : SEI_E_NOMEM;

    if (st == SEI_OK && o->data_array) {
        st = page->n == 0 || page->entities[0].set == STA_OBSERVATIONS
                 ? render_rows(w, page, o, array)
                 : sei_fail(w->req->ctx, SEI_E_UNSUPPORTED, NULL,
                            "$resultFormat=dataArray is for Observations");
    } else {
        for (size_t i = 0; i < page->n && st == SEI_OK; i++) {
            st = sta_render(w, &page->entities[i], o, &object);
            if (st == SEI_OK && json_array_append_new(array, object) != 0)
                st = SEI_E_NOMEM;
        }
    }
    if (st != SEI_OK)
        json_decref(array);
    else
        *ret_array = array;
    return st;
}
