/* run_modify_water.c - SOLUTION_RAW and SOLUTION_MODIFY: totals of a water */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/modify.h"

double pq_charge_of(const pq_runner *r, const sei_amounts *a)
{
    double sum = -a->electron;

    for (size_t j = 0; j < r->net->n_comp; j++)
        sum += a->comp[j] * r->net->comp_charge[j];
    for (size_t s = 0; s < sei_react_n_sites(r->react); s++)
        sum += a->site[s] * r->sorb->sites[sei_react_site_def(r->react, s)].charge;
    return sum;
}

const char *pq_element_of_total(const pq_runner *r, const char *name)
{
    const size_t row = sei_db_find_master(r->db, name);

    if (row != SIZE_MAX)
        return r->db->elements[r->db->masters[row].element].name;
    return sei_react_site(r->react, name) != SIZE_MAX ? name : NULL;
}

sei_status pq_set_element(const pq_change *c, const sei_where *where, const char *element,
                          double mol, sei_amounts *amounts)
{
    const sei_react *react = c->r->react;
    const size_t     site  = sei_react_site(react, element);
    const double     now =
        site != SIZE_MAX ? amounts->site[site] : sei_react_element(react, amounts, element);

    if (!(mol >= 0.0))
        return pq_fail_change(c, SEI_E_RANGE, where, "%s: %g mol is negative", element, mol);
    if (sei_react_add_formula(react, element, mol - now, amounts))
        return SEI_OK;
    return pq_fail_change(c, SEI_E_NOT_FOUND, where, "\"%s\" is not in database %s", element,
                          sei_db_name(c->r->db));
}

/* What the block gives of an element, by all its valences; once for each element. Those of H and O are told by -total_h and
 * -total_o. */
static sei_status set_total(const pq_change *c, size_t at, sei_amounts *total)
{
    const sei_pq_assignment *a       = &c->m->items[at];
    const char              *element = pq_element_of_total(c->r, a->name);
    double                   sum     = 0.0;

    if (!element)
        return pq_fail_change(c, SEI_E_NOT_FOUND, &a->where, "\"%s\" is not in database %s",
                              a->name, sei_db_name(c->r->db));
    if (strcmp(element, "H") == 0 || strcmp(element, "O") == 0)
        return SEI_OK;
    for (size_t i = 0; i < c->m->n; i++) {
        const char *other = c->m->items[i].change == SEI_PQ_SET_TOTAL
                                ? pq_element_of_total(c->r, c->m->items[i].name)
                                : NULL;
        if (!other || strcmp(other, element) != 0)
            continue;
        if (i < at)
            return SEI_OK;
        sum += c->m->items[i].value;
    }
    return pq_set_element(c, &a->where, element, sum, total);
}

/* ------------------------------------------------------------------ where a dumped water starts from */

static void set_activity(const pq_runner *r, const sei_pq_assignment *a, sei_react_state *state)
{
    const size_t row = sei_db_find_master(r->db, a->name);

    for (size_t j = 0; row != SIZE_MAX && j < r->net->n_comp; j++)
        if (r->net->db_index[r->net->comp_species[j]] == r->db->masters[row].species)
            state->x[j] = a->value * PQ_LN10;
}

static void set_start(const pq_change *c, pq_solution *s)
{
    const sei_net   *net   = c->r->net;
    sei_react_state *state = &s->state;

    state->water_kg = s->total.water * sei_react_water_kg_mol(c->r->react, &s->total);
    state->mu       = 1e-3;
    for (size_t j = 0; j + 1 < net->n_comp; j++)
        state->x[j] = log(fmax(s->total.comp[j], 1e-9));
    state->x[net->n_comp - 1] = -7.0 * PQ_LN10;
    state->ln_ae              = -4.0 * PQ_LN10;
    for (size_t i = 0; i < c->m->n; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        switch (a->change) {
        case SEI_PQ_SET_WATER: state->water_kg = a->value; break;
        case SEI_PQ_SET_STRENGTH: state->mu = a->value; break;
        case SEI_PQ_SET_PH: state->x[net->n_comp - 1] = -a->value * PQ_LN10; break;
        case SEI_PQ_SET_PE: state->ln_ae = -a->value * PQ_LN10; break;
        case SEI_PQ_SET_ACTIVITY: set_activity(c->r, a, state); break;
        default: break;
        }
    }
}

static sei_status check_water(const pq_change *c, const pq_solution *s)
{
    const sei_where *where = &c->block->where;

    if (!(s->total.water > 0.0) || !(s->state.water_kg > 0.0))
        return pq_fail_change(c, SEI_E_RANGE, where, "there is no water in %g mol of O",
                              sei_react_element(c->r->react, &s->total, "O"));
    if (!(s->temp_c >= -50.0 && s->temp_c <= 400.0))
        return pq_fail_change(c, SEI_E_RANGE, where, "temperature of %g is outside -50..400",
                              s->temp_c);
    if (!(s->pressure_atm > 0.0 && s->pressure_atm <= SEI_PQ_PRESSURE_MAX_ATM))
        return pq_fail_change(c, SEI_E_RANGE, where, "a pressure of %g atm is outside 0..%g",
                              s->pressure_atm, SEI_PQ_PRESSURE_MAX_ATM);
    return SEI_OK;
}

sei_status pq_change_solution(const pq_change *c, pq_solution *s)
{
    sei_status   st     = SEI_OK;
    const double charge = pq_charge_of(c->r, &s->total);

    if (c->m->is_raw) {
        s->temp_c       = 25.0;
        s->pressure_atm = 1.0;
        s->description  = c->block->description;
    }
    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        switch (a->change) {
        case SEI_PQ_SET_TOTAL: st = set_total(c, i, &s->total); break;
        case SEI_PQ_SET_H: st = pq_set_element(c, &a->where, "H", a->value, &s->total); break;
        case SEI_PQ_SET_O: st = pq_set_element(c, &a->where, "O", a->value, &s->total); break;
        case SEI_PQ_SET_CHARGE: s->total.electron += charge - a->value; break;
        case SEI_PQ_SET_TEMP: s->temp_c = a->value; break;
        case SEI_PQ_SET_PRESSURE: s->pressure_atm = a->value; break;
        case SEI_PQ_SET_VOLTAGE: s->potential_v = a->value; break;
        default: break;
        }
    }
    if (st == SEI_OK && c->m->is_raw) {
        set_start(c, s);
        st = check_water(c, s);
    }
    s->state.is_warm = false;
    s->initial       = NULL;
    return st;
}
