/* state.c - the state of an alarm as one line of JSON, and back to the last bit */
#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "seiryu/alarm.h"

typedef enum { FLAG, TIME, STEP, VALUE } field_kind;

/* What the line holds besides "v" and "stand", in its order. */
static const struct {
    const char *key;
    field_kind  kind;
    size_t      at;
} fields[] = {
    {"breached", FLAG, offsetof(sei_alarm_state, breached)},
    {"raw", FLAG, offsetof(sei_alarm_state, raw)},
    {"latched", FLAG, offsetof(sei_alarm_state, latched)},
    {"has_record", FLAG, offsetof(sei_alarm_state, has_record)},
    {"has_value", FLAG, offsetof(sei_alarm_state, has_value)},
    {"step", STEP, offsetof(sei_alarm_state, step)},
    {"start", TIME, offsetof(sei_alarm_state, start_us)},
    {"raw_since", TIME, offsetof(sei_alarm_state, raw_since_us)},
    {"record", TIME, offsetof(sei_alarm_state, record_us)},
    {"value_time", TIME, offsetof(sei_alarm_state, value_us)},
    {"activated", TIME, offsetof(sei_alarm_state, activated_us)},
    {"event", TIME, offsetof(sei_alarm_state, event_us)},
    {"shelved_until", TIME, offsetof(sei_alarm_state, shelved_until_us)},
    {"value", VALUE, offsetof(sei_alarm_state, value)},
};

enum { N_FIELDS = sizeof fields / sizeof fields[0], VERSION = 1 };

static int put_field(size_t i, const sei_alarm_state *s, char *out, size_t size)
{
    const char *from = (const char *)s + fields[i].at;
    char        number[SEI_NUMBER_MAX];
    bool        flag;
    int64_t     time;
    unsigned    step;
    double      value;

    switch (fields[i].kind) {
    case FLAG:
        memcpy(&flag, from, sizeof flag);
        return snprintf(out, size, ",\"%s\":%s", fields[i].key, flag ? "true" : "false");
    case TIME:
        memcpy(&time, from, sizeof time);
        return snprintf(out, size, ",\"%s\":%lld", fields[i].key, (long long)time);
    case STEP:
        memcpy(&step, from, sizeof step);
        return snprintf(out, size, ",\"%s\":%u", fields[i].key, step);
    default:
        memcpy(&value, from, sizeof value);
        sei_format_double(number, value + 0.0, 0); /* a negative zero would come back an integer */
        return snprintf(out, size, ",\"%s\":%s", fields[i].key, number);
    }
}

size_t sei_alarm_state_write(const sei_alarm_state *state, char out[SEI_ALARM_JSON_MAX])
{
    size_t n = (size_t)snprintf(out, SEI_ALARM_JSON_MAX, "{\"v\":%d,\"stand\":\"%s\"", VERSION,
                                sei_alarm_stand_name(state->stand));

    for (size_t i = 0; i < N_FIELDS; i++)
        n += (size_t)put_field(i, state, out + n, SEI_ALARM_JSON_MAX - n);
    return n + (size_t)snprintf(out + n, SEI_ALARM_JSON_MAX - n, "}");
}

static sei_status fail_field(sei_ctx *ctx, sei_status status, const char *key)
{
    return sei_fail(ctx, status, NULL, "state of an alarm: \"%s\" is missing or not as written",
                    key);
}

static sei_status read_field(sei_ctx *ctx, size_t i, const json_t *given, sei_alarm_state *s)
{
    char *const      to = (char *)s + fields[i].at;
    const json_int_t n  = json_integer_value(given);

    if (fields[i].kind == FLAG) {
        if (!json_is_boolean(given))
            return fail_field(ctx, SEI_E_TYPE, fields[i].key);
        const bool flag = json_is_true(given);
        memcpy(to, &flag, sizeof flag);
        return SEI_OK;
    }
    if (fields[i].kind == VALUE) {
        const double value = json_number_value(given);
        if (!json_is_number(given))
            return fail_field(ctx, SEI_E_TYPE, fields[i].key);
        if (!isfinite(value))
            return fail_field(ctx, SEI_E_RANGE, fields[i].key);
        memcpy(to, &value, sizeof value);
        return SEI_OK;
    }
    if (!json_is_integer(given))
        return fail_field(ctx, SEI_E_TYPE, fields[i].key);
    if (fields[i].kind == STEP) {
        if (n < 0 || n > SEI_ALARM_STEPS_MAX)
            return fail_field(ctx, SEI_E_RANGE, fields[i].key);
        const unsigned step = (unsigned)n;
        memcpy(to, &step, sizeof step);
        return SEI_OK;
    }
    if (n < -SEI_ALARM_TIME_MAX_US || n > SEI_ALARM_TIME_MAX_US)
        return fail_field(ctx, SEI_E_RANGE, fields[i].key);
    const int64_t time = n;
    memcpy(to, &time, sizeof time);
    return SEI_OK;
}

static bool find_stand(const char *name, sei_alarm_stand *ret_stand)
{
    for (unsigned i = 0; name && i < SEI_ALARM_N_STATES; i++)
        if (strcmp(name, sei_alarm_stand_name((sei_alarm_stand)i)) == 0) {
            *ret_stand = (sei_alarm_stand)i;
            return true;
        }
    return false;
}

static sei_status read_object(sei_ctx *ctx, const json_t *root, sei_alarm_state *ret_state)
{
    sei_alarm_state s = {0};

    if (!json_is_object(root))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "state of an alarm: no JSON object");
    if (json_integer_value(json_object_get(root, "v")) != VERSION)
        return fail_field(ctx, SEI_E_RANGE, "v");
    if (!find_stand(json_string_value(json_object_get(root, "stand")), &s.stand))
        return fail_field(ctx, SEI_E_RANGE, "stand");
    if (json_object_size(root) != N_FIELDS + 2)
        return sei_fail(ctx, SEI_E_KEY, NULL, "state of an alarm: %zu keys, expected %d",
                        json_object_size(root), N_FIELDS + 2);
    for (size_t i = 0; i < N_FIELDS; i++) {
        const sei_status st = read_field(ctx, i, json_object_get(root, fields[i].key), &s);
        if (st != SEI_OK)
            return st;
    }
    *ret_state = s;
    return SEI_OK;
}

sei_status sei_alarm_state_read(sei_ctx *ctx, const char *json, size_t len,
                                sei_alarm_state *ret_state)
{
    json_error_t error;

    if (len >= SEI_ALARM_JSON_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "state of an alarm: %zu bytes, at most %d", len,
                        SEI_ALARM_JSON_MAX - 1);
    json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "state of an alarm: %s", error.text);
    const sei_status st = read_object(ctx, root, ret_state);
    json_decref(root);
    return st;
}
