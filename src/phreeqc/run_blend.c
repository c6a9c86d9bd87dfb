/*
 * run_blend.c - SOLUTION_MIX, EXCHANGE_MIX and the like: a new thing made of shares of others of its kind
 *
 * Amounts are summed. What is no amount is that of the first one that has it; where PHREEQC 3.8.6 weighs it, it is weighed
 * alike.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "phreeqc/blend.h"

enum { MESSAGE_MAX = 400 };

sei_status pq_fail_blend(const pq_blending *b, sei_status status, const char *fmt, ...)
{
    char    text[MESSAGE_MAX];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return sei_fail(b->r->ctx, status, &b->block->where, "%s: %s", b->block->keyword, text);
}

static sei_status refuse_many(const pq_blending *b, const char *what, size_t max)
{
    return pq_fail_blend(b, SEI_E_TOO_LARGE, "more than %zu %s", max, what);
}

/* ------------------------------------------------------------------ phases */

static bool same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && sei_equal_nocase(a, b));
}

/* An index of saturation is weighed by the amounts. */
static sei_status add_to_mineral(const pq_blending *b, const pq_mineral *from, double share,
                                 pq_mineral *to)
{
    const double had = to->mol, more = share * from->mol, all = had + more;
    const double weight = all > 0.0 ? had / all : 0.5;

    if (!same_text(from->def->formula, to->def->formula))
        return pq_fail_blend(b, SEI_E_UNSUPPORTED, "%s with two alternative formulas",
                             from->def->name);
    sei_pq_mineral *def = pq_copy_of(b->r, to->def, 1, sizeof *def);
    if (!def)
        return SEI_E_NOMEM;
    def->si = weight * to->def->si + (1.0 - weight) * from->def->si;
    to->def = def;
    to->mol = to->start_mol = all;
    return SEI_OK;
}

static sei_status add_equilibrium(const pq_blending *b, const pq_equilibrium *from, double share,
                                  pq_equilibrium *to)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < from->n && st == SEI_OK; i++) {
        size_t k = 0;
        while (k < to->n &&
               !sei_equal_nocase(to->minerals[k].def->name, from->minerals[i].def->name))
            k++;
        if (k == SEI_REACT_PHASES_MAX)
            return refuse_many(b, "phases", SEI_REACT_PHASES_MAX);
        if (k < to->n) {
            st = add_to_mineral(b, &from->minerals[i], share, &to->minerals[k]);
            continue;
        }
        to->minerals[to->n] = from->minerals[i];
        to->minerals[to->n].mol *= share;
        to->minerals[to->n].start_mol = to->minerals[to->n].mol;
        to->n++;
    }
    return st;
}

/* ------------------------------------------------------------------ gases and solid solutions */

/* The pressure is weighed by the shares; before says how much of them is in it. */
static sei_status add_gas(const pq_blending *b, const pq_gas *from, double share, double before,
                          pq_gas *to)
{
    const sei_pq_gas_phase *first = to->def ? to->def : from->def;
    sei_pq_gas_phase       *def   = pq_copy_of(b->r, first, 1, sizeof *def);
    sei_pq_gas             *gases = pq_copy_of(b->r, NULL, SEI_REACT_MIXTURE_PARTS, sizeof *gases);

    if (!def || !gases)
        return SEI_E_NOMEM;
    if (first->is_fixed_volume != from->def->is_fixed_volume)
        return pq_fail_blend(b, SEI_E_UNSUPPORTED,
                             "gas phases of fixed pressure and of fixed volume");
    def->n = to->def ? to->def->n : 0;
    if (def->n)
        memcpy(gases, to->def->gases, def->n * sizeof *gases);
    def->gases           = gases;
    def->is_equilibrated = false;
    for (size_t i = 0; i < from->def->n; i++) {
        size_t k = 0;
        while (k < def->n && from->phase[i] != to->phase[k])
            k++;
        if (k == SEI_REACT_MIXTURE_PARTS)
            return refuse_many(b, "gases", SEI_REACT_MIXTURE_PARTS);
        if (k == def->n)
            gases[def->n++] = from->def->gases[i];
        to->phase[k] = from->phase[i];
        to->mol[k] += share * from->mol[i];
    }
    const double all = before + share;
    to->volume_l += share * from->volume_l;
    if (all != 0.0)
        to->pressure_atm = (before * to->pressure_atm + share * from->pressure_atm) / all;
    def->pressure_atm = to->pressure_atm;
    def->volume_l     = to->volume_l;
    to->def           = def;
    return SEI_OK;
}

static sei_status add_members(const pq_blending *b, const sei_pq_solid_solution *from,
                              const size_t phase[], const double mol[], double share,
                              sei_pq_solid_solution *to, size_t to_phase[], double to_mol[])
{
    for (size_t i = 0; i < from->n; i++) {
        size_t k = 0;
        while (k < to->n && to_phase[k] != phase[i])
            k++;
        if (k == SEI_REACT_MIXTURE_PARTS)
            return refuse_many(b, "end members", SEI_REACT_MIXTURE_PARTS);
        if (k == to->n)
            to->members[to->n++] = from->members[i];
        to_phase[k] = phase[i];
        to_mol[k] += share * mol[i];
        to->members[k].value = to_mol[k];
    }
    return SEI_OK;
}

/* Solid solutions of one name are one; its parameters are those of the first. */
static sei_status add_solids(const pq_blending *b, const pq_solids *from, double share,
                             pq_solids *to)
{
    sei_pq_solid_solutions *def  = pq_copy_of(b->r, to->def, to->def ? 1 : 0, sizeof *def);
    sei_pq_solid_solution  *list = pq_copy_of(b->r, NULL, SEI_REACT_MIXTURES_MAX, sizeof *list);
    sei_status              st   = SEI_OK;

    if (!def || !list)
        return SEI_E_NOMEM;
    if (def->n)
        memcpy(list, def->solutions, def->n * sizeof *list);
    def->solutions = list;
    for (size_t i = 0; i < from->def->n && st == SEI_OK; i++) {
        const sei_pq_solid_solution *one = &from->def->solutions[i];
        size_t                       k   = 0;
        while (k < def->n && !sei_equal_nocase(list[k].name, one->name))
            k++;
        if (k == SEI_REACT_MIXTURES_MAX)
            return refuse_many(b, "solid solutions", SEI_REACT_MIXTURES_MAX);
        if (k == def->n) {
            list[k]   = *one;
            list[k].n = 0;
            list[k].members =
                pq_copy_of(b->r, NULL, SEI_REACT_MIXTURE_PARTS, sizeof *list[k].members);
            if (!list[k].members)
                return SEI_E_NOMEM;
            to->a0[k] = from->a0[i];
            to->a1[k] = from->a1[i];
            def->n++;
        }
        st = add_members(b, one, from->phase[i], from->mol[i], share, &list[k], to->phase[k],
                         to->mol[k]);
    }
    to->def = def;
    return st;
}

/* ------------------------------------------------------------------ kinetics */

/* Reactants of one name are one, with the parameters of the first; the times are those of the last. */
static sei_status add_kinetics(const pq_blending *b, const pq_kinetics *from, double share,
                               pq_kinetics *to)
{
    sei_pq_kinetics *def  = pq_copy_of(b->r, from->def, 1, sizeof *def);
    sei_pq_reactant *list = pq_copy_of(b->r, NULL, SEI_KINETICS_MAX, sizeof *list);

    if (!def || !list)
        return SEI_E_NOMEM;
    def->n = to->def ? to->def->n : 0;
    if (def->n)
        memcpy(list, to->def->reactants, def->n * sizeof *list);
    def->reactants = list;
    for (size_t i = 0; i < from->def->n; i++) {
        const sei_pq_reactant *one = &from->def->reactants[i];
        size_t                 k   = 0;
        while (k < def->n && !sei_equal_nocase(list[k].name, one->name))
            k++;
        if (k == SEI_KINETICS_MAX)
            return refuse_many(b, "reactants", SEI_KINETICS_MAX);
        if (k == def->n) {
            list[def->n++] = *one;
            list[k].m0     = 0.0;
            to->formula[k] = from->formula[i];
            to->rate[k]    = from->rate[i];
        }
        to->m[k] += share * from->m[i];
        list[k].m = to->start_m[k] = to->m[k];
        list[k].m0 += share * one->m0;
    }
    to->def = def;
    return SEI_OK;
}

/* ------------------------------------------------------------------ the block */

static sei_status add(const pq_blending *b, sei_pq_entity entity, const void *from, double share,
                      double before, void *to)
{
    switch (entity) {
    case SEI_PQ_EQUILIBRIUM_PHASES: return add_equilibrium(b, from, share, to);
    case SEI_PQ_EXCHANGE: return pq_add_exchange(b, from, share, to);
    case SEI_PQ_SURFACE: return pq_add_surfaces(b, from, share, to);
    case SEI_PQ_GAS_PHASE: return add_gas(b, from, share, before, to);
    case SEI_PQ_SOLID_SOLUTIONS: return add_solids(b, from, share, to);
    default: return add_kinetics(b, from, share, to);
    }
}

static sei_status sum_up(const pq_blending *b, sei_pq_entity entity, void *sum)
{
    const sei_pq_mix *mix    = b->block->as.mix;
    double            before = 0.0;
    sei_status        st     = SEI_OK;

    if (entity == SEI_PQ_SOLUTION) {
        pq_solution *water = sum;
        st                 = pq_mix_solutions(b->r, &b->block->where, mix->n, mix->parts, water);
        water->description = b->block->description;
        return st;
    }
    for (size_t i = 0; i < mix->n && st == SEI_OK; i++) {
        const void *from = pq_find(b->r, entity, mix->parts[i].solution);
        if (!from)
            return pq_fail_blend(b, SEI_E_NOT_FOUND, "%s %d is not defined",
                                 sei_pq_entity_name(entity), mix->parts[i].solution);
        if (!(mix->parts[i].fraction >= 0.0))
            return pq_fail_blend(b, SEI_E_RANGE, "a share of %g is negative",
                                 mix->parts[i].fraction);
        st = add(b, entity, from, mix->parts[i].fraction, before, sum);
        before += mix->parts[i].fraction;
    }
    if (st == SEI_OK && entity == SEI_PQ_GAS_PHASE)
        pq_resume_gas(b->r, sum);
    return st;
}

sei_status pq_blend(pq_runner *r, const sei_pq_block *block)
{
    const pq_blending   b      = {r, block};
    const sei_pq_entity entity = sei_pq_entity_with(block->keyword, "_MIX");
    void               *sum    = sei_alloc(r->ctx, 1, pq_size_of(entity));
    sei_status          st     = sum ? sum_up(&b, entity, sum) : SEI_E_NOMEM;

    for (int n = block->first; n <= block->last && st == SEI_OK; n++)
        st = pq_put(r, entity, n, sum);
    sei_release(r->ctx, sum);
    return st;
}
