/* test_chem_num.c - the numbers below the chemistry: exp and log in vectors, factorisations, water */
#include "chem/dielectric.h"
#include "chem/viscosity.h"
#include "chem_random.h"
#include "num/dense.h"
#include "num/exp.h"
#include "num/ldl.h"
#include "num/log.h"
#include "num/root.h"

/* --- exp and log --------------------------------------------------------------------------------------- */

static double exp_of(double x)
{
    double in[SEI_V4] = {x, 0.0, -1.0, 1.0}, out[SEI_V4];
    sei_v4 v;

    SEI_V4_LOAD(v, in);
    sei_v4_exp(&v, SEI_EXP_MIN, SEI_EXP_MAX);
    SEI_V4_STORE(out, v);
    ck_assert(out[1] == 1.0); /* lanes do not mix */
    return out[0];
}

static double log_of(double x)
{
    double in[SEI_V4] = {x, 1.0, 2.0, 0.5}, out[SEI_V4];
    sei_v4 v;

    SEI_V4_LOAD(v, in);
    sei_v4_log(&v);
    SEI_V4_STORE(out, v);
    ck_assert(out[1] == 0.0);
    return out[0];
}

START_TEST(exp_is_right_to_two_ulp)
{
    rnd    r     = {1};
    double worst = 0.0;

    for (int i = 0; i < 200000; i++) {
        const double x = i % 3 ? rnd_range(&r, -1.0, 1.0) : rnd_range(&r, SEI_EXP_MIN, SEI_EXP_MAX);
        const long double e = expl((long double)x);
        worst = fmax(worst, (double)(fabsl((long double)exp_of(x) - e) / (e * 0x1p-52L)));
    }
    ck_assert_double_le(worst, 2.0);
    ck_assert_double_ge(worst, 0.1); /* the comparison compares */
}
END_TEST

START_TEST(exp_is_bounded)
{
    ck_assert(exp_of(-1e6) == exp_of(SEI_EXP_MIN) && exp_of(SEI_EXP_MIN) > 0.0);
    ck_assert(exp_of(1e6) == exp_of(SEI_EXP_MAX) && isfinite(exp_of(SEI_EXP_MAX)));
    ck_assert(exp_of(HUGE_VAL) == exp_of(SEI_EXP_MAX));
    ck_assert(exp_of(nan("")) == exp_of(SEI_EXP_MIN));
}
END_TEST

START_TEST(log_is_right_to_four_ulp)
{
    rnd    r     = {2};
    double worst = 0.0;

    for (int i = 0; i < 200000; i++) {
        const double      width = i % 3 == 0 ? 1e-9 : i % 3 == 1 ? 1.0 : 300.0;
        const double      x     = pow(10.0, rnd_range(&r, -width, width));
        const long double e     = logl((long double)x);
        const double      off   = (double)fabsl((long double)log_of(x) - e);
        worst                   = fmax(worst, (off - 1e-16) / ((double)fabsl(e) * 0x1p-52));
    }
    ck_assert_double_le(worst, 4.0);
    T_NEAR(log_of(1.0), 0.0, 0.0);
    T_CLOSE(log_of(2.0), 0.693147180559945309, 1e-15);
}
END_TEST

/* --- factorisations ------------------------------------------------------------------------------------- */

/* A = N' diag(w) N of random sparse rows: symmetric positive definite, as the Jacobians are. */
static void random_matrix(rnd *r, size_t n, double a[], bool pattern[])
{
    memset(a, 0, n * n * sizeof *a);
    memset(pattern, 0, n * n * sizeof *pattern);
    for (size_t row = 0; row < 4 * n; row++) {
        size_t       at[3] = {(size_t)(rnd_unit(r) * (double)n), (size_t)(rnd_unit(r) * (double)n),
                              n - 1};
        const double w     = exp(rnd_range(r, -20.0, 0.0));
        if (row < n)
            at[0] = at[1] = at[2] = row;
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++) {
                a[at[i] * n + at[j]] += w * (double)(1 + i) * (double)(1 + j);
                pattern[at[i] * n + at[j]] = true;
            }
    }
}

static void fill(const sei_ldl_plan *plan, size_t n, const double a[], double v[])
{
    memset(v, 0, plan->n_slots * sizeof *v);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            if (a[i * n + j] != 0.0)
                v[sei_ldl_slot(plan, i, j)] = a[i * n + j];
}

/* Solves the leading m variables both ways. */
static double compare_solutions(const sei_ldl_plan *plan, size_t n, size_t m, const double a[])
{
    double  dense[SEI_LDL_MAX * SEI_LDL_MAX], rhs[SEI_LDL_MAX], many[SEI_V4 * SEI_LDL_MAX];
    size_t  pivot[SEI_LDL_MAX];
    double *v     = calloc(plan->n_slots, sizeof *v);
    double  worst = 0.0;

    ck_assert_ptr_nonnull(v);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            dense[i * m + j] = a[i * n + j];
    for (size_t i = 0; i < n; i++) {
        rhs[i] = sin((double)i + 1.0);
        for (size_t t = 0; t < SEI_V4; t++)
            many[SEI_V4 * i + t] = rhs[i] * (double)(t + 1);
    }
    fill(plan, n, a, v);
    ck_assert_uint_eq(sei_ldl_factor(plan, m, v), 0);
    sei_ldl_solve4(plan, m, v, many);
    ck_assert(sei_lu_factor(m, dense, pivot));
    sei_lu_solve(m, dense, pivot, rhs);
    for (size_t i = 0; i < m; i++)
        for (size_t t = 0; t < SEI_V4; t++)
            worst = fmax(worst, fabs(many[SEI_V4 * i + t] / (double)(t + 1) - rhs[i]) /
                                    (fabs(rhs[i]) + 1e-300));
    free(v);
    return worst;
}

START_TEST(sparse_factors_solve_as_dense_ones_do)
{
    rnd r = {3};

    for (size_t n = 1; n <= 40; n++) {
        double       a[SEI_LDL_MAX * SEI_LDL_MAX];
        bool         pattern[SEI_LDL_MAX * SEI_LDL_MAX];
        sei_arena    arena;
        sei_ldl_plan plan;
        sei_arena_init(&arena, NULL);
        random_matrix(&r, n, a, pattern);
        ck_assert(sei_ldl_plan_make(&arena, n, pattern, &plan));
        ck_assert_uint_eq(plan.order[n - 1], n - 1);
        ck_assert_double_le(compare_solutions(&plan, n, n, a), 1e-6);
        if (n > 1)
            ck_assert_double_le(compare_solutions(&plan, n, n - 1, a), 1e-6);
        sei_arena_done(&arena);
    }
}
END_TEST

START_TEST(a_pivot_lost_in_rounding_is_counted)
{
    static const bool pattern[4] = {true, true, true, true};
    double            v[3]       = {1.0, 1.0, 1.0}; /* [1 1; 1 1] */
    sei_arena         arena;
    sei_ldl_plan      plan;

    sei_arena_init(&arena, NULL);
    ck_assert(sei_ldl_plan_make(&arena, 2, pattern, &plan));
    ck_assert_uint_eq(plan.n_slots, 3);
    ck_assert_uint_eq(sei_ldl_factor(&plan, 2, v), 1);
    ck_assert(!sei_ldl_plan_make(&arena, 0, pattern, &plan));
    ck_assert(!sei_ldl_plan_make(&arena, SEI_LDL_MAX + 1, pattern, &plan));
    sei_arena_done(&arena);
}
END_TEST

START_TEST(dense_systems_pivot_and_refuse)
{
    double a[9] = {0.0, 2.0, 1.0, 1.0, -2.0, -3.0, -1.0, 1.0, 2.0}, b[3] = {-8.0, 0.0, 3.0};
    double flat[4]  = {1.0, 2.0, 2.0, 4.0};
    double wrong[4] = {nan(""), 1.0, 1.0, 1.0};
    size_t pivot[3];

    ck_assert(sei_lu_factor(3, a, pivot)); /* a textbook system: x = -4, -5, 2 */
    sei_lu_solve(3, a, pivot, b);
    T_CLOSE(b[0], -4.0, 1e-14);
    T_CLOSE(b[1], -5.0, 1e-14);
    T_CLOSE(b[2], 2.0, 1e-14);
    ck_assert(!sei_lu_factor(2, flat, pivot));
    ck_assert(!sei_lu_factor(2, wrong, pivot));
}
END_TEST

/* --- roots --- */

/* cos x = x at 0.7390851332151607 (Dottie's number); x^9 = 1e-9 is flat for a secant. */
START_TEST(bracketed_roots_are_found)
{
    static const double dottie = 0.7390851332151606417;
    sei_root            root   = sei_root_between(0.0, 1.0, 2.0, cos(2.0) - 2.0);
    double              x = 0.0, f = 1.0;
    int                 steps = 0;

    for (; fabs(f) > 2e-16 && steps < 60; steps++) {
        x = sei_root_next(&root);
        f = cos(x) - x;
        sei_root_narrow(&root, x, f);
    }
    T_CLOSE(x, dottie, 1e-15);
    ck_assert_int_lt(steps, 15);
    root =
        sei_root_between(2.0, HUGE_VAL, 0.0, -HUGE_VAL); /* signs alone, and the other way round */
    steps = 0;
    for (f = 1.0; fabs(f) > 1e-22 && steps < 200; steps++) {
        x = sei_root_next(&root);
        f = pow(x, 9.0) - 1e-9;
        sei_root_narrow(&root, x, f);
    }
    T_CLOSE(x, 0.1, 1e-13);
    ck_assert_int_lt(steps, 60);
}
END_TEST

/* --- water ---------------------------------------------------------------------------------------------- */

/* degC, A, B, relative permittivity, kg/L: PHREEQC 3.8.6-17100, BASIC functions DH_A, DH_B, EPS_R, RHO. */
static const double phreeqc_water[][5] = {
    {0.01, 0.490840298334, 0.324622241857, 87.8524347286, 0.999840701012},
    {5.0, 0.49424131477, 0.325383643953, 85.8836419492, 0.999963883273},
    {15.0, 0.501702257219, 0.326918457122, 82.0554830496, 0.999098880398},
    {25.0, 0.510024789412, 0.328490633983, 78.3844178406, 0.997043013541},
    {40.0, 0.52411573479, 0.33095199558, 73.1675031162, 0.992210963605},
    {60.0, 0.545901741518, 0.334455630299, 66.7293752337, 0.98318957788},
    {80.0, 0.57117141479, 0.338220697389, 60.8425419904, 0.971785245423},
    {100.0, 0.6000731321, 0.342239572893, 55.4594351587, 0.95834689269},
};

START_TEST(water_is_that_of_phreeqc)
{
    for (size_t i = 0; i < T_COUNT(phreeqc_water); i++) {
        const double           *e  = phreeqc_water[i];
        const double            t  = e[0] + 273.15;
        const sei_debye_hueckel dh = sei_debye_hueckel_at(t);
        T_CLOSE(dh.a, e[1], 1e-8);
        T_CLOSE(dh.b, e[2], 1e-8);
        T_CLOSE(sei_water_permittivity(t), e[3], 1e-10);
        T_CLOSE(sei_water_density_kg_l(t), e[4], 1e-7);
    }
}
END_TEST

/* K, MPa, kg/m3: check values of IAPWS-95 (iapws2018, table 7), which the polynomials of the pressure follow to 1e-4. */
START_TEST(compressed_water_is_that_of_iapws)
{
    static const double rows[][3] = {{300.0, 0.0992418352, 996.5560},
                                     {300.0, 20.0022515, 1005.308}};

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        const sei_water_properties w = sei_water_at(rows[i][0], rows[i][1] / 0.101325);
        T_CLOSE(w.density_kg_l, rows[i][2] / 1e3, 1e-4);
    }
    /* d ln rho / dP at 25 degC from the densities beside it */
    const double step = 0.01;
    const double up   = sei_water_at(298.15, 100.0 + step).density_kg_l;
    const double down = sei_water_at(298.15, 100.0 - step).density_kg_l;
    T_CLOSE(sei_water_at(298.15, 100.0).compressibility, (log(up) - log(down)) / (2.0 * step),
            1e-6);
    T_CLOSE(sei_water_at(298.15, 1.0).dh.a, sei_debye_hueckel_at(298.15).a, 1e-9);
}
END_TEST

/* K, kg/m3, uPa s: check values of iapws2008, table 4. */
START_TEST(viscosity_of_water_is_that_of_iapws)
{
    static const double rows[][3] = {
        {298.15, 998.0, 889.735100}, {298.15, 1200.0, 1437.649467}, {373.15, 1000.0, 307.883622},
        {433.15, 1.0, 14.538324},    {433.15, 1000.0, 217.685358},  {873.15, 1.0, 32.619287},
        {873.15, 100.0, 35.802262},  {873.15, 600.0, 77.430195},    {1173.15, 1.0, 44.217245},
        {1173.15, 100.0, 47.640433}, {1173.15, 400.0, 64.154608},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++)
        T_CLOSE(1e6 * sei_water_viscosity_pa_s(rows[i][0], 1e-3 * rows[i][1]), rows[i][2], 1e-7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_num");
    TCase *tcase = tcase_create("num");

    tcase_add_test(tcase, exp_is_right_to_two_ulp);
    tcase_add_test(tcase, exp_is_bounded);
    tcase_add_test(tcase, log_is_right_to_four_ulp);
    tcase_add_test(tcase, sparse_factors_solve_as_dense_ones_do);
    tcase_add_test(tcase, a_pivot_lost_in_rounding_is_counted);
    tcase_add_test(tcase, dense_systems_pivot_and_refuse);
    tcase_add_test(tcase, bracketed_roots_are_found);
    tcase_add_test(tcase, water_is_that_of_phreeqc);
    tcase_add_test(tcase, compressed_water_is_that_of_iapws);
    tcase_add_test(tcase, viscosity_of_water_is_that_of_iapws);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
