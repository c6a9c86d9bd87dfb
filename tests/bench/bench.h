/* bench.h - a benchmark is a row: what is timed, how fast it has to be, and the function that times it */
#ifndef SEI_TESTS_BENCH_H
#define SEI_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "seiryu/ctx.h"

typedef struct {
    const char *name;
    const char *what;
    const char *unit;
    double      limit; /* the median must not exceed it; INFINITY: told, not judged */
    /* Fills times in unit; how many (at most max), 0 when it failed: ctx then says why. */
    size_t (*run)(sei_ctx *ctx, double times[], size_t max);
    const char
        *peer; /* row of another program that does the same: the ratio is told; NULL for none */
} bench;

/* How many times as long the peer of a row has to take, and how many are hoped for. */
typedef struct {
    const char *row;
    double      wanted, hoped_for;
} bench_ratio;

/* The Python that may have PHREEQC: that of ./dev bench --peer, or the machine's. */
static inline const char *bench_python(void)
{
    static const char own[] = SEI_PROJECT_DIR "/build/peer/bin/python3";

    return access(own, X_OK) == 0 ? own : "python3";
}

/* What run returns when the machine lacks what the row needs; ctx says what. */
#define BENCH_SKIPPED ((size_t)-1)

static inline double bench_now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Time of this process alone: for long rows, which other work on the machine would stretch. */
static inline double bench_cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Rows of bench_NAME.c; sei_bench.c lists them. */
extern const bench  bench_chem[];
extern const size_t n_bench_chem;
extern const bench  bench_site[];
extern const size_t n_bench_site;
extern const bench  bench_qc[];
extern const size_t n_bench_qc;
extern const bench  bench_server[];
extern const size_t n_bench_server;
extern const bench  bench_react[];
extern const size_t n_bench_react;
extern const bench  bench_batch[];
extern const size_t n_bench_batch;

extern const bench       bench_phreeqc[];
extern const size_t      n_bench_phreeqc;
extern const bench_ratio bench_ratios[]; /* bench_phreeqc.c */
extern const size_t      n_bench_ratios;

#endif
