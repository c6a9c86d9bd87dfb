/* formula.h - chemical formulas in PHREEQC's spelling */
#ifndef SEI_CHEM_FORMULA_H
#define SEI_CHEM_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

enum { SEI_SYMBOL_MAX = 24, SEI_FORMULA_PARTS = 24 };

typedef struct {
    char   symbol[SEI_SYMBOL_MAX]; /* element as written: "Fe", "Fe_di", "Acetate", "[C13]" */
    double count;
} sei_formula_part;

typedef struct {
    size_t           n;
    sei_formula_part parts[SEI_FORMULA_PARTS];
    double           charge;
} sei_formula;

/* "Fe(OH)2+", "CaSO4:2H2O", "Ca0.5(CO3)0.5", "SO4--", "e-". False when it is no formula. */
bool sei_formula_parse(const char *text, size_t len, sei_formula *ret_formula);

/* As sei_formula_parse for -mole_balance: "S(-2)5Cu" has parts "S(-2)" and "Cu". */
bool sei_formula_parse_valence(const char *text, size_t len, sei_formula *ret_formula);

/* Length of text without its charge, and the charge ("+2", "++", "-", "+0.5"). */
size_t sei_charge_split(const char *text, size_t len, double *ret_charge);

#endif
