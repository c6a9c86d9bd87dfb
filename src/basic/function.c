/* function.c - the table of functions, and the arithmetic that follows PHREEQC */
#include <math.h>
#include <string.h>

#include "basic/code.h"

#define NUMBER                                 SEI_BASIC_NUMBER
#define TEXT                                   SEI_BASIC_TEXT
#define NONE                                   SEI_BASIC_NONE
#define OWN                                    false
#define HOST                                   true
#define ROW(id, name, arguments, result, home) {name, arguments, result, home},
static const sei_basic_function_row rows[SEI_BASIC_N_FUNCTIONS] = {SEI_BASIC_FUNCTIONS(ROW)};
#undef ROW
#undef NUMBER
#undef TEXT
#undef NONE
#undef OWN
#undef HOST

const sei_basic_function_row *sei_basic_function_info(sei_basic_function function)
{
    return &rows[function];
}

void basic_count_arguments(const char *arguments, size_t *ret_least, size_t *ret_most)
{
    size_t      n      = 0;
    const char *ends   = strchr(arguments, '|');
    const bool  repeat = strchr(arguments, '*') != NULL;

    for (const char *c = arguments; *c; c++)
        n += *c != '|' && *c != '*';
    *ret_least = ends ? (size_t)(ends - arguments) : n;
    *ret_most  = repeat ? SEI_BASIC_ARGS_MAX : n;
}

int64_t basic_to_integer(double value)
{
    const double limit = 9223372036854775808.0; /* 2^63 */

    return value >= -limit && value < limit ? (int64_t)value : INT64_MIN;
}

double basic_round(double value)
{
    return floor(value + 0.5);
}

double basic_mod(double a, double b)
{
    return a == 0.0 ? 0.0 : fabs(a) / a * fmod(fabs(a) + 1e-14, b);
}

bool basic_power(double base, double exponent, double *ret_value)
{
    const int64_t whole = basic_to_integer(exponent);

    if (base == 0.0 || isnan(base)) {
        *ret_value = base;
        return true;
    }
    if (base > 0.0) {
        *ret_value = exp(exponent * log(base));
        return true;
    }
    if (exponent != (double)whole)
        return false;
    const double value = exp(exponent * log(-base));
    *ret_value         = whole & 1 ? -value : value;
    return true;
}

double basic_math(sei_basic_function function, double x)
{
    switch (function) {
    case SEI_BASIC_ABS: return fabs(x);
    case SEI_BASIC_ARCTAN: return atan(x);
    case SEI_BASIC_CEIL: return ceil(x);
    case SEI_BASIC_COS: return cos(x);
    case SEI_BASIC_EXP: return exp(x);
    case SEI_BASIC_FLOOR: return floor(x);
    case SEI_BASIC_LOG: return log(x);
    case SEI_BASIC_LOG10: return log10(x);
    case SEI_BASIC_SGN: return (double)((x > 0.0) - (x < 0.0));
    case SEI_BASIC_SIN: return sin(x);
    case SEI_BASIC_SQR: return x * x;
    case SEI_BASIC_SQRT: return sqrt(x);
    case SEI_BASIC_TAN: return sin(x) / cos(x);
    default: return 0.0;
    }
}
