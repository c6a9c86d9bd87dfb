/* read_phases.c - EQUILIBRIUM_PHASES */
#include <string.h>

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
