/* run_modify_mixture.c - _RAW and _MODIFY of GAS_PHASE and SOLID_SOLUTIONS */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/modify.h"

static sei_status need_phase(const pq_change *c, const sei_pq_assignment *a, size_t *ret_phase)
{
    *ret_phase = pq_network_phase(c->r, a->component);
    if (*ret_phase != SIZE_MAX)
        return SEI_OK;
    return pq_fail_change(c, SEI_E_NOT_FOUND, &a->where,
                          "phase \"%s\" cannot form from the elements of this file", a->component);
}

static sei_status refuse_parts(const pq_change *c, const sei_pq_assignment *a)
{
    return pq_fail_change(c, SEI_E_TOO_LARGE, &a->where, "more than %d parts",
                          (int)SEI_REACT_MIXTURE_PARTS);
}

static sei_status need_positive(const pq_change *c, const sei_pq_assignment *a, double least)
{
    if (a->value >= least && isfinite(a->value))
        return SEI_OK;
    return pq_fail_change(c, SEI_E_RANGE, &a->where, "%s%s%g is too little",
                          a->component ? a->component : "", a->component ? ": " : "", a->value);
}

/* ------------------------------------------------------------------ GAS_PHASE */

static sei_status find_gas(const pq_change *c, const sei_pq_assignment *a, sei_pq_gas_phase *def,
                           pq_gas *g, size_t *ret_at)
{
    size_t i = 0;

    while (i < def->n && !sei_equal_nocase(def->gases[i].name, a->component))
        i++;
    *ret_at = i;
    if (i < def->n)
        return SEI_OK;
    if (i == SEI_REACT_MIXTURE_PARTS)
        return refuse_parts(c, a);
    def->gases[def->n++] = (sei_pq_gas){.where = a->where, .name = a->component};
    return need_phase(c, a, &g->phase[i]);
}

static sei_status change_gas(const pq_change *c, const sei_pq_assignment *a, sei_pq_gas_phase *def,
                             pq_gas *g)
{
    size_t     i  = 0;
    sei_status st = a->component ? find_gas(c, a, def, g, &i) : SEI_OK;

    if (st != SEI_OK)
        return st;
    switch (a->change) {
    case SEI_PQ_SET_TYPE: def->is_fixed_volume = a->value != 0.0; return SEI_OK;
    case SEI_PQ_SET_GAS_PRESSURE: def->pressure_atm = g->pressure_atm = a->value; return SEI_OK;
    case SEI_PQ_SET_VOLUME:
        def->volume_l = g->volume_l = a->value;
        return need_positive(c, a, 1e-30);
    case SEI_PQ_SET_TEMP_K:
        def->temp_c = a->value - SEI_ZERO_CELSIUS;
        return need_positive(c, a, 1.0);
    case SEI_PQ_SET_MOL: g->mol[i] = a->value; return need_positive(c, a, 0.0);
    case SEI_PQ_SET_PRESSURE: /* nan: none was given */
        def->gases[i].has_pressure = true;
        def->gases[i].pressure_atm = a->value;
        return need_positive(c, a, 0.0);
    default: return SEI_OK;
    }
}

/* Pressure of a fixed volume when nobody tells it; that of a gas with a pressure of its own is at least something. */
static sei_status check_gas(const pq_change *c, const sei_pq_gas_phase *def, const pq_gas *g)
{
    if (def->is_fixed_volume || g->pressure_atm > 0.0)
        return SEI_OK;
    return pq_fail_change(c, SEI_E_RANGE, &c->block->where, "a pressure of %g atm is not above 0",
                          g->pressure_atm);
}

sei_status pq_change_gas(const pq_change *c, pq_gas *g)
{
    const sei_pq_gas_phase blank = {.pressure_atm = 1.0, .volume_l = 1.0, .temp_c = 25.0};
    const sei_pq_assignment *new = pq_last_change(c, SEI_PQ_SET_NEW, NULL);
    sei_pq_gas_phase *def        = pq_copy_of(c->r, g->def ? g->def : &blank, 1, sizeof *def);
    sei_status        st         = def ? pq_refuse_equilibration(c) : SEI_E_NOMEM;

    if (st != SEI_OK)
        return st;
    if (!g->def) {
        g->pressure_atm = def->pressure_atm;
        g->volume_l     = def->volume_l;
        g->z            = 1.0;
    }
    sei_pq_gas *gases =
        sei_arena_alloc(&c->r->arena, SEI_REACT_MIXTURE_PARTS + def->n, sizeof *gases);
    if (!gases)
        return SEI_E_NOMEM;
    if (def->n)
        memcpy(gases, def->gases, def->n * sizeof *gases);
    def->gases           = gases;
    def->is_equilibrated = false;
    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++)
        st = change_gas(c, &c->m->items[i], def, g);
    if (st == SEI_OK)
        st = check_gas(c, def, g);
    if (st != SEI_OK)
        return st;
    g->def = def;
    if (new &&new->value != 0.0)
        pq_fill_gas(c->r, g);
    else
        pq_resume_gas(c->r, g);
    return SEI_OK;
}

/* ------------------------------------------------------------------ SOLID_SOLUTIONS */

static sei_status find_solid(const pq_change *c, const sei_pq_assignment *a,
                             sei_pq_solid_solutions *def, size_t *ret_at)
{
    size_t i = 0;

    while (i < def->n && !sei_equal_nocase(def->solutions[i].name, a->group))
        i++;
    *ret_at = i;
    if (i < def->n)
        return SEI_OK;
    if (i == SEI_REACT_MIXTURES_MAX)
        return pq_fail_change(c, SEI_E_TOO_LARGE, &a->where, "more than %d solid solutions",
                              (int)SEI_REACT_MIXTURES_MAX);
    sei_pq_named *members = pq_copy_of(c->r, NULL, SEI_REACT_MIXTURE_PARTS, sizeof *members);
    if (!members)
        return SEI_E_NOMEM;
    def->solutions[def->n++] = (sei_pq_solid_solution){
        .where = a->where, .name = a->group, .temp_k = 298.15, .members = members};
    return SEI_OK;
}

static sei_status find_member(const pq_change *c, const sei_pq_assignment *a,
                              sei_pq_solid_solution *one, size_t phase[], size_t *ret_at)
{
    size_t i = 0;

    while (i < one->n && !sei_equal_nocase(one->members[i].name, a->component))
        i++;
    *ret_at = i;
    if (i < one->n)
        return SEI_OK;
    if (i == SEI_REACT_MIXTURE_PARTS)
        return refuse_parts(c, a);
    one->members[one->n++] = (sei_pq_named){.where = a->where, .name = a->component};
    return need_phase(c, a, &phase[i]);
}

/* The ways of PHREEQC's dumps, from -1 on. */
static sei_status change_case(const pq_change *c, const sei_pq_assignment *a,
                              sei_pq_solid_solution *one)
{
    static const sei_pq_ss_kind kinds[] = {
        SEI_PQ_SS_IDEAL,       SEI_PQ_SS_GUGG_NONDIM, SEI_PQ_SS_ACTIVITY, SEI_PQ_SS_DISTRIBUTION,
        SEI_PQ_SS_MISCIBILITY, SEI_PQ_SS_SPINODAL,    SEI_PQ_SS_CRITICAL, SEI_PQ_SS_ALYOTROPIC,
        SEI_PQ_SS_GUGG_KJ,     SEI_PQ_SS_THOMPSON,    SEI_PQ_SS_MARGULES};

    if (!(a->value >= -1.0 && a->value <= 9.0))
        return pq_fail_change(c, SEI_E_RANGE, &a->where, "-input_case %g is none of -1 to 9",
                              a->value);
    one->kind = kinds[(size_t)(a->value + 1.0)];
    return SEI_OK;
}

static sei_status change_solid(const pq_change *c, const sei_pq_assignment *a,
                               sei_pq_solid_solutions *def, pq_solids *s)
{
    size_t     i = 0, k = 0;
    sei_status st = find_solid(c, a, def, &i);

    if (st == SEI_OK && a->component)
        st = find_member(c, a, &def->solutions[i], s->phase[i], &k);
    if (st != SEI_OK)
        return st;
    sei_pq_solid_solution *one = &def->solutions[i];
    switch (a->change) {
    case SEI_PQ_SET_MOL:
        s->mol[i][k] = one->members[k].value = a->value;
        return need_positive(c, a, 0.0);
    case SEI_PQ_SET_TEMP_K: one->temp_k = a->value; return need_positive(c, a, 1.0);
    case SEI_PQ_SET_CASE: return change_case(c, a, one);
    case SEI_PQ_SET_PARAMETERS:
        for (size_t p = 0; p < a->n && p < SEI_PQ_SS_PARAMETERS; p++)
            one->p[p] = a->values[p];
        return SEI_OK;
    case SEI_PQ_SET_A0: s->a0[i] = a->value; return SEI_OK;
    case SEI_PQ_SET_A1: s->a1[i] = a->value; return SEI_OK;
    default: return SEI_OK;
    }
}

/* Parameters of what is new are found as those of SOLID_SOLUTIONS; what was dumped has found them. */
static sei_status close_solids(const pq_change *c, bool is_new, sei_pq_solid_solutions *def,
                               pq_solids *s)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < def->n && st == SEI_OK; i++) {
        sei_pq_solid_solution *one = &def->solutions[i];
        if (is_new) {
            st = pq_guggenheim(c->r, one, &s->a0[i], &s->a1[i]);
        } else if (s->a0[i] == 0.0 && s->a1[i] == 0.0) {
            one->kind = SEI_PQ_SS_IDEAL;
        } else if (one->n != 2) {
            return pq_fail_change(c, SEI_E_RANGE, &one->where,
                                  "%s: parameters of a binary with %zu end members", one->name,
                                  one->n);
        } else {
            one->kind = SEI_PQ_SS_GUGG_NONDIM;
            one->p[0] = s->a0[i];
            one->p[1] = s->a1[i];
        }
    }
    return st;
}

sei_status pq_change_solids(const pq_change *c, pq_solids *s)
{
    const sei_pq_assignment *new = pq_last_change(c, SEI_PQ_SET_NEW, NULL);
    sei_pq_solid_solutions *def  = pq_copy_of(c->r, s->def, s->def ? 1 : 0, sizeof *def);
    sei_status              st   = SEI_OK;

    if (!def)
        return SEI_E_NOMEM;
    sei_pq_solid_solution *list =
        sei_arena_alloc(&c->r->arena, SEI_REACT_MIXTURES_MAX + def->n, sizeof *list);
    if (!list)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < def->n; i++) {
        list[i]               = def->solutions[i];
        sei_pq_named *members = pq_copy_of(c->r, NULL, SEI_REACT_MIXTURE_PARTS, sizeof *members);
        if (!members)
            return SEI_E_NOMEM;
        memcpy(members, list[i].members, list[i].n * sizeof *members);
        list[i].members = members;
    }
    def->solutions = list;
    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++)
        if (c->m->items[i].group)
            st = change_solid(c, &c->m->items[i], def, s);
    if (st == SEI_OK)
        st = close_solids(c, new &&new->value != 0.0, def, s);
    if (st == SEI_OK)
        s->def = def;
    return st;
}
