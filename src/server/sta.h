/*
 * sta.h - OGC SensorThings API 1.1 (sta11), reading: the inside
 *
 * A Thing is a station, a Datastream a channel, an ObservedProperty a quantity; each channel has a Sensor, each station a
 * Location, its HistoricalLocation and a FeatureOfInterest. An Observation is a raw point. All but the points of what the
 * reader may see is loaded once a request (sta_world); entities are handles into it.
 */
#ifndef SEI_SERVER_STA_H
#define SEI_SERVER_STA_H

#include "base/arena.h"
#include "server/request.h"

/* ---- expressions (sta_parse.c, sta_value.c) */

typedef enum {
    STA_NULL,
    STA_BOOL,
    STA_NUMBER,
    STA_TEXT,
    STA_TIME,
    STA_DURATION,
    STA_SHAPE
} sta_kind;

typedef struct sta_shape sta_shape; /* sta_geo.h */

typedef struct {
    sta_kind         kind;
    double           number; /* and truth; of a duration its seconds */
    int64_t          time_us;
    const char      *text;  /* in an arena */
    const sta_shape *shape; /* in an arena */
} sta_value;

typedef struct sta_node     sta_node;
typedef struct sta_function sta_function;
typedef struct sta_expand   sta_expand;

enum {
    STA_ARGS_MAX    = 3,
    STA_ORDERS_MAX  = 5,
    STA_NAMES_MAX   = 20,
    STA_DEPTH_MAX   = 20,
    STA_TOP_MAX     = 10000,
    STA_TOP         = 100,
    STA_CHOICES_MAX = 4,
    STA_WORK_MAX =
        5000000 /* points, and entities of navigations to many, looked at in one request */
};

/* A literal, a path ("Datastream/unitOfMeasurement/symbol") or a call. */
struct sta_node {
    enum { STA_LITERAL, STA_PATH, STA_CALL } is;
    sta_value           value;
    const char         *path;
    const sta_function *function;
    size_t              n;
    sta_node           *args[STA_ARGS_MAX];
};

typedef struct {
    sta_node *filter;
    size_t    n_orders;
    struct {
        sta_node *by;
        bool      descending;
    } orders[STA_ORDERS_MAX];
    size_t      n_select;
    const char *select[STA_NAMES_MAX];
    sta_expand *expand; /* the first */
    int64_t     top, skip;
    bool        count, data_array;
} sta_options;

struct sta_expand {
    const char *name, *raw; /* raw: what stood between its parentheses; NULL: nothing */
    size_t      raw_len;
    sta_options options;
    sta_expand *next;
};

sta_options sta_defaults(void);
/* One query option, as in name "$filter", text "result gt 3". E_PARSE says where. */
SEI_CHECKED sei_status sta_parse_option(sei_ctx *ctx, sei_arena *arena, const char *name,
                                        const char *text, sta_options *options);

/* Value of a path of the entity at hand. */
typedef sei_status (*sta_lookup)(void *user, const char *path, sta_value *ret_value);
/* Comparisons with nothing are false but "eq null"; E_TYPE when a function gets what it does not take. */
SEI_CHECKED sei_status sta_eval(sei_ctx *ctx, sei_arena *arena, const sta_node *node,
                                sta_lookup lookup, void *user, sta_value *ret_value);
int                    sta_compare(const sta_value *a, const sta_value *b); /* NULL first */

struct sta_function {
    const char *name;
    int         precedence; /* of an operator between its two arguments; 0: called with () */
    size_t      min_args, max_args;
    sei_status (*eval)(sei_ctx *ctx, sei_arena *arena, size_t n, const sta_value v[],
                       sta_value *ret_value);
};
const sta_function *sta_function_find(const char *name, size_t len, bool is_operator);

/* ---- entities (sta_model.c) */

typedef enum {
    STA_THINGS,
    STA_LOCATIONS,
    STA_HISTORICAL_LOCATIONS,
    STA_DATASTREAMS,
    STA_SENSORS,
    STA_OBSERVED_PROPERTIES,
    STA_OBSERVATIONS,
    STA_FEATURES
} sta_set;
enum { STA_N_SETS = STA_FEATURES + 1, STA_NAVS_MAX = 4 };

typedef struct {
    int64_t     id, made_us;
    const char *site, *site_name, *key, *name, *name_ja;
    bool        is_placed, active;
    double      latitude, longitude;
} sta_station;

typedef struct {
    int64_t     id;
    size_t      station, property; /* places in the world */
    const char *key, *name, *name_ja, *unit;
} sta_channel;

typedef struct {
    sta_set   set;
    size_t    at; /* station, channel or property; of an Observation its channel */
    sei_point point;
} sta_entity;

typedef struct {
    const char *name;
    sta_set     set;
    bool        is_many;
} sta_nav;

/* What a navigation to many in a $filter leads to for now: "Datastreams/Observations" is the first len bytes of path. */
typedef struct {
    const char    *path;
    size_t         len;
    const sta_nav *nav;    /* the last of them */
    bool           is_set; /* no: there is nothing */
    sta_entity     entity;
} sta_choice;

typedef struct {
    size_t     n;
    sta_choice at[STA_CHOICES_MAX];
} sta_choices;

typedef struct {
    sei_request *req;
    sei_arena    arena, scratch; /* scratch: emptied after each entity that was looked at */
    char         base[300];      /* "https://host/sta/v1.1" */
    size_t       n_stations, n_channels, n_properties;
    sta_station *stations;
    sta_channel *channels;
    const char **properties; /* keys of quantities */
    size_t       n_rendered; /* entities of the answer so far */
    size_t       work;       /* of STA_WORK_MAX */

    const sta_node *chosen_for; /* the filter whose choices these are (sta_many.c) */
    sta_set         chosen_set;
    sta_choices     choices;
} sta_world;

typedef struct {
    const char *name, *one; /* "Things", "Thing" */
    sta_nav     navs[STA_NAVS_MAX];
} sta_set_row;

extern const sta_set_row sta_sets[STA_N_SETS];

SEI_CHECKED sei_status sta_world_load(sei_request *req, sta_world *world);
void                   sta_world_free(sta_world *world);

/* An Observation by itself, without links; NULL: no memory. */
json_t *sta_point_json(int64_t channel_id, const sei_point *point);
size_t  sta_count(const sta_world *world, sta_set set); /* not of Observations */
/* id as it stands in a path: 12 or 'zn'. */
SEI_CHECKED sei_status sta_find(sta_world *world, sta_set set, const char *id, size_t len,
                                sta_entity *ret_entity);
const sta_nav         *sta_nav_find(sta_set set, const char *name, size_t len);
/* Is to reached from from by the navigation? */
bool sta_is_related(const sta_world *world, const sta_entity *from, const sta_nav *nav,
                    const sta_entity *to);
/* Id as text, quoted where it is one. */
void sta_id_text(const sta_world *world, const sta_entity *entity, char out[120]);

/* The property as new JSON; NULL when there is none of that name. */
json_t *sta_property(sta_world *world, const sta_entity *entity, const char *name, size_t len);
/* Names of all properties of a set, ends with NULL. */
const char *const *sta_property_names(sta_set set);
/* ---- paths of expressions (sta_path.c) */

/* sta_lookup of an entity; texts live in the world's scratch arena. */
typedef struct {
    sta_world         *world;
    const sta_entity  *entity;
    const sta_choices *choices; /* NULL: navigations to many are refused */
} sta_at;
sei_status sta_lookup_entity(void *user, const char *path, sta_value *ret_value);
/* Where the navigation of a choice starts, under the choices before it; *ret_is_there: there is one. */
SEI_CHECKED sei_status sta_base_of(const sta_at *at, size_t choice, sta_entity *ret_base,
                                   bool *ret_is_there);
/* Many by its name only: a station stands in one place. */
bool sta_is_only_one(sta_set from, const sta_nav *nav);
/* The one entity that a navigation leads to. */
bool sta_follow(const sta_world *world, const sta_entity *from, const sta_nav *nav,
                sta_entity *ret_to);

/* ---- observations (sta_scan.c) */

/* Which points: of these channels, and what of them. */
typedef struct {
    size_t             n;
    const size_t      *channels; /* places in the world */
    const sta_options *options;
} sta_scan;

/* The page of observations that the options ask for, and the number of all when they ask for it (else -1);
 * *ret_more: there are some behind the page. E_TOO_LARGE when that takes too much work. */
SEI_CHECKED sei_status sta_scan_points(sta_world *world, const sta_scan *scan,
                                       sta_entity entities[], size_t *ret_n, int64_t *ret_count,
                                       bool *ret_more);

typedef struct {
    int64_t from_us, to_us; /* both included */
} sta_span;

/* Narrows the span of time by what a filter asks of path/phenomenonTime, the first len bytes of path (0: of phenomenonTime itself). */
void sta_narrow(const sta_node *filter, const char *path, size_t len, sta_span *span);
static inline sta_span sta_whole_span(void)
{
    return (sta_span){INT64_MIN / 4, INT64_MAX / 4};
}

/* Counts n more; E_TOO_LARGE past STA_WORK_MAX. */
SEI_CHECKED sei_status sta_work(sta_world *world, size_t n);

/* ---- filters (sta_many.c) */

/* Does the filter hold (no filter: yes)? */
SEI_CHECKED sei_status sta_holds(sta_world *world, const sta_entity *entity, const sta_node *filter,
                                 bool *ret_holds);

/* Refuses keys of order that lead to many; before there is anything to order. */
SEI_CHECKED sei_status sta_check_orders(sta_world *world, sta_set set, const sta_options *options);

/* Entities with what they are ordered by, gathered and then sorted. */
typedef struct {
    sta_entity         entity;
    const sta_options *options;
    sta_value          keys[STA_ORDERS_MAX];
} sta_sorted;
SEI_CHECKED sei_status sta_sort_keys(sta_world *world, const sta_options *options,
                                     sta_sorted *item);
void                   sta_sort(size_t n, sta_sorted items[]);

/* ---- lists and answers (sta_list.c) */

/* A collection: a whole set (from NULL) or what a navigation of from leads to. */
typedef struct {
    const sta_entity  *from;
    sta_set            set;
    const sta_options *options;
} sta_collection;

typedef struct {
    size_t      n;
    sta_entity *entities; /* in the world's arena */
    int64_t     count;    /* -1: not asked for */
    bool        more;
} sta_page;

SEI_CHECKED sei_status sta_list(sta_world *world, const sta_collection *collection,
                                sta_page *ret_page);
SEI_CHECKED sei_status sta_render(sta_world *world, const sta_entity *entity,
                                  const sta_options *options, json_t **ret_json);
/* [{…}, …], or dataArray when the options say so */
SEI_CHECKED sei_status sta_render_page(sta_world *world, const sta_page *page,
                                       const sta_options *options, json_t **ret_array);

#endif
