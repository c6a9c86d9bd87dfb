/*
 * hydraulics.c - head over a bed, what its deposits take of the pores, and the flow it still lets pass
 *
 * Ergun (1952) for each cell of length L and plan area A at the superficial velocity v = Q/A:
 *
 *     dh/L = 150 mu (1 - e)^2 v/(rho g e^3 d^2) + 1.75 (1 - e) v^2/(g e^3 d)
 *
 * whose first term is Darcy's law with the permeability of Kozeny and Carman, d^2 e^3/(150 (1 - e)^2). The
 * porosity e falls with the volume of the deposits, dry mass over deposit_kg_m3 (al_deposit_kg_m3 of hydroxides and
 * basic sulfates of aluminium, whose flocs stay voluminous), and with it the water that the cell holds. The flow at which the
 * sum of all cells takes up the unit's head is the root of a Q + b Q^2 = head.
 */
#include <math.h>

#include "plant/assembly.h"

/* Water near 10 degC (CRC Handbook): viscosity over density, m2/s. */
static const double kinematic_m2_s = 1.31e-6;
static const double gravity_m_s2   = 9.80665;
/* A bed is never quite shut: the least porosity keeps the numbers finite. */
static const double least_porosity = 1e-3;

double sei_plant_deposit_m3(const sei_plant *plant, const sei_train *train, size_t cell)
{
    const sei_plant_unit *unit = &plant->units[plant->places[cell].unit];
    double                m3   = 0.0;

    if (!(unit->deposit_kg_m3 > 0.0))
        return 0.0;
    for (size_t s = 0; s < sei_model_n_solids(plant->spec.model); s++) {
        const double mol = sei_plant_deposit_mol(plant, train, cell, s);
        if (mol > 0.0)
            m3 += mol * sei_model_solid_kg_mol(plant->spec.model, s) /
                  (plant->holds_al[s] ? unit->al_deposit_kg_m3 : unit->deposit_kg_m3);
    }
    return m3;
}

double sei_plant_porosity(const sei_plant *plant, size_t cell, double deposit_m3)
{
    const sei_plant_cell *place = &plant->places[cell];

    if (!(place->bed_m3 > 0.0))
        return 1.0;
    return fmax(least_porosity, (place->pore_m3 - deposit_m3) / place->bed_m3);
}

void sei_plant_set_room(const sei_plant *plant, sei_train *train, size_t cell, double deposit_m3)
{
    const sei_plant_cell *place = &plant->places[cell];
    const double          least = fmin(place->pore_m3, least_porosity * place->bed_m3);

    if (place->bed_m3 > 0.0)
        sei_train_set_room(train, cell, SEI_WATER_KG_M3 * fmax(least, place->pore_m3 - deposit_m3));
}

/* Terms of a Q + b Q^2 for one cell. */
static void resistance(const sei_plant *plant, size_t cell, double deposit_m3, double *a, double *b)
{
    const sei_plant_cell *place = &plant->places[cell];
    const double          d = place->flow_grain_m, length = place->length_m;

    if (!(d > 0.0) || !(length > 0.0) || !(place->bed_m3 > 0.0))
        return;
    const double e = sei_plant_porosity(plant, cell, deposit_m3), area = place->bed_m3 / length;
    const double solid = 1.0 - e, e3 = e * e * e;
    *a += 150.0 * kinematic_m2_s * solid * solid * length / (gravity_m_s2 * e3 * d * d * area);
    *b += 1.75 * solid * length / (gravity_m_s2 * e3 * d * area * area);
}

sei_unit_hydraulics sei_plant_hydraulics(const sei_plant *plant, size_t u,
                                         const double deposit_m3[], double flow_m3_s)
{
    const sei_plant_unit *unit = &plant->units[u];
    sei_unit_hydraulics   h    = {.flow_max_m3_s = INFINITY, .porosity = 1.0, .permeability = 1.0};
    double                a = 0.0, b = 0.0, clean_a = 0.0, clean_b = 0.0;

    for (size_t c = unit->first_cell; c < unit->first_cell + unit->n_cells; c++) {
        const double porosity = sei_plant_porosity(plant, c, deposit_m3[c]);
        resistance(plant, c, deposit_m3[c], &a, &b);
        resistance(plant, c, 0.0, &clean_a, &clean_b);
        h.porosity = fmin(h.porosity, porosity);
        h.pore_m3 += porosity * plant->places[c].bed_m3;
        h.deposit_m3 += deposit_m3[c];
    }
    h.head_m = a * flow_m3_s + b * flow_m3_s * flow_m3_s;
    if (a > 0.0)
        h.permeability = clean_a / a;
    if (unit->head_max_m > 0.0 && a > 0.0)
        h.flow_max_m3_s = 2.0 * unit->head_max_m / (a + sqrt(a * a + 4.0 * b * unit->head_max_m));
    return h;
}

double sei_plant_time_to_clog_s(const sei_plant *plant, size_t u, const double deposit_m3[],
                                const double growth_m3_s[], double flow_m3_s, double work_m3[])
{
    const sei_plant_unit *unit = &plant->units[u];
    const size_t          end  = unit->first_cell + unit->n_cells;
    double                low = 0.0, high = 3.2e9; /* a century */

    for (int k = 0; k < 80 && high - low > 1.0; k++) {
        const double t = k == 0 ? high : 0.5 * (low + high);
        for (size_t c = unit->first_cell; c < end; c++)
            work_m3[c] = deposit_m3[c] + t * fmax(0.0, growth_m3_s[c]);
        const bool passes =
            sei_plant_hydraulics(plant, u, work_m3, flow_m3_s).flow_max_m3_s > flow_m3_s;
        if (k == 0 && passes)
            return INFINITY;
        if (passes)
            low = t;
        else
            high = t;
    }
    return high;
}
