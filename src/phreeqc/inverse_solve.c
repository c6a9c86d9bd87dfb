/* inverse_solve.c - all sets of waters and phases that make a water, their least moves and their ranges */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "phreeqc/inverse_program.h"

/* Fractions and moles that count as none, as in PHREEQC. */
static const double nothing = 1e-9;

/* A search ends with an error beyond: linear programs (some milliseconds each), looks at sets of lists, models. */
enum { PROGRAMS_MAX = 50000, LOOKS_MAX = 300000000, MODELS_MAX = 20000, OBSTACLE_BYTES = 400 };

typedef struct {
    size_t    n, cap;
    uint64_t *sets;
} set_list;

typedef struct {
    sei_ctx             *ctx;
    sei_inverse_result  *result;
    sei_inverse_program *program;
    set_list good, bad, minimal; /* models; sets without one; models no part of which is one */
    double   cost;
    size_t   n_cold, n_looks;
    bool     found, stopped;
} searcher;

/* ------------------------------------------------------------------ sets */

static sei_status add_set(sei_ctx *ctx, set_list *list, uint64_t set)
{
    if (list->n == list->cap) {
        const size_t cap   = list->cap ? 2 * list->cap : 64;
        uint64_t    *grown = sei_resize(ctx, list->sets, cap, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        list->sets = grown;
        list->cap  = cap;
    }
    list->sets[list->n++] = set;
    return SEI_OK;
}

static bool is_part_of_any(const set_list *list, uint64_t set)
{
    for (size_t i = 0; i < list->n; i++)
        if ((set | list->sets[i]) == list->sets[i])
            return true;
    return false;
}

static bool holds_any(const set_list *list, uint64_t set)
{
    for (size_t i = 0; i < list->n; i++)
        if ((set | list->sets[i]) == set)
            return true;
    return false;
}

static size_t find_set(const set_list *list, uint64_t set)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->sets[i] == set)
            return i;
    return SIZE_MAX;
}

/* ------------------------------------------------------------------ one set */

static sei_status stalled(const searcher *s)
{
    return sei_fail(s->ctx, SEI_E_NOT_CONVERGED, NULL,
                    "inverse model %d: a linear program was not solved", s->result->problem.number);
}

static sei_status too_many(const searcher *s, const char *what, int most)
{
    return sei_fail(
        s->ctx, SEI_E_TOO_LARGE, NULL,
        "inverse model %d: more than %d %s; name fewer phases, let them only dissolve or "
        "precipitate, or ask for -minimal",
        s->result->problem.number, most, what);
}

/* *ret_found: the set is a model; program->x has it. */
static sei_status solve(searcher *s, uint64_t set, bool *ret_found)
{
    if (s->n_cold++ == PROGRAMS_MAX)
        return too_many(s, "sets of phases to try", PROGRAMS_MAX);
    s->result->n_programs++;
    sei_inverse_program_take(s->program, set);
    const sei_lp_result r = sei_lp_solve(s->program->lp, s->program->cost, s->program->x, &s->cost);
    *ret_found            = r == SEI_LP_OPTIMAL;
    return r == SEI_LP_STALLED || r == SEI_LP_UNBOUNDED ? stalled(s) : SEI_OK;
}

/* What the program's answer makes use of. */
static uint64_t used(const searcher *s)
{
    const sei_inverse_problem *p   = &s->result->problem;
    uint64_t                   set = 0;

    for (size_t f = 0; f < p->n_phases; f++)
        set |= (uint64_t)(fabs(s->program->x[s->program->first_phase + f]) > nothing) << f;
    for (size_t w = 0; w < p->n_waters; w++)
        set |= (uint64_t)(fabs(s->program->x[w]) > nothing) << (p->n_phases + w);
    return set;
}

/* Leaves out one after another what can be spared; the answer is that of what is left. */
static sei_status reduce(searcher *s, uint64_t *set)
{
    const size_t n     = s->result->problem.n_phases + s->result->problem.n_waters - 1;
    bool         found = false;
    sei_status   st    = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        const uint64_t less = *set & ~((uint64_t)1 << i);
        if (less == *set || is_part_of_any(&s->bad, less))
            continue;
        st = solve(s, less, &found);
        if (st == SEI_OK && found)
            *set = less;
        else if (st == SEI_OK)
            st = add_set(s->ctx, &s->bad, less);
    }
    if (st == SEI_OK)
        st = solve(s, *set, &found);
    if (st == SEI_OK && !found)
        return stalled(s);
    *set = used(s);
    return st;
}

/* ------------------------------------------------------------------ models */

static bool allocate_model(sei_arena *arena, const sei_inverse_problem *p, sei_inverse_model *m)
{
    const size_t parts = p->n_waters + p->n_phases;
    bool         ok    = true;

    m->water      = sei_arena_alloc(arena, p->n_waters, sizeof *m->water);
    m->phase      = sei_arena_alloc(arena, p->n_phases + 1, sizeof *m->phase);
    m->low        = sei_arena_alloc(arena, parts, sizeof *m->low);
    m->high       = sei_arena_alloc(arena, parts, sizeof *m->high);
    m->redox      = sei_arena_alloc(arena, p->n_redox + 1, sizeof *m->redox);
    m->move       = sei_arena_alloc(arena, p->n_balances * p->n_waters, sizeof *m->move);
    m->ph_move    = sei_arena_alloc(arena, p->n_waters, sizeof *m->ph_move);
    m->ratio_move = sei_arena_alloc(arena, p->n_isotopes + 1, sizeof *m->ratio_move);
    m->phase_ratio_move =
        sei_arena_alloc(arena, p->n_phases * p->n_isotopes + 1, sizeof *m->phase_ratio_move);
    for (size_t i = 0; i < p->n_isotopes && m->ratio_move; i++) {
        m->ratio_move[i] = sei_arena_alloc(arena, p->isotopes[i].n * p->n_waters, sizeof(double));
        ok               = ok && m->ratio_move[i];
    }
    return ok && m->water && m->phase && m->low && m->high && m->redox && m->move && m->ph_move &&
           m->ratio_move && m->phase_ratio_move;
}

/* A move of a whole water (or of a mole of a phase) in units of its limit; the sum of their sizes is kept. */
static double move_of(const sei_inverse_program *g, size_t column, double carrier, double *sum)
{
    if (column == SIZE_MAX || fabs(carrier) <= nothing)
        return 0.0;
    const double move = (g->x[column] - g->x[column + 1]) / fabs(carrier);
    *sum += fabs(move);
    return move;
}

static void take_moves(const searcher *s, sei_inverse_model *m)
{
    const sei_inverse_program *g = s->program;
    const sei_inverse_problem *p = g->p;

    for (size_t w = 0; w < p->n_waters; w++) {
        for (size_t b = 0; b < p->n_balances; b++) {
            const size_t               k = b * p->n_waters + w;
            const sei_inverse_balance *x = &p->balances[b];
            m->move[k] = move_of(g, g->move[k], m->water[w], &m->sum_moves) * x->limit[w];
            if (x->total[w] != 0.0)
                m->largest_fraction = fmax(m->largest_fraction, fabs(m->move[k] / x->total[w]));
        }
        m->ph_move[w] =
            move_of(g, g->ph_move[w], m->water[w], &m->sum_moves) * p->waters[w].ph_limit;
    }
    for (size_t i = 0; i < p->n_isotopes; i++) {
        const sei_inverse_isotope *iso = &p->isotopes[i];
        for (size_t k = 0; k < iso->n * p->n_waters; k++)
            m->ratio_move[i][k] = move_of(g, g->ratio_move[g->first_ratio[i] + k],
                                          m->water[k % p->n_waters], &m->sum_moves) *
                                  iso->limit[k];
        for (size_t f = 0; f < p->n_phases; f++) {
            const size_t k = f * p->n_isotopes + i;
            m->phase_ratio_move[k] =
                move_of(g, g->phase_ratio_move[k], m->phase[f], &m->sum_moves) *
                (m->phase[f] < 0.0 ? -1.0 : 1.0) * p->phases[f].limit[i];
        }
    }
}

static double end_of_range(searcher *s, size_t column, double sign, sei_status *st)
{
    sei_inverse_program *g = s->program;
    double               cost;

    memset(g->other_cost, 0, g->cols * sizeof *g->other_cost);
    g->other_cost[column] = -sign;
    s->result->n_programs++;
    const sei_lp_result r = sei_lp_again(g->lp, g->other_cost, g->x, &cost);
    if (r == SEI_LP_UNBOUNDED)
        return sign * fabs(s->result->problem.range_most);
    if (r != SEI_LP_OPTIMAL && *st == SEI_OK)
        *st = stalled(s);
    return g->x[column];
}

/* Between which each part of the model may lie, moves within their limits; what is forced counts as a part. */
static sei_status find_ranges(searcher *s, uint64_t set, sei_inverse_model *m)
{
    const sei_inverse_problem *p     = &s->result->problem;
    bool                       found = false;

    for (size_t f = 0; f < p->n_phases; f++)
        set |= (uint64_t)p->phases[f].is_forced << f;
    for (size_t w = 0; w < p->n_waters; w++)
        set |= (uint64_t)p->waters[w].is_forced << (p->n_phases + w);
    sei_status st = solve(s, set, &found);
    if (st == SEI_OK && !found)
        return stalled(s);
    for (size_t k = 0; k < p->n_waters + p->n_phases && st == SEI_OK; k++) {
        const size_t bit = k < p->n_waters ? p->n_phases + k : k - p->n_waters;
        m->low[k] = m->high[k] = k + 1 == p->n_waters ? 1.0 : 0.0;
        if (k + 1 == p->n_waters || !(set >> bit & 1))
            continue;
        m->low[k]  = end_of_range(s, k, -1.0, &st);
        m->high[k] = end_of_range(s, k, 1.0, &st);
    }
    return st;
}

/* The answer that program->x holds. */
static sei_status add_model(searcher *s, uint64_t set, bool is_minimal)
{
    sei_inverse_result        *result = s->result;
    const sei_inverse_problem *p      = &result->problem;
    const sei_inverse_program *g      = s->program;
    sei_inverse_model         *grown =
        sei_resize(s->ctx, result->models, result->n_models + 1, sizeof *grown);

    if (result->n_models == MODELS_MAX)
        return too_many(s, "models", MODELS_MAX);
    if (!grown)
        return SEI_E_NOMEM;
    result->models       = grown;
    sei_inverse_model *m = &result->models[result->n_models];
    *m                   = (sei_inverse_model){.is_minimal = is_minimal, .sum_residuals = s->cost};
    if (!allocate_model(&result->arena, p, m))
        return SEI_E_NOMEM;
    result->n_models++;
    for (size_t w = 0; w < p->n_waters; w++)
        m->water[w] = fabs(g->x[w]) > nothing ? g->x[w] : 0.0;
    for (size_t f = 0; f < p->n_phases; f++)
        m->phase[f] = fabs(g->x[g->first_phase + f]) > nothing ? g->x[g->first_phase + f] : 0.0;
    for (size_t k = 0; k < p->n_redox; k++)
        m->redox[k] = g->x[g->first_redox + k];
    take_moves(s, m);
    return p->with_ranges ? find_ranges(s, set, m) : SEI_OK;
}

/* ------------------------------------------------------------------ the search */

/* Which rows contradict each other when everything may take part. */
static sei_status tell_obstacle(searcher *s)
{
    const sei_inverse_program *g = s->program;
    char                       text[OBSTACLE_BYTES];
    size_t                     len = 0;

    for (size_t i = 0; i < g->rows && len + 80 < sizeof text; i++) {
        const double off = sei_lp_violation(g->lp, i);
        if (off == 0.0)
            continue;
        const char *unit = g->is_at_most[i] ? "of its uncertainty" : "mol";
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%.24s %s %.3g %s",
                                len ? ", " : "", g->row_name[i],
                                off < 0.0 ? "lacks" : "has too much by", fabs(off), unit);
    }
    s->result->obstacle =
        sei_arena_strdup(&s->result->arena, len ? text : "signs of the phases contradict");
    return s->result->obstacle ? SEI_OK : SEI_E_NOMEM;
}

static sei_status take_model(searcher *s, uint64_t set)
{
    const bool minimal_only = s->result->problem.minimal_only;
    uint64_t   good         = set & used(s);
    size_t     at           = SIZE_MAX;
    sei_status st           = SEI_OK;

    if (!minimal_only && find_set(&s->good, good) == SIZE_MAX) {
        st = add_set(s->ctx, &s->good, good);
        at = s->result->n_models;
        if (st == SEI_OK)
            st = add_model(s, good, false);
    }
    if (st != SEI_OK || holds_any(&s->minimal, good))
        return st;
    const uint64_t before = good;
    st                    = reduce(s, &good);
    if (st == SEI_OK && good == before && at != SIZE_MAX)
        s->result->models[at].is_minimal = true;
    if (st == SEI_OK && find_set(&s->good, good) == SIZE_MAX) {
        st = add_set(s->ctx, &s->good, good);
        if (st == SEI_OK)
            st = add_model(s, good, true);
    }
    return st == SEI_OK ? add_set(s->ctx, &s->minimal, good) : st;
}

/* *tried: a set that is not known already. */
static sei_status try_set(searcher *s, uint64_t set, bool *tried)
{
    bool found = false;

    s->n_looks += 1 + s->bad.n + s->minimal.n;
    if (s->n_looks > LOOKS_MAX)
        return too_many(s, "looks at sets of phases", LOOKS_MAX);
    if (is_part_of_any(&s->bad, set) || is_part_of_any(&s->minimal, set))
        return SEI_OK;
    *tried = true;
    if (s->result->problem.minimal_only && holds_any(&s->minimal, set))
        return SEI_OK;
    const sei_status st = solve(s, set, &found);
    if (st != SEI_OK)
        return st;
    if (found) {
        s->found = true;
        return take_model(s, set);
    }
    s->stopped = !s->found;
    return s->stopped ? tell_obstacle(s) : add_set(s->ctx, &s->bad, set);
}

/* The next set of as many of n things, in the order of their lists: 012 013 ... ; false: that was the last. */
static bool next_choice(size_t chosen[], size_t count, size_t n)
{
    for (size_t i = count; i-- > 0;) {
        if (chosen[i] >= n - count + i)
            continue;
        chosen[i]++;
        for (size_t k = i + 1; k < count; k++)
            chosen[k] = chosen[k - 1] + 1;
        return true;
    }
    return false;
}

/* Every set of count phases with these waters. *tried: one of them was new. */
static sei_status try_size(searcher *s, uint64_t waters, size_t count, bool *tried)
{
    const size_t n = s->result->problem.n_phases;
    size_t       chosen[SEI_INVERSE_PARTS_MAX];
    sei_status   st = SEI_OK;

    for (size_t i = 0; i < count; i++)
        chosen[i] = i;
    do {
        uint64_t set = waters << n;
        for (size_t i = 0; i < count; i++)
            set |= (uint64_t)1 << chosen[i];
        st = try_set(s, set, tried);
    } while (st == SEI_OK && !s->stopped && next_choice(chosen, count, n));
    return st;
}

/* All sets of waters with the last one, each with all sets of phases, the large ones first; in PHREEQC's order. */
static sei_status search(searcher *s)
{
    const sei_inverse_problem *p    = &s->result->problem;
    const uint64_t             last = (uint64_t)1 << (p->n_waters - 1);
    sei_status                 st   = SEI_OK;

    for (uint64_t waters = 2 * last - 1; waters > last && st == SEI_OK; waters--) {
        bool tried = true;
        s->stopped = false;
        for (size_t count = p->n_phases + 1; count-- > 0 && st == SEI_OK && tried && !s->stopped;) {
            tried = false;
            st    = try_size(s, waters, count, &tried);
        }
    }
    return st;
}

/* Each water by itself must have a charge of 0 within its uncertainties. */
static sei_status check_waters(searcher *s)
{
    const sei_inverse_problem *p  = &s->result->problem;
    sei_status                 st = SEI_OK;

    for (size_t w = 0; w < p->n_waters && st == SEI_OK; w++) {
        sei_inverse_program *g = NULL;
        st                     = sei_inverse_program_create(s->ctx, &s->result->arena, p, w, &g);
        if (st == SEI_OK) {
            s->result->n_programs++;
            const sei_lp_result r = sei_lp_solve(g->lp, g->cost, g->x, &s->cost);
            if (r == SEI_LP_INFEASIBLE)
                st = sei_fail(s->ctx, SEI_E_RANGE, NULL,
                              "inverse model %d: the charge of solution %d cannot be balanced "
                              "within the uncertainties; widen them (-uncertainty, -balances)",
                              p->number, p->waters[w].number);
            else if (r != SEI_LP_OPTIMAL)
                st = stalled(s);
        }
        sei_inverse_program_free(g);
    }
    return st;
}

sei_status sei_inverse_solve(sei_ctx *ctx, sei_inverse_result *result)
{
    searcher   s  = {.ctx = ctx, .result = result};
    sei_status st = SEI_OK;

    if (result->problem.n_waters + result->problem.n_phases > SEI_INVERSE_PARTS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "inverse model %d: %zu solutions and phases are more than %d",
                        result->problem.number, result->problem.n_waters + result->problem.n_phases,
                        (int)SEI_INVERSE_PARTS_MAX);
    st = check_waters(&s);
    if (st == SEI_OK)
        st =
            sei_inverse_program_create(ctx, &result->arena, &result->problem, SIZE_MAX, &s.program);
    if (st == SEI_OK)
        st = search(&s);
    result->n_minimal    = s.minimal.n;
    result->n_infeasible = s.bad.n;
    if (result->n_models)
        result->obstacle = NULL;
    sei_inverse_program_free(s.program);
    sei_release(ctx, s.good.sets);
    sei_release(ctx, s.bad.sets);
    sei_release(ctx, s.minimal.sets);
    return st;
}

void sei_inverse_result_free(sei_ctx *ctx, sei_inverse_result *result)
{
    if (!result)
        return;
    sei_release(ctx, result->models);
    sei_arena_done(&result->arena);
    sei_release(ctx, result);
}
