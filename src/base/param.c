/* param.c - the unit of a parameter row */
#include "seiryu/param.h"

#include <string.h>

/* One character of a unit's symbol in plain letters: ² as 2, ³ as 3, µ and μ as u; ° is left out. */
static char plain(const char **text)
{
    static const struct {
        const char *symbol;
        char        letter;
    } rows[] = {{"²", '2'}, {"³", '3'}, {"µ", 'u'}, {"μ", 'u'}};

    if (strncmp(*text, "°", 2) == 0)
        *text += 2;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strncmp(*text, rows[i].symbol, strlen(rows[i].symbol)) == 0) {
            *text += strlen(rows[i].symbol);
            return rows[i].letter;
        }
    return **text ? *(*text)++ : '\0';
}

static bool is_same_symbol(const char *a, const char *b)
{
    char x, y;

    do {
        x = plain(&a);
        y = plain(&b);
    } while (x == y && x);
    return x == y;
}

const sei_unit *sei_param_unit(const sei_param *param)
{
    size_t          stem;
    const sei_unit *unit = sei_name_unit(param->key, &stem);

    if (!unit || !param->unit)
        return NULL;
    if (is_same_symbol(param->unit, unit->symbol) || strcmp(param->unit, unit->key) == 0)
        return unit;
    return NULL;
}

double sei_param_si(const sei_param *param, double value)
{
    const sei_unit *unit = sei_param_unit(param);

    return unit ? sei_to_si(unit, value) : value;
}
