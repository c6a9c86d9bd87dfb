/*
 * sludge.c - pumps that move settled solids: back to an earlier cell, or away
 *
 * The train is solved downstream, and a recycle runs upstream. What a pump moves is therefore taken from
 * the bed as it was when the step began, and is the same in all stages of the step: the bed loses exactly
 * what the suspension gains, h rate M, and nothing is iterated. A steady bed does not see the lag, for
 * then M stays; a changing one is followed with first order, which the slow turnover of sludge (days)
 * against steps of hours makes small. A step may move at most half of a bed, so that it is never overdrawn.
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
    if (!t->pumps)
        return SEI_E_NOMEM;
    for (size_t p = 0; p < t->n_pumps; p++) {
        const sei_status st = check_pump(ctx, t, &spec->pumps[p]);
        double           of = 0.0; /* all pumps of this bed */
        if (st != SEI_OK)
            return st;
        t->pumps[p] = spec->pumps[p];
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
}

static double moved_mol_s(const sei_train *t, size_t pump, size_t solid)
{
    const sei_sludge_pump *p = &t->pumps[pump];

    return p->rate_1_s * t->state.solid[p->from * t->n_solids + solid];
}

double sei_pumped_in(const sei_train *t, size_t cell, size_t solid)
{
    double mol_s = 0.0;

    for (size_t p = 0; p < t->n_pumps; p++)
        if (t->pumps[p].to == cell)
            mol_s += moved_mol_s(t, p, solid);
    return mol_s / t->cells[cell].water_kg;
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
