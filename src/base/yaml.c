/* yaml.c - libyaml's events into a tree with places, hostile input refused */
#include "base/yaml.h"

#include <stdint.h>
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "base/text.h"

typedef struct {
    sei_ctx      *ctx;
    const char   *name, *text;
    size_t        len;
    sei_arena    *arena;
    yaml_parser_t parser;
    sei_yaml     *root, *open; /* open: the map or list that takes the next node */
    const char   *key;         /* read, its value still to come */
    size_t        key_line, key_column;
    size_t        depth, n_nodes;
    bool          seen_document;
} reader;

static sei_where place(const reader *r, const yaml_mark_t *mark)
{
    return (sei_where){r->name, mark->line + 1, mark->column + 1};
}

/* ---- bytes ------------------------------------------------------------------------------------
 */

static bool is_control(const unsigned char *s, size_t n)
{
    if (n == 2)
        return s[0] == 0xC2 && s[1] < 0xA0 && s[1] != 0x85;
    return n == 1 &&
           (s[0] == 0x7F || (s[0] < 0x20 && s[0] != '\t' && s[0] != '\n' && s[0] != '\r'));
}

static size_t character_length(const unsigned char *s, size_t len)
{
    const size_t n = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;

    return n <= len && sei_utf8_is_valid((const char *)s, n) ? n : 0;
}

/* Escapes in quotes ("\x1b") can make what the file itself may not hold. */
static bool holds_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        const unsigned char *s = (const unsigned char *)text + i;
        const size_t         n = character_length(s, len - i);
        if (n == 0 || is_control(s, n))
            return true;
        i += n;
    }
    return false;
}

/* libyaml would refuse these too, but without their place. */
static sei_status check_bytes(const reader *r)
{
    sei_where where = {r->name, 1, 1};

    if (r->len >= 2 && (memcmp(r->text, "\xFE\xFF", 2) == 0 || memcmp(r->text, "\xFF\xFE", 2) == 0))
        return sei_fail(r->ctx, SEI_E_ENCODING, &where,
                        "the file is UTF-16; save it as UTF-8 and try again");
    for (size_t i = 0; i < r->len; where.column++) {
        const unsigned char *s = (const unsigned char *)r->text + i;
        const size_t         n = character_length(s, r->len - i);
        if (n == 0)
            return sei_fail(r->ctx, SEI_E_ENCODING, &where,
                            "byte 0x%02X is not UTF-8; save the file as UTF-8 and try again",
                            (unsigned)s[0]);
        if (is_control(s, n))
            return sei_fail(r->ctx, SEI_E_ENCODING, &where,
                            "control character 0x%02X is not allowed in a text file",
                            (unsigned)s[n - 1]);
        if (s[0] == '\n') {
            where.line++;
            where.column = 0;
        }
        i += n;
    }
    return SEI_OK;
}

/* ---- what libyaml refuses ---------------------------------------------------------------------
 */

typedef struct {
    const char *problem, *hint;
} hint_row;

/* Beginnings of libyaml's own texts, and what a user of a site file can do about them. */
static const hint_row hints[] = {
    {"mapping values are not allowed",
     "indent the line as its neighbours, and put a text that holds \": \" in quotes"},
    {"did not find expected key", "indent the line as its neighbours"},
    {"could not find expected ':'", "a key needs a colon and a space behind it"},
    {"block sequence entries are not allowed", "put the list that begins with \"-\" on a line of "
                                               "its own"},
    {"did not find expected '-' indicator", "indent the line as its neighbours"},
    {"did not find expected ',' or ']'", "close the list with ]"},
    {"did not find expected ',' or '}'", "close the map with }"},
    {"found unexpected end of stream", "close the quotes"},
    {"found character that cannot start any token",
     "put a text that begins with this character in quotes"},
};

static const char *hint_for(const char *problem)
{
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
        if (strncmp(problem, hints[i].problem, strlen(hints[i].problem)) == 0)
            return hints[i].hint;
    return NULL;
}

/* Does the line (from 0) use a tab among its leading blanks? libyaml's index counts characters, not bytes: no use in
 * Japanese text. */
static bool is_indented_by_tab(const reader *r, size_t line)
{
    size_t start = 0;

    for (; line > 0 && start < r->len; start++)
        if (r->text[start] == '\n')
            line--;
    for (; start < r->len && (r->text[start] == ' ' || r->text[start] == '\t'); start++)
        if (r->text[start] == '\t')
            return true;
    return false;
}

static sei_status refuse(const reader *r)
{
    const yaml_parser_t *p       = &r->parser;
    const sei_where      where   = place(r, &p->problem_mark);
    const char          *problem = p->problem ? p->problem : "unreadable";
    const char          *hint    = hint_for(problem);

    if (p->error == YAML_MEMORY_ERROR)
        return sei_fail(r->ctx, SEI_E_NOMEM, NULL, "out of memory while reading %s", r->name);
    if (is_indented_by_tab(r, p->problem_mark.line))
        return sei_fail(r->ctx, SEI_E_PARSE, &where,
                        "the line is indented with a tab; YAML wants spaces");
    return sei_fail(r->ctx, SEI_E_PARSE, &where, "not valid YAML: %s%s%s", problem,
                    hint ? "; " : "", hint ? hint : "");
}

/* ---- nodes ------------------------------------------------------------------------------------
 */

static sei_status check_plain(const reader *r, const yaml_event_t *event, const yaml_char_t *anchor,
                              const yaml_char_t *tag)
{
    const sei_where where = place(r, &event->start_mark);

    if (anchor)
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &where,
                        "anchor &%s: anchors and aliases are not read; write the value out",
                        (const char *)anchor);
    if (tag)
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &where,
                        "tag %s: tags are not read; write the plain value", (const char *)tag);
    if (r->n_nodes >= SEI_YAML_NODES_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &where, "more than %d values in one file",
                        (int)SEI_YAML_NODES_MAX);
    return SEI_OK;
}

static void attach(reader *r, sei_yaml *node)
{
    sei_yaml *parent = r->open;

    node->parent = parent;
    if (!parent) {
        r->root = node;
        return;
    }
    if (parent->kind == SEI_YAML_MAP) {
        node->key        = r->key;
        node->key_line   = r->key_line;
        node->key_column = r->key_column;
        r->key           = NULL;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->n++;
}

static sei_status add_node(reader *r, const yaml_event_t *event, sei_yaml_kind kind,
                           sei_yaml **ret_node)
{
    sei_yaml *node = sei_arena_alloc(r->arena, 1, sizeof *node);

    if (!node)
        return SEI_E_NOMEM;
    r->n_nodes++;
    node->kind   = kind;
    node->line   = event->start_mark.line + 1;
    node->column = event->start_mark.column + 1;
    attach(r, node);
    *ret_node = node;
    return SEI_OK;
}

static sei_status take_key(reader *r, const yaml_event_t *event)
{
    const char     *text  = (const char *)event->data.scalar.value;
    const size_t    len   = event->data.scalar.length;
    const sei_where where = place(r, &event->start_mark);

    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(text, "<<") == 0)
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &where,
                        "merge key <<: merging is not read; write the keys out");
    if (len == 0)
        return sei_fail(r->ctx, SEI_E_PARSE, &where, "a key is missing before the colon");
    const sei_yaml *twin = sei_yaml_get(r->open, text);
    if (twin)
        return sei_fail(r->ctx, SEI_E_DUPLICATE, &where,
                        "key \"%s\" is given twice, first in line %zu", text, twin->key_line);
    if (r->open->n >= SEI_YAML_KEYS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &where, "more than %d keys in one map",
                        (int)SEI_YAML_KEYS_MAX);
    r->key        = sei_arena_strndup(r->arena, text, len);
    r->key_line   = where.line;
    r->key_column = where.column;
    return r->key ? SEI_OK : SEI_E_NOMEM;
}

static sei_status take_scalar(reader *r, const yaml_event_t *event)
{
    const char     *text  = (const char *)event->data.scalar.value;
    const size_t    len   = event->data.scalar.length;
    const sei_where where = place(r, &event->start_mark);
    sei_yaml       *node;

    sei_status st = check_plain(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    if (st == SEI_OK && holds_control(text, len))
        st = sei_fail(r->ctx, SEI_E_ENCODING, &where, "a text may not hold control characters");
    if (st != SEI_OK)
        return st;
    if (r->open && r->open->kind == SEI_YAML_MAP && !r->key)
        return take_key(r, event);
    st = add_node(r, event, SEI_YAML_SCALAR, &node);
    if (st != SEI_OK)
        return st;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text   = sei_arena_strndup(r->arena, text, len);
    node->len    = len;
    return node->text ? SEI_OK : SEI_E_NOMEM;
}

static sei_status open_node(reader *r, const yaml_event_t *event, sei_yaml_kind kind,
                            const yaml_char_t *anchor, const yaml_char_t *tag)
{
    const sei_where where = place(r, &event->start_mark);
    sei_yaml       *node;

    sei_status st = check_plain(r, event, anchor, tag);
    if (st != SEI_OK)
        return st;
    if (r->open && r->open->kind == SEI_YAML_MAP && !r->key)
        return sei_fail(r->ctx, SEI_E_TYPE, &where, "a key must be a text, not a list or a map");
    if (r->depth >= SEI_YAML_DEPTH_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &where, "lists and maps are nested deeper than %d",
                        (int)SEI_YAML_DEPTH_MAX);
    st = add_node(r, event, kind, &node);
    if (st != SEI_OK)
        return st;
    r->open = node;
    r->depth++;
    return SEI_OK;
}

static sei_status take_event(reader *r, const yaml_event_t *event)
{
    const sei_where where = place(r, &event->start_mark);

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (r->seen_document)
            return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &where,
                            "a second document begins here; one file holds one document");
        r->seen_document = true;
        return SEI_OK;
    case YAML_ALIAS_EVENT:
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &where,
                        "alias *%s: anchors and aliases are not read; write the value out",
                        (const char *)event->data.alias.anchor);
    case YAML_SCALAR_EVENT: return take_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(r, event, SEI_YAML_LIST, event->data.sequence_start.anchor,
                         event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return open_node(r, event, SEI_YAML_MAP, event->data.mapping_start.anchor,
                         event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->open = r->open->parent;
        r->depth--;
        return SEI_OK;
    default: return SEI_OK;
    }
}

static sei_status read_events(reader *r)
{
    sei_status st   = SEI_OK;
    bool       done = false;

    while (st == SEI_OK && !done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event))
            return refuse(r);
        st   = take_event(r, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return st;
}

sei_status sei_yaml_parse(sei_ctx *ctx, const char *name, const char *text, size_t len,
                          sei_arena *arena, const sei_yaml **ret_root)
{
    const size_t bom = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    reader r = {.ctx = ctx, .name = name, .text = text + bom, .len = len - bom, .arena = arena};

    if (len > SEI_YAML_BYTES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, &(sei_where){name, 0, 0},
                        "the file has %zu bytes, more than %d", len, (int)SEI_YAML_BYTES_MAX);
    sei_status st = check_bytes(&r);
    if (st != SEI_OK)
        return st;
    if (!yaml_parser_initialize(&r.parser))
        return sei_fail(ctx, SEI_E_NOMEM, NULL, "out of memory while reading %s", name);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.text, r.len);
    st = read_events(&r);
    yaml_parser_delete(&r.parser);
    if (st == SEI_OK && sei_yaml_is_empty(r.root))
        st = sei_fail(ctx, SEI_E_MISSING, &(sei_where){name, 0, 0}, "the file is empty");
    if (st == SEI_OK)
        *ret_root = r.root;
    return st;
}

sei_status sei_yaml_read(sei_ctx *ctx, const char *path, sei_arena *arena,
                         const sei_yaml **ret_root)
{
    char  *text = NULL;
    size_t len  = 0;

    sei_status st = sei_file_read(ctx, path, SEI_YAML_BYTES_MAX, &text, &len);
    if (st != SEI_OK)
        return st;
    const char *name = sei_arena_strdup(arena, path);
    st               = name ? sei_yaml_parse(ctx, name, text, len, arena, ret_root) : SEI_E_NOMEM;
    sei_release(ctx, text);
    return st;
}

const sei_yaml *sei_yaml_get(const sei_yaml *map, const char *key)
{
    if (!map || map->kind != SEI_YAML_MAP)
        return NULL;
    for (const sei_yaml *child = map->first; child; child = child->next)
        if (strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

bool sei_yaml_is_empty(const sei_yaml *node)
{
    if (!node)
        return true;
    if (node->kind != SEI_YAML_SCALAR || node->quoted)
        return false;
    return node->len == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0;
}
