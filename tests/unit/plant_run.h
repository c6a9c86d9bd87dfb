/* plant_run.h - a plant with its train and constant inflows, for tests of units that run */
#ifndef SEI_TESTS_PLANT_RUN_H
#define SEI_TESTS_PLANT_RUN_H

#include "chem/equil.h"
#include "plant_case.h"

enum { RUN_COMPONENTS = 32, RUN_SOLIDS = 32 };

typedef struct {
    plant_case *c;
    sei_train  *train;
    double      flow_kg_s[2], temp_k[2], air_k, ground_k;
    double      total[2 * RUN_COMPONENTS], suspended[2 * RUN_SOLIDS];
} plant_run;

static inline sei_status run_boundary(void *user, sei_ctx *ctx, double t_s, sei_boundary *b)
{
    plant_run *r = user;

    (void)ctx;
    (void)t_s;
    *b = (sei_boundary){.flow_kg_s       = r->flow_kg_s,
                        .temp_k          = r->temp_k,
                        .total_molal     = r->total,
                        .suspended_molal = r->suspended,
                        .air_k           = r->air_k,
                        .ground_k        = r->ground_k};
    return SEI_OK;
}

/* Builds the plant; water, air and ground at one temperature. */
static inline plant_run *run_open_at(plant_case *c, double temp_k)
{
    plant_run *r = calloc(1, sizeof *r);

    ck_assert_ptr_nonnull(r);
    ck_assert_uint_le(sei_model_n_components(c->model), RUN_COMPONENTS);
    ck_assert_uint_le(sei_model_n_solids(c->model), RUN_SOLIDS);
    r->c = c;
    T_OK(c->ctx, case_build(c));
    for (size_t b = 0; b < c->spec.n_inflows; b++) {
        r->flow_kg_s[b] = c->inflow_m3_s[b] * 1000.0;
        r->temp_k[b]    = temp_k;
    }
    r->air_k = r->ground_k = temp_k;
    T_OK(c->ctx, sei_train_create(c->ctx, sei_plant_train_spec(c->plant), &r->train));
    sei_plant_load(c->plant, r->train);
    return r;
}

static inline void run_close_all(plant_run *r)
{
    sei_train_free(r->train);
    case_close(r->c);
    free(r);
}

static inline size_t run_component(const plant_run *r, const char *name)
{
    const size_t i = sei_net_component(sei_model_net(r->c->model), name);

    ck_assert_msg(i != SIZE_MAX, "no component %s", name);
    return i;
}

static inline size_t run_solid(const plant_run *r, const char *name)
{
    const size_t i = sei_model_find_solid(r->c->model, name);

    ck_assert_msg(i < sei_model_n_solids(r->c->model), "no solid %s", name);
    return i;
}

/* Totals of inflow 0 are set but for H: that follows from the pH. balance: component that makes the
 * charge zero, NULL for none. */
static inline void run_set_ph(plant_run *r, double ph, const char *balance)
{
    plant_case  *c  = r->c;
    sei_equil   *eq = NULL;
    const size_t n  = sei_model_n_components(c->model);

    for (size_t j = 0; j + 1 < n; j++)
        r->total[j] = fmax(r->total[j], 1e-16);
    T_OK(c->ctx, sei_equil_create(c->ctx, sei_model_net(c->model), &eq));
    const sei_water water = {.temp_k        = r->temp_k[0],
                             .fix_ph        = true,
                             .ph            = ph,
                             .pe            = 4.0,
                             .total         = r->total,
                             .balance       = balance ? run_component(r, balance) : SIZE_MAX,
                             .alk_component = SIZE_MAX};
    T_OK(c->ctx, sei_equil_solve(c->ctx, eq, &water, NULL));
    for (size_t j = 0; j < n; j++)
        r->total[j] = eq->total[j];
    sei_equil_free(eq);
}

static inline double run_total(const plant_run *r, size_t cell, const char *component)
{
    return sei_train_total(r->train, cell)[run_component(r, component)];
}

static inline sei_cell_view run_view(const plant_run *r, size_t cell)
{
    sei_cell_view v = {0};

    T_OK(r->c->ctx, sei_train_view(r->c->ctx, r->train, cell, &v));
    return v;
}

static inline void run_fill(plant_run *r)
{
    T_OK(r->c->ctx, sei_train_fill(r->c->ctx, r->train, run_boundary, r));
}

static inline void run_steady(plant_run *r)
{
    T_OK(r->c->ctx, sei_train_steady(r->c->ctx, r->train, run_boundary, r, 0.0));
}

static inline void run_to(plant_run *r, const sei_step_control *control, double t_s)
{
    T_OK(r->c->ctx,
         sei_train_advance(r->c->ctx, r->train, control, run_boundary, r, t_s, NULL, NULL));
}

/* Every element's relative imbalance. */
static inline void run_check_books(const plant_run *r, double tolerance)
{
    static const char *const elements[] = {"Ca", "Mg", "Na", "C",  "S",  "Fe",
                                           "Al", "Zn", "Mn", "Cl", "Si", "Cu"};

    for (size_t i = 0; i < T_COUNT(elements); i++) {
        const double off = sei_train_imbalance(r->train, elements[i]);
        ck_assert_msg(off <= tolerance, "%s: %.3g", elements[i], off);
    }
}

#endif
