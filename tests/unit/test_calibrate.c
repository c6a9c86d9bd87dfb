/* test_calibrate.c - calibration against analytical mixing curves, a posterior worked by hand, and scores worked by hand */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <sys/stat.h>

#include "base/file.h"
#include "report/rtable.h"
#include "study/calibrate.h"
#include "t.h"

/* A stirred tank that does nothing to zinc. At noon of the first day zinc in the inflow steps from 2 to 8 mg/L. */
static const char site_text[] =
    "site: {name: Tank}\n"
    "influent: {flow_l_min: 60, temp_c: 10, ph: 4, so4_mg_l: 50, file: in.csv, interpolation: "
    "step}\n"
    "climate: {air_temperature_c: 10}\n"
    "train:\n  - {type: tank, name: tank, volume_m3: 25}\n"
    "run: {start: 2024-04-01, duration_d: 3, output_interval_h: 1, relative_tolerance: 1e-5}\n"
    "model: {solids: [Calcite, Ferrihydrite]}\n"
    "observations:\n  - {unit: tank, file: out.csv}\n"
    "uncertainty:\n"
    "  vary: listed\n"
    "  parameters:\n"
    "    train.tank.volume_m3: {distribution: log_normal, p10: 12, p90: 60}\n"
    "    influent.zn_mg_l: {distribution: log_normal, p10: 0.67, p90: 1.5}\n";

#define FLOW_M3_H 3.6
#define STEP_H    12.0

typedef struct {
    sei_ctx  *ctx;
    sei_site *site;
    char      folder[64];
} study;

static void put_file(const study *s, const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", s->folder, name);
    T_OK(s->ctx, sei_file_write(s->ctx, path, text, strlen(text)));
}

/* Concentration in a stirred tank of volume m3 t hours after the start, inflow times factor. */
static double tank(double volume_m3, double factor, double t_h)
{
    const double past = t_h - STEP_H;

    return factor * (past <= 0.0 ? 2.0 : 8.0 - 6.0 * exp(-past * FLOW_M3_H / volume_m3));
}

static void begin(study *s, double volume_m3, double factor)
{
    char   text[8000] = "time,zn_mg_l\n";
    size_t len        = strlen(text);

    s->ctx = sei_ctx_create(NULL);
    snprintf(s->folder, sizeof s->folder, "/tmp/seiryu-calibrate-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(s->folder));
    put_file(s, "in.csv", "time,zn_mg_l\n2024-04-01T00:00,2\n2024-04-01T12:00,8\n");
    for (int h = 14; h <= 70; h += 2)
        len += (size_t)snprintf(text + len, sizeof text - len, "2024-04-%02dT%02d:00,%.9g\n",
                                1 + h / 24, h % 24, tank(volume_m3, factor, h));
    put_file(s, "out.csv", text);
    T_OK(s->ctx, sei_site_parse(s->ctx, "tank.yaml", s->folder, site_text, strlen(site_text), NULL,
                                NULL, &s->site));
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static void end(study *s)
{
    sei_site_free(s->site);
    sei_ctx_free(s->ctx);
    nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const sei_fitted *fitted(const sei_calibration *c, const char *path)
{
    for (size_t j = 0; j < c->n; j++)
        if (strcmp(c->knobs->knobs[c->fitted[j].knob].path, path) == 0)
            return &c->fitted[j];
    ck_abort_msg("%s is not fitted", path);
    return NULL;
}

static double shown(const sei_calibration *c, const char *path, double value)
{
    return sei_knob_shown(&c->knobs->knobs[fitted(c, path)->knob], value);
}

/* ---- the fit ---------------------------------------------------------------------------------- */

START_TEST(volume_and_inflow_are_found_from_the_analytical_curve)
{
    sei_calibration_options o = sei_calibration_defaults();
    sei_calibration        *c = NULL;
    study                   s;

    begin(&s, 30.0, 1.1);
    o.error_ln = 0.01;
    T_OK(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c));
    ck_assert_uint_eq(c->n, 2);
    ck_assert_int_ne(c->lm.end, SEI_LM_ITERATIONS);
    T_CLOSE(shown(c, "train.tank.volume_m3", fitted(c, "train.tank.volume_m3")->best), 30.0, 5e-3);
    ck_assert(fitted(c, "train.tank.volume_m3")->low < fitted(c, "train.tank.volume_m3")->best);
    for (size_t i = 0; i < c->data.n; i++) /* held out ones, too */
        T_CLOSE(c->after[i], c->data.datum[i].value, 5e-3);
    ck_assert_uint_eq(c->data.n, 29);
    ck_assert(c->data.n_fitted > 15 && c->data.n_fitted < 25);
    sei_calibration_free(c);
    end(&s);
}
END_TEST

/* One unknown (a series of the influent is turned by a factor): ln of the factor on all inflow: prior deviation s from P10 and P90, n values with error e each say
 * the same. With values that fit, 1/var = 1/s^2 + n/e^2; the floor lowers each value's weight by (c/(c+f))^2. */
START_TEST(the_posterior_is_that_of_the_linear_case)
{
    const char             *paths[] = {"influent.zn_mg_l"};
    sei_calibration_options o       = sei_calibration_defaults();
    sei_calibration        *c       = NULL;
    study                   s;

    begin(&s, 25.0, 1.0);
    o.n_paths  = 1;
    o.paths    = paths;
    o.held_out = 0.0;
    o.error_ln = 1.0;
    T_OK(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c));
    const double sd     = log(1.5 / 0.67) / (2.0 * 1.2815515655446004);
    double       weight = 0.0;
    for (size_t i = 0; i < c->data.n; i++) {
        const double share =
            c->data.datum[i].value / (c->data.datum[i].value + c->data.series[0].floor);
        weight += share * share;
    }
    const double expected = 1.0 / sqrt(1.0 + sd * sd * weight);
    T_CLOSE(fitted(c, "influent.zn_mg_l")->sd_z, expected, 0.01);
    T_NEAR(c->inflation, 1.0, 1e-12); /* nothing misfits */
    sei_calibration_free(c);
    end(&s);
}
END_TEST

START_TEST(threads_change_nothing)
{
    sei_calibration_options o    = sei_calibration_defaults();
    sei_calibration        *c[2] = {NULL, NULL};
    study                   s;

    begin(&s, 28.0, 0.9);
    for (size_t k = 0; k < 2; k++) {
        o.n_threads = 1 + 2 * k;
        T_OK(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c[k]));
    }
    for (size_t j = 0; j < c[0]->n; j++)
        ck_assert(memcmp(&c[0]->fitted[j].best, &c[1]->fitted[j].best, sizeof(double)) == 0);
    sei_calibration_free(c[0]);
    sei_calibration_free(c[1]);
    end(&s);
}
END_TEST

START_TEST(what_cannot_be_fitted_is_named)
{
    const char             *wrong[] = {"train.tank.volum_m3"};
    sei_calibration_options o       = sei_calibration_defaults();
    sei_calibration        *c       = NULL;
    study                   s;

    begin(&s, 25.0, 1.0);
    o.n_paths = 1;
    o.paths   = wrong;
    T_STATUS(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c), SEI_E_KEY);
    T_CONTAINS(sei_ctx_error(s.ctx), "\"train.tank.volum_m3\" is no number of this site");
    const char *twice[] = {"influent.zn_mg_l", "influent.zn_mg_l"};
    o.n_paths           = 2;
    o.paths             = twice;
    T_STATUS(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c), SEI_E_KEY);
    T_CONTAINS(sei_ctx_error(s.ctx), "influent.zn_mg_l is named twice");
    o          = sei_calibration_defaults();
    o.error_ln = 0.0;
    T_STATUS(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c), SEI_E_ARG);
    ck_assert_ptr_null(c);
    end(&s);
}
END_TEST

START_TEST(the_last_words_of_a_path_do)
{
    const char             *paths[] = {"volume_m3"}, *slip[] = {"volum_m3"}, *two[] = {"ea_kj_mol"};
    sei_calibration_options o = sei_calibration_defaults();
    sei_calibration        *c = NULL;
    study                   s;

    begin(&s, 30.0, 1.0);
    o.n_paths        = 1;
    o.paths          = paths;
    o.max_iterations = 1;
    T_OK(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c));
    ck_assert_str_eq(c->knobs->knobs[c->fitted[0].knob].path, "train.tank.volume_m3");
    sei_calibration_free(c);
    c       = NULL;
    o.paths = slip;
    T_STATUS(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c), SEI_E_KEY);
    T_CONTAINS(sei_ctx_error(s.ctx), "did you mean \"volume_m3\"?");
    o.paths = two;
    T_STATUS(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c), SEI_E_KEY);
    T_CONTAINS(sei_ctx_error(s.ctx), ".ea_kj_mol: give more of the path");
    end(&s);
}
END_TEST

/* A sheet as it comes: a slip by a factor of ten, a gap, ND without a limit, values below limits, a day after the run, a
 * metal that the model has not. */
static void put_sheet(study *s, double volume_m3)
{
    char   text[8000] = "採水日,採水時刻,亜鉛(mg/L),鉛(mg/L)\n";
    size_t len        = strlen(text);

    for (int h = 14; h <= 70; h += 2) {
        const double zn = tank(volume_m3, 1.0, h) * (h == 40 ? 10.0 : 1.0);
        len += (size_t)snprintf(text + len, sizeof text - len, "2024/4/%d,%02d:00,", 1 + h / 24,
                                h % 24);
        if (h == 20)
            len += (size_t)snprintf(text + len, sizeof text - len, "欠測,<0.001\n");
        else if (h == 22)
            len += (size_t)snprintf(text + len, sizeof text - len, "ND,<0.001\n");
        else if (h == 16)
            len += (size_t)snprintf(text + len, sizeof text - len, "<5,<0.001\n");
        else
            len += (size_t)snprintf(text + len, sizeof text - len, "%.9g,<0.001\n", zn);
    }
    snprintf(text + len, sizeof text - len, "2024/4/9,12:00,8,\n");
    put_file(s, "out.csv", text);
    sei_site_free(s->site);
    T_OK(s->ctx, sei_site_parse(s->ctx, "tank.yaml", s->folder, site_text, strlen(site_text), NULL,
                                NULL, &s->site));
}

START_TEST(every_value_is_accounted_for_and_a_slip_does_not_rule)
{
    const char             *paths[] = {"volume_m3"};
    sei_calibration_options o       = sei_calibration_defaults();
    sei_calibration        *c       = NULL;
    double                  error[2];
    study                   s;

    begin(&s, 30.0, 1.0);
    put_sheet(&s, 30.0);
    o.n_paths  = 1;
    o.paths    = paths;
    o.error_ln = 0.05;
    for (size_t k = 0; k < 2; k++) {
        o.robust_z = k == 0 ? 0.0 : 3.0;
        T_OK(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c));
        error[k] =
            fabs(shown(c, "train.tank.volume_m3", fitted(c, "train.tank.volume_m3")->best) - 30.0);
        if (k == 0)
            sei_calibration_free(c);
    }
    ck_assert_msg(error[1] < 0.25 * error[0], "%g m3 off with every residual squared, %g without",
                  error[0], error[1]);

    ck_assert_uint_eq(c->data.n_uses, 2);
    const size_t *zn = c->data.uses[0].fate, *pb = c->data.uses[1].fate;
    ck_assert_uint_eq(zn[SEI_FATE_TAKEN], 27); /* of 30 */
    ck_assert_uint_eq(zn[SEI_FATE_MISSING], 1);
    ck_assert_uint_eq(zn[SEI_FATE_UNKNOWN_LIMIT], 1);
    ck_assert_uint_eq(zn[SEI_FATE_OUTSIDE], 1);
    ck_assert_uint_eq(pb[SEI_FATE_NOT_COMPUTED], 30);
    ck_assert_str_eq(sei_use_left_out(&c->data.uses[0]).en,
                     "missing 1, below an unknown limit 1, outside of the run 1");

    sei_rtable *far = sei_table_far(c);
    ck_assert_ptr_nonnull(far);
    ck_assert_uint_eq(far->n_rows, 1); /* the slip alone */
    sei_rtable_free(far);
    sei_calibration_free(c);
    end(&s);
}
END_TEST

/* Huber's function, 2 rho = k (2 |z| - k) beyond k: 3 (10 - 3) = 21 at 5. */
START_TEST(far_residuals_count_linearly)
{
    T_CLOSE(sei_data_softened(5.0, 3.0), sqrt(21.0), 1e-12);
    T_CLOSE(sei_data_softened(-5.0, 3.0), -sqrt(21.0), 1e-12);
    T_CLOSE(sei_data_softened(3.0, 3.0), 3.0, 1e-12);
    T_CLOSE(sei_data_softened(-2.9, 3.0), -2.9, 1e-12);
    T_CLOSE(sei_data_softened(50.0, 0.0), 50.0, 1e-12);
}
END_TEST

START_TEST(its_files_are_written)
{
    static const char *const files[] = {"parameters.csv",   "scores.csv",        "observations.csv",
                                        "correlations.csv", "calibration.json",  "report.html",
                                        "used.csv",         "after/summary.json"};
    sei_calibration_options  o       = sei_calibration_defaults();
    sei_calibration         *c       = NULL;
    study                    s;
    char                     folder[80], path[160];

    begin(&s, 30.0, 1.0);
    T_OK(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c));
    snprintf(folder, sizeof folder, "%s/fit", s.folder);
    T_OK(s.ctx, sei_calibration_save(s.ctx, c, folder));
    for (size_t i = 0; i < T_COUNT(files); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        ck_assert_msg(access(path, R_OK) == 0, "%s", path);
    }
    sei_calibration_free(c);
    end(&s);
}
END_TEST

/* A sheet in µg/L: the picture has measured and computed values in one unit, that of the run. */
static void check_picture(study *s)
{
    char   path[160], *csv = NULL, *save = NULL;
    size_t len = 0, n_measured = 0, n_computed = 0;

    snprintf(path, sizeof path, "%s/figures/fit-1-zn.csv", s->folder);
    T_OK(s->ctx, sei_file_read(s->ctx, path, 1 << 20, &csv, &len));
    for (char *line = strtok_r(csv, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        const bool is_measured = strstr(line, " / measured,"),
                   is_computed = strstr(line, " / after,");
        if ((!is_measured && !is_computed) || strstr(line, ",missing,"))
            continue;
        const double zn = strtod(strchr(strchr(line, ',') + 1, ',') + 1, NULL);
        ck_assert_msg(zn >= 1.9 && zn <= 8.1 && strstr(line, ",mg/L,"), "%s", line);
        n_measured += is_measured;
        n_computed += is_computed;
    }
    ck_assert_uint_eq(n_measured, 29);
    ck_assert_uint_gt(n_computed, 10);
    sei_release(s->ctx, csv);
}

START_TEST(its_pictures_have_one_unit)
{
    sei_calibration_options o          = sei_calibration_defaults();
    sei_calibration        *c          = NULL;
    char                    text[8000] = "採水日,採水時刻,亜鉛(μg/L)\n";
    size_t                  len        = strlen(text);
    study                   s;

    begin(&s, 30.0, 1.0);
    for (int h = 14; h <= 70; h += 2)
        len += (size_t)snprintf(text + len, sizeof text - len, "2024/4/%d,%02d:00,%.9g\n",
                                1 + h / 24, h % 24, 1e3 * tank(30.0, 1.0, h));
    put_file(&s, "out.csv", text);
    sei_site_free(s.site);
    T_OK(s.ctx, sei_site_parse(s.ctx, "tank.yaml", s.folder, site_text, strlen(site_text), NULL,
                               NULL, &s.site));
    T_OK(s.ctx, sei_calibrate(s.ctx, s.site, &o, NULL, &c));
    T_OK(s.ctx, sei_calibration_save(s.ctx, c, s.folder));
    check_picture(&s);
    sei_calibration_free(c);
    end(&s);
}
END_TEST

/* examples/iron-bed-monitoring was made with 20 mol/m3/d and 1.2 1/h, noise and one slip by a factor of ten. */
START_TEST(the_example_finds_what_it_was_made_with)
{
    const sei_calibration_options o    = sei_calibration_defaults();
    const char *const             rate = "train.iron_bed.biofilm_capacity_mol_m3_d",
                      *const catch     = "train.iron_bed.capture_1_h";
    sei_ctx         *ctx               = sei_ctx_create(NULL);
    sei_site        *site              = NULL;
    sei_calibration *c                 = NULL;

    T_OK(ctx, sei_site_read(ctx, SEI_PROJECT_DIR "/examples/iron-bed-monitoring/site.yaml", NULL,
                            NULL, &site));
    T_OK(ctx, sei_calibrate(ctx, site, &o, NULL, &c));
    ck_assert(shown(c, rate, fitted(c, rate)->low) < 20.0);
    ck_assert(shown(c, rate, fitted(c, rate)->high) > 20.0);
    ck_assert(fitted(c, rate)->sd_z < 0.3); /* told by the values */
    ck_assert(shown(c, catch, fitted(c, catch)->low) < 1.2);
    ck_assert(fitted(c, catch)->sd_z > 0.7); /* not told by them */
    sei_rtable *far = sei_table_far(c);
    ck_assert_ptr_nonnull(far);
    ck_assert_uint_eq(far->n_rows, 1);
    sei_rtable_free(far);
    sei_calibration_free(c);
    sei_site_free(site);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- residuals and scores by hand ------------------------------------------------------------- */

START_TEST(a_value_below_its_limit_counts_by_its_chance)
{
    const sei_measured m = {.is_log = true, .sigma = 0.5, .floor = 1.0};
    const sei_datum    d = {.value = 3.0, .is_below = true};

    T_CLOSE(sei_data_residual(&m, &d, 3.0), 1.1774100225154747, 1e-12); /* sqrt(2 ln 2) */
    /* computed 7: ln(8/4)/0.5 = 1.386294 above; Phi(-1.386294) = 0.0828286 by the tables of the normal distribution */
    T_CLOSE(sei_data_residual(&m, &d, 7.0), sqrt(-2.0 * log(0.0828286)), 1e-4);
    ck_assert(sei_data_residual(&m, &d, 0.0) < 0.1);
    ck_assert(isfinite(sei_data_residual(&m, &d, 1e300)));
    const sei_datum above = {.value = 3.0};
    T_CLOSE(sei_data_residual(&m, &above, 7.0), log(2.0) / 0.5, 1e-12);
}
END_TEST

START_TEST(scores_are_those_worked_by_hand)
{
    sei_measured     m    = {.sigma = 0.5};
    const sei_datum  d[]  = {{.value = 1.0},
                             {.value = 2.0},
                             {.value = 3.0},
                             {.value = 4.0},
                             {.value = 0.5, .is_below = true}};
    const double     x[]  = {1.5, 2.0, 2.5, 5.0, 0.2};
    const sei_data   data = {.n_series = 1, .series = &m};
    const sei_datum *at[] = {&d[0], &d[1], &d[2], &d[3], &d[4]};
    const sei_score  s    = sei_score_of(5, &data, at, x);

    ck_assert_uint_eq(s.n, 4);
    ck_assert_uint_eq(s.n_below, 1);
    ck_assert_uint_eq(s.n_below_met, 1);
    T_CLOSE(s.bias, 0.25, 1e-12); /* (0.5 + 0 - 0.5 + 1) / 4 */
    T_CLOSE(s.rmse, sqrt(1.5 / 4.0), 1e-12);
    T_CLOSE(s.nse, 1.0 - 1.5 / 5.0, 1e-12); /* spread of 1, 2, 3, 4: 5 */
    T_CLOSE(s.pbias, 10.0, 1e-12);          /* 1 of 10 */
    /* z = 1, 0, -1, 2; mean 0.5: next products -0.25 + 0.75 - 2.25, squares 5 */
    T_CLOSE(s.lag1, -1.75 / 5.0, 1e-12);
}
END_TEST

int main(int argc, char **argv)
{
    Suite     *suite      = suite_create("calibrate");
    TCase     *tc         = tcase_create("calibration");
    const bool is_example = argc > 1 && strcmp(argv[1], "example") == 0;

    tcase_set_timeout(tc, is_example ? 600 : 120);
    suite_add_tcase(suite, tc);
    if (is_example) {
        tcase_add_test(tc, the_example_finds_what_it_was_made_with);
        return t_run(suite);
    }
    tcase_add_test(tc, volume_and_inflow_are_found_from_the_analytical_curve);
    tcase_add_test(tc, the_posterior_is_that_of_the_linear_case);
    tcase_add_test(tc, threads_change_nothing);
    tcase_add_test(tc, what_cannot_be_fitted_is_named);
    tcase_add_test(tc, the_last_words_of_a_path_do);
    tcase_add_test(tc, every_value_is_accounted_for_and_a_slip_does_not_rule);
    tcase_add_test(tc, far_residuals_count_linearly);
    tcase_add_test(tc, its_files_are_written);
    tcase_add_test(tc, its_pictures_have_one_unit);
    tcase_add_test(tc, a_value_below_its_limit_counts_by_its_chance);
    tcase_add_test(tc, scores_are_those_worked_by_hand);
    return t_run(suite);
}
