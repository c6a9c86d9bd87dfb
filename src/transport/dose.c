/*
 * dose.c - reagents added to cells, and the pH that they hold
 *
 * A dose D (mol/kgw/s) joins the cell's balances as a gain, T_j + tau D nu_j. Under control it is an
 * unknown of the implicit stage itself: the D between nothing and the most for which the stage's solution
 * has the set pH, found between bounds (num/root.h), so that no gain, lag or wind-up of a controller
 * enters. pH rises with D, for a reagent is a base whatever the reactions do.
 *
 * The set pH is a constraint: a stage that begins away from it jumps there, and the second stage of SDIRK,
 * which continues the jump, would ask for reagent back. Such a step is refused and made with implicit
 * Euler (step.c), which has no second stage.
 */
#include <math.h>
#include <string.h>

#include "num/root.h"
#include "transport/train_impl.h"

enum { SOLVES_MAX = 60 };

static const double ph_tolerance = 1e-6;
/* First stride of the search, of the last dose and of the most. */
static const double stride_of_dose = 0.02, stride_of_most = 1e-3;
/* pH above the set value at which a second stage counts as asking for reagent back. */
static const double ph_slack = 1e-3;
/* Bounds so near to each other, of the dose, hold the set pH between them as well as a stage is solved: near it pH
 * may jump, because a precipitate begins there or because a solution ends within its tolerance. */
static const double narrow_share = 1e-8;

#define LN_10 2.302585092994045684

/* --- making ----------------------------------------------------------------------------------------- */

static sei_status check_dose(sei_ctx *ctx, const sei_train *t, size_t d)
{
    const sei_dose *dose = &t->doses[d];

    if (dose->cell >= t->n_cells)
        return sei_fail(ctx, SEI_E_ARG, NULL, "dose %zu: cell %zu of %zu", d, dose->cell,
                        t->n_cells);
    if (t->dose_of[dose->cell] != SIZE_MAX)
        return sei_fail(ctx, SEI_E_DUPLICATE, NULL, "cell %zu gets two reagents", dose->cell);
    if (!(dose->max_molal >= 0.0) || !isfinite(dose->max_molal))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "dose %zu: %g mol/kg", d, dose->max_molal);
    return SEI_OK;
}

sei_status sei_doses_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec)
{
    const size_t n = t->n_doses, width = t->n_comp + t->n_solids;

    t->doses        = sei_alloc(ctx, n + 1, sizeof *t->doses);
    t->dose_vectors = sei_alloc(ctx, n * width + 1, sizeof *t->dose_vectors);
    t->dose_of      = sei_alloc(ctx, t->n_cells, sizeof *t->dose_of);
    t->dose_1_s     = sei_alloc(ctx, SEI_STAGES * n + 1, sizeof *t->dose_1_s);
    t->dose_limited = sei_alloc(ctx, n + 1, sizeof *t->dose_limited);
    t->dose_power   = sei_alloc(ctx, n + 1, sizeof *t->dose_power);
    if (!t->doses || !t->dose_vectors || !t->dose_of || !t->dose_1_s || !t->dose_limited ||
        !t->dose_power)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < t->n_cells; c++)
        t->dose_of[c] = SIZE_MAX;
    for (size_t d = 0; d < n; d++) {
        double *v   = t->dose_vectors + d * width;
        t->doses[d] = spec->doses[d];
        memcpy(v, spec->doses[d].comp, t->n_comp * sizeof *v);
        if (t->n_solids)
            memcpy(v + t->n_comp, spec->doses[d].solid, t->n_solids * sizeof *v);
        t->doses[d].comp    = v;
        t->doses[d].solid   = v + t->n_comp;
        const sei_status st = check_dose(ctx, t, d);
        if (st != SEI_OK)
            return st;
        t->dose_of[t->doses[d].cell] = d;
        t->dose_power[d]             = 1.0;
    }
    return SEI_OK;
}

void sei_doses_free(sei_train *t)
{
    sei_release(t->ctx, t->doses);
    sei_release(t->ctx, t->dose_vectors);
    sei_release(t->ctx, t->dose_of);
    sei_release(t->ctx, t->dose_1_s);
    sei_release(t->ctx, t->dose_limited);
    sei_release(t->ctx, t->dose_power);
}

/* --- one stage of one dosed cell ----------------------------------------------------------------------- */

typedef struct {
    sei_ctx        *ctx;
    sei_train      *t;
    const sei_dose *dose;
    double          tau_s, dt_s;
    double          base[SEI_COMPONENTS_MAX]; /* without reagent */
    double          most, now;                /* mol/kgw/s */
    double          f;                        /* pH above the set value, at `now` */
    int             solves;
    struct {
        double dose, mu, ln_aw, x[SEI_COMPONENTS_MAX];
    } end[2]; /* the last solutions below the set pH and above it */
    bool has_end[2];
} search;

/* The water that the next dose is solved from: what an earlier dose gave may lie across a precipitate from it. */
static void begin_near(const search *s, double d)
{
    sei_equil *eq = s->t->eq;

    if (!s->has_end[0] || !s->has_end[1])
        return;
    const size_t near = fabs(d - s->end[0].dose) < fabs(d - s->end[1].dose) ? 0 : 1;
    memcpy(eq->x, s->end[near].x, s->t->n_comp * sizeof *eq->x);
    eq->mu    = s->end[near].mu;
    eq->ln_aw = s->end[near].ln_aw;
}

static void keep_end(search *s)
{
    const sei_equil *eq   = s->t->eq;
    const size_t     side = s->f < 0.0 ? 0 : 1;

    s->has_end[side]   = true;
    s->end[side].dose  = s->now;
    s->end[side].mu    = eq->mu;
    s->end[side].ln_aw = eq->ln_aw;
    memcpy(s->end[side].x, eq->x, s->t->n_comp * sizeof *eq->x);
}

/* Solves the cell with the dose d. */
static sei_status try_dose(search *s, double d)
{
    sei_train *t = s->t;

    for (size_t j = 0; j < t->n_comp; j++)
        t->base[j] = s->base[j] + s->tau_s * d * s->dose->comp[j];
    begin_near(s, d);
    const sei_status st = sei_cell_solve(s->ctx, t, s->dose->cell, s->tau_s, s->dt_s);
    if (st != SEI_OK)
        return st;
    s->now = d;
    s->f   = -t->eq->x[t->n_comp - 1] / LN_10 - s->dose->set_ph;
    s->solves++;
    keep_end(s);
    return SEI_OK;
}

static bool is_narrow(const sei_root *root)
{
    return fabs(root->at[1] - root->at[0]) <= narrow_share * (root->at[0] + root->at[1]);
}

/* Half as far again as the slope of the last stride asks for; a tenth of it to four times as far. */
static double next_stride(double stride, double f_before, double f)
{
    const double asked = 1.5 * stride * fabs(f) / fmax(fabs(f_before - f), 1e-12);

    return fmin(4.0 * stride, fmax(0.1 * stride, asked));
}

/* Strides from the present dose, which is on the wrong side by f, until the set pH is passed (the bounds
 * in *ret), met, or out of reach: then *ret_done. */
static sei_status bracket(search *s, sei_root *ret, bool *ret_done)
{
    double stride = fmax(stride_of_dose * s->now, stride_of_most * s->most);

    *ret_done = false;
    while (fabs(s->f) > ph_tolerance) {
        const double from = s->now, f = s->f;
        const double next = f < 0.0 ? fmin(s->most, from + stride) : fmax(0.0, from - stride);
        if (next == from)
            break; /* nothing more can be given, or nothing is needed */
        const sei_status st = try_dose(s, next);
        if (st != SEI_OK)
            return st;
        if (f * s->f < 0.0) {
            *ret = f > 0.0 ? sei_root_between(from, f, next, s->f)
                           : sei_root_between(next, s->f, from, f);
            return SEI_OK;
        }
        stride = next_stride(fabs(next - from), f, s->f);
    }
    *ret_done = true;
    return SEI_OK;
}

static sei_status hold_ph(search *s, double first)
{
    sei_root   root;
    bool       done;
    sei_status st = try_dose(s, fmin(first, s->most));

    if (st == SEI_OK)
        st = bracket(s, &root, &done);
    while (st == SEI_OK && !done && s->solves < SOLVES_MAX) {
        st = try_dose(s, sei_root_next(&root));
        if (st == SEI_OK)
            sei_root_narrow(&root, s->now, s->f);
        done = fabs(s->f) <= ph_tolerance || is_narrow(&root);
    }
    if (st == SEI_OK && !done) {
        s->t->failed_cell = s->dose->cell;
        st = sei_fail(s->ctx, SEI_E_NOT_CONVERGED, NULL, "no dose holds pH %g", s->dose->set_ph);
    }
    return st;
}

sei_status sei_cell_solve_dosed(sei_ctx *ctx, sei_train *t, size_t cell, double tau_s, double dt_s,
                                size_t stage)
{
    const size_t d = t->dose_of[cell];

    if (d == SIZE_MAX)
        return sei_cell_solve(ctx, t, cell, tau_s, dt_s);
    search  s    = {.ctx   = ctx,
                    .t     = t,
                    .dose  = &t->doses[d],
                    .tau_s = tau_s,
                    .dt_s  = dt_s,
                    .most  = t->dose_power[d] * t->doses[d].max_molal * t->flow[cell] /
                            t->cells[cell].water_kg};
    double *kept = &t->dose_1_s[stage * t->n_doses + d];

    memcpy(s.base, t->base, t->n_comp * sizeof *s.base);
    const sei_status st = isnan(s.dose->set_ph) ? try_dose(&s, s.most) : hold_ph(&s, *kept);
    if (st != SEI_OK)
        return st;
    if (stage > 0 && s.now == 0.0 && s.f > ph_slack && t->dose_1_s[d] > 0.0)
        return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                        "cell %zu: the second stage asks for reagent back", cell);
    *kept              = s.now;
    t->dose_limited[d] = s.now == s.most && s.f < -ph_slack;
    return SEI_OK;
}

const double *sei_dose_that_holds_ph(const sei_train *t, size_t cell)
{
    const size_t d    = t->dose_of[cell];
    const size_t last = SEI_STAGES - 1;

    if (d == SIZE_MAX || isnan(t->doses[d].set_ph) || t->dose_limited[d] ||
        !(t->dose_1_s[last * t->n_doses + d] > 0.0))
        return NULL;
    return t->doses[d].comp;
}

void sei_dose_derivative(const sei_train *t, size_t cell, size_t stage, double f[])
{
    const size_t d = t->dose_of[cell];

    for (size_t j = 0; d != SIZE_MAX && j < t->n_comp; j++)
        f[j] += t->dose_1_s[stage * t->n_doses + d] * t->doses[d].comp[j];
}

double sei_dose_solid(const sei_train *t, size_t cell, size_t stage, size_t solid)
{
    const size_t d = t->dose_of[cell];

    return d == SIZE_MAX ? 0.0 : t->dose_1_s[stage * t->n_doses + d] * t->doses[d].solid[solid];
}

void sei_dose_flux(const sei_train *t, size_t stage, double flux[])
{
    const size_t n = t->n_comp, k = t->n_solids;
    double      *in = flux, *in_p = flux + 3 * n, *dosed = in_p + (3 + t->n_pumps) * k;

    for (size_t d = 0; d < t->n_doses; d++) {
        const double mol_s =
            t->dose_1_s[stage * t->n_doses + d] * t->cells[t->doses[d].cell].water_kg;
        for (size_t j = 0; j < n; j++)
            in[j] += mol_s * t->doses[d].comp[j];
        for (size_t i = 0; i < k; i++)
            in_p[i] += mol_s * t->doses[d].solid[i];
        dosed[d] += mol_s;
        dosed[t->n_doses + d] += t->dose_limited[d] ? 1.0 : 0.0;
    }
}

double sei_train_dose_mol_s(const sei_train *t, size_t dose)
{
    return t->dose_1_s[dose] * t->cells[t->doses[dose].cell].water_kg;
}

void sei_train_set_dose_power(sei_train *train, size_t dose, double share)
{
    train->dose_power[dose] = share;
}
