/*
 * corrected.h - a channel's values as they are after its corrections
 *
 * Raw points stay; corrections are layers, applied in the order in which they were made when values are read. With
 * as_of_us those count that held at that moment, so that every past state can be read again.
 */
#ifndef SEI_SERVER_CORRECTED_H
#define SEI_SERVER_CORRECTED_H

#include <jansson.h>

#include "seiryu/correct.h"
#include "store/store.h"

/* Of a layer: code is the kind, params {"a": …, "b": …, "low": …, "high": …, "max_gap_s": …}. E_KEY, E_TYPE,
 * E_MISSING. The layer's end is exclusive, the correction's is not. */
SEI_CHECKED sei_status sei_correction_read(sei_ctx *ctx, const char *code, const json_t *params,
                                           int64_t start_us, int64_t end_us,
                                           sei_correction *ret_row);

/* As sei_store_read; points that were deleted are missing, filled ones are values. */
SEI_CHECKED sei_status sei_corrected_read(sei_store *store, int64_t channel_id, int64_t from_us,
                                          int64_t to_us, int64_t as_of_us, size_t max,
                                          sei_points *points);
/* As sei_store_chart. */
SEI_CHECKED sei_status sei_corrected_chart(sei_store *store, int64_t channel_id, int64_t from_us,
                                           int64_t to_us, int64_t as_of_us, size_t n_max,
                                           sei_chart *chart);

#endif
