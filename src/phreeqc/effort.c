/* effort.c - how long an input looks beside others: what takes longest is begun first */
#include <stdlib.h>

#include "phreeqc/input.h"

static double n_steps(const sei_pq_steps *s)
{
    return (double)(s->is_equal ? s->n_equal : s->n);
}

/* In equilibria: cells of a column by shifts, twice where they mix; steps elsewhere. */
static double effort_of_block(const sei_pq_block *b)
{
    switch (b->kind) {
    case SEI_PQ_BLOCK_TRANSPORT: {
        const sei_pq_transport *t = b->as.transport;
        return 2.0 * t->cells * (1.0 + t->stagnant_layers) * t->shifts;
    }
    case SEI_PQ_BLOCK_ADVECTION: return (double)b->as.advection->cells * b->as.advection->shifts;
    case SEI_PQ_BLOCK_REACTION: return n_steps(&b->as.reaction->steps);
    case SEI_PQ_BLOCK_REACTION_TEMPERATURE:
    case SEI_PQ_BLOCK_REACTION_PRESSURE: return n_steps(&b->as.ramp->steps);
    case SEI_PQ_BLOCK_KINETICS: return 10.0 * n_steps(&b->as.kinetics->steps);
    default: return 1.0;
    }
}

double sei_pq_effort(const sei_pq_input *input)
{
    double sum = 0.0;

    for (size_t i = 0; i < input->n; i++)
        for (size_t k = 0; k < input->simulations[i].n; k++)
            sum += effort_of_block(&input->simulations[i].blocks[k]);
    return sum;
}

typedef struct {
    double effort;
    size_t number;
} entry;

static int compare(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    if (x->effort < y->effort || x->effort > y->effort)
        return x->effort < y->effort ? 1 : -1;
    return x->number < y->number ? -1 : 1;
}

sei_status sei_pq_longest_first(sei_ctx *ctx, size_t n, sei_pq_input *const inputs[],
                                size_t order[])
{
    entry *list = sei_alloc(ctx, n, sizeof *list);

    if (!list)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        list[i] = (entry){inputs[i] ? sei_pq_effort(inputs[i]) : 0.0, i};
    qsort(list, n, sizeof *list, compare);
    for (size_t i = 0; i < n; i++)
        order[i] = list[i].number;
    sei_release(ctx, list);
    return SEI_OK;
}
