/*
 * newton.c - Newton on log activities with the ionic strength as one more unknown
 *
 * A balance of a positive total is solved as ln(S_j / T_j) = 0: its Newton step is that of the plain
 * balance near the solution and stays useful when the start is off by orders of magnitude. The
 * other balances (protons, charge, alkalinity) may be negative and are solved as they stand. The
 * activity of water follows the solution.
 *
 * With mass balances alone the Jacobian N' diag(m) N is symmetric and positive definite; each row is
 * kept times its total, and the factor of a neighbouring state serves once more where that is
 * enough.
 */
#include "chem/newton.h"

#include <math.h>

#include "num/dense.h"

#define STEP_MAX 6.0    /* of ln activity per iteration */
#define TINY     1e-300
#define MU_HIGH  100.0
#define MU_LOW   1e-12

void sei_balances_set_up(const sei_equil *eq, const sei_water *w, sei_balances *ret_balances)
{
    const size_t  n = eq->net->n_comp, h = n - 1;
    sei_balances *b = ret_balances;

    b->w        = w;
    b->n        = 0;
    b->is_plain = eq->net->symmetric;
    for (size_t j = 0; j < n; j++) {
        b->kind[j] = j < h ? SEI_EQ_MASS : w->fix_ph ? SEI_EQ_FIXED : SEI_EQ_PROTON;
        if (j == w->alk_component)
            b->kind[j] = SEI_EQ_ALKALINITY;
        if (j == w->balance)
            b->kind[j] = SEI_EQ_CHARGE;
        if (b->kind[j] == SEI_EQ_ALKALINITY || b->kind[j] == SEI_EQ_CHARGE)
            b->is_plain = false;
        if (b->kind[j] != SEI_EQ_FIXED)
            b->index[b->n++] = j;
    }
}

const char *sei_balances_name(const sei_equil *eq, const sei_balances *b, size_t worst)
{
    if (worst >= eq->net->n_comp)
        return "ionic strength";
    switch (b->kind[worst]) {
    case SEI_EQ_CHARGE: return "charge";
    case SEI_EQ_ALKALINITY: return "alkalinity";
    default: return eq->net->comp_name[worst];
    }
}

double sei_ln_water_activity(double sum_m)
{
    const double aw = 1.0 - 0.017 * sum_m;

    return log(aw > 0.05 ? aw : 0.05);
}

static double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

/* --- residuals ------------------------------------------------------------------------------------- */

static void note(sei_misfit *m, double residual, size_t which)
{
    if (!(residual <= m->residual)) { /* NaN is the worst */
        m->residual = residual;
        m->worst    = which;
    }
}

/* Sum of |nu| m: what the proton condition is small against. */
static double proton_scale(const sei_equil *eq)
{
    const sei_lists *l   = &eq->net->by_comp;
    double           sum = 0.0;

    for (size_t k = l->ptr[eq->net->n_comp - 1]; k < l->ptr[eq->net->n_comp]; k++)
        sum += fabs(l->weight[k]) * eq->m[l->species[k]];
    return sum;
}

/* Fills rhs[j] = -f_j for every unknown component; f_j = S ln(S/T) or the plain difference. */
static sei_misfit residuals(sei_equil *eq, const sei_balances *b, bool couple_mu)
{
    sei_misfit m = {0.0, eq->net->n_comp};

    for (size_t u = 0; u < b->n; u++) {
        const size_t j = b->index[u];
        double       f, scale;
        switch (b->kind[j]) {
        case SEI_EQ_MASS:
            scale = eq->total[j] > TINY ? eq->total[j] : TINY;
            f     = scale * log(scale / b->w->total[j]);
            break;
        case SEI_EQ_PROTON:
            scale = proton_scale(eq) + fabs(b->w->total[j]);
            f     = eq->total[j] - b->w->total[j];
            break;
        case SEI_EQ_CHARGE:
            scale = eq->charge_scale;
            f     = eq->charge - b->w->charge_eq_kgw;
            break;
        default:
            scale = eq->alk_scale + fabs(b->w->alk_eq_kgw);
            f     = eq->alk - b->w->alk_eq_kgw;
            break;
        }
        eq->rhs[j] = -f;
        note(&m, fabs(f) / (scale > TINY ? scale : TINY), j);
    }
    if (couple_mu)
        note(&m, fabs(eq->mu_calc - eq->mu) / (eq->mu_calc + 1e-12), eq->net->n_comp);
    return m;
}

/* --- one step -------------------------------------------------------------------------------------- */

static void slopes_by_mu(sei_equil *eq, const sei_balances *b)
{
    for (size_t u = 0; u < b->n; u++) {
        const size_t j = b->index[u];
        eq->rhs_mu[j]  = b->kind[j] == SEI_EQ_CHARGE       ? -eq->dcharge_dmu
                         : b->kind[j] == SEI_EQ_ALKALINITY ? -eq->dalk_dmu
                                                           : -eq->dtot_dmu[j];
    }
}

static bool step_plain(sei_equil *eq, const sei_balances *b, bool reuse)
{
    const sei_ldl_plan *plan = &eq->net->ldl;

    if (!reuse) {
        sei_equil_packed(eq, b->n == eq->net->n_comp);
        (void)sei_ldl_factor(plan, b->n, eq->packed);
    }
    slopes_by_mu(eq, b);
    sei_ldl_solve2(plan, b->n, eq->packed, eq->rhs, eq->rhs_mu);
    return true;
}

/* Row of the full system, scaled to a largest element of 1. */
static void fill_row(sei_equil *eq, const sei_balances *b, size_t u, double rhs[], double rhs_mu[])
{
    const size_t  n = eq->net->n_comp, j = b->index[u];
    const double *slopes = b->kind[j] == SEI_EQ_CHARGE       ? eq->charge_row
                           : b->kind[j] == SEI_EQ_ALKALINITY ? eq->alk_row
                                                             : &eq->jac[j * n];
    double        largest = 0.0;

    for (size_t v = 0; v < b->n; v++)
        largest = fmax(largest, fabs(slopes[b->index[v]]));
    const double inv = 1.0 / (largest > TINY ? largest : TINY);
    for (size_t v = 0; v < b->n; v++)
        eq->lin[u * b->n + v] = slopes[b->index[v]] * inv;
    rhs[u]    = eq->rhs[j] * inv;
    rhs_mu[u] = eq->rhs_mu[j] * inv;
}

static bool step_full(sei_equil *eq, const sei_balances *b)
{
    size_t pivot[SEI_COMPONENTS_MAX];
    double rhs[SEI_COMPONENTS_MAX], rhs_mu[SEI_COMPONENTS_MAX];

    sei_equil_packed(eq, true);
    sei_equil_full_jacobian(eq);
    slopes_by_mu(eq, b);
    for (size_t u = 0; u < b->n; u++)
        fill_row(eq, b, u, rhs, rhs_mu);
    if (!sei_lu_factor(b->n, eq->lin, pivot))
        return false;
    sei_lu_solve(b->n, eq->lin, pivot, rhs);
    sei_lu_solve(b->n, eq->lin, pivot, rhs_mu);
    for (size_t u = 0; u < b->n; u++) {
        eq->rhs[b->index[u]]    = rhs[u];
        eq->rhs_mu[b->index[u]] = rhs_mu[u];
    }
    return true;
}

/* Ionic strength from its own balance after the others are eliminated; dx takes its share. */
static double couple(sei_equil *eq, const sei_balances *b)
{
    double slope = 1.0 - eq->dmu_calc_dmu, f = eq->mu - eq->mu_calc;

    for (size_t u = 0; u < b->n; u++) {
        const size_t j = b->index[u];
        f -= eq->mu_row[j] * eq->rhs[j];
        slope -= eq->mu_row[j] * eq->rhs_mu[j];
    }
    if (!(slope > 0.05)) /* past a fold of the activity model: leave the ionic strength where it is */
        return 0.0;
    const double dmu = clamp(-f / slope, -0.7 * eq->mu, 2.0 * eq->mu);
    for (size_t u = 0; u < b->n; u++)
        eq->rhs[b->index[u]] += eq->rhs_mu[b->index[u]] * dmu;
    return dmu;
}

static void apply(sei_equil *eq, const sei_balances *b, double dmu, double damping)
{
    double largest = 0.0;

    for (size_t u = 0; u < b->n; u++)
        largest = fmax(largest, fabs(eq->rhs[b->index[u]]));
    const double f = damping * (largest > STEP_MAX ? STEP_MAX / largest : 1.0);
    for (size_t u = 0; u < b->n; u++)
        eq->x[b->index[u]] += f * eq->rhs[b->index[u]];
    eq->mu = clamp(eq->mu + f * dmu, MU_LOW, MU_HIGH);
}

static void evaluate(sei_equil *eq, const sei_balances *b)
{
    sei_equil_activity(eq);
    sei_equil_species(eq);
    sei_equil_balances(eq);
    if (b->w->alk_component != SIZE_MAX)
        sei_equil_alkalinity(eq);
}

/*
 * May the old factor serve? A fresh one takes the residual r to about r^2, one made where the residual
 * was R to about R r: good enough when that ends the search, and as the first step from a
 * neighbouring solution.
 */
static bool may_reuse(const sei_equil *eq, const sei_balances *b, double residual, int k)
{
    if (!b->is_plain || !eq->has_factor || eq->factor_n != b->n)
        return false;
    if (k == 0)
        return residual < 0.1;
    return eq->factor_residual * residual < SEI_EQUIL_TOLERANCE;
}

bool sei_newton(sei_equil *eq, const sei_balances *b, const sei_newton_rule *rule, int *iterations,
                sei_misfit *ret_misfit)
{
    for (int k = 0; k < rule->max; k++) {
        evaluate(eq, b);
        const double ln_aw = sei_ln_water_activity(eq->sum_m);
        *ret_misfit        = residuals(eq, b, rule->couple_mu);
        (*iterations)++;
        const double residual = ret_misfit->residual;
        if (residual <= SEI_EQUIL_TOLERANCE && fabs(ln_aw - eq->ln_aw) <= SEI_EQUIL_TOLERANCE)
            return true;
        eq->ln_aw = ln_aw;
        if (!isfinite(residual))
            return false;
        const bool reuse = may_reuse(eq, b, residual, k);
        if (!(b->is_plain ? step_plain(eq, b, reuse) : step_full(eq, b)))
            return false;
        if (!reuse) {
            eq->has_factor      = b->is_plain;
            eq->factor_n        = b->n;
            eq->factor_residual = residual;
        }
        apply(eq, b, rule->couple_mu ? couple(eq, b) : 0.0, rule->damping);
    }
    return false;
}
