/* checkpoint.c - what a run has reached, and a run put back there */
#include "study/checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "seiryu/version.h"

enum { TEXT_MAX = 8 << 20 };

/* ---- what it belongs to ----------------------------------------------------------------------- */

/* A line a file: 64 digits of its hash, a blank, its name. */
static sei_status inputs_of(const sei_recorder *r, char **ret)
{
    const sei_site *site = r->result.site;
    sei_buf         b;

    sei_buf_init(&b, r->ctx, TEXT_MAX);
    for (size_t i = 0; i < site->n_files; i++)
        sei_buf_printf(&b, "%s %s\n", site->files[i].sha256, site->files[i].path);
    sei_buf_printf(&b, "%s %s\n", sei_db_sha256(r->model.db), site->model.database);
    sei_status st   = b.status;
    char      *text = st == SEI_OK ? sei_strndup(r->ctx, b.text, b.len) : NULL;
    sei_buf_done(&b);
    if (st == SEI_OK && !text)
        st = SEI_E_NOMEM;
    if (st == SEI_OK)
        *ret = text;
    return st;
}

static void put(sei_buf *b, const void *bytes, size_t len)
{
    sei_buf_put(b, bytes, len);
}

/* All numbers that the train is made of. A change of the program that changes them is noticed, as is
 * a mean flow that another period of the run would give. */
static void put_train(sei_buf *b, const sei_train_spec *t)
{
    const size_t n = sei_model_n_params(t->model);

    for (size_t z = 0; z < t->n_zones; z++)
        put(b, t->zones[z].law_params, n * sizeof *t->zones[z].law_params);
    for (size_t c = 0; c < t->n_cells; c++) {
        const sei_cell *x   = &t->cells[c];
        const double    v[] = {x->water_kg, x->capture_1_s,  x->ua_air_w_k, x->ua_ground_w_k,
                               x->heat_j_k, (double)x->zone, x->filter};
        put(b, v, sizeof v);
    }
    for (size_t i = 0; i < t->n_links; i++) {
        const double v[3] = {(double)t->links[i].from, (double)t->links[i].to,
                             t->links[i].fraction};
        put(b, v, sizeof v);
    }
}

static sei_status model_of(const sei_recorder *r, char ret[SEI_SHA256_HEX])
{
    const sei_run_options *o     = &r->result.site->run;
    const double           run[] = {(double)o->initial, o->output_interval_s, o->rel_tol,
                                    o->abs_tol_molal,   o->dt_max_s,          r->ground_k};
    sei_buf                b;

    sei_buf_init(&b, r->ctx, TEXT_MAX);
    put_train(&b, sei_plant_train_spec(r->plant));
    for (size_t j = 0; j < r->result.n_components; j++)
        sei_buf_printf(&b, "%s\n", r->result.components[j]);
    for (size_t s = 0; s < r->result.n_solids; s++)
        sei_buf_printf(&b, "%s\n", r->result.solid_name[s]);
    sei_buf_printf(&b, "%lld\n", (long long)o->start_us);
    put(&b, run, sizeof run);
    if (b.status == SEI_OK)
        sei_sha256_hex(b.text, b.len, ret);
    const sei_status st = b.status;
    sei_buf_done(&b);
    return st;
}

/* ---- taking ----------------------------------------------------------------------------------- */

static char *warnings_of(sei_ctx *ctx)
{
    sei_buf b;

    sei_buf_init(&b, ctx, TEXT_MAX);
    for (size_t i = 0; i < sei_ctx_n_warnings(ctx); i++)
        sei_buf_printf(&b, "%s\n", sei_ctx_warning(ctx, i));
    char *text = b.status == SEI_OK ? sei_strndup(ctx, b.text, b.len) : NULL;
    sei_buf_done(&b);
    return text;
}

static void *copy(sei_ctx *ctx, const void *from, size_t n, size_t size, sei_status *st)
{
    void *to = sei_alloc(ctx, n + 1, size);

    if (!to)
        *st = SEI_E_NOMEM;
    else if (n)
        memcpy(to, from, n * size);
    return to;
}

static sei_checkpoint_shape shape_of(const sei_recorder *r, const sei_train *train)
{
    const sei_result *o = &r->result;

    return (sei_checkpoint_shape){o->n_watches,
                                  o->n_columns,
                                  o->n_units,
                                  o->n_solids,
                                  o->n_cells,
                                  sei_train_state_size(train),
                                  sei_recorder_n_counts(r),
                                  sei_plant_n_doses(r->plant),
                                  o->n_tanks};
}

static sei_status take_arrays(sei_recorder *r, const sei_train *train, sei_checkpoint *c)
{
    const sei_result           *o  = &r->result;
    const sei_checkpoint_shape *s  = &c->shape;
    const size_t                d  = sizeof(double);
    sei_status                  st = SEI_OK;

    c->n_times         = o->n_times;
    c->n_profiles      = o->n_profiles;
    c->time_us         = copy(r->ctx, r->time_us, o->n_times, sizeof *c->time_us, &st);
    c->profile_time_us = copy(r->ctx, r->profile_time_us, o->n_profiles, sizeof *c->time_us, &st);
    c->value           = copy(r->ctx, r->value, o->n_times * s->n_watches * s->n_columns, d, &st);
    c->solid_mol       = copy(r->ctx, r->solid_mol, o->n_times * s->n_units * s->n_solids, d, &st);
    c->dose_kg_s       = copy(r->ctx, r->dose_kg_s, o->n_times * s->n_doses, d, &st);
    c->tank            = copy(r->ctx, r->tank, o->n_times * s->n_tanks * SEI_TANK_NUMBERS, d, &st);
    c->profile_value =
        copy(r->ctx, r->profile_value, o->n_profiles * s->n_cells * s->n_columns, d, &st);
    c->profile_solid =
        copy(r->ctx, r->profile_solid, o->n_profiles * s->n_cells * s->n_solids, d, &st);
    c->train  = sei_alloc(r->ctx, s->n_train + 1, d);
    c->counts = sei_alloc(r->ctx, s->n_counts + 1, d);
    if (!c->train || !c->counts)
        return SEI_E_NOMEM;
    sei_recorder_get_counts(r, c->counts);
    sei_train_get_state(train, c->train);
    return st;
}

sei_status sei_checkpoint_take(sei_recorder *r, const sei_train *train, sei_checkpoint *ret)
{
    sei_checkpoint c = {.shape = shape_of(r, train)};

    c.program     = sei_strdup(r->ctx, SEI_VERSION);
    c.warnings    = warnings_of(r->ctx);
    sei_status st = c.program && c.warnings ? inputs_of(r, &c.inputs) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = model_of(r, c.model);
    if (st == SEI_OK)
        st = take_arrays(r, train, &c);
    if (st != SEI_OK) {
        sei_checkpoint_done(r->ctx, &c);
        return st;
    }
    *ret = c;
    return SEI_OK;
}

/* ---- putting back ----------------------------------------------------------------------------- */

/* The first file whose hash the state does not have. */
static sei_status compare_inputs(const sei_checkpoint *c, const char *name, const sei_recorder *r)
{
    const sei_where where = {name, 0, 0};
    char           *now   = NULL;
    sei_status      st    = inputs_of(r, &now);

    if (st != SEI_OK)
        return st;
    for (char *line = now; *line && st == SEI_OK;) {
        char *end = strchr(line, '\n');
        char  hash[SEI_SHA256_HEX];
        *end = '\0';
        snprintf(hash, sizeof hash, "%.64s", line);
        if (!strstr(c->inputs, hash))
            st = sei_fail(r->ctx, SEI_E_KEY, &where,
                          "the state belongs to another run: it was not made from this %.300s",
                          line + sizeof hash);
        line = end + 1;
    }
    sei_release(r->ctx, now);
    return st;
}

static bool is_same_shape(const sei_checkpoint_shape *a, const sei_checkpoint_shape *b)
{
    return a->n_watches == b->n_watches && a->n_columns == b->n_columns &&
           a->n_units == b->n_units && a->n_solids == b->n_solids && a->n_cells == b->n_cells &&
           a->n_train == b->n_train && a->n_counts == b->n_counts && a->n_doses == b->n_doses &&
           a->n_tanks == b->n_tanks;
}

static sei_status compare(const sei_checkpoint *c, const char *name, const sei_recorder *r,
                          const sei_train *train)
{
    const sei_where            where = {name, 0, 0};
    const sei_checkpoint_shape shape = shape_of(r, train);
    char                       model[SEI_SHA256_HEX];

    if (strcmp(c->program, SEI_VERSION) != 0)
        return sei_fail(r->ctx, SEI_E_KEY, &where,
                        "the state is of seiryu %.40s, this is %s: begin the run anew", c->program,
                        SEI_VERSION);
    sei_status st = compare_inputs(c, name, r);
    if (st == SEI_OK)
        st = model_of(r, model);
    if (st == SEI_OK && (!is_same_shape(&c->shape, &shape) || strcmp(model, c->model) != 0))
        st = sei_fail(r->ctx, SEI_E_KEY, &where,
                      "the state belongs to other run options or another period (start, output "
                      "interval, tolerances, or an end that gives another mean flow or ground "
                      "temperature): begin "
                      "anew");
    return st;
}

/* Outputs stand at multiples of the interval; the last one of a run may stand at its end. */
static sei_status check_times(const sei_checkpoint *c, const char *name, const sei_recorder *r)
{
    const sei_where where = {name, 0, 0};
    const double    step  = r->result.site->run.output_interval_s * 1e6;
    bool ok = c->n_times > 0 && c->n_times < r->times_max && c->n_profiles < r->profiles_max &&
              c->next >= c->n_times - 1 && c->next <= c->n_times && isfinite(c->next_profile_s);

    for (size_t i = 0; ok && i + 1 < c->n_times; i++)
        ok = c->time_us[i] == r->result.site->run.start_us + (int64_t)llround(step * (double)i);
    return ok ? SEI_OK
              : sei_fail(r->ctx, SEI_E_RANGE, &where,
                         "the state lies beyond the end of this run, or its times are not those of "
                         "the run");
}

static void warn_again(sei_ctx *ctx, const char *text)
{
    for (const char *end = strchr(text, '\n'); end; end = strchr(text, '\n')) {
        sei_warn(ctx, NULL, "%.*s", (int)(end - text), text);
        text = end + 1;
    }
}

static void copy_back(void *to, const void *from, size_t n)
{
    if (n)
        memcpy(to, from, n);
}

sei_status sei_checkpoint_apply(const sei_checkpoint *c, const char *name, sei_recorder *r,
                                sei_train *train)
{
    const sei_checkpoint_shape *s  = &c->shape;
    const size_t                d  = sizeof(double);
    sei_status                  st = compare(c, name, r, train);

    if (st == SEI_OK)
        st = check_times(c, name, r);
    if (st == SEI_OK)
        st = sei_train_set_state(r->ctx, train, s->n_train, c->train);
    if (st != SEI_OK)
        return st;
    copy_back(r->time_us, c->time_us, c->n_times * sizeof *c->time_us);
    copy_back(r->value, c->value, c->n_times * s->n_watches * s->n_columns * d);
    copy_back(r->solid_mol, c->solid_mol, c->n_times * s->n_units * s->n_solids * d);
    copy_back(r->profile_time_us, c->profile_time_us, c->n_profiles * sizeof *c->time_us);
    copy_back(r->profile_value, c->profile_value, c->n_profiles * s->n_cells * s->n_columns * d);
    copy_back(r->profile_solid, c->profile_solid, c->n_profiles * s->n_cells * s->n_solids * d);
    copy_back(r->dose_kg_s, c->dose_kg_s, c->n_times * s->n_doses * d);
    copy_back(r->tank, c->tank, c->n_times * s->n_tanks * SEI_TANK_NUMBERS * d);
    sei_recorder_set_counts(r, c->counts);
    r->result.n_times    = c->n_times;
    r->result.n_profiles = c->n_profiles;
    warn_again(r->ctx, c->warnings);
    return SEI_OK;
}
