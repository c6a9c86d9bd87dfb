/*
 * error.c - local error of a step
 *
 * The two stages differ by h gamma (F2 - F1), the error of implicit Euler. Where reactions or flow are fast beside the
 * step this tells of the way back to their balance, which the new state is on already, rather than of an error: as is usual
 * for stiff equations (Hairer & Wanner 1996, IV.8) it goes through
 * (1 - h gamma J)^-1 first, with J of the whole train, cell by cell downstream.
 */
#include <math.h>
#include <string.h>

#include "transport/train_impl.h"

/* Share of the largest amount in the train that counts in a cell's error tolerance. */
static const double front_share = 0.2;

/* Adds what the errors of the cells before bring to a cell with the links of cell `from_links`. */
static void add_upstream(const sei_train *t, size_t from_links, double share, double io_error[])
{
    for (size_t i = t->link_ptr[from_links]; i < t->link_ptr[from_links + 1]; i++) {
        const sei_link *l = &t->links[i];
        if (l->from < 0)
            continue;
        const double  q    = share * sei_link_flow(t, l);
        const double *from = t->error + (size_t)l->from * t->n_comp;
        for (size_t j = 0; j < t->n_comp; j++)
            io_error[j] += q * from[j];
    }
}

void sei_cell_error(sei_train *t, size_t cell, double h_gamma)
{
    const size_t  n = t->n_comp, nc = t->n_cells * n, of = t->overflow_of[cell];
    const double  share = h_gamma / t->cells[cell].water_kg, full = sei_store_scale(t, cell);
    const double *first = t->f_total + cell * n, *last = t->f_total + nc + cell * n;
    double       *error = t->error + cell * n;

    for (size_t j = 0; j < n; j++)
        error[j] = h_gamma * (last[j] - first[j]) / full;
    add_upstream(t, cell, t->pass[cell] * share, error);
    if (of != SIZE_MAX && t->pass[of] < 1.0)
        add_upstream(t, of, (1.0 - t->pass[of]) * share, error);
    sei_cell_answer(t, cell, error);
}

/* Largest amount of each component in any cell: a front that passes through one cell needs no more accuracy
 * than the water it separates. */
static void component_scales(const sei_train *t, double ret[])
{
    memset(ret, 0, t->n_comp * sizeof *ret);
    for (size_t i = 0; i < t->n_cells * t->n_comp; i++)
        ret[i % t->n_comp] = fmax(ret[i % t->n_comp], fabs(t->trial.total[i]));
}

double sei_step_error(const sei_train *t, size_t stages, double h_gamma, const sei_step_control *c)
{
    const size_t n = t->n_comp;
    double       scale[SEI_COMPONENTS_MAX], worst = 0.0;

    component_scales(t, scale);
    for (size_t cell = 0; cell < t->n_cells; cell++) {
        double sum = 0.0;
        for (size_t j = 0; j < n; j++) {
            const size_t i    = cell * n + j;
            const double size = fmax(fabs(t->state.total[i]), fabs(t->trial.total[i]));
            const double delta =
                stages == SEI_STAGES ? t->error[i] : 0.5 * (t->trial.total[i] - t->state.total[i]);
            const double e =
                delta / (c->rel_tol * (size + front_share * scale[j]) + c->abs_tol_molal);
            sum += e * e;
        }
        worst = fmax(worst, sum / (double)n);
    }
    return fmax(sqrt(worst), sei_stores_error(t, h_gamma, stages, c->rel_tol));
}
