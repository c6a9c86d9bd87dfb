/*
 * run_epoch.c - a database with what an input defines read into it
 *
 * Models come as many inputs that define the same: what is read for one of them, with the networks that are compiled of it, is
 * kept by the database for the next. Inputs whose later simulations define more are read for themselves alone.
 */
#include <string.h>

#include "phreeqc/run_impl.h"
#include "phreeqc/shelf.h"

/* log10 K of a species that is not defined yet. */
#define NOT_YET (-1000.0)

enum { KEPT_MAX = 16 };

/* ------------------------------------------------------------------ reading */

static void hide(sei_logk *logk)
{
    memset(logk, 0, sizeof *logk);
    logk->c[0] = NOT_YET;
}

static sei_status read_sorbed(sei_ctx *ctx, const pq_definitions *l, pq_epoch *e)
{
    size_t     known = e->sorb->n_species;
    sei_status st    = SEI_OK;

    for (size_t i = 0; i < l->n && st == SEI_OK; i++) {
        st = sei_sorb_read(ctx, e->sorb, l->sources[i].name, l->sources[i].first_line,
                           l->sources[i].text, l->sources[i].len);
        if (i + 1 == l->n_known)
            known = e->sorb->n_species;
    }
    for (size_t k = known; l->has_later && st == SEI_OK && k < e->sorb->n_species; k++)
        if (!e->sorb->species[k].is_identity)
            hide(&e->sorb->species[k].logk);
    return st;
}

static sei_status read_dissolved(sei_ctx *ctx, const sei_pq_database *d, const pq_definitions *l,
                                 pq_epoch *e)
{
    size_t          *n_species = sei_alloc(ctx, l->n, sizeof *n_species);
    const sei_status st =
        n_species ? sei_db_extend(ctx, d->db, l->n, l->sources, n_species, &e->db) : SEI_E_NOMEM;
    size_t known = SIZE_MAX;

    if (st == SEI_OK)
        known = l->n_known ? n_species[l->n_known - 1] : d->db->n_species;
    for (; st == SEI_OK && l->has_later && known < e->db->n_species; known++)
        if (!e->db->species[known].is_identity)
            hide(&e->db->species[known].formation.logk);
    sei_release(ctx, n_species);
    return st;
}

static void empty(pq_epoch *e)
{
    pq_compiled_free(e->compiled);
    sei_sorb_free(e->sorb);
    sei_db_free(e->db);
    *e = (pq_epoch){NULL, NULL, NULL};
}

/* Empty after a failure. */
static sei_status fill(sei_ctx *ctx, const sei_pq_database *d, const pq_definitions *l, pq_epoch *e)
{
    sei_status st = read_dissolved(ctx, d, l, e);

    if (st == SEI_OK)
        st = sei_sorb_copy(ctx, d->sorb, &e->sorb);
    if (st == SEI_OK) {
        e->sorb->db = e->db;
        st          = read_sorbed(ctx, l, e);
    }
    if (st == SEI_OK)
        st = pq_compiled_create(ctx, &e->compiled);
    if (st != SEI_OK)
        empty(e);
    return st;
}

/* ------------------------------------------------------------------ what is kept */

/* text: the definitions one after another, each to its final 0. */
typedef struct {
    pq_epoch epoch; /* the first member: given out by its address */
    char    *text;
    size_t   len, users;
} kept;

struct pq_epochs {
    pq_shelf shelf;
    kept     entries[KEPT_MAX];
};

sei_status pq_epochs_create(sei_ctx *ctx, pq_epochs **ret_epochs)
{
    pq_epochs *s = pq_shelf_create(ctx, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    *ret_epochs = s;
    return SEI_OK;
}

static void forget(pq_epochs *s, kept *e)
{
    empty(&e->epoch);
    sei_release(s->shelf.ctx, e->text);
    memset(e, 0, sizeof *e);
}

void pq_epochs_free(pq_epochs *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < KEPT_MAX; i++)
        forget(s, &s->entries[i]);
    pq_shelf_free(&s->shelf);
}

static char *key_of(sei_ctx *ctx, const pq_definitions *l, size_t *ret_len)
{
    size_t len = 0;

    for (size_t i = 0; i < l->n; i++)
        len += l->sources[i].len + 1;
    char *key = sei_alloc(ctx, len, 1);
    *ret_len  = len;
    for (size_t i = 0, at = 0; key && i < l->n; at += l->sources[i++].len + 1)
        memcpy(key + at, l->sources[i].text, l->sources[i].len);
    return key;
}

/* The entry of these definitions, else one to fill, emptied; NULL: all are in use. */
static kept *place_for(pq_epochs *s, const char *key, size_t len)
{
    kept *place = NULL;

    for (size_t i = 0; i < KEPT_MAX; i++) {
        kept *e = &s->entries[i];
        if (e->text && e->len == len && memcmp(e->text, key, len) == 0)
            return e;
        if (e->users == 0 && (!place || (place->text && !e->text)))
            place = e;
    }
    if (place)
        forget(s, place);
    return place;
}

/* What fails or warns does so for each input again, with its own lines. */
static bool read_to_keep(pq_epochs *s, const sei_pq_database *d, const pq_definitions *l, kept *e,
                         char *key, size_t len)
{
    const bool good =
        fill(s->shelf.ctx, d, l, &e->epoch) == SEI_OK && sei_ctx_n_warnings(s->shelf.ctx) == 0;

    if (good) {
        e->text = key;
        e->len  = len;
    } else {
        empty(&e->epoch);
        sei_ctx_clear(s->shelf.ctx);
    }
    return good;
}

static pq_epoch *take_kept(const sei_pq_database *d, const pq_definitions *l)
{
    pq_epochs *s = d->epochs;
    size_t     len;

    (void)pthread_mutex_lock(&s->shelf.lock);
    char *key   = key_of(s->shelf.ctx, l, &len);
    kept *e     = key ? place_for(s, key, len) : NULL;
    bool  owned = false;
    if (e && !e->text)
        owned = read_to_keep(s, d, l, e, key, len);
    if (e && e->text)
        e->users++;
    else
        e = NULL;
    if (!owned)
        sei_release(s->shelf.ctx, key);
    (void)pthread_mutex_unlock(&s->shelf.lock);
    return e ? &e->epoch : NULL;
}

sei_status pq_epoch_take(sei_ctx *ctx, const sei_pq_database *d, const pq_definitions *l,
                         pq_epoch **ret_epoch)
{
    pq_epoch *e = l->has_later ? NULL : take_kept(d, l);

    if (e) {
        *ret_epoch = e;
        return SEI_OK;
    }
    e = sei_alloc(ctx, 1, sizeof *e);
    if (!e)
        return SEI_E_NOMEM;
    const sei_status st = fill(ctx, d, l, e);
    if (st != SEI_OK) {
        sei_release(ctx, e);
        return st;
    }
    *ret_epoch = e;
    return SEI_OK;
}

void pq_epoch_give_back(sei_ctx *ctx, const sei_pq_database *d, pq_epoch *e)
{
    pq_epochs *s       = d->epochs;
    bool       is_kept = false;

    if (!e)
        return;
    (void)pthread_mutex_lock(&s->shelf.lock);
    for (size_t i = 0; i < KEPT_MAX && !is_kept; i++)
        if (&s->entries[i].epoch == e) {
            s->entries[i].users--;
            is_kept = true;
        }
    (void)pthread_mutex_unlock(&s->shelf.lock);
    if (is_kept)
        return;
    empty(e);
    sei_release(ctx, e);
}
