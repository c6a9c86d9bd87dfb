/* test_watch.c - alarms of a store: what a transaction moves is kept or lost as a whole */
#include "server/quality.h"
#include "server/watch.h"
#include "store_case.h"

#define T0 INT64_C(1700000000000000)

static void add_alarm(store_case *c, int64_t id, const char *rule)
{
    const sei_alarm_state start = sei_alarm_start(T0);
    char                  state[SEI_ALARM_JSON_MAX];

    sei_alarm_state_write(&start, state);
    T_OK(c->ctx,
         sei_db_run(sei_store_db(c->store),
                    "INSERT INTO alarm(id, channel_id, name, name_ja, kind, priority, active,"
                    " storm, rule, state, stand, breached, due_us, version, made_us) VALUES($1, 1,"
                    " 'a', '', 'high', 1, 1, 0, $2, $3, 'normal', 0, $4, 0, 0)",
                    SEI_BINDS(sei_bind_int(id), sei_bind_text(rule), sei_bind_text(state),
                              sei_bind_int(INT64_MAX)),
                    NULL));
}

static bool stands_unseen(store_case *c, int64_t id)
{
    int64_t n = 0;

    T_OK(c->ctx, sei_db_get_int(sei_store_db(c->store),
                                "SELECT count(*) FROM alarm WHERE id = $1 AND stand ="
                                " 'unacknowledged' AND breached = 1",
                                SEI_BINDS(sei_bind_int(id)), NULL, &n));
    return n == 1;
}

static int64_t count_events(store_case *c)
{
    int64_t n = 0;

    T_OK(c->ctx, sei_db_get_int(sei_store_db(c->store), "SELECT count(*) FROM alarm_event", 0, NULL,
                                NULL, &n));
    return n;
}

static void give(store_case *c, sei_watch *w, int64_t at_s, double value)
{
    const sei_reading r = {1, T0 + at_s * SEI_US_PER_S, value, SEI_POINT_VALUE};

    T_OK(c->ctx, sei_watch_points(w, r.time_us, 1, &r, &(uint8_t){1}));
}

/* Rules change while a batch of frames is under way: what it moved is written all the same. */
START_TEST(a_change_of_rules_loses_no_state)
{
    store_case c;
    sei_watch *w    = NULL;
    bool       told = false;

    store_case_open(&c);
    store_case_seed(&c);
    add_alarm(&c, 1, "{\"threshold\":5}");
    T_OK(c.ctx, sei_watch_create(c.ctx, c.store, &w));
    T_OK(c.ctx, sei_store_begin(c.store));
    give(&c, w, 10, 6.0);
    sei_watch_forget(w);
    give(&c, w, 20, 7.0);
    T_OK(c.ctx, sei_store_end(c.store, sei_watch_flush(w, T0, &told)));
    ck_assert(stands_unseen(&c, 1));
    ck_assert_int_eq(count_events(&c), 1);
    add_alarm(&c, 2, "{\"threshold\":8}");
    T_OK(c.ctx, sei_store_begin(c.store));
    give(&c, w, 30, 9.0); /* the new rule is read now */
    T_OK(c.ctx, sei_store_end(c.store, sei_watch_flush(w, T0, &told)));
    ck_assert(stands_unseen(&c, 2));
    sei_watch_free(w);
    store_case_close(&c);
}
END_TEST

/* A batch that cannot be written moves nothing, and is judged anew when it comes again. */
START_TEST(a_transaction_that_fails_moves_nothing)
{
    store_case c;
    sei_watch *w    = NULL;
    bool       told = false;

    store_case_open(&c);
    store_case_seed(&c);
    add_alarm(&c, 1, "{\"threshold\":5}");
    T_OK(c.ctx, sei_watch_create(c.ctx, c.store, &w));
    T_OK(c.ctx, sei_store_begin(c.store));
    give(&c, w, 10, 6.0);
    sei_watch_drop(w);
    T_STATUS(c.ctx, sei_store_end(c.store, SEI_E_IO), SEI_E_IO);
    ck_assert(!stands_unseen(&c, 1));
    ck_assert_int_eq(count_events(&c), 0);
    T_OK(c.ctx, sei_store_begin(c.store));
    give(&c, w, 10, 6.0);
    T_OK(c.ctx, sei_store_end(c.store, sei_watch_flush(w, T0, &told)));
    ck_assert(stands_unseen(&c, 1));
    ck_assert_int_eq(count_events(&c), 1);
    sei_watch_free(w);
    store_case_close(&c);
}
END_TEST

/* New records of nine channels come without end; the tenth has a backfill of a year. */
START_TEST(a_backfill_has_its_turn_under_load)
{
    enum { CHANNELS = 10, STEPS_MAX = SEI_QC_SHARE * CHANNELS * 8 };
    store_case  c;
    sei_qc_turn turn = {0};
    int64_t     left = 1;
    int         n    = 0;
    bool        more = false;

    store_case_open(&c);
    store_case_seed(&c);
    T_OK(c.ctx, sei_store_begin(c.store)); /* one wait for the disk, not hundreds */
    for (int64_t i = 0; i < 400; i++) {    /* a record a day; pieces have sixty days */
        const sei_reading r = {CHANNELS, T0 - i * SEI_US_PER_DAY, 1.0, SEI_POINT_VALUE};
        T_OK(c.ctx, sei_store_add_record(c.store, &(sei_record){.n = 1, .readings = &r},
                                         &(sei_record_outcome){0}));
    }
    T_OK(c.ctx,
         sei_db_script(sei_store_db(c.store),
                       "INSERT INTO qc_setting VALUES(10, "
                       "'[{\"test\":\"gross-range\",\"params\":{\"fail_min\":0,\"fail_max\":9}}]',"
                       " 'a', 0)"));
    T_OK(c.ctx, sei_quality_again(c.store, CHANNELS, T0 - 400 * SEI_US_PER_DAY));
    T_OK(c.ctx, sei_db_script(sei_store_db(c.store), "UPDATE qc_due SET to_us = 1700000000000000"));
    for (; n < STEPS_MAX && left > 0; n++) {
        for (int64_t channel = 1; channel < CHANNELS; channel++)
            T_OK(c.ctx, sei_quality_again(c.store, channel, T0));
        T_OK(c.ctx, sei_quality_step(c.ctx, c.store, T0, &turn, &more));
        T_OK(c.ctx, sei_db_get_int(sei_store_db(c.store),
                                   "SELECT count(*) FROM qc_due WHERE channel_id = 10", 0, NULL,
                                   NULL, &left));
    }
    T_OK(c.ctx, sei_store_end(c.store, SEI_OK));
    ck_assert_msg(left == 0, "the backfill still waits after %d pieces", n);
    ck_assert_int_ge(n, SEI_QC_SHARE * 7); /* and had no more than its share */
    store_case_close(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("watch");
    TCase *tc    = tcase_create("watch");

    tcase_add_test(tc, a_change_of_rules_loses_no_state);
    tcase_add_test(tc, a_transaction_that_fails_moves_nothing);
    tcase_add_test(tc, a_backfill_has_its_turn_under_load);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
