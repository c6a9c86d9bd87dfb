/*
 * ldl.h - symmetric positive definite systems whose pattern of zeros is known beforehand
 *
 * A plan orders the variables so that little fills in and lists every operation of the
 * factorisation A = L D L' once; factor and solve then run over the lists. Values stand in one
 * array: the diagonal at slots 0 .. n-1, the entries of L after it, both in elimination order.
 */
#ifndef SEI_NUM_LDL_H
#define SEI_NUM_LDL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { SEI_LDL_MAX = 64 };

typedef struct {
    size_t    n, n_slots;
    uint8_t  *order;    /* [n] variable eliminated at each position */
    uint8_t  *position; /* [n] of each variable */
    uint16_t *ptr;      /* [n + 1] entries of L by column: ptr[k] .. ptr[k+1]-1, slot n + entry */
    uint8_t  *row;      /* position of the row, ascending within a column */
    uint32_t *update;   /* [n + 1] */
    uint16_t *dest;     /* slots of the products of column k's entries, lower triangle row by row */
} sei_ldl_plan;

/* pattern[i * n + j]: a_ij may differ from 0 (symmetric). Variable n-1 is eliminated last, so that a
 * system without it is the leading part. False when memory is short. */
bool sei_ldl_plan_make(sei_arena *arena, size_t n, const bool pattern[], sei_ldl_plan *ret_plan);

/* Slot of a_ij in the array of values; SIZE_MAX when it is no part of the pattern. */
size_t sei_ldl_slot(const sei_ldl_plan *plan, size_t i, size_t j);

/* Factors the leading n_used positions in place. A pivot that rounding has spoilt is replaced by the
 * diagonal element it came from; returns how many were. */
size_t sei_ldl_factor(const sei_ldl_plan *plan, size_t n_used, double v[]);

/* Solves for four right-hand sides at once; b[4 i .. 4 i + 3] belong to variable i. Those of variables
 * left out stay as they are. */
void sei_ldl_solve4(const sei_ldl_plan *plan, size_t n_used, const double v[], double b[]);

#endif
