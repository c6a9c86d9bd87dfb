/*
 * check_planes.h - charges in three planes of a surface, worked out anew
 *
 * Goethite's groups at two kinds of sites; how each species' charge is parted is written out below, in sizes of those published
 * (Hiemstra and Van Riemsdijk 1996; Rahnemaie et al. 2006), constants too: not values to work with. Between planes 0 and 1 and 1 and 2
 * stand condensers, beyond plane 2 a diffuse layer (Hiemstra and Van Riemsdijk 1996; Grahame's equation for any ions
 * and one of a single charge that makes up for the water's own). Nothing of src/react/planes.c is used.
 */
#ifndef SEI_TESTS_CHECK_PLANES_H
#define SEI_TESTS_CHECK_PLANES_H

#include "chem_random.h"
#include "react/react.h"

enum { CP_PLANES = 3 };

static const char cp_text[] =
    "SURFACE_MASTER_SPECIES\n"
    " Goe_uni Goe_uniOH-0.5\n Goe_tri Goe_triO-0.5\n"
    "SURFACE_SPECIES\n"
    " Goe_uniOH-0.5 = Goe_uniOH-0.5\n log_k 0\n -cd_music 0 0 0 0 0\n"
    " Goe_triO-0.5 = Goe_triO-0.5\n log_k 0\n -cd_music 0 0 0 0 0\n"
    " Goe_uniOH-0.5 + H+ = Goe_uniOH2+0.5\n log_k 9.2\n -cd_music 1 0 0 0 0\n"
    " Goe_triO-0.5 + H+ = Goe_triOH+0.5\n log_k 9.2\n -cd_music 1 0 0\n"
    " Goe_uniOH-0.5 + Na+ = Goe_uniOHNa+0.5\n log_k -0.6\n -cd_music 0 1 0\n"
    " Goe_triO-0.5 + Na+ = Goe_triONa+0.5\n log_k -0.6\n -cd_music 0 0.59 0.41\n"
    " Goe_uniOH2+0.5 + Cl- = Goe_uniOH2Cl-0.5\n log_k -0.45\n -cd_music 0 -1 0\n"
    " Goe_triO-0.5 + H+ + Cl- = Goe_triOHCl-0.5\n log_k 8.75\n -cd_music 1 0 0 0.25 -1\n"
    " Goe_uniOH-0.5 + Ca+2 = Goe_uniOHCa+1.5\n log_k 3.7\n -cd_music 0 0 0 0.32 2\n"
    " 2 Goe_uniOH-0.5 + Zn+2 = (Goe_uniOH)2Zn+\n log_k 7\n delta_h 20 kJ\n -cd_music 1.1 0.9 0\n"
    " Goe_uniOH-0.5 + H+ + SO4-2 = Goe_uniOSO3-1.5 + H2O\n log_k 9.4\n -cd_music 0.65 -1.65 0\n"
    " Goe_uniOH2+0.5 + SO4-2 = Goe_uniOH2SO4-1.5\n log_k 1.1\n -cd_music 0 -1.2 -0.8\n"
    " 2 Goe_uniOH-0.5 + 2 H+ + PO4-3 = (Goe_uniO)2PO2-2 + 2 H2O\n log_k 29.8\n -cd_music 0.46 "
    "-1.46 0\n"
    " 2 Goe_uniOH-0.5 + 2 H+ + CO3-2 = (Goe_uniO)2CO- + 2 H2O\n log_k 22\n -cd_music 0.62 -0.62 "
    "0\n";

/* Charge of a mole of each species in the planes. */
static const struct {
    const char *name;
    double      z[CP_PLANES];
} cp_charges[] = {
    {"Goe_uniOH-0.5", {-0.5, 0.0, 0.0}},       {"Goe_triO-0.5", {-0.5, 0.0, 0.0}},
    {"Goe_uniOH2+0.5", {0.5, 0.0, 0.0}},       {"Goe_triOH+0.5", {0.5, 0.0, 0.0}},
    {"Goe_uniOHNa+0.5", {-0.5, 1.0, 0.0}},     {"Goe_triONa+0.5", {-0.5, 0.59, 0.41}},
    {"Goe_uniOH2Cl-0.5", {0.5, -1.0, 0.0}},    {"Goe_triOHCl-0.5", {0.25, -0.75, 0.0}},
    {"Goe_uniOHCa+1.5", {0.14, 1.36, 0.0}},    {"(Goe_uniOH)2Zn+", {0.1, 0.9, 0.0}},
    {"Goe_uniOSO3-1.5", {0.15, -1.65, 0.0}},   {"Goe_uniOH2SO4-1.5", {0.5, -1.2, -0.8}},
    {"(Goe_uniO)2PO2-2", {-0.54, -1.46, 0.0}}, {"(Goe_uniO)2CO-", {-0.38, -0.62, 0.0}},
};

/* Charges of a species in the planes; false: it is not one of these. */
static inline bool cp_charges_of(const char *name, double ret_z[CP_PLANES])
{
    for (size_t i = 0; i < T_COUNT(cp_charges); i++)
        if (strcmp(cp_charges[i].name, name) == 0) {
            memcpy(ret_z, cp_charges[i].z, sizeof cp_charges[i].z);
            return true;
        }
    return false;
}

/* Charge that a diffuse layer stands against at a potential, eq: Grahame's equation, sqrt(2 eps eps0 R T sum c (exp(-z y) - 1)). */
static inline double cp_diffuse(const sei_equil *eq, double area_m2, double y)
{
    const double eps = sei_water_permittivity(eq->temp_k) * 8.854e-12;
    double       sum = 0.0, charge = 0.0;

    for (size_t i = 0; i < eq->net->n_species; i++) {
        const double z = eq->net->db->species[eq->net->db_index[i]].composition.charge;
        sum += eq->m[i] * (expm1(-z * y) + z * y);
        charge += z * eq->m[i];
    }
    const double u = charge > 0.0 ? y : -y; /* of the ion that makes up for the water's charge */
    sum += fabs(charge) * (expm1(u) - u);
    return copysign(sqrt(2000.0 * eps * 8.3147 * eq->temp_k * fmax(sum, 0.0)), y) * area_m2 /
           96493.5;
}

/* Charges that stand against those of the planes (of plane p: of all to it), eq; size: what each is made of. first: of plane 0. */
static inline void cp_opposing(const sei_equil *eq, const sei_surface first[CP_PLANES],
                               const double y[CP_PLANES], double ret_charge[CP_PLANES],
                               double ret_size[CP_PLANES])
{
    const double volt = 8.3147 * eq->temp_k / 96493.5, by = first[0].area_m2 / 96493.5;

    for (int p = 0; p < 2; p++) {
        const double unit = first[p].capacitance_f_m2 * volt * by;
        ret_charge[p]     = unit * (y[p] - y[p + 1]);
        ret_size[p]       = unit * (fabs(y[p]) + fabs(y[p + 1]));
    }
    ret_charge[2] = cp_diffuse(eq, first[0].area_m2, y[2]);
    ret_size[2]   = fabs(ret_charge[2]);
}

#endif
