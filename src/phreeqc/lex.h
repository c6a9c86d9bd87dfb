/* lex.h - logical lines of a PHREEQC input file */
#ifndef SEI_PHREEQC_LEX_H
#define SEI_PHREEQC_LEX_H

#include "phreeqc/input.h"

/* A logical line: without its comment, joined over "\", cut at ";", trimmed, never empty. */
typedef struct {
    size_t       n, cap;
    sei_pq_line *lines; /* in the arena */
    /* Texts of files that simulations before their INCLUDE$ write, in the order of these INCLUDE$. */
    size_t           n_given;
    const sei_slice *given;
    /* The first such file whose text is not given: lines end with the simulation before it. NULL: none. */
    const char *awaits;
    sei_where   awaits_where;
} sei_pq_lines;

/* folder: where included files are looked for. *ret_lines: zeroed, but for what is given. */
SEI_CHECKED sei_status sei_pq_lex(sei_ctx *ctx, sei_arena *arena, const char *name,
                                  const char *folder, const char *text, size_t len,
                                  sei_pq_lines *ret_lines);

#endif
