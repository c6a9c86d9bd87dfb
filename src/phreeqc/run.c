/* run.c - the simulations of an input, one after the other, in PHREEQC's order */
#include <stdio.h>
#include <string.h>

#include "phreeqc/run_impl.h"

/* ------------------------------------------------------------------ what is in use */

static bool entity_of_block(sei_pq_block_kind kind, sei_pq_entity *ret_entity)
{
    static const struct {
        sei_pq_block_kind kind;
        sei_pq_entity     entity;
    } rows[] = {
        {SEI_PQ_BLOCK_SOLUTION, SEI_PQ_SOLUTION},
        {SEI_PQ_BLOCK_EQUILIBRIUM_PHASES, SEI_PQ_EQUILIBRIUM_PHASES},
        {SEI_PQ_BLOCK_EXCHANGE, SEI_PQ_EXCHANGE},
        {SEI_PQ_BLOCK_SURFACE, SEI_PQ_SURFACE},
        {SEI_PQ_BLOCK_GAS_PHASE, SEI_PQ_GAS_PHASE},
        {SEI_PQ_BLOCK_SOLID_SOLUTIONS, SEI_PQ_SOLID_SOLUTIONS},
        {SEI_PQ_BLOCK_KINETICS, SEI_PQ_KINETICS},
        {SEI_PQ_BLOCK_MIX, SEI_PQ_MIX},
        {SEI_PQ_BLOCK_REACTION, SEI_PQ_REACTION},
        {SEI_PQ_BLOCK_REACTION_TEMPERATURE, SEI_PQ_REACTION_TEMPERATURE},
        {SEI_PQ_BLOCK_REACTION_PRESSURE, SEI_PQ_REACTION_PRESSURE},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].kind != kind)
            continue;
        *ret_entity = rows[i].entity;
        return true;
    }
    return false;
}

/* The first of each kind that is defined is in use; USE says otherwise. */
static void note_use(pq_runner *r, const sei_pq_block *b)
{
    sei_pq_entity entity;

    if (b->kind == SEI_PQ_BLOCK_USE) {
        const sei_pq_target *target = b->as.target;
        r->use[target->entity]      = (pq_use){true, target->is_none, target->first};
    } else if (entity_of_block(b->kind, &entity) && !r->use[entity].is_set) {
        r->use[entity] = (pq_use){true, false, b->first};
    }
}

/* ------------------------------------------------------------------ definitions */

/* The lines of TITLE as BASIC sees them: each after a blank. */
static sei_status take_title(pq_runner *r, const sei_pq_block *b)
{
    sei_buf text;

    if (strcmp(b->keyword, "TITLE") != 0 || !b->as.text)
        return SEI_OK;
    sei_buf_init(&text, r->ctx, SEI_PQ_BYTES_MAX);
    sei_buf_puts(&text, b->description);
    for (size_t i = 0; i < b->as.text->n; i++) {
        sei_buf_putc(&text, '\n');
        sei_buf_puts(&text, b->as.text->lines[i].text);
    }
    if (text.status == SEI_OK && text.len)
        r->title = sei_arena_strndup(&r->arena, text.text, text.len);
    const sei_status st =
        text.status == SEI_OK && text.len && !r->title ? SEI_E_NOMEM : text.status;
    sei_buf_done(&text);
    return st;
}

static sei_status define_block(pq_runner *r, const sei_pq_block *b)
{
    note_use(r, b);
    switch (b->kind) {
    case SEI_PQ_BLOCK_RATES: return pq_add_rates(r, b->as.rates, false);
    case SEI_PQ_BLOCK_CALCULATE: return pq_add_rates(r, b->as.rates, true);
    case SEI_PQ_BLOCK_PARAMETERS: return pq_add_parameters(r, b->as.parameters);
    case SEI_PQ_BLOCK_ISOTOPES: return pq_add_isotopes(r, b->as.isotopes);
    case SEI_PQ_BLOCK_INCREMENTAL: r->incremental = *b->as.flag; return SEI_OK;
    case SEI_PQ_BLOCK_PRINT:
        if (b->as.print->has_selected_output)
            r->punch_off = !b->as.print->selected_output;
        if (b->as.print->has_user_print)
            r->print_off = !b->as.print->user_print;
        return SEI_OK;
    case SEI_PQ_BLOCK_TITLE: return take_title(r, b);
    case SEI_PQ_BLOCK_SELECTED_OUTPUT:
    case SEI_PQ_BLOCK_USER_PUNCH: return pq_define_output(r, b);
    case SEI_PQ_BLOCK_USER_PRINT:
    case SEI_PQ_BLOCK_USER_GRAPH: return pq_define_report(r, b);
    default: return SEI_OK;
    }
}

/* ------------------------------------------------------------------ ranges that cover others */

/* Is there a later definition of the same number in the simulation? Then this one never was. */
static bool is_replaced(const sei_pq_simulation *s, size_t at)
{
    for (size_t i = at + 1; i < s->n; i++)
        if (s->blocks[i].kind == s->blocks[at].kind && s->blocks[i].first == s->blocks[at].first)
            return true;
    return false;
}

static bool has_range(const sei_pq_simulation *s, sei_pq_block_kind kind)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->blocks[i].kind == kind && s->blocks[i].last > s->blocks[i].first)
            return true;
    return false;
}

/* The definition whose range covers this one's number; SIZE_MAX: none. */
static size_t cover_of(const sei_pq_simulation *s, size_t at)
{
    const sei_pq_block *own  = &s->blocks[at];
    size_t              best = SIZE_MAX;

    for (size_t i = 0; i < s->n; i++)
        if (s->blocks[i].kind == own->kind && s->blocks[i].first < own->first &&
            s->blocks[i].last >= own->first && !is_replaced(s, i) &&
            (best == SIZE_MAX || s->blocks[i].first > s->blocks[best].first))
            best = i;
    return best;
}

/*
 * PHREEQC copies what has a range when all of a simulation is read, so that "SOLUTION 1-20" goes over a "SOLUTION 5" of the same
 * simulation, before it or behind it; of reactions, mixtures, temperatures and pressures the later one is in force.
 */
static sei_status cover(pq_runner *r, const sei_pq_simulation *s, sei_pq_block_kind kind, bool tell)
{
    sei_pq_entity entity = SEI_PQ_SOLUTION;
    sei_status    st     = SEI_OK;

    if (!entity_of_block(kind, &entity) || !has_range(s, kind))
        return SEI_OK;
    for (size_t i = 0; i < s->n && st == SEI_OK; i++) {
        const sei_pq_block *b  = &s->blocks[i];
        const size_t        by = b->kind == kind ? cover_of(s, i) : SIZE_MAX;
        if (by == SIZE_MAX || is_replaced(s, i))
            continue;
        const sei_pq_block *whole = &s->blocks[by];
        if (tell)
            sei_warn(r->ctx, &b->where,
                     "%s %d is covered by %s %d-%d of the same simulation, as in PHREEQC: put END "
                     "between them",
                     b->keyword, b->first, whole->keyword, whole->first, whole->last);
        for (int n = b->first; n <= b->last && n <= whole->last && st == SEI_OK; n++) {
            const void *item = pq_find(r, entity, whole->first);
            st               = item ? pq_put(r, entity, n, item) : SEI_OK;
        }
    }
    return st;
}

static sei_status cover_all(pq_runner *r, const sei_pq_simulation *s, bool of_definitions)
{
    static const sei_pq_block_kind kinds[] = {
        SEI_PQ_BLOCK_SOLUTION,  SEI_PQ_BLOCK_EXCHANGE,           SEI_PQ_BLOCK_SURFACE,
        SEI_PQ_BLOCK_GAS_PHASE, SEI_PQ_BLOCK_EQUILIBRIUM_PHASES, SEI_PQ_BLOCK_SOLID_SOLUTIONS,
        SEI_PQ_BLOCK_KINETICS};
    sei_status st = SEI_OK;

    /* Solutions are there when they are calculated. */
    for (size_t k = of_definitions ? 1 : 0; k < sizeof kinds / sizeof *kinds && st == SEI_OK; k++)
        st = cover(r, s, kinds[k], of_definitions || kinds[k] == SEI_PQ_BLOCK_SOLUTION);
    return st;
}

static sei_status define_all(pq_runner *r, const sei_pq_simulation *s)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < s->n && st == SEI_OK; i++)
        st = define_block(r, &s->blocks[i]);
    for (size_t i = 0; i < s->n && st == SEI_OK;
         i++) /* rates may follow the kinetics that name them */
        st = pq_define(r, &s->blocks[i]);
    return st == SEI_OK ? cover_all(r, s, true) : st;
}

typedef sei_status initial_fn(pq_runner *r, const sei_pq_block *block);

/* Blocks of one kind in the order of their numbers, as PHREEQC takes them. */
static sei_status initialise(pq_runner *r, const sei_pq_simulation *s, sei_pq_block_kind kind,
                             initial_fn *run)
{
    int        after = -1;
    sei_status st    = SEI_OK;

    for (;;) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < s->n; i++)
            if (s->blocks[i].kind == kind && s->blocks[i].first > after && !is_replaced(s, i) &&
                (best == SIZE_MAX || s->blocks[i].first < s->blocks[best].first))
                best = i;
        if (best == SIZE_MAX || st != SEI_OK)
            return st;
        after = s->blocks[best].first;
        st    = run(r, &s->blocks[best]);
    }
}

/* ------------------------------------------------------------------ COPY and DELETE */

static sei_status copy_entity(pq_runner *r, const sei_pq_block *b, sei_pq_entity entity)
{
    const sei_pq_copy *copy = b->as.copy;
    const void        *item = pq_find(r, entity, copy->from);
    sei_status         st   = SEI_OK;

    if (!item && copy->entity == SEI_PQ_CELL)
        return SEI_OK;
    if (!item)
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, &b->where, "COPY: %s %d is not defined",
                        sei_pq_entity_name(entity), copy->from);
    for (int n = copy->first; n <= copy->last && st == SEI_OK; n++) {
        item = pq_find(r, entity, copy->from);
        st   = pq_put(r, entity, n, item);
    }
    return st;
}

static sei_status copy_block(pq_runner *r, const sei_pq_block *b)
{
    sei_status st = SEI_OK;

    if (b->as.copy->entity != SEI_PQ_CELL)
        return copy_entity(r, b, b->as.copy->entity);
    for (int e = 0; e < SEI_PQ_CELL && st == SEI_OK; e++)
        st = copy_entity(r, b, (sei_pq_entity)e);
    return st;
}

static void delete_items(pq_runner *r, const sei_pq_deletion *d, sei_pq_entity entity)
{
    if (d->n == 0)
        pq_remove_all(r, entity);
    for (size_t i = 0; i < d->n; i++) {
        const pq_store *s = &r->store[entity];
        for (size_t k = s->n; k > 0; k--)
            if (s->entries[k - 1].number >= d->ranges[i].first &&
                s->entries[k - 1].number <= d->ranges[i].last)
                pq_remove(r, entity, s->entries[k - 1].number);
    }
}

static void delete_block(pq_runner *r, const sei_pq_block *b)
{
    for (size_t i = 0; i < b->as.deletion->n; i++) {
        const sei_pq_deletion *d = &b->as.deletion->items[i];
        if (d->entity != SEI_PQ_CELL)
            delete_items(r, d, d->entity);
        for (int e = 0; d->entity == SEI_PQ_CELL && e < SEI_PQ_CELL; e++)
            delete_items(r, d, (sei_pq_entity)e);
    }
}

/* ------------------------------------------------------------------ one simulation */

static sei_status run_columns(pq_runner *r, const sei_pq_simulation *s)
{
    const sei_pq_block *advection = NULL, *transport = NULL;
    sei_status          st = SEI_OK;

    for (size_t i = 0; i < s->n; i++) {
        if (s->blocks[i].kind == SEI_PQ_BLOCK_ADVECTION)
            advection = &s->blocks[i];
        if (s->blocks[i].kind == SEI_PQ_BLOCK_TRANSPORT)
            transport = &s->blocks[i];
    }
    if (advection)
        st = pq_run_advection(r, advection);
    return st == SEI_OK && transport ? pq_run_transport(r, transport) : st;
}

/* Mixtures before copies, copies before dumps, dumps before what is deleted, as in PHREEQC. */
static sei_status finish_simulation(pq_runner *r, const sei_pq_simulation *s)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < s->n && st == SEI_OK; i++)
        if (s->blocks[i].kind == SEI_PQ_BLOCK_BLEND)
            st = pq_blend(r, &s->blocks[i]);
    for (size_t i = 0; i < s->n && st == SEI_OK; i++)
        if (s->blocks[i].kind == SEI_PQ_BLOCK_COPY)
            st = copy_block(r, &s->blocks[i]);
    for (size_t i = 0; i < s->n && st == SEI_OK; i++)
        if (s->blocks[i].kind == SEI_PQ_BLOCK_DUMP)
            st = pq_dump(r, &s->blocks[i]);
    for (size_t i = 0; i < s->n && st == SEI_OK; i++)
        if (s->blocks[i].kind == SEI_PQ_BLOCK_DELETE)
            delete_block(r, &s->blocks[i]);
    return st;
}

sei_status pq_reached(const pq_runner *r, double share)
{
    const sei_pq_hooks *hooks = r->input->hooks;

    if (hooks && hooks->reached)
        hooks->reached(hooks->user, (size_t)r->simulation, share);
    if (hooks && hooks->stop && *hooks->stop)
        return sei_fail(r->ctx, SEI_E_CANCELLED, NULL, "stopped on request");
    return SEI_OK;
}

static sei_status run_simulation(pq_runner *r, const sei_pq_simulation *s)
{
    memset(r->use, 0, sizeof r->use);
    r->saves_to   = -1;
    sei_status st = pq_reached(r, 0.0);

    if (st == SEI_OK)
        st = define_all(r, s);
    if (st == SEI_OK)
        st = initialise(r, s, SEI_PQ_BLOCK_SOLUTION, pq_initial_solution);
    if (st == SEI_OK)
        st = initialise(r, s, SEI_PQ_BLOCK_EXCHANGE, pq_initial_exchange);
    if (st == SEI_OK)
        st = initialise(r, s, SEI_PQ_BLOCK_SURFACE, pq_initial_surface);
    if (st == SEI_OK)
        st = initialise(r, s, SEI_PQ_BLOCK_GAS_PHASE, pq_initial_gas);
    if (st == SEI_OK)
        st = cover_all(r, s, false);
    if (st == SEI_OK)
        st = pq_run_batch(r);
    if (st == SEI_OK)
        st = initialise(r, s, SEI_PQ_BLOCK_INVERSE, pq_run_inverse);
    if (st == SEI_OK)
        st = run_columns(r, s);
    for (size_t i = 0; i < s->n && st == SEI_OK; i++)
        if (s->blocks[i].kind == SEI_PQ_BLOCK_RUN_CELLS)
            st = pq_run_cells(r, &s->blocks[i]);
    return st == SEI_OK ? finish_simulation(r, s) : st;
}

/* ------------------------------------------------------------------ the file */

void sei_pq_result_free(sei_ctx *ctx, sei_pq_result *result)
{
    if (!result)
        return;
    for (size_t i = 0; i < result->n_tables; i++)
        sei_pq_table_free(result->tables[i]);
    for (size_t i = 0; i < result->n_inverses; i++)
        sei_inverse_result_free(ctx, result->inverses[i]);
    for (size_t i = 0; i < result->n_dumps; i++) {
        sei_release(ctx, result->dumps[i].file);
        sei_release(ctx, result->dumps[i].text);
    }
    sei_release(ctx, result->dumps);
    sei_release(ctx, result->inverses);
    sei_release(ctx, result->tables);
    sei_release(ctx, result->printed);
    sei_pq_free(result->input);
    sei_release(ctx, result);
}

static void free_runner(pq_runner *r)
{
    pq_store_free(r);
    pq_free_outputs(r);
    pq_free_reports(r);
    pq_free_rates(r);
    sei_release(r->ctx, r->own_dw);
    sei_release(r->ctx, r->porosity);
    sei_release(r->ctx, r->isotopes);
    sei_release(r->ctx, r->parameters);
    sei_basic_store_free(r->memory);
    pq_model_free(r);
    sei_arena_done(&r->arena);
    sei_release(r->ctx, r);
}

/* A failure without a place of its own gets that of its simulation. */
static sei_status place_error(const pq_runner *r, sei_status st)
{
    char text[500];

    if (sei_ctx_error_where(r->ctx).file || st == SEI_E_NOMEM)
        return st;
    snprintf(text, sizeof text, "%s", sei_ctx_error(r->ctx));
    return sei_fail(r->ctx, st, &r->input->simulations[r->simulation - 1].where,
                    "simulation %d: %s", r->simulation, text);
}

static sei_status run_all(pq_runner *r, const sei_pq_database *database)
{
    sei_status st = pq_model_create(r, database);

    if (st == SEI_OK)
        st = sei_basic_store_create(r->ctx, &r->memory);
    for (size_t i = 0; i < database->n_rates && st == SEI_OK; i++)
        st = pq_add_rates(r, &database->rates[i], false);
    for (size_t i = 0; i < database->n_values && st == SEI_OK; i++)
        st = pq_add_rates(r, &database->values[i], true);
    for (size_t i = 0; i < database->n_parameters && st == SEI_OK; i++)
        st = pq_add_parameters(r, &database->parameters[i]);
    for (size_t i = 0; i < database->n_isotopes && st == SEI_OK; i++)
        st = pq_add_isotopes(r, &database->isotopes[i]);
    for (size_t i = 0; i < r->input->n && st == SEI_OK; i++) {
        r->simulation = (int)i + 1;
        st            = i > 0 ? pq_model_enter(r, i) : SEI_OK;
        if (st == SEI_OK)
            st = run_simulation(r, &r->input->simulations[i]);
        if (st != SEI_OK)
            st = place_error(r, st);
    }
    return st;
}

static sei_status run_once(sei_ctx *ctx, const sei_pq_input *input, const sei_pq_database *database,
                           sei_pq_result **ret_result)
{
    pq_runner *r = sei_alloc(ctx, 1, sizeof *r);

    if (!r)
        return SEI_E_NOMEM;
    r->ctx   = ctx;
    r->input = input;
    r->host  = (sei_basic_host){pq_basic_call, r, pq_look};
    sei_arena_init(&r->arena, ctx);
    r->result = sei_alloc(ctx, 1, sizeof *r->result);
    sei_buf_init(&r->printed, ctx, PQ_PRINTED_MAX);
    const sei_status st = r->result ? run_all(r, database) : SEI_E_NOMEM;
    if (r->result) {
        if (r->printed.len) {
            r->result->printed     = sei_strndup(ctx, r->printed.text, r->printed.len);
            r->result->printed_len = r->result->printed ? r->printed.len : 0;
        }
        *ret_result = r->result;
    }
    sei_buf_done(&r->printed);
    free_runner(r);
    return st;
}

/* ------------------------------------------------------------------ files that are written, then included */

enum { INCLUDES_MAX = 20 };

static sei_status written_text(sei_ctx *ctx, const sei_pq_input *input, const sei_pq_result *result,
                               sei_buf *text)
{
    const char *file = input->awaits;
    size_t      n    = 0;

    for (size_t i = 0; i < result->n_tables; i++) {
        const sei_pq_table *table = result->tables[i];
        if (!table->file || table->is_graph || table->is_unasked || strcmp(table->file, file) != 0)
            continue;
        sei_pq_table_put_phreeqc(table, text);
        n++;
    }
    for (size_t i = 0; i < result->n_dumps; i++) {
        if (strcmp(result->dumps[i].file, file) != 0)
            continue;
        sei_buf_put(text, result->dumps[i].text, result->dumps[i].len);
        n++;
    }
    if (n == 0)
        return sei_fail(ctx, SEI_E_NOT_FOUND, &input->awaits_where,
                        "INCLUDE$ %s: the simulations before it wrote nothing to that file", file);
    return text->status;
}

/* The input with what its simulations, which are done, wrote for the next. */
static sei_status read_on(sei_ctx *ctx, const sei_pq_input *input, const sei_pq_result *result,
                          sei_pq_input **ret_input)
{
    sei_buf text;

    sei_buf_init(&text, ctx, SEI_PQ_BYTES_MAX);
    sei_status st = written_text(ctx, input, result, &text);
    if (st == SEI_OK)
        st = sei_pq_read_on(ctx, input, text.len ? text.text : "", text.len, ret_input);
    sei_buf_done(&text);
    if (st != SEI_OK)
        return st;
    (*ret_input)->hooks   = input->hooks;
    (*ret_input)->threads = input->threads;
    (*ret_input)->scheme  = input->scheme;
    return SEI_OK;
}

/* Elements and sites are known from the first simulation on: what awaits a file is run again from the start with it. */
sei_status sei_pq_run_with(sei_ctx *ctx, const sei_pq_input *input, const sei_pq_database *database,
                           sei_pq_result **ret_result)
{
    sei_pq_input  *own    = NULL;
    sei_pq_result *result = NULL;
    sei_status     st     = run_once(ctx, input, database, &result);

    for (int i = 0; st == SEI_OK && input->awaits; i++) {
        sei_pq_input *next = NULL;
        if (i == INCLUDES_MAX)
            st = sei_fail(ctx, SEI_E_TOO_LARGE, &input->awaits_where,
                          "more than %d files that the input writes are included", INCLUDES_MAX);
        if (st == SEI_OK)
            st = read_on(ctx, input, result, &next);
        if (st != SEI_OK)
            break;
        sei_pq_result_free(ctx, result);
        sei_pq_free(own);
        input = own = next;
        result      = NULL;
        st          = run_once(ctx, input, database, &result);
    }
    if (result)
        result->input = own;
    else
        sei_pq_free(own);
    if (result)
        *ret_result = result;
    return st;
}

sei_status sei_pq_run(sei_ctx *ctx, const sei_pq_input *input, const char *database,
                      sei_pq_result **ret_result)
{
    sei_pq_database *read = NULL;

    if (!database)
        database = input->database;
    if (!database)
        return sei_fail(ctx, SEI_E_MISSING, NULL,
                        "no database: name one with --database or a DATABASE line");
    sei_status st = sei_pq_database_read(ctx, database, &read);
    if (st == SEI_OK)
        st = sei_pq_run_with(ctx, input, read, ret_result);
    sei_pq_database_free(read);
    return st;
}
