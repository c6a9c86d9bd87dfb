/*
 * lp.h - small dense linear programs: the least cost . x with A x = b or A x <= b, low <= x <= high
 *
 * The primal simplex method for bounded unknowns (Dantzig 1963, Linear programming and extensions, ch. 18) in two
 * phases, on a scaled tableau. Steps that do not move are counted, and after many of them the rule of Bland (1977, Math.
 * Oper. Res. 2, 103) is taken until one moves, so that it cannot go in circles. The unknowns of an answer are solved
 * anew from the rows as they were given. For programs of some hundred rows.
 */
#ifndef SEI_NUM_LP_H
#define SEI_NUM_LP_H

#include <stdbool.h>

#include "seiryu/ctx.h"

typedef struct sei_lp sei_lp;

typedef enum {
    SEI_LP_OPTIMAL,
    SEI_LP_INFEASIBLE,
    SEI_LP_UNBOUNDED,
    SEI_LP_STALLED /* more steps than a program of this size takes */
} sei_lp_result;

enum { SEI_LP_ROWS_MAX = 2000, SEI_LP_COLS_MAX = 4000 };

/* A row-major, rows by cols; all are copied. typical: about how large unknowns come out (> 0), which decides when one is
 * at its bound; NULL: about 1. slack: by how much a row may be off and still counts as kept, which decides
 * when rows contradict each other. Unknowns are >= 0 until sei_lp_bound. */
SEI_CHECKED sei_status sei_lp_create(sei_ctx *ctx, size_t rows, size_t cols, const double a[],
                                     const double b[], const bool is_at_most[],
                                     const double slack[], const double typical[], sei_lp **ret_lp);
void                   sei_lp_free(sei_lp *lp); /* NULL is a harmless no-op */

/* low may be -HUGE_VAL, high HUGE_VAL. */
void sei_lp_bound(sei_lp *lp, size_t col, double low, double high);

/* From the start. ret_x[cols] and *ret_cost are set for OPTIMAL. */
sei_lp_result sei_lp_solve(sei_lp *lp, const double cost[], double ret_x[], double *ret_cost);
/* Another cost with the bounds of the last solution, which was OPTIMAL or UNBOUNDED: goes on from there. */
sei_lp_result sei_lp_again(sei_lp *lp, const double cost[], double ret_x[], double *ret_cost);

/* After INFEASIBLE: by how much the row is off where rows are off least in all (0: it is kept); what the row has less
 * what it should have. */
double sei_lp_violation(const sei_lp *lp, size_t row);

#endif
