/* net_compile.c - species of a database written in the components of a network */
#include "chem/net_compile.h"

#include <string.h>

enum { DEPTH_MAX = 40 };
enum { UNSEEN, BUSY, IN, OUT };

static const sei_expression *express(sei_compiler *c, size_t species, int depth);

static void add_scaled(sei_expression *to, const sei_expression *from, double f, size_t n)
{
    for (size_t j = 0; j < n; j++)
        to->nu[j] += f * from->nu[j];
    to->nu_e += f * from->nu_e;
    to->nu_w += f * from->nu_w;
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        to->logk.c[t] += f * from->logk.c[t];
}

/* Is species one of the basis? Then its expression is itself. */
static bool basis_expression(sei_compiler *c, size_t species)
{
    sei_expression *e = &c->expr[species];

    if (species == c->db->water)
        e->nu_w = 1.0;
    else if (species == c->db->e_minus && c->with_electron)
        e->nu_e = 1.0;
    else {
        size_t j = 0;
        while (j < c->n_comp && c->basis[j] != species)
            j++;
        if (j == c->n_comp)
            return false;
        e->nu[j] = 1.0;
    }
    return true;
}

static bool add_reaction(sei_compiler *c, const sei_reaction *reaction, double factor,
                         sei_expression *sum, int depth)
{
    for (size_t i = 0; i < reaction->n_terms; i++) {
        const sei_expression *e = express(c, reaction->terms[i].species, depth);
        if (!e)
            return false;
        add_scaled(sum, e, factor * reaction->terms[i].coef, c->n_comp);
    }
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        sum->logk.c[t] += reaction->logk.c[t];
    return true;
}

/* Cancelled coefficients must vanish, or they would become entries of 1e-16. */
static void clean(sei_expression *e, size_t n)
{
    for (size_t j = 0; j < n; j++)
        if (e->nu[j] < 1e-12 && e->nu[j] > -1e-12)
            e->nu[j] = 0.0;
    if (e->nu_e < 1e-12 && e->nu_e > -1e-12)
        e->nu_e = 0.0;
}

static const sei_expression *express(sei_compiler *c, size_t species, int depth)
{
    const sei_species *s = &c->db->species[species];

    if (c->state[species] == IN)
        return &c->expr[species];
    if (c->state[species] != UNSEEN || depth > DEPTH_MAX)
        return NULL;
    c->state[species] = BUSY;
    bool in           = basis_expression(c, species);
    if (!in && species != c->db->e_minus && !c->is_blocked[species] && s->is_defined &&
        !s->is_identity) {
        sei_expression sum = {0};
        in                 = add_reaction(c, &s->formation, 1.0, &sum, depth + 1);
        clean(&sum, c->n_comp);
        c->expr[species] = sum;
    }
    c->state[species] = in ? IN : OUT;
    return in ? &c->expr[species] : NULL;
}

const sei_expression *sei_compiler_express(sei_compiler *c, size_t species)
{
    return express(c, species, 0);
}

bool sei_compiler_add(sei_compiler *c, const sei_reaction *reaction, double factor,
                      sei_expression *sum)
{
    const bool in = add_reaction(c, reaction, factor, sum, 0);

    clean(sum, c->n_comp);
    return in;
}

/* --- the basis --------------------------------------------------------------------------------------- */

static bool share_a_part(const sei_compiler *c, size_t i, size_t j)
{
    for (size_t p = 0; p < c->n_parts[i]; p++)
        for (size_t q = 0; q < c->n_parts[j]; q++)
            if (c->db->masters[c->parts[i][p]].species == c->db->masters[c->parts[j][q]].species)
                return true;
    return false;
}

/* One component against those before it: the same substance must not be given twice. */
static sei_status check_overlap(const sei_compiler *c, const sei_net_spec *spec, size_t j)
{
    for (size_t k = 0; k < j; k++) {
        const sei_master *a = c->masters[k], *b = c->masters[j];
        const bool        overlap = a->element == b->element && (!a->is_valence || !b->is_valence);
        if (overlap || share_a_part(c, k, j))
            return sei_fail(
                c->ctx, SEI_E_DUPLICATE, NULL,
                "\"%s\" and \"%s\" are the same substance: give an element either whole or "
                "by its valences",
                spec->components[k], spec->components[j]);
    }
    return SEI_OK;
}

/* The row whose species stands for component j: of valences listed together that which the others are made from. */
static const sei_master *choose_part(const sei_compiler *c, size_t j)
{
    const sei_db     *db    = c->db;
    const sei_master *first = &db->masters[c->parts[j][0]];
    const size_t      own   = db->elements[first->element].primary;

    for (size_t p = 1; p < c->n_parts[j] && own != SIZE_MAX; p++)
        if (db->masters[c->parts[j][p]].species == db->masters[own].species)
            return &db->masters[c->parts[j][p]];
    return first;
}

static sei_status choose_basis(sei_compiler *c, const sei_net_spec *spec)
{
    const sei_db *db = c->db;

    if (spec->n_components + 1 > SEI_COMPONENTS_MAX)
        return sei_fail(c->ctx, SEI_E_TOO_LARGE, NULL, "more than %d components",
                        SEI_COMPONENTS_MAX - 1);
    for (size_t j = 0; j < spec->n_components; j++) {
        c->n_parts[j] = sei_db_component_parts(db, spec->components[j], c->parts[j]);
        if (c->n_parts[j] == 0)
            return sei_fail(c->ctx, SEI_E_NOT_FOUND, NULL, "database %s has no component \"%s\"",
                            db->name, spec->components[j]);
        const sei_master *row = choose_part(c, j);
        if (row->species == db->h_plus || row->species == db->water ||
            row->species == db->e_minus || strcmp(row->name, "Alkalinity") == 0)
            return sei_fail(c->ctx, SEI_E_ARG, NULL,
                            "\"%s\" cannot be a component: it follows from the others",
                            spec->components[j]);
        c->masters[j]       = row;
        c->basis[j]         = row->species;
        const sei_status st = check_overlap(c, spec, j);
        if (st != SEI_OK)
            return st;
    }
    c->n_comp                    = spec->n_components + 1;
    c->basis[spec->n_components] = db->h_plus;
    return SEI_OK;
}

/* A valence named as component keeps the other valences of its element out; without an electron no
 * valence comes in by itself. */
static void block_valences(sei_compiler *c, const sei_net_spec *spec)
{
    const sei_db *db = c->db;

    for (size_t m = 0; m < db->n_masters; m++) {
        const sei_master *row        = &db->masters[m];
        bool              by_valence = false, named = false;
        for (size_t j = 0; j < spec->n_components; j++) {
            for (size_t p = 0; p < c->n_parts[j]; p++)
                named = named || db->masters[c->parts[j][p]].species == row->species;
            by_valence =
                by_valence || (c->masters[j]->is_valence && c->masters[j]->element == row->element);
        }
        if (!named && by_valence)
            c->is_blocked[row->species] = 1;
    }
}

/* The element's own species, which is not in, from the one that stands for component j: its formation turned round. */
static bool turn_round(sei_compiler *c, size_t j, size_t own, sei_expression *ret)
{
    const sei_reaction *formation = &c->db->species[c->basis[j]].formation;
    double              factor    = 0.0;
    sei_expression      sum       = {0};

    for (size_t i = 0; i < formation->n_terms; i++) {
        const sei_rterm *t = &formation->terms[i];
        if (t->species == own) {
            factor += t->coef;
            continue;
        }
        const sei_expression *e = express(c, t->species, 1);
        if (!e)
            return false;
        add_scaled(&sum, e, -t->coef, c->n_comp);
    }
    if (factor == 0.0)
        return false;
    sum.nu[j] += 1.0;
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        sum.logk.c[t] -= formation->logk.c[t];
    memset(ret, 0, sizeof *ret);
    add_scaled(ret, &sum, 1.0 / factor, c->n_comp);
    return true;
}

/* Valences that are listed without that of the element's own species, from which the database makes them all. */
static sei_status express_parts(sei_compiler *c, const sei_net_spec *spec, size_t j)
{
    const sei_db  *db  = c->db;
    const size_t   row = db->elements[c->masters[j]->element].primary;
    const size_t   own = row == SIZE_MAX ? SIZE_MAX : db->masters[row].species;
    sei_expression source;
    bool           in = own != SIZE_MAX && turn_round(c, j, own, &source);

    if (in) {
        c->expr[own]  = source; /* for as long as the parts are written */
        c->state[own] = IN;
        for (size_t p = 0; p < c->n_parts[j]; p++)
            in = express(c, db->masters[c->parts[j][p]].species, 0) && in;
        memset(&c->expr[own], 0, sizeof c->expr[own]);
        c->state[own] = UNSEEN;
    }
    return in ? SEI_OK
              : sei_fail(c->ctx, SEI_E_UNSUPPORTED, NULL,
                         "\"%s\": these valences cannot be written by each other",
                         spec->components[j]);
}

static sei_status express_lists(sei_compiler *c, const sei_net_spec *spec)
{
    sei_status st = SEI_OK;

    for (size_t j = 0; j < spec->n_components && st == SEI_OK; j++) {
        const size_t own = c->db->elements[c->masters[j]->element].primary;
        if (c->n_parts[j] > 1 && (own == SIZE_MAX || c->db->masters[own].species != c->basis[j]))
            st = express_parts(c, spec, j);
    }
    return st;
}

sei_status sei_compiler_init(sei_ctx *ctx, const sei_db *db, const sei_net_spec *spec,
                             sei_compiler *ret_compiler)
{
    sei_compiler *c = ret_compiler;

    memset(c, 0, sizeof *c);
    c->ctx           = ctx;
    c->db            = db;
    c->with_electron = spec->with_electron;
    sei_status st    = choose_basis(c, spec);
    if (st != SEI_OK)
        return st;
    c->is_blocked = sei_alloc(ctx, db->n_species, sizeof *c->is_blocked);
    c->state      = sei_alloc(ctx, db->n_species, sizeof *c->state);
    c->expr       = sei_alloc(ctx, db->n_species, sizeof *c->expr);
    if (!c->is_blocked || !c->state || !c->expr) {
        sei_compiler_done(c);
        return SEI_E_NOMEM;
    }
    block_valences(c, spec);
    st = express_lists(c, spec);
    if (st != SEI_OK)
        sei_compiler_done(c);
    return st;
}

void sei_compiler_done(sei_compiler *c)
{
    sei_release(c->ctx, c->is_blocked);
    sei_release(c->ctx, c->state);
    sei_release(c->ctx, c->expr);
    c->is_blocked = NULL;
    c->state      = NULL;
    c->expr       = NULL;
}
