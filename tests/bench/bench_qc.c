/*
 * bench_qc.c - quality control of a million values, ioos_qc beside it
 *
 * ioos_qc runs by `python3` with its package: PATH may name a virtual environment. Both see the same series,
 * and the rows fail when they count different flags.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "seiryu/qc.h"

enum { N = 1000000, ROUNDS = 21 };

typedef struct {
    int64_t *time_us;
    double  *value;
    uint8_t *flags;
} values;

static void drop(values *v)
{
    free(v->time_us);
    free(v->value);
    free(v->flags);
}

/* A slow wave with noise; a stuck sensor a seventh of the time; a spike now and then. Arithmetic that comes
 * out the same in peer_ioos_qc.py. */
static bool make(values *v)
{
    v->time_us = malloc(N * sizeof *v->time_us);
    v->value   = malloc(N * sizeof *v->value);
    v->flags   = malloc(N);
    if (!v->time_us || !v->value || !v->flags)
        return false;
    for (int64_t i = 0; i < N; i++) {
        const double turn = (double)i * 0.6180339887498949;
        v->time_us[i]     = i * INT64_C(600000000);
        v->value[i] = 7.0 + fabs((double)(i % 2000 - 1000)) / 1000.0 + 0.1 * (turn - floor(turn));
        if (i / 1000 % 7 == 3)
            v->value[i] = 7.5;
        if (i % 997 == 0)
            v->value[i] += 3.0;
    }
    return true;
}

static sei_status make_spec(sei_ctx *ctx, const char *test, sei_qc_spec *spec)
{
    static const struct {
        const char *test, *key;
        double      value;
    } numbers[] = {
        {"spike", "suspect", 0.5},
        {"spike", "fail", 1.5},
        {"flat-line", "suspect_s", 7200.0},
        {"flat-line", "fail_s", 21600.0},
        {"flat-line", "tolerance", 0.01},
        {"rate-of-change", "suspect_per_s", 0.0008},
        {"rate-of-change", "fail_per_s", 0.003},
        {"attenuated-signal", "suspect", 0.03},
        {"attenuated-signal", "fail", 0.01},
        {"attenuated-signal", "period_s", 86400.0},
        {"attenuated-signal", "min_obs", 72.0},
    };

    *spec            = sei_qc_spec_default(sei_qc_test_find(test));
    spec->interval_s = 600.0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(numbers[i].test, test) == 0) {
            const sei_status st = sei_qc_spec_set(ctx, spec, numbers[i].key, numbers[i].value);
            if (st != SEI_OK)
                return st;
        }
    return SEI_OK;
}

static size_t time_ours(sei_ctx *ctx, const char *test, double times[], size_t count[10])
{
    values      v    = {0};
    size_t      n    = 0;
    sei_qc_spec spec = {0};
    bool        good = make(&v) && make_spec(ctx, test, &spec) == SEI_OK;

    const sei_qc_series s = {N, v.time_us, v.value, NULL, NULL, NULL};
    for (; good && n < ROUNDS; n++) {
        const double from = bench_cpu_s();
        good              = sei_qc_run(ctx, &spec, &s, v.flags) == SEI_OK;
        times[n]          = 1e9 * (bench_cpu_s() - from) / N;
    }
    for (size_t i = 0; good && count && i < N; i++)
        count[v.flags[i] < 10 ? v.flags[i] : 0]++;
    drop(&v);
    return good ? n : 0;
}

static size_t time_theirs(sei_ctx *ctx, const char *test, double times[], size_t max)
{
    char   command[1024], line[200];
    size_t n = 0, ours[10] = {0}, c[4];

    if (time_ours(ctx, test, times, ours) == 0)
        return 0;
    snprintf(command, sizeof command,
             "python3 '" SEI_PROJECT_DIR "/tests/bench/peer_ioos_qc.py' %s 2>/dev/null", test);
    FILE *answer = popen(command, "r");
    bool  equal  = true;
    while (answer && n < max && fgets(line, sizeof line, answer)) {
        if (sscanf(line, "%lf %zu %zu %zu %zu", &times[n], &c[0], &c[1], &c[2], &c[3]) != 5)
            continue;
        equal = equal && c[0] == ours[1] && c[1] == ours[2] && c[2] == ours[3] && c[3] == ours[4];
        n++;
    }
    if (answer)
        (void)pclose(answer);
    if (n == 0) {
        (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no Python package ioos_qc");
        return BENCH_SKIPPED;
    }
    if (!equal) {
        (void)sei_fail(
            ctx, SEI_E_INTERNAL, NULL,
            "ioos_qc counts %zu, %zu, %zu, %zu of the flags 1 to 4, we %zu, %zu, %zu, %zu", c[0],
            c[1], c[2], c[3], ours[1], ours[2], ours[3], ours[4]);
        return 0;
    }
    return n;
}

#define PAIR(name, test)                                                \
    static size_t name(sei_ctx *ctx, double times[], size_t max)        \
    {                                                                   \
        return max < ROUNDS ? 0 : time_ours(ctx, test, times, NULL);    \
    }                                                                   \
    static size_t name##_ioos(sei_ctx *ctx, double times[], size_t max) \
    {                                                                   \
        return max < ROUNDS ? 0 : time_theirs(ctx, test, times, max);   \
    }
PAIR(spike, "spike")
PAIR(flat_line, "flat-line")
PAIR(rate_of_change, "rate-of-change")
PAIR(attenuated, "attenuated-signal")

const bench bench_qc[] = {
    {"qc-spike", "spike test, a value", "ns", 18.0, spike, "qc-spike-ioos"},
    {"qc-spike-ioos", "the same by ioos_qc", "ns", INFINITY, spike_ioos, NULL},
    {"qc-flat", "flat line test, a value", "ns", 30.0, flat_line, "qc-flat-ioos"},
    {"qc-flat-ioos", "the same by ioos_qc", "ns", INFINITY, flat_line_ioos, NULL},
    {"qc-rate", "rate of change test, a value", "ns", 15.0, rate_of_change, "qc-rate-ioos"},
    {"qc-rate-ioos", "the same by ioos_qc", "ns", INFINITY, rate_of_change_ioos, NULL},
    {"qc-attenuated", "attenuated signal test, a value", "ns", 60.0, attenuated, "qc-att-ioos"},
    {"qc-att-ioos", "the same by ioos_qc", "ns", INFINITY, attenuated_ioos, NULL},
};
const size_t n_bench_qc = sizeof bench_qc / sizeof bench_qc[0];
