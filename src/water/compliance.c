/* compliance.c - a series judged against the limits of each date */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "water/limits.h"

/* A stretch of time with one set of limits. */
typedef struct {
    int64_t   start_us, end_us;
    size_t    n;
    sei_limit limits[SEI_LIMITS_AT_MAX];
} piece;

/* One value to be judged, a sample or a day. What lies below quantification is between low and
 * high. */
typedef struct {
    int64_t time_us;
    double  low, high, number; /* number: by the rule for values below LOQ */
    bool    below_loq;
} judged;

typedef struct {
    sei_ctx                      *ctx;
    const sei_series             *series;
    const sei_limits             *limits;
    const sei_limits_site        *site;
    const sei_compliance_options *options;
    int64_t                      *cuts;
    size_t                        n_cuts, cuts_size;
    piece                        *pieces;
    size_t                        n_pieces;
    sei_compliance               *results;
    size_t                        n, size;
} judge;

/* ---- the pieces of a period ---- */

static void put_cut(judge *j, int64_t time, int64_t start, int64_t end)
{
    if (time > start && time < end && j->n_cuts < j->cuts_size)
        j->cuts[j->n_cuts++] = time;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static bool concerns(const judge *j, const sei_limit *l)
{
    return l->quantity == j->series->column.quantity && l->fraction == j->series->column.fraction;
}

static void find_cuts(judge *j, int64_t start, int64_t end)
{
    j->n_cuts            = 0;
    j->cuts[j->n_cuts++] = start;
    for (size_t i = 0; i < j->limits->n; i++) {
        const sei_limit *l = &j->limits->rows[i].limit;
        if (!concerns(j, l))
            continue;
        put_cut(j, l->from_us, start, end);
        put_cut(j, l->to_us, start, end);
    }
    for (size_t i = 0; i < j->site->n_rules; i++) {
        put_cut(j, j->site->rules[i].from_us, start, end);
        put_cut(j, j->site->rules[i].to_us, start, end);
    }
    qsort(j->cuts, j->n_cuts, sizeof *j->cuts, by_time);
}

/* The same demand, whatever rows it comes from. */
static bool same_limit(const sei_limit *a, const sei_limit *b)
{
    return a->has_min == b->has_min && a->has_max == b->has_max &&
           !(a->has_min && (a->min_si < b->min_si || a->min_si > b->min_si)) &&
           !(a->has_max && (a->max_si < b->max_si || a->max_si > b->max_si)) &&
           a->statistic == b->statistic && a->is_target == b->is_target && a->status == b->status;
}

static bool same_limits(const piece *a, const piece *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!same_limit(&a->limits[i], &b->limits[i]))
            return false;
    return true;
}

static void make_pieces(judge *j, int64_t start, int64_t end)
{
    find_cuts(j, start, end);
    j->n_pieces = 0;
    for (size_t i = 0; i < j->n_cuts; i++) {
        if (i > 0 && j->cuts[i] == j->cuts[i - 1])
            continue;
        piece *p    = &j->pieces[j->n_pieces];
        p->start_us = j->cuts[i];
        p->end_us   = end;
        p->n        = sei_limits_at(j->limits, j->site, j->series->column.quantity,
                                    j->series->column.fraction, p->start_us, p->limits);
        if (j->n_pieces > 0 && same_limits(&j->pieces[j->n_pieces - 1], p))
            continue;
        if (j->n_pieces > 0)
            j->pieces[j->n_pieces - 1].end_us = p->start_us;
        j->n_pieces++;
    }
}

/* ---- judging ---- */

typedef enum { KEPT, EXCEEDED, UNDECIDED } verdict;

static verdict judge_value(const sei_limit *l, const judged *v)
{
    if (l->statistic == SEI_LIMIT_NOT_DETECTED)
        return v->below_loq || v->high <= 0 ? KEPT : EXCEEDED;
    if ((l->has_max && v->low > l->max_si) || (l->has_min && v->high < l->min_si))
        return EXCEEDED;
    if ((l->has_max && v->high > l->max_si) || (l->has_min && v->low < l->min_si))
        return UNDECIDED;
    return KEPT;
}

/* How far a value lies beyond the limit; negative inside. Without a limit the largest value counts. */
static double excess(const sei_limit *l, double value)
{
    double far = -HUGE_VAL;

    if (l->has_max)
        far = value - l->max_si;
    if (l->has_min && l->min_si - value > far)
        far = l->min_si - value;
    return l->has_max || l->has_min ? far : value;
}

typedef struct {
    sei_compliance *c;
    double          sum;
    size_t          n_all;
} tally;

static void count(tally *t, const judged *v)
{
    sei_compliance *c = t->c;
    const verdict   w = judge_value(&c->limit, v);

    if (t->n_all == 0 || excess(&c->limit, v->number) > excess(&c->limit, c->worst)) {
        c->worst    = v->number;
        c->worst_us = v->time_us;
    }
    t->sum += v->number;
    t->n_all++;
    if (w == UNDECIDED) {
        c->n_undecided++;
        return;
    }
    c->n++;
    c->n_below_loq += v->below_loq;
    c->n_exceed += w == EXCEEDED;
}

static judged judged_sample(const judge *j, size_t i)
{
    const sei_value v     = sei_series_value(j->series, i);
    const bool      below = v.qc == SEI_QC_BELOW_LOQ;

    return (judged){j->series->time_us[i], below ? 0 : v.value_si, v.value_si,
                    sei_value_number(&v, j->options->loq_rule), below};
}

/* Mean of the usable samples of the day that begins at *i; *i moves behind it. False without one. */
static bool judged_day(const judge *j, sei_compliance *c, size_t *i, size_t end, judged *ret_day)
{
    int64_t start, next;
    judged  day = {.below_loq = true};
    size_t  n   = 0;

    sei_period_bounds(SEI_PERIOD_DAY, j->series->time_us[*i], j->options->offset_us, &start, &next);
    for (; *i < end && j->series->time_us[*i] < next; (*i)++) {
        const sei_qc qc = (sei_qc)j->series->qc[*i];
        if (qc == SEI_QC_MISSING || qc == SEI_QC_BAD ||
            (qc == SEI_QC_SUSPECT && j->options->without_suspect)) {
            c->n_missing++;
            continue;
        }
        const judged v = judged_sample(j, *i);
        c->n_suspect += qc == SEI_QC_SUSPECT;
        day.low += v.low;
        day.high += v.high;
        day.number += v.number;
        day.below_loq = day.below_loq && v.below_loq;
        day.time_us   = n == 0 ? v.time_us : day.time_us;
        n++;
    }
    if (n == 0)
        return false;
    day.low /= (double)n;
    day.high /= (double)n;
    day.number /= (double)n;
    *ret_day = day;
    return true;
}

static void count_all(const judge *j, size_t begin, size_t end, tally *t)
{
    sei_compliance *c     = t->c;
    const bool      daily = c->limit.statistic == SEI_LIMIT_DAILY_MEAN;

    for (size_t i = begin; i < end;) {
        judged       v;
        const size_t upto = daily ? end : i + 1; /* a "day" of one sample otherwise */
        if (judged_day(j, c, &i, upto, &v))
            count(t, &v);
    }
}

static void conclude(sei_compliance *c, const tally *t)
{
    const sei_limit *l = &c->limit;

    c->rate     = c->n > 0 ? (double)(c->n - c->n_exceed) / (double)c->n : 0;
    c->has_mean = t->n_all > 0;
    if (!c->has_mean)
        return;
    c->mean    = t->sum / (double)t->n_all;
    c->mean_ok = l->statistic == SEI_LIMIT_NOT_DETECTED ? c->n_exceed == 0
                                                        : (!l->has_max || c->mean <= l->max_si) &&
                                                              (!l->has_min || c->mean >= l->min_si);
    if (l->has_max || l->has_min)
        c->margin = -excess(l, c->mean);
    if (l->has_max && l->max_si > 0)
        c->ratio = c->mean / l->max_si;
}

static sei_status put_result(judge *j, const sei_compliance *c)
{
    if (j->n == j->size) {
        const size_t    size  = j->size ? 2 * j->size : 32;
        sei_compliance *grown = sei_resize(j->ctx, j->results, size, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        j->results = grown;
        j->size    = size;
    }
    j->results[j->n++] = *c;
    return SEI_OK;
}

/* Rows [begin, end) of the series lie in the piece. */
static sei_status judge_piece(judge *j, const piece *p, size_t begin, size_t end)
{
    const int  year = sei_time_to_civil(j->series->time_us[begin], j->options->offset_us).year;
    sei_status st   = SEI_OK;
    int64_t    first, next;

    sei_period_bounds(j->options->period, j->series->time_us[begin], j->options->offset_us, &first,
                      &next);
    const int first_year = sei_time_to_civil(first, j->options->offset_us).year;
    for (size_t i = 0; i < p->n && st == SEI_OK; i++) {
        sei_compliance c = {
            .quantity  = j->series->column.quantity,
            .fraction  = j->series->column.fraction,
            .limit     = p->limits[i],
            .period    = j->options->period,
            .year      = j->options->period == SEI_PERIOD_FISCAL_YEAR ? first_year : year,
            .is_part   = j->n_pieces > 1,
            .start_us  = p->start_us,
            .end_us    = p->end_us,
            .loq_rule  = j->options->loq_rule,
            .offset_us = j->options->offset_us,
        };
        tally t = {.c = &c};
        count_all(j, begin, end, &t);
        conclude(&c, &t);
        st = put_result(j, &c);
    }
    return st;
}

static sei_status judge_all(judge *j)
{
    const sei_series *s  = j->series;
    sei_status        st = SEI_OK;

    for (size_t i = 0; i < s->n && st == SEI_OK;) {
        int64_t start, end;
        sei_period_bounds(j->options->period, s->time_us[i], j->options->offset_us, &start, &end);
        make_pieces(j, start, end);
        for (size_t k = 0; k < j->n_pieces && st == SEI_OK; k++) {
            const size_t begin = i;
            while (i < s->n && s->time_us[i] < j->pieces[k].end_us)
                i++;
            if (i > begin)
                st = judge_piece(j, &j->pieces[k], begin, i);
        }
    }
    return st;
}

static sei_status make_room(judge *j)
{
    size_t n = 2;

    for (size_t i = 0; i < j->limits->n; i++)
        n += concerns(j, &j->limits->rows[i].limit) ? 2 : 0;
    n += 2 * j->site->n_rules;
    j->cuts_size = n;
    j->cuts      = sei_alloc(j->ctx, n, sizeof *j->cuts);
    j->pieces    = sei_alloc(j->ctx, n, sizeof *j->pieces);
    return j->cuts && j->pieces ? SEI_OK : SEI_E_NOMEM;
}

sei_status sei_compliance_judge(sei_ctx *ctx, const sei_series *series, const sei_limits *limits,
                                const sei_limits_site *site, const sei_compliance_options *options,
                                sei_compliance **ret_results, size_t *ret_n)
{
    const sei_compliance_options defaults = SEI_COMPLIANCE_DEFAULTS;
    judge                        j        = {.ctx     = ctx,
                                             .series  = series,
                                             .limits  = limits,
                                             .site    = site,
                                             .options = options ? options : &defaults};

    if (j.options->period != SEI_PERIOD_YEAR && j.options->period != SEI_PERIOD_FISCAL_YEAR)
        return sei_fail(ctx, SEI_E_ARG, NULL,
                        "compliance is judged by year or fiscal_year, not by %s",
                        sei_period_name(j.options->period));
    if (sei_limits_has_law(site) && !sei_limits_has_table(limits, site->table))
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "there is no limit table '%s'", site->table);
    sei_status st = make_room(&j);
    if (st == SEI_OK)
        st = judge_all(&j);
    if (st != SEI_OK)
        goto done;

    *ret_results = j.results;
    *ret_n       = j.n;
    j.results    = NULL;
done:
    sei_release(ctx, j.cuts);
    sei_release(ctx, j.pieces);
    sei_release(ctx, j.results);
    return st;
}
