/*
 * ground.c - seasonal temperature of the ground at a depth, from that of the air
 *
 * A half-space whose surface swings as A cos(w t) swings at the depth z as A exp(-z/d) cos(w t - z/d) around the same mean,
 * d = sqrt(2 a/w) with the thermal diffusivity a (Carslaw & Jaeger 1959, section 2.6). Only the wave of a year is kept: of
 * that of a day, d is a nineteenth, nothing is left at the depth of a bed.
 */
#include "study/ground.h"

#include <math.h>

#include "base/clock.h"
#include "base/constants.h"

enum { YEAR_D = 365, LEAST_DAYS = 300 };

static const double two_pi = 6.283185307179586477;

static double phase(int64_t time_us)
{
    return two_pi * ((double)time_us / 1e6 / SEI_DAY_S) / SEI_JULIAN_YEAR_D;
}

bool sei_ground_wave_of(const sei_climate_row *air, int64_t start_us, int64_t utc_offset_us,
                        sei_ground_wave *ret_wave, bool *ret_has_wave)
{
    sei_series_cursor cursor = {0};
    double            sum = 0.0, c = 0.0, s = 0.0, temp;
    size_t            n = 0;

    for (int64_t d = 0; d < YEAR_D; d++) {
        const int64_t t = start_us + d * SEI_US_PER_DAY;
        if (!sei_climate_at(air, &cursor, t, utc_offset_us, &temp))
            continue;
        sum += temp;
        c += temp * cos(phase(t));
        s += temp * sin(phase(t));
        n++;
    }
    if (n == 0)
        return false;
    *ret_has_wave = n >= LEAST_DAYS;
    *ret_wave     = (sei_ground_wave){.mean_k = sum / (double)n};
    if (*ret_has_wave) { /* the mean itself would leave a rest where days are missing */
        double cm = 0.0, sm = 0.0;
        for (int64_t d = 0; d < YEAR_D; d++) {
            const int64_t t = start_us + d * SEI_US_PER_DAY;
            cm += cos(phase(t));
            sm += sin(phase(t));
        }
        ret_wave->cosine_k = 2.0 / (double)n * (c - ret_wave->mean_k * cm);
        ret_wave->sine_k   = 2.0 / (double)n * (s - ret_wave->mean_k * sm);
    }
    return true;
}

double sei_ground_wave_at(const sei_ground_wave *wave, double depth_m, double damping_m,
                          int64_t time_us)
{
    const double lag = depth_m / damping_m, t = phase(time_us) - lag;

    return wave->mean_k + exp(-lag) * (wave->cosine_k * cos(t) + wave->sine_k * sin(t));
}
