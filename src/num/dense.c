/* dense.c - small dense systems, row-major */
#include "num/dense.h"

#include <math.h>

#include "num/clones.h"
#include "num/v4.h"

static void swap_rows(size_t n, double a[], size_t i, size_t k)
{
    for (size_t j = 0; j < n; j++) {
        const double t = a[i * n + j];
        a[i * n + j]   = a[k * n + j];
        a[k * n + j]   = t;
    }
}

static size_t pivot_row(size_t n, const double a[], size_t k)
{
    size_t best = k;
    double size = fabs(a[k * n + k]);

    for (size_t i = k + 1; i < n; i++) {
        if (fabs(a[i * n + k]) > size) {
            size = fabs(a[i * n + k]);
            best = i;
        }
    }
    return best;
}

/* row -= f other */
static inline void subtract(size_t n, double *restrict row, double f, const double *restrict other)
{
    for (size_t j = 0; j < n; j++)
        row[j] -= f * other[j];
}

bool sei_lu_factor(size_t n, double a[], size_t pivot[])
{
    return sei_lu_factor_at_least(n, a, pivot, 0.0);
}

SEI_CLONES
bool sei_lu_factor_at_least(size_t n, double a[], size_t pivot[], double least)
{
    for (size_t k = 0; k < n; k++) {
        const size_t p = pivot_row(n, a, k);
        pivot[k]       = p;
        if (p != k)
            swap_rows(n, a, p, k);
        if (fabs(a[k * n + k]) < least)
            a[k * n + k] = copysign(least, a[k * n + k]);
        const double d = a[k * n + k];
        if (!(fabs(d) > 0.0) || !isfinite(d))
            return false;
        const double inv = 1.0 / d;
        for (size_t i = k + 1; i < n; i++) {
            const double f = a[i * n + k] * inv;
            a[i * n + k]   = f;
            if (f == 0.0)
                continue;
            subtract(n - k - 1, a + i * n + k + 1, f, a + k * n + k + 1);
        }
    }
    return true;
}

/* Sums side by side: one alone would wait for every addition. */
SEI_V4_INLINE double dot(size_t n, const double *a, const double *b)
{
    sei_v4 s = {0.0}, t = {0.0}, p, q;
    size_t j = 0;

    for (; j + 8 <= n; j += 8) {
        SEI_V4_LOAD(p, a + j);
        SEI_V4_LOAD(q, b + j);
        s += p * q;
        SEI_V4_LOAD(p, a + j + 4);
        SEI_V4_LOAD(q, b + j + 4);
        t += p * q;
    }
    if (j + 4 <= n) {
        SEI_V4_LOAD(p, a + j);
        SEI_V4_LOAD(q, b + j);
        s += p * q;
        j += 4;
    }
    s += t;
    double sum = (s[0] + s[2]) + (s[1] + s[3]);
    for (; j < n; j++)
        sum += a[j] * b[j];
    return sum;
}

SEI_CLONES
void sei_lu_solve(size_t n, const double a[], const size_t pivot[], double b[])
{
    for (size_t k = 0; k < n; k++) {
        const double t = b[pivot[k]];
        b[pivot[k]]    = b[k];
        b[k]           = t - dot(k, a + k * n, b);
    }
    for (size_t k = n; k-- > 0;)
        b[k] = (b[k] - dot(n - k - 1, a + k * n + k + 1, b + k + 1)) / a[k * n + k];
}

/* Sixteen columns at once: as many sums as hide the time of an addition. */
SEI_V4_INLINE void sum_sixteen(size_t n, const uint16_t at[], const double weight[],
                               const double rows[], size_t stride, double ret[])
{
    sei_v4 a = {0.0}, b = {0.0}, c = {0.0}, d = {0.0}, p, q, r, s;

    for (size_t k = 0; k < n; k++) {
        const double *row = rows + at[k] * stride;
        const double  by  = weight[k];
        SEI_V4_LOAD(p, row);
        SEI_V4_LOAD(q, row + 4);
        SEI_V4_LOAD(r, row + 8);
        SEI_V4_LOAD(s, row + 12);
        a += by * p;
        b += by * q;
        c += by * r;
        d += by * s;
    }
    SEI_V4_STORE(ret, a);
    SEI_V4_STORE(ret + 4, b);
    SEI_V4_STORE(ret + 8, c);
    SEI_V4_STORE(ret + 12, d);
}

SEI_V4_INLINE void sum_eight(size_t n, const uint16_t at[], const double weight[],
                             const double rows[], size_t stride, double ret[])
{
    sei_v4 a = {0.0}, b = {0.0}, c = {0.0}, d = {0.0}, p, q;
    size_t k = 0;

    for (; k + 1 < n; k += 2) {
        SEI_V4_LOAD(p, rows + at[k] * stride);
        SEI_V4_LOAD(q, rows + at[k] * stride + 4);
        a += weight[k] * p;
        b += weight[k] * q;
        SEI_V4_LOAD(p, rows + at[k + 1] * stride);
        SEI_V4_LOAD(q, rows + at[k + 1] * stride + 4);
        c += weight[k + 1] * p;
        d += weight[k + 1] * q;
    }
    if (k < n) {
        SEI_V4_LOAD(p, rows + at[k] * stride);
        SEI_V4_LOAD(q, rows + at[k] * stride + 4);
        a += weight[k] * p;
        b += weight[k] * q;
    }
    a += c;
    b += d;
    SEI_V4_STORE(ret, a);
    SEI_V4_STORE(ret + 4, b);
}

SEI_CLONES
void sei_sum_rows(size_t n, const uint16_t at[], const double weight[], const double rows[],
                  size_t stride, double ret[])
{
    size_t j = 0;

    for (; j + 16 <= stride; j += 16)
        sum_sixteen(n, at, weight, rows + j, stride, ret + j);
    for (; j < stride; j += 8)
        sum_eight(n, at, weight, rows + j, stride, ret + j);
}

bool sei_cholesky(size_t n, double a[])
{
    for (size_t j = 0; j < n; j++) {
        double d = a[j * n + j];
        for (size_t k = 0; k < j; k++)
            d -= a[j * n + k] * a[j * n + k];
        if (!(d > 0.0) || !isfinite(d))
            return false;
        a[j * n + j] = sqrt(d);
        for (size_t i = j + 1; i < n; i++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = sum / a[j * n + j];
            a[j * n + i] = 0.0;
        }
    }
    return true;
}
