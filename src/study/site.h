/*
 * site.h - what the parts of the site reader share
 *
 * One file a section; each has the rows of its maps and one read function, which records problems
 * in the schema and goes on.
 */
#ifndef SEI_STUDY_SITE_H
#define SEI_STUDY_SITE_H

#include <math.h>
#include <stddef.h>

#include "seiryu/study.h"
#include "study/schema.h"

#define SEI_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Objects of other layers that a site frees. */
typedef struct sei_owned sei_owned;
struct sei_owned {
    sei_owned        *next;
    sei_series_set   *set;
    sei_series_curve *curve;
    sei_limits       *limits;
};

/* One scenario of a file, applied to the tree of a site file before it is read. */
typedef struct sei_overlay {
    const char *file, *text; /* of the scenario file */
    size_t      len, number; /* which scenario, from 0 */
} sei_overlay;

struct sei_site_memory {
    sei_ctx           *ctx;
    sei_arena          arena;
    sei_owned         *owned;
    const char        *text; /* the site file, for sei_site_clone */
    size_t             len;
    const sei_overlay *overlay; /* the scenario's changes, NULL for none */
};

typedef struct {
    sei_schema     s;
    sei_site      *site;
    sei_headers   *headers; /* loaded with the first CSV file */
    size_t         files_size;
    sei_site_file *files;
} sei_site_reader;

/* Changes the tree of a site as a scenario says; problems go to the reader. */
void sei_overlay_apply(sei_site_reader *r, const sei_overlay *overlay, const sei_yaml *root);
/* sei_site_parse with a scenario's changes; overlay may be NULL. */
SEI_CHECKED sei_status sei_site_parse_changed(sei_ctx *ctx, const char *name, const char *folder,
                                              const char *text, size_t len,
                                              const sei_overlay *overlay, sei_problem_fn on_problem,
                                              void *user, sei_site **ret_site);

/* Sections of the manual. */
extern const sei_key_section sei_section_file, sei_section_site, sei_section_limits,
    sei_section_override, sei_section_exemption, sei_section_target, sei_section_influent,
    sei_section_climate, sei_section_unit, sei_section_layer, sei_section_run, sei_section_model,
    sei_section_observation, sei_section_event, sei_section_disturbance, sei_section_scenario,
    sei_section_scenario_file, sei_section_uncertainty, sei_section_uncertain_number,
    sei_section_rank_correlation;

void sei_site_read_place(sei_site_reader *r, const sei_yaml *node);
void sei_site_read_limits(sei_site_reader *r, const sei_yaml *node); /* NULL: the law's table */
void sei_site_read_influent(sei_site_reader *r, const sei_yaml *node);
void sei_site_read_climate(sei_site_reader *r, const sei_yaml *node);
void sei_site_read_train(sei_site_reader *r, const sei_yaml *node);
void sei_site_read_events(sei_site_reader *r, const char *path, const sei_yaml *node,
                          sei_unit_spec *unit); /* NULL: none */
void sei_site_read_run(sei_site_reader *r, const sei_yaml *node);
void sei_site_read_model(sei_site_reader *r, const sei_yaml *node); /* NULL: defaults */
void sei_site_read_observations(sei_site_reader *r, const sei_yaml *node);
void sei_site_read_disturbances(sei_site_reader *r, const sei_yaml *node);
void sei_site_read_uncertainty(sei_site_reader *r, const sei_yaml *node);

/* rates: {law: {parameter: value}}. */
void sei_site_read_rates(sei_site_reader *r, const char *path, const sei_yaml *node, size_t *ret_n,
                         const sei_rate_override **ret_rates);

/* A value of the influent at path ("30", "<0.005"), within what is plausible for its quantity; false after a problem. */
bool sei_site_read_water_value(sei_site_reader *r, const char *path, const sei_yaml *node,
                               const sei_quantity_column *column, sei_value *ret_value);

/* Column name of a quantity ("zn_mg_l") as a key at path; false after a problem. With is_near, an
 * unknown quantity is not told but left to the caller when is_near(key). */
bool sei_site_quantity_key(sei_site_reader *r, const char *path, const sei_yaml *node,
                           bool (*is_near)(const char *key), bool *ret_is_near,
                           sei_quantity_column *ret_column);

/* ---- helpers ---------------------------------------------------------------------------------- */

/* n zeroed items of the site's arena; NULL and fatal when memory is short. */
void *sei_site_alloc(sei_site_reader *r, size_t n, size_t size);
/* A new owner record in the site, to be filled; NULL and fatal when memory is short. */
sei_owned *sei_site_own(sei_site_reader *r);
/* Series of a CSV file that a key of the site file names; NULL after a problem. */
const sei_series_set   *sei_site_read_series(sei_site_reader *r, const char *key_path,
                                             const sei_yaml *node, const char *path,
                                             const char *point);
const sei_series_curve *sei_site_make_curve(sei_site_reader *r, const sei_series *series,
                                            const sei_curve_options *options);
/* Raw water or weather that a run is to follow must be possible: a problem for the first value of the series outside
 * the plausible range of its quantity, which a table of measurements would only flag. */
void sei_site_check_plausible(sei_site_reader *r, const char *key_path, size_t line,
                              const char *file, const sei_series *series);
/* Keeps a file's name and hash. */
void sei_site_keep_file(sei_site_reader *r, const char *path, const char *bytes, size_t len);

/* math.h gives them as float in C17. */
#define SEI_NO_VALUE ((double)NAN)
#define SEI_NO_BOUND ((double)INFINITY)

/* Rows on one line each. */
#define SEI_NUMBER_ROW(key_, unit_, def_, low_, high_, required_, field_, help_, help_ja_) \
    {                                                                                      \
        .key = key_, .kind = SEI_KEY_NUMBER, .unit = unit_, .def = def_, .lower = low_,    \
        .upper = high_, .required = required_, .offset = offsetof(ROW_STRUCT, field_),     \
        .help = help_, .help_ja = help_ja_                                                 \
    }
#define SEI_PLAIN_ROW(key_, kind_, required_, field_, help_, help_ja_)                        \
    {                                                                                         \
        .key = key_, .kind = SEI_KEY_##kind_, .def = SEI_NO_VALUE, .lower = -SEI_NO_BOUND,    \
        .upper = SEI_NO_BOUND, .required = required_, .offset = offsetof(ROW_STRUCT, field_), \
        .help = help_, .help_ja = help_ja_                                                    \
    }
#define SEI_WORD_ROW(key_, words_, def_, field_, help_, help_ja_)                               \
    {                                                                                           \
        .key = key_, .kind = SEI_KEY_WORD, .def = def_, .offset = offsetof(ROW_STRUCT, field_), \
        .words = words_, .help = help_, .help_ja = help_ja_                                     \
    }
#define SEI_BOOL_ROW(key_, def_, field_, help_, help_ja_)                                       \
    {                                                                                           \
        .key = key_, .kind = SEI_KEY_BOOL, .def = def_, .offset = offsetof(ROW_STRUCT, field_), \
        .help = help_, .help_ja = help_ja_                                                      \
    }
#define SEI_RESERVED_ROW(key_, help_, help_ja_)                                   \
    {                                                                             \
        .key = key_, .kind = SEI_KEY_RESERVED, .help = help_, .help_ja = help_ja_ \
    }

#endif
