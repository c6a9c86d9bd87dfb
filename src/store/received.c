/* received.c - which numbers of records came and which are missing */
#include <stdlib.h>

#include "store/store_impl.h"

/* ---- numbers in ------------------------------------------------------------------------------------- */

/* A number that came now (index: of its record), or a range of numbers that came before. */
typedef struct {
    int64_t station_id, epoch, first, last;
    size_t  index; /* of a record; KEPT: a range of the database */
} span;

#define KEPT SIZE_MAX

/* By station, epoch, first number; ranges before numbers, then as they came. */
static int compare(const void *a, const void *b)
{
    const span *p = a, *q = b;

    if (p->station_id != q->station_id)
        return p->station_id < q->station_id ? -1 : 1;
    if (p->epoch != q->epoch)
        return p->epoch < q->epoch ? -1 : 1;
    if (p->first != q->first)
        return p->first < q->first ? -1 : 1;
    if (p->index == q->index)
        return 0;
    return p->index == KEPT || (q->index != KEPT && p->index < q->index) ? -1 : 1;
}

static bool is_of_same(const span *a, const span *b)
{
    return a->station_id == b->station_id && a->epoch == b->epoch;
}

typedef struct {
    sei_ctx    *ctx;
    span       *at;
    size_t      n, size;
    const span *asked; /* the spans of the sets of values that are asked for */
} spans;

static sei_status add_span(spans *s, span one)
{
    if (s->n == s->size) {
        const size_t size = s->size ? 2 * s->size : 64;
        span        *at   = sei_resize(s->ctx, s->at, size, sizeof *at);
        if (!at)
            return SEI_E_NOMEM;
        s->at   = at;
        s->size = size;
    }
    s->at[s->n++] = one;
    return SEI_OK;
}

static sei_status take_range(void *user, size_t set, sei_stmt *row, int column)
{
    spans      *s   = user;
    const span *ask = &s->asked[set];

    return add_span(s, (span){ask->station_id, ask->epoch, sei_db_int(row, column),
                              sei_db_int(row, column + 1), KEPT});
}

/* Numbers that lie near each other are looked for together: of runs, the ranges that begin within the run or right behind
 * it, and the last one before. No more than one can begin at each number, so they are among so many that a scan from the
 * end of the run downwards meets first; what else it meets touches nothing. */
static sei_status read_ranges(sei_store *store, size_t n_runs, const span runs[], spans *ranges)
{
    enum { VALUES = 4 };
    static const sei_db_sets near_by = {
        "SELECT first_seq, last_seq FROM received WHERE station_id = $1 AND epoch = $2 AND"
        " first_seq <= $3 ORDER BY first_seq DESC LIMIT $4",
        "SELECT s.number, r.first_seq, r.last_seq FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS"
        " s(station, epoch, behind, most, number) CROSS JOIN LATERAL (SELECT first_seq, last_seq"
        " FROM received WHERE station_id = s.station AND epoch = s.epoch AND first_seq <= s.behind"
        " ORDER BY first_seq DESC LIMIT s.most) AS r"};
    int64_t *values = sei_alloc(store->ctx, n_runs * VALUES, sizeof *values);

    if (!values)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n_runs; i++) {
        int64_t *v = &values[i * VALUES];
        v[0]       = runs[i].station_id;
        v[1]       = runs[i].epoch;
        v[2]       = runs[i].last + 1;
        v[3]       = runs[i].last - runs[i].first + 2;
    }
    ranges->asked = runs;
    const sei_status st =
        sei_db_each_set(store->db, &near_by, n_runs, VALUES, values, take_range, ranges);
    sei_release(store->ctx, values);
    return st;
}

/* numbers: sorted; runs: room for as many. */
static size_t make_runs(size_t n, const span numbers[], span runs[])
{
    enum { NEAR = 64 };
    size_t n_runs = 0;

    for (size_t i = 0; i < n; i++) {
        span *run = n_runs ? &runs[n_runs - 1] : NULL;
        if (run && is_of_same(run, &numbers[i]) && numbers[i].first - run->last <= NEAR)
            run->last = numbers[i].last;
        else
            runs[n_runs++] = numbers[i];
    }
    return n_runs;
}

static sei_status drop_range(sei_store *store, const span *s)
{
    return sei_db_run_later(
        store->db, "DELETE FROM received WHERE station_id = $1 AND epoch = $2 AND first_seq = $3",
        SEI_BINDS(sei_bind_int(s->station_id), sei_bind_int(s->epoch), sei_bind_int(s->first)));
}

/* Ranges that are new or grew: station, epoch, first and last number of each. */
typedef struct {
    size_t   n;
    int64_t *values;
} grown;

/* begins: the range of the database that begins it, if one does; grown has room. */
static void take_grown(const span *s, const span *begins, grown *g)
{
    if (begins && begins->last == s->last)
        return;
    int64_t *v = &g->values[4 * g->n++];
    v[0]       = s->station_id;
    v[1]       = s->epoch;
    v[2]       = s->first;
    v[3]       = s->last;
}

/* The key finds a range whatever the database thinks of the table's size; as an UPDATE of a joined array it was planned
 * as a scan of the whole table. */
static sei_status write_grown(sei_store *store, const grown *g)
{
    static const sei_db_sets grow = {
        "INSERT INTO received(station_id, epoch, first_seq, last_seq) VALUES($1, $2, $3, $4) ON"
        " CONFLICT(station_id, epoch, first_seq) DO UPDATE SET last_seq = excluded.last_seq",
        "INSERT INTO received(station_id, epoch, first_seq, last_seq) SELECT * FROM unnest($1, $2,"
        " $3, $4) ON CONFLICT(station_id, epoch, first_seq) DO UPDATE SET last_seq ="
        " excluded.last_seq"};

    return g->n > 0 ? sei_db_run_sets(store->db, &grow, g->n, 4, g->values) : SEI_OK;
}

static bool touches(const span *joined, const span *next)
{
    return is_of_same(joined, next) && next->first <= joined->last + 1;
}

static bool begins_alike(const span *kept, const span *next)
{
    return kept && kept->first == next->first;
}

/* all: ranges and numbers, sorted. Joins what touches; a number that lies in what is there already is no new one. */
static sei_status join_spans(sei_store *store, const spans *all, bool is_new[])
{
    grown      g  = {.values = sei_alloc(store->ctx, all->n, 4 * sizeof *g.values)};
    sei_status st = g.values ? SEI_OK : SEI_E_NOMEM;

    for (size_t i = 0; i < all->n && st == SEI_OK;) {
        span        joined = all->at[i];
        const span *begins = joined.index == KEPT ? &all->at[i] : NULL;
        if (!begins)
            is_new[joined.index] = true;
        for (i++; i < all->n && touches(&joined, &all->at[i]) && st == SEI_OK; i++) {
            const span *next = &all->at[i];
            if (next->index == KEPT && !begins_alike(begins, next))
                st = drop_range(store, next);
            if (next->index != KEPT)
                is_new[next->index] = next->first > joined.last;
            if (next->last > joined.last)
                joined.last = next->last;
        }
        take_grown(&joined, begins, &g);
    }
    if (st == SEI_OK)
        st = write_grown(store, &g);
    sei_release(store->ctx, g.values);
    return st;
}

sei_status sei_store_note_numbers(sei_store *store, size_t n, const sei_record records[],
                                  bool is_new[])
{
    spans      all  = {.ctx = store->ctx};
    span      *runs = NULL;
    sei_status st   = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        is_new[i] = false;
        if (records[i].is_numbered)
            st = add_span(&all, (span){records[i].station_id, records[i].epoch, records[i].seq,
                                       records[i].seq, i});
    }
    if (st == SEI_OK && all.n > 0) {
        qsort(all.at, all.n, sizeof *all.at, compare);
        runs = sei_alloc(store->ctx, all.n, sizeof *runs);
        st   = runs ? read_ranges(store, make_runs(all.n, all.at, runs), runs, &all) : SEI_E_NOMEM;
    }
    if (st == SEI_OK && all.n > 0) {
        qsort(all.at, all.n, sizeof *all.at, compare);
        st = join_spans(store, &all, is_new);
    }
    sei_release(store->ctx, runs);
    sei_release(store->ctx, all.at);
    return st;
}

/* ---- numbers that are missing ----------------------------------------------------------------------- */

/* Numbering begins at 0 in each epoch: what lies before the first range is missing too. */
sei_status sei_store_holes(sei_store *store, int64_t station_id, size_t max, sei_hole holes[],
                           size_t *ret_n)
{
    sei_stmt  *stmt  = NULL;
    bool       row   = false;
    size_t     n     = 0;
    int64_t    epoch = -1, next = 0;
    sei_status st =
        sei_db_start(store->db,
                     "SELECT epoch, first_seq, last_seq FROM received WHERE station_id = $1"
                     " ORDER BY epoch, first_seq",
                     SEI_BINDS(sei_bind_int(station_id)), &stmt);

    while (st == SEI_OK && n < max) {
        st = sei_db_step(stmt, &row);
        if (st != SEI_OK || !row)
            break;
        if (sei_db_int(stmt, 0) != epoch)
            next = 0;
        epoch = sei_db_int(stmt, 0);
        if (sei_db_int(stmt, 1) > next)
            holes[n++] = (sei_hole){epoch, next, sei_db_int(stmt, 1) - 1};
        next = sei_db_int(stmt, 2) + 1;
    }
    sei_db_finish(stmt);
    if (st == SEI_OK)
        *ret_n = n;
    return st;
}

sei_status sei_store_count_records(sei_store *store, int64_t station_id, int64_t *ret_received,
                                   int64_t *ret_missing)
{
    int64_t    received = 0, given = 0;
    sei_status st =
        sei_db_get_int(store->db,
                       "SELECT CAST(sum(last_seq - first_seq + 1) AS BIGINT) FROM received"
                       " WHERE station_id = $1",
                       SEI_BINDS(sei_bind_int(station_id)), NULL, &received);

    if (st == SEI_OK)
        st = sei_db_get_int(
            store->db,
            "SELECT CAST(sum(top) AS BIGINT) FROM (SELECT max(last_seq) + 1 AS top FROM"
            " received WHERE station_id = $1 GROUP BY epoch) AS tops",
            SEI_BINDS(sei_bind_int(station_id)), NULL, &given);
    if (st == SEI_OK) {
        *ret_received = received;
        *ret_missing  = given - received;
    }
    return st;
}

/* ---- gaps of many stations -------------------------------------------------------------------------- */

typedef struct {
    sei_gaps_visit visit;
    void          *user;
    bool           is_begun;
    size_t         at; /* of which station gaps are */
    int64_t        next;
    sei_gaps       gaps;
} gap_reader;

static void end_gaps(gap_reader *r)
{
    if (r->is_begun)
        r->visit(r->user, r->at, &r->gaps);
    r->is_begun = false;
}

static sei_status take_gap(void *user, size_t set, sei_stmt *row, int column)
{
    gap_reader   *r     = user;
    const int64_t epoch = sei_db_int(row, column), first = sei_db_int(row, column + 1),
                  last = sei_db_int(row, column + 2);

    if (r->is_begun && r->at != set)
        end_gaps(r);
    if (!r->is_begun) {
        r->is_begun = true;
        r->at       = set;
        r->next     = 0;
        r->gaps     = (sei_gaps){.epoch = epoch, .kept = first == 0 ? last : -1};
    }
    if (first > r->next && r->gaps.n < SEI_GAPS_MAX)
        r->gaps.holes[r->gaps.n++] = (sei_hole){epoch, r->next, first - 1};
    r->next = last + 1;
    return SEI_OK;
}

sei_status sei_store_gaps(sei_store *store, size_t n, const int64_t station_ids[],
                          sei_gaps_visit visit, void *user)
{
    static const sei_db_sets newest = {
        "SELECT epoch, first_seq, last_seq FROM received WHERE station_id = $1 AND epoch ="
        " (SELECT max(epoch) FROM received WHERE station_id = $1) ORDER BY first_seq LIMIT $2",
        "SELECT s.number, r.epoch, r.first_seq, r.last_seq FROM unnest($1, $2)"
        " WITH ORDINALITY AS s(station, most, number) CROSS JOIN LATERAL"
        " (SELECT epoch, first_seq, last_seq FROM received WHERE station_id = s.station AND epoch ="
        " (SELECT max(m.epoch) FROM received m WHERE m.station_id = s.station) ORDER BY first_seq"
        " LIMIT s.most) AS r ORDER BY s.number, r.first_seq"};
    gap_reader reader = {.visit = visit, .user = user};
    int64_t   *values = sei_alloc(store->ctx, n + 1, 2 * sizeof *values);
    sei_status st     = values ? SEI_OK : SEI_E_NOMEM;

    for (size_t i = 0; i < n && values; i++) {
        values[2 * i]     = station_ids[i];
        values[2 * i + 1] = SEI_GAPS_MAX + 1;
    }
    if (st == SEI_OK)
        st = sei_db_each_set(store->db, &newest, n, 2, values, take_gap, &reader);
    if (st == SEI_OK)
        end_gaps(&reader);
    sei_release(store->ctx, values);
    return st;
}
