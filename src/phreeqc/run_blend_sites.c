/*
 * run_blend_sites.c - EXCHANGE_MIX and SURFACE_MIX
 *
 * Areas, and sites for what they are tied to, are conserved: the mixture has the sum of its parts' square metres and sites.
 * PHREEQC 3.8.6 weighs the area per gram by square metres and the proportion of tied sites by half, so that where these differ
 * between the parts its mixture has other areas and sites than they have.
 */
#include <math.h>
#include <string.h>

#include "phreeqc/blend.h"

/* The line of a definition with that formula, added when there is none; SIZE_MAX: no room. */
static size_t find_sites(const sei_pq_sites *one, size_t *n, sei_pq_sites list[])
{
    size_t i = 0;

    while (i < *n && !sei_equal_nocase(list[i].formula, one->formula))
        i++;
    if (i == SEI_REACT_SITES_MAX)
        return SIZE_MAX;
    if (i == *n)
        list[(*n)++] = *one;
    return i;
}

static sei_status check_sites(const pq_blending *b, const sei_pq_sites *one,
                              const sei_pq_sites *there)
{
    if (one->kind == there->kind &&
        (one->kind == SEI_PQ_SITES_MOL || sei_equal_nocase(one->related, there->related)))
        return SEI_OK;
    return pq_fail_blend(b, SEI_E_UNSUPPORTED, "%s of parts that are tied to different things",
                         one->formula);
}

static sei_status refuse_many(const pq_blending *b)
{
    return pq_fail_blend(b, SEI_E_TOO_LARGE, "more than %d kinds of sites",
                         (int)SEI_REACT_SITES_MAX);
}

/* Sites for each mole of what they are tied to, when had moles of it get more moles. */
static double proportion_of(const sei_pq_sites *there, double had, const sei_pq_sites *one,
                            double more)
{
    const double all = had + more;

    return all > 0.0 ? (there->value * had + one->value * more) / all
                     : 0.5 * (there->value + one->value);
}

sei_status pq_add_exchange(const pq_blending *b, const pq_exchange *from, double share,
                           pq_exchange *to)
{
    sei_pq_exchange *def  = pq_copy_of(b->r, to->def ? to->def : from->def, 1, sizeof *def);
    sei_pq_sites    *list = pq_copy_of(b->r, NULL, SEI_REACT_SITES_MAX, sizeof *list);
    sei_status       st   = SEI_OK;

    if (!def || !list)
        return SEI_E_NOMEM;
    def->n               = to->def ? to->def->n : 0;
    def->is_equilibrated = false;
    if (def->n)
        memcpy(list, to->def->sites, def->n * sizeof *list);
    def->sites = list;
    for (size_t i = 0; i < from->def->n && st == SEI_OK; i++) {
        const sei_pq_sites *one  = &from->def->sites[i];
        const double        more = i < SEI_REACT_SITES_MAX ? share * from->tied_mol[i] : 0.0;
        const size_t        k    = find_sites(one, &def->n, list);
        if (k == SIZE_MAX)
            return refuse_many(b);
        st = check_sites(b, one, &list[k]);
        if (one->kind != SEI_PQ_SITES_MOL)
            list[k].value = proportion_of(&list[k], to->tied_mol[k], one, more);
        to->tied_mol[k] += more;
    }
    sei_react_add_amounts(b->r->react, &from->held, share, &to->held);
    to->def = def;
    return st;
}

/* ------------------------------------------------------------------ surfaces */

static size_t find_charge(const char *name, sei_pq_surface *def)
{
    size_t i = 0;

    while (i < def->n_charges && !sei_equal_nocase(def->charges[i].name, name))
        i++;
    return i;
}

static sei_status add_charge(const pq_blending *b, const pq_surface *from, size_t i, double share,
                             sei_pq_surface *def, pq_surface *to)
{
    const sei_pq_charge *one = &from->def->charges[i];
    const size_t         k   = find_charge(one->name, def);

    if (k == pq_surfaces_max(def))
        return refuse_many(b);
    sei_pq_charge *c = &def->charges[k];
    if (k == def->n_charges) {
        *c        = *one;
        c->mass_g = 0.0;
        def->n_charges++;
        for (size_t p = 0; p < pq_planes_of(def); p++)
            to->potential[k * pq_planes_of(def) + p] = from->potential[i * pq_planes_of(def) + p];
    }
    const double had  = c->is_related ? to->related_mol[k] : c->mass_g;
    const double more = share * (one->is_related ? from->related_mol[i] : one->mass_g);
    if (had + more > 0.0)
        c->area = (c->area * had + one->area * more) / (had + more);
    if (c->is_related != one->is_related)
        return pq_fail_blend(b, SEI_E_UNSUPPORTED, "%s of a mass and of a mineral or reactant",
                             c->name);
    if (c->is_related)
        to->related_mol[k] += more;
    else
        c->mass_g += more;
    to->layer_kg[k] += share * from->layer_kg[i];
    return SEI_OK;
}

/* After the surfaces that they belong to. */
static sei_status add_lines(const pq_blending *b, const pq_surface *from, double share,
                            sei_pq_surface *def, const pq_surface *to)
{
    for (size_t i = 0; i < from->def->n; i++) {
        const sei_pq_sites *one = &from->def->sites[i];
        const size_t        n = def->n, k = find_sites(one, &def->n, def->sites);
        if (k == SIZE_MAX)
            return refuse_many(b);
        if (k == n)
            def->sites[k].charge = find_charge(from->def->charges[one->charge].name, def);
        const sei_status st = check_sites(b, one, &def->sites[k]);
        if (st != SEI_OK)
            return st;
        const double more = share * from->related_mol[one->charge];
        if (one->kind != SEI_PQ_SITES_MOL && k < n)
            def->sites[k].value = proportion_of(
                &def->sites[k], to->related_mol[def->sites[k].charge] - more, one, more);
    }
    return SEI_OK;
}

sei_status pq_add_surfaces(const pq_blending *b, const pq_surface *from, double share,
                           pq_surface *to)
{
    sei_pq_surface *def     = pq_copy_of(b->r, to->def ? to->def : from->def, 1, sizeof *def);
    sei_pq_sites   *sites   = pq_copy_of(b->r, NULL, SEI_REACT_SITES_MAX, sizeof *sites);
    sei_pq_charge  *charges = pq_copy_of(b->r, NULL, SEI_REACT_SITES_MAX + 1, sizeof *charges);
    sei_status      st      = SEI_OK;

    if (!def || !sites || !charges)
        return SEI_E_NOMEM;
    if (def->edl != from->def->edl || def->layer != from->def->layer)
        return pq_fail_blend(b, SEI_E_UNSUPPORTED,
                             "surfaces with another double layer, or with none");
    def->n         = to->def ? to->def->n : 0;
    def->n_charges = to->def ? to->def->n_charges : 0;
    if (def->n)
        memcpy(sites, to->def->sites, def->n * sizeof *sites);
    if (def->n_charges)
        memcpy(charges, to->def->charges, def->n_charges * sizeof *charges);
    def->sites           = sites;
    def->charges         = charges;
    def->is_equilibrated = false;
    def->is_density      = false;
    for (size_t i = 0; i < from->def->n_charges && st == SEI_OK; i++)
        st = add_charge(b, from, i, share, def, to);
    if (st == SEI_OK)
        st = add_lines(b, from, share, def, to);
    sei_react_add_amounts(b->r->react, &from->held, share, &to->held);
    sei_react_add_amounts(b->r->react, &from->layer, share, &to->layer);
    to->def = def;
    return st;
}
