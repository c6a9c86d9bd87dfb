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

/* row -= f other. Rows are short: vectors by hand, since a compiler's own way into them takes longer than they do. */
SEI_V4_INLINE void subtract(size_t n, double *restrict row, double f, const double *restrict other)
{
    sei_v4 p, q;
    size_t j = 0;

    for (; j + SEI_V4 <= n; j += SEI_V4) {
        SEI_V4_LOAD(p, row + j);
        SEI_V4_LOAD(q, other + j);
        p -= f * q;
        SEI_V4_STORE(row + j, p);
    }
#pragma GCC unroll 3
    for (; j < n; j++)
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

/* Sums of four rows with the same vector, in one. n: a multiple of 4. */
SEI_V4_INLINE void four_dots(size_t n, const double *row, size_t stride, const double *b,
                             sei_v4 *ret)
{
    sei_v4 s0 = {0.0}, s1 = {0.0}, s2 = {0.0}, s3 = {0.0}, p, q;

    for (size_t j = 0; j < n; j += SEI_V4) {
        SEI_V4_LOAD(q, b + j);
        SEI_V4_LOAD(p, row + j);
        s0 += p * q;
        SEI_V4_LOAD(p, row + stride + j);
        s1 += p * q;
        SEI_V4_LOAD(p, row + 2 * stride + j);
        s2 += p * q;
        SEI_V4_LOAD(p, row + 3 * stride + j);
        s3 += p * q;
    }
    const sei_v4 even = {s0[0] + s0[2], s1[0] + s1[2], s2[0] + s2[2], s3[0] + s3[2]},
                 odd  = {s0[1] + s0[3], s1[1] + s1[3], s2[1] + s2[3], s3[1] + s3[3]};
    *ret              = even + odd;
}

/* Rows from k on by four: what the solved ones make is taken off at once, so that only four wait for each other. */
SEI_V4_INLINE void forward_four(size_t n, const double a[], size_t k, double b[])
{
    const double *row = a + k * n;
    sei_v4        s, x;

    four_dots(k, row, n, b, &s);
    SEI_V4_LOAD(x, b + k);
    x -= s;
    const double *r1 = row + n + k, *r2 = r1 + n, *r3 = r2 + n;
    const double  x0 = x[0], x1 = x[1] - r1[0] * x0, x2 = (x[2] - r2[0] * x0) - r2[1] * x1,
                 x3 = ((x[3] - r3[0] * x0) - r3[1] * x1) - r3[2] * x2;
    x               = (sei_v4){x0, x1, x2, x3};
    SEI_V4_STORE(b + k, x);
}

/* The same from below; whole: where the rows that go by four end. */
SEI_V4_INLINE void backward_four(size_t n, size_t whole, const double a[], size_t k, double b[])
{
    const double *row = a + k * n;
    sei_v4        s, x;

    four_dots(whole - k - SEI_V4, row + k + SEI_V4, n, b + k + SEI_V4, &s);
    SEI_V4_LOAD(x, b + k);
    x -= s;
    for (size_t j = whole; j < n; j++) {
        const sei_v4 column = {row[j], row[n + j], row[2 * n + j], row[3 * n + j]};
        x -= column * b[j];
    }
    const double *r0 = row + k, *r1 = r0 + n, *r2 = r1 + n, *r3 = r2 + n;
    const sei_v4  inv = 1.0 / (sei_v4){r0[0], r1[1], r2[2], r3[3]};
    const double  x3 = x[3] * inv[3], x2 = (x[2] - r2[3] * x3) * inv[2],
                 x1 = ((x[1] - r1[3] * x3) - r1[2] * x2) * inv[1],
                 x0 = (((x[0] - r0[3] * x3) - r0[2] * x2) - r0[1] * x1) * inv[0];
    x               = (sei_v4){x0, x1, x2, x3};
    SEI_V4_STORE(b + k, x);
}

SEI_CLONES
void sei_lu_solve(size_t n, const double a[], const size_t pivot[], double b[])
{
    const size_t whole = n / SEI_V4 * SEI_V4;

    for (size_t k = 0; k < n; k++) {
        const double t = b[pivot[k]];
        b[pivot[k]]    = b[k];
        b[k]           = t;
    }
    for (size_t k = 0; k < whole; k += SEI_V4)
        forward_four(n, a, k, b);
    for (size_t k = whole; k < n; k++)
        b[k] -= dot(k, a + k * n, b);
    for (size_t k = n; k-- > whole;)
        b[k] = (b[k] - dot(n - k - 1, a + k * n + k + 1, b + k + 1)) / a[k * n + k];
    for (size_t k = whole; k > 0; k -= SEI_V4)
        backward_four(n, whole, a, k - SEI_V4, b);
}

SEI_CLONES
void sei_sum_fours(size_t n_lists, const uint32_t ptr[], const uint16_t at[], const double c[],
                   const double v[], double ret[])
{
    sei_v4 p, q;

    for (size_t j = 0; j < n_lists; j++) {
        sei_v4 a = {0.0}, b = {0.0};
        size_t n = ptr[j + 1] - ptr[j];
        for (; n > 1; n -= 2, c += 2 * SEI_V4, at += 2) {
            SEI_V4_LOAD(p, c);
            SEI_V4_LOAD(q, v + at[0]);
            a += p * q;
            SEI_V4_LOAD(p, c + SEI_V4);
            SEI_V4_LOAD(q, v + at[1]);
            b += p * q;
        }
        if (n > 0) {
            SEI_V4_LOAD(p, c);
            SEI_V4_LOAD(q, v + *at++);
            a += p * q;
            c += SEI_V4;
        }
        a += b;
        ret[j] = (a[0] + a[2]) + (a[1] + a[3]);
    }
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

SEI_CLONES
double sei_dot(size_t n, const double a[], const double b[])
{
    return dot(n, a, b);
}

SEI_CLONES
void sei_dot_and_size(size_t n, const double a[], const double b[], double *ret_sum,
                      double *ret_size)
{
    const sei_v4 zero = {0.0};
    sei_v4       sum = zero, size = zero, p, q;
    size_t       j = 0;

    for (; j + SEI_V4 <= n; j += SEI_V4) {
        SEI_V4_LOAD(p, a + j);
        SEI_V4_LOAD(q, b + j);
        p *= q;
        sum += p;
        size += SEI_V4_PICK(p < zero, -p, p);
    }
    *ret_sum  = (sum[0] + sum[2]) + (sum[1] + sum[3]);
    *ret_size = (size[0] + size[2]) + (size[1] + size[3]);
    for (; j < n; j++) {
        *ret_sum += a[j] * b[j];
        *ret_size += fabs(a[j] * b[j]);
    }
}

SEI_CLONES
void sei_multiply(size_t n, double factor, const double a[], double ret[])
{
    sei_v4 p;
    size_t j = 0;

    for (; j + SEI_V4 <= n; j += SEI_V4) {
        SEI_V4_LOAD(p, a + j);
        p *= factor;
        SEI_V4_STORE(ret + j, p);
    }
    for (; j < n; j++)
        ret[j] = factor * a[j];
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
