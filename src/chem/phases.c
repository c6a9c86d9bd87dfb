/*
 * phases.c - equilibrium of a water with solids and gases
 *
 * For a held ionic strength and water activity the dissolved species minimise the convex
 *     phi(x) = W sum_i m_i(x) - sum_j N_j x_j,
 * N being all that there is of a component, dissolved or in a phase, under one linear condition a
 * phase: ln IAP_p(x) <= ln K_p + target. The multipliers of the conditions are the amounts of the
 * phases, so that "at its target or used up" is no case by case search: every step solves the
 * quadratic model exactly (a linear complementarity problem with a positive definite matrix, by
 * Murty's least-index pivoting, which cannot cycle), and a step is taken only as far as phi plus the
 * violated conditions falls. W, the mass of water, ionic strength and water activity follow.
 */
#include "chem/phases.h"

#include <math.h>
#include <string.h>

#include "chem/newton.h"
#include "num/dense.h"

#define LN10        2.302585092994045684
#define TOLERANCE   1e-11 /* of balances, relative */
#define GAP_SHARE   1e-2  /* of a misfit of ln saturation ratio that counts: 1e-9 is enough */
#define STEP_MAX    4.0   /* of ln activity, upwards and of H+ */
#define FALL_SHARE  0.2   /* downwards five times as much: what falls cannot overshoot */
#define SAME_PHASE  1e-9  /* weight of the amounts as they were: phases of the same composition */
#define SAME_SPLIT  1e-6
#define NOISE       1e-13 /* relative; of the multipliers */
#define PIVOT_FIRST 1e6
#define HUGE_AMOUNT 1e9 /* mol/kgw: two endless phases that exclude each other */

enum {
    STEPS_MAX    = 400,
    PIVOTS_MAX   = 300,
    HALVINGS_MAX = 40,
    KKT_MAX      = SEI_COMPONENTS_MAX + SEI_PHASES_MAX
};

typedef struct {
    sei_equil              *eq;
    size_t                  n_comp, n;
    const sei_phase_target *targets;
    double                  amount[SEI_COMPONENTS_MAX]; /* N_j */
    double                  water_mol;                  /* all water, bound or free */
    double                  water_kg;
    double                  a[SEI_PHASES_MAX][SEI_COMPONENTS_MAX];
    double                  gap[SEI_PHASES_MAX];    /* ln target - ln saturation ratio */
    double                  lambda[SEI_PHASES_MAX]; /* amounts of the phases */
    double                  lu[SEI_COMPONENTS_MAX * SEI_COMPONENTS_MAX];
    double                  kkt[KKT_MAX * KKT_MAX];
    size_t                  pivot[KKT_MAX];
    double                  step[SEI_COMPONENTS_MAX];
    double                  penalty;
    int                     iterations;
} problem;

static bool is_endless(const problem *p, size_t k)
{
    return isinf(p->targets[k].mol);
}

static double water_g_mol(const sei_equil *eq)
{
    return eq->net->db->species[eq->net->db->water].g_mol;
}

static void evaluate(problem *p)
{
    sei_equil_class_activity(p->eq);
    sei_equil_species(p->eq);
    sei_equil_balances(p->eq);
    p->iterations++;
    for (size_t k = 0; k < p->n; k++)
        p->gap[k] = LN10 * p->targets[k].si - sei_equil_ln_sr(p->eq, p->targets[k].phase);
}

static void set_up(problem *p, sei_equil *eq, size_t n, const sei_phase_target targets[])
{
    memset(p, 0, sizeof *p);
    p->eq       = eq;
    p->n_comp   = eq->net->n_comp;
    p->n        = n;
    p->targets  = targets;
    p->water_kg = 1.0;
    evaluate(p);
    memcpy(p->amount, eq->total, p->n_comp * sizeof *p->amount);
    p->water_mol = 1e3 / water_g_mol(eq) + eq->scalars.sum_m_water;
    for (size_t k = 0; k < n; k++) {
        const sei_net_phase *phase = &eq->net->phases[targets[k].phase];
        memcpy(p->a[k], phase->nu, p->n_comp * sizeof *p->a[k]);
        if (is_endless(p, k))
            continue;
        p->lambda[k] = targets[k].mol;
        p->water_mol += phase->nu_w * targets[k].mol;
        for (size_t j = 0; j < p->n_comp; j++)
            p->amount[j] += phase->nu[j] * targets[k].mol;
    }
}

/* What the water would have to weigh with the phases as they are. */
static double water_mass(const problem *p)
{
    double mol = p->water_mol;

    for (size_t k = 0; k < p->n; k++)
        mol -= p->eq->net->phases[p->targets[k].phase].nu_w * p->lambda[k];
    return mol / (1e3 / water_g_mol(p->eq) + p->eq->scalars.sum_m_water);
}

static double merit(const problem *p)
{
    double v = p->water_kg * p->eq->sum_m;

    for (size_t j = 0; j < p->n_comp; j++)
        v -= p->amount[j] * p->eq->x[j];
    for (size_t k = 0; k < p->n; k++)
        v += p->penalty * (is_endless(p, k) ? fabs(p->gap[k]) : fmax(0.0, -p->gap[k]));
    return v;
}

/* --- the quadratic model --------------------------------------------------------------------------- */

/* Factors W J, scaled by its diagonal so that trace components keep their digits. */
static bool factor(problem *p, double scale[])
{
    const size_t n = p->n_comp;

    sei_equil_packed(p->eq, true);
    sei_equil_full_jacobian(p->eq);
    for (size_t j = 0; j < n; j++)
        scale[j] = 1.0 / sqrt(fmax(p->water_kg * p->eq->jac[j * n + j], 1e-280));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            p->lu[i * n + j] =
                p->water_kg * p->eq->jac[i * n + j] * scale[i] * scale[j] + (i == j ? 1e-15 : 0.0);
    return sei_lu_factor(n, p->lu, p->pivot);
}

static void apply_inverse(const problem *p, const double scale[], const double v[], double out[])
{
    for (size_t j = 0; j < p->n_comp; j++)
        out[j] = scale[j] * v[j];
    sei_lu_solve(p->n_comp, p->lu, p->pivot, out);
    for (size_t j = 0; j < p->n_comp; j++)
        out[j] *= scale[j];
}

typedef struct {
    size_t n;
    double m[SEI_PHASES_MAX][SEI_PHASES_MAX], q[SEI_PHASES_MAX];
    bool   is_free[SEI_PHASES_MAX]; /* multiplier of either sign: always in */
    bool   in[SEI_PHASES_MAX];
    double lambda[SEI_PHASES_MAX];
} complementarity;

static bool solve_inside(complementarity *c)
{
    double a[SEI_PHASES_MAX * SEI_PHASES_MAX], b[SEI_PHASES_MAX];
    size_t index[SEI_PHASES_MAX], pivot[SEI_PHASES_MAX], n = 0;

    for (size_t k = 0; k < c->n; k++)
        if (c->in[k])
            index[n++] = k;
    for (size_t i = 0; i < n; i++) {
        b[i] = -c->q[index[i]];
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = c->m[index[i]][index[j]];
    }
    memset(c->lambda, 0, sizeof c->lambda);
    if (n == 0)
        return true;
    if (!sei_lu_factor(n, a, pivot))
        return false;
    sei_lu_solve(n, a, pivot, b);
    for (size_t i = 0; i < n; i++)
        c->lambda[index[i]] = b[i];
    return true;
}

/* First phase that breaks its condition: a negative amount, or oversaturation while used up. */
static size_t first_wrong(const complementarity *c)
{
    for (size_t k = 0; k < c->n; k++) {
        double w = c->q[k], size = fabs(w), all = 0.0;
        if (c->is_free[k])
            continue;
        for (size_t i = 0; i < c->n; i++) {
            w += c->m[k][i] * c->lambda[i];
            size += fabs(c->m[k][i] * c->lambda[i]);
            all += fabs(c->lambda[i]);
        }
        if (c->in[k] ? c->lambda[k] < -NOISE * all : w < -NOISE * size)
            return k;
    }
    return c->n;
}

/* Where rounding hides which phases are right, the last try serves: the next step looks again. */
static bool pivot_to_solution(complementarity *c)
{
    for (int round = 0; round < PIVOTS_MAX; round++) {
        if (!solve_inside(c))
            return false;
        const size_t k = first_wrong(c);
        if (k == c->n)
            return true;
        c->in[k] = !c->in[k];
    }
    return solve_inside(c);
}

/*
 * Step and amounts for the phases that are in, from the whole system
 *     [ W J   A' ] [ step   ]   [ -gradient ]
 *     [ A     -e ] [ amount ] = [ gap - e amount before ]
 * scaled to a unit diagonal of J. The conditions are weighted so that they are pivots where they can be: a
 * component that a phase has taken up to the last trace gets its step from the phase, not from the difference
 * of all there is and all that the phase holds.
 */
static bool solve_kkt(problem *p, const complementarity *c, const double scale[],
                      const double gradient[])
{
    size_t index[SEI_PHASES_MAX], in = 0;
    double weight[SEI_PHASES_MAX], rhs[KKT_MAX];

    for (size_t k = 0; k < p->n; k++)
        if (c->in[k])
            index[in++] = k;
    const size_t n = p->n_comp, size = n + in;
    memset(p->kkt, 0, size * size * sizeof *p->kkt);
    for (size_t i = 0; i < n; i++) {
        rhs[i] = -gradient[i] * scale[i];
        for (size_t j = 0; j < n; j++)
            p->kkt[i * size + j] = p->water_kg * p->eq->jac[i * n + j] * scale[i] * scale[j];
    }
    for (size_t r = 0; r < in; r++) {
        const double *a       = p->a[index[r]];
        double        largest = 0.0;
        for (size_t j = 0; j < n; j++)
            largest = fmax(largest, fabs(a[j] * scale[j]));
        weight[r]      = 1.0 / largest;
        const double e = SAME_SPLIT / fmax(fabs(p->lambda[index[r]]), SAME_SPLIT);
        for (size_t j = 0; j < n; j++)
            p->kkt[j * size + n + r] = a[j] * scale[j] * weight[r];
        for (size_t j = 0; j < n; j++)
            p->kkt[(n + r) * size + j] = PIVOT_FIRST * a[j] * scale[j] * weight[r];
        p->kkt[(n + r) * size + n + r] = -PIVOT_FIRST * e * weight[r] * weight[r];
        rhs[n + r] = PIVOT_FIRST * (p->gap[index[r]] - e * p->lambda[index[r]]) * weight[r];
    }
    if (!sei_lu_factor(size, p->kkt, p->pivot))
        return false;
    sei_lu_solve(size, p->kkt, p->pivot, rhs);
    memset(p->lambda, 0, sizeof p->lambda);
    for (size_t j = 0; j < n; j++)
        p->step[j] = rhs[j] * scale[j];
    for (size_t r = 0; r < in; r++) {
        const double amount = rhs[n + r] * weight[r];
        p->lambda[index[r]] = c->is_free[index[r]] ? amount : fmax(amount, 0.0);
    }
    return true;
}

/* Step and amounts that solve the quadratic model at x. */
static bool model_step(problem *p)
{
    static const double zero[SEI_COMPONENTS_MAX] = {0};
    complementarity     c                        = {.n = p->n};
    double scale[SEI_COMPONENTS_MAX], gradient[SEI_COMPONENTS_MAX], plain[SEI_COMPONENTS_MAX];
    double back[SEI_PHASES_MAX][SEI_COMPONENTS_MAX];

    memcpy(plain, zero, sizeof plain);
    if (!factor(p, scale))
        return false;
    for (size_t j = 0; j < p->n_comp; j++)
        gradient[j] = p->water_kg * p->eq->total[j] - p->amount[j];
    apply_inverse(p, scale, gradient, plain);
    for (size_t k = 0; k < p->n; k++) {
        apply_inverse(p, scale, p->a[k], back[k]);
        c.is_free[k] = is_endless(p, k);
        c.in[k]      = c.is_free[k] || p->lambda[k] > 0.0;
        c.q[k]       = p->gap[k];
        for (size_t j = 0; j < p->n_comp; j++)
            c.q[k] += p->a[k][j] * plain[j];
    }
    for (size_t k = 0; k < p->n; k++) {
        for (size_t i = 0; i < p->n; i++) {
            c.m[k][i] = 0.0;
            for (size_t j = 0; j < p->n_comp; j++)
                c.m[k][i] += p->a[k][j] * back[i][j];
        }
        c.q[k] -= SAME_PHASE * c.m[k][k] * p->lambda[k];
        c.m[k][k] *= 1.0 + SAME_PHASE;
    }
    if (!pivot_to_solution(&c))
        return false;
    return solve_kkt(p, &c, scale, gradient);
}

/* --- steps ----------------------------------------------------------------------------------------- */

/* Goes along the step as far as the merit falls; near the end rounding hides that, and the whole step
 * is taken. */
static bool advance(problem *p, double *ret_largest)
{
    sei_equil *eq = p->eq;
    double     from[SEI_COMPONENTS_MAX], largest = 0.0;

    memcpy(from, eq->x, p->n_comp * sizeof *from);
    for (size_t j = 0; j < p->n_comp; j++)
        largest = fmax(largest, p->step[j] > 0.0 || j + 1 == p->n_comp ? fabs(p->step[j])
                                                                       : -FALL_SHARE * p->step[j]);
    *ret_largest = largest;
    if (!isfinite(largest))
        return false;
    for (size_t k = 0; k < p->n; k++)
        p->penalty = fmax(p->penalty, 1.5 * fabs(p->lambda[k]));
    const double before = merit(p);
    double       f      = largest > STEP_MAX ? STEP_MAX / largest : 1.0;
    for (int halving = 0; halving < HALVINGS_MAX; halving++, f *= 0.5) {
        for (size_t j = 0; j < p->n_comp; j++)
            eq->x[j] = from[j] + f * p->step[j];
        evaluate(p);
        if (largest < 1e-3 || merit(p) <= before)
            return true;
    }
    return false;
}

/* Largest misfit of balances and conditions at the new x; *ret_which is a component, or n_comp + phase. */
static double misfit(const problem *p, size_t *ret_which)
{
    double worst = 0.0;

    *ret_which = 0;
    for (size_t j = 0; j < p->n_comp; j++) {
        double off   = p->water_kg * p->eq->total[j] - p->amount[j];
        double scale = p->water_kg * p->eq->jac[j * p->n_comp + j];
        for (size_t k = 0; k < p->n; k++) {
            off += p->a[k][j] * p->lambda[k];
            scale += fabs(p->a[k][j] * p->lambda[k]) * 1e-4;
        }
        if (!(fabs(off) / scale <= worst)) {
            worst      = fabs(off) / scale;
            *ret_which = j;
        }
    }
    for (size_t k = 0; k < p->n; k++) {
        const bool   holds = p->lambda[k] > 0.0 || is_endless(p, k);
        const double off   = GAP_SHARE * (holds ? fabs(p->gap[k]) : fmax(0.0, -p->gap[k]));
        if (!(off <= worst)) {
            worst      = off;
            *ret_which = p->n_comp + k;
        }
    }
    return worst;
}

/* Ionic strength, water activity and mass of water follow the composition. Returns how far they went. */
static double follow(problem *p, double largest)
{
    sei_equil   *eq    = p->eq;
    const double share = largest > 1.0 ? 0.3 : 1.0;
    const double mu = eq->mu_calc > 4.0 * eq->mu ? 4.0 * eq->mu : fmax(eq->mu_calc, 0.25 * eq->mu);
    double       slope;
    const double w    = sei_equil_ln_aw(eq, &slope);
    const double mass = water_mass(p);
    const double moved =
        fmax(fabs(mu - eq->mu) / mu, fmax(fabs(w - eq->ln_aw), fabs(mass - p->water_kg)));

    eq->mu += share * (mu - eq->mu);
    eq->ln_aw += share * (w - eq->ln_aw);
    if (mass > 0.01)
        p->water_kg += share * (mass - p->water_kg);
    return moved;
}

static const char *name_of(const problem *p, size_t which)
{
    return which < p->n_comp ? p->eq->net->comp_name[which]
                             : p->eq->net->phases[p->targets[which - p->n_comp].phase].name;
}

static sei_status fail(sei_ctx *ctx, const problem *p)
{
    size_t       which;
    const double off = misfit(p, &which);

    for (size_t k = 0; k < p->n; k++)
        if (fabs(p->lambda[k]) > HUGE_AMOUNT)
            return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                            "phase %s cannot be held at its target together with the others",
                            name_of(p, p->n_comp + k));
    return sei_fail(
        ctx, SEI_E_NOT_CONVERGED, NULL,
        "equilibrium with phases did not converge in %d iterations: the balance of %s is off "
        "by a factor of %.3g",
        p->iterations, name_of(p, which), off);
}

sei_status sei_phases_solve(sei_ctx *ctx, sei_equil *eq, size_t n, const sei_phase_target targets[],
                            sei_phase_result *ret_result)
{
    problem p;

    if (n > SEI_PHASES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "%zu phases; at most %d are possible", n,
                        SEI_PHASES_MAX);
    set_up(&p, eq, n, targets);
    for (int k = 0; k < STEPS_MAX; k++) {
        size_t which;
        double largest;
        if (!model_step(&p) || !advance(&p, &largest))
            break;
        const double left  = misfit(&p, &which);
        const double moved = follow(&p, largest);
        evaluate(&p);
        if (left > TOLERANCE || moved > TOLERANCE)
            continue;
        if (eq->specific && !sei_specific_follow(eq, SEI_SPECIFIC_AGREE)) {
            evaluate(&p);
            continue;
        }
        sei_equil_activity(eq);
        sei_equil_alk_value(eq);
        *ret_result = (sei_phase_result){.water_kg = p.water_kg, .iterations = p.iterations};
        for (size_t i = 0; i < n; i++)
            ret_result->mol[i] = p.lambda[i];
        return SEI_OK;
    }
    return fail(ctx, &p);
}
