/*
 * alarm.h - alarms on event time
 *
 * An alarm is a rule (constant) and a state (plain data). Records, the clock and operators move the state; each
 * call returns the events that this caused, with the time at which they became due. Nothing here keeps a clock,
 * allocates or sends: the caller stores state and events in one transaction and then notifies, so that a restart
 * at any moment goes on where it was.
 *
 * What decides is the time of the record, not its arrival. A record is one of
 *   live      newer than every live record before it, and arrived within live_us of its own time
 *   repeated  of the same time as the newest live record: no effect
 *   late      older than the newest live record, or arrived more than live_us after its own time (backfill): it
 *             never moves the alarm; when its value breaches the threshold that is told as SEI_ALARM_PAST
 *   future    more than future_us ahead of the caller's clock: no effect, told as SEI_ALARM_CLOCK
 * So the outcome depends on the live records alone, whatever late and repeated ones come between them and however
 * often the clock is read. Between two live records the older one's value holds: delays run over it, and fall due
 * at the same instants whether sei_alarm_tick comes often or not at all.
 */
#ifndef SEIRYU_ALARM_H
#define SEIRYU_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ states (ISA-18.2, IEC 62682) */

#define SEI_ALARM_STATE_LIST(X)                                    \
    X(NORMAL, "normal", "正常")                                    \
    X(UNACK, "unacknowledged", "発生（未確認）")                   \
    X(ACKED, "acknowledged", "発生（確認済み）")                   \
    X(RTN_UNACK, "returned-unacknowledged", "復帰（未確認）")      \
    X(LATCH_UNACK, "latched-unacknowledged", "復帰待ち（未確認）") \
    X(LATCH_ACKED, "latched-acknowledged", "復帰待ち（確認済み）") \
    X(SHELVED, "shelved", "一時抑止")                              \
    X(SUPPRESSED, "suppressed-by-design", "設計上の抑止")          \
    X(OUT_OF_SERVICE, "out-of-service", "使用停止")

#define SEI_ALARM_ACTION_LIST(X)     \
    X(ACTIVATE, "activate")          \
    X(CLEAR, "clear")                \
    X(ACK, "acknowledge")            \
    X(RESET, "reset")                \
    X(SHELVE, "shelve")              \
    X(UNSHELVE, "unshelve")          \
    X(SUPPRESS, "suppress")          \
    X(UNSUPPRESS, "unsuppress")      \
    X(REMOVE, "remove-from-service") \
    X(RETURN, "return-to-service")

#define SEI_ALARM_ENUM(name, ...) SEI_ALARM_##name,
typedef enum { SEI_ALARM_STATE_LIST(SEI_ALARM_ENUM) SEI_ALARM_N_STATES } sei_alarm_stand;
/* ACTIVATE and CLEAR come from records and the clock; the others from people and programs. */
typedef enum { SEI_ALARM_ACTION_LIST(SEI_ALARM_ENUM) SEI_ALARM_N_ACTIONS } sei_alarm_action;
#undef SEI_ALARM_ENUM

SEI_API const char *sei_alarm_stand_name(sei_alarm_stand stand); /* "unacknowledged" */
SEI_API const char *sei_alarm_stand_name_ja(sei_alarm_stand stand);
SEI_API const char *sei_alarm_action_name(sei_alarm_action action); /* "shelve" */
SEI_API bool        sei_alarm_action_find(const char *name, sei_alarm_action *ret_action);

/* The table itself: where an action leads. breached: the condition holds (after its delays); latched: the rule
 * latches and was active since the last reset. SEI_ALARM_N_STATES: the action means nothing here. */
SEI_API sei_alarm_stand sei_alarm_next(sei_alarm_stand stand, sei_alarm_action action,
                                       bool breached, bool latched);

/* ------------------------------------------------------------------ rules */

/* What a rule looks at; a const row each in src/alarm/kind.c. */
typedef struct {
    const char
        *key; /* "high", "low", "rate-up", "rate-down", "no-data", "forecast-high", "battery" */
    const char                     *title, *title_ja;
    const char                     *threshold; /* unit: "value", "value/s" or "" */
    const struct sei_alarm_kind_op *op;        /* private */
} sei_alarm_kind;

SEI_API size_t                sei_alarm_kind_count(void);
SEI_API const sei_alarm_kind *sei_alarm_kind_at(size_t i);          /* NULL past the end */
SEI_API const sei_alarm_kind *sei_alarm_kind_find(const char *key); /* NULL when not known */

enum { SEI_ALARM_STEPS_MAX = 8, SEI_ALARM_EVENTS_MAX = 24 };
#define SEI_ALARM_TIME_MAX_US (INT64_C(1) << 60)

/* Times in microseconds. Values in the channel's SI unit. */
typedef struct {
    const sei_alarm_kind *kind;
    double                threshold;    /* not for no-data */
    double                deadband;     /* the value has to come back so far past the threshold */
    int64_t               on_delay_us;  /* the breach has to last so long */
    int64_t               off_delay_us; /* and its end */
    int64_t               no_data_us;   /* no-data: longest age of the newest value */
    int64_t               max_gap_us;   /* rates: not over a longer pause; 0 = any */
    int64_t               live_us;      /* a record that arrives later after its time is backfill */
    int64_t               future_us;    /* clocks may disagree by so much */
    int64_t               shelf_max_us; /* longest shelving; 0: cannot be shelved */
    unsigned              priority;     /* 1 highest .. 4 */
    bool                  latching;     /* stays after the condition has gone until it is reset */
    bool                  storm;        /* its breach asks for the faster sampling rate */
    size_t                n_steps;      /* escalation, while unacknowledged */
    struct {
        int64_t  after_us; /* the activation; increasing */
        unsigned target;   /* whom to tell: the caller's number */
    } steps[SEI_ALARM_STEPS_MAX];
} sei_alarm_rule;

/* E_RANGE, E_MISSING with the rule's field and value named. Check a rule once, before its first use. */
SEI_API SEI_CHECKED sei_status sei_alarm_rule_check(sei_ctx *ctx, const sei_alarm_rule *rule);

/* ------------------------------------------------------------------ state */

typedef struct {
    sei_alarm_stand stand;
    bool            breached; /* the condition, after its delays */
    bool            raw;      /* as the newest value says, with the deadband */
    bool            latched;  /* active since the last reset (latching rules) */
    bool            has_record, has_value;
    unsigned        step;     /* escalation steps done */
    int64_t         start_us; /* when the rule began to watch */
    int64_t         raw_since_us;
    int64_t         record_us;    /* newest live record */
    int64_t         value_us;     /* newest live value; no-data counts from here */
    int64_t         activated_us; /* last announcement; escalation counts from here */
    int64_t         event_us;     /* last event: events are never dated back before it */
    int64_t         shelved_until_us;
    double          value;
} sei_alarm_state;

/* A rule begins to watch: normal, nothing seen. */
SEI_API sei_alarm_state sei_alarm_start(int64_t now_us);

/* One line of JSON without blanks, at most SEI_ALARM_JSON_MAX bytes with its end; returns its length. */
enum { SEI_ALARM_JSON_MAX = 512 };
SEI_API size_t sei_alarm_state_write(const sei_alarm_state *state, char out[SEI_ALARM_JSON_MAX]);
/* Reads back what was written, to the last bit. E_PARSE, E_KEY, E_TYPE or E_RANGE for anything else. */
SEI_API SEI_CHECKED sei_status sei_alarm_state_read(sei_ctx *ctx, const char *json, size_t len,
                                                    sei_alarm_state *ret_state);

/* ------------------------------------------------------------------ events */

typedef enum {
    SEI_ALARM_MOVED,    /* action led from one stand to another; silent: nobody is to be told */
    SEI_ALARM_ESCALATE, /* step and target */
    SEI_ALARM_PAST, /* a late record breached the threshold: for the history, never to be announced */
    SEI_ALARM_CLOCK /* a record from the future */
} sei_alarm_event_kind;

typedef struct {
    sei_alarm_event_kind kind;
    int64_t              time_us; /* when it fell due, in event time */
    sei_alarm_action     action;
    sei_alarm_stand      from, to;
    bool                 silent; /* moved while shelved, suppressed or out of service */
    unsigned             step, target;
    bool                 has_value;
    double               value;
} sei_alarm_event;

typedef struct {
    int64_t time_us;    /* of the measurement, or of the forecast's making */
    int64_t arrived_us; /* the caller's clock now */
    bool    has_value;  /* false: missing, or quality control failed it */
    double  value;
} sei_alarm_record;

typedef enum {
    SEI_ALARM_LIVE,
    SEI_ALARM_REPEATED,
    SEI_ALARM_LATE,
    SEI_ALARM_FUTURE
} sei_alarm_arrival;

/* Moves the state; how many events came of it. Never fails: a value that is not finite counts as missing, times
 * are taken within ±SEI_ALARM_TIME_MAX_US. ret_arrival may be NULL. */
SEI_API size_t sei_alarm_record_in(const sei_alarm_rule *rule, sei_alarm_state *state,
                                   const sei_alarm_record *record,
                                   sei_alarm_event         ret_events[SEI_ALARM_EVENTS_MAX],
                                   sei_alarm_arrival      *ret_arrival);
/* The clock says now_us: delays, no-data, escalation and shelving that fell due. A clock that goes back does no
 * harm: nothing that happened is taken back. */
SEI_API size_t sei_alarm_tick(const sei_alarm_rule *rule, sei_alarm_state *state, int64_t now_us,
                              sei_alarm_event ret_events[SEI_ALARM_EVENTS_MAX]);
/* When the next tick has something to do; INT64_MAX for never. */
SEI_API int64_t sei_alarm_next_due_us(const sei_alarm_rule *rule, const sei_alarm_state *state);

/* An operator's or program's action. until_us: end of the shelving. Ticks first. E_ARG when the action means
 * nothing in this state, E_RANGE for a shelving that is too long or over; the state then has only ticked. The
 * events of the tick are returned in every case. */
SEI_API SEI_CHECKED sei_status sei_alarm_operate(sei_ctx *ctx, const sei_alarm_rule *rule,
                                                 sei_alarm_state *state, sei_alarm_action action,
                                                 int64_t now_us, int64_t until_us,
                                                 sei_alarm_event ret_events[SEI_ALARM_EVENTS_MAX],
                                                 size_t         *ret_n);

/* ------------------------------------------------------------------ storm mode */

/* A station samples faster while an alarm with storm set is breached, and hold_us longer; never while its battery
 * is low. */
typedef struct {
    int64_t hold_us;
} sei_storm_rule;

typedef struct {
    bool    on, has_seen;
    int64_t seen_us; /* last time a reason was there */
} sei_storm_state;

typedef enum { SEI_STORM_SAME, SEI_STORM_BEGIN, SEI_STORM_END } sei_storm_change;

/* wanted: any of the station's storm rules is breached (state.breached). */
SEI_API sei_storm_change sei_storm_update(const sei_storm_rule *rule, sei_storm_state *state,
                                          bool wanted, bool battery_low, int64_t now_us);

#ifdef __cplusplus
}
#endif
#endif
