/* plot.h - lines, bands, limits and bars inside a frame, and their names beside it */
#ifndef SEI_REPORT_PLOT_H
#define SEI_REPORT_PLOT_H

#include "report/frame.h"

/* Clipped to the panel; limits last, with the values of their earlier steps. */
void sei_plot_series(sei_frame *frame, size_t panel);
void sei_plot_bars(sei_frame *frame, size_t panel);
/* Vermilion bars are hatched: in grey print vermilion, green and blue are one tone. */
void sei_plot_fill_bar(sei_pen *pen, sei_rect area, sei_colour colour);
/* How a series looks, as a sample of width w around (x, y). */
void sei_plot_sample(sei_pen *pen, const sei_part *part, double x, double y, double w);

/* One name beside the plot. */
typedef struct {
    const sei_part *part;
    char            suffix[2 * SEI_TICK_TEXT]; /* " 2 mg/L" behind a limit */
    double          wanted, placed, height;    /* middle, in pixels */
    bool            reaches_end; /* the series ends at the right edge: a line leads there */
} sei_side_item;

typedef struct {
    size_t        n;
    sei_side_item item[SEI_SERIES_MAX];
    bool          is_below; /* too many for the side: a legend below the figure */
} sei_side;

/* Names of all panels, measured; returns the right margin that they need. */
double sei_side_init(sei_side *side, sei_pen *pen, const sei_figure *figure);
void   sei_side_draw(sei_side *side, sei_frame *frame);
/* The legend below when there is no room beside, then what hollow markers mean. */
void sei_side_draw_below(sei_side *side, sei_frame *frame);

/* Middles of boxes of these heights, moved as little as it takes not to overlap between top and
 * bottom. wanted must rise; placed receives the result. */
void sei_side_spread(size_t n, const double wanted[], const double height[], double top,
                     double bottom, double placed[]);

#endif
