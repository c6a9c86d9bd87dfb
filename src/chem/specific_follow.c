/*
 * specific_follow.c - activity coefficients in force between the solutions of a solver
 *
 * Let X be ln gamma (and ln a_w) in force at a solution and F(X) what the equations of specific.c say of its composition, less X.
 * The solution sought has F = 0. Anderson's method (anderson1965) takes the last few (X, F) and moves to the combination
 * of them whose F is least, and on from there by that F.
 */
#include <math.h>
#include <string.h>

#include "chem/equil.h"
#include "num/dense.h"

#define MATTERS    1e-4 /* share of the sum of molalities */
#define FAR        0.7  /* of ln gamma */
#define OFFSET_MAX 1.0
#define DILUTE     0.01 /* mol/kgw */
#define NEAR       0.1  /* of the ionic strength */
#define MU_MOST    60.0 /* no water holds more: beyond it the equations only have to stay finite */
#define MU_LEAST   1e-9
#define GENERAL_B  0.2
#define GENERAL_MU 20.0
#define RIDGE      1e-13
#define ROUGHLY    1e-5 /* of how far ln gamma was off: a residual that the next solution may have */
#define ROUGH_MOST 1e-4
#define NEXT_AGREES \
    (30.0 * SEI_SPECIFIC_AGREE) /* a round takes this to what is enough: it is to be an answer */

enum { PLAIN_ROUNDS = 40 };

/* --- in force ------------------------------------------------------------------------------------------- */

/* Before any composition is known: something between Davies' equation and what strong salts do, so that whatever dissolves comes
 * to an end. An assumption that no result hangs on. */
static void general_activity(const sei_specific *s, double mu, double lng[], double dlng[])
{
    const double i = fmin(mu, GENERAL_MU), root = sqrt(i);
    const double law   = s->a_ln * (root / (1.0 + root) - GENERAL_B * i);
    const double slope = s->a_ln * (0.5 / (root * (1.0 + root) * (1.0 + root)) - GENERAL_B);

    for (size_t k = 0; k < s->model->n_species; k++) {
        const double z = fmin(fabs(s->model->charge[s->model->charge_of[k]]), 2.0);
        lng[k]         = -z * z * law;
        dlng[k]        = mu < GENERAL_MU ? -z * z * slope : 0.0;
    }
}

static void feel_ray(sei_specific *s)
{
    sei_specific_evaluate(s, s->ray);
    s->felt_is_ray = true;
}

void sei_specific_activity(sei_specific *s, double mu, double lng[], double dlng[])
{
    const size_t n = s->model->n_species;

    if (s->is_general) {
        general_activity(s, mu, lng, dlng);
        return;
    }
    const double i = fmax(MU_LEAST, fmin(mu, MU_MOST)), f = i / s->mu_of_ray;
    if (!s->felt_is_ray)
        feel_ray(s);
    sei_specific_evaluate_along(s, f);
    s->ray_ln_aw    = s->ln_aw;
    s->ray_aw_slope = s->aw_slope;
    s->ray_sum      = f * s->sum_of_ray;
    for (size_t k = 0; k < n; k++) {
        lng[k]  = s->lng[k] + s->offset[k];
        dlng[k] = i == mu ? s->slope[k] / i : 0.0;
    }
}

double sei_specific_ln_aw(const sei_specific *s, double sum_m, double *ret_slope)
{
    double ln_aw, slope;

    if (s->is_general) {
        ln_aw = sei_ln_aw_by_raoult(sum_m, &slope);
    } else {
        slope = s->ray_aw_slope / s->ray_sum;
        ln_aw = s->ray_ln_aw + s->offset[s->model->n_species] + slope * (sum_m - s->ray_sum);
    }
    *ret_slope = ln_aw > SEI_LN_AW_LOW && ln_aw < 0.0 ? slope : 0.0;
    return fmin(0.0, fmax(ln_aw, SEI_LN_AW_LOW));
}

static void renew(sei_equil *eq)
{
    eq->gamma_temp_k = 0.0; /* those of the classes are to be made anew */
    eq->has_factor   = false;
}

/* From now on along the composition eq->m; with no more than that in force where offset is nothing. False: it is none. */
bool sei_specific_take_ray(sei_equil *eq)
{
    sei_specific *s  = eq->specific;
    const size_t  n  = s->model->n_species;
    double        mu = 0.0, sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        mu += 0.5 * eq->net->charge[i] * eq->net->charge[i] * eq->m[i];
        sum += eq->m[i];
    }
    if (!(mu > 0.0 && isfinite(sum)))
        return false;
    memcpy(s->ray, eq->m, n * sizeof *s->ray);
    s->felt_is_ray = false;
    s->mu_of_ray   = mu;
    s->sum_of_ray  = sum;
    s->is_general  = false;
    memset(s->offset, 0, (n + 1) * sizeof *s->offset);
    renew(eq);
    return true;
}

void sei_specific_keep(sei_equil *eq)
{
    sei_specific *s = eq->specific;
    const size_t  n = s->model->n_species;

    memcpy(s->kept, s->ray, n * sizeof *s->kept);
    memcpy(s->kept + n, s->offset, (n + 1) * sizeof *s->kept);
    s->kept_mu  = s->mu_of_ray;
    s->kept_sum = s->sum_of_ray;
}

void sei_specific_put_back(sei_equil *eq)
{
    sei_specific *s = eq->specific;
    const size_t  n = s->model->n_species;

    memcpy(s->ray, s->kept, n * sizeof *s->kept);
    s->felt_is_ray = false;
    memcpy(s->offset, s->kept + n, (n + 1) * sizeof *s->kept);
    s->mu_of_ray  = s->kept_mu;
    s->sum_of_ray = s->kept_sum;
    renew(eq);
}

/* --- from one solution to the next ------------------------------------------------------------------------ */

/* X, F and how much each species matters; the ray goes to the present composition. The largest |F|. */
static double compare(sei_equil *eq)
{
    sei_specific *s       = eq->specific;
    const size_t  n       = s->model->n_species;
    double        largest = 0.0, slope;

    sei_specific_activity(s, eq->mu, s->at, s->off);
    s->at[n] = sei_specific_ln_aw(s, eq->sum_m, &slope);
    if (!sei_specific_take_ray(eq))
        return INFINITY;
    feel_ray(s);
    if (s->mu_of_ray > MU_MOST)
        sei_specific_evaluate_along(s, MU_MOST / s->mu_of_ray);
    for (size_t i = 0; i < n; i++) {
        s->off[i]    = s->lng[i] - s->at[i];
        s->weight[i] = eq->m[i] / eq->sum_m;
        if (!(fabs(s->off[i]) <= largest))
            largest = fabs(s->off[i]);
    }
    s->off[n]    = fmin(0.0, fmax(s->ln_aw, SEI_LN_AW_LOW)) - s->at[n];
    s->weight[n] = 1.0;
    return fmax(largest, fabs(s->off[n]));
}

static double product(const sei_specific *s, const double a[], const double b[])
{
    double sum = 0.0;

    for (size_t i = 0; i <= s->model->n_species; i++)
        sum += s->weight[i] * a[i] * b[i];
    return sum;
}

/*
 * The differences to the last solution join the others; the oldest goes. What is in force is a line along the ionic strength (of
 * water's activity: along the sum of molalities), of which a step moves the whole: X is counted at one strength, or the way between
 * those of two solutions would count as a step that was taken.
 */
static void remember(const sei_equil *eq)
{
    sei_specific *s  = eq->specific;
    const size_t  n  = s->model->n_species + 1;
    const double  by = (eq->mu - s->last_mu) / s->mu_of_ray;

    if (s->n_rounds > 0) {
        const size_t last = SEI_SPECIFIC_HISTORY - 1;
        double      *at = s->d_at[last], *off = s->d_off[last];
        memmove(&s->d_at[1], &s->d_at[0], last * sizeof s->d_at[0]);
        memmove(&s->d_off[1], &s->d_off[0], last * sizeof s->d_off[0]);
        s->d_at[0]  = at;
        s->d_off[0] = off;
        for (size_t i = 0; i < n; i++) {
            at[i]  = s->at[i] - s->last_at[i] - (i + 1 < n ? by * s->slope[i] : 0.0);
            off[i] = s->off[i] - s->last_off[i];
        }
        at[n - 1] -= (eq->sum_m - s->last_sum) / s->sum_of_ray * s->aw_slope;
        s->n_history += s->n_history < SEI_SPECIFIC_HISTORY;
    }
    memcpy(s->last_at, s->at, n * sizeof *s->at);
    memcpy(s->last_off, s->off, n * sizeof *s->off);
    s->last_mu  = eq->mu;
    s->last_sum = eq->sum_m;
    s->n_rounds++;
}

/* Shares of the differences that leave the least of F; false: the differences tell nothing. */
static bool find_shares(const sei_specific *s, double share[])
{
    enum { H = SEI_SPECIFIC_HISTORY };
    double       a[H * H];
    size_t       pivot[H];
    const size_t h = s->n_history;

    for (size_t p = 0; p < h; p++) {
        for (size_t q = 0; q < h; q++)
            a[p * h + q] = product(s, s->d_off[p], s->d_off[q]);
        a[p * h + p] *= 1.0 + RIDGE;
        share[p] = product(s, s->d_off[p], s->off);
        if (!(a[p * h + p] > 0.0))
            return false;
    }
    /* rows by the size of their differences */
    for (size_t p = 0; p < h; p++) {
        const double by = 1.0 / a[p * h + p];
        for (size_t q = 0; q < h; q++)
            a[p * h + q] *= by;
        share[p] *= by;
    }
    if (!sei_lu_factor(h, a, pivot))
        return false;
    sei_lu_solve(h, a, pivot, share);
    for (size_t p = 0; p < h; p++)
        if (!(fabs(share[p]) < 1e6))
            return false;
    return true;
}

/* What the step from X has beside F: the offset from the ray. */
static void take_step(sei_specific *s)
{
    const size_t n = s->model->n_species;
    double       share[SEI_SPECIFIC_HISTORY];

    if (s->n_rounds >= PLAIN_ROUNDS) { /* nothing has helped: half of the way each time */
        for (size_t i = 0; i <= n; i++)
            s->offset[i] = -0.5 * s->off[i];
        return;
    }
    if (s->n_history == 0 || !find_shares(s, share)) {
        s->n_history = 0;
        return;
    }
    for (size_t p = 0; p < s->n_history; p++)
        for (size_t i = 0; i <= n; i++)
            s->offset[i] -= share[p] * (s->d_at[p][i] + s->d_off[p][i]);
    for (size_t i = 0; i <= n; i++)
        s->offset[i] = fmax(-OFFSET_MAX, fmin(OFFSET_MAX, s->offset[i]));
}

/* The activities that go with the molalities of the solution by what is in force now. */
static void move_activities(sei_equil *eq)
{
    const sei_specific *s = eq->specific;
    const size_t        n = s->model->n_species;

    for (size_t j = 0; j < eq->net->n_comp; j++) {
        const size_t i = eq->net->comp_species[j];
        eq->x[j] += s->lng[i] + s->offset[i] - s->at[i];
    }
    eq->ln_aw = fmin(0.0, fmax(SEI_LN_AW_LOW, s->ln_aw + s->offset[n]));
}

bool sei_specific_follow(sei_equil *eq, double enough)
{
    sei_specific *s       = eq->specific;
    const double  largest = compare(eq);

    s->largest_off = largest;
    if (largest <= enough)
        return true;
    if (!(largest < FAR)) { /* too far away for the differences to tell anything */
        s->n_history = s->n_rounds = 0;
        move_activities(eq);
        return false;
    }
    remember(eq);
    take_step(s);
    move_activities(eq);
    return false;
}

double sei_specific_rough(const sei_specific *s)
{
    return s->largest_off > NEXT_AGREES ? fmin(ROUGHLY * s->largest_off, ROUGH_MOST) : 0.0;
}

void sei_specific_shorten(sei_equil *eq, double share, double x[], double *ln_aw)
{
    sei_specific *s = eq->specific;
    const size_t  n = s->model->n_species;

    s->n_history = s->n_rounds = 0;
    for (size_t i = 0; i <= n; i++)
        s->offset[i] = -(1.0 - share) * s->off[i];
    for (size_t j = 0; j < eq->net->n_comp; j++)
        x[j] += share * s->off[eq->net->comp_species[j]];
    *ln_aw = fmin(0.0, fmax(SEI_LN_AW_LOW, *ln_aw + share * s->off[n]));
    renew(eq);
}

/* --- starts ------------------------------------------------------------------------------------------------- */

static void forget(sei_specific *s)
{
    s->n_history = s->n_rounds = 0;
}

void sei_specific_again(sei_equil *eq)
{
    forget(eq->specific);
}

void sei_specific_begin(sei_equil *eq)
{
    forget(eq->specific);
    eq->specific->is_general = true;
    renew(eq);
}

void sei_specific_along(sei_equil *eq)
{
    sei_specific_begin(eq);
    if (!sei_specific_take_ray(eq))
        return;
    eq->mu = eq->specific->mu_of_ray;
    sei_equil_class_activity(eq);
}

void sei_specific_recover(sei_equil *eq)
{
    const sei_specific *s = eq->specific;

    if (!s->is_general && fabs(s->mu_of_ray - eq->mu) < NEAR * eq->mu) {
        forget(eq->specific);
        if (sei_specific_settle(eq, false))
            return;
    }
    sei_specific_begin(eq);
    if (eq->mu > DILUTE && !sei_specific_settle(eq, true))
        sei_specific_begin(eq);
}
