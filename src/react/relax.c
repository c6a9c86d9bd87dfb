/*
 * relax.c - from far away: one balance after the other by its own unknown
 *
 * ln(gains / losses) of a balance rises with its unknown, so that each is found by a safe search along one line.
 * Protons and electrons leave the leading species where they are; pivots follow their minerals.
 */
#include <math.h>
#include <string.h>

#include "chem/kernel.h"
#include "num/root.h"
#include "num/v4.h"
#include "react/react_impl.h"

#define FAR     80.0 /* longest move at once */
#define LN_MAX  400.0
#define MOL_MAX 1e120
#define NOTHING 1e-280

enum { SEARCH_MAX = 40, TURNS_MAX = 8, TURNS_CLOSE_MAX = 60, CHARGES_MAX = 24 };

#define MU_BRINE       30.0 /* mol/kgw */
#define POTENTIAL_NEAR 1e-3

/* Terms of a balance that gain, then those that lose, each list in whole vectors. */
typedef struct {
    size_t  n_gain, n_loss;
    double *amount, *rate; /* count times mol, as it is positive; of ln mol along the line */
    double *power;         /* scratch */
    double  wanted;
    double  near;  /* a balance this close to holding is left to Newton's method */
    double *slope; /* of ln mol of every term along the line */
} line;

static double clip(double x)
{
    return x < -600.0 ? -600.0 : x > LN_MAX ? LN_MAX : x;
}

static double at_least(double x, double least)
{
    return x > least ? x : least;
}

static double ln_ratio(double gain, double loss, double wanted)
{
    gain += wanted < 0.0 ? -wanted : 0.0;
    loss += wanted > 0.0 ? wanted : 0.0;
    return log(at_least(gain, NOTHING) / at_least(loss, NOTHING));
}

/* ln(gains / losses) at a point of the line, and its slope. */
static double balance_at(const line *l, double at, double *ret_slope)
{
    double gain, loss, dgain, dloss;

    sei_kernel_line(l->n_gain, l->amount, l->rate, at, &gain, &dgain);
    sei_kernel_line(l->n_loss, l->amount + l->n_gain, l->rate + l->n_gain, at, &loss, &dloss);
    *ret_slope = dgain / at_least(gain + (l->wanted < 0.0 ? -l->wanted : 0.0), NOTHING) -
                 dloss / at_least(loss + (l->wanted > 0.0 ? l->wanted : 0.0), NOTHING);
    return ln_ratio(gain, loss, l->wanted);
}

/* Where the balance holds; 0 when nothing on the line moves it. */
static double search(const line *l)
{
    double at = 0.0, low = -FAR, high = FAR, slope;

    for (int k = 0; k < SEARCH_MAX; k++) {
        const double f = balance_at(l, at, &slope);
        if (fabs(f) < l->near)
            return at;
        if (f > 0.0)
            high = at;
        else
            low = at;
        const double next =
            sei_root_newton(at, slope > 1e-12 ? -f / slope : (double)NAN, low, high);
        if (fabs(next) > FAR - 1e-6 || high - low < 0.01 * l->near)
            break;
        at = next;
    }
    return at;
}

/* Slopes of ln mol of all terms along a move of the unknowns. */
static void set_slopes(const sei_react_work *w, const double move[], double slope[])
{
    const sei_react_terms *t = &w->terms;
    const size_t           n = t->n_aqueous + t->n_sorbed;

    memset(slope, 0, n * sizeof *slope);
    for (size_t u = 0; u < w->nb; u++) {
        const double by = move[u];
        for (uint32_t k = t->col_ptr[u]; by != 0.0 && k < t->col_ptr[u + 1]; k++)
            slope[t->col_term[k]] += by * t->col_v[k];
    }
    for (size_t i = n; i < t->n; i++) {
        slope[i] = 0.0;
        for (uint32_t v = t->v_ptr[i]; v < t->v_ptr[i + 1]; v++)
            slope[i] += t->v[v] * move[t->v_at[v]];
    }
}

/* Goes along the line; only terms that move with it are touched. */
static void follow_line(sei_react_work *w, const line *l, const double move[], double by)
{
    sei_react_terms *t = &w->terms;
    const size_t     n = w->react->net->n_comp + 1;
    size_t           m = 0;

    for (size_t i = 0; i < t->n; i++)
        if (l->slope[i] != 0.0) {
            w->line_term[m] = (uint16_t)i;
            l->power[m++]   = l->slope[i] * by;
        }
    sei_kernel_exp(m, l->power);
    for (size_t k = 0; k < m; k++) {
        const double mol        = t->mol[w->line_term[k]] * l->power[k];
        t->mol[w->line_term[k]] = mol < MOL_MAX ? mol : MOL_MAX;
    }
    for (size_t k = 0; k < w->nb; k++) {
        double *x = k + 1 < n ? &w->eq->x[k] : k + 1 == n ? &w->eq->ln_ae : &w->x_site[k - n];
        *x += by * move[k];
    }
}

static void direction(const sei_react_work *w, const sei_react_job *job, size_t b, double move[])
{
    const size_t h = w->react->net->n_comp - 1;

    memset(move, 0, w->nb * sizeof *move);
    move[b] = 1.0;
    if (b > h + 1)
        return;
    for (size_t j = 0; b >= h && j < h; j++)
        if (!job->is_fixed[j])
            move[j] = b == h ? -w->basis.lead_h[j] : -w->basis.lead_e[j];
    sei_react_follow_move(w, move);
}

/* Amounts and slopes of one list of a balance from place at on; how many, in whole vectors. */
static size_t take_list(const sei_react_work *w, size_t list, line *l, size_t at)
{
    const sei_react_terms *t = &w->terms;
    size_t                 n = at;

    for (uint32_t k = t->row_ptr[list]; k < t->row_ptr[list + 1]; k++) {
        const double a = fabs(t->row_c[k] * t->mol[t->row_term[k]]);
        if (a == 0.0)
            continue;
        l->rate[n]     = l->slope[t->row_term[k]];
        l->amount[n++] = a;
    }
    for (; n % SEI_V4 != 0; n++)
        l->rate[n] = l->amount[n] = 0.0;
    return n - at;
}

static bool relax_row(sei_react_work *w, const sei_react_job *job, size_t b, line *l)
{
    double       move[SEI_REACT_BALANCES_MAX];
    const double gain = sei_react_list_sum(&w->terms, 2 * b),
                 loss = -sei_react_list_sum(&w->terms, 2 * b + 1);

    l->wanted = b > w->react->net->n_comp ? job->rhs_total[b] : w->basis.total[b];
    if (fabs(ln_ratio(gain, loss, l->wanted)) < l->near)
        return false;
    direction(w, job, b, move);
    set_slopes(w, move, l->slope);
    l->n_gain       = take_list(w, 2 * b, l, 0);
    l->n_loss       = take_list(w, 2 * b + 1, l, l->n_gain);
    const double by = search(l);
    if (by != 0.0)
        follow_line(w, l, move, by);
    return fabs(by) > l->near;
}

/* ---- potentials ---- */

/* Charge of a surface by the charge that a reaction brings: all species with the same one move alike. */
typedef struct {
    size_t n;
    double change[CHARGES_MAX], charge[CHARGES_MAX];
} charges;

static void collect_charges(const sei_react_work *w, size_t s, charges *c)
{
    const sei_react_terms *t = &w->terms;

    c->n = 0;
    for (size_t q = 0; q < t->n_sorbed; q++) {
        const double change = w->sorbed_change[q];
        size_t       k      = 0;
        if (w->sorbed_surface[q] != s)
            continue;
        while (k < c->n && c->change[k] != change && k + 1 < CHARGES_MAX)
            k++;
        if (k == c->n) {
            c->change[k] = change;
            c->charge[k] = 0.0;
            c->n++;
        }
        c->charge[k] += w->react->sorbed[q].def->charge * t->mol[t->n_aqueous + q];
    }
}

/* Charge less what the layer holds, moved from the potential that the amounts are those of; falls as it rises. */
static double charge_left(const sei_react_work *w, const sei_react_job *job, size_t s,
                          const charges *c, double at, double *ret_slope)
{
    const double step = 1e-4, layer = sei_react_layer_charge(w, job->s, s, at);
    double       sum = 0.0, slope = 0.0;

    for (size_t k = 0; k < c->n; k++) {
        const double q = c->charge[k] * exp(clip(-c->change[k] * (at - w->potential[s])));
        sum += q;
        slope -= c->change[k] * q;
    }
    *ret_slope = slope - (sei_react_layer_charge(w, job->s, s, at + step) - layer) / step;
    return sum - layer;
}

/* The potential of a surface, by Newton's method between bounds. */
static void relax_surface(sei_react_work *w, const sei_react_job *job, size_t s)
{
    sei_react_terms *t   = &w->terms;
    const double     old = w->potential[s];
    double           low = -SEI_REACT_POTENTIAL_MAX, high = SEI_REACT_POTENTIAL_MAX, at = old;
    charges          c;

    collect_charges(w, s, &c);
    for (int k = 0; k < SEARCH_MAX; k++) {
        double       slope;
        const double left = charge_left(w, job, s, &c, at, &slope);
        if (left > 0.0)
            low = at;
        else
            high = at;
        const double next =
            sei_root_newton(at, slope < 0.0 ? -left / slope : (double)NAN, low, high);
        const double by = next - at;
        at              = next;
        if (fabs(by) < POTENTIAL_NEAR)
            break;
    }
    w->potential[s] = at;
    for (size_t q = 0; q < t->n_sorbed; q++)
        if (w->sorbed_surface[q] == s)
            t->mol[t->n_aqueous + q] *= exp(clip(-w->sorbed_change[q] * (at - old)));
}

/* The potentials of surfaces with a diffuse layer. */
static void relax_surfaces(sei_react_work *w, const sei_react_job *job)
{
    for (size_t s = 0; s < job->s->n_surfaces; s++)
        if (!sei_react_has_potential(&job->s->surfaces[s]))
            continue;
        else if (!job->s->surfaces[s].has_planes)
            relax_surface(w, job, s);
        else if (job->s->surfaces[s].plane == 0)
            sei_react_plane_relax(w, job->s, s);
}

/* Some turns over all balances; the last of them changes little. */
void sei_react_relax(sei_react_work *w, const sei_react_job *job, double near)
{
    const size_t n     = w->react->net->n_comp + 1;
    const size_t step  = SEI_V4_PADDED(w->terms.n_max) + 2 * SEI_V4;
    line         l     = {.near   = near,
                          .amount = w->line,
                          .rate   = w->line + step,
                          .power  = w->line + 2 * step,
                          .slope  = w->line + 3 * step};
    const int    turns = near < 0.1 ? TURNS_CLOSE_MAX : TURNS_MAX;
    const double most  = w->eq->specific ? MU_BRINE : 1.0; /* that its activities are good for */
    bool         moved = true;

    for (int turn = 0; moved && turn < turns; turn++) {
        moved = false;
        for (size_t b = 0; b < w->nb; b++) {
            const bool held = job->is_fixed[b] || (job->s->water_is_fixed && b < w->k_site);
            if (!held && (b >= n || w->basis.mineral[b] == SIZE_MAX) && relax_row(w, job, b, &l))
                moved = true;
        }
        relax_surfaces(w, job);
    }
    if (!job->s->water_is_fixed && isfinite(w->eq->mu_calc))
        w->eq->mu =
            fmax(1e-6, fmin(most, fmax(0.7 * w->eq->mu, fmin(1.4 * w->eq->mu, w->eq->mu_calc))));
}
