/* run_inverse_phase.c - what is balanced, and what a mole of a phase does to it */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "phreeqc/run_inverse.h"

/* Species of reactions that are written with others, which are written with others ... */
enum { DEPTH_MAX = 50 };

static const char alkalinity[] = "Alkalinity", electrons[] = "E";

/* ------------------------------------------------------------------ balances */

/* Is the species that of H+, H2O or e-, whose balances are not those of an element? */
static bool is_of_water(const sei_db *db, size_t species)
{
    return species == db->h_plus || species == db->water || species == db->e_minus;
}

static sei_status add_balance(pq_inverse *v, const pq_inverse_row *row)
{
    const size_t    n     = v->p->n_balances;
    pq_inverse_row *grown = sei_resize(v->r->ctx, v->rows, n + 1, sizeof *grown);

    if (!grown)
        return SEI_E_NOMEM;
    v->rows          = grown;
    v->rows[n]       = *row;
    v->p->n_balances = n + 1;
    return SEI_OK;
}

/* Its valences, or itself where it has none. */
static sei_status add_element(pq_inverse *v, size_t element)
{
    const sei_db *db  = v->r->db;
    bool          any = false;
    sei_status    st  = SEI_OK;

    for (int valences = 1; valences >= 0 && !any; valences--)
        for (size_t m = 0; m < db->n_masters && st == SEI_OK; m++) {
            const sei_master *x = &db->masters[m];
            if (x->element != element || x->is_valence != (valences == 1) ||
                strcmp(x->name, alkalinity) == 0)
                continue;
            any = true;
            if (!is_of_water(db, x->species))
                st = add_balance(v, &(pq_inverse_row){x->name, m, x->species, element,
                                                      sei_db_atoms(db, m), false});
        }
    return st;
}

static sei_status add_site(pq_inverse *v, size_t site)
{
    const char *name = v->r->sorb->sites[site].name;

    for (size_t b = 0; b < v->p->n_balances; b++)
        if (strcmp(v->rows[b].name, name) == 0)
            return SEI_OK;
    return add_balance(v, &(pq_inverse_row){name, SIZE_MAX, SIZE_MAX, SIZE_MAX, 1.0, true});
}

static void use_composition(const sei_composition *c, bool used[])
{
    for (size_t i = 0; i < c->n; i++)
        used[c->terms[i].element] = true;
}

/* Exchange species may stand among the phases, as in PHREEQC. */
static size_t exchange_species(const pq_inverse *v, const char *name)
{
    const sei_sorb *sorb = v->r->sorb;
    const size_t    k    = sei_sorb_find_species(sorb, name);

    return k != SIZE_MAX && !sorb->sites[sorb->species[k].site].is_surface &&
                   !sorb->species[k].is_identity
               ? k
               : SIZE_MAX;
}

static sei_status use_phase(pq_inverse *v, const sei_pq_inverse_phase *f, bool used[])
{
    const sei_db *db    = v->r->db;
    const size_t  phase = sei_db_find_phase(db, f->name);

    if (phase != SIZE_MAX) {
        use_composition(&db->phases[phase].composition, used);
        return SEI_OK;
    }
    const size_t k = exchange_species(v, f->name);
    if (k == SIZE_MAX)
        return sei_fail(v->r->ctx, SEI_E_NOT_FOUND, &f->where,
                        "INVERSE_MODELING: \"%s\" is neither a phase nor an exchange species of %s",
                        f->name, sei_db_name(db));
    const sei_sorb_species *s = &v->r->sorb->species[k];
    for (size_t i = 0; i < s->n_terms; i++) {
        const size_t at = sei_db_find_species(db, s->term[i]);
        if (at != SIZE_MAX)
            use_composition(&db->species[at].composition, used);
    }
    return add_site(v, s->site);
}

static sei_status use_balance(pq_inverse *v, const sei_pq_inverse_balance *b, bool used[])
{
    const size_t m = sei_db_find_master(v->r->db, b->name);

    if (strcmp(b->name, alkalinity) == 0)
        return SEI_OK;
    if (m == SIZE_MAX)
        return sei_fail(v->r->ctx, SEI_E_NOT_FOUND, &b->where,
                        "INVERSE_MODELING: \"%s\" is not in database %s", b->name,
                        sei_db_name(v->r->db));
    used[v->r->db->masters[m].element] = true;
    return SEI_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const pq_inverse_row *)a)->name, ((const pq_inverse_row *)b)->name);
}

sei_status pq_inverse_find_balances(pq_inverse *v)
{
    const sei_db *db   = v->r->db;
    bool         *used = sei_arena_alloc(v->arena, db->n_elements + 1, sizeof *used);
    sei_status    st   = used ? SEI_OK : SEI_E_NOMEM;

    for (size_t i = 0; i < v->def->n_phases && st == SEI_OK; i++)
        st = use_phase(v, &v->def->phases[i], used);
    for (size_t i = 0; i < v->def->n_balances && st == SEI_OK; i++)
        st = use_balance(v, &v->def->balances[i], used);
    for (size_t e = 0; e < db->n_elements && st == SEI_OK; e++)
        if (used[e] && strcmp(db->elements[e].name, electrons) != 0)
            st = add_element(v, e);
    const pq_inverse_row last[] = {
        {alkalinity, SIZE_MAX, SIZE_MAX, SIZE_MAX, 1.0, false},
        {electrons, SIZE_MAX, db->e_minus, SIZE_MAX, 1.0, false},
    };
    for (size_t i = 0; i < 2 && st == SEI_OK; i++)
        st = add_balance(v, &last[i]);
    if (st == SEI_OK)
        qsort(v->rows, v->p->n_balances, sizeof *v->rows, by_name);
    return st;
}

size_t pq_inverse_row_of(const pq_inverse *v, const char *name)
{
    for (size_t b = 0; b < v->p->n_balances; b++)
        if (strcmp(v->rows[b].name, name) == 0)
            return b;
    return SIZE_MAX;
}

/* ------------------------------------------------------------------ what is set free */

/* Alkalinity that a master species carries: that of its valence where it has one. */
static double alkalinity_of(const sei_db *db, size_t species)
{
    double alk = 0.0;

    for (size_t m = 0; m < db->n_masters; m++) {
        const sei_master *x = &db->masters[m];
        if (x->species != species || strcmp(x->name, alkalinity) == 0)
            continue;
        alk = x->alk;
        if (x->is_valence)
            break;
    }
    return alk;
}

typedef struct {
    pq_inverse        *v;
    sei_inverse_phase *to;
    bool               to_primary; /* species of valences are written with that of their element */
} freeing;

static size_t row_of_species(const freeing *f, size_t species)
{
    const sei_db *db = f->v->r->db;

    for (size_t b = 0; b < f->v->p->n_balances; b++) {
        const pq_inverse_row *row = &f->v->rows[b];
        if (row->species != species)
            continue;
        if (f->to_primary && row->element != SIZE_MAX &&
            db->masters[db->elements[row->element].primary].species != species)
            continue;
        return b;
    }
    return SIZE_MAX;
}

static sei_status set_free(freeing *f, size_t species, double mol, int depth)
{
    const sei_db      *db  = f->v->r->db;
    const sei_species *s   = &db->species[species];
    const size_t       row = row_of_species(f, species);
    sei_status         st  = SEI_OK;

    if (row != SIZE_MAX || is_of_water(db, species)) {
        if (row != SIZE_MAX)
            f->to->coef[row] += mol * f->v->rows[row].atoms;
        if (species == db->water && f->v->def->mineral_water)
            f->to->water_mol += mol;
        f->to->coef[f->v->p->alkalinity] += mol * alkalinity_of(db, species);
        return SEI_OK;
    }
    if (s->is_identity || !s->is_defined || depth == DEPTH_MAX)
        return sei_fail(f->v->r->ctx, SEI_E_UNSUPPORTED, &f->v->block->where,
                        "INVERSE_MODELING: %s holds %s, which has no balance", f->to->name,
                        s->name);
    for (size_t i = 0; i < s->formation.n_terms && st == SEI_OK; i++)
        st =
            set_free(f, s->formation.terms[i].species, mol * s->formation.terms[i].coef, depth + 1);
    return st;
}

/* What cancels but for rounding. */
static void clean(const pq_inverse *v, sei_inverse_phase *to)
{
    for (size_t b = 0; b < v->p->n_balances; b++)
        if (fabs(to->coef[b]) < 1e-12)
            to->coef[b] = 0.0;
}

static sei_status free_phase(pq_inverse *v, size_t phase, sei_inverse_phase *to)
{
    const sei_reaction *d  = &v->r->db->phases[phase].dissolution;
    freeing             f  = {v, to, false};
    sei_status          st = SEI_OK;

    for (size_t i = 0; i < d->n_terms && st == SEI_OK; i++)
        st = set_free(&f, d->terms[i].species, d->terms[i].coef, 0);
    return st;
}

static sei_status free_exchange(pq_inverse *v, size_t k, sei_inverse_phase *to)
{
    const sei_sorb_species *s  = &v->r->sorb->species[k];
    freeing                 f  = {v, to, false};
    sei_status              st = SEI_OK;

    for (size_t i = 0; i < s->n_terms && st == SEI_OK; i++) {
        const size_t species = sei_db_find_species(v->r->db, s->term[i]);
        if (species == SIZE_MAX)
            return sei_fail(v->r->ctx, SEI_E_NOT_FOUND, &v->block->where,
                            "INVERSE_MODELING: species %s of %s is not in database %s", s->term[i],
                            s->name, sei_db_name(v->r->db));
        st = set_free(&f, species, s->coef[i], 0);
    }
    to->coef[pq_inverse_row_of(v, v->r->sorb->sites[s->site].name)] += s->site_coef;
    return st;
}

static bool allocate(pq_inverse *v, const char *name, const char *formula, sei_inverse_phase *to)
{
    const size_t n = v->p->n_isotopes + 1;

    to->name    = pq_inverse_name(v, name);
    to->formula = pq_inverse_name(v, formula);
    to->coef    = sei_arena_alloc(v->arena, v->p->n_balances, sizeof *to->coef);
    to->atoms   = sei_arena_alloc(v->arena, n, sizeof *to->atoms);
    to->ratio   = sei_arena_alloc(v->arena, n, sizeof *to->ratio);
    to->limit   = sei_arena_alloc(v->arena, n, sizeof *to->limit);
    to->si      = sei_arena_alloc(v->arena, v->p->n_waters, sizeof *to->si);
    if (!to->name || !to->formula || !to->coef || !to->atoms || !to->ratio || !to->limit || !to->si)
        return false;
    for (size_t i = 0; i < n; i++)
        to->ratio[i] = (double)NAN;
    for (size_t w = 0; w < v->p->n_waters; w++)
        to->si[w] = (double)NAN;
    return true;
}

sei_status pq_inverse_add_phases(pq_inverse *v)
{
    sei_status st = SEI_OK;

    v->p->n_phases = v->def->n_phases;
    v->p->phases   = sei_arena_alloc(v->arena, v->p->n_phases + 1, sizeof *v->p->phases);
    if (!v->p->phases)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < v->def->n_phases && st == SEI_OK; i++) {
        const sei_pq_inverse_phase *def   = &v->def->phases[i];
        const size_t                phase = sei_db_find_phase(v->r->db, def->name);
        sei_inverse_phase          *to    = &v->p->phases[i];
        to->way                           = def->dissolve_only      ? SEI_INVERSE_DISSOLVES
                                            : def->precipitate_only ? SEI_INVERSE_PRECIPITATES
                                                                    : SEI_INVERSE_EITHER;
        to->is_forced                     = def->is_forced;
        const size_t k = phase == SIZE_MAX ? exchange_species(v, def->name) : SIZE_MAX;
        const bool   ok =
            phase != SIZE_MAX
                  ? allocate(v, v->r->db->phases[phase].name, v->r->db->phases[phase].formula, to)
                  : allocate(v, v->r->sorb->species[k].name, v->r->sorb->species[k].name, to);
        if (!ok)
            return SEI_E_NOMEM;
        st = phase != SIZE_MAX ? free_phase(v, phase, to) : free_exchange(v, k, to);
        clean(v, to);
    }
    return st;
}

/* A mole of the element leaves a valence for that of its primary master species, and electrons are left over. */
static sei_status free_valence(pq_inverse *v, size_t b, sei_inverse_phase *to)
{
    const sei_db         *db  = v->r->db;
    const pq_inverse_row *row = &v->rows[b];
    const sei_reaction   *d   = &db->species[row->species].formation;
    freeing               f   = {v, to, true};
    sei_status            st  = SEI_OK;

    if (!allocate(v, row->name, row->name, to))
        return SEI_E_NOMEM;
    for (size_t i = 0; i < d->n_terms && st == SEI_OK; i++)
        st = set_free(&f, d->terms[i].species, d->terms[i].coef / row->atoms, 0);
    to->coef[b] -= 1.0;
    to->coef[v->p->alkalinity] -= alkalinity_of(db, row->species) / row->atoms;
    clean(v, to);
    return st;
}

sei_status pq_inverse_add_redox(pq_inverse *v)
{
    const sei_db *db = v->r->db;
    sei_status    st = SEI_OK;

    v->p->redox = sei_arena_alloc(v->arena, v->p->n_balances, sizeof *v->p->redox);
    if (!v->p->redox)
        return SEI_E_NOMEM;
    for (size_t b = 0; b < v->p->n_balances && st == SEI_OK; b++) {
        const pq_inverse_row *row = &v->rows[b];
        if (row->master == SIZE_MAX || !db->masters[row->master].is_valence ||
            db->masters[db->elements[row->element].primary].species == row->species)
            continue;
        st = free_valence(v, b, &v->p->redox[v->p->n_redox++]);
    }
    return st;
}
