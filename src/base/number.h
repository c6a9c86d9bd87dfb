/* number.h - numbers in text, whatever the locale of the host program */
#ifndef SEI_BASE_NUMBER_H
#define SEI_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEI_NUMBER_MAX = 40 };

/* The whole of text[0..len) as a finite decimal number ("12", "-.5", "1.2e-3"); no blanks, no
 * "inf", "nan" or hexadecimal. Returns false and leaves *ret_value alone otherwise. */
bool sei_parse_double(const char *text, size_t len, double *ret_value);
bool sei_parse_int(const char *text, size_t len, int64_t *ret_value);

/* As sei_parse_double, but takes the longest number at the start of text and returns how many
 * bytes it takes, 0 for none. */
size_t sei_scan_double(const char *text, size_t len, double *ret_value);

/* %.{digits}g with a point whatever the locale; digits 1..17, 0 = the shortest that reads back
 * to the same double. NaN gives "". */
void sei_format_double(char out[SEI_NUMBER_MAX], double value, int digits);
/* %.{digits}e with a point whatever the locale; digits 1..15. Returns its length. */
size_t sei_format_scientific(char out[SEI_NUMBER_MAX], double value, int digits);
/* Fixed number of decimals, 0..15. */
void sei_format_fixed(char out[SEI_NUMBER_MAX], double value, int decimals);

#endif
