/*
 * run_dump.c - DUMP: what has a number, as text that PHREEQC 3.8 and this program read back
 *
 * Every word that PHREEQC asks for is there; its places in memory, guesses and sums that follow from the rest are left 0.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/dump.h"

enum { DUMP_BYTES_MAX = 1 << 30, NAME_WIDTH = 24 };

/* ------------------------------------------------------------------ lines */

static void indent(sei_buf *out, int level)
{
    sei_buf_printf(out, "%*s", 2 * level, "");
}

/* The fewest digits that give the number again. */
static void put_value(sei_buf *out, double value)
{
    char   text[40];
    double again;

    snprintf(text, sizeof text, "%.15g", value);
    if (!sei_pq_is_number(sei_slice_of(text), &again) || again != value)
        snprintf(text, sizeof text, "%.17g", value);
    sei_buf_puts(out, text);
}

void pq_put_number(sei_buf *out, int level, const char *name, double value)
{
    indent(out, level);
    sei_buf_printf(out, "%-*s ", NAME_WIDTH, name);
    put_value(out, value);
    sei_buf_putc(out, '\n');
}

void pq_put_word(sei_buf *out, int level, const char *name, const char *word)
{
    indent(out, level);
    sei_buf_printf(out, "%-*s %s\n", NAME_WIDTH, name, word);
}

void pq_put_head(sei_buf *out, sei_pq_entity entity, int number, const char *description)
{
    const char *name = sei_pq_entity_name(entity);

    for (; *name; name++)
        sei_buf_putc(out, *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name);
    sei_buf_printf(out, "_RAW %d %s\n", number, description ? description : "");
}

static void put_list(sei_buf *out, int level, size_t n, const double values[])
{
    indent(out, level);
    for (size_t i = 0; i < n; i++) {
        put_value(out, values[i]);
        sei_buf_putc(out, ' ');
    }
    sei_buf_putc(out, '\n');
}

static void put_flag(sei_buf *out, int level, const char *name, bool value)
{
    pq_put_word(out, level, name, value ? "1" : "0");
}

/* Rounding of a balance may leave less than nothing. */
static const double rounding_mol = 1e-15;

void pq_put_elements(const pq_runner *r, sei_buf *out, int level, const sei_amounts *amounts)
{
    for (size_t j = 0; j < r->net->n_comp + 1; j++) {
        const char  *name = j + 1 < r->net->n_comp    ? r->net->comp_name[j]
                            : j + 1 == r->net->n_comp ? "H"
                                                      : "O";
        const double mol  = sei_react_element(r->react, amounts, name);
        if (mol > 0.0 || mol < -rounding_mol)
            pq_put_number(out, level, name, mol);
    }
}

/* ------------------------------------------------------------------ phases and mixtures */

static void put_equilibrium(int number, const pq_equilibrium *e, sei_buf *out)
{
    pq_put_head(out, SEI_PQ_EQUILIBRIUM_PHASES, number, "");
    pq_put_word(out, 1, "-new_def", "0");
    for (size_t i = 0; i < e->n; i++) {
        const sei_pq_mineral *def = e->minerals[i].def;
        pq_put_word(out, 1, "-component", def->name);
        if (def->formula)
            pq_put_word(out, 3, "-add_formula", def->formula);
        pq_put_number(out, 3, "-si", def->si);
        pq_put_number(out, 3, "-moles", e->minerals[i].mol);
        put_flag(out, 3, "-force_equality", def->force_equality);
        put_flag(out, 3, "-dissolve_only", def->dissolve_only);
        put_flag(out, 3, "-precipitate_only", def->precipitate_only);
        pq_put_number(out, 3, "-si_org", def->si);
        pq_put_word(out, 3, "-delta", "0");
        pq_put_number(out, 3, "-initial_moles", e->minerals[i].start_mol);
        pq_put_word(out, 3, "-totals", "");
    }
    pq_put_word(out, 1, "-eltList", "");
    pq_put_word(out, 1, "-assemblage_totals", "");
}

static void put_gas(int number, const pq_gas *g, sei_buf *out)
{
    double total = 0.0;

    for (size_t i = 0; i < g->def->n; i++)
        total += g->mol[i];
    pq_put_head(out, SEI_PQ_GAS_PHASE, number, "");
    put_flag(out, 1, "-type", g->def->is_fixed_volume);
    pq_put_number(out, 1, "-total_p", g->pressure_atm);
    pq_put_number(out, 1, "-volume", g->volume_l);
    for (size_t i = 0; i < g->def->n; i++) {
        const double p   = total > 0.0 ? g->pressure_atm * g->mol[i] / total : 0.0,
                     phi = exp(g->ln_phi[i]);
        pq_put_word(out, 1, "-component", g->def->gases[i].name);
        pq_put_number(out, 2, "-moles", g->mol[i]);
        pq_put_number(out, 2, "-p_read", g->def->gases[i].pressure_atm);
        pq_put_word(out, 2, "-initial_moles", "0");
        pq_put_number(out, 2, "-p", p);
        pq_put_number(out, 2, "-phi", phi);
        pq_put_number(out, 2, "-f", p * phi);
    }
    pq_put_word(out, 1, "-new_def", "0");
    pq_put_word(out, 1, "-solution_equilibria", "0");
    pq_put_word(out, 1, "-n_solution", "-999");
    pq_put_number(out, 1, "-temperature", g->def->temp_c + SEI_ZERO_CELSIUS);
    pq_put_number(out, 1, "-total_moles", total);
    pq_put_word(out, 1, "-v_m", "0");
    pq_put_word(out, 1, "-pr_in", "0");
    pq_put_word(out, 1, "-totals", "");
}

/* A binary is told by its parameters without unit, from which PHREEQC finds its gaps (-new_def 1). */
static void put_solid(const pq_solids *s, size_t i, sei_buf *out)
{
    static const char *const words[] = {
        "-initial_moles",    "-init_moles", "-delta", "-fraction_x", "-log10_lambda",
        "-log10_fraction_x", "-dn",         "-dnc",   "-dnb"};
    static const char *const     whole[] = {"-ag0",   "-ag1",         "-xb1",
                                            "-xb2",   "-miscibility", "-spinodal",
                                            "-ss_in", "-total_moles", "-dn"};
    const sei_pq_solid_solution *one     = &s->def->solutions[i];
    const bool                   ideal   = s->a0[i] == 0.0 && s->a1[i] == 0.0;

    pq_put_word(out, 1, "-solid_solution", one->name);
    for (size_t k = 0; k < one->n; k++) {
        pq_put_word(out, 2, "-component", one->members[k].name);
        pq_put_number(out, 4, "-moles", s->mol[i][k]);
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            pq_put_word(out, 4, words[w], "0");
    }
    pq_put_number(out, 2, "-tk", one->temp_k);
    pq_put_word(out, 2, "-input_case", ideal ? "-1" : "0");
    indent(out, 2);
    sei_buf_puts(out, "-p ");
    put_list(out, 0, SEI_PQ_SS_PARAMETERS, (const double[]){s->a0[i], s->a1[i], 0.0, 0.0});
    for (size_t w = 0; w < sizeof whole / sizeof *whole; w++)
        pq_put_word(out, 2, whole[w], "0");
    pq_put_number(out, 2, "-a0", s->a0[i]);
    pq_put_number(out, 2, "-a1", s->a1[i]);
    pq_put_word(out, 2, "-totals", "");
}

static void put_solids(int number, const pq_solids *s, sei_buf *out)
{
    pq_put_head(out, SEI_PQ_SOLID_SOLUTIONS, number, "");
    for (size_t i = 0; i < s->def->n; i++)
        put_solid(s, i, out);
    pq_put_word(out, 1, "-new_def", "1");
    pq_put_word(out, 1, "-SSassemblage_totals", "");
}

/* ------------------------------------------------------------------ reactions */

static void put_steps(sei_buf *out, const char *name, const char *count, const sei_pq_steps *s)
{
    pq_put_number(out, 1, count, s->is_equal ? (double)s->n_equal : 0.0);
    put_flag(out, 1, "-equal_increments", s->is_equal);
    pq_put_word(out, 1, name, "");
    put_list(out, 2, s->n, s->values);
}

static void put_kinetics(int number, const pq_kinetics *k, sei_buf *out)
{
    pq_put_head(out, SEI_PQ_KINETICS, number, "");
    pq_put_number(out, 1, "-step_divide", k->def->step_divide);
    pq_put_number(out, 1, "-rk", k->def->runge_kutta > 0 ? k->def->runge_kutta : 3);
    pq_put_number(out, 1, "-bad_step_max", k->def->bad_step_max > 0 ? k->def->bad_step_max : 500);
    put_flag(out, 1, "-use_cvode", k->def->use_cvode);
    pq_put_number(out, 1, "-cvode_steps", k->def->cvode_steps > 0 ? k->def->cvode_steps : 100);
    pq_put_number(out, 1, "-cvode_order", k->def->cvode_order > 0 ? k->def->cvode_order : 5);
    for (size_t i = 0; i < k->def->n; i++) {
        const sei_pq_reactant *one = &k->def->reactants[i];
        pq_put_word(out, 1, "-component", one->name);
        pq_put_number(out, 3, "-tol", one->tol);
        pq_put_number(out, 3, "-m", k->m[i]);
        pq_put_number(out, 3, "-m0", one->m0);
        pq_put_word(out, 3, "-namecoef", "");
        for (size_t t = 0; t < one->n_formula; t++)
            pq_put_number(out, 4, one->formula[t].name, one->formula[t].value);
        pq_put_word(out, 3, "-d_params", "");
        put_list(out, 4, one->n_parms, one->parms);
        pq_put_word(out, 3, "-moles", "0");
        pq_put_word(out, 3, "-initial_moles", "0");
    }
    put_steps(out, "-steps", "-count", &k->def->steps);
    pq_put_word(out, 1, "-totals", "");
}

static void put_reaction(int number, const sei_pq_reaction *reaction, sei_buf *out)
{
    pq_put_head(out, SEI_PQ_REACTION, number, "");
    pq_put_word(out, 1, "-reactant_list", "");
    for (size_t i = 0; i < reaction->n; i++)
        pq_put_number(out, 2, reaction->reactants[i].name, reaction->reactants[i].value);
    put_steps(out, "-steps", "-count_steps", &reaction->steps);
    pq_put_word(out, 1, "-units", "Mol");
    pq_put_word(out, 1, "-element_list", "");
}

static void put_ramp(sei_pq_entity entity, int number, const sei_pq_ramp *ramp, sei_buf *out)
{
    const bool is_pressure = entity == SEI_PQ_REACTION_PRESSURE;

    pq_put_head(out, entity, number, "");
    put_steps(out, is_pressure ? "-pressures" : "-temps", is_pressure ? "-count" : "-count_temps",
              &ramp->steps);
}

static void put_mix(int number, const sei_pq_mix *mix, sei_buf *out)
{
    pq_put_head(out, SEI_PQ_MIX, number, "");
    for (size_t i = 0; i < mix->n; i++) {
        sei_buf_printf(out, "  %d ", mix->parts[i].solution);
        put_value(out, mix->parts[i].fraction);
        sei_buf_putc(out, '\n');
    }
}

/* ------------------------------------------------------------------ the dump */

sei_status pq_put_entity(pq_runner *r, sei_pq_entity entity, int number, const void *item,
                         sei_buf *out)
{
    switch (entity) {
    case SEI_PQ_SOLUTION: return pq_put_solution(r, number, item, out);
    case SEI_PQ_EQUILIBRIUM_PHASES: put_equilibrium(number, item, out); break;
    case SEI_PQ_EXCHANGE: pq_put_exchange(r, number, item, out); break;
    case SEI_PQ_SURFACE: pq_put_surface(r, number, item, out); break;
    case SEI_PQ_GAS_PHASE: put_gas(number, item, out); break;
    case SEI_PQ_SOLID_SOLUTIONS: put_solids(number, item, out); break;
    case SEI_PQ_KINETICS: put_kinetics(number, item, out); break;
    case SEI_PQ_REACTION: put_reaction(number, *(const sei_pq_reaction *const *)item, out); break;
    case SEI_PQ_REACTION_TEMPERATURE:
    case SEI_PQ_REACTION_PRESSURE:
        put_ramp(entity, number, *(const sei_pq_ramp *const *)item, out);
        break;
    case SEI_PQ_MIX: put_mix(number, *(const sei_pq_mix *const *)item, out); break;
    default: break;
    }
    return out->status;
}

static bool is_selected(const sei_pq_delete *what, sei_pq_entity entity, int number)
{
    for (size_t i = 0; i < what->n; i++) {
        const sei_pq_deletion *d = &what->items[i];
        if (d->entity != entity && d->entity != SEI_PQ_CELL)
            continue;
        if (d->n == 0)
            return true;
        for (size_t k = 0; k < d->n; k++)
            if (number >= d->ranges[k].first && number <= d->ranges[k].last)
                return true;
    }
    return false;
}

static sei_status put_all(pq_runner *r, const sei_pq_delete *what, sei_buf *out)
{
    sei_status st = SEI_OK;

    for (int e = 0; e < SEI_PQ_CELL && st == SEI_OK; e++) {
        const pq_store *s = &r->store[e];
        for (size_t i = 0; i < s->n && st == SEI_OK; i++)
            if (is_selected(what, (sei_pq_entity)e, s->entries[i].number))
                st = pq_put_entity(r, (sei_pq_entity)e, s->entries[i].number, s->entries[i].item,
                                   out);
    }
    return st;
}

/* Text that is the file's, or follows what it has; later dumps to a file of the same name take its place. */
static sei_status keep(pq_runner *r, const char *file, bool appends, const sei_buf *text)
{
    sei_pq_result *result = r->result;
    size_t         i      = 0;

    while (i < result->n_dumps && strcmp(result->dumps[i].file, file) != 0)
        i++;
    if (i == result->n_dumps) {
        sei_pq_dumped *grown = sei_resize(r->ctx, result->dumps, i + 1, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        result->dumps    = grown;
        result->dumps[i] = (sei_pq_dumped){sei_strdup(r->ctx, file), NULL, 0};
        result->n_dumps++;
        if (!result->dumps[i].file)
            return SEI_E_NOMEM;
    }
    sei_pq_dumped *d      = &result->dumps[i];
    const size_t   before = appends ? d->len : 0;
    char          *all    = sei_alloc(r->ctx, before + text->len + 1, 1);
    if (!all)
        return SEI_E_NOMEM;
    if (before)
        memcpy(all, d->text, before);
    memcpy(all + before, text->text, text->len);
    sei_release(r->ctx, d->text);
    d->text = all;
    d->len  = before + text->len;
    return SEI_OK;
}

static sei_status dump(pq_runner *r, const char *file, bool appends, const sei_pq_delete *what)
{
    sei_buf text;

    sei_buf_init(&text, r->ctx, DUMP_BYTES_MAX);
    sei_status st = put_all(r, what, &text);
    /* PHREEQC's own end of a dump: nothing of it is in use by being read. */
    sei_buf_puts(&text, "USE mix none\nUSE reaction none\nUSE reaction_temperature none\n"
                        "USE reaction_pressure none\n");
    if (st == SEI_OK)
        st = text.status;
    if (st == SEI_OK)
        st = keep(r, file, appends, &text);
    sei_buf_done(&text);
    return st;
}

sei_status pq_dump(pq_runner *r, const sei_pq_block *block)
{
    const sei_pq_dump *d = block->as.dump;

    return d->what->n == 0 ? SEI_OK : dump(r, d->file ? d->file : "dump.out", d->appends, d->what);
}

sei_status pq_dump_cells(pq_runner *r, const char *file, int last)
{
    sei_pq_range        range = {0, last};
    sei_pq_deletion     cells = {.entity = SEI_PQ_CELL, .n = 1, .ranges = &range};
    const sei_pq_delete what  = {1, &cells};

    return dump(r, file, false, &what);
}
