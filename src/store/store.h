/*
 * store.h - what the monitoring server keeps
 *
 * Raw frames and raw points are never changed. What people and programs think of them (flags,
 * corrections, grades, approvals) lies above them in layers that can be undone but not removed, so
 * that every past state can be shown again. Everything that changes is a transaction; after a call that
 * returned SEI_OK outside of a transaction of the caller's own, the change is on the disk.
 *
 * A store serves one thread at a time; several may be open on the same database.
 */
#ifndef SEI_STORE_STORE_H
#define SEI_STORE_STORE_H

#include "store/db.h"
#include "store/point.h"

typedef struct sei_store sei_store;

typedef enum { SEI_STORE_OPEN, SEI_STORE_CREATE } sei_store_mode;

/* url as sei_db_open. Schema steps that the database lacks are applied. */
SEI_CHECKED sei_status sei_store_open(sei_ctx *ctx, const char *url, sei_store_mode mode,
                                      sei_store **ret_store);
void                   sei_store_close(sei_store *store); /* NULL is harmless */
sei_db                *sei_store_db(sei_store *store);
sei_ctx               *sei_store_ctx(sei_store *store);
SEI_CHECKED sei_status sei_store_begin(sei_store *store);
/* Commits when status is OK, else rolls back. */
SEI_CHECKED sei_status sei_store_end(sei_store *store, sei_status status);

/* ---- frames: what came, byte by byte -------------------------------------------------------------- */

/* The numbers are kept on disk. */
typedef enum {
    SEI_FRAME_NEW      = 0,
    SEI_FRAME_DONE     = 1,
    SEI_FRAME_REFUSED  = 2, /* could not be decoded; detail says why */
    SEI_FRAME_STRANGER = 3, /* of a station that is not known */
    SEI_FRAME_CONFLICT = 4  /* a number or time that is there already, with other values */
} sei_frame_state;

typedef struct {
    int64_t     id, received_us;
    const char *source;     /* topic, "http", file name */
    const char *format;     /* decoder: "seiryu", "chirpstack", "tts", "senml-json", … */
    int64_t     station_id; /* 0: to be found by the decoder */
    const void *payload;
    size_t      len;
    int64_t     state, tries;
    const char *detail;
} sei_frame;

SEI_CHECKED sei_status sei_store_add_frame(sei_store *store, const sei_frame *frame,
                                           int64_t *ret_id);
/* All of them, in that order. ret_ids: room for n. Wants a transaction around it. */
SEI_CHECKED sei_status sei_store_add_frames(sei_store *store, size_t n, const sei_frame frames[],
                                            int64_t ret_ids[]);
SEI_CHECKED sei_status sei_store_close_frame(sei_store *store, int64_t id, sei_frame_state state,
                                             int64_t station_id, const char *detail);
/* The same for many that are done, each with its station. */
SEI_CHECKED sei_status sei_store_close_frames(sei_store *store, size_t n, const int64_t ids[],
                                              const int64_t station_ids[]);
/* Counts a try before the frame is decoded: one that kills the program is not tried for ever. */
SEI_CHECKED sei_status sei_store_try_frame(sei_store *store, int64_t id);
/* Calls with frames of a state in order of id, from after_id on; the frame is valid during the call. */
typedef sei_status (*sei_frame_visit)(void *user, const sei_frame *frame);
SEI_CHECKED sei_status sei_store_frames(sei_store *store, sei_frame_state state, int64_t after_id,
                                        size_t limit, sei_frame_visit visit, void *user);
/* The last frames of a station, newest first. */
SEI_CHECKED sei_status sei_store_station_frames(sei_store *store, int64_t station_id, size_t limit,
                                                sei_frame_visit visit, void *user);

/* ---- records and points --------------------------------------------------------------------------- */

typedef struct {
    int64_t        channel_id, time_us;
    double         value;
    sei_point_kind kind;
} sei_reading;

/* What came together. A numbered record counts once, whatever its times. */
typedef struct {
    int64_t            station_id, epoch, seq;
    bool               is_numbered;
    size_t             n;
    const sei_reading *readings;
    uint8_t *is_new; /* n bytes, set to 1 for points that were not there; NULL: not asked */
} sei_record;

typedef struct {
    size_t n_added, n_known, n_conflict; /* points */
} sei_record_outcome;

/* Repeats are counted in n_known and change nothing; outcomes[i], of records[i], is added to. The same as one after the other,
 * with a few looks into the database for all of them. After an error nothing of them is kept. */
SEI_CHECKED sei_status sei_store_add_records(sei_store *store, size_t n, const sei_record records[],
                                             sei_record_outcome outcomes[]);
SEI_CHECKED sei_status sei_store_add_record(sei_store *store, const sei_record *record,
                                            sei_record_outcome *outcome);

typedef struct {
    int64_t epoch, first, last; /* numbers, both included */
} sei_hole;

/* Numbers that a station has given to records which did not come, oldest first, at most max. */
SEI_CHECKED sei_status sei_store_holes(sei_store *store, int64_t station_id, size_t max,
                                       sei_hole holes[], size_t *ret_n);
/* Counts of all epochs. */
SEI_CHECKED sei_status sei_store_count_records(sei_store *store, int64_t station_id,
                                               int64_t *ret_received, int64_t *ret_missing);
/* What a station can still be asked for: it begins a new epoch when it has lost its journal, so only that of the newest. */
enum { SEI_GAPS_MAX = 200 };

typedef struct {
    int64_t  epoch, kept; /* kept: the last number up to which all of it came; -1: none */
    size_t   n;           /* the oldest ones */
    sei_hole holes[SEI_GAPS_MAX];
} sei_gaps;

/* station_ids[i] has these; not called for a station without records. */
typedef void (*sei_gaps_visit)(void *user, size_t i, const sei_gaps *gaps);
SEI_CHECKED sei_status sei_store_gaps(sei_store *store, size_t n, const int64_t station_ids[],
                                      sei_gaps_visit visit, void *user);

/* Points of [from_us, to_us) in event-time order, added to points; E_TOO_LARGE beyond max. */
SEI_CHECKED sei_status sei_store_read(sei_store *store, int64_t channel_id, int64_t from_us,
                                      int64_t to_us, size_t max, sei_points *points);
SEI_CHECKED sei_status sei_store_latest(sei_store *store, int64_t channel_id, bool *ret_found,
                                        sei_point *ret_point);

/* Times of the first and the last raw point that are there. */
SEI_CHECKED sei_status sei_store_span(sei_store *store, int64_t channel_id, bool *ret_found,
                                      int64_t *ret_first_us, int64_t *ret_last_us);

/* Calls with the points of [from_us, to_us) portion by portion, each in event-time order, the portions from the first to
 * the last or (descending) from the last to the first, until it says stop. Memory does not grow with the span; what
 * comes in meanwhile may be seen or not. */
typedef sei_status (*sei_walk_visit)(void *user, const sei_points *points, bool *ret_stop);
SEI_CHECKED sei_status sei_store_walk(sei_store *store, int64_t channel_id, int64_t from_us,
                                      int64_t to_us, bool descending, sei_walk_visit visit,
                                      void *user);

/* Values and limits of quantification within one bin; mean is sum / n. */
typedef struct {
    int64_t start_us;
    size_t  n;
    double  min, max, sum;
} sei_bin;

typedef struct {
    int64_t    step_us; /* width of a bin; 0: points, not bins */
    size_t     n;
    sei_bin   *bins;
    sei_points points;
} sei_chart;

void sei_chart_init(sei_chart *chart, sei_ctx *ctx);
void sei_chart_done(sei_chart *chart);
/* At most n_max points, or bins of equal width without those that are empty. Bins of a day and more begin
 * at midnight of Japan. */
SEI_CHECKED sei_status sei_store_chart(sei_store *store, int64_t channel_id, int64_t from_us,
                                       int64_t to_us, size_t n_max, sei_chart *chart);

/* The same for points that were read and changed: where bins begin and how wide they are, and chart->points as they
 * are when there are few enough in [from_us, to_us), else in bins. */
int64_t sei_chart_start(int64_t from_us, int64_t to_us, size_t n_max, int64_t *ret_step_us);
SEI_CHECKED sei_status sei_chart_of_points(int64_t from_us, int64_t to_us, int64_t start_us,
                                           int64_t step_us, size_t n_max, sei_chart *chart);

/* ---- packing and retention ------------------------------------------------------------------------- */

/* Channels are packed when they hold between SEI_HOT_MAX - SEI_HOT_SPREAD and SEI_HOT_MAX points outside segments, each at a
 * number of its own, so that stations that began together are not packed together. */
enum { SEI_HOT_MAX = 1280, SEI_HOT_SPREAD = 256, SEI_SEAL_POINTS = 768 };

/* Packs the oldest points of a channel while it has more than keep of them outside segments. */
SEI_CHECKED sei_status sei_store_seal(sei_store *store, int64_t channel_id, size_t keep);
/* All channels with more than keep of them. */
SEI_CHECKED sei_status sei_store_seal_all(sei_store *store, size_t keep);
/* Deletes decoded frames received before a time; who and why are kept. */
SEI_CHECKED sei_status sei_store_purge_frames(sei_store *store, int64_t before_us,
                                              const char *author, const char *reason,
                                              int64_t now_us, int64_t *ret_n);
/* Takes out the segments of a channel that end before a time; their rollups stay, for charts by day. Points that come
 * again later are repeats. */
SEI_CHECKED sei_status sei_store_purge_points(sei_store *store, int64_t channel_id,
                                              int64_t before_us, const char *author,
                                              const char *reason, int64_t now_us, int64_t *ret_n);
/* Raw points before this may be gone; INT64_MIN: none ever went. */
SEI_CHECKED sei_status sei_store_purged_before(sei_store *store, int64_t channel_id,
                                               int64_t *ret_before_us);

#endif
