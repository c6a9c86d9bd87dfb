/* header.c - names of spans and events in a strip above the first panel */
#include <math.h>

#include "report/frame.h"

enum { ROWS_MAX = 6 };
#define ROW_GAP  3.0
#define TEXT_GAP 8.0
#define BAR_H    4.0 /* coloured bar that shows how far a span reaches */
#define NARROW   80.0

/* Where the name of one span or event goes. Rows count from the plot upwards. */
typedef struct {
    double left, width, height;
    size_t row;
    bool   is_shown;
} place;

typedef struct {
    place  at[SEI_SPANS_MAX];
    size_t n_span_rows, n_event_rows;
    double span_row_h, event_row_h;
} header_strip;

bool sei_span_is_visible(const sei_frame *frame, const sei_span *span)
{
    return span->from <= frame->x_upper && span->to >= frame->x_lower;
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static void span_ends(const sei_frame *frame, const sei_span *span, double *ret_from,
                      double *ret_to)
{
    const double a = sei_map_at(&frame->x, span->from), b = sei_map_at(&frame->x, span->to);

    *ret_from = clamp(fmin(a, b), frame->left, frame->right);
    *ret_to   = clamp(fmax(a, b), frame->left, frame->right);
}

/* A unit's name wraps within its span, the others stand on one line. */
static sei_script script_of(const sei_frame *frame, const sei_span *span)
{
    sei_script s = {.label  = span->label,
                    .size   = SEI_SMALL_SIZE,
                    .colour = span->kind == SEI_SPAN_UNIT ? SEI_INK : SEI_MUTED,
                    .align  = PANGO_ALIGN_CENTER,
                    .halo   = true};
    double     from, to;

    span_ends(frame, span, &from, &to);
    if (span->kind == SEI_SPAN_UNIT && !span->is_event) {
        s.width   = fmax(to - from - 4, NARROW);
        s.lines   = 3;
        s.stacked = true;
    } else {
        s.width = SEI_FIGURE_WIDTH / 2;
        s.lines = 1;
        s.align = PANGO_ALIGN_LEFT;
    }
    return s;
}

static bool is_free(const sei_frame *frame, const header_strip *strip, size_t n, const place *p,
                    size_t row, bool is_event)
{
    for (size_t i = 0; i < n; i++) {
        const place *other = &strip->at[i];
        if (!other->is_shown || other->row != row || frame->figure->span[i].is_event != is_event)
            continue;
        if (p->left < other->left + other->width + TEXT_GAP &&
            other->left < p->left + p->width + TEXT_GAP)
            return false;
    }
    return true;
}

static bool has_same_name_shown(const sei_frame *frame, const header_strip *strip, size_t i)
{
    const sei_span *span = frame->figure->span;

    for (size_t k = 0; k < i; k++)
        if (strip->at[k].is_shown && span[k].kind == span[i].kind &&
            strcmp(span[k].label.ja, span[i].label.ja) == 0)
            return true;
    return false;
}

/* Spans: the name over the middle, in the first row with room. The same name of the same shade is
 * not stacked up: one that is written explains them all. */
static void place_spans(sei_frame *frame, header_strip *strip)
{
    for (size_t i = 0; i < frame->figure->n_spans; i++) {
        const sei_span *span = &frame->figure->span[i];
        place          *p    = &strip->at[i];
        double          from, to;

        if (span->is_event || !sei_span_is_visible(frame, span))
            continue;
        const sei_script s    = script_of(frame, span);
        const sei_size   size = sei_pen_measure(frame->pen, &s);
        span_ends(frame, span, &from, &to);
        p->width  = size.w;
        p->height = size.h;
        p->left   = clamp((from + to - size.w) / 2, frame->left - 30,
                          SEI_FIGURE_WIDTH - SEI_MARGIN - size.w);
        p->row    = 0;
        while (p->row + 1 < ROWS_MAX && !is_free(frame, strip, i, p, p->row, false))
            p->row++;
        if (p->row > 0 && has_same_name_shown(frame, strip, i))
            continue;
        p->is_shown        = true;
        strip->span_row_h  = fmax(strip->span_row_h, size.h + ROW_GAP);
        strip->n_span_rows = p->row + 1 > strip->n_span_rows ? p->row + 1 : strip->n_span_rows;
    }
}

/* Place of the right-most event that is not placed yet; n_spans when all are. */
static size_t rightmost(const sei_frame *frame, const header_strip *strip)
{
    const sei_figure *figure = frame->figure;
    size_t            best   = figure->n_spans;

    for (size_t i = 0; i < figure->n_spans; i++) {
        if (!figure->span[i].is_event || strip->at[i].is_shown ||
            !sei_span_is_visible(frame, &figure->span[i]))
            continue;
        if (best == figure->n_spans || figure->span[i].from > figure->span[best].from)
            best = i;
    }
    return best;
}

/* Events are flags: from right to left each name begins at its mark, in the lowest row where it
 * ends before the next one begins. So no mark runs through a name. */
static void place_events(sei_frame *frame, header_strip *strip)
{
    const sei_figure *figure = frame->figure;

    for (size_t i; (i = rightmost(frame, strip)) < figure->n_spans;) {
        const sei_script s    = script_of(frame, &figure->span[i]);
        const sei_size   size = sei_pen_measure(frame->pen, &s);
        place           *p    = &strip->at[i];

        p->width  = size.w;
        p->height = size.h;
        p->left   = fmin(sei_map_at(&frame->x, figure->span[i].from) + 3,
                         SEI_FIGURE_WIDTH - SEI_MARGIN - size.w);
        p->row    = 0;
        while (p->row + 1 < ROWS_MAX && !is_free(frame, strip, figure->n_spans, p, p->row, true))
            p->row++;
        p->is_shown         = true;
        strip->event_row_h  = fmax(strip->event_row_h, size.h + ROW_GAP);
        strip->n_event_rows = p->row + 1 > strip->n_event_rows ? p->row + 1 : strip->n_event_rows;
    }
}

static void place_all(sei_frame *frame, header_strip *ret_strip)
{
    *ret_strip = (header_strip){.n_span_rows = 0};
    place_spans(frame, ret_strip);
    place_events(frame, ret_strip);
}

double sei_header_height(sei_frame *frame)
{
    header_strip s;

    place_all(frame, &s);
    return (double)s.n_event_rows * s.event_row_h + (double)s.n_span_rows * s.span_row_h +
           (s.n_span_rows ? BAR_H + 2 : 0) + (s.n_event_rows ? 2 : 0);
}

static void draw_event(sei_frame *frame, const header_strip *strip, size_t i, double base)
{
    const sei_span  *span = &frame->figure->span[i];
    const place     *p    = &strip->at[i];
    const sei_script s    = script_of(frame, span);
    const double     x    = sei_map_at(&frame->x, span->from);
    const double     top  = base - (double)(p->row + 1) * strip->event_row_h;

    if (!span->is_event || !p->is_shown)
        return;
    sei_pen_colour(frame->pen, SEI_MUTED, 1);
    cairo_set_line_width(frame->pen->cr, 1);
    sei_pen_line(frame->pen, x, top + 1, x, frame->panel[0].top);
    sei_pen_write(frame->pen, &s, p->left, top + 1, 0, 0);
}

/* Where a line can run down from a name in an upper row: the place within the span nearest its
 * middle that no name in a lower row covers, else the middle. */
static double leader_x(const sei_frame *frame, const header_strip *strip, size_t i, double from,
                       double to)
{
    const double middle = (from + to) / 2;

    for (double d = 0; d < (to - from) / 2; d += 1) {
        for (int side = -1; side <= 1; side += 2) {
            const double x     = middle + side * d;
            bool         clear = true;
            for (size_t k = 0; k < frame->figure->n_spans; k++) {
                const place *p = &strip->at[k];
                if (p->is_shown && !frame->figure->span[k].is_event && p->row < strip->at[i].row &&
                    x > p->left - 3 && x < p->left + p->width + 3)
                    clear = false;
            }
            if (clear)
                return x;
        }
    }
    return middle;
}

static void draw_span_name(sei_frame *frame, const header_strip *strip, size_t i, double base)
{
    const sei_span  *span = &frame->figure->span[i];
    const place     *p    = &strip->at[i];
    const sei_script s    = script_of(frame, span);
    double           from, to;

    if (span->is_event || !sei_span_is_visible(frame, span))
        return;
    span_ends(frame, span, &from, &to);
    const double gap = span->kind == SEI_SPAN_UNIT ? 1 : 0;
    sei_pen_fill(frame->pen, (sei_rect){from + gap, base, fmax(to - from - 2 * gap, 1), BAR_H},
                 span->kind == SEI_SPAN_SEASON  ? 0x9DBBD8
                 : span->kind == SEI_SPAN_EVENT ? 0xE3B565
                                                : 0xA9B1BA,
                 1);
    if (!p->is_shown)
        return;
    const double bottom = base - ROW_GAP + 1 - (double)p->row * strip->span_row_h;
    if (p->row > 0) {
        /* a thin line leads from a name in an upper row to its span */
        sei_pen_colour(frame->pen, SEI_AXIS, 1);
        cairo_set_line_width(frame->pen->cr, 0.6);
        const double x = leader_x(frame, strip, i, from, to);
        sei_pen_line(frame->pen, x, bottom, x, base);
    }
    sei_pen_write(frame->pen, &s, p->left, bottom, 0, 1);
}

void sei_header_draw(sei_frame *frame)
{
    header_strip s;

    place_all(frame, &s);
    const double base     = frame->panel[0].top - BAR_H - 1;
    const double span_top = frame->panel[0].top -
                            (s.n_span_rows ? BAR_H + 2 + (double)s.n_span_rows * s.span_row_h : 0);
    for (size_t i = 0; i < frame->figure->n_spans; i++)
        draw_event(frame, &s, i, span_top - 2);
    for (size_t row = ROWS_MAX; row-- > 0;)
        for (size_t i = 0; i < frame->figure->n_spans; i++)
            if (s.at[i].row == row)
                draw_span_name(frame, &s, i, base);
}
