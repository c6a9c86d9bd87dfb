/* run_modify.c - SOLUTION_MODIFY, EQUILIBRIUM_PHASES_MODIFY, KINETICS_MODIFY: what is in store, changed */
#include <math.h>
#include <string.h>

#include "phreeqc/run_impl.h"

static void *copy_of(pq_runner *r, const void *from, size_t n, size_t size)
{
    void *copy = sei_arena_alloc(&r->arena, n ? n : 1, size);

    if (copy && n)
        memcpy(copy, from, n * size);
    return copy;
}

/* ------------------------------------------------------------------ phases */

static sei_status find_mineral(pq_runner *r, const sei_pq_assignment *a, pq_equilibrium *e,
                               pq_mineral **ret_mineral, sei_pq_mineral **ret_def)
{
    size_t i = 0;

    while (i < e->n && !sei_equal_nocase(e->minerals[i].def->name, a->component))
        i++;
    if (i == SEI_REACT_PHASES_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &a->where,
                        "EQUILIBRIUM_PHASES_MODIFY: more than %d phases",
                        (int)SEI_REACT_PHASES_MAX);
    const sei_pq_mineral new = {.where = a->where, .name = a->component};
    *ret_def                 = copy_of(r, i < e->n ? e->minerals[i].def : &new, 1, sizeof new);
    if (!*ret_def)
        return SEI_E_NOMEM;
    if (i == e->n)
        e->minerals[e->n++] = (pq_mineral){.phase = pq_network_phase(r, a->component)};
    e->minerals[i].def = *ret_def;
    *ret_mineral       = &e->minerals[i];
    return SEI_OK;
}

static sei_status change_mineral(pq_runner *r, const sei_pq_assignment *a, pq_equilibrium *e)
{
    pq_mineral      *m   = NULL;
    sei_pq_mineral  *def = NULL;
    const sei_status st  = find_mineral(r, a, e, &m, &def);

    if (st != SEI_OK)
        return st;
    switch (a->change) {
    case SEI_PQ_SET_MOL: m->mol = m->start_mol = def->mol = a->value; break;
    case SEI_PQ_SET_SI: def->si = a->value; break;
    case SEI_PQ_SET_FORMULA: def->formula = a->name; break;
    case SEI_PQ_SET_FORCE_EQUALITY: def->force_equality = a->value != 0.0; break;
    case SEI_PQ_SET_DISSOLVE_ONLY: def->dissolve_only = a->value != 0.0; break;
    case SEI_PQ_SET_PRECIPITATE_ONLY: def->precipitate_only = a->value != 0.0; break;
    default: break;
    }
    if (m->mol < 0.0)
        return sei_fail(r->ctx, SEI_E_RANGE, &a->where,
                        "EQUILIBRIUM_PHASES_MODIFY: %s: the amount %g mol is negative",
                        a->component, m->mol);
    return SEI_OK;
}

/* ------------------------------------------------------------------ kinetics */

static sei_status own_kinetics(pq_runner *r, pq_kinetics *k, sei_pq_kinetics **ret_def)
{
    sei_pq_kinetics *def = copy_of(r, k->def, 1, sizeof *def);

    if (!def)
        return SEI_E_NOMEM;
    def->reactants = copy_of(r, k->def->reactants, def->n, sizeof *def->reactants);
    if (!def->reactants)
        return SEI_E_NOMEM;
    k->def   = def;
    *ret_def = def;
    return SEI_OK;
}

static sei_status change_reactant(pq_runner *r, const sei_pq_assignment *a, pq_kinetics *k)
{
    sei_pq_kinetics *def = NULL;
    size_t           i   = 0;
    const sei_status st  = own_kinetics(r, k, &def);

    if (st != SEI_OK)
        return st;
    if (a->change == SEI_PQ_SET_STEPS) {
        def->steps = (sei_pq_steps){.n = a->n, .values = a->values};
        return SEI_OK;
    }
    while (i < def->n && !sei_equal_nocase(def->reactants[i].name, a->component))
        i++;
    if (i == def->n)
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, &a->where,
                        "KINETICS_MODIFY: there is no reactant \"%s\"", a->component);
    switch (a->change) {
    case SEI_PQ_SET_M: k->m[i] = k->start_m[i] = def->reactants[i].m = a->value; break;
    case SEI_PQ_SET_M0: def->reactants[i].m0 = a->value; break;
    case SEI_PQ_SET_TOL: def->reactants[i].tol = a->value; break;
    case SEI_PQ_SET_PARMS:
        def->reactants[i].n_parms = a->n;
        def->reactants[i].parms   = a->values;
        break;
    default: break;
    }
    return SEI_OK;
}

/* ------------------------------------------------------------------ solutions */

/* Charge of everything that is dissolved, eq. */
static double charge_of(const pq_runner *r, const sei_amounts *a)
{
    double sum = -a->electron;

    for (size_t j = 0; j < r->net->n_comp; j++)
        sum += a->comp[j] * r->net->comp_charge[j];
    return sum;
}

/* Neutral atoms of an element: total H, total O and the charge stay what they are, as in PHREEQC. */
static sei_status set_element(pq_runner *r, const sei_pq_assignment *a, const char *element,
                              double mol, sei_amounts *total)
{
    const double more = mol - sei_react_element(r->react, total, element);

    if (!(mol >= 0.0))
        return sei_fail(r->ctx, SEI_E_RANGE, &a->where, "SOLUTION_MODIFY: %s: %g mol is negative",
                        element, mol);
    if (sei_react_add_formula(r->react, element, more, total))
        return SEI_OK;
    return sei_fail(r->ctx, SEI_E_NOT_FOUND, &a->where,
                    "SOLUTION_MODIFY: \"%s\" is not in database %s", element, sei_db_name(r->db));
}

/* What the block gives of an element, by all its valences; once for each element. */
static sei_status set_total(pq_runner *r, const sei_pq_modify *m, size_t at, sei_amounts *total)
{
    const sei_pq_assignment *a   = &m->items[at];
    const size_t             row = sei_db_find_master(r->db, a->name);
    double                   sum = 0.0;

    if (row == SIZE_MAX)
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, &a->where,
                        "SOLUTION_MODIFY: \"%s\" is not in database %s", a->name,
                        sei_db_name(r->db));
    const size_t element = r->db->masters[row].element;
    for (size_t i = 0; i < m->n; i++) {
        const size_t other = m->items[i].change == SEI_PQ_SET_TOTAL
                                 ? sei_db_find_master(r->db, m->items[i].name)
                                 : SIZE_MAX;
        if (other == SIZE_MAX || r->db->masters[other].element != element)
            continue;
        if (i < at)
            return SEI_OK;
        sum += m->items[i].value;
    }
    return set_element(r, a, r->db->elements[element].name, sum, total);
}

static sei_status change_solution(pq_runner *r, const sei_pq_modify *m, pq_solution *s)
{
    sei_status   st     = SEI_OK;
    const double charge = charge_of(r, &s->total);

    for (size_t i = 0; i < m->n && st == SEI_OK; i++) {
        const sei_pq_assignment *a = &m->items[i];
        switch (a->change) {
        case SEI_PQ_SET_TOTAL: st = set_total(r, m, i, &s->total); break;
        case SEI_PQ_SET_H: st = set_element(r, a, "H", a->value, &s->total); break;
        case SEI_PQ_SET_O: st = set_element(r, a, "O", a->value, &s->total); break;
        case SEI_PQ_SET_CHARGE: s->total.electron += charge - a->value; break;
        case SEI_PQ_SET_TEMP: s->temp_c = a->value; break;
        case SEI_PQ_SET_PRESSURE: s->pressure_atm = a->value; break;
        default: break;
        }
    }
    s->state.is_warm = false;
    s->initial       = NULL;
    return st;
}

/* ------------------------------------------------------------------ */

static sei_status change(pq_runner *r, const sei_pq_modify *m, void *item)
{
    sei_status st = SEI_OK;

    if (m->entity == SEI_PQ_SOLUTION)
        return change_solution(r, m, item);
    for (size_t i = 0; i < m->n && st == SEI_OK; i++)
        st = m->entity == SEI_PQ_KINETICS ? change_reactant(r, &m->items[i], item)
                                          : change_mineral(r, &m->items[i], item);
    return st;
}

sei_status pq_modify(pq_runner *r, const sei_pq_block *b)
{
    sei_status st = SEI_OK;

    for (int n = b->first; n <= b->last && st == SEI_OK; n++) {
        void *item = pq_find(r, b->as.modify->entity, n);
        if (item)
            st = change(r, b->as.modify, item);
        else /* as in PHREEQC */
            sei_warn(r->ctx, &b->where, "%s: there is no number %d: without effect", b->keyword, n);
    }
    return st;
}
