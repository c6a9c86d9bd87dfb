/* scenario_run.c - the sites of a scenario file, run on threads */
#include "study/scenario_run.h"

#include <string.h>

#include "study/pool.h"

typedef struct {
    sei_scenario_runs   *runs;
    const sei_run_hooks *hooks;
} batch;

static sei_status work(void *user, sei_ctx *ctx, void **local, size_t job)
{
    const batch          *b     = user;
    sei_scenario_outcome *o     = &b->runs->outcomes[job];
    const sei_run_hooks   hooks = {.stop = b->hooks ? b->hooks->stop : NULL};

    (void)local;
    o->status = sei_study_run(o->ctx, o->site, &hooks, &o->result);
    if (o->status == SEI_OK)
        o->status = sei_digest_create(o->ctx, o->result, &o->digest);
    if (o->status == SEI_E_CANCELLED || o->status == SEI_E_NOMEM)
        return sei_fail(ctx, o->status, NULL, "%s", sei_ctx_error(o->ctx));
    if (o->status != SEI_OK)
        o->error = sei_ctx_error(o->ctx);
    return SEI_OK;
}

static void progress(void *user, size_t done)
{
    const batch *b = user;

    if (b->hooks && b->hooks->progress)
        b->hooks->progress(b->hooks->user, (double)done / (double)b->runs->n);
}

static sei_status make_outcomes(sei_scenario_runs *runs)
{
    runs->n        = runs->set->n;
    runs->outcomes = sei_alloc(runs->ctx, runs->n, sizeof *runs->outcomes);
    if (!runs->outcomes)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < runs->n; i++) {
        runs->outcomes[i] = (sei_scenario_outcome){
            .ctx = sei_ctx_create(NULL), .site = runs->set->sites[i], .error = ""};
        if (!runs->outcomes[i].ctx)
            return SEI_E_NOMEM;
    }
    return SEI_OK;
}

sei_status sei_scenarios_run(sei_ctx *ctx, const sei_scenarios *set, size_t n_threads,
                             const sei_run_hooks *hooks, sei_scenario_runs **ret)
{
    sei_scenario_runs *runs = sei_alloc(ctx, 1, sizeof *runs);

    if (!runs)
        return SEI_E_NOMEM;
    *runs         = (sei_scenario_runs){.ctx = ctx, .set = set};
    sei_status st = make_outcomes(runs);
    if (st == SEI_OK) {
        batch          b    = {runs, hooks};
        const sei_pool pool = {.n_threads     = n_threads,
                               .n_jobs        = runs->n,
                               .work          = work,
                               .user          = &b,
                               .progress      = progress,
                               .progress_user = &b,
                               .stop          = hooks ? hooks->stop : NULL};
        st                  = sei_pool_run(ctx, &pool);
    }
    if (st != SEI_OK) {
        sei_scenario_runs_free(runs);
        return st;
    }
    for (size_t i = 0; i < runs->n; i++)
        runs->n_failed += runs->outcomes[i].status != SEI_OK;
    *ret = runs;
    return SEI_OK;
}

void sei_scenario_runs_free(sei_scenario_runs *runs)
{
    if (!runs)
        return;
    for (size_t i = 0; runs->outcomes && i < runs->n; i++) {
        sei_digest_free(runs->outcomes[i].digest);
        sei_result_free(runs->outcomes[i].result);
        sei_ctx_free(runs->outcomes[i].ctx);
    }
    sei_release(runs->ctx, runs->outcomes);
    sei_release(runs->ctx, runs);
}

size_t sei_scenario_n_groups(const sei_scenario_runs *runs)
{
    const size_t others = SEI_SCENARIO_GROUP - 1;

    return runs->n <= 1 ? 1 : (runs->n - 1 + others - 1) / others;
}

bool sei_scenario_is_in(size_t scenario, size_t group)
{
    return scenario == 0 || (scenario - 1) / (SEI_SCENARIO_GROUP - 1) == group;
}

sei_label sei_scenario_label(const sei_site *site)
{
    return (sei_label){site->scenario_ja[0] ? site->scenario_ja : site->scenario, site->scenario};
}
