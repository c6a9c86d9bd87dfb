/* set.c - all tests of a channel side by side, their flags brought together */
#include <math.h>

#include "qc/op.h"

struct sei_qc_set {
    sei_ctx       *ctx;
    size_t         n;
    bool           waits; /* some test flags a record by the next one */
    bool           has_last;
    sei_qc_verdict last; /* the record that waits; tests that wait say NOT_EVALUATED */
    unsigned       lag[SEI_QC_SET_MAX];
    sei_qc_stream *stream[SEI_QC_SET_MAX];
};

sei_status sei_qc_set_create(sei_ctx *ctx, size_t n, const sei_qc_spec specs[],
                             sei_qc_set **ret_set)
{
    sei_status st = SEI_OK;

    if (n > SEI_QC_SET_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "%zu tests for one channel, at most %d", n,
                        SEI_QC_SET_MAX);
    sei_qc_set *set = sei_alloc(ctx, 1, sizeof *set);
    if (!set)
        return SEI_E_NOMEM;
    set->ctx = ctx;
    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        st          = sei_qc_stream_create(ctx, &specs[i], &set->stream[i]);
        set->n      = st == SEI_OK ? i + 1 : i;
        set->lag[i] = specs[i].test->lag;
        set->waits |= specs[i].test->lag > 0;
    }
    if (st != SEI_OK) {
        sei_qc_set_free(set);
        return st;
    }
    *ret_set = set;
    return SEI_OK;
}

void sei_qc_set_free(sei_qc_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->n; i++)
        sei_qc_stream_free(set->stream[i]);
    sei_release(set->ctx, set);
}

/* Pushes to one test: its flag goes to this record, or to the one before. */
static sei_status push_one(sei_qc_set *set, size_t i, const sei_qc_point *point,
                           sei_qc_verdict *now)
{
    uint8_t          two[2] = {SEI_FLAG_NOT_EVALUATED, SEI_FLAG_NOT_EVALUATED};
    size_t           n      = 0;
    const sei_status st     = sei_qc_push(set->stream[i], point, two, &n);

    if (st != SEI_OK)
        return st;
    if (set->lag[i] == 0) {
        now->flags[i] = two[0];
        return SEI_OK;
    }
    now->flags[i] = (uint8_t)(sei_qc_has(point) ? SEI_FLAG_NOT_EVALUATED : SEI_FLAG_MISSING);
    if (n > 0)
        set->last.flags[i] = two[0];
    return SEI_OK;
}

sei_status sei_qc_set_push(sei_qc_set *set, int64_t time_us, bool missing, double value,
                           const double other[], sei_qc_verdict *ret_verdict, bool *ret_has)
{
    sei_qc_verdict now = {.time_us = time_us};
    sei_qc_point   p   = {.time_us = time_us, .value = value, .missing = missing};

    for (size_t i = 0; i < set->n; i++) {
        p.other             = other ? other[i] : 0.0;
        p.other_missing     = !other || isnan(other[i]);
        const sei_status st = push_one(set, i, &p, &now);
        if (st != SEI_OK)
            return st;
    }
    now.rollup = sei_qc_rollup(set->n, now.flags);
    if (!set->waits) {
        *ret_verdict = now;
        *ret_has     = true;
        return SEI_OK;
    }
    *ret_has = set->has_last;
    if (set->has_last) {
        set->last.rollup = sei_qc_rollup(set->n, set->last.flags);
        *ret_verdict     = set->last;
    }
    set->last     = now;
    set->has_last = true;
    return SEI_OK;
}

bool sei_qc_set_waiting(const sei_qc_set *set, sei_qc_verdict *ret_verdict)
{
    if (set->has_last)
        *ret_verdict = set->last;
    return set->has_last;
}
