/* kernel.h - the loops in which equilibrium spends its time, over plain arrays */
#ifndef SEI_CHEM_KERNEL_H
#define SEI_CHEM_KERNEL_H

#include <stddef.h>

#include "chem/net.h"

/*
 * What a species gives to the sums is m times factors of its class:
 *     terms, which components sum up     1, dlng, z^2 / 2, nu_w
 *     the rest, for the scalars          z, z^2 nu_w / 2, z^2 dlng / 2, z dlng
 */
enum {
    SEI_TERM_M,
    SEI_TERM_DLNG,
    SEI_TERM_MU,
    SEI_TERM_WATER,
    SEI_TERMS,
    SEI_FACTORS = 2 * SEI_TERMS
};

typedef struct {
    double sum_m, mu, charge;          /* sum m, sum z^2 m / 2, sum z m */
    double sum_m_mu, mu_mu, charge_mu; /* their slopes by the ionic strength */
    double sum_m_water, mu_water;      /* and by the log activity of water */
} sei_scalars;

/* factors[SEI_FACTORS * class + t]; those that dlng changes are set by _update. */
void sei_kernel_factors(const sei_classes *classes, double factors[]);
void sei_kernel_update(const sei_classes *classes, const double dlng[], double factors[]);

/* ln gamma of each class and its slope by ionic strength: bi mu - az2 sqrt(mu) / (1 + den sqrt(mu)), in whole vectors. */
void sei_kernel_classes(size_t n, const double az2[], const double den[], const double bi[],
                        double mu, double lng[], double dlng[]);

/* az2 = l0 A, den = l1 + l2 B, bi = l3 + l4 A of n classes, in whole vectors; lines: l0 to l4, one after the other. */
void sei_kernel_lines(size_t n, const double lines[], double a, double b, double az2[],
                      double den[], double bi[]);

/* m[i] = exp(lnk + nu_e ln a_e + shift of the class + sum nu x), in whole vectors: lnk and m have
 * SEI_BLOCK_PADDED(n_species) elements. shift is nu_w ln a_w - ln gamma. */
void sei_kernel_molalities(const sei_net *net, const double lnk[], const double shift[],
                           double ln_ae, const double x[], double m[]);

/* ret[i] = from[at[i]], in whole vectors */
void sei_kernel_pick(size_t n, const double from[], const int32_t at[], double ret[]);

/* lnk[i] = sum of coef[k n + i] basis[k] over the SEI_LOGK_TERMS terms of a constant's temperature; basis[0] is 1. */
void sei_kernel_constants(size_t n, const double coef[], const double basis[], double lnk[]);

/* v[i] = exp(v[i]), bounded as above, and v[i] = ln(v[i]) of normal positive numbers; in whole vectors. */
void sei_kernel_exp(size_t n, double v[]);
void sei_kernel_exp_to(size_t n, double v[], double max); /* of v, at most 700 */
void sei_kernel_log(size_t n, double v[]);

/* Sum of a[i] e^(rate[i] at) and its slope by at, in whole vectors. */
void sei_kernel_line(size_t n, const double a[], const double rate[], double at, double *ret_sum,
                     double *ret_slope);

void sei_kernel_terms(size_t n, const int32_t class_of[], const double factors[], const double m[],
                      double terms[], sei_scalars *ret_scalars);

/* shift of the classes, as above */
void sei_kernel_shift(size_t n, const double nu_w[], double ln_aw, const double lng[],
                      double shift[]);

/* sum m, sum z^2 m / 2 and sum z m alone; the scalars without the terms. */
void sei_kernel_plain_scalars(size_t n, const double charge[], const double m[], double *ret_sum_m,
                              double *ret_mu, double *ret_charge);
void sei_kernel_scalars(size_t n, const int32_t class_of[], const double factors[],
                        const double m[], sei_scalars *ret_scalars);
/* total[k] = sum of weight * m over list k */
void sei_kernel_totals(const sei_lists *lists, size_t n_items, const double m[], double total[]);

/* sums[SEI_TERMS * item + t] = sum of weight * terms over the list of each item */
void sei_kernel_sum_terms(const sei_lists *lists, size_t n_items, const double terms[],
                          double sums[]);

/* v[slot[k]] = sum of weight * m over list k */
void sei_kernel_sum_slots(const sei_lists *lists, size_t n_items, const uint16_t slot[],
                          const double m[], double v[]);

#endif
