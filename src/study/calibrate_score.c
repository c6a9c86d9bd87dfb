/* calibrate_score.c - how far computed values lie from measured ones */
#include <math.h>

#include "study/calibrate.h"

/* Pearson's correlation of each residual with the next. */
static double lag1(size_t n, const double z[])
{
    double mean = 0.0, same = 0.0, next = 0.0;

    if (n < 4)
        return SEI_NO_NUMBER;
    for (size_t i = 0; i < n; i++)
        mean += z[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        same += (z[i] - mean) * (z[i] - mean);
        next += i + 1 < n ? (z[i] - mean) * (z[i + 1] - mean) : 0.0;
    }
    return same > 0.0 ? next / same : SEI_NO_NUMBER;
}

typedef struct {
    double difference, square, measured, spread;
} sums;

static sums add_up(size_t n, const sei_datum *const datum[], const double computed[], double mean)
{
    sums s = {0};

    for (size_t i = 0; i < n; i++) {
        if (datum[i]->is_below)
            continue;
        const double d = computed[i] - datum[i]->value;
        s.difference += d;
        s.square += d * d;
        s.measured += datum[i]->value;
        s.spread += (datum[i]->value - mean) * (datum[i]->value - mean);
    }
    return s;
}

sei_score sei_score_of(size_t n, const sei_data *data, const sei_datum *const datum[],
                       const double computed[])
{
    sei_score score = {.nse = SEI_NO_NUMBER, .pbias = SEI_NO_NUMBER, .lag1 = SEI_NO_NUMBER};
    double    z[4096];
    size_t    n_z = 0;

    for (size_t i = 0; i < n; i++) {
        const double residual =
            sei_data_residual(&data->series[datum[i]->series], datum[i], computed[i]);
        score.misfit += residual * residual / (double)n;
        score.n += !datum[i]->is_below;
        score.n_below += datum[i]->is_below;
        score.n_below_met += datum[i]->is_below && computed[i] < datum[i]->value;
        if (!datum[i]->is_below && n_z < sizeof z / sizeof z[0])
            z[n_z++] = residual;
    }
    if (score.n == 0)
        return score;
    const double count = (double)score.n;
    const sums   all = add_up(n, datum, computed, add_up(n, datum, computed, 0.0).measured / count);
    score.bias       = all.difference / count;
    score.rmse       = sqrt(all.square / count);
    score.lag1       = lag1(n_z, z);
    if (all.spread > 0.0)
        score.nse = 1.0 - all.square / all.spread;
    if (all.measured != 0.0)
        score.pbias = 100.0 * all.difference / all.measured;
    return score;
}
