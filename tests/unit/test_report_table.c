/* test_report_table.c - tables on a terminal, as CSV, JSON and HTML */
#include <jansson.h>

#include "base/text.h"
#include "t.h"
#include "test_report_samples.h"

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

static char *written(sei_rtable *t, sei_rtable_form form, sei_lang lang, bool colour)
{
    char  *text = NULL;
    size_t len  = 0;

    T_OK(ctx, sei_rtable_write(ctx, t, form, lang, colour, &text, &len));
    ck_assert_uint_eq(strlen(text), len);
    sei_rtable_free(t);
    return text;
}

START_TEST(terminal_columns_align_by_east_asian_width)
{
    char *text = written(sample_table(ctx), SEI_RTABLE_TERMINAL, SEI_LANG_JA, false);

    ck_assert_str_eq(text, "排水基準との比較（2023年度）\n"
                           "項目          原水   処理水  基準  判定\n"
                           "              mg/L     mg/L  mg/L\n"
                           "-------------------------------------------\n"
                           "全亜鉛        18.0     2.35   2.0  不適合\n"
                           "カドミウム   0.050  <0.0005  0.03  適合\n"
                           "硫酸イオン  12,350        -     -  判定なし\n"
                           "=1+1 <b>&        -        -     -  -\n"
                           "平均は定量下限未満を下限値の半分とした。\n");
    sei_release(ctx, text);
}
END_TEST

/* Each number ends in the same terminal column, whatever the letters before it take. */
START_TEST(numbers_end_in_one_column)
{
    char     *text = written(sample_table(ctx), SEI_RTABLE_TERMINAL, SEI_LANG_BOTH, false);
    sei_slice rest = sei_slice_of(text), line;
    size_t    ends = 0, seen = 0;

    for (size_t i = 0; sei_next_line(&rest, &line); i++) {
        char        copy[300] = "";
        const char *last;
        ck_assert_uint_lt(line.len, sizeof copy);
        memcpy(copy, line.at, line.len);
        ck_assert(line.len == 0 || copy[line.len - 1] != ' ');
        last = strstr(copy, i == 5 ? "2.0 " : i == 6 ? "0.03 " : "limit ");
        if (!last || (i != 2 && i != 5 && i != 6))
            continue;
        copy[(last - copy) + (i == 5 ? 3 : i == 6 ? 4 : 5)] = '\0';
        ck_assert(seen == 0 || sei_text_columns(copy) == ends);
        ends = sei_text_columns(copy);
        seen++;
    }
    ck_assert_uint_ge(seen, 2);
    sei_release(ctx, text);
}
END_TEST

START_TEST(colour_only_when_asked_for)
{
    char *plain = written(sample_table(ctx), SEI_RTABLE_TERMINAL, SEI_LANG_EN, false);
    char *loud  = written(sample_table(ctx), SEI_RTABLE_TERMINAL, SEI_LANG_EN, true);

    ck_assert_ptr_null(strchr(plain, 0x1b));
    T_CONTAINS(loud, "\x1b[1;31mfail\x1b[0m");
    T_CONTAINS(loud, "\x1b[32mpass\x1b[0m");
    T_CONTAINS(loud, "no verdict");
    sei_release(ctx, plain);
    sei_release(ctx, loud);
}
END_TEST

START_TEST(no_colour_where_there_is_no_terminal)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert(!sei_terminal_has_colour(ends[1]));
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(csv_keeps_full_values)
{
    char *text = written(sample_table(ctx), SEI_RTABLE_CSV, SEI_LANG_EN, false);

    ck_assert_str_eq(text, "\xEF\xBB\xBFitem,influent_mg_l,effluent_mg_l,limit_mg_l,verdict\n"
                           "total zinc,18,2.3456,2,fail\n"
                           "cadmium,0.05,<0.0005,0.03,pass\n"
                           "sulfate,12345.6,,,none\n"
                           "'=1+1 <b>&,,,,\n");
    sei_release(ctx, text);
}
END_TEST

START_TEST(json_can_be_read_back)
{
    char         *text = written(sample_table(ctx), SEI_RTABLE_JSON, SEI_LANG_JA, false);
    json_error_t  error;
    json_t       *root = json_loads(text, 0, &error);
    const json_t *rows = json_object_get(root, "rows"), *cadmium = json_array_get(rows, 1);

    ck_assert_msg(root != NULL, "%s", error.text);
    ck_assert_uint_eq(json_array_size(rows), 4);
    ck_assert_double_eq(json_real_value(json_object_get(cadmium, "influent_mg_l")), 0.05);
    ck_assert_double_eq(
        json_real_value(json_object_get(json_object_get(cadmium, "effluent_mg_l"), "below")),
        0.0005);
    ck_assert_str_eq(json_string_value(json_object_get(cadmium, "verdict")), "pass");
    ck_assert(json_is_null(json_object_get(json_array_get(rows, 3), "verdict")));
    ck_assert_str_eq(json_string_value(json_object_get(json_object_get(root, "title"), "ja")),
                     "排水基準との比較（2023年度）");
    json_decref(root);
    sei_release(ctx, text);
}
END_TEST

START_TEST(html_has_scopes_and_escapes)
{
    char *text = written(sample_table(ctx), SEI_RTABLE_HTML, SEI_LANG_JA, false);

    T_CONTAINS(text, "<caption>排水基準との比較（2023年度）</caption>");
    T_CONTAINS(text, "<th scope=\"col\" class=\"n\">原水 <small>(mg/L)</small></th>");
    T_CONTAINS(text, "<th scope=\"row\" class=\"s\">=1+1 &lt;b&gt;&amp;</th>");
    T_CONTAINS(text, "<td class=\"n\">&lt;0.0005</td>");
    T_CONTAINS(text, "<td class=\"v fail\">不適合</td>");
    sei_release(ctx, text);
}
END_TEST

START_TEST(verdicts_have_words_in_both_languages)
{
    ck_assert_str_eq(sei_verdict_text(SEI_VERDICT_PASS, SEI_LANG_JA), "適合");
    ck_assert_str_eq(sei_verdict_text(SEI_VERDICT_FAIL, SEI_LANG_JA), "不適合");
    ck_assert_str_eq(sei_verdict_text(SEI_VERDICT_NONE, SEI_LANG_JA), "判定なし");
    ck_assert_str_eq(sei_verdict_text(SEI_VERDICT_FAIL, SEI_LANG_EN), "fail");
}
END_TEST

static void refused(sei_rtable *t, sei_status status, const char *message)
{
    for (int form = SEI_RTABLE_TERMINAL; form <= SEI_RTABLE_HTML; form++) {
        char  *text = NULL;
        size_t len  = 0;
        T_STATUS(ctx,
                 sei_rtable_write(ctx, t, (sei_rtable_form)form, SEI_LANG_JA, false, &text, &len),
                 status);
        ck_assert_str_eq(sei_ctx_error(ctx), message);
        ck_assert_ptr_null(text);
    }
    sei_rtable_free(t);
}

START_TEST(wrong_filling_is_refused_by_name)
{
    sei_rtable *t = sei_rtable_create(ctx, "t", L("t", NULL));

    refused(t, SEI_E_MISSING, "table t has no column");

    t = sei_rtable_create(ctx, "t", L("t", NULL));
    sei_rtable_add_column(t, "a", L("a", NULL), NULL);
    sei_rtable_add_column(t, "a", L("a", NULL), NULL);
    refused(t, SEI_E_DUPLICATE, "table t: column a is there twice");

    t = sei_rtable_create(ctx, "t", L("t", NULL));
    sei_rtable_add_column(t, "a", L("a", NULL), NULL);
    sei_rtable_add_row(t);
    sei_rtable_add_number(t, 1, 0);
    sei_rtable_add_number(t, 2, 0);
    refused(t, SEI_E_ARG, "table t: row 1 has more than 1 cells");

    t = sei_rtable_create(ctx, "t", L("t", NULL));
    sei_rtable_add_column(t, "a", L("a", NULL), NULL);
    sei_rtable_add_row(t);
    sei_rtable_add_number(t, HUGE_VAL, 2);
    refused(t, SEI_E_RANGE, "table t: row 1: value inf with 2 decimals cannot be shown");

    refused(NULL, SEI_E_NOMEM, "there is no table to write");
}
END_TEST

START_TEST(controls_never_reach_the_terminal)
{
    sei_rtable *t = sei_rtable_create(ctx, "t", L("t\x1b]0;x\x07", NULL));

    sei_rtable_add_column(t, "a", L("a\nb", NULL), "\x9b");
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, L("\xE2\x80\xAEtxt.exe\xC2\x85", NULL));
    char *text = written(t, SEI_RTABLE_TERMINAL, SEI_LANG_JA, false);
    ck_assert_str_eq(text, "t\xEF\xBF\xBD]0;x\xEF\xBF\xBD\n"
                           "a b\n\xEF\xBF\xBD\n---------\n\xEF\xBF\xBDtxt.exe\xEF\xBF\xBD\n");
    sei_release(ctx, text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report tables");
    TCase *tc    = tcase_create("tables");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, terminal_columns_align_by_east_asian_width);
    tcase_add_test(tc, numbers_end_in_one_column);
    tcase_add_test(tc, colour_only_when_asked_for);
    tcase_add_test(tc, no_colour_where_there_is_no_terminal);
    tcase_add_test(tc, csv_keeps_full_values);
    tcase_add_test(tc, json_can_be_read_back);
    tcase_add_test(tc, html_has_scopes_and_escapes);
    tcase_add_test(tc, verdicts_have_words_in_both_languages);
    tcase_add_test(tc, wrong_filling_is_refused_by_name);
    tcase_add_test(tc, controls_never_reach_the_terminal);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
