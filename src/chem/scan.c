/*
 * scan.c - charge balance and alkalinity as a root of one unknown
 *
 * Newton on all balances at once can leave the water that was meant: the charge or the alkalinity may
 * have several roots along the pH or a total, or none. Here the unknown is walked away from its first
 * value to both sides until the balance changes its sign; between these bounds the root is certain.
 */
#include <math.h>
#include <string.h>

#include "chem/newton.h"
#include "num/root.h"

#define LN10       2.302585092994045684
#define TOLERANCE  1e-13 /* of the sum of magnitudes of the terms */
#define TOTAL_LOW  1e-14
#define TOTAL_HIGH 20.0
#define PH_LOW     (-2.0)
#define PH_HIGH    16.0

enum { WALK_MAX = 60, ROOT_MAX = 120 };

typedef struct {
    sei_equil        *eq;
    const sei_water  *w;
    sei_water         inner; /* without the balance that is sought */
    double            total[SEI_COMPONENTS_MAX];
    size_t            component;
    bool              is_charge, is_ph;
    double            scale; /* of the balance at the last try */
    sei_equil_report *report;
    sei_misfit       *misfit;
} scan;

static void set_up(scan *s, sei_equil *eq, const sei_water *w)
{
    s->eq        = eq;
    s->w         = w;
    s->inner     = *w;
    s->is_charge = w->balance != SIZE_MAX;
    s->component = s->is_charge ? w->balance : w->alk_component;
    s->is_ph     = s->component == eq->net->n_comp - 1;
    memcpy(s->total, w->total, eq->net->n_comp * sizeof *s->total);
    s->inner.total = s->total;
    s->inner.warm  = false;
    if (s->is_charge)
        s->inner.balance = SIZE_MAX;
    else
        s->inner.alk_component = SIZE_MAX;
    if (s->is_ph)
        s->inner.fix_ph = true;
}

/* The balance at t, which is the pH or the log of the total. False when the rest has no solution there. */
static bool balance_at(scan *s, double t, double *ret_f)
{
    sei_balances b;

    if (s->is_ph)
        s->inner.ph = t;
    else
        s->total[s->component] = exp(t);
    if (s->inner.warm && s->inner.fix_ph)
        s->eq->x[s->eq->net->n_comp - 1] = -LN10 * s->inner.ph;
    if (!sei_equil_try(s->eq, &s->inner, &b, s->report, s->misfit))
        return false;
    s->inner.warm = true;
    if (s->is_charge) {
        sei_equil_charge(s->eq);
        s->scale = s->eq->charge_scale;
        *ret_f   = s->eq->charge - s->w->charge_eq_kgw;
    } else {
        sei_equil_alkalinity(s->eq);
        s->scale = s->eq->alk_scale + fabs(s->w->alk_eq_kgw);
        *ret_f   = s->eq->alk - s->w->alk_eq_kgw;
    }
    return true;
}

static bool is_root(const scan *s, double f)
{
    return fabs(f) <= TOLERANCE * s->scale;
}

typedef struct {
    double at, f;
    bool   open; /* may go on */
} front;

/* One step of a front; true when the sign has changed on the way. */
static bool advance(scan *s, front *side, double step, double limit, sei_root *ret_root)
{
    const front before = *side;

    if (!side->open)
        return false;
    side->at   = step > 0.0 ? fmin(side->at + step, limit) : fmax(side->at + step, limit);
    side->open = side->at != limit;
    if (!balance_at(s, side->at, &side->f)) {
        side->open = false;
        return false;
    }
    if ((before.f > 0.0) == (side->f > 0.0))
        return false;
    *ret_root = before.f > 0.0 ? sei_root_between(before.at, before.f, side->at, side->f)
                               : sei_root_between(side->at, side->f, before.at, before.f);
    return true;
}

/* Bounds of the root nearest to t. */
static bool walk(scan *s, double t, double f, sei_root *ret_root)
{
    const double low  = s->is_ph ? PH_LOW : log(TOTAL_LOW),
                 high = s->is_ph ? PH_HIGH : log(TOTAL_HIGH);
    front  down = {t, f, t > low}, up = {t, f, t < high};
    double step = 0.1;

    for (int k = 0; k < WALK_MAX && (down.open || up.open); k++) {
        if (advance(s, &down, -step, low, ret_root) || advance(s, &up, step, high, ret_root))
            return true;
        step = fmin(1.3 * step, 1.0);
    }
    return false;
}

bool sei_equil_scan(sei_equil *eq, const sei_water *w, sei_equil_report *report,
                    sei_misfit *ret_misfit)
{
    scan     s = {.report = report, .misfit = ret_misfit};
    sei_root root;
    double   f = 0.0;

    set_up(&s, eq, w);
    const double start = s.is_ph ? w->ph : log(fmax(w->total[s.component], 1e-9));
    if (!balance_at(&s, start, &f))
        return false;
    if (is_root(&s, f))
        return true;
    if (!walk(&s, start, f, &root)) { /* no sign change: the balance itself is what is left over */
        ret_misfit->worst    = s.component;
        ret_misfit->residual = fabs(f) / s.scale;
        return false;
    }
    for (int k = 0; k < ROOT_MAX; k++) {
        const double t = sei_root_next(&root);
        if (!balance_at(&s, t, &f))
            return false;
        if (is_root(&s, f) || sei_root_is_narrow(&root))
            return fabs(f) <= SEI_EQUIL_TOLERANCE * s.scale;
        sei_root_narrow(&root, t, f);
    }
    return false;
}
