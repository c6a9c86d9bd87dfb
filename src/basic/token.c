/* token.c - a BASIC program as words, line by line */
#include "basic/token.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum { LINE_MAX_BYTES = 1 << 14, LINE_NUMBER_MAX = 2000000000, MESSAGE_MAX = 512 };

static const struct {
    const char *name;
    uint16_t    kind;
} words_of_language[] = {
    {"and", TOKEN_AND},
    {"or", TOKEN_OR},
    {"xor", TOKEN_XOR},
    {"not", TOKEN_NOT},
    {"mod", TOKEN_MOD},
    {"let", TOKEN_LET},
    {"print", TOKEN_PRINT},
    {"punch", TOKEN_PUNCH},
    {"save", TOKEN_SAVE},
    {"goto", TOKEN_GOTO},
    {"gosub", TOKEN_GOSUB},
    {"return", TOKEN_RETURN},
    {"on", TOKEN_ON},
    {"if", TOKEN_IF},
    {"then", TOKEN_THEN},
    {"else", TOKEN_ELSE},
    {"for", TOKEN_FOR},
    {"to", TOKEN_TO},
    {"step", TOKEN_STEP},
    {"next", TOKEN_NEXT},
    {"while", TOKEN_WHILE},
    {"wend", TOKEN_WEND},
    {"read", TOKEN_READ},
    {"data", TOKEN_DATA},
    {"restore", TOKEN_RESTORE},
    {"dim", TOKEN_DIM},
    {"erase", TOKEN_ERASE},
    {"rem", TOKEN_REM},
    {"stop", TOKEN_STOP},
    {"end", TOKEN_END_PROGRAM},
    {"graph_x", TOKEN_GRAPH},
    {"graph_y", TOKEN_GRAPH},
    {"graph_sy", TOKEN_GRAPH},
    {"plot_xy", TOKEN_GRAPH},
    {"input", TOKEN_INTERACTIVE},
    {"list", TOKEN_INTERACTIVE},
    {"run", TOKEN_INTERACTIVE},
    {"new", TOKEN_INTERACTIVE},
    {"load", TOKEN_INTERACTIVE},
    {"merge", TOKEN_INTERACTIVE},
    {"bye", TOKEN_INTERACTIVE},
    {"quit", TOKEN_INTERACTIVE},
    {"del", TOKEN_INTERACTIVE},
    {"renum", TOKEN_INTERACTIVE},
    {"peek", TOKEN_INTERACTIVE},
    {"poke", TOKEN_INTERACTIVE},
    {"gotoxy", TOKEN_INTERACTIVE},
};

static const struct {
    const char        *name;
    sei_basic_function function;
} aliases[] = {
#define ALIAS(name, id) {name, SEI_BASIC_##id},
    SEI_BASIC_ALIASES(ALIAS)
#undef ALIAS
};

sei_status basic_fail(sei_ctx *ctx, const sei_basic_program *program, sei_status status,
                      const basic_line *line, const char *fmt, ...)
{
    const sei_where where = {program->file, line->file_line, 0};
    char            text[MESSAGE_MAX];
    va_list         args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (line->number == 0)
        return sei_fail(ctx, status, &where, "%s", text);
    return sei_fail(ctx, status, &where, "BASIC line %u: %s", line->number, text);
}

void *basic_grow(sei_ctx *ctx, void *items, size_t n, size_t *size, size_t item_size)
{
    if (n < *size)
        return items;
    const size_t more  = *size ? 2 * *size : 16;
    void        *grown = sei_resize(ctx, items, more, item_size);
    if (grown)
        *size = more;
    return grown;
}

/* ---- names ---- */

/* FNV-1a. */
static uint32_t hash(const char *at, size_t len)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)at[i]) * 16777619u;
    return h;
}

/* Slot that holds the string, or the free one where it belongs. Slots hold index + 1. */
static uint32_t *find_slot(const basic_names *names, const char *at, size_t len)
{
    size_t i = hash(at, len) & (names->n_slots - 1);

    while (names->slots[i]) {
        const sei_slice *s = &names->items[names->slots[i] - 1];
        if (s->len == len && memcmp(s->at, at, len) == 0)
            break;
        i = (i + 1) & (names->n_slots - 1);
    }
    return &names->slots[i];
}

static sei_status rehash(basic_names *names)
{
    const size_t n_slots = names->n_slots ? 2 * names->n_slots : 64;
    uint32_t    *slots   = sei_alloc(names->ctx, n_slots, sizeof *slots);

    if (!slots)
        return SEI_E_NOMEM;
    sei_release(names->ctx, names->slots);
    names->slots   = slots;
    names->n_slots = n_slots;
    for (size_t i = 0; i < names->n; i++)
        *find_slot(names, names->items[i].at, names->items[i].len) = (uint32_t)i + 1;
    return SEI_OK;
}

sei_status basic_names_add(basic_names *names, const char *at, size_t len, int32_t *ret_index)
{
    if (2 * (names->n + 1) > names->n_slots && rehash(names) != SEI_OK)
        return SEI_E_NOMEM;
    uint32_t *slot = find_slot(names, at, len);
    if (!*slot) {
        sei_slice *items =
            basic_grow(names->ctx, names->items, names->n, &names->size, sizeof *items);
        if (!items)
            return SEI_E_NOMEM;
        names->items             = items;
        names->items[names->n++] = (sei_slice){at, len};
        *slot                    = (uint32_t)names->n;
    }
    *ret_index = (int32_t)*slot - 1;
    return SEI_OK;
}

void basic_names_done(basic_names *names)
{
    sei_release(names->ctx, names->items);
    sei_release(names->ctx, names->slots);
}

/* ---- characters ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* ---- words ---- */

static sei_status add_token(basic_words *w, basic_token token)
{
    basic_token *tokens =
        basic_grow(w->ctx, w->tokens, w->n_tokens, &w->size_tokens, sizeof *tokens);

    if (!tokens)
        return SEI_E_NOMEM;
    w->tokens                = tokens;
    w->tokens[w->n_tokens++] = token;
    return SEI_OK;
}

/* The variable of that name, new when it was not met before. */
static sei_status add_variable(basic_words *w, const char *name, size_t len, int32_t *ret_index)
{
    sei_basic_program *p    = w->program;
    char              *copy = sei_arena_strndup(&p->arena, name, len);

    if (!copy || basic_names_add(&w->variables, copy, len, ret_index) != SEI_OK)
        return SEI_E_NOMEM;
    if ((size_t)*ret_index < p->n_variables)
        return SEI_OK;
    basic_variable *variables =
        basic_grow(w->ctx, p->variables, p->n_variables, &w->size_variables, sizeof *variables);
    if (!variables)
        return SEI_E_NOMEM;
    p->variables                   = variables;
    p->variables[p->n_variables++] = (basic_variable){copy, name[len - 1] == '$', false, 0};
    return SEI_OK;
}

static sei_status add_text(basic_words *w, const char *at, size_t len, int32_t *ret_index)
{
    sei_basic_program *p = w->program;

    if (basic_names_add(&w->texts, at, len, ret_index) != SEI_OK)
        return SEI_E_NOMEM;
    if ((size_t)*ret_index < p->n_texts)
        return SEI_OK;
    basic_text *texts = basic_grow(w->ctx, p->texts, p->n_texts, &w->size_texts, sizeof *texts);
    if (!texts)
        return SEI_E_NOMEM;
    p->texts   = texts;
    char *copy = sei_arena_strndup(&p->arena, at, len);
    if (!copy)
        return SEI_E_NOMEM;
    p->texts[p->n_texts] = (basic_text){copy, (uint32_t)len, (int32_t)p->n_texts};
    p->n_texts++;
    return SEI_OK;
}

static bool find_word(const char *name, basic_token *token)
{
    for (size_t i = 0; i < sizeof words_of_language / sizeof words_of_language[0]; i++) {
        if (strcmp(words_of_language[i].name, name) == 0) {
            token->kind = words_of_language[i].kind;
            return true;
        }
    }
    token->kind = TOKEN_FUNCTION;
    for (int32_t i = 0; i < SEI_BASIC_N_FUNCTIONS; i++) {
        if (strcmp(sei_basic_function_info((sei_basic_function)i)->name, name) == 0) {
            token->index = i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (strcmp(aliases[i].name, name) == 0) {
            token->index = (int32_t)aliases[i].function;
            return true;
        }
    }
    return false;
}

static sei_status read_word(basic_words *w, const basic_line *line, const char *at, size_t len,
                            basic_token *token)
{
    const sei_where where = {w->program->file, line->file_line, 0};
    char            name[BASIC_NAME_MAX + 1];
    size_t          n = 0, take = 0;

    while (n < len && (is_letter(at[n]) || is_digit(at[n]) || at[n] == '_' || at[n] == '$'))
        n++;
    for (; take < n && take < BASIC_NAME_MAX; take++)
        name[take] = (char)(at[take] >= 'A' && at[take] <= 'Z' ? at[take] - 'A' + 'a' : at[take]);
    name[take] = '\0';
    token->len = (uint32_t)n;
    if (find_word(name, token))
        return SEI_OK;
    token->kind = TOKEN_VARIABLE;
    if (n > BASIC_NAME_MAX)
        sei_warn(w->ctx, &where, "BASIC line %u: only the first %d characters of %.*s count",
                 line->number, BASIC_NAME_MAX, (int)(n < 60 ? n : 60), at);
    return add_variable(w, name, take, &token->index);
}

static sei_status read_text(basic_words *w, const basic_line *line, const char *at, size_t len,
                            basic_token *token)
{
    const char *end = memchr(at + 1, at[0], len - 1);

    if (!end)
        return basic_fail(w->ctx, w->program, SEI_E_PARSE, line, "the text after %c does not end",
                          at[0]);
    token->kind = TOKEN_TEXT;
    token->len  = (uint32_t)(end - at) + 1;
    return add_text(w, at + 1, (size_t)(end - at) - 1, &token->index);
}

static sei_status read_number(basic_words *w, const basic_line *line, const char *at, size_t len,
                              basic_token *token)
{
    const size_t n = sei_scan_double(at, len, &token->number);

    if (n == 0)
        return basic_fail(w->ctx, w->program, SEI_E_PARSE, line,
                          "\"%.*s\" is not a number that can be stored", (int)(len < 20 ? len : 20),
                          at);
    token->kind = TOKEN_NUMBER;
    token->len  = (uint32_t)n;
    return SEI_OK;
}

static void read_sign(const char *at, size_t len, basic_token *token)
{
    static const char     signs[] = "+-*/^()[],:=?";
    static const uint16_t kinds[] = {
        TOKEN_PLUS, TOKEN_MINUS, TOKEN_TIMES, TOKEN_DIVIDE, TOKEN_POWER, TOKEN_OPEN, TOKEN_CLOSE,
        TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_COLON,  TOKEN_EQ,    TOKEN_PRINT};
    const char  next = len > 1 ? at[1] : ' ';
    const char *sign = memchr(signs, at[0], sizeof signs - 1);

    token->len  = 1;
    token->kind = sign ? kinds[sign - signs] : TOKEN_BAD;
    if (at[0] == '<' || at[0] == '>') {
        token->kind = at[0] == '<' ? TOKEN_LT : TOKEN_GT;
        token->len  = 2;
        if (next == '=')
            token->kind = at[0] == '<' ? TOKEN_LE : TOKEN_GE;
        else if (at[0] == '<' && next == '>')
            token->kind = TOKEN_NE;
        else
            token->len = 1;
    }
}

static sei_status split_line(basic_words *w, basic_line *line, const char *at, const char *end)
{
    line->first_token = (uint32_t)w->n_tokens;
    while (at < end) {
        const size_t len   = (size_t)(end - at);
        basic_token  token = {.at = at};
        sei_status   st    = SEI_OK;
        if (is_blank(*at)) {
            at++;
            continue;
        }
        if (is_letter(*at))
            st = read_word(w, line, at, len, &token);
        else if (is_digit(*at) || *at == '.')
            st = read_number(w, line, at, len, &token);
        else if (*at == '"' || *at == '\'')
            st = read_text(w, line, at, len, &token);
        else
            read_sign(at, len, &token);
        if (st == SEI_OK)
            st = add_token(w, token);
        if (st != SEI_OK)
            return st;
        at = token.kind == TOKEN_REM ? end : at + token.len;
    }
    const basic_token last = {.kind = TOKEN_END, .at = end};
    line->n_tokens         = (uint32_t)w->n_tokens - line->first_token;
    return add_token(w, last);
}

/* ---- lines ---- */

/* One numbered line; a number alone takes the line with that number away. */
static sei_status add_line(basic_words *w, const char *at, const char *end, size_t file_line)
{
    sei_basic_program *p      = w->program;
    basic_line         line   = {.file_line = (uint32_t)file_line};
    uint64_t           number = 0;

    while (at < end && is_blank(*at))
        at++;
    if (at == end)
        return SEI_OK;
    if ((size_t)(end - at) > LINE_MAX_BYTES)
        return basic_fail(w->ctx, p, SEI_E_TOO_LARGE, &line,
                          "a line of BASIC has %zu characters, at most %d", (size_t)(end - at),
                          LINE_MAX_BYTES);
    while (at < end && is_digit(*at) && number <= LINE_NUMBER_MAX)
        number = 10 * number + (uint64_t)(*at++ - '0');
    if (number == 0 || number > LINE_NUMBER_MAX)
        return basic_fail(w->ctx, p, SEI_E_PARSE, &line,
                          "a line of BASIC begins with its number (1..%d): %.*s", LINE_NUMBER_MAX,
                          (int)(end - at < 40 ? end - at : 40), at);
    line.number       = (uint32_t)number;
    basic_line *lines = basic_grow(w->ctx, p->lines, p->n_lines, &w->size_lines, sizeof *lines);
    if (!lines)
        return SEI_E_NOMEM;
    p->lines            = lines;
    const sei_status st = split_line(w, &line, at, end);
    if (st == SEI_OK)
        p->lines[p->n_lines++] = line;
    return st;
}

static int by_number(const void *a, const void *b)
{
    const basic_line *x = a, *y = b;

    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return x->first_token < y->first_token ? -1 : 1;
}

/* Of lines with the same number the last one counts. */
static void order_lines(basic_words *w)
{
    sei_basic_program *p    = w->program;
    size_t             kept = 0;

    if (p->n_lines == 0)
        return;
    qsort(p->lines, p->n_lines, sizeof *p->lines, by_number);
    for (size_t i = 0; i < p->n_lines; i++) {
        const basic_line *line  = &p->lines[i];
        const sei_where   where = {p->file, line->file_line, 0};
        if (i + 1 < p->n_lines && p->lines[i + 1].number == line->number) {
            if (line->n_tokens)
                sei_warn(w->ctx, &where, "BASIC line %u is replaced by a later line %u",
                         line->number, line->number);
        } else if (line->n_tokens) {
            p->lines[kept++] = *line;
        }
    }
    p->n_lines = kept;
}

/* Is at[0] a \ that only blanks separate from the end of its line? Then *ret_next stands after it. */
static bool joins(const char *at, const char *end, const char **ret_next)
{
    const char *c = at + 1;

    while (c < end && is_blank(*c))
        c++;
    *ret_next = c < end ? c + 1 : end;
    return *at == '\\' && (c == end || *c == '\n');
}

sei_status basic_split(basic_words *w, const char *text, size_t len, size_t first_line)
{
    const char *at = text, *end = text + len;
    size_t      here = first_line, began = first_line;

    w->text = sei_alloc(w->ctx, len + 1, 1);
    if (!w->text)
        return SEI_E_NOMEM;
    char *out = w->text, *line = w->text;
    while (at <= end) {
        const char *next = at;
        const char  c    = at < end ? *at : '\n';
        if (c == '#') { /* a comment runs to the end of the line */
            while (at < end && *at != '\n')
                at++;
            continue;
        }
        if (at < end && joins(at, end, &next)) {
            at = next;
            here++;
            continue;
        }
        at++;
        if (c != '\n' && c != ';') {
            *out++ = c;
            continue;
        }
        const sei_status st = add_line(w, line, out, began);
        if (st != SEI_OK)
            return st;
        here += c == '\n';
        began = here;
        line  = out;
    }
    order_lines(w);
    return SEI_OK;
}

void basic_words_done(basic_words *words)
{
    sei_release(words->ctx, words->text);
    sei_release(words->ctx, words->tokens);
    basic_names_done(&words->variables);
    basic_names_done(&words->texts);
}
