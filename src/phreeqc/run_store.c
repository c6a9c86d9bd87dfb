/* run_store.c - numbered things: solutions, assemblages, reactions */
#include <string.h>

#include "phreeqc/run_impl.h"

size_t pq_size_of(sei_pq_entity entity)
{
    switch (entity) {
    case SEI_PQ_SOLUTION: return sizeof(pq_solution);
    case SEI_PQ_EQUILIBRIUM_PHASES: return sizeof(pq_equilibrium);
    case SEI_PQ_EXCHANGE: return sizeof(pq_exchange);
    case SEI_PQ_SURFACE: return sizeof(pq_surface);
    case SEI_PQ_GAS_PHASE: return sizeof(pq_gas);
    case SEI_PQ_SOLID_SOLUTIONS: return sizeof(pq_solids);
    case SEI_PQ_KINETICS: return sizeof(pq_kinetics);
    default: return sizeof(void *); /* the typed block itself */
    }
}

/* Index of number, or of where it would stand. Most numbers follow each other without gaps. */
static size_t place_of(const pq_store *s, int number)
{
    size_t low = 0, high = s->n;

    if (s->n > 0 && number >= s->entries[0].number) {
        const size_t at = (size_t)((int64_t)number - s->entries[0].number);
        if (at < s->n && s->entries[at].number == number)
            return at;
    }

    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (s->entries[mid].number < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void *pq_find(const pq_runner *r, sei_pq_entity entity, int number)
{
    const pq_store *s = &r->store[entity];

    if (s->n == 0) /* cells ask for everything that they might hold */
        return NULL;
    const size_t i = place_of(s, number);
    return i < s->n && s->entries[i].number == number ? s->entries[i].item : NULL;
}

sei_status pq_put(pq_runner *r, sei_pq_entity entity, int number, const void *item)
{
    pq_store    *s = &r->store[entity];
    const size_t i = place_of(s, number), size = pq_size_of(entity);
    const bool   here = i < s->n && s->entries[i].number == number;

    if (here) {
        if (s->entries[i].item != item)
            memcpy(s->entries[i].item, item, size);
        return SEI_OK;
    }
    if (s->n == s->cap) {
        const size_t cap   = s->cap ? 2 * s->cap : 16;
        pq_entry    *grown = sei_resize(r->ctx, s->entries, cap, sizeof *grown);
        if (!grown)
            return SEI_E_NOMEM;
        s->entries = grown;
        s->cap     = cap;
    }
    void *copy = sei_alloc(r->ctx, 1, size);
    if (!copy)
        return SEI_E_NOMEM;
    memcpy(copy, item, size);
    memmove(&s->entries[i + 1], &s->entries[i], (s->n - i) * sizeof *s->entries);
    s->entries[i] = (pq_entry){number, copy};
    s->n++;
    return SEI_OK;
}

void pq_remove(pq_runner *r, sei_pq_entity entity, int number)
{
    pq_store    *s = &r->store[entity];
    const size_t i = place_of(s, number);

    if (i >= s->n || s->entries[i].number != number)
        return;
    sei_release(r->ctx, s->entries[i].item);
    memmove(&s->entries[i], &s->entries[i + 1], (s->n - i - 1) * sizeof *s->entries);
    s->n--;
}

void pq_remove_all(pq_runner *r, sei_pq_entity entity)
{
    for (size_t i = 0; i < r->store[entity].n; i++)
        sei_release(r->ctx, r->store[entity].entries[i].item);
    r->store[entity].n = 0;
}

void pq_store_free(pq_runner *r)
{
    for (int e = 0; e < SEI_PQ_ENTITY_COUNT; e++) {
        pq_remove_all(r, (sei_pq_entity)e);
        sei_release(r->ctx, r->store[e].entries);
        r->store[e] = (pq_store){0};
    }
}
