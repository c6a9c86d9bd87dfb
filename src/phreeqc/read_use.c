/* read_use.c - USE, SAVE, COPY, DELETE, DUMP, RUN_CELLS */
#include "phreeqc/reader.h"

static sei_status entity_of(sei_pq_reader *r, sei_slice *rest, bool with_cell,
                            sei_pq_entity *ret_entity)
{
    sei_slice word;

    if (!sei_next_word(rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, r->block->where,
                           "a keyword such as solution must follow");
    const sei_pq_keyword *keyword = sei_pq_keyword_find(word);
    if (keyword && sei_pq_entity_of_keyword(keyword, ret_entity))
        return SEI_OK;
    if (with_cell && sei_slice_is_nocase(word, "cell")) {
        *ret_entity = SEI_PQ_CELL;
        return SEI_OK;
    }
    return sei_pq_fail(r, SEI_E_KEY, r->block->where, "\"%.*s\" is nothing that has a number",
                       SEI_PQ_SHOWN(word));
}

/* These keywords stand on one line. */
static sei_status end_of_block(sei_pq_reader *r)
{
    const sei_pq_line *line;

    if (!sei_pq_next_line(r, &line))
        return SEI_OK;
    return sei_pq_fail(r, SEI_E_PARSE, line->where, "\"%.60s\": nothing may follow but a keyword",
                       line->text);
}

/* The first word that is a number or a range; 1 when there is none. */
static sei_status number_of(sei_pq_reader *r, sei_slice rest, sei_pq_target *target)
{
    sei_slice    word;
    sei_pq_range range = {1, 1};

    while (sei_next_word(&rest, &word)) {
        if (sei_slice_is_nocase(word, "none")) {
            target->is_none = true;
            return SEI_OK;
        }
        if (word.at[0] < '0' || word.at[0] > '9')
            continue;
        const sei_status st = sei_pq_range_of(r, r->block->where, word, &range);
        if (st != SEI_OK)
            return st;
        break;
    }
    target->first = range.first;
    target->last  = range.last;
    return SEI_OK;
}

sei_status sei_pq_read_use(sei_pq_reader *r)
{
    sei_pq_target *target = sei_pq_new(r, sizeof *target);
    sei_slice      rest   = r->rest;

    if (!target)
        return SEI_E_NOMEM;
    r->block->as.target = target;
    sei_status st       = entity_of(r, &rest, false, &target->entity);
    if (st == SEI_OK)
        st = number_of(r, rest, target);
    if (st == SEI_OK && target->last != target->first)
        st = sei_pq_fail(r, SEI_E_PARSE, r->block->where, "one number is used, not the range %d-%d",
                         target->first, target->last);
    return st == SEI_OK ? end_of_block(r) : st;
}

sei_status sei_pq_read_save(sei_pq_reader *r)
{
    sei_pq_target *target = sei_pq_new(r, sizeof *target);
    sei_slice      rest   = r->rest;

    if (!target)
        return SEI_E_NOMEM;
    r->block->as.target = target;
    sei_status st       = entity_of(r, &rest, false, &target->entity);
    if (st == SEI_OK && target->entity > SEI_PQ_SOLID_SOLUTIONS)
        st = sei_pq_fail(r, SEI_E_KEY, r->block->where, "%s cannot be saved",
                         sei_pq_entity_name(target->entity));
    if (st == SEI_OK)
        st = number_of(r, rest, target);
    if (st == SEI_OK && target->is_none)
        st = sei_pq_fail(r, SEI_E_PARSE, r->block->where, "the number to save as is missing");
    return st == SEI_OK ? end_of_block(r) : st;
}

sei_status sei_pq_read_copy(sei_pq_reader *r)
{
    sei_pq_copy *copy = sei_pq_new(r, sizeof *copy);
    sei_slice    rest = r->rest, word;
    sei_pq_range range;

    if (!copy)
        return SEI_E_NOMEM;
    r->block->as.copy = copy;
    sei_status st     = entity_of(r, &rest, true, &copy->entity);
    if (st == SEI_OK)
        st = sei_pq_integer(r, r->block->where, &rest, "number to copy", 0, &copy->from);
    if (st != SEI_OK)
        return st;
    if (!sei_next_word(&rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, r->block->where,
                           "the number or range to copy to is missing");
    st = sei_pq_range_of(r, r->block->where, word, &range);
    if (st != SEI_OK)
        return st;
    copy->first = range.first;
    copy->last  = range.last;
    return end_of_block(r);
}

/* ------------------------------------------------------------------ DELETE */

static const struct {
    const char   *name;
    sei_pq_entity entity; /* SEI_PQ_CELL: of every kind */
} delete_rows[] = {
    {"solution", SEI_PQ_SOLUTION},
    {"solutions", SEI_PQ_SOLUTION},
    {"pp_assemblage", SEI_PQ_EQUILIBRIUM_PHASES},
    {"equilibrium_phases", SEI_PQ_EQUILIBRIUM_PHASES},
    {"equilibrium_phase", SEI_PQ_EQUILIBRIUM_PHASES},
    {"equilibria", SEI_PQ_EQUILIBRIUM_PHASES},
    {"exchange", SEI_PQ_EXCHANGE},
    {"surface", SEI_PQ_SURFACE},
    {"ss_assemblage", SEI_PQ_SOLID_SOLUTIONS},
    {"solid_solutions", SEI_PQ_SOLID_SOLUTIONS},
    {"solid_solution", SEI_PQ_SOLID_SOLUTIONS},
    {"gas_phase", SEI_PQ_GAS_PHASE},
    {"kinetics", SEI_PQ_KINETICS},
    {"mix", SEI_PQ_MIX},
    {"reaction", SEI_PQ_REACTION},
    {"reactions", SEI_PQ_REACTION},
    {"reaction_temperature", SEI_PQ_REACTION_TEMPERATURE},
    {"temperature", SEI_PQ_REACTION_TEMPERATURE},
    {"reaction_pressure", SEI_PQ_REACTION_PRESSURE},
    {"pressure", SEI_PQ_REACTION_PRESSURE},
    {"cells", SEI_PQ_CELL},
    {"cell", SEI_PQ_CELL},
    {"all", SEI_PQ_CELL},
};
enum { DELETE_COUNT = sizeof delete_rows / sizeof *delete_rows };

enum { OPTION_FILE = DELETE_COUNT, OPTION_APPEND, DUMP_COUNT };

static sei_status add_selection(sei_pq_reader *r, const sei_pq_line *line, int option,
                                sei_pq_delete *d)
{
    const sei_status st = SEI_PQ_GROW(r, d->items, d->n);

    if (st == SEI_OK)
        d->items[d->n++] = (sei_pq_deletion){.where      = line->where,
                                             .everything = option == DELETE_COUNT - 1,
                                             .entity     = delete_rows[option].entity};
    return st;
}

static sei_status read_file_option(sei_pq_reader *r, const sei_pq_line *line, int option,
                                   sei_slice rest, sei_pq_dump *dump)
{
    if (option == OPTION_APPEND)
        return sei_pq_flag(r, line->where, rest, &dump->appends);
    rest       = sei_trim(rest);
    dump->file = sei_pq_keep(r, rest);
    if (dump->file && rest.len == 0)
        return sei_pq_fail(r, SEI_E_MISSING, line->where, "the name of a file is missing");
    return dump->file ? SEI_OK : SEI_E_NOMEM;
}

/* Kinds with their numbers; a DUMP has a file beside them. */
static sei_status read_selection(sei_pq_reader *r, sei_pq_delete *d, sei_pq_dump *dump)
{
    const char        *names[DUMP_COUNT] = {[OPTION_FILE] = "file", [OPTION_APPEND] = "append"};
    const sei_pq_line *line;
    bool               has_list = false;
    sei_status         st       = SEI_OK;

    for (size_t i = 0; i < DELETE_COUNT; i++)
        names[i] = delete_rows[i].name;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, names, dump ? DUMP_COUNT : DELETE_COUNT, &option, &rest);
        if (st == SEI_OK && option == SEI_PQ_DATA && !has_list)
            st = sei_pq_fail(r, SEI_E_PARSE, line->where, "\"%.60s\" stands before an option",
                             line->text);
        if (st != SEI_OK)
            break;
        has_list = option < DELETE_COUNT;
        if (!has_list) {
            st = read_file_option(r, line, option, rest, dump);
            continue;
        }
        if (option != SEI_PQ_DATA)
            st = add_selection(r, line, option, d);
        if (st == SEI_OK)
            st = sei_pq_ranges(r, line->where, rest, &d->items[d->n - 1].n,
                               &d->items[d->n - 1].ranges);
    }
    return st;
}

sei_status sei_pq_read_delete(sei_pq_reader *r)
{
    sei_pq_delete *d = sei_pq_new(r, sizeof *d);

    if (!d)
        return SEI_E_NOMEM;
    r->block->as.deletion = d;
    return read_selection(r, d, NULL);
}

sei_status sei_pq_read_dump(sei_pq_reader *r)
{
    sei_pq_dump *dump = sei_pq_new(r, sizeof *dump);

    if (!dump)
        return SEI_E_NOMEM;
    r->block->as.dump   = dump;
    dump->what          = sei_pq_new(r, sizeof *dump->what);
    const sei_status st = dump->what ? read_selection(r, dump->what, dump) : SEI_E_NOMEM;
    if (st == SEI_OK && dump->what->n == 0)
        sei_warn(r->ctx, &r->block->where, "DUMP names nothing to write");
    return st;
}

/* "-cells 1 3-5", over lines that follow too; times in seconds or with a unit. */
sei_status sei_pq_read_run_cells(sei_pq_reader *r)
{
    static const char *const words[] = {"start_time", "time_step", "time_steps", "step",
                                        "steps",      "cells",     "cell"};
    const sei_pq_line       *line;
    int                      option, last = SEI_PQ_DATA;
    sei_slice                rest;
    sei_status               st    = SEI_OK;
    sei_pq_cells            *cells = sei_pq_new(r, sizeof *cells);

    if (!cells)
        return SEI_E_NOMEM;
    r->block->as.cells = cells;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        st = sei_pq_option(r, line, words, sizeof words / sizeof *words, &option, &rest);
        if (st != SEI_OK)
            break;
        last = option == SEI_PQ_DATA ? last : option;
        if (last == SEI_PQ_DATA || (option == SEI_PQ_DATA && last < 5))
            return sei_pq_fail(r, SEI_E_PARSE, line->where, "\"%.60s\" follows no list of cells",
                               line->text);
        if (last == 0) {
            cells->has_start = true;
            st               = sei_pq_time_of(r, line->where, &rest, "start time", &cells->start_s);
        } else if (last < 5) {
            cells->has_step = true;
            st              = sei_pq_time_of(r, line->where, &rest, "time step", &cells->step_s);
        } else {
            st = sei_pq_ranges(r, line->where, rest, &cells->n, &cells->ranges);
        }
    }
    return st;
}
