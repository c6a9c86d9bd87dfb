/*
 * bench_chem.c - reading a database, and speciation cold and warm
 *
 * With the folder of outside reference numbers: its 120 waters and wateq4f.dat. Without it: one water
 * of the same elements over pH 2.5 to 8, and the database that comes with the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "bench.h"
#include "chem/speciator.h"
#include "seiryu/chem.h"
#include "unit/chem_csv.h"

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
        {"Fe(2)", 35.0, NULL}, {"Fe(3)", 3.0, NULL}, {"Zn", 18.0, NULL},  {"Cd", 0.1, NULL},
        {"Cu", 8.0, NULL},     {"Pb", 0.2, NULL},    {"Al", 3.0, NULL},   {"Mn", 3.0, NULL},
        {"Ca", 40.0, NULL},    {"Mg", 12.0, NULL},   {"Na", 10.0, NULL},  {"K", 2.0, NULL},
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
            good       = sei_speciator_solve(speciator, &w->analysis[row], 0, NULL) == SEI_OK;
            times[n]   = 1e6 * (bench_now_s() - from);
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

const bench bench_chem[] = {
    {"database", "parse a database and compile the network of a water", "ms", 50.0, database},
    {"speciate-cold", "a water from its analysis", "us", 40.0, cold},
    {"speciate-warm", "after a water whose totals differ by 2 %, pH by 0.04", "us", 12.0, warm},
};
const size_t n_bench_chem = sizeof bench_chem / sizeof bench_chem[0];
