/* profile.c - layouts of the own record, read from JSON */
#include <jansson.h>
#include <string.h>

#include "msg/msg.h"

static sei_status read_whole(sei_ctx *ctx, const json_t *field, const char *key, json_int_t def,
                             json_int_t min, json_int_t max, json_int_t *ret_value)
{
    const json_t *v = json_object_get(field, key);

    if (v && !json_is_integer(v))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "profile field: %s is not a whole number", key);
    const json_int_t value = v ? json_integer_value(v) : def;
    if (value < min || value > max)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "profile field: %s %lld is outside %lld..%lld", key,
                        (long long)value, (long long)min, (long long)max);
    *ret_value = value;
    return SEI_OK;
}

static sei_status read_field(sei_ctx *ctx, const json_t *json, sei_profile_field *f)
{
    const char *channel = json_string_value(json_object_get(json, "channel"));
    json_int_t  bits = 0, decimals = 0, step = 0, offset = 0;

    if (!channel || !channel[0] || strlen(channel) >= sizeof f->channel)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "profile field: channel is missing or too long");
    memcpy(f->channel, channel, strlen(channel) + 1);
    sei_status st = read_whole(ctx, json, "bits", 0, 2, 32, &bits);
    if (st == SEI_OK)
        st = read_whole(ctx, json, "decimals", 0, 0, 6, &decimals);
    if (st == SEI_OK)
        st = read_whole(ctx, json, "step", 1, 1, 1000000, &step);
    if (st == SEI_OK)
        st = read_whole(ctx, json, "offset", 0, -1000000000, 1000000000, &offset);
    f->bits     = (unsigned)bits;
    f->decimals = (unsigned)decimals;
    f->step     = step;
    f->offset   = offset;
    return st;
}

static sei_status read_profile(sei_ctx *ctx, const json_t *json, sei_profile *profile)
{
    const json_t *fields = json_object_get(json, "fields");
    const size_t  n      = json_array_size(fields);
    json_int_t    number = 0;
    sei_status    st     = read_whole(ctx, json, "number", -1, 0, SEI_PROFILES_MAX - 1, &number);

    if (st == SEI_OK && (n == 0 || n > SEI_PROFILE_FIELDS_MAX))
        st = sei_fail(ctx, SEI_E_RANGE, NULL, "profile of %zu fields; 1 to %d are allowed", n,
                      SEI_PROFILE_FIELDS_MAX);
    profile->number = (unsigned)number;
    profile->n      = n;
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = read_field(ctx, json_array_get(fields, i), &profile->fields[i]);
    return st;
}

sei_status sei_profiles_read(sei_ctx *ctx, const char *json, size_t len, sei_profiles *ret_profiles)
{
    json_error_t  error;
    sei_profiles *p    = sei_alloc(ctx, 1, sizeof *p);
    json_t       *root = p ? json_loadb(json, len, JSON_REJECT_DUPLICATES, &error) : NULL;
    sei_status    st   = !p ? SEI_E_NOMEM : SEI_OK;

    if (st == SEI_OK && (!json_is_array(root) || json_array_size(root) > SEI_PROFILES_MAX))
        st = sei_fail(ctx, SEI_E_PARSE, NULL, "profiles are no list of at most %d: %s",
                      SEI_PROFILES_MAX, root ? "" : error.text);
    for (size_t i = 0; st == SEI_OK && i < json_array_size(root); i++) {
        st = read_profile(ctx, json_array_get(root, i), &p->profiles[i]);
        if (st == SEI_OK && sei_profiles_find(p, p->profiles[i].number))
            st = sei_fail(ctx, SEI_E_DUPLICATE, NULL, "profile %u is given twice",
                          p->profiles[i].number);
        p->n++;
    }
    if (st == SEI_OK)
        *ret_profiles = *p;
    json_decref(root);
    sei_release(ctx, p);
    return st;
}
