/*
 * sludge.c - pumps that move settled solids: back to an earlier cell, or away
 *
 * The train is solved downstream, and a recycle runs upstream. What a pump moves is therefore taken from
 * the bed as it was when the step began, and is the same in all stages of the step: the bed loses exactly
 * what the suspension gains, h rate M, and nothing is iterated. A steady bed does not see the lag, for
 * then M stays; a changing one is followed with first order, which the slow turnover of sludge (days)
 * against steps of hours makes small. A step may move at most half of a bed, so that it is never overdrawn.
 * A steady state takes the beds along: they follow a secant, later their own course, until what settles is what the pumps
 * take.
 */
#include <math.h>
#include <string.h>

#include "transport/train_impl.h"

static const double share_max = 0.5;

static sei_status check_pump(sei_ctx *ctx, const sei_train *t, const sei_sludge_pump *p)
{
    if (p->from >= t->n_cells || (p->to >= t->n_cells && p->to != SEI_SLUDGE_AWAY) ||
        p->from == p->to)
        return sei_fail(ctx, SEI_E_ARG, NULL, "a sludge pump runs from cell %zu to cell %zu",
                        p->from, p->to);
    if (!(p->rate_1_s >= 0.0) || !isfinite(p->rate_1_s))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "a sludge pump moves %g of its bed a second",
                        p->rate_1_s);
    return SEI_OK;
}

sei_status sei_pumps_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec)
{
    t->pump_dt_max_s = INFINITY;
    t->pumps         = sei_alloc(ctx, t->n_pumps + 1, sizeof *t->pumps);
    t->pump_power    = sei_alloc(ctx, t->n_pumps + 1, sizeof *t->pump_power);
    t->pump_memory   = sei_alloc(ctx, 2 * t->n_pumps * t->n_solids + 1, sizeof *t->pump_memory);
    if (!t->pumps || !t->pump_power || !t->pump_memory)
        return SEI_E_NOMEM;
    for (size_t p = 0; p < t->n_pumps; p++) {
        const sei_status st = check_pump(ctx, t, &spec->pumps[p]);
        double           of = 0.0; /* all pumps of this bed */
        if (st != SEI_OK)
            return st;
        t->pumps[p]      = spec->pumps[p];
        t->pump_power[p] = 1.0;
        for (size_t i = 0; i < t->n_pumps; i++)
            of += spec->pumps[i].from == t->pumps[p].from ? spec->pumps[i].rate_1_s : 0.0;
        if (of > 0.0)
            t->pump_dt_max_s = fmin(t->pump_dt_max_s, share_max / of);
    }
    return SEI_OK;
}

void sei_pumps_free(sei_train *t)
{
    sei_release(t->ctx, t->pumps);
    sei_release(t->ctx, t->pump_power);
    sei_release(t->ctx, t->pump_memory);
}

static double moved_mol_s(const sei_train *t, size_t pump, size_t solid)
{
    const sei_sludge_pump *p = &t->pumps[pump];

    return t->pump_power[pump] * p->rate_1_s * t->state.solid[p->from * t->n_solids + solid];
}

double sei_pumped_in(const sei_train *t, size_t cell, size_t solid)
{
    double mol_s = 0.0;

    for (size_t p = 0; p < t->n_pumps; p++)
        if (t->pumps[p].to == cell)
            mol_s += moved_mol_s(t, p, solid);
    return mol_s / t->cells[cell].water_kg;
}

double sei_pumped_share_1_s(const sei_train *t, size_t cell)
{
    double sum = 0.0;

    for (size_t p = 0; p < t->n_pumps; p++)
        if (t->pumps[p].from == cell)
            sum += t->pump_power[p] * t->pumps[p].rate_1_s;
    return sum;
}

double sei_pumped_out(const sei_train *t, size_t cell, size_t solid)
{
    double mol_s = 0.0;

    for (size_t p = 0; p < t->n_pumps; p++)
        if (t->pumps[p].from == cell)
            mol_s += moved_mol_s(t, p, solid);
    return mol_s;
}

void sei_pump_flux(const sei_train *t, double flux[])
{
    const size_t k    = t->n_solids;
    double      *away = flux + 3 * t->n_comp + 2 * k, *pumped = away + k;

    for (size_t p = 0; p < t->n_pumps; p++)
        for (size_t i = 0; i < k; i++) {
            const double mol_s = moved_mol_s(t, p, i);
            pumped[p * k + i] += mol_s;
            if (t->pumps[p].to == SEI_SLUDGE_AWAY)
                away[i] += mol_s;
        }
}

double sei_train_pumped_mol_s(const sei_train *train, size_t pump, size_t solid)
{
    return moved_mol_s(train, pump, solid);
}

void sei_train_set_pump_power(sei_train *train, size_t pump, double share)
{
    train->pump_power[pump] = share;
}

/* --- steady state ------------------------------------------------------------------------------------ */

/* The most that a mole in a bed may bring back to it in one round; with it a recycle of 1000 : 1 is found. */
static const double echo_max = 0.999;
/* Of the largest solid of the bed: what is left by the secants, and by the bed's own course, which is slower. */
static const double bed_change = 1e-10, bed_change_slow = 1e-8;

/* The share of the bed that all its pumps take in a second; 0 when another pump of the bed came before. */
static double emptied_1_s(const sei_train *t, size_t pump)
{
    double sum = 0.0;

    for (size_t p = 0; p < t->n_pumps; p++) {
        if (t->pumps[p].from != t->pumps[pump].from)
            continue;
        if (p < pump)
            return 0.0;
        sum += t->pump_power[p] * t->pumps[p].rate_1_s;
    }
    return sum;
}

/* What comes into the bed of the cell, with what its rates make of solids in made_bed, mol/s. */
static double gained_mol_s(const sei_train *t, size_t cell, size_t solid)
{
    return t->cells[cell].water_kg *
           (t->made_bed[solid] +
            sei_capture_1_s(t, cell) * t->state.suspended[cell * t->n_solids + solid]);
}

/*
 * With G the bed that the present gain would keep up, G(M) is nearly straight: a + b M, b what the recycle
 * brings back. Round 0 goes to G, later ones along the secant to where G = M.
 */
static double next_bed(double now, double gain, const double last[2], int round)
{
    double echo = 0.0;

    if (round > 0 && now != last[0])
        echo = fmin(echo_max, fmax(0.0, (gain - last[1]) / (now - last[0])));
    return fmax(0.0, (gain - echo * now) / (1.0 - echo));
}

/*
 * Solids that turn into each other (a metal's hydroxide, and what flocs take of it) each have a say in what the other gains:
 * their secants can chase one another for ever. After so many rounds the bed goes to G as a whole, which is what its sludge does
 * in time; what is left then shrinks by the share that the recycle brings back, the same for all of it, and every few rounds is
 * taken as a whole to where that ends.
 */
enum { SECANT_ROUNDS = 24, ROUNDS_A_STRIDE = 8 };
static const double own_max = 1000.0;

/* What the present gain moves the bed by, to what the last one did; 0 between strides. */
static double echo_of_all(const sei_train *t, const double last[], const double gain[],
                          const double bed[], int round)
{
    double shared = 0.0, before = 0.0;

    if (round % ROUNDS_A_STRIDE != ROUNDS_A_STRIDE - 1)
        return 0.0;
    for (size_t i = 0; i < t->n_solids; i++) {
        const double d = last[2 * i + 1] - last[2 * i];
        shared += d * (gain[i] - bed[i]);
        before += d * d;
    }
    return before > 0.0 ? fmin(echo_max, fmax(0.0, shared / before)) : 0.0;
}

/* One round of the bed's own course. A solid that the bed itself makes less of the more there is (sorption that fills) would
 * go beyond where it ends: what its gain fell by as it grew is taken off. */
static double follow_bed(double now, double gain, const double last[2], double echo)
{
    double own = 0.0;

    if (now < last[0] || now > last[0])
        own = fmin(0.0, fmax(-own_max, (gain - last[1]) / (now - last[0])));
    return fmax(0.0, now + (gain - now) / (1.0 - (own < 0.0 ? own : echo)));
}

static bool settle_bed(sei_train *t, size_t pump, double emptied_1_s_, int round)
{
    const size_t cell = t->pumps[pump].from, k = t->n_solids;
    double      *bed = t->state.solid + cell * k, *last = t->pump_memory + 2 * pump * k;
    double       largest = 0.0, worst = 0.0;

    sei_cell_load(t, cell);
    sei_equil_activity(t->eq);
    sei_equil_species(t->eq);
    sei_equil_sums(t->eq, false);
    sei_rates_begin(t, cell);
    sei_rates_eval(t, cell, 1.0);
    sei_solid_production(t, cell, t->made_bed, t->made_susp);
    double *gain = t->made_susp; /* no longer wanted */
    for (size_t i = 0; i < k; i++)
        gain[i] = gained_mol_s(t, cell, i) / emptied_1_s_;
    const double echo = round < SECANT_ROUNDS ? 0.0 : echo_of_all(t, last, gain, bed, round);
    for (size_t i = 0; i < k; i++) {
        const double now = bed[i];
        bed[i]           = round < SECANT_ROUNDS ? next_bed(now, gain[i], last + 2 * i, round)
                                                 : follow_bed(now, gain[i], last + 2 * i, echo);
        last[2 * i]      = now;
        last[2 * i + 1]  = gain[i];
        largest          = fmax(largest, bed[i]);
        worst            = fmax(worst, fabs(gain[i] - now));
    }
    return worst <= (round < SECANT_ROUNDS ? bed_change : bed_change_slow) * largest;
}

bool sei_pumps_settle(sei_train *t, int round)
{
    bool there = true;

    for (size_t p = 0; p < t->n_pumps; p++) {
        const double rate = emptied_1_s(t, p);
        if (rate > 0.0)
            there = settle_bed(t, p, rate, round) && there;
    }
    return there;
}
