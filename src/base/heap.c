/* heap.c - what a program's heap does with memory that is given back */
#include "base/heap.h"

#include <stdlib.h> /* defines __GLIBC__ where it is that library */

#ifdef __GLIBC__
#include <malloc.h>

enum {
    KEPT_BYTES = 64 << 20,
    LARGE_BYTES =
        32 << 20 /* from here on a block is the system's own; glibc allows no more (mallopt(3)) */
};

void sei_heap_keep(void)
{
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
}
#else
void sei_heap_keep(void) {}
#endif
