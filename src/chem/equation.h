/* equation.h - text of a reaction -> terms with signed coefficients */
#ifndef SEI_CHEM_EQUATION_H
#define SEI_CHEM_EQUATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { SEI_EQUATION_TERMS = 32 };

typedef struct {
    sei_slice name;
    double    coef;  /* as written, positive */
    bool      right; /* stands right of "=" */
} sei_eterm;

typedef struct {
    size_t    n;
    sei_eterm terms[SEI_EQUATION_TERMS];
} sei_equation;

/* "2 H2O = O2 + 4H+ + 4e-": words between blanks; a coefficient may be glued or stand apart; a lone
 * "+" or "-" separates. False, with *ret_bad at the offending text, when it is no equation. */
bool sei_equation_parse(sei_slice text, sei_equation *ret_equation, sei_slice *ret_bad);

#endif
