/* result_fig.c - the figures of a result: order, and what the families share */
#include "study/result_fig.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

static const struct {
    sei_fig_group group;
    void (*make)(sei_figs *figs);
} families[] = {
    {SEI_FIG_TRAIN, sei_figs_train},  {SEI_FIG_TRAIN, sei_figs_residence},
    {SEI_FIG_WATER, sei_figs_metals}, {SEI_FIG_WATER, sei_figs_temperature},
    {SEI_FIG_WATER, sei_figs_tanks},  {SEI_FIG_PROFILES, sei_figs_profiles},
    {SEI_FIG_BEDS, sei_figs_beds},    {SEI_FIG_BEDS, sei_figs_maps},
    {SEI_FIG_BEDS, sei_figs_sulfate}, {SEI_FIG_LOADS, sei_figs_sankeys},
    {SEI_FIG_LOADS, sei_figs_loads},
};

static double seconds(int64_t time_us)
{
    return (double)time_us / (double)SEI_US_PER_S;
}

sei_status sei_figs_make(const sei_digest *d, unsigned groups, sei_fig_take take, void *user)
{
    const sei_result *r    = d->result;
    sei_figs          figs = {.d = d, .r = r, .take = take, .user = user};

    figs.time_s = sei_alloc(d->ctx, r->n_times + 1, sizeof *figs.time_s);
    if (!figs.time_s)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < r->n_times; i++)
        figs.time_s[i] = seconds(r->time_us[i]);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (groups & families[i].group && figs.status == SEI_OK)
            families[i].make(&figs);
    sei_release(d->ctx, figs.time_s);
    return figs.status;
}

sei_figure *sei_fig_begin(sei_figs *figs, sei_figure_kind kind, const char *name, sei_label title)
{
    if (figs->status != SEI_OK)
        return NULL;
    sei_figure *figure = sei_figure_create(figs->d->ctx, kind, name, title);
    if (!figure)
        figs->status = SEI_E_NOMEM;
    sei_figure_set_utc_offset(figure, seconds(figs->r->site->utc_offset_us));
    return figure;
}

void sei_fig_end(sei_figs *figs, sei_figure *figure, sei_label caption)
{
    if (figs->status == SEI_OK && figure)
        figs->status = figs->take(figs->user, figure, caption);
    else
        sei_figure_free(figure);
}

double *sei_fig_array(sei_figs *figs, size_t n)
{
    if (figs->status != SEI_OK)
        return NULL;
    double *array = sei_alloc(figs->d->ctx, n + 1, sizeof *array);
    if (!array)
        figs->status = SEI_E_NOMEM;
    return array;
}

bool sei_fig_has_time(const sei_figs *figs)
{
    return figs->r->n_times > 1;
}

sei_axis sei_fig_axis(const sei_words *title, const sei_quantity_column *column, double largest_si)
{
    const bool   from_zero = column->unit && !column->quantity->signed_value;
    const double any       = 1e-9; /* opens the range to 0 and says nothing about its other end */
    const double room      = 1.02;
    const double upper     = fmax(any, room * sei_column_shown(column, largest_si));

    return (sei_axis){.title        = SEI_LABEL_OF(*title),
                      .unit         = sei_column_unit(column),
                      .upper        = from_zero ? upper : 0,
                      .without_zero = !from_zero};
}

/* ---- lines ------------------------------------------------------------------------------------ */

void sei_fig_line(sei_figs *figs, sei_figure *figure, size_t panel, sei_label label, sei_look look,
                  sei_colour colour, size_t n, const double x[], const double y[])
{
    if (figs->status != SEI_OK || n == 0)
        return;
    sei_point_flag *flag = sei_alloc(figs->d->ctx, n, sizeof *flag);
    if (!flag) {
        figs->status = SEI_E_NOMEM;
        return;
    }
    for (size_t i = 0; i < n; i++)
        flag[i] = isfinite(y[i]) ? SEI_POINT_GOOD : SEI_POINT_MISSING;
    const sei_line line = {
        .label = label, .look = look, .colour = colour, .n = n, .x = x, .y = y, .flag = flag};
    sei_figure_add_line(figure, panel, &line);
    sei_release(figs->d->ctx, flag);
}

bool sei_fig_is_shown(const sei_figs *figs, size_t time, size_t watch)
{
    return time >= figs->d->first || watch == figs->d->raw;
}

void sei_fig_column(sei_figs *figs, sei_figure *figure, size_t panel, size_t watch, size_t column,
                    sei_label label, sei_look look, sei_colour colour)
{
    const sei_result *r = figs->r;
    double           *y = sei_fig_array(figs, r->n_times);
    double            si;

    for (size_t i = 0; y && i < r->n_times; i++)
        y[i] = sei_fig_is_shown(figs, i, watch) && sei_digest_value(figs->d, i, watch, column, &si)
                   ? sei_column_shown(&r->columns[column], si)
                   : SEI_NO_NUMBER;
    if (y)
        sei_fig_line(figs, figure, panel, label, look, colour, r->n_times, figs->time_s, y);
    sei_release(figs->d->ctx, y);
}

static sei_point_flag point_flag(sei_qc qc)
{
    switch (qc) {
    case SEI_QC_GOOD:
    case SEI_QC_ESTIMATED: return SEI_POINT_GOOD;
    case SEI_QC_BELOW_LOQ: return SEI_POINT_BELOW;
    case SEI_QC_SUSPECT: return SEI_POINT_SUSPECT;
    case SEI_QC_BAD:
    case SEI_QC_MISSING: break;
    }
    return SEI_POINT_MISSING;
}

/* Samples within the run; those before and after it would only stretch the axis. */
static void put_series(sei_figs *figs, sei_figure *figure, size_t panel, const sei_series *s,
                       const sei_quantity_column *column, sei_label label, sei_colour colour)
{
    const sei_result *r    = figs->r;
    double           *x    = sei_fig_array(figs, s->n);
    double           *y    = sei_fig_array(figs, s->n);
    sei_point_flag   *flag = sei_alloc(figs->d->ctx, s->n + 1, sizeof *flag);
    size_t            n    = 0;

    for (size_t i = 0; x && y && flag && i < s->n; i++) {
        const sei_value v = sei_series_value(s, i);
        if (s->time_us[i] < r->time_us[0] || s->time_us[i] > r->time_us[r->n_times - 1])
            continue;
        x[n]    = seconds(s->time_us[i]);
        y[n]    = sei_column_shown(column, v.value_si);
        flag[n] = point_flag(v.qc);
        n++;
    }
    const sei_line line = {.label  = label,
                           .look   = SEI_LOOK_POINTS,
                           .colour = colour,
                           .n      = n,
                           .x      = x,
                           .y      = y,
                           .flag   = flag};
    if (n > 0)
        sei_figure_add_line(figure, panel, &line);
    if (!flag && figs->status == SEI_OK)
        figs->status = SEI_E_NOMEM;
    sei_release(figs->d->ctx, x);
    sei_release(figs->d->ctx, y);
    sei_release(figs->d->ctx, flag);
}

void sei_fig_observed(sei_figs *figs, sei_figure *figure, size_t panel, const char *unit,
                      const sei_quantity_column *column, sei_label label, sei_colour colour)
{
    const sei_site *site = figs->r->site;

    for (size_t i = 0; i < site->n_observations; i++) {
        if (strcmp(site->observations[i].unit, unit) != 0)
            continue;
        const sei_series *s = sei_series_set_find(site->observations[i].series,
                                                  column->quantity->key, column->fraction);
        if (s && s->n > 0)
            put_series(figs, figure, panel, s, column, label, colour);
    }
}

/* ---- limits and seasons ----------------------------------------------------------------------- */

/* "排水基準", "管理目標値 上限" ...: whose limit it is and which side. */
static sei_words limit_name(const sei_limit *l, bool is_max)
{
    sei_words w = sei_words_of("基準値", "limit");

    if (l->is_target)
        w = sei_words_of("管理目標値", "site target");
    else if (l->status == SEI_LIMIT_SITE)
        w = sei_words_of("上乗せ・協定値", "site limit");
    else if (strcmp(l->table, "effluent") == 0)
        w = sei_words_of("排水基準", "effluent standard");
    else if (strcmp(l->table, "environment") == 0)
        w = sei_words_of("環境基準", "environmental standard");
    else if (strcmp(l->table, "farm_water") == 0)
        w = sei_words_of("農業用水基準", "farm water guide");
    if (l->has_min && l->has_max)
        sei_words_add(&w, is_max ? "上限" : "下限", is_max ? ", upper" : ", lower");
    if (l->statistic == SEI_LIMIT_DAILY_MEAN || l->statistic == SEI_LIMIT_ANNUAL_MEAN) {
        const sei_label s = sei_statistic_label(l->statistic);
        sei_words_add(&w, "(", " (");
        sei_words_add(&w, s.ja, s.en);
        sei_words_add(&w, ")", ")");
    }
    if (l->status == SEI_LIMIT_UNVERIFIED)
        sei_words_add(&w, "(未確認)", " (unverified)");
    return w;
}

enum { STEPS_MAX = 64 };

static bool step_of(const sei_quantity_column *column, const sei_compliance *c, bool is_max,
                    sei_limit_step *ret)
{
    if (is_max ? !c->limit.has_max : !c->limit.has_min)
        return false;
    *ret = (sei_limit_step){seconds(c->start_us), seconds(c->end_us),
                            sei_column_shown(column, is_max ? c->limit.max_si : c->limit.min_si)};
    return true;
}

/* The steps of one statistic and side; equal neighbours become one, the first and the last reach to
 * the ends of the axis. */
static void put_side(sei_figs *figs, sei_figure *figure, size_t panel, size_t column,
                     sei_limit_statistic statistic, bool is_max)
{
    const sei_column_judged *j = &figs->d->fiscal[column];
    sei_limit_step           step[STEPS_MAX], next;
    const sei_limit         *named = NULL;
    size_t                   n     = 0;

    for (size_t i = 0; i < j->n && n < STEPS_MAX; i++) {
        const sei_compliance *c = &j->results[i];
        if (c->limit.statistic != statistic ||
            !step_of(&figs->r->columns[column], c, is_max, &next))
            continue;
        named = &c->limit;
        if (n > 0 && !(step[n - 1].value < next.value) && !(step[n - 1].value > next.value))
            step[n - 1].to = next.to;
        else
            step[n++] = next;
    }
    if (n == 0)
        return;
    if (step[0].from <= figs->time_s[0])
        step[0].from = -(double)INFINITY;
    if (step[n - 1].to >= figs->time_s[figs->r->n_times - 1])
        step[n - 1].to = (double)INFINITY;
    const sei_words name = limit_name(named, is_max);
    sei_figure_add_limit_steps(figure, panel, SEI_LABEL_OF(name), n, step);
}

void sei_fig_limits(sei_figs *figs, sei_figure *figure, size_t panel, size_t column)
{
    static const sei_limit_statistic statistics[] = {SEI_LIMIT_EACH_SAMPLE, SEI_LIMIT_DAILY_MEAN,
                                                     SEI_LIMIT_ANNUAL_MEAN};

    for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++) {
        put_side(figs, figure, panel, column, statistics[i], true);
        put_side(figs, figure, panel, column, statistics[i], false);
    }
}

static void put_wash_out(sei_figs *figs, sei_figure *figure)
{
    if (figs->d->first > 0)
        sei_figure_add_span(figure, SEI_SPAN_EVENT,
                            SEI_L("初期水の押出し(非表示)", "wash-out (not drawn)"),
                            figs->time_s[0], figs->time_s[figs->d->first]);
}

void sei_fig_winters(sei_figs *figs, sei_figure *figure)
{
    const sei_site *site  = figs->r->site;
    const int64_t   first = figs->r->time_us[0], last = figs->r->time_us[figs->r->n_times - 1];
    enum { YEARS_MAX = 12 };

    if (site->climate.air.kind != SEI_CLIMATE_MONTHLY &&
        site->climate.air.kind != SEI_CLIMATE_SERIES)
        return;
    const int from = sei_time_to_civil(first, site->utc_offset_us).year - 1;
    const int to   = sei_time_to_civil(last, site->utc_offset_us).year;
    for (int year = from; year <= to && to - from <= YEARS_MAX; year++) {
        const sei_civil december = {.year = year, .month = 12, .day = 1};
        const sei_civil march    = {.year = year + 1, .month = 3, .day = 1};
        int64_t         begin    = sei_time_from_civil(&december, site->utc_offset_us);
        int64_t         end      = sei_time_from_civil(&march, site->utc_offset_us);
        begin                    = begin < first ? first : begin;
        end                      = end > last ? last : end;
        if (begin < end)
            sei_figure_add_span(figure, SEI_SPAN_SEASON, SEI_L("冬季", "winter"), seconds(begin),
                                seconds(end));
    }
}

void sei_fig_seasons(sei_figs *figs, sei_figure *figure)
{
    put_wash_out(figs, figure);
    sei_fig_winters(figs, figure);
}
