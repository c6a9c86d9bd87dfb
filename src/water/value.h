/* value.h - one measured value from text */
#ifndef SEI_WATER_VALUE_H
#define SEI_WATER_VALUE_H

#include "seiryu/water.h"

enum { SEI_VALUE_MESSAGE_MAX = 256 };

/* What a cell says apart from its quantity. */
typedef enum {
    SEI_CELL_NUMBER,
    SEI_CELL_BELOW,         /* "<0.005": below the number */
    SEI_CELL_BELOW_UNKNOWN, /* "ND": below a limit that is not told */
    SEI_CELL_ABOVE,         /* ">50": the number or more */
    SEI_CELL_MISSING,       /* empty, "-" and words for it */
    SEI_CELL_OTHER
} sei_cell_kind;

/* Full-width digits and signs and groups of three ("1,200") are understood; *ret_number is 0 where
 * the cell has none. */
sei_cell_kind sei_cell_read(const char *text, double *ret_number);

/* As sei_quantity_parse_value; the message of a failure or of a warning goes to message, "" when
 * there is none. */
SEI_CHECKED sei_status sei_value_parse(const sei_quantity_column *column, const char *text,
                                       sei_value *ret_value, char message[SEI_VALUE_MESSAGE_MAX]);

#endif
