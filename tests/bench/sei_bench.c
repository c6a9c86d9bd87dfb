/*
 * sei_bench.c - runs the benchmarks and holds the median of each against its limit
 *
 * sei_bench [WORD ...]: those whose name contains a word, all without one. All in one process, by
 * library calls. Exit code 1 when one is slower than its limit or fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { TIMES_MAX = 200000 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool is_wanted(const bench *row, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(row->name, argv[i]))
            return true;
    return argc < 2;
}

static bool run_row(const bench *row, double *times)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    if (!ctx)
        return false;

    const size_t n    = row->run(ctx, times, TIMES_MAX);
    bool         good = n > 0;
    if (good) {
        qsort(times, n, sizeof *times, by_size);
        const double median = times[n / 2];
        good                = median <= row->limit;
        printf("%-16s %10.3g %10.3g %10.3g %9.3g %-3s %7zu  %-4s  %s\n", row->name, times[0], median,
               times[n - 1 - n / 100], row->limit, row->unit, n, good ? "ok" : "SLOW", row->what);
    } else {
        printf("%-16s failed: %s\n", row->name, sei_ctx_error(ctx));
    }
    fflush(stdout);
    sei_ctx_free(ctx);
    return good;
}

static int run_rows(const bench rows[], size_t n, int argc, char **argv, double *times)
{
    int failed = 0;

    for (size_t i = 0; i < n; i++)
        if (is_wanted(&rows[i], argc, argv))
            failed += !run_row(&rows[i], times);
    return failed;
}

int main(int argc, char **argv)
{
    double *times = malloc(TIMES_MAX * sizeof *times);
    if (!times)
        return EXIT_FAILURE;

    printf("%-16s %10s %10s %10s %9s %-3s %7s\n", "benchmark", "fastest", "median", "99 %", "limit", "",
           "runs");
    int failed = run_rows(bench_chem, n_bench_chem, argc, argv, times);
    failed += run_rows(bench_site, n_bench_site, argc, argv, times);
    free(times);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
