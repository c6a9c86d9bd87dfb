/* kernel.h - the loops in which equilibrium spends its time, over plain arrays */
#ifndef SEI_CHEM_KERNEL_H
#define SEI_CHEM_KERNEL_H

#include <stddef.h>

#include "chem/net.h"

/* What every species gives to the sums: m, m dlng, z^2 m / 2, z m, four a species. */
enum { SEI_TERMS = 4 };

typedef struct {
    double sum_m, mu, charge, charge_scale; /* sum m, sum z^2 m / 2, sum z m, sum |z| m */
    double dmu, dcharge;                    /* slopes of mu and charge by the ionic strength */
} sei_scalars;

/* ln gamma and its slope by the ionic strength for each species, from those of its class. */
void sei_kernel_spread(size_t n, const int32_t class_of[], const double class_lng[],
                       const double class_dlng[], double lng[], double dlng[]);

/* m[i] = exp(lnk + nu_w ln a_w + nu_e ln a_e - lng + sum nu x) */
void sei_kernel_molalities(const sei_net *net, const double lnk[], const double lng[], double ln_aw,
                           double ln_ae, const double x[], double m[]);

void sei_kernel_terms(size_t n, const double charge[], const double dlng[], const double m[],
                      double terms[], sei_scalars *ret_scalars);

/* sums[SEI_TERMS * item + t] = sum of weight * terms over the list of each item */
void sei_kernel_sum_terms(const sei_lists *lists, size_t n_items, const double terms[],
                          double sums[]);

/* v[slot[k]] = sum of weight * m over list k */
void sei_kernel_sum_slots(const sei_lists *lists, size_t n_items, const uint16_t slot[],
                          const double m[], double v[]);

#endif
