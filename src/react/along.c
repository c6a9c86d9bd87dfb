/*
 * along.c - one reactant whose rate hangs on nothing but what has reacted
 *
 * With a single reactant and no clock in its rate, x' = f(x): the time to x is the integral of dx / f(x), however stiff the
 * reaction is in time. f is asked for at few places, an equilibrium each, and taken as the polynomial through those that lie
 * near and have the same minerals; where a mineral comes or goes f has a corner, which lies where the polynomials of both sides
 * meet. Equilibria start from the polynomials through those of the nodes.
 */
#include <math.h>
#include <string.h>

#include "num/crossing.h"
#include "react/kinetics_impl.h"

enum {
    NODES       = SEI_COURSE_NODES,
    TERMS       = SEI_CROSSING_TERMS,
    ASKED_MAX   = 150, /* then steps in time do the rest */
    FAILED_MAX  = 8,
    GUESS_TERMS = 5,
    SLOPED_MAX  = 4, /* nodes that slopes are of use beside: more know them better */
    HALVINGS    = 50
};

static const double first_share = 1.0; /* of the xi at which a straight line ends: the first node */
static const double first_part  = 0.1; /* of the limit, where no slope tells more */
static const double trace       = 1e-9; /* of what was there of an element: not to be gone beyond */
static const double last_share  = 0.5;  /* of the tolerance: what is left of the reactant */
static const double gap_share   = 0.1;  /* of the tolerance: the error from node to node */
static const double at_end   = 0.1; /* of the tolerance: so near before the end a node is the end */
static const double short_of = 0.05; /* of the tolerance: a node is aimed so near before the end */
static const double closest  = 1e-3; /* of the tolerance: between two nodes */
static const double surprise_max = 0.25; /* of the rate: a curve that misses more is none */
static const double growth_max = 3.0, growth_min = 0.5, cautious = 0.8;
static const double beside = 0.1; /* of the way to a corner that a node keeps from it */

static sei_course_node *at(sei_course *c, size_t place)
{
    return &c->node[c->order[place]];
}

/* ---- curves through nodes ---- */

/* Places of nodes with the set of that at place, as near as any to x, from near to far; without one of them. */
static size_t gather_but(sei_course *c, size_t place, double x, size_t max, size_t without,
                         size_t ret_place[])
{
    const uint64_t set = at(c, place)->set;
    size_t         low = place, high = place + 1, n = 0;

    while (low > 0 && at(c, low - 1)->set == set)
        low--;
    while (high < c->n && at(c, high)->set == set)
        high++;
    for (size_t p = low; p < high; p++) {
        if (p == without)
            continue;
        const double off = fabs(at(c, p)->xi - x);
        size_t       k   = n < max ? n++ : max;
        for (; k > 0 && fabs(at(c, ret_place[k - 1])->xi - x) > off; k--)
            if (k < max)
                ret_place[k] = ret_place[k - 1];
        if (k < max)
            ret_place[k] = p;
    }
    return n;
}

static size_t gather(sei_course *c, size_t place, double x, size_t max, size_t ret_place[])
{
    return gather_but(c, place, x, max, SIZE_MAX, ret_place);
}

/* Of the rates between two places, through nodes like the one at place. False: too few. */
static bool fit_but(sei_course *c, size_t place, double from, double to, size_t without,
                    sei_rate_curve *ret)
{
    size_t       near[TERMS], n = 0;
    double       z[2 * TERMS], rate[2 * TERMS], slope[2 * TERMS];
    const size_t found = gather_but(c, place, 0.5 * (from + to), TERMS, without, near);

    for (size_t i = 0; i < found; i++) {
        const sei_course_node *q     = at(c, near[i]);
        const size_t           times = q->has_slope && found <= SLOPED_MAX ? 2 : 1;
        for (size_t k = 0; k < times; k++, n++) {
            z[n]     = q->xi;
            rate[n]  = q->rate;
            slope[n] = q->slope;
        }
    }
    if (n < 2)
        return false;
    sei_rate_curve_fit(ret, n, z, rate, slope, from, to);
    return true;
}

static bool fit(sei_course *c, size_t place, double from, double to, sei_rate_curve *ret)
{
    return fit_but(c, place, from, to, SIZE_MAX, ret);
}

/* What the other nodes make of the rate at one end of a gap, beside what it is: much where the rate jumps within the gap. */
static double surprise(sei_course *c, size_t place, double other)
{
    const sei_course_node *q = at(c, place);
    sei_rate_curve         curve;

    if (!fit_but(c, place, other, q->xi, place, &curve))
        return 0.0;
    return fabs(sei_rate_curve_at(&curve, q->xi) - q->rate);
}

/* ---- nodes ---- */

static uint64_t set_of(const integrator *in)
{
    uint64_t set = 14695981039346656037u; /* FNV-1a */

    for (size_t i = 0; i < in->s->n_minerals; i++)
        set = (set ^ (in->state.mineral_active[i] ? 2u : 1u)) * 1099511628211u;
    for (size_t x = 0; x < in->s->n_mixtures; x++) {
        double sum = 0.0;
        for (size_t k = 0; k < in->s->mixtures[x].n; k++)
            sum += in->s->mixtures[x].mol[k];
        set = (set ^ (sum > 0.0 ? 2u : 1u)) * 1099511628211u;
    }
    return set;
}

/* Elements whose activity goes with their amount all the way: the reactant takes or gives them, no solid has them. */
static void mark_followed(integrator *in)
{
    const sei_net *net = in->w->react->net;

    for (size_t j = 0; j < net->n_comp; j++) {
        bool in_solids = in->is_in_solids[j];
        for (size_t i = 0; i < in->s->n_minerals; i++)
            in_solids |= sei_react_mineral_count(in->w, &in->s->minerals[i], j) != 0.0;
        in->course.is_followed[j] =
            j + 1 < net->n_comp && !in_solids && in->k->formula[0].comp[j] != 0.0;
    }
}

static void add_share(const integrator *in, const sei_course_node *q, double share,
                      sei_react_state *sum)
{
    const sei_course *c = &in->course;
    const size_t      n = in->w->react->net->n_comp;

    for (size_t j = 0; j < n; j++) {
        sum->x[j] += share * q->state.x[j];
        if (c->is_followed[j])
            sum->x[j] -= share * log(sei_kinetic_amount_at(in, j, &q->xi));
    }
    for (size_t s = 0; s < SEI_REACT_SITES_MAX; s++) {
        sum->x_site[s] += share * q->state.x_site[s];
        sum->potential[s] += share * q->state.potential[s];
    }
    sum->ln_ae += share * q->state.ln_ae;
    sum->ln_aw += share * q->state.ln_aw;
    sum->mu += share * q->state.mu;
    sum->water_kg += share * q->state.water_kg;
}

/* The state at xi by those of nodes like the one at place, which is next to it. */
static void guess_at(integrator *in, size_t place, double xi, sei_react_state *ret)
{
    sei_course            *c    = &in->course;
    const sei_course_node *next = at(c, place);
    size_t                 near[GUESS_TERMS];
    double                 z[GUESS_TERMS], weight[GUESS_TERMS];
    const size_t           n = gather(c, place, xi, GUESS_TERMS, near);

    *ret = next->state;
    if (n < 3 && c->sloped == c->order[place]) {
        in->state = next->state;
        in->at[0] = next->xi;
        sei_kinetic_predict(in, &xi, ret);
        return;
    }
    for (size_t i = 0; i < n; i++)
        z[i] = at(c, near[i])->xi;
    sei_rate_curve_weights(n, z, xi, weight);
    memset(ret->x, 0, sizeof ret->x);
    memset(ret->x_site, 0, sizeof ret->x_site);
    memset(ret->potential, 0, sizeof ret->potential);
    ret->ln_ae = ret->ln_aw = ret->mu = ret->water_kg = 0.0;
    for (size_t i = 0; i < n; i++)
        add_share(in, at(c, near[i]), weight[i], ret);
    for (size_t j = 0; j < in->w->react->net->n_comp; j++)
        if (c->is_followed[j])
            ret->x[j] += log(sei_kinetic_amount_at(in, j, &xi));
    ret->ln_aw    = fmin(0.0, ret->ln_aw);
    ret->mu       = fmax(0.3 * next->state.mu, ret->mu);
    ret->water_kg = fmax(0.5 * next->state.water_kg, ret->water_kg);
}

/* Room for one at place: what has been gone longest ago makes it, or what lies farthest ahead. */
static sei_course_node *insert(sei_course *c, size_t *place)
{
    size_t slot = c->n;

    if (c->n == NODES) {
        const size_t drop = c->next > TERMS || *place == NODES ? 0 : NODES - 1;
        slot              = c->order[drop];
        c->n--;
        memmove(c->order + drop, c->order + drop + 1, (c->n - drop) * sizeof *c->order);
        *place -= drop == 0;
        c->next -= drop == 0;
        c->sloped = c->sloped == slot ? SIZE_MAX : c->sloped;
    }
    memmove(c->order + *place + 1, c->order + *place, (c->n - *place) * sizeof *c->order);
    c->order[*place] = slot;
    c->n++;
    return at(c, *place);
}

/* Where it is the first of its set the slope tells what no other node can. */
static sei_status take_slope(integrator *in, size_t place)
{
    sei_course      *c = &in->course;
    sei_course_node *q = at(c, place);

    in->rate[0]         = q->rate;
    const sei_status st = sei_kinetic_slopes(in, 0.0);
    q->has_slope        = st == SEI_OK && isfinite(in->slopes[0]) && in->slopes[0] != 0.0;
    q->slope            = in->slopes[0];
    c->sloped           = q->has_slope ? c->order[place] : SIZE_MAX;
    return st;
}

/* More is known of the states beside a node than that they are others. */
static bool leads(sei_course *c, size_t place)
{
    size_t near[2];

    return c->sloped == c->order[place] || gather(c, place, at(c, place)->xi, 2, near) == 2;
}

/* The equilibrium at xi from what the nodes on either side make of it; the nearer first. */
static sei_status solve_between(integrator *in, size_t place, double xi, bool is_end)
{
    sei_course     *c    = &in->course;
    size_t          side = place - 1, other = place < c->n ? place : place - 1;
    sei_react_state guess;
    const bool      is_nearer = fabs(at(c, other)->xi - xi) < fabs(xi - at(c, side)->xi);

    if (is_nearer ? leads(c, other) : !leads(c, side)) {
        side  = other;
        other = place - 1;
    }
    const bool has_two  = at(c, side)->set != at(c, other)->set;
    in->w->is_following = has_two;
    guess_at(in, side, xi, &guess);
    sei_status st       = sei_kinetic_solve(in, &xi, &guess, !is_end);
    in->w->is_following = false;
    if (st == SEI_E_NOT_CONVERGED && has_two) {
        guess_at(in, other, xi, &guess);
        st = sei_kinetic_solve(in, &xi, &guess, !is_end);
    }
    return st;
}

/* A node at xi, between those at place - 1 and place. Not E_OK: the equilibrium was not found. */
static sei_status ask(integrator *in, size_t place, double xi, bool is_end)
{
    sei_course *c       = &in->course;
    double      rate[N] = {0.0};

    c->asked++;
    sei_status st = solve_between(in, place, xi, is_end);
    if (st == SEI_OK)
        st = sei_kinetic_rates_at(in, 0.0, &in->state, &xi, rate);
    if (st != SEI_OK || !isfinite(rate[0]))
        return st == SEI_OK ? SEI_E_STEP : st;
    const uint64_t set = set_of(in);
    const bool     is_first =
        at(c, place - 1)->set != set && (place == c->n || at(c, place)->set != set);
    sei_course_node *q = insert(c, &place);
    q->xi              = xi;
    q->rate            = rate[0];
    q->has_slope       = false;
    q->set             = set;
    q->state           = in->state;
    return is_first ? take_slope(in, place) : SEI_OK;
}

/* ---- the way ---- */

/* Where the curves of two sides meet. */
static bool corner_of(const sei_rate_curve *low, const sei_rate_curve *high, double from, double to,
                      double *ret)
{
    const double off = sei_rate_curve_at(low, from) - sei_rate_curve_at(high, from);

    if (!(off * (sei_rate_curve_at(low, to) - sei_rate_curve_at(high, to)) <= 0.0))
        return false;
    for (int i = 0; i < HALVINGS; i++) {
        const double mid = 0.5 * (from + to);
        const double by  = sei_rate_curve_at(low, mid) - sei_rate_curve_at(high, mid);
        if (off * by > 0.0)
            from = mid;
        else
            to = mid;
    }
    *ret = 0.5 * (from + to);
    return true;
}

/* One curve all the way, with a corner next to the end where it misses the rate by as much as it does. */
static sei_crossing cross_by(const sei_rate_curve *curve, const sei_course_node *missed,
                             sei_crossing way, double to, double dt_s)
{
    const double miss = fabs(sei_rate_curve_at(curve, missed->xi) / missed->rate - 1.0);
    const double gap  = fabs(to - way.x);

    if (!(miss <= surprise_max))
        way.error = INFINITY;
    else
        sei_rate_curve_cross(curve, to, dt_s, &way);
    way.error += miss * gap;
    return way;
}

/* A place for a node between a corner and the end of the gap that it is to help with: close to the corner, unless there is one
 * so close on its other side. */
static double beside_corner(double corner, double end, double other)
{
    const bool is_close = fabs(other - corner) < 2.0 * beside * fabs(corner - end);

    return corner + (is_close ? 0.5 : beside) * (end - corner);
}

/* Between nodes with other minerals: by one curve up to where both meet and by the other from there, or by one of them. */
static sei_crossing cross_corner(integrator *in, double dt_s, double *ret_help)
{
    sei_course            *c    = &in->course;
    const sei_course_node *from = at(c, c->next - 1), *to = at(c, c->next);
    const sei_crossing     start = {.x = from->xi, .time_s = c->time_s};
    sei_crossing           way   = start, other;
    sei_rate_curve         low, high;
    const bool             has_low  = fit(c, c->next - 1, from->xi, to->xi, &low);
    const bool             has_high = fit(c, c->next, from->xi, to->xi, &high);
    double                 corner;

    way.error = INFINITY;
    if (has_low && has_high && corner_of(&low, &high, from->xi, to->xi, &corner)) {
        way.error = 0.0;
        sei_rate_curve_cross(&low, corner, dt_s, &way);
        *ret_help = way.error > 0.5 * gap_share * in->k->tol[0]
                        ? beside_corner(corner, from->xi, to->xi)
                        : beside_corner(corner, to->xi, from->xi);
        if (way.time_s < dt_s)
            sei_rate_curve_cross(&high, to->xi, dt_s, &way);
        return way;
    }
    if (has_high)
        way = cross_by(&high, from, start, to->xi, dt_s);
    if (has_low) {
        other = cross_by(&low, to, start, to->xi, dt_s);
        way   = other.error < way.error ? other : way;
    }
    return way;
}

/* From the last node that was gone to the one ahead: where the time ends, how good that is, and where another node would help. */
static sei_crossing cross(integrator *in, double dt_s, double *ret_help, size_t *ret_terms)
{
    sei_course    *c    = &in->course;
    const double   from = at(c, c->next - 1)->xi, to = at(c, c->next)->xi;
    sei_crossing   way = {.x = from, .time_s = c->time_s};
    sei_rate_curve curve;

    *ret_help  = 0.5 * (from + to);
    *ret_terms = 2;
    if (at(c, c->next - 1)->set != at(c, c->next)->set)
        return cross_corner(in, dt_s, ret_help);
    if (!fit(c, c->next - 1, from, to, &curve)) {
        way.error = INFINITY;
        return way;
    }
    *ret_terms = curve.n;
    sei_rate_curve_cross(&curve, to, dt_s, &way);
    const double most = fmax(fabs(at(c, c->next - 1)->rate), fabs(at(c, c->next)->rate));
    const double off  = fmax(surprise(c, c->next - 1, to), surprise(c, c->next, from)) / most;
    if (!(off <= surprise_max))
        way.error += off * fabs(to - from);
    return way;
}

/* Where an element is used up a little less is taken than has reacted: no more than there is of it. */
static double before(const integrator *in, double from, double end)
{
    const double less = fmin(short_of * in->k->tol[0], 0.5 * fabs(end - from));

    if (!isfinite(in->course.used_up))
        return end;
    return end > from ? end - less : end + less;
}

/* How far the next node may be: to where the time ends, as it looks from here. */
static double ahead(integrator *in, double dt_s, bool *ret_is_end)
{
    sei_course            *c    = &in->course;
    const sei_course_node *q    = at(c, c->next - 1);
    const double           sign = q->rate > 0.0 ? 1.0 : -1.0;
    sei_crossing           way  = {.x = q->xi, .time_s = c->time_s};
    sei_rate_curve         curve;
    double to = q->xi + sign * fmin(c->reach, 2.0 * fabs(q->rate) * (dt_s - c->time_s));

    if (sign * to > sign * c->limit)
        to = c->limit;
    *ret_is_end = false;
    if (!fit(c, c->next - 1, q->xi, to, &curve))
        return to;
    sei_rate_curve_cross(&curve, to, dt_s, &way);
    *ret_is_end = !(way.time_s < dt_s);
    return *ret_is_end ? before(in, q->xi, way.x) : way.x;
}

/* The elements that the reactant takes end somewhere, what solids hold aside; so does the reactant. */
static void set_limits(integrator *in)
{
    sei_course        *c    = &in->course;
    const sei_amounts *f    = &in->k->formula[0];
    const double       sign = in->rate[0] > 0.0 ? 1.0 : -1.0;
    double             most = INFINITY;

    for (size_t j = 0; j + 1 < in->w->react->net->n_comp; j++)
        if (sign * f->comp[j] < 0.0 && !in->is_in_solids[j])
            most = fmin(most, fmax(0.0, in->base.comp[j]) / fabs(f->comp[j]));
    c->used_up = sign * most;
    c->limit   = sign * (1.0 - trace) * most;
    if (sign > 0.0)
        c->limit = fmin(c->limit, in->m[0] - last_share * in->k->tol[0]);
}

static sei_status begin(integrator *in, double dt_s)
{
    sei_course      *c    = &in->course;
    sei_course_node *q    = &c->node[0];
    sei_status       st   = SEI_OK;
    const double     rate = in->rate[0];

    c->n = c->next = 1;
    c->order[0]    = 0;
    c->asked = c->failed = 0;
    c->time_s            = 0.0;
    set_limits(in);
    *q       = (sei_course_node){.rate = rate, .set = set_of(in), .state = in->state};
    st       = take_slope(in, 0);
    c->reach = 2.0 * fabs(rate) * dt_s;
    c->reach = fmin(c->reach, q->has_slope ? first_share * fabs(rate / q->slope)
                                           : first_part * fabs(c->limit));
    mark_followed(in);
    return st;
}

/* The end of the way is what the system is from now on. */
static sei_status settle(integrator *in, double time_s, size_t place, double xi, bool is_last)
{
    sei_react_state guess;

    guess_at(in, place, xi, &guess);
    return sei_kinetic_accept(in, time_s, &xi, &guess, is_last);
}

/* A gap has been gone: how long the next may be. */
static void go_on(sei_course *c, double error, double tol, size_t terms)
{
    const double gap  = fabs(at(c, c->next)->xi - at(c, c->next - 1)->xi);
    const double more = cautious * pow(tol / fmax(error, 1e-9 * tol), 1.0 / (double)terms);

    c->reach = gap * fmax(growth_min, fmin(growth_max, more));
    c->next++;
}

/* A node ahead, or the end of the way where that is as good as reached. False: nothing more can be done here. */
static bool look_ahead(integrator *in, double dt_s, double *ret_end)
{
    sei_course  *c = &in->course;
    bool         is_end;
    const double x = at(c, c->next - 1)->xi, to = ahead(in, dt_s, &is_end);
    const double off = fabs(to - x);

    const double left = fabs(c->used_up - x); /* until an element is */
    if (fmin(left, is_end ? off : (double)INFINITY) <= at_end * in->k->tol[0]) {
        *ret_end = to;
        return true;
    }
    if (!(off > closest * in->k->tol[0]))
        return false;
    if (ask(in, c->n, to, is_end) == SEI_OK)
        return true;
    c->reach = 0.25 * off;
    return ++c->failed < FAILED_MAX;
}

/* The time ends at x, before the node ahead: a node there says whether it does. */
static bool end_within(integrator *in, double x, double *ret_end)
{
    sei_course  *c    = &in->course;
    const double from = at(c, c->next - 1)->xi, to = at(c, c->next)->xi, end = before(in, from, x);
    const double near = at_end * in->k->tol[0];

    if (fabs(to - end) <= near) {
        *ret_end = to;
    } else if (fabs(end - from) <= near) {
        *ret_end = end;
    } else {
        return ask(in, c->next, end, true) == SEI_OK;
    }
    return true;
}

/* The gap to the node ahead, which may have to be made smaller. False: nothing more can be done here. */
static bool go_gap(integrator *in, double dt_s, double *ret_end)
{
    sei_course            *c = &in->course;
    const sei_course_node *q = at(c, c->next);
    const double       tol = gap_share * in->k->tol[0], gap = fabs(q->xi - at(c, c->next - 1)->xi);
    double             help;
    size_t             terms;
    const sei_crossing way = cross(in, dt_s, &help, &terms);

    if (!(way.error <= tol) && gap > closest * tol)
        return ask(in, c->next, help, false) == SEI_OK;
    /* from either side the rate leads there; or what is left of it is as good as nothing */
    const bool is_between = gap <= closest * tol && !(q->rate * at(c, c->next - 1)->rate > 0.0);
    if (is_between ||
        (way.x == q->xi && fabs(q->rate) * (dt_s - way.time_s) <= at_end * in->k->tol[0])) {
        *ret_end = q->xi;
    } else if (!(way.time_s < dt_s)) {
        return end_within(in, way.x, ret_end);
    } else {
        in->stats.steps++;
        c->time_s = way.time_s;
        go_on(c, way.error, tol, terms);
    }
    return true;
}

sei_status sei_kinetic_along(integrator *in, double dt_s, double *ret_time_s)
{
    sei_course *c   = &in->course;
    sei_ctx    *ctx = in->ctx;
    double      end = NAN;

    *ret_time_s = 0.0;
    if (in->k->n != 1 || in->k->is_timed || !(fabs(in->rate[0]) * dt_s > at_end * in->k->tol[0]))
        return SEI_OK;
    in->ctx       = NULL; /* what is not found here is looked for elsewhere */
    sei_status st = begin(in, dt_s);
    while (st == SEI_OK && isnan(end) && c->asked < ASKED_MAX &&
           (c->next == c->n ? look_ahead(in, dt_s, &end) : go_gap(in, dt_s, &end)))
        continue;
    in->ctx     = ctx;
    *ret_time_s = isnan(end) ? c->time_s : dt_s;
    if (st != SEI_OK)
        return st;
    return isnan(end) ? settle(in, c->time_s, c->next - 1, at(c, c->next - 1)->xi, false)
                      : settle(in, dt_s, c->next < c->n ? c->next : c->next - 1, end, true);
}
