/* result_flow.c - who feeds whom in a site's train, for figures and loads */
#include "study/result_flow.h"

#include <string.h>

/* Shares such as 1/3 + 1/3 + 1/3 may miss 1 by rounding. */
static const double share_slack = 1e-9;

size_t sei_flow_n_feeds(const sei_site *site, size_t unit)
{
    return site->units[unit].n_feeds ? site->units[unit].n_feeds : 1;
}

sei_flow_feed sei_flow_feed_at(const sei_site *site, size_t unit, size_t k)
{
    const sei_unit_spec *spec = &site->units[unit];

    if (spec->n_feeds == 0)
        return (sei_flow_feed){unit > 0 ? unit - 1 : SEI_FLOW_RAW, 1.0};
    const size_t from = sei_site_find_unit(site, spec->feeds[k].from);
    return (sei_flow_feed){from < site->n_units ? from : SEI_FLOW_RAW, spec->feeds[k].fraction};
}

double sei_flow_rest(const sei_site *site, size_t source)
{
    double rest = 1;

    for (size_t u = 0; u < site->n_units; u++)
        for (size_t k = 0; k < sei_flow_n_feeds(site, u); k++) {
            const sei_flow_feed feed = sei_flow_feed_at(site, u, k);
            if (feed.from == source)
                rest -= feed.share;
        }
    return rest > share_slack ? rest : 0;
}

size_t sei_flow_watch(const sei_result *r, size_t source)
{
    for (size_t w = 0; w < r->n_watches; w++) {
        const sei_watch *watch = &r->watches[w];
        if (source == SEI_FLOW_RAW ? watch->kind == SEI_WATCH_RAW
                                   : watch->kind == SEI_WATCH_UNIT && watch->unit == source)
            return w;
    }
    return SIZE_MAX;
}

static size_t largest_source(const sei_site *site, size_t unit)
{
    sei_flow_feed best = sei_flow_feed_at(site, unit, 0);

    for (size_t k = 1; k < sei_flow_n_feeds(site, unit); k++) {
        const sei_flow_feed feed = sei_flow_feed_at(site, unit, k);
        if (feed.share > best.share)
            best = feed;
    }
    return best.from;
}

size_t sei_flow_path(const sei_site *site, size_t unit, size_t path[])
{
    size_t n = 0;

    /* a circle is no plant; the count bounds the walk all the same */
    for (size_t u = unit; u != SEI_FLOW_RAW && n < site->n_units; u = largest_source(site, u))
        path[n++] = u;
    for (size_t i = 0; i < n / 2; i++) {
        const size_t other = path[n - 1 - i];
        path[n - 1 - i]    = path[i];
        path[i]            = other;
    }
    return n;
}
