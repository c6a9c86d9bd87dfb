/* read_transport.c - TRANSPORT and ADVECTION */
#include "phreeqc/reader.h"

enum { CELLS_MAX = 100000, SHIFTS_MAX = 10000000 };

static sei_status count_of(sei_pq_reader *r, sei_where where, sei_slice *rest, const char *what,
                           int min, int max, int *ret)
{
    int        value;
    sei_status st = sei_pq_integer(r, where, rest, what, min, &value);

    if (st == SEI_OK && value > max)
        st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: %d is outside %d..%d", what, value, min, max);
    if (st == SEI_OK)
        *ret = value;
    return st;
}

/* A new list of cells takes the place of the former one. */
static sei_status punch_cells(sei_pq_reader *r, sei_where where, sei_slice rest, bool is_new,
                              sei_pq_sampling *sampling)
{
    if (is_new) {
        sampling->n_punch = 0;
        sampling->punch   = NULL;
    }
    return sei_pq_ranges(r, where, rest, &sampling->n_punch, &sampling->punch);
}

/* Checked and passed over: what would be printed to PHREEQC's report. */
static sei_status printed_cells(sei_pq_reader *r, sei_where where, sei_slice rest)
{
    size_t        n      = 0;
    sei_pq_range *ranges = NULL;

    return sei_pq_ranges(r, where, rest, &n, &ranges);
}

static sei_status printed_frequency(sei_pq_reader *r, sei_where where, sei_slice rest)
{
    int frequency;

    return sei_pq_integer(r, where, &rest, "print frequency", 1, &frequency);
}

/* ------------------------------------------------------------------ TRANSPORT */

/* A file that what the cells hold is written to. */
static sei_status dump_of(sei_pq_reader *r, sei_slice name, sei_pq_transport *t)
{
    t->dump = sei_pq_keep(r, name.len ? name : sei_slice_of("phreeqc.dmp"));
    return t->dump ? SEI_OK : SEI_E_NOMEM;
}

/* In the order in which PHREEQC looks abbreviations up. */
static const char *const options[] = {"cells",
                                      "shifts",
                                      "print",
                                      "selected_output",
                                      "bcond",
                                      "timest",
                                      "diffc",
                                      "tempr",
                                      "length",
                                      "disp",
                                      "punch",
                                      "stagnant",
                                      "bc",
                                      "boundary_conditions",
                                      "time_step",
                                      "temp_retardation_factor",
                                      "diffusion_coefficient",
                                      "dispersivity",
                                      "direction",
                                      "temperature_retardation_factor",
                                      "print_cells",
                                      "selected_cells",
                                      "flow_direction",
                                      "flow",
                                      "lengths",
                                      "dispersivities",
                                      "dump",
                                      "output",
                                      "output_frequency",
                                      "selected_output_frequency",
                                      "punch_cells",
                                      "dump_frequency",
                                      "dump_restart",
                                      "punch_frequency",
                                      "print_frequency",
                                      "correct_disp",
                                      "initial_time",
                                      "warning",
                                      "warnings",
                                      "thermal_diffusion",
                                      "multi_d",
                                      "interlayer_d",
                                      "porosities",
                                      "porosity",
                                      "fix_current",
                                      "implicit",
                                      "same_model"};
enum {
    T_CELLS,
    T_SHIFTS,
    T_PRINT,
    T_SELECTED_OUTPUT,
    T_BCOND,
    T_TIMEST,
    T_DIFFC,
    T_TEMPR,
    T_LENGTH,
    T_DISP,
    T_PUNCH,
    T_STAGNANT,
    T_BC,
    T_BOUNDARY_CONDITIONS,
    T_TIME_STEP,
    T_TEMP_RETARDATION,
    T_DIFFUSION,
    T_DISPERSIVITY,
    T_DIRECTION,
    T_TEMPERATURE_RETARDATION,
    T_PRINT_CELLS,
    T_SELECTED_CELLS,
    T_FLOW_DIRECTION,
    T_FLOW,
    T_LENGTHS,
    T_DISPERSIVITIES,
    T_DUMP,
    T_OUTPUT,
    T_OUTPUT_FREQUENCY,
    T_SELECTED_OUTPUT_FREQUENCY,
    T_PUNCH_CELLS,
    T_DUMP_FREQUENCY,
    T_DUMP_RESTART,
    T_PUNCH_FREQUENCY,
    T_PRINT_FREQUENCY,
    T_CORRECT_DISP,
    T_INITIAL_TIME,
    T_WARNING,
    T_WARNINGS,
    T_THERMAL_DIFFUSION,
    T_MULTI_D,
    T_INTERLAYER_D,
    T_POROSITIES,
    T_POROSITY,
    T_FIX_CURRENT,
    T_IMPLICIT,
    T_SAME_MODEL,
    T_COUNT
};

/* 0 A: what the potentials of the ends drive, if they have any. */
static sei_status current_of(sei_pq_reader *r, sei_where where, sei_slice rest, double *ret_a)
{
    *ret_a              = 0.0;
    const sei_status st = sei_pq_number_or(r, where, &rest, "current", ret_a);
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

static sei_status boundary_of(sei_pq_reader *r, sei_where where, sei_slice *rest,
                              sei_pq_boundary *ret)
{
    sei_slice word;
    double    value;

    *ret = SEI_PQ_FLUX;
    if (!sei_next_word(rest, &word))
        return SEI_OK;
    if (sei_pq_is_number(word, &value) && (value == 1.0 || value == 2.0 || value == 3.0))
        *ret = (sei_pq_boundary)value;
    else if (word.len >= 2 && (sei_slice_is_nocase((sei_slice){word.at, 2}, "co")))
        *ret = SEI_PQ_CONSTANT;
    else if (word.len >= 2 && (sei_slice_is_nocase((sei_slice){word.at, 2}, "cl")))
        *ret = SEI_PQ_CLOSED;
    else if (word.at[0] == 'f' || word.at[0] == 'F')
        *ret = SEI_PQ_FLUX;
    else
        return sei_pq_fail(r, SEI_E_PARSE, where,
                           "boundary condition \"%.*s\" is none of constant, closed, flux",
                           SEI_PQ_SHOWN(word));
    return SEI_OK;
}

static sei_status direction_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                               int *ret_direction)
{
    sei_slice word = {"", 0};

    sei_next_word(&rest, &word);
    const char c = word.len ? word.at[0] : ' ';
    if (c == 'f' || c == 'F')
        *ret_direction = 1;
    else if (c == 'b' || c == 'B')
        *ret_direction = -1;
    else if (c == 'd' || c == 'D' || c == 'n' || c == 'N')
        *ret_direction = 0;
    else
        return sei_pq_fail(r, SEI_E_PARSE, where,
                           "flow direction \"%.*s\" is none of forward, back, diffusion_only",
                           SEI_PQ_SHOWN(word));
    return SEI_OK;
}

static sei_status stagnant_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                              sei_pq_transport *t)
{
    sei_status st = count_of(r, where, &rest, "stagnant layers", 0, 1000, &t->stagnant_layers);

    t->has_exchange_factor = sei_trim(rest).len > 0;
    if (st != SEI_OK || !t->has_exchange_factor)
        return st;
    st = sei_pq_number(r, where, &rest, "exchange factor", &t->exchange_factor);
    if (st == SEI_OK)
        st = sei_pq_number(r, where, &rest, "porosity of the mobile zone", &t->porosity_mobile);
    return st == SEI_OK ? sei_pq_number(r, where, &rest, "porosity of the immobile zone",
                                        &t->porosity_immobile)
                        : st;
}

static sei_status time_step_of(sei_pq_reader *r, sei_where where, sei_slice rest,
                               sei_pq_transport *t)
{
    sei_status st = sei_pq_time_of(r, where, &rest, "time step", &t->time_step_s);

    if (st == SEI_OK)
        st = sei_pq_number_or(r, where, &rest, "substeps", &t->substeps);
    if (st == SEI_OK && !(t->substeps >= 1.0))
        st = sei_pq_fail(r, SEI_E_RANGE, where, "substeps of %g are below 1", t->substeps);
    return st;
}

/* Lengths and dispersivities: "1.0" or "5*0.2 3*0.4", over several lines. */
static sei_status values_of(sei_pq_reader *r, sei_where where, sei_slice rest, bool is_new,
                            const char *what, size_t *n, double **values)
{
    if (is_new)
        *n = 0;
    if (is_new)
        *values = NULL;
    sei_status st = sei_pq_values(r, where, &rest, n, values);
    if (st == SEI_OK && sei_trim(rest).len)
        st = sei_pq_fail(r, SEI_E_PARSE, where, "%s: \"%.*s\" is not a number", what,
                         (int)(rest.len < 60 ? rest.len : 60), sei_trim(rest).at);
    for (size_t i = 0; i < *n && st == SEI_OK; i++)
        if (!((*values)[i] >= 0.0))
            st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: %g is negative", what, (*values)[i]);
    return st;
}

static sei_status shifts_of(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_transport *t)
{
    sei_status st = count_of(r, where, &rest, "shifts", 0, SHIFTS_MAX, &t->shifts);

    if (st == SEI_OK && sei_trim(rest).len)
        st = count_of(r, where, &rest, "direction of the shifts", -1, 1, &t->direction);
    return st;
}

static sei_status thermal_of(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_transport *t)
{
    sei_status st =
        sei_pq_number(r, where, &rest, "temperature retardation factor", &t->thermal_retardation);

    if (st == SEI_OK && !(t->thermal_retardation >= 1.0))
        st = sei_pq_fail(r, SEI_E_RANGE, where, "temperature retardation factor of %g is below 1",
                         t->thermal_retardation);
    return st == SEI_OK ? sei_pq_number_or(r, where, &rest, "thermal diffusion coefficient",
                                           &t->thermal_diffusion_m2_s)
                        : st;
}

static sei_status initial_time_of(sei_pq_reader *r, sei_where where, sei_slice rest, double *time_s,
                                  bool *has)
{
    *has = true;
    return sei_pq_time_of(r, where, &rest, "initial time", time_s);
}

/* again: a line without an option that goes on with the list of the one before. */
static sei_status apply(sei_pq_reader *r, sei_where where, int option, bool again, sei_slice rest,
                        sei_pq_transport *t)
{
    bool flag;

    switch (option) {
    case T_CELLS: return count_of(r, where, &rest, "cells", 1, CELLS_MAX, &t->cells);
    case T_SHIFTS: return shifts_of(r, where, rest, t);
    case T_PRINT:
    case T_PRINT_CELLS: return printed_cells(r, where, rest);
    case T_SELECTED_OUTPUT:
    case T_SELECTED_OUTPUT_FREQUENCY:
    case T_PUNCH_FREQUENCY:
        return sei_pq_integer(r, where, &rest, "punch frequency", 1, &t->sampling.punch_frequency);
    case T_BCOND:
    case T_BC:
    case T_BOUNDARY_CONDITIONS: {
        const sei_status st = boundary_of(r, where, &rest, &t->first);
        return st == SEI_OK ? boundary_of(r, where, &rest, &t->last) : st;
    }
    case T_TIMEST:
    case T_TIME_STEP: return time_step_of(r, where, rest, t);
    case T_DIFFC:
    case T_DIFFUSION:
        return sei_pq_number(r, where, &rest, "diffusion coefficient", &t->diffusion_m2_s);
    case T_TEMPR:
    case T_TEMP_RETARDATION:
    case T_TEMPERATURE_RETARDATION:
    case T_THERMAL_DIFFUSION: return thermal_of(r, where, rest, t);
    case T_LENGTH:
    case T_LENGTHS:
        return values_of(r, where, rest, !again, "length", &t->n_lengths, &t->lengths_m);
    case T_DISP:
    case T_DISPERSIVITY:
    case T_DISPERSIVITIES:
        return values_of(r, where, rest, !again, "dispersivity", &t->n_dispersivities,
                         &t->dispersivities_m);
    case T_PUNCH:
    case T_SELECTED_CELLS:
    case T_PUNCH_CELLS: return punch_cells(r, where, rest, !again, &t->sampling);
    case T_STAGNANT: return stagnant_of(r, where, rest, t);
    case T_DIRECTION:
    case T_FLOW_DIRECTION:
    case T_FLOW: return direction_of(r, where, rest, &t->direction);
    case T_OUTPUT:
    case T_OUTPUT_FREQUENCY:
    case T_PRINT_FREQUENCY: return printed_frequency(r, where, rest);
    case T_CORRECT_DISP: return sei_pq_flag(r, where, rest, &t->correct_dispersion);
    case T_INITIAL_TIME:
        return initial_time_of(r, where, rest, &t->initial_time_s, &t->has_initial_time);
    case T_WARNING:
    case T_WARNINGS: return sei_pq_flag(r, where, rest, &flag);
    case T_DUMP: return dump_of(r, sei_trim(rest), t);
    case T_DUMP_FREQUENCY:
        return sei_pq_integer(r, where, &rest, "dump frequency", 1, &t->dump_frequency);
    case T_DUMP_RESTART: return sei_pq_integer(r, where, &rest, "first shift", 1, &t->first_shift);
    case T_MULTI_D: return sei_pq_multi_of(r, where, rest, &t->multi);
    case T_INTERLAYER_D: return sei_pq_interlayer_of(r, where, rest, &t->multi);
    case T_IMPLICIT: return sei_pq_implicit_of(r, where, rest, &t->multi);
    case T_POROSITIES:
    case T_POROSITY:
        return values_of(r, where, rest, !again, "porosity", &t->multi.n_porosities,
                         &t->multi.porosities);
    case T_FIX_CURRENT: return current_of(r, where, rest, &t->multi.current_a);
    default:
        return sei_pq_fail(r, SEI_E_UNSUPPORTED, where, "option -%s is not supported yet",
                           options[option]);
    }
}

static bool is_list(int option)
{
    return option == T_LENGTH || option == T_LENGTHS || option == T_DISP ||
           option == T_DISPERSIVITY || option == T_DISPERSIVITIES || option == T_PUNCH ||
           option == T_SELECTED_CELLS || option == T_PUNCH_CELLS || option == T_PRINT ||
           option == T_PRINT_CELLS || option == T_POROSITIES || option == T_POROSITY;
}

static sei_status set_all(sei_pq_reader *r, double value, size_t *n, double **values)
{
    *n                  = 0;
    *values             = NULL;
    const sei_status st = SEI_PQ_GROW(r, *values, *n);

    if (st == SEI_OK)
        (*values)[(*n)++] = value;
    return st;
}

typedef struct {
    bool lengths, dispersivities, punch; /* in this block */
} given;

static given add_given(given g, int option)
{
    g.lengths |= option == T_LENGTH || option == T_LENGTHS;
    g.dispersivities |= option == T_DISP || option == T_DISPERSIVITY || option == T_DISPERSIVITIES;
    g.punch |= option == T_PUNCH || option == T_SELECTED_CELLS || option == T_PUNCH_CELLS;
    return g;
}

/* A list that is longer than the column makes it as long, as in PHREEQC. */
static sei_status grow_to_lists(sei_pq_reader *r, given g, sei_pq_transport *t)
{
    const size_t lengths        = g.lengths ? t->n_lengths : 0,
                 dispersivities = g.dispersivities ? t->n_dispersivities : 0,
                 longest        = lengths > dispersivities ? lengths : dispersivities;

    if (longest > CELLS_MAX)
        return sei_pq_fail(r, SEI_E_RANGE, r->block->where,
                           "more than %d lengths or dispersivities", (int)CELLS_MAX);
    if (longest <= (size_t)t->cells)
        return SEI_OK;
    sei_warn(r->ctx, &r->block->where,
             "TRANSPORT: %zu lengths or dispersivities: the column gets as many cells", longest);
    t->cells = (int)longest;
    return SEI_OK;
}

/* What is not given in a block of more cells than the one before is 1 m and no dispersion; in one of another number of
 * cells all are punched. As in PHREEQC. */
static sei_status set_missing(sei_pq_reader *r, int cells_before, given g, sei_pq_transport *t)
{
    const bool has_grown = t->cells > cells_before;
    sei_status st        = SEI_OK;

    if (!g.punch && t->cells != cells_before)
        t->sampling.n_punch = 0;
    if (!g.lengths && has_grown)
        st = set_all(r, 1.0, &t->n_lengths, &t->lengths_m);
    if (st == SEI_OK && !g.dispersivities && has_grown)
        st = set_all(r, 0.0, &t->n_dispersivities, &t->dispersivities_m);
    return st;
}

/* An end that is closed to flow becomes one of flux, for later blocks too. */
static void open_ends(sei_pq_reader *r, sei_pq_transport *t)
{
    if (t->direction == 0 || (t->first != SEI_PQ_CLOSED && t->last != SEI_PQ_CLOSED))
        return;
    sei_warn(r->ctx, &r->block->where, "TRANSPORT: an end is not closed to flow: flux is assumed");
    t->first = t->first == SEI_PQ_CLOSED ? SEI_PQ_FLUX : t->first;
    t->last  = t->last == SEI_PQ_CLOSED ? SEI_PQ_FLUX : t->last;
}

static sei_status close_transport(sei_pq_reader *r, int cells_before, given g, sei_pq_transport *t)
{
    sei_status st = grow_to_lists(r, g, t);

    if (st == SEI_OK)
        st = set_missing(r, cells_before, g, t);
    open_ends(r, t);
    return st;
}

/* The option of a line; a line without one goes on with the list (`last`) above it: again. */
static sei_status option_or_list(sei_pq_reader *r, const sei_pq_line *line,
                                 const char *const names[], size_t n, int last, int *ret_option,
                                 bool *ret_again, sei_slice *ret_rest)
{
    int              option;
    const sei_status st = sei_pq_option(r, line, names, n, &option, ret_rest);

    if (st != SEI_OK)
        return st;
    const bool again = option == SEI_PQ_DATA;
    if (again && last == SEI_PQ_DATA)
        return sei_pq_fail(r, SEI_E_PARSE, line->where,
                           "\"%.60s\" is no option and follows no list", line->text);
    *ret_option = again ? last : option;
    *ret_again  = again;
    return SEI_OK;
}

/* A later TRANSPORT goes on from the settings of the one before. */
sei_status sei_pq_read_transport(sei_pq_reader *r)
{
    const sei_pq_line *line;
    int                last = SEI_PQ_DATA;
    given              g    = {false};
    sei_status         st   = SEI_OK;
    sei_pq_transport  *t    = sei_pq_new(r, sizeof *t);

    if (!t)
        return SEI_E_NOMEM;
    *t                     = r->transport ? *r->transport
                                          : (sei_pq_transport){.cells               = 1,
                                                               .shifts              = 1,
                                                               .direction           = 1,
                                                               .substeps            = 1.0,
                                                               .first               = SEI_PQ_FLUX,
                                                               .last                = SEI_PQ_FLUX,
                                                               .diffusion_m2_s      = 0.3e-9,
                                                               .thermal_retardation = 2.0,
                                                               .multi               = sei_pq_multi_default,
                                                               .sampling            = {0, NULL, 1}};
    t->has_initial_time    = false;
    r->block->as.transport = t;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        bool      again  = false;
        int       option = SEI_PQ_DATA;
        sei_slice rest;
        st = option_or_list(r, line, options, T_COUNT, last, &option, &again, &rest);
        if (st == SEI_OK)
            st = apply(r, line->where, option, again, rest, t);
        if (st != SEI_OK)
            break;
        last = is_list(option) ? option : SEI_PQ_DATA;
        g    = add_given(g, option);
    }
    if (st == SEI_OK)
        st = close_transport(r, r->transport ? r->transport->cells : 0, g, t);
    r->transport = t;
    return st;
}

/* ------------------------------------------------------------------ ADVECTION */

static const char *const advection_options[] = {"cells",
                                                "shifts",
                                                "print",
                                                "selected_output",
                                                "punch",
                                                "print_cells",
                                                "selected_cells",
                                                "time_step",
                                                "timest",
                                                "output",
                                                "output_frequency",
                                                "selected_output_frequency",
                                                "punch_frequency",
                                                "punch_cells",
                                                "print_frequency",
                                                "initial_time",
                                                "warning",
                                                "warnings"};
enum {
    A_CELLS,
    A_SHIFTS,
    A_PRINT,
    A_SELECTED_OUTPUT,
    A_PUNCH,
    A_PRINT_CELLS,
    A_SELECTED_CELLS,
    A_TIME_STEP,
    A_TIMEST,
    A_OUTPUT,
    A_OUTPUT_FREQUENCY,
    A_SELECTED_OUTPUT_FREQUENCY,
    A_PUNCH_FREQUENCY,
    A_PUNCH_CELLS,
    A_PRINT_FREQUENCY,
    A_INITIAL_TIME,
    A_WARNING,
    A_WARNINGS,
    A_COUNT
};

static sei_status apply_advection(sei_pq_reader *r, sei_where where, int option, bool again,
                                  sei_slice rest, sei_pq_advection *a)
{
    bool flag;

    switch (option) {
    case A_CELLS: return count_of(r, where, &rest, "cells", 1, CELLS_MAX, &a->cells);
    case A_SHIFTS: return count_of(r, where, &rest, "shifts", 0, SHIFTS_MAX, &a->shifts);
    case A_PRINT:
    case A_PRINT_CELLS: return printed_cells(r, where, rest);
    case A_PUNCH:
    case A_SELECTED_CELLS:
    case A_PUNCH_CELLS: return punch_cells(r, where, rest, !again, &a->sampling);
    case A_TIME_STEP:
    case A_TIMEST:
        a->has_time_step = true;
        return sei_pq_time_of(r, where, &rest, "time step", &a->time_step_s);
    case A_OUTPUT:
    case A_OUTPUT_FREQUENCY:
    case A_PRINT_FREQUENCY: return printed_frequency(r, where, rest);
    case A_INITIAL_TIME:
        return initial_time_of(r, where, rest, &a->initial_time_s, &a->has_initial_time);
    case A_WARNING:
    case A_WARNINGS: return sei_pq_flag(r, where, rest, &flag);
    default:
        return sei_pq_integer(r, where, &rest, "punch frequency", 1, &a->sampling.punch_frequency);
    }
}

sei_status sei_pq_read_advection(sei_pq_reader *r)
{
    const sei_pq_line *line;
    int                last = SEI_PQ_DATA;
    sei_status         st   = SEI_OK;
    sei_pq_advection  *a    = sei_pq_new(r, sizeof *a);

    if (!a)
        return SEI_E_NOMEM;
    *a = r->advection ? *r->advection : (sei_pq_advection){.shifts = 1, .sampling = {0, NULL, 1}};
    a->has_initial_time    = false;
    r->block->as.advection = a;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        bool      again  = false;
        int       option = SEI_PQ_DATA;
        sei_slice rest;
        st = option_or_list(r, line, advection_options, A_COUNT, last, &option, &again, &rest);
        if (st == SEI_OK)
            st = apply_advection(r, line->where, option, again, rest, a);
        if (st != SEI_OK)
            break;
        last = option == A_PRINT || option == A_PRINT_CELLS || option == A_PUNCH ||
                       option == A_SELECTED_CELLS || option == A_PUNCH_CELLS
                   ? option
                   : SEI_PQ_DATA;
    }
    if (st == SEI_OK && a->cells == 0)
        st = sei_pq_fail(r, SEI_E_MISSING, r->block->where, "the number of cells is missing");
    r->advection = a;
    return st;
}
