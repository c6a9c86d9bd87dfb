/*
 * sta_many.c - filters along navigations to many entities (sta11 section 9.3.3.5)
 *
 * A filter of Things by "Datastreams/Observations/result" holds when it holds for one choice of a Datastream and of an
 * Observation of it. All paths of the filter that begin alike mean the same choice, as in a join of tables: "A/x gt 1 and
 * A/y lt 2" asks for one A with both. Where there is nothing to choose the path has no value, like any property that is null.
 */
#include <string.h>

#include "server/sta.h"

enum {
    /* entities looked through that cost as much as one point of a plain list */
    CHECKS_PER_WORK = 32,
    /* a point or entity that is tried costs more: it is walked to, and its filter has longer paths */
    WORK_PER_CHOICE = 10
};

typedef struct {
    sta_world        *w;
    const sta_entity *entity;
    const sta_node   *filter;
    sta_choices      *choices;
    bool              holds;
} search;

/* ---- which navigations to many a filter goes along -------------------------------------------------------- */

static sei_status add_choice(sta_world *w, sta_choices *c, const char *path, size_t len,
                             const sta_nav *nav)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->at[i].len == len && strncmp(c->at[i].path, path, len) == 0)
            return SEI_OK;
    if (c->n == STA_CHOICES_MAX)
        return sei_fail(w->req->ctx, SEI_E_UNSUPPORTED, NULL,
                        "$filter: more than %d navigations to many", STA_CHOICES_MAX);
    c->at[c->n++] = (sta_choice){.path = path, .len = len, .nav = nav};
    return SEI_OK;
}

/* The shorter ones of a path come first. */
static sei_status gather_path(sta_world *w, sta_set set, const char *path, sta_choices *c)
{
    sei_status st = SEI_OK;

    for (const char *word = path; st == SEI_OK;) {
        const size_t   len = strcspn(word, "/");
        const sta_nav *nav = word[len] ? sta_nav_find(set, word, len) : NULL;
        if (!nav)
            break;
        if (nav->is_many && !sta_is_only_one(set, nav))
            st = add_choice(w, c, path, (size_t)(word - path) + len, nav);
        set = nav->set;
        word += len + 1;
    }
    return st;
}

static sei_status gather(sta_world *w, sta_set set, const sta_node *n, sta_choices *c)
{
    sei_status st = SEI_OK;

    if (n->is == STA_PATH)
        return gather_path(w, set, n->path, c);
    for (size_t i = 0; n->is == STA_CALL && i < n->n && st == SEI_OK; i++)
        st = gather(w, set, n->args[i], c);
    return st;
}

/* ---- trying them ------------------------------------------------------------------------------------------ */

static sei_status try_from(search *s, size_t level);

sei_status sta_work(sta_world *w, size_t n)
{
    w->work += n;
    if (w->work <= STA_WORK_MAX)
        return SEI_OK;
    return sei_fail(w->req->ctx, SEI_E_TOO_LARGE, NULL,
                    "more than %d points to look at: ask for a shorter span of phenomenonTime",
                    STA_WORK_MAX);
}

static sei_status try_all_chosen(search *s)
{
    sta_at     at    = {s->w, s->entity, s->choices};
    sta_value  value = {.kind = STA_NULL};
    sei_status st =
        sta_eval(s->w->req->ctx, &s->w->scratch, s->filter, sta_lookup_entity, &at, &value);

    sei_arena_done(&s->w->scratch);
    if (st == SEI_OK && value.kind != STA_BOOL && value.kind != STA_NULL)
        st = sei_fail(s->w->req->ctx, SEI_E_TYPE, NULL, "$filter is no truth value");
    s->holds = st == SEI_OK && value.kind == STA_BOOL && value.number != 0.0;
    return st;
}

typedef struct {
    search *s;
    size_t  level, channel;
    bool    any;
} points_search;

static sei_status try_portion(void *user, const sei_points *points, bool *ret_stop)
{
    points_search *p  = user;
    sei_status     st = SEI_OK;

    p->any = true;
    for (size_t i = 0; i < points->n && st == SEI_OK && !p->s->holds; i++) {
        p->s->choices->at[p->level].entity =
            (sta_entity){.set = STA_OBSERVATIONS, .at = p->channel, .point = points->at[i]};
        st = sta_work(p->s->w, WORK_PER_CHOICE);
        if (st == SEI_OK)
            st = try_from(p->s, p->level + 1);
    }
    *ret_stop = p->s->holds;
    return st;
}

/* Points of the channels of base, those that comparisons of their time leave. */
static sei_status try_points(search *s, size_t level, const sta_entity *base, bool *ret_any)
{
    sta_choice   *c      = &s->choices->at[level];
    points_search p      = {s, level, 0, false};
    sta_span      limits = sta_whole_span();
    sei_status    st     = SEI_OK;

    sta_narrow(s->filter, c->path, c->len, &limits);
    for (size_t i = 0; i < s->w->n_channels && st == SEI_OK && !s->holds; i++) {
        const sta_entity e = {.set = STA_OBSERVATIONS, .at = i};
        if (!sta_is_related(s->w, base, c->nav, &e))
            continue;
        p.channel = i;
        c->is_set = true;
        st        = sei_store_walk(s->w->req->store, s->w->channels[i].id, limits.from_us,
                                   limits.to_us + 1, false, try_portion, &p);
    }
    *ret_any = p.any;
    return st;
}

static sei_status try_entities(search *s, size_t level, const sta_entity *base, bool *ret_any)
{
    sta_choice  *c     = &s->choices->at[level];
    const size_t total = sta_count(s->w, c->nav->set);
    sei_status   st    = sta_work(s->w, total / CHECKS_PER_WORK);

    for (size_t i = 0; i < total && st == SEI_OK && !s->holds; i++) {
        const sta_entity e = {.set = c->nav->set, .at = i};
        if (!sta_is_related(s->w, base, c->nav, &e))
            continue;
        *c       = (sta_choice){c->path, c->len, c->nav, true, e};
        *ret_any = true;
        st       = sta_work(s->w, WORK_PER_CHOICE);
        if (st == SEI_OK)
            st = try_from(s, level + 1);
    }
    return st;
}

/* Tries what the navigations from level on lead to, under what those before are set to. */
static sei_status try_from(search *s, size_t level)
{
    sta_entity base;
    bool       is_there = false, any = false;

    if (level == s->choices->n)
        return try_all_chosen(s);
    sta_choice *c = &s->choices->at[level];
    c->is_set     = false;
    sei_status st = sta_base_of(&(sta_at){s->w, s->entity, s->choices}, level, &base, &is_there);
    if (st == SEI_OK && is_there)
        st = c->nav->set == STA_OBSERVATIONS ? try_points(s, level, &base, &any)
                                             : try_entities(s, level, &base, &any);
    if (st != SEI_OK || any)
        return st;
    c->is_set = false; /* nothing to choose */
    return try_from(s, level + 1);
}

/* The navigations of a filter are looked up once, not for each of a million points. */
static sei_status choices_of(sta_world *w, sta_set set, const sta_node *filter)
{
    if (w->chosen_for == filter && w->chosen_set == set)
        return SEI_OK;
    w->choices          = (sta_choices){0};
    const sei_status st = gather(w, set, filter, &w->choices);
    w->chosen_for       = st == SEI_OK ? filter : NULL;
    w->chosen_set       = set;
    return st;
}

sei_status sta_holds(sta_world *w, const sta_entity *e, const sta_node *filter, bool *ret_holds)
{
    search     s  = {w, e, filter, &w->choices, true};
    sei_status st = SEI_OK;

    if (filter) {
        s.holds = false;
        st      = choices_of(w, e->set, filter);
        if (st == SEI_OK)
            st = try_from(&s, 0);
    }
    if (st == SEI_OK)
        *ret_holds = s.holds;
    return st;
}

/* sta11 section 9.3.3.2: a key of order is an expression with one primitive value for each entity, as in OData. */
sei_status sta_check_orders(sta_world *w, sta_set set, const sta_options *o)
{
    for (size_t i = 0; i < o->n_orders; i++) {
        sta_choices      many = {0};
        const sei_status st   = gather(w, set, o->orders[i].by, &many);
        if (st != SEI_OK)
            return st;
        if (many.n > 0)
            return sei_fail(w->req->ctx, SEI_E_ARG, NULL,
                            "$orderby: %.*s leads to several entities, but a key of order has one "
                            "value for each %s: order inside of $expand instead",
                            (int)many.at[0].len, many.at[0].path, sta_sets[set].one);
    }
    return SEI_OK;
}
