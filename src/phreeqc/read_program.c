/* read_program.c - USER_PUNCH, USER_PRINT and USER_GRAPH */
#include "phreeqc/reader.h"

/* In the order in which PHREEQC looks abbreviations up. What follows the first four is of graphs alone. */
static const char *const words[] = {"start",
                                    "end",
                                    "heading",
                                    "headings",
                                    "initial_solutions",
                                    "active",
                                    "plot_csv_file",
                                    "plot_tsv_file",
                                    "chart_title",
                                    "axis_titles",
                                    "axis_scale",
                                    "plot_concentration_vs",
                                    "shifts_as_points",
                                    "grid_offset",
                                    "connect_simulations",
                                    "clear",
                                    "detach",
                                    "batch"};
enum {
    W_START,
    W_END,
    W_HEADING,
    W_HEADINGS,
    W_INITIAL,
    W_ACTIVE,
    W_PLOT_CSV,
    W_PLOT_TSV,
    W_DRAWING, /* from here on: how it looks */
    W_COUNT = sizeof words / sizeof *words
};

static bool is_statement(const char *text)
{
    const sei_slice s = sei_trim(sei_slice_of(text));

    return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9';
}

static sei_status add_headings(sei_pq_reader *r, sei_slice rest, sei_pq_program *program)
{
    sei_slice  word;
    sei_status st = SEI_OK;

    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        st = SEI_PQ_GROW(r, program->headings, program->n_headings);
        if (st != SEI_OK)
            return st;
        const char *name = sei_pq_keep(r, word);
        if (!name)
            return SEI_E_NOMEM;
        program->headings[program->n_headings++] = name;
    }
    return st;
}

static sei_status apply(sei_pq_reader *r, const sei_pq_line *line, int option, sei_slice rest,
                        sei_pq_program *program)
{
    switch (option) {
    case W_START:
    case W_END: return SEI_OK;
    case W_HEADING:
    case W_HEADINGS: return add_headings(r, rest, program);
    case W_INITIAL: return sei_pq_flag(r, line->where, rest, &program->initial);
    case W_ACTIVE: return sei_pq_flag(r, line->where, rest, &program->active);
    case W_PLOT_CSV:
    case W_PLOT_TSV:
        sei_warn(r->ctx, &line->where, "USER_GRAPH: -%s draws nothing: the curves are in that file",
                 words[option]);
        return SEI_OK;
    default: return SEI_OK;
    }
}

sei_status sei_pq_read_program(sei_pq_reader *r)
{
    const size_t       n = r->block->kind == SEI_PQ_BLOCK_USER_GRAPH ? W_COUNT : W_INITIAL;
    const sei_pq_line *line;
    int                option, last = SEI_PQ_DATA;
    sei_slice          rest;
    sei_status         st      = SEI_OK;
    sei_pq_program    *program = sei_pq_new(r, sizeof *program);

    if (!program)
        return SEI_E_NOMEM;
    program->active      = true;
    r->block->as.program = program;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        st = sei_pq_option(r, line, words, n, &option, &rest);
        if (st != SEI_OK)
            break;
        const bool is_list = last == W_HEADING || last == W_HEADINGS;
        if (option == SEI_PQ_DATA && is_statement(line->text))
            st = sei_pq_add_text(r, &program->basic, line);
        else if (option == SEI_PQ_DATA && is_list)
            st = add_headings(r, rest, program);
        else if (option == SEI_PQ_DATA)
            st =
                sei_pq_fail(r, SEI_E_PARSE, line->where,
                            "\"%.60s\" is neither an option nor a numbered BASIC line", line->text);
        else
            st = apply(r, line, option, rest, program);
        if (option != SEI_PQ_DATA || is_statement(line->text))
            last = option;
    }
    return st;
}
