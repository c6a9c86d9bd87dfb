/* qc_random.h - random series of several kinds, and records pushed one by one */
#ifndef SEI_TESTS_QC_RANDOM_H
#define SEI_TESTS_QC_RANDOM_H

#include <stdint.h>

#include "seiryu/qc.h"
#include "t.h"

enum { QC_RANDOM_N = 400 };

typedef struct {
    int64_t       time_us[QC_RANDOM_N];
    double        value[QC_RANDOM_N], other[QC_RANDOM_N];
    uint8_t       missing[QC_RANDOM_N], other_missing[QC_RANDOM_N];
    sei_qc_series series;
} qc_random;

typedef struct {
    uint64_t x; /* not 0 */
} qc_dice;

static inline uint64_t qc_roll(qc_dice *d) /* xorshift64* (marsaglia2003, vigna2016) */
{
    d->x ^= d->x >> 12;
    d->x ^= d->x << 25;
    d->x ^= d->x >> 27;
    return d->x * UINT64_C(2685821657736338717);
}

static inline double qc_unit(qc_dice *d)
{
    return (double)(qc_roll(d) >> 11) * 0x1p-53;
}

/* Steps, flat stretches, noise and spikes; by turns even or uneven times, gaps, missing values, NaN. */
static inline void qc_random_make(qc_random *r, qc_dice *d)
{
    const bool   uneven = qc_roll(d) % 2, gappy = qc_roll(d) % 2, holes = qc_roll(d) % 2;
    const double noise = qc_unit(d) < 0.5 ? 0.0 : qc_unit(d);
    const size_t n     = qc_roll(d) % (QC_RANDOM_N + 1);
    double       level = 10.0;
    int64_t      time  = INT64_C(1700000000000000);

    for (size_t i = 0; i < n; i++) {
        time += INT64_C(60000000) * (uneven ? 1 + (int64_t)(qc_roll(d) % 3) : 1);
        time += gappy && qc_roll(d) % 20 == 0 ? INT64_C(3600000000) : 0;
        level += qc_roll(d) % 6 == 0 ? qc_unit(d) - 0.5 : 0.0;
        r->time_us[i]       = time;
        r->value[i]         = level + noise * qc_unit(d) + (qc_roll(d) % 15 == 0 ? 4.0 : 0.0);
        r->other[i]         = level + qc_unit(d);
        r->missing[i]       = holes && qc_roll(d) % 8 == 0;
        r->other_missing[i] = holes && qc_roll(d) % 10 == 0;
        if (holes && qc_roll(d) % 30 == 0)
            r->value[i] = NAN;
    }
    r->series = (sei_qc_series){n,        r->time_us,
                                r->value, holes ? r->missing : NULL,
                                r->other, holes ? r->other_missing : NULL};
}

/* Flags as a stream gives them; checks that none comes later than the test's lag. */
static inline void qc_push_all(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s,
                               uint8_t flags[])
{
    sei_qc_stream *stream = NULL;
    size_t         done   = 0;
    uint8_t        two[2];

    T_OK(ctx, sei_qc_stream_create(ctx, spec, &stream));
    for (size_t i = 0; i < s->n; i++) {
        const sei_qc_point p = {.time_us = s->time_us[i],
                                .value   = s->value[i],
                                .missing = s->missing && s->missing[i],
                                .other   = s->other ? s->other[i] : 0.0,
                                .other_missing =
                                    !s->other || (s->other_missing && s->other_missing[i])};
        size_t             n = 0;
        T_OK(ctx, sei_qc_push(stream, &p, two, &n));
        for (size_t k = 0; k < n; k++)
            flags[done++] = two[k];
        ck_assert_uint_le(i + 1 - done, spec->test->lag);
    }
    if (sei_qc_finish(stream, two) == 1)
        flags[done++] = two[0];
    ck_assert_uint_eq(done, s->n);
    sei_qc_stream_free(stream);
}

#endif
