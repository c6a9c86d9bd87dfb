/* test_equalisation.c - a tank that is drawn from at a constant rate: level, flow, mixing and books in closed form */
#include "site_run.h"

/* 100 m3, from the half, drawn at 100 m3/d down to a tenth. */
#define SITE(flow, more)                                                                         \
    "site: {name: tank}\nclimate: {air_temperature_c: 10}\n"                                     \
    "influent: {flow_m3_d: " flow ", temp_c: 10, ph: 6, zn_mg_l: 1, ca_mg_l: 20, so4_mg_l: 60, " \
    "do_mg_l: 9, tic_mg_l: 5, charge_balance: so4}\n"                                            \
    "train:\n"                                                                                   \
    "  - {type: equalisation_tank, name: tank, volume_m3: 100, kla_o2_1_h: 0, "                  \
    "draw_m3_d: 100" more "}\n"
#define RUN(days)                                                           \
    "run: {start: 2024-04-01, duration_d: " days ", output_interval_h: 3, " \
    "relative_tolerance: 0.0005}\n"

static run balanced(const char *text)
{
    run r = go(text);

    for (size_t i = 0; i < r.result->n_unit_books; i++)
        ck_assert_msg(r.result->unit_books[i].imbalance < 1e-9, "%s: %g",
                      r.result->unit_books[i].element, r.result->unit_books[i].imbalance);
    for (size_t i = 0; i < r.result->n_books; i++)
        ck_assert_msg(r.result->books[i].imbalance < 1e-9, "%s: %g", r.result->books[i].element,
                      r.result->books[i].imbalance);
    return r;
}

/* Of the discharge after t_d; flow in m3/d, zinc in mg/L. */
static double flow_m3_d(const run *r, double t_d)
{
    return 86400.0 * sei_result_value(r->result, (size_t)(t_d * 8.0 + 0.5),
                                      r->result->n_watches - 1,
                                      sei_result_column(r->result, "flow", SEI_FRACTION_TOTAL));
}

static double zn_mg_l(const run *r, double t_d)
{
    return 1e3 * sei_result_value(r->result, (size_t)(t_d * 8.0 + 0.5), r->result->n_watches - 1,
                                  sei_result_column(r->result, "zn", SEI_FRACTION_TOTAL));
}

/* What the tank gained of zinc, mol: at 1 mg/L it shows the water. */
static double zinc_gain_mol(const run *r)
{
    for (size_t i = 0; i < r->result->n_books; i++)
        if (strcmp(r->result->books[i].element, "Zn") == 0)
            return r->result->books[i].change_mol;
    ck_abort_msg("no book of zinc");
    return 0.0;
}

/* 60 come, 100 go: 50 m3 fall by 40 a day to 10 m3 after a day; then what comes goes. */
START_TEST(the_level_falls_to_its_lower_bound)
{
    run half = balanced(SITE("60", "") RUN("0.5")), r = balanced(SITE("60", "") RUN("3"));

    T_CLOSE(zinc_gain_mol(&half), -20.0 / 65.38, 1e-3);
    T_CLOSE(flow_m3_d(&r, 0.5), 100.0, 1e-9);
    T_CLOSE(flow_m3_d(&r, 0.875), 100.0, 1e-9);
    T_CLOSE(flow_m3_d(&r, 2.0), 60.0, 1e-3);
    T_CLOSE(zinc_gain_mol(&r), -(40.0 - 0.02 * 90.0 * 0.6) / 65.38, 2e-3); /* fading draw */
    end(&half);
    end(&r);
}
END_TEST

/* 150 come, 100 go: full after a day, then 50 go over the weir: 100 of the 450 m3 of three days. */
START_TEST(what_the_tank_does_not_hold_goes_over_the_weir)
{
    run r = balanced(SITE("150", "") RUN("3"));

    T_CLOSE(flow_m3_d(&r, 0.875), 100.0, 1e-9);
    T_CLOSE(flow_m3_d(&r, 2.0), 150.0, 1e-3);
    T_CLOSE(r.result->units[0].hydraulics.overflow_share, 100.0 / 450.0, 0.03);
    T_CLOSE(zinc_gain_mol(&r), 50.0 / 65.38, 2e-3);
    end(&r);
}
END_TEST

/* Zinc goes from 1 to 3 mg/L after a quarter of a day, when 40 m3 are left: C = 3 - 2 (V/40)^1.5 with V = 50 - 40 t. */
START_TEST(mixing_follows_the_level)
{
    run r = balanced(
        SITE("60",
             "") "disturbances: [{kind: change, after_d: 0.25, set: {zn_mg_l: 3}}]\n" RUN("0.875"));

    for (double t = 0.375; t < 0.8; t += 0.125)
        T_CLOSE(zn_mg_l(&r, t), 3.0 - 2.0 * pow((50.0 - 40.0 * t) / 40.0, 1.5), 2e-3);
    end(&r);
}
END_TEST

/* The level as a result has it: 50 m3 that fall by 40 a day, to a tenth of 100; what comes and what goes over the weir. */
START_TEST(level_and_overflow_are_recorded)
{
    run low = balanced(SITE("60", "") RUN("3")), high = balanced(SITE("150", "") RUN("3"));

    ck_assert_uint_eq(low.result->n_tanks, 1);
    ck_assert_uint_eq(low.result->tank_unit[0], 0);
    for (size_t t = 0; t < low.result->n_times; t++) {
        const double *now = low.result->tank + t * SEI_TANK_NUMBERS, d = (double)t / 8.0;
        if (d < 0.95)
            T_CLOSE(now[SEI_TANK_WATER_M3], 50.0 - 40.0 * d, 1e-6);
        if (d > 1.5)
            T_CLOSE(now[SEI_TANK_WATER_M3], 10.0 + 0.02 * 90.0 * 0.6, 1e-3);
        T_CLOSE(now[SEI_TANK_IN_M3_S] * 86400.0, 60.0, 1e-9);
        ck_assert_double_eq_tol(now[SEI_TANK_WEIR_M3_S], 0.0, 1e-15);
    }
    const double *last =
        high.result->tank + (high.result->n_times - 1) * high.result->n_tanks * SEI_TANK_NUMBERS;
    T_CLOSE(last[SEI_TANK_WATER_M3], 100.0 + 1e-3 * 90.0 * 0.5,
            1e-6); /* half a draw over the weir */
    T_CLOSE(last[SEI_TANK_WEIR_M3_S] * 86400.0, 50.0, 1e-3);
    end(&low);
    end(&high);
}
END_TEST

/* Half a day of 200 and half of nothing like it: what leaves is even. */
START_TEST(a_storm_leaves_as_an_even_flow)
{
    run r = balanced(
        SITE("90", "") "disturbances: [{kind: storm, after_d: 1, rise_h: 6, duration_h: 6, "
                       "fall_h: 6, flow_factor: 3}]\n" RUN("2"));

    for (double t = 0.0; t < 1.4; t += 0.125)
        T_CLOSE(flow_m3_d(&r, t), 100.0, 1e-9);
    end(&r);
}
END_TEST

START_TEST(at_rest_what_comes_goes)
{
    run low  = balanced(SITE("60", "") "run: {start: 2024-04-01, mode: steady}\n");
    run high = balanced(SITE("150", "") "run: {start: 2024-04-01, mode: steady}\n");

    T_CLOSE(flow_m3_d(&low, 0.0), 60.0, 1e-9);
    T_CLOSE(flow_m3_d(&high, 0.0), 150.0, 1e-9);
    T_CLOSE(zn_mg_l(&high, 0.0), 1.0, 1e-6);
    end(&low);
    end(&high);
}
END_TEST

START_TEST(a_draw_needs_one_mixed_volume)
{
    static const char text[] = SITE("60", ", cells: 2") RUN("1");
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_site         *site   = NULL;
    sei_result       *result = NULL;

    T_OK(ctx, sei_site_parse(ctx, "eq.yaml", ".", text, strlen(text), NULL, NULL, &site));
    ck_assert_int_eq(sei_study_run(ctx, site, NULL, &result), SEI_E_ARG);
    T_CONTAINS(sei_ctx_error(ctx), "set cells to 1");
    sei_site_free(site);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("equalisation");
    TCase *tc    = tcase_create("equalisation");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, the_level_falls_to_its_lower_bound);
    tcase_add_test(tc, what_the_tank_does_not_hold_goes_over_the_weir);
    tcase_add_test(tc, mixing_follows_the_level);
    tcase_add_test(tc, level_and_overflow_are_recorded);
    tcase_add_test(tc, a_storm_leaves_as_an_even_flow);
    tcase_add_test(tc, at_rest_what_comes_goes);
    tcase_add_test(tc, a_draw_needs_one_mixed_volume);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
