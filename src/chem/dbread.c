/*
 * dbread.c - reader of PHREEQC's database format: lines and blocks
 *
 * Blocks read: SOLUTION_MASTER_SPECIES, SOLUTION_SPECIES, PHASES, NAMED_EXPRESSIONS,
 * LLNL_AQUEOUS_MODEL_PARAMETERS. Blocks that others read (sites, rates) or that define nothing are passed over; what
 * belongs into an input is refused. A logical line ends at a newline or
 * ";", "#" starts a comment, "\" at the end joins lines.
 */
#include "chem/dbread.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/number.h"

typedef struct {
    const char  *name;
    sei_db_block block;
} keyword;

static const keyword keywords[] = {
    {"SOLUTION_MASTER_SPECIES", SEI_BLOCK_MASTER},
    {"SOLUTION_SPECIES", SEI_BLOCK_SPECIES},
    {"PHASES", SEI_BLOCK_PHASES},
    {"NAMED_EXPRESSIONS", SEI_BLOCK_EXPRESSIONS},
    {"NAMED_ANALYTICAL_EXPRESSIONS", SEI_BLOCK_EXPRESSIONS},
    {"NAMED_ANALYTICAL_EXPRESSION", SEI_BLOCK_EXPRESSIONS},
    {"NAMED_LOG_K", SEI_BLOCK_EXPRESSIONS},
    {"LLNL_AQUEOUS_MODEL_PARAMETERS", SEI_BLOCK_LLNL},
    {"LLNL_AQUEOUS_MODEL", SEI_BLOCK_LLNL},
    {"END", SEI_BLOCK_NONE},
    {"EXCHANGE_MASTER_SPECIES", SEI_BLOCK_OTHER},
    {"EXCHANGE_SPECIES", SEI_BLOCK_OTHER},
    {"SURFACE_MASTER_SPECIES", SEI_BLOCK_OTHER},
    {"SURFACE_SPECIES", SEI_BLOCK_OTHER},
    {"RATES", SEI_BLOCK_OTHER},
    {"RATE_PARAMETERS_PK", SEI_BLOCK_OTHER},
    {"RATE_PARAMETERS_SVD", SEI_BLOCK_OTHER},
    {"RATE_PARAMETERS_HERMANSKA", SEI_BLOCK_OTHER},
    {"MEAN_GAMMAS", SEI_BLOCK_OTHER},
    {"MEAN", SEI_BLOCK_OTHER},
    {"GAS_BINARY_PARAMETERS", SEI_BLOCK_GASES},
    {"ISOTOPES", SEI_BLOCK_OTHER},
    {"ISOTOPE_RATIOS", SEI_BLOCK_OTHER},
    {"ISOTOPE_ALPHAS", SEI_BLOCK_OTHER},
    {"CALCULATE_VALUES", SEI_BLOCK_OTHER},
    {"KNOBS", SEI_BLOCK_OTHER},
    {"PRINT", SEI_BLOCK_OTHER},
    {"USER_PRINT", SEI_BLOCK_OTHER},
    {"TITLE", SEI_BLOCK_OTHER},
    {"COMMENT", SEI_BLOCK_OTHER},
    {"DATABASE", SEI_BLOCK_OTHER},
    {"PITZER", SEI_BLOCK_MODEL},
    {"SIT", SEI_BLOCK_MODEL},
    {"SOLUTION", SEI_BLOCK_INPUT},
    {"SOLUTION_SPREAD", SEI_BLOCK_INPUT},
    {"EQUILIBRIUM_PHASES", SEI_BLOCK_INPUT},
    {"EXCHANGE", SEI_BLOCK_INPUT},
    {"SURFACE", SEI_BLOCK_INPUT},
    {"GAS_PHASE", SEI_BLOCK_INPUT},
    {"SOLID_SOLUTIONS", SEI_BLOCK_INPUT},
    {"REACTION", SEI_BLOCK_INPUT},
    {"REACTION_TEMPERATURE", SEI_BLOCK_INPUT},
    {"REACTION_PRESSURE", SEI_BLOCK_INPUT},
    {"KINETICS", SEI_BLOCK_INPUT},
    {"INCREMENTAL_REACTIONS", SEI_BLOCK_INPUT},
    {"USE", SEI_BLOCK_INPUT},
    {"SAVE", SEI_BLOCK_INPUT},
    {"COPY", SEI_BLOCK_INPUT},
    {"DELETE", SEI_BLOCK_INPUT},
    {"RUN_CELLS", SEI_BLOCK_INPUT},
    {"SELECTED_OUTPUT", SEI_BLOCK_INPUT},
    {"USER_PUNCH", SEI_BLOCK_INPUT},
    {"USER_GRAPH", SEI_BLOCK_INPUT},
    {"TRANSPORT", SEI_BLOCK_INPUT},
    {"ADVECTION", SEI_BLOCK_INPUT},
    {"INVERSE_MODELING", SEI_BLOCK_INPUT},
    {"DUMP", SEI_BLOCK_INPUT},
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
        if (sei_slice_is_nocase(word, keywords[i].name))
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
        if (st == SEI_OK && k->block == SEI_BLOCK_MODEL)
            return sei_dbread_fail(
                r, SEI_E_UNSUPPORTED,
                "this activity model is not supported (Davies, Debye-Hückel and LLNL are)", word);
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

/* Cuts one physical line at "#" and ";" and joins it to the next after a "\". */
static sei_status read_physical(sei_db_reader *r, sei_buf *joined, sei_slice line)
{
    const char *hash = memchr(line.at, '#', line.len);
    sei_status  st   = SEI_OK;

    if (hash)
        line.len = (size_t)(hash - line.at);
    line = sei_trim(line);
    if (line.len && line.at[line.len - 1] == '\\') {
        sei_buf_put(joined, line.at, line.len - 1);
        sei_buf_putc(joined, ' ');
    } else {
        sei_buf_put(joined, line.at, line.len);
    }
    if (joined->status == SEI_E_NOMEM)
        return SEI_E_NOMEM;
    if (joined->status != SEI_OK)
        return sei_fail(r->ctx, joined->status, &r->where, "line is longer than %d bytes",
                        SEI_DBREAD_LINE_MAX);
    if (line.len && line.at[line.len - 1] == '\\')
        return SEI_OK;
    sei_slice whole = {joined->text, joined->len};
    while (whole.len && st == SEI_OK) {
        const char  *semicolon = memchr(whole.at, ';', whole.len);
        const size_t n         = semicolon ? (size_t)(semicolon - whole.at) : whole.len;
        st                     = read_line(r, (sei_slice){whole.at, n});
        whole.at += semicolon ? n + 1 : n;
        whole.len -= semicolon ? n + 1 : n;
    }
    sei_buf_clear(joined);
    return st;
}

static sei_status read_text(sei_db_reader *r, const char *text, size_t len)
{
    sei_slice  rest = {text, len}, line;
    sei_buf    joined;
    sei_status st = SEI_OK;

    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        rest.at += 3;
        rest.len -= 3;
    }
    sei_buf_init(&joined, r->ctx, SEI_DBREAD_LINE_MAX);
    while (st == SEI_OK && sei_next_line(&rest, &line)) {
        r->where.line++;
        if (memchr(line.at, '\0', line.len))
            st = sei_fail(r->ctx, SEI_E_ENCODING, &r->where, "a NUL byte: not a text file");
        else
            st = read_physical(r, &joined, line);
    }
    sei_buf_done(&joined);
    return st == SEI_OK ? sei_dbread_close_item(r) : st;
}

/* Every text begins outside of a block, with its own name and lines in messages. */
static sei_status read_sources(sei_db_reader *r, size_t n, const sei_db_source sources[])
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
        st = read_text(r, sources[i].text, sources[i].len);
    }
    return st == SEI_OK ? sei_dbread_finish(r) : st;
}

sei_status sei_db_parse(sei_ctx *ctx, const char *name, const char *text, size_t len,
                        sei_db **ret_db)
{
    return sei_db_parse_sources(ctx, 1, &(sei_db_source){name, 1, text, len}, ret_db);
}

sei_status sei_db_parse_sources(sei_ctx *ctx, size_t n, const sei_db_source sources[],
                                sei_db **ret_db)
{
    sei_db_reader *r  = NULL;
    sei_status     st = SEI_E_NOMEM;
    sei_db        *db = sei_alloc(ctx, 1, sizeof *db);

    if (!db)
        goto done;
    sei_arena_init(&db->arena, ctx);
    r = sei_alloc(ctx, 1, sizeof *r);
    if (!r)
        goto done;
    *r       = (sei_db_reader){.ctx = ctx, .db = db};
    r->named = sei_alloc(ctx, SEI_DBREAD_EXPRESSIONS_MAX, sizeof *r->named);
    db->name = sei_arena_strdup(&db->arena, sources[0].name);
    if (!db->name || !r->named)
        goto done;
    if (sources[0].len <= SEI_DB_BYTES_MAX)
        sei_sha256_hex(sources[0].text, sources[0].len, db->sha256);
    st = read_sources(r, n, sources);
    if (st != SEI_OK)
        goto done;
    *ret_db = db;
    db      = NULL;
done:
    if (r)
        sei_release(ctx, r->named);
    sei_release(ctx, r);
    sei_db_free(db);
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
