/*
 * alarm.c - an alarm in time: records, delays, no data, escalation, shelving
 *
 * Everything that falls due is found by settle(), in the order in which it is due, whether a record, a tick or an
 * operator asks. That is why the outcome does not depend on how often the clock is read.
 */
#include "seiryu/alarm.h"

#include <math.h>
#include <string.h>

#include "alarm/kind.h"

#define NEVER INT64_MAX

typedef struct {
    sei_alarm_event *event;
    size_t           n;
} event_list;

static int64_t clamp(int64_t time_us)
{
    return time_us > SEI_ALARM_TIME_MAX_US    ? SEI_ALARM_TIME_MAX_US
           : time_us < -SEI_ALARM_TIME_MAX_US ? -SEI_ALARM_TIME_MAX_US
                                              : time_us;
}

sei_alarm_state sei_alarm_start(int64_t now_us)
{
    const int64_t now = clamp(now_us);

    return (sei_alarm_state){.start_us = now, .event_us = now};
}

static void put(event_list *list, sei_alarm_event event)
{
    if (list->n < SEI_ALARM_EVENTS_MAX)
        list->event[list->n++] = event;
}

/* ------------------------------------------------------------------ from stand to stand */

static bool is_hidden(sei_alarm_stand stand)
{
    return stand == SEI_ALARM_SHELVED || stand == SEI_ALARM_SUPPRESSED ||
           stand == SEI_ALARM_OUT_OF_SERVICE;
}

/* An action that the table knows here. */
static void move(sei_alarm_state *s, sei_alarm_action action, int64_t due_us, event_list *list)
{
    const sei_alarm_stand from = s->stand;
    const sei_alarm_stand to   = sei_alarm_next(from, action, s->breached, s->latched);

    if (due_us > s->event_us)
        s->event_us = due_us;
    if (to == SEI_ALARM_UNACK) {
        s->activated_us = s->event_us;
        s->step         = 0;
    }
    s->stand = to;
    put(list, (sei_alarm_event){.kind      = SEI_ALARM_MOVED,
                                .time_us   = s->event_us,
                                .action    = action,
                                .from      = from,
                                .to        = to,
                                .silent    = is_hidden(from) && from == to,
                                .has_value = s->has_value,
                                .value     = s->value});
}

/* ------------------------------------------------------------------ what is due */

static int64_t delay_due(const sei_alarm_rule *rule, const sei_alarm_state *s)
{
    if (rule->kind->op->counts_no_data && !s->raw)
        return s->breached ? s->raw_since_us + rule->off_delay_us
                           : (s->has_value ? s->value_us : s->start_us) + rule->no_data_us;
    if (s->raw == s->breached)
        return NEVER;
    return s->raw_since_us + (s->raw ? rule->on_delay_us : rule->off_delay_us);
}

static int64_t shelf_due(const sei_alarm_state *s)
{
    return s->stand == SEI_ALARM_SHELVED ? s->shelved_until_us : NEVER;
}

static int64_t step_due(const sei_alarm_rule *rule, const sei_alarm_state *s)
{
    const bool open = s->stand == SEI_ALARM_UNACK || s->stand == SEI_ALARM_LATCH_UNACK;

    return open && s->step < rule->n_steps ? s->activated_us + rule->steps[s->step].after_us
                                           : NEVER;
}

static void settle_delay(const sei_alarm_rule *rule, sei_alarm_state *s, int64_t due_us,
                         event_list *list)
{
    s->breached = !s->breached;
    if (rule->kind->op->counts_no_data)
        s->raw = s->breached;
    if (s->breached && rule->latching)
        s->latched = true;
    const sei_alarm_action action = s->breached ? SEI_ALARM_ACTIVATE : SEI_ALARM_CLEAR;
    /* after a return from shelving that found no breach, the end of one is no news */
    if (sei_alarm_next(s->stand, action, s->breached, s->latched) != SEI_ALARM_N_STATES)
        move(s, action, due_us, list);
}

static void settle_step(const sei_alarm_rule *rule, sei_alarm_state *s, int64_t due_us,
                        event_list *list)
{
    if (due_us > s->event_us)
        s->event_us = due_us;
    put(list, (sei_alarm_event){.kind      = SEI_ALARM_ESCALATE,
                                .time_us   = s->event_us,
                                .from      = s->stand,
                                .to        = s->stand,
                                .step      = s->step,
                                .target    = rule->steps[s->step].target,
                                .has_value = s->has_value,
                                .value     = s->value});
    s->step++;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t sei_alarm_next_due_us(const sei_alarm_rule *rule, const sei_alarm_state *state)
{
    return least(least(delay_due(rule, state), shelf_due(state)), step_due(rule, state));
}

/* All that is due by now_us, in its order; at the same instant the condition goes first, escalation last. */
static void settle(const sei_alarm_rule *rule, sei_alarm_state *s, int64_t now_us, event_list *list)
{
    for (;;) {
        const int64_t delay = delay_due(rule, s), shelf = shelf_due(s), step = step_due(rule, s);
        const int64_t due = least(least(delay, shelf), step);
        if (due == NEVER || due > now_us)
            return;
        if (delay == due)
            settle_delay(rule, s, due, list);
        else if (shelf == due)
            move(s, SEI_ALARM_UNSHELVE, due, list);
        else
            settle_step(rule, s, due, list);
    }
}

/* ------------------------------------------------------------------ records and the clock */

static sei_alarm_arrival arrival_of(const sei_alarm_rule *rule, const sei_alarm_state *s,
                                    int64_t time_us, int64_t arrived_us)
{
    if (time_us - arrived_us > rule->future_us)
        return SEI_ALARM_FUTURE;
    if (s->has_record && time_us == s->record_us)
        return SEI_ALARM_REPEATED;
    if ((s->has_record && time_us < s->record_us) || arrived_us - time_us > rule->live_us)
        return SEI_ALARM_LATE;
    return SEI_ALARM_LIVE;
}

/* By the threshold alone: what a late value would have been worth. */
static bool was_breach(const sei_alarm_rule *rule, int64_t time_us, double value)
{
    const struct sei_alarm_kind_op *op    = rule->kind->op;
    const sei_alarm_state           blank = {0};

    return op->is_breach && !op->needs_rate && op->is_breach(rule, &blank, time_us, value);
}

static void take_value(const sei_alarm_rule *rule, sei_alarm_state *s, int64_t time_us,
                       double value)
{
    const struct sei_alarm_kind_op *op  = rule->kind->op;
    const bool                      raw = op->is_breach && op->is_breach(rule, s, time_us, value);

    if (raw != s->raw) {
        s->raw          = raw;
        s->raw_since_us = time_us;
    }
    s->has_value = true;
    s->value     = value;
    s->value_us  = time_us;
}

size_t sei_alarm_record_in(const sei_alarm_rule *rule, sei_alarm_state *state,
                           const sei_alarm_record *record,
                           sei_alarm_event         ret_events[SEI_ALARM_EVENTS_MAX],
                           sei_alarm_arrival      *ret_arrival)
{
    event_list              list      = {ret_events, 0};
    const int64_t           time_us   = clamp(record->time_us);
    const bool              has_value = record->has_value && isfinite(record->value);
    const sei_alarm_arrival arrival   = arrival_of(rule, state, time_us, clamp(record->arrived_us));
    const sei_alarm_event   told      = {.kind      = SEI_ALARM_PAST,
                                         .time_us   = time_us,
                                         .from      = state->stand,
                                         .to        = state->stand,
                                         .silent    = true,
                                         .has_value = has_value,
                                         .value     = has_value ? record->value : 0.0};

    if (ret_arrival)
        *ret_arrival = arrival;
    if (arrival == SEI_ALARM_FUTURE) {
        put(&list, told);
        list.event[0].kind = SEI_ALARM_CLOCK;
    } else if (arrival == SEI_ALARM_LATE) {
        if (has_value && was_breach(rule, time_us, record->value))
            put(&list, told);
    } else if (arrival == SEI_ALARM_LIVE) {
        settle(rule, state, time_us, &list);
        state->has_record = true;
        state->record_us  = time_us;
        if (has_value)
            take_value(rule, state, time_us, record->value);
        settle(rule, state, time_us, &list);
    }
    return list.n;
}

size_t sei_alarm_tick(const sei_alarm_rule *rule, sei_alarm_state *state, int64_t now_us,
                      sei_alarm_event ret_events[SEI_ALARM_EVENTS_MAX])
{
    event_list list = {ret_events, 0};

    settle(rule, state, clamp(now_us), &list);
    return list.n;
}

/* ------------------------------------------------------------------ people */

static sei_status check_shelving(sei_ctx *ctx, const sei_alarm_rule *rule, int64_t now_us,
                                 int64_t until_us)
{
    if (rule->shelf_max_us <= 0)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "this alarm cannot be shelved");
    if (until_us <= now_us)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "the shelving would end before it begins");
    if (until_us - now_us > rule->shelf_max_us)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "a shelving of %lld s is longer than %lld s",
                        (long long)((until_us - now_us) / 1000000),
                        (long long)(rule->shelf_max_us / 1000000));
    return SEI_OK;
}

sei_status sei_alarm_operate(sei_ctx *ctx, const sei_alarm_rule *rule, sei_alarm_state *state,
                             sei_alarm_action action, int64_t now_us, int64_t until_us,
                             sei_alarm_event ret_events[SEI_ALARM_EVENTS_MAX], size_t *ret_n)
{
    event_list    list = {ret_events, 0};
    const int64_t now = clamp(now_us), until = clamp(until_us);

    settle(rule, state, now, &list);
    *ret_n = list.n;
    if (action == SEI_ALARM_ACTIVATE || action == SEI_ALARM_CLEAR ||
        sei_alarm_next(state->stand, action, state->breached, state->latched) == SEI_ALARM_N_STATES)
        return sei_fail(ctx, SEI_E_ARG, NULL, "%s means nothing while the alarm is %s",
                        sei_alarm_action_name(action), sei_alarm_stand_name(state->stand));
    if (action == SEI_ALARM_SHELVE) {
        const sei_status st = check_shelving(ctx, rule, now, until);
        if (st != SEI_OK)
            return st;
        state->shelved_until_us = until;
    }
    if (action == SEI_ALARM_RESET)
        state->latched = false;
    move(state, action, now, &list);
    *ret_n = list.n;
    return SEI_OK;
}

/* ------------------------------------------------------------------ storm mode */

sei_storm_change sei_storm_update(const sei_storm_rule *rule, sei_storm_state *state, bool wanted,
                                  bool battery_low, int64_t now_us)
{
    const bool    was = state->on;
    const int64_t now = clamp(now_us);

    if (wanted) {
        state->has_seen = true;
        state->seen_us  = now;
    }
    state->on = !battery_low && state->has_seen && (wanted || now - state->seen_us < rule->hold_us);
    if (state->on == was)
        return SEI_STORM_SAME;
    return state->on ? SEI_STORM_BEGIN : SEI_STORM_END;
}
