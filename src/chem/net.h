/*
 * net.h - a network of species compiled for a set of components
 *
 * Unknowns are natural logs of the activities of the master species, x[0 .. n_comp-1]; component
 * n_comp-1 is always H (master H+). The electron, when the network has it, has a fixed activity.
 * Species i:
 *     ln m_i = ln K_i(T) + sum_j nu_ij x_j + nu_e ln a_e + nu_w ln a_w - ln gamma_i(I)
 * Component totals: T_j = sum_i beta_ij m_i (beta = nu but for -mole_balance species). For H the
 * total is the proton condition: protons above the master species; conserved, may be negative.
 */
#ifndef SEI_CHEM_NET_H
#define SEI_CHEM_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chem/db.h"

enum { SEI_COMPONENTS_MAX = 48 };

typedef struct {
    size_t             n_components;
    const char *const *components; /* "Fe(2)", "Zn", "C(4)"; without H and O */
    bool               with_electron; /* pe is given: elements named whole spread over their valences */
    size_t             n_phases;      /* 0 with phases = NULL: every phase that the components can form */
    const char *const *phases;
} sei_net_spec;

/* Sparse rows: entries ptr[i] .. ptr[i+1]-1. */
typedef struct {
    uint32_t *ptr;
    uint8_t  *col;
    double   *val;
} sei_csr;

typedef struct {
    const char *name;
    size_t      index; /* in the database */
    double      nu[SEI_COMPONENTS_MAX];
    double      nu_e, nu_w;
    sei_logk    logk;
    double      g_mol;
} sei_net_phase;

struct sei_net {
    sei_arena      arena;
    const sei_db  *db;
    bool           with_electron;
    size_t         n_comp, n_species, n_phases;
    const char   **comp_name;   /* [n_comp] */
    double        *comp_g_mol;  /* of the element, for mass units */
    double        *comp_alk;    /* alkalinity of the master */
    double        *comp_charge; /* charge of the master */
    uint32_t      *comp_species; /* network index of the master species */
    const char   **name;        /* [n_species] */
    uint32_t      *db_index;    /* [n_species] */
    sei_csr        nu, beta;
    bool           symmetric;   /* beta equals nu everywhere */
    double        *nu_e, *nu_w; /* [n_species] */
    double        *charge, *alk;
    double        *lnk_coef;    /* [SEI_LOGK_TERMS][n_species], natural log */
    uint8_t       *gamma_kind;
    double        *dha, *dhb;
    sei_net_phase *phases;
    /* Jacobian pairs: for species i the products nu_a * beta_b are added at dest */
    uint32_t *pair_ptr;
    uint16_t *pair_dest;
    double   *pair_val;
};

SEI_CHECKED sei_status sei_net_create(sei_ctx *ctx, const sei_db *db, const sei_net_spec *spec,
                                      sei_net **ret_net);
void                   sei_net_free(sei_net *net);

/* Indices; SIZE_MAX when the network has none of that name. */
size_t sei_net_component(const sei_net *net, const char *name);
size_t sei_net_species(const sei_net *net, const char *name);
size_t sei_net_phase_index(const sei_net *net, const char *name);

/* Any species of the database in terms of this network's components (nu[n_comp]); false when it
 * needs something that the network lacks. */
bool sei_net_express(const sei_net *net, size_t db_species, double nu[], double *ret_nu_e,
                     double *ret_nu_w, sei_logk *ret_logk);

#endif
