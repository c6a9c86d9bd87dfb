/* site_events.c - events of a unit: what is done to it, and when */
#include <string.h>

#include "study/site.h"

enum { EVENTS_MAX = 1000 };

typedef struct {
    int         what, medium;
    int64_t     time_us;
    double      after_s, every_s, duration_s, mass_kg, share, flow_m3_s;
    const char *layer;
} event_rows;

static const sei_schema_word what_words[] = {{"add", SEI_EVENT_ADD},
                                             {"clean", SEI_EVENT_CLEAN},
                                             {"renew", SEI_EVENT_RENEW},
                                             {"bypass", SEI_EVENT_BYPASS},
                                             {"throttle", SEI_EVENT_THROTTLE},
                                             {"power_loss", SEI_EVENT_POWER_LOSS},
                                             {NULL, 0}};

enum { NO_MEDIUM, BRAN, HUSK, LIMESTONE, COMPOST };
static const sei_schema_word medium_words[] = {
    {"bran", BRAN}, {"husk", HUSK}, {"limestone", LIMESTONE}, {"compost", COMPOST}, {NULL, 0}};
static const char *const medium_solid[] = {"", "bran", "husk", "Calcite", "compost"};

#define ROW_STRUCT event_rows
static const sei_key_row rows[] = {
    {.key      = "what",
     .kind     = SEI_KEY_WORD,
     .def      = SEI_NO_VALUE,
     .required = true,
     .offset   = offsetof(event_rows, what),
     .words    = what_words,
     .help     = "what is done",
     .help_ja  = "操作の種類"},
    SEI_PLAIN_ROW("date", DATE, false, time_us, "when it begins", "開始日時"),
    SEI_NUMBER_ROW("after_d", "d", SEI_NO_VALUE, 0, 36600, false, after_s,
                   "when it begins, from the start of the run; in place of date",
                   "計算開始からの経過時間(date の代わり)"),
    SEI_NUMBER_ROW("every_d", "d", 0, 0.01, 36600, false, every_s, "again after this time",
                   "繰り返し間隔"),
    SEI_NUMBER_ROW("duration_h", "h", SEI_NO_VALUE, 0, 878400, false, duration_s,
                   "how long it lasts; clean, renew: how long the unit is out of service",
                   "継続時間(清掃・更新では停止時間)"),
    SEI_PLAIN_ROW("layer", NAME, false, layer, "layer that is meant; all when not given",
                  "対象の層(省略時は全層)"),
    SEI_WORD_ROW("medium", medium_words, NO_MEDIUM, medium, "add: what is added",
                 "add:追加する資材"),
    SEI_NUMBER_ROW("mass_kg", "kg", SEI_NO_VALUE, 0, 1e7, false, mass_kg, "add: dry mass of it",
                   "add:乾燥質量"),
    SEI_NUMBER_ROW("share", "", SEI_NO_VALUE, 0, 1, false, share,
                   "clean: share of the deposits taken out; bypass: share of the water led around; "
                   "power_loss: share of the gas transfer that is left",
                   "clean:除去割合、bypass:迂回割合、power_loss:残存するガス移動の割合"),
    SEI_NUMBER_ROW("flow_max_m3_d", "m³/d", SEI_NO_VALUE, 0, 1e7, false, flow_m3_s,
                   "throttle: most that is let in; the rest is led around",
                   "throttle:流入の上限(超過分は迂回)"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_event = {"train[].events[]", rows, SEI_COUNT(rows)};

static size_t find_layer(sei_site_reader *r, const char *path, const sei_yaml *node,
                         const sei_unit_spec *unit, const char *name)
{
    if (!name[0])
        return SEI_ALL_LAYERS;
    for (size_t k = 0; k < unit->n_layers; k++)
        if (unit->layers[k].name && strcmp(unit->layers[k].name, name) == 0)
            return k;
    sei_schema_problem(&r->s, SEI_E_NOT_FOUND, sei_yaml_get(node, "layer")->line,
                       "%s.layer: the unit has no layer \"%.100s\"", path, name);
    return SEI_ALL_LAYERS;
}

static double or_else(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static void check_add(sei_site_reader *r, const char *path, size_t line, const event_rows *in)
{
    if (in->medium == NO_MEDIUM)
        sei_schema_problem(&r->s, SEI_E_MISSING, line,
                           "%s lacks \"medium\" (bran, husk, limestone or compost)", path);
    if (isnan(in->mass_kg))
        sei_schema_problem(&r->s, SEI_E_MISSING, line, "%s lacks \"mass_kg\" (dry mass)", path);
}

static void check_event(sei_site_reader *r, const char *path, size_t line, const event_rows *in)
{
    const bool dated = in->time_us != SEI_NO_DATE;

    if (dated && !isnan(in->after_s))
        sei_schema_problem(&r->s, SEI_E_DUPLICATE, line, "%s: give date or after_d, not both",
                           path);
    if (!dated && isnan(in->after_s))
        sei_schema_problem(&r->s, SEI_E_MISSING, line,
                           "%s lacks \"date\" (or after_d, from the start of the run)", path);
    if (in->what == SEI_EVENT_ADD)
        check_add(r, path, line, in);
    if (in->what == SEI_EVENT_THROTTLE && isnan(in->flow_m3_s))
        sei_schema_problem(&r->s, SEI_E_MISSING, line,
                           "%s lacks \"flow_max_m3_d\" (most that is let in)", path);
    if (in->every_s > 0 && in->duration_s >= in->every_s)
        sei_schema_problem(&r->s, SEI_E_RANGE, line,
                           "%s lasts as long as the time until it comes again", path);
}

static void read_event(sei_site_reader *r, const char *path, const sei_yaml *node,
                       const sei_unit_spec *unit, sei_event_spec *out)
{
    event_rows         in   = {0};
    const sei_key_part part = {rows, SEI_COUNT(rows), &in};
    const size_t       had  = r->s.n_problems;

    if (!sei_schema_map(&r->s, path, node, 1, &part, NULL, NULL) || r->s.n_problems > had)
        return;
    check_event(r, path, node->line, &in);
    const sei_event_kind kind     = (sei_event_kind)in.what;
    const bool           is_brief = kind == SEI_EVENT_CLEAN || kind == SEI_EVENT_RENEW;

    *out = (sei_event_spec){
        .kind     = kind,
        .is_dated = in.time_us != SEI_NO_DATE,
        .time_us  = in.time_us,
        .after_s  = or_else(in.after_s, 0.0),
        .every_s  = in.every_s,
        .duration_s =
            kind == SEI_EVENT_ADD ? 0.0 : or_else(in.duration_s, is_brief ? 0.0 : SEI_NO_BOUND),
        .layer     = find_layer(r, path, node, unit, in.layer),
        .medium    = medium_solid[in.medium],
        .kg        = or_else(in.mass_kg, 0.0),
        .share     = or_else(in.share, kind == SEI_EVENT_POWER_LOSS ? 0.0 : 1.0),
        .flow_m3_s = or_else(in.flow_m3_s, 0.0),
        .where     = sei_schema_where(&r->s, node->line),
    };
}

void sei_site_read_events(sei_site_reader *r, const char *path, const sei_yaml *node,
                          sei_unit_spec *unit)
{
    size_t i = 0;

    if (!node || !sei_schema_is_list(&r->s, path, node))
        return;
    if (node->n > EVENTS_MAX) {
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s has %zu events, more than %d", path,
                           node->n, (int)EVENTS_MAX);
        return;
    }
    sei_event_spec *events = sei_site_alloc(r, node->n + 1, sizeof *events);
    if (!events)
        return;
    for (const sei_yaml *item = node->first; item && sei_schema_goes_on(&r->s);
         item                 = item->next, i++)
        read_event(r, sei_schema_item_path(&r->s, path, i + 1), item, unit, &events[i]);
    unit->n_events = node->n;
    unit->events   = events;
}
