/* qc.c - the list of tests, their numbers, and running them over arrays or record by record */
#include "seiryu/qc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "qc/op.h"

#define SEI_QC_TEST(name) extern const sei_qc_test sei_qc_test_##name;
#include "qc/test_list.h"
#undef SEI_QC_TEST

static const sei_qc_test *const tests[] = {
#define SEI_QC_TEST(name) &sei_qc_test_##name,
#include "qc/test_list.h"
#undef SEI_QC_TEST
};

enum { N_TESTS = sizeof tests / sizeof tests[0] };

size_t sei_qc_test_count(void)
{
    return N_TESTS;
}

const sei_qc_test *sei_qc_test_at(size_t i)
{
    return i < N_TESTS ? tests[i] : NULL;
}

const sei_qc_test *sei_qc_test_find(const char *key)
{
    for (size_t i = 0; i < N_TESTS; i++)
        if (strcmp(tests[i]->key, key) == 0)
            return tests[i];
    return NULL;
}

/* ------------------------------------------------------------------ flags */

const char *sei_qc_flag_name(uint8_t flag)
{
    switch (flag) {
    case SEI_FLAG_GOOD: return "good";
    case SEI_FLAG_NOT_EVALUATED: return "not-evaluated";
    case SEI_FLAG_SUSPECT: return "suspect";
    case SEI_FLAG_FAIL: return "fail";
    case SEI_FLAG_MISSING: return "missing";
    default: return "unknown";
    }
}

uint8_t sei_qc_rollup(size_t n, const uint8_t flags[])
{
    /* position = rank; a number that is no flag has rank 0 like MISSING */
    static const uint8_t rank[5] = {0, 2, 1, 3, 4};
    uint8_t              rolled  = SEI_FLAG_MISSING;
    uint8_t              best    = 0;

    for (size_t i = 0; i < n; i++) {
        const uint8_t r = flags[i] < sizeof rank ? rank[flags[i]] : 0;
        if (r > best) {
            best   = r;
            rolled = flags[i];
        }
    }
    return rolled;
}

sei_qc sei_qc_from_flag(uint8_t flag)
{
    switch (flag) {
    case SEI_FLAG_SUSPECT: return SEI_QC_SUSPECT;
    case SEI_FLAG_FAIL: return SEI_QC_BAD;
    case SEI_FLAG_MISSING: return SEI_QC_MISSING;
    default: return SEI_QC_GOOD;
    }
}

uint8_t sei_qc_on_time(int64_t newest_us, int64_t now_us, int64_t max_age_us)
{
    const double age_us = (double)now_us - (double)newest_us;

    if (age_us > (double)max_age_us)
        return SEI_FLAG_FAIL;
    return (uint8_t)(age_us < -(double)max_age_us ? SEI_FLAG_SUSPECT : SEI_FLAG_GOOD);
}

/* ------------------------------------------------------------------ the numbers of a test */

int64_t sei_qc_us(double seconds)
{
    const double us = seconds * (double)SEI_US_PER_S;

    return us < (double)SEI_QC_TIME_MAX_US ? llround(us) : SEI_QC_TIME_MAX_US;
}

int64_t sei_qc_gap_us(const sei_qc_spec *spec, double max_gap_intervals)
{
    return spec->interval_s > 0.0 ? sei_qc_us(spec->interval_s * max_gap_intervals)
                                  : SEI_QC_TIME_MAX_US;
}

sei_qc_spec sei_qc_spec_default(const sei_qc_test *test)
{
    sei_qc_spec spec = {.test = test};

    for (size_t i = 0; i < test->n_params; i++)
        spec.p[i] = sei_param_si(&test->params[i], test->params[i].def);
    return spec;
}

sei_status sei_qc_spec_set(sei_ctx *ctx, sei_qc_spec *spec, const char *key, double value)
{
    const sei_qc_test *test = spec->test;
    const size_t       i    = sei_param_index(test->params, test->n_params, key);

    if (i == test->n_params)
        return sei_fail(ctx, SEI_E_KEY, NULL, "the test %s has no parameter %s", test->key, key);
    spec->p[i] = sei_param_si(&test->params[i], value);
    return SEI_OK;
}

sei_status sei_qc_check_pair(sei_ctx *ctx, const sei_qc_spec *spec, size_t suspect, size_t fail)
{
    if (spec->p[suspect] <= spec->p[fail])
        return SEI_OK;
    return sei_fail(ctx, SEI_E_RANGE, NULL, "%s: %s = %g lies above %s = %g", spec->test->key,
                    spec->test->params[suspect].key, spec->p[suspect], spec->test->params[fail].key,
                    spec->p[fail]);
}

sei_status sei_qc_spec_check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    const sei_qc_test *test = spec->test;

    for (size_t i = 0; i < test->n_params; i++) {
        const sei_param *row = &test->params[i];
        if (isnan(spec->p[i]))
            return sei_fail(ctx, SEI_E_MISSING, NULL, "%s: %s has to be given", test->key,
                            row->key);
        if (spec->p[i] < sei_param_si(row, row->lower) ||
            spec->p[i] > sei_param_si(row, row->upper))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "%s: %s = %g is outside %g..%g", test->key,
                            row->key, spec->p[i], row->lower, row->upper);
    }
    if (!(spec->interval_s >= 0.0 && spec->interval_s < (double)SEI_QC_TIME_MAX_US))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "%s: a sampling interval of %g s", test->key,
                        spec->interval_s);
    if (test->needs_interval && !(spec->interval_s > 0.0))
        return sei_fail(ctx, SEI_E_MISSING, NULL,
                        "%s: the nominal sampling interval of the channel has to be given",
                        test->key);
    if (spec->n_spans > SEI_QC_SPANS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "%s: %zu spans, at most %d", test->key,
                        spec->n_spans, SEI_QC_SPANS_MAX);
    if (test->needs_spans && (spec->n_spans == 0 || !spec->spans))
        return sei_fail(ctx, SEI_E_MISSING, NULL, "%s: no span is given", test->key);
    return test->op->check ? test->op->check(ctx, spec) : SEI_OK;
}

int64_t sei_qc_history_us(const sei_qc_spec *spec)
{
    return spec->test->op->history_us ? spec->test->op->history_us(spec)
                                      : sei_qc_us(2.0 * spec->interval_s);
}

/* ------------------------------------------------------------------ a whole series */

sei_qc_point sei_qc_point_at(const sei_qc_series *s, size_t i)
{
    return (sei_qc_point){
        .time_us       = s->time_us[i],
        .value         = s->value[i],
        .missing       = s->missing && s->missing[i],
        .other         = s->other ? s->other[i] : 0.0,
        .other_missing = !s->other || (s->other_missing && s->other_missing[i]),
    };
}

bool sei_qc_all_there(const sei_qc_series *s)
{
    bool     there = true;
    unsigned gone  = 0;

    for (size_t i = 0; i < s->n; i++)
        there = there && s->value[i] - s->value[i] == 0.0; /* not so for NaN and infinity */
    for (size_t i = 0; s->missing && i < s->n; i++)
        gone |= s->missing[i];
    return there && gone == 0;
}

static sei_status check_order(sei_ctx *ctx, const char *what, size_t i, int64_t last, int64_t time)
{
    if (time <= -SEI_QC_TIME_MAX_US || time >= SEI_QC_TIME_MAX_US)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "%s: time_us[%zu] = %lld is no time", what, i,
                        (long long)time);
    if (time == last)
        return sei_fail(ctx, SEI_E_DUPLICATE, NULL, "%s: time_us[%zu] = %lld is given twice", what,
                        i, (long long)time);
    if (time < last)
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "%s: time_us[%zu] = %lld lies before the record before it", what, i,
                        (long long)time);
    return SEI_OK;
}

static sei_status check_series(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *s)
{
    int64_t last = INT64_MIN;

    if (s->n > 0 && (!s->time_us || !s->value))
        return sei_fail(ctx, SEI_E_ARG, NULL, "%s: a series without times or values",
                        spec->test->key);
    for (size_t i = 0; i < s->n; i++) {
        const int64_t time = s->time_us[i];
        if (time <= last || time <= -SEI_QC_TIME_MAX_US || time >= SEI_QC_TIME_MAX_US)
            return check_order(ctx, spec->test->key, i, last, time);
        last = time;
    }
    return SEI_OK;
}

sei_status sei_qc_run_pushing(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *series,
                              uint8_t ret_flags[])
{
    const struct sei_qc_op *op   = spec->test->op;
    sei_status              st   = SEI_OK;
    size_t                  done = 0;
    uint8_t                 two[2];
    void                   *state = sei_alloc(ctx, 1, op->state_size ? op->state_size : 1);
    if (!state)
        return SEI_E_NOMEM;

    for (size_t i = 0; i < series->n && st == SEI_OK; i++) {
        const sei_qc_point point = sei_qc_point_at(series, i);
        size_t             n     = 0;
        st                       = op->push(ctx, spec, state, &point, two, &n);
        for (size_t k = 0; st == SEI_OK && k < n; k++)
            ret_flags[done++] = two[k];
    }
    if (st == SEI_OK && op->finish && op->finish(spec, state, two) == 1)
        ret_flags[done++] = two[0];
    if (op->drop)
        op->drop(ctx, state);
    sei_release(ctx, state);
    return st;
}

sei_status sei_qc_run(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *series,
                      uint8_t ret_flags[])
{
    const struct sei_qc_op *op = spec->test->op;
    sei_status              st = sei_qc_spec_check(ctx, spec);

    if (st == SEI_OK)
        st = check_series(ctx, spec, series);
    if (st != SEI_OK)
        return st;
    return op->run ? op->run(ctx, spec, series, ret_flags)
                   : sei_qc_run_pushing(ctx, spec, series, ret_flags);
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

sei_status sei_qc_median_interval(sei_ctx *ctx, size_t n, const int64_t time_us[],
                                  double *ret_interval_s)
{
    if (n < 2)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "an interval needs two records, there are %zu",
                        n);
    int64_t *step = sei_alloc(ctx, n - 1, sizeof *step);
    if (!step)
        return SEI_E_NOMEM;
    for (size_t i = 1; i < n; i++)
        step[i - 1] = time_us[i] - time_us[i - 1];
    qsort(step, n - 1, sizeof *step, by_time);
    *ret_interval_s = (double)step[(n - 2) / 2] / (double)SEI_US_PER_S;
    sei_release(ctx, step);
    return SEI_OK;
}

/* ------------------------------------------------------------------ one record at a time */

struct sei_qc_stream {
    sei_ctx    *ctx;
    sei_qc_spec spec;
    int64_t     last_us;
    void       *state;
};

sei_status sei_qc_stream_create(sei_ctx *ctx, const sei_qc_spec *spec, sei_qc_stream **ret_stream)
{
    const size_t state_size = spec->test->op->state_size;
    sei_status   st         = sei_qc_spec_check(ctx, spec);
    if (st != SEI_OK)
        return st;
    sei_qc_stream *stream = sei_alloc(ctx, 1, sizeof *stream);
    if (!stream)
        return SEI_E_NOMEM;
    *stream       = (sei_qc_stream){.ctx = ctx, .spec = *spec, .last_us = INT64_MIN};
    stream->state = sei_alloc(ctx, 1, state_size ? state_size : 1);
    if (!stream->state) {
        sei_release(ctx, stream);
        return SEI_E_NOMEM;
    }
    *ret_stream = stream;
    return SEI_OK;
}

void sei_qc_stream_free(sei_qc_stream *stream)
{
    if (!stream)
        return;
    if (stream->spec.test->op->drop)
        stream->spec.test->op->drop(stream->ctx, stream->state);
    sei_release(stream->ctx, stream->state);
    sei_release(stream->ctx, stream);
}

sei_status sei_qc_push(sei_qc_stream *stream, const sei_qc_point *point, uint8_t ret_flags[2],
                       size_t *ret_n)
{
    const sei_qc_spec *spec = &stream->spec;
    sei_status st = check_order(stream->ctx, spec->test->key, 0, stream->last_us, point->time_us);
    if (st != SEI_OK)
        return st;
    st = spec->test->op->push(stream->ctx, spec, stream->state, point, ret_flags, ret_n);
    if (st == SEI_OK)
        stream->last_us = point->time_us;
    return st;
}

size_t sei_qc_finish(sei_qc_stream *stream, uint8_t ret_flags[1])
{
    const struct sei_qc_op *op = stream->spec.test->op;
    const size_t n = op->finish ? op->finish(&stream->spec, stream->state, ret_flags) : 0;

    if (op->drop)
        op->drop(stream->ctx, stream->state);
    memset(stream->state, 0, op->state_size);
    stream->last_us = INT64_MIN;
    return n;
}
