/* arena.h - memory that is freed all at once; for what is built once and then only read */
#ifndef SEI_BASE_ARENA_H
#define SEI_BASE_ARENA_H

#include "seiryu/ctx.h"

typedef struct sei_arena_block sei_arena_block;

typedef struct {
    sei_ctx         *ctx;
    sei_arena_block *block;
    size_t           total; /* bytes asked for so far */
} sei_arena;

void sei_arena_init(sei_arena *arena, sei_ctx *ctx);
void sei_arena_done(sei_arena *arena); /* frees everything; the arena may be used again */

/* Zeroed, aligned for any type, valid until sei_arena_done; NULL when memory is short. */
void *sei_arena_alloc(sei_arena *arena, size_t n, size_t size);
char *sei_arena_strndup(sei_arena *arena, const char *text, size_t len);
char *sei_arena_strdup(sei_arena *arena, const char *text);

#endif
