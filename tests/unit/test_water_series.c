/* test_water_series.c - samples and series from tables, values at a time, means */
#include "base/clock.h"
#include "seiryu/water.h"
#include "t.h"

#define DAY  SEI_US_PER_DAY
#define HOUR (SEI_US_PER_DAY / 24)

static sei_table *parse(sei_ctx *ctx, const char *text)
{
    sei_table *table = NULL;

    T_OK(ctx, sei_table_parse(ctx, "s.csv", text, strlen(text), &table));
    return table;
}

static int64_t jst(int year, int month, int day, int hour)
{
    const sei_civil c = {.year = year, .month = month, .day = day, .hour = hour};

    return sei_time_from_civil(&c, SEI_JST_OFFSET);
}

static sei_series_set *series_of(sei_ctx *ctx, const sei_read_options *options, const char *text)
{
    sei_table      *table = parse(ctx, text);
    sei_series_set *set   = NULL;

    T_OK(ctx, sei_series_from_table(ctx, table, options, &set));
    sei_table_free(table);
    return set;
}

/* ---- reading ---- */

START_TEST(times_are_read_as_japanese_sheets_write_them)
{
    static const struct {
        const char *text;
        int         year, month, day, hour, minute;
    } ref[] = {
        {"2024-03-01", 2024, 3, 1, 0, 0},
        {"2024/3/1 9:05", 2024, 3, 1, 9, 5},
        {"２０２４／３／１　９：０５", 2024, 3, 1, 9, 5},
        {"2024年3月1日", 2024, 3, 1, 0, 0},
        {"2024年3月1日(金) 9時30分", 2024, 3, 1, 9, 30},
        {"2024年3月1日9時30分", 2024, 3, 1, 9, 30},
        {"2024年3月1日 9時", 2024, 3, 1, 9, 0},
        {"令和6年3月1日", 2024, 3, 1, 0, 0},
        {"令和元年5月1日", 2019, 5, 1, 0, 0},
        {"R6.3.1", 2024, 3, 1, 0, 0},
        {"H30/4/1", 2018, 4, 1, 0, 0},
        {"平成３１年４月３０日", 2019, 4, 30, 0, 0},
        {"昭和63年12月31日", 1988, 12, 31, 0, 0},
        {"2024-03-01T00:00:00Z", 2024, 3, 1, 9, 0},
        {"2024-02-29 24:00", 2024, 3, 1, 0, 0},
    };
    sei_ctx *ctx = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        char    text[256];
        int64_t us = 0;
        snprintf(text, sizeof text, "time\n%s\n", ref[i].text);
        sei_table *t = parse(ctx, text);
        T_OK(ctx, sei_table_time(ctx, t, 0, 0, SEI_JST_OFFSET_US, &us));
        ck_assert_msg(us == jst(ref[i].year, ref[i].month, ref[i].day, ref[i].hour) +
                                ref[i].minute * HOUR / 60,
                      "%s", ref[i].text);
        sei_table_free(t);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(dates_that_are_none_are_refused)
{
    static const char *const bad[] = {"2024-02-30", "R0.3.1",       "令和6年13月1日",
                                      "24/3/1",     "R100.1.1",     "2024-03",
                                      "45352",      "2024-03-01 9", "R",
                                      "(",          "時分秒",       "2024年3月1日 9時99分"};
    sei_ctx                 *ctx   = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(bad); i++) {
        char    text[256];
        int64_t us = 42;
        snprintf(text, sizeof text, "time\n%s\n", bad[i]);
        sei_table *t = parse(ctx, text);
        T_STATUS(ctx, sei_table_time(ctx, t, 0, 0, SEI_JST_OFFSET_US, &us), SEI_E_TYPE);
        ck_assert_int_eq(us, 42);
        sei_table_free(t);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(companion_columns_give_loq_and_flags)
{
    static const char text[] = "date,time,zn_qc,zn_ug_l,zn_loq_mg_l,ph,note\n"
                               "2024-04-01,9:30,,1200,0.005,6.9,a\n"
                               "2024-04-02,9:30,SUSPECT,<5,0.005,,b\n"
                               "2024-04-03,9:30,,ND,0.005,7.1,c\n"
                               "2024-04-04,9:30,BAD,3000,,7.2,\n"
                               "2024-04-05,9:30,,3,0.005,7.2,\n"
                               "2024-04-06,9:30,BELOW_LOQ,10,,7.2,\n"
                               "2024-04-07,9:30,estimated,10,,7.2,\n";
    static const struct {
        double ug_l, loq;
        sei_qc qc;
    } ref[] = {
        {1200, 5, SEI_QC_GOOD},    {5, 5, SEI_QC_BELOW_LOQ}, {5, 5, SEI_QC_BELOW_LOQ},
        {3000, 0, SEI_QC_BAD},     {5, 5, SEI_QC_BELOW_LOQ}, {10, 10, SEI_QC_BELOW_LOQ},
        {10, 0, SEI_QC_ESTIMATED},
    };
    sei_ctx          *ctx = sei_ctx_create(NULL);
    sei_series_set   *set = series_of(ctx, NULL, text);
    const sei_series *zn  = sei_series_set_find(set, "zn", SEI_FRACTION_TOTAL);

    ck_assert_uint_eq(set->n, 2);
    ck_assert_uint_eq(zn->n, T_COUNT(ref));
    ck_assert_int_eq(zn->time_us[0], jst(2024, 4, 1, 9) + HOUR / 2);
    for (size_t i = 0; i < zn->n; i++) {
        const sei_value v = sei_series_value(zn, i);
        ck_assert_int_eq(v.qc, ref[i].qc);
        T_NEAR(v.value_si, ref[i].ug_l * 1e-6, 1e-15);
        T_NEAR(v.loq_si, ref[i].loq * 1e-6, 1e-15);
    }
    ck_assert_int_eq(sei_series_set_find(set, "ph", SEI_FRACTION_TOTAL)->qc[1], SEI_QC_MISSING);
    ck_assert_ptr_null(sei_series_set_find(set, "zn", SEI_FRACTION_DISSOLVED));
    sei_series_set_free(set);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(a_laboratory_sheet_in_japanese_becomes_series)
{
    static const char text[]  = "# 旧○○鉱山 坑廃水分析結果\r\n"
                                "採水日,採水時刻,採水地点,天候,水温（℃）,ｐＨ,流量(L/分),亜鉛（mg/"
                                "L）,溶解性鉄（mg/L）,備考\r\n"
                                "令和6年4月10日,9:30,原水,晴,14.8,3.5,100,18,36.2,\r\n"
                                "令和6年4月10日,10:00,放流口,晴,13.9,6.8,,＜０．０１,0.3,\r\n"
                                "令和6年5月8日,9:40,原水,曇,15.0,3.4,98,\"17.5\",35.0,\r\n"
                                "令和6年5月8日,10:10,放流口,曇,15.2,6.9,,0.33,ND,濁りあり\r\n";
    sei_ctx          *ctx     = sei_ctx_create(NULL);
    sei_headers      *headers = NULL;
    sei_read_options  options = SEI_READ_DEFAULTS;

    T_OK(ctx, sei_headers_load(ctx, NULL, &headers));
    options.headers     = headers;
    options.point       = "放流口";
    sei_series_set *set = series_of(ctx, &options, text);
    ck_assert_uint_eq(set->n, 5);
    const sei_series *zn = sei_series_set_find(set, "zn", SEI_FRACTION_TOTAL);
    const sei_series *fe = sei_series_set_find(set, "fe", SEI_FRACTION_DISSOLVED);
    ck_assert_uint_eq(zn->n, 2);
    ck_assert_int_eq(zn->time_us[0], jst(2024, 4, 10, 10));
    ck_assert_int_eq(zn->qc[0], SEI_QC_BELOW_LOQ);
    T_CLOSE(zn->loq_si[0], 1e-5, 1e-12);
    T_CLOSE(zn->value_si[1], 0.33e-3, 1e-12);
    ck_assert_int_eq(fe->qc[1], SEI_QC_BELOW_LOQ);
    ck_assert(fe->loq_si[1] == 0);
    sei_series_set_free(set);
    sei_headers_free(headers);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(points_are_checked)
{
    static const char text[]  = "time,point,zn_mg_l\n2024-04-01,in,18\n2024-04-01,out,0.3\n";
    sei_ctx          *ctx     = sei_ctx_create(NULL);
    sei_table        *t       = parse(ctx, text);
    sei_read_options  options = SEI_READ_DEFAULTS;
    sei_series_set   *set     = NULL;

    options.point = "outt";
    T_STATUS(ctx, sei_series_from_table(ctx, t, &options, &set), SEI_E_NOT_FOUND);
    ck_assert_str_eq(sei_ctx_error(ctx), "s.csv:1: no row of the point 'outt'");
    options.point = "out";
    T_OK(ctx, sei_series_from_table(ctx, t, &options, &set));
    ck_assert_uint_eq(set->series[0]->n, 1);
    sei_series_set_free(set);
    sei_table_free(t);
    sei_ctx_free(ctx);
}
END_TEST

/* 32 published discharges of Cerro Rico (Strosnider et al. 2011): a table without times. */
START_TEST(a_published_table_is_read_as_samples)
{
    if (!t_has_shared("a_published_table_is_read_as_samples"))
        return;
    sei_ctx         *ctx     = sei_ctx_create(NULL);
    sei_table       *t       = NULL;
    sei_samples     *samples = NULL;
    sei_read_options options = SEI_READ_DEFAULTS;
    size_t           flow, so4;

    options.needs_time   = false;
    options.skip_unknown = true; /* net_acidity_low, net_acidity_high */
    T_OK(ctx, sei_table_read(ctx, SEI_SHARED_DIR "/data/cerro-rico-2006-2007.csv", &t));
    T_OK(ctx, sei_samples_from_table(ctx, t, &options, &samples));
    ck_assert_uint_eq(sei_samples_count(samples), 32);
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 2);
    ck_assert(sei_samples_find(samples, "flow", SEI_FRACTION_TOTAL, &flow));
    ck_assert(sei_samples_find(samples, "so4", SEI_FRACTION_TOTAL, &so4));
    const sei_sample first = sei_samples_at(samples, 0);
    ck_assert(!first.has_time);
    ck_assert_uint_eq(first.line, 2);
    T_CLOSE(first.values[flow].value_si, 0.86e-3, 1e-12); /* 0.86 L/s */
    T_CLOSE(first.values[so4].value_si, 1.320, 1e-12);    /* 1320 mg/L */
    sei_samples_free(samples);
    sei_table_free(t);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- values at a time ---- */

static sei_series *make_series(sei_ctx *ctx, const char *name, size_t n, const int64_t time[],
                               const double value[])
{
    sei_quantity_column c;
    sei_series         *s = NULL;

    T_OK(ctx, sei_quantity_parse_column(ctx, NULL, name, &c));
    T_OK(ctx, sei_series_create(ctx, &c, &s));
    for (size_t i = 0; i < n; i++)
        T_OK(ctx, sei_series_append(s, time[i], (sei_value){value[i], 0, SEI_QC_GOOD}));
    return s;
}

static sei_series_curve *curve_of(sei_ctx *ctx, const sei_series *s, sei_curve_options options)
{
    sei_series_curve *curve = NULL;

    T_OK(ctx, sei_series_curve_create(ctx, s, &options, &curve));
    return curve;
}

START_TEST(straight_lines_between_samples_and_none_across_gaps)
{
    const int64_t     time[]  = {0, 2 * DAY, 10 * DAY, 11 * DAY};
    const double      value[] = {1, 3, 7, 5};
    sei_ctx          *ctx     = sei_ctx_create(NULL);
    sei_series       *s       = make_series(ctx, "zn_kg_m3", 4, time, value);
    sei_series_curve *c       = curve_of(ctx, s, (sei_curve_options){.max_gap_us = 3 * DAY});
    sei_series_cursor cursor  = {0};
    sei_value         v;

    v = sei_series_curve_at(c, &cursor, DAY / 2);
    T_CLOSE(v.value_si, 1.5, 1e-14);
    ck_assert_int_eq(v.qc, SEI_QC_ESTIMATED);
    v = sei_series_curve_at(c, &cursor, 10 * DAY + DAY / 4);
    T_CLOSE(v.value_si, 6.5, 1e-14);
    v = sei_series_curve_at(c, &cursor, 2 * DAY); /* back */
    T_CLOSE(v.value_si, 3, 1e-14);
    ck_assert_int_eq(v.qc, SEI_QC_GOOD);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, 5 * DAY).qc, SEI_QC_MISSING);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, -1).qc, SEI_QC_MISSING);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, 11 * DAY).qc, SEI_QC_GOOD);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, 11 * DAY + 1).qc, SEI_QC_MISSING);
    cursor.i = 99; /* a cursor of another curve does no harm */
    T_CLOSE(sei_series_curve_at(c, &cursor, DAY).value_si, 2, 1e-14);
    sei_series_curve_free(c);
    sei_series_free(s);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(steps_hold_until_the_gap_and_ends_hold_when_asked)
{
    const int64_t     time[]  = {0, 10 * DAY};
    const double      value[] = {1, 3};
    sei_ctx          *ctx     = sei_ctx_create(NULL);
    sei_series       *s       = make_series(ctx, "flow_m3_s", 2, time, value);
    sei_series_curve *c       = curve_of(
              ctx, s,
              (sei_curve_options){.kind = SEI_CURVE_STEP, .max_gap_us = 4 * DAY, .hold_ends = true});
    sei_series_cursor cursor = {0};

    T_CLOSE(sei_series_curve_at(c, &cursor, 4 * DAY).value_si, 1, 1e-15);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, 4 * DAY).qc, SEI_QC_GOOD);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, 5 * DAY).qc, SEI_QC_MISSING);
    T_CLOSE(sei_series_curve_at(c, &cursor, 50 * DAY).value_si, 3, 1e-15);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, 50 * DAY).qc, SEI_QC_ESTIMATED);
    T_CLOSE(sei_series_curve_at(c, &cursor, -5 * DAY).value_si, 1, 1e-15);
    sei_series_curve_free(c);
    sei_series_free(s);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(bad_and_missing_values_are_passed_over)
{
    sei_ctx            *ctx = sei_ctx_create(NULL);
    sei_series         *s   = NULL;
    sei_series_curve   *c   = NULL;
    sei_quantity_column q;

    T_OK(ctx, sei_quantity_parse_column(ctx, NULL, "zn_kg_m3", &q));
    T_OK(ctx, sei_series_create(ctx, &q, &s));
    T_STATUS(ctx, sei_series_curve_create(ctx, s, NULL, &c), SEI_E_MISSING);
    ck_assert_str_eq(sei_ctx_error(ctx), "series zn_kg_m3 has no usable value");
    T_OK(ctx, sei_series_append(s, 0, (sei_value){1, 0, SEI_QC_GOOD}));
    T_OK(ctx, sei_series_append(s, DAY, (sei_value){99, 0, SEI_QC_BAD}));
    T_OK(ctx, sei_series_append(s, 2 * DAY, (sei_value){0, 0, SEI_QC_MISSING}));
    T_OK(ctx, sei_series_append(s, 4 * DAY, (sei_value){4, 4, SEI_QC_BELOW_LOQ}));
    T_STATUS(ctx, sei_series_append(s, 4 * DAY, (sei_value){4, 0, SEI_QC_GOOD}), SEI_E_DUPLICATE);
    T_STATUS(ctx, sei_series_append(s, 3 * DAY, (sei_value){4, 0, SEI_QC_GOOD}), SEI_E_RANGE);
    ck_assert_uint_eq(s->n, 4);
    c                        = curve_of(ctx, s, (sei_curve_options){.loq_rule = SEI_LOQ_HALF});
    sei_series_cursor cursor = {0};
    /* from 1 to LOQ/2 = 2 over four days */
    T_CLOSE(sei_series_curve_at(c, &cursor, DAY).value_si, 1.25, 1e-15);
    ck_assert_int_eq(sei_series_curve_at(c, &cursor, 4 * DAY).qc, SEI_QC_BELOW_LOQ);
    sei_series_curve_free(c);
    sei_series_free(s);
    sei_ctx_free(ctx);
}
END_TEST

/* Trapezia worked by hand: (0,1) (2,3) (3,7) (7,3): areas 4, 5, 20; from 1 to 5 days:
 * (2+3)/2 + 5 + 2 * (7+5)/2 = 19.5 over 4 days. Step: 1 + 3 + 7 * 2 = 18 over 4 days. */
START_TEST(means_over_time_are_exact)
{
    const int64_t time[]  = {0, 2 * DAY, 3 * DAY, 7 * DAY};
    const double  value[] = {1, 3, 7, 3};
    sei_ctx      *ctx     = sei_ctx_create(NULL);
    sei_series   *s       = make_series(ctx, "zn_kg_m3", 4, time, value);
    double        mean    = 0;

    sei_series_curve *line = curve_of(ctx, s, (sei_curve_options){.kind = SEI_CURVE_LINEAR});
    sei_series_curve *step = curve_of(ctx, s, (sei_curve_options){.kind = SEI_CURVE_STEP});
    sei_series_curve *gap  = curve_of(ctx, s, (sei_curve_options){.max_gap_us = 2 * DAY});
    sei_series_curve *hold = curve_of(ctx, s, (sei_curve_options){.hold_ends = true});
    T_CLOSE(sei_series_curve_mean(line, 0, 7 * DAY, &mean), 1, 1e-15);
    T_CLOSE(mean, 29.0 / 7.0, 1e-14);
    T_CLOSE(sei_series_curve_mean(line, DAY, 5 * DAY, &mean), 1, 1e-15);
    T_CLOSE(mean, 19.5 / 4, 1e-14);
    T_CLOSE(sei_series_curve_mean(step, DAY, 5 * DAY, &mean), 1, 1e-15);
    T_CLOSE(mean, 18.0 / 4, 1e-14);
    T_CLOSE(sei_series_curve_mean(gap, DAY, 5 * DAY, &mean), 0.5, 1e-15);
    T_CLOSE(mean, 7.5 / 2, 1e-14);
    T_CLOSE(sei_series_curve_mean(line, -7 * DAY, 7 * DAY, &mean), 0.5, 1e-15);
    T_CLOSE(mean, 29.0 / 7.0, 1e-14);
    T_CLOSE(sei_series_curve_mean(hold, -DAY, 9 * DAY, &mean), 1, 1e-15);
    T_CLOSE(mean, (1 + 29 + 6) / 10.0, 1e-14);
    mean = 42;
    ck_assert(sei_series_curve_mean(line, 8 * DAY, 9 * DAY, &mean) == 0);
    ck_assert(sei_series_curve_mean(line, DAY, DAY, &mean) == 0);
    ck_assert(mean == 42);
    sei_series_curve_free(line);
    sei_series_curve_free(step);
    sei_series_curve_free(gap);
    sei_series_curve_free(hold);
    sei_series_free(s);
    sei_ctx_free(ctx);
}
END_TEST

static void *no_more_memory(void *user, void *p, size_t size)
{
    const bool *closed = user;

    if (size == 0) {
        free(p);
        return NULL;
    }
    ck_assert_msg(!*closed, "memory is asked for in the inner loop");
    return realloc(p, size);
}

START_TEST(look_up_allocates_nothing_and_agrees_with_a_search)
{
    bool                closed = false;
    const sei_allocator a      = {no_more_memory, &closed};
    sei_ctx            *ctx    = sei_ctx_create(&a);
    int64_t             time[500];
    double              value[500];

    for (int i = 0; i < 500; i++) {
        time[i]  = (int64_t)i * i * HOUR;
        value[i] = (double)(time[i] / HOUR) * 0.5; /* a straight line: every value is known */
    }
    sei_series       *s      = make_series(ctx, "temp_kelvin", 500, time, value);
    sei_series_curve *c      = curve_of(ctx, s, (sei_curve_options){.kind = SEI_CURVE_LINEAR});
    sei_series_cursor cursor = {0}, fresh;
    closed                   = true;
    for (int64_t t = 0; t <= time[499]; t += 7 * HOUR / 3) {
        fresh                 = (sei_series_cursor){0};
        const double expected = (double)t / (double)HOUR * 0.5;
        T_NEAR(sei_series_curve_at(c, &cursor, t).value_si, expected, 1e-9);
        T_NEAR(sei_series_curve_at(c, &fresh, t).value_si, expected, 1e-9);
    }
    closed = false;
    sei_series_curve_free(c);
    sei_series_free(s);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- aggregation ---- */

START_TEST(periods_follow_the_japanese_calendar)
{
    int64_t start, end;

    sei_period_bounds(SEI_PERIOD_FISCAL_YEAR, jst(2024, 3, 31, 23), SEI_JST_OFFSET, &start, &end);
    ck_assert_int_eq(start, jst(2023, 4, 1, 0));
    ck_assert_int_eq(end, jst(2024, 4, 1, 0));
    sei_period_bounds(SEI_PERIOD_FISCAL_YEAR, jst(2024, 4, 1, 0), SEI_JST_OFFSET, &start, &end);
    ck_assert_int_eq(start, jst(2024, 4, 1, 0));
    sei_period_bounds(SEI_PERIOD_MONTH, jst(2023, 12, 31, 23), SEI_JST_OFFSET, &start, &end);
    ck_assert_int_eq(start, jst(2023, 12, 1, 0));
    ck_assert_int_eq(end, jst(2024, 1, 1, 0));
    sei_period_bounds(SEI_PERIOD_YEAR, jst(2024, 1, 1, 0) - 1, SEI_JST_OFFSET, &start, &end);
    ck_assert_int_eq(end - start, 365 * DAY);
    sei_period_bounds(SEI_PERIOD_HOUR, jst(2024, 1, 1, 7) + 5, SEI_JST_OFFSET, &start, &end);
    ck_assert_int_eq(start, jst(2024, 1, 1, 7));
    sei_period_bounds(SEI_PERIOD_DAY, 0, SEI_JST_OFFSET, &start, &end); /* 09:00 in Japan */
    ck_assert_int_eq(start, -9 * HOUR);
}
END_TEST

/* 15, 20, 35, 40, 50: the 40th percentile of type 7 is 29 (Hyndman & Fan 1996; PERCENTILE.INC). */
START_TEST(percentile_is_type_7)
{
    const int64_t time[]  = {0, 1, 2, 3, 4};
    const double  value[] = {35, 20, 50, 15, 40};
    sei_ctx      *ctx     = sei_ctx_create(NULL);
    sei_series   *s       = make_series(ctx, "zn_kg_m3", 5, time, value);
    static const struct {
        double p, value;
    } ref[] = {{0, 15}, {0.05, 16}, {0.3, 23}, {0.4, 29}, {0.5, 35}, {1, 50}};

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const sei_aggregate_options options = {.percentile = ref[i].p};
        sei_series_bin             *bins    = NULL;
        size_t                      n       = 0;
        T_OK(ctx, sei_series_aggregate(ctx, s, &options, &bins, &n));
        ck_assert_uint_eq(n, 1);
        T_CLOSE(bins[0].percentile, ref[i].value, 1e-14);
        T_CLOSE(bins[0].mean, 32, 1e-15);
        ck_assert(bins[0].min == 15 && bins[0].max == 50);
        sei_release(ctx, bins);
    }
    sei_series_free(s);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(months_count_values_below_quantification_by_the_rule)
{
    static const char text[] = "time,zn_mg_l,flow_l_s\n"
                               "2024-03-10,0.4,1\n"
                               "2024-04-05,<0.1,1\n"
                               "2024-04-15,0.5,3\n"
                               "2024-04-25,ND,\n"
                               "2024-06-01,,2\n";
    static const struct {
        sei_loq_rule rule;
        double       mean;
    } ref[] = {{SEI_LOQ_ZERO, 0.5 / 3}, {SEI_LOQ_HALF, 0.55 / 3}, {SEI_LOQ_FULL, 0.6 / 3}};
    sei_ctx          *ctx  = sei_ctx_create(NULL);
    sei_series_set   *set  = series_of(ctx, NULL, text);
    const sei_series *zn   = sei_series_set_find(set, "zn", SEI_FRACTION_TOTAL);
    const sei_series *flow = sei_series_set_find(set, "flow", SEI_FRACTION_TOTAL);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const sei_aggregate_options options = {.period      = SEI_PERIOD_MONTH,
                                               .offset_us   = SEI_JST_OFFSET,
                                               .loq_rule    = ref[i].rule,
                                               .flow        = flow,
                                               .flow_gap_us = 30 * DAY};
        sei_series_bin             *b       = NULL;
        size_t                      n       = 0;
        T_OK(ctx, sei_series_aggregate(ctx, zn, &options, &b, &n));
        ck_assert_uint_eq(n, 3); /* March, April, June */
        ck_assert_int_eq(b[1].start_us, jst(2024, 4, 1, 0));
        ck_assert_int_eq(b[1].end_us, jst(2024, 5, 1, 0));
        ck_assert_uint_eq(b[1].n, 3);
        ck_assert_uint_eq(b[1].n_below_loq, 2);
        ck_assert_uint_eq(b[1].n_unknown_loq, 1);
        T_CLOSE(b[1].mean, ref[i].mean * 1e-3, 1e-12);
        /* no flow within 30 days around 25 April: two of three samples weigh */
        ck_assert_uint_eq(b[1].n_flow, 2);
        const double low = sei_value_number(&(sei_value){0.1, 0.1, SEI_QC_BELOW_LOQ}, ref[i].rule);
        T_CLOSE(b[1].flow_mean, (1 * low + 3 * 0.5) / 4 * 1e-3, 1e-12);
        ck_assert_uint_eq(b[2].n, 0);
        ck_assert_uint_eq(b[2].n_left_out, 1);
        ck_assert(!b[2].has_flow_mean);
        sei_release(ctx, b);
    }
    sei_series_set_free(set);
    sei_ctx_free(ctx);
}
END_TEST

/* Samples on 1 and 21 January: 1 for 20 days rising to 3, mean of time 2; mean of samples 2. The next
 * on 25 January with 3: mean of time (20 * 2 + 4 * 3) / 24, mean of samples 7 / 3. */
START_TEST(time_weighted_mean_of_irregular_samples)
{
    const int64_t time[]  = {jst(2024, 1, 1, 0), jst(2024, 1, 21, 0), jst(2024, 1, 25, 0)};
    const double  value[] = {1, 3, 3};
    sei_ctx      *ctx     = sei_ctx_create(NULL);
    sei_series   *s       = make_series(ctx, "zn_kg_m3", 3, time, value);
    const sei_aggregate_options options = {
        .period = SEI_PERIOD_MONTH, .offset_us = SEI_JST_OFFSET, .time_weighted = true};
    sei_series_bin *b = NULL;
    size_t          n = 0;

    T_OK(ctx, sei_series_aggregate(ctx, s, &options, &b, &n));
    ck_assert_uint_eq(n, 1);
    T_CLOSE(b[0].time_mean, 52.0 / 24, 1e-14);
    T_CLOSE(b[0].time_coverage, 24.0 / 31, 1e-14);
    T_CLOSE(b[0].mean, 7.0 / 3, 1e-14);
    sei_release(ctx, b);
    sei_series_free(s);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(suspect_values_count_unless_left_out)
{
    static const char text[] = "time,ph\n2024-04-01,7\n2024-04-02,15\n";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_series_set   *set    = series_of(ctx, NULL, text);

    for (int without = 0; without < 2; without++) {
        const sei_aggregate_options options = {.without_suspect = without == 1};
        sei_series_bin             *b       = NULL;
        size_t                      n       = 0;
        T_OK(ctx, sei_series_aggregate(ctx, set->series[0], &options, &b, &n));
        ck_assert_uint_eq(b[0].n, without ? 1 : 2);
        ck_assert_uint_eq(b[0].n_suspect, without ? 0 : 1);
        ck_assert_uint_eq(b[0].n_left_out, without ? 1 : 0);
        T_CLOSE(b[0].mean, without ? 7 : 11, 1e-15);
        sei_release(ctx, b);
    }
    sei_series_set_free(set);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite     = suite_create("water: series");
    TCase *reading   = tcase_create("reading");
    TCase *curves    = tcase_create("curves");
    TCase *aggregate = tcase_create("aggregation");

    tcase_add_test(reading, times_are_read_as_japanese_sheets_write_them);
    tcase_add_test(reading, dates_that_are_none_are_refused);
    tcase_add_test(reading, companion_columns_give_loq_and_flags);
    tcase_add_test(reading, a_laboratory_sheet_in_japanese_becomes_series);
    tcase_add_test(reading, points_are_checked);
    tcase_add_test(reading, a_published_table_is_read_as_samples);
    tcase_add_test(curves, straight_lines_between_samples_and_none_across_gaps);
    tcase_add_test(curves, steps_hold_until_the_gap_and_ends_hold_when_asked);
    tcase_add_test(curves, bad_and_missing_values_are_passed_over);
    tcase_add_test(curves, means_over_time_are_exact);
    tcase_add_test(curves, look_up_allocates_nothing_and_agrees_with_a_search);
    tcase_add_test(aggregate, periods_follow_the_japanese_calendar);
    tcase_add_test(aggregate, percentile_is_type_7);
    tcase_add_test(aggregate, months_count_values_below_quantification_by_the_rule);
    tcase_add_test(aggregate, time_weighted_mean_of_irregular_samples);
    tcase_add_test(aggregate, suspect_values_count_unless_left_out);
    suite_add_tcase(suite, reading);
    suite_add_tcase(suite, curves);
    suite_add_tcase(suite, aggregate);
    return t_run(suite);
}
