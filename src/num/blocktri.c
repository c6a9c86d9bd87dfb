/* blocktri.c - block tridiagonal systems */
#include "num/blocktri.h"

#include "num/dense.h"

/* a -= l u, all of them n by m blocks but l, which is n by n. */
static void subtract_product(size_t n, size_t m, const double l[], const double u[], double a[])
{
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k < n; k++) {
            const double f = l[r * n + k];
            for (size_t c = 0; c < m && f != 0.0; c++)
                a[r * m + c] -= f * u[k * m + c];
        }
}

bool sei_blocktri_solve(size_t rows, size_t n, const double lower[], double diag[], double upper[],
                        double b[], size_t pivot[], double column[])
{
    const size_t block = n * n;

    for (size_t i = 0; i < rows; i++) {
        double *d = &diag[i * block], *u = &upper[i * block], *x = &b[i * n];
        if (i > 0) {
            subtract_product(n, n, &lower[i * block], u - block, d);
            subtract_product(n, 1, &lower[i * block], x - n, x);
        }
        if (!sei_lu_factor(n, d, pivot))
            return false;
        sei_lu_solve(n, d, pivot, x);
        for (size_t c = 0; c < n && i + 1 < rows; c++) {
            for (size_t r = 0; r < n; r++)
                column[r] = u[r * n + c];
            sei_lu_solve(n, d, pivot, column);
            for (size_t r = 0; r < n; r++)
                u[r * n + c] = column[r];
        }
    }
    for (size_t i = rows; i-- > 1;)
        subtract_product(n, 1, &upper[(i - 1) * block], &b[i * n], &b[(i - 1) * n]);
    return true;
}
