/* pool.h - independent jobs on threads */
#ifndef SEI_STUDY_POOL_H
#define SEI_STUDY_POOL_H

#include <signal.h>

#include "seiryu/ctx.h"

/* One job. ctx and *local are the thread's own; *local begins as NULL and is handed to `leave` in
 * the end. A status other than SEI_OK ends the whole. */
typedef sei_status (*sei_job_fn)(void *user, sei_ctx *ctx, void **local, size_t job);

typedef struct {
    size_t n_threads,
        n_jobs; /* threads: 0 = one for each processor; no more than jobs are started */
    sei_job_fn work;
    void (*leave)(sei_ctx *ctx, void *local); /* may be NULL */
    void *user;
    /* Called by one thread at a time with the number of jobs that are done; may be NULL. */
    void (*progress)(void *user, size_t done);
    void                        *progress_user;
    const volatile sig_atomic_t *stop; /* != 0: no further job is begun; may be NULL */
} sei_pool;

/* Runs all jobs; jobs are begun in their order, each once. The first failure in time is recorded in
 * ctx and no job is begun after it. E_CANCELLED when *stop ended it. */
SEI_CHECKED sei_status sei_pool_run(sei_ctx *ctx, const sei_pool *pool);

#endif
