/*
 * planes.c - surfaces whose charge stands in three planes (hiemstra1996; parkhurst2013, SURFACE -cd_music)
 *
 * A species that is held brings its charge into the planes in parts: dz_p of it by its reaction into plane p, where the potential is
 * psi_p. With V = RT / F and the charges of the planes in C/m2
 *
 *     sigma_0                     = C_0 V (psi_0 - psi_1)
 *     sigma_0 + sigma_1           = C_1 V (psi_1 - psi_2)
 *     sigma_0 + sigma_1 + sigma_2 = charge that a diffuse layer has at psi_2
 *
 * The master of a site has its charge in plane 0. A species that tells nothing of planes brings all of its charge there.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

enum { PLANES = SEI_REACT_PLANES, TURNS_MAX = 100 };

#define STEP_MAX   1.0   /* of a potential in one turn */
#define ENOUGH     1e-6  /* of a potential */
#define CHANGE_MAX 200.0 /* of ln mol */

bool sei_react_is_plane(const sei_react_work *w, size_t surface)
{
    return (w->planes >> surface & 1u) != 0;
}

double sei_react_plane_change(const sei_react_work *w, size_t k, size_t plane)
{
    const sei_sorb_species *d = w->react->sorbed[k].def;

    if (!d->has_planes)
        return plane == 0 ? w->sorbed_change[k] : 0.0;
    return d->plane[plane];
}

double sei_react_plane_potential(const sei_react_work *w, size_t k)
{
    const size_t at  = w->sorbed_surface[k];
    double       sum = 0.0;

    if (!sei_react_is_plane(w, at))
        return w->sorbed_change[k] * w->potential[at];
    for (size_t p = 0; p < PLANES; p++)
        sum += sei_react_plane_change(w, k, p) * w->potential[at + p];
    return sum;
}

static double master_charge(const sei_react_work *w, size_t k)
{
    const sei_sorb_species *d = w->react->sorbed[k].def;

    return d->site_coef * w->react->sorb->sites[d->site].charge;
}

double sei_react_plane_charge_to(const sei_react_work *w, size_t k, size_t plane)
{
    double sum = master_charge(w, k);

    for (size_t p = 0; p <= plane; p++)
        sum += sei_react_plane_change(w, k, p);
    return sum;
}

/* ---- what stands against the charges ---- */

static bool is_last(const sei_surface *f)
{
    return f->plane + 1 == PLANES;
}

/* Of the diffuse layer behind the last plane, and its slope: when what the layer holds is counted by the law of a layer of one
 * potential, else by the ions of the water. */
static double charge_behind(const sei_react_work *w, const sei_react_system *s, size_t i,
                            double psi, double *ret_slope)
{
    const double step = 1e-4;

    if (!(s->surfaces[i].layer_kg > 0.0))
        return sei_react_ions_charge(w, &s->surfaces[i], psi, ret_slope);
    const double charge = sei_react_layer_charge(w, s, i, psi);
    *ret_slope          = (sei_react_layer_charge(w, s, i, psi + step) - charge) / step;
    return charge;
}

double sei_react_plane_opposing(const sei_react_work *w, const sei_react_system *s, size_t i,
                                double *ret_size)
{
    const sei_surface *f = &s->surfaces[i];
    double             slope;

    if (is_last(f)) {
        const double charge = charge_behind(w, s, i, w->potential[i], &slope);
        *ret_size           = (fabs(charge) + slope) * SEI_PHREEQC_FARADAY / f->area_m2;
        return charge;
    }
    const double by = sei_react_condenser(w->eq, f);
    *ret_size       = by * (1.0 + fabs(w->potential[i]) + fabs(w->potential[i + 1])) *
                SEI_PHREEQC_FARADAY / f->area_m2;
    return by * (w->potential[i] - w->potential[i + 1]);
}

void sei_react_plane_opposing_slopes(sei_react_work *w, const sei_react_system *s, size_t i,
                                     double factor, double row[])
{
    if (is_last(&s->surfaces[i])) {
        if (s->surfaces[i].layer_kg > 0.0)
            sei_react_layer_charge_slopes(w, s, i, factor, row);
        else
            sei_react_ions_charge_slopes(w, s, i, factor, row);
        return;
    }
    const double by = factor * sei_react_condenser(w->eq, &s->surfaces[i]);
    row[w->k_potential + i] += by;
    row[w->k_potential + i + 1] -= by;
}

/* ---- potentials by themselves ---- */

typedef struct {
    double left[PLANES];          /* charge of each plane that nothing stands against, eq */
    double slope[PLANES][PLANES]; /* how it falls as the potentials rise */
} balance;

static double moved(const sei_react_work *w, size_t k, size_t at, const double to[PLANES])
{
    double ln = 0.0;

    for (size_t p = 0; p < PLANES; p++)
        ln -= sei_react_plane_change(w, k, p) * (to[p] - w->potential[at + p]);
    return exp(fmax(-CHANGE_MAX, fmin(CHANGE_MAX, ln)));
}

/* With the amounts that species have at other potentials, as if nothing else moved. */
static void weigh(const sei_react_work *w, const sei_react_system *s, size_t at,
                  const double to[PLANES], balance *b)
{
    const sei_react_terms *t = &w->terms;

    memset(b, 0, sizeof *b);
    for (size_t k = 0; k < t->n_sorbed; k++) {
        const double had = t->mol[t->n_aqueous + k];
        if (w->sorbed_surface[k] != at || had == 0.0)
            continue;
        const double mol = had * moved(w, k, at, to);
        b->left[0] += master_charge(w, k) * had;
        for (size_t p = 0; p < PLANES; p++) {
            const double change = sei_react_plane_change(w, k, p);
            b->left[p] += change * mol;
            for (size_t q = 0; q < PLANES; q++)
                b->slope[p][q] += change * sei_react_plane_change(w, k, q) * mol;
        }
    }
    for (size_t p = 0; p + 1 < PLANES; p++) {
        const double by = sei_react_condenser(w->eq, &s->surfaces[at + p]);
        b->left[p] -= by * (to[p] - to[p + 1]);
        b->left[p + 1] += by * (to[p] - to[p + 1]);
        b->slope[p][p] += by;
        b->slope[p + 1][p + 1] += by;
        b->slope[p][p + 1] -= by;
        b->slope[p + 1][p] -= by;
    }
    double       slope;
    const size_t last = PLANES - 1;
    b->left[last] -= charge_behind(w, s, at + last, to[last], &slope);
    b->slope[last][last] += slope;
}

/* The slopes are symmetric and positive: elimination without pivots. The answer takes the place of left. */
static void solve(balance *b)
{
    for (size_t p = 0; p < PLANES; p++)
        for (size_t q = p + 1; q < PLANES; q++) {
            const double by = b->slope[q][p] / b->slope[p][p];
            for (size_t c = p; c < PLANES; c++)
                b->slope[q][c] -= by * b->slope[p][c];
            b->left[q] -= by * b->left[p];
        }
    for (size_t p = PLANES; p-- > 0;) {
        for (size_t c = p + 1; c < PLANES; c++)
            b->left[p] -= b->slope[p][c] * b->left[c];
        b->left[p] /= b->slope[p][p];
    }
}

void sei_react_plane_relax(sei_react_work *w, const sei_react_system *s, size_t at)
{
    sei_react_terms *t = &w->terms;
    double           to[PLANES];
    balance          b;

    memcpy(to, w->potential + at, sizeof to);
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        double most = 0.0;
        weigh(w, s, at, to, &b);
        solve(&b);
        for (size_t p = 0; p < PLANES; p++)
            most = fmax(most, fabs(b.left[p]));
        if (!isfinite(most))
            return;
        for (size_t p = 0; p < PLANES; p++)
            to[p] += b.left[p] * fmin(1.0, STEP_MAX / fmax(most, 1e-300));
        if (most < ENOUGH)
            break;
    }
    for (size_t k = 0; k < t->n_sorbed; k++)
        if (w->sorbed_surface[k] == at)
            t->mol[t->n_aqueous + k] *= moved(w, k, at, to);
    memcpy(w->potential + at, to, sizeof to);
}
