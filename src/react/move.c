/* move.c - the last solution along a change of the system, to first order */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/react_impl.h"

/* What the plain amounts change in the balances in force. */
static void change_totals(const sei_react_work *w, const sei_amounts *change, double ret[])
{
    const size_t n = w->react->net->n_comp + 1;

    memset(ret, 0, n * sizeof *ret);
    for (size_t k = 0; k < n; k++) {
        const double c = k + 1 < n ? change->comp[k] : change->electron;
        for (size_t b = 0; c != 0.0 && b < n; b++)
            ret[b] += w->basis.combination[b * n + k] * c;
    }
}

/* Right-hand side: minus the change of every residual at fixed unknowns. */
static void set_rhs(sei_react_work *w, const sei_react_system *s, const sei_amounts *change,
                    const double by[])
{
    const double free_mol = exp(w->ln_kg) / w->eq->water_kg_mol;
    double       water    = change->water;

    memset(w->rhs, 0, w->nu * sizeof *w->rhs);
    for (size_t b = 0; b < w->nb; b++) {
        const bool   is_site = b >= w->k_site;
        const double wanted  = is_site ? w->job.rhs_total[b] : w->basis.total[b];
        const double more    = is_site ? change->site[b - w->k_site] : by[b];
        if (is_site || w->basis.mineral[b] == SIZE_MAX)
            w->rhs[b] = more * (wanted < 0.0 ? w->gain[b] : w->loss[b]);
    }
    for (size_t i = 0; i < s->n_minerals; i++) {
        const double amount = sei_react_mineral_water(w, &s->minerals[i]);
        if (w->is_active[i])
            water -= amount * by[w->basis.pivot[i]] / w->basis.count[i];
    }
    w->rhs[w->k_kg] = water / free_mol;
}

static bool factor_once(sei_react_work *w, const sei_react_system *s)
{
    if (w->has_factor)
        return true;
    w->job.s = s;
    sei_react_save(w, &w->solution);
    memcpy(w->total, w->basis.total, sizeof w->total);
    sei_react_residuals(w, &w->job);
    w->is_exact   = w->eq->specific && !w->job.s->water_is_fixed;
    w->has_factor = sei_react_factor(w, &w->job);
    w->is_exact   = false;
    return w->has_factor;
}

bool sei_react_slope_of(sei_react_work *w, const sei_react_system *s, const sei_amounts *change,
                        sei_react_slope *ret)
{
    s = w->has_gap ? &w->split_system : s;
    sei_react_undo(w);
    if (!factor_once(w, s))
        return false;
    change_totals(w, change, ret->total);
    set_rhs(w, s, change, ret->total);
    sei_lu_solve(w->nu, w->lin, w->swap, w->rhs);
    for (size_t k = 0; k < w->nu; k++) {
        if (!isfinite(w->rhs[k]))
            return false;
        ret->unknown[k] = w->rhs[k];
    }
    return true;
}

void sei_react_go(sei_react_work *w, const sei_react_system *s, const sei_react_slope *slope,
                  double factor, sei_react_state *ret_state)
{
    s = w->has_gap ? &w->split_system : s;
    sei_react_undo(w);
    memcpy(w->rhs, slope->unknown, w->nu * sizeof *w->rhs);
    sei_react_apply(w, &w->job, factor);
    for (size_t b = 0; b <= w->react->net->n_comp; b++)
        w->basis.total[b] += factor * slope->total[b];
    w->is_moved = true;
    if (w->eq->specific) {
        sei_specific_keep(w->eq);
        (void)sei_specific_settle(w->eq, false);
    }
    sei_react_evaluate(w, s);
    sei_react_sum_minerals(w, s);
    sei_react_collect(w, s, ret_state);
}

void sei_react_undo(sei_react_work *w)
{
    if (!w->is_moved)
        return;
    sei_react_restore(w, &w->solution);
    if (w->eq->specific)
        sei_specific_put_back(w->eq);
    memcpy(w->basis.total, w->total, sizeof w->total);
    w->is_moved = false;
}

bool sei_react_move(sei_react_work *w, const sei_react_system *s, const sei_amounts *change,
                    double factor, sei_react_state *ret_state)
{
    sei_react_slope slope;

    if (!sei_react_slope_of(w, s, change, &slope))
        return false;
    sei_react_go(w, s, &slope, factor, ret_state);
    return true;
}

void sei_react_move_back(sei_react_work *w, const sei_react_system *s)
{
    if (!w->is_moved)
        return;
    s = w->has_gap ? &w->split_system : s;
    sei_react_undo(w);
    sei_react_evaluate(w, s);
    sei_react_sum(w, s);
    sei_equil_activity(w->eq);
    sei_equil_alk_value(w->eq);
}
