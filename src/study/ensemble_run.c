/* ensemble_run.c - computing the members that are not there yet, on threads and ranks */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "study/ensemble.h"
#include "study/ensemble_hand.h"
#include "study/pool.h"

typedef struct {
    const sei_site             *site;
    const sei_ensemble_options *options;
    const sei_run_hooks        *hooks;
    const sei_draws            *draws;
    size_t                      n;      /* to compute */
    size_t                     *number; /* [n] of them; with a hand of all */
    sei_hand                   *hand;   /* NULL: no other rank takes of them */
    atomic_size_t               taken;  /* the first that nobody had when this rank asked last */
} batch;

/* What a thread has to itself. */
typedef struct {
    sei_site *site;
    double  **places;
    double   *values;
} bench;

static void leave(sei_ctx *ctx, void *local)
{
    bench *b = local;

    sei_site_free(b->site);
    sei_release(ctx, b->values);
    sei_release(ctx, b);
}

static sei_status enter(const batch *b, sei_ctx *ctx, bench **ret)
{
    bench *w = sei_alloc(ctx, 1, sizeof *w);

    if (!w)
        return SEI_E_NOMEM;
    *ret          = w; /* `leave` frees it whatever happens */
    w->values     = sei_alloc(ctx, b->draws->n + 1, sizeof *w->values);
    sei_status st = w->values ? sei_site_clone(ctx, b->site, &w->site) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = sei_knobs_bind(b->draws->knobs, w->site, &w->places);
    return st;
}

static sei_status store(const batch *b, sei_ctx *ctx, sei_member *m, const double values[],
                        size_t number)
{
    char *path = sei_member_path(ctx, b->options->folder, number);

    m->n_draws    = b->draws->n;
    m->draws      = sei_alloc(ctx, m->n_draws + 1, sizeof *m->draws);
    sei_status st = path && m->draws ? SEI_OK : SEI_E_NOMEM;
    if (st == SEI_OK) {
        memcpy(m->draws, values, m->n_draws * sizeof *m->draws);
        st = sei_member_write(ctx, m, b->draws->key, number, path);
    }
    sei_release(ctx, path);
    return st;
}

/* A member's file that is whole and of this ensemble need not be computed again. Whether it is, is
 * asked of a context of its own: absence is no error. */
static sei_status is_there(const batch *b, sei_ctx *quiet, size_t number, bool *ret)
{
    sei_member m    = {0};
    char      *path = sei_member_path(quiet, b->options->folder, number);

    if (!path)
        return SEI_E_NOMEM;
    *ret = sei_member_read(quiet, path, b->draws->key, number, &m) == SEI_OK;
    sei_member_done(quiet, &m);
    sei_release(quiet, path);
    return SEI_OK;
}

/* What there is to do for job `job`: n of the options for nothing. */
static sei_status take(batch *b, sei_ctx *ctx, size_t job, size_t *ret_number)
{
    bool       has = false;
    sei_status st;

    if (!b->hand) {
        *ret_number = b->number[job];
        return SEI_OK;
    }
    do {
        st = sei_hand_take(ctx, b->hand, ret_number);
        if (st != SEI_OK)
            return st;
        atomic_store(&b->taken, *ret_number);
        st = *ret_number < b->options->n ? is_there(b, ctx, *ret_number, &has) : SEI_OK;
    } while (st == SEI_OK && *ret_number < b->options->n && has);
    sei_ctx_clear(ctx);
    return st;
}

static sei_status work(void *user, sei_ctx *ctx, void **local, size_t job)
{
    batch              *b     = user;
    const sei_run_hooks hooks = {.stop = b->hooks ? b->hooks->stop : NULL};
    bench              *w     = *local;
    sei_member          m     = {0};
    size_t              number;

    sei_ctx_clear(ctx);
    sei_status st = take(b, ctx, job, &number);
    if (st != SEI_OK || number >= b->options->n)
        return st;
    if (!w) {
        st     = enter(b, ctx, &w);
        *local = w;
        if (st != SEI_OK)
            return st;
    }
    sei_draws_member(b->draws, b->options->seed, number, w->values);
    for (size_t i = 0; i < b->draws->n; i++)
        *w->places[b->draws->knob[i]] = w->values[i];
    st = sei_member_run(ctx, w->site, &hooks, &m);
    if (st == SEI_OK)
        st = store(b, ctx, &m, w->values, number);
    sei_member_done(ctx, &m);
    return st;
}

static void progress(void *user, size_t done)
{
    batch       *b  = user;
    const size_t at = b->hand ? atomic_load(&b->taken) : b->options->n - b->n + done;

    if (b->hooks && b->hooks->progress && at <= b->options->n)
        b->hooks->progress(b->hooks->user, (double)at / (double)b->options->n);
}

static sei_status find_missing(sei_ctx *ctx, batch *b)
{
    sei_ctx   *quiet = sei_ctx_create(NULL);
    sei_status st    = SEI_OK;
    bool       has   = false;

    b->number = sei_alloc(ctx, b->options->n, sizeof *b->number);
    if (!quiet || !b->number)
        st = SEI_E_NOMEM;
    for (size_t k = 0; k < b->options->n && st == SEI_OK; k++) {
        st = is_there(b, quiet, k, &has);
        if (st == SEI_OK && !has)
            b->number[b->n++] = k;
    }
    sei_ctx_free(quiet);
    return st;
}

/* Alone: what is missing. With others: whatever is handed out, until nothing is. */
static sei_status find_jobs(sei_ctx *ctx, batch *b)
{
    if (b->options->n_ranks <= 1)
        return find_missing(ctx, b);
    b->n = b->options->n;
    return sei_hand_open(ctx, b->options->folder, &b->hand);
}

static sei_status check(sei_ctx *ctx, const sei_ensemble_options *o)
{
    if (o->n < 1 || o->n > SEI_ENSEMBLE_MAX)
        return sei_fail(ctx, SEI_E_ARG, NULL, "an ensemble of %zu members, not 1..%d", o->n,
                        (int)SEI_ENSEMBLE_MAX);
    if (o->n_ranks > 1 && o->rank >= o->n_ranks)
        return sei_fail(ctx, SEI_E_ARG, NULL, "rank %zu of %zu", o->rank, o->n_ranks);
    return SEI_OK;
}

sei_status sei_ensemble_run(sei_ctx *ctx, const sei_site *site, const sei_ensemble_options *options,
                            const sei_run_hooks *hooks)
{
    batch      b       = {.site = site, .options = options, .hooks = hooks};
    sei_draws *draws   = NULL;
    char      *members = NULL;

    sei_status st = check(ctx, options);
    if (st != SEI_OK)
        return st;
    atomic_init(&b.taken, 0);
    st      = sei_draws_create(ctx, site, options->seed, &draws);
    b.draws = draws;
    if (st == SEI_OK && draws->n == 0)
        st = sei_fail(ctx, SEI_E_MISSING, NULL, "%s: no number of this site varies", site->path);
    if (st != SEI_OK)
        goto done;
    members = sei_path_join(ctx, options->folder, "members");
    st      = members ? sei_folder_make(ctx, members) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = find_jobs(ctx, &b);
    if (st == SEI_OK && b.n > 0) {
        const sei_pool pool = {.n_threads     = options->n_threads,
                               .n_jobs        = b.n,
                               .work          = work,
                               .leave         = leave,
                               .user          = &b,
                               .progress      = progress,
                               .progress_user = &b,
                               .stop          = hooks ? hooks->stop : NULL};
        st                  = sei_pool_run(ctx, &pool);
    }
done:
    sei_hand_close(ctx, b.hand);
    sei_release(ctx, b.number);
    sei_release(ctx, members);
    sei_draws_free(draws);
    return st;
}

sei_status sei_ensemble_begin(sei_ctx *ctx, const char *folder)
{
    const sei_status st = sei_folder_make(ctx, folder);

    return st == SEI_OK ? sei_hand_forget(ctx, folder) : st;
}

sei_status sei_ensemble_stop(sei_ctx *ctx, const char *folder)
{
    sei_hand  *hand = NULL;
    sei_status st   = sei_hand_open(ctx, folder, &hand);

    if (st == SEI_OK)
        st = sei_hand_skip_to(ctx, hand, SEI_ENSEMBLE_MAX);
    sei_hand_close(ctx, hand);
    return st;
}

/* What the ranks made before they knew that there is nothing to put in it. Not to be had away: it stays. */
static void remove_empty(sei_ctx *ctx, const char *folder)
{
    char *members = sei_path_join(ctx, folder, "members");

    if (members && (rmdir(members) == 0 || errno == ENOENT))
        (void)rmdir(folder);
    sei_release(ctx, members);
}

sei_status sei_ensemble_end(sei_ctx *ctx, const char *folder)
{
    const sei_status st = sei_hand_forget(ctx, folder);

    if (st == SEI_OK)
        remove_empty(ctx, folder);
    return st;
}
