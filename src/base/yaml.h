/*
 * yaml.h - a YAML file as a tree in which every value knows its place
 *
 * A safe part of YAML 1.1: one document of maps, lists and scalars. Anchors, aliases, merge keys,
 * tags, a key given twice, other encodings than UTF-8 and files beyond the limits below are
 * errors, so that reading a file costs time and memory in proportion to its size.
 */
#ifndef SEI_BASE_YAML_H
#define SEI_BASE_YAML_H

#include <stdbool.h>

#include "base/arena.h"

enum {
    SEI_YAML_BYTES_MAX = 4 << 20,
    SEI_YAML_DEPTH_MAX = 24,
    SEI_YAML_NODES_MAX = 100000,
    SEI_YAML_KEYS_MAX  = 500 /* of one map */
};

typedef enum { SEI_YAML_SCALAR, SEI_YAML_LIST, SEI_YAML_MAP } sei_yaml_kind;

typedef struct sei_yaml sei_yaml;
struct sei_yaml {
    sei_yaml_kind kind;
    bool          quoted;       /* scalar in quotes or a block of text: never a number */
    size_t        line, column; /* from 1 */
    const char   *text;         /* scalar, terminated, without inner 0 bytes; else NULL */
    size_t        len;
    const char   *key; /* of a child of a map; else NULL */
    size_t        key_line, key_column;
    size_t        n; /* children of a list or a map, in the order of the file */
    sei_yaml     *first, *last, *next, *parent;
};

/* name stands for the file in messages. The tree lives in arena, as does a copy of all its text. */
SEI_CHECKED sei_status sei_yaml_parse(sei_ctx *ctx, const char *name, const char *text, size_t len,
                                      sei_arena *arena, const sei_yaml **ret_root);
SEI_CHECKED sei_status sei_yaml_read(sei_ctx *ctx, const char *path, sei_arena *arena,
                                     const sei_yaml **ret_root);

/* Value of a key; NULL when map is NULL, no map, or does not have it. */
const sei_yaml *sei_yaml_get(const sei_yaml *map, const char *key);
/* Nothing given: an empty scalar, "~" or "null" without quotes, or NULL itself. */
bool sei_yaml_is_empty(const sei_yaml *node);

#endif
