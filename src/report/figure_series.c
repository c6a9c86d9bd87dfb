/* figure_series.c - measured series as lines of a figure */
#include "report/figure.h"

#define US_PER_S 1e6

/* Value and flag of point i in the unit of the series. */
static sei_point_flag point_of(const sei_series *series, size_t i, double *ret_y)
{
    const sei_value v = sei_series_value(series, i);
    double          y = 0;

    *ret_y = 0;
    if (v.qc == SEI_QC_BAD || v.qc == SEI_QC_MISSING || (v.qc == SEI_QC_BELOW_LOQ && v.loq_si <= 0))
        return SEI_POINT_MISSING;
    if (!sei_quantity_from_si(series->column.quantity, series->column.unit, v.value_si, &y))
        return SEI_POINT_MISSING;
    *ret_y = y;
    return v.qc == SEI_QC_BELOW_LOQ ? SEI_POINT_BELOW
           : v.qc == SEI_QC_SUSPECT ? SEI_POINT_SUSPECT
                                    : SEI_POINT_GOOD;
}

void sei_figure_add_series(sei_figure *figure, size_t panel, sei_label label, sei_look look,
                           sei_colour colour, const sei_series *series)
{
    if (!figure || figure->fill.status != SEI_OK || !series)
        return;
    sei_ctx        *ctx  = figure->fill.ctx;
    const size_t    n    = series->n;
    double         *x    = sei_alloc(ctx, n, sizeof *x);
    double         *y    = sei_alloc(ctx, n, sizeof *y);
    sei_point_flag *flag = sei_alloc(ctx, n, sizeof *flag);

    if (x && y && flag) {
        for (size_t i = 0; i < n; i++) {
            x[i]    = (double)series->time_us[i] / US_PER_S;
            flag[i] = point_of(series, i, &y[i]);
        }
        const sei_line line = {label, look, colour, n, x, y, flag};
        sei_figure_add_line(figure, panel, &line);
    } else {
        sei_fill_fail(&figure->fill, SEI_E_NOMEM, "out of memory while a report was filled");
    }
    sei_release(ctx, flag);
    sei_release(ctx, y);
    sei_release(ctx, x);
}
