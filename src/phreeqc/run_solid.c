/*
 * run_solid.c - parameters of binary solid solutions from what the input gives instead of them
 *
 * Guggenheim's expansion with two parameters (Glynn and Reardon 1990, Am. J. Sci. 290, 164; parkhurst2013,
 * SOLID_SOLUTIONS), x the mole fraction of the second end member:
 *     ln l1 = x^2 (a0 + a1 (4 x - 3)),   ln l2 = (1 - x)^2 (a0 + a1 (4 x - 1))
 * Whatever is given makes two equations that are linear in a0 and a1.
 */
#include <math.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

static const double r_kj = 8.31470e-3; /* PHREEQC's, kJ/mol/K */

/* c[0] a0 + c[1] a1 = right */
typedef struct {
    double c[2], right;
} equation;

static equation ln_lambda_1(double x, double right)
{
    return (equation){{x * x, x * x * (4.0 * x - 3.0)}, right};
}

static equation ln_lambda_2(double x, double right)
{
    const double y = 1.0 - x;

    return (equation){{y * y, y * y * (4.0 * x - 1.0)}, right};
}

/* ln l1 - ln l2 */
static equation ln_ratio(double x, double right)
{
    return (equation){{2.0 * x - 1.0, 6.0 * x * (x - 1.0) + 1.0}, right};
}

static equation minus(equation a, equation b)
{
    return (equation){{a.c[0] - b.c[0], a.c[1] - b.c[1]}, a.right - b.right};
}

/* Where d2 G/dx2 is 0. */
static equation unstable(double x, double right)
{
    return (equation){{2.0, 6.0 * (2.0 * x - 1.0)}, right};
}

static bool solve(equation a, equation b, double *ret_a0, double *ret_a1)
{
    const double d = a.c[0] * b.c[1] - a.c[1] * b.c[0];

    *ret_a0 = (a.right * b.c[1] - a.c[1] * b.right) / d;
    *ret_a1 = (a.c[0] * b.right - a.right * b.c[0]) / d;
    return isfinite(*ret_a0) && isfinite(*ret_a1);
}

/* One equation serves where the other has no composition: a1 is 0. */
static bool solve_given(equation a, bool has_a, equation b, bool has_b, double *ret_a0,
                        double *ret_a1)
{
    if (has_a && has_b)
        return solve(a, b, ret_a0, ret_a1);
    *ret_a1 = 0.0;
    *ret_a0 = has_a ? a.right / a.c[0] : b.right / b.c[0];
    return (has_a || has_b) && isfinite(*ret_a0);
}

static bool is_fraction(double x)
{
    return x > 0.0 && x < 1.0;
}

static double ln_k(const pq_runner *r, const sei_pq_solid_solution *def, size_t member)
{
    const size_t p = sei_db_find_phase(r->db, def->members[member].name);

    return p == SIZE_MAX ? (double)NAN
                         : PQ_LN10 * sei_logk_at(&r->db->phases[p].dissolution.logk, def->temp_k);
}

static bool from_distribution(const pq_runner *r, const sei_pq_solid_solution *def, double *ret_a0,
                              double *ret_a1)
{
    const double *p = def->p, ln_kk = ln_k(r, def, 0) - ln_k(r, def, 1);

    return solve_given(ln_ratio(p[2], log(p[0]) - ln_kk), is_fraction(p[2]),
                       ln_ratio(p[3], log(p[1]) - ln_kk), is_fraction(p[3]) && p[2] != p[3], ret_a0,
                       ret_a1);
}

/* x l of either end member is the same in both solids. */
static bool from_gap(const double p[], double *ret_a0, double *ret_a1)
{
    const equation one = minus(ln_lambda_1(p[0], 0.0), ln_lambda_1(p[1], 0.0)),
                   two = minus(ln_lambda_2(p[0], 0.0), ln_lambda_2(p[1], 0.0));

    return is_fraction(p[0]) && is_fraction(p[1]) &&
           solve((equation){{one.c[0], one.c[1]}, log((1.0 - p[1]) / (1.0 - p[0]))},
                 (equation){{two.c[0], two.c[1]}, log(p[1] / p[0])}, ret_a0, ret_a1);
}

static bool from_spinodal(const double p[], double *ret_a0, double *ret_a1)
{
    return is_fraction(p[0]) && is_fraction(p[1]) &&
           solve(unstable(p[0], 1.0 / (p[0] * (1.0 - p[0]))),
                 unstable(p[1], 1.0 / (p[1] * (1.0 - p[1]))), ret_a0, ret_a1);
}

/* At the critical point the third derivative is 0 too. */
static bool from_critical(const sei_pq_solid_solution *def, double *ret_a0, double *ret_a1)
{
    const double x = def->p[0], y = 1.0 - x, scale = def->p[1] / def->temp_k;

    return is_fraction(x) && scale > 0.0 &&
           solve(unstable(x, scale / (x * y)),
                 (equation){{0.0, 12.0}, scale * (2.0 * x - 1.0) / (x * x * y * y)}, ret_a0,
                 ret_a1);
}

/* There each end member has the solubility product of the whole. */
static bool from_alyotropic(const pq_runner *r, const sei_pq_solid_solution *def, double *ret_a0,
                            double *ret_a1)
{
    const double x = def->p[0], ln_sum = PQ_LN10 * def->p[1];

    return is_fraction(x) && solve(ln_lambda_1(x, ln_sum - ln_k(r, def, 0)),
                                   ln_lambda_2(x, ln_sum - ln_k(r, def, 1)), ret_a0, ret_a1);
}

static bool find(const pq_runner *r, const sei_pq_solid_solution *def, double *a0, double *a1)
{
    const double *p = def->p, rt = r_kj * def->temp_k;

    switch (def->kind) {
    case SEI_PQ_SS_IDEAL: *a0 = *a1 = 0.0; return true;
    case SEI_PQ_SS_GUGG_NONDIM:
        return solve((equation){{1.0, 0.0}, p[0]}, (equation){{0.0, 1.0}, p[1]}, a0, a1);
    case SEI_PQ_SS_GUGG_KJ:
        return solve((equation){{rt, 0.0}, p[0]}, (equation){{0.0, rt}, p[1]}, a0, a1);
    case SEI_PQ_SS_ACTIVITY:
        return solve_given(ln_lambda_2(p[2], log(p[0])), is_fraction(p[2]) || p[2] == 0.0,
                           ln_lambda_1(p[3], log(p[1])), is_fraction(p[3]) || p[3] == 1.0, a0, a1);
    case SEI_PQ_SS_DISTRIBUTION: return from_distribution(r, def, a0, a1);
    case SEI_PQ_SS_MISCIBILITY: return from_gap(p, a0, a1);
    case SEI_PQ_SS_SPINODAL: return from_spinodal(p, a0, a1);
    case SEI_PQ_SS_CRITICAL: return from_critical(def, a0, a1);
    case SEI_PQ_SS_ALYOTROPIC: return from_alyotropic(r, def, a0, a1);
    case SEI_PQ_SS_THOMPSON: /* wg2 = ag0 + ag1, wg1 = ag0 - ag1 */
        return solve((equation){{rt, rt}, p[0]}, (equation){{rt, -rt}, p[1]}, a0, a1);
    default: /* Margules: a1 = alpha3 / 4, a0 = alpha2 + 3 a1 */
        return solve((equation){{1.0, -3.0}, p[0]}, (equation){{0.0, 4.0}, p[1]}, a0, a1);
    }
}

sei_status pq_guggenheim(pq_runner *r, const sei_pq_solid_solution *def, double *ret_a0,
                         double *ret_a1)
{
    double a0 = 0.0, a1 = 0.0;

    if (!find(r, def, &a0, &a1))
        return sei_fail(r->ctx, SEI_E_RANGE, &def->where,
                        "SOLID_SOLUTIONS: %s: no Guggenheim parameters agree with %g, %g, %g, %g",
                        def->name, def->p[0], def->p[1], def->p[2], def->p[3]);
    *ret_a0 = a0;
    *ret_a1 = a1;
    return SEI_OK;
}

double pq_miscibility(const pq_view *v, const char *name, bool upper)
{
    const pq_solids *s = v->cell ? v->cell->solids : NULL;
    double           low, high;

    for (size_t i = 0; s && i < s->def->n; i++) {
        if (!sei_equal_nocase(s->def->solutions[i].name, name))
            continue;
        const double warmer = s->def->solutions[i].temp_k / (v->temp_c + SEI_ZERO_CELSIUS);
        if (s->def->solutions[i].n != 2 ||
            !sei_react_miscibility_gap(s->a0[i] * warmer, s->a1[i] * warmer, &low, &high))
            return 1.0;
        return upper ? 1.0 - low : 1.0 - high;
    }
    return 0.0;
}
