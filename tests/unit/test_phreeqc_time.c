/* test_phreeqc_time.c - kinetics and transport of PHREEQC inputs against exact solutions */
#include <math.h>
#include <stdio.h>

#include "phreeqc/run.h"
#include "t.h"

#define DATABASE SEI_SHARED_DIR "/thermo/wateq4f.dat"

enum { TEXT_BYTES = 4000 };

static sei_ctx *ctx;

static sei_pq_result *run_text(const char *text)
{
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;

    T_OK(ctx, sei_pq_parse(ctx, "test.pqi", text, strlen(text), &input));
    T_OK(ctx, sei_pq_run(ctx, input, DATABASE, &result));
    sei_pq_free(input);
    ck_assert_uint_eq(result->n_tables, 1);
    return result;
}

/* Column c of a row; negative rows count from the end. */
static double cell(const sei_pq_result *result, ptrdiff_t row, size_t c)
{
    const sei_pq_table *t  = result->tables[0];
    const size_t        at = row < 0 ? t->n_rows - (size_t)-row : (size_t)row;

    ck_assert_uint_lt(at, t->n_rows);
    return t->cells[at * t->n_columns + c].number;
}

static void near(const char *what, double got, double want, double allowed)
{
    ck_assert_msg(fabs(got - want) <= allowed, "%s: %.10g, exactly %.10g", what, got, want);
}

/* ---- kinetics ---- */

/* Robertson's problem (hairer1996, section IV.1, eq. 1.4) as three reactants that leave the water alone. */
static const char robertson[] =
    "RATES\n"
    "Y1\n-start\n10 SAVE (0.04 * KIN(\"Y1\") - 1e4 * KIN(\"Y2\") * KIN(\"Y3\")) * TIME\n-end\n"
    "Y2\n-start\n10 y2 = KIN(\"Y2\")\n"
    "20 SAVE (1e4 * y2 * KIN(\"Y3\") + 3e7 * y2 * y2 - 0.04 * KIN(\"Y1\")) * TIME\n-end\n"
    "Y3\n-start\n10 SAVE -3e7 * KIN(\"Y2\")^2 * TIME\n-end\n"
    "SOLUTION 1\n"
    "KINETICS 1\n"
    "Y1\n -formula Na 0\n -m0 1\n -m 1\n -tol %s\n"
    "Y2\n -formula Na 0\n -m0 1\n -m 0\n -tol %s\n"
    "Y3\n -formula Na 0\n -m0 1\n -m 0\n -tol %s\n"
    " -steps %s\n"
    "SELECTED_OUTPUT\n -reset false\n -high_precision\n -kinetic_reactants Y1 Y2 Y3\nEND\n";

/* Values at 40 s from the test set of hairer1996; at 4e5 s as CVODE's documentation has them for its example. */
START_TEST(robertson_s_problem)
{
    static const struct {
        const char *tol, *seconds;
        double      y1, y2, y3, relative;
    } rows[] = {
        {"1e-11", "40", 0.7158270687193941, 0.9185534764557338e-5, 0.2841637457458299, 1e-6},
        {"1e-9", "4e5", 4.938e-3, 1.985e-8, 0.9951, 1e-3},
    };
    char text[TEXT_BYTES];

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        snprintf(text, sizeof text, robertson, rows[i].tol, rows[i].tol, rows[i].tol,
                 rows[i].seconds);
        sei_pq_result *result = run_text(text);
        near("y1", cell(result, -1, 0), rows[i].y1, rows[i].relative * rows[i].y1);
        near("y2", cell(result, -1, 2), rows[i].y2, rows[i].relative * rows[i].y2);
        near("y3", cell(result, -1, 4), rows[i].y3, rows[i].relative * rows[i].y3);
        sei_pq_result_free(ctx, result);
    }
}
END_TEST

#define TRACERS                                                        \
    "SOLUTION_MASTER_SPECIES\nAa Aa 0 1 1\nBb Bb 0 1 1\nCc Cc 0 1 1\n" \
    "SOLUTION_SPECIES\nAa = Aa\n log_k 0\nBb = Bb\n log_k 0\nCc = Cc\n log_k 0\n"

/* A -> B -> C, by what is dissolved (Bateman 1910). */
START_TEST(a_chain_of_decays)
{
    const double   k1 = 2e-4, k2 = 5e-5, a0 = 1e-3;
    sei_pq_result *result = run_text(
        TRACERS
        "RATES\nOne\n-start\n10 SAVE 2e-4 * TOT(\"Aa\") * TIME\n-end\n"
        "Two\n-start\n10 SAVE 5e-5 * TOT(\"Bb\") * TIME\n-end\n"
        "SOLUTION 1\n units mol/kgw\n Aa 1e-3\n"
        "KINETICS 1\nOne\n -formula Aa -1 Bb 1\n -m0 1\n -tol 1e-10\n"
        "Two\n -formula Bb -1 Cc 1\n -m0 1\n -tol 1e-10\n -steps 30000 in 6 steps\n"
        "INCREMENTAL_REACTIONS true\n"
        "SELECTED_OUTPUT\n -reset false\n -high_precision\n -time\n -totals Aa Bb Cc\nEND\n");

    for (ptrdiff_t row = 1; row <= 6; row++) {
        const double t = cell(result, row, 0), a = a0 * exp(-k1 * t);
        const double b = a0 * k1 / (k2 - k1) * (exp(-k1 * t) - exp(-k2 * t));
        near("time", t, 5000.0 * (double)row, 1e-6);
        near("A", cell(result, row, 1), a, 1e-5 * a0);
        near("B", cell(result, row, 2), b, 1e-5 * a0);
        near("C", cell(result, row, 3), a0 - a - b, 1e-5 * a0);
    }
    sei_pq_result_free(ctx, result);
}
END_TEST

/* A reactant that dissolves at a constant rate stops when it has run out; nothing of it is lost. */
START_TEST(a_reactant_runs_out)
{
    sei_pq_result *result = run_text(TRACERS "RATES\nSalt\n-start\n10 IF M <= 0 THEN GOTO 30\n20 "
                                             "moles = 1e-7 * TIME\n30 SAVE moles\n-end\n"
                                             "SOLUTION 1\nKINETICS 1\nSalt\n -formula Aa 1\n -m0 "
                                             "2.5e-4\n -tol 1e-8\n -steps 4000 in 4 steps\n"
                                             "INCREMENTAL_REACTIONS true\n"
                                             "SELECTED_OUTPUT\n -reset false\n -high_precision\n "
                                             "-totals Aa\n -kinetic_reactants Salt\nEND\n");

    for (ptrdiff_t row = 1; row <= 4; row++) {
        const double dissolved = fmin(1e-4 * (double)row, 2.5e-4);
        near("dissolved", cell(result, row, 0), dissolved, 1e-9);
        near("left", cell(result, row, 1), 2.5e-4 - dissolved, 1e-9);
    }
    sei_pq_result_free(ctx, result);
}
END_TEST

/* ---- transport ---- */

static const double column_m = 0.4, dispersivity_m = 0.02, velocity_m_s = 1e-4;

/* A tracer, and a trace of potassium that exchanges with much sodium, enter a column for end_s. */
static sei_pq_result *run_column(const char *ends, int cells, double end_s, bool with_exchange)
{
    const double step_s = column_m / cells / velocity_m_s;
    const int    shifts = (int)rint(end_s / step_s);
    char         text[TEXT_BYTES], sites[200] = "";

    if (with_exchange)
        snprintf(sites, sizeof sites, "EXCHANGE 1-%d\n X 0.002\n -equilibrate 1\nEND\n", cells);
    snprintf(text, sizeof text,
             TRACERS "SOLUTION 0\n units mol/kgw\n Na 0.01\n K 1e-7\n Cl 0.01 charge\n Aa 1e-3\n"
                     "SOLUTION 1-%d\n units mol/kgw\n Na 0.01\n Cl 0.01 charge\nEND\n%s"
                     "SELECTED_OUTPUT\n -reset false\n -high_precision\n -distance\n -totals Aa K\n"
                     "TRANSPORT\n -cells %d\n -shifts %d\n -time_step %.17g\n -lengths %.17g\n"
                     " -dispersivities %g\n -boundary_conditions %s\n -diffusion_coefficient 0\n"
                     " -punch_cells 1-%d\n -punch_frequency %d\nEND\n",
             cells, sites, cells, shifts, step_s, column_m / cells, dispersivity_m, ends, cells,
             shifts);
    return run_text(text);
}

/* Half-infinite columns with retardation r: constant concentration at the inflow (Ogata & Banks 1961) and constant
 * flux (Lindstrom et al. 1967); both in van Genuchten & Alves 1982, A1 and A2. */
static double first_type(double x, double t, double r)
{
    const double v = velocity_m_s / r, d = v * dispersivity_m, s = 2.0 * sqrt(d * t);

    return 0.5 * (erfc((x - v * t) / s) + exp(v * x / d) * erfc((x + v * t) / s));
}

static double third_type(double x, double t, double r)
{
    const double v = velocity_m_s / r, d = v * dispersivity_m, s = 2.0 * sqrt(d * t);
    const double front = (x - v * t) / s;

    return 0.5 * erfc(front) +
           sqrt(v * v * t / (3.14159265358979323846 * d)) * exp(-front * front) -
           0.5 * (1.0 + v * x / d + v * v * t / d) * exp(v * x / d) * erfc((x + v * t) / s);
}

typedef struct {
    const char *ends;
    double (*exact)(double x, double t, double r);
    double end_s;
    bool   with_exchange;
    size_t column; /* of the table */
    double whole, retardation, allowed;
} front;

/* Largest distance from the exact solution, as a share of the inflow, in any cell. */
static double misfit(const front *f, int cells)
{
    sei_pq_result *result = run_column(f->ends, cells, f->end_s, f->with_exchange);
    double         worst  = 0.0;

    for (ptrdiff_t i = 0; i < cells; i++) {
        const double x = cell(result, i - cells, 0);
        near("middle of a cell", x, ((double)i + 0.5) * column_m / cells, 1e-9);
        worst = fmax(worst, fabs(cell(result, i - cells, f->column) / f->whole -
                                 f->exact(x, f->end_s, f->retardation)));
    }
    sei_pq_result_free(ctx, result);
    return worst;
}

/* K is taken up as R = 1 + 10^0.7 X / Na says (exchange constant of wateq4f.dat). The scheme is PHREEQC's: its error
 * falls as the cells become shorter, in proportion at an end of constant concentration and where shifts of whole
 * cells meet sorption. */
START_TEST(fronts_with_dispersion)
{
    const double r      = 1.0 + pow(10.0, 0.7) * 0.002 / 0.01;
    const front  rows[] = {
         {"constant flux", first_type, 1600.0, false, 1, 1e-3, 1.0, 0.02},
         {"flux flux", third_type, 1600.0, false, 1, 1e-3, 1.0, 0.006},
         {"flux flux", third_type, 3200.0, true, 2, 1e-7, r, 0.02},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        const double coarse = misfit(&rows[i], 40), fine = misfit(&rows[i], 80);
        ck_assert_msg(coarse < rows[i].allowed, "front %zu: off by %g", i, coarse);
        ck_assert_msg(fine < 0.8 * coarse, "front %zu: off by %g, with half the cells by %g", i,
                      fine, coarse);
    }
}
END_TEST

static void open_context(void)
{
    ctx = sei_ctx_create(NULL);
}

static void close_context(void)
{
    sei_ctx_free(ctx);
}

int main(void)
{
    if (!t_has_shared("kinetics and transport against exact solutions"))
        return 0;
    Suite *suite = suite_create("phreeqc_time");
    TCase *tcase = tcase_create("time");

    tcase_add_checked_fixture(tcase, open_context, close_context);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, robertson_s_problem);
    tcase_add_test(tcase, a_chain_of_decays);
    tcase_add_test(tcase, a_reactant_runs_out);
    tcase_add_test(tcase, fronts_with_dispersion);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
