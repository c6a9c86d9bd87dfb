/* result_tank.c - level, water and overflow of tanks that are drawn from: file, summary and picture */
#include <math.h>

#include "study/result_fig.h"
#include "study/result_parts.h"
#include "study/result_words.h"

static const char tanks_file[] = "tanks.csv";

static double number(const sei_result *r, size_t time, size_t tank, sei_tank_number which)
{
    return r->tank[(time * r->n_tanks + tank) * SEI_TANK_NUMBERS + which];
}

/* 0 where the plan area is not known. */
static double level_m(const sei_result *r, size_t tank, double water_m3)
{
    const double area_m2 = r->units[r->tank_unit[tank]].area_m2;

    return area_m2 > 0.0 ? water_m3 / area_m2 : 0.0;
}

static double out_m3_s(const sei_result *r, size_t time, size_t tank)
{
    const size_t watch = sei_result_watch(r, r->site->units[r->tank_unit[tank]].name);

    return sei_result_value(r, time, watch, sei_result_column(r, "flow", SEI_FRACTION_TOTAL));
}

/* ---- tanks.csv -------------------------------------------------------------------------------- */

static void put_row(sei_table_writer *w, const sei_result *r, size_t time, size_t tank)
{
    const sei_result_unit *unit  = &r->units[r->tank_unit[tank]];
    const double           water = number(r, time, tank, SEI_TANK_WATER_M3);

    sei_table_put_time(w, r->time_us[time], r->site->utc_offset_us);
    sei_table_put_text(w, r->site->units[r->tank_unit[tank]].name);
    if (unit->area_m2 > 0.0)
        sei_table_put_number(w, level_m(r, tank, water), SEI_CSV_DIGITS);
    else
        sei_table_put_empty(w);
    sei_table_put_number(w, water, SEI_CSV_DIGITS);
    sei_table_put_number(w, 100.0 * water / unit->bed_m3, SEI_CSV_DIGITS);
    sei_table_put_number(w, number(r, time, tank, SEI_TANK_IN_M3_S) * sei_day_s(), SEI_CSV_DIGITS);
    sei_table_put_number(w, out_m3_s(r, time, tank) * sei_day_s(), SEI_CSV_DIGITS);
    sei_table_put_number(w, number(r, time, tank, SEI_TANK_WEIR_M3_S) * sei_day_s(),
                         SEI_CSV_DIGITS);
    sei_table_end_row(w);
}

sei_status sei_save_tanks(const sei_digest *d, const char *folder)
{
    static const char *const headers[] = {"time",         "unit",         "level_m",
                                          "volume_m3",    "full_percent", "inflow_m3_d",
                                          "outflow_m3_d", "overflow_m3_d"};
    const sei_result        *r         = d->result;
    sei_table_writer        *w         = NULL;

    if (r->n_tanks == 0)
        return sei_remove_csv(d->ctx, folder, tanks_file);
    const sei_status st = sei_table_writer_create(d->ctx, NULL, &w);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        sei_table_put_text(w, headers[i]);
    sei_table_end_row(w);
    for (size_t i = 0; i < r->n_tanks; i++)
        for (size_t t = 0; t < r->n_times; t++)
            put_row(w, r, t, i);
    return sei_save_csv(d->ctx, w, folder, tanks_file);
}

/* ---- summary.json ----------------------------------------------------------------------------- */

void sei_put_tanks(const sei_result *r, sei_json *json)
{
    json_t *list = sei_json_array(json, json->root, "tanks");

    for (size_t i = 0; i < r->n_tanks; i++) {
        double low = (double)INFINITY, high = 0.0, sum = 0.0;
        for (size_t t = 0; t < r->n_times; t++) {
            const double water = number(r, t, i, SEI_TANK_WATER_M3);
            low                = fmin(low, water);
            high               = fmax(high, water);
            sum += water;
        }
        if (r->n_times == 0)
            continue;
        json_t *o = sei_json_object(json, list, NULL);
        sei_json_text(json, o, "unit", r->site->units[r->tank_unit[i]].name);
        sei_json_number(json, o, "volume_lowest_m3", low);
        sei_json_number(json, o, "volume_mean_m3", sum / (double)r->n_times);
        sei_json_number(json, o, "volume_highest_m3", high);
        sei_json_number(json, o, "level_lowest_m", level_m(r, i, low));
        sei_json_number(json, o, "level_highest_m", level_m(r, i, high));
        sei_json_number(json, o, "overflow_percent",
                        100.0 * r->units[r->tank_unit[i]].hydraulics.overflow_share);
    }
}

/* ---- picture ---------------------------------------------------------------------------------- */

typedef enum { CURVE_LEVEL, CURVE_IN, CURVE_OUT, CURVE_WEIR } curve;

static void put_curve(sei_figs *figs, sei_figure *f, size_t panel, size_t tank, curve which,
                      sei_label label, sei_look look, sei_colour colour)
{
    const sei_result *r = figs->r;
    double           *y = sei_fig_array(figs, r->n_times);

    for (size_t t = 0; y && t < r->n_times; t++) {
        switch (which) {
        case CURVE_LEVEL: y[t] = level_m(r, tank, number(r, t, tank, SEI_TANK_WATER_M3)); break;
        case CURVE_IN: y[t] = sei_day_s() * number(r, t, tank, SEI_TANK_IN_M3_S); break;
        case CURVE_OUT: y[t] = sei_day_s() * out_m3_s(r, t, tank); break;
        case CURVE_WEIR: y[t] = sei_day_s() * number(r, t, tank, SEI_TANK_WEIR_M3_S); break;
        }
    }
    if (y)
        sei_fig_line(figs, f, panel, label, look, colour, r->n_times, figs->time_s, y);
    sei_release(figs->d->ctx, y);
}

static void tank_figure(sei_figs *figs, size_t tank)
{
    const sei_unit_spec   *spec = &figs->r->site->units[figs->r->tank_unit[tank]];
    const sei_result_unit *unit = &figs->r->units[figs->r->tank_unit[tank]];
    const char            *ja   = spec->name_ja && spec->name_ja[0] ? spec->name_ja : spec->name;
    const double           full = level_m(figs->r, tank, unit->bed_m3);
    char                   name[SEI_FIGURE_NAME_MAX + 1];
    sei_words              title = sei_words_of(ja, spec->name);

    snprintf(name, sizeof name, "tank-%.50s", spec->name);
    sei_words_add(&title, "の水位と流量", ": level and flows");
    sei_figure    *f     = sei_fig_begin(figs, SEI_FIGURE_TIME, name, SEI_LABEL_OF(title));
    const sei_axis level = {
        .title = SEI_L("水位", "Level"), .unit = "m", .upper = 1.05 * full, .without_zero = false};
    const sei_axis flow = {.title = SEI_L("流量", "Flow"), .unit = "m³/d"};
    sei_figure_add_panel(f, &level);
    sei_figure_add_panel(f, &flow);
    put_curve(figs, f, 0, tank, CURVE_LEVEL, SEI_L("水位", "level"), SEI_LOOK_LINE,
              SEI_COLOUR_BLUE);
    const sei_limit_step brim = {-(double)INFINITY, (double)INFINITY, full};
    sei_figure_add_limit_steps(f, 0, SEI_L("越流堰", "weir"), 1, &brim);
    put_curve(figs, f, 1, tank, CURVE_IN, SEI_L("流入", "inflow"), SEI_LOOK_LINE, SEI_COLOUR_GREY);
    put_curve(figs, f, 1, tank, CURVE_OUT, SEI_L("流出", "outflow"), SEI_LOOK_LINE,
              SEI_COLOUR_BLUE);
    put_curve(figs, f, 1, tank, CURVE_WEIR, SEI_L("うち越流", "of it over the weir"),
              SEI_LOOK_DASHED, SEI_COLOUR_VERMILION);
    sei_fig_winters(figs, f);
    sei_fig_end(figs, f, SEI_L("", ""));
}

void sei_figs_tanks(sei_figs *figs)
{
    for (size_t i = 0; i < figs->r->n_tanks && sei_fig_has_time(figs); i++)
        if (figs->r->units[figs->r->tank_unit[i]].area_m2 > 0.0)
            tank_figure(figs, i);
}
