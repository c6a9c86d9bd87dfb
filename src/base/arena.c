/* arena.c - blocks that grow geometrically and are freed together */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

enum { FIRST_BLOCK = 4096 };

struct sei_arena_block {
    sei_arena_block *next;
    size_t           size, used;
    alignas(max_align_t) unsigned char bytes[];
};

void sei_arena_init(sei_arena *arena, sei_ctx *ctx)
{
    *arena = (sei_arena){.ctx = ctx};
}

void sei_arena_done(sei_arena *arena)
{
    while (arena->block) {
        sei_arena_block *next = arena->block->next;
        sei_release(arena->ctx, arena->block);
        arena->block = next;
    }
    arena->total = 0;
}

static sei_arena_block *add_block(sei_arena *arena, size_t need)
{
    size_t size = arena->block ? 2 * arena->block->size : FIRST_BLOCK;

    if (size < need)
        size = need;
    sei_arena_block *block = sei_resize(arena->ctx, NULL, 1, sizeof *block + size);
    if (!block)
        return NULL;
    block->used  = 0;
    block->size  = size;
    block->next  = arena->block;
    arena->block = block;
    return block;
}

/* Room with what happens to be in it. */
static void *take(sei_arena *arena, size_t n, size_t size)
{
    const size_t align = alignof(max_align_t);

    if (n == 0 || size == 0)
        n = size = 1;
    if (n > SIZE_MAX / 4 / size) {
        (void)sei_fail(arena->ctx, SEI_E_NOMEM, NULL, "out of memory: %zu items of %zu bytes", n,
                       size);
        return NULL;
    }
    const size_t     need  = (n * size + align - 1) / align * align;
    sei_arena_block *block = arena->block;
    if (!block || block->size - block->used < need)
        block = add_block(arena, need);
    if (!block)
        return NULL;
    void *p = block->bytes + block->used;
    block->used += need;
    arena->total += need;
    return p;
}

void *sei_arena_alloc(sei_arena *arena, size_t n, size_t size)
{
    void *p = take(arena, n, size);

    return p ? memset(p, 0, n > 0 && size > 0 ? n * size : 1) : NULL;
}

char *sei_arena_strndup(sei_arena *arena, const char *text, size_t len)
{
    char *copy = take(arena, len + 1, 1);

    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *sei_arena_strdup(sei_arena *arena, const char *text)
{
    return sei_arena_strndup(arena, text, strlen(text));
}
