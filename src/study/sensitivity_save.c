/* sensitivity_save.c - sensitivities as CSV and as a report, ranked */
#include <math.h>
#include <stdio.h>

#include "seiryu/version.h"
#include "study/result_parts.h"
#include "study/sensitivity.h"

enum { SHOWN_MAX = 15 };

/* ---- CSV -------------------------------------------------------------------------------------- */

static void put_number(sei_table_writer *w, double v)
{
    if (isfinite(v))
        sei_table_put_number(w, v, SEI_CSV_DIGITS);
    else
        sei_table_put_empty(w);
}

static void put_row(sei_table_writer *w, const sei_sensitivities *s, size_t o, size_t i,
                    size_t rank)
{
    const sei_sensitivity_output *out = &s->outputs[o];
    const sei_quantity_column    *c   = &s->nominal->columns[out->column];
    const sei_knob               *k   = &s->knobs->knobs[s->inputs[i].knob];

    sei_table_put_text(w, c->quantity->key);
    sei_table_put_text(w, c->quantity->fractions ? sei_fraction_key(c->fraction) : "");
    sei_table_put_text(w, out->is_worst_month ? "worst_month" : "mean");
    sei_table_put_int(w, (int64_t)rank);
    sei_table_put_text(w, k->path);
    put_number(w, sei_column_difference(c, sei_sensitivity_swing(s, i, o)));
    sei_table_put_text(w, sei_column_unit(c));
    put_number(w, sei_sensitivity_elasticity(s, i, o));
    sei_table_put_text(w, s->inputs[i].error);
    sei_table_end_row(w);
}

static sei_status save_csv(sei_ctx *ctx, const sei_sensitivities *s, const char *folder,
                           size_t order[])
{
    static const char *const heads[] = {"quantity",      "fraction", "output",     "rank", "path",
                                        "swing_p10_p90", "unit",     "elasticity", "error"};
    sei_table_writer        *w       = NULL;

    const sei_status st = sei_table_writer_create(ctx, NULL, &w);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        sei_table_put_text(w, heads[i]);
    sei_table_end_row(w);
    for (size_t o = 0; o < s->n_outputs; o++) {
        sei_sensitivity_rank(s, o, order);
        for (size_t i = 0; i < s->n_inputs; i++)
            put_row(w, s, o, order[i], i + 1);
    }
    return sei_save_csv(ctx, w, folder, "sensitivities.csv");
}

/* ---- report ----------------------------------------------------------------------------------- */

/* A shift has no value, but a range. */
static void put_input(sei_rtable *t, const sei_sensitivities *s, size_t input)
{
    const sei_knob *k = &s->knobs->knobs[s->inputs[input].knob];

    sei_put_plain(t, k->path);
    sei_put_number(t, sei_sensitivity_has_value(s, input), sei_knob_shown(k, k->value),
                   SEI_SIGNIFICANT(3));
    sei_rtable_add_number(t, sei_knob_shown(k, sei_prior_quantile(&k->prior, 0.1)),
                          SEI_SIGNIFICANT(3));
    sei_rtable_add_number(t, sei_knob_shown(k, sei_prior_quantile(&k->prior, 0.9)),
                          SEI_SIGNIFICANT(3));
}

static sei_rtable *ranked(sei_ctx *ctx, const sei_sensitivities *s, size_t o, const size_t order[])
{
    const sei_words            title = sei_sensitivity_output_words(s, o);
    const sei_quantity_column *c     = &s->nominal->columns[s->outputs[o].column];
    char                       name[40];

    snprintf(name, sizeof name, "sensitivity-%zu", o + 1);
    sei_rtable *t = sei_rtable_create(ctx, name, SEI_LABEL_OF(title));

    sei_rtable_add_column(t, "path", SEI_L("数値", "number"), "");
    sei_rtable_add_column(t, "value", SEI_L("値", "value"), "");
    sei_rtable_add_column(t, "p10", SEI_L("P10", "P10"), "");
    sei_rtable_add_column(t, "p90", SEI_L("P90", "P90"), "");
    sei_rtable_add_column(t, "swing", SEI_L("影響", "effect"), sei_column_unit(c));
    sei_rtable_add_column(t, "elasticity", SEI_L("弾力性", "elasticity"), "");
    sei_rtable_add_column(t, "meaning", SEI_L("意味", "meaning"), "");
    for (size_t i = 0; i < s->n_inputs && i < SHOWN_MAX; i++) {
        const sei_words means = sei_sensitivity_input_words(s, order[i]);
        const double    swing = sei_sensitivity_swing(s, order[i], o);
        const double    e     = sei_sensitivity_elasticity(s, order[i], o);
        if (sei_sensitivity_is_noise(s, order[i], order[0], o))
            continue;
        sei_rtable_add_row(t);
        put_input(t, s, order[i]);
        sei_rtable_add_number(t, sei_column_difference(c, swing), SEI_SIGNIFICANT(3));
        sei_put_number(t, isfinite(e), e, SEI_SIGNIFICANT(2));
        sei_rtable_add_text(t, SEI_LABEL_OF(means));
    }
    return t;
}

static void put_failed(sei_doc *doc, const sei_sensitivities *s)
{
    for (size_t i = 0; i < s->n_inputs; i++) {
        sei_words w = sei_words_of(s->knobs->knobs[s->inputs[i].knob].path,
                                   s->knobs->knobs[s->inputs[i].knob].path);
        if (s->inputs[i].status == SEI_OK)
            continue;
        sei_words_add(&w, "：", ": ");
        sei_words_add(&w, s->inputs[i].error, s->inputs[i].error);
        sei_doc_add_warning(doc, SEI_LABEL_OF(w));
    }
}

static sei_status save_report(sei_ctx *ctx, const sei_sensitivities *s, const char *folder,
                              size_t order[])
{
    const sei_words period = sei_period_words(s->nominal);
    char           *path   = sei_path_join(ctx, folder, "report.html");
    sei_doc        *doc    = sei_doc_create(ctx, sei_site_label(s->nominal->site));
    sei_status      st     = path ? SEI_OK : SEI_E_NOMEM;

    sei_doc_set_subtitle(doc, SEI_L("感度解析", "Sensitivities"));
    sei_doc_add_property(doc, SEI_L("計算期間", "Period"), SEI_LABEL_OF(period));
    sei_doc_add_property(doc, SEI_L("プログラム", "Program"),
                         SEI_L("Seiryu " SEI_VERSION, "Seiryu " SEI_VERSION));
    sei_doc_add_paragraph(
        doc,
        SEI_L("各数値を分布の30・70パーセンタイルに変えた2回の計算による中心差分。影響は傾きにP10–"
              "P90の幅を掛けたもの、弾力性は相対変化の比。大きい順に15件を示す(全件は "
              "sensitivities.csv)。値・P10・P90は名前の末尾の単位による。"
              "log K の幅は標準偏差0.1(仮定)。",
              "Central differences of two runs, each number at the 30th and 70th percentile of its "
              "distribution. The effect is the slope times P90 - P10, the elasticity the ratio of "
              "relative changes. The fifteen largest are shown; sensitivities.csv has all. "
              "Value, P10 and P90 are in the unit at the end of the number's name. The "
              "spread of log K is a standard deviation of 0.1, an assumption."));
    put_failed(doc, s);
    for (size_t o = 0; o < s->n_outputs; o++) {
        sei_sensitivity_rank(s, o, order);
        sei_doc_add_table(doc, ranked(ctx, s, o, order));
        sei_sensitivity_draw(doc, s, o, order);
    }
    if (st == SEI_OK)
        st = sei_doc_save(ctx, doc, "html", SEI_LANG_BOTH, path);
    sei_doc_free(doc);
    sei_release(ctx, path);
    return st;
}

sei_status sei_sensitivities_save(sei_ctx *ctx, const sei_sensitivities *s, const char *folder)
{
    size_t    *order = sei_alloc(ctx, s->n_inputs + 1, sizeof *order);
    sei_status st    = order ? sei_folder_make(ctx, folder) : SEI_E_NOMEM;

    if (st == SEI_OK)
        st = save_csv(ctx, s, folder, order);
    if (st == SEI_OK)
        st = save_report(ctx, s, folder, order);
    sei_release(ctx, order);
    return st;
}
