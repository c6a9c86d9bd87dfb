/* test_server_batch.c - frames in groups: one that the store does not take spoils no other, and one that kills the program is given up alone */
#include <time.h>

#include "server/batch.h"
#include "server/post.h"
#include "server/sweep.h"
#include "store_case.h"

enum { FRAMES = 20, BAD = 7 };

typedef struct {
    store_case c;
    sei_server server;
    sei_desk  *desk;
    sei_batch  batch;
} world;

static void open_world(world *w)
{
    *w = (world){0};
    store_case_open(&w->c);
    store_case_seed(&w->c);
    w->server.ctx          = w->c.ctx;
    w->server.config.store = w->c.url;
    pthread_mutex_init(&w->server.lock, NULL);
    T_OK(w->c.ctx, sei_desk_take(&w->server, &w->desk));
    sei_batch_init(&w->batch, w->desk->ctx);
}

static void close_world(world *w)
{
    sei_batch_done(&w->batch);
    sei_desk_free(w->desk);
    pthread_mutex_destroy(&w->server.lock);
    store_case_close(&w->c);
}

/* One value a frame, from first on. */
static void fill(const world *w, sei_batch *batch, int first)
{
    char text[200];

    for (int i = first; i < first + FRAMES; i++) {
        const int       len   = snprintf(text, sizeof text, "[{\"n\":\"c1\",\"v\":%d,\"t\":%d}]", i,
                                         1767193200 + i * 600);
        const sei_frame frame = {.received_us = INT64_C(1767300000) * SEI_US_PER_S,
                                 .source      = "seiryu/v1/mine/outlet/senml",
                                 .format      = "senml-json",
                                 .payload     = text,
                                 .len         = (size_t)len};
        T_OK(w->desk->ctx, sei_batch_add(batch, &frame));
    }
}

/* 100 + its number. */
static void keep_frames(world *w)
{
    fill(w, &w->batch, 100);
    T_OK(w->desk->ctx, sei_batch_keep(w->desk, &w->batch));
}

static int64_t count(const world *w, const char *sql)
{
    int64_t n = 0;

    T_OK(w->c.ctx, sei_db_get_int(sei_store_db(w->c.store), sql, 0, NULL, NULL, &n));
    return n;
}

static void run(const world *w, const char *sql)
{
    T_OK(w->c.ctx, sei_db_script(sei_store_db(w->c.store), sql));
}

static const char done[]    = "SELECT count(*) FROM frame WHERE state = 1",
                  fresh[]   = "SELECT count(*) FROM frame WHERE state = 0",
                  refused[] = "SELECT count(*) FROM frame WHERE state = 2",
                  points[]  = "SELECT count(*) FROM point";

START_TEST(one_that_the_store_refuses_spoils_no_other)
{
    world  w;
    size_t n = 0;

    open_world(&w);
    keep_frames(&w);
    ck_assert_int_eq(count(&w, fresh), FRAMES); /* kept before anything is decoded */
    run(&w, store_case_is_postgres()
                ? "ALTER TABLE point ADD CONSTRAINT no_bad CHECK(value <> 107)"
                : "CREATE TRIGGER no_bad BEFORE INSERT ON point WHEN NEW.value = 107 BEGIN"
                  " SELECT RAISE(ABORT, 'no_bad'); END");
    T_OK(w.desk->ctx, sei_batch_decode(&w.server, w.desk, &w.batch, &n));
    ck_assert_uint_eq(n, FRAMES);
    for (int i = 0; i < FRAMES; i++) {
        ck_assert_int_eq(w.batch.decoded[i].state, i == BAD ? SEI_FRAME_REFUSED : SEI_FRAME_DONE);
        ck_assert_uint_eq(w.batch.decoded[i].points.n_added, i != BAD);
    }
    T_CONTAINS(w.batch.decoded[BAD].detail, "no_bad");
    ck_assert_int_eq(count(&w, done), FRAMES - 1);
    ck_assert_int_eq(count(&w, refused), 1);
    ck_assert_int_eq(count(&w, points), FRAMES - 1);
    close_world(&w);
}
END_TEST

/* One transaction for both, and nothing of either when there is a fault in one. */
START_TEST(what_was_kept_is_decoded_with_the_next)
{
    world     w;
    sei_batch next, last;

    open_world(&w);
    sei_batch_init(&next, w.desk->ctx);
    sei_batch_init(&last, w.desk->ctx);
    keep_frames(&w);
    fill(&w, &next, 200);
    T_OK(w.desk->ctx, sei_batch_keep_and_decode(&w.server, w.desk, &next, &w.batch));
    ck_assert_int_eq(count(&w, done), FRAMES);
    ck_assert_int_eq(count(&w, fresh), FRAMES);
    ck_assert_int_eq(count(&w, points), FRAMES);
    ck_assert_int_eq(w.batch.decoded[FRAMES - 1].state, SEI_FRAME_DONE);
    run(&w, store_case_is_postgres()
                ? "ALTER TABLE point ADD CONSTRAINT no_bad CHECK(value <> 207)"
                : "CREATE TRIGGER no_bad BEFORE INSERT ON point WHEN NEW.value = 207 BEGIN"
                  " SELECT RAISE(ABORT, 'no_bad'); END");
    fill(&w, &last, 300);
    T_STATUS(w.desk->ctx, sei_batch_keep_and_decode(&w.server, w.desk, &last, &next), SEI_E_RANGE);
    ck_assert_int_eq(count(&w, "SELECT count(*) FROM frame"), 2 * FRAMES);
    ck_assert_int_eq(count(&w, fresh), FRAMES);
    ck_assert_int_eq(count(&w, points), FRAMES);
    ck_assert_int_eq(count(&w, "SELECT min(id) FROM frame WHERE state = 0"), next.frames[0].id);
    sei_batch_done(&next);
    sei_batch_done(&last);
    close_world(&w);
}
END_TEST

static void count_taken(void *user, const sei_frame *frame, const sei_decoded *decoded)
{
    (void)frame;
    (void)decoded;
    ++*(int *)user;
}

/* Tries are those of runs of the program that did not come back; here they are written by hand. */
START_TEST(a_killer_is_given_up_and_no_other)
{
    world       w;
    sei_sweeper sweeper;
    int         taken = 0;

    open_world(&w);
    keep_frames(&w);
    run(&w, "UPDATE frame SET tries = 3 WHERE id = 4");
    run(&w, "UPDATE frame SET tries = 4 WHERE id = 8");
    sei_sweeper_init(&sweeper, count_taken, &taken);
    T_OK(w.desk->ctx, sei_sweep(&sweeper, &w.server, w.desk, false));
    ck_assert_int_eq(taken, FRAMES - 1);
    ck_assert_int_eq(count(&w, done), FRAMES - 1);
    ck_assert_int_eq(count(&w, "SELECT id FROM frame WHERE state = 2"), 8);
    ck_assert_int_eq(count(&w, points), FRAMES - 1);
    close_world(&w);
}
END_TEST

START_TEST(a_store_that_fails_makes_no_frame_suspect)
{
    world       w;
    sei_sweeper sweeper;
    int         taken = 0;

    open_world(&w);
    keep_frames(&w);
    sei_sweeper_init(&sweeper, count_taken, &taken);
    run(&w, "ALTER TABLE received RENAME TO hidden; ALTER TABLE segment RENAME TO hidden_too");
    for (int i = 0; i < 10; i++)
        T_STATUS(w.desk->ctx, sei_sweep(&sweeper, &w.server, w.desk, false), SEI_E_IO);
    ck_assert_int_eq(count(&w, fresh), FRAMES);
    ck_assert_int_eq(count(&w, points), 0);
    run(&w, "ALTER TABLE hidden RENAME TO received; ALTER TABLE hidden_too RENAME TO segment");
    T_OK(w.desk->ctx, sei_sweep(&sweeper, &w.server, w.desk, false));
    ck_assert_int_eq(count(&w, done), FRAMES);
    ck_assert_int_eq(count(&w, points), FRAMES);
    ck_assert_int_eq(taken, FRAMES);
    close_world(&w);
}
END_TEST

typedef struct {
    world      *w;
    sei_posts  *posts;
    int         number; /* of the thread, and its value */
    sei_decoded decoded;
    sei_status  status;
} poster;

static void *post_one(void *user)
{
    poster   *p    = user;
    sei_desk *desk = NULL;
    char      text[100];

    snprintf(text, sizeof text, "[{\"n\":\"c%d\",\"v\":%d,\"t\":1767193200}]", p->number + 1,
             p->number);
    const sei_frame frame = {.received_us = INT64_C(1767300000) * SEI_US_PER_S,
                             .source      = "http",
                             .format      = p->number == 2 ? "csv" : "senml-json",
                             .station_id  = 1,
                             .payload     = text,
                             .len         = strlen(text)};
    p->status             = sei_desk_take(&p->w->server, &desk);
    if (p->status == SEI_OK)
        p->status = sei_posts_add(p->posts, &p->w->server, desk, &frame, &p->decoded);
    if (desk)
        sei_desk_give(&p->w->server, desk);
    return NULL;
}

static void wait_until_they_wait(sei_posts *posts, size_t groups, size_t waiting)
{
    while (sei_posts_groups(posts) < groups || sei_posts_waiting(posts) < waiting)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* The first one finds the store taken; the others wait with it, and a commit serves them all. */
START_TEST(posts_that_wait_are_committed_together)
{
    enum { POSTERS = 5 };
    world      w;
    sei_posts *posts = NULL;
    pthread_t  threads[POSTERS];
    poster     all[POSTERS];

    open_world(&w);
    T_OK(w.c.ctx, sei_posts_create(w.c.ctx, &posts));
    T_OK(w.c.ctx, sei_store_begin(w.c.store));
    ck_assert_int_eq(count(&w, done), 0); /* the first look takes the right to write */
    for (int i = 0; i < POSTERS; i++) {
        all[i] = (poster){.w = &w, .posts = posts, .number = i};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, post_one, &all[i]), 0);
        wait_until_they_wait(posts, 1, (size_t)i);
    }
    T_OK(w.c.ctx, sei_store_end(w.c.store, SEI_OK));
    for (int i = 0; i < POSTERS; i++) {
        pthread_join(threads[i], NULL);
        T_OK(w.c.ctx, all[i].status);
        ck_assert_int_eq(all[i].decoded.state, i == 2 ? SEI_FRAME_REFUSED : SEI_FRAME_DONE);
        ck_assert_uint_eq(all[i].decoded.points.n_added, i == 2 ? 0 : 1);
    }
    ck_assert_uint_eq(sei_posts_groups(posts), 2);
    ck_assert_int_eq(count(&w, done), POSTERS - 1);
    ck_assert_int_eq(count(&w, refused), 1);
    ck_assert_int_eq(
        count(&w, "SELECT count(*) FROM point WHERE value = channel_id - 1 AND value <> 2"),
        POSTERS - 1);
    sei_posts_free(posts);
    while (w.server.free_desks) {
        sei_desk *desk      = w.server.free_desks;
        w.server.free_desks = desk->next;
        sei_desk_free(desk);
    }
    close_world(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_batch");
    TCase *tc    = tcase_create("server_batch");

    tcase_add_test(tc, one_that_the_store_refuses_spoils_no_other);
    tcase_add_test(tc, what_was_kept_is_decoded_with_the_next);
    tcase_add_test(tc, a_killer_is_given_up_and_no_other);
    tcase_add_test(tc, posts_that_wait_are_committed_together);
    tcase_add_test(tc, a_store_that_fails_makes_no_frame_suspect);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
