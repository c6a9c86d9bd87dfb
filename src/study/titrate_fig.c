/* titrate_fig.c - pH and precipitates against dose, residual metals against pH */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "study/result_words.h"
#include "study/titrate_study.h"

/* Work arrays, one value a point of the curve. */
typedef struct {
    const sei_titrate_study *s;
    size_t                   n;
    double                  *x, *y, *base;
    sei_point_flag          *flag;
} sheet;

enum { BANDS_MAX = 7 };

static const double least_shown = 1e-4; /* mg/L; lower on a logarithmic axis is of no use */

/* ---- against the dose --------------------------------------------------------------------------- */

static void add_ph_panel(sheet *w, sei_figure *f)
{
    const sei_titrate_study *s     = w->s;
    const sei_axis           axis  = {.title = {"pH", "pH"}, .without_zero = true};
    const size_t             panel = sei_figure_add_panel(f, &axis);

    for (size_t i = 0; i < w->n; i++)
        w->y[i] = s->curve->points[i].ph;
    const sei_line line = {.label  = {"pH", "pH"},
                           .look   = SEI_LOOK_LINE,
                           .colour = SEI_COLOUR_BLUE,
                           .n      = w->n,
                           .x      = w->x,
                           .y      = w->y};
    sei_figure_add_line(f, panel, &line);
    if (s->has_ph_limit && s->ph_limit.has_min)
        sei_figure_add_limit(f, panel, (sei_label){"排水基準 下限", "limit, low"},
                             s->ph_limit.min_si);
    if (s->has_ph_limit && s->ph_limit.has_max)
        sei_figure_add_limit(f, panel, (sei_label){"排水基準 上限", "limit, high"},
                             s->ph_limit.max_si);
}

/* The mineral with the largest mass that is not drawn yet. */
static size_t next_mineral(const sei_titrate_study *s, const bool drawn[])
{
    size_t best = SIZE_MAX;
    double most = 0.0;

    for (size_t k = 0; k < sei_titrator_n_minerals(s->titrator); k++)
        if (!drawn[k] && sei_titrate_most_mg_l(s, k) > most) {
            best = k;
            most = sei_titrate_most_mg_l(s, k);
        }
    return best;
}

static void add_mass(sheet *w, size_t mineral)
{
    for (size_t i = 0; i < w->n; i++)
        w->y[i] += sei_titrate_solid_mg_l(w->s, mineral, &w->s->curve->points[i]);
}

static void add_band(sheet *w, sei_figure *f, size_t panel, sei_label label, sei_colour colour)
{
    const sei_band band = {.label  = label,
                           .colour = colour,
                           .n      = w->n,
                           .x      = w->x,
                           .low    = w->base,
                           .mid    = w->y,
                           .high   = w->y};

    sei_figure_add_band(f, panel, &band);
    memcpy(w->base, w->y, w->n * sizeof *w->y);
}

/* Masses on top of each other, the largest at the bottom. */
static void add_solid_panel(sheet *w, sei_figure *f)
{
    static const sei_colour colours[BANDS_MAX] = {
        SEI_COLOUR_VERMILION, SEI_COLOUR_BLUE, SEI_COLOUR_GREEN, SEI_COLOUR_ORANGE,
        SEI_COLOUR_PURPLE,    SEI_COLOUR_SKY,  SEI_COLOUR_BROWN};
    const sei_axis axis = {.title = {"析出物(積み上げ)", "precipitates, stacked"}, .unit = "mg/L"};
    const size_t panel                             = sei_figure_add_panel(f, &axis);
    const size_t n                                 = sei_titrator_n_minerals(w->s->titrator);
    bool         drawn[SEI_TITRATION_MINERALS_MAX] = {false};
    size_t       k, shown = 0;
    double       most = 0.0;

    memset(w->base, 0, w->n * sizeof *w->base);
    memset(w->y, 0, w->n * sizeof *w->y);
    while (shown < BANDS_MAX && (k = next_mineral(w->s, drawn)) != SIZE_MAX) {
        const double here = sei_titrate_most_mg_l(w->s, k);
        if (here < 0.005 * most)
            break;
        most                 = here > most ? here : most;
        drawn[k]             = true;
        const sei_words name = sei_solid_words(sei_titrator_mineral(w->s->titrator, k));
        add_mass(w, k);
        add_band(w, f, panel, SEI_LABEL_OF(name), colours[shown++]);
    }
    if (next_mineral(w->s, drawn) == SIZE_MAX)
        return;
    for (k = 0; k < n; k++)
        if (!drawn[k])
            add_mass(w, k);
    add_band(w, f, panel, (sei_label){"その他", "others"}, SEI_COLOUR_GREY);
}

static void add_marks(const sei_titrate_study *s, sei_figure *f)
{
    if (s->all_kept && s->from.dose_mol > 0.0)
        sei_figure_add_event(f, (sei_label){"全金属が基準以下", "all metals within limits"},
                             sei_titrate_reagent_mg_l(s, s->from.dose_mol));
}

static sei_figure *dose_figure(sheet *w)
{
    const sei_titrate_study *s = w->s;
    char                     ja[160], en[160];
    const sei_reagent       *r = s->options->setup.reagent;

    snprintf(ja, sizeof ja, "%s添加量とpH・析出物", r->name_ja);
    snprintf(en, sizeof en, "pH and precipitates against the dose of %s", r->name_en);
    sei_figure *f = sei_figure_create(s->ctx, SEI_FIGURE_XY, "titration", (sei_label){ja, en});
    snprintf(ja, sizeof ja, "%s 添加量(純分)", r->key);
    snprintf(en, sizeof en, "dose of %s, pure", r->key);
    const sei_axis x = {.title = {ja, en}, .unit = "mg/L"};
    sei_figure_set_x(f, &x);
    for (size_t i = 0; i < w->n; i++)
        w->x[i] = sei_titrate_reagent_mg_l(s, s->curve->points[i].dose_mol);
    add_ph_panel(w, f);
    add_solid_panel(w, f);
    add_marks(s, f);
    return f;
}

/* ---- against pH --------------------------------------------------------------------------------- */

/* Points whose pH grows: at a plateau or where the pH falls back a line would run backwards. */
static size_t rising_ph(sheet *w, size_t at[])
{
    size_t n    = 0;
    double last = -HUGE_VAL;

    for (size_t i = 0; i < w->n; i++)
        if (w->s->curve->points[i].ph > last) {
            last    = w->s->curve->points[i].ph;
            w->x[n] = last;
            at[n++] = i;
        }
    return n;
}

static void add_metal(sheet *w, sei_figure *f, const sei_titrate_metal *m, size_t n,
                      const size_t at[])
{
    const char *symbol = m->quantity->symbol;

    for (size_t i = 0; i < n; i++) {
        w->y[i]    = sei_titrate_mg_l(m, &w->s->curve->points[at[i]]);
        w->flag[i] = w->y[i] < least_shown ? SEI_POINT_MISSING : SEI_POINT_GOOD;
    }
    const sei_line line = {.label = {symbol, symbol},
                           .look  = SEI_LOOK_LINE,
                           .n     = n,
                           .x     = w->x,
                           .y     = w->y,
                           .flag  = w->flag};
    sei_figure_add_line(f, 0, &line);
}

static void add_limit_point(sei_figure *f, const sei_titrate_metal *m)
{
    char ja[64], en[64];

    snprintf(ja, sizeof ja, "%s 基準", m->quantity->symbol);
    snprintf(en, sizeof en, "%s limit", m->quantity->symbol);
    sei_figure_add_limit(f, 0, (sei_label){ja, en}, m->limit_mg_l);
}

static sei_figure *metal_figure(sheet *w, size_t at[])
{
    const sei_titrate_study *s = w->s;
    const sei_axis           x = {.title = {"pH", "pH"}, .without_zero = true};
    const sei_axis y = {.title = {"溶存濃度", "dissolved"}, .unit = "mg/L", .scale = SEI_SCALE_LOG};

    sei_figure *f = sei_figure_create(s->ctx, SEI_FIGURE_XY, "titration_metals",
                                      (sei_label){"pHと残留金属", "Residual metals against pH"});
    sei_figure_set_x(f, &x);
    sei_figure_add_panel(f, &y);
    const size_t n = rising_ph(w, at);
    for (size_t i = 0; i < s->n_metals; i++)
        add_metal(w, f, &s->metals[i], n, at);
    for (size_t i = 0; i < s->n_metals; i++)
        if (s->metals[i].has_limit && s->metals[i].raw_mg_l > s->metals[i].limit_mg_l)
            add_limit_point(f, &s->metals[i]);
    if (s->all_kept && s->from.dose_mol > 0.0)
        sei_figure_add_event(f, (sei_label){"全金属が基準以下", "all metals within limits"},
                             s->from.ph);
    return f;
}

/* ---- files -------------------------------------------------------------------------------------- */

sei_status sei_titrate_figures(sei_ctx *ctx, const sei_titrate_study *s, const char *folder)
{
    sheet       w    = {.s = s, .n = s->curve->n};
    sei_figure *dose = NULL, *metals = NULL;
    char       *path = sei_path_join(ctx, folder, "figures");
    size_t     *at   = sei_alloc(ctx, w.n, sizeof *at);

    w.x           = sei_alloc(ctx, w.n, sizeof *w.x);
    w.y           = sei_alloc(ctx, w.n, sizeof *w.y);
    w.base        = sei_alloc(ctx, w.n, sizeof *w.base);
    w.flag        = sei_alloc(ctx, w.n, sizeof *w.flag);
    sei_status st = path && at && w.x && w.y && w.base && w.flag ? SEI_OK : SEI_E_NOMEM;
    if (st != SEI_OK)
        goto done;
    dose = dose_figure(&w);
    st   = sei_figure_save(ctx, dose, SEI_LANG_BOTH, path);
    if (st != SEI_OK)
        goto done;
    metals = metal_figure(&w, at);
    st     = sei_figure_save(ctx, metals, SEI_LANG_BOTH, path);
done:
    sei_figure_free(dose);
    sei_figure_free(metals);
    sei_release(ctx, w.x);
    sei_release(ctx, w.y);
    sei_release(ctx, w.base);
    sei_release(ctx, w.flag);
    sei_release(ctx, at);
    sei_release(ctx, path);
    return st;
}
