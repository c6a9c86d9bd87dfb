/* flow.c - who feeds whom: names, shares, order of layout, design flows, outlets */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "plant/assembly.h"

/* Shares such as 1/3 + 1/3 + 1/3 may miss 1 by rounding. */
static const double share_slack = 1e-9;

static const char *source_name(const sei_plant *plant, int source)
{
    return source >= 0 ? plant->spec.units[source].name
                       : plant->inflow_names[SEI_FROM_INFLOW - source];
}

static sei_status find_source(sei_ctx *ctx, const sei_plant *plant, const sei_unit_spec *spec,
                              const char *name, int *ret_source)
{
    const char *words[SEI_PLANT_UNITS_MAX + SEI_PLANT_INFLOWS_MAX];
    size_t      n = 0;

    if (!name)
        return sei_fail(ctx, SEI_E_MISSING, sei_unit_where(spec),
                        "unit \"%s\": a feed does not say where its water comes from", spec->name);
    for (size_t b = 0; b < plant->spec.n_inflows; b++) {
        if (strcmp(plant->inflow_names[b], name) == 0) {
            *ret_source = SEI_FROM_INFLOW - (int)b;
            return SEI_OK;
        }
        words[n++] = plant->inflow_names[b];
    }
    for (size_t u = 0; u < plant->spec.n_units; u++) {
        if (strcmp(plant->spec.units[u].name, name) == 0) {
            *ret_source = (int)u;
            return SEI_OK;
        }
        words[n++] = plant->spec.units[u].name;
    }
    const char *near = sei_nearest(name, words, n);
    if (near)
        return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(spec),
                        "unit \"%s\" takes water from \"%s\", which is not here: did you mean "
                        "\"%s\"?",
                        spec->name, name, near);
    return sei_fail(ctx, SEI_E_NOT_FOUND, sei_unit_where(spec),
                    "unit \"%s\" takes water from \"%s\", which is not here: name another unit or "
                    "\"%s\"",
                    spec->name, name, plant->inflow_names[0]);
}

static sei_status resolve_feeds(sei_ctx *ctx, sei_plant *plant, size_t u)
{
    const sei_unit_spec *spec  = &plant->spec.units[u];
    const size_t         n     = spec->n_feeds ? spec->n_feeds : 1;
    sei_plant_feed      *feeds = sei_arena_alloc(&plant->arena, n, sizeof *feeds);

    if (!feeds)
        return SEI_E_NOMEM;
    feeds[0] = (sei_plant_feed){.source = u > 0 ? (int)u - 1 : SEI_FROM_INFLOW, .fraction = 1.0};
    for (size_t k = 0; k < spec->n_feeds; k++) {
        const sei_feed_spec *feed = &spec->feeds[k];
        const sei_status     st   = find_source(ctx, plant, spec, feed->from, &feeds[k].source);
        if (st != SEI_OK)
            return st;
        if (feeds[k].source == (int)u)
            return sei_fail(ctx, SEI_E_ARG, sei_unit_where(spec),
                            "unit \"%s\" feeds itself: name another unit", spec->name);
        if (!(feed->fraction > 0.0 && feed->fraction <= 1.0))
            return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(spec),
                            "unit \"%s\" takes the share %g of \"%s\": a share is above 0 and at "
                            "most 1",
                            spec->name, feed->fraction, feed->from);
        feeds[k].fraction = feed->fraction;
    }
    plant->feeds[u]   = feeds;
    plant->n_feeds[u] = n;
    return SEI_OK;
}

static sei_status claim_shares(sei_ctx *ctx, sei_plant *plant)
{
    for (size_t u = 0; u < plant->spec.n_units; u++)
        for (size_t k = 0; k < plant->n_feeds[u]; k++) {
            const sei_plant_feed *feed    = &plant->feeds[u][k];
            double               *claimed = feed->source >= 0
                                                ? &plant->units[feed->source].claimed
                                                : &plant->inflow_claimed[SEI_FROM_INFLOW - feed->source];

            if (*claimed + feed->fraction > 1.0 + share_slack)
                return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(&plant->spec.units[u]),
                                "unit \"%s\" takes the share %g of \"%s\", of which only %g is "
                                "left: the shares of one source must not exceed 1",
                                plant->spec.units[u].name, feed->fraction,
                                source_name(plant, feed->source), fmax(0.0, 1.0 - *claimed));
            *claimed = fmin(1.0, *claimed + feed->fraction);
        }
    return SEI_OK;
}

/* Walks upstream among units that could not be laid out until one comes twice. */
static sei_status fail_circle(sei_ctx *ctx, const sei_plant *plant, const bool done[], size_t start)
{
    size_t  path[SEI_PLANT_UNITS_MAX] = {0}, n = 0, first = 0;
    bool    seen[SEI_PLANT_UNITS_MAX] = {false};
    size_t  u                         = start;
    sei_buf names;

    while (!seen[u]) {
        size_t k  = 0;
        seen[u]   = true;
        path[n++] = u;
        while (plant->feeds[u][k].source < 0 || done[plant->feeds[u][k].source])
            k++;
        u = (size_t)plant->feeds[u][k].source;
    }
    while (path[first] != u)
        first++;

    sei_buf_init(&names, ctx, 1024);
    for (size_t i = n; i-- > first;) /* upstream order turned round: as the water flows */
        sei_buf_printf(&names, "%s\"%s\"", names.len ? ", " : "", plant->spec.units[path[i]].name);
    const sei_status st =
        sei_fail(ctx, SEI_E_ARG, sei_unit_where(&plant->spec.units[u]),
                 "units %s feed each other in a circle: water flows downstream only; change the "
                 "\"from\" of one of them",
                 names.text ? names.text : "");
    sei_buf_done(&names);
    return st;
}

/* Earliest unit in the list whose sources are all laid out comes next. */
static sei_status find_order(sei_ctx *ctx, sei_plant *plant)
{
    bool done[SEI_PLANT_UNITS_MAX] = {false};

    for (size_t i = 0; i < plant->spec.n_units; i++) {
        size_t next = plant->spec.n_units, blocked = plant->spec.n_units;

        for (size_t u = plant->spec.n_units; u-- > 0;) {
            bool ready = !done[u];
            for (size_t k = 0; ready && k < plant->n_feeds[u]; k++)
                ready = plant->feeds[u][k].source < 0 || done[plant->feeds[u][k].source];
            if (ready)
                next = u;
            else if (!done[u])
                blocked = u;
        }
        if (next == plant->spec.n_units)
            return fail_circle(ctx, plant, done, blocked);
        done[next]      = true;
        plant->order[i] = next;
    }
    return SEI_OK;
}

static void find_flows(sei_plant *plant)
{
    for (size_t i = 0; i < plant->spec.n_units; i++) {
        const size_t    u    = plant->order[i];
        sei_plant_unit *unit = &plant->units[u];

        for (size_t k = 0; k < plant->n_feeds[u]; k++) {
            const sei_plant_feed *feed = &plant->feeds[u][k];
            const double          flow = feed->source >= 0
                                             ? plant->units[feed->source].flow_m3_s
                                             : plant->spec.inflow_m3_s[SEI_FROM_INFLOW - feed->source];
            unit->flow_m3_s += feed->fraction * flow;
        }
    }
}

sei_status sei_plant_route(sei_ctx *ctx, sei_plant *plant)
{
    sei_status st = SEI_OK;

    for (size_t u = 0; st == SEI_OK && u < plant->spec.n_units; u++)
        st = resolve_feeds(ctx, plant, u);
    if (st == SEI_OK)
        st = claim_shares(ctx, plant);
    if (st == SEI_OK)
        st = find_order(ctx, plant);
    if (st == SEI_OK)
        find_flows(plant);
    return st;
}

sei_status sei_plant_find_outlets(sei_ctx *ctx, sei_plant *plant)
{
    const size_t n = plant->spec.n_units + plant->spec.n_inflows;

    (void)ctx;
    plant->outlets = sei_arena_alloc(&plant->arena, n, sizeof *plant->outlets);
    if (!plant->outlets)
        return SEI_E_NOMEM;
    for (size_t u = 0; u < plant->spec.n_units; u++) {
        const sei_plant_unit *unit = &plant->units[u];
        const double          rest = 1.0 - unit->claimed;
        if (rest <= share_slack)
            continue;
        plant->outlets[plant->n_outlets++] =
            (sei_plant_outlet){.kind      = SEI_OUTLET_DISCHARGE,
                               .name      = unit->spec->name,
                               .from      = (int)unit->outlet_cell,
                               .fraction  = rest,
                               .flow_m3_s = rest * unit->flow_m3_s};
    }
    for (size_t b = 0; b < plant->spec.n_inflows; b++) {
        const double rest = 1.0 - plant->inflow_claimed[b];
        if (rest <= share_slack)
            continue;
        plant->outlets[plant->n_outlets++] =
            (sei_plant_outlet){.kind      = SEI_OUTLET_BYPASS,
                               .name      = plant->inflow_names[b],
                               .from      = SEI_FROM_INFLOW - (int)b,
                               .fraction  = rest,
                               .flow_m3_s = rest * plant->spec.inflow_m3_s[b]};
    }
    return SEI_OK;
}
