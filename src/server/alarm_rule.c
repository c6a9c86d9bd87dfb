/* alarm_rule.c - reads the rule of an alarm from JSON */
#include "server/alarm_rule.h"

#include <string.h>

#include "base/clock.h"

enum { HOUR_S = 60 * 60, DAY_S = 24 * HOUR_S };

/* Keys of whole seconds, with what holds when they are not given. */
static const struct {
    const char *key;
    size_t      at;
    int64_t     def_s;
} times[] = {
    {"on_delay_s", offsetof(sei_alarm_rule, on_delay_us), 0},
    {"off_delay_s", offsetof(sei_alarm_rule, off_delay_us), 0},
    {"no_data_s", offsetof(sei_alarm_rule, no_data_us), 0},
    {"max_gap_s", offsetof(sei_alarm_rule, max_gap_us), 0},
    {"live_s", offsetof(sei_alarm_rule, live_us), 1800},
    {"future_s", offsetof(sei_alarm_rule, future_us), 300},
    {"shelf_max_s", offsetof(sei_alarm_rule, shelf_max_us), DAY_S},
};
enum { N_TIMES = sizeof times / sizeof times[0], TIME_MAX_S = 366 * DAY_S };

static sei_status read_time(sei_ctx *ctx, const json_t *value, const char *key, int64_t def_s,
                            int64_t *ret_us)
{
    const json_int_t s = value ? json_integer_value(value) : def_s;

    if (value && !json_is_integer(value))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "%s is no whole number of seconds", key);
    if (s < 0 || s > TIME_MAX_S)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "%s %lld is outside 0..%d", key, (long long)s,
                        TIME_MAX_S);
    *ret_us = s * SEI_US_PER_S;
    return SEI_OK;
}

static sei_status read_number(sei_ctx *ctx, const json_t *json, const char *key, double *ret_value)
{
    const json_t *value = json_object_get(json, key);

    if (value && !json_is_number(value))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "%s is no number", key);
    *ret_value = json_number_value(value);
    return SEI_OK;
}

static sei_status read_flag(sei_ctx *ctx, const json_t *json, const char *key, bool *ret_value)
{
    const json_t *value = json_object_get(json, key);

    if (value && !json_is_boolean(value))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "%s is neither true nor false", key);
    *ret_value = json_is_true(value);
    return SEI_OK;
}

static sei_status read_targets(sei_ctx *ctx, const json_t *json, sei_alarm_setting *s)
{
    const json_t *list = json_object_get(json, "notify");

    if (list && (!json_is_array(list) || json_array_size(list) > SEI_ALARM_TARGETS_MAX))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "notify is no list of at most %d targets",
                        SEI_ALARM_TARGETS_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_int_t id = json_integer_value(json_array_get(list, i));
        if (id < 1)
            return sei_fail(ctx, SEI_E_TYPE, NULL, "notify: item %zu is no target", i + 1);
        s->targets[s->n_targets++] = id;
    }
    return SEI_OK;
}

static sei_status read_steps(sei_ctx *ctx, const json_t *json, sei_alarm_rule *rule)
{
    const json_t *list = json_object_get(json, "steps");

    if (list && (!json_is_array(list) || json_array_size(list) > SEI_ALARM_STEPS_MAX))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "steps is no list of at most %d steps",
                        SEI_ALARM_STEPS_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t    *step   = json_array_get(list, i);
        const json_int_t target = json_integer_value(json_object_get(step, "target"));
        const sei_status st     = read_time(ctx, json_object_get(step, "after_s"), "after_s", 0,
                                            &rule->steps[rule->n_steps].after_us);
        if (st != SEI_OK)
            return st;
        if (target < 1 || target > UINT32_MAX)
            return sei_fail(ctx, SEI_E_TYPE, NULL, "steps: item %zu has no target", i + 1);
        rule->steps[rule->n_steps++].target = (unsigned)target;
    }
    return SEI_OK;
}

static bool is_known(const char *key)
{
    static const char *const others[] = {"threshold", "deadband", "latching",
                                         "storm",     "notify",   "steps"};

    for (size_t i = 0; i < N_TIMES; i++)
        if (strcmp(times[i].key, key) == 0)
            return true;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i], key) == 0)
            return true;
    return false;
}

static sei_status check_keys(sei_ctx *ctx, const json_t *json)
{
    const char *key;
    json_t     *value;

    if (!json_is_object(json))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "rule is no JSON object");
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        if (!is_known(key))
            return sei_fail(ctx, SEI_E_KEY, NULL, "rule: unknown key \"%.40s\"", key);
    }
    return SEI_OK;
}

static sei_status read_rule(sei_ctx *ctx, const json_t *json, sei_alarm_rule *rule)
{
    sei_status st = read_number(ctx, json, "threshold", &rule->threshold);

    if (st == SEI_OK)
        st = read_number(ctx, json, "deadband", &rule->deadband);
    if (st == SEI_OK)
        st = read_flag(ctx, json, "latching", &rule->latching);
    if (st == SEI_OK)
        st = read_flag(ctx, json, "storm", &rule->storm);
    for (size_t i = 0; i < N_TIMES && st == SEI_OK; i++)
        st = read_time(ctx, json_object_get(json, times[i].key), times[i].key, times[i].def_s,
                       (int64_t *)(void *)((char *)rule + times[i].at));
    return st == SEI_OK ? read_steps(ctx, json, rule) : st;
}

sei_status sei_alarm_setting_read(sei_ctx *ctx, const json_t *json, const char *kind,
                                  int64_t priority, sei_alarm_setting *ret_setting)
{
    sei_alarm_setting s  = {.rule = {.kind     = sei_alarm_kind_find(kind),
                                     .priority = priority > 0 ? (unsigned)priority : 0}};
    sei_status        st = check_keys(ctx, json);

    if (st == SEI_OK && !s.rule.kind)
        return sei_fail(ctx, SEI_E_KEY, NULL, "there is no alarm of kind \"%.40s\"", kind);
    if (st == SEI_OK)
        st = read_rule(ctx, json, &s.rule);
    if (st == SEI_OK && s.rule.kind->threshold[0] && !json_object_get(json, "threshold"))
        st = sei_fail(ctx, SEI_E_MISSING, NULL, "rule: threshold is missing");
    if (st == SEI_OK)
        st = read_targets(ctx, json, &s);
    if (st == SEI_OK && strcmp(s.rule.kind->threshold, "value/s") == 0) {
        s.rule.threshold /= HOUR_S;
        s.rule.deadband /= HOUR_S;
    }
    if (st == SEI_OK)
        st = sei_alarm_rule_check(ctx, &s.rule);
    if (st == SEI_OK)
        *ret_setting = s;
    return st;
}
