/*
 * test_lp.c - linear programs: published ones, and random ones whose answer is known by how they are made
 *
 * A random program is made from its answer: unknowns x, multipliers y of the rows, and costs such that x and y together
 * keep the rows and are complementary. By duality (Dantzig 1963, ch. 6) the least cost is then cost . x.
 */
#include <math.h>

#include "num/lp.h"
#include "num/philox.h"
#include "t.h"

enum { ROWS_MAX = 40, COLS_MAX = 80 };

static sei_ctx *ctx;

static void set_up(void)
{
    ctx = sei_ctx_create(NULL);
}

static void tear_down(void)
{
    sei_ctx_free(ctx);
}

static sei_lp *program(size_t rows, size_t cols, const double a[], const double b[], bool at_most)
{
    bool    is_at_most[ROWS_MAX];
    double  slack[ROWS_MAX];
    sei_lp *lp = NULL;

    for (size_t i = 0; i < rows; i++) {
        is_at_most[i] = at_most;
        slack[i]      = 1e-12;
    }
    T_OK(ctx, sei_lp_create(ctx, rows, cols, a, b, is_at_most, slack, NULL, &lp));
    return lp;
}

/* Beale (1955): the rule of the largest price goes in circles on it without a remedy. Least cost -1/20. */
START_TEST(beale_does_not_go_in_circles)
{
    const double a[] = {0.25, -60.0, -0.04, 9.0, 0.5, -90.0, -0.02, 3.0, 0.0, 0.0, 1.0, 0.0};
    const double b[] = {0.0, 0.0, 1.0}, cost[] = {-0.75, 150.0, -0.02, 6.0};
    double       x[4], least;
    sei_lp      *lp = program(3, 4, a, b, true);

    ck_assert_int_eq(sei_lp_solve(lp, cost, x, &least), SEI_LP_OPTIMAL);
    T_CLOSE(least, -0.05, 1e-12);
    T_CLOSE(x[0], 0.04, 1e-12);
    T_CLOSE(x[2], 1.0, 1e-12);
    sei_lp_free(lp);
}
END_TEST

/* Klee and Minty (1972): corners of a squeezed cube; the most of the last coordinate is 5^n. */
START_TEST(klee_and_minty_ends)
{
    enum { N = 8 };
    double  a[N * N] = {0.0}, b[N], cost[N], x[N], least;
    sei_lp *lp;

    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < i; j++)
            a[i * N + j] = 2.0 * pow(2.0, (double)(i - j));
        a[i * N + i] = 1.0;
        b[i]         = pow(5.0, (double)(i + 1));
        cost[i]      = -pow(2.0, (double)(N - 1 - i));
    }
    lp = program(N, N, a, b, true);
    ck_assert_int_eq(sei_lp_solve(lp, cost, x, &least), SEI_LP_OPTIMAL);
    T_CLOSE(least, -pow(5.0, N), 1e-12);
    sei_lp_free(lp);
}
END_TEST

START_TEST(rows_that_contradict_are_told)
{
    const double a[] = {1.0, 1.0, 1.0, 1.0}, b[] = {1.0, 3.0}, cost[] = {1.0, 1.0};
    double       x[2], least;
    sei_lp      *lp = program(2, 2, a, b, false);

    ck_assert_int_eq(sei_lp_solve(lp, cost, x, &least), SEI_LP_INFEASIBLE);
    T_CLOSE(fabs(sei_lp_violation(lp, 0)) + fabs(sei_lp_violation(lp, 1)), 2.0, 1e-12);
    sei_lp_free(lp);
}
END_TEST

START_TEST(what_has_no_least_is_told_and_goes_on)
{
    const double a[] = {1.0, -1.0}, b[] = {1.0}, down[] = {-1.0, 0.0}, up[] = {1.0, 0.0};
    double       x[2], least;
    sei_lp      *lp = program(1, 2, a, b, false);

    ck_assert_int_eq(sei_lp_solve(lp, down, x, &least), SEI_LP_UNBOUNDED);
    ck_assert_int_eq(sei_lp_again(lp, up, x, &least), SEI_LP_OPTIMAL);
    T_CLOSE(least, 1.0, 1e-12);
    sei_lp_free(lp);
}
END_TEST

/* ------------------------------------------------------------------ made from their answers */

typedef struct {
    uint64_t seed, n_drawn;
    size_t   rows, cols;
    double   a[ROWS_MAX * COLS_MAX], b[ROWS_MAX], cost[COLS_MAX], low[COLS_MAX], high[COLS_MAX];
    bool     is_at_most[ROWS_MAX];
    double   least;
} made;

static double draw(made *m)
{
    return sei_philox_uniform(m->seed, m->n_drawn++, 0);
}

/* An unknown somewhere or at one of its bounds, and the price that goes with it there. */
static double place(made *m, size_t j, double *ret_price)
{
    const double kind = draw(m), x = 2.0 * draw(m) - 1.0;

    m->low[j]  = kind < 0.2 ? -HUGE_VAL : 0.0;
    m->high[j] = kind < 0.2 || kind > 0.6 ? HUGE_VAL : 1.0;
    *ret_price = 0.0;
    if (kind < 0.2)
        return x;
    const double where = draw(m);
    if (where < 0.5)
        *ret_price = where < 0.1 ? 0.0 : draw(m);
    else if (where < 0.7 && isfinite(m->high[j]))
        *ret_price = -draw(m);
    else
        return fabs(x);
    return where < 0.5 ? 0.0 : 1.0;
}

/* Rows and unknowns of very different size, many of the rows with nothing left. */
static void make(made *m)
{
    double x[COLS_MAX], price[COLS_MAX];

    m->rows  = 2 + (size_t)(draw(m) * (ROWS_MAX - 2));
    m->cols  = 2 + (size_t)(draw(m) * (COLS_MAX - 2));
    m->least = 0.0;
    for (size_t j = 0; j < m->cols; j++)
        x[j] = place(m, j, &price[j]);
    memcpy(m->cost, price, sizeof price);
    for (size_t i = 0; i < m->rows; i++) {
        const double size = pow(10.0, 4.0 * draw(m) - 2.0);
        double       y    = 0.0;
        m->is_at_most[i]  = draw(m) < 0.6;
        m->b[i]           = 0.0;
        if (!m->is_at_most[i])
            y = 2.0 * draw(m) - 1.0;
        else if (draw(m) < 0.5)
            y = draw(m);
        for (size_t j = 0; j < m->cols; j++) {
            double *a = &m->a[i * m->cols + j];
            *a        = draw(m) < 0.3 ? size * (2.0 * draw(m) - 1.0) : 0.0;
            m->b[i] += *a * x[j];
            m->cost[j] -= *a * y / size;
        }
        if (m->is_at_most[i] && y == 0.0 && draw(m) < 0.6)
            m->b[i] += size * draw(m);
    }
    for (size_t j = 0; j < m->cols; j++)
        m->least += m->cost[j] * x[j];
}

static void check(const made *m, const double x[], double least)
{
    ck_assert_msg(fabs(least - m->least) <= 1e-8 * fmax(1.0, fabs(m->least)),
                  "seed %llu: %.12g is not %.12g", (unsigned long long)m->seed, least, m->least);
    for (size_t j = 0; j < m->cols; j++)
        ck_assert(x[j] >= m->low[j] - 1e-7 && x[j] <= m->high[j] + 1e-7);
    for (size_t i = 0; i < m->rows; i++) {
        double left = m->b[i], size = 0.0;
        for (size_t j = 0; j < m->cols; j++) {
            left -= m->a[i * m->cols + j] * x[j];
            size = fmax(size, fabs(m->a[i * m->cols + j]) * fmax(1.0, fabs(x[j])));
        }
        ck_assert_msg(left >= -1e-8 * size && (m->is_at_most[i] || left <= 1e-8 * size),
                      "seed %llu: row %zu is off by %g", (unsigned long long)m->seed, i, left);
    }
}

START_TEST(programs_made_from_their_answers)
{
    static made m;
    double      x[COLS_MAX], slack[ROWS_MAX], least, nothing[COLS_MAX] = {0.0};

    for (size_t i = 0; i < ROWS_MAX; i++)
        slack[i] = 1e-9;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        sei_lp *lp = NULL;
        m.seed     = seed;
        m.n_drawn  = 0;
        make(&m);
        T_OK(ctx, sei_lp_create(ctx, m.rows, m.cols, m.a, m.b, m.is_at_most, slack, NULL, &lp));
        for (size_t j = 0; j < m.cols; j++)
            sei_lp_bound(lp, j, m.low[j], m.high[j]);
        ck_assert_int_eq(sei_lp_solve(lp, m.cost, x, &least), SEI_LP_OPTIMAL);
        check(&m, x, least);
        ck_assert_int_eq(sei_lp_again(lp, nothing, x, &least), SEI_LP_OPTIMAL);
        ck_assert_int_eq(sei_lp_again(lp, m.cost, x, &least), SEI_LP_OPTIMAL);
        check(&m, x, least);
        sei_lp_free(lp);
    }
}
END_TEST

START_TEST(sizes_are_bounded)
{
    sei_lp *lp = NULL;

    T_STATUS(ctx, sei_lp_create(ctx, 0, 1, NULL, NULL, NULL, NULL, NULL, &lp), SEI_E_TOO_LARGE);
    T_STATUS(ctx, sei_lp_create(ctx, 1, SEI_LP_COLS_MAX + 1, NULL, NULL, NULL, NULL, NULL, &lp),
             SEI_E_TOO_LARGE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lp");
    TCase *tc    = tcase_create("lp");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, beale_does_not_go_in_circles);
    tcase_add_test(tc, klee_and_minty_ends);
    tcase_add_test(tc, rows_that_contradict_are_told);
    tcase_add_test(tc, what_has_no_least_is_told_and_goes_on);
    tcase_add_test(tc, programs_made_from_their_answers);
    tcase_add_test(tc, sizes_are_bounded);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
