/* run_inverse.c - INVERSE_MODELING: waters, their uncertainties and slopes; the models */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_inverse.h"

enum { ANALYTES_MAX = 100 };

/* Uncertainties that PHREEQC takes where none is given: 5 % and 0.05 of pH. */
static const double limit_default = 0.05;

static double limit_at(const sei_pq_limits *limits, size_t w, double otherwise)
{
    if (limits->n == 0)
        return otherwise;
    return limits->values[w < limits->n ? w : limits->n - 1];
}

/* Of a valence by itself, else of its element, else of all. */
static double limit_of(const pq_inverse *v, size_t b, size_t w)
{
    const pq_inverse_row *row   = &v->rows[b];
    double                limit = limit_at(&v->def->limits, w, limit_default);

    for (int own = 0; own <= 1; own++)
        for (size_t i = 0; i < v->def->n_balances; i++) {
            const sei_pq_inverse_balance *x    = &v->def->balances[i];
            const char                   *name = own                        ? row->name
                                                 : row->element == SIZE_MAX ? ""
                                                                            : v->r->db->elements[row->element].name;
            if (strcmp(x->name, name) == 0)
                limit = limit_at(&x->limits, w, limit);
        }
    return limit;
}

/* ------------------------------------------------------------------ slopes of the alkalinity */

/* Everything dissolved in mol/kgw, each valence by itself: what stays when the pH is moved. */
static void describe(const pq_inverse *v, const pq_view *view, const pq_solution *water, double ph,
                     sei_pq_analyte analytes[], sei_pq_solution *ret)
{
    const sei_db *db = v->r->db;

    *ret = (sei_pq_solution){.temp_c       = water->temp_c,
                             .pressure_atm = water->pressure_atm,
                             .ph           = ph,
                             .pe           = pq_pe(view),
                             .water_kg     = 1.0,
                             .density_kg_l = 1.0,
                             .unit         = {1.0, SEI_PQ_MOL, SEI_PQ_PER_KGW},
                             .couple       = "pe",
                             .analytes     = analytes};
    for (size_t m = 0; m < db->n_masters && ret->n < ANALYTES_MAX; m++) {
        const sei_master *x       = &db->masters[m];
        const char       *element = db->elements[x->element].name;
        bool              redox   = false;
        for (size_t k = 0; k < db->n_masters; k++)
            redox = redox || (db->masters[k].element == x->element && db->masters[k].is_valence);
        if (strcmp(x->name, "Alkalinity") == 0 || strcmp(element, "E") == 0 ||
            strcmp(element, "H") == 0 || strcmp(element, "O") == 0 || redox != x->is_valence)
            continue;
        const double total = pq_total(v->r, view, x->name);
        if (total > 0.0)
            analytes[ret->n++] = (sei_pq_analyte){.where     = v->block->where,
                                                  .component = x->name,
                                                  .value     = total,
                                                  .unit      = ret->unit,
                                                  .couple    = "pe"};
    }
}

/* Alkalinity of the water with another pH and more carbon, mol/kgw. */
static sei_status alkalinity_at(const pq_inverse *v, const sei_pq_solution *s, double ph_more,
                                double carbon_more, double *ret_alk)
{
    sei_pq_analyte  changed[ANALYTES_MAX];
    sei_pq_solution other = *s;

    other.ph += ph_more;
    other.analytes = changed;
    for (size_t i = 0; i < s->n; i++) {
        changed[i] = s->analytes[i];
        if (strcmp(changed[i].component, "C(4)") == 0)
            changed[i].value += carbon_more;
    }
    return pq_alkalinity_of(v->r, v->block, &other, ret_alk);
}

/* Over the uncertainties to both sides, as in PHREEQC: the relation is not straight. */
static sei_status find_slopes(pq_inverse *v, const pq_view *view, const pq_solution *water,
                              size_t w)
{
    sei_inverse_water *x = &v->p->waters[w];
    sei_pq_analyte     analytes[ANALYTES_MAX];
    sei_pq_solution    s;
    double             up = 0.0, down = 0.0;
    sei_status         st = SEI_OK;

    if (v->p->carbon == SIZE_MAX)
        return SEI_OK;
    const double carbon = v->p->balances[v->p->carbon].limit[w] / view->water_kg;
    describe(v, view, water, x->ph, analytes, &s);
    if (x->ph_limit > 0.0) {
        st = alkalinity_at(v, &s, x->ph_limit, 0.0, &up);
        if (st == SEI_OK)
            st = alkalinity_at(v, &s, -x->ph_limit, 0.0, &down);
        x->dalk_dph = (up - down) / (2.0 * x->ph_limit) * view->water_kg;
    }
    if (st == SEI_OK && carbon > 0.0) {
        st = alkalinity_at(v, &s, 0.0, carbon, &up);
        if (st == SEI_OK)
            st = alkalinity_at(v, &s, 0.0, -carbon, &down);
        x->dalk_dc = (up - down) / (2.0 * carbon);
    }
    return st;
}

/* ------------------------------------------------------------------ waters */

static void take_totals(pq_inverse *v, const pq_view *view, size_t w)
{
    for (size_t b = 0; b < v->p->n_balances; b++) {
        const pq_inverse_row *row   = &v->rows[b];
        sei_inverse_balance  *to    = &v->p->balances[b];
        const double          limit = limit_of(v, b, w);

        if (b == v->p->alkalinity)
            to->total[w] = pq_alkalinity(view) * view->water_kg;
        else if (row->master != SIZE_MAX)
            to->total[w] = pq_total(v->r, view, row->name) * view->water_kg;
        if (row->master == SIZE_MAX && b != v->p->alkalinity)
            continue; /* electrons and sites are in no water */
        to->limit[w] = limit < 0.0 ? -limit : fabs(to->total[w]) * limit;
        if (to->limit[w] < v->def->tolerance)
            to->limit[w] = 0.0;
    }
}

/* As PHREEQC warns: what nothing balances may differ as it likes. */
static void tell_what_is_left_out(const pq_inverse *v, const pq_view *view, size_t w)
{
    const sei_db *db = v->r->db;

    for (size_t e = 0; e < db->n_elements; e++) {
        const size_t m     = db->elements[e].primary;
        bool         is_in = m == SIZE_MAX;
        for (size_t b = 0; b < v->p->n_balances; b++)
            is_in = is_in || v->rows[b].element == e;
        if (is_in || strcmp(db->masters[m].name, "Alkalinity") == 0 ||
            db->masters[m].species == db->e_minus || db->masters[m].species == db->h_plus ||
            db->masters[m].species == db->water)
            continue;
        if (pq_total(v->r, view, db->masters[m].name) > v->def->tolerance)
            sei_warn(v->r->ctx, &v->block->where,
                     "INVERSE_MODELING %d: %s of solution %d is in no phase and no balance",
                     v->block->first, db->masters[m].name, v->p->waters[w].number);
    }
}

static sei_status add_water(pq_inverse *v, const pq_solution *water, size_t w)
{
    sei_inverse_water *x = &v->p->waters[w];
    pq_view            view;
    const sei_status   st = pq_look_at_solution(v->r, water, &view);

    if (st != SEI_OK)
        return st;
    x->description = sei_arena_strdup(v->arena, water->description ? water->description : "");
    x->is_forced   = w < v->def->n_forced && v->def->forced[w];
    x->water_mol   = view.water_kg / SEI_WATER_KG_MOL;
    x->ph          = pq_ph(v->r, &view);
    x->ph_limit    = limit_at(&v->def->ph_limits, w, limit_default);
    if (x->ph_limit < 0.0)
        return sei_fail(v->r->ctx, SEI_E_RANGE, &v->block->where,
                        "INVERSE_MODELING: the uncertainty %g of pH is negative", x->ph_limit);
    take_totals(v, &view, w);
    tell_what_is_left_out(v, &view, w);
    for (size_t f = 0; f < v->p->n_phases; f++) {
        const double si = pq_saturation(v->r, &view, v->p->phases[f].name);
        if (si > PQ_MISSING)
            v->p->phases[f].si[w] = si;
    }
    return x->description ? find_slopes(v, &view, water, w) : SEI_E_NOMEM;
}

static sei_status add_waters(pq_inverse *v, const pq_solution *ret_waters[])
{
    sei_status st = SEI_OK;

    for (size_t w = 0; w < v->p->n_waters && st == SEI_OK; w++) {
        v->p->waters[w].number = v->def->solutions[w];
        ret_waters[w]          = pq_find(v->r, SEI_PQ_SOLUTION, v->def->solutions[w]);
        if (!ret_waters[w])
            return sei_fail(v->r->ctx, SEI_E_NOT_FOUND, &v->block->where,
                            "INVERSE_MODELING: solution %d is not defined", v->def->solutions[w]);
        st = add_water(v, ret_waters[w], w);
    }
    return st;
}

/* ------------------------------------------------------------------ the problem */

static sei_status allocate(pq_inverse *v)
{
    sei_inverse_problem *p = v->p;

    p->waters   = sei_arena_alloc(v->arena, p->n_waters, sizeof *p->waters);
    p->balances = sei_arena_alloc(v->arena, p->n_balances, sizeof *p->balances);
    p->isotopes = sei_arena_alloc(v->arena, v->def->n_isotopes + 1, sizeof *p->isotopes);
    if (!p->waters || !p->balances || !p->isotopes)
        return SEI_E_NOMEM;
    for (size_t b = 0; b < p->n_balances; b++) {
        sei_inverse_balance *x = &p->balances[b];
        x->name                = pq_inverse_name(v, v->rows[b].name);
        x->total               = sei_arena_alloc(v->arena, p->n_waters, sizeof *x->total);
        x->limit               = sei_arena_alloc(v->arena, p->n_waters, sizeof *x->limit);
        if (!x->name || !x->total || !x->limit)
            return SEI_E_NOMEM;
    }
    p->alkalinity = pq_inverse_row_of(v, "Alkalinity");
    p->carbon     = pq_inverse_row_of(v, "C(4)");
    return SEI_OK;
}

/* A mole moves the charge of its water by that of its master species and by what the alkalinity, counted for itself, has
 * of it. */
static void set_charges(pq_inverse *v)
{
    const sei_db *db = v->r->db;

    for (size_t b = 0; b < v->p->n_balances; b++) {
        const pq_inverse_row *row = &v->rows[b];
        if (row->master != SIZE_MAX)
            v->p->balances[b].charge =
                db->species[row->species].composition.charge + db->masters[row->master].alk;
    }
    v->p->balances[v->p->alkalinity].charge        = -1.0;
    v->p->balances[v->p->alkalinity].is_alkalinity = true;
}

static sei_status gather(pq_inverse *v)
{
    const sei_pq_inverse *def = v->def;
    const pq_solution    *waters[SEI_INVERSE_PARTS_MAX];
    sei_status            st = pq_inverse_find_balances(v);

    if (st == SEI_OK)
        st = allocate(v);
    if (st != SEI_OK)
        return st;
    set_charges(v);
    v->p->n_isotopes = def->n_isotopes; /* room for their numbers in the phases */
    st               = pq_inverse_add_phases(v);
    v->p->n_isotopes = 0;
    if (st == SEI_OK)
        st = pq_inverse_add_redox(v);
    if (st == SEI_OK)
        st = add_waters(v, waters);
    return st == SEI_OK ? pq_inverse_add_isotopes(v, waters) : st;
}

static sei_status keep(pq_runner *r, sei_inverse_result *result)
{
    void *grown =
        sei_resize(r->ctx, r->result->inverses, r->result->n_inverses + 1, sizeof(result));

    if (!grown)
        return SEI_E_NOMEM;
    r->result->inverses                          = grown;
    r->result->inverses[r->result->n_inverses++] = result;
    return SEI_OK;
}

static sei_status place_error(const pq_inverse *v, sei_status st)
{
    char text[500];

    if (st == SEI_OK || st == SEI_E_NOMEM || sei_ctx_error_where(v->r->ctx).file)
        return st;
    snprintf(text, sizeof text, "%s", sei_ctx_error(v->r->ctx));
    return sei_fail(v->r->ctx, st, &v->block->where, "INVERSE_MODELING %d: %s", v->block->first,
                    text);
}

sei_status pq_run_inverse(pq_runner *r, const sei_pq_block *block)
{
    pq_inverse v  = {.r = r, .block = block, .def = block->as.inverse};
    sei_status st = SEI_OK;

    v.result = sei_alloc(r->ctx, 1, sizeof *v.result);
    if (!v.result)
        return SEI_E_NOMEM;
    v.arena = &v.result->arena;
    sei_arena_init(v.arena, r->ctx);
    st = keep(r, v.result);
    if (st != SEI_OK) {
        sei_inverse_result_free(r->ctx, v.result);
        return st;
    }
    v.p              = &v.result->problem;
    *v.p             = (sei_inverse_problem){.number          = block->first,
                                             .n_waters        = v.def->n_solutions,
                                             .tolerance_mol   = v.def->tolerance,
                                             .water_limit_mol = v.def->water_limit_mol,
                                             .range_most      = v.def->range_most,
                                             .with_ranges     = v.def->with_ranges,
                                             .minimal_only    = v.def->minimal_only};
    v.p->description = sei_arena_strdup(v.arena, block->description);
    st               = v.p->description ? gather(&v) : SEI_E_NOMEM;
    sei_release(r->ctx, v.rows);
    if (st == SEI_OK)
        st = sei_inverse_solve(r->ctx, v.result);
    if (st != SEI_OK)
        return place_error(&v, st);
    if (v.result->n_models == 0)
        sei_warn(r->ctx, &block->where, "INVERSE_MODELING %d: no model is possible: %s",
                 block->first, v.result->obstacle ? v.result->obstacle : "");
    return pq_punch_inverse(r, v.result);
}
