/* test_db.c - both databases behave alike: values come back as they went, errors end a transaction */
#include <float.h>

#include "store_case.h"

static sei_db *open_table(store_case *c)
{
    store_case_open(c);
    sei_db *db = sei_store_db(c->store);
    T_OK(c->ctx, sei_db_script(db, store_case_is_postgres()
                                       ? "CREATE TABLE v(id BIGINT PRIMARY KEY, r DOUBLE PRECISION,"
                                         " t TEXT, b BYTEA)"
                                       : "CREATE TABLE v(id INTEGER PRIMARY KEY, r REAL, t TEXT,"
                                         " b BLOB) STRICT"));
    return db;
}

static const char insert[] = "INSERT INTO v(id, r, t, b) VALUES($1, $2, $3, $4)";

START_TEST(values_come_back_as_they_went)
{
    static const double  reals[] = {0.0,     -0.0,   0.1,     1.0 / 3.0, DBL_MAX,
                                    DBL_MIN, 5e-324, 7.12e-9, -1e300,    1e15 + 0.3};
    static const int64_t whole[] = {0,         1,         -1,  1000000, INT64_MAX,
                                    INT64_MIN, INT32_MIN, 255, -256,    4};
    static const uint8_t bytes[] = {0, 1, 0xFF, '\\', '\'', 0, 10};
    static const char    text[]  = "鉱山 'x' \\ \" %s $1";
    store_case           c;
    sei_db              *db   = open_table(&c);
    sei_stmt            *stmt = NULL;
    bool                 row  = false;

    for (size_t i = 0; i < T_COUNT(whole); i++)
        T_OK(c.ctx,
             sei_db_run(db, insert,
                        SEI_BINDS(sei_bind_int(whole[i]),
                                  i == 1 ? sei_bind_null() : sei_bind_real(reals[i]),
                                  i == 2 ? sei_bind_null() : sei_bind_text(text),
                                  i == 3 ? sei_bind_null() : sei_bind_blob(bytes, sizeof bytes)),
                        NULL));
    for (size_t i = 0; i < T_COUNT(whole); i++) {
        T_OK(c.ctx, sei_db_start(db, "SELECT id, r, t, b FROM v WHERE id = $1",
                                 SEI_BINDS(sei_bind_int(whole[i])), &stmt));
        T_OK(c.ctx, sei_db_step(stmt, &row));
        ck_assert(row && sei_db_int(stmt, 0) == whole[i]);
        const double real = sei_db_real(stmt, 1);
        size_t       len  = 0;
        ck_assert(i == 1 ? sei_db_is_null(stmt, 1) && real == 0.0
                         : memcmp(&real, &reals[i], 8) == 0);
        ck_assert_str_eq(sei_db_text(stmt, 2), i == 2 ? "" : text);
        const void *blob = sei_db_blob(stmt, 3, &len);
        ck_assert(i == 3 ? len == 0 : len == sizeof bytes && memcmp(blob, bytes, len) == 0);
        T_OK(c.ctx, sei_db_step(stmt, &row));
        ck_assert(!row);
        sei_db_finish(stmt);
    }
    store_case_close(&c);
}
END_TEST

/* A query inside the loop of another, and inside the loop of itself. */
START_TEST(queries_run_inside_each_other)
{
    store_case c;
    sei_db    *db    = open_table(&c);
    sei_stmt  *outer = NULL;
    bool       row   = false;
    int64_t    sum   = 0;

    for (int64_t i = 1; i <= 20; i++)
        T_OK(c.ctx, sei_db_run(db, insert,
                               SEI_BINDS(sei_bind_int(i), sei_bind_real(0.5), sei_bind_text("x"),
                                         sei_bind_null()),
                               NULL));
    static const char query[] = "SELECT id FROM v WHERE id > $1 ORDER BY id LIMIT 2";
    T_OK(c.ctx, sei_db_start(db, query, SEI_BINDS(sei_bind_int(3)), &outer));
    for (;;) {
        int64_t next = 0;
        T_OK(c.ctx, sei_db_step(outer, &row));
        if (!row)
            break;
        T_OK(c.ctx,
             sei_db_get_int(db, query, SEI_BINDS(sei_bind_int(sei_db_int(outer, 0))), NULL, &next));
        sum += 100 * sei_db_int(outer, 0) + next;
    }
    sei_db_finish(outer);
    ck_assert_int_eq(sum, 405 + 506);
    store_case_close(&c);
}
END_TEST

/* What is only queued counts too: a fault in it keeps everything of its transaction out. */
START_TEST(a_fault_keeps_the_whole_transaction_out)
{
    static const sei_append into = {"v", "INSERT INTO v(id, r) VALUES($1, $2)",
                                    "COPY v(id, r) FROM STDIN BINARY"};
    store_case              c;
    sei_db                 *db = open_table(&c);
    int64_t                 n  = -1;
    sei_status              st;

    for (int how = 0; how < 3; how++) {
        T_OK(c.ctx, sei_db_begin(db));
        st = sei_db_append(db, &into, SEI_BINDS(sei_bind_int(7), sei_bind_real(0.1)));
        if (st == SEI_OK)
            st = sei_db_run_later(db, "UPDATE v SET t = $1 WHERE id = $2",
                                  SEI_BINDS(sei_bind_text("a"), sei_bind_int(7)));
        if (st == SEI_OK && how == 0)
            st = sei_db_append(db, &into, SEI_BINDS(sei_bind_int(7), sei_bind_real(0.2)));
        if (st == SEI_OK && how == 1)
            st = sei_db_run_later(db, "INSERT INTO v(id) VALUES($1)", SEI_BINDS(sei_bind_int(7)));
        if (st == SEI_OK && how == 2)
            st = sei_db_run(db, "INSERT INTO v(id) VALUES($1)", SEI_BINDS(sei_bind_int(7)), NULL);
        if (st == SEI_OK)
            st = sei_db_get_int(db, "SELECT count(*) FROM v", 0, NULL, NULL, &n);
        T_STATUS(c.ctx, sei_db_end(db, st), SEI_E_DUPLICATE);
        T_OK(c.ctx, sei_db_get_int(db, "SELECT count(*) FROM v", 0, NULL, NULL, &n));
        ck_assert_int_eq(n, 0);
    }
    T_OK(c.ctx, sei_db_begin(db)); /* the fault comes with the commit itself */
    T_OK(c.ctx, sei_db_append(db, &into, SEI_BINDS(sei_bind_int(7), sei_bind_real(0.1))));
    st = sei_db_append(db, &into, SEI_BINDS(sei_bind_int(7), sei_bind_real(0.2)));
    T_STATUS(c.ctx, sei_db_end(db, st), SEI_E_DUPLICATE);
    T_OK(c.ctx, sei_db_begin(db)); /* and the connection is as good as before */
    T_OK(c.ctx, sei_db_append(db, &into, SEI_BINDS(sei_bind_int(7), sei_bind_real(0.1))));
    T_OK(c.ctx, sei_db_run_later(db, "UPDATE v SET t = $1 WHERE id = $2",
                                 SEI_BINDS(sei_bind_text("a"), sei_bind_int(7))));
    T_OK(c.ctx, sei_db_end(db, SEI_OK));
    T_OK(c.ctx,
         sei_db_get_int(db, "SELECT count(*) FROM v WHERE t = 'a' AND r = 0.1", 0, NULL, NULL, &n));
    ck_assert_int_eq(n, 1);
    store_case_close(&c);
}
END_TEST

/* Sets of whole numbers: each finds its own rows, whether they go one by one or as arrays; more of them than go at once. */
static sei_status sum_up(void *user, size_t set, sei_stmt *row, int column)
{
    ((int64_t *)user)[set] = sei_db_int(row, column) - sei_db_int(row, column + 1);
    return SEI_OK;
}

START_TEST(sets_of_numbers_come_back_in_their_places)
{
    enum { N = 5000 };
    static const int64_t     edge[] = {INT64_MIN, INT64_MAX, -1, 0, INT32_MIN, 256};
    static const sei_db_sets put    = {
           "INSERT INTO v(id, r) VALUES($1, $2)",
           "INSERT INTO v(id, r) SELECT s.id, s.r FROM unnest($1, $2) AS s(id, r)"};
    static const sei_db_sets get = {
        "SELECT id, CAST(r AS BIGINT) FROM v WHERE id = $1 AND id <> $2",
        "SELECT s.number, v.id, CAST(v.r AS BIGINT) FROM unnest($1, $2) WITH ORDINALITY AS"
        " s(id, other, number) JOIN v ON v.id = s.id AND v.id <> s.other"};
    static int64_t values[2 * N], sums[N];
    store_case     c;
    sei_db        *db = open_table(&c);

    for (int64_t i = 0; i < N; i++) {
        values[2 * i]     = i < (int64_t)T_COUNT(edge) ? edge[i] : 1000 + i;
        values[2 * i + 1] = i < (int64_t)T_COUNT(edge) ? 0 : 3 * i;
    }
    T_OK(c.ctx, sei_db_begin(db));
    T_OK(c.ctx, sei_db_run_sets(db, &put, N, 2, values));
    T_OK(c.ctx, sei_db_end(db, SEI_OK));
    T_OK(c.ctx, sei_db_each_set(db, &get, N, 2, values, sum_up, sums));
    for (int64_t i = 0; i < N; i++)
        ck_assert_int_eq(sums[i], i == 3                       ? 0 /* not asked for */
                                  : i < (int64_t)T_COUNT(edge) ? edge[i]
                                                               : 1000 - 2 * i);
    store_case_close(&c);
}
END_TEST

/* A station's words may be cut inside a character, or be no text at all: the frame must be closed all the same. */
START_TEST(broken_text_is_no_obstacle)
{
    static const char *const texts[] = {"cut \xE9\x89", "\xFF\xFE", "a\xC3(", "\xED\xA0\x80",
                                        "鉱\xE5山"};
    store_case               c;
    sei_db                  *db = open_table(&c);

    for (size_t i = 0; i < T_COUNT(texts); i++) {
        bool    found = false;
        int64_t id    = 0;
        T_OK(c.ctx, sei_db_run(db, insert,
                               SEI_BINDS(sei_bind_int((int64_t)i), sei_bind_null(),
                                         sei_bind_text(texts[i]), sei_bind_null()),
                               NULL));
        T_OK(c.ctx, sei_db_get_int(db, "SELECT id FROM v WHERE id = $1 AND t <> ''",
                                   SEI_BINDS(sei_bind_int((int64_t)i)), &found, &id));
        ck_assert(found);
    }
    store_case_close(&c);
}
END_TEST

START_TEST(an_unknown_store_is_named_without_its_password)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    sei_db  *db  = NULL;

    T_STATUS(ctx, sei_db_open(ctx, "mysql://me:secret@host/db", SEI_DB_READ_WRITE, &db),
             SEI_E_UNSUPPORTED);
    T_CONTAINS(sei_ctx_error(ctx), "postgresql://");
    ck_assert_ptr_null(strstr(sei_ctx_error(ctx), "secret"));
    T_STATUS(
        ctx,
        sei_db_open(ctx, "postgresql:///x?host=/nowhere&password=secret", SEI_DB_READ_WRITE, &db),
        SEI_E_IO);
    T_CONTAINS(sei_ctx_error(ctx), "/nowhere");
    ck_assert_ptr_null(strstr(sei_ctx_error(ctx), "secret"));
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("db");
    TCase *tc    = tcase_create("db");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, values_come_back_as_they_went);
    tcase_add_test(tc, queries_run_inside_each_other);
    tcase_add_test(tc, a_fault_keeps_the_whole_transaction_out);
    tcase_add_test(tc, sets_of_numbers_come_back_in_their_places);
    tcase_add_test(tc, broken_text_is_no_obstacle);
    tcase_add_test(tc, an_unknown_store_is_named_without_its_password);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
