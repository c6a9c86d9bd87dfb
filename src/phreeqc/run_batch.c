/* run_batch.c - the batch reaction of a simulation: what is in use, through its steps */
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "phreeqc/run_impl.h"

/* Copies of what is in use, so that what is stored stays as it is. */
typedef struct {
    pq_solution    solution;
    pq_exchange    exchange;
    pq_surface     surface;
    pq_equilibrium equilibrium;
    pq_gas         gas;
    pq_solids      solids;
    pq_kinetics    kinetics;
} bundle;

typedef struct {
    pq_runner             *r;
    pq_cell                cell; /* points into now */
    const sei_pq_reaction *reaction;
    const sei_pq_ramp     *ramp, *pressures;
    int                    number;
    size_t                 n_steps;
    bundle start, now; /* of what is in use; the last members, they are not cleared */
} batch;

/* ------------------------------------------------------------------ loading */

static sei_status load(batch *b, sei_pq_entity entity, void *to, bool *ret_has)
{
    const pq_use *use = &b->r->use[entity];

    *ret_has = use->is_set && !use->is_none;
    if (!*ret_has)
        return SEI_OK;
    const void *item = pq_find(b->r, entity, use->number);
    if (!item)
        return sei_fail(b->r->ctx, SEI_E_NOT_FOUND, NULL, "%s %d is used but not defined",
                        sei_pq_entity_name(entity), use->number);
    memcpy(to, item, pq_size_of(entity));
    return SEI_OK;
}

sei_status pq_mix_solutions(pq_runner *r, const sei_where *where, size_t n,
                            const sei_pq_part parts[], pq_solution *ret_solution)
{
    pq_solution sum  = {0};
    double      heat = 0.0, best = 0.0, kg = 0.0, pressure = 0.0;

    for (size_t i = 0; i < n; i++) {
        const pq_solution *part = pq_find(r, SEI_PQ_SOLUTION, parts[i].solution);
        if (!part)
            return sei_fail(r->ctx, SEI_E_NOT_FOUND, where, "MIX: solution %d is not defined",
                            parts[i].solution);
        sei_react_add_amounts(r->react, &part->total, parts[i].fraction, &sum.total);
        heat += part->temp_c * part->state.water_kg * parts[i].fraction;
        kg += part->state.water_kg * parts[i].fraction;
        pressure += part->pressure_atm * part->state.water_kg * parts[i].fraction;
        if (fabs(parts[i].fraction) > best) {
            best             = fabs(parts[i].fraction);
            sum.state        = part->state;
            sum.description  = part->description;
            sum.temp_c       = part->temp_c;
            sum.pressure_atm = part->pressure_atm;
        }
    }
    if (kg > 0.0) {
        sum.temp_c       = heat / kg;
        sum.pressure_atm = pressure / kg;
    }
    sum.state.water_kg = kg;
    sum.initial        = NULL;
    sum.state.is_warm  = false;
    *ret_solution      = sum;
    return SEI_OK;
}

static sei_status load_water(batch *b)
{
    const sei_pq_mix *mix = NULL;
    bool              has;
    sei_status        st = load(b, SEI_PQ_MIX, &mix, &has);

    if (st == SEI_OK && has) {
        b->number = b->r->use[SEI_PQ_MIX].number;
        return pq_mix_solutions(b->r, NULL, mix->n, mix->parts, &b->start.solution);
    }
    b->number = b->r->use[SEI_PQ_SOLUTION].number;
    if (st == SEI_OK)
        st = load(b, SEI_PQ_SOLUTION, &b->start.solution, &has);
    if (st == SEI_OK)
        b->start.solution.state.is_warm = false;
    return st;
}

/* Everything in use as it was at the start. */
static void return_to_start(batch *b)
{
    const pq_cell *c = &b->cell;

    b->now.solution = b->start.solution;
    if (c->exchange)
        b->now.exchange = b->start.exchange;
    if (c->surface)
        b->now.surface = b->start.surface;
    if (c->equilibrium)
        b->now.equilibrium = b->start.equilibrium;
    if (c->gas)
        b->now.gas = b->start.gas;
    if (c->solids)
        b->now.solids = b->start.solids;
    if (c->kinetics)
        b->now.kinetics = b->start.kinetics;
}

static sei_status load_all(batch *b)
{
    pq_cell *c                        = &b->cell;
    bool     has[SEI_PQ_ENTITY_COUNT] = {false};
    const struct {
        sei_pq_entity entity;
        void         *to;
    } rows[] = {
        {SEI_PQ_EXCHANGE, &b->start.exchange},
        {SEI_PQ_SURFACE, &b->start.surface},
        {SEI_PQ_EQUILIBRIUM_PHASES, &b->start.equilibrium},
        {SEI_PQ_GAS_PHASE, &b->start.gas},
        {SEI_PQ_SOLID_SOLUTIONS, &b->start.solids},
        {SEI_PQ_KINETICS, &b->start.kinetics},
        {SEI_PQ_REACTION, &b->reaction},
        {SEI_PQ_REACTION_TEMPERATURE, &b->ramp},
        {SEI_PQ_REACTION_PRESSURE, &b->pressures},
    };
    sei_status st = load_water(b);

    for (size_t i = 0; i < sizeof rows / sizeof *rows && st == SEI_OK; i++)
        st = load(b, rows[i].entity, rows[i].to, &has[rows[i].entity]);
    c->solution    = &b->now.solution;
    c->exchange    = has[SEI_PQ_EXCHANGE] ? &b->now.exchange : NULL;
    c->surface     = has[SEI_PQ_SURFACE] ? &b->now.surface : NULL;
    c->equilibrium = has[SEI_PQ_EQUILIBRIUM_PHASES] ? &b->now.equilibrium : NULL;
    c->gas         = has[SEI_PQ_GAS_PHASE] ? &b->now.gas : NULL;
    c->solids      = has[SEI_PQ_SOLID_SOLUTIONS] ? &b->now.solids : NULL;
    c->kinetics    = has[SEI_PQ_KINETICS] ? &b->now.kinetics : NULL;
    if (st == SEI_OK)
        return_to_start(b);
    return st;
}

/* ------------------------------------------------------------------ steps */

static size_t count_steps(const sei_pq_steps *s)
{
    return s->is_equal ? s->n_equal : s->n;
}

/* Amount of reaction or time that step (from 1) stands for; whole since the start, or since the step before. */
double pq_step_value(const sei_pq_steps *s, size_t step, bool incremental)
{
    const size_t n = count_steps(s);

    if (incremental && step > n) /* as in PHREEQC: a list goes on with its last */
        return s->is_equal ? 0.0 : s->values[n - 1];
    if (s->is_equal)
        return incremental ? s->values[0] / (double)n
                           : s->values[0] * (double)(step < n ? step : n) / (double)n;
    return s->values[(step < n ? step : n) - 1];
}

double pq_step_temperature(const sei_pq_steps *s, size_t step)
{
    const size_t n = count_steps(s);

    if (step > n)
        step = n;
    if (!s->is_equal)
        return s->values[step - 1];
    return n == 1 ? s->values[0]
                  : s->values[0] +
                        (s->values[1] - s->values[0]) * (double)(step - 1) / (double)(n - 1);
}

sei_status pq_reaction_amounts(pq_runner *r, const sei_pq_reaction *reaction, double mol,
                               sei_amounts *ret)
{
    sei_status st = SEI_OK;

    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; reaction && i < reaction->n && st == SEI_OK; i++)
        st = pq_add_named(r, &reaction->reactants[i].where, reaction->reactants[i].name,
                          mol * reaction->reactants[i].value, ret);
    return st;
}

/* Time of kinetics; -time_step of RUN_CELLS is parted into as many steps as there are in all. */
static double step_time(const batch *b, size_t step)
{
    const sei_pq_steps *own   = &b->cell.kinetics->def->steps;
    const sei_pq_cells *cells = b->r->cells;
    double              value = cells ? cells->step_s : 0.0;
    const sei_pq_steps  parts = {.n = 1, .values = &value, .is_equal = true, .n_equal = b->n_steps};

    return pq_step_value(cells && cells->has_step ? &parts : own, step, b->r->incremental);
}

void pq_apply_pressure(pq_runner *r, const sei_pq_ramp *ramp, size_t step, pq_gas *gas)
{
    r->reaction_pressure_atm = ramp ? pq_step_temperature(&ramp->steps, step) : 0.0;
    if (ramp && gas && !gas->def->is_fixed_volume)
        gas->pressure_atm = r->reaction_pressure_atm;
}

static sei_status run_step(batch *b, size_t step, double *time_s)
{
    pq_runner   *r = b->r;
    const double amount =
        b->reaction ? pq_step_value(&b->reaction->steps, step, r->incremental) : 0.0;
    const double dt_s = b->cell.kinetics ? step_time(b, step) : 0.0;
    const double temp_c =
        b->ramp ? pq_step_temperature(&b->ramp->steps, step) : b->now.solution.temp_c;
    sei_amounts reaction;

    sei_status st = pq_reaction_amounts(r, b->reaction, amount, &reaction);
    if (st != SEI_OK)
        return st;
    pq_apply_pressure(r, b->pressures, step, b->cell.gas);
    r->kinetic_start_s = r->incremental ? *time_s : 0.0;
    r->view            = (pq_view){.state        = PQ_REACTION,
                                   .number       = b->number,
                                   .distance     = (double)NAN,
                                   .time_s       = r->kinetic_start_s,
                                   .total_time_s = r->total_time_s,
                                   .step         = (int)step,
                                   .reaction_mol = amount,
                                   .has_reaction = b->reaction != NULL};
    pq_mark_start(&b->cell);
    st                       = pq_run_cell(r, &b->cell, &reaction, temp_c, dt_s);
    r->reaction_pressure_atm = 0.0;
    if (st != SEI_OK)
        return st;
    *time_s         = r->kinetic_start_s + dt_s;
    r->batch_time_s = *time_s;
    pq_view view    = r->view;
    view.time_s     = *time_s;
    view.kin_time_s = dt_s;
    pq_look_at_cell(r, &b->cell, &view);
    return pq_punch(r, &view);
}

/* Without INCREMENTAL_REACTIONS every step starts anew; the solution of the step before is a good guess. */
static sei_status walk(batch *b)
{
    double     time_s = 0.0;
    sei_status st     = SEI_OK;

    for (size_t step = 1; step <= b->n_steps && st == SEI_OK; step++) {
        if (step > 1 && !b->r->incremental) {
            const sei_react_state guess = b->now.solution.state;
            return_to_start(b);
            b->now.solution.state = guess;
        }
        st = run_step(b, step, &time_s);
        if (st != SEI_OK && step > 1 && !b->r->incremental) { /* once more from the start itself */
            return_to_start(b);
            b->now.solution.state.is_warm = false;
            st                            = run_step(b, step, &time_s);
        }
        if (st == SEI_OK)
            st = pq_reached(b->r, (double)step / (double)b->n_steps);
    }
    return st;
}

/* ------------------------------------------------------------------ SAVE */

static const void *item_of(const batch *b, sei_pq_entity entity)
{
    switch (entity) {
    case SEI_PQ_SOLUTION: return &b->now.solution;
    case SEI_PQ_EXCHANGE: return b->cell.exchange;
    case SEI_PQ_SURFACE: return b->cell.surface;
    case SEI_PQ_EQUILIBRIUM_PHASES: return b->cell.equilibrium;
    case SEI_PQ_GAS_PHASE: return b->cell.gas;
    case SEI_PQ_SOLID_SOLUTIONS: return b->cell.solids;
    default: return NULL;
    }
}

/* RUN_CELLS: everything of a cell is kept in it. */
static sei_status save_cell(batch *b)
{
    sei_status st = SEI_OK;

    for (int e = 0; e < SEI_PQ_ENTITY_COUNT && st == SEI_OK; e++) {
        const void *item = item_of(b, (sei_pq_entity)e);
        if (item)
            st = pq_put(b->r, (sei_pq_entity)e, b->r->saves_to, item);
    }
    return st == SEI_OK && b->cell.kinetics
               ? pq_put(b->r, SEI_PQ_KINETICS, b->r->saves_to, b->cell.kinetics)
               : st;
}

/* What SAVE names; kinetic reactants keep what they have become without being told to. */
static sei_status save_all(batch *b)
{
    const sei_pq_simulation *simulation = &b->r->input->simulations[b->r->simulation - 1];
    sei_status               st         = SEI_OK;

    if (b->cell.kinetics)
        st = pq_put(b->r, SEI_PQ_KINETICS, b->r->use[SEI_PQ_KINETICS].number, b->cell.kinetics);
    for (size_t i = 0; i < simulation->n && st == SEI_OK; i++) {
        const sei_pq_block *block = &simulation->blocks[i];
        if (block->kind != SEI_PQ_BLOCK_SAVE)
            continue;
        const sei_pq_target *target = block->as.target;
        const void          *item   = item_of(b, target->entity);
        if (!item) {
            sei_warn(b->r->ctx, &block->where, "SAVE: no %s was in use",
                     sei_pq_entity_name(target->entity));
            continue;
        }
        for (int n = target->first; n <= target->last && st == SEI_OK; n++)
            st = pq_put(b->r, target->entity, n, item);
    }
    return st;
}

static bool is_used(const pq_runner *r, sei_pq_entity entity)
{
    return r->use[entity].is_set && !r->use[entity].is_none;
}

/* There is something to react with, and a water; a cell of RUN_CELLS may be a water alone. */
static bool is_wanted(const pq_runner *r)
{
    bool any = false;

    for (int e = 0; e < SEI_PQ_ENTITY_COUNT; e++)
        any = any || (e != SEI_PQ_SOLUTION && is_used(r, (sei_pq_entity)e));
    return (any || r->cells) && (is_used(r, SEI_PQ_SOLUTION) || is_used(r, SEI_PQ_MIX));
}

sei_status pq_run_batch(pq_runner *r)
{
    batch     *b  = is_wanted(r) ? sei_resize(r->ctx, NULL, 1, sizeof *b) : NULL;
    sei_status st = SEI_OK;

    if (!is_wanted(r))
        return SEI_OK;
    if (!b)
        return SEI_E_NOMEM;
    memset(b, 0, offsetof(batch, start));
    b->r = r;
    st   = load_all(b);
    if (st == SEI_OK) {
        b->n_steps = 1;
        if (b->reaction && count_steps(&b->reaction->steps) > b->n_steps)
            b->n_steps = count_steps(&b->reaction->steps);
        if (b->cell.kinetics && count_steps(&b->cell.kinetics->def->steps) > b->n_steps)
            b->n_steps = count_steps(&b->cell.kinetics->def->steps);
        if (b->ramp && count_steps(&b->ramp->steps) > b->n_steps)
            b->n_steps = count_steps(&b->ramp->steps);
        if (b->pressures && count_steps(&b->pressures->steps) > b->n_steps)
            b->n_steps = count_steps(&b->pressures->steps);
        st = walk(b);
    }
    if (st == SEI_OK)
        st = r->saves_to >= 0 ? save_cell(b) : save_all(b);
    sei_release(r->ctx, b);
    return st;
}

/* The lowest number of a water or a mixture from n on; INT_MAX: none. */
static int next_cell(const pq_runner *r, int n)
{
    static const sei_pq_entity waters[] = {SEI_PQ_SOLUTION, SEI_PQ_MIX};
    int                        best     = INT_MAX;

    for (size_t w = 0; w < 2; w++) {
        const pq_store *s = &r->store[waters[w]];
        for (size_t i = 0; i < s->n; i++)
            if (s->entries[i].number >= n && s->entries[i].number < best)
                best = s->entries[i].number;
    }
    return best;
}

sei_status pq_run_cells(pq_runner *r, const sei_pq_block *block)
{
    const sei_pq_cells *cells = block->as.cells;
    sei_status          st    = SEI_OK;

    r->cells = cells;
    if (cells->has_start)
        r->total_time_s = cells->start_s;
    for (size_t i = 0; i < cells->n; i++)
        for (int n                                         = next_cell(r, cells->ranges[i].first);
             n <= cells->ranges[i].last && st == SEI_OK; n = next_cell(r, n + 1)) {
            for (int e = 0; e < SEI_PQ_ENTITY_COUNT; e++)
                r->use[e] = (pq_use){pq_find(r, (sei_pq_entity)e, n) != NULL, false, n};
            r->saves_to = n;
            st          = pq_run_batch(r);
        }
    r->total_time_s += r->batch_time_s; /* that of the last cell, as PHREEQC counts */
    r->saves_to = -1;
    r->cells    = NULL;
    return st;
}
