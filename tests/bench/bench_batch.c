/* bench_batch.c - many waters at once: ensembles of one mine water, time per water on one thread and on all */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "bench.h"
#include "seiryu/batch.h"
#include "unit/chem_random.h"

enum { WATERS = 8192, ROUNDS = 7 };

/* mol/kgw of a copper and zinc mine's drainage: 15 totals and iron in both valences */
static const struct {
    const char *component;
    double      mol_kgw;
} mine_water[] = {
    {"Fe(2)", 6.3e-4}, {"Fe(3)", 5.4e-5}, {"Zn", 2.8e-4},   {"Cd", 8.9e-7},
    {"Cu", 1.3e-4},    {"Pb", 9.7e-7},    {"Al", 1.1e-4},   {"Mn", 5.5e-5},
    {"Ca", 1.0e-3},    {"Mg", 4.9e-4},    {"Na", 4.3e-4},   {"K", 5.1e-5},
    {"Cl", 2.8e-4},    {"S(6)", 3.1e-3},  {"C(4)", 5.0e-4}, {"Si", 3.3e-4},
};
enum { COMPONENTS = T_COUNT(mine_water), WORDS = 4 };

typedef struct {
    double     temp_c[WATERS], ph[WATERS], pe[WATERS], total[COMPONENTS][WATERS];
    double     value[WORDS][WATERS];
    sei_status status[WATERS];
} columns;

/* Totals within 40 %, pH 2.5 to 8, 5 to 25 degC. */
static void fill(columns *c)
{
    rnd r = {11};

    for (size_t i = 0; i < WATERS; i++) {
        c->temp_c[i] = rnd_range(&r, 5.0, 25.0);
        c->ph[i]     = rnd_range(&r, 2.5, 8.0);
        c->pe[i]     = 4.0;
        for (size_t j = 0; j < COMPONENTS; j++)
            c->total[j][i] = mine_water[j].mol_kgw * rnd_range(&r, 0.6, 1.4);
    }
}

static size_t run(sei_ctx *ctx, size_t threads, double times[], size_t max)
{
    double (*const now)(void)             = threads == 1 ? bench_cpu_s : bench_now_s;
    static const char *const words[WORDS] = {"mu", "m(Fe+2)", "SI(Gypsum)", "la(Zn+2)"};
    const char              *names[COMPONENTS];
    const double            *totals[COMPONENTS];
    double                  *values[WORDS];
    char                    *path  = NULL;
    sei_db                  *db    = NULL;
    sei_batch               *batch = NULL;
    columns                 *c     = calloc(1, sizeof *c);
    size_t                   n     = 0;

    for (size_t j = 0; c && j < COMPONENTS; j++) {
        names[j]  = mine_water[j].component;
        totals[j] = c->total[j];
    }
    for (size_t k = 0; c && k < WORDS; k++)
        values[k] = c->value[k];
    const sei_batch_spec spec = {.n_components = COMPONENTS,
                                 .components   = names,
                                 .n_words      = WORDS,
                                 .words        = words,
                                 .threads      = threads};
    sei_batch_spec       with = spec;
    bool                 good = c && sei_data_path(ctx, "thermo/minewater.dat", &path) == SEI_OK &&
                sei_db_read(ctx, path, &db) == SEI_OK;
    with.db = db;
    good    = good && sei_batch_create(ctx, &with, &batch) == SEI_OK;
    if (good)
        fill(c);
    for (; good && n < ROUNDS && n < max; n++) {
        const sei_batch_waters waters  = {WATERS, c->temp_c, c->ph, c->pe, totals};
        sei_batch_results      results = {.status = c->status, .value = values};
        const double           from    = now();
        good     = sei_batch_solve(batch, &waters, &results) == SEI_OK && results.n_failed == 0;
        times[n] = 1e6 * (now() - from) / WATERS;
    }
    sei_batch_free(batch);
    sei_db_free(db);
    sei_release(ctx, path);
    free(c);
    return good ? n : 0;
}

static size_t one_thread(sei_ctx *ctx, double times[], size_t max)
{
    return run(ctx, 1, times, max);
}

static size_t all_threads(sei_ctx *ctx, double times[], size_t max)
{
    return run(ctx, 0, times, max);
}

const bench bench_batch[] = {
    {"batch-core", "a water among 8192 of 16 totals, one thread", "us", 6.0, one_thread,
     "speciate-phreeqc"},
    {"batch-all", "the same on all processors", "us", 6.0, all_threads, NULL},
};
const size_t n_bench_batch = sizeof bench_batch / sizeof bench_batch[0];
