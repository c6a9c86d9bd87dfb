/* pool.c - independent jobs on threads */
#include "study/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/team.h"

/* What a thread keeps from job to job; made at its first. */
typedef struct {
    sei_ctx *ctx;
    void    *local;
} seat;

typedef struct {
    const sei_pool *pool;
    sei_ctx        *ctx; /* of the caller: its error is set under the lock */
    seat           *seats;
    atomic_bool     over;
    pthread_mutex_t lock; /* of all below */
    size_t          done;
    sei_status      status;
} crew;

static void settle(crew *c, sei_ctx *own, sei_status st)
{
    pthread_mutex_lock(&c->lock);
    if (st == SEI_OK) {
        c->done++;
        if (c->pool->progress)
            c->pool->progress(c->pool->progress_user, c->done);
    } else if (c->status == SEI_OK) {
        c->status = sei_fail(c->ctx, st, NULL, "%s",
                             own ? sei_ctx_error(own) : "out of memory while starting a thread");
        atomic_store(&c->over, true);
    }
    pthread_mutex_unlock(&c->lock);
}

static void do_job(void *arg, size_t worker, size_t job)
{
    crew *c    = arg;
    seat *mine = &c->seats[worker];

    if (atomic_load(&c->over) || (c->pool->stop && *c->pool->stop))
        return;
    if (!mine->ctx && (mine->ctx = sei_ctx_create(NULL)))
        sei_ctx_set_threads(mine->ctx, 1);
    settle(c, mine->ctx,
           mine->ctx ? c->pool->work(c->pool->user, mine->ctx, &mine->local, job) : SEI_E_NOMEM);
}

static void leave(const sei_pool *pool, seat *mine)
{
    if (mine->local && pool->leave)
        pool->leave(mine->ctx, mine->local);
    sei_ctx_free(mine->ctx);
}

sei_status sei_pool_run(sei_ctx *ctx, const sei_pool *pool)
{
    crew         c    = {.pool = pool, .ctx = ctx, .lock = PTHREAD_MUTEX_INITIALIZER};
    sei_team    *team = NULL;
    const size_t most = pool->n_threads ? pool->n_threads : sei_team_processors();
    const size_t n    = pool->n_jobs < most ? pool->n_jobs : most;

    if (n == 0)
        return SEI_OK;
    atomic_init(&c.over, false);
    c.seats = sei_alloc(ctx, n, sizeof *c.seats);
    if (!c.seats)
        return SEI_E_NOMEM;
    const sei_status st = sei_team_create(ctx, n, &team);
    if (st == SEI_OK)
        sei_team_run(team, pool->n_jobs, do_job, &c);
    sei_team_free(team);
    for (size_t i = 0; i < n; i++)
        leave(pool, &c.seats[i]);
    sei_release(ctx, c.seats);
    pthread_mutex_destroy(&c.lock);
    if (st == SEI_OK && c.status == SEI_OK && c.done < pool->n_jobs)
        return sei_fail(ctx, SEI_E_CANCELLED, NULL, "stopped on request");
    return st == SEI_OK ? c.status : st;
}
