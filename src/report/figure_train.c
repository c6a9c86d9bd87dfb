/* figure_train.c - filling a train diagram with boxes and arrows */
#include <math.h>

#include "report/figure.h"

static bool is_train(sei_figure *figure)
{
    if (!figure || figure->fill.status != SEI_OK)
        return false;
    if (figure->kind == SEI_FIGURE_TRAIN)
        return true;
    sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: its kind takes no boxes and arrows",
                  figure->name);
    return false;
}

static bool is_below(sei_figure *figure, const char *what, size_t i, size_t n)
{
    if (i < n)
        return true;
    sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: %s %zu does not exist", figure->name, what,
                  i);
    return false;
}

size_t sei_figure_add_box(sei_figure *figure, sei_box_kind kind, sei_label label)
{
    if (!is_train(figure))
        return 0;
    sei_box *grown = sei_fill_room(&figure->fill, figure->box, &figure->boxes_size, figure->n_boxes,
                                   sizeof *grown, SEI_BOXES_MAX, "boxes");
    if (!grown)
        return 0;
    figure->box                        = grown;
    figure->box[figure->n_boxes]       = (sei_box){.kind = kind};
    figure->box[figure->n_boxes].label = sei_fill_label(&figure->fill, label);
    return figure->n_boxes++;
}

static void add_note(sei_figure *figure, sei_label note[SEI_NOTES_MAX], size_t *n, sei_label text)
{
    if (*n >= SEI_NOTES_MAX) {
        sei_fill_fail(&figure->fill, SEI_E_TOO_LARGE, "figure %s: more than %d notes in one place",
                      figure->name, SEI_NOTES_MAX);
        return;
    }
    note[*n] = sei_fill_label(&figure->fill, text);
    ++*n;
}

void sei_figure_add_box_note(sei_figure *figure, size_t box, sei_label note)
{
    if (is_train(figure) && is_below(figure, "box", box, figure->n_boxes))
        add_note(figure, figure->box[box].note, &figure->box[box].n_notes, note);
}

size_t sei_figure_add_arrow(sei_figure *figure, size_t from, size_t to)
{
    if (!is_train(figure) || !is_below(figure, "box", from, figure->n_boxes) ||
        !is_below(figure, "box", to, figure->n_boxes))
        return 0;
    if (from == to) {
        sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: box %zu points at itself", figure->name,
                      from);
        return 0;
    }
    sei_arrow *grown = sei_fill_room(&figure->fill, figure->arrow, &figure->arrows_size,
                                     figure->n_arrows, sizeof *grown, SEI_ARROWS_MAX, "arrows");
    if (!grown)
        return 0;
    figure->arrow                   = grown;
    figure->arrow[figure->n_arrows] = (sei_arrow){.from = from, .to = to};
    return figure->n_arrows++;
}

void sei_figure_set_arrow_load(sei_figure *figure, size_t arrow, double load)
{
    if (!is_train(figure) || !is_below(figure, "arrow", arrow, figure->n_arrows))
        return;
    if (!(load >= 0.0) || !isfinite(load)) {
        sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: arrow %zu: load %g", figure->name,
                      arrow, load);
        return;
    }
    figure->arrow[arrow].has_load = true;
    figure->arrow[arrow].load     = load;
}

void sei_figure_add_arrow_note(sei_figure *figure, size_t arrow, sei_label note)
{
    if (is_train(figure) && is_below(figure, "arrow", arrow, figure->n_arrows))
        add_note(figure, figure->arrow[arrow].note, &figure->arrow[arrow].n_notes, note);
}
