/* run_compiled.c - networks and systems of one database, each compiled once for all inputs that want it */
#include <string.h>

#include "phreeqc/run_impl.h"
#include "phreeqc/shelf.h"

enum { KEPT_MAX = 64, KEY_BYTES_MAX = 1 << 16, IDLE_MAX = 4 };

/* key: kind and names, "n+ Fe(2) Zn" or "r Fe Zn / X". */
typedef struct {
    char      *key;
    sei_net   *net;
    sei_react *react; /* one of the two */
    size_t     users;
    /* Of react, with nobody at them: the next inputs have them again instead of new ones. */
    size_t          n_idle;
    sei_react_work *idle[IDLE_MAX];
} compiled;

/* What is wanted: one of the two specifications. */
typedef struct {
    const sei_db         *db;
    const sei_net_spec   *net;
    const sei_react_spec *react;
} wish;

struct pq_compiled {
    pq_shelf shelf;
    size_t   n;
    compiled entries[KEPT_MAX];
};

sei_status pq_compiled_create(sei_ctx *ctx, pq_compiled **ret_compiled)
{
    pq_compiled *c = pq_shelf_create(ctx, sizeof *c);

    if (!c)
        return SEI_E_NOMEM;
    *ret_compiled = c;
    return SEI_OK;
}

static void empty(pq_compiled *c, compiled *e)
{
    for (size_t i = 0; i < e->n_idle; i++)
        sei_react_work_free(e->idle[i]);
    sei_net_free(e->net);
    sei_react_free(e->react);
    sei_release(c->shelf.ctx, e->key);
    memset(e, 0, sizeof *e);
}

void pq_compiled_free(pq_compiled *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++)
        empty(c, &c->entries[i]);
    pq_shelf_free(&c->shelf);
}

static void put_names(sei_buf *key, size_t n, const char *const names[])
{
    for (size_t i = 0; i < n; i++) {
        sei_buf_putc(key, ' ');
        sei_buf_puts(key, names[i]);
    }
}

static void put_key(sei_buf *key, const wish *want)
{
    if (want->net) {
        sei_buf_puts(key, want->net->with_electron ? "n+" : "n");
        put_names(key, want->net->n_components, want->net->components);
        return;
    }
    sei_buf_puts(key, "r");
    put_names(key, want->react->n_elements, want->react->elements);
    sei_buf_puts(key, " /");
    put_names(key, want->react->n_sites, want->react->sites);
}

/* The entry of that key, a new one, or one that nobody uses any more, emptied; NULL: all are in use. */
static compiled *place_for(pq_compiled *c, const char *key)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->entries[i].key && strcmp(c->entries[i].key, key) == 0)
            return &c->entries[i];
    if (c->n < KEPT_MAX)
        return &c->entries[c->n++];
    for (size_t i = 0; i < c->n; i++)
        if (c->entries[i].users == 0) {
            empty(c, &c->entries[i]);
            return &c->entries[i];
        }
    return NULL;
}

static sei_status fill(pq_compiled *c, const wish *want, const char *key, compiled *e)
{
    sei_status st = want->net ? sei_net_create(c->shelf.ctx, want->db, want->net, &e->net)
                              : sei_react_create(c->shelf.ctx, want->react, &e->react);

    if (st == SEI_OK)
        e->key = sei_strdup(c->shelf.ctx, key);
    if (st == SEI_OK && !e->key) {
        empty(c, e);
        st = SEI_E_NOMEM;
    }
    return st;
}

static sei_status take(pq_compiled *c, sei_ctx *ctx, const wish *want, compiled **ret_entry)
{
    sei_buf key;

    (void)pthread_mutex_lock(&c->shelf.lock);
    sei_buf_init(&key, c->shelf.ctx, KEY_BYTES_MAX);
    put_key(&key, want);
    sei_status st = key.status;
    compiled  *e  = st == SEI_OK ? place_for(c, key.text) : NULL;
    if (st == SEI_OK && !e)
        st = sei_fail(c->shelf.ctx, SEI_E_TOO_LARGE, NULL,
                      "more than %d networks are in use at once", (int)KEPT_MAX);
    if (e && !e->key)
        st = fill(c, want, key.text, e);
    if (e && st == SEI_OK) {
        e->users++;
        *ret_entry = e;
    } else {
        st = sei_fail(ctx, st, NULL, "%s", sei_ctx_error(c->shelf.ctx));
    }
    sei_buf_done(&key);
    (void)pthread_mutex_unlock(&c->shelf.lock);
    return st;
}

sei_status pq_compiled_net(pq_compiled *c, sei_ctx *ctx, const sei_db *db, const sei_net_spec *spec,
                           const sei_net **ret_net)
{
    compiled        *e;
    const sei_status st = take(c, ctx, &(wish){.db = db, .net = spec}, &e);

    if (st == SEI_OK)
        *ret_net = e->net;
    return st;
}

sei_status pq_compiled_react(pq_compiled *c, sei_ctx *ctx, const sei_react_spec *spec,
                             const sei_react **ret_react)
{
    compiled        *e;
    const sei_status st = take(c, ctx, &(wish){.db = spec->db, .react = spec}, &e);

    if (st == SEI_OK)
        *ret_react = e->react;
    return st;
}

void pq_compiled_give_back(pq_compiled *c, const sei_net *net, const sei_react *react)
{
    if (!c || (!net && !react))
        return;
    (void)pthread_mutex_lock(&c->shelf.lock);
    for (size_t i = 0; i < c->n; i++)
        if ((net && c->entries[i].net == net) || (react && c->entries[i].react == react))
            c->entries[i].users--;
    (void)pthread_mutex_unlock(&c->shelf.lock);
}

static compiled *entry_of(pq_compiled *c, const sei_react *react)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->entries[i].react == react)
            return &c->entries[i];
    return NULL;
}

static sei_status make_work(pq_compiled *c, sei_ctx *ctx, const sei_react *react,
                            sei_react_work **ret_work)
{
    const sei_status st = sei_react_work_create(c->shelf.ctx, react, ret_work);

    return st == SEI_OK ? st : sei_fail(ctx, st, NULL, "%s", sei_ctx_error(c->shelf.ctx));
}

sei_status pq_compiled_work(pq_compiled *c, sei_ctx *ctx, const sei_react *react,
                            sei_react_work **ret_work)
{
    sei_react_work *work = NULL;
    sei_status      st   = SEI_OK;

    (void)pthread_mutex_lock(&c->shelf.lock);
    compiled *e = entry_of(c, react);
    if (e && e->n_idle > 0)
        work = e->idle[--e->n_idle];
    else
        st = make_work(c, ctx, react, ret_work);
    (void)pthread_mutex_unlock(&c->shelf.lock);
    if (!work)
        return st;
    sei_react_release(work);
    sei_react_forget(work);
    *ret_work = work;
    return SEI_OK;
}

void pq_compiled_rest(pq_compiled *c, const sei_react *react, sei_react_work *work)
{
    if (!c || !work)
        return;
    (void)pthread_mutex_lock(&c->shelf.lock);
    compiled *e = entry_of(c, react);
    if (e && e->n_idle < IDLE_MAX && !sei_react_equil(work)->specific) {
        e->idle[e->n_idle++] = work;
        work                 = NULL;
    }
    (void)pthread_mutex_unlock(&c->shelf.lock);
    sei_react_work_free(work);
}
