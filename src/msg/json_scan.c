/* json_scan.c - loading JSON, paths into it, base64, flat objects */
#include "msg/json_scan.h"

#include <sodium.h>
#include <string.h>

sei_status sei_json_load(sei_ctx *ctx, const char *json, size_t len, json_t **ret_root)
{
    json_error_t error;

    if (len > SEI_MSG_BYTES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "%zu bytes of JSON", len);
    json_t *root = json_loadb(json, len, JSON_DECODE_ANY, &error);
    if (!root)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "JSON line %d column %d: %s", error.line,
                        error.column, error.text);
    *ret_root = root;
    return SEI_OK;
}

const json_t *sei_json_at(const json_t *root, const char *path)
{
    while (root && *path) {
        const char  *dot = strchr(path, '.');
        const size_t len = dot ? (size_t)(dot - path) : strlen(path);
        char         key[64];
        if (len >= sizeof key)
            return NULL;
        memcpy(key, path, len);
        key[len] = '\0';
        root     = json_object_get(root, key);
        path += dot ? len + 1 : len;
    }
    return root;
}

const char *sei_json_text_at(const json_t *root, const char *path)
{
    const char *text = json_string_value(sei_json_at(root, path));

    return text ? text : "";
}

sei_status sei_json_bytes(sei_ctx *ctx, const char *base64, uint8_t *out, size_t size,
                          size_t *ret_len)
{
    const size_t len = strlen(base64);

    if (sodium_base642bin(out, size, base64, len, NULL, ret_len, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "payload is no base64 of at most %zu bytes", size);
    return SEI_OK;
}

static sei_status flatten(const json_t *object, const char *prefix, int depth, int64_t time_us,
                          sei_msg *msg)
{
    const char *key;
    json_t     *v;
    sei_status  st = SEI_OK;

    json_object_foreach((json_t *)(uintptr_t)object, key, v)
    {
        char      name[SEI_MSG_NAME_MAX];
        const int n = snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] ? "_" : "", key);
        if (n < 1 || n >= (int)sizeof name) {
            msg->n_skipped++;
            continue;
        }
        if (json_is_number(v))
            st = sei_msg_add(msg, name, (size_t)n, NULL, time_us, json_number_value(v),
                             SEI_MSG_VALUE);
        else if (json_is_boolean(v))
            st = sei_msg_add(msg, name, (size_t)n, NULL, time_us, json_is_true(v) ? 1.0 : 0.0,
                             SEI_MSG_VALUE);
        else if (json_is_null(v))
            st = sei_msg_add(msg, name, (size_t)n, NULL, time_us, 0.0, SEI_MSG_MISSING);
        else if (json_is_object(v) && depth < 4)
            st = flatten(v, name, depth + 1, time_us, msg);
        else
            msg->n_skipped++;
        if (st != SEI_OK)
            return st;
    }
    return SEI_OK;
}

sei_status sei_json_flatten(const json_t *object, int64_t time_us, sei_msg *msg)
{
    const sei_status st = sei_msg_begin(msg, false, 0, 0);

    return st == SEI_OK ? flatten(object, "", 0, time_us, msg) : st;
}
