/* multi.h - diffusion of every species by itself: what its files share */
#ifndef SEI_PHREEQC_MULTI_H
#define SEI_PHREEQC_MULTI_H

#include "phreeqc/column.h"

/*
 * What cells hold of each species since they were last run, and how fast it moves there. Arrays of species go cell by
 * cell, [size][n]. The water of a cell is that of its pores with that of its diffuse layers; in_layers tells, by charge, how
 * much of it the layers stand for.
 */
/* Of -implicit: cells [size], interfaces (from 0, between i and i + 1) with species [size][n]. */
typedef struct {
    double *value, *capacity, *mix, *upper;
    double *flux, *drift;
} pq_implicit;

struct pq_multi {
    const sei_pq_transport *t;
    const sei_pq_multi     *def;
    size_t                  n, size;
    double                 *molal, *ln_gamma, *d_m2_s; /* [size][n] molal 0: not there */
    double                 *in_layers;                 /* [size][SEI_REACT_LAYER_CLASSES] kg */
    double *kg, *layer_kg, *temp_k, *mpa_s; /* [size] free water, that of layers; of pure water */
    double *porosity;                       /* [size] */
    double *b, *gradient, *zc;              /* [n] of one interface */
    double *erm;                            /* [n] how much more of it is in layers */
    pq_implicit implicit;
    double      added[SEI_COMPONENTS_MAX]; /* mol, where more was to leave than there was */
};
typedef struct pq_multi pq_multi;

/* What goes from one cell to the next: sides of the interface by their area over their length, m2/m x kg/m3. */
typedef struct {
    int    from, to;
    double a_from, a_to;
    enum { PQ_INNER, PQ_FIRST_END, PQ_LAST_END } place;
    bool may_halve; /* a reservoir without layers beside a cell with layers: half of the latter */
} pq_interface;

/* run_multi.c; in what follows no cell is asked for that is none */
pq_interface pq_column_interface(const column *c, int i); /* between i and i + 1 */
bool         pq_is_shut(const pq_multi *m, int from, int to);

/* run_flux.c: what a species is conducted by; water that it is in, kg */
double pq_conductance(const pq_multi *m, const pq_interface *at, size_t species, double charge);
double pq_multi_capacity(const pq_multi *m, int cell, size_t species, double charge);
/* run_flux.c: b, gradient and zc of every species at an interface; moles that go through it, added to ret. */
bool pq_find_interface(const pq_multi *m, const sei_net *net, const pq_interface *at);
void pq_add_flux(const pq_multi *m, const pq_runner *r, double factor, sei_amounts *ret);

/* run_multi_implicit.c: the same as pq_multi_diffuse, and heat */
void pq_multi_diffuse_implicit(const column *c, double dt_s);

#endif
