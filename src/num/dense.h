/* dense.h - small dense systems, row-major */
#ifndef SEI_NUM_DENSE_H
#define SEI_NUM_DENSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* LU with row scaling and partial pivoting, in place. pivot[n]. False when the matrix is singular to
 * working precision or holds a value that is not finite. */
bool sei_lu_factor(size_t n, double a[], size_t pivot[]);
/* The same with least for a smaller pivot: equations that say the same then leave what they do not tell where it is. */
bool sei_lu_factor_at_least(size_t n, double a[], size_t pivot[], double least);
void sei_lu_solve(size_t n, const double a[], const size_t pivot[], double b[]);

/* Sum of a times b, and of the sizes of the terms. */
void sei_dot_and_size(size_t n, const double a[], const double b[], double *ret_sum,
                      double *ret_size);

/* ret[j] = sum of c times v over list j, which is made of fours: c[4 k] to c[4 k + 3] belong to v[at[k]] and the three after
 * it, for k from ptr[j] to ptr[j + 1]. */
void sei_sum_fours(size_t n_lists, const uint32_t ptr[], const uint16_t at[], const double c[],
                   const double v[], double ret[]);

/* ret[j] = sum over k of weight[k] * rows[at[k]][j], for rows of stride numbers, which must be whole eights. */
void sei_sum_rows(size_t n, const uint16_t at[], const double weight[], const double rows[],
                  size_t stride, double ret[]);

/* sum of a[j] b[j]; ret[j] = factor a[j] */
double sei_dot(size_t n, const double a[], const double b[]);
void   sei_multiply(size_t n, double factor, const double a[], double ret[]);

/* Lower triangle L with L L^T = a, in place (the upper one is set to 0). False when a is not positive
 * definite. */
bool sei_cholesky(size_t n, double a[]);

#endif
