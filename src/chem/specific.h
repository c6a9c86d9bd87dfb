/*
 * specific.h - activities by specific interactions of species: Pitzer's equations and SIT
 *
 * Both are gradients of one excess free energy over the molalities m (per kg of water and RT),
 *
 *     g = f(I) + sum_pairs m_a m_b (P_ab(I) + Z C_ab) + sum_triples m_a m_b m_c T_abc,    Z = sum m |z|,
 *     ln gamma_k = dg/dm_k,    ln a_w = -M_w (sum m + sum m_k ln gamma_k - g),
 *
 * with P = 2 B, 2 theta + 2 E-theta, 2 lambda (Pitzer 1991) or ln 10 epsilon (Grenthe et al. 1997).
 *
 * The solvers know activity coefficients as functions of the ionic strength, class by class. Here every species is a class, and
 * in force is what the equations give along the ray through a composition, all molalities growing alike. When a solver has its
 * solution, sei_specific_follow lays the ray through that one and says whether it was there already; solutions are repeated until
 * it was: then they are those of the full equations. The last digits are sped up by Anderson's method (anderson1965), which adds
 * an offset to ln gamma.
 */
#ifndef SEI_CHEM_SPECIFIC_H
#define SEI_CHEM_SPECIFIC_H

#include "chem/db.h"
#include "chem/electrostatic.h"

typedef struct sei_net   sei_net;
typedef struct sei_equil sei_equil;

/* Two species; which parameters they have at which coefficients, and the alphas of B. */
typedef struct {
    uint16_t a, b;
    uint8_t  alpha[2];                    /* index; 0: none */
    double   factor;                      /* of P */
    double   c[4][SEI_INTERACTION_TERMS]; /* constant, with alpha[0], with alpha[1], C */
} sei_specific_pair;

typedef struct {
    uint16_t a, b, c;
    double   factor;
    double   coef[SEI_INTERACTION_TERMS];
} sei_specific_triple;

/* Of one species: a pair with its other species, a triple with its two others. */
typedef struct {
    uint32_t index;
    uint16_t other[2];
} sei_specific_link;

/* Charges of the same sign that differ: their E-theta, from J of three products. */
typedef struct {
    uint16_t charge[2], product[3];
} sei_specific_unlike;

enum { SEI_SPECIFIC_ALPHAS = 64, SEI_SPECIFIC_CHARGES = 24 };

/* What of a database concerns a network; read-only, in the network's arena. */
typedef struct {
    sei_activity_model   kind;
    bool                 has_macinnes;
    const double        *a_phi; /* of -APHI, by temperature; NULL: that of the water */
    size_t               n_pairs, n_triples, n_species;
    size_t               n_all; /* with chloride where the network has none */
    sei_specific_pair   *pairs;
    sei_specific_triple *triples;
    /* what species k is in: pairs_of from pair_ptr[k] on, triples_of from triple_ptr[k] on */
    uint32_t            *pair_ptr, *triple_ptr; /* [n_all + 1] */
    sei_specific_link   *pairs_of, *triples_of;
    size_t               n_alphas; /* alpha[0] is none */
    double               alpha[SEI_SPECIFIC_ALPHAS];
    size_t               n_charges, n_products, n_unlike;
    double               charge[SEI_SPECIFIC_CHARGES];
    uint8_t             *charge_of; /* [n_all] */
    double              *z;         /* [n_all] */
    double              *product;
    sei_specific_unlike *unlike;
    size_t               chloride;        /* SIZE_MAX: none */
    double kcl[3][SEI_INTERACTION_TERMS]; /* beta 0, beta 1, C-phi of MacInnes' convention */
    sei_electrostatic nodes;
} sei_specific_model;

/* NULL in *ret_model where the database has no such parameters. */
SEI_CHECKED sei_status sei_specific_model_create(sei_net *net, sei_specific_model **ret_model);

/* Workspace of one thread. */
typedef struct sei_specific sei_specific;

SEI_CHECKED sei_status sei_specific_create(sei_ctx *ctx, const sei_net *net,
                                           sei_specific **ret_specific);
void                   sei_specific_free(sei_specific *specific);

/* Parameters at a temperature; a_ln: Debye-Hückel's A for ln gamma, unless the database has its own. */
void sei_specific_set_temp(sei_specific *specific, double temp_k, double a_ln);

/* ln gamma and its slope by the ionic strength of every species, as they are in force. */
void   sei_specific_activity(sei_specific *specific, double mu, double lng[], double dlng[]);
double sei_specific_a_phi(const sei_specific *specific);
/* The same of ln a_w by the sum of molalities, at the ionic strength of the last sei_specific_activity. */
double sei_specific_ln_aw(const sei_specific *specific, double sum_m, double *ret_slope);

/* Brings what is in force to the composition eq->m. True when it was there within `enough` (of ln gamma and ln a_w): the
 * solution is one of the full equations. Else eq->x and eq->ln_aw go along, so that the molalities stay. */
#define SEI_SPECIFIC_AGREE 1e-10
bool sei_specific_follow(sei_equil *eq, double enough);
/* The residual that a next solution may have, which is none the better for being more exact than its activity coefficients; 0:
 * that of an answer. */
double sei_specific_rough(const sei_specific *specific);
/* A share only of the way from the last solution to what it asks for, where the next solution is not found: x and ln_aw are its
 * activities, and go along. */
void sei_specific_shorten(sei_equil *eq, double share, double x[], double *ln_aw);
/* Before the first solution: what is in force already, for another water; something to begin with, for a water of ionic
 * strength eq->mu; or from the activities eq->x, eq->ln_ae and eq->ln_aw of a water of that ionic strength. */
void sei_specific_again(sei_equil *eq);
void sei_specific_begin(sei_equil *eq);
void sei_specific_along(
    sei_equil *eq); /* the composition eq->m; puts its ionic strength into eq->mu */
void sei_specific_recover(sei_equil *eq);

/* Slopes of ln m by some unknowns, column by column, when ln gamma moves along: in place of those of ln (m gamma) in slope[species *
 * stride + column]. At the composition eq->m. False: the equations are singular, and slope is as it was. */
bool sei_specific_slopes_of(sei_equil *eq, size_t n, const size_t column[], double slope[],
                            size_t stride);
/* What is in force is kept, and put back. */
void sei_specific_keep(sei_equil *eq);
void sei_specific_put_back(sei_equil *eq);

/* --- inside -------------------------------------------------------------------------------------------- */

enum { SEI_SPECIFIC_HISTORY = 6, SEI_SPECIFIC_MAJORS = 64 };

/* f, its first derivative by I, and D of that (D: I d/dI). */
typedef struct {
    double f, slope, d_slope;
} sei_specific_law;

/* Sums over all pairs that everything of the same charge feels. */
typedef struct {
    double d, d2, c,
        osmotic; /* sum m m D P; sum m m (D P + D D P); sum m m C; of sum m (phi - 1) */
} sei_specific_sums;

/*
 * A composition by what it does to each species, with the functions of the ionic strength left open: where all molalities grow
 * alike, ln gamma is a few products of these. by_alpha[v][k]: sum of m over the partners of k of what stands with function v
 * (0: with none); c: with C; three: of triples. The same summed up over all pairs.
 */
typedef struct {
    double *by_alpha[SEI_SPECIFIC_ALPHAS], *c, *three;
    double  pairs[SEI_SPECIFIC_ALPHAS], pairs_c, triples, in_charge[SEI_SPECIFIC_CHARGES];
    double  sum, mu, big_z;
} sei_specific_felt;

struct sei_specific {
    const sei_specific_model *model;
    sei_ctx                  *ctx;
    double                    temp_k, a_ln;
    double                   *pair, *triple; /* [4 n_pairs], [n_triples] parameters at temp_k */
    double                    kcl[3];
    double       g[SEI_SPECIFIC_ALPHAS], dg[SEI_SPECIFIC_ALPHAS], d2g[SEI_SPECIFIC_ALPHAS];
    sei_j_value *j; /* [n_products] */
    sei_j_table *j_table;
    double      *ln_product; /* [n_products] */
    /* of the last evaluation: sum m of a charge; what it adds to ln gamma and its slope */
    double in_charge[SEI_SPECIFIC_CHARGES], by_charge[SEI_SPECIFIC_CHARGES],
        slope_by_charge[SEI_SPECIFIC_CHARGES];
    sei_specific_felt felt;
    bool              felt_is_ray; /* felt is of what is in force */
    double            scale;       /* of felt, at the last evaluation */
    sei_specific_law  law;         /* of the last evaluation, with the sums over its pairs */
    sei_specific_sums sum;
    double            mu, big_z, kcl_slope; /* d ln gamma of KCl / dI */
    double           *matrix;               /* [SEI_SPECIFIC_MAJORS^2] */
    uint16_t         *place;                /* [n_all] */
    double *felt_d; /* [n_all] sum m D P over the partners of a species, by sei_specific_slopes */
    double *unlike_p, *unlike_d; /* [n_unlike] of E-theta */
    /* of the last evaluation: ln gamma, its slope when all molalities grow alike (by their logarithm), the same of water */
    double *lng, *slope, ln_aw, aw_slope;
    /* in force: along ray, whose ionic strength and sum of molalities these are, and offset beside it (the last is water) */
    bool    is_general;              /* no composition is known yet */
    double *kept, kept_mu, kept_sum; /* ray, then offset */
    double *ray, *scaled, *offset, mu_of_ray, sum_of_ray, ray_sum, ray_ln_aw, ray_aw_slope;
    /* what was in force and how far off it was, of the last solutions; n_species + 1, the last is water */
    double  largest_off, last_mu, last_sum;
    size_t  n_history, n_rounds;
    double *at, *off, *weight, *last_at, *last_off;
    double *d_at[SEI_SPECIFIC_HISTORY], *d_off[SEI_SPECIFIC_HISTORY];
};

/* ln gamma, ln a_w and slopes of a composition m[n_species]; of scale times the one that was evaluated last in this way. */
void sei_specific_evaluate(sei_specific *specific, const double m[]);
void sei_specific_evaluate_along(sei_specific *specific, double scale);

/* Slopes of ln gamma by the molalities of n species (at most SEI_SPECIFIC_MAJORS), row by row, where sei_specific_evaluate was
 * last; puts their places into specific->place. */
void sei_specific_slopes(sei_specific *specific, const double m[], size_t n, const size_t species[],
                         double ret_slopes[]);

/* The composition of the activities eq->x, eq->ln_ae and eq->ln_aw, into eq->m and in force; from the ray that is in force, or
 * (from_mu) from what a water of the ionic strength eq->mu may be. False: not found. */
bool sei_specific_settle(sei_equil *eq, bool from_mu);

/* From the composition eq->m on: along the ray through it from now on. False: it is none. */
bool sei_specific_take_ray(sei_equil *eq);

#endif
