/* run_inverse.h - an inverse problem while it is gathered from waters and database: what its files share */
#ifndef SEI_PHREEQC_RUN_INVERSE_H
#define SEI_PHREEQC_RUN_INVERSE_H

#include "phreeqc/inverse.h"
#include "phreeqc/run_impl.h"

/* What a balance is of: a master species, or sites of an exchanger. */
typedef struct {
    const char *name;
    size_t master, species, element; /* SIZE_MAX: sites, or no element (electrons, alkalinity) */
    double atoms;                    /* of the element in a master species */
    bool   is_site;
} pq_inverse_row;

typedef struct {
    pq_runner            *r;
    const sei_pq_block   *block;
    const sei_pq_inverse *def;
    sei_inverse_result   *result;
    sei_inverse_problem  *p;
    sei_arena            *arena;
    pq_inverse_row       *rows; /* by balance */
} pq_inverse;

/* The problem outlives the database. NULL: no memory, or no text. */
static inline const char *pq_inverse_name(const pq_inverse *v, const char *name)
{
    return name ? sei_arena_strdup(v->arena, name) : NULL;
}

/* run_inverse_phase.c: balances of everything that the phases hold, and what a mole of phase or of electrons does to them */
SEI_CHECKED sei_status pq_inverse_find_balances(pq_inverse *v);
SEI_CHECKED sei_status pq_inverse_add_phases(pq_inverse *v);
SEI_CHECKED sei_status pq_inverse_add_redox(pq_inverse *v);
size_t pq_inverse_row_of(const pq_inverse *v, const char *name); /* SIZE_MAX: none */

/* run_inverse_isotope.c: after waters and phases */
SEI_CHECKED sei_status pq_inverse_add_isotopes(pq_inverse *v, const pq_solution *const waters[]);

#endif
