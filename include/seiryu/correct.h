/*
 * correct.h - corrections of a series as layers over raw values, and fouling and drift of a sensor
 *
 * Raw values are never changed. A correction is one constant row; rows are applied in their order to a copy. Leaving
 * the last rows out gives every earlier state of the record. Who made a row, when and why is kept by the caller.
 */
#ifndef SEIRYU_CORRECT_H
#define SEIRYU_CORRECT_H

#include "seiryu/param.h"
#include "seiryu/qc.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    SEI_CORRECT_OFFSET,  /* value + a */
    SEI_CORRECT_SCALE,   /* value * a */
    SEI_CORRECT_DRIFT,   /* value + c, c from a at from_us to b at to_us in a straight line */
    SEI_CORRECT_PERCENT, /* value * (1 + c / 100), c as for DRIFT */
    SEI_CORRECT_TWO_POINT, /* value + c: at to_us a for the value low, b for the value high, straight in
                              the value between and beyond; at from_us nothing; straight in time */
    SEI_CORRECT_DELETE, /* no value */
    SEI_CORRECT_FILL /* missing and deleted values by a straight line between the values around them,
                            not over more than max_gap_us */
} sei_correct_kind;

typedef struct {
    sei_correct_kind kind;
    int64_t          from_us, to_us; /* records with from_us <= time <= to_us */
    double           a, b;
    double           low, high;  /* TWO_POINT */
    int64_t          max_gap_us; /* FILL */
} sei_correction;

SEI_API const char *sei_correct_kind_name(sei_correct_kind kind); /* "two-point" */
SEI_API bool        sei_correct_kind_find(const char *name, sei_correct_kind *ret_kind);

/* What a value of the corrected series is. */
typedef enum {
    SEI_VALUE_RAW,
    SEI_VALUE_CORRECTED,
    SEI_VALUE_DELETED,
    SEI_VALUE_FILLED,
    SEI_VALUE_MISSING
} sei_value_origin;

/*
 * The series after the first n rows, ret_value[series->n] and ret_origin[series->n] (sei_value_origin). Where origin
 * says DELETED or MISSING the value is 0.
 *
 * Returns  SEI_OK; E_RANGE for times out of order, a row that ends before it begins or has a number that is not
 *          finite, or a result that is not finite; the message names row or record
 * Cost     O(records x rows); allocates nothing
 */
SEI_API SEI_CHECKED sei_status sei_correct(sei_ctx *ctx, const sei_qc_series *series, size_t n,
                                           const sei_correction rows[], double ret_value[],
                                           uint8_t ret_origin[]);

/* ------------------------------------------------------------------ fouling and drift (wagner2006) */

/* A visit: the sensor before and after cleaning, a second instrument beside it at the same moments, and the sensor in
 * calibration standards before it is set anew. */
typedef struct {
    double before, after; /* cleaning */
    double beside_before,
        beside_after;   /* how the water itself changed meanwhile; equal when not measured */
    size_t n_standards; /* 0, 1 or 2 */
    double standard[2], reading[2];
} sei_visit;

typedef struct {
    double fouling;  /* to be added to the values at the end of the interval */
    double drift[2]; /* at each standard */
} sei_visit_error;

/* E_RANGE for numbers that are not finite, E_ARG for more than two standards. */
SEI_API SEI_CHECKED sei_status sei_visit_errors(sei_ctx *ctx, const sei_visit *visit,
                                                sei_visit_error *ret_error);

typedef enum { SEI_RATING_EXCELLENT, SEI_RATING_GOOD, SEI_RATING_FAIR, SEI_RATING_POOR } sei_rating;
SEI_API const char *sei_rating_name(sei_rating rating);

/* Limits of one quantity: absolute, and percent of the value; where both are given the wider one counts. 0: none. */
typedef struct {
    const char *
        quantity; /* key of sei_quantity, in its shown unit: "temp", "sc", "do", "ph", "turbidity" */
    double       correct, correct_percent; /* a larger error is corrected */
    double       excellent, excellent_percent, good, good_percent, fair, fair_percent;
    double       unusable, unusable_percent; /* a larger error: the record is not published */
    sei_evidence evidence;
    const char  *source;
} sei_rating_row;

/* Rows after TM1-D3. They are from general knowledge and not yet compared with the report: evidence says ASSUMED. Units: degC,
 * uS/cm, mg/L, pH, FNU. */
SEI_API size_t                sei_rating_count(void);
SEI_API const sei_rating_row *sei_rating_at(size_t i);
SEI_API const sei_rating_row *sei_rating_find(const char *quantity);

typedef struct {
    double     total; /* sum of the absolute errors of fouling and drift */
    bool       needs_correction, is_unusable;
    sei_rating rating;
} sei_visit_verdict;

/* value: what the errors are a percentage of. */
SEI_API sei_visit_verdict sei_visit_judge(const sei_rating_row *row, const sei_visit_error *error,
                                          double value);
/* Rows of correction over the interval since the last visit: fouling, then drift by one or two points. Returns how many, at
 * most 2; errors of 0 give none. */
SEI_API size_t sei_visit_corrections(const sei_visit *visit, const sei_visit_error *error,
                                     int64_t from_us, int64_t to_us, sei_correction ret_rows[2]);

#ifdef __cplusplus
}
#endif
#endif
