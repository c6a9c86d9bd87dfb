/* kind.c - the kinds of alarm */
#include "alarm/kind.h"

#include <string.h>

#include "base/clock.h"

static bool is_high(const sei_alarm_rule *rule, const sei_alarm_state *state, int64_t time_us,
                    double value)
{
    (void)time_us;
    return value > (state->raw ? rule->threshold - rule->deadband : rule->threshold);
}

static bool is_low(const sei_alarm_rule *rule, const sei_alarm_state *state, int64_t time_us,
                   double value)
{
    (void)time_us;
    return value < (state->raw ? rule->threshold + rule->deadband : rule->threshold);
}

/* False when there is no value before it, or one from too long ago. */
static bool find_rate(const sei_alarm_rule *rule, const sei_alarm_state *state, int64_t time_us,
                      double value, double *ret_rate)
{
    const int64_t step_us = time_us - state->value_us;

    if (!state->has_value || step_us <= 0 || (rule->max_gap_us > 0 && step_us > rule->max_gap_us))
        return false;
    *ret_rate = (value - state->value) / ((double)step_us / (double)SEI_US_PER_S);
    return true;
}

static bool rises(const sei_alarm_rule *rule, const sei_alarm_state *state, int64_t time_us,
                  double value)
{
    double rate;

    return find_rate(rule, state, time_us, value, &rate) && is_high(rule, state, time_us, rate);
}

static bool falls(const sei_alarm_rule *rule, const sei_alarm_state *state, int64_t time_us,
                  double value)
{
    double rate;

    return find_rate(rule, state, time_us, value, &rate) && is_high(rule, state, time_us, -rate);
}

static const struct sei_alarm_kind_op high = {.is_breach = is_high, .needs_threshold = true};
static const struct sei_alarm_kind_op low  = {.is_breach = is_low, .needs_threshold = true};
static const struct sei_alarm_kind_op up   = {
      .is_breach = rises, .needs_threshold = true, .needs_rate = true};
static const struct sei_alarm_kind_op down = {
    .is_breach = falls, .needs_threshold = true, .needs_rate = true};
static const struct sei_alarm_kind_op silence = {.counts_no_data = true};

/* Sorted by key. hihi and lolo are further rules of the kinds high and low with a priority of their own. */
static const sei_alarm_kind kinds[] = {
    {"battery", "Battery low", "電池電圧低下", "value", &low},
    {"forecast-high", "Forecast above the limit", "予測値の上限超過", "value", &high},
    {"forecast-low", "Forecast below the limit", "予測値の下限超過", "value", &low},
    {"high", "Value above the limit", "上限超過", "value", &high},
    {"low", "Value below the limit", "下限超過", "value", &low},
    {"no-data", "No data", "データ途絶", "", &silence},
    {"rate-down", "Value falls too fast", "急低下", "value/s", &down},
    {"rate-up", "Value rises too fast", "急上昇", "value/s", &up},
};

enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

size_t sei_alarm_kind_count(void)
{
    return N_KINDS;
}

const sei_alarm_kind *sei_alarm_kind_at(size_t i)
{
    return i < N_KINDS ? &kinds[i] : NULL;
}

const sei_alarm_kind *sei_alarm_kind_find(const char *key)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].key, key) == 0)
            return &kinds[i];
    return NULL;
}
