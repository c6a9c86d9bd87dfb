/* op.h - what a QARTOD test does: the functions behind its row */
#ifndef SEI_QC_OP_H
#define SEI_QC_OP_H

#include "seiryu/qc.h"

/* All states begin with zeros; what they point to is of the stream's context. */
struct sei_qc_op {
    size_t state_size; /* 0: every record is judged by itself */
    /* parameters against each other; NULL when there is nothing to say */
    sei_status (*check)(sei_ctx *ctx, const sei_qc_spec *spec);
    /* the time before a record that its flag can depend on; NULL = one record */
    int64_t (*history_us)(const sei_qc_spec *spec);
    /* flags that are final by this record; the time is known to increase */
    sei_status (*push)(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n);
    size_t (*finish)(const sei_qc_spec *spec, void *state, uint8_t ret_flags[1]); /* or NULL */
    void (*drop)(sei_ctx *ctx, void *state);                                      /* or NULL */
    /* a whole series, faster than record by record; NULL = record by record */
    sei_status (*run)(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *series,
                      uint8_t ret_flags[]);
};

/* Seconds as microseconds, rounded; infinite or huge is SEI_QC_TIME_MAX_US. */
int64_t sei_qc_us(double seconds);
/* Longest distance of two records that counts as no gap; SEI_QC_TIME_MAX_US = any. */
int64_t sei_qc_gap_us(const sei_qc_spec *spec, double max_gap_intervals);
/* Record i of a series. */
sei_qc_point sei_qc_point_at(const sei_qc_series *series, size_t i);
/* No record of the series is missing or not finite. */
bool sei_qc_all_there(const sei_qc_series *series);
/* Record by record, as a stream does it. */
sei_status sei_qc_run_pushing(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *series,
                              uint8_t ret_flags[]);
/* suspect and fail thresholds of a value that must not exceed them */
sei_status sei_qc_check_pair(sei_ctx *ctx, const sei_qc_spec *spec, size_t suspect, size_t fail);

/* The record has a value; the second one. */
static inline bool sei_qc_has(const sei_qc_point *p)
{
    return !p->missing && p->value - p->value == 0.0; /* not so for NaN and infinity */
}

static inline bool sei_qc_has_other(const sei_qc_point *p)
{
    return !p->other_missing && p->other - p->other == 0.0;
}

/* FAIL above fail, SUSPECT above suspect. */
static inline uint8_t sei_qc_above(double value, double suspect, double fail)
{
    return (uint8_t)(value > fail      ? SEI_FLAG_FAIL
                     : value > suspect ? SEI_FLAG_SUSPECT
                                       : SEI_FLAG_GOOD);
}

#endif
