/* bytes.h - numbers in frames, big-endian */
#ifndef SEI_COMMAND_BYTES_H
#define SEI_COMMAND_BYTES_H

#include <stdint.h>

static inline void put16(uint8_t *p, uint16_t x)
{
    p[0] = (uint8_t)(x >> 8);
    p[1] = (uint8_t)x;
}

static inline void put32(uint8_t *p, uint32_t x)
{
    put16(p, (uint16_t)(x >> 16));
    put16(p + 2, (uint16_t)x);
}

static inline uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p)
{
    return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* Two's complement without leaning on how the compiler converts. */
static inline int32_t get_signed(const uint8_t *p)
{
    const uint32_t x = get32(p);

    return x <= INT32_MAX ? (int32_t)x : -(int32_t)(UINT32_MAX - x) - 1;
}

#endif
