/* heat.c - a value over time and position, as colours */
#include <float.h>
#include <math.h>

#include "report/frame.h"

#define BAR_W   14.0
#define BAR_GAP 16.0
#define PI      3.14159265358979323846

/* Nine samples of viridis (van der Walt and Smith, CC0): even steps for the eye, also in grey and
 * for colour-blind readers. */
static uint32_t heat_colour(double f)
{
    static const uint32_t at[] = {0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C,
                                  0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};
    const double          k    = (f < 0 ? 0 : f > 1 ? 1 : f) * 8;
    const unsigned        i    = k >= 8 ? 7 : (unsigned)k;
    const double          part = k - i;
    uint32_t              mix  = 0;

    for (unsigned shift = 0; shift <= 16; shift += 8) {
        const double a = at[i] >> shift & 0xFF, b = at[i + 1] >> shift & 0xFF;
        mix |= (uint32_t)lround(a + part * (b - a)) << shift;
    }
    return mix;
}

static bool is_empty(const sei_heat *heat, size_t i)
{
    return heat->missing && heat->missing[i];
}

static void value_ticks(const sei_heat *heat, sei_ticks *ticks)
{
    const bool is_log = heat->axis.scale == SEI_SCALE_LOG;
    double     lower = DBL_MAX, upper = -DBL_MAX;

    for (size_t i = 0; i < heat->n_x * heat->n_y; i++) {
        if (is_empty(heat, i) || (is_log && heat->value[i] <= 0))
            continue;
        lower = fmin(lower, heat->value[i]);
        upper = fmax(upper, heat->value[i]);
    }
    /* what nearly vanishes somewhere is told against nothing at all */
    if (!is_log && lower > 0 && lower < 0.2 * upper)
        lower = 0;
    if (heat->axis.lower < heat->axis.upper) {
        lower = fmin(lower, heat->axis.lower);
        upper = fmax(upper, heat->axis.upper);
    }
    if (lower > upper) {
        lower = is_log ? 1 : 0;
        upper = 10;
    }
    if (is_log && !(upper > lower))
        upper = 2 * lower;
    if (is_log)
        sei_ticks_log(ticks, fmax(lower, upper * 1e-6), upper, 8, false);
    else
        sei_ticks_linear(ticks, lower, upper, 6, false);
}

/*
 * Where cell i ends. A viewer of SVG smooths each edge by itself, so that neighbours which only touch let the page shine
 * through: a cell reaches a little under the one that is drawn next.
 */
static double later_edge(const sei_map *map, const double edge[], size_t i, size_t n)
{
    const double under = 0.6;
    const double begin = sei_map_at(map, edge[i]), end = sei_map_at(map, edge[i + 1]);

    return i + 1 < n ? end + copysign(under, end - begin) : end;
}

/* The last cell of a row from ix on that has the same colour without a gap. */
static size_t same_to(const sei_heat *heat, const sei_map *colour, size_t iy, size_t ix,
                      uint32_t rgb)
{
    const size_t row = iy * heat->n_x;

    while (ix + 1 < heat->n_x && !is_empty(heat, row + ix + 1) &&
           heat_colour(sei_map_at(colour, heat->value[row + ix + 1])) == rgb)
        ix++;
    return ix;
}

static void draw_row(sei_frame *frame, const sei_heat *heat, const sei_map *colour, size_t iy)
{
    const sei_map *y  = &frame->panel[0].y;
    const double   y0 = sei_map_at(y, heat->y_edge[iy]);
    const double   y1 = later_edge(y, heat->y_edge, iy, heat->n_y);

    for (size_t ix = 0; ix < heat->n_x; ix++) {
        const size_t i = iy * heat->n_x + ix;
        if (is_empty(heat, i))
            continue;
        const uint32_t rgb = heat_colour(sei_map_at(colour, heat->value[i]));
        const double   x0  = sei_map_at(&frame->x, heat->x_edge[ix]);
        ix                 = same_to(heat, colour, iy, ix, rgb);
        const double x1    = later_edge(&frame->x, heat->x_edge, ix, heat->n_x);
        sei_pen_fill(frame->pen,
                     (sei_rect){fmin(x0, x1), fmin(y0, y1), fabs(x1 - x0), fabs(y1 - y0)}, rgb, 1);
    }
}

static void draw_cells(sei_frame *frame, const sei_heat *heat, const sei_map *colour)
{
    cairo_t *cr = frame->pen->cr;

    cairo_save(cr);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE); /* no seams between neighbours */
    for (size_t iy = 0; iy < heat->n_y; iy++)
        draw_row(frame, heat, colour, iy);
    cairo_restore(cr);
}

static void draw_colour_bar(sei_frame *frame, const sei_heat *heat, const sei_ticks *ticks,
                            const sei_script *title)
{
    sei_pen       *pen = frame->pen;
    const double   top = frame->panel[0].top, bottom = frame->panel[0].bottom;
    const double   x      = frame->right + BAR_GAP;
    const sei_map  map    = {ticks->lower, ticks->upper, bottom, top,
                             heat->axis.scale == SEI_SCALE_LOG};
    const int      n      = 64;
    double         widest = 0;
    const sei_rect bar    = {x, top, BAR_W, bottom - top};

    cairo_save(pen->cr);
    cairo_set_antialias(pen->cr, CAIRO_ANTIALIAS_NONE);
    for (int i = 0; i < n; i++)
        sei_pen_fill(pen, (sei_rect){x, bottom - (i + 1) * bar.h / n, BAR_W, bar.h / n + 0.5},
                     heat_colour((i + 0.5) / n), 1);
    cairo_restore(pen->cr);
    for (size_t i = 0; i < ticks->n; i++) {
        const sei_script s = {.text = ticks->tick[i].text};
        const double     y = sei_map_at(&map, ticks->tick[i].at);
        if (ticks->tick[i].is_minor)
            continue;
        const sei_rect box = sei_pen_write(pen, &s, x + BAR_W + 5, y, 0, 0.5);
        widest             = fmax(widest, box.w);
    }
    cairo_save(pen->cr);
    cairo_translate(pen->cr, x + BAR_W + 5 + widest + 6, (top + bottom) / 2);
    cairo_rotate(pen->cr, -PI / 2);
    sei_pen_write(pen, title, 0, 0, 0.5, 0);
    cairo_restore(pen->cr);
}

static double bar_margin(sei_pen *pen, const sei_ticks *ticks, const sei_script *title)
{
    double widest = 0;

    for (size_t i = 0; i < ticks->n; i++) {
        const sei_script s = {.text = ticks->tick[i].text};
        widest             = fmax(widest, sei_pen_measure(pen, &s).w);
    }
    return BAR_GAP + BAR_W + 5 + widest + 6 + sei_pen_measure(pen, title).h + SEI_MARGIN;
}

sei_size sei_draw_heat(sei_pen *pen, const sei_figure *figure)
{
    const sei_heat *heat = &figure->heat;
    sei_frame       frame;
    sei_ticks       ticks;
    sei_script      title;
    char            suffix[SEI_TICK_TEXT];

    value_ticks(heat, &ticks);
    sei_axis_text(&heat->axis, &title, suffix);
    title.width   = sei_frame_panel_height(figure) + 16;
    title.lines   = 2;
    title.stacked = true;
    title.align   = PANGO_ALIGN_CENTER;
    sei_frame_init(&frame, pen, figure);
    sei_frame_layout(&frame, bar_margin(pen, &ticks, &title));
    sei_frame_draw_back(&frame);
    const sei_map colour = {ticks.lower, ticks.upper, 0, 1, heat->axis.scale == SEI_SCALE_LOG};
    draw_cells(&frame, heat, &colour);
    sei_frame_draw_axes(&frame);
    sei_header_draw_key(&frame);
    draw_colour_bar(&frame, heat, &ticks, &title);
    return (sei_size){SEI_FIGURE_WIDTH, frame.bottom + SEI_MARGIN};
}
