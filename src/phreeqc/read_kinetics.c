/* read_kinetics.c - KINETICS and RATES */
#include <string.h>
#include <strings.h>

#include "phreeqc/reader.h"

static const char *const options[] = {"tol",         "m",           "m0",          "parms",
                                      "formula",     "steps",       "step_divide", "parameters",
                                      "runge-kutta", "runge_kutta", "rk",          "bad_step_max",
                                      "cvode",       "cvode_steps", "cvode_order", "time_steps"};
enum {
    K_TOL,
    K_M,
    K_M0,
    K_PARMS,
    K_FORMULA,
    K_STEPS,
    K_STEP_DIVIDE,
    K_PARAMETERS,
    K_RUNGE_KUTTA,
    K_RUNGE_KUTTA2,
    K_RK,
    K_BAD_STEP_MAX,
    K_CVODE,
    K_CVODE_STEPS,
    K_CVODE_ORDER,
    K_TIME_STEPS
};

typedef struct {
    sei_pq_kinetics *k;
    double           unit_s; /* of the steps; 0: none given */
} kinetics;

static sei_status add_reactant(sei_pq_reader *r, sei_where where, sei_slice rest,
                               sei_pq_kinetics *k)
{
    sei_slice        word;
    const sei_status st = SEI_PQ_GROW(r, k->reactants, k->n);

    if (st != SEI_OK || !sei_next_word(&rest, &word))
        return st;
    sei_pq_reactant *one = &k->reactants[k->n++];
    *one                 = (sei_pq_reactant){
                        .where = where, .name = sei_pq_keep(r, word), .m = -1.0, .m0 = -1.0, .tol = 1e-8};
    return one->name ? sei_pq_nothing(r, where, rest) : SEI_E_NOMEM;
}

/* "1 in 4 steps day": of the day too. "1 day in 4 steps" is of seconds in PHREEQC, which takes the last word for the unit. */
static void unit_at_the_end(const sei_pq_reader *r, sei_where where, sei_slice rest, kinetics *in)
{
    sei_slice word, last = {"", 0};
    double    number;

    while (sei_next_word(&rest, &word))
        last = word;
    if (last.len == 0 || sei_pq_is_number(last, &number))
        return;
    const bool is_steps = last.len >= 4 && strncasecmp(last.at, "step", 4) == 0;
    if (!is_steps && sei_pq_time_unit(last) > 0.0)
        in->unit_s = sei_pq_time_unit(last);
    else if (is_steps && in->unit_s > 1.0)
        sei_warn(
            r->ctx, &where,
            "KINETICS: the unit before \"in\" is taken; PHREEQC takes \"steps\" for seconds: put "
            "the unit at the end of the line for both");
}

/* "100 200 day", "86400 in 8 steps", "4*10 20" */
static sei_status read_steps(sei_pq_reader *r, sei_where where, sei_slice rest, kinetics *in)
{
    sei_pq_steps *steps = &in->k->steps;
    sei_slice     word;
    sei_status    st = sei_pq_values(r, where, &rest, &steps->n, &steps->values);

    if (st != SEI_OK || !sei_next_word(&rest, &word))
        return st;
    if (word.at[0] != 'i' && word.at[0] != 'I') {
        in->unit_s = sei_pq_time_unit(word);
        if (in->unit_s == 0.0)
            return sei_pq_fail(r, SEI_E_UNIT, where,
                               "\"%.*s\" is no unit of time (second, minute, hour, day, year) and "
                               "not \"in n steps\"",
                               SEI_PQ_SHOWN(word));
        if (!sei_next_word(&rest, &word))
            return SEI_OK;
        if (word.at[0] != 'i' && word.at[0] != 'I')
            return sei_pq_fail(r, SEI_E_PARSE, where, "\"%.*s\" is not \"in n steps\"",
                               SEI_PQ_SHOWN(word));
    }
    unit_at_the_end(r, where, rest, in);
    return sei_pq_equal_steps(r, where, rest, 1, "one time", steps);
}

static sei_status read_formula(sei_pq_reader *r, sei_where where, sei_slice rest,
                               sei_pq_reactant *one)
{
    const size_t before = one->n_formula;
    sei_status   st     = sei_pq_terms(r, where, rest, &one->n_formula, &one->formula);

    if (st == SEI_OK && one->n_formula == before)
        st = sei_pq_fail(r, SEI_E_MISSING, where, "%s: -formula names no element or formula",
                         one->name);
    return st;
}

static sei_status read_parms(sei_pq_reader *r, sei_where where, sei_slice rest,
                             sei_pq_reactant *one)
{
    sei_slice  word;
    double     value;
    sei_status st = SEI_OK;

    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        if (!sei_pq_is_number(word, &value))
            return sei_pq_fail(r, SEI_E_PARSE, where, "%s: parameter \"%.*s\" is not a number",
                               one->name, SEI_PQ_SHOWN(word));
        st = SEI_PQ_GROW(r, one->parms, one->n_parms);
        if (st == SEI_OK)
            one->parms[one->n_parms++] = value;
    }
    return st;
}

static sei_status apply_reactant_option(sei_pq_reader *r, sei_where where, int option,
                                        sei_slice rest, kinetics *in)
{
    sei_pq_reactant *one = in->k->n ? &in->k->reactants[in->k->n - 1] : NULL;
    sei_status       st;

    if (!one)
        return sei_pq_fail(r, SEI_E_PARSE, where, "-%s stands before the name of a rate",
                           options[option]);
    switch (option) {
    case K_TOL:
        st = sei_pq_number(r, where, &rest, "tolerance", &one->tol);
        if (st == SEI_OK && !(one->tol > 0.0))
            st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: the tolerance must be above 0", one->name);
        return st;
    case K_M: return sei_pq_number(r, where, &rest, "moles (m)", &one->m);
    case K_M0: return sei_pq_number(r, where, &rest, "initial moles (m0)", &one->m0);
    case K_FORMULA: return read_formula(r, where, rest, one);
    default: return read_parms(r, where, rest, one);
    }
}

static sei_status integer_or(sei_pq_reader *r, sei_where where, sei_slice rest, const char *what,
                             int min, int max, int *value)
{
    sei_status st = sei_trim(rest).len ? sei_pq_integer(r, where, &rest, what, min, value) : SEI_OK;

    if (st == SEI_OK && *value > max)
        st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: %d is outside %d..%d", what, *value, min, max);
    return st;
}

static sei_status apply_option(sei_pq_reader *r, sei_where where, int option, sei_slice rest,
                               kinetics *in)
{
    sei_pq_kinetics *k  = in->k;
    sei_status       st = SEI_OK;

    switch (option) {
    case K_TOL:
    case K_M:
    case K_M0:
    case K_PARMS:
    case K_PARAMETERS:
    case K_FORMULA: return apply_reactant_option(r, where, option, rest, in);
    case K_STEPS:
    case K_TIME_STEPS: return read_steps(r, where, rest, in);
    case K_STEP_DIVIDE:
        st = sei_pq_number(r, where, &rest, "step_divide", &k->step_divide);
        if (st == SEI_OK && !(k->step_divide > 0.0))
            st = sei_pq_fail(r, SEI_E_RANGE, where, "step_divide must be above 0");
        return st;
    case K_RUNGE_KUTTA:
    case K_RUNGE_KUTTA2:
    case K_RK: return integer_or(r, where, rest, "order of Runge-Kutta", 1, 6, &k->runge_kutta);
    case K_BAD_STEP_MAX:
        return integer_or(r, where, rest, "bad_step_max", 1, SEI_PQ_NUMBER_MAX, &k->bad_step_max);
    case K_CVODE: return sei_pq_flag(r, where, rest, &k->use_cvode);
    case K_CVODE_STEPS:
        return integer_or(r, where, rest, "cvode_steps", 1, SEI_PQ_NUMBER_MAX, &k->cvode_steps);
    default: return integer_or(r, where, rest, "cvode_order", 1, 5, &k->cvode_order);
    }
}

/* m and m0 stand for each other; 1 mol when both are left out. */
static sei_status close_reactant(sei_pq_reader *r, sei_pq_reactant *one)
{
    if (one->m0 < 0.0)
        one->m0 = one->m < 0.0 ? 1.0 : one->m;
    if (one->m < 0.0)
        one->m = one->m0;
    if (one->n_formula > 0)
        return SEI_OK;
    const sei_status st = SEI_PQ_GROW(r, one->formula, 0);
    if (st == SEI_OK)
        one->formula[one->n_formula++] = (sei_pq_named){one->where, one->name, 1.0, false};
    return st;
}

static sei_status close_steps(sei_pq_reader *r, double unit_s, sei_pq_steps *steps)
{
    if (steps->n == 0) { /* 1 s */
        const sei_status st = SEI_PQ_GROW(r, steps->values, 0);
        if (st == SEI_OK)
            steps->values[steps->n++] = 1.0;
        return st;
    }
    for (size_t i = 0; i < steps->n; i++) {
        if (unit_s > 0.0)
            steps->values[i] *= unit_s;
        if (steps->values[i] < 0.0)
            return sei_pq_fail(r, SEI_E_RANGE, r->block->where, "a time step of %g s is negative",
                               steps->values[i]);
    }
    return SEI_OK;
}

static sei_status close_kinetics(sei_pq_reader *r, kinetics *in)
{
    sei_status st = close_steps(r, in->unit_s, &in->k->steps);

    for (size_t i = 0; i < in->k->n && st == SEI_OK; i++)
        st = close_reactant(r, &in->k->reactants[i]);
    return st;
}

sei_status sei_pq_read_kinetics(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st = SEI_OK;
    kinetics           in = {sei_pq_new(r, sizeof *in.k), 0.0};

    if (!in.k)
        return SEI_E_NOMEM;
    *in.k                 = (sei_pq_kinetics){.step_divide  = 1.0,
                                              .runge_kutta  = 3,
                                              .bad_step_max = 500,
                                              .cvode_steps  = 100,
                                              .cvode_order  = 5};
    r->block->as.kinetics = in.k;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, options, sizeof options / sizeof *options, &option, &rest);
        if (st == SEI_OK && option == SEI_PQ_DATA)
            st = add_reactant(r, line->where, rest, in.k);
        else if (st == SEI_OK)
            st = apply_option(r, line->where, option, rest, &in);
    }
    return st == SEI_OK ? close_kinetics(r, &in) : st;
}

/* ------------------------------------------------------------------ BASIC */

static bool starts_with_digit(const char *text)
{
    const sei_slice s = sei_trim(sei_slice_of(text));

    return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9';
}

static sei_status add_rate(sei_pq_reader *r, const sei_pq_line *line, sei_pq_rates *rates)
{
    sei_slice        rest = sei_slice_of(line->text), word;
    const sei_status st   = SEI_PQ_GROW(r, rates->rates, rates->n);

    if (st != SEI_OK || !sei_next_word(&rest, &word))
        return st;
    sei_pq_rate *rate = &rates->rates[rates->n++];
    *rate             = (sei_pq_rate){.where = line->where, .name = sei_pq_keep(r, word)};
    return rate->name ? SEI_OK
                      : SEI_E_NOMEM; /* what stands behind the name is a remark, as in PHREEQC */
}

static sei_status check_rates(sei_pq_reader *r, const sei_pq_rates *rates)
{
    for (size_t i = 0; i < rates->n; i++)
        if (rates->rates[i].basic.n == 0)
            return sei_pq_fail(r, SEI_E_MISSING, rates->rates[i].where,
                               "rate %s has no BASIC lines", rates->rates[i].name);
    return SEI_OK;
}

/* Statements start with their number; a line that does not is the name of the next rate. */
sei_status sei_pq_read_rates(sei_pq_reader *r)
{
    static const char *const words[] = {"start", "end"};
    const sei_pq_line       *line;
    sei_status               st    = SEI_OK;
    sei_pq_rates            *rates = sei_pq_new(r, sizeof *rates);

    if (!rates)
        return SEI_E_NOMEM;
    r->block->as.rates = rates;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, words, 2, &option, &rest);
        if (st != SEI_OK || option != SEI_PQ_DATA)
            continue;
        if (!starts_with_digit(line->text))
            st = add_rate(r, line, rates);
        else if (rates->n == 0)
            st = sei_pq_fail(r, SEI_E_PARSE, line->where,
                             "a BASIC line stands before the name of a rate");
        else
            st = sei_pq_add_text(r, &rates->rates[rates->n - 1].basic, line);
    }
    return st == SEI_OK ? check_rates(r, rates) : st;
}
