/*
 * relax.c - from far away: one balance after the other by its own unknown
 *
 * ln(gains / losses) of a balance rises with its unknown, so that each is found by a safe search along one line.
 * Protons and electrons leave the leading species where they are; pivots follow their minerals.
 */
#include <math.h>
#include <string.h>

#include "chem/kernel.h"
#include "num/v4.h"
#include "react/react_impl.h"

#define FAR     80.0 /* longest move at once */
#define LN_MAX  400.0
#define MOL_MAX 1e120
#define NOTHING 1e-280

enum { SEARCH_MAX = 40, TURNS_MAX = 8, TURNS_CLOSE_MAX = 60 };

typedef struct {
    size_t    n; /* terms that count in the balance */
    uint16_t *term;
    double *amount, *slope, *power; /* count times mol; of ln mol along the line; e^(slope * at) */
    double  wanted;
    double  near; /* a balance this close to holding is left to Newton's method */
} line;

static double clip(double x)
{
    return x < -600.0 ? -600.0 : x > LN_MAX ? LN_MAX : x;
}

static double ln_ratio(double gain, double loss, double wanted)
{
    gain += wanted < 0.0 ? -wanted : 0.0;
    loss += wanted > 0.0 ? wanted : 0.0;
    return log(fmax(gain, NOTHING) / fmax(loss, NOTHING));
}

/* ln(gains / losses) at a point of the line, and its slope. */
static double balance_at(const line *l, double at, double *ret_slope)
{
    double gain = 0.0, loss = 0.0, dgain = 0.0, dloss = 0.0;

    for (size_t i = 0; i < l->n; i++)
        l->power[i] = l->slope[i] * at;
    sei_kernel_exp(l->n, l->power);
    for (size_t i = 0; i < l->n; i++) {
        const double a = l->amount[i] * l->power[i];
        if (a > 0.0) {
            gain += a;
            dgain += a * l->slope[i];
        } else {
            loss -= a;
            dloss -= a * l->slope[i];
        }
    }
    *ret_slope = dgain / fmax(gain + (l->wanted < 0.0 ? -l->wanted : 0.0), NOTHING) -
                 dloss / fmax(loss + (l->wanted > 0.0 ? l->wanted : 0.0), NOTHING);
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

static void follow_line(sei_react_work *w, const double move[], double by, double power[])
{
    sei_react_terms *t = &w->terms;
    const size_t     n = w->react->net->n_comp + 1;

    for (size_t i = 0; i < t->n; i++)
        power[i] = along(t, i, move) * by;
    sei_kernel_exp(t->n, power);
    for (size_t i = 0; i < t->n; i++)
        t->mol[i] = fmin(t->mol[i] * power[i], MOL_MAX);
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

/* Terms of each balance: those of balance b stand at first[b] .. first[b + 1] - 1. */
static void turn_table(sei_react_work *w, uint32_t first[])
{
    const sei_react_terms *t = &w->terms;
    uint32_t               at[SEI_REACT_BALANCES_MAX];

    memset(first, 0, (w->nb + 1) * sizeof *first);
    for (uint32_t k = 0; k < t->c_ptr[t->n]; k++)
        first[t->c_at[k] + 1]++;
    for (size_t b = 0; b < w->nb; b++)
        first[b + 1] += first[b];
    memcpy(at, first, w->nb * sizeof *at);
    for (size_t i = 0; i < t->n; i++)
        for (uint32_t k = t->c_ptr[i]; k < t->c_ptr[i + 1]; k++) {
            w->row_term[at[t->c_at[k]]] = (uint16_t)i;
            w->row_c[at[t->c_at[k]]++]  = t->c[k];
        }
}

static bool relax_row(sei_react_work *w, const sei_react_job *job, size_t b, const uint32_t first[],
                      line *l)
{
    const sei_react_terms *t = &w->terms;
    double                 move[SEI_REACT_BALANCES_MAX], gain = 0.0, loss = 0.0;

    l->n      = 0;
    l->wanted = b > w->react->net->n_comp ? job->rhs_total[b] : w->basis.total[b];
    for (uint32_t k = first[b]; k < first[b + 1]; k++) {
        const double a = w->row_c[k] * t->mol[w->row_term[k]];
        if (a == 0.0)
            continue;
        gain += a > 0.0 ? a : 0.0;
        loss -= a < 0.0 ? a : 0.0;
        l->term[l->n]     = w->row_term[k];
        l->amount[l->n++] = a;
    }
    if (fabs(ln_ratio(gain, loss, l->wanted)) < l->near)
        return false;
    direction(w, job, b, move);
    for (size_t i = 0; i < l->n; i++)
        l->slope[i] = along(t, l->term[i], move);
    const double by = search(l);
    if (by != 0.0)
        follow_line(w, move, by, l->power);
    return fabs(by) > l->near;
}

/* The potential of a surface, by halving: charge falls with it, that of the layer rises. */
static void relax_surface(sei_react_work *w, const sei_react_job *job, size_t s)
{
    sei_react_terms *t   = &w->terms;
    double           low = -40.0, high = 40.0, old = w->potential[s];

    for (int k = 0; k < SEARCH_MAX; k++) {
        const double at     = 0.5 * (low + high);
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
            t->mol[t->n_aqueous + q] *=
                exp(clip(-sei_react_change_of_charge(w, q) * (w->potential[s] - old)));
}

/* The potentials of surfaces with a diffuse layer. */
static void relax_surfaces(sei_react_work *w, const sei_react_job *job)
{
    for (size_t s = 0; s < job->s->n_surfaces; s++)
        if (!job->s->surfaces[s].no_edl && job->s->surfaces[s].area_m2 > 0.0)
            relax_surface(w, job, s);
}

/* Some turns over all balances; the last of them changes little. */
void sei_react_relax(sei_react_work *w, const sei_react_job *job, double near)
{
    const size_t n    = w->react->net->n_comp + 1;
    const size_t step = SEI_V4_PADDED(w->terms.n_max);
    line         l    = {.near   = near,
                         .amount = w->line,
                         .slope  = w->line + step,
                         .power  = w->line + 2 * step,
                         .term   = w->line_term};
    uint32_t     first[SEI_REACT_BALANCES_MAX + 1];
    const int    turns = near < 0.1 ? TURNS_CLOSE_MAX : TURNS_MAX;
    bool         moved = true;

    turn_table(w, first);
    for (int turn = 0; moved && turn < turns; turn++) {
        moved = false;
        for (size_t b = 0; b < w->nb; b++) {
            const bool held = job->is_fixed[b] || (job->s->water_is_fixed && b < w->k_site);
            if (!held && (b >= n || w->basis.mineral[b] == SIZE_MAX) &&
                relax_row(w, job, b, first, &l))
                moved = true;
        }
        relax_surfaces(w, job);
    }
    if (!job->s->water_is_fixed && isfinite(w->eq->mu_calc))
        w->eq->mu =
            fmax(1e-6, fmin(1.0, fmax(0.7 * w->eq->mu, fmin(1.4 * w->eq->mu, w->eq->mu_calc))));
}
