/* term.c - the smooth, bounded factors that rate laws are made of */
#include "kin/term.h"

#include <math.h>

#define LN_10        2.302585092994045684
#define EXPONENT_MAX 700.0 /* exp() of it is still finite */

sei_term sei_term_ph_window(double a_h, double ph_low, double ph_high)
{
    const double a_low = sei_ten_to(-ph_low), a_high = sei_ten_to(-ph_high);
    const double above = a_h / (a_high + a_h), below = a_low / (a_low + a_h);
    const double d_above = a_high / ((a_high + a_h) * (a_high + a_h));
    const double d_below = -a_low / ((a_low + a_h) * (a_low + a_h));

    return (sei_term){above * below, d_above * below + above * d_below};
}

sei_term sei_term_ph_above(double a_h, double ph_half)
{
    return sei_term_inhibit(a_h, sei_ten_to(-ph_half));
}

sei_term sei_term_exp(double x, double knee)
{
    if (x > knee) {
        const double top = exp(knee);
        return (sei_term){top * (1.0 + fmin(x, 1e9) - knee), top};
    }
    const double e = exp(x);
    return (sei_term){e, e};
}

/* v/(v + soft) * (1 - exp(-v)) for v > 0: value and slope vanish together at v = 0. */
sei_term sei_term_super(double ln_ratio, double n)
{
    const double v = fmin(ln_ratio / n, EXPONENT_MAX);

    if (v <= 0.0)
        return (sei_term){0.0, 0.0};
    const double start = v / (v + SEI_SOFT_START);
    const double rise  = -expm1(-v);
    const double d     = (1.0 - rise) * start +
                     rise * SEI_SOFT_START / ((v + SEI_SOFT_START) * (v + SEI_SOFT_START));
    return (sei_term){start * rise, d / n};
}

sei_term sei_term_under(double ln_ratio, double n)
{
    const sei_term mirror = sei_term_super(-ln_ratio, n);

    return (sei_term){mirror.value, -mirror.slope};
}

void sei_term_product(double k, size_t n, const sei_term term[], double *ret_rate,
                      double ret_slope[])
{
    double left = k; /* product of all terms before i */

    for (size_t i = 0; i < n; i++) {
        ret_slope[i] = left * term[i].slope;
        left *= term[i].value;
    }
    *ret_rate    = left;
    double right = 1.0; /* product of all terms after i */
    for (size_t i = n; i-- > 0;) {
        ret_slope[i] *= right;
        right *= term[i].value;
    }
}

double sei_ten_to(double x)
{
    return exp(LN_10 * x);
}

double sei_theta(double theta, double temp_k, double ref_k)
{
    return pow(theta, temp_k - ref_k);
}
