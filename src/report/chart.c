/* chart.c - time series, profiles and bars */
#include "report/plot.h"

sei_size sei_draw_chart(sei_pen *pen, const sei_figure *figure)
{
    sei_frame    frame;
    sei_side     side;
    const double margin = sei_side_init(&side, pen, figure);

    sei_frame_init(&frame, pen, figure);
    sei_frame_layout(&frame, margin);
    sei_frame_draw_back(&frame);
    for (size_t p = 0; p < frame.n_panels; p++) {
        if (figure->kind == SEI_FIGURE_BARS)
            sei_plot_bars(&frame, p);
        else
            sei_plot_series(&frame, p);
    }
    sei_frame_draw_axes(&frame);
    sei_header_draw_key(&frame);
    sei_side_draw(&side, &frame);
    sei_side_draw_below(&side, &frame);
    return (sei_size){SEI_FIGURE_WIDTH, frame.bottom + SEI_MARGIN};
}
