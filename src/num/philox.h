/* philox.h - random numbers that are a function of a counter, and normal deviates */
#ifndef SEI_NUM_PHILOX_H
#define SEI_NUM_PHILOX_H

#include <stdint.h>

/*
 * Philox4x32 with ten rounds (Salmon et al. 2011, salmon2011): four words from a counter of four
 * words and a key of two. No state is carried: a draw is the same whoever makes it, and when.
 */
void sei_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t ret[4]);

/* Uniform in (0, 1), both ends excluded, of 53 bits: the draw of `stream` for `member`. */
double sei_philox_uniform(uint64_t seed, uint64_t member, uint64_t stream);

/* Standard normal distribution: its quantile (Wichura 1988, AS 241, relative error 1e-16) and its
 * distribution function. p lies in (0, 1). */
double sei_normal_quantile(double p);
double sei_normal_cdf(double z);

#endif
