/* run_inverse_table.c - the models of INVERSE_MODELING in the columns of selected output */
#include <stdio.h>

#include "phreeqc/run_impl.h"

enum { HEADING_BYTES = 220 };

static sei_status add_ranged(sei_pq_table *t, const char *name)
{
    static const char *const ends[] = {"", "_min", "_max"};
    char                     heading[HEADING_BYTES];
    sei_status               st = SEI_OK;

    for (size_t i = 0; i < 3 && st == SEI_OK; i++) {
        snprintf(heading, sizeof heading, "%.100s%s", name, ends[i]);
        st = sei_pq_table_add_column(t, heading, NULL, SEI_PQ_COLUMN_SCIENTIFIC);
    }
    return st;
}

static sei_status add_inverse_columns(sei_pq_table *t, const sei_inverse_problem *p)
{
    static const char *const sums[] = {"Sum_resid", "Sum_Delta/U", "MaxFracErr"};
    char                     heading[HEADING_BYTES];
    sei_status               st = SEI_OK;

    for (size_t i = 0; i < 3 && st == SEI_OK; i++)
        st = sei_pq_table_add_column(t, sums[i], NULL, SEI_PQ_COLUMN_SCIENTIFIC);
    for (size_t w = 0; w < p->n_waters && st == SEI_OK; w++) {
        snprintf(heading, sizeof heading, "Soln_%d", p->waters[w].number);
        st = add_ranged(t, heading);
    }
    for (size_t f = 0; f < p->n_phases && st == SEI_OK; f++)
        st = add_ranged(t, p->phases[f].name);
    return st;
}

static sei_status add_inverse_rows(sei_pq_table *t, const sei_inverse_result *models)
{
    const sei_inverse_problem *p = &models->problem;
    sei_pq_cell               *cell;

    for (size_t i = 0; i < models->n_models; i++) {
        const sei_inverse_model *m  = &models->models[i];
        const sei_status         st = sei_pq_table_add_row(t, &cell);
        if (st != SEI_OK)
            return st;
        (cell++)->number = m->sum_residuals;
        (cell++)->number = m->sum_moves;
        (cell++)->number = m->largest_fraction;
        for (size_t k = 0; k < p->n_waters + p->n_phases; k++) {
            (cell++)->number = k < p->n_waters ? m->water[k] : m->phase[k - p->n_waters];
            (cell++)->number = m->low[k];
            (cell++)->number = m->high[k];
        }
    }
    return SEI_OK;
}

/* selected NULL: a table that nothing asks for. */
static sei_status punch_models(pq_runner *r, int number, const sei_pq_selected *selected,
                               const sei_inverse_result *models)
{
    sei_pq_table *t  = NULL;
    sei_status    st = pq_new_table(r, &t);

    if (st != SEI_OK)
        return st;
    t->number     = number;
    t->is_inverse = true;
    t->is_unasked = !selected;
    if (selected) {
        t->high_precision = selected->high_precision;
        t->file           = selected->file ? sei_arena_strdup(&t->arena, selected->file) : NULL;
    }
    st = add_inverse_columns(t, &models->problem);
    return st == SEI_OK ? add_inverse_rows(t, models) : st;
}

sei_status pq_punch_inverse(pq_runner *r, const sei_inverse_result *models)
{
    sei_status st = SEI_OK;

    if (r->n_outputs == 0)
        return punch_models(r, models->problem.number, NULL, models);
    for (size_t i = 0; i < r->n_outputs && !r->punch_off && st == SEI_OK; i++) {
        const sei_pq_selected *s = r->outputs[i].selected;
        if (s && s->active && s->inverse)
            st = punch_models(r, r->outputs[i].number, s, models);
    }
    return st;
}
