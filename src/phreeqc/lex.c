/* lex.c - logical lines: comments, "\" that joins, ";" that cuts, INCLUDE$ */
#include "phreeqc/lex.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/logical.h"
#include "base/text.h"

enum { LINE_BYTES_MAX = 1 << 20 };

typedef struct {
    sei_ctx      *ctx;
    sei_arena    *arena;
    sei_pq_lines *out;
    size_t        bytes, n_taken; /* of the texts that are given */
    int           depth;
} lexer;

static sei_status lex_text(lexer *l, const char *name, const char *folder, sei_slice rest);

static sei_status add_line(lexer *l, sei_where where, sei_slice text)
{
    sei_pq_lines *out = l->out;

    if (out->n >= SEI_PQ_LINES_MAX)
        return sei_fail(l->ctx, SEI_E_TOO_LARGE, &where, "more than %d lines", SEI_PQ_LINES_MAX);
    if (out->n == out->cap) {
        const size_t cap   = out->cap ? 2 * out->cap : 256;
        sei_pq_line *lines = sei_arena_alloc(l->arena, cap, sizeof *lines);
        if (!lines)
            return SEI_E_NOMEM;
        if (out->n)
            memcpy(lines, out->lines, out->n * sizeof *lines);
        out->lines = lines;
        out->cap   = cap;
    }
    char *copy = sei_arena_strndup(l->arena, text.at, text.len);
    if (!copy)
        return SEI_E_NOMEM;
    out->lines[out->n++] = (sei_pq_line){where, copy};
    return SEI_OK;
}

/* ------------------------------------------------------------------ files that the input itself writes */

static bool first_word(const sei_pq_line *line, sei_slice *ret_word, sei_slice *ret_rest)
{
    *ret_rest = sei_slice_of(line->text);
    return sei_next_word(ret_rest, ret_word);
}

/* "-file NAME" of SELECTED_OUTPUT or DUMP. */
static bool names_file(const sei_pq_line *line, const char *file)
{
    static const char option[] = "file";
    sei_slice         word, rest;

    if (!first_word(line, &word, &rest))
        return false;
    const bool dash = word.at[0] == '-';
    if (dash)
        word = (sei_slice){word.at + 1, word.len - 1};
    const size_t len       = sizeof option - 1;
    const bool   is_option = word.len > 0 && word.len <= len && (dash || word.len == len) &&
                           strncasecmp(word.at, option, word.len) == 0;
    rest = sei_trim(rest);
    return is_option && rest.len == strlen(file) && memcmp(rest.at, file, rest.len) == 0;
}

/* Lines of simulations that end before here and name the file as one of their output; 0: none do. */
static size_t lines_that_write(const lexer *l, const char *file)
{
    size_t end      = l->out->n;
    bool   is_named = false;

    for (; end > 0; end--) { /* the last END */
        sei_slice word, rest;
        if (first_word(&l->out->lines[end - 1], &word, &rest) && sei_slice_is_nocase(word, "end"))
            break;
    }
    for (size_t i = 0; i < end && !is_named; i++)
        is_named = names_file(&l->out->lines[i], file);
    return is_named ? end : 0;
}

/* true: the file is one of these; lexed when its text is given, awaited else. */
static bool take_written(lexer *l, sei_where where, const char *folder, const char *name,
                         sei_status *ret)
{
    const size_t n = lines_that_write(l, name);

    if (n == 0)
        return false;
    if (l->n_taken < l->out->n_given) {
        l->depth++;
        *ret = lex_text(l, name, folder, l->out->given[l->n_taken++]);
        l->depth--;
        return true;
    }
    l->out->n            = n;
    l->out->awaits       = name;
    l->out->awaits_where = where;
    *ret                 = SEI_OK;
    return true;
}

/* ------------------------------------------------------------------ */

static sei_status include(lexer *l, sei_where where, const char *folder, sei_slice file)
{
    char      *name = sei_arena_strndup(l->arena, file.at, file.len);
    char      *path = NULL, *text = NULL, *inside = NULL;
    size_t     len = 0;
    sei_status st;

    if (!name)
        return SEI_E_NOMEM;
    if (file.len == 0)
        return sei_fail(l->ctx, SEI_E_MISSING, &where, "INCLUDE$: the name of a file must follow");
    if (l->depth >= SEI_PQ_INCLUDE_DEPTH_MAX)
        return sei_fail(l->ctx, SEI_E_TOO_LARGE, &where,
                        "INCLUDE$ %s: files include each other more than %d deep", name,
                        SEI_PQ_INCLUDE_DEPTH_MAX);
    if (take_written(l, where, folder, name, &st))
        return st;
    if (!folder)
        return sei_fail(l->ctx, SEI_E_UNSUPPORTED, &where,
                        "INCLUDE$ %s: only an input that is a file can include others", name);
    path = sei_path_join(l->ctx, folder, name);
    st = path ? sei_file_read(l->ctx, path, SEI_PQ_BYTES_MAX - l->bytes, &text, &len) : SEI_E_NOMEM;
    if (st == SEI_E_IO || st == SEI_E_NOT_FOUND)
        st = sei_fail(l->ctx, st, &where, "INCLUDE$ %s: the file cannot be read", name);
    if (st != SEI_OK)
        goto done;
    inside     = sei_path_folder(l->ctx, path);
    char *kept = sei_arena_strdup(l->arena, path);
    st         = inside && kept ? SEI_OK : SEI_E_NOMEM;
    if (st != SEI_OK)
        goto done;
    l->depth++;
    st = lex_text(l, kept, inside, (sei_slice){text, len});
    l->depth--;
done:
    sei_release(l->ctx, inside);
    sei_release(l->ctx, text);
    sei_release(l->ctx, path);
    return st;
}

/* A piece between ";" and ";". */
static sei_status take_piece(lexer *l, sei_where where, const char *folder, sei_slice piece)
{
    sei_slice rest = sei_trim(piece), word;

    if (rest.len == 0)
        return SEI_OK;
    piece.len =
        (size_t)(rest.at - piece.at) + rest.len; /* blanks at the end go, those before stay */
    if (!sei_next_word(&rest, &word) || !sei_slice_is_nocase(word, "include$"))
        return add_line(l, where, piece);

    return include(l, where, folder, sei_trim(rest));
}

static sei_status cut(lexer *l, sei_where where, const char *folder, sei_slice rest)
{
    sei_status st = SEI_OK;

    for (bool more = true; more && st == SEI_OK && !l->out->awaits;) {
        const char  *semicolon = rest.len ? memchr(rest.at, ';', rest.len) : NULL;
        const size_t n         = semicolon ? (size_t)(semicolon - rest.at) : rest.len;
        st                     = take_piece(l, where, folder, (sei_slice){rest.at, n});
        more                   = semicolon != NULL;
        rest.at += more ? n + 1 : n;
        rest.len -= more ? n + 1 : n;
    }
    return st;
}

static sei_status lex_text(lexer *l, const char *name, const char *folder, sei_slice text)
{
    const sei_where before = {name, 0, 0};
    sei_logical     lines;
    sei_slice       line;
    size_t          number;
    sei_status      st = SEI_OK;

    l->bytes += text.len;
    if (l->bytes > SEI_PQ_BYTES_MAX)
        return sei_fail(l->ctx, SEI_E_TOO_LARGE, &before, "the input is longer than %d bytes",
                        SEI_PQ_BYTES_MAX);
    sei_logical_begin(&lines, l->ctx, text, LINE_BYTES_MAX);
    while (st == SEI_OK && !l->out->awaits && sei_logical_next(&lines, &line, &number))
        st = cut(l, (sei_where){name, number, 0}, folder, line);
    if (st == SEI_OK)
        st = sei_logical_status(&lines, before);
    sei_logical_done(&lines);
    return st;
}

sei_status sei_pq_lex(sei_ctx *ctx, sei_arena *arena, const char *name, const char *folder,
                      const char *text, size_t len, sei_pq_lines *ret_lines)
{
    sei_pq_lines     lines = {.n_given = ret_lines->n_given, .given = ret_lines->given};
    lexer            l     = {.ctx = ctx, .arena = arena, .out = &lines};
    char            *kept  = sei_arena_strdup(arena, name);
    const sei_status st = kept ? lex_text(&l, kept, folder, (sei_slice){text, len}) : SEI_E_NOMEM;
    if (st == SEI_OK)
        *ret_lines = lines;
    return st;
}
