/*
 * term.h - the smooth, bounded factors that rate laws are made of
 *
 * Each takes one input and gives its value and its derivative by that input. All are finite and
 * have a continuous derivative for every input a solver may try: concentrations from 0 upwards,
 * logarithms of saturation ratios of any size. A law multiplies its terms with sei_term_product().
 */
#ifndef SEI_KIN_TERM_H
#define SEI_KIN_TERM_H

#include <stddef.h>

#include "base/constants.h"
#include "seiryu/kin.h"

#define SEI_T15_K            (SEI_ZERO_CELSIUS + 15.0)
#define SEI_T20_K            (SEI_ZERO_CELSIUS + 20.0)
#define SEI_T25_K            (SEI_ZERO_CELSIUS + 25.0)
#define SEI_KGW_PER_M3       1000.0 /* pore water, as the cells count it */
#define SEI_KIN_COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef struct {
    double value, slope;
} sei_term;

/* The short ones stand here: calling them would take longer than they do. */

/* c, levelling off at 1e9 mol/kgw so that products of terms stay finite. */
static inline sei_term sei_term_first(double c)
{
    const double most = 1e9, q = 1.0 / (1.0 + c / most);

    return (sei_term){c * q, q * q};
}

/* The share of a full population that is there; 1 where full is 0: the population is always full. */
static inline sei_term sei_term_population(double c, double full)
{
    const sei_term x = sei_term_first(c);

    return full > 0.0 ? (sei_term){x.value / full, x.slope / full} : (sei_term){1.0, 0.0};
}

/* c / (half + c) */
static inline sei_term sei_term_monod(double c, double half)
{
    const double q = half / (half + c);

    return (sei_term){c / (half + c), q * q / half};
}

/* half / (half + c) */
static inline sei_term sei_term_inhibit(double c, double half)
{
    const double q = half / (half + c);

    return (sei_term){q, -q * q / half};
}

/* 1 between two pH values at which it is one half, of the activity of H+. */
sei_term sei_term_ph_window(double a_h, double ph_low, double ph_high);
/* 0 at low and 1 at high pH, one half at ph_half. */
sei_term sei_term_ph_above(double a_h, double ph_half);
/* exp(x), continued as a straight line above x = knee. */
sei_term sei_term_exp(double x, double knee);
/* 0 up to saturation, then 1 - ratio^(-1/n) of the saturation ratio, with a soft start below
 * |ln ratio| / n of about SEI_SOFT_START so that the slope does not jump. */
#define SEI_SOFT_START 0.02
sei_term sei_term_super(double ln_ratio, double n);
/* The mirror image: 1 - ratio^(1/n) below saturation, 0 above. */
sei_term sei_term_under(double ln_ratio, double n);

/* rate = k times the product of all terms; slope[i] = d rate / d (input of term i). */
void sei_term_product(double k, size_t n, const sei_term term[], double *ret_rate,
                      double ret_slope[]);

/* 10^x: far cheaper than pow, and laws ask for many. */
double sei_ten_to(double x);

/* Factor of a rate constant at temp_k that holds at ref_k, theta per kelvin. */
double sei_theta(double theta, double temp_k, double ref_k);

#endif
