/*
 * net.h - a network of species compiled for a set of components
 *
 * Unknowns are natural logs of the activities of the master species, x[0 .. n_comp-1]; component
 * n_comp-1 is always H (master H+). The electron, when the network has it, has a fixed activity.
 * Species i:
 *     ln m_i = ln K_i(T) + sum_j nu_ij x_j + nu_e ln a_e + nu_w ln a_w - ln gamma_i(I)
 * Component totals: T_j = sum_i beta_ij m_i (beta = nu but for -mole_balance species). For H the
 * total is the proton condition: protons above the master species; conserved, may be negative.
 *
 * Species stand in the order that the loops of equilibrium want (most components first), not in
 * that of the database.
 */
#ifndef SEI_CHEM_NET_H
#define SEI_CHEM_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chem/db.h"
#include "chem/specific.h"
#include "num/ldl.h"

enum {
    SEI_COMPONENTS_MAX  = 48,
    SEI_NET_SPECIES_MAX = 50000 /* their indices have 16 bits, with room for what is sorbed */
};

typedef struct {
    size_t             n_components;
    const char *const *components; /* "Fe(2)", "Zn", "C(4)", "N(5) N(3)"; without H and O */
    bool   with_electron; /* pe is given: elements named whole spread over their valences */
    size_t n_phases;      /* 0 with phases = NULL: every phase that the components can form */
    const char *const *phases;
} sei_net_spec;

#define SEI_LN_ISOTOPE_WATER (-4.0173835210859723) /* ln SEI_ISOTOPE_WATER_KG_MOL */

/* Sparse rows: entries ptr[i] .. ptr[i+1]-1. */
typedef struct {
    uint32_t *ptr;
    uint8_t  *col;
    double   *val;
} sei_csr;

/* Lists of species with a weight, one list an item: entries ptr[k] .. ptr[k+1]-1. */
typedef struct {
    uint32_t *ptr;
    uint16_t *species;
    double   *weight;
} sei_lists;

/* The sparse rows of nu, eight species a block: entries ptr[b] .. ptr[b+1]-1 of block b are a component and what each of
 * the eight holds of it. Nothing in it is looked up but one x for eight species. */
enum { SEI_BLOCK = 8 };
#define SEI_BLOCK_PADDED(n) (((n) + SEI_BLOCK - 1) / SEI_BLOCK * SEI_BLOCK)
typedef struct {
    uint32_t *ptr;
    uint8_t  *col;
    double   *val; /* [SEI_BLOCK] an entry */
} sei_blocks;

/* Lists in fours of species, see sei_sum_fours. */
typedef struct {
    uint32_t *ptr;
    uint16_t *at;
    double   *c;
} sei_fours;

/* Species of the same charge and ion size share one activity coefficient; those with the same number
 * of waters in their reaction too are a class. With specific interactions every species is one. */
typedef struct {
    size_t   n;
    uint8_t *kind; /* sei_gamma_kind */
    double  *charge, *dha, *dhb, *nu_w;
    int32_t *of_species; /* [SEI_BLOCK_PADDED(n_species)] */
} sei_classes;

/* What of a species counts as which element and valence: rows of SOLUTION_MASTER_SPECIES. */
typedef struct {
    uint32_t *ptr;
    uint32_t *master;
    uint32_t *element; /* of that master */
    double   *count;
    /* The same by element, in the order of species: at of_element[element] and on, places in the lists above and their species */
    uint32_t *of_element, *place, *species;
} sei_counts;

typedef struct {
    const char *name;
    size_t      index; /* in the database */
    double      nu[SEI_COMPONENTS_MAX];
    double      nu_e, nu_w;
    sei_logk    logk;
    double      g_mol;
} sei_net_phase;

struct sei_net {
    sei_arena     arena;
    const sei_db *db;
    bool          with_electron;
    size_t        n_comp, n_species, n_phases;
    const char  **comp_name;    /* [n_comp] */
    double       *comp_g_mol;   /* of the element, for mass units */
    double       *comp_charge;  /* charge of the master */
    uint32_t     *comp_species; /* network index of the master species */
    const char  **name;         /* [n_species] */
    uint32_t     *db_index;     /* [n_species] */
    uint32_t     *of_db;        /* [db->n_species] place of each, plus 1; 0: it is not here */
    sei_csr       nu, beta;
    bool          symmetric; /* beta equals nu everywhere */
    size_t        n_odd;     /* species whose beta is not their nu */
    uint32_t     *odd;
    double       *nu_e, *nu_w; /* [n_species] */
    double       *charge, *alk;
    double       *lnk_coef; /* [SEI_LOGK_TERMS][n_species], natural log */
    /* Isotopes of water (-activity_water): ln gamma is ln a_w + SEI_LN_ISOTOPE_WATER, which stands in their nu_w and lnk_coef. */
    size_t         n_waters;
    uint32_t      *waters;
    sei_counts     counts;
    sei_net_phase *phases;

    sei_blocks  blocks;
    sei_classes classes;
    sei_lists   by_comp;      /* species of each component, weight nu */
    sei_lists   by_comp_beta; /* the same with beta; unused when symmetric */
    sei_fours   totals;       /* by_comp_beta (by_comp when symmetric) in fours of species */
    sei_lists   own;          /* species of one component (once) and H alone, weight nu of H */
    /* Jacobian: dT_b/dx_a = sum_i nu_ia nu_ib m_i as lists, item k for slot jac_slot[k] of the plan;
     * those of the row of H stand behind the first n_jac_free. */
    sei_ldl_plan        ldl;
    size_t              n_jac, n_jac_free;
    uint16_t           *jac_slot;
    uint16_t           *jac_at; /* [2 * n_jac] places in a full n_comp x n_comp matrix */
    sei_lists           jac;
    sei_specific_model *specific; /* NULL: activities by ionic strength alone */
};

SEI_CHECKED sei_status sei_net_create(sei_ctx *ctx, const sei_db *db, const sei_net_spec *spec,
                                      sei_net **ret_net);
void                   sei_net_free(sei_net *net);

/* Indices; SIZE_MAX when the network has none of that name. */
size_t sei_net_component(const sei_net *net, const char *name);
size_t sei_net_species(const sei_net *net, const char *name);
size_t sei_net_phase_index(const sei_net *net, const char *name);
size_t sei_net_species_of_db(const sei_net *net, size_t db_species);

/* Any species of the database in terms of this network's components (nu[n_comp]); false when it
 * needs something that the network lacks. */
bool sei_net_express(const sei_net *net, size_t db_species, double nu[], double *ret_nu_e,
                     double *ret_nu_w, sei_logk *ret_logk);

/* --- inside the compiler ------------------------------------------------------------------------- */

/* Levels, classes and lists from nu, beta, charge and dha/dhb of the database. */
SEI_CHECKED sei_status sei_net_lay_out(sei_net *net);

#endif
