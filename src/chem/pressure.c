/*
 * pressure.c - molar volumes, and what pressure makes of constants by them
 *
 * Volumes of aqueous species are those of the revised HKF equations at infinite dilution and a Debye-Hückel slope with a
 * linear term in the ionic strength, as the option -Vm of PHREEQC's databases has them (appelo2014). The molar volume of the
 * reaction makes the constant at a pressure: ln K(P) = ln K(1 atm) - dV (P - 1 atm) / RT, dV that at the pressure P.
 */
#include "chem/pressure.h"

#include <math.h>

#include "base/constants.h"

#define CAL_J      41.84 /* cm3 bar in a cal */
#define R_CM3_ATM  (SEI_GAS_CONSTANT / 0.101325)
#define SUPCRT_BAR 2600.0
#define SUPCRT_K   228.0
#define BOILING_K  373.15

double sei_species_volume_cm3(const sei_db *db, size_t species, const sei_water_properties *water,
                              double mu)
{
    const sei_species *s  = &db->species[species];
    const double      *vm = s->vm;
    const double       z2 = s->composition.charge * s->composition.charge, root = sqrt(mu);

    if (species == db->water)
        return SEI_WATER_G_MOL / water->density_kg_l;
    if (!s->has_vm)
        return 0.0;
    const double t = water->temp_k - SUPCRT_K;
    const double p = SUPCRT_BAR + water->pressure_atm * 1.01325;
    double volume  = CAL_J * (0.1 * vm[0] + 100.0 * vm[1] / p + vm[2] / t + 1e4 * vm[3] / (p * t) -
                             1e5 * vm[4] * water->q_born);
    if (z2 == 0.0)
        return volume;
    volume += 0.5 * z2 * water->av * root / (1.0 + vm[5] * water->dh.b * root);
    if (vm[6] != 0.0 || vm[7] != 0.0 || vm[8] != 0.0)
        volume += (vm[6] + vm[7] / t + vm[8] * t) * pow(mu, vm[9]);
    return volume;
}

double sei_equil_pressure_shift(const sei_equil *eq, const double nu[], double nu_w,
                                double volume_cm3)
{
    double reaction = volume_cm3;

    if (eq->volume_factor == 0.0)
        return 0.0;
    for (size_t j = 0; j < eq->net->n_comp; j++)
        reaction -= nu[j] * eq->comp_volume[j];
    return -eq->volume_factor * (reaction - nu_w * eq->water_volume);
}

double sei_equil_volume_shift(const sei_equil *eq, size_t db_species, double coef)
{
    if (eq->volume_factor == 0.0)
        return 0.0;
    return eq->volume_factor * coef *
           sei_species_volume_cm3(eq->net->db, db_species, &eq->water_at, eq->volume_mu);
}

static void shift_species(sei_equil *eq)
{
    const sei_net *net = eq->net;

    for (size_t i = 0; i < net->n_species; i++) {
        double nu[SEI_COMPONENTS_MAX] = {0.0};
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
            nu[net->nu.col[k]] = net->nu.val[k];
        eq->lnk_shift[i] = sei_equil_pressure_shift(
            eq, nu, net->nu_w[i],
            sei_species_volume_cm3(net->db, net->db_index[i], &eq->water_at, eq->volume_mu));
    }
}

/* Above 100 degC water is under its own vapour at least. */
static double effective(double temp_k, double pressure_atm)
{
    return temp_k > BOILING_K ? fmax(pressure_atm, sei_water_vapour_pressure_atm(temp_k))
                              : pressure_atm;
}

bool sei_equil_set_pressure(sei_equil *eq, double temp_k, double pressure_atm, double mu)
{
    const sei_net *net = eq->net;
    const double   atm = effective(temp_k, pressure_atm);

    if (atm == 1.0 && !eq->is_pressed)
        return false;
    if (atm == eq->pressure_atm && mu == eq->volume_mu && temp_k == eq->volume_temp_k)
        return false;
    eq->temp_k        = 0.0; /* constants anew */
    eq->is_solved     = false;
    eq->is_pressed    = atm != 1.0;
    eq->pressure_atm  = atm;
    eq->volume_mu     = mu;
    eq->volume_temp_k = temp_k;
    /* Below 1 atm constants stay, as in PHREEQC: they would change by 1e-3 at most. */
    eq->volume_factor = fmax(atm - 1.0, 0.0) / (R_CM3_ATM * temp_k);
    if (!eq->is_pressed)
        return true;
    eq->water_at = sei_water_at(temp_k, atm);
    for (size_t j = 0; j < net->n_comp; j++)
        eq->comp_volume[j] =
            sei_species_volume_cm3(net->db, net->db_index[net->comp_species[j]], &eq->water_at, mu);
    eq->water_volume = sei_species_volume_cm3(net->db, net->db->water, &eq->water_at, mu);
    shift_species(eq);
    return true;
}
