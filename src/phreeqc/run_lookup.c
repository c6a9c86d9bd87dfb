/*
 * run_lookup.c - what rate programs ask for by a constant name, looked up once
 *
 * A rate runs at every stage of every step; the network and the names in its program stay the same. What is not
 * looked up here (a name that is worked out, water, elements of water) goes the long way.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

typedef enum {
    LOOK_NEW,
    LOOK_LONG_WAY,
    LOOK_SPECIES,
    LOOK_PHASE,
    LOOK_TOTAL,
    LOOK_WATER,
    LOOK_REACTANT /* what has no name: of the reactant, time, temperature */
} look;

typedef struct {
    uint32_t species;
    double   count;
} share;

struct pq_lookup {
    look               kind;
    sei_basic_function function;
    size_t             at;       /* species or phase of the network */
    size_t             n;        /* of a total */
    bool               is_whole; /* total of an element with all its valences */
    share             *shares;
};

sei_status pq_create_lookups(pq_runner *r, pq_rate *rate)
{
    rate->lookups =
        sei_arena_alloc(&r->arena, sei_basic_n_uses(rate->program) + 1, sizeof *rate->lookups);
    return rate->lookups ? SEI_OK : SEI_E_NOMEM;
}

/* Species that count in an element or in one of its valences. */
static void find_total(pq_runner *r, const char *name, pq_lookup *l)
{
    const sei_net    *net = r->net;
    const sei_counts *c   = &net->counts;
    const size_t      m   = sei_db_find_master(r->db, name);

    l->kind = LOOK_LONG_WAY;
    if (m == SIZE_MAX || strcmp(name, "water") == 0 || strcmp(name, "Alkalinity") == 0)
        return;
    const sei_master *row     = &r->db->masters[m];
    const char       *element = r->db->elements[row->element].name;
    if (strcmp(element, "H") == 0 || strcmp(element, "O") == 0)
        return;
    l->shares = sei_arena_alloc(&r->arena, c->ptr[net->n_species] + 1, sizeof *l->shares);
    if (!l->shares)
        return;
    for (size_t i = 0; i < net->n_species; i++)
        for (uint32_t k = c->ptr[i]; k < c->ptr[i + 1]; k++)
            if (row->is_valence ? c->master[k] == m
                                : r->db->masters[c->master[k]].element == row->element)
                l->shares[l->n++] =
                    (share){(uint32_t)i, c->count[k] * sei_db_atoms(r->db, c->master[k])};
    l->kind     = LOOK_TOTAL;
    l->is_whole = !row->is_valence;
}

static void find(pq_runner *r, sei_basic_function function, const char *name, pq_lookup *l)
{
    const size_t s = sei_db_find_species(r->db, name), p = sei_net_phase_index(r->net, name);

    l->kind = LOOK_LONG_WAY;
    if (s != SIZE_MAX && s == r->db->water && function == SEI_BASIC_ACT) {
        l->kind = LOOK_WATER;
        return;
    }
    switch (function) {
    case SEI_BASIC_ACT:
    case SEI_BASIC_LA:
    case SEI_BASIC_LM:
    case SEI_BASIC_MOL:
        l->at = s == SIZE_MAX ? SIZE_MAX : sei_net_species_of_db(r->net, s);
        if (l->at != SIZE_MAX)
            l->kind = LOOK_SPECIES;
        return;
    case SEI_BASIC_SI:
    case SEI_BASIC_SR:
        l->at = p;
        if (l->at != SIZE_MAX)
            l->kind = LOOK_PHASE;
        return;
    case SEI_BASIC_TOT:
    case SEI_BASIC_TOTMOLE: find_total(r, name, l); return;
    default: return;
    }
}

static bool of_species(const pq_view *v, sei_basic_function function, size_t i, double *ret)
{
    const double m = v->eq->m[i];

    if (!(m > PQ_LEAST_MOLAL))
        return false;
    switch (function) {
    case SEI_BASIC_ACT: *ret = m * exp(v->eq->lng[i]); return true;
    case SEI_BASIC_LA: *ret = (log(m) + v->eq->lng[i]) / PQ_LN10; return true;
    case SEI_BASIC_LM: *ret = log10(m); return true;
    default: *ret = m; return true;
    }
}

static bool of_phase(const pq_runner *r, const pq_view *v, sei_basic_function function, size_t p,
                     double *ret)
{
    const sei_net_phase *phase = &r->net->phases[p];

    for (size_t j = 0; j + 1 < r->net->n_comp; j++)
        if (phase->nu[j] != 0.0 && !(v->eq->x[j] > -150.0))
            return false;
    const double ln = sei_equil_ln_sr(v->eq, p);
    *ret            = function == SEI_BASIC_SI ? ln / PQ_LN10 : exp(ln);
    return true;
}

static bool of_reactant(const pq_view *v, sei_basic_function function, const double numbers[],
                        double *ret)
{
    if (!v->kinetics)
        return false;
    const sei_pq_reactant *one = &v->kinetics->def->reactants[v->reactant];
    switch (function) {
    case SEI_BASIC_M: *ret = v->m[v->reactant]; return true;
    case SEI_BASIC_M0: *ret = one->m0; return true;
    case SEI_BASIC_TIME: *ret = v->rate_time_s; return true;
    case SEI_BASIC_TC: *ret = v->temp_c; return true;
    case SEI_BASIC_TK: *ret = v->temp_c + SEI_ZERO_CELSIUS; return true;
    case SEI_BASIC_MU: *ret = v->eq->mu; return true;
    case SEI_BASIC_PARM: {
        const double i = rint(numbers[0]);
        if (!(i >= 1.0 && i <= (double)one->n_parms))
            return false;
        *ret = one->parms[(size_t)i - 1];
        return true;
    }
    default: return false;
    }
}

/* Below this (mol/kgw) an element is not in the water at all: what stands for it in the network. */
static const double nothing_molal = 1e-100;

static bool of_total(const pq_view *v, sei_basic_function function, const pq_lookup *l, double *ret)
{
    double sum = 0.0;

    for (size_t k = 0; k < l->n; k++)
        sum += l->shares[k].count * v->eq->m[l->shares[k].species];
    if (sum <= nothing_molal && l->is_whole)
        sum = 0.0;
    *ret = function == SEI_BASIC_TOT ? sum : sum * v->water_kg;
    return sum > nothing_molal ||
           l->is_whole; /* of less of a valence the long way knows whether the element is there at all */
}

static bool is_of_reactant(sei_basic_function f)
{
    return f == SEI_BASIC_M || f == SEI_BASIC_M0 || f == SEI_BASIC_TIME || f == SEI_BASIC_TC ||
           f == SEI_BASIC_TK || f == SEI_BASIC_MU || f == SEI_BASIC_PARM;
}

/* The first call of each use says what it is. */
static void look_first(pq_runner *r, const sei_basic_call *call, pq_lookup *l)
{
    char name[200];

    l->kind     = LOOK_LONG_WAY;
    l->function = call->function;
    if (is_of_reactant(call->function))
        l->kind = LOOK_REACTANT;
    else if (call->n == 1 && call->args[0].text && call->args[0].name >= 0)
        find(r, call->function, sei_basic_copy_text(&call->args[0], name, sizeof name), l);
}

bool pq_look(void *user, size_t use, const double numbers[], double *ret)
{
    const pq_runner *r = user;
    const pq_view   *v = r->now;
    const pq_lookup *l = r->lookups ? &r->lookups[use] : NULL;

    if (!l || !v || !v->eq || v->eq->net != r->net || v->has_couples)
        return false;
    switch (l->kind) {
    case LOOK_SPECIES: return of_species(v, l->function, l->at, ret);
    case LOOK_PHASE: return of_phase(r, v, l->function, l->at, ret);
    case LOOK_WATER: *ret = exp(v->eq->ln_aw); return true;
    case LOOK_TOTAL: return of_total(v, l->function, l, ret);
    case LOOK_REACTANT: return of_reactant(v, l->function, numbers, ret);
    default: return false;
    }
}

bool pq_look_up(pq_runner *r, const sei_basic_call *call, double *ret)
{
    pq_lookup *l = r->lookups ? &r->lookups[call->use] : NULL;

    if (!l || l->kind == LOOK_LONG_WAY)
        return false;
    if (l->kind == LOOK_NEW)
        look_first(r, call, l);
    return pq_look(r, call->use, &call->args[0].number, ret);
}
