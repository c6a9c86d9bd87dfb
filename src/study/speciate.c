/* speciate.c - a table of waters in, a table of chosen results out */
#include "study/speciate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"
#include "base/text.h"
#include "study/water_row.h"

enum { PHASES_MAX = 24 };

struct sei_speciation {
    sei_arena    arena;
    size_t       n_rows, n_words, n_failed;
    const char **word;
    sei_word    *parsed;
    bool        *is_name;
    const char **name;  /* [n_rows] */
    double      *value; /* [n_rows * n_words] */
    bool        *has;
};

/* --- lists ------------------------------------------------------------------------------------------ */

/* Next item of a list whose commas inside parentheses do not count; false at the end. */
static bool next_item(sei_slice *rest, sei_slice *ret_item)
{
    size_t n     = 0;
    int    depth = 0;

    if (!rest->at)
        return false;
    for (; n < rest->len && (depth > 0 || rest->at[n] != ','); n++) {
        depth += rest->at[n] == '(';
        depth -= rest->at[n] == ')' && depth > 0;
    }
    *ret_item = sei_trim((sei_slice){rest->at, n});
    if (n < rest->len)
        *rest = (sei_slice){rest->at + n + 1, rest->len - n - 1};
    else
        *rest = (sei_slice){NULL, 0};
    return true;
}

static sei_status parse_words(sei_ctx *ctx, const sei_db *db, const char *select, sei_speciation *s)
{
    sei_slice rest = sei_slice_of(select), item;

    s->word    = sei_arena_alloc(&s->arena, SEI_SPECIATION_WORDS_MAX, sizeof *s->word);
    s->parsed  = sei_arena_alloc(&s->arena, SEI_SPECIATION_WORDS_MAX, sizeof *s->parsed);
    s->is_name = sei_arena_alloc(&s->arena, SEI_SPECIATION_WORDS_MAX, sizeof *s->is_name);
    if (!s->word || !s->parsed || !s->is_name)
        return SEI_E_NOMEM;
    while (next_item(&rest, &item)) {
        if (item.len == 0)
            return sei_fail(ctx, SEI_E_ARG, NULL, "an empty word in \"%s\"", select);
        if (s->n_words == SEI_SPECIATION_WORDS_MAX)
            return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d words are selected",
                            SEI_SPECIATION_WORDS_MAX);
        const size_t k = s->n_words++;
        s->word[k]     = sei_arena_strndup(&s->arena, item.at, item.len);
        s->is_name[k]  = sei_slice_is(item, "name");
        sei_status st  = s->word[k] ? SEI_OK : SEI_E_NOMEM;
        if (st == SEI_OK && !s->is_name[k])
            st = sei_word_parse(ctx, db, item.at, item.len, &s->parsed[k]);
        if (st != SEI_OK)
            return st;
        if (!s->is_name[k] && !s->parsed[k].is_known)
            sei_warn(ctx, NULL, "database %s does not know %s: the column stays empty",
                     sei_db_name(db), s->word[k]);
    }
    return SEI_OK;
}

typedef struct {
    size_t          n;
    sei_equilibrium phase[PHASES_MAX];
} phase_list;

/* "CO2(g)=-3.5:0.1": a number after "=", another after ":". */
static sei_status parse_phase(sei_ctx *ctx, sei_arena *arena, sei_slice item, sei_equilibrium *ret)
{
    const char *equal = memchr(item.at, '=', item.len);
    sei_slice   name  = {item.at, equal ? (size_t)(equal - item.at) : item.len};
    sei_slice   si    = {equal ? equal + 1 : item.at, equal ? item.len - name.len - 1 : 0};
    const char *colon = equal ? memchr(si.at, ':', si.len) : NULL;
    sei_slice   mol   = {si.at, 0};

    name = sei_trim(name);
    *ret = (sei_equilibrium){sei_arena_strndup(arena, name.at, name.len), 0.0, HUGE_VAL};
    if (!ret->phase)
        return SEI_E_NOMEM;
    if (colon) {
        mol    = (sei_slice){colon + 1, si.len - (size_t)(colon + 1 - si.at)};
        si.len = (size_t)(colon - si.at);
    }
    si  = sei_trim(si);
    mol = sei_trim(mol);
    if (name.len == 0 || (equal && !sei_parse_double(si.at, si.len, &ret->si)) ||
        (colon && !sei_parse_double(mol.at, mol.len, &ret->mol_kgw)))
        return sei_fail(
            ctx, SEI_E_PARSE, NULL,
            "\"%.*s\" is no phase with saturation index and amount, as Calcite, Calcite=0.3 or "
            "Calcite=0:0.01 (mol/kgw)",
            (int)(item.len < 100 ? item.len : 100), item.at);
    return SEI_OK;
}

static sei_status parse_phases(sei_ctx *ctx, sei_arena *arena, const char *text, phase_list *list)
{
    sei_slice rest = sei_slice_of(text ? text : ""), item;

    list->n = 0;
    while (text && next_item(&rest, &item)) {
        if (list->n == PHASES_MAX)
            return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d phases", PHASES_MAX);
        const sei_status st = parse_phase(ctx, arena, item, &list->phase[list->n++]);
        if (st != SEI_OK)
            return st;
    }
    return SEI_OK;
}

/* --- rows --------------------------------------------------------------------------------------------- */

/* Wrong input stops all; numbers that do not converge leave the row empty. */
static sei_status solve_row(sei_ctx *ctx, sei_speciator *speciator, const sei_table *waters,
                            size_t row, const phase_list *phases, const sei_water_row *w,
                            sei_speciation *s)
{
    const sei_where  where = sei_table_where(waters, row);
    const sei_status st    = sei_speciator_solve(speciator, &w->analysis, phases->n, phases->phase);

    if (st == SEI_E_NOT_CONVERGED || st == SEI_E_SINGULAR) {
        char text[600];
        snprintf(text, sizeof text, "%s", sei_ctx_error(ctx));
        sei_warn(ctx, &where, "%s%s%s", w->name, w->name[0] ? ": " : "", text);
        s->n_failed++;
        return SEI_OK;
    }
    if (st != SEI_OK) {
        char text[600];
        snprintf(text, sizeof text, "%s", sei_ctx_error(ctx));
        return sei_fail(ctx, st, &where, "%s", text);
    }
    for (size_t k = 0; k < s->n_words; k++) {
        double *value = &s->value[row * s->n_words + k];
        if (!s->is_name[k])
            s->has[row * s->n_words + k] =
                sei_speciator_value(speciator, &s->parsed[k], value) && isfinite(*value);
    }
    return SEI_OK;
}

static sei_status solve_rows(sei_ctx *ctx, const sei_db *db, const sei_table *waters,
                             const phase_list *phases, const sei_water_column columns[],
                             sei_speciation *s)
{
    sei_speciator *speciator = NULL;
    sei_water_row *w         = sei_alloc(ctx, 1, sizeof *w);
    sei_status     st        = w ? sei_speciator_create(ctx, db, &speciator) : SEI_E_NOMEM;

    for (size_t row = 0; row < s->n_rows && st == SEI_OK; row++) {
        const sei_where where = sei_table_where(waters, row);
        st                    = sei_water_row_read(ctx, db, waters, row, columns, w);
        if (st == SEI_OK)
            st = sei_water_row_settle(ctx, db, &where, (double)NAN, false, w);
        if (st != SEI_OK)
            break;
        if (w->balance[0] != '\0')
            w->analysis.balance = sei_equal_nocase(w->balance, "pH") ? "pH" : w->balance;
        s->name[row] = sei_arena_strdup(&s->arena, w->name);
        st = s->name[row] ? solve_row(ctx, speciator, waters, row, phases, w, s) : SEI_E_NOMEM;
    }
    sei_speciator_free(speciator);
    sei_release(ctx, w);
    return st;
}

static sei_status run(sei_ctx *ctx, const sei_db *db, const sei_table *waters,
                      const sei_headers *headers, const char *select, const char *phases,
                      sei_speciation *s)
{
    phase_list        list;
    sei_water_column *columns =
        sei_arena_alloc(&s->arena, sei_table_n_columns(waters), sizeof *columns);

    s->n_rows     = sei_table_n_rows(waters);
    sei_status st = columns ? parse_words(ctx, db, select, s) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = parse_phases(ctx, &s->arena, phases, &list);
    if (st == SEI_OK)
        st = sei_water_columns_read(ctx, db, waters, headers, &s->arena, columns);
    if (st == SEI_OK)
        st = sei_water_rows_check(ctx, waters);
    if (st != SEI_OK)
        return st;
    s->value = sei_arena_alloc(&s->arena, s->n_rows * s->n_words, sizeof *s->value);
    s->has   = sei_arena_alloc(&s->arena, s->n_rows * s->n_words, sizeof *s->has);
    s->name  = sei_arena_alloc(&s->arena, s->n_rows, sizeof *s->name);
    if (!s->value || !s->has || !s->name)
        return SEI_E_NOMEM;
    return solve_rows(ctx, db, waters, &list, columns, s);
}

sei_status sei_speciation_run(sei_ctx *ctx, const sei_db *db, const sei_table *waters,
                              const sei_headers *headers, const char *select, const char *phases,
                              sei_speciation **ret_speciation)
{
    sei_speciation *s = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    sei_arena_init(&s->arena, ctx);
    const sei_status st = run(ctx, db, waters, headers, select, phases, s);
    if (st != SEI_OK) {
        sei_speciation_free(s);
        return st;
    }
    *ret_speciation = s;
    return SEI_OK;
}

void sei_speciation_free(sei_speciation *s)
{
    if (!s)
        return;
    sei_ctx *ctx = s->arena.ctx;
    sei_arena_done(&s->arena);
    sei_release(ctx, s);
}

size_t sei_speciation_n_rows(const sei_speciation *s)
{
    return s->n_rows;
}

size_t sei_speciation_n_failed(const sei_speciation *s)
{
    return s->n_failed;
}

size_t sei_speciation_n_words(const sei_speciation *s)
{
    return s->n_words;
}

const char *sei_speciation_word(const sei_speciation *s, size_t word)
{
    return s->word[word];
}

const char *sei_speciation_text(const sei_speciation *s, size_t row, size_t word)
{
    return s->is_name[word] ? s->name[row] : NULL;
}

bool sei_speciation_value(const sei_speciation *s, size_t row, size_t word, double *ret_value)
{
    const size_t at = row * s->n_words + word;

    if (!s->has[at])
        return false;
    *ret_value = s->value[at];
    return true;
}
