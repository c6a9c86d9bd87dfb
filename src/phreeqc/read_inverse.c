/* read_inverse.c - INVERSE_MODELING, and -isotope of SOLUTION that serves it */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "phreeqc/inverse.h"
#include "phreeqc/reader.h"

enum { ISOTOPE_BYTES = 40, PARTS_MAX = SEI_INVERSE_PARTS_MAX };

/* In the order in which PHREEQC looks abbreviations up. */
static const char *const options[] = {"solutions",
                                      "uncertainty",
                                      "uncertainties",
                                      "balances",
                                      "phase_data",
                                      "range",
                                      "minimal",
                                      "minimum",
                                      "balance",
                                      "bal",
                                      "sol",
                                      "phases",
                                      "ranges",
                                      "tolerance",
                                      "u_water",
                                      "uncertainty_water",
                                      "force",
                                      "force_solution",
                                      "force_solutions",
                                      "isotopes",
                                      "mineral_water",
                                      "phase",
                                      "multiple_precision",
                                      "mp_tolerance",
                                      "censor_mp",
                                      "lon_netpath",
                                      "pat_netpath"};
enum {
    I_SOLUTIONS,
    I_UNCERTAINTY,
    I_UNCERTAINTIES,
    I_BALANCES,
    I_PHASE_DATA,
    I_RANGE,
    I_MINIMAL,
    I_MINIMUM,
    I_BALANCE,
    I_BAL,
    I_SOL,
    I_PHASES,
    I_RANGES,
    I_TOLERANCE,
    I_U_WATER,
    I_UNCERTAINTY_WATER,
    I_FORCE,
    I_FORCE_SOLUTION,
    I_FORCE_SOLUTIONS,
    I_ISOTOPES,
    I_MINERAL_WATER,
    I_PHASE,
    I_MULTIPLE_PRECISION,
    I_MP_TOLERANCE,
    I_CENSOR_MP,
    I_COUNT = I_CENSOR_MP + 3
};

/* ------------------------------------------------------------------ isotopes */

/* "34S(+6)" and "34S(6)" are one. */
static size_t without_plus(sei_slice word, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < word.len && n + 1 < size; i++)
        if (!(word.at[i] == '+' && i > 0 && word.at[i - 1] == '('))
            out[n++] = word.at[i];
    out[n] = '\0';
    return n;
}

sei_status sei_pq_isotope_name(sei_pq_reader *r, sei_where where, sei_slice word,
                               const char **ret_label, const char **ret_component, double *ret_mass)
{
    char         text[ISOTOPE_BYTES];
    const size_t n      = without_plus(word, text, sizeof text);
    const size_t digits = strspn(text, "0123456789");

    if (word.len >= sizeof text || digits == 0 || digits > 3 || text[digits] < 'A' ||
        text[digits] > 'Z')
        return sei_pq_fail(r, SEI_E_PARSE, where, "\"%.*s\" is no isotope such as 13C or 34S(6)",
                           SEI_PQ_SHOWN(word));
    *ret_label     = sei_pq_keep(r, (sei_slice){text, n});
    *ret_component = *ret_label ? *ret_label + digits : NULL;
    *ret_mass      = 0.0;
    for (size_t i = 0; i < digits; i++)
        *ret_mass = 10.0 * *ret_mass + (text[i] - '0');
    return *ret_label ? SEI_OK : SEI_E_NOMEM;
}

sei_status sei_pq_isotope_of(sei_pq_reader *r, sei_where where, sei_slice *rest, size_t *n,
                             sei_pq_isotope **isotopes)
{
    sei_pq_isotope x = {.where = where};
    sei_slice      word, after;

    if (!sei_next_word(rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, where,
                           "the name of an isotope such as 13C is missing");
    sei_status st = sei_pq_isotope_name(r, where, word, &x.label, &x.component, &x.mass);
    if (st == SEI_OK)
        st = sei_pq_number(r, where, rest, "isotope ratio", &x.ratio);
    after = *rest;
    if (st == SEI_OK && sei_next_word(&after, &word) && sei_pq_is_number(word, &x.limit)) {
        x.has_limit = true;
        *rest       = after;
    }
    if (st == SEI_OK && x.limit < 0.0)
        st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: the uncertainty %g is negative", x.label,
                         x.limit);
    for (size_t i = 0; i < *n && st == SEI_OK; i++)
        if (strcmp((*isotopes)[i].label, x.label) == 0) {
            (*isotopes)[i] = x; /* the later one holds */
            return SEI_OK;
        }
    if (st == SEI_OK)
        st = SEI_PQ_GROW(r, *isotopes, *n);
    if (st == SEI_OK)
        (*isotopes)[(*n)++] = x;
    return st;
}

/* ------------------------------------------------------------------ lists */

static sei_status read_limits(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_limits *ret)
{
    *ret          = (sei_pq_limits){0};
    sei_status st = sei_pq_values(r, where, &rest, &ret->n, &ret->values);

    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

static sei_status read_solutions(sei_pq_reader *r, sei_where where, sei_slice rest,
                                 sei_pq_inverse *v)
{
    sei_slice    word;
    sei_pq_range range;
    sei_status   st = SEI_OK;

    v->n_solutions = 0;
    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        st = sei_pq_range_of(r, where, word, &range);
        for (int n = range.first; st == SEI_OK && n <= range.last; n++) {
            if (v->n_solutions == PARTS_MAX)
                return sei_pq_fail(r, SEI_E_TOO_LARGE, where, "more than %d solutions", PARTS_MAX);
            st = SEI_PQ_GROW(r, v->solutions, v->n_solutions);
            if (st == SEI_OK)
                v->solutions[v->n_solutions++] = n;
        }
    }
    return st;
}

static sei_status read_forced(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_inverse *v)
{
    sei_slice  word;
    sei_status st = SEI_OK;

    v->n_forced = 0;
    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        st = SEI_PQ_GROW(r, v->forced, v->n_forced);
        if (st == SEI_OK)
            st = sei_pq_flag(r, where, word, &v->forced[v->n_forced++]);
    }
    return st;
}

static sei_status read_balance(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_inverse *v)
{
    sei_pq_inverse_balance b = {.where = where};
    sei_slice              word;
    char                   name[ISOTOPE_BYTES];
    size_t                 n = 0;

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    if (sei_slice_is_nocase(word, "ph"))
        return read_limits(r, where, rest, &v->ph_limits);
    if (word.len >= sizeof name || !sei_pq_is_name(word))
        return sei_pq_fail(r, SEI_E_PARSE, where, "\"%.*s\" is neither an element nor pH",
                           SEI_PQ_SHOWN(word));
    n                        = without_plus(word, name, sizeof name);
    const bool is_alkalinity = n >= 3 && strncasecmp(name, "alk", 3) == 0;
    b.name = sei_pq_keep(r, is_alkalinity ? sei_slice_of("Alkalinity") : (sei_slice){name, n});
    sei_status st = b.name ? read_limits(r, where, rest, &b.limits) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = SEI_PQ_GROW(r, v->balances, v->n_balances);
    if (st == SEI_OK)
        v->balances[v->n_balances++] = b;
    return st;
}

static sei_status read_isotope(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_inverse *v)
{
    sei_pq_inverse_isotope x = {.where = where};
    sei_slice              word;

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    sei_status st = sei_pq_isotope_name(r, where, word, &x.label, &x.component, &x.mass);
    if (st == SEI_OK)
        st = read_limits(r, where, rest, &x.limits);
    if (st == SEI_OK)
        st = SEI_PQ_GROW(r, v->isotopes, v->n_isotopes);
    if (st == SEI_OK)
        v->isotopes[v->n_isotopes++] = x;
    return st;
}

/* dissolve, precipitate, force */
static sei_status qualify(sei_pq_reader *r, sei_slice word, sei_pq_inverse_phase *f)
{
    switch (word.at[0]) {
    case 'd':
    case 'D':
    case 'p':
    case 'P':
        f->dissolve_only    = word.at[0] == 'd' || word.at[0] == 'D';
        f->precipitate_only = !f->dissolve_only;
        return SEI_OK;
    case 'f':
    case 'F': f->is_forced = true; return SEI_OK;
    default:
        return sei_pq_fail(r, SEI_E_PARSE, f->where,
                           "%s: \"%.*s\" is none of dissolve, precipitate, force and an isotope",
                           f->name, SEI_PQ_SHOWN(word));
    }
}

/* Name [dissolve|precipitate] [force] [isotope ratio [uncertainty]] ... */
static sei_status read_phase(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_inverse *v)
{
    sei_pq_inverse_phase f = {.where = where};
    sei_slice            word, after;
    sei_status           st = SEI_OK;

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    f.name = sei_pq_keep(r, word);
    if (!f.name)
        return SEI_E_NOMEM;
    for (after = rest; st == SEI_OK && sei_next_word(&after, &word); after = rest) {
        if (word.at[0] >= '0' && word.at[0] <= '9') {
            st = sei_pq_isotope_of(r, where, &rest, &f.n_isotopes, &f.isotopes);
            continue;
        }
        rest = after;
        st   = qualify(r, word, &f);
    }
    if (st == SEI_OK)
        st = SEI_PQ_GROW(r, v->phases, v->n_phases);
    if (st == SEI_OK)
        v->phases[v->n_phases++] = f;
    return st;
}

/* ------------------------------------------------------------------ the block */

static sei_status read_positive(sei_pq_reader *r, sei_where where, sei_slice rest, const char *what,
                                double *value)
{
    sei_status st = sei_pq_number_or(r, where, &rest, what, value);

    if (st == SEI_OK && *value < 0.0)
        st = sei_pq_fail(r, SEI_E_RANGE, where, "the %s %g is negative", what, *value);
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

static sei_status apply(sei_pq_reader *r, sei_pq_inverse *v, sei_where where, int option,
                        sei_slice rest)
{
    bool   flag;
    double number = 0.0;

    switch (option) {
    case I_SOLUTIONS:
    case I_SOL: return read_solutions(r, where, rest, v);
    case I_UNCERTAINTY:
    case I_UNCERTAINTIES: return read_limits(r, where, rest, &v->limits);
    case I_BALANCES:
    case I_BALANCE:
    case I_BAL: return read_balance(r, where, rest, v);
    case I_PHASE_DATA:
    case I_PHASES:
    case I_PHASE: return read_phase(r, where, rest, v);
    case I_RANGE:
    case I_RANGES:
        v->with_ranges = true;
        return sei_pq_number_or(r, where, &rest, "largest range", &v->range_most);
    case I_MINIMAL:
    case I_MINIMUM: v->minimal_only = true; return SEI_OK;
    case I_TOLERANCE: return read_positive(r, where, rest, "tolerance", &v->tolerance);
    case I_U_WATER:
    case I_UNCERTAINTY_WATER:
        return read_positive(r, where, rest, "uncertainty of water", &v->water_limit_mol);
    case I_FORCE:
    case I_FORCE_SOLUTION:
    case I_FORCE_SOLUTIONS: return read_forced(r, where, rest, v);
    case I_ISOTOPES: return read_isotope(r, where, rest, v);
    case I_MINERAL_WATER: return sei_pq_flag(r, where, rest, &v->mineral_water);
    case I_MULTIPLE_PRECISION: return sei_pq_flag(r, where, rest, &flag);
    case I_MP_TOLERANCE:
    case I_CENSOR_MP: return sei_pq_number_or(r, where, &rest, options[option], &number);
    default:
        return sei_pq_fail(
            r, SEI_E_UNSUPPORTED, where,
            "-%s asks for files of the program NETPATH, which are not written: leave "
            "the line out; the models are in the report and in selected output",
            options[option]);
    }
}

static bool is_list(int option)
{
    switch (option) {
    case I_BALANCES:
    case I_BALANCE:
    case I_BAL:
    case I_PHASE_DATA:
    case I_PHASES:
    case I_PHASE:
    case I_ISOTOPES: return true;
    default: return false;
    }
}

/* From 1 to 2 when none is named. */
static sei_status default_solutions(sei_pq_reader *r, sei_pq_inverse *v)
{
    sei_status st = SEI_OK;

    if (v->n_solutions == 1)
        return sei_pq_fail(r, SEI_E_MISSING, r->block->where,
                           "-solutions names one solution: what it is made of and what it becomes "
                           "are needed");
    for (int n = 1; v->n_solutions < 2 && st == SEI_OK; n++) {
        st = SEI_PQ_GROW(r, v->solutions, v->n_solutions);
        if (st == SEI_OK)
            v->solutions[v->n_solutions++] = n;
    }
    return st;
}

static sei_status finish(sei_pq_reader *r, sei_pq_inverse *v)
{
    const sei_status st = default_solutions(r, v);

    if (st != SEI_OK)
        return st;
    if (v->n_solutions + v->n_phases > PARTS_MAX)
        return sei_pq_fail(r, SEI_E_TOO_LARGE, r->block->where,
                           "%zu solutions and %zu phases are more than %d together", v->n_solutions,
                           v->n_phases, PARTS_MAX);
    for (size_t i = 0; i < v->n_solutions; i++)
        for (size_t k = 0; k < i; k++)
            if (v->solutions[i] == v->solutions[k])
                return sei_pq_fail(r, SEI_E_DUPLICATE, r->block->where,
                                   "solution %d is named twice", v->solutions[i]);
    for (size_t i = 0; i < v->n_phases; i++)
        for (size_t k = 0; k < i; k++)
            if (sei_equal_nocase(v->phases[i].name, v->phases[k].name))
                return sei_pq_fail(r, SEI_E_DUPLICATE, v->phases[i].where,
                                   "phase %s is named twice", v->phases[i].name);
    return SEI_OK;
}

sei_status sei_pq_read_inverse(sei_pq_reader *r)
{
    const sei_pq_line *line;
    int                last = SEI_PQ_DATA;
    sei_status         st   = SEI_OK;
    sei_pq_inverse    *v    = sei_pq_new(r, sizeof *v);

    if (!v)
        return SEI_E_NOMEM;
    *v = (sei_pq_inverse){.tolerance = 1e-10, .range_most = 1000.0, .mineral_water = true};
    r->block->as.inverse = v;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, options, I_COUNT, &option, &rest);
        if (st != SEI_OK)
            break;
        if (option == SEI_PQ_DATA)
            option = last;
        if (option == SEI_PQ_DATA)
            return sei_pq_fail(r, SEI_E_PARSE, line->where,
                               "\"%.60s\" is no option and follows no list", line->text);
        st   = apply(r, v, line->where, option, rest);
        last = is_list(option) ? option : SEI_PQ_DATA;
    }
    return st == SEI_OK ? finish(r, v) : st;
}
