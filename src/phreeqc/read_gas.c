/* read_gas.c - GAS_PHASE */
#include "phreeqc/reader.h"

static const char *const options[] = {"pressure",    "volume",         "temp",
                                      "temperature", "fixed_pressure", "fixed_volume",
                                      "equilibrium", "equilibrate",    "equil"};
enum {
    G_PRESSURE,
    G_VOLUME,
    G_TEMP,
    G_TEMPERATURE,
    G_FIXED_PRESSURE,
    G_FIXED_VOLUME,
    G_EQUILIBRIUM,
    G_EQUILIBRATE,
    G_EQUIL
};

/* "-equilibrate with solution 3": the first number of the line. */
sei_status sei_pq_solution_number(sei_pq_reader *r, sei_where where, sei_slice rest,
                                  int *ret_solution)
{
    sei_slice word;

    while (sei_next_word(&rest, &word)) {
        sei_slice one = word;
        if (word.at[0] >= '0' && word.at[0] <= '9')
            return sei_pq_integer(r, where, &one, "solution to equilibrate with", 0, ret_solution);
    }
    return sei_pq_fail(r, SEI_E_MISSING, where,
                       "-equilibrate: the number of a solution is missing");
}

static sei_status positive(sei_pq_reader *r, sei_where where, const char *what, double value)
{
    if (value > 0.0)
        return SEI_OK;
    return sei_pq_fail(r, SEI_E_RANGE, where, "%s of %g must be above 0", what, value);
}

static sei_status apply_option(sei_pq_reader *r, sei_where where, int option, sei_slice rest,
                               sei_pq_gas_phase *g)
{
    sei_status st = SEI_OK;

    switch (option) {
    case G_PRESSURE:
        st = sei_pq_number(r, where, &rest, "pressure", &g->pressure_atm);
        return st == SEI_OK ? positive(r, where, "pressure", g->pressure_atm) : st;
    case G_VOLUME:
        st = sei_pq_number(r, where, &rest, "volume", &g->volume_l);
        return st == SEI_OK ? positive(r, where, "volume", g->volume_l) : st;
    case G_TEMP:
    case G_TEMPERATURE: return sei_pq_number(r, where, &rest, "temperature", &g->temp_c);
    case G_FIXED_PRESSURE: g->is_fixed_volume = false; return SEI_OK;
    case G_FIXED_VOLUME: g->is_fixed_volume = true; return SEI_OK;
    default: g->is_equilibrated = true; return sei_pq_solution_number(r, where, rest, &g->solution);
    }
}

static sei_status add_gas(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_gas_phase *g)
{
    sei_slice  word;
    sei_status st = SEI_PQ_GROW(r, g->gases, g->n);

    if (st != SEI_OK || !sei_next_word(&rest, &word))
        return st;
    sei_pq_gas *gas = &g->gases[g->n++];
    *gas            = (sei_pq_gas){.where = where, .name = sei_pq_keep(r, word)};
    if (!gas->name)
        return SEI_E_NOMEM;
    gas->has_pressure = sei_trim(rest).len > 0;
    st                = sei_pq_number_or(r, where, &rest, "partial pressure", &gas->pressure_atm);
    if (st == SEI_OK && gas->pressure_atm < 0.0)
        st = sei_pq_fail(r, SEI_E_RANGE, where, "%s: the partial pressure %g is negative",
                         gas->name, gas->pressure_atm);
    return st == SEI_OK ? sei_pq_nothing(r, where, rest) : st;
}

sei_status sei_pq_read_gas_phase(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st = SEI_OK;
    sei_pq_gas_phase  *g  = sei_pq_new(r, sizeof *g);

    if (!g)
        return SEI_E_NOMEM;
    *g = (sei_pq_gas_phase){.pressure_atm = 1.0, .volume_l = 1.0, .temp_c = 25.0};
    r->block->as.gas_phase = g;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, options, sizeof options / sizeof *options, &option, &rest);
        if (st == SEI_OK && option == SEI_PQ_DATA)
            st = add_gas(r, line->where, rest, g);
        else if (st == SEI_OK)
            st = apply_option(r, line->where, option, rest, g);
    }
    if (st == SEI_OK && g->is_equilibrated && !g->is_fixed_volume)
        st = sei_pq_fail(r, SEI_E_PARSE, r->block->where,
                         "-equilibrate needs -fixed_volume: at a fixed pressure partial pressures "
                         "must be given");
    for (size_t i = 0; i < g->n && st == SEI_OK; i++)
        if (!g->gases[i].has_pressure && !g->is_equilibrated)
            st = sei_pq_fail(r, SEI_E_MISSING, g->gases[i].where,
                             "%s: a partial pressure is missing", g->gases[i].name);
    return st;
}
