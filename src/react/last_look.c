/*
 * last_look.c - what plain balances of elements do not tell of an answer, looked at before it is given
 *
 * A last step may be taken on what the steps before it foretell (neighbour.c). Here what it has led to is worked out from the
 * amounts themselves: charges of surfaces, sums of mixtures, saturation of what is there, water. Where one of them is off by more
 * than it may be, a step of Newton's method with slopes made anew follows.
 */
#include <math.h>
#include <stdlib.h>

#include "react/react_impl.h"

enum { STEPS_MAX = 3 };

#define WATER_MAX  1e-10 /* of all water */
#define PHASE_MAX  2e-9  /* of a saturation, or of a mixture's sum; ln units */
#define CHARGE_MAX 1e-9  /* of a surface's charge, of all that its groups have of either sign */
/* What a layer holds goes along with the charge of its surface, a small difference between its groups: eleven digits of it, as
 * far as the last digits of the groups and of the water's ions tell it. */
#define LAYER_CHARGE_MAX 1e-11
#define NOISE            2e-14

/* Charge of the groups of a surface, or of a plane and those before it, eq. */
static double charge_of(const sei_react_work *w, const sei_surface *f, size_t i, double *ret_size)
{
    const size_t at     = f->has_planes ? i - f->plane : i;
    double       charge = 0.0;

    *ret_size = 0.0;
    for (size_t k = 0; k < w->terms.n_sorbed; k++) {
        if (w->sorbed_surface[k] != at)
            continue;
        const double z  = f->has_planes ? sei_react_plane_charge_to(w, k, f->plane)
                                        : w->react->sorbed[k].def->charge,
                     zn = z * w->terms.mol[w->terms.n_aqueous + k];
        charge += zn;
        *ret_size += fabs(zn);
    }
    return charge;
}

/* Charges of either sign of the ions that a layer's water would hold at no potential, eq. */
static double ions_in_layer(const sei_react_work *w, const sei_surface *f)
{
    double sum = 0.0;

    for (int c = 0; c < SEI_REACT_LAYER_CLASSES; c++)
        sum += abs(c - SEI_REACT_LAYER_CHARGE_MAX) * w->layer_m[c];
    return f->layer_kg * sum;
}

/* What a layer holds makes up for the charge that its surface has by the charge law. */
static bool is_layer_neutral(const sei_react_work *w, const sei_surface *f, size_t i)
{
    double sum = w->layers[i].charge, size = ions_in_layer(w, f) + fabs(sum);

    for (int c = 0; c < SEI_REACT_LAYER_CLASSES; c++) {
        const double q = (c - SEI_REACT_LAYER_CHARGE_MAX) * w->layer_m[c] * w->layers[i].kg[c];
        sum += q;
        size += fabs(q);
    }
    return fabs(sum) <= CHARGE_MAX * size;
}

/* A solution that is followed by another one may be asked for less (sei_react_system, enough). */
static double or_enough(const sei_react_system *s, double most, double times)
{
    return fmax(most, times * s->enough);
}

static bool is_charge_kept(const sei_react_work *w, const sei_react_system *s, size_t i)
{
    const sei_surface *f = &s->surfaces[i];
    double             size, against_c_m2 = 0.0;

    if (!sei_react_has_potential(f))
        return true;
    const double charge  = charge_of(w, f, i, &size);
    const double law     = f->has_planes ? sei_react_plane_opposing(w, s, i, &against_c_m2)
                                         : sei_react_layer_charge(w, s, i, w->potential[i]);
    const double off     = fabs(charge - law),
                 against = against_c_m2 * f->area_m2 / SEI_PHREEQC_FARADAY;
    if (f->layer_kg > 0.0 && !is_layer_neutral(w, f, i))
        return false;
    if (f->layer_kg > 0.0)
        return off <= LAYER_CHARGE_MAX * fabs(law) +
                          or_enough(s, NOISE, 4.0) * (size + ions_in_layer(w, f));
    return off <= or_enough(s, CHARGE_MAX, 4.0) * (size + fabs(law) + against);
}

static bool is_water_kept(const sei_react_work *w, const sei_react_job *j)
{
    const double free_mol = exp(w->ln_kg) / w->eq->water_kg_mol;
    double       off = free_mol + w->water_terms - j->water, size = free_mol + fabs(j->water);

    for (size_t i = 0; i < j->s->n_minerals; i++) {
        const sei_mineral *m = &j->s->minerals[i];
        const double       n = sei_react_mineral_water(w, m);
        off -= n * w->mineral_transfer[i];
        size += fabs(n * w->mineral_transfer[i]);
    }
    if (w->has_layers)
        off += sei_react_layer_water_mol(j->s);
    return fabs(off) <= or_enough(j->s, WATER_MAX, 4.0) * size;
}

static bool are_phases_kept(const sei_react_work *w, const sei_react_job *j)
{
    const double most = or_enough(j->s, PHASE_MAX, 200.0);

    for (size_t i = 0; i < j->s->n_minerals; i++)
        if (w->is_active[i] &&
            !(fabs(sei_equil_ln_sr(w->eq, j->s->minerals[i].phase) - j->target[i]) <= most))
            return false;
    for (size_t x = 0; x < j->s->n_mixtures; x++) {
        const sei_mixture *m    = &j->s->mixtures[x];
        const double       unit = m->kind == SEI_MIXTURE_GAS_PRESSURE ? m->pressure_atm : 1.0;
        if (sei_react_has_unknown(w, j->s, x) &&
            !(fabs(log(w->mixture_sum[x] / unit) - w->mixture_target[x]) <= most))
            return false;
    }
    return true;
}

bool sei_react_is_kept(const sei_react_work *w, const sei_react_job *j)
{
    for (size_t i = 0; i < j->s->n_surfaces; i++)
        if (!is_charge_kept(w, j->s, i))
            return false;
    return are_phases_kept(w, j) && (j->s->water_is_fixed || is_water_kept(w, j));
}

bool sei_react_last_look(sei_react_work *w, sei_react_job *j, int *iterations)
{
    for (int k = 0; k < STEPS_MAX; k++) {
        if (sei_react_is_kept(w, j))
            return true;
        sei_react_polish(w, j, iterations);
    }
    return sei_react_is_kept(w, j);
}
