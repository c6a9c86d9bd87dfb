/* units.c - look-up and conversion over the unit list */
#include "seiryu/units.h"

#include <string.h>

#include "base/unit_list.h"

#define ROW(key, symbol, dimension, factor, offset) \
    {key, symbol, SEI_DIM_##dimension, factor, offset},
static const sei_unit units[] = {SEI_UNIT_LIST(ROW)};
#undef ROW

#define SI(name, si) si,
static const char *const si_text[] = {SEI_DIMENSION_LIST(SI)};
#undef SI

size_t sei_unit_count(void)
{
    return sizeof units / sizeof units[0];
}

const sei_unit *sei_unit_at(size_t i)
{
    return i < sei_unit_count() ? &units[i] : NULL;
}

const sei_unit *sei_unit_find(const char *key)
{
    for (size_t i = 0; i < sei_unit_count(); i++)
        if (strcmp(units[i].key, key) == 0)
            return &units[i];
    return NULL;
}

double sei_to_si(const sei_unit *unit, double value)
{
    return value * unit->factor + unit->offset;
}

double sei_from_si(const sei_unit *unit, double value_si)
{
    return (value_si - unit->offset) / unit->factor;
}

const char *sei_dimension_si(sei_dimension dimension)
{
    return (size_t)dimension < SEI_DIM_COUNT ? si_text[dimension] : "";
}

const sei_unit *sei_name_unit(const char *name, size_t *ret_stem_len)
{
    const size_t    len   = strlen(name);
    const sei_unit *found = NULL;
    size_t          best  = 0;

    for (size_t i = 0; i < sei_unit_count(); i++) {
        const size_t n = strlen(units[i].key);
        if (n <= best || len < n + 2 || name[len - n - 1] != '_')
            continue;
        if (memcmp(name + len - n, units[i].key, n) == 0) {
            found = &units[i];
            best  = n;
        }
    }
    *ret_stem_len = found ? len - best - 1 : len;
    return found;
}

bool sei_convert(const sei_unit *from, const sei_unit *to, double value, double *ret_value)
{
    if (from->dimension != to->dimension)
        return false;
    *ret_value = from == to ? value : sei_from_si(to, sei_to_si(from, value));
    return true;
}
