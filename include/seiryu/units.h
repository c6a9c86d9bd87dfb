/*
 * units.h - units of measurement, and names that carry them (`volume_m3`, `so4_mg_l`)
 *
 * All factors live in src/base/unit_list.h. Inside, everything is SI with mol.
 */
#ifndef SEIRYU_UNITS_H
#define SEIRYU_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SEI_DIMENSION_LIST(X)      \
    X(NONE, "1")                   \
    X(LENGTH, "m")                 \
    X(AREA, "m2")                  \
    X(VOLUME, "m3")                \
    X(MASS, "kg")                  \
    X(TIME, "s")                   \
    X(FLOW, "m3/s")                \
    X(VELOCITY, "m/s")             \
    X(MASS_CONC, "kg/m3")          \
    X(MOLAR_CONC, "mol/m3")        \
    X(MOLALITY, "mol/kg")          \
    X(AMOUNT, "mol")               \
    X(MASS_FRACTION, "kg/kg")      \
    X(MOLAR_MASS, "kg/mol")        \
    X(TEMPERATURE, "K")            \
    X(TEMPERATURE_DIFFERENCE, "K") \
    X(RATE, "1/s")                 \
    X(MOLAR_RATE, "mol/m3/s")      \
    X(SURFACE_RATE, "mol/m2/s")    \
    X(POTENTIAL, "V")              \
    X(CONDUCTIVITY, "S/m")         \
    X(HEAT_TRANSFER, "W/m2/K")     \
    X(HEAT_FLUX, "W/m2")           \
    X(SNOWMELT, "m/K/s")           \
    X(DENSITY, "kg/m3")            \
    X(SPECIFIC_AREA, "m2/kg")      \
    X(AREAL_LOAD, "kg/m2/s")       \
    X(MOLAR_ENERGY, "J/mol")       \
    X(ENERGY, "J")                 \
    X(POWER, "W")                  \
    X(PRESSURE, "Pa")              \
    X(TURBIDITY, "NTU")            \
    X(COUNT_CONC, "1/m3")

#define SEI_DIMENSION_ENUM(name, si) SEI_DIM_##name,
typedef enum { SEI_DIMENSION_LIST(SEI_DIMENSION_ENUM) SEI_DIM_COUNT } sei_dimension;
#undef SEI_DIMENSION_ENUM

/* value_si = value * factor + offset */
typedef struct {
    const char   *key;    /* as it ends a name: "mg_l" */
    const char   *symbol; /* as it is printed: "mg/L" */
    sei_dimension dimension;
    double        factor, offset;
} sei_unit;

SEI_API size_t          sei_unit_count(void);
SEI_API const sei_unit *sei_unit_at(size_t i);          /* NULL past the end */
SEI_API const sei_unit *sei_unit_find(const char *key); /* NULL when not known */
SEI_API double          sei_to_si(const sei_unit *unit, double value);
SEI_API double          sei_from_si(const sei_unit *unit, double value_si);
SEI_API const char     *sei_dimension_si(sei_dimension dimension); /* "mol/m3/s" */

/* Splits a name into stem and unit at the longest known unit that ends it after '_':
 * "flow_l_min" gives stem length 4 and l/min. NULL and the whole length when there is none. */
SEI_API const sei_unit *sei_name_unit(const char *name, size_t *ret_stem_len);

/* value in unit `from` expressed in `to`; false when the dimensions differ. */
SEI_API bool sei_convert(const sei_unit *from, const sei_unit *to, double value, double *ret_value);

#ifdef __cplusplus
}
#endif
#endif
