/* run_punch.c - rows of selected output */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "phreeqc/run_impl.h"

enum { HEADING_BYTES = 220, HEADINGS_MAX = 10000 };

static pq_output *output_of(pq_runner *r, int number)
{
    for (size_t i = 0; i < r->n_outputs; i++)
        if (r->outputs[i].number == number)
            return &r->outputs[i];
    pq_output *grown = sei_resize(r->ctx, r->outputs, r->n_outputs + 1, sizeof *grown);
    if (!grown)
        return NULL;
    r->outputs               = grown;
    r->outputs[r->n_outputs] = (pq_output){.number = number};
    return &r->outputs[r->n_outputs++];
}

void pq_free_outputs(pq_runner *r)
{
    for (size_t i = 0; i < r->n_outputs; i++) {
        sei_basic_vm_free(r->outputs[i].vm);
        sei_basic_free(r->outputs[i].program);
        sei_release(r->ctx, r->outputs[i].added);
    }
    sei_release(r->ctx, r->outputs);
}

sei_status pq_define_output(pq_runner *r, const sei_pq_block *b)
{
    pq_output *out = output_of(r, b->first);

    if (!out)
        return SEI_E_NOMEM;
    if (b->kind == SEI_PQ_BLOCK_SELECTED_OUTPUT) {
        const sei_pq_selected *before = out->selected;
        out->selected                 = b->as.selected;
        if (!out->selected->goes_on || !before || before->user_punch != out->selected->user_punch)
            out->table = NULL;
        return SEI_OK;
    }
    sei_basic_vm_free(out->vm);
    sei_basic_free(out->program);
    out->vm      = NULL;
    out->program = NULL;
    out->n_added = out->n_named = 0;
    out->punch =
        b->as.program->basic.n ? b->as.program : NULL; /* the table goes on, as in PHREEQC */
    return out->punch ? pq_compile(r, &out->punch->basic, &out->program, &out->vm) : SEI_OK;
}

/* ------------------------------------------------------------------ columns */

static sei_status add_list(sei_pq_table *t, const sei_pq_names *names, const char *before,
                           const char *after, sei_pq_column_kind kind)
{
    char       heading[HEADING_BYTES], name[HEADING_BYTES];
    sei_status st = SEI_OK;

    for (size_t i = 0; i < names->n && st == SEI_OK; i++) {
        snprintf(heading, sizeof heading, "%s%.100s", before, names->names[i]);
        snprintf(name, sizeof name, "%s%.100s%s", before, names->names[i], after);
        st = sei_pq_table_add_column(t, heading, name, kind);
    }
    return st;
}

/* Each with a column for its change. */
static sei_status add_pairs(sei_pq_table *t, const sei_pq_names *names, const char *first,
                            const char *second)
{
    char       heading[HEADING_BYTES];
    sei_status st = SEI_OK;

    for (size_t i = 0; i < names->n && st == SEI_OK; i++) {
        snprintf(heading, sizeof heading, "%s%.100s", first, names->names[i]);
        st = sei_pq_table_add_column(t, heading, NULL, SEI_PQ_COLUMN_SCIENTIFIC);
        snprintf(heading, sizeof heading, "%s%.100s", second, names->names[i]);
        if (st == SEI_OK)
            st = sei_pq_table_add_column(t, heading, NULL, SEI_PQ_COLUMN_SCIENTIFIC);
    }
    return st;
}

static sei_status add_switches(sei_pq_table *t, const sei_pq_selected *s)
{
    const struct {
        bool               is_on;
        const char        *heading, *name;
        sei_pq_column_kind kind;
    } rows[] = {
        {s->simulation, "sim", NULL, SEI_PQ_COLUMN_INTEGER},
        {s->state, "state", NULL, SEI_PQ_COLUMN_TEXT},
        {s->solution, "soln", NULL, SEI_PQ_COLUMN_INTEGER},
        {s->distance, "dist_x", NULL, SEI_PQ_COLUMN_PLACE},
        {s->time, "time", NULL, SEI_PQ_COLUMN_PLACE},
        {s->step, "step", NULL, SEI_PQ_COLUMN_INTEGER},
        {s->ph, "pH", NULL, SEI_PQ_COLUMN_GENERAL},
        {s->pe, "pe", NULL, SEI_PQ_COLUMN_GENERAL},
        {s->reaction, "reaction", NULL, SEI_PQ_COLUMN_SCIENTIFIC},
        {s->temperature, "temp", "temp(C)", SEI_PQ_COLUMN_FIXED_3},
        {s->alkalinity, "Alk", "Alk(eq/kgw)", SEI_PQ_COLUMN_GENERAL},
        {s->ionic_strength, "mu", NULL, SEI_PQ_COLUMN_GENERAL},
        {s->water, "mass_H2O", NULL, SEI_PQ_COLUMN_GENERAL},
        {s->charge_balance, "charge", "charge(eq)", SEI_PQ_COLUMN_GENERAL},
        {s->percent_error, "pct_err", NULL, SEI_PQ_COLUMN_GENERAL},
    };
    sei_status st = SEI_OK;

    for (size_t i = 0; i < sizeof rows / sizeof *rows && st == SEI_OK; i++)
        if (rows[i].is_on)
            st = sei_pq_table_add_column(t, rows[i].heading, rows[i].name, rows[i].kind);
    return st;
}

static sei_status add_columns(sei_pq_table *t, const sei_pq_selected *s)
{
    static const char *const gas[] = {"pressure", "total mol", "volume"};
    sei_status               st    = add_switches(t, s);

    if (st == SEI_OK)
        st = add_list(t, &s->totals, "", "(mol/kgw)", SEI_PQ_COLUMN_SCIENTIFIC);
    if (st == SEI_OK)
        st = add_list(t, &s->molalities, "m_", "(mol/kgw)", SEI_PQ_COLUMN_SCIENTIFIC);
    if (st == SEI_OK)
        st = add_list(t, &s->activities, "la_", "", SEI_PQ_COLUMN_SCIENTIFIC);
    if (st == SEI_OK)
        st = add_pairs(t, &s->equilibrium_phases, "", "d_");
    if (st == SEI_OK)
        st = add_list(t, &s->saturation_indices, "si_", "", SEI_PQ_COLUMN_FIXED_4);
    for (size_t i = 0; s->gases.n && i < 3 && st == SEI_OK; i++)
        st = sei_pq_table_add_column(t, gas[i], NULL, SEI_PQ_COLUMN_SCIENTIFIC);
    if (st == SEI_OK)
        st = add_list(t, &s->gases, "g_", "", SEI_PQ_COLUMN_SCIENTIFIC);
    if (st == SEI_OK)
        st = add_pairs(t, &s->kinetic_reactants, "k_", "dk_");
    if (st == SEI_OK)
        st = add_list(t, &s->solid_solutions, "s_", "", SEI_PQ_COLUMN_SCIENTIFIC);
    if (st == SEI_OK)
        st = add_list(t, &s->isotopes, "I_", "", SEI_PQ_COLUMN_SCIENTIFIC);
    return st == SEI_OK ? add_list(t, &s->calculate_values, "V_", "", SEI_PQ_COLUMN_SCIENTIFIC)
                        : st;
}

sei_status pq_new_table(pq_runner *r, sei_pq_table **ret_table)
{
    sei_pq_table **grown =
        sei_resize(r->ctx, r->result->tables, r->result->n_tables + 1, sizeof *grown);

    if (!grown)
        return SEI_E_NOMEM;
    r->result->tables   = grown;
    const sei_status st = sei_pq_table_create(r->ctx, ret_table);
    if (st == SEI_OK)
        r->result->tables[r->result->n_tables++] = *ret_table;
    return st;
}

static sei_status open_table(pq_runner *r, pq_output *out)
{
    sei_pq_table *table = NULL;
    sei_status    st    = pq_new_table(r, &table);

    if (st != SEI_OK)
        return st;
    table->number         = out->number;
    table->high_precision = out->selected->high_precision;
    table->no_new_line    = out->selected->no_new_line;
    table->file = out->selected->file ? sei_arena_strdup(&table->arena, out->selected->file) : NULL;
    out->table  = table;
    out->n_named          = 0;
    st                    = add_columns(table, out->selected);
    const size_t items    = out->vm && out->selected->user_punch ? sei_basic_n_items(out->vm) : 0;
    const size_t headings = out->punch && out->selected->user_punch ? out->punch->n_headings : 0;
    out->n_punched        = items > headings ? items : headings;
    out->n_headings       = headings;
    for (size_t i = 0; i < headings && st == SEI_OK; i++)
        st =
            sei_pq_table_add_column(table, out->punch->headings[i], NULL, SEI_PQ_COLUMN_SCIENTIFIC);
    return st == SEI_OK ? sei_pq_table_widen(table, out->n_punched - headings, 1) : st;
}

/* ------------------------------------------------------------------ values */

typedef struct {
    pq_runner     *r;
    const pq_view *v;
    sei_pq_cell   *cell;
} filler;

static void put(filler *f, double value)
{
    (f->cell++)->number = value;
}

static void put_or_missing(filler *f, bool is_there, double value)
{
    f->cell->is_missing = !is_there;
    put(f, is_there ? value : -99.0);
}

static void put_place(filler *f, const sei_pq_selected *s)
{
    static const char *const states[] = {"i_soln", "i_exch", "i_surf", "i_gas",
                                         "react",  "advect", "transp"};
    const pq_view           *v        = f->v;

    if (s->simulation) /* rows of TRANSPORT count the TRANSPORT keywords, as in PHREEQC */
        put(f, v->state == PQ_TRANSPORT ? f->r->n_transports : f->r->simulation);
    if (s->state)
        (f->cell++)->text = states[v->state];
    if (s->solution)
        put(f, v->number);
    if (s->distance)
        put_or_missing(f, isfinite(v->distance), v->distance);
    if (s->time)
        put_or_missing(f, isfinite(v->time_s), v->time_s);
    if (s->step)
        put(f, v->step);
}

static void put_water(filler *f, const sei_pq_selected *s)
{
    const pq_view *v = f->v;

    if (s->ph)
        put(f, -v->eq->x[v->eq->net->n_comp - 1] / PQ_LN10);
    if (s->pe)
        put(f, pq_pe(v));
    if (s->reaction)
        put_or_missing(f, v->has_reaction, v->reaction_mol);
    if (s->temperature)
        put(f, v->temp_c);
    if (s->alkalinity)
        put(f, pq_alkalinity(v));
    if (s->ionic_strength)
        put(f, v->eq->mu);
    if (s->water)
        put(f, v->water_kg);
    if (s->charge_balance)
        put(f, v->eq->charge * v->water_kg);
    if (s->percent_error)
        put(f, pq_percent_error(v));
}

static void put_minerals(filler *f, const sei_pq_names *names)
{
    const pq_equilibrium *e = f->v->cell ? f->v->cell->equilibrium : NULL;

    for (size_t i = 0; i < names->n; i++) {
        double mol = 0.0, change = 0.0;
        for (size_t k = 0; e && k < e->n; k++) {
            if (!sei_equal_nocase(e->minerals[k].def->name, names->names[i]))
                continue;
            mol    = e->minerals[k].mol;
            change = mol - e->minerals[k].start_mol;
        }
        put(f, mol);
        put(f, change);
    }
}

static void put_gases(filler *f, const sei_pq_names *names)
{
    const bool reacts =
        f->v->state != PQ_INITIAL_GAS; /* rows of the definition itself are empty in PHREEQC */
    const pq_gas *g   = f->v->cell && reacts ? f->v->cell->gas : NULL;
    double        sum = 0.0;

    if (names->n == 0)
        return;
    for (size_t k = 0; g && k < g->def->n; k++)
        sum += g->mol[k];
    put(f, g ? g->pressure_atm : 0.0);
    put(f, sum);
    put(f, g ? g->volume_l : 0.0);
    for (size_t i = 0; i < names->n; i++) {
        double mol = 0.0;
        for (size_t k = 0; g && k < g->def->n; k++)
            if (sei_equal_nocase(g->def->gases[k].name, names->names[i]))
                mol = g->mol[k];
        put(f, mol);
    }
}

static void put_reactants(filler *f, const sei_pq_names *names)
{
    const pq_kinetics *k = f->v->cell ? f->v->cell->kinetics : NULL;

    for (size_t i = 0; i < names->n; i++) {
        double mol = 0.0, change = 0.0;
        for (size_t n = 0; k && n < k->def->n; n++) {
            if (!sei_equal_nocase(k->def->reactants[n].name, names->names[i]))
                continue;
            mol    = k->m[n];
            change = mol - k->start_m[n];
        }
        put(f, mol);
        put(f, change);
    }
}

static void put_members(filler *f, const sei_pq_names *names)
{
    const pq_solids *s = f->v->cell ? f->v->cell->solids : NULL;

    for (size_t i = 0; i < names->n; i++) {
        double mol = 0.0;
        for (size_t x = 0; s && x < s->def->n; x++)
            for (size_t k = 0; k < s->def->solutions[x].n; k++)
                if (sei_equal_nocase(s->def->solutions[x].members[k].name, names->names[i]))
                    mol = s->mol[x][k];
        put(f, mol);
    }
}

static sei_status put_punched(filler *f, pq_output *out, const sei_pq_cell *end)
{
    for (size_t i = 0; f->cell < end; i++) {
        if (i >= sei_basic_n_items(out->vm)) {
            f->cell->is_left_out = true;
            (f->cell++)->text    = "";
            continue;
        }
        const sei_basic_item item = sei_basic_item_at(out->vm, i);
        if (!item.text) {
            put(f, item.number);
            continue;
        }
        f->cell->text = sei_arena_strndup(&out->table->arena, item.text, item.len);
        if (!(f->cell++)->text)
            return SEI_E_NOMEM;
    }
    return SEI_OK;
}

/* Of hydrogen and oxygen what is not water's, as PHREEQC's columns are. */
static const char *counted_total(const char *name)
{
    return strcmp(name, "H") == 0 ? "H(0)" : strcmp(name, "O") == 0 ? "O(0)" : name;
}

/* The lists up to the values of CALCULATE_VALUES. */
static void put_lists(filler *f, const sei_pq_selected *s)
{
    for (size_t i = 0; i < s->totals.n; i++)
        put(f, pq_total(f->r, f->v, counted_total(s->totals.names[i])));
    for (size_t i = 0; i < s->molalities.n; i++)
        put(f, pq_molality(f->r, f->v, s->molalities.names[i]));
    for (size_t i = 0; i < s->activities.n; i++)
        put(f, pq_log_activity(f->r, f->v, s->activities.names[i]));
    put_minerals(f, &s->equilibrium_phases);
    for (size_t i = 0; i < s->saturation_indices.n; i++)
        put(f, pq_saturation(f->r, f->v, s->saturation_indices.names[i]));
    put_gases(f, &s->gases);
    put_reactants(f, &s->kinetic_reactants);
    put_members(f, &s->solid_solutions);
}

typedef sei_status number_of(pq_runner *r, const pq_view *v, const char *name, double *ret);

static sei_status calculated(pq_runner *r, const pq_view *v, const char *name, double *ret)
{
    (void)v;
    return pq_calculate(r, name, ret);
}

static sei_status put_programs(filler *f, const sei_pq_names *names, number_of *of)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < names->n && st == SEI_OK; i++) {
        double number = 0.0;
        st            = of(f->r, f->v, names->names[i], &number);
        put(f, number);
    }
    return st;
}

sei_status pq_add_heading(pq_runner *r, const char *heading, double *ret)
{
    pq_output *out = r->punching;

    *ret = 0.0;
    if (!out || !out->punch)
        return SEI_OK;
    if (out->n_added == HEADINGS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, NULL, "ADD_HEADING: more than %d headings",
                        (int)HEADINGS_MAX);
    const char **grown = sei_resize(r->ctx, out->added, out->n_added + 1, sizeof *grown);
    if (!grown)
        return SEI_E_NOMEM;
    out->added               = grown;
    out->added[out->n_added] = sei_arena_strdup(&r->arena, heading);
    if (!out->added[out->n_added++])
        return SEI_E_NOMEM;
    *ret = (double)(out->punch->n_headings + out->n_added);
    return SEI_OK;
}

static bool has_column(const sei_pq_table *t, const char *name)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->columns[c].long_name, name) == 0)
            return true;
    return false;
}

/* New columns without a heading that ADD_HEADING has given one of their own; the line of headings of PHREEQC's file has gone
 * by. */
static sei_status name_columns(pq_output *out)
{
    sei_pq_table *t     = out->table;
    const size_t  first = t->n_columns - (out->n_punched - out->n_headings);

    for (; out->n_named < out->n_added && first + out->n_named < t->n_columns; out->n_named++) {
        if (has_column(t, out->added[out->n_named]))
            continue;
        const char *name = sei_arena_strdup(&t->arena, out->added[out->n_named]);
        if (!name)
            return SEI_E_NOMEM;
        t->columns[first + out->n_named].long_name = name;
    }
    return SEI_OK;
}

static sei_status run_program(pq_runner *r, pq_output *out)
{
    r->punching         = out;
    const sei_status st = sei_basic_run(out->vm, &r->host);
    r->punching         = NULL;
    return st;
}

/* Runs the program, if there is one, and makes room for what it punches. */
static sei_status prepare_row(pq_runner *r, pq_output *out, bool punches)
{
    sei_status st = punches ? run_program(r, out) : SEI_OK;

    if (st == SEI_OK && !out->table)
        st = open_table(r, out);
    const size_t items = punches ? sei_basic_n_items(out->vm) : 0;
    if (st == SEI_OK && items > out->n_punched) {
        st             = sei_pq_table_widen(out->table, items - out->n_punched,
                                            out->n_punched + 1 - out->n_headings);
        out->n_punched = items;
    }
    return st == SEI_OK && out->n_named < out->n_added ? name_columns(out) : st;
}

static sei_status add_row(pq_runner *r, pq_output *out, const pq_view *v)
{
    const sei_pq_selected *s       = out->selected;
    filler                 f       = {.r = r, .v = v};
    const bool             punches = out->vm && s->user_punch;
    sei_status             st      = prepare_row(r, out, punches);

    if (st == SEI_OK)
        st = sei_pq_table_add_row(out->table, &f.cell);
    if (st != SEI_OK)
        return st;
    const sei_pq_cell *end = f.cell + out->table->n_columns;
    put_place(&f, s);
    put_water(&f, s);
    put_lists(&f, s);
    st = put_programs(&f, &s->isotopes, pq_isotope_column);
    if (st == SEI_OK)
        st = put_programs(&f, &s->calculate_values, calculated);
    if (st == SEI_OK && punches)
        return put_punched(&f, out, end);
    for (; f.cell < end; f.cell++)
        *f.cell = (sei_pq_cell){.text = "", .is_left_out = true};
    return st;
}

static sei_status punch_rows(pq_runner *r, const pq_view *view)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < r->n_outputs && !r->punch_off && st == SEI_OK; i++)
        if (r->outputs[i].selected && r->outputs[i].selected->active)
            st = add_row(r, &r->outputs[i], view);
    return st == SEI_OK ? pq_plot(r, view) : st;
}

/* PHREEQC punches before it prints, but for exchangers, surfaces and gases as they are defined. */
sei_status pq_punch(pq_runner *r, const pq_view *view)
{
    const pq_view *before       = r->now;
    const bool     prints_first = view->state == PQ_INITIAL_EXCHANGE ||
                              view->state == PQ_INITIAL_SURFACE || view->state == PQ_INITIAL_GAS;

    r->now        = view;
    sei_status st = prints_first ? pq_print(r, view) : SEI_OK;
    if (st == SEI_OK)
        st = punch_rows(r, view);
    if (st == SEI_OK && !prints_first)
        st = pq_print(r, view);
    r->now = before;
    return st;
}
