/* store_impl.h - the inside of a store, for the files of this folder */
#ifndef SEI_STORE_STORE_IMPL_H
#define SEI_STORE_STORE_IMPL_H

#include "store/store.h"

typedef struct {
    uint32_t n; /* counted last, and those added since by this store */
    bool     is_counted;
} sei_hot;

struct sei_store {
    sei_ctx *ctx;
    sei_db  *db;
    /* of each channel, what is thought of its points outside segments: when to pack */
    sei_hot *hot;
    size_t   n_hot;
};

/* n points of the channel were added. */
SEI_CHECKED sei_status sei_store_note_points(sei_store *store, int64_t channel_id, size_t n);
/* Packs the oldest points of channels that have many, of those that records name, each once. */
SEI_CHECKED sei_status sei_store_pack_some(sei_store *store, size_t n, const sei_record records[]);
/* Points that are nowhere yet, in the order of a segment, straight into one. */
SEI_CHECKED sei_status sei_store_write_segment(sei_store *store, int64_t channel_id,
                                               const sei_points *points);

/* ---- received.c */
/* Notes the numbers of the numbered ones of n records; is_new[i]: no record before with this number came. */
SEI_CHECKED sei_status sei_store_note_numbers(sei_store *store, size_t n,
                                              const sei_record records[], bool is_new[]);

/* ---- look.c */
/* Of records with is_wanted[i]: adds the points that are not there. */
SEI_CHECKED sei_status sei_store_look_and_add(sei_store *store, size_t n,
                                              const sei_record records[], const bool is_wanted[],
                                              sei_record_outcome outcomes[]);

/* ---- record.c */
/* A point of which is known that it is not there. */
SEI_CHECKED sei_status sei_store_append_point(sei_store *store, int64_t channel_id,
                                              const sei_point *point);

/* Start of the day in Japan that holds time_us. */
int64_t sei_store_day(int64_t time_us);

#endif
