/* fold.h - the many ways in which Japanese sheets write the same digit, sign or unit, made one */
#ifndef SEI_WATER_FOLD_H
#define SEI_WATER_FOLD_H

#include <stdbool.h>
#include <stddef.h>

enum { SEI_FOLD_MAX = 160 };

/* Full-width ASCII, blanks and brackets become ASCII, ≦ ≤ become <, ≧ ≥ become >, dashes and minus
 * signs become -, and squared units their letters (㎎ ㎥ ℃ ³ µ give mg m3 °C 3 u). Line breaks become
 * blanks, runs of blanks one, blanks at the ends go. False (out is "") when text is longer than
 * SEI_FOLD_MAX or no UTF-8. */
bool sei_fold(char out[SEI_FOLD_MAX], const char *text);

#endif
