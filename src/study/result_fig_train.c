/* result_fig_train.c - the train as a picture, and where the load of each metal goes */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "study/result_fig.h"
#include "study/result_flow.h"

/* ---- train ------------------------------------------------------------------------------------ */

/* Three digits, and whole numbers from a thousand on: 1475 m³ and not 1.47e+03. */
static void format_number(char out[SEI_NUMBER_MAX], double value)
{
    if (fabs(value) >= 1000.0)
        sei_format_fixed(out, value, 0);
    else
        sei_format_double(out, value, 3);
}

static const double least_shown = 1e-3; /* "<0.001" and not 7.3e-05 */

static void note(sei_figure *f, size_t arrow, const char *name, double value, int digits,
                 const char *unit)
{
    char number[SEI_NUMBER_MAX], text[96];

    if (digits > 0 && value > 0.0 && value < least_shown) {
        snprintf(text, sizeof text, "%s%s<%g %s", name, name[0] ? " " : "", least_shown, unit);
        sei_figure_add_arrow_note(f, arrow, SEI_L(text, text));
        return;
    }
    if (digits > 0 && fabs(value) < pow(10.0, digits))
        sei_format_double(number, value, digits);
    else /* 1200, not 1.2e+03 */
        sei_format_fixed(number, value, digits > 0 ? 0 : -digits);
    snprintf(text, sizeof text, "%s%s%s%s%s", name, name[0] ? " " : "", number, unit[0] ? " " : "",
             unit);
    sei_figure_add_arrow_note(f, arrow, SEI_L(text, text));
}

/* Flow, pH and the two metals that tell most of mine water: iron and zinc. */
static void put_notes(const sei_figs *figs, sei_figure *f, size_t arrow, size_t source,
                      double share)
{
    static const char *const metals[] = {"fe", "zn"};
    const sei_result        *r        = figs->r;
    const size_t             watch    = sei_flow_watch(r, source);
    const size_t             ph       = sei_result_column(r, "ph", SEI_FRACTION_TOTAL);

    if (watch == SIZE_MAX || figs->d->flow == SIZE_MAX)
        return;
    const sei_stat            *q    = sei_digest_stat(figs->d, watch, figs->d->flow);
    const sei_quantity_column *flow = &r->columns[figs->d->flow];
    note(f, arrow, "", sei_column_shown(flow, q->mean) * share, 3, sei_column_unit(flow));
    if (ph != SIZE_MAX)
        note(f, arrow, "pH", sei_digest_stat(figs->d, watch, ph)->mean, -1, "");
    for (size_t i = 0; i < sizeof metals / sizeof metals[0]; i++) {
        const size_t c = sei_result_column(r, metals[i], SEI_FRACTION_TOTAL);
        if (c != SIZE_MAX)
            note(f, arrow, r->columns[c].quantity->symbol,
                 sei_column_shown(&r->columns[c], sei_digest_stat(figs->d, watch, c)->mean), 2,
                 sei_column_unit(&r->columns[c]));
    }
}

static void put_reagents(const sei_figs *figs, sei_figure *f, size_t box, size_t unit)
{
    char number[SEI_NUMBER_MAX], ja[120], en[120];

    for (size_t i = 0; i < figs->r->n_doses; i++) {
        const sei_result_dose *d = &figs->r->doses[i];
        if (d->unit != unit)
            continue;
        format_number(number, 1e3 * d->mean_kg_m3);
        snprintf(ja, sizeof ja, "%.60s", d->reagent->name_ja);
        snprintf(en, sizeof en, "%.60s", d->reagent->name_en);
        sei_figure_add_box_note(f, box, SEI_L(ja, en));
        snprintf(en, sizeof en, "%s mg/L", number);
        sei_figure_add_box_note(f, box, SEI_L(en, en));
    }
}

static void put_box_notes(const sei_figs *figs, sei_figure *f, size_t box, size_t unit)
{
    const sei_result_unit *u = &figs->r->units[unit];
    const sei_unit        *h = sei_unit_find("h");
    char                   number[SEI_NUMBER_MAX], ja[80], en[80];

    if (!(u->bed_m3 > 0))
        return;
    format_number(number, u->bed_m3);
    snprintf(en, sizeof en, "%s m³", number);
    sei_figure_add_box_note(f, box, SEI_L(en, en));
    format_number(number, sei_from_si(h, u->hrt_nominal_s));
    snprintf(ja, sizeof ja, "HRT %s h", number);
    sei_figure_add_box_note(f, box, SEI_L(ja, ja));
    if (u->hrt_pore_s < 0.999 * u->hrt_nominal_s) { /* else it is open water */
        format_number(number, sei_from_si(h, u->hrt_pore_s));
        snprintf(ja, sizeof ja, "(間隙 %s h)", number);
        snprintf(en, sizeof en, "(pores %s h)", number);
        sei_figure_add_box_note(f, box, SEI_L(ja, en));
    }
    put_reagents(figs, f, box, unit);
}

/* Sludge on its way back, and out of the plant. */
static void put_sludge(const sei_figs *figs, sei_figure *f, size_t sink)
{
    char number[SEI_NUMBER_MAX], text[96];

    for (size_t i = 0; i < figs->r->n_sludges; i++) {
        const sei_result_sludge *s    = &figs->r->sludges[i];
        const bool               away = s->to == SIZE_MAX;
        const size_t arrow = sei_figure_add_arrow(f, s->unit + 1, away ? sink : s->to + 1);
        sei_figure_add_arrow_note(f, arrow,
                                  away ? SEI_L("排泥(固形物)", "sludge, dry")
                                       : SEI_L("返送汚泥", "recycled sludge"));
        sei_format_fixed(number, s->mean_kg_s * sei_day_s(), 0);
        snprintf(text, sizeof text, "%s kg/d", number);
        sei_figure_add_arrow_note(f, arrow, SEI_L(text, text));
    }
}

static void put_arrow(const sei_figs *figs, sei_figure *f, size_t from_box, size_t to_box,
                      size_t source, double share)
{
    put_notes(figs, f, sei_figure_add_arrow(f, from_box, to_box), source, share);
}

void sei_figs_train(sei_figs *figs)
{
    const sei_site *site = figs->r->site;

    if (site->n_units + 3 > SEI_BOXES_MAX)
        return;
    sei_figure  *f   = sei_fig_begin(figs, SEI_FIGURE_TRAIN, "train",
                                     SEI_L("処理系列(計算期間の平均)", "Train, means of the run"));
    const size_t raw = sei_figure_add_box(f, SEI_BOX_SOURCE, SEI_L("原水", "raw water"));
    for (size_t u = 0; u < site->n_units; u++) {
        const bool   bed = figs->r->units[u].bed_m3 > 0;
        const size_t box = sei_figure_add_box(f, bed ? SEI_BOX_UNIT : SEI_BOX_JUNCTION,
                                              sei_unit_label(&site->units[u]));
        put_box_notes(figs, f, box, u);
    }
    const size_t sink = sei_figure_add_box(f, SEI_BOX_SINK, SEI_L("放流", "discharge"));
    for (size_t u = 0; u < site->n_units; u++)
        for (size_t k = 0; k < sei_flow_n_feeds(site, u); k++) {
            const sei_flow_feed feed = sei_flow_feed_at(site, u, k);
            put_arrow(figs, f, feed.from == SEI_FLOW_RAW ? raw : feed.from + 1, u + 1, feed.from,
                      feed.share);
        }
    for (size_t u = 0; u < site->n_units; u++)
        if (sei_flow_rest(site, u) > 0)
            put_arrow(figs, f, u + 1, sink, u, sei_flow_rest(site, u));
    if (sei_flow_rest(site, SEI_FLOW_RAW) > 0)
        put_arrow(figs, f, raw, sink, SEI_FLOW_RAW, sei_flow_rest(site, SEI_FLOW_RAW));
    if (figs->r->n_sludges > 0)
        put_sludge(figs, f, sei_figure_add_box(f, SEI_BOX_SINK, SEI_L("汚泥", "sludge")));
    sei_fig_end(figs, f,
                SEI_L("HRTは空塔容積による公称滞留時間、金属は全量。",
                      "HRT is nominal, by the volume of the empty bed; metals are totals."));
}

/* ---- loads ------------------------------------------------------------------------------------ */

static double load_of(const sei_figs *figs, size_t source, size_t column)
{
    const size_t watch = sei_flow_watch(figs->r, source);

    return watch == SIZE_MAX ? 0 : sei_digest_stat(figs->d, watch, column)->load_kg_s;
}

static double load_into(const sei_figs *figs, size_t unit, size_t column)
{
    double in = 0;

    for (size_t k = 0; k < sei_flow_n_feeds(figs->r->site, unit); k++) {
        const sei_flow_feed feed = sei_flow_feed_at(figs->r->site, unit, k);
        in += feed.share * load_of(figs, feed.from, column);
    }
    return in;
}

/* What a unit's pumps send back: the tank that gets it gives off as much more than its water brings. */
static double load_recycled(const sei_figs *figs, size_t unit, size_t column)
{
    double back = 0;

    for (size_t i = 0; i < figs->r->n_sludges; i++) {
        const sei_result_sludge *s = &figs->r->sludges[i];
        if (s->unit == unit && s->to != SIZE_MAX)
            back += fmax(0.0, load_of(figs, s->to, column) - load_into(figs, s->to, column));
    }
    return back;
}

/* Share of the raw water's load that stays in a unit, %; what a unit gives off counts as none. */
static double kept_percent(const sei_figs *figs, size_t unit, size_t column)
{
    const double raw  = load_of(figs, SEI_FLOW_RAW, column);
    const double kept = load_into(figs, unit, column) - load_of(figs, unit, column) -
                        load_recycled(figs, unit, column);
    return kept > 0 ? 100 * kept / raw : 0;
}

enum { METALS_MAX = 20 };

static size_t find_metals(const sei_figs *figs, size_t columns[METALS_MAX])
{
    const sei_result *r = figs->r;
    size_t            n = 0;

    for (size_t c = 0; c < r->n_columns && n < METALS_MAX; c++)
        if (figs->d->raw != SIZE_MAX && sei_digest_is_metal(figs->d, c) &&
            sei_digest_stat(figs->d, figs->d->raw, c)->max > SEI_SEEN_KG_M3)
            columns[n++] = c;
    return n;
}

void sei_figs_loads(sei_figs *figs)
{
    const sei_result *r = figs->r;
    size_t            columns[METALS_MAX];
    double            value[METALS_MAX];
    const size_t      n = find_metals(figs, columns);

    if (n == 0 || figs->d->discharge == SIZE_MAX || figs->d->raw == SIZE_MAX)
        return;
    sei_figure *f = sei_fig_begin(figs, SEI_FIGURE_BARS, "loads",
                                  SEI_L("負荷の行方", "Where the load of each metal goes"));
    sei_figure_add_panel(
        f, &(sei_axis){.title = SEI_L("原水負荷に対する割合", "Share of raw load"), .unit = "%"});
    for (size_t i = 0; i < n; i++) {
        const char *symbol = r->columns[columns[i]].quantity->symbol;
        sei_figure_add_category(f, SEI_L(symbol, symbol));
    }
    for (size_t i = 0; i < n; i++)
        value[i] = 100 * sei_digest_stat(figs->d, figs->d->discharge, columns[i])->load_kg_s /
                   load_of(figs, SEI_FLOW_RAW, columns[i]);
    sei_figure_add_bar(f, 0, SEI_L("放流", "discharged"), SEI_COLOUR_VERMILION, n, value);
    for (size_t u = 0; u < r->n_units; u++) {
        double most = 0;
        for (size_t i = 0; i < n; i++) {
            value[i] = kept_percent(figs, u, columns[i]);
            most     = value[i] > most ? value[i] : most;
        }
        if (r->units[u].bed_m3 > 0 && most > 0)
            sei_figure_add_bar(f, 0, sei_unit_label(&r->site->units[u]), SEI_COLOUR_AUTO, n, value);
    }
    sei_fig_end(figs, f, SEI_L("計算期間の平均負荷(全量)。", "Mean loads of the run, totals."));
}

/* ---- the train by load -------------------------------------------------------------------------- */

enum { SANKEYS_MAX = 4 };

double sei_fig_times_limit(const sei_figs *figs, size_t column)
{
    const sei_judgement *j = sei_digest_judgement(figs->d, column);

    if (!j || !j->limit.has_max || !(j->limit.max_si > 0))
        return 0;
    return sei_digest_stat(figs->d, figs->d->raw, column)->mean / j->limit.max_si;
}

/* The metals that the raw water has most of, against what is allowed; of those without a limit none. */
static size_t choose_metals(const sei_figs *figs, size_t columns[SANKEYS_MAX])
{
    size_t all[METALS_MAX], n = 0;
    size_t left = find_metals(figs, all);

    while (n < SANKEYS_MAX && left > 0) {
        size_t best = 0;
        for (size_t i = 1; i < left; i++)
            if (sei_fig_times_limit(figs, all[i]) > sei_fig_times_limit(figs, all[best]))
                best = i;
        if (!(sei_fig_times_limit(figs, all[best]) > 1))
            break;
        columns[n++] = all[best];
        all[best]    = all[--left];
    }
    return n;
}

/* "1.23 kg/d", "45.6 g/d", "7.8 mg/d", and its share of the raw water's; what goes round can be more than all of that. */
static void put_band(const sei_figs *figs, sei_figure *f, size_t arrow, double kg_s, size_t column)
{
    const double raw  = load_of(figs, SEI_FLOW_RAW, column) * sei_day_s();
    const double kg_d = fmax(0.0, kg_s * sei_day_s()), percent = 100 * kg_d / raw;
    const int    size = raw >= 1 ? 0 : raw >= 1e-3 ? 1 : 2;

    static const char *const units[]  = {"kg/d", "g/d", "mg/d"};
    static const double      factor[] = {1.0, 1e3, 1e6};

    sei_figure_set_arrow_load(f, arrow, kg_d);
    note(f, arrow, "", factor[size] * kg_d, 3, units[size]);
    if (percent < 99.9)
        note(f, arrow, "", percent, 2, "%");
}

static void put_load(const sei_figs *figs, sei_figure *f, size_t from, size_t to, size_t source,
                     double share, size_t column)
{
    put_band(figs, f, sei_figure_add_arrow(f, from, to), share * load_of(figs, source, column),
             column);
}

static bool is_wasted(const sei_figs *figs, size_t unit)
{
    for (size_t i = 0; i < figs->r->n_sludges; i++)
        if (figs->r->sludges[i].unit == unit && figs->r->sludges[i].to == SIZE_MAX)
            return true;
    return false;
}

/* Sludge that goes back makes the load of the tank that gets it; what is wasted is what the unit keeps. */
static void put_sludge_loads(const sei_figs *figs, sei_figure *f, size_t sink, size_t column)
{
    const double raw = load_of(figs, SEI_FLOW_RAW, column);

    for (size_t i = 0; i < figs->r->n_sludges; i++) {
        const sei_result_sludge *s    = &figs->r->sludges[i];
        const bool               away = s->to == SIZE_MAX;
        const size_t arrow = sei_figure_add_arrow(f, s->unit + 1, away ? sink : s->to + 1);
        const double load  = away ? kept_percent(figs, s->unit, column) / 100 * raw
                                  : load_of(figs, s->to, column) - load_into(figs, s->to, column);
        sei_figure_add_arrow_note(
            f, arrow, away ? SEI_L("汚泥", "sludge") : SEI_L("返送汚泥", "recycled sludge"));
        put_band(figs, f, arrow, load, column);
    }
}

static void put_kept(const sei_figs *figs, sei_figure *f, size_t unit, size_t column)
{
    const double kept = kept_percent(figs, unit, column);
    char         number[SEI_NUMBER_MAX], ja[80], en[80];

    if (!(kept >= 0.1) || is_wasted(figs, unit))
        return;
    sei_format_fixed(number, kept, kept < 10 ? 1 : 0);
    snprintf(ja, sizeof ja, "捕捉 %s %%", number);
    snprintf(en, sizeof en, "keeps %s %%", number);
    sei_figure_add_box_note(f, unit + 1, SEI_L(ja, en));
}

static void draw_sankey(sei_figs *figs, size_t column)
{
    const sei_site *site  = figs->r->site;
    sei_words       title = sei_words_of("負荷の流れ：", "Load along the train: ");
    const sei_words what  = sei_column_words(&figs->r->columns[column]);
    char            name[64];

    sei_words_add(&title, what.ja, what.en);
    snprintf(name, sizeof name, "train-load-%.30s", figs->r->columns[column].quantity->key);
    sei_figure *f = sei_fig_begin(figs, SEI_FIGURE_TRAIN, name, SEI_LABEL_OF(title));
    sei_figure_add_box(f, SEI_BOX_SOURCE, SEI_L("原水", "raw water"));
    for (size_t u = 0; u < site->n_units; u++) {
        const bool bed = figs->r->units[u].bed_m3 > 0;
        sei_figure_add_box(f, bed ? SEI_BOX_UNIT : SEI_BOX_JUNCTION,
                           sei_unit_label(&site->units[u]));
        put_kept(figs, f, u, column);
    }
    const size_t sink = sei_figure_add_box(f, SEI_BOX_SINK, SEI_L("放流", "discharge"));
    for (size_t u = 0; u < site->n_units; u++)
        for (size_t k = 0; k < sei_flow_n_feeds(site, u); k++) {
            const sei_flow_feed feed = sei_flow_feed_at(site, u, k);
            put_load(figs, f, feed.from == SEI_FLOW_RAW ? 0 : feed.from + 1, u + 1, feed.from,
                     feed.share, column);
        }
    for (size_t u = 0; u < site->n_units; u++)
        if (sei_flow_rest(site, u) > 0)
            put_load(figs, f, u + 1, sink, u, sei_flow_rest(site, u), column);
    if (sei_flow_rest(site, SEI_FLOW_RAW) > 0)
        put_load(figs, f, 0, sink, SEI_FLOW_RAW, sei_flow_rest(site, SEI_FLOW_RAW), column);
    if (figs->r->n_sludges > 0)
        put_sludge_loads(figs, f, sei_figure_add_box(f, SEI_BOX_SINK, SEI_L("汚泥", "sludge")),
                         column);
    sei_fig_end(figs, f,
                SEI_L("帯の幅は期間平均の全量負荷に比例。百分率は原水の負荷に対する割合。",
                      "Bands are as wide as mean loads of the run, totals; shares are of the raw "
                      "water's load."));
}

void sei_figs_sankeys(sei_figs *figs)
{
    size_t columns[SANKEYS_MAX];

    if (figs->r->site->n_units + 3 > SEI_BOXES_MAX || figs->d->raw == SIZE_MAX)
        return;
    const size_t n = choose_metals(figs, columns);
    for (size_t i = 0; i < n && figs->status == SEI_OK; i++)
        draw_sankey(figs, columns[i]);
}
