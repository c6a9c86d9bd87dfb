/*
 * sei_bench.c - runs the benchmarks and holds the median of each against its limit
 *
 * sei_bench [WORD ...]: those whose name contains a word, all without one. All in one process, by
 * library calls. Exit code 1 when one is slower than its limit or fails.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
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

/* Median of the row; 0 when it was skipped, NAN when it failed or was too slow. */
static double run_row(const bench *row, double *times)
{
    double   median = nan("");
    sei_ctx *ctx    = sei_ctx_create(NULL);
    if (!ctx)
        return nan("");

    const size_t n = row->run(ctx, times, TIMES_MAX);
    if (n == BENCH_SKIPPED) {
        printf("%-20s skipped: %s\n", row->name, sei_ctx_error(ctx));
        median = 0.0;
    } else if (n > 0) {
        char limit[32] = "-";
        qsort(times, n, sizeof *times, by_size);
        median          = times[n / 2];
        const bool good = median <= row->limit;
        if (isfinite(row->limit))
            snprintf(limit, sizeof limit, "%.3g", row->limit);
        printf("%-20s %10.3g %10.3g %10.3g %9s %-3s %7zu  %-4s  %s\n", row->name, times[0], median,
               times[n - 1 - n / 100], limit, row->unit, n, good ? "ok" : "SLOW", row->what);
        median = good ? median : nan("");
    } else {
        printf("%-20s failed: %s\n", row->name, sei_ctx_error(ctx));
    }
    fflush(stdout);
    sei_ctx_free(ctx);
    return median;
}

static void tell_ratio(const bench *row, const bench *peer, double ratio)
{
    printf("%s takes %.1f times as long as %s", peer->name, ratio, row->name);
    for (size_t i = 0; i < n_bench_ratios; i++)
        if (strcmp(bench_ratios[i].row, row->name) == 0)
            printf(": %s (%g wanted, %g hoped for)",
                   ratio >= bench_ratios[i].hoped_for ? "more than hoped for"
                   : ratio >= bench_ratios[i].wanted  ? "good"
                                                      : "NOT ENOUGH",
                   bench_ratios[i].wanted, bench_ratios[i].hoped_for);
    printf("\n");
}

/* How many times as long the other program takes, where both have run. */
static void tell_ratios(const bench rows[], size_t n, const double median[])
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (rows[i].peer && strcmp(rows[i].peer, rows[j].name) == 0 && median[i] > 0.0 &&
                median[j] > 0.0)
                tell_ratio(&rows[i], &rows[j], median[j] / median[i]);
}

enum { ROWS_MAX = 40 };

static int run_rows(const bench rows[], size_t n, int argc, char **argv, double *times)
{
    int    failed           = 0;
    double median[ROWS_MAX] = {0};

    for (size_t i = 0; i < n && i < ROWS_MAX; i++) {
        if (!is_wanted(&rows[i], argc, argv))
            continue;
        median[i] = run_row(&rows[i], times);
        failed += isnan(median[i]) ? 1 : 0;
    }
    tell_ratios(rows, n < ROWS_MAX ? n : ROWS_MAX, median);
    return failed;
}

/* Processor and load, so that a table says where it comes from. */
static void tell_machine(void)
{
    char   line[256];
    double load[1] = {0.0};
    FILE  *info    = fopen("/proc/cpuinfo", "r");

    while (info && fgets(line, sizeof line, info)) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !colon)
            continue;
        line[strcspn(line, "\n")] = '\0';
        printf("%s, ", colon + 2);
        break;
    }
    if (info)
        fclose(info);
    FILE *average = fopen("/proc/loadavg", "r");
    if (average && fscanf(average, "%lf", load) != 1)
        load[0] = 0.0;
    if (average)
        fclose(average);
    printf("%ld processors, load %.1f, compiler %s\n", sysconf(_SC_NPROCESSORS_ONLN), load[0],
           __VERSION__);
}

int main(int argc, char **argv)
{
    double *times = malloc(TIMES_MAX * sizeof *times);
    if (!times)
        return EXIT_FAILURE;

    sei_heap_keep(); /* as seiryu does */
    tell_machine();
    printf("%-20s %10s %10s %10s %9s %-3s %7s\n", "benchmark", "fastest", "median", "99 %", "limit",
           "", "runs");
    int failed = run_rows(bench_chem, n_bench_chem, argc, argv, times);
    failed += run_rows(bench_batch, n_bench_batch, argc, argv, times);
    failed += run_rows(bench_qc, n_bench_qc, argc, argv, times);
    failed += run_rows(bench_server, n_bench_server, argc, argv, times);
    failed += run_rows(bench_react, n_bench_react, argc, argv, times);
    failed += run_rows(bench_phreeqc, n_bench_phreeqc, argc, argv, times);
    failed += run_rows(bench_site, n_bench_site, argc, argv, times);
    free(times);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
