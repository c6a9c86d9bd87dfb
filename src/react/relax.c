/*
 * relax.c - from far away: one balance after the other by its own unknown
 *
 * ln(gains / losses) of a balance rises with its unknown, so that each is found by a safe search along one line.
 * Protons and electrons leave the leading species where they are; pivots follow their minerals.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

#define FAR 80.0     /* longest move at once */
#define LN_MAX 230.0 /* of an amount */

enum { SEARCH_MAX = 40, TURNS_MAX = 8 };

typedef struct {
    size_t  n; /* terms that count in the balance */
    double *amount, *slope; /* count times mol; of ln mol along the line */
    double  wanted;
    double  near; /* a balance this close to holding is left to Newton's method */
} line;

static double clip(double x)
{
    return x < -600.0 ? -600.0 : x > LN_MAX ? LN_MAX : x;
}

/* ln(gains / losses) at a point of the line, and its slope. */
static double balance_at(const line *l, double at, double *ret_slope)
{
    double gain = l->wanted < 0.0 ? -l->wanted : 0.0, loss = l->wanted > 0.0 ? l->wanted : 0.0;
    double dgain = 0.0, dloss = 0.0;

    for (size_t i = 0; i < l->n; i++) {
        const double a = l->amount[i] * exp(clip(l->slope[i] * at));
        if (a > 0.0) {
            gain += a;
            dgain += a * l->slope[i];
        } else {
            loss -= a;
            dloss -= a * l->slope[i];
        }
    }
    gain       = fmax(gain, 1e-280);
    loss       = fmax(loss, 1e-280);
    *ret_slope = dgain / gain - dloss / loss;
    return log(gain / loss);
}

/* Where the balance holds; 0 when it does already, or when nothing on the line moves it. */
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
        double next = slope > 1e-12 ? at - f / slope : 0.5 * (low + high);
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (fabs(next) > FAR - 1e-6 || high - low < 0.01 * l->near)
            break;
        at = next;
    }
    return at;
}

static double along(const sei_react_terms *t, size_t i, const double move[])
{
    double k = 0.0;

    for (uint32_t v = t->v_ptr[i]; v < t->v_ptr[i + 1]; v++)
        k += t->v[v] * move[t->v_at[v]];
    return k;
}

static void follow_line(sei_react_work *w, const double move[], double by)
{
    sei_react_terms *t = &w->terms;
    const size_t     n = w->react->net->n_comp + 1;

    for (size_t i = 0; i < t->n; i++) {
        const double k = along(t, i, move);
        if (k != 0.0 && t->mol[i] != 0.0)
            t->mol[i] = exp(clip(log(fmax(t->mol[i], 1e-300)) + k * by));
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

static bool relax_row(sei_react_work *w, const sei_react_job *job, size_t b, line *l)
{
    const sei_react_terms *t = &w->terms;
    double                 move[SEI_REACT_BALANCES_MAX];

    direction(w, job, b, move);
    l->n      = 0;
    l->wanted = b > w->react->net->n_comp ? job->rhs_total[b] : w->basis.total[b];
    for (size_t i = 0; i < t->n; i++)
        for (uint32_t k = t->c_ptr[i]; k < t->c_ptr[i + 1]; k++)
            if (t->c_at[k] == b && t->mol[i] != 0.0) {
                l->amount[l->n]  = t->c[k] * t->mol[i];
                l->slope[l->n++] = along(t, i, move);
            }
    const double by = search(l);
    if (by != 0.0)
        follow_line(w, move, by);
    return fabs(by) > l->near;
}

/* The potential of a surface, by halving: charge falls with it, that of the layer rises. */
static void relax_surface(sei_react_work *w, const sei_react_job *job, size_t s)
{
    sei_react_terms *t   = &w->terms;
    double           low = -40.0, high = 40.0, old = w->potential[s];

    for (int k = 0; k < SEARCH_MAX; k++) {
        const double at = 0.5 * (low + high);
        double       charge = 0.0;
        for (size_t q = 0; q < t->n_sorbed; q++)
            if (w->sorbed_surface[q] == s)
                charge += w->react->sorbed[q].def->charge * t->mol[t->n_aqueous + q] *
                          exp(clip(-sei_react_change_of_charge(w, q) * (at - old)));
        if (charge > sei_react_layer_charge(w, job->s, s, at))
            low = at;
        else
            high = at;
    }
    w->potential[s] = 0.5 * (low + high);
    for (size_t q = 0; q < t->n_sorbed; q++)
        if (w->sorbed_surface[q] == s)
            t->mol[t->n_aqueous + q] *= exp(clip(-sei_react_change_of_charge(w, q) * (w->potential[s] - old)));
}

/* Some turns over all balances; the last of them changes little. */
void sei_react_relax(sei_react_work *w, const sei_react_job *job, double near)
{
    const size_t n = w->react->net->n_comp + 1;
    line         l = {.near = near, .amount = w->line, .slope = w->line + w->terms.n_max};
    bool         moved = true;

    for (int turn = 0; moved && turn < TURNS_MAX; turn++) {
        moved = false;
        for (size_t b = 0; b < w->nb; b++) {
            const bool held = job->is_fixed[b] || (job->s->water_is_fixed && b < w->k_site);
            if (!held && (b >= n || w->basis.mineral[b] == SIZE_MAX) && relax_row(w, job, b, &l))
                moved = true;
        }
        for (size_t s = 0; s < job->s->n_surfaces; s++)
            if (!job->s->surfaces[s].no_edl && job->s->surfaces[s].area_m2 > 0.0)
                relax_surface(w, job, s);
    }
    if (!job->s->water_is_fixed && isfinite(w->eq->mu_calc))
        w->eq->mu = fmax(1e-6, fmin(1.0, fmax(0.7 * w->eq->mu, fmin(1.4 * w->eq->mu, w->eq->mu_calc))));
}
