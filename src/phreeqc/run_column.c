/* run_column.c - the cells of a column, shifts from one to the next, ADVECTION */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "phreeqc/column.h"

enum { ANCHORS_MAX = 1000 }; /* two of some 15 kB each */

/* ------------------------------------------------------------------ cells */

pq_solution *pq_water_of(const column *c, int cell)
{
    return pq_find(c->r, SEI_PQ_SOLUTION, cell);
}

int pq_stagnant_cell(const column *c, int layer, int cell)
{
    return cell + 1 + layer * c->cells;
}

size_t pq_column_size(const column *c)
{
    return (size_t)c->cells * (size_t)(1 + c->layers) + 2;
}

pq_cell pq_cell_of(const column *c, int cell)
{
    const pq_runner *r = c->r;

    return (pq_cell){.solution    = pq_water_of(c, cell),
                     .exchange    = pq_find(r, SEI_PQ_EXCHANGE, cell),
                     .surface     = pq_find(r, SEI_PQ_SURFACE, cell),
                     .equilibrium = pq_find(r, SEI_PQ_EQUILIBRIUM_PHASES, cell),
                     .gas         = pq_find(r, SEI_PQ_GAS_PHASE, cell),
                     .solids      = pq_find(r, SEI_PQ_SOLID_SOLUTIONS, cell),
                     .kinetics    = pq_find(r, SEI_PQ_KINETICS, cell)};
}

sei_status pq_check_cells(const column *c)
{
    for (int i = 1; i <= c->cells; i++)
        if (!pq_water_of(c, i))
            return sei_fail(c->r->ctx, SEI_E_MISSING, &c->block->where,
                            "%s: solution %d is not defined", c->block->keyword, i);
    return SEI_OK;
}

/* What the inflow needs; without flow the ends are copies of their neighbours. */
sei_status pq_check_ends(const column *c)
{
    const int  inflow = c->direction >= 0 ? 0 : c->cells + 1;
    sei_status st     = SEI_OK;

    if (c->direction != 0 && !pq_water_of(c, inflow))
        return sei_fail(c->r->ctx, SEI_E_MISSING, &c->block->where,
                        "%s: solution %d, the inflow, is not defined", c->block->keyword, inflow);
    if (!pq_water_of(c, 0))
        st = pq_put(c->r, SEI_PQ_SOLUTION, 0, pq_water_of(c, 1));
    if (st == SEI_OK && !pq_water_of(c, c->cells + 1))
        st = pq_put(c->r, SEI_PQ_SOLUTION, c->cells + 1, pq_water_of(c, c->cells));
    return st;
}

bool pq_is_punched(const column *c, int cell, int shift)
{
    if (shift % c->sampling->punch_frequency != 0)
        return false;
    if (c->sampling->n_punch == 0)
        return c->with_ends || (cell > 0 && cell <= c->cells);
    for (size_t i = 0; i < c->sampling->n_punch; i++)
        if (cell >= c->sampling->punch[i].first && cell <= c->sampling->punch[i].last)
            return true;
    return false;
}

static const sei_pq_reaction *reaction_in(const column *c, int cell)
{
    const sei_pq_reaction *const *reaction = pq_find(c->r, SEI_PQ_REACTION, cell);

    return reaction ? *reaction : NULL;
}

void pq_set_column_view(const column *c, int cell, int shift, double time_s)
{
    const sei_pq_reaction *reaction = reaction_in(c, cell);

    c->r->view = (pq_view){.state        = c->state,
                           .number       = cell,
                           .distance     = c->distance[cell],
                           .time_s       = time_s,
                           .sim_start_s  = c->initial_s,
                           .step         = shift,
                           .has_reaction = reaction != NULL};
    if (reaction)
        c->r->view.reaction_mol = pq_step_value(&reaction->steps, 1, c->r->incremental);
}

/* A cell takes on the temperature of its water (or of its REACTION_TEMPERATURE) by 1 / retardation of the difference. */
static double temperature(const column *c, int cell, int shift, double water_c)
{
    const sei_pq_ramp *const *ramp = pq_find(c->r, SEI_PQ_REACTION_TEMPERATURE, cell);
    const double              to_c = ramp ? pq_step_temperature(&(*ramp)->steps, 1) : water_c;

    if (shift == 0 || cell < 1 || cell == c->cells + 1 || !(c->retardation > 0.0))
        return to_c;
    c->temp_c[cell] += (to_c - c->temp_c[cell]) / c->retardation;
    return c->temp_c[cell];
}

/* A share of the first step of the REACTION with the number of the cell. */
static sei_status reaction_of(const column *c, int cell, double share, sei_amounts *ret)
{
    const sei_pq_reaction *reaction = reaction_in(c, cell);

    *ret = (sei_amounts){0};
    if (!reaction || share == 0.0)
        return SEI_OK;
    return pq_reaction_amounts(c->r, reaction,
                               share * pq_step_value(&reaction->steps, 1, c->r->incremental), ret);
}

static void start_from(sei_react_state *to, const sei_react_start *from)
{
    memcpy(to->x, from->x, sizeof to->x);
    to->ln_ae = from->ln_ae;
    to->ln_aw = from->ln_aw;
    to->mu    = from->mu;
}

sei_react_anchor *pq_anchor_of(const column *c, int cell)
{
    return cell <= c->cells ? sei_react_anchor_at(c->anchors[c->present], (size_t)cell) : NULL;
}

static const sei_react_anchor *anchor_before(const column *c, int cell)
{
    return sei_react_anchor_at(c->anchors[1 - c->present], (size_t)cell);
}

/* Where water has flowed in, what was here and what was where it comes from is that of before the flow. */
static void set_anchors(const column *c, int cell, const pq_solution *water)
{
    c->r->anchor = c->r->ret_anchor = pq_anchor_of(c, cell);
    c->r->inflow_anchor             = NULL;
    if (!water->state.has_inflow || cell > c->cells)
        return;
    c->r->anchor        = anchor_before(c, cell);
    c->r->inflow_anchor = anchor_before(c, c->direction >= 0 ? cell - 1 : cell + 1);
}

/* A solution that has moved in may be too far from the state that was here: then from a cold start. */
sei_status pq_run_column_cell(const column *c, int cell, const pq_span *span)
{
    const sei_pq_ramp *const *pressure = pq_find(c->r, SEI_PQ_REACTION_PRESSURE, cell);
    pq_cell                   all      = pq_cell_of(c, cell);
    sei_amounts               reaction;
    sei_status                st = reaction_of(c, cell, span->reaction, &reaction);

    if (st != SEI_OK)
        return st;
    c->r->kinetic_start_s = span->time_s;
    pq_set_column_view(c, cell, span->shift, span->time_s);
    const double temp_c = temperature(c, cell, span->shift, all.solution->temp_c);
    pq_apply_pressure(c->r, pressure ? *pressure : NULL, 1, all.gas);
    c->r->is_on_the_way = span->is_on_the_way;
    c->r->may_rest      = span->may_rest && !c->multi && !reaction_in(c, cell);
    set_anchors(c, cell, all.solution);
    st = pq_run_cell(c->r, &all, &reaction, temp_c, span->dt_s);
    if (st == SEI_E_NOT_CONVERGED && all.solution->state.is_warm) {
        if (all.solution->state.has_inflow)
            start_from(&all.solution->state, &all.solution->state.inflow);
        all.solution->state.is_warm = all.solution->state.has_inflow = false;
        st = pq_run_cell(c->r, &all, &reaction, temp_c, span->dt_s);
    }
    c->r->anchor = c->r->inflow_anchor = c->r->ret_anchor = NULL;
    c->r->may_rest = c->r->is_on_the_way = false;
    c->r->reaction_pressure_atm          = 0.0;
    if (st == SEI_OK && c->multi)
        pq_multi_look(c, cell);
    if (st == SEI_E_NOT_CONVERGED) {
        char text[400];
        snprintf(text, sizeof text, "%s", sei_ctx_error(c->r->ctx));
        return sei_fail(c->r->ctx, st, &c->block->where, "%s: shift %d, cell %d: %s",
                        c->block->keyword, span->shift, cell, text);
    }
    return st;
}

/* The row of a cell that was run just now. */
sei_status pq_punch_column_cell(const column *c, int cell, int shift, double time_s)
{
    const pq_cell all = pq_cell_of(c, cell);
    pq_view       view;

    if (!pq_is_punched(c, cell, shift))
        return SEI_OK;
    pq_set_column_view(c, cell, shift, time_s);
    view = c->r->view;
    pq_look_at_cell(c->r, &all, &view);
    return pq_punch(c->r, &view);
}

/* Totals move; the state stays as the guess for the next equilibrium. */
void pq_take_water(pq_solution *to, const pq_solution *from)
{
    to->total          = from->total;
    to->temp_c         = from->temp_c;
    to->pressure_atm   = from->pressure_atm;
    to->description    = from->description;
    to->state.water_kg = from->state.water_kg;
}

/* Minerals that a water has come from are here too: it is at equilibrium here as well, as it seems. */
static bool finds_its_minerals(const column *c, int to_cell, int from_cell)
{
    const pq_equilibrium *to   = pq_find(c->r, SEI_PQ_EQUILIBRIUM_PHASES, to_cell),
                         *from = pq_find(c->r, SEI_PQ_EQUILIBRIUM_PHASES, from_cell);

    if (!c->is_plain || !to || !from || to->n != from->n ||
        (c->retardation > 0.0 && c->temp_c[to_cell] != pq_water_of(c, from_cell)->temp_c))
        return false;
    for (size_t i = 0; i < to->n; i++)
        if (to->minerals[i].phase != from->minerals[i].phase ||
            (to->minerals[i].mol > 0.0 && !(from->minerals[i].mol > 0.0)))
            return false;
    return true;
}

/* Water that flows in is at equilibrium as it stands: a start beside that of the water that was here. What holds sorbed
 * amounts sets out from its own state. */
static void flow_in(const column *c, int to_cell, int from_cell)
{
    pq_solution           *to   = pq_water_of(c, to_cell);
    const pq_solution     *from = pq_water_of(c, from_cell);
    const sei_react_state *s    = &from->state;

    pq_take_water(to, from);
    to->state.has_inflow = false;
    if (pq_find(c->r, SEI_PQ_EXCHANGE, to_cell) || pq_find(c->r, SEI_PQ_SURFACE, to_cell))
        return;
    if (s->is_warm && finds_its_minerals(c, to_cell, from_cell)) {
        to->state            = *s;
        to->state.has_inflow = false;
        sei_react_anchor_drop(pq_anchor_of(c, to_cell));
        return;
    }
    sei_react_start *inflow = &to->state.inflow;
    memcpy(inflow->x, s->x, sizeof s->x);
    inflow->ln_ae      = s->ln_ae;
    inflow->ln_aw      = s->ln_aw;
    inflow->mu         = s->mu;
    inflow->n_minerals = s->n_minerals;
    memcpy(inflow->mineral_phase, s->mineral_phase, sizeof s->mineral_phase);
    memcpy(inflow->mineral_active, s->mineral_active, sizeof s->mineral_active);
    if (to->state.is_warm)
        to->state.has_inflow = true;
    else
        start_from(&to->state, inflow);
}

void pq_shift_waters(column *c)
{
    c->present = 1 - c->present;
    if (c->direction > 0)
        for (int i = c->cells; i >= 1; i--)
            flow_in(c, i, i - 1);
    else if (c->direction < 0)
        for (int i = 1; i <= c->cells; i++)
            flow_in(c, i, i + 1);
}

void pq_mark_column_cell(const column *c, int cell)
{
    pq_cell all = pq_cell_of(c, cell);

    pq_mark_start(&all);
}

void pq_mark_all(const column *c)
{
    for (int i = 1; i < (int)pq_column_size(c); i++)
        if (i != c->cells + 1)
            pq_mark_column_cell(c, i);
}

/* Cells of water and minerals alone start where they were. */
static sei_status allocate_anchors(column *c)
{
    static const sei_pq_entity more[] = {SEI_PQ_KINETICS, SEI_PQ_EXCHANGE, SEI_PQ_SURFACE,
                                         SEI_PQ_GAS_PHASE, SEI_PQ_SOLID_SOLUTIONS};

    c->is_plain = true;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        c->is_plain = c->is_plain && c->r->store[more[i]].n == 0;
    if (!c->is_plain || c->cells > ANCHORS_MAX)
        return SEI_OK;
    for (size_t i = 0; i < 2; i++) {
        const sei_status st =
            sei_react_anchors_create(c->r->ctx, c->r->react, (size_t)c->cells + 2, &c->anchors[i]);
        if (st != SEI_OK)
            return st;
    }
    return SEI_OK;
}

sei_status pq_column_allocate(column *c)
{
    const size_t n = pq_column_size(c);

    c->distance   = sei_alloc(c->r->ctx, n, sizeof *c->distance);
    c->temp_c     = sei_alloc(c->r->ctx, n, sizeof *c->temp_c);
    c->lower      = sei_alloc(c->r->ctx, n, sizeof *c->lower);
    c->upper      = sei_alloc(c->r->ctx, n, sizeof *c->upper);
    c->heat_lower = sei_alloc(c->r->ctx, n, sizeof *c->heat_lower);
    c->heat_upper = sei_alloc(c->r->ctx, n, sizeof *c->heat_upper);
    c->mixed      = sei_alloc(c->r->ctx, n, sizeof *c->mixed);
    c->stagnant   = sei_alloc(c->r->ctx, n, sizeof *c->stagnant);
    c->group      = sei_alloc(c->r->ctx, n, sizeof *c->group);
    return c->distance && c->temp_c && c->lower && c->upper && c->heat_lower && c->heat_upper &&
                   c->mixed && c->stagnant && c->group
               ? allocate_anchors(c)
               : SEI_E_NOMEM;
}

void pq_column_release(column *c)
{
    sei_release(c->r->ctx, c->distance);
    sei_release(c->r->ctx, c->temp_c);
    sei_release(c->r->ctx, c->lower);
    sei_release(c->r->ctx, c->upper);
    sei_release(c->r->ctx, c->heat_lower);
    sei_release(c->r->ctx, c->heat_upper);
    sei_release(c->r->ctx, c->mixed);
    sei_release(c->r->ctx, c->stagnant);
    sei_release(c->r->ctx, c->group);
    sei_react_anchors_free(c->r->ctx, c->anchors[0]);
    sei_react_anchors_free(c->r->ctx, c->anchors[1]);
}

/* ------------------------------------------------------------------ ADVECTION */

/* The MIX with the number of a cell takes the place of its water. */
static sei_status mix_in(const column *c, int cell)
{
    const sei_pq_mix *const *mix = pq_find(c->r, SEI_PQ_MIX, cell);
    pq_solution             *to  = pq_water_of(c, cell);
    pq_solution              sum;

    if (!mix)
        return SEI_OK;
    const sei_status st = pq_mix_solutions(c->r, &c->block->where, (*mix)->n, (*mix)->parts, &sum);
    if (st == SEI_OK)
        pq_take_water(to, &sum);
    return st;
}

/* MIX takes in neighbours as they are at that moment: one cell after the other. */
static sei_status mix_and_run(const column *c, const pq_span *span, double end_s)
{
    sei_status st = SEI_OK;

    for (int i = 1; i <= c->cells && st == SEI_OK; i++) {
        st = mix_in(c, i);
        if (st == SEI_OK)
            st = pq_run_column_cell(c, i, span);
        if (st == SEI_OK)
            st = pq_punch_column_cell(c, i, span->shift, end_s);
    }
    return st;
}

/* Without a time step the column of time counts shifts. */
static sei_status advect(column *c, const sei_pq_advection *def)
{
    const double dt_s  = def->has_time_step ? def->time_step_s : 0.0,
                 unit  = def->has_time_step ? def->time_step_s : 1.0;
    const bool has_mix = c->r->store[SEI_PQ_MIX].n > 0;
    sei_status st      = has_mix ? SEI_OK : pq_crew_create(c, def->shifts);

    for (int shift = 1; shift <= def->shifts && st == SEI_OK; shift++) {
        const double  end_s = c->initial_s + unit * shift;
        const pq_span span  = {
             .shift = shift, .dt_s = dt_s, .time_s = end_s - dt_s, .reaction = 1.0};
        pq_shift_waters(c);
        pq_mark_all(c);
        st = has_mix ? mix_and_run(c, &span, end_s) : pq_run_column_cells(c, &span, 0, true, end_s);
        if (st == SEI_OK)
            st = pq_reached(c->r, (double)shift / def->shifts);
    }
    pq_crew_free(c);
    c->r->total_time_s = c->initial_s + unit * def->shifts;
    return st;
}

sei_status pq_run_advection(pq_runner *r, const sei_pq_block *b)
{
    const sei_pq_advection *def = b->as.advection;
    column                  c   = {.r         = r,
                                   .block     = b,
                                   .sampling  = &def->sampling,
                                   .state     = PQ_ADVECTION,
                                   .cells     = def->cells,
                                   .direction = 1,
                                   .initial_s = def->has_initial_time ? def->initial_time_s : r->total_time_s};
    sei_status              st  = pq_column_allocate(&c);

    for (size_t i = 0; i < pq_column_size(&c) && st == SEI_OK; i++)
        c.distance[i] = (double)i;
    if (st == SEI_OK)
        st = pq_check_cells(&c);
    if (st == SEI_OK)
        st = pq_check_ends(&c);
    if (st == SEI_OK)
        st = advect(&c, def);
    pq_column_release(&c);
    return st;
}
