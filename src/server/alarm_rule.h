/* alarm_rule.h - the rule of an alarm as the API and the store write it, in seconds and the channel's unit */
#ifndef SEI_SERVER_ALARM_RULE_H
#define SEI_SERVER_ALARM_RULE_H

#include <jansson.h>

#include "seiryu/alarm.h"

enum { SEI_ALARM_TARGETS_MAX = 8 };

/* A rule, and whom to tell when it is announced or over. Steps of the rule hold ids of targets. */
typedef struct {
    sei_alarm_rule rule;
    size_t         n_targets;
    int64_t        targets[SEI_ALARM_TARGETS_MAX];
} sei_alarm_setting;

/* {"threshold": 5.8, "deadband": 0.1, "on_delay_s": 600, …, "notify": [3], "steps": [{"after_s": 900, "target": 4}]};
 * thresholds of rates are per hour. E_KEY, E_TYPE, E_RANGE, E_MISSING with the key named. */
SEI_CHECKED sei_status sei_alarm_setting_read(sei_ctx *ctx, const json_t *json, const char *kind,
                                              int64_t priority, sei_alarm_setting *ret_setting);

#endif
