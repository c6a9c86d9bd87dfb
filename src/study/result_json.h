/* result_json.h - filling a JSON document and writing it to a file */
#ifndef SEI_STUDY_RESULT_JSON_H
#define SEI_STUDY_RESULT_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "seiryu/water.h"

/* A document under construction. Filling never fails by itself: is_short tells at the end that
 * memory ran out. */
typedef struct {
    json_t *root;
    bool    is_short;
} sei_json;

void sei_json_init(sei_json *json);
/* Object or array under a key, or appended when the parent is an array (key NULL); NULL when memory
 * is short, and then filling it does nothing. */
json_t *sei_json_object(sei_json *json, json_t *parent, const char *key);
json_t *sei_json_array(sei_json *json, json_t *parent, const char *key);
void    sei_json_text(sei_json *json, json_t *parent, const char *key, const char *text);
void sei_json_number(sei_json *json, json_t *parent, const char *key, double value); /* NaN: null */
void sei_json_count(sei_json *json, json_t *parent, const char *key, size_t value);
void sei_json_bool(sei_json *json, json_t *parent, const char *key, bool value);
void sei_json_null(sei_json *json, json_t *parent, const char *key);
void sei_json_time(sei_json *json, json_t *parent, const char *key, int64_t time_us,
                   int64_t offset_us);

/* Writes folder/name and frees the document whatever the outcome. */
SEI_CHECKED sei_status sei_json_save(sei_ctx *ctx, sei_json *json, const char *folder,
                                     const char *name);

#endif
