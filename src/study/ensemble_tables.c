/* ensemble_tables.c - tables of an ensemble for the terminal, the report and CSV */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "study/ensemble.h"

static sei_label evidence(const sei_knob *k)
{
    return k->is_listed ? SEI_L("サイトファイル", "site file") : sei_evidence_label(k->evidence);
}

/* ---- chances ---------------------------------------------------------------------------------- */

static void put_chance(sei_rtable *t, const sei_ensemble *e, const sei_chance *c)
{
    const sei_words window = sei_window_words(&c->window);
    double          low, high;

    sei_rtable_add_row(t);
    if (c->column == SIZE_MAX) {
        sei_rtable_add_text(t, SEI_L("全基準", "all limits"));
        sei_rtable_add_empty(t);
        sei_rtable_add_empty(t);
    } else {
        const sei_words name  = sei_column_words(&e->nominal->columns[c->column]);
        const sei_words limit = sei_limit_words(&c->limit, false);
        sei_rtable_add_text(t, SEI_LABEL_OF(name));
        sei_rtable_add_text(t, SEI_LABEL_OF(limit));
        sei_rtable_add_text(t, sei_statistic_label(c->statistic));
    }
    sei_rtable_add_text(t, SEI_LABEL_OF(window));
    sei_share_interval(c->n, c->n_met, &low, &high);
    sei_rtable_add_number(t, 100.0 * (double)c->n_met / (double)c->n, 1);
    sei_rtable_add_number(t, 100.0 * low, 1);
    sei_rtable_add_number(t, 100.0 * high, 1);
    sei_rtable_add_number(t, (double)c->n, 0);
}

sei_rtable *sei_table_chances(const sei_ensemble *e)
{
    sei_rtable *t = sei_rtable_create(
        e->ctx, "probability", SEI_L("基準を満たす確率", "Probability of meeting the limits"));

    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "limit", SEI_L("基準", "limit"), "");
    sei_rtable_add_column(t, "statistic", SEI_L("評価", "judged by"), "");
    sei_rtable_add_column(t, "window", SEI_L("期間", "window"), "");
    sei_rtable_add_column(t, "probability_percent", SEI_L("確率", "probability"), "%");
    sei_rtable_add_column(t, "low_percent", SEI_L("下限", "low"), "%");
    sei_rtable_add_column(t, "high_percent", SEI_L("上限", "high"), "%");
    sei_rtable_add_column(t, "members", SEI_L("計算数", "members"), "");
    for (size_t i = 0; i < e->n_chances; i++)
        put_chance(t, e, &e->chances[i]);
    sei_rtable_add_note(t,
                        SEI_L("下限・上限は計算数が有限であることによる95%信頼区間。",
                              "low, high: 95 % confidence interval, from the number of members."));
    return t;
}

/* ---- the same as a matrix: one row a limit, one column a window ------------------------------- */

enum { SHOWN_MAX = 12 };

typedef struct {
    size_t            n;
    const sei_window *window[SHOWN_MAX];
} shown_windows;

/* The run, the seasons, and the fiscal years when there are several. */
static void choose_windows(const sei_ensemble *e, shown_windows *s)
{
    const size_t column = e->chances[e->n_chances - 1].column; /* of all limits */
    size_t       years  = 0;

    for (size_t i = 0; i < e->n_chances; i++)
        years += e->chances[i].column == column && e->chances[i].window.kind == SEI_WINDOW_YEAR;
    for (size_t i = 0; i < e->n_chances && s->n < SHOWN_MAX; i++) {
        const sei_chance     *c    = &e->chances[i];
        const sei_window_kind kind = c->window.kind;
        if (c->column == column && (kind == SEI_WINDOW_RUN || kind == SEI_WINDOW_ALL_SEASONS ||
                                    (kind == SEI_WINDOW_YEAR && years > 2)))
            s->window[s->n++] = &c->window;
    }
}

static bool is_same_window(const sei_window *a, const sei_window *b)
{
    return a->kind == b->kind && a->year == b->year && a->season == b->season;
}

/* Chances of one limit stand together, one a window. */
static void put_matrix_row(sei_rtable *t, const sei_ensemble *e, const shown_windows *s, size_t i)
{
    const sei_chance *c = &e->chances[i];

    sei_rtable_add_row(t);
    if (c->column == SIZE_MAX) {
        sei_rtable_add_text(t, SEI_L("全基準", "all limits"));
        sei_rtable_add_empty(t);
    } else {
        sei_words       name  = sei_column_words(&e->nominal->columns[c->column]);
        const sei_words limit = sei_limit_words(&c->limit, false);
        const sei_label by    = sei_statistic_label(c->statistic);
        if (c->statistic != SEI_LIMIT_EACH_SAMPLE) {
            sei_words_add(&name, " ", " ");
            sei_words_add(&name, by.ja, by.en);
        }
        sei_rtable_add_text(t, SEI_LABEL_OF(name));
        sei_rtable_add_text(t, SEI_LABEL_OF(limit));
    }
    for (size_t w = 0; w < s->n; w++) {
        const sei_chance *found = NULL;
        for (size_t k = i; k < e->n_chances && e->chances[k].column == c->column &&
                           e->chances[k].statistic == c->statistic;
             k++)
            if (is_same_window(&e->chances[k].window, s->window[w]))
                found = &e->chances[k];
        sei_put_number(t, found != NULL,
                       found ? 100.0 * (double)found->n_met / (double)found->n : 0.0, 1);
    }
}

sei_rtable *sei_table_chance_matrix(const sei_ensemble *e)
{
    shown_windows s = {0};
    char          key[32];
    sei_rtable   *t = sei_rtable_create(
          e->ctx, "probability", SEI_L("基準を満たす確率", "Probability of meeting the limits"));

    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "limit", SEI_L("基準", "limit"), "");
    if (e->n_chances > 0)
        choose_windows(e, &s);
    for (size_t w = 0; w < s.n; w++) {
        const sei_words words = sei_window_words(s.window[w]);
        snprintf(key, sizeof key, "window_%zu", w + 1);
        sei_rtable_add_column(t, key, SEI_LABEL_OF(words), "%");
    }
    for (size_t i = 0; i < e->n_chances; i++)
        if (i == 0 || e->chances[i].column != e->chances[i - 1].column ||
            e->chances[i].statistic != e->chances[i - 1].statistic)
            put_matrix_row(t, e, &s, i);
    sei_rtable_add_note(t, SEI_L("95%信頼区間と年度・季節ごとの値は probability.csv。",
                                 "95 % confidence intervals, and every year and season: "
                                 "probability.csv."));
    return t;
}

/* ---- bands ------------------------------------------------------------------------------------ */

bool sei_member_mean(const sei_ensemble *e, size_t member, size_t kept, double *ret_mean,
                     double *ret_max)
{
    const size_t  times = e->nominal->n_times;
    const double *v     = e->value + (member * e->n_kept + kept) * times;
    double        sum = 0.0, max = -(double)INFINITY;
    size_t        n = 0;

    for (size_t t = e->digest->first; t < times; t++)
        if (isfinite(v[t]) && e->flows[member * times + t]) {
            sum += v[t];
            max = fmax(max, v[t]);
            n++;
        }
    *ret_mean = n ? sum / (double)n : SEI_NO_NUMBER;
    *ret_max  = max;
    return n > 0;
}

static void put_quantiles(sei_rtable *t, const sei_quantity_column *c, size_t n, double v[])
{
    static const double p[] = {0.1, 0.5, 0.9};

    sei_sort_doubles(n, v);
    for (size_t i = 0; i < sizeof p / sizeof p[0]; i++)
        sei_put_value(t, c, n > 0, n > 0 ? sei_sorted_quantile(n, v, p[i]) : 0.0);
}

static void put_band(sei_rtable *t, const sei_ensemble *e, size_t kept, double mean[], double max[])
{
    const sei_quantity_column *c = &e->nominal->columns[e->kept[kept]];
    const sei_stat *stat         = sei_digest_stat(e->digest, e->digest->discharge, e->kept[kept]);
    const sei_words name         = sei_column_words(c);
    size_t          n            = 0;

    for (size_t m = 0; m < e->n_ok; m++)
        if (sei_member_mean(e, m, kept, &mean[n], &max[n]))
            n++;
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    sei_put_plain(t, sei_column_unit(c));
    sei_put_value(t, c, stat->has, stat->mean);
    put_quantiles(t, c, n, mean);
    put_quantiles(t, c, n, max);
}

sei_rtable *sei_table_bands(const sei_ensemble *e)
{
    static const struct {
        const char *key;
        sei_label   label;
    } columns[] = {
        {"mean_nominal", {"平均(基準計算)", "mean, file's numbers"}},
        {"mean_p10", {"平均 P10", "mean P10"}},
        {"mean_p50", {"平均 P50", "mean P50"}},
        {"mean_p90", {"平均 P90", "mean P90"}},
        {"max_p10", {"最大 P10", "highest P10"}},
        {"max_p50", {"最大 P50", "highest P50"}},
        {"max_p90", {"最大 P90", "highest P90"}},
    };
    sei_rtable *t =
        sei_rtable_create(e->ctx, "bands", SEI_L("放流水の予測幅", "Bands of the discharge"));
    double *mean = sei_alloc(e->ctx, e->n_ok + 1, sizeof *mean);
    double *max  = sei_alloc(e->ctx, e->n_ok + 1, sizeof *max);

    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        sei_rtable_add_column(t, columns[i].key, columns[i].label, "");
    for (size_t k = 0; k < e->n_kept && mean && max; k++)
        put_band(t, e, k, mean, max);
    sei_release(e->ctx, mean);
    sei_release(e->ctx, max);
    if (mean && max)
        return t;
    sei_rtable_free(t);
    return NULL;
}

/* ---- inputs ----------------------------------------------------------------------------------- */

static double shown(const sei_knob *k, double p)
{
    return sei_knob_shown(k, sei_prior_quantile(&k->prior, p));
}

sei_rtable *sei_table_draws(const sei_ensemble *e)
{
    sei_rtable *t =
        sei_rtable_create(e->ctx, "inputs", SEI_L("変動させた数値", "Numbers that vary"));
    const int digits = SEI_SIGNIFICANT(3);

    sei_rtable_add_column(t, "path", SEI_L("パス", "path"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "value", SEI_L("基準値", "value"), "");
    sei_rtable_add_column(t, "distribution", SEI_L("分布", "distribution"), "");
    sei_rtable_add_column(t, "p10", SEI_L("P10", "P10"), "");
    sei_rtable_add_column(t, "p50", SEI_L("P50", "P50"), "");
    sei_rtable_add_column(t, "p90", SEI_L("P90", "P90"), "");
    sei_rtable_add_column(t, "evidence", SEI_L("根拠", "evidence"), "");
    sei_rtable_add_column(t, "meaning", SEI_L("意味", "meaning"), "");
    for (size_t i = 0; i < e->draws->n; i++) {
        const sei_knob *k = &e->draws->knobs->knobs[e->draws->knob[i]];
        sei_rtable_add_row(t);
        sei_put_plain(t, k->path);
        sei_put_plain(t, k->shown_unit);
        sei_rtable_add_number(t, sei_knob_shown(k, k->value), digits);
        sei_put_plain(t, sei_prior_word(k->prior.kind));
        sei_rtable_add_number(t, shown(k, 0.1), digits);
        sei_rtable_add_number(t, shown(k, 0.5), digits);
        sei_rtable_add_number(t, shown(k, 0.9), digits);
        sei_rtable_add_text(t, evidence(k));
        sei_rtable_add_text(t, (sei_label){k->help_ja, k->help});
    }
    return t;
}

sei_rtable *sei_table_failed(const sei_ensemble *e)
{
    sei_rtable *t =
        sei_rtable_create(e->ctx, "failed", SEI_L("計算できなかったもの", "Members that failed"));

    sei_rtable_add_column(t, "member", SEI_L("番号", "member"), "");
    sei_rtable_add_column(t, "status", SEI_L("状態", "status"), "");
    sei_rtable_add_column(t, "reason", SEI_L("理由", "reason"), "");
    for (size_t i = 0; i < e->n_failed; i++) {
        sei_rtable_add_row(t);
        sei_rtable_add_number(t, (double)e->failed[i].number, 0);
        sei_put_plain(t, sei_status_name(e->failed[i].status));
        sei_put_plain(t, e->failed[i].error);
    }
    return t;
}
