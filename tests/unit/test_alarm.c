/*
 * test_alarm.c - alarms: the whole state table, delays, late and repeated records, clock jumps, restarts
 */
#include "seiryu/alarm.h"
#include "t.h"

#define S  INT64_C(1000000)
#define T0 (INT64_C(1700000000) * S)

enum { E = SEI_ALARM_EVENTS_MAX };

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

/* ------------------------------------------------------------------ the table */

/* What leads where, as the standard's diagram has it; latched rules apart. Everything else means nothing. */
typedef struct {
    sei_alarm_stand  from;
    sei_alarm_action action;
    sei_alarm_stand  to, to_latched;
} arrow;

#define X(name) SEI_ALARM_##name
static const arrow arrows[] = {
    {X(NORMAL), X(ACTIVATE), X(UNACK), X(UNACK)},
    {X(UNACK), X(ACK), X(ACKED), X(ACKED)},
    {X(UNACK), X(CLEAR), X(RTN_UNACK), X(LATCH_UNACK)},
    {X(ACKED), X(CLEAR), X(NORMAL), X(LATCH_ACKED)},
    {X(RTN_UNACK), X(ACK), X(NORMAL), X(NORMAL)},
    {X(RTN_UNACK), X(ACTIVATE), X(UNACK), X(UNACK)},
    {X(LATCH_UNACK), X(ACK), X(LATCH_ACKED), X(LATCH_ACKED)},
    {X(LATCH_UNACK), X(ACTIVATE), X(UNACK), X(UNACK)},
    {X(LATCH_ACKED), X(RESET), X(NORMAL), X(NORMAL)},
    {X(LATCH_ACKED), X(ACTIVATE), X(UNACK), X(UNACK)},
    {X(SHELVED), X(ACTIVATE), X(SHELVED), X(SHELVED)},
    {X(SHELVED), X(CLEAR), X(SHELVED), X(SHELVED)},
    {X(SUPPRESSED), X(ACTIVATE), X(SUPPRESSED), X(SUPPRESSED)},
    {X(SUPPRESSED), X(CLEAR), X(SUPPRESSED), X(SUPPRESSED)},
    {X(OUT_OF_SERVICE), X(ACTIVATE), X(OUT_OF_SERVICE), X(OUT_OF_SERVICE)},
    {X(OUT_OF_SERVICE), X(CLEAR), X(OUT_OF_SERVICE), X(OUT_OF_SERVICE)},
};

static bool is_hidden(sei_alarm_stand s)
{
    return s == X(SHELVED) || s == X(SUPPRESSED) || s == X(OUT_OF_SERVICE);
}

static sei_alarm_stand expected(sei_alarm_stand from, sei_alarm_action action, bool breached,
                                bool latched)
{
    const sei_alarm_stand back = breached ? X(UNACK) : latched ? X(LATCH_UNACK) : X(NORMAL);

    for (size_t i = 0; i < T_COUNT(arrows); i++)
        if (arrows[i].from == from && arrows[i].action == action)
            return latched ? arrows[i].to_latched : arrows[i].to;
    switch (action) {
    case X(SHELVE): return is_hidden(from) ? X(N_STATES) : X(SHELVED);
    case X(SUPPRESS):
        return from == X(SUPPRESSED) || from == X(OUT_OF_SERVICE) ? X(N_STATES) : X(SUPPRESSED);
    case X(REMOVE): return from == X(OUT_OF_SERVICE) ? X(N_STATES) : X(OUT_OF_SERVICE);
    case X(UNSHELVE): return from == X(SHELVED) ? back : X(N_STATES);
    case X(UNSUPPRESS): return from == X(SUPPRESSED) ? back : X(N_STATES);
    case X(RETURN): return from == X(OUT_OF_SERVICE) ? back : X(N_STATES);
    default: return X(N_STATES);
    }
}

START_TEST(every_cell_of_the_table)
{
    for (unsigned s = 0; s < X(N_STATES); s++)
        for (unsigned a = 0; a < X(N_ACTIONS); a++)
            for (unsigned bits = 0; bits < 4; bits++) {
                const sei_alarm_stand got =
                    sei_alarm_next((sei_alarm_stand)s, (sei_alarm_action)a, bits & 1, bits & 2);
                const sei_alarm_stand want =
                    expected((sei_alarm_stand)s, (sei_alarm_action)a, bits & 1, bits & 2);
                ck_assert_msg(got == want, "%s + %s (%u): %s, expected %s",
                              sei_alarm_stand_name((sei_alarm_stand)s),
                              sei_alarm_action_name((sei_alarm_action)a), bits,
                              sei_alarm_stand_name(got), sei_alarm_stand_name(want));
            }
    ck_assert_int_eq(sei_alarm_next(X(N_STATES), X(ACK), true, true), X(N_STATES));
    ck_assert_int_eq(sei_alarm_next(X(UNACK), X(N_ACTIONS), true, true), X(N_STATES));
    for (unsigned a = 0; a < X(N_ACTIONS); a++) {
        sei_alarm_action found;
        ck_assert(sei_alarm_action_find(sei_alarm_action_name((sei_alarm_action)a), &found));
        ck_assert_int_eq(found, (sei_alarm_action)a);
    }
    ck_assert_str_eq(sei_alarm_stand_name_ja(X(UNACK)), "発生（未確認）");
}
END_TEST

/* ------------------------------------------------------------------ telling the story of an alarm */

static sei_alarm_rule rule_of(const char *kind)
{
    return (sei_alarm_rule){
        .kind         = sei_alarm_kind_find(kind),
        .threshold    = 10.0,
        .live_us      = 3600 * S,
        .no_data_us   = 7200 * S,
        .future_us    = 60 * S,
        .shelf_max_us = 86400 * S,
        .priority     = 2,
    };
}

/* Events as text: "60 normal>unacknowledged; ..." with seconds after T0. */
typedef struct {
    char   text[4096];
    size_t len;
} story;

static void tell(story *t, const sei_alarm_event events[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const sei_alarm_event *e    = &events[i];
        const long long        at   = (long long)((e->time_us - T0) / S);
        const size_t           left = sizeof t->text - t->len;
        int                    len  = 0;
        if (e->kind == SEI_ALARM_MOVED)
            len = snprintf(t->text + t->len, left, "%lld %s>%s%s; ", at,
                           sei_alarm_stand_name(e->from), sei_alarm_stand_name(e->to),
                           e->silent ? " silent" : "");
        else if (e->kind == SEI_ALARM_ESCALATE)
            len = snprintf(t->text + t->len, left, "%lld step %u to %u; ", at, e->step, e->target);
        else
            len = snprintf(t->text + t->len, left, "%lld %s; ", at,
                           e->kind == SEI_ALARM_PAST ? "past" : "clock");
        ck_assert(len > 0 && (size_t)len < left);
        t->len += (size_t)len;
    }
}

static void value(story *t, const sei_alarm_rule *rule, sei_alarm_state *s, int64_t at_s, double v)
{
    sei_alarm_event events[E];

    tell(t, events,
         sei_alarm_record_in(rule, s,
                             &(sei_alarm_record){T0 + at_s * S, T0 + at_s * S, !isnan(v), v},
                             events, NULL));
}

static void tick(story *t, const sei_alarm_rule *rule, sei_alarm_state *s, int64_t at_s)
{
    sei_alarm_event events[E];

    tell(t, events, sei_alarm_tick(rule, s, T0 + at_s * S, events));
}

static void act(story *t, const sei_alarm_rule *rule, sei_alarm_state *s, sei_alarm_action action,
                int64_t at_s, int64_t until_s)
{
    sei_alarm_event events[E];
    size_t          n = 0;

    T_OK(ctx, sei_alarm_operate(ctx, rule, s, action, T0 + at_s * S, T0 + until_s * S, events, &n));
    tell(t, events, n);
}

START_TEST(delays_and_deadband)
{
    sei_alarm_rule  rule = rule_of("high");
    sei_alarm_state s    = sei_alarm_start(T0);
    story           t    = {0};

    rule.deadband     = 1.0;
    rule.on_delay_us  = 120 * S;
    rule.off_delay_us = 60 * S;
    T_OK(ctx, sei_alarm_rule_check(ctx, &rule));
    value(&t, &rule, &s, 0, 10.0); /* not above */
    value(&t, &rule, &s, 60, 10.1);
    value(&t, &rule, &s, 120, 9.0); /* back before the delay: nothing */
    value(&t, &rule, &s, 180, 11.0);
    value(&t, &rule, &s, 240, 9.5); /* inside the deadband: still a breach */
    value(&t, &rule, &s, 300, 12.0);
    value(&t, &rule, &s, 360, 9.0); /* gone */
    value(&t, &rule, &s, 480, 8.0);
    ck_assert_str_eq(t.text,
                     "300 normal>unacknowledged; 420 unacknowledged>returned-unacknowledged; ");
    act(&t, &rule, &s, X(ACK), 500, 0);
    ck_assert_int_eq(s.stand, X(NORMAL));
}
END_TEST

START_TEST(kinds_of_alarm)
{
    static const struct {
        const char *kind;
        double      threshold, values[4];
        const char *story;
    } rows[] = {
        {"low",
         5.0,
         {5.0, 4.9, 5.0, 6.0},
         "60 normal>unacknowledged; 120 unacknowledged>returned-unacknowledged; "},
        {"battery",
         3.2,
         {3.3, 3.1, 3.1, 3.3},
         "60 normal>unacknowledged; 180 unacknowledged>returned-unacknowledged; "},
        {"rate-up",
         0.1,
         {0, 6, 13, 14},
         "120 normal>unacknowledged; 180 unacknowledged>returned-unacknowledged; "},
        {"rate-down",
         0.1,
         {0, 6, -1, 14},
         "120 normal>unacknowledged; 180 unacknowledged>returned-unacknowledged; "},
        {"forecast-high", 2.0, {1, 2.5, 2.5, 2.5}, "60 normal>unacknowledged; "},
        {"forecast-low", 2.0, {3, 2.5, 2.5, 1}, "180 normal>unacknowledged; "},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        sei_alarm_rule  rule = rule_of(rows[i].kind);
        sei_alarm_state s    = sei_alarm_start(T0);
        story           t    = {0};
        rule.threshold       = rows[i].threshold;
        T_OK(ctx, sei_alarm_rule_check(ctx, &rule));
        for (int64_t k = 0; k < 4; k++)
            value(&t, &rule, &s, 60 * k, rows[i].values[k]);
        ck_assert_msg(strcmp(t.text, rows[i].story) == 0, "%s: %s", rows[i].kind, t.text);
    }
    /* a rate over a long pause is none */
    sei_alarm_rule  rule = rule_of("rate-up");
    sei_alarm_state s    = sei_alarm_start(T0);
    story           t    = {0};
    rule.threshold       = 0.1;
    rule.max_gap_us      = 300 * S;
    value(&t, &rule, &s, 0, 0);
    value(&t, &rule, &s, 301, 1000);
    value(&t, &rule, &s, 361, NAN); /* missing: the step goes over it */
    value(&t, &rule, &s, 421, 1020);
    ck_assert_str_eq(t.text, "421 normal>unacknowledged; ");
    ck_assert_uint_eq(sei_alarm_kind_count(), 8);
    ck_assert_ptr_null(sei_alarm_kind_at(8));
    ck_assert_ptr_null(sei_alarm_kind_find("hihi"));
}
END_TEST

START_TEST(no_data_of_a_channel)
{
    sei_alarm_rule  rule = rule_of("no-data");
    sei_alarm_state s    = sei_alarm_start(T0);
    story           t    = {0};

    rule.live_us = 600 * S;
    T_OK(ctx, sei_alarm_rule_check(ctx, &rule));
    tick(&t, &rule, &s, 7199);
    tick(&t, &rule, &s, 7300); /* never a value: counts from the start */
    value(&t, &rule, &s, 8000, 1.0);
    value(&t, &rule, &s, 12000, NAN); /* records without values are no data */
    tick(&t, &rule, &s, 15199);
    ck_assert_int_eq(sei_alarm_next_due_us(&rule, &s), T0 + 15200 * S);
    tick(&t, &rule, &s, 15200);
    /* a value from an hour ago arrives now: backfill ends no silence */
    sei_alarm_event   events[E];
    sei_alarm_arrival arrival;
    ck_assert_uint_eq(sei_alarm_record_in(
                          &rule, &s, &(sei_alarm_record){T0 + 14000 * S, T0 + 16000 * S, true, 1.0},
                          events, &arrival),
                      0);
    ck_assert_int_eq(arrival, SEI_ALARM_LATE);
    value(&t, &rule, &s, 17000, 1.0);
    ck_assert_str_eq(t.text,
                     "7200 normal>unacknowledged; 8000 unacknowledged>returned-unacknowledged; "
                     "15200 returned-unacknowledged>unacknowledged; "
                     "17000 unacknowledged>returned-unacknowledged; ");
}
END_TEST

START_TEST(escalation_until_acknowledged)
{
    sei_alarm_rule  rule = rule_of("high");
    sei_alarm_state s    = sei_alarm_start(T0);
    story           t    = {0};

    rule.n_steps           = 3;
    rule.steps[0].after_us = 600 * S, rule.steps[0].target = 7;
    rule.steps[1].after_us = 1200 * S, rule.steps[1].target = 8;
    rule.steps[2].after_us = 1800 * S, rule.steps[2].target = 9;
    T_OK(ctx, sei_alarm_rule_check(ctx, &rule));
    value(&t, &rule, &s, 0, 11.0);
    tick(&t, &rule, &s, 1300); /* two steps fell due */
    act(&t, &rule, &s, X(ACK), 1500, 0);
    tick(&t, &rule, &s, 5000);
    value(&t, &rule, &s, 5100, 9.0);
    value(&t, &rule, &s, 5200, 11.0); /* a new alarm escalates anew */
    tick(&t, &rule, &s, 5800);
    ck_assert_str_eq(t.text, "0 normal>unacknowledged; 600 step 0 to 7; 1200 step 1 to 8; "
                             "1500 unacknowledged>acknowledged; 5100 acknowledged>normal; "
                             "5200 normal>unacknowledged; 5800 step 0 to 7; ");
}
END_TEST

START_TEST(shelving_ends_by_itself)
{
    sei_alarm_rule  rule = rule_of("high");
    sei_alarm_state s    = sei_alarm_start(T0);
    story           t    = {0};
    sei_alarm_event events[E];
    size_t          n = 7;

    act(&t, &rule, &s, X(SHELVE), 100, 1000);
    value(&t, &rule, &s, 200, 11.0); /* silent */
    value(&t, &rule, &s, 300, 9.0);
    value(&t, &rule, &s, 400, 12.0);
    value(&t, &rule, &s, 2000, 12.0); /* no tick came in between */
    ck_assert_str_eq(t.text,
                     "100 normal>shelved; 200 shelved>shelved silent; 300 shelved>shelved silent; "
                     "400 shelved>shelved silent; 1000 shelved>unacknowledged; ");
    T_STATUS(
        ctx,
        sei_alarm_operate(ctx, &rule, &s, X(SHELVE), T0 + 2000 * S, T0 + 90000 * S, events, &n),
        SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "88000 s is longer than 86400 s");
    T_STATUS(ctx, sei_alarm_operate(ctx, &rule, &s, X(SHELVE), T0 + 2000 * S, T0, events, &n),
             SEI_E_RANGE);
    T_STATUS(ctx, sei_alarm_operate(ctx, &rule, &s, X(UNSHELVE), T0 + 2000 * S, 0, events, &n),
             SEI_E_ARG);
    T_CONTAINS(sei_ctx_error(ctx), "unshelve means nothing while the alarm is unacknowledged");
    T_STATUS(ctx, sei_alarm_operate(ctx, &rule, &s, X(ACTIVATE), T0 + 2000 * S, 0, events, &n),
             SEI_E_ARG);
    ck_assert_uint_eq(n, 0);
    rule.shelf_max_us = 0;
    T_STATUS(ctx,
             sei_alarm_operate(ctx, &rule, &s, X(SHELVE), T0 + 2000 * S, T0 + 2001 * S, events, &n),
             SEI_E_RANGE);
}
END_TEST

START_TEST(latched_until_reset)
{
    sei_alarm_rule  rule = rule_of("high");
    sei_alarm_state s    = sei_alarm_start(T0);
    story           t    = {0};

    rule.latching = true;
    value(&t, &rule, &s, 0, 11.0);
    value(&t, &rule, &s, 60, 9.0);
    act(&t, &rule, &s, X(SHELVE), 70, 100);
    tick(&t, &rule, &s, 100); /* shelving does not forget the latch */
    act(&t, &rule, &s, X(ACK), 110, 0);
    act(&t, &rule, &s, X(RESET), 120, 0);
    act(&t, &rule, &s, X(REMOVE), 130, 0);
    act(&t, &rule, &s, X(RETURN), 140, 0);
    ck_assert_str_eq(
        t.text, "0 normal>unacknowledged; 60 unacknowledged>latched-unacknowledged; "
                "70 latched-unacknowledged>shelved; 100 shelved>latched-unacknowledged; "
                "110 latched-unacknowledged>latched-acknowledged; 120 latched-acknowledged>normal; "
                "130 normal>out-of-service; 140 out-of-service>normal; ");
}
END_TEST

/* ------------------------------------------------------------------ order, repetition, clocks */

START_TEST(backfill_never_fires)
{
    sei_alarm_rule    rule = rule_of("high");
    sei_alarm_state   s    = sei_alarm_start(T0);
    sei_alarm_event   events[E];
    sei_alarm_arrival arrival;

    /* the backlog of a day without radio, oldest first, all of it in breach */
    for (int64_t k = 0; k < 130; k++) {
        const sei_alarm_record r = {T0 + k * 600 * S, T0 + 86400 * S, true, 99.0};
        const size_t           n = sei_alarm_record_in(&rule, &s, &r, events, &arrival);
        ck_assert_int_eq(arrival, SEI_ALARM_LATE);
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(events[0].kind, SEI_ALARM_PAST);
        ck_assert_int_eq(events[0].time_us, r.time_us);
        ck_assert(events[0].silent);
    }
    ck_assert_int_eq(s.stand, X(NORMAL));
    ck_assert(!s.has_record);
    /* a live one fires; an older one that says normal takes nothing back */
    ck_assert_uint_eq(
        sei_alarm_record_in(&rule, &s,
                            &(sei_alarm_record){T0 + 86300 * S, T0 + 86400 * S, true, 99.0}, events,
                            &arrival),
        1);
    ck_assert_int_eq(arrival, SEI_ALARM_LIVE);
    ck_assert_int_eq(s.stand, X(UNACK));
    ck_assert_uint_eq(sei_alarm_record_in(
                          &rule, &s, &(sei_alarm_record){T0 + 86200 * S, T0 + 86400 * S, true, 1.0},
                          events, &arrival),
                      0);
    ck_assert_int_eq(s.stand, X(UNACK));
}
END_TEST

typedef struct {
    uint64_t x;
} dice;

static uint64_t roll(dice *d)
{
    d->x ^= d->x >> 12;
    d->x ^= d->x << 25;
    d->x ^= d->x >> 27;
    return d->x * UINT64_C(2685821657736338717);
}

enum { LIVE_N = 60 };

typedef struct {
    sei_alarm_rule rule;
    int64_t        time_s[LIVE_N];
    double         value[LIVE_N];
    bool           has[LIVE_N];
    int64_t        ack_s[LIVE_N]; /* acknowledged so many seconds after the record; 0 = not */
} play;

static play random_play(dice *d)
{
    static const char *const kinds[] = {"high", "low", "rate-up", "no-data", "battery"};
    play                     p       = {.rule = rule_of(kinds[roll(d) % T_COUNT(kinds)])};
    int64_t                  at_s    = 0;

    p.rule.threshold = strcmp(p.rule.kind->key, "rate-up") == 0 ? 0.02 : 10.0;
    p.rule.deadband  = (double)(roll(d) % 3) * 0.5;
    p.rule.on_delay_us =
        strcmp(p.rule.kind->key, "no-data") == 0 ? 0 : (int64_t)(roll(d) % 4) * 90 * S;
    p.rule.off_delay_us = (int64_t)(roll(d) % 4) * 70 * S;
    p.rule.no_data_us   = 4000 * S;
    p.rule.latching     = roll(d) % 2;
    p.rule.n_steps      = roll(d) % 3;
    for (size_t i = 0; i < p.rule.n_steps; i++) {
        p.rule.steps[i].after_us = (int64_t)(i + 1) * 200 * S;
        p.rule.steps[i].target   = (unsigned)i;
    }
    T_OK(ctx, sei_alarm_rule_check(ctx, &p.rule));
    for (size_t i = 0; i < LIVE_N; i++) {
        at_s += roll(d) % 12 == 0 ? 6000 : 60 + (int64_t)(roll(d) % 60);
        p.time_s[i] = at_s;
        p.value[i]  = 9.0 + (double)(roll(d) % 40) * 0.1;
        p.has[i]    = roll(d) % 10 != 0;
        p.ack_s[i]  = roll(d) % 5 == 0 ? 1 + (int64_t)(roll(d) % 30) : 0;
    }
    return p;
}

typedef struct {
    bool     late, ticks, restarts, future;
    uint64_t seed;
} disturbance;

/* Through a text and back: what a restart does. */
static void restart(sei_alarm_state *s)
{
    char            json[SEI_ALARM_JSON_MAX];
    const size_t    len = sei_alarm_state_write(s, json);
    sei_alarm_state again;

    memset(&again, 0xA5, sizeof again);
    ck_assert_uint_lt(len, sizeof json);
    T_OK(ctx, sei_alarm_state_read(ctx, json, len, &again));
    *s = again;
}

static void disturb(story *t, const play *p, sei_alarm_state *s, const disturbance *how, size_t i,
                    dice *d)
{
    const int64_t   now = T0 + p->time_s[i] * S;
    sei_alarm_event events[E];

    if (how->late)
        for (uint64_t k = roll(d) % 3; k > 0; k--) {
            const size_t j =
                roll(d) % (i + 1); /* repeated or older; all that matters is told as past */
            const sei_alarm_record r = {T0 + p->time_s[j] * S - (int64_t)(roll(d) % 2) * 17 * S,
                                        now, true, (double)(roll(d) % 30)};
            const size_t           n = sei_alarm_record_in(&p->rule, s, &r, events, NULL);
            for (size_t e = 0; e < n; e++)
                ck_assert_int_eq(events[e].kind, SEI_ALARM_PAST);
        }
    if (how->future) {
        const sei_alarm_record r = {now + 61 * S + (int64_t)(roll(d) % 1000000) * S, now, true,
                                    99.0};
        ck_assert_uint_eq(sei_alarm_record_in(&p->rule, s, &r, events, NULL), 1);
        ck_assert_int_eq(events[0].kind, SEI_ALARM_CLOCK);
    }
    if (how->restarts)
        restart(s);
    if (how->ticks)
        for (uint64_t k = roll(d) % 4; k > 0; k--) {
            /* also backwards, as a clock that was set does */
            const int64_t span = i + 1 < LIVE_N ? p->time_s[i + 1] - p->time_s[i] : 1;
            tick(t, &p->rule, s, p->time_s[i] - 500 + (int64_t)(roll(d) % (uint64_t)(500 + span)));
        }
}

static void perform(const play *p, const disturbance *how, story *t, sei_alarm_state *ret_state)
{
    sei_alarm_state s = sei_alarm_start(T0);
    dice            d = {how->seed};

    for (size_t i = 0; i < LIVE_N; i++) {
        value(t, &p->rule, &s, p->time_s[i], p->has[i] ? p->value[i] : (double)NAN);
        if (p->ack_s[i] > 0) { /* people act at the same moment in both plays */
            sei_alarm_event events[E];
            size_t          n  = 0;
            const int64_t   at = T0 + (p->time_s[i] + p->ack_s[i]) * S;
            if (sei_alarm_operate(ctx, &p->rule, &s, X(ACK), at, 0, events, &n) != SEI_OK)
                sei_ctx_clear(ctx);
            tell(t, events, n);
        }
        disturb(t, p, &s, how, i, &d);
    }
    tick(t, &p->rule, &s, p->time_s[LIVE_N - 1] + 20000);
    *ret_state = s;
}

START_TEST(late_repeated_and_future_records_ticks_and_restarts_change_nothing)
{
    dice   d      = {UINT64_C(20261126)};
    size_t events = 0;

    for (int round = 0; round < 400; round++) {
        const play        p     = random_play(&d);
        const disturbance none  = {0};
        const disturbance all[] = {{.late = true, .seed = 1 + roll(&d)},
                                   {.ticks = true, .seed = 1 + roll(&d)},
                                   {.restarts = true, .seed = 1 + roll(&d)},
                                   {.future = true, .seed = 1 + roll(&d)},
                                   {true, true, true, true, 1 + roll(&d)}};
        static story      calm, wild;
        sei_alarm_state   end, other;
        calm.len = 0, calm.text[0] = '\0';
        perform(&p, &none, &calm, &end);
        events += calm.len;
        for (size_t k = 0; k < T_COUNT(all); k++) {
            wild.len = 0, wild.text[0] = '\0';
            perform(&p, &all[k], &wild, &other);
            ck_assert_msg(strcmp(calm.text, wild.text) == 0, "round %d, disturbance %zu:\n%s\n%s",
                          round, k, calm.text, wild.text);
            ck_assert_int_eq(end.stand, other.stand);
            ck_assert_int_eq(end.record_us, other.record_us);
            ck_assert_int_eq(end.event_us, other.event_us);
        }
    }
    ck_assert_uint_gt(events, 40000); /* the plays are not empty */
}
END_TEST

START_TEST(clock_jumps_do_no_harm)
{
    sei_alarm_rule  rule = rule_of("high");
    sei_alarm_state s    = sei_alarm_start(T0);
    story           t    = {0};

    value(&t, &rule, &s, 0, 11.0);
    act(&t, &rule, &s, X(ACK), 10, 0);
    tick(&t, &rule, &s, 400000000); /* twelve years ahead, and back */
    tick(&t, &rule, &s, -400000000);
    value(&t, &rule, &s, 60, 9.0); /* records still count */
    value(&t, &rule, &s, 120, 11.0);
    tick(&t, &rule, &s, INT64_C(4000000000000)); /* beyond all times that there are */
    ck_assert_str_eq(t.text, "0 normal>unacknowledged; 10 unacknowledged>acknowledged; "
                             "60 acknowledged>normal; 120 normal>unacknowledged; ");
    sei_alarm_event   events[E];
    sei_alarm_arrival arrival;
    ck_assert_uint_eq(sei_alarm_record_in(&rule, &s,
                                          &(sei_alarm_record){INT64_MAX, INT64_MIN, true, 1.0},
                                          events, &arrival),
                      1);
    ck_assert_int_eq(arrival, SEI_ALARM_FUTURE);
    sei_alarm_record_in(&rule, &s, &(sei_alarm_record){INT64_MIN, INT64_MAX, true, 1.0}, events,
                        &arrival);
    ck_assert_int_eq(arrival, SEI_ALARM_LATE);
}
END_TEST

/* ------------------------------------------------------------------ storm, rules, text */

START_TEST(storm_mode_begins_holds_and_spares_the_battery)
{
    const sei_storm_rule rule = {.hold_us = 3600 * S};
    sei_storm_state      s    = {0};

    ck_assert_int_eq(sei_storm_update(&rule, &s, false, false, T0), SEI_STORM_SAME);
    ck_assert_int_eq(sei_storm_update(&rule, &s, true, false, T0), SEI_STORM_BEGIN);
    ck_assert_int_eq(sei_storm_update(&rule, &s, true, false, T0 + 10 * S), SEI_STORM_SAME);
    ck_assert_int_eq(sei_storm_update(&rule, &s, false, false, T0 + 3609 * S), SEI_STORM_SAME);
    ck_assert_int_eq(sei_storm_update(&rule, &s, false, false, T0 + 3610 * S), SEI_STORM_END);
    ck_assert_int_eq(sei_storm_update(&rule, &s, true, true, T0 + 4000 * S), SEI_STORM_SAME);
    ck_assert_int_eq(sei_storm_update(&rule, &s, true, false, T0 + 4001 * S), SEI_STORM_BEGIN);
    ck_assert_int_eq(sei_storm_update(&rule, &s, true, true, T0 + 4002 * S), SEI_STORM_END);
}
END_TEST

START_TEST(rules_that_cannot_work_are_refused)
{
    static const struct {
        const char *kind;
        size_t      at;
        int64_t     us;
        const char *message;
    } rows[] = {
        {"high", offsetof(sei_alarm_rule, on_delay_us), -1, "on_delay = -1 us is no length"},
        {"high", offsetof(sei_alarm_rule, live_us), 0, "no record would ever be live"},
        {"no-data", offsetof(sei_alarm_rule, no_data_us), 0, "no_data has to be given"},
        {"no-data", offsetof(sei_alarm_rule, on_delay_us), S, "on_delay is not used"},
        {"no-data", offsetof(sei_alarm_rule, live_us), 7200 * S, "has to be less than no_data"},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        sei_alarm_rule rule = rule_of(rows[i].kind);
        memcpy((char *)&rule + rows[i].at, &rows[i].us, sizeof rows[i].us);
        ck_assert_int_ne(sei_alarm_rule_check(ctx, &rule), SEI_OK);
        T_CONTAINS(sei_ctx_error(ctx), rows[i].message);
    }
    sei_alarm_rule rule = rule_of("high");
    rule.threshold      = INFINITY;
    T_STATUS(ctx, sei_alarm_rule_check(ctx, &rule), SEI_E_RANGE);
    rule          = rule_of("high");
    rule.deadband = -0.5;
    T_STATUS(ctx, sei_alarm_rule_check(ctx, &rule), SEI_E_RANGE);
    rule          = rule_of("high");
    rule.priority = 5;
    T_STATUS(ctx, sei_alarm_rule_check(ctx, &rule), SEI_E_RANGE);
    rule                   = rule_of("high");
    rule.n_steps           = 2;
    rule.steps[0].after_us = rule.steps[1].after_us = 60 * S;
    T_STATUS(ctx, sei_alarm_rule_check(ctx, &rule), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "step 2 is not after");
    rule.n_steps = 9;
    T_STATUS(ctx, sei_alarm_rule_check(ctx, &rule), SEI_E_TOO_LARGE);
    rule.kind = NULL;
    T_STATUS(ctx, sei_alarm_rule_check(ctx, &rule), SEI_E_MISSING);
}
END_TEST

START_TEST(state_as_text)
{
    sei_alarm_state s = sei_alarm_start(T0), again = s;
    char            json[SEI_ALARM_JSON_MAX];
    size_t          len;

    s.value = 0.1 + 0.2, s.has_value = true, s.step = 3, s.shelved_until_us = -5;
    s.stand    = X(OUT_OF_SERVICE);
    s.start_us = s.raw_since_us = s.record_us = s.value_us = s.activated_us = s.event_us =
        -SEI_ALARM_TIME_MAX_US; /* the longest text there is */
    s.value = -1.7976931348623157e308;
    len     = sei_alarm_state_write(&s, json);
    ck_assert_uint_lt(len, SEI_ALARM_JSON_MAX);
    T_OK(ctx, sei_alarm_state_read(ctx, json, len, &again));
    ck_assert_int_eq(again.stand, s.stand);
    ck_assert(again.value == s.value && again.step == 3 && again.has_value && !again.raw);
    ck_assert_int_eq(again.shelved_until_us, -5);

    static const struct {
        const char *json;
        sei_status  status;
    } bad[] = {
        {"", SEI_E_PARSE},
        {"{\"v\":1", SEI_E_PARSE},
        {"[1]", SEI_E_TYPE},
        {"{\"v\":2,\"stand\":\"normal\"}", SEI_E_RANGE},
        {"{\"v\":1,\"stand\":\"asleep\"}", SEI_E_RANGE},
        {"{\"v\":1,\"stand\":\"normal\"}", SEI_E_KEY},
        {"{\"v\":1,\"v\":1,\"stand\":\"normal\"}", SEI_E_PARSE},
    };
    for (size_t i = 0; i < T_COUNT(bad); i++)
        T_STATUS(ctx, sei_alarm_state_read(ctx, bad[i].json, strlen(bad[i].json), &again),
                 bad[i].status);
    s.step = 9;
    len    = sei_alarm_state_write(&s, json);
    T_STATUS(ctx, sei_alarm_state_read(ctx, json, len, &again), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "\"step\"");
    T_STATUS(ctx, sei_alarm_state_read(ctx, json, SEI_ALARM_JSON_MAX, &again), SEI_E_TOO_LARGE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_cell_of_the_table,
        delays_and_deadband,
        kinds_of_alarm,
        no_data_of_a_channel,
        escalation_until_acknowledged,
        shelving_ends_by_itself,
        latched_until_reset,
        backfill_never_fires,
        late_repeated_and_future_records_ticks_and_restarts_change_nothing,
        clock_jumps_do_no_harm,
        storm_mode_begins_holds_and_spares_the_battery,
        rules_that_cannot_work_are_refused,
        state_as_text,
    };
    Suite *suite = suite_create("alarm");
    TCase *tcase = tcase_create("alarm");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    for (size_t i = 0; i < T_COUNT(tests); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
