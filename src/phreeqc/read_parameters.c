/* read_parameters.c - RATE_PARAMETERS_PK, _SVD, _HERMANSKA and MEAN_GAMMAS: a name and its numbers on each line */
#include <string.h>

#include "phreeqc/reader.h"

static sei_pq_parameter_kind kind_of(const char *keyword)
{
    static const struct {
        const char           *keyword;
        sei_pq_parameter_kind kind;
    } rows[] = {
        {"RATE_PARAMETERS_PK", SEI_PQ_PALANDRI_KHARAKA},
        {"RATE_PARAMETERS_SVD", SEI_PQ_SVERDRUP},
        {"RATE_PARAMETERS_HERMANSKA", SEI_PQ_HERMANSKA},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(keyword, rows[i].keyword) == 0)
            return rows[i].kind;
    return SEI_PQ_MEAN_GAMMAS;
}

static sei_status read_row(sei_pq_reader *r, const sei_pq_line *line, sei_pq_parameters *list)
{
    sei_slice        rest = sei_slice_of(line->text), word;
    const sei_status st   = SEI_PQ_GROW(r, list->items, list->n);

    if (st != SEI_OK || !sei_next_word(&rest, &word))
        return st;
    sei_pq_parameter *one = &list->items[list->n++];
    *one                  = (sei_pq_parameter){.where = line->where, .name = sei_pq_keep(r, word)};
    if (!one->name)
        return SEI_E_NOMEM;
    if (list->kind == SEI_PQ_MEAN_GAMMAS)
        return sei_pq_terms(r, line->where, rest, &one->n_ions, &one->ions);
    while (sei_next_word(&rest, &word)) {
        double value;
        if (!sei_pq_is_number(word, &value))
            return sei_pq_fail(r, SEI_E_PARSE, line->where,
                               "%s: parameter \"%.*s\" is not a number", one->name,
                               SEI_PQ_SHOWN(word));
        const sei_status grown = SEI_PQ_GROW(r, one->values, one->n_values);
        if (grown != SEI_OK)
            return grown;
        one->values[one->n_values++] = value;
    }
    return SEI_OK;
}

sei_status sei_pq_read_parameters(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_pq_parameters *list = sei_pq_new(r, sizeof *list);
    sei_status         st   = sei_pq_nothing(r, r->block->where, r->rest);

    if (!list)
        return SEI_E_NOMEM;
    list->kind = kind_of(r->block->keyword);
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        sei_slice word, rest;
        if (sei_pq_option_word(line, &word, &rest))
            return sei_pq_fail(r, SEI_E_KEY, line->where, "unknown option \"%.60s\"", line->text);
        st = read_row(r, line, list);
    }
    r->block->as.parameters = list;
    return st;
}
