/* exp.h - the exponential function in a form that loops can be vectorised with */
#ifndef SEI_NUM_EXP_H
#define SEI_NUM_EXP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SEI_EXP_MIN (-700.0)
#define SEI_EXP_MAX 700.0

/*
 * e^x within 2 units in the last place for SEI_EXP_MIN <= x <= SEI_EXP_MAX; other arguments are a
 * mistake of the caller. x = k ln 2 + r; e^r - 1 - r is r^2 times a polynomial fitted at the
 * Chebyshev nodes of |r| <= ln 2 / 2 (relative error of the fit 2e-17).
 */
static inline double sei_exp(double x)
{
    const double round_shift = 6755399441055744.0; /* 1.5 * 2^52: the sum is rounded to integers */
    const double shifted     = x * 1.4426950408889634 + round_shift;
    const double k           = shifted - round_shift;
    const double r           = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
    const double r2          = r * r;
    const double p01         = 0.5 + r * 0x1.5555555555556p-3;
    const double p23         = 0x1.5555555553d63p-5 + r * 0x1.11111111109b3p-7;
    const double p45         = 0x1.6c16c1788bd90p-10 + r * 0x1.a01a01a7c41d5p-13;
    const double p67         = 0x1.a019b90d2ae7ap-16 + r * 0x1.71de0dae63bb3p-19;
    const double p89         = 0x1.289185613a3d6p-22 + r * 0x1.af38a9b0ec855p-26;
    const double r4          = r2 * r2;
    const double p           = (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * p89);
    double       y           = 1.0 + (r + r2 * p);
    uint64_t     bits, scale;

    memcpy(&scale, &shifted, sizeof scale); /* k stands in the low bits */
    memcpy(&bits, &y, sizeof bits);
    bits += scale << 52;
    memcpy(&y, &bits, sizeof y);
    return y;
}

#endif
