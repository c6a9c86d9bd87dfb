/*
 * v4.h - four doubles at once, or eight
 *
 * The compiler's vector extension (gcc, clang): one AVX register or two SSE2 or NEON ones; eight fill one of
 * AVX-512. Lanes are computed apart, so that results do not depend on the machine's width.
 */
#ifndef SEI_NUM_V4_H
#define SEI_NUM_V4_H

#include <stdint.h>
#include <string.h>

enum { SEI_V4 = 4, SEI_V8 = 8 };

typedef double   sei_v4 __attribute__((vector_size(32)));
typedef uint64_t sei_v4_bits __attribute__((vector_size(32)));
typedef double   sei_v8 __attribute__((vector_size(64)));
typedef uint64_t sei_v8_bits __attribute__((vector_size(64)));

/* Functions on vectors must be inlined: how they would be passed depends on the machine. */
#define SEI_V4_INLINE static inline __attribute__((always_inline))

/* From and to any four doubles in memory, aligned or not. */
#define SEI_V4_LOAD(vector, at)  memcpy(&(vector), (at), sizeof(sei_v4))
#define SEI_V4_STORE(at, vector) memcpy((at), &(vector), sizeof(sei_v4))

/* a where the mask is set, else b. */
#define SEI_V8_PICK(mask, a, b) \
    ((sei_v8)(((sei_v8_bits)(a) & (mask)) | ((sei_v8_bits)(b) & ~(mask))))
#define SEI_V4_PICK(mask, a, b) \
    ((sei_v4)(((sei_v4_bits)(a) & (sei_v4_bits)(mask)) | ((sei_v4_bits)(b) & ~(sei_v4_bits)(mask))))
#define SEI_V8_IS(condition) ((sei_v8_bits)(condition))

/* Number of doubles that whole vectors need for n. */
#define SEI_V4_PADDED(n) (((n) + SEI_V4 - 1) / SEI_V4 * SEI_V4)

#endif
