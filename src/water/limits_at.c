/* limits_at.c - the limits that hold at a site on a day */
#include <string.h>

#include "water/limits.h"

bool sei_limits_has_law(const sei_limits_site *site)
{
    return site->table && site->table[0] && strcmp(site->table, "none") != 0;
}

/* Mean daily discharge at which most sites lie; a site that does not know its own is judged. */
static bool discharge_fits(const sei_limit_row *row, const sei_limits_site *site)
{
    return site->discharge_m3_d < 0 || site->discharge_m3_d >= row->min_discharge_m3_d;
}

static bool row_applies(const sei_limit_row *row, const sei_limits_site *site, int64_t time_us)
{
    const sei_limit *l = &row->limit;

    if (strcmp(l->table, site->table) != 0 || time_us < l->from_us || time_us >= l->to_us)
        return false;
    if (l->industry[0] && (!site->industry || strcmp(l->industry, site->industry) != 0))
        return false;
    if (row->water == SEI_WATER_LAND && site->to_sea)
        return false;
    if (row->water == SEI_WATER_SEA && !site->to_sea)
        return false;
    if (row->designated && !site->designated_water)
        return false;
    return discharge_fits(row, site);
}

static bool has_none(const sei_limit *l)
{
    return !l->has_min && !l->has_max && l->statistic != SEI_LIMIT_NOT_DETECTED;
}

typedef struct {
    sei_limit *limits;
    size_t     n;
} found;

/* The limit of a statistic among those found; NULL when there is none. */
static sei_limit *of_statistic(const found *f, sei_limit_statistic statistic)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->limits[i].statistic == statistic)
            return &f->limits[i];
    return NULL;
}

/* A row of the industry replaces the general one; among equals the later row does. */
static void put(found *f, const sei_limit *limit)
{
    sei_limit *same = of_statistic(f, limit->statistic);

    if (!same && f->n < SEI_LIMITS_AT_MAX)
        f->limits[f->n++] = *limit;
    else if (same && (limit->industry[0] || !same->industry[0]))
        *same = *limit;
}

static void take_law(const sei_limits *limits, const sei_limits_site *site,
                     const sei_quantity *quantity, sei_fraction fraction, int64_t time_us, found *f)
{
    for (size_t i = 0; sei_limits_has_law(site) && i < limits->n; i++) {
        const sei_limit *l = &limits->rows[i].limit;
        if (l->quantity == quantity && l->fraction == fraction &&
            row_applies(&limits->rows[i], site, time_us))
            put(f, l);
    }
    for (size_t i = 0; i < f->n; i++) {
        if (!has_none(&f->limits[i]))
            continue;
        f->limits[0] = f->limits[i]; /* "no limit applies" stands for all statistics */
        f->n         = 1;
    }
}

static bool rule_applies(const sei_limit_rule *r, const sei_quantity *quantity,
                         sei_fraction fraction, int64_t time_us)
{
    const bool every = !r->quantity && r->kind == SEI_RULE_EXEMPT;

    return (every || (r->quantity == quantity && r->fraction == fraction)) &&
           time_us >= r->from_us && time_us < r->to_us;
}

static sei_limit of_rule(const sei_limit_rule *r, const sei_quantity *quantity,
                         sei_fraction fraction)
{
    return (sei_limit){
        .table      = "",
        .item       = quantity->name_ja,
        .quantity   = quantity,
        .fraction   = fraction,
        .has_min    = r->kind != SEI_RULE_EXEMPT && r->has_min,
        .has_max    = r->kind != SEI_RULE_EXEMPT && r->has_max,
        .min_si     = r->min_si,
        .max_si     = r->max_si,
        .unit       = sei_quantity_unit(quantity),
        .statistic  = r->statistic,
        .from_us    = r->from_us,
        .to_us      = r->to_us,
        .industry   = "",
        .applies_if = "",
        .source     = r->reason ? r->reason : "",
        .status     = SEI_LIMIT_SITE,
        .note       = "",
        .is_target  = r->kind == SEI_RULE_TARGET,
    };
}

/* The stricter side of both counts; the limit is the site's when one of its sides does. */
static void tighten(sei_limit *law, const sei_limit *own)
{
    const bool min  = own->has_min && (!law->has_min || own->min_si > law->min_si);
    const bool max  = own->has_max && (!law->has_max || own->max_si < law->max_si);
    sei_limit  both = *own;

    if (!min && !max)
        return;
    if (!min) {
        both.has_min = law->has_min;
        both.min_si  = law->min_si;
    }
    if (!max) {
        both.has_max = law->has_max;
        both.max_si  = law->max_si;
    }
    both.from_us = own->from_us > law->from_us ? own->from_us : law->from_us;
    both.to_us   = own->to_us < law->to_us ? own->to_us : law->to_us;
    both.item    = law->item;
    both.unit    = law->unit;
    *law         = both;
}

static void override(found *f, const sei_limit *own)
{
    sei_limit *law = of_statistic(f, own->statistic);

    if (f->n == 1 && has_none(&f->limits[0])) { /* the site's value stands alone */
        f->limits[0] = *own;
        return;
    }
    if (law)
        tighten(law, own);
    else if (f->n < SEI_LIMITS_AT_MAX)
        f->limits[f->n++] = *own;
}

size_t sei_limits_at(const sei_limits *limits, const sei_limits_site *site,
                     const sei_quantity *quantity, sei_fraction fraction, int64_t time_us,
                     sei_limit ret_limits[SEI_LIMITS_AT_MAX])
{
    found f       = {ret_limits, 0};
    bool  targets = false;

    take_law(limits, site, quantity, fraction, time_us, &f);
    /* First what takes the law away, then what is added, whatever the order in the site file. */
    for (size_t i = 0; i < site->n_rules; i++) {
        const sei_limit_rule *r = &site->rules[i];
        if (!rule_applies(r, quantity, fraction, time_us) || r->kind == SEI_RULE_OVERRIDE)
            continue;
        const sei_limit own = of_rule(r, quantity, fraction);
        if (r->kind == SEI_RULE_TARGET && !targets)
            f.n = 0;
        if (r->kind == SEI_RULE_EXEMPT && targets)
            continue;
        if (r->kind == SEI_RULE_EXEMPT) {
            ret_limits[0] = own;
            f.n           = 1;
        } else {
            put(&f, &own);
            targets = true;
        }
    }
    for (size_t i = 0; i < site->n_rules; i++) {
        const sei_limit_rule *r = &site->rules[i];
        if (r->kind != SEI_RULE_OVERRIDE || !rule_applies(r, quantity, fraction, time_us))
            continue;
        const sei_limit own = of_rule(r, quantity, fraction);
        override(&f, &own);
    }
    return f.n;
}
