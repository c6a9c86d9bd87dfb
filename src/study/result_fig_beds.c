/* result_fig_beds.c - solids that the water leaves, media that are left, sulfate that is reduced */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/result_fig.h"
#include "study/result_flow.h"

/* ---- solids and media ------------------------------------------------------------------------- */

/* A medium counts as such in units that were built with it. */
static bool is_medium(const sei_result *r, size_t unit, size_t solid)
{
    return sei_solid_is_medium(r->solid_name[solid]) && sei_solid_at(r, 0, unit, solid) > 0;
}

static double kg_at(const sei_result *r, size_t time, size_t unit, size_t solid)
{
    return sei_solid_at(r, time, unit, solid) * r->solid_kg_mol[solid];
}

static double largest_kg(const sei_result *r, size_t unit, size_t solid)
{
    double largest = 0;

    for (size_t t = 0; t < r->n_times; t++)
        if (kg_at(r, t, unit, solid) > largest)
            largest = kg_at(r, t, unit, solid);
    return largest;
}

/* Largest mass of any solid of the kind in a unit; 0 when the unit has none. */
static double largest_of_kind(const sei_result *r, size_t unit, bool media)
{
    double largest = 0;

    for (size_t s = 0; s < r->n_solids; s++)
        if (is_medium(r, unit, s) == media && largest_kg(r, unit, s) > largest)
            largest = largest_kg(r, unit, s);
    return largest;
}

/* A unit's solids are drawn when they are more than this share of what the fullest unit gathers: what a law makes in a
 * tank without solids, fractions of a microgram, is no deposit. */
static const double least_share = 1e-6;

static double least_kg(const sei_result *r, bool media)
{
    double most = 0;

    for (size_t u = 0; u < r->n_units && !media; u++)
        most = fmax(most, largest_of_kind(r, u, false));
    return least_share * most;
}

/* Adds a solid's mass at each instant, in % of the first when media, to y. */
static void add_mass(const sei_result *r, size_t unit, size_t solid, bool media, double y[])
{
    const double full = media ? kg_at(r, 0, unit, solid) / 100 : 1;

    for (size_t t = 0; t < r->n_times; t++)
        y[t] += kg_at(r, t, unit, solid) / full;
}

/* The solid with the largest mass that is not drawn yet; n_solids when none is above trace_kg. */
static size_t next_solid(const sei_result *r, size_t unit, bool media, double trace_kg,
                         const bool drawn[])
{
    size_t best = r->n_solids;

    for (size_t s = 0; s < r->n_solids; s++)
        if (!drawn[s] && is_medium(r, unit, s) == media && largest_kg(r, unit, s) > trace_kg &&
            (best == r->n_solids || largest_kg(r, unit, s) > largest_kg(r, unit, best)))
            best = s;
    return best;
}

enum { LINES_MAX = 4 };

/* A solid keeps its colour over the panels of a figure: colours are given in the order of use. */
typedef struct {
    size_t n;
    size_t solid[SEI_COLOUR_BROWN];
} palette;

static sei_colour colour_of(palette *p, size_t solid)
{
    /* grey is for the others */
    static const sei_colour order[] = {
        SEI_COLOUR_BLUE,   SEI_COLOUR_VERMILION, SEI_COLOUR_GREEN, SEI_COLOUR_PURPLE,
        SEI_COLOUR_ORANGE, SEI_COLOUR_SKY,       SEI_COLOUR_BROWN,
    };
    const size_t colours = sizeof order / sizeof order[0];

    for (size_t i = 0; i < p->n; i++)
        if (p->solid[i] == solid)
            return order[i];
    if (p->n == colours)
        return SEI_COLOUR_AUTO;
    p->solid[p->n] = solid;
    return order[p->n++];
}

/* The largest each by itself, the rest together. */
static void put_lines(sei_figs *figs, sei_figure *f, palette *p, size_t panel, size_t unit,
                      bool media, bool drawn[], double y[])
{
    const sei_result *r     = figs->r;
    const double      trace = 1e-2 * largest_of_kind(r, unit, media);
    const size_t      bytes = r->n_times * sizeof *y;
    size_t            n = 0, rest = 0;

    for (size_t s = 0; n < LINES_MAX; n++) {
        s = next_solid(r, unit, media, trace, drawn);
        if (s == r->n_solids)
            return;
        drawn[s]             = true;
        const sei_words name = sei_solid_words(r->solid_name[s]);
        memset(y, 0, bytes);
        add_mass(r, unit, s, media, y);
        sei_fig_line(figs, f, panel, SEI_LABEL_OF(name), SEI_LOOK_LINE, colour_of(p, s), r->n_times,
                     figs->time_s, y);
    }
    memset(y, 0, bytes);
    for (size_t s = 0; s < r->n_solids && !media; s++)
        if (!drawn[s] && !is_medium(r, unit, s) && largest_kg(r, unit, s) > trace) {
            add_mass(r, unit, s, false, y);
            rest++;
        }
    if (rest > 0)
        sei_fig_line(figs, f, panel, SEI_L("その他", "others"), SEI_LOOK_DASHED, SEI_COLOUR_GREY,
                     r->n_times, figs->time_s, y);
}

static void put_unit(sei_figs *figs, sei_figure *f, palette *p, size_t unit, bool media)
{
    const sei_result *r     = figs->r;
    const sei_label   name  = sei_unit_label(&r->site->units[unit]);
    const sei_axis    axis  = {.title = name, .unit = media ? "%" : "kg", .upper = media ? 100 : 0};
    const size_t      panel = sei_figure_add_panel(f, &axis);
    double           *y     = sei_fig_array(figs, r->n_times);
    bool             *drawn = sei_alloc(figs->d->ctx, r->n_solids + 1, sizeof *drawn);

    if (y && drawn)
        put_lines(figs, f, p, panel, unit, media, drawn, y);
    else
        figs->status = SEI_E_NOMEM;
    sei_release(figs->d->ctx, y);
    sei_release(figs->d->ctx, drawn);
}

static void draw_beds(sei_figs *figs, bool media, size_t part, size_t n, const size_t units[])
{
    char    name[40];
    palette p = {0};

    snprintf(name, sizeof name, part > 1 ? "%s-%zu" : "%s", media ? "media" : "solids", part);
    sei_figure *f = sei_fig_begin(
        figs, SEI_FIGURE_TIME, name,
        media ? SEI_L("充填材の残存率", "Media left in the beds")
              : SEI_L("槽内に析出・捕捉された固相", "Solids formed and caught in the beds"));
    for (size_t i = 0; i < n; i++)
        put_unit(figs, f, &p, units[i], media);
    sei_fig_winters(figs, f);
    sei_fig_end(
        figs, f,
        media
            ? SEI_L("充填時を100%とする。米ぬか・籾殻は分解可能な有機物(CH2O)として計上。",
                    "100 % is what was filled in. Bran and husk count as degradable "
                    "organic matter (CH2O).")
            : SEI_L("各槽で質量の大きい4種を個別に示す。最も多い槽の100万分の1に満たない槽は省く。",
                    "The four largest of each unit stand by themselves. Units with less "
                    "than a millionth of what the fullest one holds are left out."));
}

static void beds(sei_figs *figs, bool media)
{
    const double least = least_kg(figs->r, media);
    size_t       units[SEI_PANELS_MAX], n = 0, part = 1;

    for (size_t u = 0; u < figs->r->n_units; u++) {
        if (!(largest_of_kind(figs->r, u, media) > least))
            continue;
        units[n++] = u;
        if (n == SEI_PANELS_MAX) {
            draw_beds(figs, media, part++, n, units);
            n = 0;
        }
    }
    if (n > 0)
        draw_beds(figs, media, part, n, units);
}

void sei_figs_beds(sei_figs *figs)
{
    if (!sei_fig_has_time(figs))
        return;
    beds(figs, false);
    beds(figs, true);
}

/* ---- sulfate ---------------------------------------------------------------------------------- */

/* Sulfate that goes in less what comes out, mol per m3 of bed and second; NaN when a value lacks. */
static double removal_rate(const sei_figs *figs, size_t time, size_t unit, size_t so4)
{
    const sei_digest *d   = figs->d;
    const sei_result *r   = figs->r;
    double            sum = 0, c, q, mol;

    for (size_t k = 0; k < sei_flow_n_feeds(r->site, unit); k++) {
        const sei_flow_feed feed  = sei_flow_feed_at(r->site, unit, k);
        const size_t        watch = sei_flow_watch(r, feed.from);
        if (watch == SIZE_MAX || !sei_digest_value(d, time, watch, so4, &c) ||
            !sei_digest_value(d, time, watch, d->flow, &q))
            return SEI_NO_NUMBER;
        sum += c * q * feed.share;
    }
    const size_t out = sei_flow_watch(r, unit);
    if (out == SIZE_MAX || !sei_digest_value(d, time, out, so4, &c) ||
        !sei_digest_value(d, time, out, d->flow, &q) ||
        !sei_quantity_to_molar(r->columns[so4].quantity, sum - c * q, &mol))
        return SEI_NO_NUMBER;
    return mol / r->units[unit].bed_m3;
}

static bool reduces_sulfate(const sei_result *r, size_t unit)
{
    return strcmp(r->site->units[unit].type->key, "sulfate_reducing_bed") == 0 &&
           r->units[unit].bed_m3 > 0;
}

static void put_rates(sei_figs *figs, sei_figure *f, size_t panel, size_t so4)
{
    const sei_result *r   = figs->r;
    const sei_unit   *day = sei_unit_find("mol_m3_d");
    double           *y   = sei_fig_array(figs, r->n_times);

    for (size_t u = 0; y && u < r->n_units; u++) {
        if (!reduces_sulfate(r, u))
            continue;
        for (size_t t = 0; t < r->n_times; t++)
            y[t] = t >= figs->d->first ? sei_from_si(day, removal_rate(figs, t, u, so4))
                                       : SEI_NO_NUMBER;
        sei_fig_line(figs, f, panel, sei_unit_label(&r->site->units[u]), SEI_LOOK_LINE,
                     SEI_COLOUR_AUTO, r->n_times, figs->time_s, y);
    }
    sei_release(figs->d->ctx, y);
}

/* In and out of the beds that reduce sulfate. */
static void put_outlets(sei_figs *figs, sei_figure *f, size_t panel, size_t column, bool with_raw)
{
    const sei_result *r = figs->r;

    if (with_raw && figs->d->raw != SIZE_MAX)
        sei_fig_column(figs, f, panel, figs->d->raw, column, SEI_L("原水", "raw water"),
                       SEI_LOOK_LINE, SEI_COLOUR_GREY);
    for (size_t u = 0; u < r->n_units; u++)
        if (reduces_sulfate(r, u)) {
            sei_words name = sei_words_of(sei_unit_label(&r->site->units[u]).ja,
                                          sei_unit_label(&r->site->units[u]).en);
            sei_words_add(&name, " 出口", ", outlet");
            sei_fig_column(figs, f, panel, sei_flow_watch(r, u), column, SEI_LABEL_OF(name),
                           SEI_LOOK_LINE, SEI_COLOUR_AUTO);
        }
}

void sei_figs_sulfate(sei_figs *figs)
{
    const sei_result *r       = figs->r;
    const size_t      so4     = sei_result_column(r, "so4", SEI_FRACTION_TOTAL);
    const size_t      sulfide = sei_result_column(r, "s2", SEI_FRACTION_DISSOLVED);
    size_t            n       = 0;

    for (size_t u = 0; u < r->n_units; u++)
        n += reduces_sulfate(r, u);
    if (!sei_fig_has_time(figs) || so4 == SIZE_MAX || figs->d->flow == SIZE_MAX || n == 0)
        return;
    sei_figure *f =
        sei_fig_begin(figs, SEI_FIGURE_TIME, "sulfate", SEI_L("硫酸還元", "Sulfate reduction"));
    const sei_words name = sei_words_of("SO4", "SO4");
    sei_axis        conc = sei_fig_axis(&name, &r->columns[so4], 0);
    const sei_axis  rate = {
         .title = SEI_L("SO4 除去速度", "SO4 removed"), .unit = "mol/m³/d", .upper = 1e-9};
    conc.upper        = 0; /* what is reduced is a small part: the axis need not begin at 0 */
    conc.without_zero = true;
    put_outlets(figs, f, sei_figure_add_panel(f, &conc), so4, true);
    if (sulfide != SIZE_MAX) {
        const sei_words s    = sei_words_of("硫化物 S", "Sulfide S");
        const sei_axis  axis = sei_fig_axis(&s, &r->columns[sulfide], 0);
        put_outlets(figs, f, sei_figure_add_panel(f, &axis), sulfide, false);
    }
    put_rates(figs, f, sei_figure_add_panel(f, &rate), so4);
    sei_fig_seasons(figs, f);
    sei_fig_end(figs, f,
                SEI_L("除去速度は流入と流出の差を空塔容積で割った値。",
                      "Removal is inflow less outflow per volume of empty bed."));
}
