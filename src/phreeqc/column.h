/* column.h - what the files of ADVECTION and TRANSPORT share */
#ifndef SEI_PHREEQC_COLUMN_H
#define SEI_PHREEQC_COLUMN_H

#include "phreeqc/run_impl.h"

/*
 * Cells 1 .. cells stand in a row between the ends 0 and cells + 1. Stagnant cell k of layer n beside cell i has the
 * number i + 1 + n * cells. Arrays go by these numbers.
 */
typedef struct {
    pq_runner             *r;
    const sei_pq_block    *block;
    const sei_pq_sampling *sampling;
    pq_state               state;
    int                    cells, direction;
    int                    layers; /* of stagnant cells */
    double                 initial_s;
    double                *distance; /* [all] of the middle of a cell */
    double                *temp_c;   /* [all] of the cell with its solids */
    double  retardation;   /* of heat: water that comes in gives most of it to the solids */
    double *lower, *upper; /* [cells + 2] mixed in from the cell before, from the cell after */
    int     mixes;
    double *heat_lower, *heat_upper; /* the same of heat, beyond what the water carries */
    int     heat_mixes;              /* in each mix; 0: heat moves with the water alone */
    double  heat_stagnant,
        heat_mobile; /* shares of its difference that a stagnant cell, a mobile one takes */
    pq_solution       *mixed;     /* [all] */
    const sei_pq_mix **stagnant;  /* [all] NULL: does not mix */
    bool               with_ends; /* cells 0 and cells + 1 are punched too */
    bool               is_plain;  /* cells are water and minerals alone */
    sei_react_anchor
        *anchors[2];       /* [cells + 2] of the cells now, and before the last flow; NULL: none */
    int  present;          /* of the two */
    struct pq_crew  *crew; /* threads; NULL: none */
    bool             has_alike; /* cells that hold the same may be run once */
    struct pq_multi *multi;     /* diffusion species by species; NULL: all alike */
    int             *group; /* [all] first cells of those that hold the same, in the present step */
} column;

/* What a cell goes through: dt_s from time_s on, with a share of its REACTION. */
typedef struct {
    int    shift;
    double dt_s, time_s, reaction;
    bool   is_on_the_way; /* cells mix and react again before the shift is over */
    bool   may_rest;      /* no row is made of the workspace after it */
    bool   is_last;       /* of its shift: cells are written, with end_s as their time */
    double end_s;
} pq_span;

/* run_column.c */
size_t                 pq_column_size(const column *c);        /* of the arrays that go by number */
pq_solution           *pq_water_of(const column *c, int cell); /* NULL: none */
pq_cell                pq_cell_of(const column *c, int cell);
int                    pq_stagnant_cell(const column *c, int layer, int cell);
SEI_CHECKED sei_status pq_column_allocate(column *c);
void                   pq_column_release(column *c);
SEI_CHECKED sei_status pq_check_cells(const column *c);
SEI_CHECKED sei_status pq_check_ends(const column *c);
/* Equilibrium of a cell, or its way through time. What the workspace has solved before may show in the last digits: who runs
 * cells beside pq_run_column_cells lets it forget first, so that they do not hang on where the others were run. */
SEI_CHECKED sei_status pq_run_column_cell(const column *c, int cell, const pq_span *span);
SEI_CHECKED sei_status pq_punch_column_cell(const column *c, int cell, int shift, double time_s);
void                   pq_set_column_view(const column *c, int cell, int shift, double time_s);
bool                   pq_is_punched(const column *c, int cell, int shift);
void                   pq_take_water(pq_solution *to, const pq_solution *from);
void                   pq_shift_waters(column *c);
sei_react_anchor      *pq_anchor_of(const column *c, int cell); /* NULL: none */
/* The amounts that differences are counted from: of one cell, of all but the ends. */
void pq_mark_column_cell(const column *c, int cell);
void pq_mark_all(const column *c);

/*
 * run_crew.c: all cells but the ends go through span, half_cell through half of its time; with is_punched their rows
 * are written at end_s. A crew of threads does so where it pays, and where rows can be written afterwards if there are any; the
 * results are the same. rounds: how often cells will be run.
 */
typedef struct pq_crew pq_crew;
SEI_CHECKED sei_status pq_crew_create(column *c, double rounds); /* none where it would not pay */
void                   pq_crew_free(column *c);
SEI_CHECKED sei_status pq_run_column_cells(const column *c, const pq_span *span, int half_cell,
                                           bool is_punched, double end_s);

/* run_alike.c: may two cells be run as one at all; do they hold the same before they are run; the answer of one for the other */
bool pq_has_cells_alike(const pq_runner *r);
bool pq_are_alike(const column *c, int a, int b);
void pq_copy_alike(const column *c, int from, int to);

/* run_mixing.c: dispersion and diffusion as shares of a neighbour's water */
double pq_cell_length(const sei_pq_transport *t, int cell);
double pq_cell_dispersivity(const sei_pq_transport *t, int cell);
double pq_exchange_share(const sei_pq_transport *t, int cell, int neighbour); /* in one time step */
double pq_dispersion_correction(const column *c, const sei_pq_transport *t);
sei_status             pq_refuse_mixes(const column *c, double mixes);
SEI_CHECKED sei_status pq_find_mixing(column *c, const sei_pq_transport *t);
SEI_CHECKED sei_status pq_find_heat_mixing(column *c, const sei_pq_transport *t);
void                   pq_mix_waters(const column *c);
void                   pq_mix_heat(const column *c);
void                   pq_add_share(const column *c, int from, double share, pq_solution *to);

/*
 * run_multi.c: diffusion of every species by itself. _look: what a cell holds, as the workspace has just left it; _diffuse: what
 * goes from cell to cell in dt_s, taken from and given to their waters; _stack: the same between a cell and those beside it, by
 * MIX; _heat_factor: of thermal diffusion at the temperature of a cell; _tell: warns of what had to be added.
 */
SEI_CHECKED sei_status pq_multi_create(column *c, const sei_pq_transport *t);
void                   pq_multi_free(column *c);
void                   pq_multi_look(const column *c, int cell);
void                   pq_multi_copy(const column *c, int from, int to);
SEI_CHECKED sei_status pq_find_multi_mixing(column *c, const sei_pq_transport *t);
void                   pq_multi_diffuse(const column *c, double dt_s);
void                   pq_multi_diffuse_stack(const column *c, int cell);
double                 pq_multi_heat_factor(const column *c, int cell);
void                   pq_multi_tell(const column *c);

/* run_field.c: an electric field between the ends; _prepare: settings and potentials that go with it */
bool                   pq_has_field(const column *c, const sei_pq_transport *t);
SEI_CHECKED sei_status pq_prepare_field(const column *c, sei_pq_transport *t);

/* run_stagnant.c: part_s is the length of one mix */
SEI_CHECKED sei_status pq_find_stagnant(column *c, const sei_pq_transport *t, double part_s);
SEI_CHECKED sei_status pq_mix_stagnant(const column *c, const pq_span *span, bool with_start,
                                       bool with_end);

#endif
