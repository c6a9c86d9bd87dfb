/* bench_react.c - steps of reaction on the problems of refs/react, and PHREEQC beside them */
#include <math.h>

#include "bench.h"
#include "unit/react_case.h"

enum { WARM_ROUNDS = 4, FINER = 10 };

typedef struct {
    sei_db   *db;
    sei_sorb *sorb;
    rc_case  *cases;
    size_t    n;
    char     *text;
} problems;

static bool open_problems(sei_ctx *ctx, problems *p)
{
    const char *path = SEI_SHARED_DIR "/thermo/wateq4f.dat";
    size_t      len  = 0;

    memset(p, 0, sizeof *p);
    if (access(path, R_OK) != 0) {
        (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no %s", path);
        return false;
    }
    T_NEED_OK(ctx, sei_db_read(ctx, path, &p->db));
    T_NEED_OK(ctx, sei_file_read(ctx, path, SEI_DB_BYTES_MAX, &p->text, &len));
    T_NEED_OK(ctx, sei_sorb_create(ctx, &p->sorb));
    T_NEED_OK(ctx, sei_sorb_read(ctx, p->sorb, path, 1, p->text, len));
    p->n = rc_read(SEI_PROJECT_DIR "/tests/refs/react/cases.txt", &p->cases);
    return true;
}

static void close_problems(sei_ctx *ctx, problems *p)
{
    free(p->cases);
    sei_release(ctx, p->text);
    sei_sorb_free(p->sorb);
    sei_db_free(p->db);
}

/* Mean time of a step of one problem, us; every step from the water as given, or from the step before. */
static double time_case(sei_ctx *ctx, const problems *p, const rc_case *given, bool is_warm)
{
    rc_problem problem;
    rc_case    c = *given;

    rc_open(&problem, ctx, p->db, p->sorb, &c, 1.0);
    c.n_steps *= FINER;
    sei_react_state state  = problem.state;
    const int       rounds = is_warm ? WARM_ROUNDS : 2;
    const double    from   = bench_cpu_s();
    for (int r = 0; r < rounds; r++)
        for (size_t k = 1; k <= c.n_steps; k++) {
            if (!is_warm)
                state = problem.state;
            T_NEED(rc_step(&problem, &c, r % 2 ? c.n_steps + 1 - k : k, 1.0, &state) == SEI_OK,
                   "%s, step %zu: %s", c.name, k, sei_ctx_error(ctx));
        }
    const double us = 1e6 * (bench_cpu_s() - from) / (double)(c.n_steps * (size_t)rounds);
    rc_close(&problem);
    return us;
}

static size_t time_all(sei_ctx *ctx, double times[], size_t max, bool is_warm)
{
    problems p;
    size_t   n = 0;

    if (!open_problems(ctx, &p))
        return BENCH_SKIPPED;
    for (size_t i = 0; i < p.n && n < max; i++)
        if (strcmp(p.cases[i].database, "wateq4f") == 0)
            times[n++] = time_case(ctx, &p, &p.cases[i], is_warm);
    close_problems(ctx, &p);
    return n;
}

static size_t cold(sei_ctx *ctx, double times[], size_t max)
{
    return time_all(ctx, times, max, false);
}

static size_t warm(sei_ctx *ctx, double times[], size_t max)
{
    return time_all(ctx, times, max, true);
}

static size_t phreeqc(sei_ctx *ctx, double times[], size_t max)
{
    char   line[200];
    size_t n = 0;
    char   command[1200];

    snprintf(command, sizeof command, "%s '%s/tests/bench/peer_react.py' '%s/thermo' 2>/dev/null",
             bench_python(), SEI_PROJECT_DIR, SEI_SHARED_DIR);
    FILE *answer = popen(command, "r");

    while (answer && n < max && fgets(line, sizeof line, answer))
        if (sscanf(line, "%*s %lf", &times[n]) == 1)
            n++;
    if (answer)
        (void)pclose(answer);
    if (n == 0) {
        (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no Python package phreeqc");
        return BENCH_SKIPPED;
    }
    return n;
}

const bench bench_react[] = {
    {"react-cold", "a reaction step from the water as given: 27 problems", "us", 300.0, cold,
     "react-phreeqc"},
    {"react-warm", "the same, from the step before", "us", 100.0, warm, "react-phreeqc"},
    {"react-phreeqc", "the same by PHREEQC", "us", INFINITY, phreeqc, NULL},
};
const size_t n_bench_react = sizeof bench_react / sizeof bench_react[0];
