/*
 * run_crew.c - the cells of a column on several threads
 *
 * Each thread has a runner of its own, with workspace, rate programs and context; waters and solids stay where they are.
 * Cells that hold the same are run as one (run_alike.c), the rest in blocks whose borders do not depend on the threads. A block starts without anything that the workspace
 * remembers of other cells, on one thread as well, so that the results are the same to the last bit for any number. Which
 * runner has which blocks is fixed too: chance may give a runner to another thread, not a cell to another runner.
 */
#include <stdio.h>
#include <string.h>

#include "base/team.h"
#include "phreeqc/column.h"

enum {
    BLOCK     = 8,    /* groups of cells */
    CELLS_MIN = 8,    /* fewer are done before threads have taken them up */
    RUNS_MIN  = 1000, /* of cells: fewer are done before threads are there */
    TEXT_MAX  = 600
};

typedef struct {
    pq_runner  runner;
    int        failed_cell; /* 0: none */
    sei_status status;
} hand;

struct pq_crew {
    sei_team      *team;
    size_t         n;
    hand          *hands;
    const column  *c; /* what is under way */
    const pq_span *span;
    int            half_cell, n_groups, block;
    bool           may_show; /* rows can be written after the cells have been run */
};

/* ------------------------------------------------------------------ making one */

/* Programs that hand each other values by PUT and GET, or porosities, depend on the order of the cells. */
static bool has_order(const pq_runner *r)
{
    for (size_t i = 0; i < r->n_rates; i++) {
        if (r->rates[i].is_value)
            return true;
        for (size_t k = 0; r->rates[i].program && k < sei_basic_n_uses(r->rates[i].program); k++) {
            const sei_basic_function f = sei_basic_use_at(r->rates[i].program, k)->function;
            if (sei_basic_is_memory(f) || f == SEI_BASIC_CHANGE_POR || f == SEI_BASIC_SETDIFF_C)
                return true;
        }
    }
    return false;
}

static sei_status copy_rates(const pq_runner *r, pq_runner *copy)
{
    sei_status st = SEI_OK;

    copy->rates = sei_alloc(copy->ctx, r->n_rates + 1, sizeof *copy->rates);
    if (!copy->rates)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < r->n_rates && st == SEI_OK; i++) {
        pq_rate *rate = &copy->rates[i];
        *rate         = (pq_rate){.def = r->rates[i].def, .is_timed = r->rates[i].is_timed};
        copy->n_rates = i + 1;
        if (!r->rates[i].vm)
            continue;
        st = pq_compile(copy, &rate->def->basic, &rate->program, &rate->vm);
        if (st == SEI_OK)
            st = pq_create_lookups(copy, rate);
    }
    return st;
}

/* Everything that a cell writes to beside itself is the copy's own. */
static sei_status hire(const pq_runner *r, hand *h)
{
    pq_runner *copy = &h->runner;

    *copy      = *r;
    copy->ctx  = sei_ctx_create(NULL); /* an allocator of the caller's may not be one for threads */
    copy->work = NULL;
    copy->rates   = NULL;
    copy->n_rates = 0;
    copy->job     = NULL;
    copy->now     = NULL;
    copy->lookups = NULL;
    copy->host    = (sei_basic_host){pq_basic_call, copy, pq_look};
    if (!copy->ctx)
        return SEI_E_NOMEM;
    sei_arena_init(&copy->arena, copy->ctx);
    const sei_status st = sei_react_work_create(copy->ctx, r->react, &copy->work);
    return st == SEI_OK ? copy_rates(r, copy) : st;
}

static void dismiss(hand *h)
{
    pq_runner *copy = &h->runner;

    if (!copy->ctx)
        return;
    pq_free_rates(copy);
    sei_react_work_free(copy->work);
    sei_arena_done(&copy->arena);
    sei_ctx_free(copy->ctx);
}

void pq_crew_free(column *c)
{
    pq_crew *crew = c->crew;

    c->crew = NULL;
    if (!crew)
        return;
    for (size_t i = 0; i < crew->n; i++)
        dismiss(&crew->hands[i]);
    sei_release(c->r->ctx, crew->hands);
    sei_team_free(crew->team);
    sei_release(c->r->ctx, crew);
}

/* What a row tells hangs on nothing but the water and its minerals, which are kept. */
static bool may_show(const column *c)
{
    static const sei_pq_entity more[] = {SEI_PQ_EXCHANGE, SEI_PQ_SURFACE, SEI_PQ_GAS_PHASE,
                                         SEI_PQ_SOLID_SOLUTIONS, SEI_PQ_REACTION_PRESSURE};

    if (sei_react_equil(c->r->work)->specific) /* coefficients of a solution are not its start's */
        return false;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (c->r->store[more[i]].n > 0)
            return false;
    for (int i = 0; i <= c->cells + 1; i++)
        if (pq_water_of(c, i)->pressure_atm > 0.0 && pq_water_of(c, i)->pressure_atm != 1.0)
            return false;
    return true;
}

sei_status pq_crew_create(column *c, double rounds)
{
    pq_runner *r = c->r;

    c->has_alike = pq_has_cells_alike(r);
    if (r->input->threads == 1 || c->cells < CELLS_MIN || c->cells * rounds < RUNS_MIN ||
        has_order(r))
        return SEI_OK;
    pq_crew *crew = c->crew = sei_alloc(r->ctx, 1, sizeof *crew);
    if (!crew)
        return SEI_E_NOMEM;
    sei_status st = sei_team_create(r->ctx, r->input->threads, &crew->team);
    if (st != SEI_OK)
        return st;
    crew->may_show = may_show(c);
    const size_t n = sei_team_threads(crew->team);
    crew->hands    = sei_alloc(r->ctx, n, sizeof *crew->hands);
    if (!crew->hands)
        return SEI_E_NOMEM;
    for (; crew->n < n && st == SEI_OK; crew->n++)
        st = hire(r, &crew->hands[crew->n]);
    return st;
}

/* ------------------------------------------------------------------ all cells */

/* Whether rows are made of the workspace or afterwards hangs on the threads: a cell with a row never rests. */
static pq_span span_of(const column *c, const pq_span *span, int number, int half_cell)
{
    pq_span own = *span;

    if (c->group[number] == half_cell)
        own.dt_s *= 0.5;
    own.may_rest = true;
    for (int i = c->group[number]; i < c->group[number + 1] && own.may_rest; i++)
        own.may_rest = !pq_is_punched(c, i, span->shift);
    return own;
}

/* Cells in groups of those that hold the same: where each begins, as they are before any is run. Returns how many there are. */
static int find_groups(const column *c, int half_cell)
{
    int n = 0;

    for (int i = 1; i <= c->cells; i++)
        if (i == 1 || !c->has_alike || i == half_cell || c->group[n - 1] == half_cell ||
            !pq_are_alike(c, c->group[n - 1], i))
            c->group[n++] = i;
    c->group[n] = c->cells + 1;
    return n;
}

/* The first cell of a group is run, the others have its answer. */
static sei_status run_group(const column *c, const pq_span *span, int half_cell, int number)
{
    const int        first = c->group[number];
    const pq_span    own   = span_of(c, span, number, half_cell);
    const sei_status st    = pq_run_column_cell(c, first, &own);

    for (int i = first + 1; i < c->group[number + 1] && st == SEI_OK; i++)
        pq_copy_alike(c, first, i);
    return st;
}

/* Groups in a block: as many in each, and an even number of blocks where there are few. */
static int block_of(int n_groups)
{
    const int pairs = (n_groups + 2 * BLOCK - 1) / (2 * BLOCK);

    return n_groups > 4 * BLOCK || pairs < 1 ? BLOCK : (n_groups + 2 * pairs - 1) / (2 * pairs);
}

/* Every n-th block is that of one runner, up to its first failure. */
static void run_share(void *arg, size_t number, size_t share)
{
    pq_crew *crew = arg;
    hand    *h    = &crew->hands[share];
    column   own  = *crew->c;

    (void)number;
    own.r = &h->runner;
    for (int at = (int)share * crew->block; at < crew->n_groups; at += (int)crew->n * crew->block) {
        sei_react_forget(h->runner.work);
        for (int k = at; k < at + crew->block && k < crew->n_groups; k++) {
            h->status = run_group(&own, crew->span, crew->half_cell, k);
            if (h->status == SEI_OK)
                continue;
            h->failed_cell = own.group[k];
            return;
        }
    }
}

/* Message of a failure or a warning without the place before it. */
static const char *bare_text(const sei_ctx *ctx, sei_where where)
{
    const char *text = sei_ctx_error(ctx);
    char        place[TEXT_MAX];
    const int   n = where.line ? snprintf(place, sizeof place, "%s:%zu: ", where.file, where.line)
                               : snprintf(place, sizeof place, "%s: ", where.file ? where.file : "");

    return where.file && n > 0 && strncmp(text, place, (size_t)n) == 0 ? text + n : text;
}

/* What the threads had to say goes to the caller's context: of failures that of the first cell. */
static sei_status hear(pq_crew *crew, pq_runner *r)
{
    hand *first = NULL;

    for (size_t k = 0; k < crew->n; k++) {
        hand *h = &crew->hands[k];
        for (size_t i = 0; i < sei_ctx_n_warnings(h->runner.ctx); i++)
            sei_warn(r->ctx, NULL, "%s", sei_ctx_warning(h->runner.ctx, i));
        r->told_pressure = r->told_pressure || h->runner.told_pressure;
        if (h->failed_cell && (!first || h->failed_cell < first->failed_cell))
            first = h;
    }
    if (!first)
        return SEI_OK;
    const sei_where where = sei_ctx_error_where(first->runner.ctx);
    return sei_fail(r->ctx, first->status, where.file ? &where : NULL, "%s",
                    bare_text(first->runner.ctx, where));
}

static bool is_any_punched(const column *c, int shift)
{
    for (int i = 1; i <= c->cells; i++)
        if (pq_is_punched(c, i, shift))
            return true;
    return false;
}

/* Rows are written while the workspace holds the cell: then one thread goes from cell to cell. */
static sei_status run_in_turn(const column *c, const pq_span *span, int half_cell, bool is_punched,
                              double end_s)
{
    const int  n = find_groups(c, half_cell), block = block_of(n);
    sei_status st = SEI_OK;

    for (int k = 0; k < n && st == SEI_OK; k++) {
        if (k % block == 0)
            sei_react_forget(c->r->work);
        st = run_group(c, span, half_cell, k);
        for (int i = c->group[k]; i < c->group[k + 1] && st == SEI_OK && is_punched; i++)
            st = pq_punch_column_cell(c, i, span->shift, end_s);
    }
    return st;
}

/* The rows of cells that threads have run. */
static sei_status punch_all(const column *c, const pq_span *span, double end_s)
{
    sei_status st = SEI_OK;

    c->r->kinetic_start_s = span->time_s;
    for (int i = 1; i <= c->cells && st == SEI_OK; i++) {
        if (!pq_is_punched(c, i, span->shift))
            continue;
        const pq_cell cell = pq_cell_of(c, i);
        st                 = pq_show_cell(c->r, &cell);
        if (st == SEI_OK)
            st = pq_punch_column_cell(c, i, span->shift, end_s);
    }
    return st;
}

sei_status pq_run_column_cells(const column *c, const pq_span *span, int half_cell, bool is_punched,
                               double end_s)
{
    pq_crew   *crew    = c->crew;
    const bool has_row = is_punched && is_any_punched(c, span->shift);

    if (!crew || (has_row && !crew->may_show))
        return run_in_turn(c, span, half_cell, is_punched, end_s);
    crew->c         = c;
    crew->span      = span;
    crew->half_cell = half_cell;
    crew->n_groups  = find_groups(c, half_cell);
    crew->block     = block_of(crew->n_groups);
    for (size_t k = 0; k < crew->n; k++) {
        pq_runner *own = &crew->hands[k].runner;
        memcpy(own->store, c->r->store, sizeof own->store);
        own->incremental     = c->r->incremental;
        own->total_time_s    = c->r->total_time_s;
        own->kinetic_start_s = c->r->kinetic_start_s;
    }
    sei_team_run(crew->team, crew->n, run_share, crew);
    const sei_status st = hear(crew, c->r);
    return st == SEI_OK && has_row ? punch_all(c, span, end_s) : st;
}
