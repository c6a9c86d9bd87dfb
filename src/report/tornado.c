/* tornado.c - signed values by falling size, as bars to the left and right of zero
 *
 * Names stand in a column of their own at the left, so that no bar meets one; the value stands
 * beyond the end of its bar. What rises is blue and full, what falls vermilion and hatched. */
#include <math.h>
#include <stdio.h>

#include "report/plot.h"

#define NAME_WIDTH 270.0
#define NAME_GAP   10.0 /* between the names and the plot */
#define ROW_GAP    9.0
#define BAR_HEIGHT 15.0
#define VALUE_GAP  4.0
#define TICK_GAP   6.0
#define TICK_PITCH 60.0 /* pixels, about, from tick to tick */

/* The axis stays a finite number long. */
#define HUGEST 1e300

typedef struct {
    sei_pen          *pen;
    const sei_figure *figure;
    double            top, bottom, left, right; /* of the plot */
    double            row[SEI_CATEGORIES_MAX];  /* heights */
    sei_ticks         ticks;
    sei_map           x;
} tornado;

static sei_script name_of(const sei_signed_bar *bar)
{
    return (sei_script){.label = bar->label, .width = NAME_WIDTH, .lines = 2, .stacked = true};
}

static sei_script note_of(const sei_signed_bar *bar)
{
    return (sei_script){.label  = bar->note,
                        .size   = 0.9 * SEI_SMALL_SIZE,
                        .colour = SEI_MUTED,
                        .width  = NAME_WIDTH,
                        .lines  = 2};
}

/* "+2.4", "-0.41": the sign says it again for who sees no colour. */
static sei_script value_of(const sei_signed_bar *bar, char text[SEI_TICK_TEXT + 1])
{
    char number[SEI_TICK_TEXT];

    sei_number_text(number, bar->value, SEI_SIGNIFICANT(2));
    snprintf(text, SEI_TICK_TEXT + 1, "%s%s", bar->value > 0 ? "+" : "", number);
    return (sei_script){.text = text, .size = SEI_SMALL_SIZE};
}

static void find_rows(tornado *t)
{
    double y = t->top;

    for (size_t i = 0; i < t->figure->n_signed_bars; i++) {
        const sei_script name = name_of(&t->figure->signed_bar[i]);
        const sei_script note = note_of(&t->figure->signed_bar[i]);
        double           h    = sei_pen_measure(t->pen, &name).h;

        if (note.label.ja[0])
            h += sei_pen_measure(t->pen, &note).h;
        t->row[i] = ceil(fmax(h, BAR_HEIGHT) + ROW_GAP);
        y += t->row[i];
    }
    t->bottom = y;
}

/* The axis, with room for the values on each side that has bars. */
static void lay_out(tornado *t)
{
    const sei_axis *axis  = &t->figure->x;
    double          lower = fmin(axis->lower, 0), upper = fmax(axis->upper, 0);
    double          room[2] = {0, 0}; /* left, right */
    char            text[SEI_TICK_TEXT + 1];

    for (size_t i = 0; i < t->figure->n_signed_bars; i++) {
        const sei_signed_bar *bar    = &t->figure->signed_bar[i];
        const sei_script      value  = value_of(bar, text);
        double               *beside = &room[bar->value < 0 ? 0 : 1];

        *beside = fmax(*beside, sei_pen_measure(t->pen, &value).w + 2 * VALUE_GAP);
        lower   = fmin(lower, bar->value);
        upper   = fmax(upper, bar->value);
    }
    lower = fmax(lower, -HUGEST);
    upper = fmin(upper, HUGEST);
    if (!(lower < upper))
        upper = lower + 1;
    t->left           = SEI_MARGIN + NAME_WIDTH + NAME_GAP;
    t->right          = SEI_FIGURE_WIDTH - SEI_MARGIN;
    const double from = t->left + room[0], to = t->right - room[1];
    sei_ticks_linear(&t->ticks, lower, upper, (size_t)((to - from) / TICK_PITCH), false);
    t->x = (sei_map){lower, upper, from, to, false};
    if (axis->reversed)
        t->x = (sei_map){lower, upper, t->right - room[0], t->left + room[1], false};
}

/* Every second row is shaded: the eye finds from a bar to its name. */
static void draw_back(tornado *t)
{
    double y = t->top;

    for (size_t i = 0; i < t->figure->n_signed_bars; i++) {
        if (i % 2 == 0)
            sei_pen_fill(t->pen,
                         (sei_rect){SEI_MARGIN - 4, y, t->right - SEI_MARGIN + 4, t->row[i]},
                         SEI_ZONE, 1);
        y += t->row[i];
    }
    sei_pen_colour(t->pen, SEI_GRID, 1);
    cairo_set_line_width(t->pen->cr, 1);
    for (size_t i = 0; i < t->ticks.n; i++) {
        const double x = sei_map_at(&t->x, t->ticks.tick[i].at);
        sei_pen_line(t->pen, x, t->top, x, t->bottom);
    }
}

static void draw_row(tornado *t, const sei_signed_bar *bar, double y, double height)
{
    const double     zero = sei_map_at(&t->x, 0), end = sei_map_at(&t->x, bar->value);
    const double     middle = y + height / 2;
    const sei_script name = name_of(bar), note = note_of(bar);
    const sei_rect area = {fmin(zero, end), middle - BAR_HEIGHT / 2, fabs(end - zero), BAR_HEIGHT};
    char           text[SEI_TICK_TEXT + 1];
    const sei_script value = value_of(bar, text);

    const sei_rect above = sei_pen_write(t->pen, &name, SEI_MARGIN, y + ROW_GAP / 2, 0, 0);
    if (note.label.ja[0])
        sei_pen_write(t->pen, &note, SEI_MARGIN, above.y + above.h, 0, 0);
    sei_plot_fill_bar(t->pen, area, bar->value < 0 ? SEI_COLOUR_VERMILION : SEI_COLOUR_BLUE);
    if (end < zero)
        sei_pen_write(t->pen, &value, end - VALUE_GAP, middle, 1, 0.5);
    else
        sei_pen_write(t->pen, &value, end + VALUE_GAP, middle, 0, 0.5);
}

/* Zero, the ticks and the axis' name; returns the y below. */
static double draw_axis(tornado *t)
{
    const double zero   = sei_map_at(&t->x, 0);
    double       bottom = t->bottom;
    char         suffix[SEI_TICK_TEXT];
    sei_script   title;

    sei_pen_colour(t->pen, SEI_AXIS, 1);
    cairo_set_line_width(t->pen->cr, 1);
    sei_pen_line(t->pen, zero, t->top, zero, t->bottom);
    sei_pen_line(t->pen, t->left, t->bottom, t->right, t->bottom);
    for (size_t i = 0; i < t->ticks.n; i++) {
        const sei_script s   = {.text = t->ticks.tick[i].text};
        const double     x   = sei_map_at(&t->x, t->ticks.tick[i].at);
        const sei_rect   box = sei_pen_write(t->pen, &s, x, t->bottom + TICK_GAP, 0.5, 0);
        bottom               = fmax(bottom, box.y + box.h);
    }
    sei_axis_text(&t->figure->x, &title, suffix);
    if (!title.label.ja[0] && !suffix[0])
        return bottom;
    title.width   = t->right - t->left;
    title.lines   = 2;
    title.stacked = true;
    title.align   = PANGO_ALIGN_CENTER;
    const sei_rect box =
        sei_pen_write(t->pen, &title, (t->left + t->right) / 2, bottom + 4, 0.5, 0);
    return box.y + box.h;
}

sei_size sei_draw_tornado(sei_pen *pen, const sei_figure *figure)
{
    tornado t = {.pen = pen, .figure = figure, .top = ceil(sei_draw_title(pen, figure))};

    find_rows(&t);
    lay_out(&t);
    draw_back(&t);
    double y = t.top;
    for (size_t i = 0; i < figure->n_signed_bars; i++) {
        draw_row(&t, &figure->signed_bar[i], y, t.row[i]);
        y += t.row[i];
    }
    return (sei_size){SEI_FIGURE_WIDTH, draw_axis(&t) + SEI_MARGIN};
}
