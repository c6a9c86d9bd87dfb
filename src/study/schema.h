/*
 * schema.h - rows that say what a map of the site file may hold, and the engine that reads by them
 *
 * One row is one key. A number may be written in any unit of the row's dimension: the unit ends
 * the key (`depth_m`, `depth_cm`). Any value may stand in a map that tells where it comes from:
 * `porosity: {value: 0.45, assumed: "typical of crushed stone"}`. All problems are collected, so
 * that a file is checked in one go.
 */
#ifndef SEI_STUDY_SCHEMA_H
#define SEI_STUDY_SCHEMA_H

#include "base/arena.h"
#include "base/yaml.h"
#include "seiryu/param.h"
#include "seiryu/study.h"

typedef enum {
    SEI_KEY_NUMBER,  /* double, SI */
    SEI_KEY_NUMBERS, /* sei_key_node: a number or a list, read by the section's own code */
    SEI_KEY_INTEGER, /* int64_t */
    SEI_KEY_TEXT,    /* const char *, one line; "" when not given */
    SEI_KEY_NAME,    /* const char *, letters, digits, "-", "_", "." */
    SEI_KEY_BOOL,    /* bool */
    SEI_KEY_DATE,    /* int64_t, microseconds UTC; SEI_NO_DATE when not given */
    SEI_KEY_WORD,    /* int, one of words */
    SEI_KEY_PATH,    /* const char *, relative to the site file's folder; NULL when not given */
    SEI_KEY_NODE,    /* const sei_yaml *, read by the section's own code; NULL when not given */
    SEI_KEY_RESERVED /* must be absent or empty */
} sei_key_kind;

#define SEI_NO_DATE INT64_MIN

typedef struct {
    const char *word;
    int         value;
} sei_schema_word;

/* A value that is read later, with the unit that its key carries (NULL: as it stands). */
typedef struct {
    const sei_yaml *node; /* NULL when not given */
    const sei_unit *unit;
} sei_key_node;

/* key with its unit, unit as printed, def/lower/upper in that unit: as sei_param. def NAN: none. */
typedef struct {
    const char  *key;
    sei_key_kind kind;
    const char  *unit;
    double       def, lower, upper;
    bool         required;
    size_t       offset; /* of the field in the part's base */
    const sei_schema_word
               *words; /* ends with {NULL, 0}; also names the kind of a NODE in the manual */
    const char *help, *help_ja;
} sei_key_row;

/* Rows that fill one struct (or an array of doubles). */
typedef struct {
    const sei_key_row *rows;
    size_t             n;
    void              *base;
} sei_key_part;

/* What the whole program may read in a map of the site file; for the manual and its test. */
typedef struct {
    const char        *path; /* "train[].layers[]" */
    const sei_key_row *rows;
    size_t             n;
} sei_key_section;
const sei_key_section *sei_site_section_at(size_t i); /* NULL past the end */

typedef struct {
    sei_status  status;
    sei_where   where;
    const char *text; /* without the place */
} sei_problem;

/* Values that a scenario file brings count their lines from here: one number tells file and line. */
enum { SEI_OVERLAY_LINE = 100000000 };

typedef struct {
    sei_ctx       *ctx;
    sei_arena     *arena;
    const char    *file, *folder;
    const char    *overlay_file; /* of lines beyond SEI_OVERLAY_LINE; NULL without a scenario */
    int64_t        utc_offset_us;
    sei_status     fatal; /* E_NOMEM: give up; every function then does nothing */
    size_t         n_problems;
    sei_problem    problems[SEI_PROBLEMS_MAX];
    size_t         n_notes, notes_size;
    sei_site_note *notes;
} sei_schema;

/* ---- problems --------------------------------------------------------------------------------- */

void sei_schema_problem(sei_schema *s, sei_status status, size_t line, const char *fmt, ...)
    SEI_PRINTF(4, 5);
/* Takes over the context's error after a call that returned status. */
void        sei_schema_take_error(sei_schema *s, sei_status status);
const char *sei_schema_error_text(const sei_schema *s); /* its message without the place */
/* Sorts, reports and records the first one in the context; its status, SEI_OK without problems. */
sei_status sei_schema_finish(sei_schema *s, sei_problem_fn on_problem, void *user);
sei_where  sei_schema_where(const sei_schema *s, size_t line);

/* False when memory is short or no further problem would be kept: loops over a hostile file end. */
bool sei_schema_goes_on(const sei_schema *s);

/* ---- maps ------------------------------------------------------------------------------------- */

/* A key that no row knows: true when the section took it. */
typedef bool (*sei_other_key_fn)(void *user, sei_schema *s, const char *path,
                                 const sei_yaml *child);

/* Reads a map: defaults first, then every key by its row. path is that of the map ("" = the file),
 * other may be NULL. False when node is no map. */
bool sei_schema_map(sei_schema *s, const char *path, const sei_yaml *node, size_t n_parts,
                    const sei_key_part parts[], sei_other_key_fn other, void *user);
/* node is a list: true; else a problem. "path[i]" of its children is sei_schema_item_path. */
bool        sei_schema_is_list(sei_schema *s, const char *path, const sei_yaml *node);
const char *sei_schema_item_path(sei_schema *s, const char *path, size_t number);
const char *sei_schema_key_path(sei_schema *s, const char *path, const char *key);

/* Copies parameter rows as key rows; offset is the place of a double in an array. NULL: no memory. */
const sei_key_row *sei_schema_param_rows(sei_schema *s, size_t n, const sei_param params[]);

/* ---- values ----------------------------------------------------------------------------------- */

/* Takes {value: ..., assumed|source: ...} apart and keeps the note; any other node is returned as it
 * is. NULL after a problem. path is that of the value. */
const sei_yaml *sei_schema_unwrap(sei_schema *s, const char *path, const sei_yaml *node,
                                  const sei_key_row *row, const char *unit);
/* A number in unit (NULL: as it stands) into SI, checked against the row. False after a problem. */
bool sei_schema_number(sei_schema *s, const char *path, const sei_yaml *node,
                       const sei_key_row *row, const sei_unit *unit, double *ret_value);
/* A value of any other kind into its field. */
void sei_schema_value(sei_schema *s, const char *path, const sei_yaml *node, const sei_key_row *row,
                      void *field);
bool sei_schema_text(sei_schema *s, const char *path, const sei_yaml *node, const char **ret_text);
/* Absolute or relative to the site file's folder, in the arena; NULL without memory. */
const char *sei_schema_resolve(sei_schema *s, const char *name);

/* Words for messages. */
enum { SEI_VALUE_TEXT_MAX = 96, SEI_RANGE_TEXT_MAX = 128 };
void sei_schema_show(char out[SEI_VALUE_TEXT_MAX], const sei_yaml *node); /* "\"abc\"", "a list" */
void sei_schema_range(char out[SEI_RANGE_TEXT_MAX], const sei_key_row *row, const sei_unit *unit);
const char     *sei_dimension_words(sei_dimension dimension); /* "a flow" */
const sei_unit *sei_key_unit(const sei_key_row *row);         /* NULL: as it stands */

#endif
