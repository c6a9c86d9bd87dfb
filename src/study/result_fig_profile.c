/* result_fig_profile.c - water along the train, in the cold, in the warm and at the end */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "study/result_fig.h"
#include "study/result_flow.h"

enum { CHOSEN_MAX = 3, PATHS_MAX = 3 };

/* The profiles that are drawn. */
typedef struct {
    size_t     profile;
    sei_words  label;
    sei_look   look;
    sei_colour colour;
} chosen;

/* A way of the water with its cells in the order of flow; x is the nominal retention time, h. */
typedef struct {
    sei_figs *figs;
    size_t    number; /* from 1 */
    size_t    n_units, *units;
    double   *begin_h, *end_h; /* of each unit */
    size_t    n, *cells;
    double   *x; /* [n + 1]: 0 for the raw water, then the cells' ends */
    chosen    chosen[CHOSEN_MAX];
    size_t    n_chosen;
    sei_words twins; /* last units of ways that show the same */
} way;

/* ---- which profiles --------------------------------------------------------------------------- */

static double mean_temp(const sei_result *r, size_t profile, size_t column)
{
    double sum = 0;

    for (size_t c = 0; c < r->n_cells; c++)
        sum += r->profile_value[(profile * r->n_cells + c) * r->n_columns + column];
    return sum / (double)r->n_cells;
}

static void choose(way *w, size_t profile, const char *ja, const char *en, sei_look look,
                   sei_colour colour)
{
    const sei_result *r = w->figs->r;
    char              date[SEI_TIME_MAX];

    for (size_t i = 0; i < w->n_chosen; i++)
        if (w->chosen[i].profile == profile)
            return;
    chosen *c = &w->chosen[w->n_chosen++];
    *c        = (chosen){.profile = profile, .look = look, .colour = colour};
    sei_format_date(date, r->profile_time_us[profile], r->site->utc_offset_us);
    c->label = sei_words_of(ja, en);
    sei_words_add(&c->label, date, date);
}

/* The first profile shows how the units were filled, not how they work. */
static void choose_profiles(way *w)
{
    const sei_result *r     = w->figs->r;
    const size_t      temp  = sei_result_column(r, "temp", SEI_FRACTION_TOTAL);
    const size_t      first = r->n_profiles > 2 ? 1 : 0;
    size_t            cold = first, warm = first;

    for (size_t p = first; p < r->n_profiles && temp != SIZE_MAX; p++) {
        if (mean_temp(r, p, temp) < mean_temp(r, cold, temp))
            cold = p;
        if (mean_temp(r, p, temp) > mean_temp(r, warm, temp))
            warm = p;
    }
    if (r->n_profiles > 1 && temp != SIZE_MAX) {
        choose(w, cold, "最寒 ", "coldest, ", SEI_LOOK_LINE, SEI_COLOUR_BLUE);
        choose(w, warm, "最暖 ", "warmest, ", SEI_LOOK_LINE, SEI_COLOUR_VERMILION);
    }
    if (r->site->run.mode == SEI_RUN_STEADY)
        choose(w, r->n_profiles - 1, "定常状態 ", "steady state, ", SEI_LOOK_LINE, SEI_COLOUR_BLUE);
    else
        choose(w, r->n_profiles - 1, "最終 ", "last, ", SEI_LOOK_DASHED, SEI_COLOUR_GREY);
}

/* ---- the way of the water --------------------------------------------------------------------- */

static double unit_length(const sei_result *r, size_t unit)
{
    double length = 0;

    for (size_t c = 0; c < r->n_cells; c++)
        if (r->cells[c].unit == unit && r->cells[c].distance_m > length)
            length = r->cells[c].distance_m;
    return length;
}

/* Beds have one cross-section, so that distance tells retention time; stirred units have none, and
 * their cells share it. */
static void put_unit(way *w, size_t place, double *head_h)
{
    const sei_result *r      = w->figs->r;
    const size_t      unit   = w->units[place];
    const double      length = unit_length(r, unit);
    const double      hrt_h  = sei_from_si(sei_unit_find("h"), r->units[unit].hrt_nominal_s);
    size_t            cells = 0, k = 0;

    for (size_t c = 0; c < r->n_cells; c++)
        cells += r->cells[c].unit == unit;
    w->begin_h[place] = *head_h;
    for (size_t c = 0; c < r->n_cells; c++) {
        if (r->cells[c].unit != unit)
            continue;
        k++;
        const double share =
            length > 0 ? r->cells[c].distance_m / length : (double)k / (double)cells;
        w->cells[w->n] = c;
        w->x[++w->n]   = *head_h + share * hrt_h;
    }
    *head_h += hrt_h;
    w->end_h[place] = *head_h;
}

static void free_way(way *w)
{
    sei_ctx *ctx = w->figs->d->ctx;

    sei_release(ctx, w->units);
    sei_release(ctx, w->begin_h);
    sei_release(ctx, w->end_h);
    sei_release(ctx, w->cells);
    sei_release(ctx, w->x);
}

static bool make_way(way *w, size_t last_unit)
{
    const sei_result *r    = w->figs->r;
    sei_ctx          *ctx  = w->figs->d->ctx;
    double            head = 0;

    w->units   = sei_alloc(ctx, r->n_units + 1, sizeof *w->units);
    w->begin_h = sei_fig_array(w->figs, r->n_units);
    w->end_h   = sei_fig_array(w->figs, r->n_units);
    w->cells   = sei_alloc(ctx, r->n_cells + 1, sizeof *w->cells);
    w->x       = sei_fig_array(w->figs, r->n_cells + 1);
    if (!w->units || !w->begin_h || !w->end_h || !w->cells || !w->x) {
        w->figs->status = SEI_E_NOMEM;
        return false;
    }
    w->n_units = sei_flow_path(r->site, last_unit, w->units);
    for (size_t i = 0; i < w->n_units; i++)
        put_unit(w, i, &head);
    return w->n > 0 && head > 0;
}

/* ---- drawing ---------------------------------------------------------------------------------- */

/* The raw water when the profile was taken: at the nearest instant of the series. */
static double raw_value(const way *w, size_t profile, size_t column)
{
    const sei_result *r    = w->figs->r;
    size_t            near = 0;
    double            si;

    for (size_t i = 1; i < r->n_times; i++)
        if (llabs(r->time_us[i] - r->profile_time_us[profile]) <
            llabs(r->time_us[near] - r->profile_time_us[profile]))
            near = i;
    if (w->figs->d->raw == SIZE_MAX ||
        !sei_digest_value(w->figs->d, near, w->figs->d->raw, column, &si))
        return SEI_NO_NUMBER;
    return sei_column_shown(&r->columns[column], si);
}

static double largest(const way *w, size_t column)
{
    const sei_result *r   = w->figs->r;
    double            max = 0;

    for (size_t i = 0; i < w->n_chosen; i++)
        for (size_t k = 0; k < w->n; k++)
            max = fmax(
                max,
                r->profile_value[(w->chosen[i].profile * r->n_cells + w->cells[k]) * r->n_columns +
                                 column]);
    return max;
}

static void put_lines(way *w, sei_figure *f, size_t panel, size_t column)
{
    const sei_result *r = w->figs->r;
    double           *y = sei_fig_array(w->figs, w->n + 1);

    for (size_t i = 0; y && i < w->n_chosen; i++) {
        const chosen *c = &w->chosen[i];
        y[0]            = raw_value(w, c->profile, column);
        for (size_t k = 0; k < w->n; k++)
            y[k + 1] = sei_column_shown(
                &r->columns[column],
                r->profile_value[(c->profile * r->n_cells + w->cells[k]) * r->n_columns + column]);
        sei_fig_line(w->figs, f, panel, SEI_LABEL_OF(c->label), c->look, c->colour, w->n + 1, w->x,
                     y);
    }
    sei_release(w->figs->d->ctx, y);
}

static void draw(way *w, const char *stem, size_t part, sei_label what, size_t n,
                 const size_t columns[])
{
    const sei_site *site  = w->figs->r->site;
    sei_words       title = sei_words_of(what.ja, what.en);
    char            name[64], tail[32] = "";

    if (w->number > 1)
        snprintf(tail, sizeof tail, "-way%zu", w->number);
    if (part > 1)
        snprintf(name, sizeof name, "%s-%zu%s", stem, part, tail);
    else
        snprintf(name, sizeof name, "%s%s", stem, tail);
    for (size_t i = 0; i < w->n_units; i++) {
        const sei_label unit = sei_unit_label(&site->units[w->units[i]]);
        sei_words_add(&title, i ? " → " : "：", i ? " → " : ": ");
        sei_words_add(&title, unit.ja, unit.en);
    }
    sei_figure *f = sei_fig_begin(w->figs, SEI_FIGURE_XY, name, SEI_LABEL_OF(title));
    sei_figure_set_x(
        f, &(sei_axis){.title = SEI_L("公称滞留時間", "Nominal retention time"), .unit = "h"});
    for (size_t i = 0; i < n; i++) {
        const sei_quantity_column *c     = &w->figs->r->columns[columns[i]];
        const sei_words            words = sei_column_words(c);
        const sei_axis             axis  = sei_fig_axis(&words, c, largest(w, columns[i]));
        put_lines(w, f, sei_figure_add_panel(f, &axis), columns[i]);
    }
    for (size_t i = 0; i < w->n_units; i++)
        if (w->end_h[i] > w->begin_h[i])
            sei_figure_add_span(f, SEI_SPAN_UNIT, sei_unit_label(&site->units[w->units[i]]),
                                w->begin_h[i], w->end_h[i]);
    sei_words caption = sei_words_of("滞留時間0は原水。", "Retention time 0 is the raw water.");
    if (w->twins.en[0]) {
        sei_words_add(&caption, "同じ分布になるもの：", " The same holds for ");
        sei_words_add(&caption, w->twins.ja, w->twins.en);
        sei_words_add(&caption, "。", ".");
    }
    sei_fig_end(w->figs, f, SEI_LABEL_OF(caption));
}

/* Does a cell hold some of it in some profile? */
static bool is_seen(const sei_result *r, size_t column)
{
    for (size_t i = 0; i < r->n_profiles * r->n_cells; i++)
        if (r->profile_value[i * r->n_columns + column] > SEI_SEEN_KG_M3)
            return true;
    return false;
}

static void metals(way *w)
{
    const sei_result *r = w->figs->r;
    size_t            columns[SEI_PANELS_MAX], n = 0, part = 1;

    for (size_t c = 0; c < r->n_columns; c++) {
        const sei_quantity_column *q = &r->columns[c];
        const size_t total           = sei_result_column(r, q->quantity->key, SEI_FRACTION_TOTAL);
        if (q->fraction != SEI_FRACTION_DISSOLVED || !q->quantity->formula || total == SIZE_MAX ||
            !sei_digest_is_shown(w->figs->d, total) || !is_seen(r, c))
            continue;
        columns[n++] = c;
        if (n == SEI_PANELS_MAX) {
            draw(w, "profile-metals", part++, SEI_L("溶解性金属", "Dissolved metals"), n, columns);
            n = 0;
        }
    }
    if (n > 0)
        draw(w, "profile-metals", part, SEI_L("溶解性金属", "Dissolved metals"), n, columns);
}

static void chemistry(way *w)
{
    static const struct {
        const char  *key;
        sei_fraction fraction;
    } wanted[] = {
        {"ph", SEI_FRACTION_TOTAL},
        {"do", SEI_FRACTION_TOTAL},
        {"so4", SEI_FRACTION_TOTAL},
        {"s2", SEI_FRACTION_DISSOLVED},
    };
    size_t columns[SEI_PANELS_MAX], n = 0;

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const size_t c = sei_result_column(w->figs->r, wanted[i].key, wanted[i].fraction);
        if (c != SIZE_MAX && is_seen(w->figs->r, c))
            columns[n++] = c;
    }
    if (n > 0)
        draw(w, "profile-chemistry", 1,
             SEI_L("pH・溶存酸素・硫酸イオン・硫化物", "pH, oxygen, sulfate, sulfide"), n, columns);
}

/* Parallel units of the same kind and size give the same picture. */
static bool is_same(const way *a, const way *b)
{
    const sei_result *r     = a->figs->r;
    const double      close = 1e-6;

    if (a->n != b->n)
        return false;
    for (size_t p = 0; p < r->n_profiles; p++)
        for (size_t k = 0; k < a->n; k++)
            for (size_t c = 0; c < r->n_columns; c++) {
                const double *cells = r->profile_value + p * r->n_cells * r->n_columns + c;
                const double  x     = cells[a->cells[k] * r->n_columns];
                const double  y     = cells[b->cells[k] * r->n_columns];
                if (fabs(x - y) > close * (fabs(x) + fabs(y)) ||
                    fabs(a->x[k + 1] - b->x[k + 1]) > close * a->x[k + 1])
                    return false;
            }
    return true;
}

static void name_twin(way *first, size_t unit)
{
    const sei_label name = sei_unit_label(&first->figs->r->site->units[unit]);

    sei_words_add(&first->twins, first->twins.ja[0] ? "、" : "", first->twins.en[0] ? ", " : "");
    sei_words_add(&first->twins, name.ja, name.en);
}

/* The ways to all units that discharge, at most PATHS_MAX that differ. */
static size_t find_ways(sei_figs *figs, way ways[PATHS_MAX])
{
    const sei_result *r = figs->r;
    size_t            n = 0;

    for (size_t u = 0; u < r->n_units && figs->status == SEI_OK; u++) {
        way    w    = {.figs = figs, .number = n + 1};
        size_t twin = 0;
        if (!(sei_flow_rest(r->site, u) > 0))
            continue;
        const bool good = make_way(&w, u);
        while (good && twin < n && !is_same(&ways[twin], &w))
            twin++;
        if (good && twin < n)
            name_twin(&ways[twin], u);
        if (!good || twin < n || n == PATHS_MAX)
            free_way(&w);
        else
            ways[n++] = w;
    }
    return n;
}

void sei_figs_profiles(sei_figs *figs)
{
    const sei_result *r = figs->r;
    way               ways[PATHS_MAX];

    if (r->n_profiles == 0 || r->n_cells == 0)
        return;
    const size_t n = find_ways(figs, ways);
    for (size_t i = 0; i < n; i++) {
        choose_profiles(&ways[i]);
        metals(&ways[i]);
        chemistry(&ways[i]);
        free_way(&ways[i]);
    }
}
