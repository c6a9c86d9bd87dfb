/* number.c - numbers in text, whatever the locale of the host program */
#include "base/number.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 128 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(const char *text, size_t len, size_t i)
{
    while (i < len && is_digit(text[i]))
        i++;
    return i;
}

/* Length of the decimal number at the start of text, 0 for none. */
static size_t number_length(const char *text, size_t len)
{
    size_t i = 0, digits;

    if (i < len && (text[i] == '+' || text[i] == '-'))
        i++;
    const size_t whole = i;
    i                  = skip_digits(text, len, i);
    digits             = i - whole;
    if (i < len && text[i] == '.') {
        const size_t fraction = ++i;
        i                     = skip_digits(text, len, i);
        digits += i - fraction;
    }
    if (digits == 0)
        return 0;
    if (i < len && (text[i] == 'e' || text[i] == 'E')) {
        size_t j = i + 1;
        if (j < len && (text[j] == '+' || text[j] == '-'))
            j++;
        const size_t end = skip_digits(text, len, j);
        if (end > j)
            i = end;
    }
    return i;
}

/* The host may have set a locale whose decimal mark is a comma: then strtod wants that. */
static double to_double(char *text)
{
    const struct lconv *conv  = localeconv();
    char               *point = strchr(text, '.');

    if (point && conv && conv->decimal_point[0] != '.' && conv->decimal_point[1] == '\0')
        *point = conv->decimal_point[0];
    return strtod(text, NULL);
}

enum { POWERS = 23, DIGITS_EXACT = 15, LARGE = 1000 };

/* "-12" of "1e-12"; digits beyond a LARGE one change nothing. */
static int power_of_ten(const char *text, size_t n)
{
    const bool minus = text[0] == '-';
    int        given = 0;

    for (size_t i = minus || text[0] == '+'; i < n && given < LARGE; i++)
        given = 10 * given + (text[i] - '0');
    return minus ? -given : given;
}

/*
 * Up to 15 digits and a power of ten up to 22 are doubles exactly, so that one multiplication or division rounds as strtod
 * does (Clinger 1990 [clinger1990]). False for other numbers; text is one, n bytes long.
 */
static bool to_double_at_once(const char *text, size_t n, double *ret_value)
{
    static const double power[POWERS] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    size_t              i             = text[0] == '-' || text[0] == '+';
    int64_t             digits = 0, whole = 0;
    int                 exponent    = 0;
    bool                in_fraction = false;

    for (; i < n && (is_digit(text[i]) || text[i] == '.'); i++) {
        if (text[i] == '.') {
            in_fraction = true;
            continue;
        }
        whole = 10 * whole + (text[i] - '0');
        digits += whole != 0;
        exponent -= in_fraction;
        if (digits > DIGITS_EXACT)
            return false;
    }
    if (i < n)
        exponent += power_of_ten(text + i + 1, n - i - 1);
    if (exponent <= -POWERS || exponent >= POWERS)
        return false;
    const double value =
        exponent < 0 ? (double)whole / power[-exponent] : (double)whole * power[exponent];
    *ret_value = text[0] == '-' ? -value : value;
    return true;
}

size_t sei_scan_double(const char *text, size_t len, double *ret_value)
{
    char         copy[TEXT_MAX];
    const size_t n = number_length(text, len);

    if (n == 0 || n >= sizeof copy)
        return 0;
    if (to_double_at_once(text, n, ret_value))
        return n;
    memcpy(copy, text, n);
    copy[n]            = '\0';
    const double value = to_double(copy);
    if (!isfinite(value))
        return 0;
    *ret_value = value;
    return n;
}

bool sei_parse_double(const char *text, size_t len, double *ret_value)
{
    double       value;
    const size_t n = sei_scan_double(text, len, &value);

    if (n == 0 || n != len)
        return false;
    *ret_value = value;
    return true;
}

bool sei_parse_int(const char *text, size_t len, int64_t *ret_value)
{
    char   copy[32];
    size_t start = len && (text[0] == '+' || text[0] == '-') ? 1 : 0;

    if (len >= sizeof copy || skip_digits(text, len, start) != len || start == len)
        return false;
    memcpy(copy, text, len);
    copy[len]             = '\0';
    errno                 = 0;
    const long long value = strtoll(copy, NULL, 10);
    if (errno != 0)
        return false;
    *ret_value = value;
    return true;
}

/* A printed mark that is not a digit, sign or exponent is the locale's decimal mark. */
static void use_point(char *text)
{
    for (char *c = text; *c; c++)
        if (*c == ',')
            *c = '.';
}

/* Decimals as instruments give them, by whole numbers: i / 10^k is exact to the last bit when it is the value (both are
 * whole numbers below 2^53, and division rounds correctly), and the first k that does has no zero at the end. */
static bool format_short(char out[SEI_NUMBER_MAX], double value)
{
    static const double powers[] = {1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    const double        size     = fabs(value);
    char                digits[20];

    for (int k = 0; k < (int)(sizeof powers / sizeof powers[0]); k++) {
        uint64_t i = (uint64_t)(size * powers[k] + 0.5);
        int      n = 0;
        if ((double)i / powers[k] != size)
            continue;
        for (; i > 0 || n <= k; i /= 10)
            digits[n++] = (char)('0' + i % 10);
        if (value < 0.0)
            *out++ = '-';
        while (n > 0) {
            if (n-- == k)
                *out++ = '.';
            *out++ = digits[n];
        }
        *out = '\0';
        return true;
    }
    return false;
}

#if LDBL_MANT_DIG >= 64
enum { POWERS_EXACT = 27 }; /* 5^27 < 2^63: powers of ten up to here are long doubles exactly */

static const long double tens[POWERS_EXACT + 1] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                                   1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                                   1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                                   1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};

static long double times_ten_to(long double value, int power)
{
    for (; power > POWERS_EXACT; power -= POWERS_EXACT)
        value *= tens[POWERS_EXACT];
    for (; power < -POWERS_EXACT; power += POWERS_EXACT)
        value /= tens[POWERS_EXACT];
    return power < 0 ? value / tens[-power] : value * tens[power];
}

/*
 * size = whole 10^(exponent - digits), whole of digits + 1 places: three roundings of a long double are off by less than 0.002 of
 * the last place. False where that may turn the rounding, and where more roundings would be needed.
 */
static bool scale(double size, int digits, uint64_t *ret_whole, int *ret_exponent)
{
    static const long double unsure = 0.01L;
    int                      binary, exponent;

    if (!(size >= 1e-60 && size <= 1e60))
        return false;
    (void)frexp(size, &binary);
    exponent           = (int)floor((binary - 1) * 0.30102999566398120); /* or one more */
    long double scaled = times_ten_to(size, digits - exponent);
    if (scaled >= tens[digits + 1])
        scaled = times_ten_to(size, digits - ++exponent);
    const uint64_t    whole = (uint64_t)scaled;
    const long double rest  = scaled - (long double)whole;
    if (rest > 0.5L - unsure && rest < 0.5L + unsure)
        return false;
    *ret_whole    = whole + (rest > 0.5L);
    *ret_exponent = exponent;
    if (*ret_whole >= (uint64_t)tens[digits + 1]) { /* 9.99 is 1.00e1 */
        *ret_whole /= 10;
        ++*ret_exponent;
    }
    return *ret_whole >= (uint64_t)tens[digits];
}
#else
static bool scale(double size, int digits, uint64_t *ret_whole, int *ret_exponent)
{
    (void)size;
    (void)digits;
    (void)ret_whole;
    (void)ret_exponent;
    return false;
}
#endif

size_t sei_format_scientific(char out[SEI_NUMBER_MAX], double value, int digits)
{
    uint64_t whole;
    int      exponent;
    char    *c = out;

    if (value == 0.0) {
        whole    = 0;
        exponent = 0;
    } else if (!scale(fabs(value), digits, &whole, &exponent)) {
        const int n = snprintf(out, SEI_NUMBER_MAX, "%.*e", digits, value);
        use_point(out);
        return (size_t)n;
    }
    if (signbit(value))
        *c++ = '-';
    for (int k = digits; k >= 0; k--) { /* from the last place on */
        c[k + (k > 0)] = (char)('0' + whole % 10);
        whole /= 10;
    }
    c[1] = '.';
    c += digits + 2;
    *c++               = 'e';
    *c++               = exponent < 0 ? '-' : '+';
    const unsigned far = (unsigned)(exponent < 0 ? -exponent : exponent);
    *c++               = (char)('0' + far / 10);
    *c++               = (char)('0' + far % 10);
    *c                 = '\0';
    return (size_t)(c - out);
}

void sei_format_double(char out[SEI_NUMBER_MAX], double value, int digits)
{
    /* within these %g writes no exponent, so that more digits than needed are only zeros, which it leaves out */
    const bool is_plain = fabs(value) >= 1e-4 && fabs(value) < 1e6;

    if (isnan(value)) {
        out[0] = '\0';
        return;
    }
    if (digits > 0) {
        snprintf(out, SEI_NUMBER_MAX, "%.*g", digits > 17 ? 17 : digits, value);
        use_point(out);
        return;
    }
    if (is_plain && format_short(out, value))
        return;
    for (int d = is_plain ? DBL_DIG : 6; d <= 17; d++) {
        snprintf(out, SEI_NUMBER_MAX, "%.*g", d, value);
        if (d == 17 || strtod(out, NULL) == value)
            break;
    }
    use_point(out);
}

void sei_format_fixed(char out[SEI_NUMBER_MAX], double value, int decimals)
{
    if (isnan(value)) {
        out[0] = '\0';
        return;
    }
    if (fabs(value) >= 1e15) {
        sei_format_double(out, value, 0);
        return;
    }
    snprintf(out, SEI_NUMBER_MAX, "%.*f", decimals < 0 ? 0 : decimals > 15 ? 15 : decimals, value);
    use_point(out);
}
