/*
 * specific_settle.c - the composition that has given activities
 *
 * Of every species a_i = m_i gamma_i(m) is known. In y = ln m the equations are y + ln gamma(y) = ln a; where a water does not
 * fall apart into two, they are the gradient of a convex function, and Newton's method with steps of bounded length finds their
 * one solution. The matrix is 1 + G diag(m), G the slopes of ln gamma by the molalities; species of which there is next to
 * nothing follow the others.
 */
#include <math.h>
#include <string.h>

#include "chem/equil.h"
#include "num/dense.h"

#define STRIDE  1.0   /* of ln m in a step */
#define MAJOR   1e-10 /* share of the sum of molalities */
#define SETTLED 1e-6  /* of ln m before a step of Newton's method, which leaves the square of it */
#define NEARLY  1e-3  /* that neutrality does not have to lead from */
#define TOLD    1e-2  /* of ln gamma: less is left to Newton's method */

enum { STEPS_MAX = 60, FIRST_MAX = 8 };

/* --- slopes of ln gamma ------------------------------------------------------------------------------------ */

/* Second derivatives of g by what all charges have in common, at the last evaluation. */
typedef struct {
    double second, by_mu, back;
    double unlike[SEI_SPECIFIC_CHARGES][SEI_SPECIFIC_CHARGES]; /* E-theta by charges */
} common;

static common take_common(const sei_specific *s)
{
    const double mu = s->mu;
    common       q  = {.by_mu = 1.0 / mu};

    q.second = s->law.d_slope / mu + (s->sum.d2 - 2.0 * s->sum.d) / (mu * mu);
    q.back =
        s->model->kind == SEI_MODEL_SIT ? 0.0 : 1.0 / mu; /* SIT with epsilon1 is no gradient */
    for (size_t u = 0; u < s->model->n_unlike; u++) {
        const uint16_t *c    = s->model->unlike[u].charge;
        q.unlike[c[0]][c[1]] = q.unlike[c[1]][c[0]] = s->unlike_p[u];
    }
    return q;
}

/* sum m D P over the partners of every species, E-theta among them. */
static void feel_slopes(sei_specific *s)
{
    const size_t n                               = s->model->n_all;
    double       by_charge[SEI_SPECIFIC_CHARGES] = {0.0};

    for (size_t u = 0; u < s->model->n_unlike; u++) {
        const uint16_t *pair = s->model->unlike[u].charge;
        by_charge[pair[0]] += s->in_charge[pair[1]] * s->unlike_d[u];
        by_charge[pair[1]] += s->in_charge[pair[0]] * s->unlike_d[u];
    }
    for (size_t i = 0; i < n; i++)
        s->felt_d[i] = by_charge[s->model->charge_of[i]];
    for (size_t v = 1; v < s->model->n_alphas; v++)
        for (size_t i = 0; i < n; i++)
            s->felt_d[i] += s->scale * s->felt.by_alpha[v][i] * s->dg[v];
}

static double of_pair(const sei_specific *s, size_t k)
{
    const sei_specific_pair *p = &s->model->pairs[k];
    const double            *v = &s->pair[4 * k];

    return v[0] + v[1] * s->g[p->alpha[0]] + v[2] * s->g[p->alpha[1]] + s->big_z * v[3];
}

/* Row of species k: slopes by all those that have a place (below n). */
static void fill_row(const sei_specific *s, const common *q, const double m[], size_t k, size_t n,
                     const size_t species[], double row[])
{
    const sei_specific_model *model = s->model;
    const double              z = model->z[k], half_z = 0.5 * z * z, size_z = fabs(z) * s->scale;
    const double *unlike = q->unlike[model->charge_of[k]], own = s->scale * s->felt.c[k],
                 by_half = half_z * q->second + s->felt_d[k] * q->by_mu, back = half_z * q->back;

    for (size_t l = 0; l < n; l++) {
        const size_t i = species[l];
        const double y = model->z[i];
        row[l]         = 0.5 * y * y * by_half + back * s->felt_d[i] + size_z * s->felt.c[i] +
                 fabs(y) * own + unlike[model->charge_of[i]];
    }
    for (uint32_t p = model->pair_ptr[k]; p < model->pair_ptr[k + 1]; p++) {
        const size_t at = s->place[model->pairs_of[p].other[0]];
        if (at < n)
            row[at] += of_pair(s, model->pairs_of[p].index);
    }
    for (uint32_t p = model->triple_ptr[k]; p < model->triple_ptr[k + 1]; p++) {
        const sei_specific_link *t = &model->triples_of[p];
        const double             v = s->triple[t->index];
        if (s->place[t->other[0]] < n)
            row[s->place[t->other[0]]] += v * m[t->other[1]];
        if (s->place[t->other[1]] < n)
            row[s->place[t->other[1]]] += v * m[t->other[0]];
    }
}

/* MacInnes' convention: rows of ions less their charge times what moves the scale. */
static void scale(const sei_specific *s, const common *q, const double m[], size_t n,
                  const size_t species[], double slopes[])
{
    double row[SEI_SPECIFIC_MAJORS];

    if (!s->model->has_macinnes || s->model->chloride == SIZE_MAX)
        return;
    fill_row(s, q, m, s->model->chloride, n, species, row);
    for (size_t l = 0; l < n; l++) {
        const double z = s->model->z[species[l]];
        row[l]         = 0.5 * z * z * s->kcl_slope - row[l];
    }
    for (size_t k = 0; k < n; k++) {
        const double z = s->model->z[species[k]];
        for (size_t l = 0; l < n; l++)
            slopes[k * n + l] -= z * row[l];
    }
}

void sei_specific_slopes(sei_specific *s, const double m[], size_t n, const size_t species[],
                         double ret_slopes[])
{
    const common q = take_common(s);

    for (size_t i = 0; i < s->model->n_all; i++)
        s->place[i] = UINT16_MAX;
    for (size_t k = 0; k < n; k++)
        s->place[species[k]] = (uint16_t)k;
    feel_slopes(s);
    for (size_t k = 0; k < n; k++)
        fill_row(s, &q, m, species[k], n, species, ret_slopes + k * n);
    scale(s, &q, m, n, species, ret_slopes);
}

/* Species that count, the most abundant first where there are too many. */
static size_t list_majors(const double m[], size_t n, size_t species[])
{
    double least = 0.0;
    size_t count;

    for (size_t i = 0; i < n; i++)
        least += MAJOR * m[i];
    for (;; least *= 10.0) {
        count = 0;
        for (size_t i = 0; i < n; i++) {
            if (m[i] <= least)
                continue;
            if (count < SEI_SPECIFIC_MAJORS)
                species[count] = i;
            count++;
        }
        if (count <= SEI_SPECIFIC_MAJORS)
            return count;
    }
}

/* The slopes of what is not among the majors: those of its activity less what the majors do to its ln gamma. */
static void follow_majors(sei_equil *eq, size_t n, const size_t species[], size_t n_columns,
                          const size_t column[], double slope[], size_t stride)
{
    sei_specific *s = eq->specific;
    const common  q = take_common(s);
    double        row[SEI_SPECIFIC_MAJORS];

    for (size_t i = 0; i < s->model->n_species; i++) {
        if (s->place[i] < n)
            continue;
        fill_row(s, &q, s->scaled, i, n, species, row);
        for (size_t u = 0; u < n_columns; u++)
            for (size_t l = 0; l < n; l++)
                slope[i * stride + column[u]] -=
                    row[l] * eq->m[species[l]] * slope[species[l] * stride + column[u]];
    }
}

bool sei_specific_slopes_of(sei_equil *eq, size_t n_columns, const size_t column[], double slope[],
                            size_t stride)
{
    sei_specific *s = eq->specific;
    size_t        pivot[SEI_SPECIFIC_MAJORS], species[SEI_SPECIFIC_MAJORS] = {0};
    double        one[SEI_SPECIFIC_MAJORS];
    const size_t  n = list_majors(eq->m, s->model->n_species, species);

    memcpy(s->scaled, eq->m, s->model->n_species * sizeof *eq->m);
    sei_specific_evaluate(s, s->scaled);
    eq->gamma_temp_k = 0.0; /* what was evaluated last is not what is in force */
    sei_specific_slopes(s, s->scaled, n, species, s->matrix);
    for (size_t k = 0; k < n; k++) {
        for (size_t l = 0; l < n; l++)
            s->matrix[k * n + l] *= eq->m[species[l]];
        s->matrix[k * n + k] += 1.0;
    }
    if (!sei_lu_factor(n, s->matrix, pivot))
        return false;
    for (size_t u = 0; u < n_columns; u++) {
        for (size_t k = 0; k < n; k++)
            one[k] = slope[species[k] * stride + column[u]];
        sei_lu_solve(n, s->matrix, pivot, one);
        for (size_t k = 0; k < n; k++)
            slope[species[k] * stride + column[u]] = one[k];
    }
    follow_majors(eq, n, species, n_columns, column, slope, stride);
    return true;
}

/* --- the composition ---------------------------------------------------------------------------------------- */

/* ln a of every species into s->at, as they follow from the unknowns. */
static void take_activities(sei_equil *eq)
{
    sei_specific *s = eq->specific;
    const size_t  n = s->model->n_species;

    memset(eq->class_lng, 0, n * sizeof *eq->class_lng);
    sei_equil_species(eq);
    for (size_t i = 0; i < n; i++)
        s->at[i] = log(fmax(eq->m[i], 1e-300));
    eq->gamma_temp_k = 0.0;
}

/* Molalities as they would be by ln gamma of the last evaluation, made neutral, at most of the ionic strength `most`. */
static void follow_activities(sei_equil *eq, double most)
{
    sei_specific *s  = eq->specific;
    double        mu = 0.0, by_sign[2] = {1e-30, 1e-30};

    for (size_t i = 0; i < s->model->n_species; i++) {
        const double z = eq->net->charge[i];
        eq->m[i]       = exp(fmin(s->at[i] - s->lng[i], 200.0));
        by_sign[z > 0.0] += fabs(z) * eq->m[i];
    }
    const double more = sqrt(by_sign[0] / by_sign[1]);
    for (size_t i = 0; i < s->model->n_species; i++) {
        const double z = eq->net->charge[i];
        eq->m[i] *= z > 0.0 ? more : z < 0.0 ? 1.0 / more : 1.0;
        mu += 0.5 * z * z * eq->m[i];
    }
    const double f = mu > most ? most / mu : 1.0;
    for (size_t i = 0; i < s->model->n_species; i++)
        s->scaled[i] = eq->m[i] *= f;
}

/* The majors of a step and its equations. */
typedef struct {
    size_t n, species[SEI_SPECIFIC_MAJORS];
    double f[SEI_SPECIFIC_MAJORS], z[SEI_SPECIFIC_MAJORS];
} majors;

/* How far off ln m is, ln a being ln a + z potential. */
static double set_up(sei_equil *eq, double potential, majors *ret)
{
    sei_specific *s   = eq->specific;
    double        off = 0.0;

    ret->n = list_majors(eq->m, s->model->n_species, ret->species);
    sei_specific_slopes(s, s->scaled, ret->n, ret->species, s->matrix);
    for (size_t k = 0; k < ret->n; k++) {
        const size_t i = ret->species[k];
        for (size_t l = 0; l < ret->n; l++)
            s->matrix[k * ret->n + l] *= eq->m[ret->species[l]];
        s->matrix[k * ret->n + k] += 1.0;
        ret->z[k] = eq->net->charge[i];
        ret->f[k] = s->at[i] + ret->z[k] * potential - log(eq->m[i]) - s->lng[i];
        off       = fmax(off, fabs(ret->f[k]));
    }
    return off;
}

/* The potential that keeps the next composition neutral; adds what it does to the direction. */
static double keep_neutral(const sei_equil *eq, majors *q)
{
    double charge = 0.0, by_f = 0.0, by_z = 0.0;

    for (size_t k = 0; k < q->n; k++) {
        const double zm = eq->net->charge[q->species[k]] * eq->m[q->species[k]];
        charge += zm;
        by_f += zm * q->f[k];
        by_z += zm * q->z[k];
    }
    const double change = by_z > 0.0 ? -(charge + by_f) / by_z : 0.0;
    for (size_t k = 0; k < q->n; k++)
        q->f[k] += change * q->z[k];
    return change;
}

/* One step of Newton's method; potential: NULL, or what keeps the water neutral. False: the equations are singular. */
static bool step(sei_equil *eq, double *potential, double *ret_off)
{
    sei_specific *s = eq->specific;
    majors        q = {0};
    size_t        pivot[SEI_SPECIFIC_MAJORS];
    double        largest = 0.0;

    *ret_off = set_up(eq, potential ? *potential : 0.0, &q);
    if (!isfinite(*ret_off) || !sei_lu_factor(q.n, s->matrix, pivot))
        return false;
    sei_lu_solve(q.n, s->matrix, pivot, q.f);
    if (potential) {
        sei_lu_solve(q.n, s->matrix, pivot, q.z);
        *potential += keep_neutral(eq, &q);
    }
    for (size_t k = 0; k < q.n; k++)
        largest = fmax(largest, fabs(q.f[k]));
    if (!isfinite(largest))
        return false;
    const double share = largest > STRIDE ? STRIDE / largest : 1.0;
    for (size_t i = 0; i < s->model->n_species; i++)
        if (s->place[i] >= q.n) /* next to nothing */
            s->scaled[i] = exp(fmax(-690.0, fmin(s->at[i] - s->lng[i], -20.0)));
    for (size_t k = 0; k < q.n; k++)
        s->scaled[q.species[k]] = eq->m[q.species[k]] * exp(share * q.f[k]);
    memcpy(eq->m, s->scaled, s->model->n_species * sizeof *eq->m);
    sei_specific_evaluate(s, s->scaled);
    return true;
}

static double largest_change(const sei_specific *s) /* of ln gamma, from s->off */
{
    double largest = 0.0;

    for (size_t i = 0; i < s->model->n_species; i++)
        largest = fmax(largest, fabs(s->lng[i] - s->off[i]));
    return largest;
}

/*
 * Single ions are a convention: a water that is far from neutral may have any activities. The way leads over neutral ones until
 * the solution is near, which may then have the charge of an analysis.
 */
static bool approach(sei_equil *eq)
{
    sei_specific *s         = eq->specific;
    double        potential = 0.0, off = INFINITY;

    sei_specific_activity(s, eq->mu, s->lng, s->slope);
    for (int k = 0; k < FIRST_MAX; k++) {
        memcpy(s->off, s->lng, s->model->n_species * sizeof *s->off);
        follow_activities(eq, eq->mu);
        sei_specific_evaluate(s, s->scaled);
        if (largest_change(s) < TOLD)
            break;
    }
    for (int k = 0; k < STEPS_MAX && off > NEARLY; k++)
        if (!step(eq, &potential, &off))
            return false;
    return off <= NEARLY;
}

bool sei_specific_settle(sei_equil *eq, bool from_mu)
{
    sei_specific *s   = eq->specific;
    const size_t  n   = s->model->n_species;
    double        off = INFINITY;

    take_activities(eq);
    if (!from_mu) {
        memcpy(eq->m, s->ray, n * sizeof *eq->m);
        memcpy(s->scaled, eq->m, n * sizeof *eq->m);
        sei_specific_evaluate(s, s->scaled);
    } else if (!approach(eq)) {
        return false;
    }
    for (int k = 0; k < STEPS_MAX && off > SETTLED; k++)
        if (!step(eq, NULL, &off))
            return false;
    return off <= SETTLED && sei_specific_take_ray(eq);
}
