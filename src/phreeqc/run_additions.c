/*
 * run_additions.c - what an input adds to the database, in force from the simulation that defines it
 *
 * Every element, species, phase and site of the file is known from the first simulation on, so that amounts and places keep
 * their meaning throughout: the additions are read in their order, and where later ones are among them, the database and those
 * that are in force are read again over them.
 * Species that a later simulation defines have no constant worth the name until then.
 */
#include <string.h>
#include <strings.h>

#include "phreeqc/run_impl.h"

typedef struct {
    size_t        simulation;
    bool          is_model; /* PITZER or SIT: defines nothing that has a place or amount */
    sei_db_source source;
} addition;

struct pq_additions {
    const sei_pq_database *database;
    size_t                 n, cap, n_epochs;
    addition              *items;
    pq_epoch             **epochs; /* the first and the last two; all when solutions are kept */
};

/* ------------------------------------------------------------------ the texts */

static sei_status add_block(pq_runner *r, pq_additions *all, size_t simulation,
                            const sei_pq_block *block)
{
    char            *text;
    size_t           len, line;
    const sei_status st = sei_pq_database_text(r->ctx, block, &text, &len, &line);

    if (st != SEI_OK)
        return st;
    if (all->n == all->cap) {
        const size_t cap   = all->cap ? 2 * all->cap : 8;
        addition    *grown = sei_resize(r->ctx, all->items, cap, sizeof *grown);
        if (!grown) {
            sei_release(r->ctx, text);
            return SEI_E_NOMEM;
        }
        all->items = grown;
        all->cap   = cap;
    }
    const bool is_model =
        strcasecmp(block->keyword, "PITZER") == 0 || strcasecmp(block->keyword, "SIT") == 0;
    all->items[all->n++] = (addition){simulation, is_model, {block->where.file, line, text, len}};
    return SEI_OK;
}

static sei_status collect(pq_runner *r, pq_additions *all)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < r->input->n; i++)
        for (size_t k = 0; k < r->input->simulations[i].n && st == SEI_OK; k++)
            if (r->input->simulations[i].blocks[k].kind == SEI_PQ_BLOCK_DATABASE)
                st = add_block(r, all, i, &r->input->simulations[i].blocks[k]);
    return st;
}

/* ------------------------------------------------------------------ what is in force */

static sei_status list_texts(pq_runner *r, const pq_additions *all, size_t simulation,
                             pq_definitions *l)
{
    const sei_pq_database *d = all->database;

    memset(l, 0, sizeof *l);
    l->sources = sei_alloc(r->ctx, 2 * all->n + 1, sizeof *l->sources);
    if (!l->sources)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < all->n; i++) {
        const bool is_known = all->items[i].simulation <= simulation;
        if (!is_known && all->items[i].is_model)
            continue; /* activities are by the model before until then */
        l->sources[l->n++] = all->items[i].source;
        l->n_known += is_known;
    }
    l->has_later = l->n_known < l->n;
    if (l->has_later)
        l->sources[l->n++] = (sei_db_source){d->path, 1, d->text, d->len};
    for (size_t i = 0; l->has_later && i < l->n_known; i++)
        l->sources[l->n++] = all->items[i].source;
    return SEI_OK;
}

/* Names of the first are borrowed throughout, those of the one before until its successor is in use. */
static void free_old(const pq_runner *r, pq_additions *all)
{
    if (r->keeps_initial || all->n_epochs <= 3)
        return;
    pq_epoch_give_back(r->ctx, all->database, all->epochs[all->n_epochs - 3]);
    all->epochs[all->n_epochs - 3] = NULL;
}

static sei_status apply(pq_runner *r, size_t simulation)
{
    pq_additions  *all   = r->additions;
    pq_epoch     **grown = sei_resize(r->ctx, all->epochs, all->n_epochs + 1, sizeof *grown);
    pq_epoch      *e     = NULL;
    pq_definitions l;

    if (!grown)
        return SEI_E_NOMEM;
    all->epochs   = grown;
    sei_status st = list_texts(r, all, simulation, &l);
    if (st == SEI_OK)
        st = pq_epoch_take(r->ctx, all->database, &l, &e);
    sei_release(r->ctx, l.sources);
    if (st != SEI_OK)
        return st;
    all->epochs[all->n_epochs++] = e;
    r->db                        = e->db;
    r->sorb                      = e->sorb;
    r->compiled                  = e->compiled;
    free_old(r, all);
    return SEI_OK;
}

/* ------------------------------------------------------------------ */

sei_status pq_additions_create(pq_runner *r, const sei_pq_database *database)
{
    pq_additions *all = sei_alloc(r->ctx, 1, sizeof *all);

    r->db       = database->db;
    r->sorb     = database->sorb;
    r->compiled = database->compiled;
    if (!all)
        return SEI_E_NOMEM;
    r->additions        = all;
    all->database       = database;
    const sei_status st = collect(r, all);
    return st == SEI_OK && all->n ? apply(r, 0) : st;
}

static bool same_text(const sei_db_source *a, const sei_db_source *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Does a simulation define anything that the last one that did so has not just defined alike? */
bool pq_additions_change(const pq_runner *r, size_t simulation)
{
    const pq_additions *all   = r->additions;
    size_t              first = 0, n = 0;

    while (first < all->n && all->items[first].simulation < simulation)
        first++;
    while (first + n < all->n && all->items[first + n].simulation == simulation)
        n++;
    if (n > first)
        return n > 0;
    for (size_t k = 0; k < n; k++)
        if (!same_text(&all->items[first + k].source, &all->items[first - n + k].source) ||
            all->items[first - n + k].simulation != all->items[first - 1].simulation)
            return true;
    return false;
}

sei_status pq_additions_enter(pq_runner *r, size_t simulation)
{
    return apply(r, simulation);
}

void pq_additions_free(pq_runner *r)
{
    pq_additions *all = r->additions;

    if (!all)
        return;
    for (size_t i = 0; i < all->n_epochs; i++)
        pq_epoch_give_back(r->ctx, all->database, all->epochs[i]);
    for (size_t i = 0; i < all->n; i++)
        sei_release(r->ctx, (void *)(uintptr_t)all->items[i].source.text);
    sei_release(r->ctx, all->items);
    sei_release(r->ctx, all->epochs);
    sei_release(r->ctx, all);
}
