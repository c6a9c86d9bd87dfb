/* test_heat.c - sun and snow on a unit: steady temperature and time constant in closed form, snow by degree-days */
#include <unistd.h>

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

/* ---- measured weather ---- */

/* Rows of an hour each for some days, as a CSV file; the number of column k at an hour is value(k, hour). */
static void write_weather(const char *path, const char *header, size_t columns, int hours,
                          double (*value)(size_t k, int hour))
{
    FILE *f = fopen(path, "w");

    ck_assert_ptr_nonnull(f);
    fprintf(f, "%s\n", header);
    for (int h = 0; h < hours; h++) {
        fprintf(f, "2024-01-%02d %02d:00", 1 + h / 24, h % 24);
        for (size_t k = 0; k < columns; k++)
            fprintf(f, ",%g", value(k, h));
        fprintf(f, "\n");
    }
    ck_assert_int_eq(fclose(f), 0);
}

/* Air at 10 degC; 200 W/m2 from six to six. */
static double clear_days(size_t k, int hour)
{
    return k == 0 ? 10.0 : hour % 24 >= 6 && hour % 24 < 18 ? 200.0 : 0.0;
}

/* Air at -5 degC; 1 mm of snow in every hour of the third day, and 12 mm more in one of the fifth. */
static double snowy_days(size_t k, int hour)
{
    return k == 0 ? -5.0 : hour / 24 == 2 ? 1.0 : hour == 4 * 24 + 7 ? 12.0 : 0.0;
}

static run with_weather(const char *path, const char *more, const char *mode)
{
    char text[1600];

    snprintf(text, sizeof text,
             WATER "climate: {file: %s, interpolation: step%s}\n" TANK(
                 "") "run: {start: "
                     "2024-01-01, duration_d: 8, mode: %s, max_step_h: 24}\n",
             path, more, mode);
    return parse(text);
}

/* Days and nights of sun act as their mean, however long the steps are: 100 W/m2 as above. */
START_TEST(sun_as_a_series_acts_as_its_mean_over_the_day)
{
    char path[80];

    snprintf(path, sizeof path, "/tmp/seiryu-heat-%ld.csv", (long)getpid());
    write_weather(path, "time,air_temp_c,sun_w_m2", 2, 9 * 24, clear_days);
    run          r    = with_weather(path, "", "transient");
    const double rise = 900.0 / (qc_w_k + ua_w_k), tau_s = c_j_k / (qc_w_k + ua_w_k);
    T_OK(r.ctx, sei_study_run(r.ctx, r.site, NULL, &r.result));
    for (size_t d = 1; d < r.result->n_times; d++)
        T_NEAR(temp_c(&r, d), 10.0 + rise * (1.0 - exp(-86400.0 * (double)d / tau_s)), 0.05);
    end(&r);
    unlink(path);
}
END_TEST

/* 24 mm of water lie as 96 mm of snow of 250 kg/m3 from the fourth day on, 144 mm from the sixth. */
START_TEST(precipitation_as_a_series_makes_the_snow)
{
    char      path[80];
    sei_snow *snow = NULL;

    snprintf(path, sizeof path, "/tmp/seiryu-heat-%ld.csv", (long)getpid());
    write_weather(path, "日時,気温(℃),降水量(mm)", 2, 9 * 24, snowy_days);
    run r = with_weather(path, "", "transient");
    T_OK(r.ctx, sei_snow_create(r.ctx, r.site, NULL, &snow));
    const int64_t start = r.site->run.start_us;
    T_NEAR(sei_snow_depth_m(snow, start + 2 * SEI_US_PER_DAY), 0.0, 1e-12);
    T_NEAR(sei_snow_depth_m(snow, start + 3 * SEI_US_PER_DAY), 0.096, 1e-9);
    T_NEAR(sei_snow_depth_m(snow, start + 5 * SEI_US_PER_DAY), 0.144, 1e-9);
    sei_snow_free(snow);
    end(&r);
    unlink(path);
}
END_TEST

static void refused(const char *csv, const char *more, const char *expected)
{
    char      path[80], text[1600];
    sei_ctx  *ctx  = sei_ctx_create(NULL);
    sei_site *site = NULL;

    snprintf(path, sizeof path, "/tmp/seiryu-heat-%ld.csv", (long)getpid());
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(csv, f);
    ck_assert_int_eq(fclose(f), 0);
    snprintf(text, sizeof text, WATER "climate: {file: %s%s}\n" TANK("") RUN("steady"), path, more);
    ck_assert_int_ne(sei_site_parse(ctx, "site.yaml", ".", text, strlen(text), NULL, NULL, &site),
                     SEI_OK);
    T_CONTAINS(sei_ctx_error(ctx), expected);
    sei_ctx_free(ctx);
    unlink(path);
}

START_TEST(bad_weather_files_are_refused_with_their_line)
{
    refused("time,air_temp_c,sun_mj_m2_d\n2024-01-01,1,8\n2024-01-02,1,abc\n", "", ".csv:3");
    refused("time,sun_mj_m2_d\n2024-01-01,8\n", "", "has no column air_temp_c");
    refused("time,air_temp_c,sun_mj_m2_d\n2024-01-01,1,8\n", ", sun_mj_m2_d: 9",
            "column sun_mj_m2_d of \"file\" gives again what \"sun_mj_m2_d\" gives in line 3");
    refused("time,air_temp_c,precipitation_mm\n2024-01-01,1,8\n2024-01-08,1,8\n", "",
            "intervals of more than a day");
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
    tcase_add_test(tc, sun_as_a_series_acts_as_its_mean_over_the_day);
    tcase_add_test(tc, precipitation_as_a_series_makes_the_snow);
    tcase_add_test(tc, bad_weather_files_are_refused_with_their_line);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
