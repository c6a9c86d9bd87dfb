/* test_result.c - what a run leaves behind: numbers by hand, every file read back */
#define _XOPEN_SOURCE 700 /* nftw */
#include <jansson.h>

#include "result_case.h"
#include "study/result_digest.h"
#include "study/result_fig.h"
#include "study/result_tables.h"
#include "study/result_terminal.h"

static sei_digest *digest_of(result_case *c)
{
    sei_digest *d = NULL;

    T_OK(c->ctx, sei_digest_create(c->ctx, &c->result, &d));
    return d;
}

static const sei_judgement *judgement_of(const sei_digest *d, size_t column)
{
    const sei_judgement *j = sei_digest_judgement(d, column);

    ck_assert_ptr_nonnull(j);
    return j;
}

/* ---- means and loads -------------------------------------------------------------------------- */

/* (0 + 10)/2 over one day and 10 over the two of the gap's other side: the straight line counts. */
START_TEST(mean_is_over_time_not_over_rows)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);

    c->result.n_times                    = 3;
    c->time_us[2]                        = c->time_us[0] + 3 * SEI_US_PER_DAY;
    *case_value(c, 0, WATCH_BED, COL_ZN) = 0;
    *case_value(c, 1, WATCH_BED, COL_ZN) = 10e-3;
    *case_value(c, 2, WATCH_BED, COL_ZN) = 10e-3;
    sei_digest     *d                    = digest_of(c);
    const sei_stat *stat                 = sei_digest_stat(d, WATCH_BED, COL_ZN);
    T_CLOSE(stat->mean, (0.5 * 10e-3 * 1 + 10e-3 * 2) / 3, 1e-12);
    T_NEAR(stat->min, 0, 0);
    T_CLOSE(stat->max, 10e-3, 0);
    ck_assert_int_eq(stat->max_us, c->time_us[1]);
    sei_digest_free(d);
    case_free(c);
}
END_TEST

/* 10 g/m3 at 1 L/s is 0.864 kg/d; a bypass of clean water dilutes but removes nothing. */
START_TEST(load_is_concentration_times_flow)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    double       removal;

    case_constant(c, WATCH_DISCHARGE, COL_FLOW, 2e-3);
    case_constant(c, WATCH_DISCHARGE, COL_ZN, 5e-3);
    sei_digest *d = digest_of(c);
    T_CLOSE(sei_digest_stat(d, WATCH_RAW, COL_ZN)->load_kg_s * 86400, 0.864, 1e-12);
    ck_assert(sei_digest_removal(d, COL_ZN, &removal));
    T_NEAR(removal, 0, 1e-12);
    ck_assert(!sei_digest_removal(d, COL_PH, &removal));
    ck_assert(!sei_digest_removal(d, COL_TEMP, &removal));
    sei_digest_free(d);
    case_free(c);
}
END_TEST

START_TEST(missing_values_and_dry_discharge_do_not_count)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);

    *case_value(c, 5, WATCH_DISCHARGE, COL_ZN)   = (double)NAN;
    *case_value(c, 7, WATCH_DISCHARGE, COL_ZN)   = 1.0; /* nothing flows: no sample */
    *case_value(c, 7, WATCH_DISCHARGE, COL_FLOW) = 0;
    sei_digest *d                                = digest_of(c);
    T_CLOSE(sei_digest_stat(d, WATCH_DISCHARGE, COL_ZN)->mean, 1e-3, 1e-12);
    const sei_judgement *j = judgement_of(d, COL_ZN);
    ck_assert_uint_eq(j->n, CASE_TIMES - 2);
    ck_assert_int_eq(j->verdict, SEI_VERDICT_PASS);
    sei_digest_free(d);
    case_free(c);
}
END_TEST

/* Raw water in all units: pores of 1500 + 30000 s, three times 31500 s is 1.09 d, so day 2. */
START_TEST(wash_out_is_left_out)
{
    result_case *c =
        case_create(2024, 1, 1, "run: {start: 2024-01-01, duration_d: 40, initial: raw}\n");

    *case_value(c, 0, WATCH_DISCHARGE, COL_ZN) = 10e-3;
    *case_value(c, 1, WATCH_DISCHARGE, COL_ZN) = 10e-3;
    sei_digest *d                              = digest_of(c);
    ck_assert_uint_eq(d->first, 2);
    T_CLOSE(d->wash_out_s, 94500, 1e-12);
    ck_assert_int_eq(judgement_of(d, COL_ZN)->verdict, SEI_VERDICT_PASS);
    sei_digest_free(d);
    c->result.n_times = 3; /* too short a run to leave anything out */
    d                 = digest_of(c);
    ck_assert_uint_eq(d->first, 0);
    ck_assert_int_eq(judgement_of(d, COL_ZN)->verdict, SEI_VERDICT_FAIL);
    sei_digest_free(d);
    case_free(c);
}
END_TEST

/* ---- judgements ------------------------------------------------------------------------------- */

/* The provisional 5 mg/L for metal mines ended on 10 December 2021; from the 11th it is 2 mg/L. */
START_TEST(each_day_is_judged_by_the_limit_of_that_day)
{
    result_case *c = case_create(2021, 12, 1,
                                 "limits: {industry: metal_mining}\n"
                                 "run: {start: 2021-12-01, duration_d: 40, "
                                 "initial: steady}\n");

    case_constant(c, WATCH_DISCHARGE, COL_ZN, 3e-3);
    sei_digest          *d = digest_of(c);
    const sei_judgement *j = judgement_of(d, COL_ZN);
    ck_assert(j->changes);
    ck_assert_int_eq(j->verdict, SEI_VERDICT_FAIL);
    ck_assert_uint_eq(j->n, CASE_TIMES);
    ck_assert_uint_eq(j->n_exceed, CASE_TIMES - 10);
    T_CLOSE(j->limit.max_si, 2e-3, 1e-12);
    T_CLOSE(j->margin, -1e-3, 1e-9);
    ck_assert_uint_eq(d->fiscal[COL_ZN].n, 2);
    ck_assert_uint_eq(d->calendar[COL_ZN].n, 3); /* 2021 in two parts, and 2022 */
    ck_assert_int_eq(d->verdict, SEI_VERDICT_FAIL);
    sei_digest_free(d);
    case_free(c);
}
END_TEST

/* 2022-02-21 and 39 days: the last instant is the midnight at which fiscal year 2022 begins. */
START_TEST(midnight_at_the_end_belongs_to_the_year_that_ends)
{
    result_case *c = case_create(2022, 2, 21,
                                 "run: {start: 2022-02-21, duration_d: 39, "
                                 "initial: steady}\n");

    case_constant(c, WATCH_DISCHARGE, COL_ZN, 3e-3);
    sei_digest *d = digest_of(c);
    ck_assert_uint_eq(d->fiscal[COL_ZN].n, 1);
    ck_assert_uint_eq(d->fiscal[COL_ZN].results[0].n, CASE_TIMES);
    sei_digest_free(d);
    case_free(c);
}
END_TEST

/* 5.8 to 8.6: both sides count, and the nearer one makes the margin. */
START_TEST(ph_has_two_sides)
{
    static const struct {
        double      ph, margin;
        sei_verdict verdict;
    } rows[] = {
        {5.7, -0.1, SEI_VERDICT_FAIL}, {5.8, 0.0, SEI_VERDICT_PASS},  {6.0, 0.2, SEI_VERDICT_PASS},
        {8.5, 0.1, SEI_VERDICT_PASS},  {8.7, -0.1, SEI_VERDICT_FAIL},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        result_case *c = case_create(2024, 1, 1, CASE_RUN);
        case_constant(c, WATCH_DISCHARGE, COL_PH, rows[i].ph);
        sei_digest          *d = digest_of(c);
        const sei_judgement *j = judgement_of(d, COL_PH);
        T_NEAR(j->margin, rows[i].margin, 1e-12);
        ck_assert_int_eq(j->verdict, rows[i].verdict);
        sei_digest_free(d);
        case_free(c);
    }
}
END_TEST

/* Zn and pH are limited from 50 m3/d on, cadmium everywhere. */
START_TEST(small_discharge_is_free_of_living_environment_items)
{
    result_case *c = case_create(2024, 1, 1, "limits: {discharge_m3_d: 49.9}\n" CASE_RUN);

    case_constant(c, WATCH_DISCHARGE, COL_ZN, 9e-3);
    sei_digest *d = digest_of(c);
    ck_assert_ptr_null(sei_digest_judgement(d, COL_ZN));
    ck_assert_ptr_null(sei_digest_judgement(d, COL_PH));
    ck_assert_int_eq(judgement_of(d, COL_CD)->verdict, SEI_VERDICT_PASS);
    ck_assert_int_eq(d->verdict, SEI_VERDICT_PASS);
    sei_digest_free(d);
    case_free(c);
    c = case_create(2024, 1, 1, "limits: {discharge_m3_d: 50}\n" CASE_RUN);
    case_constant(c, WATCH_DISCHARGE, COL_ZN, 9e-3);
    d = digest_of(c);
    ck_assert_int_eq(judgement_of(d, COL_ZN)->verdict, SEI_VERDICT_FAIL);
    sei_digest_free(d);
    case_free(c);
}
END_TEST

START_TEST(annual_mean_is_held_against_annual_limits)
{
    result_case *c = case_create(2024, 1, 1, "limits: {table: environment}\n" CASE_RUN);

    /* cadmium 0.003 mg/L as annual mean: one high day alone does no harm */
    case_constant(c, WATCH_DISCHARGE, COL_CD, 1e-6);
    *case_value(c, 3, WATCH_DISCHARGE, COL_CD) = 4e-5;
    sei_digest          *d                     = digest_of(c);
    const sei_judgement *j                     = judgement_of(d, COL_CD);
    ck_assert_int_eq(j->limit.statistic, SEI_LIMIT_ANNUAL_MEAN);
    ck_assert_int_eq(j->verdict, SEI_VERDICT_PASS);
    T_CLOSE(j->worst, (39 * 1e-6 + 4e-5) / 40, 1e-9);
    sei_digest_free(d);
    case_free(c);
}
END_TEST

START_TEST(no_limit_gives_no_verdict)
{
    result_case *c    = case_create(2024, 1, 1, "limits: {table: none}\n" CASE_RUN);
    char        *text = NULL;
    sei_digest  *d    = digest_of(c);

    ck_assert_uint_eq(d->n_judgements, 0);
    ck_assert_int_eq(d->verdict, SEI_VERDICT_NONE);
    sei_digest_free(d);
    T_OK(c->ctx, sei_result_terminal_in(c->ctx, &c->result, SEI_LANG_EN, false, &text));
    T_CONTAINS(text, "No limit applies: nothing was judged.");
    sei_release(c->ctx, text);
    case_free(c);
}
END_TEST

/* Bigham's range for schwertmannite ends at pH 5; the bed has 4, then 6.5. */
START_TEST(laws_outside_their_range_are_named)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    sei_digest  *d = digest_of(c);

    ck_assert_uint_eq(d->n_breaches, 0);
    sei_digest_free(d);
    for (size_t p = 0; p < CASE_PROFILES; p++)
        c->profile_value[p * CASE_CELLS * CASE_COLUMNS + COL_PH] = 6.5;
    d = digest_of(c);
    ck_assert_uint_eq(d->n_breaches, 1);
    ck_assert_str_eq(d->breaches[0].law->key, "schwertmannite");
    ck_assert_uint_eq(d->breaches[0].unit, 0);
    T_CLOSE(d->breaches[0].high, 6.5, 1e-12);
    sei_digest_free(d);

    char *text = NULL;
    T_OK(c->ctx, sei_result_terminal_in(c->ctx, &c->result, SEI_LANG_EN, false, &text));
    T_CONTAINS(text,
               "worked outside their range: 1\n  schwertmannite: pH 6.5 (stated for 2.5–5) in ");
    sei_release(c->ctx, text);
    case_free(c);
}
END_TEST

/* Eight breaches of one law, by one quantity, and one of another: two lines, the first with the value farthest outside. */
START_TEST(a_law_has_one_line_with_its_worst_value)
{
    result_case        *c         = case_create(2024, 1, 1, CASE_RUN);
    sei_digest         *d         = digest_of(c);
    const sei_rate_law *laws[2]   = {sei_rate_at(0), sei_rate_at(1)};
    const double        low[8]    = {2.5, 2.9, 2.1, 2.8, 2.2, 2.3, 2.6, 2.7};
    const double        high[8]   = {6.0, 9.0, 9.5, 9.0, 9.0, 9.0, 9.0, 9.2};
    const char         *remainder = NULL;

    sei_release(c->ctx, d->breaches);
    d->breaches = sei_alloc(c->ctx, 9, sizeof *d->breaches);
    ck_assert_ptr_nonnull(d->breaches);
    for (size_t i = 0; i < 8; i++)
        d->breaches[i] = (sei_breach){laws[0], 0, COL_PH, {3.0, 8.0}, low[i], high[i]};
    d->breaches[8] = (sei_breach){laws[1], 0, COL_PH, {3.0, 8.0}, 2.95, 7.0};
    d->n_breaches  = 9;
    ck_assert_uint_eq(sei_digest_n_laws_outside(d), 2);
    ck_assert_uint_eq(sei_digest_breaches_of(d, 0), 8);
    ck_assert_uint_eq(sei_digest_breaches_of(d, 8), 1);

    const sei_words w = sei_law_outside_words(d, 0);
    ck_assert_int_eq(strncmp(w.en, laws[0]->key, strlen(laws[0]->key)), 0);
    remainder = w.en + strlen(laws[0]->key);
    ck_assert_int_eq(strncmp(remainder, ": pH 9.5 (stated for 3–8) in ", 29), 0);
    T_CONTAINS(w.en, " and 2 more"); /* seven others, five of them named */
    T_CONTAINS(sei_law_outside_words(d, 8).en, ": pH 2.95 (stated for 3–8) in ");
    sei_digest_free(d);
    case_free(c);
}
END_TEST

/* ---- files ------------------------------------------------------------------------------------ */

static json_t *read_json(result_case *c, const char *name)
{
    size_t       len;
    char        *text = case_read(c, name, &len);
    json_error_t error;
    json_t      *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

    ck_assert_msg(root != NULL, "%s:%d: %s", name, error.line, error.text);
    sei_release(c->ctx, text);
    return root;
}

static const json_t *row_of(const json_t *list, const char *quantity, const char *fraction)
{
    size_t  i;
    json_t *row;

    json_array_foreach(list, i, row)
    {
        const char *f = json_string_value(json_object_get(row, "fraction"));
        if (strcmp(json_string_value(json_object_get(row, "quantity")), quantity) == 0 &&
            (!fraction || (f && strcmp(f, fraction) == 0)))
            return row;
    }
    ck_abort_msg("no row of %s", quantity);
    return NULL;
}

static double number(const json_t *row, const char *key)
{
    return json_number_value(json_object_get(row, key));
}

START_TEST(summary_holds_means_loads_and_verdicts)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);

    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    json_t       *root = read_json(c, "summary.json");
    const json_t *zn   = row_of(json_object_get(root, "water"), "zn", "total");
    T_CLOSE(number(json_object_get(zn, "raw"), "mean"), 10, 1e-12);
    T_CLOSE(number(json_object_get(zn, "raw"), "load_kg_d"), 0.864, 1e-11);
    T_CLOSE(number(json_object_get(zn, "discharge"), "max"), 1, 1e-12);
    T_CLOSE(number(zn, "removal_percent"), 90, 1e-11);
    const json_t *cd = row_of(json_object_get(root, "limits"), "cd", NULL);
    T_CLOSE(number(cd, "limit_max"), 0.03, 1e-12);
    T_CLOSE(number(cd, "margin"), 0.02, 1e-11);
    ck_assert_str_eq(json_string_value(json_object_get(root, "verdict")), "pass");
    ck_assert(json_is_true(json_object_get(json_object_get(root, "run"), "is_complete")));
    const json_t *books = json_object_get(root, "mass_balance");
    ck_assert_str_eq(json_string_value(json_object_get(books, "worst_element")), "S");
    T_CLOSE(number(books, "worst_imbalance"), -3e-11, 1e-9);
    const json_t *bed  = json_array_get(json_object_get(root, "units"), 0);
    const json_t *lime = json_array_get(json_object_get(bed, "solids"), 0);
    T_CLOSE(number(bed, "hrt_nominal_h"), 3000.0 / 3600, 1e-11);
    T_CLOSE(number(lime, "left_percent"), 61, 1e-11);
    ck_assert(json_is_true(json_object_get(lime, "is_medium")));
    json_decref(root);
    case_free(c);
}
END_TEST

static sei_table *read_csv(result_case *c, const char *name)
{
    char      *path  = sei_path_join(c->ctx, c->folder, name);
    sei_table *table = NULL;

    T_OK(c->ctx, sei_table_read(c->ctx, path, &table));
    sei_release(c->ctx, path);
    return table;
}

START_TEST(series_is_tidy_and_complete)
{
    static const char *const headers[] = {"time", "point", "quantity", "fraction", "value", "unit"};
    result_case             *c         = case_create(2024, 1, 1, CASE_RUN);
    double                   value;

    *case_value(c, 0, WATCH_RAW, COL_FLOW) = (double)NAN;
    *case_value(c, 0, WATCH_RAW, COL_ZN)   = 0.3e-3; /* 0.3 mg/L without the noise of a unit */
    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    sei_table *t = read_csv(c, "series.csv");
    ck_assert_uint_eq(sei_table_n_rows(t), CASE_TIMES * CASE_WATCHES * CASE_COLUMNS);
    for (size_t i = 0; i < T_COUNT(headers); i++)
        ck_assert_str_eq(sei_table_header(t, i), headers[i]);
    ck_assert_str_eq(sei_table_cell(t, 0, 0), "2024-01-01T00:00:00+09:00");
    ck_assert_str_eq(sei_table_cell(t, 0, 4), "");
    ck_assert_str_eq(sei_table_cell(t, COL_ZN, 4), "0.3");
    ck_assert_str_eq(sei_table_cell(t, COL_ZN, 5), "mg/L");
    ck_assert_str_eq(sei_table_cell(t, COL_ZN_DISSOLVED, 3), "dissolved");
    ck_assert_str_eq(sei_table_cell(t, COL_PH, 3), "");
    T_OK(c->ctx, sei_table_number(c->ctx, t, COL_TEMP, 4, &value));
    T_CLOSE(value, 10, 1e-11);
    sei_table_free(t);
    case_free(c);
}
END_TEST

START_TEST(solids_profiles_and_compliance_read_back)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    double       value;

    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    sei_table *t = read_csv(c, "solids.csv");
    ck_assert_uint_eq(sei_table_n_rows(t), 2 * CASE_TIMES);
    ck_assert_str_eq(sei_table_cell(t, 1, 2), "Calcite");
    T_OK(c->ctx, sei_table_number(c->ctx, t, 1, 4, &value));
    T_CLOSE(value, 99, 1e-11);
    sei_table_free(t);

    t = read_csv(c, "profiles.csv");
    /* all columns of all cells, and schwertmannite in one cell of the last two profiles */
    ck_assert_uint_eq(sei_table_n_rows(t), CASE_PROFILES * CASE_CELLS * CASE_COLUMNS + 2);
    ck_assert_str_eq(sei_table_cell(t, 0, 1), "bed");
    T_OK(c->ctx, sei_table_number(c->ctx, t, 0, 5, &value));
    T_CLOSE(value, 1500.0 / 3600, 1e-11);
    sei_table_free(t);

    t = read_csv(c, "compliance.csv");
    /* pH, zinc, cadmium by fiscal year 2023, then calendar year 2024 */
    ck_assert_uint_eq(sei_table_n_rows(t), 6);
    size_t column;
    ck_assert(sei_table_find(t, "year", &column));
    ck_assert_str_eq(sei_table_cell(t, 0, column), "2023");
    ck_assert_str_eq(sei_table_cell(t, 1, column), "2024");
    sei_table_free(t);
    case_free(c);
}
END_TEST

START_TEST(report_asks_nothing_from_outside)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);

    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    char *html = case_read(c, "report.html", NULL);
    for (size_t i = 0; html[i];
         i++) /* an index: gcc takes a pointer from strstr() for one that hangs */
        if (strncmp(html + i, "http", 4) == 0)
            ck_assert_msg(strncmp(html + i, "http-equiv", 10) == 0 ||
                              strncmp(html + i, "http://www.w3.org/", 18) == 0,
                          "%.60s", html + i);
    ck_assert_ptr_null(strstr(html, "<script"));
    ck_assert_ptr_null(strstr(html, " src=\""));
    T_CONTAINS(html, "試験");
    T_CONTAINS(html, "influent: a warning with &lt;tags&gt; &amp; signs");
    T_CONTAINS(html, "00ff");
    ck_assert_ptr_null(strstr(html, "計算は途中で中断された"));
    sei_release(c->ctx, html);
    case_free(c);
}
END_TEST

START_TEST(partial_result_says_so_everywhere)
{
    result_case *c    = case_create(2024, 1, 1, CASE_RUN);
    char        *text = NULL;

    c->result.is_complete = false;
    c->result.n_times     = 12;
    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    json_t *root = read_json(c, "summary.json");
    ck_assert(json_is_false(json_object_get(json_object_get(root, "run"), "is_complete")));
    json_decref(root);
    root = read_json(c, "provenance.json");
    ck_assert(json_is_false(json_object_get(json_object_get(root, "run"), "is_complete")));
    json_decref(root);
    char *html = case_read(c, "report.html", NULL);
    T_CONTAINS(html, "計算は途中で中断された");
    T_CONTAINS(html, "2024-01-12T00:00:00+09:00");
    sei_release(c->ctx, html);
    T_OK(c->ctx, sei_result_terminal(c->ctx, &c->result, false, &text));
    T_CONTAINS(text, "stopped before its end");
    sei_release(c->ctx, text);
    case_free(c);
}
END_TEST

static const char *const all_files[] = {
    "summary.json",         "series.csv",
    "compliance.csv",       "solids.csv",
    "profiles.csv",         "report.html",
    "provenance.json",      "figures/train.svg",
    "figures/train.png",    "figures/train-load-zn.csv",
    "figures/train.csv",    "figures/water-zn.svg",
    "figures/water-zn.png", "figures/water-zn.csv",
    "figures/loads.csv",    "figures/profile-metals.png",
};

START_TEST(same_result_gives_the_same_bytes)
{
    result_case *a = case_create(2024, 1, 1, CASE_RUN), *b = case_create(2024, 1, 1, CASE_RUN);

    T_OK(a->ctx, sei_result_save(a->ctx, &a->result, a->folder));
    b->result.stats.wall_s = 12.5; /* the time it took is no result */
    T_OK(b->ctx, sei_result_save(b->ctx, &b->result, b->folder));
    for (size_t i = 0; i < T_COUNT(all_files); i++) {
        size_t n, m;
        char  *x = case_read(a, all_files[i], &n), *y = case_read(b, all_files[i], &m);
        ck_assert_msg(n == m && memcmp(x, y, n) == 0, "%s differs", all_files[i]);
        sei_release(a->ctx, x);
        sei_release(b->ctx, y);
    }
    case_free(a);
    case_free(b);
}
END_TEST

/* A figure of the last run that this one lacks would lie; files of others stay. */
START_TEST(rerun_replaces_and_removes_its_own_figures_only)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    char         path[200];

    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    ck_assert(case_has(c, "figures/water-cd.svg"));
    snprintf(path, sizeof path, "%s/figures/mine.png", c->folder);
    T_OK(c->ctx, sei_file_write(c->ctx, path, "x", 1));
    c->result.n_columns = COL_CD; /* the next run has no cadmium; its arrays are one shorter */
    for (size_t i = 0; i < (size_t)CASE_TIMES * CASE_WATCHES; i++)
        memmove(&c->value[i * COL_CD], &c->value[i * CASE_COLUMNS], COL_CD * sizeof(double));
    for (size_t i = 0; i < (size_t)CASE_PROFILES * CASE_CELLS; i++)
        memmove(&c->profile_value[i * COL_CD], &c->profile_value[i * CASE_COLUMNS],
                COL_CD * sizeof(double));
    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    ck_assert(!case_has(c, "figures/water-cd.svg"));
    ck_assert(!case_has(c, "figures/water-cd.png"));
    ck_assert(!case_has(c, "figures/water-cd.csv"));
    ck_assert(case_has(c, "figures/water-zn.svg"));
    ck_assert(case_has(c, "figures/mine.png"));
    case_free(c);
}
END_TEST

START_TEST(hostile_provenance_removes_nothing_outside)
{
    static const char text[] = "{\"figures\": [\"../../keep\", \"..\", 7, null, \"a/b\", \"\"]}";
    result_case      *c      = case_create(2024, 1, 1, CASE_RUN);
    char              path[200];

    snprintf(path, sizeof path, "%s/provenance.json", c->folder);
    T_OK(c->ctx, sei_file_write(c->ctx, path, text, strlen(text)));
    snprintf(path, sizeof path, "%s/keep.svg", c->folder);
    T_OK(c->ctx, sei_file_write(c->ctx, path, "x", 1));
    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    ck_assert(case_has(c, "keep.svg"));
    snprintf(path, sizeof path, "%s/provenance.json", c->folder);
    T_OK(c->ctx, sei_file_write(c->ctx, path, "{\"figures\": [", 13));
    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    case_free(c);
}
END_TEST

START_TEST(folder_that_is_a_file_is_an_io_error)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    char         path[200];

    snprintf(path, sizeof path, "%s/file", c->folder);
    T_OK(c->ctx, sei_file_write(c->ctx, path, "x", 1));
    T_STATUS(c->ctx, sei_result_save(c->ctx, &c->result, path), SEI_E_IO);
    T_CONTAINS(sei_ctx_error(c->ctx), "cannot make folder");
    case_free(c);
}
END_TEST

START_TEST(steady_result_has_no_time_figures)
{
    result_case *c =
        case_create(2024, 1, 1, "run: {start: 2024-01-01, duration_d: 40, mode: steady}\n");

    c->result.n_times    = 1;
    c->result.n_profiles = 1;
    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    ck_assert(!case_has(c, "figures/water-zn.svg"));
    ck_assert(case_has(c, "figures/train.svg"));
    ck_assert(case_has(c, "figures/profile-metals.svg"));
    ck_assert(case_has(c, "figures/loads.svg"));
    char *html = case_read(c, "report.html", NULL);
    T_CONTAINS(html, "の定常状態");
    sei_release(c->ctx, html);
    case_free(c);
}
END_TEST

/* Measured values reach the figure of their place, those below quantification as such. */
START_TEST(observations_are_drawn)
{
    static const char csv[]    = "time,zn_mg_l\n2024-01-05,0.8\n2024-01-12,<0.05\n2030-01-01,9\n";
    char              folder[] = "/tmp/seiryu-observed-XXXXXX", path[200], site[400];
    sei_ctx          *ctx      = sei_ctx_create(NULL);

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/pond.csv", folder);
    T_OK(ctx, sei_file_write(ctx, path, csv, strlen(csv)));
    snprintf(site, sizeof site, "observations:\n  - {unit: pond, file: %s}\n" CASE_RUN, path);
    result_case *c = case_create(2024, 1, 1, site);
    T_OK(c->ctx, sei_result_save(c->ctx, &c->result, c->folder));
    char *figure = case_read(c, "figures/water-zn.csv", NULL);
    T_CONTAINS(figure, "実測 全量");
    T_CONTAINS(figure, "2024-01-12T00:00:00+09:00,0.05,below");
    ck_assert_ptr_null(strstr(figure, "2030"));
    sei_release(c->ctx, figure);
    case_free(c);
    remove(path);
    rmdir(folder);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- terminal --------------------------------------------------------------------------------- */

START_TEST(table_says_both_languages_or_one)
{
    result_case *c    = case_create(2024, 1, 1, CASE_RUN);
    char        *text = NULL;

    case_constant(c, WATCH_DISCHARGE, COL_CD, 4e-5);
    T_OK(c->ctx, sei_result_terminal(c->ctx, &c->result, false, &text));
    T_CONTAINS(text, "不適合 fail");
    T_CONTAINS(text, "適合 pass");
    T_CONTAINS(text, "5.8–8.6");
    T_CONTAINS(text, "基準 3 件のうち 1 件が不適合。");
    T_CONTAINS(text, "1 of 3 limits are not kept.");
    ck_assert_ptr_null(strchr(text, '\x1b'));
    sei_release(c->ctx, text);
    T_OK(c->ctx, sei_result_terminal_in(c->ctx, &c->result, SEI_LANG_EN, false, &text));
    ck_assert_ptr_null(strstr(text, "適合"));
    sei_release(c->ctx, text);
    T_OK(c->ctx, sei_result_terminal(c->ctx, &c->result, true, &text));
    ck_assert_ptr_nonnull(strchr(text, '\x1b'));
    sei_release(c->ctx, text);
    case_free(c);
}
END_TEST

/* A picomole is no "0.00": it is told to be below what anyone measures. */
START_TEST(traces_are_shown_as_such)
{
    result_case *c    = case_create(2024, 1, 1, CASE_RUN);
    char        *text = NULL;

    case_constant(c, WATCH_DISCHARGE, COL_ZN_DISSOLVED, 3e-15);
    case_constant(c, WATCH_DISCHARGE, COL_CD, 2.5e-8);
    T_OK(c->ctx, sei_result_terminal_in(c->ctx, &c->result, SEI_LANG_EN, false, &text));
    T_CONTAINS(text, "<0.000001");
    T_CONTAINS(text, "0.0000250");
    sei_release(c->ctx, text);
    case_free(c);
}
END_TEST

/* Raw load, discharged, removed (g/d) and removal (%) of total zinc that the table tells. */
static void zinc_loads(result_case *c, double ret[4])
{
    sei_digest *d     = digest_of(c);
    sei_rtable *table = sei_table_loads(d);
    char       *csv   = NULL;
    size_t      len   = 0;

    T_OK(c->ctx, sei_rtable_write(c->ctx, table, SEI_RTABLE_CSV, SEI_LANG_EN, false, &csv, &len));
    T_CONTAINS(csv, "\nZn total,");
    ck_assert_int_eq(sscanf(strstr(csv, "\nZn total,") + 10, "%lf,%lf,%lf,%lf", &ret[0], &ret[1],
                            &ret[2], &ret[3]),
                     4);
    sei_release(c->ctx, csv);
    sei_rtable_free(table);
    sei_digest_free(d);
}

/* What passes unchanged is told as nothing removed, not as the rounding of two sums; a millionth is told. */
START_TEST(rounding_is_no_removal)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    double       load[4];

    case_constant(c, WATCH_RAW, COL_ZN, 10e-3);
    case_constant(c, WATCH_DISCHARGE, COL_ZN, 10e-3 * (1.0 + 3e-13));
    zinc_loads(c, load);
    T_CLOSE(load[0], 864.0, 1e-12); /* 10 mg/L in 86.4 m3/d */
    ck_assert(load[1] != load[0]);
    ck_assert(load[2] == 0.0 && load[3] == 0.0);
    case_constant(c, WATCH_DISCHARGE, COL_ZN, 10e-3 * (1.0 - 1e-6));
    zinc_loads(c, load);
    T_CLOSE(load[2], 864e-6, 1e-6);
    T_CLOSE(load[3], 1e-4, 1e-6);
    case_free(c);
}
END_TEST

/* ---- short memory ----------------------------------------------------------------------------- */

typedef struct {
    size_t left;
} budget;

static void *short_resize(void *user, void *p, size_t size)
{
    budget *b = user;

    if (size == 0) {
        free(p);
        return NULL;
    }
    if (b->left == 0)
        return NULL;
    b->left--;
    return realloc(p, size);
}

/* Every allocation of the digest and the tables fails once; nothing leaks (ASan) or crashes. */
START_TEST(short_memory_is_a_status)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    size_t       n = 0;
    sei_status   st;

    do {
        budget              b         = {n};
        const sei_allocator allocator = {short_resize, &b};
        sei_ctx            *ctx       = sei_ctx_create(&allocator);
        char               *text      = NULL;
        st                            = SEI_E_NOMEM;
        if (ctx) {
            st = sei_result_terminal(ctx, &c->result, false, &text);
            ck_assert_msg(st == SEI_OK || st == SEI_E_NOMEM, "allocation %zu: %s", n,
                          sei_status_name(st));
            sei_release(ctx, text);
        }
        sei_ctx_free(ctx);
        n += n < 200 ? 1 : 7;
    } while (st != SEI_OK);
    ck_assert_uint_gt(n, 50);
    case_free(c);
}
END_TEST

/* The same for the folder, with strides: it makes some hundred thousand allocations. */
START_TEST(short_memory_in_the_folder_is_a_status)
{
    result_case *c = case_create(2024, 1, 1, CASE_RUN);
    size_t       n = 3;
    sei_status   st;

    c->result.n_times = 12;
    do {
        budget              b         = {n};
        const sei_allocator allocator = {short_resize, &b};
        sei_ctx            *ctx       = sei_ctx_create(&allocator);
        st                            = SEI_E_NOMEM;
        if (ctx) {
            st = sei_result_save(ctx, &c->result, c->folder);
            ck_assert_msg(st == SEI_OK || st == SEI_E_NOMEM, "allocation %zu: %s: %s", n,
                          sei_status_name(st), sei_ctx_error(ctx));
        }
        sei_ctx_free(ctx);
        n += n / 3 + 1;
    } while (st != SEI_OK);
    case_free(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("result");
    TCase *t     = tcase_create("result");

    tcase_set_timeout(t, 300);
    tcase_add_test(t, mean_is_over_time_not_over_rows);
    tcase_add_test(t, load_is_concentration_times_flow);
    tcase_add_test(t, missing_values_and_dry_discharge_do_not_count);
    tcase_add_test(t, wash_out_is_left_out);
    tcase_add_test(t, each_day_is_judged_by_the_limit_of_that_day);
    tcase_add_test(t, midnight_at_the_end_belongs_to_the_year_that_ends);
    tcase_add_test(t, ph_has_two_sides);
    tcase_add_test(t, small_discharge_is_free_of_living_environment_items);
    tcase_add_test(t, annual_mean_is_held_against_annual_limits);
    tcase_add_test(t, no_limit_gives_no_verdict);
    tcase_add_test(t, laws_outside_their_range_are_named);
    tcase_add_test(t, a_law_has_one_line_with_its_worst_value);
    tcase_add_test(t, summary_holds_means_loads_and_verdicts);
    tcase_add_test(t, series_is_tidy_and_complete);
    tcase_add_test(t, solids_profiles_and_compliance_read_back);
    tcase_add_test(t, report_asks_nothing_from_outside);
    tcase_add_test(t, partial_result_says_so_everywhere);
    tcase_add_test(t, same_result_gives_the_same_bytes);
    tcase_add_test(t, rerun_replaces_and_removes_its_own_figures_only);
    tcase_add_test(t, hostile_provenance_removes_nothing_outside);
    tcase_add_test(t, folder_that_is_a_file_is_an_io_error);
    tcase_add_test(t, steady_result_has_no_time_figures);
    tcase_add_test(t, observations_are_drawn);
    tcase_add_test(t, table_says_both_languages_or_one);
    tcase_add_test(t, traces_are_shown_as_such);
    tcase_add_test(t, rounding_is_no_removal);
    tcase_add_test(t, short_memory_is_a_status);
    tcase_add_test(t, short_memory_in_the_folder_is_a_status);
    suite_add_tcase(suite, t);
    return t_run(suite);
}
