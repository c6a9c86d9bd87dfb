/* rows.c - rows of the store as JSON, and JSON bodies as values for the store */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "server/request.h"

enum { ROWS_MAX = 100000 };

/* ---- out ------------------------------------------------------------------------------------------------ */

static json_t *cell(sei_stmt *stmt, int column, char kind)
{
    if (sei_db_is_null(stmt, column))
        return json_null();
    switch (kind) {
    case 'i': return json_integer(sei_db_int(stmt, column));
    case 'r': return json_real(sei_db_real(stmt, column));
    case 'b': return json_boolean(sei_db_int(stmt, column) != 0);
    case 'j': {
        json_t *json = json_loads(sei_db_text(stmt, column), JSON_DECODE_ANY, NULL);
        return json ? json : json_null();
    }
    default: return json_string(sei_db_text(stmt, column));
    }
}

static json_t *row_object(sei_stmt *stmt, const char *columns)
{
    json_t   *object = json_object();
    sei_slice rest   = sei_slice_of(columns), word;
    int       i      = 0;

    while (object && sei_next_word(&rest, &word)) {
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)word.len - 2, word.at);
        json_object_set_new(object, key, cell(stmt, i++, word.at[word.len - 1]));
    }
    return object;
}

sei_status sei_rows(sei_request *req, const char *columns, const char *sql, size_t n,
                    const sei_bind values[], json_t **ret_array)
{
    sei_stmt  *stmt  = NULL;
    bool       row   = false;
    json_t    *array = json_array();
    sei_status st =
        array ? sei_db_start(sei_store_db(req->store), sql, n, values, &stmt) : SEI_E_NOMEM;

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        if (json_array_size(array) >= ROWS_MAX ||
            json_array_append_new(array, row_object(stmt, columns)) != 0)
            st = sei_fail(req->ctx, SEI_E_TOO_LARGE, NULL, "more than %d rows: ask for less",
                          ROWS_MAX);
    sei_db_finish(stmt);
    if (st != SEI_OK)
        json_decref(array);
    else
        *ret_array = array;
    return st;
}

sei_status sei_row(sei_request *req, const char *columns, const char *sql, size_t n,
                   const sei_bind values[], json_t **ret_object)
{
    json_t    *array = NULL;
    sei_status st    = sei_rows(req, columns, sql, n, values, &array);

    if (st != SEI_OK)
        return st;
    if (json_array_size(array) == 0)
        st = sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL, "not found");
    else
        *ret_object = json_incref(json_array_get(array, 0));
    json_decref(array);
    return st;
}

/* ---- in ------------------------------------------------------------------------------------------------- */

static bool is_key(const char *text)
{
    return text[0] && strlen(text) <= 40 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(text);
}

static bool is_among(const char *text, const char *const *words)
{
    while (*words && strcmp(*words, text) != 0)
        words++;
    return *words != NULL;
}

static sei_status bind_text(sei_request *req, const sei_field *f, const json_t *v,
                            sei_bind *ret_bind)
{
    const char *text = json_string_value(v);

    if (!text || strlen(text) != json_string_length(v))
        return sei_fail(req->ctx, SEI_E_TYPE, NULL, "%s is not a text", f->key);
    if ((double)strlen(text) > f->max || (double)strlen(text) < f->min)
        return sei_fail(req->ctx, SEI_E_RANGE, NULL, "%s has %zu bytes; %g to %g are allowed",
                        f->key, strlen(text), f->min, f->max);
    if (f->kind == SEI_FIELD_KEY && !is_key(text))
        return sei_fail(req->ctx, SEI_E_RANGE, NULL,
                        "%s \"%.60s\": use 1 to 40 of a-z, 0-9, - and _", f->key, text);
    if (f->words && !is_among(text, f->words))
        return sei_fail(req->ctx, SEI_E_RANGE, NULL, "%s \"%.60s\" is not one of those allowed",
                        f->key, text);
    *ret_bind = sei_bind_text(text);
    return SEI_OK;
}

static sei_status bind_number(sei_request *req, const sei_field *f, const json_t *v,
                              sei_bind *ret_bind)
{
    const bool whole = f->kind == SEI_FIELD_INT;

    if (whole ? !json_is_integer(v) : !json_is_number(v))
        return whole ? sei_fail(req->ctx, SEI_E_TYPE, NULL, "%s is no whole number", f->key)
                     : sei_fail(req->ctx, SEI_E_TYPE, NULL, "%s is no number", f->key);
    const double value = json_number_value(v);
    if (!(value >= f->min && value <= f->max))
        return sei_fail(req->ctx, SEI_E_RANGE, NULL, "%s %g is outside %g..%g", f->key, value,
                        f->min, f->max);
    *ret_bind = whole ? sei_bind_int(json_integer_value(v)) : sei_bind_real(value);
    return SEI_OK;
}

static sei_status bind_json(sei_request *req, const sei_field *f, const json_t *v,
                            sei_bind *ret_bind, json_t *texts)
{
    char   *text = json_dumps(v, JSON_COMPACT);
    json_t *kept = text ? json_string(text) : NULL;

    free(text);
    if (!kept || json_array_append_new(texts, kept) != 0)
        return sei_fail(req->ctx, SEI_E_NOMEM, NULL, "out of memory");
    if ((double)json_string_length(kept) > f->max)
        return sei_fail(req->ctx, SEI_E_TOO_LARGE, NULL, "%s is too long", f->key);
    *ret_bind = sei_bind_text(json_string_value(kept));
    return SEI_OK;
}

static sei_bind default_of(const sei_field *f)
{
    if (f->is_nullable)
        return sei_bind_null();
    switch (f->kind) {
    case SEI_FIELD_INT:
    case SEI_FIELD_BOOL: return sei_bind_int(0);
    case SEI_FIELD_REAL: return sei_bind_real(0.0);
    case SEI_FIELD_JSON: return sei_bind_text("{}");
    case SEI_FIELD_TEXT:
    case SEI_FIELD_KEY: break;
    }
    return sei_bind_text("");
}

static sei_status bind_field(sei_request *req, const sei_field *f, const json_t *v,
                             sei_bind *ret_bind, json_t *texts)
{
    if (!v && f->is_needed)
        return sei_fail(req->ctx, SEI_E_MISSING, NULL, "%s is missing", f->key);
    if (json_is_null(v) && !f->is_nullable)
        return sei_fail(req->ctx, SEI_E_TYPE, NULL, "%s cannot be null", f->key);
    if (!v || json_is_null(v)) {
        *ret_bind = default_of(f);
        return SEI_OK;
    }
    switch (f->kind) {
    case SEI_FIELD_TEXT:
    case SEI_FIELD_KEY: return bind_text(req, f, v, ret_bind);
    case SEI_FIELD_INT:
    case SEI_FIELD_REAL: return bind_number(req, f, v, ret_bind);
    case SEI_FIELD_JSON: return bind_json(req, f, v, ret_bind, texts);
    case SEI_FIELD_BOOL: break;
    }
    if (!json_is_boolean(v))
        return sei_fail(req->ctx, SEI_E_TYPE, NULL, "%s is neither true nor false", f->key);
    *ret_bind = sei_bind_int(json_is_true(v));
    return SEI_OK;
}

static sei_status refuse_unknown(sei_request *req, size_t n, const sei_field fields[], json_t *body)
{
    const char *key;
    json_t     *v;

    json_object_foreach(body, key, v)
    {
        size_t i = 0;
        while (i < n && strcmp(fields[i].key, key) != 0)
            i++;
        if (i == n)
            return sei_fail(req->ctx, SEI_E_KEY, NULL, "unknown key \"%.60s\"", key);
    }
    return SEI_OK;
}

sei_status sei_fields_bind(sei_request *req, size_t n, const sei_field fields[], json_t *body,
                           sei_bind binds[], json_t **ret_texts)
{
    json_t    *texts = json_array();
    sei_status st    = texts ? refuse_unknown(req, n, fields, body) : SEI_E_NOMEM;

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = bind_field(req, &fields[i], json_object_get(body, fields[i].key), &binds[i], texts);
    if (st != SEI_OK)
        json_decref(texts);
    else
        *ret_texts = texts;
    return st;
}
