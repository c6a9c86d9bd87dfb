/* read_phases.c - EQUILIBRIUM_PHASES and SOLID_SOLUTIONS */
#include <string.h>

#include "base/constants.h"
#include "phreeqc/reader.h"

/* What PHREEQC gives a phase whose amount is left out (mol). */
#define MINERAL_MOL_DEFAULT 10.0

static sei_status read_direction(sei_pq_reader *r, sei_where where, sei_slice rest,
                                 sei_pq_mineral *ret)
{
    sei_slice word;

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    ret->dissolve_only    = word.at[0] == 'd' || word.at[0] == 'D';
    ret->precipitate_only = word.at[0] == 'p' || word.at[0] == 'P';
    if (!ret->dissolve_only && !ret->precipitate_only)
        return sei_pq_fail(r, SEI_E_PARSE, where,
                           "%s: \"%.*s\" is neither dissolve_only nor precipitate_only", ret->name,
                           SEI_PQ_SHOWN(word));
    return sei_pq_nothing(r, where, rest);
}

/* Name [SI [alternative formula or phase] [mol] [dissolve_only|precipitate_only]] */
static sei_status read_mineral(sei_pq_reader *r, sei_where where, sei_slice rest,
                               sei_pq_mineral *ret)
{
    sei_slice  word, after;
    sei_status st = SEI_OK;

    *ret = (sei_pq_mineral){.where = where, .mol = MINERAL_MOL_DEFAULT};
    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    ret->name = sei_pq_keep(r, word);
    if (!ret->name)
        return SEI_E_NOMEM;
    st    = sei_pq_number_or(r, where, &rest, "saturation index", &ret->si);
    after = rest;
    if (st == SEI_OK && sei_next_word(&after, &word) && sei_pq_is_name(word)) {
        ret->formula = sei_pq_keep(r, word);
        rest         = after;
        if (!ret->formula)
            return SEI_E_NOMEM;
    }
    if (st == SEI_OK)
        st = sei_pq_number_or(r, where, &rest, "amount", &ret->mol);
    if (st == SEI_OK && ret->mol < 0.0)
        st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: the amount %g mol is negative", ret->name,
                         ret->mol);
    return st == SEI_OK ? read_direction(r, where, rest, ret) : st;
}

/* A phase that is named twice has its last definition. */
static sei_status keep_mineral(sei_pq_reader *r, sei_pq_equilibrium *e,
                               const sei_pq_mineral *mineral, size_t *ret_at)
{
    sei_status st = SEI_OK;

    *ret_at = e->n;
    for (size_t i = 0; i < e->n; i++)
        if (sei_equal_nocase(e->minerals[i].name, mineral->name))
            *ret_at = i;
    if (*ret_at == e->n) {
        st = SEI_PQ_GROW(r, e->minerals, e->n);
        e->n += st == SEI_OK;
    }
    if (st == SEI_OK)
        e->minerals[*ret_at] = *mineral;
    return st;
}

sei_status sei_pq_read_equilibrium(sei_pq_reader *r)
{
    static const char *const options[] = {"force_equality"};
    const sei_pq_line       *line;
    sei_status               st   = SEI_OK;
    size_t                   last = SIZE_MAX;
    sei_pq_equilibrium      *e    = sei_pq_new(r, sizeof *e);

    if (!e)
        return SEI_E_NOMEM;
    r->block->as.equilibrium = e;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int            option;
        sei_slice      rest;
        sei_pq_mineral mineral;
        st = sei_pq_option(r, line, options, 1, &option, &rest);
        if (st != SEI_OK)
            break;
        if (option == 0 && last == SIZE_MAX) {
            st = sei_pq_fail(r, SEI_E_PARSE, line->where,
                             "-force_equality stands before the first phase");
        } else if (option == 0) {
            st = sei_pq_flag(r, line->where, rest, &e->minerals[last].force_equality);
        } else {
            st = read_mineral(r, line->where, rest, &mineral);
            if (st == SEI_OK)
                st = keep_mineral(r, e, &mineral, &last);
        }
    }
    return st;
}

/* ------------------------------------------------------------------ solid solutions */

static const char *const ss_options[] = {"gugg_nondim",
                                         "gugg_kj",
                                         "activity_coefficients",
                                         "distribution_coefficients",
                                         "miscibility_gap",
                                         "spinodal_gap",
                                         "critical_point",
                                         "alyotropic_point",
                                         "temp",
                                         "tempk",
                                         "tempc",
                                         "thompson",
                                         "margules",
                                         "comp",
                                         "component",
                                         "comp1",
                                         "comp2"};
enum {
    S_GUGG_NONDIM,
    S_GUGG_KJ,
    S_ACTIVITY,
    S_DISTRIBUTION,
    S_MISCIBILITY,
    S_SPINODAL,
    S_CRITICAL,
    S_ALYOTROPIC,
    S_TEMP,
    S_TEMPK,
    S_TEMPC,
    S_THOMPSON,
    S_MARGULES,
    S_COMP,
    S_COMPONENT,
    S_COMP1,
    S_COMP2
};

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

static sei_status apply_ss_option(sei_pq_reader *r, sei_where where, int option, sei_slice rest,
                                  sei_pq_solid_solution *s)
{
    double     celsius = 25.0;
    sei_status st      = SEI_OK;

    if (!s)
        return sei_pq_fail(r, SEI_E_PARSE, where, "-%s stands before the name of a solid solution",
                           ss_options[option]);
    switch (option) {
    case S_GUGG_NONDIM:
    case S_GUGG_KJ:
        s->kind = option == S_GUGG_KJ ? SEI_PQ_SS_GUGG_KJ : SEI_PQ_SS_GUGG_NONDIM;
        st      = sei_pq_number_or(r, where, &rest, "Guggenheim a0", &s->a0);
        return st == SEI_OK ? sei_pq_number_or(r, where, &rest, "Guggenheim a1", &s->a1) : st;
    case S_TEMP:
    case S_TEMPK: return sei_pq_number_or(r, where, &rest, "temperature", &s->temp_k);
    case S_TEMPC:
        st        = sei_pq_number_or(r, where, &rest, "temperature", &celsius);
        s->temp_k = celsius + SEI_ZERO_CELSIUS;
        return st;
    case S_COMP:
    case S_COMPONENT:
    case S_COMP1:
    case S_COMP2: return add_member(r, where, rest, s);
    default:
        return sei_pq_fail(r, SEI_E_UNSUPPORTED, where,
                           "-%s is not supported yet (give -gugg_nondim or -gugg_kj)",
                           ss_options[option]);
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
    if (s->kind != SEI_PQ_SS_IDEAL && s->n != 2)
        return sei_pq_fail(r, SEI_E_PARSE, s->where,
                           "%s: Guggenheim parameters need 2 end members, not %zu", s->name, s->n);
    return SEI_OK;
}

sei_status sei_pq_read_solid_solutions(sei_pq_reader *r)
{
    const sei_pq_line      *line;
    sei_status              st  = SEI_OK;
    sei_pq_solid_solutions *all = sei_pq_new(r, sizeof *all);

    if (!all)
        return SEI_E_NOMEM;
    r->block->as.solid_solutions = all;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, ss_options, sizeof ss_options / sizeof *ss_options, &option,
                           &rest);
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
