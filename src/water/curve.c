/* curve.c - the value of a series at any time, and its exact mean over a stretch of time */
#include <string.h>

#include "base/clock.h"
#include "seiryu/water.h"

/* Usable points only, in time order: t[i] < t[i + 1]. */
struct sei_series_curve {
    sei_ctx          *ctx;
    sei_curve_options options;
    size_t            n;
    int64_t          *t;
    double           *v;
    double           *loq;
    uint8_t          *qc;
};

void sei_series_curve_free(sei_series_curve *curve)
{
    if (!curve)
        return;
    sei_ctx *ctx = curve->ctx;
    sei_release(ctx, curve->t);
    sei_release(ctx, curve->v);
    sei_release(ctx, curve->loq);
    sei_release(ctx, curve->qc);
    sei_release(ctx, curve);
}

static bool is_usable(const sei_series *s, size_t i, bool without_suspect)
{
    return s->qc[i] != SEI_QC_MISSING && s->qc[i] != SEI_QC_BAD &&
           !(without_suspect && s->qc[i] == SEI_QC_SUSPECT);
}

static void take_points(sei_series_curve *c, const sei_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        if (!is_usable(s, i, c->options.without_suspect))
            continue;
        const sei_value value = sei_series_value(s, i);
        c->t[c->n]            = s->time_us[i];
        c->v[c->n]            = sei_value_number(&value, c->options.loq_rule);
        c->loq[c->n]          = value.loq_si;
        c->qc[c->n++]         = (uint8_t)value.qc;
    }
}

sei_status sei_series_curve_create(sei_ctx *ctx, const sei_series *series,
                                   const sei_curve_options *options, sei_series_curve **ret_curve)
{
    const sei_curve_options defaults = {SEI_CURVE_LINEAR, 0, SEI_LOQ_HALF, false, false};
    char                    name[SEI_QUANTITY_NAME_MAX];
    sei_series_curve       *c  = sei_alloc(ctx, 1, sizeof *c);
    sei_status              st = SEI_OK;

    if (!c)
        return SEI_E_NOMEM;
    c->ctx     = ctx;
    c->options = options ? *options : defaults;
    c->t       = sei_alloc(ctx, series->n + 1, sizeof *c->t);
    c->v       = sei_alloc(ctx, series->n + 1, sizeof *c->v);
    c->loq     = sei_alloc(ctx, series->n + 1, sizeof *c->loq);
    c->qc      = sei_alloc(ctx, series->n + 1, sizeof *c->qc);
    if (!c->t || !c->v || !c->loq || !c->qc) {
        st = SEI_E_NOMEM;
        goto done;
    }
    take_points(c, series);
    sei_quantity_format_column(name, &series->column);
    if (c->n == 0) {
        st = sei_fail(ctx, SEI_E_MISSING, NULL, "series %s has no usable value", name);
        goto done;
    }

    *ret_curve = c;
    c          = NULL;
done:
    sei_series_curve_free(c);
    return st;
}

/* Last point at or before time; needs t[0] <= time. */
static size_t search(const sei_series_curve *c, int64_t time)
{
    size_t low = 0, high = c->n; /* t[low] <= time < t[high] */

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (c->t[middle] <= time)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The same, beginning at the cursor: a simulation asks for times that move slowly forward. */
static size_t locate(const sei_series_curve *c, sei_series_cursor *cursor, int64_t time)
{
    size_t i = cursor->i;

    for (int step = 0; step < 3 && i < c->n && c->t[i] <= time; step++, i++) {
        if (i + 1 == c->n || time < c->t[i + 1]) {
            cursor->i = i;
            return i;
        }
    }
    cursor->i = search(c, time);
    return cursor->i;
}

/* Differences are taken as unsigned: times may lie anywhere in int64. */
static uint64_t span(int64_t from, int64_t to)
{
    return (uint64_t)to - (uint64_t)from;
}

static bool too_wide(const sei_series_curve *c, uint64_t gap)
{
    return c->options.max_gap_us > 0 && gap > (uint64_t)c->options.max_gap_us;
}

static sei_value point(const sei_series_curve *c, size_t i)
{
    return (sei_value){c->v[i], c->loq[i], (sei_qc)c->qc[i]};
}

static sei_value missing(void)
{
    return (sei_value){0, 0, SEI_QC_MISSING};
}

/* Beyond the first or last point. */
static sei_value held(const sei_series_curve *c, size_t i)
{
    return c->options.hold_ends ? (sei_value){c->v[i], 0, SEI_QC_ESTIMATED} : missing();
}

sei_value sei_series_curve_at(const sei_series_curve *c, sei_series_cursor *cursor, int64_t time_us)
{
    if (time_us < c->t[0])
        return held(c, 0);
    const size_t i = locate(c, cursor, time_us);
    if (c->t[i] == time_us)
        return point(c, i);
    if (i + 1 == c->n)
        return held(c, i);
    if (c->options.kind == SEI_CURVE_STEP)
        return too_wide(c, span(c->t[i], time_us)) ? missing() : point(c, i);
    const uint64_t gap = span(c->t[i], c->t[i + 1]);
    if (too_wide(c, gap))
        return missing();
    const double f = (double)span(c->t[i], time_us) / (double)gap;
    return (sei_value){c->v[i] + f * (c->v[i + 1] - c->v[i]), 0, SEI_QC_ESTIMATED};
}

typedef struct {
    double integral; /* of value over seconds */
    double seconds;
} area;

/* Adds the piece of the segment i -> i + 1 that lies in [start, end). */
static void add_segment(const sei_series_curve *c, size_t i, int64_t start, int64_t end, area *a)
{
    const int64_t from = c->t[i] > start ? c->t[i] : start;
    int64_t       to   = c->t[i + 1] < end ? c->t[i + 1] : end;
    const double  gap  = (double)span(c->t[i], c->t[i + 1]);

    if (c->options.kind == SEI_CURVE_LINEAR && too_wide(c, span(c->t[i], c->t[i + 1])))
        return;
    if (c->options.kind == SEI_CURVE_STEP && from < to && too_wide(c, span(c->t[i], to)))
        to = c->t[i] + c->options.max_gap_us;
    if (to <= from)
        return;
    const double seconds = (double)span(from, to) / (double)SEI_US_PER_S;
    double       mean    = c->v[i];
    if (c->options.kind == SEI_CURVE_LINEAR) {
        const double middle = 0.5 * ((double)span(c->t[i], from) + (double)span(c->t[i], to)) / gap;
        mean += middle * (c->v[i + 1] - c->v[i]);
    }
    a->integral += mean * seconds;
    a->seconds += seconds;
}

static void add_constant(double value, int64_t from, int64_t to, area *a)
{
    if (to <= from)
        return;
    const double seconds = (double)span(from, to) / (double)SEI_US_PER_S;
    a->integral += value * seconds;
    a->seconds += seconds;
}

double sei_series_curve_mean(const sei_series_curve *c, int64_t start_us, int64_t end_us,
                             double *ret_mean_si)
{
    area a = {0, 0};

    if (end_us <= start_us)
        return 0;
    const int64_t first = c->t[0], last = c->t[c->n - 1];
    if (c->options.hold_ends) {
        add_constant(c->v[0], start_us, first < end_us ? first : end_us, &a);
        add_constant(c->v[c->n - 1], last > start_us ? last : start_us, end_us, &a);
    }
    size_t i = start_us < first ? 0 : search(c, start_us);
    for (; i + 1 < c->n && c->t[i] < end_us; i++)
        add_segment(c, i, start_us, end_us, &a);
    if (a.seconds > 0)
        *ret_mean_si = a.integral / a.seconds;
    return a.seconds / ((double)span(start_us, end_us) / (double)SEI_US_PER_S);
}
