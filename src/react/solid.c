/*
 * solid.c - binary solid solutions that are not ideal
 *
 * Guggenheim's expansion with two parameters (Glynn and Reardon 1990, Am. J. Sci. 290, 164), in the sign that PHREEQC gives
 * a1:
 *     ln l1 = x2^2 (a0 - a1 (4 x1 - 1)),   ln l2 = x1^2 (a0 + a1 (4 x2 - 1))
 * Saturation ratios W of the parts give the composition by ln(W1 / W2) = ln(x1 l1 / x2 l2) and the
 * saturation of the whole by ln S = x1 ln(W1 / x1 l1) + x2 ln(W2 / x2 l2); by Gibbs and Duhem
 * d ln S = x1 d ln W1 + x2 d ln W2. Where the mixture is unstable (between the spinodals) there are two solids, one on either side,
 * each with an amount of its own.
 */
#include <math.h>
#include <string.h>

#include "num/root.h"
#include "react/react_impl.h"

#define EDGE      1e-9 /* of the spinodals, as mole fraction */
#define G_MIN     1e-3
#define LN_X_MIN  (-60.0)
#define TOLERANCE 1e-15

enum { SCAN = 400, SEARCH_MAX = 200 };

bool sei_solid_is_ideal(const sei_mixture *mix)
{
    return mix->kind != SEI_MIXTURE_SOLID || mix->n != 2 || (mix->a0 == 0.0 && mix->a1 == 0.0);
}

/* d ln(x1 l1 / x2 l2) / d ln(x1 / x2) */
static double stiffness(const sei_mixture *m, double x)
{
    return 1.0 - x * (1.0 - x) * (2.0 * m->a0 + 6.0 * m->a1 * (1.0 - 2.0 * x));
}

static double edge_between(const sei_mixture *m, double a, double b)
{
    const bool rises = stiffness(m, b) > 0.0;

    while (fabs(b - a) > 1e-12) {
        const double c = 0.5 * (a + b);
        if ((stiffness(m, c) > 0.0) == rises)
            b = c;
        else
            a = c;
    }
    return 0.5 * (a + b);
}

bool sei_solid_gap(const sei_mixture *m, double *ret_low, double *ret_high)
{
    double low = -1.0, high = -1.0;

    if (sei_solid_is_ideal(m))
        return false;
    for (int k = 0; k < SCAN; k++) {
        const double a = (double)k / SCAN, b = (double)(k + 1) / SCAN;
        if (low < 0.0 && stiffness(m, a) > 0.0 && !(stiffness(m, b) > 0.0))
            low = edge_between(m, a, b);
        if (!(stiffness(m, a) > 0.0) && stiffness(m, b) > 0.0)
            high = edge_between(m, a, b);
    }
    if (low < 0.0 || high < 0.0)
        return false;
    *ret_low  = low;
    *ret_high = high;
    return true;
}

double sei_solid_least_stiffness(const sei_mixture *m)
{
    double least = 1.0;

    for (int k = 1; k < SCAN; k++)
        least = fmin(least, stiffness(m, (double)k / SCAN));
    return least;
}

void sei_solid_ln_lambdas(const sei_mixture *m, double x, double ln[2])
{
    const double y = 1.0 - x;

    ln[0] = y * y * (m->a0 - m->a1 * (4.0 * x - 1.0));
    ln[1] = x * x * (m->a0 + m->a1 * (4.0 * y - 1.0));
}

/* u = ln(x1 / x2) */
static double ratio_at(const sei_mixture *m, double u, double *ret_x)
{
    double ln[2];

    *ret_x = 1.0 / (1.0 + exp(-u));
    sei_solid_ln_lambdas(m, *ret_x, ln);
    return u + ln[0] - ln[1];
}

static double fraction_to_u(double x)
{
    return log(x / (1.0 - x));
}

void sei_react_solid_at(const sei_mixture *m, const double ln_w[2], sei_solid *ret)
{
    const double wanted = ln_w[0] - ln_w[1];
    double       low = LN_X_MIN, high = -LN_X_MIN, x, ln[2];

    if (m->branch < 0)
        high = fraction_to_u(m->edge - EDGE);
    if (m->branch > 0)
        low = fraction_to_u(m->edge + EDGE);
    ret->is_outside = (m->branch < 0 && wanted > ratio_at(m, high, &x)) ||
                      (m->branch > 0 && wanted < ratio_at(m, low, &x));
    double u = ret->is_outside ? (m->branch < 0 ? high : low) : fmax(low, fmin(high, wanted));
    for (int k = 0; k < SEARCH_MAX && !ret->is_outside; k++) {
        const double f = ratio_at(m, u, &x) - wanted;
        if (f > 0.0)
            high = u;
        else
            low = u;
        const double next = sei_root_newton(u, -f / fmax(stiffness(m, x), G_MIN), low, high);
        if (fabs(next - u) <= TOLERANCE * (1.0 + fabs(u)))
            break;
        u = next;
    }
    (void)ratio_at(m, u, &x);
    sei_solid_ln_lambdas(m, x, ln);
    ret->x[0]            = x;
    ret->x[1]            = 1.0 / (1.0 + exp(u));
    ret->g               = fmax(stiffness(m, x), G_MIN);
    const double ln_x[2] = {-log1p(exp(-u)), -log1p(exp(u))};
    ret->ln_s = ret->x[0] * (ln_w[0] - ln_x[0] - ln[0]) + ret->x[1] * (ln_w[1] - ln_x[1] - ln[1]);
    for (int i = 0; i < 2; i++)
        ret->ln_part[i] = ln_x[i] + ret->ln_s;
}

/* Both solids are saturated with the same water: between the spinodals' ratios W1/W2 the difference of their ln S falls
 * or rises throughout (d ln S / d ln W1 = x1), so that halving finds where it is 0. */
bool sei_react_miscibility_gap(double a0, double a1, double *ret_low, double *ret_high)
{
    sei_mixture poor = {.kind = SEI_MIXTURE_SOLID, .n = 2, .a0 = a0, .a1 = a1, .branch = -1}, rich;
    sei_solid   one, two;
    double      edge, x;

    if (!sei_solid_gap(&poor, &poor.edge, &edge))
        return false;
    rich        = poor;
    rich.branch = 1;
    rich.edge   = edge;
    double low  = ratio_at(&rich, fraction_to_u(edge), &x);
    double high = ratio_at(&poor, fraction_to_u(poor.edge), &x);
    for (int k = 0; k < SEARCH_MAX; k++) {
        const double middle = 0.5 * (low + high), ln_w[2] = {middle, 0.0};
        sei_react_solid_at(&poor, ln_w, &one);
        sei_react_solid_at(&rich, ln_w, &two);
        if (one.ln_s > two.ln_s) /* the rich one gains as W1 grows */
            low = middle;
        else
            high = middle;
    }
    *ret_low  = one.x[0];
    *ret_high = two.x[0];
    return true;
}

/* ---- a solution with a gap as two ---- */

/* Which contents start on which side; what lies between is shared. */
static void share_contents(const sei_mixture *whole, double low, double high, sei_mixture *poor,
                           sei_mixture *rich)
{
    const double sum = whole->mol[0] + whole->mol[1], x = sum > 0.0 ? whole->mol[0] / sum : 0.0;
    const double share = x <= low ? 1.0 : x >= high ? 0.0 : 0.5;

    *poor = *rich = *whole;
    poor->branch  = -1;
    poor->edge    = low;
    rich->branch  = 1;
    rich->edge    = high;
    for (size_t k = 0; k < 2; k++) {
        poor->mol[k] = share * whole->mol[k];
        rich->mol[k] = (1.0 - share) * whole->mol[k];
    }
}

bool sei_solid_split(sei_react_work *w, const sei_react_system *s)
{
    size_t n = s->n_mixtures;

    w->has_gap = false;
    for (size_t i = 0; i < s->n_mixtures; i++) {
        double low, high;
        w->split[i]        = s->mixtures[i];
        w->split[i].branch = 0;
        w->split_twin[i]   = SIZE_MAX;
        if (!sei_solid_gap(&s->mixtures[i], &low, &high))
            continue;
        if (n >= SEI_REACT_MIXTURES_MAX)
            return false;
        share_contents(&s->mixtures[i], low, high, &w->split[i], &w->split[n]);
        w->split_twin[n] = i;
        w->split_twin[i] = n++;
        w->has_gap       = true;
    }
    w->split_system            = *s;
    w->split_system.mixtures   = w->split;
    w->split_system.n_mixtures = n;
    return true;
}

void sei_solid_join(const sei_react_work *w, sei_react_system *s)
{
    for (size_t i = 0; i < s->n_mixtures; i++) {
        memcpy(s->mixtures[i].mol, w->split[i].mol, sizeof s->mixtures[i].mol);
        for (size_t k = 0; k < 2 && w->split_twin[i] != SIZE_MAX; k++)
            s->mixtures[i].mol[k] += w->split[w->split_twin[i]].mol[k];
    }
}
