/*
 * kernel.c - the loops in which equilibrium spends its time, over plain arrays
 *
 * Sums run in a fixed order, so that a result does not depend on the processor.
 */
#include "chem/kernel.h"

#include <math.h>
#include <string.h>

#include "num/clones.h"
#include "num/exp.h"
#include "num/log.h"

/* ln m is held below this: e^230 mol/kgw is far outside any water, and sums of squares stay finite. */
#define LN_M_MAX 230.0

void sei_kernel_factors(const sei_classes *classes, double factors[])
{
    for (size_t c = 0; c < classes->n; c++) {
        const double z = classes->charge[c], w = classes->nu_w[c];
        const double f[SEI_FACTORS] = {1.0, 0.0, 0.5 * z * z, w, z, 0.5 * z * z * w, 0.0, 0.0};
        memcpy(&factors[SEI_FACTORS * c], f, sizeof f);
    }
}

void sei_kernel_update(const sei_classes *classes, const double dlng[], double factors[])
{
    for (size_t c = 0; c < classes->n; c++) {
        double *f = &factors[SEI_FACTORS * c];
        f[1]      = dlng[c];
        f[6]      = f[2] * dlng[c];
        f[7]      = f[4] * dlng[c];
    }
}

SEI_CLONES
void sei_kernel_classes(size_t n, const double az2[], const double den[], const double bi[],
                        double mu, double lng[], double dlng[])
{
    const double root = sqrt(mu), half = 0.5 / root;

    for (size_t c = 0; c < n; c += SEI_V4) {
        sei_v4 a, d, b;
        SEI_V4_LOAD(a, az2 + c);
        SEI_V4_LOAD(d, den + c);
        SEI_V4_LOAD(b, bi + c);
        const sei_v4 q = 1.0 / (1.0 + d * root), slow = a * q;
        a = b * mu - slow * root;
        d = b - slow * q * half;
        SEI_V4_STORE(lng + c, a);
        SEI_V4_STORE(dlng + c, d);
    }
}

SEI_CLONES
void sei_kernel_lines(size_t n, const double lines[], double a, double b, double az2[],
                      double den[], double bi[])
{
    for (size_t c = 0; c < n; c += SEI_V4) {
        sei_v4 p, q;
        SEI_V4_LOAD(p, lines + c);
        p *= a;
        SEI_V4_STORE(az2 + c, p);
        SEI_V4_LOAD(p, lines + n + c);
        SEI_V4_LOAD(q, lines + 2 * n + c);
        p += q * b;
        SEI_V4_STORE(den + c, p);
        SEI_V4_LOAD(p, lines + 3 * n + c);
        SEI_V4_LOAD(q, lines + 4 * n + c);
        p += q * a;
        SEI_V4_STORE(bi + c, p);
    }
}

SEI_V4_INLINE void pick(sei_v4 *ret, const double from[], const int32_t at[])
{
    const sei_v4 v = {from[at[0]], from[at[1]], from[at[2]], from[at[3]]};

    *ret = v;
}

void sei_kernel_pick(size_t n, const double from[], const int32_t at[], double ret[])
{
    for (size_t i = 0; i < n; i += SEI_V4) {
        ret[i]     = from[at[i]];
        ret[i + 1] = from[at[i + 1]];
        ret[i + 2] = from[at[i + 2]];
        ret[i + 3] = from[at[i + 3]];
    }
}

/* ln m of four species but for what components make of it. */
SEI_V4_INLINE void start_sum(sei_v4 *ret, const sei_net *net, const double lnk[],
                             const double shift[], double ln_ae, size_t i)
{
    sei_v4 s, t, nu;

    SEI_V4_LOAD(s, lnk + i);
    SEI_V4_LOAD(nu, net->nu_e + i);
    pick(&t, shift, net->classes.of_species + i);
    *ret = s + t + nu * ln_ae;
}

SEI_CLONES
void sei_kernel_molalities(const sei_net *net, const double lnk[], const double shift[],
                           double ln_ae, const double x[], double m[])
{
    const sei_blocks *blocks = &net->blocks;

    for (size_t i = 0, b = 0; i < net->n_species; i += SEI_BLOCK, b++) {
        sei_v4 s, t, p, q;
        start_sum(&s, net, lnk, shift, ln_ae, i);
        start_sum(&t, net, lnk, shift, ln_ae, i + SEI_V4);
        for (uint32_t k = blocks->ptr[b]; k < blocks->ptr[b + 1]; k++) {
            const double *nu = blocks->val + (size_t)SEI_BLOCK * k;
            SEI_V4_LOAD(p, nu);
            SEI_V4_LOAD(q, nu + SEI_V4);
            s += p * x[blocks->col[k]];
            t += q * x[blocks->col[k]];
        }
        sei_v4_exp(&s, SEI_EXP_MIN, LN_M_MAX);
        sei_v4_exp(&t, SEI_EXP_MIN, LN_M_MAX);
        SEI_V4_STORE(m + i, s);
        SEI_V4_STORE(m + i + SEI_V4, t);
    }
}

SEI_CLONES
void sei_kernel_constants(size_t n, const double coef[], const double basis[], double lnk[])
{
    sei_v4 s, c;
    size_t i = 0;

    for (; i + SEI_V4 <= n; i += SEI_V4) {
        SEI_V4_LOAD(s, coef + i);
        for (size_t k = 1; k < SEI_LOGK_TERMS; k++) {
            SEI_V4_LOAD(c, coef + k * n + i);
            s += c * basis[k];
        }
        SEI_V4_STORE(lnk + i, s);
    }
    for (; i < n; i++) {
        lnk[i] = coef[i];
        for (size_t k = 1; k < SEI_LOGK_TERMS; k++)
            lnk[i] += coef[k * n + i] * basis[k];
    }
}

SEI_CLONES
void sei_kernel_exp(size_t n, double v[])
{
    for (size_t i = 0; i < n; i += SEI_V4) {
        sei_v4 s;
        SEI_V4_LOAD(s, v + i);
        sei_v4_exp(&s, SEI_EXP_MIN, LN_M_MAX);
        SEI_V4_STORE(v + i, s);
    }
}

SEI_CLONES
void sei_kernel_exp_to(size_t n, double v[], double max)
{
    for (size_t i = 0; i < n; i += SEI_V4) {
        sei_v4 s;
        SEI_V4_LOAD(s, v + i);
        sei_v4_exp(&s, SEI_EXP_MIN, max);
        SEI_V4_STORE(v + i, s);
    }
}

SEI_CLONES
void sei_kernel_line(size_t n, const double a[], const double rate[], double at, double *ret_sum,
                     double *ret_slope)
{
    sei_v4 sum = {0.0}, slope = {0.0}, r, e, p;

    for (size_t i = 0; i < n; i += SEI_V4) {
        SEI_V4_LOAD(r, rate + i);
        SEI_V4_LOAD(p, a + i);
        e = r * at;
        sei_v4_exp(&e, SEI_EXP_MIN, LN_M_MAX);
        p = p * e;
        sum += p;
        slope += p * r;
    }
    *ret_sum   = (sum[0] + sum[2]) + (sum[1] + sum[3]);
    *ret_slope = (slope[0] + slope[2]) + (slope[1] + slope[3]);
}

SEI_CLONES
void sei_kernel_log(size_t n, double v[])
{
    for (size_t i = 0; i < n; i += SEI_V4) {
        sei_v4 s;
        SEI_V4_LOAD(s, v + i);
        sei_v4_log(&s);
        SEI_V4_STORE(v + i, s);
    }
}

SEI_V4_INLINE void add_species(const double factors[], double m, double terms[], sei_v4 *first,
                               sei_v4 *second)
{
    sei_v4 p, q;

    SEI_V4_LOAD(p, factors);
    SEI_V4_LOAD(q, factors + SEI_TERMS);
    p = p * m;
    q = q * m;
    SEI_V4_STORE(terms, p);
    *first += p;
    *second += q;
}

SEI_V4_INLINE void to_scalars(const sei_v4 *a, const sei_v4 *b, sei_scalars *ret)
{
    *ret = (sei_scalars){.sum_m       = (*a)[0],
                         .sum_m_mu    = -(*a)[1],
                         .mu          = (*a)[2],
                         .sum_m_water = (*a)[3],
                         .charge      = (*b)[0],
                         .mu_water    = (*b)[1],
                         .mu_mu       = -(*b)[2],
                         .charge_mu   = -(*b)[3]};
}

SEI_CLONES
void sei_kernel_terms(size_t n, const int32_t class_of[], const double factors[], const double m[],
                      double terms[], sei_scalars *ret_scalars)
{
    sei_v4 a = {0.0}, b = {0.0}, c = {0.0}, d = {0.0};
    size_t i = 0;

    for (; i + 1 < n; i += 2) {
        add_species(&factors[SEI_FACTORS * (size_t)class_of[i]], m[i], terms + SEI_TERMS * i, &a,
                    &b);
        add_species(&factors[SEI_FACTORS * (size_t)class_of[i + 1]], m[i + 1],
                    terms + SEI_TERMS * (i + 1), &c, &d);
    }
    if (i < n)
        add_species(&factors[SEI_FACTORS * (size_t)class_of[i]], m[i], terms + SEI_TERMS * i, &a,
                    &b);
    a += c;
    b += d;
    to_scalars(&a, &b, ret_scalars);
}

SEI_CLONES
void sei_kernel_scalars(size_t n, const int32_t class_of[], const double factors[],
                        const double m[], sei_scalars *ret_scalars)
{
    sei_v4 a = {0.0}, b = {0.0}, c = {0.0}, d = {0.0}, p, q;
    size_t i = 0;

    for (; i + 1 < n; i += 2) {
        const double *f = &factors[SEI_FACTORS * (size_t)class_of[i]],
                     *g = &factors[SEI_FACTORS * (size_t)class_of[i + 1]];
        SEI_V4_LOAD(p, f);
        SEI_V4_LOAD(q, f + SEI_TERMS);
        a += p * m[i];
        b += q * m[i];
        SEI_V4_LOAD(p, g);
        SEI_V4_LOAD(q, g + SEI_TERMS);
        c += p * m[i + 1];
        d += q * m[i + 1];
    }
    if (i < n) {
        SEI_V4_LOAD(p, &factors[SEI_FACTORS * (size_t)class_of[i]]);
        SEI_V4_LOAD(q, &factors[SEI_FACTORS * (size_t)class_of[i] + SEI_TERMS]);
        a += p * m[i];
        b += q * m[i];
    }
    a += c;
    b += d;
    to_scalars(&a, &b, ret_scalars);
}

SEI_CLONES
void sei_kernel_plain_scalars(size_t n, const double charge[], const double m[], double *ret_sum_m,
                              double *ret_mu, double *ret_charge)
{
    sei_v4 sum = {0.0}, mu = {0.0}, total = {0.0}, p, z;
    size_t i = 0;

    for (; i + SEI_V4 <= n; i += SEI_V4) {
        SEI_V4_LOAD(p, m + i);
        SEI_V4_LOAD(z, charge + i);
        sum += p;
        p = p * z;
        total += p;
        mu += p * z;
    }
    double s[3] = {(sum[0] + sum[2]) + (sum[1] + sum[3]), (mu[0] + mu[2]) + (mu[1] + mu[3]),
                   (total[0] + total[2]) + (total[1] + total[3])};
    for (; i < n; i++) {
        s[0] += m[i];
        s[1] += charge[i] * charge[i] * m[i];
        s[2] += charge[i] * m[i];
    }
    *ret_sum_m  = s[0];
    *ret_mu     = 0.5 * s[1];
    *ret_charge = s[2];
}

SEI_CLONES
void sei_kernel_shift(size_t n, const double nu_w[], double ln_aw, const double lng[],
                      double shift[])
{
    sei_v4 w, g;
    size_t c = 0;

    for (; c + SEI_V4 <= n; c += SEI_V4) {
        SEI_V4_LOAD(w, nu_w + c);
        SEI_V4_LOAD(g, lng + c);
        w = w * ln_aw - g;
        SEI_V4_STORE(shift + c, w);
    }
    for (; c < n; c++)
        shift[c] = nu_w[c] * ln_aw - lng[c];
}

SEI_CLONES
void sei_kernel_totals(const sei_lists *lists, size_t n_items, const double m[], double total[])
{
    const uint16_t *species = lists->species;
    const double   *weight  = lists->weight;

    for (size_t j = 0; j < n_items; j++) {
        double       s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
        size_t       k   = lists->ptr[j];
        const size_t end = lists->ptr[j + 1];
        for (; k + 3 < end; k += 4) {
            s0 += weight[k] * m[species[k]];
            s1 += weight[k + 1] * m[species[k + 1]];
            s2 += weight[k + 2] * m[species[k + 2]];
            s3 += weight[k + 3] * m[species[k + 3]];
        }
        for (; k < end; k++)
            s0 += weight[k] * m[species[k]];
        total[j] = (s0 + s2) + (s1 + s3);
    }
}

SEI_CLONES
void sei_kernel_sum_terms(const sei_lists *lists, size_t n_items, const double terms[],
                          double sums[])
{
    const uint16_t *species = lists->species;
    const double   *weight  = lists->weight;

    for (size_t j = 0; j < n_items; j++) {
        sei_v4       a = {0.0}, b = {0.0}, c = {0.0}, p, q, r;
        size_t       k   = lists->ptr[j];
        const size_t end = lists->ptr[j + 1];
        for (; k + 2 < end; k += 3) {
            SEI_V4_LOAD(p, &terms[(size_t)SEI_TERMS * species[k]]);
            SEI_V4_LOAD(q, &terms[(size_t)SEI_TERMS * species[k + 1]]);
            SEI_V4_LOAD(r, &terms[(size_t)SEI_TERMS * species[k + 2]]);
            a += weight[k] * p;
            b += weight[k + 1] * q;
            c += weight[k + 2] * r;
        }
        for (; k < end; k++) {
            SEI_V4_LOAD(p, &terms[(size_t)SEI_TERMS * species[k]]);
            a += weight[k] * p;
        }
        a += b + c;
        SEI_V4_STORE(sums + SEI_TERMS * j, a);
    }
}

void sei_kernel_sum_slots(const sei_lists *lists, size_t n_items, const uint16_t slot[],
                          const double m[], double v[])
{
    const uint16_t *species = lists->species;
    const double   *weight  = lists->weight;

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
