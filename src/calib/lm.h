/*
 * lm.h - nonlinear least squares within bounds, by Levenberg and Marquardt's method
 *
 * Minimises the sum of squares of m residuals of n unknowns, lower <= x <= upper. Unknowns at a bound that the
 * gradient pushes outwards rest there. Residuals are asked for many points at once, so that a model which takes
 * seconds can run them on threads: the columns of the Jacobian together, and three damping factors together.
 * The result depends on the residuals alone, not on how many are computed at a time.
 *
 * Source: levenberg1944, marquardt1963; scaling and gain ratio as in more1978, damping by factors of ten.
 */
#ifndef SEI_CALIB_LM_H
#define SEI_CALIB_LM_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/ctx.h"

/* Residuals of k points x[k * n] into ret_r[k * m]; ret_ok[k] = false where there are none (the model has no
 * answer there): such a point is never taken. A status other than SEI_OK ends the whole. */
typedef sei_status (*sei_residual_fn)(void *user, size_t k, const double x[], double ret_r[],
                                      bool ret_ok[]);

typedef struct {
    size_t          n, m;                  /* n <= m */
    const double   *start, *lower, *upper; /* [n]; bounds may be infinite */
    const double   *step;                  /* [n] > 0: of the differences that make the Jacobian */
    bool            is_central; /* differences to both sides: twice the runs, digits squared */
    int             max_iterations;
    double          tolerance; /* relative, of the sum of squares and of x */
    sei_residual_fn residuals;
    void           *user;
    void (*progress)(void *user, int iteration, double sum_of_squares); /* may be NULL */
} sei_lm_problem;

typedef enum {
    SEI_LM_REDUCTION, /* the sum of squares falls by less than the tolerance */
    SEI_LM_GRADIENT,  /* its slope along every unknown has vanished */
    SEI_LM_STUCK,     /* no damping brings a better point */
    SEI_LM_ITERATIONS /* the allowed number is used up */
} sei_lm_end;

typedef struct {
    double *x, *r;    /* [n], [m] */
    double *jacobian; /* [m * n] by columns, at x */
    double   *
        covariance; /* [n * n] (J'J)^-1 of the free unknowns; zero rows at bounds; not scaled by the misfit */
    bool *is_at_bound; /* [n] */
    bool
        is_identified; /* false: some combination of unknowns changes nothing; covariance is then zero */
    double     sum_of_squares, sum_at_start;
    int        iterations, evaluations;
    sei_lm_end end;
    double    *memory;
} sei_lm_result;

/*
 * Returns  SEI_OK; SEI_E_RANGE when the start has no residuals or lies outside the bounds; SEI_E_ARG;
 *          what residuals() returned
 * Memory   free with sei_lm_done
 */
SEI_CHECKED sei_status sei_lm_solve(sei_ctx *ctx, const sei_lm_problem *problem,
                                    sei_lm_result *ret);
void                   sei_lm_done(sei_ctx *ctx, sei_lm_result *result);

#endif
