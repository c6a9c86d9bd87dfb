/*
 * bench_site.c - whole sites through time: a year, ten years, how the cost grows, ensembles
 *
 * Single runs are timed in processor time of this process, ensembles by the clock: there the question is what
 * several threads or processes gain.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "seiryu/ensemble.h"
#include "seiryu/result.h"

#define PILOT SEI_PROJECT_DIR "/examples/jogmec-pilot/site.yaml"
#define TRAIN SEI_PROJECT_DIR "/tests/bench/full_train.yaml"

enum { RUNS = 3, MEMBERS = 16, FEW = 2, SIZES = 4 };

static const int64_t day_us = INT64_C(86400000000);

/* ---- one run ---------------------------------------------------------------------------------- */

static double run_s(sei_ctx *ctx, const sei_site *site, size_t *ret_cells, size_t *ret_steps)
{
    sei_result  *result = NULL;
    const double from   = bench_cpu_s();

    if (sei_study_run(ctx, site, NULL, &result) != SEI_OK)
        return (double)NAN;
    const double time = bench_cpu_s() - from;
    *ret_cells        = result->n_cells;
    *ret_steps        = result->stats.steps;
    sei_result_free(result);
    return time;
}

static size_t time_runs(sei_ctx *ctx, const char *path, size_t runs, double times[])
{
    sei_site *site = NULL;
    size_t    n    = 0, cells, steps;

    if (sei_site_read(ctx, path, NULL, NULL, &site) != SEI_OK)
        return 0;
    while (n < runs) {
        times[n] = run_s(ctx, site, &cells, &steps);
        if (isnan(times[n]))
            break;
        n++;
    }
    sei_site_free(site);
    return n == runs ? n : 0;
}

static size_t pilot_year(sei_ctx *ctx, double times[], size_t max)
{
    return time_runs(ctx, PILOT, max < RUNS ? max : RUNS, times);
}

static size_t train_decade(sei_ctx *ctx, double times[], size_t max)
{
    (void)max;
    return time_runs(ctx, TRAIN, 1, times);
}

/* ---- how the cost grows ------------------------------------------------------------------------- */

/* Number of cells of a unit or layer, where it has such a parameter. */
static void scale_cells(const sei_param params[], size_t n, double values[], double factor)
{
    const size_t i = sei_param_index(params, n, "cells");

    if (i < n)
        values[i] = fmax(1.0, round(factor * values[i]));
}

static void scale_site(sei_site *site, double cells, double days)
{
    site->run.end_us = site->run.start_us + (int64_t)(days * (double)day_us);
    for (size_t u = 0; u < site->n_units; u++) {
        const sei_unit_spec *unit = &site->units[u];
        scale_cells(unit->type->params, unit->type->n_params, unit->params, cells);
        for (size_t l = 0; l < unit->n_layers; l++)
            scale_cells(unit->type->layer_params, unit->type->n_layer_params,
                        unit->layers[l].params, cells);
    }
}

/* Exponent p of time ~ size^p by least squares of the logarithms. */
static double exponent(const double size[], const double time[], size_t n)
{
    double x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;

    for (size_t i = 0; i < n; i++) {
        const double a = log(size[i]), b = log(time[i]);
        x += a;
        y += b;
        xx += a * a;
        xy += a * b;
    }
    return ((double)n * xy - x * y) / ((double)n * xx - x * x);
}

/*
 * Prints the table and gives the exponent as the one time. Runs begin at the steady state: washing out the first
 * water takes the more steps the finer the cells are, and would be told as cost of operation. By cells it is the
 * time of a step that is judged; the table tells how many steps finer cells ask for, and its last line what that
 * makes of the whole.
 */
static size_t growth(sei_ctx *ctx, const double cells[SIZES], const double days[SIZES],
                     bool by_days, double times[])
{
    double size[SIZES], time[SIZES], step[SIZES];

    printf("    %7s %7s %7s %10s %13s\n", "cells", "days", "steps", "s", "us/cell/step");
    for (size_t i = 0; i < SIZES; i++) {
        sei_site *site = NULL;
        size_t    n, steps;
        if (sei_site_read(ctx, TRAIN, NULL, NULL, &site) != SEI_OK)
            return 0;
        scale_site(site, cells[i], days[i]);
        site->run.initial = SEI_INITIAL_STEADY;
        time[i]           = run_s(ctx, site, &n, &steps);
        sei_site_free(site);
        if (isnan(time[i]))
            return 0;
        size[i] = by_days ? days[i] : (double)n;
        step[i] = time[i] / (double)steps;
        printf("    %7zu %7g %7zu %10.2f %13.1f\n", n, days[i], steps, time[i],
               1e6 * step[i] / (double)n);
        fflush(stdout);
    }
    times[0] = exponent(size, by_days ? time : step, SIZES);
    printf("    exponent of the whole time: %.2f\n", exponent(size, time, SIZES));
    return 1;
}

static size_t growth_by_cells(sei_ctx *ctx, double times[], size_t max)
{
    static const double cells[SIZES] = {0.25, 0.5, 1.0, 2.0}, days[SIZES] = {90, 90, 90, 90};

    (void)max;
    return growth(ctx, cells, days, false, times);
}

static size_t growth_by_time(sei_ctx *ctx, double times[], size_t max)
{
    static const double cells[SIZES] = {0.25, 0.25, 0.25, 0.25},
                        days[SIZES]  = {183, 365, 731, 1461};

    (void)max;
    return growth(ctx, cells, days, true, times);
}

/* ---- ensembles ------------------------------------------------------------------------------------ */

static void remove_folder(const char *folder)
{
    char command[256];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s is left\n", folder);
}

static size_t on_threads(sei_ctx *ctx, size_t threads, double times[])
{
    char      folder[] = "/tmp/sei_bench.XXXXXX";
    sei_site *site     = NULL;
    bool      good     = mkdtemp(folder) && sei_site_read(ctx, PILOT, NULL, NULL, &site) == SEI_OK;
    const sei_ensemble_options o = {
        .n = MEMBERS, .seed = 1, .n_threads = threads, .folder = folder};

    const double from = bench_now_s();
    good              = good && sei_ensemble_run(ctx, site, &o, NULL) == SEI_OK;
    times[0]          = (bench_now_s() - from) / MEMBERS;
    sei_site_free(site);
    remove_folder(folder);
    return good ? 1 : 0;
}

static size_t one_thread(sei_ctx *ctx, double times[], size_t max)
{
    (void)max;
    return on_threads(ctx, 1, times);
}

static size_t two_threads(sei_ctx *ctx, double times[], size_t max)
{
    (void)max;
    return on_threads(ctx, 2, times);
}

#ifndef SEI_MPI_PROGRAM
#define SEI_MPI_PROGRAM "" /* built without Open MPI */
#endif

/* Clock time of a whole simulate with an ensemble on so many ranks; NAN when it failed. */
static double command_s(int ranks, int members)
{
    char folder[] = "/tmp/sei_bench.XXXXXX", command[1024];

    if (!mkdtemp(folder))
        return (double)NAN;
    snprintf(command, sizeof command,
             "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
             "mpirun --oversubscribe -n %d '%s' simulate '%s' -o '%s' --ensemble %d --threads 1 "
             "--seed 1 >'%s/log' 2>&1",
             ranks, SEI_MPI_PROGRAM, PILOT, folder, members, folder);
    const double from = bench_now_s();
    const int    code = system(command);
    const double time = bench_now_s() - from;
    remove_folder(folder);
    /* 1: a limit is not met, which is a result */
    return code == 0 || (code >> 8) == 1 ? time : (double)NAN;
}

/* What a member adds: the run with the site's own numbers and the report are in both commands. */
static size_t on_ranks(sei_ctx *ctx, int ranks, double times[])
{
    if (!SEI_MPI_PROGRAM[0] || system("command -v mpirun >/dev/null 2>&1") != 0) {
        (void)sei_fail(ctx, SEI_E_MISSING, NULL, "no Open MPI here");
        return BENCH_SKIPPED;
    }
    const double few = command_s(ranks, FEW), many = command_s(ranks, FEW + MEMBERS);
    if (isnan(few) || isnan(many)) {
        (void)sei_fail(ctx, SEI_E_IO, NULL, "seiryu-mpi on %d ranks failed", ranks);
        return 0;
    }
    times[0] = (many - few) / MEMBERS;
    return 1;
}

static size_t one_rank(sei_ctx *ctx, double times[], size_t max)
{
    (void)max;
    return on_ranks(ctx, 1, times);
}

static size_t two_ranks(sei_ctx *ctx, double times[], size_t max)
{
    (void)max;
    return on_ranks(ctx, 2, times);
}

/* A thousand members in a quarter of an hour on two processors: 1.8 s of one for each. */
const bench bench_site[] = {
    {"pilot-year", "examples/jogmec-pilot without reading or writing files, processor time", "s",
     2.0, pilot_year, NULL},
    {"train-decade", "ten years of 101 cells (tests/bench/full_train.yaml), processor time", "s",
     60.0, train_decade, NULL},
    {"growth-cells",
     "exponent of the processor time of a step by cells, 90 days from the steady state", "", 1.15,
     growth_by_cells, NULL},
    {"growth-time", "exponent of processor time by years, 32 cells, from the steady state", "",
     1.05, growth_by_time, NULL},
    {"ensemble-1-thread", "a member of the pilot year, clock", "s", 1.8, one_thread, NULL},
    {"ensemble-2-threads", "a member of the pilot year, clock", "s", 0.9, two_threads,
     "ensemble-1-thread"},
    {"ensemble-1-rank", "a member more of seiryu-mpi simulate, clock", "s", 1.8, one_rank, NULL},
    {"ensemble-2-ranks", "a member more of seiryu-mpi simulate, clock", "s", 0.9, two_ranks,
     "ensemble-1-rank"},
};
const size_t n_bench_site = sizeof bench_site / sizeof bench_site[0];
