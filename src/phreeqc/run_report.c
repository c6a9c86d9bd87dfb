/*
 * run_report.c - USER_PRINT and USER_GRAPH: text that is printed, curves as a table
 *
 * Both run where a row of selected output is made. A graph's table has a column for each value that its
 * program plots, in that order.
 */
#include <stdio.h>

#include "phreeqc/run_impl.h"

enum { HEADING_BYTES = 120 };

static void drop_program(pq_report *report)
{
    sei_basic_vm_free(report->vm);
    sei_basic_free(report->program);
    report->vm      = NULL;
    report->program = NULL;
}

void pq_free_reports(pq_runner *r)
{
    drop_program(&r->print);
    for (size_t i = 0; i < r->n_graphs; i++)
        drop_program(&r->graphs[i]);
    sei_release(r->ctx, r->graphs);
}

static pq_report *graph_of(pq_runner *r, int number)
{
    for (size_t i = 0; i < r->n_graphs; i++)
        if (r->graphs[i].number == number)
            return &r->graphs[i];
    pq_report *grown = sei_resize(r->ctx, r->graphs, r->n_graphs + 1, sizeof *grown);
    if (!grown)
        return NULL;
    r->graphs              = grown;
    r->graphs[r->n_graphs] = (pq_report){.number = number};
    return &r->graphs[r->n_graphs++];
}

/* A graph that is defined again goes on in its table; without a program it has the former one. */
sei_status pq_define_report(pq_runner *r, const sei_pq_block *b)
{
    const bool is_graph = b->kind == SEI_PQ_BLOCK_USER_GRAPH;
    pq_report *report   = is_graph ? graph_of(r, b->first) : &r->print;

    if (!report)
        return SEI_E_NOMEM;
    report->def = b->as.program;
    if (b->as.program->basic.n == 0 && is_graph)
        return SEI_OK;
    drop_program(report);
    return b->as.program->basic.n
               ? pq_compile(r, &b->as.program->basic, &report->program, &report->vm)
               : SEI_OK;
}

/* ------------------------------------------------------------------ USER_PRINT */

sei_status pq_print(pq_runner *r, const pq_view *view)
{
    size_t      len = 0;
    const char *text;

    (void)view; /* what the program sees: r->now */
    if (!r->print.vm || r->print_off)
        return SEI_OK;
    const sei_status st = sei_basic_run(r->print.vm, &r->host);
    text                = sei_basic_printed(r->print.vm, &len);
    sei_buf_put(&r->printed, text, len);
    if (r->printed.status == SEI_E_TOO_LARGE)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, NULL, "USER_PRINT: more than %d bytes",
                        PQ_PRINTED_MAX);
    return st == SEI_OK ? r->printed.status : st;
}

/* ------------------------------------------------------------------ USER_GRAPH */

/* The first heading is that of the x axis, the others those of the curves. */
static void heading_of(const pq_report *g, sei_basic_item_kind kind, size_t curve,
                       char out[HEADING_BYTES])
{
    const sei_pq_program *def  = g->def;
    const char           *x    = def->n_headings > 0 ? def->headings[0] : "x";
    const size_t          next = kind == SEI_BASIC_PLOT_X ? curve + 1 : curve;

    if (kind != SEI_BASIC_PLOT_X && curve < def->n_headings)
        snprintf(out, HEADING_BYTES, "%.100s", def->headings[curve]);
    else if (kind != SEI_BASIC_PLOT_X)
        snprintf(out, HEADING_BYTES, "y%zu", curve);
    else if (curve == 0)
        snprintf(out, HEADING_BYTES, "%.100s", x);
    else if (next < def->n_headings)
        snprintf(out, HEADING_BYTES, "%.50s (%.50s)", x, def->headings[next]);
    else
        snprintf(out, HEADING_BYTES, "%.100s%zu", x, next);
}

static sei_status open_graph(pq_runner *r, pq_report *g)
{
    size_t     curve = 0;
    char       heading[HEADING_BYTES];
    sei_status st = pq_new_table(r, &g->table);

    if (st != SEI_OK)
        return st;
    g->table->number   = g->number;
    g->table->is_graph = true;
    for (size_t i = 0; i < sei_basic_n_items(g->vm) && st == SEI_OK; i++) {
        const sei_basic_item_kind kind = sei_basic_item_at(g->vm, i).kind;
        curve += kind != SEI_BASIC_PLOT_X;
        heading_of(g, kind, curve, heading);
        st = sei_pq_table_add_column(g->table, heading, NULL, SEI_PQ_COLUMN_SCIENTIFIC);
    }
    return st;
}

static sei_status fill(sei_pq_table *t, const sei_basic_vm *vm, sei_pq_cell *cell)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        if (i >= sei_basic_n_items(vm)) {
            cell[i] = (sei_pq_cell){.text = "", .is_left_out = true};
            continue;
        }
        const sei_basic_item item = sei_basic_item_at(vm, i);
        cell[i].number            = item.number;
        if (!item.text)
            continue;
        cell[i].text = sei_arena_strndup(&t->arena, item.text, item.len);
        if (!cell[i].text)
            return SEI_E_NOMEM;
    }
    return SEI_OK;
}

static sei_status plot(pq_runner *r, pq_report *g)
{
    sei_pq_cell *cells = NULL;
    sei_status   st    = sei_basic_run(g->vm, &r->host);
    const size_t n     = sei_basic_n_items(g->vm);

    if (st != SEI_OK || n == 0)
        return st;
    if (!g->table)
        st = open_graph(r, g);
    if (st == SEI_OK && n > g->table->n_columns)
        st = sei_pq_table_widen(g->table, n - g->table->n_columns, g->table->n_columns + 1);
    if (st == SEI_OK)
        st = sei_pq_table_add_row(g->table, &cells);
    return st == SEI_OK ? fill(g->table, g->vm, cells) : st;
}

static sei_status give_up(pq_runner *r, pq_report *g)
{
    char text[500];

    snprintf(text, sizeof text, "%s", sei_ctx_error(r->ctx));
    sei_warn(r->ctx, NULL, "USER_GRAPH %d ends here: %s", g->number, text);
    drop_program(g);
    return SEI_OK;
}

sei_status pq_plot(pq_runner *r, const pq_view *view)
{
    const bool is_initial = view->state < PQ_REACTION;
    sei_status st         = SEI_OK;

    for (size_t i = 0; i < r->n_graphs && st == SEI_OK; i++) {
        pq_report *g = &r->graphs[i];
        if (!g->vm || !g->def->active || (is_initial && !g->def->initial))
            continue;
        st = plot(r, g);
        if (st == SEI_E_UNSUPPORTED) /* a curve is no reason to stop */
            st = give_up(r, g);
    }
    return st;
}
