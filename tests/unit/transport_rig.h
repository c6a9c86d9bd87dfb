/* transport_rig.h - a train of equal tanks fed with one water, shared by the tests of transport */
#ifndef SEI_TESTS_TRANSPORT_RIG_H
#define SEI_TESTS_TRANSPORT_RIG_H

#include "base/file.h"
#include "t.h"
#include "transport/train.h"

typedef struct {
    sei_ctx   *ctx;
    sei_db    *db;
    sei_model *model;
    sei_train *train;
    double    *zone_params;
    double     flow, temp, total[8], susp[8];
    double     before[8]; /* totals that fill the train */
    bool       pulse;     /* false while the train is filled */
} rig;

static inline sei_status boundary(void *user, sei_ctx *ctx, double t_s, sei_boundary *b)
{
    rig *r = user;

    (void)ctx;
    (void)t_s;
    *b = (sei_boundary){.flow_kg_s       = &r->flow,
                        .temp_k          = &r->temp,
                        .total_molal     = r->pulse ? r->total : r->before,
                        .suspended_molal = r->susp,
                        .air_k           = 283.15,
                        .ground_k        = 283.15};
    return SEI_OK;
}

/* First-order loss of dissolved silica to amorphous silica, k = p[0]. */
static inline void decay_eval(const sei_rate_env *env, const double p[], const double in[],
                              double *ret_rate, double ret_slope[])
{
    (void)env;
    *ret_rate    = p[0] * in[0];
    ret_slope[0] = p[0];
}

static const sei_param decay_params[] = {
    {"k_1_s", "1/s", 1e-4, 0, 1, SEI_LOG, SEI_ASSUMED, "", "", ""},
    {"suspended_fraction", "", 0.25, 0, 1, SEI_LINEAR, SEI_ASSUMED, "", "", ""}};
static const sei_rate_input decay_inputs[] = {{SEI_IN_TOTAL, "Si"}};
static const sei_rate_law   decay          = {.key             = "decay",
                                              .title           = "",
                                              .title_ja        = "",
                                              .source          = "",
                                              .reaction        = "H4SiO4 = SiO2(a) + 2 H2O",
                                              .params          = decay_params,
                                              .n_params        = 2,
                                              .inputs          = decay_inputs,
                                              .n_inputs        = 1,
                                              .suspended_param = "suspended_fraction",
                                              .eval            = decay_eval};

/* 1 m3 in n tanks, 1 kg/s: mean residence time 1000 s. */
static inline void set_up(rig *r, size_t n, double k, double capture)
{
    static const char *const         comps[]  = {"Na", "Cl", "Si"};
    static const char *const         solids[] = {"SiO2(a)"};
    static const sei_rate_law *const laws[]   = {&decay};
    char                            *path     = NULL;
    sei_cell                         cells[64];
    sei_link                         links[64];

    memset(r, 0, sizeof *r);
    r->ctx = sei_ctx_create(NULL);
    T_OK(r->ctx, sei_data_path(r->ctx, "thermo/minewater.dat", &path));
    T_OK(r->ctx, sei_db_read(r->ctx, path, &r->db));
    sei_release(r->ctx, path);
    const sei_model_spec spec = {r->db, 3, comps, 1, solids, k > 0.0, laws, false};
    T_OK(r->ctx, sei_model_create(r->ctx, &spec, &r->model));
    double   params[2] = {k, 0.25};
    sei_zone zone      = {"tanks", params};
    for (size_t i = 0; i < n; i++) {
        cells[i] = (sei_cell){.water_kg    = 1000.0 / (double)n,
                              .capture_1_s = capture,
                              .heat_j_k    = 4186.0 * 1000.0 / (double)n};
        links[i] = (sei_link){i == 0 ? SEI_FROM_INFLOW : (int)i - 1, i, 1.0};
    }
    const sei_train_spec train = {.model     = r->model,
                                  .n_zones   = 1,
                                  .n_cells   = n,
                                  .n_links   = n,
                                  .n_inflows = 1,
                                  .zones     = &zone,
                                  .cells     = cells,
                                  .links     = links};
    T_OK(r->ctx, sei_train_create(r->ctx, &train, &r->train));
    r->flow      = 1.0;
    r->temp      = 288.15;
    r->total[0]  = 2e-3; /* Na */
    r->total[1]  = 2e-3; /* Cl */
    r->total[2]  = 1e-4; /* Si */
    r->before[0] = 1e-3;
    r->before[1] = 1e-3;
    r->before[2] = 1e-4;
    T_OK(r->ctx, sei_train_fill(r->ctx, r->train, boundary, r));
    r->pulse = true;
}

static inline void tear_down(rig *r)
{
    sei_train_free(r->train);
    sei_model_free(r->model);
    sei_db_free(r->db);
    sei_ctx_free(r->ctx);
}

#endif
