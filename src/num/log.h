/* log.h - the natural logarithm of four numbers at once */
#ifndef SEI_NUM_LOG_H
#define SEI_NUM_LOG_H

#include "num/v4.h"

/*
 * ln x within 4 units in the last place (near 1: within 1e-16 absolute) for normal positive x; other
 * arguments give a finite number without meaning. x = 2^k f with f in 1/sqrt 2 .. sqrt 2;
 * ln f = 2 atanh s with s = (f - 1) / (f + 1), |s| <= 0.1716, as a series (error below 1e-17).
 */
#define SEI_DEFINE_LOG(name, vector, bits)                                                                \
    SEI_V4_INLINE void name(vector *x)                                                                    \
    {                                                                                                     \
        /* Subtracting the bits of 1/sqrt 2 leaves k in the exponent field and the rest of f below it. */ \
        const bits   root = (bits){0} + UINT64_C(0x3FE6A09E667F3BCD);                                     \
        const bits   low  = (bits){0} + UINT64_C(0xFFFFFFFFFFFFF);                                        \
        const bits   over = (bits)*x - root;                                                              \
        const vector f    = (vector)((over & low) + root);                                                \
        /* k as a double: its bits, made positive, in the low end of 2^52, less what was added. */        \
        const bits   k_bits = (over + (UINT64_C(2048) << 52)) >> 52;                                      \
        const vector k =                                                                                  \
            (vector)(k_bits | UINT64_C(0x4330000000000000)) - (4503599627370496.0 + 2048.0);              \
        const vector s = (f - 1.0) / (f + 1.0), q = s * s, q2 = q * q, q4 = q2 * q2;                      \
        const vector a      = (1.0 / 3 + q * (1.0 / 5)) + q2 * (1.0 / 7 + q * (1.0 / 9));                 \
        const vector b      = (1.0 / 11 + q * (1.0 / 13)) + q2 * (1.0 / 15 + q * (1.0 / 17));             \
        const vector series = a + q4 * (b + q4 * (1.0 / 19 + q * (1.0 / 21)));                            \
        const vector ln_f   = 2.0 * s + 2.0 * s * q * series;                                             \
        *x                  = k * 0x1.62e42fee00000p-1 + (ln_f + k * 0x1.a39ef35793c76p-33);              \
    }

SEI_DEFINE_LOG(sei_v4_log, sei_v4, sei_v4_bits)
SEI_DEFINE_LOG(sei_v8_log, sei_v8, sei_v8_bits)

#endif
