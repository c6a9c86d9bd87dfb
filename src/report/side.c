/* side.c - the names of the series beside the plot, or in a legend below it */
#include <math.h>
#include <stdio.h>

#include "report/plot.h"

#define NAME_WIDTH 160.0
#define SAMPLE     18.0
#define GAP        6.0
#define LINE_GAP   4.0
#define LEGEND_GAP 18.0

static sei_script script_of(const sei_side_item *item)
{
    return (sei_script){.label   = item->part->label,
                        .suffix  = item->suffix,
                        .size    = SEI_TEXT_SIZE,
                        .colour  = item->part->kind == SEI_PART_LIMIT ? SEI_LIMIT : SEI_INK,
                        .width   = NAME_WIDTH,
                        .lines   = 3,
                        .stacked = true};
}

/* A limit is named with the value it has at the end. */
static void limit_suffix(sei_side_item *item, const sei_figure *figure)
{
    const sei_part *part = item->part;
    char            number[SEI_TICK_TEXT];

    sei_number_plain(number, part->step[part->n - 1].value);
    snprintf(item->suffix, sizeof item->suffix, " %s %.30s", number, figure->y[part->panel].unit);
}

double sei_side_init(sei_side *side, sei_pen *pen, const sei_figure *figure)
{
    double widest = 0, total[SEI_PANELS_MAX] = {0};

    *side = (sei_side){.n = 0};
    for (size_t i = 0; i < figure->n_parts; i++) {
        sei_side_item *item = &side->item[side->n++];

        item->part = &figure->part[i];
        if (item->part->kind == SEI_PART_LIMIT)
            limit_suffix(item, figure);
        const sei_script s    = script_of(item);
        const sei_size   size = sei_pen_measure(pen, &s);
        item->height          = size.h + LINE_GAP;
        widest                = fmax(widest, size.w);
        total[item->part->panel] += item->height;
    }
    for (size_t p = 0; p < figure->n_panels; p++)
        if (total[p] > sei_frame_panel_height(figure) + 10)
            side->is_below = true;
    if (side->n == 0 || side->is_below)
        return SEI_MARGIN + 10;
    return ceil(GAP + SAMPLE + GAP + widest + SEI_MARGIN);
}

/* Boxes that touch move as one block to the mean of what its members want. */
typedef struct {
    size_t first, n;
    double top, height;
} block;

static double block_top(const block *b, const double wanted[], const double height[], double top,
                        double bottom)
{
    double offset = 0, sum = 0;

    for (size_t i = b->first; i < b->first + b->n; i++) {
        sum += wanted[i] - (offset + height[i] / 2);
        offset += height[i];
    }
    const double best = sum / (double)b->n;
    return fmax(top, fmin(best, bottom - b->height));
}

void sei_side_spread(size_t n, const double wanted[], const double height[], double top,
                     double bottom, double placed[])
{
    block  stack[SEI_SERIES_MAX];
    size_t blocks = 0;

    for (size_t i = 0; i < n && n <= SEI_SERIES_MAX; i++) {
        block *b = &stack[blocks++];
        *b       = (block){i, 1, 0, height[i]};
        b->top   = block_top(b, wanted, height, top, bottom);
        while (blocks > 1 && b[-1].top + b[-1].height > b->top) {
            b[-1].n += b->n;
            b[-1].height += b->height;
            b--;
            blocks--;
            b->top = block_top(b, wanted, height, top, bottom);
        }
    }
    for (size_t k = 0; k < blocks; k++) {
        double y = stack[k].top;
        for (size_t i = stack[k].first; i < stack[k].first + stack[k].n; i++) {
            placed[i] = y + height[i] / 2;
            y += height[i];
        }
    }
}

/* Height at which a series leaves the plot, or where it was seen last. */
static void find_end(const sei_frame *frame, sei_side_item *item)
{
    const sei_part *part  = item->part;
    const sei_map  *map   = &frame->panel[part->panel].y;
    double          value = 0;

    if (part->kind == SEI_PART_LIMIT) {
        value             = part->step[part->n - 1].value;
        item->reaches_end = part->step[part->n - 1].to >= frame->x_upper;
    } else if (part->kind == SEI_PART_BAR) {
        for (size_t i = 0; i < frame->figure->n_parts; i++) {
            const sei_part *other = &frame->figure->part[i];
            if (other->panel == part->panel && other->kind == SEI_PART_BAR)
                value += other == part ? other->y[part->n - 1] / 2 : other->y[part->n - 1];
            if (other == part)
                break;
        }
    } else {
        size_t i = part->n;
        while (i > 1 && sei_part_flag(part, i - 1) == SEI_POINT_MISSING)
            i--;
        if (part->kind == SEI_PART_BAND && !part->y)
            value = (part->low[i - 1] + part->high[i - 1]) / 2;
        else if (sei_part_flag(part, i - 1) != SEI_POINT_MISSING)
            value = part->y[i - 1];
        item->reaches_end = sei_map_at(&frame->x, part->x[i - 1]) > frame->right - 2;
    }
    item->wanted = sei_map_at(map, value);
}

static void sort_by_wanted(sei_side_item *item[], size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && item[k]->wanted < item[k - 1]->wanted; k--) {
            sei_side_item *other = item[k];
            item[k]              = item[k - 1];
            item[k - 1]          = other;
        }
}

static void draw_item(const sei_frame *frame, const sei_side_item *item)
{
    sei_pen         *pen = frame->pen;
    const double     x   = frame->right + GAP;
    const sei_script s   = script_of(item);

    if (item->reaches_end && fabs(item->placed - item->wanted) > 3) {
        sei_pen_colour(pen,
                       item->part->kind == SEI_PART_LIMIT ? (uint32_t)SEI_LIMIT
                                                          : sei_colour_rgb(item->part->colour),
                       0.7);
        cairo_set_line_width(pen->cr, 0.7);
        sei_pen_line(pen, frame->right + 0.5, item->wanted, x, item->placed);
    }
    sei_plot_sample(pen, item->part, x + SAMPLE / 2, item->placed, SAMPLE);
    sei_pen_write(pen, &s, x + SAMPLE + GAP, item->placed, 0, 0.5);
}

static void draw_panel_names(sei_side *side, sei_frame *frame, size_t p)
{
    const sei_panel *panel = &frame->panel[p];
    sei_side_item   *item[SEI_SERIES_MAX];
    double wanted[SEI_SERIES_MAX] = {0}, height[SEI_SERIES_MAX] = {0}, placed[SEI_SERIES_MAX] = {0};
    size_t n = 0;

    for (size_t i = 0; i < side->n; i++) {
        if (side->item[i].part->panel != p)
            continue;
        find_end(frame, &side->item[i]);
        item[n++] = &side->item[i];
    }
    sort_by_wanted(item, n);
    for (size_t i = 0; i < n; i++) {
        wanted[i] = item[i]->wanted;
        height[i] = item[i]->height;
    }
    sei_side_spread(n, wanted, height, panel->top - 8, panel->bottom + 12, placed);
    for (size_t i = 0; i < n; i++) {
        item[i]->placed = placed[i];
        draw_item(frame, item[i]);
    }
}

void sei_side_draw(sei_side *side, sei_frame *frame)
{
    if (side->is_below)
        return;
    for (size_t p = 0; p < frame->n_panels; p++)
        draw_panel_names(side, frame, p);
}

static bool has_flag(const sei_figure *figure, sei_point_flag flag)
{
    for (size_t i = 0; i < figure->n_parts; i++) {
        const sei_part *part = &figure->part[i];
        for (size_t k = 0; sei_part_has_markers(part) && part->flag && k < part->n; k++)
            if (part->flag[k] == flag)
                return true;
    }
    return false;
}

static sei_script flat_script(const sei_side_item *item)
{
    sei_script s = script_of(item);

    s.width   = SEI_FIGURE_WIDTH - 2 * SEI_MARGIN - SAMPLE - GAP;
    s.lines   = 1;
    s.stacked = false;
    return s;
}

/* The legend: as many columns of equal width as there is room for, filled downwards. */
static void draw_legend(sei_side *side, sei_frame *frame)
{
    double       widest = 1, row_h = 1;
    const double room = SEI_FIGURE_WIDTH - 2 * SEI_MARGIN;
    const double top  = frame->bottom + 10;

    for (size_t i = 0; i < side->n; i++) {
        const sei_script s    = flat_script(&side->item[i]);
        const sei_size   size = sei_pen_measure(frame->pen, &s);
        widest                = fmax(widest, SAMPLE + GAP + size.w + LEGEND_GAP);
        row_h                 = fmax(row_h, size.h + LINE_GAP);
    }
    const size_t columns = widest < room ? (size_t)((room + LEGEND_GAP) / widest) : 1;
    const size_t rows    = (side->n + columns - 1) / columns;
    for (size_t i = 0; i < side->n; i++) {
        const sei_script s      = flat_script(&side->item[i]);
        const size_t     column = i / rows, row = i % rows;
        const double     x = SEI_MARGIN + (double)column * widest;
        const double     y = top + ((double)row + 0.5) * row_h;

        sei_plot_sample(frame->pen, side->item[i].part, x + SAMPLE / 2, y, SAMPLE);
        sei_pen_write(frame->pen, &s, x + SAMPLE + GAP, y, 0, 0.5);
    }
    frame->bottom = top + (double)rows * row_h;
}

/* What a hollow marker means; returns the x behind it. */
static double draw_flag(sei_frame *frame, sei_point_flag flag, sei_label meaning, double x)
{
    const sei_script s = {.label = meaning, .size = SEI_SMALL_SIZE, .colour = SEI_MUTED};
    const double     y = frame->bottom + 16;

    if (!has_flag(frame->figure, flag))
        return x;
    sei_pen_marker(frame->pen, x + SAMPLE / 2, y, 0, SEI_MUTED, flag);
    const sei_rect box = sei_pen_write(frame->pen, &s, x + SAMPLE + GAP, y, 0, 0.5);
    return box.x + box.w + LEGEND_GAP;
}

void sei_side_draw_below(sei_side *side, sei_frame *frame)
{
    if (side->is_below)
        draw_legend(side, frame);
    double x = draw_flag(frame, SEI_POINT_BELOW,
                         (sei_label){"定量下限未満（位置は定量下限値）",
                                     "below the limit of quantification, drawn at it"},
                         frame->left);
    x = draw_flag(frame, SEI_POINT_SUSPECT, (sei_label){"要確認の値", "suspect value"}, x);
    if (x > frame->left)
        frame->bottom += 24;
}
