/*
 * cell.c - one implicit stage of one cell
 *
 * Unknowns are the log activities x of the components and the ionic strength I. With q = Q/W the
 * exchange rate of the water and tau the stage's share of the step, component j obeys
 *
 *     T_j(x) (1 + tau q) = base_j + tau q Cin_j + tau sum_r s_rj R_r(x)
 *
 * Loss terms L_j (left side and negative reaction terms) and gains P_j are positive, and as a rule the
 * Newton iteration is made on ln L_j - ln P_j: a concentration that falls by ten orders of magnitude
 * within a step (oxygen, substrate, sulfide) then takes a few iterations, not one per factor e. Where a
 * solid that dissolves makes the gain collapse within a hair of saturation, L_j - P_j itself is nearly
 * straight and gives the shorter step; that row is then taken as it stands. The proton condition may be
 * negative and is never put in logarithms.
 */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "transport/train_impl.h"

/* In a time step, where a shorter one may follow, and where none can: in a steady state. */
enum { ITERATIONS_MAX = 60, STEADY_ITERATIONS_MAX = 400, LONG = 15 };

/* Largest relative residual of a balance, where a step's error asks for no less. */
static const double tolerance = 1e-10;
/* Of ln of the activity of water, within a step: it is followed only when it moves by more than this. It decides
 * nothing, and every change of it costs an iteration. */
static const double water_slack = 1e-8;
/* mol/kgw; far below it a component's balance is closed less strictly: rounding sets the limit. */
static const double negligible_molal = 1e-15;
/* A component that is used up within the first stage of a step leaves the second one with a gain below zero: the
 * stage goes beyond. So little is taken as none, and the books keep it below zero until it is brought again; logarithms
 * need a floor. It is far below what a step is held to; refusing steps for it would be for what nobody could see. */
static const double overshoot_molal = 1e-11, none_molal = 1e-16;
/* So little is rounding anyhow; logarithms need a floor. */
static const double rounding_molal = 1e-17, floor_molal = 1e-24;
/* A difference of gain and loss that is nothing: a thousandth of the traces that every water is given. To it comes
 * what the rates leave undecided: a trace that a store holds a million times as much of turns over by the
 * difference of two large numbers. */
static const double nothing_molal = 1e-19;
static const double step_max      = 7.0; /* of ln activity per iteration */
/* Largest residual from which a factor made near by is followed, and the least that every step with it must
 * shrink the residual by, for it to be kept. */
static const double chord_residual = 1e-3, chord_shrink = 0.1;
/* Where one more step with the factor at hand would surely do, from residuals below this, it is made without
 * computing everything anew: what it changes is followed along the slopes. */
static const double last_residual = 1e-4;
/* In a steady state, where no shorter step may follow: a step after which the largest residual is so many times what
 * it was is halved, at most so often. Hydroxides that start to precipitate throw the pH far off otherwise. */
static const double growth_max = 2.0;
enum { HALVINGS_MAX = 6 };
/* Rounds in which rates take over what balances miss. */
enum { CLOSING_ROUNDS = 4 };
/* What was guessed is kept where it is so much better than is asked: a cell that has come to rest would stay as far from its
 * balance as that lets it, step after step. */
static const double as_guessed = 0.1;
/* Gains nearer to the losses than this need no choice between the two forms of a balance. */
static const double near_balance = 1e-3;

typedef struct {
    double q_1_s, tau_s, keep, tolerance; /* keep = 1 + tau q */
    double prod[SEI_COMPONENTS_MAX], loss[SEI_COMPONENTS_MAX];
    double nothing[SEI_COMPONENTS_MAX]; /* a difference of them that is none, mol/kgw */
    bool   is_made[SEI_COMPONENTS_MAX]; /* by some law */
    double
        turned[SEI_COMPONENTS_MAX]; /* mol/kgw that the law which moves it most brings or takes */
    size_t turned_by[SEI_COMPONENTS_MAX];
    bool   is_none
        [SEI_COMPONENTS_MAX];     /* used up: the gain stands for one below zero and has no slope */
    double f[SEI_COMPONENTS_MAX]; /* residuals */
    int    iteration;
    double largest;      /* of them, negligible ones left out */
    double proton_scale; /* of the proton balance */
    double last[SEI_COMPONENTS_MAX], damping[SEI_COMPONENTS_MAX]; /* of each component's step */
    double before[SEI_COMPONENTS_MAX], mu_before;                 /* where the last step began */
    int    halvings;                                              /* of the last step */
} balance;

/* Gains and losses of every component; false when a gain is not positive (the step is too long). */
static bool gains_and_losses(const sei_train *t, size_t cell, balance *b)
{
    const sei_equil *eq = t->eq;
    const size_t     n  = t->n_comp;

    for (size_t j = 0; j < n; j++) {
        b->loss[j]    = eq->total[j] * b->keep;
        b->prod[j]    = t->base[j] + b->tau_s * b->q_1_s * t->cin[j];
        b->nothing[j] = nothing_molal;
        b->is_made[j] = false;
        b->turned[j]  = 0.0;
    }
    for (size_t a = 0; a < t->rates.n_active; a++) {
        const size_t            l   = t->rates.active[a];
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t k = 0; k < law->n_comp_terms && !t->rates.is_idle[l]; k++) {
            const size_t j    = law->comp_index[k];
            const double made = b->tau_s * law->comp[j] * t->rates.rate[l];
            b->nothing[j] += fabs(b->tau_s * law->comp[j] * t->rates.rounding[l]);
            b->is_made[j] = b->is_made[j] || made > 0.0;
            if (fabs(made) > b->turned[j]) {
                b->turned[j]    = fabs(made);
                b->turned_by[j] = l;
            }
            if (made > 0.0)
                b->prod[j] += made;
            else
                b->loss[j] -= made;
        }
    }
    for (size_t j = 0; j + 1 < n; j++) {
        /* nothing may be asked back that a law could give; one that was below zero before rises from there, to rounding */
        const double least = b->is_made[j] ? -rounding_molal : -overshoot_molal;
        if (!(b->prod[j] >= fmin(least, 2.0 * t->state.total[cell * n + j])))
            return false;
        b->is_none[j] = b->prod[j] < -rounding_molal;
        b->prod[j]    = b->is_none[j] ? none_molal : fmax(b->prod[j], floor_molal);
    }
    return true;
}

/* Scale of the proton balance: the free and bound protons that it moves. */
static double proton_scale(const sei_train *t, const balance *b)
{
    const sei_lists *of_h  = &t->model->net->by_comp;
    const size_t     h     = t->n_comp - 1;
    double           moved = 0.0;

    for (uint32_t k = of_h->ptr[h]; k < of_h->ptr[h + 1]; k++)
        moved += of_h->weight[k] * of_h->weight[k] * t->eq->m[of_h->species[k]];
    return moved * b->keep + fabs(b->prod[h]) * 1e-3 + 1e-12;
}

static double finite_size(double f)
{
    return isfinite(f) ? fabs(f) : (double)INFINITY;
}

/* Residuals of all balances. Returns the largest, in units of what is asked of it; *ret_loose is the same where the rate
 * that moves most of a component may bear what its balance misses (close_balances). */
static double residuals(const sei_train *t, balance *b, double *ret_loose)
{
    const sei_equil *eq = t->eq;
    const size_t     h  = t->n_comp - 1;

    b->proton_scale = proton_scale(t, b);
    b->f[h]         = (b->loss[h] - b->prod[h]) / b->proton_scale;
    /* the ionic strength matters through the activities only */
    b->largest =
        fmax(0.01 * fabs(eq->mu_calc - eq->mu) / (eq->mu_calc + 1e-9), finite_size(b->f[h]));
    double worst = b->largest / b->tolerance, loose = worst;
    for (size_t j = 0; j < h; j++) {
        /* what a stage misses counts in the step with what turns over, not with what is there */
        const double asked  = fmax(tolerance, b->tolerance * eq->total[j] / b->loss[j]);
        const double weight = b->prod[j] / (b->prod[j] + negligible_molal);
        b->f[j]             = log(b->loss[j] / b->prod[j]);
        if (fabs(b->loss[j] - b->prod[j]) <= b->nothing[j])
            continue;
        const double size = weight * finite_size(b->f[j]);
        b->largest        = fmax(b->largest, size);
        worst             = fmax(worst, size / asked);
        loose = fmax(loose, size / fmax(asked, b->tolerance * b->turned[j] / b->loss[j]));
    }
    *ret_loose = loose;
    return worst;
}

/* Does the balance of component j as it stands ask for a shorter step upwards than its logarithm? */
static bool is_plain_better(const sei_train *t, const balance *b, size_t j)
{
    const double gain = b->prod[j], loss = b->loss[j];
    double       dloss = t->eq->jac[j * t->n_comp + j] * b->keep, dgain = 0.0;

    if (gain <= loss * (1.0 + near_balance))
        return false;
    for (size_t i = t->model->law_ptr[j]; i < t->model->law_ptr[j + 1]; i++) {
        const size_t l = t->model->laws_of[i];
        const double c = b->tau_s * t->model->laws[l].comp[j];
        if (t->rates.is_idle[l])
            continue;
        if (c * t->rates.rate[l] > 0.0)
            dgain += c * sei_rate_slope(t, l, j);
        else
            dloss -= c * sei_rate_slope(t, l, j);
    }
    const double plain = dloss - dgain, logarithmic = dloss / loss - dgain / gain;
    return plain > 0.0 && logarithmic > 0.0 &&
           (gain - loss) / plain < log(gain / loss) / logarithmic;
}

/* Slopes of the scaled residuals, factorised, and how x goes with the ionic strength; rhs = -residual. False when
 * the matrix is singular. */
static bool factorise(sei_train *t, size_t cell, const balance *b)
{
    sei_equil   *eq = t->eq;
    const size_t n = t->n_comp, h = n - 1;
    double      *lin = t->factors.lu + cell * n * n, *by_mu = t->factors.by_mu + cell * n;
    double      *inv_loss = t->factors.scale + cell * n, inv_prod[SEI_COMPONENTS_MAX];

    sei_equil_packed(eq, true);
    sei_equil_full_jacobian(eq);
    for (size_t j = 0; j < n; j++) {
        const bool   plain = j == h || is_plain_better(t, b, j);
        const double scale = 1.0 / (j == h ? b->proton_scale : b->prod[j]);
        inv_loss[j]        = plain ? scale : 1.0 / b->loss[j];
        inv_prod[j]        = j < h && b->is_none[j] ? 0.0 : scale;
        t->rhs[j]          = j < h && plain ? (b->prod[j] - b->loss[j]) * scale : -b->f[j];
        by_mu[j]           = -b->keep * eq->dtot_dmu[j] * inv_loss[j];
        const double c     = b->keep * inv_loss[j];
        for (size_t k = 0; k < n; k++)
            lin[j * n + k] = c * eq->jac[j * n + k];
    }
    sei_rates_add_slopes(t, b->tau_s, inv_prod, inv_loss, lin, by_mu);
    t->factors.tau_s[cell] = 0.0;
    if (!sei_lu_factor(n, lin, t->factors.pivot + cell * n))
        return false;
    sei_lu_solve(n, lin, t->factors.pivot + cell * n, by_mu);
    double slope = 1.0 - eq->dmu_calc_dmu;
    for (size_t k = 0; k < n; k++)
        slope -= eq->mu_row[k] * by_mu[k];
    memcpy(t->factors.mu_row + cell * n, eq->mu_row, n * sizeof *eq->mu_row);
    t->factors.mu_slope[cell] = slope;
    t->factors.tau_s[cell]    = b->tau_s;
    return true;
}

/* A trace metal whose solid begins to dissolve gains orders of magnitude within a hair of saturation, and
 * Newton would jump from one side to the other for ever: a component whose step turns back takes half. Large steps from
 * the beginning; small ones, which as a rule end by themselves, when the iteration has gone on for long. */
static void damp_turning_steps(balance *b, size_t n, double step[])
{
    const double least = b->iteration < LONG ? 0.5 : 1e-3;

    for (size_t k = 0; k < n; k++) {
        const bool turns = step[k] * b->last[k] < 0.0 && fabs(step[k]) > least;
        b->damping[k]    = turns ? fmax(0.1, 0.5 * b->damping[k]) : fmin(1.0, 1.5 * b->damping[k]);
        b->last[k]       = step[k];
        step[k] *= b->damping[k];
    }
}

/* Solves the slopes of a cell for rhs, which x takes the place of, where the ionic strength misses what x makes it by
 * `miss`; returns how that moves, within bounds. */
static double solve_slopes(const sei_train *t, size_t cell, double miss, double rhs[])
{
    const double  mu    = t->eq->mu;
    const size_t  n     = t->n_comp;
    const double *by_mu = t->factors.by_mu + cell * n, *mu_row = t->factors.mu_row + cell * n;
    const double  slope = t->factors.mu_slope[cell];
    double        f     = miss;

    sei_lu_solve(n, t->factors.lu + cell * n * n, t->factors.pivot + cell * n, rhs);
    for (size_t k = 0; k < n; k++)
        f -= mu_row[k] * rhs[k];
    double dmu = slope > 0.05 ? -f / slope : -miss;
    dmu        = fmax(-0.7 * mu, fmin(2.0 * mu + 1e-4, dmu));
    for (size_t k = 0; k < n; k++)
        rhs[k] += by_mu[k] * dmu;
    return dmu;
}

/* One step for x and I with the factor at hand; false when it is not finite. */
static bool move(sei_train *t, size_t cell, balance *b)
{
    sei_equil   *eq      = t->eq;
    const size_t n       = t->n_comp;
    const double dmu     = solve_slopes(t, cell, eq->mu - eq->mu_calc, t->rhs);
    double       largest = 0.0;

    damp_turning_steps(b, n, t->rhs);
    for (size_t k = 0; k < n; k++)
        largest = fmax(largest, finite_size(t->rhs[k]));
    if (!isfinite(largest))
        return false;
    const double damping = largest > step_max ? step_max / largest : 1.0;
    for (size_t k = 0; k < n; k++)
        eq->x[k] += damping * t->rhs[k];
    eq->mu = fmax(eq->mu + damping * dmu, 1e-12);
    return true;
}

/* Brings the slopes up to date where those at hand do not serve; rhs = -residual. */
static bool prepare(sei_train *t, size_t cell, const balance *b, double last)
{
    const bool serves = t->factors.tau_s[cell] == b->tau_s && b->largest <= chord_residual &&
                        b->largest <= chord_shrink * last;

    if (!serves)
        return factorise(t, cell, b);
    for (size_t j = 0; j < t->n_comp; j++)
        t->rhs[j] = -b->f[j];
    return true;
}

/* Residuals shrink by every step with a factor as they did by the last one, and twice as much where that was made
 * at the point of the factor itself. */
static bool is_last_step(const sei_train *t, size_t cell, const balance *b, double last,
                         double worst)
{
    const double shrink = 2.0 * b->largest / last;

    return t->stage_tolerance > 0.0 && t->factors.tau_s[cell] == b->tau_s &&
           b->largest <= last_residual && shrink <= chord_shrink && worst * shrink <= 0.5;
}

/* What the totals go by along a step of x and the ionic strength, to first order. */
static void follow_totals(const sei_train *t, const double dx[], double dmu, double ret[])
{
    const sei_equil *eq  = t->eq;
    const sei_net   *net = eq->net;

    memset(ret, 0, t->n_comp * sizeof *ret);
    for (size_t i = 0; i < net->n_species; i++) {
        double ln = -eq->class_dlng[net->classes.of_species[i]] * dmu;
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
            ln += net->nu.val[k] * dx[net->nu.col[k]];
        for (uint32_t k = net->beta.ptr[i]; k < net->beta.ptr[i + 1]; k++)
            ret[net->beta.col[k]] += net->beta.val[k] * eq->m[i] * ln;
    }
}

void sei_cell_answer(sei_train *t, size_t cell, double io_change[])
{
    const double *scale = t->factors.scale + cell * t->n_comp;
    const double *dose  = sei_dose_that_holds_ph(t, cell);
    const size_t  n = t->n_comp, h = n - 1;

    if (t->factors.tau_s[cell] == 0.0)
        return;
    for (size_t j = 0; j < n; j++)
        t->rhs[j] = scale[j] * io_change[j];
    double dmu = solve_slopes(t, cell, 0.0, t->rhs);
    if (dose) { /* it changes by as much as keeps pH where it is */
        double by_dose[SEI_COMPONENTS_MAX];
        for (size_t j = 0; j < n; j++)
            by_dose[j] = scale[j] * dose[j];
        const double dmu_dose = solve_slopes(t, cell, 0.0, by_dose);
        const double share    = by_dose[h] != 0.0 ? -t->rhs[h] / by_dose[h] : 0.0;
        for (size_t j = 0; j < n; j++)
            t->rhs[j] += share * by_dose[j];
        dmu += share * dmu_dose;
    }
    follow_totals(t, t->rhs, dmu, io_change);
}

/* The last step, with totals and rates that go along with it to first order. */
static bool finish(sei_train *t, size_t cell, balance *b)
{
    sei_equil   *eq = t->eq;
    const double mu = eq->mu;

    for (size_t j = 0; j < t->n_comp; j++)
        t->rhs[j] = -b->f[j];
    if (!move(t, cell, b))
        return false;
    follow_totals(t, t->rhs, eq->mu - mu, t->moved);
    for (size_t j = 0; j < t->n_comp; j++)
        eq->total[j] += t->moved[j];
    sei_rates_follow(t, t->rhs, t->moved, eq->mu - mu);
    return true;
}

/* What the balances miss at the totals and rates at hand, mol/kgw. */
static void missing(const sei_train *t, const balance *b, double ret[])
{
    for (size_t j = 0; j < t->n_comp; j++)
        ret[j] = t->eq->total[j] * b->keep - t->base[j] - b->tau_s * b->q_1_s * t->cin[j];
    for (size_t a = 0; a < t->rates.n_active; a++) {
        const size_t            l   = t->rates.active[a];
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t k = 0; k < law->n_comp_terms && !t->rates.is_idle[l]; k++)
            ret[law->comp_index[k]] -= b->tau_s * law->comp[law->comp_index[k]] * t->rates.rate[l];
    }
}

/* Is what is missing as little as is asked of every balance, in the proton's too? */
static bool is_closed(const sei_train *t, const balance *b, const double miss[])
{
    const size_t h = t->n_comp - 1;

    if (!(fabs(miss[h]) <= b->tolerance * b->proton_scale))
        return false;
    for (size_t j = 0; j < h; j++)
        if (!b->is_none[j] &&
            !(fabs(miss[j]) <= fmax(b->nothing[j], b->tolerance * t->eq->total[j])))
            return false;
    return true;
}

/*
 * A trace of which a solid takes nearly all that comes is known to the tolerance long before its balance closes to a like
 * share of what is left: the small difference of two large numbers. What is missing then belongs to the rate that moves
 * most of it, which it changes by no more than the tolerance. Several components may share a reaction: where some rounds
 * do not close them all, rates stay as they were and the iteration goes on.
 */
static bool close_balances(sei_train *t, const balance *b)
{
    double miss[SEI_COMPONENTS_MAX];

    memcpy(t->rates.kept, t->rates.rate, t->model->n_laws * sizeof *t->rates.rate);
    for (int round = 0; round < CLOSING_ROUNDS; round++) {
        missing(t, b, miss);
        if (is_closed(t, b, miss))
            return true;
        for (size_t j = 0; j + 1 < t->n_comp; j++) {
            const size_t l = b->turned_by[j];
            const bool   is_due =
                b->turned[j] > 0.0 && !b->is_none[j] &&
                fabs(miss[j]) > fmax(b->nothing[j], 0.1 * b->tolerance * t->eq->total[j]);
            if (is_due && fabs(miss[j]) <= 2.0 * b->tolerance * b->turned[j])
                t->rates.rate[l] += miss[j] / (b->tau_s * t->model->laws[l].comp[j]);
        }
    }
    memcpy(t->rates.rate, t->rates.kept, t->model->n_laws * sizeof *t->rates.rate);
    return false;
}

/* By the law that speciation has. */
static void follow_water(sei_equil *eq, double slack)
{
    double       slope;
    const double ln_aw = sei_equil_ln_aw(eq, &slope);

    if (fabs(ln_aw - eq->ln_aw) > slack)
        eq->ln_aw = ln_aw;
}

static void evaluate(sei_train *t, size_t cell, double dt_s)
{
    sei_equil_class_activity(t->eq);
    sei_equil_species(t->eq);
    sei_equil_balances(t->eq);
    sei_rates_eval(t, cell, dt_s);
}

static sei_status fail(sei_ctx *ctx, sei_train *t, size_t cell, const char *why)
{
    t->failed_cell = cell;
    return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL, "cell %zu of zone %s: %s", cell,
                    t->zones[t->cells[cell].zone].name, why);
}

/* Half of the last step back, where it went wrong. */
static bool steps_back(sei_train *t, balance *b, double last)
{
    sei_equil *eq = t->eq;

    if (t->stage_tolerance > 0.0 || b->iteration == 0 || b->largest <= growth_max * last ||
        b->halvings >= HALVINGS_MAX)
        return false;
    for (size_t k = 0; k < t->n_comp; k++)
        eq->x[k] = 0.5 * (eq->x[k] + b->before[k]);
    eq->mu = 0.5 * (eq->mu + b->mu_before);
    b->halvings++;
    return true;
}

static void keep_start(const sei_train *t, balance *b)
{
    memcpy(b->before, t->eq->x, t->n_comp * sizeof *b->before);
    b->mu_before = t->eq->mu;
    b->halvings  = 0;
}

typedef enum {
    SOLVED,
    OPEN,
    FOLLOWED, /* a last step was made, but it does not close the balances: they are computed anew */
    HOPELESS
} outcome;

/* Is the solution at hand, or one step along the slopes away? */
static outcome conclude(sei_train *t, size_t cell, balance *b, double last)
{
    double       loose;
    const double worst   = residuals(t, b, &loose);
    const bool   is_step = t->stage_tolerance > 0.0;
    const double enough  = is_step && b->iteration == 0 ? as_guessed : 1.0;

    if (worst <= enough || (is_step && loose <= enough && close_balances(t, b)))
        return SOLVED;
    if (!isfinite(worst))
        return HOPELESS;
    if (!is_last_step(t, cell, b, last, loose))
        return OPEN;
    const bool is_certain = is_last_step(t, cell, b, last, worst);
    if (!finish(t, cell, b))
        return HOPELESS;
    return is_certain || close_balances(t, b) ? SOLVED : FOLLOWED;
}

sei_status sei_cell_solve(sei_ctx *ctx, sei_train *t, size_t cell, double tau_s, double dt_s)
{
    balance b = {.q_1_s     = t->flow[cell] / t->cells[cell].water_kg,
                 .tau_s     = tau_s,
                 .tolerance = fmax(tolerance, t->stage_tolerance)};

    b.keep = 1.0 + b.tau_s * (t->out[cell] / t->cells[cell].water_kg);
    for (size_t k = 0; k < t->n_comp; k++)
        b.damping[k] = 1.0;
    t->stats.cell_solves++;
    sei_rates_begin(t, cell);
    double    last = INFINITY;
    const int most = t->stage_tolerance > 0.0 ? ITERATIONS_MAX : STEADY_ITERATIONS_MAX;
    for (b.iteration = 0; b.iteration < most; b.iteration++) {
        evaluate(t, cell, dt_s);
        t->stats.newton_iterations++;
        if (!gains_and_losses(t, cell, &b))
            return fail(ctx, t, cell, "the step would make a concentration negative");
        const outcome end = conclude(t, cell, &b, last);
        if (end == SOLVED)
            return SEI_OK;
        if (end == HOPELESS)
            return fail(ctx, t, cell, "a rate or concentration is not finite");
        if (end == FOLLOWED)
            last = b.largest;
        if (end == FOLLOWED || steps_back(t, &b, last))
            continue;
        keep_start(t, &b);
        const bool ready = prepare(t, cell, &b, last);
        last             = b.largest;
        follow_water(t->eq, t->stage_tolerance > 0.0 ? water_slack : 0.0);
        if (!ready || !move(t, cell, &b))
            return fail(ctx, t, cell, "the equations are singular");
    }
    return fail(ctx, t, cell, "the implicit step did not converge");
}
