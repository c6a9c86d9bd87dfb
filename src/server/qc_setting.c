/* qc_setting.c - the tests of a channel from JSON */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "server/quality.h"

sei_qc_bounds sei_qc_bounds_of(const char *tests)
{
    sei_qc_bounds bounds = {-(double)INFINITY, (double)INFINITY};
    json_t       *list   = json_loads(tests, 0, NULL), *test;
    size_t        i;

    json_array_foreach(list, i, test)
    {
        const char *key = json_string_value(json_object_get(test, "test"));
        if (!key || strcmp(key, "gross-range") != 0)
            continue;
        const json_t *params = json_object_get(test, "params");
        const json_t *min    = json_object_get(params, "fail_min"),
                     *max    = json_object_get(params, "fail_max");
        if (json_is_number(min))
            bounds.min = json_number_value(min);
        if (json_is_number(max))
            bounds.max = json_number_value(max);
    }
    json_decref(list);
    return bounds;
}

bool sei_qc_is_within(const sei_qc_bounds *bounds, double value)
{
    return value >= bounds->min && value <= bounds->max;
}

void sei_qc_setting_done(sei_ctx *ctx, sei_qc_setting *setting)
{
    for (size_t i = 0; i < setting->n; i++)
        sei_release(ctx, setting->spans[i]);
    *setting = (sei_qc_setting){0};
}

/* Absent is open: the bound does not hold. */
static sei_status read_bound(sei_ctx *ctx, const json_t *json, const char *key, double open,
                             double *ret_value)
{
    const json_t *value = json_object_get(json, key);

    if (value && !json_is_number(value) && !json_is_null(value))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "spans: %s is no number", key);
    *ret_value = json_is_number(value) ? json_number_value(value) : open;
    return SEI_OK;
}

static sei_status check_span_keys(sei_ctx *ctx, const json_t *json)
{
    static const char *const known[] = {"period",      "from",        "to",
                                        "suspect_min", "suspect_max", "fail_min",
                                        "fail_max",    "other_min",   "other_max"};
    const char              *key;
    json_t                  *value;

    if (!json_is_object(json))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "spans: a span is an object");
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(known[i], key) != 0)
            i++;
        if (i == sizeof known / sizeof known[0])
            return sei_fail(ctx, SEI_E_KEY, NULL, "spans: unknown key \"%.40s\"", key);
    }
    return SEI_OK;
}

/* A span that says nothing of any value would only hide earlier ones. */
static sei_status check_span_bounds(sei_ctx *ctx, const sei_qc_span *s)
{
    if (isinf(s->suspect_min) && isinf(s->suspect_max) && isinf(s->fail_min) && isinf(s->fail_max))
        return sei_fail(ctx, SEI_E_MISSING, NULL,
                        "spans: give at least one of suspect_min, suspect_max, fail_min, fail_max");
    return SEI_OK;
}

static sei_status read_span(sei_ctx *ctx, const json_t *json, sei_qc_span *ret_span)
{
    sei_qc_span s      = {0};
    const char *period = json_string_value(json_object_get(json, "period"));
    sei_status  st     = check_span_keys(ctx, json);

    if (st != SEI_OK)
        return st;
    if (!period || !sei_qc_period_find(period, &s.period))
        return sei_fail(ctx, SEI_E_KEY, NULL, "spans: period \"%.20s\" is not known",
                        period ? period : "");
    if (!json_is_integer(json_object_get(json, "from")) ||
        !json_is_integer(json_object_get(json, "to")))
        return sei_fail(ctx, SEI_E_TYPE, NULL, "spans: from and to are whole numbers");
    s.from = json_integer_value(json_object_get(json, "from"));
    s.to   = json_integer_value(json_object_get(json, "to"));
    st     = read_bound(ctx, json, "suspect_min", -(double)INFINITY, &s.suspect_min);
    if (st == SEI_OK)
        st = read_bound(ctx, json, "suspect_max", (double)INFINITY, &s.suspect_max);
    if (st == SEI_OK)
        st = read_bound(ctx, json, "fail_min", -(double)INFINITY, &s.fail_min);
    if (st == SEI_OK)
        st = read_bound(ctx, json, "fail_max", (double)INFINITY, &s.fail_max);
    if (st == SEI_OK)
        st = read_bound(ctx, json, "other_min", -(double)INFINITY, &s.other_min);
    if (st == SEI_OK)
        st = read_bound(ctx, json, "other_max", (double)INFINITY, &s.other_max);
    s.has_other = isfinite(s.other_min) || isfinite(s.other_max);
    if (st == SEI_OK)
        st = check_span_bounds(ctx, &s);
    if (st == SEI_OK)
        *ret_span = s;
    return st;
}

static sei_status read_spans(sei_ctx *ctx, const json_t *list, sei_qc_spec *spec,
                             sei_qc_span **ret_spans)
{
    const size_t n     = json_array_size(list);
    sei_status   st    = SEI_OK;
    sei_qc_span *spans = NULL;

    if (n > SEI_QC_SPANS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d spans", SEI_QC_SPANS_MAX);
    if (n == 0)
        return SEI_OK;
    spans = sei_alloc(ctx, n, sizeof *spans);
    if (!spans)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = read_span(ctx, json_array_get(list, i), &spans[i]);
    spec->spans   = spans;
    spec->n_spans = n;
    *ret_spans    = spans; /* the caller's in every case */
    return st;
}

static sei_status read_params(sei_ctx *ctx, const json_t *params, sei_qc_spec *spec)
{
    const char *key;
    json_t     *value;
    sei_status  st = SEI_OK;

    json_object_foreach((json_t *)(uintptr_t)params, key, value)
    {
        if (st == SEI_OK && !json_is_number(value))
            st = sei_fail(ctx, SEI_E_TYPE, NULL, "%s: %.40s is no number", spec->test->key, key);
        if (st == SEI_OK)
            st = sei_qc_spec_set(ctx, spec, key, json_number_value(value));
    }
    return st;
}

static sei_status check_keys(sei_ctx *ctx, const json_t *json)
{
    static const char *const known[] = {"test", "params", "other", "spans", "interval_s"};
    const char              *key;
    json_t                  *value;

    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(known[i], key) != 0)
            i++;
        if (i == sizeof known / sizeof known[0])
            return sei_fail(ctx, SEI_E_KEY, NULL, "tests: unknown key \"%.40s\"", key);
    }
    return SEI_OK;
}

static sei_status read_test(sei_ctx *ctx, const json_t *json, int64_t interval_s,
                            sei_qc_setting *setting)
{
    const char        *key  = json_string_value(json_object_get(json, "test"));
    const sei_qc_test *test = key ? sei_qc_test_find(key) : NULL;
    const json_t      *own  = json_object_get(json, "interval_s");

    if (!test)
        return sei_fail(ctx, SEI_E_KEY, NULL, "there is no test \"%.40s\"", key ? key : "");
    sei_status   st             = check_keys(ctx, json);
    sei_qc_spec *spec           = &setting->specs[setting->n];
    *spec                       = sei_qc_spec_default(test);
    spec->interval_s            = json_is_number(own) ? json_number_value(own) : (double)interval_s;
    spec->offset_us             = SEI_JST_OFFSET;
    setting->others[setting->n] = json_integer_value(json_object_get(json, "other"));
    setting->spans[setting->n]  = NULL;
    if (test->other[0] && setting->others[setting->n] < 1 && !test->needs_spans)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "%s: other, the second channel, is missing", key);
    if (st == SEI_OK)
        st = read_params(ctx, json_object_get(json, "params"), spec);
    if (st == SEI_OK)
        st = read_spans(ctx, json_object_get(json, "spans"), spec, &setting->spans[setting->n]);
    for (size_t i = 0; i < spec->n_spans && st == SEI_OK; i++)
        if (spec->spans[i].has_other && setting->others[setting->n] < 1)
            st = sei_fail(ctx, SEI_E_MISSING, NULL,
                          "%s: other_min and other_max need other, the second channel", key);
    setting->n++; /* its spans are released with the others */
    return st == SEI_OK ? sei_qc_spec_check(ctx, spec) : st;
}

sei_status sei_qc_setting_read(sei_ctx *ctx, const json_t *json, int64_t interval_s,
                               sei_qc_setting *ret_setting)
{
    sei_qc_setting s  = {0};
    sei_status     st = SEI_OK;

    if (!json_is_array(json) || json_array_size(json) > SEI_QC_SET_MAX)
        return sei_fail(ctx, SEI_E_TYPE, NULL, "tests is no list of at most %d tests",
                        SEI_QC_SET_MAX);
    for (size_t i = 0; i < json_array_size(json) && st == SEI_OK; i++)
        st = read_test(ctx, json_array_get(json, i), interval_s, &s);
    if (st != SEI_OK)
        sei_qc_setting_done(ctx, &s);
    else
        *ret_setting = s;
    return st;
}
