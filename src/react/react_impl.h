/* react_impl.h - what the files of src/react share; not for others */
#ifndef SEI_REACT_IMPL_H
#define SEI_REACT_IMPL_H

#include "react/react.h"

/* Molar mass of water as PHREEQC counts the kilogram of water, kg/mol. */
#define SEI_WATER_KG_MOL 0.018016

/* A sorbed species in terms of the basis. */
typedef struct {
    const sei_sorb_species *def;
    size_t                  site; /* in the system */
    double                  comp[SEI_COMPONENTS_MAX];
    double                  nu_e, nu_w;
    sei_logk                logk;
} sei_react_sorbed_row;

struct sei_react {
    sei_ctx              *ctx;
    const sei_db         *db;
    const sei_sorb       *sorb;
    sei_net              *net;
    size_t                n_sites, n_sorbed;
    size_t                site_def[SEI_REACT_SITES_MAX]; /* in sorb */
    sei_react_sorbed_row *sorbed;
    /* How one mole of a component's master counts elements: for formulas */
    double master_o[SEI_COMPONENTS_MAX], master_h[SEI_COMPONENTS_MAX], master_z[SEI_COMPONENTS_MAX];
    double master_n[SEI_COMPONENTS_MAX]; /* atoms of its own element */
    /* What a species counts in protons, electrons and water by its composition, [n_species]: the same as its
     * reaction says but for species with a -mole_balance of their own (polysulfides). */
    double *count_h, *count_e, *count_w;
};

/*
 * Balances b: components (H as the last), electron, sites. Unknowns k: the same, then surface potentials,
 * water mass (ln), ionic strength, then minerals and mixtures that are active.
 */
enum { SEI_REACT_BALANCES_MAX = SEI_COMPONENTS_MAX + 1 + SEI_REACT_SITES_MAX,
       SEI_REACT_UNKNOWNS_MAX = SEI_REACT_BALANCES_MAX + SEI_REACT_SITES_MAX + 2 + SEI_REACT_PHASES_MAX +
                                SEI_REACT_MIXTURES_MAX };

struct sei_react_work {
    sei_ctx         *ctx;
    const sei_react *react;
    sei_equil       *eq;
    double          *sorbed_mol, *sorbed_lnk;
    double           sorbed_temp_k;
    double           x_site[SEI_REACT_SITES_MAX], potential[SEI_REACT_SITES_MAX], ln_kg;
    size_t           nb, nu, k_electron, k_site, k_potential, k_kg, k_mu; /* layout */
    /* per balance: sums of positive and of negative terms, and their slopes [nb * nu] */
    double *plus, *minus, *dplus, *dminus;
    double *lin, *rhs;
    double  mineral_transfer[SEI_REACT_PHASES_MAX]; /* mol given to the water */
    double  mixture_ln[SEI_REACT_MIXTURES_MAX];     /* ln of total mol of an active mixture */
    bool    is_active[SEI_REACT_PHASES_MAX], mixture_active[SEI_REACT_MIXTURES_MAX];
    double  mixture_sum[SEI_REACT_MIXTURES_MAX];    /* sum of partial pressures or fractions */
    double  water_terms;                            /* mol of H2O bound in species, with slopes left out */
    double  surface_charge[SEI_REACT_SITES_MAX], surface_scale[SEI_REACT_SITES_MAX];
    double  surface_slope[SEI_REACT_SITES_MAX * SEI_REACT_UNKNOWNS_MAX];
};

/* src/react/evaluate.c: sums and slopes at the present unknowns */
void sei_react_evaluate(sei_react_work *work, const sei_react_system *system, bool with_slopes);
double sei_react_basis(const sei_amounts *amounts, size_t n_comp, size_t balance);

#endif
