/* run_volume.c - densities and volumes of a view: RHO, SOLN_VOL, VM and the properties of water under its pressure */
#include <math.h>

#include "chem/pressure.h"
#include "phreeqc/run_impl.h"

sei_water_properties pq_pure_water(const sei_equil *eq)
{
    return eq->is_pressed ? eq->water_at : sei_water_at(eq->temp_k, 1.0);
}

/* kg/L: what a kilogram of water and its solutes weigh by the volumes of both; solutes without -Vm take no room. */
double pq_density(const sei_equil *eq)
{
    const sei_net             *net   = eq->net;
    const sei_water_properties water = pq_pure_water(eq);
    double                     g = 1e3, cm3 = 1e3 / water.density_kg_l;

    for (size_t i = 0; i < net->n_species; i++) {
        const size_t s = net->db_index[i];
        if (s == net->db->water)
            continue;
        g += eq->m[i] * net->db->species[s].g_mol;
        cm3 += eq->m[i] * sei_species_volume_cm3(net->db, s, &water, eq->mu);
    }
    return g / cm3;
}

double pq_volume_l_kg(const sei_equil *eq)
{
    const sei_net *net = eq->net;
    double         kg  = 1.0;

    for (size_t i = 0; i < net->n_species; i++)
        if (net->db_index[i] != net->db->water)
            kg += 1e-3 * eq->m[i] * net->db->species[net->db_index[i]].g_mol;
    return kg / pq_density(eq);
}

double pq_volume(const pq_view *v)
{
    return v->water_kg * pq_volume_l_kg(v->eq);
}

/* cm3/mol of a species that is in the water, else 0. */
double pq_molar_volume(const pq_runner *r, const pq_view *v, const char *name)
{
    const size_t               s     = sei_db_find_species(r->db, name);
    const sei_water_properties water = pq_pure_water(v->eq);

    if (s == SIZE_MAX || (s != r->db->water && sei_net_species_of_db(v->eq->net, s) == SIZE_MAX))
        return 0.0;
    return sei_species_volume_cm3(r->db, s, &water, v->eq->mu);
}
