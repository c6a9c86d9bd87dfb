/* root.c - a root between two bounds */
#include "num/root.h"

#include <math.h>

enum { MIDDLE_EVERY = 6 };

sei_root sei_root_between(double at_positive, double f_positive, double at_negative,
                          double f_negative)
{
    return (sei_root){{at_positive, at_negative}, {f_positive, f_negative}, -1, 0};
}

double sei_root_next(sei_root *r)
{
    const double middle = 0.5 * (r->at[0] + r->at[1]), fall = r->f[0] - r->f[1];
    const double at     = r->at[0] + (r->at[1] - r->at[0]) * (r->f[0] / fall);
    const bool   inside = (at > r->at[0]) != (at > r->at[1]);

    if (++r->n % MIDDLE_EVERY == 0 || !isfinite(fall) || !(fall > 0.0) || !inside)
        return middle;
    return at;
}

void sei_root_narrow(sei_root *r, double at, double f)
{
    const int side = f > 0.0 ? 0 : 1;

    r->at[side] = at;
    r->f[side]  = f;
    if (r->last_side == side)
        r->f[1 - side] *= 0.5;
    r->last_side = side;
}

bool sei_root_is_narrow(const sei_root *r)
{
    return fabs(r->at[1] - r->at[0]) <= 4e-16 * (fabs(r->at[0]) + fabs(r->at[1]));
}
