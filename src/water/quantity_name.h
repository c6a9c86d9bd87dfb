/* quantity_name.h - parts of a column's name */
#ifndef SEI_WATER_QUANTITY_NAME_H
#define SEI_WATER_QUANTITY_NAME_H

#include "seiryu/water.h"

enum { SEI_NAME_MESSAGE_MAX = 512 };

/* As sei_quantity_parse_column without context: a failure's message goes to message. */
SEI_CHECKED sei_status sei_name_parse(const char *name, sei_quantity_column *ret_column,
                                      char message[SEI_NAME_MESSAGE_MAX]);

/* "zn_dissolved" to quantity and fraction; false when it is none. */
bool sei_name_parse_stem(const char *stem, size_t len, sei_quantity_column *ret_column);

/* Can the quantity be given in this unit (NULL: without)? */
bool sei_name_unit_suits(const sei_quantity *quantity, const sei_unit *unit);

/* The quantity whose key is nearest to text; NULL when none is near. */
const char *sei_name_nearest(const char *text);

/* "zn must be given in one of ..." into message. */
void sei_name_allowed_units(const sei_quantity *quantity, char *out, size_t size);

#endif
