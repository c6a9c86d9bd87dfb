/* calibrate_save.c - the files of a calibration */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "seiryu/version.h"
#include "study/calibrate.h"
#include "study/result_fig.h"
#include "study/result_json.h"
#include "study/result_parts.h"

/* ---- figures: measured against computed, before and after --------------------------------------- */

typedef struct {
    const sei_calibration *c;
    sei_digest            *before, *after;
    sei_figs               figs;
} drawer;

static void put_course(drawer *d, sei_figure *f, const sei_digest *digest, const sei_measured *m,
                       sei_label label, sei_look look, sei_colour colour)
{
    d->figs.d = digest;
    d->figs.r = digest->result;
    sei_fig_column(&d->figs, f, 0, m->watch, m->result_column, label, look, colour);
}

/* Residuals in standard errors below the courses: a drift or a season shows that the model's form is at fault. */
static void put_residuals(drawer *d, sei_figure *f, size_t series, bool is_held_out,
                          sei_label label, sei_look look)
{
    const sei_calibration *c = d->c;
    double *x = sei_fig_array(&d->figs, c->data.n), *y = sei_fig_array(&d->figs, c->data.n);
    size_t  n = 0;

    for (size_t i = 0; x && y && i < c->data.n; i++) {
        const sei_datum *m = &c->data.datum[i];
        if (m->series != series || m->is_held_out != is_held_out)
            continue;
        x[n]   = (double)m->time_us / (double)SEI_US_PER_S;
        y[n++] = sei_data_residual(&c->data.series[series], m, c->after[i]);
    }
    if (x && y)
        sei_fig_line(&d->figs, f, 1, label, look, SEI_COLOUR_BLUE, n, x, y);
    sei_release(c->ctx, x);
    sei_release(c->ctx, y);
}

static void add_residuals(drawer *d, sei_figure *f, size_t series)
{
    const sei_axis axis = {.title = SEI_L("残差/標準誤差", "residual / standard error"),
                           .lower = -3.0,
                           .upper = 3.0,
                           .without_zero = true};

    sei_figure_add_panel(f, &axis);
    put_residuals(d, f, series, false, SEI_L("残差(同定)", "residual, fitted"), SEI_LOOK_POINTS);
    put_residuals(d, f, series, true, SEI_L("残差(検証)", "residual, held out"),
                  SEI_LOOK_OPEN_POINTS);
    sei_figure_add_limit(f, 1, SEI_L("計算=実測", "computed = measured"), 0.0);
}

static void draw(drawer *d, size_t series)
{
    const sei_calibration *c    = d->c;
    const sei_measured    *m    = &c->data.series[series];
    const sei_words        name = sei_column_words(m->column), title = sei_column_title(m->column);
    /* the run's unit, not the sheet's: courses and limits have it, measured values are turned into it */
    const sei_quantity_column *column = &c->result_after->columns[m->result_column];
    const sei_watch           *watch  = &c->result_before->watches[m->watch];
    sei_words                  head   = title;
    char                       stem[64];

    snprintf(stem, sizeof stem, "fit-%zu-%.40s", series + 1, m->column->quantity->key);
    sei_words_add(&head, "：実測と計算 ", ": measured and computed, ");
    sei_words_add(&head, sei_watch_label(watch).ja, sei_watch_label(watch).en);
    sei_figure    *f    = sei_fig_begin(&d->figs, SEI_FIGURE_TIME, stem, SEI_LABEL_OF(head));
    const sei_axis axis = sei_fig_axis(&name, column, 0);
    sei_figure_add_panel(f, &axis);
    if (c->data.n_fitted < c->data.n) {
        const double from = (double)c->data.held_out_from_us / (double)SEI_US_PER_S;
        const double to =
            (double)c->result_after->time_us[c->result_after->n_times - 1] / (double)SEI_US_PER_S;
        sei_figure_add_span(f, SEI_SPAN_EVENT, SEI_L("検証期間", "held out"), from, to);
    }
    put_course(d, f, d->before, m, SEI_L("同定前", "before"), SEI_LOOK_DASHED, SEI_COLOUR_GREY);
    put_course(d, f, d->after, m, SEI_L("同定後", "after"), SEI_LOOK_LINE, SEI_COLOUR_BLUE);
    sei_fig_observed(&d->figs, f, 0, watch->key, column, SEI_L("実測", "measured"),
                     SEI_COLOUR_VERMILION);
    sei_fig_limits(&d->figs, f, 0, m->result_column);
    add_residuals(d, f, series);
    sei_fig_end(&d->figs, f, SEI_L("", ""));
}

static sei_status draw_all(const sei_calibration *c, sei_fig_take take, void *user)
{
    const sei_result *r = c->result_after;
    drawer            d = {.c = c, .figs = {.r = r, .take = take, .user = user}};

    sei_status st = sei_digest_create(c->ctx, c->result_before, &d.before);
    if (st == SEI_OK)
        st = sei_digest_create(c->ctx, r, &d.after);
    d.figs.d      = d.after;
    d.figs.time_s = sei_alloc(c->ctx, r->n_times + 1, sizeof *d.figs.time_s);
    if (st == SEI_OK && !d.figs.time_s)
        st = SEI_E_NOMEM;
    for (size_t i = 0; st == SEI_OK && i < r->n_times; i++)
        d.figs.time_s[i] = (double)r->time_us[i] / (double)SEI_US_PER_S;
    for (size_t s = 0; st == SEI_OK && s < c->data.n_series; s++)
        draw(&d, s);
    sei_release(c->ctx, d.figs.time_s);
    sei_digest_free(d.before);
    sei_digest_free(d.after);
    return st == SEI_OK ? d.figs.status : st;
}

/* ---- report.html ------------------------------------------------------------------------------ */

static void section(sei_doc *doc, const char *ja, const char *en)
{
    sei_doc_add_section(doc, 1, SEI_L(ja, en));
}

static void head(sei_doc *doc, const sei_calibration *c)
{
    char values[64], held[64], time[SEI_TIME_MAX];

    snprintf(values, sizeof values, "%zu", c->data.n_fitted);
    snprintf(held, sizeof held, "%zu", c->data.n - c->data.n_fitted);
    sei_format_time(time, c->data.held_out_from_us, c->site->utc_offset_us);
    sei_doc_set_subtitle(doc,
                         SEI_L("現況再現解析(パラメータ同定)", "Calibration on measured water"));
    sei_doc_add_property(doc, SEI_L("同定に用いた値", "Values fitted"), SEI_L(values, values));
    sei_doc_add_property(doc, SEI_L("検証用に残した値", "Values held out"), SEI_L(held, held));
    if (c->data.n_fitted < c->data.n)
        sei_doc_add_property(doc, SEI_L("検証期間の始まり", "Held out after"), SEI_L(time, time));
    sei_doc_add_property(doc, SEI_L("プログラム", "Program"),
                         SEI_L("Seiryu " SEI_VERSION, "Seiryu " SEI_VERSION));
    if (c->site->n_files > 0)
        sei_doc_add_property(doc, SEI_L("サイトファイル SHA-256", "Site file SHA-256"),
                             SEI_L(c->site->files[0].sha256, c->site->files[0].sha256));
}

static sei_label end_label(sei_lm_end end)
{
    switch (end) {
    case SEI_LM_GRADIENT: return SEI_L("残差平方和の傾きが消えた", "its slope has vanished");
    case SEI_LM_STUCK: return SEI_L("これ以上小さい点が見つからない", "no better point was found");
    case SEI_LM_ITERATIONS:
        return SEI_L("反復回数の上限に達した(収束していない)",
                     "the allowed iterations are used up: NOT converged");
    case SEI_LM_REDUCTION: break;
    }
    return SEI_L("残差平方和がこれ以上減らない", "it falls no further");
}

static void method(sei_doc *doc, const sei_calibration *c)
{
    char            ja[900], en[1000];
    const sei_label end = end_label(c->lm.end);

    snprintf(ja, sizeof ja,
             "残差平方和は %.4g から %.4g になった(反復 %d 回、計算 %d "
             "回。%s)。濃度と流量は自然対数の標準誤差 %g、pHは %g、"
             "水温は %g K "
             "として比べた。パラメータの事前分布は観測値1個と同じ重みを持つ。定量下限未満の値は、そ"
             "の値が下限を下回る確率で"
             "評価した(Tobit)。標準誤差の %g "
             "倍を超える残差は2乗でなく1次で数えた(Huber)"
             "。同定値の幅は最適値の近傍での線形近似に残差の大きさ(%.2f "
             "倍)を掛けたもので、モデルの構造の誤差は含まない。",
             c->lm.sum_at_start, c->lm.sum_of_squares, c->lm.iterations, c->lm.evaluations, end.ja,
             c->options.error_ln, c->options.error_ph, c->options.error_temp_k, c->options.robust_z,
             c->inflation);
    snprintf(en, sizeof en,
             "The sum of squares went from %.4g to %.4g (%d iterations, %d runs; %s). "
             "Concentrations and flows are compared with a "
             "standard error of %g of their natural logarithm, pH of %g, temperatures of %g K. The "
             "prior of each parameter weighs "
             "like one measured value. Values below a limit of quantification count by the chance "
             "to lie below it (Tobit). A residual beyond %g standard errors counts linearly "
             "(Huber). Bands are "
             "the linear approximation at the fit times the size of the misfit (%.2f); errors of "
             "the model's form are not included.",
             c->lm.sum_at_start, c->lm.sum_of_squares, c->lm.iterations, c->lm.evaluations, end.en,
             c->options.error_ln, c->options.error_ph, c->options.error_temp_k, c->options.robust_z,
             c->inflation);
    sei_doc_add_paragraph(doc, SEI_L(ja, en));
}

static sei_status take_figure(void *user, sei_figure *figure, sei_label caption)
{
    sei_doc_add_figure(user, figure, caption);
    return SEI_OK;
}

static sei_status save_report(const sei_calibration *c, const char *folder)
{
    char       *path = sei_path_join(c->ctx, folder, "report.html");
    sei_doc    *doc  = sei_doc_create(c->ctx, sei_site_label(c->site));
    sei_status  st   = path ? SEI_OK : SEI_E_NOMEM;
    sei_rtable *far;

    head(doc, c);
    if (c->lm.end == SEI_LM_ITERATIONS)
        sei_doc_add_warning(doc, SEI_L("反復回数の上限に達した。--iterations を増やすこと。",
                                       "The allowed iterations are used up: raise --iterations."));
    section(doc, "実測値", "Measured values");
    sei_doc_add_table(doc, sei_table_used(c));
    if ((far = sei_table_far(c)))
        sei_doc_add_table(doc, far);
    section(doc, "再現性", "How well the measured water is met");
    sei_doc_add_table(doc, sei_table_scores(c));
    if (st == SEI_OK)
        st = draw_all(c, take_figure, doc);
    section(doc, "同定したパラメータ", "Fitted parameters");
    sei_doc_add_table(doc, sei_table_fitted(c));
    if (c->n > 1)
        sei_doc_add_table(doc, sei_table_correlations(c));
    section(doc, "方法", "Method");
    method(doc, c);
    if (st == SEI_OK)
        st = sei_doc_save(c->ctx, doc, "html", SEI_LANG_BOTH, path);
    sei_doc_free(doc);
    sei_release(c->ctx, path);
    return st;
}

/* ---- tables and numbers ------------------------------------------------------------------------- */

static sei_status save_json(const sei_calibration *c, const char *folder)
{
    sei_json json;

    sei_json_init(&json);
    sei_json_text(&json, json.root, "format", "seiryu-calibration-1");
    sei_json_text(&json, json.root, "program_version", SEI_VERSION);
    sei_json_number(&json, json.root, "sum_of_squares_before", c->lm.sum_at_start);
    sei_json_number(&json, json.root, "sum_of_squares_after", c->lm.sum_of_squares);
    sei_json_number(&json, json.root, "inflation", c->inflation);
    sei_json_count(&json, json.root, "iterations", (size_t)c->lm.iterations);
    sei_json_count(&json, json.root, "runs", (size_t)c->lm.evaluations);
    sei_json_text(&json, json.root, "end", end_label(c->lm.end).en);
    sei_json_count(&json, json.root, "values_fitted", c->data.n_fitted);
    sei_json_count(&json, json.root, "values_held_out", c->data.n - c->data.n_fitted);
    json_t *list = sei_json_array(&json, json.root, "parameters");
    for (size_t j = 0; j < c->n; j++) {
        const sei_fitted *f = &c->fitted[j];
        const sei_knob   *k = &c->knobs->knobs[f->knob];
        json_t           *o = sei_json_object(&json, list, NULL);
        sei_json_text(&json, o, "path", k->path);
        sei_json_text(&json, o, "unit", k->shown_unit);
        sei_json_number(&json, o, "before", sei_knob_shown(k, f->start));
        sei_json_number(&json, o, "fitted", sei_knob_shown(k, f->best));
        sei_json_number(&json, o, "p10", sei_knob_shown(k, f->low));
        sei_json_number(&json, o, "p90", sei_knob_shown(k, f->high));
    }
    json_t *inputs = sei_json_array(&json, json.root, "inputs");
    for (size_t i = 0; i < c->site->n_files; i++) {
        json_t *o = sei_json_object(&json, inputs, NULL);
        sei_json_text(&json, o, "path", c->site->files[i].path);
        sei_json_text(&json, o, "sha256", c->site->files[i].sha256);
    }
    return sei_json_save(c->ctx, &json, folder, "calibration.json");
}

/* ---- all -------------------------------------------------------------------------------------- */

static sei_status save_run(const sei_calibration *c, const sei_result *result, const char *folder,
                           const char *name)
{
    char      *path = sei_path_join(c->ctx, folder, name);
    sei_status st   = path ? sei_result_save(c->ctx, result, path) : SEI_E_NOMEM;

    sei_release(c->ctx, path);
    return st;
}

sei_status sei_calibration_save(sei_ctx *ctx, const sei_calibration *c, const char *folder)
{
    sei_figure_saver saver = {.ctx = ctx};
    sei_status       st    = sei_folder_make(ctx, folder);
    sei_rtable      *far;

    if (st == SEI_OK)
        st = draw_all(c, sei_keep_figure, &saver);
    st = sei_save_kept_figures(&saver, st, folder);
    if (st == SEI_OK)
        st = sei_save_table(c->ctx, sei_table_fitted(c), folder, "parameters.csv");
    if (st == SEI_OK)
        st = sei_save_table(c->ctx, sei_table_scores(c), folder, "scores.csv");
    if (st == SEI_OK)
        st = sei_save_table(c->ctx, sei_table_measured(c), folder, "observations.csv");
    if (st == SEI_OK)
        st = sei_save_table(c->ctx, sei_table_used(c), folder, "used.csv");
    if (st == SEI_OK && (far = sei_table_far(c)))
        st = sei_save_table(c->ctx, far, folder, "far.csv");
    if (st == SEI_OK && c->n > 1)
        st = sei_save_table(c->ctx, sei_table_correlations(c), folder, "correlations.csv");
    if (st == SEI_OK)
        st = save_run(c, c->result_before, folder, "before");
    if (st == SEI_OK)
        st = save_run(c, c->result_after, folder, "after");
    if (st == SEI_OK)
        st = save_report(c, folder);
    if (st == SEI_OK)
        st = save_json(c, folder);
    return st;
}
