/* figure_tornado.c - filling a figure with signed bars, which keep themselves by falling size */
#include <math.h>

#include "report/figure.h"

void sei_figure_add_signed_bar(sei_figure *figure, sei_label label, sei_label note, double value)
{
    if (!figure || figure->fill.status != SEI_OK)
        return;
    if (figure->kind != SEI_FIGURE_TORNADO) {
        sei_fill_fail(&figure->fill, SEI_E_ARG, "figure %s: its kind takes no signed bar",
                      figure->name);
        return;
    }
    if (!isfinite(value)) {
        sei_fill_fail(&figure->fill, SEI_E_RANGE, "figure %s: signed bar %zu is not finite",
                      figure->name, figure->n_signed_bars);
        return;
    }
    sei_signed_bar *grown =
        sei_fill_room(&figure->fill, figure->signed_bar, &figure->signed_bars_size,
                      figure->n_signed_bars, sizeof *grown, SEI_CATEGORIES_MAX, "signed bars");
    if (!grown)
        return;
    figure->signed_bar = grown;
    size_t at          = figure->n_signed_bars++;
    for (; at > 0 && fabs(grown[at - 1].value) < fabs(value); at--)
        grown[at] = grown[at - 1];
    grown[at] = (sei_signed_bar){.label = sei_fill_label(&figure->fill, label),
                                 .note  = sei_fill_label(&figure->fill, note),
                                 .value = value};
}
