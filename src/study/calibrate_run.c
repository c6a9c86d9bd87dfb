/* calibrate_run.c - the fit: runs on threads, least squares in the measure of the priors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "study/calibrate.h"
#include "study/pool.h"

#define Z_STEP \
    0.02 /* of the differences: 2 % of the prior's deviation, well above the error of a run */
#define TOLERANCE 1e-4               /* of the sum of squares */
#define BAND_Z    1.2815515655446004 /* quantile 0.9 of the normal distribution */

sei_calibration_options sei_calibration_defaults(void)
{
    return (sei_calibration_options){.error_ln       = 0.3,
                                     .error_ph       = 0.2,
                                     .error_temp_k   = 1.0,
                                     .robust_z       = 3.0,
                                     .held_out       = 0.3,
                                     .max_iterations = 20};
}

/* ---- many runs at once ------------------------------------------------------------------------ */

typedef struct {
    sei_calibration     *c;
    const sei_run_hooks *hooks;
    size_t               m;
    const double        *z;
    double              *r;
    bool                *ok;
} batch;

/* What a thread has to itself. */
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

static void set_numbers(const sei_calibration *c, double *const places[], const double z[])
{
    for (size_t j = 0; j < c->n; j++) {
        const size_t k = c->fitted[j].knob;
        *places[k]     = sei_prior_at(&c->knobs->knobs[k].prior, z[j]);
    }
}

static bool set_residuals(const sei_calibration *c, const sei_result *result, const double z[],
                          double r[])
{
    const sei_data *data = &c->data;

    for (size_t i = 0; i < data->n_fitted; i++) {
        const sei_measured *s = &data->series[data->datum[i].series];
        r[i]                  = sei_data_softened(
                             sei_data_residual(s, &data->datum[i], sei_data_computed(result, s, &data->datum[i])),
                             c->options.robust_z);
        if (!isfinite(r[i]))
            return false;
    }
    memcpy(r + data->n_fitted, z, c->n * sizeof *z); /* the priors */
    return true;
}

/* Failures that tell of the machine or of the user, not of the numbers. */
static bool is_ours(sei_status st)
{
    return st != SEI_E_NOMEM && st != SEI_E_IO && st != SEI_E_CANCELLED && st != SEI_E_INTERNAL;
}

static sei_status work(void *user, sei_ctx *ctx, void **local, size_t job)
{
    const batch        *b      = user;
    const double       *z      = b->z + job * b->c->n;
    const sei_run_hooks hooks  = {.stop = b->hooks ? b->hooks->stop : NULL};
    sei_result         *result = NULL;
    bench              *w      = *local;

    if (!w) {
        w = sei_alloc(ctx, 1, sizeof *w);
        if (!w)
            return SEI_E_NOMEM;
        *w            = (bench){0};
        *local        = w; /* `leave` frees it whatever happens */
        sei_status st = sei_site_clone(ctx, b->c->site, &w->site);
        if (st == SEI_OK)
            st = sei_knobs_bind(b->c->knobs, w->site, &w->places);
        if (st != SEI_OK)
            return st;
    }
    sei_ctx_clear(ctx);
    set_numbers(b->c, w->places, z);
    const sei_status st = sei_study_run(ctx, w->site, &hooks, &result);
    b->ok[job]          = st == SEI_OK && set_residuals(b->c, result, z, b->r + job * b->m);
    sei_result_free(result);
    return st == SEI_OK || is_ours(st) ? SEI_OK : st;
}

static sei_status run_all(void *user, size_t k, const double z[], double ret_r[], bool ret_ok[])
{
    batch *b = user;

    b->z                = z;
    b->r                = ret_r;
    b->ok               = ret_ok;
    const sei_pool pool = {.n_threads = b->c->options.n_threads,
                           .n_jobs    = k,
                           .work      = work,
                           .leave     = leave,
                           .user      = b,
                           .stop      = b->hooks ? b->hooks->stop : NULL};
    return sei_pool_run(b->c->ctx, &pool);
}

static void tell(void *user, int iteration, double sum)
{
    const batch *b = user;

    (void)sum;
    if (b->hooks && b->hooks->progress)
        b->hooks->progress(b->hooks->user,
                           (double)iteration / (double)b->c->options.max_iterations);
}

/* ---- which parameters ------------------------------------------------------------------------- */

static sei_status add_parameter(sei_calibration *c, size_t knob)
{
    const sei_knob *k = &c->knobs->knobs[knob];

    if (k->prior.kind == SEI_PRIOR_FIXED)
        return sei_fail(
            c->ctx, SEI_E_RANGE, NULL,
            "%s has no range to be fitted in: give it one in section uncertainty of the site file",
            k->path);
    const double low  = sei_prior_at(&k->prior, -SEI_PRIOR_Z_MAX),
                 high = sei_prior_at(&k->prior, SEI_PRIOR_Z_MAX);
    if (!(k->value >= low && k->value <= high))
        return sei_fail(c->ctx, SEI_E_RANGE, NULL, "%s = %g lies outside its own prior, %g..%g",
                        k->path, sei_knob_shown(k, k->value), sei_knob_shown(k, low),
                        sei_knob_shown(k, high));
    sei_fitted *f = &c->fitted[c->n++];
    *f = (sei_fitted){.knob = knob, .start = k->value, .start_z = sei_prior_z(&k->prior, k->value)};
    return SEI_OK;
}

/* The last words of a path do where they name one number alone: "biofilm_capacity_mol_m3_d". */
static bool ends_with(const char *path, const char *words)
{
    const size_t n = strlen(path), m = strlen(words);

    return n > m && path[n - m - 1] == '.' && strcmp(path + n - m, words) == 0;
}

static sei_status find_named(const sei_calibration *c, const char *path, size_t *ret)
{
    const sei_knobs *k     = c->knobs;
    const char      *first = NULL, *near, **paths;
    size_t           n     = 0;

    *ret = sei_knobs_find(k, path);
    if (*ret < k->n)
        return SEI_OK;
    for (size_t i = 0; i < k->n; i++)
        if (ends_with(k->knobs[i].path, path)) {
            if (n++ == 1)
                return sei_fail(c->ctx, SEI_E_KEY, NULL,
                                "\"%s\" may be %s or %s: give more of the path", path, first,
                                k->knobs[i].path);
            first = k->knobs[i].path;
            *ret  = i;
        }
    if (n == 1)
        return SEI_OK;
    paths = sei_alloc(c->ctx, k->n + 1, sizeof *paths);
    if (!paths)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < k->n; i++) { /* as many words as were given */
        const char *dot = strrchr(k->knobs[i].path, '.');
        paths[i]        = strchr(path, '.') || !dot ? k->knobs[i].path : dot + 1;
    }
    near = sei_nearest(path, paths, k->n);
    const sei_status st =
        sei_fail(c->ctx, SEI_E_KEY, NULL,
                 "\"%s\" is no number of this site (seiryu calibrate --list shows them)%s%s%s",
                 path, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    sei_release(c->ctx, paths);
    return st;
}

static sei_status add_named(sei_calibration *c, const char *path)
{
    size_t           knob = 0;
    const sei_status st   = find_named(c, path, &knob);

    if (st != SEI_OK)
        return st;
    for (size_t j = 0; j < c->n; j++)
        if (c->fitted[j].knob == knob)
            return sei_fail(c->ctx, SEI_E_KEY, NULL, "%s is named twice",
                            c->knobs->knobs[knob].path);
    return add_parameter(c, knob);
}

static sei_status choose_parameters(sei_calibration *c)
{
    const sei_calibration_options *o  = &c->options;
    sei_status                     st = sei_knobs_create(c->ctx, c->site, &c->knobs);

    if (st != SEI_OK)
        return st;
    c->fitted = sei_alloc(c->ctx, c->knobs->n + o->n_paths + 1, sizeof *c->fitted);
    if (!c->fitted)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < o->n_paths && st == SEI_OK; i++)
        st = add_named(c, o->paths[i]);
    for (size_t k = 0; o->n_paths == 0 && k < c->knobs->n && st == SEI_OK; k++)
        if (c->knobs->knobs[k].is_listed && c->knobs->knobs[k].prior.kind != SEI_PRIOR_FIXED)
            st = add_parameter(c, k);
    if (st == SEI_OK && c->n == 0)
        return sei_fail(
            c->ctx, SEI_E_MISSING, NULL,
            "no parameter to fit: name some with --parameters (seiryu calibrate --list shows what "
            "there is; two or three that the measured values can tell are better than ten), or "
            "list them in section uncertainty of the site file");
    return st;
}

/* ---- the fit ---------------------------------------------------------------------------------- */

static sei_status fit(sei_calibration *c, const sei_run_hooks *hooks)
{
    const size_t n     = c->n;
    double      *start = sei_alloc(c->ctx, 4 * n, sizeof *start);
    batch        b     = {.c = c, .hooks = hooks, .m = c->data.n_fitted + n};

    if (!start)
        return SEI_E_NOMEM;

    double *lower = start + n, *upper = lower + n, *step = upper + n;

    for (size_t j = 0; j < n; j++) {
        start[j] = c->fitted[j].start_z;
        lower[j] = -SEI_PRIOR_Z_MAX;
        upper[j] = SEI_PRIOR_Z_MAX;
        step[j]  = Z_STEP;
    }
    const sei_lm_problem p  = {.n              = n,
                               .m              = b.m,
                               .start          = start,
                               .lower          = lower,
                               .upper          = upper,
                               .step           = step,
                               .is_central     = true,
                               .max_iterations = c->options.max_iterations,
                               .tolerance      = TOLERANCE,
                               .residuals      = run_all,
                               .user           = &b,
                               .progress       = tell};
    const sei_status     st = sei_lm_solve(c->ctx, &p, &c->lm);
    sei_release(c->ctx, start);
    return st;
}

/* Where the measured values misfit by more than their stated error, the posterior is that much wider. */
static void set_posterior(sei_calibration *c)
{
    double sum = 0.0;

    for (size_t i = 0; i < c->data.n_fitted; i++)
        sum += c->lm.r[i] * c->lm.r[i];
    c->inflation = fmax(1.0, sqrt(sum / (double)c->data.n_fitted));
    for (size_t j = 0; j < c->n; j++) {
        sei_fitted      *f     = &c->fitted[j];
        const sei_prior *prior = &c->knobs->knobs[f->knob].prior;
        const double     z     = c->lm.x[j];
        f->sd_z                = fmin(1.0, c->inflation * sqrt(c->lm.covariance[j * c->n + j]));
        f->is_at_bound         = c->lm.is_at_bound[j];
        f->best                = sei_prior_at(prior, z);
        f->low                 = sei_prior_at(prior, fmax(z - BAND_Z * f->sd_z, -SEI_PRIOR_Z_MAX));
        f->high                = sei_prior_at(prior, fmin(z + BAND_Z * f->sd_z, SEI_PRIOR_Z_MAX));
    }
}

/* ---- before and after ------------------------------------------------------------------------- */

static double *computed_by(const sei_calibration *c, const sei_result *result)
{
    double *out = sei_alloc(c->ctx, c->data.n, sizeof *out);

    for (size_t i = 0; out && i < c->data.n; i++)
        out[i] =
            sei_data_computed(result, &c->data.series[c->data.datum[i].series], &c->data.datum[i]);
    return out;
}

static sei_status run_calibrated(sei_calibration *c, const sei_run_hooks *hooks)
{
    const sei_run_hooks quiet  = {.stop = hooks ? hooks->stop : NULL};
    double            **places = NULL;

    sei_status st = sei_site_clone(c->ctx, c->site, &c->calibrated);
    if (st == SEI_OK)
        st = sei_knobs_bind(c->knobs, c->calibrated, &places);
    if (st != SEI_OK)
        return st;
    set_numbers(c, places, c->lm.x);
    st = sei_study_run(c->ctx, c->calibrated, &quiet, &c->result_after);
    if (st != SEI_OK)
        return st;
    c->after = computed_by(c, c->result_after);
    return c->after ? SEI_OK : SEI_E_NOMEM;
}

static sei_status check(sei_ctx *ctx, const sei_site *site, const sei_calibration_options *o)
{
    if (site->run.mode == SEI_RUN_STEADY)
        return sei_fail(
            ctx, SEI_E_ARG, NULL,
            "%s: a steady state has no course to compare with; run.mode must be transient",
            site->path);
    if (!(o->error_ln > 0.0 && o->error_ph > 0.0 && o->error_temp_k > 0.0) ||
        !(o->robust_z >= 0.0) || !(o->held_out >= 0.0 && o->held_out <= 0.9) ||
        o->max_iterations < 1)
        return sei_fail(ctx, SEI_E_ARG, NULL,
                        "errors must be > 0, robust >= 0, the share held out 0..0.9, iterations at "
                        "least 1");
    return SEI_OK;
}

sei_status sei_calibrate(sei_ctx *ctx, const sei_site *site, const sei_calibration_options *options,
                         const sei_run_hooks *hooks, sei_calibration **ret)
{
    const sei_run_hooks quiet = {.stop = hooks ? hooks->stop : NULL};
    sei_calibration    *c     = NULL;

    sei_status st = check(ctx, site, options);
    if (st != SEI_OK)
        return st;
    c = sei_alloc(ctx, 1, sizeof *c);
    if (!c)
        return SEI_E_NOMEM;
    *c = (sei_calibration){.ctx = ctx, .site = site, .options = *options};
    st = choose_parameters(c);
    if (st == SEI_OK)
        st = sei_study_run(ctx, site, &quiet, &c->result_before);
    if (st == SEI_OK)
        st = sei_data_collect(ctx, c->result_before, options, &c->data);
    if (st == SEI_OK && !(c->before = computed_by(c, c->result_before)))
        st = SEI_E_NOMEM;
    if (st == SEI_OK)
        st = fit(c, hooks);
    if (st == SEI_OK) {
        set_posterior(c);
        st = run_calibrated(c, hooks);
    }
    if (st != SEI_OK) {
        sei_calibration_free(c);
        return st;
    }
    *ret = c;
    return SEI_OK;
}

void sei_calibration_free(sei_calibration *c)
{
    if (!c)
        return;
    sei_lm_done(c->ctx, &c->lm);
    sei_data_done(c->ctx, &c->data);
    sei_result_free(c->result_before);
    sei_result_free(c->result_after);
    sei_site_free(c->calibrated);
    sei_knobs_free(c->knobs);
    sei_release(c->ctx, c->fitted);
    sei_release(c->ctx, c->before);
    sei_release(c->ctx, c->after);
    sei_release(c->ctx, c);
}
