/* read.c - an input file from its keywords to its simulations */
#include <string.h>

#include "base/file.h"
#include "phreeqc/reader.h"

void sei_pq_free(sei_pq_input *input)
{
    if (!input)
        return;
    sei_ctx *ctx = input->arena.ctx;
    sei_arena_done(&input->arena);
    sei_release(ctx, input);
}

sei_status sei_pq_add_block(sei_pq_reader *r, const sei_pq_keyword *keyword, sei_where where,
                            sei_pq_block **ret_block)
{
    sei_pq_simulation *simulation = &r->input->simulations[r->input->n - 1];
    const sei_status   st         = SEI_PQ_GROW(r, simulation->blocks, simulation->n);

    if (st != SEI_OK)
        return st;
    sei_pq_block *block = &simulation->blocks[simulation->n++];
    *block     = (sei_pq_block){keyword->kind, keyword->canonical, where, 1, 1, "", {NULL}};
    r->block   = block;
    *ret_block = block;
    return SEI_OK;
}

/* "SOLUTION 1-20 groundwater": number or range, then the description. */
static sei_status read_number(sei_pq_reader *r)
{
    sei_slice    rest = r->rest, word;
    sei_pq_range range;

    if (sei_next_word(&rest, &word) &&
        ((word.at[0] >= '0' && word.at[0] <= '9') || (word.at[0] == '-' && word.len > 1))) {
        const sei_status st = sei_pq_range_of(r, r->block->where, word, &range);
        if (st != SEI_OK)
            return st;
        r->block->first = range.first;
        r->block->last  = range.last;
        r->rest         = rest;
    }
    const char *description = sei_pq_keep(r, sei_trim(r->rest));
    if (!description)
        return SEI_E_NOMEM;
    r->block->description = description;
    return SEI_OK;
}

static sei_status open_simulation(sei_pq_reader *r, sei_where where)
{
    const sei_status st = SEI_PQ_GROW(r, r->input->simulations, r->input->n);

    if (st == SEI_OK)
        r->input->simulations[r->input->n++] = (sei_pq_simulation){.where = where};
    return st;
}

static sei_status read_database_name(sei_pq_reader *r, const sei_pq_line *line, bool is_first)
{
    const sei_slice name = sei_trim(r->rest);

    if (!is_first)
        return sei_fail(r->ctx, SEI_E_PARSE, &line->where,
                        "DATABASE must be the first keyword of the file");
    if (name.len == 0)
        return sei_fail(r->ctx, SEI_E_MISSING, &line->where,
                        "DATABASE: the name of a file must follow");
    r->input->database       = sei_pq_keep(r, name);
    r->input->database_where = line->where;
    return r->input->database ? SEI_OK : SEI_E_NOMEM;
}

static sei_status read_block(sei_pq_reader *r, const sei_pq_keyword *keyword,
                             const sei_pq_line *line)
{
    sei_pq_block *block;
    sei_status    st = sei_pq_add_block(r, keyword, line->where, &block);
    if (st == SEI_OK && keyword->is_numbered)
        st = read_number(r);
    if (st == SEI_OK)
        st = keyword->read(r);
    return st;
}

static sei_status read_keywords(sei_pq_reader *r)
{
    bool       is_open = false, is_first = true;
    sei_status st = SEI_OK;

    while (st == SEI_OK && r->next < r->lines.n) {
        const sei_pq_line *line = &r->lines.lines[r->next++];
        sei_slice          word = {"", 0};

        r->rest  = sei_slice_of(line->text);
        r->block = NULL;
        sei_next_word(&r->rest, &word);
        const sei_pq_keyword *keyword = word.len ? sei_pq_keyword_find(word) : NULL;
        if (!keyword && !is_open && !is_first) { /* PHREEQC warns and reads on */
            sei_warn(r->ctx, &line->where,
                     "\"%.60s\" stands between END and a keyword: passed over", line->text);
            continue;
        }
        if (!keyword)
            return sei_fail(r->ctx, SEI_E_KEY, &line->where, "\"%.*s\" is not a keyword",
                            SEI_PQ_SHOWN(word));
        if (strcmp(keyword->canonical, "DATABASE") == 0) {
            st       = read_database_name(r, line, is_first);
            is_first = false;
            continue;
        }
        is_first = false;
        if (!is_open)
            st = open_simulation(r, line->where);
        is_open = strcmp(keyword->canonical, "END") != 0;
        if (st == SEI_OK && is_open)
            st = read_block(r, keyword, line);
    }
    return st;
}

/* What sei_pq_read_on reads again, of an input that awaits a file. */
static sei_status keep_source(sei_pq_input *input, const char *name, const char *folder,
                              sei_slice text, size_t n_given, const sei_slice given[])
{
    sei_arena *arena = &input->arena;
    sei_slice *texts = sei_arena_alloc(arena, n_given + 1, sizeof *texts);

    input->source.name    = sei_arena_strdup(arena, name);
    input->source.folder  = folder ? sei_arena_strdup(arena, folder) : NULL;
    input->source.text    = (sei_slice){sei_arena_strndup(arena, text.at, text.len), text.len};
    input->source.n_given = n_given;
    input->source.given   = texts;
    for (size_t i = 0; texts && i < n_given; i++) {
        texts[i] = (sei_slice){sei_arena_strndup(arena, given[i].at, given[i].len), given[i].len};
        if (!texts[i].at)
            return SEI_E_NOMEM;
    }
    return texts && input->source.name && (input->source.folder || !folder) && input->source.text.at
               ? SEI_OK
               : SEI_E_NOMEM;
}

static sei_status parse(sei_ctx *ctx, const char *name, const char *folder, sei_slice text,
                        size_t n_given, const sei_slice given[], sei_pq_input **ret_input)
{
    sei_pq_reader r = {.ctx = ctx, .lines = {.n_given = n_given, .given = given}};
    sei_status    st;

    r.input = sei_alloc(ctx, 1, sizeof *r.input);
    if (!r.input)
        return SEI_E_NOMEM;
    sei_arena_init(&r.input->arena, ctx);
    st = sei_pq_lex(ctx, &r.input->arena, name, folder, text.at, text.len, &r.lines);
    if (st == SEI_OK && r.lines.awaits)
        st = keep_source(r.input, name, folder, text, n_given, given);
    r.input->awaits       = r.lines.awaits;
    r.input->awaits_where = r.lines.awaits_where;
    if (st == SEI_OK)
        st = read_keywords(&r);
    if (st == SEI_OK && r.input->n == 0)
        st = sei_fail(ctx, SEI_E_MISSING, &(sei_where){name, 0, 0}, "the input holds no keyword");
    if (st != SEI_OK) {
        sei_pq_free(r.input);
        return st;
    }
    *ret_input = r.input;
    return SEI_OK;
}

sei_status sei_pq_parse(sei_ctx *ctx, const char *name, const char *text, size_t len,
                        sei_pq_input **ret_input)
{
    return parse(ctx, name, NULL, (sei_slice){text, len}, 0, NULL, ret_input);
}

sei_status sei_pq_read(sei_ctx *ctx, const char *path, sei_pq_input **ret_input)
{
    char      *text = NULL, *folder = NULL;
    size_t     len = 0;
    sei_status st  = sei_file_read(ctx, path, SEI_PQ_BYTES_MAX, &text, &len);

    if (st != SEI_OK)
        return st;
    folder = sei_path_folder(ctx, path);
    st =
        folder ? parse(ctx, path, folder, (sei_slice){text, len}, 0, NULL, ret_input) : SEI_E_NOMEM;
    sei_release(ctx, folder);
    sei_release(ctx, text);
    return st;
}

sei_status sei_pq_read_on(sei_ctx *ctx, const sei_pq_input *input, const char *text, size_t len,
                          sei_pq_input **ret_input)
{
    const size_t n     = input->source.n_given;
    sei_slice   *given = sei_alloc(ctx, n + 1, sizeof *given);

    if (!given)
        return SEI_E_NOMEM;
    if (n)
        memcpy(given, input->source.given, n * sizeof *given);
    given[n]            = (sei_slice){text, len};
    const sei_status st = parse(ctx, input->source.name, input->source.folder, input->source.text,
                                n + 1, given, ret_input);
    sei_release(ctx, given);
    return st;
}
