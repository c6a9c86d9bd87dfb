/* figure.h - what a figure holds between filling and drawing */
#ifndef SEI_REPORT_FIGURE_H
#define SEI_REPORT_FIGURE_H

#include "base/buf.h"
#include "report/fill.h"

enum { SEI_SPANS_MAX = 200, SEI_CATEGORIES_MAX = 60, SEI_NOTES_MAX = 6, SEI_ARROWS_MAX = 120 };

typedef enum { SEI_PART_LINE, SEI_PART_BAND, SEI_PART_LIMIT, SEI_PART_BAR } sei_part_kind;

/* One series of a panel. */
typedef struct {
    sei_part_kind         kind;
    size_t                panel;
    sei_label             label;
    sei_look              look;
    sei_colour            colour; /* never AUTO */
    int                   shape;  /* of its markers */
    size_t                n;
    const double         *x, *y; /* y: bar values, middle of a band; NULL when there is none */
    const double         *low, *high;
    const sei_point_flag *flag; /* NULL: all good */
    const sei_limit_step *step;
} sei_part;

/* Shaded span, or with from == to an event. */
typedef struct {
    sei_span_kind kind;
    bool          is_event;
    sei_label     label;
    double        from, to;
} sei_span;

typedef struct {
    sei_box_kind kind;
    sei_label    label, note[SEI_NOTES_MAX];
    size_t       n_notes;
} sei_box;

typedef struct {
    size_t    from, to;
    sei_label note[SEI_NOTES_MAX];
    size_t    n_notes;
    bool      has_load;
    double    load; /* drawn as a band, as wide as this is of the figure's largest */
} sei_arrow;

typedef struct {
    sei_axis      axis;
    size_t        n_x, n_y;
    const double *x_edge, *y_edge, *value;
    const bool   *missing;
} sei_heat;

/* A bar to the left or right of zero. */
typedef struct {
    sei_label label, note;
    double    value;
} sei_signed_bar;

struct sei_figure {
    sei_fill        fill;
    sei_figure_kind kind;
    char            name[SEI_NAME_MAX + 1];
    sei_label       title, alt;
    double          utc_offset_s;
    sei_axis        x, y[SEI_PANELS_MAX];
    size_t          n_panels;
    sei_part       *part;
    size_t          n_parts, parts_size;
    sei_span       *span;
    size_t          n_spans, spans_size;
    sei_label      *category;
    size_t          n_categories, categories_size;
    sei_box        *box;
    size_t          n_boxes, boxes_size;
    sei_arrow      *arrow;
    size_t          n_arrows, arrows_size;
    sei_signed_bar *signed_bar; /* by falling size */
    size_t          n_signed_bars, signed_bars_size;
    sei_heat        heat;
};

static inline sei_point_flag sei_part_flag(const sei_part *part, size_t i)
{
    return part->flag ? part->flag[i] : SEI_POINT_GOOD;
}

static inline bool sei_part_is_points(const sei_part *part)
{
    return part->look == SEI_LOOK_POINTS || part->look == SEI_LOOK_OPEN_POINTS;
}

/* Parts of a hundred: no axis beyond it, and the sum goes without saying. */
static inline bool sei_axis_is_share(const sei_axis *axis)
{
    return axis->unit[0] == '%' && !axis->unit[1];
}

static inline bool sei_part_has_markers(const sei_part *part)
{
    return sei_part_is_points(part) || part->look == SEI_LOOK_LINE_AND_POINTS;
}

/* How a marker with this flag is drawn: hollow where the whole series is. */
static inline sei_point_flag sei_part_marker(const sei_part *part, sei_point_flag flag)
{
    return part->look == SEI_LOOK_OPEN_POINTS && flag == SEI_POINT_GOOD ? SEI_POINT_SUSPECT : flag;
}

/* x of the figure is a time. */
static inline bool sei_figure_has_time(const sei_figure *figure)
{
    return figure->kind == SEI_FIGURE_TIME || figure->kind == SEI_FIGURE_HEAT;
}

#endif
