/* run.c - a site through time */
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/constants.h"
#include "study/checkpoint.h"
#include "study/run.h"

enum { TIMES_MAX = 2000000, PROFILES_MAX = 1300 };

typedef struct {
    sei_ctx             *ctx;
    const sei_site      *site;
    const sei_run_hooks *hooks;
    sei_recorder        *recorder;
    sei_run_inflow      *inflow;
    sei_run_events      *events;
    sei_train           *train;
    const sei_run_state *state; /* NULL: none is read or kept */
    const sei_train     *near;  /* steady state of nearly the same site; NULL: none */
    size_t               next;  /* output that comes next */
    double               length_s, next_profile_s, saved_s;
} run;

static double monotonic_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static sei_status check_stop(const run *r)
{
    if (r->hooks && r->hooks->stop && *r->hooks->stop)
        return sei_fail(r->ctx, SEI_E_CANCELLED, NULL, "stopped on request");
    return SEI_OK;
}

static sei_status on_step(void *user, sei_ctx *ctx, double t_s, double dt_s, const sei_train *train)
{
    const run *r = user;

    (void)ctx;
    sei_recorder_count(r->recorder, train, dt_s);
    const sei_status st = sei_run_hydraulics_follow(r->recorder->hydraulics, r->train, t_s);
    if (st != SEI_OK)
        return st;
    if (r->hooks && r->hooks->progress)
        r->hooks->progress(r->hooks->user, t_s / r->length_s);
    return check_stop(r);
}

/* A failure of the solver in the words of the site: which unit, and when. */
static sei_status explain(const run *r, sei_status st)
{
    const size_t cell = sei_train_failed_cell(r->train);
    char         when[SEI_TIME_MAX];

    if (st != SEI_E_STEP && st != SEI_E_NOT_CONVERGED)
        return st;
    sei_format_time(when,
                    r->site->run.start_us + (int64_t)llround(sei_train_time_s(r->train) * 1e6),
                    r->site->utc_offset_us);
    if (cell == SIZE_MAX)
        return sei_fail(r->ctx, st, NULL, "%s: %s: %s", r->site->path, when, sei_ctx_error(r->ctx));
    return sei_fail(r->ctx, st, NULL,
                    "%s: unit \"%s\", %s: %s; check the influent of that time and the unit's sizes "
                    "and rates",
                    r->site->path,
                    r->site->units[sei_plant_cell_at(r->recorder->plant, cell)->unit].name, when,
                    sei_ctx_error(r->ctx));
}

static sei_status build_plant(run *r)
{
    const double         flow = sei_run_inflow_mean_m3_s(r->inflow);
    const sei_plant_spec spec = {.db                 = r->recorder->model.db,
                                 .model              = r->recorder->model.model,
                                 .n_inflows          = 1,
                                 .inflow_m3_s        = &flow,
                                 .law_params         = r->recorder->model.law_params,
                                 .deposits_take_room = r->site->model.deposits_take_room,
                                 .n_units            = r->site->n_units,
                                 .units              = r->site->units};

    if (!(flow > 0.0))
        return sei_fail(r->ctx, SEI_E_RANGE, NULL,
                        "%s: the influent has no flow in the period of the run", r->site->path);
    sei_status st = sei_plant_create(r->ctx, &spec, &r->recorder->plant);
    if (st == SEI_OK)
        st = sei_train_create(r->ctx, sei_plant_train_spec(r->recorder->plant), &r->train);
    if (st == SEI_OK)
        st = sei_run_events_create(r->ctx, r->site, r->recorder->plant, &r->events);
    if (st == SEI_OK)
        st = sei_run_hydraulics_create(r->ctx, r->recorder->plant, &r->recorder->hydraulics);
    return st;
}

/* A steady state whose beds hold what a run through time before it left. */
static bool gathers(const run *r)
{
    return r->site->run.mode == SEI_RUN_STEADY && r->site->run.deposits_s > 0.0;
}

/* Raw water everywhere with the beds as filled; then, when asked, the steady state of the first instant. */
static sei_status set_initial(run *r)
{
    sei_plant_load(r->recorder->plant, r->train);
    sei_status st = sei_train_fill(r->ctx, r->train, sei_run_boundary, r->inflow);

    const bool is_of_clean_beds = r->site->run.mode == SEI_RUN_STEADY && !gathers(r);
    if (st == SEI_OK && r->near)
        sei_train_begin_near(r->train, r->near);
    if (st == SEI_OK && (r->site->run.initial == SEI_INITIAL_STEADY || is_of_clean_beds))
        st = explain(r, sei_train_steady(r->ctx, r->train, sei_run_boundary, r->inflow, 0.0));
    if (st == SEI_OK)
        sei_train_open_books(r->train);
    if (st == SEI_OK)
        st = sei_run_hydraulics_follow(r->recorder->hydraulics, r->train, 0.0);
    if (st == SEI_OK && !is_of_clean_beds)
        st = sei_run_events_apply(r->events, r->train, 0.0);
    return st;
}

/* ---- state ------------------------------------------------------------------------------------ */

static sei_status save_state(run *r)
{
    sei_checkpoint c = {0};

    if (!r->state || !r->state->file)
        return SEI_OK;
    sei_status st = sei_checkpoint_take(r->recorder, r->train, &c);
    if (st == SEI_OK) {
        c.next           = r->next;
        c.next_profile_s = r->next_profile_s;
        c.events_done    = sei_run_events_done(r->events);
        st               = sei_checkpoint_save(r->ctx, &c, r->state->file);
    }
    if (st == SEI_OK)
        r->saved_s = sei_train_time_s(r->train);
    sei_checkpoint_done(r->ctx, &c);
    return st;
}

static sei_status read_state(run *r)
{
    sei_checkpoint c  = {0};
    sei_status     st = sei_checkpoint_read(r->ctx, r->state->restart, &c);

    if (st == SEI_OK)
        st = sei_checkpoint_apply(&c, r->state->restart, r->recorder, r->train);
    if (st == SEI_OK)
        st = sei_run_events_skip(r->events, c.events_done);
    r->next           = c.next;
    r->next_profile_s = c.next_profile_s;
    r->saved_s        = st == SEI_OK ? sei_train_time_s(r->train) : 0.0;
    sei_checkpoint_done(r->ctx, &c);
    return st;
}

static sei_status prepare(run *r)
{
    const double interval = r->site->run.output_interval_s;
    const double times    = r->length_s / interval + 3.0;

    if (times > TIMES_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, NULL,
                        "%s: more than %d output times; raise output_interval_h", r->site->path,
                        (int)TIMES_MAX);
    sei_status st = sei_run_model_create(r->ctx, r->site, &r->recorder->model);
    if (st == SEI_OK)
        st = sei_run_inflow_create(r->ctx, r->site, &r->recorder->model, &r->inflow);
    if (st == SEI_OK)
        r->recorder->ground_k = sei_run_inflow_ground_k(r->inflow);
    if (st == SEI_OK)
        st = build_plant(r);
    if (st == SEI_OK)
        st = sei_recorder_prepare(
            r->recorder, (size_t)times,
            (size_t)fmin(PROFILES_MAX, r->length_s / (28.0 * SEI_DAY_S) + 4.0));
    if (st != SEI_OK)
        return st;
    return r->state && r->state->restart ? read_state(r) : set_initial(r);
}

/* Records the present state, and a profile once a month. */
static sei_status record(run *r, double t_s)
{
    sei_status st = sei_recorder_take(r->recorder, r->train, r->inflow, t_s);

    if (st == SEI_OK && t_s >= r->next_profile_s) {
        const double month_s = SEI_JULIAN_YEAR_D / 12.0 * SEI_DAY_S;
        st                   = sei_recorder_profile(r->recorder, r->train, t_s);
        r->next_profile_s    = month_s * (floor(t_s / month_s) + 1.0);
    }
    return st;
}

static void set_control(const run *r, sei_step_control *c)
{
    sei_step_control_default(c);
    if (r->site->run.rel_tol > 0.0)
        c->rel_tol = r->site->run.rel_tol;
    if (r->site->run.abs_tol_molal > 0.0)
        c->abs_tol_molal = r->site->run.abs_tol_molal;
    if (r->site->run.dt_max_s > 0.0)
        c->dt_max_s = r->site->run.dt_max_s;
}

/* To t_end, stopping wherever the influent bends, so that no storm is stepped over, and at events. */
static sei_status advance(run *r, const sei_step_control *control, double t_end)
{
    sei_status st = SEI_OK;

    while (st == SEI_OK && sei_train_time_s(r->train) < t_end) {
        const double bend  = sei_run_inflow_next_break(r->inflow, sei_train_time_s(r->train));
        const double event = sei_run_events_next(r->events);
        const double stop  = fmin(t_end, fmin(bend, event));
        st = explain(r, sei_train_advance(r->ctx, r->train, control, sei_run_boundary, r->inflow,
                                          stop, on_step, r));
        const size_t done = sei_run_events_done(r->events);
        if (st == SEI_OK)
            st = sei_run_events_apply(r->events, r->train, sei_train_time_s(r->train));
        if (st == SEI_OK &&
            sei_run_events_done(r->events) > done) /* cleaning gives room back at once */
            st = sei_run_hydraulics_follow(r->recorder->hydraulics, r->train,
                                           sei_train_time_s(r->train));
    }
    return st;
}

/* Deposits gather through time; then the water comes to rest over them. */
static sei_status gather(run *r, const sei_step_control *control)
{
    const double t  = fmin(r->site->run.deposits_s, r->length_s);
    sei_status   st = advance(r, control, t);

    if (st == SEI_OK)
        st = explain(r, sei_recorder_settle(r->recorder, r->train, r->inflow));
    if (st == SEI_OK)
        sei_train_open_books(r->train);
    return st;
}

static bool is_state_due(const run *r, double t_s)
{
    return r->state && r->state->every_s > 0.0 && t_s - r->saved_s >= r->state->every_s;
}

/* Output after output, from wherever the run stands. */
static sei_status march(run *r)
{
    const double     interval = r->site->run.output_interval_s;
    sei_step_control control;
    sei_status       st = SEI_OK;

    set_control(r, &control);
    if (r->next == 0) {
        st      = gathers(r) ? gather(r, &control) : SEI_OK;
        st      = st == SEI_OK ? record(r, sei_train_time_s(r->train)) : st;
        r->next = 1;
    }
    while (st == SEI_OK && r->site->run.mode == SEI_RUN_TRANSIENT &&
           sei_train_time_s(r->train) < r->length_s) {
        const double t = fmin(interval * (double)r->next, r->length_s);
        st             = advance(r, &control, t);
        if (st == SEI_OK)
            st = record(r, t);
        r->next += st == SEI_OK;
        if (st == SEI_OK && is_state_due(r, t))
            st = save_state(r);
    }
    if (st != SEI_OK && st != SEI_E_CANCELLED)
        return st;
    const sei_status saved = save_state(r); /* of a run that was stopped too */
    return saved != SEI_OK ? saved : st;
}

static sei_status finish(run *r, sei_status st, double start_s)
{
    sei_result *result = &r->recorder->result;

    if (st != SEI_OK && st != SEI_E_CANCELLED)
        return st;
    result->is_complete = st == SEI_OK;
    const double now    = sei_train_time_s(r->train);
    if (result->n_profiles == 0 || r->recorder->profile_time_us[result->n_profiles - 1] <
                                       r->site->run.start_us + (int64_t)llround(now * 1e6)) {
        const sei_status last = sei_recorder_profile(r->recorder, r->train, now);
        if (last != SEI_OK)
            return last;
    }
    if (r->site->run.mode == SEI_RUN_STEADY && st == SEI_OK) {
        const sei_status gains = sei_recorder_put_gains(r->recorder, r->train);
        if (gains != SEI_OK)
            return gains;
    }
    result->stats.wall_s      = monotonic_s() - start_s;
    const sei_status finished = sei_recorder_finish(r->recorder, r->train);
    return finished != SEI_OK ? finished : st;
}

static sei_status go(run *r, sei_result **ret_result)
{
    const double start = monotonic_s();

    r->length_s   = (double)(r->site->run.end_us - r->site->run.start_us) / 1e6;
    sei_status st = sei_recorder_create(r->ctx, r->site, &r->recorder);
    if (st == SEI_OK)
        st = prepare(r);
    if (st == SEI_OK)
        st = finish(r, march(r), start);
    if (st == SEI_OK && r->site->run.mode == SEI_RUN_STEADY)
        r->recorder->rest = r->train;
    else
        sei_train_free(r->train);
    sei_run_events_free(r->events);
    sei_run_inflow_free(r->inflow);
    if (st == SEI_OK || st == SEI_E_CANCELLED)
        *ret_result = &r->recorder->result;
    else if (r->recorder)
        sei_result_free(&r->recorder->result);
    return st;
}

sei_status sei_study_run(sei_ctx *ctx, const sei_site *site, const sei_run_hooks *hooks,
                         sei_result **ret_result)
{
    run r = {.ctx = ctx, .site = site, .hooks = hooks};

    return go(&r, ret_result);
}

sei_status sei_study_run_from(sei_ctx *ctx, const sei_site *site, const sei_run_state *state,
                              const sei_run_hooks *hooks, sei_result **ret_result)
{
    run r = {.ctx = ctx, .site = site, .hooks = hooks, .state = state};

    return go(&r, ret_result);
}

sei_status sei_study_run_near(sei_ctx *ctx, const sei_site *site, const sei_result *near,
                              const sei_run_hooks *hooks, sei_result **ret_result)
{
    run r = {.ctx = ctx, .site = site, .hooks = hooks, .near = near ? near->memory->rest : NULL};

    return go(&r, ret_result);
}
