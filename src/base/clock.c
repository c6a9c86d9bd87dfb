/* clock.c - civil calendar and dates in text */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int sei_days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[(month - 1) % 12];
}

/* Days from 1970-01-01; counts years from March so that the leap day comes last. */
static int64_t days_from_civil(int year, int month, int day)
{
    const int64_t y   = month <= 2 ? (int64_t)year - 1 : year;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t yoe = y - era * 400;
    const int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

sei_time sei_time_from_civil(const sei_civil *c, int64_t offset_us)
{
    const int64_t days = days_from_civil(c->year, c->month, c->day);
    const int64_t secs = ((int64_t)c->hour * 60 + c->minute) * 60 + c->second;

    return days * SEI_US_PER_DAY + secs * SEI_US_PER_S + c->microsecond - offset_us;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

sei_civil sei_time_to_civil(sei_time time, int64_t offset_us)
{
    const int64_t local = time + offset_us;
    const int64_t days  = floor_div(local, SEI_US_PER_DAY);
    const int64_t rest  = local - days * SEI_US_PER_DAY;
    const int64_t z     = days + 719468;
    const int64_t era   = floor_div(z, 146097);
    const int64_t doe   = z - era * 146097;
    const int64_t yoe   = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy   = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int64_t mp    = (5 * doy + 2) / 153;
    const int64_t secs  = rest / SEI_US_PER_S;
    sei_civil     c;

    c.day         = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.month       = (int)(mp < 10 ? mp + 3 : mp - 9);
    c.year        = (int)(yoe + era * 400 + (c.month <= 2 ? 1 : 0));
    c.hour        = (int)(secs / 3600);
    c.minute      = (int)(secs / 60 % 60);
    c.second      = (int)(secs % 60);
    c.microsecond = (int)(rest % SEI_US_PER_S);
    return c;
}

typedef struct {
    const char *at, *end;
} cursor;

static bool take(cursor *c, const char *text)
{
    const size_t n = strlen(text);

    if ((size_t)(c->end - c->at) < n || memcmp(c->at, text, n) != 0)
        return false;
    c->at += n;
    return true;
}

static bool take_int(cursor *c, int max_digits, int *ret_value)
{
    int value = 0, digits = 0;

    while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && digits < max_digits) {
        value = value * 10 + (*c->at++ - '0');
        digits++;
    }
    *ret_value = value;
    return digits > 0;
}

static bool take_separator(cursor *c)
{
    return take(c, "-") || take(c, "/") || take(c, ".");
}

static bool is_day(const sei_civil *civil)
{
    return civil->year >= 1600 && civil->month >= 1 && civil->month <= 12 && civil->day >= 1 &&
           civil->day <= sei_days_in_month(civil->year, civil->month);
}

static bool take_date(cursor *c, sei_civil *civil)
{
    if (!take_int(c, 4, &civil->year))
        return false;
    const bool kanji = take(c, "年");
    if (!kanji && !take_separator(c))
        return false;
    if (!take_int(c, 2, &civil->month))
        return false;
    if (kanji ? !take(c, "月") : !take_separator(c))
        return false;
    if (!take_int(c, 2, &civil->day) || (kanji && !take(c, "日")))
        return false;
    return is_day(civil);
}

static bool take_fraction(cursor *c, int *ret_microsecond)
{
    int value = 0, scale = 100000;

    if (c->at >= c->end || *c->at < '0' || *c->at > '9')
        return false;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++, scale /= 10)
        value += (*c->at - '0') * scale;
    *ret_microsecond = value;
    return true;
}

static bool take_clock(cursor *c, sei_civil *civil)
{
    if (!take_int(c, 2, &civil->hour) || !take(c, ":") || !take_int(c, 2, &civil->minute))
        return false;
    if (take(c, ":") && !take_int(c, 2, &civil->second))
        return false;
    if (take(c, ".") && !take_fraction(c, &civil->microsecond))
        return false;
    const bool midnight = civil->hour == 24 && civil->minute == 0 && civil->second == 0 &&
                          civil->microsecond == 0; /* Japanese data end a day at 24:00 */
    return (civil->hour <= 23 || midnight) && civil->minute <= 59 && civil->second <= 59;
}

static bool take_zone(cursor *c, int64_t *ret_offset_us)
{
    int hours = 0, minutes = 0, sign = 1;

    if (take(c, "Z")) {
        *ret_offset_us = 0;
        return true;
    }
    if (take(c, "-"))
        sign = -1;
    else if (!take(c, "+"))
        return c->at == c->end;
    if (!take_int(c, 2, &hours))
        return false;
    take(c, ":");
    if (c->at < c->end && !take_int(c, 2, &minutes))
        return false;
    if (hours > 14 || minutes > 59)
        return false;
    *ret_offset_us = sign * ((int64_t)hours * 60 + minutes) * 60 * SEI_US_PER_S;
    return true;
}

bool sei_parse_time(const char *text, size_t len, int64_t offset_us, sei_time *ret_time)
{
    cursor    c     = {text, text + len};
    sei_civil civil = {0};

    if (!take_date(&c, &civil))
        return false;
    if (c.at < c.end) {
        if (!take(&c, "T") && !take(&c, " "))
            return false;
        if (!take_clock(&c, &civil) || !take_zone(&c, &offset_us))
            return false;
    }
    if (c.at != c.end)
        return false;
    *ret_time = sei_time_from_civil(&civil, offset_us);
    return true;
}

void sei_format_time(char out[SEI_TIME_MAX], sei_time time, int64_t offset_us)
{
    const sei_civil c       = sei_time_to_civil(time, offset_us);
    char            zone[8] = "Z", fraction[12] = "";

    if (offset_us != 0) {
        const int64_t minutes = (offset_us < 0 ? -offset_us : offset_us) / (60 * SEI_US_PER_S);
        snprintf(zone, sizeof zone, "%c%02d:%02d", offset_us < 0 ? '-' : '+',
                 (int)(minutes / 60 % 100), (int)(minutes % 60));
    }
    if (c.microsecond)
        snprintf(fraction, sizeof fraction, ".%06d", c.microsecond % 1000000);
    snprintf(out, SEI_TIME_MAX, "%04d-%02d-%02dT%02d:%02d:%02d%s%s", c.year % 10000, c.month % 100,
             c.day % 100, c.hour % 100, c.minute % 100, c.second % 100, fraction, zone);
}

void sei_format_date(char out[SEI_TIME_MAX], sei_time time, int64_t offset_us)
{
    const sei_civil c = sei_time_to_civil(time, offset_us);

    snprintf(out, SEI_TIME_MAX, "%04d-%02d-%02d", c.year % 10000, c.month % 100, c.day % 100);
}
