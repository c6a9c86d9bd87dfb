/*
 * run_events.c - events of the units, each at its time
 *
 * Every event becomes one instant (add, clean, renew) and, where it lasts, a stretch with a beginning
 * and an end (bypass, throttle, loss of power, a unit out of service). What holds is worked out anew
 * from the stretches that are open, so that different events may overlap.
 */
#include <math.h>
#include <stdlib.h>

#include "study/run.h"

enum { INSTANTS_MAX = 100000 };

typedef struct {
    double                t_s;
    size_t                order; /* as in the file, for instants at one time */
    size_t                unit;
    const sei_event_spec *event;
    bool                  is_end;
} instant;

typedef struct {
    size_t                unit;
    const sei_event_spec *event;
} stretch;

struct sei_run_events {
    sei_ctx         *ctx;
    const sei_plant *plant;
    size_t           n, size, at; /* at: the next one */
    instant         *list;
    size_t           n_open;
    stretch         *open; /* room for every event of the site */
};

static int compare(const void *a, const void *b)
{
    const instant *x = a, *y = b;

    if (x->t_s != y->t_s)
        return x->t_s < y->t_s ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static sei_status add_instant(sei_run_events *e, double t_s, size_t unit,
                              const sei_event_spec *event, bool is_end)
{
    if (e->n >= INSTANTS_MAX)
        return sei_fail(e->ctx, SEI_E_TOO_LARGE, &event->where,
                        "more than %d events in the run; raise every_d", (int)INSTANTS_MAX);
    if (e->n == e->size) {
        const size_t size  = e->size ? 2 * e->size : 32;
        instant     *grown = sei_resize(e->ctx, e->list, size, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        e->list = grown;
        e->size = size;
    }
    e->list[e->n] = (instant){t_s, e->n, unit, event, is_end};
    e->n++;
    return SEI_OK;
}

/* Beginning and end of one event at t_s; *count grows when it counts in the run. */
static sei_status add_once(sei_run_events *e, double t_s, double length_s, size_t unit,
                           const sei_event_spec *event, size_t *count)
{
    const double end_s  = t_s + event->duration_s;
    const bool   begins = t_s >= 0.0, lasts = event->duration_s > 0.0 && end_s > 0.0;
    sei_status   st = SEI_OK;

    if (begins || lasts) {
        st = add_instant(e, begins ? t_s : 0.0, unit, event, false);
        (*count)++;
    }
    if (st == SEI_OK && lasts && end_s < length_s)
        st = add_instant(e, end_s, unit, event, true);
    return st;
}

/* All instants of one event within the run. One that is dated before the run counts if it still lasts. */
static sei_status add_event(sei_run_events *e, const sei_site *site, double length_s, size_t unit,
                            const sei_event_spec *event)
{
    const double first =
        event->is_dated ? (double)(event->time_us - site->run.start_us) / 1e6 : event->after_s;
    sei_status st    = SEI_OK;
    double     t     = first;
    size_t     count = 0;

    if (event->every_s > 0.0 && first < 0.0) /* the last one before the run still matters */
        t += floor(-first / event->every_s) * event->every_s;
    for (; st == SEI_OK && t < length_s; t += event->every_s) {
        st = add_once(e, t, length_s, unit, event, &count);
        if (!(event->every_s > 0.0))
            break;
    }
    if (st == SEI_OK && count == 0)
        sei_warn(e->ctx, &event->where, "the event lies outside the run and is left out");
    return st;
}

/* What a unit can take: said before the run, not after a year of it. */
static sei_status check(sei_ctx *ctx, const sei_plant *plant, size_t unit,
                        const sei_event_spec *event)
{
    const sei_unit_spec *spec = sei_plant_unit_at(plant, unit)->spec;

    if (event->kind == SEI_EVENT_ADD && !sei_plant_has_medium(plant, unit, event->medium))
        return sei_fail(ctx, SEI_E_NOT_FOUND, &event->where, "unit \"%s\" is no bed for %s",
                        spec->name, event->medium);
    if (event->kind == SEI_EVENT_POWER_LOSS && !sei_plant_has_gas(plant, unit) &&
        !sei_plant_has_supply(plant, unit))
        return sei_fail(
            ctx, SEI_E_ARG, &event->where,
            "unit \"%s\" exchanges no gas with the air: a loss of power changes nothing",
            spec->name);
    return SEI_OK;
}

sei_status sei_run_events_create(sei_ctx *ctx, const sei_site *site, const sei_plant *plant,
                                 sei_run_events **ret)
{
    const double    length = (double)(site->run.end_us - site->run.start_us) / 1e6;
    sei_run_events *e      = sei_alloc(ctx, 1, sizeof *e);
    sei_status      st     = SEI_OK;
    size_t          events = 0;

    if (!e)
        return SEI_E_NOMEM;
    *e = (sei_run_events){.ctx = ctx, .plant = plant};
    for (size_t u = 0; u < site->n_units; u++)
        events += site->units[u].n_events;
    e->open = sei_alloc(ctx, events, sizeof *e->open);
    if (!e->open)
        st = SEI_E_NOMEM;
    for (size_t u = 0; u < site->n_units && st == SEI_OK; u++)
        for (size_t i = 0; i < site->units[u].n_events && st == SEI_OK; i++) {
            st = check(ctx, plant, u, &site->units[u].events[i]);
            if (st == SEI_OK)
                st = add_event(e, site, length, u, &site->units[u].events[i]);
        }
    if (st != SEI_OK) {
        sei_run_events_free(e);
        return st;
    }
    if (e->n)
        qsort(e->list, e->n, sizeof *e->list, compare);
    *ret = e;
    return SEI_OK;
}

void sei_run_events_free(sei_run_events *e)
{
    if (!e)
        return;
    sei_release(e->ctx, e->list);
    sei_release(e->ctx, e->open);
    sei_release(e->ctx, e);
}

double sei_run_events_next(const sei_run_events *e)
{
    return e->at < e->n ? e->list[e->at].t_s : (double)INFINITY;
}

/* ---- what holds ------------------------------------------------------------------------------- */

typedef struct {
    double led_around, flow_max_m3_s, gas;
} hold;

static void hold_one(const sei_event_spec *event, hold *h)
{
    switch (event->kind) {
    case SEI_EVENT_CLEAN:
    case SEI_EVENT_RENEW: h->led_around = 1.0; break;
    case SEI_EVENT_BYPASS: h->led_around = fmin(1.0, h->led_around + event->share); break;
    case SEI_EVENT_THROTTLE: h->flow_max_m3_s = fmin(h->flow_max_m3_s, event->flow_m3_s); break;
    case SEI_EVENT_POWER_LOSS: h->gas = fmin(h->gas, event->share); break;
    case SEI_EVENT_ADD: break;
    }
}

static hold open_stretches(const sei_run_events *e, size_t unit)
{
    hold h = {0.0, (double)INFINITY, 1.0};

    for (size_t i = 0; i < e->n_open; i++)
        if (e->open[i].unit == unit)
            hold_one(e->open[i].event, &h);
    return h;
}

/* A stretch of an event begins or ends; an event is never open twice (the site's reader sees to it). */
static void open_or_close(sei_run_events *e, const instant *i)
{
    size_t kept = 0;

    for (size_t k = 0; k < e->n_open; k++)
        if (e->open[k].event != i->event)
            e->open[kept++] = e->open[k];
    e->n_open = kept;
    if (!i->is_end && i->event->duration_s > 0.0)
        e->open[e->n_open++] = (stretch){i->unit, i->event};
}

static sei_status apply_hold(sei_run_events *e, sei_train *train, size_t u)
{
    const hold            h    = open_stretches(e, u);
    const sei_plant_unit *unit = sei_plant_unit_at(e->plant, u);
    sei_status            st   = SEI_OK;

    if (unit->has_overflow)
        st = sei_train_set_take(e->ctx, train, unit->first_cell, 1.0 - h.led_around);
    if (st == SEI_OK && unit->has_overflow)
        st = sei_train_set_flow_max(e->ctx, train, unit->first_cell,
                                    h.flow_max_m3_s * SEI_WATER_KG_M3);
    sei_plant_scale_gas(e->plant, train, u, h.gas);
    sei_plant_scale_supply(e->plant, train, u, h.gas);
    return st;
}

static sei_status act(sei_run_events *e, sei_train *train, const instant *i)
{
    const sei_event_spec *v = i->event;

    if (i->is_end)
        return SEI_OK;
    switch (v->kind) {
    case SEI_EVENT_ADD:
        return sei_plant_add_medium(e->ctx, e->plant, train, i->unit, v->layer, v->medium, v->kg,
                                    NULL);
    case SEI_EVENT_CLEAN:
        return sei_plant_clean(e->ctx, e->plant, train, i->unit, v->layer, v->share);
    case SEI_EVENT_RENEW: return sei_plant_renew(e->ctx, e->plant, train, i->unit, v->layer);
    default: return SEI_OK;
    }
}

sei_status sei_run_events_apply(sei_run_events *e, sei_train *train, double t_s)
{
    sei_status st   = SEI_OK;
    bool       some = false;

    while (e->at < e->n && e->list[e->at].t_s <= t_s && st == SEI_OK) {
        const instant *i = &e->list[e->at++];
        open_or_close(e, i);
        st = act(e, train, i);
        if (st == SEI_OK)
            st = apply_hold(e, train, i->unit);
        some = true;
    }
    if (some)
        sei_train_restart_step(train);
    return st;
}

size_t sei_run_events_done(const sei_run_events *e)
{
    return e->at;
}

sei_status sei_run_events_skip(sei_run_events *e, size_t n)
{
    if (n > e->n)
        return sei_fail(e->ctx, SEI_E_RANGE, NULL,
                        "%zu instants of events are done, but there are %zu", n, e->n);
    while (e->at < n)
        open_or_close(e, &e->list[e->at++]);
    return SEI_OK;
}
