/* validation_figure.c - predicted against measured, blind and calibrated */
#include "seiryu/report.h"
#include "t.h"
#include "unit/validation_score.h"

enum { POINTS_MAX = 200 };

typedef struct {
    size_t n;
    double x[POINTS_MAX], y[POINTS_MAX];
} cloud;

/* What a kind is drawn with: all that are not named share one. */
static const struct {
    const char *word; /* the kind begins with it; NULL: any other */
    sei_label   label;
    sei_colour  colour;
} families[] = {
    {"zinc", {"亜鉛", "zinc"}, SEI_COLOUR_BLUE},
    {"iron", {"鉄", "iron"}, SEI_COLOUR_VERMILION},
    {"manganese", {"マンガン", "manganese"}, SEI_COLOUR_PURPLE},
    {"alkalinity", {"アルカリ度", "alkalinity"}, SEI_COLOUR_GREEN},
    {NULL, {"その他", "other"}, SEI_COLOUR_GREY},
};

static size_t family_of(const char *kind)
{
    size_t i = 0;

    while (families[i].word && strncmp(kind, families[i].word, strlen(families[i].word)) != 0)
        i++;
    return i;
}

/* A range stands at its nearer end, or in its middle when it is met. */
static double measured(const v_figure *f, double computed)
{
    if (f->bound == V_BELOW)
        return f->high;
    if (f->bound == V_ABOVE)
        return f->low;
    if (computed < f->low || computed > f->high)
        return computed < f->low ? f->low : f->high;
    return copysign(sqrt(f->low * f->high), f->high);
}

static void add(cloud *c, double x, double y)
{
    ck_assert_uint_lt(c->n, POINTS_MAX);
    size_t i = c->n++;
    for (; i > 0 && c->x[i - 1] > x; i--) { /* x must not fall */
        c->x[i] = c->x[i - 1];
        c->y[i] = c->y[i - 1];
    }
    c->x[i] = x;
    c->y[i] = y;
}

/* Traces below what the axis shows stand at its foot. */
static const double axis_low = 2e-3, axis_high = 1e4;

static void add_point(cloud *c, const v_figure *f, double computed)
{
    const double sign = f->high < 0.0 ? -1.0 : 1.0; /* what a unit makes counts negative */
    const double y    = fmin(axis_high, fmax(axis_low, sign * computed));

    add(c, sign * measured(f, computed), y);
}

/* bounds: "below" and "above" alone, or all others alone. Figures that a default was derived from are no test. */
static cloud collect(v_book *book, size_t family, bool is_calibrated, bool of_bounds)
{
    cloud         c    = {.n = 0};
    const v_data *data = v_book_data(book);

    for (size_t g = 0; g < data->n; g++)
        for (size_t i = 0; i < data->groups[g].n_figures; i++) {
            const v_figure *f = &data->groups[g].figures[i];
            if (f->is_difference || f->is_informed || family_of(f->kind) != family ||
                (f->bound == V_BELOW || f->bound == V_ABOVE) != of_bounds ||
                (is_calibrated && f->role != V_HELD_OUT))
                continue;
            add_point(&c, f,
                      is_calibrated ? v_score_calibrated(book, &data->groups[g], f)
                                    : v_score_blind(book, f));
        }
    return c;
}

static void add_cloud(sei_figure *figure, size_t panel, size_t family, bool is_calibrated,
                      const cloud *c)
{
    char ja[80], en[80];

    snprintf(ja, sizeof ja, "%s(%s)", families[family].label.ja,
             is_calibrated ? "同定後・検証" : "未校正");
    snprintf(en, sizeof en, "%s (%s)", families[family].label.en,
             is_calibrated ? "calibrated, held out" : "blind");
    const sei_line line = {.label  = {ja, en},
                           .look   = is_calibrated ? SEI_LOOK_POINTS : SEI_LOOK_OPEN_POINTS,
                           .colour = families[family].colour,
                           .n      = c->n,
                           .x      = c->x,
                           .y      = c->y};
    if (c->n > 0)
        sei_figure_add_line(figure, panel, &line);
}

/* y = factor x, from edge to edge of the square. */
static void add_guide(sei_figure *figure, size_t panel, double factor, sei_label label,
                      sei_look look)
{
    const double from = fmax(axis_low, axis_low / factor), to = fmin(axis_high, axis_high / factor);
    const double x[2] = {from, to}, y[2] = {factor * from, factor * to};
    const sei_line line = {
        .label = label, .look = look, .colour = SEI_COLOUR_GREY, .n = 2, .x = x, .y = y};

    sei_figure_add_line(figure, panel, &line);
}

static void save(v_book *book, const char *folder, const char *name, sei_label title,
                 sei_label x_title, bool of_bounds)
{
    sei_ctx       *ctx    = sei_ctx_create(NULL);
    sei_figure    *figure = sei_figure_create(ctx, SEI_FIGURE_XY, name, title);
    const sei_axis x      = {
             .title = x_title, .scale = SEI_SCALE_LOG, .lower = axis_low, .upper = axis_high};
    const sei_axis y = {.title = {"計算値", "computed"},
                        .scale = SEI_SCALE_LOG,
                        .lower = axis_low,
                        .upper = axis_high};

    sei_figure_set_x(figure, &x);
    const size_t panel = sei_figure_add_panel(figure, &y);
    add_guide(figure, panel, 1.0, (sei_label){"1:1", "1:1"}, SEI_LOOK_LINE);
    add_guide(figure, panel, 2.0, (sei_label){"2倍", "twice"}, SEI_LOOK_DASHED);
    add_guide(figure, panel, 0.5, (sei_label){"1/2", "half"}, SEI_LOOK_DASHED);
    for (int calibrated = 0; calibrated < 2; calibrated++)
        for (size_t family = 0; family < T_COUNT(families); family++) {
            const cloud c = collect(book, family, calibrated, of_bounds);
            add_cloud(figure, panel, family, calibrated, &c);
        }
    T_OK(ctx, sei_figure_save(ctx, figure, SEI_LANG_BOTH, folder));
    sei_figure_free(figure);
    sei_ctx_free(ctx);
}

void v_figure_save(v_book *book, const char *folder)
{
    save(book, folder, "predicted-values",
         (sei_label){"公表値と計算値(値・範囲)", "Published and computed: values and ranges"},
         (sei_label){"公表値(それぞれの単位)", "published value (each in its unit)"}, false);
    save(book, folder, "predicted-bounds",
         (sei_label){"公表された上限・下限と計算値", "Published bounds and computed"},
         (sei_label){"公表された限度値(それぞれの単位)", "published bound (each in its unit)"},
         true);
}
