/* unit_type.h - the rows that unit_list.h names */
#ifndef SEI_PLANT_UNIT_TYPE_H
#define SEI_PLANT_UNIT_TYPE_H

#include <math.h>

#include "seiryu/plant.h"

#define SEI_UNIT(name) extern const sei_unit_type sei_unit_type_##name;
#include "plant/unit_list.h"
#undef SEI_UNIT

#define SEI_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Default of a row that the user must give. */
#define SEI_GIVE ((double)NAN)

/* One parameter row on few lines: transform and evidence without SEI_. */
#define SEI_ROW(key, unit, def, lower, upper, transform, evidence, source, help, help_ja)    \
    {                                                                                        \
        key, unit, def, lower, upper, SEI_##transform, SEI_##evidence, source, help, help_ja \
    }

/* Is the law everybody's, or one of the own laws of a unit here that wants it? A law costs time in every
 * cell of a train. */
bool sei_units_want_law(size_t n, const sei_unit_spec units[], const char *law);

/* Is it a law of nitrogen or phosphorus, which a site may leave out (nutrients.c)? */
bool sei_is_nutrient_law(const char *law);

/* A row's value between the number as the user writes it and SI. */
double sei_param_to_si(const sei_param *param, double value);
double sei_param_from_si(const sei_param *param, double value_si);

#endif
