/* shelf.c - what inputs on several threads share */
#include "phreeqc/shelf.h"

void *pq_shelf_create(sei_ctx *ctx, size_t size)
{
    sei_ctx  *own = sei_ctx_create_beside(ctx);
    pq_shelf *s   = own ? sei_alloc(own, 1, size) : NULL;

    if (!s || pthread_mutex_init(&s->lock, NULL) != 0) {
        if (own)
            sei_release(own, s);
        sei_ctx_free(own);
        (void)sei_fail(ctx, SEI_E_NOMEM, NULL, "out of memory");
        return NULL;
    }
    s->ctx = own;
    return s;
}

void pq_shelf_free(pq_shelf *s)
{
    sei_ctx *own = s->ctx;

    (void)pthread_mutex_destroy(&s->lock);
    sei_release(own, s);
    sei_ctx_free(own);
}
