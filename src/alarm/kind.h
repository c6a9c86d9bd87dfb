/* kind.h - what a kind of alarm does with a live value */
#ifndef SEI_ALARM_KIND_H
#define SEI_ALARM_KIND_H

#include "seiryu/alarm.h"

struct sei_alarm_kind_op {
    /* Whether the value breaches. state holds the newest value before it (has_value) and whether the
     * breach was on (raw). NULL for kinds that no value breaches. */
    bool (*is_breach)(const sei_alarm_rule *rule, const sei_alarm_state *state, int64_t time_us,
                      double value);
    bool needs_threshold;
    bool needs_rate; /* the value before it is read: nothing can be said of a late value alone */
    bool counts_no_data;
};

#endif
