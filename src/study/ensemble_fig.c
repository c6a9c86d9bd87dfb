/* ensemble_fig.c - bands of the discharge through time, against the limits */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "study/ensemble.h"
#include "study/result_fig.h"

typedef struct {
    const sei_ensemble *e;
    sei_figs            figs;
    double             *low, *mid, *high; /* shown units, [n_times] */
} drawer;

/* Instants that have a band; x and values move together to the front. */
static size_t gather(const drawer *d, size_t kept, double x[], double low[], double mid[],
                     double high[])
{
    const sei_ensemble        *e = d->e;
    const size_t               n = e->nominal->n_times;
    const sei_quantity_column *c = &e->nominal->columns[e->kept[kept]];
    size_t                     k = 0;

    for (size_t t = e->digest->first; t < n; t++) {
        const size_t cell = kept * n + t;
        if (!isfinite(e->mid[cell]))
            continue;
        x[k]      = d->figs.time_s[t];
        low[k]    = sei_column_shown(c, e->low[cell]);
        mid[k]    = sei_column_shown(c, e->mid[cell]);
        high[k++] = sei_column_shown(c, e->high[cell]);
    }
    return k;
}

static void put_band(drawer *d, sei_figure *f, size_t kept)
{
    const size_t n    = d->e->nominal->n_times;
    double      *room = sei_fig_array(&d->figs, 4 * n);

    if (!room)
        return;
    double        *x = room, *low = room + n, *mid = room + 2 * n, *high = room + 3 * n;
    const size_t   k    = gather(d, kept, x, low, mid, high);
    const sei_band band = {.label  = SEI_L("中央値と P10–P90", "median and P10-P90"),
                           .colour = SEI_COLOUR_BLUE,
                           .n      = k,
                           .x      = x,
                           .low    = low,
                           .mid    = mid,
                           .high   = high};
    if (k > 0)
        sei_figure_add_band(f, 0, &band);
    sei_release(d->e->ctx, room);
}

static void draw(drawer *d, size_t kept)
{
    const sei_ensemble        *e      = d->e;
    const size_t               column = e->kept[kept];
    const sei_quantity_column *c      = &e->nominal->columns[column];
    const sei_words            name = sei_column_words(c), title = sei_column_title(c);
    sei_words                  head = title;
    char                       stem[SEI_QUANTITY_NAME_MAX + 24];

    snprintf(stem, sizeof stem, "band-%s%s", c->quantity->key,
             c->quantity->fractions && c->fraction == SEI_FRACTION_DISSOLVED ? "-dissolved" : "");
    sei_words_add(&head, "：放流水の予測幅", " in the discharge, with its uncertainty");
    sei_figure    *f    = sei_fig_begin(&d->figs, SEI_FIGURE_TIME, stem, SEI_LABEL_OF(head));
    const sei_axis axis = sei_fig_axis(&name, c, 0);
    sei_figure_add_panel(f, &axis);
    sei_fig_seasons(&d->figs, f);
    put_band(d, f, kept);
    sei_fig_column(&d->figs, f, 0, e->digest->discharge, column,
                   SEI_L("基準計算(入力値のまま)", "with the file's numbers"), SEI_LOOK_DASHED,
                   SEI_COLOUR_VERMILION);
    sei_fig_limits(&d->figs, f, 0, column);
    sei_fig_end(&d->figs, f, SEI_L("", ""));
}

sei_status sei_ensemble_figures(const sei_ensemble *e,
                                sei_status (*take)(void *user, sei_figure *figure,
                                                   sei_label caption),
                                void *user)
{
    const sei_result *r = e->nominal;
    drawer            d = {.e = e, .figs = {.d = e->digest, .r = r, .take = take, .user = user}};

    if (r->n_times < 2 || e->n_ok == 0)
        return SEI_OK;
    d.figs.time_s = sei_alloc(e->ctx, r->n_times + 1, sizeof *d.figs.time_s);
    if (!d.figs.time_s)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < r->n_times; i++)
        d.figs.time_s[i] = (double)r->time_us[i] / (double)SEI_US_PER_S;
    for (size_t k = 0; k < e->n_kept; k++)
        if (sei_digest_judgement(e->digest, e->kept[k]) ||
            sei_digest_is_metal(e->digest, e->kept[k]))
            draw(&d, k);
    sei_release(e->ctx, d.figs.time_s);
    return d.figs.status;
}
