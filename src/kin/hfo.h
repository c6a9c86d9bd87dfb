/*
 * hfo.h - surface of hydrous ferric oxide: two kinds of sites, the generalised two-layer model
 *
 * Dzombak & Morel (1990): 0.005 mol strong and 0.2 mol weak sites for a mole of iron, 600 m2/g of
 * FeOOH (89 g/mol). Everything that sorbs shares the sites and charges the surface, so that one unknown,
 * the potential, is left to solve.
 */
#ifndef SEI_KIN_HFO_H
#define SEI_KIN_HFO_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { SEI_HFO_STRONG, SEI_HFO_WEAK, SEI_HFO_SITES } sei_hfo_site;

/* What the surface sees of a water, as activities. */
typedef enum {
    SEI_HFO_H,
    SEI_HFO_SO4,
    SEI_HFO_CA,
    SEI_HFO_CD,
    SEI_HFO_CU,
    SEI_HFO_PB,
    SEI_HFO_ZN,
    SEI_HFO_AS, /* AsO4-3 */
    SEI_HFO_P,  /* PO4-3 */
    SEI_HFO_AMOUNTS
} sei_hfo_amount;

enum { SEI_HFO_STATES = 22 };

/* The surface in a water: y = F psi/(R T); for each kind of site its states over the neutral one and their sum; the
 * slopes of y and of the logarithms of these sums by the logarithms of the amounts. */
typedef struct {
    size_t n_states; /* those of what is there: few waters are reckoned with phosphate */
    double y, dy[SEI_HFO_AMOUNTS];
    double value[SEI_HFO_STATES], sum[SEI_HFO_SITES], charge[SEI_HFO_SITES], square[SEI_HFO_SITES];
    double dsum[SEI_HFO_SITES][SEI_HFO_AMOUNTS];
} sei_hfo_surface;

/* What counts as not there; slopes divide by amounts. */
#define SEI_HFO_TRACE 1e-30

/* amount[] > 0. guess: where the search for the potential begins, 0 where nothing is known. */
void sei_hfo_solve(const double amount[SEI_HFO_AMOUNTS], double ionic_strength, double guess,
                   sei_hfo_surface *ret_surface);

/* Moles of one of the amounts sorbed for a mole of iron, and slopes by every amount. */
typedef struct {
    double q, by[SEI_HFO_AMOUNTS];
} sei_hfo_sorbed;

/* The last surface and its water, and what was asked of it: the laws of several metals, of the bed and of flocs, ask for
 * the same one after the other. Starts as zeros. */
typedef struct sei_hfo_memory {
    double          activity[SEI_HFO_AMOUNTS], ionic_strength;
    double          amount[SEI_HFO_AMOUNTS]; /* that the surface sees of the activities */
    double          seen[SEI_HFO_AMOUNTS];   /* and its slopes by them */
    sei_hfo_surface surface;
    sei_hfo_sorbed  sorbed[SEI_HFO_AMOUNTS];
    bool            is_known[SEI_HFO_AMOUNTS]; /* sorbed is of this surface */
} sei_hfo_memory;

sei_hfo_sorbed sei_hfo_sorb(const sei_hfo_surface *surface, const double amount[SEI_HFO_AMOUNTS],
                            sei_hfo_amount which);

#endif
