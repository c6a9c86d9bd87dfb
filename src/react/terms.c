/* terms.c - the table of everything that counts in the balances */
#include <math.h>
#include <string.h>

#include "chem/pressure.h"
#include "num/v4.h"
#include "react/react_impl.h"

#define LN10 2.302585092994045684

/* Numbers in a row of slopes, in whole eights. */
#define PADDED_8(n) (((n) + 7) / 8 * 8)
enum { SLOPES_MAX = PADDED_8(SEI_REACT_BALANCES_MAX + SEI_REACT_SITES_MAX + 3) };

double sei_react_basis(const sei_amounts *a, size_t n_comp, size_t balance)
{
    if (balance < n_comp)
        return a->comp[balance];
    return balance == n_comp ? a->electron : a->site[balance - n_comp - 1];
}

static size_t sorbed_entries(const sei_react *r)
{
    size_t n = 0;

    for (size_t k = 0; k < r->n_sorbed; k++)
        for (size_t j = 0; j < r->net->n_comp; j++)
            n += r->sorbed[k].comp[j] != 0.0 || r->sorbed[k].count[j] != 0.0;
    return n + 2 * r->n_sorbed;
}

static bool has_all(const sei_react_work *w)
{
    const sei_react_terms *t      = &w->terms;
    const void *const      each[] = {t->c0_ptr,
                                     t->c0_at,
                                     t->c0,
                                     t->c_ptr,
                                     t->v_ptr,
                                     t->c_at,
                                     t->v_at,
                                     t->c,
                                     t->v,
                                     t->h0,
                                     w->line,
                                     w->line_term,
                                     t->row_c,
                                     t->row_term,
                                     w->single_ptr,
                                     w->single,
                                     w->sorbed_lnk,
                                     w->sorbed_surface,
                                     t->col_term,
                                     t->col_v,
                                     t->row_ptr,
                                     t->slope,
                                     t->four_ptr,
                                     t->four_at,
                                     t->four_c,
                                     w->sorbed_change,
                                     w->sorbed_alone,
                                     w->sorbed_alone_ptr};

    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++)
        if (!each[i])
            return false;
    return true;
}

static bool allocate(sei_react_work *w)
{
    const sei_net   *net   = w->react->net;
    sei_react_terms *t     = &w->terms;
    const size_t     parts = (size_t)SEI_REACT_PARTS_MAX * (net->n_comp + 1),
                 sorbed    = sorbed_entries(w->react);
    const size_t n_c       = net->beta.ptr[net->n_species] + sorbed + parts;
    const size_t n_v       = net->nu.ptr[net->n_species] + net->n_species + sorbed + parts;

    t->n_aqueous        = net->n_species;
    t->n_sorbed         = w->react->n_sorbed;
    t->n_max            = t->n_aqueous + t->n_sorbed + SEI_REACT_PARTS_MAX;
    const size_t n_full = t->n_max * (net->n_comp + 2), n_padded = SEI_V4_PADDED(t->n_max) + SEI_V4,
                 n_fours = 2 * w->nb * (n_padded / SEI_V4);
    t->c0_ptr            = sei_alloc(w->ctx, t->n_max + 1, sizeof *t->c0_ptr);
    t->c_ptr             = sei_alloc(w->ctx, t->n_max + 1, sizeof *t->c_ptr);
    t->v_ptr             = sei_alloc(w->ctx, t->n_max + 1, sizeof *t->v_ptr);
    t->c0_at             = sei_alloc(w->ctx, n_c, sizeof *t->c0_at);
    t->c0                = sei_alloc(w->ctx, n_c, sizeof *t->c0);
    t->c_at              = sei_alloc(w->ctx, n_full, sizeof *t->c_at);
    t->v_at              = sei_alloc(w->ctx, n_v, sizeof *t->v_at);
    t->c                 = sei_alloc(w->ctx, n_full, sizeof *t->c);
    t->v                 = sei_alloc(w->ctx, n_v, sizeof *t->v);
    t->h0                = sei_alloc(w->ctx, 5 * n_padded, sizeof *t->h0);
    t->four_ptr          = sei_alloc(w->ctx, 2 * SEI_REACT_BALANCES_MAX + 1, sizeof *t->four_ptr);
    t->four_at           = sei_alloc(w->ctx, n_fours, sizeof *t->four_at);
    t->four_c            = sei_alloc(w->ctx, n_fours * SEI_V4, sizeof *t->four_c);
    w->line       = sei_alloc(w->ctx, SEI_REACT_LINES * (SEI_V4_PADDED(t->n_max) + 2 * SEI_V4),
                              sizeof *w->line);
    w->line_term  = sei_alloc(w->ctx, t->n_max, sizeof *w->line_term);
    t->row_c      = sei_alloc(w->ctx, n_full, sizeof *t->row_c);
    t->row_term   = sei_alloc(w->ctx, n_full, sizeof *t->row_term);
    t->row_ptr    = sei_alloc(w->ctx, 3 * SEI_REACT_BALANCES_MAX + 2, sizeof *t->row_ptr);
    t->col_term   = sei_alloc(w->ctx, n_v, sizeof *t->col_term);
    t->col_v      = sei_alloc(w->ctx, n_v, sizeof *t->col_v);
    t->slope      = sei_alloc(w->ctx, (t->n_aqueous + t->n_sorbed) * SLOPES_MAX, sizeof *t->slope);
    w->single_ptr = sei_alloc(w->ctx, net->n_comp + 1, sizeof *w->single_ptr);
    w->single     = sei_alloc(w->ctx, net->n_species, sizeof *w->single);
    w->sorbed_lnk = sei_alloc(w->ctx, 2 * SEI_V4_PADDED(t->n_sorbed) + 1, sizeof *w->sorbed_lnk);
    w->sorbed_surface   = sei_alloc(w->ctx, t->n_sorbed, sizeof *w->sorbed_surface);
    w->sorbed_change    = sei_alloc(w->ctx, t->n_sorbed, sizeof *w->sorbed_change);
    w->sorbed_alone     = sei_alloc(w->ctx, t->n_sorbed, sizeof *w->sorbed_alone);
    w->sorbed_alone_ptr = sei_alloc(w->ctx, net->n_comp + 1, sizeof *w->sorbed_alone_ptr);
    if (!has_all(w))
        return false;
    double *at    = t->h0;
    t->e0         = at + n_padded;
    t->w0         = at + 2 * n_padded;
    t->mol        = at + 3 * n_padded;
    t->nu_w       = at + 4 * n_padded;
    t->col_ptr    = t->row_ptr + 2 * SEI_REACT_BALANCES_MAX + 1;
    t->n_surfaces = SIZE_MAX;
    w->sorbed_ln0 = w->sorbed_lnk + t->n_sorbed;
    return sei_react_listings_create(w);
}

void sei_react_terms_free(sei_react_work *w)
{
    sei_react_listings_free(w); /* the lists in force are the terms' own after that */
    void *const blocks[] = {
        w->terms.c0_ptr,  w->terms.c0_at,  w->terms.c0,        w->terms.c_ptr,    w->terms.v_ptr,
        w->terms.c_at,    w->terms.v_at,   w->terms.c,         w->terms.v,        w->terms.h0,
        w->single_ptr,    w->single,       w->sorbed_lnk,      w->sorbed_surface, w->line,
        w->line_term,     w->terms.row_c,  w->terms.row_term,  w->terms.row_ptr,  w->terms.col_term,
        w->terms.col_v,   w->terms.slope,  w->terms.four_ptr,  w->terms.four_at,  w->terms.four_c,
        w->sorbed_change, w->sorbed_alone, w->sorbed_alone_ptr};

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        sei_release(w->ctx, blocks[i]);
}

/* ---- one term after the other ---- */

static void open_term(sei_react_terms *t, size_t i, double h, double e, double water, double nu_w)
{
    t->c0_ptr[i + 1] = t->c0_ptr[i];
    t->v_ptr[i + 1]  = t->v_ptr[i];
    t->h0[i]         = h;
    t->e0[i]         = e;
    t->w0[i]         = water;
    t->mol[i]        = 0.0;
    t->nu_w[i]       = nu_w;
}

static void add_c(sei_react_terms *t, size_t i, size_t balance, double value)
{
    t->c0_at[t->c0_ptr[i + 1]] = (uint8_t)balance;
    t->c0[t->c0_ptr[i + 1]++]  = value;
}

static void add_v(sei_react_terms *t, size_t i, size_t unknown, double value)
{
    t->v_at[t->v_ptr[i + 1]] = (uint8_t)unknown;
    t->v[t->v_ptr[i + 1]++]  = value;
}

static void add_aqueous(sei_react_work *w)
{
    const sei_net   *net = w->react->net;
    sei_react_terms *t   = &w->terms;

    for (size_t i = 0; i < net->n_species; i++) {
        open_term(t, i, w->react->count_h[i], w->react->count_e[i], w->react->count_w[i],
                  net->nu_w[i]);
        for (uint32_t k = net->beta.ptr[i]; k < net->beta.ptr[i + 1]; k++)
            if (net->beta.col[k] + 1u != net->n_comp)
                add_c(t, i, net->beta.col[k], net->beta.val[k]);
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
            add_v(t, i, net->nu.col[k], net->nu.val[k]);
        if (net->nu_e[i] != 0.0)
            add_v(t, i, net->n_comp, net->nu_e[i]);
    }
}

static void add_sorbed(sei_react_work *w)
{
    const size_t     nc = w->react->net->n_comp;
    sei_react_terms *t  = &w->terms;

    for (size_t k = 0; k < w->react->n_sorbed; k++) {
        const sei_react_sorbed_row *q = &w->react->sorbed[k];
        const size_t                i = t->n_aqueous + k;
        open_term(t, i, q->count[nc - 1], q->count_e, q->count_w, q->nu_w);
        for (size_t j = 0; j < nc; j++) {
            if (j + 1 < nc && q->count[j] != 0.0)
                add_c(t, i, j, q->count[j]);
            if (q->comp[j] != 0.0)
                add_v(t, i, j, q->comp[j]);
        }
        if (q->nu_e != 0.0)
            add_v(t, i, nc, q->nu_e);
        add_c(t, i, nc + 1 + q->site, q->def->site_coef);
        add_v(t, i, nc + 1 + q->site, q->def->site_coef);
    }
}

/* Species of one element each: its place in net->nu when it is one, SIZE_MAX otherwise. */
static size_t single_element(const sei_net *net, size_t i)
{
    size_t found = SIZE_MAX, n = 0;

    for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
        if (net->nu.col[k] + 1u != net->n_comp) {
            found = k;
            n++;
        }
    return n == 1 && net->nu.val[found] > 0.0 ? found : SIZE_MAX;
}

static void list_singles(sei_react_work *w)
{
    const sei_net *net = w->react->net;
    uint32_t       n   = 0;

    for (size_t j = 0; j < net->n_comp; j++) {
        w->single_ptr[j] = n;
        for (size_t i = 0; i < net->n_species; i++) {
            const size_t k = single_element(net, i);
            if (k != SIZE_MAX && net->nu.col[k] == j)
                w->single[n++] = (uint16_t)i;
        }
    }
    w->single_ptr[net->n_comp] = n;
}

double sei_react_count_alone(const sei_react_terms *t, size_t i, size_t j, size_t nc)
{
    double own = 0.0;

    for (uint32_t k = t->c0_ptr[i]; k < t->c0_ptr[i + 1]; k++) {
        if (t->c0_at[k] + 1u >= nc)
            continue; /* a site */
        if (t->c0_at[k] != j)
            return 0.0;
        own = t->c0[k];
    }
    return own;
}

static void list_sorbed(sei_react_work *w)
{
    const sei_react_terms *t  = &w->terms;
    const size_t           nc = w->react->net->n_comp;
    uint32_t               n  = 0;

    for (size_t j = 0; j + 1 < nc; j++) {
        w->sorbed_alone_ptr[j] = n;
        for (size_t k = 0; k < t->n_sorbed; k++)
            if (sei_react_count_alone(t, t->n_aqueous + k, j, nc) != 0.0)
                w->sorbed_alone[n++] = (uint16_t)k;
    }
    w->sorbed_alone_ptr[nc - 1] = w->sorbed_alone_ptr[nc] = n;
    for (size_t k = 0; k < t->n_sorbed; k++) {
        const sei_sorb_species *d = w->react->sorbed[k].def;
        w->sorbed_change[k] = d->charge - d->site_coef * w->react->sorb->sites[d->site].charge;
    }
}

static void list_columns(sei_react_terms *t)
{
    uint32_t     at[SEI_REACT_BALANCES_MAX];
    const size_t n = t->n_aqueous + t->n_sorbed;

    memset(t->col_ptr, 0, (SEI_REACT_BALANCES_MAX + 1) * sizeof *t->col_ptr);
    for (uint32_t k = 0; k < t->v_ptr[n]; k++)
        t->col_ptr[t->v_at[k] + 1]++;
    for (size_t u = 0; u < SEI_REACT_BALANCES_MAX; u++)
        t->col_ptr[u + 1] += t->col_ptr[u];
    memcpy(at, t->col_ptr, sizeof at);
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = t->v_ptr[i]; k < t->v_ptr[i + 1]; k++) {
            t->col_term[at[t->v_at[k]]] = (uint16_t)i;
            t->col_v[at[t->v_at[k]]++]  = t->v[k];
        }
}

sei_status sei_react_terms_create(sei_react_work *w)
{
    if (!allocate(w))
        return SEI_E_NOMEM;
    add_aqueous(w);
    add_sorbed(w);
    for (uint32_t k = 0; k < w->terms.c0_ptr[w->terms.n_aqueous]; k++)
        w->has_negative_counts = w->has_negative_counts || w->terms.c0[k] < 0.0;
    list_singles(w);
    list_sorbed(w);
    list_columns(&w->terms);
    return SEI_OK;
}

/* ---- what one system adds ---- */

static const sei_site_amount *site_in_use(const sei_react_system *s, size_t site)
{
    for (size_t i = 0; i < s->n_sites; i++)
        if (s->sites[i].site == site)
            return s->sites[i].mol > 0.0 ? &s->sites[i] : NULL;
    return NULL;
}

/* ln of the part of the mass action that the held water makes. */
static double ln_of_water(const sei_react_work *w, const sei_react_system *s,
                          const sei_react_sorbed_row *row)
{
    const sei_sorb_species *d   = row->def;
    double                  sum = LN10 * sei_logk_at(&d->logk, s->temp_k);

    for (size_t t = 0; t < d->n_terms; t++) {
        const size_t i = row->term[t];
        if (i == SEI_REACT_TERM_WATER)
            sum += d->coef[t] * w->eq->ln_aw +
                   sei_equil_volume_shift(w->eq, w->react->db->water, d->coef[t]);
        else if (i == SEI_REACT_TERM_ELECTRON)
            sum += d->coef[t] * w->eq->ln_ae;
        else {
            if (i != SIZE_MAX)
                sum += sei_equil_volume_shift(w->eq, w->react->net->db_index[i], d->coef[t]);
            const double ln = i == SIZE_MAX ? -(double)INFINITY : s->fixed_ln_activity[i];
            sum += ln < -1e300 ? -(double)INFINITY : d->coef[t] * ln;
        }
    }
    return sum;
}

static void set_sorbed(sei_react_work *w, const sei_react_system *s)
{
    const sei_react *r = w->react;

    if (w->sorbed_temp_k != s->temp_k)
        for (size_t k = 0; k < r->n_sorbed; k++)
            w->sorbed_lnk[k] =
                LN10 * sei_logk_at(&r->sorbed[k].logk, s->temp_k) +
                sei_equil_pressure_shift(w->eq, r->sorbed[k].comp, r->sorbed[k].nu_w, 0.0);
    w->sorbed_temp_k     = s->temp_k;
    w->exchanged_as_ions = w->eq->specific && !s->own_exchange_gammas;
    w->sorbed_by_species = s->water_is_fixed && s->fixed_ln_activity;
    for (size_t k = 0; k < r->n_sorbed; k++) {
        const sei_react_sorbed_row *q    = &r->sorbed[k];
        const sei_site_amount      *site = site_in_use(s, q->site);
        w->sorbed_surface[k]             = UINT8_MAX;
        w->sorbed_ln0[k]                 = -(double)INFINITY;
        if (!site)
            continue;
        const bool is_surface = r->sorb->sites[q->def->site].is_surface;
        /* Activities are shares of the sites that are held; in planes, as PHREEQC has it, a species of two sites is one share. */
        const double sites =
            is_surface && s->surfaces[site->surface].has_planes ? 1.0 : q->def->site_coef;
        w->sorbed_ln0[k] = log(site->mol / sites) +
                           (w->sorbed_by_species ? ln_of_water(w, s, q) : w->sorbed_lnk[k]);
        if (is_surface && sei_react_has_potential(&s->surfaces[site->surface]))
            w->sorbed_surface[k] = (uint8_t)site->surface;
    }
}

/* Where the parts of a mixture are not ideal, each moves with what forms the other too. */
static bool moves_with(const sei_react_work *w, const sei_mixture *mix, size_t k, size_t unknown)
{
    const sei_net *net  = w->react->net;
    const bool     both = !sei_solid_is_ideal(mix) || w->soft;

    for (size_t q = 0; q < mix->n; q++) {
        const sei_net_phase *p = &net->phases[mix->phase[q]];
        if ((q == k || both) && (unknown < net->n_comp ? p->nu[unknown] : p->nu_e) != 0.0)
            return true;
    }
    return false;
}

/* Slopes by the potentials that sorbed species k feels; times 0 they are gone. */
static void set_potential(sei_react_work *w, size_t k, double times)
{
    const size_t at = w->sorbed_surface[k];
    double *slope   = w->terms.slope + (w->terms.n_aqueous + k) * w->terms.stride + w->k_potential;

    if (at == UINT8_MAX)
        return;
    if (!sei_react_is_plane(w, at)) {
        slope[at] = -times * w->sorbed_change[k];
        return;
    }
    for (size_t p = 0; p < SEI_REACT_PLANES; p++)
        slope[at + p] = -times * sei_react_plane_change(w, k, p);
}

static void set_planes(sei_react_work *w, const sei_react_system *s)
{
    w->planes = 0;
    for (size_t i = 0; i < s->n_surfaces; i++)
        if (s->surfaces[i].has_planes)
            w->planes |= 1u << i;
}

/* Rows of all aqueous and sorbed terms, but for the potentials. */
void sei_react_plain_slopes(sei_react_work *w, size_t n)
{
    sei_react_terms *t = &w->terms;

    memset(t->slope, 0, n * t->stride * sizeof *t->slope);
    for (size_t i = 0; i < n; i++) {
        double *row = t->slope + i * t->stride;
        for (uint32_t k = t->v_ptr[i]; k < t->v_ptr[i + 1]; k++)
            row[t->v_at[k]] = t->v[k];
        row[w->k_kg] = i < t->n_aqueous ? 1.0 : 0.0;
        row[w->k_aw] = t->nu_w[i];
    }
}

static void set_slopes(sei_react_work *w, size_t n_surfaces)
{
    sei_react_terms *t = &w->terms;

    t->n_surfaces = n_surfaces;
    t->stride     = PADDED_8(w->k_aw + 1);
    sei_react_plain_slopes(w, t->n_aqueous + t->n_sorbed);
}

void sei_react_terms_set(sei_react_work *w, const sei_react_system *s)
{
    const sei_net   *net = w->react->net;
    sei_react_terms *t   = &w->terms;
    size_t           i   = t->n_aqueous + t->n_sorbed;

    sei_react_lay_out(w, s);
    if (t->n_surfaces != s->n_surfaces || w->has_layers)
        set_slopes(w, s->n_surfaces);
    else
        for (size_t k = 0; k < t->n_sorbed; k++)
            set_potential(w, k, 0.0);
    w->has_layers = sei_react_has_layers(s);
    set_planes(w, s);
    set_sorbed(w, s);
    for (size_t k = 0; k < t->n_sorbed; k++)
        set_potential(w, k, 1.0);
    for (size_t x = 0; x < s->n_mixtures; x++) {
        for (size_t k = 0; k < s->mixtures[x].n; k++, i++) {
            const sei_net_phase *p = &net->phases[s->mixtures[x].phase[k]];
            open_term(t, i, p->nu[net->n_comp - 1], p->nu_e, p->nu_w, p->nu_w);
            for (size_t j = 0; j < net->n_comp; j++) {
                if (p->nu[j] != 0.0 && j + 1 < net->n_comp)
                    add_c(t, i, j, p->nu[j]);
                if (moves_with(w, &s->mixtures[x], k, j))
                    add_v(t, i, j, p->nu[j]);
            }
            if (moves_with(w, &s->mixtures[x], k, net->n_comp))
                add_v(t, i, net->n_comp, p->nu_e);
        }
    }
    t->n = i;
    memset(t->mol + i, 0, SEI_V4 * sizeof *t->mol); /* what fills the last four is nothing */
}
