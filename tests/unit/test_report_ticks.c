/* test_report_ticks.c - nice numbers, ticks and their texts, against values worked by hand */
#include "report/ticks.h"

#include "base/clock.h"
#include "report/plot.h"
#include "t.h"

/* Heckbert's rule: rounding cuts at 1.5, 3 and 7, not rounding goes up to 1, 2, 5, 10. */
START_TEST(nice_numbers_are_1_2_5)
{
    static const struct {
        double x, rounded, above;
    } ref[] = {{1.4, 1, 2},
               {1.6, 2, 2},
               {2.9, 2, 5},
               {3.1, 5, 5},
               {6.9, 5, 10},
               {7.1, 10, 10},
               {0.0034, 0.005, 0.005},
               {1234, 1000, 2000},
               {2, 2, 2},
               {1e-7, 1e-7, 1e-7},
               {500, 500, 500}};

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        T_CLOSE(sei_nice(ref[i].x, true), ref[i].rounded, 1e-12);
        T_CLOSE(sei_nice(ref[i].x, false), ref[i].above, 1e-12);
    }
}
END_TEST

static void linear(double lower, double upper, size_t target, const char *expected)
{
    sei_ticks ticks;
    char      text[400] = "";
    size_t    n         = 0;

    sei_ticks_linear(&ticks, lower, upper, target, true);
    for (size_t i = 0; i < ticks.n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? " " : "", ticks.tick[i].text);
    ck_assert_str_eq(text, expected);
}

START_TEST(linear_ticks_are_round_and_share_their_decimals)
{
    linear(0, 4.7, 6, "0 1 2 3 4 5");
    linear(-0.35, 0.35, 5, "−0.4 −0.2 0.0 0.2 0.4");
    linear(16.1, 19.9, 5, "16 17 18 19 20");
    linear(0, 23000, 6, "0 5000 10,000 15,000 20,000 25,000");
    linear(0, 4.3e-5, 6, "0 1×10⁻⁵ 2×10⁻⁵ 3×10⁻⁵ 4×10⁻⁵ 5×10⁻⁵");
    linear(0, 1.1e-5, 4, "0 0.5×10⁻⁵ 1.0×10⁻⁵ 1.5×10⁻⁵");
    linear(7, 7, 4, "6.0 6.5 7.0 7.5 8.0");
}
END_TEST

START_TEST(tight_ticks_stay_inside_the_axis)
{
    sei_ticks ticks;

    sei_ticks_linear(&ticks, 0.7, 33.8, 8, false);
    ck_assert_double_eq(ticks.lower, 0.7);
    ck_assert_double_eq(ticks.upper, 33.8);
    ck_assert_uint_eq(ticks.n, 6); /* 33.1 / 7 = 4.7, nice 5: 5 10 15 20 25 30 */
    ck_assert_str_eq(ticks.tick[0].text, "5");
    ck_assert_str_eq(ticks.tick[5].text, "30");
}
END_TEST

START_TEST(log_axis_ends_on_1_2_5_and_names_decades)
{
    sei_ticks ticks;
    char      names[200] = "";
    size_t    n          = 0;

    sei_ticks_log(&ticks, 0.03, 140, 5, true);
    T_CLOSE(ticks.lower, 0.02, 1e-9);
    T_CLOSE(ticks.upper, 200, 1e-9);
    for (size_t i = 0; i < ticks.n; i++)
        if (!ticks.tick[i].is_minor)
            n += (size_t)snprintf(names + n, sizeof names - n, "%s ", ticks.tick[i].text);
    ck_assert_str_eq(names, "0.1 1 10 100 ");

    sei_ticks_log(&ticks, 0.6, 4, 12, true);
    T_CLOSE(ticks.lower, 0.5, 1e-9);
    T_CLOSE(ticks.upper, 5, 1e-9);
    ck_assert_str_eq(ticks.tick[0].text, "0.5");
    ck_assert_str_eq(ticks.tick[ticks.n - 1].text, "5");
}
END_TEST

START_TEST(log_axis_of_many_decades_writes_powers)
{
    sei_ticks ticks;

    sei_ticks_log(&ticks, 1e-8, 1e-2, 4, true);
    ck_assert_str_eq(ticks.tick[0].text, "10⁻⁸");
    for (size_t i = 0; i < ticks.n; i++)
        ck_assert(ticks.tick[i].at >= 0.99e-8 && ticks.tick[i].at <= 1.01e-2);
}
END_TEST

static double seconds(const char *text)
{
    sei_time t = 0;

    ck_assert(sei_parse_time(text, strlen(text), SEI_JST_OFFSET, &t));
    return (double)t / 1e6;
}

static void times(const char *from, const char *to, size_t max, sei_lang lang, const char *expected)
{
    sei_ticks ticks;
    char      text[1000] = "";
    size_t    n          = 0;

    sei_ticks_time(&ticks, seconds(from), seconds(to), 9 * 60 * 60, max, lang);
    for (size_t i = 0; i < ticks.n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s%s%s", i ? " " : "",
                              ticks.tick[i].text, ticks.tick[i].parent[0] ? "[" : "",
                              ticks.tick[i].parent, ticks.tick[i].parent[0] ? "]" : "");
    ck_assert_str_eq(text, expected);
}

START_TEST(months_stand_over_their_year)
{
    times("2023-04-01", "2024-03-31", 14, SEI_LANG_JA,
          "4月[2023年] 5月 6月 7月 8月 9月 10月 11月 12月 1月[2024年] 2月 3月");
    times("2023-04-15", "2024-03-31", 5, SEI_LANG_EN, "07[2023] 10 01[2024]");
    times("2023-12-20", "2024-02-10", 4, SEI_LANG_JA, "1月[2024年] 2月");
}
END_TEST

START_TEST(days_hours_and_years_are_round_local_times)
{
    times("2024-02-27", "2024-03-02", 6, SEI_LANG_JA,
          "27日[2024年2月] 28日 29日 1日[2024年3月] 2日");
    times("2024-03-20", "2024-04-12", 6, SEI_LANG_EN, "21[2024-03] 26 01[2024-04] 06 11");
    times("2024-04-30 22:10", "2024-05-01 02:10", 6, SEI_LANG_JA,
          "23:00[2024年4月30日] 0:00[2024年5月1日] 1:00 2:00");
    times("2021-06-01", "2061-06-01", 6, SEI_LANG_JA, "2030年 2040年 2050年 2060年");
    times("2024-05-01 10:02", "2024-05-01 10:13", 4, SEI_LANG_EN, "10:05[2024-05-01] 10:10");
}
END_TEST

START_TEST(numbers_read_as_people_write_them)
{
    static const struct {
        double      value;
        int         decimals;
        const char *text;
    } ref[] = {
        {2.3456, 2, "2.35"},
        {12345.6, 1, "12,345.6"},
        {1234.5, 0, "1234"}, /* ties to even, as printf */
        {-1234567.0, 0, "−1,234,567"},
        {-0.001, 2, "0.00"},
        {0.0503, SEI_SIGNIFICANT(2), "0.050"},
        {12345.6, SEI_SIGNIFICANT(4), "12,350"},
        {99.96, SEI_SIGNIFICANT(3), "100"},
        {2.5e-7, SEI_SIGNIFICANT(2), "2.5×10⁻⁷"},
        {9.99e-7, SEI_SIGNIFICANT(2), "1.0×10⁻⁶"},
        {1e9, SEI_SIGNIFICANT(1), "10⁹"},
        {0, SEI_SIGNIFICANT(3), "0"},
    };
    char text[SEI_TICK_TEXT];

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        sei_number_text(text, ref[i].value, ref[i].decimals);
        ck_assert_str_eq(text, ref[i].text);
    }
    sei_number_plain(text, 0.003);
    ck_assert_str_eq(text, "0.003");
    sei_number_plain(text, 12000);
    ck_assert_str_eq(text, "12,000");
}
END_TEST

START_TEST(names_that_touch_are_spread_about_their_places)
{
    const double wanted[] = {10, 12, 50, 98}, height[] = {10, 10, 10, 10};
    double       placed[4];

    sei_side_spread(4, wanted, height, 0, 100, placed);
    ck_assert_double_eq_tol(placed[0], 6, 1e-9); /* a block of 20 about the mean 11 */
    ck_assert_double_eq_tol(placed[1], 16, 1e-9);
    ck_assert_double_eq_tol(placed[2], 50, 1e-9);
    ck_assert_double_eq_tol(placed[3], 95, 1e-9); /* kept inside */
}
END_TEST

START_TEST(spread_names_never_overlap)
{
    double wanted[SEI_SERIES_MAX], height[SEI_SERIES_MAX], placed[SEI_SERIES_MAX];

    for (unsigned seed = 1; seed < 200; seed++) {
        unsigned     state = seed;
        const size_t n     = 1 + seed % 12;
        double       at    = 0;
        for (size_t i = 0; i < n; i++) {
            state = state * 1103515245U + 12345U;
            at += (double)(state >> 16 & 31);
            wanted[i] = at;
            height[i] = 8 + (double)(state >> 24 & 7);
        }
        sei_side_spread(n, wanted, height, 0, 400, placed);
        for (size_t i = 0; i < n; i++) {
            ck_assert(placed[i] - height[i] / 2 > -1e-9);
            ck_assert(placed[i] + height[i] / 2 < 400 + 1e-9);
            ck_assert(i == 0 || placed[i] - placed[i - 1] > (height[i] + height[i - 1]) / 2 - 1e-9);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report ticks");
    TCase *tc    = tcase_create("ticks");

    tcase_add_test(tc, nice_numbers_are_1_2_5);
    tcase_add_test(tc, linear_ticks_are_round_and_share_their_decimals);
    tcase_add_test(tc, tight_ticks_stay_inside_the_axis);
    tcase_add_test(tc, log_axis_ends_on_1_2_5_and_names_decades);
    tcase_add_test(tc, log_axis_of_many_decades_writes_powers);
    tcase_add_test(tc, months_stand_over_their_year);
    tcase_add_test(tc, days_hours_and_years_are_round_local_times);
    tcase_add_test(tc, numbers_read_as_people_write_them);
    tcase_add_test(tc, names_that_touch_are_spread_about_their_places);
    tcase_add_test(tc, spread_names_never_overlap);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
