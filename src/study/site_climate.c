/* site_climate.c - section climate: temperatures of the air and of the ground, sun and snow, measured or as means */
#include <string.h>

#include "base/clock.h"
#include "base/constants.h"
#include "study/site.h"

enum { MONTHS = 12 };

typedef struct {
    sei_key_node air, ground, sun, precipitation, snow_depth;
    const char  *file, *point;
    int          interpolation;
    double       max_gap_s, ground_depth_m, ground_damping_m;
    double       degree_day_m_k_s, snow_kg_m3, snow_w_m_k;
} climate_rows;

static const sei_schema_word curve_words[] = {
    {"linear", SEI_CURVE_LINEAR}, {"step", SEI_CURVE_STEP}, {NULL, 0}};

#define ROW_STRUCT climate_rows
#define MONTHS_ROW(key_, unit_, low_, high_, field_, help_, help_ja_)                              \
    {                                                                                              \
        .key = key_, .kind = SEI_KEY_NUMBERS, .unit = unit_, .def = SEI_NO_VALUE, .lower = low_,   \
        .upper = high_, .offset = offsetof(ROW_STRUCT, field_), .help = help_, .help_ja = help_ja_ \
    }
static const sei_key_row rows[] = {
    MONTHS_ROW("air_temperature_c", "°C", -60, 60, air,
               "one number, or twelve means from January to December",
               "気温(一定値または1月〜12月の月平均値)"),
    MONTHS_ROW("ground_temperature_c", "°C", -20, 60, ground,
               "as air_temperature_c; the mean of the air when not given",
               "地温(省略時は平均気温)"),
    MONTHS_ROW("sun_mj_m2_d", "MJ/m²/d", 0, 60, sun,
               "sun's radiation on level ground, one number or twelve means; 0 when not given",
               "水平面全天日射量(一定値または月平均値)"),
    MONTHS_ROW("precipitation_mm_d", "mm/d", 0, 500, precipitation,
               "rain and snow as water, from which a snow cover is reckoned; none when not given",
               "降水量(積雪の計算に用いる)"),
    MONTHS_ROW("snow_depth_cm", "cm", 0, 1000, snow_depth,
               "depth of snow as measured, in place of precipitation", "積雪深(降水量の代わり)"),
    SEI_NUMBER_ROW("degree_day_mm_k_d", "mm/K/d", 3.5, 0.1, 20, false, degree_day_m_k_s,
                   "water that melts for each kelvin above 0 °C and day", "融雪係数(度日法)"),
    SEI_NUMBER_ROW("snow_density_kg_m3", "kg/m³", 250, 50, 600, false, snow_kg_m3,
                   "density of the snow cover", "積雪の密度"),
    SEI_NUMBER_ROW("snow_conductivity_w_m_k", "", 0.15, 0.02, 1, false, snow_w_m_k,
                   "heat conductivity of the snow cover, W/m/K", "積雪の熱伝導率(W/m/K)"),
    SEI_NUMBER_ROW(
        "ground_depth_m", "m", 0, 0, 100, false, ground_depth_m,
        "depth at which beds touch the ground: it follows the air's wave of a year, damped and "
        "late; 0: the mean of the air",
        "地盤に接する代表深さ。気温の年周期を減衰・遅延させた地温とする(0=平均気温)"),
    SEI_NUMBER_ROW("ground_damping_m", "m", 2.2, 0.1, 20, false, ground_damping_m,
                   "depth at which 37 % of the wave is left; 2.2 m: moist soil, 0.5 mm2/s",
                   "年周期の振幅が 37 % になる深さ(湿潤土 0.5 mm²/s で 2.2 m)"),
    SEI_PLAIN_ROW("file", PATH, false, file,
                  "CSV file with a time and columns air_temp_c, ground_temp_c, sun_mj_m2_d, "
                  "precipitation_mm, snow_depth_cm",
                  "気温・地温・日射量・降水量・積雪深の時系列CSV"),
    SEI_PLAIN_ROW("point", TEXT, false, point, "rows of this station only", "観測所"),
    SEI_WORD_ROW("interpolation", curve_words, SEI_CURVE_LINEAR, interpolation,
                 "between two values: linear or step", "補間方法"),
    SEI_NUMBER_ROW("max_gap_d", "d", 0, 0, 36600, false, max_gap_s,
                   "longest gap that is bridged; 0: any", "補間を許す最大欠測期間(0=制限なし)"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_climate = {"climate", rows, SEI_COUNT(rows)};

static void read_months(sei_site_reader *r, const char *path, const sei_yaml *list,
                        const sei_key_row *row, const sei_unit *unit, sei_climate_row *out)
{
    size_t i = 0;

    if (list->n != MONTHS) {
        sei_schema_problem(&r->s, SEI_E_RANGE, list->line,
                           "%s has %zu values; give one, or twelve from January to December", path,
                           list->n);
        return;
    }
    out->kind = SEI_CLIMATE_MONTHLY;
    for (const sei_yaml *item = list->first; item; item = item->next, i++)
        (void)sei_schema_number(&r->s, sei_schema_item_path(&r->s, path, i + 1), item, row, unit,
                                &out->monthly_k[i]);
}

static void read_row(sei_site_reader *r, const sei_key_node *in, const sei_key_row *row,
                     sei_climate_row *out)
{
    if (!in->node)
        return;
    const char     *path = sei_schema_key_path(&r->s, "climate", in->node->key);
    const sei_yaml *node =
        in->node->kind == SEI_YAML_MAP ? sei_yaml_get(in->node, "value") : in->node;
    if (node && node->kind == SEI_YAML_LIST) {
        node = sei_schema_unwrap(&r->s, path, in->node, row, in->unit ? in->unit->symbol : "");
        if (node)
            read_months(r, path, node, row, in->unit, out);
    } else if (sei_schema_number(&r->s, path, in->node, row, in->unit, &out->constant_k)) {
        out->kind = SEI_CLIMATE_CONSTANT;
    }
}

/* A row that may come as a column of the file. */
typedef struct {
    const char         *quantity, *column; /* how it may be called there */
    const sei_key_node *given;             /* as a number in the site file */
    sei_climate_row    *out;
} file_column;

/* What the rows of a day add up to fell on that day, evenly. */
static const sei_series_curve *daily_rate(sei_site_reader *r, const sei_series *series,
                                          const char *file, size_t line)
{
    const int64_t           day      = SEI_US_PER_DAY;
    const sei_curve_options steps    = {.kind = SEI_CURVE_STEP, .max_gap_us = day + day / 2};
    const int64_t           offset   = r->site->utc_offset_us;
    sei_aggregate_options   daily    = {.period = SEI_PERIOD_DAY, .offset_us = offset};
    const sei_series_curve *curve    = NULL;
    sei_series             *rate     = NULL;
    sei_series_bin         *bins     = NULL;
    size_t                  n        = 0;
    const size_t            last     = series->n - 1;
    const int64_t           day_most = day + day / 2;

    if (last > 0 && (series->time_us[last] - series->time_us[0]) / (int64_t)last > day_most) {
        sei_schema_problem(&r->s, SEI_E_RANGE, line,
                           "climate.file: precipitation of %s comes at intervals of more than a "
                           "day: give what fell on each day, or precipitation_mm_d",
                           file);
        return NULL;
    }
    sei_status st = sei_series_aggregate(r->s.ctx, series, &daily, &bins, &n);
    if (st == SEI_OK)
        st = sei_series_create(r->s.ctx, &series->column, &rate);
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        if (bins[i].n > 0)
            st = sei_series_append(
                rate, bins[i].start_us,
                (sei_value){.value_si = bins[i].mean * (double)bins[i].n / SEI_DAY_S});
    if (st == SEI_OK)
        curve = sei_site_make_curve(r, rate, &steps);
    else
        sei_schema_take_error(&r->s, st);
    sei_series_free(rate);
    sei_release(r->s.ctx, bins);
    return curve;
}

static void take_column(sei_site_reader *r, const file_column *c, const sei_series *series,
                        const sei_curve_options *options, const char *file, const sei_yaml *child)
{
    if (c->given->node) {
        sei_schema_problem(
            &r->s, SEI_E_DUPLICATE, child->key_line,
            "climate: column %s of \"file\" gives again what \"%s\" gives in line %zu", c->column,
            c->given->node->key, c->given->node->key_line);
        return;
    }
    sei_site_check_plausible(r, "climate.file", child->line, file, series);
    c->out->curve = strcmp(c->quantity, "precipitation") == 0
                        ? daily_rate(r, series, file, child->line)
                        : sei_site_make_curve(r, series, options);
    c->out->kind  = SEI_CLIMATE_SERIES;
    if (strcmp(c->quantity, "sun") == 0) /* days and nights fall between time steps */
        c->out->of_day = true;
}

static void read_file(sei_site_reader *r, const sei_yaml *node, const climate_rows *in)
{
    const sei_yaml         *child     = sei_yaml_get(node, "file");
    const sei_curve_options options   = {.kind       = (sei_curve_kind)in->interpolation,
                                         .max_gap_us = (int64_t)(in->max_gap_s * 1e6),
                                         .hold_ends  = true};
    sei_climate            *out       = &r->site->climate;
    const file_column       columns[] = {
              {"air_temp", "air_temp_c", &in->air, &out->air},
              {"ground_temp", "ground_temp_c", &in->ground, &out->ground},
              {"sun", "sun_mj_m2_d", &in->sun, &out->sun},
              {"precipitation", "precipitation_mm", &in->precipitation, &out->precipitation},
              {"snow_depth", "snow_depth_cm", &in->snow_depth, &out->snow_depth}};
    size_t                taken = 0;
    const sei_series_set *set = sei_site_read_series(r, "climate.file", child, in->file, in->point);

    if (!set)
        return;
    for (size_t i = 0; i < SEI_COUNT(columns); i++) {
        const sei_series *series =
            sei_series_set_find(set, columns[i].quantity, SEI_FRACTION_TOTAL);
        if (!series || series->n == 0)
            continue;
        take_column(r, &columns[i], series, &options, in->file, child);
        taken++;
    }
    if (taken == 0 || (out->air.kind == SEI_CLIMATE_NONE && !in->air.node))
        sei_schema_problem(&r->s, SEI_E_MISSING, child->line,
                           "climate.file: %s has no column air_temp_c (気温)", in->file);
}

/* What may come from the file or from the section can contradict each other. */
static void check_together(sei_site_reader *r, const sei_yaml *node, const climate_rows *in)
{
    const sei_climate *c    = &r->site->climate;
    const sei_yaml    *snow = in->snow_depth.node ? in->snow_depth.node : node;
    const sei_yaml    *deep = in->ground.node ? in->ground.node : node;

    if (c->ground.kind != SEI_CLIMATE_NONE && in->ground_depth_m > 0.0)
        sei_schema_problem(&r->s, SEI_E_DUPLICATE, deep->key_line,
                           "climate: give ground_temperature_c or ground_depth_m, not both");
    if (c->precipitation.kind != SEI_CLIMATE_NONE && c->snow_depth.kind != SEI_CLIMATE_NONE &&
        (in->precipitation.node || in->snow_depth.node))
        sei_schema_problem(&r->s, SEI_E_DUPLICATE, snow->key_line,
                           "climate: give precipitation_mm_d or snow_depth_cm, not both");
}

void sei_site_read_climate(sei_site_reader *r, const sei_yaml *node)
{
    climate_rows       in   = {0};
    const sei_key_part part = {rows, SEI_COUNT(rows), &in};
    sei_climate       *out  = &r->site->climate;

    if (!sei_schema_map(&r->s, "climate", node, 1, &part, NULL, NULL))
        return;
    out->file             = in.file;
    out->ground_depth_m   = in.ground_depth_m;
    out->ground_damping_m = in.ground_damping_m;
    read_row(r, &in.air, &rows[0], &out->air);
    read_row(r, &in.ground, &rows[1], &out->ground);
    read_row(r, &in.sun, &rows[2], &out->sun);
    read_row(r, &in.precipitation, &rows[3], &out->precipitation);
    read_row(r, &in.snow_depth, &rows[4], &out->snow_depth);
    out->degree_day_m_k_s = in.degree_day_m_k_s;
    out->snow_kg_m3       = in.snow_kg_m3;
    out->snow_w_m_k       = in.snow_w_m_k;
    if (in.file)
        read_file(r, node, &in);
    else if (!in.air.node)
        sei_schema_problem(&r->s, SEI_E_MISSING, node->key_line,
                           "climate lacks \"air_temperature_c\" (one number or twelve), or a file");
    check_together(r, node, &in);
}

/* Straight line between the middles of two months. */
static double monthly_at(const double monthly_k[], int64_t time_us, int64_t utc_offset_us)
{
    const sei_civil civil = sei_time_to_civil(time_us, utc_offset_us);
    const double    days  = sei_days_in_month(civil.year, civil.month);
    const double    hour  = civil.hour + civil.minute / 60.0;
    const double    x     = (civil.day - 1 + hour / 24.0) / days - 0.5; /* -0.5..0.5 of the month */
    const int       here  = civil.month - 1;
    const int       other = (here + (x < 0 ? MONTHS - 1 : 1)) % MONTHS;

    return monthly_k[here] + fabs(x) * (monthly_k[other] - monthly_k[here]);
}

/* Of the day around a moment; false where the series tells nothing of most of it. */
static bool daily_mean_at(const sei_climate_row *row, int64_t time_us, int64_t utc_offset_us,
                          double *ret)
{
    int64_t start, end;
    double  mean = 0.0;

    sei_period_bounds(SEI_PERIOD_DAY, time_us, utc_offset_us, &start, &end);
    if (sei_series_curve_mean(row->curve, start, end, &mean) < 0.5)
        return false;
    *ret = mean + row->shift_k;
    return true;
}

bool sei_climate_at(const sei_climate_row *row, sei_series_cursor *cursor, int64_t time_us,
                    int64_t utc_offset_us, double *ret_temp_k)
{
    switch (row->kind) {
    case SEI_CLIMATE_CONSTANT: *ret_temp_k = row->constant_k + row->shift_k; return true;
    case SEI_CLIMATE_MONTHLY:
        *ret_temp_k = monthly_at(row->monthly_k, time_us, utc_offset_us) + row->shift_k;
        return true;
    case SEI_CLIMATE_SERIES: {
        if (row->of_day)
            return daily_mean_at(row, time_us, utc_offset_us, ret_temp_k);
        const sei_value value = sei_series_curve_at(row->curve, cursor, time_us);
        if (value.qc == SEI_QC_MISSING)
            return false;
        *ret_temp_k = value.value_si + row->shift_k;
        return true;
    }
    case SEI_CLIMATE_NONE: break;
    }
    return false;
}
