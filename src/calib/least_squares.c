/* least_squares.c - linear least squares by Householder reflections */
#include "calib/least_squares.h"

#include <float.h>
#include <math.h>

static double norm(size_t n, const double x[])
{
    double largest = 0.0, sum = 0.0;

    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    if (largest == 0.0 || !isfinite(largest))
        return largest;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] / largest) * (x[i] / largest);
    return largest * sqrt(sum);
}

/* x -= (2 v'x / v'v) v */
static void reflect(size_t n, const double v[], double vv, double x[])
{
    double dot = 0.0;

    for (size_t i = 0; i < n; i++)
        dot += v[i] * x[i];
    dot *= 2.0 / vv;
    for (size_t i = 0; i < n; i++)
        x[i] -= dot * v[i];
}

/* Turns column j into a multiple of the j-th unit vector and the rest of A and b with it. */
static bool eliminate(size_t m, size_t n, size_t j, double a[], double b[], double smallest)
{
    double      *v     = a + j * m + j;
    const size_t rows  = m - j;
    const double size  = norm(rows, v);
    const double alpha = v[0] > 0.0 ? -size : size;

    if (!(size > smallest))
        return false;
    v[0] -= alpha;
    double vv = 0.0;
    for (size_t i = 0; i < rows; i++)
        vv += v[i] * v[i];
    for (size_t k = j + 1; k < n; k++)
        reflect(rows, v, vv, a + k * m + j);
    reflect(rows, v, vv, b + j);
    v[0] = alpha;
    return true;
}

bool sei_least_squares(size_t m, size_t n, double a[], double b[], double ret_x[])
{
    double largest = 0.0;

    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, norm(m, a + j * m));
    if (!isfinite(largest))
        return false;
    for (size_t j = 0; j < n; j++)
        if (!eliminate(m, n, j, a, b, DBL_EPSILON * (double)m * largest * 1e-6))
            return false;
    for (size_t j = n; j-- > 0;) {
        double x = b[j];
        for (size_t k = j + 1; k < n; k++)
            x -= a[k * m + j] * ret_x[k];
        ret_x[j] = x / a[j * m + j];
        if (!isfinite(ret_x[j]))
            return false;
    }
    return true;
}

void sei_least_squares_inverse(size_t m, size_t n, const double a[], double work[], double ret[])
{
    /* work(i, j) by rows: R^-1, upper triangle */
    for (size_t j = 0; j < n; j++) {
        work[j * n + j] = 1.0 / a[j * m + j];
        for (size_t i = j; i-- > 0;) {
            double sum = 0.0;
            for (size_t k = i + 1; k <= j; k++)
                sum += a[k * m + i] * work[k * n + j];
            work[i * n + j] = -sum / a[i * m + i];
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0.0;
            for (size_t k = i > j ? i : j; k < n; k++)
                sum += work[i * n + k] * work[j * n + k];
            ret[i * n + j] = sum;
        }
}
