/* rain.c - flow against rain: antecedent precipitation, correlation with lag */
#include <math.h>

#include "base/clock.h"
#include "seiryu/qc_water.h"

sei_status sei_rain_api(sei_ctx *ctx, size_t n, const int64_t time_us[], const double rain[],
                        double k, double ret_api[])
{
    double api = 0.0;

    if (!(k >= 0.0 && k < 1.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "k = %g is outside 0..1", k);
    for (size_t i = 0; i < n; i++) {
        if (!(rain[i] >= 0.0) || !isfinite(rain[i]))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "rain[%zu] = %g", i, rain[i]);
        if (i > 0 && time_us[i] <= time_us[i - 1])
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "time_us[%zu] does not come after the one before it", i);
        const double days =
            i > 0 ? ((double)time_us[i] - (double)time_us[i - 1]) / (double)SEI_US_PER_DAY : 0.0;
        api        = rain[i] + pow(k, days) * api;
        ret_api[i] = api;
    }
    return SEI_OK;
}

/* Pearson's r of n pairs; false when one of both does not vary. Two passes: nothing cancels. */
static bool correlation(size_t n, const double a[], const double b[], double *ret_r)
{
    double mean_a = 0.0, mean_b = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;

    for (size_t i = 0; i < n; i++) {
        mean_a += a[i] / (double)n;
        mean_b += b[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
        ab += (a[i] - mean_a) * (b[i] - mean_b);
    }
    if (!(aa > 0.0) || !(bb > 0.0) || !isfinite(aa) || !isfinite(bb))
        return false;
    *ret_r = ab / sqrt(aa) / sqrt(bb);
    return true;
}

sei_status sei_lag_correlation(sei_ctx *ctx, size_t n, const double a[], const double b[],
                               size_t max_lag, double ret_r[], size_t *ret_best)
{
    size_t best = 0;

    if (n < 3 || max_lag > n - 3)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "a lag of %zu leaves less than three of %zu pairs",
                        max_lag, n);
    for (size_t lag = 0; lag <= max_lag; lag++) {
        if (!correlation(n - lag, a, b + lag, &ret_r[lag]))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "at lag %zu one of both series does not vary",
                            lag);
        best = ret_r[lag] > ret_r[best] ? lag : best;
    }
    *ret_best = best;
    return SEI_OK;
}
