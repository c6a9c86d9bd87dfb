/* post.c - frames that come by HTTP, several at a time */
#include "server/post.h"

#include <stdio.h>

#include "server/batch.h"

/* Of a thread that waits, on its stack. */
typedef struct post {
    const sei_frame *frame;
    sei_decoded      decoded;
    sei_status       status;
    char             error[500];
    bool             is_done;
    struct post     *next;
} post;

struct sei_posts {
    sei_ctx        *ctx;
    pthread_mutex_t lock;
    pthread_cond_t  done; /* a group is */
    bool            is_busy;
    post           *first, **end; /* of those that wait, as they came */
    size_t          n_waiting, n_groups;
};

sei_status sei_posts_create(sei_ctx *ctx, sei_posts **ret_posts)
{
    sei_posts *p = sei_alloc(ctx, 1, sizeof *p);

    if (!p)
        return SEI_E_NOMEM;
    p->ctx = ctx;
    p->end = &p->first;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->done, NULL);
    *ret_posts = p;
    return SEI_OK;
}

void sei_posts_free(sei_posts *p)
{
    if (!p)
        return;
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->lock);
    sei_release(p->ctx, p);
}

/* One that finds no room in memory fails alone. */
static void gather(sei_desk *desk, sei_batch *batch, post *group)
{
    for (post *p = group; p; p = p->next) {
        p->status = sei_batch_add(batch, p->frame);
        if (p->status != SEI_OK)
            snprintf(p->error, sizeof p->error, "%s", sei_ctx_error(desk->ctx));
    }
}

/* Commits a group and gives each its outcome; is_done is told by the caller, under the lock. */
static void work(sei_server *server, sei_desk *desk, post *group)
{
    sei_batch batch;
    size_t    n = 0, i = 0;

    sei_batch_init(&batch, desk->ctx);
    gather(desk, &batch, group);
    sei_status st = batch.n > 0 ? sei_batch_keep(desk, &batch) : SEI_OK;
    if (st == SEI_OK && batch.n > 0)
        st = sei_batch_decode(server, desk, &batch, &n);
    for (post *p = group; p; p = p->next) {
        if (p->status != SEI_OK)
            continue;
        if (i < n) {
            p->decoded = batch.decoded[i];
        } else {
            p->status = st;
            snprintf(p->error, sizeof p->error, "%s", sei_ctx_error(desk->ctx));
        }
        i++;
    }
    sei_batch_done(&batch);
}

/* Takes all that wait; with the lock held before and after. */
static void lead(sei_posts *p, sei_server *server, sei_desk *desk)
{
    post *group = p->first, *next;

    p->is_busy   = true;
    p->first     = NULL;
    p->end       = &p->first;
    p->n_waiting = 0;
    p->n_groups++;
    pthread_mutex_unlock(&p->lock);
    work(server, desk, group);
    pthread_mutex_lock(&p->lock);
    p->is_busy = false;
    for (post *one = group; one; one = next) {
        next         = one->next; /* its thread may go on as soon as the lock is free */
        one->is_done = true;
    }
    pthread_cond_broadcast(&p->done);
}

sei_status sei_posts_add(sei_posts *p, sei_server *server, sei_desk *desk, const sei_frame *frame,
                         sei_decoded *ret_decoded)
{
    post mine = {.frame = frame};

    pthread_mutex_lock(&p->lock);
    *p->end = &mine;
    /* cppcheck-suppress autoVariables ; whoever leads takes it off the list before this function returns */
    p->end = &mine.next;
    p->n_waiting++;
    while (p->is_busy && !mine.is_done)
        pthread_cond_wait(&p->done, &p->lock);
    if (!mine.is_done)
        lead(p, server, desk);
    pthread_mutex_unlock(&p->lock);
    if (mine.status != SEI_OK)
        return sei_fail(desk->ctx, mine.status, NULL, "%s", mine.error);
    *ret_decoded = mine.decoded;
    return SEI_OK;
}

size_t sei_posts_waiting(sei_posts *p)
{
    pthread_mutex_lock(&p->lock);
    const size_t n = p->n_waiting;
    pthread_mutex_unlock(&p->lock);
    return n;
}

size_t sei_posts_groups(sei_posts *p)
{
    pthread_mutex_lock(&p->lock);
    const size_t n = p->n_groups;
    pthread_mutex_unlock(&p->lock);
    return n;
}
