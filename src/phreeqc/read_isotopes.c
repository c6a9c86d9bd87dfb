/* read_isotopes.c - ISOTOPES, ISOTOPE_RATIOS, ISOTOPE_ALPHAS */
#include <string.h>

#include "phreeqc/reader.h"

static const struct {
    const char         *name;
    sei_pq_isotope_unit unit;
} units[] = {
    {"permil", SEI_PQ_PERMIL},   {"pct", SEI_PQ_PERCENT},        {"pmc", SEI_PQ_PERCENT},
    {"tu", SEI_PQ_TRITIUM_UNIT}, {"pci/l", SEI_PQ_TRITIUM_UNIT},
};

static sei_status read_unit(sei_pq_reader *r, sei_where where, sei_slice word,
                            sei_pq_isotope_standard *s)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!sei_slice_is_nocase(word, units[i].name))
            continue;
        s->unit      = units[i].unit;
        s->unit_text = sei_pq_keep(r, word);
        return s->unit_text ? SEI_OK : SEI_E_NOMEM;
    }
    return sei_pq_fail(
        r, SEI_E_UNIT, where,
        "unknown unit \"%.*s\" of an isotope (known are permil, pct, pmc, TU, pCi/L)",
        SEI_PQ_SHOWN(word));
}

/* "-isotope [13C] permil 0.0111802" under the element that it is one of. */
static sei_status read_standard(sei_pq_reader *r, sei_where where, const char *element,
                                sei_slice rest, sei_pq_isotopes *list)
{
    sei_pq_isotope_standard s = {.where = where, .element = element};
    sei_slice               name, unit;

    if (!element)
        return sei_pq_fail(r, SEI_E_PARSE, where,
                           "-isotope must follow the element that it is one of");
    if (!sei_next_word(&rest, &name) || !sei_next_word(&rest, &unit))
        return sei_pq_fail(r, SEI_E_MISSING, where,
                           "-isotope needs the isotope, its unit and its ratio in the standard");
    sei_status st = sei_pq_component(r, where, name, &s.name);
    if (st == SEI_OK)
        st = read_unit(r, where, unit, &s);
    if (st == SEI_OK)
        st = sei_pq_number(r, where, &rest, "ratio of the standard", &s.standard);
    if (st == SEI_OK && !(s.standard > 0.0))
        st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: the ratio %g of the standard is not above 0",
                         s.name, s.standard);
    if (st == SEI_OK && s.unit == SEI_PQ_TRITIUM_UNIT && element[0] != 'H')
        st = sei_pq_fail(r, SEI_E_UNIT, where, "%s: %s is a unit of isotopes of H alone", s.name,
                         s.unit_text);
    if (st == SEI_OK)
        st = SEI_PQ_GROW(r, list->standards, list->n_standards);
    if (st == SEI_OK)
        list->standards[list->n_standards++] = s;
    return st;
}

static sei_status read_standards(sei_pq_reader *r, sei_pq_isotopes *list)
{
    static const char *const options[] = {"isotope", "total_is_major"};
    const sei_pq_line       *line;
    const char              *element = NULL;
    sei_status               st      = SEI_OK;

    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest, word;
        st = sei_pq_option(r, line, options, 2, &option, &rest);
        if (st != SEI_OK)
            break;
        if (option == 0)
            st = read_standard(r, line->where, element, rest, list);
        else if (option == 1) /* whatever it says, as in PHREEQC 3.8.6 */
            sei_warn(r->ctx, &line->where,
                     "ISOTOPES: -%s has no effect: the total of an element is the sum of all of "
                     "its isotopes",
                     options[1]);
        else if (sei_next_word(&rest, &word))
            st = sei_pq_component(r, line->where, word, &element);
    }
    return st;
}

/* "R(13C)_CO2(aq) [13C]": a program of CALCULATE_VALUES and the isotope in whose unit it is told. */
static sei_status read_ratios(sei_pq_reader *r, sei_pq_isotopes *list)
{
    const bool         are_alphas = strcmp(r->block->keyword, "ISOTOPE_ALPHAS") == 0;
    const sei_pq_line *line;
    sei_status         st = SEI_OK;

    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        sei_pq_isotope_ratio one  = {.where = line->where};
        sei_slice            rest = sei_slice_of(line->text), name, of = {"", 0};
        if (!sei_next_word(&rest, &name))
            continue;
        if (!sei_next_word(&rest, &of) && !are_alphas)
            return sei_pq_fail(r, SEI_E_MISSING, line->where, "%.*s: its isotope is missing",
                               SEI_PQ_SHOWN(name));
        if (are_alphas) /* for PHREEQC's report alone, which this program does not write */
            continue;
        one.name = sei_pq_keep(r, name);
        st       = one.name ? sei_pq_component(r, line->where, of, &one.isotope) : SEI_E_NOMEM;
        if (st == SEI_OK)
            st = SEI_PQ_GROW(r, list->ratios, list->n_ratios);
        if (st == SEI_OK)
            list->ratios[list->n_ratios++] = one;
    }
    return st;
}

sei_status sei_pq_read_isotopes(sei_pq_reader *r)
{
    sei_pq_isotopes *list = sei_pq_new(r, sizeof *list);

    if (!list)
        return SEI_E_NOMEM;
    r->block->as.isotopes = list;
    return strcmp(r->block->keyword, "ISOTOPES") == 0 ? read_standards(r, list)
                                                      : read_ratios(r, list);
}
