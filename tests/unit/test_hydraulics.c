/* test_hydraulics.c - head over beds by hand, and beds that clog, overflow and are cleaned */
#include "base/buf.h"
#include "plant/plant.h"
#include "plant_case.h"
#include "seiryu/result.h"

/*
 * 1 m2 by 1 m of grains of 5 mm, porosity 0.4, 1 L/s. By hand:
 * 150 * 1.31e-6 * 0.6^2 * 1e-3/(9.80665 * 0.4^3 * 25e-6) = 4.5084e-3 m and
 * 1.75 * 0.6 * 1e-6/(9.80665 * 0.4^3 * 5e-3) = 3.3459e-4 m.
 */
START_TEST(head_equals_ergun_by_hand)
{
    plant_case *c = case_full();

    const size_t u = case_unit(c, "limestone_bed", "bed");
    case_set(c, u, "volume_m3", 1.0);
    case_set(c, u, "depth_m", 1.0);
    case_set(c, u, "porosity", 0.4);
    case_set(c, u, "flow_grain_mm", 5.0);
    case_set(c, u, "head_max_m", 0.02);
    case_build(c);
    double                    none[64] = {0.0};
    const sei_unit_hydraulics h        = sei_plant_hydraulics(c->plant, 0, none, 1e-3);
    T_CLOSE(h.head_m, 4.5084e-3 + 3.3459e-4, 1e-4);
    T_CLOSE(h.porosity, 0.4, 1e-12);
    /* 4.5084 Q + 334.59 Q^2 = 0.02 by hand: Q = (-4.5084 + sqrt(4.5084^2 + 4 * 334.59 * 0.02))/669.18 */
    T_CLOSE(h.flow_max_m3_s, (-4.5084 + sqrt(4.5084 * 4.5084 + 4 * 334.59 * 0.02)) / 669.18, 1e-4);

    /* a tenth of the bed full of deposits, evenly: porosity 0.3 */
    double full[64];
    for (size_t i = 0; i < 64; i++)
        full[i] = 0.1 / 8.0;
    const sei_unit_hydraulics k = sei_plant_hydraulics(c->plant, 0, full, 1e-3);
    T_CLOSE(k.porosity, 0.3, 1e-12);
    T_CLOSE(h.pore_m3, 0.4, 1e-12);
    T_CLOSE(k.pore_m3, 0.3, 1e-12);
    T_CLOSE(h.permeability, 1.0, 1e-12);
    T_CLOSE(k.permeability, (0.027 / 0.49) / (0.064 / 0.36), 1e-9); /* e^3/(1 - e)^2 */
    T_CLOSE(k.head_m,
            150 * 1.31e-6 * 0.49 * 1e-3 / (9.80665 * 0.027 * 25e-6) +
                1.75 * 0.7 * 1e-6 / (9.80665 * 0.027 * 5e-3),
            1e-6);

    /* growing by 0.1 m3 in 1e6 s the bed passes 1 L/s until its head is 0.02 m: bracketed by hand */
    double growth[64], work[64];
    for (size_t i = 0; i < 64; i++)
        growth[i] = 0.1 / 8.0 / 1e6;
    const double t = sei_plant_time_to_clog_s(c->plant, 0, none, growth, 1e-3, work);
    for (size_t i = 0; i < 64; i++)
        work[i] = growth[i] * t;
    T_CLOSE(sei_plant_hydraulics(c->plant, 0, work, 1e-3).head_m, 0.02, 1e-4);
    case_close(c);
}
END_TEST

static const char head_text[] =
    "site: {name: test}\n"
    "influent:\n"
    "  flow_l_min: 5.2\n  temp_c: 15\n  ph: 3.5\n  fe_mg_l: 38\n  fe2_share: 0.95\n"
    "  do_mg_l: 1\n  so4_mg_l: 300\n  ca_mg_l: 40\n  tic_mg_l: 6\n  charge_balance: so4\n"
    "climate: {air_temperature_c: 10}\n"
    "run: {start: 2024-01-01, duration_d: 60, relative_tolerance: 0.01}\n"
    "train:\n"
    "  - {type: iron_oxidation_bed, name: iron, volume_m3: 0.78, depth_m: 1, cells: 2, "
    "flow_grain_mm: 0.5,\n     head_max_m: 0.01, deposit_kg_m3: 60";

static sei_result_unit run(const char *events, double *ret_worst)
{
    sei_ctx    *ctx    = sei_ctx_create(NULL);
    sei_site   *site   = NULL;
    sei_result *result = NULL;
    sei_buf     text;

    sei_buf_init(&text, ctx, 100000);
    sei_buf_puts(&text, head_text);
    sei_buf_puts(&text, events);
    T_OK(ctx, sei_site_parse(ctx, "test.yaml", ".", text.text, text.len, NULL, NULL, &site));
    T_OK(ctx, sei_study_run(ctx, site, NULL, &result));
    const sei_result_unit unit = result->units[0];
    *ret_worst                 = 0.0;
    for (size_t i = 0; i < result->n_books; i++)
        *ret_worst = fmax(*ret_worst, result->books[i].imbalance);
    sei_buf_done(&text);
    sei_result_free(result);
    sei_site_free(site);
    sei_ctx_free(ctx);
    return unit;
}

/* Deposits close the pores until water goes around the bed; cleaning every ten days keeps them open. */
START_TEST(a_bed_clogs_overflows_and_is_cleaned)
{
    double                worst;
    const sei_result_unit left = run("}\n", &worst);
    ck_assert_double_lt(worst, 1e-8);
    ck_assert_double_lt(left.hydraulics.porosity, 0.6);
    ck_assert_double_gt(left.hydraulics.overflow_share, 0.01);
    ck_assert_double_lt(left.hydraulics.flow_max_m3_s, left.mean_flow_m3_s);
    ck_assert_double_lt(left.hydraulics.clogs_in_s, 2.0);
    /* the retention time that holds now: what deposits leave of the pores, by the flow; a few lie in the inlet and in
     * the chamber behind the bed */
    T_CLOSE(left.hydraulics.pore_m3, left.pore_m3 - left.hydraulics.deposit_m3, 0.02);
    T_CLOSE(left.hydraulics.hrt_pore_s, left.hydraulics.pore_m3 / left.mean_flow_m3_s, 1e-12);
    ck_assert_double_lt(left.hydraulics.hrt_pore_s, 0.95 * left.hrt_pore_s);

    const sei_result_unit kept =
        run(", events: [{what: clean, after_d: 10, every_d: 10}]}\n", &worst);
    ck_assert_double_lt(worst, 1e-8);
    ck_assert_double_eq(kept.hydraulics.overflow_share, 0.0);
    ck_assert_double_gt(kept.hydraulics.porosity, left.hydraulics.porosity);
    ck_assert_double_gt(kept.hydraulics.clogs_in_s, 86400.0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hydraulics");
    TCase *tc    = tcase_create("hydraulics");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, head_equals_ergun_by_hand);
    tcase_add_test(tc, a_bed_clogs_overflows_and_is_cleaned);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
