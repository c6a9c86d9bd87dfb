/*
 * qc.h - quality control of sensor series: the QARTOD tests
 *
 * A test is a const row: parameters, and functions that flag one record after another with bounded
 * memory. A series in arrays and the same records one at a time get equal flags. Records come in the
 * order of their own time (event time), strictly increasing; what arrives late is judged by running the
 * test again from sei_qc_history_us before it.
 *
 * Values are in the channel's own SI unit, and so are the thresholds. Adding a test: a file
 * src/qc/NAME.c, a line in src/qc/test_list.h, a page docs/qc/NAME.md, a block in the tests.
 */
#ifndef SEIRYU_QC_H
#define SEIRYU_QC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"
#include "seiryu/param.h"
#include "seiryu/water.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ flags */

/* Primary flags of QARTOD (ioos2020flags); the numbers are the standard's. */
typedef enum {
    SEI_FLAG_GOOD          = 1,
    SEI_FLAG_NOT_EVALUATED = 2,
    SEI_FLAG_SUSPECT       = 3,
    SEI_FLAG_FAIL          = 4,
    SEI_FLAG_MISSING       = 9
} sei_qc_flag;

/* "good", "not-evaluated", ...; "unknown" for another number. */
SEI_API const char *sei_qc_flag_name(uint8_t flag);
/* One flag for several tests of a record: fail before suspect before good before not evaluated before
 * missing. n 0, or numbers that are no flag only, give SEI_FLAG_MISSING. */
SEI_API uint8_t sei_qc_rollup(size_t n, const uint8_t flags[]);
/* The flag as a value of a series carries it: FAIL is BAD; NOT_EVALUATED stays GOOD. */
SEI_API sei_qc sei_qc_from_flag(uint8_t flag);

/* ------------------------------------------------------------------ records */

/* One record of a channel. A value that is not finite counts as missing. other is the second value that
 * some tests read (sei_qc_test.other says which). |time_us| < SEI_QC_TIME_MAX_US. */
typedef struct {
    int64_t time_us;
    double  value, other;
    bool    missing, other_missing;
} sei_qc_point;
#define SEI_QC_TIME_MAX_US (INT64_C(1) << 60)

/* Records in arrays of n, borrowed for the call. missing: not 0 = no value; NULL = all there. other may be
 * NULL for a test that reads none; other_missing as missing. */
typedef struct {
    size_t         n;
    const int64_t *time_us;
    const double  *value;
    const uint8_t *missing;
    const double  *other;
    const uint8_t *other_missing;
} sei_qc_series;

/* ------------------------------------------------------------------ tests */

enum { SEI_QC_PARAMS_MAX = 8, SEI_QC_SPANS_MAX = 400, SEI_QC_WINDOW_MAX = 1 << 20 };

typedef struct {
    const char             *key; /* "flat-line" */
    const char             *title, *title_ja;
    const char             *source;           /* key of docs/references.bib */
    const char             *other, *other_ja; /* what sei_qc_point.other holds; "" for nothing */
    const sei_param        *params;
    size_t                  n_params;
    unsigned                lag; /* so many later records a flag waits for: 0 or 1 */
    bool                    needs_interval, needs_spans;
    const struct sei_qc_op *op; /* private */
} sei_qc_test;

SEI_API size_t             sei_qc_test_count(void);
SEI_API const sei_qc_test *sei_qc_test_at(size_t i);          /* NULL past the end */
SEI_API const sei_qc_test *sei_qc_test_find(const char *key); /* NULL when not known */

/* What a span of the climatology test counts. The zone is sei_qc_spec.offset_us. */
typedef enum {
    SEI_QC_DATES,       /* from, to: microseconds since 1970 UTC */
    SEI_QC_MONTH,       /* 1..12 */
    SEI_QC_DAY_OF_YEAR, /* 1..366 */
    SEI_QC_WEEK,        /* ISO 8601, 1..53 */
    SEI_QC_QUARTER      /* 1..4 */
} sei_qc_period;
SEI_API bool sei_qc_period_find(const char *name, sei_qc_period *ret_period); /* "month", ... */

/* A time of the year (or of history) and the values that are usual in it, all bounds included. from > to
 * goes over the turn of the year: months 11 to 2. Infinite bounds are open. other_*: only records whose
 * other value (a depth) lies in there; has_other says so. */
typedef struct {
    sei_qc_period period;
    int64_t       from, to;
    double        suspect_min, suspect_max;
    double        fail_min, fail_max;
    bool          has_other;
    double        other_min, other_max;
} sei_qc_span;

/* A test with its numbers. p in the order of the test's params, in SI (sei_param_si). interval_s: nominal
 * sampling interval of the channel, 0 when it is not known: rules on gaps are then off. */
typedef struct {
    const sei_qc_test *test;
    double             interval_s;
    double             p[SEI_QC_PARAMS_MAX];
    int64_t            offset_us;
    size_t             n_spans;
    const sei_qc_span *spans; /* borrowed as long as the spec is used */
} sei_qc_spec;

/* Defaults; a parameter without one is NAN and has to be set. */
SEI_API sei_qc_spec sei_qc_spec_default(const sei_qc_test *test);
/* Sets one parameter by its key, given in the key's own unit. E_KEY when the test has none such. */
SEI_API SEI_CHECKED sei_status sei_qc_spec_set(sei_ctx *ctx, sei_qc_spec *spec, const char *key,
                                               double value);
/* E_MISSING for a number that must be given, E_RANGE for one outside its range or in conflict with
 * another; the message names test and parameter. The other functions check as well. */
SEI_API SEI_CHECKED sei_status sei_qc_spec_check(sei_ctx *ctx, const sei_qc_spec *spec);
/* How far back records have to be run through the test before its flags are those of a run over the whole
 * history: all records of that time, and one record with a value from before it. */
SEI_API int64_t sei_qc_history_us(const sei_qc_spec *spec);

/*
 * Flags of a whole series, ret_flags[n].
 *
 * Returns  SEI_OK; E_RANGE or E_DUPLICATE when times do not increase (the message names the index);
 *          E_ARG without an array the test reads; E_TOO_LARGE when a window holds more than
 *          SEI_QC_WINDOW_MAX records; E_NOMEM; as sei_qc_spec_check
 * Cost     O(n), whatever the window; memory O(records in the window)
 */
SEI_API SEI_CHECKED sei_status sei_qc_run(sei_ctx *ctx, const sei_qc_spec *spec,
                                          const sei_qc_series *series, uint8_t ret_flags[]);

/* Middle one of the intervals between records (the lower of two), seconds; E_MISSING below two records.
 * What ioos_qc takes for interval_s. */
SEI_API SEI_CHECKED sei_status sei_qc_median_interval(sei_ctx *ctx, size_t n,
                                                      const int64_t time_us[],
                                                      double       *ret_interval_s);

/* ------------------------------------------------------------------ one record at a time */

/* A running test. spec is copied; its spans stay borrowed. ctx must outlive the stream. */
typedef struct sei_qc_stream sei_qc_stream;

SEI_API SEI_CHECKED sei_status sei_qc_stream_create(sei_ctx *ctx, const sei_qc_spec *spec,
                                                    sei_qc_stream **ret_stream);
SEI_API void                   sei_qc_stream_free(sei_qc_stream *stream);

/* Takes the next record and returns the flags that are final by it, in the order of the records: each
 * record gets one, after at most test->lag later ones. A record that does not come after the last one is
 * refused (E_DUPLICATE, E_RANGE) and changes nothing. */
SEI_API SEI_CHECKED sei_status sei_qc_push(sei_qc_stream *stream, const sei_qc_point *point,
                                           uint8_t ret_flags[2], size_t *ret_n);
/* No more records follow: the flags that were waiting, 0 or 1 of them. The stream may go on afterwards;
 * the next record then counts as the first. */
SEI_API size_t sei_qc_finish(sei_qc_stream *stream, uint8_t ret_flags[1]);

/* ------------------------------------------------------------------ all tests of a channel */

enum { SEI_QC_SET_MAX = 16 };

/* The tests of one channel, record by record; the flags of a record come together once all are final. */
typedef struct sei_qc_set sei_qc_set;

typedef struct {
    int64_t time_us;
    uint8_t flags[SEI_QC_SET_MAX]; /* in the order of the specs */
    uint8_t rollup;
} sei_qc_verdict;

/* specs are copied, their spans borrowed. E_TOO_LARGE for more than SEI_QC_SET_MAX; else as
 * sei_qc_stream_create. */
SEI_API SEI_CHECKED sei_status sei_qc_set_create(sei_ctx *ctx, size_t n, const sei_qc_spec specs[],
                                                 sei_qc_set **ret_set);
SEI_API void                   sei_qc_set_free(sei_qc_set *set);
/* Takes a record: its time and value, and the second value of each test in other[n], NAN for none; other may
 * be NULL. *ret_has tells whether a verdict came of it: that of this record, or of the one before when a test
 * waits for a neighbour. After an error other than E_RANGE or E_DUPLICATE the set has to be made anew. */
SEI_API SEI_CHECKED sei_status sei_qc_set_push(sei_qc_set *set, int64_t time_us, bool missing,
                                               double value, const double other[],
                                               sei_qc_verdict *ret_verdict, bool *ret_has);
/* What waits, with the flags that it has so far; false when nothing waits. The set goes on as without it. */
SEI_API bool sei_qc_set_waiting(const sei_qc_set *set, sei_qc_verdict *ret_verdict);

/* ------------------------------------------------------------------ syntax of raw records */

/* How a line that a sensor or logger sent has to look; 0 or NULL = not asked. */
typedef struct {
    size_t      n_characters; /* UTF-8 characters */
    size_t      n_bytes;      /* written in hexadecimal: two digits each */
    size_t      n_fields;     /* between separators */
    char        separator;    /* ',' when 0 */
    const char *prefix;       /* the record begins so: "$WQ," */
    bool        numbers;      /* every field after the first has to be a number or empty */
    bool        printable;    /* no control character */
} sei_qc_syntax;

/* GOOD, FAIL, or MISSING for an empty record. */
SEI_API uint8_t sei_qc_syntax_flag(const sei_qc_syntax *syntax, const char *text, size_t len);

/* ------------------------------------------------------------------ data on time */

/* Whether the newest record of a channel is as young as it has to be: GOOD, FAIL when older than
 * max_age_us, SUSPECT when it lies more than max_age_us in the future (a clock runs wrong). */
SEI_API uint8_t sei_qc_on_time(int64_t newest_us, int64_t now_us, int64_t max_age_us);

#ifdef __cplusplus
}
#endif
#endif
