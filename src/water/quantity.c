/* quantity.c - the registry of quantities, molar masses, and conversion to what is kept inside */
#include <string.h>

#include "base/element_list.h"
#include "base/text.h"
#include "seiryu/water.h"
#include "water/quantity_list.h"

enum { FORMULA_DEPTH_MAX = 4 };

#define ROW(key, symbol, en, ja, dimension, unit, formula, eq, min, max, decimals, negative, \
            fractions)                                                                       \
    {key, symbol,   en,       ja,       SEI_DIM_##dimension, unit, formula, eq, min,         \
     max, decimals, negative, fractions},
static const sei_quantity quantities[] = {SEI_QUANTITY_LIST(ROW)};
#undef ROW

#define ALIAS(name, key) {name, key},
static const struct {
    const char *name, *key;
} aliases[] = {SEI_QUANTITY_ALIASES(ALIAS)};
#undef ALIAS

#define ELEMENT(symbol, g_mol) {symbol, g_mol},
static const struct {
    const char *symbol;
    double      g_mol;
} elements[] = {SEI_ELEMENT_LIST(ELEMENT)};
#undef ELEMENT

size_t sei_quantity_count(void)
{
    return sizeof quantities / sizeof quantities[0];
}

const sei_quantity *sei_quantity_at(size_t i)
{
    return i < sei_quantity_count() ? &quantities[i] : NULL;
}

const sei_quantity *sei_quantity_find(const char *key)
{
    for (size_t i = 0; i < sei_quantity_count(); i++)
        if (strcmp(quantities[i].key, key) == 0)
            return &quantities[i];
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(aliases[i].name, key) == 0)
            return sei_quantity_find(aliases[i].key);
    return NULL;
}

const sei_unit *sei_quantity_unit(const sei_quantity *quantity)
{
    return quantity->unit[0] ? sei_unit_find(quantity->unit) : NULL;
}

/* ---- formulae: sums of elements and brackets with counts, "Fe8O8(OH)6SO4" ---- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static double take_count(const char **at)
{
    double n      = 0;
    int    digits = 0;

    while (**at >= '0' && **at <= '9' && digits < 6) {
        n = 10 * n + (*(*at)++ - '0');
        digits++;
    }
    return digits ? n : 1;
}

/* g/mol of the element at *at; 0 when it is none. */
static double take_element(const char **at)
{
    const size_t n = is_upper(**at) ? (is_lower((*at)[1]) ? 2 : 1) : 0;

    for (size_t i = 0; n && i < sizeof elements / sizeof elements[0]; i++) {
        if (strlen(elements[i].symbol) == n && memcmp(elements[i].symbol, *at, n) == 0) {
            *at += n;
            return elements[i].g_mol;
        }
    }
    return 0;
}

double sei_molar_mass(const char *formula)
{
    double      sum[FORMULA_DEPTH_MAX + 1] = {0};
    int         depth                      = 0;
    const char *at                         = formula;

    while (*at) {
        double mass;
        if (*at == '(' && depth < FORMULA_DEPTH_MAX) {
            sum[++depth] = 0;
            at++;
            continue;
        }
        if (*at == ')' && depth > 0) {
            mass = sum[depth--];
            at++;
        } else {
            mass = take_element(&at);
        }
        if (mass <= 0)
            return 0;
        sum[depth] += mass * take_count(&at);
    }
    return depth == 0 ? sum[0] * 1e-3 : 0;
}

double sei_quantity_molar_mass(const sei_quantity *quantity)
{
    return quantity->formula ? sei_molar_mass(quantity->formula) / quantity->charge_eq : 0;
}

/* ---- conversion ---- */

bool sei_quantity_to_molar(const sei_quantity *quantity, double kg_m3, double *ret_mol_m3)
{
    const double mass = sei_quantity_molar_mass(quantity);

    if (mass <= 0 || quantity->dimension != SEI_DIM_MASS_CONC)
        return false;
    *ret_mol_m3 = kg_m3 / mass;
    return true;
}

bool sei_quantity_from_molar(const sei_quantity *quantity, double mol_m3, double *ret_kg_m3)
{
    const double mass = sei_quantity_molar_mass(quantity);

    if (mass <= 0 || quantity->dimension != SEI_DIM_MASS_CONC)
        return false;
    *ret_kg_m3 = mol_m3 * mass;
    return true;
}

bool sei_quantity_to_si(const sei_quantity *quantity, const sei_unit *unit, double value,
                        double *ret_si)
{
    if (!unit) {
        if (quantity->dimension != SEI_DIM_NONE)
            return false;
        *ret_si = value;
        return true;
    }
    if (unit->dimension == quantity->dimension && quantity->unit[0]) {
        *ret_si = sei_to_si(unit, value);
        return true;
    }
    return unit->dimension == SEI_DIM_MOLAR_CONC &&
           sei_quantity_from_molar(quantity, sei_to_si(unit, value), ret_si);
}

bool sei_quantity_from_si(const sei_quantity *quantity, const sei_unit *unit, double si,
                          double *ret_value)
{
    double molar = 0;

    if (!unit) {
        if (quantity->dimension != SEI_DIM_NONE)
            return false;
        *ret_value = si;
        return true;
    }
    if (unit->dimension == quantity->dimension && quantity->unit[0]) {
        *ret_value = sei_from_si(unit, si);
        return true;
    }
    if (unit->dimension != SEI_DIM_MOLAR_CONC || !sei_quantity_to_molar(quantity, si, &molar))
        return false;
    *ret_value = sei_from_si(unit, molar);
    return true;
}
