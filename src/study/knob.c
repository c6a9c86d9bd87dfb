/* knob.c - every number of a site that can be turned */
#include "study/knob.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "seiryu/result.h"
#include "study/knob_prior.h"
#include "study/result_words.h"

enum { KNOBS_MAX = 4000, PATH_MAX_BYTES = 300 };

/* ---- making the list -------------------------------------------------------------------------- */

typedef struct {
    sei_knobs      *k;
    const sei_site *site;
    size_t          size;
    sei_status      status;
} maker;

static const char *keep(maker *m, const char *text)
{
    const char *copy = sei_arena_strdup(&m->k->arena, text);

    if (!copy)
        m->status = SEI_E_NOMEM;
    return copy ? copy : "";
}

static sei_knob *add(maker *m, const char *path, sei_knob_kind kind)
{
    if (m->status != SEI_OK)
        return NULL;
    if (m->k->n >= KNOBS_MAX) {
        m->status = sei_fail(m->k->ctx, SEI_E_TOO_LARGE, NULL, "more than %d numbers to vary",
                             (int)KNOBS_MAX);
        return NULL;
    }
    if (m->k->n == m->size) {
        const size_t size  = m->size ? 2 * m->size : 128;
        sei_knob    *grown = sei_arena_alloc(&m->k->arena, size, sizeof *grown);
        if (!grown) {
            m->status = SEI_E_NOMEM;
            return NULL;
        }
        if (m->k->n)
            memcpy(grown, m->k->knobs, m->k->n * sizeof *grown);
        m->k->knobs = grown;
        m->size     = size;
    }
    sei_knob *knob = &m->k->knobs[m->k->n++];
    *knob          = (sei_knob){.path       = keep(m, path),
                                .kind       = kind,
                                .unit       = SIZE_MAX,
                                .layer      = SIZE_MAX,
                                .help       = "",
                                .help_ja    = "",
                                .shown_unit = "",
                                .scale      = 1.0,
                                .evidence   = SEI_PUBLISHED,
                                .lower      = -(double)INFINITY,
                                .upper      = (double)INFINITY};
    return knob;
}

/* A row of a catalogue and the value that the site has; note: what the file says of it. */
static void add_row(maker *m, const char *path, sei_knob_kind kind, const sei_param *row,
                    double value, const sei_site_note *note, sei_knob at)
{
    sei_knob *k = add(m, path, kind);

    if (!k)
        return;
    k->unit       = at.unit;
    k->layer      = at.layer;
    k->index      = at.index;
    k->law        = at.law;
    k->row        = row;
    k->help       = row->help;
    k->help_ja    = row->help_ja ? row->help_ja : row->help;
    k->shown_unit = row->unit ? row->unit : "";
    k->value      = value;
    k->lower      = sei_param_si(row, row->lower);
    k->upper      = sei_param_si(row, row->upper);
    k->prior      = sei_knob_row_prior(row, value, note, kind, &k->evidence);
}

static const sei_site_note *find_note(const sei_site *site, const char *path)
{
    for (size_t i = 0; i < site->n_notes; i++)
        if (strcmp(site->notes[i].path, path) == 0)
            return &site->notes[i];
    return NULL;
}

/* ---- rate laws -------------------------------------------------------------------------------- */

/* Value that the section model gives, else the law's. */
static double rate_value(const sei_site *site, const sei_rate_law *law, size_t p)
{
    for (size_t i = site->model.n_rates; i-- > 0;)
        if (site->model.rates[i].law == law && site->model.rates[i].param == p)
            return site->model.rates[i].value;
    return sei_param_si(&law->params[p], law->params[p].def);
}

static void add_laws(maker *m)
{
    char path[PATH_MAX_BYTES], note[PATH_MAX_BYTES];

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        for (size_t p = 0; p < law->n_params; p++) {
            snprintf(path, sizeof path, "rates.%s.%s", law->key, law->params[p].key);
            snprintf(note, sizeof note, "model.rates.%s.%s", law->key, law->params[p].key);
            add_row(m, path, SEI_KNOB_RATE, &law->params[p], rate_value(m->site, law, p),
                    find_note(m->site, note), (sei_knob){.index = p, .law = law});
        }
    }
}

/* ---- units ------------------------------------------------------------------------------------ */

static void add_overrides(maker *m, size_t u)
{
    const sei_unit_spec *unit = &m->site->units[u];
    char                 path[PATH_MAX_BYTES], note[PATH_MAX_BYTES];

    for (size_t i = 0; i < unit->n_overrides; i++) {
        const sei_rate_override *o   = &unit->overrides[i];
        const sei_param         *row = &o->law->params[o->param];
        snprintf(path, sizeof path, "train.%s.rates.%s.%s", unit->name, o->law->key, row->key);
        snprintf(note, sizeof note, "train[%zu].rates.%s.%s", u + 1, o->law->key, row->key);
        add_row(m, path, SEI_KNOB_UNIT_RATE, row, o->value, find_note(m->site, note),
                (sei_knob){.unit = u, .index = i, .law = o->law});
    }
}

static void add_layers(maker *m, size_t u)
{
    const sei_unit_spec *unit = &m->site->units[u];
    char                 path[PATH_MAX_BYTES], note[PATH_MAX_BYTES];

    for (size_t l = 0; l < unit->n_layers; l++)
        for (size_t p = 0; p < unit->type->n_layer_params; p++) {
            const sei_param *row = &unit->type->layer_params[p];
            snprintf(path, sizeof path, "train.%s.%s.%s", unit->name, unit->layers[l].name,
                     row->key);
            snprintf(note, sizeof note, "train[%zu].layers[%zu].%s", u + 1, l + 1, row->key);
            add_row(m, path, SEI_KNOB_LAYER, row, unit->layers[l].params[p],
                    find_note(m->site, note), (sei_knob){.unit = u, .layer = l, .index = p});
        }
}

static void add_units(maker *m)
{
    char path[PATH_MAX_BYTES], note[PATH_MAX_BYTES];

    for (size_t u = 0; u < m->site->n_units; u++) {
        const sei_unit_spec *unit = &m->site->units[u];
        for (size_t p = 0; p < unit->type->n_params; p++) {
            const sei_param *row = &unit->type->params[p];
            snprintf(path, sizeof path, "train.%s.%s", unit->name, row->key);
            snprintf(note, sizeof note, "train[%zu].%s", u + 1, row->key);
            add_row(m, path, SEI_KNOB_UNIT, row, unit->params[p], find_note(m->site, note),
                    (sei_knob){.unit = u, .index = p});
        }
        add_layers(m, u);
        add_overrides(m, u);
    }
}

/* ---- raw water and air ------------------------------------------------------------------------ */

/* pH and temperature are shifted, everything else is multiplied. */
static bool is_shifted(const sei_quantity *q)
{
    return strcmp(q->key, "ph") == 0 || q->dimension == SEI_DIM_TEMPERATURE || q->signed_value;
}

/* Note of a quantity, whatever unit the file writes it in. */
static const sei_site_note *quantity_note(const maker *m, const sei_influent_row *row)
{
    for (size_t i = 0; i < m->site->n_notes; i++) {
        const sei_site_note *n = &m->site->notes[i];
        if (n->where.line == row->where.line && strncmp(n->path, "influent.", 9) == 0)
            return n;
    }
    return NULL;
}

static void add_quantity(maker *m, size_t i)
{
    const sei_influent_row *row = &m->site->influent.rows[i];
    const sei_quantity     *q   = row->column.quantity;
    const bool              has = row->has_constant && !row->series;
    char                    name[SEI_QUANTITY_NAME_MAX], path[PATH_MAX_BYTES];

    sei_quantity_format_column(name, &row->column);
    snprintf(path, sizeof path, "influent.%s", name);
    sei_knob *k = add(m, path, SEI_KNOB_INFLUENT);
    if (!k)
        return;
    k->index      = i;
    k->help       = q->name_en;
    k->help_ja    = q->name_ja;
    k->shown_unit = row->column.unit ? row->column.unit->symbol : "";
    if (is_shifted(q)) { /* a difference: 0 is what the file says */
        k->value  = 0.0;
        k->offset = has ? sei_column_shown(&row->column, row->constant.value_si) : 0.0;
        k->scale  = sei_column_difference(&row->column, 1.0);
    } else {
        k->value = 1.0;
        k->lower = 0.0;
        k->scale = has ? sei_column_shown(&row->column, row->constant.value_si) : 1.0;
        if (!has)
            k->shown_unit = "";
    }
    k->prior = sei_knob_influent_prior(q, is_shifted(q), quantity_note(m, row), &k->evidence);
    if (has && !is_shifted(q) && !(row->constant.value_si > 0.0))
        k->prior = (sei_prior){.kind = SEI_PRIOR_FIXED, .a = 1.0};
}

static void add_boundaries(maker *m)
{
    const sei_site *site = m->site;

    for (size_t i = 0; i < site->influent.n_rows; i++)
        add_quantity(m, i);
    if (site->influent.has_fe2_share) {
        sei_knob *k = add(m, "influent.fe2_share", SEI_KNOB_FE2_SHARE);
        if (k) {
            k->value   = site->influent.fe2_share;
            k->lower   = 0.0;
            k->upper   = 1.0;
            k->help    = "share of total iron that is Fe(II)";
            k->help_ja = "全鉄に占める二価鉄の割合";
            k->prior =
                sei_knob_share_prior(k->value, find_note(site, "influent.fe2_share"), &k->evidence);
        }
    }
    if (site->climate.air.kind != SEI_CLIMATE_NONE) {
        sei_knob *k = add(m, "climate.air_temperature_c", SEI_KNOB_AIR);
        if (k) {
            k->help       = "shift of the air temperature";
            k->help_ja    = "気温の偏差";
            k->shown_unit = "K";
            k->prior =
                sei_knob_air_prior(find_note(site, "climate.air_temperature_c"), &k->evidence);
        }
    }
}

/* ---- log K ------------------------------------------------------------------------------------ */

static void add_log_k(maker *m, const char *name, double value, double sd)
{
    char path[PATH_MAX_BYTES];

    snprintf(path, sizeof path, "log_k.%.100s", name);
    if (sei_knobs_find(m->k, path) < m->k->n)
        return;
    sei_knob *k = add(m, path, SEI_KNOB_LOG_K);
    if (!k)
        return;
    k->value   = value;
    k->help    = "change of log K";
    k->help_ja = "log K の変化";
    k->prior   = (sei_prior){.kind  = sd > 0.0 ? SEI_PRIOR_NORMAL : SEI_PRIOR_FIXED,
                             .a     = value,
                             .b     = sd,
                             .lower = -(double)INFINITY,
                             .upper = (double)INFINITY};
}

static void add_site_log_k(maker *m)
{
    for (size_t i = 0; i < m->site->model.n_log_k; i++)
        add_log_k(m, m->site->model.log_k[i].name, m->site->model.log_k[i].delta, 0.0);
    for (size_t i = 0; i < m->site->uncertainty.n_numbers; i++)
        if (strncmp(m->site->uncertainty.numbers[i].path, "log_k.", 6) == 0)
            add_log_k(m, m->site->uncertainty.numbers[i].path + 6, 0.0, 0.0);
}

sei_status sei_knobs_add_log_k(sei_knobs *knobs, size_t n, const char *const names[], double sd)
{
    maker m = {.k = knobs, .size = knobs->n};

    for (size_t i = 0; i < n; i++)
        add_log_k(&m, names[i], 0.0, sd);
    return m.status;
}

/* ---- the whole -------------------------------------------------------------------------------- */

size_t sei_knobs_find(const sei_knobs *knobs, const char *path)
{
    size_t i = 0;

    while (i < knobs->n && strcmp(knobs->knobs[i].path, path) != 0)
        i++;
    return i;
}

double sei_knob_shown(const sei_knob *k, double value)
{
    return k->row ? sei_param_shown(k->row, value) : value * k->scale + k->offset;
}

static sei_status complain(const maker *m, const sei_where *where, const char *path)
{
    const char **paths = sei_arena_alloc(&m->k->arena, m->k->n + 1, sizeof *paths);

    if (!paths)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < m->k->n; i++)
        paths[i] = m->k->knobs[i].path;
    const char *near = sei_nearest(path, paths, m->k->n);
    return sei_fail(m->k->ctx, SEI_E_KEY, where,
                    "uncertainty: nothing in this site is called \"%.200s\"%s%s%s", path,
                    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static sei_status take_listed(maker *m)
{
    const sei_uncertainty *u = &m->site->uncertainty;

    for (size_t i = 0; u->only_listed && i < m->k->n; i++)
        m->k->knobs[i].prior = (sei_prior){.kind = SEI_PRIOR_FIXED, .a = m->k->knobs[i].value};
    for (size_t i = 0; i < u->n_numbers; i++) {
        const size_t at  = sei_knobs_find(m->k, u->numbers[i].path);
        const char  *why = "";
        if (at == m->k->n)
            return complain(m, &u->numbers[i].where, u->numbers[i].path);
        sei_knob *k  = &m->k->knobs[at];
        k->is_listed = true;
        k->prior     = sei_knob_listed_prior(k, &u->numbers[i]);
        if (k->prior.kind != SEI_PRIOR_FIXED && !sei_prior_is_valid(&k->prior, &why))
            return sei_fail(m->k->ctx, SEI_E_RANGE, &u->numbers[i].where,
                            "uncertainty.parameters.%.200s: %s", u->numbers[i].path, why);
    }
    for (size_t i = 0; i < u->n_correlations; i++) {
        const sei_rank_correlation *c = &u->correlations[i];
        if (sei_knobs_find(m->k, c->of) == m->k->n)
            return complain(m, &c->where, c->of);
        if (sei_knobs_find(m->k, c->with) == m->k->n)
            return complain(m, &c->where, c->with);
    }
    return SEI_OK;
}

sei_status sei_knobs_create(sei_ctx *ctx, const sei_site *site, sei_knobs **ret)
{
    sei_knobs *k = sei_alloc(ctx, 1, sizeof *k);

    if (!k)
        return SEI_E_NOMEM;
    k->ctx = ctx;
    sei_arena_init(&k->arena, ctx);
    maker m = {.k = k, .site = site};
    add_laws(&m);
    add_units(&m);
    add_boundaries(&m);
    add_site_log_k(&m);
    if (m.status == SEI_OK)
        m.status = take_listed(&m);
    if (m.status != SEI_OK) {
        sei_knobs_free(k);
        return m.status;
    }
    *ret = k;
    return SEI_OK;
}

void sei_knobs_free(sei_knobs *k)
{
    if (!k)
        return;
    sei_ctx *ctx = k->ctx;
    sei_arena_done(&k->arena);
    sei_release(ctx, k);
}
