/* header.c - names of spans and events in a strip above the first panel
 *
 * A name that fits stands over the middle of its span. Others, and events, are flags: a line runs
 * up from the mark and the name begins at its top (near the right edge it ends there). Flags are
 * set from right to left; a name that reaches over a mark on its right goes above that mark's flag,
 * so that no line runs through a name. Where that takes too many rows, flags carry numbers and a
 * key below explains them. */
#include <math.h>
#include <stdio.h>

#include "report/frame.h"

enum { ROWS_MAX = 4 };
#define ROW_GAP  3.0
#define TEXT_GAP 8.0
#define BAR_H    4.0 /* coloured bar that shows how far a span reaches */
#define NARROW   80.0
#define BADGE    15.0 /* a number in a circle */
#define KEY_GAP  18.0

typedef enum { HIDDEN, CENTRED, FLAG, NUMBERED } place_kind;

/* Where the name of one span or event goes. Rows count from the plot upwards. */
typedef struct {
    place_kind kind;
    double     mark, left, width, height; /* mark: x of its middle */
    size_t     row, number;
} place;

/* Rows of spans stand below rows of events. */
typedef struct {
    size_t n_rows;
    double row_h;
} row_set;

typedef struct {
    place   at[SEI_SPANS_MAX];
    row_set spans, events;
    size_t  n_numbers;
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

static void use_row(row_set *set, const place *p)
{
    set->row_h = fmax(set->row_h, p->height + ROW_GAP);
    if (p->row + 1 > set->n_rows)
        set->n_rows = p->row + 1;
}

static bool is_same_kind(const sei_frame *frame, size_t i, size_t k)
{
    return frame->figure->span[i].is_event == frame->figure->span[k].is_event;
}

static bool overlaps(const place *a, const place *b)
{
    return a->left < b->left + b->width + TEXT_GAP && b->left < a->left + a->width + TEXT_GAP;
}

/* Over the middle of its span, when that covers no other name and no middle of another span. */
static bool fits_centred(const sei_frame *frame, const header_strip *strip, size_t i)
{
    const sei_figure *figure = frame->figure;
    const place      *p      = &strip->at[i];

    for (size_t k = 0; k < figure->n_spans; k++) {
        const place *other = &strip->at[k];
        if (k == i || figure->span[k].is_event || !sei_span_is_visible(frame, &figure->span[k]))
            continue;
        if (other->kind == CENTRED && overlaps(p, other))
            return false;
        if (other->mark > p->left - 2 && other->mark < p->left + p->width + 2)
            return false;
    }
    return true;
}

/* One name explains all spans of the same name and shade. */
static bool is_explained(const sei_frame *frame, const header_strip *strip, size_t i)
{
    const sei_span *span = frame->figure->span;

    for (size_t k = 0; k < frame->figure->n_spans; k++)
        if (k != i && strip->at[k].kind != HIDDEN && !span[k].is_event &&
            span[k].kind == span[i].kind && strcmp(span[k].label.ja, span[i].label.ja) == 0)
            return true;
    return false;
}

static void measure_all(sei_frame *frame, header_strip *strip)
{
    for (size_t i = 0; i < frame->figure->n_spans; i++) {
        const sei_span  *span = &frame->figure->span[i];
        const sei_script s    = script_of(frame, span);
        const sei_size   size = sei_pen_measure(frame->pen, &s);
        double           from, to;

        span_ends(frame, span, &from, &to);
        strip->at[i] = (place){.mark = (from + to) / 2, .width = size.w, .height = size.h};
    }
}

static void place_centred(sei_frame *frame, header_strip *strip)
{
    for (size_t i = 0; i < frame->figure->n_spans; i++) {
        const sei_span *span = &frame->figure->span[i];
        place          *p    = &strip->at[i];

        if (span->is_event || !sei_span_is_visible(frame, span))
            continue;
        p->left = clamp(p->mark - p->width / 2, frame->left - 30,
                        SEI_FIGURE_WIDTH - SEI_MARGIN - p->width);
        if (!fits_centred(frame, strip, i))
            continue;
        p->kind = CENTRED;
        use_row(&strip->spans, p);
    }
}

/* The right-most one that still waits for its flag; n_spans when none does. */
static size_t rightmost(const sei_frame *frame, const header_strip *strip, bool is_event)
{
    const sei_figure *figure = frame->figure;
    size_t            best   = figure->n_spans;

    for (size_t i = 0; i < figure->n_spans; i++) {
        const sei_span *span = &figure->span[i];
        if (span->is_event != is_event || strip->at[i].kind != HIDDEN ||
            !sei_span_is_visible(frame, span) || (!is_event && is_explained(frame, strip, i)))
            continue;
        if (best == figure->n_spans || strip->at[i].mark > strip->at[best].mark)
            best = i;
    }
    return best;
}

/* The lowest row in which the flag touches no name and lies above all marks that it covers. */
static size_t flag_row(const sei_frame *frame, const header_strip *strip, size_t i)
{
    const place *p   = &strip->at[i];
    size_t       row = 0;

    for (size_t k = 0; k < frame->figure->n_spans; k++) {
        const place *other = &strip->at[k];
        if (k == i || other->kind == HIDDEN || !is_same_kind(frame, i, k))
            continue;
        if (overlaps(p, other) && other->row + 1 > row)
            row = other->row + 1;
    }
    return row;
}

/* No other mark stands where the name would when it ends at its own mark. */
static bool has_room_before(const sei_frame *frame, const header_strip *strip, size_t i)
{
    const place *p = &strip->at[i];

    for (size_t k = 0; k < frame->figure->n_spans; k++) {
        const double mark = strip->at[k].mark;
        if (k != i && sei_span_is_visible(frame, &frame->figure->span[k]) &&
            mark > p->mark - 3 - p->width - TEXT_GAP && mark <= p->mark)
            return false;
    }
    return true;
}

/* Behind its mark; near the right edge before it, so that the line does not run through the name. */
static double flag_left(const sei_frame *frame, const header_strip *strip, size_t i)
{
    const place *p    = &strip->at[i];
    const double most = SEI_FIGURE_WIDTH - SEI_MARGIN - p->width;

    if (p->mark + 3 > most && has_room_before(frame, strip, i))
        return p->mark - 3 - p->width;
    return fmin(p->mark + 3, most);
}

static void place_flags(sei_frame *frame, header_strip *strip, bool is_event)
{
    row_set *set = is_event ? &strip->events : &strip->spans;

    for (size_t i; (i = rightmost(frame, strip, is_event)) < frame->figure->n_spans;) {
        place *p = &strip->at[i];
        p->left  = flag_left(frame, strip, i);
        p->row   = flag_row(frame, strip, i);
        p->kind  = FLAG;
        use_row(set, p);
    }
}

/* Number n of the flags from left to right; SIZE_MAX when there are no more. */
static size_t leftmost_flag(const sei_frame *frame, const header_strip *strip, bool is_event)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < frame->figure->n_spans; i++)
        if (strip->at[i].kind == FLAG && frame->figure->span[i].is_event == is_event &&
            (best == SIZE_MAX || strip->at[i].mark < strip->at[best].mark))
            best = i;
    return best;
}

/* Too many rows: a number in a circle for each flag. */
static void number_flags(sei_frame *frame, header_strip *strip, bool is_event)
{
    row_set *set = is_event ? &strip->events : &strip->spans;

    if (set->n_rows <= ROWS_MAX)
        return;
    *set = (row_set){0, BADGE + ROW_GAP};
    for (size_t k = 0; k < frame->figure->n_spans; k++)
        if (strip->at[k].kind == CENTRED && !is_event)
            use_row(set, &strip->at[k]);
    for (size_t i; (i = leftmost_flag(frame, strip, is_event)) != SIZE_MAX;) {
        place *p  = &strip->at[i];
        p->kind   = NUMBERED;
        p->number = ++strip->n_numbers;
        p->width  = BADGE - TEXT_GAP + 2; /* circles may nearly touch */
        p->height = BADGE;
        p->left   = p->mark - p->width / 2;
        p->row    = 0;
        for (size_t k = 0; k < frame->figure->n_spans; k++) {
            const place *other = &strip->at[k];
            if (k != i && (other->kind == NUMBERED || other->kind == CENTRED) &&
                is_same_kind(frame, i, k) && overlaps(p, other) && other->row + 1 > p->row)
                p->row = other->row + 1;
        }
        use_row(set, p);
    }
}

static void place_all(sei_frame *frame, header_strip *ret_strip)
{
    *ret_strip = (header_strip){.n_numbers = 0};
    measure_all(frame, ret_strip);
    place_centred(frame, ret_strip);
    place_flags(frame, ret_strip, false);
    number_flags(frame, ret_strip, false);
    place_flags(frame, ret_strip, true);
    number_flags(frame, ret_strip, true);
}

static double rows_height(const row_set *set)
{
    return (double)set->n_rows * set->row_h;
}

static bool has_bars(const sei_frame *frame)
{
    for (size_t i = 0; i < frame->figure->n_spans; i++)
        if (!frame->figure->span[i].is_event && sei_span_is_visible(frame, &frame->figure->span[i]))
            return true;
    return false;
}

double sei_header_height(sei_frame *frame)
{
    header_strip s;

    place_all(frame, &s);
    return rows_height(&s.events) + rows_height(&s.spans) + (has_bars(frame) ? BAR_H + 2 : 0) +
           (s.events.n_rows ? 2 : 0);
}

static void draw_badge(sei_pen *pen, double x, double y, size_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%zu", number);
    const sei_script s = {.text = text, .size = SEI_SMALL_SIZE - 1, .colour = SEI_MUTED};
    cairo_set_line_width(pen->cr, 1);
    sei_pen_box(pen, (sei_rect){x - BADGE / 2, y - BADGE / 2, BADGE, BADGE}, BADGE / 2, SEI_WHITE,
                SEI_MUTED);
    sei_pen_write(pen, &s, x, y, 0.5, 0.5);
}

/* The line from a flag down to the plot; before all names, so that it passes behind them. */
static void draw_line(sei_frame *frame, const place *p, double base, double row_h, double end)
{
    if (p->kind != FLAG && p->kind != NUMBERED)
        return;
    const double top = p->kind == NUMBERED ? base - (double)p->row * row_h - BADGE / 2
                                           : base - (double)(p->row + 1) * row_h + 1;
    sei_pen_colour(frame->pen, SEI_MUTED, 1);
    cairo_set_line_width(frame->pen->cr, 0.8);
    sei_pen_line(frame->pen, p->mark, top, p->mark, end);
}

static void draw_name(sei_frame *frame, const sei_span *span, const place *p, double base,
                      double row_h)
{
    sei_script   s      = script_of(frame, span);
    const double bottom = base - (double)p->row * row_h - 1;

    if (p->kind == NUMBERED)
        draw_badge(frame->pen, p->mark, bottom - BADGE / 2, p->number);
    else if (p->kind != HIDDEN)
        sei_pen_write(frame->pen, &s, p->left, bottom, 0, 1);
}

static void draw_bar(sei_frame *frame, const sei_span *span, double y)
{
    const double gap = span->kind == SEI_SPAN_UNIT ? 1 : 0;
    double       from, to;

    if (span->is_event || !sei_span_is_visible(frame, span))
        return;
    span_ends(frame, span, &from, &to);
    sei_pen_fill(frame->pen, (sei_rect){from + gap, y, fmax(to - from - 2 * gap, 1), BAR_H},
                 span->kind == SEI_SPAN_SEASON  ? 0x9DBBD8
                 : span->kind == SEI_SPAN_EVENT ? 0xE3B565
                                                : 0xA9B1BA,
                 1);
}

void sei_header_draw(sei_frame *frame)
{
    const sei_figure *figure = frame->figure;
    const double      top    = frame->panel[0].top;
    const double      bars   = has_bars(frame) ? top - BAR_H - 1 : top;
    header_strip      s;

    place_all(frame, &s);
    const double events = bars - rows_height(&s.spans) - (s.spans.n_rows ? 2 : 0);
    for (size_t i = 0; i < figure->n_spans; i++) {
        if (figure->span[i].is_event)
            draw_line(frame, &s.at[i], events, s.events.row_h, top);
        else
            draw_line(frame, &s.at[i], bars, s.spans.row_h, bars);
    }
    for (size_t i = 0; i < figure->n_spans; i++) {
        draw_bar(frame, &figure->span[i], bars);
        if (figure->span[i].is_event)
            draw_name(frame, &figure->span[i], &s.at[i], events, s.events.row_h);
        else
            draw_name(frame, &figure->span[i], &s.at[i], bars, s.spans.row_h);
    }
}

static sei_script key_script(const sei_span *span)
{
    return (sei_script){.label  = span->label,
                        .size   = SEI_SMALL_SIZE,
                        .width  = SEI_FIGURE_WIDTH - 2 * SEI_MARGIN - BADGE - 6,
                        .lines  = 1,
                        .colour = SEI_MUTED};
}

void sei_header_draw_key(sei_frame *frame)
{
    const sei_figure *figure = frame->figure;
    const double      room   = SEI_FIGURE_WIDTH - 2 * SEI_MARGIN;
    double            widest = 1, row_h = BADGE + 2;
    header_strip      s;

    place_all(frame, &s);
    if (s.n_numbers == 0)
        return;
    for (size_t i = 0; i < figure->n_spans; i++) {
        const sei_script script = key_script(&figure->span[i]);
        const sei_size   size   = sei_pen_measure(frame->pen, &script);
        if (s.at[i].kind != NUMBERED)
            continue;
        widest = fmax(widest, BADGE + 6 + size.w + KEY_GAP);
        row_h  = fmax(row_h, size.h + 3);
    }
    const size_t columns = widest < room ? (size_t)((room + KEY_GAP) / widest) : 1;
    const size_t rows    = (s.n_numbers + columns - 1) / columns;
    const double top     = frame->bottom + 8;
    for (size_t i = 0; i < figure->n_spans; i++) {
        const sei_script script = key_script(&figure->span[i]);
        const size_t     n      = s.at[i].number;
        if (s.at[i].kind != NUMBERED)
            continue;
        const size_t column = (n - 1) / rows, row = (n - 1) % rows;
        const double x = SEI_MARGIN + (double)column * widest;
        const double y = top + ((double)row + 0.5) * row_h;
        draw_badge(frame->pen, x + BADGE / 2, y, n);
        sei_pen_write(frame->pen, &script, x + BADGE + 6, y, 0, 0.5);
    }
    frame->bottom = top + (double)rows * row_h;
}
