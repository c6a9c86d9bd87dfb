/*
 * soft.c - which minerals and mixtures are there, where taking them in and out leads nowhere
 *
 * None is in or out: each has an amount that rises with its saturation, n = c (W / W0)^k, so that all balances hang smoothly on
 * the unknowns, like those of one more species. Then c becomes the n that was found, and so on: what is there comes to
 * rest at W = W0, what is not fades by (W / W0)^k each time. This is the exponential multiplier method (tseng1993),
 * which finds the set of any convex problem whatever the order in which minerals come and go.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

#define LN10 2.302585092994045684

enum { ROUNDS = 26, ITERATIONS_MAX = 200 };

static const double first_mol     = 1e-4; /* mol/kg of what is not there */
static const double stiffness_max = 256.0;
static const double ln_most       = 80.0;  /* of amounts on the way */
static const double gone_mol      = 1e-12; /* mol/kg */
static const double saturated     = -1e-7; /* ln units */
static const double near          = 1e-6;  /* ln units, of balances on the way */
static const double least_mol     = 1e-80;

/* ---- amounts ---- */

/* Slopes of ln mol of term i: a times those of one phase and b times those of another (NULL: none). */
static void set_slopes(sei_react_work *w, size_t i, double a, const sei_net_phase *p, double b,
                       const sei_net_phase *q)
{
    sei_react_terms *t  = &w->terms;
    const size_t     nc = w->react->net->n_comp;

    for (uint32_t v = t->v_ptr[i]; v < t->v_ptr[i + 1]; v++) {
        const size_t u = t->v_at[v];
        t->v[v]        = a * (u < nc ? p->nu[u] : p->nu_e);
        if (q)
            t->v[v] += b * (u < nc ? q->nu[u] : q->nu_e);
    }
    t->nu_w[i] = a * p->nu_w + (q ? b * q->nu_w : 0.0);
}

static void minerals(sei_react_work *w, const sei_mixture *mix, size_t x, size_t i)
{
    const sei_react_soft *f = w->soft;

    for (size_t k = 0; k < mix->n; k++, i++) {
        const double over =
            f->stiffness * (sei_equil_ln_sr(w->eq, mix->phase[k]) - f->target[x][k]);
        const double most = f->most[x][k], c = f->mol[x][k];
        double       n, slope                = f->stiffness;
        if (isfinite(most)) {
            n = most / (1.0 + (most / c - 1.0) * exp(-fmax(-ln_most, fmin(over, ln_most))));
            slope *= 1.0 - n / most;
        } else {
            n = exp(fmin(log(c) + over, ln_most));
        }
        w->terms.mol[i] = n;
        set_slopes(w, i, slope, &w->react->net->phases[mix->phase[k]], 0.0, NULL);
    }
}

static void ideal(sei_react_work *w, const sei_mixture *mix, size_t x, size_t i)
{
    const sei_net_phase  *phases = w->react->net->phases;
    const sei_react_soft *f      = w->soft;
    const bool            gas    = mix->kind == SEI_MIXTURE_GAS_PRESSURE;
    sei_react_terms      *t      = &w->terms;
    double                share[SEI_REACT_MIXTURE_PARTS], sum = 0.0;

    for (size_t k = 0; k < mix->n; k++) {
        share[k] = exp(fmin(sei_equil_ln_sr(w->eq, mix->phase[k]) - mix->ln_phi[k], ln_most));
        sum += share[k];
    }
    sum            = fmax(sum, 1e-300);
    const double n = exp(fmin(
        log(f->mol[x][0]) + f->stiffness * log(sum / (gas ? mix->pressure_atm : 1.0)), ln_most));
    for (size_t k = 0; k < mix->n; k++, i++) {
        const size_t nc = w->react->net->n_comp;
        t->mol[i]       = n * share[k] / sum;
        set_slopes(w, i, 1.0, &phases[mix->phase[k]], 0.0, NULL);
        for (size_t q = 0; q < mix->n; q++) {
            const sei_net_phase *p  = &phases[mix->phase[q]];
            const double         by = (f->stiffness - 1.0) * share[q] / sum;
            for (uint32_t v = t->v_ptr[i]; v < t->v_ptr[i + 1]; v++)
                t->v[v] += by * (t->v_at[v] < nc ? p->nu[t->v_at[v]] : p->nu_e);
            t->nu_w[i] += by * p->nu_w;
        }
    }
}

static void solid(sei_react_work *w, const sei_mixture *mix, size_t x, size_t i)
{
    const sei_net_phase *p = &w->react->net->phases[mix->phase[0]],
                        *q = &w->react->net->phases[mix->phase[1]];
    const double ln_w[2]   = {sei_equil_ln_sr(w->eq, mix->phase[0]),
                              sei_equil_ln_sr(w->eq, mix->phase[1])};
    const double stiffness = w->soft->stiffness;
    sei_solid    s;

    sei_react_solid_at(mix, ln_w, &s);
    w->is_outside[x] = s.is_outside;
    const double n   = exp(fmin(log(w->soft->mol[x][0]) + stiffness * s.ln_s, ln_most));
    for (size_t k = 0; k < 2; k++) {
        const double turn   = s.is_outside ? 0.0 : 1.0 / s.g;
        const double more   = (k == 0 ? s.x[1] : -s.x[0]) * turn;
        w->terms.mol[i + k] = n * s.x[k];
        set_slopes(w, i + k, stiffness * s.x[0] + more, p, stiffness * s.x[1] - more, q);
    }
}

void sei_react_soft_amounts(sei_react_work *w, const sei_react_system *s, size_t x, size_t i)
{
    const sei_mixture *mix = &s->mixtures[x];

    if (w->soft->is_minerals[x])
        minerals(w, mix, x, i);
    else if (sei_solid_is_ideal(mix))
        ideal(w, mix, x, i);
    else
        solid(w, mix, x, i);
}

/* ---- the system without its minerals ---- */

typedef struct {
    sei_react_soft   soft;
    sei_react_system system;
    sei_mixture      mixtures[SEI_REACT_MIXTURES_MAX];
    size_t           mixture[SEI_REACT_PHASES_MAX], part[SEI_REACT_PHASES_MAX]; /* of a mineral */
} softened;

static void add_mineral(const sei_react_work *w, const sei_mineral *m, size_t i, double kg,
                        softened *f)
{
    const size_t x   = f->system.n_mixtures - 1;
    sei_mixture *mix = &f->mixtures[x];
    const size_t k   = mix->n++;

    f->mixture[i]        = x;
    f->part[i]           = k;
    mix->phase[k]        = m->phase;
    f->soft.target[x][k] = LN10 * m->target_si;
    f->soft.most[x][k]   = m->dissolve_only ? m->mol : (double)INFINITY;
    f->soft.mol[x][k]    = fmax(m->precipitate_only ? 0.0 : m->mol, first_mol * kg);
    if (m->dissolve_only)
        f->soft.mol[x][k] = 0.5 * m->mol;
    if (!m->precipitate_only)
        sei_react_add_phase(w->react, m->phase, m->mol, &f->system.total);
}

/* Minerals become the parts of mixtures of their own; what only dissolves and is not there is left out. False: one is without end,
 * gives something else than itself, or there is no room. */
static bool soften(const sei_react_work *w, const sei_react_system *s, double kg, softened *f)
{
    memset(f, 0, sizeof *f);
    f->system            = *s;
    f->system.minerals   = NULL;
    f->system.n_minerals = 0;
    f->system.mixtures   = f->mixtures;
    f->soft.stiffness    = 1.0;
    if (s->n_mixtures > 0)
        memcpy(f->mixtures, s->mixtures, s->n_mixtures * sizeof *f->mixtures);
    for (size_t x = 0; x < s->n_mixtures; x++) {
        double sum = 0.0;
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            sum += s->mixtures[x].mol[k];
        f->soft.mol[x][0] = fmax(sum, first_mol * kg);
    }
    for (size_t i = 0; i < s->n_minerals; i++) {
        const sei_mineral *m = &s->minerals[i];
        if (m->has_formula || !isfinite(m->mol))
            return false;
        f->mixture[i] = SIZE_MAX;
        if (m->dissolve_only && !(m->mol > 0.0))
            continue;
        const size_t last = f->system.n_mixtures;
        if (last == s->n_mixtures || f->mixtures[last - 1].n == SEI_REACT_MIXTURE_PARTS) {
            if (last == SEI_REACT_MIXTURES_MAX)
                return false;
            f->mixtures[last]         = (sei_mixture){.kind = SEI_MIXTURE_SOLID};
            f->soft.is_minerals[last] = true;
            f->system.n_mixtures      = last + 1;
        }
        add_mineral(w, m, i, kg, f);
    }
    return true;
}

/* What was found is what there is at saturation from now on. */
static void renew(const sei_react_work *w, softened *f)
{
    const double *mol = w->terms.mol + w->terms.n_aqueous + w->terms.n_sorbed;

    for (size_t x = 0; x < f->system.n_mixtures; x++) {
        double sum = 0.0;
        for (size_t k = 0; k < f->mixtures[x].n; k++) {
            sum += mol[k];
            if (f->soft.is_minerals[x])
                f->soft.mol[x][k] =
                    fmax(fmin(mol[k], (1.0 - 1e-12) * f->soft.most[x][k]), least_mol);
        }
        if (!f->soft.is_minerals[x])
            f->soft.mol[x][0] = fmax(sum, least_mol);
        mol += f->mixtures[x].n;
    }
}

static bool find_amounts(sei_react_work *w, softened *f, const sei_react_state *start,
                         int *iterations)
{
    sei_react_job j;
    bool          ok = true;

    sei_react_set_up(w, &f->system, start, &j);
    for (size_t i = 0; i < f->system.n_sites; i++)
        if (w->x_site[f->system.sites[i].site] == 0.0)
            w->x_site[f->system.sites[i].site] = log(0.1);
    j.good = near;
    for (int k = 0; k < ROUNDS && ok; k++) {
        ok = sei_react_newton(w, &j, ITERATIONS_MAX, iterations);
        if (ok)
            renew(w, f);
        f->soft.stiffness = fmin(stiffness_max, 2.0 * f->soft.stiffness);
    }
    return ok;
}

/* ---- the set ---- */

static void take_mineral(sei_react_work *w, const sei_mineral *m, size_t i, const softened *f)
{
    const double kg = exp(w->ln_kg);

    w->is_active[i]        = false;
    w->mineral_transfer[i] = m->precipitate_only || f->mixture[i] == SIZE_MAX ? 0.0 : m->mol;
    if (f->mixture[i] == SIZE_MAX)
        return;
    const double n       = f->soft.mol[f->mixture[i]][f->part[i]];
    const double over    = sei_equil_ln_sr(w->eq, m->phase) - LN10 * m->target_si;
    const bool   is_full = m->dissolve_only && m->mol - n < gone_mol * kg && over > saturated;
    if (is_full)
        w->mineral_transfer[i] = 0.0;
    else
        w->is_active[i] = n > gone_mol * kg || over > saturated;
}

static void take_set(sei_react_work *w, const sei_react_system *s, const softened *f)
{
    for (size_t i = 0; i < s->n_minerals; i++)
        take_mineral(w, &s->minerals[i], i, f);
    for (size_t x = 0; x < s->n_mixtures; x++) {
        w->mixture_active[x] = f->soft.mol[x][0] > gone_mol * exp(w->ln_kg);
        w->mixture_ln[x]     = log(f->soft.mol[x][0]);
    }
}

bool sei_react_find_set_softly(sei_react_work *w, sei_react_job *j, const sei_react_state *start,
                               int *iterations)
{
    const sei_react_system *s = j->s;
    sei_react_snapshot      found;
    softened                f;

    if (s->water_is_fixed || s->n_minerals + s->n_mixtures == 0 ||
        !soften(w, s, start->water_kg > 0.0 ? start->water_kg : 1.0, &f))
        return false;
    w->soft       = &f.soft;
    const bool ok = find_amounts(w, &f, start, iterations);
    w->soft       = NULL;
    sei_react_save(w, &found);
    sei_react_set_up(w, s, start, j);
    if (!ok)
        return false;
    sei_react_restore(w, &found);
    sei_react_evaluate(w, s);
    take_set(w, s, &f);
    return sei_react_newton(w, j, ITERATIONS_MAX, iterations);
}
