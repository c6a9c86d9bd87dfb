/* ticks_time.c - round local times for an axis, and their Japanese or ISO 8601 texts */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "report/ticks.h"

typedef enum { MINUTES, HOURS, DAYS, MONTHS, YEARS } scale_unit;

typedef struct {
    scale_unit unit;
    int        n;
    double     seconds; /* about; to choose by */
} scale_step;

#define MINUTE_S 60.0
#define HOUR_S   (60.0 * MINUTE_S)
#define DAY_S    (24.0 * HOUR_S)

static const scale_step steps[] = {
    {MINUTES, 1, MINUTE_S},
    {MINUTES, 2, 2 * MINUTE_S},
    {MINUTES, 5, 5 * MINUTE_S},
    {MINUTES, 10, 10 * MINUTE_S},
    {MINUTES, 30, 30 * MINUTE_S},
    {HOURS, 1, HOUR_S},
    {HOURS, 2, 2 * HOUR_S},
    {HOURS, 3, 3 * HOUR_S},
    {HOURS, 6, 6 * HOUR_S},
    {HOURS, 12, 12 * HOUR_S},
    {DAYS, 1, DAY_S},
    {DAYS, 2, 2 * DAY_S},
    {DAYS, 5, 5 * DAY_S},
    {DAYS, 10, 10 * DAY_S},
    {MONTHS, 1, 30 * DAY_S},
    {MONTHS, 2, 60 * DAY_S},
    {MONTHS, 3, 91 * DAY_S},
    {MONTHS, 6, 182 * DAY_S},
    {YEARS, 1, 365 * DAY_S},
    {YEARS, 2, 730 * DAY_S},
    {YEARS, 5, 1826 * DAY_S},
    {YEARS, 10, 3652 * DAY_S},
    {YEARS, 20, 7305 * DAY_S},
    {YEARS, 50, 18262 * DAY_S},
    {YEARS, 100, 36524 * DAY_S},
    {YEARS, 500, 182621 * DAY_S},
};

static double seconds_of(sei_civil c, int64_t offset_us)
{
    return (double)sei_time_from_civil(&c, offset_us) / (double)SEI_US_PER_S;
}

/* The last round time at or before c. */
static sei_civil round_down(sei_civil c, scale_step step)
{
    sei_civil r = {.year = c.year, .month = 1, .day = 1};

    if (step.unit == YEARS) {
        r.year = (int)floor((double)c.year / step.n) * step.n;
        return r;
    }
    r.month = c.month;
    if (step.unit == MONTHS) {
        r.month = (c.month - 1) / step.n * step.n + 1;
        return r;
    }
    r.day = c.day;
    if (step.unit == DAYS) {
        r.day = (c.day - 1) / step.n * step.n + 1;
        return r;
    }
    r.hour = step.unit == HOURS ? c.hour / step.n * step.n : c.hour;
    if (step.unit == MINUTES)
        r.minute = c.minute / step.n * step.n;
    return r;
}

static void next_day(sei_civil *c, int n)
{
    const int last = sei_days_in_month(c->year, c->month);

    c->day += n;
    /* the month's rest is shorter than half a step: go on with the next month */
    if (c->day <= last && (n == 1 || last - c->day + 1 > n / 2))
        return;
    c->day = 1;
    if (++c->month > 12) {
        c->month = 1;
        c->year++;
    }
}

static void next(sei_civil *c, scale_step step)
{
    switch (step.unit) {
    case MINUTES:
        c->minute += step.n;
        c->hour += c->minute / 60;
        c->minute %= 60;
        break;
    case HOURS: c->hour += step.n; break;
    case DAYS: next_day(c, step.n); return;
    case MONTHS:
        c->month += step.n;
        c->year += (c->month - 1) / 12;
        c->month = (c->month - 1) % 12 + 1;
        return;
    case YEARS: c->year += step.n; return;
    }
    if (c->hour >= 24) {
        c->hour -= 24;
        next_day(c, 1);
    }
}

static void text_of(sei_tick *tick, const sei_civil *c, scale_unit unit, bool is_ja)
{
    const int y = c->year, m = c->month, d = c->day;

    switch (unit) {
    case MINUTES:
    case HOURS:
        snprintf(tick->text, SEI_TICK_TEXT, is_ja ? "%d:%02d" : "%02d:%02d", c->hour, c->minute);
        snprintf(tick->parent, SEI_TICK_TEXT, is_ja ? "%d年%d月%d日" : "%04d-%02d-%02d", y, m, d);
        return;
    case DAYS:
        snprintf(tick->text, SEI_TICK_TEXT, is_ja ? "%d日" : "%02d", d);
        snprintf(tick->parent, SEI_TICK_TEXT, is_ja ? "%d年%d月" : "%04d-%02d", y, m);
        return;
    case MONTHS:
        snprintf(tick->text, SEI_TICK_TEXT, is_ja ? "%d月" : "%02d", m);
        snprintf(tick->parent, SEI_TICK_TEXT, is_ja ? "%d年" : "%04d", y);
        return;
    case YEARS: snprintf(tick->text, SEI_TICK_TEXT, is_ja ? "%d年" : "%04d", y); return;
    }
}

/* The second line stands only where it changes. */
static void keep_changes(sei_ticks *ticks)
{
    char last[SEI_TICK_TEXT] = "";

    for (size_t i = 0; i < ticks->n; i++) {
        char *parent = ticks->tick[i].parent;
        if (strcmp(parent, last) == 0)
            parent[0] = '\0';
        else
            memcpy(last, parent, sizeof last);
    }
}

static void fill(sei_ticks *ticks, scale_step step, int64_t offset_us, sei_lang lang)
{
    const sei_time from = (sei_time)floor(ticks->lower * (double)SEI_US_PER_S);
    sei_civil      c    = round_down(sei_time_to_civil(from, offset_us), step);

    ticks->n = 0;
    while (ticks->n < SEI_TICKS_MAX && seconds_of(c, offset_us) <= ticks->upper) {
        const sei_tick here = {.at = seconds_of(c, offset_us)};
        if (here.at >= ticks->lower) {
            sei_tick *tick = &ticks->tick[ticks->n++];
            *tick          = here;
            text_of(tick, &c, step.unit, lang == SEI_LANG_JA);
        }
        next(&c, step);
    }
    keep_changes(ticks);
}

void sei_ticks_time(sei_ticks *ticks, double lower_s, double upper_s, double utc_offset_s,
                    size_t max, sei_lang lang)
{
    const int64_t offset_us = (int64_t)(utc_offset_s * (double)SEI_US_PER_S);
    const size_t  n_steps   = sizeof steps / sizeof steps[0];
    const double  span      = upper_s - lower_s;
    const size_t  room      = max < 2 ? 2 : max > SEI_TICKS_MAX ? SEI_TICKS_MAX : max;
    size_t        i         = 0;

    *ticks = (sei_ticks){.lower = lower_s, .upper = upper_s};
    while (i + 1 < n_steps && span / steps[i].seconds + 1 > (double)room)
        i++;
    fill(ticks, steps[i], offset_us, lang);
}
