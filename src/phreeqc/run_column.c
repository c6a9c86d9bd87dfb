/*
 * run_column.c - ADVECTION and TRANSPORT: shifts from cell to cell, dispersive and diffusive mixing, reaction
 *
 * The order of a shift, the mixing factors and the number of mixes are PHREEQC's (parkhurst2013, "Transport in
 * dual porosity media" and TRANSPORT), so that numerical dispersion is the same.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "phreeqc/run_impl.h"

typedef struct {
    pq_runner             *r;
    const sei_pq_block    *block;
    const sei_pq_sampling *sampling;
    pq_state               state;
    int                    cells, direction;
    double                 initial_s;
    double                *distance; /* [cells + 2] of the middle of a cell */
    double                *temp_c;   /* [cells + 2] of the cell with its solids */
    double       retardation;   /* of heat: water that comes in gives most of it to the solids */
    double      *lower, *upper; /* [cells + 2] mixed in from the cell before, from the cell after */
    int          mixes;
    pq_solution *mixed;     /* [cells + 2] */
    bool         with_ends; /* cells 0 and cells + 1 are punched too */
} column;

/* ------------------------------------------------------------------ cells */

static pq_solution *water_of(const column *c, int cell)
{
    return pq_find(c->r, SEI_PQ_SOLUTION, cell);
}

static pq_cell cell_of(const column *c, int cell)
{
    const pq_runner *r = c->r;

    return (pq_cell){.solution    = water_of(c, cell),
                     .exchange    = pq_find(r, SEI_PQ_EXCHANGE, cell),
                     .surface     = pq_find(r, SEI_PQ_SURFACE, cell),
                     .equilibrium = pq_find(r, SEI_PQ_EQUILIBRIUM_PHASES, cell),
                     .gas         = pq_find(r, SEI_PQ_GAS_PHASE, cell),
                     .solids      = pq_find(r, SEI_PQ_SOLID_SOLUTIONS, cell),
                     .kinetics    = pq_find(r, SEI_PQ_KINETICS, cell)};
}

static sei_status check_cells(const column *c)
{
    static const sei_pq_entity refused[] = {SEI_PQ_MIX, SEI_PQ_REACTION,
                                            SEI_PQ_REACTION_TEMPERATURE};

    for (int i = 1; i <= c->cells; i++) {
        if (!water_of(c, i))
            return sei_fail(c->r->ctx, SEI_E_MISSING, &c->block->where,
                            "%s: solution %d is not defined", c->block->keyword, i);
        for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
            if (pq_find(c->r, refused[k], i))
                return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                                "%s: %s %d in a cell is not supported yet", c->block->keyword,
                                sei_pq_entity_name(refused[k]), i);
    }
    return SEI_OK;
}

/* What the inflow needs; without flow the ends are copies of their neighbours. */
static sei_status check_ends(const column *c)
{
    const int  inflow = c->direction >= 0 ? 0 : c->cells + 1;
    sei_status st     = SEI_OK;

    if (c->direction != 0 && !water_of(c, inflow))
        return sei_fail(c->r->ctx, SEI_E_MISSING, &c->block->where,
                        "%s: solution %d, the inflow, is not defined", c->block->keyword, inflow);
    if (!water_of(c, 0))
        st = pq_put(c->r, SEI_PQ_SOLUTION, 0, water_of(c, 1));
    if (st == SEI_OK && !water_of(c, c->cells + 1))
        st = pq_put(c->r, SEI_PQ_SOLUTION, c->cells + 1, water_of(c, c->cells));
    return st;
}

static bool is_punched(const column *c, int cell, int shift)
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

static void set_view(const column *c, int cell, int shift, double time_s)
{
    c->r->view = (pq_view){.state       = c->state,
                           .number      = cell,
                           .distance    = c->distance[cell],
                           .time_s      = time_s,
                           .sim_start_s = c->initial_s,
                           .step        = shift};
}

/* A cell takes on the temperature of its water by 1 / retardation of the difference. */
static double temperature(const column *c, int cell, int shift, double water_c)
{
    if (shift == 0 || cell < 1 || cell > c->cells || !(c->retardation > 0.0))
        return water_c;
    c->temp_c[cell] += (water_c - c->temp_c[cell]) / c->retardation;
    return c->temp_c[cell];
}

/* Equilibrium of a cell, or its way through dt_s; time_s is when that begins. A solution that has moved in may
 * be too far from the state that was here: then from a cold start. */
static sei_status run_cell(const column *c, int cell, int shift, double dt_s, double time_s)
{
    pq_cell all = cell_of(c, cell);

    c->r->kinetic_start_s = time_s;
    set_view(c, cell, shift, time_s);
    const double temp_c = temperature(c, cell, shift, all.solution->temp_c);
    sei_status   st     = pq_run_cell(c->r, &all, NULL, temp_c, dt_s);
    if (st == SEI_E_NOT_CONVERGED && all.solution->state.is_warm) {
        all.solution->state.is_warm = false;
        st                          = pq_run_cell(c->r, &all, NULL, temp_c, dt_s);
    }
    if (st == SEI_E_NOT_CONVERGED) {
        char text[400];
        snprintf(text, sizeof text, "%s", sei_ctx_error(c->r->ctx));
        return sei_fail(c->r->ctx, st, &c->block->where, "%s: shift %d, cell %d: %s",
                        c->block->keyword, shift, cell, text);
    }
    return st;
}

/* The row of a cell that was run just now. */
static sei_status punch(const column *c, int cell, int shift, double time_s)
{
    const pq_cell all = cell_of(c, cell);
    pq_view       view;

    if (!is_punched(c, cell, shift))
        return SEI_OK;
    set_view(c, cell, shift, time_s);
    view = c->r->view;
    pq_look_at_cell(c->r, &all, &view);
    return pq_punch(c->r, &view);
}

/* Totals move; the state stays as the guess for the next equilibrium. */
static void take_water(pq_solution *to, const pq_solution *from)
{
    to->total          = from->total;
    to->temp_c         = from->temp_c;
    to->description    = from->description;
    to->state.water_kg = from->state.water_kg;
}

/* Water that flows in is at equilibrium as it stands; only what holds sorbed amounts sets out from its own state. */
static void flow_in(const column *c, int to_cell, int from_cell)
{
    pq_solution       *to   = water_of(c, to_cell);
    const pq_solution *from = water_of(c, from_cell);

    take_water(to, from);
    if (pq_find(c->r, SEI_PQ_EXCHANGE, to_cell) || pq_find(c->r, SEI_PQ_SURFACE, to_cell))
        return;
    memcpy(to->state.x, from->state.x, sizeof to->state.x);
    to->state.ln_ae = from->state.ln_ae;
    to->state.ln_aw = from->state.ln_aw;
    to->state.mu    = from->state.mu;
}

static void shift_waters(const column *c)
{
    if (c->direction > 0)
        for (int i = c->cells; i >= 1; i--)
            flow_in(c, i, i - 1);
    else if (c->direction < 0)
        for (int i = 1; i <= c->cells; i++)
            flow_in(c, i, i + 1);
}

static void mark_all(const column *c)
{
    for (int i = 1; i <= c->cells; i++) {
        pq_cell cell = cell_of(c, i);
        pq_mark_start(&cell);
    }
}

static sei_status allocate(column *c, double length)
{
    const size_t n = (size_t)c->cells + 2;

    c->distance = sei_alloc(c->r->ctx, n, sizeof *c->distance);
    c->temp_c   = sei_alloc(c->r->ctx, n, sizeof *c->temp_c);
    c->lower    = sei_alloc(c->r->ctx, n, sizeof *c->lower);
    c->upper    = sei_alloc(c->r->ctx, n, sizeof *c->upper);
    c->mixed    = sei_alloc(c->r->ctx, n, sizeof *c->mixed);
    if (!c->distance || !c->temp_c || !c->lower || !c->upper || !c->mixed)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        c->distance[i] = (double)i * length;
    return SEI_OK;
}

static void release(column *c)
{
    sei_release(c->r->ctx, c->distance);
    sei_release(c->r->ctx, c->temp_c);
    sei_release(c->r->ctx, c->lower);
    sei_release(c->r->ctx, c->upper);
    sei_release(c->r->ctx, c->mixed);
}

/* ------------------------------------------------------------------ ADVECTION */

/* Without a time step the column of time counts shifts. */
static sei_status advect(const column *c, const sei_pq_advection *def)
{
    const double dt_s = def->has_time_step ? def->time_step_s : 0.0,
                 unit = def->has_time_step ? def->time_step_s : 1.0;
    sei_status st     = SEI_OK;

    for (int shift = 1; shift <= def->shifts && st == SEI_OK; shift++) {
        const double time_s = c->initial_s + unit * shift;
        shift_waters(c);
        mark_all(c);
        for (int i = 1; i <= c->cells && st == SEI_OK; i++) {
            st = run_cell(c, i, shift, dt_s, time_s - dt_s);
            if (st == SEI_OK)
                st = punch(c, i, shift, time_s);
        }
    }
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
                                   .initial_s = def->has_initial_time ? def->initial_time_s : 0.0};
    sei_status              st  = allocate(&c, 1.0);

    if (st == SEI_OK)
        st = check_cells(&c);
    if (st == SEI_OK)
        st = check_ends(&c);
    if (st == SEI_OK)
        st = advect(&c, def);
    release(&c);
    return st;
}

/* ------------------------------------------------------------------ mixing factors of TRANSPORT */

static double list_value(size_t n, const double *values, int cell, double fallback)
{
    if (n == 0)
        return fallback;
    return values[(size_t)cell <= n ? (size_t)cell - 1 : n - 1];
}

static double length_of(const sei_pq_transport *t, int cell)
{
    return list_value(t->n_lengths, t->lengths_m, cell, 1.0);
}

static double dispersivity_of(const sei_pq_transport *t, int cell)
{
    return list_value(t->n_dispersivities, t->dispersivities_m, cell, 0.0);
}

/* Share of its neighbour that a cell takes in during one time step, by dispersion and diffusion. */
static double exchange_of(const sei_pq_transport *t, int cell, int neighbour)
{
    const double l = length_of(t, cell), a = dispersivity_of(t, cell),
                 an   = dispersivity_of(t, neighbour);
    double resistance = 0.0, share = 0.0;

    if (a > 0.0)
        resistance += l / a;
    if (an > 0.0)
        resistance += length_of(t, neighbour) / an;
    if (t->direction != 0 && resistance > 0.0)
        share = 2.0 / resistance;
    return share + 2.0 * t->diffusion_m2_s * t->time_step_s / (l * l + l * length_of(t, neighbour));
}

/* The same with an end of constant concentration at the face of the cell. */
static double exchange_of_end(const sei_pq_transport *t, int cell)
{
    const double l = length_of(t, cell);

    return 2.0 * t->diffusion_m2_s * t->time_step_s / (l * l) +
           (t->direction != 0 ? dispersivity_of(t, cell) / l : 0.0);
}

/* A column between ends of flux loses dispersion at them: -correct_disp gives it back. */
static double correction_of(const column *c, const sei_pq_transport *t)
{
    if (!t->correct_dispersion || t->direction == 0)
        return 1.0;
    return 1.0 + ((t->first == SEI_PQ_FLUX) + (t->last == SEI_PQ_FLUX)) / (double)c->cells;
}

static void find_mixing(column *c, const sei_pq_transport *t)
{
    const double correction = correction_of(c, t);
    double       most       = 0.0;

    for (int i = 1; i <= c->cells; i++) {
        c->lower[i] = i > 1 ? exchange_of(t, i, i - 1) * correction : 0.0;
        c->upper[i] = i < c->cells ? exchange_of(t, i, i + 1) * correction : 0.0;
        if (i == 1 && t->first == SEI_PQ_CONSTANT)
            c->lower[i] = exchange_of_end(t, i);
        if (i == c->cells && t->last == SEI_PQ_CONSTANT)
            c->upper[i] = exchange_of_end(t, i);
        most = fmax(most, c->lower[i] + c->upper[i]);
    }
    c->mixes = most > 0.0 ? 1 + (int)floor(1.5 * most) : 0;
    if (c->mixes == 1 && t->direction != 0 &&
        (t->first == SEI_PQ_CONSTANT || t->last == SEI_PQ_CONSTANT))
        c->mixes = 2;
    for (int i = 1; i <= c->cells && c->mixes > 0; i++) {
        c->lower[i] /= c->mixes;
        c->upper[i] /= c->mixes;
    }
}

static void add_share(const column *c, int from, double share, pq_solution *to)
{
    const pq_solution *part = water_of(c, from);

    if (share == 0.0)
        return;
    sei_react_add_amounts(c->r->react, &part->total, share, &to->total);
    to->temp_c += share * part->temp_c;
    to->state.water_kg += share * part->state.water_kg;
}

/* All cells mix at once. */
static void mix_waters(const column *c)
{
    for (int i = 1; i <= c->cells; i++) {
        pq_solution *to    = &c->mixed[i];
        to->total          = (sei_amounts){0};
        to->temp_c         = 0.0;
        to->state.water_kg = 0.0;
        to->description    = water_of(c, i)->description;
        add_share(c, i - 1, c->lower[i], to);
        add_share(c, i + 1, c->upper[i], to);
        add_share(c, i, 1.0 - c->lower[i] - c->upper[i], to);
    }
    for (int i = 1; i <= c->cells; i++)
        take_water(water_of(c, i), &c->mixed[i]);
}

/* ------------------------------------------------------------------ TRANSPORT */

typedef struct {
    column                 *c;
    const sei_pq_transport *t;
    int                     shift;
    double                  part_s; /* kinetic time of one part of a shift */
    double                  now_s;
} shifting;

static sei_status punch_end(const shifting *s, int cell)
{
    sei_status st = SEI_OK;

    if (!is_punched(s->c, cell, s->shift))
        return SEI_OK;
    st = run_cell(s->c, cell, s->shift, 0.0, s->now_s);
    return st == SEI_OK
               ? punch(s->c, cell, s->shift, s->c->initial_s + s->shift * s->t->time_step_s)
               : st;
}

/* Reaction of all cells; the last part of a shift is punched. */
static sei_status react(shifting *s, double dt_s, bool is_advected, bool is_last)
{
    column      *c     = s->c;
    const int    first = s->t->direction >= 0 ? 1 : c->cells;
    const double end_s = c->initial_s + s->shift * s->t->time_step_s;
    sei_status   st    = is_last && s->t->first != SEI_PQ_CLOSED ? punch_end(s, 0) : SEI_OK;

    for (int i = 1; i <= c->cells && st == SEI_OK; i++) {
        /* Water of the first cell has been in it for half of the time. */
        const bool half = is_advected && i == first && c->cells > 1;
        st              = run_cell(c, i, s->shift, half ? 0.5 * dt_s : dt_s, s->now_s);
        if (st == SEI_OK && is_last)
            st = punch(c, i, s->shift, end_s);
    }
    s->now_s += dt_s;
    return st == SEI_OK && is_last && s->t->last != SEI_PQ_CLOSED ? punch_end(s, c->cells + 1) : st;
}

static sei_status mix_and_react(shifting *s, int from, int to)
{
    sei_status st = SEI_OK;

    for (int k = from; k <= to && st == SEI_OK; k++) {
        mix_waters(s->c);
        st = react(s, s->part_s, false, k == s->c->mixes);
    }
    return st;
}

static sei_status flow(shifting *s)
{
    column    *c     = s->c;
    const int  first = s->t->direction >= 0 ? 1 : c->cells;
    sei_status st    = SEI_OK;

    if (pq_find(c->r, SEI_PQ_KINETICS, first) && c->cells > 1)
        st = run_cell(c, first, s->shift, 0.5 * s->part_s, s->now_s);
    if (st != SEI_OK)
        return st;
    shift_waters(c);
    return react(s, s->part_s, true, c->mixes == 0);
}

static sei_status run_shift(shifting *s)
{
    column    *c = s->c;
    const bool diffusive =
        s->t->direction == 0 || s->t->first == SEI_PQ_CONSTANT || s->t->last == SEI_PQ_CONSTANT;
    const int  before = diffusive ? c->mixes / 2 : 0;
    sei_status st;

    s->now_s = c->initial_s + (s->shift - 1) * s->t->time_step_s;
    mark_all(c);
    st = mix_and_react(s, 1, before);
    if (st == SEI_OK && s->t->direction != 0)
        st = flow(s);
    return st == SEI_OK ? mix_and_react(s, before + 1, c->mixes) : st;
}

/* Every cell at equilibrium before the first shift. */
static sei_status equilibrate(shifting *s)
{
    column    *c  = s->c;
    sei_status st = SEI_OK;

    for (int i = 0; i <= c->cells + 1 && st == SEI_OK; i++) {
        pq_cell cell = cell_of(c, i);
        if ((i == 0 && s->t->first == SEI_PQ_CLOSED) ||
            (i == c->cells + 1 && s->t->last == SEI_PQ_CLOSED))
            continue;
        pq_mark_start(&cell);
        cell.solution->state.is_warm = false;
        st                           = run_cell(c, i, 0, 0.0, c->initial_s);
        if (st == SEI_OK)
            st = punch(c, i, 0, c->initial_s);
    }
    return st;
}

static void place_cells(column *c, const sei_pq_transport *t)
{
    double end = 0.0;

    for (int i = 1; i <= c->cells; i++) {
        c->distance[i] = end + 0.5 * length_of(t, i);
        end += length_of(t, i);
    }
    c->distance[c->cells + 1] = end;
}

static sei_status refuse(const column *c, const sei_pq_transport *t)
{
    if (t->stagnant_layers > 0)
        return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                        "TRANSPORT: stagnant cells are not supported yet");
    if (t->thermal_diffusion_m2_s > t->diffusion_m2_s)
        return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                        "TRANSPORT: thermal diffusion is not supported yet");
    if (t->direction != 0 && (t->first == SEI_PQ_CLOSED || t->last == SEI_PQ_CLOSED))
        sei_warn(c->r->ctx, &c->block->where,
                 "TRANSPORT: an end is not closed to flow: flux is assumed");
    for (int i = 1; i <= c->cells; i++)
        if (!(length_of(t, i) > 0.0))
            return sei_fail(c->r->ctx, SEI_E_RANGE, &c->block->where,
                            "TRANSPORT: the length of cell %d must be above 0", i);
    return SEI_OK;
}

static sei_status transport(column *c, const sei_pq_transport *t)
{
    shifting   s  = {.c = c, .t = t};
    sei_status st = equilibrate(&s);

    find_mixing(c, t);
    if (c->mixes > 100000)
        return sei_fail(c->r->ctx, SEI_E_RANGE, &c->block->where,
                        "TRANSPORT: %d mixes a shift: the time step is too long for the diffusion",
                        c->mixes);
    s.part_s = t->direction != 0 ? t->time_step_s / (1 + c->mixes)
                                 : t->time_step_s / (c->mixes > 1 ? c->mixes : 1);
    for (s.shift = 1; s.shift <= t->shifts && st == SEI_OK; s.shift++)
        st = run_shift(&s);
    c->r->total_time_s = c->initial_s + t->shifts * t->time_step_s;
    return st;
}

sei_status pq_run_transport(pq_runner *r, const sei_pq_block *b)
{
    const sei_pq_transport *t = b->as.transport;
    sei_pq_transport        flux;
    column                  c  = {.r         = r,
                                  .block     = b,
                                  .sampling  = &t->sampling,
                                  .state     = PQ_TRANSPORT,
                                  .cells     = t->cells,
                                  .direction = t->direction,
                                  .initial_s = t->has_initial_time ? t->initial_time_s : r->total_time_s,
                                  .retardation = t->thermal_retardation,
                                  .with_ends   = true};
    sei_status              st = allocate(&c, 1.0);

    r->n_transports++;
    if (st == SEI_OK)
        st = refuse(&c, t);
    if (st == SEI_OK)
        st = check_cells(&c);
    if (st == SEI_OK)
        st = check_ends(&c);
    if (st == SEI_OK) {
        flux = *t;
        if (t->direction != 0 && t->first == SEI_PQ_CLOSED)
            flux.first = SEI_PQ_FLUX;
        if (t->direction != 0 && t->last == SEI_PQ_CLOSED)
            flux.last = SEI_PQ_FLUX;
        place_cells(&c, t);
        for (int i = 0; i <= c.cells + 1; i++)
            c.temp_c[i] = water_of(&c, i)->temp_c;
        st = transport(&c, &flux);
    }
    release(&c);
    return st;
}
