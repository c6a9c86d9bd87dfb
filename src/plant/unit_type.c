/* unit_type.c - the list of unit types and the defaults of their rows */
#include "plant/unit_type.h"

#include <string.h>

#include "seiryu/units.h"

#define SEI_UNIT(name) &sei_unit_type_##name,
static const sei_unit_type *const types[] = {
#include "plant/unit_list.h"
};
#undef SEI_UNIT

size_t sei_unit_type_count(void)
{
    return SEI_COUNT(types);
}

const sei_unit_type *sei_unit_type_at(size_t i)
{
    return i < SEI_COUNT(types) ? types[i] : NULL;
}

const sei_unit_type *sei_unit_type_find(const char *key)
{
    for (size_t i = 0; i < SEI_COUNT(types); i++)
        if (strcmp(types[i]->key, key) == 0)
            return types[i];
    return NULL;
}

static bool owns(const sei_unit_type *type, const char *law)
{
    for (const char *const *own = type->own_laws; own && *own; own++)
        if (strcmp(*own, law) == 0)
            return true;
    return false;
}

bool sei_units_want_law(size_t n, const sei_unit_spec units[], const char *law)
{
    bool is_owned = false;

    for (size_t i = 0; i < SEI_COUNT(types); i++)
        is_owned = is_owned || owns(types[i], law);
    for (size_t u = 0; u < n && is_owned; u++)
        if (owns(units[u].type, law) &&
            (!units[u].type->wants || units[u].type->wants(&units[u], law)))
            return true;
    return !is_owned;
}

double sei_param_to_si(const sei_param *param, double value)
{
    size_t          stem;
    const sei_unit *unit = sei_name_unit(param->key, &stem);

    return unit ? sei_to_si(unit, value) : value;
}

double sei_param_from_si(const sei_param *param, double value_si)
{
    size_t          stem;
    const sei_unit *unit = sei_name_unit(param->key, &stem);

    return unit ? sei_from_si(unit, value_si) : value_si;
}

void sei_unit_defaults(const sei_param params[], size_t n, double ret_values[])
{
    for (size_t i = 0; i < n; i++)
        ret_values[i] = sei_param_to_si(&params[i], params[i].def);
}
