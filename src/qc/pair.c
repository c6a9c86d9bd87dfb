/* pair.c - laboratory samples beside the sensor */
#include <math.h>

#include "qc/op.h"
#include "seiryu/qc_water.h"

/* Sensor values at or before, and after the time; NULL where there is none within the window. */
typedef struct {
    bool         has_before, has_after;
    sei_qc_point before, after;
} around;

static around find(const sei_qc_series *s, size_t *from, int64_t time_us, int64_t window_us)
{
    around a = {0};

    while (*from < s->n && s->time_us[*from] < time_us - window_us)
        ++*from;
    for (size_t i = *from; i < s->n && s->time_us[i] <= time_us + window_us; i++) {
        const sei_qc_point p = sei_qc_point_at(s, i);
        if (!sei_qc_has(&p))
            continue;
        if (p.time_us > time_us) {
            a.has_after = true;
            a.after     = p;
            break;
        }
        a.has_before = true;
        a.before     = p;
    }
    return a;
}

static bool value_at(const around *a, int64_t time_us, double *ret_value)
{
    if (!a->has_before && !a->has_after)
        return false;
    if (!a->has_after || (a->has_before && a->before.time_us == time_us)) {
        *ret_value = a->before.value;
        return true;
    }
    if (!a->has_before) {
        *ret_value = a->after.value;
        return true;
    }
    const double f =
        (double)(time_us - a->before.time_us) / (double)(a->after.time_us - a->before.time_us);
    *ret_value = a->before.value * (1.0 - f) + a->after.value * f;
    return true;
}

sei_status sei_pair_samples(sei_ctx *ctx, size_t n, const int64_t time_us[],
                            const double laboratory[], const sei_qc_series *sensor,
                            int64_t window_us, sei_pair ret_pairs[], size_t *ret_n)
{
    size_t from = 0, found = 0;

    if (window_us < 0 || window_us > SEI_QC_TIME_MAX_US)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "a window of %lld us", (long long)window_us);
    for (size_t i = 0; i < n; i++) {
        double value;
        if (time_us[i] <= -SEI_QC_TIME_MAX_US || time_us[i] >= SEI_QC_TIME_MAX_US ||
            (i > 0 && time_us[i] < time_us[i - 1]))
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "the time of sample %zu lies before the one before it", i);
        const around a = find(sensor, &from, time_us[i], window_us);
        if (isfinite(laboratory[i]) && value_at(&a, time_us[i], &value))
            ret_pairs[found++] = (sei_pair){i, laboratory[i], value};
    }
    *ret_n = found;
    return SEI_OK;
}

sei_status sei_pair_compare(sei_ctx *ctx, size_t n, const sei_pair pairs[],
                            sei_pair_statistics *ret_statistics)
{
    sei_pair_statistics s = {.n = n};
    double              x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0, square = 0.0, dd = 0.0;
    const double        count = (double)n;

    if (n < 3)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "a comparison needs three pairs, there are %zu",
                        n);
    for (size_t i = 0; i < n; i++) {
        const double d = pairs[i].sensor - pairs[i].laboratory;
        x += pairs[i].laboratory / count;
        y += pairs[i].sensor / count;
        square += d * d / count;
    }
    s.bias = y - x;
    for (size_t i = 0; i < n; i++) {
        const double u = pairs[i].laboratory - x, v = pairs[i].sensor - y;
        xx += u * u;
        yy += v * v;
        xy += u * v;
        dd += (v - u) * (v - u);
    }
    if (!(xx > 0.0) || !(fabs(xy) > 0.0) || !isfinite(xx + yy))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "the values do not vary together: no line can be drawn");
    s.sd            = sqrt(dd / (count - 1.0));
    s.t             = s.sd > 0.0 ? s.bias / (s.sd / sqrt(count)) : 0.0;
    s.low           = s.bias - 1.96 * s.sd;
    s.high          = s.bias + 1.96 * s.sd;
    s.rmse          = sqrt(square);
    s.slope         = (yy - xx + sqrt((yy - xx) * (yy - xx) + 4.0 * xy * xy)) / (2.0 * xy);
    s.intercept     = y - s.slope * x;
    *ret_statistics = s;
    return SEI_OK;
}
