/* window.c - moving windows: the queue, and spread without subtraction */
#include "qc/window.h"

#include <math.h>
#include <string.h>

sei_status sei_qc_queue_grow(sei_ctx *ctx, const char *test, sei_qc_queue *q)
{
    const size_t size = q->size ? 2 * q->size : 16;

    if (size > SEI_QC_WINDOW_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "%s: more than %d values in one window: shorten it or thin the series",
                        test, SEI_QC_WINDOW_MAX);
    sei_qc_item *item = sei_alloc(ctx, size, sizeof *item);
    if (!item)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < q->n; i++)
        item[i] = *sei_qc_item_at(q, i);
    sei_release(ctx, q->item);
    *q = (sei_qc_queue){item, 0, q->n, size};
    return SEI_OK;
}

/* (n, a, b) and (m, c, d) as one; n and m are not 0. */
static inline void join(sei_qc_spread kind, double n, double *a, double *b, double m, double c,
                        double d)
{
    if (kind == SEI_QC_RANGE) {
        *a = c < *a ? c : *a;
        *b = d > *b ? d : *b;
        return;
    }
    const double step = c - *a, share = m / (n + m);
    *a += step * share;
    *b += d + step * step * n * share;
}

static inline void single(sei_qc_spread kind, double x, double *a, double *b)
{
    *a = x;
    *b = kind == SEI_QC_RANGE ? x : 0.0;
}

/* All items become the front stack. */
static void turn(sei_qc_window *w, sei_qc_spread kind)
{
    double a = 0.0, b = 0.0;

    for (size_t i = w->queue.n; i-- > 0;) {
        sei_qc_item *item = sei_qc_item_at(&w->queue, i);
        const double n    = (double)(w->queue.n - 1 - i);
        double       c, d;
        single(kind, item->value, &c, &d);
        if (n > 0.0)
            join(kind, n, &a, &b, 1.0, c, d);
        else
            a = c, b = d;
        item->a = a;
        item->b = b;
    }
    w->n_front = w->queue.n;
}

sei_status sei_qc_window_push(sei_ctx *ctx, const char *test, sei_qc_window *w, sei_qc_spread kind,
                              int64_t from_us, int64_t time_us, double value, double *ret_spread,
                              size_t *ret_n)
{
    while (w->queue.n > 0 && sei_qc_item_at(&w->queue, 0)->time_us <= from_us) {
        if (w->n_front == 0)
            turn(w, kind);
        sei_qc_pop_front(&w->queue);
        w->n_front--;
    }
    const sei_status st =
        sei_qc_push_back(ctx, test, &w->queue, (sei_qc_item){.time_us = time_us, .value = value});
    if (st != SEI_OK)
        return st;

    const size_t n_back = w->queue.n - w->n_front;
    double       a, b;
    single(kind, value, &a, &b);
    if (n_back > 1)
        join(kind, (double)(n_back - 1), &w->back_a, &w->back_b, 1.0, a, b);
    else
        w->back_a = a, w->back_b = b;
    a = w->back_a, b = w->back_b;
    if (w->n_front > 0) {
        const sei_qc_item *front = sei_qc_item_at(&w->queue, 0);
        join(kind, (double)n_back, &a, &b, (double)w->n_front, front->a, front->b);
    }
    *ret_n      = w->queue.n;
    *ret_spread = kind == SEI_QC_RANGE ? b - a : sqrt(b / (double)w->queue.n);
    return SEI_OK;
}
