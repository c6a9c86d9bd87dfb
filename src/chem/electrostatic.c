/*
 * electrostatic.c - the integral J of unsymmetrical mixing (pitzer1975)
 *
 *     J(x) = x/4 - 1 + 1/x int_0^inf (1 - e^-q) y^2 dy,     q = (x/y) e^-y
 *
 * Its parts cancel when x is small. The integrals of q y^2 and q^2 y^2 / 2 are x and x^2 / 4, so that
 *
 *     J(x) = 1/x int_0^inf (1 - q + q^2/2 - e^-q) y^2 dy
 *
 * in which nothing does. x d/dx turns q into q, which gives the slopes from the same nodes. With
 * y = exp(t - e^-t) the integrand falls off doubly exponentially at both ends: the trapezoidal rule
 * in t has more than ten digits with the nodes that are taken (Takahasi and Mori 1974, takahasi1974).
 */
#include "chem/electrostatic.h"

#include <math.h>

#include "chem/kernel.h"

#define T_LOW  (-3.4)
#define T_HIGH 3.2

/* Below it the terms of the bracket cancel: its series then. */
#define SERIES_BELOW 0.05

void sei_electrostatic_set_up(sei_electrostatic *n)
{
    const double h = (T_HIGH - T_LOW) / (SEI_ELECTROSTATIC_NODES - 1);

    for (int k = 0; k < SEI_ELECTROSTATIC_NODES; k++) {
        const double t = T_LOW + h * k, y = exp(t - exp(-t));
        n->decay[k]  = exp(-y) / y;
        n->weight[k] = h * y * (1.0 + exp(-t)) * y * y;
    }
}

sei_j_value sei_electrostatic_j(const sei_electrostatic *n, double x)
{
    double e[SEI_ELECTROSTATIC_NODES], s0 = 0.0, s1 = 0.0, s2 = 0.0;

    if (!(x > 0.0))
        return (sei_j_value){0};
    for (int k = 0; k < SEI_ELECTROSTATIC_NODES; k++)
        e[k] = -x * n->decay[k];
    sei_kernel_exp(SEI_ELECTROSTATIC_NODES, e);
    for (int k = 0; k < SEI_ELECTROSTATIC_NODES; k++) {
        const double q = x * n->decay[k];
        /* 1 - q + q^2/2 - e^-q and q (e^-q - 1 + q) */
        const bool   is_small = q < SERIES_BELOW;
        const double cube     = q * q * q;
        const double a =
            is_small ? cube * (1.0 / 6.0 -
                               q * (1.0 / 24.0 -
                                    q * (1.0 / 120.0 -
                                         q * (1.0 / 720.0 - q * (1.0 / 5040.0 - q / 40320.0)))))
                     : 1.0 - q + 0.5 * q * q - e[k];
        const double b =
            is_small ? cube * (0.5 - q * (1.0 / 6.0 -
                                          q * (1.0 / 24.0 -
                                               q * (1.0 / 120.0 - q * (1.0 / 720.0 - q / 5040.0)))))
                     : q * (e[k] - 1.0 + q);
        s0 += n->weight[k] * a;
        s1 += n->weight[k] * b;
        s2 += n->weight[k] * (b + q * q * (1.0 - e[k]));
    }
    return (sei_j_value){s0 / x, (s1 - s0) / x, (s2 - 2.0 * s1 + s0) / x};
}

static const sei_j_value *point(const sei_electrostatic *nodes, sei_j_table *table, int k)
{
    sei_j_value *at = &table->at[k];

    if (!(at->j > 0.0))
        *at = sei_electrostatic_j(nodes, exp(SEI_J_LN_LOW + (double)k / SEI_J_PER_UNIT));
    return at;
}

/* Hermite's polynomial of the fifth degree in ln x, by which the three numbers of a point are the function and its slopes. */
sei_j_value sei_electrostatic_look_up(const sei_electrostatic *nodes, sei_j_table *table,
                                      double ln_x)
{
    const double at = (ln_x - SEI_J_LN_LOW) * SEI_J_PER_UNIT, h = 1.0 / SEI_J_PER_UNIT;

    if (!(at >= 0.0 && at < SEI_J_POINTS - 1))
        return sei_electrostatic_j(nodes, exp(ln_x));
    const int          k = (int)at;
    const sei_j_value *p = point(nodes, table, k), *q = point(nodes, table, k + 1);
    const double       u = at - k;
    /* f = p + b u + c u^2 + u^3 (d + e u + f u^2): the value, slope and bend that are left over at u = 1 */
    const double b = h * p->dj, c = 0.5 * h * h * p->d2j;
    const double l0 = q->j - p->j - b - c, l1 = h * q->dj - b - 2.0 * c,
                 l2 = h * h * q->d2j - 2.0 * c;
    const double d = 10.0 * l0 - 4.0 * l1 + 0.5 * l2, e = -15.0 * l0 + 7.0 * l1 - l2,
                 f = 6.0 * l0 - 3.0 * l1 + 0.5 * l2;
    return (sei_j_value){
        .j   = p->j + u * (b + u * (c + u * (d + u * (e + u * f)))),
        .dj  = (b + u * (2.0 * c + u * (3.0 * d + u * (4.0 * e + u * 5.0 * f)))) / h,
        .d2j = (2.0 * c + u * (6.0 * d + u * (12.0 * e + u * 20.0 * f))) / (h * h)};
}
