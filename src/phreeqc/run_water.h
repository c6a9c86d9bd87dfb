/* run_water.h - an initial solution while it is worked out: what its files share */
#ifndef SEI_PHREEQC_RUN_WATER_H
#define SEI_PHREEQC_RUN_WATER_H

#include "chem/speciator.h"
#include "phreeqc/run_impl.h"

enum { PQ_ADJUSTMENTS_MAX = 8 };

/* Where an adjusted number stands and which saturation index it is to give; phase NULL: a charge of 0. */
typedef struct {
    enum { PQ_ADJUST_PH, PQ_ADJUST_PE, PQ_ADJUST_TOTAL } what;
    size_t      analyte;
    const char *name, *phase;
    double      si;
    sei_where   where;
} pq_adjustment;

typedef struct {
    pq_runner             *r;
    const sei_pq_solution *def;
    const sei_pq_block    *block;
    sei_analysis           analysis;
    sei_analyte            analytes[SEI_ANALYTES_MAX];
    const char            *couples[SEI_ANALYTES_MAX]; /* of the analytes; NULL: the solution's */
    bool                   has_couples;               /* some element has one of its own */
    size_t                 n_adjustments;
    pq_adjustment          adjustments[PQ_ADJUSTMENTS_MAX];
    const sei_net         *net;
    sei_equil             *eq;
    sei_setup              setup;
    double                 density_kg_l;             /* that litres are counted by */
    double                 own_pe[SEI_ANALYTES_MAX]; /* of the couples */
} pq_water;

/* run_solution.c: equilibrium of the analysis as it stands */
SEI_CHECKED sei_status pq_speciate(pq_water *w);

/* run_adjust.c: totals, pH and pe that bring phases to their indices, all at once */
SEI_CHECKED sei_status pq_adjust(pq_water *w);
/* Index of a phase by the species of its reaction, so that every valence counts as it is. */
SEI_CHECKED sei_status pq_index_of(const pq_water *w, const pq_adjustment *a, double *ret_si);

/* run_couples.c: the pe of the solution's couple and those of single elements */
SEI_CHECKED sei_status pq_follow_couples(pq_water *w);
/* Constants of species whose element keeps a pe of its own. */
void pq_shift_constants(pq_water *w);

/* run_isotope.c: of the elements in total, what isotopes of them the solution is given with */
SEI_CHECKED sei_status pq_spread_isotopes(pq_water *w, const pq_view *view, sei_amounts *total);

#endif
