/* scenario_fig.c - the discharge of all scenarios in one figure a quantity */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "study/result_fig.h"
#include "study/scenario_run.h"

/* The first scenario that came to an end: its limits and seasons are drawn. */
static const sei_scenario_outcome *first_of(const sei_scenario_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++)
        if (runs->outcomes[i].status == SEI_OK)
            return &runs->outcomes[i];
    return NULL;
}

/* Every second line is dashed, for print without colour. */
static void put_line(sei_figs *figs, sei_figure *f, const sei_scenario_outcome *o,
                     const sei_quantity_column *c, sei_look look)
{
    const size_t column = sei_result_column(o->result, c->quantity->key, c->fraction);
    const size_t n      = o->result->n_times;
    double      *x = sei_fig_array(figs, n), *y = sei_fig_array(figs, n);
    double       si;

    for (size_t t = 0; x && y && t < n; t++) {
        const bool has = column != SIZE_MAX && t >= o->digest->first &&
                         sei_digest_value(o->digest, t, o->digest->discharge, column, &si);
        x[t] = (double)o->result->time_us[t] / (double)SEI_US_PER_S;
        y[t] = has ? sei_column_shown(c, si) : SEI_NO_NUMBER;
    }
    if (x && y)
        sei_fig_line(figs, f, 0, sei_scenario_label(o->site), look, SEI_COLOUR_AUTO, n, x, y);
    sei_release(figs->d->ctx, x);
    sei_release(figs->d->ctx, y);
}

/* Is anything but the first scenario there to be drawn? */
static bool has_lines(const sei_scenario_runs *runs, size_t group)
{
    bool has = group == 0;

    for (size_t i = 1; i < runs->n; i++)
        has = has || (sei_scenario_is_in(i, group) && runs->outcomes[i].status == SEI_OK);
    return has;
}

static void draw(sei_figs *figs, const sei_scenario_runs *runs, size_t column, size_t group)
{
    const sei_quantity_column *c    = &figs->r->columns[column];
    const sei_words            name = sei_column_words(c);
    sei_words                  head = sei_column_title(c);
    char                       stem[SEI_QUANTITY_NAME_MAX + 40], number[24] = "", part[40] = "";
    const size_t               n_groups = sei_scenario_n_groups(runs);

    if (group > 0)
        snprintf(number, sizeof number, "-%zu", group + 1);
    snprintf(stem, sizeof stem, "scenarios-%s%s%s", c->quantity->key,
             c->quantity->fractions && c->fraction == SEI_FRACTION_DISSOLVED ? "-dissolved" : "",
             number);
    sei_words_add(&head, "：シナリオ別の放流水", " in the discharge, by scenario");
    if (n_groups > 1)
        snprintf(part, sizeof part, " (%zu/%zu)", group + 1, n_groups);
    sei_words_add(&head, part, part);
    sei_figure    *f    = sei_fig_begin(figs, SEI_FIGURE_TIME, stem, SEI_LABEL_OF(head));
    const sei_axis axis = sei_fig_axis(&name, c, 0);
    sei_figure_add_panel(f, &axis);
    sei_fig_winters(figs, f);
    for (size_t i = 0, n = 0; i < runs->n; i++)
        if (sei_scenario_is_in(i, group) && runs->outcomes[i].status == SEI_OK &&
            runs->outcomes[i].result->n_times > 1) {
            put_line(figs, f, &runs->outcomes[i], c, n % 2 ? SEI_LOOK_DASHED : SEI_LOOK_LINE);
            n++;
        }
    sei_fig_limits(figs, f, 0, column);
    sei_fig_end(figs, f, SEI_L("", ""));
}

sei_status sei_scenario_figures(const sei_scenario_runs *runs,
                                sei_status (*take)(void *user, sei_figure *figure,
                                                   sei_label caption),
                                void *user)
{
    const sei_scenario_outcome *o = first_of(runs);

    if (!o || o->result->n_times < 2)
        return SEI_OK;
    sei_figs figs = {.d = o->digest, .r = o->result, .take = take, .user = user};
    figs.time_s   = sei_alloc(o->ctx, o->result->n_times + 1, sizeof *figs.time_s);
    if (!figs.time_s)
        return SEI_E_NOMEM;
    for (size_t t = 0; t < o->result->n_times; t++)
        figs.time_s[t] = (double)o->result->time_us[t] / (double)SEI_US_PER_S;
    for (size_t c = 0; c < o->result->n_columns; c++)
        if (c == o->digest->flow || sei_digest_judgement(o->digest, c) ||
            sei_digest_is_metal(o->digest, c))
            for (size_t g = 0; g < sei_scenario_n_groups(runs); g++)
                if (has_lines(runs, g))
                    draw(&figs, runs, c, g);
    sei_release(o->ctx, figs.time_s);
    return figs.status;
}
