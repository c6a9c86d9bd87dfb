/* inverse_program.c - rows and columns of an inverse problem */
#include "phreeqc/inverse_program.h"

#include <math.h>
#include <string.h>

enum { ROWS_MAX = SEI_LP_ROWS_MAX, COLS_MAX = SEI_LP_COLS_MAX };

/* ------------------------------------------------------------------ unknowns */

double sei_inverse_fall(const sei_inverse_problem *p, size_t balance, size_t water)
{
    const sei_inverse_balance *b     = &p->balances[balance];
    const double               total = fabs(b->total[water]), limit = b->limit[water];

    if (b->total[water] == 0.0)
        return 0.0;
    return b->is_alkalinity || limit <= total ? 1.0 : (total + p->tolerance_mol) / limit;
}

static size_t *new_columns(sei_arena *arena, size_t n)
{
    size_t *columns = sei_arena_alloc(arena, n + 1, sizeof *columns);

    for (size_t i = 0; columns && i < n; i++)
        columns[i] = SIZE_MAX;
    return columns;
}

static size_t pair(sei_inverse_program *g)
{
    const size_t first = g->cols;

    g->cols += 2;
    return first;
}

static void number_isotopes(sei_inverse_program *g)
{
    const sei_inverse_problem *p  = g->p;
    size_t                     at = 0;

    for (size_t i = 0; i < p->n_isotopes; i++) {
        const sei_inverse_isotope *iso = &p->isotopes[i];
        g->first_ratio[i]              = at;
        for (size_t k = 0; k < iso->n * p->n_waters; k++, at++)
            if (isfinite(iso->ratio[k]) && iso->limit[k] > 0.0)
                g->ratio_move[at] = pair(g);
        for (size_t f = 0; f < p->n_phases; f++)
            if (isfinite(p->phases[f].ratio[i]) && p->phases[f].limit[i] > 0.0)
                g->phase_ratio_move[f * p->n_isotopes + i] = pair(g);
    }
}

static bool number_columns(sei_inverse_program *g, sei_arena *arena)
{
    const sei_inverse_problem *p = g->p;
    size_t                     n = 0;

    for (size_t i = 0; i < p->n_isotopes; i++)
        n += p->isotopes[i].n * p->n_waters;
    g->move             = new_columns(arena, p->n_balances * p->n_waters);
    g->ph_move          = new_columns(arena, p->n_waters);
    g->ratio_move       = new_columns(arena, n);
    g->phase_ratio_move = new_columns(arena, p->n_phases * p->n_isotopes);
    g->first_ratio      = new_columns(arena, p->n_isotopes);
    if (!g->move || !g->ph_move || !g->ratio_move || !g->phase_ratio_move || !g->first_ratio)
        return false;
    g->first_phase = p->n_waters;
    g->first_redox = g->first_phase + p->n_phases;
    g->first_move  = g->first_redox + p->n_redox;
    g->cols        = g->first_move;
    for (size_t b = 0; b < p->n_balances; b++)
        for (size_t w = 0; w < p->n_waters; w++)
            if (p->balances[b].limit[w] > 0.0)
                g->move[b * p->n_waters + w] = pair(g);
    for (size_t w = 0; w < p->n_waters && p->carbon != SIZE_MAX; w++)
        if (p->waters[w].ph_limit > 0.0)
            g->ph_move[w] = pair(g);
    number_isotopes(g);
    g->water_move = g->cols++;
    return true;
}

/* ------------------------------------------------------------------ rows */

static double *new_row(sei_inverse_program *g, const char *name, bool is_at_most, double slack)
{
    const size_t i = g->rows++;

    g->row_name[i]   = name;
    g->is_at_most[i] = is_at_most;
    g->slack[i]      = slack;
    return &g->a[i * g->cols];
}

/* limit times the move, in the two columns of its parts. */
static void add_move(double *row, size_t column, double value)
{
    if (column == SIZE_MAX)
        return;
    row[column] += value;
    row[column + 1] -= value;
}

/* The last water is what comes out. */
static double sign_of(const sei_inverse_problem *p, size_t water)
{
    return water + 1 == p->n_waters ? -1.0 : 1.0;
}

static void balance_rows(sei_inverse_program *g)
{
    const sei_inverse_problem *p = g->p;

    for (size_t b = 0; b < p->n_balances; b++) {
        const sei_inverse_balance *x   = &p->balances[b];
        double                    *row = new_row(g, x->name, false, p->tolerance_mol);
        for (size_t w = 0; w < p->n_waters; w++) {
            row[w] = sign_of(p, w) * x->total[w];
            add_move(row, g->move[b * p->n_waters + w], sign_of(p, w) * x->limit[w]);
        }
        for (size_t f = 0; f < p->n_phases; f++)
            row[g->first_phase + f] = p->phases[f].coef[b];
        for (size_t k = 0; k < p->n_redox; k++)
            row[g->first_redox + k] = p->redox[k].coef[b];
    }
}

static void water_row(sei_inverse_program *g)
{
    const sei_inverse_problem *p   = g->p;
    double                    *row = new_row(g, "H2O", false, p->tolerance_mol);

    for (size_t w = 0; w < p->n_waters; w++)
        row[w] = sign_of(p, w) * p->waters[w].water_mol;
    for (size_t f = 0; f < p->n_phases; f++)
        row[g->first_phase + f] = p->phases[f].water_mol;
    for (size_t k = 0; k < p->n_redox; k++)
        row[g->first_redox + k] = p->redox[k].water_mol;
    row[g->water_move] = 1.0;
}

static void charge_row(sei_inverse_program *g, size_t w)
{
    const sei_inverse_problem *p   = g->p;
    double                    *row = new_row(g, "charge", false, p->tolerance_mol), sum = 0.0;

    for (size_t b = 0; b < p->n_balances; b++) {
        sum += p->balances[b].charge * p->balances[b].total[w];
        add_move(row, g->move[b * p->n_waters + w],
                 p->balances[b].charge * p->balances[b].limit[w]);
    }
    row[w] = fabs(sum) < p->tolerance_mol ? 0.0 : sum;
}

/* A move of the alkalinity is one of the pH and of the total carbon. */
static void alkalinity_row(sei_inverse_program *g, size_t w)
{
    const sei_inverse_problem *p = g->p;
    const sei_inverse_water   *x = &p->waters[w];
    double                    *row;

    if (p->carbon == SIZE_MAX || (x->dalk_dph == 0.0 && x->dalk_dc == 0.0))
        return;
    row = new_row(g, "alkalinity by pH and carbon", false, p->tolerance_mol);
    add_move(row, g->ph_move[w], x->dalk_dph * x->ph_limit);
    add_move(row, g->move[p->alkalinity * p->n_waters + w], -p->balances[p->alkalinity].limit[w]);
    add_move(row, g->move[p->carbon * p->n_waters + w],
             x->dalk_dc * p->balances[p->carbon].limit[w]);
}

static void isotope_row(sei_inverse_program *g, size_t i)
{
    const sei_inverse_problem *p   = g->p;
    const sei_inverse_isotope *iso = &p->isotopes[i];
    double                    *row = new_row(g, iso->name, false, p->tolerance_mol);

    for (size_t v = 0; v < iso->n; v++)
        for (size_t w = 0; w < p->n_waters; w++) {
            const size_t               k = v * p->n_waters + w;
            const sei_inverse_balance *b = &p->balances[iso->balance[v]];
            if (!isfinite(iso->ratio[k]))
                continue;
            row[w] += sign_of(p, w) * b->total[w] * iso->ratio[k];
            add_move(row, g->move[iso->balance[v] * p->n_waters + w],
                     sign_of(p, w) * iso->ratio[k] * b->limit[w]);
            add_move(row, g->ratio_move[g->first_ratio[i] + k],
                     sign_of(p, w) * b->total[w] * iso->limit[k]);
        }
    for (size_t f = 0; f < p->n_phases; f++) {
        const sei_inverse_phase *x = &p->phases[f];
        if (!isfinite(x->ratio[i]))
            continue;
        row[g->first_phase + f] = x->ratio[i] * x->atoms[i];
        add_move(row, g->phase_ratio_move[f * p->n_isotopes + i], x->atoms[i] * x->limit[i]);
    }
}

/* up + down / fall <= amount of what carries it (sign -1: of a phase that precipitates). */
static void limit_row(sei_inverse_program *g, const char *name, size_t column, double fall,
                      size_t carrier, double sign, double limit)
{
    double *row;

    if (column == SIZE_MAX)
        return;
    row             = new_row(g, name, true, g->p->tolerance_mol / limit);
    row[column]     = 1.0;
    row[column + 1] = fall > 0.0 ? 1.0 / fall : 0.0;
    row[carrier]    = -sign;
}

static void limit_rows(sei_inverse_program *g)
{
    const sei_inverse_problem *p = g->p;

    for (size_t b = 0; b < p->n_balances; b++)
        for (size_t w = 0; w < p->n_waters; w++)
            limit_row(g, p->balances[b].name, g->move[b * p->n_waters + w],
                      sei_inverse_fall(p, b, w), w, 1.0, p->balances[b].limit[w]);
    for (size_t w = 0; w < p->n_waters; w++)
        limit_row(g, "pH", g->ph_move[w], 1.0, w, 1.0, p->waters[w].ph_limit);
    for (size_t i = 0; i < p->n_isotopes; i++) {
        const sei_inverse_isotope *iso = &p->isotopes[i];
        for (size_t k = 0; k < iso->n * p->n_waters; k++)
            limit_row(g, iso->name, g->ratio_move[g->first_ratio[i] + k], 1.0, k % p->n_waters, 1.0,
                      iso->limit[k]);
        for (size_t f = 0; f < p->n_phases; f++)
            limit_row(g, iso->name, g->phase_ratio_move[f * p->n_isotopes + i], 1.0,
                      g->first_phase + f, p->phases[f].way == SEI_INVERSE_PRECIPITATES ? -1.0 : 1.0,
                      p->phases[f].limit[i]);
    }
}

/* Phases and redox are of the size of what is dissolved, and so are moves of what a phase carries; all else is about 1. */
static void set_sizes(sei_inverse_program *g)
{
    const sei_inverse_problem *p    = g->p;
    double                     size = 0.0;

    for (size_t b = 0; b < p->n_balances; b++)
        for (size_t w = 0; w < p->n_waters; w++)
            size = fmax(size, fabs(p->balances[b].total[w]));
    if (!(size > 0.0))
        size = 1.0;
    for (size_t j = 0; j < g->cols; j++)
        g->typical[j] = j >= g->first_phase && j < g->first_move ? size : 1.0;
    for (size_t k = 0; k < p->n_phases * p->n_isotopes; k++)
        if (g->phase_ratio_move[k] != SIZE_MAX)
            g->typical[g->phase_ratio_move[k]] = g->typical[g->phase_ratio_move[k] + 1] = size;
}

static void fill(sei_inverse_program *g, size_t only)
{
    const sei_inverse_problem *p = g->p;

    if (only == SIZE_MAX) {
        balance_rows(g);
        water_row(g);
        for (size_t i = 0; i < p->n_isotopes; i++)
            isotope_row(g, i);
    }
    for (size_t w = 0; w < p->n_waters; w++) {
        if (only != SIZE_MAX && w != only)
            continue;
        charge_row(g, w);
        alkalinity_row(g, w);
    }
    limit_rows(g);
    for (size_t j = g->first_move; j < g->water_move; j++)
        g->cost[j] = 1.0;
    set_sizes(g);
}

/* ------------------------------------------------------------------ the program */

static sei_status bound_all(sei_inverse_program *g, size_t only)
{
    const sei_inverse_problem *p    = g->p;
    const size_t               last = only == SIZE_MAX ? p->n_waters - 1 : only;
    const sei_status st = sei_lp_create(g->ctx, g->rows, g->cols, g->a, g->b, g->is_at_most,
                                        g->slack, g->typical, &g->lp);

    if (st != SEI_OK)
        return st;
    for (size_t k = 0; k < p->n_redox; k++)
        sei_lp_bound(g->lp, g->first_redox + k, -HUGE_VAL, HUGE_VAL);
    for (size_t b = 0; b < p->n_balances; b++)
        for (size_t w = 0; w < p->n_waters; w++) {
            const size_t column = g->move[b * p->n_waters + w];
            if (column != SIZE_MAX && !(sei_inverse_fall(p, b, w) > 0.0))
                sei_lp_bound(g->lp, column + 1, 0.0, 0.0);
        }
    sei_lp_bound(g->lp, g->water_move, -p->water_limit_mol, p->water_limit_mol);
    for (size_t w = 0; w < p->n_waters && only != SIZE_MAX; w++)
        sei_lp_bound(g->lp, w, 0.0, 0.0);
    sei_lp_bound(g->lp, last, 1.0, 1.0);
    return SEI_OK;
}

sei_status sei_inverse_program_create(sei_ctx *ctx, sei_arena *arena, const sei_inverse_problem *p,
                                      size_t only, sei_inverse_program **ret_program)
{
    sei_inverse_program *g = sei_arena_alloc(arena, 1, sizeof *g);

    if (!g)
        return SEI_E_NOMEM;
    *g = (sei_inverse_program){.p = p, .ctx = ctx};
    if (!number_columns(g, arena))
        return SEI_E_NOMEM;
    const size_t rows_most = p->n_balances + 1 + 2 * p->n_waters + p->n_isotopes + g->cols / 2 + 1;
    if (rows_most > ROWS_MAX || g->cols > COLS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "inverse model %d has more than %d equations or %d unknowns", p->number,
                        (int)ROWS_MAX, (int)COLS_MAX);
    g->a          = sei_arena_alloc(arena, rows_most * g->cols, sizeof *g->a);
    g->b          = sei_arena_alloc(arena, rows_most, sizeof *g->b);
    g->slack      = sei_arena_alloc(arena, rows_most, sizeof *g->slack);
    g->is_at_most = sei_arena_alloc(arena, rows_most, sizeof *g->is_at_most);
    g->row_name   = sei_arena_alloc(arena, rows_most, sizeof *g->row_name);
    g->cost       = sei_arena_alloc(arena, g->cols, sizeof *g->cost);
    g->x          = sei_arena_alloc(arena, g->cols, sizeof *g->x);
    g->other_cost = sei_arena_alloc(arena, g->cols, sizeof *g->other_cost);
    g->typical    = sei_arena_alloc(arena, g->cols, sizeof *g->typical);
    if (!g->typical || !g->a || !g->b || !g->slack || !g->is_at_most || !g->row_name || !g->cost ||
        !g->x || !g->other_cost)
        return SEI_E_NOMEM;
    fill(g, only);
    *ret_program = g;
    return bound_all(g, only);
}

void sei_inverse_program_free(sei_inverse_program *g)
{
    if (g)
        sei_lp_free(g->lp);
}

void sei_inverse_program_take(sei_inverse_program *g, uint64_t set)
{
    const sei_inverse_problem *p = g->p;

    for (size_t f = 0; f < p->n_phases; f++) {
        const bool            is_in = set >> f & 1;
        const sei_inverse_way way   = p->phases[f].way;
        sei_lp_bound(g->lp, g->first_phase + f,
                     is_in && way != SEI_INVERSE_DISSOLVES ? -HUGE_VAL : 0.0,
                     is_in && way != SEI_INVERSE_PRECIPITATES ? HUGE_VAL : 0.0);
    }
    for (size_t w = 0; w + 1 < p->n_waters; w++)
        sei_lp_bound(g->lp, w, 0.0, set >> (p->n_phases + w) & 1 ? HUGE_VAL : 0.0);
}
