/* test_correct.c - corrections as layers, fouling and drift worked by hand, ratings */
#include "t.h"
#include "seiryu/correct.h"

enum { N = 11 };
#define HOUR INT64_C(3600000000)

static sei_ctx *ctx;
static int64_t  time_us[N];
static double   raw[N], value[N];
static uint8_t  missing[N], origin[N];

static const sei_qc_series series = {N, time_us, raw, missing, NULL, NULL};

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
    for (int64_t i = 0; i < N; i++) {
        time_us[i] = i * HOUR;
        raw[i]     = 10.0 + (double)i;
        missing[i] = i == 4 || i == 5;
    }
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

START_TEST(each_kind_of_row)
{
    const struct {
        sei_correction row;
        double         at_2, at_10; /* values of the records 2 (12) and 10 (20) */
    } rows[] = {
        {{.kind = SEI_CORRECT_OFFSET, .to_us = 10 * HOUR, .a = -0.5}, 11.5, 19.5},
        {{.kind = SEI_CORRECT_SCALE, .to_us = 10 * HOUR, .a = 2.0}, 24.0, 40.0},
        {{.kind = SEI_CORRECT_DRIFT, .to_us = 10 * HOUR, .b = 1.0}, 12.2, 21.0},
        {{.kind = SEI_CORRECT_DRIFT, .from_us = 5 * HOUR, .to_us = 10 * HOUR, .b = 1.0},
         12.0,
         21.0},
        {{.kind = SEI_CORRECT_PERCENT, .to_us = 10 * HOUR, .b = 10.0}, 12.24, 22.0},
        /* 0.2 low at 10, 0.6 low at 20; a fifth of 0.28 after a fifth of the time */
        {{.kind  = SEI_CORRECT_TWO_POINT,
          .to_us = 10 * HOUR,
          .a     = 0.2,
          .b     = 0.6,
          .low   = 10,
          .high  = 20},
         12.056,
         20.6},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        T_OK(ctx, sei_correct(ctx, &series, 1, &rows[i].row, value, origin));
        T_NEAR(value[2], rows[i].at_2, 1e-12);
        T_NEAR(value[10], rows[i].at_10, 1e-12);
        ck_assert_uint_eq(origin[10], SEI_VALUE_CORRECTED);
        ck_assert_uint_eq(origin[4], SEI_VALUE_MISSING);
        ck_assert_uint_eq(origin[2],
                          rows[i].row.from_us > 2 * HOUR ? SEI_VALUE_RAW : SEI_VALUE_CORRECTED);
    }
}
END_TEST

START_TEST(layers_come_off_again)
{
    const sei_correction rows[] = {
        {.kind = SEI_CORRECT_OFFSET, .to_us = 10 * HOUR, .a = 1.0},
        {.kind = SEI_CORRECT_DELETE, .from_us = 7 * HOUR, .to_us = 8 * HOUR},
        {.kind = SEI_CORRECT_FILL, .to_us = 10 * HOUR, .max_gap_us = 3 * HOUR},
        {.kind = SEI_CORRECT_SCALE, .from_us = 5 * HOUR, .to_us = 5 * HOUR, .a = 10.0},
    };
    const double before[N] = {10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};

    for (size_t n = 0; n <= 4; n++) {
        T_OK(ctx, sei_correct(ctx, &series, n, rows, value, origin));
        T_NEAR(value[1], n > 0 ? 12.0 : 11.0, 0.0);
        ck_assert_uint_eq(origin[7], n == 0   ? SEI_VALUE_RAW
                                     : n == 1 ? SEI_VALUE_CORRECTED
                                     : n == 2 ? SEI_VALUE_DELETED
                                              : SEI_VALUE_FILLED);
        if (n >= 3)
            T_NEAR(value[7], 18.0, 1e-12); /* between 17 and 20 */
        if (n >= 3)
            T_NEAR(value[4], 15.0, 1e-12);
        if (n == 4)
            T_NEAR(value[5], 160.0,
                   1e-9); /* a filled value may be corrected, and stays a filled one */
        ck_assert_mem_eq(raw, before, sizeof raw);
    }
    ck_assert_uint_eq(origin[5], SEI_VALUE_FILLED);
    const sei_correction narrow = {
        .kind = SEI_CORRECT_FILL, .to_us = 10 * HOUR, .max_gap_us = 3 * HOUR - 1};
    T_OK(ctx, sei_correct(ctx, &series, 1, &narrow, value, origin));
    ck_assert_uint_eq(origin[4], SEI_VALUE_MISSING);
    for (unsigned k = 0; k <= SEI_CORRECT_FILL; k++) {
        sei_correct_kind found;
        ck_assert(sei_correct_kind_find(sei_correct_kind_name((sei_correct_kind)k), &found));
        ck_assert_uint_eq(found, k);
    }
}
END_TEST

START_TEST(rows_that_say_nothing_are_refused)
{
    const struct {
        sei_correction row;
        sei_status     status;
        const char    *message;
    } rows[] = {
        {{.kind = SEI_CORRECT_OFFSET, .from_us = 5, .to_us = 4},
         SEI_E_RANGE,
         "(offset) ends before it begins"},
        {{.kind = SEI_CORRECT_OFFSET, .to_us = 4, .a = NAN}, SEI_E_RANGE, "not finite"},
        {{.kind = SEI_CORRECT_TWO_POINT, .to_us = 4, .low = 7, .high = 7},
         SEI_E_RANGE,
         "low = 7 is not below high = 7"},
        {{.kind = (sei_correct_kind)9, .to_us = 4}, SEI_E_ARG, "no known kind"},
        {{.kind = SEI_CORRECT_SCALE, .to_us = 10 * HOUR, .a = 1e308},
         SEI_E_RANGE,
         "record 0 gives no number"},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        T_STATUS(ctx, sei_correct(ctx, &series, 1, &rows[i].row, value, origin), rows[i].status);
        T_CONTAINS(sei_ctx_error(ctx), rows[i].message);
    }
    time_us[3] = time_us[2];
    T_STATUS(ctx, sei_correct(ctx, &series, 0, NULL, value, origin), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "time_us[3]");
}
END_TEST

/* A pH sensor reads 6.0 before and 6.4 after cleaning while the water itself rose by 0.1: fouling 0.3. In buffers 4 and 7 it
 * reads 4.1 and 6.8. Worked by hand. */
START_TEST(a_visit_becomes_two_layers)
{
    const sei_visit visit = {.before        = 6.0,
                             .after         = 6.4,
                             .beside_before = 6.5,
                             .beside_after  = 6.6,
                             .n_standards   = 2,
                             .standard      = {7.0, 4.0},
                             .reading       = {6.8, 4.1}};
    sei_visit_error e;
    sei_correction  rows[2];

    T_OK(ctx, sei_visit_errors(ctx, &visit, &e));
    T_NEAR(e.fouling, 0.3, 1e-12);
    T_NEAR(e.drift[0], 0.2, 1e-12);
    T_NEAR(e.drift[1], -0.1, 1e-12);
    ck_assert_uint_eq(sei_visit_corrections(&visit, &e, 0, 10 * HOUR, rows), 2);

    const double        read[]   = {6.0, 6.0, 3.8};
    const int64_t       when[]   = {0, 5 * HOUR, 10 * HOUR};
    const sei_qc_series s        = {3, when, read, NULL, NULL, NULL};
    double              fixed[3] = {0};
    uint8_t             how[3];
    T_OK(ctx, sei_correct(ctx, &s, 2, rows, fixed, how));
    T_NEAR(fixed[0], 6.0, 1e-12);
    /* half the time: + 0.15, then half of the drift at 6.15: -0.1 + 0.3 (6.15 - 4.1) / 2.7 */
    T_NEAR(fixed[1], 6.15 + 0.5 * (-0.1 + 0.3 * 2.05 / 2.7), 1e-12);
    /* the end: 3.8 + 0.3 = 4.1, which the lower buffer says is 4.0 */
    T_NEAR(fixed[2], 4.0, 1e-12);

    sei_visit clean = {.n_standards = 1, .standard = {7.0}, .reading = {7.0}};
    T_OK(ctx, sei_visit_errors(ctx, &clean, &e));
    ck_assert_uint_eq(sei_visit_corrections(&clean, &e, 0, HOUR, rows), 0);
    clean.n_standards = 3;
    T_STATUS(ctx, sei_visit_errors(ctx, &clean, &e), SEI_E_ARG);
    clean.n_standards = 1, clean.after = INFINITY;
    T_STATUS(ctx, sei_visit_errors(ctx, &clean, &e), SEI_E_RANGE);
}
END_TEST

/* The limits as the rating rows state them: on the limit is still inside. */
START_TEST(ratings_by_the_total_error)
{
    static const struct {
        const char *quantity;
        double      fouling, drift, value;
        bool        correct, unusable;
        sei_rating  rating;
    } rows[] = {
        {"ph", 0.1, -0.1, 7.0, false, false, SEI_RATING_EXCELLENT},
        {"ph", -0.3, 0.1, 7.0, true, false, SEI_RATING_GOOD},
        {"ph", 0.5, 0.3, 7.0, true, false, SEI_RATING_FAIR},
        {"ph", 0.6, 0.3, 7.0, true, false, SEI_RATING_POOR},
        {"ph", 2.0, 0.1, 7.0, true, true, SEI_RATING_POOR},
        {"temp", 0.0, 0.6, 12.0, true, false, SEI_RATING_FAIR},
        {"sc", 4.0, 0.0, 100.0, false, false, SEI_RATING_GOOD}, /* within 5 uS/cm, over 3 % */
        {"sc", 20.0, 9.0, 1000.0, false, false, SEI_RATING_EXCELLENT},
        {"sc", 200.0, 90.0, 1000.0, true, false, SEI_RATING_POOR},
        {"sc", 200.0, 101.0, 1000.0, true, true, SEI_RATING_POOR},
        {"do", 0.4, 0.0, 10.0, true, false, SEI_RATING_EXCELLENT},
        {"turbidity", 10.0, 0.0, 100.0, true, false, SEI_RATING_GOOD},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        const sei_rating_row *row = sei_rating_find(rows[i].quantity);
        ck_assert_ptr_nonnull(row);
        const sei_visit_error   e = {rows[i].fouling, {rows[i].drift, 0.0}};
        const sei_visit_verdict v = sei_visit_judge(row, &e, rows[i].value);
        ck_assert_msg(v.needs_correction == rows[i].correct && v.is_unusable == rows[i].unusable &&
                          v.rating == rows[i].rating,
                      "row %zu: %d %d %s", i, v.needs_correction, v.is_unusable,
                      sei_rating_name(v.rating));
    }
    for (size_t i = 0; i < sei_rating_count();
         i++) /* until somebody has compared them with the report */
        ck_assert_int_eq(sei_rating_at(i)->evidence, SEI_ASSUMED);
    ck_assert_ptr_null(sei_rating_at(sei_rating_count()));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_kind_of_row,           layers_come_off_again,      rows_that_say_nothing_are_refused,
        a_visit_becomes_two_layers, ratings_by_the_total_error,
    };
    Suite *suite = suite_create("corrections");
    TCase *tcase = tcase_create("corrections");

    tcase_add_checked_fixture(tcase, setup, teardown);
    for (size_t i = 0; i < T_COUNT(tests); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
