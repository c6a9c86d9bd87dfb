/* calibrate_tables.c - tables of a calibration for the terminal, the report and CSV */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "study/calibrate.h"

#define CORRELATED     0.9 /* above it one parameter moves as the other does */
#define LEAST_INFORMED 0.2 /* of the prior's variance; below it the number is the prior's */

/* ---- parameters ------------------------------------------------------------------------------- */

/* Correlation at the fit; 0 where there is none. */
static double correlation(const sei_calibration *c, size_t i, size_t j)
{
    const double *v    = c->lm.covariance;
    const double  both = sqrt(v[i * c->n + i] * v[j * c->n + j]);

    return both > 0.0 ? v[i * c->n + j] / both : 0.0;
}

/* The parameter that could stand in for this one, named when the two can hardly be told apart. */
static void add_partner(const sei_calibration *c, size_t j, sei_words *words)
{
    size_t partner = j;
    char   text[300];

    for (size_t i = 0; i < c->n; i++)
        if (i != j && fabs(correlation(c, i, j)) > CORRELATED &&
            (partner == j || fabs(correlation(c, i, j)) > fabs(correlation(c, partner, j))))
            partner = i;
    if (partner == j)
        return;
    snprintf(text, sizeof text, "%s (%.2f)", c->knobs->knobs[c->fitted[partner].knob].path,
             correlation(c, partner, j));
    if (words->en[0] != '\0')
        sei_words_add(words, "、", "; ");
    sei_words_add(words, "区別しにくい相手: ", "hardly told from ");
    sei_words_add(words, text, text);
}

static sei_words remark(const sei_calibration *c, size_t j)
{
    const sei_fitted *f     = &c->fitted[j];
    sei_words         words = sei_words_of("", "");

    if (f->is_at_bound)
        sei_words_add(&words, "事前範囲の端に達した", "at the end of its prior range");
    else if (!c->lm.is_identified)
        sei_words_add(&words, "他と区別できない組合せがある",
                      "a combination of parameters cannot be told");
    else if (f->sd_z * f->sd_z > 1.0 - LEAST_INFORMED)
        sei_words_add(&words, "観測値からはほとんど決まらない(事前分布の値)",
                      "hardly informed by the measured values: the prior's");
    add_partner(c, j, &words);
    return words;
}

sei_rtable *sei_table_fitted(const sei_calibration *c)
{
    sei_rtable *t =
        sei_rtable_create(c->ctx, "parameters", SEI_L("同定したパラメータ", "Fitted parameters"));

    sei_rtable_add_column(t, "parameter", SEI_L("パラメータ", "parameter"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "before", SEI_L("初期値", "before"), "");
    sei_rtable_add_column(t, "fitted", SEI_L("同定値", "fitted"), "");
    sei_rtable_add_column(t, "p10", SEI_L("P10", "P10"), "");
    sei_rtable_add_column(t, "p90", SEI_L("P90", "P90"), "");
    sei_rtable_add_column(t, "informed_percent", SEI_L("観測による絞込み", "informed"), "%");
    sei_rtable_add_column(t, "remark", SEI_L("備考", "remark"), "");
    for (size_t j = 0; j < c->n; j++) {
        const sei_fitted *f = &c->fitted[j];
        const sei_knob   *k = &c->knobs->knobs[f->knob];
        sei_rtable_add_row(t);
        sei_put_plain(t, k->path);
        sei_put_plain(t, k->shown_unit);
        sei_rtable_add_number(t, sei_knob_shown(k, f->start), SEI_SIGNIFICANT(4));
        sei_rtable_add_number(t, sei_knob_shown(k, f->best), SEI_SIGNIFICANT(4));
        sei_rtable_add_number(t, sei_knob_shown(k, f->low), SEI_SIGNIFICANT(3));
        sei_rtable_add_number(t, sei_knob_shown(k, f->high), SEI_SIGNIFICANT(3));
        sei_rtable_add_number(t, 100.0 * (1.0 - f->sd_z * f->sd_z), 0);
        const sei_words said = remark(c, j);
        sei_rtable_add_text(t, SEI_LABEL_OF(said));
    }
    sei_rtable_add_note(
        t,
        SEI_L("観測による絞込み: "
              "事前分布の分散のうち、観測値によって減った割合(最適値の近傍での線形近似)。",
              "informed: share of the prior's variance that the measured values took away (linear "
              "approximation near the fit)."));
    return t;
}

sei_rtable *sei_table_correlations(const sei_calibration *c)
{
    sei_rtable *t = sei_rtable_create(
        c->ctx, "correlations", SEI_L("同定値の事後相関", "Correlation of the fitted parameters"));

    sei_rtable_add_column(t, "first", SEI_L("パラメータ1", "first"), "");
    sei_rtable_add_column(t, "second", SEI_L("パラメータ2", "second"), "");
    sei_rtable_add_column(t, "correlation", SEI_L("相関係数", "correlation"), "");
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = i + 1; j < c->n; j++) {
            sei_rtable_add_row(t);
            sei_put_plain(t, c->knobs->knobs[c->fitted[i].knob].path);
            sei_put_plain(t, c->knobs->knobs[c->fitted[j].knob].path);
            sei_rtable_add_number(t, correlation(c, i, j), 2);
        }
    return t;
}

/* ---- scores ----------------------------------------------------------------------------------- */

/* Data of one series in one part, with what was computed at them. */
static sei_score score(const sei_calibration *c, size_t series, bool is_held_out,
                       const double computed[])
{
    const sei_datum **d = sei_alloc(c->ctx, c->data.n + 1, sizeof *d);
    double           *x = sei_alloc(c->ctx, c->data.n + 1, sizeof *x);
    sei_score         s = {0};
    size_t            n = 0;

    for (size_t i = 0; d && x && i < c->data.n; i++)
        if (c->data.datum[i].series == series && c->data.datum[i].is_held_out == is_held_out) {
            d[n]   = &c->data.datum[i];
            x[n++] = computed[i];
        }
    if (n > 0)
        s = sei_score_of(n, &c->data, d, x);
    sei_release(c->ctx, d);
    sei_release(c->ctx, x);
    return s;
}

static void put_score(sei_rtable *t, const sei_calibration *c, size_t series, bool is_held_out,
                      bool is_after)
{
    const sei_measured *m    = &c->data.series[series];
    const sei_score     s    = score(c, series, is_held_out, is_after ? c->after : c->before);
    const sei_words     name = sei_column_words(m->column);

    if (s.n + s.n_below == 0)
        return;
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, sei_watch_label(&c->result_before->watches[m->watch]));
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    sei_rtable_add_text(t, is_held_out ? SEI_L("検証", "held out") : SEI_L("同定", "fitted"));
    sei_rtable_add_text(t, is_after ? SEI_L("同定後", "after") : SEI_L("同定前", "before"));
    sei_rtable_add_number(t, (double)(s.n + s.n_below), 0);
    sei_put_plain(t, sei_column_unit(m->column));
    sei_put_number(t, s.n > 0, sei_column_difference(m->column, s.bias), SEI_SIGNIFICANT(3));
    sei_put_number(t, s.n > 0, sei_column_difference(m->column, s.rmse), SEI_SIGNIFICANT(3));
    sei_put_number(t, isfinite(s.pbias), s.pbias, 1);
    sei_put_number(t, isfinite(s.nse), s.nse, 2);
    sei_rtable_add_number(t, s.misfit, SEI_SIGNIFICANT(3));
    sei_put_number(t, isfinite(s.lag1), s.lag1, 2);
    sei_rtable_add_number(t, (double)s.n_below, 0);
    sei_rtable_add_number(t, (double)s.n_below_met, 0);
}

sei_rtable *sei_table_scores(const sei_calibration *c)
{
    sei_rtable *t =
        sei_rtable_create(c->ctx, "scores", SEI_L("再現性", "How well the measured water is met"));

    sei_rtable_add_column(t, "unit_name", SEI_L("地点", "behind"), "");
    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "part", SEI_L("期間", "part"), "");
    sei_rtable_add_column(t, "run", SEI_L("計算", "run"), "");
    sei_rtable_add_column(t, "values", SEI_L("個数", "values"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "bias", SEI_L("平均誤差", "bias"), "");
    sei_rtable_add_column(t, "rmse", SEI_L("RMSE", "RMSE"), "");
    sei_rtable_add_column(t, "pbias_percent", SEI_L("PBIAS", "PBIAS"), "%");
    sei_rtable_add_column(t, "nse", SEI_L("NSE", "NSE"), "");
    sei_rtable_add_column(t, "misfit", SEI_L("残差²/誤差²", "misfit"), "");
    sei_rtable_add_column(t, "lag1", SEI_L("系列相関", "lag-1"), "");
    sei_rtable_add_column(t, "below", SEI_L("定量下限未満", "below LOQ"), "");
    sei_rtable_add_column(t, "below_met", SEI_L("うち一致", "of them met"), "");
    for (size_t s = 0; s < c->data.n_series; s++)
        for (int part = 0; part < 2; part++)
            for (int run = 0; run < 2; run++)
                put_score(t, c, s, part == 1, run == 1);
    sei_rtable_add_note(
        t,
        SEI_L("平均誤差・RMSE・PBIAS・NSEは定量下限以上の値による。残差²/誤差²は1で設定誤差どおり。"
              "系列相関が大きいとき、同定値の幅は実際より狭い。",
              "bias, RMSE, PBIAS and NSE are those of values above the limit of quantification; a "
              "misfit of 1 is the "
              "stated error; with a high lag-1 correlation the bands of the parameters are too "
              "narrow."));
    return t;
}

/* ---- measured values -------------------------------------------------------------------------- */

void sei_add_datum_columns(sei_rtable *t)
{
    sei_rtable_add_column(t, "time", SEI_L("日時", "time"), "");
    sei_rtable_add_column(t, "unit_name", SEI_L("地点", "behind"), "");
    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "part", SEI_L("期間", "part"), "");
    sei_rtable_add_column(t, "measured", SEI_L("実測", "measured"), "");
}

void sei_put_datum(sei_rtable *t, const sei_calibration *c, size_t i)
{
    const sei_datum    *d    = &c->data.datum[i];
    const sei_measured *m    = &c->data.series[d->series];
    const sei_words     name = sei_column_words(m->column);
    char                time[SEI_TIME_MAX];

    sei_format_time(time, d->time_us, c->site->utc_offset_us);
    sei_rtable_add_row(t);
    sei_put_plain(t, time);
    sei_put_plain(t, c->result_before->watches[m->watch].key);
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    sei_put_plain(t, sei_column_unit(m->column));
    sei_rtable_add_text(t, d->is_held_out ? SEI_L("検証", "held out") : SEI_L("同定", "fitted"));
    if (d->is_below)
        sei_rtable_add_below(t, sei_column_shown(m->column, d->value), SEI_SIGNIFICANT(4));
    else
        sei_rtable_add_number(t, sei_column_shown(m->column, d->value), SEI_SIGNIFICANT(4));
}

sei_rtable *sei_table_measured(const sei_calibration *c)
{
    sei_rtable *t =
        sei_rtable_create(c->ctx, "observations", SEI_L("実測値と計算値", "Measured and computed"));

    sei_add_datum_columns(t);
    sei_rtable_add_column(t, "before", SEI_L("同定前", "before"), "");
    sei_rtable_add_column(t, "after", SEI_L("同定後", "after"), "");
    for (size_t i = 0; i < c->data.n; i++) {
        const sei_quantity_column *column = c->data.series[c->data.datum[i].series].column;
        sei_put_datum(t, c, i);
        sei_rtable_add_number(t, sei_column_shown(column, c->before[i]), SEI_SIGNIFICANT(4));
        sei_rtable_add_number(t, sei_column_shown(column, c->after[i]), SEI_SIGNIFICANT(4));
    }
    return t;
}
