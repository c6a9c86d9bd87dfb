/*
 * sta_scan.c - Observations: points read window by window, so that a page of ten years costs a page
 *
 * In order of time (the usual order, and that of @iot.id) windows are read from the end that is asked for until the
 * page is full. Any other order needs all points that the filter leaves: up to SORT_MAX.
 */
#include <stdlib.h>
#include <string.h>

#include "server/sta.h"

enum { SORT_MAX = 100000 };

/* ---- order ------------------------------------------------------------------------------------------ */

sei_status sta_sort_keys(sta_world *w, const sta_options *o, sta_sorted *item)
{
    sta_at     at = {w, &item->entity, NULL};
    sei_status st = SEI_OK;

    item->options = o;
    for (size_t i = 0; i < o->n_orders && st == SEI_OK; i++) {
        st = sta_eval(w->req->ctx, &w->scratch, o->orders[i].by, sta_lookup_entity, &at,
                      &item->keys[i]);
        if (st == SEI_OK && item->keys[i].kind == STA_TEXT) {
            item->keys[i].text = sei_arena_strdup(&w->arena, item->keys[i].text);
            if (!item->keys[i].text)
                st = SEI_E_NOMEM;
        }
    }
    sei_arena_done(&w->scratch);
    return st;
}

/* By the keys, then by place: pages do not overlap. */
static int compare(const void *a, const void *b)
{
    const sta_sorted *p = a, *q = b;

    for (size_t i = 0; i < p->options->n_orders; i++) {
        const int c = sta_compare(&p->keys[i], &q->keys[i]);
        if (c != 0)
            return p->options->orders[i].descending ? -c : c;
    }
    if (p->entity.at != q->entity.at)
        return p->entity.at < q->entity.at ? -1 : 1;
    if (p->entity.point.time_us != q->entity.point.time_us)
        return p->entity.point.time_us < q->entity.point.time_us ? -1 : 1;
    return (p->entity.point.seq > q->entity.point.seq) -
           (p->entity.point.seq < q->entity.point.seq);
}

void sta_sort(size_t n, sta_sorted items[])
{
    if (n > 1)
        qsort(items, n, sizeof *items, compare);
}

/* ---- what of time the filter leaves --------------------------------------------------------------------- */

typedef struct {
    const char *path;
    size_t      len;
} prefix;

/* "phenomenonTime" or, behind a prefix, "Datastreams/Observations/phenomenonTime" */
static bool is_time_path(const sta_node *n, prefix of)
{
    const char *name = n->path;

    if (n->is != STA_PATH)
        return false;
    if (of.len > 0) {
        if (strncmp(name, of.path, of.len) != 0 || name[of.len] != '/')
            return false;
        name += of.len + 1;
    }
    return strcmp(name, "phenomenonTime") == 0 || strcmp(name, "resultTime") == 0;
}

/* phenomenonTime on one side, a time on the other; swapped: the time comes first. */
static const sta_value *compared_time(const sta_node *n, prefix of, bool *ret_swapped)
{
    for (int side = 0; side < 2; side++) {
        const sta_node *other = n->args[1 - side];
        *ret_swapped          = side == 1;
        if (is_time_path(n->args[side], of) && other->is == STA_LITERAL &&
            other->value.kind == STA_TIME)
            return &other->value;
    }
    return NULL;
}

/* By comparisons that hold for every point that passes: those joined by "and". */
void sta_narrow(const sta_node *n, const char *path, size_t len, sta_span *s)
{
    bool swapped = false;

    if (n->is != STA_CALL || n->n != 2)
        return;
    const char *op = n->function->name;
    if (strcmp(op, "and") == 0) {
        sta_narrow(n->args[0], path, len, s);
        sta_narrow(n->args[1], path, len, s);
        return;
    }
    const sta_value *v = compared_time(n, (prefix){path, len}, &swapped);
    if (!v || !strchr("gle", op[0]))
        return;
    const char way =
        !swapped || op[0] == 'e' ? op[0] : (char)('g' + 'l' - op[0]); /* a lt b: b gt a */
    if (way != 'l' && v->time_us > s->from_us)
        s->from_us = v->time_us;
    if (way != 'g' && v->time_us < s->to_us)
        s->to_us = v->time_us;
}

/* ---- the scan ------------------------------------------------------------------------------------------- */

typedef struct {
    sta_world         *w;
    const sta_options *o;
    sta_entity        *page;
    size_t             n_page;
    int64_t            n_matched;
    bool               more, done;
    sta_sorted        *sorted; /* NULL: in order of time */
} scan;

static sei_status take_point(scan *s, size_t channel, const sei_point *point)
{
    const sta_entity e     = {.set = STA_OBSERVATIONS, .at = channel, .point = *point};
    bool             holds = false;
    sei_status       st    = sta_work(s->w, 1);

    if (st == SEI_OK)
        st = sta_holds(s->w, &e, s->o->filter, &holds);
    if (st != SEI_OK || !holds)
        return st;
    const int64_t at = s->n_matched++;
    if (s->sorted) {
        if (at >= SORT_MAX)
            return sei_fail(s->w->req->ctx, SEI_E_TOO_LARGE, NULL,
                            "more than %d observations to sort: ask for a shorter span", SORT_MAX);
        s->sorted[at].entity = e;
        return sta_sort_keys(s->w, s->o, &s->sorted[at]);
    }
    if (at >= s->o->skip && at < s->o->skip + s->o->top)
        s->page[s->n_page++] = e;
    else if (at >= s->o->skip + s->o->top)
        s->more = true;
    s->done = s->more && !s->o->count;
    return SEI_OK;
}

typedef struct {
    scan  *s;
    size_t channel;
    bool   descending;
} channel_scan;

static sei_status take_portion(void *user, const sei_points *points, bool *ret_stop)
{
    const channel_scan *c  = user;
    sei_status          st = SEI_OK;

    for (size_t i = 0; i < points->n && st == SEI_OK && !c->s->done; i++)
        st = take_point(c->s, c->channel, &points->at[c->descending ? points->n - 1 - i : i]);
    *ret_stop = c->s->done;
    return st;
}

static void page_of_sorted(scan *s)
{
    sta_sort((size_t)s->n_matched, s->sorted);
    for (int64_t i = s->o->skip; i < s->n_matched && i < s->o->skip + s->o->top; i++)
        s->page[s->n_page++] = s->sorted[i].entity;
    s->more = s->n_matched > s->o->skip + s->o->top;
}

/* One channel by time; several are one after the other unless an order is asked for. */
static bool is_in_order(const sta_scan *what)
{
    const sta_options *o = what->options;

    if (o->n_orders == 0)
        return true;
    return what->n == 1 && o->n_orders == 1 && is_time_path(o->orders[0].by, (prefix){0});
}

sei_status sta_scan_points(sta_world *w, const sta_scan *what, sta_entity entities[], size_t *ret_n,
                           int64_t *ret_count, bool *ret_more)
{
    const sta_options *o          = what->options;
    sta_span           limits     = sta_whole_span();
    scan               s          = {.w = w, .o = o, .page = entities};
    const bool         in_order   = is_in_order(what);
    const bool         descending = in_order && o->n_orders == 1 && o->orders[0].descending;
    sei_status         st         = SEI_OK;

    if (o->filter)
        sta_narrow(o->filter, NULL, 0, &limits);
    if (!in_order && !(s.sorted = sei_alloc(w->req->ctx, SORT_MAX, sizeof *s.sorted)))
        return SEI_E_NOMEM;
    for (size_t i = 0; i < what->n && st == SEI_OK && !s.done; i++)
        st = sei_store_walk(w->req->store, w->channels[what->channels[i]].id, limits.from_us,
                            limits.to_us + 1, descending, take_portion,
                            &(channel_scan){&s, what->channels[i], descending});
    if (st == SEI_OK && s.sorted)
        page_of_sorted(&s);
    sei_release(w->req->ctx, s.sorted);
    *ret_n     = s.n_page;
    *ret_count = o->count ? s.n_matched : -1;
    *ret_more  = s.more;
    return st;
}
