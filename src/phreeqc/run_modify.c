/* run_modify.c - every _RAW and _MODIFY: what is in store changed, or put there; phases and kinetic reactants */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "phreeqc/modify.h"

enum { MESSAGE_MAX = 400 };

void *pq_copy_of(pq_runner *r, const void *from, size_t n, size_t size)
{
    void *copy = sei_arena_alloc(&r->arena, n ? n : 1, size);

    if (copy && n && from)
        memcpy(copy, from, n * size);
    return copy;
}

sei_status pq_fail_change(const pq_change *c, sei_status status, const sei_where *where,
                          const char *fmt, ...)
{
    char    text[MESSAGE_MAX];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return sei_fail(c->r->ctx, status, where, "%s: %s", c->keyword, text);
}

const sei_pq_assignment *pq_last_change(const pq_change *c, sei_pq_change change,
                                        const char *component)
{
    for (size_t i = c->m->n; i > 0; i--) {
        const sei_pq_assignment *a = &c->m->items[i - 1];
        if (a->change == change &&
            (!component || (a->component && sei_equal_nocase(a->component, component))))
            return a;
    }
    return NULL;
}

sei_status pq_refuse_equilibration(const pq_change *c)
{
    const sei_pq_assignment *with = pq_last_change(c, SEI_PQ_SET_EQUILIBRATED, NULL),
                            *new  = pq_last_change(c, SEI_PQ_SET_NEW, NULL);

    if (!with || !new || with->value == 0.0 || new->value == 0.0)
        return SEI_OK;
    return pq_fail_change(c, SEI_E_UNSUPPORTED, &with->where,
                          "-solution_equilibria with -new_def is not supported: equilibrate with "
                          "the keyword without its ending");
}

/* ------------------------------------------------------------------ phases */

static sei_status find_mineral(const pq_change *c, const sei_pq_assignment *a, pq_equilibrium *e,
                               pq_mineral **ret_mineral, sei_pq_mineral **ret_def)
{
    size_t i = 0;

    while (i < e->n && !sei_equal_nocase(e->minerals[i].def->name, a->component))
        i++;
    if (i == SEI_REACT_PHASES_MAX)
        return pq_fail_change(c, SEI_E_TOO_LARGE, &a->where, "more than %d phases",
                              (int)SEI_REACT_PHASES_MAX);
    const sei_pq_mineral new = {.where = a->where, .name = a->component};
    *ret_def = pq_copy_of(c->r, i < e->n ? e->minerals[i].def : &new, 1, sizeof new);
    if (!*ret_def)
        return SEI_E_NOMEM;
    if (i == e->n)
        e->minerals[e->n++] = (pq_mineral){.phase = pq_network_phase(c->r, a->component)};
    e->minerals[i].def = *ret_def;
    *ret_mineral       = &e->minerals[i];
    return SEI_OK;
}

static sei_status change_mineral(const pq_change *c, const sei_pq_assignment *a, pq_equilibrium *e)
{
    pq_mineral      *m   = NULL;
    sei_pq_mineral  *def = NULL;
    const sei_status st  = find_mineral(c, a, e, &m, &def);

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
        return pq_fail_change(c, SEI_E_RANGE, &a->where, "%s: the amount %g mol is negative",
                              a->component, m->mol);
    return SEI_OK;
}

sei_status pq_change_equilibrium(const pq_change *c, pq_equilibrium *e)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++)
        st = change_mineral(c, &c->m->items[i], e);
    return st;
}

/* ------------------------------------------------------------------ kinetics */

/* The reactant of an assignment in a definition that has room for one more; a dump brings new ones. */
static sei_status find_reactant(const pq_change *c, const sei_pq_assignment *a, pq_kinetics *k,
                                sei_pq_kinetics *def, size_t *ret_at)
{
    size_t i = 0;

    while (i < def->n && !sei_equal_nocase(def->reactants[i].name, a->component))
        i++;
    *ret_at = i;
    if (i < def->n)
        return SEI_OK;
    if (!c->m->is_raw)
        return pq_fail_change(c, SEI_E_NOT_FOUND, &a->where, "there is no reactant \"%s\"",
                              a->component);
    if (i == SEI_KINETICS_MAX)
        return pq_fail_change(c, SEI_E_TOO_LARGE, &a->where, "more than %d reactants",
                              (int)SEI_KINETICS_MAX);
    def->reactants[def->n++] =
        (sei_pq_reactant){.where = a->where, .name = a->component, .tol = 1e-8};
    return pq_find_rate(c->r, &a->where, a->component, &k->rate[i]);
}

/* A formula of -namecoef; the first one takes the place of what was there. */
static sei_status change_part(const pq_change *c, const sei_pq_assignment *a, bool is_first,
                              sei_pq_reactant *reactant, sei_amounts *formula)
{
    const size_t  n    = is_first ? 0 : reactant->n_formula;
    sei_pq_named *list = sei_arena_alloc(&c->r->arena, n + 1, sizeof *list);

    if (!list)
        return SEI_E_NOMEM;
    if (n)
        memcpy(list, reactant->formula, n * sizeof *list);
    else
        memset(formula, 0, sizeof *formula);
    list[n]             = (sei_pq_named){a->where, a->name, a->value, true};
    reactant->formula   = list;
    reactant->n_formula = n + 1;
    return pq_add_named(c->r, &a->where, a->name, a->value, formula);
}

static sei_status change_reactant(const pq_change *c, size_t at, pq_kinetics *k,
                                  sei_pq_kinetics *def)
{
    const sei_pq_assignment *a  = &c->m->items[at];
    size_t                   i  = 0;
    const sei_status         st = a->component ? find_reactant(c, a, k, def, &i) : SEI_OK;

    if (st != SEI_OK)
        return st;
    switch (a->change) {
    case SEI_PQ_SET_STEP_DIVIDE: def->step_divide = a->value; break;
    case SEI_PQ_SET_CVODE: def->use_cvode = a->value != 0.0; break;
    case SEI_PQ_SET_M: k->m[i] = k->start_m[i] = def->reactants[i].m = a->value; break;
    case SEI_PQ_SET_M0: def->reactants[i].m0 = a->value; break;
    case SEI_PQ_SET_TOL: def->reactants[i].tol = a->value; break;
    case SEI_PQ_SET_PART:
        return change_part(c, a, at == 0 || c->m->items[at - 1].change != SEI_PQ_SET_PART,
                           &def->reactants[i], &k->formula[i]);
    case SEI_PQ_SET_PARMS:
        def->reactants[i].n_parms = a->n;
        def->reactants[i].parms   = a->values;
        break;
    default: break;
    }
    if (a->change == SEI_PQ_SET_TOL && !(a->value > 0.0))
        return pq_fail_change(c, SEI_E_RANGE, &a->where, "-tol must be above 0, not %g", a->value);
    return SEI_OK;
}

sei_status pq_change_kinetics(const pq_change *c, pq_kinetics *k)
{
    sei_pq_kinetics *def = pq_copy_of(c->r, k->def, k->def ? 1 : 0, sizeof *def);
    sei_status       st  = SEI_OK;

    if (!def)
        return SEI_E_NOMEM;
    sei_pq_reactant *reactants = sei_arena_alloc(&c->r->arena, SEI_KINETICS_MAX, sizeof *reactants);
    if (!reactants)
        return SEI_E_NOMEM;
    if (def->n)
        memcpy(reactants, def->reactants, def->n * sizeof *reactants);
    def->reactants = reactants;
    if (!k->def)
        def->step_divide = 1.0;
    k->def = def;
    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++)
        st = change_reactant(c, i, k, def);
    if (st == SEI_OK)
        st = pq_change_steps(c, 1.0, &def->steps);
    return st == SEI_OK ? pq_need_steps(c, &def->steps, 1, "time") : st;
}

/* ------------------------------------------------------------------ the block */

static sei_status change(const pq_change *c, void *item)
{
    switch (c->m->entity) {
    case SEI_PQ_SOLUTION: return pq_change_solution(c, item);
    case SEI_PQ_EQUILIBRIUM_PHASES: return pq_change_equilibrium(c, item);
    case SEI_PQ_KINETICS: return pq_change_kinetics(c, item);
    case SEI_PQ_EXCHANGE: return pq_change_exchange(c, item);
    case SEI_PQ_SURFACE: return pq_change_surface(c, item);
    case SEI_PQ_GAS_PHASE: return pq_change_gas(c, item);
    case SEI_PQ_SOLID_SOLUTIONS: return pq_change_solids(c, item);
    case SEI_PQ_REACTION: return pq_change_reaction(c, item);
    case SEI_PQ_REACTION_TEMPERATURE:
    case SEI_PQ_REACTION_PRESSURE: return pq_change_ramp(c, item);
    default: return pq_change_mix(c, item);
    }
}

/* What a dump tells of, from nothing. */
static sei_status put_new(const pq_change *c)
{
    void      *item = sei_alloc(c->r->ctx, 1, pq_size_of(c->m->entity));
    sei_status st   = item ? change(c, item) : SEI_E_NOMEM;

    for (int n = c->block->first; n <= c->block->last && st == SEI_OK; n++)
        st = pq_put(c->r, c->m->entity, n, item);
    sei_release(c->r->ctx, item);
    return st;
}

sei_status pq_modify(pq_runner *r, const sei_pq_block *b)
{
    const pq_change c  = {r, b->as.modify, b, b->keyword};
    sei_status      st = SEI_OK;

    if (c.m->is_raw)
        return put_new(&c);
    for (int n = b->first; n <= b->last && st == SEI_OK; n++) {
        void *item = pq_find(r, c.m->entity, n);
        if (item)
            st = change(&c, item);
        else /* as in PHREEQC */
            sei_warn(r->ctx, &b->where, "%s: there is no number %d: without effect", b->keyword, n);
    }
    return st;
}
