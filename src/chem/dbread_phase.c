/* dbread_phase.c - phases whose reactions name other phases, as those of isotopes do: "HD(g) + H2O(l) = H2(g) + HDO(aq)" */
#include <string.h>

#include "chem/dbread.h"

enum { STATE_LEN = 3, DEEP_MAX = 20 };

bool sei_dbread_ends_with(sei_slice name, const char *end)
{
    const size_t n = strlen(end);

    return name.len > n && sei_slice_is_nocase((sei_slice){name.at + name.len - n, n}, end);
}

static bool is_species(const sei_db_reader *r, sei_slice name)
{
    char text[SEI_DBREAD_NAME_MAX];

    return sei_species_canonical(name.at, name.len, text, sizeof text) &&
           sei_db_lookup(r->db, SEI_DB_SPECIES, text) != SIZE_MAX;
}

sei_slice sei_dbread_without_state(const sei_db_reader *r, sei_slice name)
{
    const size_t    n     = sei_dbread_ends_with(name, "(l)")    ? STATE_LEN
                            : sei_dbread_ends_with(name, "(aq)") ? 4
                                                                 : 0;
    const sei_slice plain = {name.at, name.len - n};

    return n && !is_species(r, name) && is_species(r, plain) ? plain : name;
}

sei_status sei_dbread_phase_part(sei_db_reader *r, const sei_eterm *term, sei_phase_parts **parts,
                                 bool *ret_is_phase)
{
    *ret_is_phase = false;
    if (!(sei_dbread_ends_with(term->name, "(g)") || sei_dbread_ends_with(term->name, "(s)")) ||
        is_species(r, term->name))
        return SEI_OK;
    if (!*parts)
        *parts = sei_arena_alloc(&r->db->arena, 1, sizeof **parts);
    if (!*parts)
        return SEI_E_NOMEM;
    sei_phase_parts *p = *parts;
    if (p->n == SEI_DB_PHASE_PARTS)
        return sei_dbread_fail(r, SEI_E_TOO_LARGE, "too many phases in one reaction", term->name);
    const char *name = sei_arena_strndup(&r->db->arena, term->name.at, term->name.len);
    if (!name)
        return SEI_E_NOMEM;
    p->part[p->n++] = (sei_phase_part){name, term->coef};
    *ret_is_phase   = true;
    return SEI_OK;
}

/* "CaCO2[18O](s)" may be a phase's whole name; of "Calcite(s)" it is Calcite. */
static size_t phase_named(const sei_db *db, const char *name)
{
    char         plain[SEI_DBREAD_NAME_MAX];
    const size_t whole = sei_db_find_phase(db, name), len = strlen(name) - STATE_LEN;

    if (whole != SIZE_MAX || len >= sizeof plain)
        return whole;
    memcpy(plain, name, len);
    plain[len] = '\0';
    return sei_db_find_phase(db, plain);
}

static sei_status add_reaction(const sei_db_reader *r, const sei_phase *p, double factor,
                               sei_reaction *sum, size_t depth);

static sei_status add_parts(const sei_db_reader *r, const sei_phase *p, double factor,
                            sei_reaction *sum, size_t depth)
{
    const sei_where where = {r->where.file, p->line, 0};
    sei_status      st    = SEI_OK;

    for (size_t i = 0; i < p->parts->n && st == SEI_OK; i++) {
        const sei_phase_part *part  = &p->parts->part[i];
        const size_t          phase = phase_named(r->db, part->name);
        if (phase == SIZE_MAX)
            return sei_fail(r->ctx, SEI_E_NOT_FOUND, &where,
                            "reaction of %s: there is no phase \"%s\"", p->name, part->name);
        if (depth == DEEP_MAX)
            return sei_fail(r->ctx, SEI_E_RANGE, &where,
                            "reaction of %s leads through more than %d phases, or back to itself",
                            p->name, (int)DEEP_MAX);
        st = add_reaction(r, &r->db->phases[phase], factor * part->coef, sum, depth + 1);
    }
    return st;
}

/* What dissolves of a phase, factor times. */
static sei_status add_reaction(const sei_db_reader *r, const sei_phase *p, double factor,
                               sei_reaction *sum, size_t depth)
{
    const sei_reaction *own = p->parts ? &p->parts->own : &p->dissolution;
    sei_status          st  = SEI_OK;

    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        sum->logk.c[t] += factor * own->logk.c[t];
    for (size_t i = 0; i < own->n_terms && st == SEI_OK; i++)
        st = sei_dbread_add_term(r, sum, own->terms[i].species, factor * own->terms[i].coef,
                                 p->name);
    return st == SEI_OK && p->parts ? add_parts(r, p, factor, sum, depth) : st;
}

/* Species that stand on both sides of the whole have nothing to do with it. */
static void leave_out_cancelled(sei_reaction *reaction)
{
    size_t n = 0;

    for (size_t i = 0; i < reaction->n_terms; i++)
        if (reaction->terms[i].coef != 0.0)
            reaction->terms[n++] = reaction->terms[i];
    reaction->n_terms = n;
}

sei_status sei_dbread_join_phases(sei_db_reader *r)
{
    sei_status st = SEI_OK;

    for (size_t k = 0; r->db->has_phase_parts && k < r->db->n_phases && st == SEI_OK; k++) {
        sei_phase   *p   = &r->db->phases[k];
        sei_reaction sum = {0};
        if (!p->parts)
            continue;
        st = add_reaction(r, p, 1.0, &sum, 0);
        if (st != SEI_OK)
            return st;
        leave_out_cancelled(&sum);
        p->dissolution = sum;
        if (p->parts->check)
            st = sei_dbread_check_balance(r, p->name, p->line, &p->composition, &sum);
    }
    return st;
}
