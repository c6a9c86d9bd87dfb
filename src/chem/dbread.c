/*
 * dbread.c - reader of PHREEQC's database format: lines and blocks
 *
 * Blocks read: SOLUTION_MASTER_SPECIES, SOLUTION_SPECIES, PHASES, NAMED_EXPRESSIONS,
 * LLNL_AQUEOUS_MODEL_PARAMETERS, GAS_BINARY_PARAMETERS, PITZER, SIT. Blocks that others read (sites, rates) or that define nothing are passed over; what
 * belongs into an input is refused. A logical line ends at a newline or
 * ";", "#" starts a comment, "\" at the end joins lines.
 */
#include "chem/dbread.h"

#include <string.h>

#include "base/file.h"
#include "base/logical.h"
#include "base/number.h"

typedef struct {
    const char  *name;
    size_t       len;
    sei_db_block block;
} keyword;

#define KEYWORD(name, block)          \
    {                                 \
        name, sizeof(name) - 1, block \
    }

static const keyword keywords[] = {
    KEYWORD("SOLUTION_MASTER_SPECIES", SEI_BLOCK_MASTER),
    KEYWORD("SOLUTION_SPECIES", SEI_BLOCK_SPECIES),
    KEYWORD("PHASES", SEI_BLOCK_PHASES),
    KEYWORD("NAMED_EXPRESSIONS", SEI_BLOCK_EXPRESSIONS),
    KEYWORD("NAMED_ANALYTICAL_EXPRESSIONS", SEI_BLOCK_EXPRESSIONS),
    KEYWORD("NAMED_ANALYTICAL_EXPRESSION", SEI_BLOCK_EXPRESSIONS),
    KEYWORD("NAMED_LOG_K", SEI_BLOCK_EXPRESSIONS),
    KEYWORD("LLNL_AQUEOUS_MODEL_PARAMETERS", SEI_BLOCK_LLNL),
    KEYWORD("LLNL_AQUEOUS_MODEL", SEI_BLOCK_LLNL),
    KEYWORD("END", SEI_BLOCK_NONE),
    KEYWORD("EXCHANGE_MASTER_SPECIES", SEI_BLOCK_OTHER),
    KEYWORD("EXCHANGE_SPECIES", SEI_BLOCK_OTHER),
    KEYWORD("SURFACE_MASTER_SPECIES", SEI_BLOCK_OTHER),
    KEYWORD("SURFACE_SPECIES", SEI_BLOCK_OTHER),
    KEYWORD("RATES", SEI_BLOCK_OTHER),
    KEYWORD("RATE_PARAMETERS_PK", SEI_BLOCK_OTHER),
    KEYWORD("RATE_PARAMETERS_SVD", SEI_BLOCK_OTHER),
    KEYWORD("RATE_PARAMETERS_HERMANSKA", SEI_BLOCK_OTHER),
    KEYWORD("MEAN_GAMMAS", SEI_BLOCK_OTHER),
    KEYWORD("MEAN", SEI_BLOCK_OTHER),
    KEYWORD("GAS_BINARY_PARAMETERS", SEI_BLOCK_GASES),
    KEYWORD("ISOTOPES", SEI_BLOCK_OTHER),
    KEYWORD("ISOTOPE_RATIOS", SEI_BLOCK_OTHER),
    KEYWORD("ISOTOPE_ALPHAS", SEI_BLOCK_OTHER),
    KEYWORD("CALCULATE_VALUES", SEI_BLOCK_OTHER),
    KEYWORD("KNOBS", SEI_BLOCK_OTHER),
    KEYWORD("PRINT", SEI_BLOCK_OTHER),
    KEYWORD("USER_PRINT", SEI_BLOCK_OTHER),
    KEYWORD("TITLE", SEI_BLOCK_OTHER),
    KEYWORD("COMMENT", SEI_BLOCK_OTHER),
    KEYWORD("DATABASE", SEI_BLOCK_OTHER),
    KEYWORD("PITZER", SEI_BLOCK_PITZER),
    KEYWORD("SIT", SEI_BLOCK_SIT),
    KEYWORD("SOLUTION", SEI_BLOCK_INPUT),
    KEYWORD("SOLUTION_SPREAD", SEI_BLOCK_INPUT),
    KEYWORD("EQUILIBRIUM_PHASES", SEI_BLOCK_INPUT),
    KEYWORD("EXCHANGE", SEI_BLOCK_INPUT),
    KEYWORD("SURFACE", SEI_BLOCK_INPUT),
    KEYWORD("GAS_PHASE", SEI_BLOCK_INPUT),
    KEYWORD("SOLID_SOLUTIONS", SEI_BLOCK_INPUT),
    KEYWORD("REACTION", SEI_BLOCK_INPUT),
    KEYWORD("REACTION_TEMPERATURE", SEI_BLOCK_INPUT),
    KEYWORD("REACTION_PRESSURE", SEI_BLOCK_INPUT),
    KEYWORD("KINETICS", SEI_BLOCK_INPUT),
    KEYWORD("INCREMENTAL_REACTIONS", SEI_BLOCK_INPUT),
    KEYWORD("USE", SEI_BLOCK_INPUT),
    KEYWORD("SAVE", SEI_BLOCK_INPUT),
    KEYWORD("COPY", SEI_BLOCK_INPUT),
    KEYWORD("DELETE", SEI_BLOCK_INPUT),
    KEYWORD("RUN_CELLS", SEI_BLOCK_INPUT),
    KEYWORD("SELECTED_OUTPUT", SEI_BLOCK_INPUT),
    KEYWORD("USER_PUNCH", SEI_BLOCK_INPUT),
    KEYWORD("USER_GRAPH", SEI_BLOCK_INPUT),
    KEYWORD("TRANSPORT", SEI_BLOCK_INPUT),
    KEYWORD("ADVECTION", SEI_BLOCK_INPUT),
    KEYWORD("INVERSE_MODELING", SEI_BLOCK_INPUT),
    KEYWORD("DUMP", SEI_BLOCK_INPUT),
};

sei_status sei_dbread_fail(const sei_db_reader *r, sei_status status, const char *what,
                           sei_slice text)
{
    return sei_fail(r->ctx, status, &r->where, "%s: \"%.*s\"", what,
                    (int)(text.len < 200 ? text.len : 200), text.len ? text.at : "");
}

sei_status sei_dbread_numbers(const sei_db_reader *r, sei_slice rest, size_t need, size_t max,
                              double out[], size_t *ret_n)
{
    sei_slice word;
    size_t    n = 0;

    while (n < max && sei_next_word(&rest, &word)) {
        if (n == 0 && sei_slice_is(word, "=")) /* "log_k = 3" */
            continue;
        if (!sei_parse_double(word.at, word.len, &out[n])) {
            if (n >= need)
                break;
            return sei_dbread_fail(r, SEI_E_PARSE, "a number is needed", word);
        }
        n++;
    }
    if (n < need)
        return sei_fail(r->ctx, SEI_E_MISSING, &r->where, "%zu number(s) needed, %zu found", need,
                        n);
    if (ret_n)
        *ret_n = n;
    return SEI_OK;
}

/* A line of PHASES that is neither option nor reaction: the name of the next phase. */
static sei_status read_phase_name(sei_db_reader *r, sei_slice line)
{
    sei_slice        word = {NULL, 0};
    const sei_status st   = sei_dbread_close_item(r);

    if (st != SEI_OK)
        return st;
    (void)sei_next_word(&line, &word);
    if (word.len >= sizeof r->phase_name)
        return sei_dbread_fail(r, SEI_E_TOO_LARGE, "name of a phase is too long", word);
    memcpy(r->phase_name, word.at, word.len);
    r->phase_name[word.len] = '\0';
    return SEI_OK;
}

static sei_status read_in_block(sei_db_reader *r, sei_slice line)
{
    bool is_option = false;

    if (r->block == SEI_BLOCK_MASTER)
        return sei_dbread_master(r, line);
    if (r->block == SEI_BLOCK_LLNL)
        return sei_dbread_llnl(r, line);
    if (r->block == SEI_BLOCK_GASES)
        return sei_dbread_gas_pair(r, line);
    if (r->block == SEI_BLOCK_PITZER || r->block == SEI_BLOCK_SIT)
        return sei_dbread_interaction(r, line);
    const sei_status st = sei_dbread_option(r, line, &is_option);
    if (st != SEI_OK || is_option)
        return st;
    if (r->block == SEI_BLOCK_EXPRESSIONS)
        return sei_dbread_define_expression(r, line);
    if (!memchr(line.at, '=', line.len))
        return r->block == SEI_BLOCK_PHASES
                   ? read_phase_name(r, line)
                   : sei_dbread_fail(r, SEI_E_PARSE, "neither a reaction nor an option", line);
    return r->block == SEI_BLOCK_SPECIES ? sei_dbread_define_species(r, line)
                                         : sei_dbread_define_phase(r, line);
}

static const keyword *keyword_of(sei_slice word)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (word.len == keywords[i].len && sei_slice_is_nocase(word, keywords[i].name))
            return &keywords[i];
    return NULL;
}

bool sei_dbread_is_keyword(sei_slice word)
{
    return keyword_of(word) != NULL;
}

static sei_status read_line(sei_db_reader *r, sei_slice line)
{
    sei_slice rest = sei_trim(line), word;

    line = rest;
    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    const keyword *k = keyword_of(word);
    if (k) {
        const sei_status st = sei_dbread_close_item(r);
        r->block            = k->block;
        r->phase_name[0]    = '\0';
        r->llnl_at          = NULL;
        if (st == SEI_OK && (k->block == SEI_BLOCK_PITZER || k->block == SEI_BLOCK_SIT))
            return sei_dbread_begin_model(r, k->block == SEI_BLOCK_PITZER ? SEI_MODEL_PITZER
                                                                          : SEI_MODEL_SIT);
        if (st == SEI_OK && k->block == SEI_BLOCK_INPUT)
            return sei_dbread_fail(r, SEI_E_UNSUPPORTED,
                                   "this keyword belongs into an input, not into a database", word);
        return st;
    }
    if (r->block == SEI_BLOCK_OTHER)
        return SEI_OK;
    if (r->block == SEI_BLOCK_NONE)
        return sei_dbread_fail(r, SEI_E_KEY,
                               "text outside a known block of a thermodynamic database", word);
    return read_in_block(r, line);
}

/* A logical line, cut at ";". */
static sei_status read_pieces(sei_db_reader *r, sei_slice whole)
{
    sei_slice  piece;
    sei_status st = SEI_OK;

    while (st == SEI_OK && sei_next_piece(&whole, ';', &piece))
        st = read_line(r, piece);
    return st;
}

static sei_status read_text(sei_db_reader *r, sei_slice text)
{
    const sei_where before = r->where; /* the lines that stand before the text */
    sei_logical     lines;
    sei_slice       line;
    size_t          number;
    sei_status      st = SEI_OK;

    sei_logical_begin(&lines, r->ctx, text, SEI_DBREAD_LINE_MAX);
    while (st == SEI_OK && sei_logical_next(&lines, &line, &number)) {
        r->where.line = before.line + number;
        st            = read_pieces(r, line);
    }
    if (st == SEI_OK)
        st = sei_logical_status(&lines, before);
    sei_logical_done(&lines);
    return st == SEI_OK ? sei_dbread_close_item(r) : st;
}

/* Every text begins outside of a block, with its own name and lines in messages. */
static sei_status read_sources(sei_db_reader *r, size_t n, const sei_db_source sources[],
                               size_t n_species[])
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        r->where = (sei_where){sei_arena_strdup(&r->db->arena, sources[i].name),
                               sources[i].first_line ? sources[i].first_line - 1 : 0, 0};
        r->block = SEI_BLOCK_NONE;
        if (!r->where.file)
            return SEI_E_NOMEM;
        if (sources[i].len > SEI_DB_BYTES_MAX)
            return sei_fail(r->ctx, SEI_E_TOO_LARGE, &r->where, "database is larger than %d bytes",
                            SEI_DB_BYTES_MAX);
        st = read_text(r, (sei_slice){sources[i].text, sources[i].len});
        if (n_species)
            n_species[i] = r->db->n_species;
    }
    return st == SEI_OK ? sei_dbread_finish(r) : st;
}

/* Reads into a database that is new or a copy; it is given away on success, freed otherwise. */
static sei_status read_into(sei_ctx *ctx, sei_db *db, size_t n, const sei_db_source sources[],
                            size_t n_species[], sei_db **ret_db)
{
    sei_db_reader *r  = sei_alloc(ctx, 1, sizeof *r);
    sei_status     st = r ? SEI_OK : SEI_E_NOMEM;

    if (r) {
        *r = (sei_db_reader){.ctx = ctx, .db = db};
        st = read_sources(r, n, sources, n_species);
    }
    sei_release(ctx, r);
    if (st == SEI_OK)
        *ret_db = db;
    else
        sei_db_free(db);
    return st;
}

sei_status sei_db_parse_sources(sei_ctx *ctx, size_t n, const sei_db_source sources[],
                                sei_db **ret_db)
{
    sei_db *db = sei_alloc(ctx, 1, sizeof *db);

    if (!db)
        return SEI_E_NOMEM;
    sei_arena_init(&db->arena, ctx);
    db->name = sei_arena_strdup(&db->arena, sources[0].name);
    if (!db->name) {
        sei_db_free(db);
        return SEI_E_NOMEM;
    }
    return read_into(ctx, db, n, sources, NULL, ret_db);
}

enum { MORE_ITEMS = 32 }; /* room for what an input adds */

/* n items in a block of their own; *ret_items is NULL where there are none. */
static bool copy_items(sei_ctx *ctx, const void *items, size_t n, size_t more, size_t size,
                       void **ret_items, size_t *ret_cap)
{
    void *copy = n + more ? sei_resize(ctx, NULL, n + more, size) : NULL;

    if (copy && n)
        memcpy(copy, items, n * size);
    *ret_items = copy;
    *ret_cap   = n + more;
    return copy || n + more == 0;
}

sei_status sei_db_extend(sei_ctx *ctx, const sei_db *base, size_t n, const sei_db_source sources[],
                         size_t ret_n_species[], sei_db **ret_db)
{
    sei_db *db = sei_alloc(ctx, 1, sizeof *db);
    bool    ok = true;

    if (!db)
        return SEI_E_NOMEM;
    *db = *base;
    sei_arena_init(&db->arena, ctx);
    memset(db->sha256, 0, sizeof db->sha256);
    const struct {
        const void *items;
        size_t      n, size;
        void      **copy;
        size_t     *cap;
    } all[] = {
        {base->elements, base->n_elements, sizeof *base->elements, (void **)&db->elements,
         &db->cap_elements},
        {base->species, base->n_species, sizeof *base->species, (void **)&db->species,
         &db->cap_species},
        {base->phases, base->n_phases, sizeof *base->phases, (void **)&db->phases, &db->cap_phases},
        {base->masters, base->n_masters, sizeof *base->masters, (void **)&db->masters,
         &db->cap_masters},
        {base->gas_pairs, base->n_gas_pairs, sizeof *base->gas_pairs, (void **)&db->gas_pairs,
         &db->cap_gas_pairs},
        {base->named, base->n_named, sizeof *base->named, (void **)&db->named, &db->cap_named},
        {base->interactions, base->n_interactions, sizeof *base->interactions,
         (void **)&db->interactions, &db->cap_interactions},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        ok = copy_items(ctx, all[i].items, all[i].n, MORE_ITEMS, all[i].size, all[i].copy,
                        all[i].cap) &&
             ok;
    for (size_t kind = 0; kind < SEI_DB_KINDS; kind++)
        ok = copy_items(ctx, base->index[kind].slot, base->index[kind].size, 0,
                        sizeof *base->index[kind].slot, (void **)&db->index[kind].slot,
                        &db->index[kind].size) &&
             ok;
    if (!ok) {
        sei_db_free(db);
        return SEI_E_NOMEM;
    }
    return read_into(ctx, db, n, sources, ret_n_species, ret_db);
}

sei_status sei_db_parse(sei_ctx *ctx, const char *name, const char *text, size_t len,
                        sei_db **ret_db)
{
    const sei_status st =
        sei_db_parse_sources(ctx, 1, &(sei_db_source){name, 1, text, len}, ret_db);

    if (st == SEI_OK)
        sei_sha256_hex(text, len, (*ret_db)->sha256);
    return st;
}

sei_status sei_db_read(sei_ctx *ctx, const char *path, sei_db **ret_db)
{
    char  *text = NULL;
    size_t len  = 0;

    sei_status st = sei_file_read(ctx, path, SEI_DB_BYTES_MAX, &text, &len);
    if (st == SEI_OK)
        st = sei_db_parse(ctx, path, text, len, ret_db);
    sei_release(ctx, text);
    return st;
}
