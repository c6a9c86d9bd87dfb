/*
 * read_modify.c - SOLUTION_MODIFY, EQUILIBRIUM_PHASES_MODIFY, KINETICS_MODIFY: some numbers of what is there already
 *
 * The words are those of PHREEQC's own dumps; what such a dump holds beside what defines the thing (activities, guesses, sums)
 * has no effect there and is passed over here.
 */
#include <string.h>

#include "phreeqc/reader.h"

typedef struct {
    const char   *name;
    sei_pq_change change;
} row;

static const row of_solution[] = {
    {"totals", SEI_PQ_SET_TOTAL},        {"total_h", SEI_PQ_SET_H},
    {"total_o", SEI_PQ_SET_O},           {"cb", SEI_PQ_SET_CHARGE},
    {"temp", SEI_PQ_SET_TEMP},           {"pressure", SEI_PQ_SET_PRESSURE},
    {"ph", SEI_PQ_SET_NOTHING},          {"pe", SEI_PQ_SET_NOTHING},
    {"mu", SEI_PQ_SET_NOTHING},          {"ah2o", SEI_PQ_SET_NOTHING},
    {"mass_water", SEI_PQ_SET_NOTHING},  {"total_alkalinity", SEI_PQ_SET_NOTHING},
    {"density", SEI_PQ_SET_NOTHING},     {"soln_vol", SEI_PQ_SET_NOTHING},
    {"activities", SEI_PQ_SET_NOTHING},  {"gammas", SEI_PQ_SET_NOTHING},
    {"viscosity", SEI_PQ_SET_NOTHING},   {"viscos_0", SEI_PQ_SET_NOTHING},
    {"potential", SEI_PQ_SET_NOTHING},   {"new_def", SEI_PQ_SET_NOTHING},
    {"species_map", SEI_PQ_SET_NOTHING}, {"log_gamma_map", SEI_PQ_SET_NOTHING},
};

static const row of_phases[] = {
    {"component", SEI_PQ_SET_COMPONENT},
    {"moles", SEI_PQ_SET_MOL},
    {"si", SEI_PQ_SET_SI},
    {"si_org", SEI_PQ_SET_NOTHING},
    {"add_formula", SEI_PQ_SET_FORMULA},
    {"force_equality", SEI_PQ_SET_FORCE_EQUALITY},
    {"dissolve_only", SEI_PQ_SET_DISSOLVE_ONLY},
    {"precipitate_only", SEI_PQ_SET_PRECIPITATE_ONLY},
    {"delta", SEI_PQ_SET_NOTHING},
    {"initial_moles", SEI_PQ_SET_NOTHING},
    {"totals", SEI_PQ_SET_NOTHING},
    {"eltlist", SEI_PQ_SET_NOTHING},
    {"assemblage_totals", SEI_PQ_SET_NOTHING},
    {"new_def", SEI_PQ_SET_NOTHING},
};

static const row of_kinetics[] = {
    {"component", SEI_PQ_SET_COMPONENT},
    {"m", SEI_PQ_SET_M},
    {"m0", SEI_PQ_SET_M0},
    {"tol", SEI_PQ_SET_TOL},
    {"d_params", SEI_PQ_SET_PARMS},
    {"steps", SEI_PQ_SET_STEPS},
    {"moles", SEI_PQ_SET_NOTHING},
    {"initial_moles", SEI_PQ_SET_NOTHING},
    {"step_divide", SEI_PQ_SET_NOTHING},
    {"rk", SEI_PQ_SET_NOTHING},
    {"bad_step_max", SEI_PQ_SET_NOTHING},
    {"use_cvode", SEI_PQ_SET_NOTHING},
    {"cvode_steps", SEI_PQ_SET_NOTHING},
    {"cvode_order", SEI_PQ_SET_NOTHING},
    {"totals", SEI_PQ_SET_NOTHING},
};

enum {
    ROWS_MAX   = 32,
    N_SOLUTION = sizeof of_solution / sizeof *of_solution,
    N_PHASES   = sizeof of_phases / sizeof *of_phases,
    N_KINETICS = sizeof of_kinetics / sizeof *of_kinetics
};

typedef struct {
    const row     *rows;
    size_t         n;
    sei_pq_modify *modify;
    const char    *component;
    sei_pq_change  last; /* whose lines follow */
} reading;

static sei_status add(sei_pq_reader *r, reading *in, sei_where where, sei_pq_change change,
                      sei_pq_assignment **ret_item)
{
    sei_pq_modify   *m  = in->modify;
    const sei_status st = SEI_PQ_GROW(r, m->items, m->n);

    if (st != SEI_OK)
        return st;
    *ret_item  = &m->items[m->n++];
    **ret_item = (sei_pq_assignment){.where = where, .component = in->component, .change = change};
    return SEI_OK;
}

/* "Ca 0.01" below -totals. */
static sei_status read_total(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest)
{
    sei_pq_assignment *item;
    sei_slice          word;
    sei_status         st;

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    st = add(r, in, where, SEI_PQ_SET_TOTAL, &item);
    if (st != SEI_OK)
        return st;
    item->name = sei_pq_keep(r, word);
    if (!item->name)
        return SEI_E_NOMEM;
    return sei_pq_number(r, where, &rest, item->name, &item->value);
}

/* Numbers behind the option or on the lines below it. */
static sei_status read_list(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest,
                            bool is_first)
{
    sei_pq_modify     *m    = in->modify;
    sei_pq_assignment *item = is_first ? NULL : &m->items[m->n - 1];
    sei_status         st   = is_first ? add(r, in, where, in->last, &item) : SEI_OK;

    return st == SEI_OK ? sei_pq_values(r, where, &rest, &item->n, &item->values) : st;
}

static sei_status read_word(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest)
{
    sei_pq_assignment *item;
    sei_slice          word;

    if (!sei_next_word(&rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, where, "a name is missing");
    const char *name = sei_pq_keep(r, word);
    if (!name)
        return SEI_E_NOMEM;
    if (in->last == SEI_PQ_SET_COMPONENT)
        in->component = name;
    const sei_status st = add(r, in, where, in->last, &item);
    if (st == SEI_OK)
        item->name = name;
    return st;
}

/* "1", "0", "true", "false". */
static sei_status read_number(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest)
{
    sei_pq_assignment *item;
    sei_slice          word, copy = rest;
    double             value   = 0.0;
    bool               flag    = true;
    sei_status         st      = SEI_OK;
    const bool         is_flag = in->last == SEI_PQ_SET_FORCE_EQUALITY ||
                         in->last == SEI_PQ_SET_DISSOLVE_ONLY ||
                         in->last == SEI_PQ_SET_PRECIPITATE_ONLY;

    if (is_flag && !(sei_next_word(&copy, &word) && sei_pq_is_number(word, &value))) {
        st    = sei_pq_flag(r, where, rest, &flag);
        value = flag;
    } else if (!is_flag) {
        st = sei_pq_number(r, where, &rest, "value", &value);
    }
    if (st == SEI_OK)
        st = add(r, in, where, in->last, &item);
    if (st == SEI_OK)
        item->value = value;
    return st;
}

static sei_status read_option(sei_pq_reader *r, reading *in, int option, sei_where where,
                              sei_slice rest)
{
    in->last = in->rows[option].change;
    if (in->component == NULL && in->rows != of_solution && in->last != SEI_PQ_SET_NOTHING &&
        in->last != SEI_PQ_SET_COMPONENT && in->last != SEI_PQ_SET_STEPS)
        return sei_pq_fail(r, SEI_E_PARSE, where, "-%s stands before the first -component",
                           in->rows[option].name);
    switch (in->last) {
    case SEI_PQ_SET_NOTHING: return SEI_OK;
    case SEI_PQ_SET_TOTAL: return read_total(r, in, where, rest);
    case SEI_PQ_SET_PARMS:
    case SEI_PQ_SET_STEPS: return read_list(r, in, where, rest, true);
    case SEI_PQ_SET_COMPONENT:
    case SEI_PQ_SET_FORMULA: return read_word(r, in, where, rest);
    default: return read_number(r, in, where, rest);
    }
}

static sei_status read_data(sei_pq_reader *r, reading *in, const sei_pq_line *line)
{
    const sei_slice text = sei_slice_of(line->text);

    switch (in->last) {
    case SEI_PQ_SET_NOTHING: return SEI_OK;
    case SEI_PQ_SET_TOTAL: return read_total(r, in, line->where, text);
    case SEI_PQ_SET_PARMS:
    case SEI_PQ_SET_STEPS: return read_list(r, in, line->where, text, false);
    default:
        return sei_pq_fail(r, SEI_E_PARSE, line->where, "\"%.60s\" is not an option", line->text);
    }
}

sei_status sei_pq_read_modify(sei_pq_reader *r)
{
    const char        *names[ROWS_MAX];
    const sei_pq_line *line;
    sei_status         st = SEI_OK;
    reading            in = {of_solution, N_SOLUTION, sei_pq_new(r, sizeof *in.modify), NULL,
                             SEI_PQ_SET_COMPONENT};

    if (!in.modify)
        return SEI_E_NOMEM;
    r->block->as.modify = in.modify;
    in.modify->entity   = SEI_PQ_SOLUTION;
    if (r->block->keyword[0] == 'E') {
        in.rows           = of_phases;
        in.n              = N_PHASES;
        in.modify->entity = SEI_PQ_EQUILIBRIUM_PHASES;
    } else if (r->block->keyword[0] == 'K') {
        in.rows           = of_kinetics;
        in.n              = N_KINETICS;
        in.modify->entity = SEI_PQ_KINETICS;
    }
    for (size_t i = 0; i < in.n; i++)
        names[i] = in.rows[i].name;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, names, in.n, &option, &rest);
        if (st == SEI_OK)
            st = option == SEI_PQ_DATA ? read_data(r, &in, line)
                                       : read_option(r, &in, option, line->where, rest);
    }
    return st;
}
