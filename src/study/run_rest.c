/* run_rest.c - steady states over deposits that a run through time left, and what beds gain at a steady state */
#include <math.h>
#include <string.h>

#include "study/run.h"

/* A trace counts by this share of the most that any cell has of the component; less than 1e-9 mol/kgw (0.07 ug/L of arsenic)
 * by that. */
static const double trace_share = 1e-3, trace_molal = 1e-9;

static double most_of(const double total[], size_t n_cells, size_t n, size_t j)
{
    double most = 0.0;

    for (size_t c = 0; c < n_cells; c++)
        most = fmax(most, total[c * n + j]);
    return most;
}

/* Protons, the last component, are told by the others. */
static void compare(sei_recorder *r, sei_train *train, const double before[])
{
    const size_t n    = r->result.n_components;
    sei_rest     rest = {.component = n > 0 ? r->result.components[0] : NULL};

    for (size_t j = 0; j + 1 < n; j++) {
        const double trace = trace_share * most_of(before, r->result.n_cells, n, j) + trace_molal;
        for (size_t c = 0; c < r->result.n_cells; c++) {
            const double was = before[c * n + j], is = sei_train_total(train, c)[j];
            const double off = fabs(is - was) / (fmax(is, was) + trace);
            if (off > rest.off)
                rest = (sei_rest){off, r->cells[c].unit, r->result.components[j]};
        }
    }
    r->result.rest = rest;
}

sei_status sei_recorder_settle(sei_recorder *r, sei_train *train, sei_run_inflow *inflow)
{
    const size_t n      = r->result.n_components;
    double      *before = sei_alloc(r->ctx, r->result.n_cells * n + 1, sizeof *before);

    if (!before)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < r->result.n_cells; c++)
        memcpy(before + c * n, sei_train_total(train, c), n * sizeof *before);
    const sei_status st =
        sei_train_steady_held(r->ctx, train, sei_run_boundary, inflow, sei_train_time_s(train));
    if (st == SEI_OK)
        compare(r, train, before);
    sei_release(r->ctx, before);
    return st;
}

sei_status sei_recorder_put_gains(sei_recorder *r, const sei_train *train)
{
    const size_t n = r->result.n_solids;

    r->solid_mol_s = sei_arena_alloc(&r->arena, r->result.n_units * n + 1, sizeof *r->solid_mol_s);
    if (!r->solid_mol_s)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < r->result.n_cells; c++)
        for (size_t s = 0; s < n; s++)
            r->solid_mol_s[r->cells[c].unit * n + s] += sei_train_solid_mol_s(train, c, s);
    r->result.solid_mol_s = r->solid_mol_s;
    return SEI_OK;
}
