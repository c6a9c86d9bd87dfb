/* column_exact.h - exact solutions of half-infinite columns, in closed form or by their Laplace transforms */
#ifndef SEI_TESTS_COLUMN_EXACT_H
#define SEI_TESTS_COLUMN_EXACT_H

#include <complex.h>
#include <math.h>

#define PI        3.14159265358979323846
#define IMAGINARY ((double complex)I)

/* The column that they are for. */
static const double column_m = 0.4, dispersivity_m = 0.02, velocity_m_s = 1e-4;

enum { LAYERS = 5 }; /* of stagnant cells */

/*
 * Inverse Laplace transform on a deformed Bromwich contour (Talbot's; abate2006, eq. 25). What is transformed has no
 * singularity but on the negative axis.
 */
typedef double complex transform(double complex p, double x, const double k[]);

static inline double invert(transform *f, double t, double x, const double k[])
{
    enum { TERMS = 32 };
    const double r   = 2.0 * TERMS / (5.0 * t);
    double       sum = 0.5 * exp(r * t) * creal(f(r, x, k));

    for (int i = 1; i < TERMS; i++) {
        const double         a = i * PI / TERMS, cot = 1.0 / tan(a);
        const double complex p = r * a * (cot + IMAGINARY);
        const double complex w = 1.0 + IMAGINARY * (a + (a * cot - 1.0) * cot);
        sum += creal(cexp(p * t) * f(p, x, k) * w);
    }
    return sum * r / TERMS;
}

/* Inflow of constant flux, dispersion d and velocity v of the water, with storage and loss omega(p). */
static inline double complex by_flux(double complex omega, double complex p, double x, double v,
                                     double d)
{
    const double complex root = csqrt(v * v + 4.0 * d * omega), lambda = (v - root) / (2.0 * d);

    return v / (v - d * lambda) * cexp(lambda * x) / p;
}

/* k[0]: retardation, k[1]: decay of what is dissolved, 1/s */
static inline double complex decaying(double complex p, double x, const double k[])
{
    return by_flux(k[0] * p + k[1], p, x, velocity_m_s, velocity_m_s * dispersivity_m);
}

/* Water that flows and water that stands (van Genuchten and Wierenga 1976): k[0] 1/s of the standing one, k[1] ratio. */
static inline double complex dual(double complex p, double x, const double k[])
{
    return by_flux(p + k[1] * p * k[0] / (p + k[0]), p, x, velocity_m_s,
                   velocity_m_s * dispersivity_m);
}

/* Closed forms: constant concentration (Ogata & Banks 1961) and constant flux (Lindstrom et al. 1967) at the inflow. */
static inline double first_type(double x, double t)
{
    const double v = velocity_m_s, d = v * dispersivity_m, s = 2.0 * sqrt(d * t);

    return 0.5 * (erfc((x - v * t) / s) + exp(v * x / d) * erfc((x + v * t) / s));
}

static inline double third_type(double x, double t)
{
    const double v = velocity_m_s, d = v * dispersivity_m, s = 2.0 * sqrt(d * t);
    const double front = (x - v * t) / s;

    return 0.5 * erfc(front) + sqrt(v * v * t / (PI * d)) * exp(-front * front) -
           0.5 * (1.0 + v * x / d + v * v * t / d) * exp(v * x / d) * erfc((x + v * t) / s);
}

/* Rock of layers beside the water that flows, closed behind, each with as much water: k[0] is its diffusivity over the square of a
 * layer's thickness, 1/s. Ratios of neighbours' transforms from the innermost layer on; the first layer's middle is half a layer
 * from the water. */
static inline double complex into_layers(double complex p, double x, const double k[])
{
    double complex ratio = k[0] / (p + k[0]);

    for (int n = LAYERS - 1; n > 1; n--)
        ratio = k[0] / (p + 2.0 * k[0] - k[0] * ratio);
    ratio = 2.0 * k[0] / (p + 3.0 * k[0] - k[0] * ratio);
    return by_flux(p + 2.0 * k[0] * (1.0 - ratio), p, x, velocity_m_s,
                   velocity_m_s * dispersivity_m);
}

#endif
