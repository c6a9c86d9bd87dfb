/* crossing.c - the time that x' = f(x) takes along x, f being known at some places */
#include "num/crossing.h"

#include <math.h>
#include <string.h>

enum { POINTS = 6, HALVINGS = 200, NEWTON_MAX = 30 };

/* Gauss and Legendre's points and weights on 0 to 1 (abramowitz1964, table 25.4) */
static const double point[POINTS]  = {0.03376524289842399, 0.1693953067668677, 0.3806904069584015,
                                      0.6193095930415985,  0.8306046932331323, 0.9662347571015760};
static const double weight[POINTS] = {0.08566224618958517, 0.1803807865240693, 0.2339569672863455,
                                      0.2339569672863455,  0.1803807865240693, 0.08566224618958517};

static const double same = 2.0; /* ratio of rates that one piece may go over */
static const double doubted =
    0.1; /* of what the last term but one adds: it may have been small by chance */

static void divide(size_t n, const double place[], const double slope[], double term[])
{
    for (size_t i = n; i-- > 1;)
        term[i] = place[i] == place[i - 1] ? slope[i]
                                           : (term[i] - term[i - 1]) / (place[i] - place[i - 1]);
    for (size_t k = 2; k < n; k++)
        for (size_t i = n; i-- > k;)
            term[i] = (term[i] - term[i - 1]) / (place[i] - place[i - k]);
}

/* What may be wrong with the first n terms at x. */
static double doubt(const sei_rate_curve *c, size_t n, double x)
{
    double reach = 1.0, last = 0.0, before = 0.0;

    for (size_t k = 1; k < n; k++) {
        reach *= x - c->place[k - 1];
        before = last;
        last   = fabs(c->term[k] * reach);
    }
    return fmax(last, doubted * before);
}

void sei_rate_curve_fit(sei_rate_curve *c, size_t n, const double place[], const double rate[],
                        const double slope[], double from, double to)
{
    double least = INFINITY;

    n = n < SEI_CROSSING_TERMS ? n : SEI_CROSSING_TERMS;
    memcpy(c->place, place, n * sizeof *place);
    memcpy(c->term, rate, n * sizeof *rate);
    divide(n, place, slope, c->term);
    c->n = n;
    for (size_t k = 3; k <= n; k++) {
        double most = 0.0;
        for (int i = 1; i < 4; i++)
            most = fmax(most, doubt(c, k, from + 0.25 * i * (to - from)));
        if (most < least) {
            least = most;
            c->n  = k;
        }
    }
}

double sei_rate_curve_at(const sei_rate_curve *c, double x)
{
    double sum = 0.0;

    for (size_t k = c->n; k-- > 0;)
        sum = sum * (x - c->place[k]) + c->term[k];
    return sum;
}

void sei_rate_curve_weights(size_t n, const double place[], double x, double ret_weight[])
{
    for (size_t i = 0; i < n; i++) {
        ret_weight[i] = 1.0;
        for (size_t k = 0; k < n; k++)
            if (k != i)
                ret_weight[i] *= (x - place[k]) / (place[i] - place[k]);
    }
}

/* A piece over which the rate is much the same: seconds, and the error that it adds, in seconds too. */
static double seconds(const sei_rate_curve *c, double from, double width, double *ret_error)
{
    double time_s = 0.0, error = 0.0;

    for (int i = 0; i < POINTS; i++) {
        const double x = from + point[i] * width, rate = sei_rate_curve_at(c, x);
        time_s += weight[i] / rate;
        error += weight[i] * doubt(c, c->n, x) / (rate * rate);
    }
    *ret_error = fabs(error * width);
    return time_s * width;
}

/* A piece towards to over which the rate keeps its sign and size, no more than twice as long as the one before. 0: the rate ends
 * here. */
static double piece(const sei_rate_curve *c, double from, double to, double before)
{
    const double rate  = sei_rate_curve_at(c, from);
    const double least = fmax(1e-15 * fabs(to - from), 1e-15 * fabs(from));
    double       width = to - from;

    if (!(rate * width > 0.0))
        return 0.0;
    if (fabs(width) > 2.0 * fabs(before) && before != 0.0)
        width = 2.0 * before;
    for (int i = 0; i < HALVINGS && fabs(width) > least; i++, width *= 0.5) {
        const double end = sei_rate_curve_at(c, from + width) / rate;
        if (!(end < same && same * end > 1.0))
            continue;
        const double mid = sei_rate_curve_at(c, from + 0.5 * width) / rate;
        if (mid < same && same * mid > 1.0)
            return width;
    }
    return 0.0;
}

/* Where in a piece that is not crossed in the time it has come to. */
static double width_after(const sei_rate_curve *c, double from, double width, double time_s)
{
    double at = width * 0.5, error;

    for (int i = 0; i < NEWTON_MAX; i++) {
        const double move =
            (time_s - seconds(c, from, at, &error)) * sei_rate_curve_at(c, from + at);
        const double next = at + move;
        at                = next / width > 1.0 ? width : next / width < 0.0 ? 0.0 : next;
        if (fabs(move) <= 1e-14 * fabs(width))
            break;
    }
    return at;
}

void sei_rate_curve_cross(const sei_rate_curve *c, double to, double time_s, sei_crossing *at)
{
    double width = 0.0;

    while (at->x != to && at->time_s < time_s) {
        double error;
        width             = piece(c, at->x, to, width);
        const double left = time_s - at->time_s;
        if (width == 0.0) {
            at->time_s = time_s;
            return;
        }
        const double before = sei_rate_curve_at(c, at->x);
        double       taken  = seconds(c, at->x, width, &error);
        const bool   ends   = !(taken < left);
        if (ends) {
            width = width_after(c, at->x, width, left);
            taken = left;
            (void)seconds(c, at->x, width, &error);
        }
        const double next =
            !ends && fabs(to - at->x - width) <= 1e-14 * fabs(to - at->x) ? to : at->x + width;
        at->error  = (at->error / fabs(before) + error) * fabs(sei_rate_curve_at(c, next));
        at->time_s = ends ? time_s : at->time_s + taken;
        at->x      = next;
    }
}
