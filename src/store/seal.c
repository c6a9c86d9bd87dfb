/* seal.c - packing the oldest points of a channel into segments; retention of frames */
#include <string.h>

#include "store/block.h"
#include "store/store_impl.h"

int64_t sei_store_day(int64_t time_us)
{
    const int64_t local = time_us + SEI_JST_OFFSET;
    int64_t       day   = local / SEI_US_PER_DAY;

    if (local % SEI_US_PER_DAY < 0)
        day--;
    return day * SEI_US_PER_DAY - SEI_JST_OFFSET;
}

static sei_status read_oldest(sei_store *store, int64_t channel_id, size_t n, sei_points *points)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st =
        sei_db_start(store->db,
                     "SELECT time_us, epoch, seq, value, kind FROM point WHERE"
                     " channel_id = $1 ORDER BY time_us, epoch, seq LIMIT $2",
                     SEI_BINDS(sei_bind_int(channel_id), sei_bind_int((int64_t)n)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        const sei_point point = {.time_us = sei_db_int(stmt, 0),
                                 .epoch   = sei_db_int(stmt, 1),
                                 .seq     = sei_db_int(stmt, 2),
                                 .value   = sei_db_real(stmt, 3),
                                 .kind    = sei_db_int(stmt, 4)};
        st                    = sei_points_add(points, &point);
    }
    sei_db_finish(stmt);
    return st;
}

static sei_status add_rollup(sei_store *store, int64_t channel_id, const sei_bin *day)
{
    if (day->n == 0)
        return SEI_OK;
    return sei_db_run_later(
        store->db,
        "INSERT INTO rollup(channel_id, day_us, n, v_min, v_max, v_sum)"
        " VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(channel_id, day_us) DO UPDATE SET"
        " n = rollup.n + excluded.n, v_sum = rollup.v_sum + excluded.v_sum,"
        " v_min = CASE WHEN excluded.v_min < rollup.v_min THEN excluded.v_min ELSE rollup.v_min "
        "END,"
        " v_max = CASE WHEN excluded.v_max > rollup.v_max THEN excluded.v_max ELSE rollup.v_max "
        "END",
        SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(day->start_us),
                  sei_bind_int((int64_t)day->n), sei_bind_real(day->min), sei_bind_real(day->max),
                  sei_bind_real(day->sum)));
}

static sei_status add_rollups(sei_store *store, int64_t channel_id, const sei_points *points)
{
    sei_bin    day = {0};
    sei_status st  = SEI_OK;

    for (size_t i = 0; i < points->n && st == SEI_OK; i++) {
        const sei_point *p     = &points->at[i];
        const int64_t    start = sei_store_day(p->time_us);
        if (p->kind != SEI_POINT_VALUE && p->kind != SEI_POINT_BELOW_LOQ)
            continue;
        if (start != day.start_us) {
            st  = add_rollup(store, channel_id, &day);
            day = (sei_bin){.start_us = start};
        }
        if (day.n == 0 || p->value < day.min)
            day.min = p->value;
        if (day.n == 0 || p->value > day.max)
            day.max = p->value;
        day.sum += p->value;
        day.n++;
    }
    return st == SEI_OK ? add_rollup(store, channel_id, &day) : st;
}

sei_status sei_store_write_segment(sei_store *store, int64_t channel_id, const sei_points *points)
{
    uint8_t   *bytes = NULL;
    size_t     len   = 0;
    sei_status st    = sei_block_pack(store->ctx, points->n, points->at, &bytes, &len);

    if (st == SEI_OK)
        st = sei_db_run_later(
            store->db,
            "INSERT INTO segment(channel_id, start_us, end_us, n, data)"
            " VALUES($1, $2, $3, $4, $5)",
            SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(points->at[0].time_us),
                      sei_bind_int(points->at[points->n - 1].time_us),
                      sei_bind_int((int64_t)points->n), sei_bind_blob(bytes, len)));
    sei_release(store->ctx, bytes);
    return st == SEI_OK ? add_rollups(store, channel_id, points) : st;
}

/* From the unpacked points into a segment. */
static sei_status move_points(sei_store *store, int64_t channel_id, const sei_points *points)
{
    const sei_point *last = &points->at[points->n - 1];
    const sei_status st   = sei_store_write_segment(store, channel_id, points);

    return st == SEI_OK
               ? sei_db_run_later(store->db,
                                  "DELETE FROM point WHERE channel_id = $1 AND (time_us, epoch, "
                                  "seq) <= ($2, $3, $4)",
                                  SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(last->time_us),
                                            sei_bind_int(last->epoch), sei_bind_int(last->seq)))
               : st;
}

static sei_status count_hot(sei_store *store, int64_t channel_id, int64_t *ret_n)
{
    return sei_db_get_int(store->db, "SELECT count(*) FROM point WHERE channel_id = $1",
                          SEI_BINDS(sei_bind_int(channel_id)), NULL, ret_n);
}

sei_status sei_store_seal(sei_store *store, int64_t channel_id, size_t keep)
{
    sei_points points;
    int64_t    hot = 0;
    sei_status st  = sei_db_begin(store->db);

    if (st != SEI_OK)
        return st;
    sei_points_init(&points, store->ctx);
    st = count_hot(store, channel_id, &hot);
    while (st == SEI_OK && (size_t)hot > keep) {
        const size_t spare = (size_t)hot - keep;
        points.n           = 0;
        st = read_oldest(store, channel_id, spare < SEI_SEAL_POINTS ? spare : SEI_SEAL_POINTS,
                         &points);
        if (st != SEI_OK || points.n == 0)
            break;
        st = move_points(store, channel_id, &points);
        hot -= (int64_t)points.n;
    }
    sei_points_done(&points);
    return sei_db_end(store->db, st);
}

sei_status sei_store_seal_all(sei_store *store, size_t keep)
{
    sei_points channels; /* only value ids: seq holds the id */
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          store->db, "SELECT channel_id FROM point GROUP BY channel_id HAVING count(*) > $1",
          SEI_BINDS(sei_bind_int((int64_t)keep)), &stmt);

    sei_points_init(&channels, store->ctx);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = sei_points_add(&channels, &(sei_point){.seq = sei_db_int(stmt, 0)});
    sei_db_finish(stmt);
    for (size_t i = 0; i < channels.n && st == SEI_OK; i++)
        st = sei_store_seal(store, channels.at[i].seq, keep);
    sei_points_done(&channels);
    return st;
}

/* ---- when to pack ------------------------------------------------------------------------------------ */

/* Stations that began together are spread by a multiplicative hash. */
static uint32_t packs_at(int64_t channel_id)
{
    return SEI_HOT_MAX - (uint32_t)channel_id * 0x9E3779B1u % SEI_HOT_SPREAD;
}

/* Of the channel in memory, or NULL: it is packed by sei_store_seal_all. */
static sei_hot *hot_of(sei_store *store, int64_t channel_id)
{
    return channel_id >= 0 && (size_t)channel_id < store->n_hot ? &store->hot[channel_id] : NULL;
}

sei_status sei_store_note_points(sei_store *store, int64_t channel_id, size_t n)
{
    enum { CHANNELS_MAX = 1 << 20 };

    if (channel_id < 0 || channel_id >= CHANNELS_MAX)
        return SEI_OK;
    if ((size_t)channel_id >= store->n_hot) {
        const size_t size = (size_t)channel_id + 256;
        sei_hot     *hot  = sei_resize(store->ctx, store->hot, size, sizeof *hot);
        if (!hot)
            return SEI_E_NOMEM;
        memset(hot + store->n_hot, 0, (size - store->n_hot) * sizeof *hot);
        store->hot   = hot;
        store->n_hot = size;
    }
    store->hot[channel_id].n += (uint32_t)n;
    return SEI_OK;
}

/* A whole segment of the oldest; *ret_done false when there are not as many. */
static sei_status pack_segment(sei_store *store, int64_t channel_id, bool *ret_done)
{
    sei_points points;

    sei_points_init(&points, store->ctx);
    sei_status st = read_oldest(store, channel_id, SEI_SEAL_POINTS, &points);
    *ret_done     = points.n == SEI_SEAL_POINTS;
    if (st == SEI_OK && *ret_done)
        st = move_points(store, channel_id, &points);
    sei_points_done(&points);
    return st;
}

/* The number in memory may be wrong, by points that others added or packed and by transactions that were lost: the channel is
 * counted once early, and again whenever it holds less than was thought. */
static sei_status pack_one(sei_store *store, int64_t channel_id, sei_hot *hot)
{
    int64_t    n    = hot->n;
    bool       more = true;
    sei_status st   = SEI_OK;

    if (!hot->is_counted)
        st = count_hot(store, channel_id, &n);
    while (st == SEI_OK && more && n >= packs_at(channel_id)) {
        st = pack_segment(store, channel_id, &more);
        n -= SEI_SEAL_POINTS;
    }
    hot->n          = (uint32_t)n;
    hot->is_counted = more;
    return st;
}

sei_status sei_store_pack_some(sei_store *store, size_t n, const sei_record records[])
{
    enum { AT_ONCE = 32, LOOK_AFTER = SEI_HOT_MAX / 4 };
    sei_status st   = SEI_OK;
    int        done = 0;

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        for (size_t k = 0; k < records[i].n && st == SEI_OK && done < AT_ONCE; k++) {
            const int64_t channel_id = records[i].readings[k].channel_id;
            sei_hot      *hot        = hot_of(store, channel_id);
            if (!hot || hot->n < (hot->is_counted ? packs_at(channel_id) : LOOK_AFTER))
                continue;
            st = pack_one(store, channel_id, hot);
            done++;
        }
    return st;
}

/* ---- retention --------------------------------------------------------------------------------------- */

sei_status sei_store_purge_frames(sei_store *store, int64_t before_us, const char *author,
                                  const char *reason, int64_t now_us, int64_t *ret_n)
{
    sei_status st = sei_db_begin(store->db);

    if (st != SEI_OK)
        return st;
    st = sei_db_run(store->db,
                    "INSERT INTO purge(what, before_us, author, reason, made_us)"
                    " VALUES('frames', $1, $2, $3, $4)",
                    SEI_BINDS(sei_bind_int(before_us), sei_bind_text(author), sei_bind_text(reason),
                              sei_bind_int(now_us)),
                    NULL);
    if (st == SEI_OK)
        st = sei_db_run(store->db, "DELETE FROM frame WHERE state = 1 AND received_us < $1",
                        SEI_BINDS(sei_bind_int(before_us)), ret_n);
    return sei_db_end(store->db, st);
}
