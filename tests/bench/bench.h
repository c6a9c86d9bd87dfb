/* bench.h - a benchmark is a row: what is timed, how fast it has to be, and the function that times it */
#ifndef SEI_TESTS_BENCH_H
#define SEI_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "seiryu/ctx.h"

typedef struct {
    const char *name;
    const char *what;
    const char *unit;
    double      limit; /* the median must not exceed it */
    /* Fills times in unit; how many (at most max), 0 when it failed: ctx then says why. */
    size_t (*run)(sei_ctx *ctx, double times[], size_t max);
} bench;

static inline double bench_now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Rows of bench_NAME.c; sei_bench.c lists them. */
extern const bench  bench_chem[];
extern const size_t n_bench_chem;
extern const bench  bench_site[];
extern const size_t n_bench_site;

#endif
