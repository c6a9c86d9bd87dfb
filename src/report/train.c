/* train.c - a treatment train as boxes and arrows */
#include <math.h>

#include "report/frame.h"

/* Boxes stand in columns by their distance from the source; when the picture is full the train
 * goes on in the next row. Arrows to the next column are straight, all others (to the next row,
 * past a box, back) run on tracks through the gutter below their row. */
#define BOX_MIN   84.0
#define BOX_MAX   136.0
#define GAP_MIN   44.0
#define GAP_MAX   130.0
#define WIDTH_MAX 850.0
#define BOX_PAD   7.0
#define LANE_GAP  16.0
#define TRACK_GAP 8.0
#define STUB      10.0 /* how far a gutter arrow leaves the box before it turns */
#define NEXT      4.0  /* between gutter arrows that run side by side */
#define NAME_SIZE 11.5
#define NOTE_SIZE 10.0
#define BAND_MAX  20.0 /* width of the largest load */
#define LINE      1.3
#define SIDE      27.0 /* room beside the outer boxes for those arrows */
#define TIP       8.0  /* length of a band's tip */

typedef struct {
    size_t rank, row, column, lane;
    double x, y, h; /* upper left corner, height */
} seat;

typedef struct {
    sei_pen          *pen;
    const sei_figure *figure;
    seat              seat[SEI_BOXES_MAX];
    size_t            per_row, n_rows, n_columns; /* columns: in the longest row */
    double            box_w, gap, width;          /* of a box, between columns, of the picture */
    double            lane_h[SEI_BOXES_MAX];
    double            row_top[SEI_BOXES_MAX];
    bool              is_return[SEI_ARROWS_MAX];
    double            track[SEI_ARROWS_MAX];   /* y of a gutter arrow */
    size_t            beside[SEI_ARROWS_MAX];  /* its number from the upper track on */
    size_t            n_tracks[SEI_BOXES_MAX]; /* of a row */
    double            largest;                 /* load of an arrow */
    double            side;                    /* room beside the outer boxes */
} train;

/* Width of an arrow: of a line, or of a band as wide as its load is of the largest. */
static double width_of(const train *t, size_t arrow)
{
    const sei_arrow *a = &t->figure->arrow[arrow];

    if (!a->has_load || !(t->largest > 0))
        return LINE;
    return fmax(LINE, BAND_MAX * a->load / t->largest);
}

static sei_script name_script(const sei_box *box, double width)
{
    return (sei_script){.label   = box->label,
                        .size    = NAME_SIZE,
                        .width   = width,
                        .lines   = 2,
                        .stacked = true,
                        .align   = PANGO_ALIGN_CENTER};
}

static sei_script note_script(sei_label note, double width)
{
    return (sei_script){.label  = note,
                        .size   = NOTE_SIZE,
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

static double widest_note(const train *t, const sei_label note[], size_t n, double widest)
{
    for (size_t i = 0; i < n; i++) {
        const sei_script s = note_script(note[i], 0);
        widest             = fmax(widest, sei_pen_measure(t->pen, &s).w);
    }
    return widest;
}

static size_t columns_in(const train *t, double width)
{
    const double n = (width - 2 * t->side + t->gap) / (t->box_w + t->gap);

    return n < 2 ? 2 : (size_t)n;
}

/* Boxes as wide as their names, gaps as wide as the notes of the arrows ask for, within bounds;
 * then as many columns as fit. */
static void find_widths(train *t)
{
    const sei_figure *f     = t->figure;
    size_t            ranks = 1;

    for (size_t b = 0; b < f->n_boxes; b++) {
        const sei_script s = name_script(&f->box[b], 0);
        t->box_w           = fmax(t->box_w, sei_pen_measure(t->pen, &s).w);
        t->box_w           = widest_note(t, f->box[b].note, f->box[b].n_notes, t->box_w);
        ranks              = t->seat[b].rank + 1 > ranks ? t->seat[b].rank + 1 : ranks;
    }
    for (size_t i = 0; i < f->n_arrows; i++)
        t->gap = widest_note(t, f->arrow[i].note, f->arrow[i].n_notes, t->gap);
    t->side  = t->largest > 0 ? SIDE + 0.5 * BAND_MAX : SIDE;
    t->box_w = fmax(BOX_MIN, fmin(t->box_w + 2 * BOX_PAD + 2, BOX_MAX));
    t->gap   = fmax(GAP_MIN, fmin(t->gap + 2 * STUB, GAP_MAX));
    /* a little wider when that saves a row */
    const size_t usual = columns_in(t, SEI_FIGURE_WIDTH), most = columns_in(t, WIDTH_MAX);
    t->per_row        = (ranks + most - 1) / most < (ranks + usual - 1) / usual ? most : usual;
    t->n_columns      = ranks < t->per_row ? ranks : t->per_row;
    const double gaps = t->n_columns > 1 ? (double)(t->n_columns - 1) : 1;
    const double used = 2 * t->side + (double)t->n_columns * t->box_w;
    t->width          = fmax(SEI_FIGURE_WIDTH, used + gaps * t->gap);
    t->gap            = fmin((t->width - used) / gaps, t->gap + 40);
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
        s->row    = s->rank / t->per_row;
        s->column = s->rank % t->per_row;
        if (s->row + 1 > t->n_rows)
            t->n_rows = s->row + 1;
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
    const sei_script s = name_script(box, t->box_w - 2 * BOX_PAD);

    return 2 * BOX_PAD + sei_pen_measure(t->pen, &s).h +
           (box->n_notes ? 3 + notes_height(t, box->note, box->n_notes, t->box_w - 2 * BOX_PAD)
                         : 0);
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
            t->lane_h[row] = fmax(t->lane_h[row], 2 * (h + 4) + width_of(t, i));
    }
}

static double track_height(const train *t, size_t arrow)
{
    const sei_arrow *a = &t->figure->arrow[arrow];

    return TRACK_GAP + notes_height(t, a->note, a->n_notes, SEI_FIGURE_WIDTH / 2) + 2 +
           width_of(t, arrow);
}

static size_t lanes_of(const train *t, size_t row)
{
    size_t lanes = 1;

    for (size_t b = 0; b < t->figure->n_boxes; b++)
        if (t->seat[b].row == row && t->seat[b].lane + 1 > lanes)
            lanes = t->seat[b].lane + 1;
    return lanes;
}

/* Shorter ways lie nearer the boxes, and of equal ones that of the lower lane: so they cross
 * least. */
static double way(const train *t, size_t arrow)
{
    const seat *from = &t->seat[t->figure->arrow[arrow].from];
    const seat *to   = &t->seat[t->figure->arrow[arrow].to];

    return fabs((double)from->column - (double)to->column) + (to->row == from->row ? 0 : 0.5) -
           1e-3 * (double)from->lane;
}

/* The gutter arrow of a row that has no track yet and the shortest way; n_arrows for none. */
static size_t next_track(const train *t, size_t row)
{
    const size_t n    = t->figure->n_arrows;
    size_t       best = n;

    for (size_t i = 0; i < n; i++) {
        if (t->seat[t->figure->arrow[i].from].row != row || is_straight(t, i) || t->track[i] > 0)
            continue;
        if (best == n || way(t, i) < way(t, best))
            best = i;
    }
    return best;
}

static double place(train *t, double y)
{
    const sei_figure *f     = t->figure;
    const double      pitch = t->box_w + t->gap;

    for (size_t row = 0; row < t->n_rows; row++) {
        const double lanes = (double)lanes_of(t, row);

        t->row_top[row] = y;
        y += lanes * t->lane_h[row] + (lanes - 1) * LANE_GAP;
        for (size_t i; (i = next_track(t, row)) < f->n_arrows;) {
            y += track_height(t, i);
            t->track[i]  = y;
            t->beside[i] = t->n_tracks[row]++;
        }
        y += LANE_GAP;
    }
    for (size_t b = 0; b < f->n_boxes; b++) {
        seat        *s    = &t->seat[b];
        const double lane = t->lane_h[s->row];
        s->x              = t->side + (double)s->column * pitch;
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
    const sei_script      name   = name_script(box, t->box_w - 2 * BOX_PAD);
    const double          middle = s->x + t->box_w / 2;
    const size_t          kind   = (size_t)box->kind < 4 ? (size_t)box->kind : 1;

    cairo_set_line_width(t->pen->cr, 1.2);
    sei_pen_box(t->pen, (sei_rect){s->x, s->y, t->box_w, s->h}, box->kind == SEI_BOX_UNIT ? 3 : 9,
                fill[kind], line[kind]);
    sei_rect at = sei_pen_write(t->pen, &name, middle, s->y + BOX_PAD, 0.5, 0);
    double   y  = at.y + at.h + 3;
    for (size_t i = 0; i < box->n_notes; i++) {
        sei_script note = note_script(box->note[i], t->box_w - 2 * BOX_PAD);
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
    cairo_set_line_width(t->pen->cr, LINE);
    sei_pen_colour(t->pen, SEI_MUTED, 1);
    cairo_stroke(t->pen->cr);
}

static double middle_of(const seat *s)
{
    return s->y + s->h / 2;
}

/* Bands at one side of a box lie one below the other, those of the gutter lowest: how far from its middle this one does. */
static double band_offset(const train *t, size_t arrow, bool leaves)
{
    const bool       straight = is_straight(t, arrow);
    const sei_arrow *all      = t->figure->arrow;
    const size_t     box      = leaves ? all[arrow].from : all[arrow].to;
    double           above = 0, sum = 0;

    for (size_t i = 0; i < t->figure->n_arrows; i++) {
        if ((leaves ? all[i].from : all[i].to) != box)
            continue;
        sum += width_of(t, i);
        if (is_straight(t, i) == straight ? i < arrow : !straight)
            above += width_of(t, i);
    }
    return above + 0.5 * width_of(t, arrow) - 0.5 * sum;
}

static void band_colour(train *t)
{
    sei_pen_colour(t->pen, 0x0072B2, 0.45);
}

/* The end of a band: a tip a little broader than it. */
static void draw_tip(train *t, double x, double y, double w)
{
    const double half = 0.5 * w + 3;

    cairo_move_to(t->pen->cr, x, y);
    cairo_line_to(t->pen->cr, x - TIP, y - half);
    cairo_line_to(t->pen->cr, x - TIP, y + half);
    cairo_close_path(t->pen->cr);
    cairo_fill(t->pen->cr);
}

static void draw_band(train *t, size_t arrow)
{
    const sei_arrow *a    = &t->figure->arrow[arrow];
    const seat      *from = &t->seat[a->from], *to = &t->seat[a->to];
    const double     w = width_of(t, arrow), x0 = from->x + t->box_w, x1 = to->x;
    const double     y0    = middle_of(from) + band_offset(t, arrow, true);
    const double     y1    = middle_of(to) + band_offset(t, arrow, false);
    const double     mid   = 0.5 * (x0 + x1 - TIP);
    const double     notes = notes_height(t, a->note, a->n_notes, t->gap - 6);

    cairo_move_to(t->pen->cr, x0, y0);
    cairo_curve_to(t->pen->cr, mid, y0, mid, y1, x1 - TIP, y1);
    cairo_set_line_width(t->pen->cr, w);
    band_colour(t);
    cairo_stroke(t->pen->cr);
    draw_tip(t, x1, y1, w);
    if (to->lane == from->lane)
        draw_notes(t, a, mid, fmin(y0, y1) - 0.5 * w - 3, t->gap - 6);
    else /* a band that comes from above or goes there leaves room below its outer end */
        draw_notes(t, a, mid, fmax(y0, y1) + 0.5 * w + 5 + notes, t->gap - 6);
}

/* Straight arrows that fan out turn next to their source, those that join turn next to their
 * target; the notes stand over the level part at the outer lane, where no other arrow has any. */
static void draw_straight(train *t, const sei_arrow *a)
{
    const seat  *from = &t->seat[a->from], *to = &t->seat[a->to];
    const double x0 = from->x + t->box_w, x1 = to->x;
    const bool   fans_out = to->lane > from->lane, joins = to->lane < from->lane;
    const double bend = fans_out ? x0 + STUB : joins ? x1 - 1.5 * STUB : x0;
    const double y0 = middle_of(from), y1 = middle_of(to);

    cairo_move_to(t->pen->cr, x0, y0);
    cairo_line_to(t->pen->cr, bend, y0);
    cairo_line_to(t->pen->cr, bend, y1);
    cairo_line_to(t->pen->cr, x1 - 6, y1);
    stroke(t);
    sei_pen_arrow_head(t->pen, x1, y1, 0);
    if (joins)
        draw_notes(t, a, (x0 + bend) / 2, y0 - 3, t->gap - 2 * STUB);
    else
        draw_notes(t, a, (bend + x1) / 2 - 2, y1 - 3, t->gap - (fans_out ? 2 * STUB : 6));
}

/* Does a straight arrow leave (or reach) the box? Gutter arrows then keep a little below it. */
static bool has_straight(const train *t, size_t box, bool leaves)
{
    for (size_t i = 0; i < t->figure->n_arrows; i++)
        if (is_straight(t, i) &&
            (leaves ? t->figure->arrow[i].from : t->figure->arrow[i].to) == box)
            return true;
    return false;
}

/* Where a gutter arrow leaves its box, turns, and comes in. */
typedef struct {
    double y0, out, track, in, y1;
} detour;

/* Side by side the arrow on the upper track keeps inside where it leaves and outside where it comes in. */
static detour find_detour(const train *t, size_t arrow)
{
    const sei_arrow *a    = &t->figure->arrow[arrow];
    const seat      *from = &t->seat[a->from], *to = &t->seat[a->to];
    const double     k    = (double)(t->beside[arrow] % 4);
    const double     last = (double)((t->n_tracks[from->row] - 1) % 4);
    const bool       down = to->row > from->row;
    const double     step = (down ? last - k : k) * NEXT;
    detour           d    = {.track = t->track[arrow]};

    if (a->has_load) { /* the level part before the tip is as long as the band is wide */
        const double half = 0.5 * width_of(t, arrow);
        d.out             = from->x + t->box_w + fmax(STUB, half + 2) + k * NEXT;
        d.in              = to->x - TIP - half - 2 - step;
        d.y0              = middle_of(from) + band_offset(t, arrow, true);
        d.y1              = middle_of(to) + band_offset(t, arrow, false);
        return d;
    }
    d.out = from->x + t->box_w + STUB + k * NEXT;
    d.in  = to->x - 1.3 * STUB - step;
    d.y0  = middle_of(from) + (has_straight(t, a->from, true) ? 7 : 0);
    d.y1 =
        middle_of(to) + (has_straight(t, a->to, false) ? 7 : 0) + (down ? (last - 2 * k) * 3 : 0);
    return d;
}

/* Out to the right, down to the track, along it, and into the target from its left. */
static void draw_gutter(train *t, size_t arrow)
{
    const sei_arrow *a     = &t->figure->arrow[arrow];
    const double     begin = t->seat[a->from].x + t->box_w, end = t->seat[a->to].x;
    const detour     d = find_detour(t, arrow);

    cairo_move_to(t->pen->cr, begin, d.y0);
    cairo_line_to(t->pen->cr, d.out, d.y0);
    cairo_line_to(t->pen->cr, d.out, d.track);
    cairo_line_to(t->pen->cr, d.in, d.track);
    cairo_line_to(t->pen->cr, d.in, d.y1);
    cairo_line_to(t->pen->cr, end - (a->has_load ? TIP : 6), d.y1);
    if (a->has_load) {
        cairo_set_line_width(t->pen->cr, width_of(t, arrow));
        band_colour(t);
        cairo_stroke(t->pen->cr);
        draw_tip(t, end, d.y1, width_of(t, arrow));
    } else {
        stroke(t);
        sei_pen_arrow_head(t->pen, end, d.y1, 0);
    }
    draw_notes(t, a, (d.out + d.in) / 2, d.track - 2 - (a->has_load ? 0.5 * width_of(t, arrow) : 0),
               fmax(fabs(d.out - d.in) - 8, t->box_w));
}

sei_size sei_draw_train(sei_pen *pen, const sei_figure *figure)
{
    train t = {.pen = pen, .figure = figure};

    for (size_t i = 0; i < figure->n_arrows; i++)
        t.largest = fmax(t.largest, figure->arrow[i].load);
    find_ranks(&t);
    find_widths(&t);
    find_lanes(&t);
    find_heights(&t);
    const double bottom = place(&t, sei_draw_title(pen, figure) + 6);
    for (size_t i = 0; i < figure->n_arrows; i++) {
        if (is_straight(&t, i) && figure->arrow[i].has_load)
            draw_band(&t, i);
        else if (is_straight(&t, i))
            draw_straight(&t, &figure->arrow[i]);
        else
            draw_gutter(&t, i);
    }
    for (size_t b = 0; b < figure->n_boxes; b++)
        draw_box(&t, b);
    return (sei_size){t.width, bottom + SEI_MARGIN};
}
