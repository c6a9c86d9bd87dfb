/* neighbour.c - an equilibrium near one whose Jacobian is factorised: Newton's method with slopes that are kept */
#include <math.h>
#include <string.h>

#include "num/clones.h"
#include "num/dense.h"
#include "num/v4.h"
#include "react/react_impl.h"

enum { CHORDS_MAX = 14, RENEWED_MAX = 8, FOLLOW_MAX = 60 };

#define SECANT_MAX 0.5 /* of the step before: more says that it was no straight way */

static const double stride_max = 1.0; /* ln units: farther away the slopes are others */
static const double near =
    2.0; /* ln units: of residuals that Newton's method alone may start from */
static const double adrift      = 0.7,
                    adrift_most = 60.0; /* ln units: of an amount that has come or gone */
static const double slow = 0.06; /* a residual that falls less is better off with new slopes */
static const double at_rest =
    1e-3; /* residual, ln units: of a water that has flowed in, no other start is wanted */
static const double good_end =
    1e-11; /* residual, ln units: what is left of it is beyond the digits of any result */

/* The factor at hand is one of these equations. */
static bool chord_fits(const sei_react_work *w)
{
    return w->has_chord && w->chord_version == w->basis.version && w->chord_nu == w->nu;
}

static bool is_short(const sei_react_work *w)
{
    for (size_t k = 0; k < w->k_mu; k++)
        if (!(fabs(w->rhs[k]) <= stride_max))
            return false;
    return isfinite(w->rhs[w->k_mu]) && isfinite(w->rhs[w->k_aw]);
}

static const double foreseen = 1e-6; /* residual from which on the next one may be foreseen */
static const double unsafe   = 3.0;  /* times what is foreseen */

/* The way so far: the last step, and what the factor alone would have made of it. */
typedef struct {
    bool   has_step, is_long; /* long: so far that other balances may serve now */
    double step[SEI_REACT_UNKNOWNS_MAX], plain[SEI_REACT_UNKNOWNS_MAX];
    double last; /* residual before it */
    double rate; /* slowest of the factor at hand; 0: not seen */
    double next; /* residual that is foreseen after the last step; INFINITY: not */
    int    renewed;
} way;

/* rhs becomes rhs + share (step - seen), with plain - rhs as what was seen. */
SEI_CLONES
void sei_react_add_secant(size_t n, double share, const double step[], const double plain[],
                          double rhs[])
{
    sei_v4 s, p, r;
    size_t k = 0;

    for (; k + SEI_V4 <= n; k += SEI_V4) {
        SEI_V4_LOAD(s, step + k);
        SEI_V4_LOAD(p, plain + k);
        SEI_V4_LOAD(r, rhs + k);
        r += share * (s - (p - r));
        SEI_V4_STORE(rhs + k, r);
    }
    for (; k < n; k++)
        rhs[k] += share * (step[k] - (plain[k] - rhs[k]));
}

/*
 * The step of the factor, made better by what it missed at the step before: Broyden's update of the inverse (broyden1965) by
 * that pair alone. seen: what the factor makes of the change in residuals that step brought about.
 */
static void correct_step(const sei_react_work *w, const way *y)
{
    const double along = sei_dot(w->nu, y->step, w->rhs),
                 share = along / (sei_dot(w->nu, y->step, y->plain) - along);

    if (fabs(share) <= SECANT_MAX)
        sei_react_add_secant(w->nu, share, y->step, y->plain, w->rhs);
}

/* With slopes made here, a step that is too long for them to hold is cut where Newton's method cuts it. */
static bool long_stride(sei_react_work *w, const sei_react_job *j, way *y)
{
    for (size_t k = 0; k < w->nu; k++)
        if (!isfinite(w->rhs[k]))
            return false;
    sei_react_apply(w, j, sei_react_step_share(w, j));
    w->has_chord = y->has_step = false;
    y->is_long                 = true;
    y->last = y->next = INFINITY;
    return true;
}

/* New slopes bring a residual down to its square, kept ones by the slowest rate at which they have done so on this way. */
static void foresee(sei_react_work *w, const sei_react_job *j, bool is_new, way *y)
{
    const double r = j->residual, seen = r / y->last;

    if (is_new)
        y->rate = w->chord_rate = 1.0;
    else if (seen < 1.0) /* there was a step before */
        y->rate = w->chord_rate = fmax(y->rate, seen);
    y->next = r < foreseen ? unsafe * r * (is_new ? 10.0 * r : w->chord_rate) : (double)INFINITY;
}

/* The last step where what it leaves is small enough: amounts are those after it, sums are wanted of the minerals alone. What
 * the amounts tell by themselves is looked at; false: it is more than was foreseen. */
static bool end_without_look(sei_react_work *w, sei_react_job *j, const way *y, double good)
{
    const sei_equil *eq = w->eq;
    double           slope;

    sei_react_evaluate_terms(w, j->s);
    if (fabs(eq->ln_aw - sei_equil_ln_aw(eq, &slope)) > good ||
        SEI_REACT_STRENGTH_WEIGHT * fabs(eq->mu - eq->mu_calc) > good * eq->mu_calc)
        return false;
    sei_react_sum_minerals(w, j->s);
    sei_react_total(w);
    j->residual = y->next;
    return true;
}

/* One step from a look at the residuals: with new slopes where those at hand do not serve. */
static bool stride(sei_react_work *w, const sei_react_job *j, way *y)
{
    double misfit[SEI_REACT_UNKNOWNS_MAX], plain[SEI_REACT_UNKNOWNS_MAX];
    bool   is_new = !chord_fits(w) || j->residual > slow * y->last;

    memcpy(misfit, w->rhs, w->nu * sizeof *misfit);
    for (;; is_new = true) {
        if (is_new) {
            sei_react_see(w, j->s);
            if (y->renewed++ == RENEWED_MAX || !sei_react_factor(w, j))
                return false;
            y->has_step = false;
        }
        memcpy(w->rhs, misfit, w->nu * sizeof *misfit);
        sei_lu_solve(w->nu, w->lin, w->swap, w->rhs);
        memcpy(plain, w->rhs, w->nu * sizeof *plain);
        if (y->has_step)
            correct_step(w, y);
        if (is_short(w))
            break;
        if (is_new)
            return long_stride(w, j, y);
    }
    foresee(w, j, is_new, y);
    memcpy(y->plain, plain, w->nu * sizeof *plain);
    memcpy(y->step, w->rhs, w->nu * sizeof *plain);
    y->has_step  = true;
    y->is_long   = false;
    y->last      = j->residual;
    w->is_unseen = false;
    sei_react_apply(w, j, 1.0);
    return true;
}

/* Residuals where the unknowns are; with_basis: in balances that suit the place. */
static bool look(sei_react_work *w, sei_react_job *j, bool with_basis)
{
    sei_react_evaluate_terms(w, j->s);
    if (with_basis) {
        sei_react_total(w);
        if (!sei_react_basis_set(w, j))
            return false;
    }
    sei_react_sum(w, j->s);
    sei_react_residuals(w, j);
    return true;
}

static void take_inflow(sei_react_work *w, const sei_react_job *j, const sei_react_start *inflow)
{
    for (size_t k = 0; k < w->react->net->n_comp; k++)
        if (!j->is_fixed[k])
            w->eq->x[k] = inflow->x[k];
    w->eq->ln_ae = inflow->ln_ae;
    w->eq->ln_aw = inflow->ln_aw;
    w->eq->mu    = inflow->mu;
}

/*
 * Elements that single balances are far off by have come with the water, or gone: their activities go with their amounts. What
 * minerals hold follows these, and protons and electrons hang on all others.
 */
static bool catch_up(sei_react_work *w, sei_react_job *j)
{
    const size_t h     = w->react->net->n_comp - 1;
    bool         moved = false;

    if (!(j->residual > adrift) || j->s->n_sites > 0 || j->s->water_is_fixed)
        return true;
    for (size_t b = 0; b < h; b++)
        if (!j->is_fixed[b] && w->basis.mineral[b] == SIZE_MAX && fabs(w->rhs[b]) > adrift &&
            fabs(w->rhs[b]) < adrift_most) {
            w->eq->x[b] += w->rhs[b];
            moved = true;
        }
    if (!moved)
        return true;
    w->is_unseen = false;
    return look(w, j, false);
}

static bool look_at_own(sei_react_work *w, sei_react_job *j)
{
    return (sei_react_anchor_take(w, j, j->s->anchor) || look(w, j, true)) && catch_up(w, j);
}

/* Were others of the same minerals there in the water that has flowed in? */
static bool is_of_other_set(const sei_react_work *w, const sei_react_system *s,
                            const sei_react_start *inflow)
{
    bool is_other = false;

    if (inflow->n_minerals != s->n_minerals || s->n_mixtures > 0)
        return false;
    for (size_t i = 0; i < s->n_minerals; i++) {
        const sei_mineral *m = &s->minerals[i];
        if (inflow->mineral_phase[i] != m->phase || m->has_formula || m->dissolve_only ||
            m->precipitate_only || !isfinite(m->mol))
            return false;
        is_other = is_other || inflow->mineral_active[i] != w->is_active[i];
    }
    return is_other;
}

/* Its set: of other minerals all has dissolved. */
static void put_set(sei_react_work *w, const sei_react_system *s, const bool active[])
{
    for (size_t i = 0; i < s->n_minerals; i++) {
        w->is_active[i]        = active[i];
        w->mineral_transfer[i] = active[i] ? 0.0 : s->minerals[i].mol;
    }
}

/*
 * Water has come from where others of the minerals are than here. What the last solution left here tells how much these would
 * have to give: while that is there the place stays what it was; where it runs out, as it did where the
 * water comes from, its minerals are those of that place.
 */
static bool look_at_front(sei_react_work *w, sei_react_job *j, const sei_react_start *inflow,
                          const sei_react_snapshot *own, const sei_react_snapshot *other)
{
    bool before[SEI_REACT_PHASES_MAX];

    if (!is_of_other_set(w, j->s, inflow))
        return false;
    sei_react_restore(w, own);
    const bool is_own = look_at_own(w, j), runs_out = is_own && sei_react_runs_out(w, j);
    if (is_own && !runs_out && j->residual < near)
        return true;
    w->is_unseen = false;
    sei_react_restore(w, other);
    if (!runs_out)
        return false;
    memcpy(before, w->is_active, sizeof before);
    put_set(w, j->s, inflow->mineral_active);
    if (sei_react_anchor_take(w, j, j->s->inflow_anchor) || look(w, j, true))
        return true;
    memcpy(w->is_active, before, sizeof before);
    sei_react_restore(w, other);
    return false;
}

/* Residuals at the nearer of two waters; the one that has flowed in is all that is looked at where it has come to rest, or
 * brings along what its last solution left. */
static bool look_at_start(sei_react_work *w, sei_react_job *j, const sei_react_start *inflow)
{
    sei_react_snapshot own, other;

    if (!inflow)
        return look_at_own(w, j);
    sei_react_save(w, &own);
    take_inflow(w, j, inflow);
    sei_react_save(w, &other);
    if (sei_react_anchor_take(w, j, j->s->inflow_anchor) ||
        look_at_front(w, j, inflow, &own, &other))
        return true;
    const double off = look(w, j, true) ? j->residual : (double)INFINITY;
    if (off < at_rest)
        return true;
    sei_react_restore(w, &own);
    if (look_at_own(w, j) && !(j->residual >= off))
        return true;
    w->is_unseen = false;
    sei_react_restore(w, &other);
    return look(w, j, true);
}

/* Judged once, as soon as it can be: a set of minerals that is plainly wrong. */
static bool is_judged_wrong(sei_react_work *w, sei_react_job *j)
{
    if (!j->judges || !(j->residual < SEI_REACT_ROUGH))
        return false;
    j->judges = false;
    return sei_react_is_plainly_wrong(w, j);
}

bool sei_react_descend(sei_react_work *w, sei_react_job *j, double good, int *iterations)
{
    sei_react_snapshot start;
    way                y  = {.last = INFINITY};
    bool               ok = true;

    sei_react_save(w, &start);
    for (int k = 0; k < CHORDS_MAX && ok; k++) {
        if (k > 0) { /* the balances that serve at the start serve to the end, but after a leap */
            (*iterations)++;
            ok = look(w, j, y.is_long);
        }
        if (ok && (j->excess <= 1.0 || j->residual <= good)) {
            sei_react_see(w, j->s);
            sei_react_total(w);
            return true;
        }
        if (ok && k > 0 && is_judged_wrong(w, j)) {
            sei_react_total(w);
            return true;
        }
        ok = ok && j->residual < near && stride(w, j, &y);
        if (ok && y.next <= good && end_without_look(w, j, &y, good))
            return true;
    }
    w->is_unseen = false;
    sei_react_restore(w, &start);
    return false;
}

bool sei_react_approach(sei_react_work *w, sei_react_job *j, const sei_react_start *inflow,
                        bool goes_on, double good, int *iterations)
{
    w->n_solutions = 0;
    sei_react_count_unknowns(w, j->s);
    w->basis.has_totals = false;
    (*iterations)++;
    const bool is_set = goes_on && sei_react_basis_follow_on(w, j);
    return (is_set ? look(w, j, false) : look_at_start(w, j, inflow)) &&
           sei_react_descend(w, j, good, iterations);
}

const sei_react_start *sei_react_inflow(const sei_react_state *state)
{
    return state->has_inflow ? &state->inflow : NULL;
}

static bool neighbour_once(sei_react_work *w, sei_react_system *s, sei_react_state *state,
                           double good)
{
    const bool    is_exact = !(good > good_end);
    sei_react_job j;
    int           iterations = 0;

    sei_react_set_up(w, s, state, &j);
    sei_react_warm_set(w, s, state);
    j.enough = fmax(good, good_end);
    if (!sei_react_approach(w, &j, sei_react_inflow(state), w->goes_on, j.enough, &iterations) ||
        !sei_react_find_set(w, &j, &iterations) ||
        (is_exact &&
         (!sei_react_last_look(w, &j, &iterations) || sei_react_unsound_row(w, &j) != SIZE_MAX)))
        return false;
    state->iterations = iterations;
    sei_react_collect(w, s, state);
    w->job        = j;
    w->goes_on    = true;
    w->has_factor = w->is_moved = false;
    return true;
}

/* State and system are left alone by what fails. */
static bool follow_specific(sei_react_work *w, sei_react_system *s, sei_react_state *state,
                            double good)
{
    sei_react_state next = *state;

    sei_react_begin_specific(w, s, state);
    for (int k = 0; k < FOLLOW_MAX; k++) {
        if (!neighbour_once(w, s, &next, good))
            return false;
        if (sei_specific_follow(w->eq, fmax(SEI_SPECIFIC_AGREE, good))) {
            *state = next;
            return true;
        }
        sei_react_take_activities(w, &next);
    }
    return false;
}

bool sei_react_neighbour(sei_react_work *w, sei_react_system *s, sei_react_state *state,
                         double good)
{
    if (!state->is_warm || s->n_mixtures > 0)
        return false;
    return w->eq->specific ? follow_specific(w, s, state, good) : neighbour_once(w, s, state, good);
}
