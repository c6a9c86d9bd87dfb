/* rate.c - buckets of permits; a fixed number of them, so that many senders cost no memory */
#include <pthread.h>
#include <string.h>

#include "server/route.h"

enum { BUCKETS = 4096, NEAR = 8 };

typedef struct {
    uint64_t key;
    int64_t  at_us;
    double   permits;
} bucket;

struct sei_rates {
    sei_ctx        *ctx;
    double          per_s, burst;
    uint8_t         salt[crypto_shorthash_KEYBYTES]; /* nobody can aim at another's bucket */
    pthread_mutex_t lock;
    bucket          buckets[BUCKETS];
};

sei_status sei_rates_create(sei_ctx *ctx, double per_s, double burst, sei_rates **ret_rates)
{
    sei_rates *r = sei_alloc(ctx, 1, sizeof *r);

    if (!r)
        return SEI_E_NOMEM;
    r->ctx   = ctx;
    r->per_s = per_s;
    r->burst = burst;
    crypto_shorthash_keygen(r->salt);
    pthread_mutex_init(&r->lock, NULL);
    *ret_rates = r;
    return SEI_OK;
}

void sei_rates_free(sei_rates *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    sei_release(r->ctx, r);
}

/* The key's bucket, or the one nearby that was not used for longest. */
static bucket *find(sei_rates *r, uint64_t key)
{
    bucket *oldest = NULL;

    for (size_t i = 0; i < NEAR; i++) {
        bucket *b = &r->buckets[(key + i) % BUCKETS];
        if (b->key == key)
            return b;
        if (!oldest || b->at_us < oldest->at_us)
            oldest = b;
    }
    *oldest = (bucket){.key = key, .permits = r->burst};
    return oldest;
}

bool sei_rates_take(sei_rates *r, const char *text, int64_t now_us)
{
    uint64_t key = 0;
    bool     is_there;

    crypto_shorthash((unsigned char *)&key, (const unsigned char *)text, strlen(text), r->salt);
    pthread_mutex_lock(&r->lock);
    bucket *b = find(r, key);
    if (b->at_us > 0 && now_us > b->at_us)
        b->permits += (double)(now_us - b->at_us) / 1e6 * r->per_s;
    if (b->permits > r->burst)
        b->permits = r->burst;
    b->at_us = now_us;
    is_there = b->permits >= 1.0;
    if (is_there)
        b->permits -= 1.0;
    pthread_mutex_unlock(&r->lock);
    return is_there;
}
