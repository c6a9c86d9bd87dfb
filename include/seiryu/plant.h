/*
 * plant.h - treatment units and the train they form
 *
 * A unit type is a const row: parameters of the unit, parameters of its layers, and a function
 * that turns them into cells. Adding one: a file src/plant/unit_<name>.c, a line in unit_list.h,
 * a page in docs/units/, a block in the tests.
 */
#ifndef SEIRYU_PLANT_H
#define SEIRYU_PLANT_H

#include "seiryu/ctx.h"
#include "seiryu/kin.h"
#include "seiryu/param.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A changed parameter of a rate law inside one unit: "fe2-microbial.q_max_mol_m3_d: 3". */
typedef struct {
    const sei_rate_law *law;
    size_t              param; /* index in law->params */
    double              value; /* SI */
} sei_rate_override;

typedef struct {
    const char *name, *name_ja;
    double     *params; /* SI, as many as the type's layer_params, defaults filled in */
} sei_layer_spec;

/* Where a unit's water comes from: "raw" (the influent) or another unit, with its share. */
typedef struct {
    const char *from;
    double      fraction; /* 0..1 of the source's outflow */
} sei_feed_spec;

typedef struct sei_unit_type sei_unit_type;

typedef struct {
    const sei_unit_type     *type;
    const char              *name, *name_ja;
    double                  *params; /* SI, as many as type->params, defaults filled in */
    size_t                   n_layers;
    const sei_layer_spec    *layers; /* in the direction of flow */
    size_t                   n_feeds;
    const sei_feed_spec     *feeds; /* n_feeds = 0: all of the unit before it in the list */
    size_t                   n_overrides;
    const sei_rate_override *overrides;
    sei_where                where; /* in the site file, for messages */
} sei_unit_spec;

struct sei_plant_builder; /* src/plant/builder.h: where a unit's build function puts its cells */

struct sei_unit_type {
    const char      *key;
    const char      *title, *title_ja;
    const char      *source;
    const sei_param *params;
    size_t           n_params;
    const sei_param *layer_params; /* NULL: the type has no layers */
    size_t           n_layer_params;
    sei_status (*build)(sei_ctx *ctx, const sei_unit_spec *spec, struct sei_plant_builder *builder);
};

SEI_API size_t               sei_unit_type_count(void);
SEI_API const sei_unit_type *sei_unit_type_at(size_t i);          /* NULL past the end */
SEI_API const sei_unit_type *sei_unit_type_find(const char *key); /* NULL when not known */

/* Defaults of n rows in SI; a value that the user must give (def NAN) stays NAN. */
SEI_API void sei_unit_defaults(const sei_param params[], size_t n, double ret_values[]);

#ifdef __cplusplus
}
#endif
#endif
