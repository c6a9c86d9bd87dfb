/* run_implicit_cell.c - a cell of the global implicit column: its conserved amounts, their dissolved part, slopes */
#include <math.h>
#include <string.h>

#include "phreeqc/implicit.h"

enum { ELECTRON = SEI_COMPONENTS_MAX, WATER };

static double *slot(sei_amounts *a, size_t component)
{
    return component == ELECTRON ? &a->electron
           : component == WATER  ? &a->water
                                 : &a->comp[component];
}

double pq_part_of(const implicit *s, const sei_amounts *a, size_t part)
{
    sei_amounts copy = *a;

    return *slot(&copy, s->part[part]);
}

static const pq_kinetics *kinetics_of(const implicit *s, int cell)
{
    return pq_find(s->c->r, SEI_PQ_KINETICS, cell);
}

static pq_cell entities_of(const implicit *s, int cell)
{
    const pq_runner *r = s->c->r;

    return (pq_cell){.solution    = pq_water_of(s->c, cell),
                     .exchange    = pq_find(r, SEI_PQ_EXCHANGE, cell),
                     .surface     = pq_find(r, SEI_PQ_SURFACE, cell),
                     .equilibrium = pq_find(r, SEI_PQ_EQUILIBRIUM_PHASES, cell),
                     .kinetics    = pq_find(r, SEI_PQ_KINETICS, cell)};
}

/* ------------------------------------------------------------------ parts in use */

static void mark(const sei_amounts *a, size_t n, bool in_use[])
{
    for (size_t k = 0; k < n; k++)
        in_use[k] = in_use[k] || a->comp[k] != 0.0;
}

static void mark_cell(const implicit *s, int cell, size_t n, bool in_use[])
{
    const pq_runner      *r        = s->c->r;
    const pq_exchange    *exchange = pq_find(r, SEI_PQ_EXCHANGE, cell);
    const pq_surface     *surface  = pq_find(r, SEI_PQ_SURFACE, cell);
    const pq_equilibrium *minerals = pq_find(r, SEI_PQ_EQUILIBRIUM_PHASES, cell);
    const pq_kinetics    *kinetics = kinetics_of(s, cell);

    mark(&pq_water_of(s->c, cell)->total, n, in_use);
    if (exchange)
        mark(&exchange->held, n, in_use);
    if (surface)
        mark(&surface->held, n, in_use);
    for (size_t i = 0; minerals && i < minerals->n; i++)
        for (size_t k = 0; minerals->minerals[i].phase != SIZE_MAX && k < n; k++)
            in_use[k] = in_use[k] || r->net->phases[minerals->minerals[i].phase].nu[k] != 0.0;
    for (size_t i = 0; kinetics && i < kinetics->def->n; i++)
        mark(&kinetics->formula[i], n, in_use);
}

sei_status pq_find_parts(implicit *s)
{
    const size_t n                          = s->c->r->net->n_comp;
    bool         in_use[SEI_COMPONENTS_MAX] = {false};

    for (int i = 0; i <= s->c->cells + 1; i++) {
        const pq_kinetics *k   = kinetics_of(s, i);
        const pq_cell      all = entities_of(s, i);
        mark_cell(s, i, n, in_use);
        if (k && k->def->n > s->n_kin)
            s->n_kin = k->def->n;
        if (pq_find(s->c->r, SEI_PQ_GAS_PHASE, i) || pq_find(s->c->r, SEI_PQ_SOLID_SOLUTIONS, i) ||
            pq_is_tied(&all))
            return sei_fail(s->c->r->ctx, SEI_E_UNSUPPORTED, &s->c->block->where,
                            "TRANSPORT: the implicit scheme has no gas phases, solid solutions or "
                            "surfaces tied "
                            "to minerals (cell %d): take the scheme split",
                            i);
    }
    for (size_t k = 0; k < n; k++)
        if (in_use[k] || k == n - 1)
            s->part[s->n_parts++] = k;
    s->part[s->n_parts++] = ELECTRON;
    s->part[s->n_parts++] = WATER;
    s->n                  = s->n_parts + s->n_kin;
    return SEI_OK;
}

/* ------------------------------------------------------------------ between entities and unknowns */

void pq_read_cells(implicit *s)
{
    for (int i = 1; i <= s->c->cells; i++) {
        const pq_exchange *exchange = pq_find(s->c->r, SEI_PQ_EXCHANGE, i);
        const pq_surface  *surface  = pq_find(s->c->r, SEI_PQ_SURFACE, i);
        const pq_kinetics *kinetics = kinetics_of(s, i);
        sei_amounts        all      = pq_water_of(s->c, i)->total;
        double            *y        = &s->y[(size_t)(i - 1) * s->n];
        if (exchange)
            sei_react_add_amounts(s->c->r->react, &exchange->held, 1.0, &all);
        if (surface)
            pq_add_surface(s->c->r, surface, &all);
        for (size_t p = 0; p < s->n_parts; p++)
            y[p] = pq_part_of(s, &all, p);
        memcpy(&s->zero[(size_t)(i - 1) * s->n_parts], y, s->n_parts * sizeof *y);
        for (size_t k = 0; k < s->n_kin; k++)
            y[s->n_parts + k] = kinetics && k < kinetics->def->n ? kinetics->m[k] : 0.0;
    }
}

static void change_of(const implicit *s, int cell, sei_amounts *ret)
{
    const double *y    = &s->y[(size_t)(cell - 1) * s->n];
    const double *zero = &s->zero[(size_t)(cell - 1) * s->n_parts];

    *ret = (sei_amounts){0};
    for (size_t p = 0; p < s->n_parts; p++)
        *slot(ret, s->part[p]) = y[p] - zero[p];
}

/* ------------------------------------------------------------------ slopes */

static const double near = 1e-5; /* ln units that a difference reaches over */

static double way(const implicit *s, const sei_react_state *from, const sei_react_state *to)
{
    double most = fabs(to->ln_ae - from->ln_ae);

    for (size_t k = 0; k < s->c->r->net->n_comp; k++)
        if (from->x[k] > -200.0)
            most = fmax(most, fabs(to->x[k] - from->x[k]));
    return most;
}

/* No more than what the stage starts with reacts away. */
static sei_status rates_at(const implicit *s, int cell, const sei_react_state *state,
                           const double m[], double ret_rate[])
{
    const pq_kinetics *k    = kinetics_of(s, cell);
    const double      *base = &s->base[(size_t)(cell - 1) * s->n + s->n_parts];
    double             held[SEI_KINETICS_MAX];
    sei_status         st;

    memset(ret_rate, 0, s->n_kin * sizeof *ret_rate);
    if (!k)
        return SEI_OK;
    for (size_t i = 0; i < k->def->n; i++)
        held[i] = fmax(0.0, m[i]);
    st = pq_rates_of(s->c->r, s->c->r->ctx, 0.0, state, held, ret_rate);
    for (size_t i = 0; i < k->def->n && st == SEI_OK; i++)
        ret_rate[i] = fmin(ret_rate[i], base[i] / s->dt_s);
    return st;
}

void pq_add_formulas(const implicit *s, int cell, const double by[], double parts[])
{
    const pq_kinetics *k = kinetics_of(s, cell);

    for (size_t i = 0; k && i < k->def->n; i++)
        for (size_t p = 0; p < s->n_parts; p++)
            parts[p] += by[i] * pq_part_of(s, &k->formula[i], p);
}

typedef struct {
    int                     cell;
    const sei_react_system *system;
    sei_react_state         state; /* at y */
    sei_react_state         moved;
} point;

/* Dissolved amounts and rates along one part: the difference to a neighbour near by. Where the equilibrium has no
 * slopes for it, all of it dissolves. */
static sei_status slope_by_part(implicit *s, point *at, size_t p)
{
    const size_t n = s->n_parts, cell = (size_t)(at->cell - 1);
    double      *by   = &s->water_by[cell * n * n], other[SEI_KINETICS_MAX];
    const double held = s->y[cell * s->n + p];
    double       step = 1e-9 * fmax(fabs(held), 1e-9 * s->size[p]);
    sei_amounts  one  = {0};
    sei_status   st   = SEI_OK;

    *slot(&one, s->part[p]) = 1.0;
    bool ok                 = (held != 0.0 || p + 3 >= n) &&
              sei_react_move(s->c->r->work, at->system, &one, step, &at->moved);
    if (ok) {
        step *= fmin(1e6, near / fmax(way(s, &at->state, &at->moved), 1e-30));
        ok = sei_react_move(s->c->r->work, at->system, &one, step, &at->moved);
    }
    for (size_t q = 0; q < n; q++)
        by[q * n + p] =
            ok ? (pq_part_of(s, &at->moved.water, q) - pq_part_of(s, &at->state.water, q)) / step
               : (double)(p == q);
    if (ok && s->n_kin > 0)
        st = rates_at(s, at->cell, &at->moved, &s->y[cell * s->n + n], other);
    for (size_t k = 0; k < s->n_kin && st == SEI_OK; k++)
        s->rate_by[(cell * s->n_kin + k) * s->n + p] =
            ok ? (other[k] - s->rate[cell * s->n_kin + k]) / step : 0.0;
    sei_react_move_back(s->c->r->work, at->system);
    return st;
}

static sei_status slope_by_reactant(implicit *s, point *at, size_t k)
{
    const size_t cell = (size_t)(at->cell - 1);
    double       m[SEI_KINETICS_MAX], other[SEI_KINETICS_MAX];

    memcpy(m, &s->y[cell * s->n + s->n_parts], s->n_kin * sizeof *m);
    const double step = 1e-6 * fmax(m[k], 1e-12);
    m[k] += step;
    const sei_status st = rates_at(s, at->cell, &at->state, m, other);
    for (size_t i = 0; i < s->n_kin && st == SEI_OK; i++)
        s->rate_by[(cell * s->n_kin + i) * s->n + s->n_parts + k] =
            (other[i] - s->rate[cell * s->n_kin + i]) / step;
    return st;
}

sei_status pq_evaluate_cell(implicit *s, int cell)
{
    pq_cell                all   = entities_of(s, cell);
    const size_t           at    = (size_t)(cell - 1);
    point                  here  = {.cell = cell};
    const sei_react_state *state = NULL;
    sei_amounts            change;

    change_of(s, cell, &change);
    pq_set_column_view(s->c, cell, s->shift, s->now_s);
    s->c->r->kinetic_start_s = s->now_s;
    sei_status st            = pq_try_cell(s->c->r, &all, &change, s->dt_s, &here.system, &state);
    if (st == SEI_E_NOT_CONVERGED && all.solution->state.is_warm) {
        all.solution->state.is_warm = false;
        st = pq_try_cell(s->c->r, &all, &change, s->dt_s, &here.system, &state);
    }
    if (st != SEI_OK)
        return st;
    here.state          = *state;
    here.moved          = *state;
    all.solution->state = *state; /* where the next one starts */
    for (size_t p = 0; p < s->n_parts; p++)
        s->water[(size_t)cell * s->n_parts + p] = pq_part_of(s, &here.state.water, p);
    st = rates_at(s, cell, &here.state, &s->y[at * s->n + s->n_parts], &s->rate[at * s->n_kin]);
    for (size_t p = 0; p < s->n_parts && st == SEI_OK; p++)
        st = slope_by_part(s, &here, p);
    for (size_t k = 0; k < s->n_kin && st == SEI_OK; k++)
        st = slope_by_reactant(s, &here, k);
    return st;
}

sei_status pq_keep_cell(implicit *s, int cell, const pq_span *span)
{
    pq_cell       all = entities_of(s, cell);
    const double *m   = &s->y[(size_t)(cell - 1) * s->n + s->n_parts];
    sei_amounts   change;

    change_of(s, cell, &change);
    sei_react_add_amounts(s->c->r->react, &change, 1.0, &all.solution->total);
    if (all.kinetics)
        for (size_t k = 0; k < all.kinetics->def->n; k++)
            all.kinetics->m[k] = fmax(0.0, m[k]);
    return pq_run_column_cell(s->c, cell, span);
}
