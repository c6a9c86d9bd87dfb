/* retain.c - raw points that leave because somebody said how long they are kept; rollups stay */
#include "store/store_impl.h"

sei_status sei_store_purged_before(sei_store *store, int64_t channel_id, int64_t *ret_before_us)
{
    bool             found  = false;
    int64_t          before = 0;
    const sei_status st =
        sei_db_get_int(store->db,
                       "SELECT max(before_us) FROM purge WHERE what = 'points' AND"
                       " (channel_id IS NULL OR channel_id = $1)",
                       SEI_BINDS(sei_bind_int(channel_id)), &found, &before);

    if (st == SEI_OK)
        *ret_before_us = found ? before : INT64_MIN;
    return st;
}

/* Packs the unpacked points before a time: only segments can leave. */
static sei_status pack_before(sei_store *store, int64_t channel_id, int64_t before_us)
{
    int64_t    newer = 0, older = 0;
    sei_status st = sei_db_get_int(
        store->db, "SELECT count(*) FROM point WHERE channel_id = $1 AND time_us >= $2",
        SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(before_us)), NULL, &newer);

    if (st == SEI_OK)
        st = sei_db_get_int(
            store->db, "SELECT count(*) FROM point WHERE channel_id = $1 AND time_us < $2",
            SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(before_us)), NULL, &older);
    /* a few may wait for more of their kind: small segments cost room */
    return st == SEI_OK && older >= SEI_SEAL_POINTS / 8
               ? sei_store_seal(store, channel_id, (size_t)newer)
               : st;
}

static sei_status purge(sei_store *store, int64_t channel_id, int64_t before_us, const char *author,
                        const char *reason, int64_t now_us)
{
    const sei_bind   channel = sei_bind_int(channel_id), before = sei_bind_int(before_us);
    const sei_status st =
        sei_db_run(store->db,
                   "INSERT INTO purge(what, channel_id, before_us, author, reason, "
                   "made_us) VALUES('points', $1, $2, $3, $4, $5)",
                   SEI_BINDS(channel, before, sei_bind_text(author), sei_bind_text(reason),
                             sei_bind_int(now_us)),
                   NULL);

    return st == SEI_OK
               ? sei_db_run(store->db, "DELETE FROM segment WHERE channel_id = $1 AND end_us < $2",
                            SEI_BINDS(channel, before), NULL)
               : st;
}

sei_status sei_store_purge_points(sei_store *store, int64_t channel_id, int64_t before_us,
                                  const char *author, const char *reason, int64_t now_us,
                                  int64_t *ret_n)
{
    int64_t    n  = 0;
    sei_status st = sei_db_begin(store->db);

    if (st != SEI_OK)
        return st;
    st = pack_before(store, channel_id, before_us);
    if (st == SEI_OK)
        st = sei_db_get_int(store->db,
                            "SELECT CAST(sum(n) AS BIGINT) FROM segment WHERE channel_id = $1 AND"
                            " end_us < $2",
                            SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(before_us)), NULL, &n);
    if (st == SEI_OK && n > 0)
        st = purge(store, channel_id, before_us, author, reason, now_us);
    st = sei_db_end(store->db, st);
    if (st == SEI_OK)
        *ret_n = n;
    return st;
}
