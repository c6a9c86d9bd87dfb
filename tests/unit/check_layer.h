/*
 * check_layer.h - what a diffuse layer holds, worked out anew
 *
 * One potential (Donnan): the root of sum z m V exp(-z p) + charge of the surface, by bisection. Falling potential: the excess of
 * Poisson and Boltzmann's equation (Borkovec and Westall 1983), by Gauss and Legendre's five points on narrow panels. Nothing of src/react/layer.c is used.
 */
#ifndef SEI_TESTS_CHECK_LAYER_H
#define SEI_TESTS_CHECK_LAYER_H

#include "chem_random.h"
#include "react/react.h"

enum { CL_CHARGE_MAX = 10, CL_CLASSES = 21 };

/* Kilograms of water whose molality makes up what the layer holds, by charge. */
typedef struct {
    double kg[CL_CLASSES];
} cl_layer;

static inline void cl_by_charge(const sei_equil *eq, double m[CL_CLASSES])
{
    memset(m, 0, CL_CLASSES * sizeof *m);
    for (size_t i = 0; i < eq->net->n_species; i++)
        m[CL_CHARGE_MAX + (int)eq->net->db->species[eq->net->db_index[i]].composition.charge] +=
            eq->m[i];
}

static inline cl_layer cl_donnan(const sei_surface *f, const double m[CL_CLASSES], double charge)
{
    double   low = -60.0, high = 60.0;
    cl_layer l = {{0.0}};

    for (int k = 0; k < 200; k++) {
        const double p   = 0.5 * (low + high);
        double       sum = charge;
        for (int z = -CL_CHARGE_MAX; z <= CL_CHARGE_MAX; z++)
            if (!(f->only_counter_ions && z * charge > 0.0))
                sum += f->layer_kg * z * m[CL_CHARGE_MAX + z] * exp(-z * p);
        *(sum > 0.0 ? &low : &high) = p;
    }
    for (int z = -CL_CHARGE_MAX; z <= CL_CHARGE_MAX; z++)
        l.kg[CL_CHARGE_MAX + z] = f->only_counter_ions && z * charge > 0.0
                                      ? 0.0
                                      : f->layer_kg * exp(-z * 0.5 * (low + high));
    return l;
}

/* exp(-z y) - 1 + z y */
static inline double cl_bend(double z, double y)
{
    const double u = z * y;

    return fabs(u) < 1e-3 ? 0.5 * u * u * (1.0 - u / 3.0 * (1.0 - u / 4.0)) : expm1(-u) + u;
}

static inline cl_layer cl_falling(const sei_equil *eq, const sei_surface *f,
                                  const double m[CL_CLASSES], double psi)
{
    const double        eps = sei_water_permittivity(eq->temp_k) * 8.854e-12;
    const double        k   = f->area_m2 * sqrt(1000.0 * eps * 8.3147 * eq->temp_k / 2.0) / 96493.5;
    static const double at[5] = {-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831,
                                 0.9061798459386640};
    static const double weight[5] = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                     0.4786286704993665, 0.2369268850561891};
    const int           panels    = 1 + (int)(8.0 * fabs(psi));
    cl_layer            l;

    for (int c = 0; c < CL_CLASSES; c++)
        l.kg[c] = f->layer_kg;
    for (int panel = 0; panel < panels && psi != 0.0; panel++)
        for (int i = 0; i < 5; i++) {
            const double y   = psi / panels * (panel + 0.5 + 0.5 * at[i]);
            double       sum = 0.0;
            for (int z = -CL_CHARGE_MAX; z <= CL_CHARGE_MAX; z++)
                sum += m[CL_CHARGE_MAX + z] * cl_bend(z, y);
            for (int z = -CL_CHARGE_MAX; z <= CL_CHARGE_MAX; z++)
                l.kg[CL_CHARGE_MAX + z] +=
                    0.5 * k * fabs(psi) / panels * weight[i] * expm1(-z * y) / sqrt(sum);
        }
    return l;
}

/* charge: what the surface's groups have, eq. */
static inline cl_layer cl_at(const sei_equil *eq, const sei_surface *f, double charge, double psi)
{
    double m[CL_CLASSES];

    cl_by_charge(eq, m);
    return f->layer_is_integral ? cl_falling(eq, f, m, psi) : cl_donnan(f, m, charge);
}

#endif
