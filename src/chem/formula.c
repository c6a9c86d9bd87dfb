/*
 * formula.c - chemical formulas in PHREEQC's spelling
 *
 *   formula = group { ":" [number] group }  [charge]
 *   group   = { ( element | "(" group ")" ) [number] }
 *   element = capital { lower case | "_" } | "[" … "]" ; "e" alone is the electron
 */
#include "chem/formula.h"

#include <string.h>

#include "base/number.h"

enum { DEPTH_MAX = 8 };

typedef struct {
    const char  *at, *end;
    bool         valence; /* a number in parentheses after an element belongs to its name */
    sei_formula *out;
} scanner;

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t sei_charge_split(const char *text, size_t len, double *ret_charge)
{
    size_t i = len;

    *ret_charge = 0.0;
    while (i > 0 && (is_digit(text[i - 1]) || text[i - 1] == '.'))
        i--;
    if (i == 0 || (text[i - 1] != '+' && text[i - 1] != '-'))
        return len;
    const char   sign  = text[i - 1];
    const size_t mark  = i - 1;
    double       value = 1.0;
    if (i < len) { /* "+2" */
        if (!sei_parse_double(text + i, len - i, &value))
            return len;
        *ret_charge = sign == '+' ? value : -value;
        return mark;
    }
    size_t first = mark; /* "++" */
    while (first > 0 && text[first - 1] == sign)
        first--;
    value       = (double)(mark - first + 1);
    *ret_charge = sign == '+' ? value : -value;
    return first;
}

static bool add_part(scanner *s, const char *symbol, size_t len, double count)
{
    if (len >= SEI_SYMBOL_MAX)
        return false;
    for (size_t i = 0; i < s->out->n; i++) {
        sei_formula_part *part = &s->out->parts[i];
        if (strncmp(part->symbol, symbol, len) == 0 && part->symbol[len] == '\0') {
            part->count += count;
            return true;
        }
    }
    if (s->out->n >= SEI_FORMULA_PARTS)
        return false;
    sei_formula_part *part = &s->out->parts[s->out->n++];
    memcpy(part->symbol, symbol, len);
    part->symbol[len] = '\0';
    part->count       = count;
    return true;
}

/* Subscript; 1 when there is none. A sign is a charge and not a subscript. */
static double take_count(scanner *s)
{
    double value = 1.0;

    if (s->at < s->end && (is_digit(*s->at) || *s->at == '.')) {
        size_t n = 0;
        while (s->at + n < s->end && (is_digit(s->at[n]) || s->at[n] == '.'))
            n++;
        if (!sei_parse_double(s->at, n, &value))
            return -1.0;
        s->at += n;
    }
    return value;
}

/* Length of "(-2)" or "(+3)" at the scanner, 0 when a group begins there. */
static size_t valence_length(const scanner *s)
{
    const char *c = s->at;

    if (!s->valence || c >= s->end || *c != '(')
        return 0;
    c++;
    if (c < s->end && (*c == '+' || *c == '-'))
        c++;
    const char *digits = c;
    while (c < s->end && is_digit(*c))
        c++;
    return c > digits && c < s->end && *c == ')' ? (size_t)(c + 1 - s->at) : 0;
}

static size_t element_length(const scanner *s)
{
    const char *c = s->at;

    if (*c == '[') {
        while (c < s->end && *c != ']')
            c++;
        return c < s->end ? (size_t)(c + 1 - s->at) : 0;
    }
    if (*c == 'e' && s->end - s->at >= 1)
        return 1;
    if (!is_upper(*c))
        return 0;
    c++;
    while (c < s->end && (is_lower(*c) || *c == '_'))
        c++;
    return (size_t)(c - s->at);
}

static bool scan_group(scanner *s, double factor, int depth);

static bool scan_parenthesis(scanner *s, double factor, int depth)
{
    /* The multiplier stands behind the group: find it before the group is added up. */
    int         level = 0;
    const char *close = s->at;

    for (; close < s->end; close++) {
        if (*close == '(')
            level++;
        if (*close == ')' && --level == 0)
            break;
    }
    if (close >= s->end)
        return false;
    scanner      after = {close + 1, s->end, s->valence, s->out};
    const double count = take_count(&after);
    scanner      inner = {s->at + 1, close, s->valence, s->out};
    if (count < 0.0 || !scan_group(&inner, factor * count, depth + 1) || inner.at != close)
        return false;
    s->at = after.at;
    return true;
}

static bool scan_group(scanner *s, double factor, int depth)
{
    if (depth > DEPTH_MAX)
        return false;
    while (s->at < s->end && *s->at != ':') {
        if (*s->at == '(') {
            if (!scan_parenthesis(s, factor, depth))
                return false;
            continue;
        }
        const char  *symbol = s->at;
        const size_t len    = element_length(s);
        if (len == 0)
            return false;
        s->at += len;
        const size_t valence = valence_length(s);
        s->at += valence;
        const double count = take_count(s);
        if (count < 0.0 || !add_part(s, symbol, len + valence, factor * count))
            return false;
    }
    return true;
}

static bool parse(const char *text, size_t len, bool valence, sei_formula *ret_formula)
{
    sei_formula  formula = {0};
    const size_t body    = sei_charge_split(text, len, &formula.charge);
    scanner      s       = {text, text + body, valence, &formula};

    if (body == 0)
        return false;
    if (!scan_group(&s, 1.0, 0))
        return false;
    while (s.at < s.end && *s.at == ':') {
        s.at++;
        const double count = take_count(&s);
        if (count < 0.0 || s.at >= s.end || !scan_group(&s, count, 0))
            return false;
    }
    if (s.at != s.end)
        return false;
    *ret_formula = formula;
    return true;
}

bool sei_formula_parse(const char *text, size_t len, sei_formula *ret_formula)
{
    return parse(text, len, false, ret_formula);
}

bool sei_formula_parse_valence(const char *text, size_t len, sei_formula *ret_formula)
{
    return parse(text, len, true, ret_formula);
}
