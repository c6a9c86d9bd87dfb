/* train.c - a treatment train as boxes and arrows */
#include <math.h>

#include "report/frame.h"

/* Boxes stand in columns by their distance from the source; after PER_ROW columns the train goes
 * on in the next row. Arrows to the next column are straight, all others (to the next row, past a
 * box, back) run through the gutter below their row. */
enum { PER_ROW = 4 };
#define BOX_W     116.0
#define BOX_PAD   7.0
#define LANE_GAP  16.0
#define TRACK_GAP 8.0
#define STUB      12.0 /* how far a gutter arrow leaves the box before it turns */

typedef struct {
    size_t rank, row, column, lane;
    double x, y, h; /* upper left corner, height */
} seat;

typedef struct {
    sei_pen          *pen;
    const sei_figure *figure;
    seat              seat[SEI_BOXES_MAX];
    size_t            n_rows, n_columns; /* columns in the longest row */
    double            gap;               /* between columns */
    double            lane_h[SEI_BOXES_MAX];
    double            row_top[SEI_BOXES_MAX], gutter[SEI_BOXES_MAX]; /* y, next free track */
    bool              is_return[SEI_ARROWS_MAX];
} train;

static sei_script name_script(const sei_box *box)
{
    return (sei_script){.label   = box->label,
                        .size    = SEI_TEXT_SIZE,
                        .width   = BOX_W - 2 * BOX_PAD,
                        .lines   = 2,
                        .stacked = true,
                        .align   = PANGO_ALIGN_CENTER};
}

static sei_script note_script(sei_label note, double width)
{
    return (sei_script){.label  = note,
                        .size   = SEI_SMALL_SIZE,
                        .colour = SEI_MUTED,
                        .width  = width,
                        .lines  = 1,
                        .halo   = true,
                        .align  = PANGO_ALIGN_CENTER};
}

static double notes_height(const train *t, const sei_label note[], size_t n, double width)
{
    double h = 0;

    for (size_t i = 0; i < n; i++) {
        const sei_script s = note_script(note[i], width);
        h += sei_pen_measure(t->pen, &s).h;
    }
    return h;
}

/* Can water that leaves `from` reach `to` along the arrows before number `n` that close no loop? */
static bool reaches(const train *t, size_t from, size_t to, size_t n)
{
    bool seen[SEI_BOXES_MAX] = {false}, grows = true;

    seen[from] = true;
    while (grows && !seen[to]) {
        grows = false;
        for (size_t i = 0; i < n; i++) {
            const sei_arrow *a = &t->figure->arrow[i];
            if (!t->is_return[i] && seen[a->from] && !seen[a->to])
                seen[a->to] = grows = true;
        }
    }
    return seen[to];
}

static void find_ranks(train *t)
{
    const sei_figure *f     = t->figure;
    bool              grows = true;

    for (size_t i = 0; i < f->n_arrows; i++)
        t->is_return[i] = reaches(t, f->arrow[i].to, f->arrow[i].from, i);
    while (grows) { /* ends: without the returns there are no loops */
        grows = false;
        for (size_t i = 0; i < f->n_arrows; i++) {
            const seat *from = &t->seat[f->arrow[i].from];
            seat       *to   = &t->seat[f->arrow[i].to];
            if (!t->is_return[i] && to->rank < from->rank + 1) {
                to->rank = from->rank + 1;
                grows    = true;
            }
        }
    }
}

static bool is_taken(const train *t, size_t n, size_t rank, size_t lane)
{
    for (size_t i = 0; i < n; i++)
        if (t->seat[i].rank == rank && t->seat[i].lane == lane)
            return true;
    return false;
}

/* Lane of the first arrow that comes in, when it is free, else the next free one. */
static void find_lanes(train *t)
{
    const sei_figure *f = t->figure;

    for (size_t b = 0; b < f->n_boxes; b++) {
        seat *s = &t->seat[b];
        for (size_t i = 0; i < f->n_arrows; i++) {
            if (f->arrow[i].to != b || t->is_return[i] || f->arrow[i].from >= b)
                continue;
            s->lane = t->seat[f->arrow[i].from].lane;
            break;
        }
        while (is_taken(t, b, s->rank, s->lane))
            s->lane++;
        s->row    = s->rank / PER_ROW;
        s->column = s->rank % PER_ROW;
        if (s->row + 1 > t->n_rows)
            t->n_rows = s->row + 1;
        if (s->column + 1 > t->n_columns)
            t->n_columns = s->column + 1;
    }
}

static bool is_straight(const train *t, size_t arrow)
{
    const seat *from = &t->seat[t->figure->arrow[arrow].from];
    const seat *to   = &t->seat[t->figure->arrow[arrow].to];

    return from->row == to->row && to->column == from->column + 1 && !t->is_return[arrow];
}

static double box_height(const train *t, const sei_box *box)
{
    const sei_script s = name_script(box);

    return 2 * BOX_PAD + sei_pen_measure(t->pen, &s).h +
           (box->n_notes ? 3 + notes_height(t, box->note, box->n_notes, BOX_W - 2 * BOX_PAD) : 0);
}

/* All lanes of a row are as high as its highest box or the notes above an arrow ask for. */
static void find_heights(train *t)
{
    const sei_figure *f = t->figure;

    for (size_t b = 0; b < f->n_boxes; b++) {
        seat *s           = &t->seat[b];
        s->h              = box_height(t, &f->box[b]);
        t->lane_h[s->row] = fmax(t->lane_h[s->row], s->h);
    }
    for (size_t i = 0; i < f->n_arrows; i++) {
        const size_t row = t->seat[f->arrow[i].from].row;
        const double h   = notes_height(t, f->arrow[i].note, f->arrow[i].n_notes, t->gap);
        if (is_straight(t, i))
            t->lane_h[row] = fmax(t->lane_h[row], 2 * (h + 4));
    }
}

static double track_height(const train *t, size_t arrow)
{
    const sei_arrow *a = &t->figure->arrow[arrow];

    return TRACK_GAP + notes_height(t, a->note, a->n_notes, SEI_FIGURE_WIDTH / 2) + 2;
}

static size_t lanes_of(const train *t, size_t row)
{
    size_t lanes = 1;

    for (size_t b = 0; b < t->figure->n_boxes; b++)
        if (t->seat[b].row == row && t->seat[b].lane + 1 > lanes)
            lanes = t->seat[b].lane + 1;
    return lanes;
}

static double place(train *t, double y)
{
    const sei_figure *f     = t->figure;
    const double      left  = SEI_MARGIN + 2 * STUB;
    const double      pitch = BOX_W + t->gap;

    for (size_t row = 0; row < t->n_rows; row++) {
        const double lanes = (double)lanes_of(t, row);

        t->row_top[row] = y;
        y += lanes * t->lane_h[row] + (lanes - 1) * LANE_GAP;
        t->gutter[row] = y;
        for (size_t i = 0; i < f->n_arrows; i++)
            if (t->seat[f->arrow[i].from].row == row && !is_straight(t, i))
                y += track_height(t, i);
        y += LANE_GAP;
    }
    for (size_t b = 0; b < f->n_boxes; b++) {
        seat        *s    = &t->seat[b];
        const double lane = t->lane_h[s->row];
        s->x              = left + (double)s->column * pitch;
        s->y = t->row_top[s->row] + (double)s->lane * (lane + LANE_GAP) + (lane - s->h) / 2;
    }
    return y - LANE_GAP;
}

static void draw_box(train *t, size_t b)
{
    static const uint32_t fill[] = {0xE3EDF7, 0xFFFFFF, 0xF3F4F6, 0xE4F2EA};
    static const uint32_t line[] = {0x0072B2, 0x5B6673, 0x8A94A0, 0x00785A};
    const sei_box        *box    = &t->figure->box[b];
    const seat           *s      = &t->seat[b];
    const sei_script      name   = name_script(box);
    const double          middle = s->x + BOX_W / 2;
    const size_t          kind   = (size_t)box->kind < 4 ? (size_t)box->kind : 1;

    cairo_set_line_width(t->pen->cr, 1.2);
    sei_pen_box(t->pen, (sei_rect){s->x, s->y, BOX_W, s->h}, box->kind == SEI_BOX_UNIT ? 3 : 9,
                fill[kind], line[kind]);
    sei_rect at = sei_pen_write(t->pen, &name, middle, s->y + BOX_PAD, 0.5, 0);
    double   y  = at.y + at.h + 3;
    for (size_t i = 0; i < box->n_notes; i++) {
        sei_script note = note_script(box->note[i], BOX_W - 2 * BOX_PAD);
        note.halo       = false;
        at              = sei_pen_write(t->pen, &note, middle, y, 0.5, 0);
        y += at.h;
    }
}

/* Lines stacked upwards from y. */
static void draw_notes(train *t, const sei_arrow *a, double x, double y, double width)
{
    for (size_t i = a->n_notes; i-- > 0;) {
        const sei_script s  = note_script(a->note[i], width);
        const sei_rect   at = sei_pen_write(t->pen, &s, x, y, 0.5, 1);
        y                   = at.y;
    }
}

static void stroke(train *t)
{
    cairo_set_line_width(t->pen->cr, 1.3);
    sei_pen_colour(t->pen, SEI_MUTED, 1);
    cairo_stroke(t->pen->cr);
}

static double middle_of(const seat *s)
{
    return s->y + s->h / 2;
}

static void draw_straight(train *t, const sei_arrow *a)
{
    const seat  *from = &t->seat[a->from], *to = &t->seat[a->to];
    const double x0 = from->x + BOX_W, x1 = to->x, bend = (x0 + x1) / 2;
    const double y0 = middle_of(from), y1 = middle_of(to);

    cairo_move_to(t->pen->cr, x0, y0);
    cairo_line_to(t->pen->cr, bend, y0);
    cairo_line_to(t->pen->cr, bend, y1);
    cairo_line_to(t->pen->cr, x1 - 6, y1);
    stroke(t);
    sei_pen_arrow_head(t->pen, x1, y1, 0);
    /* at the outer lane, where no other arrow has its notes */
    draw_notes(t, a, bend, (to->lane > from->lane ? y1 : y0) - 3, t->gap - 4);
}

static void draw_gutter(train *t, size_t arrow)
{
    const sei_arrow *a    = &t->figure->arrow[arrow];
    const seat      *from = &t->seat[a->from], *to = &t->seat[a->to];
    const double     out = from->x + BOX_W + STUB, in = to->x - STUB;
    const double     y0 = middle_of(from) + 6, y1 = middle_of(to) + (to->row == from->row ? 6 : 0);

    t->gutter[from->row] += track_height(t, arrow);
    const double y = t->gutter[from->row];
    cairo_move_to(t->pen->cr, from->x + BOX_W, y0);
    cairo_line_to(t->pen->cr, out, y0);
    cairo_line_to(t->pen->cr, out, y);
    cairo_line_to(t->pen->cr, in, y);
    cairo_line_to(t->pen->cr, in, y1);
    cairo_line_to(t->pen->cr, to->x - 6, y1);
    stroke(t);
    sei_pen_arrow_head(t->pen, to->x, y1, 0);
    draw_notes(t, a, (out + in) / 2, y - 2, fmax(fabs(out - in) - 8, BOX_W));
}

sei_size sei_draw_train(sei_pen *pen, const sei_figure *figure)
{
    train t = {.pen = pen, .figure = figure};

    find_ranks(&t);
    find_lanes(&t);
    const double room = SEI_FIGURE_WIDTH - 2 * (SEI_MARGIN + 2 * STUB);
    const double gaps = t.n_columns > 1 ? (double)t.n_columns - 1 : 1;
    t.gap             = fmin((room - (double)t.n_columns * BOX_W) / gaps, 120);
    find_heights(&t);
    const double bottom = place(&t, sei_draw_title(pen, figure));
    for (size_t i = 0; i < figure->n_arrows; i++) {
        if (is_straight(&t, i))
            draw_straight(&t, &figure->arrow[i]);
        else
            draw_gutter(&t, i);
    }
    for (size_t b = 0; b < figure->n_boxes; b++)
        draw_box(&t, b);
    return (sei_size){SEI_FIGURE_WIDTH, bottom + SEI_MARGIN};
}
