/*
 * anchor.c - what a solution leaves for the next one of the same water
 *
 * The cells of a column are solved one after the other in one workspace, each again and again with totals that have changed a
 * little. Of each is kept what its last solution went out with: the balances in force, their sums, and the factorised slopes.
 * With new totals the sums tell the residuals without an evaluation, and the factor makes the first step of them.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

enum { SOLUTIONS_EACH = 4 }; /* after so many it is looked whether the balances still suit */

/* ln units that constants may have moved by, per K and of the residuals, where the old sums are good enough for a first step */
static const double by_k = 0.05, share_of_k = 0.03;

struct sei_react_anchor {
    bool     is_set, has_factor;
    unsigned n_solutions;
    size_t   nu;
    double   temp_k, rate, ln_ae, ln_aw, mu, ln_kg, sum_m, mu_calc, water_terms;
    double  *x, *plus, *minus, *combination, *follow, *lin; /* in one block of the first anchor */
    size_t  *swap;
    uint8_t  head[SEI_REACT_BASIS_HEAD], part_of[SEI_REACT_ROWS_MAX * SEI_REACT_ROWS_MAX];
};

/* ---- making and dropping ---- */

static size_t unknowns_of(const sei_react *r)
{
    return r->net->n_comp + 1 + r->n_sites + 3;
}

sei_status sei_react_anchors_create(sei_ctx *ctx, const sei_react *r, size_t n,
                                    sei_react_anchor **ret_anchors)
{
    const size_t nc = r->net->n_comp, rows = nc + 1, nb = rows + r->n_sites, nu = unknowns_of(r);
    const size_t each         = nc + 2 * nb + 2 * rows * rows + nu * nu;
    sei_react_anchor *anchors = sei_alloc(ctx, n, sizeof *anchors);
    double *numbers = sei_resize(ctx, NULL, n * each, sizeof *numbers); /* read once set */
    size_t *swaps   = sei_resize(ctx, NULL, n * nu, sizeof *swaps);

    if (!anchors || !numbers || !swaps) {
        sei_release(ctx, anchors);
        sei_release(ctx, numbers);
        sei_release(ctx, swaps);
        return SEI_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++, numbers += each) {
        anchors[i].x           = numbers;
        anchors[i].plus        = anchors[i].x + nc;
        anchors[i].minus       = anchors[i].plus + nb;
        anchors[i].combination = anchors[i].minus + nb;
        anchors[i].follow      = anchors[i].combination + rows * rows;
        anchors[i].lin         = anchors[i].follow + rows * rows;
        anchors[i].swap        = swaps + i * nu;
    }
    *ret_anchors = anchors;
    return SEI_OK;
}

void sei_react_anchors_free(sei_ctx *ctx, sei_react_anchor *anchors)
{
    if (!anchors)
        return;
    sei_release(ctx, anchors[0].x);
    sei_release(ctx, anchors[0].swap);
    sei_release(ctx, anchors);
}

sei_react_anchor *sei_react_anchor_at(sei_react_anchor *anchors, size_t i)
{
    return anchors ? &anchors[i] : NULL;
}

void sei_react_anchor_drop(sei_react_anchor *a)
{
    if (a)
        a->is_set = false;
}

/* ---- keeping ---- */

static bool is_plain(const sei_react_work *w, const sei_react_system *s)
{
    return s->n_sites == 0 && s->n_surfaces == 0 && s->n_mixtures == 0 && !s->water_is_fixed &&
           !w->eq->specific && w->nu <= unknowns_of(w->react);
}

static void keep_basis(const sei_react_work *w, sei_react_anchor *a)
{
    const sei_react_basis_state *b    = &w->basis;
    const size_t                 rows = w->react->net->n_comp + 1;

    memcpy(a->head, b, sizeof a->head);
    memcpy(a->part_of, b->part_of, rows * sizeof b->part_of[0]);
    memcpy(a->combination, b->combination, rows * rows * sizeof *b->combination);
    memcpy(a->follow, b->follow, rows * rows * sizeof *b->follow);
}

void sei_react_anchor_keep(sei_react_work *w, const sei_react_job *j, sei_react_anchor *a)
{
    const sei_equil *eq = w->eq;

    a->n_solutions = w->n_solutions + 1;
    a->is_set      = is_plain(w, j->s) && w->basis.is_set &&
                (a->n_solutions % SOLUTIONS_EACH != 0 || sei_react_basis_serves(w, j));
    const bool is_own = w->taken == a && w->taken_version == w->basis.version;
    w->taken          = NULL;
    if (!a->is_set)
        return;
    if (!is_own) /* what is there already */
        keep_basis(w, a);
    memcpy(a->x, eq->x, w->react->net->n_comp * sizeof *a->x);
    memcpy(a->plus, w->plus, w->nb * sizeof *a->plus);
    memcpy(a->minus, w->minus, w->nb * sizeof *a->minus);
    a->temp_k      = j->s->temp_k;
    a->ln_ae       = eq->ln_ae;
    a->ln_aw       = eq->ln_aw;
    a->mu          = eq->mu;
    a->ln_kg       = w->ln_kg;
    a->sum_m       = eq->sum_m;
    a->mu_calc     = eq->mu_calc;
    a->water_terms = w->water_terms;
    a->nu          = w->nu;
    a->has_factor  = w->has_chord && w->chord_version == w->basis.version && w->chord_nu == w->nu;
    if (!a->has_factor)
        return;
    a->rate = w->chord_rate;
    if (is_own && w->taken_factors == w->n_factors)
        return;
    memcpy(a->lin, w->lin, w->nu * w->nu * sizeof *a->lin);
    memcpy(a->swap, w->swap, w->nu * sizeof *a->swap);
}

/* ---- taking ---- */

/* Of the water whose unknowns are at hand, and of a system of its kind? */
static bool is_of(const sei_react_work *w, const sei_react_system *s, const sei_react_anchor *a)
{
    const sei_equil *eq = w->eq;

    return a && a->is_set && is_plain(w, s) && a->nu == w->nu && a->mu == eq->mu &&
           a->ln_ae == eq->ln_ae && memcmp(a->x, eq->x, w->react->net->n_comp * sizeof *a->x) == 0;
}

static void take_basis(sei_react_work *w, const sei_react_anchor *a)
{
    sei_react_basis_state *b    = &w->basis;
    const size_t           rows = w->react->net->n_comp + 1;

    memcpy(b, a->head, sizeof a->head);
    memcpy(b->part_of, a->part_of, rows * sizeof b->part_of[0]);
    memcpy(b->combination, a->combination, rows * rows * sizeof *b->combination);
    memcpy(b->follow, a->follow, rows * rows * sizeof *b->follow);
}

static void take_factor(sei_react_work *w, const sei_react_anchor *a)
{
    w->has_chord = a->has_factor;
    if (!a->has_factor)
        return;
    w->chord_version = w->basis.version;
    w->chord_nu      = a->nu;
    w->chord_rate    = a->rate;
    memcpy(w->lin, a->lin, a->nu * a->nu * sizeof *a->lin);
    memcpy(w->swap, a->swap, a->nu * sizeof *a->swap);
}

/* Old sums with new totals; at another temperature they may say less than what that has changed. */
static void take_sums(sei_react_work *w, sei_react_job *j, const sei_react_anchor *a)
{
    w->ln_kg = a->ln_kg;
    memcpy(w->plus, a->plus, w->nb * sizeof *a->plus);
    memcpy(w->minus, a->minus, w->nb * sizeof *a->minus);
    w->eq->sum_m   = a->sum_m;
    w->eq->mu_calc = a->mu_calc;
    w->water_terms = a->water_terms;
    w->is_unseen   = true;
    sei_react_draw_minerals(w, j->s);
    sei_react_residuals(w, j);
    if (by_k * fabs(j->s->temp_k - a->temp_k) > share_of_k * j->residual) {
        sei_react_see(w, j->s);
        sei_react_residuals(w, j);
    }
}

bool sei_react_anchor_take(sei_react_work *w, sei_react_job *j, const sei_react_anchor *a)
{
    if (!is_of(w, j->s, a))
        return false;
    take_basis(w, a);
    if (!sei_react_basis_renew(w, j))
        return false;
    w->n_solutions   = a->n_solutions;
    w->taken         = a;
    w->taken_version = w->basis.version;
    w->taken_factors = w->n_factors - !a->has_factor;
    take_factor(w, a);
    take_sums(w, j, a);
    return true;
}

void sei_react_see(sei_react_work *w, const sei_react_system *s)
{
    if (!w->is_unseen)
        return;
    w->is_unseen = false;
    sei_react_evaluate_terms(w, s);
    sei_react_sum(w, s);
}
