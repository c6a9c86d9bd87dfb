/*
 * test_transport_diffusion.c - diffusion of every species by itself against exact solutions
 *
 * A salt of two ions diffuses as one: D = (z1 + |z2|) D1 D2 / (z1 D1 + |z2| D2) (robinson1959, ch. 11); a neutral tracer with
 * its own D, in pores with D por^n. From a constant concentration into a long column c = c0 + (c1 - c0) erfc(x / 2 sqrt(D t)).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "phreeqc/run.h"
#include "t.h"

enum { TEXT_BYTES = 4000 };

static sei_ctx         *ctx;
static sei_pq_database *database;

/* Ions of activity 1 a mol/kgw: their gradients are those of their concentrations. */
#define IONS                                                                            \
    "SOLUTION_MASTER_SPECIES\nPp Pp+ 0 1 1\nQq Qq+2 0 1 1\nNn Nn- 0 1 1\nTt Tt 0 1 1\n" \
    "SOLUTION_SPECIES\nPp+ = Pp+\n log_k 0\n -gamma 1e6 0\n -dw 2e-9\n"                 \
    "Qq+2 = Qq+2\n log_k 0\n -gamma 1e6 0\n -dw 0.8e-9\n"                               \
    "Nn- = Nn-\n log_k 0\n -gamma 1e6 0\n -dw 0.5e-9\n"                                 \
    "Tt = Tt\n log_k 0\n -gamma 1e6 0\n -dw 1.5e-9\n"

typedef struct {
    const char *what, *inside, *outside; /* of mol/kgw at the start, at the end of the column */
    const char *multi;                   /* porosity, limit, exponent */
    size_t      column;                  /* of the table */
    double      before, at_end, d_m2_s;
} problem;

enum { PLACE, PP, QQ, NN, TT };

static const problem problems[] = {
    {"1:1 salt", "Pp 0.01\n Nn 0.01", "Pp 0.1\n Nn 0.1", "1 0 1", NN, 0.01, 0.1, 0.8e-9},
    {"2:1 salt", "Qq 0.01\n Nn 0.02", "Qq 0.1\n Nn 0.2", "1 0 1", QQ, 0.01, 0.1,
     3.0 * 0.8e-9 * 0.5e-9 / (2.0 * 0.8e-9 + 0.5e-9)},
    {"tracer in pores", "Pp 0.1\n Nn 0.1", "Pp 0.1\n Nn 0.1\n Tt 1e-3", "0.4 0 1.5", TT, 0.0, 1e-3,
     1.5e-9 * 0.25298221281347033},
    /* of a trace beside much salt the ion moves as a tracer does */
    {"trace of an ion", "Pp 0.1\n Nn 0.1", "Pp 0.1\n Nn 0.10002\n Qq 1e-5", "1 0 0", QQ, 0.0, 1e-5,
     0.8e-9},
};

/* Into 0.2 m, 4e6 s: 2 sqrt(D t) of 0.11 m. */
static const double column_m = 0.4, end_s = 4e6;

static double misfit(const problem *p, int cells, const char *more)
{
    char           text[TEXT_BYTES];
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;
    double         worst  = 0.0;

    snprintf(text, sizeof text,
             IONS "SOLUTION 0\n units mol/kgw\n %s\nSOLUTION 1-%d\n units mol/kgw\n %s\nEND\n"
                  "SELECTED_OUTPUT\n -reset false\n -high_precision\n -distance\n -totals Pp Qq Nn "
                  "Tt\nTRANSPORT\n -cells %d\n -lengths %.17g\n -shifts 8\n -time_step %.17g\n"
                  " -flow_direction diffusion\n -boundary_conditions constant closed\n"
                  " -multi_d true 1e-9 %s\n -punch_cells 1-%d\n -punch_frequency 8\n%s\nEND\n",
             p->outside, cells + 1, p->inside, cells, column_m / cells, end_s / 8.0, p->multi,
             cells, more);
    T_OK(ctx, sei_pq_parse(ctx, "test.pqi", text, strlen(text), &input));
    T_OK(ctx, sei_pq_run_with(ctx, input, database, &result));
    sei_pq_free(input);

    const sei_pq_table *t = result->tables[0];
    for (size_t row = t->n_rows - (size_t)cells; row < t->n_rows; row++) {
        const sei_pq_cell *r     = &t->cells[row * t->n_columns];
        const double       share = (r[p->column].number - p->before) / (p->at_end - p->before);
        worst = fmax(worst, fabs(share - erfc(0.5 * r[PLACE].number / sqrt(p->d_m2_s * end_s))));
    }
    sei_pq_result_free(ctx, result);
    return worst;
}

/* Half the cells: explicit steps follow the square of the length, so that the error falls fourfold. */
START_TEST(salts_and_tracers_go_by_their_coefficients)
{
    const problem *p      = &problems[_i];
    const double   coarse = misfit(p, 16, ""), fine = misfit(p, 32, "");

    ck_assert_msg(fine < 0.003 && fine < coarse / 3.0, "%s: off by %g, with half the cells by %g",
                  p->what, coarse, fine);
}
END_TEST

/* Backward Euler is of first order: as good where its steps are as short. */
START_TEST(the_implicit_way_is_the_same)
{
    const problem *p    = &problems[_i];
    const double   fine = misfit(p, 32, " -implicit true 0.5 -14");

    ck_assert_msg(fine < 0.01, "%s: off by %g", p->what, fine);
}
END_TEST

static void open_database(void)
{
    char *path = NULL;

    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_data_path(ctx, "thermo/minewater.dat", &path));
    T_OK(ctx, sei_pq_database_read(ctx, path, &database));
    sei_release(ctx, path);
}

static void close_database(void)
{
    sei_pq_database_free(database);
    sei_ctx_free(ctx);
}

int main(void)
{
    Suite *suite = suite_create("transport_diffusion");
    TCase *tcase = tcase_create("exact");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, open_database, close_database);
    tcase_add_loop_test(tcase, salts_and_tracers_go_by_their_coefficients, 0, T_COUNT(problems));
    tcase_add_loop_test(tcase, the_implicit_way_is_the_same, 0, T_COUNT(problems));
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
