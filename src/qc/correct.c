/* correct.c - rows of correction applied to a copy of the raw values */
#include "seiryu/correct.h"

#include <math.h>
#include <string.h>

static const char *const kind_name[] = {"offset",    "scale",  "drift", "percent",
                                        "two-point", "delete", "fill"};

enum { N_KINDS = sizeof kind_name / sizeof kind_name[0] };

const char *sei_correct_kind_name(sei_correct_kind kind)
{
    return (unsigned)kind < N_KINDS ? kind_name[kind] : "?";
}

bool sei_correct_kind_find(const char *name, sei_correct_kind *ret_kind)
{
    for (unsigned i = 0; i < N_KINDS; i++)
        if (strcmp(name, kind_name[i]) == 0) {
            *ret_kind = (sei_correct_kind)i;
            return true;
        }
    return false;
}

static sei_status check_row(sei_ctx *ctx, size_t i, const sei_correction *row)
{
    if ((unsigned)row->kind >= N_KINDS)
        return sei_fail(ctx, SEI_E_ARG, NULL, "correction %zu has no known kind", i);
    if (row->from_us > row->to_us || row->from_us <= -SEI_QC_TIME_MAX_US ||
        row->to_us >= SEI_QC_TIME_MAX_US)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "correction %zu (%s) ends before it begins", i,
                        kind_name[row->kind]);
    if (!isfinite(row->a) || !isfinite(row->b) || !isfinite(row->low) || !isfinite(row->high))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "correction %zu (%s): a number that is not finite",
                        i, kind_name[row->kind]);
    if (row->kind == SEI_CORRECT_TWO_POINT && !(row->low < row->high))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "correction %zu (two-point): low = %g is not below high = %g", i, row->low,
                        row->high);
    return SEI_OK;
}

/* Share of the interval that has passed. */
static double share(const sei_correction *row, int64_t time_us)
{
    return row->to_us > row->from_us
               ? (double)(time_us - row->from_us) / (double)(row->to_us - row->from_us)
               : 1.0;
}

static double corrected(const sei_correction *row, int64_t time_us, double x)
{
    const double f = share(row, time_us), c = row->a + (row->b - row->a) * f;

    switch (row->kind) {
    case SEI_CORRECT_OFFSET: return x + row->a;
    case SEI_CORRECT_SCALE: return x * row->a;
    case SEI_CORRECT_DRIFT: return x + c;
    case SEI_CORRECT_PERCENT: return x * (1.0 + 0.01 * c);
    case SEI_CORRECT_TWO_POINT:
        return x + f * (row->a + (row->b - row->a) * (x - row->low) / (row->high - row->low));
    default: return x;
    }
}

static bool has_value(uint8_t origin)
{
    return origin != SEI_VALUE_DELETED && origin != SEI_VALUE_MISSING;
}

static void fill(const sei_correction *row, const sei_qc_series *s, double value[],
                 uint8_t origin[])
{
    size_t last = s->n; /* with a value of its own */

    for (size_t i = 0; i < s->n; i++) {
        if (!has_value(origin[i]))
            continue;
        const int64_t gap_us = last < s->n ? s->time_us[i] - s->time_us[last] : 0;
        for (size_t k = last + 1; last < s->n && gap_us <= row->max_gap_us && k < i; k++) {
            const double f = (double)(s->time_us[k] - s->time_us[last]) / (double)gap_us;
            if (s->time_us[k] < row->from_us || s->time_us[k] > row->to_us)
                continue;
            value[k]  = value[last] * (1.0 - f) + value[i] * f;
            origin[k] = SEI_VALUE_FILLED;
        }
        last = i;
    }
}

static sei_status apply(sei_ctx *ctx, const sei_correction *row, const sei_qc_series *s,
                        double value[], uint8_t origin[])
{
    if (row->kind == SEI_CORRECT_FILL) {
        fill(row, s, value, origin);
        return SEI_OK;
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->time_us[i] < row->from_us || s->time_us[i] > row->to_us || !has_value(origin[i]))
            continue;
        if (row->kind == SEI_CORRECT_DELETE) {
            value[i]  = 0.0;
            origin[i] = SEI_VALUE_DELETED;
            continue;
        }
        value[i] = corrected(row, s->time_us[i], value[i]);
        if (!isfinite(value[i]))
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "the %s correction of record %zu gives no number", kind_name[row->kind],
                            i);
        if (origin[i] == SEI_VALUE_RAW)
            origin[i] = SEI_VALUE_CORRECTED;
    }
    return SEI_OK;
}

static sei_status take_raw(sei_ctx *ctx, const sei_qc_series *s, double value[], uint8_t origin[])
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->time_us[i] <= -SEI_QC_TIME_MAX_US || s->time_us[i] >= SEI_QC_TIME_MAX_US ||
            (i > 0 && s->time_us[i] <= s->time_us[i - 1]))
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "time_us[%zu] = %lld does not come after the one before it", i,
                            (long long)s->time_us[i]);
        const bool there = !(s->missing && s->missing[i]) && isfinite(s->value[i]);
        value[i]         = there ? s->value[i] : 0.0;
        origin[i]        = (uint8_t)(there ? SEI_VALUE_RAW : SEI_VALUE_MISSING);
    }
    return SEI_OK;
}

sei_status sei_correct(sei_ctx *ctx, const sei_qc_series *series, size_t n,
                       const sei_correction rows[], double ret_value[], uint8_t ret_origin[])
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = check_row(ctx, i, &rows[i]);
    if (st == SEI_OK)
        st = take_raw(ctx, series, ret_value, ret_origin);
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = apply(ctx, &rows[i], series, ret_value, ret_origin);
    return st;
}
