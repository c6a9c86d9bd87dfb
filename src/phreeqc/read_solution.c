/* read_solution.c - SOLUTION: a water with its units, redox and what balances it */
#include <string.h>
#include <strings.h>

#include "phreeqc/reader.h"

enum { NAME_BYTES_MAX = 100 };

/* In the order in which PHREEQC looks abbreviations up. */
static const char *const options[] = {
    "temp",        "temperature",  "dens",     "density",   "units",
    "redox",       "ph",           "pe",       "unit",      "isotope",
    "water",       "press",        "pressure", "potential", "isotope_uncertainty",
    "uncertainty", "uncertainties"};
enum {
    O_TEMP,
    O_TEMPERATURE,
    O_DENS,
    O_DENSITY,
    O_UNITS,
    O_REDOX,
    O_PH,
    O_PE,
    O_UNIT,
    O_ISOTOPE,
    O_WATER,
    O_PRESS,
    O_PRESSURE,
    O_POTENTIAL
};

void sei_pq_solution_default(sei_pq_solution *s)
{
    *s = (sei_pq_solution){.temp_c       = 25.0,
                           .pressure_atm = 1.0,
                           .ph           = 7.0,
                           .pe           = 4.0,
                           .water_kg     = 1.0,
                           .density_kg_l = 1.0,
                           .unit         = {1e-3, SEI_PQ_MOL, SEI_PQ_PER_KGW},
                           .couple       = "pe"};
}

sei_status sei_pq_component(sei_pq_reader *r, sei_where where, sei_slice word,
                            const char **ret_name)
{
    char   name[NAME_BYTES_MAX];
    size_t n = 0;

    if (word.len >= sizeof name)
        return sei_pq_fail(r, SEI_E_TOO_LARGE, where, "the name \"%.40s\" ... is too long",
                           word.at);
    for (size_t i = 0; i < word.len; i++) {
        const bool is_blank = word.at[i] == ' ' || word.at[i] == '\t';
        if (is_blank && n > 0 && name[n - 1] != ' ')
            name[n++] = ' ';
        else if (!is_blank && !(word.at[i] == '+' && i > 0 && word.at[i - 1] == '('))
            name[n++] = word.at[i];
    }
    *ret_name = sei_pq_keep(r, (sei_slice){name, n});
    return *ret_name ? SEI_OK : SEI_E_NOMEM;
}

static sei_status couple_of(sei_pq_reader *r, sei_where where, sei_slice word,
                            const char **ret_couple)
{
    const char *slash = memchr(word.at, '/', word.len);
    const char *left  = memchr(word.at, '(', word.len);

    if (sei_slice_is_nocase(word, "pe")) {
        *ret_couple = "pe";
        return SEI_OK;
    }
    if (!slash || !left || left > slash ||
        !memchr(slash, '(', word.len - (size_t)(slash - word.at)))
        return sei_pq_fail(r, SEI_E_PARSE, where,
                           "\"%.*s\" is neither pe nor a redox couple such as Fe(2)/Fe(3)",
                           (int)word.len, word.at);
    return sei_pq_component(r, where, word, ret_couple);
}

static sei_status unit_of(sei_pq_reader *r, sei_where where, sei_slice word, sei_pq_unit *ret_unit)
{
    if (sei_pq_unit_of(word, ret_unit))
        return SEI_OK;
    return sei_pq_fail(
        r, SEI_E_UNIT, where,
        "unknown unit \"%.*s\" (known are mol, mmol, umol, g, mg, ug, eq per L, kgs, kgw, "
        "and ppt, ppm, ppb)",
        SEI_PQ_SHOWN(word));
}

/* "charge" or a phase with its saturation index. */
static sei_status fix_of(sei_pq_reader *r, sei_where where, sei_slice word, sei_slice *rest,
                         sei_pq_fix *ret_fix, const char **ret_phase, double *ret_si)
{
    if (sei_slice_is_nocase(word, "charge")) {
        *ret_fix = SEI_PQ_CHARGE;
        return SEI_OK;
    }
    *ret_phase = sei_pq_keep(r, word);
    if (!*ret_phase)
        return SEI_E_NOMEM;
    *ret_fix = SEI_PQ_PHASE;
    *ret_si  = 0.0;
    return sei_pq_number_or(r, where, rest, "saturation index", ret_si);
}

static sei_status fixed_number(sei_pq_reader *r, sei_where where, sei_slice rest, const char *what,
                               double *value, sei_pq_fix *fix, const char **phase, double *si)
{
    sei_slice  word;
    sei_status st = sei_pq_number(r, where, &rest, what, value);

    *fix = SEI_PQ_GIVEN;
    if (st == SEI_OK && sei_next_word(&rest, &word))
        st = fix_of(r, where, word, &rest, fix, phase, si);
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

static sei_status density(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_solution *s)
{
    sei_slice  word;
    sei_status st = sei_pq_number(r, where, &rest, "density", &s->density_kg_l);

    s->density_where = where;
    if (st == SEI_OK && sei_next_word(&rest, &word)) {
        if (word.at[0] != 'c' && word.at[0] != 'C')
            return sei_pq_fail(r, SEI_E_PARSE, where,
                               "\"%.*s\" after the density is not \"calculate\"",
                               SEI_PQ_SHOWN(word));
        s->density_is_calculated = true;
    }
    return st;
}

static sei_status in_range(sei_pq_reader *r, sei_where where, const char *what, double value,
                           double min, double max)
{
    if (value >= min && value <= max)
        return SEI_OK;
    return sei_pq_fail(r, SEI_E_RANGE, where, "%s of %g is outside %g..%g", what, value, min, max);
}

/* What PHREEQC has in SOLUTION_SPREAD for isotopes of INVERSE_MODELING. */
static sei_status without_effect(const sei_pq_reader *r, sei_where where, int option)
{
    sei_warn(r->ctx, &where, "%s: -%s has no effect", r->block->keyword, options[option]);
    return SEI_OK;
}

static sei_status apply_option(sei_pq_reader *r, sei_pq_solution *s, sei_where where, int option,
                               sei_slice rest)
{
    sei_slice  word = {"", 0};
    sei_status st   = SEI_OK;

    switch (option) {
    case O_TEMP:
    case O_TEMPERATURE:
        st = sei_pq_number_or(r, where, &rest, "temperature", &s->temp_c);
        return st == SEI_OK ? in_range(r, where, "temperature", s->temp_c, -50.0, 400.0) : st;
    case O_DENS:
    case O_DENSITY: return density(r, where, rest, s);
    case O_UNITS:
    case O_UNIT:
        if (!sei_next_word(&rest, &word))
            return SEI_OK;
        return unit_of(r, where, word, &s->unit);
    case O_REDOX:
        if (!sei_next_word(&rest, &word))
            return SEI_OK;
        return couple_of(r, where, word, &s->couple);
    case O_PH:
        s->ph_where = where;
        return fixed_number(r, where, rest, "pH", &s->ph, &s->ph_fix, &s->ph_phase, &s->ph_si);
    case O_PE:
        s->pe_where = where;
        return fixed_number(r, where, rest, "pe", &s->pe, &s->pe_fix, &s->pe_phase, &s->pe_si);
    case O_WATER:
        st = sei_pq_number_or(r, where, &rest, "mass of water", &s->water_kg);
        return st == SEI_OK ? in_range(r, where, "mass of water", s->water_kg, 1e-9, 1e9) : st;
    case O_PRESS:
    case O_PRESSURE:
        st = sei_pq_number_or(r, where, &rest, "pressure", &s->pressure_atm);
        return st == SEI_OK ? sei_pq_check_pressure(r, where, s->pressure_atm) : st;
    case O_ISOTOPE:
        if (strcmp(r->block->keyword, "SOLUTION") != 0)
            return without_effect(r, where, option);
        st = sei_pq_isotope_of(r, where, &rest, &s->n_isotopes, &s->isotopes);
        return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
    case O_POTENTIAL: return sei_pq_number_or(r, where, &rest, "potential", &s->potential_v);
    default: return without_effect(r, where, option); /* uncertainties of isotopes */
    }
}

sei_status sei_pq_solution_option(sei_pq_reader *r, sei_pq_solution *solution,
                                  const sei_pq_line *line, bool *ret_done)
{
    int        option;
    sei_slice  rest;
    sei_status st =
        sei_pq_option(r, line, options, sizeof options / sizeof *options, &option, &rest);

    *ret_done = st == SEI_OK && option != SEI_PQ_DATA;
    return *ret_done ? apply_option(r, solution, line->where, option, rest) : st;
}

/* ------------------------------------------------------------------ analytes */

static bool is_couple(sei_slice word)
{
    return sei_slice_is_nocase(word, "pe") ||
           (memchr(word.at, '/', word.len) && memchr(word.at, '(', word.len));
}

static sei_status read_as(sei_pq_reader *r, sei_pq_analyte *a, sei_slice *rest)
{
    sei_slice value;

    if (!sei_next_word(rest, &value))
        return sei_pq_fail(r, SEI_E_MISSING, a->where, "%s: a formula is missing after \"as\"",
                           a->component);
    a->as = sei_pq_keep(r, value);
    return a->as ? SEI_OK : SEI_E_NOMEM;
}

static sei_status read_gfw(sei_pq_reader *r, sei_pq_analyte *a, sei_slice *rest)
{
    const sei_status st = sei_pq_number(r, a->where, rest, "gfw", &a->g_mol);

    if (st == SEI_OK && !(a->g_mol > 0.0))
        return sei_pq_fail(r, SEI_E_RANGE, a->where, "%s: gfw must be above 0", a->component);
    return st;
}

/* Words after the concentration: unit, "as" formula, "gfw" number, couple, what adjusts it. */
static sei_status qualify(sei_pq_reader *r, sei_pq_analyte *a, bool *has_unit, sei_slice rest)
{
    sei_slice  word;
    sei_status st = SEI_OK;

    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        if (sei_pq_unit_of(word, &a->unit)) {
            *has_unit = true;
        } else if (sei_slice_is_nocase(word, "as")) {
            st = read_as(r, a, &rest);
        } else if (sei_slice_is_nocase(word, "gfw") || sei_slice_is_nocase(word, "gfm")) {
            st = read_gfw(r, a, &rest);
        } else if (is_couple(word)) {
            st = couple_of(r, a->where, word, &a->couple);
        } else if (memchr(word.at, '/', word.len)) {
            st = unit_of(r, a->where, word, &a->unit);
        } else {
            st = fix_of(r, a->where, word, &rest, &a->fix, &a->phase, &a->si);
            return st == SEI_OK ? sei_pq_nothing(r, a->where, rest) : st;
        }
    }
    return st;
}

static const char *per_name(sei_pq_per per)
{
    return per == SEI_PQ_PER_KGW ? "kgw" : per == SEI_PQ_PER_LITRE ? "L" : "kgs";
}

static bool is_alkalinity(const char *component)
{
    return strncasecmp(component, "alk", 3) == 0;
}

/* A unit may be left out: its default is known only at the end. */
static sei_status keep_analyte(sei_pq_reader *r, sei_pq_solution *s, const sei_pq_analyte *a)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->analytes[i].component, a->component) == 0) {
            s->analytes[i] = *a; /* the later one holds, as in PHREEQC */
            return SEI_OK;
        }
    }
    const sei_status st = SEI_PQ_GROW(r, s->analytes, s->n);
    if (st == SEI_OK)
        s->analytes[s->n++] = *a;
    return st;
}

/* Valences that share the number: "N(5) N(3) 0.2". */
static sei_slice with_valences(sei_slice first, sei_slice *rest)
{
    sei_slice whole = first, after = *rest, word;

    while (sei_next_word(&after, &word) && word.at[0] >= 'A' && word.at[0] <= 'Z') {
        whole.len = (size_t)(word.at - whole.at) + word.len;
        *rest     = after;
    }
    return whole;
}

static sei_status read_component(sei_pq_reader *r, sei_slice *rest, sei_pq_analyte *a)
{
    sei_slice word = {"", 0};

    sei_next_word(rest, &word);
    const bool is_alk = word.len >= 3 && strncasecmp(word.at, "alk", 3) == 0;
    if (!is_alk &&
        (word.len == 0 || (word.at[0] != '[' && !(word.at[0] >= 'A' && word.at[0] <= 'Z'))))
        return sei_pq_fail(
            r, SEI_E_PARSE, a->where,
            "\"%.*s\" is neither an option nor an element, which starts with a capital letter",
            SEI_PQ_SHOWN(word));
    return is_alk ? sei_pq_component(r, a->where, sei_slice_of("Alkalinity"), &a->component)
                  : sei_pq_component(r, a->where, with_valences(word, rest), &a->component);
}

sei_status sei_pq_solution_line(sei_pq_reader *r, sei_pq_solution *s, const sei_pq_line *line)
{
    sei_slice      rest     = sei_slice_of(line->text);
    sei_pq_analyte a        = {.where = line->where};
    bool           has_unit = false;
    sei_status     st       = read_component(r, &rest, &a);

    if (st == SEI_OK)
        st = sei_pq_number(r, line->where, &rest, a.component, &a.value);
    if (st == SEI_OK)
        st = qualify(r, &a, &has_unit, rest);
    if (!has_unit)
        a.unit.factor = 0.0;
    return st == SEI_OK ? keep_analyte(r, s, &a) : st;
}

static sei_status close_analyte(sei_pq_reader *r, const sei_pq_solution *s, sei_pq_analyte *a)
{
    const bool is_alk = is_alkalinity(a->component);

    if (a->unit.factor == 0.0)
        a->unit = s->unit;
    if (a->unit.per != s->unit.per)
        return sei_pq_fail(r, SEI_E_UNIT, a->where,
                           "%s is given per %s but the units of the solution are per %s",
                           a->component, per_name(a->unit.per), per_name(s->unit.per));
    if (is_alk && a->unit.amount == SEI_PQ_MOL)
        a->unit.amount = SEI_PQ_EQ; /* moles of alkalinity are equivalents */
    if (!is_alk && a->unit.amount == SEI_PQ_EQ)
        return sei_pq_fail(r, SEI_E_UNIT, a->where,
                           "%s: only alkalinity can be given in equivalents", a->component);
    if (!a->couple)
        a->couple = s->couple;
    return SEI_OK;
}

sei_status sei_pq_solution_close(sei_pq_reader *r, sei_pq_solution *s)
{
    size_t n_charge = (size_t)(s->ph_fix == SEI_PQ_CHARGE) + (size_t)(s->pe_fix == SEI_PQ_CHARGE);
    sei_status st   = SEI_OK;

    /* What is given per kilogram does not ask for it: 996 for 0.996 stands in many a file. */
    if (s->unit.per == SEI_PQ_PER_LITRE && !(s->density_kg_l > 0.0 && s->density_kg_l < 20.0))
        return sei_pq_fail(r, SEI_E_RANGE, s->density_where, "density of %g kg/L is outside 0..20",
                           s->density_kg_l);
    for (size_t i = 0; i < s->n && st == SEI_OK; i++) {
        st = close_analyte(r, s, &s->analytes[i]);
        n_charge += s->analytes[i].fix == SEI_PQ_CHARGE;
        if (st == SEI_OK && n_charge > 1)
            st = sei_pq_fail(r, SEI_E_DUPLICATE, s->analytes[i].where,
                             "%s: the charge is balanced by something else already",
                             s->analytes[i].component);
    }
    return st;
}

sei_status sei_pq_read_solution(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st       = SEI_OK;
    sei_pq_solution   *solution = sei_pq_new(r, sizeof *solution);
    bool               done;

    if (!solution)
        return SEI_E_NOMEM;
    sei_pq_solution_default(solution);
    r->block->as.solution = solution;
    if (r->block->last > r->solution_max)
        r->solution_max = r->block->last;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        st = sei_pq_solution_option(r, solution, line, &done);
        if (st == SEI_OK && !done)
            st = sei_pq_solution_line(r, solution, line);
    }
    return st == SEI_OK ? sei_pq_solution_close(r, solution) : st;
}
