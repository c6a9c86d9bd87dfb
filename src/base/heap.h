/* heap.h - what a program's heap does with memory that is given back */
#ifndef SEI_BASE_HEAP_H
#define SEI_BASE_HEAP_H

/*
 * Up to 64 MB of it stay with the process: inputs that are run one after the other ask for as much again, and pages that the
 * system gives anew have to be cleared. For a program, once, before it has threads; a library leaves its caller's heap alone. Where the C
 * library is not glibc nothing changes.
 */
void sei_heap_keep(void);

#endif
