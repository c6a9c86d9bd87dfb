/*
 * steady.c - steady state of water and suspension, cell by cell downstream
 *
 * Bed solids stay as they are. Each cell is solved with an infinite step from the state it has; when
 * that fails, with steps that grow from a minute to 10^12 s (pseudo-transient continuation).
 *
 * Of clean beds: stores (what is sorbed) are as full as the water makes them and neither give nor take, and sludge that pumps
 * empty is what settles as fast as it is taken. Of given deposits: all that lies in the beds is held, stores and sludge too, and
 * goes on giving and taking at the pace of the state that is found.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "transport/train_impl.h"

enum { ROUNDS_MAX = 800 }; /* of all cells, where sludge runs in a circle */
enum { TURNS_MAX = 50 };   /* of one cell's water and suspension */

/* Suspended solids that matter to nobody, mol/kgw. */
static const double negligible_molal = 1e-12;

static const double forever_s = 1e12;

/* One implicit Euler step of length tau from the cell's present state. */
static sei_status relax(sei_ctx *ctx, sei_train *t, size_t cell, double tau)
{
    const size_t n = t->n_comp;

    memcpy(t->base, t->state.total + cell * n, n * sizeof *t->base);
    memcpy(t->base_susp, t->state.suspended + cell * t->n_solids,
           t->n_solids * sizeof *t->base_susp);
    t->water_tau_s = tau;
    sei_cell_load(t, cell);
    t->factors.tau_s[cell] = 0.0;
    const sei_status st    = sei_cell_solve_dosed(ctx, t, cell, tau, 1.0, 0);
    if (st != SEI_OK)
        return st;
    memcpy(t->state.total + cell * n, t->eq->total, n * sizeof *t->base);
    memcpy(t->state.x + cell * n, t->eq->x, n * sizeof *t->base);
    t->state.mu[cell]    = t->eq->mu;
    t->state.ln_aw[cell] = t->eq->ln_aw;
    return SEI_OK;
}

static void steady_temperature(sei_train *t, size_t cell, double inflow_k)
{
    const sei_cell *c  = &t->cells[cell];
    const double    qc = t->flow[cell] * SEI_WATER_J_KG_K;
    double          air_w_k, sun_w;

    sei_cell_sky(t, cell, &air_w_k, &sun_w);
    const double ua = qc + air_w_k + c->ua_ground_w_k;
    if (ua > 0.0)
        t->state.temp_k[cell] =
            fmax(SEI_ZERO_CELSIUS, (qc * inflow_k + air_w_k * t->boundary.air_k +
                                    c->ua_ground_w_k * t->boundary.ground_k + sun_w) /
                                       ua);
}

/* One implicit step of length tau of what the water carries, behind that of the water. Returns the largest change, as a share of
 * all that is carried. */
static double relax_suspension(sei_train *t, size_t cell, double tau)
{
    const double q = t->flow[cell] / t->cells[cell].water_kg, k = q + sei_capture_1_s(t, cell);
    double       change = 0.0, all = negligible_molal;

    sei_solid_production(t, cell, t->made_bed, t->made_susp);
    for (size_t s = 0; s < t->n_solids; s++) {
        const double made =
            t->made_susp[s] + sei_dose_solid(t, cell, 0, s) + sei_pumped_in(t, cell, s);
        double      *now  = &t->state.suspended[cell * t->n_solids + s];
        const double come = q * t->pin[s] + made;
        const double p    = tau < forever_s ? fmax(0.0, (*now + tau * come) / (1.0 + tau * k))
                            : k > 0.0       ? come / k
                                            : 0.0;
        change            = fmax(change, fabs(p - *now));
        all += p;
        *now = p;
    }
    return change / all;
}

/* The largest change of a component in a step, as a share of what there is. */
static double change_of(const sei_train *t, size_t cell, const double before[])
{
    const double *now   = t->state.total + cell * t->n_comp;
    double        worst = 0.0;

    for (size_t j = 0; j + 1 < t->n_comp; j++)
        worst = fmax(worst, fabs(now[j] - before[j]) / (fabs(now[j]) + negligible_molal));
    return worst;
}

/* Implicit steps that grow while they succeed and shrink where they do not, until one may be of any length, or moves nothing
 * though the water was changed in it. */
static sei_status continue_in_time(sei_ctx *ctx, sei_train *t, size_t cell)
{
    const double changed_s = t->cells[cell].water_kg / t->flow[cell];
    double       tau       = 60.0, before[SEI_COMPONENTS_MAX];

    for (int k = 0; k < 400; k++) {
        const bool shortest = tau < 1e-3;
        memcpy(before, t->state.total + cell * t->n_comp, t->n_comp * sizeof *before);
        const sei_status st = relax(shortest ? ctx : NULL, t, cell, tau);
        if (st != SEI_OK && shortest)
            return st;
        if (st == SEI_OK)
            (void)relax_suspension(t, cell, tau);
        if (st == SEI_OK &&
            (tau >= forever_s || (tau >= changed_s && change_of(t, cell, before) < 1e-9)))
            return SEI_OK;
        tau = st == SEI_OK ? fmin(3.0 * tau, forever_s) : 0.2 * tau;
    }
    t->failed_cell = cell;
    return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                    "cell %zu of zone %s: no steady state was found", cell,
                    t->zones[t->cells[cell].zone].name);
}

/* Rates that read the suspension (iron oxidised or metals sorbed on flocs) and the suspension that they make: in
 * turns, as deep as one needs the other. */
static sei_status settle_suspension(sei_ctx *ctx, sei_train *t, size_t cell)
{
    sei_status st     = SEI_OK;
    double     change = relax_suspension(t, cell, forever_s);

    for (int k = 0; k < TURNS_MAX && st == SEI_OK && change > 1e-8; k++) {
        st = relax(NULL, t, cell, forever_s);
        if (st != SEI_OK)
            st = continue_in_time(ctx, t, cell);
        change = st == SEI_OK ? relax_suspension(t, cell, forever_s) : 0.0;
    }
    return st;
}

/* How fast the bed gains and loses at the state just found, mol/s. */
static void note_beds(sei_train *t, size_t cell)
{
    const double *carried = t->state.suspended + cell * t->n_solids;
    const double  caught  = sei_capture_1_s(t, cell);

    sei_solid_production(t, cell, t->made_bed, t->made_susp);
    for (size_t s = 0; s < t->n_solids; s++)
        t->last_solid[cell * t->n_solids + s] =
            t->cells[cell].water_kg * (t->made_bed[s] + caught * fmax(0.0, carried[s])) -
            sei_pumped_out(t, cell, s);
    if (t->model->n_laws)
        memcpy(t->last_rate + cell * t->model->n_laws, t->rates.rate,
               t->model->n_laws * sizeof *t->last_rate);
}

static sei_status steady_cell(sei_ctx *ctx, sei_train *t, size_t cell)
{
    double inflow_k;

    sei_cell_inflow(t, cell, t->state.total, t->state.suspended, t->state.temp_k, &inflow_k);
    if (!(t->flow[cell] > 0.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "cell %zu of zone %s has no flow: it has no steady state", cell,
                        t->zones[t->cells[cell].zone].name);
    steady_temperature(t, cell, inflow_k);
    /* stores are as full as the water makes them, but for those in sludge that pumps take away */
    t->at_rest    = !t->is_held && !(sei_pumped_share_1_s(t, cell) > 0.0);
    sei_status st = relax(NULL, t, cell, forever_s);
    if (st != SEI_OK)
        st = continue_in_time(ctx, t, cell);
    if (st == SEI_OK)
        st = settle_suspension(ctx, t, cell);
    t->at_rest = false;
    if (st == SEI_OK)
        note_beds(t, cell);
    return st;
}

void sei_train_begin_near(sei_train *t, const sei_train *other)
{
    const size_t n = t->n_cells * t->n_comp, k = t->n_cells * t->n_solids, d = sizeof(double);

    if (other->n_cells != t->n_cells || other->n_comp != t->n_comp ||
        other->n_solids != t->n_solids || other->n_doses != t->n_doses)
        return;
    memcpy(t->state.total, other->state.total, n * d);
    memcpy(t->state.x, other->state.x, n * d);
    memcpy(t->state.suspended, other->state.suspended, k * d);
    memcpy(t->state.mu, other->state.mu, t->n_cells * d);
    memcpy(t->state.ln_aw, other->state.ln_aw, t->n_cells * d);
    memcpy(t->state.temp_k, other->state.temp_k, t->n_cells * d);
    memcpy(t->dose_1_s, other->dose_1_s, SEI_STAGES * t->n_doses * d);
    for (size_t p = 0; p < t->n_pumps; p++) {
        const size_t bed = t->pumps[p].from * t->n_solids;
        memcpy(t->state.solid + bed, other->state.solid + bed, t->n_solids * d);
    }
}

static sei_status find(sei_ctx *ctx, sei_train *t, sei_boundary_fn boundary, void *user, double t_s)
{
    sei_status st = sei_boundary_at(ctx, t, boundary, user, t_s);

    if (st != SEI_OK)
        return st;
    t->store_tau_s = -1.0;
    sei_flows(t);
    t->store_tau_s     = 0.0;
    t->stage_tolerance = 0.0;
    bool is_settled    = false;
    for (int round = 0; round < ROUNDS_MAX && st == SEI_OK && !is_settled; round++) {
        for (size_t c = 0; c < t->n_cells && st == SEI_OK; c++)
            st = steady_cell(ctx, t, c);
        is_settled = st == SEI_OK && (t->is_held || sei_pumps_settle(t, round));
    }
    if (st == SEI_OK && !is_settled) {
        t->failed_cell = SIZE_MAX;
        st             = sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL,
                                  "the sludge that is pumped found no steady state");
    }
    return st;
}

sei_status sei_train_steady(sei_ctx *ctx, sei_train *train, sei_boundary_fn boundary, void *user,
                            double t_s)
{
    train->is_held = false;
    return find(ctx, train, boundary, user, t_s);
}

sei_status sei_train_steady_held(sei_ctx *ctx, sei_train *train, sei_boundary_fn boundary,
                                 void *user, double t_s)
{
    train->is_held      = true;
    const sei_status st = find(ctx, train, boundary, user, t_s);
    train->is_held      = false;
    return st;
}

double sei_train_solid_mol_s(const sei_train *train, size_t cell, size_t solid)
{
    return train->last_solid[cell * train->n_solids + solid];
}
