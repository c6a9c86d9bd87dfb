/* multi.h - diffusion of every species by itself: what its files share */
#ifndef SEI_PHREEQC_MULTI_H
#define SEI_PHREEQC_MULTI_H

#include "phreeqc/column.h"

/*
 * What cells hold of each species since they were last run, and how fast it moves there. Arrays of species go cell by
 * cell, [size][n]. The water of a cell is that of its pores with that of its diffuse layers; in_layers tells, by charge, how
 * much of it the layers stand for.
 */
/* Of -implicit: cells [size], interfaces (from 0, between i and i + 1; that of a stagnant cell by its number) with species [size][n]. */
typedef struct {
    double *value, *capacity, *mix, *upper;
    double *flux, *drift; /* mol of the last step by concentrations, and by a field of 1 */
    double *field;        /* [size] of each interface */
} pq_implicit;

/* Of -interlayer_d: exchange species of X, by cell [size][n]. */
typedef struct {
    size_t  n, site;
    size_t *species, *ion;  /* [n] in the system; its ion in the network */
    double *sites, *z;      /* [n] X in it, charge of what it holds */
    double *share, *d_m2_s; /* [size][n] equivalent fraction, coefficient of the ion */
    double *x_mol;          /* [size] */
    double  x_max;          /* mol/kgw, of the cell with the most */
    double *gradient, *drift,
        *water_d; /* of one interface [n]; of one cell, by species of the network */
} pq_interlayer;

struct pq_multi {
    const sei_pq_transport *t;
    const sei_pq_multi     *def;
    size_t                  n, size;
    double                 *molal, *ln_gamma, *d_m2_s; /* [size][n] molal 0: not there */
    double                 *in_layers;                 /* [size][SEI_REACT_LAYER_CLASSES] kg */
    double *kg, *layer_kg, *temp_k, *mpa_s; /* [size] free water, that of layers; of pure water */
    double *porosity;                       /* [size] */
    double *b, *gradient, *zc;              /* [n] of one interface */
    double *in_layer;  /* [size][n] how much more of it is in layers, and how much faster there */
    double *scratch;   /* [n] */
    bool    has_field; /* a current passes the ends */
    bool    is_open;   /* a cell was shut to it */
    double  fall_v;    /* of the potential from the first end to the last, before the first part */
    double  current_a; /* from the first end to the last, of the last part of a shift */
    double *driven,
        *conducts; /* [size] of interfaces by number: charge, eq/s, by concentrations, and by a field of 1 */
    double       *pull_m; /* the same: of the potentials before, F V / RT over m */
    pq_implicit   implicit;
    pq_interlayer interlayer;
    double        added[SEI_COMPONENTS_MAX]; /* mol, where more was to leave than there was */
};
typedef struct pq_multi pq_multi;

/* What goes from one cell to the next: sides of the interface by their area over their length, m2/m x kg/m3. */
typedef struct {
    int    from, to;
    double a_from, a_to;
    enum { PQ_INNER, PQ_FIRST_END, PQ_LAST_END } place;
    double pull_m;    /* of potentials on ions that one of the cells lacks, F V / RT over m */
    bool   may_halve; /* a reservoir without layers beside a cell with layers: half of the latter */
} pq_interface;

/* run_multi.c; in what follows no cell is asked for that is none */
pq_interface pq_column_interface(const column *c, int i); /* between i and i + 1 */
bool         pq_is_shut(const pq_multi *m, int from, int to);

size_t pq_charge_class(double charge); /* of the layers; run_flux.c */
/* run_flux.c: what a species is conducted by; water that it is in, kg */
double pq_conductance(const pq_multi *m, const pq_interface *at, size_t species, double charge);
double pq_multi_capacity(const pq_multi *m, int cell, size_t species, double charge);
/* run_flux.c: b, gradient and zc of every species at an interface; charge that they carry, eq/s, by concentrations and by a field of 1;
 * moles that go through it beside a current, added to ret. */
bool pq_find_interface(const pq_multi *m, const sei_net *net, const pq_interface *at);
void pq_sum_charges(const pq_multi *m, const sei_net *net, double *ret_driven,
                    double *ret_conducts);
void pq_add_flux(const pq_multi *m, const pq_runner *r, double current_eq_s, double factor,
                 sei_amounts *ret);

/* run_field.c: the current of one part of a shift, and the potentials of the cells */
void pq_find_field(const column *c);

/* In one part of a shift, between a cell and a stagnant one beside it; kg. 0: nothing of MIX. */
double pq_multi_stagnant_conductance(const column *c, int cell, int still, size_t species,
                                     double charge);

void pq_multi_set_porosity(pq_multi *m, int cell, double porosity);

/* run_multi_implicit.c: the same as pq_multi_diffuse, and heat */
void pq_multi_diffuse_implicit(const column *c, double dt_s);
/* Moles of a species that went from cell i to the next in the last step: by concentrations alone, or with the field. 0: not
 * -implicit, or no such species. */
double pq_multi_passed_mol(const pq_multi *m, const sei_net *net, int i, const char *species,
                           bool by_field_too);

/* run_interlayer.c: _look goes with pq_multi_look; _begin when all cells have been looked at; _diffuse over factor: s, or the
 * share of MIX */
SEI_CHECKED sei_status pq_interlayer_create(const column *c);
void                   pq_interlayer_free(const column *c);
void                   pq_interlayer_look(const column *c, int cell);
void                   pq_interlayer_copy(const column *c, int from, int to);
void                   pq_interlayer_begin(const column *c);
void pq_interlayer_diffuse(const column *c, int from, int to, bool is_column, double factor);

#endif
