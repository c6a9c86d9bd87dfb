/*
 * hfo.h - surface of hydrous ferric oxide: two kinds of sites, the generalised two-layer model
 *
 * Dzombak & Morel (1990): 0.005 mol strong and 0.2 mol weak sites for a mole of iron, 600 m2/g of
 * FeOOH (89 g/mol). The potential follows from protons, sulfate and calcium alone, so that it
 * depends on the water only and one unknown is left; a metal then finds its place by its own mass
 * action against the free sites. Traces: what the metals themselves add to the charge, and what
 * one takes from another, is left out.
 */
#ifndef SEI_KIN_HFO_H
#define SEI_KIN_HFO_H

#include <stddef.h>

typedef enum { SEI_HFO_STRONG, SEI_HFO_WEAK, SEI_HFO_SITES } sei_hfo_site;

/* What a surface species is made of beside its site: 10^log_k h^protons ligand e^(-charge y). */
typedef struct {
    sei_hfo_site site;
    double       log_k;
    int          protons; /* taken up; < 0: given off */
    int          charge;
} sei_hfo_species;

/* Activities of the water. */
typedef struct {
    double h, so4, ca, ionic_strength;
} sei_hfo_water;

enum { SEI_HFO_BY_H, SEI_HFO_BY_SO4, SEI_HFO_BY_CA, SEI_HFO_BY };

/* The surface in a water: y = F psi/(R T), and for each kind of site the sum of all states over the
 * neutral one, with their slopes by h, so4 and ca along the solution. */
typedef struct {
    double y, dy[SEI_HFO_BY];
    double sum[SEI_HFO_SITES], dsum[SEI_HFO_SITES][SEI_HFO_BY];
} sei_hfo_surface;

void sei_hfo_solve(const sei_hfo_water *water, sei_hfo_surface *ret_surface);

/* The last surface and its water: the laws of several metals ask for the same one after the other. Starts as zeros. */
typedef struct sei_hfo_memory {
    sei_hfo_water   water;
    sei_hfo_surface surface;
} sei_hfo_memory;

/* Moles sorbed for a mole of iron at activity a of the metal, and slopes by a, h, so4, ca. */
typedef struct {
    double q, by_a, by[SEI_HFO_BY];
} sei_hfo_sorbed;

sei_hfo_sorbed sei_hfo_sorb(const sei_hfo_surface *surface, const sei_hfo_water *water, size_t n,
                            const sei_hfo_species species[], double a);

#endif
