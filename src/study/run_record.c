/* run_record.c - what a run keeps: water at the watched points, profiles, solids, books */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chem/net.h"
#include "study/run.h"

/* Oxygen that a mole of dissolved organic substrate takes to CO2: acetate two, ethanol three of O2. */
static const double acetate_o2_kg_mol = 2.0 * 0.031998, ethanol_o2_kg_mol = 3.0 * 0.031998;

/* The effluent standard counts two fifths of the ammonium beside nitrite and nitrate (env_haisui). */
static const double ammonium_share = 0.4;

typedef enum {
    WATER_FLOW,
    WATER_TEMP,
    WATER_PH,
    WATER_ALKALINITY,
    WATER_ELEMENT,
    WATER_COMPONENT,
    WATER_SS,
    WATER_BOD,
    WATER_N_INORGANIC
} water_kind;

/* A column and how it is computed. name: component, or element counted in components and solids. */
typedef struct {
    const char  *quantity;
    sei_fraction fraction;
    water_kind   kind;
    const char  *name;
} water_column;

static const water_column table[] = {
    {"flow", SEI_FRACTION_TOTAL, WATER_FLOW, ""},
    {"temp", SEI_FRACTION_TOTAL, WATER_TEMP, ""},
    {"ph", SEI_FRACTION_TOTAL, WATER_PH, ""},
    {"do", SEI_FRACTION_TOTAL, WATER_COMPONENT, "O(0)"},
    {"alkalinity", SEI_FRACTION_TOTAL, WATER_ALKALINITY, ""},
    {"fe", SEI_FRACTION_TOTAL, WATER_ELEMENT, "Fe"},
    {"fe", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "Fe"},
    {"fe2", SEI_FRACTION_DISSOLVED, WATER_COMPONENT, "Fe(2)"},
    {"zn", SEI_FRACTION_TOTAL, WATER_ELEMENT, "Zn"},
    {"zn", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "Zn"},
    {"cu", SEI_FRACTION_TOTAL, WATER_ELEMENT, "Cu"},
    {"cu", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "Cu"},
    {"cd", SEI_FRACTION_TOTAL, WATER_ELEMENT, "Cd"},
    {"cd", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "Cd"},
    {"pb", SEI_FRACTION_TOTAL, WATER_ELEMENT, "Pb"},
    {"pb", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "Pb"},
    {"as", SEI_FRACTION_TOTAL, WATER_ELEMENT, "As"},
    {"as", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "As"},
    {"mn", SEI_FRACTION_TOTAL, WATER_ELEMENT, "Mn"},
    {"mn", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "Mn"},
    {"al", SEI_FRACTION_TOTAL, WATER_ELEMENT, "Al"},
    {"al", SEI_FRACTION_DISSOLVED, WATER_ELEMENT, "Al"},
    {"ca", SEI_FRACTION_TOTAL, WATER_COMPONENT, "Ca"},
    {"mg", SEI_FRACTION_TOTAL, WATER_COMPONENT, "Mg"},
    {"f", SEI_FRACTION_TOTAL, WATER_COMPONENT, "F"},
    {"so4", SEI_FRACTION_TOTAL, WATER_COMPONENT, "S(6)"},
    {"s2", SEI_FRACTION_DISSOLVED, WATER_COMPONENT, "S(-2)"},
    {"bod", SEI_FRACTION_TOTAL, WATER_BOD, "Acetate"},
    {"nh4_n", SEI_FRACTION_TOTAL, WATER_COMPONENT, "N(-3)"},
    {"no3_n", SEI_FRACTION_TOTAL, WATER_COMPONENT, "N(5)"},
    {"n_inorganic", SEI_FRACTION_TOTAL, WATER_N_INORGANIC, "N(-3)"},
    {"tn", SEI_FRACTION_TOTAL, WATER_ELEMENT, "N"},
    {"tp", SEI_FRACTION_TOTAL, WATER_ELEMENT, "P"},
    {"ss", SEI_FRACTION_TOTAL, WATER_SS, ""},
};

enum { TABLE_N = sizeof table / sizeof table[0] };

sei_status sei_recorder_create(sei_ctx *ctx, const sei_site *site, sei_recorder **ret)
{
    sei_recorder *r = sei_alloc(ctx, 1, sizeof *r);

    if (!r)
        return SEI_E_NOMEM;
    r->ctx           = ctx;
    r->result.site   = site;
    r->result.memory = r;
    sei_arena_init(&r->arena, ctx);
    *ret = r;
    return SEI_OK;
}

void sei_result_free(sei_result *result)
{
    if (!result)
        return;
    sei_recorder *r   = result->memory;
    sei_ctx      *ctx = r->ctx;

    sei_run_hydraulics_free(r->hydraulics);
    sei_train_free(r->rest);
    sei_plant_free(r->plant);
    sei_run_model_done(ctx, &r->model);
    sei_arena_done(&r->arena);
    sei_release(ctx, r);
}

/* ---- tables ---- */

static void *take(sei_recorder *r, size_t n, size_t size, sei_status *st)
{
    void *p = sei_arena_alloc(&r->arena, n, size);

    if (!p)
        *st = SEI_E_NOMEM;
    return p;
}

static bool has_element(const sei_recorder *r, const char *element)
{
    for (size_t j = 0; j + 1 < sei_model_n_components(r->model.model); j++)
        if (sei_model_component_element(r->model.model, j, element) > 0.0)
            return true;
    return false;
}

static bool is_in_model(const sei_recorder *r, const water_column *c)
{
    switch (c->kind) {
    case WATER_ELEMENT: return has_element(r, c->name);
    case WATER_COMPONENT:
    case WATER_N_INORGANIC:
    case WATER_BOD: return sei_net_component(sei_model_net(r->model.model), c->name) != SIZE_MAX;
    default: return true;
    }
}

static void make_columns(sei_recorder *r, sei_status *st)
{
    size_t n = 0;

    r->columns    = take(r, TABLE_N, sizeof *r->columns, st);
    r->column_row = take(r, TABLE_N, sizeof *r->column_row, st);
    for (size_t i = 0; i < TABLE_N && *st == SEI_OK; i++) {
        const sei_quantity *q = sei_quantity_find(table[i].quantity);
        if (!q || !is_in_model(r, &table[i]))
            continue;
        r->column_row[n] = i;
        r->columns[n++]  = (sei_quantity_column){q, table[i].fraction, sei_quantity_unit(q)};
    }
    r->result.n_columns = n;
    r->result.columns   = r->columns;
}

static void make_watches(sei_recorder *r, sei_status *st)
{
    const sei_site *site = r->result.site;
    const size_t    n    = site->n_units + 2;

    r->watches = take(r, n, sizeof *r->watches, st);
    if (*st != SEI_OK)
        return;
    r->watches[0] = (sei_watch){SEI_WATCH_RAW, SEI_PLANT_RAW, "raw water", "原水", SIZE_MAX};
    for (size_t u = 0; u < site->n_units; u++) {
        const sei_unit_spec *spec = &site->units[u];
        const bool           ja   = spec->name_ja && spec->name_ja[0];
        r->watches[u + 1] =
            (sei_watch){SEI_WATCH_UNIT, spec->name, spec->name, ja ? spec->name_ja : spec->name, u};
    }
    r->watches[n - 1] =
        (sei_watch){SEI_WATCH_DISCHARGE, "discharge", "discharge", "放流水", SIZE_MAX};
    r->result.n_watches = n;
    r->result.watches   = r->watches;
}

static void make_names(sei_recorder *r, sei_status *st)
{
    const sei_model *m      = r->model.model;
    const size_t     solids = sei_model_n_solids(m), comps = sei_model_n_components(m),
                 laws          = sei_model_n_laws(m);
    const char         **names = take(r, solids, sizeof *names, st);
    double              *mass  = take(r, solids, sizeof *mass, st);
    const char         **comp  = take(r, comps, sizeof *comp, st);
    const sei_rate_law **law   = take(r, laws, sizeof *law, st);

    if (*st != SEI_OK)
        return;
    for (size_t s = 0; s < solids; s++) {
        names[s] = sei_model_solid_name(m, s);
        mass[s]  = sei_model_solid_kg_mol(m, s);
    }
    for (size_t j = 0; j < comps; j++)
        comp[j] = sei_model_net(m)->comp_name[j];
    for (size_t l = 0; l < laws; l++)
        law[l] = sei_model_law(m, l);
    r->result.n_solids        = solids;
    r->result.solid_name      = names;
    r->result.solid_kg_mol    = mass;
    r->result.n_components    = comps;
    r->result.components      = comp;
    r->result.n_laws          = laws;
    r->result.laws            = law;
    r->result.database_path   = r->result.site->model.database;
    r->result.database_sha256 = sei_db_sha256(r->model.db);
}

static void make_cells(sei_recorder *r, sei_status *st)
{
    const size_t n = sei_plant_n_cells(r->plant);

    r->cells        = take(r, n, sizeof *r->cells, st);
    r->solid_bed_m3 = take(r, n, sizeof *r->solid_bed_m3, st);
    r->work_m3      = take(r, n, sizeof *r->work_m3, st);
    r->brought_kg   = take(r, r->result.site->n_units, sizeof *r->brought_kg, st);
    r->overflow_kg  = take(r, r->result.site->n_units, sizeof *r->overflow_kg, st);
    if (*st != SEI_OK)
        return;
    for (size_t c = 0; c < n; c++) {
        const sei_plant_cell *p = sei_plant_cell_at(r->plant, c);
        r->cells[c] =
            (sei_result_cell){.unit = p->unit, .layer = p->layer, .distance_m = p->distance_m};
        r->solid_bed_m3[c] = p->bed_m3;
    }
    r->result.n_cells = n;
    r->result.cells   = r->cells;
    r->units          = take(r, r->result.site->n_units, sizeof *r->units, st);
    r->result.n_units = r->result.site->n_units;
    r->result.units   = r->units;
}

static void weigh_component(const sei_recorder *r, const char *name, double weight, double out[])
{
    const size_t j = sei_net_component(sei_model_net(r->model.model), name);

    if (j != SIZE_MAX)
        out[j] = weight;
}

static void weigh_element(const sei_recorder *r, const water_column *c, double out[])
{
    const sei_model *m = r->model.model;
    const size_t     n = r->result.n_components;

    for (size_t j = 0; j + 1 < n; j++)
        out[j] = sei_model_component_element(m, j, c->name);
    for (size_t s = 0; s < r->result.n_solids && c->fraction == SEI_FRACTION_TOTAL; s++)
        out[n + s] = sei_model_solid_element(m, s, c->name);
}

/* What each column counts of components and solids: found once, for names are slow. */
static void make_weights(sei_recorder *r, sei_status *st)
{
    const size_t n = r->result.n_components, k = r->result.n_solids;

    r->weight = take(r, r->result.n_columns * (n + k), sizeof *r->weight, st);
    for (size_t i = 0; i < r->result.n_columns && *st == SEI_OK; i++) {
        const water_column *c = &table[r->column_row[i]];
        double             *w = r->weight + i * (n + k);
        if (c->kind == WATER_COMPONENT)
            weigh_component(r, c->name, 1.0, w);
        if (c->kind == WATER_ELEMENT)
            weigh_element(r, c, w);
        if (c->kind == WATER_N_INORGANIC) {
            weigh_component(r, "N(-3)", ammonium_share, w);
            weigh_component(r, "N(5)", 1.0, w);
        }
        if (c->kind == WATER_BOD) {
            weigh_component(r, c->name, acetate_o2_kg_mol, w);
            weigh_component(r, "Ethanol", ethanol_o2_kg_mol, w);
        }
        for (size_t s = 0; s < k && c->kind == WATER_SS; s++)
            w[n + s] = r->result.solid_kg_mol[s];
    }
}

sei_status sei_recorder_prepare(sei_recorder *r, size_t times_max, size_t profiles_max)
{
    sei_status   st     = SEI_OK;
    const size_t comps  = sei_model_n_components(r->model.model),
                 solids = sei_model_n_solids(r->model.model);

    make_columns(r, &st);
    make_watches(r, &st);
    make_names(r, &st);
    make_weights(r, &st);
    make_cells(r, &st);
    if (st != SEI_OK)
        return st;
    const sei_result *o = &r->result;
    r->times_max        = times_max;
    r->profiles_max     = profiles_max;
    r->time_us          = take(r, times_max, sizeof *r->time_us, &st);
    r->value            = take(r, times_max * o->n_watches * o->n_columns, sizeof *r->value, &st);
    r->solid_mol        = take(r, times_max * o->n_units * solids, sizeof *r->solid_mol, &st);
    r->profile_time_us  = take(r, profiles_max, sizeof *r->profile_time_us, &st);
    r->profile_value =
        take(r, profiles_max * o->n_cells * o->n_columns, sizeof *r->profile_value, &st);
    r->profile_solid  = take(r, profiles_max * o->n_cells * solids, sizeof *r->profile_solid, &st);
    r->mix_total      = take(r, comps, sizeof *r->mix_total, &st);
    r->mix_susp       = take(r, solids, sizeof *r->mix_susp, &st);
    r->dose_kg_s      = take(r, times_max * sei_plant_n_doses(r->plant), sizeof *r->dose_kg_s, &st);
    r->result.time_us = r->time_us;
    r->result.value   = r->value;
    r->result.solid_mol            = r->solid_mol;
    r->result.profile_time_us      = r->profile_time_us;
    r->result.profile_value        = r->profile_value;
    r->result.profile_solid_mol_m3 = r->profile_solid;
    return st == SEI_OK ? sei_recorder_prepare_tanks(r, times_max) : st;
}

/* ---- one water ---- */

/* mol/kgw (equivalents for alkalinity) to the SI mass concentration of the quantity. */
static double to_mass(const sei_quantity *q, double molal)
{
    double kg_m3 = 0.0;

    return sei_quantity_from_molar(q, molal * SEI_WATER_KG_M3, &kg_m3) ? kg_m3 : 0.0;
}

/* What the water carries of the things that a column counts, mol or kg/kgw. */
static double weighted(const sei_recorder *r, size_t column, const sei_cell_view *v)
{
    const size_t  n = r->result.n_components, k = r->result.n_solids;
    const double *w         = r->weight + column * (n + k);
    double        dissolved = 0.0, suspended = 0.0;

    for (size_t j = 0; j < n; j++)
        dissolved += fmax(0.0, v->total_molal[j]) * w[j]; /* a step may overshoot */
    for (size_t s = 0; s < k; s++)
        suspended += fmax(0.0, v->suspended_molal[s]) * w[n + s];
    return dissolved + suspended;
}

static double evaluate(const sei_recorder *r, size_t column, const sei_cell_view *v)
{
    const water_column *c = &table[r->column_row[column]];
    const sei_quantity *q = r->columns[column].quantity;

    switch (c->kind) {
    case WATER_FLOW: return v->flow_kg_s / SEI_WATER_KG_M3;
    case WATER_TEMP: return v->temp_k;
    case WATER_PH: return v->ph;
    case WATER_ALKALINITY: return to_mass(q, v->alkalinity_eq_kgw);
    case WATER_COMPONENT:
    case WATER_N_INORGANIC:
    case WATER_ELEMENT: return to_mass(q, weighted(r, column, v));
    case WATER_SS:
    case WATER_BOD: return weighted(r, column, v) * SEI_WATER_KG_M3;
    }
    return 0.0;
}

static void put_water(sei_recorder *r, const sei_cell_view *v, double out[])
{
    for (size_t c = 0; c < r->result.n_columns; c++)
        out[c] = evaluate(r, c, v);
}

/* ---- the points ---- */

static double *value_slot(sei_recorder *r, size_t watch)
{
    return r->value + (r->result.n_times * r->result.n_watches + watch) * r->result.n_columns;
}

static void add_share(sei_recorder *r, const sei_cell_view *v, double flow, double *sum_flow,
                      double *sum_temp)
{
    for (size_t j = 0; j < r->result.n_components; j++)
        r->mix_total[j] += flow * v->total_molal[j];
    for (size_t s = 0; s < r->result.n_solids; s++)
        r->mix_susp[s] += flow * v->suspended_molal[s];
    *sum_flow += flow;
    *sum_temp += flow * v->temp_k;
}

/* All outlets of the plant mixed by flow. */
static sei_status put_discharge(sei_recorder *r, sei_train *train, sei_run_inflow *inflow,
                                double t_s, double out[])
{
    double        flow = 0.0, temp = 0.0;
    sei_cell_view v  = {0};
    sei_status    st = SEI_OK;

    memset(r->mix_total, 0, r->result.n_components * sizeof *r->mix_total);
    memset(r->mix_susp, 0, r->result.n_solids * sizeof *r->mix_susp);
    for (size_t i = 0; i < sei_plant_n_outlets(r->plant) && st == SEI_OK; i++) {
        const sei_plant_outlet *o = sei_plant_outlet_at(r->plant, i);
        if (o->from >= 0)
            st = sei_train_view(r->ctx, train, (size_t)o->from, &v);
        else
            st = sei_train_view_inflow(r->ctx, train, (size_t)(SEI_FROM_INFLOW - o->from),
                                       sei_run_boundary, inflow, t_s, &v);
        if (st == SEI_OK)
            add_share(r, &v, o->fraction * v.flow_kg_s, &flow, &temp);
    }
    if (st != SEI_OK)
        return st;
    if (!(flow > 0.0)) { /* nothing leaves: the last water seen stands for it */
        put_water(r, &v, out);
        out[sei_result_column(&r->result, "flow", SEI_FRACTION_TOTAL)] = 0.0;
        return SEI_OK;
    }
    for (size_t j = 0; j < r->result.n_components; j++)
        r->mix_total[j] /= flow;
    for (size_t s = 0; s < r->result.n_solids; s++)
        r->mix_susp[s] /= flow;
    st = sei_train_view_water(r->ctx, train, r->mix_total, r->mix_susp, temp / flow, flow, &v);
    if (st == SEI_OK)
        put_water(r, &v, out);
    return st;
}

static void put_solids(sei_recorder *r, sei_train *train)
{
    const size_t n   = r->result.n_solids;
    double      *out = r->solid_mol + r->result.n_times * r->result.n_units * n;

    for (size_t c = 0; c < r->result.n_cells; c++) {
        const double *solid = sei_train_solid(train, c);
        for (size_t s = 0; s < n; s++)
            out[r->cells[c].unit * n + s] += solid[s];
    }
}

static int64_t time_of(const sei_recorder *r, double t_s)
{
    return r->result.site->run.start_us + (int64_t)llround(t_s * 1e6);
}

sei_status sei_recorder_take(sei_recorder *r, sei_train *train, sei_run_inflow *inflow, double t_s)
{
    sei_cell_view v;

    if (r->result.n_times >= r->times_max)
        return sei_fail(r->ctx, SEI_E_INTERNAL, NULL, "more output times than expected");
    sei_status st = sei_train_view_inflow(r->ctx, train, 0, sei_run_boundary, inflow, t_s, &v);
    if (st == SEI_OK)
        put_water(r, &v, value_slot(r, 0));
    for (size_t u = 0; u < r->result.n_units && st == SEI_OK; u++) {
        st = sei_train_view(r->ctx, train, sei_plant_unit_at(r->plant, u)->outlet_cell, &v);
        if (st == SEI_OK)
            put_water(r, &v, value_slot(r, u + 1));
    }
    if (st == SEI_OK)
        st = put_discharge(r, train, inflow, t_s, value_slot(r, r->result.n_watches - 1));
    if (st != SEI_OK)
        return st;
    put_solids(r, train);
    sei_recorder_put_doses(r, train);
    sei_recorder_put_tanks(r, train);
    r->time_us[r->result.n_times++] = time_of(r, t_s);
    return SEI_OK;
}

sei_status sei_recorder_profile(sei_recorder *r, sei_train *train, double t_s)
{
    const size_t n = r->result.n_solids, at = r->result.n_profiles;
    sei_status   st = SEI_OK;

    if (at >= r->profiles_max)
        return SEI_OK;
    for (size_t c = 0; c < r->result.n_cells && st == SEI_OK; c++) {
        sei_cell_view v;
        st = sei_train_view(r->ctx, train, c, &v);
        if (st != SEI_OK)
            return st;
        put_water(r, &v, r->profile_value + (at * r->result.n_cells + c) * r->result.n_columns);
        double *out = r->profile_solid + (at * r->result.n_cells + c) * n;
        for (size_t s = 0; s < n && r->solid_bed_m3[c] > 0.0; s++)
            out[s] = v.solid_mol[s] / r->solid_bed_m3[c];
    }
    r->profile_time_us[r->result.n_profiles++] = time_of(r, t_s);
    return SEI_OK;
}

/* ---- at the end ---- */

static double mean_flow(const sei_recorder *r, size_t watch)
{
    const size_t column = sei_result_column(&r->result, "flow", SEI_FRACTION_TOTAL);
    double       sum    = 0.0;

    for (size_t t = 0; t < r->result.n_times; t++)
        sum += sei_result_value(&r->result, t, watch, column);
    return r->result.n_times ? sum / (double)r->result.n_times : 0.0;
}

/* Nominal retention time from the raw water to where a unit's water comes from; with several feeds the
 * longest way. */
static double feed_head(const sei_recorder *r, size_t u, const double head[])
{
    const sei_unit_spec *spec    = &r->result.site->units[u];
    double               longest = 0.0;

    if (spec->n_feeds == 0)
        return u == 0 ? 0.0 : head[u - 1] + r->units[u - 1].hrt_nominal_s;
    for (size_t f = 0; f < spec->n_feeds; f++) {
        const size_t from = sei_site_find_unit(r->result.site, spec->feeds[f].from);
        if (from < r->result.n_units)
            longest = fmax(longest, head[from] + r->units[from].hrt_nominal_s);
    }
    return longest;
}

/* Units may stand in any order in the file: heads are handed on until none changes. */
static void add_heads(sei_recorder *r)
{
    double head[SEI_PLANT_UNITS_MAX] = {0};

    for (size_t round = 0; round < r->result.n_units; round++)
        for (size_t u = 0; u < r->result.n_units; u++)
            head[u] = feed_head(r, u, head);
    for (size_t c = 0; c < r->result.n_cells; c++)
        r->cells[c].hrt_nominal_s += head[r->cells[c].unit];
}

void sei_recorder_count(sei_recorder *r, const sei_train *train, double dt_s)
{
    for (size_t u = 0; u < r->result.n_units; u++) {
        const size_t first   = sei_plant_unit_at(r->plant, u)->first_cell;
        const double brought = sei_train_brought_kg_s(train, first) * dt_s;
        r->brought_kg[u] += brought;
        r->overflow_kg[u] += brought * sei_train_overflow_share(train, first);
    }
}

size_t sei_recorder_n_counts(const sei_recorder *r)
{
    return 3 * r->result.n_units + 3 * r->result.n_cells;
}

void sei_recorder_get_counts(const sei_recorder *r, double ret_counts[])
{
    const size_t units = r->result.n_units;

    for (size_t u = 0; u < units; u++) {
        ret_counts[u]         = r->brought_kg[u];
        ret_counts[units + u] = r->overflow_kg[u];
    }
    sei_run_hydraulics_get(r->hydraulics, ret_counts + 2 * units);
}

void sei_recorder_set_counts(sei_recorder *r, const double counts[])
{
    const size_t units = r->result.n_units;

    for (size_t u = 0; u < units; u++) {
        r->brought_kg[u]  = counts[u];
        r->overflow_kg[u] = counts[units + u];
    }
    sei_run_hydraulics_set(r->hydraulics, counts + 2 * units);
}

static void finish_units(sei_recorder *r)
{
    for (size_t u = 0; u < r->result.n_units; u++) {
        const sei_plant_unit *p = sei_plant_unit_at(r->plant, u);
        const double          q = mean_flow(r, u + 1);
        r->units[u]             = (sei_result_unit){p->size.bed_m3,
                                                    p->size.pore_m3,
                                                    p->size.area_m2,
                                                    q,
                                                    sei_unit_hrt_nominal_s(&p->size, q),
                                                    sei_unit_hrt_pore_s(&p->size, q),
                                                    r->units[u].hydraulics};
        sei_run_hydraulics_unit(r->hydraulics, u, q, r->work_m3, &r->units[u].hydraulics);
        if (r->brought_kg[u] > 0.0)
            r->units[u].hydraulics.overflow_share = r->overflow_kg[u] / r->brought_kg[u];
    }
    for (size_t c = 0; c < r->result.n_cells; c++) {
        const sei_plant_cell *p   = sei_plant_cell_at(r->plant, c);
        const double          q   = r->units[p->unit].mean_flow_m3_s;
        r->cells[c].hrt_nominal_s = q > 0.0 ? p->bed_to_m3 / q : 0.0;
    }
    add_heads(r);
}

static sei_status finish_books(sei_recorder *r, const sei_train *train)
{
    const sei_db *db    = r->model.db;
    sei_book     *books = sei_arena_alloc(&r->arena, db->n_elements, sizeof *books);

    if (!books)
        return SEI_E_NOMEM;
    for (size_t e = 0; e < db->n_elements; e++) {
        const char      *element = db->elements[e].name;
        sei_element_book book;
        if (strcmp(element, "H") == 0 || strcmp(element, "O") == 0 || !has_element(r, element))
            continue; /* H and O are exchanged with the water itself */
        const sei_status st = sei_train_book(r->ctx, train, element, &book);
        if (st != SEI_OK)
            return st;
        books[r->result.n_books++] = (sei_book){.element    = element,
                                                .in_mol     = book.in_mol,
                                                .out_mol    = book.out_mol,
                                                .air_mol    = book.air_mol,
                                                .change_mol = book.change_mol,
                                                .imbalance  = book.imbalance,
                                                .added_mol  = book.added_mol};
    }
    r->result.books = books;
    return SEI_OK;
}

static sei_status finish_unit_books(sei_recorder *r, const sei_train *train)
{
    sei_unit_book *books =
        sei_arena_alloc(&r->arena, r->result.n_units * r->result.n_books + 1, sizeof *books);

    if (!books)
        return SEI_E_NOMEM;
    for (size_t u = 0; u < r->result.n_units; u++)
        for (size_t e = 0; e < r->result.n_books; e++) {
            const char      *element = r->result.books[e].element;
            sei_group_book   b;
            const sei_status st = sei_train_group_book(r->ctx, train, u, element, &b);
            if (st != SEI_OK)
                return st;
            books[r->result.n_unit_books++] = (sei_unit_book){.element     = element,
                                                              .unit        = u,
                                                              .in_mol      = b.in_mol,
                                                              .out_mol     = b.out_mol,
                                                              .air_mol     = b.air_mol,
                                                              .added_mol   = b.added_mol,
                                                              .removed_mol = b.removed_mol,
                                                              .sludge_mol  = b.sludge_mol,
                                                              .water_mol   = b.water_mol,
                                                              .bed_mol     = b.bed_mol,
                                                              .imbalance   = b.imbalance};
        }
    r->result.unit_books = books;
    return SEI_OK;
}

static sei_status finish_warnings(sei_recorder *r)
{
    const size_t n     = sei_ctx_n_warnings(r->ctx);
    const char **texts = sei_arena_alloc(&r->arena, n, sizeof *texts);

    if (!texts)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        texts[i] = sei_arena_strdup(&r->arena, sei_ctx_warning(r->ctx, i));
        if (!texts[i])
            return SEI_E_NOMEM;
    }
    r->result.n_warnings = n;
    r->result.warnings   = texts;
    return SEI_OK;
}

sei_status sei_recorder_finish(sei_recorder *r, const sei_train *train)
{
    const sei_train_stats s = sei_train_get_stats(train);

    finish_units(r);
    r->result.stats.steps             = s.steps;
    r->result.stats.rejected_steps    = s.rejected;
    r->result.stats.cell_solves       = s.cell_solves;
    r->result.stats.newton_iterations = s.newton_iterations;
    sei_status st                     = finish_books(r, train);
    if (st == SEI_OK)
        st = finish_unit_books(r, train);
    if (st == SEI_OK)
        st = sei_recorder_finish_supply(r, train);
    sei_recorder_screen(r);
    return st == SEI_OK ? finish_warnings(r) : st;
}

/* ---- reading a result ---- */

size_t sei_result_column(const sei_result *result, const char *quantity_key, sei_fraction fraction)
{
    for (size_t c = 0; c < result->n_columns; c++)
        if (strcmp(result->columns[c].quantity->key, quantity_key) == 0 &&
            result->columns[c].fraction == fraction)
            return c;
    return SIZE_MAX;
}

size_t sei_result_watch(const sei_result *result, const char *key)
{
    for (size_t w = 0; w < result->n_watches; w++)
        if (strcmp(result->watches[w].key, key) == 0)
            return w;
    return SIZE_MAX;
}

double sei_result_value(const sei_result *result, size_t time, size_t watch, size_t column)
{
    return result->value[(time * result->n_watches + watch) * result->n_columns + column];
}
