/* test_restart.c - a run that goes on from its state gives what it would have given without a stop */
#include "t.h"
#include "base/file.h"
#include "base/pack.h"
#include "stopped_run.h"
#include "study/checkpoint.h"

static const char site_text[] =
    "site: {name: test}\n"
    "influent:\n"
    "  flow_l_min: 5.2\n  temp_c: 15\n  ph: 3.5\n  fe_mg_l: 38\n  fe2_share: 0.95\n  zn_mg_l: 18\n"
    "  do_mg_l: 1\n  so4_mg_l: 300\n  ca_mg_l: 40\n  tic_mg_l: 6\n  charge_balance: so4\n"
    "train:\n"
    "  - type: iron_oxidation_bed\n"
    "    name: iron\n    volume_m3: 0.78\n    depth_m: 1\n    cells: 2\n    head_max_m: 0.3\n"
    "    events:\n"
    "      - {what: power_loss, after_d: 1.3, duration_h: 30}\n"
    "  - type: sulfate_reducing_bed\n"
    "    name: srb\n"
    "    volume_m3: 9.36\n"
    "    events:\n"
    "      - {what: add, after_d: 0.7, every_d: 2, medium: bran, layer: bran, mass_kg: 10}\n"
    "      - {what: bypass, after_d: 2.2, duration_h: 24, share: 0.3}\n"
    "    layers:\n"
    "      - {name: bran, depth_m: 0.3, cells: 1, bran_fraction: 0.7, husk_fraction: 0.3}\n"
    "      - {name: mid, depth_m: 1.2, cells: 2, husk_fraction: 0.6, limestone_fraction: 0.4}\n"
    "  - {type: equalisation_tank, name: tank, volume_m3: 8, draw_m3_d: 6}\n";

typedef struct {
    sei_ctx    *ctx;
    sei_site   *site;
    sei_result *result;
    char        state[80];
} study;

static void begin_with(study *s, const char *run, const char *more)
{
    char text[4000];

    memset(s, 0, sizeof *s);
    snprintf(text, sizeof text, "%s%s%s", site_text, run, more);
    s->ctx = sei_ctx_create(NULL);
    T_OK(s->ctx,
         sei_site_parse(s->ctx, "test.yaml", ".", text, strlen(text), NULL, NULL, &s->site));
    snprintf(s->state, sizeof s->state, "/tmp/seiryu-state-%ld.bin", (long)getpid());
}

static void begin(study *s, const char *run)
{
    begin_with(
        s, run,
        "climate: {ground_temperature_c: 9, air_temperature_c: [-4, -3, 0, 6, 12, 16, 20, 21, "
        "17, 10, 4, -1]}\n");
}

static void end(study *s)
{
    sei_result_free(s->result);
    sei_site_free(s->site);
    sei_ctx_free(s->ctx);
    unlink(s->state);
}

static const char run_text[]  = "run: {start: 2024-01-01, duration_d: 5, output_interval_h: 12}\n"
                                "model: {deposits_take_room: true}\n";
static const char head_text[] = "run: {start: 2024-01-01, duration_d: 5, output_interval_h: 12}\n";

/* ---- stopping in the middle of an interval ---------------------------------------------------- */

/* Stops inside an outage and a bypass, between two outputs, and after media were added; with deposits that take room from the
 * water, and with a head that they raise alone. */
START_TEST(a_stopped_run_goes_on_to_the_bit)
{
    static const double fractions[] = {0.05, 0.517, 0.93};
    const char         *text        = _i == 0 ? run_text : head_text;
    study               whole, part, rest;

    begin(&whole, text);
    T_OK(whole.ctx, sei_study_run(whole.ctx, whole.site, NULL, &whole.result));
    for (size_t i = 0; i < T_COUNT(fractions); i++) {
        stopper             stop  = {0, fractions[i]};
        const sei_run_hooks hooks = {stop_at, &stop, &stop.stop};
        begin(&part, text);
        const sei_run_state keep = {.file = part.state};
        T_STATUS(part.ctx, sei_study_run_from(part.ctx, part.site, &keep, &hooks, &part.result),
                 SEI_E_CANCELLED);
        begin(&rest, text);
        const sei_run_state from = {.restart = part.state};
        T_OK(rest.ctx, sei_study_run_from(rest.ctx, rest.site, &from, NULL, &rest.result));
        check_same(whole.result, rest.result);
        ck_assert(rest.result->is_complete);
        end(&rest);
        end(&part);
    }
    end(&whole);
}
END_TEST

/* A checkpoint, and a run of half the length: both lie on the way of the longer one. */
START_TEST(checkpoints_and_shorter_runs_lead_to_the_same_end)
{
    study whole, half, rest;

    begin(&whole, run_text);
    T_OK(whole.ctx, sei_study_run(whole.ctx, whole.site, NULL, &whole.result));
    begin(&half, run_text);
    half.site->run.end_us =
        half.site->run.start_us + (whole.site->run.end_us - whole.site->run.start_us) / 2;
    const sei_run_state keep = {.file = half.state, .every_s = 43200.0};
    T_OK(half.ctx, sei_study_run_from(half.ctx, half.site, &keep, NULL, &half.result));
    begin(&rest, run_text);
    const sei_run_state from = {.restart = half.state, .file = half.state};
    T_OK(rest.ctx, sei_study_run_from(rest.ctx, rest.site, &from, NULL, &rest.result));
    check_same(whole.result, rest.result);
    end(&rest);
    end(&half);
    end(&whole);
}
END_TEST

/* ---- refusals --------------------------------------------------------------------------------- */

static void refuse(const char *state, const char *run, sei_status expected, const char *message)
{
    study s;

    begin(&s, run);
    const sei_run_state from = {.restart = state};
    T_STATUS(s.ctx, sei_study_run_from(s.ctx, s.site, &from, NULL, &s.result), expected);
    T_CONTAINS(sei_ctx_error(s.ctx), message);
    ck_assert_ptr_null(s.result);
    sei_site_free(s.site);
    sei_ctx_free(s.ctx);
}

START_TEST(the_state_of_another_run_is_refused)
{
    study  s;
    char  *bytes = NULL;
    size_t len   = 0;

    begin(&s, "run: {start: 2024-01-01, duration_d: 1, output_interval_h: 12}\n");
    const sei_run_state keep = {.file = s.state};
    T_OK(s.ctx, sei_study_run_from(s.ctx, s.site, &keep, NULL, &s.result));
    refuse(s.state, run_text, SEI_E_KEY, "it was not made from this test.yaml");
    refuse("/tmp/no-such-state.bin", run_text, SEI_E_NOT_FOUND, "no-such-state.bin");
    T_OK(s.ctx, sei_file_read(s.ctx, s.state, 1 << 24, &bytes, &len));
    T_OK(s.ctx, sei_file_write(s.ctx, s.state, bytes, len / 2));
    refuse(s.state, run_text, SEI_E_PARSE, "the file is damaged");
    T_OK(s.ctx, sei_file_write(s.ctx, s.state, "site: {}\n", 9));
    refuse(s.state, run_text, SEI_E_PARSE, "this is no file that seiryu wrote");
    sei_release(s.ctx, bytes);
    end(&s);
}
END_TEST

/* Same files, other period: the state's times lie elsewhere. */
START_TEST(another_start_or_a_nearer_end_is_refused)
{
    study s, again;

    begin(&s, run_text);
    const sei_run_state keep = {.file = s.state};
    T_OK(s.ctx, sei_study_run_from(s.ctx, s.site, &keep, NULL, &s.result));
    const sei_run_state from = {.restart = s.state};
    begin(&again, run_text);
    again.site->run.start_us += 1000000;
    T_STATUS(again.ctx, sei_study_run_from(again.ctx, again.site, &from, NULL, &again.result),
             SEI_E_KEY);
    T_CONTAINS(sei_ctx_error(again.ctx), "other run options or another period");
    again.site->run.start_us -= 1000000;
    again.site->run.end_us = again.site->run.start_us + 86400000000;
    T_STATUS(again.ctx, sei_study_run_from(again.ctx, again.site, &from, NULL, &again.result),
             SEI_E_RANGE);
    sei_site_free(again.site);
    sei_ctx_free(again.ctx);
    end(&s);
}
END_TEST

/* Without a ground temperature it is the mean of the air over the run: another end, another model. */
START_TEST(an_end_that_changes_the_ground_is_refused)
{
    static const char climate[] =
        "climate: {air_temperature_c: [-4, -3, 0, 6, 12, 16, 20, 21, 17, 10, 4, -1]}\n";
    study s, again;

    begin_with(&s, run_text, climate);
    const sei_run_state keep = {.file = s.state};
    T_OK(s.ctx, sei_study_run_from(s.ctx, s.site, &keep, NULL, &s.result));
    begin_with(&again, run_text, climate);
    again.site->run.end_us += 20 * INT64_C(86400000000);
    const sei_run_state from = {.restart = s.state};
    T_STATUS(again.ctx, sei_study_run_from(again.ctx, again.site, &from, NULL, &again.result),
             SEI_E_KEY);
    sei_site_free(again.site);
    sei_ctx_free(again.ctx);
    end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("restart");
    TCase *tc    = tcase_create("restart");

    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, a_stopped_run_goes_on_to_the_bit, 0, 2);
    tcase_add_test(tc, checkpoints_and_shorter_runs_lead_to_the_same_end);
    tcase_add_test(tc, the_state_of_another_run_is_refused);
    tcase_add_test(tc, an_end_that_changes_the_ground_is_refused);
    tcase_add_test(tc, another_start_or_a_nearer_end_is_refused);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
