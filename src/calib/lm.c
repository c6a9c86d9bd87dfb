/* lm.c - Levenberg and Marquardt's method within bounds */
#include "calib/lm.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "calib/least_squares.h"

enum { TRIES = 3, ROUNDS_MAX = 12 };

typedef struct {
    const sei_lm_problem *p;
    sei_lm_result        *out;
    sei_ctx              *ctx;
    double               *points, *residuals; /* [batch * n], [batch * m] */
    bool                 *ok;                 /* [batch] */
    double               *scale;              /* [n] largest norm of each column so far */
    double *a, *b, *step, *work; /* damped system: [(m + n) * n], [m + n], [n], [n * n] */
    size_t *free_of;             /* [n] unknowns that move */
    size_t  n_free, batch;
    double  damping;
    double  reach; /* longest step, in the scaled measure */
} state;

static double sum_of_squares(size_t m, const double r[])
{
    double sum = 0.0;

    for (size_t i = 0; i < m; i++)
        sum += r[i] * r[i];
    return sum;
}

static sei_status evaluate(state *s, size_t k)
{
    s->out->evaluations += (int)k;
    const sei_status st = s->p->residuals(s->p->user, k, s->points, s->residuals, s->ok);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < s->p->m && s->ok[i]; j++)
            s->ok[i] = isfinite(s->residuals[i * s->p->m + j]);
    return SEI_OK;
}

/* ---- the Jacobian ----------------------------------------------------------------------------- */

/* A step that stays within the bounds: to the other side where there is no room. */
static double step_of(const sei_lm_problem *p, const double x[], size_t j)
{
    const double h = p->step[j];

    if (x[j] + h <= p->upper[j])
        return h;
    return x[j] - h >= p->lower[j]                   ? -h
           : p->upper[j] - x[j] > x[j] - p->lower[j] ? p->upper[j] - x[j]
                                                     : p->lower[j] - x[j];
}

static bool has_room(const sei_lm_problem *p, const double x[], size_t j)
{
    return x[j] + p->step[j] <= p->upper[j] && x[j] - p->step[j] >= p->lower[j];
}

static void put_points(state *s)
{
    const size_t  n = s->p->n;
    const double *x = s->out->x;

    for (size_t j = 0; j < n; j++) {
        memcpy(s->points + j * n, x, n * sizeof *x);
        s->points[j * n + j] += step_of(s->p, x, j);
        if (!s->p->is_central)
            continue;
        memcpy(s->points + (n + j) * n, x, n * sizeof *x);
        if (has_room(s->p, x, j))
            s->points[(n + j) * n + j] -= s->p->step[j];
    }
}

/* Column j from the points beside x; zero where the model has no answer there. */
static void put_column(state *s, size_t j)
{
    const size_t  n = s->p->n, m = s->p->m;
    const double *to = s->residuals + j * m, *from = s->out->r;
    double        length = s->points[j * n + j] - s->out->x[j];

    if (s->p->is_central && s->ok[n + j] && has_room(s->p, s->out->x, j)) {
        from   = s->residuals + (n + j) * m;
        length = s->points[j * n + j] - s->points[(n + j) * n + j];
    }
    for (size_t i = 0; i < m; i++)
        s->out->jacobian[j * m + i] = s->ok[j] && length != 0.0 ? (to[i] - from[i]) / length : 0.0;
}

static sei_status set_jacobian(state *s)
{
    const size_t n = s->p->n, m = s->p->m;

    put_points(s);
    const sei_status st = evaluate(s, s->p->is_central ? 2 * n : n);
    if (st != SEI_OK)
        return st;
    for (size_t j = 0; j < n; j++) {
        put_column(s, j);
        const double size = sqrt(sum_of_squares(m, s->out->jacobian + j * m));
        s->scale[j]       = fmax(s->scale[j], size);
    }
    return SEI_OK;
}

static double gradient(const state *s, size_t j)
{
    double sum = 0.0;

    for (size_t i = 0; i < s->p->m; i++)
        sum += s->out->jacobian[j * s->p->m + i] * s->out->r[i];
    return sum;
}

/* Which unknowns move, and whether any of them would still change anything. */
static bool find_free(state *s)
{
    const double *x = s->out->x, size = sqrt(s->out->sum_of_squares);
    bool          is_steep = false;

    s->n_free = 0;
    for (size_t j = 0; j < s->p->n; j++) {
        const double g = gradient(s, j);
        const bool   rests =
            (x[j] <= s->p->lower[j] && g > 0.0) || (x[j] >= s->p->upper[j] && g < 0.0);
        s->out->is_at_bound[j] = x[j] <= s->p->lower[j] || x[j] >= s->p->upper[j];
        if (rests || s->scale[j] == 0.0)
            continue;
        s->free_of[s->n_free++] = j;
        is_steep                = is_steep || fabs(g) > 1e-14 * size * s->scale[j];
    }
    return is_steep;
}

/* ---- one step --------------------------------------------------------------------------------- */

static double step_length(const state *s)
{
    double sum = 0.0;

    for (size_t c = 0; c < s->n_free; c++)
        sum += s->scale[s->free_of[c]] * s->step[c] * s->scale[s->free_of[c]] * s->step[c];
    return sqrt(sum);
}

/* min |J d + r|^2 + damping |D d|^2 over the free unknowns, then cut at the bounds, into a point. */
static bool put_trial(state *s, double damping, double point[])
{
    const size_t m = s->p->m, k = s->n_free, rows = m + k;

    memset(s->a, 0, rows * k * sizeof *s->a);
    memset(s->b, 0, rows * sizeof *s->b);
    for (size_t c = 0; c < k; c++) {
        memcpy(s->a + c * rows, s->out->jacobian + s->free_of[c] * m, m * sizeof *s->a);
        s->a[c * rows + m + c] = sqrt(damping) * s->scale[s->free_of[c]];
    }
    for (size_t i = 0; i < m; i++)
        s->b[i] = -s->out->r[i];
    if (!sei_least_squares(rows, k, s->a, s->b, s->step))
        return false;
    const double share = fmin(1.0, s->reach / step_length(s));
    memcpy(point, s->out->x, s->p->n * sizeof *point);
    for (size_t c = 0; c < k; c++) {
        const size_t j = s->free_of[c];
        point[j]       = fmin(fmax(point[j] + share * s->step[c], s->p->lower[j]), s->p->upper[j]);
    }
    return true;
}

/* Three dampings at once; the best of them, SIZE_MAX when none is better than where we are. */
static sei_status try_steps(state *s, size_t *ret_best)
{
    static const double factor[TRIES] = {0.1, 1.0, 10.0};
    const size_t        n = s->p->n, m = s->p->m;
    double              least = s->out->sum_of_squares;
    bool                is_set[TRIES];

    *ret_best = SIZE_MAX;
    for (size_t t = 0; t < TRIES; t++) {
        is_set[t] = put_trial(s, s->damping * factor[t], s->points + t * n);
        if (!is_set[t])
            memcpy(s->points + t * n, s->out->x, n * sizeof *s->points);
    }
    const sei_status st = evaluate(s, TRIES);
    for (size_t t = 0; t < TRIES && st == SEI_OK; t++) {
        const double sum =
            s->ok[t] && is_set[t] ? sum_of_squares(m, s->residuals + t * m) : (double)INFINITY;
        if (sum < least) {
            least     = sum;
            *ret_best = t;
        }
    }
    if (*ret_best != SIZE_MAX)
        s->damping *= factor[*ret_best];
    return st;
}

static double moved(const state *s, const double to[])
{
    double most = 0.0;

    for (size_t j = 0; j < s->p->n; j++)
        most = fmax(most, fabs(to[j] - s->out->x[j]) / fmax(fabs(to[j]), s->p->step[j]));
    return most;
}

/* In the measure of the steps. */
static double distance(const state *s, const double to[])
{
    double sum = 0.0;

    for (size_t j = 0; j < s->p->n; j++)
        sum += s->scale[j] * (to[j] - s->out->x[j]) * s->scale[j] * (to[j] - s->out->x[j]);
    return sqrt(sum);
}

/* Takes the best trial. *ret_is_done when there is nothing left to gain. */
static sei_status advance(state *s, bool *ret_is_done)
{
    const size_t n = s->p->n, m = s->p->m;
    size_t       best = SIZE_MAX;

    for (int round = 0; round < ROUNDS_MAX && best == SIZE_MAX; round++) {
        const sei_status st = try_steps(s, &best);
        if (st != SEI_OK)
            return st;
        if (best == SIZE_MAX) {
            s->damping *= 1e3;
            s->reach *= 0.25;
        }
    }
    *ret_is_done = best == SIZE_MAX;
    if (best == SIZE_MAX) {
        s->out->end = SEI_LM_STUCK;
        s->damping  = 1e-3;
        return SEI_OK;
    }
    const double *to = s->points + best * n, *r = s->residuals + best * m;
    const double  sum = sum_of_squares(m, r), before = s->out->sum_of_squares;
    const double  way = moved(s, to);
    s->reach          = fmax(s->reach, 2.0 * distance(s, to));
    memcpy(s->out->x, to, n * sizeof *to);
    memcpy(s->out->r, r, m * sizeof *r);
    s->out->sum_of_squares = sum;
    if (before - sum <= s->p->tolerance * before && way <= sqrt(s->p->tolerance)) {
        s->out->end  = SEI_LM_REDUCTION;
        *ret_is_done = true;
    }
    return SEI_OK;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static void set_covariance(state *s)
{
    const size_t n = s->p->n, m = s->p->m, k = s->n_free;
    double      *inverse = s->points; /* [batch * n] is room enough for [n * n] */

    memset(s->out->covariance, 0, n * n * sizeof *s->out->covariance);
    for (size_t c = 0; c < k; c++)
        memcpy(s->a + c * m, s->out->jacobian + s->free_of[c] * m, m * sizeof *s->a);
    memset(s->b, 0, m * sizeof *s->b);
    s->out->is_identified = k > 0 && sei_least_squares(m, k, s->a, s->b, s->step);
    if (!s->out->is_identified)
        return;
    sei_least_squares_inverse(m, k, s->a, s->work, inverse);
    for (size_t c = 0; c < k; c++)
        for (size_t d = 0; d < k; d++)
            s->out->covariance[s->free_of[c] * n + s->free_of[d]] = inverse[c * k + d];
}

static sei_status begin(state *s)
{
    const sei_lm_problem *p = s->p;

    if (p->n == 0 || p->m < p->n)
        return sei_fail(s->ctx, SEI_E_ARG, NULL, "%zu unknowns from %zu residuals", p->n, p->m);
    for (size_t j = 0; j < p->n; j++)
        if (!(p->start[j] >= p->lower[j] && p->start[j] <= p->upper[j] && p->step[j] > 0.0))
            return sei_fail(s->ctx, SEI_E_RANGE, NULL, "unknown %zu starts at %g, outside %g..%g",
                            j, p->start[j], p->lower[j], p->upper[j]);
    memcpy(s->points, p->start, p->n * sizeof *p->start);
    const sei_status st = evaluate(s, 1);
    if (st != SEI_OK)
        return st;
    if (!s->ok[0])
        return sei_fail(s->ctx, SEI_E_RANGE, NULL, "the model has no answer at the start");
    memcpy(s->out->x, p->start, p->n * sizeof *p->start);
    memcpy(s->out->r, s->residuals, p->m * sizeof *s->residuals);
    s->out->sum_of_squares = s->out->sum_at_start = sum_of_squares(p->m, s->out->r);
    return SEI_OK;
}

/* A first step as long as the start itself, as MINPACK has it (more1978), and never none. */
static double first_reach(const state *s)
{
    double sum = 0.0, least = 0.0;

    for (size_t j = 0; j < s->p->n; j++) {
        sum += s->scale[j] * s->out->x[j] * s->scale[j] * s->out->x[j];
        least = fmax(least, s->scale[j] * s->p->step[j]);
    }
    return fmax(sqrt(sum), 100.0 * least);
}

static sei_status iterate(state *s)
{
    bool       is_done = false;
    sei_status st      = SEI_OK;

    s->damping  = 1.0; /* a start is seldom near: the first steps are short ones */
    s->out->end = SEI_LM_ITERATIONS;
    while (st == SEI_OK) {
        st = set_jacobian(s);
        if (st != SEI_OK || is_done || s->out->iterations >= s->p->max_iterations)
            break; /* the Jacobian is that of the end, for the covariance */
        if (s->reach == 0.0)
            s->reach = first_reach(s);
        if (!find_free(s)) {
            s->out->end = SEI_LM_GRADIENT;
            break;
        }
        st = advance(s, &is_done);
        s->out->iterations++;
        if (st == SEI_OK && s->p->progress)
            s->p->progress(s->p->user, s->out->iterations, s->out->sum_of_squares);
    }
    if (st == SEI_OK) {
        (void)find_free(s);
        set_covariance(s);
    }
    return st;
}

static bool allot(state *s)
{
    const size_t   n = s->p->n, m = s->p->m;
    sei_lm_result *out = s->out;

    s->batch         = 2 * n > TRIES ? 2 * n : TRIES;
    out->memory      = sei_alloc(s->ctx, n + m + m * n + n * n, sizeof(double));
    out->is_at_bound = sei_alloc(s->ctx, n + 1, sizeof(bool));
    s->points        = sei_alloc(s->ctx, s->batch * n + n * n, sizeof(double));
    s->residuals     = sei_alloc(s->ctx, s->batch * m, sizeof(double));
    s->ok            = sei_alloc(s->ctx, s->batch, sizeof(bool));
    s->scale         = sei_alloc(s->ctx, n, sizeof(double));
    s->a             = sei_alloc(s->ctx, (m + n) * n, sizeof(double));
    s->b             = sei_alloc(s->ctx, m + n, sizeof(double));
    s->step          = sei_alloc(s->ctx, n, sizeof(double));
    s->work          = sei_alloc(s->ctx, n * n, sizeof(double));
    s->free_of       = sei_alloc(s->ctx, n, sizeof(size_t));
    if (!out->memory || !out->is_at_bound || !s->points || !s->residuals || !s->ok || !s->scale ||
        !s->a || !s->b || !s->step || !s->work || !s->free_of)
        return false;
    out->x          = out->memory;
    out->r          = out->x + n;
    out->jacobian   = out->r + m;
    out->covariance = out->jacobian + m * n;
    memset(s->scale, 0, n * sizeof *s->scale);
    return true;
}

static void clear(state *s)
{
    sei_release(s->ctx, s->points);
    sei_release(s->ctx, s->residuals);
    sei_release(s->ctx, s->ok);
    sei_release(s->ctx, s->scale);
    sei_release(s->ctx, s->a);
    sei_release(s->ctx, s->b);
    sei_release(s->ctx, s->step);
    sei_release(s->ctx, s->work);
    sei_release(s->ctx, s->free_of);
}

void sei_lm_done(sei_ctx *ctx, sei_lm_result *result)
{
    sei_release(ctx, result->memory);
    sei_release(ctx, result->is_at_bound);
    *result = (sei_lm_result){0};
}

sei_status sei_lm_solve(sei_ctx *ctx, const sei_lm_problem *problem, sei_lm_result *ret)
{
    sei_lm_result out = {0};
    state         s   = {.p = problem, .out = &out, .ctx = ctx};
    sei_status    st  = SEI_OK;

    if (problem->n == 0 || problem->n > 4096 || problem->m > SIZE_MAX / sizeof(double) / 8192)
        return sei_fail(ctx, SEI_E_ARG, NULL, "%zu unknowns from %zu residuals", problem->n,
                        problem->m);
    if (!allot(&s))
        st = SEI_E_NOMEM;
    if (st == SEI_OK)
        st = begin(&s);
    if (st == SEI_OK)
        st = iterate(&s);
    clear(&s);
    if (st != SEI_OK) {
        sei_lm_done(ctx, &out);
        return st;
    }
    *ret = out;
    return SEI_OK;
}
