/* store_impl.h - the inside of a store, for the files of this folder */
#ifndef SEI_STORE_STORE_IMPL_H
#define SEI_STORE_STORE_IMPL_H

#include "store/store.h"

struct sei_store {
    sei_ctx *ctx;
    sei_db  *db;
    /* points added to each channel since its unpacked ones were last counted: a hint when to pack */
    uint32_t *fresh;
    size_t    n_fresh;
    /* the segment looked into last, so that bringing in a file twice unpacks each only once */
    int64_t    cached_segment;
    sei_points cached;
};

/* Adds 1 for the channel and packs its oldest points when there are many. */
SEI_CHECKED sei_status sei_store_note_point(sei_store *store, int64_t channel_id);
/* Is this point in a segment? */
SEI_CHECKED sei_status sei_store_find_sealed(sei_store *store, int64_t channel_id,
                                             const sei_point *key, bool *ret_found,
                                             sei_point *ret_point);

/* Start of the day in Japan that holds time_us. */
int64_t sei_store_day(int64_t time_us);

#endif
