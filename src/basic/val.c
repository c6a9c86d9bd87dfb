/* val.c - the function VAL: the number that a text begins with
 *
 * PHREEQC reads the text as an expression of the language.  Here numbers, + - * / ^ and parentheses
 * are understood; a name is a variable without a value, 0.
 */
#include <string.h>

#include "base/number.h"
#include "basic/code.h"

enum { NESTING_MAX = 50 };

typedef struct {
    const char *at, *end;
    int         nesting;
    bool        is_bad;
} reader;

static double expression(reader *r);

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
}

/* The next character that is no blank, 0 at the end. */
static char peek(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
    return r->at < r->end ? *r->at : '\0';
}

static bool take(reader *r, char c)
{
    if (peek(r) != c)
        return false;
    r->at++;
    return true;
}

static double inside(reader *r)
{
    const double value = expression(r);

    if (!take(r, ')') && !take(r, ']'))
        r->is_bad = true;
    return value;
}

static double operand(reader *r)
{
    double     value = 0.0;
    const char c     = peek(r);

    if (r->is_bad || ++r->nesting > NESTING_MAX) {
        r->is_bad = true;
        return 0.0;
    }
    if (take(r, '-')) {
        value = -operand(r);
    } else if (take(r, '+')) {
        value = operand(r);
    } else if (take(r, '(') || take(r, '[')) {
        value = inside(r);
    } else if (c == '.' || (c >= '0' && c <= '9')) {
        const size_t n = sei_scan_double(r->at, (size_t)(r->end - r->at), &value);
        r->is_bad      = n == 0;
        r->at += n;
    } else if (is_word(c)) {
        while (r->at < r->end && is_word(*r->at))
            r->at++;
    } else {
        r->is_bad = true;
    }
    r->nesting--;
    return value;
}

static double power(reader *r)
{
    double value = operand(r);

    if (r->is_bad || !take(r, '^'))
        return value;
    r->is_bad = ++r->nesting > NESTING_MAX;
    if (!r->is_bad && !basic_power(value, power(r), &value))
        r->is_bad = true;
    r->nesting--;
    return value;
}

static double product(reader *r)
{
    double value = power(r);

    while (!r->is_bad) {
        if (take(r, '*')) {
            value *= power(r);
        } else if (take(r, '/')) {
            const double by = power(r);
            value           = by != 0.0 ? value / by : 0.0;
        } else {
            break;
        }
    }
    return value;
}

static double expression(reader *r)
{
    double value = product(r);

    while (!r->is_bad) {
        if (take(r, '+'))
            value += product(r);
        else if (take(r, '-'))
            value -= product(r);
        else
            break;
    }
    return value;
}

bool basic_val(const char *text, size_t len, double *ret_value)
{
    reader r = {text, text + len, 0, false};

    *ret_value = 0.0;
    if (peek(&r) == '\0')
        return true;
    const double value = expression(&r);
    if (!r.is_bad)
        *ret_value = value;
    return !r.is_bad;
}
