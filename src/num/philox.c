/* philox.c - random numbers that are a function of a counter */
#include "num/philox.h"

enum { ROUNDS = 10 };

/* Multipliers and Weyl constants of Philox4x32 (salmon2011, table 2 and section 3.3). */
static const uint32_t mul0 = 0xD2511F53u, mul1 = 0xCD9E8D57u, weyl0 = 0x9E3779B9u,
                      weyl1 = 0xBB67AE85u;

void sei_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t ret[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];

    for (int r = 0; r < ROUNDS; r++) {
        const uint64_t p0 = (uint64_t)mul0 * c0, p1 = (uint64_t)mul1 * c2;
        const uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        c0 = n0;
        c2 = n2;
        k0 += weyl0;
        k1 += weyl1;
    }
    ret[0] = c0;
    ret[1] = c1;
    ret[2] = c2;
    ret[3] = c3;
}

double sei_philox_uniform(uint64_t seed, uint64_t member, uint64_t stream)
{
    const uint32_t counter[4] = {(uint32_t)member, (uint32_t)(member >> 32), (uint32_t)stream,
                                 (uint32_t)(stream >> 32)};
    const uint32_t key[2]     = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t       w[4];

    sei_philox4x32(counter, key, w);
    const uint64_t bits = ((uint64_t)w[0] << 32 | w[1]) >> 11;
    return ((double)bits + 0.5) * 0x1p-53;
}
