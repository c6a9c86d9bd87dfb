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

/* One component against those before it: the same substance must not be given twice. */
static sei_status check_overlap(const sei_compiler *c, const sei_net_spec *spec, size_t j)
{
    for (size_t k = 0; k < j; k++) {
        const sei_master *a = c->masters[k], *b = c->masters[j];
        const bool        overlap = a->element == b->element && (!a->is_valence || !b->is_valence);
        if (overlap || c->basis[k] == c->basis[j])
            return sei_fail(
                c->ctx, SEI_E_DUPLICATE, NULL,
                "\"%s\" and \"%s\" are the same substance: give an element either whole or "
                "by its valences",
                spec->components[k], spec->components[j]);
    }
    return SEI_OK;
}

static sei_status choose_basis(sei_compiler *c, const sei_net_spec *spec)
{
    const sei_db *db = c->db;

    if (spec->n_components + 1 > SEI_COMPONENTS_MAX)
        return sei_fail(c->ctx, SEI_E_TOO_LARGE, NULL, "more than %d components",
                        SEI_COMPONENTS_MAX - 1);
    for (size_t j = 0; j < spec->n_components; j++) {
        const size_t m = sei_db_find_master(db, spec->components[j]);
        if (m == SIZE_MAX)
            return sei_fail(c->ctx, SEI_E_NOT_FOUND, NULL, "database %s has no component \"%s\"",
                            db->name, spec->components[j]);
        const sei_master *row = &db->masters[m];
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
            named = named || c->masters[j]->species == row->species;
            by_valence =
                by_valence || (c->masters[j]->is_valence && c->masters[j]->element == row->element);
        }
        if (!named && by_valence)
            c->is_blocked[row->species] = 1;
    }
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
    return SEI_OK;
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
