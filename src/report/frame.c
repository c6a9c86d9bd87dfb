/* frame.c - the frame of a chart: title, header strip, axes, grid */
#include "report/frame.h"

#include <math.h>
#include <stdio.h>

#define PI       3.14159265358979323846
#define TICK_GAP 6.0  /* between a tick's text and the axis */
#define TEXT_GAP 10.0 /* at least, between two texts on the x axis */

double sei_map_at(const sei_map *map, double value)
{
    double f;

    if (map->is_log) {
        const double v = value > map->lower ? value : map->lower;
        f              = log(v / map->lower) / log(map->upper / map->lower);
    } else {
        f = (value - map->lower) / (map->upper - map->lower);
    }
    /* far outside lies where no drawing library overflows */
    f = f < -10 ? -10 : f > 10 ? 10 : f;
    return map->at_lower + f * (map->at_upper - map->at_lower);
}

double sei_frame_slot(const sei_frame *frame, size_t category, double *ret_width)
{
    const double width = (frame->right - frame->left) / (double)frame->figure->n_categories;

    *ret_width = width;
    return frame->left + ((double)category + 0.5) * width;
}

double sei_frame_panel_height(const sei_figure *figure)
{
    static const double height[SEI_PANELS_MAX + 1] = {280, 280, 185, 150, 130};

    return height[figure->n_panels];
}

void sei_axis_text(const sei_axis *axis, sei_script *ret_script, char suffix[SEI_TICK_TEXT])
{
    suffix[0] = '\0';
    if (axis->unit[0])
        snprintf(suffix, SEI_TICK_TEXT, " (%.30s)", axis->unit);
    *ret_script = (sei_script){.label = axis->title, .suffix = suffix, .size = SEI_TEXT_SIZE};
    if (!axis->title.ja[0] && axis->unit[0])
        ret_script->suffix = axis->unit;
}

double sei_draw_title(sei_pen *pen, const sei_figure *figure)
{
    const sei_script title = {.label   = figure->title,
                              .size    = SEI_TITLE_SIZE,
                              .width   = SEI_FIGURE_WIDTH - 2 * SEI_MARGIN,
                              .lines   = 2,
                              .stacked = true};
    if (pen->without_title)
        return SEI_MARGIN;
    const sei_rect box = sei_pen_write(pen, &title, SEI_MARGIN, SEI_MARGIN - 2, 0, 0);

    return box.y + box.h + 10;
}

void sei_frame_init(sei_frame *frame, sei_pen *pen, const sei_figure *figure)
{
    *frame = (sei_frame){.pen = pen, .figure = figure, .n_panels = figure->n_panels};
    sei_frame_ranges(frame);
}

static void y_axis_title(sei_frame *frame, size_t p, sei_script *ret_script,
                         char suffix[SEI_TICK_TEXT])
{
    sei_axis_text(&frame->figure->y[p], ret_script, suffix);
    ret_script->width   = sei_frame_panel_height(frame->figure) + 16;
    ret_script->lines   = 2;
    ret_script->stacked = true;
    ret_script->align   = PANGO_ALIGN_CENTER;
}

/* Ticks of all y axes, and with them the left margin. */
static void lay_out_y(sei_frame *frame)
{
    const double height = sei_frame_panel_height(frame->figure);
    const size_t target = (size_t)(height / 44) + 1;
    double       widest = 0, title_h = 0;

    for (size_t p = 0; p < frame->n_panels; p++) {
        sei_panel *panel = &frame->panel[p];
        char       suffix[SEI_TICK_TEXT];
        sei_script title;
        const bool is_tight = frame->figure->kind == SEI_FIGURE_HEAT;

        if (frame->figure->y[p].scale == SEI_SCALE_LOG)
            sei_ticks_log(&panel->ticks, panel->lower, panel->upper, target * 2, !is_tight);
        else
            sei_ticks_linear(&panel->ticks, panel->lower, panel->upper, target, !is_tight);
        for (size_t i = 0; i < panel->ticks.n; i++) {
            const sei_script s = {.text = panel->ticks.tick[i].text};
            widest             = fmax(widest, sei_pen_measure(frame->pen, &s).w);
        }
        y_axis_title(frame, p, &title, suffix);
        title_h = fmax(title_h, sei_pen_measure(frame->pen, &title).h);
    }
    frame->left = ceil(SEI_MARGIN + title_h + 6 + widest + TICK_GAP);
}

static void x_ticks_for(sei_frame *frame, size_t room)
{
    const sei_figure *figure = frame->figure;

    if (sei_figure_has_time(figure))
        sei_ticks_time(&frame->x_ticks, frame->x_lower, frame->x_upper, figure->utc_offset_s, room,
                       frame->pen->lang);
    else if (figure->x.scale == SEI_SCALE_LOG)
        sei_ticks_log(&frame->x_ticks, frame->x_lower, frame->x_upper, room, false);
    else
        sei_ticks_linear(&frame->x_ticks, frame->x_lower, frame->x_upper, room, false);
}

static bool x_ticks_fit(sei_frame *frame)
{
    double end = -HUGE_VAL;

    for (size_t i = 0; i < frame->x_ticks.n; i++) {
        const sei_tick  *tick = &frame->x_ticks.tick[i];
        const sei_script s    = {.text = tick->text};
        const double     at   = sei_map_at(&frame->x, tick->at);
        const double     half = sei_pen_measure(frame->pen, &s).w / 2;

        if (tick->is_minor)
            continue;
        if (at - half < end + TEXT_GAP)
            return false;
        end = at + half;
    }
    return true;
}

/* As many ticks as fit, beginning with one for each 30 pixels. */
static void lay_out_x(sei_frame *frame)
{
    const bool   is_log = frame->figure->x.scale == SEI_SCALE_LOG;
    const bool   turned = frame->figure->x.reversed;
    const double from   = turned ? frame->right : frame->left;
    const double to     = turned ? frame->left : frame->right;
    size_t       room   = (size_t)((frame->right - frame->left) / 30);

    frame->x = (sei_map){frame->x_lower, frame->x_upper, from, to, is_log};
    do {
        x_ticks_for(frame, room);
    } while (!turned && !x_ticks_fit(frame) && --room > 2);
}

void sei_frame_layout(sei_frame *frame, double right_margin)
{
    const sei_figure *figure = frame->figure;
    const double      height = sei_frame_panel_height(figure);

    lay_out_y(frame);
    frame->right = floor(SEI_FIGURE_WIDTH - right_margin);
    if (frame->right < frame->left + 100)
        frame->right = frame->left + 100;
    lay_out_x(frame);
    frame->header_top = sei_draw_title(frame->pen, figure);
    double y          = ceil(frame->header_top + sei_header_height(frame));
    for (size_t p = 0; p < frame->n_panels; p++) {
        sei_panel *panel = &frame->panel[p];
        const bool down  = figure->y[p].reversed;

        panel->top    = y + (p == 0 ? 4 : 26);
        panel->bottom = panel->top + height;
        panel->y =
            (sei_map){panel->ticks.lower, panel->ticks.upper, down ? panel->top : panel->bottom,
                      down ? panel->bottom : panel->top, figure->y[p].scale == SEI_SCALE_LOG};
        y = panel->bottom;
    }
    frame->bottom = y;
}

static void draw_span(sei_frame *frame, const sei_span *span, double top, double bottom,
                      size_t order)
{
    const double   a = sei_map_at(&frame->x, span->from), b = sei_map_at(&frame->x, span->to);
    const double   from = fmax(fmin(a, b), frame->left), to = fmin(fmax(a, b), frame->right);
    const sei_rect rect = {from, top, to - from, bottom - top};

    if (span->is_event || !sei_span_is_visible(frame, span))
        return;
    if (span->kind == SEI_SPAN_SEASON)
        sei_pen_fill(frame->pen, rect, SEI_WINTER, 1);
    else if (span->kind == SEI_SPAN_EVENT)
        sei_pen_fill(frame->pen, rect, SEI_EVENT, 1);
    else if (order % 2 == 0)
        sei_pen_fill(frame->pen, rect, SEI_ZONE, 1);
}

static void draw_grid(sei_frame *frame, const sei_panel *panel)
{
    const bool has_x_grid = frame->figure->kind != SEI_FIGURE_BARS;

    sei_pen_colour(frame->pen, SEI_GRID, 1);
    for (size_t i = 0; i < panel->ticks.n; i++) {
        const double y = sei_map_at(&panel->y, panel->ticks.tick[i].at);
        cairo_set_line_width(frame->pen->cr, panel->ticks.tick[i].is_minor ? 0.5 : 1);
        sei_pen_line(frame->pen, frame->left, y, frame->right, y);
    }
    for (size_t i = 0; has_x_grid && i < frame->x_ticks.n; i++) {
        const double x = sei_map_at(&frame->x, frame->x_ticks.tick[i].at);
        cairo_set_line_width(frame->pen->cr, 0.5);
        sei_pen_line(frame->pen, x, panel->top, x, panel->bottom);
    }
}

/* Unit boundaries and events cross the panel above its grid. */
static void draw_crossings(sei_frame *frame, const sei_span *span, const sei_panel *panel)
{
    const double dots[] = {2, 3};

    if (!sei_span_is_visible(frame, span) || (!span->is_event && span->kind != SEI_SPAN_UNIT))
        return;
    cairo_save(frame->pen->cr);
    cairo_set_line_width(frame->pen->cr, 1);
    sei_pen_colour(frame->pen, span->is_event ? SEI_MUTED : SEI_AXIS, 1);
    cairo_set_dash(frame->pen->cr, dots, 2, 0);
    for (int end = 0; end < (span->is_event ? 1 : 2); end++) {
        const double x = sei_map_at(&frame->x, end ? span->to : span->from);
        if (x > frame->left + 1 && x < frame->right - 1)
            sei_pen_line(frame->pen, x, panel->top, x, panel->bottom);
    }
    cairo_restore(frame->pen->cr);
}

void sei_frame_draw_back(sei_frame *frame)
{
    const sei_figure *figure = frame->figure;

    for (size_t p = 0; p < frame->n_panels; p++) {
        const sei_panel *panel = &frame->panel[p];
        size_t           order = 0;

        for (size_t i = 0; i < figure->n_spans; i++) {
            draw_span(frame, &figure->span[i], panel->top, panel->bottom, order);
            order += figure->span[i].kind == SEI_SPAN_UNIT;
        }
        draw_grid(frame, panel);
        for (size_t i = 0; i < figure->n_spans; i++)
            draw_crossings(frame, &figure->span[i], panel);
    }
}

static void draw_y_axis(sei_frame *frame, size_t p)
{
    sei_pen         *pen   = frame->pen;
    const sei_panel *panel = &frame->panel[p];
    char             suffix[SEI_TICK_TEXT];
    sei_script       title;

    for (size_t i = 0; i < panel->ticks.n; i++) {
        const sei_tick  *tick = &panel->ticks.tick[i];
        const sei_script s    = {.text = tick->text};
        const double     y    = sei_map_at(&panel->y, tick->at);
        if (!tick->is_minor)
            sei_pen_write(pen, &s, frame->left - TICK_GAP, y, 1, 0.5);
    }
    y_axis_title(frame, p, &title, suffix);
    cairo_save(pen->cr);
    cairo_translate(pen->cr, SEI_MARGIN, (panel->top + panel->bottom) / 2);
    cairo_rotate(pen->cr, -PI / 2);
    sei_pen_write(pen, &title, 0, 0, 0.5, 0);
    cairo_restore(pen->cr);
}

/* The line of years below the months; where two would touch, the later one stays. */
static double draw_parents(sei_frame *frame, double y)
{
    double next = HUGE_VAL, bottom = y;

    for (size_t i = frame->x_ticks.n; i-- > 0;) {
        const sei_tick  *tick = &frame->x_ticks.tick[i];
        const sei_script s    = {.text = tick->parent, .colour = SEI_MUTED};
        const double     half = sei_pen_measure(frame->pen, &s).w / 2;
        const double     at   = sei_map_at(&frame->x, tick->at);

        if (!tick->parent[0] || at + half + TEXT_GAP > next)
            continue;
        const sei_rect box = sei_pen_write(frame->pen, &s, at, y, 0.5, 0);
        next               = at - half;
        bottom             = fmax(bottom, box.y + box.h);
    }
    return bottom;
}

static double draw_x_ticks(sei_frame *frame, double y)
{
    double bottom = y;

    cairo_set_line_width(frame->pen->cr, 1);
    for (size_t i = 0; i < frame->x_ticks.n; i++) {
        const sei_tick  *tick = &frame->x_ticks.tick[i];
        const sei_script s    = {.text = tick->text};
        const double     x    = sei_map_at(&frame->x, tick->at);

        sei_pen_colour(frame->pen, SEI_AXIS, 1);
        sei_pen_line(frame->pen, x, y, x, y + (tick->is_minor ? 2 : 4));
        if (tick->is_minor)
            continue;
        const sei_rect box = sei_pen_write(frame->pen, &s, x, y + TICK_GAP, 0.5, 0);
        bottom             = fmax(bottom, box.y + box.h);
    }
    return draw_parents(frame, bottom + 2);
}

/* How many slots one name takes: in narrow slots every second, third ... one is named. */
static size_t slots_a_name(sei_frame *frame, double slot)
{
    const double wraps = 44, widest_max = 90;
    double       widest = 0;

    if (slot >= wraps)
        return 1;
    for (size_t c = 0; c < frame->figure->n_categories; c++) {
        const sei_script s = {.label = frame->figure->category[c], .stacked = true};
        widest             = fmax(widest, sei_pen_measure(frame->pen, &s).w);
    }
    return (size_t)ceil((fmin(widest, widest_max) + 8) / slot);
}

static double draw_categories(sei_frame *frame, double y)
{
    const sei_figure *figure = frame->figure;
    double            bottom = y, slot = 0;

    if (figure->n_categories == 0)
        return y;
    sei_frame_slot(frame, 0, &slot);
    const size_t every = slots_a_name(frame, slot);
    for (size_t c = 0; c < figure->n_categories; c += every) {
        const sei_script s = {.label   = figure->category[c],
                              .width   = slot * (double)every - 6,
                              .lines   = 3,
                              .stacked = true,
                              .align   = PANGO_ALIGN_CENTER};
        const sei_rect   box =
            sei_pen_write(frame->pen, &s, sei_frame_slot(frame, c, &slot), y + TICK_GAP, 0.5, 0);
        bottom = fmax(bottom, box.y + box.h);
    }
    return bottom;
}

void sei_frame_draw_axes(sei_frame *frame)
{
    sei_pen   *pen = frame->pen;
    char       suffix[SEI_TICK_TEXT];
    sei_script title;

    for (size_t p = 0; p < frame->n_panels; p++) {
        const sei_panel *panel = &frame->panel[p];

        sei_pen_colour(pen, SEI_AXIS, 1);
        cairo_set_line_width(pen->cr, 1);
        sei_pen_line(pen, frame->left, panel->top, frame->left, panel->bottom);
        sei_pen_line(pen, frame->left, panel->bottom, frame->right, panel->bottom);
        draw_y_axis(frame, p);
    }
    sei_header_draw(frame);
    if (frame->figure->kind == SEI_FIGURE_BARS)
        frame->bottom = draw_categories(frame, frame->bottom);
    else
        frame->bottom = draw_x_ticks(frame, frame->bottom);
    sei_axis_text(&frame->figure->x, &title, suffix);
    if (!title.label.ja[0] && !suffix[0])
        return;
    title.width = frame->right - frame->left;
    title.lines = 2;
    title.align = PANGO_ALIGN_CENTER;
    const sei_rect box =
        sei_pen_write(pen, &title, (frame->left + frame->right) / 2, frame->bottom + 4, 0.5, 0);
    frame->bottom = box.y + box.h;
}
