/* test_ground.c - the ground's wave of a year against the half-space of Carslaw & Jaeger */
#include "base/clock.h"
#include "study/ground.h"
#include "t.h"

static const double pi = 3.141592653589793;

static sei_ground_wave wave_of(const sei_climate_row *air)
{
    sei_ground_wave wave = {0};
    bool            has  = false;

    ck_assert(sei_ground_wave_of(air, 1711897200000000, 0, &wave, &has)); /* 2024-03-31 15:00 UTC */
    ck_assert(has);
    return wave;
}

/* Months of 8 + 12 cos, warmest in the middle of July; straight lines between them keep (sin x/x)^2 of the wave, x = pi/12. */
static sei_climate_row months(void)
{
    sei_climate_row air = {.kind = SEI_CLIMATE_MONTHLY};

    for (int m = 0; m < 12; m++)
        air.monthly_k[m] = 281.15 + 12.0 * cos(2.0 * pi * (m - 6) / 12.0);
    return air;
}

static void warmest(const sei_ground_wave *wave, double depth_m, double *ret_swing, double *ret_day)
{
    double low = 1e9, high = -1e9;

    for (int d = 0; d < 366; d++) { /* days of 2025 */
        const double t =
            sei_ground_wave_at(wave, depth_m, 2.2, 1735689600000000 + (int64_t)d * SEI_US_PER_DAY);
        low = fmin(low, t);
        if (t > high) {
            high     = t;
            *ret_day = d;
        }
    }
    *ret_swing = 0.5 * (high - low);
}

START_TEST(surface_swings_as_the_air)
{
    const sei_climate_row air  = months();
    const sei_ground_wave wave = wave_of(&air);
    double                swing, day;

    T_NEAR(wave.mean_k, 281.15, 0.1);
    warmest(&wave, 0.0, &swing, &day);
    T_CLOSE(swing, 12.0 * pow(sin(pi / 12.0) / (pi / 12.0), 2.0), 5e-3);
    T_NEAR(day, 195.0, 3.0); /* 15 July; months are not of equal length */
}
END_TEST

/* At the damping depth 1/e is left, a radian late: 365.25/(2 pi) = 58.1 days. */
START_TEST(depth_damps_and_delays)
{
    const sei_climate_row air  = months();
    const sei_ground_wave wave = wave_of(&air);
    double                swing, day, deep, late;

    warmest(&wave, 0.0, &swing, &day);
    warmest(&wave, 2.2, &deep, &late);
    T_CLOSE(deep, swing * exp(-1.0), 1e-3);
    T_NEAR(late - day, 58.1, 1.1);
    warmest(&wave, 22.0, &deep, &late);
    ck_assert_double_lt(deep, 1e-3);
}
END_TEST

START_TEST(constant_air_has_no_wave)
{
    const sei_climate_row air  = {.kind = SEI_CLIMATE_CONSTANT, .constant_k = 280.0};
    const sei_ground_wave wave = wave_of(&air);

    T_NEAR(sei_ground_wave_at(&wave, 0.0, 2.2, 0), 280.0, 1e-9);
    T_NEAR(hypot(wave.cosine_k, wave.sine_k), 0.0, 1e-9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ground");
    TCase *tc    = tcase_create("ground");

    tcase_add_test(tc, surface_swings_as_the_air);
    tcase_add_test(tc, depth_damps_and_delays);
    tcase_add_test(tc, constant_air_has_no_wave);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
