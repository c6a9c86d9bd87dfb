/* read_output.c - SELECTED_OUTPUT and PRINT */
#include <string.h>

#include "phreeqc/reader.h"

/* In the order in which PHREEQC looks abbreviations up: "-s" is si. */
static const char *const options[] = {"file",
                                      "totals",
                                      "molalities",
                                      "activities",
                                      "pure_phases",
                                      "si",
                                      "saturation_indices",
                                      "gases",
                                      "equilibrium_phases",
                                      "equilibria",
                                      "equilibrium",
                                      "pure",
                                      "inverse",
                                      "kinetic_reactants",
                                      "kinetics",
                                      "solid_solutions",
                                      "inverse_modeling",
                                      "reset",
                                      "simulation",
                                      "sim",
                                      "state",
                                      "solution",
                                      "soln",
                                      "distance",
                                      "dist",
                                      "time",
                                      "step",
                                      "reaction",
                                      "rxn",
                                      "temperature",
                                      "temp",
                                      "ph",
                                      "pe",
                                      "alkalinity",
                                      "alk",
                                      "ionic_strength",
                                      "mu",
                                      "water",
                                      "high_precision",
                                      "user_punch",
                                      "mol",
                                      "kin",
                                      "charge_balance",
                                      "percent_error",
                                      "selected_out",
                                      "selected_output",
                                      "isotopes",
                                      "calculate_values",
                                      "equilibrium_phase",
                                      "active",
                                      "new_line"};
enum {
    L_FILE,
    L_TOTALS,
    L_MOLALITIES,
    L_ACTIVITIES,
    L_PURE_PHASES,
    L_SI,
    L_SATURATION,
    L_GASES,
    L_EQUILIBRIUM_PHASES,
    L_EQUILIBRIA,
    L_EQUILIBRIUM,
    L_PURE,
    L_INVERSE,
    L_KINETIC_REACTANTS,
    L_KINETICS,
    L_SOLID_SOLUTIONS,
    L_INVERSE_MODELING,
    L_RESET,
    L_SIMULATION,
    L_SIM,
    L_STATE,
    L_SOLUTION,
    L_SOLN,
    L_DISTANCE,
    L_DIST,
    L_TIME,
    L_STEP,
    L_REACTION,
    L_RXN,
    L_TEMPERATURE,
    L_TEMP,
    L_PH,
    L_PE,
    L_ALKALINITY,
    L_ALK,
    L_IONIC_STRENGTH,
    L_MU,
    L_WATER,
    L_HIGH_PRECISION,
    L_USER_PUNCH,
    L_MOL,
    L_KIN,
    L_CHARGE_BALANCE,
    L_PERCENT_ERROR,
    L_SELECTED_OUT,
    L_SELECTED_OUTPUT,
    L_ISOTOPES,
    L_CALCULATE_VALUES,
    L_EQUILIBRIUM_PHASE,
    L_ACTIVE,
    L_NEW_LINE,
    L_COUNT
};

/* Where an option puts its flag; NULL when it has none. */
static bool *switch_of(sei_pq_selected *s, int option)
{
    switch (option) {
    case L_SIMULATION:
    case L_SIM: return &s->simulation;
    case L_STATE: return &s->state;
    case L_SOLUTION:
    case L_SOLN: return &s->solution;
    case L_DISTANCE:
    case L_DIST: return &s->distance;
    case L_TIME: return &s->time;
    case L_STEP: return &s->step;
    case L_REACTION:
    case L_RXN: return &s->reaction;
    case L_TEMPERATURE:
    case L_TEMP: return &s->temperature;
    case L_PH: return &s->ph;
    case L_PE: return &s->pe;
    case L_ALKALINITY:
    case L_ALK: return &s->alkalinity;
    case L_IONIC_STRENGTH:
    case L_MU: return &s->ionic_strength;
    case L_WATER: return &s->water;
    case L_HIGH_PRECISION: return &s->high_precision;
    case L_USER_PUNCH: return &s->user_punch;
    case L_CHARGE_BALANCE: return &s->charge_balance;
    case L_PERCENT_ERROR: return &s->percent_error;
    case L_SELECTED_OUT:
    case L_SELECTED_OUTPUT:
    case L_ACTIVE: return &s->active;
    case L_INVERSE:
    case L_INVERSE_MODELING: return &s->inverse;
    default: return NULL;
    }
}

/* Where an option puts its names. */
static sei_pq_names *list_of(sei_pq_selected *s, int option)
{
    switch (option) {
    case L_TOTALS: return &s->totals;
    case L_MOLALITIES:
    case L_MOL: return &s->molalities;
    case L_ACTIVITIES: return &s->activities;
    case L_PURE_PHASES:
    case L_EQUILIBRIUM_PHASES:
    case L_EQUILIBRIA:
    case L_EQUILIBRIUM:
    case L_PURE:
    case L_EQUILIBRIUM_PHASE: return &s->equilibrium_phases;
    case L_SI:
    case L_SATURATION: return &s->saturation_indices;
    case L_GASES: return &s->gases;
    case L_KINETIC_REACTANTS:
    case L_KINETICS:
    case L_KIN: return &s->kinetic_reactants;
    case L_SOLID_SOLUTIONS: return &s->solid_solutions;
    case L_ISOTOPES: return &s->isotopes;
    case L_CALCULATE_VALUES: return &s->calculate_values;
    default: return NULL;
    }
}

static void reset(sei_pq_selected *s, bool value)
{
#define RESET(name, initial) s->name = value;
    SEI_PQ_SWITCH_LIST(RESET)
#undef RESET
}

static sei_status add_names(sei_pq_reader *r, const sei_pq_line *line, sei_slice rest, bool capital,
                            sei_pq_names *names)
{
    sei_slice  word;
    bool       told = false; /* once a line: a hostile one is all such words */
    sei_status st   = SEI_OK;

    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        if (capital && !(word.at[0] >= 'A' && word.at[0] <= 'Z') && word.at[0] != '[' &&
            word.at[0] != '(') {
            if (!told)
                sei_warn(r->ctx, &line->where,
                         "SELECTED_OUTPUT: \"%.*s\" is passed over: it does not start with a "
                         "capital letter",
                         SEI_PQ_SHOWN(word));
            told = true;
            continue;
        }
        st = SEI_PQ_GROW(r, names->names, names->n);
        if (st != SEI_OK)
            return st;
        const char *name = sei_pq_keep(r, word);
        if (!name)
            return SEI_E_NOMEM;
        names->names[names->n++] = name;
    }
    return st;
}

static sei_status keep_file(sei_pq_reader *r, sei_slice rest, sei_pq_selected *s)
{
    rest = sei_trim(rest);
    if (rest.len == 0)
        return SEI_OK;
    s->file = sei_pq_keep(r, rest);
    return s->file ? SEI_OK : SEI_E_NOMEM;
}

/* Names may go on over lines that follow a list. */
static sei_status apply(sei_pq_reader *r, const sei_pq_line *line, int option, sei_slice rest,
                        sei_pq_selected *s)
{
    sei_pq_names *names = list_of(s, option);
    bool         *flag  = switch_of(s, option), value;
    sei_status    st;

    if (names)
        return add_names(r, line, rest,
                         names == &s->totals || names == &s->molalities ||
                             names == &s->activities || names == &s->isotopes,
                         names);
    if (flag)
        return sei_pq_flag(r, line->where, rest, flag);
    switch (option) {
    case L_FILE: return keep_file(r, rest, s);
    case L_RESET:
        st = sei_pq_flag(r, line->where, rest, &value);
        if (st == SEI_OK)
            reset(s, value);
        return st;
    case L_NEW_LINE:
        st             = sei_pq_flag(r, line->where, rest, &value);
        s->no_new_line = st == SEI_OK && !value;
        return st;
    default:
        return sei_pq_fail(r, SEI_E_UNSUPPORTED, line->where, "option -%s is not supported yet",
                           options[option]);
    }
}

/* Definition 1 goes on from the switches of its former definition; all others start with none. */
static void start(const sei_pq_reader *r, sei_pq_selected *s)
{
    *s = (sei_pq_selected){.user_punch = true, .active = true, .inverse = true};
    if (r->block->first != 1)
        return;
#define INITIAL(name, initial) s->name = r->selected ? r->selected->name : (initial);
    SEI_PQ_SWITCH_LIST(INITIAL)
#undef INITIAL
    if (!r->selected)
        return;
    s->high_precision = r->selected->high_precision;
    s->no_new_line    = r->selected->no_new_line;
    s->user_punch     = r->selected->user_punch;
    s->active         = r->selected->active;
    s->inverse        = r->selected->inverse;
    s->file           = r->selected->file;
}

/* The definition with this number before; NULL: none. */
static const sei_pq_selected *former(const sei_pq_reader *r, const sei_pq_selected *own)
{
    for (size_t i = r->input->n; i > 0; i--)
        for (size_t k = r->input->simulations[i - 1].n; k > 0; k--) {
            const sei_pq_block *b = &r->input->simulations[i - 1].blocks[k - 1];
            if (b->kind == SEI_PQ_BLOCK_SELECTED_OUTPUT && b->first == r->block->first &&
                b->as.selected != own)
                return b->as.selected;
        }
    return NULL;
}

sei_status sei_pq_read_selected(sei_pq_reader *r)
{
    const sei_pq_line *line;
    int                last    = SEI_PQ_DATA; /* list that data lines go on with */
    bool               defines = false;       /* more than -active and -user_punch */
    sei_status         st      = SEI_OK;
    sei_pq_selected   *s       = sei_pq_new(r, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    start(r, s);
    r->block->as.selected = s;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, options, L_COUNT, &option, &rest);
        if (st != SEI_OK)
            break;
        if (option == SEI_PQ_DATA)
            option = last;
        if (option == SEI_PQ_DATA)
            return sei_pq_fail(r, SEI_E_PARSE, line->where,
                               "\"%.60s\" is no option and follows no list", line->text);
        bool *flag = switch_of(s, option);
        defines    = defines || !(flag == &s->active || flag == &s->user_punch);
        st         = apply(r, line, option, rest, s);
        last       = list_of(s, option) ? option : SEI_PQ_DATA;
    }
    const sei_pq_selected *before = former(r, s);
    if (st == SEI_OK && before && !defines) { /* it goes on, switched on or off */
        const bool active = s->active, user_punch = s->user_punch;
        *s            = *before;
        s->active     = active;
        s->user_punch = user_punch;
        s->goes_on    = true;
    }
    if (st == SEI_OK && r->block->first == 1)
        r->selected = s;
    return st;
}

/* ------------------------------------------------------------------ PRINT */

/* All of PRINT, in the order in which PHREEQC looks abbreviations up. But -selected_output they steer the report that
 * this program does not write. */
static const char *const print_options[] = {"reset",
                                            "gas_phase",
                                            "pure_phase",
                                            "surface",
                                            "exchange",
                                            "totals",
                                            "eh",
                                            "species",
                                            "saturation_indices",
                                            "si",
                                            "reaction",
                                            "mix",
                                            "use",
                                            "selected_output",
                                            "equilibrium_phases",
                                            "equilibria",
                                            "equilibrium",
                                            "pure",
                                            "other",
                                            "status",
                                            "inverse",
                                            "kinetics",
                                            "dump",
                                            "user_print",
                                            "user_pr",
                                            "headings",
                                            "inverse_modeling",
                                            "head",
                                            "warning",
                                            "warnings",
                                            "initial_isotopes",
                                            "isotope_ratios",
                                            "isotope_alphas",
                                            "censor_species",
                                            "alkalinity",
                                            "echo_input",
                                            "solid_solutions",
                                            "solid_solution",
                                            "high_precision"};
enum { P_COUNT = sizeof print_options / sizeof *print_options };

static sei_status apply_print(sei_pq_reader *r, sei_where where, const char *option, sei_slice rest,
                              sei_pq_print *print)
{
    if (strcmp(option, "selected_output") == 0) {
        print->has_selected_output = true;
        return sei_pq_flag(r, where, rest, &print->selected_output);
    }
    if (strncmp(option, "user_pr", 7) != 0 && strcmp(option, "reset") != 0)
        return SEI_OK;
    print->has_user_print = true;
    return sei_pq_flag(r, where, rest, &print->user_print);
}

sei_status sei_pq_read_print(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st    = SEI_OK;
    sei_pq_print      *print = sei_pq_new(r, sizeof *print);

    if (!print)
        return SEI_E_NOMEM;
    r->block->as.print = print;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, print_options, P_COUNT, &option, &rest);
        if (st != SEI_OK)
            return st;
        if (option == SEI_PQ_DATA)
            return sei_pq_fail(r, SEI_E_KEY, line->where, "\"%.60s\" is no option", line->text);
        st = apply_print(r, line->where, print_options[option], rest, print);
    }
    return st;
}
