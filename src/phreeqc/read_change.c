/* read_change.c - REACTION, REACTION_TEMPERATURE, MIX, INCREMENTAL_REACTIONS */
#include <string.h>

#include "phreeqc/reader.h"

/* Reactants again by the same name replace the former coefficient, as in PHREEQC. */
static sei_status add_reactants(sei_pq_reader *r, const sei_pq_line *line,
                                sei_pq_reaction *reaction)
{
    const size_t before = reaction->n;
    sei_status   st =
        sei_pq_terms(r, line->where, sei_slice_of(line->text), &reaction->n, &reaction->reactants);

    for (size_t i = before; i < reaction->n && st == SEI_OK; i++) {
        size_t k = 0;
        while (k < i && strcmp(reaction->reactants[k].name, reaction->reactants[i].name) != 0)
            k++;
        if (k == i)
            continue;
        reaction->reactants[k] = reaction->reactants[i];
        memmove(&reaction->reactants[i], &reaction->reactants[i + 1],
                (reaction->n - i - 1) * sizeof *reaction->reactants);
        reaction->n--;
        i--;
    }
    return st;
}

/* A unit once given holds for the amounts of all lines. */
static sei_status add_steps(sei_pq_reader *r, const sei_pq_line *line, sei_pq_steps *steps,
                            double *factor)
{
    sei_slice  rest = sei_slice_of(line->text), after, word;
    sei_status st   = sei_pq_values(r, line->where, &rest, &steps->n, &steps->values);

    if (st != SEI_OK)
        return st;
    if (steps->n == 0)
        return sei_pq_fail(r, SEI_E_PARSE, line->where,
                           "\"%.60s\" is neither a reactant nor amounts", line->text);
    after = rest;
    if (sei_next_word(&after, &word) && sei_pq_mol_unit(word, factor))
        rest = after;
    after = rest;
    if (!sei_next_word(&after, &word))
        return SEI_OK;
    if (word.at[0] != 'i' && word.at[0] != 'I')
        return sei_pq_fail(r, SEI_E_UNIT, line->where,
                           "\"%.*s\" is none of mol, mmol, umol and not \"in n steps\"",
                           SEI_PQ_SHOWN(word));
    return sei_pq_equal_steps(r, line->where, after, 1, "one amount", steps);
}

sei_status sei_pq_read_reaction(sei_pq_reader *r)
{
    const sei_pq_line *line;
    double             factor   = 1.0;
    sei_status         st       = SEI_OK;
    sei_pq_reaction   *reaction = sei_pq_new(r, sizeof *reaction);

    if (!reaction)
        return SEI_E_NOMEM;
    r->block->as.reaction = reaction;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        const sei_slice text = sei_trim(sei_slice_of(line->text));
        st                   = sei_pq_is_name(text) ? add_reactants(r, line, reaction)
                                                    : add_steps(r, line, &reaction->steps, &factor);
    }
    if (st == SEI_OK && reaction->steps.n == 0) { /* 1 mol in one step */
        st = SEI_PQ_GROW(r, reaction->steps.values, 0);
        if (st == SEI_OK)
            reaction->steps.values[reaction->steps.n++] = 1.0;
    }
    for (size_t i = 0; i < reaction->steps.n; i++)
        reaction->steps.values[i] *= factor;
    return st;
}

sei_status sei_pq_check_pressure(sei_pq_reader *r, sei_where where, double atm)
{
    if (atm > 0.0 && atm <= SEI_PQ_PRESSURE_MAX_ATM)
        return SEI_OK;
    return sei_pq_fail(r, SEI_E_RANGE, where,
                       "a pressure of %g atm is outside 0..%g, where the density of water is known",
                       atm, SEI_PQ_PRESSURE_MAX_ATM);
}

static sei_status check_ramp(sei_pq_reader *r, const sei_pq_ramp *ramp, bool is_pressure)
{
    sei_status st = SEI_OK;

    if (ramp->steps.n == 0)
        return sei_pq_fail(r, SEI_E_MISSING, r->block->where, "no %s is given",
                           is_pressure ? "pressure" : "temperature");
    for (size_t i = 0; i < ramp->steps.n && st == SEI_OK; i++) {
        const double value = ramp->steps.values[i];
        if (is_pressure)
            st = sei_pq_check_pressure(r, r->block->where, value);
        else if (!(value >= -50.0 && value <= 400.0))
            st = sei_pq_fail(r, SEI_E_RANGE, r->block->where,
                             "temperature of %g is outside -50..400", value);
    }
    return st;
}

sei_status sei_pq_read_ramp(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_slice          word;
    sei_status         st          = SEI_OK;
    sei_pq_ramp       *ramp        = sei_pq_new(r, sizeof *ramp);
    const bool         is_pressure = r->block->kind == SEI_PQ_BLOCK_REACTION_PRESSURE;

    if (!ramp)
        return SEI_E_NOMEM;
    r->block->as.ramp = ramp;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        sei_slice rest = sei_slice_of(line->text), after;
        st             = sei_pq_values(r, line->where, &rest, &ramp->steps.n, &ramp->steps.values);
        after          = rest;
        if (st != SEI_OK || !sei_next_word(&after, &word))
            continue;
        if (word.at[0] != 'i' && word.at[0] != 'I')
            st = sei_pq_fail(r, SEI_E_PARSE, line->where,
                             "\"%.*s\" is neither a number nor \"in n steps\"", SEI_PQ_SHOWN(word));
        else
            st = sei_pq_equal_steps(r, line->where, after, 2,
                                    is_pressure ? "the first and the last pressure"
                                                : "the first and the last temperature",
                                    &ramp->steps);
    }
    return st == SEI_OK ? check_ramp(r, ramp, is_pressure) : st;
}

sei_status sei_pq_read_mix(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st  = SEI_OK;
    sei_pq_mix        *mix = sei_pq_new(r, sizeof *mix);

    if (!mix)
        return SEI_E_NOMEM;
    r->block->as.mix = mix;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        sei_slice   rest = sei_slice_of(line->text);
        sei_pq_part part;
        st = sei_pq_integer(r, line->where, &rest, "solution to mix", 0, &part.solution);
        if (st == SEI_OK)
            st = sei_pq_number(r, line->where, &rest, "fraction", &part.fraction);
        if (st == SEI_OK)
            st = sei_pq_nothing(r, line->where, rest);
        if (st == SEI_OK)
            st = SEI_PQ_GROW(r, mix->parts, mix->n);
        if (st == SEI_OK)
            mix->parts[mix->n++] = part;
    }
    if (st == SEI_OK && mix->n == 0)
        st = sei_pq_fail(r, SEI_E_MISSING, r->block->where,
                         "no solution with its fraction is given");
    return st;
}

sei_status sei_pq_read_incremental(sei_pq_reader *r)
{
    const sei_pq_line *line;
    bool              *flag = sei_pq_new(r, sizeof *flag);

    if (!flag)
        return SEI_E_NOMEM;
    r->block->as.flag   = flag;
    const sei_status st = sei_pq_flag(r, r->block->where, r->rest, flag);
    if (st == SEI_OK && sei_pq_next_line(r, &line))
        return sei_pq_fail(r, SEI_E_PARSE, line->where,
                           "\"%.60s\": nothing may follow but a keyword", line->text);
    return st;
}
