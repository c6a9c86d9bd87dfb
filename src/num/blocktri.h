/* blocktri.h - block tridiagonal systems: rows of dense blocks with one neighbour on each side */
#ifndef SEI_NUM_BLOCKTRI_H
#define SEI_NUM_BLOCKTRI_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Solves lower[i] x[i-1] + diag[i] x[i] + upper[i] x[i+1] = b[i] for i = 0 .. rows-1 by elimination block by block.
 * lower, diag, upper: [rows][n][n], row-major, overwritten; lower[0] and upper[rows-1] are not read. b: [rows][n], the
 * solution on return. pivot[n] and column[n] are scratch. False when a diagonal block has become singular.
 */
bool sei_blocktri_solve(size_t rows, size_t n, const double lower[], double diag[], double upper[],
                        double b[], size_t pivot[], double column[]);

#endif
