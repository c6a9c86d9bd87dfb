/*
 * test_examples_agree.c - every bundled example: what goes on from a state is what was never stopped, to the bit; and the
 * steady state is what a run through time stays at, and where it comes to from raw water
 *
 *     test_examples_agree         stops and first half hours
 *     test_examples_agree long    and runs of sixty days
 */
#include "base/buf.h"
#include "base/file.h"
#include "stopped_run.h"
#include "study/result_hrt.h"
#include "study/run.h"
#include "study/site.h"

static const char *const examples[] = {"iron-bed-monitoring", "jogmec-bench-35l",
                                       "jogmec-pilot",        "lime-hds",
                                       "vertical-flow-pond",  "wetland-honko"};

typedef struct {
    sei_ctx    *ctx;
    sei_site   *site;
    sei_result *result;
} study;

/* The example with some of its numbers changed, as a scenario changes them. */
static void begin(study *s, const char *name, const char *set)
{
    char    folder[300], path[320], *text = NULL;
    size_t  len;
    sei_buf changes;

    *s = (study){.ctx = sei_ctx_create(NULL)};
    snprintf(folder, sizeof folder, "%s/examples/%s", SEI_PROJECT_DIR, name);
    snprintf(path, sizeof path, "%s/site.yaml", folder);
    T_OK(s->ctx, sei_file_read(s->ctx, path, 1 << 20, &text, &len));
    sei_buf_init(&changes, s->ctx, 4000);
    sei_buf_printf(&changes, "site: site.yaml\nscenarios:\n  - {name: changed, set: {%s}}\n", set);
    const sei_overlay overlay = {"changes.yaml", changes.text, changes.len, 0};
    T_OK(s->ctx,
         sei_site_parse_changed(s->ctx, path, folder, text, len, &overlay, NULL, NULL, &s->site));
    sei_buf_done(&changes);
    sei_release(s->ctx, text);
}

static void end(study *s)
{
    sei_result_free(s->result);
    sei_site_free(s->site);
    sei_ctx_free(s->ctx);
}

/* ---- a state and what goes on from it --------------------------------------------------------- */

/* Stopped between two outputs, somewhere in a storm. */
START_TEST(what_was_stopped_goes_on_to_the_bit)
{
    static const char set[] =
        "run.duration_d: 6, run.output_interval_h: 12, run.relative_tolerance: "
        "0.01, disturbances: [{kind: storm, after_d: 1.3}]";
    stopper             stop  = {0, 0.413};
    const sei_run_hooks hooks = {stop_at, &stop, &stop.stop};
    study               whole, part, rest;
    char                file[60];

    snprintf(file, sizeof file, "/tmp/seiryu-agree-%ld.bin", (long)getpid());
    begin(&whole, examples[_i], set);
    T_OK(whole.ctx, sei_study_run(whole.ctx, whole.site, NULL, &whole.result));
    begin(&part, examples[_i], set);
    const sei_run_state keep = {.file = file}, from = {.restart = file};
    T_STATUS(part.ctx, sei_study_run_from(part.ctx, part.site, &keep, &hooks, &part.result),
             SEI_E_CANCELLED);
    begin(&rest, examples[_i], set);
    T_OK(rest.ctx, sei_study_run_from(rest.ctx, rest.site, &from, NULL, &rest.result));
    check_same(whole.result, rest.result);
    ck_assert_uint_lt(part.result->n_times, whole.result->n_times);
    unlink(file);
    end(&whole);
    end(&part);
    end(&rest);
}
END_TEST

/* ---- steady ----------------------------------------------------------------------------------- */

/* Constant weather; a bed has filled with nothing yet when it begins. */
#define STILL_AIR "climate: {air_temperature_c: 12}, run.relative_tolerance: 0.005, "

static void run_changed(study *s, const char *name, const char *set)
{
    begin(s, name, set);
    T_OK(s->ctx, sei_study_run(s->ctx, s->site, NULL, &s->result));
}

/* Water behind every unit at the last instant of both: within `own` of what there is, and a share `raw` of the raw water's;
 * of suspended solids, which raw water has none of, within 0.1 mg/L. */
static void check_close(const sei_result *a, const sei_result *b, double own, double raw)
{
    const size_t in = sei_result_watch(a, "raw");

    for (size_t w = 0; w < a->n_watches; w++)
        for (size_t c = 0; c < a->n_columns; c++) {
            const double x      = sei_result_value(a, a->n_times - 1, w, c);
            const double y      = sei_result_value(b, b->n_times - 1, w, c);
            const bool   is_ss  = strcmp(a->columns[c].quantity->key, "ss") == 0;
            const double before = is_ss ? 1e-4 / raw : fabs(sei_result_value(a, 0, in, c));
            ck_assert_msg(fabs(x - y) <= own * fabs(x) + raw * before + 1e-9,
                          "%s %s: %.6g and %.6g", a->watches[w].key, a->columns[c].quantity->key, x,
                          y);
        }
}

/* Half an hour after it nothing has moved but what deposits have begun to take: stage equations and steady ones are the same. */
START_TEST(a_run_that_begins_at_the_steady_state_stays_there)
{
    study rest, run;

    run_changed(&rest, examples[_i], STILL_AIR "run.mode: steady");
    run_changed(&run, examples[_i],
                STILL_AIR "run.initial: steady, run.duration_d: 0.02, run.output_interval_h: 0.1");
    ck_assert_uint_gt(run.result->stats.steps, 4);
    check_close(rest.result, run.result, 5e-3, 1e-4);
    end(&rest);
    end(&run);
}
END_TEST

/* Where nothing ages, the steady state is what a long run from raw water ends at: here, with a sludge that is pumped. That
 * pumps move half a bed a step at most asks for 504 steps; a pH that is held asks for as many again while sludge gathers. */
START_TEST(a_plant_that_does_not_age_comes_to_its_steady_state)
{
    study rest, run;

    run_changed(&rest, "lime-hds", STILL_AIR "run.mode: steady");
    run_changed(&run, "lime-hds", STILL_AIR "run.duration_d: 60");
    check_close(rest.result, run.result, 3e-3, 1e-5);
    ck_assert_uint_lt(run.result->stats.steps, 1200);
    end(&rest);
    end(&run);
}
END_TEST

/* Deposits gather, take metals and release acid as they age: beds leave the steady state of the clean bed. But where a run
 * comes to hangs no more on where it began. */
START_TEST(runs_from_raw_water_and_from_the_steady_state_meet)
{
    study raw, rest;

    run_changed(&raw, examples[_i], STILL_AIR "run.duration_d: 60");
    run_changed(&rest, examples[_i], STILL_AIR "run.duration_d: 60, run.initial: steady");
    check_close(rest.result, raw.result, 0.02, 0.01);
    end(&raw);
    end(&rest);
}
END_TEST

/* What a column moved in the last `days`: the water of a train lags behind its deposits by its way through it. */
static double moved(const sei_result *r, size_t days, size_t watch, size_t column)
{
    const size_t last = r->n_times - 1; /* a row a day */

    return fabs(sei_result_value(r, last, watch, column) -
                sei_result_value(r, last > days ? last - days : 0, watch, column));
}

/* Over the deposits of `days` the water found at once is what the run through time has there: all columns behind all units within
 * 1 % and what they moved in the last five days. */
static void check_rest_over_deposits(const char *name, int days)
{
    study  rest, run;
    char   at_once[400], in_time[300];
    size_t n = 0;

    snprintf(in_time, sizeof in_time, STILL_AIR "run.duration_d: %d, run.output_interval_h: 24",
             days);
    snprintf(at_once, sizeof at_once, "%s, run.mode: steady, run.deposits_after_d: %d", in_time,
             days);
    run_changed(&rest, name, at_once);
    run_changed(&run, name, in_time);
    const sei_result *a = run.result, *b = rest.result;
    ck_assert_uint_eq(b->n_times, 1);
    ck_assert(b->time_us[0] == a->time_us[a->n_times - 1]);
    ck_assert(b->rest.component && !a->rest.component && !a->solid_mol_s);
    for (size_t w = 0; w < a->n_watches; w++)
        for (size_t c = 0; c < a->n_columns; c++, n++) {
            const double x   = sei_result_value(a, a->n_times - 1, w, c);
            const double y   = sei_result_value(b, 0, w, c);
            const double raw = fabs(sei_result_value(a, 0, sei_result_watch(a, "raw"), c));
            ck_assert_msg(fabs(x - y) <= 0.01 * fabs(x) + 1e-4 * raw + moved(a, 5, w, c) + 1e-7,
                          "%s %s: %.6g and %.6g", a->watches[w].key, a->columns[c].quantity->key, x,
                          y);
        }
    ck_assert_uint_gt(n, 20);
    end(&rest);
    end(&run);
}

START_TEST(the_steady_state_over_deposits_is_where_a_run_is)
{
    check_rest_over_deposits(examples[_i], 60);
}
END_TEST

START_TEST(the_steady_state_over_deposits_is_where_a_long_run_is)
{
    check_rest_over_deposits(examples[_i], 365);
}
END_TEST

/* The deposits of a run, and so the water at rest over them, hang on how long its steps are by no more than half a percent: one of
 * the solver's own, up to a day, and two hours. */
START_TEST(the_steady_state_over_deposits_is_the_same_whatever_the_step)
{
#define OVER_30_D STILL_AIR "run.duration_d: 30, run.mode: steady, run.deposits_after_d: 30"
    study own, short_steps;

    run_changed(&own, "wetland-honko", OVER_30_D);
    run_changed(&short_steps, "wetland-honko", OVER_30_D ", run.max_step_h: 2");
    ck_assert_uint_gt(short_steps.result->stats.steps, 3 * own.result->stats.steps);
    check_close(short_steps.result, own.result, 5e-3, 1e-4);
    end(&own);
    end(&short_steps);
}
END_TEST

/* A bed of deposits says so; a tank has nothing that goes on. */
START_TEST(a_steady_state_tells_what_goes_on_in_its_beds)
{
    study  rest;
    double iron_mol_s = 0.0;

    run_changed(&rest, "iron-bed-monitoring", STILL_AIR "run.mode: steady");
    const sei_result *r  = rest.result;
    const size_t      fe = sei_result_column(r, "fe", SEI_FRACTION_TOTAL);
    const double      in = sei_result_value(r, 0, sei_result_watch(r, "raw"), fe);
    const double      q  = sei_result_value(r, 0, sei_result_watch(r, "raw"),
                                            sei_result_column(r, "flow", SEI_FRACTION_TOTAL));
    for (size_t s = 0; s < r->n_solids; s++)
        iron_mol_s += r->solid_mol_s[s] * (strcmp(r->solid_name[s], "Schwertmannite") == 0 ? 8.0
                                           : strcmp(r->solid_name[s], "Ferrihydrite") == 0 ? 1.0
                                           : strcmp(r->solid_name[s], "Goethite") == 0     ? 1.0
                                                                                           : 0.0);
    /* what the water loses of iron is what the bed gains */
    T_CLOSE(iron_mol_s * 0.055845, (in - sei_result_value(r, 0, r->n_watches - 1, fe)) * q, 2e-3);
    end(&rest);
}
END_TEST

/* 5.2 m3/s through 0.78 m3, where 5.2 L/min are meant, is told in both languages; the examples as they are draw nothing. */
START_TEST(a_residence_time_beyond_all_figures_is_told)
{
    study s;

    run_changed(&s, examples[_i], "run.duration_d: 0.02, run.output_interval_h: 0.48");
    for (size_t u = 0; u < s.result->n_units; u++)
        ck_assert_msg(!sei_hrt_is_outside(s.result, u), "%s", sei_hrt_words(s.result, u).en);
    end(&s);
    if (_i > 0)
        return;
    run_changed(&s, examples[_i],
                "run.duration_d: 0.02, run.output_interval_h: 0.48, influent.flow_l_min: 312000");
    ck_assert(sei_hrt_is_outside(s.result, 0));
    const sei_words w = sei_hrt_words(s.result, 0);
    T_CONTAINS(w.en, "\"iron_bed\": its nominal residence time, 4.17e-05 h");
    T_CONTAINS(w.ja, "4.17e-05 h");
    end(&s);
}
END_TEST

int main(int argc, char **argv)
{
    const bool is_long    = argc > 1 && strcmp(argv[1], "long") == 0;
    Suite     *suite      = suite_create("examples agree with themselves");
    TCase     *tc         = tcase_create("examples");
    const int  examples_n = (int)T_COUNT(examples);

    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, what_was_stopped_goes_on_to_the_bit, 0, examples_n);
    tcase_add_loop_test(tc, a_run_that_begins_at_the_steady_state_stays_there, 0, examples_n);
    tcase_add_loop_test(tc, the_steady_state_over_deposits_is_where_a_run_is, 0, examples_n);
    tcase_add_test(tc, the_steady_state_over_deposits_is_the_same_whatever_the_step);
    tcase_add_test(tc, a_steady_state_tells_what_goes_on_in_its_beds);
    TCase *told = tcase_create("told");
    tcase_set_timeout(told, 300);
    tcase_add_loop_test(told, a_residence_time_beyond_all_figures_is_told, 0, examples_n);
    suite_add_tcase(suite, told);
    if (is_long) {
        tcase_add_test(tc, a_plant_that_does_not_age_comes_to_its_steady_state);
        tcase_add_loop_test(tc, the_steady_state_over_deposits_is_where_a_long_run_is, 0,
                            examples_n);
        tcase_add_loop_test(tc, runs_from_raw_water_and_from_the_steady_state_meet, 0, examples_n);
    }
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
