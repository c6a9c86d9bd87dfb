/*
 * state.c - everything that a train carries from one step to the next, as one array
 *
 * What is listed here is what a restart file holds: a train that gets it back goes on bit for bit
 * as if it had never stopped. Whoever gives a train another memory (an array that a step reads
 * before it writes it) adds a line to blocks_of.
 */
#include <math.h>
#include <string.h>

#include "transport/train_impl.h"

enum { BLOCKS_MAX = 40, SCALARS = 6 };

typedef struct {
    double *at;
    size_t  n;
    bool    keeps_positive; /* amounts and temperatures: never below zero */
    bool    may_be_endless; /* INFINITY stands for none */
} block;

static size_t blocks_of(const sei_train *t, block out[BLOCKS_MAX])
{
    const size_t cells = t->n_cells, nc = cells * t->n_comp, ns = cells * t->n_solids;
    const block  all[] = {
         {t->state.total, nc, false, false}, /* protons may be negative */
         {t->state.suspended, ns, false, false},
         {t->state.solid, ns, true, false},
         {t->state.temp_k, cells, true, false},
         {t->state.x, nc, false, false},
         {t->state.mu, cells, true, false},
         {t->state.ln_aw, cells, false, false},
         {t->flow, cells, true, false},
         {t->ledger_mem, sei_flux_size(t), false, false},
         {t->held_start, t->n_comp + t->n_solids, false, false},
         {t->zone_params, t->n_zones * t->model->n_params, false, true},
         {t->take, cells, true, false},
         {t->flow_max, cells, true, true},
         {t->brought, cells, true, false},
         {t->pass, cells, true, false},
         {t->added, t->n_solids, false, false},
         {t->dose_1_s, SEI_STAGES * t->n_doses, false,
          false}, /* where the next dose begins to look */
         {t->dose_power, t->n_doses, true, false},
         {t->capacity, cells, true, true},
         {t->catches, cells, true, false},
         {t->holds, cells, true, false},
         {t->pump_power, t->n_pumps, true, false},
         {t->last_solid, ns, false, false}, /* where the next step sees its solids go */
         {t->last_rate, cells * t->model->n_laws, false, false},
         {t->x_rate, nc, false, false}, /* and its unknowns */
         {t->mu_rate, cells, false, false},
         {t->out, cells, true, false},
         {t->store_kg, t->n_stores, true, false},
         {t->room_kg, t->n_stores, true, false},
         {t->room_rate, t->n_stores, false, false},
         {t->room_at_s, t->n_stores, true, false},
         {t->added_of, t->n_groups * t->n_solids, false, false},
         {t->removed_of, t->n_groups * t->n_solids, false, false},
         {t->water_start, t->n_groups * (t->n_comp + t->n_solids), false, false},
         {t->bed_start, t->n_groups * t->n_solids, false, false},
    };

    memcpy(out, all, sizeof all);
    return sizeof all / sizeof all[0];
}

size_t sei_train_state_size(const sei_train *train)
{
    block        b[BLOCKS_MAX];
    const size_t n    = blocks_of(train, b);
    size_t       size = SCALARS;

    for (size_t i = 0; i < n; i++)
        size += b[i].n;
    return size;
}

void sei_train_get_state(const sei_train *train, double ret_state[])
{
    block        b[BLOCKS_MAX];
    const size_t n                = blocks_of(train, b);
    const double scalars[SCALARS] = {train->time_s,
                                     train->dt_next_s,
                                     (double)train->stats.steps,
                                     (double)train->stats.rejected,
                                     (double)train->stats.cell_solves,
                                     (double)train->stats.newton_iterations};

    memcpy(ret_state, scalars, sizeof scalars);
    ret_state += SCALARS;
    for (size_t i = 0; i < n; i++) {
        if (b[i].n)
            memcpy(ret_state, b[i].at, b[i].n * sizeof *ret_state);
        ret_state += b[i].n;
    }
}

static bool is_count(double v)
{
    return v >= 0.0 && v < 0x1p53 && !(v > floor(v));
}

static sei_status check(sei_ctx *ctx, const sei_train *t, const double state[])
{
    block        b[BLOCKS_MAX];
    const size_t n = blocks_of(t, b);
    bool ok        = state[0] >= 0.0 && isfinite(state[0]) && state[1] >= 0.0 && isfinite(state[1]);

    for (size_t i = 2; i < SCALARS; i++)
        ok = ok && is_count(state[i]);
    const double *at = state + SCALARS;
    for (size_t i = 0; i < n && ok; at += b[i].n, i++)
        for (size_t k = 0; k < b[i].n && ok; k++)
            ok = (isfinite(at[k]) || (b[i].may_be_endless && !isnan(at[k]))) &&
                 !(b[i].keeps_positive && at[k] < 0.0);
    return ok ? SEI_OK
              : sei_fail(ctx, SEI_E_RANGE, NULL, "the state holds a number that no train can have");
}

sei_status sei_train_set_state(sei_ctx *ctx, sei_train *train, size_t n, const double state[])
{
    block b[BLOCKS_MAX];

    if (n != sei_train_state_size(train))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "the state has %zu numbers, this train %zu", n,
                        sei_train_state_size(train));
    const sei_status st = check(ctx, train, state);
    if (st != SEI_OK)
        return st;
    train->time_s    = state[0];
    train->dt_next_s = state[1];
    train->stats =
        (sei_train_stats){(size_t)state[2], (size_t)state[3], (size_t)state[4], (size_t)state[5]};
    state += SCALARS;
    const size_t n_blocks = blocks_of(train, b);
    for (size_t i = 0; i < n_blocks; i++) {
        if (b[i].n)
            memcpy(b[i].at, state, b[i].n * sizeof *state);
        state += b[i].n;
    }
    for (size_t i = 0; i < train->n_stores; i++)
        train->cells[train->stores[i].cell].water_kg = train->store_kg[i];
    return SEI_OK;
}
