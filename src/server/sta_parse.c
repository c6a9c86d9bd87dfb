/* sta_parse.c - query options of SensorThings (sta11 section 9.3): $filter, $orderby, $select, $expand, $top … */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/constants.h"
#include "base/number.h"
#include "server/sta_geo.h"

enum { TEXT_MAX = 4000 };
#define DURATION_MAX_S 1e11 /* s, some three thousand years: times stay within their 64 bits */

typedef struct {
    sei_ctx    *ctx;
    sei_arena  *arena;
    const char *name, *begin, *at; /* of the option */
    int         depth;
} parser;

static sei_status fail(const parser *p, const char *what)
{
    return sei_fail(p->ctx, SEI_E_PARSE, NULL, "%s: %s at \"%.30s\" (byte %d)", p->name, what,
                    p->at, (int)(p->at - p->begin));
}

static void skip_blanks(parser *p)
{
    while (*p->at == ' ')
        p->at++;
}

static bool take(parser *p, char c)
{
    skip_blanks(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of a word at the cursor: letters, digits, '_', '@' and '.'. */
static size_t word_len(const char *at)
{
    size_t n = 0;

    if (!is_letter(at[0]))
        return 0;
    while (is_letter(at[n]) || is_digit(at[n]) || at[n] == '.')
        n++;
    return n;
}

static sta_node *new_node(parser *p)
{
    return sei_arena_alloc(p->arena, 1, sizeof(sta_node));
}

/* ---- literals and paths */

static sei_status parse_text(parser *p, sta_node *node)
{
    char  *text = sei_arena_alloc(p->arena, strlen(p->at) + 1, 1);
    size_t n    = 0;

    if (!text)
        return SEI_E_NOMEM;
    for (p->at++; *p->at; p->at++) {
        if (*p->at == '\'' && *++p->at != '\'') { /* '' stands for ' */
            node->value = (sta_value){.kind = STA_TEXT, .text = text};
            return SEI_OK;
        }
        text[n++] = *p->at;
    }
    return fail(p, "a text without its closing '");
}

/* geography'POINT (30 10)' */
static sei_status parse_shape(parser *p, size_t len, sta_node *node)
{
    p->at += len;
    const sei_status st = parse_text(p, node);
    if (st != SEI_OK)
        return st;
    const char *text = node->value.text;
    node->value      = (sta_value){.kind = STA_SHAPE};
    return sta_shape_read(p->ctx, p->arena, text, strlen(text), &node->value.shape);
}

/* "2026-01-02": its midnight in UTC. "13:20:00": its seconds. */
static bool parse_day_or_clock(parser *p, size_t n, sta_node *node)
{
    char    text[30];
    int64_t us = 0;

    if (n == 10 && p->at[4] == '-' && p->at[7] == '-') {
        snprintf(text, sizeof text, "%.10sT00:00:00Z", p->at);
        node->value = (sta_value){.kind = STA_TIME};
        if (!sei_parse_time(text, strlen(text), 0, &node->value.time_us))
            return false;
    } else if (n == 8 && p->at[2] == ':' && p->at[5] == ':') {
        snprintf(text, sizeof text, "1970-01-01T%.8s", p->at);
        if (!sei_parse_time(text, strlen(text), 0, &us))
            return false;
        node->value = (sta_value){.kind = STA_NUMBER, .number = (double)us / (double)SEI_US_PER_S};
    } else {
        return false;
    }
    p->at += n;
    return true;
}

static sei_status parse_number(parser *p, sta_node *node)
{
    const size_t n = strcspn(p->at, " ),;");

    if (parse_day_or_clock(p, n, node))
        return SEI_OK;

    if (n > 10 && p->at[4] == '-' && p->at[7] == '-' && p->at[10] == 'T') {
        char   fixed[40]; /* "+09:00" in a query that nobody encoded is " 09:00" */
        size_t len = n;
        if (p->at[n] == ' ' && is_digit(p->at[n + 1]) && p->at[n + 3] == ':' &&
            !memchr(p->at, 'Z', n))
            len = n + 6;
        if (len < sizeof fixed) {
            snprintf(fixed, sizeof fixed, "%.*s", (int)len, p->at);
            if (len > n)
                fixed[n] = '+';
            node->value.kind = STA_TIME;
            if (sei_parse_time(fixed, len, 0, &node->value.time_us)) {
                p->at += len;
                return SEI_OK;
            }
        }
        return fail(p, "no time");
    }
    node->value.kind = STA_NUMBER;
    if (!sei_parse_double(p->at, n, &node->value.number))
        return fail(p, "no number");
    p->at += n;
    return SEI_OK;
}

static sei_status parse_path(parser *p, sta_node *node)
{
    const char *begin = p->at;
    size_t      n;

    node->is = STA_PATH;
    for (;;) {
        n = word_len(p->at);
        if (n == 0)
            return fail(p, "a name is expected");
        p->at += n;
        if (*p->at != '/')
            break;
        p->at++;
    }
    node->path = sei_arena_strndup(p->arena, begin, (size_t)(p->at - begin));
    return node->path ? SEI_OK : SEI_E_NOMEM;
}

/* ---- expressions */

static sei_status parse_expression(parser *p, int precedence, sta_node **ret_node);

static sei_status parse_call(parser *p, size_t len, sta_node *node)
{
    node->is       = STA_CALL;
    node->function = sta_function_find(p->at, len, false);
    if (!node->function)
        return fail(p, "a function that is not known");
    p->at += len + 1;
    if (!take(p, ')'))
        do {
            if (node->n == node->function->max_args)
                return fail(p, "too many arguments");
            const sei_status st = parse_expression(p, 1, &node->args[node->n]);
            if (st != SEI_OK)
                return st;
            node->n++;
        } while (take(p, ','));
    else
        return node->function->min_args == 0 ? SEI_OK : fail(p, "too few arguments");
    if (!take(p, ')'))
        return fail(p, ") is expected");
    return node->n >= node->function->min_args ? SEI_OK : fail(p, "too few arguments");
}

static sei_status parse_not(parser *p, sta_node *node)
{
    node->is       = STA_CALL;
    node->function = sta_function_find("not", 3, false);
    node->n        = 1;
    p->at += 3;
    return parse_expression(p, 3, &node->args[0]); /* "not a eq b and c": of the comparison */
}

/* One number of a duration with its letter, "2.5S"; false when it is not that. */
static bool take_part(const char **at, char letter, double seconds, double *total)
{
    const size_t n     = strspn(*at, "0123456789.");
    double       value = 0.0;

    if (n == 0 || (*at)[n] != letter || !sei_parse_double(*at, n, &value))
        return false;
    *total += value * seconds;
    *at += n + 1;
    return true;
}

/* duration'P1DT2H30M': days, hours, minutes, seconds (Edm.Duration of OData); months and years have no length. */
static sei_status parse_duration(parser *p, size_t len, sta_node *node)
{
    double total = 0.0;

    p->at += len;
    const sei_status st = parse_text(p, node);
    if (st != SEI_OK)
        return st;
    const char *at   = node->value.text;
    const bool  back = *at == '-';
    at += back;
    bool any = false;
    if (*at++ == 'P') {
        any = take_part(&at, 'D', SEI_DAY_S, &total);
        if (*at == 'T' && at++) {
            const bool h = take_part(&at, 'H', SEI_DAY_S / 24.0, &total);
            const bool m = take_part(&at, 'M', SEI_DAY_S / 24.0 / 60.0, &total);
            any          = take_part(&at, 'S', 1.0, &total) || h || m;
        }
    }
    if (!any || *at || total > DURATION_MAX_S)
        return fail(p, "no duration (as in 'P1DT12H')");
    node->value = (sta_value){.kind = STA_DURATION, .number = back ? -total : total};
    return SEI_OK;
}

/* "geography'…'": the word says of what kind the literal is. */
static sei_status parse_kind(parser *p, size_t n, sta_node *node)
{
    if ((n == 9 && strncmp(p->at, "geography", n) == 0) ||
        (n == 8 && strncmp(p->at, "geometry", n) == 0))
        return parse_shape(p, n, node);
    if (n == 8 && strncmp(p->at, "duration", n) == 0)
        return parse_duration(p, n, node);
    return sei_fail(p->ctx, SEI_E_UNSUPPORTED, NULL, "%s: literals %.*s'…' are not known here",
                    p->name, (int)(n < 20 ? n : 20), p->at);
}

static sei_status parse_word(parser *p, sta_node *node)
{
    static const struct {
        const char *word;
        sta_value   value;
    } words[]      = {{"null", {.kind = STA_NULL}},
                      {"true", {.kind = STA_BOOL, .number = 1}},
                      {"false", {.kind = STA_BOOL}}};
    const size_t n = word_len(p->at);

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].word) == n && strncmp(p->at, words[i].word, n) == 0) {
            node->value = words[i].value;
            p->at += n;
            return SEI_OK;
        }
    if (p->at[n] == '\'')
        return parse_kind(p, n, node);
    if (n == 3 && strncmp(p->at, "not", 3) == 0 && p->at[3] != '/')
        return parse_not(p, node);
    return p->at[n] == '(' ? parse_call(p, n, node) : parse_path(p, node);
}

static sei_status parse_primary(parser *p, sta_node **ret_node)
{
    sta_node  *node = new_node(p);
    sei_status st;

    if (!node)
        return SEI_E_NOMEM;
    skip_blanks(p);
    *ret_node = node;
    if (take(p, '(')) {
        st = parse_expression(p, 1, ret_node);
        return st == SEI_OK && !take(p, ')') ? fail(p, ") is expected") : st;
    }
    if (*p->at == '\'')
        return parse_text(p, node);
    if (is_digit(*p->at) || *p->at == '-' || *p->at == '.')
        return parse_number(p, node);
    return parse_word(p, node);
}

/* Operators that bind at least as strongly as precedence, from left to right. */
static sei_status parse_expression(parser *p, int precedence, sta_node **ret_node)
{
    if (++p->depth > STA_DEPTH_MAX)
        return fail(p, "too deeply nested");
    sei_status st = parse_primary(p, ret_node);
    while (st == SEI_OK) {
        skip_blanks(p);
        const size_t        n = word_len(p->at);
        const sta_function *f = n ? sta_function_find(p->at, n, true) : NULL;
        if (!f || f->precedence < precedence)
            break;
        sta_node *node = new_node(p);
        if (!node)
            return SEI_E_NOMEM;
        p->at += n;
        *node     = (sta_node){.is = STA_CALL, .function = f, .n = 2, .args = {*ret_node}};
        *ret_node = node;
        st        = parse_expression(p, f->precedence + 1, &node->args[1]);
    }
    p->depth--;
    return st;
}

/* ---- options */

static sei_status parse_name(parser *p, bool is_path, const char **ret_name)
{
    sta_node   path = {0};
    sei_status st;

    skip_blanks(p);
    if (is_path) {
        st = parse_path(p, &path);
        if (st == SEI_OK)
            *ret_name = path.path;
        return st;
    }
    const size_t n = word_len(p->at);
    if (n == 0)
        return fail(p, "a name is expected");
    *ret_name = sei_arena_strndup(p->arena, p->at, n);
    p->at += n;
    return *ret_name ? SEI_OK : SEI_E_NOMEM;
}

/* What has the same value for every entity is worked out once: "now() sub duration'P1D'" is a time like any that is written. */
static sei_status fold(parser *p, sta_node *n)
{
    sei_status st  = SEI_OK;
    bool       all = true;

    if (n->is != STA_CALL)
        return SEI_OK;
    for (size_t i = 0; i < n->n && st == SEI_OK; i++) {
        st  = fold(p, n->args[i]);
        all = all && n->args[i]->is == STA_LITERAL;
    }
    if (st != SEI_OK || !all)
        return st;
    sta_value value = {.kind = STA_NULL};
    st              = sta_eval(p->ctx, p->arena, n, NULL, NULL, &value);
    if (st == SEI_OK)
        *n = (sta_node){.is = STA_LITERAL, .value = value};
    return st;
}

static sei_status parse_filter(parser *p, sta_options *o)
{
    const sei_status st = parse_expression(p, 1, &o->filter);

    return st == SEI_OK ? fold(p, o->filter) : st;
}

static bool take_word(parser *p, const char *word)
{
    skip_blanks(p);
    const size_t n = word_len(p->at);
    if (n != strlen(word) || strncmp(p->at, word, n) != 0)
        return false;
    p->at += n;
    return true;
}

static sei_status parse_orderby(parser *p, sta_options *o)
{
    do {
        if (o->n_orders == STA_ORDERS_MAX)
            return fail(p, "too many keys");
        const sei_status st = parse_expression(p, 1, &o->orders[o->n_orders].by);
        if (st != SEI_OK)
            return st;
        o->orders[o->n_orders].descending = take_word(p, "desc");
        if (!o->orders[o->n_orders].descending)
            (void)take_word(p, "asc");
        o->n_orders++;
    } while (take(p, ','));
    return SEI_OK;
}

static sei_status parse_select(parser *p, sta_options *o)
{
    do {
        if (o->n_select == STA_NAMES_MAX)
            return fail(p, "too many names");
        const sei_status st = parse_name(p, false, &o->select[o->n_select]);
        if (st != SEI_OK)
            return st;
        o->n_select++;
    } while (take(p, ','));
    return SEI_OK;
}

static sei_status parse_whole(parser *p, int64_t max, int64_t *ret_value)
{
    skip_blanks(p);
    const size_t n = strspn(p->at, "0123456789");

    if (n == 0 || n > 9 || !sei_parse_int(p->at, n, ret_value))
        return fail(p, "a whole number is expected");
    if (*ret_value > max)
        *ret_value = max; /* the server's limit; @iot.nextLink leads on */
    p->at += n;
    return SEI_OK;
}

static sei_status parse_top(parser *p, sta_options *o)
{
    return parse_whole(p, STA_TOP_MAX, &o->top);
}

static sei_status parse_skip(parser *p, sta_options *o)
{
    return parse_whole(p, 1000000000, &o->skip);
}

static sei_status parse_count(parser *p, sta_options *o)
{
    o->count = take_word(p, "true");
    return o->count || take_word(p, "false") ? SEI_OK : fail(p, "true or false is expected");
}

static sei_status parse_format(parser *p, sta_options *o)
{
    o->data_array = take_word(p, "dataArray");
    return o->data_array ? SEI_OK : fail(p, "only dataArray is known");
}

static sei_status parse_expand(parser *p, sta_options *o);

static const struct {
    const char *name;
    sei_status (*parse)(parser *p, sta_options *o);
} options[] = {
    {"$filter", parse_filter}, {"$orderby", parse_orderby},
    {"$select", parse_select}, {"$expand", parse_expand},
    {"$top", parse_top},       {"$skip", parse_skip},
    {"$count", parse_count},   {"$resultFormat", parse_format},
};

static sei_status parse_named(parser *p, const char *name, size_t len, sta_options *o)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strlen(options[i].name) == len && strncmp(options[i].name, name, len) == 0)
            return options[i].parse(p, o);
    return sei_fail(p->ctx, SEI_E_UNSUPPORTED, NULL, "\"%.*s\" is no query option here",
                    (int)(len < 40 ? len : 40), name);
}

/* "(…;…)" behind a name of $expand */
static sei_status parse_inner(parser *p, sta_options *o)
{
    do {
        skip_blanks(p);
        const char  *name = p->at;
        const size_t len  = strcspn(p->at, "=();");
        if (p->at[len] != '=')
            return fail(p, "$name=value is expected");
        p->at += len + 1;
        const sei_status st = parse_named(p, name, len, o);
        if (st != SEI_OK)
            return st;
    } while (take(p, ';'));
    return take(p, ')') ? SEI_OK : fail(p, ") is expected");
}

/* One of the list: "Datastreams/Observations($top=1)"; a name that came before is gone on with. */
static sei_status expand_one(parser *p, sta_options *o)
{
    const char *name = NULL;
    sei_status  st   = parse_name(p, false, &name);

    if (st != SEI_OK)
        return st;
    sta_expand **place = &o->expand;
    while (*place && strcmp((*place)->name, name) != 0)
        place = &(*place)->next;
    if (!*place) {
        *place = sei_arena_alloc(p->arena, 1, sizeof **place);
        if (!*place)
            return SEI_E_NOMEM;
        **place = (sta_expand){.name = name, .options = sta_defaults()};
    }
    if (*p->at == '/') {
        p->at++;
        if (++p->depth > STA_DEPTH_MAX)
            return fail(p, "too deeply nested");
        st = expand_one(p, &(*place)->options);
        p->depth--;
        return st;
    }
    if (!take(p, '('))
        return SEI_OK;
    (*place)->raw     = p->at;
    st                = parse_inner(p, &(*place)->options);
    (*place)->raw_len = st == SEI_OK ? (size_t)(p->at - (*place)->raw - 1) : 0;
    return st;
}

static sei_status parse_expand(parser *p, sta_options *o)
{
    sei_status st = SEI_OK;

    if (++p->depth > STA_DEPTH_MAX)
        return fail(p, "too deeply nested");
    do
        st = expand_one(p, o);
    while (st == SEI_OK && take(p, ','));
    p->depth--;
    return st;
}

sta_options sta_defaults(void)
{
    return (sta_options){.top = STA_TOP};
}

sei_status sta_parse_option(sei_ctx *ctx, sei_arena *arena, const char *name, const char *text,
                            sta_options *o)
{
    parser p = {ctx, arena, name, text, text, 0};

    if (strlen(text) > TEXT_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "%.40s is longer than %d bytes", name,
                        TEXT_MAX);
    const sei_status st = parse_named(&p, name, strlen(name), o);
    skip_blanks(&p);
    return st == SEI_OK && *p.at ? fail(&p, "the end is expected") : st;
}
