/* window.h - moving windows over a series, O(1) a record whatever their length */
#ifndef SEI_QC_WINDOW_H
#define SEI_QC_WINDOW_H

#include "qc/op.h"

/* A queue in a ring; grows up to SEI_QC_WINDOW_MAX items. */
typedef struct {
    int64_t time_us;
    double  value;
    double  a, b; /* see sei_qc_window */
} sei_qc_item;

typedef struct {
    sei_qc_item *item;
    size_t       head, n, size; /* size: 0 or a power of two */
} sei_qc_queue;

static inline sei_qc_item *sei_qc_item_at(const sei_qc_queue *q, size_t i)
{
    return &q->item[(q->head + i) & (q->size - 1)];
}

static inline void sei_qc_pop_front(sei_qc_queue *q)
{
    q->head = (q->head + 1) & (q->size - 1);
    q->n--;
}

sei_status sei_qc_queue_grow(sei_ctx *ctx, const char *test, sei_qc_queue *q);

static inline sei_status sei_qc_push_back(sei_ctx *ctx, const char *test, sei_qc_queue *q,
                                          sei_qc_item item)
{
    if (q->n == q->size) {
        const sei_status st = sei_qc_queue_grow(ctx, test, q);
        if (st != SEI_OK)
            return st;
    }
    q->item[(q->head + q->n++) & (q->size - 1)] = item;
    return SEI_OK;
}

/*
 * Spread of the values in a window of time. The queue is two stacks back to back: each item of the front
 * stack holds what joins all items from it to the end of that stack, the back stack one joint figure. A
 * value that leaves is never subtracted from anything, so that nothing cancels: a level of 1e9 shows a
 * noise of 1e-3 after any number of values.
 *
 * a, b: mean and sum of squares about it (joined after Chan, Golub and LeVeque, chan1983), or minimum and maximum.
 */
typedef struct {
    sei_qc_queue queue;
    size_t       n_front;
    double       back_a, back_b;
} sei_qc_window;

typedef enum { SEI_QC_STD, SEI_QC_RANGE } sei_qc_spread;

/* Drops values at or before from_us, adds one; spread of those that remain: population standard deviation
 * or maximum - minimum; *ret_n tells how many they are. */
sei_status sei_qc_window_push(sei_ctx *ctx, const char *test, sei_qc_window *w, sei_qc_spread kind,
                              int64_t from_us, int64_t time_us, double value, double *ret_spread,
                              size_t *ret_n);

#endif
