/* plot.c - lines, bands, limits and bars inside a frame */
#include "report/plot.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"

#define LINE_WIDTH 1.8
#define COLUMN     0.25 /* of a pixel: points closer than this in x are merged */

/* A polyline under way. Points that share a pixel column leave their first, lowest, highest and
 * last: a million points draw like four a column. */
typedef struct {
    cairo_t *cr;
    bool     is_down;
    double   x, first, low, high, last;
    double   column;
} trail;

static void trail_flush(trail *t)
{
    if (!t->is_down)
        return;
    cairo_line_to(t->cr, t->x, t->first);
    if (t->low < t->high) {
        if (t->low < t->first)
            cairo_line_to(t->cr, t->x, t->low);
        if (t->high > t->first)
            cairo_line_to(t->cr, t->x, t->high);
        cairo_line_to(t->cr, t->x, t->last);
    }
}

static void trail_lift(trail *t)
{
    trail_flush(t);
    t->is_down = false;
}

static void trail_to(trail *t, double x, double y)
{
    const double column = floor(x / COLUMN);

    if (t->is_down && column <= t->column) {
        t->low  = fmin(t->low, y);
        t->high = fmax(t->high, y);
        t->last = y;
        return;
    }
    if (t->is_down)
        trail_flush(t);
    else
        cairo_move_to(t->cr, x, y);
    *t = (trail){t->cr, true, x, y, y, y, y, column};
}

static void trace_line(const sei_frame *frame, const sei_panel *panel, const sei_part *part)
{
    trail  t      = {.cr = frame->pen->cr};
    double y_last = 0;

    for (size_t i = 0; i < part->n; i++) {
        if (sei_part_flag(part, i) == SEI_POINT_MISSING) {
            trail_lift(&t);
            continue;
        }
        const double x = sei_map_at(&frame->x, part->x[i]);
        const double y = sei_map_at(&panel->y, part->y[i]);
        if (part->look == SEI_LOOK_STEPS && t.is_down)
            trail_to(&t, x, y_last);
        trail_to(&t, x, y);
        y_last = y;
    }
    trail_lift(&t);
}

static void draw_line(sei_frame *frame, const sei_panel *panel, const sei_part *part)
{
    cairo_t     *cr       = frame->pen->cr;
    const double dashes[] = {6, 4};

    if (sei_part_is_points(part))
        return;
    cairo_save(cr);
    cairo_set_line_width(cr, LINE_WIDTH);
    sei_pen_colour(frame->pen, sei_colour_rgb(part->colour), 1);
    if (part->look == SEI_LOOK_DASHED)
        cairo_set_dash(cr, dashes, 2, 0);
    else
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND); /* a lone point shows as a dot */
    trace_line(frame, panel, part);
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw_band(sei_frame *frame, const sei_panel *panel, const sei_part *part)
{
    cairo_t *cr = frame->pen->cr;

    for (size_t i = 0; i < part->n; i++)
        cairo_line_to(cr, sei_map_at(&frame->x, part->x[i]), sei_map_at(&panel->y, part->high[i]));
    for (size_t i = part->n; i-- > 0;)
        cairo_line_to(cr, sei_map_at(&frame->x, part->x[i]), sei_map_at(&panel->y, part->low[i]));
    cairo_close_path(cr);
    sei_pen_colour(frame->pen, sei_colour_rgb(part->colour), 0.22);
    cairo_fill(cr);
    if (part->y)
        draw_line(frame, panel, part);
}

static void draw_markers(sei_frame *frame, const sei_panel *panel, const sei_part *part)
{
    for (size_t i = 0; sei_part_has_markers(part) && i < part->n; i++) {
        const double         x    = part->x[i];
        const sei_point_flag flag = sei_part_flag(part, i);
        if (flag != SEI_POINT_MISSING && x >= frame->x_lower && x <= frame->x_upper)
            sei_pen_marker(frame->pen, sei_map_at(&frame->x, x), sei_map_at(&panel->y, part->y[i]),
                           part->shape, sei_colour_rgb(part->colour), sei_part_marker(part, flag));
    }
}

static void set_limit_stroke(sei_pen *pen)
{
    const double dashes[] = {7, 3, 1.5, 3};

    cairo_set_line_width(pen->cr, 1.3);
    sei_pen_colour(pen, SEI_LIMIT, 1);
    cairo_set_dash(pen->cr, dashes, 4, 0);
}

/* Pixels from where to where a step is seen; false when it is not. */
static bool step_ends(const sei_frame *frame, const sei_limit_step *step, double *ret_from,
                      double *ret_to)
{
    if (frame->figure->kind == SEI_FIGURE_BARS) {
        *ret_from = frame->left;
        *ret_to   = frame->right;
        return true;
    }
    const double a = sei_map_at(&frame->x, fmax(step->from, frame->x_lower));
    const double b = sei_map_at(&frame->x, fmin(step->to, frame->x_upper));

    *ret_from = fmin(a, b);
    *ret_to   = fmax(a, b);
    return step->from < frame->x_upper && step->to > frame->x_lower;
}

/* How many points of the panel's series lie in the rectangle, with those between points. */
static int crowding(const sei_frame *frame, size_t panel, sei_rect r)
{
    const sei_map *y   = &frame->panel[panel].y;
    int            hit = 0;

    for (size_t p = 0; p < frame->figure->n_parts; p++) {
        const sei_part *part = &frame->figure->part[p];
        for (size_t i = 1; part->panel == panel && part->x && part->y && i < part->n; i++) {
            const double x0 = sei_map_at(&frame->x, part->x[i - 1]);
            const double x1 = sei_map_at(&frame->x, part->x[i]);
            if (x1 < r.x || x0 > r.x + r.w || sei_part_flag(part, i) == SEI_POINT_MISSING)
                continue;
            for (int k = 1; k <= 4; k++) {
                const double f  = k / 4.0;
                const double px = x0 + f * (x1 - x0);
                const double y0 = sei_map_at(y, part->y[i - 1]), y1 = sei_map_at(y, part->y[i]);
                const double py = y0 + f * (y1 - y0);
                hit += px >= r.x && px <= r.x + r.w && py >= r.y && py <= r.y + r.h;
            }
        }
    }
    return hit;
}

/* The value of an earlier step at its line; the last one stands beside the plot. */
static void draw_step_value(sei_frame *frame, size_t p, const sei_part *part, size_t i, double from,
                            double to)
{
    const sei_panel *panel = &frame->panel[p];
    char             number[SEI_TICK_TEXT], text[2 * SEI_TICK_TEXT];
    const double     y = sei_map_at(&panel->y, part->step[i].value);

    sei_number_plain(number, part->step[i].value);
    snprintf(text, sizeof text, "%s %.30s", number, frame->figure->y[p].unit);
    const sei_script s = {.text = text, .size = SEI_SMALL_SIZE, .colour = SEI_LIMIT, .halo = true};
    const sei_size   size = sei_pen_measure(frame->pen, &s);
    if (to - from < size.w + 8)
        return;
    const sei_rect above = {from + 4, y - 3 - size.h, size.w, size.h};
    const sei_rect below = {from + 4, y + 3, size.w, size.h};
    const bool     is_below =
        above.y < panel->top || (below.y + below.h < panel->bottom &&
                                 crowding(frame, p, below) < crowding(frame, p, above));
    sei_pen_write(frame->pen, &s, from + 4, is_below ? below.y : above.y, 0, 0);
}

static void draw_limit(sei_frame *frame, size_t p, const sei_part *part)
{
    const sei_panel *panel = &frame->panel[p];
    double           from, to;

    cairo_save(frame->pen->cr);
    set_limit_stroke(frame->pen);
    for (size_t i = 0; i < part->n; i++) {
        const sei_limit_step *step = &part->step[i];
        if (!step_ends(frame, step, &from, &to))
            continue;
        const double y = sei_map_at(&panel->y, step->value);
        sei_pen_line(frame->pen, from, y, to, y);
        if (i + 1 < part->n && step->to >= part->step[i + 1].from && step->to < frame->x_upper)
            sei_pen_line(frame->pen, to, y, to, sei_map_at(&panel->y, part->step[i + 1].value));
    }
    cairo_restore(frame->pen->cr);
    for (size_t i = 0; i < part->n; i++)
        if (step_ends(frame, &part->step[i], &from, &to) && to < frame->right - 1)
            draw_step_value(frame, p, part, i, from, to);
}

static bool is_of(const sei_frame *frame, size_t i, size_t panel, sei_part_kind kind)
{
    return frame->figure->part[i].panel == panel && frame->figure->part[i].kind == kind;
}

void sei_plot_series(sei_frame *frame, size_t p)
{
    const sei_figure *figure = frame->figure;
    const sei_panel  *panel  = &frame->panel[p];
    cairo_t          *cr     = frame->pen->cr;

    cairo_save(cr);
    cairo_rectangle(cr, frame->left, panel->top - 1.5, frame->right - frame->left,
                    panel->bottom - panel->top + 3);
    cairo_clip(cr);
    for (size_t i = 0; i < figure->n_parts; i++)
        if (is_of(frame, i, p, SEI_PART_BAND))
            draw_band(frame, panel, &figure->part[i]);
    for (size_t i = 0; i < figure->n_parts; i++)
        if (is_of(frame, i, p, SEI_PART_LINE))
            draw_line(frame, panel, &figure->part[i]);
    cairo_restore(cr);
    for (size_t i = 0; i < figure->n_parts; i++)
        if (is_of(frame, i, p, SEI_PART_LINE))
            draw_markers(frame, panel, &figure->part[i]);
    for (size_t i = 0; i < figure->n_parts; i++)
        if (is_of(frame, i, p, SEI_PART_LIMIT))
            draw_limit(frame, p, &figure->part[i]);
}

void sei_plot_fill_bar(sei_pen *pen, sei_rect area, sei_colour colour)
{
    const double pitch = 6;

    sei_pen_fill(pen, area, sei_colour_rgb(colour), 1);
    if (colour != SEI_COLOUR_VERMILION)
        return;
    cairo_save(pen->cr);
    cairo_rectangle(pen->cr, area.x, area.y, area.w, area.h);
    cairo_clip(pen->cr);
    sei_pen_colour(pen, SEI_WHITE, 0.6);
    cairo_set_line_width(pen->cr, 1.2);
    /* stripes that go on from one bar to the next: x + y is a multiple of the pitch */
    for (double c = pitch * ceil((area.x + area.y) / pitch); c < area.x + area.w + area.y + area.h;
         c += pitch)
        sei_pen_line(pen, c - area.y, area.y, c - area.y - area.h, area.y + area.h);
    cairo_restore(pen->cr);
}

/* A value inside its segment, so that grey print tells the parts too; nothing where it has no room. */
static void write_part(sei_frame *frame, double value, sei_rect segment)
{
    char text[SEI_TICK_TEXT];

    sei_number_text(text, value, value < 10 ? SEI_SIGNIFICANT(2) : 0);
    const sei_script s    = {.text = text, .size = SEI_SMALL_SIZE, .halo = true};
    const sei_size   need = sei_pen_measure(frame->pen, &s);
    if (need.w <= segment.w - 2 && need.h <= segment.h - 2)
        sei_pen_write(frame->pen, &s, segment.x + segment.w / 2, segment.y + segment.h / 2, 0.5,
                      0.5);
}

static void draw_stack(sei_frame *frame, size_t p, size_t category)
{
    const sei_figure *figure = frame->figure;
    const sei_map    *map    = &frame->panel[p].y;
    double            slot, total = 0;
    const double      middle = sei_frame_slot(frame, category, &slot);
    const double      width  = fmin(0.62 * slot, 64);

    for (size_t i = 0; i < figure->n_parts; i++) {
        if (!is_of(frame, i, p, SEI_PART_BAR))
            continue;
        const double base = sei_map_at(map, total);
        total += figure->part[i].y[category];
        const double   top     = sei_map_at(map, total);
        const sei_rect segment = {middle - width / 2, top, width, base - top};
        sei_plot_fill_bar(frame->pen, segment, figure->part[i].colour);
        sei_pen_fill(frame->pen, (sei_rect){segment.x, top, width, fmin(0.8, base - top)},
                     SEI_WHITE, 1);
        if (sei_axis_is_share(&figure->y[p]))
            write_part(frame, figure->part[i].y[category], segment);
    }
    if (sei_axis_is_share(&figure->y[p]))
        return;
    char text[SEI_TICK_TEXT];
    sei_number_text(text, total, SEI_SIGNIFICANT(3));
    const sei_script s = {.text = text, .size = SEI_SMALL_SIZE, .halo = true};
    if (sei_pen_measure(frame->pen, &s).w <= slot - 2)
        sei_pen_write(frame->pen, &s, middle, sei_map_at(map, total) - 2, 0.5, 1);
}

void sei_plot_bars(sei_frame *frame, size_t p)
{
    for (size_t c = 0; c < frame->figure->n_categories; c++)
        draw_stack(frame, p, c);
    for (size_t i = 0; i < frame->figure->n_parts; i++)
        if (is_of(frame, i, p, SEI_PART_LIMIT))
            draw_limit(frame, p, &frame->figure->part[i]);
}

static void sample_line(sei_pen *pen, const sei_part *part, double x, double y, double w)
{
    const double   dashes[] = {6, 4};
    const uint32_t colour   = sei_colour_rgb(part->colour);

    sei_pen_colour(pen, colour, 1);
    cairo_set_line_width(pen->cr, LINE_WIDTH);
    if (part->look == SEI_LOOK_DASHED)
        cairo_set_dash(pen->cr, dashes, 2, 0);
    if (!sei_part_is_points(part))
        sei_pen_line(pen, x - w / 2, y, x + w / 2, y);
    cairo_set_dash(pen->cr, NULL, 0, 0);
    if (sei_part_has_markers(part))
        sei_pen_marker(pen, x, y, part->shape, colour, sei_part_marker(part, SEI_POINT_GOOD));
}

void sei_plot_sample(sei_pen *pen, const sei_part *part, double x, double y, double w)
{
    const uint32_t colour = sei_colour_rgb(part->colour);

    cairo_save(pen->cr);
    switch (part->kind) {
    case SEI_PART_LINE: sample_line(pen, part, x, y, w); break;
    case SEI_PART_BAND:
        sei_pen_fill(pen, (sei_rect){x - w / 2, y - 5, w, 10}, colour, 0.22);
        if (part->y)
            sample_line(pen, part, x, y, w);
        break;
    case SEI_PART_LIMIT:
        set_limit_stroke(pen);
        sei_pen_line(pen, x - w / 2, y, x + w / 2, y);
        break;
    case SEI_PART_BAR:
        sei_plot_fill_bar(pen, (sei_rect){x - 5, y - 5, 10, 10}, part->colour);
        break;
    }
    cairo_restore(pen->cr);
}
