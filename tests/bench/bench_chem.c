/*
 * bench_chem.c - reading a database, and speciation cold and warm
 *
 * With the folder of outside reference numbers: its 120 waters and wateq4f.dat. Without it: one water
 * of the same elements over pH 2.5 to 8, and the database that comes with the program.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "bench.h"
#include "chem/speciator.h"
#include "seiryu/chem.h"
#include "unit/chem_csv.h"
#include "unit/chem_random.h"

enum { WATERS_MAX = 120, ANALYTES = 24 };

typedef struct {
    sei_db      *db;
    size_t       n;
    sei_analysis analysis[WATERS_MAX];
    sei_analyte  analyte[WATERS_MAX][ANALYTES];
    csv         *table; /* holds the names of the analytes; NULL for the waters below */
} waters;

static sei_status database_path(sei_ctx *ctx, char **ret_path)
{
    const char *outside = SEI_SHARED_DIR "/thermo/wateq4f.dat";

    if (access(outside, R_OK) != 0)
        return sei_data_path(ctx, "thermo/minewater.dat", ret_path);
    *ret_path = sei_strdup(ctx, outside);
    return *ret_path ? SEI_OK : SEI_E_NOMEM;
}

static void add_analyte(waters *w, size_t row, const char *name, double mg_l)
{
    sei_analysis *a = &w->analysis[row];

    w->analyte[row][a->n++] = (sei_analyte){name, mg_l, NULL};
}

/* As the reference folder writes its waters: temp, pH, pe, totals in mg/L. */
static void take_row(waters *w, size_t row)
{
    sei_analysis *a = &w->analysis[row];

    for (size_t c = 1; c < w->table->n_columns && a->n < ANALYTES; c++) {
        const double v    = w->table->value[row][c];
        const char  *name = w->table->header[c];
        if (strcmp(name, "temp") == 0)
            a->temp_c = v;
        else if (strcmp(name, "pH") == 0)
            a->ph = v;
        else if (strcmp(name, "pe") == 0)
            a->pe = v;
        else if (v > 0.0)
            add_analyte(w, row, name, v);
    }
}

static void make_row(waters *w, size_t row)
{
    static const sei_analyte mine_water[] = {
        {"Fe(2)", 35.0, NULL}, {"Fe(3)", 3.0, NULL},  {"Zn", 18.0, NULL},   {"Cd", 0.1, NULL},
        {"Cu", 8.0, NULL},     {"Pb", 0.2, NULL},     {"Al", 3.0, NULL},    {"Mn", 3.0, NULL},
        {"Ca", 40.0, NULL},    {"Mg", 12.0, NULL},    {"Na", 10.0, NULL},   {"K", 2.0, NULL},
        {"Cl", 10.0, NULL},    {"S(6)", 300.0, NULL}, {"C(4)", 30.0, NULL}, {"Si", 20.0, NULL},
        {"F", 0.2, NULL},      {"P", 0.01, NULL},
    };

    w->analysis[row].ph     = 2.5 + 5.5 * (double)row / (WATERS_MAX - 1);
    w->analysis[row].temp_c = 15.0;
    for (size_t i = 0; i < sizeof mine_water / sizeof mine_water[0]; i++)
        add_analyte(w, row, mine_water[i].component, mine_water[i].value);
}

static void drop_waters(waters *w)
{
    if (w) {
        sei_db_free(w->db);
        free(w->table);
        free(w);
    }
}

static waters *take_waters(sei_ctx *ctx)
{
    const char *path     = SEI_SHARED_DIR "/reference/speciation/waters.csv";
    char       *database = NULL;
    waters     *w        = calloc(1, sizeof *w);

    if (!w || database_path(ctx, &database) != SEI_OK ||
        sei_db_read(ctx, database, &w->db) != SEI_OK) {
        sei_release(ctx, database);
        drop_waters(w);
        return NULL;
    }
    sei_release(ctx, database);
    w->table = access(path, R_OK) == 0 ? csv_read(path) : NULL;
    w->n     = w->table && w->table->n_rows < WATERS_MAX ? w->table->n_rows : WATERS_MAX;
    for (size_t row = 0; row < w->n; row++) {
        w->analysis[row]          = sei_analysis_default();
        w->analysis[row].analytes = w->analyte[row];
        if (w->table)
            take_row(w, row);
        else
            make_row(w, row);
    }
    return w;
}

/* ---- rows -------------------------------------------------------------------------------------- */

/* Text in memory to a network of a water's components that is ready to solve. */
static size_t database(sei_ctx *ctx, double times[], size_t max)
{
    waters *w    = take_waters(ctx);
    char   *path = NULL, *text = NULL;
    size_t  len = 0, n = 0;
    bool    good = w && database_path(ctx, &path) == SEI_OK &&
                sei_file_read(ctx, path, (size_t)1 << 24, &text, &len) == SEI_OK;

    while (good && n < 25 && n < max) {
        sei_db   *db  = NULL;
        sei_net  *net = NULL;
        sei_setup setup;

        const double from = bench_now_s();
        good              = sei_db_parse(ctx, "database", text, len, &db) == SEI_OK &&
               sei_setup_analysis(ctx, db, &w->analysis[0], &setup) == SEI_OK &&
               sei_net_create(ctx, db,
                              &(sei_net_spec){.n_components  = setup.n,
                                              .components    = setup.component,
                                              .with_electron = setup.with_electron},
                              &net) == SEI_OK;
        times[n++] = 1e3 * (bench_now_s() - from);
        sei_net_free(net);
        sei_db_free(db);
    }
    sei_release(ctx, text);
    sei_release(ctx, path);
    drop_waters(w);
    return good ? n : 0;
}

/* One water after another from its analysis, nothing known of the last one. */
static size_t cold(sei_ctx *ctx, double times[], size_t max)
{
    waters        *w         = take_waters(ctx);
    sei_speciator *speciator = NULL;
    size_t         n         = 0;
    bool           good      = w && sei_speciator_create(ctx, w->db, &speciator) == SEI_OK;

    for (int round = 0; good && round < 101; round++)
        for (size_t row = 0; good && row < w->n && n < max; row++) {
            const double from = bench_now_s();
            good     = sei_speciator_solve(speciator, &w->analysis[row], 0, NULL) == SEI_OK;
            times[n] = 1e6 * (bench_now_s() - from);
            n += round > 0; /* the first round compiles networks */
        }
    sei_speciator_free(speciator);
    drop_waters(w);
    return good ? n : 0;
}

/* Totals up or down by a hundredth, pH by a fiftieth, by turns. */
static void neighbour(const sei_setup *setup, bool up, double total[], sei_water *water)
{
    for (size_t i = 0; i < setup->n; i++)
        total[i] = setup->total[i] * ((i % 2 == 0) == up ? 1.01 : 0.99);
    total[setup->n] = setup->total[setup->n];
    *water          = setup->water;
    water->ph += up ? 0.02 : -0.02;
    water->total = total;
    water->warm  = true;
}

static size_t warm_water(sei_ctx *ctx, const waters *w, size_t row, double times[], size_t max)
{
    sei_setup  setup;
    sei_net   *net = NULL;
    sei_equil *eq  = NULL;
    double     total[SEI_COMPONENTS_MAX];
    sei_water  water;
    size_t     n = 0;

    bool good = sei_setup_analysis(ctx, w->db, &w->analysis[row], &setup) == SEI_OK &&
                sei_net_create(ctx, w->db,
                               &(sei_net_spec){.n_components  = setup.n,
                                               .components    = setup.component,
                                               .with_electron = setup.with_electron},
                               &net) == SEI_OK &&
                sei_equil_create(ctx, net, &eq) == SEI_OK &&
                sei_equil_solve(ctx, eq, &setup.water, NULL) == SEI_OK;
    for (; good && n < 100 && n < max; n++) {
        neighbour(&setup, n % 2 == 0, total, &water);
        const double from = bench_now_s();
        good              = sei_equil_solve(ctx, eq, &water, NULL) == SEI_OK;
        times[n]          = 1e6 * (bench_now_s() - from);
    }
    sei_equil_free(eq);
    sei_net_free(net);
    return good ? n : 0;
}

static size_t warm(sei_ctx *ctx, double times[], size_t max)
{
    waters *w    = take_waters(ctx);
    size_t  n    = 0;
    bool    good = w != NULL;

    for (size_t row = 0; good && row < w->n; row++) {
        const size_t more = warm_water(ctx, w, row, times + n, max - n);
        good              = more > 0;
        n += more;
    }
    drop_waters(w);
    return good ? n : 0;
}

/* Ten thousand waters: the reference waters over and over, every total off by up to 30 %. */
static size_t many(sei_ctx *ctx, double times[], size_t max)
{
    enum { MANY = 10000, ROUNDS = 3 };
    waters        *w         = take_waters(ctx);
    sei_speciator *speciator = NULL;
    sei_analyte    analytes[ANALYTES];
    rnd            r    = {7};
    size_t         n    = 0;
    bool           good = w && sei_speciator_create(ctx, w->db, &speciator) == SEI_OK;

    for (; good && n < ROUNDS && n < max; n++) {
        const double from = bench_cpu_s();
        for (size_t i = 0; good && i < MANY; i++) {
            sei_analysis a = w->analysis[i % w->n];
            memcpy(analytes, a.analytes, a.n * sizeof *analytes);
            for (size_t k = 0; k < a.n; k++)
                analytes[k].value *= rnd_range(&r, 0.7, 1.3);
            a.analytes = analytes;
            good       = sei_speciator_solve(speciator, &a, 0, NULL) == SEI_OK;
        }
        times[n] = 1e3 * (bench_cpu_s() - from);
    }
    sei_speciator_free(speciator);
    drop_waters(w);
    return good ? n : 0;
}

/* Random waters far beyond any mine; one in ten thousand may fail. */
static size_t random_waters(sei_ctx *ctx, double times[], size_t max)
{
    enum { NETWORKS = 500, WATERS = 200 };
    waters *w = take_waters(ctx);
    rnd     r = {20240503};
    size_t  n = 0, failed = 0;
    bool    good = w != NULL;

    for (int k = 0; good && k < NETWORKS; k++) {
        const char        *names[RND_COMPONENTS];
        const size_t       m    = rnd_components(&r, w->db, names);
        const sei_net_spec spec = {.n_components = m, .components = names, .with_electron = true};
        sei_net           *net  = NULL;
        sei_equil         *eq   = NULL;
        good                    = sei_net_create(ctx, w->db, &spec, &net) == SEI_OK &&
               sei_equil_create(ctx, net, &eq) == SEI_OK;
        for (int i = 0; good && i < WATERS && n < max; i++) {
            double          total[SEI_COMPONENTS_MAX];
            const sei_water water = rnd_water(&r, net->n_comp, total);
            const double    from  = bench_now_s();
            failed += sei_equil_solve(ctx, eq, &water, NULL) != SEI_OK;
            times[n++] = 1e6 * (bench_now_s() - from);
        }
        sei_equil_free(eq);
        sei_net_free(net);
    }
    drop_waters(w);
    if (good && (double)failed > 1e-4 * (double)n) {
        (void)sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL, "%zu of %zu random waters failed", failed,
                       n);
        good = false;
    }
    return good ? n : 0;
}

/* Acid mine water on limestone, with what falls out. */
static size_t limestone(sei_ctx *ctx, double times[], size_t max)
{
    static const sei_equilibrium phases[] = {
        {"Calcite", 0.0, 0.02}, {"CO2(g)", -2.0, HUGE_VAL}, {"Fe(OH)3(a)", 0.0, 0.0},
        {"Gypsum", 0.0, 0.0},   {"Gibbsite", 0.0, 0.0},
    };
    waters        *w         = take_waters(ctx);
    sei_speciator *speciator = NULL;
    size_t         n         = 0;
    bool           good      = w && sei_speciator_create(ctx, w->db, &speciator) == SEI_OK;

    for (int round = 0; good && round < 21; round++)
        for (size_t row = 0; good && row < w->n && n < max; row++) {
            const double from = bench_now_s();
            good              = sei_speciator_solve(speciator, &w->analysis[row],
                                                    sizeof phases / sizeof phases[0], phases) == SEI_OK;
            times[n]          = 1e6 * (bench_now_s() - from);
            n += round > 0; /* the first round compiles networks */
        }
    sei_speciator_free(speciator);
    drop_waters(w);
    return good ? n : 0;
}

/* The same waters by PHREEQC, where its Python package is there; reading its input is in the time. */
static size_t phreeqc(sei_ctx *ctx, double times[], size_t max)
{
    const char *reference = SEI_SHARED_DIR "/reference/speciation/waters.csv";
    char        command[1200], *database = NULL;
    size_t      n = 0;

    if (access(reference, R_OK) != 0 || database_path(ctx, &database) != SEI_OK) {
        sei_release(ctx, database);
        (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no reference waters");
        return BENCH_SKIPPED;
    }
    snprintf(command, sizeof command, "%s '%s/tests/bench/peer_phreeqc.py' '%s' '%s' 2>/dev/null",
             bench_python(), SEI_PROJECT_DIR, database, reference);
    sei_release(ctx, database);
    FILE *answer = popen(command, "r");
    while (answer && n < max && fscanf(answer, "%lf", &times[n]) == 1)
        n++;
    if (answer)
        pclose(answer);
    if (n)
        return n;
    (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                   "python3 has neither the package phreeqc nor phreeqpython");
    return BENCH_SKIPPED;
}

const bench bench_chem[] = {
    {"database", "parse a database and compile the network of a water", "ms", 50.0, database, NULL},
    {"speciate-cold", "a water from its analysis", "us", 40.0, cold, "speciate-phreeqc"},
    {"speciate-warm", "after a water whose totals differ by 2 %, pH by 0.04", "us", 12.0, warm,
     "speciate-phreeqc"},
    {"speciate-10000", "ten thousand waters, all different", "ms", 400.0, many, NULL},
    {"speciate-random", "a random water; 99.99 % must converge", "us", 60.0, random_waters, NULL},
    {"speciate-phases", "a water with limestone, CO2, Fe(OH)3(a), gypsum, gibbsite", "us", 200.0,
     limestone, NULL},
    {"speciate-phreeqc", "a water by PHREEQC, for comparison", "us", HUGE_VAL, phreeqc, NULL},
};
const size_t n_bench_chem = sizeof bench_chem / sizeof bench_chem[0];
