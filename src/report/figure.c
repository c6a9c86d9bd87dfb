/* figure.c - filling a figure with axes, lines, bands, limits, spans and bars */
#include "report/figure.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

enum { COLOURS = SEI_COLOUR_BROWN };

sei_figure *sei_figure_create(sei_ctx *ctx, sei_figure_kind kind, const char *name, sei_label title)
{
    sei_figure *figure = sei_alloc(ctx, 1, sizeof *figure);

    if (!figure)
        return NULL;
    sei_fill_init(&figure->fill, ctx);
    figure->kind         = kind;
    figure->utc_offset_s = (double)SEI_JST_OFFSET / (double)SEI_US_PER_S;
    sei_fill_name(&figure->fill, name, figure->name);
    figure->title = sei_fill_label(&figure->fill, title);
    figure->alt   = figure->title;
    figure->x     = (sei_axis){.title = {"", ""}, .unit = ""};
    return figure;
}

void sei_figure_free(sei_figure *figure)
{
    if (!figure)
        return;
    sei_ctx *ctx = figure->fill.ctx;
    sei_release(ctx, figure->part);
    sei_release(ctx, figure->span);
    sei_release(ctx, figure->category);
    sei_release(ctx, figure->box);
    sei_release(ctx, figure->arrow);
    sei_release(ctx, figure->signed_bar);
    sei_fill_done(&figure->fill);
    sei_release(ctx, figure);
}

const char *sei_figure_name(const sei_figure *figure)
{
    return figure ? figure->name : "";
}

void sei_figure_set_alt(sei_figure *figure, sei_label alt)
{
    if (figure)
        figure->alt = sei_fill_label(&figure->fill, alt);
}

/* Is figure there, without a failure so far? */
static bool is_open(const sei_figure *figure)
{
    return figure && figure->fill.status == SEI_OK;
}

static bool is_kind(sei_figure *figure, unsigned kinds, const char *what)
{
    if (!is_open(figure))
        return false;
    if (kinds & 1U << figure->kind)
        return true;
    sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: its kind takes no %s", figure->name, what);
    return false;
}

static bool is_finite(sei_figure *figure, const char *what, size_t i, double value)
{
    if (isfinite(value))
        return true;
    sei_fill_fail(&figure->fill, SEI_E_RANGE,
                  "figure %s: %s[%zu] is not finite; flag it SEI_POINT_MISSING or leave it out",
                  figure->name, what, i);
    return false;
}

static bool are_finite(sei_figure *figure, const char *what, size_t n, const double value[])
{
    for (size_t i = 0; i < n; i++)
        if (!is_finite(figure, what, i, value[i]))
            return false;
    return true;
}

/* Finite, not falling, and as a time within some 3000 years of 1970. */
static bool is_x_good(sei_figure *figure, size_t n, const double x[])
{
    const double time_max_s = 1e11;

    if (!are_finite(figure, "x", n, x))
        return false;
    if (sei_figure_has_time(figure) && (x[0] < -time_max_s || x[n - 1] > time_max_s)) {
        sei_fill_fail(&figure->fill, SEI_E_RANGE,
                      "figure %s: a time lies more than %g s from 1970-01-01", figure->name,
                      time_max_s);
        return false;
    }
    for (size_t i = 1; i < n; i++) {
        if (x[i] >= x[i - 1])
            continue;
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: x[%zu] = %.17g lies before x[%zu]",
                      figure->name, i, x[i], i - 1);
        return false;
    }
    return true;
}

void sei_figure_set_utc_offset(sei_figure *figure, double seconds)
{
    /* no zone lies more than a day from UTC */
    const double day_s = (double)SEI_US_PER_DAY / (double)SEI_US_PER_S;

    if (!is_open(figure))
        return;
    if (fabs(seconds) <= day_s)
        figure->utc_offset_s = seconds;
    else
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: UTC offset %g s is outside -1..1 d",
                      figure->name, seconds);
}

static sei_axis copy_axis(sei_figure *figure, const sei_axis *axis)
{
    sei_axis copy = axis ? *axis : (sei_axis){.unit = ""};

    copy.title = sei_fill_label(&figure->fill, copy.title);
    copy.unit  = sei_fill_text(&figure->fill, copy.unit);
    if (!isfinite(copy.lower) || !isfinite(copy.upper))
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: an axis bound is not finite",
                      figure->name);
    if (copy.scale == SEI_SCALE_LOG && copy.lower < copy.upper && copy.lower <= 0)
        sei_fill_fail(&figure->fill, SEI_E_RANGE,
                      "figure %s: a logarithmic axis cannot begin at %g", figure->name, copy.lower);
    return copy;
}

void sei_figure_set_x(sei_figure *figure, const sei_axis *axis)
{
    if (!is_open(figure))
        return;
    figure->x = copy_axis(figure, axis);
    if (figure->kind == SEI_FIGURE_TORNADO && figure->x.scale == SEI_SCALE_LOG)
        sei_fill_fail(&figure->fill, SEI_E_ARG,
                      "figure %s: an axis of signed bars cannot be logarithmic", figure->name);
}

size_t sei_figure_add_panel(sei_figure *figure, const sei_axis *y_axis)
{
    if (!is_kind(figure, ~(1U << SEI_FIGURE_TRAIN | 1U << SEI_FIGURE_TORNADO), "panel"))
        return 0;
    const size_t max = figure->kind == SEI_FIGURE_HEAT ? 1 : SEI_PANELS_MAX;
    if (figure->n_panels >= max) {
        sei_fill_fail(&figure->fill, SEI_E_TOO_LARGE, "figure %s: more than %zu panels",
                      figure->name, max);
        return 0;
    }
    figure->y[figure->n_panels] = copy_axis(figure, y_axis);
    return figure->n_panels++;
}

/* The first colour that the panel does not show yet. */
static sei_colour unused_colour(const sei_figure *figure, size_t panel, int order)
{
    for (int c = SEI_COLOUR_BLUE; c <= COLOURS; c++) {
        bool is_used = false;
        for (size_t i = 0; i < figure->n_parts; i++) {
            const sei_part *part = &figure->part[i];
            is_used |= part->panel == panel && part->kind != SEI_PART_LIMIT &&
                       part->colour == (sei_colour)c;
        }
        if (!is_used)
            return (sei_colour)c;
    }
    return (sei_colour)(order % COLOURS + 1);
}

/* Marker and colour follow the order in the panel, so that panels repeat them. */
static sei_part *add_part(sei_figure *figure, size_t panel, sei_label label, sei_colour colour)
{
    int order = 0;

    if (panel >= figure->n_panels) {
        sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: panel %zu does not exist", figure->name,
                      panel);
        return NULL;
    }
    for (size_t i = 0; i < figure->n_parts; i++)
        if (figure->part[i].panel == panel && figure->part[i].kind != SEI_PART_LIMIT)
            order++;
    sei_part *grown = sei_fill_room(&figure->fill, figure->part, &figure->parts_size,
                                    figure->n_parts, sizeof *grown, SEI_SERIES_MAX, "series");
    if (!grown)
        return NULL;
    figure->part = grown;
    if (colour <= SEI_COLOUR_AUTO || colour > SEI_COLOUR_BROWN)
        colour = unused_colour(figure, panel, order);
    sei_part *part = &figure->part[figure->n_parts++];
    *part          = (sei_part){.panel = panel, .shape = order, .colour = colour};
    part->label    = sei_fill_label(&figure->fill, label);
    return part;
}

static bool is_count_good(sei_figure *figure, size_t n)
{
    if (n >= 1 && n <= SEI_POINTS_MAX)
        return true;
    sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: a series of %zu points, not 1 to %d",
                  figure->name, n, SEI_POINTS_MAX);
    return false;
}

static bool is_line_good(sei_figure *figure, const sei_line *line)
{
    if (!is_count_good(figure, line->n) || !is_x_good(figure, line->n, line->x))
        return false;
    for (size_t i = 0; i < line->n; i++)
        if (!(line->flag && line->flag[i] == SEI_POINT_MISSING) &&
            !is_finite(figure, "y", i, line->y[i]))
            return false;
    return true;
}

/* Filled and open points of one colour belong together. */
static void share_shape(const sei_figure *figure, sei_part *part)
{
    for (const sei_part *p = figure->part; p < part; p++)
        if (p->panel == part->panel && p->colour == part->colour && p->look != part->look &&
            sei_part_is_points(p) && sei_part_is_points(part))
            part->shape = p->shape;
}

void sei_figure_add_line(sei_figure *figure, size_t panel, const sei_line *line)
{
    if (!is_kind(figure, 1U << SEI_FIGURE_TIME | 1U << SEI_FIGURE_XY, "line") ||
        !is_line_good(figure, line))
        return;
    sei_part *part = add_part(figure, panel, line->label, line->colour);
    if (!part)
        return;
    part->kind = SEI_PART_LINE;
    part->look = line->look;
    share_shape(figure, part);
    part->n    = line->n;
    part->x    = sei_fill_copy(&figure->fill, line->x, line->n, sizeof *line->x);
    part->y    = sei_fill_copy(&figure->fill, line->y, line->n, sizeof *line->y);
    part->flag = sei_fill_copy(&figure->fill, line->flag, line->n, sizeof *line->flag);
}

static bool is_band_good(sei_figure *figure, const sei_band *band)
{
    if (!is_count_good(figure, band->n) || !is_x_good(figure, band->n, band->x) ||
        !are_finite(figure, "low", band->n, band->low) ||
        !are_finite(figure, "high", band->n, band->high) ||
        (band->mid && !are_finite(figure, "mid", band->n, band->mid)))
        return false;
    for (size_t i = 0; i < band->n; i++) {
        if (band->low[i] <= band->high[i])
            continue;
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: low[%zu] = %g is above high %g",
                      figure->name, i, band->low[i], band->high[i]);
        return false;
    }
    return true;
}

void sei_figure_add_band(sei_figure *figure, size_t panel, const sei_band *band)
{
    if (!is_kind(figure, 1U << SEI_FIGURE_TIME | 1U << SEI_FIGURE_XY, "band") ||
        !is_band_good(figure, band))
        return;
    sei_part *part = add_part(figure, panel, band->label, band->colour);
    if (!part)
        return;
    part->kind = SEI_PART_BAND;
    part->n    = band->n;
    part->x    = sei_fill_copy(&figure->fill, band->x, band->n, sizeof *band->x);
    part->y    = sei_fill_copy(&figure->fill, band->mid, band->n, sizeof *band->mid);
    part->low  = sei_fill_copy(&figure->fill, band->low, band->n, sizeof *band->low);
    part->high = sei_fill_copy(&figure->fill, band->high, band->n, sizeof *band->high);
}

void sei_figure_add_limit(sei_figure *figure, size_t panel, sei_label label, double value)
{
    const sei_limit_step always = {-HUGE_VAL, HUGE_VAL, value};

    sei_figure_add_limit_steps(figure, panel, label, 1, &always);
}

void sei_figure_add_limit_steps(sei_figure *figure, size_t panel, sei_label label, size_t n,
                                const sei_limit_step step[])
{
    const unsigned kinds = 1U << SEI_FIGURE_TIME | 1U << SEI_FIGURE_XY | 1U << SEI_FIGURE_BARS;

    if (!is_kind(figure, kinds, "limit") || !is_count_good(figure, n))
        return;
    for (size_t i = 0; i < n; i++) {
        if (!is_finite(figure, "limit", i, step[i].value))
            return;
        if (!(step[i].from < step[i].to) || (i > 0 && step[i].from < step[i - 1].to)) {
            sei_fill_fail(&figure->fill, SEI_E_RANGE,
                          "figure %s: limit step %zu is empty or overlaps the one before",
                          figure->name, i);
            return;
        }
    }
    sei_part *part = add_part(figure, panel, label, SEI_COLOUR_AUTO);
    if (!part)
        return;
    part->kind = SEI_PART_LIMIT;
    part->n    = n;
    part->step = sei_fill_copy(&figure->fill, step, n, sizeof *step);
}

static void add_span(sei_figure *figure, sei_span span)
{
    sei_span *grown;

    if (!is_kind(figure, 1U << SEI_FIGURE_TIME | 1U << SEI_FIGURE_XY | 1U << SEI_FIGURE_HEAT,
                 "span or event") ||
        !is_finite(figure, "span", 0, span.from) || !is_finite(figure, "span", 1, span.to))
        return;
    if (span.from > span.to) {
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: a span ends before it begins",
                      figure->name);
        return;
    }
    grown = sei_fill_room(&figure->fill, figure->span, &figure->spans_size, figure->n_spans,
                          sizeof *grown, SEI_SPANS_MAX, "spans and events");
    if (!grown)
        return;
    figure->span                    = grown;
    span.label                      = sei_fill_label(&figure->fill, span.label);
    figure->span[figure->n_spans++] = span;
}

void sei_figure_add_span(sei_figure *figure, sei_span_kind kind, sei_label label, double from,
                         double to)
{
    add_span(figure, (sei_span){.kind = kind, .label = label, .from = from, .to = to});
}

void sei_figure_add_event(sei_figure *figure, sei_label label, double x)
{
    add_span(
        figure,
        (sei_span){.kind = SEI_SPAN_EVENT, .is_event = true, .label = label, .from = x, .to = x});
}

void sei_figure_add_category(sei_figure *figure, sei_label label)
{
    if (!is_kind(figure, 1U << SEI_FIGURE_BARS, "category"))
        return;
    sei_label *grown =
        sei_fill_room(&figure->fill, figure->category, &figure->categories_size,
                      figure->n_categories, sizeof *grown, SEI_CATEGORIES_MAX, "categories");
    if (!grown)
        return;
    figure->category                         = grown;
    figure->category[figure->n_categories++] = sei_fill_label(&figure->fill, label);
}

void sei_figure_add_bar(sei_figure *figure, size_t panel, sei_label label, sei_colour colour,
                        size_t n, const double value[])
{
    if (!is_kind(figure, 1U << SEI_FIGURE_BARS, "bar") || !are_finite(figure, "bar", n, value))
        return;
    if (n == 0 || n != figure->n_categories) {
        sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: %zu bar values for %zu categories",
                      figure->name, n, figure->n_categories);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (value[i] >= 0)
            continue;
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: bar[%zu] = %g is below 0",
                      figure->name, i, value[i]);
        return;
    }
    sei_part *part = add_part(figure, panel, label, colour);
    if (!part)
        return;
    part->kind = SEI_PART_BAR;
    part->n    = n;
    part->y    = sei_fill_copy(&figure->fill, value, n, sizeof *value);
}

static bool is_rising(sei_figure *figure, const char *what, size_t n, const double edge[])
{
    if (!are_finite(figure, what, n + 1, edge))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (edge[i] < edge[i + 1])
            continue;
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: %s[%zu] does not rise", figure->name,
                      what, i + 1);
        return false;
    }
    return true;
}

void sei_figure_set_heat(sei_figure *figure, const sei_axis *value_axis, size_t n_x,
                         const double x_edge[], size_t n_y, const double y_edge[],
                         const double value[], const bool missing[])
{
    if (!is_kind(figure, 1U << SEI_FIGURE_HEAT, "heat map"))
        return;
    if (n_x == 0 || n_y == 0 || n_x > SEI_POINTS_MAX / n_y) {
        sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: a heat map of %zu times %zu cells",
                      figure->name, n_x, n_y);
        return;
    }
    if (!is_x_good(figure, n_x + 1, x_edge) || !is_rising(figure, "x_edge", n_x, x_edge) ||
        !is_rising(figure, "y_edge", n_y, y_edge))
        return;
    for (size_t i = 0; i < n_x * n_y; i++)
        if (!(missing && missing[i]) && !is_finite(figure, "value", i, value[i]))
            return;
    sei_heat *heat = &figure->heat;
    heat->axis     = copy_axis(figure, value_axis);
    heat->n_x      = n_x;
    heat->n_y      = n_y;
    heat->x_edge   = sei_fill_copy(&figure->fill, x_edge, n_x + 1, sizeof *x_edge);
    heat->y_edge   = sei_fill_copy(&figure->fill, y_edge, n_y + 1, sizeof *y_edge);
    heat->value    = sei_fill_copy(&figure->fill, value, n_x * n_y, sizeof *value);
    heat->missing  = sei_fill_copy(&figure->fill, missing, n_x * n_y, sizeof *missing);
}
