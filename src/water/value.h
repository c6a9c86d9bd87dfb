/* value.h - one measured value from text */
#ifndef SEI_WATER_VALUE_H
#define SEI_WATER_VALUE_H

#include "seiryu/water.h"

enum { SEI_VALUE_MESSAGE_MAX = 256 };

/* As sei_quantity_parse_value; the message of a failure or of a warning goes to message, "" when
 * there is none. */
SEI_CHECKED sei_status sei_value_parse(const sei_quantity_column *column, const char *text,
                                       sei_value *ret_value, char message[SEI_VALUE_MESSAGE_MAX]);

#endif
