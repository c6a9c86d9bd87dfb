/* validation_fit.c - numbers of a group fitted to its published figures by the method of `seiryu calibrate` */
#include "unit/validation_fit.h"

#include "calib/least_squares.h"
#include "calib/lm.h"
#include "num/philox.h"
#include "study/pool.h"
#include "t.h"

/* As src/study/calibrate_run.c; differences are wider, for a figure is a bound or a rounded mean of a run. */
#define Z_STEP 0.05
static const double band_z = 1.2815515655446004; /* quantile 0.9 of the normal distribution */
static const double edge_z = 1.2815515655446004; /* outside P10 to P90 of the prior: at its edge */

/* ---- parameters in a site ---- */

/* "capture_1_h" is any path that ends in ".capture_1_h". */
static bool is_of(const sei_knob *knob, const char *key)
{
    const size_t n = strlen(knob->path), k = strlen(key);

    return strcmp(knob->path, key) == 0 ||
           (n > k && knob->path[n - k - 1] == '.' && strcmp(knob->path + n - k, key) == 0);
}

/* What is shown, in the terms in which the knob is turned. */
static double to_terms(const sei_knob *k, double shown)
{
    return k->row ? sei_param_si(k->row, shown) : (shown - k->offset) / k->scale;
}

static void set_number(const sei_knobs *knobs, double *const places[], const char *key,
                       double shown)
{
    for (size_t i = 0; i < knobs->n; i++)
        if (is_of(&knobs->knobs[i], key))
            *places[i] = to_terms(&knobs->knobs[i], shown);
}

void v_fit_set_stored(void *user, const sei_knobs *knobs, double *const places[])
{
    const v_group *g = user;

    for (size_t p = 0; p < g->n_parameters; p++)
        set_number(knobs, places, g->parameters[p].key, g->parameters[p].value);
}

/* ---- priors ---- */

typedef struct {
    const v_group *group;
    sei_prior      prior[V_PARAMETERS_MAX]; /* in shown units */
    double         start[V_PARAMETERS_MAX];
} priors;

static double shown_bound(const sei_knob *k, double terms)
{
    return isfinite(terms) ? sei_knob_shown(k, terms) : terms;
}

static sei_prior prior_of(const sei_knob *k, const v_parameter *p)
{
    const double factor = sei_knob_shown(k, 1.0) - sei_knob_shown(k, 0.0);
    sei_prior    prior  = k->prior;

    if (isfinite(p->p10) && isfinite(p->p90)) {
        prior       = sei_prior_log_normal(sqrt(p->p10 * p->p90), sqrt(p->p90 / p->p10));
        prior.lower = shown_bound(k, k->lower);
        prior.upper = shown_bound(k, k->upper);
        return prior;
    }
    ck_assert_msg(prior.kind != SEI_PRIOR_FIXED, "%s has no prior: give p10 and p90", k->path);
    /* log-normal and logit-normal: b is of the logarithm and keeps; all others scale with the unit */
    prior.a = sei_knob_shown(k, prior.a);
    prior.m = sei_knob_shown(k, prior.m);
    prior.b = prior.kind == SEI_PRIOR_LOG_NORMAL || prior.kind == SEI_PRIOR_LOGIT_NORMAL ? prior.b
              : prior.kind == SEI_PRIOR_NORMAL ? prior.b * factor
                                               : sei_knob_shown(k, prior.b);
    prior.lower = shown_bound(k, prior.lower);
    prior.upper = shown_bound(k, prior.upper);
    return prior;
}

static void find_prior(void *user, const sei_knobs *knobs, double *const places[])
{
    priors *out = user;

    (void)places;
    for (size_t p = 0; p < out->group->n_parameters; p++)
        for (size_t i = knobs->n; i-- > 0;)
            if (is_of(&knobs->knobs[i], out->group->parameters[p].key)) {
                out->prior[p] = prior_of(&knobs->knobs[i], &out->group->parameters[p]);
                out->start[p] = sei_knob_shown(&knobs->knobs[i], knobs->knobs[i].value);
            }
}

/* From every site that is fitted to; the first figure's counts. */
static priors find_priors(const v_group *g)
{
    priors out = {.group = g};

    for (size_t p = 0; p < g->n_parameters; p++)
        out.start[p] = NAN;
    for (size_t i = g->n_figures; i-- > 0;)
        if (g->figures[i].role == V_FIT)
            v_look(g->figures[i].measure.run, find_prior, &out);
    for (size_t p = 0; p < g->n_parameters; p++)
        ck_assert_msg(isfinite(out.start[p]), "%s: no fitted run has a number %s", g->name,
                      g->parameters[p].key);
    return out;
}

void v_fit_prior(const v_group *g, size_t parameter, double ret_shown[3])
{
    const priors p = find_priors(g);

    for (int i = 0; i < 3; i++)
        ret_shown[i] = sei_prior_at(&p.prior[parameter], (i - 1) * band_z);
}

/* ---- residuals ---- */

static double below(double z)
{
    return sqrt(-2.0 * log(fmax(sei_normal_cdf(z), 1e-300)));
}

double v_fit_residual(const v_group *g, const v_figure *f, double computed)
{
    const bool   is_log = !f->is_difference;
    const double sigma  = is_log ? g->error : g->error_absolute;
    const double sign   = f->low < 0.0 && isfinite(f->low) ? -1.0 : 1.0; /* removal that is gain */
    const double tiny   = 1e-6;
    const double x      = is_log ? log(fmax(sign * computed, tiny)) : computed;
    const double low    = is_log ? log(fmax(sign * f->low, tiny)) : f->low;
    const double high   = is_log ? log(fmax(sign * f->high, tiny)) : f->high;

    switch (f->bound) {
    case V_ABOUT: return (x - low) / sigma;
    case V_BELOW: return below((high - x) / sigma);
    case V_ABOVE: return below((x - low) / sigma);
    case V_BETWEEN:
        return sqrt(-2.0 *
                    log(fmax(sei_normal_cdf((high - x) / sigma) - sei_normal_cdf((low - x) / sigma),
                             1e-300)));
    }
    return NAN;
}

/* ---- runs ---- */

typedef struct {
    const v_group *group;
    priors         priors;
    size_t         m; /* figures that are fitted to, then one prior a parameter */
} fit;

typedef struct {
    const fit    *fit;
    const double *z;
} turning;

static size_t count_fitted(const v_group *g)
{
    size_t n = 0;

    for (size_t i = 0; i < g->n_figures; i++)
        n += g->figures[i].role == V_FIT;
    return n;
}

static void set_z(void *user, const sei_knobs *knobs, double *const places[])
{
    const turning *t = user;
    const fit     *f = t->fit;

    for (size_t p = 0; p < f->group->n_parameters; p++)
        set_number(knobs, places, f->group->parameters[p].key,
                   sei_prior_at(&f->priors.prior[p], t->z[p]));
}

static bool same_run(const v_figure *a, const v_figure *b)
{
    return strcmp(a->measure.run, b->measure.run) == 0;
}

/* Residuals of all figures that are read from the run of figure i. */
static bool run_residuals(const fit *f, const double z[], size_t i, double r[])
{
    const v_group *g = f->group;
    turning        t = {f, z};
    v_run          run;
    bool           ok  = v_compute(&run, g->figures[i].measure.run, set_z, &t);
    size_t         row = 0;

    for (size_t k = 0; k < g->n_figures; k++) {
        const v_figure *figure = &g->figures[k];
        if (figure->role != V_FIT)
            continue;
        if (ok && same_run(figure, &g->figures[i])) {
            r[row] = v_fit_residual(g, figure, v_value_of(&run, &figure->measure));
            ok     = isfinite(r[row]);
        }
        row++;
    }
    v_run_done(&run);
    return ok;
}

static bool is_first_of_run(const v_group *g, size_t i)
{
    if (g->figures[i].role != V_FIT)
        return false;
    for (size_t k = 0; k < i; k++)
        if (g->figures[k].role == V_FIT && same_run(&g->figures[k], &g->figures[i]))
            return false;
    return true;
}

/* One job a point and a run. */
typedef struct {
    const fit    *fit;
    const double *z;
    double       *r;
    bool         *ok;
    size_t        n_runs, runs[V_FIGURES_MAX]; /* first figure of each */
} jobs;

static sei_status work(void *user, sei_ctx *ctx, void **local, size_t job)
{
    const jobs  *j     = user;
    const size_t point = job / j->n_runs;

    (void)ctx;
    (void)local;
    j->ok[job] = run_residuals(j->fit, j->z + point * j->fit->group->n_parameters,
                               j->runs[job % j->n_runs], j->r + point * j->fit->m);
    return SEI_OK;
}

static sei_status residuals(void *user, size_t k, const double z[], double r[], bool ok[])
{
    const fit   *f = user;
    const size_t n = f->group->n_parameters;
    jobs         j = {.fit = f, .z = z, .r = r, .ok = NULL};

    for (size_t i = 0; i < f->group->n_figures; i++)
        if (is_first_of_run(f->group, i))
            j.runs[j.n_runs++] = i;
    j.ok                = calloc(k * j.n_runs, sizeof *j.ok);
    sei_ctx       *ctx  = sei_ctx_create(NULL);
    const sei_pool pool = {.n_threads = 0, .n_jobs = k * j.n_runs, .work = work, .user = &j};
    T_OK(ctx, sei_pool_run(ctx, &pool));
    for (size_t point = 0; point < k; point++) {
        ok[point] = true;
        for (size_t i = 0; i < j.n_runs; i++)
            ok[point] = ok[point] && j.ok[point * j.n_runs + i];
        memcpy(r + point * f->m + f->m - n, z + point * n, n * sizeof *z);
    }
    sei_ctx_free(ctx);
    free(j.ok);
    return SEI_OK;
}

static void tell(void *user, int iteration, double sum_of_squares)
{
    const fit *f = user;

    fprintf(stderr, "%s: iteration %d, sum of squares %.4g\n", f->group->name, iteration,
            sum_of_squares);
}

static void solve(sei_ctx *ctx, fit *f, const double start[], int iterations, sei_lm_result *ret)
{
    double lower[V_PARAMETERS_MAX], upper[V_PARAMETERS_MAX], step[V_PARAMETERS_MAX];

    f->m = count_fitted(f->group) + f->group->n_parameters;
    for (size_t p = 0; p < f->group->n_parameters; p++) {
        lower[p] = -SEI_PRIOR_Z_MAX;
        upper[p] = SEI_PRIOR_Z_MAX;
        step[p]  = Z_STEP;
    }
    const sei_lm_problem problem = {.n              = f->group->n_parameters,
                                    .m              = f->m,
                                    .start          = start,
                                    .lower          = lower,
                                    .upper          = upper,
                                    .step           = step,
                                    .is_central     = true,
                                    .max_iterations = iterations,
                                    .tolerance      = 1e-4,
                                    .residuals      = residuals,
                                    .user           = f,
                                    .progress       = tell};
    T_OK(ctx, sei_lm_solve(ctx, &problem, ret));
}

/* ---- the fit, and its check ---- */

static double deviation(const fit *f, const sei_lm_result *lm, size_t p)
{
    const size_t n = f->group->n_parameters, m = f->m - n;
    double       sum = 0.0;

    for (size_t i = 0; i < m; i++)
        sum += lm->r[i] * lm->r[i];
    return fmin(1.0, fmax(1.0, sqrt(sum / (double)m)) * sqrt(lm->covariance[p * n + p]));
}

/* The site's value, or the middle of the prior for one that turns things off. */
static double start_of(const priors *p, size_t i)
{
    const double z = sei_prior_z(&p->prior[i], p->start[i]);

    return fabs(z) < 3.0 ? z : 0.0;
}

void v_fit_print(const v_group *g)
{
    sei_ctx      *ctx = sei_ctx_create(NULL);
    fit           f   = {.group = g, .priors = find_priors(g)};
    double        start[V_PARAMETERS_MAX];
    sei_lm_result lm;

    for (size_t p = 0; p < g->n_parameters; p++)
        start[p] = start_of(&f.priors, p);
    solve(ctx, &f, start, 40, &lm);
    printf("# %s: sum of squares %.3g from %.3g, %zu figures, end %d\n", g->name, lm.sum_of_squares,
           lm.sum_at_start, f.m - g->n_parameters, (int)lm.end);
    for (size_t p = 0; p < g->n_parameters; p++) {
        const sei_prior *prior = &f.priors.prior[p];
        const double     z = lm.x[p], sd = deviation(&f, &lm, p);
        printf("    %s: {value: %.5g, low: %.3g, high: %.3g, informed: %.2f%s}\n",
               g->parameters[p].key, sei_prior_at(prior, z),
               sei_prior_at(prior, fmax(z - band_z * sd, -SEI_PRIOR_Z_MAX)),
               sei_prior_at(prior, fmin(z + band_z * sd, SEI_PRIOR_Z_MAX)), 1.0 - sd * sd,
               fabs(z) > edge_z ? ", edge: true" : "");
    }
    fflush(stdout);
    sei_lm_done(ctx, &lm);
    sei_ctx_free(ctx);
}

double v_fit_distance(const v_group *g)
{
    const size_t n = g->n_parameters;
    fit          f = {.group = g, .priors = find_priors(g), .m = count_fitted(g) + n};
    double      *a = calloc(f.m * n, sizeof *a); /* the Jacobian, by columns */
    double      *r = calloc(f.m * (2 * n + 1), sizeof *r);
    double       z[(2 * V_PARAMETERS_MAX + 1) * V_PARAMETERS_MAX];
    double       step[V_PARAMETERS_MAX], work[V_PARAMETERS_MAX * V_PARAMETERS_MAX];
    double       inverse[V_PARAMETERS_MAX * V_PARAMETERS_MAX], longest = 0.0;
    bool         ok[2 * V_PARAMETERS_MAX + 1];
    const size_t points = 2 * n + 1;

    ck_assert(a != NULL && r != NULL);
    for (size_t k = 0; k < points; k++)
        for (size_t p = 0; p < n; p++)
            z[k * n + p] = sei_prior_z(&f.priors.prior[p], g->parameters[p].value) +
                           (k == 2 * p + 1   ? Z_STEP
                            : k == 2 * p + 2 ? -Z_STEP
                                             : 0.0);
    ck_assert_int_eq(residuals(&f, points, z, r, ok), SEI_OK);
    for (size_t k = 0; k < points; k++)
        ck_assert_msg(ok[k], "%s: no answer beside the stored values", g->name);
    for (size_t i = 0; i < f.m; i++)
        for (size_t p = 0; p < n; p++)
            a[p * f.m + i] = (r[(2 * p + 1) * f.m + i] - r[(2 * p + 2) * f.m + i]) / (2.0 * Z_STEP);
    ck_assert(sei_least_squares(f.m, n, a, r, step));
    sei_least_squares_inverse(f.m, n, a, work, inverse);
    for (size_t p = 0; p < n; p++)
        longest = fmax(longest, fabs(step[p]) / sqrt(inverse[p * n + p]));
    free(r);
    free(a);
    return longest;
}
