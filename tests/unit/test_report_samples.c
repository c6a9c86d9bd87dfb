/* test_report_samples.c - figures, a table and a document with everything in them */
#include "test_report_samples.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"

enum { DAYS = 366 };

double sample_day(int year, int month, int day)
{
    const sei_civil c = {.year = year, .month = month, .day = day};

    return (double)sei_time_from_civil(&c, SEI_JST_OFFSET) / (double)SEI_US_PER_S;
}

/* A year of effluent: model, samples (some below the limit of quantification), a limit that
 * tightens, winter, events. */
static sei_figure *year(sei_ctx *ctx)
{
    static double  x[DAYS], in[DAYS], out[DAYS], xs[24], ys[24];
    sei_point_flag gap[DAYS] = {0}, flag[24] = {0};
    sei_figure    *f = sei_figure_create(ctx, SEI_FIGURE_TIME, "effluent_zn",
                                         L("処理水の全亜鉛", "Total zinc in the effluent"));

    for (size_t i = 0; i < DAYS; i++) {
        const double cold = cos((double)i / DAYS * 2 * 3.14159265);
        x[i]              = sample_day(2023, 4, 1) + (double)i * 86400;
        in[i]             = 18 + 2 * sin((double)i / 9);
        out[i]            = 0.6 - 1.1 * cold * (cold < 0) + 0.25 * sin((double)i / 13) + 0.4;
        gap[i]            = i > 200 && i < 222 ? SEI_POINT_MISSING : SEI_POINT_GOOD;
    }
    for (size_t i = 0; i < 24; i++) {
        xs[i]   = sample_day(2023, 4, 10) + (double)i * 15 * 86400;
        ys[i]   = i % 7 == 3 ? 0.1 : out[i * 15] * (1 + 0.25 * sin((double)i * 2.3));
        flag[i] = i % 7 == 3 ? SEI_POINT_BELOW : i == 9 ? SEI_POINT_SUSPECT : SEI_POINT_GOOD;
    }
    sei_figure_add_panel(f, &(sei_axis){.title = L("原水の亜鉛", "Zn in"), .unit = "mg/L"});
    sei_figure_add_panel(f, &(sei_axis){.title = L("処理水の亜鉛", "Zn out"), .unit = "mg/L"});
    sei_figure_add_line(f, 0,
                        &(sei_line){.label  = L("原水", "influent"),
                                    .n      = DAYS,
                                    .x      = x,
                                    .y      = in,
                                    .flag   = gap,
                                    .colour = SEI_COLOUR_GREY});
    sei_figure_add_line(
        f, 1,
        &(sei_line){.label = L("計算値", "computed"), .n = DAYS, .x = x, .y = out, .flag = gap});
    sei_figure_add_line(f, 1,
                        &(sei_line){.label  = L("実測値", "measured"),
                                    .n      = 24,
                                    .x      = xs,
                                    .y      = ys,
                                    .flag   = flag,
                                    .look   = SEI_LOOK_POINTS,
                                    .colour = SEI_COLOUR_VERMILION});
    const sei_limit_step steps[] = {{-HUGE_VAL, sample_day(2023, 9, 1), 5},
                                    {sample_day(2023, 9, 1), HUGE_VAL, 2}};
    sei_figure_add_limit_steps(f, 1, L("排水基準", "effluent standard"), 2, steps);
    sei_figure_add_span(f, SEI_SPAN_SEASON, L("冬季", "winter"), sample_day(2023, 12, 1),
                        sample_day(2024, 3, 1));
    sei_figure_add_span(f, SEI_SPAN_EVENT, L("点検停止", "outage"), sample_day(2023, 10, 18),
                        sample_day(2023, 11, 8));
    sei_figure_add_event(f, L("米ぬか追加", "bran added"), sample_day(2023, 7, 1));
    sei_figure_add_event(f, L("流量増", "more flow"), sample_day(2023, 7, 20));
    sei_figure_add_event(f, L("基準改正", "new standard"), sample_day(2023, 9, 1));
    return f;
}

/* Ten years with an uncertainty band. */
static sei_figure *forecast(sei_ctx *ctx)
{
    static double x[121], low[121], mid[121], high[121];
    sei_figure   *f = sei_figure_create(ctx, SEI_FIGURE_TIME, "forecast",
                                        L("硫酸還元菌反応槽の処理水：将来予測（10年）",
                                          "Forecast of the sulfate-reducing bed over ten years"));

    for (size_t i = 0; i < 121; i++) {
        const double t = (double)i;
        x[i]           = sample_day(2025 + (int)(i / 12), (int)(i % 12) + 1, 1);
        mid[i]         = 0.02 * exp(t / 40) * (1 + 0.5 * cos(t / 12 * 6.2832));
        low[i]         = mid[i] / (1.3 + t / 60);
        high[i]        = mid[i] * (1.4 + t / 40);
    }
    sei_figure_add_panel(
        f, &(sei_axis){.title = L("全亜鉛", "Total Zn"), .unit = "mg/L", .scale = SEI_SCALE_LOG});
    sei_figure_add_band(f, 0,
                        &(sei_band){.label = L("中央値と P10–P90", "median and P10–P90"),
                                    .n     = 121,
                                    .x     = x,
                                    .low   = low,
                                    .mid   = mid,
                                    .high  = high});
    sei_figure_add_limit(f, 0, L("排水基準", "effluent standard"), 2);
    sei_figure_add_limit(f, 0, L("管理目標値", "site target"), 0.5);
    for (int y = 2025; y < 2035; y++)
        sei_figure_add_span(f, SEI_SPAN_SEASON, L("冬季", "winter"), sample_day(y, 12, 1),
                            sample_day(y + 1, 3, 1));
    return f;
}

static sei_figure *profile(sei_ctx *ctx)
{
    static double x[200], fe[200], zn[200], ph[200];
    sei_figure   *f =
        sei_figure_create(ctx, SEI_FIGURE_XY, "profile",
                          L("処理系に沿った水質の変化", "Water quality along the train"));

    for (size_t i = 0; i < 200; i++) {
        x[i]  = (double)i * 0.17;
        fe[i] = 38 * exp(-x[i] / 1.1) + 0.3;
        zn[i] = x[i] < 3 ? 18 : 18 * exp(-(x[i] - 3) / 4) + 0.05;
        ph[i] = 3.5 + 3.2 * (1 - exp(-x[i] / 6));
    }
    sei_figure_set_x(f, &(sei_axis){.title = L("滞留時間", "Retention time"), .unit = "h"});
    sei_figure_add_panel(
        f,
        &(sei_axis){.title = L("濃度", "Concentration"), .unit = "mg/L", .scale = SEI_SCALE_LOG});
    sei_figure_add_panel(f, &(sei_axis){.title = {"pH", NULL}, .without_zero = true});
    sei_figure_add_line(f, 0,
                        &(sei_line){.label  = L("全鉄", "total Fe"),
                                    .n      = 200,
                                    .x      = x,
                                    .y      = fe,
                                    .colour = SEI_COLOUR_VERMILION});
    sei_figure_add_line(
        f, 0,
        &(sei_line){
            .label = L("全亜鉛", "total Zn"), .n = 200, .x = x, .y = zn, .look = SEI_LOOK_DASHED});
    sei_figure_add_line(
        f, 1,
        &(sei_line){.label = {"pH", NULL}, .n = 200, .x = x, .y = ph, .colour = SEI_COLOUR_GREEN});
    sei_figure_add_limit(f, 1, L("排水基準 下限", "lower limit"), 5.8);
    sei_figure_add_span(f, SEI_SPAN_UNIT, L("鉄酸化槽", "iron oxidation bed"), 0, 2.5);
    sei_figure_add_span(f, SEI_SPAN_UNIT, L("沈殿池", "settling pond"), 2.5, 3.5);
    sei_figure_add_span(f, SEI_SPAN_UNIT, L("硫酸還元菌反応槽", "sulfate-reducing bed"), 3.5, 31.5);
    sei_figure_add_span(f, SEI_SPAN_UNIT, L("階段水路", "cascade"), 31.5, 33.8);
    return f;
}

static sei_figure *bars(sei_ctx *ctx)
{
    static const double schw[] = {0, 120, 235, 344, 450, 551};
    static const double ferr[] = {0, 14, 31, 52, 77, 101};
    static const double zns[]  = {0, 44, 87, 131, 174, 214};
    sei_figure         *f      = sei_figure_create(ctx, SEI_FIGURE_BARS, "solids",
                                                   L("槽内に残る沈殿物", "Solids left in the beds"));
    char                ja[20], en[20];

    for (int i = 0; i < 6; i++) {
        snprintf(ja, sizeof ja, "%d年目", i);
        snprintf(en, sizeof en, "year %d", i);
        sei_figure_add_category(f, L(ja, en));
    }
    sei_figure_add_panel(f, &(sei_axis){.title = L("乾燥質量", "Dry mass"), .unit = "kg"});
    sei_figure_add_bar(f, 0, L("シュベルトマナイト", "schwertmannite"), SEI_COLOUR_ORANGE, 6, schw);
    sei_figure_add_bar(f, 0, L("フェリハイドライト", "ferrihydrite"), SEI_COLOUR_BROWN, 6, ferr);
    sei_figure_add_bar(f, 0, L("硫化亜鉛", "zinc sulfide"), SEI_COLOUR_GREY, 6, zns);
    return f;
}

static size_t box(sei_figure *f, sei_box_kind kind, sei_label name, sei_label a, sei_label b)
{
    const size_t i = sei_figure_add_box(f, kind, name);

    sei_figure_add_box_note(f, i, a);
    if (b.ja)
        sei_figure_add_box_note(f, i, b);
    return i;
}

static void arrow(sei_figure *f, size_t from, size_t to, const char *flow, const char *conc)
{
    const size_t i = sei_figure_add_arrow(f, from, to);

    sei_figure_add_arrow_note(f, i, L(flow, NULL));
    if (conc)
        sei_figure_add_arrow_note(f, i, L(conc, NULL));
}

static sei_figure *train(sei_ctx *ctx)
{
    sei_figure *f =
        sei_figure_create(ctx, SEI_FIGURE_TRAIN, "train", L("処理系の構成", "The treatment train"));
    const size_t in =
        box(f, SEI_BOX_SOURCE, L("坑廃水", "mine drainage"), L("pH 3.5", NULL), L("15 °C", NULL));
    const size_t ox = box(f, SEI_BOX_UNIT, L("鉄酸化槽", "iron oxidation bed"),
                          L("HRT 2.5 h", NULL), L("0.78 m³", NULL));
    const size_t se =
        box(f, SEI_BOX_UNIT, L("沈殿池", "settling pond"), L("HRT 1 h", NULL), L(NULL, NULL));
    const size_t s1 = box(f, SEI_BOX_UNIT, L("硫酸還元菌反応槽 1", "sulfate-reducing bed 1"),
                          L("HRT 30 h", NULL), L("4.7 m³", NULL));
    const size_t s2 = box(f, SEI_BOX_UNIT, L("硫酸還元菌反応槽 2", "sulfate-reducing bed 2"),
                          L("HRT 30 h", NULL), L("4.7 m³", NULL));
    const size_t ca =
        box(f, SEI_BOX_UNIT, L("階段水路", "cascade"), L("5 段", "5 steps"), L(NULL, NULL));
    const size_t wl =
        box(f, SEI_BOX_UNIT, L("人工湿地", "wetland"), L("120 m²", NULL), L(NULL, NULL));
    const size_t dc =
        box(f, SEI_BOX_SINK, L("放流", "discharge"), L("pH 6.9", NULL), L(NULL, NULL));

    arrow(f, in, ox, "5.2 L/min", "Fe 38 mg/L");
    arrow(f, ox, se, "5.2 L/min", "Fe 1.2 mg/L");
    arrow(f, se, s1, "2.6 L/min", "Zn 18 mg/L");
    arrow(f, se, s2, "2.6 L/min", "Zn 18 mg/L");
    arrow(f, s1, ca, "2.6 L/min", "Zn 0.1 mg/L");
    arrow(f, s2, ca, "2.6 L/min", "Zn 0.2 mg/L");
    arrow(f, ca, wl, "5.2 L/min", NULL);
    arrow(f, wl, dc, "5.2 L/min", "Zn 0.1 mg/L");
    arrow(f, in, se, "越流 0 L/min", NULL);
    return f;
}

static sei_figure *heat(sei_ctx *ctx)
{
    enum { NX = 52, NY = 12 };
    static double x[NX + 1], y[NY + 1], v[NX * NY];
    static bool   missing[NX * NY];
    sei_figure   *f = sei_figure_create(ctx, SEI_FIGURE_HEAT, "oxygen",
                                        L("槽内の溶存酸素", "Dissolved oxygen within the bed"));

    for (size_t i = 0; i <= NX; i++)
        x[i] = sample_day(2024, 4, 1) + (double)i * 7 * 86400;
    for (size_t i = 0; i <= NY; i++)
        y[i] = (double)i * 0.1;
    for (size_t iy = 0; iy < NY; iy++)
        for (size_t ix = 0; ix < NX; ix++) {
            v[iy * NX + ix]       = 9 * exp(-(double)iy / 4) * (1 + 0.3 * cos((double)ix / 8));
            missing[iy * NX + ix] = ix > 20 && ix < 24;
        }
    sei_figure_add_panel(f,
                         &(sei_axis){.title = L("深さ", "Depth"), .unit = "m", .reversed = true});
    sei_figure_set_heat(f, &(sei_axis){.title = L("溶存酸素", "DO"), .unit = "mg/L"}, NX, x, NY, y,
                        v, missing);
    return f;
}

/* Names that touch, many lines, long words. */
static sei_figure *crowd(sei_ctx *ctx, size_t lines, const char *name)
{
    static double x[40], y[40];
    char          ja[80], en[80];
    sei_figure   *f =
        sei_figure_create(ctx, SEI_FIGURE_XY, name,
                          L("名前が密集する図と、とても長い題名：実際の現場名が長いときにも"
                            "欠けたり重なったりしないことを確かめるための図",
                            "Crowded names"));

    for (size_t i = 0; i < 40; i++)
        x[i] = (double)i;
    sei_figure_set_x(f, &(sei_axis){.title = L("運転年数", "Years of operation"), .unit = "年"});
    sei_figure_add_panel(f, &(sei_axis){.title = L("濃度", "Concentration"), .unit = "mg/L"});
    for (size_t k = 0; k < lines; k++) {
        for (size_t i = 0; i < 40; i++)
            y[i] = 1e-5 * (3 + 0.02 * (double)k + sin((double)i / 6 + (double)k));
        snprintf(ja, sizeof ja, "系列 %zu 号槽出口の溶存マンガン", k + 1);
        snprintf(en, sizeof en, "series %zu dissolved Mn", k + 1);
        sei_figure_add_line(f, 0,
                            &(sei_line){.label = L(ja, en),
                                        .n     = 40,
                                        .x     = x,
                                        .y     = y,
                                        .look  = k % 2 ? SEI_LOOK_LINE_AND_POINTS : SEI_LOOK_LINE});
    }
    return f;
}

/* One sample, hostile names. */
static sei_figure *hostile(sei_ctx *ctx)
{
    const double x = sample_day(2024, 5, 1), y = 3.2;
    sei_figure  *f = sei_figure_create(
         ctx, SEI_FIGURE_TIME, "hostile",
         L("</title><script>alert(1)</script> & \"鉱山\" \x1b[31m\xff", "<b>&amp;</b>"));

    sei_figure_add_panel(f, &(sei_axis){.title = L("<濃度>", "&conc;"), .unit = "mg/L"});
    sei_figure_add_line(f, 0,
                        &(sei_line){.label = L("=cmd|' /C calc'!A0", "<img src=x>"),
                                    .n     = 1,
                                    .x     = &x,
                                    .y     = &y,
                                    .look  = SEI_LOOK_POINTS});
    sei_figure_set_alt(f, L("]]>--><script>", NULL));
    return f;
}

static sei_figure *tornado(sei_ctx *ctx)
{
    sei_figure *f = sei_figure_create(ctx, SEI_FIGURE_TORNADO, "response",
                                      L("全亜鉛の感度", "Sensitivity of total zinc"));

    sei_figure_set_x(f,
                     &(sei_axis){.title = L("全亜鉛の変化", "change of total zinc"), .unit = "%"});
    sei_figure_add_signed_bar(f, L("流量", "flow"), L("influent.flow_l_min = 5", NULL), 1.9);
    sei_figure_add_signed_bar(f, L("空隙率", "porosity"), L("train.bed.porosity = 0.45", NULL),
                              -0.45);
    sei_figure_add_signed_bar(f, L("方解石の log K", "log K of calcite"),
                              L("log_k.Calcite [+0.1]", NULL), -0.07);
    return f;
}

sei_figure *sample_figure(sei_ctx *ctx, size_t i)
{
    switch (i) {
    case 0: return train(ctx);
    case 1: return year(ctx);
    case 2: return forecast(ctx);
    case 3: return profile(ctx);
    case 4: return bars(ctx);
    case 5: return heat(ctx);
    case 6: return crowd(ctx, 6, "crowd_side");
    case 7: return crowd(ctx, 14, "crowd_below");
    case 8: return tornado(ctx);
    default: return hostile(ctx);
    }
}

sei_rtable *sample_table(sei_ctx *ctx)
{
    sei_rtable *t = sei_rtable_create(
        ctx, "compliance",
        L("排水基準との比較（2023年度）", "Against the effluent standard, fiscal year 2023"));

    sei_rtable_add_column(t, "item", L("項目", "item"), NULL);
    sei_rtable_add_column(t, "influent_mg_l", L("原水", "influent"), "mg/L");
    sei_rtable_add_column(t, "effluent_mg_l", L("処理水", "effluent"), "mg/L");
    sei_rtable_add_column(t, "limit_mg_l", L("基準", "limit"), "mg/L");
    sei_rtable_add_column(t, "verdict", L("判定", "verdict"), NULL);
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, L("全亜鉛", "total zinc"));
    sei_rtable_add_number(t, 18.0, 1);
    sei_rtable_add_number(t, 2.3456, 2);
    sei_rtable_add_number(t, 2.0, 1);
    sei_rtable_add_verdict(t, SEI_VERDICT_FAIL);
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, L("カドミウム", "cadmium"));
    sei_rtable_add_number(t, 0.05, SEI_SIGNIFICANT(2));
    sei_rtable_add_below(t, 0.0005, SEI_SIGNIFICANT(1));
    sei_rtable_add_number(t, 0.03, 2);
    sei_rtable_add_verdict(t, SEI_VERDICT_PASS);
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, L("硫酸イオン", "sulfate"));
    sei_rtable_add_number(t, 12345.6, SEI_SIGNIFICANT(4));
    sei_rtable_add_empty(t);
    sei_rtable_add_empty(t);
    sei_rtable_add_verdict(t, SEI_VERDICT_NONE);
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, L("=1+1 <b>&", NULL));
    sei_rtable_add_note(t, L("平均は定量下限未満を下限値の半分とした。",
                             "Means take half the limit for values below it."));
    return t;
}

sei_doc *sample_doc(sei_ctx *ctx)
{
    sei_doc *d = sei_doc_create(ctx, L("坑廃水パッシブトリートメント 予測報告書",
                                       "Passive treatment of mine drainage: prediction report"));

    sei_doc_set_subtitle(d, L("例示鉱山 <script>alert(1)</script>", "Example mine & <b>co</b>"));
    sei_doc_add_property(d, L("対象期間", "Period"), L("2023-04-01 – 2024-03-31", NULL));
    sei_doc_add_property(d, L("プログラム", "Program"), L("seiryu 0.1.0", NULL));
    sei_doc_add_property(
        d, L("入力ファイルの SHA-256", "SHA-256 of the input"),
        L("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", NULL));
    sei_doc_add_section(d, 1, L("概要", "Summary"));
    sei_doc_add_paragraph(d, L("処理水の全亜鉛は年平均で排水基準を超える。冬季に槽内温度が下がり、"
                               "硫酸還元が遅くなることが主な原因である。",
                               "Mean total zinc exceeds the standard: in winter the beds cool and "
                               "sulfate reduction slows down."));
    sei_doc_add_table(d, sample_table(ctx));
    sei_doc_add_warning(d, L("25 °C の速度定数を 4 °C に外挿している。",
                             "Rate constants measured at 25 °C are used down to 4 °C."));
    sei_doc_add_section(d, 1, L("処理系", "The train"));
    sei_doc_add_figure(d, sample_figure(ctx, 0), L(NULL, NULL));
    sei_doc_add_section(d, 2, L("前提条件", "Assumptions"));
    sei_doc_add_assumption(d, L("もみがらの充填率", "Share of rice husk"), "40 vol%",
                           L("公表値がないため", "not published"), "");
    sei_doc_add_assumption(d, L("槽の断熱", "Insulation of the bed"), "0.5 W/m²/K",
                           L("土かぶり 30 cm を想定", "30 cm of soil"), "doi:10.0000/x");
    sei_doc_add_section(d, 1, L("結果", "Results"));
    sei_doc_add_item(
        d, L("鉄は酸化槽で 97 % 除かれる。", "The oxidation bed takes out 97 % of iron."));
    sei_doc_add_item(d, L("亜鉛は冬季に基準を超える。", "Zinc exceeds the limit in winter."));
    for (size_t i = 1; i < SAMPLE_FIGURES; i++)
        sei_doc_add_figure(d, sample_figure(ctx, i),
                           i == 1 ? L("線は計算値、印は実測値。灰色の帯ではデータがない。",
                                      "Line: computed; marks: measured.")
                                  : L(NULL, NULL));
    return d;
}
