/* site_disturbance.c - section disturbances: raw water and weather for a while */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#include "study/site.h"

enum { DISTURBANCES_MAX = 1000, CHANGES_MAX = 128 };

typedef struct {
    int64_t         start_us;
    int             kind;
    double          after_s, duration_s, rise_s, fall_s;
    double          flow_factor, concentration_factor, water_shift_k, air_shift_k;
    const sei_yaml *set, *scale;
} disturbance_rows;

/* What a kind is when the file says no more. Assumptions: round numbers that show the size of such an
 * event; a site's own records belong in the file. */
static const struct {
    const char *word;
    double      rise_h, duration_h, fall_h, flow_factor, concentration_factor, water_k, air_k;
} kinds[] = {
    {"storm", 3, 24, 24, 5.0, 1.0, 0, 0},
    {"snowmelt", 168, 480, 336, 2.0, 1.0, -3, 0},
    {"drought", 336, 60 * 24, 336, 0.4, 1.3, 0, 0},
    {"cold_wave", 24, 120, 24, 1.0, 1.0, 0, -10},
    {"change", 0, 0, 0, 1.0, 1.0, 0, 0}, /* to the end of the run */
    {"other", 0, 24, 0, 1.0, 1.0, 0, 0},
};
enum { CHANGE = 4 };

static const sei_schema_word kind_words[] = {{"storm", 0},     {"snowmelt", 1}, {"drought", 2},
                                             {"cold_wave", 3}, {"change", 4},   {"other", 5},
                                             {NULL, 0}};

#define ROW_STRUCT disturbance_rows
static const sei_key_row rows[] = {
    {.key      = "kind",
     .kind     = SEI_KEY_WORD,
     .def      = SEI_NO_VALUE,
     .required = true,
     .offset   = offsetof(disturbance_rows, kind),
     .words    = kind_words,
     .help = "storm, snowmelt, drought, cold_wave, change or other: what the numbers below are by "
             "default",
     .help_ja = "種類(出水・融雪・渇水・寒波・原水の変化・その他)"},
    SEI_PLAIN_ROW("date", DATE, false, start_us, "when it begins", "開始日時"),
    SEI_NUMBER_ROW("after_d", "d", SEI_NO_VALUE, 0, 36600, false, after_s,
                   "when it begins, from the start of the run; in place of date",
                   "計算開始からの経過時間"),
    SEI_NUMBER_ROW("rise_h", "h", SEI_NO_VALUE, 0, 8784, false, rise_s, "until it is full",
                   "立上り時間"),
    SEI_NUMBER_ROW("duration_h", "h", SEI_NO_VALUE, 0, 87840, false, duration_s,
                   "how long it is full", "継続時間"),
    SEI_NUMBER_ROW("fall_h", "h", SEI_NO_VALUE, 0, 8784, false, fall_s, "until it is gone",
                   "減衰時間"),
    SEI_NUMBER_ROW("flow_factor", "", SEI_NO_VALUE, 0, 100, false, flow_factor,
                   "times the flow of the raw water", "流量倍率"),
    SEI_NUMBER_ROW("concentration_factor", "", SEI_NO_VALUE, 0, 100, false, concentration_factor,
                   "times everything dissolved in it; pH stays", "濃度倍率(pHは不変)"),
    SEI_NUMBER_ROW("water_shift_k", "", SEI_NO_VALUE, -40, 40, false, water_shift_k,
                   "added to its temperature, K", "水温の変化(K)"),
    SEI_NUMBER_ROW("air_shift_k", "", SEI_NO_VALUE, -40, 40, false, air_shift_k,
                   "added to the temperature of the air, K", "気温の変化(K)"),
    SEI_PLAIN_ROW("set", NODE, false, set,
                  "quantities of the influent and what they are instead: {zn_mg_l: 30, ph: 3.1}",
                  "原水の項目を指定値に変更"),
    SEI_PLAIN_ROW("scale", NODE, false, scale,
                  "quantities of the influent and their factors: {fe_mg_l: 1.5}",
                  "原水の項目の倍率"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_disturbance = {"disturbances[]", rows, SEI_COUNT(rows)};

static double given(double value, double usual)
{
    return isnan(value) ? usual : value;
}

static int64_t us_of(double given_s, double usual_h)
{
    return (int64_t)(given(given_s, sei_to_si(sei_unit_find("h"), usual_h)) * 1e6);
}

/* Only what the influent has can change: the model is made for it. */
static bool is_of_influent(sei_site_reader *r, const char *path, const sei_yaml *child,
                           const sei_quantity_column *column)
{
    if (sei_influent_find(&r->site->influent, column->quantity->key, column->fraction))
        return true;
    sei_schema_problem(&r->s, SEI_E_NOT_FOUND, child->key_line,
                       "%s.%s: the influent does not give this quantity; give its usual value "
                       "there",
                       path, child->key);
    return false;
}

static void read_changes(sei_site_reader *r, const char *path, const sei_yaml *node, bool is_set,
                         sei_influent_change list[], size_t *io_n)
{
    static const sei_key_row factor = {.key   = "scale",
                                       .kind  = SEI_KEY_NUMBER,
                                       .unit  = "",
                                       .lower = 0,
                                       .upper = 1000,
                                       .help  = "times the quantity"};

    if (!node)
        return;
    if (node->kind != SEI_YAML_MAP) {
        sei_schema_problem(&r->s, SEI_E_TYPE, node->line,
                           "%s is no map of quantities and numbers: {zn_mg_l: 30}", path);
        return;
    }
    for (const sei_yaml *c = node->first; c && sei_schema_goes_on(&r->s); c = c->next) {
        sei_influent_change change = {.is_set = is_set, .factor = 1.0};
        if (*io_n >= CHANGES_MAX) {
            sei_schema_problem(&r->s, SEI_E_TOO_LARGE, c->key_line, "%s: more than %d quantities",
                               path, (int)CHANGES_MAX);
            return;
        }
        if (!sei_site_quantity_key(r, path, c, NULL, NULL, &change.column) ||
            !is_of_influent(r, path, c, &change.column))
            continue;
        const char *key = sei_schema_key_path(&r->s, path, c->key);
        if (is_set ? sei_site_read_water_value(r, key, c, &change.column, &change.value)
                   : sei_schema_number(&r->s, key, c, &factor, NULL, &change.factor))
            list[(*io_n)++] = change;
    }
}

static void read_all_changes(sei_site_reader *r, const char *path, const disturbance_rows *in,
                             sei_disturbance *out)
{
    char text[200];

    if (!in->set && !in->scale)
        return;
    const size_t         n    = (in->set ? in->set->n : 0) + (in->scale ? in->scale->n : 0);
    sei_influent_change *list = sei_site_alloc(r, n + 1, sizeof *list);
    if (!list)
        return;
    snprintf(text, sizeof text, "%.150s.set", path);
    read_changes(r, text, in->set, true, list, &out->n_changes);
    snprintf(text, sizeof text, "%.150s.scale", path);
    read_changes(r, text, in->scale, false, list, &out->n_changes);
    out->changes = list;
}

static void read_one(sei_site_reader *r, const char *path, const sei_yaml *node,
                     sei_disturbance *out)
{
    disturbance_rows   in   = {0};
    const sei_key_part part = {rows, SEI_COUNT(rows), &in};
    const size_t       n    = r->s.n_problems;

    if (!sei_schema_map(&r->s, path, node, 1, &part, NULL, NULL) || r->s.n_problems > n)
        return;
    const bool dated = in.start_us != SEI_NO_DATE;
    if (dated == !isnan(in.after_s)) {
        sei_schema_problem(&r->s, dated ? SEI_E_DUPLICATE : SEI_E_MISSING, node->line,
                           "%s: give either date or after_d", path);
        return;
    }
    const int64_t start = dated ? in.start_us : r->site->run.start_us + (int64_t)(in.after_s * 1e6);
    const int64_t full  = start + us_of(in.rise_s, kinds[in.kind].rise_h);
    const int64_t fade  = full + us_of(in.duration_s, kinds[in.kind].duration_h);
    *out                = (sei_disturbance){
                       .kind                 = kinds[in.kind].word,
                       .start_us             = start,
                       .full_us              = full,
                       .fade_us              = fade,
                       .end_us               = fade + us_of(in.fall_s, kinds[in.kind].fall_h),
                       .flow_factor          = given(in.flow_factor, kinds[in.kind].flow_factor),
                       .concentration_factor = given(in.concentration_factor, kinds[in.kind].concentration_factor),
                       .water_shift_k        = given(in.water_shift_k, kinds[in.kind].water_k),
                       .air_shift_k          = given(in.air_shift_k, kinds[in.kind].air_k),
                       .where                = sei_schema_where(&r->s, node->line),
    };
    if (in.kind == CHANGE &&
        isnan(in.duration_s)) /* beyond the end, so that it holds to the last instant */
        out->fade_us = out->end_us = r->site->run.end_us + SEI_US_PER_DAY;
    read_all_changes(r, path, &in, out);
}

void sei_site_read_disturbances(sei_site_reader *r, const sei_yaml *node)
{
    size_t i = 0;

    if (!sei_schema_is_list(&r->s, "disturbances", node))
        return;
    if (node->n > DISTURBANCES_MAX) {
        sei_schema_problem(&r->s, SEI_E_TOO_LARGE, node->line, "more than %d disturbances",
                           (int)DISTURBANCES_MAX);
        return;
    }
    sei_disturbance *list = sei_site_alloc(r, node->n + 1, sizeof *list);
    for (const sei_yaml *item = node->first; list && item && sei_schema_goes_on(&r->s);
         item                 = item->next, i++)
        read_one(r, sei_schema_item_path(&r->s, "disturbances", i + 1), item, &list[i]);
    r->site->n_disturbances = node->n;
    r->site->disturbances   = list;
}

/* A bend without width is a step at its time. */
double sei_disturbance_share(const sei_disturbance *d, int64_t t)
{
    if (t < d->start_us || t > d->end_us)
        return 0.0;
    if (t < d->full_us)
        return (double)(t - d->start_us) / (double)(d->full_us - d->start_us);
    if (t <= d->fade_us)
        return 1.0;
    return (double)(d->end_us - t) / (double)(d->end_us - d->fade_us);
}
