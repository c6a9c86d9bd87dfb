/* least_squares.h - linear least squares by Householder reflections, column by column */
#ifndef SEI_CALIB_LEAST_SQUARES_H
#define SEI_CALIB_LEAST_SQUARES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Minimises |A x - b|. A is [m * n] by columns, A(i, j) = a[j * m + i], m >= n; a and b are used up: the
 * upper triangle of a holds R afterwards. False when a column depends on the others to working precision.
 * Source: golub2013, algorithms 5.1.1 and 5.2.1.
 */
bool sei_least_squares(size_t m, size_t n, double a[], double b[], double ret_x[]);
/* (R'R)^-1 of the triangle that sei_least_squares left in a, [n * n]; work [n * n]. */
void sei_least_squares_inverse(size_t m, size_t n, const double a[], double work[], double ret[]);

#endif
