/*
 * dbread.c - reader of PHREEQC's database format
 *
 * Blocks read: SOLUTION_MASTER_SPECIES, SOLUTION_SPECIES, PHASES. Other known blocks are passed over.
 * A logical line ends at a newline or ";", "#" starts a comment, "\" at the end joins lines.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "chem/db.h"
#include "chem/equation.h"
#include "chem/formula.h"

/* Gas constant as PHREEQC uses it, so that the same file gives the same constants (kJ/mol/K). */
#define R_KJ    8.31470e-3
#define LN10    2.302585092994045684
#define T_REF_K 298.15
#define KCAL_KJ 4.184

enum { LINE_MAX_BYTES = 4096, NAME_MAX_BYTES = 100 };

typedef enum { BLOCK_NONE, BLOCK_MASTER, BLOCK_SPECIES, BLOCK_PHASES, BLOCK_OTHER } block;

typedef struct {
    const char *name;
    block       block;
} keyword;

static const keyword keywords[] = {
    {"SOLUTION_MASTER_SPECIES", BLOCK_MASTER}, {"SOLUTION_SPECIES", BLOCK_SPECIES},
    {"PHASES", BLOCK_PHASES}, {"END", BLOCK_NONE},
    {"EXCHANGE_MASTER_SPECIES", BLOCK_OTHER}, {"EXCHANGE_SPECIES", BLOCK_OTHER},
    {"SURFACE_MASTER_SPECIES", BLOCK_OTHER}, {"SURFACE_SPECIES", BLOCK_OTHER},
    {"RATES", BLOCK_OTHER}, {"NAMED_EXPRESSIONS", BLOCK_OTHER},
    {"LLNL_AQUEOUS_MODEL_PARAMETERS", BLOCK_OTHER}, {"PITZER", BLOCK_OTHER},
    {"SIT", BLOCK_OTHER}, {"MEAN_GAMMAS", BLOCK_OTHER}, {"GAS_BINARY_PARAMETERS", BLOCK_OTHER},
    {"ISOTOPES", BLOCK_OTHER}, {"ISOTOPE_RATIOS", BLOCK_OTHER}, {"ISOTOPE_ALPHAS", BLOCK_OTHER},
    {"CALCULATE_VALUES", BLOCK_OTHER}, {"KNOBS", BLOCK_OTHER}, {"PRINT", BLOCK_OTHER},
    {"SELECTED_OUTPUT", BLOCK_OTHER}, {"USER_PUNCH", BLOCK_OTHER}, {"USER_PRINT", BLOCK_OTHER},
    {"SOLUTION", BLOCK_OTHER}, {"TITLE", BLOCK_OTHER}, {"DATABASE", BLOCK_OTHER},
};

typedef enum {
    OPT_NONE, OPT_LOG_K, OPT_DELTA_H, OPT_ANALYTIC, OPT_GAMMA, OPT_NO_CHECK, OPT_CHECK, OPT_BALANCE,
    OPT_LLNL_GAMMA, OPT_ADD_LOGK, OPT_IGNORED
} option;

typedef struct {
    const char *name;
    option      option;
} option_row;

static const option_row options[] = {
    {"log_k", OPT_LOG_K}, {"logk", OPT_LOG_K}, {"delta_h", OPT_DELTA_H}, {"deltah", OPT_DELTA_H},
    {"analytical_expression", OPT_ANALYTIC}, {"a_e", OPT_ANALYTIC}, {"ae", OPT_ANALYTIC},
    {"gamma", OPT_GAMMA}, {"no_check", OPT_NO_CHECK}, {"check", OPT_CHECK},
    {"mole_balance", OPT_BALANCE}, {"mass_balance", OPT_BALANCE}, {"mb", OPT_BALANCE},
    {"llnl_gamma", OPT_LLNL_GAMMA}, {"co2_llnl_gamma", OPT_LLNL_GAMMA},
    {"add_logk", OPT_ADD_LOGK}, {"add_log_k", OPT_ADD_LOGK}, {"add_constant", OPT_ADD_LOGK},
    {"activity_water", OPT_IGNORED}, {"dw", OPT_IGNORED}, {"erm_ddl", OPT_IGNORED},
    {"millero", OPT_IGNORED}, {"vm", OPT_IGNORED}, {"viscosity", OPT_IGNORED},
    {"t_c", OPT_IGNORED}, {"p_c", OPT_IGNORED}, {"omega", OPT_IGNORED},
};

typedef struct {
    sei_ctx  *ctx;
    sei_db   *db;
    sei_where where;
    block     block;
    size_t    species;  /* being defined, SIZE_MAX when none */
    size_t    phase;    /* likewise */
    char      phase_name[NAME_MAX_BYTES];
    bool      check, has_analytic;
    double    log_k, delta_h;
    double    analytic[SEI_LOGK_TERMS];
    size_t    line_of_item;
} reader;

static sei_status fail_line(reader *r, sei_status status, const char *what, sei_slice text)
{
    return sei_fail(r->ctx, status, &r->where, "%s: \"%.*s\"", what, (int)(text.len < 200 ? text.len : 200),
                    text.at);
}

/* --- growth and names ------------------------------------------------------------------------ */

static sei_status grow(reader *r, void **items, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return SEI_OK;
    if (n >= SEI_DB_ITEMS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &r->where, "more than %d items of one kind",
                        SEI_DB_ITEMS_MAX);
    const size_t more  = *cap ? 2 * *cap : 64;
    void        *grown = sei_resize(r->ctx, *items, more, size);
    if (!grown)
        return SEI_E_NOMEM;
    *items = grown;
    *cap   = more;
    return SEI_OK;
}

static uint32_t hash_text(const char *text) /* FNV-1a, as in db.c */
{
    uint32_t h = 2166136261u;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h;
}

static sei_status rehash(reader *r, uint32_t **table, size_t *size, size_t n,
                         void (*name_of)(const sei_db *, size_t, char *, size_t))
{
    char key[128];

    if (2 * (n + 1) < *size)
        return SEI_OK;
    const size_t more  = *size ? 2 * *size : 256;
    uint32_t    *fresh = sei_alloc(r->ctx, more, sizeof *fresh);
    if (!fresh)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < n; k++) {
        name_of(r->db, k, key, sizeof key);
        size_t i = hash_text(key) & (more - 1);
        while (fresh[i])
            i = (i + 1) & (more - 1);
        fresh[i] = (uint32_t)(k + 1);
    }
    sei_release(r->ctx, *table);
    *table = fresh;
    *size  = more;
    return SEI_OK;
}

static void species_key(const sei_db *db, size_t k, char *out, size_t size)
{
    snprintf(out, size, "%s", db->species[k].name);
}

static void phase_key(const sei_db *db, size_t k, char *out, size_t size)
{
    size_t      i    = 0;
    const char *name = db->phases[k].name;

    for (; name[i] && i + 1 < size; i++)
        out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    out[i] = '\0';
}

static void enter(uint32_t *table, size_t size, const char *key, size_t k)
{
    size_t i = hash_text(key) & (size - 1);

    while (table[i])
        i = (i + 1) & (size - 1);
    table[i] = (uint32_t)(k + 1);
}

static sei_status element_of(reader *r, const char *symbol, size_t *ret_element)
{
    sei_db      *db    = r->db;
    const size_t found = sei_db_find_element(db, symbol);

    if (found != SIZE_MAX) {
        *ret_element = found;
        return SEI_OK;
    }
    sei_status st = grow(r, (void **)&db->elements, db->n_elements, &db->cap_elements,
                         sizeof *db->elements);
    if (st != SEI_OK)
        return st;
    char *name = sei_arena_strdup(&db->arena, symbol);
    if (!name)
        return SEI_E_NOMEM;
    db->elements[db->n_elements] = (sei_element){.name = name, .primary = SIZE_MAX};
    *ret_element                 = db->n_elements++;
    return SEI_OK;
}

static sei_status composition_of(reader *r, sei_slice formula, sei_composition *ret)
{
    sei_formula f;

    if (!sei_formula_parse(formula.at, formula.len, &f) || f.n > SEI_DB_FORMULA_TERMS)
        return fail_line(r, SEI_E_PARSE, "not a chemical formula", formula);
    memset(ret, 0, sizeof *ret);
    ret->charge = f.charge;
    for (size_t i = 0; i < f.n; i++) {
        size_t element;
        if (strcmp(f.parts[i].symbol, "e") == 0)
            continue; /* the electron is charge only */
        const sei_status st = element_of(r, f.parts[i].symbol, &element);
        if (st != SEI_OK)
            return st;
        ret->terms[ret->n++] = (sei_fterm){element, f.parts[i].count};
    }
    return SEI_OK;
}

static sei_status species_of(reader *r, sei_slice text, size_t *ret_species)
{
    sei_db *db = r->db;
    char    name[NAME_MAX_BYTES];

    if (!sei_species_canonical(text.at, text.len, name, sizeof name))
        return fail_line(r, SEI_E_TOO_LARGE, "name of a species is too long", text);
    const size_t found = sei_db_find_species(db, name);
    if (found != SIZE_MAX) {
        *ret_species = found;
        return SEI_OK;
    }
    sei_status st = grow(r, (void **)&db->species, db->n_species, &db->cap_species,
                         sizeof *db->species);
    if (st != SEI_OK)
        return st;
    sei_species *s = &db->species[db->n_species];
    memset(s, 0, sizeof *s);
    st = composition_of(r, text, &s->composition);
    if (st == SEI_OK)
        st = rehash(r, &db->species_hash, &db->species_hash_size, db->n_species, species_key);
    if (st != SEI_OK)
        return st;
    s->name = sei_arena_strdup(&db->arena, name);
    if (!s->name)
        return SEI_E_NOMEM;
    s->gamma = s->composition.charge != 0.0 ? SEI_GAMMA_DAVIES : SEI_GAMMA_NEUTRAL;
    s->dhb   = 0.1;
    enter(db->species_hash, db->species_hash_size, s->name, db->n_species);
    *ret_species = db->n_species++;
    return SEI_OK;
}

/* --- the item that is being defined ---------------------------------------------------------- */

static void open_item(reader *r)
{
    r->check        = true;
    r->has_analytic = false;
    r->log_k        = 0.0;
    r->delta_h      = 0.0;
    memset(r->analytic, 0, sizeof r->analytic);
    r->line_of_item = r->where.line;
}

static void item_logk(const reader *r, sei_logk *ret)
{
    memset(ret, 0, sizeof *ret);
    if (r->has_analytic) {
        memcpy(ret->c, r->analytic, sizeof ret->c);
        return;
    }
    /* van 't Hoff: log K = log K0 - dH / (R ln 10) (1/T - 1/T0) */
    const double b = r->delta_h / (R_KJ * LN10);
    ret->c[0]      = r->log_k + b / T_REF_K;
    ret->c[2]      = -b;
}

static void add_composition(double sum[], const sei_composition *c, double factor, double *charge)
{
    for (size_t i = 0; i < c->n; i++)
        sum[c->terms[i].element] += factor * c->terms[i].count;
    *charge += factor * c->charge;
}

/* Elements and charge of `whole` minus those of the reaction's species. */
static sei_status check_balance(reader *r, const char *name, const sei_composition *whole,
                                const sei_reaction *reaction)
{
    const sei_where where  = {r->where.file, r->line_of_item, 0};
    double         *sum    = sei_alloc(r->ctx, r->db->n_elements, sizeof *sum);
    double          charge = 0.0;
    sei_status      st     = SEI_OK;

    if (!sum)
        return SEI_E_NOMEM;
    add_composition(sum, whole, 1.0, &charge);
    for (size_t i = 0; i < reaction->n_terms; i++)
        add_composition(sum, &r->db->species[reaction->terms[i].species].composition,
                        -reaction->terms[i].coef, &charge);
    for (size_t e = 0; e < r->db->n_elements && st == SEI_OK; e++)
        if (fabs(sum[e]) > 1e-3)
            st = sei_fail(r->ctx, SEI_E_UNBALANCED, &where,
                          "reaction of %s does not balance in %s: %g left over", name,
                          r->db->elements[e].name, sum[e]);
    if (st == SEI_OK && fabs(charge) > 1e-3)
        st = sei_fail(r->ctx, SEI_E_UNBALANCED, &where,
                      "reaction of %s does not balance in charge: %g left over", name, charge);
    sei_release(r->ctx, sum);
    return st;
}

static sei_status add_reaction_term(reader *r, sei_reaction *reaction, sei_slice name, double coef)
{
    size_t     species;
    sei_status st = species_of(r, name, &species);

    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < reaction->n_terms; i++) {
        if (reaction->terms[i].species == species) {
            reaction->terms[i].coef += coef;
            return SEI_OK;
        }
    }
    if (reaction->n_terms >= SEI_DB_REACTION_TERMS)
        return fail_line(r, SEI_E_TOO_LARGE, "too many species in one reaction", name);
    reaction->terms[reaction->n_terms++] = (sei_rterm){species, coef};
    return SEI_OK;
}

static sei_status close_species(reader *r)
{
    sei_species *s = &r->db->species[r->species];

    r->species = SIZE_MAX;
    item_logk(r, &s->formation.logk);
    if (s->is_identity || !r->check || s->n_balance)
        return SEI_OK;
    return check_balance(r, s->name, &s->composition, &s->formation);
}

static sei_status close_phase(reader *r)
{
    sei_phase *p = &r->db->phases[r->phase];

    r->phase = SIZE_MAX;
    item_logk(r, &p->dissolution.logk);
    if (!r->check)
        return SEI_OK;
    return check_balance(r, p->name, &p->composition, &p->dissolution);
}

static sei_status close_item(reader *r)
{
    if (r->species != SIZE_MAX)
        return close_species(r);
    if (r->phase != SIZE_MAX)
        return close_phase(r);
    return SEI_OK;
}

/* --- equations -------------------------------------------------------------------------------- */

static sei_status parse_equation(reader *r, sei_slice line, sei_equation *ret)
{
    sei_slice bad;

    if (sei_equation_parse(line, ret, &bad))
        return SEI_OK;
    return fail_line(r, SEI_E_PARSE, "not a reaction (blanks must stand around \"=\" and \"+\")", bad);
}

/* The species defined is the first on the right; the others on the right go to the left. */
static sei_status define_species(reader *r, sei_slice line)
{
    sei_equation eq;
    sei_reaction reaction = {0};
    size_t       first = 0, species;
    sei_status   st    = parse_equation(r, line, &eq);

    if (st != SEI_OK)
        return st;
    while (!eq.terms[first].right)
        first++;
    const double whole = eq.terms[first].coef;
    if (!(whole > 0.0))
        return fail_line(r, SEI_E_PARSE, "the first species on the right must have a positive coefficient", line);
    st = species_of(r, eq.terms[first].name, &species);
    for (size_t i = 0; i < eq.n && st == SEI_OK; i++) {
        if (i == first)
            continue;
        const double coef = (eq.terms[i].right ? -1.0 : 1.0) * eq.terms[i].coef / whole;
        st                = add_reaction_term(r, &reaction, eq.terms[i].name, coef);
    }
    if (st != SEI_OK)
        return st;
    open_item(r);
    sei_species *s = &r->db->species[species];
    s->is_defined  = true;
    s->line        = r->where.line;
    s->n_balance   = 0;
    s->is_identity = reaction.n_terms == 1 && reaction.terms[0].species == species;
    s->formation   = reaction;
    if (s->is_identity)
        s->formation.n_terms = 0;
    r->species = species;
    return SEI_OK;
}

static sei_status phase_slot(reader *r, size_t *ret_phase)
{
    sei_db      *db    = r->db;
    const size_t found = sei_db_find_phase(db, r->phase_name);
    char         key[128];

    if (found != SIZE_MAX) { /* a later definition replaces the earlier one */
        *ret_phase = found;
        return SEI_OK;
    }
    sei_status st = grow(r, (void **)&db->phases, db->n_phases, &db->cap_phases, sizeof *db->phases);
    if (st == SEI_OK)
        st = rehash(r, &db->phase_hash, &db->phase_hash_size, db->n_phases, phase_key);
    if (st != SEI_OK)
        return st;
    memset(&db->phases[db->n_phases], 0, sizeof *db->phases);
    db->phases[db->n_phases].name = sei_arena_strdup(&db->arena, r->phase_name);
    if (!db->phases[db->n_phases].name)
        return SEI_E_NOMEM;
    phase_key(db, db->n_phases, key, sizeof key);
    enter(db->phase_hash, db->phase_hash_size, key, db->n_phases);
    *ret_phase = db->n_phases++;
    return SEI_OK;
}

static bool ends_with_gas(const char *name)
{
    const size_t n = strlen(name);

    return n > 3 && sei_equal_nocase(name + n - 3, "(g)");
}

/* "CaCO3 = Ca+2 + CO3-2": the first term on the left is the phase's formula. */
static sei_status define_phase(reader *r, sei_slice line)
{
    sei_equation eq;
    sei_phase    p     = {0};
    size_t       index = 0;

    if (r->phase_name[0] == '\0')
        return fail_line(r, SEI_E_PARSE, "a reaction without the name of its phase above it", line);
    sei_status st = parse_equation(r, line, &eq);
    if (st != SEI_OK)
        return st;
    if (eq.terms[0].coef != 1.0)
        return fail_line(r, SEI_E_PARSE, "the formula of a phase must have the coefficient 1", line);
    st = composition_of(r, eq.terms[0].name, &p.composition);
    for (size_t i = 1; i < eq.n && st == SEI_OK; i++) {
        const double coef = (eq.terms[i].right ? 1.0 : -1.0) * eq.terms[i].coef;
        st                = add_reaction_term(r, &p.dissolution, eq.terms[i].name, coef);
    }
    if (st == SEI_OK)
        st = phase_slot(r, &index);
    if (st != SEI_OK)
        return st;
    open_item(r);
    p.name    = r->db->phases[index].name;
    p.formula = sei_arena_strndup(&r->db->arena, eq.terms[0].name.at, eq.terms[0].name.len);
    p.is_gas  = ends_with_gas(p.name);
    p.line    = r->where.line;
    if (!p.formula)
        return SEI_E_NOMEM;
    r->db->phases[index] = p;
    r->phase             = index;
    r->phase_name[0]     = '\0';
    return SEI_OK;
}

/* --- options ----------------------------------------------------------------------------------- */

/* "-log_k", "-analytic" (any unambiguous beginning after a dash) or "log_k" (whole). */
static option option_of(sei_slice word)
{
    const bool dash = word.len > 1 && word.at[0] == '-' &&
                      ((word.at[1] >= 'a' && word.at[1] <= 'z') || (word.at[1] >= 'A' && word.at[1] <= 'Z'));
    sei_slice key = dash ? (sei_slice){word.at + 1, word.len - 1} : word;

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const size_t len = strlen(options[i].name);
        if (sei_slice_is_nocase(key, options[i].name))
            return options[i].option;
        if (dash && key.len < len) {
            char part[64];
            snprintf(part, sizeof part, "%.*s", (int)key.len, options[i].name);
            if (sei_slice_is_nocase(key, part))
                return options[i].option;
        }
    }
    return dash ? OPT_IGNORED : OPT_NONE;
}

static sei_status read_numbers(reader *r, sei_slice rest, size_t need, size_t max, double out[])
{
    sei_slice word;
    size_t    n = 0;

    while (n < max && sei_next_word(&rest, &word)) {
        if (!sei_parse_double(word.at, word.len, &out[n])) {
            if (n >= need)
                break;
            return fail_line(r, SEI_E_PARSE, "a number is needed", word);
        }
        n++;
    }
    if (n < need)
        return sei_fail(r->ctx, SEI_E_MISSING, &r->where, "%zu number(s) needed, %zu found", need, n);
    return SEI_OK;
}

/* "-delta_h 3.1 kcal": kJ unless the unit has a c (calories); J without a k. */
static sei_status read_delta_h(reader *r, sei_slice rest)
{
    sei_slice  word;
    sei_slice  copy = rest;
    double     value[1] = {0.0};
    sei_status st = read_numbers(r, rest, 1, 1, value);

    if (st != SEI_OK)
        return st;
    r->delta_h = value[0];
    (void)sei_next_word(&copy, &word);
    if (!sei_next_word(&copy, &word))
        return SEI_OK;
    if (word.at[0] != 'k' && word.at[0] != 'K')
        r->delta_h /= 1000.0;
    if (memchr(word.at, 'c', word.len) || memchr(word.at, 'C', word.len))
        r->delta_h *= KCAL_KJ;
    return SEI_OK;
}

static sei_status read_balance(reader *r, sei_slice rest)
{
    sei_slice    word;
    sei_formula  f;
    sei_species *s = &r->db->species[r->species];

    if (!sei_next_word(&rest, &word) || !sei_formula_parse_valence(word.at, word.len, &f) ||
        f.n > SEI_DB_FORMULA_TERMS)
        return fail_line(r, SEI_E_PARSE, "-mole_balance needs a formula", rest);
    s->n_balance = 0;
    for (size_t i = 0; i < f.n; i++) {
        const size_t m = sei_db_find_master(r->db, f.parts[i].symbol);
        if (m == SIZE_MAX)
            return fail_line(r, SEI_E_NOT_FOUND, "-mole_balance names an unknown master species", word);
        s->balance_masters[s->n_balance] = m;
        s->balance_coefs[s->n_balance++] = f.parts[i].count;
    }
    return SEI_OK;
}

static sei_status read_gamma(reader *r, sei_slice rest)
{
    double     ab[2] = {0.0, 0.0};
    sei_status st    = read_numbers(r, rest, 1, 2, ab);

    if (st != SEI_OK)
        return st;
    sei_species *s = &r->db->species[r->species];
    s->gamma       = SEI_GAMMA_WATEQ;
    s->dha         = ab[0];
    s->dhb         = ab[1];
    return SEI_OK;
}

static sei_status read_analytic(reader *r, sei_slice rest)
{
    double     a[SEI_LOGK_TERMS] = {0};
    sei_status st                = read_numbers(r, rest, 1, SEI_LOGK_TERMS, a);

    if (st != SEI_OK)
        return st;
    memcpy(r->analytic, a, sizeof a);
    r->has_analytic = false;
    for (size_t i = 0; i < SEI_LOGK_TERMS; i++)
        r->has_analytic = r->has_analytic || a[i] != 0.0;
    return SEI_OK;
}

static sei_status read_option(reader *r, option opt, sei_slice rest)
{
    double value[1];

    if (r->species == SIZE_MAX && r->phase == SIZE_MAX)
        return fail_line(r, SEI_E_PARSE, "an option without a reaction above it", rest);
    switch (opt) {
    case OPT_LOG_K: {
        const sei_status st = read_numbers(r, rest, 1, 1, value);
        if (st == SEI_OK)
            r->log_k = value[0];
        return st;
    }
    case OPT_DELTA_H: return read_delta_h(r, rest);
    case OPT_ANALYTIC: return read_analytic(r, rest);
    case OPT_NO_CHECK: r->check = false; return SEI_OK;
    case OPT_CHECK: r->check = true; return SEI_OK;
    case OPT_GAMMA: return r->species == SIZE_MAX ? SEI_OK : read_gamma(r, rest);
    case OPT_BALANCE: return r->species == SIZE_MAX ? SEI_OK : read_balance(r, rest);
    case OPT_LLNL_GAMMA:
        sei_warn(r->ctx, &r->where, "-llnl_gamma is read as Davies activity: B-dot is not supported yet");
        return SEI_OK;
    case OPT_ADD_LOGK:
        return fail_line(r, SEI_E_UNSUPPORTED, "-add_logk and NAMED_EXPRESSIONS are not supported", rest);
    case OPT_NONE:
    case OPT_IGNORED: return SEI_OK;
    }
    return SEI_OK;
}

/* --- lines --------------------------------------------------------------------------------------- */

static sei_status read_master(reader *r, sei_slice line)
{
    sei_db    *db = r->db;
    sei_slice  word[5];
    size_t     n = 0;
    char       name[NAME_MAX_BYTES], symbol[NAME_MAX_BYTES];
    sei_master m = {0};

    while (n < 5 && sei_next_word(&line, &word[n]))
        n++;
    if (n < 3)
        return fail_line(r, SEI_E_PARSE,
                         "a master species needs: element, species, alkalinity, formula or mass", line);
    if (!sei_component_canonical(word[0].at, word[0].len, name, sizeof name))
        return fail_line(r, SEI_E_TOO_LARGE, "name of an element is too long", word[0]);
    snprintf(symbol, sizeof symbol, "%s", name);
    char *valence = strchr(symbol, '(');
    m.is_valence  = valence != NULL;
    if (valence)
        *valence = '\0';
    sei_status st = element_of(r, symbol, &m.element);
    if (st == SEI_OK)
        st = species_of(r, word[1], &m.species);
    if (st != SEI_OK)
        return st;
    if (!sei_parse_double(word[2].at, word[2].len, &m.alk))
        return fail_line(r, SEI_E_PARSE, "alkalinity of a master species must be a number", word[2]);
    if (n > 4 && !m.is_valence)
        (void)sei_parse_double(word[4].at, word[4].len, &db->elements[m.element].g_mol);
    m.name         = sei_arena_strdup(&db->arena, name);
    m.mass_formula = n > 3 ? sei_arena_strndup(&db->arena, word[3].at, word[3].len) : "";
    if (!m.name || !m.mass_formula)
        return SEI_E_NOMEM;
    st = grow(r, (void **)&db->masters, db->n_masters, &db->cap_masters, sizeof *db->masters);
    if (st != SEI_OK)
        return st;
    size_t slot = sei_db_find_master(db, name);
    if (slot == SIZE_MAX)
        slot = db->n_masters++;
    db->masters[slot] = m;
    if (!m.is_valence)
        db->elements[m.element].primary = slot;
    return SEI_OK;
}

static sei_status read_in_block(reader *r, sei_slice line)
{
    sei_slice rest = line, word = {NULL, 0};

    (void)sei_next_word(&rest, &word);
    if (r->block == BLOCK_MASTER)
        return read_master(r, line);
    const option opt = option_of(word);
    if (opt != OPT_NONE)
        return read_option(r, opt, rest);
    if (memchr(line.at, '=', line.len)) {
        const sei_status st = close_item(r);
        if (st != SEI_OK)
            return st;
        return r->block == BLOCK_SPECIES ? define_species(r, line) : define_phase(r, line);
    }
    if (r->block == BLOCK_SPECIES)
        return fail_line(r, SEI_E_PARSE, "neither a reaction nor an option", line);
    const sei_status st = close_item(r);
    if (st != SEI_OK)
        return st;
    if (word.len >= sizeof r->phase_name)
        return fail_line(r, SEI_E_TOO_LARGE, "name of a phase is too long", word);
    memcpy(r->phase_name, word.at, word.len);
    r->phase_name[word.len] = '\0';
    return SEI_OK;
}

static const keyword *keyword_of(sei_slice word)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (sei_slice_is_nocase(word, keywords[i].name))
            return &keywords[i];
    return NULL;
}

static sei_status read_line(reader *r, sei_slice line)
{
    sei_slice rest = sei_trim(line), word;

    line = rest;
    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    const keyword *k = keyword_of(word);
    if (k) {
        const sei_status st = close_item(r);
        r->block            = k->block;
        r->phase_name[0]    = '\0';
        return st;
    }
    if (r->block == BLOCK_OTHER)
        return SEI_OK;
    if (r->block == BLOCK_NONE)
        return fail_line(r, SEI_E_KEY, "text outside a known block of a thermodynamic database", word);
    return read_in_block(r, line);
}

/* Cuts one physical line at "#" and ";" and joins it to the next after a "\". */
static sei_status read_physical(reader *r, sei_buf *joined, sei_slice line)
{
    const char *hash = memchr(line.at, '#', line.len);
    sei_status  st   = SEI_OK;

    if (hash)
        line.len = (size_t)(hash - line.at);
    line = sei_trim(line);
    if (line.len && line.at[line.len - 1] == '\\') {
        sei_buf_put(joined, line.at, line.len - 1);
        sei_buf_putc(joined, ' ');
        return joined->status;
    }
    sei_buf_put(joined, line.at, line.len);
    if (joined->status != SEI_OK)
        return sei_fail(r->ctx, joined->status, &r->where, "line is longer than %d bytes", LINE_MAX_BYTES);
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

/* Masses of elements may follow the row that needs them, so formulas are weighed at the end. */
static void weigh_masters(sei_db *db)
{
    for (size_t i = 0; i < db->n_masters; i++) {
        sei_master *m = &db->masters[i];
        if (!sei_parse_double(m->mass_formula, strlen(m->mass_formula), &m->g_mol))
            m->g_mol = sei_db_formula_g_mol(db, m->mass_formula);
    }
}

static double weigh(const sei_db *db, const sei_composition *c)
{
    double g_mol = 0.0;

    for (size_t k = 0; k < c->n; k++)
        g_mol += c->terms[k].count * db->elements[c->terms[k].element].g_mol;
    return g_mol;
}

static sei_status finish(reader *r)
{
    sei_db *db = r->db;

    r->where.line = 0;
    db->h_plus    = sei_db_find_species(db, "H+");
    db->e_minus   = sei_db_find_species(db, "e-");
    db->water     = sei_db_find_species(db, "H2O");
    if (db->h_plus == SIZE_MAX || db->water == SIZE_MAX || db->e_minus == SIZE_MAX)
        return sei_fail(r->ctx, SEI_E_MISSING, &r->where,
                        "SOLUTION_SPECIES must define H+, e- and H2O");
    db->species[db->water].gamma   = SEI_GAMMA_ONE;
    db->species[db->e_minus].gamma = SEI_GAMMA_ONE;
    for (size_t i = 0; i < db->n_masters; i++) {
        const sei_species *s = &db->species[db->masters[i].species];
        if (!s->is_defined && db->masters[i].species != db->e_minus)
            sei_warn(r->ctx, &r->where, "master species %s of %s has no reaction in SOLUTION_SPECIES",
                     s->name, db->masters[i].name);
    }
    weigh_masters(db);
    for (size_t i = 0; i < db->n_species; i++)
        db->species[i].g_mol = weigh(db, &db->species[i].composition);
    for (size_t i = 0; i < db->n_phases; i++)
        db->phases[i].g_mol = weigh(db, &db->phases[i].composition);
    return SEI_OK;
}

static sei_status read_text(reader *r, const char *text, size_t len)
{
    sei_slice  rest = {text, len}, line;
    sei_buf    joined;
    sei_status st = SEI_OK;

    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        rest.at += 3;
        rest.len -= 3;
    }
    sei_buf_init(&joined, NULL, LINE_MAX_BYTES);
    while (st == SEI_OK && sei_next_line(&rest, &line)) {
        r->where.line++;
        if (memchr(line.at, '\0', line.len))
            st = sei_fail(r->ctx, SEI_E_ENCODING, &r->where, "a NUL byte: not a text file");
        else
            st = read_physical(r, &joined, line);
    }
    sei_buf_done(&joined);
    if (st == SEI_OK)
        st = close_item(r);
    return st == SEI_OK ? finish(r) : st;
}

sei_status sei_db_parse(sei_ctx *ctx, const char *name, const char *text, size_t len,
                        sei_db **ret_db)
{
    sei_db *db = sei_alloc(ctx, 1, sizeof *db);
    reader *r  = sei_alloc(ctx, 1, sizeof *r);
    sei_status st = SEI_E_NOMEM;

    if (!db || !r)
        goto done;
    sei_arena_init(&db->arena, ctx);
    db->name = sei_arena_strdup(&db->arena, name);
    if (!db->name)
        goto done;
    if (len > SEI_DB_BYTES_MAX) {
        st = sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "%s: database is larger than %d bytes", name,
                      SEI_DB_BYTES_MAX);
        goto done;
    }
    *r = (reader){.ctx = ctx, .db = db, .where = {db->name, 0, 0}, .species = SIZE_MAX, .phase = SIZE_MAX};
    sei_sha256_hex(text, len, db->sha256);
    st = read_text(r, text, len);
    if (st != SEI_OK)
        goto done;
    *ret_db = db;
    db      = NULL;
done:
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
