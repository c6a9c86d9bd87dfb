/*
 * run_alike.c - neighbouring cells that hold the same to the last bit are run once
 *
 * A column starts uniform, and ahead of what flows in it stays so for a long time. Where everything that the way of a cell
 * through a step hangs on is bit for bit that of the cell before it, so is the answer: it is copied. What it hangs on is
 * compared here in full: amounts, the state that the solver starts from, temperatures, REACTION, what the integrator keeps,
 * and what BASIC can ask for. Rates that know where they are (CELL_NO, DIST) or hand each other values (PUT and GET,
 * CALCULATE_VALUES) have no cells alike.
 */
#include <string.h>

#include "phreeqc/column.h"

static bool is_of_place(sei_basic_function f)
{
    return f == SEI_BASIC_CELL_NO || f == SEI_BASIC_DIST || f == SEI_BASIC_CALLBACK ||
           f == SEI_BASIC_CALC_VALUE || f == SEI_BASIC_CHANGE_POR || f == SEI_BASIC_SETDIFF_C ||
           f == SEI_BASIC_GET_POR || sei_basic_is_memory(f);
}

bool pq_has_cells_alike(const pq_runner *r)
{
    for (size_t i = 0; i < r->n_rates; i++)
        for (size_t k = 0; r->rates[i].program && k < sei_basic_n_uses(r->rates[i].program); k++)
            if (is_of_place(sei_basic_use_at(r->rates[i].program, k)->function))
                return false;
    return true;
}

/* ------------------------------------------------------------------ comparing */

#define SAME(a, b)          (memcmp(&(a), &(b), sizeof(a)) == 0)
#define SAME_ARRAY(n, a, b) (memcmp((a), (b), (n) * sizeof *(a)) == 0)

static bool same_amounts(const pq_runner *r, const sei_amounts *a, const sei_amounts *b)
{
    return SAME(a->electron, b->electron) && SAME(a->water, b->water) &&
           SAME_ARRAY(r->net->n_comp, a->comp, b->comp) &&
           SAME_ARRAY(sei_react_n_sites(r->react), a->site, b->site);
}

static bool same_inflow(const pq_runner *r, const sei_react_state *a, const sei_react_state *b)
{
    const sei_react_start *p = &a->inflow, *q = &b->inflow;

    return a->has_inflow == b->has_inflow &&
           (!a->has_inflow ||
            (SAME(p->ln_ae, q->ln_ae) && SAME(p->ln_aw, q->ln_aw) && SAME(p->mu, q->mu) &&
             SAME_ARRAY(r->net->n_comp, p->x, q->x) && p->n_minerals == q->n_minerals &&
             SAME_ARRAY(p->n_minerals, p->mineral_phase, q->mineral_phase) &&
             SAME_ARRAY(p->n_minerals, p->mineral_active, q->mineral_active)));
}

/* What a solution starts from; the rest of a state is an answer. */
static bool same_start(const pq_runner *r, const sei_react_state *a, const sei_react_state *b,
                       size_t n_minerals)
{
    return a->is_warm == b->is_warm && SAME(a->ln_ae, b->ln_ae) && SAME(a->ln_aw, b->ln_aw) &&
           SAME(a->mu, b->mu) && SAME(a->water_kg, b->water_kg) &&
           SAME_ARRAY(r->net->n_comp, a->x, b->x) && SAME(a->x_site, b->x_site) &&
           SAME(a->potential, b->potential) &&
           SAME_ARRAY(n_minerals, a->mineral_mol, b->mineral_mol) &&
           SAME_ARRAY(n_minerals, a->mineral_active, b->mineral_active) && same_inflow(r, a, b);
}

static bool same_solution(const pq_runner *r, const pq_cell *a, const pq_cell *b)
{
    const size_t       n = a->equilibrium ? a->equilibrium->n : 0;
    const pq_solution *s = a->solution, *t = b->solution;

    return s && t && same_amounts(r, &s->total, &t->total) && SAME(s->temp_c, t->temp_c) &&
           SAME(s->potential_v, t->potential_v) && SAME(s->pressure_atm, t->pressure_atm) &&
           s->initial == t->initial && s->description == t->description &&
           same_start(r, &s->state, &t->state, n);
}

static bool same_equilibrium(const pq_equilibrium *a, const pq_equilibrium *b)
{
    if (!a || !b)
        return a == b;
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->minerals[i].def != b->minerals[i].def ||
            a->minerals[i].phase != b->minerals[i].phase ||
            !SAME(a->minerals[i].mol, b->minerals[i].mol) ||
            !SAME(a->minerals[i].start_mol, b->minerals[i].start_mol))
            return false;
    return true;
}

static bool same_kinetics(const pq_kinetics *a, const pq_kinetics *b)
{
    if (!a || !b)
        return a == b;
    const size_t n = a->def->n; /* the formulas come from the definition */
    return a->def == b->def && SAME_ARRAY(n, a->rate, b->rate) && SAME_ARRAY(n, a->m, b->m) &&
           SAME_ARRAY(n, a->start_m, b->start_m) && SAME(a->step_s, b->step_s) &&
           SAME(a->low_order_s, b->low_order_s);
}

/* Things without more in them than they hang on. */
static bool same_bytes(const void *a, const void *b, size_t size)
{
    return a && b ? memcmp(a, b, size) == 0 : a == b;
}

static bool same_block(const column *c, sei_pq_entity entity, int a, int b)
{
    const void *const *x = pq_find(c->r, entity, a), *const *y = pq_find(c->r, entity, b);

    return (x ? *x : NULL) == (y ? *y : NULL);
}

bool pq_are_alike(const column *c, int a, int b)
{
    const pq_cell x = pq_cell_of(c, a), y = pq_cell_of(c, b);

    return same_solution(c->r, &x, &y) && SAME(c->temp_c[a], c->temp_c[b]) &&
           same_equilibrium(x.equilibrium, y.equilibrium) &&
           same_kinetics(x.kinetics, y.kinetics) &&
           same_bytes(x.exchange, y.exchange, sizeof *x.exchange) &&
           same_bytes(x.surface, y.surface, sizeof *x.surface) &&
           same_bytes(x.gas, y.gas, sizeof *x.gas) &&
           same_bytes(x.solids, y.solids, sizeof *x.solids) &&
           same_block(c, SEI_PQ_REACTION, a, b) &&
           same_block(c, SEI_PQ_REACTION_TEMPERATURE, a, b) &&
           same_block(c, SEI_PQ_REACTION_PRESSURE, a, b);
}

/* ------------------------------------------------------------------ copying */

void pq_copy_alike(const column *c, int from, int to)
{
    const pq_cell x = pq_cell_of(c, from), y = pq_cell_of(c, to);

    sei_react_anchor_drop(pq_anchor_of(c, to));
    *y.solution   = *x.solution;
    c->temp_c[to] = c->temp_c[from];
    if (c->multi)
        pq_multi_copy(c, from, to);
    if (x.exchange)
        *y.exchange = *x.exchange;
    if (x.surface)
        *y.surface = *x.surface;
    if (x.equilibrium)
        *y.equilibrium = *x.equilibrium;
    if (x.gas)
        *y.gas = *x.gas;
    if (x.solids)
        *y.solids = *x.solids;
    if (!x.kinetics)
        return;
    memcpy(y.kinetics->m, x.kinetics->m, x.kinetics->def->n * sizeof *x.kinetics->m);
    y.kinetics->step_s      = x.kinetics->step_s;
    y.kinetics->low_order_s = x.kinetics->low_order_s;
}
