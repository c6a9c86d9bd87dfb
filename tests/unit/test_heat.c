/* test_heat.c - sun and snow on a unit: steady temperature and time constant in closed form, snow by degree-days */
#include "base/clock.h"
#include "base/constants.h"
#include "site_run.h"
#include "study/snow.h"

/* 10 m3 under 10 m2, walls and ground insulated, 1 m3/d: C = 41.86 MJ/K, Q c = 48.45 W/K, U A = 100 W/K. */
#define WATER                                                                             \
    "site: {name: heat}\n"                                                                \
    "influent: {flow_m3_d: 1, temp_c: 10, ph: 7, ca_mg_l: 20, so4_mg_l: 48, do_mg_l: 9, " \
    "tic_mg_l: 5, charge_balance: so4}\n"
#define TANK(more)                                                                \
    "train:\n"                                                                    \
    "  - {type: tank, name: tank, volume_m3: 10, area_m2: 10, u_top_w_m2_k: 10, " \
    "u_wall_w_m2_k: 0, u_ground_w_m2_k: 0, sun_absorbed: 0.9, " more "}\n"
#define RUN(mode) "run: {start: 2024-01-01, duration_d: 8, mode: " mode ", max_step_h: 2}\n"

static const double qc_w_k = 1000.0 / 86400.0 * 4186.0, ua_w_k = 100.0, c_j_k = 1e4 * 4186.0;

static double temp_c(const run *r, size_t time)
{
    return sei_result_value(r->result, time, r->result->n_watches - 1,
                            sei_result_column(r->result, "temp", SEI_FRACTION_TOTAL)) -
           SEI_ZERO_CELSIUS;
}

/* 8.64 MJ/m2/d = 100 W/m2, of which 0.9 on 10 m2: 900 W. */
START_TEST(sun_warms_to_the_steady_temperature_with_the_time_constant)
{
    run r =
        go(WATER "climate: {air_temperature_c: 10, sun_mj_m2_d: 8.64}\n" TANK("") RUN("transient"));
    run s =
        go(WATER "climate: {air_temperature_c: 10, sun_mj_m2_d: 8.64}\n" TANK("") RUN("steady"));
    const double rise = 900.0 / (qc_w_k + ua_w_k), tau_s = c_j_k / (qc_w_k + ua_w_k);

    T_NEAR(temp_c(&s, 0), 10.0 + rise, 1e-6);
    for (size_t d = 1; d < r.result->n_times; d++)
        T_NEAR(temp_c(&r, d), 10.0 + rise * (1.0 - exp(-86400.0 * (double)d / tau_s)), 0.02);
    end(&r);
    end(&s);
}
END_TEST

/* The same radiation in other units, and as twelve means. */
START_TEST(radiation_may_be_given_in_other_units)
{
    static const char twelve[] = "sun_mj_m2_d: [8.64, 8.64, 8.64, 8.64, 8.64, 8.64, 8.64, 8.64, "
                                 "8.64, 8.64, 8.64, 8.64]";
    static const char *const sun[] = {"sun_w_m2: 100", "sun_kwh_m2_d: 2.4", twelve};
    char                     text[1200];

    for (size_t i = 0; i < T_COUNT(sun); i++) {
        snprintf(text, sizeof text,
                 WATER "climate: {air_temperature_c: 10, %s}\n" TANK("") RUN("steady"), sun[i]);
        run r = go(text);
        T_NEAR(temp_c(&r, 0), 10.0 + 900.0 / (qc_w_k + ua_w_k), 1e-6);
        end(&r);
    }
}
END_TEST

/* 30 cm of snow: R = 0.3/0.15 = 2 m2 K/W in series with 1/10. Without snow the tank would be at its freezing point. */
START_TEST(snow_insulates_and_keeps_the_sun_off)
{
    static const char covered[] =
        WATER "climate: {air_temperature_c: -10, sun_mj_m2_d: 8.64, snow_depth_cm: 30, "
              "snow_conductivity_w_m_k: 0.15}\n" TANK("snow_covered: 1") RUN("steady");
    static const char bare[] =
        WATER "climate: {air_temperature_c: -10, snow_depth_cm: 30}\n" TANK("snow_covered: 0")
            RUN("steady");
    static const char half[] = WATER
        "climate: {air_temperature_c: -5, snow_depth_cm: 30, snow_conductivity_w_m_k: 0.15}\n" TANK(
            "snow_covered: 0.5") RUN("steady");
    const double under = ua_w_k / 10.0 / (0.1 + 2.0), sun = 900.0 * exp(-0.3 / 0.05);
    run          a = go(covered), b = go(bare), c = go(half);

    T_NEAR(temp_c(&a, 0), (qc_w_k * 10.0 - under * 10.0 + sun) / (qc_w_k + under), 1e-6);
    T_NEAR(temp_c(&b, 0), 0.0, 1e-9);
    const double both = 0.5 * (under + ua_w_k);
    T_NEAR(temp_c(&c, 0), fmax(0.0, (qc_w_k * 10.0 - both * 5.0) / (qc_w_k + both)), 1e-6);
    end(&a);
    end(&b);
    end(&c);
}
END_TEST

START_TEST(snow_falls_in_the_cold_and_melts_by_degree_days)
{
    const double day = 86400.0, mm_d = 1e-3 / day, f = 3.5 * 1e-3 / day; /* m/K/s */

    T_CLOSE(sei_snow_after_m(0.0, 270.0, 5.0 * mm_d, f, 3.0 * day), 0.015, 1e-12);
    T_CLOSE(sei_snow_after_m(0.1, 278.15, 0.0, f, 2.0 * day), 0.1 - 2.0 * 5.0 * 3.5e-3, 1e-12);
    T_CLOSE(sei_snow_after_m(0.1, 278.15, 5.0 * mm_d, f, 2.0 * day), 0.065, 1e-12); /* rain */
    T_NEAR(sei_snow_after_m(0.01, 283.15, 0.0, f, day), 0.0, 0.0);
    T_NEAR(sei_snow_shade(0.0), 0.0, 0.0);
}
END_TEST

/* Always -5 degC and 4 mm/d: a year before the run and 10 days of it make 375 x 4 mm of water, six metres at 250 kg/m3. */
START_TEST(a_run_in_winter_starts_under_snow)
{
    run       r    = parse(WATER "climate: {air_temperature_c: -5, precipitation_mm_d: 4, "
                                          "snow_density_kg_m3: 250}\n" TANK("") RUN("transient"));
    sei_snow *snow = NULL;

    r.site->run.end_us = r.site->run.start_us + 20 * SEI_US_PER_DAY;
    T_OK(r.ctx, sei_snow_create(r.ctx, r.site, NULL, &snow));
    ck_assert_ptr_nonnull(snow);
    T_CLOSE(sei_snow_depth_m(snow, r.site->run.start_us + 10 * SEI_US_PER_DAY), 6.0, 1e-9);
    T_CLOSE(sei_snow_depth_m(snow, r.site->run.start_us + 5 * SEI_US_PER_DAY / 2),
            4.0 * 367.5e-3 * 4.0, 1e-9);
    sei_snow_free(snow);
    end(&r);
}
END_TEST

/* No precipitation, no depth: no snow. */
START_TEST(without_precipitation_there_is_no_snow)
{
    run       r    = parse(WATER "climate: {air_temperature_c: -5}\n" TANK("") RUN("transient"));
    sei_snow *snow = NULL;

    T_OK(r.ctx, sei_snow_create(r.ctx, r.site, NULL, &snow));
    ck_assert_ptr_null(snow);
    end(&r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("heat");
    TCase *tc    = tcase_create("heat");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, sun_warms_to_the_steady_temperature_with_the_time_constant);
    tcase_add_test(tc, radiation_may_be_given_in_other_units);
    tcase_add_test(tc, snow_insulates_and_keeps_the_sun_off);
    tcase_add_test(tc, snow_falls_in_the_cold_and_melts_by_degree_days);
    tcase_add_test(tc, a_run_in_winter_starts_under_snow);
    tcase_add_test(tc, without_precipitation_there_is_no_snow);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
