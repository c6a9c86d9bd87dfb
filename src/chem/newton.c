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
#include "num/v4.h"

#define STEP_MAX    6.0 /* of ln activity per iteration */
#define TINY        1e-300
#define MU_HIGH     100.0
#define MU_LOW      1e-12
#define LN_AW_LOW   (-3.0)
#define PREDICT_MAX 0.3 /* of ln total and ln a of H+: beyond it a first-order step is no help */

/* The right-hand sides of a component in eq->rhs, one vector. */
enum { RHS_F, RHS_MU, RHS_W, RHS_USED, RHS_COUNT = SEI_V4 };

void sei_balances_set_up(const sei_equil *eq, const sei_water *w, sei_balances *ret_balances)
{
    const size_t  n = eq->net->n_comp, h = n - 1;
    sei_balances *b = ret_balances;

    b->w        = w;
    b->n        = 0;
    b->is_plain = eq->net->symmetric || eq->by_nu;
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

/* ln(S_j / T_j) of the mass balances, for other components something without meaning. */
static void log_ratios(const sei_equil *eq, const sei_balances *b, double ratio[])
{
    const size_t n = eq->net->n_comp;

    for (size_t j = 0; j < n; j++)
        ratio[j] =
            b->kind[j] == SEI_EQ_MASS && eq->total[j] > TINY ? eq->total[j] / b->w->total[j] : TINY;
    for (size_t j = n; j < SEI_V4_PADDED(n); j++)
        ratio[j] = 1.0;
    sei_kernel_log(n, ratio);
}

/* -f_j of a balance that may be negative, and |f_j| relative to the magnitude of its terms. */
static double plain_misfit(const sei_equil *eq, const sei_balances *b, size_t j,
                           double *ret_relative)
{
    double f, scale;

    switch (b->kind[j]) {
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
    *ret_relative = fabs(f) / (scale > TINY ? scale : TINY);
    return -f;
}

/*
 * Right-hand sides: minus the balances (f_j = S ln(S/T), or the plain difference), minus their slopes
 * by the ionic strength, minus those by the log activity of water. The slopes of charge and
 * alkalinity by the last are left out: they are far below those of the mass balances.
 */
sei_misfit sei_newton_misfits(sei_equil *eq, const sei_balances *b)
{
    const double *of_totals = eq->net->symmetric || eq->by_nu ? eq->sums : eq->sums_beta;
    sei_misfit    m         = {0.0, eq->net->n_comp};
    double        ratio[SEI_V4_PADDED(SEI_COMPONENTS_MAX)];

    log_ratios(eq, b, ratio);
    for (size_t u = 0; u < b->n; u++) {
        const size_t j   = b->index[u];
        double      *rhs = &eq->rhs[RHS_COUNT * j], relative = fabs(ratio[j]);
        rhs[RHS_F]  = -eq->total[j] * ratio[j];
        rhs[RHS_MU] = -eq->dtot_dmu[j];
        rhs[RHS_W]  = -of_totals[SEI_TERMS * j + SEI_TERM_WATER];
        if (b->kind[j] != SEI_EQ_MASS)
            rhs[RHS_F] = plain_misfit(eq, b, j, &relative);
        if (b->kind[j] == SEI_EQ_CHARGE || b->kind[j] == SEI_EQ_ALKALINITY) {
            rhs[RHS_MU] = b->kind[j] == SEI_EQ_CHARGE ? -eq->dcharge_dmu : -eq->dalk_dmu;
            rhs[RHS_W]  = 0.0;
        }
        note(&m, relative, j);
    }
    return m;
}

/* --- one step -------------------------------------------------------------------------------------- */

static void solve_plain(sei_equil *eq, const sei_balances *b, bool reuse, double extra)
{
    const sei_ldl_plan *plan = &eq->net->ldl;

    if (!reuse) {
        sei_equil_packed(eq, b->n == eq->net->n_comp);
        for (size_t k = 0; k < b->n && extra > 0.0; k++)
            eq->packed[k] *= 1.0 + extra;
        (void)sei_ldl_factor(plan, b->n, eq->packed);
    }
    sei_ldl_solve4(plan, b->n, eq->packed, eq->rhs);
}

/* Row of the full system, scaled to a largest element of 1. */
static void fill_row(sei_equil *eq, const sei_balances *b, size_t u,
                     double rhs[RHS_COUNT][SEI_COMPONENTS_MAX])
{
    const size_t  n = eq->net->n_comp, j = b->index[u];
    const double *slopes  = b->kind[j] == SEI_EQ_CHARGE       ? eq->charge_row
                            : b->kind[j] == SEI_EQ_ALKALINITY ? eq->alk_row
                                                              : &eq->jac[j * n];
    double        largest = 0.0;

    for (size_t v = 0; v < b->n; v++)
        largest = fmax(largest, fabs(slopes[b->index[v]]));
    const double inv = 1.0 / (largest > TINY ? largest : TINY);
    for (size_t v = 0; v < b->n; v++)
        eq->lin[u * b->n + v] = slopes[b->index[v]] * inv;
    for (size_t t = 0; t < RHS_COUNT; t++)
        rhs[t][u] = eq->rhs[RHS_COUNT * j + t] * inv;
}

static bool solve_full(sei_equil *eq, const sei_balances *b)
{
    size_t pivot[SEI_COMPONENTS_MAX];
    double rhs[RHS_COUNT][SEI_COMPONENTS_MAX];

    sei_equil_packed(eq, true);
    sei_equil_full_jacobian(eq);
    for (size_t u = 0; u < b->n; u++)
        fill_row(eq, b, u, rhs);
    if (!sei_lu_factor(b->n, eq->lin, pivot))
        return false;
    for (size_t t = 0; t < RHS_USED; t++) {
        sei_lu_solve(b->n, eq->lin, pivot, rhs[t]);
        for (size_t u = 0; u < b->n; u++)
            eq->rhs[RHS_COUNT * b->index[u] + t] = rhs[t][u];
    }
    return true;
}

bool sei_newton_direction(sei_equil *eq, const sei_balances *b, double extra)
{
    eq->has_factor = false;
    if (!b->is_plain)
        return solve_full(eq, b);
    solve_plain(eq, b, false, extra);
    return true;
}

typedef struct {
    double mu, w; /* ionic strength, log activity of water */
} side_step;

/* ln a_w of the present molalities and its slope by their sum. */
typedef struct {
    double ln_aw, slope;
} water_law;

static water_law look_up_water(const sei_equil *eq)
{
    water_law law;

    law.ln_aw = sei_equil_ln_aw(eq, &law.slope);
    return law;
}

/*
 * With dx = a + b dmu + c dw from the balances, ionic strength and water activity follow from two
 * equations:  mu_calc(x, mu, w) = mu  and  ln a_w(sum m) = w. h_step is a given step of H+.
 */
static side_step couple(const sei_equil *eq, const sei_balances *b, bool couple_mu, water_law law,
                        double h_step)
{
    const sei_scalars *s = &eq->scalars;
    const double      *h = &eq->sums[SEI_TERMS * (eq->net->n_comp - 1)];
    const double       g = law.slope;
    double f_mu = eq->mu - eq->mu_calc - h[SEI_TERM_MU] * h_step, mu_mu = s->mu_mu - 1.0,
           mu_w = s->mu_water;
    double f_w = -h[SEI_TERM_M] * h_step, w_mu = s->sum_m_mu, w_w = s->sum_m_water;

    for (size_t u = 0; u < b->n; u++) {
        const size_t  j = b->index[u];
        const double *r = &eq->rhs[RHS_COUNT * j];
        const double  m = eq->sums[SEI_TERMS * j + SEI_TERM_M];
        f_mu -= eq->mu_row[j] * r[RHS_F];
        mu_mu += eq->mu_row[j] * r[RHS_MU];
        mu_w += eq->mu_row[j] * r[RHS_W];
        f_w -= m * r[RHS_F];
        w_mu += m * r[RHS_MU];
        w_w += m * r[RHS_W];
    }
    f_w  = eq->ln_aw - law.ln_aw + g * f_w;
    w_mu = g * w_mu;
    w_w  = g * w_w - 1.0;
    if (!(w_w < -0.2)) { /* no water to speak of: let it follow */
        w_w  = -1.0;
        w_mu = 0.0;
        f_w  = eq->ln_aw - law.ln_aw;
    }
    if (!couple_mu)
        return (side_step){0.0, f_w / w_w};
    const double slope = mu_mu - mu_w * w_mu / w_w;
    if (!(slope <
          -0.05)) /* past a fold of the activity model: leave the ionic strength where it is */
        return (side_step){0.0, f_w / w_w};
    const double dmu = clamp((f_mu - mu_w * f_w / w_w) / slope, -0.7 * eq->mu, 2.0 * eq->mu);
    return (side_step){dmu, (f_w - w_mu * dmu) / w_w};
}

static void apply(sei_equil *eq, const sei_balances *b, side_step side, double damping)
{
    double largest = 0.0;

    for (size_t u = 0; u < b->n; u++) {
        double *r = &eq->rhs[RHS_COUNT * b->index[u]];
        r[RHS_F] += r[RHS_MU] * side.mu + r[RHS_W] * side.w;
        largest = fabs(r[RHS_F]) > largest ? fabs(r[RHS_F]) : largest;
    }
    const double f = damping * (largest > STEP_MAX ? STEP_MAX / largest : 1.0);
    for (size_t u = 0; u < b->n; u++)
        eq->x[b->index[u]] += f * eq->rhs[RHS_COUNT * b->index[u]];
    eq->mu    = clamp(eq->mu + f * side.mu, MU_LOW, MU_HIGH);
    eq->ln_aw = clamp(eq->ln_aw + f * side.w, LN_AW_LOW, 0.0);
}

void sei_newton_evaluate(sei_equil *eq, const sei_balances *b)
{
    sei_equil_class_activity(eq);
    sei_equil_species(eq);
    sei_equil_balances(eq);
    if (b->is_plain)
        return;
    if (b->w->balance != SIZE_MAX)
        sei_equil_charge(eq);
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
    const double good = fmax(rule->good, SEI_EQUIL_TOLERANCE);

    for (int k = 0; k < rule->max; k++) {
        sei_newton_evaluate(eq, b);
        const water_law law = look_up_water(eq);
        sei_misfit      m   = sei_newton_misfits(eq, b);
        if (rule->couple_mu)
            note(&m, fabs(eq->mu_calc - eq->mu) / (eq->mu_calc + 1e-12), eq->net->n_comp);
        *ret_misfit = m;
        (*iterations)++;
        if (m.residual <= good && fabs(law.ln_aw - eq->ln_aw) <= good)
            return true;
        if (!isfinite(m.residual))
            return false;
        const bool reuse = may_reuse(eq, b, m.residual, k);
        if (b->is_plain)
            solve_plain(eq, b, reuse, 0.0);
        else if (!solve_full(eq, b))
            return false;
        if (!reuse) {
            eq->has_factor      = b->is_plain;
            eq->factor_n        = b->n;
            eq->factor_residual = m.residual;
        }
        apply(eq, b, couple(eq, b, rule->couple_mu, law, 0.0), rule->damping);
    }
    return false;
}

/* What a step of H+ does to the balances: the row of H of the Jacobian, which a factor without H leaves free. */
static void shift_by_h(sei_equil *eq, double h_step)
{
    const sei_net  *net = eq->net;
    const size_t    h = net->n_comp - 1, first = net->n_jac_free;
    const sei_lists of_h = {net->jac.ptr + first, net->jac.species, net->jac.weight};

    sei_kernel_sum_slots(&of_h, net->n_jac - first, net->jac_slot + first, eq->m, eq->packed);
    for (size_t k = first; k < net->n_jac; k++) {
        const size_t j = net->jac_at[2 * k] % net->n_comp; /* of the place (h, j) */
        if (j != h)
            eq->rhs[RHS_COUNT * j + RHS_F] -= eq->packed[net->jac_slot[k]] * h_step;
    }
}

void sei_newton_predict(sei_equil *eq, const sei_balances *b, double h_step)
{
    const size_t h = eq->net->n_comp - 1;

    if (!b->is_plain || !eq->has_factor || eq->factor_n != b->n || (b->n > h && h_step != 0.0))
        return;
    const sei_misfit m = sei_newton_misfits(eq, b);
    if (!(m.residual < PREDICT_MAX) || fabs(h_step) > PREDICT_MAX)
        return;
    if (h_step != 0.0)
        shift_by_h(eq, h_step);
    sei_ldl_solve4(&eq->net->ldl, b->n, eq->packed, eq->rhs);
    apply(eq, b, couple(eq, b, true, look_up_water(eq), h_step), 1.0);
    eq->x[h] += h_step;
    eq->factor_residual =
        fmax(eq->factor_residual, fmax(m.residual, fabs(h_step))); /* it is that far away now */
}
