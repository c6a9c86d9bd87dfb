/* result_tables.c - tables of what came out: water, loads, compliance, units, solids, books */
#include "study/result_tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "study/result_words.h"

static void put_date(sei_rtable *table, int64_t time_us, int64_t offset_us)
{
    char date[SEI_TIME_MAX];

    sei_format_date(date, time_us, offset_us);
    sei_put_plain(table, date);
}

static void put_name(sei_rtable *t, const sei_quantity_column *column)
{
    const sei_words name = sei_column_words(column);

    sei_rtable_add_text(t, SEI_LABEL_OF(name));
}

/* ---- water ------------------------------------------------------------------------------------ */

static void put_stat(sei_rtable *t, const sei_digest *d, size_t watch, size_t column)
{
    const sei_stat *stat = watch == SIZE_MAX ? NULL : sei_digest_stat(d, watch, column);

    sei_put_value(t, &d->result->columns[column], stat && stat->has, stat ? stat->mean : 0);
}

static void put_margin(sei_rtable *t, const sei_quantity_column *c, const sei_judgement *j)
{
    sei_put_number(t, j->has_margin, sei_column_difference(c, j->margin), sei_column_decimals(c));
}

/* "SS 日間平均": the name, and what the limit applies to when it is not each sample. */
static sei_words item_words(const sei_quantity_column *column, const sei_limit *limit)
{
    sei_words name = sei_column_words(column);

    if (limit &&
        (limit->statistic == SEI_LIMIT_DAILY_MEAN || limit->statistic == SEI_LIMIT_ANNUAL_MEAN)) {
        const sei_label statistic = sei_statistic_label(limit->statistic);
        sei_words_add(&name, " ", " ");
        sei_words_add(&name, statistic.ja, statistic.en);
    }
    return name;
}

static void water_row(sei_rtable *t, const sei_digest *d, size_t column, const sei_judgement *j)
{
    const sei_quantity_column *c    = &d->result->columns[column];
    const sei_words            name = item_words(c, j ? &j->limit : NULL);

    sei_rtable_add_row(t);
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    sei_put_plain(t, sei_column_unit(c));
    put_stat(t, d, d->raw, column);
    put_stat(t, d, d->discharge, column);
    if (!j) { /* without a limit there is no worse side */
        sei_rtable_add_empty(t);
        sei_rtable_add_empty(t);
        sei_rtable_add_empty(t);
        sei_rtable_add_empty(t);
        return;
    }
    const sei_words limit = sei_limit_words(&j->limit, j->changes);
    sei_put_value(t, c, true, j->worst);
    sei_rtable_add_text(t, SEI_LABEL_OF(limit));
    put_margin(t, c, j);
    sei_rtable_add_verdict(t, j->verdict);
}

/* A site below the threshold of the law whose file does not say so is judged all the same. */
static void note_small_site(sei_rtable *t, const sei_digest *d)
{
    const sei_limits_site *limits         = &d->result->site->limits;
    const double           threshold_m3_d = 50; /* of the living-environment items, 排水基準 */
    char                   flow[SEI_NUMBER_MAX];
    sei_words              w;

    if (d->n_judgements == 0 || strcmp(limits->table, "effluent") != 0 || d->flow == SIZE_MAX ||
        limits->discharge_m3_d >= 0)
        return;
    const double m3_d =
        sei_from_si(sei_unit_find("m3_d"), sei_digest_stat(d, d->discharge, d->flow)->mean);
    if (m3_d >= threshold_m3_d)
        return;
    sei_format_double(flow, m3_d, 3);
    w = sei_words_of("放流量は平均 ", "Discharge ");
    sei_words_add(&w, flow, flow);
    sei_words_add(
        &w, " m³/日。limits.discharge_m3_d の指定がないため、50 m³/日以上が対象の基準でも判定。",
        " m³/d; limits.discharge_m3_d is not given: limits for 50 m³/d and more count.");
    sei_rtable_add_note(t, SEI_LABEL_OF(w));
}

/* What the means and judgements leave out. */
static void note_wash_out(sei_rtable *t, const sei_digest *d)
{
    const sei_result *r = d->result;
    char              from[SEI_TIME_MAX];

    if (d->first == 0)
        return;
    sei_format_date(from, r->time_us[d->first], r->site->utc_offset_us);
    sei_words w = sei_words_of("集計・判定は ", "Means and judgements begin on ");
    sei_words_add(&w, from, from);
    sei_words_add(&w, " 以降(槽を満たしていた初期水の押出し、間隙HRTの3倍を除く)。",
                  ", after the wash-out of the water that filled the units (3 pore HRT).");
    sei_rtable_add_note(t, SEI_LABEL_OF(w));
}

static void put_sign_notes(sei_rtable *t, const sei_digest *d)
{
    bool unverified = false, target = false, changes = false;

    for (size_t i = 0; i < d->n_judgements; i++) {
        unverified |= d->judgements[i].limit.status == SEI_LIMIT_UNVERIFIED;
        target |= d->judgements[i].limit.is_target;
        changes |= d->judgements[i].changes;
    }
    if (unverified)
        sei_rtable_add_note(t, SEI_L("* 出典未確認の基準値。使用前に確認すること。",
                                     "* Limit not verified in a source: check it before use."));
    if (target)
        sei_rtable_add_note(t, SEI_L("† 管理目標値(法令の基準ではない)。",
                                     "† Target of the site, not a limit of the law."));
    if (changes)
        sei_rtable_add_note(t, SEI_L("‡ 計算期間中に基準値が変わる。各日付で有効な基準値で判定し、"
                                     "余裕の最も小さい期間の値を示す。",
                                     "‡ The limit changes within the run. Each date is judged by "
                                     "the limit valid then; the tightest stretch is shown."));
    note_small_site(t, d);
    note_wash_out(t, d);
}

static void put_water_columns(sei_rtable *t)
{
    sei_rtable_add_column(t, "item", SEI_L("項目", "item"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "raw_mean", SEI_L("原水平均", "raw mean"), "");
    sei_rtable_add_column(t, "discharge_mean", SEI_L("放流平均", "discharge"), "");
    sei_rtable_add_column(t, "worst", SEI_L("放流最悪", "worst"), "");
    sei_rtable_add_column(t, "limit", SEI_L("基準値", "limit"), "");
    sei_rtable_add_column(t, "margin", SEI_L("余裕", "margin"), "");
    sei_rtable_add_column(t, "verdict", SEI_L("判定", "verdict"), "");
}

sei_rtable *sei_table_water(const sei_digest *d)
{
    const sei_result *r = d->result;
    sei_rtable       *t = sei_rtable_create(
              d->ctx, "water",
        r->is_complete ? SEI_L("原水・放流水と基準の比較", "Raw water, discharge and limits")
                             : SEI_L("原水・放流水と基準の比較(計算途中で中断)",
                                     "Raw water, discharge and limits (stopped before its end)"));

    put_water_columns(t);
    for (size_t c = 0; c < r->n_columns; c++) {
        bool judged = false;
        if (!sei_digest_is_shown(d, c))
            continue;
        for (size_t i = 0; i < d->n_judgements; i++)
            if (d->judgements[i].column == c) {
                water_row(t, d, c, &d->judgements[i]);
                judged = true;
            }
        if (!judged)
            water_row(t, d, c, NULL);
    }
    put_sign_notes(t, d);
    return t;
}

/* ---- loads ------------------------------------------------------------------------------------ */

/* The unit in which the largest load of a metal is at least 1: a bench has milligrams a day. */
typedef struct {
    const char *unit;
    double      per_kg;
} load_scale;

static load_scale scale_of(const sei_digest *d)
{
    static const load_scale scales[] = {
        {"kg/d", 1},
        {"g/d", 1e3},
        {"mg/d", 1e6},
    };
    const size_t n       = sizeof scales / sizeof scales[0];
    double       largest = 0;
    size_t       i       = 0;

    for (size_t c = 0; c < d->result->n_columns && d->raw != SIZE_MAX; c++)
        if (sei_digest_is_metal(d, c))
            largest = fmax(largest, sei_digest_stat(d, d->raw, c)->load_kg_s * sei_day_s());
    while (i + 1 < n && largest * scales[i].per_kg < 1)
        i++;
    return scales[i];
}

static void put_load(sei_rtable *t, const load_scale *scale, double kg_s)
{
    const double load = kg_s * sei_day_s() * scale->per_kg, trace = 1e-6;

    if (load > 0 && load < trace)
        sei_rtable_add_below(t, trace, 6);
    else
        sei_put_number(t, true, load, SEI_SIGNIFICANT(3));
}

/* Of metals and sulfate; what the air or the beds bring in has no removal. */
static bool has_removal(const sei_digest *d, size_t column)
{
    const sei_result   *r     = d->result;
    const sei_quantity *q     = r->columns[column].quantity;
    const size_t        total = sei_result_column(r, q->key, SEI_FRACTION_TOTAL);
    double              removal;

    return ((total != SIZE_MAX && sei_digest_is_metal(d, total)) || strcmp(q->key, "so4") == 0) &&
           sei_digest_removal(d, column, &removal);
}

static void load_row(sei_rtable *t, const sei_digest *d, const load_scale *scale, size_t column)
{
    const double in      = sei_digest_stat(d, d->raw, column)->load_kg_s;
    const double out     = sei_digest_stat(d, d->discharge, column)->load_kg_s;
    const double noise   = 1e-9 * in; /* of the sums */
    const double removed = fabs(in - out) > noise ? in - out : 0;

    sei_rtable_add_row(t);
    put_name(t, &d->result->columns[column]);
    put_load(t, scale, in);
    put_load(t, scale, out);
    put_load(t, scale, removed);
    sei_put_number(t, true, 100 * removed / in, 1);
}

sei_rtable *sei_table_loads(const sei_digest *d)
{
    const load_scale scale = scale_of(d);
    sei_rtable      *t =
        sei_rtable_create(d->ctx, "load-balance", SEI_L("負荷と除去率", "Loads and removal"));

    sei_rtable_add_column(t, "item", SEI_L("項目", "item"), "");
    sei_rtable_add_column(t, "raw", SEI_L("原水負荷", "raw load"), scale.unit);
    sei_rtable_add_column(t, "discharge", SEI_L("放流負荷", "discharged"), scale.unit);
    sei_rtable_add_column(t, "removed", SEI_L("除去量", "removed"), scale.unit);
    sei_rtable_add_column(t, "removal", SEI_L("除去率", "removal"), "%");
    for (size_t c = 0; c < d->result->n_columns; c++)
        if (has_removal(d, c))
            load_row(t, d, &scale, c);
    return t;
}

/* ---- compliance ------------------------------------------------------------------------------- */

static sei_verdict verdict_of(const sei_compliance *c)
{
    if (!c->has_mean ||
        !(c->limit.has_min || c->limit.has_max || c->limit.statistic == SEI_LIMIT_NOT_DETECTED))
        return SEI_VERDICT_NONE;
    const bool bad = c->limit.statistic == SEI_LIMIT_ANNUAL_MEAN ? !c->mean_ok : c->n_exceed > 0;
    return bad ? SEI_VERDICT_FAIL : SEI_VERDICT_PASS;
}

/* "2024年度", "2024暦年"; marked when the run covers only a part of it. */
static void put_period(sei_rtable *t, const sei_digest *d, const sei_compliance *c)
{
    const sei_result *r     = d->result;
    const int64_t     first = r->time_us[d->first], last = r->time_us[r->n_times - 1];
    char              year[16];
    sei_words         w = sei_words_of("", "");

    snprintf(year, sizeof year, "%d", c->year);
    if (c->period == SEI_PERIOD_FISCAL_YEAR) {
        sei_words_add(&w, year, "FY");
        sei_words_add(&w, "年度", year);
    } else {
        sei_words_add(&w, year, year);
        sei_words_add(&w, "暦年", " calendar");
    }
    const double begin  = fmax((double)first, (double)c->start_us);
    const double end    = fmin((double)last, (double)c->end_us);
    const double enough = 0.95; /* the wash-out and the instant of the last output do not count */
    if (c->is_part || end - begin < enough * (double)(c->end_us - c->start_us))
        sei_words_add(&w, " 一部", ", part");
    sei_rtable_add_text(t, SEI_LABEL_OF(w));
}

static void put_counts(sei_rtable *t, const sei_compliance *c)
{
    char text[48];

    snprintf(text, sizeof text, "%zu / %zu", c->n_exceed, c->n);
    sei_put_plain(t, text);
}

static sei_verdict verdict_of_mean(const sei_compliance *c)
{
    if (verdict_of(c) == SEI_VERDICT_NONE)
        return SEI_VERDICT_NONE;
    return c->mean_ok ? SEI_VERDICT_PASS : SEI_VERDICT_FAIL;
}

static void compliance_row(sei_rtable *t, const sei_digest *d, const sei_quantity_column *q,
                           const sei_compliance *c)
{
    sei_words       limit = sei_limit_words(&c->limit, false);
    const sei_words name  = item_words(q, &c->limit);

    sei_words_add(&limit, " ", " ");
    sei_words_add(&limit, sei_column_unit(q), sei_column_unit(q));
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    put_period(t, d, c);
    sei_rtable_add_text(t, SEI_LABEL_OF(limit));
    sei_put_value(t, q, c->has_mean, c->mean);
    sei_rtable_add_verdict(t, verdict_of_mean(c));
    sei_put_value(t, q, c->has_mean, c->worst);
    put_date(t, c->worst_us, c->offset_us);
    put_counts(t, c);
    sei_put_number(t, c->n > 0, 100 * c->rate, 1);
    sei_rtable_add_verdict(t, verdict_of(c));
}

sei_rtable *sei_table_compliance(const sei_digest *d)
{
    const sei_result *r = d->result;
    sei_rtable       *t = sei_rtable_create(d->ctx, "compliance",
                                            SEI_L("年度・暦年ごとの基準適合状況", "Compliance by year"));

    sei_rtable_add_column(t, "item", SEI_L("項目", "item"), "");
    sei_rtable_add_column(t, "year", SEI_L("期間", "year"), "");
    sei_rtable_add_column(t, "limit", SEI_L("基準値", "limit"), "");
    sei_rtable_add_column(t, "mean", SEI_L("平均", "mean"), "");
    sei_rtable_add_column(t, "mean_verdict", SEI_L("平均判定", "of mean"), "");
    sei_rtable_add_column(t, "worst", SEI_L("最悪", "worst"), "");
    sei_rtable_add_column(t, "worst_date", SEI_L("最悪の日", "on"), "");
    sei_rtable_add_column(t, "exceeded", SEI_L("超過/全数", "exceeded of"), "");
    sei_rtable_add_column(t, "rate", SEI_L("適合率", "rate"), "%");
    sei_rtable_add_column(t, "verdict", SEI_L("判定", "verdict"), "");
    for (size_t c = 0; c < r->n_columns; c++) {
        for (size_t i = 0; i < d->fiscal[c].n; i++)
            compliance_row(t, d, &r->columns[c], &d->fiscal[c].results[i]);
        for (size_t i = 0; i < d->calendar[c].n; i++)
            compliance_row(t, d, &r->columns[c], &d->calendar[c].results[i]);
    }
    sei_rtable_add_note(
        t, SEI_L("「判定」は基準が対象とする値(特記なき限り各試料)による。「平均判定」は期間平均を"
                 "基準値と比べた参考。「一部」は計算期間がその年の一部にとどまるもの。",
                 "The verdict is by what the limit applies to (each sample unless it says "
                 "otherwise); that of the mean is for information. \"Part\": the run covers only a "
                 "part of the year."));
    return t;
}

/* ---- units ------------------------------------------------------------------------------------ */

sei_rtable *sei_table_units(const sei_digest *d)
{
    const sei_result *r = d->result;
    sei_rtable       *t = sei_rtable_create(
              d->ctx, "units",
              SEI_L("処理単位の大きさと滞留時間", "Size and retention time of the units"));
    const sei_unit *h = sei_unit_find("h"), *m3_d = sei_unit_find("m3_d");

    sei_rtable_add_column(t, "unit", SEI_L("処理単位", "unit"), "");
    sei_rtable_add_column(t, "type", SEI_L("種類", "type"), "");
    sei_rtable_add_column(t, "bed", SEI_L("空塔容積", "empty bed"), "m³");
    sei_rtable_add_column(t, "pore", SEI_L("間隙容積", "pores"), "m³");
    sei_rtable_add_column(t, "area", SEI_L("平面積", "area"), "m²");
    sei_rtable_add_column(t, "flow", SEI_L("平均流量", "mean flow"), "m³/d");
    sei_rtable_add_column(t, "hrt_nominal", SEI_L("公称HRT", "nominal HRT"), "h");
    sei_rtable_add_column(t, "hrt_pore", SEI_L("間隙HRT", "pore HRT"), "h");
    sei_rtable_add_column(t, "hrt_pore_end", SEI_L("終了時の間隙HRT", "pore HRT at the end"), "h");
    for (size_t u = 0; u < r->n_units; u++) {
        const sei_result_unit *unit = &r->units[u];
        const bool             bed  = unit->bed_m3 > 0;
        const sei_unit_spec   *spec = &r->site->units[u];
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, sei_unit_label(spec));
        sei_rtable_add_text(t, (sei_label){spec->type->title_ja, spec->type->title});
        sei_put_number(t, bed, unit->bed_m3, SEI_SIGNIFICANT(3));
        sei_put_number(t, bed, unit->pore_m3, SEI_SIGNIFICANT(3));
        sei_put_number(t, bed && unit->area_m2 > 0, unit->area_m2, SEI_SIGNIFICANT(3));
        sei_put_number(t, true, sei_from_si(m3_d, unit->mean_flow_m3_s), SEI_SIGNIFICANT(3));
        sei_put_number(t, bed, sei_from_si(h, unit->hrt_nominal_s), SEI_SIGNIFICANT(3));
        sei_put_number(t, bed, sei_from_si(h, unit->hrt_pore_s), SEI_SIGNIFICANT(3));
        sei_put_number(t, bed, sei_from_si(h, unit->hydraulics.hrt_pore_s), SEI_SIGNIFICANT(3));
    }
    sei_rtable_add_note(
        t,
        SEI_L("公称HRT=空塔容積÷流量、間隙HRT=間隙水の容積÷流量(堆積物なし)。終了時は堆積物が"
              "占める容積を除く。",
              "Nominal HRT: empty-bed volume by flow; pore HRT: volume of pore water by flow, of "
              "clean beds, and at the end with what deposits leave of it."));
    return t;
}

/* ---- solids ----------------------------------------------------------------------------------- */

static void solid_row(sei_rtable *t, const sei_result *r, size_t unit, size_t solid)
{
    const double    kg    = r->solid_kg_mol[solid];
    const double    start = sei_solid_at(r, 0, unit, solid) * kg;
    const double    end   = sei_solid_at(r, r->n_times - 1, unit, solid) * kg;
    const sei_words name  = sei_solid_words(r->solid_name[solid]);

    sei_rtable_add_row(t);
    sei_rtable_add_text(t, sei_unit_label(&r->site->units[unit]));
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    sei_put_number(t, true, start, SEI_SIGNIFICANT(4));
    sei_put_number(t, true, end, SEI_SIGNIFICANT(4));
    sei_put_number(t, true, end - start, SEI_SIGNIFICANT(3));
    sei_put_number(t, start > 0, 100 * end / start, 1);
}

sei_rtable *sei_table_solids(const sei_digest *d)
{
    const sei_result *r        = d->result;
    const double      trace_kg = 1e-6;
    sei_rtable       *t        = sei_rtable_create(d->ctx, "bed-solids",
                                                   SEI_L("槽内の固相と充填材", "Solids and media in the beds"));

    sei_rtable_add_column(t, "unit", SEI_L("処理単位", "unit"), "");
    sei_rtable_add_column(t, "solid", SEI_L("固相", "solid"), "");
    sei_rtable_add_column(t, "start", SEI_L("開始時", "start"), "kg");
    sei_rtable_add_column(t, "end", SEI_L("終了時", "end"), "kg");
    sei_rtable_add_column(t, "change", SEI_L("変化", "change"), "kg");
    sei_rtable_add_column(t, "left", SEI_L("残存率", "left"), "%");
    for (size_t u = 0; u < r->n_units && r->n_times > 0; u++)
        for (size_t s = 0; s < r->n_solids; s++)
            if (sei_solid_at(r, 0, u, s) * r->solid_kg_mol[s] > trace_kg ||
                sei_solid_at(r, r->n_times - 1, u, s) * r->solid_kg_mol[s] > trace_kg)
                solid_row(t, r, u, s);
    sei_rtable_add_note(t,
                        SEI_L("米ぬか・籾殻は分解可能な有機物(CH2O)の質量。石灰石はCaCO3の質量。",
                              "Bran and husk: mass of degradable organic matter (CH2O); "
                              "limestone: mass of CaCO3."));
    return t;
}

/* ---- books ------------------------------------------------------------------------------------ */

sei_rtable *sei_table_books(const sei_digest *d)
{
    const sei_result *r = d->result;
    sei_rtable       *t = sei_rtable_create(d->ctx, "mass-balance",
                                            SEI_L("元素の物質収支", "Mass balance of the elements"));

    sei_rtable_add_column(t, "element", SEI_L("元素", "element"), "");
    sei_rtable_add_column(t, "in", SEI_L("流入", "in"), "mol");
    sei_rtable_add_column(t, "air", SEI_L("大気から", "from air"), "mol");
    sei_rtable_add_column(t, "added", SEI_L("追加・搬出", "added"), "mol");
    sei_rtable_add_column(t, "out", SEI_L("流出", "out"), "mol");
    sei_rtable_add_column(t, "change", SEI_L("系内の変化", "change inside"), "mol");
    sei_rtable_add_column(t, "imbalance", SEI_L("相対誤差", "relative error"), "");
    for (size_t i = 0; i < r->n_books; i++) {
        const sei_book *b = &r->books[i];
        sei_rtable_add_row(t);
        sei_put_plain(t, b->element);
        sei_put_number(t, true, b->in_mol, SEI_SIGNIFICANT(5));
        sei_put_number(t, true, b->air_mol, SEI_SIGNIFICANT(5));
        sei_put_number(t, true, b->added_mol, SEI_SIGNIFICANT(5));
        sei_put_number(t, true, b->out_mol, SEI_SIGNIFICANT(5));
        sei_put_number(t, true, b->change_mol, SEI_SIGNIFICANT(5));
        sei_put_number(t, true, b->imbalance, SEI_SIGNIFICANT(2));
    }
    return t;
}
