/*
 * kernel.c - the loops in which equilibrium spends its time, over plain arrays
 *
 * Sums run in a fixed order, so that a result does not depend on the processor.
 */
#include "chem/kernel.h"

#include <math.h>

#include "num/clones.h"
#include "num/exp.h"

/* ln m is held above this: e^230 mol/kgw is far outside any water, and sums of squares stay finite. */
#define LN_M_MAX 230.0

enum { LANES = 4 };

SEI_CLONES
void sei_kernel_spread(size_t n, const int32_t class_of[], const double class_lng[],
                       const double class_dlng[], double lng[], double dlng[])
{
    for (size_t i = 0; i < n; i++) {
        lng[i]  = class_lng[class_of[i]];
        dlng[i] = class_dlng[class_of[i]];
    }
}

SEI_CLONES
void sei_kernel_molalities(const sei_net *net, const double lnk[], const double lng[], double ln_aw,
                           double ln_ae, const double x[], double m[])
{
    const double *restrict nu_w = net->nu_w;
    const double *restrict nu_e = net->nu_e;
    double *restrict out        = m;
    const size_t n              = net->n_species;

    for (size_t i = 0; i < n; i++)
        out[i] = lnk[i] + nu_w[i] * ln_aw + nu_e[i] * ln_ae - lng[i];
    for (size_t k = 0; k < net->levels.n_levels; k++) {
        const int32_t *restrict col = net->levels.col + net->levels.first[k];
        const double *restrict val  = net->levels.val + net->levels.first[k];
        const size_t count          = net->levels.n[k];
        for (size_t i = 0; i < count; i++)
            out[i] += val[i] * x[col[i]];
    }
    for (size_t i = 0; i < n; i++) {
        double s = out[i];
        s        = s > SEI_EXP_MIN ? s : SEI_EXP_MIN;
        s        = s < LN_M_MAX ? s : LN_M_MAX;
        out[i]   = sei_exp(s);
    }
}

/* Scalars of a block of LANES species, each lane by itself. */
typedef struct {
    double m[LANES], mu[LANES], q[LANES], qs[LANES], dmu[LANES], dq[LANES];
} lanes;

static inline void add_lane(lanes *a, size_t lane, double z, double dlng, double m, double terms[])
{
    const double zm = z * m, md = m * dlng, half = 0.5 * z * zm;

    terms[0] = m;
    terms[1] = md;
    terms[2] = half;
    terms[3] = zm;
    a->m[lane] += m;
    a->mu[lane] += half;
    a->q[lane] += zm;
    a->qs[lane] += fabs(zm);
    a->dmu[lane] -= 0.5 * z * z * md;
    a->dq[lane] -= z * md;
}

static double fold(const double v[LANES])
{
    return (v[0] + v[1]) + (v[2] + v[3]);
}

SEI_CLONES
void sei_kernel_terms(size_t n, const double charge[], const double dlng[], const double m[],
                      double terms[], sei_scalars *ret_scalars)
{
    lanes  a     = {{0.0}, {0.0}, {0.0}, {0.0}, {0.0}, {0.0}};
    size_t i     = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            add_lane(&a, lane, charge[i + lane], dlng[i + lane], m[i + lane],
                     &terms[SEI_TERMS * (i + lane)]);
    for (; i < n; i++)
        add_lane(&a, 0, charge[i], dlng[i], m[i], &terms[SEI_TERMS * i]);
    *ret_scalars = (sei_scalars){.sum_m        = fold(a.m),
                                 .mu           = fold(a.mu),
                                 .charge       = fold(a.q),
                                 .charge_scale = fold(a.qs),
                                 .dmu          = fold(a.dmu),
                                 .dcharge      = fold(a.dq)};
}

SEI_CLONES
void sei_kernel_sum_terms(const sei_lists *lists, size_t n_items, const double terms[],
                          double sums[])
{
    const uint16_t *restrict species = lists->species;
    const double *restrict weight    = lists->weight;

    for (size_t j = 0; j < n_items; j++) {
        double even[SEI_TERMS] = {0.0, 0.0, 0.0, 0.0}, odd[SEI_TERMS] = {0.0, 0.0, 0.0, 0.0};
        size_t       k   = lists->ptr[j];
        const size_t end = lists->ptr[j + 1];
        for (; k + 1 < end; k += 2) {
            const double *p = &terms[(size_t)SEI_TERMS * species[k]];
            const double *q = &terms[(size_t)SEI_TERMS * species[k + 1]];
            for (size_t t = 0; t < SEI_TERMS; t++) {
                even[t] += weight[k] * p[t];
                odd[t] += weight[k + 1] * q[t];
            }
        }
        if (k < end) {
            const double *p = &terms[(size_t)SEI_TERMS * species[k]];
            for (size_t t = 0; t < SEI_TERMS; t++)
                even[t] += weight[k] * p[t];
        }
        for (size_t t = 0; t < SEI_TERMS; t++)
            sums[SEI_TERMS * j + t] = even[t] + odd[t];
    }
}

void sei_kernel_sum_slots(const sei_lists *lists, size_t n_items, const uint16_t slot[],
                          const double m[], double v[])
{
    const uint16_t *restrict species = lists->species;
    const double *restrict weight    = lists->weight;

    for (size_t j = 0; j < n_items; j++) {
        double       even = 0.0, odd = 0.0;
        size_t       k   = lists->ptr[j];
        const size_t end = lists->ptr[j + 1];
        for (; k + 1 < end; k += 2) {
            even += weight[k] * m[species[k]];
            odd += weight[k + 1] * m[species[k + 1]];
        }
        if (k < end)
            even += weight[k] * m[species[k]];
        v[slot[j]] = even + odd;
    }
}
