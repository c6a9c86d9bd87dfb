/* result_json.c - filling a JSON document and writing it to a file */
#include "study/result_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

enum { DIGITS = 12 }; /* as in CSV */

void sei_json_init(sei_json *json)
{
    json->root     = json_object();
    json->is_short = json->root == NULL;
}

/* The value belongs to the parent from here; borrowed back, or NULL. */
static json_t *put(sei_json *json, json_t *parent, const char *key, json_t *value)
{
    int bad = -1;

    if (!parent || !value) {
        json->is_short = true;
        json_decref(value);
        return NULL;
    }
    if (key)
        bad = json_object_set_new(parent, key, value);
    else
        bad = json_array_append_new(parent, value);
    json->is_short = json->is_short || bad != 0;
    return bad == 0 ? value : NULL;
}

json_t *sei_json_object(sei_json *json, json_t *parent, const char *key)
{
    return put(json, parent, key, json_object());
}

json_t *sei_json_array(sei_json *json, json_t *parent, const char *key)
{
    return put(json, parent, key, json_array());
}

/* A path or a message may hold bytes that are no UTF-8; JSON cannot: each becomes "?". */
void sei_json_text(sei_json *json, json_t *parent, const char *key, const char *text)
{
    if (!text || sei_utf8_is_valid(text, strlen(text))) {
        put(json, parent, key, text ? json_string(text) : json_null());
        return;
    }
    char *copy = malloc(strlen(text) + 1);
    if (!copy) {
        json->is_short = true;
        return;
    }
    memcpy(copy, text, strlen(text) + 1);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    put(json, parent, key, json_string(copy));
    free(copy);
}

void sei_json_number(sei_json *json, json_t *parent, const char *key, double value)
{
    put(json, parent, key, isfinite(value) ? json_real(value) : json_null());
}

void sei_json_count(sei_json *json, json_t *parent, const char *key, size_t value)
{
    put(json, parent, key, json_integer((json_int_t)value));
}

void sei_json_bool(sei_json *json, json_t *parent, const char *key, bool value)
{
    put(json, parent, key, json_boolean(value));
}

void sei_json_null(sei_json *json, json_t *parent, const char *key)
{
    put(json, parent, key, json_null());
}

void sei_json_time(sei_json *json, json_t *parent, const char *key, int64_t time_us,
                   int64_t offset_us)
{
    char text[SEI_TIME_MAX];

    sei_format_time(text, time_us, offset_us);
    sei_json_text(json, parent, key, text);
}

/* Keys stay in the order of filling, so that the same input gives the same bytes. */
sei_status sei_json_save(sei_ctx *ctx, sei_json *json, const char *folder, const char *name)
{
    const size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS);
    char        *path  = sei_path_join(ctx, folder, name);
    sei_status   st    = SEI_E_NOMEM;
    char        *text  = json->is_short ? NULL : json_dumps(json->root, flags);

    if (text && path)
        st = sei_file_write(ctx, path, text, strlen(text));
    else
        st = sei_fail(ctx, SEI_E_NOMEM, NULL, "out of memory while writing %s", name);
    free(text);
    json_decref(json->root);
    sei_release(ctx, path);
    return st;
}
