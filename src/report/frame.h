/* frame.h - the frame of a chart: title, header strip, axes, grid */
#ifndef SEI_REPORT_FRAME_H
#define SEI_REPORT_FRAME_H

#include "report/pen.h"
#include "report/ticks.h"

#define SEI_FIGURE_WIDTH 760.0
#define SEI_MARGIN       14.0

/* From values to pixels. */
typedef struct {
    double lower, upper, at_lower, at_upper;
    bool   is_log;
} sei_map;

typedef struct {
    double    lower, upper; /* of the data; lower > upper when there are none */
    double    top, bottom;
    sei_ticks ticks;
    sei_map   y;
} sei_panel;

typedef struct {
    sei_pen          *pen;
    const sei_figure *figure;
    double            left, right; /* of the plots */
    double            x_lower, x_upper;
    sei_ticks         x_ticks;
    sei_map           x;
    size_t            n_panels;
    sei_panel         panel[SEI_PANELS_MAX];
    double            header_top, bottom; /* bottom: lowest pixel used so far */
} sei_frame;

double sei_map_at(const sei_map *map, double value);
/* Middle of the slot of a category of a bar chart. */
double sei_frame_slot(const sei_frame *frame, size_t category, double *ret_width);

/* Ranges from the data, then ticks and margins, then heights from top to bottom. */
void sei_frame_init(sei_frame *frame, sei_pen *pen, const sei_figure *figure);
void sei_frame_layout(sei_frame *frame, double right_margin);
/* Height a panel will have; known before the layout. */
double sei_frame_panel_height(const sei_figure *figure);

void sei_frame_draw_back(sei_frame *frame);
void sei_frame_draw_axes(sei_frame *frame);

/* ranges.c */
void sei_frame_ranges(sei_frame *frame);

/* header.c: names of spans and events above the first panel */
double sei_header_height(sei_frame *frame);
void   sei_header_draw(sei_frame *frame);
void   sei_header_draw_key(sei_frame *frame); /* below, when names did not fit above */
bool   sei_span_is_visible(const sei_frame *frame, const sei_span *span);

/* Title at the top; returns the y below it. */
double sei_draw_title(sei_pen *pen, const sei_figure *figure);
/* "全亜鉛 (mg/L)" */
void sei_axis_text(const sei_axis *axis, sei_script *ret_script, char suffix[SEI_TICK_TEXT]);

/* The figure kinds; each draws and returns the size of the picture. */
sei_size sei_draw_chart(sei_pen *pen, const sei_figure *figure);
sei_size sei_draw_heat(sei_pen *pen, const sei_figure *figure);
sei_size sei_draw_tornado(sei_pen *pen, const sei_figure *figure);
sei_size sei_draw_train(sei_pen *pen, const sei_figure *figure);

#endif
