/* viscosity.c - viscosity of water (IAPWS 2008, Huber and others 2009) */
#include <math.h>

#include "chem/viscosity.h"

#define T_CRITICAL_K       647.096
#define DENSITY_CRITICAL   0.322 /* kg/L */
#define VISCOSITY_CRITICAL 1e-6  /* Pa s */

enum { T_TERMS = 6, DENSITY_TERMS = 7 };

static double dilute(double t)
{
    /* iapws2008, table 1: of the dilute gas */
    static const double h[] = {1.67752, 2.20462, 0.6366564, -0.241605};
    double              sum = 0.0;

    for (int i = 3; i >= 0; i--)
        sum = sum / t + h[i];
    return 100.0 * sqrt(t) / sum;
}

/* iapws2008, table 2: of what density adds. */
static double dense(double t, double density)
{
    static const double h[T_TERMS][DENSITY_TERMS] = {
        {5.20094e-1, 2.22531e-1, -2.81378e-1, 1.61913e-1, -3.25372e-2, 0.0, 0.0},
        {8.50895e-2, 9.99115e-1, -9.06851e-1, 2.57399e-1, 0.0, 0.0, 0.0},
        {-1.08374, 1.88797, -7.72479e-1, 0.0, 0.0, 0.0, 0.0},
        {-2.89555e-1, 1.26613, -4.89837e-1, 0.0, 6.98452e-2, 0.0, -4.35673e-3},
        {0.0, 0.0, -2.57040e-1, 0.0, 0.0, 8.72102e-3, 0.0},
        {0.0, 1.20573e-1, 0.0, 0.0, 0.0, 0.0, -5.93264e-4},
    };
    const double x = 1.0 / t - 1.0, y = density - 1.0;
    double       sum = 0.0, power = 1.0;

    for (int i = 0; i < T_TERMS; i++, power *= x) {
        double by_density = 0.0;
        for (int k = DENSITY_TERMS - 1; k >= 0; k--)
            by_density = by_density * y + h[i][k];
        sum += power * by_density;
    }
    return exp(density * sum);
}

double sei_water_viscosity_pa_s(double temp_k, double density_kg_l)
{
    const double t = temp_k / T_CRITICAL_K, density = density_kg_l / DENSITY_CRITICAL;

    return VISCOSITY_CRITICAL * dilute(t) * dense(t, density);
}
