/*
 * flat_line.c - flat line test: values that stay within a tolerance for a time
 *
 * A value is flagged when all values of the last suspect_s (fail_s) lie within less than the tolerance, and
 * values without a gap go back for that time, less one sampling interval. The state keeps the newest value that breaks the present flat stretch and, in two
 * monotone queues, the extremes of the window: every value enters and leaves them once.
 */
#include <math.h>

#include "qc/op.h"
#include "qc/window.h"

enum { SUSPECT, FAIL, TOLERANCE, MAX_GAP, THROUGH_GAPS };

static const sei_param params[] = {
    {"suspect_s", "s", NAN, 1e-6, 1e9, SEI_LOG, SEI_ASSUMED, "",
     "a value that stands for longer is suspect", "要確認とする停滞時間"},
    {"fail_s", "s", INFINITY, 1e-6, INFINITY, SEI_LOG, SEI_ASSUMED, "",
     "a value that stands for longer fails", "不合格とする停滞時間"},
    {"tolerance", "value", 0, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "values stand when they differ by less; 0: by nothing", "停滞とみなす変動幅"},
    {"max_gap_intervals", "", 3, 1, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "a pause of more sampling intervals ends a stretch",
     "停滞を打ち切る欠測の長さ（測定間隔の倍数）"},
    {"through_gaps", "", 0, 0, 1, SEI_LINEAR, SEI_ASSUMED, "ioos_qc",
     "1: missing values count as standing, as in ioos_qc",
     "1: 欠測も停滞に数える（ioos_qcと同じ）"},
};

#define NONE INT64_MIN

typedef struct {
    bool    any, any_value;
    int64_t start_us; /* first record of all */
    int64_t last_us;  /* last value */
    double  last;
    int64_t since_us;   /* first value after the last gap */
    int64_t breaker_us; /* newest value since then that the later ones are not flat with, or NONE */
    sei_qc_queue low, high; /* ascending, descending */
} flat_state;

typedef struct {
    int64_t suspect_us, fail_us, window_us, interval_us, gap_us;
    double  tolerance;
    bool    through;
} flat_rule;

static flat_rule rule_of(const sei_qc_spec *spec)
{
    const double *p = spec->p;
    flat_rule     r = {
            .suspect_us  = sei_qc_us(p[SUSPECT]),
            .fail_us     = isfinite(p[FAIL]) ? sei_qc_us(p[FAIL]) : INT64_MAX,
            .interval_us = sei_qc_us(spec->interval_s),
            .tolerance   = p[TOLERANCE],
            .through     = p[THROUGH_GAPS] > 0.0,
    };

    r.window_us = isfinite(p[FAIL]) ? r.fail_us : r.suspect_us;
    r.gap_us    = r.through ? SEI_QC_TIME_MAX_US : sei_qc_gap_us(spec, p[MAX_GAP]);
    return r;
}

static sei_status check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    if (spec->p[SUSPECT] < spec->interval_s)
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "flat-line: suspect_s = %g is shorter than the sampling interval, %g s",
                        spec->p[SUSPECT], spec->interval_s);
    return sei_qc_check_pair(ctx, spec, SUSPECT, FAIL);
}

static int64_t history_us(const sei_qc_spec *spec)
{
    const flat_rule r = rule_of(spec);

    return r.window_us + r.interval_us;
}

static inline bool is_apart(const flat_rule *r, double range)
{
    return range > 0.0 && range >= r->tolerance;
}

/* Values older than the window do not matter; of those in it only what may yet be an extreme is kept. */
static inline sei_status enter(sei_ctx *ctx, flat_state *s, int64_t from_us, sei_qc_item item)
{
    while (s->low.n > 0 && sei_qc_item_at(&s->low, 0)->time_us < from_us)
        sei_qc_pop_front(&s->low);
    while (s->high.n > 0 && sei_qc_item_at(&s->high, 0)->time_us < from_us)
        sei_qc_pop_front(&s->high);
    while (s->low.n > 0 && sei_qc_item_at(&s->low, s->low.n - 1)->value >= item.value)
        s->low.n--;
    while (s->high.n > 0 && sei_qc_item_at(&s->high, s->high.n - 1)->value <= item.value)
        s->high.n--;
    const sei_status st = sei_qc_push_back(ctx, "flat-line", &s->low, item);

    return st == SEI_OK ? sei_qc_push_back(ctx, "flat-line", &s->high, item) : st;
}

/* Takes the oldest extremes away until the rest is flat. */
static inline void narrow(const flat_rule *r, flat_state *s)
{
    for (;;) {
        const sei_qc_item *low = sei_qc_item_at(&s->low, 0), *high = sei_qc_item_at(&s->high, 0);
        if (!is_apart(r, high->value - low->value))
            return;
        sei_qc_queue *older = low->time_us < high->time_us ? &s->low : &s->high;
        s->breaker_us       = sei_qc_item_at(older, 0)->time_us;
        sei_qc_pop_front(older);
    }
}

/* The value is the whole window. */
static inline sei_status begin(sei_ctx *ctx, flat_state *s, sei_qc_item item)
{
    s->low.n = s->high.n = 0;
    const sei_status st  = sei_qc_push_back(ctx, "flat-line", &s->low, item);

    return st == SEI_OK ? sei_qc_push_back(ctx, "flat-line", &s->high, item) : st;
}

static inline sei_status take(sei_ctx *ctx, const flat_rule *r, flat_state *s, int64_t time_us,
                              double x)
{
    const sei_qc_item item = {.time_us = time_us, .value = x};
    sei_status        st;

    if (!s->any_value || time_us - s->last_us > r->gap_us) {
        s->breaker_us = NONE;
        s->since_us   = time_us;
        st            = begin(ctx, s, item);
    } else if (is_apart(r, fabs(x - s->last))) { /* the usual case: nothing before matters */
        s->breaker_us = s->last_us;
        st            = begin(ctx, s, item);
    } else {
        st = enter(ctx, s, time_us - r->window_us, item);
        if (st == SEI_OK)
            narrow(r, s);
    }
    if (st != SEI_OK)
        return st;
    s->any_value = true;
    s->last_us   = time_us;
    s->last      = x;
    return SEI_OK;
}

static inline bool is_flat(const flat_rule *r, const flat_state *s, int64_t time_us, int64_t for_us)
{
    const int64_t since_us = r->through ? s->start_us : s->since_us;

    return (s->breaker_us == NONE || time_us - s->breaker_us > for_us) &&
           time_us - since_us > for_us - r->interval_us;
}

static inline sei_status judge(sei_ctx *ctx, const flat_rule *r, flat_state *s, int64_t time_us,
                               bool has, double x, uint8_t *ret_flag)
{
    if (!s->any) {
        s->any      = true;
        s->start_us = time_us;
    }
    if (!has) {
        *ret_flag = SEI_FLAG_MISSING;
        return SEI_OK;
    }
    const sei_status st = take(ctx, r, s, time_us, x);
    if (st != SEI_OK)
        return st;
    *ret_flag = (uint8_t)(is_flat(r, s, time_us, r->fail_us)      ? SEI_FLAG_FAIL
                          : is_flat(r, s, time_us, r->suspect_us) ? SEI_FLAG_SUSPECT
                                                                  : SEI_FLAG_GOOD);
    return SEI_OK;
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    const flat_rule r = rule_of(spec);

    *ret_n = 1;
    return judge(ctx, &r, state, point->time_us, sei_qc_has(point), point->value, &ret_flags[0]);
}

static void drop(sei_ctx *ctx, void *state)
{
    flat_state *s = state;

    sei_release(ctx, s->low.item);
    sei_release(ctx, s->high.item);
    s->low = s->high = (sei_qc_queue){0};
}

static sei_status run(sei_ctx *ctx, const sei_qc_spec *spec, const sei_qc_series *series,
                      uint8_t ret_flags[])
{
    const flat_rule r  = rule_of(spec);
    flat_state      s  = {0};
    sei_status      st = SEI_OK;

    for (size_t i = 0; i < series->n && st == SEI_OK; i++) {
        const double x   = series->value[i];
        const bool   has = !(series->missing && series->missing[i]) && x - x == 0.0;
        st               = judge(ctx, &r, &s, series->time_us[i], has, x, &ret_flags[i]);
    }
    drop(ctx, &s);
    return st;
}

static const struct sei_qc_op op = {
    .state_size = sizeof(flat_state),
    .check      = check,
    .history_us = history_us,
    .push       = push,
    .drop       = drop,
    .run        = run,
};

const sei_qc_test sei_qc_test_flat_line = {
    .key            = "flat-line",
    .title          = "Flat line test",
    .title_ja       = "停滞値の検査",
    .source         = "qartod_ph2019",
    .other          = "",
    .other_ja       = "",
    .params         = params,
    .n_params       = sizeof params / sizeof params[0],
    .needs_interval = true,
    .op             = &op,
};
