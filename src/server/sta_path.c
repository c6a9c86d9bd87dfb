/* sta_path.c - paths of $filter and $orderby: what "Datastream/unitOfMeasurement/symbol" is of an entity (sta11 section 9.3.3.5) */
#include <stdio.h>
#include <string.h>

#include "server/sta_geo.h"

/* {"type": "Point", "coordinates": [140.9, 39.6]}; a station without a place has a Feature without geometry: nothing. */
static sei_status to_shape(sta_world *w, const json_t *json, sta_value *ret_value)
{
    const json_t *c = json_object_get(json, "coordinates");

    *ret_value = (sta_value){.kind = STA_NULL};
    if (json_array_size(c) < 2)
        return SEI_OK;
    ret_value->shape = sta_shape_point(&w->scratch, json_number_value(json_array_get(c, 0)),
                                       json_number_value(json_array_get(c, 1)));
    if (!ret_value->shape)
        return SEI_E_NOMEM;
    ret_value->kind = STA_SHAPE;
    return SEI_OK;
}

static sei_status to_value(sta_world *w, const json_t *json, sta_value *ret_value)
{
    *ret_value = (sta_value){.kind = STA_NULL};
    if (json_is_object(json))
        return to_shape(w, json, ret_value);
    if (json_is_number(json))
        *ret_value = (sta_value){.kind = STA_NUMBER, .number = json_number_value(json)};
    else if (json_is_boolean(json))
        *ret_value = (sta_value){.kind = STA_BOOL, .number = json_is_true(json)};
    else if (json_is_string(json)) {
        const char *text = sei_arena_strdup(&w->scratch, json_string_value(json));
        if (!text)
            return SEI_E_NOMEM;
        *ret_value = (sta_value){.kind = STA_TEXT, .text = text};
    }
    return SEI_OK;
}

/* The numbers that are asked for a million times without JSON between. */
static bool lookup_fast(const sta_entity *e, const char *path, sta_value *ret_value)
{
    if (e->set != STA_OBSERVATIONS)
        return false;
    if (strcmp(path, "result") == 0)
        *ret_value = e->point.kind == SEI_POINT_MISSING
                         ? (sta_value){.kind = STA_NULL}
                         : (sta_value){.kind = STA_NUMBER, .number = e->point.value};
    else if (strcmp(path, "phenomenonTime") == 0 || strcmp(path, "resultTime") == 0)
        *ret_value = (sta_value){.kind = STA_TIME, .time_us = e->point.time_us};
    else
        return false;
    return true;
}

bool sta_is_only_one(sta_set from, const sta_nav *nav)
{
    return nav->set == STA_LOCATIONS && (from == STA_THINGS || from == STA_HISTORICAL_LOCATIONS);
}

/* One step along a navigation to many: to what is chosen for the first len bytes of path. */
static sei_status take_choice(const sta_at *at, const char *path, size_t len, const sta_nav *nav,
                              sta_entity *e, bool *is_there)
{
    const sta_choices *c = at->choices;
    size_t             i = 0;

    while (c && i < c->n && (c->at[i].len != len || strncmp(c->at[i].path, path, len) != 0))
        i++;
    if (!c || i == c->n)
        return sei_fail(at->world->req->ctx, SEI_E_UNSUPPORTED, NULL,
                        "%s leads to several entities", nav->name);
    *is_there = *is_there && c->at[i].is_set;
    *e        = *is_there ? c->at[i].entity : (sta_entity){.set = nav->set};
    return SEI_OK;
}

/* Along navigations as far as they go, but not past end; *is_there: they led to something. */
static sei_status go_along(const sta_at *at, const char *path, const char *end,
                           const char **ret_word, sta_entity *e, bool *is_there)
{
    const char *word = path;
    sei_status  st   = SEI_OK;

    *is_there = true;
    while (word != end && st == SEI_OK) {
        const size_t   len = strcspn(word, "/");
        const sta_nav *nav = word[len] ? sta_nav_find(e->set, word, len) : NULL;
        if (!nav)
            break;
        if (nav->is_many && !sta_is_only_one(e->set, nav))
            st = take_choice(at, path, (size_t)(word - path) + len, nav, e, is_there);
        else if (nav->is_many || !*is_there)
            *e = (sta_entity){.set = nav->set, .at = e->at};
        else
            sta_follow(at->world, &(sta_entity){.set = e->set, .at = e->at}, nav, e);
        word += len + 1;
    }
    *ret_word = word;
    return st;
}

sei_status sta_base_of(const sta_at *at, size_t choice, sta_entity *ret_base, bool *ret_is_there)
{
    const sta_choice *c = &at->choices->at[choice];
    const char       *word;

    *ret_base = *at->entity;
    return go_along(at, c->path, c->path + c->len - strlen(c->nav->name), &word, ret_base,
                    ret_is_there);
}

static bool has_property(sta_set set, const char *name, size_t len)
{
    const char *const *names = sta_property_names(set);

    while (*names && (strlen(*names) != len || strncmp(*names, name, len) != 0))
        names++;
    return *names || (len == 2 && strncmp(name, "id", 2) == 0);
}

/* The property, and what lies in it (unitOfMeasurement/symbol); of nothing (NULL): null. */
static sei_status property_value(sta_world *w, const sta_entity *e, sta_set set, const char *word,
                                 sta_value *ret_value)
{
    size_t len = strcspn(word, "/");

    *ret_value = (sta_value){.kind = STA_NULL};
    if (!has_property(set, word, len))
        return sei_fail(w->req->ctx, SEI_E_KEY, NULL, "%s has no property \"%.60s\"",
                        sta_sets[set].one, word);
    if (!e)
        return SEI_OK;
    json_t       *json  = sta_property(w, e, word, len);
    const json_t *inner = json;
    while (word[len] && inner) { /* into objects such as unitOfMeasurement */
        char name[60];
        word += len + 1;
        len = strcspn(word, "/");
        snprintf(name, sizeof name, "%.*s", (int)(len < 59 ? len : 59), word);
        inner = json_object_get(inner, name);
    }
    const sei_status st = to_value(w, inner, ret_value);
    json_decref(json);
    return st;
}

/* Behind the longest choice that path begins with, the walk to it spared; path itself when there is none. */
static const char *behind_choice(const sta_choices *c, const char *path, const sta_entity **e)
{
    for (size_t i = c ? c->n : 0; i-- > 0;)
        if (c->at[i].is_set && path[0] == c->at[i].path[0] &&
            strncmp(path, c->at[i].path, c->at[i].len) == 0 && path[c->at[i].len] == '/') {
            *e = &c->at[i].entity;
            return path + c->at[i].len + 1;
        }
    return path;
}

sei_status sta_lookup_entity(void *user, const char *path, sta_value *ret_value)
{
    const sta_at     *at   = user;
    const sta_entity *from = at->entity;
    const char       *word = behind_choice(at->choices, path, &from);
    bool              is_there;

    if (lookup_fast(from, word, ret_value))
        return SEI_OK;
    sta_entity       e      = *at->entity;
    const sei_status walked = go_along(at, path, NULL, &word, &e, &is_there);
    if (walked != SEI_OK)
        return walked;
    if (is_there && lookup_fast(&e, word, ret_value))
        return SEI_OK;
    return property_value(at->world, is_there ? &e : NULL, e.set, word, ret_value);
}
