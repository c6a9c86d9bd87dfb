/* lp.c - the bounded primal simplex method on a dense tableau */
#include "num/lp.h"

#include <math.h>
#include <string.h>

#include "num/dense.h"

/* Of the scaled program, whose coefficients are about 1. */
static const double price_least = 1e-9; /* of a cost that is still worth a step */
static const double bound_slack =
    1e-9; /* of an unknown at its bound, in units of the largest bound or right side */
static const double over_slack =
    1e-12; /* by which a step may overstep a bound, far within bound_slack */
static const double step_least = 1e-12; /* of a step that counts as one */

enum { STILL_MAX = 40, ROUNDS_MAX = 8 };

/*
 * Unknown j < cols is x[j] of the caller over col_scale[j]; cols + i is what row i has left to its right side: 0 of an
 * equation, >= 0 of an inequality. Columns of the latter are kept, since they may come back.
 */
struct sei_lp {
    sei_ctx *ctx;
    size_t   rows, cols, n; /* n: all unknowns */
    double   pivot_least;   /* of a coefficient that may be divided by */
    double   unit;  /* largest of bounds and right sides, which tells how large unknowns are */
    double  *a, *b; /* scaled, as given */
    double  *row_scale, *col_scale, *slack;
    double  *low, *high;   /* [n] */
    bool    *is_at_most;   /* [rows] */
    double  *t;            /* [rows * n] tableau: columns in terms of the basis */
    double  *x;            /* [n] where everything is */
    size_t  *basis;        /* [rows] */
    bool    *is_basic;     /* [n] */
    double  *cost, *price; /* [n] */
    double  *lu;           /* [rows * rows] */
    double  *rhs;          /* [rows] */
    size_t  *pivot;        /* [rows] */
};

static void *take(sei_lp *lp, size_t n, size_t size, bool *ok)
{
    void *p = sei_alloc(lp->ctx, n ? n : 1, size);

    *ok = *ok && p;
    return p;
}

static bool allocate(sei_lp *lp)
{
    const size_t m = lp->rows, n = lp->n;
    bool         ok = true;

    lp->a          = take(lp, m * lp->cols, sizeof *lp->a, &ok);
    lp->b          = take(lp, m, sizeof *lp->b, &ok);
    lp->row_scale  = take(lp, m, sizeof *lp->row_scale, &ok);
    lp->col_scale  = take(lp, lp->cols, sizeof *lp->col_scale, &ok);
    lp->slack      = take(lp, m, sizeof *lp->slack, &ok);
    lp->low        = take(lp, n, sizeof *lp->low, &ok);
    lp->high       = take(lp, n, sizeof *lp->high, &ok);
    lp->is_at_most = take(lp, m, sizeof *lp->is_at_most, &ok);
    lp->t          = take(lp, m * n, sizeof *lp->t, &ok);
    lp->x          = take(lp, n, sizeof *lp->x, &ok);
    lp->basis      = take(lp, m, sizeof *lp->basis, &ok);
    lp->is_basic   = take(lp, n, sizeof *lp->is_basic, &ok);
    lp->cost       = take(lp, n, sizeof *lp->cost, &ok);
    lp->price      = take(lp, n, sizeof *lp->price, &ok);
    lp->lu         = take(lp, m * m, sizeof *lp->lu, &ok);
    lp->rhs        = take(lp, m, sizeof *lp->rhs, &ok);
    lp->pivot      = take(lp, m, sizeof *lp->pivot, &ok);
    return ok;
}

void sei_lp_free(sei_lp *lp)
{
    if (!lp)
        return;
    void *const parts[] = {lp->a,     lp->b,        lp->row_scale, lp->col_scale,  lp->slack,
                           lp->low,   lp->high,     lp->t,         lp->is_at_most, lp->x,
                           lp->basis, lp->is_basic, lp->cost,      lp->price,      lp->lu,
                           lp->rhs,   lp->pivot};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        sei_release(lp->ctx, parts[i]);
    sei_release(lp->ctx, lp);
}

/* ------------------------------------------------------------------ scaling */

/* The power of 2 next to a size, so that scaling rounds nothing. */
static double power_of(double size)
{
    int power;

    if (!(size > 0.0) || !isfinite(size))
        return 1.0;
    (void)frexp(size, &power);
    return ldexp(1.0, power);
}

/* Unknowns of about 1, and 1 as the largest term of a row. */
static void scale(sei_lp *lp, const double typical[])
{
    const size_t m = lp->rows, n = lp->cols;

    for (size_t j = 0; j < n; j++)
        lp->col_scale[j] = typical ? power_of(typical[j]) : 1.0;
    for (size_t i = 0; i < m; i++) {
        double largest = 0.0;
        for (size_t j = 0; j < n; j++)
            largest = fmax(largest, fabs(lp->a[i * n + j]) * lp->col_scale[j]);
        lp->row_scale[i] = 1.0 / power_of(largest);
        for (size_t j = 0; j < n; j++)
            lp->a[i * n + j] *= lp->row_scale[i] * lp->col_scale[j];
        lp->b[i] *= lp->row_scale[i];
        lp->slack[i] *= lp->row_scale[i];
    }
}

sei_status sei_lp_create(sei_ctx *ctx, size_t rows, size_t cols, const double a[], const double b[],
                         const bool is_at_most[], const double slack[], const double typical[],
                         sei_lp **ret_lp)
{
    if (rows == 0 || cols == 0 || rows > SEI_LP_ROWS_MAX || cols > SEI_LP_COLS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "a linear program of %zu rows and %zu unknowns is outside 1..%d and 1..%d",
                        rows, cols, (int)SEI_LP_ROWS_MAX, (int)SEI_LP_COLS_MAX);
    sei_lp *lp = sei_alloc(ctx, 1, sizeof *lp);
    if (!lp)
        return SEI_E_NOMEM;
    *lp = (sei_lp){.ctx = ctx, .rows = rows, .cols = cols, .n = cols + rows};
    if (!allocate(lp)) {
        sei_lp_free(lp);
        return SEI_E_NOMEM;
    }
    memcpy(lp->a, a, rows * cols * sizeof *a);
    memcpy(lp->b, b, rows * sizeof *b);
    memcpy(lp->slack, slack, rows * sizeof *slack);
    memcpy(lp->is_at_most, is_at_most, rows * sizeof *is_at_most);
    scale(lp, typical);
    for (size_t j = 0; j < cols; j++)
        lp->high[j] = HUGE_VAL;
    *ret_lp = lp;
    return SEI_OK;
}

void sei_lp_bound(sei_lp *lp, size_t col, double low, double high)
{
    lp->low[col]  = low / lp->col_scale[col];
    lp->high[col] = high / lp->col_scale[col];
}

/* ------------------------------------------------------------------ the tableau */

static double nearest_bound(const sei_lp *lp, size_t j)
{
    if (lp->low[j] <= 0.0 && lp->high[j] >= 0.0 && !(isfinite(lp->low[j]) || isfinite(lp->high[j])))
        return 0.0;
    if (!isfinite(lp->low[j]))
        return lp->high[j];
    if (!isfinite(lp->high[j]))
        return lp->low[j];
    return fabs(lp->low[j]) <= fabs(lp->high[j]) ? lp->low[j] : lp->high[j];
}

static double largest_of_bounds(const sei_lp *lp)
{
    double unit = 0.0;

    for (size_t i = 0; i < lp->rows; i++)
        unit = fmax(unit, fabs(lp->b[i]));
    for (size_t j = 0; j < lp->cols; j++) {
        if (isfinite(lp->low[j]))
            unit = fmax(unit, fabs(lp->low[j]));
        if (isfinite(lp->high[j]))
            unit = fmax(unit, fabs(lp->high[j]));
    }
    return unit > 0.0 ? unit : 1.0;
}

/* Every unknown at a bound, and what the rows have left as the basis. */
static void start(sei_lp *lp)
{
    lp->unit = largest_of_bounds(lp);
    for (size_t j = 0; j < lp->cols; j++) {
        lp->x[j]        = nearest_bound(lp, j);
        lp->is_basic[j] = false;
    }
    for (size_t i = 0; i < lp->rows; i++) {
        const size_t k    = lp->cols + i;
        double       left = lp->b[i];
        for (size_t j = 0; j < lp->cols; j++)
            left -= lp->a[i * lp->cols + j] * lp->x[j];
        memcpy(&lp->t[i * lp->n], &lp->a[i * lp->cols], lp->cols * sizeof *lp->t);
        memset(&lp->t[i * lp->n + lp->cols], 0, lp->rows * sizeof *lp->t);
        lp->t[i * lp->n + k] = 1.0;
        lp->x[k]             = left;
        lp->low[k]           = 0.0;
        lp->high[k]          = lp->is_at_most[i] ? HUGE_VAL : 0.0;
        lp->basis[i]         = k;
        lp->is_basic[k]      = true;
    }
}

static void exchange(sei_lp *lp, size_t row, size_t col)
{
    const size_t n = lp->n;
    double      *p = &lp->t[row * n];
    const double f = 1.0 / p[col];

    for (size_t j = 0; j < n; j++)
        p[j] *= f;
    p[col] = 1.0;
    for (size_t i = 0; i < lp->rows; i++) {
        double *q = &lp->t[i * n];
        if (i == row || q[col] == 0.0)
            continue;
        const double g = q[col];
        for (size_t j = 0; j < n; j++)
            q[j] -= g * p[j];
        q[col] = 0.0;
    }
    lp->is_basic[lp->basis[row]] = false;
    lp->is_basic[col]            = true;
    lp->basis[row]               = col;
}

/* -1: below its bounds, 1: above them. */
static int side(const sei_lp *lp, size_t j)
{
    if (lp->x[j] < lp->low[j] - bound_slack * lp->unit)
        return -1;
    return lp->x[j] > lp->high[j] + bound_slack * lp->unit ? 1 : 0;
}

/* Of what is outside its bounds in phase 1, of the cost in phase 2. */
static bool set_prices(sei_lp *lp, bool is_first)
{
    bool any = false;

    if (is_first)
        memset(lp->price, 0, lp->n * sizeof *lp->price);
    else
        memcpy(lp->price, lp->cost, lp->n * sizeof *lp->price);
    for (size_t i = 0; i < lp->rows; i++) {
        const size_t  k      = lp->basis[i];
        const double  weight = is_first ? side(lp, k) : lp->cost[k];
        const double *row    = &lp->t[i * lp->n];
        if (weight == 0.0)
            continue;
        any = true;
        for (size_t j = 0; j < lp->n; j++)
            lp->price[j] -= weight * row[j];
    }
    return any;
}

/* The unknown that is to move and its direction; n: none pays. */
static size_t choose(const sei_lp *lp, bool by_bland, double *ret_direction)
{
    size_t best = lp->n;
    double most = price_least;

    for (size_t j = 0; j < lp->n; j++) {
        if (lp->is_basic[j] || lp->low[j] == lp->high[j])
            continue;
        const bool may_rise = lp->x[j]<lp->high[j], may_fall = lp->x[j]> lp->low[j];
        const double                                                     price = lp->price[j];
        if (!((price < -most && may_rise) || (price > most && may_fall)))
            continue;
        best           = j;
        *ret_direction = price < 0.0 ? 1.0 : -1.0;
        if (by_bland)
            return best;
        most = fabs(price);
    }
    return best;
}

/* Where basis unknown k has to stop at this speed: at the bound ahead; in phase 1 one that is outside its bounds, at the
 * one that it is to reach. */
static double stop_of(const sei_lp *lp, size_t k, double speed, bool is_first)
{
    const int where = is_first ? side(lp, k) : 0;

    if (where < 0)
        return speed > 0.0 ? lp->low[k] : -HUGE_VAL;
    if (where > 0)
        return speed > 0.0 ? HUGE_VAL : lp->high[k];
    return speed > 0.0 ? lp->high[k] : lp->low[k];
}

typedef struct {
    size_t row; /* rows: the unknown itself reaches its other bound */
    double length, stop, speed;
} step;

/* The longest step if bounds could be overstepped by their slack (Harris 1973, Math. Programming 5, 1). */
static double longest(const sei_lp *lp, size_t col, double direction, bool is_first)
{
    double most = HUGE_VAL;

    for (size_t i = 0; i < lp->rows; i++) {
        const double speed = -lp->t[i * lp->n + col] * direction;
        if (fabs(speed) < lp->pivot_least)
            continue;
        const double stop = stop_of(lp, lp->basis[i], speed, is_first);
        if (isfinite(stop))
            most = fmin(most, (fmax((stop - lp->x[lp->basis[i]]) / speed, 0.0)) +
                                  over_slack * lp->unit / fabs(speed));
    }
    return most;
}

/* Of the rows that stop within the longest step the one with the largest coefficient, which loses the fewest digits; by
 * Bland the first unknown of those that stop first. */
static bool is_better(const sei_lp *lp, const step *s, const step *best, double most, bool by_bland)
{
    if (!by_bland)
        return s->length <= most && s->speed > best->speed;
    return s->length < best->length || (s->length == best->length && best->row < lp->rows &&
                                        lp->basis[s->row] < lp->basis[best->row]);
}

static step measure(const sei_lp *lp, size_t col, double direction, bool is_first, bool by_bland)
{
    const double own  = direction > 0.0 ? lp->high[col] : lp->low[col];
    step         best = {lp->rows, isfinite(own) ? fabs(own - lp->x[col]) : HUGE_VAL, own, 0.0};
    const double most = by_bland ? HUGE_VAL : longest(lp, col, direction, is_first);

    if (best.length <= most && !by_bland)
        return best;
    for (size_t i = 0; i < lp->rows; i++) {
        const size_t k     = lp->basis[i];
        const double speed = -lp->t[i * lp->n + col] * direction;
        if (fabs(speed) < lp->pivot_least)
            continue;
        const double stop = stop_of(lp, k, speed, is_first);
        if (!isfinite(stop))
            continue;
        const double ahead = (stop - lp->x[k]) / speed; /* beyond its bound it stays there */
        const step   s     = {i, fmax(ahead, 0.0), ahead < 0.0 ? lp->x[k] : stop, fabs(speed)};
        if (is_better(lp, &s, &best, most, by_bland))
            best = s;
    }
    return best;
}

static void move(sei_lp *lp, size_t col, double direction, const step *s)
{
    for (size_t i = 0; i < lp->rows; i++)
        lp->x[lp->basis[i]] -= lp->t[i * lp->n + col] * direction * s->length;
    lp->x[col] += direction * s->length;
    if (s->row == lp->rows) {
        lp->x[col] = s->stop;
        return;
    }
    lp->x[lp->basis[s->row]] = s->stop;
    exchange(lp, s->row, col);
}

static sei_lp_result descend(sei_lp *lp, bool is_first)
{
    const size_t steps_max = 50 * (lp->rows + lp->n);
    size_t       still     = 0;

    for (size_t k = 0; k < steps_max; k++) {
        double direction = 1.0;
        if (!set_prices(lp, is_first) && is_first)
            return SEI_LP_OPTIMAL;
        const bool   by_bland = still > STILL_MAX;
        const size_t col      = choose(lp, by_bland, &direction);
        if (col == lp->n)
            return SEI_LP_OPTIMAL;
        const step s = measure(lp, col, direction, is_first, by_bland);
        if (!isfinite(s.length))
            return SEI_LP_UNBOUNDED;
        still = s.length > step_least * lp->unit ? 0 : still + 1;
        move(lp, col, direction, &s);
    }
    return SEI_LP_STALLED;
}

/* ------------------------------------------------------------------ answers */

/* Where everything is, anew from the rows as they were given: the tableau has rounded at every step. */
static bool refine(sei_lp *lp)
{
    const size_t m = lp->rows, n = lp->cols;

    for (size_t i = 0; i < m; i++) {
        lp->rhs[i] = lp->b[i];
        for (size_t j = 0; j < n; j++)
            if (!lp->is_basic[j])
                lp->rhs[i] -= lp->a[i * n + j] * lp->x[j];
        if (!lp->is_basic[n + i])
            lp->rhs[i] -= lp->x[n + i];
        for (size_t k = 0; k < m; k++)
            lp->lu[i * m + k] =
                lp->basis[k] < n ? lp->a[i * n + lp->basis[k]] : lp->basis[k] == n + i;
    }
    if (!sei_lu_factor(m, lp->lu, lp->pivot))
        return false;
    sei_lu_solve(m, lp->lu, lp->pivot, lp->rhs);
    for (size_t k = 0; k < m; k++)
        lp->x[lp->basis[k]] = lp->rhs[k];
    return true;
}

/* The tableau of the basis anew, by the factors that refine has left. */
static void rebuild(sei_lp *lp)
{
    const size_t m = lp->rows;

    for (size_t j = 0; j < lp->n; j++) {
        for (size_t i = 0; i < m; i++)
            lp->rhs[i] = j < lp->cols ? lp->a[i * lp->cols + j] : j == lp->cols + i;
        sei_lu_solve(m, lp->lu, lp->pivot, lp->rhs);
        for (size_t i = 0; i < m; i++)
            lp->t[i * lp->n + j] = lp->rhs[i];
    }
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++)
            lp->t[i * lp->n + lp->basis[k]] = i == k;
}

/* Rows that say the same but for the rounding of their numbers are left off by a little, within their slack. */
static bool is_within(const sei_lp *lp)
{
    for (size_t i = 0; i < lp->rows; i++) {
        const size_t k   = lp->basis[i];
        const size_t row = k - lp->cols;
        if (side(lp, k) == 0)
            continue;
        if (k < lp->cols || lp->x[k] < -lp->slack[row] - bound_slack * lp->unit ||
            (!lp->is_at_most[row] && lp->x[k] > lp->slack[row] + bound_slack * lp->unit))
            return false;
    }
    return true;
}

static sei_lp_result finish(sei_lp *lp, const double cost[], double ret_x[], double *ret_cost)
{
    double most = 0.0; /* so that what a step must pay does not hang on the unit of the cost */

    for (size_t j = 0; j < lp->cols; j++)
        most = fmax(most, fabs(cost[j] * lp->col_scale[j]));
    for (size_t j = 0; j < lp->cols; j++)
        lp->cost[j] = most > 0.0 ? cost[j] * lp->col_scale[j] / most : 0.0;
    memset(&lp->cost[lp->cols], 0, lp->rows * sizeof *lp->cost);
    for (int round = 0;; round++) { /* what rounding has moved out of its bounds is brought back */
        const sei_lp_result result = descend(lp, false);
        if (result != SEI_LP_OPTIMAL && result != SEI_LP_UNBOUNDED)
            return result;
        if (round == ROUNDS_MAX || !refine(lp))
            return SEI_LP_STALLED;
        if (is_within(lp) && result == SEI_LP_UNBOUNDED)
            return result;
        if (is_within(lp))
            break;
        rebuild(lp);
        if (descend(lp, true) != SEI_LP_OPTIMAL)
            return SEI_LP_STALLED;
    }
    *ret_cost = 0.0;
    for (size_t j = 0; j < lp->cols; j++) {
        ret_x[j] = lp->x[j] * lp->col_scale[j];
        *ret_cost += cost[j] * ret_x[j];
    }
    return SEI_LP_OPTIMAL;
}

/* Everything within its bounds; OPTIMAL tells that it could be tried to the end. */
static sei_lp_result settle(sei_lp *lp)
{
    for (int round = 0; round < 2; round++) { /* again if rounding has moved something */
        if (descend(lp, true) != SEI_LP_OPTIMAL || !refine(lp))
            return SEI_LP_STALLED;
        rebuild(lp);
    }
    return SEI_LP_OPTIMAL;
}

/* Rows may be off by their slack. */
static void relax(sei_lp *lp)
{
    for (size_t i = 0; i < lp->rows; i++) {
        const size_t k = lp->cols + i;
        lp->low[k]     = -lp->slack[i];
        lp->high[k]    = lp->is_at_most[i] ? HUGE_VAL : lp->slack[i];
        if (!lp->is_basic[k])
            lp->x[k] = fmin(fmax(lp->x[k], lp->low[k]), lp->high[k]);
    }
}

/* Slack is made use of only where there is nothing without it. */
static sei_lp_result solve_once(sei_lp *lp, const double cost[], double ret_x[], double *ret_cost)
{
    start(lp);
    sei_lp_result result = settle(lp);
    if (result == SEI_LP_OPTIMAL && !is_within(lp)) {
        relax(lp);
        result = settle(lp);
    }
    if (result != SEI_LP_OPTIMAL)
        return result;
    return is_within(lp) ? finish(lp, cost, ret_x, ret_cost) : SEI_LP_INFEASIBLE;
}

/* Rows that nearly say the same can be lost in rounding: again, dividing by nothing small. */
sei_lp_result sei_lp_solve(sei_lp *lp, const double cost[], double ret_x[], double *ret_cost)
{
    sei_lp_result result = SEI_LP_STALLED;

    for (lp->pivot_least = 1e-9; lp->pivot_least < 1e-4 && result == SEI_LP_STALLED;
         lp->pivot_least *= 100.0)
        result = solve_once(lp, cost, ret_x, ret_cost);
    return result;
}

sei_lp_result sei_lp_again(sei_lp *lp, const double cost[], double ret_x[], double *ret_cost)
{
    const sei_lp_result result = finish(lp, cost, ret_x, ret_cost);

    return result == SEI_LP_STALLED ? sei_lp_solve(lp, cost, ret_x, ret_cost) : result;
}

double sei_lp_violation(const sei_lp *lp, size_t row)
{
    const double left = lp->x[lp->cols + row];

    if (left < -lp->slack[row] || (!lp->is_at_most[row] && left > lp->slack[row]))
        return -left / lp->row_scale[row];
    return 0.0;
}
