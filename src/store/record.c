/* record.c - records in, each exactly once */
#include <string.h>

#include "store/store_impl.h"

static const sei_append into_point = {
    "point",
    "INSERT INTO point(channel_id, time_us, epoch, seq, value, kind) VALUES($1, $2, $3, $4, $5, "
    "$6)",
    "COPY point(channel_id, time_us, epoch, seq, value, kind) FROM STDIN BINARY"};

sei_status sei_store_append_point(sei_store *store, int64_t channel_id, const sei_point *point)
{
    return sei_db_append(store->db, &into_point,
                         SEI_BINDS(sei_bind_int(channel_id), sei_bind_int(point->time_us),
                                   sei_bind_int(point->epoch), sei_bind_int(point->seq),
                                   sei_bind_real(point->value), sei_bind_int(point->kind)));
}

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
        const sei_reading *r     = &record->readings[i];
        const sei_point    point = {.time_us = r->time_us,
                                    .epoch   = record->epoch,
                                    .seq     = record->seq,
                                    .value   = r->value,
                                    .kind    = (int64_t)r->kind};
        st                       = sei_store_append_point(store, r->channel_id, &point);
        if (st == SEI_OK)
            st = sei_store_note_points(store, r->channel_id, 1);
    }
    if (st == SEI_OK && record->is_new)
        memset(record->is_new, 1, record->n);
    if (st == SEI_OK)
        outcome->n_added += record->n;
    return st;
}

/* New numbers first, then those where a look is needed: repeats, those without a number, and what names a channel twice. */
static sei_status add_records(sei_store *store, size_t n, const sei_record records[], bool flags[],
                              sei_record_outcome outcomes[])
{
    enum { FEW = 64 };
    sei_status st = sei_store_note_numbers(store, n, records, flags);

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        const bool is_plain =
            flags[i] && records[i].n <= FEW && !names_a_channel_twice(&records[i]);
        if (records[i].is_new)
            memset(records[i].is_new, 0, records[i].n);
        if (is_plain)
            st = append_points(store, &records[i], &outcomes[i]);
        flags[i] = !is_plain;
    }
    if (st == SEI_OK)
        st = sei_store_look_and_add(store, n, records, flags, outcomes);
    return st == SEI_OK ? sei_store_pack_some(store, n, records) : st;
}

static sei_status check_numbers(sei_ctx *ctx, size_t n, const sei_record records[])
{
    for (size_t i = 0; i < n; i++)
        if (records[i].is_numbered &&
            (records[i].epoch < 1 || records[i].seq < 0 || records[i].seq > INT64_MAX / 2))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "record number %lld of epoch %lld",
                            (long long)records[i].seq, (long long)records[i].epoch);
    return SEI_OK;
}

sei_status sei_store_add_records(sei_store *store, size_t n, const sei_record records[],
                                 sei_record_outcome outcomes[])
{
    sei_status st = check_numbers(store->ctx, n, records);

    if (st != SEI_OK || n == 0)
        return st;
    bool               *flags = sei_alloc(store->ctx, n, sizeof *flags);
    sei_record_outcome *now   = sei_alloc(store->ctx, n, sizeof *now);
    st                        = flags && now ? sei_db_begin(store->db) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = sei_db_end(store->db, add_records(store, n, records, flags, now));
    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        outcomes[i].n_added += now[i].n_added;
        outcomes[i].n_known += now[i].n_known;
        outcomes[i].n_conflict += now[i].n_conflict;
    }
    sei_release(store->ctx, flags);
    sei_release(store->ctx, now);
    return st;
}

sei_status sei_store_add_record(sei_store *store, const sei_record *record,
                                sei_record_outcome *outcome)
{
    return sei_store_add_records(store, 1, record, outcome);
}
