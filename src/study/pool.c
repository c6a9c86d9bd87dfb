/* pool.c - independent jobs on threads */
#include "study/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

typedef struct {
    const sei_pool *pool;
    sei_ctx        *ctx; /* of the caller: its error is set under the lock */
    atomic_size_t   next;
    atomic_bool     over;
    pthread_mutex_t lock; /* of all below */
    size_t          done;
    sei_status      status;
} crew;

size_t sei_pool_processors(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : n > SEI_THREADS_MAX ? SEI_THREADS_MAX : (size_t)n;
}

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

static bool is_stopped(const crew *c)
{
    return c->pool->stop && *c->pool->stop;
}

static void *work(void *arg)
{
    crew    *c     = arg;
    sei_ctx *ctx   = sei_ctx_create(NULL);
    void    *local = NULL;

    if (!ctx) {
        settle(c, NULL, SEI_E_NOMEM);
        return NULL;
    }
    while (!atomic_load(&c->over) && !is_stopped(c)) {
        const size_t job = atomic_fetch_add(&c->next, 1);
        if (job >= c->pool->n_jobs)
            break;
        settle(c, ctx, c->pool->work(c->pool->user, ctx, &local, job));
    }
    if (local && c->pool->leave)
        c->pool->leave(ctx, local);
    sei_ctx_free(ctx);
    return NULL;
}

/* The caller's thread works too, so that no thread at all still does the jobs. */
sei_status sei_pool_run(sei_ctx *ctx, const sei_pool *pool)
{
    pthread_t thread[SEI_THREADS_MAX];
    crew      c = {.pool = pool, .ctx = ctx, .lock = PTHREAD_MUTEX_INITIALIZER};
    size_t    n = pool->n_threads < SEI_THREADS_MAX ? pool->n_threads : SEI_THREADS_MAX, begun = 0;

    atomic_init(&c.next, 0);
    atomic_init(&c.over, false);
    n = n > pool->n_jobs ? pool->n_jobs : n;
    while (begun + 1 < n && pthread_create(&thread[begun], NULL, work, &c) == 0)
        begun++;
    work(&c);
    for (size_t i = 0; i < begun; i++)
        pthread_join(thread[i], NULL);
    pthread_mutex_destroy(&c.lock);
    if (c.status == SEI_OK && c.done < pool->n_jobs)
        return sei_fail(ctx, SEI_E_CANCELLED, NULL, "stopped on request");
    return c.status;
}
