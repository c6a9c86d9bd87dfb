/* ensemble_report.c - report.html of an ensemble, in Japanese and English */
#include <stdio.h>

#include "base/number.h"
#include "seiryu/version.h"
#include "study/ensemble.h"

static void section(sei_doc *doc, const char *ja, const char *en)
{
    sei_doc_add_section(doc, 1, SEI_L(ja, en));
}

static void property(sei_doc *doc, const char *ja, const char *en, const char *value)
{
    sei_doc_add_property(doc, SEI_L(ja, en), SEI_L(value, value));
}

static void head(sei_doc *doc, const sei_ensemble *e)
{
    char members[64], seed[32];

    snprintf(members, sizeof members, "%zu", e->options.n);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)e->options.seed);
    sei_doc_set_subtitle(
        doc, SEI_L("予測の不確かさ(アンサンブル計算)", "Uncertainty of the prediction (ensemble)"));
    property(doc, "計算数", "Members", members);
    property(doc, "乱数の種", "Seed", seed);
    property(doc, "プログラム", "Program", "Seiryu " SEI_VERSION);
    if (e->nominal->site->n_files > 0)
        property(doc, "サイトファイル SHA-256", "Site file SHA-256",
                 e->nominal->site->files[0].sha256);
}

/* Failed members are told before any number that leaves them out. */
static void failures(sei_doc *doc, const sei_ensemble *e)
{
    char ja[200], en[240];

    if (e->n_failed == 0)
        return;
    snprintf(ja, sizeof ja,
             "%zu 個中 %zu 個は計算できなかった(番号と理由は末尾の表)。以下の確率と幅は計算できた "
             "%zu 個による。",
             e->options.n, e->n_failed, e->n_ok);
    snprintf(en, sizeof en,
             "%zu of %zu members could not be computed (numbers and reasons in the last table). "
             "Probabilities and bands below are those of the other %zu.",
             e->n_failed, e->options.n, e->n_ok);
    sei_doc_add_warning(doc, SEI_L(ja, en));
}

static sei_status take_figure(void *user, sei_figure *figure, sei_label caption)
{
    sei_doc_add_figure(user, figure, caption);
    return SEI_OK;
}

static void method(sei_doc *doc, const sei_ensemble *e)
{
    char      count[24];
    sei_words w;

    snprintf(count, sizeof count, "%zu", e->draws->n);
    w = sei_words_of(count, count);
    sei_words_add(
        &w,
        " 個の数値を、表の分布から独立に(順位相関を与えたものは正規コピュラで)抽出した。"
        "分布の指定がない数値の幅は、根拠の区分による一律の規則で定めた仮定であり、"
        "実測のばらつきではない。モデルの構造の誤差は含まない。",
        " numbers were drawn from the distributions below, independently or, where a rank "
        "correlation is given, through a normal copula. Where the site file gives no "
        "distribution, the width follows one rule by the evidence behind the value: an "
        "assumption, not a measured spread. Errors of the model's form are not included.");
    sei_doc_add_paragraph(doc, SEI_LABEL_OF(w));
}

sei_status sei_ensemble_report(const sei_ensemble *e, const char *folder)
{
    char      *path = sei_path_join(e->ctx, folder, "report.html");
    sei_doc   *doc  = sei_doc_create(e->ctx, sei_site_label(e->nominal->site));
    sei_status st   = path ? SEI_OK : SEI_E_NOMEM;

    head(doc, e);
    failures(doc, e);
    section(doc, "基準を満たす確率", "Probability of meeting the limits");
    sei_doc_add_table(doc, sei_table_chance_matrix(e));
    section(doc, "放流水の予測幅", "Bands of the discharge");
    sei_doc_add_table(doc, sei_table_bands(e));
    if (st == SEI_OK)
        st = sei_ensemble_figures(e, take_figure, doc);
    section(doc, "変動させた数値", "Numbers that vary");
    method(doc, e);
    sei_doc_add_table(doc, sei_table_draws(e));
    if (e->n_failed > 0) {
        section(doc, "計算できなかったもの", "Members that failed");
        sei_doc_add_table(doc, sei_table_failed(e));
    }
    if (st == SEI_OK)
        st = sei_doc_save(e->ctx, doc, "html", SEI_LANG_BOTH, path);
    sei_doc_free(doc);
    sei_release(e->ctx, path);
    return st;
}
