/* scenario_save.c - tables, report and files that put scenarios side by side */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "seiryu/version.h"
#include "study/result_parts.h"
#include "study/scenario_run.h"

static const sei_scenario_outcome *first_of(const sei_scenario_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++)
        if (runs->outcomes[i].status == SEI_OK)
            return &runs->outcomes[i];
    return NULL;
}

/* The judgement of another scenario that stands for the same limit; NULL when there is none. */
static const sei_judgement *same_judgement(const sei_scenario_outcome *o, const sei_result *of,
                                           const sei_judgement *j)
{
    const sei_quantity_column *c = &of->columns[j->column];

    for (size_t i = 0; i < o->digest->n_judgements; i++) {
        const sei_judgement       *k = &o->digest->judgements[i];
        const sei_quantity_column *d = &o->result->columns[k->column];
        if (d->quantity == c->quantity && d->fraction == c->fraction &&
            k->limit.statistic == j->limit.statistic)
            return k;
    }
    return NULL;
}

static void add_scenario_columns(sei_rtable *t, const sei_scenario_runs *runs, size_t group)
{
    char key[64];

    for (size_t i = 0; i < runs->n; i++) {
        if (!sei_scenario_is_in(i, group))
            continue;
        snprintf(key, sizeof key, "%.60s", runs->outcomes[i].site->scenario);
        sei_rtable_add_column(t, key, sei_scenario_label(runs->outcomes[i].site), "");
    }
}

/* Tables of the second and later groups carry their number. */
static sei_rtable *begin(const sei_scenario_runs *runs, size_t group, const char *name,
                         const char *ja, const char *en)
{
    char      numbered[40], part[40] = "";
    sei_words title = sei_words_of(ja, en);

    snprintf(numbered, sizeof numbered, group ? "%s-%zu" : "%s", name, group + 1);
    if (sei_scenario_n_groups(runs) > 1)
        snprintf(part, sizeof part, " (%zu/%zu)", group + 1, sei_scenario_n_groups(runs));
    sei_words_add(&title, part, part);
    sei_rtable *t = sei_rtable_create(runs->ctx, numbered, SEI_LABEL_OF(title));

    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    return t;
}

/* "Zn 全量" / "Zn total", with the statistic where the limit is one of means. */
static sei_words judged_words(const sei_result *r, const sei_judgement *j)
{
    sei_words name = sei_column_words(&r->columns[j->column]);

    if (j->limit.statistic == SEI_LIMIT_DAILY_MEAN || j->limit.statistic == SEI_LIMIT_ANNUAL_MEAN) {
        const sei_label statistic = sei_statistic_label(j->limit.statistic);
        sei_words_add(&name, " ", ", ");
        sei_words_add(&name, statistic.ja, statistic.en);
    }
    return name;
}

/* "Zn 全量 7.47 mg/L (64日)": the limits that the discharge does not keep. */
static sei_words broken_words(const sei_scenario_outcome *o)
{
    sei_words all = sei_words_of("", "");

    for (size_t i = 0; i < o->digest->n_judgements; i++) {
        const sei_judgement       *j    = &o->digest->judgements[i];
        const sei_quantity_column *c    = &o->result->columns[j->column];
        const sei_words            name = judged_words(o->result, j);
        char                       value[80];
        if (j->verdict != SEI_VERDICT_FAIL)
            continue;
        snprintf(value, sizeof value, " %.3g%s%s", sei_column_shown(c, j->worst),
                 sei_column_unit(c)[0] ? " " : "", sei_column_unit(c));
        sei_words_add(&all, all.ja[0] ? "、" : "", all.en[0] ? "; " : "");
        sei_words_add(&all, name.ja, name.en);
        sei_words_add(&all, value, value);
        if (j->limit.statistic != SEI_LIMIT_ANNUAL_MEAN) {
            char ja[60], en[60];
            snprintf(ja, sizeof ja, "(%zu/%zu回超過)", j->n_exceed, j->n);
            snprintf(en, sizeof en, " (%zu of %zu times)", j->n_exceed, j->n);
            sei_words_add(&all, ja, en);
        }
    }
    return all;
}

sei_rtable *sei_table_scenario_overview(const sei_scenario_runs *runs)
{
    sei_rtable *t = sei_rtable_create(runs->ctx, "overview",
                                      SEI_L("シナリオと判定", "Scenarios and their verdicts"));

    sei_rtable_add_column(t, "scenario", SEI_L("シナリオ", "scenario"), "");
    sei_rtable_add_column(t, "verdict", SEI_L("判定", "verdict"), "");
    sei_rtable_add_column(
        t, "broken",
        SEI_L("守れない基準(最悪値、超過回数)", "limits not kept (worst value, times beyond)"), "");
    for (size_t i = 0; i < runs->n; i++) {
        const sei_scenario_outcome *o = &runs->outcomes[i];
        const sei_words broken = o->status == SEI_OK ? broken_words(o) : sei_words_of("", "");
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, sei_scenario_label(o->site));
        sei_rtable_add_verdict(t, o->status != SEI_OK || o->digest->n_judgements == 0
                                      ? SEI_VERDICT_NONE
                                  : broken.ja[0] ? SEI_VERDICT_FAIL
                                                 : SEI_VERDICT_PASS);
        if (o->status != SEI_OK)
            sei_rtable_add_text(t, SEI_L("計算できず", "could not be computed"));
        else
            sei_rtable_add_text(t, SEI_LABEL_OF(broken));
    }
    return t;
}

sei_rtable *sei_table_scenario_limits(const sei_scenario_runs *runs, size_t group)
{
    const sei_scenario_outcome *o = first_of(runs);
    sei_rtable *t = begin(runs, group, "limits", "基準との比較(最も厳しい値)",
                          "Worst value against each limit");

    sei_rtable_add_column(t, "limit", SEI_L("基準", "limit"), "");
    add_scenario_columns(t, runs, group);
    for (size_t i = 0; o && i < o->digest->n_judgements; i++) {
        const sei_judgement       *j     = &o->digest->judgements[i];
        const sei_quantity_column *c     = &o->result->columns[j->column];
        const sei_words            name  = judged_words(o->result, j);
        const sei_words            limit = sei_limit_words(&j->limit, j->changes);
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, SEI_LABEL_OF(name));
        sei_put_plain(t, sei_column_unit(c));
        sei_rtable_add_text(t, SEI_LABEL_OF(limit));
        for (size_t s = 0; s < runs->n; s++) {
            if (!sei_scenario_is_in(s, group))
                continue;
            const sei_scenario_outcome *p = &runs->outcomes[s];
            const sei_judgement *k = p->status == SEI_OK ? same_judgement(p, o->result, j) : NULL;
            sei_put_value(t, c, k != NULL, k ? k->worst : 0.0);
        }
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, SEI_L("　判定", "verdict"));
        for (size_t k = 0; k < 2; k++)
            sei_rtable_add_empty(t);
        for (size_t s = 0; s < runs->n; s++) {
            if (!sei_scenario_is_in(s, group))
                continue;
            const sei_scenario_outcome *p = &runs->outcomes[s];
            const sei_judgement *k = p->status == SEI_OK ? same_judgement(p, o->result, j) : NULL;
            sei_rtable_add_verdict(t, k ? k->verdict : SEI_VERDICT_NONE);
        }
    }
    return t;
}

/* What each scenario is: a reader of the report has not the file. */
static sei_rtable *what_changes(const sei_scenario_runs *runs)
{
    sei_rtable *t = sei_rtable_create(runs->ctx, "scenarios",
                                      SEI_L("シナリオの内容", "What each scenario changes"));

    sei_rtable_add_column(t, "scenario", SEI_L("シナリオ", "scenario"), "");
    sei_rtable_add_column(t, "change", SEI_L("変更点", "change"), "");
    for (size_t i = 0; i < runs->n; i++) {
        const sei_site *site = runs->outcomes[i].site;
        const char     *text = site->scenario_changes ? site->scenario_changes : "";
        bool            more = true;
        while (more) { /* a row a change, each with its scenario */
            const size_t n = strcspn(text, "\n");
            char         line[400];
            snprintf(line, sizeof line, "%.*s", (int)(n < 380 ? n : 380), text);
            sei_utf8_trim(line);
            const size_t len = strlen(line);
            if (n > 380)
                snprintf(line + len, sizeof line - len, "…");
            sei_rtable_add_row(t);
            sei_rtable_add_text(t, sei_scenario_label(site));
            if (line[0])
                sei_put_plain(t, line);
            else
                sei_rtable_add_text(t, SEI_L("サイトファイルのまま", "the site file as it stands"));
            more = text[n] != '\0';
            text += n + (more ? 1 : 0);
        }
    }
    return t;
}

sei_rtable *sei_table_scenario_means(const sei_scenario_runs *runs, size_t group)
{
    const sei_scenario_outcome *o = first_of(runs);
    sei_rtable *t = begin(runs, group, "means", "放流水の平均", "Mean of the discharge");

    add_scenario_columns(t, runs, group);
    for (size_t c = 0; o && c < o->result->n_columns; c++) {
        const sei_quantity_column *q    = &o->result->columns[c];
        const sei_words            name = sei_column_words(q);
        if (!sei_digest_is_shown(o->digest, c))
            continue;
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, SEI_LABEL_OF(name));
        sei_put_plain(t, sei_column_unit(q));
        for (size_t s = 0; s < runs->n; s++) {
            if (!sei_scenario_is_in(s, group))
                continue;
            const sei_scenario_outcome *p = &runs->outcomes[s];
            const size_t                k = p->status == SEI_OK
                                                ? sei_result_column(p->result, q->quantity->key, q->fraction)
                                                : SIZE_MAX;
            const sei_stat             *stat =
                k != SIZE_MAX ? sei_digest_stat(p->digest, p->digest->discharge, k) : NULL;
            sei_put_value(t, q, stat && stat->has, stat ? stat->mean : 0.0);
        }
    }
    return t;
}

static void put_row(sei_rtable *t, const sei_scenario_outcome *p, size_t c)
{
    const sei_quantity_column *q    = &p->result->columns[c];
    const sei_stat            *stat = sei_digest_stat(p->digest, p->digest->discharge, c);
    const sei_judgement       *j    = sei_digest_judgement(p->digest, c);
    double                     removal;
    const bool                 has = sei_digest_removal(p->digest, c, &removal);

    sei_rtable_add_row(t);
    sei_put_plain(t, p->site->scenario);
    sei_put_plain(t, q->quantity->key);
    sei_put_plain(t, q->quantity->fractions ? sei_fraction_key(q->fraction) : "");
    sei_put_plain(t, sei_column_unit(q));
    sei_put_number(t, stat->has, stat->has ? sei_column_shown(q, stat->mean) : 0.0, 6);
    sei_put_number(t, stat->has, stat->has ? sei_column_shown(q, stat->min) : 0.0, 6);
    sei_put_number(t, stat->has, stat->has ? sei_column_shown(q, stat->max) : 0.0, 6);
    sei_put_number(t, has, has ? 100.0 * removal : 0.0, 3);
    sei_put_number(t, j && j->has_margin, j ? sei_column_difference(q, j->margin) : 0.0, 6);
    sei_rtable_add_verdict(t, j ? j->verdict : SEI_VERDICT_NONE);
}

sei_rtable *sei_table_scenario_list(const sei_scenario_runs *runs)
{
    static const char *const keys[] = {"scenario", "quantity", "fraction", "unit",
                                       "mean",     "min",      "max",      "removal_percent",
                                       "margin",   "verdict"};
    sei_rtable *t = sei_rtable_create(runs->ctx, "comparison", SEI_L("比較", "comparison"));

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        sei_rtable_add_column(t, keys[i], SEI_L(keys[i], keys[i]), "");
    for (size_t s = 0; s < runs->n; s++)
        for (size_t c = 0;
             runs->outcomes[s].status == SEI_OK && c < runs->outcomes[s].result->n_columns; c++)
            if (sei_digest_is_shown(runs->outcomes[s].digest, c))
                put_row(t, &runs->outcomes[s], c);
    return t;
}

/* ---- report ----------------------------------------------------------------------------------- */

static sei_status take_figure(void *user, sei_figure *figure, sei_label caption)
{
    sei_doc_add_figure(user, figure, caption);
    return SEI_OK;
}

static void put_failures(sei_doc *doc, const sei_scenario_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++) {
        const sei_scenario_outcome *o = &runs->outcomes[i];
        sei_words w = sei_words_of("計算できなかったシナリオ:", "Scenario that failed: ");
        if (o->status == SEI_OK)
            continue;
        sei_words_add(&w, o->site->scenario, o->site->scenario);
        sei_words_add(&w, " ", " ");
        sei_words_add(&w, o->error, o->error);
        sei_doc_add_warning(doc, SEI_LABEL_OF(w));
    }
}

static sei_status save_report(sei_ctx *ctx, const sei_scenario_runs *runs, const char *folder)
{
    char      *path = sei_path_join(ctx, folder, "report.html");
    sei_doc   *doc  = sei_doc_create(ctx, sei_site_label(runs->outcomes[0].site));
    sei_status st   = path ? SEI_OK : SEI_E_NOMEM;

    sei_doc_set_subtitle(doc, SEI_L("シナリオの比較", "Comparison of scenarios"));
    sei_doc_add_property(doc, SEI_L("プログラム", "Program"),
                         SEI_L("Seiryu " SEI_VERSION, "Seiryu " SEI_VERSION));
    put_failures(doc, runs);
    sei_doc_add_section(doc, 1, SEI_L("シナリオ", "Scenarios"));
    sei_doc_add_table(doc, sei_table_scenario_overview(runs));
    sei_doc_add_table(doc, what_changes(runs));
    sei_doc_add_section(doc, 1, SEI_L("基準", "Limits"));
    for (size_t g = 0; g < sei_scenario_n_groups(runs); g++)
        sei_doc_add_table(doc, sei_table_scenario_limits(runs, g));
    sei_doc_add_section(doc, 1, SEI_L("平均", "Means"));
    for (size_t g = 0; g < sei_scenario_n_groups(runs); g++)
        sei_doc_add_table(doc, sei_table_scenario_means(runs, g));
    sei_doc_add_section(doc, 1, SEI_L("時間変化", "Through time"));
    if (st == SEI_OK)
        st = sei_scenario_figures(runs, take_figure, doc);
    if (st == SEI_OK)
        st = sei_doc_save(ctx, doc, "html", SEI_LANG_BOTH, path);
    sei_doc_free(doc);
    sei_release(ctx, path);
    return st;
}

/* ---- files ------------------------------------------------------------------------------------ */

static sei_status save_each(sei_ctx *ctx, const sei_scenario_runs *runs, const char *folder)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < runs->n && st == SEI_OK; i++) {
        char *path = sei_path_join(ctx, folder, runs->outcomes[i].site->scenario);
        if (!path)
            st = SEI_E_NOMEM;
        else if (runs->outcomes[i].status == SEI_OK)
            st = sei_result_save(ctx, runs->outcomes[i].result, path);
        sei_release(ctx, path);
    }
    return st;
}

sei_status sei_scenarios_save(sei_ctx *ctx, const sei_scenario_runs *runs, const char *folder)
{
    sei_figure_saver s  = {.ctx = ctx};
    sei_status       st = sei_folder_make(ctx, folder);

    if (st == SEI_OK)
        st = save_each(ctx, runs, folder);
    if (st == SEI_OK)
        st = sei_scenario_figures(runs, sei_keep_figure, &s);
    st = sei_save_kept_figures(&s, st, folder);
    if (st == SEI_OK)
        st = sei_save_table(ctx, sei_table_scenario_list(runs), folder, "comparison.csv");
    if (st == SEI_OK)
        st = save_report(ctx, runs, folder);
    return st;
}
