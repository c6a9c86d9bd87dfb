/* plant_case.h - units with default parameters and a model for them, shared by the plant's tests */
#ifndef SEI_TESTS_PLANT_CASE_H
#define SEI_TESTS_PLANT_CASE_H

#include "plant/plant.h"
#include "seiryu/chem.h"
#include "t.h"

enum { CASE_UNITS = 12, CASE_LAYERS = 4, CASE_FEEDS = 6, CASE_VALUES = 40 };

/* A plant under construction: arrays that the specs point to. */
typedef struct {
    sei_ctx       *ctx;
    sei_db        *db;
    sei_model     *model;
    sei_plant     *plant;
    size_t         n_units;
    sei_unit_spec  units[CASE_UNITS];
    double         values[CASE_UNITS][CASE_VALUES];
    sei_layer_spec layers[CASE_UNITS][CASE_LAYERS];
    double         layer_values[CASE_UNITS][CASE_LAYERS][CASE_VALUES];
    sei_feed_spec  feeds[CASE_UNITS][CASE_FEEDS];
    double         inflow_m3_s[2];
    sei_plant_spec spec;
} plant_case;

static inline void case_model(plant_case *c, size_t n_components, const char *const components[],
                              size_t n_solids, const char *const solids[], size_t n_laws,
                              const sei_rate_law *const laws[])
{
    const sei_model_spec spec = {.db           = c->db,
                                 .n_components = n_components,
                                 .components   = components,
                                 .n_solids     = n_solids,
                                 .solids       = solids,
                                 .n_laws       = n_laws,
                                 .laws         = laws};

    T_OK(c->ctx, sei_model_create(c->ctx, &spec, &c->model));
}

/* Context and the project's database; a model follows. Flow 1 L/s. */
static inline plant_case *case_open(void)
{
    plant_case *c = calloc(1, sizeof *c);

    ck_assert_ptr_nonnull(c);
    c->ctx = sei_ctx_create(NULL);
    T_OK(c->ctx, sei_db_read(c->ctx, SEI_PROJECT_DIR "/data/thermo/minewater.dat", &c->db));
    c->inflow_m3_s[0] = 1e-3;
    return c;
}

/* All laws of the catalogue, and the components and solids that they speak of. */
static inline plant_case *case_full(void)
{
    static const char *const components[] = {"Ca",      "C",  "S(6)",    "S(-2)",   "Fe(2)",
                                             "Fe(3)",   "Zn", "O(0)",    "Cl",      "Na",
                                             "Acetate", "Mn", "Ethanol", "Peroxide"};
    static const char *const solids[]     = {"Calcite", "Schwertmannite", "ZnS(a)", "Birnessite",
                                             "bran",    "husk",           "compost"};
    const sei_rate_law      *laws[96];
    const size_t             n = sei_rate_count();
    plant_case              *c = case_open();

    ck_assert_uint_le(n, T_COUNT(laws));
    for (size_t i = 0; i < n; i++)
        laws[i] = sei_rate_at(i);
    case_model(c, T_COUNT(components), components, T_COUNT(solids), solids, n, laws);
    return c;
}

/* Appends a unit with default parameters, all of the unit before it as its feed. */
static inline size_t case_unit_of(plant_case *c, const sei_unit_type *type, const char *name)
{
    const size_t   u    = c->n_units++;
    sei_unit_spec *spec = &c->units[u];

    ck_assert_uint_lt(u, CASE_UNITS);
    ck_assert_uint_le(type->n_params, CASE_VALUES);
    spec->type   = type;
    spec->name   = name;
    spec->params = c->values[u];
    spec->layers = c->layers[u];
    spec->feeds  = c->feeds[u];
    sei_unit_defaults(type->params, type->n_params, c->values[u]);
    return u;
}

static inline size_t case_unit(plant_case *c, const char *key, const char *name)
{
    const sei_unit_type *type = sei_unit_type_find(key);

    ck_assert_msg(type != NULL, "no unit type %s", key);
    return case_unit_of(c, type, name);
}

/* Sets a parameter by its key, in the unit that the key ends with. */
static inline void case_set(plant_case *c, size_t u, const char *key, double value)
{
    const sei_unit_type *type = c->units[u].type;
    const size_t         i    = sei_param_index(type->params, type->n_params, key);
    sei_param            row;

    ck_assert_msg(i < type->n_params, "%s has no parameter %s", type->key, key);
    row     = type->params[i];
    row.def = value;
    sei_unit_defaults(&row, 1, &c->values[u][i]);
}

static inline size_t case_layer(plant_case *c, size_t u, const char *name)
{
    const sei_unit_type *type = c->units[u].type;
    const size_t         k    = c->units[u].n_layers++;

    ck_assert_uint_lt(k, CASE_LAYERS);
    c->layers[u][k].name   = name;
    c->layers[u][k].params = c->layer_values[u][k];
    sei_unit_defaults(type->layer_params, type->n_layer_params, c->layer_values[u][k]);
    return k;
}

static inline void case_layer_set(plant_case *c, size_t u, size_t k, const char *key, double value)
{
    const sei_unit_type *type = c->units[u].type;
    const size_t         i    = sei_param_index(type->layer_params, type->n_layer_params, key);
    sei_param            row;

    ck_assert_msg(i < type->n_layer_params, "%s has no layer parameter %s", type->key, key);
    row     = type->layer_params[i];
    row.def = value;
    sei_unit_defaults(&row, 1, &c->layer_values[u][k][i]);
}

static inline void case_feed(plant_case *c, size_t u, const char *from, double fraction)
{
    c->feeds[u][c->units[u].n_feeds++] = (sei_feed_spec){.from = from, .fraction = fraction};
}

static inline sei_status case_build(plant_case *c)
{
    c->spec.db          = c->db;
    c->spec.model       = c->model;
    c->spec.inflow_m3_s = c->inflow_m3_s;
    c->spec.n_units     = c->n_units;
    c->spec.units       = c->units;
    if (c->spec.n_inflows == 0)
        c->spec.n_inflows = 1;
    return sei_plant_create(c->ctx, &c->spec, &c->plant);
}

static inline void case_close(plant_case *c)
{
    sei_plant_free(c->plant);
    sei_model_free(c->model);
    sei_db_free(c->db);
    sei_ctx_free(c->ctx);
    free(c);
}

/* What a zone of the built plant gives a law for one of its parameters. */
static inline double case_law_param(const plant_case *c, size_t zone, const char *law,
                                    const char *param)
{
    const size_t        l   = sei_model_find_law(c->model, law);
    const sei_rate_law *row = sei_model_law(c->model, l);

    return sei_plant_train_spec(c->plant)
        ->zones[zone]
        .law_params[sei_model_param_offset(c->model, l) +
                    sei_param_index(row->params, row->n_params, param)];
}

#endif
