/* test_calib_lm.c - nonlinear least squares against NIST's certified values and problems with known bounds */
#include "t.h"

#include <string.h>

#include "calib/least_squares.h"
#include "calib/lm.h"

static sei_ctx *ctx;

static void open_ctx(void)
{
    ctx = sei_ctx_create(NULL);
}

static void close_ctx(void)
{
    sei_ctx_free(ctx);
}

/* ---- NIST Statistical Reference Datasets (nist_strd) ------------------------------------------------- */

enum { UNKNOWNS_MAX = 4, POINTS_MAX = 16 };

typedef struct {
    const char *name;
    double (*model)(const double b[], double x);
    size_t n, m;
    double y[POINTS_MAX], x[POINTS_MAX];
    double start[2][UNKNOWNS_MAX];
    double b[UNKNOWNS_MAX], sd[UNKNOWNS_MAX], residual_ss; /* certified */
} dataset;

static double misra1a(const double b[], double x)
{
    return b[0] * (1.0 - exp(-b[1] * x));
}

static double mgh09(const double b[], double x)
{
    return b[0] * (x * x + x * b[1]) / (x * x + x * b[2] + b[3]);
}

static dataset sets[] = {
    {"Misra1a",
     misra1a,
     2,
     14,
     {10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47,
      81.78},
     {77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1,
      760.0},
     {{500.0, 0.0001}, {250.0, 0.0005}},
     {2.3894212918e+02, 5.5015643181e-04},
     {2.7070075241e+00, 7.2668688436e-06},
     1.2455138894e-01},
    {"MGH09",
     mgh09,
     4,
     11,
     {0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246},
     {4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625},
     {{25.0, 39.0, 41.5, 39.0}, {0.25, 0.39, 0.415, 0.39}},
     {1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01},
     {1.1435312227e-02, 1.9633220911e-01, 8.0842031232e-02, 9.0025542308e-02},
     3.0750560385e-04},
    {"BoxBOD",
     misra1a,
     2,
     6,
     {109, 149, 149, 191, 213, 224},
     {1, 2, 3, 5, 7, 10},
     {{1.0, 1.0}, {100.0, 0.75}},
     {2.1380940889e+02, 5.4723748542e-01},
     {1.2354515176e+01, 1.0455993237e-01},
     1.1680088766e+03},
};

static sei_status set_residuals(void *user, size_t k, const double x[], double ret_r[],
                                bool ret_ok[])
{
    const dataset *d = user;

    for (size_t p = 0; p < k; p++) {
        for (size_t i = 0; i < d->m; i++)
            ret_r[p * d->m + i] = d->model(x + p * d->n, d->x[i]) - d->y[i];
        ret_ok[p] = true;
    }
    return SEI_OK;
}

static void fit(dataset *d, const double start[])
{
    static const double lower[] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    static const double upper[] = {INFINITY, INFINITY, INFINITY, INFINITY};
    double              step[UNKNOWNS_MAX];
    sei_lm_result       out;

    for (size_t j = 0; j < d->n; j++)
        step[j] = 1e-5 * fabs(d->b[j]);
    const sei_lm_problem p = {.n              = d->n,
                              .m              = d->m,
                              .start          = start,
                              .lower          = lower,
                              .upper          = upper,
                              .step           = step,
                              .is_central     = true,
                              .max_iterations = 2000,
                              .tolerance      = 1e-14,
                              .residuals      = set_residuals,
                              .user           = d};
    T_OK(ctx, sei_lm_solve(ctx, &p, &out));
    ck_assert_msg(out.end != SEI_LM_ITERATIONS, "%s: %d iterations", d->name, out.iterations);
    T_CLOSE(out.sum_of_squares, d->residual_ss, 1e-9);
    const double variance = out.sum_of_squares / (double)(d->m - d->n);
    for (size_t j = 0; j < d->n; j++) {
        T_CLOSE(out.x[j], d->b[j], 1e-6);
        T_CLOSE(sqrt(variance * out.covariance[j * d->n + j]), d->sd[j], 1e-5);
    }
    sei_lm_done(ctx, &out);
}

START_TEST(certified_values_are_reached_from_both_starts)
{
    for (size_t i = 0; i < T_COUNT(sets); i++)
        for (size_t s = 0; s < 2; s++)
            fit(&sets[i], sets[i].start[s]);
}
END_TEST

/* ---- bounds, missing answers, what cannot be told ----------------------------------------------------- */

/* Rosenbrock's valley as residuals 10 (y - x^2), 1 - x; no answer for x < -1.5 */
static sei_status valley(void *user, size_t k, const double x[], double ret_r[], bool ret_ok[])
{
    (void)user;
    for (size_t p = 0; p < k; p++) {
        ret_r[2 * p]     = 10.0 * (x[2 * p + 1] - x[2 * p] * x[2 * p]);
        ret_r[2 * p + 1] = 1.0 - x[2 * p];
        ret_ok[p]        = x[2 * p] > -1.5;
    }
    return SEI_OK;
}

static sei_lm_result solve_valley(double x_max, double y0)
{
    const double start[] = {-1.2, y0}, lower[] = {-2.0, -2.0}, upper[] = {x_max, 2.0},
                 step[] = {1e-6, 1e-6};
    sei_lm_result out;

    const sei_lm_problem p = {.n              = 2,
                              .m              = 2,
                              .start          = start,
                              .lower          = lower,
                              .upper          = upper,
                              .step           = step,
                              .max_iterations = 500,
                              .tolerance      = 1e-14,
                              .residuals      = valley};
    T_OK(ctx, sei_lm_solve(ctx, &p, &out));
    return out;
}

START_TEST(a_curved_valley_is_followed)
{
    sei_lm_result out = solve_valley(2.0, 1.0);

    T_NEAR(out.x[0], 1.0, 1e-6);
    T_NEAR(out.x[1], 1.0, 1e-6);
    ck_assert(!out.is_at_bound[0]);
    sei_lm_done(ctx, &out);
}
END_TEST

/* With x <= 0.5 the least is at x = 0.5, y = 0.25: 0.25 by hand. */
START_TEST(an_unknown_rests_at_its_bound)
{
    sei_lm_result out = solve_valley(0.5, 1.0);

    T_NEAR(out.x[0], 0.5, 1e-12);
    T_NEAR(out.x[1], 0.25, 1e-6);
    T_CLOSE(out.sum_of_squares, 0.25, 1e-9);
    ck_assert(out.is_at_bound[0] && !out.is_at_bound[1]);
    T_NEAR(out.covariance[0], 0.0, 0.0);
    T_CLOSE(out.covariance[3], 0.01, 1e-6); /* r = 10 y: 1/100 */
    sei_lm_done(ctx, &out);
}
END_TEST

/* r = a + b - c_i: only the sum can be found. */
static sei_status sum_only(void *user, size_t k, const double x[], double ret_r[], bool ret_ok[])
{
    (void)user;
    for (size_t p = 0; p < k; p++) {
        for (size_t i = 0; i < 3; i++)
            ret_r[3 * p + i] = x[2 * p] + x[2 * p + 1] - (double)i;
        ret_ok[p] = true;
    }
    return SEI_OK;
}

START_TEST(what_cannot_be_told_apart_is_said)
{
    const double start[] = {0.0, 0.0}, lower[] = {-9.0, -9.0}, upper[] = {9.0, 9.0},
                 step[] = {0.5, 0.5};
    sei_lm_result out;

    const sei_lm_problem p = {.n              = 2,
                              .m              = 3,
                              .start          = start,
                              .lower          = lower,
                              .upper          = upper,
                              .step           = step,
                              .max_iterations = 50,
                              .tolerance      = 1e-12,
                              .residuals      = sum_only};
    T_OK(ctx, sei_lm_solve(ctx, &p, &out));
    T_NEAR(out.x[0] + out.x[1], 1.0, 1e-6);
    T_CLOSE(out.sum_of_squares, 2.0, 1e-9);
    ck_assert(!out.is_identified);
    sei_lm_done(ctx, &out);
}
END_TEST

START_TEST(a_start_without_answer_is_refused)
{
    const double start[] = {-1.8, 0.0}, lower[] = {-2.0, -2.0}, upper[] = {2.0, 2.0},
                 step[] = {1e-6, 1e-6};
    sei_lm_result  out;
    sei_lm_problem p = {.n              = 2,
                        .m              = 2,
                        .start          = start,
                        .lower          = lower,
                        .upper          = upper,
                        .step           = step,
                        .max_iterations = 9,
                        .tolerance      = 1e-9,
                        .residuals      = valley};

    T_STATUS(ctx, sei_lm_solve(ctx, &p, &out), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "no answer at the start");
    p.m = 1;
    T_STATUS(ctx, sei_lm_solve(ctx, &p, &out), SEI_E_ARG);
    p.m     = 2;
    p.upper = start; /* start[1] = 0 above -2 but start[0] = its bound: allowed; y bound 0 */
    p.lower = upper; /* start below its lower bound */
    T_STATUS(ctx, sei_lm_solve(ctx, &p, &out), SEI_E_RANGE);
}
END_TEST

/* A = [1 1; 1 2; 1 3], b = [1 2 2]: x = (2/3, 1/2), (A'A)^-1 = [7/3 -1; -1 1/2] by hand. */
START_TEST(a_straight_line_is_fitted)
{
    double a[] = {1, 1, 1, 1, 2, 3}, b[] = {1, 2, 2}, x[2], work[4], inverse[4];

    ck_assert(sei_least_squares(3, 2, a, b, x));
    T_CLOSE(x[0], 2.0 / 3.0, 1e-14);
    T_CLOSE(x[1], 0.5, 1e-14);
    sei_least_squares_inverse(3, 2, a, work, inverse);
    T_CLOSE(inverse[0], 7.0 / 3.0, 1e-14);
    T_CLOSE(inverse[1], -1.0, 1e-14);
    T_CLOSE(inverse[2], -1.0, 1e-14);
    T_CLOSE(inverse[3], 0.5, 1e-14);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calib_lm");
    TCase *tc    = tcase_create("least squares");

    tcase_add_checked_fixture(tc, open_ctx, close_ctx);
    tcase_add_test(tc, certified_values_are_reached_from_both_starts);
    tcase_add_test(tc, a_curved_valley_is_followed);
    tcase_add_test(tc, an_unknown_rests_at_its_bound);
    tcase_add_test(tc, what_cannot_be_told_apart_is_said);
    tcase_add_test(tc, a_start_without_answer_is_refused);
    tcase_add_test(tc, a_straight_line_is_fitted);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
