/* test_sensitivity.c - differences against what is known of a tank that changes nothing */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "study/sensitivity.h"
#include "t.h"

static const char site_text[] =
    "site: {name: Tank}\n"
    "influent: {flow_l_min: 60, temp_c: 10, ph: 4, zn_mg_l: 2, cd_mg_l: 0.05, so4_mg_l: 50}\n"
    "climate: {air_temperature_c: 10}\n"
    "train:\n  - {type: tank, name: tank, volume_m3: 3}\n"
    "run: {start: 2024-04-01, duration_d: 2, output_interval_h: 12, mode: steady}\n";

static size_t output_of(const sei_sensitivities *s, const char *key)
{
    size_t o = 0;

    while (strcmp(s->nominal->columns[s->outputs[o].column].quantity->key, key) != 0)
        o++;
    return o;
}

static size_t input_of(const sei_sensitivities *s, const char *path)
{
    size_t i = 0;

    while (strcmp(s->knobs->knobs[s->inputs[i].knob].path, path) != 0)
        i++;
    return i;
}

/* Beside each table a figure; that of zinc has zinc on top. */
static void check_page(sei_ctx *ctx, const char *path, size_t zn)
{
    char  *page = NULL, figure[60];
    size_t len  = 0;

    T_OK(ctx, sei_file_read(ctx, path, 100000000, &page, &len));
    snprintf(figure, sizeof figure, "id=\"figure-response-%zu\"", zn + 1);
    T_CONTAINS(page, figure);
    T_CONTAINS(page, "Zn total, mean: sensitivities. Largest: influent.zn_mg_l +1 % gives 1 %");
    T_CONTAINS(page, "1 %増やしたときの放流水の変化");
    T_CONTAINS(page, "when one number grows by 1 %: the elasticity");
    T_CONTAINS(page, "discharge&#39;s pH when one number grows by 1 %."); /* no percents */
    sei_release(ctx, page);
}

/* What leaves is what enters: Zn follows Zn one to one and nothing else, pH follows pH. */
START_TEST(a_tank_that_changes_nothing_hands_on_what_it_gets)
{
    const double       z90    = 1.2815515655446004;
    sei_ctx           *ctx    = sei_ctx_create(NULL);
    sei_site          *site   = NULL;
    sei_result        *result = NULL;
    sei_sensitivities *s      = NULL;

    T_OK(ctx,
         sei_site_parse(ctx, "tank.yaml", ".", site_text, strlen(site_text), NULL, NULL, &site));
    T_OK(ctx, sei_study_run(ctx, site, NULL, &result));
    T_OK(ctx, sei_sensitivities_run(ctx, result, 2, NULL, &s));
    const size_t zn = output_of(s, "zn"), ph = output_of(s, "ph");
    const size_t by_zn = input_of(s, "influent.zn_mg_l"), by_ph = input_of(s, "influent.ph"),
                 by_flow = input_of(s, "influent.flow_l_min");
    T_CLOSE(sei_sensitivity_elasticity(s, by_zn, zn), 1.0, 1e-6);
    T_NEAR(sei_sensitivity_elasticity(s, by_flow, zn), 0.0, 1e-6);
    /* P90 - P10 of a log-normal factor with P90/P50 = 1.15 on 2 mg/L */
    T_CLOSE(sei_sensitivity_swing(s, by_zn, zn) * 1e3, 2.0 * (1.15 - 1.0 / 1.15), 1e-6);
    /* a normal shift with deviation 0.1; a law of the air or a mineral may move pH by a trace */
    T_CLOSE(sei_sensitivity_swing(s, by_ph, ph), 2.0 * z90 * 0.1, 1e-3);
    /* per percent of the number, percent of the output; pH by pH; what zinc's log K does to zinc: nothing */
    T_CLOSE(sei_sensitivity_response(s, by_zn, zn), 1.0, 1e-6);
    T_CLOSE(sei_sensitivity_response(s, by_ph, ph), 0.1, 1e-3);
    T_NEAR(sei_sensitivity_response(s, input_of(s, "log_k.ZnSO4"), zn), 0.0, 1e-6);
    size_t *order = calloc(s->n_inputs, sizeof *order);
    sei_sensitivity_rank(s, zn, order);
    ck_assert_uint_eq(order[0], by_zn);
    for (size_t i = 1; i < s->n_inputs; i++) {
        ck_assert_int_eq(s->inputs[i].status, SEI_OK);
        ck_assert(!(fabs(sei_sensitivity_swing(s, order[i - 1], zn)) <
                    fabs(sei_sensitivity_swing(s, order[i], zn))));
    }
    ck_assert_uint_lt(input_of(s, "log_k.Smithsonite"), s->n_inputs);
    ck_assert_uint_lt(input_of(s, "log_k.ZnSO4"), s->n_inputs);
    char folder[] = "/tmp/sei_sensitivity.XXXXXX", command[80];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    T_OK(ctx, sei_sensitivities_save(ctx, s, folder));
    ck_assert_uint_gt(s->n_outputs, 1); /* a table each */
    snprintf(command, sizeof command, "%s/report.html", folder);
    check_page(ctx, command, zn);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    free(order);
    sei_sensitivities_free(s);
    sei_result_free(result);
    sei_site_free(site);
    sei_ctx_free(ctx);
}
END_TEST

/* An oxidising bed: iron falls out on the way, so that laws, constants and sizes count. */
static const char bed_text[] = "site: {name: Bed}\n"
                               "influent: {flow_l_min: 5.2, temp_c: 10, ph: 4, fe_mg_l: %.17g, "
                               "fe2_share: 0.95, do_mg_l: 1, so4_mg_l: 300,\n"
                               "  ca_mg_l: 40, na_mg_l: 10, cl_mg_l: 8, charge_balance: so4}\n"
                               "climate: {air_temperature_c: 10}\n"
                               "train:\n"
                               "  - {type: iron_oxidation_bed, name: bed, volume_m3: 0.78, "
                               "depth_m: 1, cells: 4, husk_share: 1, inlet_aeration: 0.6%s}\n"
                               "run: {start: 2024-04-20, duration_d: 16, output_interval_h: 24}\n";

static sei_result *run_of(sei_ctx *ctx, const char *text, sei_site **site)
{
    sei_result *result = NULL;

    T_OK(ctx, sei_site_parse(ctx, "bed.yaml", ".", text, strlen(text), NULL, NULL, site));
    T_OK(ctx, sei_study_run(ctx, *site, NULL, &result));
    return result;
}

/* Means of the calendar months of April and May as they stand in the series, the lowest or the highest. */
static double month_of(sei_ctx *ctx, const sei_result *r, size_t column, bool lowest)
{
    sei_digest *d      = NULL;
    double      sum[2] = {0.0, 0.0}, n[2] = {0.0, 0.0}, si;

    T_OK(ctx, sei_digest_create(ctx, r, &d));
    for (size_t t = d->first; t < r->n_times; t++) {
        const size_t may = t >= 11; /* 20 April is the first */
        if (sei_digest_value(d, t, d->discharge, column, &si)) {
            sum[may] += si;
            n[may] += 1.0;
        }
    }
    sei_digest_free(d);
    ck_assert(n[0] > 1.0 && n[1] > 1.0);
    return lowest ? fmin(sum[0] / n[0], sum[1] / n[1]) : fmax(sum[0] / n[0], sum[1] / n[1]);
}

static size_t month_output(const sei_sensitivities *s, const char *key)
{
    size_t o = output_of(s, key);

    while (!s->outputs[o].is_worst_month)
        o++;
    return o;
}

/* Both ends of a number against runs of a file that says so. */
static void check_number(sei_ctx *ctx, const sei_sensitivities *s, const char *path)
{
    const size_t i       = input_of(s, path);
    const bool   is_iron = strcmp(path, "influent.fe_mg_l") == 0;

    ck_assert_int_eq(s->inputs[i].status, SEI_OK);
    for (int high = 0; high < 2; high++) {
        const sei_knob *k     = &s->knobs->knobs[s->inputs[i].knob];
        const double    shown = sei_knob_shown(k, high ? s->inputs[i].high : s->inputs[i].low);
        char            text[2000], capacity[80] = "";
        sei_site       *site = NULL;
        if (!is_iron)
            snprintf(capacity, sizeof capacity, ", biofilm_capacity_mol_m3_d: %.17g", shown);
        snprintf(text, sizeof text, bed_text, is_iron ? shown : 38.0, capacity);
        sei_result *r = run_of(ctx, text, &site);
        for (int ph = 0; ph < 2; ph++) {
            const size_t  o = month_output(s, ph ? "ph" : "fe");
            const double *y = (high ? s->y_high : s->y_low) + i * s->n_outputs;
            ck_assert_int_eq(s->outputs[o].is_lowest, ph);
            T_CLOSE(y[o], month_of(ctx, r, s->outputs[o].column, ph), 1e-9);
        }
        sei_result_free(r);
        sei_site_free(site);
    }
}

START_TEST(through_time_each_number_is_as_a_run_of_its_own)
{
    sei_ctx           *ctx  = sei_ctx_create(NULL);
    sei_site          *site = NULL;
    sei_sensitivities *s    = NULL;
    char               text[2000];

    snprintf(text, sizeof text, bed_text, 38.0, "");
    sei_result *result = run_of(ctx, text, &site);
    T_OK(ctx, sei_sensitivities_run(ctx, result, 2, NULL, &s));
    check_number(ctx, s, "influent.fe_mg_l");
    check_number(ctx, s, "train.bed.biofilm_capacity_mol_m3_d");
    for (size_t i = 0; i < s->n_inputs; i++) /* there is no bran */
        ck_assert_ptr_null(strstr(s->knobs->knobs[s->inputs[i].knob].path, "hydrolysis-bran"));
    sei_sensitivities_free(s);
    sei_result_free(result);
    sei_site_free(site);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sensitivity");
    TCase *tc    = tcase_create("sensitivity");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, a_tank_that_changes_nothing_hands_on_what_it_gets);
    tcase_add_test(tc, through_time_each_number_is_as_a_run_of_its_own);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
