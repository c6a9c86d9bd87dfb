/* team.c - threads that share out numbered pieces of work */
#include "base/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

typedef struct {
    sei_team *team;
    size_t    number;
    pthread_t thread;
} worker;

struct sei_team {
    sei_ctx        *ctx;
    size_t          n_threads, n_started; /* the caller is worker 0; started ones follow */
    worker         *workers;
    pthread_mutex_t mutex;
    pthread_cond_t  wake, done;
    bool            ends;
    atomic_size_t   round, n_busy; /* busy: have begun on this round's work, beside the caller */
    size_t          next, n_pieces;
    sei_team_work  *work;
    void           *arg;
};

/* About 20 us: rounds often follow each other at once, and a thread that sleeps takes longer to come back. */
enum { LOOKS_MAX = 400 };

/* Until a number is another one, but not for long. */
static void wait_a_moment(const atomic_size_t *number, size_t now)
{
    for (int i = 0; i < LOOKS_MAX && atomic_load(number) == now; i++) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
}

/* Pieces until none is left. */
static void take_pieces(sei_team *p, size_t number)
{
    for (;;) {
        pthread_mutex_lock(&p->mutex);
        const size_t piece = p->next < p->n_pieces ? p->next++ : p->n_pieces;
        pthread_mutex_unlock(&p->mutex);
        if (piece == p->n_pieces)
            return;
        p->work(p->arg, number, piece);
    }
}

static void *run_worker(void *arg)
{
    worker   *w    = arg;
    sei_team *p    = w->team;
    size_t    seen = 0;

    for (;;) {
        wait_a_moment(&p->round, seen);
        pthread_mutex_lock(&p->mutex);
        while (!p->ends && p->round == seen)
            pthread_cond_wait(&p->wake, &p->mutex);
        seen             = p->round;
        const bool ends  = p->ends;
        const bool comes = !ends && p->next < p->n_pieces; /* too late is no harm */
        p->n_busy += comes;
        pthread_mutex_unlock(&p->mutex);
        if (ends)
            return NULL;
        if (!comes)
            continue;
        take_pieces(p, w->number);
        pthread_mutex_lock(&p->mutex);
        if (--p->n_busy == 0)
            pthread_cond_signal(&p->done);
        pthread_mutex_unlock(&p->mutex);
    }
}

size_t sei_team_processors(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : (size_t)n < SEI_TEAM_THREADS_MAX ? (size_t)n : SEI_TEAM_THREADS_MAX;
}

sei_status sei_team_create(sei_ctx *ctx, size_t threads, sei_team **ret_team)
{
    if (threads > SEI_TEAM_THREADS_MAX)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "%zu threads; at most %d are possible", threads,
                        (int)SEI_TEAM_THREADS_MAX);
    sei_team *p = sei_alloc(ctx, 1, sizeof *p);
    if (!p)
        return SEI_E_NOMEM;
    p->ctx       = ctx;
    p->n_threads = threads ? threads : sei_team_processors();
    p->workers   = sei_alloc(ctx, p->n_threads, sizeof *p->workers);
    if (!p->workers) {
        sei_release(ctx, p);
        return SEI_E_NOMEM;
    }
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->wake, NULL);
    pthread_cond_init(&p->done, NULL);
    for (size_t k = 1; k < p->n_threads; k++) {
        worker *w = &p->workers[p->n_started];
        *w        = (worker){.team = p, .number = k};
        if (pthread_create(&w->thread, NULL, run_worker, w) != 0)
            break; /* fewer threads do the same work */
        p->n_started++;
    }
    *ret_team = p;
    return SEI_OK;
}

void sei_team_free(sei_team *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->mutex);
    p->ends = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->mutex);
    for (size_t k = 0; k < p->n_started; k++)
        pthread_join(p->workers[k].thread, NULL);
    pthread_cond_destroy(&p->wake);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->mutex);
    sei_release(p->ctx, p->workers);
    sei_release(p->ctx, p);
}

size_t sei_team_threads(const sei_team *p)
{
    return p->n_started + 1;
}

void sei_team_run(sei_team *p, size_t n_pieces, sei_team_work *work, void *arg)
{
    pthread_mutex_lock(&p->mutex);
    p->next     = 0;
    p->n_pieces = n_pieces;
    p->work     = work;
    p->arg      = arg;
    p->round++;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->mutex);
    take_pieces(p, 0);
    for (size_t busy = 0; (busy = atomic_load(&p->n_busy)) > 0;) {
        wait_a_moment(&p->n_busy, busy);
        if (atomic_load(&p->n_busy) == busy)
            break;
    }
    pthread_mutex_lock(&p->mutex);
    /* Who has not woken up by now has nothing left to do and is not waited for. */
    while (p->n_busy > 0)
        pthread_cond_wait(&p->done, &p->mutex);
    pthread_mutex_unlock(&p->mutex);
}
