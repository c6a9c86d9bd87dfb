/* test_scenario.c - changed sites: values, lines of problems, disturbances against arithmetic */
#include "base/file.h"
#include "report/figure.h"
#include "study/scenario_run.h"
#include "t.h"

static const char site_text[] =
    "site: {name: Tank}\n"
    "influent: {flow_l_min: 60, temp_c: 10, ph: 4, zn_mg_l: 1.5, so4_mg_l: 50}\n"
    "climate: {air_temperature_c: 10}\n"
    "train:\n"
    "  - {type: tank, name: tank, volume_m3: 30}\n"
    "run: {start: 2024-04-01, duration_d: 6, output_interval_h: 6}\n";

typedef struct {
    sei_ctx       *ctx;
    sei_scenarios *set;
    char           folder[64], site[96], file[96];
    size_t         n;
    char           lines[10][300];
} study;

static void take(void *user, sei_status status, const sei_where *where, const char *text)
{
    study *s = user;

    (void)status;
    (void)where;
    if (s->n < T_COUNT(s->lines))
        snprintf(s->lines[s->n++], sizeof s->lines[0], "%s", text);
}

static sei_status read_set(study *s, const char *scenarios)
{
    char text[3000];

    memset(s, 0, sizeof *s);
    s->ctx = sei_ctx_create(NULL);
    snprintf(s->folder, sizeof s->folder, "/tmp/seiryu-scenario-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(s->folder));
    snprintf(s->site, sizeof s->site, "%s/site.yaml", s->folder);
    snprintf(s->file, sizeof s->file, "%s/scenarios.yaml", s->folder);
    snprintf(text, sizeof text, "site: site.yaml\nscenarios:\n%s", scenarios);
    T_OK(s->ctx, sei_file_write(s->ctx, s->site, site_text, strlen(site_text)));
    T_OK(s->ctx, sei_file_write(s->ctx, s->file, text, strlen(text)));
    return sei_scenarios_read(s->ctx, s->file, take, s, &s->set);
}

static void end(study *s)
{
    sei_scenarios_free(s->set);
    sei_ctx_free(s->ctx);
    unlink(s->site);
    unlink(s->file);
    rmdir(s->folder);
}

START_TEST(values_are_changed_added_and_left_alone)
{
    study s;

    ck_assert_int_eq(SEI_OK, read_set(&s, "  - {name: base}\n"
                                          "  - name: other\n"
                                          "    name_ja: 別案\n"
                                          "    set:\n"
                                          "      influent.zn_mg_l: {value: 3, assumed: guess}\n"
                                          "      influent.cd_mg_l: 0.1\n"
                                          "      train.tank.volume_m3: 60\n"
                                          "      train.tank.events: [{what: bypass, after_d: 1}]\n"
                                          "      run.duration_d: 9\n"));
    ck_assert_uint_eq(s.set->n, 2);
    const sei_site *a = s.set->sites[0], *b = s.set->sites[1];
    ck_assert_str_eq(b->scenario, "other");
    ck_assert_str_eq(b->scenario_ja, "別案");
    T_CLOSE(sei_influent_find(&a->influent, "zn", SEI_FRACTION_TOTAL)->constant.value_si, 1.5e-3,
            1e-12);
    T_CLOSE(sei_influent_find(&b->influent, "zn", SEI_FRACTION_TOTAL)->constant.value_si, 3e-3,
            1e-12);
    ck_assert_ptr_null(sei_influent_find(&a->influent, "cd", SEI_FRACTION_TOTAL));
    ck_assert_ptr_nonnull(sei_influent_find(&b->influent, "cd", SEI_FRACTION_TOTAL));
    T_CLOSE(a->units[0].params[0], 30.0, 1e-12);
    T_CLOSE(b->units[0].params[0], 60.0, 1e-12);
    ck_assert_uint_eq(a->units[0].n_events, 0);
    ck_assert_uint_eq(b->units[0].n_events, 1);
    ck_assert_int_eq((b->run.end_us - b->run.start_us) / INT64_C(86400000000), 9);
    ck_assert_str_eq(a->scenario_changes, "");
    ck_assert_str_eq(b->scenario_changes,
                     "influent.zn_mg_l: {value: 3, assumed: guess}\ninfluent.cd_mg_l: 0.1\n"
                     "train.tank.volume_m3: 60\ntrain.tank.events: [{what: bypass, after_d: 1}]\n"
                     "run.duration_d: 9");
    ck_assert_uint_eq(b->n_notes, 1);
    T_CONTAINS(b->notes[0].where.file, "scenarios.yaml");
    ck_assert_uint_eq(b->notes[0].where.line, 7);
    end(&s);
}
END_TEST

START_TEST(problems_name_the_line_of_the_file_that_holds_the_value)
{
    study s;

    ck_assert_int_ne(read_set(&s, "  - name: wrong\n"
                                  "    set:\n"
                                  "      train.tank.volum_m3: 60\n"
                                  "      influent.zn_mg_l: -4\n"
                                  "      train.pond.volume_m3: 3\n"),
                     SEI_OK);
    char all[1000] = "";
    for (size_t i = 0; i < s.n; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s\n", s.lines[i]);
    T_CONTAINS(all, "scenarios.yaml:5: unknown key \"volum_m3\"; did you mean \"volume_m3\"?");
    T_CONTAINS(all, "scenarios.yaml:6: influent.zn_mg_l = -4 is outside");
    T_CONTAINS(all,
               "scenarios.yaml:7: set: \"train.pond.volume_m3\": the site has no \"pond\" there");
    end(&s);
    ck_assert_int_ne(read_set(&s, "  - {name: a}\n  - {name: a}\n"), SEI_OK);
    T_CONTAINS(s.lines[0], "scenarios.yaml:4: scenario \"a\" is in line 3 already");
    end(&s);
}
END_TEST

/* A trapezoid in the flow and in what is dissolved, as the raw water shows it. */
START_TEST(a_storm_comes_holds_and_fades)
{
    study              s;
    sei_scenario_runs *runs = NULL;

    ck_assert_int_eq(
        SEI_OK,
        read_set(&s, "  - name: storm\n"
                     "    disturbances:\n"
                     "      - {kind: storm, after_d: 1, rise_h: 12, duration_h: 24, fall_h: 24, "
                     "flow_factor: 4, concentration_factor: 0.5, air_shift_k: -3}\n"));
    T_OK(s.ctx, sei_scenarios_run(s.ctx, s.set, 1, NULL, &runs));
    ck_assert_uint_eq(runs->n_failed, 0);
    const sei_result *r    = runs->outcomes[0].result;
    const size_t      flow = sei_result_column(r, "flow", SEI_FRACTION_TOTAL);
    const size_t      zn   = sei_result_column(r, "zn", SEI_FRACTION_TOTAL);
    static const struct {
        double t_d, share;
    } ref[] = {{0.5, 0.0}, {1.0, 0.0}, {1.25, 0.5}, {1.5, 1.0}, {2.5, 1.0}, {3.0, 0.5}, {4.0, 0.0}};
    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const size_t t = (size_t)(ref[i].t_d * 4.0);
        T_CLOSE(sei_result_value(r, t, 0, flow), 1e-3 * (1.0 + 3.0 * ref[i].share), 1e-9);
        T_CLOSE(sei_result_value(r, t, 0, zn), 1.5e-3 * (1.0 - 0.5 * ref[i].share), 1e-6);
    }
    const sei_disturbance *d = &s.set->sites[0]->disturbances[0];
    T_CLOSE(sei_disturbance_share(d, d->start_us + (d->full_us - d->start_us) / 4), 0.25, 1e-12);
    sei_scenario_runs_free(runs);
    end(&s);
}
END_TEST

/* A change holds from its instant to the end, whole at once: before it the water is as the influent has it. */
START_TEST(raw_water_changes_for_good)
{
    study              s;
    sei_scenario_runs *runs = NULL;

    ck_assert_int_eq(SEI_OK, read_set(&s, "  - name: roof_fall\n"
                                          "    disturbances:\n"
                                          "      - {kind: change, after_d: 1.25, set: {zn_mg_l: 3, "
                                          "ph: 4.5}, scale: {flow_l_min: 0.5}}\n"
                                          "      - {kind: change, after_d: 2.5, rise_h: 12, scale: "
                                          "{zn_mg_l: 2}}\n"));
    T_OK(s.ctx, sei_scenarios_run(s.ctx, s.set, 1, NULL, &runs));
    ck_assert_uint_eq(runs->n_failed, 0);
    const sei_result *r    = runs->outcomes[0].result;
    const size_t      flow = sei_result_column(r, "flow", SEI_FRACTION_TOTAL);
    const size_t      zn   = sei_result_column(r, "zn", SEI_FRACTION_TOTAL);
    const size_t      ph   = sei_result_column(r, "ph", SEI_FRACTION_TOTAL);
    static const struct {
        double t_d, flow, zn;
    } ref[] = {{0.5, 1.0, 1.5},  {1.0, 1.0, 1.5}, {1.25, 0.5, 3.0}, {2.5, 0.5, 3.0},
               {2.75, 0.5, 4.5}, {3.0, 0.5, 6.0}, {4.0, 0.5, 6.0}};
    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const size_t t = (size_t)(ref[i].t_d * 4.0);
        T_CLOSE(sei_result_value(r, t, 0, flow), 1e-3 * ref[i].flow, 1e-9);
        T_CLOSE(sei_result_value(r, t, 0, zn), 1e-3 * ref[i].zn, 1e-6);
    }
    T_CLOSE(sei_result_value(r, 8, 0, ph), 4.5, 1e-6);
    ck_assert_str_eq(
        s.set->sites[0]->scenario_changes,
        "{kind: change, after_d: 1.25, set: {zn_mg_l: 3, ph: 4.5}, scale: {flow_l_min: 0.5}}\n"
        "{kind: change, after_d: 2.5, rise_h: 12, scale: {zn_mg_l: 2}}");
    sei_scenario_runs_free(runs);
    end(&s);
}
END_TEST

START_TEST(only_what_the_influent_gives_can_change)
{
    study s;

    ck_assert_int_ne(SEI_OK,
                     read_set(&s, "  - name: roof_fall\n"
                                  "    disturbances:\n"
                                  "      - {kind: change, after_d: 1, set: {cd_mg_l: 3}}\n"));
    T_CONTAINS(s.lines[0], "set.cd_mg_l: the influent does not give this quantity");
    end(&s);
}
END_TEST

/* Zinc passes the tank unchanged: each scenario shows its own, whatever the number of threads. */
START_TEST(scenarios_run_apart_from_each_other)
{
    study              s;
    sei_scenario_runs *one = NULL, *two = NULL;

    ck_assert_int_eq(SEI_OK, read_set(&s, "  - {name: base}\n"
                                          "  - {name: rich, set: {influent.zn_mg_l: 3}}\n"
                                          "  - {name: bad, set: {train.tank.cells: 1.5}}\n"));
    T_OK(s.ctx, sei_scenarios_run(s.ctx, s.set, 1, NULL, &one));
    T_OK(s.ctx, sei_scenarios_run(s.ctx, s.set, 3, NULL, &two));
    const double zn[] = {1.5e-3, 3e-3};
    for (size_t i = 0; i < 2; i++) {
        const sei_result *r = one->outcomes[i].result, *q = two->outcomes[i].result;
        const size_t      c = sei_result_column(r, "zn", SEI_FRACTION_TOTAL);
        T_CLOSE(sei_result_value(r, r->n_times - 1, r->n_watches - 1, c), zn[i], 1e-6);
        ck_assert_mem_eq(r->value, q->value,
                         r->n_times * r->n_watches * r->n_columns * sizeof *r->value);
    }
    ck_assert_uint_eq(one->n_failed, 1);
    T_CONTAINS(one->outcomes[2].error, "must be a whole number");
    sei_scenario_runs_free(one);
    sei_scenario_runs_free(two);
    end(&s);
}
END_TEST

static char *csv_of(study *s, sei_rtable *table)
{
    char  *csv = NULL;
    size_t len;

    T_OK(s->ctx, sei_rtable_write(s->ctx, table, SEI_RTABLE_CSV, SEI_LANG_EN, false, &csv, &len));
    sei_rtable_free(table);
    return csv;
}

/* A reader sees at once which limit each scenario breaks, by how much and how often: pH 4 against 5.8 always, zinc at 3 mg/L
 * against 2 from the end of the third day on, at 13 of the 24 instants after the first. Seven scenarios stand in two groups. */
START_TEST(the_overview_tells_which_limits_break)
{
    study              s;
    sei_scenario_runs *runs = NULL;

    ck_assert_int_eq(
        SEI_OK,
        read_set(&s, "  - {name: base}\n  - {name: b}\n  - {name: c}\n  - {name: d}\n"
                     "  - {name: e}\n  - {name: f}\n"
                     "  - name: late\n"
                     "    disturbances: [{kind: change, after_d: 3, set: {zn_mg_l: 3}}]\n"));
    for (size_t i = 0; i < s.set->n; i++) /* a tank that hands on at once what it gets */
        s.set->sites[i]->units[0].params[0] = 1e-3;
    T_OK(s.ctx, sei_scenarios_run(s.ctx, s.set, 1, NULL, &runs));
    char *overview = csv_of(&s, sei_table_scenario_overview(runs));
    T_CONTAINS(overview, "base,fail,pH 4 (24 of 24 times)\n");
    T_CONTAINS(overview, "late,fail,pH 4 (24 of 24 times); Zn total 3 mg/L (13 of 24 times)\n");
    ck_assert_uint_eq(sei_scenario_n_groups(runs), 2);
    char *first  = csv_of(&s, sei_table_scenario_limits(runs, 0));
    char *second = csv_of(&s, sei_table_scenario_limits(runs, 1));
    T_CONTAINS(first, ",base,b,c,d,e,f\n");
    T_CONTAINS(second, ",base,late\n");
    sei_release(s.ctx, overview);
    sei_release(s.ctx, first);
    sei_release(s.ctx, second);
    sei_scenario_runs_free(runs);
    end(&s);
}
END_TEST

/* Lines of the figure of total zinc, in their order: 's'olid or 'd'ashed. */
static sei_status take_looks(void *user, sei_figure *figure, sei_label caption)
{
    char *looks = user;

    (void)caption;
    for (size_t i = 0; i < figure->n_parts && strcmp(figure->name, "scenarios-zn") == 0; i++)
        if (figure->part[i].kind == SEI_PART_LINE)
            strcat(looks, figure->part[i].look == SEI_LOOK_DASHED ? "d" : "s");
    sei_figure_free(figure);
    return SEI_OK;
}

/* Print without colour tells neighbours apart; one that failed is no line and takes no turn. */
START_TEST(lines_of_scenarios_are_solid_and_dashed_in_turn)
{
    study              s;
    sei_scenario_runs *runs      = NULL;
    char               looks[10] = "";

    ck_assert_int_eq(SEI_OK, read_set(&s, "  - {name: base}\n  - {name: b}\n"
                                          "  - {name: bad, set: {train.tank.cells: 1.5}}\n"
                                          "  - {name: c}\n  - {name: d}\n"));
    T_OK(s.ctx, sei_scenarios_run(s.ctx, s.set, 1, NULL, &runs));
    T_OK(s.ctx, sei_scenario_figures(runs, take_looks, looks));
    ck_assert_str_eq(looks, "sdsd");
    sei_scenario_runs_free(runs);
    end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario");
    TCase *tc    = tcase_create("scenario");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, values_are_changed_added_and_left_alone);
    tcase_add_test(tc, problems_name_the_line_of_the_file_that_holds_the_value);
    tcase_add_test(tc, a_storm_comes_holds_and_fades);
    tcase_add_test(tc, scenarios_run_apart_from_each_other);
    tcase_add_test(tc, the_overview_tells_which_limits_break);
    tcase_add_test(tc, lines_of_scenarios_are_solid_and_dashed_in_turn);
    tcase_add_test(tc, raw_water_changes_for_good);
    tcase_add_test(tc, only_what_the_influent_gives_can_change);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
