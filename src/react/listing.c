/*
 * listing.c - what each term counts in the balances in force, and each balance in terms
 *
 * It hangs on nothing but how the plain balances are combined. A column, or a reactant that comes and goes, turns between few
 * combinations: the lists of the last ones are kept, and come into force again as they are.
 */
#include <math.h>
#include <string.h>

#include "react/react_impl.h"

/* ---- making them ---- */

/* Which balances in force count a plain one. */
typedef struct {
    uint8_t row[SEI_REACT_ROWS_MAX][SEI_REACT_ROWS_MAX], n[SEI_REACT_ROWS_MAX];
} users;

static void add_count(const users *u, const double combination[], size_t n, size_t k, double c,
                      double sum[], uint64_t *touched)
{
    for (size_t r = 0; c != 0.0 && r < u->n[k]; r++) {
        const size_t b = u->row[k][r];
        sum[b] += c * combination[b * n + k];
        *touched |= UINT64_C(1) << b;
    }
}

/* Counts of term i in the balances in force, from its plain ones. sum: all 0, before and after. */
static void combine_term(sei_react_work *w, const users *u, size_t i, double sum[])
{
    sei_react_terms *t  = &w->terms;
    const size_t     nc = w->react->net->n_comp, n = nc + 1;
    uint64_t         touched = 0;
    uint32_t         at      = t->c_ptr[i];

    _Static_assert(SEI_REACT_ROWS_MAX <= 64, "one bit a balance");
    for (uint32_t q = t->c0_ptr[i]; q < t->c0_ptr[i + 1]; q++) {
        if (t->c0_at[q] >= n) { /* sites */
            t->c_at[at] = t->c0_at[q];
            t->c[at++]  = t->c0[q];
            continue;
        }
        add_count(u, w->basis.combination, n, t->c0_at[q], t->c0[q], sum, &touched);
    }
    add_count(u, w->basis.combination, n, nc - 1, t->h0[i], sum, &touched);
    add_count(u, w->basis.combination, n, nc, t->e0[i], sum, &touched);
    for (; touched; touched &= touched - 1) {
        const size_t b = (size_t)__builtin_ctzll(touched);
        if (fabs(sum[b]) > 1e-11) { /* sums of small whole numbers */
            t->c_at[at] = (uint8_t)b;
            t->c[at++]  = sum[b];
        }
        sum[b] = 0.0;
    }
    t->c_ptr[i + 1] = at;
}

/* The same balance by balance, gains before losses. */
static void list_rows(sei_react_work *w)
{
    sei_react_terms *t       = &w->terms;
    const size_t     n_lists = 2 * w->nb;
    uint32_t         at[2 * SEI_REACT_BALANCES_MAX];

    memset(t->row_ptr, 0, (n_lists + 1) * sizeof *t->row_ptr);
    for (uint32_t k = 0; k < t->c_ptr[t->n]; k++)
        t->row_ptr[2 * (size_t)t->c_at[k] + (t->c[k] < 0.0) + 1]++;
    for (size_t b = 0; b < n_lists; b++)
        t->row_ptr[b + 1] += t->row_ptr[b];
    memcpy(at, t->row_ptr, n_lists * sizeof *at);
    for (size_t i = 0; i < t->n; i++)
        for (uint32_t k = t->c_ptr[i]; k < t->c_ptr[i + 1]; k++) {
            uint32_t *place      = &at[2 * (size_t)t->c_at[k] + (t->c[k] < 0.0)];
            t->row_term[*place]  = (uint16_t)i;
            t->row_c[(*place)++] = t->c[k];
        }
}

/* The lists of balances in fours of terms, those of a list one after the other. */
static void list_fours(sei_react_work *w)
{
    sei_react_terms *t = &w->terms;
    uint32_t         n = 0;

    for (size_t list = 0; list < 2 * w->nb; list++) {
        t->four_ptr[list] = n;
        for (uint32_t k = t->row_ptr[list]; k < t->row_ptr[list + 1]; k++) {
            const uint16_t at = (uint16_t)(t->row_term[k] / SEI_V4 * SEI_V4);
            if (n == t->four_ptr[list] || t->four_at[n - 1] != at) {
                t->four_at[n] = at;
                memset(t->four_c + (size_t)SEI_V4 * n++, 0, SEI_V4 * sizeof *t->four_c);
            }
            t->four_c[(size_t)SEI_V4 * (n - 1) + t->row_term[k] - at] = t->row_c[k];
        }
    }
    t->four_ptr[2 * w->nb] = n;
}

static void combine_terms(sei_react_work *w)
{
    const size_t n                       = w->react->net->n_comp + 1;
    double       sum[SEI_REACT_ROWS_MAX] = {0.0};
    users        u;

    memset(u.n, 0, sizeof u.n);
    for (size_t b = 0; b < n; b++)
        for (size_t k = 0; k < n; k++)
            if (fabs(w->basis.combination[b * n + k]) > 1e-12)
                u.row[k][u.n[k]++] = (uint8_t)b;
    w->terms.c_ptr[0] = 0;
    for (size_t i = 0; i < w->terms.n; i++)
        combine_term(w, &u, i, sum);
    list_rows(w);
    list_fours(w);
}

/* ---- keeping them ---- */

enum { COUNTS_MAX = 8 }; /* of a term, on the average, that are kept */

struct sei_react_listing {
    bool      is_set;
    uint64_t  mark;        /* of the combination: others have another, but by chance */
    double   *combination; /* that the lists are of */
    uint32_t *c_ptr, *row_ptr, *four_ptr;
    uint8_t  *c_at;
    uint16_t *row_term, *four_at;
    double   *c, *row_c, *four_c;
};

static size_t n_rows(const sei_react_work *w)
{
    return w->react->net->n_comp + 1;
}

static size_t n_kept(const sei_react_work *w)
{
    return (w->terms.n_aqueous + w->terms.n_sorbed) * COUNTS_MAX;
}

/* The terms' own lists are the last ones. */
bool sei_react_listings_create(sei_react_work *w)
{
    const sei_react_terms *t = &w->terms;

    w->listings = sei_alloc(w->ctx, SEI_REACT_LISTINGS + 1, sizeof *w->listings);
    if (!w->listings)
        return false;
    w->listings[SEI_REACT_LISTINGS] = (sei_react_listing){.c_ptr    = t->c_ptr,
                                                          .row_ptr  = t->row_ptr,
                                                          .four_ptr = t->four_ptr,
                                                          .four_at  = t->four_at,
                                                          .four_c   = t->four_c,
                                                          .c_at     = t->c_at,
                                                          .row_term = t->row_term,
                                                          .c        = t->c,
                                                          .row_c    = t->row_c};
    return true;
}

static void put_in_force(sei_react_work *w, size_t k)
{
    const sei_react_listing *l = &w->listings[k];
    sei_react_terms         *t = &w->terms;

    t->c_ptr         = l->c_ptr;
    t->row_ptr       = l->row_ptr;
    t->c_at          = l->c_at;
    t->row_term      = l->row_term;
    t->c             = l->c;
    t->row_c         = l->row_c;
    t->four_ptr      = l->four_ptr;
    t->four_at       = l->four_at;
    t->four_c        = l->four_c;
    w->basis.listing = k;
}

/* Room for a list, made when the first one comes: many systems have few. It is not cleared: copy_lists() writes what is read. */
static bool has_room(const sei_react_work *w, sei_react_listing *l)
{
    const size_t n = n_rows(w), terms = w->terms.n_aqueous + w->terms.n_sorbed, kept = n_kept(w);

    if (!l->combination)
        l->combination =
            sei_resize(w->ctx, NULL, n * n + (2 + SEI_V4) * kept, sizeof *l->combination);
    if (!l->c_ptr)
        l->c_ptr =
            sei_resize(w->ctx, NULL, terms + 3 + 4 * SEI_REACT_BALANCES_MAX, sizeof *l->c_ptr);
    if (!l->c_at)
        l->c_at = sei_resize(w->ctx, NULL, kept, sizeof *l->c_at);
    if (!l->row_term)
        l->row_term = sei_resize(w->ctx, NULL, 2 * kept, sizeof *l->row_term);
    if (!l->combination || !l->c_ptr || !l->c_at || !l->row_term)
        return false;
    l->c        = l->combination + n * n;
    l->row_c    = l->c + kept;
    l->four_c   = l->row_c + kept;
    l->row_ptr  = l->c_ptr + terms + 1;
    l->four_ptr = l->row_ptr + 2 * SEI_REACT_BALANCES_MAX + 1;
    l->four_at  = l->row_term + kept;
    return true;
}

void sei_react_listings_free(sei_react_work *w)
{
    if (w->listings)
        put_in_force(w, SEI_REACT_LISTINGS);
    for (size_t k = 0; w->listings && k < SEI_REACT_LISTINGS; k++) {
        sei_release(w->ctx, w->listings[k].combination);
        sei_release(w->ctx, w->listings[k].c_ptr);
        sei_release(w->ctx, w->listings[k].c_at);
        sei_release(w->ctx, w->listings[k].row_term);
    }
    sei_release(w->ctx, w->listings);
}

static void copy_lists(const sei_react_work *w, const sei_react_listing *from,
                       const sei_react_listing *to)
{
    const size_t terms = w->terms.n, kept = from->c_ptr[terms];

    memcpy(to->c_ptr, from->c_ptr, (terms + 1) * sizeof *to->c_ptr);
    memcpy(to->row_ptr, from->row_ptr, (2 * w->nb + 1) * sizeof *to->row_ptr);
    memcpy(to->c_at, from->c_at, kept * sizeof *to->c_at);
    memcpy(to->row_term, from->row_term, kept * sizeof *to->row_term);
    memcpy(to->c, from->c, kept * sizeof *to->c);
    memcpy(to->row_c, from->row_c, kept * sizeof *to->row_c);
    const size_t fours = from->four_ptr[2 * w->nb];
    memcpy(to->four_ptr, from->four_ptr, (2 * w->nb + 1) * sizeof *to->four_ptr);
    memcpy(to->four_at, from->four_at, fours * sizeof *to->four_at);
    memcpy(to->four_c, from->four_c, SEI_V4 * fours * sizeof *to->four_c);
}

/* Few combinations that differ have the same sum of places and values. */
static uint64_t mark_of(const sei_react_work *w)
{
    const double *c    = w->basis.combination;
    const size_t  n    = n_rows(w) * n_rows(w);
    uint64_t      mark = 0, bits;

    for (size_t k = 0; k < n; k++) {
        memcpy(&bits, &c[k], sizeof bits);
        mark += bits * (2 * k + 1);
    }
    return mark;
}

static bool is_of_combination(const sei_react_work *w, const sei_react_listing *l)
{
    const size_t size = n_rows(w) * n_rows(w) * sizeof(double);

    return l->is_set && memcmp(l->combination, w->basis.combination, size) == 0;
}

/* Lists of the present combination, those that were with it first; SIZE_MAX: there are none. */
static size_t find_lists(const sei_react_work *w, uint64_t *ret_mark)
{
    if (is_of_combination(w, &w->listings[w->basis.listing]))
        return w->basis.listing;
    *ret_mark = mark_of(w);
    for (size_t k = 0; k < SEI_REACT_LISTINGS; k++)
        if (w->listings[k].mark == *ret_mark && is_of_combination(w, &w->listings[k]))
            return k;
    return SIZE_MAX;
}

/* Systems with mixtures have terms of their own: their lists are made each time. */
void sei_react_list_terms(sei_react_work *w, const sei_react_system *s)
{
    uint64_t     mark  = 0;
    const size_t found = s->n_mixtures == 0 ? find_lists(w, &mark) : SIZE_MAX;

    if (found != SIZE_MAX) {
        put_in_force(w, found);
        return;
    }
    put_in_force(w, SEI_REACT_LISTINGS);
    combine_terms(w);
    if (s->n_mixtures > 0 || w->terms.c_ptr[w->terms.n] > n_kept(w))
        return;
    const size_t       k = w->next_listing++ % SEI_REACT_LISTINGS;
    sei_react_listing *l = &w->listings[k];
    l->is_set            = false;
    if (!has_room(w, l))
        return;
    memcpy(l->combination, w->basis.combination, n_rows(w) * n_rows(w) * sizeof *l->combination);
    copy_lists(w, &w->listings[SEI_REACT_LISTINGS], l);
    l->mark   = mark;
    l->is_set = true;
    put_in_force(w, k);
}
