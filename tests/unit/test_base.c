/* test_base.c - context, arena, numbers, text, logical lines, dates, units */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/logical.h"
#include "base/number.h"
#include "base/text.h"
#include "seiryu/units.h"
#include "t.h"

START_TEST(error_names_file_line_and_value)
{
    sei_ctx        *ctx   = sei_ctx_create(NULL);
    const sei_where where = {"site.yaml", 41, 0};

    ck_assert_int_eq(sei_fail(ctx, SEI_E_RANGE, &where, "pH %g is outside 0..14", 15.2),
                     SEI_E_RANGE);
    ck_assert_str_eq(sei_ctx_error(ctx), "site.yaml:41: pH 15.2 is outside 0..14");
    ck_assert_uint_eq(sei_ctx_error_where(ctx).line, 41);
    ck_assert_int_eq(sei_status_exit_code(SEI_E_RANGE), 3);
    sei_ctx_free(ctx);
}
END_TEST

static void expect_params(const sei_ctx *ctx, const char *format, size_t n,
                          const char *const params[])
{
    const sei_fault *fault = sei_ctx_fault(ctx);

    ck_assert_str_eq(fault->format, format);
    ck_assert_uint_eq(fault->n, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_str_eq(fault->params[i], params[i]);
}

/* What the message shows and what a sentence in another language gets are the same values. */
START_TEST(error_keeps_its_values_one_by_one)
{
    sei_ctx *ctx = sei_ctx_create(NULL);

    ck_assert_ptr_null(sei_ctx_fault(ctx)->format);
    ck_assert_ptr_null(sei_ctx_fault(NULL)->format);
    (void)sei_fail(ctx, SEI_E_RANGE, NULL, "%s %lld of %zu, %u, %d%%, %ld: %g or %.3g", "low",
                   LLONG_MIN, SIZE_MAX, UINT_MAX, -7, -8L, 0.25, 1e-9 / 3.0);
    expect_params(ctx, "%s %lld of %zu, %u, %d%%, %ld: %g or %.3g", 7 + 1,
                  (const char *const[]){"low", "-9223372036854775808", "18446744073709551615",
                                        "4294967295", "-7", "-8", "0.25", "3.33e-10"});
    ck_assert_str_eq(sei_ctx_error(ctx),
                     "low -9223372036854775808 of 18446744073709551615, 4294967295, -7%, -8: 0.25 "
                     "or 3.33e-10");
    (void)sei_fail(ctx, SEI_E_RANGE, NULL, "%.*s|%.4s|%5d|%-3u|%c", 3, "abcdef", "清流", 12, 7u,
                   'x');
    expect_params(ctx, "%.*s|%.4s|%5d|%-3u|%c", 5,
                  (const char *const[]){"abc", "清", "12", "7", "x"}); /* cut between characters */
    (void)sei_fail(ctx, SEI_E_RANGE, NULL, "100%%");
    expect_params(ctx, "100%%", 0, NULL);
    (void)sei_fail(ctx, SEI_E_RANGE, NULL, "%d %p %d", 1, (void *)ctx, 3);
    expect_params(ctx, "%d %p %d", 1, (const char *const[]){"1"});
    sei_ctx_clear(ctx);
    ck_assert_ptr_null(sei_ctx_fault(ctx)->format);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(error_keeps_as_many_values_as_it_has_room_for)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    char     text[SEI_FAULT_TEXT_MAX * 2 + 1];

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)sei_fail(ctx, SEI_E_RANGE, NULL, "%s %s", text, text);
    ck_assert_uint_eq(sei_ctx_fault(ctx)->n, 1);
    ck_assert_uint_eq(strlen(sei_ctx_fault(ctx)->params[0]), SEI_FAULT_TEXT_MAX - 1);
    (void)sei_fail(ctx, SEI_E_RANGE, NULL, "%d%d%d%d%d%d%d%d%d", 1, 2, 3, 4, 5, 6, 7, 8, 9);
    ck_assert_uint_eq(sei_ctx_fault(ctx)->n, SEI_FAULT_PARAMS_MAX);
    ck_assert_str_eq(sei_ctx_fault(ctx)->params[7], "8");
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(warning_is_kept_once)
{
    sei_ctx *ctx = sei_ctx_create(NULL);

    sei_warn(ctx, NULL, "species %s is not in the database", "Au+");
    sei_warn(ctx, NULL, "species %s is not in the database", "Au+");
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 1);
    ck_assert_str_eq(sei_ctx_warning(ctx, 0), "species Au+ is not in the database");
    sei_ctx_free(ctx);
}
END_TEST

static void *failing_resize(void *user, void *p, size_t size)
{
    int *left = user;

    if (size == 0) {
        free(p);
        return NULL;
    }
    return (*left)-- > 0 ? realloc(p, size) : NULL;
}

START_TEST(short_memory_is_a_status_not_a_crash)
{
    int                 left = 1;
    const sei_allocator a    = {failing_resize, &left};
    sei_ctx            *ctx  = sei_ctx_create(&a);

    ck_assert_ptr_nonnull(ctx);
    ck_assert_ptr_null(sei_alloc(ctx, 10, 10));
    ck_assert_int_eq(sei_ctx_status(ctx), SEI_E_NOMEM);
    ck_assert_ptr_null(sei_alloc(ctx, SIZE_MAX / 2, 16));
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(arena_memory_is_zeroed_and_aligned)
{
    sei_ctx  *ctx = sei_ctx_create(NULL);
    sei_arena arena;

    sei_arena_init(&arena, ctx);
    for (size_t n = 1; n < 9000; n += 977) {
        unsigned char *p = sei_arena_alloc(&arena, n, 1);
        ck_assert_uint_eq((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            ck_assert_int_eq(p[i], 0);
        memset(p, 0xAA, n);
    }
    sei_arena_done(&arena);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(numbers_are_read_whole_or_not_at_all)
{
    static const struct {
        const char *text;
        double      value;
    } good[] = {{"12", 12}, {"-.5", -0.5}, {"+1.25e-3", 1.25e-3}, {"7.", 7}, {"1E2", 100}};
    static const char *const bad[] = {"",    ".",   "-",   "1e",    "0x10", "nan",
                                      "inf", "1,5", "1 2", "1e999", "--1",  "1.2.3"};
    double                   value = 0;

    for (size_t i = 0; i < T_COUNT(good); i++) {
        ck_assert(sei_parse_double(good[i].text, strlen(good[i].text), &value));
        ck_assert_double_eq(value, good[i].value);
    }
    for (size_t i = 0; i < T_COUNT(bad); i++)
        ck_assert_msg(!sei_parse_double(bad[i], strlen(bad[i]), &value), "%s", bad[i]);
}
END_TEST

/* Short numbers are read by one multiplication: to the bit what the C library reads. */
START_TEST(numbers_are_read_to_the_last_bit)
{
    uint64_t state = 20261126;

    for (int i = 0; i < 100000; i++) {
        char   text[48];
        double value         = 0;
        state                = state * 6364136223846793005u + 1442695040888963407u;
        const uint64_t whole = (state >> 20) % (state & 1 ? 1000000u : 100000000000000000u);
        const int      power = (int)((state >> 8) % 52) - 26, cut = (int)((state >> 14) % 6);
        snprintf(text, sizeof text, "%s%" PRIu64 ".%0*de%d", state & 2 ? "-" : "", whole, cut + 1,
                 (int)((state >> 30) % 10), power);
        ck_assert(sei_parse_double(text, strlen(text), &value));
        const double wanted = strtod(text, NULL);
        ck_assert_msg(memcmp(&value, &wanted, sizeof value) == 0, "%s", text);
    }
}
END_TEST

START_TEST(shortest_text_reads_back_to_the_same_double)
{
    static const double values[] = {0.1, 1.0 / 3.0, 6.02214076e23, 1e-300, -0.0, 123456789.125};
    char                text[SEI_NUMBER_MAX];

    for (size_t i = 0; i < T_COUNT(values); i++) {
        double back = 0;
        sei_format_double(text, values[i], 0);
        ck_assert(sei_parse_double(text, strlen(text), &back));
        ck_assert(memcmp(&back, &values[i], sizeof back) == 0);
    }
    sei_format_double(text, 0.1, 0);
    ck_assert_str_eq(text, "0.1");
}
END_TEST

/* The fewest digits from six on that read back, as C's own printf and strtod find them by trying. */
START_TEST(text_has_no_more_digits_than_it_needs)
{
    uint64_t random = 88172645463325252u;
    char     text[SEI_NUMBER_MAX], tried[40];

    for (int i = 0; i < 60000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17; /* xorshift64 (marsaglia2003) */
        const double whole = (double)(random >> 44), tens = pow(10.0, (double)(random % 16) - 3.0);
        double       value = i % 3 == 0   ? whole / 100.0
                             : i % 3 == 1 ? whole / tens
                                          : (double)(random >> 11) / 9007199254740992.0 * 1e7 / tens;
        if (i % 5 == 0)
            value = -value;
        for (int d = 6; d <= 17; d++) {
            snprintf(tried, sizeof tried, "%.*g", d, value);
            if (strtod(tried, NULL) == value)
                break;
        }
        sei_format_double(text, value, 0);
        ck_assert_str_eq(text, tried);
    }
}
END_TEST

/* As C's own printf writes them, halves of the last place included. */
START_TEST(scientific_text_is_that_of_printf)
{
    static const double fixed[] = {
        0.0,     -0.0,     1.0,      9.5,   99.5,     -999.999, 0.1,
        1e-99,   1e-100,   1e-310,   1e99,  1e100,    1e300,    9.9999999999995,
        2.5,     0.125,    1e22,     1e-22, 123456.5, 5e-324,   9.99999999999949e12,
        1.0 / 3, INFINITY, -INFINITY};
    uint64_t random = 88172645463325252u;
    char     text[SEI_NUMBER_MAX], printed[SEI_NUMBER_MAX];

    for (int i = 0; i < 50000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17; /* xorshift64 (marsaglia2003) */
        const int digits = 1 + (int)(random % 15);
        double    value  = (double)(random >> 11) * pow(10.0, (double)(random % 140) - 85.0);
        if (i % 3 == 0) /* few digits: often half a place */
            value = (double)(random >> 50) / pow(2.0, (double)(random % 12));
        if (i < (int)T_COUNT(fixed))
            value = fixed[i];
        if (i % 5 == 0)
            value = -value;
        snprintf(printed, sizeof printed, "%.*e", digits, value);
        ck_assert_uint_eq(sei_format_scientific(text, value, digits), strlen(printed));
        ck_assert_str_eq(text, printed);
    }
}
END_TEST

START_TEST(nearest_word_is_offered_only_when_near)
{
    static const char *const words[] = {"volume_m3", "flow_l_min", "depth_m"};

    ck_assert_str_eq(sei_nearest("volum_m3", words, 3), "volume_m3");
    ck_assert_str_eq(sei_nearest("Flow_l_min", words, 3), "flow_l_min");
    ck_assert_ptr_null(sei_nearest("porosity", words, 3));
}
END_TEST

START_TEST(utf8_is_checked_and_measured)
{
    ck_assert(sei_utf8_is_valid("水質 pH", strlen("水質 pH")));
    ck_assert(!sei_utf8_is_valid("\xC0\x80", 2));
    ck_assert(!sei_utf8_is_valid("\xED\xA0\x80", 3));
    ck_assert(!sei_utf8_is_valid("\xE6\xB0", 2));
    ck_assert_uint_eq(sei_text_columns("水質 pH"), 7);
}
END_TEST

/* Epoch seconds from the POSIX formula (XBD 4.16) for the same civil dates. */
START_TEST(dates_agree_with_posix_seconds)
{
    static const struct {
        const char *text;
        int64_t     seconds;
    } ref[] = {
        {"1970-01-01", 0},
        {"2000-02-29", 951782400},
        {"2024-04-01T00:00:00Z", 1711929600},
        {"2024-04-01T09:00:00+09:00", 1711929600},
        {"2024年4月1日", 1711929600},
        {"2024/4/1 12:30", 1711974600},
        {"2024-03-31 24:00", 1711929600},
    };
    sei_time t = 0;

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        ck_assert_msg(sei_parse_time(ref[i].text, strlen(ref[i].text), 0, &t), "%s", ref[i].text);
        ck_assert_int_eq(t, ref[i].seconds * SEI_US_PER_S);
    }
    ck_assert(sei_parse_time("2024-04-01", 10, SEI_JST_OFFSET, &t));
    ck_assert_int_eq(t, (INT64_C(1711929600) - 9 * 3600) * SEI_US_PER_S);
}
END_TEST

START_TEST(impossible_dates_are_refused)
{
    static const char *const bad[] = {"2023-02-29",  "2024-13-01", "2024-00-10",
                                      "24-1-1",      "2024-4-31",  "2024-04-01T25:00",
                                      "2024-04-01x", "2024/04",    "2024-04-01 24:01"};
    sei_time                 t     = 0;

    for (size_t i = 0; i < T_COUNT(bad); i++)
        ck_assert_msg(!sei_parse_time(bad[i], strlen(bad[i]), 0, &t), "%s", bad[i]);
}
END_TEST

START_TEST(civil_time_round_trips_over_400_years)
{
    char text[SEI_TIME_MAX];

    for (sei_time t = -SEI_US_PER_DAY * 100000; t < SEI_US_PER_DAY * 100000;
         t += SEI_US_PER_DAY * 37 + 12345678) {
        const sei_civil c = sei_time_to_civil(t, SEI_JST_OFFSET);
        ck_assert_int_eq(sei_time_from_civil(&c, SEI_JST_OFFSET), t);
    }
    sei_format_time(text, 0, SEI_JST_OFFSET);
    ck_assert_str_eq(text, "1970-01-01T09:00:00+09:00");
}
END_TEST

/* NIST SP 811 and the SI brochure: litre, minute, hour, degree Celsius, atmosphere. */
START_TEST(units_convert_as_the_si_says)
{
    size_t          stem = 0;
    const sei_unit *u    = sei_name_unit("flow_l_min", &stem);

    ck_assert_str_eq(u->symbol, "L/min");
    ck_assert_uint_eq(stem, 4);
    T_CLOSE(sei_to_si(u, 60.0), 1e-3, 1e-15);
    T_CLOSE(sei_to_si(sei_unit_find("c"), 25.0), 298.15, 1e-15);
    T_CLOSE(sei_to_si(sei_unit_find("atm"), 1.0), 101325.0, 1e-15);
    ck_assert_ptr_null(sei_name_unit("flow_gpm", &stem));
    ck_assert_str_eq(sei_name_unit("so4_mg_l", &stem)->key, "mg_l");
}
END_TEST

START_TEST(every_unit_key_is_found_once)
{
    for (size_t i = 0; i < sei_unit_count(); i++)
        ck_assert_ptr_eq(sei_unit_find(sei_unit_at(i)->key), sei_unit_at(i));
}
END_TEST

/* FIPS 180-4 example: SHA-256("abc"). */
/* Comments, joined lines, both ends of lines, a mark at the start and a join that nothing follows. */
START_TEST(logical_lines_are_cut_as_written)
{
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    static const char text[] = "\xEF\xBB\xBFone # comment \\\r\ntwo \\ \n  half # of\n\nlast\\";
    static const struct {
        size_t      number;
        const char *line;
    } want[] = {{1, "one "}, {2, "two    half "}, {4, ""}, {5, "last"}};
    sei_logical lines;
    sei_slice   line;
    size_t      number, n = 0;

    sei_logical_begin(&lines, ctx, (sei_slice){text, sizeof text - 1}, 20);
    for (; sei_logical_next(&lines, &line, &number); n++) {
        ck_assert_uint_lt(n, 4);
        ck_assert_uint_eq(number, want[n].number);
        ck_assert_msg(sei_slice_is(line, want[n].line), "%.*s", (int)line.len, line.at);
    }
    ck_assert_uint_eq(n, 4);
    ck_assert_int_eq(sei_logical_status(&lines, (sei_where){"t", 0, 0}), SEI_OK);
    sei_logical_done(&lines);
    sei_ctx_free(ctx);
}
END_TEST

/* A NUL byte and a line that is too long, whole or joined, stop the reading with their line. */
START_TEST(hostile_logical_lines_are_refused)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    static const struct {
        const char *text;
        size_t      len;
        sei_status  status;
        const char *message;
    } cases[] = {{"a\n\0b\nc", 6, SEI_E_ENCODING, "t:12: a NUL byte: not a text file"},
                 {"a\n123456789\n", 12, SEI_E_TOO_LARGE, "t:12: line is longer than 8 bytes"},
                 {"a\n1234\\\n5678\n", 13, SEI_E_TOO_LARGE, "t:13: line is longer than 8 bytes"}};

    for (size_t i = 0; i < 3; i++) {
        sei_logical lines;
        sei_slice   line;
        size_t      number, n = 0;

        sei_logical_begin(&lines, ctx, (sei_slice){cases[i].text, cases[i].len}, 8);
        while (sei_logical_next(&lines, &line, &number))
            n++;
        ck_assert_uint_eq(n, 1);
        ck_assert_int_eq(sei_logical_status(&lines, (sei_where){"t", 10, 0}), cases[i].status);
        ck_assert_str_eq(sei_ctx_error(ctx), cases[i].message);
        sei_logical_done(&lines);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(sha256_equals_the_standard)
{
    char hex[SEI_SHA256_HEX];

    sei_sha256_hex("abc", 3, hex);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(a_file_is_replaced_whole_or_left)
{
    sei_ctx *ctx   = sei_ctx_create(NULL);
    char     dir[] = "/tmp/seiryu-test-XXXXXX";
    char    *text  = NULL;
    size_t   len   = 0;

    ck_assert_ptr_nonnull(mkdtemp(dir));
    char *path = sei_path_join(ctx, dir, "a.txt");
    T_OK(ctx, sei_file_write(ctx, path, "old", 3));
    T_OK(ctx, sei_file_write(ctx, path, "new", 3));
    T_OK(ctx, sei_file_read(ctx, path, 100, &text, &len));
    ck_assert_str_eq(text, "new");
    sei_release(ctx, text);
    T_STATUS(ctx, sei_file_read(ctx, path, 2, &text, &len), SEI_E_TOO_LARGE);
    T_STATUS(ctx, sei_file_read(ctx, dir, 100, &text, &len), SEI_E_NOT_FOUND);
    unlink(path);
    T_STATUS(ctx, sei_file_read(ctx, path, 2, &text, &len), SEI_E_NOT_FOUND);
    sei_release(ctx, path);
    rmdir(dir);
    sei_ctx_free(ctx);
}
END_TEST

/* Renamed over, /dev/null would be a plain file from then on. */
START_TEST(file_written_to_a_pipe_or_link_leaves_it_there)
{
    sei_ctx    *ctx   = sei_ctx_create(NULL);
    char        dir[] = "/tmp/seiryu-link-XXXXXX", read_back[8] = "";
    struct stat info;

    ck_assert_ptr_nonnull(mkdtemp(dir));
    char *pipe_path = sei_path_join(ctx, dir, "pipe");
    char *path      = sei_path_join(ctx, dir, "a.txt");
    char *link_path = sei_path_join(ctx, dir, "link");
    ck_assert_int_eq(mkfifo(pipe_path, 0600), 0);
    const int fd = open(pipe_path, O_RDWR);
    T_OK(ctx, sei_file_write(ctx, pipe_path, "new", 3));
    ck_assert_int_eq((int)read(fd, read_back, sizeof read_back), 3);
    ck_assert_str_eq(read_back, "new");
    close(fd);
    ck_assert(lstat(pipe_path, &info) == 0 && S_ISFIFO(info.st_mode));

    T_OK(ctx, sei_file_write(ctx, path, "old", 3));
    ck_assert_int_eq(symlink("a.txt", link_path), 0);
    T_OK(ctx, sei_file_write(ctx, link_path, "newer", 5));
    ck_assert(lstat(link_path, &info) == 0 && S_ISLNK(info.st_mode));
    ck_assert(lstat(path, &info) == 0 && info.st_size == 5);
    unlink(pipe_path);
    unlink(link_path);
    unlink(path);
    rmdir(dir);
    sei_release(ctx, pipe_path);
    sei_release(ctx, path);
    sei_release(ctx, link_path);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base");
    TCase *tc    = tcase_create("base");

    tcase_add_test(tc, error_names_file_line_and_value);
    tcase_add_test(tc, error_keeps_its_values_one_by_one);
    tcase_add_test(tc, error_keeps_as_many_values_as_it_has_room_for);
    tcase_add_test(tc, warning_is_kept_once);
    tcase_add_test(tc, short_memory_is_a_status_not_a_crash);
    tcase_add_test(tc, arena_memory_is_zeroed_and_aligned);
    tcase_add_test(tc, numbers_are_read_whole_or_not_at_all);
    tcase_add_test(tc, numbers_are_read_to_the_last_bit);
    tcase_add_test(tc, shortest_text_reads_back_to_the_same_double);
    tcase_add_test(tc, text_has_no_more_digits_than_it_needs);
    tcase_add_test(tc, scientific_text_is_that_of_printf);
    tcase_add_test(tc, nearest_word_is_offered_only_when_near);
    tcase_add_test(tc, utf8_is_checked_and_measured);
    tcase_add_test(tc, dates_agree_with_posix_seconds);
    tcase_add_test(tc, impossible_dates_are_refused);
    tcase_add_test(tc, civil_time_round_trips_over_400_years);
    tcase_add_test(tc, units_convert_as_the_si_says);
    tcase_add_test(tc, every_unit_key_is_found_once);
    tcase_add_test(tc, logical_lines_are_cut_as_written);
    tcase_add_test(tc, hostile_logical_lines_are_refused);
    tcase_add_test(tc, sha256_equals_the_standard);
    tcase_add_test(tc, a_file_is_replaced_whole_or_left);
    tcase_add_test(tc, file_written_to_a_pipe_or_link_leaves_it_there);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
