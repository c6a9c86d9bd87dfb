/* store.c - the memory behind PUT and GET: a table of values found by lists of integers */
#include <string.h>

#include "basic/basic.h"
#include "basic/code.h"

typedef struct {
    int64_t  key[SEI_BASIC_ARGS_MAX]; /* n of them count */
    uint32_t n;
    bool     is_text;
    double   number;
    char    *text;
    size_t   len;
} entry;

struct sei_basic_store {
    sei_ctx  *ctx;
    entry    *entries;
    size_t    n, size;
    uint32_t *slots; /* entry + 1; a power of two of them */
    size_t    n_slots;
};

sei_status sei_basic_store_create(sei_ctx *ctx, sei_basic_store **ret_store)
{
    sei_basic_store *store = sei_alloc(ctx, 1, sizeof *store);

    if (!store)
        return SEI_E_NOMEM;
    store->ctx = ctx;
    *ret_store = store;
    return SEI_OK;
}

void sei_basic_store_clear(sei_basic_store *store)
{
    for (size_t i = 0; i < store->n; i++)
        sei_release(store->ctx, store->entries[i].text);
    store->n = 0;
    if (store->slots)
        memset(store->slots, 0, store->n_slots * sizeof *store->slots);
}

void sei_basic_store_free(sei_basic_store *store)
{
    if (!store)
        return;
    sei_basic_store_clear(store);
    sei_release(store->ctx, store->entries);
    sei_release(store->ctx, store->slots);
    sei_release(store->ctx, store);
}

/* FNV-1a over the integers. */
static size_t hash(const entry *e)
{
    uint64_t h = 14695981039346656037u ^ e->is_text;

    for (uint32_t i = 0; i < e->n; i++) {
        h = (h ^ (uint64_t)e->key[i]) * 1099511628211u;
        h ^= h >> 29;
    }
    return (size_t)h;
}

static uint32_t *find_slot(const sei_basic_store *store, const entry *e)
{
    size_t i = hash(e) & (store->n_slots - 1);

    for (; store->slots[i]; i = (i + 1) & (store->n_slots - 1)) {
        const entry *old = &store->entries[store->slots[i] - 1];
        if (old->is_text == e->is_text && old->n == e->n &&
            memcmp(old->key, e->key, e->n * sizeof e->key[0]) == 0)
            break;
    }
    return &store->slots[i];
}

static const entry *find(const sei_basic_store *store, const entry *e)
{
    const uint32_t slot = store->n_slots ? *find_slot(store, e) : 0;

    return slot ? &store->entries[slot - 1] : NULL;
}

static sei_status make_room(sei_basic_store *store)
{
    if (store->n >= SEI_BASIC_STORE_MAX)
        return sei_fail(store->ctx, SEI_E_TOO_LARGE, NULL, "more than %d values are stored",
                        SEI_BASIC_STORE_MAX);
    if (store->n == store->size) {
        const size_t size    = store->size ? 2 * store->size : 16;
        entry       *entries = sei_resize(store->ctx, store->entries, size, sizeof *entries);
        if (!entries)
            return SEI_E_NOMEM;
        store->entries = entries;
        store->size    = size;
    }
    if (2 * (store->n + 1) <= store->n_slots)
        return SEI_OK;
    const size_t n_slots = store->n_slots ? 2 * store->n_slots : 64;
    uint32_t    *slots   = sei_alloc(store->ctx, n_slots, sizeof *slots);
    if (!slots)
        return SEI_E_NOMEM;
    sei_release(store->ctx, store->slots);
    store->slots   = slots;
    store->n_slots = n_slots;
    for (size_t i = 0; i < store->n; i++)
        *find_slot(store, &store->entries[i]) = (uint32_t)i + 1;
    return SEI_OK;
}

static sei_status put(sei_basic_store *store, const entry *e, const char *from)
{
    sei_status st   = make_room(store);
    char      *text = NULL;

    if (st == SEI_OK && e->is_text) {
        text = sei_strndup(store->ctx, from, e->len);
        st   = text ? SEI_OK : SEI_E_NOMEM;
    }
    if (st != SEI_OK)
        return st;
    uint32_t *slot = find_slot(store, e);
    if (!*slot) {
        store->entries[store->n++] = *e;
        *slot                      = (uint32_t)store->n;
    } else {
        sei_release(store->ctx, store->entries[*slot - 1].text);
    }
    entry *kept  = &store->entries[*slot - 1];
    kept->number = e->number;
    kept->text   = text;
    kept->len    = e->len;
    return SEI_OK;
}

bool sei_basic_is_memory(sei_basic_function function)
{
    return function == SEI_BASIC_PUT || function == SEI_BASIC_PUT_TEXT ||
           function == SEI_BASIC_GET || function == SEI_BASIC_GET_TEXT ||
           function == SEI_BASIC_EXISTS;
}

sei_status sei_basic_store_call(sei_basic_store *store, const sei_basic_call *call,
                                sei_basic_value *ret)
{
    const bool puts = call->function == SEI_BASIC_PUT || call->function == SEI_BASIC_PUT_TEXT;
    entry      e    = {.is_text =
                           call->function == SEI_BASIC_PUT_TEXT || call->function == SEI_BASIC_GET_TEXT};

    if (!sei_basic_is_memory(call->function))
        return sei_fail(store->ctx, SEI_E_ARG, NULL, "%s does not ask the store",
                        sei_basic_function_info(call->function)->name);
    for (size_t i = puts ? 1 : 0; i < call->n; i++)
        e.key[e.n++] = basic_to_integer(call->args[i].number);
    if (puts) {
        e.number = call->args[0].number;
        e.len    = call->args[0].len;
        return put(store, &e, call->args[0].text);
    }
    const entry *kept = find(store, &e);
    if (call->function == SEI_BASIC_EXISTS)
        ret->number = kept != NULL;
    else if (e.is_text) /* PHREEQC's word for a text that was never stored */
        *ret = kept ? (sei_basic_value){0.0, kept->text, kept->len, -1}
                    : (sei_basic_value){0.0, "unknown", 7, -1};
    else
        ret->number = kept ? kept->number : 0.0;
    return SEI_OK;
}
