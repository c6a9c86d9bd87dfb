/* test_run.c - a whole site through time: books, convergence, steady state, stopping, messages */
#include "base/buf.h"
#include "seiryu/result.h"
#include "t.h"

/* A small train with everything in it: iron bed, then a layered bed, cold nights included. */
static const char site_text[] =
    "site: {name: test}\n"
    "influent:\n"
    "  flow_l_min: 5.2\n  temp_c: 15\n  ph: 3.5\n  fe_mg_l: 38\n  fe2_share: 0.95\n  zn_mg_l: 18\n"
    "  cu_mg_l: 8\n  do_mg_l: 1\n  so4_mg_l: 300\n  al_mg_l: 3\n  ca_mg_l: 40\n  mg_mg_l: 12\n"
    "  na_mg_l: 10\n  cl_mg_l: 8\n  tic_mg_l: 6\n  charge_balance: so4\n"
    "climate: {air_temperature_c: 2}\n"
    "train:\n"
    "  - {type: iron_oxidation_bed, name: iron, volume_m3: 0.78, depth_m: 1, cells: 4}\n"
    "  - type: sulfate_reducing_bed\n"
    "    name: srb\n"
    "    volume_m3: 9.36\n"
    "    layers:\n"
    "      - {name: bran, depth_m: 0.3, cells: 2, bran_fraction: 0.7, husk_fraction: 0.3}\n"
    "      - {name: mid, depth_m: 1.2, cells: 4, husk_fraction: 0.6, limestone_fraction: 0.4}\n";

typedef struct {
    sei_ctx    *ctx;
    sei_site   *site;
    sei_result *result;
} study;

static void read_site(study *s, const char *run)
{
    sei_buf text;

    memset(s, 0, sizeof *s);
    s->ctx = sei_ctx_create(NULL);
    sei_buf_init(&text, s->ctx, 100000);
    sei_buf_puts(&text, site_text);
    sei_buf_puts(&text, run);
    T_OK(s->ctx,
         sei_site_parse(s->ctx, "test.yaml", ".", text.text, text.len, NULL, NULL, &s->site));
    sei_buf_done(&text);
}

static void run(study *s, const char *run_section)
{
    read_site(s, run_section);
    T_OK(s->ctx, sei_study_run(s->ctx, s->site, NULL, &s->result));
}

static void done(study *s)
{
    sei_result_free(s->result);
    sei_site_free(s->site);
    sei_ctx_free(s->ctx);
}

static double last(const study *s, const char *watch, const char *quantity, sei_fraction fraction)
{
    const sei_result *r = s->result;

    return sei_result_value(r, r->n_times - 1, sei_result_watch(r, watch),
                            sei_result_column(r, quantity, fraction));
}

/* In + air - out = gained by what is held, for every element, over ten weeks with solids forming. */
START_TEST(every_element_balances)
{
    study s;

    run(&s, "run: {start: 2024-01-01, duration_d: 70}\n");
    ck_assert_uint_ge(s.result->n_books, 9);
    for (size_t i = 0; i < s.result->n_books; i++)
        ck_assert_msg(s.result->books[i].imbalance < 1e-8, "%s: %.3g", s.result->books[i].element,
                      s.result->books[i].imbalance);
    done(&s);
}
END_TEST

/* Fe that came in and did not leave is in the beds: counted by hand from the result's own arrays. */
START_TEST(iron_kept_is_iron_in_the_beds)
{
    study s;

    run(&s, "run: {start: 2024-01-01, duration_d: 30, output_interval_h: 1}\n");
    const sei_result *r    = s.result;
    const size_t      fe   = sei_result_column(r, "fe", SEI_FRACTION_TOTAL);
    const size_t      flow = sei_result_column(r, "flow", SEI_FRACTION_TOTAL);
    const size_t      out  = sei_result_watch(r, "discharge");
    double            kept = 0.0, held = 0.0;
    for (size_t t = 1; t < r->n_times; t++) { /* trapezoids of the loads, kg */
        const double dt = (double)(r->time_us[t] - r->time_us[t - 1]) / 1e6;
        for (size_t k = t - 1; k <= t; k++)
            kept += 0.5 * dt * sei_result_value(r, 1, 0, flow) *
                    (sei_result_value(r, k, 0, fe) - sei_result_value(r, k, out, fe));
    }
    static const struct {
        const char *solid;
        double      iron;
    } minerals[] = {{"Schwertmannite", 8},
                    {"Ferrihydrite", 1},
                    {"Goethite", 1},
                    {"Mackinawite", 1},
                    {"Siderite", 1}};
    for (size_t m = 0; m < T_COUNT(minerals); m++)
        for (size_t k = 0; k < r->n_solids; k++)
            if (strcmp(r->solid_name[k], minerals[m].solid) == 0)
                for (size_t u = 0; u < r->n_units; u++)
                    held += minerals[m].iron * 0.055845 *
                            r->solid_mol[((r->n_times - 1) * r->n_units + u) * r->n_solids + k];
    double pores = 0.0; /* kg more than at the start; then they held raw water */
    for (size_t b = 0; b < r->n_unit_books; b++)
        if (strcmp(r->unit_books[b].element, "Fe") == 0)
            pores += 0.055845 * r->unit_books[b].water_mol;
    T_CLOSE(held, kept - pores, 0.02);
    done(&s);
}
END_TEST

/* Halving the tolerance three times over moves the answer less and less. */
START_TEST(answer_settles_as_steps_shrink)
{
    static const char *const tolerance[] = {"1e-2", "1e-4", "1e-6"};
    double                   zn[3], fe[3];

    for (int i = 0; i < 3; i++) {
        study s;
        char  text[160];
        snprintf(text, sizeof text,
                 "run: {start: 2024-01-01, duration_d: 20, relative_tolerance: %s}\n",
                 tolerance[i]);
        run(&s, text);
        zn[i] = last(&s, "discharge", "zn", SEI_FRACTION_TOTAL);
        fe[i] = last(&s, "iron", "fe", SEI_FRACTION_TOTAL);
        done(&s);
    }
    ck_assert_double_lt(fabs(zn[1] - zn[2]), 1e-3 * zn[2]);
    ck_assert_double_lt(fabs(zn[0] - zn[2]), 2e-2 * zn[2]);
    ck_assert_double_lt(fabs(fe[1] - fe[2]), 1e-4 * fe[2]);
}
END_TEST

/* Water that has passed many times is at the steady state of the moment. */
START_TEST(steady_run_agrees_with_a_short_transient)
{
    study a, b;

    run(&a, "run: {start: 2024-01-01, duration_d: 6, initial: steady}\n");
    run(&b, "run: {start: 2024-01-01, duration_d: 6, mode: steady}\n");
    ck_assert_uint_eq(b.result->n_times, 1);
    T_NEAR(last(&b, "iron", "ph", SEI_FRACTION_TOTAL), last(&a, "iron", "ph", SEI_FRACTION_TOTAL),
           0.02);
    T_CLOSE(last(&b, "iron", "temp", SEI_FRACTION_TOTAL),
            last(&a, "iron", "temp", SEI_FRACTION_TOTAL), 1e-5);
    done(&a);
    done(&b);
}
END_TEST

static void stop_after_half(void *user, double fraction)
{
    volatile sig_atomic_t *stop = user;

    if (fraction > 0.5)
        *stop = 1;
}

START_TEST(a_stopped_run_keeps_what_it_has)
{
    study                 s;
    volatile sig_atomic_t stop  = 0;
    sei_run_hooks         hooks = {.progress = stop_after_half, .stop = &stop};

    hooks.user = (void *)(uintptr_t)&stop;
    read_site(&s, "run: {start: 2024-01-01, duration_d: 20}\n");
    T_STATUS(s.ctx, sei_study_run(s.ctx, s.site, &hooks, &s.result), SEI_E_CANCELLED);
    ck_assert(!s.result->is_complete);
    ck_assert_uint_ge(s.result->n_times, 9);
    ck_assert_uint_le(s.result->n_times, 14);
    for (size_t i = 0; i < s.result->n_books; i++)
        ck_assert_double_lt(s.result->books[i].imbalance, 1e-8);
    done(&s);
}
END_TEST

/* Same input, same numbers, to the last bit. */
START_TEST(a_run_is_reproducible)
{
    study a, b;

    run(&a, "run: {start: 2024-01-01, duration_d: 10}\n");
    run(&b, "run: {start: 2024-01-01, duration_d: 10}\n");
    const sei_result *r = a.result;
    ck_assert_mem_eq(r->value, b.result->value,
                     r->n_times * r->n_watches * r->n_columns * sizeof *r->value);
    done(&a);
    done(&b);
}
END_TEST

/* 1.75 mol of protons per mol of iron that becomes Fe8O8(OH)6SO4 from Fe(II) (stoichiometry): between raw water
 * and iron bed the net proton gain, from pH and the totals, must be of that size. */
START_TEST(iron_bed_makes_the_acid_that_schwertmannite_asks_for)
{
    study s;

    run(&s, "run: {start: 2024-01-01, duration_d: 5}\n");
    const sei_result *r = s.result;
    const double      fe =
        sei_result_value(r, r->n_times - 1, 0, sei_result_column(r, "fe", SEI_FRACTION_TOTAL)) -
        last(&s, "iron", "fe", SEI_FRACTION_DISSOLVED);
    const double solid_mol_m3 = fe / 0.055845;
    const double alk_drop =
        (sei_result_value(r, r->n_times - 1, 0,
                          sei_result_column(r, "alkalinity", SEI_FRACTION_TOTAL)) -
         last(&s, "iron", "alkalinity", SEI_FRACTION_TOTAL)) /
        0.0500435;
    ck_assert_double_gt(alk_drop, 1.0 * solid_mol_m3);
    ck_assert_double_lt(alk_drop, 2.6 * solid_mol_m3);
    done(&s);
}
END_TEST

static void write_storm(const char *path)
{
    FILE *f = fopen(path, "w");

    ck_assert_ptr_nonnull(f);
    fputs("time,flow_l_min\n", f);
    for (int h = 0; h <= 20 * 24; h += 6) {
        const int    day  = h / 24;
        const double flow = day == 5 ? 104.0 : day >= 8 && day < 12 ? 0.0 : 5.2;
        fprintf(f, "2024-01-%02dT%02d:00,%g\n", 1 + day, h % 24, flow);
    }
    fclose(f);
}

static void check_finite_and_balanced(const study *s)
{
    const sei_result *r = s->result;

    ck_assert(r->is_complete);
    for (size_t i = 0; i < r->n_times * r->n_watches * r->n_columns; i++)
        ck_assert(isfinite(r->value[i]));
    for (size_t i = 0; i < r->n_books; i++)
        ck_assert_msg(r->books[i].imbalance < 1e-8, "%s: %.3g", r->books[i].element,
                      r->books[i].imbalance);
}

/* A flood of twenty times the flow, then days without any, then the usual water again. */
START_TEST(flood_and_standstill_end_in_an_answer)
{
    study   s;
    sei_buf text;
    char    folder[] = "/tmp/seiryu-storm-XXXXXX", path[64];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/storm.csv", folder);
    write_storm(path);
    memset(&s, 0, sizeof s);
    s.ctx = sei_ctx_create(NULL);
    sei_buf_init(&text, s.ctx, 100000);
    const char *flow = strstr(site_text, "  flow_l_min: 5.2\n");
    sei_buf_put(&text, site_text, (size_t)(flow - site_text));
    sei_buf_puts(&text, "  file: storm.csv\n");
    sei_buf_puts(&text, flow + strlen("  flow_l_min: 5.2\n"));
    sei_buf_puts(&text, "run: {start: 2024-01-01, duration_d: 20}\n");
    T_OK(s.ctx,
         sei_site_parse(s.ctx, "storm.yaml", folder, text.text, text.len, NULL, NULL, &s.site));
    T_OK(s.ctx, sei_study_run(s.ctx, s.site, NULL, &s.result));
    check_finite_and_balanced(&s);
    const size_t flow_column = sei_result_column(s.result, "flow", SEI_FRACTION_TOTAL);
    const size_t out         = sei_result_watch(s.result, "discharge");
    ck_assert_double_eq(sei_result_value(s.result, 10, out, flow_column), 0.0);
    sei_buf_done(&text);
    done(&s);
    unlink(path);
    rmdir(folder);
}
END_TEST

START_TEST(strong_acid_and_ice_water_end_in_an_answer)
{
    static const char *const change[][2] = {{"  ph: 3.5\n", "  ph: 1.5\n"},
                                            {"  temp_c: 15\n", "  temp_c: 0\n"},
                                            {"  ph: 3.5\n", "  ph: 9\n"}};

    for (size_t i = 0; i < T_COUNT(change); i++) {
        study       s = {0};
        sei_buf     text;
        const char *at = strstr(site_text, change[i][0]);
        s.ctx          = sei_ctx_create(NULL);
        sei_buf_init(&text, s.ctx, 100000);
        sei_buf_put(&text, site_text, (size_t)(at - site_text));
        sei_buf_puts(&text, change[i][1]);
        sei_buf_puts(&text, at + strlen(change[i][0]));
        sei_buf_puts(&text, "run: {start: 2024-01-01, duration_d: 30}\n");
        T_OK(s.ctx, sei_site_parse(s.ctx, "x.yaml", ".", text.text, text.len, NULL, NULL, &s.site));
        T_OK(s.ctx, sei_study_run(s.ctx, s.site, NULL, &s.result));
        check_finite_and_balanced(&s);
        sei_buf_done(&text);
        done(&s);
    }
}
END_TEST

/*
 * No number that a file may hold makes the solver fail (test_extremes), so that a rate of one unit is spoilt behind the file's
 * back: that unit is named and the one before it is not.
 */
START_TEST(a_failure_names_its_unit_and_time)
{
    study s;

    read_site(&s, "run: {start: 2024-04-01, duration_d: 2}\n");
    const sei_rate_law     *law    = sei_rate_find("sulfate-reduction");
    const size_t            k      = sei_param_index(law->params, law->n_params, "k_so4_mmol_kgw");
    const sei_rate_override spoilt = {.law = law, .param = k, .value = (double)NAN};
    sei_unit_spec           units[2];
    memcpy(units, s.site->units, sizeof units);
    units[1].n_overrides = 1;
    units[1].overrides   = &spoilt;
    s.site->units        = units;
    ck_assert_int_ne(sei_study_run(s.ctx, s.site, NULL, &s.result), SEI_OK);
    T_CONTAINS(sei_ctx_error(s.ctx), "test.yaml: unit \"srb\", 2024-04-01T00:00:00+09:00: ");
    T_CONTAINS(sei_ctx_error(s.ctx),
               "; check the influent of that time and the unit's sizes and rates");
    done(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run");
    TCase *tc = tcase_create("run"), *bad = tcase_create("bad");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, every_element_balances);
    tcase_add_test(tc, iron_kept_is_iron_in_the_beds);
    tcase_add_test(tc, answer_settles_as_steps_shrink);
    tcase_add_test(tc, steady_run_agrees_with_a_short_transient);
    tcase_add_test(tc, a_stopped_run_keeps_what_it_has);
    tcase_add_test(tc, a_run_is_reproducible);
    tcase_add_test(tc, flood_and_standstill_end_in_an_answer);
    tcase_add_test(tc, strong_acid_and_ice_water_end_in_an_answer);
    tcase_add_test(tc, iron_bed_makes_the_acid_that_schwertmannite_asks_for);
    tcase_add_test(bad, a_failure_names_its_unit_and_time);
    suite_add_tcase(suite, bad);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
