/* senml_json.c - SenML in JSON */
#include <string.h>

#include "msg/json_scan.h"
#include "msg/senml.h"

static sei_status take_text(sei_ctx *ctx, const char *key, const json_t *v, char *out, size_t size,
                            bool *ret_has)
{
    if (!json_is_string(v))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "SenML: %s is not a text", key);
    *ret_has = true;
    return sei_senml_text(ctx, key, json_string_value(v), json_string_length(v), out, size);
}

static sei_status take_number(sei_ctx *ctx, const char *key, const json_t *v, double *out,
                              bool *ret_has)
{
    if (!json_is_number(v))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "SenML: %s is not a number", key);
    *ret_has = true;
    *out     = json_number_value(v);
    return SEI_OK;
}

static sei_status take(sei_ctx *ctx, const char *key, const json_t *v, sei_senml_item *item)
{
    bool has_n = false;
    const struct {
        const char *key;
        double     *out;
        bool       *has;
    } numbers[] = {
        {"bt", &item->bt, &item->has_bt},       {"t", &item->t, &item->has_t},
        {"bv", &item->bv, &item->has_bv},       {"v", &item->v, &item->has_v},
        {"bver", &item->bver, &item->has_bver},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(key, numbers[i].key) == 0)
            return take_number(ctx, key, v, numbers[i].out, numbers[i].has);
    if (strcmp(key, "bn") == 0)
        return take_text(ctx, key, v, item->bn, sizeof item->bn, &item->has_bn);
    if (strcmp(key, "n") == 0)
        return take_text(ctx, key, v, item->n, sizeof item->n, &has_n);
    if (strcmp(key, "bu") == 0)
        return take_text(ctx, key, v, item->bu, sizeof item->bu, &item->has_bu);
    if (strcmp(key, "u") == 0)
        return take_text(ctx, key, v, item->u, sizeof item->u, &item->has_u);
    if (strcmp(key, "vb") == 0) {
        if (!json_is_boolean(v))
            return sei_fail(ctx, SEI_E_TYPE, NULL, "SenML: vb is neither true nor false");
        item->has_vb = true;
        item->vb     = json_is_true(v);
        return SEI_OK;
    }
    item->has_other |= strcmp(key, "vs") == 0 || strcmp(key, "vd") == 0 || strcmp(key, "s") == 0;
    if (key[0] && key[strlen(key) - 1] == '_') /* section 4.4: such a field must be understood */
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL, "SenML: field %.20s is not known", key);
    return SEI_OK;
}

sei_status sei_msg_read_senml_json(const char *json, size_t len, int64_t now_us, sei_msg *msg)
{
    json_t    *root = NULL;
    sei_senml  senml;
    sei_status st = sei_json_load(msg->ctx, json, len, &root);

    sei_senml_init(&senml, now_us, msg);
    if (st == SEI_OK && !json_is_array(root))
        st = sei_fail(msg->ctx, SEI_E_TYPE, NULL, "SenML: the pack is not a list");
    for (size_t i = 0; st == SEI_OK && i < json_array_size(root); i++) {
        json_t        *object = json_array_get(root, i), *v;
        const char    *key;
        sei_senml_item item = {0};
        if (!json_is_object(object))
            st = sei_fail(msg->ctx, SEI_E_TYPE, NULL, "SenML: record %zu is not an object", i);
        json_object_foreach(object, key, v)
        {
            if (st == SEI_OK)
                st = take(msg->ctx, key, v, &item);
        }
        if (st == SEI_OK)
            st = sei_senml_item_add(&senml, &item);
    }
    json_decref(root);
    return st;
}
