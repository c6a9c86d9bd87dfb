/* chem_random.h - random waters with a seed, and a check of their solutions by first principles */
#ifndef SEI_TESTS_CHEM_RANDOM_H
#define SEI_TESTS_CHEM_RANDOM_H

#include "chem/equil.h"
#include "t.h"

typedef struct {
    uint64_t state;
} rnd;

static inline uint64_t rnd_next(rnd *r) /* xorshift64* (Vigna 2016) */
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * UINT64_C(2685821657736338717);
}

static inline double rnd_unit(rnd *r)
{
    return (double)(rnd_next(r) >> 11) * 0x1p-53;
}

static inline double rnd_range(rnd *r, double low, double high)
{
    return low + (high - low) * rnd_unit(r);
}

/* Alternatives for one element: one is taken, or none. */
enum { RND_ALTERNATIVES = 3, RND_PARTS = 3, RND_COMPONENTS = 40 };
typedef struct {
    const char *way[RND_ALTERNATIVES][RND_PARTS];
} rnd_element;

static const rnd_element rnd_elements[] = {
    {{{"Fe"}, {"Fe(2)", "Fe(3)"}, {"Fe(2)"}}},
    {{{"S(6)"}, {"S"}, {"S(6)", "S(-2)"}}},
    {{{"C(4)"}, {"C(4)"}, {"C"}}},
    {{{"Zn"}}},
    {{{"Cd"}}},
    {{{"Cu"}}},
    {{{"Pb"}}},
    {{{"Al"}}},
    {{{"Ca"}}},
    {{{"Mg"}}},
    {{{"Mn"}, {"Mn(2)"}}},
    {{{"Na"}}},
    {{{"K"}}},
    {{{"Cl"}}},
    {{{"Si"}}},
    {{{"F"}}},
    {{{"P"}}},
    {{{"As"}, {"As(3)", "As(5)"}}},
    {{{"N"}, {"N(5)", "N(-3)"}}},
    {{{"Ni"}}},
    {{{"Ba"}}},
    {{{"Sr"}}},
    {{{"Li"}}},
    {{{"B"}}},
    {{{"Ag"}}},
    {{{"Se"}}},
    {{{"U"}}},
    {{{"Acetate"}}},
};

/* Names of the components of one random network; only those that the database has. */
static inline size_t rnd_components(rnd *r, const sei_db *db, const char *names[RND_COMPONENTS])
{
    const double share = rnd_range(r, 0.2, 0.95);
    size_t       n     = 0;

    for (size_t e = 0; e < T_COUNT(rnd_elements); e++) {
        if (rnd_unit(r) > share)
            continue;
        size_t way = (size_t)(rnd_unit(r) * RND_ALTERNATIVES);
        while (!rnd_elements[e].way[way][0])
            way--;
        for (size_t k = 0; k < RND_PARTS && rnd_elements[e].way[way][k]; k++)
            if (sei_db_has_component(db, rnd_elements[e].way[way][k]))
                names[n++] = rnd_elements[e].way[way][k];
    }
    if (n == 0)
        names[n++] = "Na";
    return n;
}

static inline sei_water rnd_water(rnd *r, size_t n_comp, double total[])
{
    for (size_t j = 0; j + 1 < n_comp; j++)
        total[j] = exp(rnd_range(r, log(1e-9), log(0.5)));
    total[n_comp - 1] = 0.0;
    return (sei_water){.temp_k        = 273.15 + rnd_range(r, 0.0, 40.0),
                       .fix_ph        = true,
                       .ph            = rnd_range(r, 1.0, 12.0),
                       .pe            = rnd_range(r, -4.0, 14.0),
                       .total         = total,
                       .balance       = SIZE_MAX,
                       .alk_component = SIZE_MAX};
}

/* --- the check: nothing but the database's own rows and the molalities --------------------------------- */

static inline double rnd_log_gamma(const sei_species *s, double mu, sei_debye_hueckel dh)
{
    const double z2 = s->composition.charge * s->composition.charge, root = sqrt(mu);

    switch (s->gamma) {
    case SEI_GAMMA_WATEQ: return -dh.a * z2 * root / (1.0 + dh.b * s->dha * root) + s->dhb * mu;
    case SEI_GAMMA_DAVIES: return -dh.a * z2 * (root / (1.0 + root) - 0.3 * mu);
    case SEI_GAMMA_NEUTRAL: return 0.1 * mu;
    default: return 0.0;
    }
}

/* log10 activity of a species of the database; NAN when the network lacks it. */
static inline double rnd_log_a(const sei_equil *eq, size_t species)
{
    const sei_db *db = eq->net->db;

    if (species == db->water)
        return eq->ln_aw / log(10.0);
    if (species == db->e_minus)
        return eq->ln_ae / log(10.0);
    for (size_t i = 0; i < eq->net->n_species; i++)
        if (eq->net->db_index[i] == species)
            return log10(eq->m[i]) +
                   rnd_log_gamma(&db->species[species], eq->mu, sei_debye_hueckel_at(eq->temp_k));
    return nan("");
}

static inline bool rnd_is_component(const sei_equil *eq, size_t i)
{
    for (size_t j = 0; j < eq->net->n_comp; j++)
        if (eq->net->comp_species[j] == i)
            return true;
    return false;
}

/* Largest misfit of mass action among species above 1e-200 mol/kgw, in log10 units. Master species of
 * components are free: valences given apart are not tied by their redox reaction. */
static inline double rnd_mass_action(const sei_equil *eq)
{
    const sei_db *db    = eq->net->db;
    double        worst = 0.0;

    for (size_t i = 0; i < eq->net->n_species; i++) {
        const sei_species *s   = &db->species[eq->net->db_index[i]];
        double             sum = sei_logk_at(&s->formation.logk, eq->temp_k);
        if (s->is_identity || rnd_is_component(eq, i) || eq->m[i] < 1e-200)
            continue;
        for (size_t t = 0; t < s->formation.n_terms; t++)
            sum += s->formation.terms[t].coef * rnd_log_a(eq, s->formation.terms[t].species);
        const double off = fabs(sum - rnd_log_a(eq, eq->net->db_index[i]));
        if (off > worst) /* a reaction through species that this water keeps apart gives NAN */
            worst = off;
    }
    return worst;
}

/* Largest relative misfit of the elements' totals by composition, O and H left out. */
static inline double rnd_mass_balance(const sei_equil *eq, const double total[])
{
    const sei_db *db    = eq->net->db;
    double        worst = 0.0;

    for (size_t e = 0; e < db->n_elements; e++) {
        double given = 0.0, found = 0.0;
        for (size_t j = 0; j + 1 < eq->net->n_comp; j++)
            if (db->masters[sei_db_find_master(db, eq->net->comp_name[j])].element == e)
                given += total[j];
        for (size_t i = 0; i < eq->net->n_species && given > 0.0; i++) {
            const sei_composition *c = &db->species[eq->net->db_index[i]].composition;
            for (size_t k = 0; k < c->n; k++)
                if (c->terms[k].element == e)
                    found += c->terms[k].count * eq->m[i];
        }
        if (given > 0.0)
            worst = fmax(worst, fabs(found - given) / given);
    }
    return worst;
}

static inline double rnd_ionic_strength(const sei_equil *eq)
{
    double mu = 0.0;

    for (size_t i = 0; i < eq->net->n_species; i++) {
        const double z = eq->net->db->species[eq->net->db_index[i]].composition.charge;
        mu += 0.5 * z * z * eq->m[i];
    }
    return fabs(mu - eq->mu) / mu;
}

#endif
