/*
 * run_crew.c - the cells of a column on several threads
 *
 * Each thread has a runner of its own, with workspace, rate programs and context; waters and solids stay where they are.
 * Cells go in blocks whose borders do not depend on the threads. A block starts without anything that the workspace
 * remembers of other cells, on one thread as well, so that the results are the same to the last bit for any number. Which
 * runner has which blocks is fixed too: chance may give a runner to another thread, not a cell to another runner.
 */
#include <stdio.h>
#include <string.h>

#include "base/team.h"
#include "phreeqc/column.h"

enum {
    BLOCK     = 8,  /* cells */
    CELLS_MIN = 32, /* fewer are done before threads have taken them up */
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
    int            half_cell;
};

/* ------------------------------------------------------------------ making one */

/* Programs that hand each other values by PUT and GET depend on the order of the cells. */
static bool has_order(const pq_runner *r)
{
    for (size_t i = 0; i < r->n_rates; i++) {
        if (r->rates[i].is_value)
            return true;
        for (size_t k = 0; r->rates[i].program && k < sei_basic_n_uses(r->rates[i].program); k++)
            if (sei_basic_is_memory(sei_basic_use_at(r->rates[i].program, k)->function))
                return true;
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
    copy->host    = (sei_basic_host){pq_basic_call, copy};
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

sei_status pq_crew_create(column *c)
{
    pq_runner *r = c->r;

    c->has_alike = pq_has_cells_alike(r);
    if (r->input->threads == 1 || c->cells < CELLS_MIN || has_order(r))
        return SEI_OK;
    pq_crew *crew = c->crew = sei_alloc(r->ctx, 1, sizeof *crew);
    if (!crew)
        return SEI_E_NOMEM;
    sei_status st = sei_team_create(r->ctx, r->input->threads, &crew->team);
    if (st != SEI_OK)
        return st;
    const size_t n = sei_team_threads(crew->team);
    crew->hands    = sei_alloc(r->ctx, n, sizeof *crew->hands);
    if (!crew->hands)
        return SEI_E_NOMEM;
    for (; crew->n < n && st == SEI_OK; crew->n++)
        st = hire(r, &crew->hands[crew->n]);
    return st;
}

/* ------------------------------------------------------------------ all cells */

static pq_span span_of(const pq_span *span, int cell, int half_cell)
{
    pq_span own = *span;

    if (cell == half_cell)
        own.dt_s *= 0.5;
    return own;
}

/* How many of the cells after this one, up to the last, hold the same: what is asked before it is run. */
static int count_alike(const column *c, int cell, int last, int half_cell)
{
    int n = 0;

    while (c->has_alike && cell != half_cell && cell + n < last && cell + n + 1 != half_cell &&
           pq_are_alike(c, cell, cell + n + 1))
        n++;
    return n;
}

static sei_status run_block(const column *c, const pq_crew *crew, size_t block, int *ret_cell)
{
    const int from = 1 + (int)block * BLOCK,
              to   = from + BLOCK - 1 < c->cells ? from + BLOCK - 1 : c->cells;

    sei_react_forget(c->r->work);
    for (int i = from; i <= to; i++) {
        const pq_span span  = span_of(crew->span, i, crew->half_cell);
        const int     same  = count_alike(c, i, to, crew->half_cell);
        *ret_cell           = i;
        const sei_status st = pq_run_column_cell(c, i, &span);
        if (st != SEI_OK)
            return st;
        for (int k = 0; k < same; k++, i++)
            pq_copy_alike(c, i, i + 1);
    }
    return SEI_OK;
}

/* Every n-th block is that of one runner, up to its first failure. */
static void run_share(void *arg, size_t number, size_t share)
{
    pq_crew *crew = arg;
    hand    *h    = &crew->hands[share];
    column   own  = *crew->c;

    (void)number;
    own.r = &h->runner;
    for (size_t b = share; (int)b * BLOCK < own.cells && h->failed_cell == 0; b += crew->n) {
        int cell;
        h->status = run_block(&own, crew, b, &cell);
        if (h->status != SEI_OK)
            h->failed_cell = cell;
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
    sei_status st   = SEI_OK;
    int        same = 0;

    for (int i = 1; i <= c->cells && st == SEI_OK; i++) {
        const pq_span own  = span_of(span, i, half_cell);
        const int     last = (i - 1) / BLOCK * BLOCK + BLOCK;
        if ((i - 1) % BLOCK == 0)
            sei_react_forget(c->r->work);
        if (same > 0) {
            pq_copy_alike(c, i - 1, i);
            same--;
        } else {
            same = count_alike(c, i, last < c->cells ? last : c->cells, half_cell);
            st   = pq_run_column_cell(c, i, &own);
        }
        if (st == SEI_OK && is_punched)
            st = pq_punch_column_cell(c, i, span->shift, end_s);
    }
    return st;
}

sei_status pq_run_column_cells(const column *c, const pq_span *span, int half_cell, bool is_punched,
                               double end_s)
{
    pq_crew *crew = c->crew;

    if (!crew || (is_punched && is_any_punched(c, span->shift)))
        return run_in_turn(c, span, half_cell, is_punched, end_s);
    crew->c         = c;
    crew->span      = span;
    crew->half_cell = half_cell;
    for (size_t k = 0; k < crew->n; k++) {
        pq_runner *own = &crew->hands[k].runner;
        memcpy(own->store, c->r->store, sizeof own->store);
        own->incremental     = c->r->incremental;
        own->total_time_s    = c->r->total_time_s;
        own->kinetic_start_s = c->r->kinetic_start_s;
    }
    sei_team_run(crew->team, crew->n, run_share, crew);
    return hear(crew, c->r);
}
