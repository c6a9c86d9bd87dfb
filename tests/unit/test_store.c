/* test_store.c - records exactly once, packed without loss, never changed, charted as they are */
#include <stdint.h>

#include "store/audit.h"
#include "store/block.h"
#include "store_case.h"

static uint64_t random_state = 88172645463325252u;

static uint64_t random_bits(void) /* xorshift64 (marsaglia2003) */
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* ---- blocks */

static void check_block(sei_ctx *ctx, size_t n, const sei_point points[], double max_bytes_a_point)
{
    uint8_t   *bytes = NULL;
    size_t     len   = 0;
    sei_points again;

    sei_points_init(&again, ctx);
    T_OK(ctx, sei_block_pack(ctx, n, points, &bytes, &len));
    ck_assert_msg((double)len / (double)n <= max_bytes_a_point, "%zu bytes for %zu points", len, n);
    T_OK(ctx, sei_block_unpack(ctx, bytes, len, &again));
    ck_assert_uint_eq(again.n, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(memcmp(&again.at[i], &points[i], sizeof points[i]) == 0, "point %zu", i);
    again.n = 0;
    for (size_t cut = 0; cut < len; cut += 1 + len / 50) /* no part of a block is a block */
        T_STATUS(ctx, sei_block_unpack(ctx, bytes, cut, &again), SEI_E_PARSE);
    bytes[len / 2] ^= 1;
    T_STATUS(ctx, sei_block_unpack(ctx, bytes, len, &again), SEI_E_PARSE);
    ck_assert_uint_eq(again.n, 0);
    sei_points_done(&again);
    sei_release(ctx, bytes);
}

START_TEST(any_points_come_back_bit_by_bit)
{
    sei_ctx         *ctx = sei_ctx_create(NULL);
    static sei_point points[SEI_BLOCK_POINTS_MAX];

    for (int round = 0; round < 60; round++) {
        const size_t n = 1 + random_bits() % (round < 50 ? 40 : SEI_BLOCK_POINTS_MAX);
        for (size_t i = 0; i < n; i++) {
            uint64_t bits = random_bits();
            memset(&points[i], 0, sizeof points[i]);
            points[i].time_us = (int64_t)random_bits() >> (random_bits() % 60);
            points[i].epoch   = (int64_t)random_bits() >> (random_bits() % 64);
            points[i].seq     = (int64_t)random_bits();
            points[i].kind    = (int64_t)(random_bits() % 4);
            if (round % 3)
                memcpy(&points[i].value, &bits,
                       sizeof bits); /* NaN with a payload, -0, subnormal */
            else
                points[i].value = (double)((int64_t)bits >> 40) / 100.0;
        }
        check_block(ctx, n, points, 1e9);
    }
    points[0].value = -0.0;
    check_block(ctx, 1, points, 1e9);
    sei_ctx_free(ctx);
}
END_TEST

/* A pH of two decimals every ten minutes, numbered: the size that the store counts on. */
START_TEST(regular_readings_take_two_bytes)
{
    sei_ctx         *ctx = sei_ctx_create(NULL);
    static sei_point points[SEI_SEAL_POINTS];
    int64_t          hundredths = 710;

    for (size_t i = 0; i < SEI_SEAL_POINTS; i++) {
        hundredths += (int64_t)(random_bits() % 21) - 10;
        points[i] = (sei_point){.time_us = INT64_C(1700000000) * SEI_US_PER_S +
                                           (int64_t)i * 600 * SEI_US_PER_S,
                                .epoch = 3,
                                .seq   = 5000 + (int64_t)i,
                                .value = (double)hundredths / 100.0};
    }
    check_block(ctx, SEI_SEAL_POINTS, points, 1.2);
    for (size_t i = 0; i < SEI_SEAL_POINTS; i++) /* full doubles cannot be that small */
        points[i].value += (double)(random_bits() >> 12) * 1e-17;
    check_block(ctx, SEI_SEAL_POINTS, points, 9.0);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- records */

static const int64_t start_us = INT64_C(1767193200) * SEI_US_PER_S; /* 2026-01-01 00:00 in Japan */

static int64_t time_of(int64_t seq)
{
    return start_us + seq * 600 * SEI_US_PER_S;
}

static double value_of(int64_t channel, int64_t seq)
{
    return (double)((seq * 37 + channel * 11) % 1000) / 100.0;
}

static void add(store_case *c, int64_t seq, sei_record_outcome *outcome)
{
    sei_reading readings[10];

    for (int64_t i = 0; i < 10; i++)
        readings[i] = (sei_reading){i + 1, time_of(seq), value_of(i + 1, seq), SEI_POINT_VALUE};
    const sei_record record = {.station_id  = 1,
                               .epoch       = 1,
                               .seq         = seq,
                               .is_numbered = true,
                               .n           = 10,
                               .readings    = readings};
    T_OK(c->ctx, sei_store_add_record(c->store, &record, outcome));
}

static void check_all(store_case *c, int64_t n)
{
    for (int64_t channel = 1; channel <= 10; channel++) {
        sei_points points;
        sei_points_init(&points, c->ctx);
        T_OK(c->ctx,
             sei_store_read(c->store, channel, INT64_MIN / 2, INT64_MAX / 2, 1000000, &points));
        ck_assert_int_eq((int64_t)points.n, n);
        for (int64_t i = 0; i < n; i++) {
            ck_assert_int_eq(points.at[i].seq, i);
            ck_assert_int_eq(points.at[i].time_us, time_of(i));
            ck_assert(points.at[i].value == value_of(channel, i));
        }
        sei_points_done(&points);
    }
}

START_TEST(each_record_counts_once_whatever_order_and_repeats)
{
    enum { N = 3000 };
    store_case         c;
    sei_record_outcome outcome = {0};
    static int64_t     order[2 * N];
    int64_t            received = 0, missing = 0;
    size_t             sent = 0;

    store_case_open(&c);
    store_case_seed(&c);
    for (int64_t i = 0; i < N; i++) { /* some late by up to 1500 places, a third twice */
        order[sent++] = i;
        if (random_bits() % 3 == 0)
            order[sent++] = i;
    }
    for (size_t i = 0; i + 1 < sent; i++)
        if (random_bits() % 4 == 0) {
            const size_t  j = i + random_bits() % (sent - i < 1500 ? sent - i : 1500);
            const int64_t t = order[i];
            order[i]        = order[j];
            order[j]        = t;
        }
    T_OK(c.ctx, sei_store_begin(c.store));
    for (size_t i = 0; i < sent; i++)
        add(&c, order[i], &outcome);
    T_OK(c.ctx, sei_store_end(c.store, SEI_OK));
    ck_assert_uint_eq(outcome.n_added, 10 * N);
    ck_assert_uint_eq(outcome.n_known, 10 * (sent - N));
    ck_assert_uint_eq(outcome.n_conflict, 0);
    check_all(&c, N);
    T_OK(c.ctx, sei_store_count_records(c.store, 1, &received, &missing));
    ck_assert_int_eq(received, N);
    ck_assert_int_eq(missing, 0);
    T_OK(c.ctx, sei_store_seal_all(c.store, 0));
    check_all(&c, N);
    add(&c, 17, &outcome); /* a repeat of what is packed */
    ck_assert_uint_eq(outcome.n_known, 10 * (sent - N) + 10);
    ck_assert_uint_eq(outcome.n_conflict, 0);
    check_all(&c, N);
    store_case_close(&c);
}
END_TEST

static void take_gaps(void *user, size_t i, const sei_gaps *gaps)
{
    sei_gaps *out = user;

    ck_assert_uint_lt(i, 3);
    out[i] = *gaps;
}

START_TEST(holes_are_known_until_they_are_filled)
{
    static const int64_t came[] = {2, 3, 7, 8, 9, 20};
    store_case           c;
    sei_record_outcome   outcome = {0};
    sei_hole             holes[10];
    size_t               n        = 0;
    int64_t              received = 0, missing = 0;
    const int64_t        stations[3] = {1, 77, 1}; /* 77: no such */
    sei_gaps             gaps[3]     = {{0}, {.kept = 7}, {0}};

    store_case_open(&c);
    store_case_seed(&c);
    for (size_t i = 0; i < T_COUNT(came); i++)
        add(&c, came[i], &outcome);
    T_OK(c.ctx, sei_store_holes(c.store, 1, T_COUNT(holes), holes, &n));
    ck_assert_uint_eq(n, 3);
    ck_assert(holes[0].first == 0 && holes[0].last == 1);
    ck_assert(holes[1].first == 4 && holes[1].last == 6);
    ck_assert(holes[2].first == 10 && holes[2].last == 19);
    T_OK(c.ctx, sei_store_count_records(c.store, 1, &received, &missing));
    ck_assert_int_eq(received, 6);
    ck_assert_int_eq(missing, 15);
    T_OK(c.ctx, sei_store_gaps(c.store, 3, stations, take_gaps, gaps));
    for (size_t i = 0; i < 3; i += 2) {
        ck_assert(gaps[i].epoch == 1 && gaps[i].kept == -1 && gaps[i].n == 3);
        ck_assert(memcmp(gaps[i].holes, holes, 3 * sizeof *holes) == 0);
    }
    ck_assert_int_eq(gaps[1].kept, 7); /* not called */
    for (int64_t i = 19; i >= 0; i--)
        add(&c, i, &outcome);
    T_OK(c.ctx, sei_store_holes(c.store, 1, T_COUNT(holes), holes, &n));
    ck_assert_uint_eq(n, 0);
    T_OK(c.ctx, sei_store_gaps(c.store, 1, stations, take_gaps, gaps));
    ck_assert(gaps[0].epoch == 1 && gaps[0].kept == 20 && gaps[0].n == 0);
    store_case_close(&c);
}
END_TEST

START_TEST(another_value_under_a_known_number_is_a_conflict)
{
    store_case         c;
    sei_record_outcome outcome = {0};
    sei_reading        reading = {1, 0, 99.0, SEI_POINT_VALUE};

    store_case_open(&c);
    store_case_seed(&c);
    for (int64_t i = 0; i < 5; i++)
        add(&c, i, &outcome);
    reading.time_us   = time_of(3);
    sei_record record = {
        .station_id = 1, .epoch = 1, .seq = 3, .is_numbered = true, .n = 1, .readings = &reading};
    T_OK(c.ctx, sei_store_add_record(c.store, &record, &outcome));
    ck_assert_uint_eq(outcome.n_conflict, 1);
    record.is_numbered = false; /* by its time: no such point, then a repeat, then a conflict */
    T_OK(c.ctx, sei_store_add_record(c.store, &record, &outcome));
    T_OK(c.ctx, sei_store_add_record(c.store, &record, &outcome));
    T_OK(c.ctx, sei_store_seal_all(c.store, 0));
    T_OK(c.ctx, sei_store_add_record(c.store, &record, &outcome));
    reading.value = 98.0;
    T_OK(c.ctx, sei_store_add_record(c.store, &record, &outcome));
    ck_assert_uint_eq(outcome.n_conflict, 2);
    ck_assert_uint_eq(outcome.n_known, 2);
    ck_assert_uint_eq(outcome.n_added, 51);
    record.is_numbered = true;
    record.epoch       = 0;
    T_STATUS(c.ctx, sei_store_add_record(c.store, &record, &outcome), SEI_E_RANGE);
    store_case_close(&c);
}
END_TEST

/* What one after the other would have given: a list of keys with values, and of numbers. */
typedef struct {
    int64_t   channel;
    sei_point point;
} known_point;

typedef struct {
    known_point at[20000];
    size_t      n;
    bool        came[2][3][400]; /* station, epoch, number */
} known;

static sei_record_outcome expect(known *k, const sei_record *r, uint8_t is_new[])
{
    sei_record_outcome o = {0};

    if (r->is_numbered)
        k->came[r->station_id - 1][r->epoch][r->seq] = true;
    for (size_t i = 0; i < r->n; i++) {
        const sei_reading *one   = &r->readings[i];
        const sei_point    point = {one->time_us, r->is_numbered ? r->epoch : 0,
                                 r->is_numbered ? r->seq : 0, one->value, (int64_t)one->kind};
        size_t             p     = 0;
        while (p < k->n &&
               !(k->at[p].channel == one->channel_id && k->at[p].point.time_us == point.time_us &&
                 k->at[p].point.epoch == point.epoch && k->at[p].point.seq == point.seq))
            p++;
        is_new[i] = p == k->n;
        if (p == k->n)
            k->at[k->n++] = (known_point){one->channel_id, point};
        else if (k->at[p].point.value == point.value && k->at[p].point.kind == point.kind)
            o.n_known++;
        else
            o.n_conflict++;
        o.n_added += is_new[i];
    }
    return o;
}

/* Numbered or not, late, repeated, with another value now and then, with a channel twice. */
static sei_record some_record(sei_reading readings[4], int64_t clock)
{
    const uint64_t bits = random_bits();
    sei_record     r    = {.station_id  = 1 + (int64_t)(bits % 2),
                           .epoch       = 1 + (int64_t)(bits >> 4) % 2,
                           .is_numbered = (bits >> 8) % 4 != 0,
                           .n           = 1 + (bits >> 12) % 4,
                           .readings    = readings};

    r.seq = clock / 8 + (int64_t)((bits >> 16) % 20);
    for (size_t i = 0; i < r.n; i++) {
        const uint64_t more = random_bits();
        readings[i].channel_id =
            5 * (r.station_id - 1) + 1 + (int64_t)(more % 50 == 0 ? 0 : i); /* 1..4, 6..9 */
        readings[i].time_us = time_of(r.seq);
        readings[i].value = value_of(readings[i].channel_id, r.seq) + (more % 97 == 0 ? 1.0 : 0.0);
        readings[i].kind  = more % 89 == 0 ? SEI_POINT_BELOW_LOQ : SEI_POINT_VALUE;
    }
    return r;
}

static void check_known(store_case *c, const known *k)
{
    int64_t received = 0, missing = 0;

    for (int64_t channel = 1; channel <= 10; channel++) {
        sei_points points;
        size_t     n = 0;
        sei_points_init(&points, c->ctx);
        T_OK(c->ctx, sei_store_read(c->store, channel, 0, INT64_MAX / 2, 100000, &points));
        for (size_t i = 0; i < k->n; i++)
            n += k->at[i].channel == channel;
        ck_assert_uint_eq(points.n, n);
        sei_points_done(&points);
    }
    for (int64_t station = 1; station <= 2; station++) {
        int64_t n = 0;
        for (int e = 1; e <= 2; e++)
            for (size_t i = 0; i < T_COUNT(k->came[0][0]); i++)
                n += k->came[station - 1][e][i];
        T_OK(c->ctx, sei_store_count_records(c->store, station, &received, &missing));
        ck_assert_int_eq(received, n);
    }
}

START_TEST(a_group_is_the_same_as_one_after_the_other)
{
    enum { ROUNDS = 90, MAX = 60 };
    static known              k;
    static sei_reading        readings[MAX][4];
    static uint8_t            is_new[MAX][4];
    static sei_record         records[MAX];
    static sei_record_outcome outcomes[MAX];
    store_case                c;
    uint8_t                   wanted[4];

    store_case_open(&c);
    store_case_seed(&c);
    for (int64_t round = 0, clock = 0; round < ROUNDS; round++) {
        const size_t n = 1 + random_bits() % (round % 3 == 0 ? 3 : MAX);
        memset(is_new, 9, sizeof is_new);
        memset(outcomes, 0, sizeof outcomes);
        for (size_t i = 0; i < n; i++) {
            records[i]        = some_record(readings[i], clock++);
            records[i].is_new = is_new[i];
        }
        T_OK(c.ctx, sei_store_add_records(c.store, n, records, outcomes));
        for (size_t i = 0; i < n; i++) {
            const sei_record_outcome o = expect(&k, &records[i], wanted);
            ck_assert_msg(o.n_added == outcomes[i].n_added && o.n_known == outcomes[i].n_known &&
                              o.n_conflict == outcomes[i].n_conflict &&
                              memcmp(wanted, is_new[i], records[i].n) == 0,
                          "round %d record %zu: added %zu known %zu conflict %zu, not %zu %zu %zu",
                          (int)round, i, outcomes[i].n_added, outcomes[i].n_known,
                          outcomes[i].n_conflict, o.n_added, o.n_known, o.n_conflict);
        }
        if (round % 20 == 10) /* the same over segments */
            T_OK(c.ctx, sei_store_seal_all(c.store, 3));
    }
    check_known(&c, &k);
    store_case_close(&c);
}
END_TEST

/* A file of values without numbers, brought in twice: packed at once, and known the second time. */
START_TEST(long_runs_go_into_segments_and_are_known_again)
{
    enum { N = 3 * SEI_SEAL_POINTS + 100 };
    static sei_reading readings[N];
    static sei_record  records[N];
    store_case         c;
    int64_t            n = 0;

    store_case_open(&c);
    store_case_seed(&c);
    for (int64_t i = 0; i < N; i++) {
        readings[i] = (sei_reading){1 + i % 2, time_of(i / 2), value_of(1 + i % 2, i / 2), 0};
        records[i]  = (sei_record){.station_id = 1, .n = 1, .readings = &readings[i]};
    }
    for (int round = 0; round < 2; round++) {
        static sei_record_outcome outcomes[N];
        memset(outcomes, 0, sizeof outcomes);
        T_OK(c.ctx, sei_store_add_records(c.store, N, records, outcomes));
        for (size_t i = 0; i < N; i++)
            ck_assert(outcomes[i].n_added == (round == 0) && outcomes[i].n_known == (round == 1) &&
                      outcomes[i].n_conflict == 0);
        T_OK(c.ctx,
             sei_db_get_int(sei_store_db(c.store), "SELECT CAST(sum(n) AS BIGINT) FROM segment", 0,
                            NULL, NULL, &n));
        ck_assert_int_eq(n, 2 * SEI_SEAL_POINTS);
        T_OK(c.ctx, sei_db_get_int(sei_store_db(c.store), "SELECT count(*) FROM point", 0, NULL,
                                   NULL, &n));
        ck_assert_int_eq(n, N - 2 * SEI_SEAL_POINTS);
    }
    store_case_close(&c);
}
END_TEST

/* ---- what may not be done */

static void refused(store_case *c, const char *sql, const char *why)
{
    ck_assert_msg(sei_db_script(sei_store_db(c->store), sql) != SEI_OK, "%s was done", sql);
    T_CONTAINS(sei_ctx_error(c->ctx), why);
}

START_TEST(raw_data_and_records_of_people_are_never_changed)
{
    store_case         c;
    sei_record_outcome outcome = {0};
    int64_t            id = 0, n = 0;
    const sei_frame    frame = {
           .received_us = 5, .source = "test", .format = "seiryu", .payload = "abc", .len = 3};

    store_case_open(&c);
    store_case_seed(&c);
    for (int64_t i = 0; i < 5; i++)
        add(&c, i, &outcome);
    T_OK(c.ctx, sei_store_add_frame(c.store, &frame, &id));
    refused(&c, "UPDATE point SET value = 1", "raw points are never changed");
    refused(&c, "DELETE FROM point", "raw points leave only into a segment");
    T_OK(c.ctx, sei_store_seal_all(c.store, 0));
    refused(&c, "UPDATE segment SET n = 1", "segments are never changed");
    refused(&c, "DELETE FROM segment", "segments leave only by a purge");
    refused(&c, "UPDATE frame SET payload = payload", "raw frames are never changed");
    T_OK(c.ctx, sei_store_purge_frames(c.store, 100, "a", "b", 200, &n));
    ck_assert_int_eq(n, 0); /* not decoded yet */
    refused(&c, "DELETE FROM frame", "raw frames leave only decoded");
    T_OK(c.ctx, sei_store_close_frame(c.store, id, SEI_FRAME_DONE, 1, NULL));
    T_OK(c.ctx, sei_store_purge_frames(c.store, 100, "a", "b", 200, &n));
    ck_assert_int_eq(n, 1);
    refused(&c, "DELETE FROM purge", "never deleted");
    T_OK(c.ctx,
         sei_db_script(
             sei_store_db(c.store),
             "INSERT INTO layer VALUES(1, 1, 'flag', 0, 1, 'spike', 4, '{}', 'a', 'b', 0, NULL)"));
    T_OK(c.ctx, sei_audit_add(c.store, 0, "a", "b", "c", NULL));
    refused(&c, "UPDATE layer SET level = 1", "undo them");
    refused(&c, "DELETE FROM layer", "undo them");
    refused(&c, "UPDATE audit SET actor = 'x'", "audit log is never changed");
    refused(&c, "DELETE FROM audit", "audit log is never deleted");
    store_case_close(&c);
}
END_TEST

/* The station's clock is set back by a day half-way: numbers go on, times come again. */
START_TEST(a_clock_that_jumps_loses_nothing)
{
    enum { N = 400, JUMP = 144, AT = 200 };
    store_case         c;
    sei_record_outcome outcome = {0};
    sei_points         points;
    bool               seen[N] = {false};

    store_case_open(&c);
    store_case_seed(&c);
    for (int round = 0; round < 2; round++)
        for (int64_t seq = 0; seq < N; seq++) {
            const sei_reading reading = {1, time_of(seq < AT ? seq : seq - JUMP), value_of(1, seq),
                                         SEI_POINT_VALUE};
            const sei_record  record  = {.station_id  = 1,
                                         .epoch       = 1,
                                         .seq         = seq,
                                         .is_numbered = true,
                                         .n           = 1,
                                         .readings    = &reading};
            T_OK(c.ctx, sei_store_add_record(c.store, &record, &outcome));
        }
    ck_assert(outcome.n_added == N && outcome.n_known == N && outcome.n_conflict == 0);
    sei_points_init(&points, c.ctx);
    T_OK(c.ctx, sei_store_read(c.store, 1, 0, INT64_MAX / 2, 10000, &points));
    ck_assert_uint_eq(points.n, N);
    for (size_t i = 0; i < N; i++) {
        ck_assert(i == 0 || points.at[i].time_us >= points.at[i - 1].time_us);
        ck_assert(!seen[points.at[i].seq] && points.at[i].value == value_of(1, points.at[i].seq));
        seen[points.at[i].seq] = true;
    }
    sei_points_done(&points);
    store_case_close(&c);
}
END_TEST

/* ---- full disk */

/* SQLite is told that its file may grow no more: what it answers then is what it answers on a full disk. */
START_TEST(on_a_full_disk_nothing_is_half_done)
{
    store_case         c;
    sei_record_outcome outcome = {0};
    sei_status         st      = SEI_OK;
    int64_t            n = 0, received = 0, missing = 0, pages = 0;
    char               sql[80];

    store_case_open(&c);
    store_case_seed(&c);
    T_OK(c.ctx, sei_db_get_int(sei_store_db(c.store), "PRAGMA page_count", 0, NULL, NULL, &pages));
    snprintf(sql, sizeof sql, "PRAGMA max_page_count=%lld", (long long)pages + 20);
    T_OK(c.ctx, sei_db_script(sei_store_db(c.store), sql));
    for (; st == SEI_OK && n < 100000; n += st == SEI_OK) {
        sei_reading readings[10];
        for (int64_t i = 0; i < 10; i++)
            readings[i] = (sei_reading){i + 1, time_of(n), value_of(i + 1, n), SEI_POINT_VALUE};
        const sei_record record = {.station_id  = 1,
                                   .epoch       = 1,
                                   .seq         = n,
                                   .is_numbered = true,
                                   .n           = 10,
                                   .readings    = readings};
        st                      = sei_store_add_record(c.store, &record, &outcome);
    }
    ck_assert_int_eq(st, SEI_E_IO);
    T_CONTAINS(sei_ctx_error(c.ctx), "disk full");
    ck_assert(n > 10);
    check_all(
        &c, n); /* what was said to be stored is there, whole, and nothing of the refused record */
    ck_assert_uint_eq(outcome.n_added, 10 * (size_t)n);
    T_OK(c.ctx, sei_store_count_records(c.store, 1, &received, &missing));
    ck_assert_int_eq(received, n);
    T_OK(c.ctx,
         sei_db_script(sei_store_db(c.store), "PRAGMA max_page_count=100000")); /* room again */
    for (int64_t i = 0; i < n + 100; i++)
        add(&c, i, &outcome);
    check_all(&c, n + 100);
    store_case_close(&c);
}
END_TEST

/* ---- charts */

static void check_chart(store_case *c, int64_t from_us, int64_t to_us, size_t n_max, int64_t n)
{
    sei_chart chart;
    size_t    inside = 0, counted = 0;
    double    sum = 0.0, bin_sum = 0.0;

    sei_chart_init(&chart, c->ctx);
    T_OK(c->ctx, sei_store_chart(c->store, 3, from_us, to_us, n_max, &chart));
    ck_assert(chart.n + chart.points.n <= n_max + 1);
    for (size_t i = 0; i < chart.n; i++) {
        const sei_bin *b   = &chart.bins[i];
        double         min = 1e9, max = -1e9, s = 0.0;
        size_t         m = 0;
        for (int64_t seq = 0; seq < n; seq++)
            if (time_of(seq) >= b->start_us && time_of(seq) < b->start_us + chart.step_us &&
                time_of(seq) < to_us) {
                min = fmin(min, value_of(3, seq));
                max = fmax(max, value_of(3, seq));
                s += value_of(3, seq);
                m++;
            }
        if (b->start_us + chart.step_us <= to_us) {
            ck_assert_uint_eq(b->n, m);
            ck_assert(b->min == min && b->max == max);
            T_CLOSE(b->sum, s, 1e-12);
        }
        counted += b->n;
        bin_sum += b->sum;
    }
    for (int64_t seq = 0; seq < n; seq++)
        if (time_of(seq) >= from_us && time_of(seq) < to_us) {
            inside++;
            sum += value_of(3, seq);
        }
    if (chart.step_us == 0)
        ck_assert_uint_eq(chart.points.n, inside);
    else if (from_us <= start_us && to_us > time_of(n)) {
        ck_assert_uint_eq(counted, inside);
        T_CLOSE(bin_sum, sum, 1e-9);
    }
    sei_chart_done(&chart);
}

START_TEST(bins_are_what_the_points_in_them_say)
{
    enum { N = 5000 };
    store_case         c;
    sei_record_outcome outcome = {0};

    store_case_open(&c);
    store_case_seed(&c);
    T_OK(c.ctx, sei_store_begin(c.store));
    for (int64_t i = 0; i < N; i++)
        add(&c, (i * 1237) % N, &outcome); /* far out of order: segments overlap */
    T_OK(c.ctx, sei_store_end(c.store, SEI_OK));
    ck_assert_uint_eq(outcome.n_added, 10 * N);
    for (int64_t i = 10; i <= 20000; i *= 3)
        check_chart(&c, start_us - 86400 * SEI_US_PER_S, time_of(N) + SEI_US_PER_S, (size_t)i, N);
    check_chart(&c, time_of(100) + 1, time_of(130), 1000, N);
    check_chart(&c, time_of(100), time_of(1100), 50, N);
    store_case_close(&c);
}
END_TEST

/* Only what is older than said goes, only whole segments, and it does not come back. */
START_TEST(old_points_leave_by_a_purge_and_their_days_stay)
{
    enum { N = 3000, LAST_DAY = 20 };
    store_case         c;
    sei_record_outcome outcome = {0};
    sei_points         points;
    sei_chart          chart;
    int64_t            n      = 0;
    const int64_t      before = start_us + 12 * SEI_US_PER_DAY, end = time_of(N);

    store_case_open(&c);
    store_case_seed(&c);
    T_OK(c.ctx, sei_store_begin(c.store));
    for (int64_t i = 0; i < N; i++)
        add(&c, i, &outcome);
    T_OK(c.ctx, sei_store_end(c.store, SEI_OK));
    refused(&c, "DELETE FROM segment", "segments leave only by a purge");
    T_OK(c.ctx, sei_store_purge_points(c.store, 1, before, "a", "b", 5, &n));
    ck_assert_int_eq(n, 2 * SEI_SEAL_POINTS); /* the third segment ends later: 12 days are 1728 */
    refused(&c, "DELETE FROM segment", "segments leave only by a purge");
    sei_points_init(&points, c.ctx);
    T_OK(c.ctx, sei_store_read(c.store, 1, 0, end, N, &points));
    ck_assert_uint_eq(points.n, N - 2 * SEI_SEAL_POINTS);
    ck_assert_int_eq(points.at[0].seq, 2 * SEI_SEAL_POINTS);
    points.n = 0;
    T_OK(c.ctx, sei_store_read(c.store, 2, 0, end, N, &points)); /* other channels have theirs */
    ck_assert_uint_eq(points.n, N);
    outcome = (sei_record_outcome){0};
    add(&c, 5, &outcome); /* comes again */
    ck_assert(outcome.n_added == 0 && outcome.n_known == 10 && outcome.n_conflict == 0);
    points.n = 0;
    T_OK(c.ctx, sei_store_read(c.store, 1, 0, before, N, &points));
    ck_assert_uint_eq(points.n, 12 * 144 - 2 * SEI_SEAL_POINTS);
    sei_points_done(&points);
    for (int64_t channel = 1; channel <= 2; channel++) { /* a chart by day shows both alike */
        sei_chart_init(&chart, c.ctx);
        T_OK(c.ctx, sei_store_chart(c.store, channel, start_us, end, LAST_DAY + 1, &chart));
        ck_assert(chart.step_us == SEI_US_PER_DAY && chart.n == LAST_DAY + 1);
        for (size_t i = 0; i < LAST_DAY; i++)
            ck_assert_uint_eq(chart.bins[i].n, 144);
        sei_chart_done(&chart);
    }
    T_OK(c.ctx, sei_store_purge_points(c.store, 1, start_us, "a", "b", 5, &n));
    ck_assert_int_eq(n, 0);
    store_case_close(&c);
}
END_TEST

START_TEST(newest_point_is_found_wherever_it_lies)
{
    store_case         c;
    sei_record_outcome outcome = {0};
    sei_point          last;
    bool               found = true;

    store_case_open(&c);
    store_case_seed(&c);
    T_OK(c.ctx, sei_store_latest(c.store, 1, &found, &last));
    ck_assert(!found);
    for (int64_t i = 10; i < 30; i++)
        add(&c, i, &outcome);
    T_OK(c.ctx, sei_store_latest(c.store, 1, &found, &last));
    ck_assert(found && last.seq == 29);
    T_OK(c.ctx, sei_store_seal_all(c.store, 0));
    add(&c, 2, &outcome); /* late */
    T_OK(c.ctx, sei_store_latest(c.store, 1, &found, &last));
    ck_assert(found && last.seq == 29 && last.value == value_of(1, 29));
    store_case_close(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *tc    = tcase_create("store");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, any_points_come_back_bit_by_bit);
    tcase_add_test(tc, regular_readings_take_two_bytes);
    tcase_add_test(tc, each_record_counts_once_whatever_order_and_repeats);
    tcase_add_test(tc, a_group_is_the_same_as_one_after_the_other);
    tcase_add_test(tc, long_runs_go_into_segments_and_are_known_again);
    tcase_add_test(tc, holes_are_known_until_they_are_filled);
    tcase_add_test(tc, another_value_under_a_known_number_is_a_conflict);
    tcase_add_test(tc, raw_data_and_records_of_people_are_never_changed);
    if (!store_case_is_postgres()) /* PRAGMA max_page_count plays the full disk */
        tcase_add_test(tc, on_a_full_disk_nothing_is_half_done);
    tcase_add_test(tc, a_clock_that_jumps_loses_nothing);
    tcase_add_test(tc, bins_are_what_the_points_in_them_say);
    tcase_add_test(tc, old_points_leave_by_a_purge_and_their_days_stay);
    tcase_add_test(tc, newest_point_is_found_wherever_it_lies);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
