/* result_tables_events.c - what is done to the units, and what befalls raw water and weather, in a run */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "study/result_tables.h"
#include "study/result_words.h"

static const struct {
    sei_event_kind kind;
    sei_label      name;
} event_names[] = {
    {SEI_EVENT_ADD, {"充填材の補充", "media added"}},
    {SEI_EVENT_CLEAN, {"清掃", "cleaning"}},
    {SEI_EVENT_RENEW, {"充填材の更新", "renewal"}},
    {SEI_EVENT_BYPASS, {"バイパス", "bypass"}},
    {SEI_EVENT_THROTTLE, {"流量制限", "throttling"}},
    {SEI_EVENT_POWER_LOSS, {"停電", "loss of power"}},
};

static sei_label event_name(sei_event_kind kind)
{
    for (size_t i = 0; i < sizeof event_names / sizeof event_names[0]; i++)
        if (event_names[i].kind == kind)
            return event_names[i].name;
    return SEI_L("", "");
}

static void put_date(sei_rtable *t, const sei_digest *d, int64_t time_us)
{
    char text[SEI_TIME_MAX];

    sei_format_date(text, time_us, d->result->site->utc_offset_us);
    sei_put_plain(t, text);
}

/* Days that something lasts or returns after; empty where it does not, or to the end of the run. */
static void put_days(sei_rtable *t, double s)
{
    const sei_unit *day = sei_unit_find("d");

    if (s > 0.0 && isfinite(s))
        sei_rtable_add_number(t, sei_from_si(day, s), SEI_SIGNIFICANT(3));
    else if (s > 0.0)
        sei_rtable_add_text(t, SEI_L("期間末まで", "to the end"));
    else
        sei_rtable_add_empty(t);
}

static void number_and(char *out, size_t size, double value, int digits, const char *tail)
{
    char number[SEI_NUMBER_MAX];

    sei_format_double(number, value, digits);
    snprintf(out, size, "%s%s", number, tail);
}

static void put_effect(sei_rtable *t, const sei_unit_spec *unit, const sei_event_spec *e)
{
    sei_words w = sei_words_of("", "");
    char      text[120];

    if (e->layer != SEI_ALL_LAYERS && e->layer < unit->n_layers) {
        const sei_layer_spec *layer = &unit->layers[e->layer];
        sei_words_add(&w, layer->name_ja && layer->name_ja[0] ? layer->name_ja : layer->name,
                      layer->name);
        sei_words_add(&w, " ", " ");
    }
    switch (e->kind) {
    case SEI_EVENT_ADD: {
        const sei_words medium = sei_solid_words(e->medium);
        sei_words_add(&w, medium.ja, medium.en);
        number_and(text, sizeof text, e->kg, 4, " kg");
        sei_words_add(&w, " ", " ");
        sei_words_add(&w, text, text);
        break;
    }
    case SEI_EVENT_CLEAN:
        number_and(text, sizeof text, 100.0 * e->share, 3, " %");
        sei_words_add(&w, "析出物の", "deposits taken out: ");
        sei_words_add(&w, text, text);
        sei_words_add(&w, "を除去", "");
        break;
    case SEI_EVENT_BYPASS:
        number_and(text, sizeof text, 100.0 * e->share, 3, " %");
        sei_words_add(&w, "流量の", "of the flow: ");
        sei_words_add(&w, text, text);
        break;
    case SEI_EVENT_THROTTLE:
        number_and(text, sizeof text, sei_from_si(sei_unit_find("l_min"), e->flow_m3_s), 4,
                   " L/min");
        sei_words_add(&w, "上限 ", "at most ");
        sei_words_add(&w, text, text);
        break;
    case SEI_EVENT_POWER_LOSS:
        number_and(text, sizeof text, 100.0 * e->share, 3, " %");
        sei_words_add(&w, "曝気・薬注・ポンプが ", "aeration, feeders and pumps at ");
        sei_words_add(&w, text, text);
        break;
    case SEI_EVENT_RENEW: break;
    }
    sei_rtable_add_text(t, SEI_LABEL_OF(w));
}

static void put_event(sei_rtable *t, const sei_digest *d, const sei_unit_spec *unit,
                      const sei_event_spec *e)
{
    const int64_t start = d->result->site->run.start_us;

    sei_rtable_add_row(t);
    sei_rtable_add_text(t, sei_unit_label(unit));
    sei_rtable_add_text(t, event_name(e->kind));
    put_date(t, d, e->is_dated ? e->time_us : start + (int64_t)(e->after_s * 1e6));
    put_days(t, e->every_s);
    put_days(t, e->duration_s);
    put_effect(t, unit, e);
}

static void add_change(sei_words *w, const sei_influent_change *c)
{
    const sei_words name = sei_column_words(&c->column);
    char            text[60];

    sei_words_add(w, w->ja[0] ? "、" : "", w->en[0] ? ", " : "");
    sei_words_add(w, name.ja, name.en);
    if (c->is_set) {
        const double value = sei_value_number(&c->value, SEI_LOQ_FULL);
        number_and(text, sizeof text, c->column.unit ? sei_from_si(c->column.unit, value) : value,
                   4, " ");
        sei_words_add(w, " → ", " → ");
        sei_words_add(w, text, text);
        sei_words_add(w, c->column.unit ? c->column.unit->symbol : "",
                      c->column.unit ? c->column.unit->symbol : "");
    } else {
        number_and(text, sizeof text, c->factor, 3, "");
        sei_words_add(w, " ×", " ×");
        sei_words_add(w, text, text);
    }
}

static void put_disturbance(sei_rtable *t, const sei_digest *d, const sei_disturbance *x)
{
    sei_words w = sei_words_of("", "");
    char      text[60];
    const struct {
        const char *ja, *en, *tail;
        double      value, none;
    } parts[] = {
        {"流量 ×", "flow ×", "", x->flow_factor, 1.0},
        {"濃度 ×", "concentrations ×", "", x->concentration_factor, 1.0},
        {"水温 ", "water ", " K", x->water_shift_k, 0.0},
        {"気温 ", "air ", " K", x->air_shift_k, 0.0},
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!(fabs(parts[i].value - parts[i].none) > 0.0))
            continue;
        number_and(text, sizeof text, parts[i].value, 3, parts[i].tail);
        sei_words_add(&w, w.ja[0] ? "、" : "", w.en[0] ? ", " : "");
        sei_words_add(&w, parts[i].ja, parts[i].en);
        sei_words_add(&w, text, text);
    }
    for (size_t k = 0; k < x->n_changes; k++)
        add_change(&w, &x->changes[k]);
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, SEI_L("原水・気象", "raw water, weather"));
    sei_put_plain(t, x->kind);
    put_date(t, d, x->start_us);
    put_days(t, 0.0);
    put_days(t, 1e-6 * (double)(x->end_us - x->start_us));
    sei_rtable_add_text(t, SEI_LABEL_OF(w));
}

bool sei_has_events(const sei_digest *d)
{
    const sei_site *site = d->result->site;
    size_t          n    = site->n_disturbances;

    for (size_t u = 0; u < site->n_units; u++)
        n += site->units[u].n_events;
    return n > 0 && site->run.mode == SEI_RUN_TRANSIENT;
}

sei_rtable *sei_table_events(const sei_digest *d)
{
    const sei_site *site = d->result->site;
    sei_rtable     *t =
        sei_rtable_create(d->ctx, "events", SEI_L("運転中のイベント", "Events during the run"));

    sei_rtable_add_column(t, "unit", SEI_L("対象", "where"), "");
    sei_rtable_add_column(t, "event", SEI_L("イベント", "event"), "");
    sei_rtable_add_column(t, "first", SEI_L("開始", "first"), "");
    sei_rtable_add_column(t, "every_d", SEI_L("繰返し", "every"), "d");
    sei_rtable_add_column(t, "duration_d", SEI_L("継続", "lasts"), "d");
    sei_rtable_add_column(t, "effect", SEI_L("内容", "what"), "");
    for (size_t u = 0; u < site->n_units; u++)
        for (size_t i = 0; i < site->units[u].n_events; i++)
            put_event(t, d, &site->units[u], &site->units[u].events[i]);
    for (size_t i = 0; i < site->n_disturbances; i++)
        put_disturbance(t, d, &site->disturbances[i]);
    return t;
}
