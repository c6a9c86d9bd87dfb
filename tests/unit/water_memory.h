/* water_memory.h - an allocator that fails once, at a chosen call, and counts what is not freed */
#ifndef SEI_TESTS_WATER_MEMORY_H
#define SEI_TESTS_WATER_MEMORY_H

#include <stdlib.h>

typedef struct {
    long left; /* calls until the one that fails; negative when it has failed */
    long live; /* blocks not yet freed */
} memory;

static inline void *counting_resize(void *user, void *p, size_t size)
{
    memory *m = user;

    if (size == 0) {
        m->live -= p != NULL;
        free(p);
        return NULL;
    }
    if (m->left-- == 0)
        return NULL;
    void *q = realloc(p, size);
    m->live += !p && q;
    return q;
}

#endif
