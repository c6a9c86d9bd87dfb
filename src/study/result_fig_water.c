/* result_fig_water.c - raw water against discharge through time, with the dated limits */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/result_fig.h"
#include "study/result_flow.h"

enum { OUTLETS_MAX = 5 };

/* "Zinc in raw water and discharge" */
static sei_words title_of(const sei_quantity *q)
{
    sei_words title = sei_words_of(q->name_ja, q->name_en);

    if (strncmp(q->name_en, "pH", 2) != 0 && title.en[0] >= 'a' && title.en[0] <= 'z')
        title.en[0] = (char)(title.en[0] - 'a' + 'A');
    sei_words_add(&title, "：原水と放流水", " in raw water and discharge");
    return title;
}

/* Units that hold water and pass it on: their outlets are worth a line of their own. */
static bool is_inner(const sei_result *r, size_t unit)
{
    return r->units[unit].bed_m3 > 0 && !(sei_flow_rest(r->site, unit) > 0);
}

/* Outlets whose highest value is above `most` would press the rest to the axis and are left out. */
static void put_upstream(sei_figs *figs, sei_figure *f, size_t panel, size_t column, double most)
{
    const sei_result *r = figs->r;
    size_t            n = 0;

    if (figs->d->raw != SIZE_MAX) {
        sei_fig_column(figs, f, panel, figs->d->raw, column, SEI_L("原水", "raw water"),
                       SEI_LOOK_LINE, SEI_COLOUR_GREY);
        sei_fig_observed(figs, f, panel, "raw", &r->columns[column],
                         SEI_L("原水 実測", "raw water, measured"), SEI_COLOUR_GREY);
    }
    for (size_t w = 0; w < r->n_watches && n < OUTLETS_MAX; w++) {
        const sei_watch *watch = &r->watches[w];
        if (watch->kind != SEI_WATCH_UNIT || !is_inner(r, watch->unit) ||
            sei_digest_stat(figs->d, w, column)->max > most)
            continue;
        sei_words       name = sei_words_of(sei_watch_label(watch).ja, sei_watch_label(watch).en);
        const sei_words seen = {"実測 ", "measured, "};
        sei_words       both = seen;
        sei_words_add(&both, name.ja, name.en);
        sei_words_add(&name, " 出口", ", outlet");
        sei_fig_column(figs, f, panel, w, column, SEI_LABEL_OF(name), SEI_LOOK_LINE,
                       SEI_COLOUR_AUTO);
        sei_fig_observed(figs, f, panel, watch->key, &r->columns[column], SEI_LABEL_OF(both),
                         SEI_COLOUR_AUTO);
        n++;
    }
}

/* Samples taken behind the units that discharge. */
static void put_measured(sei_figs *figs, sei_figure *f, size_t panel, size_t column, const char *ja,
                         const char *en, sei_colour colour)
{
    const sei_site *site = figs->r->site;

    for (size_t u = 0; u < site->n_units; u++) {
        sei_words w = sei_words_of(ja, en);
        if (!(sei_flow_rest(site, u) > 0))
            continue;
        sei_words_add(&w, " ", ", ");
        sei_words_add(&w, sei_unit_label(&site->units[u]).ja, sei_unit_label(&site->units[u]).en);
        sei_fig_observed(figs, f, panel, site->units[u].name, &figs->r->columns[column],
                         SEI_LABEL_OF(w), colour);
    }
}

static void put_discharge(sei_figs *figs, sei_figure *f, size_t panel, size_t total,
                          size_t dissolved)
{
    const size_t discharge = figs->d->discharge;

    if (total != SIZE_MAX) {
        sei_fig_column(figs, f, panel, discharge, total, SEI_L("放流水 全量", "discharge, total"),
                       SEI_LOOK_LINE, SEI_COLOUR_BLUE);
        put_measured(figs, f, panel, total, "実測 全量", "measured, total", SEI_COLOUR_BLUE);
        sei_fig_limits(figs, f, panel, total);
    }
    if (dissolved != SIZE_MAX) {
        sei_fig_column(figs, f, panel, discharge, dissolved,
                       SEI_L("放流水 溶解性", "discharge, dissolved"), SEI_LOOK_DASHED,
                       SEI_COLOUR_GREEN);
        put_measured(figs, f, panel, dissolved, "実測 溶解性", "measured, dissolved",
                     SEI_COLOUR_GREEN);
        sei_fig_limits(figs, f, panel, dissolved);
    }
}

static bool appears(const sei_figs *figs, size_t column)
{
    const sei_digest *d = figs->d;

    return (d->raw != SIZE_MAX && sei_digest_stat(d, d->raw, column)->max > SEI_SEEN_KG_M3) ||
           sei_digest_stat(d, d->discharge, column)->max > SEI_SEEN_KG_M3;
}

/* The way in above, the way out below: their scales differ by decades. */
static void metal(sei_figs *figs, size_t total)
{
    const sei_result          *r = figs->r;
    const sei_quantity_column *c = &r->columns[total];
    const size_t    dissolved    = sei_result_column(r, c->quantity->key, SEI_FRACTION_DISSOLVED);
    char            name[SEI_QUANTITY_NAME_MAX + 16];
    const sei_words title = title_of(c->quantity);
    sei_words       in    = sei_words_of(c->quantity->symbol, c->quantity->symbol);
    sei_words       out   = in;

    snprintf(name, sizeof name, "water-%s", c->quantity->key);
    sei_words_add(&in, " 原水・中間", " upstream");
    sei_words_add(&out, " 放流水", " discharged");
    sei_figure  *f = sei_fig_begin(figs, SEI_FIGURE_TIME, name, SEI_LABEL_OF(title));
    const double largest =
        figs->d->raw == SIZE_MAX ? 0 : sei_digest_stat(figs->d, figs->d->raw, total)->max;
    const sei_axis upper = sei_fig_axis(&in, c, largest), lower = sei_fig_axis(&out, c, 0);
    sei_figure_add_panel(f, &upper);
    sei_figure_add_panel(f, &lower);
    put_upstream(figs, f, 0, total, (double)INFINITY);
    put_discharge(figs, f, 1, total, dissolved);
    sei_fig_seasons(figs, f);
    sei_fig_end(figs, f, SEI_L("", ""));
}

/* Five times the highest limit, raw water or discharge. */
static double highest_of_interest(const sei_figs *figs, size_t column)
{
    const sei_column_judged *j = &figs->d->fiscal[column];
    double                   m = sei_digest_stat(figs->d, figs->d->discharge, column)->max;

    if (figs->d->raw != SIZE_MAX)
        m = fmax(m, sei_digest_stat(figs->d, figs->d->raw, column)->max);
    for (size_t i = 0; i < j->n; i++)
        if (j->results[i].limit.has_max)
            m = fmax(m, j->results[i].limit.max_si);
    return 5.0 * m;
}

/* One panel is enough where in and out are of a size. */
static void plain(sei_figs *figs, size_t column)
{
    const sei_quantity_column *c = &figs->r->columns[column];
    char                       name[SEI_QUANTITY_NAME_MAX + 16];
    const sei_words            title = title_of(c->quantity), axis = sei_column_words(c);

    snprintf(name, sizeof name, "water-%s", c->quantity->key);
    sei_figure    *f = sei_fig_begin(figs, SEI_FIGURE_TIME, name, SEI_LABEL_OF(title));
    const sei_axis y = sei_fig_axis(&axis, c, 0);
    sei_figure_add_panel(f, &y);
    sei_fig_column(figs, f, 0, figs->d->discharge, column, SEI_L("放流水", "discharge"),
                   SEI_LOOK_LINE, SEI_COLOUR_BLUE);
    put_upstream(figs, f, 0, column, highest_of_interest(figs, column));
    put_measured(figs, f, 0, column, "実測", "measured", SEI_COLOUR_BLUE);
    sei_fig_limits(figs, f, 0, column);
    sei_fig_seasons(figs, f);
    sei_fig_end(figs, f, SEI_L("", ""));
}

/* pH, and other quantities with a limit that are no metals. */
static bool is_plain(const sei_digest *d, size_t column)
{
    const sei_quantity_column *c = &d->result->columns[column];

    if (strcmp(c->quantity->key, "ph") == 0)
        return true;
    return (!c->quantity->fractions || !c->quantity->formula) &&
           c->fraction == SEI_FRACTION_TOTAL && sei_digest_judgement(d, column);
}

void sei_figs_metals(sei_figs *figs)
{
    const sei_result *r = figs->r;

    if (!sei_fig_has_time(figs) || figs->d->discharge == SIZE_MAX)
        return;
    for (size_t c = 0; c < r->n_columns; c++) {
        if (sei_digest_is_metal(figs->d, c) && appears(figs, c))
            metal(figs, c);
        else if (is_plain(figs->d, c) && appears(figs, c))
            plain(figs, c);
    }
}

/* ---- temperature and flow --------------------------------------------------------------------- */

static void put_air(sei_figs *figs, sei_figure *f, const sei_quantity_column *column)
{
    const sei_result *r      = figs->r;
    const sei_site   *site   = r->site;
    double           *y      = sei_fig_array(figs, r->n_times);
    sei_series_cursor cursor = {0};
    double            k;

    if (!y || site->climate.air.kind == SEI_CLIMATE_NONE) {
        sei_release(figs->d->ctx, y);
        return;
    }
    for (size_t i = 0; i < r->n_times; i++)
        y[i] = sei_climate_at(&site->climate.air, &cursor, r->time_us[i], site->utc_offset_us, &k)
                   ? sei_column_shown(column, k)
                   : SEI_NO_NUMBER;
    sei_fig_line(figs, f, 0, SEI_L("気温", "air"), SEI_LOOK_DASHED, SEI_COLOUR_SKY, r->n_times,
                 figs->time_s, y);
    sei_release(figs->d->ctx, y);
}

static void temperature(sei_figs *figs, size_t column)
{
    const sei_result *r     = figs->r;
    const sei_words   title = sei_words_of("水温", "Water temperature");
    sei_figure       *f     = sei_fig_begin(figs, SEI_FIGURE_TIME, "temperature",
                                            SEI_L("水温と気温", "Temperatures of water and air"));
    const sei_axis    y     = sei_fig_axis(&title, &r->columns[column], 0);
    size_t            n     = 0;

    sei_figure_add_panel(f, &y);
    put_air(figs, f, &r->columns[column]);
    for (size_t w = 0; w < r->n_watches; w++) {
        const sei_watch *watch = &r->watches[w];
        sei_words        name  = sei_words_of(sei_watch_label(watch).ja, sei_watch_label(watch).en);
        if (watch->kind == SEI_WATCH_UNIT &&
            (!(r->units[watch->unit].bed_m3 > 0) || n++ >= OUTLETS_MAX))
            continue;
        if (watch->kind == SEI_WATCH_UNIT)
            sei_words_add(&name, " 出口", ", outlet");
        sei_fig_column(figs, f, 0, w, column, SEI_LABEL_OF(name),
                       watch->kind == SEI_WATCH_DISCHARGE ? SEI_LOOK_DASHED : SEI_LOOK_LINE,
                       watch->kind == SEI_WATCH_RAW ? SEI_COLOUR_GREY : SEI_COLOUR_AUTO);
    }
    sei_fig_seasons(figs, f);
    sei_fig_end(figs, f, SEI_L("", ""));
}

static void flow(sei_figs *figs, size_t column)
{
    const sei_stat *raw   = sei_digest_stat(figs->d, figs->d->raw, column);
    const sei_words title = sei_words_of("流量", "Flow");

    if (!(raw->max - raw->min > 1e-3 * raw->max)) /* a constant flow needs no picture */
        return;
    sei_figure    *f = sei_fig_begin(figs, SEI_FIGURE_TIME, "flow",
                                     SEI_L("流量", "Flow of raw water and discharge"));
    const sei_axis y = sei_fig_axis(&title, &figs->r->columns[column], raw->max);
    sei_figure_add_panel(f, &y);
    sei_fig_column(figs, f, 0, figs->d->raw, column, SEI_L("原水", "raw water"), SEI_LOOK_LINE,
                   SEI_COLOUR_GREY);
    if (figs->d->discharge != SIZE_MAX)
        sei_fig_column(figs, f, 0, figs->d->discharge, column, SEI_L("放流水", "discharge"),
                       SEI_LOOK_DASHED, SEI_COLOUR_BLUE);
    sei_fig_seasons(figs, f);
    sei_fig_end(figs, f, SEI_L("", ""));
}

void sei_figs_temperature(sei_figs *figs)
{
    const size_t column = sei_result_column(figs->r, "temp", SEI_FRACTION_TOTAL);

    if (!sei_fig_has_time(figs))
        return;
    if (column != SIZE_MAX)
        temperature(figs, column);
    if (figs->d->flow != SIZE_MAX && figs->d->raw != SIZE_MAX)
        flow(figs, figs->d->flow);
}
