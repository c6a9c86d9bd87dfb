/* implicit.h - what the files of the global implicit column share */
#ifndef SEI_PHREEQC_IMPLICIT_H
#define SEI_PHREEQC_IMPLICIT_H

#include "phreeqc/column.h"

enum { PQ_PARTS_MAX = SEI_COMPONENTS_MAX + 2 };

/*
 * Unknowns of a cell: what water and sites hold of each conserved part (elements in use, protons, electrons, water), and
 * the moles of its kinetic reactants. y goes by cell: y[(cell - 1) * n + part], then reactant n_parts + k.
 */
typedef struct {
    const column           *c;
    const sei_pq_transport *t;
    size_t                  n_parts, n_kin, n;
    size_t  part[PQ_PARTS_MAX]; /* component of the network, or ELECTRON, WATER beyond */
    double *start, *y,
        *base;        /* [cells * n] at the start of the step, now, what the stage starts from */
    double *zero;     /* [cells * n_parts] what the cell's entities hold */
    double *water;    /* [(cells + 2) * n_parts] dissolved, in the cell as a whole */
    double *water_by; /* [cells * n_parts * n_parts] its slopes */
    double *rate;     /* [cells * n_kin] of consumption, mol/s */
    double *rate_by;  /* [cells * n_kin * n] */
    double *lower, *diag, *upper, *rhs, *scratch;
    size_t *pivot;
    double  size[PQ_PARTS_MAX]; /* of each part, largest of all cells; mol */
    double *up,
        *down; /* [cells + 1] shares of the water below and above that pass a face, see run_implicit.c */
    double dt_s; /* of a stage: gamma times the step */
    int    shift;
    double now_s;
} implicit;

/* run_implicit_cell.c */
SEI_CHECKED sei_status pq_find_parts(implicit *s);
/* The reactants' share in a cell's balances: adds by[k] times what k consists of to parts. */
void   pq_add_formulas(const implicit *s, int cell, const double by[], double parts[]);
double pq_part_of(const implicit *s, const sei_amounts *a, size_t part);
/* What water and sites hold now becomes y. */
void pq_read_cells(implicit *s);
/* Dissolved amounts and rates at y, with slopes. A reactant reacts away no more than its stage starts with. */
SEI_CHECKED sei_status pq_evaluate_cell(implicit *s, int cell);
/* y becomes what the cell holds. */
SEI_CHECKED sei_status pq_keep_cell(implicit *s, int cell, const pq_span *span);

/* run_implicit.c */
SEI_CHECKED sei_status pq_march_implicit(const column *c, const sei_pq_transport *t);

#endif
