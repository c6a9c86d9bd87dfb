/*
 * lanes_kernel.c - the loops over eight waters at once
 *
 * The equations are those of newton.c, equil_eval.c and start.c, with masks for their branches.
 */
#include <math.h>

#include "chem/lanes.h"
#include "chem/newton.h"
#include "num/clones.h"
#include "num/exp.h"
#include "num/log.h"

#define LN_M_MAX    230.0
#define MU_LOW      1e-12
#define MU_HIGH     100.0
#define AW_LOW      0.05
#define LN_AW_LOW   (-3.0)
#define WATER_SLOPE 0.017
#define STEP_MAX    6.0
#define TINY        1e-300
#define PIVOT_NOISE 1e-14

SEI_V4_INLINE void limit(sei_v8 *v, double low, double high)
{
    const sei_v8 lows = (sei_v8){0} + low, highs = (sei_v8){0} + high;

    *v = SEI_V8_PICK(SEI_V8_IS(*v > lows), *v, lows);
    *v = SEI_V8_PICK(SEI_V8_IS(*v < highs), *v, highs);
}

SEI_V4_INLINE void magnitude(sei_v8 *v)
{
    *v = (sei_v8)((sei_v8_bits)*v & UINT64_C(0x7FFFFFFFFFFFFFFF));
}

SEI_CLONES_WIDE
void sei_lanes_constants(sei_lanes *w)
{
    const sei_net *net = w->plan->net;
    const size_t   n   = net->n_species;
    const double  *c   = net->lnk_coef;

    for (size_t i = 0; i < n; i++) {
        sei_v8 sum = (sei_v8){0} + c[i];
        for (size_t t = 1; t < SEI_LOGK_TERMS; t++)
            sum += c[t * n + i] * w->basis[t];
        w->lnk[i] = sum;
    }
}

SEI_CLONES_WIDE
void sei_lanes_activity(sei_lanes *w)
{
    const size_t n  = w->plan->net->classes.n;
    const sei_v8 mu = w->scalar[SEI_LANE_MU];
    sei_v8       root;

    for (size_t l = 0; l < SEI_V8; l++)
        root[l] = sqrt(mu[l]);
    const sei_v8 half = 0.5 / root, share = 1.0 / (1.0 + mu), square = share * share;
    for (size_t c = 0; c < n; c++) {
        const size_t same = w->plan->gamma_of[c];
        if (same < c) {
            w->lng[c]  = w->lng[same];
            w->dlng[c] = w->dlng[same];
            continue;
        }
        const sei_v8 q    = 1.0 / (1.0 + w->den[c] * root);
        const sei_v8 slow = w->az2[c] * q;
        w->lng[c]         = w->bi[c] * mu - slow * root - w->sat[c] * mu * share;
        w->dlng[c]        = w->bi[c] - slow * q * half - w->sat[c] * square;
    }
}

SEI_CLONES_WIDE
void sei_lanes_species(sei_lanes *w)
{
    const sei_net     *net   = w->plan->net;
    const sei_classes *g     = &net->classes;
    const sei_v8       ln_ae = w->scalar[SEI_LANE_LN_AE], ln_aw = w->scalar[SEI_LANE_LN_AW];

    for (size_t c = 0; c < g->n; c++)
        w->shift[c] = g->nu_w[c] * ln_aw - w->lng[c];
    for (size_t i = 0; i < net->n_species; i++) {
        const size_t c = (size_t)g->of_species[i];
        sei_v8       s = w->lnk[i] + w->shift[c];
        if (net->nu_e[i] != 0.0)
            s += net->nu_e[i] * ln_ae;
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
            s += net->nu.val[k] * w->x[net->nu.col[k]];
        sei_v8_exp(&s, SEI_EXP_MIN, LN_M_MAX);
        w->m[i] = s;
    }
}

SEI_V4_INLINE void sum_classes(sei_lanes *w)
{
    const sei_classes *g = &w->plan->net->classes;
    sei_v8 sum_m = {0}, mu = {0}, sum_m_mu = {0}, mu_mu = {0}, sum_m_water = {0}, mu_water = {0};

    for (size_t c = 0; c < g->n; c++) {
        const double z2 = 0.5 * g->charge[c] * g->charge[c], water = g->nu_w[c];
        sei_v8       m = {0};
        for (size_t k = w->plan->class_ptr[c]; k < w->plan->class_ptr[c + 1]; k++)
            m += w->m[w->plan->by_class[k]];
        const sei_v8 slope = m * w->dlng[c];
        sum_m += m;
        mu += z2 * m;
        sum_m_mu -= slope;
        mu_mu -= z2 * slope;
        sum_m_water += water * m;
        mu_water += z2 * water * m;
    }
    w->scalar[SEI_LANE_SUM_M]       = sum_m;
    w->scalar[SEI_LANE_MU_CALC]     = mu;
    w->scalar[SEI_LANE_SUM_M_MU]    = sum_m_mu;
    w->scalar[SEI_LANE_MU_MU]       = mu_mu;
    w->scalar[SEI_LANE_SUM_M_WATER] = sum_m_water;
    w->scalar[SEI_LANE_MU_WATER]    = mu_water;
    sei_v8 aw                       = 1.0 - WATER_SLOPE * sum_m;
    limit(&aw, AW_LOW, 1.0);
    w->scalar[SEI_LANE_AW] = aw;
}

SEI_CLONES_WIDE
void sei_lanes_sums(sei_lanes *w)
{
    const sei_lanes_plan *p = w->plan;
    const sei_classes    *g = &p->net->classes;

    sum_classes(w);
    for (size_t j = 0; j < p->net->n_comp; j++) {
        sei_v8 total = {0}, by_gamma = {0}, by_mu = {0}, by_water = {0};
        for (size_t q = p->comp_ptr[j]; q < p->comp_ptr[j + 1]; q++) {
            const size_t c   = p->pair_class[q];
            sei_v8       sum = {0};
            for (size_t k = p->pair_ptr[q]; k < p->pair_ptr[q + 1]; k++)
                sum += p->weight[k] * w->m[p->species[k]];
            total += sum;
            by_gamma += sum * w->dlng[c];
            by_mu += 0.5 * g->charge[c] * g->charge[c] * sum;
            by_water += g->nu_w[c] * sum;
        }
        w->total[j]    = total;
        w->by_gamma[j] = by_gamma;
        w->by_mu[j]    = by_mu;
        w->by_water[j] = by_water;
    }
}

/* --- start ----------------------------------------------------------------------------------------- */

SEI_CLONES_WIDE
void sei_lanes_start(sei_lanes *w)
{
    const sei_net   *net = w->plan->net;
    const sei_lists *own = &net->own;
    const size_t     h   = net->n_comp - 1;
    const sei_v8     xh = w->x[h], ln_ae = w->scalar[SEI_LANE_LN_AE];

    for (size_t j = 0; j < h; j++) {
        sei_v8 sum = {0};
        for (size_t k = own->ptr[j]; k < own->ptr[j + 1]; k++) {
            const size_t i = own->species[k];
            sei_v8 share   = w->lnk[i] - w->lng[net->classes.of_species[i]] + net->nu_e[i] * ln_ae +
                           own->weight[k] * xh;
            sei_v8_exp(&share, SEI_EXP_MIN, LN_M_MAX);
            sum += share;
        }
        sei_v8 x = w->wanted[j] / sum;
        sei_v8_log(&x);
        w->x[j] = x;
    }
}

/* x_j += ln(T_j / S_j) / (mean coefficient) */
SEI_CLONES_WIDE
void sei_lanes_sweep(sei_lanes *w)
{
    const sei_lists *l = &w->plan->net->by_comp;

    for (size_t j = 0; j + 1 < w->plan->net->n_comp; j++) {
        sei_v8 squares = {0}, step = w->wanted[j] / w->total[j];
        for (size_t k = l->ptr[j]; k < l->ptr[j + 1]; k++)
            squares += l->weight[k] * l->weight[k] * w->m[l->species[k]];
        squares /= w->total[j];
        limit(&squares, 1.0, 1e300);
        sei_v8_log(&step);
        step /= squares;
        limit(&step, -20.0, 20.0);
        w->x[j] += SEI_V8_PICK(SEI_V8_IS(w->total[j] > TINY), step, (sei_v8){0});
    }
    const sei_v8 mu = w->scalar[SEI_LANE_MU], low = 0.3 * mu, high = 3.0 * mu;
    sei_v8       next = w->scalar[SEI_LANE_MU_CALC];
    next              = SEI_V8_PICK(SEI_V8_IS(next > low), next, low);
    next              = SEI_V8_PICK(SEI_V8_IS(next < high), next, high);
    limit(&next, 1e-9, 4.0);
    w->scalar[SEI_LANE_MU] = next;
}

/* --- one step -------------------------------------------------------------------------------------- */

/* -S ln(S/T) of each balance, minus its slopes by ionic strength and by the log activity of water. */
SEI_CLONES_WIDE
void sei_lanes_misfits(sei_lanes *w)
{
    sei_v8 worst = (w->scalar[SEI_LANE_MU_CALC] - w->scalar[SEI_LANE_MU]) /
                   (w->scalar[SEI_LANE_MU_CALC] + 1e-12);
    sei_v8 ln_aw = w->scalar[SEI_LANE_AW];

    magnitude(&worst);
    for (size_t j = 0; j + 1 < w->plan->net->n_comp; j++) {
        sei_v8 ratio = w->total[j] / w->wanted[j];
        limit(&ratio, TINY, 1.0 / TINY);
        sei_v8_log(&ratio);
        sei_v8 *rhs = w->rhs + SEI_LANES_RHS * j;
        rhs[0]      = -w->total[j] * ratio;
        rhs[1]      = w->by_gamma[j];
        rhs[2]      = -w->by_water[j];
        magnitude(&ratio);
        worst = SEI_V8_PICK(SEI_V8_IS(ratio <= worst), worst, ratio); /* NaN is the worst */
    }
    sei_v8_log(&ln_aw);
    sei_v8 off = ln_aw - w->scalar[SEI_LANE_LN_AW];
    magnitude(&off);
    const sei_v8_bits good = SEI_V8_IS(worst <= SEI_EQUIL_TOLERANCE) &
                             SEI_V8_IS(off <= SEI_EQUIL_TOLERANCE),
                      lost   = ~SEI_V8_IS(worst < 1e300);
    w->scalar[SEI_LANE_DONE] = (sei_v8)((sei_v8_bits)w->scalar[SEI_LANE_DONE] | good);
    w->scalar[SEI_LANE_LOST] = (sei_v8)((sei_v8_bits)w->scalar[SEI_LANE_LOST] | lost);
}

SEI_V4_INLINE void jacobian(sei_lanes *w)
{
    const sei_net   *net = w->plan->net;
    const sei_lists *l   = &net->jac;

    for (size_t q = 0; q < net->n_jac_free; q++) {
        sei_v8 sum = {0};
        for (size_t k = l->ptr[q]; k < l->ptr[q + 1]; k++)
            sum += l->weight[k] * w->m[l->species[k]];
        w->packed[net->jac_slot[q]] = sum;
    }
}

/* Entries of column k but for those of the last variable, H, whose activity is given. */
SEI_V4_INLINE size_t column_end(const sei_ldl_plan *p, size_t k)
{
    const size_t last = p->ptr[k + 1];

    return last > p->ptr[k] && p->row[last - 1] + 1u >= p->n ? last - 1 : last;
}

/* As sei_ldl_factor does. */
SEI_V4_INLINE void factor(sei_lanes *w)
{
    const sei_ldl_plan *p = &w->plan->net->ldl;
    sei_v8             *v = w->packed, *l = v + p->n, column[SEI_LDL_MAX];

    for (size_t k = 0; k + 1 < p->n; k++)
        w->diagonal[k] = v[k];
    for (size_t k = 0; k + 1 < p->n; k++) {
        const sei_v8    d     = w->diagonal[k];
        const sei_v8    own   = SEI_V8_PICK(SEI_V8_IS(d > (sei_v8){0}), d, (sei_v8){0} + 1.0);
        const sei_v8    inv   = 1.0 / SEI_V8_PICK(SEI_V8_IS(v[k] > PIVOT_NOISE * d), v[k], own);
        const size_t    first = p->ptr[k], last = column_end(p, k);
        const uint16_t *dest = p->dest + p->update[k];
        v[k]                 = inv;
        for (size_t a = first; a < last; a++) {
            const sei_v8 la   = l[a] * inv;
            column[a - first] = l[a];
            l[a]              = la;
            for (size_t b = first; b <= a; b++)
                v[*dest++] -= la * column[b - first];
        }
    }
}

SEI_V4_INLINE void substitute(sei_lanes *w)
{
    const sei_ldl_plan *p = &w->plan->net->ldl;
    const sei_v8       *v = w->packed, *l = v + p->n;
    sei_v8             *y = w->y;

    for (size_t k = 0; k + 1 < p->n; k++)
        for (size_t t = 0; t < SEI_LANES_RHS; t++)
            y[SEI_LANES_RHS * k + t] = w->rhs[SEI_LANES_RHS * (size_t)p->order[k] + t];
    for (size_t k = 0; k + 1 < p->n; k++) {
        const sei_v8 a = y[SEI_LANES_RHS * k], b = y[SEI_LANES_RHS * k + 1],
                     c   = y[SEI_LANES_RHS * k + 2];
        const size_t end = column_end(p, k);
        for (size_t e = p->ptr[k]; e < end; e++) {
            sei_v8 *to = y + SEI_LANES_RHS * (size_t)p->row[e];
            to[0] -= l[e] * a;
            to[1] -= l[e] * b;
            to[2] -= l[e] * c;
        }
    }
    for (size_t k = p->n - 1; k-- > 0;) {
        sei_v8 a = y[SEI_LANES_RHS * k] * v[k], b = y[SEI_LANES_RHS * k + 1] * v[k],
               c         = y[SEI_LANES_RHS * k + 2] * v[k];
        const size_t end = column_end(p, k);
        for (size_t e = p->ptr[k]; e < end; e++) {
            const sei_v8 *of = y + SEI_LANES_RHS * (size_t)p->row[e];
            a -= l[e] * of[0];
            b -= l[e] * of[1];
            c -= l[e] * of[2];
        }
        y[SEI_LANES_RHS * k]     = a;
        y[SEI_LANES_RHS * k + 1] = b;
        y[SEI_LANES_RHS * k + 2] = c;
        sei_v8 *rhs              = w->rhs + SEI_LANES_RHS * (size_t)p->order[k];
        rhs[0]                   = a;
        rhs[1]                   = b;
        rhs[2]                   = c;
    }
}

SEI_CLONES_WIDE
void sei_lanes_direction(sei_lanes *w)
{
    jacobian(w);
    factor(w);
    substitute(w);
}

typedef struct {
    sei_v8 mu, w;
} side_step;

/* As couple() of newton.c: steps of the ionic strength and of the log activity of water. */
SEI_V4_INLINE void couple(const sei_lanes *w, side_step *ret)
{
    const sei_v8 *s = w->scalar, zero = {0}, aw = s[SEI_LANE_AW], mu = s[SEI_LANE_MU];
    const sei_v8  g    = SEI_V8_PICK(SEI_V8_IS(aw > zero + AW_LOW), -WATER_SLOPE / aw, zero);
    sei_v8        f_mu = mu - s[SEI_LANE_MU_CALC], mu_mu = s[SEI_LANE_MU_MU] - 1.0,
           mu_w = s[SEI_LANE_MU_WATER], f_w = zero, w_mu = s[SEI_LANE_SUM_M_MU],
           w_w = s[SEI_LANE_SUM_M_WATER], ln_aw = aw;

    for (size_t j = 0; j + 1 < w->plan->net->n_comp; j++) {
        const sei_v8 *r = w->rhs + SEI_LANES_RHS * j, by_mu = w->by_mu[j], m = w->total[j];
        f_mu -= by_mu * r[0];
        mu_mu += by_mu * r[1];
        mu_w += by_mu * r[2];
        f_w -= m * r[0];
        w_mu += m * r[1];
        w_w += m * r[2];
    }
    sei_v8_log(&ln_aw);
    const sei_v8 off        = s[SEI_LANE_LN_AW] - ln_aw;
    f_w                     = off + g * f_w;
    w_mu                    = g * w_mu;
    w_w                     = g * w_w - 1.0;
    const sei_v8_bits usual = SEI_V8_IS(w_w < zero - 0.2);
    w_w                     = SEI_V8_PICK(usual, w_w, zero - 1.0);
    w_mu                    = SEI_V8_PICK(usual, w_mu, zero);
    f_w                     = SEI_V8_PICK(usual, f_w, off);
    const sei_v8      slope = mu_mu - mu_w * w_mu / w_w;
    const sei_v8_bits steep = SEI_V8_IS(slope < zero - 0.05);
    const sei_v8      low = -0.7 * mu, high = 2.0 * mu;
    sei_v8            dmu = (f_mu - mu_w * f_w / w_w) / SEI_V8_PICK(steep, slope, zero - 1.0);
    dmu                   = SEI_V8_PICK(SEI_V8_IS(dmu > low), dmu, low);
    dmu                   = SEI_V8_PICK(SEI_V8_IS(dmu < high), dmu, high);
    ret->mu               = SEI_V8_PICK(steep, dmu, zero);
    ret->w                = (f_w - w_mu * ret->mu) / w_w;
}

/* Lanes that are done or lost stay where they are. */
SEI_CLONES_WIDE
void sei_lanes_step(sei_lanes *w)
{
    const sei_v8_bits stays =
        (sei_v8_bits)w->scalar[SEI_LANE_DONE] | (sei_v8_bits)w->scalar[SEI_LANE_LOST];
    const sei_v8 zero    = {0};
    sei_v8       largest = {0};
    side_step    side;

    couple(w, &side);
    for (size_t j = 0; j + 1 < w->plan->net->n_comp; j++) {
        sei_v8 *r    = w->rhs + SEI_LANES_RHS * j;
        sei_v8  step = r[0] + r[1] * side.mu + r[2] * side.w;
        r[0]         = step;
        magnitude(&step);
        largest = SEI_V8_PICK(SEI_V8_IS(step > largest), step, largest);
    }
    sei_v8 share =
        SEI_V8_PICK(SEI_V8_IS(largest > zero + STEP_MAX), STEP_MAX / largest, zero + 1.0);
    share = SEI_V8_PICK(stays, zero, share);
    for (size_t j = 0; j + 1 < w->plan->net->n_comp; j++)
        w->x[j] += SEI_V8_PICK(stays, zero, share * w->rhs[SEI_LANES_RHS * j]);
    sei_v8 mu = w->scalar[SEI_LANE_MU] + share * side.mu,
           aw = w->scalar[SEI_LANE_LN_AW] + share * side.w;
    limit(&mu, MU_LOW, MU_HIGH);
    limit(&aw, LN_AW_LOW, 0.0);
    w->scalar[SEI_LANE_MU]    = SEI_V8_PICK(stays, w->scalar[SEI_LANE_MU], mu);
    w->scalar[SEI_LANE_LN_AW] = SEI_V8_PICK(stays, w->scalar[SEI_LANE_LN_AW], aw);
}
