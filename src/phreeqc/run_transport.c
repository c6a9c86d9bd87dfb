/*
 * run_transport.c - TRANSPORT: shifts from cell to cell, dispersive and diffusive mixing, stagnant cells, reaction
 *
 * The order of a shift is PHREEQC's (parkhurst2013, TRANSPORT).
 */
#include <math.h>

#include "phreeqc/implicit.h"

typedef struct {
    column                 *c;
    const sei_pq_transport *t;
    int                     shift;
    double                  part_s;     /* kinetic time of one part of a shift */
    double                  stagnant_s; /* the same in stagnant cells, which react in mixes alone */
    double                  share;      /* of a REACTION in each part */
    double                  now_s;
} shifting;

static double end_of_shift(const shifting *s)
{
    return s->c->initial_s + s->shift * s->t->time_step_s;
}

/* ------------------------------------------------------------------ parts of a shift */

static sei_status punch_end(const shifting *s, int cell)
{
    const pq_span span = {.shift = s->shift, .time_s = s->now_s};
    sei_status    st   = SEI_OK;

    if (!pq_is_punched(s->c, cell, s->shift))
        return SEI_OK;
    sei_react_forget(s->c->r->work);
    st = pq_run_column_cell(s->c, cell, &span);
    return st == SEI_OK ? pq_punch_column_cell(s->c, cell, s->shift, end_of_shift(s)) : st;
}

/* An end that a current changes reacts as cells do. */
static sei_status react_end(const shifting *s, int cell)
{
    const pq_span span = {
        .shift = s->shift, .dt_s = s->part_s, .time_s = s->now_s, .reaction = s->share};

    if (!s->c->multi || !pq_has_field(s->c, s->t))
        return SEI_OK;
    sei_react_forget(s->c->r->work);
    return pq_run_column_cell(s->c, cell, &span);
}

/* Reaction of all cells, after the mix of that number (0: after the flow). Water of the first one has been in it for half of the time. */
static sei_status react(shifting *s, bool is_advected, int mix, bool is_punched)
{
    const column    *c     = s->c;
    const int        first = s->t->direction >= 0 ? 1 : c->cells;
    const pq_span    span  = {.shift         = s->shift,
                              .dt_s          = s->part_s,
                              .time_s        = s->now_s,
                              .reaction      = s->share,
                              .is_on_the_way = mix < c->mixes && c->layers == 0};
    const sei_status st    = pq_run_column_cells(c, &span, is_advected && c->cells > 1 ? first : 0,
                                                 is_punched, end_of_shift(s));

    s->now_s += s->part_s;
    return st;
}

static sei_status mix_stagnant(const shifting *s, int mix)
{
    const bool    is_last   = mix >= s->c->mixes;
    const pq_span span      = {.shift  = s->shift,
                               .dt_s   = s->stagnant_s,
                               .time_s = end_of_shift(s) - s->t->time_step_s + (mix - 1) * s->stagnant_s,
                               .reaction = s->share,
                               .is_last  = is_last,
                               .end_s    = end_of_shift(s)};
    const bool    with_ends = s->c->mixes > 0;

    if (s->c->layers == 0)
        return SEI_OK;
    return pq_mix_stagnant(s->c, &span, with_ends && s->t->first != SEI_PQ_CLOSED,
                           with_ends && s->t->last != SEI_PQ_CLOSED);
}

/* Heat of all cells, each at equilibrium with its new temperature. */
static sei_status mix_heat(const shifting *s)
{
    const pq_span span = {.shift = s->shift, .time_s = s->now_s};
    sei_status    st   = SEI_OK;

    if (s->c->heat_mixes == 0 || (s->c->multi && s->t->multi.is_implicit))
        return SEI_OK;
    pq_mix_heat(s->c);
    sei_react_forget(s->c->r->work);
    for (int i = 1; i <= s->c->cells && st == SEI_OK; i++)
        st = pq_run_column_cell(s->c, i, &span);
    return st;
}

/* Reaction of all cells and of ends that a current changes, after the mix of that number. */
static sei_status react_after(shifting *s, int mix)
{
    const bool is_punched = mix == s->c->mixes && s->c->layers == 0;
    const int  last       = s->c->cells + 1;
    sei_status st         = react_end(s, 0);

    if (st == SEI_OK)
        st = react_end(s, last);
    if (st == SEI_OK && is_punched && s->t->first != SEI_PQ_CLOSED)
        st = punch_end(s, 0);
    if (st == SEI_OK)
        st = react(s, false, mix, is_punched);
    if (st == SEI_OK && is_punched && s->t->last != SEI_PQ_CLOSED)
        st = punch_end(s, last);
    return st;
}

static sei_status mix_and_react(shifting *s, int from, int to)
{
    sei_status st = SEI_OK;

    for (int k = from; k <= to && st == SEI_OK; k++) {
        st = mix_heat(s);
        if (st != SEI_OK)
            return st;
        if (s->c->multi)
            pq_multi_diffuse(s->c, s->stagnant_s);
        if (!s->c->multi || s->t->direction != 0)
            pq_mix_waters(s->c);
        st = react_after(s, k);
        if (st == SEI_OK)
            st = mix_stagnant(s, k);
    }
    return st;
}

static sei_status flow(shifting *s)
{
    column       *c     = s->c;
    const int     first = s->t->direction >= 0 ? 1 : c->cells;
    const pq_span half  = {.shift = s->shift, .dt_s = 0.5 * s->part_s, .time_s = s->now_s};
    sei_status    st    = SEI_OK;

    sei_react_forget(c->r->work);
    if (pq_find(c->r, SEI_PQ_KINETICS, first) && c->cells > 1)
        st = pq_run_column_cell(c, first, &half);
    if (st != SEI_OK)
        return st;
    pq_shift_waters(c);
    if (c->mixes == 0)
        st = mix_heat(s);
    if (st == SEI_OK)
        st = react(s, true, 0, c->mixes == 0 && c->layers == 0);
    return st == SEI_OK && c->mixes == 0 ? mix_stagnant(s, 1) : st;
}

static sei_status run_shift(shifting *s)
{
    column    *c = s->c;
    const bool diffusive =
        s->t->direction == 0 || s->t->first == SEI_PQ_CONSTANT || s->t->last == SEI_PQ_CONSTANT;
    const int  before = diffusive ? c->mixes / 2 : 0;
    sei_status st;

    s->now_s = c->initial_s + (s->shift - 1) * s->t->time_step_s;
    pq_mark_all(c);
    if (c->multi && pq_has_field(c, s->t)) {
        pq_mark_column_cell(c, 0);
        pq_mark_column_cell(c, c->cells + 1);
    }
    st = mix_and_react(s, 1, before);
    if (st == SEI_OK && s->t->direction != 0)
        st = flow(s);
    return st == SEI_OK ? mix_and_react(s, before + 1, c->mixes) : st;
}

/* ------------------------------------------------------------------ before the first shift */

/* Is there a cell that is brought to equilibrium before the first shift? */
static bool is_equilibrated(const shifting *s, int cell)
{
    const int last = s->c->cells + 1;

    return pq_water_of(s->c, cell) && !(cell == 0 && s->t->first == SEI_PQ_CLOSED) &&
           !(cell == last && s->t->last == SEI_PQ_CLOSED);
}

/* Cells of the column that hold what the one before holds, as they are before any is run. */
static void mark_alike(const shifting *s)
{
    column *c = s->c;

    c->has_alike = pq_has_cells_alike(c->r);
    for (int i = 0; i < (int)pq_column_size(c); i++) {
        c->group[i] = i;
        if (!is_equilibrated(s, i))
            continue;
        pq_mark_column_cell(c, i);
        pq_water_of(c, i)->state.is_warm = false;
        if (c->has_alike && i > 1 && i <= c->cells && pq_are_alike(c, i - 1, i))
            c->group[i] = i - 1;
    }
}

/* Every cell at equilibrium: the column, then the stagnant layers. Of cells that hold the same the first is run. */
static sei_status equilibrate(const shifting *s)
{
    column       *c    = s->c;
    const pq_span span = {.time_s = c->initial_s};
    sei_status    st   = SEI_OK;

    mark_alike(s);
    for (int i = 0; i < (int)pq_column_size(c) && st == SEI_OK; i++) {
        if (!is_equilibrated(s, i))
            continue;
        if (c->group[i] != i) {
            pq_copy_alike(c, i - 1, i);
        } else {
            sei_react_forget(c->r->work);
            st = pq_run_column_cell(c, i, &span);
        }
        if (st == SEI_OK)
            st = pq_punch_column_cell(c, i, 0, c->initial_s);
    }
    return st;
}

static void place_cells(column *c, const sei_pq_transport *t)
{
    double end = 0.0;

    for (int i = 1; i <= c->cells; i++) {
        c->distance[i] = end + 0.5 * pq_cell_length(t, i);
        end += pq_cell_length(t, i);
    }
    c->distance[c->cells + 1] = end;
    for (int n = 1; n <= c->layers; n++)
        for (int i = 1; i <= c->cells; i++)
            c->distance[pq_stagnant_cell(c, n, i)] = c->distance[i];
    for (int i = 0; i < (int)pq_column_size(c); i++)
        c->temp_c[i] = pq_water_of(c, i) ? pq_water_of(c, i)->temp_c : 0.0;
}

static sei_status check_options(const column *c, const sei_pq_transport *t)
{
    for (int i = 1; i <= c->cells; i++)
        if (!(pq_cell_length(t, i) > 0.0))
            return sei_fail(c->r->ctx, SEI_E_RANGE, &c->block->where,
                            "TRANSPORT: the length of cell %d must be above 0", i);
    if (t->multi.is_implicit && !t->multi.is_on)
        return sei_fail(c->r->ctx, SEI_E_MISSING, &c->block->where,
                        "TRANSPORT: -implicit is of -multi_d, which is not on");
    if (t->multi.is_implicit && t->multi.has_interlayer)
        return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                        "TRANSPORT: -interlayer_d is not part of -implicit");
    if (t->multi.is_on && c->r->input->scheme == SEI_PQ_IMPLICIT)
        return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                        "TRANSPORT: the implicit column has no -multi_d: leave --scheme implicit "
                        "out");
    return SEI_OK;
}

/* ------------------------------------------------------------------ the whole */

static sei_status find_factors(shifting *s)
{
    column    *c  = s->c;
    sei_status st = c->multi ? pq_find_multi_mixing(c, s->t) : pq_find_mixing(c, s->t);

    if (st == SEI_OK)
        st = pq_find_heat_mixing(c, s->t);
    if (st == SEI_OK && c->mixes == 0 && s->t->direction == 0)
        c->mixes = 1; /* nothing moves: the cells react where they are */
    const int mixes = c->mixes > 1 ? c->mixes : 1;
    s->share        = s->t->direction != 0 ? 1.0 / (1 + c->mixes) : 1.0 / mixes;
    s->part_s       = s->share * s->t->time_step_s;
    s->stagnant_s   = s->t->time_step_s / mixes;
    return st == SEI_OK ? pq_find_stagnant(c, s->t, s->stagnant_s) : st;
}

/* -dump: every so many shifts; the last one stays. */
static sei_status dump(const shifting *s)
{
    const sei_pq_transport *t   = s->t;
    const int               own = t->dump_frequency > 0 ? t->dump_frequency : t->shifts / 2;

    if (!t->dump || s->shift % (own > 0 ? own : 1) != 0)
        return SEI_OK;
    return pq_dump_cells(s->c->r, t->dump, (int)pq_column_size(s->c) - 1);
}

static sei_status march(shifting *s)
{
    sei_status st = find_factors(s);

    if (st == SEI_OK)
        st = pq_crew_create(s->c, (double)s->t->shifts * (s->c->mixes + 1));
    for (s->shift = s->t->first_shift > 1 ? s->t->first_shift : 1;
         s->shift <= s->t->shifts && st == SEI_OK; s->shift++) {
        st = run_shift(s);
        if (st == SEI_OK)
            st = dump(s);
        if (st == SEI_OK)
            st = pq_reached(s->c->r, (double)s->shift / s->t->shifts);
    }
    pq_crew_free(s->c);
    pq_multi_tell(s->c);
    return st;
}

static sei_status transport(column *c, const sei_pq_transport *t)
{
    shifting   s  = {.c = c, .t = t};
    sei_status st = equilibrate(&s);

    if (st == SEI_OK)
        st = c->r->input->scheme == SEI_PQ_IMPLICIT ? pq_march_implicit(c, t) : march(&s);
    c->r->total_time_s = c->initial_s + t->shifts * t->time_step_s;
    return st;
}

sei_status pq_keep_porosities(pq_runner *r, size_t n, bool anew)
{
    if (n > r->n_porosities) {
        double *grown = sei_resize(r->ctx, r->porosity, n, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        for (size_t i = r->n_porosities; i < n; i++)
            grown[i] = (double)NAN;
        r->porosity     = grown;
        r->n_porosities = n;
    }
    for (size_t i = 0; anew && i < r->n_porosities; i++)
        r->porosity[i] = (double)NAN;
    return SEI_OK;
}

sei_status pq_run_transport(pq_runner *r, const sei_pq_block *b)
{
    const sei_pq_transport *t   = b->as.transport;
    sei_pq_transport        own = *t;
    column                  c   = {.r         = r,
                                   .block     = b,
                                   .sampling  = &t->sampling,
                                   .state     = PQ_TRANSPORT,
                                   .cells     = t->cells,
                                   .direction = t->direction,
                                   .layers    = t->stagnant_layers,
                                   .initial_s = t->has_initial_time ? t->initial_time_s : r->total_time_s,
                                   .retardation = t->thermal_retardation,
                                   .with_ends   = true};
    sei_status              st  = pq_column_allocate(&c);

    r->n_transports++;
    if (st == SEI_OK)
        st = pq_keep_porosities(r, (size_t)t->cells,
                                r->last_transport &&
                                    r->last_transport->multi.porosities != t->multi.porosities);
    if (st == SEI_OK)
        st = pq_keep_diffusion(r);
    r->last_transport = t;
    if (st == SEI_OK)
        st = check_options(&c, t);
    if (st == SEI_OK)
        st = pq_check_cells(&c);
    if (st == SEI_OK)
        st = pq_check_ends(&c);
    if (st == SEI_OK)
        st = pq_prepare_field(&c, &own);
    if (st == SEI_OK && t->multi.is_on)
        st = pq_multi_create(&c, &own);
    if (st == SEI_OK) {
        place_cells(&c, &own);
        st = transport(&c, &own);
    }
    pq_multi_free(&c);
    pq_column_release(&c);
    return st;
}
