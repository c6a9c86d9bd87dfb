/*
 * site_overlay.c - the changes of a scenario, put into the tree of a site file
 *
 * A path names maps by their keys, and units, layers and other list items by their name: "run.end",
 * "train.srb_a.layers.bran.porosity", "train.srb_a.events". What stands there is replaced by the
 * scenario's value, or a key is added; then the whole tree is read as any site file is.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "study/site.h"

enum { CHANGES_BYTES_MAX = 1 << 16 };

/* The tree belongs to the site that is being read. */
static sei_yaml *mutable_of(const sei_yaml *node)
{
    return (sei_yaml *)(uintptr_t)node;
}

/* Lines of the scenario file get their own range. */
static void mark_lines(sei_yaml *node)
{
    node->line += SEI_OVERLAY_LINE;
    node->key_line += node->key ? SEI_OVERLAY_LINE : 0;
    for (sei_yaml *c = node->first; c; c = c->next)
        mark_lines(c);
}

static const sei_yaml *item_named(const sei_yaml *list, const char *name, size_t len)
{
    for (const sei_yaml *c = list->first; c; c = c->next) {
        const sei_yaml *n = sei_yaml_get(c, "name");
        if (n && n->text && n->len == len && memcmp(n->text, name, len) == 0)
            return c;
    }
    return NULL;
}

static const sei_yaml *child_named(const sei_yaml *map, const char *name, size_t len)
{
    for (const sei_yaml *c = map->first; c; c = c->next)
        if (c->key && strlen(c->key) == len && memcmp(c->key, name, len) == 0)
            return c;
    return NULL;
}

static const sei_yaml *step(const sei_yaml *at, const char *name, size_t len)
{
    return at->kind == SEI_YAML_LIST  ? item_named(at, name, len)
           : at->kind == SEI_YAML_MAP ? child_named(at, name, len)
                                      : NULL;
}

/* Puts value under key of a map, in place of what is there. */
static void put(sei_site_reader *r, const sei_yaml *map, const char *key, const sei_yaml *value)
{
    sei_yaml       *parent = mutable_of(map);
    const sei_yaml *old    = child_named(map, key, strlen(key));
    sei_yaml       *node   = sei_site_alloc(r, 1, sizeof *node);

    if (!node)
        return;
    *node        = *value;
    node->key    = key;
    node->parent = parent;
    node->next   = old ? old->next : NULL;
    for (sei_yaml *c = node->first; c; c = c->next)
        c->parent = node;
    sei_yaml *before = NULL;
    for (sei_yaml *c = parent->first; c && c != old; c = c->next)
        before = c;
    if (before)
        before->next = node;
    else
        parent->first = node;
    if (!old || parent->last == old)
        parent->last = node;
    parent->n += old ? 0 : 1;
}

/* One entry of `set`: every part of the path but the last must be there. */
static void set_one(sei_site_reader *r, const sei_yaml *root, const sei_yaml *entry)
{
    const sei_yaml *at   = root;
    const char     *path = entry->key;

    for (const char *dot = strchr(path, '.'); dot; dot = strchr(path, '.')) {
        const sei_yaml *next = step(at, path, (size_t)(dot - path));
        if (!next) {
            sei_schema_problem(&r->s, SEI_E_KEY, entry->key_line,
                               "set: \"%.200s\": the site has no \"%.*s\" there", entry->key,
                               (int)(dot - path), path);
            return;
        }
        at   = next;
        path = dot + 1;
    }
    if (at->kind != SEI_YAML_MAP || !path[0]) {
        sei_schema_problem(&r->s, SEI_E_KEY, entry->key_line,
                           "set: \"%.200s\" ends in no key of a map", entry->key);
        return;
    }
    put(r, at, path, entry);
}

typedef struct {
    const char     *name, *name_ja;
    const sei_yaml *set, *disturbances;
} scenario_rows;

#define ROW_STRUCT scenario_rows
static const sei_key_row rows[] = {
    SEI_PLAIN_ROW("name", NAME, true, name, "short name; its results stand in a folder of it",
                  "識別名(結果フォルダ名)"),
    SEI_PLAIN_ROW("name_ja", TEXT, false, name_ja, "name in Japanese", "名称"),
    SEI_PLAIN_ROW("set", NODE, false, set, "path of a value and what it is here", "変更する値"),
    SEI_PLAIN_ROW("disturbances", NODE, false, disturbances,
                  "storms, snowmelt, drought, cold waves; besides those of the site",
                  "出水・融雪・渇水・寒波"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_scenario = {"scenarios[]", rows, SEI_COUNT(rows)};

/* The scenario's list behind the site's own. */
static void add_disturbances(sei_site_reader *r, const sei_yaml *root, const sei_yaml *list)
{
    sei_yaml *own = mutable_of(child_named(root, "disturbances", strlen("disturbances")));

    if (!own || own->kind != SEI_YAML_LIST || list->kind != SEI_YAML_LIST || !own->last) {
        put(r, root, "disturbances", list);
        return;
    }
    own->last->next = list->first;
    own->last       = list->last ? list->last : own->last;
    own->n += list->n;
    for (sei_yaml *c = list->first; c; c = c->next)
        c->parent = own;
}

/* A value on one line, as YAML's flow style has it. */
static void tell(sei_buf *out, const sei_yaml *node)
{
    const bool is_map = node->kind == SEI_YAML_MAP;

    if (node->kind == SEI_YAML_SCALAR) {
        sei_buf_put(out, node->text, node->len);
        return;
    }
    sei_buf_putc(out, is_map ? '{' : '[');
    for (const sei_yaml *c = node->first; c; c = c->next) {
        if (is_map)
            sei_buf_printf(out, "%s: ", c->key);
        tell(out, c);
        sei_buf_puts(out, c->next ? ", " : "");
    }
    sei_buf_putc(out, is_map ? '}' : ']');
}

/* What the scenario changes, one change a line, for the report. */
static const char *changes_of(sei_site_reader *r, const sei_yaml *set, const sei_yaml *disturbances)
{
    sei_buf out;

    sei_buf_init(&out, r->s.ctx, CHANGES_BYTES_MAX);
    for (const sei_yaml *c = set ? set->first : NULL; c; c = c->next) {
        sei_buf_printf(&out, "%s%s: ", out.len ? "\n" : "", c->key);
        tell(&out, c);
    }
    for (const sei_yaml *c = disturbances ? disturbances->first : NULL; c; c = c->next) {
        sei_buf_puts(&out, out.len ? "\n" : "");
        tell(&out, c);
    }
    const char *text = sei_arena_strndup(r->s.arena, out.text ? out.text : "", out.len);
    sei_buf_done(&out);
    return text ? text : "";
}

static void apply(sei_site_reader *r, const sei_yaml *root, const sei_yaml *scenario)
{
    scenario_rows      in   = {0};
    const sei_key_part part = {rows, SEI_COUNT(rows), &in};
    char               shown[SEI_VALUE_TEXT_MAX];

    mark_lines(mutable_of(scenario));
    if (!sei_schema_map(&r->s, "scenario", scenario, 1, &part, NULL, NULL))
        return;
    r->site->scenario    = in.name;
    r->site->scenario_ja = in.name_ja;
    if (in.set && in.set->kind != SEI_YAML_MAP) {
        sei_schema_show(shown, in.set);
        sei_schema_problem(&r->s, SEI_E_TYPE, in.set->line,
                           "set is %s, not a map of paths and values", shown);
        return;
    }
    r->site->scenario_changes = changes_of(r, in.set, in.disturbances);
    for (const sei_yaml *c = in.set ? in.set->first : NULL; c && sei_schema_goes_on(&r->s);
         c                 = c->next)
        set_one(r, root, c);
    if (in.disturbances)
        add_disturbances(r, root, in.disturbances);
}

void sei_overlay_apply(sei_site_reader *r, const sei_overlay *overlay, const sei_yaml *root)
{
    const sei_yaml *file = NULL;
    size_t          i    = 0;

    const sei_status st =
        sei_yaml_parse(r->s.ctx, overlay->file, overlay->text, overlay->len, r->s.arena, &file);
    if (st != SEI_OK) {
        sei_schema_take_error(&r->s, st);
        return;
    }
    const sei_yaml *list = sei_yaml_get(file, "scenarios");
    for (const sei_yaml *c = list ? list->first : NULL; c; c = c->next, i++)
        if (i == overlay->number)
            apply(r, root, c);
}
