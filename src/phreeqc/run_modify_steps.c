/* run_modify_steps.c - _RAW and _MODIFY of REACTION, REACTION_TEMPERATURE, REACTION_PRESSURE and MIX */
#include <string.h>

#include "phreeqc/modify.h"

sei_status pq_change_steps(const pq_change *c, double factor, sei_pq_steps *steps)
{
    const sei_pq_assignment *list  = pq_last_change(c, SEI_PQ_SET_STEPS, NULL),
                            *equal = pq_last_change(c, SEI_PQ_SET_EQUAL, NULL),
                            *count = pq_last_change(c, SEI_PQ_SET_COUNT, NULL);

    if (list) {
        double *values = sei_arena_alloc(&c->r->arena, list->n ? list->n : 1, sizeof *values);
        if (!values)
            return SEI_E_NOMEM;
        for (size_t i = 0; i < list->n; i++)
            values[i] = factor * list->values[i];
        *steps = (sei_pq_steps){list->n, values, steps->is_equal, steps->n_equal};
    }
    if (equal)
        steps->is_equal = equal->value != 0.0;
    if (steps->is_equal && count) {
        if (!(count->value >= 1.0 && count->value <= SEI_PQ_STEPS_MAX))
            return pq_fail_change(c, SEI_E_RANGE, &count->where, "%g steps are not 1 to %d",
                                  count->value, SEI_PQ_STEPS_MAX);
        steps->n_equal = (size_t)count->value;
    }
    if (steps->is_equal && steps->n_equal == 0)
        return pq_fail_change(c, SEI_E_MISSING, &c->block->where,
                              "-equal_increments without the number of steps");
    return SEI_OK;
}

sei_status pq_need_steps(const pq_change *c, const sei_pq_steps *steps, size_t n_equal,
                         const char *what)
{
    if (steps->is_equal ? steps->n == n_equal : steps->n > 0)
        return SEI_OK;
    if (steps->is_equal)
        return pq_fail_change(c, SEI_E_MISSING, &c->block->where,
                              "with -equal_increments there must be %zu %s, not %zu", n_equal, what,
                              steps->n);
    return pq_fail_change(c, SEI_E_MISSING, &c->block->where, "no %s is given", what);
}

/* ------------------------------------------------------------------ REACTION */

static sei_status change_part(const pq_change *c, const sei_pq_assignment *a,
                              sei_pq_reaction *reaction)
{
    size_t i = 0;

    while (i < reaction->n && strcmp(reaction->reactants[i].name, a->name) != 0)
        i++;
    if (i == reaction->n) {
        sei_pq_named *grown = pq_copy_of(c->r, NULL, reaction->n + 1, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        if (i)
            memcpy(grown, reaction->reactants, i * sizeof *grown);
        reaction->reactants = grown;
        reaction->n++;
    }
    reaction->reactants[i] = (sei_pq_named){a->where, a->name, a->value, true};
    return SEI_OK;
}

sei_status pq_change_reaction(const pq_change *c, const sei_pq_reaction **reaction)
{
    const sei_pq_assignment *units  = pq_last_change(c, SEI_PQ_SET_UNITS, NULL);
    sei_pq_reaction         *copy   = pq_copy_of(c->r, *reaction, *reaction ? 1 : 0, sizeof *copy);
    double                   factor = 1.0;
    sei_status               st     = SEI_OK;

    if (!copy)
        return SEI_E_NOMEM;
    if (copy->n)
        copy->reactants = pq_copy_of(c->r, copy->reactants, copy->n, sizeof *copy->reactants);
    if (copy->n && !copy->reactants)
        return SEI_E_NOMEM;
    if (units && !sei_pq_mol_unit(sei_slice_of(units->name), &factor))
        return pq_fail_change(c, SEI_E_UNIT, &units->where, "\"%.40s\" is none of mol, mmol, umol",
                              units->name);
    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++)
        if (c->m->items[i].change == SEI_PQ_SET_PART)
            st = change_part(c, &c->m->items[i], copy);
    if (st == SEI_OK)
        st = pq_change_steps(c, factor, &copy->steps);
    if (st == SEI_OK)
        st = pq_need_steps(c, &copy->steps, 1, "amount");
    if (st == SEI_OK)
        *reaction = copy;
    return st;
}

/* ------------------------------------------------------------------ temperatures, pressures, mixtures */

sei_status pq_change_ramp(const pq_change *c, const sei_pq_ramp **ramp)
{
    const bool   is_pressure = c->m->entity == SEI_PQ_REACTION_PRESSURE;
    const double low         = is_pressure ? 0.0 : -50.0,
                 high        = is_pressure ? SEI_PQ_PRESSURE_MAX_ATM : 400.0;
    sei_pq_ramp *copy        = pq_copy_of(c->r, *ramp, *ramp ? 1 : 0, sizeof *copy);

    if (!copy)
        return SEI_E_NOMEM;
    sei_status st = pq_change_steps(c, 1.0, &copy->steps);
    if (st == SEI_OK)
        st = pq_need_steps(c, &copy->steps, 2, is_pressure ? "pressures" : "temperatures");
    for (size_t i = 0; i < copy->steps.n && st == SEI_OK; i++) {
        const double value = copy->steps.values[i];
        if (!(value >= low && value <= high) || (is_pressure && value == 0.0))
            st = pq_fail_change(c, SEI_E_RANGE, &c->block->where, "%g is outside %g..%g", value,
                                low, high);
    }
    if (st == SEI_OK)
        *ramp = copy;
    return st;
}

sei_status pq_change_mix(const pq_change *c, const sei_pq_mix **mix)
{
    sei_pq_mix *copy = pq_copy_of(c->r, NULL, 1, sizeof *copy);
    double      number;

    if (!copy)
        return SEI_E_NOMEM;
    copy->parts = sei_arena_alloc(&c->r->arena, c->m->n + 1, sizeof *copy->parts);
    if (!copy->parts)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < c->m->n; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        if (!sei_pq_is_number(sei_slice_of(a->name), &number) || !(number >= 0.0) ||
            number > SEI_PQ_NUMBER_MAX || number != (double)(int)number)
            return pq_fail_change(c, SEI_E_PARSE, &a->where, "\"%.40s\" is no number of a solution",
                                  a->name);
        copy->parts[copy->n++] = (sei_pq_part){(int)number, a->value};
    }
    if (copy->n == 0)
        return pq_fail_change(c, SEI_E_MISSING, &c->block->where,
                              "no solution with its fraction is given");
    *mix = copy;
    return SEI_OK;
}
