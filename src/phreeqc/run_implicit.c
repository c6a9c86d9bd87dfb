/*
 * run_implicit.c - a column solved as a whole, without operator split, to verify the split by
 *
 * All cells at once: dy/dt = flow in - flow out - reaction, with water's part of y found by equilibrium in each cell.
 * Space: central differences over equal cells (second order). Time: the L-stable diagonally implicit Runge-Kutta method of
 * two stages and order two (alexander1977), each stage by Newton's method with the slopes of the equilibria and a block
 * tridiagonal solution. Reactions of kinetics are in the same equations.
 */
#include <math.h>
#include <string.h>

#include "num/blocktri.h"
#include "phreeqc/implicit.h"

enum { ITERATIONS_MAX = 40, HALVINGS_MAX = 12 };

/* 1 - 1/sqrt 2 (alexander1977, theorem 5). */
static const double gamma_stage = 0.292893218813452475599;

/* ------------------------------------------------------------------ flow */

/* The end's water itself at the face: what flows in, and what flows out at an end of constant concentration. */
static void add_end(const implicit *s, int face, double *up, double *down)
{
    const double          l = pq_cell_length(s->t, 1), direction = s->c->direction;
    const sei_pq_boundary kind      = face == 0 ? s->t->first : s->t->last;
    const bool            is_inflow = face == 0 ? direction > 0 : direction < 0,
               is_lower             = (face == 0) == (is_inflow || kind == SEI_PQ_CONSTANT);
    double share                    = 0.0;

    if (kind == SEI_PQ_CONSTANT) /* half a cell away */
        share =
            2.0 * s->t->diffusion_m2_s * s->t->time_step_s / (l * l) +
            (direction != 0.0 ? 2.0 * pq_cell_dispersivity(s->t, face == 0 ? 1 : face) / l : 0.0);
    *up   = share + (is_lower ? direction : 0.0);
    *down = share - (is_lower ? 0.0 : direction);
}

/*
 * In one time step of the input up[f] of the water in cell f passes the face above it, and down[f] of that in cell f + 1
 * comes back: the mean of both flows (central differences), dispersion and diffusion exchange.
 */
static void find_flow(implicit *s)
{
    const int    n    = s->c->cells;
    const double half = 0.5 * s->c->direction;

    for (int face = 1; face < n; face++) {
        const double share = pq_exchange_share(s->t, face, face + 1);
        s->up[face]        = share + half;
        s->down[face]      = share - half;
    }
    add_end(s, 0, &s->up[0], &s->down[0]);
    add_end(s, n, &s->up[n], &s->down[n]);
}

/* ------------------------------------------------------------------ a stage */

/* What a cell gains in dt_s, of all its parts and reactants. */
static void gain_of(const implicit *s, int cell, double ret[])
{
    const size_t  n     = s->n_parts;
    const double  share = s->dt_s / s->t->time_step_s;
    const double *below = &s->water[(size_t)(cell - 1) * n], *own = below + n, *above = own + n,
                 *rate = &s->rate[(size_t)(cell - 1) * s->n_kin];
    double moles[SEI_KINETICS_MAX];

    for (size_t p = 0; p < n; p++)
        ret[p] = share * (s->up[cell - 1] * below[p] - s->down[cell - 1] * own[p] -
                          s->up[cell] * own[p] + s->down[cell] * above[p]);
    for (size_t k = 0; k < s->n_kin; k++) {
        moles[k]   = s->dt_s * rate[k];
        ret[n + k] = -moles[k];
    }
    pq_add_formulas(s, cell, moles, ret);
}

/* block[p][q] -= factor d water[p] / d y[q] of a cell */
static void subtract_water(const implicit *s, int cell, double factor, double block[])
{
    const size_t  n  = s->n_parts;
    const double *by = &s->water_by[(size_t)(cell - 1) * n * n];

    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            block[p * s->n + q] -= factor * by[p * n + q];
}

static void subtract_rates(const implicit *s, int cell, double block[])
{
    const size_t  n  = s->n;
    const double *by = &s->rate_by[(size_t)(cell - 1) * s->n_kin * n];
    double        moles[SEI_KINETICS_MAX], parts[PQ_PARTS_MAX];

    for (size_t q = 0; q < n && s->n_kin > 0; q++) {
        memset(parts, 0, sizeof parts);
        for (size_t k = 0; k < s->n_kin; k++) {
            moles[k] = s->dt_s * by[k * n + q];
            block[(s->n_parts + k) * n + q] += moles[k];
        }
        pq_add_formulas(s, cell, moles, parts);
        for (size_t p = 0; p < s->n_parts; p++)
            block[p * n + q] -= parts[p];
    }
}

/* Row of blocks of a cell, and minus its residual. */
static void assemble(implicit *s, int cell)
{
    const size_t n = s->n, at = (size_t)(cell - 1), block = n * n;
    const double share = s->dt_s / s->t->time_step_s;
    double      *rhs   = &s->rhs[at * n];

    memset(&s->lower[at * block], 0, block * sizeof *s->lower);
    memset(&s->diag[at * block], 0, block * sizeof *s->diag);
    memset(&s->upper[at * block], 0, block * sizeof *s->upper);
    for (size_t p = 0; p < n; p++)
        s->diag[at * block + p * n + p] = 1.0;
    if (cell > 1)
        subtract_water(s, cell - 1, share * s->up[cell - 1], &s->lower[at * block]);
    if (cell < s->c->cells)
        subtract_water(s, cell + 1, share * s->down[cell], &s->upper[at * block]);
    subtract_water(s, cell, -share * (s->down[cell - 1] + s->up[cell]), &s->diag[at * block]);
    subtract_rates(s, cell, &s->diag[at * block]);
    gain_of(s, cell, rhs);
    for (size_t p = 0; p < n; p++)
        rhs[p] += s->base[at * n + p] - s->y[at * n + p];
}

/* Elements stay above nothing. Returns the largest change as a share of what there is anywhere. */
static double apply(implicit *s)
{
    double most = 0.0;

    for (size_t i = 0; i < (size_t)s->c->cells * s->n; i++) {
        const size_t p   = i % s->n;
        const double was = s->y[i];
        if (p < s->n_parts)
            most = fmax(most, fabs(s->rhs[i]) / s->size[p]);
        s->y[i] += s->rhs[i];
        if (p + 3 < s->n_parts && s->y[i] < 0.05 * was)
            s->y[i] = 0.05 * was;
    }
    return most;
}

/* With y as base + gain of the last evaluation what leaves a cell comes into the next one to the last digit. */
static void balance(implicit *s)
{
    for (int cell = 1; cell <= s->c->cells; cell++) {
        double *y = &s->y[(size_t)(cell - 1) * s->n];
        gain_of(s, cell, y);
        for (size_t p = 0; p < s->n; p++) {
            y[p] += s->base[(size_t)(cell - 1) * s->n + p];
            if (p + 3 < s->n_parts && y[p] < 0.0)
                y[p] = 0.0;
        }
    }
}

static const double enough = 1e-9; /* of the amounts: the residual that is left is far below */

static sei_status solve_stage(implicit *s)
{
    double change = (double)INFINITY;

    for (int k = 0; k < ITERATIONS_MAX; k++) {
        sei_status st = SEI_OK;
        for (int i = 1; i <= s->c->cells && st == SEI_OK; i++)
            st = pq_evaluate_cell(s, i);
        if (st != SEI_OK)
            return st;
        for (int i = 1; i <= s->c->cells; i++)
            assemble(s, i);
        if (!sei_blocktri_solve((size_t)s->c->cells, s->n, s->lower, s->diag, s->upper, s->rhs,
                                s->pivot, s->scratch))
            break;
        change = apply(s);
        if (!isfinite(change))
            break;
        if (change < enough) {
            balance(s);
            return SEI_OK;
        }
    }
    return sei_fail(s->c->r->ctx, SEI_E_NOT_CONVERGED, &s->c->block->where,
                    "TRANSPORT: shift %d: the implicit column is not solved after %d iterations "
                    "(last change %.2g)",
                    s->shift, (int)ITERATIONS_MAX, change);
}

/* ------------------------------------------------------------------ a step */

static sei_status try_step(implicit *s, double dt_s)
{
    const size_t n     = (size_t)s->c->cells * s->n;
    const double start = s->now_s;

    s->dt_s = gamma_stage * dt_s;
    memcpy(s->base, s->start, n * sizeof *s->base);
    s->now_s      = start + gamma_stage * dt_s;
    sei_status st = solve_stage(s);
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        s->base[i] += (1.0 - gamma_stage) / gamma_stage * (s->y[i] - s->start[i]);
    s->now_s = start + dt_s;
    if (st == SEI_OK)
        st = solve_stage(s);
    if (st != SEI_OK)
        s->now_s = start;
    return st;
}

static sei_status keep(implicit *s, bool is_end)
{
    const pq_span span = {.shift = s->shift, .time_s = s->now_s};
    sei_status    st   = SEI_OK;

    for (int i = 1; i <= s->c->cells && st == SEI_OK; i++) {
        st = pq_keep_cell(s, i, &span);
        if (st == SEI_OK && is_end)
            st = pq_punch_column_cell(s->c, i, s->shift, s->now_s);
    }
    pq_read_cells(s);
    return st;
}

/* Amounts that changes are small beside: the largest anywhere, at least a trace of the solutes. */
static void find_sizes(implicit *s)
{
    double solutes = 0.0;

    for (size_t p = 0; p < s->n_parts; p++) {
        s->size[p] = fabs(s->water[p]);
        s->size[p] = fmax(s->size[p], fabs(s->water[((size_t)s->c->cells + 1) * s->n_parts + p]));
        for (size_t i = 0; i < (size_t)s->c->cells; i++)
            s->size[p] = fmax(s->size[p], fabs(s->y[i * s->n + p]));
        if (p + 3 < s->n_parts)
            solutes = fmax(solutes, s->size[p]);
    }
    for (size_t p = 0; p < s->n_parts; p++)
        s->size[p] = fmax(s->size[p], (p + 3 < s->n_parts ? 1e-6 : 1e-3) * solutes + 1e-14);
}

/* A step that is not found is taken in halves. */
static sei_status step(implicit *s, double dt_s, bool is_end, int halvings)
{
    const size_t bytes = (size_t)s->c->cells * s->n * sizeof *s->y;

    memcpy(s->start, s->y, bytes);
    find_sizes(s);
    sei_status st = try_step(s, dt_s);
    if (st == SEI_OK)
        return keep(s, is_end);
    if (st != SEI_E_NOT_CONVERGED || halvings == HALVINGS_MAX)
        return st;
    memcpy(s->y, s->start, bytes);
    st = step(s, 0.5 * dt_s, false, halvings + 1);
    return st == SEI_OK ? step(s, 0.5 * dt_s, is_end, halvings + 1) : st;
}

/* ------------------------------------------------------------------ the whole */

static sei_status refuse(const column *c, const char *what, const char *fix)
{
    return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                    "TRANSPORT: the implicit scheme has no %s: %s", what, fix);
}

/* Central differences swing where a cell is longer than twice the dispersivity. */
static sei_status check_peclet(const column *c, const sei_pq_transport *t)
{
    const double l = pq_cell_length(t, 1);

    for (int i = 2; i <= c->cells; i++)
        if (pq_cell_length(t, i) != l)
            return refuse(c, "cells of unequal length", "give all the same");
    for (int i = 1; i < c->cells && c->direction != 0; i++)
        if (pq_exchange_share(t, i, i + 1) < 0.5)
            return sei_fail(c->r->ctx, SEI_E_RANGE, &c->block->where,
                            "TRANSPORT: the implicit scheme needs cells of at most %.3g m between "
                            "cells %d and %d, "
                            "twice the dispersivity with the part of diffusion; they are %.3g m",
                            2.0 * l * pq_exchange_share(t, i, i + 1), i, i + 1, l);
    return SEI_OK;
}

static sei_status check(const column *c, const sei_pq_transport *t)
{
    static const sei_pq_entity without[] = {SEI_PQ_REACTION, SEI_PQ_REACTION_TEMPERATURE};
    const double               temp_c    = pq_water_of(c, 0)->temp_c;

    if (c->layers > 0)
        return refuse(c, "stagnant cells", "take the scheme split");
    if (!(t->time_step_s > 0.0))
        return sei_fail(c->r->ctx, SEI_E_RANGE, &c->block->where,
                        "TRANSPORT: the implicit scheme needs a -time_step above 0");
    for (int i = 1; i <= c->cells + 1; i++) {
        if (fabs(pq_water_of(c, i)->temp_c - temp_c) > 1e-6)
            return refuse(c, "transport of heat",
                          "give all waters one temperature, or take the scheme split");
        for (size_t k = 0; k < sizeof without / sizeof *without; k++)
            if (pq_find(c->r, without[k], i))
                return refuse(c, "REACTION or REACTION_TEMPERATURE in cells",
                              "take the scheme split");
    }
    return check_peclet(c, t);
}

enum { ARRAYS = 15 };

/* The arrays of doubles and their lengths. */
static void list_arrays(implicit *s, double **ret_array[ARRAYS], size_t ret_length[ARRAYS])
{
    const size_t cells = (size_t)s->c->cells, n = s->n, parts = s->n_parts, kin = s->n_kin;
    const struct {
        double **array;
        size_t   length;
    } rows[ARRAYS] = {
        {&s->start, cells * n},
        {&s->y, cells * n},
        {&s->base, cells * n},
        {&s->rhs, cells * n},
        {&s->zero, cells * parts},
        {&s->water, (cells + 2) * parts},
        {&s->water_by, cells * parts * parts},
        {&s->rate, cells * kin + 1},
        {&s->rate_by, cells * kin * n + 1},
        {&s->lower, cells * n * n},
        {&s->diag, cells * n * n},
        {&s->upper, cells * n * n},
        {&s->scratch, n},
        {&s->up, cells + 1},
        {&s->down, cells + 1},
    };

    for (size_t i = 0; i < ARRAYS; i++) {
        ret_array[i]  = rows[i].array;
        ret_length[i] = rows[i].length;
    }
}

static sei_status allocate(implicit *s)
{
    double **array[ARRAYS];
    size_t   length[ARRAYS];
    bool     ok = true;

    list_arrays(s, array, length);
    for (size_t i = 0; i < ARRAYS; i++) {
        *array[i] = sei_alloc(s->c->r->ctx, length[i], sizeof(double));
        ok        = ok && *array[i];
    }
    s->pivot = sei_alloc(s->c->r->ctx, s->n, sizeof *s->pivot);
    return ok && s->pivot ? SEI_OK : SEI_E_NOMEM;
}

static void release(implicit *s)
{
    double **array[ARRAYS];
    size_t   length[ARRAYS];

    list_arrays(s, array, length);
    for (size_t i = 0; i < ARRAYS; i++)
        sei_release(s->c->r->ctx, *array[i]);
    sei_release(s->c->r->ctx, s->pivot);
}

static void set_ends(implicit *s)
{
    for (int end = 0; end <= s->c->cells + 1; end += s->c->cells + 1)
        for (size_t p = 0; p < s->n_parts; p++)
            s->water[(size_t)end * s->n_parts + p] =
                pq_part_of(s, &pq_water_of(s->c, end)->total, p);
}

static sei_status punch_end(const implicit *s, int cell)
{
    const pq_span span = {.shift = s->shift, .time_s = s->now_s};
    sei_status    st   = SEI_OK;

    if ((cell == 0 ? s->t->first : s->t->last) == SEI_PQ_CLOSED ||
        !pq_is_punched(s->c, cell, s->shift))
        return SEI_OK;
    st = pq_run_column_cell(s->c, cell, &span);
    return st == SEI_OK ? pq_punch_column_cell(s->c, cell, s->shift, s->now_s) : st;
}

/* Substeps of -time_step part a shift. */
static sei_status run_shift(implicit *s)
{
    const int  parts = (int)ceil(s->t->substeps);
    sei_status st    = SEI_OK;

    pq_mark_all(s->c);
    s->now_s = s->c->initial_s + (s->shift - 1) * s->t->time_step_s;
    st       = punch_end(s, 0);
    for (int k = 1; k <= parts && st == SEI_OK; k++)
        st = step(s, s->t->time_step_s / parts, k == parts, 0);
    return st == SEI_OK ? punch_end(s, s->c->cells + 1) : st;
}

sei_status pq_march_implicit(const column *c, const sei_pq_transport *t)
{
    implicit       s      = {.c = c, .t = t};
    const pq_view *before = c->r->now;
    sei_status     st     = check(c, t);

    if (st == SEI_OK)
        st = pq_find_parts(&s);
    if (st == SEI_OK)
        st = allocate(&s);
    if (st == SEI_OK) {
        find_flow(&s);
        set_ends(&s);
        pq_read_cells(&s);
    }
    for (s.shift = 1; s.shift <= t->shifts && st == SEI_OK; s.shift++) {
        st = run_shift(&s);
        if (st == SEI_OK)
            st = pq_reached(c->r, (double)s.shift / t->shifts);
    }
    c->r->now = before;
    release(&s);
    return st;
}
