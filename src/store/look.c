/*
 * look.c - points that may be there already
 *
 * Sorted by channel and time, so that a channel is looked at once: its unpacked points of the span, then the segments that
 * hold one of the times. An equal point is a repeat, another value under the same key a conflict; the first of equal keys
 * that is nowhere is added. Many new points of a channel go straight into segments.
 */
#include <stdlib.h>
#include <string.h>

#include "store/block.h"
#include "store/store_impl.h"

typedef struct {
    int64_t   channel_id;
    sei_point point;
    size_t    record, reading;
    bool      is_found, is_purged; /* on the first of equal keys */
    sei_point there;               /* what is found */
} item;

/* Items of one channel. */
typedef struct {
    size_t first, n;
} group;

typedef struct {
    int64_t segment_id;
    size_t  group;
} visit;

typedef struct {
    sei_store *store;
    size_t     n, n_groups, n_visits, visits_size;
    item      *items;
    group     *groups;
    visit     *visits;
    sei_bind  *values; /* three a group */
    sei_points unpacked;
} look;

static int compare_keys(const sei_point *p, const sei_point *q)
{
    if (p->time_us != q->time_us)
        return p->time_us < q->time_us ? -1 : 1;
    if (p->epoch != q->epoch)
        return p->epoch < q->epoch ? -1 : 1;
    return (p->seq > q->seq) - (p->seq < q->seq);
}

static int compare(const void *a, const void *b)
{
    const item *p = a, *q = b;

    if (p->channel_id != q->channel_id)
        return p->channel_id < q->channel_id ? -1 : 1;
    const int keys = compare_keys(&p->point, &q->point);
    if (keys != 0)
        return keys;
    if (p->record != q->record)
        return p->record < q->record ? -1 : 1;
    return (p->reading > q->reading) - (p->reading < q->reading);
}

/* To the bit: a repeated record is the same record, also where it holds no number. */
static bool is_same(const sei_point *a, const sei_point *b)
{
    uint64_t bits_a, bits_b;

    memcpy(&bits_a, &a->value, sizeof bits_a);
    memcpy(&bits_b, &b->value, sizeof bits_b);
    return a->kind == b->kind && bits_a == bits_b;
}

/* ---- what is looked for ----------------------------------------------------------------------------- */

static void take_items(look *l, size_t n, const sei_record records[], const bool is_wanted[])
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; is_wanted[i] && k < records[i].n; k++) {
            const sei_record  *r     = &records[i];
            const sei_reading *one   = &r->readings[k];
            const sei_point    point = {.time_us = one->time_us,
                                        .epoch   = r->is_numbered ? r->epoch : 0,
                                        .seq     = r->is_numbered ? r->seq : 0,
                                        .value   = one->value,
                                        .kind    = (int64_t)one->kind};
            l->items[l->n++] =
                (item){.channel_id = one->channel_id, .point = point, .record = i, .reading = k};
        }
    qsort(l->items, l->n, sizeof *l->items, compare);
}

static sei_status make_groups(look *l)
{
    l->groups = sei_alloc(l->store->ctx, l->n, sizeof *l->groups);
    if (!l->groups)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < l->n; i++) {
        if (i == 0 || l->items[i].channel_id != l->items[i - 1].channel_id)
            l->groups[l->n_groups++] = (group){i, 0};
        l->groups[l->n_groups - 1].n++;
    }
    l->values = sei_alloc(l->store->ctx, 3 * l->n_groups, sizeof *l->values);
    if (!l->values)
        return SEI_E_NOMEM;
    for (size_t g = 0; g < l->n_groups; g++) {
        const group *at      = &l->groups[g];
        l->values[3 * g]     = sei_bind_int(l->items[at->first].channel_id);
        l->values[3 * g + 1] = sei_bind_int(l->items[at->first].point.time_us);
        l->values[3 * g + 2] = sei_bind_int(l->items[at->first + at->n - 1].point.time_us);
    }
    return SEI_OK;
}

/* The first item of a group whose key is not below; the group's end without one. */
static size_t place_of(const look *l, const group *g, const sei_point *key)
{
    size_t low = g->first, high = g->first + g->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (compare_keys(&l->items[middle].point, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void note_there(look *l, const group *g, const sei_point *there)
{
    const size_t i = place_of(l, g, there);

    if (i < g->first + g->n && compare_keys(&l->items[i].point, there) == 0) {
        l->items[i].is_found = true;
        l->items[i].there    = *there;
    }
}

/* ---- where it is looked for ------------------------------------------------------------------------- */

static sei_status take_unpacked(void *user, size_t set, sei_stmt *row)
{
    look           *l     = user;
    const sei_point there = {.time_us = sei_db_int(row, 0),
                             .epoch   = sei_db_int(row, 1),
                             .seq     = sei_db_int(row, 2),
                             .value   = sei_db_real(row, 3),
                             .kind    = sei_db_int(row, 4)};

    note_there(l, &l->groups[set], &there);
    return SEI_OK;
}

/* Is a point that was not found within the times of a segment? */
static bool may_hold(const look *l, const group *g, int64_t start_us, int64_t end_us)
{
    const sei_point start = {.time_us = start_us, .epoch = INT64_MIN};

    for (size_t i = place_of(l, g, &start);
         i < g->first + g->n && l->items[i].point.time_us <= end_us; i++)
        if (!l->items[i].is_found)
            return true;
    return false;
}

static sei_status take_segment(void *user, size_t set, sei_stmt *row)
{
    look *l = user;

    if (!may_hold(l, &l->groups[set], sei_db_int(row, 1), sei_db_int(row, 2)))
        return SEI_OK;
    if (l->n_visits == l->visits_size) {
        const size_t size   = l->visits_size ? 2 * l->visits_size : 64;
        visit       *visits = sei_resize(l->store->ctx, l->visits, size, sizeof *visits);
        if (!visits)
            return SEI_E_NOMEM;
        l->visits      = visits;
        l->visits_size = size;
    }
    l->visits[l->n_visits++] = (visit){sei_db_int(row, 0), set};
    return SEI_OK;
}

static sei_status unpack(void *user, size_t set, sei_stmt *row)
{
    look        *l     = user;
    const group *g     = &l->groups[l->visits[set].group];
    size_t       len   = 0;
    const void  *bytes = sei_db_blob(row, 0, &len);

    l->unpacked.n       = 0;
    const sei_status st = sei_block_unpack(l->store->ctx, bytes, len, &l->unpacked);
    for (size_t i = 0; i < l->unpacked.n && st == SEI_OK; i++)
        note_there(l, g, &l->unpacked.at[i]);
    return st;
}

/* What was taken out by a purge was kept once, and is not kept again. */
static sei_status take_purge(void *user, size_t set, sei_stmt *row)
{
    look        *l = user;
    const group *g = &l->groups[set];

    for (size_t i = g->first; !sei_db_is_null(row, 0) && i < g->first + g->n; i++)
        l->items[i].is_purged = l->items[i].point.time_us < sei_db_int(row, 0);
    return SEI_OK;
}

static sei_status look_into_segments(look *l)
{
    sei_bind  *ids = NULL;
    sei_status st  = sei_db_each(l->store->db,
                                 "SELECT id, start_us, end_us FROM segment WHERE channel_id = $1 AND"
                                  " end_us >= $2 AND start_us <= $3",
                                 l->n_groups, 3, l->values, take_segment, l);

    if (st != SEI_OK || l->n_visits == 0)
        return st;
    ids = sei_alloc(l->store->ctx, l->n_visits, sizeof *ids);
    for (size_t i = 0; ids && i < l->n_visits; i++)
        ids[i] = sei_bind_int(l->visits[i].segment_id);
    st = ids ? sei_db_each(l->store->db, "SELECT data FROM segment WHERE id = $1", l->n_visits, 1,
                           ids, unpack, l)
             : SEI_E_NOMEM;
    sei_release(l->store->ctx, ids);
    return st;
}

static sei_status look_for_purges(look *l)
{
    bool       any = false;
    int64_t    n   = 0;
    sei_status st  = sei_db_get_int(
         l->store->db, "SELECT id FROM purge WHERE what = 'points' LIMIT 1", 0, NULL, &any, &n);

    for (size_t g = 0; any && g < l->n_groups && st == SEI_OK; g++)
        l->values[g] = sei_bind_int(l->items[l->groups[g].first].channel_id);
    return st == SEI_OK && any
               ? sei_db_each(l->store->db,
                             "SELECT max(before_us) FROM purge WHERE what = 'points' AND"
                             " (channel_id IS NULL OR channel_id = $1)",
                             l->n_groups, 1, l->values, take_purge, l)
               : st;
}

/* ---- what is added ---------------------------------------------------------------------------------- */

/* Takes the items of equal keys from i on; *ret_add: the first of them is to be added. */
static size_t settle(look *l, size_t i, const sei_record records[], sei_record_outcome outcomes[],
                     bool *ret_add)
{
    const item     *first = &l->items[i];
    const sei_point there = first->is_found ? first->there : first->point;
    size_t          next  = i;

    *ret_add = !first->is_found && !first->is_purged;
    for (; next < l->n && l->items[next].channel_id == first->channel_id &&
           compare_keys(&l->items[next].point, &first->point) == 0;
         next++) {
        const item         *one     = &l->items[next];
        sei_record_outcome *outcome = &outcomes[one->record];
        if (next == i && *ret_add) {
            outcome->n_added++;
            if (records[one->record].is_new)
                records[one->record].is_new[one->reading] = 1;
        } else if (first->is_purged || is_same(&there, &one->point)) {
            outcome->n_known++;
        } else {
            outcome->n_conflict++;
        }
    }
    return next;
}

/* New points of one channel, in order: whole segments of them, and the rest by itself. */
static sei_status add_points(look *l, int64_t channel_id, const sei_points *points)
{
    const size_t packed = points->n / SEI_SEAL_POINTS * SEI_SEAL_POINTS;
    sei_status   st     = SEI_OK;

    for (size_t i = 0; i < packed && st == SEI_OK; i += SEI_SEAL_POINTS) {
        const sei_points part = {.ctx = points->ctx, .at = points->at + i, .n = SEI_SEAL_POINTS};
        st                    = sei_store_write_segment(l->store, channel_id, &part);
    }
    for (size_t i = packed; i < points->n && st == SEI_OK; i++)
        st = sei_store_append_point(l->store, channel_id, &points->at[i]);
    return st == SEI_OK ? sei_store_note_points(l->store, channel_id, points->n - packed) : st;
}

static sei_status add_group(look *l, const group *g, const sei_record records[],
                            sei_record_outcome outcomes[])
{
    sei_points *fresh = &l->unpacked;
    sei_status  st    = SEI_OK;

    fresh->n = 0;
    for (size_t i = g->first; i < g->first + g->n && st == SEI_OK;) {
        const sei_point *point = &l->items[i].point;
        bool             add   = false;
        i                      = settle(l, i, records, outcomes, &add);
        if (add)
            st = sei_points_add(fresh, point);
    }
    return st == SEI_OK ? add_points(l, l->items[g->first].channel_id, fresh) : st;
}

static sei_status look_and_add(look *l, const sei_record records[], sei_record_outcome outcomes[])
{
    sei_status st = make_groups(l);

    if (st == SEI_OK)
        st = sei_db_each(l->store->db,
                         "SELECT time_us, epoch, seq, value, kind FROM point WHERE channel_id = $1"
                         " AND time_us >= $2 AND time_us <= $3",
                         l->n_groups, 3, l->values, take_unpacked, l);
    if (st == SEI_OK)
        st = look_into_segments(l);
    if (st == SEI_OK)
        st = look_for_purges(l);
    for (size_t g = 0; g < l->n_groups && st == SEI_OK; g++)
        st = add_group(l, &l->groups[g], records, outcomes);
    return st;
}

sei_status sei_store_look_and_add(sei_store *store, size_t n, const sei_record records[],
                                  const bool is_wanted[], sei_record_outcome outcomes[])
{
    look   l     = {.store = store};
    size_t n_all = 0;

    for (size_t i = 0; i < n; i++)
        n_all += is_wanted[i] ? records[i].n : 0;
    if (n_all == 0)
        return SEI_OK;
    sei_points_init(&l.unpacked, store->ctx);
    l.items       = sei_alloc(store->ctx, n_all, sizeof *l.items);
    sei_status st = l.items ? SEI_OK : SEI_E_NOMEM;
    if (st == SEI_OK) {
        take_items(&l, n, records, is_wanted);
        st = look_and_add(&l, records, outcomes);
    }
    sei_points_done(&l.unpacked);
    sei_release(store->ctx, l.items);
    sei_release(store->ctx, l.groups);
    sei_release(store->ctx, l.visits);
    sei_release(store->ctx, l.values);
    return st;
}
