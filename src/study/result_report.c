/* result_report.c - report.html: the run as a document, in Japanese and English */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "seiryu/version.h"
#include "study/result_fig.h"
#include "study/result_hrt.h"
#include "study/result_parts.h"
#include "study/result_tables.h"

typedef struct {
    const sei_digest *d;
    const sei_result *r;
    sei_doc          *doc;
    sei_status        status;
} report;

static void paragraph(report *p, const char *ja, const char *en)
{
    sei_doc_add_paragraph(p->doc, SEI_L(ja, en));
}

static void section(report *p, int level, const char *ja, const char *en)
{
    sei_doc_add_section(p->doc, level, SEI_L(ja, en));
}

/* ---- figures ---------------------------------------------------------------------------------- */

static sei_status take_figure(void *user, sei_figure *figure, sei_label caption)
{
    sei_doc_add_figure(user, figure, caption);
    return SEI_OK;
}

static void figures(report *p, unsigned groups)
{
    if (p->status == SEI_OK)
        p->status = sei_figs_make(p->d, groups, take_figure, p->doc);
}

/* ---- head ------------------------------------------------------------------------------------- */

static void property(report *p, const char *ja, const char *en, const char *value)
{
    if (value && value[0])
        sei_doc_add_property(p->doc, SEI_L(ja, en), SEI_L(value, value));
}

static void head(report *p)
{
    const sei_site *site   = p->r->site;
    const sei_words period = sei_period_words(p->r);
    const char     *place  = site->place ? site->place : "";

    sei_doc_set_subtitle(p->doc,
                         SEI_L("水質予測計算の結果", "Results of a water quality prediction"));
    if (place[0])
        sei_doc_add_property(
            p->doc, SEI_L("場所", "Place"),
            (sei_label){site->place_ja && site->place_ja[0] ? site->place_ja : place, place});
    sei_doc_add_property(p->doc, SEI_L("計算期間", "Period"), SEI_LABEL_OF(period));
    property(p, "プログラム", "Program", "Seiryu " SEI_VERSION);
    if (site->n_files > 0)
        property(p, "サイトファイル SHA-256", "Site file SHA-256", site->files[0].sha256);
}

static void banner(report *p)
{
    char      end[SEI_TIME_MAX];
    sei_words w =
        sei_words_of("計算は途中で中断された。結果は ",
                     "The run was stopped on request: these results are partial and end at ");

    if (p->r->is_complete || p->r->n_times == 0)
        return;
    sei_format_time(end, p->r->time_us[p->r->n_times - 1], p->r->site->utc_offset_us);
    sei_words_add(&w, end, end);
    sei_words_add(&w, " までの部分的なものであり、年間の評価には用いないこと。",
                  ". Do not use them to judge a whole year.");
    sei_doc_add_warning(p->doc, SEI_LABEL_OF(w));
}

/* ---- 1 summary -------------------------------------------------------------------------------- */

static void name_fails(const sei_digest *d, sei_words *w)
{
    bool first = true;

    for (size_t i = 0; i < d->n_judgements; i++) {
        if (d->judgements[i].verdict != SEI_VERDICT_FAIL)
            continue;
        const sei_words name = sei_column_words(&d->result->columns[d->judgements[i].column]);
        sei_words_add(w, first ? "" : "、", first ? "" : ", ");
        sei_words_add(w, name.ja, name.en);
        first = false;
    }
}

static void verdict(report *p)
{
    size_t    fails = 0;
    char      n[16], of[24];
    sei_words w;

    for (size_t i = 0; i < p->d->n_judgements; i++)
        fails += p->d->judgements[i].verdict == SEI_VERDICT_FAIL;
    snprintf(of, sizeof of, "%zu", p->d->n_judgements);
    snprintf(n, sizeof n, "%zu", fails);
    if (p->d->n_judgements == 0)
        w = sei_words_of("適用される基準がないため、適否は判定していない。",
                         "No limit applies, so nothing was judged.");
    else if (fails == 0) {
        w = sei_words_of("放流水は、対象とした基準 ", "The discharge keeps all ");
        sei_words_add(&w, of, of);
        sei_words_add(&w, " 件すべてに適合すると予測された。", " limits that were judged.");
    } else {
        w = sei_words_of("放流水は、対象とした基準 ", "The discharge does not keep ");
        sei_words_add(&w, of, n);
        sei_words_add(&w, " 件のうち ", " of the ");
        sei_words_add(&w, n, of);
        sei_words_add(&w, " 件に適合しないと予測された：", " limits that were judged: ");
        name_fails(p->d, &w);
        sei_words_add(&w, "。", ".");
    }
    sei_doc_add_paragraph(p->doc, SEI_LABEL_OF(w));
}

static void summary(report *p)
{
    section(p, 1, "概要", "Summary");
    paragraph(p,
              "本報告は、坑廃水の処理系列について、放流水質を化学平衡・反応速度・"
              "輸送の連成モデルで予測し、排水基準等と照合した結果をまとめたものである。",
              "This report predicts the water that a treatment train discharges, with a "
              "coupled model of equilibrium chemistry, reaction rates and transport, and holds it "
              "against the limits that apply.");
    verdict(p);
    sei_doc_add_table(p->doc, sei_table_water(p->d));
    sei_doc_add_paragraph(
        p->doc,
        SEI_L("平均は期間中の時間平均、最悪は基準に最も近い、または最も超えた値、余裕は最悪値と"
              "基準値の差(負は超過)。モデルの計算値には定量下限がない。",
              "Means are over time; the worst is the value nearest to or farthest beyond the "
              "limit; the margin is its distance to the limit, negative beyond it. Computed values "
              "have no limit of quantification."));
}

/* ---- 2 site and train ------------------------------------------------------------------------- */

static void site_and_train(report *p)
{
    section(p, 1, "対象と処理系列", "Site and train");
    figures(p, SEI_FIG_TRAIN);
    sei_doc_add_table(p->doc, sei_table_units(p->d));
}

/* ---- 3 results -------------------------------------------------------------------------------- */

static void loads(report *p)
{
    section(p, 2, "負荷と除去", "Loads and removal");
    sei_doc_add_table(p->doc, sei_table_loads(p->d));
    figures(p, SEI_FIG_LOADS);
}

static void compliance(report *p)
{
    size_t n = 0;

    for (size_t c = 0; c < p->r->n_columns; c++)
        n += p->d->fiscal[c].n + p->d->calendar[c].n;
    section(p, 2, "基準適合状況", "Compliance");
    if (n > 0)
        sei_doc_add_table(p->doc, sei_table_compliance(p->d));
    else
        paragraph(p, "適用される基準はない。", "No limit applies.");
}

/* Only trains that dose or pump have it. */
static void supply(report *p)
{
    if (p->r->n_doses + p->r->n_sludges == 0)
        return;
    section(p, 2, "薬剤と汚泥", "Reagents and sludge");
    if (p->r->n_doses > 0)
        sei_doc_add_table(p->doc, sei_table_reagents(p->d));
    if (p->r->n_sludges > 0)
        sei_doc_add_table(p->doc, sei_table_sludge(p->d));
}

/* A steady state holds for the beds that it was found with. */
static void rest(report *p)
{
    if (!sei_result_drifts(p->r))
        return;
    section(p, 2, "定常状態の有効範囲", "What the steady state rests on");
    sei_doc_add_table(p->doc, sei_table_rest(p->d));
}

static void results(report *p)
{
    section(p, 1, "計算結果", "Results");
    compliance(p);
    section(p, 2, "原水と放流水", "Raw water and discharge");
    figures(p, SEI_FIG_WATER);
    loads(p);
    section(p, 2, "槽内の水質分布", "Profiles along the train");
    figures(p, SEI_FIG_PROFILES);
    section(p, 2, "槽内の固相と充填材", "Solids and media in the beds");
    sei_doc_add_table(p->doc, sei_table_solids(p->d));
    figures(p, SEI_FIG_BEDS);
    rest(p);
    supply(p);
}

/* ---- 4 inputs and assumptions ----------------------------------------------------------------- */

static void notes(report *p)
{
    const sei_site *site = p->r->site;

    section(p, 2, "仮定と出典", "Assumptions and sources");
    if (site->n_notes == 0) {
        paragraph(p, "サイトファイルには仮定・出典の記載がない。",
                  "The site file marks no assumption and no source.");
        return;
    }
    paragraph(
        p,
        "サイトファイルで「仮定」または「出典」と記された値。仮定は計算結果の不確かさに直結する。",
        "Values that the site file marks as assumed or as taken from a source. What is "
        "assumed makes the result uncertain.");
    for (size_t i = 0; i < site->n_notes; i++) {
        const sei_site_note *n       = &site->notes[i];
        const bool           assumed = n->kind == SEI_NOTE_ASSUMED;
        sei_words            what    = sei_words_of(n->path, n->path);
        char                 value[160];
        if (n->what && n->what[0]) {
            sei_words_add(&what, " ", " ");
            sei_words_add(&what, n->what_ja && n->what_ja[0] ? n->what_ja : n->what, n->what);
        }
        snprintf(value, sizeof value, "%.100s%s%.40s", n->value, n->unit[0] ? " " : "", n->unit);
        sei_doc_add_assumption(p->doc, SEI_LABEL_OF(what), value,
                               assumed ? SEI_L(n->reason, n->reason)
                                       : SEI_L("(出典あり)", "(from a source)"),
                               assumed ? "" : n->reason);
    }
}

/* Parallel units are often alike: one table serves them. */
static void unit_params(report *p, size_t unit)
{
    const sei_unit_spec *units = p->r->site->units;

    if (units[unit].type->n_params == 0 && units[unit].n_layers == 0)
        return;
    for (size_t i = 0; i < unit; i++) {
        if (!sei_units_are_same(&units[i], &units[unit]))
            continue;
        const sei_label name = sei_unit_label(&units[unit]), like = sei_unit_label(&units[i]);
        sei_words       w = sei_words_of(name.ja, name.en);
        sei_words_add(&w, " のパラメータは ", " has the parameters of ");
        sei_words_add(&w, like.ja, like.en);
        sei_words_add(&w, " と同じ。", ".");
        sei_doc_add_paragraph(p->doc, SEI_LABEL_OF(w));
        return;
    }
    sei_doc_add_table(p->doc, sei_table_unit_params(p->d, unit));
}

static void inputs(report *p)
{
    const sei_site *site = p->r->site;

    section(p, 1, "入力条件", "Input");
    section(p, 2, "原水", "Raw water");
    sei_doc_add_table(p->doc, sei_table_influent(p->d));
    if (sei_has_events(p->d)) {
        section(p, 2, "イベント", "Events");
        sei_doc_add_table(p->doc, sei_table_events(p->d));
    }
    notes(p);
    section(p, 2, "処理単位のパラメータ", "Parameters of the units");
    for (size_t u = 0; u < site->n_units; u++)
        unit_params(p, u);
}

/* ---- 5 model ---------------------------------------------------------------------------------- */

static void model(report *p)
{
    sei_words w = sei_words_of("化学成分:", "Components: ");

    section(p, 1, "モデル", "Model");
    paragraph(
        p,
        "各処理単位を流れの方向に区切ったセルの列とし、各セルで水溶液の化学平衡を解き、"
        "酸化・加水分解・析出・溶解・ガス交換・硫酸還元を速度則で進める。輸送・反応・熱は"
        "陰的に時間積分し、元素の収支を各刻みで確かめる。",
        "Every unit is a row of cells along the flow. Each cell solves the equilibrium of its "
        "solution; oxidation, hydrolysis, precipitation, dissolution, gas exchange and "
        "sulfate reduction proceed by rate laws. Transport, reactions and heat are stepped "
        "implicitly, and the books of the elements are kept at every step.");
    for (size_t i = 0; i < p->r->n_components; i++) {
        sei_words_add(&w, i ? "、" : "", i ? ", " : "");
        sei_words_add(&w, p->r->components[i], p->r->components[i]);
    }
    sei_doc_add_paragraph(p->doc, SEI_LABEL_OF(w));
    sei_doc_add_table(p->doc, sei_table_laws(p->d));
    paragraph(p,
              "根拠の区分:文献値=出典に記載の値、文献値から算定=出典の値から計算したもの、"
              "仮定=出典で確かめられていない一般的な値。",
              "Evidence: PUBLISHED, read in the named source; INFERRED, computed from sourced "
              "figures; ASSUMED, general knowledge that no source here confirms.");
    sei_doc_add_table(p->doc, sei_table_law_params(p->d));
}

/* ---- 6 quality -------------------------------------------------------------------------------- */

static void balance(report *p)
{
    const size_t worst = sei_worst_book(p->r);
    char         number[SEI_NUMBER_MAX];
    sei_words    w;

    section(p, 2, "物質収支", "Mass balance");
    if (worst >= p->r->n_books) {
        paragraph(p, "収支の対象となる元素はない。", "There is no element to balance.");
        return;
    }
    sei_format_double(number, fabs(p->r->books[worst].imbalance), 2);
    w = sei_words_of("流入+大気-流出-系内の変化の相対誤差は最大 ",
                     "The largest relative error of in + air - out - change is ");
    sei_words_add(&w, number, number);
    sei_words_add(&w, "(", " (");
    sei_words_add(&w, p->r->books[worst].element, p->r->books[worst].element);
    sei_words_add(&w, ")。", ").");
    sei_doc_add_paragraph(p->doc, SEI_LABEL_OF(w));
    sei_doc_add_table(p->doc, sei_table_books(p->d));
    sei_doc_add_table(p->doc, sei_table_element_balance(p->d));
    sei_doc_add_table(p->doc, sei_table_unit_balance(p->d));
}

static void unverified_limits(report *p)
{
    for (size_t i = 0; i < p->d->n_judgements; i++) {
        const sei_judgement *j = &p->d->judgements[i];
        if (j->limit.status != SEI_LIMIT_UNVERIFIED)
            continue;
        const sei_words name = sei_column_words(&p->r->columns[j->column]);
        sei_words       w = sei_words_of("基準値の出典が未確認:", "Limit not verified: ");
        sei_words_add(&w, name.ja, name.en);
        sei_doc_add_warning(p->doc, SEI_LABEL_OF(w));
    }
}

static void warnings(report *p)
{
    section(p, 2, "警告", "Warnings");
    unverified_limits(p);
    for (size_t i = 0; i < p->r->n_warnings; i++)
        sei_doc_add_warning(p->doc, SEI_L(p->r->warnings[i], p->r->warnings[i]));
    size_t n_hrt = 0;
    for (size_t u = 0; u < p->r->n_units; u++) {
        if (!sei_hrt_is_outside(p->r, u))
            continue;
        const sei_words w = sei_hrt_words(p->r, u);
        sei_doc_add_warning(p->doc, SEI_LABEL_OF(w));
        n_hrt++;
    }
    if (p->r->n_warnings + p->d->n_breaches + n_hrt == 0)
        paragraph(p, "計算上の警告はない。", "The run gave no warning.");
    if (p->d->n_breaches > 0)
        sei_doc_add_table(p->doc, sei_table_breaches(p->d));
}

static void provenance(report *p)
{
    const sei_site *site = p->r->site;
    sei_rtable     *t =
        sei_rtable_create(p->d->ctx, "files", SEI_L("入力ファイル", "Files that were read"));

    section(p, 2, "再現のための情報", "Provenance");
    sei_rtable_add_column(t, "file", SEI_L("ファイル", "file"), "");
    sei_rtable_add_column(t, "sha256", SEI_L("SHA-256", "SHA-256"), "");
    for (size_t i = 0; i < site->n_files; i++) {
        sei_rtable_add_row(t);
        sei_put_plain(t, site->files[i].path);
        sei_put_plain(t, site->files[i].sha256);
    }
    sei_rtable_add_row(t);
    sei_put_plain(t, p->r->database_path);
    sei_put_plain(t, p->r->database_sha256);
    sei_doc_add_table(p->doc, t);
    paragraph(p,
              "同じプログラム版・同じ入力からは同じ結果が得られる。詳細は provenance.json、"
              "数値は series.csv・profiles.csv・solids.csv・compliance.csv・summary.json にある。",
              "The same program and the same files give the same results. provenance.json has the "
              "details; series.csv, profiles.csv, solids.csv, compliance.csv and summary.json hold "
              "the numbers.");
}

static void quality(report *p)
{
    section(p, 1, "計算の品質と再現性", "Quality and provenance");
    balance(p);
    warnings(p);
    provenance(p);
}

/* ---- all -------------------------------------------------------------------------------------- */

sei_status sei_save_report(const sei_digest *d, const char *folder)
{
    report p    = {.d = d, .r = d->result};
    char  *path = sei_path_join(d->ctx, folder, "report.html");

    if (!path)
        return SEI_E_NOMEM;
    p.doc = sei_doc_create(d->ctx, sei_site_label(d->result->site));
    head(&p);
    banner(&p);
    summary(&p);
    site_and_train(&p);
    results(&p);
    inputs(&p);
    model(&p);
    quality(&p);
    if (p.status == SEI_OK)
        p.status = sei_doc_save(d->ctx, p.doc, "html", SEI_LANG_BOTH, path);
    sei_doc_free(p.doc);
    sei_release(d->ctx, path);
    return p.status;
}
