/*
 * test_qc.c - the QARTOD tests: against ioos_qc, by definition, one record at a time, and what is refused
 */
#include "qc_case.h"
#include "qc_random.h"
#include "seiryu/qc.h"
#include "t.h"

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

static void assert_flags(const char *name, size_t n, const uint8_t got[], const uint8_t expected[])
{
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(got[i] == expected[i], "%s: flag %zu is %u, expected %u", name, i, got[i],
                      expected[i]);
}

/* ------------------------------------------------------------------ against ioos_qc */

START_TEST(reference_rows)
{
    sei_table *t      = NULL;
    size_t     better = 0;
    qc_case    c;

    T_OK(ctx, sei_table_read(ctx, SEI_TEST_DIR "/refs/qc/ioos_qc.tsv", &t));
    ck_assert_uint_gt(sei_table_n_rows(t), 100);
    for (size_t row = 0; row < sei_table_n_rows(t); row++) {
        uint8_t flags[QC_CASE_MAX];
        qc_case_read(ctx, t, row, &c);
        T_OK(ctx, sei_qc_run(ctx, &c.spec, &c.series, flags));
        assert_flags(c.name, c.series.n, flags, c.ours);
        const bool differs = memcmp(c.theirs, c.ours, c.series.n) != 0;
        /* a difference from ioos_qc has its reason beside it */
        ck_assert_int_eq(differs, sei_table_cell(t, row, 11)[0] != '\0');
        better += differs;
        if (isfinite(c.spec.p[2]) || c.spec.test->params == NULL ||
            strncmp(c.spec.test->key, "att", 3)) {
            qc_push_all(ctx, &c.spec, &c.series, flags);
            assert_flags(c.name, c.series.n, flags, c.ours);
        }
    }
    ck_assert_uint_eq(better, 5);
    sei_table_free(t);
}
END_TEST

START_TEST(rollup_as_published)
{
    /* ioos_qc, test_qartod_compare */
    static const uint8_t range[]  = {1, 1, 1, 9, 1, 1, 9, 9};
    static const uint8_t spike[]  = {2, 1, 1, 1, 1, 1, 9, 9};
    static const uint8_t rate[]   = {1, 3, 3, 4, 3, 1, 2, 9};
    static const uint8_t expect[] = {1, 3, 3, 4, 3, 1, 2, 9};

    for (size_t i = 0; i < sizeof range; i++)
        ck_assert_uint_eq(sei_qc_rollup(3, (uint8_t[]){range[i], spike[i], rate[i]}), expect[i]);
    ck_assert_uint_eq(sei_qc_rollup(0, NULL), 9);
    ck_assert_uint_eq(sei_qc_rollup(2, (uint8_t[]){0, 200}), 9);
    ck_assert_int_eq(sei_qc_from_flag(4), SEI_QC_BAD);
    ck_assert_int_eq(sei_qc_from_flag(3), SEI_QC_SUSPECT);
    ck_assert_int_eq(sei_qc_from_flag(9), SEI_QC_MISSING);
    ck_assert_int_eq(sei_qc_from_flag(2), SEI_QC_GOOD);
    ck_assert_str_eq(sei_qc_flag_name(4), "fail");
    ck_assert_str_eq(sei_qc_flag_name(0), "unknown");
}
END_TEST

/* ------------------------------------------------------------------ properties */

static void set(sei_qc_spec *spec, const char *key, double value)
{
    T_OK(ctx, sei_qc_spec_set(ctx, spec, key, value));
}

/* A spec of the test with random numbers that fit the random series. */
static sei_qc_spec random_spec(const sei_qc_test *test, qc_dice *d)
{
    static const sei_qc_span spans[] = {
        {SEI_QC_MONTH, 11, 2, 8, 12, 5, 15, false, 0, 0},
        {SEI_QC_WEEK, 46, 47, 9, 11, -INFINITY, INFINITY, true, 9.5, 20},
    };
    static const struct {
        const char *key;
        double      low, high;
    } draw[] = {
        {"suspect", 0.3, 1.3},       {"suspect_per_s", 0.005, 0.015}, {"other_per_s", 0.005, 0.015},
        {"suspect_s", 120.0, 420.0}, {"fail_s", 600.0, 900.0},        {"tolerance", 0.0, 1.0},
        {"period_s", 100.0, 2100.0}, {"fail_min", 8.0, 8.0},          {"fail_max", 12.0, 12.0},
        {"max_gap_s", 100.0, 100.0},
    };
    sei_qc_spec spec = sei_qc_spec_default(test);

    spec.interval_s = 60.0;
    spec.spans      = spans;
    spec.n_spans    = 2;
    spec.offset_us  = SEI_JST_OFFSET_US;
    for (size_t i = 0; i < test->n_params; i++) {
        const char *key = test->params[i].key;
        for (size_t k = 0; k < T_COUNT(draw); k++)
            if (strcmp(key, draw[k].key) == 0)
                spec.p[i] = draw[k].low + (draw[k].high - draw[k].low) * qc_unit(d);
        if (strcmp(key, "fail") == 0)
            spec.p[i] = strncmp(test->key, "att", 3) == 0 ? 0.2 : 1.5;
        if ((strcmp(key, "tolerance") == 0 || strcmp(key, "through_gaps") == 0) &&
            qc_roll(d) % 3 == 0)
            spec.p[i] = strcmp(key, "tolerance") == 0 ? 0.0 : 1.0;
        if (strcmp(key, "max_gap_intervals") == 0 && qc_roll(d) % 3 == 0)
            spec.p[i] = INFINITY;
    }
    return spec;
}

START_TEST(arrays_and_single_records_get_equal_flags)
{
    qc_dice  d = {UINT64_C(88172645463325252)};
    unsigned seen[10];

    for (size_t k = 0; k < sei_qc_test_count(); k++) {
        memset(seen, 0, sizeof seen);
        for (int round = 0; round < 150; round++) {
            static qc_random  r;
            uint8_t           whole[QC_RANDOM_N], single[QC_RANDOM_N];
            const sei_qc_spec spec = random_spec(sei_qc_test_at(k), &d);
            qc_random_make(&r, &d);
            T_OK(ctx, sei_qc_run(ctx, &spec, &r.series, whole));
            qc_push_all(ctx, &spec, &r.series, single);
            assert_flags(spec.test->key, r.series.n, single, whole);
            for (size_t i = 0; i < r.series.n; i++)
                seen[whole[i] < 10 ? whole[i] : 0]++;
        }
        /* the series make the test speak: good and something else, and missing values are seen */
        ck_assert_msg(seen[1] > 0 && seen[2] + seen[3] + seen[4] > 0 && seen[9] > 0 && seen[0] == 0,
                      "%s says too little", sei_qc_test_at(k)->key);
    }
}
END_TEST

static bool is_value(const sei_qc_series *s, size_t i)
{
    return !(s->missing && s->missing[i]) && isfinite(s->value[i]);
}

/* A run that begins as late as sei_qc_history_us allows gives the flags of a
 * run over everything. */
START_TEST(history_is_long_enough)
{
    qc_dice d = {UINT64_C(424242)};

    for (size_t k = 0; k < sei_qc_test_count(); k++)
        for (int round = 0; round < 25; round++) {
            static qc_random  r;
            uint8_t           whole[QC_RANDOM_N], part[QC_RANDOM_N];
            const sei_qc_spec spec    = random_spec(sei_qc_test_at(k), &d);
            const int64_t     back_us = sei_qc_history_us(&spec);
            qc_random_make(&r, &d);
            T_OK(ctx, sei_qc_run(ctx, &spec, &r.series, whole));
            for (size_t i = 1; i < r.series.n; i += 13) {
                size_t from = i;
                while (from > 0 && r.time_us[from] >= r.time_us[i] - back_us)
                    from--;
                while (from > 0 && !is_value(&r.series, from))
                    from--;
                const sei_qc_series s = {
                    r.series.n - from, r.time_us + from,
                    r.value + from,    r.series.missing ? r.missing + from : NULL,
                    r.other + from,    r.series.other_missing ? r.other_missing + from : NULL};
                T_OK(ctx, sei_qc_run(ctx, &spec, &s, part));
                for (size_t j = i; j < r.series.n; j++)
                    if (part[j - from] != whole[j])
                        ck_abort_msg("%s: record %zu from %zu on: %u, expected %u", spec.test->key,
                                     j, from, part[j - from], whole[j]);
            }
        }
}
END_TEST

/* Flat for a time by its definition, looking at every value of the window again: O(n w). */
static bool flat_by_definition(const sei_qc_series *s, size_t i, double for_s, double tolerance,
                               double gap_s)
{
    double  low = INFINITY, high = -INFINITY;
    int64_t first = s->time_us[i]; /* of the values without a gap */

    for (size_t j = i + 1; j-- > 0;) {
        if (!is_value(s, j))
            continue;
        if (1e-6 * (double)(first - s->time_us[j]) > gap_s)
            break;
        first = s->time_us[j];
        if (1e-6 * (double)(s->time_us[i] - first) <= for_s) {
            low  = fmin(low, s->value[j]);
            high = fmax(high, s->value[j]);
        }
    }
    return (high - low == 0.0 || high - low < tolerance) &&
           1e-6 * (double)(s->time_us[i] - first) > for_s - 60.0;
}

START_TEST(flat_line_is_what_its_definition_says)
{
    qc_dice     d    = {UINT64_C(7)};
    sei_qc_spec spec = sei_qc_spec_default(sei_qc_test_find("flat-line"));

    spec.interval_s = 60.0;
    for (int round = 0; round < 300; round++) {
        static qc_random r;
        uint8_t          flags[QC_RANDOM_N];
        const double     suspect_s = 60.0 * (double)(2 + qc_roll(&d) % 4);
        const double     fail_s    = suspect_s + 60.0 * (double)(qc_roll(&d) % 10);
        const double     tolerance = qc_roll(&d) % 3 ? 0.2 + qc_unit(&d) : 0.0;
        qc_random_make(&r, &d);
        set(&spec, "suspect_s", suspect_s);
        set(&spec, "fail_s", fail_s);
        set(&spec, "tolerance", tolerance);
        T_OK(ctx, sei_qc_run(ctx, &spec, &r.series, flags));
        for (size_t i = 0; i < r.series.n; i++) {
            const uint8_t expected =
                !is_value(&r.series, i)                                         ? 9
                : flat_by_definition(&r.series, i, fail_s, tolerance, 180.0)    ? 4
                : flat_by_definition(&r.series, i, suspect_s, tolerance, 180.0) ? 3
                                                                                : 1;
            ck_assert_msg(flags[i] == expected, "round %d, record %zu: %u, by definition %u", round,
                          i, flags[i], expected);
        }
    }
}
END_TEST

/* A noise of 1e-5 on a level of 1e6: sums of squares would lose it wholly. */
START_TEST(spread_does_not_cancel)
{
    enum { N = 20000, W = 50 };
    static int64_t time_us[N];
    static double  value[N];
    static uint8_t flags[N];
    qc_dice        d    = {UINT64_C(99)};
    sei_qc_spec    spec = sei_qc_spec_default(sei_qc_test_find("attenuated-signal"));

    for (size_t i = 0; i < N; i++) {
        time_us[i] = (int64_t)i * 1000000;
        value[i]   = (i < N / 2 ? 1e6 : 2e6) + (i % 1000 < 500 ? 1e-3 : 1e-5) * (qc_unit(&d) - 0.5);
    }
    spec.interval_s = 1.0;
    set(&spec, "suspect", 1e-4);
    set(&spec, "fail", 1e-5 / 3.0);
    set(&spec, "period_s", W);
    const sei_qc_series s = {N, time_us, value, NULL, NULL, NULL};
    T_OK(ctx, sei_qc_run(ctx, &spec, &s, flags));
    for (size_t i = W; i < N; i++) {
        long double mean = 0.0L, squares = 0.0L;
        for (size_t j = i + 1 - W; j <= i; j++)
            mean += (long double)value[j] / W;
        for (size_t j = i + 1 - W; j <= i; j++)
            squares += ((long double)value[j] - mean) * ((long double)value[j] - mean) / W;
        const double std = (double)sqrtl(squares);
        if (fabs(std / 1e-4 - 1.0) < 1e-3 || fabs(std * 3e5 - 1.0) < 1e-3)
            continue; /* too near to a threshold to be told apart by doubles */
        const uint8_t expected = std < 1e-5 / 3.0 ? 4 : std < 1e-4 ? 3 : 1;
        ck_assert_msg(flags[i] == expected, "record %zu: %u, expected %u (std %g)", i, flags[i],
                      expected, std);
    }
}
END_TEST

/* ------------------------------------------------------------------ single tests */

static void check_run(const sei_qc_spec *spec, size_t n, const int64_t minutes[],
                      const double value[], const double other[], const uint8_t expected[])
{
    int64_t time_us[32];
    uint8_t flags[32], single[32];

    for (size_t i = 0; i < n; i++)
        time_us[i] = minutes[i] * 60000000;
    const sei_qc_series s = {n, time_us, value, NULL, other, NULL};
    T_OK(ctx, sei_qc_run(ctx, spec, &s, flags));
    assert_flags(spec->test->key, n, flags, expected);
    qc_push_all(ctx, spec, &s, single);
    assert_flags(spec->test->key, n, single, expected);
}

START_TEST(gap_after_a_pause)
{
    sei_qc_spec spec = sei_qc_spec_default(sei_qc_test_find("gap"));

    set(&spec, "max_gap_s", 600.0);
    /* the record without a value does not end the pause */
    check_run(&spec, 6, (int64_t[]){0, 10, 20, 31, 41, 45}, (double[]){1, 1, 1, 1, NAN, 1}, NULL,
              (uint8_t[]){2, 1, 1, 4, 9, 4});
    ck_assert_uint_eq(sei_qc_on_time(1000, 1500, 600), 1);
    ck_assert_uint_eq(sei_qc_on_time(1000, 1601, 600), 4);
    ck_assert_uint_eq(sei_qc_on_time(1601, 1000, 600), 3);
    ck_assert_uint_eq(sei_qc_on_time(INT64_MIN, INT64_MAX, 600), 4);
}
END_TEST

/* A ramp that is sampled unevenly has no spike; a neighbour beyond a gap is none. */
START_TEST(spike_on_uneven_times)
{
    sei_qc_spec spec = sei_qc_spec_default(sei_qc_test_find("spike"));

    set(&spec, "suspect", 2.0);
    set(&spec, "fail", 4.0);
    set(&spec, "max_gap_intervals", INFINITY);
    check_run(&spec, 5, (int64_t[]){0, 1, 11, 12, 22}, (double[]){0, 1, 11, 12, 22}, NULL,
              (uint8_t[]){2, 1, 1, 1, 2});
    spec.interval_s = 60.0;
    set(&spec, "max_gap_intervals", 3.0);
    check_run(&spec, 7, (int64_t[]){0, 1, 2, 100, 101, 102, 103},
              (double[]){5, 15, 5, 50, 50, 53, 50}, NULL, (uint8_t[]){2, 4, 2, 2, 1, 3, 2});
}
END_TEST

START_TEST(rate_over_gaps)
{
    sei_qc_spec spec = sei_qc_spec_default(sei_qc_test_find("rate-of-change"));

    spec.interval_s = 60.0;
    set(&spec, "suspect_per_s", 0.1);
    set(&spec, "fail_per_s", 1.0);
    /* 12 in a minute; the same 12 over two; nothing said after an hour; 100 in a minute */
    check_run(&spec, 7, (int64_t[]){0, 1, 3, 4, 64, 65, 66},
              (double[]){0, 12, 24, NAN, 90, 190, 190}, NULL, (uint8_t[]){1, 3, 1, 9, 2, 4, 1});
}
END_TEST

START_TEST(winter_goes_over_the_new_year)
{
    const sei_qc_span winter = {SEI_QC_MONTH, 12, 2, 0, 5, -1, 10, false, 0, 0};
    sei_qc_spec       spec   = sei_qc_spec_default(sei_qc_test_find("climatology"));

    spec.spans     = &winter;
    spec.n_spans   = 1;
    spec.offset_us = SEI_JST_OFFSET_US;
    /* minutes since 1970 UTC: 30 Nov 23:59 JST, 1 Dec 0:00, 15 Jan, 29 Feb 2024, 1 Mar 0:00 JST */
    check_run(&spec, 5, (int64_t[]){28355939, 28355940, 28420740, 28486260, 28486980},
              (double[]){3, 3, 6, 11, 3}, NULL, (uint8_t[]){2, 1, 3, 4, 2});
}
END_TEST

START_TEST(neighbour_and_second_quantity)
{
    sei_qc_spec pair  = sei_qc_spec_default(sei_qc_test_find("neighbour"));
    sei_qc_spec multi = sei_qc_spec_default(sei_qc_test_find("multi-variate"));

    set(&pair, "suspect", 0.2);
    set(&pair, "fail", 0.5);
    set(&pair, "offset", 0.1);
    check_run(&pair, 5, (int64_t[]){0, 1, 2, 3, 4}, (double[]){7.0, 7.0, 7.0, NAN, 7.0},
              (double[]){6.9, 6.6, 6.3, 7.0, NAN}, (uint8_t[]){1, 3, 4, 9, 2});

    multi.interval_s = 60.0;
    set(&multi, "suspect_per_s", 0.1);
    set(&multi, "other_per_s", 0.01);
    /* both jump: an event; value alone: suspect; long pause: nothing said */
    check_run(&multi, 5, (int64_t[]){0, 1, 2, 3, 60}, (double[]){0, 10, 20, 21, 40},
              (double[]){0, 1, 1, 1, 5}, (uint8_t[]){2, 1, 3, 1, 2});
}
END_TEST

/* 0.01 degrees of latitude on a sphere of 6,371 km: 1,111.95 m. */
START_TEST(station_that_leaves_its_place)
{
    sei_qc_spec spec = sei_qc_spec_default(sei_qc_test_find("location"));

    set(&spec, "home_lon", 140.0);
    set(&spec, "home_lat", 40.0);
    set(&spec, "max_from_home_m", 1111.9);
    check_run(&spec, 3, (int64_t[]){0, 1, 2}, (double[]){140, 140, 181}, (double[]){40, 40.01, 40},
              (uint8_t[]){1, 3, 4});
    set(&spec, "max_from_home_m", 1112.0);
    check_run(&spec, 2, (int64_t[]){0, 1}, (double[]){140, 140}, (double[]){40, 40.01},
              (uint8_t[]){1, 1});
}
END_TEST

static uint8_t syntax(const sei_qc_syntax *rule, const char *text)
{
    return sei_qc_syntax_flag(rule, text, strlen(text));
}

START_TEST(raw_records)
{
    /* the three examples of ioos_qc's syntax_test */
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_characters = 11}, "data,string"), 1);
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_bytes = 3}, "0AEE61"), 1);
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_fields = 2}, "data,string"), 1);
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_bytes = 3}, "0AEE6"), 4);
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_bytes = 3}, "0AEE6G"), 4); /* ioos_qc says 1 */
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_fields = 2}, "data"), 4);
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_fields = 2}, ""), 9);

    const sei_qc_syntax line = {
        .n_fields = 4, .prefix = "$WQ,", .numbers = true, .printable = true};
    ck_assert_uint_eq(syntax(&line, "$WQ,6.9,, -12.5"), 1);
    ck_assert_uint_eq(syntax(&line, "$WQ,6.9,nan,3"), 4);
    ck_assert_uint_eq(syntax(&line, "$WX,6.9,1,3"), 4);
    ck_assert_uint_eq(syntax(&line, "$WQ,6.9,1,3,4"), 4);
    ck_assert_uint_eq(syntax(&line, "$WQ,6.9,1,3\x07"), 4);
    ck_assert_uint_eq(syntax(&(sei_qc_syntax){.n_characters = 2}, "水温"), 1);
}
END_TEST

/* Verdicts of a set are the flags of its tests, one record after another. */
START_TEST(tests_of_a_channel_come_together)
{
    qc_dice           d        = {UINT64_C(5)};
    const char *const keys[]   = {"gross-range", "spike", "flat-line", "neighbour"};
    size_t            verdicts = 0;

    for (int round = 0; round < 40; round++) {
        static qc_random r;
        uint8_t          flags[4][QC_RANDOM_N];
        sei_qc_spec      specs[4];
        sei_qc_set      *set = NULL;
        sei_qc_verdict   v;
        size_t           done = 0;
        bool             has  = false;
        qc_random_make(&r, &d);
        for (size_t k = 0; k < 4; k++) {
            specs[k] = random_spec(sei_qc_test_find(keys[k]), &d);
            T_OK(ctx, sei_qc_run(ctx, &specs[k], &r.series, flags[k]));
        }
        T_OK(ctx, sei_qc_set_create(ctx, 4, specs, &set));
        for (size_t i = 0; i < r.series.n; i++) {
            const bool   gone     = r.series.other_missing && r.other_missing[i];
            const double other[4] = {(double)NAN, (double)NAN, (double)NAN,
                                     gone ? (double)NAN : r.other[i]};
            T_OK(ctx, sei_qc_set_push(set, r.time_us[i], r.series.missing && r.missing[i],
                                      r.value[i], other, &v, &has));
            ck_assert_int_eq(has, i > 0);
            if (!has)
                continue;
            const uint8_t all[] = {flags[0][done], flags[1][done], flags[2][done], flags[3][done]};
            ck_assert_int_eq(v.time_us, r.time_us[done]);
            ck_assert_mem_eq(v.flags, all, 4);
            ck_assert_uint_eq(v.rollup, sei_qc_rollup(4, all));
            done++;
            verdicts++;
        }
        ck_assert_int_eq(sei_qc_set_waiting(set, &v), r.series.n > 0);
        if (r.series.n > 0) {
            ck_assert_int_eq(v.time_us, r.time_us[r.series.n - 1]);
            ck_assert_uint_eq(v.flags[1],
                              flags[1][r.series.n - 1]); /* the last one has no neighbour yet */
            ck_assert_uint_eq(v.flags[2], flags[2][r.series.n - 1]);
        }
        sei_qc_set_free(set);
    }
    ck_assert_uint_gt(verdicts, 1000);

    sei_qc_spec bad = sei_qc_spec_default(sei_qc_test_find("gap")), many[SEI_QC_SET_MAX + 1];
    sei_qc_set *set = NULL;
    for (size_t i = 0; i < T_COUNT(many); i++)
        many[i] = bad;
    T_STATUS(ctx, sei_qc_set_create(ctx, 1, &bad, &set), SEI_E_MISSING);
    T_STATUS(ctx, sei_qc_set_create(ctx, T_COUNT(many), many, &set), SEI_E_TOO_LARGE);
    sei_qc_set_free(NULL);
}
END_TEST

/* The rows are enough for a form; each has a page of its own. */
START_TEST(every_test_is_described)
{
    for (size_t i = 0; i < sei_qc_test_count(); i++) {
        const sei_qc_test *test = sei_qc_test_at(i);
        char               path[512];
        snprintf(path, sizeof path, "%s/docs/qc/%s.md", SEI_PROJECT_DIR, test->key);
        ck_assert_msg(access(path, R_OK) == 0, "no page %s", path);
        ck_assert_ptr_eq(sei_qc_test_find(test->key), test);
        ck_assert(test->title && test->title_ja && test->source && test->other && test->other_ja);
        ck_assert_uint_le(test->n_params, SEI_QC_PARAMS_MAX);
        for (size_t k = 0; k < test->n_params; k++)
            ck_assert(test->params[k].help && test->params[k].help_ja);
    }
}
END_TEST

/* ------------------------------------------------------------------ refused */

START_TEST(bad_numbers_are_named)
{
    sei_qc_spec spec = sei_qc_spec_default(sei_qc_test_find("flat-line"));

    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_MISSING);
    T_CONTAINS(sei_ctx_error(ctx), "flat-line: suspect_s has to be given");
    set(&spec, "suspect_s", 30.0);
    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_MISSING);
    T_CONTAINS(sei_ctx_error(ctx), "nominal sampling interval");
    spec.interval_s = 60.0;
    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "shorter than the sampling interval");
    set(&spec, "suspect_s", 300.0);
    set(&spec, "fail_s", 200.0);
    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "suspect_s = 300 lies above fail_s = 200");
    set(&spec, "tolerance", -1.0);
    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "tolerance = -1 is outside 0..inf");
    T_STATUS(ctx, sei_qc_spec_set(ctx, &spec, "tolerant", 1.0), SEI_E_KEY);
    T_CONTAINS(sei_ctx_error(ctx), "flat-line has no parameter tolerant");

    spec = sei_qc_spec_default(sei_qc_test_find("climatology"));
    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_MISSING);
    const sei_qc_span span = {SEI_QC_MONTH, 0, 13, 0, 1, 0, 1, false, 0, 0};
    spec.spans             = &span;
    spec.n_spans           = 1;
    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "span 0, 0 to 13, is outside 1..12");

    spec = sei_qc_spec_default(sei_qc_test_find("gross-range"));
    set(&spec, "fail_min", 2.0);
    set(&spec, "fail_max", 12.0);
    set(&spec, "suspect_max", 13.0);
    T_STATUS(ctx, sei_qc_spec_check(ctx, &spec), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "goes beyond fail_min..fail_max = 2..12");
    ck_assert_ptr_null(sei_qc_test_find("flatline"));
    ck_assert_ptr_null(sei_qc_test_at(sei_qc_test_count()));
}
END_TEST

START_TEST(records_out_of_order_are_refused)
{
    sei_qc_spec    spec   = sei_qc_spec_default(sei_qc_test_find("gap"));
    sei_qc_stream *stream = NULL;
    uint8_t        flags[2];
    size_t         n = 7;

    set(&spec, "max_gap_s", 10.0);
    const sei_qc_series s = {3, (int64_t[]){1, 5, 5}, (double[]){1, 2, 3}, NULL, NULL, NULL};
    T_STATUS(ctx, sei_qc_run(ctx, &spec, &s, flags), SEI_E_DUPLICATE);
    T_CONTAINS(sei_ctx_error(ctx), "time_us[2] = 5 is given twice");
    const sei_qc_series back = {3, (int64_t[]){1, 5, 4}, (double[]){1, 2, 3}, NULL, NULL, NULL};
    T_STATUS(ctx, sei_qc_run(ctx, &spec, &back, flags), SEI_E_RANGE);
    const sei_qc_series far = {1, (int64_t[]){INT64_MAX}, (double[]){1}, NULL, NULL, NULL};
    T_STATUS(ctx, sei_qc_run(ctx, &spec, &far, flags), SEI_E_RANGE);

    T_OK(ctx, sei_qc_stream_create(ctx, &spec, &stream));
    T_OK(ctx, sei_qc_push(stream, &(sei_qc_point){.time_us = 9, .value = 1}, flags, &n));
    n = 7;
    T_STATUS(ctx, sei_qc_push(stream, &(sei_qc_point){.time_us = 9, .value = 1}, flags, &n),
             SEI_E_DUPLICATE);
    T_STATUS(ctx, sei_qc_push(stream, &(sei_qc_point){.time_us = 8, .value = 1}, flags, &n),
             SEI_E_RANGE);
    ck_assert_uint_eq(n, 7);
    sei_qc_stream_free(stream);
    sei_qc_stream_free(NULL);

    spec = sei_qc_spec_default(sei_qc_test_find("attenuated-signal"));
    set(&spec, "suspect", 1.0);
    set(&spec, "period_s", INFINITY);
    T_OK(ctx, sei_qc_stream_create(ctx, &spec, &stream));
    T_STATUS(ctx, sei_qc_push(stream, &(sei_qc_point){.time_us = 9, .value = 1}, flags, &n),
             SEI_E_UNSUPPORTED);
    sei_qc_stream_free(stream);
}
END_TEST

START_TEST(memory_is_bounded)
{
    sei_qc_spec    spec   = sei_qc_spec_default(sei_qc_test_find("attenuated-signal"));
    sei_qc_stream *stream = NULL;
    sei_status     st     = SEI_OK;
    uint8_t        flags[2];
    size_t         n, i;

    set(&spec, "suspect", 1.0);
    set(&spec, "period_s", 1e9);
    T_OK(ctx, sei_qc_stream_create(ctx, &spec, &stream));
    for (i = 0; i < 2 * (size_t)SEI_QC_WINDOW_MAX && st == SEI_OK; i++)
        st = sei_qc_push(stream, &(sei_qc_point){.time_us = (int64_t)i, .value = 1}, flags, &n);
    T_STATUS(ctx, st, SEI_E_TOO_LARGE);
    ck_assert_uint_eq(i, SEI_QC_WINDOW_MAX + 1);
    sei_qc_stream_free(stream);
}
END_TEST

START_TEST(median_interval_of_a_channel)
{
    double s = 0.0;

    T_OK(ctx, sei_qc_median_interval(
                  ctx, 5, (int64_t[]){0, 60000000, 120000000, 900000000, 960000000}, &s));
    T_NEAR(s, 60.0, 0.0);
    T_STATUS(ctx, sei_qc_median_interval(ctx, 1, (int64_t[]){0}, &s), SEI_E_MISSING);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        reference_rows,
        rollup_as_published,
        arrays_and_single_records_get_equal_flags,
        flat_line_is_what_its_definition_says,
        history_is_long_enough,
        tests_of_a_channel_come_together,
        spread_does_not_cancel,
        gap_after_a_pause,
        spike_on_uneven_times,
        rate_over_gaps,
        winter_goes_over_the_new_year,
        neighbour_and_second_quantity,
        station_that_leaves_its_place,
        raw_records,
        every_test_is_described,
        bad_numbers_are_named,
        records_out_of_order_are_refused,
        memory_is_bounded,
        median_interval_of_a_channel,
    };
    Suite *suite = suite_create("qc");
    TCase *tcase = tcase_create("qartod");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    for (size_t i = 0; i < T_COUNT(tests); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
