/*
 * plant.h - treatment units and the train they form
 *
 * A unit type is a const row: parameters of the unit, parameters of its layers, and a function
 * that turns them into cells. Adding one: a file src/plant/unit_<name>.c, a line in unit_list.h,
 * a page in docs/units/, a block in the tests.
 */
#ifndef SEIRYU_PLANT_H
#define SEIRYU_PLANT_H

#include <stdbool.h>
#include <stdint.h>

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

/* What is done to a unit while it runs. */
typedef enum {
    SEI_EVENT_ADD,       /* kg of a medium into the bed */
    SEI_EVENT_CLEAN,     /* share of the deposits taken out of the bed */
    SEI_EVENT_RENEW,     /* the bed filled anew, as at the start */
    SEI_EVENT_BYPASS,    /* share of the water led around the unit */
    SEI_EVENT_THROTTLE,  /* what exceeds a flow is led around */
    SEI_EVENT_POWER_LOSS /* gas transfer falls to a share */
} sei_event_kind;

#define SEI_ALL_LAYERS ((size_t)-1)

/* CLEAN and RENEW: duration_s is the time for which the water is led around the unit; BYPASS, THROTTLE
 * and POWER_LOSS: how long they last (INFINITY: to the end of the run). */
typedef struct {
    sei_event_kind kind;
    bool           is_dated; /* time_us holds, else after_s from the start of the run */
    int64_t        time_us;
    double         after_s, every_s; /* every_s > 0: again and again */
    double         duration_s;
    size_t         layer;     /* ADD, CLEAN, RENEW; SEI_ALL_LAYERS */
    const char    *medium;    /* ADD: solid, "bran" */
    double         kg;        /* ADD */
    double         share;     /* CLEAN: taken out, BYPASS: led around, POWER_LOSS: left */
    double         flow_m3_s; /* THROTTLE */
    sei_where      where;
} sei_event_spec;

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
    size_t                   n_events;
    const sei_event_spec    *events;
    const char              *reagent;   /* "Ca(OH)2"; NULL or "": none */
    const char              *sludge_to; /* unit that gets the recycled sludge; NULL or "": none */
    sei_where                where;     /* in the site file, for messages */
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
    bool             needs_reagent; /* sei_unit_spec.reagent must be given */
    bool             has_sludge;    /* sludge_to may be given */
    const char *const
        *own_laws; /* keys, the last one NULL: laws that a train has for such units only,
                                    so that others need not pay for them; NULL: none */
    /* Does this unit want one of its own laws? NULL: all of them. */
    bool (*wants)(const sei_unit_spec *spec, const char *law);
    /* Formula of what this unit adds to its water by itself, NULL: nothing. Without this function it is
     * sei_unit_spec.reagent. */
    const char *(*additive)(const sei_unit_spec *spec);
    sei_status (*build)(sei_ctx *ctx, const sei_unit_spec *spec, struct sei_plant_builder *builder);
    /* Nominal residence time for which the unit's page holds, h: a tenth of the shortest to ten times the longest that it names or
     * is compared with; 0 and 0: none is stated. */
    double hrt_low_h, hrt_high_h;
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
