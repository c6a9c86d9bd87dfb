/* newton.c - Newton's method for a given set of minerals and mixtures */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/react_impl.h"

enum { RELAX_MAX = 60, RELAX_FIRST = 2, SHORTER_MAX = 4, SHORTER_CAREFUL = 8, STRIDES_MAX = 20 };

#define LN_AW_MIN (-3.0)
#define MU_MIN    1e-8 /* below that of pure water */
#define MU_MAX    3.0
#define MU_FAR    4.0
#define PIVOT_MIN 1e-15 /* of rows whose largest entries are of the order of 1 */

static const double far_off = 4.0; /* ln units: beyond it single balances lead the way */
static const double at_hand = 0.1; /* ln units: within it the slopes hardly change any more */

void sei_react_lay_out(sei_react_work *w, const sei_react_system *s)
{
    const size_t nc = w->react->net->n_comp;

    w->k_electron  = nc;
    w->k_site      = nc + 1;
    w->k_potential = w->k_site + w->react->n_sites;
    w->k_kg        = w->k_potential + s->n_surfaces;
    w->k_mu        = w->k_kg + 1;
    w->k_aw        = w->k_mu + 1;
    w->nu          = w->k_aw + 1;
}

bool sei_react_has_unknown(const sei_react_work *w, const sei_react_system *s, size_t x)
{
    return s->mixtures[x].kind != SEI_MIXTURE_GAS_VOLUME && w->mixture_active[x] && !w->soft;
}

void sei_react_count_unknowns(sei_react_work *w, const sei_react_system *s)
{
    w->nu = w->k_aw + 1;
    for (size_t x = 0; x < s->n_mixtures; x++)
        w->nu += sei_react_has_unknown(w, s, x);
}

void sei_react_save(const sei_react_work *w, sei_react_snapshot *s)
{
    memcpy(s->x, w->eq->x, w->react->net->n_comp * sizeof *s->x);
    memcpy(s->x_site, w->x_site, sizeof s->x_site);
    memcpy(s->potential, w->potential, sizeof s->potential);
    memcpy(s->transfer, w->mineral_transfer, sizeof s->transfer);
    memcpy(s->mixture_ln, w->mixture_ln, sizeof s->mixture_ln);
    s->ln_ae = w->eq->ln_ae;
    s->ln_aw = w->eq->ln_aw;
    s->mu    = w->eq->mu;
    s->ln_kg = w->ln_kg;
}

void sei_react_restore(sei_react_work *w, const sei_react_snapshot *s)
{
    memcpy(w->eq->x, s->x, w->react->net->n_comp * sizeof *s->x);
    memcpy(w->x_site, s->x_site, sizeof s->x_site);
    memcpy(w->potential, s->potential, sizeof s->potential);
    memcpy(w->mineral_transfer, s->transfer, sizeof s->transfer);
    memcpy(w->mixture_ln, s->mixture_ln, sizeof s->mixture_ln);
    w->eq->ln_ae = s->ln_ae;
    w->eq->ln_aw = s->ln_aw;
    w->eq->mu    = s->mu;
    w->ln_kg     = s->ln_kg;
}

/* ---- length of a step ---- */

/* Share of the full step that the limits allow; elements move by their leading species. */
double sei_react_step_share(const sei_react_work *w, const sei_react_job *job)
{
    const size_t  nc = w->react->net->n_comp;
    const double *d  = w->rhs;
    double        f  = 1.0;

    for (size_t j = 0; j < nc + 1; j++) {
        const double by_leader =
            j + 1 < nc ? w->basis.lead_h[j] * d[nc - 1] + w->basis.lead_e[j] * d[nc] : 0.0;
        if (!job->is_fixed[j] && w->basis.mineral[j] == SIZE_MAX)
            f = fmin(f, (j == nc ? 12.0 : 5.0) / fmax(fabs(d[j] + by_leader), 1e-300));
    }
    for (size_t k = w->k_site; k < w->k_mu; k++) {
        const double limit = k < w->k_potential ? 6.0 : k < w->k_kg ? 2.0 : 0.3;
        f                  = fmin(f, limit / fmax(fabs(d[k]), 1e-300));
    }
    return f;
}

/* Far from what the species make up, the slopes say little: halfway there in logarithms. */
static double next_strength(const sei_react_work *w, const sei_react_job *job, double change)
{
    const double mu = w->eq->mu, made = fmin(w->eq->mu_calc, MU_MAX);

    if (!job->s->water_is_fixed && job->residual > 0.1 &&
        (made > MU_FAR * mu || mu > MU_FAR * made))
        return fmax(MU_MIN, sqrt(mu * made));
    return fmax(MU_MIN, mu + fmax(-0.7 * mu, fmin(2.0 * mu + 1e-5, change)));
}

void sei_react_apply(sei_react_work *w, const sei_react_job *job, double f)
{
    w->eq->ln_aw =
        fmax(LN_AW_MIN, fmin(0.0, w->eq->ln_aw + fmax(-0.1, fmin(0.1, f * w->rhs[w->k_aw]))));
    for (size_t k = 0; k < w->k_electron; k++)
        w->eq->x[k] += f * w->rhs[k];
    w->eq->ln_ae += f * w->rhs[w->k_electron];
    for (size_t k = w->k_site; k < w->k_potential; k++)
        w->x_site[k - w->k_site] += f * w->rhs[k];
    for (size_t k = 0; k < job->s->n_surfaces; k++)
        w->potential[k] =
            fmax(-SEI_REACT_POTENTIAL_MAX,
                 fmin(SEI_REACT_POTENTIAL_MAX, w->potential[k] + f * w->rhs[w->k_potential + k]));
    w->ln_kg  = fmax(job->ln_kg_least, fmin(job->ln_kg_most, w->ln_kg + f * w->rhs[w->k_kg]));
    w->eq->mu = next_strength(w, job, f * w->rhs[w->k_mu]);
    size_t at = w->k_aw + 1;
    for (size_t x = 0; x < job->s->n_mixtures; x++)
        if (sei_react_has_unknown(w, job->s, x))
            w->mixture_ln[x] += fmax(-5.0, fmin(5.0, f * w->rhs[at++]));
}

bool sei_react_factor(sei_react_work *w, const sei_react_job *job)
{
    sei_react_slopes(w, job);
    w->has_chord     = sei_lu_factor_at_least(w->nu, w->lin, w->swap, PIVOT_MIN);
    w->chord_version = w->basis.version;
    w->chord_nu      = w->nu;
    w->chord_rate    = 1.0;
    w->n_factors++;
    return w->has_chord;
}

static bool solve_linear(sei_react_work *w, const sei_react_job *job)
{
    if (!isfinite(job->residual) || !sei_react_factor(w, job))
        return false;
    sei_lu_solve(w->nu, w->lin, w->swap, w->rhs);
    for (size_t u = 0; u < w->nu; u++)
        if (!isfinite(w->rhs[u]))
            return false;
    return true;
}

/* ---- whole ---- */

/* Amounts, balances in force and residuals at the present unknowns. is_new: of a set of minerals that may have
 * changed, whose newcomers take their elements down to what they allow. */
static bool look(sei_react_work *w, sei_react_job *job, bool is_new)
{
    sei_react_evaluate(w, job->s);
    if (!sei_react_basis_set(w, job))
        return false;
    if (is_new && sei_react_follow(w, job))
        sei_react_evaluate(w, job->s);
    sei_react_sum(w, job->s);
    sei_react_residuals(w, job);
    return true;
}

/* The way so far. */
typedef struct {
    sei_react_snapshot before; /* the last step, and that */
    double             step[SEI_REACT_UNKNOWNS_MAX], share, last;
    int                shortened, relaxed, strides; /* strides: since the last relaxation */
    bool               was_near;
} way;

/* Farther away than the step before left it, and not near; where care is taken, each step has to lead nearer. */
static bool is_worse(const sei_react_work *w, const sei_react_job *job, const way *y)
{
    const double last = y->last;

    if (w->is_careful && job->residual > at_hand &&
        !(job->residual <= (1.0 - 0.1 * y->share) * last))
        return true;
    return !isfinite(job->residual) || (job->residual > 2.0 * last && job->residual > far_off);
}

/* A step that makes things much worse is taken back and shortened. */
static bool shorten(sei_react_work *w, const sei_react_job *job, way *y)
{
    const int most = w->is_careful ? SHORTER_CAREFUL : SHORTER_MAX;

    if (!is_worse(w, job, y) || !isfinite(y->last) || y->shortened >= most)
        return false;
    sei_react_restore(w, &y->before);
    memcpy(w->rhs, y->step, w->nu * sizeof *y->step);
    y->share *= w->is_careful ? 0.5 : 0.3;
    y->shortened++;
    sei_react_apply(w, job, y->share);
    return true;
}

/* Far away, or where steps lead nowhere, one balance after the other is brought to hold. */
static bool relax(sei_react_work *w, const sei_react_job *job, way *y)
{
    const bool lost =
        y->shortened == SHORTER_MAX || (y->strides > STRIDES_MAX && job->residual > 1e-3);

    if (!(job->residual > far_off || lost) || y->relaxed >= RELAX_MAX)
        return false;
    sei_react_relax(w, job, lost ? 0.01 : 0.3);
    y->shortened = y->strides = 0;
    y->relaxed++;
    y->last = INFINITY;
    return true;
}

/* Where a step has led far away, balances that are brought to hold there lead on sooner than shorter steps; where they do not, steps
 * are cut. */
static bool is_far(const sei_react_job *job, const way *y)
{
    return job->residual > far_off && isfinite(job->residual) && y->relaxed < RELAX_FIRST;
}

static bool step(sei_react_work *w, const sei_react_job *job, way *y)
{
    if (!solve_linear(w, job))
        return false;
    sei_react_save(w, &y->before);
    memcpy(y->step, w->rhs, w->nu * sizeof *y->step);
    y->last      = job->residual;
    y->shortened = 0;
    y->strides++;
    y->share = sei_react_step_share(w, job);
    sei_react_apply(w, job, y->share);
    return true;
}

bool sei_react_newton(sei_react_work *w, sei_react_job *job, int max, int *iterations)
{
    way y = {.share = 1.0, .last = INFINITY};

    sei_react_count_unknowns(w, job->s);
    w->basis.has_totals = false; /* what minerals have given may have changed */
    for (int k = 0; k < max; k++) {
        (*iterations)++;
        if (!look(w, job, k == 0))
            return false;
        if (job->excess <= 1.0 || job->residual <= job->good)
            return true;
        if (job->residual < at_hand && !y.was_near &&
            !w->is_thorough) { /* slopes that are kept will do from here */
            y.was_near = true;
            if (sei_react_descend(w, job, job->good, iterations))
                return true;
            if (!look(w, job, false))
                return false;
        }
        if (!(is_far(job, &y) && relax(w, job, &y)) && !shorten(w, job, &y) && !relax(w, job, &y) &&
            !step(w, job, &y))
            return false;
    }
    return false;
}

/* Past what the balances in force ask for, down to the rounding of their slopes. */
void sei_react_polish(sei_react_work *w, sei_react_job *job, int *iterations)
{
    sei_react_snapshot before;

    (*iterations)++;
    if (!look(w, job, false) || !solve_linear(w, job))
        return;
    sei_react_save(w, &before);
    sei_react_apply(w, job, 1.0);
    if (look(w, job, false) && job->excess <= 1.0)
        return;
    sei_react_restore(w, &before);
    (void)look(w, job, false);
}
