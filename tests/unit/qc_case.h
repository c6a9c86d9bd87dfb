/* qc_case.h - a row of tests/refs/qc/ioos_qc.tsv as a test with its numbers and a series */
#ifndef SEI_TESTS_QC_CASE_H
#define SEI_TESTS_QC_CASE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/qc.h"
#include "seiryu/water.h"
#include "t.h"

enum { QC_CASE_MAX = 256 };

typedef struct {
    const char   *name;
    sei_qc_spec   spec;
    sei_qc_span   span[8];
    sei_qc_series series;
    int64_t       time_us[QC_CASE_MAX];
    double        value[QC_CASE_MAX], other[QC_CASE_MAX];
    uint8_t       missing[QC_CASE_MAX], other_missing[QC_CASE_MAX];
    uint8_t       theirs[QC_CASE_MAX], ours[QC_CASE_MAX];
} qc_case;

/* Numbers between blanks; "-" is a missing one. Returns how many. */
static inline size_t qc_numbers(const char *text, double value[], uint8_t missing[])
{
    size_t n = 0;

    while (*text) {
        char *end;
        ck_assert_uint_lt(n, QC_CASE_MAX);
        missing[n] = text[0] == '-' && (text[1] == ' ' || text[1] == '\0');
        value[n]   = missing[n] ? 0.0 : strtod(text, &end);
        text += strcspn(text, " ");
        text += *text == ' ';
        n++;
    }
    return n;
}

static inline size_t qc_flags(const char *text, uint8_t flags[])
{
    double  value[QC_CASE_MAX];
    uint8_t missing[QC_CASE_MAX];
    size_t  n = qc_numbers(text, value, missing);

    for (size_t i = 0; i < n; i++)
        flags[i] = (uint8_t)value[i];
    return n;
}

/* "key=1 key=2" */
static inline void qc_params(sei_ctx *ctx, sei_qc_spec *spec, const char *text)
{
    char key[64];

    while (*text) {
        const size_t len = strcspn(text, "=");
        ck_assert_uint_lt(len, sizeof key);
        memcpy(key, text, len);
        key[len] = '\0';
        text += len + 1;
        T_OK(ctx, sei_qc_spec_set(ctx, spec, key, strtod(text, NULL)));
        text += strcspn(text, " ");
        text += *text == ' ';
    }
}

/* "month,1,3,0,20,-inf,inf[,0,10]" between blanks */
static inline void qc_spans(qc_case *c, const char *text)
{
    for (c->spec.n_spans = 0; *text; c->spec.n_spans++) {
        ck_assert_uint_lt(c->spec.n_spans, T_COUNT(c->span));
        sei_qc_span *s = &c->span[c->spec.n_spans];
        char         period[16];
        double       x[8];
        size_t       n   = 0;
        size_t       len = strcspn(text, ",");
        ck_assert_uint_lt(len, sizeof period);
        memcpy(period, text, len);
        period[len] = '\0';
        if (strcmp(period, "dayofyear") != 0 && strcmp(period, "dates") != 0)
            ck_assert(strlen(period) > 0);
        for (text += len; *text == ','; n++) {
            char *end;
            ck_assert_uint_lt(n, T_COUNT(x));
            x[n] = strtod(text + 1, &end);
            text = end;
        }
        ck_assert(n == 6 || n == 8);
        *s = (sei_qc_span){.from        = (int64_t)x[0],
                           .to          = (int64_t)x[1],
                           .suspect_min = x[2],
                           .suspect_max = x[3],
                           .fail_min    = x[4],
                           .fail_max    = x[5],
                           .has_other   = n == 8,
                           .other_min   = n == 8 ? x[6] : 0.0,
                           .other_max   = n == 8 ? x[7] : 0.0};
        ck_assert(sei_qc_period_find(period, &s->period));
        text += *text == ' ';
    }
    c->spec.spans = c->span;
}

static inline void qc_case_read(sei_ctx *ctx, const sei_table *t, size_t row, qc_case *c)
{
    double             seconds[QC_CASE_MAX];
    uint8_t            none[QC_CASE_MAX];
    const sei_qc_test *test = sei_qc_test_find(sei_table_cell(t, row, 2));

    ck_assert_ptr_nonnull(test);
    memset(c, 0, sizeof *c);
    c->name            = sei_table_cell(t, row, 0);
    c->spec            = sei_qc_spec_default(test);
    c->spec.interval_s = strtod(sei_table_cell(t, row, 3), NULL);
    qc_params(ctx, &c->spec, sei_table_cell(t, row, 4));
    qc_spans(c, sei_table_cell(t, row, 5));
    const size_t n = qc_numbers(sei_table_cell(t, row, 6), seconds, none);
    for (size_t i = 0; i < n; i++)
        c->time_us[i] = (int64_t)seconds[i] * 1000000;
    ck_assert_uint_eq(qc_numbers(sei_table_cell(t, row, 7), c->value, c->missing), n);
    const size_t n_other = qc_numbers(sei_table_cell(t, row, 8), c->other, c->other_missing);
    ck_assert(n_other == n || n_other == 0);
    ck_assert_uint_eq(qc_flags(sei_table_cell(t, row, 9), c->theirs), n);
    ck_assert_uint_eq(qc_flags(sei_table_cell(t, row, 10), c->ours), n);
    c->series = (sei_qc_series){n,
                                c->time_us,
                                c->value,
                                c->missing,
                                n_other ? c->other : NULL,
                                n_other ? c->other_missing : NULL};
}

#endif
