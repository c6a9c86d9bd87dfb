/* ticks.c - where a number axis is marked, and with what text */
#include "report/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

/* Texts outside these powers of ten are written with a power of ten. */
enum { PLAIN_MIN = -5, PLAIN_MAX = 7 };

double sei_nice(double x, bool round)
{
    const double exponent = floor(log10(x) + 1e-12);
    const double f        = x / pow(10.0, exponent);
    double       nice;

    if (round)
        nice = f < 1.5 ? 1 : f < 3 ? 2 : f < 7 ? 5 : 10;
    else
        nice = f <= 1 + 1e-9 ? 1 : f <= 2 + 1e-9 ? 2 : f <= 5 + 1e-9 ? 5 : 10;
    return nice * pow(10.0, exponent);
}

/* "-1234567.5" -> "−1,234,567.5": real minus sign, commas from five digits before the point on */
static void group_thousands(char out[SEI_TICK_TEXT], const char *number)
{
    static const char minus[] = "\xE2\x88\x92"; /* U+2212 */
    const char       *digits  = number + (number[0] == '-');
    const size_t      whole   = strcspn(digits, ".");
    size_t            n       = 0;

    if (number[0] == '-')
        for (const char *m = minus; *m; m++)
            out[n++] = *m;
    for (size_t i = 0; digits[i] && n < SEI_TICK_TEXT - 2; i++) {
        if (i > 0 && i < whole && whole > 4 && (whole - i) % 3 == 0)
            out[n++] = ',';
        out[n++] = digits[i];
    }
    out[n] = '\0';
}

static void put_power(char out[SEI_TICK_TEXT], const char *mantissa, int exponent)
{
    static const char *const raised[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char                     power[12], up[24] = "";

    snprintf(power, sizeof power, "%d", exponent < 0 ? -exponent : exponent);
    for (size_t i = 0, n = 0; power[i] && n < sizeof up - 4; i++)
        n += (size_t)snprintf(up + n, sizeof up - n, "%s", raised[power[i] - '0']);
    snprintf(out, SEI_TICK_TEXT, "%.20s%s10%s%.12s", mantissa, mantissa[0] ? "×" : "",
             exponent < 0 ? "⁻" : "", up);
}

static void power_text(char out[SEI_TICK_TEXT], double value, int digits)
{
    char text[SEI_NUMBER_MAX], mantissa[SEI_TICK_TEXT];
    int  exponent = (int)floor(log10(fabs(value)) + 1e-12);

    sei_format_fixed(text, value / pow(10.0, exponent), digits > 0 ? digits - 1 : 0);
    if (strncmp(text, "10", 2) == 0 || strncmp(text, "-10", 3) == 0) {
        exponent++;
        sei_format_fixed(text, value / pow(10.0, exponent), digits > 0 ? digits - 1 : 0);
    }
    group_thousands(mantissa, text);
    put_power(out, strcmp(mantissa, "1") == 0 ? "" : mantissa, exponent);
}

void sei_number_text(char out[SEI_TICK_TEXT], double value, int decimals)
{
    char text[SEI_NUMBER_MAX];

    if (!isfinite(value)) {
        snprintf(out, SEI_TICK_TEXT, "?");
        return;
    }
    const int size = fabs(value) > 0 ? (int)floor(log10(fabs(value)) + 1e-12) : 0;
    if (decimals >= 0) {
        if (size >= 15) {
            power_text(out, value, 3);
            return;
        }
        sei_format_fixed(text, value, decimals);
        if (text[0] == '-' && strspn(text, "-0.") == strlen(text))
            memmove(text, text + 1, strlen(text)); /* no minus zero */
        group_thousands(out, text);
        return;
    }
    const int digits = -decimals > 15 ? 15 : -decimals;
    if (!(fabs(value) > 0)) {
        snprintf(out, SEI_TICK_TEXT, "0");
        return;
    }
    if (size < PLAIN_MIN || size >= PLAIN_MAX) {
        power_text(out, value, digits);
        return;
    }
    double rounded = value;
    sei_format_double(text, value, digits);
    sei_parse_double(text, strlen(text), &rounded);
    const int exact = fabs(rounded) > 0 ? (int)floor(log10(fabs(rounded)) + 1e-12) : 0;
    sei_format_fixed(text, rounded, digits - 1 - exact > 0 ? digits - 1 - exact : 0);
    group_thousands(out, text);
}

void sei_number_plain(char out[SEI_TICK_TEXT], double value)
{
    char text[SEI_NUMBER_MAX];

    sei_format_double(text, value, 0);
    if (strchr(text, 'e'))
        sei_number_text(out, value, SEI_SIGNIFICANT(6));
    else
        group_thousands(out, text);
}

static int step_decimals(double step)
{
    const double d = -floor(log10(step) + 1e-9);

    return d > 0 ? (int)d : 0;
}

static void tick_text(char out[SEI_TICK_TEXT], double at, double step, double largest)
{
    /* 0 itself may come out as a rounding rest of step */
    const double value = fabs(at) < step * 1e-6 ? 0 : at;

    if (largest < pow(10, PLAIN_MIN + 1) || largest >= pow(10, PLAIN_MAX)) {
        /* one power of ten for the whole axis: 0.5×10⁻⁵, 1.0×10⁻⁵ */
        const int exponent = (int)floor(log10(largest) + 1e-9);
        char      text[SEI_NUMBER_MAX], mantissa[SEI_TICK_TEXT];

        sei_format_fixed(text, value / pow(10, exponent), step_decimals(step / pow(10, exponent)));
        group_thousands(mantissa, text);
        if (fabs(value) > 0)
            put_power(out, mantissa, exponent);
        else
            snprintf(out, SEI_TICK_TEXT, "0");
        return;
    }
    sei_number_text(out, value, step_decimals(step) > 15 ? 15 : step_decimals(step));
}

/* A range that can carry an axis, also when all values are the same. */
static void open_range(double *lower, double *upper)
{
    const double size = fmax(fabs(*lower), fabs(*upper));

    if (*upper - *lower > size * 1e-9)
        return;
    const double half = size > 0 ? size * 0.1 : 0.5;
    *lower -= half;
    *upper += half;
}

void sei_ticks_linear(sei_ticks *ticks, double lower, double upper, size_t target, bool loose)
{
    open_range(&lower, &upper);
    const double step    = sei_nice((upper - lower) / (double)(target > 1 ? target - 1 : 1), true);
    const double slip    = 1e-6; /* of a step: what counts as lying on a tick */
    const double first   = loose ? floor(lower / step + slip) : ceil(lower / step - slip);
    const double last    = loose ? ceil(upper / step - slip) : floor(upper / step + slip);
    const double largest = fmax(fabs(first * step), fabs(last * step));

    *ticks =
        (sei_ticks){.lower = loose ? first * step : lower, .upper = loose ? last * step : upper};
    while (first + (double)ticks->n <= last + 0.5 && ticks->n < SEI_TICKS_MAX) {
        sei_tick *tick = &ticks->tick[ticks->n];
        tick->at       = (first + (double)ticks->n++) * step;
        tick_text(tick->text, tick->at, step, largest);
    }
}

/* 1, 2 or 5 times a power of ten at or below (or above) x. */
static double log_end(double x, bool up)
{
    static const double steps[] = {1, 2, 5, 10};
    const double        decade  = pow(10, floor(log10(x) + 1e-12));
    double              below   = decade;

    for (size_t i = 0; i < 4; i++) {
        const double at = steps[i] * decade;
        if (up && at >= x * (1 - 1e-9))
            return at;
        if (at <= x * (1 + 1e-9))
            below = at;
    }
    return below;
}

static void log_tick(sei_ticks *ticks, int exponent, int multiple, bool is_minor)
{
    const double at = multiple * pow(10, exponent);

    if (at < ticks->lower * (1 - 1e-9) || at > ticks->upper * (1 + 1e-9) ||
        ticks->n >= SEI_TICKS_MAX)
        return;
    sei_tick *tick = &ticks->tick[ticks->n++];
    *tick          = (sei_tick){.at = at, .is_minor = is_minor};
    if (is_minor)
        return;
    if (exponent >= -4 && exponent < 5)
        sei_number_text(tick->text, at, exponent < 0 ? -exponent : 0);
    else
        power_text(tick->text, at, 1);
}

void sei_ticks_log(sei_ticks *ticks, double lower, double upper, size_t target, bool loose)
{
    *ticks = (sei_ticks){.lower = lower, .upper = upper};
    if (loose) {
        ticks->lower = log_end(lower, false);
        ticks->upper = log_end(upper, true);
        if (!(ticks->upper > ticks->lower))
            ticks->upper = 10 * ticks->lower;
    }
    const int from = (int)floor(log10(ticks->lower) + 1e-9);
    const int to   = (int)ceil(log10(ticks->upper) - 1e-9);
    const int n    = to - from;
    const int room = target > 1 ? (int)target : 1;
    const int skip = n > room ? (n + room - 1) / room : 1; /* decades from text to text */
    for (int e = from; e <= to; e++) {
        log_tick(ticks, e, 1, (e - from) % skip != 0);
        for (int m = 2; m <= 9 && n <= 8; m++)
            log_tick(ticks, e, m, !((m == 2 || m == 5) && 3 * n <= room));
    }
}
