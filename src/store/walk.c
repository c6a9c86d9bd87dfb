/* walk.c - points of a long span portion by portion, so that memory does not grow with the span */
#include "store/store_impl.h"

enum { PORTION = 100000, FIRST_DAYS = 30, LONGEST_DAYS = 3650 };

typedef struct {
    int64_t from_us, to_us; /* both included */
} span;

/* The next window of a span from the end that comes first, which it leaves shorter. */
static span next_window(span *rest, int64_t width, bool descending)
{
    span window = *rest;

    if (rest->to_us - rest->from_us >= width) {
        if (descending)
            window.from_us = rest->to_us - width + 1;
        else
            window.to_us = rest->from_us + width - 1;
    }
    if (descending)
        rest->to_us = window.from_us - 1;
    else
        rest->from_us = window.to_us + 1;
    return window;
}

/* What of [from, to) holds points; from behind to when nothing does. */
static sei_status clip(sei_store *store, int64_t channel_id, span *s)
{
    int64_t    first = 0, last = 0;
    bool       found = false;
    sei_status st    = sei_store_span(store, channel_id, &found, &first, &last);

    if (st != SEI_OK)
        return st;
    if (!found || s->from_us < first)
        s->from_us = found ? first : 1;
    if (!found || s->to_us > last)
        s->to_us = found ? last : 0;
    return SEI_OK;
}

sei_status sei_store_walk(sei_store *store, int64_t channel_id, int64_t from_us, int64_t to_us,
                          bool descending, sei_walk_visit visit, void *user)
{
    span       rest  = {from_us, to_us - 1};
    int64_t    width = FIRST_DAYS * SEI_US_PER_DAY;
    bool       stop  = false;
    sei_points points;
    sei_status st = clip(store, channel_id, &rest);

    sei_points_init(&points, store->ctx);
    while (st == SEI_OK && !stop && rest.from_us <= rest.to_us) {
        const span before = rest, window = next_window(&rest, width, descending);
        points.n = 0;
        st = sei_store_read(store, channel_id, window.from_us, window.to_us + 1, PORTION, &points);
        if (st == SEI_E_TOO_LARGE && width > SEI_US_PER_S) { /* much in it: a shorter one */
            rest = before;
            width /= 8;
            st = SEI_OK;
            continue;
        }
        if (st == SEI_OK && points.n > 0)
            st = visit(user, &points, &stop);
        if (points.n < PORTION / 20 && width < LONGEST_DAYS * SEI_US_PER_DAY)
            width *= 4;
    }
    sei_points_done(&points);
    return st;
}
