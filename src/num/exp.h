/* exp.h - the exponential function of four numbers at once */
#ifndef SEI_NUM_EXP_H
#define SEI_NUM_EXP_H

#include "num/v4.h"

/*
 * e^x within 2 units in the last place; x is first brought into low .. high, which must lie within
 * -700 .. 700 (NaN becomes low). x = k ln 2 + r; e^r - 1 - r is r^2 times a polynomial fitted at the
 * Chebyshev nodes of |r| <= ln 2 / 2 (relative error of the fit 2e-17).
 */
#define SEI_EXP_MIN (-700.0)
#define SEI_EXP_MAX 700.0

#define SEI_DEFINE_EXP(name, vector, bits)                                                 \
    SEI_V4_INLINE void name(vector *x, double low, double high)                            \
    {                                                                                      \
        const double to_integer =                                                          \
            6755399441055744.0; /* 1.5 * 2^52: a sum with it has no fraction */            \
        const vector lows = (vector){0} + low, highs = (vector){0} + high;                 \
        const bits   above = (bits)(*x > lows);                                            \
        vector       s     = (vector)(((bits)*x & above) | ((bits)lows & ~above));         \
        const bits   below = (bits)(s < highs);                                            \
        s                  = (vector)(((bits)s & below) | ((bits)highs & ~below));         \
                                                                                           \
        const vector shifted = s * 1.4426950408889634 + to_integer;                        \
        const vector k       = shifted - to_integer;                                       \
        const vector r       = (s - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33; \
        const vector r2 = r * r, r4 = r2 * r2;                                             \
        const vector p01 = 0.5 + r * 0x1.5555555555556p-3;                                 \
        const vector p23 = 0x1.5555555553d63p-5 + r * 0x1.11111111109b3p-7;                \
        const vector p45 = 0x1.6c16c1788bd90p-10 + r * 0x1.a01a01a7c41d5p-13;              \
        const vector p67 = 0x1.a019b90d2ae7ap-16 + r * 0x1.71de0dae63bb3p-19;              \
        const vector p89 = 0x1.289185613a3d6p-22 + r * 0x1.af38a9b0ec855p-26;              \
        const vector p   = (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * p89);          \
        const vector y   = 1.0 + (r + r2 * p);                                             \
        *x               = (vector)((bits)y + ((bits)shifted << 52)); /* times 2^k */      \
    }

SEI_DEFINE_EXP(sei_v4_exp, sei_v4, sei_v4_bits)
SEI_DEFINE_EXP(sei_v8_exp, sei_v8, sei_v8_bits)

#endif
