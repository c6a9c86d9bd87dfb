/* fault.c - the values of a message, one by one */
#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* One conversion: "%.60s" is {.kind = 's', .precision = 60}. */
typedef struct {
    char kind;
    int  precision; /* -1: none given */
    int  longs;     /* of "ll", "l"; 'z' counts as one that is size_t */
    bool is_size;
} conversion;

/* Widths and flags are for tables: they say nothing about the value. */
static const char *read_conversion(const char *at, conversion *c, va_list *args)
{
    *c = (conversion){.precision = -1};
    at += strspn(at, "-+ #0123456789");
    if (*at == '.') {
        at++;
        if (*at == '*') {
            c->precision = va_arg(*args, int);
            at++;
        } else {
            for (c->precision = 0; *at >= '0' && *at <= '9'; at++)
                c->precision = c->precision * 10 + (*at - '0');
        }
    }
    for (; *at == 'l'; at++)
        c->longs++;
    if (*at == 'z') {
        c->is_size = true;
        at++;
    }
    c->kind = *at;
    return *at ? at + 1 : at;
}

static long long take_signed(const conversion *c, va_list *args)
{
    return c->longs == 2 ? va_arg(*args, long long)
           : c->longs    ? va_arg(*args, long)
                         : va_arg(*args, int);
}

static unsigned long long take_unsigned(const conversion *c, va_list *args)
{
    return c->is_size      ? va_arg(*args, size_t)
           : c->longs == 2 ? va_arg(*args, unsigned long long)
           : c->longs      ? va_arg(*args, unsigned long)
                           : va_arg(*args, unsigned);
}

/* False: a conversion that is not known here, so what follows cannot be found either. */
static bool put_value(const conversion *c, va_list *args, char *out, size_t size)
{
    const char *text;

    switch (c->kind) {
    case 'd':
    case 'i': snprintf(out, size, "%lld", take_signed(c, args)); return true;
    case 'u': snprintf(out, size, "%llu", take_unsigned(c, args)); return true;
    case 'c': snprintf(out, size, "%c", va_arg(*args, int)); return true;
    case 'e':
    case 'f':
    case 'g':
        snprintf(out, size, "%.*g", c->precision < 0 ? 6 : c->precision, va_arg(*args, double));
        return true;
    case 's':
        text = va_arg(*args, const char *);
        snprintf(out, size, "%.*s", c->precision < 0 ? (int)size : c->precision, text ? text : "");
        return true;
    default: return false;
    }
}

void sei_fault_take(sei_fault *fault, const char *format, va_list args)
{
    va_list    rest;
    conversion c;
    size_t     used = 0;

    fault->format = format;
    fault->n      = 0;
    va_copy(rest, args);
    for (const char *at = format; (at = strchr(at, '%')) != NULL;) {
        if (at[1] == '%') {
            at += 2;
            continue;
        }
        at = read_conversion(at + 1, &c, &rest);
        if (fault->n == SEI_FAULT_PARAMS_MAX || used + 2 > sizeof fault->text ||
            !put_value(&c, &rest, fault->text + used, sizeof fault->text - used))
            break;
        sei_utf8_trim(fault->text + used);
        fault->params[fault->n++] = fault->text + used;
        used += strlen(fault->text + used) + 1;
    }
    va_end(rest);
}
