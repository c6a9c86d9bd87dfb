/*
 * quality.h - quality control of channels: the settings, the tests over what came, flags as layers
 *
 * Records of a channel with settings leave a note (qc_due) in the transaction that stores them; sei_quality_step takes
 * the notes up, whenever that is, and so nothing is missed by a restart. Late records are judged together with those
 * after them that they bear upon. Flags suspect and fail become layers of the author "qc"; those that no longer hold
 * are undone, so that every past state stays to be seen; what a person undid is not set again.
 */
#ifndef SEI_SERVER_QUALITY_H
#define SEI_SERVER_QUALITY_H

#include <jansson.h>

#include "seiryu/qc.h"
#include "store/store.h"

#define SEI_QC_AUTHOR "qc"

/* What the sensor can give at all: the gross range test's failing bounds. */
typedef struct {
    double min, max;
} sei_qc_bounds;

/* Of settings as they are stored; infinite where there is no such test. */
sei_qc_bounds sei_qc_bounds_of(const char *tests);
bool          sei_qc_is_within(const sei_qc_bounds *bounds, double value);

/* The tests of one channel. */
typedef struct {
    size_t       n;
    sei_qc_spec  specs[SEI_QC_SET_MAX];
    int64_t      others[SEI_QC_SET_MAX]; /* channel of the second value; 0: none */
    sei_qc_span *spans[SEI_QC_SET_MAX];  /* owned */
} sei_qc_setting;

/* [{"test": "spike", "params": {"suspect": 0.5}, "other": 12, "spans": [{"period": "month", "from": 1, "to": 3,
 * "suspect_min": 0, …}]}]. interval_s: of the station. E_KEY, E_TYPE, E_RANGE, E_MISSING with test and key named. */
SEI_CHECKED sei_status sei_qc_setting_read(sei_ctx *ctx, const json_t *json, int64_t interval_s,
                                           sei_qc_setting *ret_setting);
void                   sei_qc_setting_done(sei_ctx *ctx, sei_qc_setting *setting);

/* Whose turn it is. The newest records come first, since people look at them; but each SEI_QC_SHARE-th piece belongs to the
 * channels in their order, so that a channel with old records (a backfill) waits for no more than SEI_QC_SHARE pieces
 * of each channel, however many new records come meanwhile. Begins as {0}. */
enum { SEI_QC_SHARE = 4 };
typedef struct {
    unsigned n;
    int64_t  channel_id; /* that had its turn last */
} sei_qc_turn;

/* Runs the tests over what is due, at most a piece of one channel. *ret_more: there is more. */
SEI_CHECKED sei_status sei_quality_step(sei_ctx *ctx, sei_store *store, int64_t now_us,
                                        sei_qc_turn *turn, bool *ret_more);
/* The channel's records from from_us on are to be judged anew. */
SEI_CHECKED sei_status sei_quality_again(sei_store *store, int64_t channel_id, int64_t from_us);

#endif
