/*
 * snow.c - snow on the ground along a run: what falls in the cold, and the melt by degree-days
 *
 *     dS/dt = P [T < 1 degC] - f max(0, T - 0 degC)      S >= 0, as water
 *
 * with the degree-day factor f (Kuusisto 1980: 3.5 mm/K/d on open ground in Finland). The cover is carried on from day to
 * day; twelve monthly means are run through a year beforehand, so that a run that starts in winter starts under snow.
 */
#include "study/snow.h"

#include <math.h>

#include "base/clock.h"
#include "base/constants.h"

enum { BEFORE_D = 365, DAYS_MAX = 40000 };

/* All below falls as snow. An assumption: rain and snow mix between 0 and 2 degC. */
static const double snowfall_k = SEI_ZERO_CELSIUS + 1.0;
/* Depth in which light falls to 37 %. An assumption: a few centimetres of snow are dark. */
static const double light_depth_m = 0.05;

struct sei_snow {
    sei_ctx        *ctx;
    const sei_site *site;
    int64_t         start_us;
    size_t          n;
    double         *water_m; /* at the beginning of day i */
};

double sei_snow_after_m(double water_m, double air_k, double precipitation_m_s,
                        double degree_day_m_k_s, double dt_s)
{
    const double falls = air_k < snowfall_k ? precipitation_m_s : 0.0;
    const double melts = degree_day_m_k_s * fmax(0.0, air_k - SEI_ZERO_CELSIUS);

    return fmax(0.0, water_m + dt_s * (falls - melts));
}

double sei_snow_shade(double depth_m)
{
    return 1.0 - exp(-depth_m / light_depth_m);
}

/* Snow at the end of a day that begins at time_us; what the weather does not tell changes nothing. */
static double next_day(const sei_site *site, sei_series_cursor cursors[2], int64_t time_us,
                       double shift_k, double water_m)
{
    const sei_climate *c   = &site->climate;
    const int64_t      mid = time_us + SEI_US_PER_DAY / 2;
    double             air, rain;

    if (!sei_climate_at(&c->air, &cursors[0], mid, site->utc_offset_us, &air) ||
        !sei_climate_at(&c->precipitation, &cursors[1], mid, site->utc_offset_us, &rain))
        return water_m;
    return sei_snow_after_m(water_m, air + shift_k, rain, c->degree_day_m_k_s, SEI_DAY_S);
}

static void follow(sei_snow *s, double (*air_shift_k)(const sei_site *site, int64_t time_us))
{
    const sei_site   *site       = s->site;
    sei_series_cursor cursors[2] = {{0}, {0}};
    double            water      = 0.0;

    /* a series that begins with the run says nothing of the winter before */
    for (int64_t d = -BEFORE_D; site->climate.air.kind != SEI_CLIMATE_SERIES && d < 0; d++)
        water = next_day(site, cursors, s->start_us + d * SEI_US_PER_DAY, 0.0, water);
    for (size_t d = 0; d < s->n; d++) {
        const int64_t t = s->start_us + (int64_t)d * SEI_US_PER_DAY;
        s->water_m[d]   = water;
        water           = next_day(site, cursors, t,
                         air_shift_k ? air_shift_k(site, t + SEI_US_PER_DAY / 2) : 0.0, water);
    }
}

sei_status sei_snow_create(sei_ctx *ctx, const sei_site *site,
                           double (*air_shift_k)(const sei_site *site, int64_t time_us),
                           sei_snow **ret)
{
    const int64_t days = (site->run.end_us - site->run.start_us) / SEI_US_PER_DAY + 2;

    *ret = NULL;
    if (site->climate.precipitation.kind == SEI_CLIMATE_NONE &&
        site->climate.snow_depth.kind == SEI_CLIMATE_NONE)
        return SEI_OK;
    if (days > DAYS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "snow: a run of more than %d days",
                        (int)DAYS_MAX);
    sei_snow *s = sei_alloc(ctx, 1, sizeof *s);
    if (!s)
        return SEI_E_NOMEM;
    *s = (sei_snow){.ctx = ctx, .site = site, .start_us = site->run.start_us, .n = (size_t)days};
    s->water_m = sei_alloc(ctx, s->n, sizeof *s->water_m);
    if (!s->water_m) {
        sei_snow_free(s);
        return SEI_E_NOMEM;
    }
    if (site->climate.snow_depth.kind == SEI_CLIMATE_NONE)
        follow(s, air_shift_k);
    *ret = s;
    return SEI_OK;
}

void sei_snow_free(sei_snow *snow)
{
    if (!snow)
        return;
    sei_release(snow->ctx, snow->water_m);
    sei_release(snow->ctx, snow);
}

double sei_snow_depth_m(const sei_snow *snow, int64_t time_us)
{
    const sei_site   *site   = snow->site;
    sei_series_cursor cursor = {0};
    double            depth;

    if (sei_climate_at(&site->climate.snow_depth, &cursor, time_us, site->utc_offset_us, &depth))
        return fmax(0.0, depth);
    const double day  = (double)(time_us - snow->start_us) / (double)SEI_US_PER_DAY;
    const double x    = fmin(fmax(day, 0.0), (double)snow->n - 1.0);
    const size_t i    = (size_t)x;
    const size_t next = i + 1 < snow->n ? i + 1 : i;
    const double water =
        snow->water_m[i] + (x - (double)i) * (snow->water_m[next] - snow->water_m[i]);

    return water * 1000.0 / site->climate.snow_kg_m3;
}
