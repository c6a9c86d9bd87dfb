/* test_ask.c - what is missing is asked back, as long as it comes, and what is kept is told */
#include "msg/msg.h"
#include "server/ask.h"
#include "store_case.h"

enum { REQUESTS = 100 };

static const int64_t s_us = INT64_C(1000000), begun_us = INT64_C(1700000000000000);

typedef struct {
    size_t   n;
    sei_down downs[REQUESTS]; /* since the box was emptied */
} mailbox;

static void take(void *user, const char *topic, const void *payload, size_t len, uint32_t expiry_s)
{
    mailbox *m = user;

    (void)expiry_s;
    ck_assert_str_eq(topic, "seiryu/v1/mine/outlet/down");
    ck_assert_uint_lt(m->n, REQUESTS);
    T_OK(NULL, sei_msg_read_down(NULL, payload, len, &m->downs[m->n++]));
}

typedef struct {
    store_case store;
    sei_asker *asker;
    mailbox    box;
    int64_t    now_us;
} ask_case;

static void open_case(ask_case *c)
{
    *c = (ask_case){.now_us = begun_us};
    store_case_open(&c->store);
    store_case_seed(&c->store);
    T_OK(c->store.ctx, sei_asker_create(c->store.ctx, 1, &c->asker));
}

static void close_case(ask_case *c)
{
    sei_asker_free(c->asker);
    store_case_close(&c->store);
}

static void add(ask_case *c, int64_t epoch, int64_t seq)
{
    const sei_reading  reading = {1, begun_us + seq * s_us, 1.0, SEI_POINT_VALUE};
    const sei_record   record  = {.station_id  = 1,
                                  .epoch       = epoch,
                                  .seq         = seq,
                                  .is_numbered = true,
                                  .n           = 1,
                                  .readings    = &reading};
    sei_record_outcome outcome = {0};

    T_OK(c->store.ctx, sei_store_add_record(c->store.store, &record, &outcome));
    sei_asker_note(c->asker, 1, "seiryu/v1/mine/outlet/rec", outcome.n_added == 0);
}

/* A look each half a second, as the server does. */
static void run(ask_case *c, int64_t seconds)
{
    for (int64_t i = 0; i < 2 * seconds; i++, c->now_us += s_us / 2)
        T_OK(c->store.ctx, sei_asker_run(c->asker, c->store.store, c->now_us, take, &c->box));
}

static const sei_down *find(const mailbox *m, sei_down_kind kind)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->downs[i].kind == kind)
            return &m->downs[i];
    return NULL;
}

/* A station of a bad radio: more holes than one look sees, and while old ones are filled more new ones come. */
START_TEST(a_station_that_answers_is_asked_every_two_seconds)
{
    const int64_t seconds = 120;
    ask_case      c;
    int64_t       seq = 1, n_asked = 0;

    open_case(&c);
    for (; seq < 1000; seq += 2)
        add(&c, 1, seq);
    for (int64_t i = 0; i < seconds; i++) {
        c.box.n = 0;
        run(&c, 1);
        for (int k = 0; k < 3; k++, seq += 2)
            add(&c, 1, seq);
        const sei_down *asked = find(&c.box, SEI_DOWN_ASK);
        n_asked += asked != NULL;
        if (asked) /* its answers are lost, but for two */
            for (size_t k = 0; k < 2; k++)
                add(&c, 1, asked->asks[k].first);
    }
    ck_assert_int_ge(n_asked, seconds / 2 - 3);
    close_case(&c);
}
END_TEST

START_TEST(a_station_that_does_not_answer_is_asked_less_and_less)
{
    ask_case c;
    int64_t  n_asked = 0, last = -1, pause = 0;

    open_case(&c);
    add(&c, 1, 5);
    for (int64_t i = 0; i < 4 * 3600; i++) {
        c.box.n = 0;
        run(&c, 1);
        if (!find(&c.box, SEI_DOWN_ASK))
            continue;
        if (last >= 0) {
            ck_assert_int_ge(i - last, pause);
            ck_assert_int_le(i - last, 3601);
            pause = i - last;
        }
        last = i;
        n_asked++;
    }
    ck_assert(n_asked >= 12 && n_asked <= 15); /* 2 + 4 + … + 2048 s, then hours */
    close_case(&c);
}
END_TEST

/* A new epoch says that the journal of the old one is lost: what is missing of that cannot come any more. */
START_TEST(holes_of_the_newest_epoch_are_asked_for)
{
    ask_case c;

    open_case(&c);
    add(&c, 1, 9);
    add(&c, 2, 0);
    add(&c, 2, 4);
    run(&c, 4);
    const sei_down *asked = find(&c.box, SEI_DOWN_ASK), *kept = find(&c.box, SEI_DOWN_KEPT);
    ck_assert(asked && asked->epoch == 2 && asked->n == 1);
    ck_assert(asked->asks[0].first == 1 && asked->asks[0].count == 3);
    ck_assert(kept && kept->epoch == 2 && kept->kept == 0);
    close_case(&c);
}
END_TEST

START_TEST(what_is_kept_is_told_again_to_a_station_that_did_not_hear_it)
{
    ask_case c;

    open_case(&c);
    for (int64_t seq = 0; seq < 3; seq++)
        add(&c, 1, seq);
    run(&c, 4);
    ck_assert(c.box.n == 1 && c.box.downs[0].kind == SEI_DOWN_KEPT && c.box.downs[0].kept == 2);
    run(&c, 60);
    ck_assert_uint_eq(c.box.n, 1);
    for (int i = 0; i < 20; i++) { /* not for each of many */
        add(&c, 1, 2);
        run(&c, 1);
    }
    ck_assert(c.box.n >= 5 && c.box.n <= 12 && c.box.downs[c.box.n - 1].kept == 2);
    close_case(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ask");
    TCase *tc    = tcase_create("ask");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_station_that_answers_is_asked_every_two_seconds);
    tcase_add_test(tc, a_station_that_does_not_answer_is_asked_less_and_less);
    tcase_add_test(tc, holes_of_the_newest_epoch_are_asked_for);
    tcase_add_test(tc, what_is_kept_is_told_again_to_a_station_that_did_not_hear_it);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
