/* point.c - growing arrays of points in event-time order */
#include "store/point.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *sei_point_kind_word(int64_t kind)
{
    static const char *const words[] = {"value", "below_loq", "missing", "over_range"};

    return words[kind & 3];
}

void sei_points_init(sei_points *points, sei_ctx *ctx)
{
    *points = (sei_points){.ctx = ctx};
}

void sei_points_done(sei_points *points)
{
    sei_release(points->ctx, points->at);
    sei_points_init(points, points->ctx);
}

sei_status sei_points_reserve(sei_points *points, size_t more)
{
    if (more <= points->size - points->n)
        return SEI_OK;
    if (more > SIZE_MAX / sizeof *points->at / 2 - points->n)
        return sei_fail(points->ctx, SEI_E_NOMEM, NULL, "out of memory for %zu points", more);
    size_t size = points->size ? points->size * 2 : 256;
    if (size < points->n + more)
        size = points->n + more;
    sei_point *at = sei_resize(points->ctx, points->at, size, sizeof *at);
    if (!at)
        return SEI_E_NOMEM;
    points->at   = at;
    points->size = size;
    return SEI_OK;
}

sei_status sei_points_add(sei_points *points, const sei_point *point)
{
    const sei_status st = sei_points_reserve(points, 1);

    if (st == SEI_OK)
        points->at[points->n++] = *point;
    return st;
}

static int compare(const void *a, const void *b)
{
    const sei_point *p = a, *q = b;

    if (p->time_us != q->time_us)
        return p->time_us < q->time_us ? -1 : 1;
    if (p->epoch != q->epoch)
        return p->epoch < q->epoch ? -1 : 1;
    return (p->seq > q->seq) - (p->seq < q->seq);
}

void sei_points_sort(sei_points *points)
{
    for (size_t i = 1; i < points->n; i++)
        if (compare(&points->at[i - 1], &points->at[i]) > 0) {
            qsort(points->at, points->n, sizeof *points->at, compare);
            return;
        }
}
