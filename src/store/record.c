/* record.c - records in, each exactly once; which numbers came and which are missing */
#include <string.h>

#include "store/store_impl.h"

/* ---- points ----------------------------------------------------------------------------------------- */

/* To the bit: a repeated record is the same record, also where it holds no number. */
static bool is_same(const sei_point *a, const sei_reading *b)
{
    uint64_t bits_a, bits_b;

    memcpy(&bits_a, &a->value, sizeof bits_a);
    memcpy(&bits_b, &b->value, sizeof bits_b);
    return a->kind == (int64_t)b->kind && bits_a == bits_b;
}

static sei_status find_hot(sei_store *store, int64_t channel_id, const sei_point *key,
                           bool *ret_found, sei_point *ret_point)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(
          store->db,
          "SELECT value, kind FROM point WHERE channel_id = $1 AND time_us = $2 AND epoch = $3"
            " AND seq = $4",
          SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(key->time_us), sei_bind_int(key->epoch),
                    sei_bind_int(key->seq)),
          &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        *ret_point       = *key;
        ret_point->value = sei_db_real(stmt, 0);
        ret_point->kind  = sei_db_int(stmt, 1);
    }
    *ret_found = row;
    sei_db_finish(stmt);
    return st;
}

static sei_status find_point(sei_store *store, int64_t channel_id, const sei_point *key,
                             bool *ret_found, sei_point *ret_point)
{
    const sei_status st = find_hot(store, channel_id, key, ret_found, ret_point);

    if (st != SEI_OK || *ret_found)
        return st;
    return sei_store_find_sealed(store, channel_id, key, ret_found, ret_point);
}

/* Not there because it was taken out: kept once, and not again. */
static sei_status was_purged(sei_store *store, const sei_reading *reading, bool *ret_purged)
{
    int64_t          before = 0;
    const sei_status st     = sei_store_purged_before(store, reading->channel_id, &before);

    *ret_purged = st == SEI_OK && reading->time_us < before;
    return st;
}

static sei_point key_of(const sei_record *record, const sei_reading *reading)
{
    return (sei_point){.time_us = reading->time_us,
                       .epoch   = record->is_numbered ? record->epoch : 0,
                       .seq     = record->is_numbered ? record->seq : 0};
}

static void mark_new(const sei_record *record, size_t i)
{
    if (record->is_new)
        record->is_new[i] = 1;
}

static sei_status insert_point(sei_store *store, const sei_point *key, const sei_reading *reading,
                               int64_t *ret_changes)
{
    return sei_db_run(store->db,
                      "INSERT INTO point(channel_id, time_us, epoch, seq, value, kind)"
                      " VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                      SEI_BINDS(sei_bind_int(reading->channel_id), sei_bind_int(key->time_us),
                                sei_bind_int(key->epoch), sei_bind_int(key->seq),
                                sei_bind_real(reading->value),
                                sei_bind_int((int64_t)reading->kind)),
                      ret_changes);
}

static const sei_append into_point = {
    "point",
    "INSERT INTO point(channel_id, time_us, epoch, seq, value, kind) VALUES($1, $2, $3, $4, $5, "
    "$6)",
    "COPY point(channel_id, time_us, epoch, seq, value, kind) FROM STDIN BINARY"};

static bool names_a_channel_twice(const sei_record *record)
{
    for (size_t i = 1; i < record->n; i++)
        for (size_t j = 0; j < i; j++)
            if (record->readings[i].channel_id == record->readings[j].channel_id)
                return true;
    return false;
}

/* Of a record whose number is new: no point of it can be there. */
static sei_status append_points(sei_store *store, const sei_record *record,
                                sei_record_outcome *outcome)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < record->n && st == SEI_OK; i++) {
        const sei_reading *r   = &record->readings[i];
        const sei_point    key = key_of(record, r);
        st                     = sei_db_append(store->db, &into_point,
                                               SEI_BINDS(sei_bind_int(r->channel_id), sei_bind_int(key.time_us),
                                                         sei_bind_int(key.epoch), sei_bind_int(key.seq),
                                                         sei_bind_real(r->value), sei_bind_int((int64_t)r->kind)));
        if (st == SEI_OK)
            st = sei_store_note_point(store, r->channel_id);
    }
    if (st == SEI_OK && record->is_new)
        memset(record->is_new, 1, record->n);
    if (st == SEI_OK)
        outcome->n_added += record->n;
    return st;
}

/* The same when a channel may come twice in it. */
static sei_status insert_points(sei_store *store, const sei_record *record,
                                sei_record_outcome *outcome)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < record->n && st == SEI_OK; i++) {
        const sei_point key     = key_of(record, &record->readings[i]);
        int64_t         changes = 0;
        st                      = insert_point(store, &key, &record->readings[i], &changes);
        if (st == SEI_OK && changes > 0) {
            outcome->n_added++;
            mark_new(record, i);
            st = sei_store_note_point(store, record->readings[i].channel_id);
        } else if (st == SEI_OK) {
            outcome->n_conflict++; /* the same channel twice in one record */
        }
    }
    return st;
}

/* One point after a look whether it is there: an equal one is a repeat, another value a conflict. */
static sei_status look_and_add(sei_store *store, const sei_record *record,
                               sei_record_outcome *outcome)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < record->n && st == SEI_OK; i++) {
        const sei_reading *reading = &record->readings[i];
        const sei_point    key     = key_of(record, reading);
        sei_point          there   = {0};
        bool               found = false, purged = false;
        st = find_point(store, reading->channel_id, &key, &found, &there);
        if (st == SEI_OK && !found)
            st = was_purged(store, reading, &purged);
        if (st == SEI_OK && purged) {
            outcome->n_known++;
        } else if (st == SEI_OK && !found) {
            st = insert_point(store, &key, reading, NULL);
            if (st == SEI_OK)
                st = sei_store_note_point(store, reading->channel_id);
            outcome->n_added++;
            mark_new(record, i);
        } else if (is_same(&there, reading)) {
            outcome->n_known++;
        } else {
            outcome->n_conflict++;
        }
    }
    return st;
}

/* ---- numbers ---------------------------------------------------------------------------------------- */

/* Ranges of received numbers around one; last is below first when there is none. */
typedef struct {
    sei_hole before; /* begins at the number or earlier */
    sei_hole behind; /* begins at the next number */
} around;

static sei_status find_around(sei_store *store, const sei_record *record, around *ret_around)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    around     a    = {{record->epoch, 0, -2}, {record->epoch, 0, -2}}; /* -2: not even beside 0 */
    sei_status st   = sei_db_start(
          store->db,
          "SELECT first_seq, last_seq FROM received WHERE station_id = $1 AND epoch = $2 AND"
            " first_seq <= $3 ORDER BY first_seq DESC LIMIT 2",
          SEI_BINDS(sei_bind_int(record->station_id), sei_bind_int(record->epoch),
                    sei_bind_int(record->seq + 1)),
          &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        const sei_hole range = {record->epoch, sei_db_int(stmt, 0), sei_db_int(stmt, 1)};
        if (range.first > record->seq)
            a.behind = range;
        else if (a.before.last < a.before.first)
            a.before = range;
    }
    sei_db_finish(stmt);
    if (st == SEI_OK)
        *ret_around = a;
    return st;
}

/* seq is received: extends the range before it, joins the one behind it, or begins one. */
static sei_status note_number(sei_store *store, const sei_record *record, const around *a)
{
    const sei_bind station = sei_bind_int(record->station_id), epoch = sei_bind_int(record->epoch);
    const bool     joins = a->behind.last >= a->behind.first;
    const int64_t  last  = joins ? a->behind.last : record->seq;
    sei_status     st    = SEI_OK;

    if (joins)
        st = sei_db_run_later(
            store->db,
            "DELETE FROM received WHERE station_id = $1 AND epoch = $2 AND first_seq = $3",
            SEI_BINDS(station, epoch, sei_bind_int(record->seq + 1)));
    if (st == SEI_OK && a->before.last == record->seq - 1)
        return sei_db_run_later(
            store->db,
            "UPDATE received SET last_seq = $1 WHERE station_id = $2 AND epoch = $3 AND"
            " first_seq = $4",
            SEI_BINDS(sei_bind_int(last), station, epoch, sei_bind_int(a->before.first)));
    return st == SEI_OK
               ? sei_db_run_later(
                     store->db,
                     "INSERT INTO received(station_id, epoch, first_seq, last_seq)"
                     " VALUES($1, $2, $3, $4)",
                     SEI_BINDS(station, epoch, sei_bind_int(record->seq), sei_bind_int(last)))
               : st;
}

static sei_status add_numbered(sei_store *store, const sei_record *record,
                               sei_record_outcome *outcome)
{
    enum { FEW = 64 };
    around     a;
    sei_status st = find_around(store, record, &a);

    if (st != SEI_OK)
        return st;
    if (a.before.last >= record->seq)
        return look_and_add(store, record,
                            outcome); /* a repeat, or a channel that was not known then */
    st = note_number(store, record, &a);
    if (st != SEI_OK)
        return st;
    return record->n <= FEW && !names_a_channel_twice(record)
               ? append_points(store, record, outcome)
               : insert_points(store, record, outcome);
}

sei_status sei_store_add_record(sei_store *store, const sei_record *record,
                                sei_record_outcome *outcome)
{
    sei_record_outcome now = {0};

    if (record->is_numbered && (record->epoch < 1 || record->seq < 0))
        return sei_fail(store->ctx, SEI_E_RANGE, NULL, "record number %lld of epoch %lld",
                        (long long)record->seq, (long long)record->epoch);
    sei_status st = sei_db_begin(store->db);
    if (st != SEI_OK)
        return st;
    if (record->is_new)
        memset(record->is_new, 0, record->n);
    st =
        record->is_numbered ? add_numbered(store, record, &now) : look_and_add(store, record, &now);
    st = sei_db_end(store->db, st);
    if (st == SEI_OK) {
        outcome->n_added += now.n_added;
        outcome->n_known += now.n_known;
        outcome->n_conflict += now.n_conflict;
    }
    return st;
}

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

sei_status sei_store_watermark(sei_store *store, int64_t station_id, bool *ret_found,
                               int64_t *ret_epoch, int64_t *ret_seq)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st =
        sei_db_start(store->db,
                     "SELECT epoch, first_seq, last_seq FROM received WHERE station_id = $1"
                     " ORDER BY epoch DESC, first_seq LIMIT 1",
                     SEI_BINDS(sei_bind_int(station_id)), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        *ret_epoch = sei_db_int(stmt, 0);
        *ret_seq   = sei_db_int(stmt, 1) == 0 ? sei_db_int(stmt, 2) : -1;
    }
    *ret_found = row;
    sei_db_finish(stmt);
    return st;
}
