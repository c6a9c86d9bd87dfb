/* ranges.c - what range of values each axis of a chart shows */
#include <float.h>
#include <math.h>

#include "report/frame.h"

/* A logarithmic axis that the data stretch further is cut here: simulated traces go to 1e-30. */
#define LOG_SPAN 1e6
/* A limit does not lie on the frame. */
#define LIMIT_ROOM 1.03

typedef struct {
    double lower, upper;
    bool   is_log;
} range;

/* Differences and quotients of what an axis shows stay finite. */
#define HUGEST 1e300

static void include(range *r, double value)
{
    if (!isfinite(value) || (r->is_log && value <= 0))
        return;
    value = fmax(-HUGEST, fmin(value, HUGEST));
    if (r->is_log)
        value = fmax(value, 1 / HUGEST);
    if (value < r->lower)
        r->lower = value;
    if (value > r->upper)
        r->upper = value;
}

static void include_limit(range *r, const sei_part *part, double x_lower, double x_upper)
{
    for (size_t i = 0; i < part->n; i++)
        if (part->step[i].from <= x_upper && part->step[i].to >= x_lower)
            include(r, part->step[i].value * (r->is_log ? 1 : LIMIT_ROOM));
}

static void include_part(range *r, const sei_part *part)
{
    for (size_t i = 0; i < part->n; i++) {
        if (part->kind == SEI_PART_BAND) {
            include(r, part->low[i]);
            include(r, part->high[i]);
        }
        if (part->y && sei_part_flag(part, i) != SEI_POINT_MISSING)
            include(r, part->y[i]);
    }
}

static void include_bars(range *r, const sei_figure *figure, size_t panel)
{
    include(r, 0);
    for (size_t c = 0; c < figure->n_categories; c++) {
        double total = 0;
        for (size_t i = 0; i < figure->n_parts; i++)
            if (figure->part[i].panel == panel && figure->part[i].kind == SEI_PART_BAR)
                total += figure->part[i].y[c];
        /* room for the total above the bar; parts of a hundred have none, nor an axis for what rounding and pores add */
        const bool is_hundred = sei_axis_is_share(&figure->y[panel]) && total < 102.0;
        include(r, is_hundred ? fmin(total, 100.0) : total * 1.06);
    }
}

static range y_range(const sei_frame *frame, size_t panel)
{
    const sei_figure *figure = frame->figure;
    const sei_axis   *axis   = &figure->y[panel];
    range             r      = {DBL_MAX, -DBL_MAX, axis->scale == SEI_SCALE_LOG};

    if (figure->kind == SEI_FIGURE_BARS)
        include_bars(&r, figure, panel);
    for (size_t i = 0; i < figure->n_parts; i++) {
        const sei_part *part = &figure->part[i];
        if (part->panel != panel || part->kind == SEI_PART_BAR)
            continue;
        if (part->kind == SEI_PART_LIMIT)
            include_limit(&r, part, frame->x_lower, frame->x_upper);
        else
            include_part(&r, part);
    }
    if (figure->kind == SEI_FIGURE_HEAT && figure->heat.n_y) {
        include(&r, figure->heat.y_edge[0]);
        include(&r, figure->heat.y_edge[figure->heat.n_y]);
    }
    if (r.is_log && r.lower < r.upper / LOG_SPAN)
        r.lower = r.upper / LOG_SPAN;
    if (axis->lower < axis->upper) {
        include(&r, axis->lower);
        include(&r, axis->upper);
    }
    return r;
}

static range x_range(const sei_figure *figure)
{
    range r = {DBL_MAX, -DBL_MAX, figure->x.scale == SEI_SCALE_LOG};

    for (size_t i = 0; i < figure->n_parts; i++) {
        const sei_part *part = &figure->part[i];
        for (size_t k = 0; part->x && k < part->n; k++)
            include(&r, part->x[k]);
    }
    for (size_t i = 0; i < figure->n_spans; i++) {
        /* units make the axis of a profile; seasons and events reach beyond the data */
        if (figure->span[i].kind != SEI_SPAN_UNIT)
            continue;
        include(&r, figure->span[i].from);
        include(&r, figure->span[i].to);
    }
    if (figure->heat.n_x) {
        include(&r, figure->heat.x_edge[0]);
        include(&r, figure->heat.x_edge[figure->heat.n_x]);
    }
    if (r.is_log && r.lower < r.upper / LOG_SPAN)
        r.lower = r.upper / LOG_SPAN;
    if (figure->x.lower < figure->x.upper) {
        include(&r, figure->x.lower);
        include(&r, figure->x.upper);
    }
    return r;
}

/* No data, or all the same: still an axis. */
static void open(range *r, bool has_time)
{
    if (r->lower > r->upper) {
        r->lower = r->is_log ? 1 : 0;
        r->upper = r->is_log ? 10 : 1;
    }
    if (r->lower < r->upper)
        return;
    if (r->is_log) {
        r->lower /= 2;
        r->upper *= 2;
    } else if (has_time) {
        r->lower -= 12 * 60 * 60.0;
        r->upper += 12 * 60 * 60.0;
    } else {
        const double half = fabs(r->lower) > 0 ? fabs(r->lower) * 0.1 : 0.5;
        r->lower -= half;
        r->upper += half;
    }
}

void sei_frame_ranges(sei_frame *frame)
{
    const sei_figure *figure = frame->figure;
    range             x      = x_range(figure);

    open(&x, sei_figure_has_time(figure));
    frame->x_lower = x.lower;
    frame->x_upper = x.upper;
    for (size_t p = 0; p < frame->n_panels; p++) {
        range      y    = y_range(frame, p);
        const bool zero = figure->kind == SEI_FIGURE_BARS || !figure->y[p].without_zero;

        if (zero && !y.is_log && y.lower > 0 && y.lower < 0.5 * y.upper)
            y.lower = 0;
        if (zero && !y.is_log && y.upper < 0 && y.upper > 0.5 * y.lower)
            y.upper = 0;
        open(&y, false);
        frame->panel[p].lower = y.lower;
        frame->panel[p].upper = y.upper;
    }
}
