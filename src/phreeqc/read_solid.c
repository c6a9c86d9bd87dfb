/* read_solid.c - SOLID_SOLUTIONS */
#include <string.h>

#include "base/constants.h"
#include "phreeqc/reader.h"

typedef enum { PARAMETERS, TEMP_K, TEMP_C, MEMBER } ss_what;

/* In the order in which PHREEQC looks abbreviations up. n: numbers that must be there, the others are 0. */
static const struct {
    const char    *name;
    ss_what        what;
    sei_pq_ss_kind kind;
    size_t         n, n_max;
} ss_rows[] = {
    {"gugg_nondimensional", PARAMETERS, SEI_PQ_SS_GUGG_NONDIM, 0, 2},
    {"gugg_kj", PARAMETERS, SEI_PQ_SS_GUGG_KJ, 0, 2},
    {"activity_coefficients", PARAMETERS, SEI_PQ_SS_ACTIVITY, 4, 4},
    {"distribution_coefficients", PARAMETERS, SEI_PQ_SS_DISTRIBUTION, 4, 4},
    {"miscibility_gap", PARAMETERS, SEI_PQ_SS_MISCIBILITY, 2, 2},
    {"spinodal_gap", PARAMETERS, SEI_PQ_SS_SPINODAL, 2, 2},
    {"critical_point", PARAMETERS, SEI_PQ_SS_CRITICAL, 2, 2},
    {"alyotropic_point", PARAMETERS, SEI_PQ_SS_ALYOTROPIC, 2, 2},
    {"temp", TEMP_C, SEI_PQ_SS_IDEAL, 0, 0},
    {"tempk", TEMP_K, SEI_PQ_SS_IDEAL, 0, 0},
    {"tempc", TEMP_C, SEI_PQ_SS_IDEAL, 0, 0},
    {"thompson", PARAMETERS, SEI_PQ_SS_THOMPSON, 2, 2},
    {"margules", PARAMETERS, SEI_PQ_SS_MARGULES, 2, 2},
    {"comp", MEMBER, SEI_PQ_SS_IDEAL, 0, 0},
    {"component", MEMBER, SEI_PQ_SS_IDEAL, 0, 0},
    {"comp1", MEMBER, SEI_PQ_SS_IDEAL, 0, 0},
    {"comp2", MEMBER, SEI_PQ_SS_IDEAL, 0, 0},
    {"gugg_nondim", PARAMETERS, SEI_PQ_SS_GUGG_NONDIM, 0, 2},
    {"parms", PARAMETERS, SEI_PQ_SS_GUGG_NONDIM, 0, 2},
};
enum { SS_COUNT = sizeof ss_rows / sizeof *ss_rows };

static sei_status add_member(sei_pq_reader *r, sei_where where, sei_slice rest,
                             sei_pq_solid_solution *s)
{
    sei_slice  word;
    sei_status st = SEI_PQ_GROW(r, s->members, s->n);

    if (st != SEI_OK)
        return st;
    if (!sei_next_word(&rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, where, "%s: the name of an end member is missing",
                           s->name);
    sei_pq_named *member = &s->members[s->n];
    *member              = (sei_pq_named){where, sei_pq_keep(r, word), 0.0, true};
    if (!member->name)
        return SEI_E_NOMEM;
    st = sei_pq_number(r, where, &rest, member->name, &member->value);
    if (st == SEI_OK && member->value < 0.0)
        st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: the amount %g mol is negative", member->name,
                         member->value);
    if (st == SEI_OK)
        s->n++;
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

static sei_status read_parameters(sei_pq_reader *r, sei_where where, int option, sei_slice rest,
                                  sei_pq_solid_solution *s)
{
    sei_status st = SEI_OK;

    s->kind = ss_rows[option].kind;
    memset(s->p, 0, sizeof s->p);
    for (size_t i = 0; i < ss_rows[option].n_max && st == SEI_OK; i++)
        st = i < ss_rows[option].n
                 ? sei_pq_number(r, where, &rest, ss_rows[option].name, &s->p[i])
                 : sei_pq_number_or(r, where, &rest, ss_rows[option].name, &s->p[i]);
    return st;
}

static sei_status apply_ss_option(sei_pq_reader *r, sei_where where, int option, sei_slice rest,
                                  sei_pq_solid_solution *s)
{
    double     celsius = 25.0;
    sei_status st      = SEI_OK;

    if (!s)
        return sei_pq_fail(r, SEI_E_PARSE, where, "-%s stands before the name of a solid solution",
                           ss_rows[option].name);
    switch (ss_rows[option].what) {
    case PARAMETERS: return read_parameters(r, where, option, rest, s);
    case TEMP_K: return sei_pq_number_or(r, where, &rest, "temperature", &s->temp_k);
    case TEMP_C:
        st        = sei_pq_number_or(r, where, &rest, "temperature", &celsius);
        s->temp_k = celsius + SEI_ZERO_CELSIUS;
        return st;
    default: return add_member(r, where, rest, s);
    }
}

static sei_status add_solid_solution(sei_pq_reader *r, sei_where where, sei_slice rest,
                                     sei_pq_solid_solutions *all)
{
    sei_slice        word;
    const sei_status st = SEI_PQ_GROW(r, all->solutions, all->n);

    if (st != SEI_OK || !sei_next_word(&rest, &word))
        return st;
    sei_pq_solid_solution *s = &all->solutions[all->n++];
    *s                       = (sei_pq_solid_solution){
                              .where = where, .name = sei_pq_keep(r, word), .temp_k = 25.0 + SEI_ZERO_CELSIUS};
    return s->name ? sei_pq_nothing(r, where, rest) : SEI_E_NOMEM;
}

static sei_status check_solid_solution(sei_pq_reader *r, const sei_pq_solid_solution *s)
{
    if (s->n == 0)
        return sei_pq_fail(r, SEI_E_MISSING, s->where, "%s has no -comp", s->name);
    if (!(s->temp_k > 0.0))
        return sei_pq_fail(r, SEI_E_RANGE, s->where, "%s: a temperature of %g K", s->name,
                           s->temp_k);
    if (s->kind != SEI_PQ_SS_IDEAL && s->n != 2)
        return sei_pq_fail(r, SEI_E_PARSE, s->where,
                           "%s: parameters of a binary need 2 end members, not %zu", s->name, s->n);
    return SEI_OK;
}

sei_status sei_pq_read_solid_solutions(sei_pq_reader *r)
{
    const sei_pq_line      *line;
    sei_status              st = SEI_OK;
    const char             *names[SS_COUNT];
    sei_pq_solid_solutions *all = sei_pq_new(r, sizeof *all);

    if (!all)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < SS_COUNT; i++)
        names[i] = ss_rows[i].name;
    r->block->as.solid_solutions = all;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, names, SS_COUNT, &option, &rest);
        if (st == SEI_OK && option == SEI_PQ_DATA)
            st = add_solid_solution(r, line->where, rest, all);
        else if (st == SEI_OK)
            st = apply_ss_option(r, line->where, option, rest,
                                 all->n ? &all->solutions[all->n - 1] : NULL);
    }
    for (size_t i = 0; i < all->n && st == SEI_OK; i++)
        st = check_solid_solution(r, &all->solutions[i]);
    return st;
}
