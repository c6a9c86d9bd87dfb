/* rule.c - whether an alarm's numbers fit together */
#include <math.h>

#include "alarm/kind.h"

static sei_status check_time(sei_ctx *ctx, const sei_alarm_rule *rule, const char *field,
                             int64_t us)
{
    if (us >= 0 && us <= SEI_ALARM_TIME_MAX_US)
        return SEI_OK;
    return sei_fail(ctx, SEI_E_RANGE, NULL, "alarm %s: %s = %lld us is no length of time",
                    rule->kind->key, field, (long long)us);
}

static sei_status check_times(sei_ctx *ctx, const sei_alarm_rule *rule)
{
    const struct {
        const char *field;
        int64_t     us;
    } rows[] = {
        {"on_delay", rule->on_delay_us},   {"off_delay", rule->off_delay_us},
        {"no_data", rule->no_data_us},     {"max_gap", rule->max_gap_us},
        {"live", rule->live_us},           {"future", rule->future_us},
        {"shelf_max", rule->shelf_max_us},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sei_status st = check_time(ctx, rule, rows[i].field, rows[i].us);
        if (st != SEI_OK)
            return st;
    }
    if (rule->live_us == 0)
        return sei_fail(ctx, SEI_E_MISSING, NULL,
                        "alarm %s: live = 0: no record would ever be live", rule->kind->key);
    return SEI_OK;
}

static sei_status check_steps(sei_ctx *ctx, const sei_alarm_rule *rule)
{
    int64_t last = 0;

    if (rule->n_steps > SEI_ALARM_STEPS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "alarm %s: %zu escalation steps, at most %d",
                        rule->kind->key, rule->n_steps, SEI_ALARM_STEPS_MAX);
    for (size_t i = 0; i < rule->n_steps; i++) {
        const sei_status st = check_time(ctx, rule, "escalation", rule->steps[i].after_us);
        if (st != SEI_OK)
            return st;
        if (rule->steps[i].after_us <= last)
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "alarm %s: escalation step %zu is not after the one before it",
                            rule->kind->key, i + 1);
        last = rule->steps[i].after_us;
    }
    return SEI_OK;
}

static sei_status check_no_data(sei_ctx *ctx, const sei_alarm_rule *rule)
{
    if (!rule->kind->op->counts_no_data)
        return SEI_OK;
    if (rule->no_data_us == 0)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "alarm no-data: no_data has to be given");
    if (rule->on_delay_us > 0)
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "alarm no-data: on_delay is not used: lengthen no_data instead");
    if (rule->live_us >= rule->no_data_us) /* a value could be live and too old at once */
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "alarm no-data: live = %lld us has to be less than no_data",
                        (long long)rule->live_us);
    return SEI_OK;
}

sei_status sei_alarm_rule_check(sei_ctx *ctx, const sei_alarm_rule *rule)
{
    if (!rule->kind)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "an alarm without a kind");
    if (rule->kind->op->needs_threshold && !isfinite(rule->threshold))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "alarm %s: the threshold is no number",
                        rule->kind->key);
    if (!(rule->deadband >= 0.0) || !isfinite(rule->deadband))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "alarm %s: deadband = %g is negative or no number",
                        rule->kind->key, rule->deadband);
    if (rule->priority < 1 || rule->priority > 4)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "alarm %s: priority = %u is outside 1..4",
                        rule->kind->key, rule->priority);
    sei_status st = check_times(ctx, rule);
    if (st == SEI_OK)
        st = check_steps(ctx, rule);
    return st == SEI_OK ? check_no_data(ctx, rule) : st;
}
