/* test_water_table.c - CSV in and out: RFC 4180, encodings, bad files with their exact messages */
#include "base/file.h"
#include "base/number.h"
#include "seiryu/water.h"
#include "t.h"
#include "water_memory.h"

static sei_table *parse(sei_ctx *ctx, const char *name, const char *text, size_t len)
{
    sei_table *table = NULL;

    T_OK(ctx, sei_table_parse(ctx, name, text, len, &table));
    return table;
}

#define PARSE(ctx, text) parse(ctx, "t.csv", text, sizeof(text) - 1)

/* RFC 4180, section 2, rules 1 to 7: the examples as they stand there, under a header of our own. */
START_TEST(rfc_4180_examples_are_read)
{
    static const struct {
        const char *text;
        const char *row[2][3];
        size_t      rows;
    } ref[] = {
        {"a,b,c\r\naaa,bbb,ccc\r\nzzz,yyy,xxx\r\n",
         {{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}},
         2},
        {"a,b,c\r\naaa,bbb,ccc\r\nzzz,yyy,xxx", {{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}}, 2},
        {"a,b,c\r\n\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx",
         {{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}},
         2},
        {"a,b,c\r\n\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx",
         {{"aaa", "b\r\nbb", "ccc"}, {"zzz", "yyy", "xxx"}},
         2},
        {"a,b,c\r\n\"aaa\",\"b\"\"bb\",\"ccc\"", {{"aaa", "b\"bb", "ccc"}}, 1},
    };
    sei_ctx *ctx = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        sei_table *t = parse(ctx, "rfc.csv", ref[i].text, strlen(ref[i].text));
        ck_assert_uint_eq(sei_table_n_rows(t), ref[i].rows);
        ck_assert_uint_eq(sei_table_n_columns(t), 3);
        for (size_t row = 0; row < ref[i].rows; row++)
            for (size_t column = 0; column < 3; column++)
                ck_assert_str_eq(sei_table_cell(t, row, column), ref[i].row[row][column]);
        sei_table_free(t);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(line_ends_may_be_lf_cr_or_crlf)
{
    static const char *const text[] = {"a,b\n1,2\n\n3,4\n", "a,b\r1,2\r\r3,4",
                                       "a,b\r\n1,2\r\n\r\n3,4\r\n"};
    sei_ctx                 *ctx    = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(text); i++) {
        sei_table *t = parse(ctx, "t.csv", text[i], strlen(text[i]));
        ck_assert_uint_eq(sei_table_n_rows(t), 2);
        ck_assert_str_eq(sei_table_cell(t, 1, 1), "4");
        ck_assert_uint_eq(sei_table_where(t, 0).line, 2);
        ck_assert_uint_eq(sei_table_where(t, 1).line, 4);
        sei_table_free(t);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(line_numbers_count_physical_lines_of_quoted_cells_and_remarks)
{
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_table *t   = PARSE(ctx, "# plant A\n#second\n\na,b\n1,\"x\ny\n\nz\"\n,\n 2 ,\"\"\n");

    ck_assert_uint_eq(sei_table_n_comments(t), 2);
    ck_assert_str_eq(sei_table_comment(t, 0), "plant A");
    ck_assert_str_eq(sei_table_comment(t, 1), "second");
    ck_assert_uint_eq(sei_table_where(t, SEI_TABLE_HEADER).line, 4);
    ck_assert_uint_eq(sei_table_n_rows(t), 2); /* the row of empty cells is none */
    ck_assert_uint_eq(sei_table_where(t, 0).line, 5);
    ck_assert_str_eq(sei_table_cell(t, 0, 1), "x\ny\n\nz");
    ck_assert_uint_eq(sei_table_where(t, 1).line, 10);
    ck_assert_str_eq(sei_table_cell(t, 1, 0), "2");
    ck_assert_str_eq(sei_table_cell(t, 7, 0), "");
    ck_assert_str_eq(sei_table_cell(t, 0, 7), "");
    sei_table_free(t);
    sei_ctx_free(ctx);
}
END_TEST

/* 水温 in each encoding; bytes of cp932 from JIS X 0208: 水 0x9085, 温 0x89B7; ① NEC row 13 0x8740. */
START_TEST(japanese_encodings_are_detected)
{
    static const char utf8[]  = "水温,note\n12,①\n";
    static const char bom[]   = "\xEF\xBB\xBF水温,note\n12,①\n";
    static const char cp932[] = "\x90\x85\x89\xB7,note\n12,\x87\x40\n";
    static const char le[] = "\xFF\xFE\x34\x6C\x29\x6E,\0n\0o\0t\0e\0\n\0001\0002\0,\0\x60\x24\n\0";
    static const char be[] = "\xFE\xFF\x6C\x34\x6E\x29\0,\0n\0o\0t\0e\0\n\0001\0002\0,\x24\x60\0\n";
    static const struct {
        const char *bytes;
        size_t      len;
        const char *encoding;
    } ref[] = {
        {utf8, sizeof utf8 - 1, "UTF-8"},   {bom, sizeof bom - 1, "UTF-8"},
        {cp932, sizeof cp932 - 1, "CP932"}, {le, sizeof le - 1, "UTF-16LE"},
        {be, sizeof be - 1, "UTF-16BE"},
    };
    sei_ctx *ctx = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        sei_table *t = parse(ctx, "ja.csv", ref[i].bytes, ref[i].len);
        ck_assert_str_eq(sei_table_encoding(t), ref[i].encoding);
        ck_assert_str_eq(sei_table_header(t, 0), "水温");
        ck_assert_str_eq(sei_table_cell(t, 0, 0), "12");
        ck_assert_str_eq(sei_table_cell(t, 0, 1), "①");
        sei_table_free(t);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(tabs_separate_in_tsv_files)
{
    static const char text[] = "a\tb, c\n1\t\"x\ty\"\n";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_table        *t      = parse(ctx, "t.TSV", text, sizeof text - 1);

    ck_assert_str_eq(sei_table_header(t, 1), "b, c");
    ck_assert_str_eq(sei_table_cell(t, 0, 1), "x\ty");
    sei_table_free(t);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(cells_are_read_as_numbers_and_times)
{
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_table *t   = PARSE(ctx, "time,n\n1970-01-01 09:00,-1.5e3\n2024-13-01,x\n,\n3,\n");
    double     n   = 42;
    int64_t    us  = 42;
    size_t     column;

    T_OK(ctx, sei_table_require(ctx, t, "n", &column));
    T_OK(ctx, sei_table_number(ctx, t, 0, column, &n));
    ck_assert(n == -1500.0);
    T_OK(ctx, sei_table_time(ctx, t, 0, 0, SEI_JST_OFFSET_US, &us));
    ck_assert_int_eq(us, 0);
    T_STATUS(ctx, sei_table_number(ctx, t, 1, column, &n), SEI_E_TYPE);
    ck_assert_str_eq(sei_ctx_error(ctx), "t.csv:3: column 'n', value 'x': not a number");
    T_STATUS(ctx, sei_table_number(ctx, t, 2, column, &n), SEI_E_MISSING);
    ck_assert_str_eq(sei_ctx_error(ctx), "t.csv:5: column 'n', value '': a number is needed here");
    T_STATUS(ctx, sei_table_time(ctx, t, 1, 0, 0, &us), SEI_E_TYPE);
    T_STATUS(ctx, sei_table_require(ctx, t, "tine", &column), SEI_E_MISSING);
    ck_assert_str_eq(sei_ctx_error(ctx),
                     "t.csv:1: column 'tine' is missing; is it the column 'time'?");
    ck_assert(n == -1500.0 && us == 0);
    sei_table_free(t);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- bad files: tests/bad/csv/expected.tsv tells reader, status and message of each ---- */

static sei_status read_bad(sei_ctx *ctx, const char *reader, const char *path)
{
    sei_headers     *headers = NULL;
    sei_limits      *limits  = NULL;
    sei_series_set  *set     = NULL;
    sei_read_options options = SEI_READ_DEFAULTS;
    sei_status       st;

    if (strcmp(reader, "limits") == 0) {
        st = sei_limits_load(ctx, path, &limits);
    } else if (strcmp(reader, "headers") == 0) {
        st = sei_headers_load(ctx, path, &headers);
    } else {
        T_OK(ctx, sei_headers_load(ctx, NULL, &headers));
        options.headers = headers;
        st              = sei_series_read(ctx, path, &options, &set);
    }
    ck_assert_ptr_null(limits);
    ck_assert_ptr_null(set);
    sei_headers_free(headers);
    return st;
}

START_TEST(each_bad_file_gives_its_exact_message)
{
    static const char folder[] = SEI_TEST_DIR "/bad/csv/";
    sei_ctx          *ctx      = sei_ctx_create(NULL);
    sei_table        *expected = NULL;
    char              path[4096], message[4096];

    T_OK(ctx, sei_table_read(ctx, SEI_TEST_DIR "/bad/csv/expected.tsv", &expected));
    ck_assert_uint_ge(sei_table_n_rows(expected), 25);
    for (size_t i = 0; i < sei_table_n_rows(expected); i++) {
        snprintf(path, sizeof path, "%s%s", folder, sei_table_cell(expected, i, 0));
        snprintf(message, sizeof message, "%s%s", path, sei_table_cell(expected, i, 3));
        const sei_status st = read_bad(ctx, sei_table_cell(expected, i, 1), path);
        ck_assert_str_eq(sei_ctx_error(ctx), message);
        ck_assert_str_eq(sei_status_name(st), sei_table_cell(expected, i, 2));
        sei_ctx_clear(ctx);
    }
    sei_table_free(expected);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(size_limits_are_kept)
{
    sei_ctx   *ctx   = sei_ctx_create(NULL);
    sei_table *table = NULL;
    char      *text  = malloc(SEI_TABLE_CELL_MAX + 16);

    ck_assert_ptr_nonnull(text);
    /* the longest cell that is allowed, one more is in tests/bad/csv/huge-cell.csv */
    memcpy(text, "a\n", 2);
    memset(text + 2, 'x', SEI_TABLE_CELL_MAX);
    T_OK(ctx, sei_table_parse(ctx, "t.csv", text, 2 + SEI_TABLE_CELL_MAX, &table));
    ck_assert_uint_eq(strlen(sei_table_cell(table, 0, 0)), SEI_TABLE_CELL_MAX);
    sei_table_free(table);
    table = NULL;
    T_STATUS(ctx, sei_table_parse(ctx, "t.csv", "", (size_t)SEI_TABLE_BYTES_MAX + 1, &table),
             SEI_E_TOO_LARGE);
    ck_assert_str_eq(sei_ctx_error(ctx), "t.csv: file is larger than 268435456 bytes");
    ck_assert_ptr_null(table);
    free(text);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- short memory ---- */

/* Reads a table with headers in Japanese to series; E_NOMEM at call n, success when there are fewer. */
static sei_status read_with_short_memory(long n, memory *m)
{
    static const char text[] = "# remark\n採水日,亜鉛(mg/L),溶解性鉄（mg/L）,水温（℃）,備考\n"
                               "2024-04-01,<0.005,1.2,12.1,a\n2024-05-01,0.3,1.1,13.0,b\n";
    m->left                  = n;
    const sei_allocator a   = {counting_resize, m};
    sei_ctx            *ctx = sei_ctx_create(&a);
    if (!ctx)
        return SEI_E_NOMEM;
    sei_headers     *headers = NULL;
    sei_table       *table   = NULL;
    sei_series_set  *set     = NULL;
    sei_series_bin  *bins    = NULL;
    size_t           n_bins  = 0;
    sei_read_options options = SEI_READ_DEFAULTS;
    sei_status       st      = sei_headers_load(ctx, NULL, &headers);

    options.headers = headers;
    if (st == SEI_OK)
        st = sei_table_parse(ctx, "t.csv", text, sizeof text - 1, &table);
    if (st == SEI_OK)
        st = sei_series_from_table(ctx, table, &options, &set);
    if (st == SEI_OK) {
        const sei_aggregate_options year = {.period        = SEI_PERIOD_FISCAL_YEAR,
                                            .offset_us     = SEI_JST_OFFSET_US,
                                            .flow          = set->series[1],
                                            .time_weighted = true};
        st = sei_series_aggregate(ctx, set->series[0], &year, &bins, &n_bins);
    }
    if (st == SEI_OK)
        ck_assert_uint_eq(n_bins, 1);
    else
        ck_assert_int_eq(sei_ctx_status(ctx), st);
    sei_release(ctx, bins);
    sei_series_set_free(set);
    sei_table_free(table);
    sei_headers_free(headers);
    sei_ctx_free(ctx);
    return st;
}

/* A failure may be survived (another place to look for a file), so the sweep ends when none came. */
START_TEST(every_failing_allocation_is_a_status_and_leaks_nothing)
{
    bool failed = true;
    long n      = 0;

    for (; failed && n < 5000; n++) {
        memory           m  = {0, 0};
        const sei_status st = read_with_short_memory(n, &m);
        failed              = m.left < 0;
        ck_assert_msg(m.live == 0, "%ld blocks are left when allocation %ld fails", m.live, n);
        /* a data file whose path could not be built counts as not found */
        ck_assert_msg(st == SEI_OK || (failed && (st == SEI_E_NOMEM || st == SEI_E_NOT_FOUND)),
                      "allocation %ld: %s", n, sei_status_name(st));
    }
    ck_assert(!failed);
    ck_assert_int_gt(n, 60); /* the sweep did reach the reader */
}
END_TEST

/* ---- writing ---- */

START_TEST(written_text_is_quoted_and_disarmed)
{
    sei_ctx               *ctx    = sei_ctx_create(NULL);
    sei_table_writer      *w      = NULL;
    const sei_table_format format = {.crlf = true};
    size_t                 len    = 0;

    T_OK(ctx, sei_table_writer_create(ctx, &format, &w));
    sei_table_put_comment(w, "made\nfor a test");
    sei_table_put_text(w, "name");
    sei_table_put_text(w, "value, \"raw\"");
    sei_table_end_row(w);
    sei_table_put_text(w, "=HYPERLINK(\"http://x\")");
    sei_table_put_text(w, "-1.5e3");
    sei_table_end_row(w);
    sei_table_put_text(w, "@sum");
    sei_table_put_text(w, "+81-3");
    sei_table_end_row(w);
    sei_table_put_number(w, 0.1, 17);
    sei_table_put_number(w, 0.1, 0);
    sei_table_end_row(w);
    sei_table_put_fixed(w, 2.0 / 3.0, 3);
    sei_table_put_number(w, (double)NAN, 0);
    sei_table_end_row(w);
    sei_table_put_time(w, 0, SEI_JST_OFFSET_US);
    sei_table_put_int(w, INT64_MIN);
    sei_table_end_row(w);
    T_OK(ctx, sei_table_writer_status(w));
    ck_assert_str_eq(sei_table_writer_text(w, &len),
                     "# made for a test\r\n"
                     "name,\"value, \"\"raw\"\"\"\r\n"
                     "\"'=HYPERLINK(\"\"http://x\"\")\",-1.5e3\r\n"
                     "'@sum,'+81-3\r\n"
                     "0.10000000000000001,0.1\r\n"
                     "0.667,\r\n"
                     "1970-01-01T09:00:00+09:00,-9223372036854775808\r\n");
    sei_table_writer_free(w);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(what_was_written_reads_back)
{
    static const char *const texts[] = {
        "plain", "a,b",    "line\nbreak", "cr\rhere", "\"quoted\"", " blanks ", "=1+1",
        "'=1+1", "''=1+1", "-3",          "'-3",      "+x",         "@a",       "\ttab",
        "'",     "",       "#hash",       "亜鉛①",    "-",          "it's",
    };
    sei_ctx               *ctx    = sei_ctx_create(NULL);
    sei_table_writer      *w      = NULL;
    sei_table             *t      = NULL;
    const sei_table_format format = {.bom = true};
    size_t                 len    = 0;

    T_OK(ctx, sei_table_writer_create(ctx, &format, &w));
    sei_table_put_text(w, "#first");
    sei_table_put_text(w, "n");
    sei_table_end_row(w);
    for (size_t i = 0; i < T_COUNT(texts); i++) {
        sei_table_put_text(w, texts[i]);
        sei_table_put_number(w, 1.0 / (double)(i + 3), 0);
        sei_table_end_row(w);
    }
    const char *text = sei_table_writer_text(w, &len);
    T_OK(ctx, sei_table_parse(ctx, "t.csv", text, len, &t));
    ck_assert_str_eq(sei_table_header(t, 0), "#first");
    ck_assert_uint_eq(sei_table_n_rows(t), T_COUNT(texts));
    for (size_t i = 0; i < T_COUNT(texts); i++) {
        double value = 0;
        ck_assert_str_eq(sei_table_cell(t, i, 0), texts[i]);
        T_OK(ctx, sei_table_number(ctx, t, i, 1, &value));
        ck_assert(value == 1.0 / (double)(i + 3)); /* to the last bit */
    }
    sei_table_free(t);
    sei_table_writer_free(w);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(writer_keeps_its_first_failure)
{
    sei_ctx          *ctx = sei_ctx_create(NULL);
    sei_table_writer *w   = NULL;

    T_OK(ctx, sei_table_writer_create(ctx, NULL, &w));
    sei_table_put_text(w, "a");
    sei_table_end_row(w);
    sei_table_put_number(w, HUGE_VAL, 0);
    sei_table_put_int(w, 1);
    sei_table_end_row(w);
    T_STATUS(ctx, sei_table_writer_save(w, "/nonexistent/x.csv"), SEI_E_RANGE);
    ck_assert_str_eq(sei_ctx_error(ctx), "an infinite number cannot be written to a table");
    sei_table_writer_free(w);

    T_OK(ctx, sei_table_writer_create(ctx, NULL, &w));
    sei_table_put_text(w, "a");
    sei_table_end_row(w);
    sei_table_put_int(w, 1);
    sei_table_put_int(w, 2);
    sei_table_end_row(w);
    T_STATUS(ctx, sei_table_writer_status(w), SEI_E_INTERNAL);
    ck_assert_str_eq(sei_ctx_error(ctx), "table row 1 has 2 cells, the header has 1");
    sei_table_writer_free(w);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("water: tables");
    TCase *read  = tcase_create("reading");
    TCase *write = tcase_create("writing");

    tcase_set_timeout(read, 120);
    tcase_add_test(read, rfc_4180_examples_are_read);
    tcase_add_test(read, line_ends_may_be_lf_cr_or_crlf);
    tcase_add_test(read, line_numbers_count_physical_lines_of_quoted_cells_and_remarks);
    tcase_add_test(read, japanese_encodings_are_detected);
    tcase_add_test(read, tabs_separate_in_tsv_files);
    tcase_add_test(read, cells_are_read_as_numbers_and_times);
    tcase_add_test(read, each_bad_file_gives_its_exact_message);
    tcase_add_test(read, size_limits_are_kept);
    tcase_add_test(read, every_failing_allocation_is_a_status_and_leaks_nothing);
    tcase_add_test(write, written_text_is_quoted_and_disarmed);
    tcase_add_test(write, what_was_written_reads_back);
    tcase_add_test(write, writer_keeps_its_first_failure);
    suite_add_tcase(suite, read);
    suite_add_tcase(suite, write);
    return t_run(suite);
}
