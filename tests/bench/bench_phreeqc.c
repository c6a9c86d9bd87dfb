/*
 * bench_phreeqc.c - Seiryu and PHREEQC on the same inputs, in one run on one machine
 *
 * Both are called in process and are told the processor time that they take; PHREEQC by peer_files.py. Rows with "api" give
 * the library numbers instead of a text; PHREEQC can only be given the text.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "bench.h"
#include "bench_inputs.h"
#include "chem/speciator.h"
#include "seiryu/batch.h"
#include "seiryu/chem.h"
#include "unit/chem_random.h"

#define DATABASE  BENCH_DATABASE
#define REFERENCE SEI_SHARED_DIR "/reference/phreeqc/"
#define BRINES    SEI_PROJECT_DIR "/tests/refs/pitzer/hmw84.dat"

enum {
    ROUNDS     = 3,
    WATERS     = 10000,
    NEIGHBOURS = 100,
    PROBLEMS   = 34,
    SIDES      = BENCH_SIDES,
    PATH_BYTES = 600
};

/* ---- waters: 15 totals of acid mine drainage (mg/L), pH 3.2 to 3.8, 5 to 25 degC ---- */

typedef struct {
    const char *name;
    double      low, high;
} span;

static const span totals[] = {
    {"Fe(2)", 5, 80},  {"Fe(3)", 1, 20}, {"Zn", 2, 40},      {"Cd", 0.02, 0.3}, {"Cu", 0.2, 10},
    {"Pb", 0.02, 0.5}, {"Al", 1, 40},    {"Mn", 1, 20},      {"Ca", 20, 200},   {"Mg", 5, 60},
    {"Na", 5, 40},     {"K", 0.5, 5},    {"S(6)", 150, 900}, {"Cl", 2, 30},     {"Si", 5, 25},
};
enum { TOTALS = sizeof totals / sizeof totals[0] };

typedef struct {
    double temp_c, ph, mg_l[TOTALS];
} water;

/* Neighbours differ by 5 % of every total from the water before them that is a hundredth one. */
static water *make_waters(bool in_groups)
{
    water *w = malloc(WATERS * sizeof *w);
    rnd    r = {20261126};

    for (size_t i = 0; w && i < WATERS; i++) {
        const water *first  = &w[i - i % NEIGHBOURS];
        const bool   is_new = !in_groups || i % NEIGHBOURS == 0;
        w[i].temp_c         = is_new ? rnd_range(&r, 5.0, 25.0) : first->temp_c;
        w[i].ph             = is_new ? rnd_range(&r, 3.2, 3.8) : first->ph;
        for (size_t k = 0; k < TOTALS; k++)
            w[i].mg_l[k] = is_new ? rnd_range(&r, totals[k].low, totals[k].high)
                                  : first->mg_l[k] * rnd_range(&r, 0.95, 1.05);
    }
    return w;
}

static sei_analysis analysis_of(const water *w, sei_analyte analytes[])
{
    sei_analysis a = sei_analysis_default();

    a.temp_c   = w->temp_c;
    a.ph       = w->ph;
    a.pe       = 10.0;
    a.n        = TOTALS;
    a.analytes = analytes;
    for (size_t k = 0; k < TOTALS; k++)
        analytes[k] = (sei_analyte){totals[k].name, w->mg_l[k], NULL};
    return a;
}

/* More than speciation: HFO, and four phases that it meets in a treated water. */
static const char more_than_water[] =
    "SURFACE 1\n Hfo_wOH 2e-4 600 0.089\n Hfo_sOH 5e-6\n -equilibrate 1\n"
    "EQUILIBRIUM_PHASES 1\n Fe(OH)3(a) 0 0.001\n Calcite 0 0.01\n O2(g) -0.68 10\n CO2(g) -2.5 "
    "10\n";

static const char *const phases[] = {"Fe(OH)3(a)", "Calcite", "O2(g)", "CO2(g)"};
static const double phase_si[] = {0.0, 0.0, -0.68, -2.5}, phase_mol[] = {0.001, 0.01, 10.0, 10.0};
static const char *const sites[]    = {"Hfo_w", "Hfo_s"};
static const double      site_mol[] = {2e-4, 5e-6};
static const double      area_m2    = 600.0 * 0.089;
enum { PHASES_N = T_COUNT(phases), SITES_N = T_COUNT(sites) };

/* The waters as an input; with the phases every tenth of them. */
static bool write_waters(const char *path, const water *w, bool with_phases)
{
    FILE *f = fopen(path, "w");

    if (!f)
        return false;
    fprintf(f, "PRINT\n -reset false\nSELECTED_OUTPUT 1\n -reset false\n -pH\n -ionic_strength\n "
               "-molalities Fe+2 Fe+3 Zn+2 Cd+2\n");
    for (size_t i = 0; i < WATERS; i += with_phases ? 10 : 1) {
        fprintf(f, "SOLUTION 1\n temp %.17g\n pH %.17g\n pe 10\n units mg/L\n", w[i].temp_c,
                w[i].ph);
        for (size_t k = 0; k < TOTALS; k++)
            fprintf(f, " %s %.17g\n", totals[k].name, w[i].mg_l[k]);
        fprintf(f, "%sEND\n", with_phases ? more_than_water : "");
    }
    return fclose(f) == 0;
}

/* Brines of seven elements, I 0.1 to 7, as seepage that dries up: the chloride is what makes them neutral. */
enum { BRINES_N = 1000 };

static bool write_brines(const char *path, bool with_phases)
{
    static const span salts[] = {{"Mg", 0.02, 0.3},
                                 {"Ca", 0.002, 0.02},
                                 {"K", 0.005, 0.05},
                                 {"S(6)", 0.005, 0.1},
                                 {"C(4)", 5e-4, 3e-3}};
    FILE             *f       = fopen(path, "w");
    rnd               r       = {20261127};

    if (!f)
        return false;
    fprintf(f, "PRINT\n -reset false\nSELECTED_OUTPUT 1\n -reset false\n -pH\n -ionic_strength\n "
               "-molalities Na+ Ca+2 SO4-2\n -activities H2O\n");
    for (size_t i = 0; i < BRINES_N; i++) {
        const double size = pow(10.0, rnd_range(&r, -1.0, 0.7));
        fprintf(f, "SOLUTION 1\n units mol/kgw\n temp %.17g\n pH %.17g\n Cl 1 charge\n Na %.17g\n",
                rnd_range(&r, 15.0, 35.0), rnd_range(&r, 6.5, 8.5), size * rnd_range(&r, 0.5, 1.0));
        for (size_t k = 0; k < T_COUNT(salts); k++)
            fprintf(f, " %s %.17g\n", salts[k].name,
                    (k == 1 || k == 4 ? 1.0 : size) * rnd_range(&r, salts[k].low, salts[k].high));
        fprintf(f, "%sEND\n",
                with_phases ? "EQUILIBRIUM_PHASES 1\n Gypsum 0 0.1\n Halite 0 0\n Calcite 0 0.01\n "
                              "CO2(g) -3 10\n"
                            : "");
    }
    return fclose(f) == 0;
}

/* ---- both programs on files ---- */

typedef struct {
    const char *database;
    size_t      n;
    char        path[PROBLEMS][PATH_BYTES];
    bool        is_temporary;
} files;

static const char *const references[] = {
    "advect-01",    "advect-02",    "advect-03",    "aerate-01",    "aerate-02",   "caustic-01",
    "caustic-02",   "caustic-03",   "exchange-01",  "exchange-02",  "exchange-03", "hfo-01",
    "hfo-02",       "hfo-03",       "kinetic-01",   "kinetic-02",   "kinetic-03",  "limestone-01",
    "limestone-02", "limestone-03", "mix-01",       "mix-02",       "pwp-01",      "pwp-02",
    "pwp-03",       "sulfide-01",   "sulfide-02",   "sulfide-03",   "titr-01",     "titr-02",
    "titr-03",      "transport-01", "transport-02", "transport-03",
};

static void take_references(files *f)
{
    *f = (files){.database = DATABASE, .n = PROBLEMS};
    for (size_t i = 0; i < PROBLEMS; i++)
        snprintf(f->path[i], PATH_BYTES, REFERENCE "%s.pqi", references[i]);
}

static void take_column(files *f)
{
    *f = (files){.database = DATABASE, .n = 1};
    snprintf(f->path[0], PATH_BYTES, "%s/tests/bench/phreeqc/column.pqi", SEI_PROJECT_DIR);
}

/* The water of one cell in the place of the one that all share: calcium and carbonate up to 30 % off, in no order. */
static void write_own_water(FILE *f, const char *shared, size_t len, int cell)
{
    const double share = 1.0 + 0.006 * ((cell * 37) % 101 - 50);

    fprintf(f, "SOLUTION %d\n", cell);
    for (const char *line = shared, *end; line < shared + len; line = end + 1) {
        end = strchr(line, '\n');
        if (strncmp(line, " Ca ", 4) == 0)
            fprintf(f, " Ca %.9g\n", share * strtod(line + 4, NULL));
        else if (strncmp(line, " C(4) ", 6) == 0)
            fprintf(f, " C(4) %.9g as HCO3\n", share * strtod(line + 6, NULL));
        else
            fprintf(f, "%.*s\n", (int)(end - line), line);
    }
}

/* The column with cells that all differ: nothing is worked out once for many. */
static bool take_own_column(sei_ctx *ctx, files *f)
{
    static const char shared[] = "SOLUTION 1-100\n";
    char              path[PATH_BYTES], *text = NULL;
    size_t            len = 0;

    snprintf(path, sizeof path, "%s/tests/bench/phreeqc/column.pqi", SEI_PROJECT_DIR);
    if (sei_file_read(ctx, path, (size_t)1 << 20, &text, &len) != SEI_OK)
        return false;
    const char *from = strstr(text, shared), *rest = strstr(text, "EQUILIBRIUM_PHASES 1-100");
    *f = (files){.database = DATABASE, .n = 1, .is_temporary = true};
    snprintf(f->path[0], PATH_BYTES, "/tmp/sei_bench_XXXXXX");
    const int fd   = mkstemp(f->path[0]);
    FILE     *out  = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool      good = from && rest && out;
    if (good) {
        fprintf(out, "%.*s", (int)(from - text), text);
        from += sizeof shared - 1;
        for (int i = 1; i <= 100; i++)
            write_own_water(out, from, (size_t)(rest - from), i);
        fputs(rest, out);
    }
    good = out && fclose(out) == 0 && good;
    sei_release(ctx, text);
    return good;
}

/* An empty file to write; false: none can be made. */
static bool take_temporary(files *f, const char *database)
{
    *f = (files){.database = database, .n = 1, .is_temporary = true};
    snprintf(f->path[0], PATH_BYTES, "/tmp/sei_bench_XXXXXX");
    const int fd = mkstemp(f->path[0]);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

static bool take_waters(files *f, bool in_groups, bool with_phases)
{
    water     *w    = make_waters(in_groups);
    const bool good = take_temporary(f, DATABASE) && w && write_waters(f->path[0], w, with_phases);

    free(w);
    return good;
}

static void drop_files(const files *f)
{
    if (f->is_temporary)
        (void)unlink(f->path[0]);
}

/* each: NULL, or what every file takes at its fastest so far (infinity: not yet). */
static bool run_in_turn(sei_ctx *ctx, const sei_pq_database *database, size_t threads, char *text[],
                        const size_t len[], size_t n, double (*now)(void), double each[])
{
    bool good = true;

    for (size_t i = 0; good && i < n; i++) {
        const double from = now();
        good              = bench_run_file(ctx, text[i], len[i], database, threads);
        if (each)
            each[i] = fmin(each[i], now() - from);
    }
    return good;
}

/* Seconds for all files, of the processor with one thread, on the clock with more: several files are then run side by side
 * (without each, see run_in_turn). One round more than is counted. */
static size_t ours(sei_ctx *ctx, const files *f, bool with_load, size_t threads, double times[],
                   double each[])
{
    double (*const now)(void)       = threads == 1 ? bench_cpu_s : bench_now_s;
    sei_pq_database *database       = NULL;
    char            *text[PROBLEMS] = {NULL};
    size_t           len[PROBLEMS] = {0}, n = 0;
    sei_team        *team   = NULL;
    const bool       beside = threads == SIDES && f->n > 1 && !each;
    bool             good   = sei_pq_database_read(ctx, f->database, &database) == SEI_OK &&
                sei_team_create(ctx, beside ? SIDES : 1, &team) == SEI_OK;

    for (size_t i = 0; good && i < f->n; i++)
        good = sei_file_read(ctx, f->path[i], (size_t)1 << 26, &text[i], &len[i]) == SEI_OK;
    for (int round = 0; good && round <= ROUNDS; round++) {
        const sei_pq_database *at_hand = with_load ? NULL : database;
        const double           from    = now();
        good     = beside ? bench_run_side_by_side(team, at_hand, text, len, f->n)
                          : run_in_turn(ctx, at_hand, threads, text, len, f->n, now, each);
        times[n] = now() - from;
        n += round > 0;
    }
    for (size_t i = 0; i < f->n; i++)
        sei_release(ctx, text[i]);
    sei_team_free(team);
    sei_pq_database_free(database);
    return good ? n : 0;
}

/* Numbers that the other program answers, at most max. */
static size_t ask_peer(sei_ctx *ctx, const files *f, const char *option, double answers[],
                       size_t max)
{
    char   command[PROBLEMS * PATH_BYTES];
    size_t n  = 0;
    int    at = snprintf(command, sizeof command, "%s '%s/tests/bench/peer_files.py' %s %d '%s'",
                         bench_python(), SEI_PROJECT_DIR, option, ROUNDS, f->database);

    for (size_t i = 0; i < f->n; i++)
        at += snprintf(command + at, sizeof command - (size_t)at, " '%s'", f->path[i]);
    snprintf(command + at, sizeof command - (size_t)at, " 2>/dev/null");
    FILE *answer = popen(command, "r");
    while (answer && n < max && fscanf(answer, "%lf", &answers[n]) == 1)
        n++;
    if (answer)
        (void)pclose(answer);
    if (n)
        return n;
    (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                   "no Python package phreeqc: ./dev bench --peer gets it from PyPI");
    return BENCH_SKIPPED;
}

static size_t theirs(sei_ctx *ctx, const files *f, bool with_load, double times[])
{
    return ask_peer(ctx, f, with_load ? "--load" : "", times, ROUNDS);
}

typedef enum { COLD, WARM, PHASES, COLUMN, OWN_COLUMN, REFERENCES, BRINE, BRINE_PHASES } what;

enum { PEER = 0 }; /* instead of a number of threads */

static size_t both(sei_ctx *ctx, what row, size_t threads, bool with_load, double unit,
                   double times[])
{
    files  f;
    size_t n    = 0;
    bool   good = true;

    if (row < BRINE && access(DATABASE, R_OK) != 0) {
        (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no %s", DATABASE);
        return BENCH_SKIPPED;
    }
    if (row == REFERENCES)
        take_references(&f);
    else if (row == COLUMN)
        take_column(&f);
    else if (row == OWN_COLUMN)
        good = take_own_column(ctx, &f);
    else if (row == BRINE || row == BRINE_PHASES)
        good = take_temporary(&f, BRINES) && write_brines(f.path[0], row == BRINE_PHASES);
    else
        good = take_waters(&f, row == WARM, row == PHASES);
    if (good)
        n = threads == PEER ? theirs(ctx, &f, with_load, times)
                            : ours(ctx, &f, with_load, threads, times, NULL);
    for (size_t i = 0; n != BENCH_SKIPPED && i < n; i++)
        times[i] *= unit;
    drop_files(&f);
    return n;
}

/* ---- the reference problems one by one ---- */

typedef struct {
    const char *name;
    double      one_s, two_s, peer_s; /* fastest; on two threads by the clock */
} problem;

static int by_time(const void *a, const void *b)
{
    const double x = ((const problem *)a)->one_s, y = ((const problem *)b)->one_s;

    return (x < y) - (x > y);
}

static void tell_problems(problem p[])
{
    problem sum = {.name = "all, sum of these"};

    qsort(p, PROBLEMS, sizeof *p, by_time);
    printf("  %-20s %8s %8s %8s %7s\n", "ms", "one", "two", "PHREEQC", "times");
    for (size_t i = 0; i <= PROBLEMS; i++) {
        const problem *q = i < PROBLEMS ? &p[i] : &sum;
        printf("  %-20s %8.3f %8.3f %8.2f %7.1f\n", q->name, 1e3 * q->one_s, 1e3 * q->two_s,
               1e3 * q->peer_s, q->peer_s / q->one_s);
        sum.one_s += q->one_s;
        sum.two_s += q->two_s;
        sum.peer_s += q->peer_s;
    }
}

/* Every problem at its fastest, by both programs. Returns what all take here. */
static size_t each_reference(sei_ctx *ctx, double times[], size_t max)
{
    files   f;
    double  two[ROUNDS + 1], each[2][PROBLEMS], peer[ROUNDS * PROBLEMS];
    problem p[PROBLEMS];

    if (max <= ROUNDS)
        return 0;
    take_references(&f);
    const size_t n_peer = ask_peer(ctx, &f, "--each", peer, ROUNDS * PROBLEMS);
    if (n_peer == BENCH_SKIPPED || n_peer != ROUNDS * PROBLEMS)
        return n_peer == BENCH_SKIPPED ? n_peer : 0;
    for (size_t i = 0; i < PROBLEMS; i++)
        each[0][i] = each[1][i] = (double)INFINITY;
    const size_t n = ours(ctx, &f, false, 1, times, each[0]);
    if (n == 0 || ours(ctx, &f, false, 2, two, each[1]) == 0)
        return 0;
    for (size_t i = 0; i < PROBLEMS; i++) {
        p[i] = (problem){references[i], each[0][i], each[1][i], peer[i]};
        for (size_t k = 1; k < ROUNDS; k++)
            p[i].peer_s = fmin(p[i].peer_s, peer[k * PROBLEMS + i]);
    }
    tell_problems(p);
    for (size_t i = 0; i < n; i++)
        times[i] *= 1e3;
    return n;
}

/* ---- the library on numbers ---- */

static bool cold_round(sei_speciator *speciator, const water *w, double *ret_us)
{
    sei_analyte  analytes[TOTALS];
    bool         good = true;
    const double from = bench_cpu_s();

    for (size_t i = 0; good && i < WATERS; i++) {
        const sei_analysis a = analysis_of(&w[i], analytes);
        good                 = sei_speciator_solve(speciator, &a, 0, NULL) == SEI_OK;
    }
    *ret_us = 1e6 * (bench_cpu_s() - from) / WATERS;
    return good;
}

/* Every group on one workspace: from the second water on the one before is the start. */
static bool warm_round(sei_ctx *ctx, const sei_db *db, const water *w, double *ret_us)
{
    double       seconds = 0.0;
    sei_net     *net     = NULL;
    sei_equil   *eq      = NULL;
    sei_analyte  analytes[TOTALS];
    sei_setup    setup;
    sei_analysis a    = analysis_of(&w[0], analytes);
    bool         good = sei_setup_analysis(ctx, db, &a, &setup) == SEI_OK &&
                sei_net_create(ctx, db,
                               &(sei_net_spec){.n_components  = setup.n,
                                               .components    = setup.component,
                                               .with_electron = setup.with_electron},
                               &net) == SEI_OK &&
                sei_equil_create(ctx, net, &eq) == SEI_OK;

    for (size_t i = 0; good && i < WATERS; i++) {
        a                 = analysis_of(&w[i], analytes);
        good              = sei_setup_analysis(ctx, db, &a, &setup) == SEI_OK;
        setup.water.warm  = i % NEIGHBOURS > 0;
        const double from = bench_cpu_s();
        good              = good && sei_equil_solve(ctx, eq, &setup.water, NULL) == SEI_OK;
        seconds += setup.water.warm ? bench_cpu_s() - from : 0.0;
    }
    *ret_us = 1e6 * seconds / (WATERS - WATERS / NEIGHBOURS);
    sei_equil_free(eq);
    sei_net_free(net);
    return good;
}

static size_t by_numbers(sei_ctx *ctx, what row, double times[])
{
    sei_db        *db        = NULL;
    sei_speciator *speciator = NULL;
    water         *w         = make_waters(row == WARM);
    size_t         n         = 0;

    if (access(DATABASE, R_OK) != 0) {
        (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no %s", DATABASE);
        free(w);
        return BENCH_SKIPPED;
    }
    bool good = w && sei_db_read(ctx, DATABASE, &db) == SEI_OK &&
                sei_speciator_create(ctx, db, &speciator) == SEI_OK;
    for (int round = 0; good && round <= ROUNDS; round++) {
        good =
            row == COLD ? cold_round(speciator, w, &times[n]) : warm_round(ctx, db, w, &times[n]);
        n += round > 0;
    }
    sei_speciator_free(speciator);
    sei_db_free(db);
    free(w);
    return good ? n : 0;
}

/* ---- the library on columns of numbers ---- */

typedef struct {
    double     temp_c[WATERS], ph[WATERS], pe[WATERS], total[TOTALS][WATERS], value[1][WATERS];
    double     mol[PHASES_N][WATERS], site[SITES_N][WATERS], area[WATERS];
    sei_status status[WATERS];
} columns;

/* mol/kgw as the units of an input give them. */
static bool fill_columns(sei_ctx *ctx, const sei_db *db, const water *w, size_t step, columns *c)
{
    sei_analyte analytes[TOTALS];
    sei_setup   setup;

    for (size_t i = 0, k = 0; i < WATERS; i += step, k++) {
        const sei_analysis a = analysis_of(&w[i], analytes);
        if (sei_setup_analysis(ctx, db, &a, &setup) != SEI_OK || setup.n != TOTALS)
            return false;
        c->temp_c[k] = w[i].temp_c;
        c->ph[k]     = w[i].ph;
        c->pe[k]     = 10.0;
        c->area[k]   = area_m2;
        for (size_t j = 0; j < TOTALS; j++)
            c->total[j][k] = setup.total[j];
        for (size_t j = 0; j < PHASES_N; j++)
            c->mol[j][k] = phase_mol[j];
        for (size_t j = 0; j < SITES_N; j++)
            c->site[j][k] = site_mol[j];
    }
    return true;
}

static const char *const words[] = {"m(Fe+2)"};

static bool plain_round(sei_ctx *ctx, const sei_db *db, size_t threads, columns *c,
                        sei_batch **batch)
{
    const char       *names[TOTALS];
    const double     *total[TOTALS];
    double           *value[] = {c->value[0]};
    sei_batch_results result  = {.status = c->status, .value = value};

    for (size_t j = 0; j < TOTALS; j++) {
        names[j] = totals[j].name;
        total[j] = c->total[j];
    }
    if (!*batch && sei_batch_create(ctx,
                                    &(sei_batch_spec){.db           = db,
                                                      .n_components = TOTALS,
                                                      .components   = names,
                                                      .n_words      = 1,
                                                      .words        = words,
                                                      .threads      = threads},
                                    batch) != SEI_OK)
        return false;
    return sei_batch_solve(*batch, &(sei_batch_waters){WATERS, c->temp_c, c->ph, c->pe, total},
                           &result) == SEI_OK &&
           result.n_failed == 0;
}

static bool reacting_round(sei_ctx *ctx, const sei_db *db, size_t threads, columns *c,
                           sei_react_batch **batch)
{
    const char       *names[TOTALS];
    const double     *total[TOTALS], *mol[PHASES_N], *site[SITES_N];
    double           *value[] = {c->value[0]};
    sei_batch_results result  = {.status = c->status, .value = value};
    char             *text    = NULL;
    size_t            len     = 0;
    bool              good    = true;

    for (size_t j = 0; j < TOTALS; j++) {
        names[j] = totals[j].name;
        total[j] = c->total[j];
    }
    for (size_t j = 0; j < PHASES_N; j++)
        mol[j] = c->mol[j];
    for (size_t j = 0; j < SITES_N; j++)
        site[j] = c->site[j];
    if (!*batch) {
        good = sei_file_read(ctx, DATABASE, SEI_DB_BYTES_MAX, &text, &len) == SEI_OK &&
               sei_react_batch_create(ctx,
                                      &(sei_react_batch_spec){.db           = db,
                                                              .sorption     = text,
                                                              .sorption_len = len,
                                                              .n_components = TOTALS,
                                                              .components   = names,
                                                              .n_phases     = PHASES_N,
                                                              .phases       = phases,
                                                              .target_si    = phase_si,
                                                              .n_sites      = SITES_N,
                                                              .sites        = sites,
                                                              .n_words      = 1,
                                                              .words        = words,
                                                              .threads      = threads},
                                      batch) == SEI_OK;
        sei_release(ctx, text);
    }
    return good &&
           sei_react_batch_solve(
               *batch,
               &(sei_react_batch_waters){.water     = {WATERS / 10, c->temp_c, c->ph, c->pe, total},
                                         .phase_mol = mol,
                                         .site_mol  = site,
                                         .area_m2   = c->area},
               &result) == SEI_OK &&
           result.n_failed == 0;
}

static size_t by_columns(sei_ctx *ctx, what row, size_t threads, double times[])
{
    double (*const now)(void) = threads == 1 ? bench_cpu_s : bench_now_s;
    sei_db          *db       = NULL;
    sei_batch       *plain    = NULL;
    sei_react_batch *reacting = NULL;
    water           *w        = make_waters(false);
    columns         *c        = calloc(1, sizeof *c);
    size_t           n        = 0;

    if (access(DATABASE, R_OK) != 0)
        (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no %s", DATABASE);
    bool good = w && c && sei_db_read(ctx, DATABASE, &db) == SEI_OK &&
                fill_columns(ctx, db, w, row == PHASES ? 10 : 1, c);
    for (int round = 0; good && round <= ROUNDS; round++) {
        const double from = now();
        good              = row == PHASES ? reacting_round(ctx, db, threads, c, &reacting)
                                          : plain_round(ctx, db, threads, c, &plain);
        times[n]          = (row == PHASES ? 1e7 : 1e6) * (now() - from) / WATERS;
        n += round > 0;
    }
    sei_batch_free(plain);
    sei_react_batch_free(reacting);
    sei_db_free(db);
    free(c);
    free(w);
    return good ? n : 0;
}

#define COLUMNS(name, row, threads)                                     \
    static size_t name(sei_ctx *ctx, double times[], size_t max)        \
    {                                                                   \
        if (access(DATABASE, R_OK) != 0)                                \
            return BENCH_SKIPPED;                                       \
        return max < ROUNDS ? 0 : by_columns(ctx, row, threads, times); \
    }

COLUMNS(cold_batch, COLD, 1)
COLUMNS(cold_batch_two, COLD, 2)
COLUMNS(phases_batch, PHASES, 1)
COLUMNS(phases_batch_two, PHASES, 2)

/* ---- rows ---- */

#define ROW(name, row, threads, with_load, unit)                                   \
    static size_t name(sei_ctx *ctx, double times[], size_t max)                   \
    {                                                                              \
        return max < ROUNDS ? 0 : both(ctx, row, threads, with_load, unit, times); \
    }

ROW(cold_file, COLD, 1, false, 1e6 / WATERS)
ROW(cold_peer, COLD, PEER, false, 1e6 / WATERS)
ROW(warm_peer, WARM, PEER, false, 1e6 / WATERS)
ROW(phases_file, PHASES, 1, false, 1e7 / WATERS)
ROW(phases_peer, PHASES, PEER, false, 1e7 / WATERS)
ROW(column_file, COLUMN, 1, false, 1e3)
ROW(column_two, COLUMN, 2, false, 1e3)
ROW(column_peer, COLUMN, PEER, false, 1e3)
ROW(own_column_file, OWN_COLUMN, 1, false, 1e3)
ROW(own_column_peer, OWN_COLUMN, PEER, false, 1e3)
ROW(brine_file, BRINE, 1, false, 1e6 / BRINES_N)
ROW(brine_peer, BRINE, PEER, false, 1e6 / BRINES_N)
ROW(brine_phases_file, BRINE_PHASES, 1, false, 1e6 / BRINES_N)
ROW(brine_phases_peer, BRINE_PHASES, PEER, false, 1e6 / BRINES_N)
ROW(references_file, REFERENCES, 1, false, 1e3)
ROW(references_two, REFERENCES, 2, false, 1e3)
ROW(references_peer, REFERENCES, PEER, false, 1e3)
ROW(references_load, REFERENCES, 1, true, 1e3)
ROW(references_load_peer, REFERENCES, PEER, true, 1e3)

static size_t cold_api(sei_ctx *ctx, double times[], size_t max)
{
    return max < ROUNDS ? 0 : by_numbers(ctx, COLD, times);
}

static size_t warm_api(sei_ctx *ctx, double times[], size_t max)
{
    return max < ROUNDS ? 0 : by_numbers(ctx, WARM, times);
}

#define NO_LIMIT (double)INFINITY

const bench bench_phreeqc[] = {
    {"phreeqc-cold-api", "10,000 waters of 15 totals, by the library", "us", NO_LIMIT, cold_api,
     "peer-phreeqc-cold"},
    {"phreeqc-cold", "the same as an input file", "us", NO_LIMIT, cold_file, "peer-phreeqc-cold"},
    {"peer-phreeqc-cold", "the same by PHREEQC", "us", NO_LIMIT, cold_peer, NULL},
    {"phreeqc-batch", "the same as one batch, one thread", "us", NO_LIMIT, cold_batch,
     "peer-phreeqc-cold"},
    {"phreeqc-batch-2", "the same, two threads, time on the clock", "us", NO_LIMIT, cold_batch_two,
     "peer-phreeqc-cold"},
    {"phreeqc-warm-api", "waters 5 % off the one before, by the library", "us", NO_LIMIT, warm_api,
     "peer-phreeqc-warm"},
    {"peer-phreeqc-warm", "the same by PHREEQC (which starts each anew)", "us", NO_LIMIT, warm_peer,
     NULL},
    {"phreeqc-hfo", "a water with HFO and 4 phases, as an input file", "us", NO_LIMIT, phases_file,
     "peer-phreeqc-hfo"},
    {"phreeqc-hfo-batch", "the same as one batch, one thread", "us", NO_LIMIT, phases_batch,
     "peer-phreeqc-hfo"},
    {"phreeqc-hfo-batch-2", "the same, two threads, time on the clock", "us", NO_LIMIT,
     phases_batch_two, "peer-phreeqc-hfo"},
    {"peer-phreeqc-hfo", "the same by PHREEQC", "us", NO_LIMIT, phases_peer, NULL},
    {"phreeqc-pitzer", "a brine by Pitzer's equations, as an input file", "us", NO_LIMIT,
     brine_file, "peer-phreeqc-pitzer"},
    {"peer-phreeqc-pitzer", "the same by PHREEQC", "us", NO_LIMIT, brine_peer, NULL},
    {"phreeqc-pitzer-phases", "the same with 4 phases", "us", NO_LIMIT, brine_phases_file,
     "peer-phreeqc-pitzer-phases"},
    {"peer-phreeqc-pitzer-phases", "the same by PHREEQC", "us", NO_LIMIT, brine_phases_peer, NULL},
    {"phreeqc-column", "kinetic column of 100 cells and 100 shifts, one thread", "ms", NO_LIMIT,
     column_file, "peer-phreeqc-column"},
    {"phreeqc-column-2", "the same, two threads, time on the clock", "ms", NO_LIMIT, column_two,
     "peer-phreeqc-column"},
    {"peer-phreeqc-column", "the same by PHREEQC", "ms", NO_LIMIT, column_peer, NULL},
    {"phreeqc-column-own", "the column with cells that all differ, one thread", "ms", NO_LIMIT,
     own_column_file, "peer-phreeqc-column-own"},
    {"peer-phreeqc-column-own", "the same by PHREEQC", "ms", NO_LIMIT, own_column_peer, NULL},
    {"phreeqc-34", "the 34 reference problems, database at hand", "ms", NO_LIMIT, references_file,
     "peer-phreeqc-34"},
    {"phreeqc-34-2", "the same, two side by side, time on the clock", "ms", NO_LIMIT,
     references_two, "peer-phreeqc-34"},
    {"peer-phreeqc-34", "the same by PHREEQC", "ms", NO_LIMIT, references_peer, NULL},
    {"phreeqc-34-each", "the same, told one by one", "ms", NO_LIMIT, each_reference, NULL},
    {"phreeqc-34-load", "the same, each reads the database", "ms", NO_LIMIT, references_load,
     "peer-phreeqc-34-load"},
    {"peer-phreeqc-34-load", "the same by PHREEQC", "ms", NO_LIMIT, references_load_peer, NULL},
};
const size_t n_bench_phreeqc = sizeof bench_phreeqc / sizeof bench_phreeqc[0];

const bench_ratio bench_ratios[] = {
    {"phreeqc-cold-api", 30.0, 60.0},      {"phreeqc-batch", 60.0, 150.0},
    {"phreeqc-warm-api", 60.0, 150.0},     {"phreeqc-column", 50.0, 150.0},
    {"phreeqc-34", 30.0, 150.0},           {"phreeqc-pitzer", 10.0, 30.0},
    {"phreeqc-pitzer-phases", 10.0, 30.0}, {"ensemble-2-threads", 1.8, 1.95},
    {"ensemble-2-ranks", 1.8, 1.95},
};
const size_t n_bench_ratios = sizeof bench_ratios / sizeof bench_ratios[0];
