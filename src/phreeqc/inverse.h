/*
 * inverse.h - which minerals and waters make a water: mole balances with uncertain analyses
 *
 * The first waters, mixed, and phases that dissolve or precipitate give the last water; every analysis may move within
 * its uncertainty, the charge of each moved water is 0 (Parkhurst 1997, Geochemical mole-balance modeling with uncertain
 * data, Water Resour. Res. 33, 1957; the equations are those of PHREEQC's manual, parkhurst2013, "Equations and
 * numerical method for inverse modeling"). A model is a set of waters and phases with which that can be done; the one
 * with the least sum of moves, each over its uncertainty, is a linear program. This file knows numbers and names, no
 * database.
 */
#ifndef SEI_PHREEQC_INVERSE_H
#define SEI_PHREEQC_INVERSE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"

enum { SEI_INVERSE_PARTS_MAX = 32 }; /* waters and phases together, as in PHREEQC */

typedef enum {
    SEI_INVERSE_EITHER,
    SEI_INVERSE_DISSOLVES,
    SEI_INVERSE_PRECIPITATES
} sei_inverse_way;

/* What is balanced: an element, a valence, sites, alkalinity, electrons. */
typedef struct {
    const char *name;
    double
        charge; /* of a mole, with the alkalinity that it carries: what moves the balance of charge */
    bool    is_alkalinity;
    double *total; /* [n_waters] mol */
    double *limit; /* [n_waters] by which total may move, mol; 0: it stands */
} sei_inverse_balance;

typedef struct {
    int         number;
    const char *description;
    bool        is_forced; /* ranges count it also where it is not needed */
    double      water_mol, ph, ph_limit;
    double dalk_dph, dalk_dc; /* slopes of the alkalinity along pH (eq) and total C(4) (eq/mol) */
} sei_inverse_water;

/* A phase, or electrons between two valences of an element: of one mole. */
typedef struct {
    const char     *name, *formula;
    sei_inverse_way way;
    bool            is_forced;
    double         *coef; /* [n_balances] mol set free */
    double          water_mol;
    double         *atoms, *ratio, *limit; /* [n_isotopes]; ratio NAN: none is given */
    double         *si;                    /* [n_waters] index of saturation; NAN: none */
} sei_inverse_phase;

/* A balance of ratio times total over the valences of an element. */
typedef struct {
    const char  *name; /* "13C" */
    size_t       n;
    size_t      *balance;       /* [n] valences */
    const char **label;         /* [n] "13C(4)" */
    double      *ratio, *limit; /* [n * n_waters], by valence; ratio NAN: none is given */
} sei_inverse_isotope;

typedef struct {
    int                  number;
    const char          *description;
    size_t               n_waters, n_balances, n_phases, n_redox, n_isotopes;
    sei_inverse_water   *waters; /* the last one is what the others give */
    sei_inverse_balance *balances;
    sei_inverse_phase   *phases, *redox;
    sei_inverse_isotope *isotopes;
    double               tolerance_mol; /* within which balances must be kept */
    double               water_limit_mol;
    double               range_most; /* of a range without an end */
    bool                 with_ranges, minimal_only;
    size_t               alkalinity, carbon; /* balances; carbon SIZE_MAX: none, the pH stands */
} sei_inverse_problem;

typedef struct {
    double
        sum_residuals; /* of all moves, each over its limit and weighted with the fraction of its water */
    double   sum_moves;        /* the same without weights */
    double   largest_fraction; /* of a total that it moves by */
    bool     is_minimal;       /* no part of it is a model */
    double  *water, *phase;    /* [n_waters] fraction, [n_phases] mol: dissolved > 0 */
    double  *low, *high;       /* [n_waters + n_phases] ranges; 0 without -range */
    double  *redox;            /* [n_redox] mol of the element that leaves the valence */
    double  *move;    /* [n_balances * n_waters] mol of a whole water; 0 where its fraction is 0 */
    double  *ph_move; /* [n_waters] */
    double **ratio_move;       /* [n_isotopes][n valences * n_waters] */
    double  *phase_ratio_move; /* [n_phases * n_isotopes] */
} sei_inverse_model;

typedef struct {
    sei_arena           arena;
    sei_inverse_problem problem;
    size_t              n_models, n_minimal, n_infeasible, n_programs;
    sei_inverse_model  *models;   /* in the order in which PHREEQC finds them */
    const char         *obstacle; /* why there is none; NULL: there are some */
} sei_inverse_result;

/* result->problem and its arena are set up by the caller. E_RANGE names a water whose charge cannot be balanced within
 * its uncertainties; that no model is found is no failure. */
SEI_CHECKED sei_status sei_inverse_solve(sei_ctx *ctx, sei_inverse_result *result);

/* With what its arena holds; NULL is a harmless no-op. */
void sei_inverse_result_free(sei_ctx *ctx, sei_inverse_result *result);

/* The models as a reader wants them, in Japanese or English. */
void sei_inverse_put_text(const sei_inverse_result *result, bool japanese, sei_buf *out);

#endif
