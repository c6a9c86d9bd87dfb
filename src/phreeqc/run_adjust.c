/* run_adjust.c - initial solutions: totals, pH and pe that bring phases to their saturation indices */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "num/dense.h"
#include "phreeqc/run_water.h"

enum { ROUNDS_MAX = 60, SHORTER_MAX = 6 };

/* Length of the try that gives a slope, and the longest step; units of log10 or pH. */
static const double probe = 1e-4, step_max = 2.0;

static double *adjusted(pq_water *w, const pq_adjustment *a)
{
    return a->what == PQ_ADJUST_PH   ? &w->analysis.ph
           : a->what == PQ_ADJUST_PE ? &w->analysis.pe
                                     : &w->analytes[a->analyte].value;
}

static double scale_of(pq_water *w, const pq_adjustment *a)
{
    const double value = *adjusted(w, a);

    return a->what == PQ_ADJUST_TOTAL ? log10(value) : value;
}

static void move(pq_water *w, const pq_adjustment *a, double to)
{
    *adjusted(w, a) = a->what == PQ_ADJUST_TOTAL ? pow(10.0, to) : to;
}

sei_status pq_index_of(const pq_water *w, const pq_adjustment *a, double *ret_si)
{
    const size_t p = a->phase ? sei_net_phase_index(w->net, a->phase) : SIZE_MAX;

    if (!a->phase) { /* charge, as a share of all charges */
        double all = 0.0;
        for (size_t i = 0; i < w->net->n_species; i++)
            all += fabs(w->net->charge[i]) * w->eq->m[i];
        *ret_si = all > 0.0 ? w->eq->charge / all : 0.0;
        return SEI_OK;
    }
    if (p == SIZE_MAX)
        return sei_fail(w->r->ctx, SEI_E_MISSING, &a->where,
                        "SOLUTION: %s cannot be adjusted to %s: its elements are "
                        "not all in the solution",
                        a->name, a->phase);
    *ret_si = sei_equil_si(w->eq, p);
    return SEI_OK;
}

/* A gas is given by its partial pressure. */
static double target_of(const pq_water *w, const pq_adjustment *a)
{
    const size_t p = a->phase ? sei_db_find_phase(w->r->db, a->phase) : SIZE_MAX;

    return p != SIZE_MAX && w->r->db->phases[p].is_gas
               ? pq_fugacity(w->r, p, a->si, w->analysis.temp_c + SEI_ZERO_CELSIUS)
               : a->si;
}

static sei_status errors_of(pq_water *w, double ret_error[])
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < w->n_adjustments && st == SEI_OK; i++) {
        st = pq_index_of(w, &w->adjustments[i], &ret_error[i]);
        ret_error[i] -= target_of(w, &w->adjustments[i]);
    }
    return st;
}

/* slope[i * n + k]: change of index i by adjusted number k. */
static sei_status find_slopes(pq_water *w, const double at[], const double error[], double slope[])
{
    const size_t n = w->n_adjustments;
    double       moved[PQ_ADJUSTMENTS_MAX];
    sei_status   st = SEI_OK;

    for (size_t k = 0; k < n && st == SEI_OK; k++) {
        move(w, &w->adjustments[k], at[k] + probe);
        st = pq_speciate(w);
        if (st == SEI_OK)
            st = errors_of(w, moved);
        for (size_t i = 0; i < n && st == SEI_OK; i++)
            slope[i * n + k] = (moved[i] - error[i]) / probe;
        move(w, &w->adjustments[k], at[k]);
    }
    return st;
}

/* Goes there, or part of the way where no equilibrium is found. */
static sei_status take_step(pq_water *w, const double at[], const double step[])
{
    double     share = 1.0;
    sei_status st    = SEI_E_NOT_CONVERGED;

    for (size_t k = 0; k < w->n_adjustments; k++)
        share = fmin(share, step_max / fmax(step_max, fabs(step[k])));
    for (int tries = 0; tries < SHORTER_MAX && st == SEI_E_NOT_CONVERGED; tries++) {
        for (size_t k = 0; k < w->n_adjustments; k++)
            move(w, &w->adjustments[k], at[k] + share * step[k]);
        st = pq_speciate(w);
        share *= 0.5;
    }
    return st;
}

sei_status pq_adjust(pq_water *w)
{
    const size_t n = w->n_adjustments;
    double       at[PQ_ADJUSTMENTS_MAX], error[PQ_ADJUSTMENTS_MAX],
        slope[PQ_ADJUSTMENTS_MAX * PQ_ADJUSTMENTS_MAX];
    size_t pivot[PQ_ADJUSTMENTS_MAX], worst = 0;

    for (int round = 0; round < ROUNDS_MAX; round++) {
        sei_status st = errors_of(w, error);
        if (st != SEI_OK)
            return st;
        worst = 0;
        for (size_t i = 1; i < n; i++)
            worst = fabs(error[i]) > fabs(error[worst]) ? i : worst;
        if (fabs(error[worst]) < 1e-9)
            return SEI_OK;
        for (size_t k = 0; k < n; k++)
            at[k] = scale_of(w, &w->adjustments[k]);
        st = find_slopes(w, at, error, slope);
        if (st != SEI_OK)
            return st;
        if (!sei_lu_factor(n, slope, pivot))
            break;
        for (size_t i = 0; i < n; i++)
            error[i] = -error[i];
        sei_lu_solve(n, slope, pivot, error);
        st = take_step(w, at, error);
        if (st != SEI_OK)
            return st;
    }
    return sei_fail(w->r->ctx, SEI_E_NOT_CONVERGED, &w->adjustments[worst].where,
                    "SOLUTION: %s could not be adjusted to %s", w->adjustments[worst].name,
                    w->adjustments[worst].phase ? w->adjustments[worst].phase : "charge balance");
}
