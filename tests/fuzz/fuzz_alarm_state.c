/* fuzz_alarm_state.c - hostile bytes as the state of an alarm; what is read is run, written and read again */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/alarm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

static void run(sei_alarm_state s)
{
    sei_alarm_event events[SEI_ALARM_EVENTS_MAX];

    for (size_t k = 0; k < sei_alarm_kind_count(); k++) {
        sei_alarm_state      state = s;
        const sei_alarm_rule rule  = {.kind         = sei_alarm_kind_at(k),
                                      .threshold    = 5.0,
                                      .live_us      = 1000,
                                      .no_data_us   = 2000,
                                      .shelf_max_us = 1000,
                                      .priority     = 1,
                                      .n_steps      = 1,
                                      .steps        = {{.after_us = 10}}};
        require(sei_alarm_tick(&rule, &state, 1000, events) <= SEI_ALARM_EVENTS_MAX);
        require(sei_alarm_record_in(&rule, &state,
                                    &(sei_alarm_record){s.record_us + 1, s.record_us, true, 9.0},
                                    events, NULL) <= SEI_ALARM_EVENTS_MAX);
        for (unsigned a = 0; a < SEI_ALARM_N_ACTIONS; a++) {
            size_t n = 0;
            if (sei_alarm_operate(NULL, &rule, &state, (sei_alarm_action)a, 2000, 2500, events,
                                  &n) != SEI_OK)
                n = 0;
            require(n <= SEI_ALARM_EVENTS_MAX && (unsigned)state.stand < SEI_ALARM_N_STATES);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx        *ctx = sei_ctx_create(NULL);
    sei_alarm_state s, again;
    char            json[SEI_ALARM_JSON_MAX], twice[SEI_ALARM_JSON_MAX];

    require(ctx != NULL);
    if (sei_alarm_state_read(ctx, (const char *)data, size, &s) == SEI_OK) {
        const size_t len = sei_alarm_state_write(&s, json);
        require(sei_alarm_state_read(ctx, json, len, &again) == SEI_OK);
        require(sei_alarm_state_write(&again, twice) == len && memcmp(json, twice, len) == 0);
        run(s);
    }
    sei_ctx_free(ctx);
    return 0;
}
