/*
 * dbread_interaction.c - PITZER and SIT: parameters of specific interactions
 *
 * An option names a kind of parameter; the lines below it hold two or three species and up to six numbers, the
 * coefficients of the temperature. The order of the species does not matter; of two lines for the same species the later
 * one is in force.
 */
#include <stdlib.h>
#include <string.h>

#include "chem/dbread.h"
#include "chem/formula.h"

enum { SIT_TERMS = 5 }; /* PHREEQC takes no 1/T^2 there */

typedef enum { ON_PARAMETERS, ON_MACINNES, ON_ETHETA, ON_PASSED } effect;

typedef struct {
    const char          *name;
    effect               effect;
    sei_activity_model   model;
    sei_interaction_kind kind;
} option_row;

#define OF_PITZER(name, kind)                                         \
    {                                                                 \
        name, ON_PARAMETERS, SEI_MODEL_PITZER, SEI_INTERACTION_##kind \
    }
#define OF_SIT(name, kind)                                         \
    {                                                              \
        name, ON_PARAMETERS, SEI_MODEL_SIT, SEI_INTERACTION_##kind \
    }
#define SWITCH(name, effect)                                 \
    {                                                        \
        name, effect, SEI_MODEL_PITZER, SEI_INTERACTION_NONE \
    }

static const option_row options[] = {
    OF_PITZER("b0", B0),
    OF_PITZER("b1", B1),
    OF_PITZER("b2", B2),
    OF_PITZER("c0", C0),
    OF_PITZER("theta", THETA),
    OF_PITZER("lambda", LAMBDA),
    OF_PITZER("lamda", LAMBDA),
    OF_PITZER("zeta", ZETA),
    OF_PITZER("psi", PSI),
    OF_PITZER("eta", ETA),
    OF_PITZER("mu", MU),
    OF_PITZER("alphas", ALPHAS),
    OF_PITZER("aphi", APHI),
    SWITCH("macinnes", ON_MACINNES),
    SWITCH("mac_innes", ON_MACINNES),
    SWITCH("use_etheta", ON_ETHETA),
    SWITCH("etheta", ON_ETHETA),
    SWITCH("redox", ON_PASSED), /* what is redox the components say, as with any other database */
    SWITCH("pe", ON_PASSED),
    OF_SIT("epsilon", EPSILON),
    OF_SIT("epsilon1", EPSILON1),
};

sei_status sei_dbread_begin_model(sei_db_reader *r, sei_activity_model model)
{
    sei_db *db = r->db;

    if (db->model != SEI_MODEL_IONIC_STRENGTH && db->model != model)
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &r->where,
                        "PITZER and SIT in one database: activities can follow one of them only");
    db->model      = model;
    r->interaction = SEI_INTERACTION_NONE;
    return SEI_OK;
}

/* "true" in any of PHREEQC's forms; nothing at all is true. */
static bool is_true(sei_slice rest)
{
    sei_slice word;

    return !sei_next_word(&rest, &word) || word.at[0] == 't' || word.at[0] == 'T';
}

static sei_status take_option(sei_db_reader *r, sei_slice word, sei_slice rest)
{
    const sei_slice name = {word.at + 1, word.len - 1};

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const option_row *o = &options[i];
        if (o->model != r->db->model || !sei_slice_is_nocase(name, o->name))
            continue;
        if (o->effect == ON_PARAMETERS)
            r->interaction = o->kind;
        else if (o->effect == ON_MACINNES)
            r->db->has_no_macinnes = !is_true(rest);
        else if (o->effect == ON_ETHETA)
            r->db->has_no_etheta = !is_true(rest);
        return SEI_OK;
    }
    return sei_dbread_fail(r, SEI_E_KEY,
                           r->db->model == SEI_MODEL_PITZER
                               ? "unknown option of PITZER (known: -B0, -B1, -B2, -C0, -theta, "
                                 "-lambda, -zeta, -psi, -eta, -mu, -alphas, -APHI, -MacInnes, "
                                 "-use_etheta, -redox)"
                               : "unknown option of SIT (known: -epsilon, -epsilon1)",
                           word);
}

/* Canonical, into the names of the parameter in their order. */
static sei_status take_species(sei_db_reader *r, sei_slice word, size_t n, sei_interaction *p)
{
    char   name[SEI_DBREAD_NAME_MAX];
    size_t at = n;

    if (!sei_species_canonical(word.at, word.len, name, sizeof name))
        return sei_dbread_fail(r, SEI_E_TOO_LARGE, "name of a species is too long", word);
    const char *kept = sei_arena_strdup(&r->db->arena, name);
    if (!kept)
        return SEI_E_NOMEM;
    for (; at > 0 && strcmp(p->species[at - 1], kept) > 0; at--)
        p->species[at] = p->species[at - 1];
    p->species[at] = kept;
    return SEI_OK;
}

static double charge_of(const char *species)
{
    double charge;

    (void)sei_charge_split(species, strlen(species), &charge);
    return charge;
}

/* Coefficients of a salt are divided by its charges. */
static sei_status check(const sei_db_reader *r, const sei_interaction *p, sei_slice line)
{
    const double product = charge_of(p->species[0]) * charge_of(p->species[1]);
    const bool   of_salt = p->kind == SEI_INTERACTION_C0 || p->kind == SEI_INTERACTION_ALPHAS;

    if (of_salt && !(product < 0.0))
        return sei_dbread_fail(r, SEI_E_RANGE, "a cation and an anion are needed", line);
    if (p->kind == SEI_INTERACTION_THETA && !(product > 0.0))
        return sei_dbread_fail(r, SEI_E_RANGE, "two ions of the same sign are needed", line);
    if (p->kind == SEI_INTERACTION_ALPHAS && !(p->c[0] >= 0.0 && p->c[1] >= 0.0))
        return sei_dbread_fail(r, SEI_E_RANGE, "-alphas must not be below 0", line);
    return SEI_OK;
}

static sei_status take_parameter(sei_db_reader *r, sei_slice line)
{
    const size_t    n    = r->interaction >= SEI_INTERACTION_ZETA ? 3 : 2;
    sei_slice       rest = line, word;
    sei_interaction p    = {.kind = r->interaction, .order = r->db->n_interactions};
    sei_status      st   = SEI_OK;

    for (size_t k = 0; k < n && st == SEI_OK; k++)
        st = sei_next_word(&rest, &word) ? take_species(r, word, k, &p)
                                         : sei_fail(r->ctx, SEI_E_MISSING, &r->where,
                                                    "%zu species and a number are needed: \"%.*s\"",
                                                    n, (int)line.len, line.at);
    if (st == SEI_OK)
        st = sei_dbread_numbers(r, rest, 1,
                                r->db->model == SEI_MODEL_SIT ? SIT_TERMS : SEI_INTERACTION_TERMS,
                                p.c, NULL);
    if (st == SEI_OK)
        st = check(r, &p, line);
    if (st != SEI_OK)
        return st;
    if (r->db->n_interactions >= SEI_INTERACTIONS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &r->where, "more than %d parameters of activities",
                        (int)SEI_INTERACTIONS_MAX);
    st = sei_dbread_grow(r, (void **)&r->db->interactions, r->db->n_interactions,
                         &r->db->cap_interactions, sizeof *r->db->interactions);
    if (st == SEI_OK)
        r->db->interactions[r->db->n_interactions++] = p;
    return st;
}

sei_status sei_dbread_interaction(sei_db_reader *r, sei_slice line)
{
    sei_slice rest = line, word;

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    if (word.at[0] == '-')
        return take_option(r, word, rest);
    if (r->interaction == SEI_INTERACTION_NONE)
        return sei_dbread_fail(r, SEI_E_PARSE, "a parameter without an option above it", line);
    if (r->interaction == SEI_INTERACTION_APHI) {
        r->db->has_a_phi = true;
        return sei_dbread_numbers(r, line, 1, SEI_INTERACTION_TERMS, r->db->a_phi, NULL);
    }
    return take_parameter(r, line);
}

/* --- order ------------------------------------------------------------------------------------------- */

static int by_species(const sei_interaction *p, const sei_interaction *q)
{
    if (p->kind != q->kind)
        return p->kind < q->kind ? -1 : 1;
    for (size_t k = 0; k < SEI_INTERACTION_SPECIES && p->species[k]; k++) {
        const int order = strcmp(p->species[k], q->species[k]);
        if (order != 0)
            return order;
    }
    return 0;
}

static int by_order(const void *a, const void *b)
{
    const sei_interaction *p = a, *q = b;
    const int              order = by_species(p, q);

    if (order != 0)
        return order;
    return p->order < q->order ? -1 : p->order > q->order;
}

void sei_dbread_sort_interactions(sei_db *db)
{
    sei_interaction *all = db->interactions;
    size_t           n   = 0;

    if (db->n_interactions == 0)
        return;
    qsort(all, db->n_interactions, sizeof *all, by_order);
    for (size_t i = 0; i < db->n_interactions; i++)
        if (i + 1 == db->n_interactions || by_species(&all[i], &all[i + 1]) != 0)
            all[n++] = all[i];
    for (size_t i = 0; i < n; i++)
        all[i].order = i; /* those of a later text stand behind them */
    db->n_interactions = n;
}
