/*
 * ensemble_chance.c - the chance of meeting each limit, by season and by year
 *
 * A member meets a limit on samples or daily means in a window when every output instant of the
 * window keeps to the limit that holds then; a limit on the annual mean when the mean of the
 * window's instants does. The chance is the share of the members that do. Instants before the
 * wash-out's end and instants without a discharge do not count.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "study/ensemble.h"

enum { STATISTICS = SEI_LIMIT_ANNUAL_MEAN + 1, WINDOWS_MAX = 1000, SEASONS = 4 };

typedef struct {
    int year, season; /* of the season: the winter has the year of its December */
    int fiscal_year;
} instant;

typedef struct {
    sei_ensemble *e;
    instant      *when;       /* [n_times] */
    double       *low, *high; /* limit by instant; infinite where there is none */
    sei_limit    *limit;      /* [n_times] */
    bool         *all;        /* [windows * n_ok] still meets all limits there */
    bool         *judged;     /* the same: some limit was held against it */
    size_t        n_windows;
    sei_window    windows[WINDOWS_MAX];
} finder;

/* ---- windows ---------------------------------------------------------------------------------- */

static instant instant_of(int64_t time_us, int64_t offset_us)
{
    const sei_civil c      = sei_time_to_civil(time_us, offset_us);
    const int       season = (c.month + 9) % 12 / 3; /* March 0 .. February 3 */

    return (instant){.year        = c.month <= 2 ? c.year - 1 : c.year,
                     .season      = season,
                     .fiscal_year = c.month <= 3 ? c.year - 1 : c.year};
}

static bool is_in(const sei_window *w, const instant *at)
{
    switch (w->kind) {
    case SEI_WINDOW_RUN: return true;
    case SEI_WINDOW_YEAR: return at->fiscal_year == w->year;
    case SEI_WINDOW_SEASON: return at->year == w->year && at->season == w->season;
    case SEI_WINDOW_ALL_SEASONS: return at->season == w->season;
    }
    return false;
}

static void add_window(finder *f, sei_window w)
{
    for (size_t i = 0; i < f->n_windows; i++)
        if (f->windows[i].kind == w.kind && f->windows[i].year == w.year &&
            f->windows[i].season == w.season)
            return;
    if (f->n_windows < WINDOWS_MAX)
        f->windows[f->n_windows++] = w;
}

static bool has_season(const finder *f, int season)
{
    for (size_t t = f->e->digest->first; t < f->e->nominal->n_times; t++)
        if (f->when[t].season == season)
            return true;
    return false;
}

static void make_windows(finder *f)
{
    const size_t first = f->e->digest->first, n = f->e->nominal->n_times;

    add_window(f, (sei_window){.kind = SEI_WINDOW_RUN});
    for (size_t t = first; t < n; t++)
        add_window(f, (sei_window){.kind = SEI_WINDOW_YEAR, .year = f->when[t].fiscal_year});
    for (int s = 0; s < SEASONS; s++)
        if (has_season(f, s))
            add_window(f, (sei_window){.kind = SEI_WINDOW_ALL_SEASONS, .season = s});
    for (size_t t = first; t < n; t++)
        add_window(f, (sei_window){.kind   = SEI_WINDOW_SEASON,
                                   .year   = f->when[t].year,
                                   .season = f->when[t].season});
}

sei_words sei_window_words(const sei_window *w)
{
    static const char *const ja[] = {"春(3–5月)", "夏(6–8月)", "秋(9–11月)", "冬(12–2月)"};
    static const char *const en[] = {"spring (Mar-May)", "summer (Jun-Aug)", "autumn (Sep-Nov)",
                                     "winter (Dec-Feb)"};
    char                     year_ja[32] = "", year_en[32] = "";
    sei_words                words = sei_words_of("", "");

    if (w->kind == SEI_WINDOW_RUN)
        return sei_words_of("全期間", "whole run");
    if (w->kind == SEI_WINDOW_YEAR) {
        snprintf(year_ja, sizeof year_ja, "%d年度", w->year);
        snprintf(year_en, sizeof year_en, "fiscal %d", w->year);
        return sei_words_of(year_ja, year_en);
    }
    if (w->kind == SEI_WINDOW_SEASON) {
        snprintf(year_ja, sizeof year_ja, "%d年 ", w->year);
        snprintf(year_en, sizeof year_en, "%d ", w->year);
    }
    sei_words_add(&words, year_ja, year_en);
    sei_words_add(&words, ja[w->season], en[w->season]);
    return words;
}

/* ---- one limit -------------------------------------------------------------------------------- */

/* Limits of a column and statistic at every instant; false when none applies anywhere. */
static bool find_limits(finder *f, size_t column, sei_limit_statistic statistic)
{
    const sei_result          *r   = f->e->nominal;
    const sei_quantity_column *c   = &r->columns[column];
    bool                       any = false;

    for (size_t t = 0; t < r->n_times; t++) {
        sei_limit    at[SEI_LIMITS_AT_MAX];
        const size_t n = sei_limits_at(r->site->limit_tables, &r->site->limits, c->quantity,
                                       c->fraction, r->time_us[t], at);
        f->low[t]      = -(double)INFINITY;
        f->high[t]     = (double)INFINITY;
        for (size_t i = 0; i < n; i++) {
            if (at[i].statistic != statistic || !(at[i].has_min || at[i].has_max))
                continue;
            f->low[t]   = at[i].has_min ? at[i].min_si : f->low[t];
            f->high[t]  = at[i].has_max ? at[i].max_si : f->high[t];
            f->limit[t] = at[i];
            any         = any || t >= f->e->digest->first;
        }
    }
    return any;
}

typedef struct {
    size_t n; /* instants that counted */
    bool   is_met;
} outcome;

static outcome judge(const finder *f, const sei_chance *c, size_t member, size_t kept)
{
    const sei_ensemble *e     = f->e;
    const size_t        times = e->nominal->n_times;
    const double       *v     = e->value + (member * e->n_kept + kept) * times;
    outcome             out   = {0, true};
    double              sum   = 0.0;
    size_t              last  = 0;

    for (size_t t = e->digest->first; t < times; t++) {
        if (!is_in(&c->window, &f->when[t]) || !isfinite(v[t]) || !e->flows[member * times + t] ||
            (isinf(f->low[t]) && isinf(f->high[t])))
            continue;
        out.is_met = out.is_met && v[t] >= f->low[t] && v[t] <= f->high[t];
        sum += v[t];
        last = t;
        out.n++;
    }
    if (c->statistic == SEI_LIMIT_ANNUAL_MEAN && out.n > 0) {
        const double mean = sum / (double)out.n;
        out.is_met        = mean >= f->low[last] && mean <= f->high[last];
    }
    return out;
}

static void last_limit(const finder *f, sei_chance *c)
{
    for (size_t t = f->e->digest->first; t < f->e->nominal->n_times; t++)
        if (is_in(&c->window, &f->when[t]) && !(isinf(f->low[t]) && isinf(f->high[t])))
            c->limit = f->limit[t];
}

/* One limit in every window. */
static void add_chances(finder *f, size_t kept, sei_limit_statistic statistic)
{
    sei_ensemble *e = f->e;

    for (size_t w = 0; w < f->n_windows; w++) {
        sei_chance c = {.column = e->kept[kept], .statistic = statistic, .window = f->windows[w]};
        for (size_t m = 0; m < e->n_ok; m++) {
            const outcome o = judge(f, &c, m, kept);
            if (o.n == 0)
                continue;
            c.n++;
            c.n_met += o.is_met;
            f->judged[w * e->n_ok + m] = true;
            f->all[w * e->n_ok + m]    = f->all[w * e->n_ok + m] && o.is_met;
        }
        last_limit(f, &c);
        if (c.n > 0)
            e->chances[e->n_chances++] = c;
    }
}

/* All limits together: what a discharge is judged by. */
static void add_all(finder *f)
{
    sei_ensemble *e = f->e;

    for (size_t w = 0; w < f->n_windows; w++) {
        sei_chance c = {.column = SIZE_MAX, .window = f->windows[w]};
        for (size_t m = 0; m < e->n_ok; m++) {
            c.n += f->judged[w * e->n_ok + m];
            c.n_met += f->judged[w * e->n_ok + m] && f->all[w * e->n_ok + m];
        }
        if (c.n > 0)
            e->chances[e->n_chances++] = c;
    }
}

/* ---- all -------------------------------------------------------------------------------------- */

static sei_status make_room(finder *f)
{
    sei_ensemble *e     = f->e;
    sei_arena    *arena = &e->arena;
    const size_t  n     = e->nominal->n_times;

    f->when = sei_arena_alloc(arena, n + 1, sizeof *f->when);
    for (size_t t = 0; f->when && t < n; t++)
        f->when[t] = instant_of(e->nominal->time_us[t], e->nominal->site->utc_offset_us);
    if (!f->when)
        return SEI_E_NOMEM;
    make_windows(f);
    f->low    = sei_arena_alloc(arena, n + 1, sizeof *f->low);
    f->high   = sei_arena_alloc(arena, n + 1, sizeof *f->high);
    f->limit  = sei_arena_alloc(arena, n + 1, sizeof *f->limit);
    f->all    = sei_arena_alloc(arena, f->n_windows * e->n_ok + 1, sizeof *f->all);
    f->judged = sei_arena_alloc(arena, f->n_windows * e->n_ok + 1, sizeof *f->judged);
    e->chances =
        sei_arena_alloc(arena, (e->n_kept * STATISTICS + 1) * f->n_windows, sizeof *e->chances);
    if (!f->low || !f->high || !f->limit || !f->all || !f->judged || !e->chances)
        return SEI_E_NOMEM;
    memset(f->all, true, f->n_windows * e->n_ok * sizeof *f->all);
    return SEI_OK;
}

sei_status sei_ensemble_find_chances(sei_ensemble *e)
{
    finder *f = sei_arena_alloc(&e->arena, 1, sizeof *f);

    if (!f)
        return SEI_E_NOMEM;
    if (!e->nominal->site->limit_tables)
        return SEI_OK;
    f->e                = e;
    const sei_status st = make_room(f);
    if (st != SEI_OK)
        return st;
    for (size_t k = 0; k < e->n_kept; k++)
        for (int s = 0; s < STATISTICS; s++)
            if (find_limits(f, e->kept[k], (sei_limit_statistic)s))
                add_chances(f, k, (sei_limit_statistic)s);
    add_all(f);
    return SEI_OK;
}

void sei_share_interval(size_t n, size_t n_met, double *ret_low, double *ret_high)
{
    const double z = 1.9599639845400542, size = (double)n, p = (double)n_met / size;
    const double middle = p + z * z / (2.0 * size);
    const double half   = z * sqrt(p * (1.0 - p) / size + z * z / (4.0 * size * size));
    const double scale  = 1.0 + z * z / size;

    *ret_low  = n_met == 0 ? 0.0 : (middle - half) / scale;
    *ret_high = n_met == n ? 1.0 : (middle + half) / scale;
}
