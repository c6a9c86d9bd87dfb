/* shelf.h - what inputs on several threads share: a context of its own, since they go before it, and a lock */
#ifndef SEI_PHREEQC_SHELF_H
#define SEI_PHREEQC_SHELF_H

#include <pthread.h>

#include "seiryu/ctx.h"

/* The first member of what is shared. */
typedef struct {
    sei_ctx        *ctx;
    pthread_mutex_t lock;
} pq_shelf;

/* size bytes that begin with a shelf, the rest cleared, from the allocator of ctx; NULL when memory is short, said in ctx. */
void *pq_shelf_create(sei_ctx *ctx, size_t size);
void  pq_shelf_free(pq_shelf *shelf);

#endif
