/* outside.c - what is done to a train between steps: overflow, media, changed parameters */
#include <math.h>

#include "transport/train_impl.h"

static sei_status check_overflow(sei_ctx *ctx, const sei_train *t, size_t cell)
{
    if (cell >= t->n_cells || !t->overflows[cell])
        return sei_fail(ctx, SEI_E_ARG, NULL, "cell %zu of %zu has no overflow", cell, t->n_cells);
    return SEI_OK;
}

sei_status sei_train_set_take(sei_ctx *ctx, sei_train *train, size_t cell, double share)
{
    const sei_status st = check_overflow(ctx, train, cell);

    if (st != SEI_OK)
        return st;
    if (!(share >= 0.0 && share <= 1.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "cell %zu: share %g is outside 0..1", cell, share);
    train->take[cell] = share;
    return SEI_OK;
}

static sei_status set_limit(sei_ctx *ctx, const sei_train *train, size_t cell, double limit[],
                            double flow_max_kg_s)
{
    const sei_status st = check_overflow(ctx, train, cell);

    if (st != SEI_OK)
        return st;
    if (!(flow_max_kg_s >= 0.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "cell %zu: largest flow %g kg/s is negative", cell,
                        flow_max_kg_s);
    limit[cell] = flow_max_kg_s;
    return SEI_OK;
}

sei_status sei_train_set_flow_max(sei_ctx *ctx, sei_train *train, size_t cell, double flow_max_kg_s)
{
    return set_limit(ctx, train, cell, train->flow_max, flow_max_kg_s);
}

sei_status sei_train_set_capacity(sei_ctx *ctx, sei_train *train, size_t cell, double flow_max_kg_s)
{
    return set_limit(ctx, train, cell, train->capacity, flow_max_kg_s);
}

void sei_train_set_passage(sei_train *train, size_t cell, double catches, double holds)
{
    train->catches[cell] = fmin(1.0, fmax(0.0, catches));
    train->holds[cell]   = fmin(1.0, fmax(0.0, holds));
}

double sei_train_brought_kg_s(const sei_train *train, size_t cell)
{
    return train->brought[cell];
}

double sei_train_overflow_share(const sei_train *train, size_t cell)
{
    const size_t store = train->store_of[cell];

    if (store != SIZE_MAX && !train->stores[store].is_bed)
        return sei_store_overflow_share(train, cell);
    return train->overflows[cell] ? 1.0 - train->pass[cell] : 0.0;
}

double *sei_train_zone_params(sei_train *train, size_t zone)
{
    return train->zones[zone].law_params;
}

void sei_train_add_solid(sei_train *train, size_t cell, size_t solid, double mol)
{
    double      *held  = &train->state.solid[cell * train->n_solids + solid];
    const double after = fmax(0.0, *held + mol);

    train->added[solid] += after - *held;
    sei_books_add(train, cell, solid, after - *held);
    *held = after;
}

void sei_train_restart_step(sei_train *train)
{
    train->dt_next_s = 0.0;
}
