/* sensitivity.c - central differences of the discharge by every number that may be another */
#include "study/sensitivity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "chem/db.h"
#include "chem/net.h"
#include "study/pool.h"
#include "study/run.h"

static const double step_share = 0.2; /* percentiles 30 and 70 */
static const double log_k_sd =
    0.1; /* of constants whose spread no source here gives: an assumption */

/* ---- outputs ---------------------------------------------------------------------------------- */

/* Highest or lowest mean of a calendar month that has at least two instants; the mean where no month has. */
static double extreme_month(const sei_digest *d, size_t column, bool lowest, double mean)
{
    const sei_result *r     = d->result;
    double            worst = lowest ? (double)INFINITY : -(double)INFINITY, sum = 0.0, si;
    size_t            n     = 0;
    int               month = 0;

    for (size_t t = d->first; t <= r->n_times; t++) {
        const int now =
            t < r->n_times ? sei_time_to_civil(r->time_us[t], r->site->utc_offset_us).month : 0;
        if (now != month) {
            if (n > 1)
                worst = (lowest ? fmin : fmax)(worst, sum / (double)n);
            sum   = 0.0;
            n     = 0;
            month = now;
        }
        if (t < r->n_times && sei_digest_value(d, t, d->discharge, column, &si)) {
            sum += si;
            n++;
        }
    }
    return isfinite(worst) ? worst : mean;
}

static double output_of(const sei_digest *d, const sei_sensitivity_output *o)
{
    const sei_stat *stat = sei_digest_stat(d, d->discharge, o->column);

    if (!stat->has)
        return SEI_NO_NUMBER;
    return o->is_worst_month ? extreme_month(d, o->column, o->is_lowest, stat->mean) : stat->mean;
}

/* Between two limits the nearer one counts, and of months beyond them the farther. */
static bool is_lowest_worst(const sei_digest *d, size_t column)
{
    const sei_limit *limit = &sei_digest_judgement(d, column)->limit;
    const double     mean  = sei_digest_stat(d, d->discharge, column)->mean;

    if (!limit->has_min || !limit->has_max)
        return limit->has_min;
    return extreme_month(d, column, true, mean) - limit->min_si <
           limit->max_si - extreme_month(d, column, false, mean);
}

static sei_status choose_outputs(sei_sensitivities *s)
{
    const sei_result *r      = s->nominal;
    const bool        steady = r->site->run.mode == SEI_RUN_STEADY;

    s->outputs = sei_arena_alloc(&s->arena, 2 * r->n_columns + 1, sizeof *s->outputs);
    if (!s->outputs)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < r->n_columns; c++) {
        if (!sei_digest_judgement(s->digest, c))
            continue;
        for (int w = 0; w < (steady ? 1 : 2); w++) {
            sei_sensitivity_output *o = &s->outputs[s->n_outputs++];
            *o                        = (sei_sensitivity_output){.column         = c,
                                                                 .is_worst_month = w == 1,
                                                                 .is_lowest = w == 1 && is_lowest_worst(s->digest, c)};
            o->nominal                = output_of(s->digest, o);
        }
    }
    return SEI_OK;
}

/* ---- inputs ----------------------------------------------------------------------------------- */

/* Species that a reaction makes of others: masters have no constant, that of water is known. */
static bool has_constant(const sei_net *net, size_t species)
{
    for (size_t j = 0; j < net->n_comp; j++)
        if (net->comp_species[j] == species)
            return false;
    return strcmp(net->name[species], "OH-") != 0;
}

static size_t law_of(const sei_model *model, const sei_rate_law *law)
{
    return sei_model_find_law(model, law->key);
}

/* Is the pool among what some law of the catalogue makes? Bacteria are: a law may work while none are reckoned. */
static bool is_made(const char *pool)
{
    const size_t len = strlen(pool);

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const char *at = strchr(sei_rate_at(l)->reaction, '=');
        for (; at && (at = strstr(at + 1, pool)); at += len - 1)
            if (at[-1] == ' ' && (at[len] == ' ' || at[len] == '\0'))
                return true;
    }
    return false;
}

/* In no unit at any time. */
static bool is_absent(const sei_result *r, const char *solid)
{
    size_t i = 0;

    while (i < r->n_solids && strcmp(r->solid_name[i], solid) != 0)
        i++;
    for (size_t n = 0; i < r->n_solids && n < r->n_times * r->n_units; n++)
        if (r->solid_mol[n * r->n_solids + i] > 0.0)
            return false;
    return i < r->n_solids;
}

/* Does the law work on a medium that the site has nowhere? Without it the law does nothing, and nothing brings it but the
 * filling of beds: minerals form, media do not. */
static bool lacks_medium(const sei_result *r, const sei_rate_law *law)
{
    const sei_run_model *m = &r->memory->model;

    for (size_t i = 0; i < law->n_inputs; i++)
        if (law->inputs[i].kind == SEI_IN_SOLID &&
            sei_db_find_phase(m->db, law->inputs[i].name) == SIZE_MAX &&
            !is_made(law->inputs[i].name) && is_absent(r, law->inputs[i].name))
            return true;
    return false;
}

/* The law of the train, by its number, with the parameter. */
static bool works(const sei_result *r, size_t law, size_t param)
{
    return sei_plant_heeds(r->memory->plant, law, param) &&
           !lacks_medium(r, sei_model_law(r->memory->model.model, law));
}

/* Some number of the catalogue that the train has no use for does nothing: two runs would tell that it does. */
static bool does_something(const sei_result *r, const sei_knob *k)
{
    const sei_model *model = r->memory->model.model;

    if (k->kind == SEI_KNOB_UNIT_RATE)
        return law_of(model, k->law) < sei_model_n_laws(model);
    if (k->kind != SEI_KNOB_RATE)
        return true;
    const size_t own = law_of(model, k->law);
    if (own < sei_model_n_laws(model) && works(r, own, k->index))
        return true;
    for (size_t l = 0; l < sei_model_n_laws(model); l++) {
        const sei_rate_law *law = sei_model_law(model, l);
        const size_t        i   = sei_rate_follower_param(law, k->law, k->index);
        if (i < law->n_params && works(r, l, i))
            return true;
    }
    return false;
}

/* Minerals, and species of the water that hold their components in other forms. */
static sei_status choose_inputs(sei_sensitivities *s)
{
    const sei_result *r    = s->nominal;
    const sei_net    *net  = sei_model_net(r->memory->model.model);
    const char      **name = sei_arena_alloc(&s->arena, r->n_solids + net->n_species, sizeof *name);
    size_t            n    = 0;

    if (!name)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < r->n_solids; i++)
        if (sei_db_find_phase(r->memory->model.db, r->solid_name[i]) != SIZE_MAX)
            name[n++] = r->solid_name[i];
    for (size_t i = 0; i < net->n_species; i++)
        if (has_constant(net, i))
            name[n++] = net->name[i];
    const sei_status st = sei_knobs_add_log_k(s->knobs, n, name, log_k_sd);
    if (st != SEI_OK)
        return st;
    s->inputs = sei_arena_alloc(&s->arena, s->knobs->n + 1, sizeof *s->inputs);
    if (!s->inputs)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < s->knobs->n; k++) {
        const sei_prior *p = &s->knobs->knobs[k].prior;
        if (p->kind != SEI_PRIOR_FIXED && does_something(r, &s->knobs->knobs[k]))
            s->inputs[s->n_inputs++] =
                (sei_sensitivity_input){.knob  = k,
                                        .low   = sei_prior_quantile(p, 0.5 - step_share),
                                        .high  = sei_prior_quantile(p, 0.5 + step_share),
                                        .error = ""};
    }
    const size_t cells = s->n_inputs * s->n_outputs;
    s->y_low           = sei_arena_alloc(&s->arena, cells + 1, sizeof *s->y_low);
    s->y_high          = sei_arena_alloc(&s->arena, cells + 1, sizeof *s->y_high);
    return s->y_low && s->y_high ? SEI_OK : SEI_E_NOMEM;
}

/* ---- runs ------------------------------------------------------------------------------------- */

typedef struct {
    sei_sensitivities   *s;
    const sei_run_hooks *hooks;
    sei_status          *status; /* [2 n_inputs] */
    char (*error)[200];
} batch;

typedef struct {
    sei_site *site;
    double  **places;
} bench;

static void leave(sei_ctx *ctx, void *local)
{
    bench *b = local;

    sei_site_free(b->site);
    sei_release(ctx, b);
}

static sei_status enter(const batch *b, sei_ctx *ctx, void **local)
{
    bench *w = sei_alloc(ctx, 1, sizeof *w);

    if (!w)
        return SEI_E_NOMEM;
    *local        = w;
    sei_status st = sei_site_clone(ctx, b->s->nominal->site, &w->site);
    return st == SEI_OK ? sei_knobs_bind(b->s->knobs, w->site, &w->places) : st;
}

static sei_status evaluate(const batch *b, sei_ctx *ctx, const sei_site *site, double y[])
{
    const sei_run_hooks hooks  = {.stop = b->hooks ? b->hooks->stop : NULL};
    sei_result         *result = NULL;
    sei_digest         *digest = NULL;

    sei_status st = sei_study_run_near(ctx, site, b->s->nominal, &hooks, &result);
    if (st == SEI_OK)
        st = sei_digest_create(ctx, result, &digest);
    for (size_t o = 0; o < b->s->n_outputs && st == SEI_OK; o++)
        y[o] = output_of(digest, &b->s->outputs[o]);
    sei_digest_free(digest);
    sei_result_free(result);
    return st;
}

/* Two jobs a number: below and above. */
static sei_status work(void *user, sei_ctx *ctx, void **local, size_t job)
{
    const batch                 *b  = user;
    const sei_sensitivity_input *in = &b->s->inputs[job / 2];
    double *y = (job % 2 ? b->s->y_high : b->s->y_low) + job / 2 * b->s->n_outputs;

    sei_ctx_clear(ctx);
    if (!*local) {
        const sei_status st = enter(b, ctx, local);
        if (st != SEI_OK)
            return st;
    }
    const bench *w      = *local;
    double      *place  = w->places[in->knob];
    const double kept   = *place;
    *place              = job % 2 ? in->high : in->low;
    const sei_status st = evaluate(b, ctx, w->site, y);
    *place              = kept;
    if (st == SEI_E_CANCELLED || st == SEI_E_NOMEM || st == SEI_E_IO)
        return st;
    b->status[job] = st;
    if (st != SEI_OK)
        snprintf(b->error[job], sizeof b->error[job], "%s", sei_ctx_error(ctx));
    return SEI_OK;
}

static void progress(void *user, size_t done)
{
    const batch *b = user;

    if (b->hooks && b->hooks->progress)
        b->hooks->progress(b->hooks->user, (double)done / (double)(2 * b->s->n_inputs));
}

static sei_status run_all(sei_sensitivities *s, size_t n_threads, const sei_run_hooks *hooks)
{
    batch b = {.s = s, .hooks = hooks};

    b.status = sei_arena_alloc(&s->arena, 2 * s->n_inputs + 1, sizeof *b.status);
    b.error  = sei_arena_alloc(&s->arena, 2 * s->n_inputs + 1, sizeof *b.error);
    if (!b.status || !b.error)
        return SEI_E_NOMEM;
    const sei_pool   pool = {.n_threads     = n_threads,
                             .n_jobs        = 2 * s->n_inputs,
                             .work          = work,
                             .leave         = leave,
                             .user          = &b,
                             .progress      = progress,
                             .progress_user = &b,
                             .stop          = hooks ? hooks->stop : NULL};
    const sei_status st   = s->n_inputs > 0 ? sei_pool_run(s->ctx, &pool) : SEI_OK;
    for (size_t i = 0; i < s->n_inputs && st == SEI_OK; i++) {
        const size_t bad    = b.status[2 * i] != SEI_OK ? 2 * i : 2 * i + 1;
        s->inputs[i].status = b.status[bad];
        s->inputs[i].error  = b.error[bad];
    }
    return st;
}

sei_status sei_sensitivities_run(sei_ctx *ctx, const sei_result *nominal, size_t n_threads,
                                 const sei_run_hooks *hooks, sei_sensitivities **ret)
{
    sei_sensitivities *s = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    *s = (sei_sensitivities){.ctx = ctx, .nominal = nominal};
    sei_arena_init(&s->arena, ctx);
    sei_status st = sei_digest_create(ctx, nominal, &s->digest);
    if (st == SEI_OK)
        st = sei_knobs_create(ctx, nominal->site, &s->knobs);
    if (st == SEI_OK)
        st = choose_outputs(s);
    if (st == SEI_OK)
        st = choose_inputs(s);
    if (st == SEI_OK)
        st = run_all(s, n_threads, hooks);
    if (st != SEI_OK) {
        sei_sensitivities_free(s);
        return st;
    }
    *ret = s;
    return SEI_OK;
}

void sei_sensitivities_free(sei_sensitivities *s)
{
    if (!s)
        return;
    sei_digest_free(s->digest);
    sei_knobs_free(s->knobs);
    sei_arena_done(&s->arena);
    sei_release(s->ctx, s);
}

/* ---- what they say ---------------------------------------------------------------------------- */

double sei_sensitivity_slope(const sei_sensitivities *s, size_t input, size_t output)
{
    const sei_sensitivity_input *in   = &s->inputs[input];
    const size_t                 cell = input * s->n_outputs + output;

    if (in->status != SEI_OK)
        return SEI_NO_NUMBER;
    return (s->y_high[cell] - s->y_low[cell]) / (in->high - in->low);
}

double sei_sensitivity_swing(const sei_sensitivities *s, size_t input, size_t output)
{
    const sei_prior *p = &s->knobs->knobs[s->inputs[input].knob].prior;

    return sei_sensitivity_slope(s, input, output) *
           (sei_prior_quantile(p, 0.9) - sei_prior_quantile(p, 0.1));
}

/* Of the largest effect: smaller ones are what two runs differ by in their last digits. */
static const double noise_share = 1e-6;

bool sei_sensitivity_is_noise(const sei_sensitivities *s, size_t input, size_t largest,
                              size_t output)
{
    return !(fabs(sei_sensitivity_swing(s, input, output)) >
             noise_share * fabs(sei_sensitivity_swing(s, largest, output)));
}

double sei_sensitivity_elasticity(const sei_sensitivities *s, size_t input, size_t output)
{
    const sei_knob *k = &s->knobs->knobs[s->inputs[input].knob];
    const double    y = s->outputs[output].nominal;

    if (!(fabs(k->value) > 0.0) || !(fabs(y) > 0.0))
        return SEI_NO_NUMBER;
    return sei_sensitivity_slope(s, input, output) * k->value / y;
}

void sei_sensitivity_rank(const sei_sensitivities *s, size_t output, size_t ret_order[])
{
    for (size_t i = 0; i < s->n_inputs; i++) {
        const double size = fabs(sei_sensitivity_swing(s, i, output));
        size_t       k    = i;
        while (k > 0 && (isnan(sei_sensitivity_swing(s, ret_order[k - 1], output)) ||
                         fabs(sei_sensitivity_swing(s, ret_order[k - 1], output)) < size)) {
            ret_order[k] = ret_order[k - 1];
            k--;
        }
        ret_order[k] = i;
    }
}
