/*
 * climatology.c - climatology test: the values that are usual in this time of the year
 *
 * Spans are tried in their order; a later one that holds the record goes before an earlier one. A record in
 * no span is not evaluated.
 */
#include <string.h>

#include "base/clock.h"
#include "qc/op.h"

/* Calendar of the day of the last record: most records fall on the same day as the one before. */
typedef struct {
    bool    any;
    int64_t from_us, to_us; /* the day */
    int     part[5];        /* by sei_qc_period; DATES is not used */
} climate_state;

bool sei_qc_period_find(const char *name, sei_qc_period *ret_period)
{
    static const char *const names[] = {"dates", "month", "dayofyear", "week", "quarter"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0) {
            *ret_period = (sei_qc_period)i;
            return true;
        }
    return false;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days of the civil year before the day, from 1; day_of_week 1 = Monday, as in ISO 8601. */
static int week_of(int year, int day_of_year, int day_of_week)
{
    const int  week      = (day_of_year - day_of_week + 10) / 7;
    const bool leap      = sei_days_in_month(year, 2) == 29;
    const bool leap_last = sei_days_in_month(year - 1, 2) == 29;
    /* weekday of 1 January */
    const int first = ((day_of_week - day_of_year) % 7 + 7) % 7 + 1;

    if (week ==
        0) { /* last week of the year before: 53 when that begins on Thursday, or leap on Wednesday */
        const int first_before = ((first - 1 - (leap_last ? 2 : 1)) % 7 + 7) % 7 + 1;
        return first_before == 4 || (leap_last && first_before == 3) ? 53 : 52;
    }
    if (week == 53 && !(first == 4 || (leap && first == 3)))
        return 1;
    return week;
}

static void read_day(climate_state *s, int64_t time_us, int64_t offset_us)
{
    const int64_t   day         = floor_div(time_us + offset_us, SEI_US_PER_DAY);
    const sei_civil civil       = sei_time_to_civil(time_us, offset_us);
    const int       day_of_week = (int)((day % 7 + 7 + 3) % 7) + 1; /* 1970-01-01 was a Thursday */
    int             day_of_year = civil.day;

    for (int month = 1; month < civil.month; month++)
        day_of_year += sei_days_in_month(civil.year, month);
    s->any                      = true;
    s->from_us                  = day * SEI_US_PER_DAY - offset_us;
    s->to_us                    = s->from_us + SEI_US_PER_DAY;
    s->part[SEI_QC_MONTH]       = civil.month;
    s->part[SEI_QC_DAY_OF_YEAR] = day_of_year;
    s->part[SEI_QC_WEEK]        = week_of(civil.year, day_of_year, day_of_week);
    s->part[SEI_QC_QUARTER]     = (civil.month + 2) / 3;
}

static bool is_in_time(const sei_qc_span *span, const climate_state *day, int64_t time_us)
{
    const int64_t t = span->period == SEI_QC_DATES ? time_us : day->part[span->period];

    if (span->from > span->to)
        return t >= span->from || t <= span->to;
    return t >= span->from && t <= span->to;
}

static uint8_t judge(const sei_qc_span *span, double x)
{
    if (x < span->fail_min || x > span->fail_max)
        return SEI_FLAG_FAIL;
    return (uint8_t)(x < span->suspect_min || x > span->suspect_max ? SEI_FLAG_SUSPECT
                                                                    : SEI_FLAG_GOOD);
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    climate_state *day       = state;
    const bool     has_other = sei_qc_has_other(point);

    (void)ctx;
    *ret_n       = 1;
    ret_flags[0] = SEI_FLAG_MISSING;
    if (!sei_qc_has(point))
        return SEI_OK;
    if (!day->any || point->time_us < day->from_us || point->time_us >= day->to_us)
        read_day(day, point->time_us, spec->offset_us);
    ret_flags[0] = SEI_FLAG_NOT_EVALUATED;
    for (size_t i = spec->n_spans; i-- > 0;) {
        const sei_qc_span *span = &spec->spans[i];
        if (span->has_other &&
            !(has_other && point->other >= span->other_min && point->other <= span->other_max))
            continue;
        if (is_in_time(span, day, point->time_us)) {
            ret_flags[0] = judge(span, point->value);
            break;
        }
    }
    return SEI_OK;
}

static sei_status check_part(sei_ctx *ctx, size_t i, const sei_qc_span *span)
{
    static const int most[] = {0, 12, 366, 53, 4};

    if (span->period == SEI_QC_DATES) {
        if (span->from <= span->to)
            return SEI_OK;
        return sei_fail(ctx, SEI_E_RANGE, NULL, "climatology: span %zu ends before it begins", i);
    }
    if (span->from >= 1 && span->from <= most[span->period] && span->to >= 1 &&
        span->to <= most[span->period])
        return SEI_OK;
    return sei_fail(ctx, SEI_E_RANGE, NULL, "climatology: span %zu, %lld to %lld, is outside 1..%d",
                    i, (long long)span->from, (long long)span->to, most[span->period]);
}

static sei_status check(sei_ctx *ctx, const sei_qc_spec *spec)
{
    for (size_t i = 0; i < spec->n_spans; i++) {
        const sei_qc_span *span = &spec->spans[i];
        if ((unsigned)span->period > SEI_QC_QUARTER)
            return sei_fail(ctx, SEI_E_ARG, NULL, "climatology: span %zu has no known period", i);
        const sei_status st = check_part(ctx, i, span);
        if (st != SEI_OK)
            return st;
        if (!(span->suspect_min <= span->suspect_max) || !(span->fail_min <= span->fail_max) ||
            (span->has_other && !(span->other_min <= span->other_max)))
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "climatology: a minimum of span %zu lies above its maximum", i);
    }
    return SEI_OK;
}

static const struct sei_qc_op op = {
    .state_size = sizeof(climate_state),
    .check      = check,
    .push       = push,
};

const sei_qc_test sei_qc_test_climatology = {
    .key         = "climatology",
    .title       = "Climatology test",
    .title_ja    = "季節変動の検査",
    .source      = "qartod_ph2019",
    .other       = "depth or another quantity that spans tell apart",
    .other_ja    = "水深など、区分に用いる値",
    .needs_spans = true,
    .op          = &op,
};
