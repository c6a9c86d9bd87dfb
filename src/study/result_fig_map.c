/* result_fig_map.c - what a bed holds along the way of its water, through time */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "study/result_fig.h"

/* A picture needs some cells and some profiles. */
enum { CELLS_MIN = 3, PROFILES_MIN = 4, SOLUTES_MAX = 2, SOLIDS_MAX = 2 };

/* A bed and its map: rows are cells in the order of flow, columns are profiles. */
typedef struct {
    sei_figs *figs;
    size_t    unit, first_cell, n; /* its cells are neighbours */
    size_t    first; /* profile: that of time 0 shows the water that the bed was filled with */
    double   *x_edge, *y_edge, *value;
} map;

/* What is mapped: a column of the water, or a solid. */
typedef struct {
    bool   is_solid;
    size_t index;
    double change; /* what ranks it: by how much it changes over bed and time */
} subject;

/* ---- edges ------------------------------------------------------------------------------------ */

/* A profile stands for the time half way to its neighbours. */
static void set_times(map *m)
{
    const sei_result *r = m->figs->r;
    const size_t      n = r->n_profiles;

    for (size_t p = m->first; p <= n; p++) {
        const int64_t before    = r->profile_time_us[p > m->first ? p - 1 : p];
        const int64_t after     = r->profile_time_us[p < n ? p : n - 1];
        m->x_edge[p - m->first] = 0.5 * ((double)before + (double)after) / (double)SEI_US_PER_S;
    }
}

static bool set_places(map *m)
{
    const sei_result_cell *cell = &m->figs->r->cells[m->first_cell];

    m->y_edge[0] = 0.0;
    for (size_t c = 0; c < m->n; c++) {
        m->y_edge[c + 1] = cell[c].distance_m;
        if (!(m->y_edge[c + 1] > m->y_edge[c]))
            return false;
    }
    return true;
}

/* ---- subjects --------------------------------------------------------------------------------- */

static double value_at(const map *m, const subject *s, size_t profile, size_t cell)
{
    const sei_result *r  = m->figs->r;
    const size_t      at = profile * r->n_cells + m->first_cell + cell;

    if (s->is_solid)
        return r->profile_solid_mol_m3[at * r->n_solids + s->index] * r->solid_kg_mol[s->index];
    return sei_column_shown(&r->columns[s->index], r->profile_value[at * r->n_columns + s->index]);
}

static void find_range(const map *m, const subject *s, double *ret_low, double *ret_high)
{
    *ret_low  = INFINITY;
    *ret_high = -INFINITY;
    for (size_t p = s->is_solid ? 0 : 1; p < m->figs->r->n_profiles; p++)
        for (size_t c = 0; c < m->n; c++) {
            const double v = value_at(m, s, p, c);
            *ret_low       = fmin(*ret_low, v);
            *ret_high      = fmax(*ret_high, v);
        }
}

/* Dissolved metals by how much of the raw water's concentration changes in the bed, those first that are far above
 * their limits. */
static double metal_change(const map *m, size_t column)
{
    const sei_result          *r     = m->figs->r;
    const sei_quantity_column *q     = &r->columns[column];
    const size_t               total = sei_result_column(r, q->quantity->key, SEI_FRACTION_TOTAL);
    const subject              s     = {false, column, 0.0};
    double                     low, high;

    if (q->fraction != SEI_FRACTION_DISSOLVED || total == SIZE_MAX || m->figs->d->raw == SIZE_MAX ||
        !sei_digest_is_metal(m->figs->d, total) || !sei_digest_is_shown(m->figs->d, total))
        return 0.0;
    const sei_stat *raw = sei_digest_stat(m->figs->d, m->figs->d->raw, total);
    find_range(m, &s, &low, &high);
    if (!raw->has || !(raw->mean > 0.0) || !((high - low) / sei_column_shown(q, raw->mean) > 1e-2))
        return 0.0;
    return (high - low) / sei_column_shown(q, raw->mean) *
           fmax(1e-3, sei_fig_times_limit(m->figs, total));
}

/* Solids by how much of them comes or goes, kg/m3. */
static double solid_change(const map *m, size_t solid)
{
    const subject s = {true, solid, 0.0};
    double        low, high;

    find_range(m, &s, &low, &high);
    return high - low;
}

/* The next largest after those that are taken; false when nothing more changes. */
static bool next_subject(const map *m, bool solids, const subject taken[], size_t n, subject *ret)
{
    const size_t all = solids ? m->figs->r->n_solids : m->figs->r->n_columns;

    *ret       = (subject){solids, 0, solids ? 1e-3 : 0.0}; /* less is no picture */
    bool found = false;
    for (size_t i = 0; i < all; i++) {
        bool is_new = true;
        for (size_t k = 0; k < n; k++)
            is_new = is_new && !(taken[k].is_solid == solids && taken[k].index == i);
        const double change = is_new ? solids ? solid_change(m, i) : metal_change(m, i) : 0.0;
        if (change > ret->change) {
            ret->index  = i;
            ret->change = change;
            found       = true;
        }
    }
    return found;
}

/* ---- drawing ---------------------------------------------------------------------------------- */

enum { NAME_BYTES = 64 };

/* A file name of small letters, digits and hyphens. */
static void name_file(const map *m, const subject *s, char ret_name[NAME_BYTES])
{
    const sei_result *r = m->figs->r;

    snprintf(ret_name, NAME_BYTES, "map-%zu-%.40s", m->unit + 1,
             s->is_solid ? r->solid_name[s->index] : r->columns[s->index].quantity->key);
    for (char *at = ret_name; *at; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        else if (!(*at >= 'a' && *at <= 'z') && !(*at >= '0' && *at <= '9'))
            *at = '-';
    }
}

static void draw(map *m, const subject *s)
{
    const sei_result *r     = m->figs->r;
    const sei_label   unit  = sei_unit_label(&r->site->units[m->unit]);
    const sei_words   what  = s->is_solid ? sei_solid_words(r->solid_name[s->index])
                                          : sei_column_words(&r->columns[s->index]);
    sei_words         title = sei_words_of(unit.ja, unit.en);
    char              name[NAME_BYTES];

    sei_words_add(&title, "：", ": ");
    sei_words_add(&title, what.ja, what.en);
    name_file(m, s, name);
    sei_figure *f  = sei_fig_begin(m->figs, SEI_FIGURE_HEAT, name, SEI_LABEL_OF(title));
    m->first       = s->is_solid ? 0 : 1;
    const size_t n = r->n_profiles - m->first;
    set_times(m);
    for (size_t c = 0; c < m->n; c++)
        for (size_t p = 0; p < n; p++)
            m->value[c * n + p] = value_at(m, s, m->first + p, c);
    sei_figure_add_panel(f,
                         &(sei_axis){.title = SEI_L("流入端からの距離", "Distance from the inlet"),
                                     .unit     = "m",
                                     .reversed = true});
    const sei_axis axis = {.title = SEI_LABEL_OF(what),
                           .unit = s->is_solid ? "kg/m³" : sei_column_unit(&r->columns[s->index])};
    sei_figure_set_heat(f, &axis, n, m->x_edge, m->n, m->y_edge, m->value, NULL);
    sei_fig_end(m->figs, f,
                s->is_solid ? SEI_L("空塔容積あたりの質量。月1回の断面による。",
                                    "Mass per volume of empty bed, from monthly profiles.")
                            : SEI_L("間隙水中の濃度。月1回の断面による。",
                                    "In the water of the pores, from monthly profiles."));
}

/* Two beds side by side that do the same give one picture. */
static bool is_twin(const map *m, size_t unit, size_t first)
{
    const sei_result *r     = m->figs->r;
    const double      close = 1e-6;

    for (size_t c = 0; c < m->n; c++) {
        const size_t at = first + c, here = m->first_cell + c;
        if (at >= r->n_cells || r->cells[at].unit != unit ||
            fabs(r->cells[at].distance_m - r->cells[here].distance_m) > close)
            return false;
        for (size_t p = 0; p < r->n_profiles; p++)
            for (size_t k = 0; k < r->n_columns; k++) {
                const double a = r->profile_value[(p * r->n_cells + at) * r->n_columns + k];
                const double b = r->profile_value[(p * r->n_cells + here) * r->n_columns + k];
                if (fabs(a - b) > close * (fabs(a) + fabs(b)))
                    return false;
            }
    }
    return true;
}

static bool has_twin_before(const map *m)
{
    const sei_result *r = m->figs->r;

    for (size_t c = 0; c < m->first_cell; c++)
        if ((c == 0 || r->cells[c].unit != r->cells[c - 1].unit) &&
            strcmp(r->site->units[r->cells[c].unit].type->key, r->site->units[m->unit].type->key) ==
                0 &&
            is_twin(m, r->cells[c].unit, c))
            return true;
    return false;
}

static void draw_subjects(map *m)
{
    subject taken[SOLUTES_MAX + SOLIDS_MAX];
    size_t  n = 0;

    for (size_t i = 0; i < SOLUTES_MAX && next_subject(m, false, taken, n, &taken[n]); i++)
        n++;
    for (size_t i = 0; i < SOLIDS_MAX && next_subject(m, true, taken, n, &taken[n]); i++)
        n++;
    for (size_t i = 0; i < n && m->figs->status == SEI_OK; i++)
        draw(m, &taken[i]);
}

static void draw_bed(sei_figs *figs, size_t unit, size_t first_cell, size_t n)
{
    const sei_result *r = figs->r;
    map               m = {.figs = figs, .unit = unit, .first_cell = first_cell, .n = n};

    m.x_edge = sei_fig_array(figs, r->n_profiles + 1);
    m.y_edge = sei_fig_array(figs, n + 1);
    m.value  = sei_fig_array(figs, n * r->n_profiles);
    if (m.x_edge && m.y_edge && m.value && set_places(&m) && !has_twin_before(&m))
        draw_subjects(&m);
    sei_release(figs->d->ctx, m.x_edge);
    sei_release(figs->d->ctx, m.y_edge);
    sei_release(figs->d->ctx, m.value);
}

void sei_figs_maps(sei_figs *figs)
{
    const sei_result *r = figs->r;
    size_t            n;

    if (!sei_fig_has_time(figs) || r->n_profiles < PROFILES_MIN)
        return;
    for (size_t c = 0; c < r->n_cells && figs->status == SEI_OK; c += n) {
        for (n = 1; c + n < r->n_cells && r->cells[c + n].unit == r->cells[c].unit;)
            n++;
        if (n >= CELLS_MIN)
            draw_bed(figs, r->cells[c].unit, c, n);
    }
}
