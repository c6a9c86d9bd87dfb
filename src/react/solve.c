/*
 * solve.c - equilibrium of a closed system from a start: the last solution, or a water of similar kind
 */
#include <math.h>
#include <string.h>

#include "chem/pressure.h"
#include "num/dense.h"
#include "react/react_impl.h"

#define LN10 2.302585092994045684

#define SEI_REACT_CLOSE \
    1e-11 /* ln units: what is left of a balance is beyond the digits of any result */

#define COMBINED 4.0 /* times what a balance may be off by, a plain one that it is combined of is */

enum { ITERATIONS_MAX = 120, SOUND_MAX = 8 };

/* After so many iterations no other start is tried: of random systems the slowest that are found take 36,000, and 13,000 with specific
 * interactions, whose iterations cost several times as much. */
enum { TRIED_MAX = 40000, TRIED_SPECIFIC_MAX = 20000 };

static const double nothing_ln =
    -1500.0; /* of what is not there: no valence of it amounts to anything at any pe */

sei_status sei_react_work_create(sei_ctx *ctx, const sei_react *react, sei_react_work **ret_work)
{
    const size_t    max = SEI_REACT_UNKNOWNS_MAX;
    sei_react_work *w   = sei_alloc(ctx, 1, sizeof *w);

    if (!w)
        return SEI_E_NOMEM;
    w->ctx        = ctx;
    w->react      = react;
    w->nb         = react->net->n_comp + 1 + react->n_sites;
    w->lin        = sei_alloc(ctx, max * max, sizeof(double));
    w->rhs        = sei_alloc(ctx, max, sizeof(double));
    w->last       = sei_alloc(ctx, 1, sizeof *w->last);
    sei_status st = sei_equil_create(ctx, react->net, &w->eq);
    if (st == SEI_OK)
        st = sei_react_terms_create(w);
    if (st != SEI_OK || !w->lin || !w->rhs || !w->last) {
        sei_react_work_free(w);
        return SEI_E_NOMEM;
    }
    *ret_work = w;
    return SEI_OK;
}

void sei_react_work_free(sei_react_work *w)
{
    if (!w)
        return;
    sei_react_terms_free(w);
    sei_release(w->ctx, w->lin);
    sei_release(w->ctx, w->rhs);
    sei_equil_free(w->eq);
    sei_release(w->ctx, w->last);
    sei_release(w->ctx, w->integrator);
    sei_release(w->ctx, w);
}

void sei_react_forget(sei_react_work *w)
{
    w->basis.is_set = w->basis.has_totals = false;
    w->has_chord = w->has_factor = w->is_moved = false;
    w->taken                                   = NULL;
    w->last->is_set                            = w->last->is_set && w->last->is_held;
}

void sei_react_hold(sei_react_work *w)
{
    w->last->is_held = w->last->is_set;
}

void sei_react_release(sei_react_work *w)
{
    w->last->is_held = false;
}

const sei_equil *sei_react_equil(const sei_react_work *work)
{
    return work->eq;
}

double sei_react_given(const sei_react_work *work, const sei_react_system *system, size_t i)
{
    return fmin(work->mineral_transfer[i], system->minerals[i].mol);
}

/* ---- setting up ---- */

static bool holds(const sei_react_work *w, const sei_mineral *m, size_t b)
{
    const size_t         nc = w->react->net->n_comp;
    const sei_net_phase *p  = &w->react->net->phases[m->phase];

    if (m->has_formula)
        return sei_react_basis(&m->formula, nc, b) != 0.0;
    return b < nc && p->nu[b] != 0.0;
}

static bool is_in_minerals(const sei_react_work *w, const sei_react_system *s, size_t b)
{
    for (size_t i = 0; i < s->n_minerals; i++)
        if (holds(w, &s->minerals[i], b))
            return true;
    return false;
}

static bool is_in_mixtures(const sei_react_work *w, const sei_react_system *s, size_t b)
{
    for (size_t x = 0; x < s->n_mixtures; x++)
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            if (b < w->react->net->n_comp &&
                w->react->net->phases[s->mixtures[x].phase[k]].nu[b] != 0.0)
                return true;
    return false;
}

/* Mixtures give their contents to the system; equilibrium takes them back. */
static void add_mixture_contents(const sei_react_work *w, const sei_react_system *s,
                                 sei_amounts *total)
{
    for (size_t x = 0; x < s->n_mixtures; x++)
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            sei_react_add_phase(w->react, s->mixtures[x].phase[k], s->mixtures[x].mol[k], total);
}

static double water_of_minerals(const sei_react_work *w, const sei_react_system *s)
{
    double sum = 0.0;

    for (size_t i = 0; i < s->n_minerals; i++) {
        const sei_mineral *m    = &s->minerals[i];
        const double       held = m->mol * sei_react_mineral_water(w, m);
        if (held > 0.0 && isfinite(held))
            sum += held;
    }
    return sum;
}

static void list_fixed(const sei_react_work *w, sei_react_job *j)
{
    for (size_t b = 0; b < w->nb; b++)
        if (j->is_fixed[b])
            j->fixed[j->n_fixed++] = (uint8_t)b;
}

void sei_react_set_up(sei_react_work *w, const sei_react_system *s, const sei_react_state *state,
                      sei_react_job *j)
{
    const size_t nc    = w->react->net->n_comp;
    sei_amounts  total = s->total;

    memset(j, 0, sizeof *j);
    j->s = s;
    add_mixture_contents(w, s, &total);
    w->eq->water_kg_mol = sei_react_water_kg_mol(w->react, &total);
    j->water            = total.water;
    j->most_water       = total.water + water_of_minerals(w, s);
    j->ln_kg_least      = log(fmax(j->water, 1e-6) * w->eq->water_kg_mol) - 5.0;
    j->ln_kg_most       = log(fmax(j->most_water, 1e-6) * w->eq->water_kg_mol) + 0.7;
    for (size_t b = 0; b < w->nb; b++) {
        j->rhs_total[b]    = sei_react_basis(&total, nc, b);
        const bool element = b + 1 < nc, site = b > nc;
        if (element && !(j->rhs_total[b] > 1e-25)) {
            j->is_fixed[b]  = !is_in_minerals(w, s, b) && !is_in_mixtures(w, s, b);
            j->rhs_total[b] = 1e-18;
        }
        if (site && !(j->rhs_total[b] > 0.0))
            j->is_fixed[b] = true;
    }
    j->is_fixed[nc] = !w->react->has_electrons; /* what is left of them is rounding */
    list_fixed(w, j);
    memcpy(w->eq->x, state->x, nc * sizeof *w->eq->x);
    for (size_t b = 0; b + 1 < nc; b++)
        if (j->is_fixed[b])
            w->eq->x[b] = nothing_ln;
        else if (!(w->eq->x[b] > 0.5 * nothing_ln))
            w->eq->x[b] = log(fmin(1e-12, j->rhs_total[b]));
    w->eq->ln_ae = state->ln_ae;
    w->eq->ln_aw = state->ln_aw;
    w->eq->mu    = fmax(state->mu, 1e-9);
    w->ln_kg     = log(state->water_kg > 0.0 ? state->water_kg : 1.0);
    memcpy(w->x_site, state->x_site, sizeof w->x_site);
    memcpy(w->potential, state->potential, sizeof w->potential);
    memset(w->mineral_transfer, 0, sizeof w->mineral_transfer);
    memset(w->is_active, 0, sizeof w->is_active);
    memset(w->mixture_active, 0, sizeof w->mixture_active);
    memset(w->mixture_target, 0, sizeof w->mixture_target);
    memset(w->is_outside, 0, sizeof w->is_outside);
    if (sei_equil_set_pressure(w->eq, s->temp_k, s->pressure_atm > 0.0 ? s->pressure_atm : 1.0,
                               s->volume_mu))
        w->sorbed_temp_k = 0.0;
    sei_equil_set_temp(w->eq, s->temp_k);
    sei_react_terms_set(w, s);
    for (size_t i = 0; i < s->n_minerals; i++)
        j->target[i] = LN10 * s->minerals[i].target_si;
}

/* Sites at rest: each gets its share of the whole before anything else is known. */
static void start_sites(sei_react_work *w, const sei_react_system *s)
{
    for (size_t i = 0; i < s->n_sites; i++)
        if (w->x_site[s->sites[i].site] == 0.0)
            w->x_site[s->sites[i].site] = log(0.1);
}

void sei_react_collect_mixtures(const sei_react_work *w, sei_react_system *s)
{
    const double *mol = w->terms.mol + w->terms.n_aqueous + w->terms.n_sorbed;

    for (size_t x = 0; x < s->n_mixtures; x++)
        for (size_t k = 0; k < s->mixtures[x].n; k++)
            s->mixtures[x].mol[k] = *mol++;
}

/* Aqueous terms are those of the water and of the layers together. */
static void take_layers(const sei_react_work *w, const sei_react_system *s, sei_react_state *state)
{
    const size_t h = w->react->net->n_comp - 1;

    memset(&state->layer, 0, sizeof state->layer);
    if (!w->has_layers)
        return;
    sei_react_collect_layers(w, s, &state->layer);
    state->water.comp[h] -= state->layer.comp[h];
    state->water.electron -= state->layer.electron;
    state->water.water -= state->layer.water - sei_react_layer_water_mol(s);
}

/* Digits that a difference must keep to say more than the sum of the species does. */
#define DIFFERENCE_NOISE 4e-16
#define DIFFERENCE_GOOD  1e-12

/*
 * A water that is found to no more than s->enough holds what there was and what minerals have given, to the last digit: what balances
 * are off by is neither lost nor added, however many solutions follow one another. A trace of what minerals have taken is
 * known by its species alone.
 */
static void conserve(const sei_react_work *w, const sei_react_system *s, sei_amounts *water)
{
    const size_t nc = w->react->net->n_comp;

    if (s->n_sites > 0 || s->n_mixtures > 0 || s->water_is_fixed)
        return;
    for (size_t b = 0; b <= nc; b++) {
        double sum = sei_react_basis(&s->total, nc, b), size = fabs(sum);
        for (size_t i = 0; i < s->n_minerals; i++) {
            const double part =
                w->mineral_transfer[i] * sei_react_mineral_count(w, &s->minerals[i], b);
            sum += part;
            size += fabs(part);
        }
        if (DIFFERENCE_NOISE * size < DIFFERENCE_GOOD * fabs(sum))
            *(b < nc ? &water->comp[b] : &water->electron) = sum;
    }
    water->water = s->total.water;
    for (size_t i = 0; i < s->n_minerals; i++)
        water->water += w->mineral_transfer[i] * sei_react_mineral_water(w, &s->minerals[i]);
}

void sei_react_collect(sei_react_work *w, const sei_react_system *s, sei_react_state *state)
{
    const sei_net *net = w->react->net;
    const size_t   nc  = net->n_comp;
    const double   kg  = exp(w->ln_kg);

    sei_equil_activity(w->eq);
    sei_equil_alk_value(w->eq); /* totals and charge are those of the last evaluation */
    memcpy(state->x, w->eq->x, nc * sizeof *state->x);
    state->ln_ae    = w->eq->ln_ae;
    state->ln_aw    = w->eq->ln_aw;
    state->mu       = w->eq->mu;
    state->water_kg = kg;
    memcpy(state->x_site, w->x_site, sizeof state->x_site);
    memcpy(state->potential, w->potential, sizeof state->potential);
    state->n_minerals = s->n_minerals;
    for (size_t i = 0; i < s->n_minerals; i++) {
        state->mineral_mol[i]   = fmax(0.0, s->minerals[i].mol - w->mineral_transfer[i]);
        state->mineral_si[i]    = sei_equil_si(w->eq, s->minerals[i].phase);
        state->mineral_phase[i] = (uint16_t)s->minerals[i].phase;
    }
    memset(&state->water, 0, sizeof state->water);
    for (size_t j = 0; j + 1 < nc; j++)
        state->water.comp[j] = kg * w->eq->total[j];
    state->water.comp[nc - 1] = sei_dot(net->n_species, w->react->count_h, w->terms.mol);
    state->water.electron     = sei_dot(net->n_species, w->react->count_e, w->terms.mol);
    state->water.water =
        kg / w->eq->water_kg_mol + sei_dot(net->n_species, w->react->count_w, w->terms.mol);
    take_layers(w, s, state);
    if (s->enough > SEI_REACT_CLOSE && !w->has_layers)
        conserve(w, s, &state->water);
    memset(&state->sorbed, 0, sizeof state->sorbed);
    for (size_t k = 0; k < w->react->n_sorbed; k++) {
        const sei_react_sorbed_row *q = &w->react->sorbed[k];
        const double                n = w->terms.mol[w->terms.n_aqueous + k];
        if (n == 0.0)
            continue;
        for (size_t j = 0; j < nc; j++)
            state->sorbed.comp[j] += n * q->count[j];
        state->sorbed.electron += n * q->count_e;
        state->sorbed.water += n * q->count_w;
        state->sorbed.site[q->site] += n * q->def->site_coef;
    }
    memcpy(state->mineral_active, w->is_active, sizeof state->mineral_active);
    state->is_warm       = true;
    state->has_inflow    = false;
    state->species_molal = w->eq->m;
    state->sorbed_mol    = w->terms.mol + w->terms.n_aqueous;
}

void sei_react_show(sei_react_work *w, const sei_react_system *s, sei_react_state *state)
{
    sei_react_job j;

    sei_react_forget(w);
    sei_react_set_up(w, s, state, &j);
    memcpy(w->eq->x, state->x, w->react->net->n_comp * sizeof *w->eq->x);
    w->eq->mu = state->mu;
    sei_react_evaluate(w, s);
    sei_equil_activity(w->eq);
    sei_equil_alk_value(w->eq);
    state->species_molal = w->eq->m;
    state->sorbed_mol    = w->terms.mol + w->terms.n_aqueous;
}

static const char *worst_name(const sei_react_work *w, const sei_react_job *j)
{
    const size_t nc = w->react->net->n_comp;

    if (j->worst < nc)
        return w->react->net->comp_name[j->worst];
    if (j->worst == nc)
        return "electrons (redox)";
    if (j->worst < w->nb)
        return w->react->sorb->sites[w->react->site_def[j->worst - nc - 1]].name;
    if (j->worst < w->k_kg)
        return "surface charge";
    return j->worst == w->k_kg ? "water" : j->worst == w->k_mu ? "ionic strength" : "a mineral";
}

static double mixture_mol(const sei_mixture *m)
{
    double sum = 0.0;

    for (size_t k = 0; k < m->n; k++)
        sum += m->mol[k];
    return sum;
}

/* What a mixture holds as it is given, or held in the solution that is followed. */
static void start_mixtures(sei_react_work *w, const sei_react_system *s)
{
    const bool follows = w->is_following && w->n_found_mixtures == s->n_mixtures;

    for (size_t x = 0; x < s->n_mixtures; x++) {
        const double sum     = follows ? w->found_mixture[x] : mixture_mol(&s->mixtures[x]);
        w->mixture_active[x] = sum > 0.0;
        w->mixture_ln[x]     = log(fmax(sum, 1e-8));
    }
}

/* The minerals and mixtures that were present in the solution before. */
void sei_react_warm_set(sei_react_work *w, const sei_react_system *s, const sei_react_state *state)
{
    for (size_t i = 0; i < s->n_minerals; i++) {
        const sei_mineral *m = &s->minerals[i];
        w->is_active[i]      = state->mineral_active[i];
        if (!w->is_active[i] && m->mol > 0.0 && isfinite(m->mol) && !m->precipitate_only &&
            state->mineral_mol[i] == 0.0)
            w->mineral_transfer[i] = m->mol; /* it was used up */
        else if (!w->is_active[i] && w->is_following && state->mineral_mol[i] > 0.0)
            w->mineral_transfer[i] = m->mol - state->mineral_mol[i]; /* it shares with another */
    }
    start_mixtures(w, s);
}

static bool warm_start(sei_react_work *w, sei_react_job *j, const sei_react_state *state,
                       int *iterations)
{
    sei_react_warm_set(w, j->s, state);
    j->enough = fmax(j->enough, j->s->enough);
    j->good   = j->enough;
    j->judges = true;
    const bool ok =
        sei_react_approach(w, j, sei_react_inflow(state), false, j->enough, iterations) ||
        sei_react_newton(w, j, 40, iterations);
    j->good   = 0.0;
    j->judges = false;
    return ok && sei_react_find_set(w, j, iterations);
}

static void sum_all(const sei_react_terms *t, const double count[], double *sum, double *size)
{
    double add, add_size;

    sei_dot_and_size(t->n, count, t->mol, &add, &add_size);
    *sum += add;
    *size += add_size;
}

/* Sums of the plain balances and of the sizes of their terms, whatever balances were in force. Of elements a species
 * holds nothing or more: the water's totals are their sizes too. */
static void plain_sums(const sei_react_work *w, const sei_react_job *j, double sum[], double size[])
{
    const sei_react_terms *t     = &w->terms;
    const size_t           nc    = w->react->net->n_comp;
    const bool             whole = !w->has_negative_counts && !w->has_layers;
    const double           kg    = exp(w->ln_kg);

    for (size_t b = 0; b < w->nb; b++) {
        const double water = whole && b + 1 < nc ? kg * w->eq->total[b] : 0.0;
        sum[b]             = water - j->rhs_total[b];
        size[b]            = water + fabs(j->rhs_total[b]);
    }
    for (size_t i = whole ? t->n_aqueous : 0; i < t->n; i++)
        for (uint32_t k = t->c0_ptr[i]; k < t->c0_ptr[i + 1]; k++) {
            sum[t->c0_at[k]] += t->c0[k] * t->mol[i];
            size[t->c0_at[k]] += fabs(t->c0[k] * t->mol[i]);
        }
    sum_all(t, t->h0, &sum[nc - 1], &size[nc - 1]);
    sum_all(t, t->e0, &sum[nc], &size[nc]);
    for (size_t i = 0; i < j->s->n_minerals; i++) {
        if (w->mineral_transfer[i] == 0.0)
            continue;
        for (size_t b = 0; b <= nc; b++) {
            const double part =
                sei_react_mineral_count(w, &j->s->minerals[i], b) * w->mineral_transfer[i];
            sum[b] -= part;
            size[b] += fabs(part);
        }
    }
}

/* Plain balances that do not hold, the first of them, and by how much each is off. */
static size_t count_unsound(const sei_react_work *w, const sei_react_job *j, double sum[],
                            size_t *ret_first)
{
    const size_t nc = w->react->net->n_comp;
    double       size[SEI_REACT_BALANCES_MAX];
    size_t       n = 0;

    plain_sums(w, j, sum, size);
    *ret_first = SIZE_MAX;
    for (size_t b = w->nb; b-- > 0;) {
        const bool held = j->is_fixed[b] || (j->s->water_is_fixed && b < w->k_site);
        /* Protons and electrons are counted over all that others bring; of elements more digits are asked for of what mixtures and
         * minerals bring than of what is given by itself. */
        const bool   of_element = b + 1 < nc;
        const double own =
            of_element ? 5e-13 * size[b] + 5e-10 * fabs(sei_react_basis(&j->s->total, nc, b))
                       : 1e-10 * size[b];
        const double asked = fmax(own, COMBINED * j->s->enough * size[b]);
        /* mol; traces beside it are nothing */
        if (!held && !(fabs(sum[b]) <= asked + (of_element ? 5e-18 : 1e-17))) {
            *ret_first = b;
            n++;
        }
    }
    return n;
}

/* A plain balance that does not hold; SIZE_MAX: none. */
size_t sei_react_unsound_row(const sei_react_work *w, const sei_react_job *j)
{
    double sum[SEI_REACT_BALANCES_MAX];
    size_t first;

    (void)count_unsound(w, j, sum, &first);
    return first;
}

/*
 * Of two minerals that share an element (CuO and CuS) what each has given comes from balances with the digits of all that these
 * add up (the sulfate of the water). The element's own balance tells the rest, beside which those digits are nothing.
 */
static bool settle_transfers(sei_react_work *w, const sei_react_job *j)
{
    double sum[SEI_REACT_BALANCES_MAX];
    size_t b, n = count_unsound(w, j, sum, &b);

    for (size_t i = 0; i < j->s->n_minerals && n > 0 && b <= w->react->net->n_comp; i++) {
        const double count = sei_react_mineral_count(w, &j->s->minerals[i], b);
        if (!w->is_active[i] || count == 0.0)
            continue;
        const double before = w->mineral_transfer[i];
        const size_t had    = n;
        w->mineral_transfer[i] += sum[b] / count;
        n = count_unsound(w, j, sum, &b);
        if (n < had) {
            i = SIZE_MAX; /* again from the first, for the next balance */
            continue;
        }
        w->mineral_transfer[i] = before;
        n                      = count_unsound(w, j, sum, &b);
    }
    return n == 0;
}

/*
 * A balance (of protons or electrons, mostly) that drowns in the digits of what it is combined with is combined with less: with a
 * plentiful pivot (a trace of MnO2 beside much Mn+2), by becoming the pivot of that mineral itself; with an
 * element whose leading species leads no more (arsenic that has gone to the sites), by counting it plainly.
 * False when nothing is left to change.
 */
static bool make_plainer(const sei_react_work *w, sei_react_job *j, size_t b)
{
    const size_t  n = w->react->net->n_comp + 1, h = n - 2;
    const double *row  = w->basis.combination + b * n;
    size_t        best = SIZE_MAX;
    double        most = 0.0;

    for (size_t k = 0; b < n && k < h; k++) {
        const size_t i = w->basis.mineral[k];
        const bool   open =
            i != SIZE_MAX ? j->wanted_pivot[i] != b + 1 : b >= h && !j->is_plain[b - h][k];
        const double held = fmax(w->eq->total[k] * exp(w->ln_kg), fabs(j->rhs_total[k]));
        if (open && fabs(row[k]) * held > most) {
            best = k;
            most = fabs(row[k]) * held;
        }
    }
    if (best == SIZE_MAX)
        return false;
    if (w->basis.mineral[best] != SIZE_MAX)
        j->wanted_pivot[w->basis.mineral[best]] = (uint8_t)(b + 1);
    else
        j->is_plain[b - h][best] = true;
    return true;
}

/* Plain balances hold too, if need be with other pivots, and what they do not tell. */
static bool make_sound(sei_react_work *w, sei_react_job *j, int *iterations)
{
    for (int k = 0; k < SOUND_MAX; k++) {
        bool   is_kept = sei_react_last_look(w, j, iterations);
        size_t b       = sei_react_unsound_row(w, j);
        if (b != SIZE_MAX) {
            sei_react_polish(w, j, iterations);
            b = settle_transfers(w, j) ? SIZE_MAX : sei_react_unsound_row(w, j);
            /* where next to nothing tells the pe, the step has moved it, and what is saturated with it */
            if (b == SIZE_MAX && !sei_react_find_set(w, j, iterations))
                return false;
            is_kept = sei_react_is_kept(w, j);
        }
        if (b == SIZE_MAX && is_kept)
            return j->s->water_is_fixed || w->eq->sum_m < 1e3;
        if (b != SIZE_MAX && !make_plainer(w, j, b))
            return false;
        w->basis.is_set = false;
        if (!sei_react_newton(w, j, ITERATIONS_MAX, iterations) ||
            !sei_react_find_set(w, j, iterations))
            return false;
    }
    return false;
}

/* From the start as it is given: first with all minerals at once, then with one after the other. */
static bool cold_start(sei_react_work *w, sei_react_job *j, const sei_react_state *start,
                       int *iterations)
{
    sei_react_snapshot water;

    sei_react_set_up(w, j->s, start, j);
    start_sites(w, j->s);
    j->good = j->s->n_minerals + j->s->n_mixtures > 0 ? SEI_REACT_ROUGH : 0.0;
    bool ok = sei_react_newton(w, j, 3 * ITERATIONS_MAX, iterations);
    j->good = 0.0;
    sei_react_save(w, &water);
    if (ok && sei_react_find_set(w, j, iterations) && make_sound(w, j, iterations))
        return true;
    sei_react_restore(w, &water);
    memset(w->is_active, 0, sizeof w->is_active);
    memset(w->mixture_active, 0, sizeof w->mixture_active);
    memset(j->wanted_pivot, 0, sizeof j->wanted_pivot);
    return sei_react_newton(w, j, 2 * ITERATIONS_MAX, iterations) &&
           sei_react_find_set_slowly(w, j, iterations) && make_sound(w, j, iterations);
}

/* From a start by way of amounts that follow the saturation: the set is known before it is solved. */
static bool soft_start(sei_react_work *w, sei_react_job *j, const sei_react_state *start,
                       int *iterations)
{
    return sei_react_find_set_softly(w, j, start, iterations) &&
           sei_react_find_set(w, j, iterations) && make_sound(w, j, iterations);
}

/* From a start by way of surfaces that grow. */
static bool grown_start(sei_react_work *w, sei_react_job *j, const sei_react_state *start,
                        int *iterations)
{
    return sei_react_grow_surfaces(w, j, start, iterations) && make_sound(w, j, iterations);
}

/* From the last solution of a system like it, where there is one. */
static bool follow_last(sei_react_work *w, sei_react_job *j, const sei_react_state *given,
                        int *iterations)
{
    sei_react_state start = *given;

    if (!sei_react_last_serves(w, j->s))
        return false;
    sei_react_last_start(w, j->s, &start);
    sei_react_set_up(w, j->s, &start, j);
    start_sites(w, j->s);
    return warm_start(w, j, &start, iterations) && make_sound(w, j, iterations);
}

static bool may_try(const sei_react_work *w, const int *iterations)
{
    return *iterations < (w->eq->specific ? TRIED_SPECIFIC_MAX : TRIED_MAX);
}

typedef bool way_from(sei_react_work *w, sei_react_job *j, const sei_react_state *start,
                      int *iterations);

/* Waters of other kinds to start from when the given one leads nowhere: sour and oxidised, reduced, alkaline. */
static bool other_start(sei_react_work *w, sei_react_job *j, const sei_react_state *given,
                        way_from *from, int *iterations)
{
    static const struct {
        double ph, pe;
    } starts[]            = {{3.0, 14.0}, {7.0, -3.0}, {10.5, 6.0}, {2.0, 4.0}, {12.0, -8.0}};
    const size_t    nc    = w->react->net->n_comp;
    sei_react_state other = *given;

    for (size_t k = 0; k < sizeof starts / sizeof starts[0] && may_try(w, iterations); k++) {
        for (size_t b = 0; b + 1 < nc; b++)
            other.x[b] = log(1e-6);
        memset(other.x_site, 0, sizeof other.x_site);
        memset(other.potential, 0, sizeof other.potential);
        other.x[nc - 1] = -LN10 * starts[k].ph;
        other.ln_ae     = -LN10 * starts[k].pe;
        other.mu        = 0.1;
        if (from(w, j, &other, iterations))
            return true;
    }
    return false;
}

/* From the best start to the worst. */
static bool any_start(sei_react_work *w, sei_react_job *j, const sei_react_state *state,
                      int *iterations)
{
    w->counts_sorbed = false;
    if (state->is_warm ? warm_start(w, j, state, iterations) && make_sound(w, j, iterations)
                       : follow_last(w, j, state, iterations))
        return true;
    if (cold_start(w, j, state, iterations) || soft_start(w, j, state, iterations) ||
        (!j->s->water_is_fixed && other_start(w, j, state, cold_start, iterations)))
        return true;
    w->counts_sorbed = j->s->n_sites > 0 && may_try(w, iterations);
    const bool ok    = w->counts_sorbed && cold_start(w, j, state, iterations);
    w->counts_sorbed = false;
    return ok;
}

static bool any_start_again(sei_react_work *w, sei_react_job *j, const sei_react_state *state,
                            int *iterations)
{
    return may_try(w, iterations) &&
           (any_start(w, j, state, iterations) ||
            (!j->s->water_is_fixed && other_start(w, j, state, soft_start, iterations)));
}

/*
 * What was not found with slopes that are kept may be found with slopes made anew at every step, or where each step has to lead nearer:
 * a layer that has taken nearly all of an ion throws Newton's method from one side of the solution to the other.
 */
static bool any_way(sei_react_work *w, sei_react_job *j, const sei_react_state *state,
                    int *iterations)
{
    if (w->is_following) {
        j->enough = w->follow_good;
        return warm_start(w, j, state, iterations) &&
               (w->follow_good > 0.0 || make_sound(w, j, iterations));
    }
    if (any_start(w, j, state, iterations) || grown_start(w, j, state, iterations))
        return true;
    w->is_thorough = true;
    bool ok        = any_start_again(w, j, state, iterations);
    if (!ok && sei_react_has_layers(j->s)) {
        w->is_careful = true;
        ok            = any_start_again(w, j, state, iterations);
        w->is_careful = false;
    }
    w->is_thorough = false;
    return ok;
}

sei_status sei_react_solve_once(sei_ctx *ctx, sei_react_work *w, sei_react_system *given,
                                sei_react_state *state)
{
    sei_react_job     j;
    sei_react_system *s          = given;
    int               iterations = 0;

    if (s->n_minerals > SEI_REACT_PHASES_MAX || s->n_mixtures > SEI_REACT_MIXTURES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "more than %d minerals or %d mixtures in one system",
                        (int)SEI_REACT_PHASES_MAX, (int)SEI_REACT_MIXTURES_MAX);
    if (!sei_solid_split(w, s))
        return sei_fail(
            ctx, SEI_E_TOO_LARGE, NULL,
            "more than %d mixtures, solid solutions with a miscibility gap counted twice",
            (int)SEI_REACT_MIXTURES_MAX);
    if (w->has_gap)
        s = &w->split_system;
    sei_react_set_up(w, s, state, &j);
    start_sites(w, s);
    const bool ok     = sei_react_solve_held(w, &j) || any_way(w, &j, state, &iterations);
    state->iterations = iterations;
    if (!ok && sei_react_solve_critical(ctx, w, given, state))
        return SEI_OK;
    if (!ok)
        return sei_fail(
            ctx, SEI_E_NOT_CONVERGED, NULL,
            "equilibrium was not found in %d iterations: %s is off by a factor of e^%.3g",
            iterations, worst_name(w, &j), j.residual);
    sei_react_collect(w, s, state);
    sei_react_collect_mixtures(w, s);
    w->n_found_mixtures = s->n_mixtures;
    for (size_t x = 0; x < s->n_mixtures; x++)
        w->found_mixture[x] = mixture_mol(&s->mixtures[x]);
    sei_react_last_keep(w, s, state);
    if (s->ret_anchor)
        sei_react_anchor_keep(w, &j, s->ret_anchor);
    if (w->has_gap)
        sei_solid_join(w, given);
    w->job        = j;
    w->has_factor = w->is_moved = false;
    return SEI_OK;
}
