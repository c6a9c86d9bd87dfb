/*
 * run_interlayer.c - TRANSPORT -interlayer_d: cations diffuse from exchanger to exchanger through the interlayers of clay
 *
 * Of each exchange species of X with charge z the equivalent fraction e makes c = e C / z, C being the larger of the two
 * cells' equivalents in a kilogram of interlayer water; then Nernst and Planck's flux with the coefficient of its ion over the
 * tortuosity (appelo2010gca, parkhurst2013). Interlayer porosity is that of the cell with the most X and goes with X in the
 * others. What moves comes from the exchangers as far as both have the same, the rest from the waters.
 */
#include <math.h>
#include <string.h>

#include "phreeqc/multi.h"

#define TINY_MOL \
    2e-10 /* of X in cells without, as in PHREEQC: tells which ions would be exchanged there */
#define NONE_MOL 3e-10 /* less is none */

/* ------------------------------------------------------------------ what a cell holds */

static bool is_ion(const sei_db *db, size_t species)
{
    return species != SIZE_MAX && species != db->h_plus && species != db->water &&
           strcmp(db->species[species].name, "e-") != 0;
}

/* The ion that an exchange species holds. */
static size_t ion_of(const pq_runner *r, const sei_sorb_species *s)
{
    for (size_t i = 0; i < s->n_terms; i++) {
        const size_t k = sei_db_find_species(r->db, s->term[i]);
        if (is_ion(r->db, k))
            return sei_net_species_of_db(r->net, k);
    }
    return SIZE_MAX;
}

/* Exchange species of X in the network. */
static void list_species(const pq_runner *r, pq_interlayer *in)
{
    const size_t site = sei_react_site(r->react, "X");

    in->n = 0;
    if (site == SIZE_MAX)
        return;
    for (size_t k = 0; k < sei_react_n_sorbed(r->react); k++) {
        const sei_sorb_species *s   = sei_react_sorbed(r->react, k);
        const size_t            ion = ion_of(r, s);
        const double            x   = r->sorbed_of[k].site[site];
        if (ion == SIZE_MAX || !(x > 0.0) || !(s->charge + x > 0.0))
            continue;
        in->ion[in->n]     = ion;
        in->species[in->n] = k;
        in->sites[in->n]   = x;
        in->z[in->n++]     = s->charge + x;
    }
    in->site = site;
}

/* A trace of exchanger beside each water that has none. */
static sei_status add_traces(const column *c)
{
    pq_runner       *r   = c->r;
    sei_pq_exchange *def = sei_arena_alloc(&r->arena, 1, sizeof *def);
    sei_pq_sites    *x   = sei_arena_alloc(&r->arena, 1, sizeof *x);
    sei_status       st  = def && x ? SEI_OK : SEI_E_NOMEM;

    if (st != SEI_OK)
        return st;
    *x   = (sei_pq_sites){.formula = "X", .kind = SEI_PQ_SITES_MOL, .value = TINY_MOL};
    *def = (sei_pq_exchange){.n = 1, .sites = x};
    for (int i = 0; i < (int)c->multi->size && st == SEI_OK; i++) {
        if (!pq_water_of(c, i) || pq_find(r, SEI_PQ_EXCHANGE, i))
            continue;
        pq_exchange trace                          = {.def = def};
        trace.held.site[c->multi->interlayer.site] = TINY_MOL;
        st = pq_exchange_beside(r, pq_water_of(c, i), &trace);
        if (st == SEI_OK)
            st = pq_put(r, SEI_PQ_EXCHANGE, i, &trace);
    }
    return st;
}

sei_status pq_interlayer_create(const column *c)
{
    pq_multi      *m    = c->multi;
    pq_interlayer *in   = &m->interlayer;
    const size_t   most = sei_react_n_sorbed(c->r->react) + 1;
    sei_ctx       *ctx  = c->r->ctx;

    in->species  = sei_alloc(ctx, most, sizeof *in->species);
    in->ion      = sei_alloc(ctx, most, sizeof *in->ion);
    in->sites    = sei_alloc(ctx, most, sizeof *in->sites);
    in->z        = sei_alloc(ctx, most, sizeof *in->z);
    in->gradient = sei_alloc(ctx, most, sizeof *in->gradient);
    in->drift    = sei_alloc(ctx, most, sizeof *in->drift);
    in->share    = sei_alloc(ctx, most * m->size, sizeof *in->share);
    in->d_m2_s   = sei_alloc(ctx, most * m->size, sizeof *in->d_m2_s);
    in->x_mol    = sei_alloc(ctx, m->size, sizeof *in->x_mol);
    in->water_d  = sei_alloc(ctx, m->n, sizeof *in->water_d);
    if (!in->species || !in->ion || !in->sites || !in->z || !in->gradient || !in->drift ||
        !in->share || !in->d_m2_s || !in->x_mol || !in->water_d)
        return SEI_E_NOMEM;
    list_species(c->r, in);
    return in->n > 0 ? add_traces(c) : SEI_OK;
}

void pq_interlayer_free(const column *c)
{
    pq_interlayer *in    = &c->multi->interlayer;
    void *const    all[] = {in->species, in->ion,   in->sites,  in->z,     in->gradient,
                            in->drift,   in->share, in->d_m2_s, in->x_mol, in->water_d};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sei_release(c->r->ctx, all[i]);
}

void pq_interlayer_look(const column *c, int cell)
{
    pq_interlayer     *in       = &c->multi->interlayer;
    const pq_exchange *exchange = pq_find(c->r, SEI_PQ_EXCHANGE, cell);
    const double      *mol      = pq_water_of(c, cell)->state.sorbed_mol;
    const size_t       at       = (size_t)cell * in->n;

    in->x_mol[cell] = exchange && in->n > 0 ? exchange->held.site[in->site] : 0.0;
    for (size_t k = 0; k < in->n; k++) {
        in->share[at + k] =
            in->x_mol[cell] > 0.0 ? mol[in->species[k]] * in->sites[k] / in->x_mol[cell] : 0.0;
        in->d_m2_s[at + k] = in->water_d[in->ion[k]];
    }
}

void pq_interlayer_copy(const column *c, int from, int to)
{
    pq_interlayer *in    = &c->multi->interlayer;
    const size_t   bytes = in->n * sizeof(double);

    memcpy(in->share + (size_t)to * in->n, in->share + (size_t)from * in->n, bytes);
    memcpy(in->d_m2_s + (size_t)to * in->n, in->d_m2_s + (size_t)from * in->n, bytes);
    in->x_mol[to] = in->x_mol[from];
}

/* The cell with the most X in its water has the porosity that is given. */
void pq_interlayer_begin(const column *c)
{
    pq_multi *m = c->multi;

    m->interlayer.x_max = 0.0;
    for (size_t i = 0; i < m->size; i++)
        if (m->kg[i] > 0.0)
            m->interlayer.x_max = fmax(m->interlayer.x_max, m->interlayer.x_mol[i] / m->kg[i]);
}

/* ------------------------------------------------------------------ between two cells */

static double all_water(const pq_multi *m, int cell)
{
    return m->kg[cell] + m->layer_kg[cell];
}

static double porosity_between(const pq_multi *m, int from, int to)
{
    const pq_interlayer *in = &m->interlayer;
    const double         by = m->def->interlayer_porosity / in->x_max,
                 a = by * in->x_mol[from] / m->kg[from], b = by * in->x_mol[to] / m->kg[to];

    if (in->x_mol[from] > NONE_MOL && in->x_mol[to] > NONE_MOL)
        return 2.0 * a * b / (a + b);
    return fmax(a, b);
}

/* Equivalents in a kilogram of interlayer water; an end has that of its neighbour. */
static double capacity(const column *c, int cell, int neighbour, double porosity)
{
    const pq_multi *m     = c->multi;
    const bool      is_of = cell != 0 && cell != c->cells + 1;
    const int       like  = is_of ? cell : neighbour;

    if (!(m->interlayer.x_mol[cell] > NONE_MOL))
        return TINY_MOL;
    return m->interlayer.x_mol[cell] * m->porosity[like] / (all_water(m, like) * porosity);
}

static double side_of(const column *c, int cell)
{
    const pq_multi *m = c->multi;
    const double    l = pq_cell_length(m->t, cell);

    return all_water(m, cell) / (0.5 * l * l) / m->porosity[cell];
}

static double column_conductance(const column *c, int from)
{
    if (from == 0)
        return side_of(c, 1);
    if (from == c->cells)
        return side_of(c, c->cells);
    const double a = side_of(c, from), b = side_of(c, from + 1);
    return a * b / (a + b);
}

static void add_fluxes(const column *c, int from, int to, double capacity_eq_kg, double factor,
                       sei_amounts *ret)
{
    const pq_interlayer *in = &c->multi->interlayer;
    const size_t         i = (size_t)from * in->n, j = (size_t)to * in->n;
    double               driven = 0.0, conducts = 0.0;

    for (size_t k = 0; k < in->n; k++) {
        const double d     = 0.5 * (in->d_m2_s[i + k] + in->d_m2_s[j + k]),
                     molal = capacity_eq_kg / in->z[k];
        in->gradient[k]    = d * (in->share[j + k] - in->share[i + k]) * molal;
        in->drift[k]       = 0.5 * d * (in->share[j + k] + in->share[i + k]) * molal * in->z[k];
        driven += in->z[k] * in->gradient[k];
        conducts += in->z[k] * in->drift[k];
    }
    for (size_t k = 0; k < in->n && conducts > 0.0; k++)
        sei_react_add_amounts(c->r->react, &c->r->sorbed_of[in->species[k]],
                              factor * (driven / conducts * in->drift[k] - in->gradient[k]), ret);
    memset(ret->site, 0, sizeof ret->site);
}

/* A share of what comes (or goes) is the exchanger's, as far as it has it; the rest is the water's. */
static void give(const column *c, int cell, const sei_amounts *flux, double sign, double share)
{
    pq_exchange *exchange = pq_find(c->r, SEI_PQ_EXCHANGE, cell);
    sei_amounts  own      = {0};

    if (exchange)
        sei_react_add_amounts(c->r->react, flux, sign * share, &own);
    for (size_t k = 0; exchange && k + 1 < c->r->net->n_comp; k++)
        own.comp[k] = fmax(own.comp[k], -exchange->held.comp[k]);
    if (exchange)
        sei_react_add_amounts(c->r->react, &own, 1.0, &exchange->held);
    sei_react_add_amounts(c->r->react, flux, sign, &pq_water_of(c, cell)->total);
    sei_react_add_amounts(c->r->react, &own, -1.0, &pq_water_of(c, cell)->total);
}

void pq_interlayer_diffuse(const column *c, int from, int to, bool is_column, double factor)
{
    const pq_multi      *m        = c->multi;
    const pq_interlayer *in       = &m->interlayer;
    const double         porosity = in->x_max > 0.0 ? porosity_between(m, from, to) : 0.0;
    const double         x = in->x_mol[from], y = in->x_mol[to];
    sei_amounts          flux = {0};

    if (!(porosity > 0.0) || porosity < m->def->interlayer_limit)
        return;
    const double conductance =
        (is_column ? column_conductance(c, from) : 1.0) * porosity / m->def->interlayer_tortuosity;
    add_fluxes(c, from, to, fmax(capacity(c, from, to, porosity), capacity(c, to, from, porosity)),
               factor * conductance, &flux);
    if (from != 0 && from != c->cells + 1)
        give(c, from, &flux, -1.0, y > x ? x / y : 1.0);
    if (to != c->cells + 1)
        give(c, to, &flux, 1.0, x > y ? y / x : 1.0);
}
