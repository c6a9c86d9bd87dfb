/* figure_csv.c - the data that a figure shows, one row a point */
#include <math.h>
#include <stdio.h>

#include "report/figure.h"
#include "report/out.h"

/* series,x,y,flag,panel,unit,kind. x of a time axis is local ISO 8601. Panels count from 1. */
typedef struct {
    const sei_figure *figure;
    sei_lang          lang;
    sei_table_writer *csv;
    sei_buf           name;
} sheet;

static void put_x(sheet *s, double x)
{
    const double us_per_s = 1e6;

    if (!isfinite(x))
        sei_table_put_empty(s->csv); /* a limit without an end */
    else if (sei_figure_has_time(s->figure))
        sei_table_put_time(s->csv, (int64_t)llround(x * us_per_s),
                           (int64_t)(s->figure->utc_offset_s * us_per_s));
    else
        sei_table_put_number(s->csv, x, 0);
}

static void put_name(sheet *s, sei_label label, const char *ending)
{
    sei_buf_clear(&s->name);
    sei_put_label(&s->name, label, s->lang);
    sei_buf_puts(&s->name, ending);
    sei_table_put_text(s->csv, s->name.text);
}

static void put_rest(sheet *s, const char *flag, size_t panel, const char *unit, const char *kind)
{
    sei_table_put_text(s->csv, flag);
    if (panel)
        sei_table_put_int(s->csv, (int64_t)panel);
    else
        sei_table_put_empty(s->csv);
    sei_table_put_text(s->csv, unit);
    sei_table_put_text(s->csv, kind);
    sei_table_end_row(s->csv);
}

static void put_points(sheet *s, const sei_part *part, const double y[], const char *ending,
                       const char *kind)
{
    static const char *const flags[] = {"", "below", "suspect", "missing"};
    const char              *unit    = s->figure->y[part->panel].unit;

    for (size_t i = 0; i < part->n; i++) {
        const sei_point_flag flag = sei_part_flag(part, i);

        put_name(s, part->label, ending);
        put_x(s, part->x[i]);
        if (flag == SEI_POINT_MISSING)
            sei_table_put_empty(s->csv);
        else
            sei_table_put_number(s->csv, y[i], 0);
        put_rest(s, flags[flag <= SEI_POINT_MISSING ? flag : 0], part->panel + 1, unit, kind);
    }
}

static void put_limit(sheet *s, const sei_part *part)
{
    const char *unit = s->figure->y[part->panel].unit;

    for (size_t i = 0; i < part->n; i++) {
        for (int end = 0; end < 2; end++) {
            put_name(s, part->label, "");
            put_x(s, end ? part->step[i].to : part->step[i].from);
            sei_table_put_number(s->csv, part->step[i].value, 0);
            put_rest(s, end ? "to" : "from", part->panel + 1, unit, "limit");
        }
    }
}

static void put_bar(sheet *s, const sei_part *part)
{
    for (size_t i = 0; i < part->n; i++) {
        put_name(s, part->label, "");
        put_name(s, s->figure->category[i], "");
        sei_table_put_number(s->csv, part->y[i], 0);
        put_rest(s, "", part->panel + 1, s->figure->y[part->panel].unit, "bar");
    }
}

static void put_part(sheet *s, const sei_part *part)
{
    switch (part->kind) {
    case SEI_PART_LINE:
        put_points(s, part, part->y, "", sei_part_is_points(part) ? "points" : "line");
        break;
    case SEI_PART_BAND:
        put_points(s, part, part->low, " [low]", "band");
        if (part->y)
            put_points(s, part, part->y, " [mid]", "band");
        put_points(s, part, part->high, " [high]", "band");
        break;
    case SEI_PART_LIMIT: put_limit(s, part); break;
    case SEI_PART_BAR: put_bar(s, part); break;
    }
}

static void put_span(sheet *s, const sei_span *span)
{
    static const char *const kinds[] = {"season", "event", "unit"};

    for (int end = 0; end < (span->is_event ? 1 : 2); end++) {
        put_name(s, span->label, "");
        put_x(s, end ? span->to : span->from);
        sei_table_put_empty(s->csv);
        put_rest(s,
                 span->is_event ? "at"
                 : end          ? "to"
                                : "from",
                 0, "",
                 span->is_event ? "event" : kinds[span->kind <= SEI_SPAN_UNIT ? span->kind : 1]);
    }
}

/* One row a cell: x and y are where it begins. */
static void put_heat(sheet *s)
{
    const sei_heat *heat = &s->figure->heat;

    for (size_t iy = 0; iy < heat->n_y; iy++) {
        for (size_t ix = 0; ix < heat->n_x; ix++) {
            const size_t i        = iy * heat->n_x + ix;
            const bool   is_empty = heat->missing && heat->missing[i];

            put_x(s, heat->x_edge[ix]);
            put_x(s, heat->x_edge[ix + 1]);
            sei_table_put_number(s->csv, heat->y_edge[iy], 0);
            sei_table_put_number(s->csv, heat->y_edge[iy + 1], 0);
            if (is_empty)
                sei_table_put_empty(s->csv);
            else
                sei_table_put_number(s->csv, heat->value[i], 0);
            sei_table_put_text(s->csv, is_empty ? "missing" : "");
            sei_table_put_text(s->csv, heat->axis.unit);
            sei_table_end_row(s->csv);
        }
    }
}

static void put_train_row(sheet *s, const char *kind, sei_label from, sei_label to,
                          const sei_label note[], size_t n)
{
    for (size_t i = 0; i < (n ? n : 1); i++) {
        sei_table_put_text(s->csv, kind);
        put_name(s, from, "");
        put_name(s, to, "");
        put_name(s, n ? note[i] : (sei_label){"", ""}, "");
        sei_table_end_row(s->csv);
    }
}

static void put_train(sheet *s)
{
    const sei_figure *f = s->figure;

    for (size_t b = 0; b < f->n_boxes; b++)
        put_train_row(s, "box", f->box[b].label, (sei_label){"", ""}, f->box[b].note,
                      f->box[b].n_notes);
    for (size_t a = 0; a < f->n_arrows; a++)
        put_train_row(s, "arrow", f->box[f->arrow[a].from].label, f->box[f->arrow[a].to].label,
                      f->arrow[a].note, f->arrow[a].n_notes);
}

static void put_tornado(sheet *s)
{
    for (size_t i = 0; i < s->figure->n_signed_bars; i++) {
        const sei_signed_bar *bar = &s->figure->signed_bar[i];

        sei_table_put_int(s->csv, (int64_t)i + 1);
        put_name(s, bar->label, "");
        put_name(s, bar->note, "");
        sei_table_put_number(s->csv, bar->value, 0);
        sei_table_put_text(s->csv, s->figure->x.unit);
        sei_table_end_row(s->csv);
    }
}

static void put_header(sheet *s)
{
    static const char *const chart[] = {"series", "x", "y", "flag", "panel", "unit", "kind", NULL};
    static const char *const train[] = {"kind", "from", "to", "note", NULL};
    static const char *const heat[]  = {"x_from", "x_to", "y_from", "y_to",
                                        "value",  "flag", "unit",   NULL};
    static const char *const ranks[] = {"rank", "name", "note", "value", "unit", NULL};
    const char *const       *header  = s->figure->kind == SEI_FIGURE_TRAIN     ? train
                                       : s->figure->kind == SEI_FIGURE_HEAT    ? heat
                                       : s->figure->kind == SEI_FIGURE_TORNADO ? ranks
                                                                               : chart;

    for (size_t i = 0; header[i]; i++)
        sei_table_put_text(s->csv, header[i]);
    sei_table_end_row(s->csv);
}

sei_status sei_figure_csv(sei_ctx *ctx, const sei_figure *figure, sei_lang lang, char **ret_text,
                          size_t *ret_len)
{
    const sei_table_format format = {.crlf = false, .bom = true};
    sheet                  s      = {.figure = figure, .lang = lang};

    if (!figure)
        return sei_fail(ctx, SEI_E_NOMEM, NULL, "there is no figure to write");
    sei_status st = sei_fill_status(&figure->fill, ctx);
    if (st == SEI_OK)
        st = sei_table_writer_create(ctx, &format, &s.csv);
    if (st != SEI_OK)
        return st;
    sei_buf_init(&s.name, ctx, 3 * SEI_LABEL_MAX);
    put_header(&s);
    if (figure->kind == SEI_FIGURE_TRAIN)
        put_train(&s);
    if (figure->kind == SEI_FIGURE_HEAT)
        put_heat(&s);
    if (figure->kind == SEI_FIGURE_TORNADO)
        put_tornado(&s);
    for (size_t i = 0; i < figure->n_parts; i++)
        put_part(&s, &figure->part[i]);
    for (size_t i = 0; figure->kind != SEI_FIGURE_HEAT && i < figure->n_spans; i++)
        put_span(&s, &figure->span[i]);
    st = s.name.status;
    sei_buf_done(&s.name);
    if (st != SEI_OK) {
        sei_table_writer_free(s.csv);
        return st;
    }
    return sei_give_csv(ctx, s.csv, ret_text, ret_len);
}
