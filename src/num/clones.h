/*
 * clones.h - one function, compiled for several kinds of processor
 *
 * SEI_CLONES before a function lets the loader choose the widest version that the machine has.
 * Without contraction to fused operations (see flags.cmake) all versions give the same bits.
 */
#ifndef SEI_NUM_CLONES_H
#define SEI_NUM_CLONES_H

#include <stdlib.h> /* defines __GLIBC__ where it is that library */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SEI_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SEI_IS_SANITIZED 1
#endif
#endif

/* The choice is made before the sanitizers' run-time library is ready, so they go without. clang 14
 * gives the chosen function another name than its callers ask for. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(SEI_IS_SANITIZED)
#define SEI_CLONES      __attribute__((target_clones("avx2", "default")))
#define SEI_CLONES_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SEI_CLONES
#define SEI_CLONES_WIDE
#endif

#endif
