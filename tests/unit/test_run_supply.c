/* test_run_supply.c - sites with reagents and sludge: results, steady against long run, warnings */
#include "site_run.h"

#define WATER                                                                                    \
    "site: {name: \"supply\"}\n"                                                                 \
    "climate: {air_temperature_c: 15}\n"                                                         \
    "influent: {flow_l_min: 600, temp_c: 15, ph: 3.2, fe_mg_l: 60, fe2_share: 0.6, zn_mg_l: 6, " \
    "al_mg_l: 12, ca_mg_l: 60, mg_mg_l: 20, do_mg_l: 4, so4_mg_l: 500, tic_mg_l: 8, "            \
    "charge_balance: so4}\n"

#define PLANT                                                                                     \
    "train:\n"                                                                                    \
    "  - {type: dosing_tank, name: lime, reagent: \"Ca(OH)2\", volume_m3: 18, set_ph: 8.5}\n"     \
    "  - {type: thickener, name: thickener, volume_m3: 100, recycle_ratio: 10, sludge_age_d: 1, " \
    "sludge_to: lime}\n"

static bool warns(const run *r, const char *part)
{
    for (size_t i = 0; i < r->result->n_warnings; i++)
        if (strstr(r->result->warnings[i], part))
            return true;
    return false;
}

static double value_at_end(const run *r, const char *watch, const char *quantity)
{
    return sei_result_value(r->result, r->result->n_times - 1, sei_result_watch(r->result, watch),
                            sei_result_column(r->result, quantity, SEI_FRACTION_TOTAL));
}

/* Calcium that leaves in water and sludge is what came in and what was bought: product times purity. */
START_TEST(lime_and_sludge_are_in_the_result)
{
    run r = go(WATER PLANT "run: {start: 2024-04-01, duration_d: 30}\n");

    ck_assert_uint_eq(r.result->n_doses, 1);
    ck_assert_uint_eq(r.result->n_sludges, 2);
    const sei_result_dose *dose = &r.result->doses[0];
    ck_assert_str_eq(dose->reagent->key, "Ca(OH)2");
    T_CLOSE(dose->purity, 0.96, 1e-12);
    T_CLOSE(dose->dissolution, 0.80, 1e-12);
    T_CLOSE(dose->product_kg, dose->mean_kg_s * 30.0 * 86400.0, 1e-9);
    T_CLOSE(dose->mean_kg_m3, dose->mean_kg_s / 0.01, 1e-6);
    T_CLOSE(r.result->dose_kg_s[r.result->n_times - 1], dose->mean_kg_s, 0.02);
    for (size_t i = 0; i < r.result->n_books; i++)
        ck_assert_msg(r.result->books[i].imbalance < 1e-10, "%s", r.result->books[i].element);
    for (size_t i = 0; i < r.result->n_books; i++)
        if (strcmp(r.result->books[i].element, "Ca") == 0)
            T_CLOSE(r.result->books[i].in_mol,
                    0.01 * 30.0 * 86400.0 * 60.0 / 40.078 + dose->product_kg * 0.96 / 0.0740927,
                    1e-4);
    const sei_result_sludge *waste = &r.result->sludges[0], *back = &r.result->sludges[1];
    ck_assert_uint_eq(waste->to, SIZE_MAX);
    ck_assert_uint_eq(back->to, 0);
    T_CLOSE(back->dry_kg, 10.0 * waste->dry_kg, 1e-9);
    /* 3 + 22 (1 - exp(-10/8)) per cent; the sludge is its solids and the rest water */
    T_CLOSE(waste->solids_fraction, 0.03 + 0.22 * (1.0 - exp(-1.25)), 1e-9);
    T_CLOSE(waste->mean_m3_s * waste->sludge_kg_m3 * waste->solids_fraction, waste->mean_kg_s,
            1e-9);
    end(&r);
}
END_TEST

START_TEST(steady_run_is_the_end_of_a_long_one)
{
    run a = go(WATER PLANT "run: {start: 2024-04-01, duration_d: 40, output_interval_h: 240}\n"),
        b = go(WATER PLANT "run: {mode: steady, start: 2024-04-01}\n");

    T_NEAR(value_at_end(&a, "thickener", "ph"), value_at_end(&b, "thickener", "ph"), 0.01);
    T_CLOSE(value_at_end(&a, "thickener", "ss"), value_at_end(&b, "thickener", "ss"), 0.01);
    T_CLOSE(a.result->dose_kg_s[a.result->n_times - 1], b.result->doses[0].mean_kg_s, 0.002);
    ck_assert_double_gt(b.result->sludges[0].mean_kg_s, 0.0);
    T_CLOSE(a.result->sludges[0].mean_kg_s, b.result->sludges[0].mean_kg_s, 0.05);
    end(&a);
    end(&b);
}
END_TEST

/* A day without power: the feeder rests, the water stays acid, then all goes on. */
START_TEST(loss_of_power_stops_the_feeder)
{
    run r =
        go(WATER "train:\n"
                 "  - type: dosing_tank\n    name: lime\n    reagent: NaOH\n    volume_m3: 18\n"
                 "    set_ph: 8.5\n"
                 "    events:\n      - {what: power_loss, date: 2024-04-03T00:00, duration_h: 24}\n"
                 "run: {start: 2024-04-01, duration_d: 5, output_interval_h: 6}\n");
    const size_t watch = sei_result_watch(r.result, "lime"),
                 ph    = sei_result_column(r.result, "ph", SEI_FRACTION_TOTAL);

    T_NEAR(sei_result_value(r.result, 7, watch, ph), 8.5, 0.01);
    ck_assert_double_lt(sei_result_value(r.result, 11, watch, ph), 4.0);
    ck_assert(r.result->dose_kg_s[11] == 0.0);
    T_NEAR(sei_result_value(r.result, 19, watch, ph), 8.5, 0.01);
    end(&r);
}
END_TEST

static void stop_in_the_middle(void *user, double fraction)
{
    volatile sig_atomic_t *stop = user;

    *stop = *stop || fraction >= 0.55;
}

/* Stopped within an outage, with sludge on its way round: the run that goes on ends at the same bits, and its
 * reagents are those of the run that never stopped. */
START_TEST(restart_keeps_feeders_and_pumps)
{
    static const char text[] =
        WATER "train:\n"
              "  - type: dosing_tank\n    name: lime\n    reagent: Ca(OH)2\n    volume_m3: 18\n"
              "    set_ph: 8.5\n"
              "    events:\n      - {what: power_loss, after_d: 3, duration_h: 48, share: 0.5}\n"
              "  - {type: thickener, name: thickener, volume_m3: 100, recycle_ratio: 10, "
              "sludge_age_d: 1, sludge_to: lime}\n"
              "run: {start: 2024-04-01, duration_d: 7, output_interval_h: 12}\n";
    volatile sig_atomic_t stop  = 0;
    const sei_run_hooks   hooks = {stop_in_the_middle, (void *)(uintptr_t)&stop, &stop};
    char                  file[80];
    run                   whole = go(text), part = {0}, rest = {0};

    snprintf(file, sizeof file, "/tmp/seiryu-supply-%ld.bin", (long)getpid());
    run *const          runs[]   = {&part, &rest};
    const sei_run_state states[] = {{.file = file}, {.restart = file}};
    for (size_t i = 0; i < 2; i++) {
        runs[i]->ctx = sei_ctx_create(NULL);
        T_OK(runs[i]->ctx, sei_site_parse(runs[i]->ctx, "supply.yaml", ".", text, strlen(text),
                                          NULL, NULL, &runs[i]->site));
        T_STATUS(runs[i]->ctx,
                 sei_study_run_from(runs[i]->ctx, runs[i]->site, &states[i], i ? NULL : &hooks,
                                    &runs[i]->result),
                 i ? SEI_OK : SEI_E_CANCELLED);
    }
    const sei_result *a = whole.result, *b = rest.result;
    ck_assert_uint_eq(a->n_times, b->n_times);
    ck_assert_mem_eq(a->value, b->value,
                     a->n_times * a->n_watches * a->n_columns * sizeof *a->value);
    ck_assert_mem_eq(a->dose_kg_s, b->dose_kg_s, a->n_times * a->n_doses * sizeof *a->dose_kg_s);
    ck_assert_mem_eq(&a->doses[0].product_kg, &b->doses[0].product_kg, sizeof(double));
    ck_assert_mem_eq(&a->sludges[1].dry_kg, &b->sludges[1].dry_kg, sizeof(double));
    unlink(file);
    end(&rest);
    end(&part);
    end(&whole);
}
END_TEST

START_TEST(what_goes_beyond_practice_is_said)
{
    run r =
        go(WATER "train:\n"
                 "  - {type: dosing_tank, name: lime, reagent: NaOH, volume_m3: 18, set_ph: 8}\n"
                 "  - {type: aerobic_wetland, name: reeds, area_m2: 100, depth_m: 1, "
                 "settling_1_h: 2}\n"
                 "  - {type: thickener, name: small, volume_m3: 2, sludge_age_d: 30}\n"
                 "run: {start: 2024-04-01, duration_d: 20}\n");

    ck_assert(warns(&r, "unit \"reeds\" removes"));
    ck_assert(warns(&r, "unit \"small\": at the end its sludge fills"));
    end(&r);

    r = go(WATER PLANT "run: {start: 2024-04-01, duration_d: 5}\n");
    ck_assert(!warns(&r, "sludge fills"));
    end(&r);
}
END_TEST

/* ---- refused ---- */

static void refuse(const char *train, const char *message)
{
    sei_ctx  *ctx  = sei_ctx_create(NULL);
    sei_site *site = NULL;
    char      text[2000];

    snprintf(text, sizeof text, "%s%srun: {start: 2024-04-01, duration_d: 1}\n", WATER, train);
    const sei_status st =
        sei_site_parse(ctx, "supply.yaml", ".", text, strlen(text), NULL, NULL, &site);
    ck_assert_int_ne(st, SEI_OK);
    T_CONTAINS(sei_ctx_error(ctx), message);
    sei_ctx_free(ctx);
}

START_TEST(words_of_the_wrong_unit_are_refused)
{
    refuse("train:\n  - {type: dosing_tank, name: a, volume_m3: 1}\n",
           "train[1] lacks \"reagent\" (Ca(OH)2, CaO, CaCO3, NaOH, Na2CO3 or MgO)");
    refuse("train:\n  - {type: tank, name: a, volume_m3: 1, reagent: NaOH}\n",
           "train[1]: a tank takes no reagent");
    refuse("train:\n  - {type: tank, name: a, volume_m3: 1, sludge_to: b}\n",
           "train[1]: a tank has no sludge to recycle");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run_supply");
    TCase *tc    = tcase_create("supply");

    tcase_add_test(tc, lime_and_sludge_are_in_the_result);
    tcase_add_test(tc, steady_run_is_the_end_of_a_long_one);
    tcase_add_test(tc, loss_of_power_stops_the_feeder);
    tcase_add_test(tc, restart_keeps_feeders_and_pumps);
    tcase_add_test(tc, what_goes_beyond_practice_is_said);
    tcase_add_test(tc, words_of_the_wrong_unit_are_refused);
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
