/* dbread_item.c - species, phases and named constants of a database */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chem/dbread.h"
#include "chem/formula.h"

/* Gas constant as PHREEQC uses it, so that the same file gives the same constants (kJ/mol/K). */
#define R_KJ    8.31470e-3
#define LN10    2.302585092994045684
#define T_REF_K 298.15

/* What may be left over of an element or of charge in a reaction. */
#define BALANCE_TOLERANCE 1e-3

/* --- growth and names --------------------------------------------------------------------------------- */

sei_status sei_dbread_grow(const sei_db_reader *r, void **items, size_t n, size_t *cap, size_t size)
{
    if (n >= SEI_DB_ITEMS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &r->where, "more than %d items of one kind",
                        SEI_DB_ITEMS_MAX);
    if (n < *cap)
        return SEI_OK;
    const size_t more  = *cap ? 2 * *cap : 64;
    void        *grown = sei_resize(r->ctx, *items, more, size);
    if (!grown)
        return SEI_E_NOMEM;
    *items = grown;
    *cap   = more;
    return SEI_OK;
}

sei_status sei_dbread_element(sei_db_reader *r, const char *symbol, size_t *ret_element)
{
    sei_db      *db    = r->db;
    const size_t found = sei_db_find_element(db, symbol);

    if (found != SIZE_MAX) {
        *ret_element = found;
        return SEI_OK;
    }
    sei_status st = sei_dbread_grow(r, (void **)&db->elements, db->n_elements, &db->cap_elements,
                                    sizeof *db->elements);
    if (st != SEI_OK)
        return st;
    char *name = sei_arena_strdup(&db->arena, symbol);
    if (!name)
        return SEI_E_NOMEM;
    db->elements[db->n_elements] = (sei_element){.name = name, .primary = SIZE_MAX};
    st                           = sei_db_enter(r->ctx, db, SEI_DB_ELEMENT, db->n_elements);
    if (st != SEI_OK)
        return st;
    *ret_element = db->n_elements++;
    return SEI_OK;
}

sei_status sei_dbread_composition(sei_db_reader *r, sei_slice formula, sei_composition *ret)
{
    sei_formula f;

    if (!sei_formula_parse(formula.at, formula.len, &f) || f.n > SEI_DB_FORMULA_TERMS)
        return sei_dbread_fail(r, SEI_E_PARSE, "not a chemical formula", formula);
    memset(ret, 0, sizeof *ret);
    ret->charge = f.charge;
    for (size_t i = 0; i < f.n; i++) {
        size_t element;
        if (strcmp(f.parts[i].symbol, "e") == 0)
            continue; /* the electron is charge only */
        const sei_status st = sei_dbread_element(r, f.parts[i].symbol, &element);
        if (st != SEI_OK)
            return st;
        ret->terms[ret->n++] = (sei_fterm){element, f.parts[i].count};
    }
    return SEI_OK;
}

static sei_gamma_kind default_gamma(const sei_species *s)
{
    return s->composition.charge != 0.0 ? SEI_GAMMA_DAVIES : SEI_GAMMA_NEUTRAL;
}

sei_status sei_dbread_species(sei_db_reader *r, sei_slice text, size_t *ret_species)
{
    sei_db *db = r->db;
    char    name[SEI_DBREAD_NAME_MAX];

    if (!sei_species_canonical(text.at, text.len, name, sizeof name))
        return sei_dbread_fail(r, SEI_E_TOO_LARGE, "name of a species is too long", text);
    const size_t found = sei_db_lookup(db, SEI_DB_SPECIES, name);
    if (found != SIZE_MAX) {
        *ret_species = found;
        return SEI_OK;
    }
    sei_status st = sei_dbread_grow(r, (void **)&db->species, db->n_species, &db->cap_species,
                                    sizeof *db->species);
    if (st != SEI_OK)
        return st;
    sei_species *s = &db->species[db->n_species];
    memset(s, 0, sizeof *s);
    st = sei_dbread_composition(r, text, &s->composition);
    if (st != SEI_OK)
        return st;
    s->gamma = default_gamma(s);
    s->dhb   = 0.1;
    s->name  = sei_arena_strdup(&db->arena, name);
    if (!s->name)
        return SEI_E_NOMEM;
    st = sei_db_enter(r->ctx, db, SEI_DB_SPECIES, db->n_species);
    if (st != SEI_OK)
        return st;
    *ret_species = db->n_species++;
    return SEI_OK;
}

/* --- the item that is being defined --------------------------------------------------------------------- */

static void open_item(sei_db_reader *r, sei_item_kind kind, size_t index)
{
    r->item = (sei_db_item){.kind = kind, .index = index, .line = r->where.line, .check = true};
}

static void item_logk(const sei_db_item *item, sei_logk *ret)
{
    memset(ret, 0, sizeof *ret);
    if (item->has_analytic) {
        memcpy(ret->c, item->analytic, sizeof ret->c);
    } else { /* van 't Hoff: log K = log K0 - dH / (R ln 10) (1/T - 1/T0) */
        const double b = item->delta_h / (R_KJ * LN10);
        ret->c[0]      = item->log_k + b / T_REF_K;
        ret->c[2]      = -b;
    }
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        ret->c[t] += item->added.c[t];
}

static void add_composition(double sum[], const sei_composition *c, double factor, double *charge)
{
    for (size_t i = 0; i < c->n; i++)
        sum[c->terms[i].element] += factor * c->terms[i].count;
    *charge += factor * c->charge;
}

sei_status sei_dbread_check_balance(const sei_db_reader *r, const char *name, size_t line,
                                    const sei_composition *whole, const sei_reaction *reaction)
{
    const sei_where where  = {r->where.file, line, 0};
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
        if (fabs(sum[e]) > BALANCE_TOLERANCE)
            st = sei_fail(r->ctx, SEI_E_UNBALANCED, &where,
                          "reaction of %s does not balance in %s: %g left over", name,
                          r->db->elements[e].name, sum[e]);
    if (st == SEI_OK && fabs(charge) > BALANCE_TOLERANCE)
        st = sei_fail(r->ctx, SEI_E_UNBALANCED, &where,
                      "reaction of %s does not balance in charge: %g left over", name, charge);
    sei_release(r->ctx, sum);
    return st;
}

static sei_status close_species(const sei_db_reader *r)
{
    sei_species *s = &r->db->species[r->item.index];

    item_logk(&r->item, &s->formation.logk);
    s->is_unbalanced = !r->item.check && s->n_balance == 0;
    if (s->is_identity || !r->item.check || s->n_balance)
        return SEI_OK;
    return sei_dbread_check_balance(r, s->name, r->item.line, &s->composition, &s->formation);
}

static sei_status close_phase(sei_db_reader *r)
{
    sei_phase *p = &r->db->phases[r->item.index];

    item_logk(&r->item, &p->dissolution.logk);
    if (r->phase_parts) { /* those may follow: it is put together at the end */
        r->phase_parts->check  = r->item.check;
        r->phase_parts->own    = p->dissolution;
        p->parts               = r->phase_parts;
        r->phase_parts         = NULL;
        r->db->has_phase_parts = true;
        return SEI_OK;
    }
    if (!r->item.check)
        return SEI_OK;
    return sei_dbread_check_balance(r, p->name, r->item.line, &p->composition, &p->dissolution);
}

sei_status sei_dbread_close_item(sei_db_reader *r)
{
    sei_status st = SEI_OK;

    switch (r->item.kind) {
    case SEI_ITEM_NONE: break;
    case SEI_ITEM_SPECIES: st = close_species(r); break;
    case SEI_ITEM_PHASE: st = close_phase(r); break;
    case SEI_ITEM_EXPRESSION: item_logk(&r->item, &r->db->named[r->item.index].logk); break;
    }
    r->item.kind = SEI_ITEM_NONE;
    return st;
}

/* --- reactions ------------------------------------------------------------------------------------------ */

static sei_status parse_equation(const sei_db_reader *r, sei_slice line, sei_equation *ret)
{
    sei_slice bad;

    if (sei_equation_parse(line, ret, &bad))
        return SEI_OK;
    return sei_dbread_fail(r, SEI_E_PARSE,
                           "not a reaction (blanks must stand around \"=\" and \"+\")", bad);
}

sei_status sei_dbread_add_term(const sei_db_reader *r, sei_reaction *reaction, size_t species,
                               double coef, const char *name)
{
    for (size_t i = 0; i < reaction->n_terms; i++) {
        if (reaction->terms[i].species == species) {
            reaction->terms[i].coef += coef;
            return SEI_OK;
        }
    }
    if (reaction->n_terms >= SEI_DB_REACTION_TERMS)
        return sei_dbread_fail(r, SEI_E_TOO_LARGE, "too many species in one reaction",
                               sei_slice_of(name));
    reaction->terms[reaction->n_terms++] = (sei_rterm){species, coef};
    return SEI_OK;
}

static sei_status add_term(sei_db_reader *r, sei_reaction *reaction, sei_slice name, double coef)
{
    size_t           species = 0;
    const sei_status st      = sei_dbread_species(r, name, &species);

    return st == SEI_OK
               ? sei_dbread_add_term(r, reaction, species, coef, r->db->species[species].name)
               : st;
}

/* A term of a phase's reaction: a species, or another phase. */
static sei_status add_phase_term(sei_db_reader *r, sei_reaction *reaction, const sei_eterm *term)
{
    const sei_eterm  signed_term = {term->name, (term->right ? 1.0 : -1.0) * term->coef, true};
    bool             is_phase    = false;
    const sei_status st = sei_dbread_phase_part(r, &signed_term, &r->phase_parts, &is_phase);

    return st != SEI_OK || is_phase
               ? st
               : add_term(r, reaction, sei_dbread_without_state(r, term->name), signed_term.coef);
}

/* The species defined is the first on the right; the others on the right go to the left. */
sei_status sei_dbread_define_species(sei_db_reader *r, sei_slice line)
{
    sei_equation eq;
    sei_reaction reaction = {0};
    size_t       first = 0, species = 0;

    sei_status st = sei_dbread_close_item(r);
    if (st == SEI_OK)
        st = parse_equation(r, line, &eq);
    if (st != SEI_OK)
        return st;
    while (!eq.terms[first].right)
        first++;
    const double whole = eq.terms[first].coef;
    if (!(whole > 0.0))
        return sei_dbread_fail(r, SEI_E_PARSE,
                               "the first species on the right must have a positive coefficient",
                               line);
    st = sei_dbread_species(r, eq.terms[first].name, &species);
    for (size_t i = 0; i < eq.n && st == SEI_OK; i++) {
        const double coef = (eq.terms[i].right ? -1.0 : 1.0) * eq.terms[i].coef / whole;
        if (i != first)
            st = add_term(r, &reaction, eq.terms[i].name, coef);
    }
    if (st != SEI_OK)
        return st;
    open_item(r, SEI_ITEM_SPECIES, species);
    sei_species *s = &r->db->species[species];
    s->is_defined  = true;
    s->line        = r->where.line;
    s->n_balance   = 0;
    s->gamma       = default_gamma(s); /* a former definition leaves nothing behind */
    s->dha = s->dhb  = 0.0;
    s->has_vm        = false;
    s->has_viscosity = false;
    s->has_erm       = false;
    s->is_water      = false;
    memset(s->dw, 0, sizeof s->dw);
    memset(s->viscosity, 0, sizeof s->viscosity);
    s->is_identity = reaction.n_terms == 1 && reaction.terms[0].species == species;
    s->formation   = reaction;
    if (s->is_identity)
        s->formation.n_terms = 0;
    return SEI_OK;
}

/* A new phase of the name that was read, or the one that the definition replaces. */
static sei_status phase_slot(sei_db_reader *r, size_t *ret_phase)
{
    sei_db      *db    = r->db;
    const size_t found = sei_db_find_phase(db, r->phase_name);
    char         key[SEI_DBREAD_NAME_MAX];

    if (found != SIZE_MAX) {
        *ret_phase = found;
        return SEI_OK;
    }
    sei_status st =
        sei_dbread_grow(r, (void **)&db->phases, db->n_phases, &db->cap_phases, sizeof *db->phases);
    if (st != SEI_OK)
        return st;
    sei_db_fold(r->phase_name, key, sizeof key);
    sei_phase *p = &db->phases[db->n_phases];
    memset(p, 0, sizeof *p);
    p->name = sei_arena_strdup(&db->arena, r->phase_name);
    p->key  = sei_arena_strdup(&db->arena, key);
    if (!p->name || !p->key)
        return SEI_E_NOMEM;
    st = sei_db_enter(r->ctx, db, SEI_DB_PHASE, db->n_phases);
    if (st != SEI_OK)
        return st;
    *ret_phase = db->n_phases++;
    return SEI_OK;
}

/* "CO2(g)", "SiO2(s)" and "H2O(l)" as a formula: the state is no part of it. */
static sei_slice without_state(sei_slice formula)
{
    if (sei_dbread_ends_with(formula, "(g)") || sei_dbread_ends_with(formula, "(s)") ||
        sei_dbread_ends_with(formula, "(l)"))
        formula.len -= strlen("(g)");
    return formula;
}

/* "CaCO3 = Ca+2 + CO3-2": the first term on the left is the phase's formula. */
sei_status sei_dbread_define_phase(sei_db_reader *r, sei_slice line)
{
    sei_equation eq    = {0};
    sei_phase    p     = {0};
    size_t       index = 0;

    sei_status st = sei_dbread_close_item(r);
    if (st == SEI_OK && r->phase_name[0] == '\0')
        st = sei_dbread_fail(r, SEI_E_PARSE, "a reaction without the name of its phase above it",
                             line);
    if (st == SEI_OK)
        st = parse_equation(r, line, &eq);
    if (st == SEI_OK && eq.terms[0].coef != 1.0)
        st = sei_dbread_fail(r, SEI_E_PARSE, "the formula of a phase must have the coefficient 1",
                             line);
    if (st == SEI_OK)
        st = sei_dbread_composition(r, without_state(eq.terms[0].name), &p.composition);
    r->phase_parts = NULL;
    for (size_t i = 1; st == SEI_OK && i < eq.n; i++)
        st = add_phase_term(r, &p.dissolution, &eq.terms[i]);
    if (st == SEI_OK)
        st = phase_slot(r, &index);
    if (st != SEI_OK)
        return st;
    open_item(r, SEI_ITEM_PHASE, index);
    p.name                  = r->db->phases[index].name;
    p.key                   = r->db->phases[index].key;
    const sei_slice formula = without_state(eq.terms[0].name);
    p.formula               = sei_arena_strndup(&r->db->arena, formula.at, formula.len);
    p.is_gas                = sei_dbread_ends_with(sei_slice_of(p.name), "(g)");
    p.line                  = r->where.line;
    if (!p.formula)
        return SEI_E_NOMEM;
    r->db->phases[index] = p;
    r->phase_name[0]     = '\0';
    return SEI_OK;
}

sei_status sei_dbread_define_expression(sei_db_reader *r, sei_slice line)
{
    sei_db   *db   = r->db;
    sei_slice word = {NULL, 0};
    size_t    slot = 0;

    sei_status st = sei_dbread_close_item(r);
    (void)sei_next_word(&line, &word);
    while (slot < db->n_named && !sei_slice_is_nocase(word, db->named[slot].name))
        slot++;
    if (st == SEI_OK && slot == SEI_DBREAD_EXPRESSIONS_MAX)
        st = sei_fail(r->ctx, SEI_E_TOO_LARGE, &r->where, "more than %d named expressions",
                      SEI_DBREAD_EXPRESSIONS_MAX);
    if (st == SEI_OK && slot == db->n_named) {
        st = sei_dbread_grow(r, (void **)&db->named, slot, &db->cap_named, sizeof *db->named);
        const char *name = st == SEI_OK ? sei_arena_strndup(&db->arena, word.at, word.len) : NULL;
        if (!name)
            return st == SEI_OK ? SEI_E_NOMEM : st;
        db->named[db->n_named++] = (sei_named_logk){.name = name};
    }
    if (st == SEI_OK)
        open_item(r, SEI_ITEM_EXPRESSION, slot);
    return st;
}
