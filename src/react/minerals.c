/*
 * minerals.c - which minerals and mixtures are there
 *
 * A set of them is solved as equations; then those that would be overdrawn are used up, those that are supersaturated
 * are added, until nothing changes. A mineral whose reaction is a combination of those already there (two
 * oxides of iron) takes the place of one of them: it grows on their cost until the first is used up.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

#define LN10 2.302585092994045684

enum {
    ITERATIONS_MAX = 120,
    ROUNDS_MAX     = 60,
    ROUGH_ROUNDS   = 4,
    LITTLE_ROUNDS  = 12,
    LEAD_MAX       = 100,
    SHARE_MAX      = 60
};

#define TRACE_MOL 1e-18 /* of an element that only minerals could bring */

static const double little = 0.02; /* mol/kg */
static const double rough  = SEI_REACT_ROUGH;
static const double share_least =
    1e-4; /* of what may go: the edge of what has a solution is not told more closely */
static const double si_slack = 1e-9; /* in ln units: a mineral within it is at equilibrium */

static double excess(const sei_react_work *w, const sei_react_job *job, size_t i)
{
    return sei_equil_ln_sr(w->eq, job->s->minerals[i].phase) - LN10 * job->s->minerals[i].target_si;
}

static bool may_enter(const sei_react_work *w, const sei_react_job *job, size_t i)
{
    const sei_mineral *m = &job->s->minerals[i];

    if (w->is_active[i])
        return false;
    const double over = excess(w, job, i), left = m->mol - w->mineral_transfer[i];
    if (over > si_slack)
        return !m->dissolve_only || w->mineral_transfer[i] > 0.0;
    return over < -si_slack && left > 0.0 && (!m->precipitate_only || w->mineral_transfer[i] < 0.0);
}

/* ---- combinations ---- */

typedef struct {
    size_t n, mineral[SEI_REACT_PHASES_MAX];
    double part[SEI_REACT_PHASES_MAX]; /* mol of each in one mole */
} combination;

static double reaction_of(const sei_react_work *w, const sei_react_job *job, size_t i, size_t b)
{
    const sei_net_phase *p  = &w->react->net->phases[job->s->minerals[i].phase];
    const size_t         nc = w->react->net->n_comp;

    if (b < nc)
        return job->is_fixed[b] ? 0.0 : p->nu[b];
    return p->nu_e;
}

enum { COMBINED_MAX = SEI_COMPONENTS_MAX + 1 };

/* One step of Gauss and Jordan: column k gets its pivot in row done; false when there is none. */
static bool eliminate(double a[], size_t rows, size_t width, size_t k, size_t done)
{
    size_t best = done;

    for (size_t b = done; b < rows; b++)
        if (fabs(a[b * width + k]) > fabs(a[best * width + k]))
            best = b;
    if (done >= rows || fabs(a[best * width + k]) < 1e-9)
        return false;
    for (size_t q = 0; q < width; q++) {
        const double t      = a[best * width + q];
        a[best * width + q] = a[done * width + q];
        a[done * width + q] = t;
    }
    for (size_t b = 0; b < rows; b++) {
        const double f = b == done ? 0.0 : a[b * width + k] / a[done * width + k];
        for (size_t q = k; f != 0.0 && q < width; q++)
            a[b * width + q] -= f * a[done * width + q];
    }
    return true;
}

/* Columns of the active minerals with that of mineral i on the right. */
static bool is_combination(const sei_react_work *w, const sei_react_job *job, size_t i,
                           combination *c)
{
    double       a[COMBINED_MAX * (SEI_REACT_PHASES_MAX + 1)];
    const size_t rows = w->react->net->n_comp + 1;

    c->n = 0;
    for (size_t k = 0; k < job->s->n_minerals; k++)
        if (w->is_active[k] && k != i)
            c->mineral[c->n++] = k;
    const size_t width = c->n + 1;
    for (size_t b = 0; b < rows; b++)
        for (size_t k = 0; k < width; k++)
            a[b * width + k] = reaction_of(w, job, k < c->n ? c->mineral[k] : i, b);
    for (size_t k = 0; k < c->n; k++)
        if (!eliminate(a, rows, width, k, k))
            return false; /* those that are there depend on each other */
    for (size_t b = c->n; b < rows; b++)
        if (fabs(a[b * width + c->n]) > 1e-9)
            return false;
    for (size_t k = 0; k < c->n; k++)
        c->part[k] = a[k * width + c->n] / a[k * width + k];
    return true;
}

/* How far the transfer of a mineral may go, up (give) or down (grow), and where it then stands. */
static double room_of(const sei_react_work *w, const sei_react_job *job, size_t i, bool gives,
                      double *ret_end)
{
    const sei_mineral *m    = &job->s->minerals[i];
    const double       have = m->precipitate_only ? 0.0 : m->mol;
    const double       none = m->dissolve_only ? 0.0 : -(double)INFINITY;

    *ret_end = gives ? have : none;
    return fmax(0.0, gives ? have - w->mineral_transfer[i] : w->mineral_transfer[i] - none);
}

/* One mineral in place of another: what the one that has gone had given before, and then. */
typedef struct {
    size_t entered, gone; /* SIZE_MAX: none */
    double from, to;
} swap;

/* Mol of water that mineral i brings and the combination that it is of the others does not. */
static double water_beside(const sei_react_work *w, const sei_react_job *job, size_t i,
                           const combination *c)
{
    double sum = sei_react_mineral_water(w, &job->s->minerals[i]);

    for (size_t k = 0; k < c->n; k++)
        sum -= c->part[k] * sei_react_mineral_water(w, &job->s->minerals[c->mineral[k]]);
    return sum;
}

/* Mineral i for those it is a combination of, as far as they last; false when that has no end. */
static bool exchange(sei_react_work *w, const sei_react_job *job, size_t i, const combination *c,
                     swap *ret_swap)
{
    const double sign = excess(w, job, i) > 0.0 ? 1.0 : -1.0; /* grows, or dissolves */
    double       end, least = room_of(w, job, i, sign < 0.0, &end);
    size_t       ends = i;

    for (size_t k = 0; k < c->n; k++) {
        const double give = sign * c->part[k];
        double       stop;
        if (fabs(give) < 1e-9)
            continue;
        const double room = room_of(w, job, c->mineral[k], give > 0.0, &stop) / fabs(give);
        if (room < least) {
            least = room;
            ends  = c->mineral[k];
            end   = stop;
        }
    }
    if (!isfinite(least))
        return false;
    const double from = w->mineral_transfer[ends];
    w->mineral_transfer[i] -= sign * least;
    for (size_t k = 0; k < c->n; k++)
        w->mineral_transfer[c->mineral[k]] += sign * c->part[k] * least;
    if (fabs(water_beside(w, job, i, c)) > 1e-9)
        *ret_swap = (swap){i, ends, from, end};
    w->is_active[i]           = true;
    w->is_active[ends]        = false;
    w->mineral_transfer[ends] = end;
    return true;
}

/* ---- one change of the set ---- */

/* Digits that the balance has which tells how much of a mineral there is, as its moles: manganite of a water whose pe
 * nothing else holds is there by less. */
static double noise(const sei_react_work *w, size_t i)
{
    const size_t p = w->basis.pivot[i];

    return 1e-15 * w->basis.size[p] / fabs(w->basis.count[i]);
}

/* What a mineral has given is outside its limits; traces are those of an element that is not there. */
static bool is_overdrawn(const sei_react_work *w, const sei_react_job *job, size_t i,
                         double *ret_limit)
{
    const sei_mineral *m = &job->s->minerals[i];
    const double       t = w->mineral_transfer[i];

    if (!w->is_active[i])
        return false;
    if ((m->dissolve_only && t < -1e-15) || (m->precipitate_only && t > 1e-15)) {
        *ret_limit = 0.0;
        return true;
    }
    *ret_limit = m->mol;
    return t > m->mol * (1.0 + 1e-12) + TRACE_MOL + noise(w, i);
}

static size_t count_overdrawn(const sei_react_work *w, const sei_react_job *job)
{
    size_t n = 0;
    double limit;

    for (size_t i = 0; i < job->s->n_minerals; i++)
        n += is_overdrawn(w, job, i, &limit);
    return n;
}

static bool remove_overdrawn(sei_react_work *w, const sei_react_job *job)
{
    bool   changed = false;
    double limit;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        if (!is_overdrawn(w, job, i, &limit))
            continue;
        w->mineral_transfer[i] = limit;
        w->is_active[i]        = false;
        changed                = true;
    }
    return changed;
}

/* Supersaturation by the atoms that it takes, so that large formulas do not always come first. */
static double wish(const sei_react_work *w, const sei_react_job *job, size_t i)
{
    const sei_net_phase *p     = &w->react->net->phases[job->s->minerals[i].phase];
    double               atoms = 0.0;

    for (size_t j = 0; j + 1 < w->react->net->n_comp; j++)
        atoms += fabs(p->nu[j]);
    return fabs(excess(w, job, i)) / fmax(atoms, 1.0);
}

static size_t most_wanted(const sei_react_work *w, const sei_react_job *job, const bool passed[])
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < job->s->n_minerals; i++)
        if (!passed[i] && may_enter(w, job, i) &&
            (best == SIZE_MAX || wish(w, job, i) > wish(w, job, best)))
            best = i;
    return best;
}

/* A little of something that the water wants is dissolved before anything else is decided. */
static bool dissolve_little(sei_react_work *w, const sei_react_job *job)
{
    bool changed = false;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        const sei_mineral *m = &job->s->minerals[i];
        if (!may_enter(w, job, i) || excess(w, job, i) > 0.0 || !(m->mol < little * exp(w->ln_kg)))
            continue;
        w->mineral_transfer[i] = m->mol;
        changed                = true;
    }
    return changed;
}

/* The most wanted first; of those that follow, only such as are no combination of others. */
static bool add_wanted(sei_react_work *w, const sei_react_job *job, bool all, size_t *ret_entered,
                       swap *ret_swap)
{
    bool        passed[SEI_REACT_PHASES_MAX] = {false}, changed = false;
    combination c;

    for (;;) {
        const size_t i = most_wanted(w, job, passed);
        if (i == SIZE_MAX)
            return changed;
        passed[i] = true;
        if (!is_combination(w, job, i, &c)) {
            w->is_active[i] = true;
            *ret_entered    = i;
            changed         = true;
        } else if (!changed && exchange(w, job, i, &c, ret_swap))
            return true;
        if (!all && changed)
            return true;
    }
}

/* Supersaturated by so much (ln units) that it enters whatever else goes. */
static const double strongly = 2.0;

static bool add_strongly_wanted(sei_react_work *w, const sei_react_job *job)
{
    combination c;
    bool        changed = false;

    for (size_t i = 0; i < job->s->n_minerals; i++)
        if (may_enter(w, job, i) && excess(w, job, i) > strongly &&
            !is_combination(w, job, i, &c)) {
            w->is_active[i] = true;
            changed         = true;
        }
    return changed;
}

/* A pure solid goes into the solid solution that it is part of; mol. */
static double take_pure(sei_react_work *w, const sei_react_job *job, const sei_mixture *mix)
{
    double sum = 0.0;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        const sei_mineral *m = &job->s->minerals[i];
        for (size_t k = 0; k < mix->n; k++) {
            if (!w->is_active[i] || mix->phase[k] != m->phase || !isfinite(m->mol))
                continue;
            const double all = m->precipitate_only ? 0.0 : m->mol;
            sum += all - w->mineral_transfer[i];
            w->is_active[i]        = false;
            w->mineral_transfer[i] = all;
        }
    }
    return sum;
}

static void enter_mixture(sei_react_work *w, const sei_react_job *job, size_t x, double least)
{
    const sei_mixture *mix = &job->s->mixtures[x];
    double             sum = 0.0;

    for (size_t k = 0; k < mix->n; k++)
        sum += mix->mol[k];
    if (mix->kind == SEI_MIXTURE_SOLID)
        sum += take_pure(w, job, mix);
    w->mixture_active[x] = true;
    w->mixture_ln[x]     = log(fmax(sum, least));
}

/* The other side of a gap: SIZE_MAX when there is none. */
static size_t twin_of(const sei_react_work *w, size_t x)
{
    return w->has_gap ? w->split_twin[x] : SIZE_MAX;
}

/* Of two sides of a gap the more saturated enters first. */
static bool mixture_may_enter(const sei_react_work *w, const sei_react_job *job, size_t x)
{
    const sei_mixture *mix  = &job->s->mixtures[x];
    const double       unit = mix->kind == SEI_MIXTURE_GAS_PRESSURE ? mix->pressure_atm : 1.0;
    const size_t       twin = twin_of(w, x);

    if (w->mixture_active[x] || w->is_outside[x] || !(w->mixture_sum[x] > unit * (1.0 + 1e-9)))
        return false;
    return twin == SIZE_MAX || w->mixture_active[twin] || w->is_outside[twin] ||
           w->mixture_sum[x] >= w->mixture_sum[twin];
}

/* A side that its water has driven to the edge calls the other side, and goes when that is there already. */
static bool leave_edge(sei_react_work *w, const sei_react_job *job, size_t x)
{
    const size_t twin = twin_of(w, x);

    if (!w->mixture_active[x] || !w->is_outside[x] || twin == SIZE_MAX)
        return false;
    if (w->mixture_active[twin])
        w->mixture_active[x] = false;
    else
        enter_mixture(w, job, twin, 0.1 * exp(w->mixture_ln[x]));
    return true;
}

static bool is_mixture_wrong(sei_react_work *w, const sei_react_job *job)
{
    bool changed = false;

    for (size_t x = 0; x < job->s->n_mixtures; x++) {
        if (job->s->mixtures[x].kind == SEI_MIXTURE_GAS_VOLUME)
            continue;
        if (mixture_may_enter(w, job, x)) {
            enter_mixture(w, job, x, 1e-8 * exp(w->ln_kg));
            changed = true;
        } else if (w->mixture_active[x] && w->mixture_ln[x] < log(1e-20)) {
            w->mixture_active[x] = false;
            changed              = true;
        } else if (leave_edge(w, job, x))
            return true;
    }
    return changed;
}

/* Rounds that go on are those of a mineral that is partly dissolved: it then enters instead of going as a whole. */
static bool change_set(sei_react_work *w, const sei_react_job *job, int round, bool all,
                       size_t *ret_entered, swap *ret_swap)
{
    *ret_entered = SIZE_MAX;
    *ret_swap    = (swap){SIZE_MAX, SIZE_MAX, 0.0, 0.0};
    if (remove_overdrawn(w, job)) {
        if (all)
            (void)add_strongly_wanted(w, job);
        return true;
    }
    if (round < LITTLE_ROUNDS && dissolve_little(w, job))
        return true;
    return add_wanted(w, job, all, ret_entered, ret_swap) || is_mixture_wrong(w, job);
}

void sei_react_save_set(const sei_react_work *w, sei_react_set_snapshot *s)
{
    sei_react_save(w, &s->unknowns);
    memcpy(s->active, w->is_active, sizeof s->active);
    memcpy(s->mixture, w->mixture_active, sizeof s->mixture);
}

void sei_react_restore_set(sei_react_work *w, const sei_react_set_snapshot *s)
{
    sei_react_restore(w, &s->unknowns);
    memcpy(w->is_active, s->active, sizeof s->active);
    memcpy(w->mixture_active, s->mixture, sizeof s->mixture);
}

/* What Newton's method has driven below this (mol/kg) on its way to nowhere is not there in the end. */
static const double vanishing = 1e-9;

/* Two solids on either side of a gap ask for a water of their own: when there is too little for both, no amounts
 * satisfy it, and that of one falls without end. Tries the set without it, from where it was before. */
static bool without_vanishing(sei_react_work *w, sei_react_job *job,
                              const sei_react_set_snapshot *before, int *iterations)
{
    bool   active[SEI_REACT_MIXTURES_MAX];
    size_t gone = SIZE_MAX;

    memcpy(active, w->mixture_active, sizeof active);
    for (size_t x = 0; x < job->s->n_mixtures; x++)
        if (active[x] && twin_of(w, x) != SIZE_MAX && active[twin_of(w, x)] &&
            (gone == SIZE_MAX || w->mixture_ln[x] < w->mixture_ln[gone]))
            gone = x;
    if (gone == SIZE_MAX || w->mixture_ln[gone] > log(vanishing) + w->ln_kg)
        return false;
    sei_react_restore_set(w, before);
    w->mixture_active[gone] = false;
    if (!w->mixture_active[twin_of(w, gone)])
        enter_mixture(w, job, twin_of(w, gone), vanishing * exp(w->ln_kg));
    return sei_react_newton(w, job, ITERATIONS_MAX, iterations);
}

/* Solves the present set: roughly while it is likely to change. */
static bool solve_set(sei_react_work *w, sei_react_job *job, bool roughly, int *iterations)
{
    job->good     = roughly ? rough : 0.0;
    const bool ok = sei_react_newton(w, job, ITERATIONS_MAX, iterations);
    job->good     = 0.0;
    return ok;
}

/* Shares of what there is, ln units: by so much more than what a rough solution is off by. */
static const double plainly_over = 0.1, plainly_wanted = 0.5;

static bool is_plainly_overdrawn(const sei_react_work *w, const sei_react_job *job, size_t i)
{
    double limit;

    return is_overdrawn(w, job, i, &limit) &&
           w->mineral_transfer[i] - limit > plainly_over * fabs(w->mineral_transfer[i]);
}

bool sei_react_runs_out(const sei_react_work *w, const sei_react_job *job)
{
    for (size_t i = 0; i < job->s->n_minerals; i++)
        if (is_plainly_overdrawn(w, job, i))
            return true;
    return false;
}

bool sei_react_is_plainly_wrong(const sei_react_work *w, const sei_react_job *job)
{
    for (size_t i = 0; i < job->s->n_minerals; i++)
        if (may_enter(w, job, i) && fabs(excess(w, job, i)) > plainly_wanted)
            return true;
    return sei_react_runs_out(w, job);
}

/* What has gone would take the place of what has entered. */
static bool turns_back(const sei_react_work *w, const sei_react_job *job, const swap *x)
{
    return x->gone != SIZE_MAX && may_enter(w, job, x->gone);
}

/* Where a search for a sign that changes has come to: by straight lines, each end that stays twice weighing half (Illinois). */
typedef struct {
    double low, high, at_low, at_high; /* NAN: there is no solution there */
    int    stayed; /* rounds in a row that the high end stayed; less than 0: the low one */
} bracket;

static void narrow(bracket *b, double at, double value, bool is_low)
{
    if (is_low) {
        b->low    = at;
        b->at_low = value;
        b->stayed = b->stayed > 0 ? b->stayed + 1 : 1;
    } else {
        b->high    = at;
        b->at_high = value;
        b->stayed  = b->stayed < 0 ? b->stayed - 1 : -1;
    }
    if (b->stayed > 1)
        b->at_high *= 0.5;
    if (b->stayed < -1)
        b->at_low *= 0.5;
}

/* The next place; NAN: what is left is too narrow. */
static double next_of(const bracket *b)
{
    const double wide = fabs(b->high - b->low), size = fmax(fabs(b->high), fabs(b->low));

    if (!(wide > (isnan(b->at_high) ? share_least : 1e-15) * size))
        return NAN;
    return isnan(b->at_high) ? 0.5 * (b->low + b->high)
                             : b->low + (b->high - b->low) * b->at_low / (b->at_low - b->at_high);
}

/*
 * Gypsum and anhydrite are there together where the activity of water is what their reaction asks for: neither lasts beside the
 * other anywhere else. What the one that went has given is a number between what it had given before and all of it, found by a
 * safe search: the more of it is turned into the other, the more it wants to turn back.
 */
static bool share(sei_react_work *w, sei_react_job *job, const swap *x,
                  const sei_react_set_snapshot *before, int *iterations)
{
    sei_react_set_snapshot place = *before;
    bracket                b     = {.low = x->from, .high = x->to, .at_low = NAN, .at_high = NAN};
    double                 at    = x->from;

    place.active[x->entered] = true;
    place.active[x->gone]    = false;
    for (int k = 0; k < SHARE_MAX && !isnan(at); k++) {
        sei_react_restore_set(w, &place);
        w->mineral_transfer[x->gone] = at;
        const bool   ok              = solve_set(w, job, false, iterations);
        const double value           = ok ? excess(w, job, x->gone) : (double)NAN;
        if (fabs(value) <= 0.1 * si_slack)
            return true;
        if (k == 0 && !ok)
            return false;
        const bool is_low = k == 0 || value * b.at_low > 0.0;
        if (is_low)
            sei_react_save_set(w, &place);
        narrow(&b, at, value, is_low);
        at = next_of(&b);
    }
    return false;
}

/* Solves the set that a change has made of the one before. */
static bool solve_changed(sei_react_work *w, sei_react_job *job,
                          const sei_react_set_snapshot *before, const swap *x, bool roughly,
                          int *iterations)
{
    sei_react_set_snapshot after;
    const bool             ok = solve_set(w, job, roughly, iterations);

    if (ok ? !turns_back(w, job, x) : without_vanishing(w, job, before, iterations))
        return true;
    if (x->gone == SIZE_MAX)
        return false;
    sei_react_save_set(w, &after);
    if (share(w, job, x, before, iterations))
        return true;
    if (!ok)
        return false;
    sei_react_restore_set(w, &after);
    return solve_set(w, job, roughly, iterations);
}

/* Several minerals enter at once as long as that goes well, then one at a time. */
bool sei_react_find_set(sei_react_work *w, sei_react_job *job, int *iterations)
{
    bool all = true;

    for (int round = 0; round < ROUNDS_MAX; round++) {
        size_t                 entered;
        swap                   swapped;
        sei_react_set_snapshot before;
        sei_react_save_set(w, &before);
        const bool changed = change_set(w, job, round, all && round < 4, &entered, &swapped);
        if (!changed && (job->excess <= 1.0 || job->residual <= job->enough))
            return true;
        if (solve_changed(w, job, &before, &swapped, changed && all && round < ROUGH_ROUNDS,
                          iterations))
            continue;
        if (!all)
            return false;
        sei_react_restore_set(w, &before);
        all = false;
    }
    return false;
}

/* Solves at the targets in force. What is used up on the way goes, one mineral at a time as long as strides can be
 * shortened: which of two goes first decides what stays. */
static bool stride_holds(sei_react_work *w, sei_react_job *job, bool can_shorten, int *iterations)
{
    do {
        if (!sei_react_newton(w, job, 30, iterations) ||
            (can_shorten && count_overdrawn(w, job) > 1))
            return false;
    } while (remove_overdrawn(w, job));
    return true;
}

/* Leads the target of mineral i from where the water is to where it should be. */
static bool lead(sei_react_work *w, sei_react_job *job, size_t i, int *iterations)
{
    double       at = sei_equil_ln_sr(w->eq, job->s->minerals[i].phase), stride = 2.0;
    const double end = job->target[i];

    for (int k = 0; k < LEAD_MAX && w->is_active[i]; k++) {
        sei_react_set_snapshot before;
        const double           left = end - at,
                     next           = fabs(left) <= stride ? end : at + copysign(stride, left);
        sei_react_save_set(w, &before);
        job->target[i]  = next;
        const bool good = stride_holds(w, job, stride > 1e-3, iterations);
        if (good && !w->is_active[i])
            break;
        if (good) {
            at = next;
            if (at == end)
                return true;
            stride *= 1.7;
        } else {
            sei_react_restore_set(w, &before);
            stride *= 0.3;
            if (stride < 1e-6)
                break;
        }
    }
    job->target[i] = end;
    return !w->is_active[i] && sei_react_newton(w, job, ITERATIONS_MAX, iterations);
}

/* The same for a mixture: from what its parts sum up to in the water down to what they may. */
static bool lead_mixture(sei_react_work *w, sei_react_job *job, size_t x, int *iterations)
{
    const sei_mixture *mix    = &job->s->mixtures[x];
    double             stride = 1.0,
           at                 = log(w->mixture_sum[x] /
                                    (mix->kind == SEI_MIXTURE_GAS_PRESSURE ? mix->pressure_atm : 1.0));

    w->mixture_ln[x] = log(1e-10 * exp(w->ln_kg));
    for (int k = 0; k < LEAD_MAX; k++) {
        sei_react_set_snapshot before;
        const double           next = fabs(at) <= stride ? 0.0 : at - copysign(stride, at);
        sei_react_save_set(w, &before);
        w->mixture_target[x] = next;
        if (stride_holds(w, job, stride > 1e-3, iterations)) {
            at = next;
            if (at == 0.0)
                return true;
            stride *= 1.7;
        } else {
            sei_react_restore_set(w, &before);
            stride *= 0.3;
            if (stride < 1e-6)
                break;
        }
    }
    w->mixture_target[x] = 0.0;
    return false;
}

/* What minerals that are not there have given changes step by step. */
static bool lead_transfers(sei_react_work *w, sei_react_job *job,
                           const sei_react_set_snapshot *from, int *iterations)
{
    double to[SEI_REACT_PHASES_MAX], at = 0.0, stride = 1.0;

    memcpy(to, w->mineral_transfer, sizeof to);
    for (int k = 0; k < LEAD_MAX; k++) {
        sei_react_set_snapshot before;
        const double           next = fmin(1.0, at + stride);
        sei_react_save_set(w, &before);
        for (size_t i = 0; i < job->s->n_minerals; i++)
            if (!w->is_active[i])
                w->mineral_transfer[i] = (1.0 - next) * from->unknowns.transfer[i] + next * to[i];
        if (sei_react_newton(w, job, 60, iterations)) {
            at = next;
            if (at == 1.0)
                return true;
            stride *= 2.0;
        } else {
            sei_react_restore_set(w, &before);
            stride *= 0.3;
            if (stride < 1e-9)
                break;
        }
    }
    return false;
}

static size_t entered_mixture(const sei_react_work *w, const sei_react_job *job,
                              const bool before[])
{
    size_t x = 0;

    while (x < job->s->n_mixtures && (before[x] || !w->mixture_active[x]))
        x++;
    return x < job->s->n_mixtures ? x : SIZE_MAX;
}

/* A mixture whose parts are combinations of minerals that are there takes the place of one of them. */
static bool mixture_for_mineral(sei_react_work *w, sei_react_job *job,
                                const sei_react_set_snapshot *before, int *iterations)
{
    for (size_t i = 0; i < job->s->n_minerals; i++) {
        const sei_mineral *m = &job->s->minerals[i];
        if (!before->active[i] || !isfinite(m->mol))
            continue;
        sei_react_restore_set(w, before);
        if (!is_mixture_wrong(w, job))
            return false;
        w->is_active[i]        = false;
        w->mineral_transfer[i] = m->precipitate_only ? 0.0 : m->mol;
        if (sei_react_newton(w, job, ITERATIONS_MAX, iterations) && !may_enter(w, job, i))
            return true;
    }
    return false;
}

bool sei_react_find_set_slowly(sei_react_work *w, sei_react_job *job, int *iterations)
{
    size_t entered;
    swap   swapped;

    for (int round = 0; round < ROUNDS_MAX; round++) {
        sei_react_set_snapshot before;
        sei_react_save_set(w, &before);
        if (!change_set(w, job, round, false, &entered, &swapped))
            return true;
        const size_t mixture = entered_mixture(w, job, before.mixture);
        bool         good;
        if (entered != SIZE_MAX)
            good = lead(w, job, entered, iterations);
        else if (mixture != SIZE_MAX)
            good = lead_mixture(w, job, mixture, iterations);
        else
            good = lead_transfers(w, job, &before, iterations);
        if (!good && mixture != SIZE_MAX && entered == SIZE_MAX)
            good = mixture_for_mineral(w, job, &before, iterations);
        if (!good)
            return false;
    }
    return false;
}
